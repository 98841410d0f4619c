//! Which columns of tables a gate time is made of: it must be event times only, by functions that keep them.

use super::predicate::is_millisecond;
use super::rel::{Ex, Rel, Shape};
use std::collections::BTreeSet;

type Origins = BTreeSet<(String, String)>;

/// The origins of one column of a plan: path of the table, name of the column.
pub fn of(rel: &Rel, column: usize) -> Result<Origins, String> {
    let mut found = Origins::new();
    through(rel, column, &mut found)?;
    Ok(found)
}

fn other<T>(what: impl std::fmt::Display) -> Result<T, String> {
    Err(format!(
        "the gate time is made by {what}, which gives no event time"
    ))
}

/// The tables that a join below brings in on a side that none of these columns is made of: a joined row does not exist
/// before both of its sides do. Not the right side of a lateral join, whose rows are made of the left one's.
pub fn uncovered(rel: &Rel, columns: &BTreeSet<usize>, found: &mut BTreeSet<String>) {
    let read = |exprs: &mut dyn Iterator<Item = &Ex>| {
        let mut columns = BTreeSet::new();
        for ex in exprs {
            ex.clone().columns(&mut |column| {
                columns.insert(*column);
            });
        }
        columns
    };
    match rel {
        Rel::Scan { .. } | Rel::Rows { .. } => {}
        Rel::Project { input, exprs } => {
            let below = read(&mut columns.iter().filter_map(|c| exprs.get(*c)));
            uncovered(input, &below, found);
        }
        Rel::Filter { input, .. } | Rel::Order { input, .. } => uncovered(input, columns, found),
        Rel::Window { input, exprs } => {
            let width = input.width();
            let made = columns
                .iter()
                .filter_map(|c| exprs.get(c.checked_sub(width)?));
            let mut below = read(&mut made.into_iter());
            below.extend(columns.iter().filter(|c| **c < width));
            uncovered(input, &below, found);
        }
        Rel::Aggregate {
            input,
            keys,
            set_id,
            aggregates,
            ..
        } => {
            if keys.iter().any(is_group_window) {
                return;
            }
            let of = |column: &usize| match column.checked_sub(keys.len()) {
                None => keys.get(*column),
                Some(index) => aggregates.get(index.checked_sub(usize::from(*set_id))?),
            };
            uncovered(input, &read(&mut columns.iter().filter_map(of)), found);
        }
        Rel::Union { inputs } => inputs.iter().for_each(|i| uncovered(i, columns, found)),
        Rel::Join {
            shape,
            lateral,
            left,
            right,
            ..
        } => {
            let width = left.width();
            let (on_left, on_right) = match shape {
                Shape::Both => (
                    columns.iter().filter(|c| **c < width).copied().collect(),
                    columns
                        .iter()
                        .filter_map(|c| c.checked_sub(width))
                        .collect(),
                ),
                Shape::LeftOnly => (columns.clone(), BTreeSet::new()),
                Shape::RightOnly => (BTreeSet::new(), columns.clone()),
            };
            let joins = *shape == Shape::Both && !lateral;
            for (side, columns) in [(left, on_left), (right, on_right)] {
                if !columns.is_empty() {
                    uncovered(side, &columns, found);
                } else if joins {
                    tables(side, found);
                }
            }
        }
        Rel::Opaque {
            inputs,
            exprs,
            passes,
            made,
            kind,
            ..
        } => {
            // These emit by the watermark, which is not past the time of a row that a join below has yet to make.
            let by_watermark = ["TUMBLE", "HOP", "CUMULATE", "SESSION"].contains(&&**kind)
                && columns.iter().any(|c| c >= passes)
                || kind.starts_with("MATCH_RECOGNIZE");
            if by_watermark {
                return;
            }
            let mut below: BTreeSet<usize> =
                columns.iter().filter(|c| *c < passes).copied().collect();
            for column in columns.iter().filter_map(|c| c.checked_sub(*passes)) {
                match made.get(column).copied().flatten() {
                    Some(at) if !exprs.is_empty() => {
                        below.extend(read(&mut exprs.get(at).into_iter()))
                    }
                    _ => below.extend(read(&mut exprs.iter())),
                }
            }
            inputs.iter().for_each(|i| uncovered(i, &below, found));
        }
    }
}

/// A group window: `TUMBLE(time, size)` and the like as a key.
fn is_group_window(key: &Ex) -> bool {
    matches!(key, Ex::Call { name, .. } if ["TUMBLE", "HOP", "SESSION"].contains(&name.as_str()))
}

