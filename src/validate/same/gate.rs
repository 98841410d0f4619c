//! Recognises the gate of a rewritten INSERT and takes it off: nothing but the gate may stand between sink and query.

use super::rel::{Ex, Rel};

/// The gate that was taken off.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gate {
    /// The gate time over the columns of the gated query, which are `#0`, `#1` …
    pub time: String,
    /// The columns that the gate time reads.
    pub columns: Vec<usize>,
    /// The last column of the gated query was added for the gate: the sink does not get it.
    pub added: bool,
    /// The bounds as planned: `[low, high)`, and what a NULL counts as.
    pub low: String,
    pub high: String,
    pub null: String,
    /// Behind a barrier against push-down.
    pub pinned: bool,
}

impl Gate {
    /// True if the two differ in nothing but their bounds.
    pub fn is_like(&self, other: &Gate) -> bool {
        let bounds = |gate: &Gate| Gate {
            low: String::new(),
            high: String::new(),
            ..gate.clone()
        };
        bounds(self) == bounds(other)
    }
}

/// A time without the cast that the barrier puts around it.
fn uncast(time: &Ex) -> &Ex {
    match time {
        Ex::Call { name, args } if name == "$CAST" => match &args[..] {
            [inner, Ex::Literal(ty)]
                if ty.contains("TIMESTAMP(3)") || ty.contains("TIMESTAMP_LTZ(3)") =>
            {
                inner
            }
            _ => time,
        },
        _ => time,
    }
}

/// The query behind the gate, cut to the sink's columns.
pub fn strip(rel: Rel) -> Result<(Rel, Gate), String> {
    let (columns, rel) = picked(rel);
    let Rel::Filter { input, predicate } = rel else {
        return Err("there is no gate between the sink and the query".to_owned());
    };
    let range = range(predicate)?;
    let (query, mut time, pinned) = match *input {
        Rel::Join {
            kind,
            lateral: true,
            left,
            right,
            on,
            ..
        } if range.time == Ex::Col(left.width()) => {
            let inner = kind.starts_with("Inner") || kind.starts_with("Cross");
            if !inner || !on.is_empty() {
                return Err("the gate's barrier is not a plain cross join".to_owned());
            }
            (*left, unnested(*right)?, true)
        }
        other => (other, range.time, false),
    };
    let width = query.width();
    let mut read = Vec::new();
    time.columns(&mut |column| read.push(*column));
    read.sort_unstable();
    read.dedup();
    if columns.iter().chain(&read).any(|c| *c >= width) {
        return Err("the gate reads or lets through a column that the query has not".to_owned());
    }
    if read.is_empty() || !time.is_plain() {
        return Err("the gate reads no column of the query".to_owned());
    }
    // A column that the sink does not get was added for the gate: it stands last, and the gate reads it alone.
    let dropped: Vec<usize> = (0..width).filter(|c| !columns.contains(c)).collect();
    let added = match dropped[..] {
        [] => false,
        [only] if only == width - 1 && *uncast(&time) == Ex::Col(only) => true,
        [_] => return Err("the gate does not read the column that was added for it".to_owned()),
        _ => return Err("the gate drops more than one column of the query".to_owned()),
    };
    let gate = Gate {
        time: time.to_string(),
        columns: read,
        added,
        low: range.low.to_string(),
        high: range.high.to_string(),
        null: range.null.to_string(),
        pinned,
    };
    let rel = Rel::Project {
        exprs: columns.into_iter().map(Ex::Col).collect(),
        input: Box::new(query),
    };
    Ok((rel, gate))
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

struct Range {
    time: Ex,
    low: Ex,
    high: Ex,
    null: Ex,
}

/// `COALESCE(t, null) >= low AND COALESCE(t, null) < high`.
fn range(predicate: Ex) -> Result<Range, String> {
    let wrong = |what: &str| {
        Err(format!(
            "the gate's predicate is not a half-open range: {what}"
        ))
    };
    let Some([from, to]) = call(predicate, "AND") else {
        return wrong("it has not two bounds");
    };
    let (Some([lower, low]), Some([upper, high])) = (call(from, ">="), call(to, "<")) else {
        return wrong("its bounds are not `>=` and `<`");
    };
    if lower != upper {
        return wrong("its bounds are not on one value");
    }
    let Some([time, null]) = call(lower, "COALESCE") else {
        return wrong("it says nothing about a NULL");
    };
    if !(null.is_constant() && low.is_constant() && high.is_constant()) {
        return wrong("a bound is not constant");
    }
    Ok(Range {
        time,
        low,
        high,
        null,
    })
}

/// The two arguments of a call of `function`.
fn call(ex: Ex, function: &str) -> Option<[Ex; 2]> {
    match ex {
        Ex::Call { name, args } if name == function => args.try_into().ok(),
        _ => None,
    }
}

/// The gate time, over the left side, that the barrier `UNNEST(ARRAY[…])` hands through.
fn unnested(rel: Rel) -> Result<Ex, String> {
    let (columns, rel) = picked(rel);
    if let Rel::Opaque {
        kind,
        inputs,
        mut exprs,
        made,
        ..
    } = rel
        && kind == "UNNEST"
        && made.len() == 1
        && inputs.is_empty()
        && columns == [0]
        && let Some(Ex::Call { name, mut args }) = exprs.pop()
        && exprs.is_empty()
        && name == "$ARRAY"
        && let Some(mut time) = args.pop()
        && args.is_empty()
        && inward(&mut time)
    {
        return Ok(time);
    }
    Err("the gate's barrier is not an UNNEST of the gate time alone".to_owned())
}

/// Columns of the left side of a lateral join become columns; false if there is anything else that is not constant.
fn inward(ex: &mut Ex) -> bool {
    match ex {
        Ex::Outer { depth: 1, col } => {
            *ex = Ex::Col(*col);
            true
        }
        Ex::Literal(_) => true,
        Ex::Call { args, .. } => args.iter_mut().all(inward),
        Ex::Col(_) | Ex::Outer { .. } | Ex::Query { .. } => false,
    }
}
