//! A gate behind the sources of a query that keeps state.
//!
//! ## What it does
//! Reports INSERTs that cannot be gated right behind their sources, where `gate.position = "after-source"` asks for that: an
//! operator of the query keeps state. Only windows that lie on one side of the cutover are fine, those of TUMBLE and
//! CUMULATE.
//!
//! ## Why is this bad?
//! In each job the operator misses the rows that belong to the other one: a count is too small, a join finds no partner, and
//! both jobs write a row where the whole input makes one (run in Flink 2.3.0: of a window that the cutover cuts each job
//! writes a part). FLIP-504 leaves the choice of the place to the user.
//!
//! ## Example
//! With this configuration:
//! ```toml
//! [gate]
//! position = "after-source"
//! ```
//!
//! ```sql
//! CREATE TABLE orders (city STRING, amount BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
//! WITH ('connector' = 'kafka', 'topic' = 'orders', 'format' = 'json');
//! CREATE TABLE totals (city STRING, amount BIGINT, PRIMARY KEY (city) NOT ENFORCED)
//! WITH ('connector' = 'upsert-kafka', 'topic' = 'totals', 'key.format' = 'json', 'value.format' = 'json');
//! INSERT INTO totals SELECT city, SUM(amount) FROM orders GROUP BY city;
//! ```
//!
//! Use instead `position = "before-sink"`, which is the default, or a query without state:
//! ```sql
//! CREATE TABLE orders (city STRING, amount BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
//! WITH ('connector' = 'kafka', 'topic' = 'orders', 'format' = 'json');
//! CREATE TABLE large (city STRING, amount BIGINT)
//! WITH ('connector' = 'kafka', 'topic' = 'large', 'format' = 'json');
//! INSERT INTO large SELECT city, amount FROM orders WHERE amount > 100;
//! ```
//!
//! ## Fix
//! None.
//!
//! ## Options
//! `gate.position`

use crate::diagnostic::Severity;
use crate::lint::{Check, Finding};

pub const FINDING: Finding =
    Finding::new("gate-after-stateful-source", Severity::Error, Check::Stage);

#[cfg(test)]
mod tests {
    use crate::lint::rules::by_name;
    use crate::lint::testing::{for_examples, says_with};

    fn says(query: &str) -> String {
        let text = format!(
            "CREATE TABLE t (id BIGINT, v BIGINT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE s (id BIGINT, v BIGINT) WITH ('connector' = 'print');
INSERT INTO s {query};
"
        );
        let rule = by_name("gate-after-stateful-source").unwrap();
        says_with(rule.name(), &text, &for_examples(rule))
    }

    #[test]
    fn what_keeps_state() {
        insta::assert_snapshot!(says("SELECT a.id, b.v FROM t a JOIN t b ON a.id = b.id"), @r#"
        error[gate-after-stateful-source]: a gate behind the sources takes rows away from regular join, which keeps state
         --> job.sql:3:46
          |
        3 | INSERT INTO s SELECT a.id, b.v FROM t a JOIN t b ON a.id = b.id;
          |                                              ^^^
          |
          = note: in each job the operator would miss the rows that belong to the other one; of windows only those of TUMBLE and CUMULATE have an edge at the cutover
          = help: leave the gate before the sink: gate.position = "before-sink"
        "#);
        let hop = "SELECT id, COUNT(*) FROM TABLE(HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '5' MINUTE)) GROUP BY id, window_start, window_end";
        assert_ne!(says(hop), "");
    }

    #[test]
    fn what_does_not() {
        assert_eq!(says("SELECT id, v + 1 FROM t WHERE v > 0"), "");
        assert_eq!(
            says(
                "SELECT id, COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY id, window_start, window_end"
            ),
            ""
        );
    }
}
