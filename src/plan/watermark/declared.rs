//! Watermarks of the script's own that Flink refuses: most where the table is created, some where it is read.
//! Source: run in Flink 1.20.5 and 2.3.0.

use super::attach::lacking;
use super::{MAX_PRECISION, config_lines, expression, nearest};
use crate::catalog::{
    self, Entry, EntryId, Table, TableColumn, TableColumnKind, TableWatermark, connectors,
};
use crate::diagnostic::{Applicability, Diagnostic, Fix};
use crate::lexer::{Punct, Token, TokenKind};
use crate::plan::Input;
use crate::syntax::{ElementKind, StatementKind, TypeKind, Watermark};
use crate::text::{Edit, Span};
use crate::time::{self, TimeType, Uses, quote};
use std::collections::BTreeMap;

/// What the problems found here are called.
pub(super) const NAMES: [&str; 2] = ["refused-watermark", PRECISION];

/// Flink's error is one of many for the same clause; this one has a rule of its own.
const PRECISION: &str = "rowtime-precision";

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
        let message = format!(
            "the precision of `{column}` is {precision}, a rowtime has at most {MAX_PRECISION}"
        );
        let mut diagnostic =
            Diagnostic::error(PRECISION, rowtime.span, message).related(rowtime.span, "the column");
        diagnostic.fix = to_milliseconds(input, entry, rowtime);
        diagnostic
            .note(note)
            .help(format!("declare the column as {own}"))
            .help(format!(
                "or a computed column, `rowtime AS CAST({} AS {own})`, and the watermark on that",
                quote(column)
            ))
    })
}

/// The type of a physical column with the precision of a rowtime.
fn to_milliseconds(input: Input<'_>, entry: &Entry, rowtime: &TableColumn) -> Option<Fix> {
    let statement = &input.script.statements[entry.since];
    if rowtime.kind != TableColumnKind::Physical || !statement.span.contains(rowtime.span) {
        return None;
    }
    let tokens = &input.script.tokens[statement.tokens.clone()];
    let behind = tokens.partition_point(|t| t.span.start < rowtime.span.end);
    let is_trivia = |t: &&Token| {
        matches!(
            t.kind,
            TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment
        )
    };
    let mut tokens = tokens[behind..].iter().filter(|t| !is_trivia(t));
    let word = tokens.next()?.span;
    let name = word.of(input.text).to_ascii_uppercase();
    if name != "TIMESTAMP" && name != "TIMESTAMP_LTZ" {
        return None;
    }
    let edit = match tokens.next().map(|t| t.kind) {
        Some(TokenKind::Punct(Punct::LParen)) => {
            Edit::replace(tokens.next()?.span, MAX_PRECISION.to_string())
        }
        _ => Edit::insert(word.end, format!("({MAX_PRECISION})")),
    };
    Some(Fix {
        title: format!("declare it with precision {MAX_PRECISION}"),
        edits: vec![edit],
        // Digits below a millisecond are lost for every query.
        applicability: Applicability::Unsafe,
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
