//! Event times in columns that are of no time type.

use crate::syntax::{DataType, TypeKind};
use crate::validate::execute::{Value, timestamp_text};

/// How a column that no time type says it of holds the event time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Millis,
    Seconds,
    Text,
    IsoText,
}

pub const ENCODINGS: [Encoding; 4] = [
    Encoding::Millis,
    Encoding::Seconds,
    Encoding::Text,
    Encoding::IsoText,
];

pub fn time_type(ty: &DataType) -> bool {
    matches!(
        ty.kind,
        TypeKind::Timestamp(_) | TypeKind::TimestampLtz(_) | TypeKind::Date
    )
}

/// A time in epoch milliseconds; `None` if a column of the type does not hold it so.
pub fn encoded(at: i64, encoding: Encoding, ty: &DataType) -> Option<Value> {
    let text = || timestamp_text(i128::from(at) * 1_000_000, 0);
    match (encoding, &ty.kind) {
        (Encoding::Millis, TypeKind::BigInt) => Some(Value::Int(at, 8)),
        (Encoding::Seconds, TypeKind::BigInt) => Some(Value::Int(at.div_euclid(1_000), 8)),
        (Encoding::Seconds, TypeKind::Int) => Some(Value::Int(at.div_euclid(1_000), 4)),
        (Encoding::Millis, TypeKind::VarChar(_)) => Some(Value::text(at.to_string())),
        (Encoding::Seconds, TypeKind::VarChar(_)) => {
            Some(Value::text(at.div_euclid(1_000).to_string()))
        }
        (Encoding::Text, TypeKind::VarChar(_)) => Some(Value::text(text())),
        (Encoding::IsoText, TypeKind::VarChar(_)) => Some(Value::text(text().replace(' ', "T"))),
        _ => None,
    }
}
