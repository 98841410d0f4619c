//! A sink's primary key against the key by which the query's rows are unique.
//!
//! Flink 2.3 refuses an INSERT into a sink that writes by key where no key of the query's rows lies within the sink's
//! primary key, unless the statement says ON CONFLICT.
//! Source: run in Flink 2.3.0 (47 queries into sinks with other keys); Flink 1.20.5 takes all of them.

use crate::catalog::{StatementId, Table, connectors};
use crate::config::FlinkVersion;
use crate::diagnostic::Diagnostic;
use crate::plan::Input;
use crate::syntax::{Insert, StatementKind};
use crate::time::{Changelog, ColumnTime, QueryTime};

/// Sinks that take updates by key whatever the query yields.
/// Source: `getChangelogMode` of the connectors' table sinks.
const BY_KEY: [&str; 2] = ["upsert-kafka", "jdbc"];

/// Sinks that take what the query yields: insertions alone, or updates by key.
/// Source: likewise.
const AS_ASKED: [&str; 4] = [
    "elasticsearch-6",
    "elasticsearch-7",
    "mongodb",
    "opensearch",
];

/// Options that switch the rule off, with the values that do.
/// Source: Flink docs, Configuration; run in Flink 2.3.0.
const OFF: [(&str, &str); 3] = [
    ("table.exec.sink.require-on-conflict", "false"),
    ("table.exec.sink.upsert-materialize", "NONE"),
    ("execution.runtime-mode", "batch"),
];

/// What is said about an INSERT whose query yields `time`.
pub fn check(
    input: Input<'_>,
    insert: &Insert,
    at: StatementId,
    time: &QueryTime,
) -> Option<Diagnostic> {
    if input.settings.flink < FlinkVersion::V2_3 || insert.on_conflict.is_some() || off(input, at) {
        return None;
    }
    let table = input.catalog.resolve(&insert.target.path(), at)?.table()?;
    if !table.complete || table.primary_key.is_empty() || !writes_by_key(table, time) {
        return None;
    }
    let key = &table.primary_key;
    let filled = filled(insert, table);
    let of_key: Vec<usize> = (0..filled.len())
        .filter(|index| key.contains(&filled[*index]))
        .collect();
    let why = match time.changelog.as_ref()? {
        Changelog::Upsert { key: own } => {
            let foreign = |index: &&usize| filled.get(**index).is_none_or(|c| !key.contains(c));
            let foreign = own.iter().find(foreign)?;
            match time.columns.as_ref().and_then(|all| all.get(*foreign)) {
                Some(column) => format!(
                    "it updates its rows by `{}`, which is not part of it",
                    column.name
                ),
                None => "it updates its rows by another".to_owned(),
            }
        }
        _ if has_keys(input, time, &of_key) => return None,
        Changelog::Retract => "it takes rows back, by no key".to_owned(),
        Changelog::Append => "nothing says that it yields one row for each".to_owned(),
    };
    let names: Vec<_> = key.iter().map(|k| format!("`{k}`")).collect();
    let sink = insert.target.object();
    Some(
        Diagnostic::warning(
            "on-conflict-needed",
            insert.target.span,
            format!(
                "Flink {} refuses this INSERT without ON CONFLICT: the key of `{sink}` is not one of the query: {why}",
                input.settings.flink
            ),
        )
        .label(format!("PRIMARY KEY ({})", names.join(", ")))
        .help(
            "write `ON CONFLICT DO DEDUPLICATE` at its end, or `DO ERROR` or `DO NOTHING`, which need a watermark on \
             every source",
        )
        .help("or keep what Flink did before 2.3: `SET 'table.exec.sink.require-on-conflict' = 'false';`"),
    )
}

/// Operators that leave rows without a key.
const KEYLESS: [&str; 7] = [
    "regular join",
    "interval join",
    "lookup join",
    "OVER",
    "table function",
    "temporal join",
    "UNION ALL",
];

const WINDOWS: [&str; 4] = ["TUMBLE", "HOP", "CUMULATE", "SESSION"];

