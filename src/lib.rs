//! tidegate makes a Flink SQL script ready for a blue/green cutover.
pub mod catalog;
pub mod config;
pub mod ctas;
pub mod diagnostic;
pub mod explain;
pub mod ide;
pub mod lexer;
pub mod lint;
pub mod lsp;
pub mod outside;
pub mod parser;
pub mod plan;
mod proof;
pub mod report;
pub mod rewrite;
pub mod starter;
mod steps;
pub mod syntax;
pub mod text;
pub mod time;
pub mod undo;
pub mod validate;
pub mod verify;

use diagnostic::Diagnostic;
use lint::Selection;
use outside::Outside;
use steps::Steps;
use text::{EditError, EditSet, SourceMap, Span};

/// What [`rewrite`] made of a script.
#[derive(Debug, Clone, Default)]
pub struct Rewritten {
    /// The rewritten script; `None` if any diagnostic is an error: nothing half done.
    pub text: Option<String>,
    /// On the original text.
    pub edits: EditSet,
    pub source_map: SourceMap,
    /// In order of position.
    pub diagnostics: Vec<Diagnostic>,
    /// One for each INSERT, in source order.
    pub inserts: Vec<InsertReport>,
    /// Number of tables that were given a watermark.
    pub watermarks_added: usize,
}

