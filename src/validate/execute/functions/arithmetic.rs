//! Arithmetic with Flink's result types.
//! Source: `LogicalTypeMerging` of Flink for decimals.

use super::{Function, Nulls::Pass, Nulls::Seen};
use crate::validate::execute::calendar;
use crate::validate::execute::cast::wrap;
use crate::validate::execute::value::{
    Computed, Decimal, Value, divide_half_up, fail, power_of_ten,
};

pub(super) const LIST: &[Function] = &[
    ("+", Pass, |a| add(&a[0], &a[1])),
    ("-", Pass, |a| add(&a[0], &negative(&a[1])?)),
    ("*", Pass, |a| multiply(&a[0], &a[1])),
    ("/", Pass, |a| divide_values(&a[0], &a[1])),
    ("%", Pass, |a| remainder(&a[0], &a[1])),
    ("MOD", Pass, |a| remainder(&a[0], &a[1])),
    ("$NEG", Pass, |a| negative(&a[0])),
    ("ABS", Pass, |a| match &a[0] {
        Value::Int(v, size) => Ok(Value::Int(wrap(v.wrapping_abs(), *size), *size)),
        Value::Decimal(d) => Ok(Value::Decimal(Decimal {
            unscaled: d.unscaled.abs(),
            ..*d
        })),
        Value::Double(v) => Ok(Value::Double(v.abs())),
        Value::Float(v) => Ok(Value::Float(v.abs())),
        Value::Millis(v) => Ok(Value::Millis(v.abs())),
        _ => fail("ABS"),
    }),
    ("SIGN", Pass, |a| match &a[0] {
        Value::Int(v, size) => Ok(Value::Int(v.signum(), *size)),
        Value::Double(v) => Ok(Value::Double(if *v == 0.0 { 0.0 } else { v.signum() })),
        _ => fail("SIGN of this type"),
    }),
    ("CEIL", Pass, |a| rounded(a, true)),
    ("CEILING", Pass, |a| rounded(a, true)),
    ("FLOOR", Pass, |a| rounded(a, false)),
    ("ROUND", Pass, |a| round(a, true)),
    ("TRUNCATE", Pass, |a| round(a, false)),
    ("SQRT", Pass, |a| real(a, f64::sqrt)),
    ("EXP", Pass, |a| real(a, f64::exp)),
    ("LN", Pass, |a| real(a, f64::ln)),
    ("LOG10", Pass, |a| real(a, f64::log10)),
    ("SIN", Pass, |a| real(a, f64::sin)),
    ("COS", Pass, |a| real(a, f64::cos)),
    ("RADIANS", Pass, |a| real(a, f64::to_radians)),
    ("POWER", Pass, |a| match (a[0].as_f64(), a[1].as_f64()) {
        (Some(base), Some(exponent)) => Ok(Value::Double(base.powf(exponent))),
        _ => fail("POWER"),
    }),
    ("PI", Seen, |_| Ok(Value::Double(std::f64::consts::PI))),
    ("E", Seen, |_| Ok(Value::Double(std::f64::consts::E))),
];

fn real(args: &[Value], f: fn(f64) -> f64) -> Computed {
    match args {
        [value] => match value.as_f64() {
            Some(v) => Ok(Value::Double(f(v))),
            None => fail(format!("a function of a number on {value}")),
        },
        _ => fail("a function with these arguments"),
    }
}

fn negative(value: &Value) -> Computed {
    Ok(match value {
        Value::Int(v, size) => Value::Int(wrap(v.wrapping_neg(), *size), *size),
        Value::Decimal(d) => Value::Decimal(Decimal {
            unscaled: -d.unscaled,
            ..*d
        }),
        Value::Float(v) => Value::Float(-v),
        Value::Double(v) => Value::Double(-v),
        Value::Months(m) => Value::Months(-m),
        Value::Millis(m) => Value::Millis(-m),
        _ => return fail(format!("{value} has no negative")),
    })
}

/// Precision and scale of a result that may need more than 38 digits.
fn adjusted(precision: i32, scale: i32) -> (u8, u8) {
    if precision <= 38 {
        return (precision as u8, scale as u8);
    }
    let digits = precision - scale;
    (38, (38 - digits).max(scale.min(6)) as u8)
}

