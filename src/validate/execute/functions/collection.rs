//! Arrays, maps, rows, JSON.

use super::{Function, Nulls::Pass, Nulls::Seen, text::string};
use crate::validate::execute::value::{Computed, Value, compare, fail};
use std::cmp::Ordering;

pub(super) const LIST: &[Function] = &[
    ("$ARRAY", Seen, |a| Ok(Value::Array(a.to_vec()))),
    ("ARRAY", Seen, |a| Ok(Value::Array(a.to_vec()))),
    ("$ROW", Seen, row),
    ("ROW", Seen, row),
    ("$MAP", Seen, |a| {
        let entries = a.chunks(2).filter(|e| e.len() == 2);
        Ok(Value::Map(
            entries.map(|e| (e[0].clone(), e[1].clone())).collect(),
        ))
    }),
    ("$FIELD", Pass, |a| match &a[0] {
        Value::Row(fields) => {
            let name = a[1].to_string();
            match fields.iter().find(|(n, _)| **n == *name) {
                Some((_, value)) => Ok(value.clone()),
                None => fail(format!("no field {name}")),
            }
        }
        _ => fail("a field of something that is no row"),
    }),
    ("$ITEM", Pass, |a| match (&a[0], &a[1]) {
        // Flink counts from 1; what is not there is NULL.
        (Value::Array(all), Value::Int(n, _)) => {
            let item = usize::try_from(n - 1).ok().and_then(|n| all.get(n));
            Ok(item.cloned().unwrap_or(Value::Null))
        }
        (Value::Map(all), key) => {
            for (k, value) in all {
                if compare(k, key)? == Some(Ordering::Equal) {
                    return Ok(value.clone());
                }
            }
            Ok(Value::Null)
        }
        _ => fail("an element of this type"),
    }),
    ("CARDINALITY", Pass, |a| match &a[0] {
        Value::Array(all) => Ok(Value::Int(all.len() as i64, 4)),
        Value::Map(all) => Ok(Value::Int(all.len() as i64, 4)),
        _ => fail("CARDINALITY of this type"),
    }),
    ("ARRAY_CONTAINS", Seen, |a| match &a[0] {
        Value::Null => Ok(Value::Null),
        Value::Array(all) => {
            for value in all {
                let found = match a[1].is_null() {
                    true => value.is_null(),
                    false => compare(value, &a[1])? == Some(Ordering::Equal),
                };
                if found {
                    return Ok(Value::Bool(true));
                }
            }
            Ok(Value::Bool(false))
        }
        _ => fail("ARRAY_CONTAINS of this type"),
    }),
    // Only without clauses: NULL on empty and on error, as text.
    ("JSON_VALUE", Pass, |a| {
        let ([text, path], true) = (a, a.len() == 2) else {
            return fail("JSON_VALUE with clauses");
        };
        let (Some(text), Some(path)) = (string(text), string(path)) else {
            return fail("JSON_VALUE of these types");
        };
        let Some(steps) = json_path(path) else {
            return fail(format!("JSON_VALUE by the path {path}"));
        };
        let Ok(mut at) = serde_json::from_str::<serde_json::Value>(text) else {
            return Ok(Value::Null);
        };
        for step in steps {
            let next = match step.parse::<usize>() {
                Ok(index) if at.is_array() => at.get_mut(index),
                _ => at.get_mut(&step),
            };
            match next {
                Some(next) => at = next.take(),
                None => return Ok(Value::Null),
            }
        }
        Ok(match at {
            serde_json::Value::String(s) => Value::text(s),
            serde_json::Value::Bool(b) => Value::text(b.to_string()),
            serde_json::Value::Number(n) if n.is_i64() => Value::text(n.to_string()),
            serde_json::Value::Number(n) => return fail(format!("JSON_VALUE of the number {n}")),
            _ => Value::Null,
        })
    }),
];

fn row(args: &[Value]) -> Computed {
    let name = |n: usize| format!("EXPR${n}").into();
    Ok(Value::Row(
        args.iter()
            .enumerate()
            .map(|(n, v)| (name(n), v.clone()))
            .collect(),
    ))
}

/// `$.a.b[0]` to its steps; `None` for anything else.
fn json_path(path: &str) -> Option<Vec<String>> {
    let rest = path
        .strip_prefix("lax ")
        .unwrap_or(path)
        .strip_prefix('$')?;
    let mut steps = Vec::new();
    for part in rest.split('.').skip(1) {
        let (name, indexes) = part
            .split_once('[')
            .map_or((part, None), |(n, i)| (n, Some(i)));
        if name.is_empty()
            || !name
                .chars()
                .all(|c| c.is_alphanumeric() || c == '_' || c == '-')
        {
            return None;
        }
        steps.push(name.to_owned());
        if let Some(indexes) = indexes {
            for index in indexes.strip_suffix(']')?.split("][") {
                index.parse::<usize>().ok()?;
                steps.push(index.to_owned());
            }
        }
    }
    (rest.is_empty() || rest.starts_with('.')).then_some(steps)
}