impl Rewritten {
    fn failed(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// Was the script rewritten before? Then it is not the original that an undo is to restore.
    pub fn had_gates(&self) -> bool {
        self.inserts.iter().any(|i| i.gate == GateState::Standing)
    }
}

/// What was decided for one INSERT.
#[derive(Debug, Clone, serde::Serialize)]
pub struct InsertReport {
    /// The sink's name as the script writes it.
    pub sink: String,
    pub span: Span,
    pub verdict: Verdict,
    /// The expression that its gate compares with the cutover, as SQL.
    pub gate_time: Option<String>,
    pub gate: GateState,
    /// Why it is refused, each reason with its place; empty otherwise.
    pub refusals: Vec<time::Refusal>,
}

/// What a rewrite did about the gate of an INSERT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum GateState {
    /// There is none.
    Absent,
    /// It was put there.
    Added,
    /// It stood there already; at most its bounds changed.
    Standing,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case", tag = "verdict")]
pub enum Verdict {
    /// No row is lost or doubled, given on-time rows and the cutover procedure.
    Exact,
    /// Exact but for the named conditions.
    BestEffort { conditions: Vec<plan::Condition> },
    /// Stands as it was, and a diagnostic says so (INSERT … VALUES).
    LeftAlone { reason: &'static str },
    /// No gate can be right, or none can be built yet; a diagnostic says why.
    Refused { reason: &'static str },
}

/// Gives every source a watermark and puts every INSERT behind a gate view.
///
/// ```
/// let script = "
/// CREATE TABLE orders (
///   id BIGINT,
///   ts TIMESTAMP(3) NOT NULL
/// ) WITH ('connector' = 'kafka', 'format' = 'json');
/// CREATE TABLE copies (id BIGINT) WITH ('connector' = 'kafka', 'format' = 'json');
/// INSERT INTO copies SELECT id FROM orders;
/// ";
/// let done = tidegate::rewrite(script, &tidegate::config::Settings::default());
/// let text = done.text.expect("nothing is wrong with this script");
/// assert!(text.contains("WATERMARK FOR `ts` AS `ts` - INTERVAL '5' SECOND"));
/// assert!(text.contains("FROM `copies__gate`"));
/// assert_eq!(done.inserts[0].verdict, tidegate::Verdict::Exact);
/// ```
pub fn rewrite(text: &str, settings: &config::Settings) -> Rewritten {
    rewrite_behind(
        &Outside::read(&settings.catalog, settings.flink),
        text,
        settings,
    )
}

/// The same, where the catalog files were read before.
fn rewrite_behind(outside: &Outside, text: &str, settings: &config::Settings) -> Rewritten {
    if let Some(error) = outside.error(&settings.catalog) {
        return Rewritten {
            diagnostics: vec![error],
            ..Rewritten::default()
        };
    }
    let whole = outside.before(text);
    let mut done = Rewritten::default();
    let steps = Steps { outside, settings };
    let edits = steps.all(&whole, &mut done);
    steps.localise(&whole, &mut done);
    match edits.and_then(|edits| outside.edits(&edits)) {
        Ok(edits) if !done.failed() => match edits.apply(text) {
            Ok((printed, map)) => {
                done.text = Some(printed);
                done.source_map = map;
                done.edits = edits;
            }
            Err(error) => done.diagnostics.push(contradiction(&error)),
        },
        Ok(_) => done.watermarks_added = 0,
        Err(error) => done.diagnostics.push(contradiction(&error)),
    }
    done.diagnostics.sort_by_key(|d| (d.span, d.name));
    done
}

/// Everything that is to be said of a script: what a rewrite says, and what the rules of [`lint`] say, as the settings
/// select and weigh them and the script's own `tidegate: ignore` comments allow. In order of position.
///
/// ```
/// let script = "CREATE TABLE s (id BIGINT) WITH ('connector' = 'print');
/// CREATE TABLE typo (id BIGINT) WITH ('connector' = 'print');
/// INSERT INTO s VALUES (1);";
/// let found = tidegate::check(script, &tidegate::config::Settings::default());
/// assert!(found.iter().any(|d| d.name == "unused-table"));
/// ```
pub fn check(text: &str, settings: &config::Settings) -> Vec<Diagnostic> {
    let selection = match Selection::new(&settings.lint) {
        Ok(selection) => selection,
        Err(unknown) => {
            let message = unknown.to_string();
            return vec![Diagnostic::error("unknown-rule", Span::at(0), message)];
        }
    };
    let outside = Outside::read(&settings.catalog, settings.flink);
    examine(&outside, text, settings, &selection).findings
}

/// What [`check`] says of a script, and the rewrite that says some of it.
#[derive(Debug, Clone)]
struct Examined {
    rewritten: Rewritten,
    findings: Vec<Diagnostic>,
}

/// The same as [`check`], where the catalog files were read before.
fn examine(
    outside: &Outside,
    text: &str,
    settings: &config::Settings,
    selection: &Selection,
) -> Examined {
    let rewritten = rewrite_behind(outside, text, settings);
    let inserts = &rewritten.inserts;
    let mut found = rewritten.diagnostics.clone();
    let steps = Steps { outside, settings };
    if outside.error(&settings.catalog).is_none() {
        found.extend(steps.lint(text, selection));
    }
    // The rule `missing-watermark` says it.
    found.retain(|d| d.name != "added-watermark");
    // Rows of a script that only fills tables are not written by two jobs.
    let is_filling = |i: &InsertReport| matches!(i.verdict, Verdict::LeftAlone { .. });
    if inserts.iter().all(is_filling) {
        let is_about_one = |d: &Diagnostic| {
            let behind = inserts.partition_point(|i| i.span.start <= d.span.start);
            behind > 0 && inserts[behind - 1].span.contains(d.span)
        };
        found.retain(|d| d.name != "ungated-insert" || !is_about_one(d));
    }
    let found = found.into_iter().filter_map(|d| selection.weighed(d));
    let mut findings = lint::suppress(text, settings.flink, selection, found.collect());
    findings.sort_by_key(|d| (d.span, d.name));
    Examined {
        rewritten,
        findings,
    }
}

/// The script with its watermarks and no gates: what the gates are planned on. `None` where the script or its catalog
/// files cannot be read.
pub fn watermarks(text: &str, settings: &config::Settings) -> Option<String> {
    let outside = Outside::read(&settings.catalog, settings.flink);
    if outside.error(&settings.catalog).is_some() {
        return None;
    }
    let steps = Steps {
        outside: &outside,
        settings,
    };
    let edits = steps.watermarks(&outside.before(text))?;
    let (printed, _) = outside.edits(&edits).ok()?.apply(text).ok()?;
    Some(printed)
}

fn contradiction(error: &EditError) -> Diagnostic {
    let message = format!("tidegate contradicts itself: {error}");
    Diagnostic::error("internal-error", Span::at(0), message)
}

/// The original of a rewritten script, byte for byte, from the source map that belongs to it.
///
/// ```
/// use tidegate::undo::UndoMap;
///
/// let script = "
/// CREATE TABLE orders (
///   id BIGINT,
///   ts TIMESTAMP(3) NOT NULL
/// ) WITH ('connector' = 'kafka', 'format' = 'json');
/// CREATE TABLE copies (id BIGINT) WITH ('connector' = 'kafka', 'format' = 'json');
/// INSERT INTO copies SELECT id FROM orders;
/// ";
/// let done = tidegate::rewrite(script, &tidegate::config::Settings::default());
/// let written = done.text.expect("nothing is wrong with this script");
/// let map = UndoMap::new(script, &done.edits).expect("these are the edits of this script").to_json();
/// assert_eq!(tidegate::undo(&written, &map).as_deref(), Ok(script));
/// assert_eq!(tidegate::undo("SELECT 1;", &map), Err(tidegate::undo::UndoError::Stale));
/// ```
///
/// # Errors
/// If the map cannot be read, is not of this script, or does not lead to the original that it names.
pub fn undo(written: &str, map: &str) -> Result<String, undo::UndoError> {
    undo::UndoMap::from_json(map)?.undo(written)
}

/// What [`explain`](fn@explain) says of a script.
#[derive(Debug, Clone)]
pub struct Explained {
    /// `None` if the script cannot be read; the diagnostics say why.
    pub explanation: Option<explain::Explanation>,
    /// Those of a rewrite, in order of position.
    pub diagnostics: Vec<Diagnostic>,
}

/// Says what a rewrite does about each INSERT, why, and how the cutover goes.
///
/// ```
/// let script = "
/// CREATE TABLE orders (
///   id BIGINT,
///   ts TIMESTAMP(3) NOT NULL
/// ) WITH ('connector' = 'kafka', 'format' = 'json');
/// CREATE TABLE copies (id BIGINT) WITH ('connector' = 'kafka', 'format' = 'json');
/// INSERT INTO copies SELECT id FROM orders;
/// ";
/// let explained = tidegate::explain(script, &tidegate::config::Settings::default());
/// let explanation = explained.explanation.expect("it can be read");
/// assert!(tidegate::explain::text(&explanation).contains("INSERT INTO copies (7:1): exact"));
/// ```
pub fn explain(text: &str, settings: &config::Settings) -> Explained {
    let outside = Outside::read(&settings.catalog, settings.flink);
    let diagnostics = rewrite_behind(&outside, text, settings).diagnostics;
    let steps = Steps {
        outside: &outside,
        settings,
    };
    let explanation = match outside.error(&settings.catalog) {
        Some(_) => None,
        None => steps.explanation(text, &diagnostics),
    };
    Explained {
        explanation,
        diagnostics,
    }
}

/// What [`verify`](fn@verify) found out about a script.
#[derive(Debug, Clone)]
pub struct Checked {
    /// `None` if the script cannot be rewritten or the data cannot be read; the diagnostics say why.
    pub report: Option<verify::Report>,
    /// Those of a rewrite, in order of position, and what is wrong with the data.
    pub diagnostics: Vec<Diagnostic>,
}

/// Rewrites a script for both jobs of a cutover, and executes its INSERTs as they were and as the two jobs have them.
///
/// ```
/// let script = "
/// CREATE TABLE orders (
///   id BIGINT,
///   ts TIMESTAMP(3) NOT NULL
/// ) WITH ('connector' = 'kafka', 'format' = 'json');
/// CREATE TABLE copies (id BIGINT) WITH ('connector' = 'kafka', 'format' = 'json');
/// INSERT INTO copies SELECT id FROM orders WHERE id < 3;
/// ";
/// let options = tidegate::verify::Options { cutover: 1_700_000_000_000, rows: 20, seed: 1, data: vec![], replay: None };
/// let checked = tidegate::verify(script, &tidegate::config::Settings::default(), &options);
/// let report = checked.report.expect("it can be rewritten");
/// assert!(report.is_clean());
/// assert!(report.inserts[0].counts.outgoing > 0 && report.inserts[0].counts.incoming > 0);
/// ```
pub fn verify(text: &str, settings: &config::Settings, options: &verify::Options) -> Checked {
    verify_watched(text, settings, options, &|_| {})
}

/// [`verify`](fn@verify), which tells how far it has come.
pub fn verify_watched(
    text: &str,
    settings: &config::Settings,
    options: &verify::Options,
    watch: verify::Watch<'_>,
) -> Checked {
    let cutover = config::Cutover(options.cutover);
    let role = |role: config::Role, validate: bool| config::Settings {
        role,
        validate,
        ..settings.clone()
    };
    let first = rewrite(text, &role(config::Role::First, settings.validate));
    let outgoing = rewrite(text, &role(config::Role::Outgoing { cutover }, false));
    let incoming = rewrite(text, &role(config::Role::Incoming { cutover }, false));
    let left_alone = first.inserts.iter().filter_map(|i| match &i.verdict {
        Verdict::LeftAlone { reason } => Some((i.span.start, (*reason).to_owned())),
        _ => None,
    });
    let left_alone = left_alone.collect();
    let mut diagnostics = first.diagnostics;
    let (Some(first), Some(outgoing), Some(incoming)) = (first.text, outgoing.text, incoming.text)
    else {
        return Checked {
            report: None,
            diagnostics,
        };
    };
    let scripts = verify::Scripts {
        ungated: text,
        first: Some(&first),
        outgoing: &outgoing,
        incoming: &incoming,
    };
    match verify::run(scripts, settings, options, &left_alone, watch) {
        Ok(report) => Checked {
            report: Some(report),
            diagnostics,
        },
        Err(more) => {
            diagnostics.extend(more);
            Checked {
                report: None,
                diagnostics,
            }
        }
    }
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