fn decimal(unscaled: i128, scale: u8, (precision, wanted): (u8, u8)) -> Value {
    let exact = Decimal {
        unscaled,
        precision: 38,
        scale,
    };
    exact
        .rescaled(precision, wanted)
        .map_or(Value::Null, Value::Decimal)
}

fn too_large<T>() -> Result<T, super::super::value::Failure> {
    fail("a decimal with more digits than are computed here")
}

/// Sum of two numbers, or of a time and an interval.
pub fn add(left: &Value, right: &Value) -> Computed {
    use Value::*;
    Ok(match (left, right) {
        (Null, _) | (_, Null) => Null,
        (Int(a, s), Int(b, t)) => Int(wrap(a.wrapping_add(*b), *s.max(t)), *s.max(t)),
        (Months(a), Months(b)) => Months(a + b),
        (Millis(a), Millis(b)) => Millis(a + b),
        (Millis(_) | Months(_), Timestamp(..) | TimestampLtz(..) | Date(_) | Time(_)) => {
            return add(right, left);
        }
        (Timestamp(ns, p), Millis(ms)) => Timestamp(ns + i128::from(*ms) * 1_000_000, *p),
        (TimestampLtz(ns, p), Millis(ms)) => TimestampLtz(ns + i128::from(*ms) * 1_000_000, *p),
        (Date(days), Millis(ms)) if ms % calendar::DAY_MS == 0 => {
            Date(days + (ms / calendar::DAY_MS) as i32)
        }
        (Timestamp(ns, p), Months(m)) => match calendar::plus_months(*ns, *m) {
            Some(ns) => Timestamp(ns, *p),
            None => return fail("a time out of range"),
        },
        (TimestampLtz(ns, p), Months(m)) => match calendar::plus_months(*ns, *m) {
            Some(ns) => TimestampLtz(ns, *p),
            None => return fail("a time out of range"),
        },
        _ => match (left.exact(), right.exact()) {
            (Some(a), Some(b)) => {
                let scale = a.scale.max(b.scale);
                let whole = (a.precision - a.scale).max(b.precision - b.scale);
                let at = |d: self::Decimal| d.unscaled.checked_mul(power_of_ten(scale - d.scale));
                let (Some(a), Some(b)) = (at(a), at(b)) else {
                    return too_large();
                };
                let ty = adjusted(i32::from(whole) + i32::from(scale) + 1, i32::from(scale));
                match a.checked_add(b) {
                    Some(sum) => decimal(sum, scale, ty),
                    None => return too_large(),
                }
            }
            _ => match (left.as_f64(), right.as_f64()) {
                (Some(a), Some(b)) => Double(a + b),
                _ => return fail(format!("{left} + {right}")),
            },
        },
    })
}

fn multiply(left: &Value, right: &Value) -> Computed {
    use Value::*;
    Ok(match (left, right) {
        (Int(a, s), Int(b, t)) => Int(wrap(a.wrapping_mul(*b), *s.max(t)), *s.max(t)),
        (Int(n, _), Millis(ms)) | (Millis(ms), Int(n, _)) => match ms.checked_mul(*n) {
            Some(ms) => Millis(ms),
            None => return fail("an interval of so many days"),
        },
        (Int(n, _), Months(m)) | (Months(m), Int(n, _)) => match m.checked_mul(*n) {
            Some(months) => Months(months),
            None => return fail("an interval of so many months"),
        },
        _ => match (left.exact(), right.exact()) {
            (Some(a), Some(b)) => {
                let Some(product) = a.unscaled.checked_mul(b.unscaled) else {
                    return too_large();
                };
                let scale = i32::from(a.scale) + i32::from(b.scale);
                if scale > 38 {
                    return too_large();
                }
                let precision = i32::from(a.precision) + i32::from(b.precision) + 1;
                decimal(product, scale as u8, adjusted(precision, scale))
            }
            _ => match (left.as_f64(), right.as_f64()) {
                (Some(a), Some(b)) => Double(a * b),
                _ => return fail(format!("{left} * {right}")),
            },
        },
    })
}

