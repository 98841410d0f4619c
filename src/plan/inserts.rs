//! The INSERTs of a script, and what else in it writes rows.

use super::Input;
use crate::catalog::{EntryId, Object, StatementId, Table, connectors};
use crate::ctas;
use crate::syntax::{Insert, Statement, StatementKind};
use crate::text::Span;
use crate::time::{self, QueryTime, Reason, Refusal, SourceTime, Times};
use std::collections::{BTreeMap, BTreeSet};

/// An INSERT, where it stands and where a view for it can stand.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub insert: &'a Insert,
    pub statement: StatementId,
    /// The statement that a view has to come before: itself, or the statement set that it is in.
    pub before: StatementId,
}

/// All INSERTs in source order.
pub fn all<'a>(input: Input<'a>) -> Vec<Place<'a>> {
    let mut places = Vec::new();
    let mut set = None;
    for (id, statement) in input.script.statements.iter().enumerate() {
        match &statement.kind {
            StatementKind::BeginStatementSet => set = Some(id),
            StatementKind::EndStatementSet => set = None,
            kind => places.extend(inserts_of(kind).into_iter().map(|insert| Place {
                insert,
                statement: id,
                before: set.unwrap_or(id),
            })),
        }
    }
    places
}

fn inserts_of(kind: &StatementKind) -> Vec<&Insert> {
    match kind {
        StatementKind::Insert(insert) => vec![insert],
        StatementKind::StatementSet(set) => set.inserts.iter().collect(),
        _ => Vec::new(),
    }
}

/// Statements other than INSERT that write rows, each with why it cannot be gated.
pub fn ungated_writers(input: Input<'_>, times: &Times) -> Vec<Refusal> {
    let version = input.settings.flink;
    let split = ctas::Input::new(input.text, input.script, input.catalog, times, version);
    let refusal = |(at, statement): (StatementId, &Statement)| {
        let (reason, span) = match &statement.kind {
            StatementKind::CreateTable(create) => {
                let span = create.as_query.as_ref()?.span;
                let why = ctas::split(&split, at)?.err().unwrap_or_default();
                return Some(Refusal::new(Reason::CreateTableAs, span, why));
            }
            StatementKind::Explain(explain) if explain.executes => {
                (Reason::CompiledPlan, statement.span)
            }
            StatementKind::Other(name) => (written_by(name)?, statement.span),
            _ => return None,
        };
        Some(Refusal::new(reason, span, ""))
    };
    let statements = input.script.statements.iter().enumerate();
    statements.filter_map(refusal).collect()
}

/// Statements that are not taken apart but write rows.
fn written_by(name: &str) -> Option<Reason> {
    match name {
        "CREATE MATERIALIZED TABLE" | "CREATE OR ALTER MATERIALIZED TABLE" => {
            Some(Reason::MaterializedTable)
        }
        "EXECUTE PLAN" | "COMPILE PLAN" | "COMPILE AND EXECUTE PLAN" => Some(Reason::CompiledPlan),
        _ => None,
    }
}

/// The time of an INSERT's query.
pub fn query_time<'t>(times: &'t Times, place: Place<'_>) -> Option<&'t QueryTime> {
    times
        .queries
        .get(&(place.statement, place.insert.source.span.start))
}

/// The table that an INSERT writes, where the script declares it.
pub fn sink<'a>(input: Input<'a>, place: Place<'_>) -> Option<&'a Table> {
    input
        .catalog
        .resolve(&place.insert.target.path(), place.statement)?
        .table()
}

/// Tables that an INSERT reads as a stream, whose lack of an event time is all that is in the way of
/// a gate, each with a place where it is read.
pub fn sources_without_time(
    input: Input<'_>,
    times: &Times,
    rowtimes: &BTreeMap<EntryId, SourceTime>,
) -> BTreeMap<EntryId, Span> {
    let mut needed = BTreeMap::new();
    for place in all(input) {
        let Some(time) = query_time(times, place) else {
            continue;
        };
        if !time.facts.refusals.iter().all(|r| mendable(r.reason)) {
            continue;
        }
        let without: BTreeSet<_> = time
            .facts
            .sources
            .iter()
            .filter(|id| !rowtimes.contains_key(*id))
            .copied()
            .collect();
        for id in without {
            if let Object::Table(table) = &input.catalog.entries[id].object
                && !matches!(
                    connectors::source_rows(table),
                    connectors::SourceRows::Changelog(_)
                )
            {
                needed.entry(id).or_insert(place.insert.target.span);
            }
        }
    }
    needed
}

/// Would an event time for a source take away what stands in the way of a gate?
pub(super) fn mendable(reason: Reason) -> bool {
    matches!(reason, Reason::NoEventTime | Reason::WindowWithoutRowtime)
}

/// Where the script reads, or writes, what each declaration from outside declares, also through views from
/// outside. By the declaration's statement.
pub fn readers(input: Input<'_>) -> BTreeMap<StatementId, Span> {
    let declared = time::declared(input.catalog);
    let (script, catalog) = (input.script, input.catalog);
    let times = time::analyse(script, input.text, catalog, &declared, input.settings.flink);
    let mut readers = BTreeMap::new();
    let mut below = Vec::new();
    for reference in &times.uses.references {
        let created = catalog.entries[reference.object].created;
        match script.is_outside(reference.statement) {
            true => below.push((reference.statement, created)),
            false => {
                readers.entry(created).or_insert(reference.span);
            }
        }
    }
    for place in all(input) {
        let target = place.insert.target.path();
        if let Some(sink) = catalog.resolve(&target, place.statement) {
            readers
                .entry(sink.created)
                .or_insert(place.insert.target.span);
        }
    }
    // Views stand behind what they read.
    for (view, created) in below.into_iter().rev() {
        if let Some(span) = readers.get(&view).copied() {
            readers.entry(created).or_insert(span);
        }
    }
    readers
}
