//! One INSERT in all jobs, over one input.

use super::By;
use super::compare::{self, Check, Counts, Finding};
use super::data::Input;
use super::job::{Computed, Job};
use crate::catalog::EntryId;
use crate::config::Settings;
use crate::plan::inserts;
use crate::time::{self, Changelog};
use crate::validate::execute::{Program, Row, Tables};
use std::collections::BTreeMap;

#[derive(Clone, Copy)]
pub struct Jobs<'a> {
    pub ungated: &'a Job<'a>,
    pub first: Option<&'a Job<'a>>,
    pub outgoing: &'a Job<'a>,
    pub incoming: &'a Job<'a>,
}

/// A job's program for the INSERT, and how its tables come by their computed columns.
pub struct Runner<'a> {
    pub job: &'a Job<'a>,
    pub program: Program,
    computed: BTreeMap<EntryId, Computed>,
}

impl<'a> Runner<'a> {
    fn new(job: &'a Job<'a>, index: usize) -> Result<Self, Vec<String>> {
        let planner = job.planner();
        let program = job.program(&planner, index)?;
        let mut computed = BTreeMap::new();
        for table in &program.tables {
            computed.insert(
                *table,
                job.computed(&planner, index, *table)
                    .map_err(|why| vec![why])?,
            );
        }
        Ok(Self {
            job,
            program,
            computed,
        })
    }

    /// `cut`: in epoch milliseconds, from where on the job reads nothing.
    fn run(&self, input: &Input, clock: i64, cut: Option<i64>) -> Result<Vec<Row>, String> {
        let tables = self.read(input, clock, cut)?;
        self.program.run(&tables, clock).map_err(|f| f.0)
    }

    /// What each table holds.
    pub fn read(&self, input: &Input, clock: i64, cut: Option<i64>) -> Result<Tables, String> {
        let mut tables = Tables::default();
        for (id, computed) in &self.computed {
            let records = input
                .tables
                .get(&self.job.origin(*id))
                .map_or(&[][..], Vec::as_slice);
            let mut rows = self
                .job
                .rows(*id, computed, records, clock)
                .map_err(|f| f.0)?;
            let time = self.job.event_time(*id);
            if let Some(time) = time
                && rows.iter().any(|row| row.values[time].is_null())
            {
                return Err("a row without an event time, which fails the job".to_owned());
            }
            if let (Some(cut), Some(time)) = (cut, time) {
                let cut = i128::from(cut) * 1_000_000;
                rows.retain(|row| row.values[time].instant().is_some_and(|at| at < cut));
            }
            tables.by_entry.insert(*id, rows);
        }
        Ok(tables)
    }

    /// By the path of a table whose rows it reads.
    pub fn table(&self, path: &str) -> Option<EntryId> {
        let mut ids = self.computed.keys().copied();
        ids.find(|id| self.job.origin(*id) == path)
    }
}

/// One INSERT, ready to be tried.
pub struct Subject<'a> {
    pub ungated: Runner<'a>,
    first: Option<Runner<'a>>,
    pub outgoing: Runner<'a>,
    pub incoming: Runner<'a>,
    /// Positions of the sink's key, of an updating query.
    pub key: Option<Vec<usize>>,
}

/// What came out of one input.
#[derive(Debug, Clone, Default)]
pub struct Trial {
    pub counts: Counts,
    pub findings: Vec<Finding>,
}

impl<'a> Subject<'a> {
    /// # Errors
    /// Why the INSERT is not executed.
    pub fn new(jobs: Jobs<'a>, index: usize, settings: &Settings) -> Result<Self, Vec<String>> {
        let mut reasons = Vec::new();
        let mut runner = |job: &'a Job<'a>| match Runner::new(job, index) {
            Ok(runner) => Some(runner),
            Err(more) => {
                reasons.extend(more);
                None
            }
        };
        let (ungated, outgoing, incoming) = (
            runner(jobs.ungated),
            runner(jobs.outgoing),
            runner(jobs.incoming),
        );
        let first = jobs.first.map(runner);
        reasons.sort();
        reasons.dedup();
        let (Some(ungated), Some(outgoing), Some(incoming)) = (ungated, outgoing, incoming) else {
            return Err(reasons);
        };
        let first = match first {
            Some(None) => return Err(reasons),
            Some(first) => first,
            None => None,
        };
        let key = key(jobs, index, &ungated.program, settings).map_err(|why| vec![why])?;
        Ok(Self {
            ungated,
            first,
            outgoing,
            incoming,
            key,
        })
    }

