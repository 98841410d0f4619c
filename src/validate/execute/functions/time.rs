//! Functions of times. The session's time zone is UTC.

use super::{Function, Nulls::Pass, text::string};
use crate::validate::execute::calendar;
use crate::validate::execute::value::{Computed, NANOS, Value, fail};
use chrono::{Datelike, Timelike};

pub(super) const LIST: &[Function] = &[
    ("TO_TIMESTAMP", Pass, |a| {
        let Some(text) = string(&a[0]) else {
            return fail("TO_TIMESTAMP of this type");
        };
        let ns = match a {
            [_] => Some(calendar::parse(text).filter(|_| !text.contains('T'))),
            [_, format] => calendar::parse_by(text, &format.to_string()),
            _ => None,
        };
        match ns {
            // Milliseconds are all that it keeps.
            Some(ns) => Ok(ns.map_or(Value::Null, |ns| {
                Value::Timestamp(ns.div_euclid(1_000_000) * 1_000_000, 3)
            })),
            None => fail(format!("TO_TIMESTAMP by the format {}", a[1])),
        }
    }),
    ("TO_TIMESTAMP_LTZ", Pass, |a| {
        let precision = match a {
            [_] => 3,
            [_, Value::Int(p @ (0 | 3), _)] => *p,
            _ => return fail("TO_TIMESTAMP_LTZ with these arguments"),
        };
        let ns = match (&a[0], precision) {
            (Value::Int(v, _), 0) => i128::from(*v) * NANOS,
            (Value::Int(v, _), _) => i128::from(*v) * 1_000_000,
            _ => return fail("TO_TIMESTAMP_LTZ of this type"),
        };
        Ok(Value::TimestampLtz(ns, 3))
    }),
    ("TO_DATE", Pass, |a| {
        let Some(text) = string(&a[0]) else {
            return fail("TO_DATE of this type");
        };
        let ns = match a {
            [_] => Some(
                calendar::parse_date(text).map(|d| i128::from(calendar::days(d)) * 86_400 * NANOS),
            ),
            [_, format] => calendar::parse_by(text, &format.to_string()),
            _ => None,
        };
        match ns {
            Some(ns) => Ok(ns.map_or(Value::Null, |ns| {
                Value::Date(ns.div_euclid(86_400 * NANOS) as i32)
            })),
            None => fail(format!("TO_DATE by the format {}", a[1])),
        }
    }),
    ("DATE_FORMAT", Pass, |a| {
        let ns = match (&a[0], a[0].instant()) {
            (_, Some(ns)) => Some(ns),
            (Value::Text(text), _) => calendar::parse(text),
            _ => None,
        };
        let formatted = ns.and_then(|ns| calendar::format(ns, &a[1].to_string()));
        match formatted {
            Some(text) => Ok(Value::text(text)),
            None => fail(format!("DATE_FORMAT by the format {}", a[1])),
        }
    }),
    ("FROM_UNIXTIME", Pass, |a| {
        let Value::Int(seconds, _) = &a[0] else {
            return fail("FROM_UNIXTIME of this type");
        };
        let pattern = a
            .get(1)
            .map_or("yyyy-MM-dd HH:mm:ss".to_owned(), Value::to_string);
        match calendar::format(i128::from(*seconds) * NANOS, &pattern) {
            Some(text) => Ok(Value::text(text)),
            None => fail(format!("FROM_UNIXTIME by the format {pattern}")),
        }
    }),
    ("UNIX_TIMESTAMP", Pass, |a| {
        let [text] = a else {
            return fail("UNIX_TIMESTAMP with these arguments");
        };
        match string(text).and_then(calendar::parse) {
            Some(ns) => Ok(Value::Int(ns.div_euclid(NANOS) as i64, 8)),
            None => fail(format!("UNIX_TIMESTAMP of '{text}'")),
        }
    }),
    ("EXTRACT", Pass, |a| part(&a[0].to_string(), &a[1])),
    ("YEAR", Pass, |a| part("YEAR", &a[0])),
    ("QUARTER", Pass, |a| part("QUARTER", &a[0])),
    ("MONTH", Pass, |a| part("MONTH", &a[0])),
    ("WEEK", Pass, |a| part("WEEK", &a[0])),
    ("DAYOFMONTH", Pass, |a| part("DAY", &a[0])),
    ("DAYOFYEAR", Pass, |a| part("DOY", &a[0])),
    ("DAYOFWEEK", Pass, |a| part("DOW", &a[0])),
    ("HOUR", Pass, |a| part("HOUR", &a[0])),
    ("MINUTE", Pass, |a| part("MINUTE", &a[0])),
    ("SECOND", Pass, |a| part("SECOND", &a[0])),
    ("TIMESTAMPDIFF", Pass, |a| {
        let (Some(from), Some(to)) = (a[1].instant(), a[2].instant()) else {
            return fail("TIMESTAMPDIFF of these types");
        };
        let ms = (to.div_euclid(1_000_000) - from.div_euclid(1_000_000)) as i64;
        let unit = match a[0].to_string().as_str() {
            "SECOND" => 1_000,
            "MINUTE" => 60_000,
            "HOUR" => 3_600_000,
            "DAY" => calendar::DAY_MS,
            "WEEK" => 7 * calendar::DAY_MS,
            unit => return fail(format!("TIMESTAMPDIFF in {unit}")),
        };
        Ok(Value::Int(ms / unit, 4))
    }),
    ("TIMESTAMPADD", Pass, |a| {
        let Value::Int(n, _) = &a[1] else {
            return fail("TIMESTAMPADD of these types");
        };
        if n.unsigned_abs() > 1_000_000_000 {
            return fail("TIMESTAMPADD of so much");
        }
        let interval = match a[0].to_string().as_str() {
            "SECOND" => Value::Millis(n * 1_000),
            "MINUTE" => Value::Millis(n * 60_000),
            "HOUR" => Value::Millis(n * 3_600_000),
            "DAY" => Value::Millis(n * calendar::DAY_MS),
            "WEEK" => Value::Millis(n * 7 * calendar::DAY_MS),
            "MONTH" => Value::Months(*n),
            "YEAR" => Value::Months(n * 12),
            unit => return fail(format!("TIMESTAMPADD in {unit}")),
        };
        super::add(&a[2], &interval)
    }),
];

