//! Gates right behind the sources and none before the sink: on request.
//!
//! Right where a row comes out for what one row of a source is. An operator with state would miss, in
//! each job, the rows that belong to the other one; only a window that lies on one side of the cutover
//! misses none.

use super::gate::{Form, Gate, GateColumn, Opening, column_names, thread_through, with_end};
use super::inserts::Place;
use super::rule::{Rule, Side};
use super::{Input, Names, Pinned, Plan, sources};
use crate::catalog::EntryId;
use crate::time::{
    GateTime, Operator, QueryTime, Reason, Refusal, SourceTime, Thread, Times, quote,
};
use std::collections::BTreeMap;

#[allow(clippy::too_many_arguments)]
pub(super) fn gate(
    input: Input<'_>,
    times: &Times,
    rowtimes: &BTreeMap<EntryId, SourceTime>,
    time: &QueryTime,
    gate_time: &GateTime,
    place: Place<'_>,
    names: &mut Names,
    plan: &mut Plan,
) -> Result<Gate, Refusal> {
    divisible(time)?;
    let insert = place.insert;
    let columns = column_names(input, time, place)?;
    let thread = time.facts.reads.clone();
    sources::close(input, &thread, rowtimes, names, plan)?;
    let expansions = thread_through(input, times, place, &thread, names, plan)?;
    let sql = rowtimes_of(&thread, rowtimes).join(", ");
    let target = insert.target.path();
    Ok(Gate {
        statement: place.statement,
        before: place.before,
        insert: insert.span,
        query: insert.source.span,
        with_end: with_end(insert),
        form: Form::Sources,
        columns,
        time: GateColumn {
            barrier: sql.clone(),
            sql,
            threaded: false,
        },
        opening: Opening::Projection { hold: None },
        pinned: Pinned::No,
        rule: Rule::new(input.settings, gate_time.ty, &target, Side::Only, true),
        thread,
        expansions,
    })
}

/// The rowtimes that the gates behind the sources read.
pub(super) fn rowtimes_of(
    thread: &Thread,
    rowtimes: &BTreeMap<EntryId, SourceTime>,
) -> Vec<String> {
    let tables = thread.tables.iter().map(|read| read.table);
    let own = tables.filter_map(|table| rowtimes.get(&table));
    let mut all: Vec<String> = own.map(|time| quote(&time.column)).collect();
    for sibling in &thread.siblings {
        all.extend(rowtimes_of(&sibling.thread, rowtimes));
    }
    all.sort();
    all.dedup();
    all
}

/// Is the result of the rows below the cutover, and of those from it on, the whole result?
fn divisible(time: &QueryTime) -> Result<(), Refusal> {
    let on_edges = |operator: &Operator| {
        ["TUMBLE", "CUMULATE"].contains(&operator.name.as_str()) || !is_window(operator)
    };
    let broken = time.facts.operators.iter().find(|operator| {
        operator.keeps_state() && !is_window_aggregate(operator)
            || has_windows(time) && !on_edges(operator)
    });
    let known = time.facts.operators.iter().any(is_window);
    match broken.or_else(|| {
        // A group window does not tell its kind here.
        let unknown = time.facts.operators.iter().find(|o| is_window_aggregate(o));
        unknown.filter(|_| !known)
    }) {
        Some(operator) => {
            let detail = operator.name.clone();
            Err(Refusal::new(
                Reason::GateAfterStatefulSource,
                operator.span,
                detail,
            ))
        }
        None => Ok(()),
    }
}

/// Does the query aggregate windows?
pub(super) fn has_windows(time: &QueryTime) -> bool {
    time.facts.operators.iter().any(is_window_aggregate)
}

fn is_window_aggregate(operator: &Operator) -> bool {
    operator.name == "window aggregate"
}

fn is_window(operator: &Operator) -> bool {
    ["TUMBLE", "HOP", "CUMULATE", "SESSION"].contains(&operator.name.as_str())
}
