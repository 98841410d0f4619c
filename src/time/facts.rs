use super::{Changelog, OutColumn, Refusal, Thread};
use crate::catalog::EntryId;
use crate::text::Span;
use serde::Serialize;
use std::collections::BTreeSet;

/// What is true of everything at and below a place in a query, gathered from the bottom up.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Facts {
    /// Why no gate can stand above, each with its place. Empty: one can.
    pub refusals: Vec<Refusal>,
    /// Tables that are read as streams.
    pub sources: BTreeSet<EntryId>,
    pub push_down: PushDown,
    /// A WITH stands below the top of the query, or holds a UNION: Flink 1.20 cannot keep that in a view.
    pub nested_with: bool,
    /// A set operation is the argument of a window function: in a view Flink loses its parentheses.
    pub union_argument: bool,
    /// CURRENT_TIMESTAMP or the like is a column without a name: Flink 2.2 and 2.3 cannot keep that
    /// in a view.
    pub bare_clock: bool,
    /// MATCH_RECOGNIZE, which Flink before 2.2 cannot keep in a view.
    pub matches: bool,
    /// Given up: not all of it was looked at.
    pub too_large: bool,
    /// An outer join pads rows with NULLs.
    pub outer: bool,
    /// A join reads a table to its end: where.
    pub bounded: Option<Span>,
    /// Where each source is read, for a gate right behind it.
    pub reads: Thread,
    /// The tables and views that names meant, with their full paths.
    pub names: BTreeSet<([String; 3], EntryId)>,
    /// Operators from the sources up.
    pub operators: Vec<Operator>,
    /// Those among them whose rows no other one has read yet.
    pub tops: Vec<usize>,
    /// What two runs of the query need not agree on.
    pub doubts: Vec<Doubt>,
}

/// How far down Flink pushes a plain predicate on the gate time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
pub enum PushDown {
    /// An operator keeps it above.
    #[default]
    Stops,
    /// Into the `Calc` above the sources, or into sources that take filters.
    Through,
    /// Below an operator with state, which is then planned differently.
    Changes,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Operator {
    pub name: String,
    pub span: Span,
    /// What comes out of it; `None` where it is not known.
    pub changelog: Option<Changelog>,
    /// The upsert key's columns, by name, where they are known.
    pub key: Vec<String>,
    /// Indexes of the operators whose rows it reads; none for a source.
    pub inputs: Vec<usize>,
    /// The table that it reads, of a source.
    pub table: Option<EntryId>,
}

impl Operator {
    /// Does a row that comes out depend on others that went in?
    pub fn keeps_state(&self) -> bool {
        const STATELESS: [&str; 6] = [
            "lookup join",
            "table function",
            "UNION ALL",
            "TUMBLE",
            "HOP",
            "CUMULATE",
        ];
        !(self.name.starts_with("source ") || STATELESS.contains(&self.name.as_str()))
    }
}

/// A part of a query that is not deterministic.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Doubt {
    pub span: Span,
    pub what: String,
    /// An operator with state stands above: the two jobs have to agree on it. Otherwise the job that a
    /// row belongs to decides on it alone.
    pub of_rows: bool,
}

/// Operators in one query, views and common table expressions counted where they are read.
const MAX_OPERATORS: usize = 2_000;

impl Facts {
    /// Of two inputs: what is true of both together.
    pub(super) fn and(mut self, other: Facts) -> Facts {
        self.refusals.extend(other.refusals);
        self.sources.extend(other.sources);
        self.push_down = self.push_down.max(other.push_down);
        self.nested_with |= other.nested_with;
        self.union_argument |= other.union_argument;
        self.bare_clock |= other.bare_clock;
        self.matches |= other.matches;
        self.too_large |= other.too_large;
        self.outer |= other.outer;
        self.bounded = self.bounded.or(other.bounded);
        self.reads = std::mem::take(&mut self.reads).and(other.reads);
        self.names.extend(other.names);
        self.beside(other.operators, other.tops);
        if self.operators.len() > MAX_OPERATORS {
            // What is read twice at every level doubles at every level.
            let span = self.operators[0].span;
            self.operators.truncate(1);
            self.tops = vec![0];
            self.reads = Thread::default();
            self.refusals = vec![Refusal::new(
                super::Reason::UnsupportedQuery,
                span,
                "so large a query",
            )];
            self.too_large = true;
        }
        self.doubts.extend(other.doubts);
        self
    }

    pub(super) fn operator(
        &mut self,
        name: impl Into<String>,
        span: Span,
        changelog: Option<Changelog>,
    ) {
        let operator = Operator {
            name: name.into(),
            span,
            changelog,
            key: Vec::new(),
            inputs: std::mem::replace(&mut self.tops, vec![self.operators.len()]),
            table: None,
        };
        if operator.keeps_state() {
            for doubt in &mut self.doubts {
                doubt.of_rows = true;
            }
        }
        self.operators.push(operator);
    }

    /// Names the upsert key of the operator that was noted last, by the columns that come out of it.
    pub(super) fn name_key(&mut self, columns: Option<&[OutColumn]>) {
        let Some(Operator {
            changelog: Some(Changelog::Upsert { key }),
            key: names,
            ..
        }) = self.operators.last_mut()
        else {
            return;
        };
        let name = |index: &usize| Some(columns?.get(*index)?.name.clone());
        *names = key
            .iter()
            .map(name)
            .collect::<Option<_>>()
            .unwrap_or_default();
    }

    /// The operator that was noted last is a source.
    pub(super) fn reads_table(&mut self, table: EntryId) {
        if let Some(operator) = self.operators.last_mut() {
            operator.table = Some(table);
        }
    }

    /// Operators of another input; the next one that is noted reads both.
    pub(super) fn beside(&mut self, operators: Vec<Operator>, tops: Vec<usize>) {
        let offset = self.operators.len();
        self.operators
            .extend(operators.into_iter().map(|mut operator| {
                operator.inputs.iter_mut().for_each(|i| *i += offset);
                operator
            }));
        self.tops.extend(tops.into_iter().map(|i| i + offset));
    }

    /// Notes that two runs need not agree.
    pub(super) fn doubt(&mut self, span: Span, what: impl Into<String>) {
        self.doubts.push(Doubt {
            span,
            what: what.into(),
            of_rows: false,
        });
    }
}
