//! What two jobs wrote together against what one wrote alone.

use crate::validate::execute::{Row, key_of};
use serde::Serialize;
use std::collections::BTreeMap;

/// Which check found something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Check {
    Whole,
    Torn,
    Open,
}

impl Check {
    pub const fn as_str(self) -> &'static str {
        match self {
            Check::Whole => "whole",
            Check::Torn => "torn",
            Check::Open => "open",
        }
    }
}

/// Numbers of rows over all rounds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    pub ungated: usize,
    pub outgoing: usize,
    pub incoming: usize,
    /// Written by the ungated job, and by neither of the two.
    pub lost: usize,
    /// Written once too often by the two.
    pub doubled: usize,
    /// Written by one of the two, and not by the ungated job.
    pub foreign: usize,
    /// Keys that both jobs write, of which the outgoing job's would stand if it wrote last.
    pub raced: usize,
}

impl Counts {
    pub fn add(&mut self, other: &Counts) {
        self.ungated += other.ungated;
        self.outgoing += other.outgoing;
        self.incoming += other.incoming;
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.foreign += other.foreign;
        self.raced += other.raced;
    }
}

/// Something that does not hold, with one row as an example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub check: Check,
    pub lost: usize,
    pub doubled: usize,
    pub foreign: usize,
    /// What happened to it, and the row: `lost: id = 1, total = 2`.
    pub example: String,
}

#[derive(Debug, Clone, Default)]
pub struct Difference {
    pub lost: usize,
    pub doubled: usize,
    pub foreign: usize,
    pub raced: usize,
    example: Option<(&'static str, Row)>,
}

impl Difference {
    fn note(&mut self, what: &'static str, row: &Row) {
        self.example.get_or_insert_with(|| (what, row.clone()));
    }

    pub fn finding(self, check: Check, columns: &[String]) -> Option<Finding> {
        let (what, row) = self.example?;
        let cells = columns
            .iter()
            .zip(&row.values)
            .map(|(c, v)| format!("{c} = {v}"));
        Some(Finding {
            check,
            lost: self.lost,
            doubled: self.doubled,
            foreign: self.foreign,
            example: format!("{what}: {}", cells.collect::<Vec<_>>().join(", ")),
        })
    }
}

/// The source rows that made a row, and the first `width` of its values.
pub fn identity(row: &Row, width: usize) -> String {
    let values = &row.values[..width.min(row.values.len())];
    format!("{:?} {}", row.ids, key_of(values))
}

/// Rows by their identity.
fn counted<'r>(
    rows: impl Iterator<Item = &'r Row>,
    width: usize,
) -> BTreeMap<String, (usize, &'r Row)> {
    let mut counted: BTreeMap<String, (usize, &Row)> = BTreeMap::new();
    for row in rows {
        let key = identity(row, width);
        counted.entry(key).or_insert((0, row)).0 += 1;
    }
    counted
}

pub fn rows(ungated: &[Row], outgoing: &[Row], incoming: &[Row]) -> Difference {
    let width = ungated.first().map_or(usize::MAX, |r| r.values.len());
    let alone = counted(ungated.iter(), width);
    let both = counted(outgoing.iter().chain(incoming), width);
    let mut difference = Difference::default();
    for (key, (times, row)) in &alone {
        let written = both.get(key).map_or(0, |(times, _)| *times);
        if written < *times {
            difference.lost += times - written;
            difference.note("lost", row);
        } else if written > *times {
            difference.doubled += written - times;
            difference.note("doubled", row);
        }
    }
    for (key, (times, row)) in &both {
        if !alone.contains_key(key) {
            difference.foreign += times;
            difference.note("foreign", row);
        }
    }
    difference
}

/// The final row of each key, from what is written in this order.
fn table<'r>(rows: impl Iterator<Item = &'r Row>, key: &[usize]) -> BTreeMap<String, &'r Row> {
    let key_values = |row: &Row| -> Vec<_> { key.iter().map(|n| row.values[*n].clone()).collect() };
    rows.map(|row| (key_of(&key_values(row)), row)).collect()
}

/// Final rows by key. Applied with the incoming job's writes last, the two must give what the ungated job gives. The
/// other way round keys that both write are the race of two writers, which no gate decides: they are counted apart.
pub fn keyed(ungated: &[Row], outgoing: &[Row], incoming: &[Row], key: &[usize]) -> Difference {
    let alone = table(ungated.iter(), key);
    let both = table(outgoing.iter().chain(incoming), key);
    let reversed = table(incoming.iter().chain(outgoing), key);
    let (outgoing, incoming) = (table(outgoing.iter(), key), table(incoming.iter(), key));
    let mut difference = Difference::default();
    let same = |a: &Row, b: &Row| key_of(&a.values) == key_of(&b.values);
    for (key, row) in &alone {
        match both.get(key) {
            None => {
                difference.lost += 1;
                difference.note("lost", row);
            }
            Some(other) if !same(row, other) => {
                difference.foreign += 1;
                difference.note("another value", other);
            }
            Some(_) => {}
        }
        if let Some(other) = reversed.get(key)
            && !same(row, other)
            && outgoing.contains_key(key)
            && incoming.contains_key(key)
        {
            difference.raced += 1;
        }
    }
    for (key, row) in &both {
        if !alone.contains_key(key) {
            difference.foreign += 1;
            difference.note("foreign", row);
        }
    }
    difference
}
