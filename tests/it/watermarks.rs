//! Watermarks: every strategy on every kind of column in every placement, and what keeps one from being added.
//!
//! A case is a script with the text of a `tidegate.toml` and, where its tables are declared outside, of a catalog file.
//! `snapshots/watermarks/` shows what its user sees: the diagnostics, and the difference that the watermarks alone make
//! (the gates stand in the other tests). The laws are checked for each: see [`laws`].
//!
//! `TIDEGATE_WATERMARKS=FILE cargo test --test it watermarks` writes the cases with what becomes of them to FILE, for
//! `tests/watermarks/verify.py`, which asks real Flink about them.

mod configured;
mod declared;
mod delays;
mod elsewhere;
mod kinds;
mod laws;
mod options;
mod queries;
mod questions;
mod runs;
mod stars;
mod style;

use crate::tool::{diagnostics, statements};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write;
use tidegate::Rewritten;
use tidegate::config::{CatalogText, Cutover, FlinkVersion, Role, Settings};

/// 2026-11-22T12:00:00Z
const CUTOVER: Cutover = Cutover(1_795_348_800_000);

/// Names the file that the cases are written to.
const FILE: &str = "TIDEGATE_WATERMARKS";

const SINK: &str = "CREATE TABLE snk (id INT) WITH ('connector' = 'kafka');\n";

#[test]
fn watermarks() {
    let families = [
        configured::cases as fn(&mut Cases),
        questions::cases,
        elsewhere::cases,
        options::cases,
        declared::cases,
        style::cases,
        stars::cases,
        delays::cases,
        queries::cases,
        runs::cases,
    ];
    let done: Vec<Cases> = std::thread::scope(|scope| {
        let kinds = kinds::FAMILIES.iter();
        let kinds = kinds.map(|family| scope.spawn(|| Cases::of(|t| kinds::cases(t, family))));
        let others = families.map(|cases| scope.spawn(move || Cases::of(cases)));
        let threads: Vec<_> = kinds.chain(others).collect();
        let done = threads.into_iter().map(std::thread::ScopedJoinHandle::join);
        done.map(|family| family.expect("a family of cases failed"))
            .collect()
    });
    if let Some(file) = std::env::var_os(FILE) {
        let written = done.iter().flat_map(|c| c.written.clone()).collect();
        std::fs::write(file, Value::Array(written).to_string()).unwrap();
    }
    let broken: Vec<&str> = done
        .iter()
        .flat_map(|c| &c.broken)
        .map(String::as_str)
        .collect();
    assert!(
        broken.is_empty(),
        "{} laws do not hold\n{}",
        broken.len(),
        broken.join("\n\n")
    );
    let names: BTreeSet<&String> = done.iter().flat_map(|c| &c.names).collect();
    let all = done.iter().map(|c| c.names.len()).sum::<usize>();
    assert_eq!(names.len(), all, "a name stands twice");
    let offers: usize = done.iter().map(|c| c.offers).sum();
    assert!(all >= 400 && offers >= 100, "{all} cases, {offers} offers");
}

/// A script, and what differs from a plain run.
struct Case {
    name: String,
    script: String,
    /// The text of a `tidegate.toml`.
    toml: String,
    /// The text of a catalog file; empty for none.
    catalog: String,
    /// The watermark that each row of the source sees when it is run, in epoch milliseconds.
    sees: Option<Vec<Option<i64>>>,
}

fn case(name: impl Into<String>, script: impl Into<String>) -> Case {
    Case {
        name: name.into(),
        script: script.into(),
        toml: String::new(),
        catalog: String::new(),
        sees: None,
    }
}

/// A source of these columns, behind `id INT`, read for its `id`.
fn source(name: &str, columns: &str) -> Case {
    let table =
        format!("CREATE TABLE src (\n  id INT,\n  {columns}\n) WITH ('connector' = 'kafka');\n");
    case(
        name,
        format!("{table}{SINK}INSERT INTO snk SELECT id FROM src;\n"),
    )
}

impl Case {
    fn toml(mut self, text: &str) -> Self {
        self.toml = text.to_owned();
        self
    }

    /// Lines about the table `src`.
    fn src(self, lines: &str) -> Self {
        let toml = format!("[tables.src]\n{lines}\n");
        self.toml(&toml)
    }

    fn catalog(mut self, text: &str) -> Self {
        self.catalog = text.to_owned();
        self
    }

