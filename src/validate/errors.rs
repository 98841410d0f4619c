//! The planner's errors, told apart: what the user got wrong, and what could not be planned.

use super::Outcome;
use super::context::{Found, UnknownField};
use crate::diagnostic::Diagnostic;
use crate::text::Span;
use datafusion::common::{
    Column, DataFusionError, Diagnostic as Hint, SchemaError, Span as ByteSpan,
};
use sqlparser::ast::{Expr, Ident, Query, Select, Spanned, Visit, Visitor, visit_expressions};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// What [`outcome`] needs to know of the query.
pub struct Site<'a> {
    pub query: &'a Query,
    pub span: Span,
    /// Names that this statement could have meant.
    pub tables: Vec<String>,
    /// Names that it could have meant before some statement.
    pub dropped: BTreeMap<String, Span>,
    /// Tables may come from elsewhere than the script.
    pub open_tables: bool,
}

/// A byte range that went through the planner as line 1 and columns.
pub fn span(span: ByteSpan) -> Span {
    Span::new(
        span.start.column.saturating_sub(1) as u32,
        span.end.column.saturating_sub(1) as u32,
    )
}

fn byte_span(span: Span) -> ByteSpan {
    let location = |offset: u32| datafusion::common::Location {
        line: 1,
        column: u64::from(offset) + 1,
    };
    ByteSpan::new(location(span.start), location(span.end))
}

/// The error for a table that is not there, as the planner itself words it.
pub fn table_not_found(error: DataFusionError, name: &str, at: Span) -> DataFusionError {
    error.with_diagnostic(Hint::new_error(
        format!("{TABLE_NOT_FOUND}{name}' not found"),
        Some(byte_span(at)),
    ))
}

const TABLE_NOT_FOUND: &str = "table '";

/// True for errors that go away when columns get names of their own.
pub fn duplicate_names(error: &DataFusionError) -> bool {
    let text = error.to_string();
    text.contains("unique expression names")
        || matches!(
            error.find_root(),
            DataFusionError::SchemaError(e, _) if matches!(**e,
                SchemaError::DuplicateQualifiedField { .. } | SchemaError::DuplicateUnqualifiedField { .. })
        )
}

/// True for errors that go away when a function turns out to be an aggregate.
pub fn missing_group_by(error: &DataFusionError) -> bool {
    error.to_string().contains("must appear in the GROUP BY")
        || error.to_string().contains("must be in GROUP BY")
        || leaves(error)
            .iter()
            .any(|(hint, _)| hint.is_some_and(|h| h.message.contains("GROUP BY")))
}

/// Every single error with what the planner says about its place.
fn leaves(error: &DataFusionError) -> Vec<(Option<&Hint>, &DataFusionError)> {
    let mut out = Vec::new();
    let mut todo = vec![(None, error)];
    while let Some((hint, error)) = todo.pop() {
        match error {
            DataFusionError::Diagnostic(own, inner) => todo.push((Some(&**own), inner)),
            DataFusionError::Context(_, inner) => todo.push((hint, inner)),
            DataFusionError::Collection(all) => todo.extend(all.iter().rev().map(|e| (hint, e))),
            DataFusionError::Shared(inner) => todo.push((hint, inner)),
            other => out.push((hint, other)),
        }
    }
    out
}

pub fn outcome(error: &DataFusionError, found: Found, site: &Site) -> Outcome {
    if let Some(view) = found.view {
        return view;
    }
    let mut diagnostics = Vec::new();
    for (hint, error) in leaves(error) {
        match one(hint, error, found.open_columns, site) {
            Ok(diagnostic) => diagnostics.push(diagnostic),
            Err(reason) => {
                let span = hint.and_then(|h| h.span).map_or(site.span, span);
                return Outcome::NotPlanned { reason, span };
            }
        }
    }
    diagnostics.extend(found.errors);
    diagnostics.sort_by_key(|d| d.span);
    diagnostics.dedup();
    Outcome::UserError(diagnostics)
}

