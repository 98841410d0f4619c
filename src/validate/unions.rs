//! Set operations whose sides Flink can give no common type.

use super::types::{self, Family};
use crate::diagnostic::Diagnostic;
use crate::text::Span;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::logical_expr::LogicalPlan;
use sqlparser::ast::{Query, SetExpr, Spanned, Visit, Visitor};
use std::ops::ControlFlow;

/// A diagnostic for each column of a UNION whose types surely do not meet (`Type mismatch in column … of UNION ALL`).
pub fn check(plan: &LogicalPlan, ast: &Query, query: Span) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    let place = || {
        let mut finder = SetOperations::default();
        let _ = ast.visit(&mut finder);
        match finder.places[..] {
            [only] => only,
            _ => query,
        }
    };
    let _ = plan.apply(|node| {
        if let LogicalPlan::Union(union) = node
            && let [first, rest @ ..] = &union.inputs[..]
        {
            for (n, field) in first.schema().fields().iter().enumerate() {
                let Some(left) = types::known(field) else {
                    continue;
                };
                for input in rest {
                    let right = input.schema().fields().get(n).and_then(|f| types::known(f));
                    if let Some(right) = right
                        && let Some(l) = types::family(&left.ty.kind)
                        && let Some(r) = types::family(&right.ty.kind)
                        && !meet(l, r)
                    {
                        errors.push(
                            Diagnostic::error(
                                "set-operation-types",
                                place(),
                                format!(
                                    "column {} of this UNION is {} on one side and {} on another",
                                    n + 1,
                                    left.ty.kind,
                                    right.ty.kind
                                ),
                            )
                            .help("cast one side"),
                        );
                    }
                }
            }
        }
        Ok(TreeNodeRecursion::Continue)
    });
    errors.dedup();
    errors
}

/// Where the set operations of a query stand, a chain of them as one.
#[derive(Default)]
struct SetOperations {
    places: Vec<Span>,
}

impl Visitor for SetOperations {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        if let SetExpr::SetOperation { .. } = &*query.body {
            self.places
                .push(crate::parser::byte_span(query.body.span()));
        }
        ControlFlow::Continue(())
    }
}

/// Strings meet strings only, and so do numbers and truth values; of times and nested types nothing is claimed.
fn meet(left: Family, right: Family) -> bool {
    let strict = |f| {
        matches!(
            f,
            Family::Character | Family::Numeric | Family::Boolean | Family::Binary
        )
    };
    left == right || !(strict(left) || strict(right))
}