fn off(input: Input<'_>, at: StatementId) -> bool {
    let before = input.script.statements.iter().take(at);
    let set = before.filter_map(|s| match &s.kind {
        StatementKind::Set(Some(set)) => Some((&*set.key.value, &*set.value.value)),
        _ => None,
    });
    let mut last = [false; OFF.len()];
    for (key, value) in set {
        if let Some(index) = OFF.iter().position(|(k, _)| *k == key) {
            last[index] = OFF[index].1.eq_ignore_ascii_case(value);
        }
    }
    last.contains(&true)
}

fn writes_by_key(table: &Table, time: &QueryTime) -> bool {
    let Some(connector) = connectors::connector(table) else {
        return false;
    };
    let updates = !matches!(time.changelog, Some(Changelog::Append) | None);
    BY_KEY.contains(&connector) || updates && AS_ASKED.contains(&connector)
}

/// May the rows have a key that is not known here: that of a table, or one that windows, groups or a ROW_NUMBER leave?
fn has_keys(input: Input<'_>, time: &QueryTime, of_key: &[usize]) -> bool {
    // The key of a window aggregate holds the bounds of its windows.
    let bound = |index: &usize| {
        let column = time.columns.as_ref().and_then(|all| all.get(*index));
        column.is_none_or(|c| c.time != ColumnTime::None)
    };
    let windows = !of_key.iter().any(bound);
    let keyless = |name: &str| {
        name.starts_with("source ")
            || KEYLESS.contains(&name)
            || windows && (name == "window aggregate" || WINDOWS.contains(&name))
    };
    if !time.facts.operators.iter().all(|o| keyless(&o.name)) {
        return true;
    }
    let keyed = |id: &usize| {
        let table = input.catalog.entries[*id].table();
        table.is_none_or(|t| !t.complete || !t.primary_key.is_empty())
    };
    let read = time.facts.names.iter().map(|(_, id)| id);
    read.chain(&time.facts.sources)
        .any(|id| match input.catalog.entries[*id].object {
            crate::catalog::Object::View { .. } => false,
            crate::catalog::Object::Table(_) => keyed(id),
        })
}

/// The sink's columns that the query's fill, in its order.
fn filled(insert: &Insert, table: &Table) -> Vec<String> {
    let fixed = |name: &str| {
        let mut partition = insert.partition.iter().flat_map(|p| &p.columns);
        partition.any(|c| c.value == name)
    };
    let named: Vec<String> = match &insert.columns {
        Some(list) => list.columns.iter().map(|c| c.value.clone()).collect(),
        None => table.sink_columns().map(|c| c.name.clone()).collect(),
    };
    named.into_iter().filter(|name| !fixed(name)).collect()
}

#[cfg(test)]
mod tests {
    use crate::config::Settings;

