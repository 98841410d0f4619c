//! What a script becomes: verdicts, messages and the difference, one snapshot a case.
//!
//! `TIDEGATE_REWRITES=FOLDER cargo test --test it rewrite` writes each case to a file of that folder, with the script as
//! it came and as it is rewritten for Flink 1.20 and 2.3, for `conformance/`, which asks real Flink about them.

mod bugs;
mod conditions;
mod inserts;
mod jobs;
mod kinds;
mod operators;
mod placement;
mod position;
mod refused;
mod roles;
mod shapes;
mod style;
mod watermarks;

use crate::tool::{diagnostics, statements};
use serde_json::{Value, json};
use tidegate::config::{Cutover, FlinkVersion, Role, Settings};
use tidegate::{InsertReport, Rewritten, Verdict};

/// Names the folder that the cases are written to.
const FOLDER: &str = "TIDEGATE_REWRITES";

/// Sources whose event time is declared, so that the cases show the gates alone, and sinks.
const TABLES: &str = "\
CREATE TABLE rides (
  id BIGINT, city STRING, fare DECIMAL(10, 2), ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'rides', 'format' = 'json');
CREATE TABLE tours (
  id BIGINT, city STRING, fare DECIMAL(10, 2), ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'tours', 'format' = 'json');
CREATE TABLE pings (
  id BIGINT, city STRING, seen TIMESTAMP_LTZ(3) NOT NULL,
  WATERMARK FOR seen AS seen - INTERVAL '5' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'pings', 'format' = 'json');
CREATE TABLE fares (city STRING, fare DECIMAL(10, 2)) WITH ('connector' = 'kafka', 'topic' = 'fares', 'format' = 'json');
CREATE TABLE trips (id BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'kafka', 'topic' = 'trips', 'format' = 'json');
CREATE TABLE counts (
  window_start TIMESTAMP(3), window_end TIMESTAMP(3), city STRING, n BIGINT
) WITH ('connector' = 'kafka', 'topic' = 'counts', 'format' = 'json');

";

/// A case: its script, and what differs from a plain run.
struct Case<'a> {
    script: String,
    settings: Settings,
    name: &'a str,
}

fn case<'a>(name: &'a str, script: &str) -> Case<'a> {
    Case {
        script: script.to_owned(),
        settings: Settings::default(),
        name,
    }
}

/// A case that reads and writes the tables above.
fn query<'a>(name: &'a str, script: &str) -> Case<'a> {
    case(name, &format!("{TABLES}{script}"))
}

impl Case<'_> {
    fn with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    fn flink(self, version: FlinkVersion) -> Self {
        self.with(|s| s.flink = version)
    }

    fn role(self, role: Role) -> Self {
        self.with(|s| s.role = role)
    }

    /// Compares with `snapshots/rewrite/NAME.snap`; what is printed has to be final.
    fn check(self) {
        if let Some(folder) = std::env::var_os(FOLDER) {
            let file = std::path::Path::new(&folder).join(format!("{}.json", self.name));
            std::fs::write(file, self.written().to_string()).expect("the folder can be written to");
        }
        let done = tidegate::rewrite(&self.script, &self.settings);
        let mut insta = insta::Settings::clone_current();
        insta.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/rewrite"));
        insta.set_prepend_module_to_snapshot(false);
        insta.set_omit_expression(true);
        insta.bind(|| insta::assert_snapshot!(self.name, shown(&self.script, &done)));
        if let Some(text) = &done.text {
            let again = tidegate::rewrite(text, &self.settings);
            let is = again.text.unwrap_or_else(|| {
                let why = diagnostics(text, &again.diagnostics);
                panic!("{}: refused when rewritten again\n{why}\n{text}", self.name)
            });
            assert_eq!(is, *text, "{}: rewritten twice", self.name);
        }
    }
}

impl Case<'_> {
    /// What is to be asked of Flink.
    fn written(&self) -> Value {
        let version = |flink| {
            let settings = Settings {
                flink,
                ..self.settings.clone()
            };
            let done = tidegate::rewrite(&self.script, &settings).text;
            let catalog = settings.catalog.iter();
            json!({
                "catalog": catalog.flat_map(|c| statements(&c.text, flink)).collect::<Vec<_>>(),
                "input": statements(&self.script, flink),
                "rewritten": done.map(|text| statements(&text, flink)),
            })
        };
        json!({
            "name": self.name,
            "versions": {
                "1.20": version(FlinkVersion::V1_20),
                "2.3": version(FlinkVersion::V2_3),
            },
        })
    }
}

/// 2026-11-22T12:00:00Z
const CUTOVER: Cutover = Cutover(1_795_348_800_000);

fn outgoing() -> Role {
    Role::Outgoing { cutover: CUTOVER }
}

fn incoming() -> Role {
    Role::Incoming { cutover: CUTOVER }
}

fn shown(script: &str, done: &Rewritten) -> String {
    let mut out: String = done.inserts.iter().map(insert).collect();
    out += &diagnostics(script, &done.diagnostics);
    let Some(text) = &done.text else { return out };
    let diff = tidegate::report::diff::unified("job.sql", script, text);
    match diff.split_once("\n+++ job.sql\n") {
        // Line ends are shown, as far as they are not those of the snapshot.
        Some((_, diff)) => out += &diff.replace('\r', "␍"),
        None => out += "(unchanged)\n",
    }
    out
}

fn insert(report: &InsertReport) -> String {
    let verdict = match &report.verdict {
        Verdict::Exact => "exact".to_owned(),
        Verdict::BestEffort { conditions } => {
            let names: Vec<_> = conditions.iter().map(|c| c.message()).collect();
            format!("best-effort: {}", names.join("; "))
        }
        Verdict::LeftAlone { reason } => format!("left alone: {reason}"),
        Verdict::Refused { reason } => format!("refused: {reason}"),
    };
    match &report.gate_time {
        Some(time) => format!("{} <- {time}: {verdict}\n", report.sink),
        None => format!("{}: {verdict}\n", report.sink),
    }
}
