//! The session's time zone, `table.local-time-zone`: what a TIMESTAMP_LTZ is on the clock, and which functions ask.
//!
//! Architecture invariant: in a zone other than UTC a function that is given a TIMESTAMP_LTZ and is not told of here fails
//! the run. Nothing is quietly computed in UTC.

use super::calendar;
use super::value::{Failure, NANOS, Value, fail};
use crate::syntax::{DataType, TypeKind};
use chrono::{Days, LocalResult, Offset, TimeZone};
use chrono_tz::Tz;
use std::fmt;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Zone {
    #[default]
    Utc,
    Named(Tz),
    /// Seconds east of UTC.
    Fixed(i32),
}

/// What becomes of a function's result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    Keep,
    /// A time on the clock: the TIMESTAMP_LTZ that it is.
    Instant,
    /// Seconds on the clock: those since the epoch.
    Seconds,
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Zone::Utc => f.write_str("UTC"),
            Zone::Named(zone) => f.write_str(zone.name()),
            Zone::Fixed(seconds) => {
                let (sign, size) = if *seconds < 0 {
                    ('-', -seconds)
                } else {
                    ('+', *seconds)
                };
                write!(f, "GMT{sign}{:02}:{:02}", size / 3_600, size / 60 % 60)
            }
        }
    }
}

