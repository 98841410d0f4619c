//! Which tables need a watermark, and why the others need none.

use super::candidate::{Candidate, Offer};
use super::offer;
use crate::catalog::{EntryId, connectors};
use crate::plan::{Input, inserts};
use crate::text::Span;
use crate::time::{Reason, Times};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What becomes of a table's event time.
#[derive(Debug, Clone, Serialize)]
pub struct TableTime {
    pub need: Need,
    /// What it offers.
    pub offer: Offer,
    /// Which of the candidates it gets a watermark on.
    pub chosen: Option<usize>,
}

/// Does a table need a watermark?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "need")]
pub enum Need {
    /// An INSERT that can be gated reads it as a stream.
    Stream,
    /// So it is, and it declares one.
    Declared,
    /// Rows are looked up in it, one by one.
    LookedUp,
    /// A join reads a row as it was at a time, which takes a watermark of the table's own.
    Versioned,
    /// It is read to its end, and joined with a stream.
    Bounded,
    /// It sends updates, above which there is no gate.
    Changelog,
    /// What reads it is refused for another reason.
    Refused {
        reason: Reason,
    },
    /// INSERTs write it, and nothing reads it.
    Sink,
    /// Queries read it, and no INSERT does.
    Queried,
    NotRead,
}

impl Need {
    /// The stable name, and in words.
    pub fn words(self) -> (&'static str, String) {
        let (name, words) = match self {
            Self::Stream => ("stream", "an INSERT reads it as a stream"),
            Self::Declared => ("declared", "it declares a watermark"),
            Self::LookedUp => (
                "looked-up",
                "rows are looked up in it: their time is that of the other side",
            ),
            Self::Versioned => (
                "versioned",
                "a temporal join reads a version of it: its watermark has to be its own",
            ),
            Self::Bounded => (
                "bounded",
                "it is read to its end, before the rows of the stream that it is joined with",
            ),
            Self::Changelog => (
                "changelog",
                "it sends updates, and no gate stands above those",
            ),
            Self::Refused { reason } => {
                let why = format!("what reads it is refused: {}", reason.name());
                return ("refused", why);
            }
            Self::Sink => ("sink", "it is written, not read"),
            Self::Queried => ("queried", "no INSERT reads it"),
            Self::NotRead => ("not-read", "nothing reads it"),
        };
        (name, words.to_owned())
    }
}

impl TableTime {
    /// Notes which candidate was taken; one that the configuration names may not have been among them.
    pub(super) fn choose(&mut self, chosen: &Candidate) {
        let known = |c: &Candidate| (c.strategy, &c.name) == (chosen.strategy, &chosen.name);
        self.offer.candidates.retain(|c| !known(c));
        self.offer.candidates.insert(0, chosen.clone());
        self.chosen = Some(0);
    }
}

/// For each table, as it was last declared or as it is read.
pub(super) fn of_all(
    input: Input<'_>,
    times: &Times,
    needed: &BTreeMap<EntryId, Span>,
) -> BTreeMap<EntryId, TableTime> {
    let reads = Reads::of(input, times);
    let entries = input.catalog.entries.iter().enumerate();
    let last: BTreeMap<_, EntryId> = entries.clone().map(|(id, e)| (e.created, id)).collect();
    let is_told = |id: &EntryId, created| needed.contains_key(id) || last[&created] == *id;
    let mut all = BTreeMap::new();
    for (id, entry) in entries.filter(|(id, e)| is_told(id, e.created)) {
        let Some(table) = entry.table() else { continue };
        let need = match needed.contains_key(&id) {
            true => Need::Stream,
            false => reads.need(id, table),
        };
        let offer = offer::offer(input.text, table);
        let table = TableTime {
            need,
            offer,
            chosen: None,
        };
        all.insert(id, table);
    }
    all
}

/// Who reads and writes tables.
struct Reads<'a> {
    times: &'a Times,
    /// Read as streams by INSERTs: why one of these is refused.
    streams: BTreeMap<EntryId, Option<Reason>>,
    sinks: BTreeSet<EntryId>,
}

impl<'a> Reads<'a> {
    fn of(input: Input<'_>, times: &'a Times) -> Self {
        let mut streams: BTreeMap<EntryId, Option<Reason>> = BTreeMap::new();
        let mut sinks = BTreeSet::new();
        for place in inserts::all(input) {
            let target = place.insert.target.path();
            sinks.extend(input.catalog.resolve_id(&target, place.statement));
            let Some(time) = inserts::query_time(times, place) else {
                continue;
            };
            let reason = time.facts.refusals.iter().map(|r| r.reason);
            let reason = reason.filter(|r| !inserts::mendable(*r)).min();
            for id in &time.facts.sources {
                let known = streams.entry(*id).or_insert(reason);
                *known = known.and(reason);
            }
        }
        Self {
            times,
            streams,
            sinks,
        }
    }

    fn need(&self, id: EntryId, table: &crate::catalog::Table) -> Need {
        let uses = &self.times.uses;
        let changelog = || {
            let rows = connectors::source_rows(table);
            matches!(rows, connectors::SourceRows::Changelog(_))
        };
        match self.streams.get(&id) {
            Some(_) if table.watermark.is_some() => Need::Declared,
            Some(_) if changelog() => Need::Changelog,
            Some(Some(reason)) => Need::Refused { reason: *reason },
            // Read by an INSERT whose query has no gate because of another table.
            Some(None) => Need::Stream,
            None if uses.looked_up.contains_key(&id) => Need::LookedUp,
            None if uses.versioned.contains(&id) => Need::Versioned,
            None if uses.bounded.contains(&id) => Need::Bounded,
            None if self.sinks.contains(&id) => Need::Sink,
            None if uses.read.contains(&id) => Need::Queried,
            None => Need::NotRead,
        }
    }
}
