//! The one plan node of our own: a relation whose rows only Flink can compute.

use datafusion::common::{DFSchemaRef, Result};
use datafusion::logical_expr::{Expr, LogicalPlan, UserDefinedLogicalNodeCore};
use sqlparser::ast::{AfterMatchSkip, MatchRecognizePattern, RowsPerMatch};
use std::cmp::Ordering;
use std::fmt;

/// A window table function, a versioned table, MATCH_RECOGNIZE, UNNEST or a table function.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Opaque {
    /// What it is, with everything of its source that is no expression.
    pub kind: String,
    /// Every argument, in source order.
    pub exprs: Vec<Expr>,
    pub inputs: Vec<LogicalPlan>,
    pub schema: DFSchemaRef,
    /// How many columns of the (only) input it hands on, as its first columns.
    pub passes: usize,
    /// For each column behind those: the expression that computes it and nothing else, if there is one.
    pub made: Vec<Option<usize>>,
    /// Of MATCH_RECOGNIZE: what `kind` says, to be executed.
    pub sequence: Option<Sequence>,
}

/// What MATCH_RECOGNIZE has besides expressions.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Sequence {
    pub pattern: MatchRecognizePattern,
    pub rows: Option<RowsPerMatch>,
    pub skip: Option<AfterMatchSkip>,
}

/// Plans have no order that means anything; the planner's trait asks for one.
impl PartialOrd for Opaque {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self == other).then_some(Ordering::Equal)
    }
}

impl UserDefinedLogicalNodeCore for Opaque {
    fn name(&self) -> &str {
        &self.kind
    }

    fn inputs(&self) -> Vec<&LogicalPlan> {
        self.inputs.iter().collect()
    }

    fn schema(&self) -> &DFSchemaRef {
        &self.schema
    }

    fn expressions(&self) -> Vec<Expr> {
        self.exprs.clone()
    }

    fn fmt_for_explain(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}", self.kind)
    }

    fn with_exprs_and_inputs(&self, exprs: Vec<Expr>, inputs: Vec<LogicalPlan>) -> Result<Self> {
        Ok(Self {
            exprs,
            inputs,
            ..self.clone()
        })
    }
}
