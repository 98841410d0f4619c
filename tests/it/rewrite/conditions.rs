//! What makes a gate best-effort: one line a case.

use super::{TABLES, diagnostics};
use std::fmt::Write;
use tidegate::Verdict;
use tidegate::config::Settings;

const PASSING: &str = "INSERT INTO trips SELECT id, ts FROM rides;";
const JOINED: &str =
    "INSERT INTO trips SELECT r.id, r.ts FROM rides r JOIN tours t ON r.id = t.id;";

#[test]
fn conditions() {
    let connector = |options: &str| {
        format!("WITH ('connector' = 'kafka', 'topic' = 'x', 'format' = 'json'{options})")
    };
    let into = |options: &str| {
        format!(
            "CREATE TABLE snk (id BIGINT, ts TIMESTAMP(3)) {};\nINSERT INTO snk SELECT id, ts FROM rides;",
            connector(options)
        )
    };
    let from = |options: &str| {
        format!(
            "CREATE TABLE src (id BIGINT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts) {};\nINSERT INTO trips SELECT id, ts FROM src;",
            connector(options)
        )
    };
    let looked_up = "CREATE TABLE names (city STRING, name STRING) WITH ('connector' = 'jdbc', 'url' = 'u', 'table-name' = 'n');\n\
        CREATE VIEW found AS SELECT r.* FROM (SELECT *, PROCTIME() AS pt FROM rides) AS r \
        JOIN names FOR SYSTEM_TIME AS OF r.pt AS n ON r.city = n.city;\n";
    let cases = [
        ("none", PASSING.to_owned()),
        ("idle timeout", format!("SET 'table.exec.source.idle-timeout' = '5 s';\n{PASSING}")),
        ("idle timeout of zero", format!("SET 'table.exec.source.idle-timeout' = '0 ms';\n{PASSING}")),
        ("idle timeout set afterwards", format!("{PASSING}\nSET 'table.exec.source.idle-timeout' = '5 s';")),
        ("idle timeout of a table", from(", 'scan.watermark.idle-timeout' = '1 min'")),
        (
            "idle timeout in a hint",
            "INSERT INTO trips SELECT id, ts FROM rides /*+ OPTIONS('scan.watermark.idle-timeout' = '1 min') */;".to_owned(),
        ),
        ("state TTL, no state", format!("SET 'table.exec.state.ttl' = '1 d';\n{PASSING}")),
        ("state TTL", format!("SET 'table.exec.state.ttl' = '1 d';\n{JOINED}")),
        ("exactly once", into(", 'sink.delivery-guarantee' = 'exactly-once'")),
        ("at least once", into(", 'sink.delivery-guarantee' = 'at-least-once'")),
        ("Doris", into("").replace("'kafka'", "'doris'")),
        ("Doris without phases", into(", 'sink.enable-2pc' = 'false'").replace("'kafka'", "'doris'")),
        (
            "partition commit",
            "CREATE TABLE days (id BIGINT, ts TIMESTAMP(3), d STRING) PARTITIONED BY (d) WITH ('connector' = 'filesystem', \
             'path' = 'p', 'format' = 'json', 'sink.partition-commit.policy.kind' = 'success-file');\n\
             INSERT INTO days SELECT id, ts, DATE_FORMAT(ts, 'yyyy-MM-dd') FROM rides;"
                .to_owned(),
        ),
        ("lookup, no state above", format!("{looked_up}INSERT INTO trips SELECT id, ts FROM found;")),
        (
            "lookup below a window",
            format!(
                "{looked_up}INSERT INTO counts SELECT window_start, window_end, city, COUNT(*) FROM TABLE(TUMBLE(TABLE \
                 found, DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY window_start, window_end, city;"
            ),
        ),
        ("generated rows", from("").replace("'kafka'", "'datagen'")),
        ("unknown connector", from("").replace("'kafka'", "'home-made'")),
        (
            "random rows, no state",
            "INSERT INTO trips SELECT id, ts FROM rides WHERE RAND() < 0.5;".to_owned(),
        ),
        (
            "random rows joined",
            "INSERT INTO trips SELECT r.id, r.ts FROM (SELECT * FROM rides WHERE RAND() < 0.5) AS r JOIN tours t ON r.id = t.id;".to_owned(),
        ),
        (
            "clock above a join",
            "INSERT INTO trips SELECT r.id, LOCALTIMESTAMP AS seen FROM rides r JOIN tours t ON r.id = t.id WHERE r.fare < RAND();".to_owned(),
        ),
        (
            "random join",
            "INSERT INTO trips SELECT r.id, r.ts FROM rides r JOIN tours t ON r.id = t.id AND RAND() < 0.5;".to_owned(),
        ),
        (
            "windows of instants",
            "INSERT INTO counts SELECT window_start, window_end, city, COUNT(*) FROM TABLE(TUMBLE(TABLE pings, \
             DESCRIPTOR(seen), INTERVAL '1' HOUR)) GROUP BY window_start, window_end, city;"
                .to_owned(),
        ),
    ];
    let mut out = String::new();
    for (name, script) in cases {
        let script = format!("{TABLES}{script}\n");
        let done = tidegate::rewrite(&script, &Settings::default());
        let found = match done.inserts.last().map(|i| &i.verdict) {
            Some(Verdict::Exact) => "exact".to_owned(),
            Some(Verdict::BestEffort { conditions }) => {
                let shown =
                    |c: &tidegate::plan::Condition| format!("{}({})", c.kind.name(), c.detail);
                conditions.iter().map(shown).collect::<Vec<_>>().join(", ")
            }
            _ => diagnostics(&script, &done.diagnostics),
        };
        let _ = writeln!(out, "{name}: {found}");
    }
    insta::assert_snapshot!(out, @r"
    none: exact
    idle timeout: idle-timeout(table.exec.source.idle-timeout)
    idle timeout of zero: exact
    idle timeout set afterwards: exact
    idle timeout of a table: idle-timeout(scan.watermark.idle-timeout)
    idle timeout in a hint: idle-timeout(scan.watermark.idle-timeout)
    state TTL, no state: exact
    state TTL: state-ttl(table.exec.state.ttl)
    exactly once: transactional-sink('sink.delivery-guarantee' = 'exactly-once')
    at least once: exact
    Doris: transactional-sink('sink.enable-2pc' = 'true')
    Doris without phases: exact
    partition commit: partition-commit(sink.partition-commit.policy.kind)
    lookup, no state above: exact
    lookup below a window: non-deterministic-rows(PROCTIME gives each run another value), non-deterministic-rows(looks up `n` as it is when the row comes by)
    generated rows: not-replayable(src)
    unknown connector: unknown-connector(the connector 'home-made' of table `src`)
    random rows, no state: exact
    random rows joined: non-deterministic-rows(RAND gives each run another value)
    clock above a join: exact
    random join: non-deterministic-rows(RAND gives each run another value)
    windows of instants: repeated-hour()
    ");
}
