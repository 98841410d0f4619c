use super::{Bounds, Opening};
use crate::time::{GATE_TIME, quote};
use std::fmt::Write;

/// The SQL around a gated query: one shape for all roles.
///
/// The barrier, `CROSS JOIN UNNEST(ARRAY[t])`, keeps the predicate in one `Correlate` above the
/// query: Flink would push a plain one below window aggregates and into sources.
#[derive(Debug, Clone, Copy)]
pub struct Wrapper<'a> {
    pub columns: &'a [String],
    /// The gate time as SQL over the columns.
    pub gate: &'a str,
    /// The same as the barrier takes it.
    pub barrier: &'a str,
    /// The query has one column more, the gate time.
    pub threaded: bool,
    pub opening: Opening,
    pub pinned: bool,
    pub bounds: &'a Bounds,
    pub newline: &'a str,
}

const BARRIER: &str = "__at";
const BARRIER_TIME: &str = "__t";

impl Wrapper<'_> {
    /// What comes before the query.
    pub fn head(&self) -> String {
        let nl = self.newline;
        format!("SELECT {}{nl}FROM ({nl}", self.items())
    }

    /// The select list.
    fn items(&self) -> String {
        let Opening::Projection { hold: Some(hold) } = self.opening else {
            return list(self.columns);
        };
        let item = |(index, column): (usize, &String)| {
            let column = quote(column);
            if index != hold {
                return column;
            }
            // True of every row, and Flink does not know: the gate time stays in the state.
            let Self {
                gate,
                bounds: Bounds { min, .. },
                ..
            } = self;
            format!("COALESCE(CASE WHEN {gate} >= {min} THEN {column} END, {column}) AS {column}")
        };
        self.columns
            .iter()
            .enumerate()
            .map(item)
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// What comes after it.
    pub fn tail(&self) -> String {
        let nl = self.newline;
        let mut columns = list(self.columns);
        if self.threaded {
            let _ = write!(columns, ", {}", quote(GATE_TIME));
        }
        let mut tail = format!("{nl}) AS `q` ({columns})");
        if let Opening::Projection { .. } = self.opening {
            return tail;
        }
        let predicate = Predicate {
            time: self.gate,
            barrier: self.barrier,
            pinned: self.pinned,
            bounds: self.bounds,
            newline: nl,
        };
        tail.push_str(&predicate.sql());
        tail
    }

    pub fn around(&self, query: &str) -> String {
        format!("{}{query}{}", self.head(), self.tail())
    }
}

/// The range that a gate lets through, behind a FROM item.
#[derive(Debug, Clone, Copy)]
pub struct Predicate<'a> {
    /// The gate time as SQL.
    pub time: &'a str,
    /// The same as the barrier takes it.
    pub barrier: &'a str,
    pub pinned: bool,
    pub bounds: &'a Bounds,
    pub newline: &'a str,
}

impl Predicate<'_> {
    pub fn sql(&self) -> String {
        let Self {
            newline: nl,
            bounds: Bounds { min, low, high },
            ..
        } = self;
        let mut sql = String::from(*nl);
        let mut time = self.time.to_owned();
        if self.pinned {
            let (alias, column) = (quote(BARRIER), quote(BARRIER_TIME));
            let _ = write!(
                sql,
                "CROSS JOIN UNNEST(ARRAY[{}]) AS {alias} ({column}){nl}",
                self.barrier
            );
            time = column;
        }
        let time = format!("COALESCE({time}, {min})");
        let _ = write!(sql, "WHERE {time} >= {low}{nl}  AND {time} < {high}");
        sql
    }
}

/// Names as a select list.
pub fn list(columns: &[String]) -> String {
    columns
        .iter()
        .map(|c| quote(c))
        .collect::<Vec<_>>()
        .join(", ")
}
