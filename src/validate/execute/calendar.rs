//! Dates and times as Flink reads and writes them.

use super::value::NANOS;
use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};

pub const DAY_MS: i64 = 86_400_000;

fn epoch() -> NaiveDate {
    NaiveDate::from_ymd_opt(1970, 1, 1).unwrap_or_default()
}

/// `None` outside of the years that chrono knows.
pub fn date_time(ns: i128) -> Option<NaiveDateTime> {
    let seconds = i64::try_from(ns.div_euclid(NANOS)).ok()?;
    let nanos = ns.rem_euclid(NANOS) as i64;
    NaiveDateTime::new(epoch(), NaiveTime::MIN)
        .checked_add_signed(TimeDelta::try_seconds(seconds)?)?
        .checked_add_signed(TimeDelta::nanoseconds(nanos))
}

pub fn nanos(time: NaiveDateTime) -> i128 {
    let days = i128::from(days(time.date()));
    let seconds = i128::from(time.time().num_seconds_from_midnight());
    (days * 86_400 + seconds) * NANOS + i128::from(time.time().nanosecond())
}

pub fn days(date: NaiveDate) -> i32 {
    date.signed_duration_since(epoch()).num_days() as i32
}

pub fn date(days: i32) -> Option<NaiveDate> {
    let by = Days::new(u64::from(days.unsigned_abs()));
    match days < 0 {
        true => epoch().checked_sub_days(by),
        false => epoch().checked_add_days(by),
    }
}

/// Later by months; the day is the last of the month if there is no such day.
pub fn plus_months(ns: i128, months: i64) -> Option<i128> {
    let time = date_time(ns)?;
    let by = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
    let moved = match months < 0 {
        true => time.checked_sub_months(by)?,
        false => time.checked_add_months(by)?,
    };
    Some(nanos(moved))
}

/// `2020-01-31`, `2020-01-31 12:00:00`, with any fraction; `T` may stand for the blank.
pub fn parse(text: &str) -> Option<i128> {
    let text = text.trim();
    let (day, time) = match text.split_once([' ', 'T']) {
        Some((day, time)) => (day, time),
        None => (text, "00:00:00"),
    };
    let day = parse_date(day)?;
    let midnight = i128::from(days(day)) * 86_400 * NANOS;
    Some(midnight + parse_time(time)?)
}

pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = text.split('-').collect();
    match parts[..] {
        [y, m, d] if y.len() <= 4 => {
            NaiveDate::from_ymd_opt(y.parse().ok()?, m.parse().ok()?, d.parse().ok()?)
        }
        _ => None,
    }
}

/// Nanoseconds of the day.
pub fn parse_time(text: &str) -> Option<i128> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, ""));
    let parts: Vec<i128> = clock
        .split(':')
        .map(|p| p.parse().ok())
        .collect::<Option<_>>()?;
    let (h, m, s) = match parts[..] {
        [h, m, s] => (h, m, s),
        [h, m] => (h, m, 0),
        _ => return None,
    };
    if !(0..24).contains(&h) || !(0..60).contains(&m) || !(0..60).contains(&s) || fraction.len() > 9
    {
        return None;
    }
    let fraction: i128 = match fraction {
        "" => 0,
        digits => format!("{digits:0<9}").parse().ok()?,
    };
    Some((h * 3_600 + m * 60 + s) * NANOS + fraction)
}

pub fn date_text(days: i32) -> String {
    date(days).map_or_else(
        || format!("day {days}"),
        |d| d.format("%Y-%m-%d").to_string(),
    )
}

pub fn time_text(ms: i64) -> String {
    let s = ms / 1_000;
    let clock = format!("{:02}:{:02}:{:02}", s / 3_600, s / 60 % 60, s % 60);
    match ms % 1_000 {
        0 => clock,
        ms => format!("{clock}.{ms:03}"),
    }
}

/// With as many digits behind the second as the precision asks for.
pub fn timestamp_text(ns: i128, precision: u8) -> String {
    let Some(time) = date_time(ns) else {
        return format!("{ns} ns");
    };
    let mut text = time.format("%Y-%m-%d %H:%M:%S").to_string();
    let fraction = format!("{:09}", ns.rem_euclid(NANOS));
    let digits = fraction
        .trim_end_matches('0')
        .len()
        .max(usize::from(precision.min(9)));
    if digits > 0 {
        text.push('.');
        text.push_str(&fraction[..digits]);
    }
    text
}

