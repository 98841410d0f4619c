//! Columns of a query that go to sink columns of other names.
//!
//! ## What it does
//! Reports an INSERT where a column of the query fills a sink column of another name, although the sink has one of its own
//! name that another column of the query fills. Columns that the sink does not have by name are not reported: renaming by
//! position is common.
//!
//! ## Why is this bad?
//! Flink fills the columns of a sink by position, not by name (Flink docs, "INSERT Statement"; run in Flink 1.20.5 and
//! 2.3.0), and says nothing where the types fit. The values are swapped for good.
//!
//! ## Example
//! ```sql
//! CREATE TABLE trips (pickup STRING, dropoff STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
//! WITH ('connector' = 'kafka', 'topic' = 'trips', 'format' = 'json');
//! CREATE TABLE copies (pickup STRING, dropoff STRING) WITH ('connector' = 'print');
//! INSERT INTO copies SELECT dropoff, pickup FROM trips;
//! ```
//!
//! Use instead:
//! ```sql
//! CREATE TABLE trips (pickup STRING, dropoff STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
//! WITH ('connector' = 'kafka', 'topic' = 'trips', 'format' = 'json');
//! CREATE TABLE copies (pickup STRING, dropoff STRING) WITH ('connector' = 'print');
//! INSERT INTO copies (dropoff, pickup) SELECT dropoff, pickup FROM trips;
//! ```
//!
//! ## Fix
//! Unsafe: names the columns of the sink in the query's order, where the query has all of them. Other values than before are
//! then written to them.

use crate::diagnostic::Severity;
use crate::lint::{Check, Finding};

pub const FINDING: Finding = Finding::new(
    "positional-insert-mismatch",
    Severity::Warning,
    Check::Stage,
);

#[cfg(test)]
mod tests {
    use crate::lint::testing::{fixed, says, silent};

    fn job(insert: &str) -> String {
        format!(
            "CREATE TABLE t (a BIGINT, b BIGINT, c BIGINT) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE s (a BIGINT, b BIGINT) WITH ('connector' = 'print');
INSERT INTO {insert};
"
        )
    }

    #[test]
    fn swapped_columns() {
        let script = job("s SELECT b, a FROM t");
        insta::assert_snapshot!(says("positional-insert-mismatch", &script), @"
        warning[positional-insert-mismatch]: `b` goes to column `a` of `s`, which has a column `b` too
         --> job.sql:3:22
          |
        2 | CREATE TABLE s (a BIGINT, b BIGINT) WITH ('connector' = 'print');
          |                 - `a` is declared here
        3 | INSERT INTO s SELECT b, a FROM t;
          |                      ^ column 1 of the query
          |
          = note: Flink fills the columns of a sink by position, not by name
          = help: if the names are right: `INSERT INTO s (`b`, `a`)`
        help: fill the columns by their names (may change the meaning)
          |
        3 | INSERT INTO s (`b`, `a`) SELECT b, a FROM t;
          |               ++++++++++
        ");
        let fixed = fixed("positional-insert-mismatch", &script);
        assert_eq!(
            fixed.lines().last(),
            Some("INSERT INTO s (`b`, `a`) SELECT b, a FROM t;")
        );
    }

    #[test]
    fn in_order_or_of_other_names() {
        silent(
            "positional-insert-mismatch",
            &[
                &job("s SELECT a, b FROM t"),
                &job("s (b, a) SELECT b, a FROM t"),
                &job("s SELECT c, a AS x FROM t"),
                &job("s SELECT c, a FROM t"),
            ],
        );
    }
}
