//! Calls of built-in functions with arguments of types that Flink surely refuses.

use super::functions;
use super::operators::column_span;
use super::types::{self, Known};
use crate::diagnostic::Diagnostic;
use crate::text::Span;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{DFSchema, DFSchemaRef};
use datafusion::logical_expr::{Expr, ExprSchemable, LogicalPlan};
use std::sync::Arc;

/// A diagnostic for each call whose argument is of a wrong family. Views are not looked into: their places lie outside
/// of `query`, and their own plans were checked.
pub fn check(plan: &LogicalPlan, query: Span) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    let _ = plan.apply(|node| {
        if let LogicalPlan::TableScan(_) = node {
            return Ok(TreeNodeRecursion::Continue);
        }
        let schema = inputs(node);
        node.apply_expressions(|expr| {
            expr.apply(|e| {
                errors.extend(call(e, &schema, query));
                Ok(TreeNodeRecursion::Continue)
            })
        })
    });
    errors.sort_by_key(|e: &Diagnostic| e.span);
    errors.dedup();
    errors
}

/// The columns that a node's expressions read.
fn inputs(node: &LogicalPlan) -> DFSchemaRef {
    match node.inputs()[..] {
        [] => Arc::new(DFSchema::empty()),
        [only] => Arc::clone(only.schema()),
        [first, ref rest @ ..] => {
            let mut all = first.schema().as_ref().clone();
            for input in rest {
                all.merge(input.schema());
            }
            Arc::new(all)
        }
    }
}

fn call(expr: &Expr, schema: &DFSchema, query: Span) -> Option<Diagnostic> {
    let (name, args) = match expr {
        Expr::ScalarFunction(call) => (call.func.name(), &call.args),
        Expr::AggregateFunction(call) => (call.func.name(), &call.params.args),
        Expr::WindowFunction(call) => (call.fun.name(), &call.params.args),
        _ => return None,
    };
    if args.is_empty() || name.starts_with(|c: char| !c.is_ascii_uppercase()) {
        return None;
    }
    let function = functions::builtin(name)?;
    let known: Vec<Option<Known>> = args
        .iter()
        .map(|arg| types::known(&arg.to_field(schema).ok()?.1))
        .collect();
    let families: Vec<_> = known
        .iter()
        .map(|known| types::family(&known.as_ref()?.ty.kind))
        .collect();
    let (index, wanted) = function.refuses(&families)?;
    let span = column_span(&args[index]).filter(|span| query.contains(*span))?;
    let found = &known[index].as_ref()?.ty.kind;
    Some(
        Diagnostic::error(
            "argument-type",
            span,
            format!(
                "argument {} of `{name}` is {found}, not {wanted}",
                index + 1
            ),
        )
        .label(found.to_string())
        .note("Flink converts no argument by itself")
        .help("cast it"),
    )
}
