//! The table of verdicts: a small query over common tables, and what becomes of its INSERT.
//!
//! Each case shows, for every INSERT: the verdict with its conditions or reasons, the query's changelog and
//! columns with their time attributes, the gate time, and the lines that the rewrite adds, for the outgoing job
//! of Flink 2.3; for Flink 1.20 too where something differs.
//!
//! `TIDEGATE_VERDICTS=FILE cargo test --test it verdicts` writes the cases with the scripts of all roles to FILE,
//! for `tests/verdicts/verify.py`, which asks real Flink about them.

mod derived;
mod functions;
mod group_windows;
mod groups;
mod inserts;
mod joins;
mod lateral;
mod matches;
mod over;
mod projections;
mod ranks;
mod subqueries;
mod unions;
mod window_operators;
mod windows;

use crate::tool::statements;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write;
use tidegate::catalog::Catalog;
use tidegate::config::{Cutover, FlinkVersion, Role, Settings};
use tidegate::diagnostic::Diagnostic;
use tidegate::syntax::{Query, StatementKind};
use tidegate::time::{Changelog, ColumnTime, QueryTime};
use tidegate::{Rewritten, Verdict};

const TABLES: &str = include_str!("../verdicts/tables.sql");

/// 2026-11-22T12:00:00Z
const CUTOVER: Cutover = Cutover(1_795_348_800_000);

#[test]
fn verdicts() {
    let mut table = Table {
        file: std::env::var_os("TIDEGATE_VERDICTS").map(Into::into),
        ..Table::default()
    };
    for (family, cases) in [
        ("projections", projections::cases as fn(&mut Table)),
        ("derived", derived::cases),
        ("unions", unions::cases),
        ("windows", windows::cases),
        ("group_windows", group_windows::cases),
        ("window_operators", window_operators::cases),
        ("joins", joins::cases),
        ("lateral", lateral::cases),
        ("over", over::cases),
        ("ranks", ranks::cases),
        ("matches", matches::cases),
        ("groups", groups::cases),
        ("subqueries", subqueries::cases),
        ("functions", functions::cases),
        ("inserts", inserts::cases),
    ] {
        table.family = family;
        cases(&mut table);
    }
    assert!(table.scripts.len() >= 120, "{}", table.scripts.len());
    assert_eq!(
        table.names.len(),
        table.scripts.len(),
        "a name stands twice"
    );
    if let Some(file) = &table.file {
        std::fs::write(file, Value::Array(table.written).to_string()).unwrap();
    }
}

#[derive(Default)]
struct Table {
    family: &'static str,
    names: BTreeSet<String>,
    scripts: BTreeSet<String>,
    /// Where the cases are written to, if they are.
    file: Option<std::path::PathBuf>,
    written: Vec<Value>,
}

impl Table {
    /// What becomes of a script over the common tables.
    fn case(&mut self, name: &str, script: &str) -> String {
        let name = format!("{}/{name}", self.family);
        let text = format!("{TABLES}{script}\n");
        assert!(self.scripts.insert(text.clone()), "{name} stands twice");
        let run = |flink| Run::of(&text, flink, Role::Outgoing { cutover: CUTOVER });
        let [new, old] = [FlinkVersion::V2_3, FlinkVersion::V1_20].map(run);
        let mut shown = new.shown.clone();
        if old.shown != new.shown {
            let _ = write!(shown, "-- Flink 1.20\n{}", old.shown);
        }
        if self.file.is_some() {
            self.written.push(json!({
                "name": name,
                "script": script,
                "shown": shown,
                "versions": { "1.20": old.claims(&text), "2.3": new.claims(&text) },
            }));
        }
        self.names.insert(name);
        shown
    }
}

/// One rewrite of a case.
struct Run {
    flink: FlinkVersion,
    shown: String,
    inserts: Vec<Value>,
}

impl Run {
    fn of(text: &str, flink: FlinkVersion, role: Role) -> Self {
        let settings = settings(flink, role);
        let done = tidegate::rewrite(text, &settings);
        let (script, _) = tidegate::parser::parse(text, flink);
        let catalog = Catalog::build(&script);
        let input = tidegate::plan::Input {
            text,
            script: &script,
            catalog: &catalog,
            settings: &settings,
        };
        let (_, times) = tidegate::plan::plan(input);
        let mut inserts: Vec<(usize, &Query)> = Vec::new();
        for (at, statement) in script.statements.iter().enumerate() {
            match &statement.kind {
                StatementKind::Insert(insert) => inserts.push((at, &insert.source)),
                StatementKind::StatementSet(set) => {
                    inserts.extend(set.inserts.iter().map(|i| (at, &i.source)));
                }
                StatementKind::CreateTable(table) => {
                    inserts.extend(table.as_query.iter().map(|query| (at, query)));
                }
                _ => {}
            }
        }
        let mut shown = String::new();
        let mut claims = Vec::new();
        for ((at, query), report) in inserts.iter().zip(&done.inserts) {
            let _ = writeln!(shown, "{}", verdict(&report.verdict, &done.diagnostics));
            let Some(time) = times.queries.get(&(*at, query.span.start)) else {
                continue;
            };
            let changelog = changelog(time);
            let _ = writeln!(shown, "{changelog}: {}", columns(time));
            if let Some(gate) = &report.gate_time {
                let _ = writeln!(shown, "gate time {gate}");
            }
            let key = match &time.changelog {
                Some(Changelog::Upsert { key }) => json!(key),
                _ => Value::Null,
            };
            claims.push(json!({
                "before": statements(&text[..script.statements[*at].span.start as usize], flink),
                "query": query.span.of(text),
                "changelog": changelog.split(' ').next(),
                "key": key,
                "columns": time.columns.as_ref().map(|all| {
                    all.iter().map(|c| attribute(c.time)).collect::<Vec<_>>()
                }),
                "verdict": format!("{:?}", report.verdict).split(' ').next(),
            }));
        }
        if done.inserts.is_empty() {
            shown.push_str(&errors(&done.diagnostics));
        }
        shown.push_str(&added(text, &done));
        Self {
            flink,
            shown,
            inserts: claims,
        }
    }

