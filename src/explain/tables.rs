//! What each table offers as its event time, and which of it was taken.

use super::build::Origin;
use super::{OfferedTime, PassedOverTime, Place, TableTime};
use crate::plan::{Candidate, Input, Plan, config_key};
use crate::report::mask::Masked;
use crate::text::{LineIndex, Span};

/// In order of declaration. `plan`: the first one of a script, before any table got a place of its own.
pub fn tables(input: Input<'_>, plan: &Plan, origin: Origin<'_>) -> Vec<TableTime> {
    let masked = Masked::new(input.text);
    let lines = LineIndex::new(origin.text);
    let place = |span: Span| {
        let at = lines.line_col(origin.text, origin.place(span).start);
        Place {
            line: at.line,
            column: at.column,
        }
    };
    let shown = |text: &str| masked.message(text);
    let mut tables = Vec::new();
    for (id, time) in &plan.tables {
        let name = &input.catalog.entries[*id].name;
        let (need, why) = time.need.words();
        let offered = |(index, candidate): (usize, &Candidate)| OfferedTime {
            name: shown(&candidate.name),
            strategy: candidate.strategy.as_str().to_owned(),
            data_type: shown(&candidate.data_type),
            place: candidate.span.map(place),
            score: candidate.score,
            why: candidate.why.clone(),
            chosen: time.chosen == Some(index),
            config: candidate
                .config(&config_key(input, &input.catalog.entries[*id]))
                .iter()
                .map(|line| shown(line))
                .collect(),
        };
        let passed_over = time.offer.passed_over.iter().map(|column| PassedOverTime {
            name: shown(&column.name),
            data_type: shown(&column.data_type),
            place: place(column.span),
            why: column.why.to_owned(),
        });
        tables.push(TableTime {
            table: shown(&name.path().join(".")),
            place: place(name.span),
            file: origin.file(name.span).map(|file| shown(&file)),
            need: need.to_owned(),
            why,
            candidates: time
                .offer
                .candidates
                .iter()
                .enumerate()
                .map(offered)
                .collect(),
            passed_over: passed_over.collect(),
        });
    }
    tables
}
