//! Recognises the gate of a rewritten INSERT and takes it off: nothing but the gate may stand between sink and query,
//! and, where the sources have gates of their own, nothing may read a source past its gate.

use super::predicate::{self, Barrier, Form, GateTime, Test, args, gate_time, time_literal};
use super::rel::{Ex, Rel};
use crate::validate::lower::relations::AS_OF;
use std::collections::BTreeSet;

/// The gate that was taken off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    pub opening: Opening,
    /// Number of columns of the gated query: one more than the sink gets where the gate time was added.
    pub width: usize,
    /// What the gate reads; none where all rows pass and a column of the user carries the time.
    pub time: Option<GateTime>,
    /// Columns of tables that the gate time is made of: path of the table, name of the column.
    pub origins: BTreeSet<(String, String)>,
    /// Tables on a side of a join that the gate time is not made of.
    pub uncovered: BTreeSet<String>,
    /// The gates right above tables, of every table that is read.
    pub sources: BTreeSet<SourceGate>,
}

/// How the gate before the sink lets rows through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opening {
    /// Those that pass a test.
    Filter { test: Test, barrier: Barrier },
    /// All of them. Column `hold` of the sink is read together with the gate time, which is compared with `min`.
    Projection { hold: Option<(usize, String)> },
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceGate {
    /// Full path.
    pub table: String,
    pub column: String,
    pub test: Test,
    pub barrier: Barrier,
}

/// Where gates that filter are expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sides {
    /// Before the sink.
    Sink,
    /// Behind every source; the gate before the sink is open.
    Sources,
    Both,
    /// Behind every source, with nothing before the sink.
    SourcesAlone,
}

/// The query behind the gates, cut to the sink's columns.
pub fn strip(rel: Rel, sides: Sides) -> Result<(Rel, Gate), String> {
    if sides == Sides::SourcesAlone {
        // Nothing stands above the query: its projections are its own, or those of a source's gate.
        let columns = (0..rel.width()).collect();
        return finish(
            rel,
            columns,
            None,
            Opening::Projection { hold: None },
            sides,
        );
    }
    let (columns, rel) = picked(rel);
    match (rel, sides) {
        (Rel::Filter { input, predicate }, Sides::Sink | Sides::Both) => {
            let (query, time, opening) = filter(*input, &predicate)?;
            finish(query, columns, Some(time), opening, sides)
        }
        (rel, Sides::Sink) => argument(&rel, columns),
        (_, Sides::Both) => Err(NO_GATE.to_owned()),
        (Rel::Project { input, exprs }, Sides::Sources)
            if let Some(held) = held(&exprs, input.width()) =>
        {
            open(*input, &columns, held)
        }
        (query, Sides::Sources | Sides::SourcesAlone) => {
            let opening = Opening::Projection { hold: None };
            // Nothing was added: the query's own last projection may have been picked as well.
            let width = columns.len();
            let (rel, gate) = finish(query, columns, None, opening, sides)?;
            Ok((rel, Gate { width, ..gate }))
        }
    }
}

const NO_GATE: &str = "there is no gate between the sink and the query";

/// A query that is the argument of a gate's function.
fn argument(rel: &Rel, columns: Vec<usize>) -> Result<(Rel, Gate), String> {
    let Some((input, call, time)) = predicate::table_call(rel)? else {
        return Err(NO_GATE.to_owned());
    };
    let opening = Opening::Filter {
        test: Test::Call(call),
        barrier: Barrier::None,
    };
    let (query, exprs) = match input {
        Rel::Project { input, exprs } => (&**input, exprs.clone()),
        other => (other, (0..other.width()).map(Ex::Col).collect()),
    };
    let own = |column: usize| exprs.get(column).cloned();
    let columns: Option<Vec<usize>> = columns
        .into_iter()
        .map(|column| match own(column) {
            Some(Ex::Col(below)) => Some(below),
            _ => None,
        })
        .collect();
    let columns = columns.ok_or("the gate's function is given what is no column of the query")?;
    let time = own(time).and_then(|time| gate_time(&time));
    let time = time.ok_or("the gate's function is told what is no gate time")?;
    finish(query.clone(), columns, Some(time), opening, Sides::Sink)
}

