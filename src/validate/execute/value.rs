//! Values as Flink's runtime knows them, each with its width or precision, and how they compare.

use super::calendar;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// A value. Times are nanoseconds since the epoch, those of `TimestampLtz` in UTC; the `u8` behind a time is its
/// precision, that behind an integer its size in bytes.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i64, u8),
    Decimal(Decimal),
    Float(f32),
    Double(f64),
    Text(Arc<str>),
    Bytes(Arc<[u8]>),
    /// Days since the epoch.
    Date(i32),
    /// Milliseconds of the day.
    Time(i64),
    Timestamp(i128, u8),
    TimestampLtz(i128, u8),
    Months(i64),
    /// An interval in milliseconds.
    Millis(i64),
    Array(Vec<Value>),
    Map(Vec<(Value, Value)>),
    /// Fields with their names.
    Row(Vec<(Arc<str>, Value)>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    pub unscaled: i128,
    pub precision: u8,
    pub scale: u8,
}

/// Why a value cannot be computed: the job would fail, or nothing here can compute it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(pub String);

pub type Computed = Result<Value, Failure>;

pub fn fail<T>(message: impl Into<String>) -> Result<T, Failure> {
    Err(Failure(message.into()))
}

/// In the place of the precision of a time that has one of two: `TIMESTAMP '…'` has as many digits as are written, a cast
/// to TIMESTAMP has six, and the plan does not tell which it was.
pub const UNSURE: u8 = u8::MAX;

pub const NANOS: i128 = 1_000_000_000;

/// 10 to the power of `n`, up to 38.
pub fn power_of_ten(n: u8) -> i128 {
    10_i128.pow(u32::from(n.min(38)))
}

/// `a / b` rounded half away from zero, as Java's HALF_UP.
pub fn divide_half_up(a: i128, b: i128) -> i128 {
    let (quotient, rest) = (a / b, a % b);
    if rest.unsigned_abs() * 2 >= b.unsigned_abs() {
        quotient + if (a < 0) == (b < 0) { 1 } else { -1 }
    } else {
        quotient
    }
}

impl Decimal {
    /// At another scale, rounded half up; `None` if it is too large.
    pub fn rescaled(self, precision: u8, scale: u8) -> Option<Decimal> {
        let unscaled = if scale >= self.scale {
            self.unscaled
                .checked_mul(power_of_ten(scale - self.scale))?
        } else {
            divide_half_up(self.unscaled, power_of_ten(self.scale - scale))
        };
        (unscaled.unsigned_abs() < power_of_ten(precision).unsigned_abs()).then_some(Decimal {
            unscaled,
            precision,
            scale,
        })
    }