    fn settings(&self, flink: FlinkVersion) -> Settings {
        let mut settings = Settings::from_toml(&self.toml)
            .unwrap_or_else(|error| panic!("{}: {error:?}\n{}", self.name, self.toml));
        settings.flink = flink;
        if !self.catalog.is_empty() {
            settings.catalog.push(CatalogText {
                name: "catalog.sql".to_owned(),
                text: self.catalog.clone(),
            });
        }
        settings
    }
}

#[derive(Default)]
struct Cases {
    names: Vec<String>,
    /// How many lines of configuration were offered, and tried.
    offers: usize,
    /// The laws that do not hold, by case.
    broken: Vec<String>,
    written: Vec<Value>,
}

impl Cases {
    fn of(cases: impl FnOnce(&mut Self)) -> Self {
        let mut done = Self::default();
        cases(&mut done);
        done
    }

    /// Compares with `snapshots/watermarks/NAME.snap`, and checks the laws.
    #[track_caller]
    fn show(&mut self, name: &str, cases: Vec<Case>) {
        let mut shown = String::new();
        for case in &cases {
            let _ = writeln!(shown, "======== {}", case.name);
            for line in case.toml.lines() {
                let _ = writeln!(shown, "toml | {line}");
            }
            let run = |flink| Run::of(case, flink);
            let [new, old] = [FlinkVersion::V2_3, FlinkVersion::V1_20].map(run);
            shown += &new.shown;
            if old.shown != new.shown {
                let _ = write!(shown, "-------- Flink 1.20\n{}", old.shown);
            }
            let mut runs = vec![&new];
            runs.extend((old.shown != new.shown).then_some(&old));
            for run in runs {
                let place = format!("{name}/{}, Flink {}", case.name, run.settings.flink);
                if let Err(why) = laws::check(case, run) {
                    self.broken.push(format!("{place}: {why}"));
                }
                match laws::offers_work(case, run) {
                    Ok(tried) => self.offers += tried,
                    Err(why) => self.broken.push(format!("{place}: {why}")),
                }
            }
            self.names.push(format!("{name}/{}", case.name));
            if std::env::var_os(FILE).is_some() {
                self.written.push(json!({
                    "name": format!("{name}/{}", case.name),
                    "sees": case.sees,
                    "versions": { "1.20": claims(case, &old), "2.3": claims(case, &new) },
                }));
            }
        }
        let mut insta = insta::Settings::clone_current();
        insta.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/watermarks"));
        insta.set_prepend_module_to_snapshot(false);
        insta.set_omit_expression(true);
        insta.bind(|| insta::assert_snapshot!(name, shown));
    }
}

/// A case in one version of Flink.
struct Run {
    settings: Settings,
    done: Rewritten,
    /// With watermarks and without gates.
    marked: Option<String>,
    shown: String,
}

impl Run {
    fn of(case: &Case, flink: FlinkVersion) -> Self {
        let settings = case.settings(flink);
        let done = tidegate::rewrite(&case.script, &settings);
        let marked = tidegate::watermarks(&case.script, &settings);
        let mut shown = diagnostics(&case.script, &done.diagnostics);
        if done.text.is_some() {
            let marked = marked.as_deref().unwrap_or_default();
            let diff = tidegate::report::diff::unified("job.sql", &case.script, marked);
            match diff.split_once("\n+++ job.sql\n") {
                Some((_, diff)) => shown += &diff.replace('\r', "␍").replace('\t', "⇥"),
                None => shown += "(unchanged)\n",
            }
        }
        Self {
            settings,
            done,
            marked,
            shown,
        }
    }

    fn is_two_sided(&self) -> bool {
        let text = self.done.text.as_deref().unwrap_or_default();
        text.contains("__source") || text.contains("MAX(")
    }

    fn with(&self, role: Role) -> Settings {
        Settings {
            role,
            validate: false,
            ..self.settings.clone()
        }
    }
}

/// What is to be asked of Flink.
fn claims(case: &Case, run: &Run) -> Value {
    let flink = run.settings.flink;
    let cut = |text: &str| statements(text, flink);
    let errors: BTreeSet<_> = run
        .done
        .diagnostics
        .iter()
        .filter(|d| d.is_error())
        .map(|d| d.name)
        .collect();
    json!({
        "catalog": cut(&case.catalog),
        "input": cut(&case.script),
        "marked": run.marked.as_deref().map(cut),
        "first": run.done.text.as_deref().map(cut),
        "errors": errors,
    })
}
