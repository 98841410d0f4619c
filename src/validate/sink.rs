//! Does the sink take what the query gives: number of columns, order, types, values that may not be NULL.
//!
//! Source: every rule was run in Flink 1.20.5 and 2.3.0, which refuse alike.

use super::assign;
use super::types;
use crate::catalog::{Table, TableColumn};
use crate::diagnostic::{Applicability, Diagnostic, Fix, Severity};
use crate::syntax::{Ident, Insert};
use crate::text::{Edit, Span};
use datafusion::common::tree_node::TreeNode;
use datafusion::logical_expr::{Expr, LogicalPlan};
use sqlparser::ast::{SelectItem, SetExpr, Spanned};
use std::collections::{BTreeMap, BTreeSet};

/// What is said about an INSERT.
#[derive(Default)]
pub struct Found {
    /// Flink refuses the statement.
    pub errors: Vec<Diagnostic>,
    /// Flink takes it.
    pub warnings: Vec<Diagnostic>,
}

/// Checks the columns of a planned query against those that an INSERT writes.
pub fn check(insert: &Insert, text: &str, table: &Table, plan: &LogicalPlan) -> Found {
    let mut found = Found::default();
    if !table.complete {
        return found;
    }
    found.errors = refused(insert, text, table, plan);
    if found.errors.is_empty()
        && let Ok(targets) = targets(insert, table)
    {
        found.warnings.extend(order(insert, text, &targets, plan));
        found
            .warnings
            .extend(nulls(insert, text, table, &targets, plan));
    }
    found
}

fn refused(insert: &Insert, text: &str, table: &Table, plan: &LogicalPlan) -> Vec<Diagnostic> {
    let targets = match targets(insert, table) {
        Ok(targets) => targets,
        Err(errors) => return errors,
    };
    let fields = plan.schema().fields();
    let sink = insert.target.object();
    if fields.len() != targets.len() {
        let names: Vec<_> = targets.iter().map(|c| format!("`{}`", c.name)).collect();
        let mut diagnostic = Diagnostic::error(
            "sink-column-count",
            insert.source.span,
            format!(
                "the query gives {} to `{sink}`, which takes {}",
                columns(fields.len()),
                columns(targets.len())
            ),
        )
        .label(columns(fields.len()))
        .note(format!("`{sink}` takes {}", names.join(", ")));
        if targets.len() > fields.len() {
            diagnostic = diagnostic.help(format!(
                "name the columns that the query fills: `INSERT INTO {sink} (<column>, …)`"
            ));
        }
        return vec![diagnostic];
    }
    let mut errors = Vec::new();
    let named = by_name(&targets, plan);
    for (index, (field, target)) in fields.iter().zip(&targets).enumerate() {
        let (Some(from), Some(to)) = (types::known(field), &target.ty) else {
            continue;
        };
        if assign::refused(&from, to) {
            let mut error = Diagnostic::error(
                "sink-column-type",
                item_span(insert, text, index).unwrap_or(insert.source.span),
                format!(
                    "column {} of the query is {}, but column `{}` of `{sink}` is {}",
                    index + 1,
                    from.ty.kind,
                    target.name,
                    to.kind
                ),
            )
            .label(from.ty.kind.to_string())
            .related(target.span, format!("`{}` is declared here", target.name))
            .note("Flink writes a value to a sink only where the type needs no explicit cast");
            error = match &named {
                Some(list) => error
                    .note("Flink fills the columns of a sink by position, not by name")
                    .help(format!(
                        "name the columns in the query's order: `INSERT INTO {sink} ({list})`"
                    )),
                None => error.help(format!("cast it: `CAST(… AS {})`", to.kind)),
            };
            errors.push(error);
        }
    }
    errors
}

/// The query's columns as a column list, where they have the names of all those that it fills, in another order.
fn by_name(targets: &[&TableColumn], plan: &LogicalPlan) -> Option<String> {
    let fields = plan.schema().fields();
    let given: Vec<&str> = fields.iter().map(|f| &**f.name()).collect();
    let filled: Vec<&str> = targets.iter().map(|c| &*c.name).collect();
    let sorted = |names: &[&str]| {
        names
            .iter()
            .map(|n| (*n).to_owned())
            .collect::<BTreeSet<_>>()
    };
    let same = given.len() == filled.len() && sorted(&given) == sorted(&filled);
    (same && given != filled).then(|| {
        let names: Vec<_> = given.iter().map(|n| format!("`{n}`")).collect();
        names.join(", ")
    })
}

