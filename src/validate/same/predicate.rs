//! What a gate's predicate says, and the barrier below it. Anything that is not word for word what a gate is made of is
//! no gate.

use super::gate::picked;
use super::rel::{Ex, Rel};

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

/// What decides on a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Test {
    Range(Range),
    /// In the range, or below it and after the watermark has come to it; nothing once the watermark has passed it.
    Handover(Range),
    Call(Call),
}

/// A function of the user.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Call {
    /// Its full name as it is called.
    pub function: String,
    /// A process table function: the query is its argument.
    pub table: bool,
    pub told: Vec<Told>,
}

/// An argument of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    Text(String),
    /// The gate time; cast to this type, for it to be no time attribute.
    Time(Option<String>),
    /// CURRENT_WATERMARK of the gate time, or the gate time as the function's `on_time`.
    Watermark,
    /// A NULL of this type in the watermark's place.
    NoWatermark(String),
}

impl Test {
    /// The literals it compares with.
    pub fn range(&self) -> Option<&Range> {
        match self {
            Self::Range(range) | Self::Handover(range) => Some(range),
            Self::Call(_) => None,
        }
    }
}

/// What keeps a filter in its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Barrier {
    None,
    /// The predicate is the element of an array.
    Element,
    /// An UNNEST between the filter and its input hands the gate time through.
    Plain,
    /// The same, and the gate time is cast to this type, for it to be no time attribute.
    Cast(String),
}

impl Barrier {
    /// What goes through an UNNEST, as SQL over the gate time, which is given as SQL.
    pub fn sql(&self, time: &str) -> Option<String> {
        match self {
            Self::None | Self::Element => None,
            Self::Plain => Some(time.to_owned()),
            Self::Cast(ty) => Some(format!("CAST({time} AS {ty})")),
        }
    }
}

/// A test as it is written: on values that may come out of a barrier.
pub(super) struct Written {
    test: Test,
    time: Ex,
    watermark: Option<Ex>,
}

/// What a gate is made of: the test, the gate time and what holds the test in its place.
pub(super) struct Found {
    pub query: Rel,
    pub test: Test,
    pub time: Ex,
    pub barrier: Barrier,
}

/// The filter `predicate` above `input` as a gate; its test is on an expression over what is below it.
pub(super) fn gate(input: Rel, predicate: &Ex) -> Result<Found, String> {
    let element = element(predicate);
    let written = match element.unwrap_or(predicate) {
        Ex::Call { name, args } if name.starts_with("fn:") => called(name, args)?,
        other => handed_over(other).map_or_else(|| range(other), Ok)?,
    };
    let Written {
        mut test,
        time,
        watermark,
    } = written;
    let (query, time, watermark, barrier) = unpinned(input, time, watermark)?;
    let (time, cast) = uncast(time);
    let barrier = match (barrier, element, cast) {
        (true, Some(_), _) => return Err("the gate has two barriers".to_owned()),
        (true, None, None) => Barrier::Plain,
        (true, None, Some(ty)) => Barrier::Cast(ty),
        (false, element, cast) => {
            if let Test::Call(call) = &mut test {
                call.cast(cast);
            } else if cast.is_some() {
                return Err("the gate reads a CAST of its time".to_owned());
            }
            element.map_or(Barrier::None, |_| Barrier::Element)
        }
    };
    match watermark {
        Some(Ex::Call { name, args }) if name == "CURRENT_WATERMARK" && args == [time.clone()] => {}
        None => {}
        Some(other) => return Err(format!("{other} is not the watermark of the gate time")),
    }
    Ok(Found {
        query,
        test,
        time,
        barrier,
    })
}

impl Call {
    fn cast(&mut self, to: Option<String>) {
        for told in &mut self.told {
            if let Told::Time(cast) = told {
                cast.clone_from(&to);
            }
        }
    }
}

