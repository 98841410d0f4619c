//! A sink that writes in transactions, which two jobs of a cutover have to keep apart.
//!
//! ## What it does
//! Reports tables that the script writes to with `'sink.delivery-guarantee' = 'exactly-once'` (or the older
//! `sink.semantic`), and `doris` tables whose `sink.enable-2pc` is not turned off.
//!
//! ## Why is this bad?
//! Alone the job is fine. In a cutover both jobs start from one savepoint, and so with the state of one writer. The Kafka
//! writer, when it starts, aborts the open transactions under its own prefix and under the prefix that it finds in its state,
//! also those of a job that still runs (apache/flink-connector-kafka, `ExactlyOnceKafkaWriter`; not run): rows that the
//! outgoing job has written since its last checkpoint are lost, whether or not the two jobs have different prefixes. And what
//! the outgoing job has not committed when it is taken down stays unseen by readers with `read_committed`, and holds them
//! back until the transaction times out. FLIP-504 leaves exactly-once sinks open.
//!
//! ## Example
//! ```sql
//! CREATE TABLE clicks (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
//! WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json');
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'kafka', 'topic' = 'copies', 'format' = 'json',
//!   'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = 'copies');
//! INSERT INTO copies SELECT id FROM clicks;
//! ```
//!
//! Use instead, with readers that take a row once by its key:
//! ```sql
//! CREATE TABLE clicks (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
//! WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json');
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'kafka', 'topic' = 'copies', 'format' = 'json',
//!   'key.format' = 'json', 'key.fields' = 'id', 'sink.delivery-guarantee' = 'at-least-once');
//! INSERT INTO copies SELECT id FROM clicks;
//! ```
//!
//! ## Fix
//! None. Whoever stays with exactly-once tries the cutover first, and stops the outgoing job with a savepoint, so that it
//! commits; see `docs/cutover.md`.

use crate::catalog::connectors;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Context, Finding};
use std::collections::BTreeSet;

pub const FINDING: Finding = Finding::new(
    "exactly-once-handover",
    Severity::Warning,
    Check::Script(check),
);

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut seen = BTreeSet::new();
    for (at, insert) in context.inserts() {
        let Some((id, table)) = context.sink(at, insert) else {
            continue;
        };
        let Some((key, _)) = connectors::transactional(table) else {
            continue;
        };
        if !seen.insert(id) {
            continue;
        }
        let name = insert.target.object();
        let place = context.option_span(id, key).unwrap_or(insert.target.span);
        let mut diagnostic =
            FINDING.at(place, format!("table `{name}` is written in transactions"));
        if connectors::connector(table) == Some("doris") {
            diagnostic = diagnostic
                .label(format!("`{key}` is on"))
                .note("both jobs of a cutover start from one savepoint, with the labels of one writer")
                .help("try the cutover first, or turn it off: 'sink.enable-2pc' = 'false'");
        } else {
            diagnostic = diagnostic
                .note("both jobs of a cutover start from one savepoint: the incoming one aborts the transactions that it finds there, also open ones of the outgoing job")
                .note("another prefix in each job does not help alone, because the old one is in the savepoint")
                .help("prefer 'at-least-once' with readers that take a row once by its key, or try the cutover first");
        }
        found.push(diagnostic);
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{says, silent};

    fn job(connector: &str, options: &str) -> String {
        format!(
            "CREATE TABLE t (id BIGINT) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE s (id BIGINT) WITH ('connector' = '{connector}', 'format' = 'json'{options});
INSERT INTO s SELECT id FROM t;
INSERT INTO s SELECT id + 1 FROM t;
"
        )
    }

    #[test]
    fn kafka() {
        insta::assert_snapshot!(says("exactly-once-handover", &job("kafka", ",\n  'sink.delivery-guarantee' = 'exactly-once'")), @"
        warning[exactly-once-handover]: table `s` is written in transactions
         --> job.sql:3:3
          |
        3 |   'sink.delivery-guarantee' = 'exactly-once');
          |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = note: both jobs of a cutover start from one savepoint: the incoming one aborts the transactions that it finds there, also open ones of the outgoing job
          = note: another prefix in each job does not help alone, because the old one is in the savepoint
          = help: prefer 'at-least-once' with readers that take a row once by its key, or try the cutover first
        ");
        assert_ne!(
            says(
                "exactly-once-handover",
                &job("upsert-kafka", ", 'sink.semantic' = 'EXACTLY-ONCE'")
            ),
            ""
        );
    }

    #[test]
    fn doris() {
        insta::assert_snapshot!(says("exactly-once-handover", &job("doris", "")), @"
        warning[exactly-once-handover]: table `s` is written in transactions
         --> job.sql:3:13
          |
        3 | INSERT INTO s SELECT id FROM t;
          |             ^ `sink.enable-2pc` is on
          |
          = note: both jobs of a cutover start from one savepoint, with the labels of one writer
          = help: try the cutover first, or turn it off: 'sink.enable-2pc' = 'false'
        ");
    }

    #[test]
    fn without_transactions() {
        silent(
            "exactly-once-handover",
            &[
                &job("kafka", ", 'sink.delivery-guarantee' = 'at-least-once'"),
                &job("doris", ", 'sink.enable-2pc' = 'false'"),
                "CREATE TABLE s (id BIGINT) WITH ('connector' = 'kafka', 'sink.delivery-guarantee' = 'exactly-once'); SELECT * FROM s;",
            ],
        );
    }
}