/// Columns that go to a column of another name although one of their own name is filled by another: nothing that Flink
/// would say a word about where the types fit.
fn order(
    insert: &Insert,
    text: &str,
    targets: &[&TableColumn],
    plan: &LogicalPlan,
) -> Option<Diagnostic> {
    let fields = plan.schema().fields();
    let at = |name: &str| targets.iter().position(|c| c.name == name);
    let named = |name: &str| fields.iter().any(|f| f.name() == name);
    let (index, field) = fields.iter().enumerate().find(|(index, field)| {
        let own = at(field.name());
        own.is_some_and(|own| own != *index) && named(&targets[*index].name)
    })?;
    let sink = insert.target.object();
    let target = targets[index];
    let mut warning = Diagnostic::warning(
        "positional-insert-mismatch",
        item_span(insert, text, index).unwrap_or(insert.source.span),
        format!(
            "`{}` goes to column `{}` of `{sink}`, which has a column `{0}` too",
            field.name(),
            target.name
        ),
    )
    .label(format!("column {} of the query", index + 1))
    .related(target.span, format!("`{}` is declared here", target.name))
    .note("Flink fills the columns of a sink by position, not by name");
    if let Some(list) = by_name(targets, plan) {
        warning = warning.help(format!(
            "if the names are right: `INSERT INTO {sink} ({list})`"
        ));
        warning.fix = column_list(insert, &list);
    }
    Some(warning)
}

/// Writes the list where the INSERT has none. What goes where changes.
fn column_list(insert: &Insert, list: &str) -> Option<Fix> {
    let plain = insert.columns.is_none() && insert.partition.is_none() && insert.hints.is_empty();
    plain.then(|| Fix {
        title: "fill the columns by their names".to_owned(),
        edits: vec![Edit::insert(insert.target.span.end, format!(" ({list})"))],
        applicability: Applicability::Unsafe,
    })
}

/// Columns that are declared to hold NULL and go, as they are, to columns that are not. Flink plans that and looks at
/// each row. Keys are left out: nearly every key is declared that way.
///
/// Source: Flink docs, Configuration, `table.exec.sink.not-null-enforcer`.
fn nulls(
    insert: &Insert,
    text: &str,
    table: &Table,
    targets: &[&TableColumn],
    plan: &LogicalPlan,
) -> Option<Diagnostic> {
    let strict = |c: &TableColumn| {
        c.ty.as_ref().is_some_and(|ty| !ty.nullable) && !table.primary_key.contains(&c.name)
    };
    let fields = plan.schema().fields();
    let mut all = fields.iter().zip(targets).enumerate();
    let (index, (field, target)) = all.find(|(_, (field, target))| {
        strict(target) && types::may_be_null(field) && !not_null_filter(plan, field.name())
    })?;
    Some(
        Diagnostic::new(
            Severity::Note,
            "null-into-not-null",
            item_span(insert, text, index).unwrap_or(insert.source.span),
            format!(
                "`{}` may be NULL, but column `{}` of `{}` is not",
                field.name(),
                target.name,
                insert.target.object()
            ),
        )
        .label("declared without NOT NULL")
        .related(target.span, format!("`{}` is declared here", target.name))
        .note(
            "Flink plans the statement; a NULL then ends the job, or the row is left out with \
               'table.exec.sink.not-null-enforcer' = 'DROP'",
        ),
    )
}

/// Does some filter ask whether a column of this name is NULL?
fn not_null_filter(plan: &LogicalPlan, name: &str) -> bool {
    let asks = |node: &LogicalPlan| match node {
        LogicalPlan::Filter(filter) => filter.predicate.exists(|e| {
            Ok(matches!(e, Expr::IsNotNull(of)
                if matches!(&**of, Expr::Column(column) if column.name == name)))
        }),
        _ => Ok(false),
    };
    plan.exists(asks).unwrap_or(true)
}

fn columns(count: usize) -> String {
    format!("{count} column{}", if count == 1 { "" } else { "s" })
}

/// The columns that the query fills, in its order: those that INSERT names, or all, without those that PARTITION sets.
fn targets<'t>(insert: &Insert, table: &'t Table) -> Result<Vec<&'t TableColumn>, Vec<Diagnostic>> {
    let mut errors = Vec::new();
    let mut fixed: Vec<&str> = Vec::new();
    for ident in insert.partition.iter().flat_map(|p| &p.columns) {
        let before = insert.partition.iter().flat_map(|p| &p.columns);
        if fixed.contains(&&*ident.value) {
            let first = before.map(|c| c.span).next().unwrap_or(ident.span);
            errors.push(twice(insert, &ident.value, first, ident.span));
        } else if !table.partitioned_by.contains(&ident.value) {
            errors.push(no_partition(insert, table, ident));
        }
        fixed.push(&ident.value);
    }
    let mut targets = Vec::new();
    match &insert.columns {
        None => targets.extend(table.sink_columns()),
        Some(list) => {
            let mut named = BTreeMap::new();
            for ident in &list.columns {
                if let Some(first) = named.insert(&ident.value, ident.span) {
                    errors.push(twice(insert, &ident.value, first, ident.span));
                    continue;
                }
                match table.sink_columns().find(|c| c.name == ident.value) {
                    Some(column) => targets.push(column),
                    None => errors.push(unknown(insert, table, &ident.value, ident.span)),
                }
            }
        }
    }
    if let Some(list) = &insert.columns
        && errors.is_empty()
    {
        let left_out = table.sink_columns().find(|c| {
            let strict = c.ty.as_ref().is_some_and(|ty| !ty.nullable);
            strict && !fixed.contains(&&*c.name) && !targets.iter().any(|t| t.name == c.name)
        });
        errors.extend(left_out.map(|column| required(insert, list.span, column)));
    }
    targets.retain(|c| !fixed.contains(&&*c.name));
    if errors.is_empty() {
        Ok(targets)
    } else {
        Err(errors)
    }
}