/// The tables that a plan reads.
fn tables(rel: &Rel, found: &mut BTreeSet<String>) {
    match rel {
        Rel::Scan { table, .. } => {
            found.insert(table.clone());
        }
        Rel::Rows { .. } => {}
        Rel::Project { input, .. }
        | Rel::Filter { input, .. }
        | Rel::Order { input, .. }
        | Rel::Window { input, .. }
        | Rel::Aggregate { input, .. } => tables(input, found),
        Rel::Union { inputs } | Rel::Opaque { inputs, .. } => {
            inputs.iter().for_each(|i| tables(i, found));
        }
        Rel::Join { left, right, .. } => {
            tables(left, found);
            tables(right, found);
        }
    }
}

fn through(rel: &Rel, column: usize, found: &mut Origins) -> Result<(), String> {
    let at = |exprs: &[Ex], index: usize, input: &Rel, found: &mut Origins| match exprs.get(index) {
        Some(ex) => made(ex, input, found),
        None => other("a column that is not there"),
    };
    match rel {
        Rel::Scan { table, columns } => match columns.get(column) {
            Some(name) => {
                found.insert((table.clone(), name.clone()));
                Ok(())
            }
            None => other("a column that is not there"),
        },
        Rel::Rows { .. } => other("constant rows"),
        Rel::Project { input, exprs } => at(exprs, column, input, found),
        Rel::Filter { input, .. } | Rel::Order { input, .. } => through(input, column, found),
        Rel::Window { input, exprs } => match column.checked_sub(input.width()) {
            None => through(input, column, found),
            Some(index) => at(exprs, index, input, found),
        },
        Rel::Aggregate {
            input,
            keys,
            set_id,
            aggregates,
            ..
        } => match column.checked_sub(keys.len()) {
            None => at(keys, column, input, found),
            Some(0) if *set_id => other("a grouping set"),
            Some(index) => at(aggregates, index - usize::from(*set_id), input, found),
        },
        Rel::Union { inputs } => inputs
            .iter()
            .try_for_each(|input| through(input, column, found)),
        Rel::Join {
            shape, left, right, ..
        } => match (shape, column.checked_sub(left.width())) {
            (Shape::Both, Some(column)) => through(right, column, found),
            (Shape::Both | Shape::LeftOnly, None) => through(left, column, found),
            (Shape::RightOnly, _) => through(right, column, found),
            (Shape::LeftOnly, Some(_)) => other("a column that is not there"),
        },
        Rel::Opaque {
            kind,
            inputs,
            exprs,
            passes,
            made: by,
        } => {
            let Some(input) = inputs.first().filter(|_| inputs.len() == 1) else {
                return other(kind);
            };
            let Some(index) = column.checked_sub(*passes) else {
                return through(input, column, found);
            };
            match &**kind {
                // window_start, window_end and window_time.
                "TUMBLE" | "HOP" | "CUMULATE" | "SESSION" if index > 0 => {
                    let descriptor = exprs.iter().find_map(|ex| match ex {
                        Ex::Call { name, args } if name == "DESCRIPTOR" => args.first(),
                        _ => None,
                    });
                    match descriptor {
                        Some(ex) => made(ex, input, found),
                        None => other(kind),
                    }
                }
                _ if kind.starts_with("MATCH_RECOGNIZE") => {
                    let measure = by.get(index).copied().flatten();
                    match measure.and_then(|at| exprs.get(at)) {
                        Some(Ex::Call { name, args }) if name == "MATCH_ROWTIME" => {
                            match args.first().or_else(|| match_order(exprs)) {
                                Some(ex) => made(ex, input, found),
                                None => other(name),
                            }
                        }
                        _ => other(kind),
                    }
                }
                _ => other(kind),
            }
        }
    }
}

/// The first column of a pattern's ORDER BY.
fn match_order(exprs: &[Ex]) -> Option<&Ex> {
    let order = Ex::Literal("Utf8(\"ORDER BY\")".to_owned());
    let at = exprs.iter().position(|ex| *ex == order)?;
    exprs.get(at + 1)
}

/// The origins of an expression over `input`.
fn made(ex: &Ex, input: &Rel, found: &mut Origins) -> Result<(), String> {
    let Ex::Call { name, args } = ex else {
        return match ex {
            Ex::Col(column) => through(input, *column, found),
            _ => other(ex),
        };
    };
    match (&**name, &args[..]) {
        ("GREATEST" | "COALESCE", [_, ..]) => args.iter().try_for_each(|a| made(a, input, found)),
        ("-", [time, interval]) if is_millisecond(interval) => made(time, input, found),
        // The last time at which the other side of an interval join can still come.
        ("+" | "-", [time, Ex::Call { name, .. }]) if name == "$INTERVAL" => {
            made(time, input, found)
        }
        ("$CAST", [time, _]) | ("MAX", [time]) => made(time, input, found),
        ("$WINDOW_END" | "$WINDOW_ROWTIME", [window]) => made(window, input, found),
        ("TUMBLE" | "HOP" | "SESSION", [time, ..]) => made(time, input, found),
        _ => other(name),
    }
}
