//! The operators that a plan is compiled to; columns are positions.

use super::aggregate::Aggregate;
use super::expr::Ex;
use super::sequence::Match;
use super::window::Kind;
use crate::catalog::EntryId;

#[derive(Debug, Clone)]
pub enum Operator {
    /// All columns of a table.
    Scan {
        table: EntryId,
    },
    Values(Vec<Vec<Ex>>),
    Project {
        exprs: Vec<Ex>,
        input: Box<Operator>,
    },
    Filter {
        condition: Ex,
        input: Box<Operator>,
    },
    Join(Box<Join>),
    /// For each set, which of the keys it has. Of several sets each row says which it is of.
    Aggregate {
        keys: Vec<Ex>,
        sets: Vec<Vec<bool>>,
        aggregates: Vec<Ex>,
        input: Box<Operator>,
    },
    /// One more column for each.
    Over {
        exprs: Vec<Over>,
        input: Box<Operator>,
    },
    Union(Vec<Operator>),
    Sort {
        by: Vec<Order>,
        input: Box<Operator>,
    },
    Limit {
        skip: usize,
        fetch: Option<usize>,
        input: Box<Operator>,
    },
    Window(Box<Window>),
    Match(Box<Match>),
    /// The elements of one array, which may be of a row around.
    Unnest {
        array: Ex,
        ordinality: bool,
        /// Number of columns without the ordinality.
        width: usize,
    },
}

#[derive(Debug, Clone)]
pub struct Order {
    pub ex: Ex,
    pub descending: bool,
    pub nulls_first: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Inner,
    Left,
    Right,
    Full,
    Semi,
    Anti,
}

#[derive(Debug, Clone)]
pub struct Join {
    pub side: Side,
    pub left: Operator,
    pub right: Operator,
    pub left_width: usize,
    pub right_width: usize,
    /// The right side sees the left row.
    pub lateral: bool,
    pub on: Option<Ex>,
    /// Columns of left and right that are equal, NULL to NULL.
    pub same: Vec<(usize, usize)>,
    /// Only the version of the right side of this time.
    pub version: Option<Version>,
}

#[derive(Debug, Clone)]
pub struct Version {
    /// Sees the left row as a row around.
    pub at: Ex,
    /// The versions' own time, among the columns of both sides.
    pub column: usize,
}

/// A function with OVER.
#[derive(Debug, Clone)]
pub struct Over {
    pub function: Aggregate,
    pub partition: Vec<Ex>,
    pub order: Vec<Order>,
    pub frame: Frame,
}

/// The end is the current row and its peers but for `Rows` and `All`; `None` is unbounded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    Rows {
        before: Option<usize>,
        after: Option<usize>,
    },
    /// Nanoseconds.
    Range {
        before: Option<i128>,
    },
    All,
}

/// A window table function.
#[derive(Debug, Clone)]
pub struct Window {
    pub kind: Kind,
    pub time: usize,
    pub partition: Vec<Ex>,
    pub input: Operator,
}
