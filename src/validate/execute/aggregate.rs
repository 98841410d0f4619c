//! Functions of many rows. A NULL argument is no argument, as in Flink.

use super::expr::{Ex, holds};
use super::functions::{add, divide_values};
use super::run::{Env, Row};
use super::value::{Computed, Decimal, Failure, Value, compare, fail, key_of};
use std::cmp::Ordering;
use std::collections::BTreeSet;

#[derive(Debug, Clone)]
pub struct Aggregate {
    pub name: &'static str,
    pub args: Vec<Ex>,
    pub distinct: bool,
    pub filter: Option<Ex>,
}

/// Those that [`Aggregate::over`] computes.
pub const NAMES: &[&str] = &[
    "ARRAY_AGG",
    "AVG",
    "COUNT",
    "FIRST_VALUE",
    "LAST_VALUE",
    "LISTAGG",
    "MAX",
    "MIN",
    "SINGLE_VALUE",
    "STDDEV_POP",
    "SUM",
    "SUM0",
    "VAR_POP",
];

impl Aggregate {
    /// Over rows in the order in which they came.
    pub fn over(&self, rows: &[&Row], env: &Env) -> Computed {
        let mut given: Vec<Vec<Value>> = Vec::new();
        let mut seen = BTreeSet::new();
        for row in rows {
            if let Some(filter) = &self.filter
                && !holds(filter, &row.values, env)?
            {
                continue;
            }
            let args = self.args.iter().map(|a| a.value(&row.values, env));
            let args: Vec<Value> = args.collect::<Result<_, _>>()?;
            let skipped = self.name != "ARRAY_AGG" && args.iter().any(Value::is_null);
            if !skipped && (!self.distinct || seen.insert(key_of(&args))) {
                given.push(args);
            }
        }
        let first = || given.iter().map(|a| &a[0]);
        Ok(match self.name {
            "COUNT" => Value::Int(given.len() as i64, 8),
            "SUM" | "SUM0" => match sum(first())? {
                Value::Null if self.name == "SUM0" => Value::Int(0, 8),
                sum => sum,
            },
            "AVG" => average(sum(first())?, given.len())?,
            "MIN" => extreme(first(), Ordering::Less)?,
            "MAX" => extreme(first(), Ordering::Greater)?,
            "FIRST_VALUE" => first().next().cloned().unwrap_or(Value::Null),
            "LAST_VALUE" => first().next_back().cloned().unwrap_or(Value::Null),
            "SINGLE_VALUE" => match &given[..] {
                [] => Value::Null,
                [only] => only[0].clone(),
                _ => return fail("SINGLE_VALUE of several rows"),
            },
            "LISTAGG" if given.is_empty() => Value::Null,
            "LISTAGG" => {
                let by = given[0].get(1).map_or(",".to_owned(), Value::to_string);
                let all: Vec<String> = first().map(Value::to_string).collect();
                Value::text(all.join(&by))
            }
            "ARRAY_AGG" if given.is_empty() => Value::Null,
            "ARRAY_AGG" => Value::Array(first().cloned().collect()),
            "STDDEV_POP" | "VAR_POP" => {
                let all: Option<Vec<f64>> = first()
                    .map(|v| match v {
                        Value::Double(v) => Some(*v),
                        _ => None,
                    })
                    .collect();
                let Some(all) = all else {
                    return fail(format!("{} of numbers that are no doubles", self.name));
                };
                if all.is_empty() {
                    return Ok(Value::Null);
                }
                let n = all.len() as f64;
                // Welford's way, which gives the last digits that Flink gives.
                let (mut mean, mut squares) = (0.0, 0.0);
                for (count, v) in (1_u32..).zip(&all) {
                    let from = v - mean;
                    mean += from / f64::from(count);
                    squares += from * (v - mean);
                }
                let variance = squares / n;
                Value::Double(if self.name == "VAR_POP" {
                    variance
                } else {
                    variance.sqrt()
                })
            }
            other => return fail(other),
        })
    }
}

/// Of the type of what is summed; decimals with all digits there are.
fn sum<'v>(values: impl Iterator<Item = &'v Value>) -> Computed {
    let mut total = Value::Null;
    for value in values {
        let value = match value {
            Value::Decimal(d) => Value::Decimal(Decimal {
                precision: 38,
                ..*d
            }),
            other => other.clone(),
        };
        total = match (&total, &value) {
            (Value::Null, _) => value,
            (Value::Decimal(a), Value::Decimal(b)) if a.scale == b.scale => {
                match a.unscaled.checked_add(b.unscaled) {
                    Some(unscaled) => Value::Decimal(Decimal { unscaled, ..*a }),
                    None => return fail("a sum of too many digits"),
                }
            }
            _ => add(&total, &value)?,
        };
    }
    Ok(total)
}

fn average(sum: Value, count: usize) -> Computed {
    let count = count as i64;
    Ok(match &sum {
        Value::Null => Value::Null,
        // The sum is computed as BIGINT and the quotient cast back.
        Value::Int(v, size) => Value::Int(v / count, *size),
        Value::Decimal(d) => match divide_values(&sum, &Value::Int(count, 8))? {
            Value::Decimal(q) => match q.rescaled(38, d.scale.max(6)) {
                Some(q) => Value::Decimal(q),
                None => Value::Null,
            },
            other => other,
        },
        other => match other.as_f64() {
            Some(v) => Value::Double(v / count as f64),
            None => return fail("AVG of this type"),
        },
    })
}

fn extreme<'v>(
    values: impl Iterator<Item = &'v Value>,
    wanted: Ordering,
) -> Result<Value, Failure> {
    let mut best: Option<&Value> = None;
    for value in values {
        let better = match best {
            None => true,
            Some(best) => compare(value, best)? == Some(wanted),
        };
        if better {
            best = Some(value);
        }
    }
    Ok(best.cloned().unwrap_or(Value::Null))
}
