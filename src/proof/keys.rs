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
use crate::time::{Changelog, QueryTime};

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
        _ if has_keys(input, time) => return None,
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
fn has_keys(input: Input<'_>, time: &QueryTime) -> bool {
    let keyless = |name: &str| name.starts_with("source ") || KEYLESS.contains(&name);
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
