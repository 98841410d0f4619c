//! Expressions: which column one is, and what in it decides over a gate.

use super::from::Relation;
use super::{OutColumn, Reason, Refusal};
use crate::catalog::{arguments, function_name};
use crate::parser::byte_span;
use sqlparser::ast::{self, Expr, Spanned, Visit, Visitor};
use std::ops::ControlFlow;

/// The column that an expression is, if it is nothing but one: of which relation, and which.
pub(super) fn column_of<'r>(expr: &Expr, from: &'r [Relation]) -> Option<(usize, &'r OutColumn)> {
    let (qualifier, name) = match expr {
        Expr::Identifier(ident) => (None, &ident.value),
        Expr::CompoundIdentifier(path) => match &path[..] {
            [qualifier, name] => (Some(&qualifier.value), &name.value),
            _ => return None,
        },
        Expr::Nested(inner) => return column_of(inner, from),
        _ => return None,
    };
    from.iter()
        .enumerate()
        .filter(|(_, r)| qualifier.is_none() || r.name.as_ref() == qualifier)
        .find_map(|(i, relation)| {
            Some((
                i,
                relation
                    .columns
                    .as_ref()?
                    .iter()
                    .find(|c| c.name == *name)?,
            ))
        })
}

/// Functions whose call without OVER makes a SELECT an aggregation.
/// Source: Flink docs, "System (Built-in) Functions", "Aggregate Functions".
const AGGREGATES: [&str; 30] = [
    "APPROX_COUNT_DISTINCT",
    "ARRAY_AGG",
    "AVG",
    "BITMAP_AND_AGG",
    "BITMAP_BUILD_AGG",
    "BITMAP_BUILD_CARDINALITY_AGG",
    "BITMAP_OR_AGG",
    "BITMAP_XOR_AGG",
    "COLLECT",
    "COUNT",
    "COVAR_POP",
    "COVAR_SAMP",
    "FIRST_VALUE",
    "JSON_ARRAYAGG",
    "JSON_OBJECTAGG",
    "LAST_VALUE",
    "LISTAGG",
    "MAX",
    "MIN",
    "PERCENTILE",
    "REGR_COUNT",
    "SINGLE_VALUE",
    "STDDEV",
    "STDDEV_POP",
    "STDDEV_SAMP",
    "SUM",
    "SUM0",
    "VARIANCE",
    "VAR_POP",
    "VAR_SAMP",
];

/// What the expressions of one SELECT hold, sub-queries not looked into.
#[derive(Default)]
pub(super) struct Found {
    pub refusals: Vec<Refusal>,
    pub aggregates: bool,
    /// Sub-queries around the place that is being visited.
    depth: usize,
}

impl Found {
    pub fn look(&mut self, node: &impl Visit) {
        let _: ControlFlow<()> = node.visit(self);
    }
}

impl Visitor for Found {
    type Break = ();

    fn pre_visit_query(&mut self, _: &ast::Query) -> ControlFlow<()> {
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &ast::Query) -> ControlFlow<()> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        if self.depth > 0 {
            return ControlFlow::Continue(());
        }
        let place = byte_span(expr.span());
        let mut refuse =
            |reason, detail: &str| self.refusals.push(Refusal::new(reason, place, detail));
        match expr {
            Expr::Subquery(_) => refuse(Reason::Subquery, "a scalar sub-query"),
            Expr::Exists { .. } => refuse(Reason::Subquery, "EXISTS"),
            Expr::InSubquery { .. } => refuse(Reason::Subquery, "IN with a sub-query"),
            Expr::AnyOp { .. } | Expr::AllOp { .. } => {
                refuse(Reason::Subquery, "a quantified comparison");
            }
            Expr::Function(call) => match function_name(call) {
                _ if call.over.is_some() => refuse(Reason::OverWindow, ""),
                Some(name) if AGGREGATES.contains(&name.as_str()) => self.aggregates = true,
                _ => {}
            },
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

/// Is this `CURRENT_TIMESTAMP` or one of its kin, written without a name of its own?
pub(super) fn is_bare_clock(expr: &Expr) -> bool {
    const CLOCKS: [&str; 5] = [
        "CURRENT_TIMESTAMP",
        "CURRENT_DATE",
        "CURRENT_TIME",
        "LOCALTIMESTAMP",
        "LOCALTIME",
    ];
    let named = |name: &str| CLOCKS.iter().any(|c| c.eq_ignore_ascii_case(name));
    match expr {
        Expr::Identifier(ident) => ident.quote_style.is_none() && named(&ident.value),
        Expr::Function(call) => {
            function_name(call).is_some_and(|name| named(&name)) && arguments(call).is_empty()
        }
        _ => false,
    }
}

/// An expression without quotes and blanks: two texts of one meaning compare equal.
pub(super) fn normal(sql: &str) -> String {
    sql.chars()
        .filter(|c| !c.is_whitespace() && *c != '`')
        .collect()
}
