//! Recognises the gate of a rewritten INSERT and takes it off: nothing but the gate may stand between sink and query,
//! and, where the sources have gates of their own, nothing may read a source past its gate.

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
    /// By a range of times.
    Filter { range: Range, barrier: Barrier },
    /// All of them. Column `hold` of the sink is read together with the gate time, which is compared with `min`.
    Projection { hold: Option<(usize, String)> },
}

/// A column of the gated query, or the last millisecond of a window that ends there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GateTime {
    pub column: usize,
    pub form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Itself,
    WindowEnd,
    /// As an instant.
    WindowEndLtz,
}

impl GateTime {
    /// As SQL over the column, which is given as SQL.
    pub fn sql(&self, column: &str) -> String {
        let before = format!("{column} - INTERVAL '0.001' SECOND");
        match self.form {
            Form::Itself => column.to_owned(),
            Form::WindowEnd => before,
            Form::WindowEndLtz => format!("CAST({before} AS TIMESTAMP_LTZ(3))"),
        }
    }
}

/// `[low, high)`, and what a NULL counts as: SQL literals.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Range {
    pub null: String,
    pub low: String,
    pub high: String,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceGate {
    /// Full path.
    pub table: String,
    pub column: String,
    pub range: Range,
    pub barrier: Barrier,
}

/// What stands between a filter and its input against push-down: the value that it hands through.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Barrier {
    None,
    /// The gate time.
    Plain,
    /// The gate time cast to this type, for it to be no time attribute.
    Cast(String),
}

impl Barrier {
    /// As SQL over the gate time, which is given as SQL.
    pub fn sql(&self, time: &str) -> Option<String> {
        match self {
            Self::None => None,
            Self::Plain => Some(time.to_owned()),
            Self::Cast(ty) => Some(format!("CAST({time} AS {ty})")),
        }
    }
}

/// Where gates that filter are expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sides {
    /// Before the sink.
    Sink,
    /// Behind every source; the gate before the sink is open.
    Sources,
    Both,
}

/// The query behind the gates, cut to the sink's columns.
pub fn strip(rel: Rel, sides: Sides) -> Result<(Rel, Gate), String> {
    let (columns, rel) = picked(rel);
    match (rel, sides) {
        (Rel::Filter { input, predicate }, Sides::Sink | Sides::Both) => {
            let (query, time, opening) = filter(*input, predicate)?;
            finish(query, columns, Some(time), opening, sides)
        }
        (_, Sides::Sink | Sides::Both) => {
            Err("there is no gate between the sink and the query".to_owned())
        }
        (Rel::Project { input, exprs }, Sides::Sources)
            if let Some(held) = held(&exprs, input.width()) =>
        {
            open(*input, &columns, held)
        }
        (query, Sides::Sources) => {
            let opening = Opening::Projection { hold: None };
            // Nothing was added: the query's own last projection may have been picked as well.
            let width = columns.len();
            let (rel, gate) = finish(query, columns, None, opening, sides)?;
            Ok((rel, Gate { width, ..gate }))
        }
    }
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
        Sides::Sources | Sides::Both => without_source_gates(query, &mut sources)?,
    };
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
fn filter(input: Rel, predicate: Ex) -> Result<Stripped, String> {
    let (value, range) = range(predicate)?;
    let (query, value, barrier) = unpinned(input, value)?;
    let Some(time) = gate_time(&value) else {
        return Err(format!("the gate reads {value}, which is no gate time"));
    };
    Ok((query, time, Opening::Filter { range, barrier }))
}

/// Takes off the barrier below a gate's filter, if there is one; the value that the filter reads then.
fn unpinned(input: Rel, value: Ex) -> Result<(Rel, Ex, Barrier), String> {
    match input {
        Rel::Join {
            kind,
            lateral: true,
            left,
            right,
            on,
            ..
        } if value == Ex::Col(left.width()) => {
            let inner = kind.starts_with("Inner") || kind.starts_with("Cross");
            if !inner || !on.is_empty() {
                return Err("the gate's barrier is not a plain cross join".to_owned());
            }
            let (value, barrier) = uncast(unnested(*right)?);
            Ok((*left, value, barrier))
        }
        other => Ok((other, value, Barrier::None)),
    }
}

/// A cast of a column to a time without an attribute is the barrier's.
fn uncast(value: Ex) -> (Ex, Barrier) {
    if let Some([time @ Ex::Col(_), ty]) = args(&value, "$CAST")
        && let Some(ty @ ("TIMESTAMP(3)" | "TIMESTAMP_LTZ(3)")) = text(ty)
    {
        return (time.clone(), Barrier::Cast(ty.to_owned()));
    }
    (value, Barrier::Plain)
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
    let (value, range) = range(predicate).map_err(of_source)?;
    let (scan, value, barrier) = unpinned(input, value).map_err(of_source)?;
    let (Rel::Scan { table, columns }, Ex::Col(column)) = (&scan, value) else {
        return Err("the gate above a table reads no column of it".to_owned());
    };
    if range.low != range.null {
        return Err(format!(
            "the gate of table {table} opens at {}: rows before it are lost from the state",
            range.low
        ));
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
        range,
        barrier,
    });
    Ok(scan)
}

