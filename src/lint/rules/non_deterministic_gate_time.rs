//! A rowtime that two jobs compute differently.
//!
//! ## What it does
//! Reports queries whose event time comes from the clock or from chance: a watermark on a column computed by
//! CURRENT_TIMESTAMP, PROCTIME, RAND and the like.
//!
//! ## Why is this bad?
//! During a cutover both jobs read a row, each at its own moment. Where the row's time is that moment, one job may see it
//! before the cutover and the other one behind it: the row is written twice, or by neither.
//!
//! ## Example
//! ```sql
//! CREATE TABLE clicks (id BIGINT, ts AS CURRENT_TIMESTAMP, WATERMARK FOR ts AS ts)
//! WITH ('connector' = 'kafka', 'format' = 'json');
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'print');
//! INSERT INTO copies SELECT id FROM clicks;
//! ```
//!
//! Use instead:
//! ```sql
//! CREATE TABLE clicks (id BIGINT, ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL, WATERMARK FOR ts AS ts)
//! WITH ('connector' = 'kafka', 'format' = 'json');
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'print');
//! INSERT INTO copies SELECT id FROM clicks;
//! ```
//!
//! ## Fix
//! None: which time the record itself carries, only its author knows.
//!
//! ## Options
//! `ingestion-time = true` under `[tables.NAME]` accepts the moment of reading, and a gate that is best-effort with it.

use crate::diagnostic::Severity;
use crate::lint::{Check, Finding};

pub const FINDING: Finding =
    Finding::new("non-deterministic-gate-time", Severity::Error, Check::Stage);

#[cfg(test)]
mod tests {
    use crate::lint::testing::{says, silent};

    fn job(columns: &str) -> String {
        format!(
            "CREATE TABLE t (id BIGINT, {columns}, WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka', 'format' = 'json');\n\
             CREATE TABLE s (id BIGINT) WITH ('connector' = 'print');\n\
             INSERT INTO s SELECT id FROM t;\n"
        )
    }

    #[test]
    fn the_clock_is_no_event_time() {
        insta::assert_snapshot!(says("non-deterministic-gate-time", &job("ts AS CURRENT_TIMESTAMP")), @r"
        error[non-deterministic-gate-time]: the rowtime of table `t` (computed by CURRENT_TIMESTAMP) differs between two jobs
         --> job.sql:3:30
          |
        3 | INSERT INTO s SELECT id FROM t;
          |                              ^
          |
          = note: a gate is right only if both jobs give a row the same time
          = help: put the watermark on a time that the record itself carries
        ");
    }

    #[test]
    fn what_the_record_carries_is() {
        silent(
            "non-deterministic-gate-time",
            &[
                &job("ts TIMESTAMP(3)"),
                &job("ts TIMESTAMP(3), seen AS CURRENT_TIMESTAMP"),
                &job("x BIGINT, ts AS TO_TIMESTAMP_LTZ(x, 3)"),
            ],
        );
    }
}
