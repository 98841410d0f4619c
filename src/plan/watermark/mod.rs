//! Which tables get a watermark, on which time, and where the clause goes.
//!
//! A table offers candidates ([`candidate`], one file for each strategy); the one that leads, or the one that the
//! configuration names, is attached to a column of the table or to a hidden one ([`attach`]).

mod attach;
mod candidate;
mod choose;
mod configured;
mod consequences;
mod declared;
mod epoch;
mod expression;
mod interval;
mod metadata;
mod names;
mod need;
mod nested;
mod offer;
mod options;
mod physical;
mod texts;

pub use candidate::config_key;
pub(super) use candidate::config_lines;
pub use candidate::{Ask, Candidate, Offer, PassedOver, Strategy};
pub use need::{Need, TableTime};
pub use options::{ALIGNMENT_DRIFT, ALIGNMENT_GROUP, IDLE_TIMEOUT, WatermarkOption};

use super::{Input, Names, Placed, Plan, intervals, placement};
use crate::catalog::{EntryId, Table};
use crate::config::Placement;
use crate::diagnostic::{Diagnostic, Severity};
use crate::syntax::{CreateTable, StatementKind};
use crate::text::Span;
use crate::time::{self, Reason, Refusal, SourceTime, Times, Uses};
use configured::Asked;
use serde::Serialize;
use std::collections::BTreeMap;

/// A WATERMARK clause to be added to a table's definition.
#[derive(Debug, Clone, Serialize)]
pub struct AddedWatermark {
    pub table: EntryId,
    pub time: SourceTime,
    pub attachment: Attachment,
    pub clause: Clause,
    /// Rows may come without an event time; they are taken for rows of the year 1970.
    pub nullable: bool,
    /// The candidate that it is, with why.
    pub chosen: Candidate,
    /// Some query is planned otherwise with it, and the configuration asked for that.
    pub changes_operators: bool,
    /// A function of the user's computes the time.
    pub calls_user_function: bool,
    /// The clause of the table's own that it takes the place of.
    pub replaces: Option<Span>,
}

#[derive(Debug, Clone, Serialize)]
pub enum Attachment {
    /// On a column of the user's.
    Column(String),
    /// On the last of these columns, which no query of the user names.
    Hidden(Vec<HiddenColumn>),
}

/// A column to be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HiddenColumn {
    pub name: String,
    /// Its definition behind the name, as SQL.
    pub definition: String,
}

impl HiddenColumn {
    pub fn is_metadata(&self) -> bool {
        !self.definition.starts_with("AS ")
    }
}

/// The watermark's expression.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Clause {
    /// So many milliseconds behind the rowtime.
    Delay(u64),
    /// As the configuration gives it.
    Sql { sql: String, delay_ms: Option<u64> },
}

impl AddedWatermark {
    /// How far the watermark stays behind the rowtime, in milliseconds; `None` where that is not known.
    pub fn delay_ms(&self) -> Option<u64> {
        match &self.clause {
            Clause::Delay(ms) => Some(*ms),
            Clause::Sql { delay_ms, .. } => *delay_ms,
        }
    }

    /// The columns that are added with it.
    pub fn hidden_columns(&self) -> &[HiddenColumn] {
        match &self.attachment {
            Attachment::Column(_) => &[],
            Attachment::Hidden(columns) => columns,
        }
    }
}

/// The highest precision of a rowtime.
/// Source: Flink docs, CREATE TABLE, "WATERMARK".
const MAX_PRECISION: u8 = 3;

/// Is the table's own watermark to be replaced?
pub(super) fn replaces(input: Input<'_>, id: EntryId) -> bool {
    let entry = &input.catalog.entries[id];
    let settings = input.settings.table(&entry.name.path());
    settings.is_some_and(|s| s.replace) && entry.table().is_some_and(|t| t.watermark.is_some())
}

/// The clauses of the script's own that will not stand any more.
fn replaced(input: Input<'_>, needed: &BTreeMap<EntryId, Span>) -> Vec<Span> {
    let tables = needed.keys().filter(|id| replaces(input, **id));
    let tables = tables.filter_map(|id| input.catalog.entries[*id].table());
    tables
        .filter_map(|t| Some(t.watermark.as_ref()?.span))
        .collect()
}