    pub fn as_f64(self) -> f64 {
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// From digits with at most one point; its precision is the number of its digits.
    pub fn parse(text: &str) -> Option<Decimal> {
        let (sign, digits) = match text.as_bytes().first()? {
            b'-' => (-1, &text[1..]),
            b'+' => (1, &text[1..]),
            _ => (1, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all = format!("{whole}{fraction}");
        if all.is_empty() || all.len() > 38 || !all.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        Some(Decimal {
            unscaled: sign * all.parse::<i128>().ok()?,
            precision: all.trim_start_matches('0').len().max(fraction.len()).max(1) as u8,
            scale: fraction.len() as u8,
        })
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = usize::from(self.scale);
        let digits = format!(
            "{:0>width$}",
            self.unscaled.unsigned_abs(),
            width = scale + 1
        );
        let sign = if self.unscaled < 0 { "-" } else { "" };
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        if scale == 0 {
            write!(f, "{sign}{whole}")
        } else {
            write!(f, "{sign}{whole}.{fraction}")
        }
    }
}

impl Value {
    pub fn text(text: impl Into<Arc<str>>) -> Value {
        Value::Text(text.into())
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    pub fn is_true(&self) -> bool {
        matches!(self, Value::Bool(true))
    }

    /// As an exact number, if it is one.
    pub fn exact(&self) -> Option<Decimal> {
        match self {
            Value::Int(v, size) => Some(Decimal {
                unscaled: i128::from(*v),
                precision: match size {
                    1 => 3,
                    2 => 5,
                    4 => 10,
                    _ => 19,
                },
                scale: 0,
            }),
            Value::Decimal(d) => Some(*d),
            _ => None,
        }
    }

    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Value::Float(v) => Some(f64::from(*v)),
            Value::Double(v) => Some(*v),
            other => other.exact().map(Decimal::as_f64),
        }
    }

    /// A point in time, in nanoseconds; a date is its midnight.
    pub fn instant(&self) -> Option<i128> {
        match self {
            Value::Timestamp(ns, _) | Value::TimestampLtz(ns, _) => Some(*ns),
            Value::Date(days) => Some(i128::from(*days) * 86_400 * NANOS),
            _ => None,
        }
    }

    /// Equal values of any width have equal keys; NULL has one too.
    pub fn key(&self, out: &mut String) {
        use std::fmt::Write;
        match self {
            Value::Null => out.push('~'),
            Value::Bool(b) => out.push(if *b { 't' } else { 'f' }),
            Value::Int(..) | Value::Decimal(_) => {
                if let Some(mut d) = self.exact() {
                    while d.scale > 0 && d.unscaled % 10 == 0 {
                        d.unscaled /= 10;
                        d.scale -= 1;
                    }
                    let _ = write!(out, "n{d}");
                }
            }
            Value::Float(v) => {
                let _ = write!(out, "d{}", f64::from(*v).to_bits());
            }
            Value::Double(v) => {
                let _ = write!(out, "d{}", v.to_bits());
            }
            Value::Text(s) => {
                let _ = write!(out, "s{}:{s}", s.len());
            }
            Value::Bytes(b) => {
                let _ = write!(out, "b{b:?}");
            }
            Value::Date(d) => {
                let _ = write!(out, "D{d}");
            }
            Value::Time(t) => {
                let _ = write!(out, "T{t}");
            }
            Value::Timestamp(t, _) => {
                let _ = write!(out, "S{t}");
            }
            Value::TimestampLtz(t, _) => {
                let _ = write!(out, "L{t}");
            }
            Value::Months(m) => {
                let _ = write!(out, "M{m}");
            }
            Value::Millis(m) => {
                let _ = write!(out, "I{m}");
            }
            Value::Array(all) => {
                out.push('[');
                all.iter().for_each(|v| v.key(out));
                out.push(']');
            }
            Value::Map(all) => {
                let mut entries: Vec<String> = all
                    .iter()
                    .map(|(k, v)| {
                        let mut one = String::new();
                        k.key(&mut one);
                        v.key(&mut one);
                        one
                    })
                    .collect();
                entries.sort();
                let _ = write!(out, "{{{}}}", entries.concat());
            }
            Value::Row(all) => {
                out.push('(');
                all.iter().for_each(|(_, v)| v.key(out));
                out.push(')');
            }
        }
        out.push(';');
    }
}

/// One key for several values.
pub fn key_of(values: &[Value]) -> String {
    let mut key = String::new();
    values.iter().for_each(|v| v.key(&mut key));
    key
}

/// How two values compare as Flink's operators do it; `None` if one of them is NULL.
pub fn compare(left: &Value, right: &Value) -> Result<Option<Ordering>, Failure> {
    use Value::*;
    Ok(Some(match (left, right) {
        (Null, _) | (_, Null) => return Ok(None),
        (Bool(a), Bool(b)) => a.cmp(b),
        (Text(a), Text(b)) => a.trim_end_matches('\0').as_bytes().cmp(b.as_bytes()),
        (Bytes(a), Bytes(b)) => a.cmp(b),
        (Date(a), Date(b)) => a.cmp(b),
        (Time(a), Time(b)) => a.cmp(b),
        (Months(a), Months(b)) => a.cmp(b),
        (Millis(a), Millis(b)) => a.cmp(b),
        (
            Timestamp(..) | TimestampLtz(..) | Date(_),
            Timestamp(..) | TimestampLtz(..) | Date(_),
        ) => left.instant().cmp(&right.instant()),
        // A string is read as the other side's type.
        (Text(text), Timestamp(..) | TimestampLtz(..) | Date(_)) => match calendar::parse(text) {
            Some(ns) => Some(ns).cmp(&right.instant()),
            None => return fail(format!("`{text}` is no time")),
        },
        (Timestamp(..) | TimestampLtz(..) | Date(_), Text(_)) => {
            return Ok(compare(right, left)?.map(Ordering::reverse));
        }
        (Text(text), _) if right.as_f64().is_some() => match text.trim().parse::<f64>() {
            Ok(number) => return compare(&Double(number), right),
            Err(_) => return fail(format!("`{text}` is no number")),
        },
        (_, Text(_)) if left.as_f64().is_some() => {
            return Ok(compare(right, left)?.map(Ordering::reverse));
        }
        (Array(a), Array(b)) => return lists(a.iter().zip(b), a.len().cmp(&b.len())),
        (Row(a), Row(b)) => {
            let pairs = a.iter().map(|(_, v)| v).zip(b.iter().map(|(_, v)| v));
            return lists(pairs, a.len().cmp(&b.len()));
        }
        (Map(_), Map(_)) => {
            let (mut a, mut b) = (String::new(), String::new());
            left.key(&mut a);
            right.key(&mut b);
            a.cmp(&b)
        }
        _ => match (left.exact(), right.exact()) {
            (Some(a), Some(b)) => {
                let scale = a.scale.max(b.scale);
                let at = |d: self::Decimal| d.unscaled.checked_mul(power_of_ten(scale - d.scale));
                match (at(a), at(b)) {
                    (Some(a), Some(b)) => a.cmp(&b),
                    _ => return fail("decimals too large to compare"),
                }
            }
            _ => match (left.as_f64(), right.as_f64()) {
                (Some(a), Some(b)) => a.total_cmp(&b),
                _ => return fail(format!("{left} and {right} do not compare")),
            },
        },
    }))
}

fn lists<'a>(
    pairs: impl Iterator<Item = (&'a Value, &'a Value)>,
    otherwise: Ordering,
) -> Result<Option<Ordering>, Failure> {
    for (a, b) in pairs {
        match compare(a, b)? {
            Some(Ordering::Equal) => {}
            other => return Ok(other),
        }
    }
    Ok(Some(otherwise))
}

/// The order that ORDER BY uses: NULL is the smallest value.
pub fn order(left: &Value, right: &Value) -> Ordering {
    match (left.is_null(), right.is_null()) {
        (true, true) => Ordering::Equal,
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        _ => compare(left, right)
            .ok()
            .flatten()
            .unwrap_or(Ordering::Equal),
    }
}

/// As Java prints a double.
pub fn double_text(v: f64) -> String {
    let size = v.abs();
    if v.is_nan() {
        "NaN".to_owned()
    } else if v.is_infinite() {
        if v > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
    } else if size == 0.0 || (1e-3..1e7).contains(&size) {
        format!("{v:?}")
    } else {
        let text = format!("{v:E}");
        match text.split_once('E') {
            Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0E{exponent}"),
            _ => text,
        }
    }
}

/// As a CAST to STRING prints it; strings without quotes.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("NULL"),
            Value::Bool(b) => f.write_str(if *b { "TRUE" } else { "FALSE" }),
            Value::Int(v, _) => write!(f, "{v}"),
            Value::Decimal(d) => write!(f, "{d}"),
            Value::Float(v) => f.write_str(&double_text(v.to_string().parse().unwrap_or(0.0))),
            Value::Double(v) => f.write_str(&double_text(*v)),
            Value::Text(s) => f.write_str(s),
            Value::Bytes(b) => {
                f.write_str("x'")?;
                b.iter().try_for_each(|b| write!(f, "{b:02x}"))?;
                f.write_str("'")
            }
            Value::Date(days) => f.write_str(&calendar::date_text(*days)),
            Value::Time(ms) => f.write_str(&calendar::time_text(*ms)),
            Value::Timestamp(ns, p) | Value::TimestampLtz(ns, p) => {
                let digits = if *p == UNSURE { 0 } else { *p };
                f.write_str(&calendar::timestamp_text(*ns, digits))
            }
            Value::Months(m) => write!(f, "{:+}-{:02}", m / 12, (m % 12).abs()),
            Value::Millis(ms) => write!(f, "{ms} ms"),
            Value::Array(all) => {
                let all: Vec<String> = all.iter().map(Value::to_string).collect();
                write!(f, "[{}]", all.join(", "))
            }
            Value::Map(all) => {
                let all: Vec<String> = all.iter().map(|(k, v)| format!("{k}={v}")).collect();
                write!(f, "{{{}}}", all.join(", "))
            }
            Value::Row(all) => {
                let all: Vec<String> = all.iter().map(|(_, v)| v.to_string()).collect();
                write!(f, "({})", all.join(", "))
            }
        }
    }
}
