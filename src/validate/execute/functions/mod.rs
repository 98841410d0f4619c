//! Flink's functions of one row, as far as they are computed exactly. What is not in these lists is not executed.

mod arithmetic;
mod collection;
mod text;
mod time;

pub use arithmetic::{add, divide_values};

use super::value::{Computed, Value, compare, fail};
use std::cmp::Ordering;

/// What a function does about NULL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nulls {
    /// Any NULL argument makes NULL.
    Pass,
    /// It looks at them itself.
    Seen,
}

pub type Body = fn(&[Value]) -> Computed;

/// A function: its name as the planner's stub has it, what NULL does, how it is computed.
pub type Function = (&'static str, Nulls, Body);

pub fn find(name: &str) -> Option<&'static Function> {
    let lists = [
        GENERAL,
        arithmetic::LIST,
        text::LIST,
        time::LIST,
        collection::LIST,
    ];
    lists.into_iter().flatten().find(|f| f.0 == name)
}

use Nulls::{Pass, Seen};

const GENERAL: &[Function] = &[
    ("=", Pass, |a| compared(a, Ordering::is_eq)),
    ("<>", Pass, |a| compared(a, Ordering::is_ne)),
    ("!=", Pass, |a| compared(a, Ordering::is_ne)),
    ("<", Pass, |a| compared(a, Ordering::is_lt)),
    ("<=", Pass, |a| compared(a, Ordering::is_le)),
    (">", Pass, |a| compared(a, Ordering::is_gt)),
    (">=", Pass, |a| compared(a, Ordering::is_ge)),
    ("$DISTINCT_FROM", Seen, |a| {
        same(a).map(|same| Value::Bool(!same))
    }),
    ("$NOT_DISTINCT_FROM", Seen, |a| same(a).map(Value::Bool)),
    ("$BETWEEN_SYMMETRIC", Pass, |a| {
        let [value, one, other] = a else {
            return fail("these arguments");
        };
        let inside = |low: &Value, high: &Value| -> Result<bool, super::value::Failure> {
            Ok(compare(low, value)?.is_some_and(Ordering::is_le)
                && compare(value, high)?.is_some_and(Ordering::is_le))
        };
        Ok(Value::Bool(inside(one, other)? || inside(other, one)?))
    }),
    ("GREATEST", Pass, |a| extreme(a, Ordering::Greater)),
    ("LEAST", Pass, |a| extreme(a, Ordering::Less)),
    ("NULLIF", Seen, |a| {
        let equal = compare(&a[0], &a[1])?.is_some_and(Ordering::is_eq);
        Ok(if equal { Value::Null } else { a[0].clone() })
    }),
    ("$VALUE", Seen, |a| Ok(a[0].clone())),
    ("$NAMED", Seen, |a| Ok(a[1].clone())),
    ("$COLLATE", Seen, |a| Ok(a[0].clone())),
];

fn compared(args: &[Value], holds: fn(Ordering) -> bool) -> Computed {
    Ok(compare(&args[0], &args[1])?.map_or(Value::Null, |o| Value::Bool(holds(o))))
}

fn same(args: &[Value]) -> Result<bool, super::value::Failure> {
    Ok(match (args[0].is_null(), args[1].is_null()) {
        (true, true) => true,
        (false, false) => compare(&args[0], &args[1])?.is_some_and(Ordering::is_eq),
        _ => false,
    })
}

/// Flink: NULL if any argument is. Of values of several types the answer has the widest; the types are not told here,
/// so that the value alone is exact.
fn extreme(args: &[Value], wanted: Ordering) -> Computed {
    let mut best = &args[0];
    for value in &args[1..] {
        if compare(value, best)? == Some(wanted) {
            best = value;
        }
    }
    Ok(best.clone())
}