/// The predicate of `ARRAY[predicate][1]`.
fn element(ex: &Ex) -> Option<&Ex> {
    let [array, Ex::Literal(at)] = args(ex, "$ITEM")? else {
        return None;
    };
    match args(array, "$ARRAY")? {
        [predicate] if at == "Int64(1)" => Some(predicate),
        _ => None,
    }
}

/// Takes off the barrier below a gate's filter, if there is one; the values that the filter reads then.
fn unpinned(
    input: Rel,
    time: Ex,
    watermark: Option<Ex>,
) -> Result<(Rel, Ex, Option<Ex>, bool), String> {
    match input {
        Rel::Join {
            kind,
            lateral: true,
            left,
            right,
            on,
            ..
        } if time == Ex::Col(left.width()) => {
            let inner = kind.starts_with("Inner") || kind.starts_with("Cross");
            if !inner || !on.is_empty() {
                return Err("the gate's barrier is not a plain cross join".to_owned());
            }
            let through = watermark == Some(Ex::Col(left.width() + 1));
            let mut values = unnested(*right, if through { 2 } else { 1 })?.into_iter();
            let time = values.next().unwrap_or(time);
            let watermark = if through { values.next() } else { watermark };
            Ok((*left, time, watermark, true))
        }
        other => Ok((other, time, watermark, false)),
    }
}

/// A cast of a column to a time without an attribute is the barrier's.
fn uncast(value: Ex) -> (Ex, Option<String>) {
    if let Some([time @ Ex::Col(_), ty]) = args(&value, "$CAST")
        && let Some(ty @ ("TIMESTAMP(3)" | "TIMESTAMP_LTZ(3)")) = text(ty)
    {
        return (time.clone(), Some(ty.to_owned()));
    }
    (value, None)
}

/// `f(…)` with the gate time among its arguments, and beside it nothing but the gate's name and the watermark.
fn called(name: &str, args: &[Ex]) -> Result<Written, String> {
    let mut time = None;
    let mut watermark = None;
    let mut told = Vec::new();
    for arg in args {
        if let Some(name) = text(arg) {
            told.push(Told::Text(name.to_owned()));
        } else if let Some(ty) = null_of(arg) {
            told.push(Told::NoWatermark(ty));
        } else if matches!(arg, Ex::Call { name, .. } if name == "CURRENT_WATERMARK") {
            told.push(Told::Watermark);
            if watermark.replace(arg.clone()).is_some() {
                return Err("the gate's function is told two watermarks".to_owned());
            }
        } else {
            told.push(Told::Time(None));
            if time.replace(arg.clone()).is_some() {
                return Err("the gate's function is told two times".to_owned());
            }
        }
    }
    let time = time.ok_or("the gate's function is not told a time")?;
    let function = name.trim_start_matches("fn:").to_owned();
    let call = Call {
        function,
        table: false,
        told,
    };
    Ok(Written {
        test: Test::Call(call),
        time,
        watermark,
    })
}

/// A process table function whose only input is the query: that, and which column of it is the time.
pub(super) fn table_call(rel: &Rel) -> Result<Option<(&Rel, Call, usize)>, String> {
    let Rel::Opaque {
        kind,
        inputs,
        exprs,
        passes,
        made,
    } = rel
    else {
        return Ok(None);
    };
    let (Some(function), [input]) = (kind.strip_prefix("fn:"), &inputs[..]) else {
        return Ok(None);
    };
    if *passes != input.width() || !made.is_empty() {
        return Ok(None);
    }
    let described = |ex: &Ex| match args(ex, "DESCRIPTOR") {
        Some([Ex::Col(column)]) => Some(*column),
        _ => None,
    };
    let mut told = Vec::new();
    let (mut time, mut on_time) = (None, None);
    for pair in exprs.chunks(2) {
        let [name, value] = pair else {
            return Err("the gate's function has an argument without a name".to_owned());
        };
        told.push(match (text(name), text(value), described(value)) {
            (Some("SINK =>"), Some(sink), _) => Told::Text(sink.to_owned()),
            (Some("GATE_TIME =>"), _, Some(column)) if time.is_none() => {
                time = Some(column);
                Told::Time(None)
            }
            (Some("ON_TIME =>"), _, Some(column)) if on_time.is_none() => {
                on_time = Some(column);
                Told::Watermark
            }
            _ => {
                return Err("the gate's function has an argument that is none of a gate".to_owned());
            }
        });
    }
    let time = time.ok_or("the gate's function is not told a time")?;
    if on_time.is_some_and(|column| column != time) {
        return Err("the gate's function is told two times".to_owned());
    }
    let function = function.to_owned();
    let call = Call {
        function,
        table: true,
        told,
    };
    Ok(Some((input, call, time)))
}