/// Flink: "Target column 'x' is assigned more than once".
fn twice(insert: &Insert, name: &str, first: Span, again: Span) -> Diagnostic {
    let sink = insert.target.object();
    Diagnostic::error(
        "duplicate-sink-column",
        again,
        format!("column `{name}` of `{sink}` is written twice"),
    )
    .label("named again")
    .related(first, "named before".to_owned())
}

/// Flink: "Static partition column 'x' should be in the partition keys list".
fn no_partition(insert: &Insert, table: &Table, ident: &Ident) -> Diagnostic {
    let sink = insert.target.object();
    let keys: Vec<_> = table
        .partitioned_by
        .iter()
        .map(|k| format!("`{k}`"))
        .collect();
    let error = Diagnostic::error(
        "unknown-partition-column",
        ident.span,
        format!("`{sink}` is not partitioned by `{}`", ident.value),
    )
    .label("no partition column");
    match &keys[..] {
        [] => error.note(format!("`{sink}` has no partitions")),
        keys => error.help(format!("it is partitioned by {}", keys.join(", "))),
    }
}

/// Flink: "Column 'x' has no default value and does not allow NULLs".
fn required(insert: &Insert, list: Span, column: &TableColumn) -> Diagnostic {
    let sink = insert.target.object();
    Diagnostic::error(
        "sink-column-required",
        list,
        format!(
            "column `{}` of `{sink}` is NOT NULL and gets no value",
            column.name
        ),
    )
    .label(format!("`{}` is not in this list", column.name))
    .related(column.span, format!("`{}` is declared here", column.name))
    .note("a column that an INSERT leaves out is filled with NULL")
}

fn unknown(insert: &Insert, table: &Table, name: &str, span: Span) -> Diagnostic {
    let sink = insert.target.object();
    let mut diagnostic = Diagnostic::error(
        "unknown-sink-column",
        span,
        format!("`{sink}` has no column `{name}` to write to"),
    )
    .label("no such column");
    if table.column(name).is_some() {
        return diagnostic.note("computed columns and virtual metadata columns cannot be written");
    }
    let near = table
        .sink_columns()
        .map(|c| (strsim::damerau_levenshtein(&c.name, name), &c.name))
        .min()
        .filter(|(distance, _)| *distance <= 1 + name.len() / 4);
    if let Some((_, near)) = near {
        diagnostic = diagnostic.help(format!("a column with a similar name is `{near}`"));
    }
    diagnostic
}

/// Where column `index` of the query is written, if its SELECT list has no star before it.
fn item_span(insert: &Insert, text: &str, index: usize) -> Option<Span> {
    let mut body = &*insert.source.ast.body;
    loop {
        match body {
            SetExpr::Query(query) => body = &query.body,
            SetExpr::SetOperation { left, .. } => body = left,
            _ => break,
        }
    }
    let SetExpr::Select(select) = body else {
        return None;
    };
    let items = select.projection.get(..=index)?;
    let star = |item: &SelectItem| {
        matches!(
            item,
            SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..)
        )
    };
    if items.iter().any(star) {
        return None;
    }
    let span = crate::parser::byte_span(items.last()?.span());
    if span.is_empty() || !insert.source.span.contains(span) {
        return None;
    }
    Some(to_closing(span, insert.source.span.end, text))
}

/// sqlparser's span of a call ends before its `)`, or even before its `(`.
fn to_closing(span: Span, end: u32, text: &str) -> Span {
    let count = |c: char| span.of(text).matches(c).count();
    let mut open = count('(').saturating_sub(count(')'));
    let rest = Span::new(span.end, end).of(text);
    if open == 0 && !rest.starts_with('(') {
        return span;
    }
    for (at, c) in rest.char_indices() {
        match c {
            '(' => open += 1,
            ')' => open -= 1,
            _ => {}
        }
        if open == 0 && c == ')' {
            return Span::new(span.start, span.end + at as u32 + 1);
        }
    }
    span
}