/// The event times that the script's tables declare.
pub(super) fn declared(input: Input<'_>) -> BTreeMap<EntryId, SourceTime> {
    let mut declared = time::declared(input.catalog);
    for (id, time) in &mut declared {
        let entry = &input.catalog.entries[*id];
        // What is said of a table is said of the one that is derived from it.
        let name = placement::derived_from(input, entry).unwrap_or(&entry.name);
        let settings = input.settings.table(&name.path());
        time.by_the_clock = settings.is_some_and(|s| s.ingestion_time);
    }
    declared
}

/// Decides for every table that is read as a stream, and says of the others why they need nothing.
pub(super) fn decide(
    input: Input<'_>,
    before: &Times,
    needed: &BTreeMap<EntryId, Span>,
    plan: &mut Plan,
) {
    let uses = &before.uses;
    plan.diagnostics
        .extend(declared::problems(input, uses, needed));
    plan.diagnostics
        .extend(intervals::problems(input, uses, &replaced(input, needed)));
    plan.tables = need::of_all(input, before, needed);
    let mut names = Names::of(input.text, &input.script.tokens, input.catalog);
    for (&id, &read_at) in needed {
        let decided = for_table(input, uses, id, read_at, &plan.tables).and_then(|added| {
            if attach::stands(input, &added) {
                return Ok(None);
            }
            Ok(Some((
                placement::of(input, uses, &mut names, &added)?,
                added,
            )))
        });
        match decided {
            Ok(None) => plan.kept.push(id),
            Ok(Some((placed, added))) => {
                let placement = placed.as_ref().map_or(Placement::InPlace, |p| p.placement);
                let copied_from = placed.as_ref().map_or(0, Placed::copied_from);
                let found = consequences::consequences(input, uses, &added, copied_from, placement);
                plan.diagnostics.extend(found);
                plan.diagnostics
                    .extend(note(input, &added, plan.tables.get(&id)));
                if let Some(placed) = placed {
                    plan.diagnostics.extend(placement::notes(input, &placed));
                    plan.placed.insert(id, placed);
                }
                if let Some(table) = plan.tables.get_mut(&id) {
                    table.choose(&added.chosen);
                }
                plan.add_watermark(added);
            }
            Err(diagnostic) => {
                let refused = |d: &&Diagnostic| {
                    declared::NAMES.contains(&d.name) && d.span == diagnostic.span
                };
                // What is wrong with the declaration says it all.
                let said = plan.diagnostics.iter().find(refused).map(|d| d.name);
                let name = said.unwrap_or(diagnostic.name);
                plan.without_watermark.insert(id, name);
                if said.is_none() && !plan.diagnostics.contains(&diagnostic) {
                    plan.diagnostics.push(*diagnostic);
                }
            }
        }
    }
    placement::remake_views(input, uses, plan);
    options::decide(input, plan);
}

type Decided<T> = Result<T, Box<Diagnostic>>;

fn refuse<T>(diagnostic: Diagnostic) -> Decided<T> {
    Err(Box::new(diagnostic))
}

/// `tables`: what each one offers.
fn for_table(
    input: Input<'_>,
    uses: &Uses,
    id: EntryId,
    read_at: Span,
    tables: &BTreeMap<EntryId, TableTime>,
) -> Decided<AddedWatermark> {
    let entry = &input.catalog.entries[id];
    let (Some(table), Some(TableTime { offer, .. })) = (entry.table(), tables.get(&id)) else {
        return refuse(Diagnostic::error(
            "no-event-time",
            read_at,
            "a view has no watermark",
        ));
    };
    let name = entry.name.object();
    let replaced = table.watermark.as_ref().filter(|_| replaces(input, id));
    if let (Some(watermark), None) = (&table.watermark, replaced) {
        return refuse(unusable(
            table,
            name,
            watermark.column.last(),
            watermark.span,
        ));
    }
    let versions = (input.catalog.versions(entry.created))
        .filter(|e| !e.dropped.is_some_and(|at| input.script.is_outside(at)));
    if versions.count() > 1 {
        return refuse(
            Diagnostic::error(
                "altered-table",
                entry.name.span,
                format!("table `{name}` has no watermark, and the script alters it"),
            )
            .label("read by an INSERT, once as it is here or once as it is later")
            .help("declare a WATERMARK in its CREATE TABLE"),
        );
    }
    let parts = entry.name.path();
    let settings = input.settings.table(&parts);
    let Some(create) = create_of(input, id) else {
        return refuse(
            Diagnostic::error(
                "no-event-time",
                entry.name.span,
                format!("table `{name}` has no watermark, and its definition is not in one place"),
            )
            .help("declare a WATERMARK in its CREATE TABLE"),
        );
    };
    let required = uses.required.iter().find(|((table, _), _)| *table == id);
    let required = required.map(|((_, column), span)| (column.as_str(), *span));
    let asked = Asked {
        text: input.text,
        table,
        name,
        key: &config_key(input, entry),
        place: entry.name.span,
        version: input.settings.flink,
    };
    let stood = replaced.and_then(|w| match &w.column[..] {
        [column] => Some(column.as_str()),
        _ => None,
    });
    let chosen = choose::choose(&asked, offer, settings, required, stood, read_at)?;
    let target = attach::Target {
        id,
        table,
        create,
        settings,
        required: required.is_some(),
        replaces: replaced.map(|w| w.span),
    };
    attach::attach(input, uses, &asked, &target, chosen)
}

