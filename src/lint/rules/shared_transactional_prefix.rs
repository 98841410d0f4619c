//! Two exactly-once Kafka sinks with one prefix for their transactions.
//!
//! ## What it does
//! Reports INSERTs of a script into `kafka` and `upsert-kafka` tables with `'sink.delivery-guarantee' = 'exactly-once'` that
//! have the same `sink.transactional-id-prefix` and the same brokers: two tables, or two INSERTs into one. That the two
//! deployments of a cutover share the prefix, as they run the same script, is said by `exactly-once-handover`.
//!
//! ## Why is this bad?
//! The ids of a sink's transactions are its prefix and a number. The broker knows a producer by its id: the second one that
//! comes with the same id fences the first one off, and a sink that starts aborts the open transactions under its prefix. Both
//! jobs, or both sinks of one job, fail or lose rows. The prefix "must be unique across all sinks writing to the same broker"
//! (apache/flink-connector-kafka, `ExactlyOnceKafkaWriter`; Flink docs, "Apache Kafka SQL Connector",
//! `sink.transactional-id-prefix`).
//!
//! ## Example
//! ```sql
//! CREATE TABLE clicks (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
//! WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json');
//! CREATE TABLE a (id BIGINT) WITH ('connector' = 'kafka', 'topic' = 'a', 'format' = 'json',
//!   'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = 'clicks');
//! CREATE TABLE b (id BIGINT) WITH ('connector' = 'kafka', 'topic' = 'b', 'format' = 'json',
//!   'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = 'clicks');
//! EXECUTE STATEMENT SET BEGIN
//! INSERT INTO a SELECT id FROM clicks;
//! INSERT INTO b SELECT id FROM clicks;
//! END;
//! ```
//!
//! Use instead:
//! ```sql
//! CREATE TABLE clicks (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
//! WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json');
//! CREATE TABLE a (id BIGINT) WITH ('connector' = 'kafka', 'topic' = 'a', 'format' = 'json',
//!   'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = 'clicks-a');
//! CREATE TABLE b (id BIGINT) WITH ('connector' = 'kafka', 'topic' = 'b', 'format' = 'json',
//!   'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = 'clicks-b');
//! EXECUTE STATEMENT SET BEGIN
//! INSERT INTO a SELECT id FROM clicks;
//! INSERT INTO b SELECT id FROM clicks;
//! END;
//! ```
//!
//! ## Fix
//! None: with another prefix a sink no longer finds the transactions that its savepoint names.

use crate::catalog::{EntryId, connectors};
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Context, Finding};
use crate::text::Span;
use std::collections::BTreeMap;

pub const FINDING: Finding = Finding::new(
    "shared-transactional-prefix",
    Severity::Warning,
    Check::Script(check),
);

const PREFIX: &str = "sink.transactional-id-prefix";
const BROKERS: &str = "properties.bootstrap.servers";

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    // By brokers and prefix: the sink that came first.
    let mut first: BTreeMap<(Option<&String>, &String), (EntryId, Span)> = BTreeMap::new();
    for (at, insert) in context.inserts() {
        let Some((id, table)) = context.sink(at, insert) else {
            continue;
        };
        let kafka = matches!(connectors::connector(table), Some("kafka" | "upsert-kafka"));
        let own = insert
            .hints
            .iter()
            .any(|hint| hint.of(context.text).contains(PREFIX));
        let Some(prefix) = table.options.get(PREFIX).filter(|_| kafka && !own) else {
            continue;
        };
        if connectors::transactional(table).is_none() {
            continue;
        }
        let key = (table.options.get(BROKERS), prefix);
        let Some((other, before)) = first.get(&key).copied() else {
            first.insert(key, (id, insert.target.span));
            continue;
        };
        let name = insert.target.object();
        let (message, place) = if other == id {
            let message =
                format!("two INSERTs into table `{name}` have one prefix for their transactions");
            (message, insert.target.span)
        } else {
            let of_other = context.catalog.entries[other].name.object();
            let message =
                format!("tables `{of_other}` and `{name}` have one prefix for their transactions");
            (
                message,
                context
                    .option_span(id, PREFIX)
                    .unwrap_or(insert.target.span),
            )
        };
        let before = context
            .option_span(other, PREFIX)
            .filter(|_| other != id)
            .unwrap_or(before);
        let mut diagnostic = FINDING
            .at(place, message)
            .related(before, "the same prefix")
            .note("Kafka knows a producer by its transactional id: the second one fences the first one off");
        diagnostic = diagnostic.help(match other == id {
            true => "write both queries with one INSERT, as UNION ALL",
            false => "give each table a prefix of its own",
        });
        found.push(diagnostic);
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{says, silent};

    fn job(a: &str, b: &str, inserts: &str) -> String {
        let table = |name: &str, options: &str| {
            format!(
                "CREATE TABLE {name} (id BIGINT) WITH ('connector' = 'kafka', 'topic' = '{name}', 'format' = 'json', {options});\n"
            )
        };
        format!(
            "{}{}{}{inserts}\n",
            table("t", "'scan.startup.mode' = 'latest-offset'"),
            table("a", a),
            table("b", b)
        )
    }

    const BOTH: &str = "INSERT INTO a SELECT id FROM t;\nINSERT INTO b SELECT id FROM t;";
    const ONCE: &str =
        "'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = 'x'";

    #[test]
    fn two_tables() {
        insta::assert_snapshot!(says("shared-transactional-prefix", &job(ONCE, ONCE, BOTH)), @"
        warning[shared-transactional-prefix]: tables `a` and `b` have one prefix for their transactions
         --> job.sql:3:135
          |
        2 | ....delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = 'x');
          |                                           ------------------------------------ the same prefix
        3 | ....delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = 'x');
          |                                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = note: Kafka knows a producer by its transactional id: the second one fences the first one off
          = help: give each table a prefix of its own
        ");
    }

    #[test]
    fn one_table_twice() {
        let said = says(
            "shared-transactional-prefix",
            &job(
                ONCE,
                "'k' = 'v'",
                "INSERT INTO a SELECT id FROM t;\nINSERT INTO a SELECT 1 FROM t;",
            ),
        );
        insta::assert_snapshot!(said, @"
        warning[shared-transactional-prefix]: two INSERTs into table `a` have one prefix for their transactions
         --> job.sql:5:13
          |
        4 | INSERT INTO a SELECT id FROM t;
          |             - the same prefix
        5 | INSERT INTO a SELECT 1 FROM t;
          |             ^
          |
          = note: Kafka knows a producer by its transactional id: the second one fences the first one off
          = help: write both queries with one INSERT, as UNION ALL
        ");
    }

    #[test]
    fn apart() {
        let other = ONCE.replace("'x'", "'y'");
        let brokers = format!("{ONCE}, 'properties.bootstrap.servers' = 'other:9092'");
        let hinted = "INSERT INTO a SELECT id FROM t;\nINSERT INTO b /*+ OPTIONS('sink.transactional-id-prefix' = 'b') */ SELECT id FROM t;";
        silent(
            "shared-transactional-prefix",
            &[
                &job(ONCE, &other, BOTH),
                &job(ONCE, &brokers, BOTH),
                &job(ONCE, "'sink.transactional-id-prefix' = 'x'", BOTH),
                &job(ONCE, ONCE, hinted),
                &job(ONCE, ONCE, "INSERT INTO a SELECT id FROM t;"),
            ],
        );
    }
}
