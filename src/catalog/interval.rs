//! How long an interval literal is, and how far a watermark stays behind its column.

use crate::syntax::Ident;
use sqlparser::ast::{BinaryOperator, DateTimeField, Expr, Interval, Value};

/// The delay of `WATERMARK FOR column AS expr` in milliseconds: 0 for the column itself, the interval of
/// `column - INTERVAL …`; `None` for anything else, and for a watermark that runs ahead.
pub fn watermark_delay(expr: &Expr, column: &[Ident]) -> Option<u64> {
    let is_column = |expr: &Expr| {
        let path: Vec<&str> = match expr {
            Expr::Identifier(ident) => vec![&ident.value],
            Expr::CompoundIdentifier(path) => path.iter().map(|i| &*i.value).collect(),
            _ => return false,
        };
        column.iter().map(|i| &*i.value).eq(path)
    };
    match expr {
        Expr::Nested(inner) => watermark_delay(inner, column),
        Expr::BinaryOp {
            left,
            op: BinaryOperator::Minus,
            right,
        } if is_column(left) => match &**right {
            Expr::Interval(interval) => millis(interval),
            _ => None,
        },
        column if is_column(column) => Some(0),
        _ => None,
    }
}

/// The length of a day-time interval in milliseconds; `None` for months and years, for negative ones, and
/// for those that are no literals.
/// Source: Flink docs, "Data Types", "Day-Time Interval Types".
pub fn millis(interval: &Interval) -> Option<u64> {
    let text = match &*interval.value {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) | Value::Number(text, _) => text.trim().to_owned(),
            _ => return None,
        },
        _ => return None,
    };
    let first = field(interval.leading_field.as_ref()?)?;
    let last = interval.last_field.as_ref();
    // `1 02:03:04.567`: the fields from the first unit to the last one.
    let parts: Vec<&str> = text.split([' ', ':']).collect();
    let last = match last {
        Some(last) => field(last)?,
        None => first,
    };
    let units = UNITS.get(first..=last)?;
    if parts.len() != units.len() {
        return None;
    }
    let mut sum = 0u128;
    for (part, unit) in parts.iter().zip(units) {
        sum += decimal(part)? * u128::from(*unit);
    }
    u64::try_from(sum / 1_000).ok()
}

/// Milliseconds, from the longest unit to the shortest.
const UNITS: [u64; 4] = [86_400_000, 3_600_000, 60_000, 1_000];
const SECOND: usize = 3;

fn field(field: &DateTimeField) -> Option<usize> {
    Some(match field {
        DateTimeField::Day | DateTimeField::Days => 0,
        DateTimeField::Hour | DateTimeField::Hours => 1,
        DateTimeField::Minute | DateTimeField::Minutes => 2,
        DateTimeField::Second | DateTimeField::Seconds => SECOND,
        _ => return None,
    })
}

/// A decimal number in thousandths; further digits are cut off.
fn decimal(text: &str) -> Option<u128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |t: &str| !t.is_empty() && t.len() <= 12 && t.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !(fraction.is_empty() || digits(fraction)) {
        return None;
    }
    let thousandths: String = fraction.chars().chain("000".chars()).take(3).collect();
    Some(whole.parse::<u128>().ok()? * 1_000 + thousandths.parse::<u128>().ok()?)
}

#[cfg(test)]
mod tests {
    use crate::catalog::Catalog;
    use crate::config::FlinkVersion;

    fn delay(expr: &str) -> Option<u64> {
        let script =
            format!("CREATE TABLE t (ts TIMESTAMP(3), o INT, WATERMARK FOR ts AS {expr});\n");
        let (script, diagnostics) = crate::parser::parse(&script, FlinkVersion::default());
        assert!(diagnostics.is_empty(), "{expr}: {diagnostics:?}");
        let catalog = Catalog::build(&script);
        let table = catalog.entries[0].table().expect("a table");
        table.watermark.as_ref().expect("a watermark").delay_ms
    }

    #[test]
    fn delays() {
        let cases = [
            ("ts", Some(0)),
            ("`ts` - INTERVAL '5' SECOND", Some(5_000)),
            ("(ts - INTERVAL '5' SECONDS)", Some(5_000)),
            ("ts - INTERVAL '0.001' SECOND", Some(1)),
            ("ts - INTERVAL '5.2504' SECOND", Some(5_250)),
            ("ts - INTERVAL '2' MINUTE", Some(120_000)),
            ("ts - INTERVAL '1' HOUR", Some(3_600_000)),
            ("ts - INTERVAL '1' DAY", Some(86_400_000)),
            ("ts - INTERVAL 5 SECOND", Some(5_000)),
            ("ts - INTERVAL '1:30' MINUTE TO SECOND", Some(90_000)),
            (
                "ts - INTERVAL '1 02:03:04.567' DAY TO SECOND(3)",
                Some(93_784_567),
            ),
            ("ts - INTERVAL '-5' SECOND", None),
            ("ts + INTERVAL '5' SECOND", None),
            ("ts - INTERVAL '1' MONTH", None),
            ("SOURCE_WATERMARK()", None),
            ("ts - o * INTERVAL '1' SECOND", None),
        ];
        for (expr, expected) in cases {
            assert_eq!(delay(expr), expected, "{expr}");
        }
    }
}
