//! Watermarks of the script's own that Flink refuses: most where the table is created, some where it is read.
//! Source: run in Flink 1.20.5 and 2.3.0.

use super::attach::lacking;
use super::{MAX_PRECISION, config_lines, expression, nearest};
use crate::catalog::{
    self, Entry, EntryId, Table, TableColumn, TableColumnKind, TableWatermark, connectors,
};
use crate::diagnostic::Diagnostic;
use crate::plan::Input;
use crate::syntax::{ElementKind, StatementKind, TypeKind, Watermark};
use crate::text::Span;
use crate::time::{self, TimeType, Uses, quote};
use sqlparser::ast::{self, DateTimeField, Expr, Interval, Value};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// `needed`: the tables that get a watermark; one in its place is no problem.
pub(super) fn problems(
    input: Input<'_>,
    uses: &Uses,
    needed: &BTreeMap<EntryId, Span>,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (id, entry) in input.catalog.entries.iter().enumerate() {
        // Where it is declared, not where it is taken over or altered otherwise.
        let statement = entry.since;
        let is_replaced = needed.contains_key(&id) && super::replaces(input, id);
        if input.script.is_outside(statement) || is_replaced {
            continue;
        }
        let kind = &input.script.statements[statement].kind;
        let here = |w: &&TableWatermark| input.script.statements[statement].span.contains(w.span);
        let Some(table) = entry.table() else { continue };
        let declared = table.watermark.as_ref().filter(here);
        if let (Some(declared), Some(written)) = (declared, written(kind)) {
            let is_read = uses.read.contains(&id);
            found.extend(problem(input, entry, table, declared, written, is_read));
        }
    }
    found
}

/// The clause in a statement.
fn written(kind: &StatementKind) -> Option<&Watermark> {
    kind.elements().iter().find_map(|e| match &e.kind {
        ElementKind::Watermark(watermark) => Some(watermark),
        _ => None,
    })
}

fn problem(
    input: Input<'_>,
    entry: &Entry,
    table: &Table,
    declared: &TableWatermark,
    written: &Watermark,
    is_read: bool,
) -> Option<Diagnostic> {
    let name = entry.name.object();
    let error = |message: String| Diagnostic::error("refused-watermark", declared.span, message);
    let [column] = &declared.column[..] else {
        let path: Vec<String> = declared.column.iter().map(|part| quote(part)).collect();
        let path = path.join(".");
        return Some(
            error(format!("a watermark cannot stand on the field {path} of a column"))
                .note("Flink: \"Invalid column name … for rowtime attribute in watermark declaration\"")
                .help(format!("give table `{name}` a computed column, `rowtime AS {path}`, and the watermark on that")),
        );
    };
    let Some(rowtime) = table.column(column) else {
        return table.complete.then(|| {
            unknown(
                error(format!("table `{name}` has no column `{column}`")),
                table,
                column,
            )
        });
    };
    column_problem(input, entry, rowtime)
        .or_else(|| expression_problem(input, table, rowtime, written))
        .map(|mut diagnostic| {
            diagnostic.span = declared.span;
            diagnostic
        })
        .or_else(|| interval_problem(&written.expr.ast, is_read, error))
        .or_else(|| source_problem(table, name, written, is_read, error))
}

fn unknown(error: Diagnostic, table: &Table, column: &str) -> Diagnostic {
    let error =
        error.note("Flink: \"The rowtime attribute field … is not defined in the table schema\"");
    with_near(error, table, column)
}

/// With the name that may have been meant.
fn with_near(error: Diagnostic, table: &Table, column: &str) -> Diagnostic {
    let same = |c: &&TableColumn| c.name.eq_ignore_ascii_case(column);
    if let Some(other) = table.columns.iter().find(same) {
        return error.help(format!("names are case-sensitive: `{}`", other.name));
    }
    match nearest(column, table.columns.iter().map(|c| c.name.as_str())) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error,
    }
}

