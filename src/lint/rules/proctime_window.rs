//! A window or a pattern that goes by processing time.
//!
//! ## What it does
//! Reports windows and MATCH_RECOGNIZE on a PROCTIME column in a query that an INSERT writes.
//!
//! ## Why is this bad?
//! Which rows fall into such a window depends on when a job reads them, and two jobs never read at the same time. No
//! cutover is right for both: the script cannot be gated. Without a cutover too, results change with each restart (Flink
//! docs, "Time Attributes", "Processing time").
//!
//! ## Example
//! ```sql
//! CREATE TABLE clicks (id BIGINT, at_work AS PROCTIME()) WITH ('connector' = 'kafka', 'format' = 'json');
//! CREATE TABLE counts (n BIGINT) WITH ('connector' = 'print');
//! INSERT INTO counts SELECT COUNT(*)
//! FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(at_work), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;
//! ```
//!
//! Use instead:
//! ```sql
//! CREATE TABLE clicks (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
//! WITH ('connector' = 'kafka', 'format' = 'json');
//! CREATE TABLE counts (n BIGINT) WITH ('connector' = 'print');
//! INSERT INTO counts SELECT COUNT(*)
//! FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;
//! ```
//!
//! ## Fix
//! None: another time means another result.

use crate::diagnostic::Severity;
use crate::lint::{Check, Finding};

pub const FINDING: Finding = Finding::new("proctime-window", Severity::Error, Check::Stage);

#[cfg(test)]
mod tests {
    use crate::lint::testing::{says, silent};

    fn job(query: &str) -> String {
        format!(
            "CREATE TABLE t (id BIGINT, p AS PROCTIME(), ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka', 'format' = 'json');\n\
             CREATE TABLE s (n BIGINT) WITH ('connector' = 'print');\n\
             INSERT INTO s {query};\n"
        )
    }

    fn window(time: &str) -> String {
        job(&format!(
            "SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR({time}), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end"
        ))
    }

    #[test]
    fn windows_of_every_kind() {
        insta::assert_snapshot!(says("proctime-window", &window("p")), @r"
        error[proctime-window]: a window or a pattern goes by the processing time `p`
         --> job.sql:3:69
          |
        3 | INSERT INTO s SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(p), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;
          |                                                                     ^
          |
          = note: a gate is right only if both jobs give a row the same time
          = help: use a rowtime: a column with a WATERMARK
        ");
        let legacy = job("SELECT COUNT(*) FROM t GROUP BY TUMBLE(p, INTERVAL '1' MINUTE)");
        assert_ne!(says("proctime-window", &legacy), "");
    }

    #[test]
    fn rowtime_is_fine() {
        silent(
            "proctime-window",
            &[&window("ts"), &job("SELECT id FROM t")],
        );
    }
}
