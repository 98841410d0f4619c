//! How a gate time comes about: from columns of sources, step by step.

use super::GateTime;
use crate::catalog::EntryId;
use crate::text::Span;
use serde::Serialize;

/// The steps in order: each is made of earlier ones, and the last one is the gate time itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Lineage {
    pub steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    pub kind: StepKind,
    /// The time after this step: a column's name, or SQL over what the step reads.
    pub sql: String,
    pub span: Span,
    /// Indexes of the steps that it is made of; none for a source's column.
    pub inputs: Vec<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepKind {
    /// The rowtime column of a table.
    Source(EntryId),
    /// A window of this name: its end.
    Window(String),
    /// A row of MATCH_RECOGNIZE: the time of its last row.
    Match,
    /// A join of this kind: the later of both sides.
    Join(&'static str),
    /// The branches of a UNION ALL.
    Union,
    /// The latest time of a group.
    Maximum,
    /// A column of a view.
    View(EntryId),
    /// A column of a derived table or a common table expression, by its name.
    Query(String),
    /// Added to a select list, as [`GATE_TIME`](super::GATE_TIME).
    Added,
}

/// A longer way is not told to its end. (A script of n views, each over the one before, would need
/// n² steps.)
const MAX_STEPS: usize = 500;

impl GateTime {
    /// The lineage of [`GateTime::sql`], as far as it is not the added column of a query below.
    pub fn added(&self, span: Span) -> Lineage {
        let lineage = self.lineage.clone();
        if self.sql == super::quote(super::GATE_TIME) {
            return lineage;
        }
        lineage.then(StepKind::Added, &self.sql, span)
    }
}

impl Lineage {
    pub(super) fn source(table: EntryId, column: &str, span: Span) -> Self {
        Self::default().then(StepKind::Source(table), column, span)
    }

    /// One step more, made of the last one.
    pub(super) fn then(mut self, kind: StepKind, sql: &str, span: Span) -> Self {
        if self.steps.len() < MAX_STEPS {
            let inputs = self.steps.len().checked_sub(1).into_iter().collect();
            self.steps.push(Step {
                kind,
                sql: sql.to_owned(),
                span,
                inputs,
            });
        }
        self
    }

    /// One step more, made of the last ones of both.
    pub(super) fn with(mut self, other: Self, kind: StepKind, sql: &str, span: Span) -> Self {
        let offset = self.steps.len();
        if offset + other.steps.len() >= MAX_STEPS {
            return self.then(kind, sql, span);
        }
        let ends = [offset, offset + other.steps.len()];
        self.steps.extend(other.steps.into_iter().map(|mut step| {
            step.inputs.iter_mut().for_each(|input| *input += offset);
            step
        }));
        let mut inputs: Vec<usize> = ends.iter().filter_map(|end| end.checked_sub(1)).collect();
        inputs.dedup();
        self.steps.push(Step {
            kind,
            sql: sql.to_owned(),
            span,
            inputs,
        });
        self
    }
}
