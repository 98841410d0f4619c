//! CAST and TRY_CAST.
//! Source: Flink docs, Table API & SQL, "Data Types", CAST; `BinaryStringDataUtil` for strings.

use super::calendar;
use super::value::{Computed, Decimal, NANOS, UNSURE, Value, fail, power_of_ten};
use crate::syntax::{DataType, TypeKind};
use std::sync::Arc;

/// # Errors
/// Where a CAST would fail the job, or is not known here.
pub fn cast(value: &Value, ty: &DataType) -> Computed {
    use Value::*;
    let unknown = || fail(format!("CAST of {} to {}", kind_name(value), ty.kind));
    let unreadable = |what: &str| fail(format!("CAST of '{value}' to {what} fails"));
    Ok(match (value, &ty.kind) {
        (Null, _) => Null,
        (Text(s), TypeKind::Char(_) | TypeKind::VarChar(_)) => fit(s, &ty.kind),
        (
            Array(_) | Map(_) | Row(_) | Bytes(_) | Months(_) | Millis(_),
            TypeKind::Char(_) | TypeKind::VarChar(_),
        ) => {
            return unknown();
        }
        (Timestamp(_, UNSURE), TypeKind::Char(_) | TypeKind::VarChar(_)) => {
            return fail("the text of a TIMESTAMP whose precision is not known");
        }
        (_, TypeKind::Char(_) | TypeKind::VarChar(_)) => fit(&value.to_string(), &ty.kind),
        (Bool(_), TypeKind::Boolean) => value.clone(),
        (Text(s), TypeKind::Boolean) => match s.trim().to_lowercase().as_str() {
            "t" | "true" | "y" | "yes" | "1" => Bool(true),
            "f" | "false" | "n" | "no" | "0" => Bool(false),
            _ => return unreadable("BOOLEAN"),
        },
        (Int(v, _), TypeKind::Boolean) => Bool(*v != 0),
        (_, TypeKind::TinyInt | TypeKind::SmallInt | TypeKind::Int | TypeKind::BigInt) => {
            let size = int_size(&ty.kind);
            let number = match value {
                Bool(b) => i128::from(*b),
                Int(v, _) => i128::from(*v),
                Decimal(d) => d.unscaled / power_of_ten(d.scale),
                Float(v) => *v as i64 as i128,
                Double(v) => *v as i64 as i128,
                Text(s) => match whole_number(s.trim()) {
                    Some(v) if wrap(v as i64, size) as i128 == v => v,
                    _ => return unreadable("a number"),
                },
                _ => return unknown(),
            };
            if let (Float(_) | Double(_), true) = (value, size < 8) {
                let bounded = number.clamp(i128::from(i32::MIN), i128::from(i32::MAX));
                return Ok(Int(wrap(bounded as i64, size), size));
            }
            Int(wrap(number as i64, size), size)
        }
        (_, TypeKind::Decimal { precision, scale }) => {
            let exact = match value {
                Bool(b) => self::Decimal {
                    unscaled: i128::from(*b),
                    precision: 1,
                    scale: 0,
                },
                Text(s) => match self::Decimal::parse(s.trim()) {
                    Some(d) => d,
                    None => return unreadable("a number"),
                },
                Float(_) | Double(_) => {
                    match self::Decimal::parse(&format!("{}", value.as_f64().unwrap_or(0.0))) {
                        Some(d) => d,
                        None => return unknown(),
                    }
                }
                other => match other.exact() {
                    Some(d) => d,
                    None => return unknown(),
                },
            };
            exact.rescaled(*precision, *scale).map_or(Null, Decimal)
        }
        (_, TypeKind::Float | TypeKind::Double) => {
            let number = match value {
                Bool(b) => f64::from(u8::from(*b)),
                Text(s) => match s.trim().parse() {
                    Ok(v) => v,
                    Err(_) => return unreadable("a number"),
                },
                other => match other.as_f64() {
                    Some(v) => v,
                    None => return unknown(),
                },
            };
            if ty.kind == TypeKind::Float {
                Float(number as f32)
            } else {
                Double(number)
            }
        }
        (Date(_), TypeKind::Date) => value.clone(),
        (Time(ms), TypeKind::Time(p)) => time_at_precision(*ms, *p),
        (Timestamp(ns, _) | TimestampLtz(ns, _), TypeKind::Date) => {
            Date(ns.div_euclid(86_400 * NANOS) as i32)
        }
        (Text(s), TypeKind::Date) => match calendar::parse_date(s.trim()) {
            Some(date) => Date(calendar::days(date)),
            None => return unreadable("DATE"),
        },
        (Timestamp(ns, _) | TimestampLtz(ns, _), TypeKind::Time(p)) => {
            time_at_precision((ns.rem_euclid(86_400 * NANOS) / 1_000_000) as i64, *p)
        }
        (Text(s), TypeKind::Time(p)) => match calendar::parse_time(s.trim()) {
            Some(ns) => time_at_precision((ns / 1_000_000) as i64, *p),
            None => return unreadable("TIME"),
        },
        (
            Timestamp(..) | TimestampLtz(..) | Date(_),
            TypeKind::Timestamp(p) | TypeKind::TimestampLtz(p),
        ) => at_precision(value.instant().unwrap_or(0), *p, &ty.kind),
        (Text(s), TypeKind::Timestamp(p) | TypeKind::TimestampLtz(p)) => match calendar::parse(s) {
            Some(ns) => at_precision(ns, *p, &ty.kind),
            None => return unreadable("a time"),
        },
        (Bytes(_), TypeKind::Binary(_) | TypeKind::VarBinary(_)) => value.clone(),
        (Text(s), TypeKind::Binary(_) | TypeKind::VarBinary(_)) => Bytes(s.as_bytes().into()),
        (Array(all), TypeKind::Array(of)) => {
            Array(all.iter().map(|v| cast(v, of)).collect::<Result<_, _>>()?)
        }
        (Map(all), TypeKind::Map(k, v)) => {
            let entry = |(key, value): &(Value, Value)| Ok((cast(key, k)?, cast(value, v)?));
            Map(all.iter().map(entry).collect::<Result<_, _>>()?)
        }
        (Row(all), TypeKind::Row(fields)) if all.len() == fields.len() => {
            let field = |((_, v), f): (&(Arc<str>, Value), &crate::syntax::Field)| {
                Ok((f.name.as_str().into(), cast(v, &f.ty)?))
            };
            Row(all
                .iter()
                .zip(fields)
                .map(field)
                .collect::<Result<_, _>>()?)
        }
        (Months(_), TypeKind::IntervalYearMonth) | (Millis(_), TypeKind::IntervalDayTime) => {
            value.clone()
        }
        _ => return unknown(),
    })
}

