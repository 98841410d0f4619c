use super::{Call, Opening, Rule};
use crate::config::Argument;
use crate::time::{GATE_TIME, quote};
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// What keeps Flink from moving a gate's predicate: as little as does.
///
/// Source: run in Flink 1.20.3 and 2.3.0. Rows through a gate as a share of those without one, over a source whose rows
/// cost 130 ns (2.3.0): plain 0.93 to 0.97, `Element` 0.90 to 0.93, `Unnest` 0.55.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pinned {
    /// Nothing: what it moves to is where it stands anyway.
    No,
    /// `ARRAY[p][1]`: keeps it out of sources. Flink hands a source what it can say in its expression language, which
    /// has no elements of arrays, and folds an array only if all in it is constant. Operators do not stop such a
    /// predicate. No operator is added.
    Element,
    /// `CROSS JOIN UNNEST(ARRAY[t]) … WHERE p`: keeps it in one `Correlate` right above the query, behind which every
    /// row is copied once more.
    Unnest,
}

/// The SQL around a gated query: one shape for all roles.
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
    pub pinned: Pinned,
    pub rule: &'a Rule,
    pub newline: &'a str,
}

const BARRIER: &str = "__at";
const BARRIER_TIME: &str = "__t";
const BARRIER_WATERMARK: &str = "__w";
/// Names that the barrier takes.
pub const BARRIER_NAMES: [&str; 3] = [BARRIER, BARRIER_TIME, BARRIER_WATERMARK];

impl Wrapper<'_> {
    /// What comes before the query.
    pub fn head(&self) -> String {
        let nl = self.newline;
        let mut head = format!("SELECT {}{nl}FROM ", self.items());
        if let Some(call) = self.table_call() {
            let mut input = self.all_columns();
            if !self.threaded && !self.is_column() {
                let _ = write!(input, ", {} AS {}", self.gate, quote(GATE_TIME));
            }
            let _ = write!(
                head,
                "{}({nl}  input => (SELECT {input} FROM ",
                call.function
            );
        }
        let _ = write!(head, "({nl}");
        head
    }

    /// The process table function, if it is one that decides.
    fn table_call(&self) -> Option<&Call> {
        match self.rule {
            Rule::Call(call) if call.table => Some(call),
            _ => None,
        }
    }

    /// Is the gate time one of the columns, as it is?
    fn is_column(&self) -> bool {
        self.columns.iter().any(|c| quote(c) == self.gate)
    }

    fn all_columns(&self) -> String {
        let mut columns = list(self.columns);
        if self.threaded {
            let _ = write!(columns, ", {}", quote(GATE_TIME));
        }
        columns
    }

    /// The select list.
    fn items(&self) -> String {
        let (Opening::Projection { hold: Some(hold) }, Some(bounds)) =
            (self.opening, self.rule.bounds())
        else {
            return list(self.columns);
        };
        let item = |(index, column): (usize, &String)| {
            let column = quote(column);
            if index != hold {
                return column;
            }
            // True of every row, and Flink does not know: the gate time stays in the state.
            let (gate, min) = (self.gate, &bounds.min);
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
        let mut tail = format!("{nl}) AS `q` ({})", self.all_columns());
        if let Opening::Projection { .. } = self.opening {
            return tail;
        }
        if let Some(call) = self.table_call() {
            tail.push(')');
            let time = if self.threaded || !self.is_column() {
                quote(GATE_TIME)
            } else {
                self.gate.to_owned()
            };
            for argument in &call.arguments {
                let argument = match argument {
                    Argument::Sink => format!("sink => {}", call.name()),
                    Argument::Time => format!("gate_time => DESCRIPTOR({time})"),
                    Argument::Watermark if call.watermark => {
                        format!("on_time => DESCRIPTOR({time})")
                    }
                    Argument::Watermark => continue,
                };
                let _ = write!(tail, ",{nl}  {argument}");
            }
            let _ = write!(tail, "{nl})");
            return tail;
        }
        let predicate = Predicate {
            time: self.gate,
            barrier: self.barrier,
            pinned: self.pinned,
            rule: self.rule,
            newline: nl,
        };
        tail.push_str(&predicate.sql());
        tail
    }

    pub fn around(&self, query: &str) -> String {
        format!("{}{query}{}", self.head(), self.tail())
    }
}

/// What a gate lets through, behind a FROM item.
#[derive(Debug, Clone, Copy)]
pub struct Predicate<'a> {
    /// The gate time as SQL.
    pub time: &'a str,
    /// The same as the barrier takes it.
    pub barrier: &'a str,
    pub pinned: Pinned,
    pub rule: &'a Rule,
    pub newline: &'a str,
}

impl Predicate<'_> {
    pub fn sql(&self) -> String {
        let nl = self.newline;
        let mut sql = String::from(nl);
        let handover = matches!(self.rule, Rule::Handover(_));
        let mut watermark = format!("CURRENT_WATERMARK({})", self.time);
        let mut time = self.time.to_owned();
        let unnests = self.pinned == Pinned::Unnest;
        if unnests {
            let (alias, column) = (quote(BARRIER), quote(BARRIER_TIME));
            let barrier = self.barrier;
            // The watermark goes through the barrier too: Flink would test it alone further down.
            let (value, columns) = if handover {
                let through = quote(BARRIER_WATERMARK);
                let value = format!("ROW({barrier}, {watermark})");
                watermark.clone_from(&through);
                (value, format!("{column}, {through}"))
            } else {
                (barrier.to_owned(), column.clone())
            };
            let _ = write!(
                sql,
                "CROSS JOIN UNNEST(ARRAY[{value}]) AS {alias} ({columns}){nl}"
            );
            time = column;
        }
        let test = match self.rule {
            Rule::Range(bounds) => {
                let (min, low, high) = (&bounds.min, &bounds.low, &bounds.high);
                let time = format!("COALESCE({time}, {min})");
                format!("{time} >= {low}{nl}  AND {time} < {high}")
            }
            Rule::Handover(bounds) => {
                let (min, low, high) = (&bounds.min, &bounds.low, &bounds.high);
                let time = format!("COALESCE({time}, {min})");
                let watermark = format!("COALESCE({watermark}, {min})");
                format!(
                    "({time} >= {low} OR {watermark} > {low}){nl}  AND {time} < {high}{nl}  AND {watermark} <= {high}"
                )
            }
            Rule::Call(call) => call.sql(if unnests { &time } else { self.barrier }, self.time),
        };
        let (before, after) = match self.pinned {
            Pinned::Element => ("ARRAY[", "][1]"),
            Pinned::No | Pinned::Unnest => ("", ""),
        };
        let _ = write!(sql, "WHERE {before}{test}{after}");
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