/// Why a declared watermark is of no use to a gate.
fn unusable(table: &Table, name: &str, column: Option<&String>, place: Span) -> Diagnostic {
    let rowtime = column.and_then(|c| table.column(c));
    if let Some(call) = rowtime.and_then(|c| c.non_deterministic.as_ref()) {
        let detail = format!("table `{name}` (computed by {call})");
        let reason = Reason::NonDeterministicGateTime;
        return super::gate::diagnostic(&Refusal::new(reason, place, detail));
    }
    Diagnostic::error(
        "unknown-rowtime-type",
        place,
        format!("the type of the rowtime of table `{name}` is not known"),
    )
    .label("neither TIMESTAMP nor TIMESTAMP_LTZ can be read from the column's definition")
    .note("a gate compares a TIMESTAMP and a TIMESTAMP_LTZ with different literals")
    .help("wrap the computed column's expression: CAST(… AS TIMESTAMP(3))")
}

/// The table's CREATE TABLE, if that is where its columns are.
fn create_of(input: Input<'_>, id: EntryId) -> Option<&CreateTable> {
    match &input.script.statements[input.catalog.entries[id].created].kind {
        StatementKind::CreateTable(create) => Some(create),
        _ => None,
    }
}

/// How a watermark was chosen, for those that the user might not expect.
fn note(input: Input<'_>, added: &AddedWatermark, table: Option<&TableTime>) -> Option<Diagnostic> {
    let entry = &input.catalog.entries[added.table];
    let strategy = added.chosen.strategy;
    let of_record = matches!(strategy, Strategy::Metadata | Strategy::Ingestion);
    let made = matches!(
        strategy,
        Strategy::Nested | Strategy::Epoch | Strategy::Text
    );
    // What was asked for needs no words.
    if added.chosen.score == candidate::score::CONFIGURED || !of_record && !made {
        return None;
    }
    let mut note = Diagnostic::new(
        Severity::Note,
        "added-watermark",
        entry.name.span,
        format!(
            "table `{}` is given a watermark on `{}`",
            entry.name.object(),
            added.time.column
        ),
    )
    .note(added.chosen.why.clone());
    // What could be meant as well, once it is said how it is to be read.
    let others = table.iter().flat_map(|t| &t.offer.candidates);
    for other in others.filter(|c| matches!(c.asks, Some(Ask::Unit | Ask::Format))) {
        for lines in other.config(&config_key(input, entry)) {
            let name = &other.name;
            note = note.help(format!("if `{name}` is the event time, say so in {lines}"));
        }
    }
    Some(note)
}

fn nearest<'a>(name: &str, all: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    all.map(|other| (strsim::damerau_levenshtein(name, other), other))
        .filter(|(distance, _)| *distance <= 1 + name.chars().count() / 3)
        .min()
        .map(|(_, other)| other)
}

/// The expression of an added watermark, as SQL.
pub fn watermark_sql(added: &AddedWatermark) -> String {
    match &added.clause {
        Clause::Delay(ms) => interval::behind(&added.time.column, *ms),
        Clause::Sql { sql, .. } => sql.clone(),
    }
}
