//! Gates right behind tables: the outgoing side of a two-sided gate.
//!
//! An updating query is frozen at the cutover by closing what it reads; a filter above it would turn
//! the updates past the cutover into deletions.

use super::{Bounds, Input, Names, Plan};
use crate::catalog::{EntryId, connectors};
use crate::config::{Pin, Role};
use crate::time::{Reason, Refusal, SourceTime, Thread};
use serde::Serialize;
use std::collections::BTreeMap;

/// A view over a table that lets through what its role may see.
#[derive(Debug, Clone, Serialize)]
pub struct SourceGate {
    pub name: String,
    /// All columns of the table, a hidden one too.
    pub columns: Vec<String>,
    pub rowtime: String,
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
        let role = match input.settings.role {
            outgoing @ Role::Outgoing { .. } => outgoing,
            // The incoming job needs the whole state: its sources stay open.
            Role::First | Role::Incoming { .. } => Role::First,
        };
        let pinned = match input.settings.gate.pin {
            Pin::Always => true,
            Pin::Never => false,
            Pin::Auto => !connectors::keeps_filters_out(table),
        };
        let gate = SourceGate {
            name: names.fresh(name, "__source_gate"),
            columns,
            rowtime: time.column.clone(),
            pinned,
            bounds: Bounds::new(role, time.ty),
        };
        plan.source_gates.insert(read.table, gate);
    }
    for sibling in &thread.siblings {
        close(input, &sibling.thread, rowtimes, names, plan)?;
    }
    Ok(())
}