/// An error of the user's, or why it may not be one.
fn one(
    hint: Option<&Hint>,
    error: &DataFusionError,
    open_columns: bool,
    site: &Site,
) -> Result<Diagnostic, String> {
    let place = hint.and_then(|h| h.span).map(span);
    match error {
        DataFusionError::SchemaError(schema, _) => match &**schema {
            SchemaError::FieldNotFound { field, .. } if open_columns => Err(format!(
                "a table whose columns are not all known may have `{}`",
                field.name
            )),
            SchemaError::FieldNotFound {
                field,
                valid_fields,
            } => {
                let span = place
                    .or_else(|| locate(site.query, field))
                    .unwrap_or(site.span);
                Ok(unknown_column(field, valid_fields, span))
            }
            SchemaError::AmbiguousReference { field } => {
                let span = place
                    .or_else(|| locate(site.query, field))
                    .unwrap_or(site.span);
                Ok(Diagnostic::error(
                    "ambiguous-column",
                    span,
                    format!("column `{}` is in more than one of the tables", field.name),
                )
                .label("of which table?")
                .help(format!("qualify it: `<table>.{}`", field.name)))
            }
            _ => Err(error.strip_backtrace()),
        },
        _ => {
            let Some(hint) = hint else {
                let message = first_line(&error.strip_backtrace());
                return condition(&message, site).ok_or(message);
            };
            let span = place.unwrap_or(site.span);
            if let Some(name) = hint
                .message
                .strip_prefix(TABLE_NOT_FOUND)
                .and_then(|rest| rest.strip_suffix("' not found"))
            {
                // The planner's place goes on to the end of the alias.
                let span = locate_table(site.query, span.start).unwrap_or(span);
                return unknown_table(name, span, site);
            }
            if hint.message.contains("GROUP BY") {
                let named = || ungrouped(&hint.message, site.query);
                let span = place.or_else(named).unwrap_or(site.span);
                return Ok(Diagnostic::error(
                    "missing-group-by",
                    span,
                    "this column is neither grouped by nor aggregated",
                )
                .label("not in GROUP BY")
                .help(
                    "add it to GROUP BY, or put it into an aggregate such as MAX or LAST_VALUE",
                ));
            }
            if hint.message.contains("different number of columns") {
                let mut diagnostic = Diagnostic::error(
                    "set-operation-columns",
                    span,
                    "the two sides of this set operation have different numbers of columns",
                );
                for note in &hint.notes {
                    if let Some(at) = note.span {
                        let count: String =
                            note.message.chars().filter(char::is_ascii_digit).collect();
                        diagnostic = diagnostic.related(self::span(at), format!("{count} columns"));
                    }
                }
                return Ok(diagnostic);
            }
            Err(first_line(&hint.message))
        }
    }
}

/// Errors about WHERE and HAVING, which the planner gives no place.
fn condition(message: &str, site: &Site) -> Option<Diagnostic> {
    let mut finder = Conditions::default();
    let _ = site.query.visit(&mut finder);
    if message.starts_with("Cannot create filter with non-boolean predicate") {
        let span = match finder.filters[..] {
            [only] => only,
            _ => site.span,
        };
        return Some(
            Diagnostic::error("not-a-condition", span, "this condition is not BOOLEAN")
                .label("not BOOLEAN")
                .help("compare it with something"),
        );
    }
    if message.starts_with("HAVING clause references") {
        let span = match finder.havings[..] {
            [only] => only,
            _ => site.span,
        };
        return Some(
            Diagnostic::error(
                "missing-group-by",
                span,
                "HAVING reads a column that is neither grouped by nor aggregated",
            )
            .label("nothing here is aggregated")
            .help("write WHERE for a condition on single rows"),
        );
    }
    None
}

/// Where the conditions of a query stand.
#[derive(Default)]
struct Conditions {
    filters: Vec<Span>,
    havings: Vec<Span>,
}

impl Visitor for Conditions {
    type Break = ();

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<()> {
        let place = |e: &Expr| crate::parser::byte_span(e.span());
        self.filters.extend(select.selection.as_ref().map(place));
        self.havings.extend(select.having.as_ref().map(place));
        ControlFlow::Continue(())
    }
}

fn first_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let line = line.strip_prefix("Error during planning: ").unwrap_or(line);
    line.to_owned()
}

fn unknown_column(field: &Column, valid: &[Column], span: Span) -> Diagnostic {
    let shown = match &field.relation {
        Some(relation) => format!("column `{}` of `{}`", field.name, relation.table()),
        None => format!("column `{}`", field.name),
    };
    let mut diagnostic = Diagnostic::error("unknown-column", span, format!("there is no {shown}"))
        .label("no such column here");
    let near = valid
        .iter()
        .map(|c| {
            (
                strsim::damerau_levenshtein(&c.name.to_lowercase(), &field.name.to_lowercase()),
                c,
            )
        })
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance <= 1 + field.name.len() / 4);
    match near {
        Some((0, column)) => {
            diagnostic = diagnostic
                .note(
                    "Flink compares the names of columns letter by letter, in upper and lower case",
                )
                .help(format!("write `{}`", column.name));
        }
        Some((_, column)) => {
            diagnostic =
                diagnostic.help(format!("a column with a similar name is `{}`", column.name));
        }
        None => {
            let names: Vec<_> = valid
                .iter()
                .take(8)
                .map(|c| format!("`{}`", c.name))
                .collect();
            if !names.is_empty() {
                let more = if valid.len() > 8 { ", …" } else { "" };
                diagnostic = diagnostic.help(format!("the columns are {}{more}", names.join(", ")));
            }
        }
    }
    diagnostic
}