    /// What only a model of time can tell, so that [`Subject::trial`] cannot be asked.
    pub fn needs_time(&self) -> Option<String> {
        let first = self.first.iter();
        let mut all = first.chain([&self.ungated, &self.outgoing, &self.incoming]);
        let asks = all.any(|r| r.program.asks_watermark);
        asks.then(|| "CURRENT_WATERMARK".to_owned())
    }

    pub fn by(&self) -> By {
        match &self.key {
            None => By::RowIds,
            Some(key) => By::Key {
                columns: key
                    .iter()
                    .map(|n| self.ungated.program.columns[*n].clone())
                    .collect(),
            },
        }
    }

    /// The tables that are read, each with a job that has all of its columns.
    pub fn tables(&self) -> Vec<(&'a Job<'a>, EntryId, &Computed)> {
        let mut seen = BTreeMap::new();
        for runner in [&self.outgoing, &self.ungated] {
            for (id, computed) in &runner.computed {
                let origin = runner.job.origin(*id);
                seen.entry(origin).or_insert((runner.job, *id, computed));
            }
        }
        seen.into_values().collect()
    }

    /// The text of the ungated script.
    pub fn text(&self) -> &str {
        self.ungated.job.text()
    }

    /// # Errors
    /// Why it cannot be executed over this input: the job would fail, or something is not computed.
    pub fn trial(&self, input: &Input, cutover: i64, cut: i64) -> Result<Trial, String> {
        let ungated = self.ungated.run(input, cutover, None)?;
        let outgoing = self.outgoing.run(input, cutover, None)?;
        let incoming = self.incoming.run(input, cutover, None)?;
        let torn = self.outgoing.run(input, cutover, Some(cut))?;
        let columns = &self.ungated.program.columns;
        let mut trial = Trial {
            counts: Counts {
                ungated: ungated.len(),
                outgoing: outgoing.len(),
                incoming: incoming.len(),
                ..Counts::default()
            },
            findings: Vec::new(),
        };
        let mut add = |check: Check, difference: compare::Difference| {
            if check == Check::Whole {
                trial.counts.lost += difference.lost;
                trial.counts.doubled += difference.doubled;
                trial.counts.foreign += difference.foreign;
                trial.counts.raced += difference.raced;
            }
            trial.findings.extend(difference.finding(check, columns));
        };
        match &self.key {
            None => {
                add(Check::Whole, compare::rows(&ungated, &outgoing, &incoming));
                add(Check::Torn, compare::rows(&ungated, &torn, &incoming));
            }
            Some(key) => {
                add(
                    Check::Whole,
                    compare::keyed(&ungated, &outgoing, &incoming, key),
                );
                add(Check::Torn, compare::keyed(&ungated, &torn, &incoming, key));
            }
        }
        if let Some(first) = &self.first {
            let first = first.run(input, cutover, None)?;
            add(Check::Open, compare::rows(&ungated, &first, &[]));
        }
        Ok(trial)
    }
}

/// The positions of the sink's key among the query's columns, if the query updates rows.
fn key(
    jobs: Jobs<'_>,
    index: usize,
    program: &Program,
    settings: &Settings,
) -> Result<Option<Vec<usize>>, String> {
    let updates = |job: &Job<'_>| {
        let input = job.input();
        let declared = time::declared(input.catalog);
        let times = time::analyse(
            input.script,
            input.text,
            input.catalog,
            &declared,
            settings.flink,
        );
        let places = inserts::all(input);
        let time = places
            .get(index)
            .and_then(|place| inserts::query_time(&times, *place));
        time.and_then(|t| t.changelog.clone())
    };
    // A watermark that is added makes some queries append-only.
    let known = [Some(jobs.ungated), jobs.first]
        .into_iter()
        .flatten()
        .filter_map(updates);
    let known: Vec<Changelog> = known.collect();
    match &known[..] {
        [] => return Err("whether the query updates rows is not known".to_owned()),
        known if known.contains(&Changelog::Append) => return Ok(None),
        _ => {}
    }
    let place = jobs.ungated.inserts()[index];
    let Some(sink) = inserts::sink(jobs.ungated.input(), place) else {
        return Err("an updating query into a sink whose key is not declared here".to_owned());
    };
    if sink.primary_key.is_empty() {
        return Err("an updating query into a sink without a key".to_owned());
    }
    let written: Vec<String> = match &place.insert.columns {
        Some(list) => list.columns.iter().map(|c| c.value.to_string()).collect(),
        None => sink.sink_columns().map(|c| c.name.clone()).collect(),
    };
    if written.len() != program.columns.len() {
        return Err("an updating query into partitions".to_owned());
    }
    let position = |name: &String| written.iter().position(|w| w == name);
    let key: Option<Vec<usize>> = sink.primary_key.iter().map(position).collect();
    key.map(Some)
        .ok_or_else(|| "an updating query that does not write the sink's key".to_owned())
}
