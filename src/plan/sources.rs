//! Gates right behind tables: the outgoing side of a two-sided gate.
//!
//! An updating query is frozen at the cutover by closing what it reads; a filter above it would turn
//! the updates past the cutover into deletions.

use super::rule::{Rule, Side, reads_like_sided, reads_sided};
use super::{Bounds, Input, Names, Pinned, Plan, Predicate, existing, list};
use crate::catalog::{EntryId, connectors};
use crate::config::{GateKind, Pin, Position, Role};
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
    pub pinned: Pinned,
    pub rule: Rule,
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
        // There is nothing below it but the source.
        let pinned = match input.settings.gate.pin {
            Pin::Auto if connectors::keeps_filters_out(table) => Pinned::No,
            Pin::Auto | Pin::Always => Pinned::Element,
            Pin::Never => Pinned::No,
        };
        let rule = rule(input, read.table, time.ty);
        if matches!(rule, Rule::Call(_)) && reads_sided(name) {
            let why = reads_like_sided(name);
            return Err(Refusal::new(Reason::GateKind, read.reference, why));
        }
        let gate = SourceGate {
            name: names.fresh(name, "__source_gate"),
            columns,
            rowtime: time.column.clone(),
            ty: time.ty,
            pinned,
            rule,
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
    let (rule, edits) = match rule(input, read.table, ty) {
        Rule::Range(wanted) => {
            let written = existing::written(input, &create.query)?;
            let bounds = written.bounds(input.text, &wanted);
            (Rule::Range(bounds), written.edits(input.text, &wanted))
        }
        other => (other, Vec::new()),
    };
    let rowtime = quote(&columns[index]);
    let barrier = TimeForm::Itself.barrier_sql(&rowtime, ty);
    let actual = create.query.span.of(input.text);
    let all = [Pinned::No, Pinned::Element, Pinned::Unnest];
    let is_gate = all.into_iter().any(|pinned| {
        let predicate = Predicate {
            time: &rowtime,
            barrier: &barrier,
            pinned,
            rule: &rule,
            newline: "\n",
        };
        let table = read.reference.of(input.text);
        let expected = format!("SELECT {}\nFROM {table}{}", list(&columns), predicate.sql());
        existing::same_tokens(actual, &expected, input)
    });
    is_gate.then_some(edits)
}

/// A gate behind a source, by literals or by any function.
pub(super) fn is_gate_view(input: Input<'_>, times: &Times, view: EntryId) -> bool {
    let entry = &input.catalog.entries[view];
    let StatementKind::CreateView(create) = &input.script.statements[entry.created].kind else {
        return false;
    };
    let named = create.name.object().contains("__source_gate");
    named && existing::calls(&create.query) || gate_view(input, times, view).is_some()
}

/// What decides behind a table.
fn rule(input: Input<'_>, table: EntryId, ty: TimeType) -> Rule {
    // Where nothing stands before the sink, the gate behind the source does it all.
    let alone = input.settings.gate.position == Position::AfterSource;
    match input.settings.gate.kind {
        GateKind::Cutover if alone => Rule::Range(Bounds::new(input.settings.role, ty)),
        GateKind::Cutover => Rule::Range(Bounds::new(own_role(input.settings.role), ty)),
        GateKind::Function | GateKind::Ptf => {
            let name = input.catalog.entries[table].name.path();
            let side = if alone { Side::Only } else { Side::Closes };
            Rule::new(input.settings, ty, &name, side, true)
        }
    }
}

/// Only the outgoing job closes at its sources: the incoming one needs the whole state.
fn own_role(role: Role) -> Role {
    match role {
        Role::Outgoing { .. } => role,
        Role::First | Role::Incoming { .. } => Role::First,
    }
}
