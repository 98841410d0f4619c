//! An updating query whose key is not the sink's primary key.
//!
//! ## What it does
//! Reports INSERTs whose query updates its rows by other columns than those of the sink's primary key, or has no key among
//! its columns.
//!
//! ## Why is this bad?
//! Several rows of the query then are one row of the sink, and the order in which they come decides which one stays. Flink
//! puts a materializer in between that holds all of them in its state (Flink docs, Configuration,
//! `table.exec.sink.upsert-materialize`), and from 2.3 on asks for ON CONFLICT (run in Flink 2.3.0). No gate can be right: a
//! row that one job writes may take the place of one that belongs to the other.
//!
//! ## Example
//! ```sql
//! CREATE TABLE orders (city STRING, shop STRING, amount BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
//! WITH ('connector' = 'kafka', 'topic' = 'orders', 'format' = 'json');
//! CREATE TABLE totals (city STRING, shop STRING, amount BIGINT, PRIMARY KEY (city) NOT ENFORCED)
//! WITH ('connector' = 'upsert-kafka', 'topic' = 'totals', 'key.format' = 'json', 'value.format' = 'json');
//! INSERT INTO totals SELECT city, shop, SUM(amount) FROM orders GROUP BY city, shop;
//! ```
//!
//! Use instead:
//! ```sql
//! CREATE TABLE orders (city STRING, shop STRING, amount BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
//! WITH ('connector' = 'kafka', 'topic' = 'orders', 'format' = 'json');
//! CREATE TABLE totals (city STRING, shop STRING, amount BIGINT, PRIMARY KEY (city, shop) NOT ENFORCED)
//! WITH ('connector' = 'upsert-kafka', 'topic' = 'totals', 'key.format' = 'json', 'value.format' = 'json');
//! INSERT INTO totals SELECT city, shop, SUM(amount) FROM orders GROUP BY city, shop;
//! ```
//!
//! ## Fix
//! None: whether the key or the query is meant, only its author knows.

use crate::diagnostic::Severity;
use crate::lint::{Check, Finding};

pub const FINDING: Finding = Finding::new("upsert-key-mismatch", Severity::Error, Check::Stage);

#[cfg(test)]
mod tests {
    use crate::lint::testing::{says, silent};

    fn job(key: &str, query: &str) -> String {
        format!(
            "CREATE TABLE t (a STRING, b STRING, v BIGINT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE s (a STRING, b STRING, v BIGINT, PRIMARY KEY ({key}) NOT ENFORCED) WITH ('connector' = 'upsert-kafka');
INSERT INTO s {query};
"
        )
    }

    #[test]
    fn it_is_found() {
        let said = says(
            "upsert-key-mismatch",
            &job("a", "SELECT a, b, SUM(v) FROM t GROUP BY a, b"),
        );
        insta::assert_snapshot!(said, @"
        error[upsert-key-mismatch]: the query updates its rows by `a`, `b`, the key of `s` is `a`
         --> job.sql:3:13
          |
        3 | INSERT INTO s SELECT a, b, SUM(v) FROM t GROUP BY a, b;
          |             ^
          |
          = note: an updating query is gated on both sides, which is right only where each key of the query is one row of the sink
          = help: the sink's PRIMARY KEY has to be the query's key, whole and alone
        ");
        assert_ne!(
            says(
                "upsert-key-mismatch",
                &job("a", "SELECT UPPER(a), b, SUM(v) FROM t GROUP BY a, b")
            ),
            ""
        );
    }

    #[test]
    fn the_same_key_or_no_updates() {
        silent(
            "upsert-key-mismatch",
            &[
                &job("b, a", "SELECT a, b, SUM(v) FROM t GROUP BY a, b"),
                &job("a", "SELECT a, b, v FROM t"),
            ],
        );
    }
}
