//! Executes each INSERT as it is, as the outgoing and as the incoming job, over generated rows or the user's own, and
//! counts what is lost, doubled and foreign.
//!
//! ```text
//! three scripts ─ jobs ─ programs ┐
//! seed or data  ─ generate ─ rows ┴ trial ─ compare ─ findings ─ shrink
//! ```
//!
//! It is a check of the gates' predicates: which rows each of two finished jobs writes. How rows, watermarks and the two
//! jobs interleave in time is not part of it.
//!
//! Three checks, each named in what is found:
//! - `whole`: both jobs read everything. Rows are told apart by the source rows that made them, and by their values. The
//!   final rows of an updating query are compared by the sink's key, the two jobs' writes applied in both orders.
//! - `torn`: the outgoing job reads only what lies before a time shortly after the cutover, as if it were taken down then.
//! - `open`: the script for the role `first` writes what the original does.
//!
//! [`replay`] is what models time: it is asked for apart, and says of itself that it is a model.

mod compare;
mod data;
mod generate;
mod job;
mod random;
pub mod replay;
mod shrink;
mod text;
mod trial;

#[cfg(test)]
mod tests;

pub use compare::{Check, Counts, Finding};
pub use data::{Content, Data};
pub use text::text;

use crate::config::Settings;
use crate::diagnostic::Diagnostic;
use crate::text::Span;
use data::Input;
use job::Job;
use serde::Serialize;
use std::collections::BTreeMap;
use trial::Subject;

/// What a run depends on besides the scripts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The cutover, in epoch milliseconds.
    pub cutover: i64,
    /// Rows of each source table in a round.
    pub rows: usize,
    pub seed: u64,
    /// In the place of generated rows.
    pub data: Vec<Data>,
    /// To replay the two jobs row by row, too.
    pub replay: Option<replay::Model>,
}

/// The scripts of one cutover.
#[derive(Debug, Clone, Copy)]
pub struct Scripts<'a> {
    pub ungated: &'a str,
    /// For the role `first`, if it is to be checked too.
    pub first: Option<&'a str>,
    pub outgoing: &'a str,
    pub incoming: &'a str,
}

/// What was found out.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The cutover, in epoch milliseconds.
    pub cutover: i64,
    pub seed: u64,
    /// Rows of each source table in a round, at most, and how many rounds.
    pub rows: usize,
    pub rounds: usize,
    /// In the order of the script.
    pub inserts: Vec<Verified>,
}

/// What was found out about one INSERT.
#[derive(Debug, Clone, Serialize)]
pub struct Verified {
    /// The sink, as the script names it.
    pub sink: String,
    /// The INSERT in the ungated script.
    pub span: Span,
    pub outcome: Outcome,
    /// How rows are told apart; `None` if nothing was executed.
    pub by: Option<By>,
    pub counts: Counts,
    /// The first one of each check.
    pub findings: Vec<Finding>,
    /// For what is not executed or not checked: what, each by its name.
    pub reasons: Vec<String>,
    /// The smallest input that was found for the first finding: JSON lines by table.
    pub smallest: BTreeMap<String, String>,
    /// If it was asked for and there is a gate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replay: Option<replay::Replay>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// All checks held.
    Held,
    /// One of them did not.
    Failed,
    /// All checks held on no rows: nothing is known.
    NoRows,
    /// The reasons say what cannot be executed.
    PlannedNotExecuted,
    /// There is nothing to check: the INSERT has no gate.
    NotGated,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "by")]
pub enum By {
    /// The source rows that made them, and their values.
    RowIds,
    /// The sink's key.
    Key { columns: Vec<String> },
}

impl Report {
    /// Did every check hold that could be made, and every replay?
    pub fn is_clean(&self) -> bool {
        let replayed = |i: &Verified| i.replay.as_ref().is_none_or(|r| !r.is_broken());
        let mut inserts = self.inserts.iter();
        inserts.all(|i| i.outcome != Outcome::Failed && replayed(i))
    }
}

/// Rounds of one run; with the user's data there is one.
const ROUNDS: usize = 32;

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'a> {
    /// The INSERT that is executed, from 0 on, and how many there are.
    pub insert: usize,
    pub inserts: usize,
    pub sink: &'a str,
    /// Rounds of it that are done, and how many there are. With all of them done it is replayed, if that was asked for.
    pub round: usize,
    pub rounds: usize,
}