/// Behind a gate that is known: its columns, its time and the gates of the sources.
fn finish(
    query: Rel,
    columns: Vec<usize>,
    time: Option<GateTime>,
    opening: Opening,
    sides: Sides,
) -> Result<(Rel, Gate), String> {
    let width = query.width();
    if columns.iter().any(|c| *c >= width) || time.is_some_and(|t| t.column >= width) {
        return Err("the gate lets through a column that the query does not have".to_owned());
    }
    // A column that the sink does not get was added for the gate: it stands last, and the gate reads it. Without a
    // time to read, what is left is the query itself.
    let added: Vec<usize> = (0..width).filter(|c| !columns.contains(c)).collect();
    if let Some(time) = time {
        match added[..] {
            [] => {}
            [only] if only == width - 1 && only == time.column && time.form == Form::Itself => {}
            [_] => {
                return Err("the gate does not read the column that was added for it".to_owned());
            }
            _ => return Err("the gate drops more than one column of the query".to_owned()),
        }
    }
    let mut sources = BTreeSet::new();
    let query = match sides {
        Sides::Sink => query,
        Sides::Sources | Sides::Both | Sides::SourcesAlone => {
            without_source_gates(query, &mut sources)?
        }
    };
    if sides != Sides::SourcesAlone {
        sources.iter().try_for_each(keeps_state)?;
    }
    let origins = match time {
        Some(time) => super::origin::of(&query, time.column)?,
        None => BTreeSet::new(),
    };
    let mut uncovered = BTreeSet::new();
    if let Some(time) = time {
        super::origin::uncovered(&query, &BTreeSet::from([time.column]), &mut uncovered);
    }
    let gate = Gate {
        opening,
        width,
        time,
        origins,
        uncovered,
        sources,
    };
    let rel = Rel::Project {
        exprs: columns.into_iter().map(Ex::Col).collect(),
        input: Box::new(query),
    };
    Ok((rel, gate))
}

type Stripped = (Rel, GateTime, Opening);

/// A filter that is a gate before the sink: what is below it.
fn filter(input: Rel, predicate: &Ex) -> Result<Stripped, String> {
    let found = predicate::gate(input, predicate)?;
    let Some(time) = gate_time(&found.time) else {
        return Err(format!(
            "the gate reads {}, which is no gate time",
            found.time
        ));
    };
    let opening = Opening::Filter {
        test: found.test,
        barrier: found.barrier,
    };
    Ok((found.query, time, opening))
}

/// The query behind an open gate that holds the gate time.
fn open(query: Rel, columns: &[usize], held: Held) -> Result<(Rel, Gate), String> {
    let Held {
        exprs,
        at,
        time,
        min,
    } = held;
    let below = |c: &usize| exprs.get(*c).copied().unwrap_or(usize::MAX);
    let hold = columns.iter().position(|c| *c == at);
    let columns: Vec<usize> = columns.iter().map(below).collect();
    let Some(hold) = hold.filter(|_| !columns.contains(&time)) else {
        return Err("the open gate does not hold an added gate time".to_owned());
    };
    let time = GateTime {
        column: time,
        form: Form::Itself,
    };
    let opening = Opening::Projection {
        hold: Some((hold, min)),
    };
    finish(query, columns, Some(time), opening, Sides::Sources)
}

/// A projection of columns of which one is read together with the gate time.
struct Held {
    /// The column of the input that each is.
    exprs: Vec<usize>,
    /// The one that holds the time.
    at: usize,
    time: usize,
    min: String,
}

/// `c, …, COALESCE(CASE WHEN time >= min THEN c END, c), …`: one column is not plain, and reads the last one below.
fn held(exprs: &[Ex], width: usize) -> Option<Held> {
    let mut found = None;
    let mut columns = Vec::new();
    for (at, ex) in exprs.iter().enumerate() {
        match ex {
            Ex::Col(column) => columns.push(*column),
            other if found.is_none() => {
                let (column, time, min) = hold(other)?;
                columns.push(column);
                found = Some((at, time, min));
            }
            _ => return None,
        }
    }
    let (at, time, min) = found.filter(|(_, time, _)| time + 1 == width)?;
    Some(Held {
        exprs: columns,
        at,
        time,
        min,
    })
}

/// `COALESCE(CASE WHEN #time >= min THEN #c END, #c)`: the column, the time and the bound.
fn hold(ex: &Ex) -> Option<(usize, usize, String)> {
    let [case, Ex::Col(column)] = args(ex, "COALESCE")? else {
        return None;
    };
    let [searched, when, Ex::Col(then), Ex::Literal(otherwise)] = args(case, "$CASE")? else {
        return None;
    };
    let [Ex::Col(time), min] = args(when, ">=")? else {
        return None;
    };
    let plain = *searched == Ex::Literal("Utf8(\"$SEARCHED\")".to_owned())
        && otherwise == "NULL"
        && then == column;
    plain.then_some(())?;
    Some((*column, *time, time_literal(min)?))
}

