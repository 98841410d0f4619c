//! In which order the rows of the sources come.
//!
//! The clock is event time: at a moment `m` a source may yield rows of an event time up to `m`, and of one that is
//! earlier by as much as its out-of-orderness says.

use super::Model;
use crate::verify::data::Input;
use crate::verify::generate::{Generator, Style};
use crate::verify::random::Random;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    pub id: u32,
    /// Among the sources that have a watermark.
    pub source: usize,
    pub time: i64,
    pub at: i64,
}

/// The rows of a round, and when those of sources with a watermark come.
pub struct Stream {
    pub input: Input,
    pub arrivals: Vec<Arrival>,
    /// The incoming job starts from what was read before this moment.
    pub savepoint: i64,
    /// What of it a reader has to know.
    pub remarks: Vec<String>,
}

/// What is the same in all rounds. Milliseconds.
pub struct Plan<'m> {
    pub model: &'m Model,
    pub cutover: i64,
    /// Of the deletion delays that are tried.
    pub ladder: &'m [i64],
    pub rows: usize,
    /// Of each source with a watermark.
    pub delays: Vec<i64>,
    pub out_of_order: Vec<i64>,
    pub idle: Vec<i64>,
}

impl Plan<'_> {
    fn longest_delay(&self) -> i64 {
        self.ladder.iter().copied().max().unwrap_or(0).max(0)
    }

    /// Before any job that proposes T can do so, and after all that belongs to it has settled.
    fn savepoint(&self) -> i64 {
        let largest = |all: &[i64]| all.iter().copied().max().unwrap_or(0);
        self.cutover
            - self.longest_delay()
            - 2 * self.model.lag_ms
            - largest(&self.out_of_order)
            - largest(&self.idle)
            - 2_000
    }

    fn end(&self) -> i64 {
        let largest = |all: &[i64]| all.iter().copied().max().unwrap_or(0);
        self.cutover
            + self.longest_delay()
            + self.model.lag_ms
            + largest(&self.delays)
            + 2 * largest(&self.out_of_order)
            + largest(&self.idle)
            + 2_000
    }

    /// Moment and event time of generated rows of a source, in the order in which they come.
    fn made(&self, source: usize, longest: i64, random: &mut Random) -> Vec<(i64, i64)> {
        let (t, delay, disorder) = (self.cutover, self.delays[source], self.out_of_order[source]);
        let (start, end) = (self.savepoint() - 2_000, self.end());
        let mut all = Vec::new();
        // What the watermark is at the moments that matter, exactly.
        let mut anchors: Vec<i64> = self.ladder.iter().map(|d| t - d).collect();
        anchors.extend([t - 1, t + 1]);
        anchors.extend(self.ladder.iter().map(|d| t + d));
        all.extend(anchors.iter().map(|w| (w + delay, w + delay)));
        // While the watermark is at T, or has just passed it, rows below T still come, if they are so late.
        for at in [t + delay, t + delay + 1] {
            all.extend((at - disorder < t).then_some((at, t - 1)));
        }
        for near in [t - 1, t, t + 1] {
            all.push((near + random.between(0, disorder), near));
        }
        let dense = (self.rows * 3 / 4).max(8) as i64;
        let step = ((end - start) / dense).max(1);
        let mut at = t - (t - start) / step * step;
        while at <= end {
            let behind = match random.below(6) {
                0 | 1 => 0,
                2 => disorder,
                _ => random.between(0, disorder),
            };
            all.push((at, at - behind));
            at += step;
        }
        // Windows and intervals of the script may be longer than all of that.
        let far = (self.rows / 8).max(2) as i64;
        for n in 1..=far {
            let by = 2 * longest * n / far;
            all.push((start - by, start - by - random.between(0, disorder)));
            all.push((end + by, end + by - random.between(0, disorder)));
        }
        all.sort_by_key(|(at, _)| *at);
        all
    }

    /// When a row comes that is due at a moment: a source that is silent yields all of it afterwards.
    fn delivered(&self, source: usize, at: i64) -> i64 {
        let silent = self.idle[source];
        let (from, to) = (self.cutover - silent / 2, self.cutover + silent / 2);
        if from <= at && at < to { to } else { at }
    }
}

/// `given`: rows of the user, in the order in which they come. Each comes when the latest event time so far has come.
///
/// # Errors
/// Whose event times cannot be computed.
pub fn stream(
    generator: &Generator<'_>,
    plan: &Plan<'_>,
    style: Style,
    given: &Input,
    seed: u64,
) -> Result<Stream, String> {
    let mut random = Random::new(seed);
    let mut input = given.clone();
    let mut next = given.len() as u32;
    let mut arrivals = Vec::new();
    let mut source = 0;
    let mut remarks = Vec::new();
    for (index, (path, _, timed)) in generator.sources().enumerate() {
        let times = match timed {
            true => plan.made(source, generator.longest(), &mut random),
            false => vec![(plan.cutover, plan.cutover); 24],
        };
        // By how much each row comes later than its event time. Where the script makes that of something that cannot be
        // chosen, rows come at their times.
        let chosen = generator.chooses_times(index);
        let mut behind: Vec<i64> = Vec::new();
        let records = match given.tables.get(path) {
            Some(records) => records.clone(),
            None => {
                let events: Vec<i64> = times.iter().map(|(_, time)| *time).collect();
                let made = generator.fill(index, &events, style, &mut random, &mut next);
                let late = |(at, time): (i64, i64)| if chosen { at - time } else { 0 };
                behind = made.iter().map(|(place, _)| late(times[*place])).collect();
                made.into_iter().map(|(_, record)| record).collect()
            }
        };
        if timed {
            let unknown = || format!("the event times of table `{path}`");
            let times = generator.times(index, &records).ok_or_else(unknown)?;
            let mut latest = i64::MIN;
            for (n, (record, time)) in records.iter().zip(times).enumerate() {
                latest = latest.max(time);
                let due = match behind.get(n) {
                    None => latest,
                    Some(behind) => time + behind,
                };
                arrivals.push(Arrival {
                    id: record.id,
                    source,
                    time,
                    at: plan.delivered(source, due),
                });
            }
            source += 1;
            if !chosen && !given.tables.contains_key(path) {
                remarks.push(format!(
                    "the event times of `{path}` cannot be chosen here, so that its rows come in order"
                ));
            }
            if generator.has_timeless_rows(index) && !given.tables.contains_key(path) {
                remarks.push(format!(
                    "no row of `{path}` is without an event time here: those belong to the outgoing job, and are lost \
                     when they come after it"
                ));
            }
        }
        input.tables.insert(path.to_owned(), records);
    }
    arrivals.sort_by_key(|a| a.at);
    Ok(Stream {
        input,
        arrivals,
        savepoint: plan.savepoint(),
        remarks,
    })
}