    /// What is claimed of a case, and its scripts.
    fn claims(&self, text: &str) -> Value {
        let script = |role| {
            let text = tidegate::rewrite(text, &settings(self.flink, role)).text?;
            Some(statements(&text, self.flink))
        };
        json!({
            "inserts": self.inserts,
            "ungated": statements(text, self.flink),
            "first": script(Role::First),
            "outgoing": script(Role::Outgoing { cutover: CUTOVER }),
            "incoming": script(Role::Incoming { cutover: CUTOVER }),
        })
    }
}

fn settings(flink: FlinkVersion, role: Role) -> Settings {
    Settings {
        flink,
        role,
        ..Settings::default()
    }
}

fn verdict(verdict: &Verdict, diagnostics: &[Diagnostic]) -> String {
    match verdict {
        Verdict::Exact => "exact".to_owned(),
        Verdict::BestEffort { conditions } => {
            let names: BTreeSet<_> = conditions.iter().map(|c| c.kind.name()).collect();
            let names: Vec<_> = names.into_iter().collect();
            format!("best-effort: {}", names.join(", "))
        }
        Verdict::LeftAlone { reason } => format!("left alone: {reason}"),
        Verdict::Refused { .. } => errors(diagnostics).trim_end().to_owned(),
    }
}

/// The names of what is wrong, sorted.
fn errors(diagnostics: &[Diagnostic]) -> String {
    let names: BTreeSet<_> = diagnostics
        .iter()
        .filter(|d| d.is_error())
        .map(|d| d.name)
        .collect();
    let names: Vec<_> = names.into_iter().collect();
    format!("refused: {}\n", names.join(", "))
}

fn changelog(time: &QueryTime) -> String {
    let name = |index: &usize| {
        let columns = time.columns.as_ref();
        let column = columns.and_then(|c| c.get(*index));
        column.map_or_else(|| index.to_string(), |c| c.name.clone())
    };
    match &time.changelog {
        Some(Changelog::Append) => "append".into(),
        Some(Changelog::Upsert { key }) => {
            let key: Vec<_> = key.iter().map(name).collect();
            format!("upsert ({})", key.join(", "))
        }
        Some(Changelog::Retract) => "retract".into(),
        None => "unknown".into(),
    }
}

fn columns(time: &QueryTime) -> String {
    let Some(columns) = &time.columns else {
        return "?".into();
    };
    let column = |c: &tidegate::time::OutColumn| match attribute(c.time) {
        "" => c.name.clone(),
        attribute => format!("{} {attribute}", c.name),
    };
    columns.iter().map(column).collect::<Vec<_>>().join(", ")
}

/// As Flink writes it behind a type.
fn attribute(time: ColumnTime) -> &'static str {
    match time {
        ColumnTime::Rowtime {
            attribute: true, ..
        } => "*ROWTIME*",
        ColumnTime::Proctime => "*PROCTIME*",
        _ => "",
    }
}

/// The lines that the rewrite adds, with short names for the bounds.
fn added(text: &str, done: &Rewritten) -> String {
    let Some(new) = &done.text else {
        return String::new();
    };
    let diff = tidegate::report::diff::unified("", text, new);
    let added = diff.lines().filter(|l| !l.starts_with("+++"));
    let added = added.filter_map(|line| line.strip_prefix('+'));
    added
        .filter(|line| !line.is_empty())
        .map(|line| {
            let min = line
                .replace("TIMESTAMP '0001-01-01 00:00:00.000'", "MIN")
                .replace("TO_TIMESTAMP_LTZ(-62135596800000, 3)", "MIN_LTZ");
            min.replace("TIMESTAMP '2026-11-22 12:00:00.000'", "T")
                .replace("TO_TIMESTAMP_LTZ(1795348800000, 3)", "T_LTZ")
                + "\n"
        })
        .collect()
}