/// What is wrong with the column that a watermark stands on.
fn column_problem(input: Input<'_>, entry: &Entry, rowtime: &TableColumn) -> Option<Diagnostic> {
    let column = &rowtime.name;
    let error = |message: String| {
        Diagnostic::error("refused-watermark", rowtime.span, message)
            .related(rowtime.span, "the column")
    };
    if rowtime.kind == (TableColumnKind::Computed { proctime: true }) {
        return Some(
            error(format!(
                "`{column}` is a processing time, which takes no watermark"
            ))
            .note("Flink: \"A watermark can not be defined for a processing-time attribute\""),
        );
    }
    let creates = matches!(
        input.script.statements[entry.since].kind,
        StatementKind::CreateTable(_)
    );
    if creates && rowtime.inherited && rowtime.kind != TableColumnKind::Physical {
        return Some(
            error(format!("`{column}` comes from the table of a LIKE clause and is not physical"))
                .note("Flink: \"The rowtime attribute field … is not defined in the table schema\": it knows only the physical columns of that table here")
                .help(match rowtime.kind {
                    TableColumnKind::Metadata { .. } => "declare the column again, with LIKE … (OVERWRITING METADATA)",
                    _ => "declare the column again, with LIKE … (OVERWRITING GENERATED)",
                }),
        );
    }
    let ty = rowtime.ty.as_ref()?;
    let note = "Flink: \"Invalid data type of time field for watermark definition\": TIMESTAMP(p) or TIMESTAMP_LTZ(p), p from 0 to 3";
    let (precision, time) = match ty.kind {
        TypeKind::Timestamp(p) => (p, TimeType::Timestamp),
        TypeKind::TimestampLtz(p) => (p, TimeType::TimestampLtz),
        // Types that the user registered are not known here.
        TypeKind::Named(_) => return None,
        _ => {
            let computed = match ty.kind {
                TypeKind::BigInt | TypeKind::Int => {
                    format!("rowtime AS TO_TIMESTAMP_LTZ({}, 3)", quote(column))
                }
                TypeKind::Char(_) | TypeKind::VarChar(_) => {
                    format!("rowtime AS TO_TIMESTAMP({})", quote(column))
                }
                _ => {
                    return Some(
                        error(format!("`{column}` is {ty}, which takes no watermark")).note(note),
                    );
                }
            };
            return Some(
                error(format!("`{column}` is {ty}, which takes no watermark"))
                    .note(note)
                    .help(format!(
                        "a computed column, `{computed}`, and the watermark on that"
                    )),
            );
        }
    };
    (precision > MAX_PRECISION).then(|| {
        let own = time.sql();
        error(format!(
            "the precision of `{column}` is {precision}, a rowtime has at most {MAX_PRECISION}"
        ))
        .note(note)
        .help(format!("declare the column as {own}"))
        .help(format!(
            "or a computed column, `rowtime AS CAST({} AS {own})`, and the watermark on that",
            quote(column)
        ))
    })
}

/// What is wrong with the type of a watermark's expression.
fn expression_problem(
    input: Input<'_>,
    table: &Table,
    rowtime: &TableColumn,
    written: &Watermark,
) -> Option<Diagnostic> {
    let of_column = TimeType::of(&rowtime.ty.as_ref()?.kind)?;
    let expr = &written.expr.ast;
    if expression::is_source_watermark(expr) {
        return None;
    }
    let refused = |message: String, note: &str| {
        Diagnostic::error("refused-watermark", written.expr.span, message).note(note)
    };
    if table.complete
        && let Some(name) = expression::columns(expr)
            .iter()
            .find(|name| table.column(name).is_none())
    {
        let error = refused(
            format!("the watermark names `{name}`, which is no column of the table"),
            "Flink: \"Unknown identifier\"",
        );
        return Some(with_near(error, table, name));
    }
    if let Some(call) = expression::calls(expr)
        .into_iter()
        .find(|call| time::is_aggregate(call) || call == "CURRENT_WATERMARK")
    {
        return Some(refused(
            format!(
                "the watermark of `{}` calls {call}, which does not stand there",
                rowtime.name
            ),
            "Flink: \"Unsupported call\", or \"The argument of CURRENT_WATERMARK() must be a rowtime attribute\"",
        ));
    }
    let sources = expression::calls(expr).contains(&"SOURCE_WATERMARK".to_owned());
    let is = match (sources, of_column) {
        (true, TimeType::Timestamp) => Some("of the type TIMESTAMP_LTZ(3)"),
        _ => expression::never_a_time(expr, table),
    };
    if let Some(is) = is {
        return Some(refused(
            format!(
                "the watermark of `{}` is {is}, and the column is {}",
                rowtime.name,
                of_column.sql()
            ),
            "Flink: \"Invalid data type of expression for watermark definition\", or \"Cannot apply …\"",
        ));
    }
    let ty = catalog::type_of(expr, &catalog::scope(table))?;
    let fits = match ty.kind {
        TypeKind::Timestamp(p) => of_column == TimeType::Timestamp && p <= MAX_PRECISION,
        TypeKind::TimestampLtz(p) => of_column == TimeType::TimestampLtz && p <= MAX_PRECISION,
        TypeKind::Named(_) => true,
        _ => false,
    };
    (!fits).then(|| {
        let sql = written.expr.span.of(input.text);
        Diagnostic::error(
            "refused-watermark",
            written.expr.span,
            format!("the watermark of `{}` is {ty}, and the column is {}", rowtime.name, of_column.sql()),
        )
        .note("Flink: \"The watermark declaration's output data type … is different from the time field's data type\"")
        .help(format!("`CAST({sql} AS {})`, or an expression of that type", of_column.sql()))
    })
}