/// What is said of fields that rows have not: once for each, at the first place that names it.
pub fn unknown_fields(fields: &[UnknownField], query: &Query, around: Span) -> Vec<Diagnostic> {
    let one = |unknown: &UnknownField| {
        let names = |idents: &[Ident]| {
            let path = &unknown.path;
            let at = idents.windows(path.len()).position(|window| {
                window
                    .iter()
                    .zip(path)
                    .all(|(ident, name)| ident.value == *name)
            })?;
            let spans = idents[..at + path.len()].iter();
            spans
                .map(|i| crate::parser::byte_span(i.span))
                .reduce(Span::cover)
        };
        let found = visit_expressions(query, |expr| match expr {
            Expr::CompoundIdentifier(idents) => match names(idents) {
                Some(span) => ControlFlow::Break(span),
                None => ControlFlow::Continue(()),
            },
            _ => ControlFlow::Continue(()),
        });
        let [row @ .., name] = &unknown.path[..] else {
            return None;
        };
        let near = nearest(name, unknown.fields.iter().map(String::as_str));
        let fields: Vec<_> = unknown.fields.iter().map(|f| format!("`{f}`")).collect();
        let error = Diagnostic::error(
            "unknown-field",
            found.break_value().unwrap_or(around),
            format!("`{}` has no field `{name}`", row.join(".")),
        )
        .label("no such field");
        Some(match near {
            Some(near) => error.help(format!("a field with a similar name is `{near}`")),
            None => error.help(format!("the fields are {}", fields.join(", "))),
        })
    };
    fields.iter().filter_map(one).collect()
}

/// The name that is most like `name`, if one is like it at all.
fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let distance =
        |other: &str| strsim::damerau_levenshtein(&other.to_lowercase(), &name.to_lowercase());
    let all = names.map(|other| (distance(other), other));
    all.min()
        .filter(|(distance, _)| *distance <= 1 + name.len() / 4)
        .map(|(_, name)| name)
}

/// A table that the script does not declare may well exist; only a slip of the pen is an error.
fn unknown_table(name: &str, span: Span, site: &Site) -> Result<Diagnostic, String> {
    let slip = |known: &&String| {
        let same = known.to_lowercase() == name.to_lowercase();
        let digits = |s: &str| s.chars().filter(char::is_ascii_digit).collect::<String>();
        let near = name.len() >= 6
            && strsim::damerau_levenshtein(known, name) == 1
            && digits(known) == digits(name);
        same || near
    };
    if let Some(by) = site.dropped.get(name).filter(|_| !site.open_tables) {
        let message = format!("there is no table or view `{name}` any more");
        return Ok(Diagnostic::error("unknown-table", span, message)
            .label("dropped or renamed before this statement")
            .related(*by, "here".to_owned()));
    }
    match site.tables.iter().find(slip) {
        Some(near) if !site.open_tables => Ok(Diagnostic::error(
            "unknown-table",
            span,
            format!("there is no table or view `{name}` at this point of the script"),
        )
        .label("not declared before this statement")
        .help(format!("a table with a similar name is `{near}`"))),
        _ => Err(format!("`{name}` is not declared in this script")),
    }
}

/// The column of a "'a.b' must appear in GROUP BY …", where a SELECT list names it outside of its aggregates.
fn ungrouped(message: &str, query: &Query) -> Option<Span> {
    let (name, _) = message.strip_prefix('\'')?.split_once("' must appear")?;
    let column = Column::from_qualified_name_ignore_case(name);
    locate(query, &column)
}

/// The name of the table that is read at a place.
fn locate_table(query: &Query, start: u32) -> Option<Span> {
    let found = sqlparser::ast::visit_relations(query, |name| {
        let span = super::lower::relations::name_span(name);
        if span.start == start {
            ControlFlow::Break(span)
        } else {
            ControlFlow::Continue(())
        }
    });
    found.break_value()
}

/// Where a column is named for the first time, for errors without a place.
fn locate(query: &Query, column: &Column) -> Option<Span> {
    let found = visit_expressions(query, |expr| {
        let idents = match expr {
            Expr::Identifier(ident) => std::slice::from_ref(ident),
            Expr::CompoundIdentifier(idents) => &idents[..],
            _ => return ControlFlow::Continue(()),
        };
        let named = idents.last().is_some_and(|i| i.value == column.name);
        let qualifier = idents.len().checked_sub(2).map(|i| &*idents[i].value);
        let table = column.relation.as_ref().map(|r| r.table());
        if named && (qualifier == table || table.is_none() || qualifier.is_none()) {
            let spans = idents.iter().map(|i| crate::parser::byte_span(i.span));
            return match spans.reduce(Span::cover) {
                Some(span) => ControlFlow::Break(span),
                None => ControlFlow::Continue(()),
            };
        }
        ControlFlow::Continue(())
    });
    match found {
        ControlFlow::Break(span) => Some(span),
        ControlFlow::Continue(()) => None,
    }
}