impl Zone {
    /// As Flink takes it: the name of a region, or `GMT+08:00`. `None` for others, `default` too, which is the zone of the
    /// machine that runs the job.
    pub fn read(text: &str) -> Option<Zone> {
        if matches!(text, "UTC" | "Z" | "GMT" | "Etc/UTC" | "Etc/GMT") {
            return Some(Zone::Utc);
        }
        let Some(offset) = text
            .strip_prefix("GMT")
            .or_else(|| text.strip_prefix("UTC"))
        else {
            return text.parse().ok().map(Zone::Named);
        };
        let sign = match offset.bytes().next()? {
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let (hours, minutes) = offset[1..].split_once(':')?;
        let digits = |text: &str| match text.len() {
            2 => text.parse::<u8>().ok(),
            _ => None,
        };
        let (hours, minutes) = (digits(hours)?, digits(minutes)?);
        if hours > 18 || minutes > 59 {
            return None;
        }
        Some(
            match sign * (i32::from(hours) * 3_600 + i32::from(minutes) * 60) {
                0 => Zone::Utc,
                seconds => Zone::Fixed(seconds),
            },
        )
    }

    pub fn is_utc(self) -> bool {
        self == Zone::Utc
    }

    /// What the clock shows at a point in time; both in nanoseconds.
    pub fn clock(self, ns: i128) -> Option<i128> {
        let east = match self {
            Zone::Utc => 0,
            Zone::Fixed(seconds) => seconds,
            Zone::Named(zone) => {
                let at = calendar::date_time(ns)?;
                zone.offset_from_utc_datetime(&at).fix().local_minus_utc()
            }
        };
        Some(ns + i128::from(east) * NANOS)
    }

    /// The point in time at which the clock shows this: the first one if it does so twice; as if the clock had not been
    /// put forward if it never does. So does `java.time.LocalDateTime.atZone`.
    pub fn instant(self, clock: i128) -> Option<i128> {
        let east = match self {
            Zone::Utc => 0,
            Zone::Fixed(seconds) => seconds,
            Zone::Named(zone) => {
                let at = calendar::date_time(clock)?;
                let known = zone.offset_from_local_datetime(&at).earliest();
                let offset = match known {
                    Some(offset) => offset,
                    None => {
                        let before = at.checked_sub_days(Days::new(1))?;
                        zone.offset_from_local_datetime(&before).earliest()?
                    }
                };
                offset.fix().local_minus_utc()
            }
        };
        Some(clock - i128::from(east) * NANOS)
    }

    /// Does the clock show this at two points in time?
    fn is_twice(self, clock: i128) -> bool {
        match (self, calendar::date_time(clock)) {
            (Zone::Named(zone), Some(at)) => matches!(
                zone.offset_from_local_datetime(&at),
                LocalResult::Ambiguous(..)
            ),
            _ => false,
        }
    }

    /// A TIMESTAMP_LTZ as the TIMESTAMP that the clock shows; other values as they are.
    pub fn on_clock(self, value: &Value) -> Result<Value, Failure> {
        Ok(match value {
            Value::TimestampLtz(ns, p) => match self.clock(*ns) {
                Some(ns) => Value::Timestamp(ns, *p),
                None => return fail(format!("so far a time in {self}")),
            },
            other => other.clone(),
        })
    }

    /// A TIMESTAMP as the TIMESTAMP_LTZ that it is; other values as they are.
    pub fn in_time(self, value: &Value) -> Result<Value, Failure> {
        Ok(match value {
            Value::Timestamp(ns, p) => match self.instant(*ns) {
                Some(ns) => Value::TimestampLtz(ns, *p),
                None => return fail(format!("so far a time in {self}")),
            },
            other => other.clone(),
        })
    }

    /// Brings a function's arguments to the zone, before it is called, and says what its result is.
    pub fn before(self, name: &str, args: &mut [Value]) -> Result<Then, Failure> {
        if self.is_utc() {
            return Ok(Then::Keep);
        }
        let on_clock = |args: &mut [Value]| -> Result<(), Failure> {
            for arg in args {
                *arg = self.on_clock(arg)?;
            }
            Ok(())
        };
        let unknown = || {
            let name = name.trim_start_matches('$');
            fail(format!("{name} of a TIMESTAMP_LTZ in the time zone {self}"))
        };
        match (name, &mut *args) {
            ("FROM_UNIXTIME", [Value::Int(seconds, _), ..]) => {
                let Some(ns) = self.clock(i128::from(*seconds) * NANOS) else {
                    return unknown();
                };
                *seconds = ns.div_euclid(NANOS) as i64;
                return Ok(Then::Keep);
            }
            ("UNIX_TIMESTAMP", [_, ..]) => return Ok(Then::Seconds),
            _ => {}
        }
        if !args.iter().any(has_ltz) {
            return Ok(Then::Keep);
        }
        let all_ltz = |args: &[Value]| {
            let mut args = args.iter();
            args.all(|a| matches!(a, Value::TimestampLtz(..) | Value::Null))
        };
        match name {
            "=" | "<>" | "!=" | "<" | "<=" | ">" | ">=" | "GREATEST" | "LEAST" | "NULLIF"
            | "$DISTINCT_FROM" | "$NOT_DISTINCT_FROM" | "$BETWEEN_SYMMETRIC"
                if all_ltz(args) =>
            {
                Ok(Then::Keep)
            }
            "$VALUE" | "$NAMED" | "$COLLATE" | "$ARRAY" | "$MAP" | "$ROW" | "$FIELD" | "$ITEM"
            | "CARDINALITY" => Ok(Then::Keep),
            "DATE_FORMAT" | "EXTRACT" | "YEAR" | "QUARTER" | "MONTH" | "WEEK" | "DAYOFMONTH"
            | "DAYOFYEAR" | "DAYOFWEEK" | "HOUR" | "MINUTE" | "SECOND" => {
                on_clock(args)?;
                Ok(Then::Keep)
            }
            "FLOOR" | "CEIL" => {
                on_clock(args)?;
                Ok(Then::Instant)
            }
            // Months are added in UTC, too.
            "+" | "-"
                if args
                    .iter()
                    .any(|a| matches!(a, Value::Millis(_) | Value::Months(_))) =>
            {
                Ok(Then::Keep)
            }
            "TIMESTAMPADD" => Ok(Then::Keep),
            "TIMESTAMPDIFF" if all_ltz(&args[1..]) => Ok(Then::Keep),
            _ => unknown(),
        }
    }

    /// The result of a function, brought back.
    pub fn after(self, then: Then, result: Value) -> Result<Value, Failure> {
        match (then, &result) {
            (Then::Instant, _) => self.in_time(&result),
            (Then::Seconds, Value::Int(seconds, size)) => {
                let clock = i128::from(*seconds) * NANOS;
                match self.instant(clock) {
                    // Java's older calendar, which this function uses, takes the second one.
                    _ if self.is_twice(clock) => fail(format!(
                        "a time that is there twice in the time zone {self}"
                    )),
                    Some(ns) => Ok(Value::Int(ns.div_euclid(NANOS) as i64, *size)),
                    None => fail(format!("so far a time in {self}")),
                }
            }
            _ => Ok(result),
        }
    }

    /// May these two be compared, or does that depend on the zone?
    pub fn compares(self, a: &Value, b: &Value) -> Result<(), Failure> {
        let ltz = |v: &Value| matches!(v, Value::TimestampLtz(..));
        let same = ltz(a) == ltz(b) || a.is_null() || b.is_null();
        match self.is_utc() || same {
            true => Ok(()),
            false => fail(format!(
                "a comparison of a TIMESTAMP_LTZ with another type in the time zone {self}"
            )),
        }
    }

    /// # Errors
    /// As `super::cast`.
    pub fn cast(self, value: &Value, ty: &DataType) -> Result<Value, Failure> {
        if self.is_utc() {
            return super::cast::cast(value, ty);
        }
        let to_ltz = matches!(ty.kind, TypeKind::TimestampLtz(_));
        match value {
            Value::TimestampLtz(..) if to_ltz => super::cast::cast(value, ty),
            Value::TimestampLtz(..) => match ty.kind {
                TypeKind::Timestamp(_)
                | TypeKind::Date
                | TypeKind::Time(_)
                | TypeKind::Char(_)
                | TypeKind::VarChar(_) => super::cast::cast(&self.on_clock(value)?, ty),
                _ => fail(format!(
                    "this cast of a TIMESTAMP_LTZ in the time zone {self}"
                )),
            },
            Value::Timestamp(..) | Value::Date(_) | Value::Text(_) if to_ltz => {
                let TypeKind::TimestampLtz(p) = ty.kind else {
                    return super::cast::cast(value, ty);
                };
                let clock = TypeKind::Timestamp(p).nullable();
                self.in_time(&super::cast::cast(value, &clock)?)
            }
            _ if to_ltz || has_ltz(value) || names_ltz(ty) => {
                if value.is_null() {
                    return Ok(Value::Null);
                }
                fail(format!(
                    "this cast of a TIMESTAMP_LTZ in the time zone {self}"
                ))
            }
            _ => super::cast::cast(value, ty),
        }
    }
}

fn has_ltz(value: &Value) -> bool {
    match value {
        Value::TimestampLtz(..) => true,
        Value::Array(all) => all.iter().any(has_ltz),
        Value::Map(all) => all.iter().any(|(k, v)| has_ltz(k) || has_ltz(v)),
        Value::Row(all) => all.iter().any(|(_, v)| has_ltz(v)),
        _ => false,
    }
}

fn names_ltz(ty: &DataType) -> bool {
    match &ty.kind {
        TypeKind::TimestampLtz(_) => true,
        TypeKind::Array(of) | TypeKind::Multiset(of) => names_ltz(of),
        TypeKind::Map(key, value) => names_ltz(key) || names_ltz(value),
        TypeKind::Row(fields) => fields.iter().any(|f| names_ltz(&f.ty)),
        _ => false,
    }
}
