//! A source that has no event time, and offers none.
//!
//! ## What it does
//! Reports tables that an INSERT reads as a stream, that declare no watermark, and that have nothing to make one of: no
//! timestamp column, and no timestamp among the metadata of their connector. Columns that would do if somebody said how
//! they are to be read, as a BIGINT of seconds or milliseconds, are listed.
//!
//! ## Why is this bad?
//! A cutover is an event time. Rows without one belong to neither job, so that the script cannot be gated.
//!
//! ## Example
//! ```sql
//! CREATE TABLE clicks (id BIGINT) WITH ('connector' = 'filesystem', 'path' = '/clicks', 'format' = 'json');
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'print');
//! INSERT INTO copies SELECT id FROM clicks;
//! ```
//!
//! Use instead:
//! ```sql
//! CREATE TABLE clicks (id BIGINT, ms BIGINT NOT NULL, ts AS TO_TIMESTAMP_LTZ(ms, 3),
//!   WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
//! WITH ('connector' = 'filesystem', 'path' = '/clicks', 'format' = 'json');
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'print');
//! INSERT INTO copies SELECT id FROM clicks;
//! ```
//!
//! ## Fix
//! None: what the event time is has to be said, in the table or in `tidegate.toml`.
//!
//! ## Options
//! `[tables.NAME]` with `column` and `unit` or `format`, `expression`, `metadata` or `ingestion-time`; see
//! `docs/event-time.md`.

use crate::diagnostic::Severity;
use crate::lint::{Check, Finding};

pub const FINDING: Finding = Finding::new("no-event-time", Severity::Error, Check::Stage);

#[cfg(test)]
mod tests {
    use crate::lint::testing::{says, silent};

    fn job(columns: &str, connector: &str) -> String {
        let options = format!("'connector' = '{connector}', 'path' = '/t', 'format' = 'json'");
        format!(
            "CREATE TABLE t ({columns}) WITH ({options});\n\
             CREATE TABLE s (id BIGINT) WITH ('connector' = 'print');\n\
             INSERT INTO s SELECT id FROM t;\n"
        )
    }

    #[test]
    fn nothing_is_offered() {
        insta::assert_snapshot!(says("no-event-time", &job("id BIGINT", "filesystem")), @r#"
        error[no-event-time]: table `t` has no event time
         --> job.sql:1:14
          |
        1 | CREATE TABLE t (id BIGINT) WITH ('connector' = 'filesystem', 'path' = '/t', 'format' = 'json');
          |              ^ no watermark, and no column that says by itself when the row happened
        2 | CREATE TABLE s (id BIGINT) WITH ('connector' = 'print');
        3 | INSERT INTO s SELECT id FROM t;
          |             - an INSERT writes its rows here
          |
          = note: the gate compares each row's event time with the cutover
          = note: metadata 'file.modification-time': TIMESTAMP_LTZ(3) NOT NULL: metadata of the connector: when the file was last written: one time for all of its rows, another one if it is copied (score 10)
          = help: tidegate.toml:
                  [tables.t]
                  metadata = "file.modification-time"
        "#);
    }

    #[test]
    fn something_is() {
        silent(
            "no-event-time",
            &[
                &job("id BIGINT", "kafka"),
                &job("id BIGINT, ts TIMESTAMP(3)", "filesystem"),
                &job(
                    "id BIGINT, ms BIGINT, ts AS TO_TIMESTAMP_LTZ(ms, 3), WATERMARK FOR ts AS ts",
                    "filesystem",
                ),
                "CREATE TABLE t (id BIGINT) WITH ('connector' = 'filesystem', 'path' = '/t', 'format' = 'json');",
            ],
        );
    }
}
