//! One round of rows, and what both jobs write of it.

use super::arrivals::{self, Stream};
use super::course::{Course, Feed, Position, Read};
use super::{Choice, Example, Fate, Model, Rung};
use crate::validate::execute::Row;
use crate::verify::compare::identity;
use crate::verify::data::Input;
use crate::verify::trial::{Runner, Subject};
use std::collections::BTreeMap;

/// Where the watermark stands to T: not there, below, at, above.
fn standing(watermark: Option<i64>, cutover: i64) -> usize {
    match watermark {
        None => 0,
        Some(w) => 2 + usize::from(w > cutover) - usize::from(w < cutover),
    }
}

/// How often a gate lets a row through, by its identity, for each standing of the watermark.
struct Gate(Vec<BTreeMap<String, usize>>);

impl Gate {
    fn new(runner: &Runner<'_>, input: &Input, cutover: i64, width: usize) -> Result<Gate, String> {
        let tables = runner.read(input, cutover, None)?;
        let run = |watermark: Option<i64>| {
            let rows = runner
                .program
                .run_at(&tables, cutover, Some(watermark))
                .map_err(|f| f.0)?;
            let mut counted = BTreeMap::new();
            for row in &rows {
                *counted.entry(identity(row, width)).or_insert(0) += 1;
            }
            Ok::<_, String>(counted)
        };
        let standings = match runner.program.asks_watermark {
            true => &[None, Some(cutover - 1), Some(cutover), Some(cutover + 1)][..],
            false => &[None][..],
        };
        let gates = standings.iter().map(|w| run(*w));
        gates.collect::<Result<_, _>>().map(Gate)
    }

    fn lets(&self, key: &str, watermark: Option<i64>, cutover: i64) -> usize {
        let standing = standing(watermark, cutover).min(self.0.len() - 1);
        self.0[standing].get(key).copied().unwrap_or(0)
    }
}

/// Equal output rows: the source rows that made them, and their values.
struct Output {
    key: String,
    times: usize,
    row: Row,
    event_time: Option<i64>,
    held: Option<i64>,
}

/// One round, ready to be played with any deletion delay.
pub struct Scene<'a> {
    model: &'a Model,
    cutover: i64,
    savepoint: i64,
    columns: &'a [String],
    outputs: Vec<Output>,
    outgoing: Course,
    incoming: Course,
    outgoing_gate: Gate,
    incoming_gate: Gate,
    foreign: usize,
    late: usize,
}

/// How the incoming job catches up: so many times as fast as rows come.
const CATCH_UP: i64 = 4;

