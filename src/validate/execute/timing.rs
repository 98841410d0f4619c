//! Whether a row's source rows and what it waits for tell when it is there.
//!
//! They do where a row is there with the last of its source rows, or when the watermark has reached some time
//! ([`Wait`]). They do not where a row is there with the first of several, or for want of another.

use super::expr::Ex;
use super::operator::{Join, Operator, Side};
use crate::catalog::EntryId;
use std::collections::BTreeSet;

/// What a row waits for besides its source rows: watermarks, in nanoseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wait {
    /// It is there once the watermark has reached this. A source row that comes later than that is not in it.
    pub held: Option<i128>,
    /// The last time of the window that it is in: what an operator makes of the window's rows is held until then.
    pub window: Option<i128>,
}

impl Wait {
    pub fn and(self, other: Wait) -> Wait {
        Wait {
            held: self.held.max(other.held),
            window: self.window.max(other.window),
        }
    }

    pub fn until(self, time: Option<i128>) -> Wait {
        Wait {
            held: self.held.max(time),
            ..self
        }
    }

    /// That of a row of a window, by its start and end.
    pub fn of_window(self, (_, end): (i128, i128)) -> Wait {
        Wait {
            window: Some(end - 1_000_000),
            ..self
        }
    }

    /// That of what is made of a window's rows.
    pub fn for_window(self) -> Wait {
        self.until(self.window)
    }
}

type Timed<'a> = &'a dyn Fn(EntryId) -> bool;

pub fn untimed(root: &Operator, timed: Timed<'_>) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    visit(root, timed, &mut found);
    found
}

fn visit(operator: &Operator, timed: Timed<'_>, found: &mut BTreeSet<&'static str>) {
    let mut asks = |exprs: &[&Ex]| {
        if exprs.iter().any(|e| e.asks_a_query()) {
            found.insert("a query in an expression");
        }
    };
    match operator {
        Operator::Project { exprs, .. } => asks(&exprs.iter().collect::<Vec<_>>()),
        Operator::Filter { condition, .. } => asks(&[condition]),
        Operator::Join(join) => {
            asks(&join.on.iter().collect::<Vec<_>>());
            found.extend(untimed_join(join, timed));
        }
        Operator::Aggregate { keys, input, .. } => {
            let window = keys.iter().any(|k| matches!(k, Ex::GroupWindow(..)));
            if !window && !windowed(input) && reads(input, timed) {
                found.insert("an aggregation without a window");
            }
        }
        Operator::Sort { .. } => {
            found.insert("ORDER BY");
        }
        Operator::Limit { .. } => {
            found.insert("LIMIT");
        }
        Operator::Match(_) => {
            found.insert("MATCH_RECOGNIZE");
        }
        _ => {}
    }
    for input in inputs(operator) {
        visit(input, timed, found);
    }
}

fn untimed_join(join: &Join, timed: Timed<'_>) -> Option<&'static str> {
    if join.version.is_some() || join.is_of_windows() {
        return None;
    }
    let right = reads(&join.right, timed);
    match join.side {
        Side::Semi | Side::Anti => right.then_some("a semi or anti join"),
        Side::Left if !right || join.lateral => None,
        Side::Left | Side::Right | Side::Full => Some("an outer join"),
        Side::Inner => None,
    }
}

fn inputs(operator: &Operator) -> Vec<&Operator> {
    match operator {
        Operator::Scan { .. } | Operator::Values(_) | Operator::Unnest { .. } => Vec::new(),
        Operator::Project { input, .. }
        | Operator::Filter { input, .. }
        | Operator::Aggregate { input, .. }
        | Operator::Over { input, .. }
        | Operator::Sort { input, .. }
        | Operator::Limit { input, .. } => vec![&**input],
        Operator::Join(join) => vec![&join.left, &join.right],
        Operator::Union(all) => all.iter().collect(),
        Operator::Window(window) => vec![&window.input],
        Operator::Match(sequence) => vec![&sequence.input],
    }
}

/// Does it read a table whose rows come one after the other?
fn reads(operator: &Operator, timed: Timed<'_>) -> bool {
    match operator {
        Operator::Scan { table } => timed(*table),
        other => inputs(other).into_iter().any(|i| reads(i, timed)),
    }
}

/// Are its rows those of windows?
fn windowed(operator: &Operator) -> bool {
    match operator {
        Operator::Window(_) => true,
        Operator::Project { input, .. }
        | Operator::Filter { input, .. }
        | Operator::Over { input, .. } => windowed(input),
        Operator::Join(join) => windowed(&join.left) || windowed(&join.right),
        _ => false,
    }
}

impl Join {
    /// Are both sides rows of windows?
    pub(super) fn is_of_windows(&self) -> bool {
        !self.lateral && windowed(&self.left) && windowed(&self.right)
    }
}
