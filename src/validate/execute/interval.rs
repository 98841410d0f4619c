//! The texts of intervals.

use super::calendar::DAY_MS;
use super::value::Value;

/// `INTERVAL '1' MINUTE`, `INTERVAL '1 02:03:04.5' DAY TO SECOND(3)`, `INTERVAL '1-6' YEAR TO MONTH`, `INTERVAL 5 SECOND`.
pub fn read(text: &str) -> Option<Value> {
    let rest = text.trim().strip_prefix("INTERVAL")?.trim();
    let (sign, rest) = match rest.strip_prefix('-') {
        Some(rest) => (-1, rest.trim()),
        None => (1, rest.strip_prefix('+').unwrap_or(rest).trim()),
    };
    let (value, units) = match rest.strip_prefix('\'') {
        Some(rest) => rest.split_once('\'')?,
        None => rest.split_once(' ')?,
    };
    let value = value.trim();
    let (sign, value) = match value.strip_prefix('-') {
        Some(value) => (-sign, value),
        None => (sign, value.strip_prefix('+').unwrap_or(value)),
    };
    let mut plain = String::new();
    let mut depth = 0;
    for c in units.to_uppercase().chars() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            c if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    let units: Vec<&str> = plain
        .split_whitespace()
        .map(|u| u.strip_suffix('S').unwrap_or(u))
        .collect();
    let number = small;
    Some(match units[..] {
        ["YEAR"] => Value::Months(sign * number(value)? * 12),
        ["QUARTER"] => Value::Months(sign * number(value)? * 3),
        ["MONTH"] => Value::Months(sign * number(value)?),
        ["YEAR", "TO", "MONTH"] => {
            let (years, months) = value.split_once('-')?;
            Value::Months(sign * (number(years)? * 12 + number(months)?))
        }
        ["WEEK"] => Value::Millis(sign * number(value)? * 7 * DAY_MS),
        ["DAY"] => Value::Millis(sign * number(value)? * DAY_MS),
        ["HOUR"] => Value::Millis(sign * number(value)? * 3_600_000),
        ["MINUTE"] => Value::Millis(sign * number(value)? * 60_000),
        ["SECOND"] => Value::Millis(sign * seconds(value)?),
        ["DAY", "TO", last] => {
            let (days, clock) = value.split_once(' ')?;
            Value::Millis(sign * (number(days)? * DAY_MS + parts(clock, "HOUR", last)?))
        }
        [first @ ("HOUR" | "MINUTE"), "TO", last] => {
            Value::Millis(sign * parts(value, first, last)?)
        }
        _ => return None,
    })
}

/// More than Flink lets an interval have.
const MAX: u64 = 1_000_000_000;

fn small(text: &str) -> Option<i64> {
    text.parse::<i64>().ok().filter(|n| n.unsigned_abs() < MAX)
}

/// Milliseconds; digits behind the third are cut off.
fn seconds(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let millis = format!("{fraction:0<3}");
    Some(small(whole)? * 1_000 + millis.get(..3)?.parse::<i64>().ok()?)
}

fn parts(text: &str, first: &str, last: &str) -> Option<i64> {
    const UNITS: [(&str, i64); 3] = [("HOUR", 3_600_000), ("MINUTE", 60_000), ("SECOND", 1_000)];
    let from = UNITS.iter().position(|(unit, _)| *unit == first)?;
    let to = UNITS.iter().position(|(unit, _)| *unit == last)?;
    let pieces: Vec<&str> = text.split(':').collect();
    if pieces.len() != (to + 1).checked_sub(from)? {
        return None;
    }
    let mut sum = 0;
    for (piece, (unit, ms)) in pieces.into_iter().zip(&UNITS[from..=to]) {
        sum += match *unit {
            "SECOND" => seconds(piece)?,
            _ => small(piece)? * ms,
        };
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals() {
        let ms = |text: &str| match read(text) {
            Some(Value::Millis(ms)) => Some(ms),
            _ => None,
        };
        assert_eq!(ms("INTERVAL '0.001' SECOND"), Some(1));
        assert_eq!(ms("INTERVAL '-5' SECOND(3)"), Some(-5_000));
        assert_eq!(
            ms("INTERVAL '1 02:03:04.567' DAY TO SECOND(3)"),
            Some(93_784_567)
        );
        assert_eq!(ms("INTERVAL 5 MINUTES"), Some(300_000));
        assert_eq!(
            read("INTERVAL '1-6' YEAR TO MONTH"),
            Some(Value::Months(18))
        );
        assert_eq!(read("INTERVAL 'x' SECOND"), None);
    }
}
