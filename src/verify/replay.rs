//! A model of the two jobs in time: rows come one by one, watermarks follow them, the outgoing job is taken down.
//!
//! ```text
//! seed or data ─ arrivals ─ course of each job ─┐
//! three scripts ─ what each gate lets through ──┴─ for each deletion delay: rows lost, doubled
//! ```
//!
//! Each row of a source with a watermark comes at a moment, out of order within a bound. The outgoing job reads it then;
//! the incoming one starts from a savepoint, catches up until it is only so far behind, and reads the sources interleaved
//! in another way. An
//! output row is there when its last source row has been read, or when the watermark has let it go
//! ([`crate::validate::execute::Wait`]). Whether a gate lets it through is what the gated query says when it is executed, for a
//! watermark that is not there, below T, at T and above it: a gate compares the watermark with T and with nothing else.
//!
//! The outgoing job is taken down when its watermark has passed T plus the deletion delay. With [`Choice::Flip504`] it
//! chooses T itself, as its watermark plus that delay, and writes everything until it has heard of T; then it goes when
//! the watermark has passed T. Source: FLIP-504 and its pull requests to apache/flink-kubernetes-operator.
//!
//! It is a model and no proof: each job has one subtask, a watermark follows each row at once, the wall clock goes as
//! fast as event time, and sinks commit what they are given.

mod arrivals;
mod course;
mod plot;
mod scene;
mod text;

pub use plot::plot;
pub(super) use text::text;

use super::Options;
use super::data::Input;
use super::generate::{Generator, STYLES};
use super::trial::{Runner, Subject};
use arrivals::{Plan, stream};
use scene::Scene;
use serde::Serialize;
use std::collections::BTreeMap;

/// What a replay depends on besides scripts and rows. All times in milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    pub choice: Choice,
    /// The deletion delay that is judged; `None`: the one that is derived from the script.
    pub deletion_delay: Option<i64>,
    /// How much earlier than the latest one a row's event time may be, by table; of all others as much as their
    /// watermarks allow for.
    pub out_of_order: BTreeMap<String, i64>,
    /// Instead of what the watermarks allow for.
    pub out_of_order_of_all: Option<i64>,
    /// Tables that are silent for so long around T, and then yield what they have held back.
    pub idle: BTreeMap<String, i64>,
    /// How far the incoming job stays behind the outgoing one; twice that after the savepoint it starts to read.
    pub lag_ms: i64,
    /// How long it takes until the jobs have heard of a T that is chosen.
    pub propagation_ms: i64,
    /// How long after the savepoint the outgoing job still writes everything, although T is given.
    pub runs_on_ms: i64,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            choice: Choice::Given,
            deletion_delay: None,
            out_of_order: BTreeMap::new(),
            out_of_order_of_all: None,
            idle: BTreeMap::new(),
            lag_ms: 10_000,
            propagation_ms: 5_000,
            runs_on_ms: 0,
        }
    }
}

/// Who chooses T.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// It stands in both scripts before the incoming job starts.
    Given,
    /// The outgoing job while both run: its watermark plus the deletion delay.
    Flip504,
}

/// What was found out about one INSERT.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Replay {
    pub choice: Choice,
    /// Largest watermark delay and propagation: the smallest deletion delay that should do for one subtask.
    pub bound_ms: i64,
    /// The deletion delay of the rung that decides.
    pub judged_ms: i64,
    /// By ascending delay; none if the reasons say why nothing is replayed.
    pub rungs: Vec<Rung>,
    /// Why nothing is replayed, or what the replay leaves out.
    pub reasons: Vec<String>,
}

/// What one deletion delay leads to, over all rounds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Rung {
    pub delay_ms: i64,
    /// Rows that a job without gates writes after the savepoint.
    pub rows: usize,
    pub lost: usize,
    pub doubled: usize,
    /// Rows of the gated queries that the ungated one does not have.
    pub foreign: usize,
    /// Rows of sources that the outgoing job reads when its watermark has reached their event time.
    pub late: usize,
    pub lost_example: Option<Example>,
    pub doubled_example: Option<Example>,
}

/// A row, and what happened to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Example {
    /// `id = 1, total = 2`.
    pub row: String,
    /// How many source rows it is made of.
    pub made_of: usize,
    /// The latest event time among them, in epoch milliseconds, as all times here.
    pub event_time: Option<i64>,
    /// When it is there in the outgoing job, or would be; `None`: when the input has ended.
    pub arrival: Option<i64>,
    pub outgoing_watermark: Option<i64>,
    pub incoming_watermark: Option<i64>,
    pub outgoing: Fate,
    pub incoming: Fate,
}

/// What a job did with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    Wrote,
    /// It had no gate yet: it had not heard of T, or ran on as before.
    WroteUngated,
    /// The gate held it back.
    Shut,
    /// The incoming job wrote nothing yet: it had not heard of T.
    NotYet,
    /// The job was gone.
    Gone,
    /// All of its source rows came too late for the operator that makes it.
    Dropped,
}

impl Replay {
    /// Are rows lost or doubled with the delay that decides?
    pub fn is_broken(&self) -> bool {
        self.judged().is_some_and(Rung::is_broken)
    }

    /// The rung that decides, if anything was replayed.
    pub fn judged(&self) -> Option<&Rung> {
        self.rungs.iter().find(|r| r.delay_ms == self.judged_ms)
    }
}

