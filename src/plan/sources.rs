//! Gates right behind tables: the outgoing side of a two-sided gate.
//!
//! An updating query is frozen at the cutover by closing what it reads; a filter above it would turn
//! the updates past the cutover into deletions.

use super::{Bounds, Input, Names, Plan, Predicate, existing, list};
use crate::catalog::{EntryId, connectors};
use crate::config::{Pin, Role};
use crate::syntax::StatementKind;
use crate::text::Edit;
use crate::time::{Reason, Refusal, SourceTime, Thread, TimeForm, TimeType, Times, quote};
use serde::Serialize;
use std::collections::BTreeMap;

/// A view over a table that lets through what its role may see.
#[derive(Debug, Clone, Serialize)]
pub struct SourceGate {
    pub name: String,
    /// All columns of the table, a hidden one too.
    pub columns: Vec<String>,
    pub rowtime: String,
    pub ty: TimeType,
    pub pinned: bool,
    pub bounds: Bounds,
}

/// Gives every table that is read below a gate.
pub(super) fn close(
    input: Input<'_>,
    thread: &Thread,
    rowtimes: &BTreeMap<EntryId, SourceTime>,
    names: &mut Names,
    plan: &mut Plan,
) -> Result<(), Refusal> {
    for read in &thread.tables {
        if plan.source_gates.contains_key(&read.table) {
            continue;
        }
        let entry = &input.catalog.entries[read.table];
        let name = entry.name.object();
        let unknown = || {
            Refusal::new(
                Reason::UnknownColumns,
                read.reference,
                format!("table `{name}`"),
            )
        };
        let table = entry.table().filter(|t| t.complete).ok_or_else(unknown)?;
        let time = rowtimes.get(&read.table).ok_or_else(unknown)?;
        let mut columns: Vec<String> = table.columns.iter().map(|c| c.name.clone()).collect();
        if !columns.contains(&time.column) {
            columns.push(time.column.clone());
        }
        let pinned = match input.settings.gate.pin {
            Pin::Always => true,
            Pin::Never => false,
            Pin::Auto => !connectors::keeps_filters_out(table),
        };
        let gate = SourceGate {
            name: names.fresh(name, "__source_gate"),
            columns,
            rowtime: time.column.clone(),
            ty: time.ty,
            pinned,
            bounds: Bounds::new(own_role(input.settings.role), time.ty),
        };
        plan.source_gates.insert(read.table, gate);
    }
    for sibling in &thread.siblings {
        close(input, &sibling.thread, rowtimes, names, plan)?;
    }
    Ok(())
}

/// The source gates that stand below a gate: the bounds that have to change for the role at hand;
/// `None` if some table is read past them.
pub(super) fn standing(input: Input<'_>, times: &Times, reads: &Thread) -> Option<Vec<Edit>> {
    if !reads.tables.is_empty() {
        return None;
    }
    let mut edits = Vec::new();
    for sibling in &reads.siblings {
        match gate_view(input, times, sibling.view) {
            Some(more) => edits.extend(more),
            None => edits.extend(standing(input, times, &sibling.thread)?),
        }
    }
    edits.dedup();
    Some(edits)
}

/// The edits for a view that is a source gate.
fn gate_view(input: Input<'_>, times: &Times, view: EntryId) -> Option<Vec<Edit>> {
    let entry = &input.catalog.entries[view];
    let StatementKind::CreateView(create) = &input.script.statements[entry.created].kind else {
        return None;
    };
    let time = times
        .queries
        .get(&(entry.created, create.query.span.start))?;
    let [read] = &time.facts.reads.tables[..] else {
        return None;
    };
    let (index, form) = time.gate.as_ref()?.carried?;
    let columns: Vec<String> = time
        .columns
        .as_ref()?
        .iter()
        .map(|c| c.name.clone())
        .collect();
    if form != TimeForm::Itself {
        return None;
    }
    let ty = time.gate.as_ref()?.ty;
    let written = existing::bounds_of(input, &create.query)?;
    let wanted = Bounds::new(own_role(input.settings.role), ty);
    let bounds = written.bounds(input.text, &wanted);
    let rowtime = quote(&columns[index]);
    let barrier = TimeForm::Itself.barrier_sql(&rowtime, ty);
    let actual = create.query.span.of(input.text);
    let is_gate = [false, true].into_iter().any(|pinned| {
        let predicate = Predicate {
            time: &rowtime,
            barrier: &barrier,
            pinned,
            bounds: &bounds,
            newline: "\n",
        };
        let table = read.reference.of(input.text);
        let expected = format!("SELECT {}\nFROM {table}{}", list(&columns), predicate.sql());
        existing::same_tokens(actual, &expected, input)
    });
    is_gate.then(|| written.edits(input.text, &wanted))
}

pub(super) fn is_gate_view(input: Input<'_>, times: &Times, view: EntryId) -> bool {
    gate_view(input, times, view).is_some()
}

/// Only the outgoing job closes at its sources: the incoming one needs the whole state.
fn own_role(role: Role) -> Role {
    match role {
        Role::Outgoing { .. } => role,
        Role::First | Role::Incoming { .. } => Role::First,
    }
}
