//! A watermark on a column that may be NULL.
//!
//! ## What it does
//! Reports tables that are read and whose WATERMARK stands on a column that is not NOT NULL. Columns that hold no NULL
//! although their type does not say so are left alone: those of `datagen` and `faker` without a null rate, and metadata
//! that the connector always has.
//!
//! ## Why is this bad?
//! One row without a time kills the job, each time that it restarts: "RowTime field should not be null, please convert it
//! to a non-null long value" (Flink 1.20.5 and 2.3.0, run; FLINK's `WatermarkAssignerOperator` asks for it). A format such
//! as `json` gives NULL for each field that is missing.
//!
//! Most scripts declare their rowtime so, and most of their data has no NULL there. The rule is off unless it is asked
//! for.
//!
//! ## Example
//! ```sql
//! CREATE TABLE clicks (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
//! WITH ('connector' = 'kafka', 'format' = 'json');
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'print');
//! INSERT INTO copies SELECT id FROM clicks;
//! ```
//!
//! Use instead:
//! ```sql
//! CREATE TABLE clicks (id BIGINT, ts TIMESTAMP(3),
//!   happened AS COALESCE(ts, TIMESTAMP '1970-01-01 00:00:00'),
//!   WATERMARK FOR happened AS happened - INTERVAL '5' SECOND)
//! WITH ('connector' = 'kafka', 'format' = 'json');
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'print');
//! INSERT INTO copies SELECT id FROM clicks;
//! ```
//!
//! ## Fix
//! None: a NULL can be given a time, filtered out before it is read, or be ruled out by NOT NULL where the source keeps
//! to it. Which of these is right depends on the data.

use crate::catalog::{Table, TableColumn, TableColumnKind, connectors};
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Context, Finding};
use crate::plan::Need;

pub const FINDING: Finding =
    Finding::new("nullable-rowtime", Severity::Warning, Check::Script(check)).off_by_default();

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for declared in context.tables() {
        let (table, place) = (declared.table, context.plan.tables.get(&declared.id));
        let is_read = place
            .is_some_and(|t| matches!(t.need, Need::Stream | Need::Declared | Need::Versioned));
        // One that came from a LIKE is told of where it stands.
        let span = context.script.statements[declared.statement].span;
        let watermark = table
            .watermark
            .as_ref()
            .filter(|w| is_read && span.contains(w.span));
        let Some(watermark) = watermark else { continue };
        let [column] = &watermark.column[..] else {
            continue;
        };
        let Some(column) = table.column(column).filter(|c| may_be_null(table, c)) else {
            continue;
        };
        let name = &column.name;
        let mut diagnostic = FINDING
            .at(watermark.span, format!("the rowtime `{name}` of table `{}` may be NULL", declared.create.name.object()))
            .note("the first NULL fails the job, and again after each restart: \"RowTime field should not be null\" (run in Flink 1.20.5 and 2.3.0)")
            .help(format!("put the watermark on a computed column that holds none, as COALESCE(`{name}`, …)"));
        if column.kind == TableColumnKind::Physical {
            diagnostic = diagnostic
                .related(column.span, "is not NOT NULL")
                .help(format!(
                    "or declare `{name}` NOT NULL, if the source never leaves it out"
                ));
        }
        found.push(diagnostic);
    }
}

fn may_be_null(table: &Table, column: &TableColumn) -> bool {
    if column.stands_in_for_null || !column.ty.as_ref().is_some_and(|ty| ty.nullable) {
        return false;
    }
    match &column.kind {
        TableColumnKind::Physical | TableColumnKind::Computed { .. } => {
            let generated = matches!(connectors::connector(table), Some("datagen" | "faker"));
            !generated || table.options.keys().any(|key| key.ends_with(".null-rate"))
        }
        // Whatever type the script gives it.
        TableColumnKind::Metadata { key, .. } => {
            let times = connectors::time_metadata(table);
            times.iter().any(|time| time.key == key && time.nullable)
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{says, silent};

    fn job(columns: &str, options: &str) -> String {
        format!(
            "CREATE TABLE t (\n  {columns},\n  WATERMARK FOR ts AS ts\n) WITH ({options});\n\
             CREATE TABLE s (n BIGINT) WITH ('connector' = 'print');\n\
             INSERT INTO s SELECT 1 FROM t;\n"
        )
    }

    const KAFKA: &str = "'connector' = 'kafka', 'format' = 'json'";

    #[test]
    fn a_null_is_possible() {
        insta::assert_snapshot!(says("nullable-rowtime", &job("ts TIMESTAMP(3)", KAFKA)), @r#"
        warning[nullable-rowtime]: the rowtime `ts` of table `t` may be NULL
         --> job.sql:3:3
          |
        2 |   ts TIMESTAMP(3),
          |   -- is not NOT NULL
        3 |   WATERMARK FOR ts AS ts
          |   ^^^^^^^^^^^^^^^^^^^^^^
          |
          = note: the first NULL fails the job, and again after each restart: "RowTime field should not be null" (run in Flink 1.20.5 and 2.3.0)
          = help: put the watermark on a computed column that holds none, as COALESCE(`ts`, …)
          = help: or declare `ts` NOT NULL, if the source never leaves it out
        "#);
        insta::assert_snapshot!(says("nullable-rowtime", &job("x STRING, ts AS TO_TIMESTAMP(x)", KAFKA)), @r#"
        warning[nullable-rowtime]: the rowtime `ts` of table `t` may be NULL
         --> job.sql:3:3
          |
        3 |   WATERMARK FOR ts AS ts
          |   ^^^^^^^^^^^^^^^^^^^^^^
          |
          = note: the first NULL fails the job, and again after each restart: "RowTime field should not be null" (run in Flink 1.20.5 and 2.3.0)
          = help: put the watermark on a computed column that holds none, as COALESCE(`ts`, …)
        "#);
        let rate = "'connector' = 'datagen', 'fields.ts.null-rate' = '0.1'";
        assert_ne!(says("nullable-rowtime", &job("ts TIMESTAMP(3)", rate)), "");
    }

    #[test]
    fn none_is() {
        silent(
            "nullable-rowtime",
            &[
                &job("ts TIMESTAMP(3) NOT NULL", KAFKA),
                &job(
                    "ms BIGINT NOT NULL, ts AS TO_TIMESTAMP_LTZ(ms, 3) ",
                    "'connector' = 'datagen'",
                ),
                &job(
                    "x TIMESTAMP(3), ts AS COALESCE(x, TIMESTAMP '1970-01-01 00:00:00')",
                    KAFKA,
                ),
                &job("ts TIMESTAMP(3)", "'connector' = 'datagen'"),
                &job(
                    "ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL",
                    KAFKA,
                ),
                "CREATE TABLE t (ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka');",
            ],
        );
    }
}