/// Runs of one letter, quoted text, and the rest of a pattern of Java's DateTimeFormatter.
enum Part {
    Letters(char, usize),
    Text(String),
}

fn parts(pattern: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\'' {
            let mut text = String::new();
            loop {
                match chars.next() {
                    Some('\'') if chars.peek() == Some(&'\'') => {
                        chars.next();
                        text.push('\'');
                    }
                    Some('\'') | None => break,
                    Some(c) => text.push(c),
                }
            }
            parts.push(Part::Text(if text.is_empty() {
                "'".to_owned()
            } else {
                text
            }));
        } else if c.is_ascii_alphabetic() {
            let mut count = 1;
            while chars.peek() == Some(&c) {
                chars.next();
                count += 1;
            }
            parts.push(Part::Letters(c, count));
        } else {
            parts.push(Part::Text(c.to_string()));
        }
    }
    parts
}

/// By a pattern of digits; `None` where the pattern has letters that are not known here.
pub fn format(ns: i128, pattern: &str) -> Option<String> {
    let time = date_time(ns)?;
    let mut out = String::new();
    for part in parts(pattern) {
        let (letter, count) = match part {
            Part::Text(text) => {
                out.push_str(&text);
                continue;
            }
            Part::Letters(letter, count) => (letter, count),
        };
        let number = match (letter, count) {
            ('y' | 'u', 2) => time.year().rem_euclid(100),
            ('y' | 'u', _) => time.year(),
            ('M', 1 | 2) => time.month() as i32,
            ('d', 1 | 2) => time.day() as i32,
            ('H', 1 | 2) => time.hour() as i32,
            ('h', 1 | 2) => time.hour12().1 as i32,
            ('m', 1 | 2) => time.minute() as i32,
            ('s', 1 | 2) => time.second() as i32,
            ('S', 1..=9) => {
                out.push_str(&format!("{:09}", ns.rem_euclid(NANOS))[..count]);
                continue;
            }
            ('a', 1) => {
                out.push_str(if time.hour() < 12 { "AM" } else { "PM" });
                continue;
            }
            _ => return None,
        };
        out.push_str(&format!("{number:0count$}"));
    }
    Some(out)
}

/// By a pattern of digits: `None` where the pattern is not known here, `Some(None)` where the text does not match.
pub fn parse_by(text: &str, pattern: &str) -> Option<Option<i128>> {
    let mut rest = text;
    let (mut y, mut mo, mut d, mut h, mut mi, mut s, mut nanos) = (1970, 1, 1, 0, 0, 0, 0_i128);
    for part in parts(pattern) {
        let (letter, count) = match part {
            Part::Text(text) => match rest.strip_prefix(&*text) {
                Some(after) => {
                    rest = after;
                    continue;
                }
                None => return Some(None),
            },
            Part::Letters(letter, count) => (letter, count),
        };
        if !matches!(letter, 'y' | 'u' | 'M' | 'd' | 'H' | 'm' | 's' | 'S')
            || count > 9
            || letter == 'y' && count != 4
        {
            return None;
        }
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let take = if count == 1 { digits.min(2) } else { count };
        if digits < take || take == 0 {
            return Some(None);
        }
        let (digits, after) = rest.split_at(take);
        rest = after;
        let Ok(number) = digits.parse::<u32>() else {
            return Some(None);
        };
        match letter {
            'y' | 'u' => y = number as i32,
            'M' => mo = number,
            'd' => d = number,
            'H' => h = number,
            'm' => mi = number,
            's' => s = number,
            _ => nanos = format!("{digits:0<9}").parse().unwrap_or(0),
        }
    }
    if !rest.is_empty() {
        return Some(None);
    }
    let time = NaiveDate::from_ymd_opt(y, mo, d).and_then(|day| day.and_hms_opt(h, mi, s));
    Some(time.map(|time| self::nanos(time) + nanos))
}
