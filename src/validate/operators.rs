//! Binary operators: planned as stubs, refused where Flink surely refuses the families of their operands.
//!
//! Source: each operator over each pair of families, validated by Flink 2.3.0.

use super::context::{State, UnknownField};
use super::functions::Returns;
use super::stubs::{self, Typing};
use super::types::{self, Family, Known};
use crate::diagnostic::Diagnostic;
use crate::syntax::TypeKind;
use crate::text::Span;
use datafusion::arrow::datatypes::Field;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema, Result, TableReference};
use datafusion::logical_expr::planner::{ExprPlanner, PlannerResult, RawBinaryExpr};
use datafusion::logical_expr::{Expr, ExprSchemable, lit};
use sqlparser::ast::BinaryOperator;
use std::sync::Arc;

#[derive(Debug)]
pub struct Operators {
    pub state: Arc<State>,
}

impl ExprPlanner for Operators {
    fn plan_binary_op(
        &self,
        raw: RawBinaryExpr,
        schema: &DFSchema,
    ) -> Result<PlannerResult<RawBinaryExpr>> {
        let name = raw.op.to_string().to_uppercase();
        let group = group(&raw.op);
        let raw = match (group, raw.left) {
            // A chain is one call: typing it link by link would take the square of its length.
            (Some(Group::Logic | Group::Concatenation), Expr::ScalarFunction(mut chain))
                if chain.func.name() == name =>
            {
                chain.args.push(raw.right);
                return Ok(PlannerResult::Planned(Expr::ScalarFunction(chain)));
            }
            (_, left) => RawBinaryExpr { left, ..raw },
        };
        let known = |e: &Expr| e.to_field(schema).ok().and_then(|(_, f)| types::known(&f));
        if let Some(group) = group
            && let (Some(left), Some(right)) = (known(&raw.left), known(&raw.right))
            && let (Some(l), Some(r)) =
                (types::family(&left.ty.kind), types::family(&right.ty.kind))
            && refused(group, &name, l, r)
        {
            self.report(&name, &raw, &left, &right);
        }
        let typing = match group {
            Some(Group::Arithmetic) => Typing::Arithmetic,
            Some(Group::Concatenation) => Typing::Builtin(Returns::Common(0)),
            Some(Group::Comparison | Group::Logic) => Typing::Builtin(Returns::Boolean),
            None => Typing::Builtin(Returns::Unknown),
        };
        Ok(PlannerResult::Planned(stubs::call(
            &name,
            typing,
            vec![raw.left, raw.right],
        )))
    }

    fn plan_compound_identifier(
        &self,
        field: &Field,
        qualifier: Option<&TableReference>,
        nested: &[String],
    ) -> Result<PlannerResult<Vec<Expr>>> {
        self.check_fields(field, nested);
        let column = Expr::Column(Column::new(qualifier.cloned(), field.name()));
        let expr = nested.iter().fold(column, |of, name| {
            stubs::call("$FIELD", Typing::Field, vec![of, lit(name.as_str())])
        });
        Ok(PlannerResult::Planned(match nested.last() {
            Some(last) => expr.alias(last),
            None => expr,
        }))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    Arithmetic,
    Comparison,
    Logic,
    Concatenation,
}

fn group(op: &BinaryOperator) -> Option<Group> {
    use BinaryOperator::*;
    Some(match op {
        Plus | Minus | Multiply | Divide | Modulo => Group::Arithmetic,
        Gt | Lt | GtEq | LtEq | Eq | NotEq => Group::Comparison,
        And | Or => Group::Logic,
        StringConcat => Group::Concatenation,
        _ => return None,
    })
}

fn refused(group: Group, op: &str, left: Family, right: Family) -> bool {
    use Family::*;
    let either = |test: fn(Family) -> bool| test(left) || test(right);
    let time = |f: Family| matches!(f, Date | Time | Timestamp | TimestampLtz);
    let interval = |f: Family| matches!(f, IntervalYearMonth | IntervalDayTime);
    match group {
        Group::Arithmetic => {
            let never = |f| {
                matches!(
                    f,
                    Boolean | Character | Binary | Array | Multiset | Map | Row
                )
            };
            either(never)
                || time(left) && !interval(right)
                || time(right) && !(interval(left) && op == "+")
                || matches!(op, "+" | "-")
                    && (left == Numeric && interval(right) || interval(left) && right == Numeric)
        }
        Group::Comparison => {
            let same = left == right
                || matches!(
                    (left, right),
                    (Timestamp, TimestampLtz) | (TimestampLtz, Timestamp)
                );
            // A string is read as the other side's type.
            let readable = |f| f == Numeric || f == Boolean || time(f);
            let cast = left == Character && readable(right) || right == Character && readable(left);
            !same && !cast && !either(|f| matches!(f, IntervalYearMonth | IntervalDayTime))
        }
        Group::Logic => left != Boolean || right != Boolean,
        Group::Concatenation => !matches!(
            (left, right),
            (Character, Character) | (Binary, Binary) | (Array, Array)
        ),
    }
}

impl Operators {
    /// Are the fields there that a column is asked for?
    fn check_fields(&self, field: &Field, nested: &[String]) {
        let Some(known) = types::known(field).filter(|known| known.exact) else {
            return;
        };
        let mut ty = &known.ty;
        for (depth, name) in nested.iter().enumerate() {
            let TypeKind::Row(fields) = &ty.kind else {
                return;
            };
            match fields.iter().find(|f| f.name == *name) {
                Some(field) => ty = &field.ty,
                None => {
                    let column = std::iter::once(field.name().clone());
                    let path = column.chain(nested[..=depth].iter().cloned()).collect();
                    let fields = fields.iter().map(|f| f.name.clone()).collect();
                    self.state.unknown_field(UnknownField { path, fields });
                    return;
                }
            }
        }
    }

    fn report(&self, op: &str, raw: &RawBinaryExpr, left: &Known, right: &Known) {
        let spans = [column_span(&raw.left), column_span(&raw.right)];
        let Some(span) = spans.into_iter().flatten().reduce(Span::cover) else {
            return;
        };
        self.state.error(
            Diagnostic::error(
                "operand-types",
                span,
                format!("`{op}` cannot be applied to {} and {}", left.ty, right.ty),
            )
            .label("operands of these types")
            .note("Flink validates the operands of every operator when it plans the statement")
            .help("cast one of them"),
        );
    }
}

/// Where the columns of an expression stand.
pub fn column_span(expr: &Expr) -> Option<Span> {
    let mut out: Option<Span> = None;
    let _ = expr.apply(|e| {
        if let Expr::Column(column) = e
            && let Some(span) = column.spans.first()
        {
            let span = super::errors::span(span);
            out = Some(out.map_or(span, |o| o.cover(span)));
        }
        Ok(TreeNodeRecursion::Continue)
    });
    out
}