impl Rung {
    pub fn is_broken(&self) -> bool {
        self.lost + self.doubled + self.foreign > 0
    }
}

/// Rounds of a replay of generated rows.
const ROUNDS: usize = 4;

/// Rows of a source in a round of a replay, for each that is asked for in a round of the checks.
const ROWS: usize = 4;

pub(super) fn replay(
    subject: &Subject<'_>,
    options: &Options,
    model: &Model,
    given: &Input,
) -> Replay {
    let mut replay = Replay {
        choice: model.choice,
        bound_ms: 0,
        judged_ms: 0,
        rungs: Vec::new(),
        reasons: Vec::new(),
    };
    if subject.key.is_some() {
        let why = "an updating query: only append-only ones are replayed";
        replay.reasons.push(why.to_owned());
        return replay;
    }
    let generator = match Generator::new(subject, options) {
        Ok(generator) => generator,
        Err(why) => {
            replay.reasons.push(why);
            return replay;
        }
    };
    let timed: Vec<(&str, Option<i64>)> = generator
        .sources()
        .filter(|(.., timed)| *timed)
        .map(|(path, delay, _)| (path, delay))
        .collect();
    replay.reasons = unreplayed(subject, &timed);
    let delays: Option<Vec<i64>> = timed.iter().map(|(_, delay)| *delay).collect();
    let (true, Some(delays)) = (replay.reasons.is_empty(), delays) else {
        return replay;
    };
    replay.bound_ms = delays.iter().copied().max().unwrap_or(0) + model.propagation_ms;
    replay.judged_ms = model.deletion_delay.unwrap_or(replay.bound_ms);
    let ladder = ladder(replay.bound_ms, replay.judged_ms);
    let of = |by: &BTreeMap<String, i64>, path: &str| {
        let own = |name: &String| *name == path || path.ends_with(&format!(".{name}"));
        by.iter().find(|(name, _)| own(name)).map(|(_, ms)| *ms)
    };
    let out_of_order = timed.iter().zip(&delays).map(|((path, _), delay)| {
        let own = of(&model.out_of_order, path).or(model.out_of_order_of_all);
        own.unwrap_or((delay - 1).max(0))
    });
    let idle = timed.iter().map(|(path, _)| of(&model.idle, path));
    let plan = Plan {
        model,
        cutover: options.cutover,
        ladder: &ladder,
        rows: options.rows * ROWS,
        out_of_order: out_of_order.collect(),
        idle: idle.map(Option::unwrap_or_default).collect(),
        delays,
    };
    let paths: Vec<&str> = timed.iter().map(|(path, _)| *path).collect();
    let delayed = |ms: &i64| Rung {
        delay_ms: *ms,
        ..Rung::default()
    };
    replay.rungs = ladder.iter().map(delayed).collect();
    let rounds = if given.is_empty() { ROUNDS } else { 1 };
    let mut ran = false;
    for round in 0..rounds {
        let seed = options
            .seed
            .wrapping_mul(1_000_033)
            .wrapping_add(round as u64);
        let mut failed = None;
        for style in STYLES {
            let made = stream(&generator, &plan, style, given, seed);
            let done = made.and_then(|stream| {
                let scene = Scene::new(subject, &stream, &paths, options.cutover, model)?;
                replay.rungs.iter_mut().for_each(|rung| scene.play(rung));
                Ok(stream.remarks)
            });
            match done {
                Ok(remarks) => {
                    replay.reasons.extend(remarks);
                    ran = true;
                    failed = None;
                    break;
                }
                Err(why) => failed = failed.or(Some(why)),
            }
        }
        replay.reasons.extend(failed);
    }
    replay.reasons.sort();
    replay.reasons.dedup();
    if !ran {
        replay.rungs.clear();
    }
    replay
}

/// Why the query is not replayed.
fn unreplayed(subject: &Subject<'_>, timed: &[(&str, Option<i64>)]) -> Vec<String> {
    let mut reasons = Vec::new();
    if timed.is_empty() {
        reasons.push("no source has a watermark".to_owned());
    }
    for (path, delay) in timed {
        if delay.is_none() {
            let why = format!("the watermark of `{path}` does not say how far it is behind");
            reasons.push(why);
        }
    }
    let is_timed = |runner: &Runner<'_>, id| {
        let path = runner.job.origin(id);
        timed.iter().any(|(timed, _)| *timed == path)
    };
    let ungated = &subject.ungated;
    let untimed = ungated.program.untimed(&|id| is_timed(ungated, id));
    let why = |what: &str| format!("{what}: when its rows are there is not modelled");
    reasons.extend(untimed.into_iter().map(why));
    reasons
}

/// From 0 to what the script asks for, and the one that is judged.
fn ladder(bound: i64, judged: i64) -> Vec<i64> {
    let mut all: Vec<i64> = [0, 1, 2, 4, 6, 8].map(|n| bound * n / 8).to_vec();
    all.push(judged);
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ladder_ends_with_the_bound_or_what_is_judged() {
        assert_eq!(ladder(8_000, 8_000), [0, 1_000, 2_000, 4_000, 6_000, 8_000]);
        assert_eq!(ladder(3, -5), [-5, 0, 1, 2, 3]);
        assert_eq!(ladder(0, 9), [0, 9]);
    }
}
