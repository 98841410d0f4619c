//! Does the sink take what the query gives: number of columns, order, types.

use super::assign;
use super::types;
use crate::catalog::{Table, TableColumn};
use crate::diagnostic::Diagnostic;
use crate::syntax::Insert;
use crate::text::Span;
use datafusion::logical_expr::LogicalPlan;
use sqlparser::ast::{SelectItem, SetExpr, Spanned};
use std::collections::BTreeMap;

/// Checks the columns of a planned query against those that an INSERT writes.
pub fn check(insert: &Insert, text: &str, table: &Table, plan: &LogicalPlan) -> Vec<Diagnostic> {
    if !table.complete {
        return Vec::new();
    }
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
    for (index, (field, target)) in fields.iter().zip(&targets).enumerate() {
        let (Some(from), Some(to)) = (types::known(field), &target.ty) else {
            continue;
        };
        if assign::refused(&from, to) {
            errors.push(
                Diagnostic::error(
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
                .note("Flink writes a value to a sink only where the type needs no explicit cast")
                .help(format!("cast it: `CAST(… AS {})`", to.kind)),
            );
        }
    }
    errors
}

fn columns(count: usize) -> String {
    format!("{count} column{}", if count == 1 { "" } else { "s" })
}

/// The columns that the query fills, in its order: those that INSERT names, or all, without those that PARTITION sets.
fn targets<'t>(insert: &Insert, table: &'t Table) -> Result<Vec<&'t TableColumn>, Vec<Diagnostic>> {
    let mut errors = Vec::new();
    let fixed: Vec<&str> = match &insert.partition {
        Some(partition) => partition.columns.iter().map(|c| &*c.value).collect(),
        None => Vec::new(),
    };
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
    // sqlparser's span of a call ends before its `)`.
    let count = |span: Span, c: char| span.of(text).matches(c).count();
    let (open, close) = (count(span, '('), count(span, ')'));
    let end = insert.source.span.end;
    let rest = Span::new(span.end, end).of(text);
    let missing = rest.match_indices(')').take(open.saturating_sub(close));
    let end = missing
        .last()
        .map_or(span.end, |(at, _)| span.end + at as u32 + 1);
    Some(Span::new(span.start, end))
}
