//! Flink's syntax tree to one that the planner takes.
//!
//! Whatever is more than a column, a literal or plain boolean logic becomes a call of a stub function that carries all
//! of its source arguments, so that nothing of a query can hide from a comparison of plans. Names of stubs that stand
//! for syntax start with `$`; functions of the user are called `fn:…`, or `agg:…` where they need be aggregates.

pub mod expressions;
pub mod relations;

use super::functions::{self, Function, Kind};
use crate::config::FlinkVersion;
use crate::diagnostic::{Diagnostic, Severity};
use crate::parser::byte_span;
use crate::text::Span;
use sqlparser::ast::{
    Expr, Fetch, GroupByExpr, Ident, LimitClause, ObjectName, Query, Select, SelectItem,
    SelectItemQualifiedWildcardKind, SetExpr, TableFactor, Value, ValueWithSpan, VisitMut, Visitor,
    VisitorMut,
};
use sqlparser::ast::{TableAlias, Visit};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

/// What the lowering needs to know about the script.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    pub version: FlinkVersion,
    /// Names of the functions that the script creates; lower case.
    pub user_functions: BTreeSet<String>,
    /// True where functions may come from elsewhere: jars, modules, other catalogs.
    pub open: bool,
    /// Give columns beside a `*` names of their own.
    pub rename_beside_star: bool,
    /// Take functions of the user for aggregates.
    pub user_aggregates: bool,
}

#[derive(Debug, Default)]
pub struct Lowered {
    pub errors: Vec<Diagnostic>,
    pub warnings: Vec<Diagnostic>,
    /// Functions whose signature is not known, as the script writes them.
    pub opaque: BTreeSet<String>,
    /// The first thing that cannot be lowered.
    pub unplanned: Option<(String, Span)>,
}

/// Changes a query in place.
pub fn lower(query: &mut Query, settings: &Settings) -> Lowered {
    let mut prefixes = TableNames::default();
    let _ = Visit::visit(&*query, &mut prefixes);
    let mut pass = Lowering {
        settings,
        prefixes: prefixes.names,
        symbols: Vec::new(),
        out: Lowered::default(),
    };
    let _ = VisitMut::visit(query, &mut pass);
    pass.out
}

struct Lowering<'a> {
    settings: &'a Settings,
    /// Tables that are read by a name of several parts: columns may be qualified by all of them.
    prefixes: Vec<Vec<String>>,
    /// Pattern variables of the MATCH_RECOGNIZE around; innermost last.
    symbols: Vec<BTreeSet<String>>,
    out: Lowered,
}

impl Lowering<'_> {
    fn unplanned(&mut self, what: impl Into<String>, span: Span) {
        self.out.unplanned.get_or_insert((what.into(), span));
    }
}

#[derive(Default)]
struct TableNames {
    names: Vec<Vec<String>>,
}

impl Visitor for TableNames {
    type Break = ();

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
        if let TableFactor::Table {
            name, alias: None, ..
        } = factor
            && name.0.len() > 1
        {
            self.names.push(parts(name));
        }
        ControlFlow::Continue(())
    }
}

pub fn parts(name: &ObjectName) -> Vec<String> {
    name.0
        .iter()
        .filter_map(|part| part.as_ident().map(|i| i.value.clone()))
        .collect()
}

pub fn quoted(name: impl Into<String>) -> Ident {
    Ident::with_quote('`', name)
}

/// `quoted`, at the place of what it replaces.
pub fn quoted_at(name: impl Into<String>, span: sqlparser::tokenizer::Span) -> Ident {
    Ident::with_quote_and_span('`', span, name)
}

