//! What a temporal join asks of both of its sides.

use super::context::{BaseTable, State};
use super::types::{self, Attribute, Family};
use crate::diagnostic::Diagnostic;
use crate::text::Span;
use datafusion::logical_expr::{Expr, LogicalPlan};

/// Checks `table FOR SYSTEM_TIME AS OF version`; the name of the table stands at `place`, the version at `span`.
///
/// Source: Flink docs, "Joins", "Temporal Joins"; run in Flink 1.20.5 and 2.3.0.
pub fn check(version: &Expr, span: Span, table: &LogicalPlan, place: Span, state: &State) {
    // A version that is no column is a table as it was at a time, which is for the table's catalog to know.
    let Expr::OuterReferenceColumn(field, _) = version else {
        return;
    };
    let Some(known) = types::known(field) else {
        return;
    };
    let is_time = matches!(
        types::family(&known.ty.kind),
        Some(Family::Timestamp | Family::TimestampLtz)
    );
    match types::attribute(field) {
        Some(Attribute::Rowtime) => event_time(table, place, span, state),
        Some(_) => {}
        None if is_time || known.exact => state.error(
            Diagnostic::error(
                "temporal-join-version",
                span,
                format!(
                    "a temporal join needs a time attribute as its version, but `{}` is a plain {}",
                    field.name(),
                    known.ty.kind
                ),
            )
            .label("no time attribute")
            .help("name the column that carries the watermark of the left table, or a PROCTIME() column"),
        ),
        None => {}
    }
}

/// A table that is read as of a rowtime has versions only with a primary key and a watermark of its own.
fn event_time(table: &LogicalPlan, place: Span, version: Span, state: &State) {
    let Some(table) = base_table(table).filter(|table| table.complete) else {
        return;
    };
    let Some(missing) = (match (table.version.key.is_empty(), table.version.rowtime) {
        (true, false) => Some("neither a primary key nor a watermark"),
        (true, true) => Some("no primary key"),
        (false, false) => Some("no watermark"),
        (false, true) => None,
    }) else {
        return;
    };
    let name = table.path.rsplit('.').next().unwrap_or_default();
    state.error(
        Diagnostic::error(
            "temporal-join-version",
            place,
            format!("`{name}` has no versions to join with: it has {missing}"),
        )
        .label(missing)
        .related(table.version.declared, format!("`{name}` is declared here"))
        .related(version, "the version is a rowtime".to_owned())
        .note("an event-time temporal join needs a primary key and a watermark on the right side")
        .help("declare `PRIMARY KEY (…) NOT ENFORCED` and `WATERMARK FOR …`, or join as of a PROCTIME() column"),
    );
}

/// The table that is read, if nothing is done with it.
fn base_table(plan: &LogicalPlan) -> Option<&BaseTable> {
    match plan {
        LogicalPlan::TableScan(scan) => scan.source.downcast_ref::<BaseTable>(),
        LogicalPlan::SubqueryAlias(alias) => base_table(&alias.input),
        _ => None,
    }
}
