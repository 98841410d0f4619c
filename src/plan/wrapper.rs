use super::Bounds;
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
    /// The query has one column more, the gate time.
    pub threaded: bool,
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
        format!("SELECT {}{nl}FROM ({nl}", list(self.columns))
    }

    /// What comes after it.
    pub fn tail(&self) -> String {
        let Self {
            newline: nl,
            bounds: Bounds { min, low, high },
            ..
        } = self;
        let mut columns = list(self.columns);
        if self.threaded {
            let _ = write!(columns, ", {}", quote(GATE_TIME));
        }
        let mut tail = format!("{nl}) AS `q` ({columns}){nl}");
        let mut time = self.gate.to_owned();
        if self.pinned {
            let (alias, column) = (quote(BARRIER), quote(BARRIER_TIME));
            let _ = write!(
                tail,
                "CROSS JOIN UNNEST(ARRAY[{time}]) AS {alias} ({column}){nl}"
            );
            time = column;
        }
        let time = format!("COALESCE({time}, {min})");
        let _ = write!(tail, "WHERE {time} >= {low}{nl}  AND {time} < {high}");
        tail
    }

    pub fn around(&self, query: &str) -> String {
        format!("{}{query}{}", self.head(), self.tail())
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