impl VisitorMut for Lowering<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        self.values(&query.body);
        lower_body(&mut query.body);
        if let Some(Fetch {
            with_ties: false,
            percent: false,
            quantity: Some(quantity),
        }) = query.fetch.take()
        {
            match &mut query.limit_clause {
                Some(LimitClause::LimitOffset { limit, .. }) => *limit = Some(quantity),
                None => {
                    query.limit_clause = Some(LimitClause::LimitOffset {
                        limit: Some(quantity),
                        offset: None,
                        limit_by: Vec::new(),
                    });
                }
                Some(LimitClause::OffsetCommaLimit { .. }) => {}
            }
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        self.name_items(&mut select.projection);
        // A number is a number: to the planner it is a column by its place.
        if let GroupByExpr::Expressions(keys, _) = &mut select.group_by {
            for key in keys.iter_mut().filter(|key| is_number(key)) {
                let number = std::mem::replace(key, Expr::Identifier(quoted("")));
                *key = expressions::call("$VALUE", vec![number]);
            }
        }
        for window in &mut select.named_window {
            if let sqlparser::ast::NamedWindowExpr::WindowSpec(spec) = &mut window.1 {
                expressions::frame(spec);
            }
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        self.before_expr(expr);
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        self.after_expr(expr);
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<()> {
        self.before_factor(factor);
        ControlFlow::Continue(())
    }

    fn post_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<()> {
        self.after_factor(factor);
        ControlFlow::Continue(())
    }
}

fn is_number(expr: &Expr) -> bool {
    matches!(expr, Expr::Value(value) if matches!(value.value, Value::Number(..)))
}

/// `TABLE t` is `SELECT * FROM t`; values other than literals are marked.
fn lower_body(body: &mut SetExpr) {
    match body {
        SetExpr::SetOperation { left, right, .. } => {
            lower_body(left);
            lower_body(right);
        }
        SetExpr::Table(table) => {
            let Some(name) = table.table_name.take() else {
                return;
            };
            let names = table.schema_name.take().into_iter().chain([name]);
            let name = ObjectName::from(names.map(quoted).collect::<Vec<_>>());
            *body = SetExpr::Select(Box::new(relations::select_star(name)));
        }
        SetExpr::Values(values) => {
            let all = values
                .rows
                .iter_mut()
                .flat_map(|row| row.content.iter_mut());
            let plain = |value: &Expr| match value {
                Expr::Value(value) => !matches!(&value.value,
                    sqlparser::ast::Value::Number(n, _) if expressions::is_exponential(n)),
                _ => false,
            };
            for value in all.filter(|v| !plain(v)) {
                let inner = std::mem::replace(value, Expr::Identifier(quoted("")));
                *value = expressions::call("$VALUE", vec![inner]);
            }
        }
        _ => {}
    }
}

impl Lowering<'_> {
    /// NULL in VALUES.
    fn values(&mut self, body: &SetExpr) {
        match body {
            SetExpr::SetOperation { left, right, .. } => {
                self.values(left);
                self.values(right);
            }
            SetExpr::Values(values) => {
                let all = values.rows.iter().flat_map(|row| &row.content);
                all.for_each(|value| self.refuse_null(value));
            }
            _ => {}
        }
    }

    /// A NULL without a type where Flink can take none from what stands around it.
    /// Source: "Illegal use of 'NULL'", run in Flink 1.20.5 and 2.3.0.
    fn refuse_null(&mut self, expr: &Expr) {
        match expr {
            Expr::Nested(inner) => self.refuse_null(inner),
            Expr::Value(ValueWithSpan {
                value: Value::Null,
                span,
            }) => self.out.errors.push(
                Diagnostic::error(
                    "null-literal",
                    byte_span(*span),
                    "Flink takes no NULL without a type here",
                )
                .label("of which type?")
                .help("write `CAST(NULL AS <type>)`"),
            ),
            _ => {}
        }
    }

    /// Names for the columns of a SELECT as Calcite gives them: `EXPR$0` by position for what is no column, and a
    /// number behind a name that is there already.
    fn name_items(&mut self, items: &mut [SelectItem]) {
        let star = items.iter().any(|item| {
            matches!(
                item,
                SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..)
            )
        });
        let beside_star = star && self.settings.rename_beside_star;
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for (index, item) in items.iter_mut().enumerate() {
            if let SelectItem::QualifiedWildcard(
                SelectItemQualifiedWildcardKind::ObjectName(name),
                _,
            ) = item
                && self.prefixes.contains(&parts(name))
            {
                name.0.drain(..name.0.len() - 1);
            }
            let (expr, name, explicit) = match item {
                SelectItem::UnnamedExpr(expr) => {
                    let name = match &*expr {
                        Expr::Identifier(ident) => Some(ident.value.clone()),
                        Expr::CompoundIdentifier(idents) => idents.last().map(|i| i.value.clone()),
                        _ => None,
                    };
                    (expr, name, false)
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    (expr, Some(alias.value.clone()), true)
                }
                _ => continue,
            };
            self.refuse_null(expr);
            let column = name.is_some();
            let name = name.unwrap_or_else(|| format!("EXPR${index}"));
            let times = seen.entry(name.clone()).or_insert(0);
            let unique = match *times {
                0 if !beside_star || !column => name.clone(),
                times => format!("{name}{}", times.saturating_sub(usize::from(!beside_star))),
            };
            *times += 1;
            if unique == name && (column || explicit) {
                continue;
            }
            let expr = std::mem::replace(expr, Expr::Identifier(quoted("")));
            *item = SelectItem::ExprWithAlias {
                expr,
                alias: quoted(unique),
            };
        }
    }

    /// A function that is neither built in nor created here. The program that holds the script may have registered it,
    /// so that only a slip of the pen is an error.
    fn unknown_function(&mut self, name: &str, span: Span) {
        let message = format!("there is no function `{name}`");
        let label = "neither built into Flink nor created in this script";
        let later = functions::builtin(name).map(|f| f.since);
        if let Some(since) = later.filter(|since| *since > self.settings.version) {
            let version = self.settings.version;
            self.out.warnings.push(
                Diagnostic::warning("unknown-function", span, message)
                    .label(format!("Flink has it from {since} on"))
                    .note(format!("this script is for Flink {version}")),
            );
            return;
        }
        if let Some(ours) = functions::elsewhere(name) {
            self.out.warnings.push(
                Diagnostic::warning("unknown-function", span, message)
                    .label(label)
                    .note("nothing is checked about its arguments and its result")
                    .help(format!("Flink's function for this is `{ours}`"))
                    .help(format!(
                        "if it is yours, create it in the script: `CREATE FUNCTION {name} AS '<class>'`"
                    )),
            );
            return;
        }
        if let Some(near) = functions::nearest(name) {
            self.out.errors.push(
                Diagnostic::error("unknown-function", span, message)
                    .label(label)
                    .help(format!("a built-in function with a similar name is `{near}`"))
                    .help(format!(
                        "if it is yours, create it in the script: `CREATE FUNCTION {name} AS '<class>'`"
                    )),
            );
        } else {
            self.out.warnings.push(
                Diagnostic::warning("unknown-function", span, message)
                    .label(label)
                    .note("nothing is checked about its arguments and its result")
                    .help(format!(
                        "create it in the script: `CREATE FUNCTION {name} AS '<class>'`"
                    )),
            );
        }
    }

    /// Flink refuses a built-in function with more or fewer arguments. Where functions come from elsewhere, one of them
    /// may stand before the built-in one.
    fn count_arguments(&mut self, function: &Function, count: usize, name: &ObjectName) {
        if function.takes_count(count) {
            return;
        }
        let takes = function.arity();
        let plural = if takes == "1" { "" } else { "s" };
        let severity = if self.settings.open {
            Severity::Warning
        } else {
            Severity::Error
        };
        let wrong = Diagnostic::new(
            severity,
            "argument-count",
            relations::name_span(name),
            format!(
                "`{}` takes {takes} argument{plural}, not {count}",
                function.name
            ),
        )
        .label(format!("called with {count}"));
        match severity {
            Severity::Error => self.out.errors.push(wrong),
            _ => self.out.warnings.push(wrong),
        }
    }

    /// What a call of the function `name` becomes: the stub's name. Reports functions that are not there, and calls
    /// with more or fewer arguments than a built-in function takes if `arguments` tells their number.
    fn function_name(&mut self, name: &ObjectName, over: bool, arguments: Option<usize>) -> String {
        let names = parts(name);
        let last = names.last().cloned().unwrap_or_default();
        if names.len() == 1
            && let Some(function) = functions::builtin(&last)
            && function.since <= self.settings.version
            && !self.settings.user_functions.contains(&last.to_lowercase())
        {
            if let Some(count) = arguments {
                self.count_arguments(function, count, name);
            }
            return function.name.to_owned();
        }
        let shown = names.join(".");
        if last.starts_with('$') {
            return last;
        }
        let declared = self.settings.user_functions.contains(&last.to_lowercase());
        if !declared && !self.settings.open && names.len() == 1 {
            let span = name.0.first().and_then(|p| p.as_ident()).map(|i| i.span);
            self.unknown_function(&shown, span.map_or(Span::at(0), byte_span));
        }
        self.out.opaque.insert(shown.clone());
        let kind = if over || self.settings.user_aggregates {
            "agg"
        } else {
            "fn"
        };
        format!("{kind}:{shown}")
    }
}

/// Is this the stub name of a function of many rows?
pub fn is_aggregate(name: &str) -> bool {
    name.starts_with("agg:") || functions::builtin(name).is_some_and(|f| f.kind == Kind::Aggregate)
}

/// The names that an alias gives to columns.
pub fn alias_columns(alias: Option<&TableAlias>) -> Vec<String> {
    alias.map_or(Vec::new(), |alias| {
        alias.columns.iter().map(|c| c.name.value.clone()).collect()
    })
}