impl<'a> Scene<'a> {
    pub fn new(
        subject: &'a Subject<'_>,
        stream: &Stream,
        paths: &[&str],
        cutover: i64,
        model: &'a Model,
    ) -> Result<Self, String> {
        let tables = subject.ungated.read(&stream.input, cutover, None)?;
        let rows = subject
            .ungated
            .program
            .run_at(&tables, cutover, None)
            .map_err(|f| f.0)?;
        let width = subject.ungated.program.columns.len();
        let times: BTreeMap<u32, i64> = stream.arrivals.iter().map(|a| (a.id, a.time)).collect();
        let mut outputs: BTreeMap<String, Output> = BTreeMap::new();
        for row in rows {
            let key = identity(&row, width);
            let held = row.wait.held.map(|ns| ns.div_euclid(1_000_000) as i64);
            let event_time = row.ids.iter().filter_map(|id| times.get(id).copied()).max();
            let output = outputs.entry(key.clone()).or_insert(Output {
                key,
                times: 0,
                row,
                event_time,
                held,
            });
            output.times += 1;
            output.held = output.held.max(held);
        }
        let gate = |runner| Gate::new(runner, &stream.input, cutover, width);
        let (outgoing_gate, incoming_gate) = (gate(&subject.outgoing)?, gate(&subject.incoming)?);
        let gated = outgoing_gate.0.iter().chain(&incoming_gate.0);
        let mut foreign: BTreeMap<&String, usize> = BTreeMap::new();
        for (key, times) in gated.flatten() {
            let known = outputs.get(key).map_or(0, |o| o.times);
            let more = foreign.entry(key).or_insert(0);
            *more = times.saturating_sub(known).max(*more);
        }
        let foreign = foreign.into_values().sum();
        let feeds = |runner: &Runner<'_>| -> Result<Vec<Feed>, String> {
            let feed = |path: &&str| {
                let id = runner.table(path);
                let id =
                    id.ok_or_else(|| format!("table `{path}`, which one job does not read"))?;
                let unknown =
                    || format!("the watermark of `{path}` does not say how far it is behind");
                Ok(Feed {
                    delay: runner.job.delay(id).ok_or_else(unknown)?,
                    idle: runner.job.idle_timeout(id),
                })
            };
            paths.iter().map(feed).collect()
        };
        let (outgoing, incoming) = courses(
            stream,
            model,
            &feeds(&subject.outgoing)?,
            &feeds(&subject.incoming)?,
        );
        let is_late = |a: &&arrivals::Arrival| {
            let at = outgoing.place(a.id).filter(|at| *at >= outgoing.start);
            at.and_then(|at| outgoing.watermark(at))
                .is_some_and(|w| a.time <= w)
        };
        let late = stream.arrivals.iter().filter(is_late).count();
        Ok(Scene {
            model,
            cutover,
            savepoint: stream.savepoint,
            columns: &subject.ungated.program.columns,
            outputs: outputs.into_values().collect(),
            outgoing,
            incoming,
            outgoing_gate,
            incoming_gate,
            foreign,
            late,
        })
    }

    /// Until when the outgoing job writes everything, and until when the incoming one writes nothing.
    fn open(&self, delay: i64) -> (i64, i64) {
        match self.model.choice {
            Choice::Given => (self.savepoint + self.model.runs_on_ms, i64::MIN),
            Choice::Flip504 => {
                // T stands in the scripts. So the outgoing job proposes it where its watermark is T less the delay, or where
                // it is the last one below that: the true delay is then longer.
                let start = self.outgoing.start;
                let past = self.outgoing.reached(self.cutover - delay + 1, start);
                let lower = past.checked_sub(1).filter(|at| *at >= start);
                let at = match lower.and_then(|at| self.outgoing.watermark(at)) {
                    Some(watermark) => self.outgoing.reached(watermark, start),
                    None => past,
                };
                let known = self.outgoing.moment(at);
                let known = known.saturating_add(self.model.propagation_ms);
                (known, known)
            }
        }
    }

    /// Where the outgoing job is taken down.
    fn teardown(&self, delay: i64, known: i64) -> Position {
        let past = match self.model.choice {
            Choice::Given => self.cutover + delay,
            Choice::Flip504 => self.cutover,
        };
        let mut at = self.outgoing.reached(past + 1, self.outgoing.start);
        if self.model.choice == Choice::Flip504 {
            while at < self.outgoing.end() && self.outgoing.moment(at) < known {
                at += 1;
            }
        }
        at
    }

    pub fn play(&self, rung: &mut Rung) {
        let (ungated_until, nothing_until) = self.open(rung.delay_ms);
        let teardown = self.teardown(rung.delay_ms, ungated_until);
        rung.foreign += self.foreign;
        rung.late += self.late;
        for output in &self.outputs {
            let ids = &output.row.ids;
            let there = self.outgoing.exists(ids, output.held);
            let there_too = self.incoming.exists(ids, output.held);
            // Written before the savepoint, by the job that ran then.
            let past =
                |at: Option<(Position, _)>| at.is_some_and(|(at, _)| at < self.outgoing.start);
            if past(there) || past(there_too) {
                continue;
            }
            let expected = there.map_or(0, |_| output.times);
            rung.rows += expected;
            let (outgoing, by_outgoing) = match there {
                None => (Fate::Dropped, 0),
                Some((at, _)) if self.outgoing.moment(at) < ungated_until => {
                    (Fate::WroteUngated, output.times)
                }
                Some((at, _)) if at > teardown => (Fate::Gone, 0),
                Some((_, watermark)) => self.gated(&self.outgoing_gate, output, watermark),
            };
            let (incoming, by_incoming) = match there_too {
                None => (Fate::Dropped, 0),
                Some((at, _)) if self.incoming.moment(at) < nothing_until => (Fate::NotYet, 0),
                Some((_, watermark)) => self.gated(&self.incoming_gate, output, watermark),
            };
            let written = by_outgoing + by_incoming;
            if written == expected {
                continue;
            }
            let lost = written < expected;
            let example = || self.example(output, there, (outgoing, incoming));
            let slot = match lost {
                true => {
                    rung.lost += expected - written;
                    &mut rung.lost_example
                }
                false => {
                    rung.doubled += written - expected;
                    &mut rung.doubled_example
                }
            };
            let size = |e: &Example| {
                let away = e.event_time.map_or(0, |t| t.abs_diff(self.cutover));
                (e.made_of, away, e.arrival, e.row.clone())
            };
            let new = example();
            if slot.as_ref().is_none_or(|old| size(&new) < size(old)) {
                *slot = Some(new);
            }
        }
    }

    fn gated(&self, gate: &Gate, output: &Output, watermark: Option<i64>) -> (Fate, usize) {
        match gate.lets(&output.key, watermark, self.cutover) {
            0 => (Fate::Shut, 0),
            times => (Fate::Wrote, times),
        }
    }

    fn example(
        &self,
        output: &Output,
        there: Option<(Position, Option<i64>)>,
        (outgoing, incoming): (Fate, Fate),
    ) -> Example {
        let cells = self.columns.iter().zip(&output.row.values);
        let cells: Vec<String> = cells.map(|(c, v)| format!("{c} = {v}")).collect();
        // A row that no job lets go has come with its last source row.
        let last = output
            .row
            .ids
            .iter()
            .filter_map(|id| self.outgoing.place(*id));
        let at = there.map(|(at, _)| at).or(last.max()).unwrap_or(0);
        let moment = self.outgoing.moment(at);
        Example {
            row: cells.join(", "),
            made_of: output.row.ids.len(),
            event_time: output.event_time,
            arrival: (moment != i64::MAX).then_some(moment),
            outgoing_watermark: there
                .map_or_else(|| self.outgoing.watermark(at), |(_, watermark)| watermark),
            incoming_watermark: match moment {
                i64::MAX => None,
                moment => self.incoming.watermark(self.incoming.at(moment)),
            },
            outgoing,
            incoming,
        }
    }
}

