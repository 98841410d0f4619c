//! Recognises the gate of a rewritten INSERT and takes it off: nothing but the gate may stand between sink and query.

use super::rel::{Ex, Rel};

/// The gate that was taken off.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gate {
    /// Position of the gate time among the columns of the gated query.
    pub column: usize,
    /// Number of columns of the gated query: one more than the sink gets where the gate time was added.
    pub width: usize,
    /// The bounds as planned: `[low, high)`, and what a NULL counts as.
    pub low: String,
    pub high: String,
    pub null: String,
    /// Behind a barrier against push-down.
    pub pinned: bool,
}

/// The query behind the gate, cut to the sink's columns.
pub fn strip(rel: Rel) -> Result<(Rel, Gate), String> {
    let (columns, rel) = picked(rel);
    let Rel::Filter { input, predicate } = rel else {
        return Err("there is no gate between the sink and the query".to_owned());
    };
    let range = range(predicate)?;
    let (query, column, pinned) = match *input {
        Rel::Join {
            kind,
            lateral: true,
            left,
            right,
            on,
            ..
        } if range.column == left.width() => {
            let inner = kind.starts_with("Inner") || kind.starts_with("Cross");
            if !inner || !on.is_empty() {
                return Err("the gate's barrier is not a plain cross join".to_owned());
            }
            (*left, unnested(*right)?, true)
        }
        other => (other, range.column, false),
    };
    let width = query.width();
    if column >= width || columns.iter().any(|c| *c >= width) {
        return Err("the gate lets through a column that the query does not have".to_owned());
    }
    // A column that the sink does not get was added for the gate: it stands last, and the gate reads it.
    let added: Vec<usize> = (0..width).filter(|c| !columns.contains(c)).collect();
    match added[..] {
        [] => {}
        [only] if only == width - 1 && only == column => {}
        [_] => return Err("the gate does not read the column that was added for it".to_owned()),
        _ => return Err("the gate drops more than one column of the query".to_owned()),
    }
    let gate = Gate {
        column,
        width,
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
    column: usize,
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
    let Some([Ex::Col(column), null]) = call(lower, "COALESCE") else {
        return wrong("it says nothing about a NULL");
    };
    if !(null.is_constant() && low.is_constant() && high.is_constant()) {
        return wrong("a bound is not constant");
    }
    Ok(Range {
        column,
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

/// The column of the left side that the barrier `UNNEST(ARRAY[t])` hands through.
fn unnested(rel: Rel) -> Result<usize, String> {
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
        && let [Ex::Outer { depth: 1, col }] = args[..]
    {
        return Ok(col);
    }
    Err("the gate's barrier is not an UNNEST of the gate time alone".to_owned())
}
