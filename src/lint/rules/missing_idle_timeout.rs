//! A source with partitions, and nothing that takes an idle one out of the watermark.
//!
//! ## What it does
//! Reports tables of Kafka, Pulsar and Kinesis that an INSERT reads by event time, in a script where neither
//! `scan.watermark.idle-timeout` nor `table.exec.source.idle-timeout` is set.
//!
//! ## Why is this bad?
//! Such a source makes a watermark for each partition, and its own is the lowest of them. A partition without records
//! holds it back, and with it every window, join and cutover of the job (Flink docs, "Generating Watermarks", "Dealing
//! With Idle Sources"; "Apache Kafka SQL Connector", "Source Per-Partition Watermarks").
//!
//! Where every partition always has records, nothing is missing, and an idle timeout has a price of its own: see
//! `idle-timeout-loss`. The rule is off unless it is asked for.
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
//! CREATE TABLE clicks (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
//! WITH ('connector' = 'kafka', 'format' = 'json', 'scan.watermark.idle-timeout' = '1 min');
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'print');
//! INSERT INTO copies SELECT id FROM clicks;
//! ```
//!
//! ## Fix
//! None: how long a partition may be silent before it is left out depends on the data.
//!
//! ## Options
//! `idle-timeout` under `[watermark]` or `[tables.NAME]` adds the option.

use crate::catalog::connectors;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Context, Finding};
use crate::plan::{IDLE_TIMEOUT, SOURCE_IDLE_TIMEOUT, is_on};

pub const FINDING: Finding =
    Finding::new("missing-idle-timeout", Severity::Note, Check::Script(check)).off_by_default();

/// Their sources make a watermark for each partition, shard or topic.
const PARTITIONED: [&str; 4] = ["kafka", "upsert-kafka", "pulsar", "kinesis"];

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let settings = context.set_to(SOURCE_IDLE_TIMEOUT);
    if settings.iter().any(|(_, s)| is_on(&s.value.value))
        || context.hints_with(IDLE_TIMEOUT).next().is_some()
    {
        return;
    }
    for (id, entry, table) in context.streams() {
        let connector = connectors::connector(table).filter(|c| PARTITIONED.contains(c));
        let (Some(connector), None) = (
            connector,
            context.option(id, IDLE_TIMEOUT).filter(|v| is_on(v)),
        ) else {
            continue;
        };
        let name = entry.name.object();
        found.push(
            FINDING
                .at(entry.name.span, format!("one idle partition of table `{name}` holds back the watermark"))
                .label(format!("'{connector}', without an idle timeout"))
                .note("the watermark of a source is the lowest of its partitions (Flink docs, Generating Watermarks)")
                .note("with an idle timeout, rows that come back late may be lost at a cutover: see idle-timeout-loss")
                .help(format!("if a partition may be silent: '{IDLE_TIMEOUT}' = '1 min' in its options")),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{says, silent};

    fn job(options: &str, before: &str) -> String {
        format!(
            "{before}CREATE TABLE t (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ({options});\n\
             CREATE TABLE s (id BIGINT) WITH ('connector' = 'print');\n\
             INSERT INTO s SELECT id FROM t;\n"
        )
    }

    #[test]
    fn a_partition_may_be_idle() {
        insta::assert_snapshot!(says("missing-idle-timeout", &job("'connector' = 'kafka', 'format' = 'json'", "")), @r"
        note[missing-idle-timeout]: one idle partition of table `t` holds back the watermark
         --> job.sql:1:14
          |
        1 | CREATE TABLE t (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka', 'format' = 'json');
          |              ^ 'kafka', without an idle timeout
          |
          = note: the watermark of a source is the lowest of its partitions (Flink docs, Generating Watermarks)
          = note: with an idle timeout, rows that come back late may be lost at a cutover: see idle-timeout-loss
          = help: if a partition may be silent: 'scan.watermark.idle-timeout' = '1 min' in its options
        ");
        let off = job(
            "'connector' = 'kafka', 'scan.watermark.idle-timeout' = '0 s'",
            "SET 'table.exec.source.idle-timeout' = '0 ms';\n",
        );
        assert_ne!(says("missing-idle-timeout", &off), "");
    }

    #[test]
    fn it_is_seen_to() {
        let kafka = "'connector' = 'kafka', 'format' = 'json'";
        silent(
            "missing-idle-timeout",
            &[
                &job(
                    &format!("{kafka}, 'scan.watermark.idle-timeout' = '1 min'"),
                    "",
                ),
                &job(kafka, "SET 'table.exec.source.idle-timeout' = '30 s';\n"),
                &job(kafka, "").replace(
                    "FROM t",
                    "FROM t /*+ OPTIONS('scan.watermark.idle-timeout'='1s') */",
                ),
                &job(
                    "'connector' = 'filesystem', 'path' = '/t', 'format' = 'json'",
                    "",
                ),
                "CREATE TABLE t (ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka');",
            ],
        );
    }
}