/// Projections that only pick columns, as one list, and what is below them.
fn picked(mut rel: Rel) -> (Vec<usize>, Rel) {
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

/// `COALESCE(value, null) >= low AND COALESCE(value, null) < high`.
fn range(predicate: Ex) -> Result<(Ex, Range), String> {
    let wrong = |what: &str| {
        Err(format!(
            "the gate's predicate is not a half-open range: {what}"
        ))
    };
    let Some([from, to]) = args(&predicate, "AND") else {
        return wrong("it has not two bounds");
    };
    let (Some([lower, low]), Some([upper, high])) = (args(from, ">="), args(to, "<")) else {
        return wrong("its bounds are not `>=` and `<`");
    };
    if lower != upper {
        return wrong("its bounds are not on one value");
    }
    let Some([value, null]) = args(lower, "COALESCE") else {
        return wrong("it says nothing about a NULL");
    };
    let [Some(null), Some(low), Some(high)] = [null, low, high].map(time_literal) else {
        return wrong("a bound is no literal of a time");
    };
    Ok((value.clone(), Range { null, low, high }))
}

/// The arguments of a call of `function`.
fn args<'e>(ex: &'e Ex, function: &str) -> Option<&'e [Ex]> {
    match ex {
        Ex::Call { name, args } if name == function => Some(args),
        _ => None,
    }
}

fn text(ex: &Ex) -> Option<&str> {
    match ex {
        Ex::Literal(text) => text.strip_prefix("Utf8(\"")?.strip_suffix("\")"),
        _ => None,
    }
}

/// `TIMESTAMP '…'` or `TO_TIMESTAMP_LTZ(ms, 3)` as SQL.
fn time_literal(ex: &Ex) -> Option<String> {
    if let Some([value, ty]) = args(ex, "$CAST") {
        let exact = text(ty)?.starts_with("TIMESTAMP(");
        return exact.then(|| text(value).map(|value| format!("TIMESTAMP '{value}'")))?;
    }
    let [Ex::Literal(ms), Ex::Literal(precision)] = args(ex, "TO_TIMESTAMP_LTZ")? else {
        return None;
    };
    let ms = ms.strip_prefix("Int64(")?.strip_suffix(')')?;
    (precision == "Int64(3)").then(|| format!("TO_TIMESTAMP_LTZ({ms}, 3)"))
}

/// A column, or the last millisecond before it.
fn gate_time(ex: &Ex) -> Option<GateTime> {
    if let Ex::Col(column) = ex {
        let (column, form) = (*column, Form::Itself);
        return Some(GateTime { column, form });
    }
    if let Some([inner, ty]) = args(ex, "$CAST") {
        let (column, form) = (before(inner)?, Form::WindowEndLtz);
        return (text(ty)? == "TIMESTAMP_LTZ(3)").then_some(GateTime { column, form });
    }
    let (column, form) = (before(ex)?, Form::WindowEnd);
    Some(GateTime { column, form })
}

/// `#c - INTERVAL '0.001' SECOND`.
fn before(ex: &Ex) -> Option<usize> {
    let [Ex::Col(column), interval] = args(ex, "-")? else {
        return None;
    };
    is_millisecond(interval).then_some(*column)
}

pub(super) fn is_millisecond(interval: &Ex) -> bool {
    let of = args(interval, "$INTERVAL").unwrap_or_default();
    of.iter()
        .map(text)
        .eq([Some("DAY TO SECOND"), Some("INTERVAL '0.001' SECOND")])
}

/// The value of the left side that the barrier `UNNEST(ARRAY[t])` hands through.
fn unnested(rel: Rel) -> Result<Ex, String> {
    let (columns, rel) = picked(rel);
    if let Rel::Opaque {
        kind,
        inputs,
        exprs,
        made,
        ..
    } = &rel
        && made.len() == 1
        && kind == "UNNEST"
        && inputs.is_empty()
        && columns == [0]
        && let [Ex::Call { name, args }] = &exprs[..]
        && name == "$ARRAY"
        && let [value] = &args[..]
        && let Some(value) = inward(value)
    {
        return Ok(value);
    }
    Err("the gate's barrier is not an UNNEST of the gate time alone".to_owned())
}

/// The expression as the left side of the lateral join sees it.
fn inward(ex: &Ex) -> Option<Ex> {
    Some(match ex {
        Ex::Outer { depth: 1, col } => Ex::Col(*col),
        Ex::Literal(_) => ex.clone(),
        Ex::Call { name, args } => {
            let args: Option<Vec<Ex>> = args.iter().map(inward).collect();
            Ex::call(name.as_str(), args?)
        }
        Ex::Outer { .. } | Ex::Col(_) | Ex::Query { .. } => return None,
    })
}
