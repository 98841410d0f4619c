//! Expressions: which column one is, and what in it decides over a gate.

use super::from::Relation;
use super::{Doubt, OutColumn, Reason, Refusal};
use crate::catalog::{arguments, function_name, is_non_deterministic};
use crate::config::FlinkVersion;
use crate::lexer::{self, Punct, TokenKind, keywords};
use crate::parser::byte_span;
use sqlparser::ast::{self, BinaryOperator, Expr, Function, Spanned, Visit, Visitor};
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
        .find_map(|(i, r)| Some((i, r.columns.as_ref()?.iter().find(|c| c.name == *name)?)))
}

/// The parts of a condition that all have to hold.
pub(super) fn conjuncts(expr: &Expr) -> Vec<&Expr> {
    let mut parts = Vec::new();
    let mut open = vec![expr];
    while let Some(next) = open.pop() {
        match next {
            Expr::BinaryOp {
                left,
                op: BinaryOperator::And,
                right,
            } => open.extend([&**right, &**left]),
            Expr::Nested(inner) => open.push(inner),
            other => parts.push(other),
        }
    }
    parts
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

/// Is it a built-in function of many rows? The name is in upper case.
pub fn is_aggregate(name: &str) -> bool {
    AGGREGATES.contains(&name)
}

/// What the expressions of one SELECT hold, sub-queries not looked into.
pub(super) struct Found<'a> {
    pub refusals: Vec<Refusal>,
    pub aggregates: bool,
    /// Calls with an OVER clause.
    pub over: Vec<Function>,
    pub doubts: Vec<Doubt>,
    /// The sub-query that comes next belongs to an ANY: a semi join.
    any: bool,
    /// Some sub-query is planned as a join that takes rows back.
    pub updates: bool,
    /// Functions that the script creates, lower case.
    user_functions: &'a [String],
    /// Sub-queries around the place that is being visited.
    depth: usize,
}

impl<'a> Found<'a> {
    pub fn new(user_functions: &'a [String]) -> Self {
        Self {
            refusals: Vec::new(),
            aggregates: false,
            over: Vec::new(),
            doubts: Vec::new(),
            any: false,
            updates: false,
            user_functions,
            depth: 0,
        }
    }

    pub fn look(&mut self, node: &impl Visit) {
        let _: ControlFlow<()> = node.visit(self);
    }

    /// The ON clause of a join; its relations are looked into where they are read.
    pub fn look_at_condition(&mut self, operator: &ast::JoinOperator) {
        use ast::JoinOperator as J;
        let (J::Join(constraint)
        | J::Inner(constraint)
        | J::Left(constraint)
        | J::LeftOuter(constraint)
        | J::Right(constraint)
        | J::RightOuter(constraint)
        | J::FullOuter(constraint)
        | J::CrossJoin(constraint)) = operator
        else {
            return;
        };
        if let ast::JoinConstraint::On(condition) = constraint {
            self.look(condition);
        }
    }

    fn call(&mut self, call: &Function) {
        let span = byte_span(call.name.span());
        let name = function_name(call).unwrap_or_else(|| call.name.to_string());
        if call.over.is_some() {
            self.over.push(call.clone());
        } else if is_aggregate(&name) {
            self.aggregates = true;
        }
        let mut doubt = |what| {
            self.doubts.push(Doubt {
                span,
                what,
                of_rows: false,
            })
        };
        if is_non_deterministic(call) {
            doubt(format!("{name} gives each run another value"));
        } else if self.user_functions.contains(&name.to_lowercase()) {
            doubt(format!("nothing is known of the function {name}"));
        }
    }
}

impl Visitor for Found<'_> {
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
        let mut subquery = |what| {
            self.refusals
                .push(Refusal::new(Reason::Subquery, place, what))
        };
        // A NULL row or a new match takes rows back; a semi join only adds them.
        let of_any = matches!(expr, Expr::Subquery(_)) && std::mem::take(&mut self.any);
        self.any |= matches!(expr, Expr::AnyOp { .. });
        self.updates |= !of_any
            && matches!(
                expr,
                Expr::Subquery(_)
                    | Expr::Exists { negated: true, .. }
                    | Expr::InSubquery { negated: true, .. }
                    | Expr::AllOp { .. }
            );
        match expr {
            Expr::Subquery(_) => subquery("a scalar sub-query"),
            Expr::Exists { .. } => subquery("EXISTS"),
            Expr::InSubquery { .. } => subquery("IN with a sub-query"),
            Expr::AnyOp { .. } | Expr::AllOp { .. } => subquery("a quantified comparison"),
            Expr::Function(call) => self.call(call),
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

/// The tokens of an expression: two texts of one meaning compare equal. Names are quoted, keywords
/// and functions in upper case.
pub(super) fn normal(sql: &str) -> Vec<String> {
    let version = FlinkVersion::default();
    let tokens: Vec<_> = lexer::lex(sql, version)
        .into_iter()
        .filter(|t| !t.kind.is_trivia())
        .collect();
    let calls = |i: usize| {
        tokens
            .get(i + 1)
            .is_some_and(|t| t.kind == TokenKind::Punct(Punct::LParen))
    };
    let text = |(i, token): (usize, &lexer::Token)| {
        let text = token.span.of(sql);
        match token.kind {
            TokenKind::Word if calls(i) || keywords::is_reserved(text, version) => {
                text.to_uppercase()
            }
            TokenKind::Word => format!("`{text}`"),
            _ => text.to_owned(),
        }
    };
    tokens.iter().enumerate().map(text).collect()
}