/// The type of a `CAST(NULL AS …)`.
fn null_of(ex: &Ex) -> Option<String> {
    let [Ex::Literal(value), ty] = args(ex, "$CAST")? else {
        return None;
    };
    (value == "NULL").then(|| text(ty).map(str::to_owned))?
}

/// `(COALESCE(t, null) >= low OR COALESCE(w, null) > low) AND COALESCE(t, null) < high AND COALESCE(w, null) <= high`.
fn handed_over(predicate: &Ex) -> Option<Written> {
    let [entered, upper, closed] = args(predicate, "AND")? else {
        return None;
    };
    let [lower, passed] = args(entered, "OR")? else {
        return None;
    };
    let compared = |ex: &Ex, operator: &str| {
        let [value, bound] = args(ex, operator)? else {
            return None;
        };
        let [value, null] = args(value, "COALESCE")? else {
            return None;
        };
        Some((value.clone(), time_literal(null)?, time_literal(bound)?))
    };
    let (time, null, low) = compared(lower, ">=")?;
    let (same_time, null_2, high) = compared(upper, "<")?;
    let (watermark, null_3, low_2) = compared(passed, ">")?;
    let (same_watermark, null_4, high_2) = compared(closed, "<=")?;
    let one = time == same_time
        && watermark == same_watermark
        && (&low, &high) == (&low_2, &high_2)
        && [null_2, null_3, null_4].iter().all(|n| *n == null);
    one.then_some(Written {
        test: Test::Handover(Range { null, low, high }),
        time,
        watermark: Some(watermark),
    })
}

/// `COALESCE(value, null) >= low AND COALESCE(value, null) < high`.
fn range(predicate: &Ex) -> Result<Written, String> {
    let wrong = |what: &str| {
        Err(format!(
            "the gate's predicate is not a half-open range: {what}"
        ))
    };
    let Some([from, to]) = args(predicate, "AND") else {
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
    Ok(Written {
        test: Test::Range(Range { null, low, high }),
        time: value.clone(),
        watermark: None,
    })
}

/// The arguments of a call of `function`.
pub(super) fn args<'e>(ex: &'e Ex, function: &str) -> Option<&'e [Ex]> {
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
pub(super) fn time_literal(ex: &Ex) -> Option<String> {
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
pub(super) fn gate_time(ex: &Ex) -> Option<GateTime> {
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

/// The values of the left side that the barrier hands through: of `UNNEST(ARRAY[t])`, or of
/// `UNNEST(ARRAY[ROW(t, w)])`.
fn unnested(rel: Rel, width: usize) -> Result<Vec<Ex>, String> {
    let (columns, rel) = picked(rel);
    if let Rel::Opaque {
        kind,
        inputs,
        exprs,
        made,
        ..
    } = &rel
        && made.len() == width
        && kind == "UNNEST"
        && inputs.is_empty()
        && columns.iter().copied().eq(0..width)
        && let [array] = &exprs[..]
        && let Some([value]) = args(array, "$ARRAY")
        && let Some(values) = match width {
            1 => Some(std::slice::from_ref(value)),
            _ => args(value, "ROW").filter(|values| values.len() == width),
        }
        && let Some(values) = values.iter().map(inward).collect()
    {
        return Ok(values);
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