/// Is told after every round.
pub type Watch<'a> = &'a dyn Fn(Progress<'_>);

/// Executes three or four scripts that somebody else wrote.
///
/// # Errors
/// What is wrong with a script or the data.
pub fn given(
    scripts: Scripts<'_>,
    settings: &Settings,
    options: &Options,
) -> Result<Report, Vec<Diagnostic>> {
    given_watched(scripts, settings, options, &|_| {})
}

/// [`given`], which tells how far it has come.
///
/// # Errors
/// As [`given`].
pub fn given_watched(
    scripts: Scripts<'_>,
    settings: &Settings,
    options: &Options,
    watch: Watch<'_>,
) -> Result<Report, Vec<Diagnostic>> {
    run(scripts, settings, options, &BTreeMap::new(), watch)
}

/// `left_alone`: INSERTs that have no gate, by their places in the ungated script, and why.
pub(crate) fn run(
    scripts: Scripts<'_>,
    settings: &Settings,
    options: &Options,
    left_alone: &BTreeMap<u32, String>,
    watch: Watch<'_>,
) -> Result<Report, Vec<Diagnostic>> {
    let ungated = Job::read(scripts.ungated, settings)?;
    let outgoing = Job::read(scripts.outgoing, settings)?;
    let incoming = Job::read(scripts.incoming, settings)?;
    let first = scripts
        .first
        .map(|text| Job::read(text, settings))
        .transpose()?;
    let jobs = trial::Jobs {
        ungated: &ungated,
        first: first.as_ref(),
        outgoing: &outgoing,
        incoming: &incoming,
    };
    let given = data::read(&options.data, &outgoing)?;
    if let Some(model) = &options.replay {
        let named = model.out_of_order.keys().chain(model.idle.keys());
        let unknown = named.filter(|name| !outgoing.has_table(name));
        let unknown: Vec<Diagnostic> = unknown
            .map(|name| {
                let message = format!("there is no table `{name}` to replay");
                Diagnostic::error("unreadable-data", Span::at(0), message)
            })
            .collect();
        if !unknown.is_empty() {
            return Err(unknown);
        }
    }
    let mut report = Report {
        cutover: options.cutover,
        seed: options.seed,
        rows: options.rows,
        rounds: if given.is_empty() { ROUNDS } else { 1 },
        inserts: Vec::new(),
    };
    for index in 0..ungated.inserts().len() {
        let place = ungated.inserts()[index];
        let mut verified = Verified {
            sink: place.insert.target.object().to_string(),
            span: place.insert.span,
            outcome: Outcome::NotGated,
            by: None,
            counts: Counts::default(),
            findings: Vec::new(),
            reasons: Vec::new(),
            smallest: BTreeMap::new(),
            replay: None,
        };
        if let Some(why) = left_alone.get(&ungated.localised(place.insert.span).start) {
            verified.reasons.push(why.clone());
        } else {
            match Subject::new(jobs, index, settings) {
                Ok(subject) => {
                    let (inserts, rounds) = (ungated.inserts().len(), report.rounds);
                    let sink = verified.sink.clone();
                    let watch = |round| {
                        watch(Progress {
                            insert: index,
                            inserts,
                            sink: &sink,
                            round,
                            rounds,
                        });
                    };
                    match subject.needs_time() {
                        None => check(&subject, options, &given, rounds, &watch, &mut verified),
                        Some(what) => {
                            verified.outcome = Outcome::PlannedNotExecuted;
                            verified.reasons.push(what);
                        }
                    }
                    let model = options.replay.as_ref();
                    verified.replay =
                        model.map(|model| replay::replay(&subject, options, model, &given));
                }
                Err(reasons) => {
                    verified.outcome = Outcome::PlannedNotExecuted;
                    verified.reasons = reasons;
                }
            }
        }
        verified.span = ungated.localised(verified.span);
        report.inserts.push(verified);
    }
    Ok(report)
}

fn check(
    subject: &Subject<'_>,
    options: &Options,
    given: &Input,
    rounds: usize,
    watch: &dyn Fn(usize),
    verified: &mut Verified,
) {
    verified.by = Some(subject.by());
    let generator = match generate::Generator::new(subject, options) {
        Ok(generator) => generator,
        Err(why) => {
            verified.outcome = Outcome::PlannedNotExecuted;
            verified.reasons.push(why);
            return;
        }
    };
    let mut failures: Vec<String> = Vec::new();
    let mut ran = false;
    for round in 0..rounds {
        let mut why = None;
        for style in generate::STYLES {
            let input = generator.input(round, style, given);
            let cut = options.cutover + generator.tear(round);
            match subject.trial(&input, options.cutover, cut) {
                Ok(result) => {
                    ran = true;
                    why = None;
                    verified.counts.add(&result.counts);
                    for finding in result.findings {
                        if verified.findings.iter().all(|f| f.check != finding.check) {
                            if verified.findings.is_empty() {
                                let small = shrink::shrink(
                                    subject,
                                    &input,
                                    options.cutover,
                                    cut,
                                    finding.check,
                                );
                                verified.smallest = small.json_lines();
                            }
                            verified.findings.push(finding);
                        }
                    }
                    break;
                }
                Err(failure) => why = why.or(Some(failure)),
            }
        }
        failures.extend(why);
        watch(round + 1);
    }
    failures.sort();
    failures.dedup();
    verified.outcome = match () {
        () if !verified.findings.is_empty() => Outcome::Failed,
        () if !ran => Outcome::PlannedNotExecuted,
        () if verified.counts.ungated == 0 => Outcome::NoRows,
        () => Outcome::Held,
    };
    if ran {
        let rounds = failures
            .into_iter()
            .map(|why| format!("some rounds were not executed: {why}"));
        verified.reasons.extend(rounds);
    } else {
        verified.by = None;
        verified.reasons = failures;
    }
}