fn part(unit: &str, time: &Value) -> Computed {
    if let Value::Time(ms) = time {
        let number = match unit {
            "HOUR" => ms / 3_600_000,
            "MINUTE" => ms / 60_000 % 60,
            "SECOND" => ms / 1_000 % 60,
            _ => return fail(format!("EXTRACT of {unit}")),
        };
        return Ok(Value::Int(number, 8));
    }
    let Some(at) = time.instant().and_then(calendar::date_time) else {
        return fail(format!("EXTRACT of {unit} of this type"));
    };
    let number = match unit {
        "YEAR" => i64::from(at.year()),
        "QUARTER" => i64::from(at.month0() / 3 + 1),
        "MONTH" => i64::from(at.month()),
        "WEEK" => i64::from(at.iso_week().week()),
        "DAY" => i64::from(at.day()),
        "DOY" => i64::from(at.ordinal()),
        "DOW" => i64::from(at.weekday().num_days_from_sunday() + 1),
        "HOUR" => i64::from(at.hour()),
        "MINUTE" => i64::from(at.minute()),
        "SECOND" => i64::from(at.second()),
        unit => return fail(format!("EXTRACT of {unit}")),
    };
    Ok(Value::Int(number, 8))
}

/// The start of the unit that a time is in, or of the next one.
pub(super) fn floor_to(time: &Value, unit: &str, up: bool) -> Computed {
    let ns = time.instant().unwrap_or(0);
    let floored = match unit {
        "SECOND" => Some(ns.div_euclid(NANOS) * NANOS),
        "MINUTE" => Some(ns.div_euclid(60 * NANOS) * 60 * NANOS),
        "HOUR" => Some(ns.div_euclid(3_600 * NANOS) * 3_600 * NANOS),
        "DAY" => Some(ns.div_euclid(86_400 * NANOS) * 86_400 * NANOS),
        "MONTH" | "YEAR" => calendar::date_time(ns).and_then(|at| {
            let month = if unit == "MONTH" { at.month() } else { 1 };
            let first = chrono::NaiveDate::from_ymd_opt(at.year(), month, 1)?;
            Some(i128::from(calendar::days(first)) * 86_400 * NANOS)
        }),
        _ => None,
    };
    let Some(floored) = floored else {
        return fail(format!("FLOOR or CEIL to {unit}"));
    };
    if up && floored != ns {
        return fail(format!("CEIL to {unit}"));
    }
    Ok(match time {
        Value::Timestamp(_, p) => Value::Timestamp(floored, *p),
        Value::TimestampLtz(_, p) => Value::TimestampLtz(floored, *p),
        _ => Value::Date(floored.div_euclid(86_400 * NANOS) as i32),
    })
}