/// Integers divide to integers.
pub fn divide_values(left: &Value, right: &Value) -> Computed {
    use Value::*;
    Ok(match (left, right) {
        (Int(_, _), Int(0, _)) => return fail("division by zero, which fails the job"),
        (Int(a, s), Int(b, t)) => Int(wrap(a.wrapping_div(*b), *s.max(t)), *s.max(t)),
        _ => match (left.exact(), right.exact()) {
            (Some(_), Some(b)) if b.unscaled == 0 => {
                return fail("division by zero, which fails the job");
            }
            (Some(a), Some(b)) => {
                let scale = 6.max(i32::from(a.scale) + i32::from(b.precision) + 1);
                let precision =
                    i32::from(a.precision) - i32::from(a.scale) + i32::from(b.scale) + scale;
                let ty = adjusted(precision, scale);
                let up = i32::from(ty.1) + i32::from(b.scale) - i32::from(a.scale);
                if !(0..=38).contains(&up) {
                    return too_large();
                }
                let Some(dividend) = a.unscaled.checked_mul(power_of_ten(up as u8)) else {
                    return too_large();
                };
                decimal(divide_half_up(dividend, b.unscaled), ty.1, ty)
            }
            _ => match (left.as_f64(), right.as_f64()) {
                (Some(a), Some(b)) => Double(a / b),
                _ => return fail(format!("{left} / {right}")),
            },
        },
    })
}

fn remainder(left: &Value, right: &Value) -> Computed {
    use Value::*;
    Ok(match (left, right) {
        (Int(_, _), Int(0, _)) => return fail("division by zero, which fails the job"),
        (Int(a, _), Int(b, size)) => Int(wrap(a.wrapping_rem(*b), *size), *size),
        (Double(a), Double(b)) => Double(a % b),
        _ => return fail("MOD of these types"),
    })
}

fn rounded(args: &[Value], up: bool) -> Computed {
    Ok(match args {
        [Value::Int(..)] => args[0].clone(),
        [Value::Double(v)] => Value::Double(if up { v.ceil() } else { v.floor() }),
        [Value::Decimal(d)] => {
            let unit = power_of_ten(d.scale);
            let floor = d.unscaled.div_euclid(unit);
            let more = up && d.unscaled.rem_euclid(unit) != 0;
            let precision = (d.precision - d.scale + 1).min(38);
            Value::Decimal(Decimal {
                unscaled: floor + i128::from(more),
                precision,
                scale: 0,
            })
        }
        [time, Value::Text(unit)] if time.instant().is_some() => {
            return super::time::floor_to(time, unit, up);
        }
        _ => return fail("FLOOR or CEIL of this type"),
    })
}

fn round(args: &[Value], half_up: bool) -> Computed {
    let digits = match args {
        [_] => 0,
        [_, Value::Int(n, _)] => *n,
        _ => return fail("ROUND with these arguments"),
    };
    Ok(match &args[0] {
        Value::Int(..) if digits >= 0 => args[0].clone(),
        Value::Decimal(d) if (0..=38).contains(&digits) => {
            let scale = d.scale.min(digits as u8);
            let unit = power_of_ten(d.scale - scale);
            let unscaled = match half_up {
                true => divide_half_up(d.unscaled, unit),
                false => d.unscaled / unit,
            };
            let precision = (d.precision - d.scale + scale + 1).min(38);
            Value::Decimal(Decimal {
                unscaled,
                precision,
                scale,
            })
        }
        // By the decimal digits that it is printed with, as BigDecimal.valueOf.
        Value::Double(v) if (0..=18).contains(&digits) => {
            let Some(exact) = Decimal::parse(&format!("{v}")) else {
                return fail("ROUND of so large a number");
            };
            let scale = exact.scale.min(digits as u8);
            let unit = power_of_ten(exact.scale - scale);
            let unscaled = match half_up {
                true => divide_half_up(exact.unscaled, unit),
                false => exact.unscaled / unit,
            };
            Value::Double(
                Decimal {
                    unscaled,
                    precision: 38,
                    scale,
                }
                .as_f64(),
            )
        }
        _ => return fail("ROUND of this type"),
    })
}