    const TABLES: &str = "\
CREATE TABLE a (k STRING, v BIGINT, w STRING, ts TIMESTAMP(3) NOT NULL, pt AS PROCTIME(), WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE b (k STRING, v BIGINT, w STRING, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE ak (k STRING, v BIGINT, w STRING, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE dim (k STRING, name STRING) WITH ('connector' = 'jdbc');
CREATE TABLE s_k (k STRING, v BIGINT, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector' = 'upsert-kafka');
CREATE TABLE s_v (k STRING, v BIGINT, PRIMARY KEY (v) NOT ENFORCED) WITH ('connector' = 'upsert-kafka');
CREATE TABLE s_kv (k STRING, v BIGINT, PRIMARY KEY (k, v) NOT ENFORCED) WITH ('connector' = 'jdbc');
CREATE TABLE s_no (k STRING, v BIGINT) WITH ('connector' = 'kafka', 'format' = 'json');
";

    /// Queries, and what Flink 2.3.0 says of each into s_k, s_v, s_kv and s_no: `k` asks for ON CONFLICT, `.` takes it.
    const ANSWERS: &[(&str, &str)] = &[
        ("SELECT k, v FROM a", "kkk."),
        ("SELECT k, v FROM ak", ".k.."),
        ("SELECT k, COUNT(*) FROM a GROUP BY k", ".k.."),
        ("SELECT UPPER(k), COUNT(*) FROM a GROUP BY k", "kkk."),
        (
            "SELECT w, v FROM (SELECT w, v, COUNT(*) FROM a GROUP BY w, v)",
            "kk..",
        ),
        (
            "SELECT k, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts DESC) rn FROM a) WHERE rn = 1",
            ".k..",
        ),
        (
            "SELECT k, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts) rn FROM a) WHERE rn = 1",
            ".k..",
        ),
        ("SELECT DISTINCT k, v FROM a", "kk.."),
        ("SELECT 'x', COUNT(*) FROM a", "...."),
        (
            "SELECT a.k, b.v FROM a JOIN b ON a.k = b.k AND a.ts BETWEEN b.ts AND b.ts + INTERVAL '1' HOUR",
            "kkk.",
        ),
        ("SELECT a.k, b.v FROM a JOIN b ON a.k = b.k", "kkk."),
        (
            "SELECT d.name, a.v FROM a LEFT JOIN dim FOR SYSTEM_TIME AS OF a.pt AS d ON a.k = d.k",
            "kkk.",
        ),
        (
            "SELECT k, SUM(v) OVER (PARTITION BY k ORDER BY ts) FROM a",
            "kkk.",
        ),
        (
            "SELECT k, COUNT(*) FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY k, window_start, window_end",
            "kkk.",
        ),
        (
            "SELECT k, COUNT(*) FROM a GROUP BY k, TUMBLE(ts, INTERVAL '1' MINUTE)",
            "kkk.",
        ),
        ("SELECT k, v FROM a UNION ALL SELECT k, v FROM b", "kkk."),
    ];

    /// Asked for by Flink, and not seen here: it is not known that these rows have no other key, or the INSERT is
    /// refused for something else.
    const UNSEEN: &[&str] = &[
        "s_v: SELECT k, v FROM ak",
        "s_v: SELECT k, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts) rn FROM a) WHERE rn = 1",
    ];

    #[test]
    fn as_flink_answers() {
        let (mut wrong, mut unseen) = (String::new(), Vec::new());
        for (query, answers) in ANSWERS {
            for (sink, answer) in ["s_k", "s_v", "s_kv", "s_no"].iter().zip(answers.chars()) {
                let text = format!("{TABLES}INSERT INTO {sink} {query};");
                let done = crate::rewrite(&text, &Settings::default());
                let asks = |d: &crate::diagnostic::Diagnostic| d.name == "on-conflict-needed";
                let refused = done.diagnostics.iter().any(|d| d.is_error());
                match (done.diagnostics.iter().any(asks), answer == 'k') {
                    (true, false) => wrong += &format!("{sink}: {query}\n"),
                    (false, true) if !refused => unseen.push(format!("{sink}: {query}")),
                    _ => {}
                }
            }
        }
        assert!(wrong.is_empty(), "not so in Flink: {wrong}");
        assert_eq!(unseen, UNSEEN);
    }

    #[test]
    fn where_the_rule_is_off() {
        let asks = |text: &str, settings: &Settings| {
            let done = crate::rewrite(&format!("{TABLES}{text}"), settings);
            done.diagnostics
                .iter()
                .any(|d| d.name == "on-conflict-needed")
        };
        let new = Settings::default();
        let old = Settings {
            flink: crate::config::FlinkVersion::V2_2,
            ..Settings::default()
        };
        let insert = "INSERT INTO s_k SELECT k, v FROM a;";
        assert!(asks(insert, &new));
        assert!(!asks(insert, &old));
        assert!(!asks(
            "INSERT INTO s_k SELECT k, v FROM a ON CONFLICT DO DEDUPLICATE;",
            &new
        ));
        assert!(!asks(
            &format!("SET 'table.exec.sink.require-on-conflict' = 'false';\n{insert}"),
            &new
        ));
        assert!(!asks(
            &format!("SET 'table.exec.sink.upsert-materialize' = 'NONE';\n{insert}"),
            &new
        ));
    }
}