/// An interval of more digits than Flink takes.
fn interval_problem(
    expr: &Expr,
    is_read: bool,
    error: impl Fn(String) -> Diagnostic,
) -> Option<Diagnostic> {
    let mut found = None;
    let _: ControlFlow<()> = ast::visit_expressions(expr, |e| {
        if let Expr::Interval(interval) = e {
            found = found
                .take()
                .or_else(|| of_interval(interval, is_read, &error));
        }
        ControlFlow::Continue(())
    });
    found
}

fn of_interval(
    interval: &Interval,
    is_read: bool,
    error: &impl Fn(String) -> Diagnostic,
) -> Option<Diagnostic> {
    let Expr::Value(value) = &*interval.value else {
        return None;
    };
    let Value::SingleQuotedString(text) = &value.value else {
        return None;
    };
    let digits = text.trim().trim_start_matches(['-', '+']);
    let digits = digits.split(|c: char| !c.is_ascii_digit()).next()?.len() as u64;
    let precision = interval.leading_precision.unwrap_or(2);
    let help = "any delay has a form that Flink takes, as `INTERVAL '100 00:00:00' DAY(3) TO SECOND` for 100 days, or `86400 * INTERVAL '1' SECOND`";
    let day_time = !matches!(
        interval.leading_field,
        Some(
            DateTimeField::Year
                | DateTimeField::Years
                | DateTimeField::Month
                | DateTimeField::Months
        )
    );
    if digits > precision {
        return Some(
            error(format!(
                "the interval '{text}' has more digits than its unit takes, {precision}"
            ))
            .note("Flink: \"Interval field value … exceeds precision of … field\"")
            .help(help),
        );
    }
    (is_read && day_time && precision > 3).then(|| {
        error(format!(
            "Flink reads no table with a leading interval precision of {precision}"
        ))
        .note(
            "Flink, at every query: \"DAY_INTERVAL_TYPES precision is not supported\"; up to 3 is",
        )
        .help(help)
    })
}

/// `SOURCE_WATERMARK()` of a source that has none.
fn source_problem(
    table: &Table,
    name: &str,
    written: &Watermark,
    is_read: bool,
    error: impl Fn(String) -> Diagnostic,
) -> Option<Diagnostic> {
    if !is_read || !expression::is_source_watermark(&written.expr.ast) {
        return None;
    }
    let why = lacking(table, connectors::source_watermark(table))?;
    Some(
        error(format!("the source of table `{name}` emits no watermark of its own: {why}"))
            .note("Flink takes SOURCE_WATERMARK() for every source, and fails at run time where the source has none")
            .help("an expression with a delay, as `column - INTERVAL '5' SECOND`")
            .help(format!("or let tidegate replace it: {}", config_lines(name, &[("delay", "5 s")]) + "\nreplace = true")),
    )
}
