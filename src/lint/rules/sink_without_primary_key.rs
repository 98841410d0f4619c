//! A table without a primary key where there has to be one.
//!
//! ## What it does
//! Reports `upsert-kafka` tables without a primary key, and INSERTs whose query updates its rows and whose sink has none. What
//! is known to take only insertions is reported as `updating-into-append-sink`.
//!
//! ## Why is this bad?
//! Flink refuses such an `upsert-kafka` table: "'upsert-kafka' tables require to define a PRIMARY KEY constraint" (Flink docs,
//! "Upsert Kafka SQL Connector", "Primary Key Constraints"), and `jdbc` a query that updates its rows into such a table:
//! "please declare primary key for sink table when query contains update/delete record" (apache/flink-connector-jdbc,
//! `JdbcDynamicTableSink`). Other sinks are planned, such as `print`, and get each update as a retraction and a new row.
//! No gate can be right there: which of two rows stays is for the key to say.
//!
//! ## Example
//! ```sql
//! CREATE TABLE orders (city STRING, amount BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
//! WITH ('connector' = 'kafka', 'topic' = 'orders', 'format' = 'json');
//! CREATE TABLE totals (city STRING, amount BIGINT)
//! WITH ('connector' = 'jdbc', 'url' = 'jdbc:postgresql://db/shop', 'table-name' = 'totals');
//! INSERT INTO totals SELECT city, SUM(amount) FROM orders GROUP BY city;
//! ```
//!
//! Use instead:
//! ```sql
//! CREATE TABLE orders (city STRING, amount BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
//! WITH ('connector' = 'kafka', 'topic' = 'orders', 'format' = 'json');
//! CREATE TABLE totals (city STRING, amount BIGINT, PRIMARY KEY (city) NOT ENFORCED)
//! WITH ('connector' = 'jdbc', 'url' = 'jdbc:postgresql://db/shop', 'table-name' = 'totals');
//! INSERT INTO totals SELECT city, SUM(amount) FROM orders GROUP BY city;
//! ```
//!
//! ## Fix
//! None: a database needs the key too.

use crate::catalog::connectors;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Context, Finding};
use crate::time::Reason;
use std::collections::BTreeSet;

pub const FINDING: Finding = Finding::new(
    "sink-without-primary-key",
    Severity::Error,
    Check::Script(check),
);

/// Updating queries are looked at where their gates are planned.
fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let said = context
        .inserts()
        .zip(&context.plan.inserts)
        .filter(|(_, report)| {
            let mut refusals = report.refusals.iter();
            refusals.any(|r| r.reason == Reason::SinkWithoutPrimaryKey)
        });
    let said = said.filter_map(|((at, insert), _)| Some(context.sink(at, insert)?.0));
    let said: BTreeSet<_> = said.collect();
    for declared in context.tables() {
        let table = declared.table;
        let lacks = table.complete && table.primary_key.is_empty();
        let is_used = context.is_mentioned(declared.id) && !said.contains(&declared.id);
        // An ALTER may add the key.
        let is_last = context.catalog.versions(declared.statement).count() == 1;
        if connectors::connector(table) == Some("upsert-kafka") && lacks && is_used && is_last {
            let name = &declared.create.name;
            found.push(
                FINDING
                    .at(name.span, format!("table `{}` of 'upsert-kafka' has no primary key", name.object()))
                    .note("Flink refuses such a table: the primary key becomes the key of the Kafka message")
                    .help("declare it: PRIMARY KEY (…) NOT ENFORCED"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{says, silent};

    const NAME: &str = "sink-without-primary-key";

    fn job(sink: &str, key: &str, query: &str) -> String {
        format!(
            "CREATE TABLE t (id BIGINT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE s (id BIGINT, n BIGINT{key}) WITH ('connector' = '{sink}');
INSERT INTO s {query};
"
        )
    }

    const GROUP: &str = "SELECT id, COUNT(*) FROM t GROUP BY id";

    #[test]
    fn an_updating_query() {
        insta::assert_snapshot!(says(NAME, &job("jdbc", "", GROUP)), @"
        error[sink-without-primary-key]: the query updates its rows, but table `s` has no primary key
         --> job.sql:3:13
          |
        3 | INSERT INTO s SELECT id, COUNT(*) FROM t GROUP BY id;
          |             ^
          |
          = note: an updating query is gated on both sides, which is right only where each key of the query is one row of the sink
          = help: declare the query's key as the sink's PRIMARY KEY (…) NOT ENFORCED
        ");
    }

    #[test]
    fn upsert_kafka() {
        insta::assert_snapshot!(says(NAME, &job("upsert-kafka", "", "SELECT id, id FROM t")), @"
        error[sink-without-primary-key]: table `s` of 'upsert-kafka' has no primary key
         --> job.sql:2:14
          |
        2 | CREATE TABLE s (id BIGINT, n BIGINT) WITH ('connector' = 'upsert-kafka');
          |              ^
          |
          = note: Flink refuses such a table: the primary key becomes the key of the Kafka message
          = help: declare it: PRIMARY KEY (…) NOT ENFORCED
        ");
        assert_eq!(
            says(NAME, &job("upsert-kafka", "", GROUP))
                .matches("error[")
                .count(),
            1
        );
    }

    #[test]
    fn with_a_key_or_without_updates() {
        silent(
            NAME,
            &[
                &job("upsert-kafka", ", PRIMARY KEY (id) NOT ENFORCED", GROUP),
                &job("jdbc", "", "SELECT id, id FROM t"),
                "CREATE TABLE s (id BIGINT) WITH ('connector' = 'upsert-kafka');\nALTER TABLE s ADD PRIMARY KEY (id) NOT ENFORCED;\nINSERT INTO s SELECT 1;",
            ],
        );
    }
}