/// What the two jobs read, in which order.
fn courses(
    stream: &Stream,
    model: &Model,
    outgoing: &[Feed],
    incoming: &[Feed],
) -> (Course, Course) {
    let before = stream.arrivals.partition_point(|a| a.at < stream.savepoint);
    let read = |a: &arrivals::Arrival| Read {
        id: a.id,
        source: a.source,
        time: a.time,
        moment: a.at,
    };
    let reads: Vec<Read> = stream.arrivals.iter().map(read).collect();
    // With T given both jobs start from the savepoint; else the one that runs goes on.
    let restarted = model.choice == Choice::Given;
    let course = Course::new(&reads, outgoing, before, restarted);
    let mut behind = reads;
    let sources = outgoing.len().max(1) as i64;
    for read in &mut behind[before..] {
        let since = read.moment - stream.savepoint;
        let uneven = model.lag_ms * read.source as i64 / (8 * sources);
        let caught_up = stream.savepoint + model.lag_ms + since / CATCH_UP;
        read.moment = read.moment.max(caught_up) + model.lag_ms + uneven;
    }
    behind[before..].sort_by_key(|r| r.moment);
    (course, Course::new(&behind, incoming, before, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_the_watermark_stands() {
        let all = [None, Some(6), Some(7), Some(8), Some(i64::MAX)];
        assert_eq!(all.map(|w| standing(w, 7)), [0, 1, 2, 3, 3]);
    }
}