/// The plan without the gates above its tables. Each table that is read has one, but for those that are looked up.
fn without_source_gates(rel: Rel, found: &mut BTreeSet<SourceGate>) -> Result<Rel, String> {
    match rel {
        Rel::Scan { table, .. } => Err(format!("table {table} is read past its gate")),
        // The versions of a table are looked up for rows that came through a gate themselves.
        Rel::Opaque { ref kind, .. } if kind == AS_OF => Ok(rel),
        Rel::Project { input, exprs } => match *input {
            Rel::Filter { input, predicate } if above_table(&input) => {
                let table = source_gate(*input, predicate, &exprs, found)?;
                let input = Box::new(table);
                Ok(Rel::Project { input, exprs })
            }
            other => deeper(
                Rel::Project {
                    input: Box::new(other),
                    exprs,
                },
                found,
            ),
        },
        other => deeper(other, found),
    }
}

fn deeper(mut rel: Rel, found: &mut BTreeSet<SourceGate>) -> Result<Rel, String> {
    for ex in rel.exprs_mut() {
        queries(ex, found)?;
    }
    for input in rel.inputs_mut() {
        let inner = std::mem::replace(input, Rel::Union { inputs: Vec::new() });
        *input = without_source_gates(inner, found)?;
    }
    Ok(rel)
}

/// The gates in queries inside of an expression.
fn queries(ex: &mut Ex, found: &mut BTreeSet<SourceGate>) -> Result<(), String> {
    match ex {
        Ex::Query { args, rel, .. } => {
            let inner = std::mem::replace(&mut **rel, Rel::Union { inputs: Vec::new() });
            **rel = without_source_gates(inner, found)?;
            args.iter_mut().try_for_each(|a| queries(a, found))
        }
        Ex::Call { args, .. } => args.iter_mut().try_for_each(|a| queries(a, found)),
        Ex::Col(_) | Ex::Outer { .. } | Ex::Literal(_) => Ok(()),
    }
}

/// Is this a table, or a table behind a barrier?
fn above_table(rel: &Rel) -> bool {
    match rel {
        Rel::Scan { .. } => true,
        Rel::Join {
            lateral: true,
            left,
            ..
        } => matches!(**left, Rel::Scan { .. }),
        _ => false,
    }
}

/// The table behind its gate.
fn source_gate(
    input: Rel,
    predicate: Ex,
    exprs: &[Ex],
    found: &mut BTreeSet<SourceGate>,
) -> Result<Rel, String> {
    let of_source = |e: String| format!("a table is read past its gate: {e}");
    let gate = predicate::gate(input, &predicate).map_err(of_source)?;
    let scan = gate.query;
    let (Rel::Scan { table, columns }, Ex::Col(column)) = (&scan, gate.time) else {
        return Err("the gate above a table reads no column of it".to_owned());
    };
    if let Test::Handover(_) = &gate.test {
        return Err(format!("the gate of table {table} takes over rows"));
    }
    let own = |ex: &Ex| matches!(ex, Ex::Col(c) if *c < columns.len());
    let Some(name) = columns.get(column).filter(|_| exprs.iter().all(own)) else {
        return Err(format!(
            "the gate of table {table} shows more than its columns"
        ));
    };
    found.insert(SourceGate {
        table: table.clone(),
        column: name.clone(),
        test: gate.test,
        barrier: gate.barrier,
    });
    Ok(scan)
}

/// Behind a gate with another one before the sink: does it let through all that the state is made of?
fn keeps_state(gate: &SourceGate) -> Result<(), String> {
    match &gate.test {
        Test::Range(range) if range.low != range.null => Err(format!(
            "the gate of table {} opens at {}: rows before it are lost from the state",
            gate.table, range.low
        )),
        _ => Ok(()),
    }
}

/// Projections that only pick columns, as one list, and what is below them.
pub(super) fn picked(mut rel: Rel) -> (Vec<usize>, Rel) {
    let mut columns: Vec<usize> = (0..rel.width()).collect();
    loop {
        match rel {
            Rel::Project { input, exprs } => {
                let places: Option<Vec<usize>> = exprs
                    .iter()
                    .map(|ex| match ex {
                        Ex::Col(column) => Some(*column),
                        _ => None,
                    })
                    .collect();
                let Some(places) = places else {
                    return (columns, Rel::Project { input, exprs });
                };
                for column in &mut columns {
                    *column = places.get(*column).copied().unwrap_or(usize::MAX);
                }
                rel = *input;
            }
            other => return (columns, other),
        }
    }
}