fn kind_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "NULL",
        Value::Bool(_) => "a boolean",
        Value::Int(..) | Value::Decimal(_) | Value::Float(_) | Value::Double(_) => "a number",
        Value::Text(_) => "a string",
        Value::Bytes(_) => "bytes",
        Value::Date(_) | Value::Time(_) | Value::Timestamp(..) | Value::TimestampLtz(..) => {
            "a time"
        }
        Value::Months(_) | Value::Millis(_) => "an interval",
        Value::Array(_) => "an array",
        Value::Map(_) => "a map",
        Value::Row(_) => "a row",
    }
}

pub fn int_size(kind: &TypeKind) -> u8 {
    match kind {
        TypeKind::TinyInt => 1,
        TypeKind::SmallInt => 2,
        TypeKind::Int => 4,
        _ => 8,
    }
}

/// As Java's casts between integers do it.
pub fn wrap(value: i64, size: u8) -> i64 {
    match size {
        1 => i64::from(value as i8),
        2 => i64::from(value as i16),
        4 => i64::from(value as i32),
        _ => value,
    }
}

/// Digits behind a point are cut off.
fn whole_number(text: &str) -> Option<i128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let whole: i128 = whole.parse().ok()?;
    i64::try_from(whole).ok().map(i128::from)
}

fn fit(text: &str, kind: &TypeKind) -> Value {
    match kind {
        TypeKind::Char(n) => {
            let n = *n as usize;
            let cut: String = text.chars().take(n).collect();
            Value::text(format!("{cut:<n$}"))
        }
        TypeKind::VarChar(n) if text.len() > *n as usize => {
            Value::text(text.chars().take(*n as usize).collect::<String>())
        }
        _ => Value::text(text),
    }
}

fn time_at_precision(ms: i64, precision: u8) -> Value {
    let unit = 10_i64.pow(u32::from(3 - precision.min(3)));
    Value::Time(ms / unit * unit)
}

fn at_precision(ns: i128, precision: u8, kind: &TypeKind) -> Value {
    let unit = power_of_ten(9 - precision.min(9));
    let ns = ns.div_euclid(unit) * unit;
    match kind {
        TypeKind::TimestampLtz(_) => Value::TimestampLtz(ns, precision),
        _ => Value::Timestamp(ns, precision),
    }
}
