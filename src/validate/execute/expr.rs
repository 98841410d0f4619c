//! Expressions by position, and their values.

use super::aggregate::Aggregate;
use super::functions::{Body, Nulls};
use super::operator::Operator;
use super::run::Env;
use super::value::{Computed, Failure, Value, compare, fail};
use super::window::{self, Kind};
use crate::syntax::DataType;
use std::cmp::Ordering;

#[derive(Debug, Clone)]
pub enum Ex {
    Col(usize),
    /// A column of a row around: how many queries up, and which.
    Outer(usize, usize),
    Literal(Value),
    Call {
        name: &'static str,
        nulls: Nulls,
        body: Body,
        args: Vec<Ex>,
    },
    And(Vec<Ex>),
    Or(Vec<Ex>),
    Not(Box<Ex>),
    /// `IS NULL` and the like: what value makes it true (`None`: NULL), and whether it is negated.
    Is(Box<Ex>, Option<bool>, bool),
    Case(Vec<(Ex, Ex)>, Box<Ex>),
    Coalesce(Vec<Ex>),
    In(Box<Ex>, Vec<Ex>, bool),
    Cast {
        of: Box<Ex>,
        ty: DataType,
        /// NULL instead of a failure.
        try_cast: bool,
    },
    Exists(Box<Operator>, bool),
    InQuery(Box<Ex>, Box<Operator>, bool),
    Query(Box<Operator>),
    /// The time, cast to a type.
    Clock(fn(i128) -> Value),
    /// What the clock of the session's time zone shows.
    LocalClock(fn(i128) -> Value),
    /// `CURRENT_WATERMARK` of a rowtime attribute.
    Watermark(Box<Ex>),
    /// `TUMBLE(time, size[, offset])` of a GROUP BY: start and end as a row.
    GroupWindow(Box<Ex>, Box<Kind>),
    /// Only on top of an aggregate's or a window's expressions.
    Aggregate(Box<Aggregate>),
}

/// Is it a condition that holds?
pub fn holds(ex: &Ex, row: &[Value], env: &Env) -> Result<bool, Failure> {
    Ok(ex.value(row, env)?.is_true())
}

fn truth(value: &Value) -> Result<Option<bool>, Failure> {
    match value {
        Value::Bool(b) => Ok(Some(*b)),
        Value::Null => Ok(None),
        other => fail(format!("{other} is no condition")),
    }
}

fn bool_or_null(value: Option<bool>) -> Value {
    value.map_or(Value::Null, Value::Bool)
}

impl Ex {
    /// The last time of the group window that it is, in nanoseconds.
    ///
    /// # Errors
    /// As [`Ex::value`].
    pub fn last_time(&self, row: &[Value], env: &Env) -> Result<Option<i128>, Failure> {
        let Ex::GroupWindow(time, kind) = self else {
            return Ok(None);
        };
        let time = time.value(row, env)?;
        let at = window::clock(&time, env.zone)?;
        let windows = at.map(|ns| kind.of(ns)).unwrap_or_default();
        let last = windows.last().map(|w| window::in_time(*w, &time, env.zone));
        Ok(last.map(|(_, end)| end - 1_000_000))
    }

    /// Does it ask a query?
    pub fn asks_a_query(&self) -> bool {
        let any = |all: &[Ex]| all.iter().any(Ex::asks_a_query);
        match self {
            Ex::Exists(..) | Ex::InQuery(..) | Ex::Query(_) => true,
            Ex::Call { args, .. } | Ex::And(args) | Ex::Or(args) | Ex::Coalesce(args) => any(args),
            Ex::Not(ex) | Ex::Is(ex, ..) | Ex::Cast { of: ex, .. } => ex.asks_a_query(),
            Ex::Case(whens, otherwise) => {
                otherwise.asks_a_query()
                    || whens
                        .iter()
                        .any(|(a, b)| a.asks_a_query() || b.asks_a_query())
            }
            Ex::In(ex, list, _) => ex.asks_a_query() || any(list),
            Ex::Col(_) | Ex::Outer(..) | Ex::Literal(_) | Ex::Clock(_) => false,
            Ex::LocalClock(_) | Ex::Watermark(_) => false,
            Ex::GroupWindow(..) | Ex::Aggregate(_) => false,
        }
    }

    /// # Errors
    /// Where the job would fail, or the value is not computed here.
    pub fn value(&self, row: &[Value], env: &Env) -> Computed {
        Ok(match self {
            Ex::Col(n) => row.get(*n).cloned().unwrap_or(Value::Null),
            Ex::Outer(up, n) => match env.outer(*up) {
                Some(row) => row.get(*n).cloned().unwrap_or(Value::Null),
                None => return fail("a column of a query around"),
            },
            Ex::Literal(value) => value.clone(),
            Ex::Call {
                name,
                nulls,
                body,
                args,
            } => {
                let mut args: Vec<Value> = args
                    .iter()
                    .map(|a| a.value(row, env))
                    .collect::<Result<_, _>>()?;
                if *nulls == Nulls::Pass && args.iter().any(Value::is_null) {
                    return Ok(Value::Null);
                }
                let then = env.zone.before(name, &mut args)?;
                let result = body(&args).map_err(|Failure(why)| {
                    Failure(format!("{}: {why}", name.trim_start_matches('$')))
                })?;
                env.zone.after(then, result)?
            }
            Ex::And(all) => bool_or_null(connect(all, false, row, env)?),
            Ex::Or(all) => bool_or_null(connect(all, true, row, env)?),
            Ex::Not(ex) => bool_or_null(truth(&ex.value(row, env)?)?.map(|b| !b)),
            Ex::Is(ex, wanted, negated) => {
                let value = ex.value(row, env)?;
                let is = match wanted {
                    None => value.is_null(),
                    Some(wanted) => truth(&value)? == Some(*wanted),
                };
                Value::Bool(is != *negated)
            }
            Ex::Case(whens, otherwise) => {
                for (when, then) in whens {
                    if holds(when, row, env)? {
                        return then.value(row, env);
                    }
                }
                otherwise.value(row, env)?
            }
            Ex::Coalesce(all) => {
                for ex in all {
                    let value = ex.value(row, env)?;
                    if !value.is_null() {
                        return Ok(value);
                    }
                }
                Value::Null
            }
            Ex::In(ex, list, negated) => {
                let value = ex.value(row, env)?;
                let list = list.iter().map(|e| e.value(row, env));
                let found = member(&value, list.collect::<Result<Vec<_>, _>>()?.iter(), env)?;
                bool_or_null(found.map(|found| found != *negated))
            }
            Ex::Cast { of, ty, try_cast } => {
                let value = of.value(row, env)?;
                match env.zone.cast(&value, ty) {
                    // What is not known is no NULL.
                    Err(Failure(why)) if *try_cast && why.ends_with("fails") => Value::Null,
                    other => other?,
                }
            }
            Ex::Exists(query, negated) => {
                let rows = query.run(&env.within(row))?;
                Value::Bool(rows.is_empty() == *negated)
            }
            Ex::InQuery(ex, query, negated) => {
                let value = ex.value(row, env)?;
                let rows = query.run(&env.within(row))?;
                let found = member(&value, rows.iter().filter_map(|r| r.values.first()), env)?;
                bool_or_null(found.map(|found| found != *negated))
            }
            Ex::Query(query) => {
                let rows = query.run(&env.within(row))?;
                match &rows[..] {
                    [] => Value::Null,
                    [only] => only.values.first().cloned().unwrap_or(Value::Null),
                    _ => return fail("a scalar query with several rows"),
                }
            }
            Ex::Clock(of) => of(env.clock),
            Ex::LocalClock(of) => match env.zone.clock(env.clock) {
                Some(ns) => of(ns),
                None => return fail("so far a time"),
            },
            Ex::Watermark(attribute) => match env.watermark {
                None => return fail("CURRENT_WATERMARK"),
                Some(None) => Value::Null,
                Some(Some(ns)) => match attribute.value(row, env)? {
                    Value::TimestampLtz(..) => Value::TimestampLtz(ns, 3),
                    _ => Value::Timestamp(ns, 3),
                },
            },
            Ex::GroupWindow(time, kind) => match window::clock(&time.value(row, env)?, env.zone)? {
                Some(ns) => match kind.of(ns)[..] {
                    [(start, end)] => Value::Row(vec![
                        ("start".into(), Value::Timestamp(start, 3)),
                        ("end".into(), Value::Timestamp(end, 3)),
                    ]),
                    _ => return fail("a group window of several windows"),
                },
                None => return fail("a window of a NULL time, which fails the job"),
            },
            Ex::Aggregate(_) => return fail("an aggregate at this place"),
        })
    }
}

/// AND (`winner` false) or OR (`winner` true), in three-valued logic.
fn connect(all: &[Ex], winner: bool, row: &[Value], env: &Env) -> Result<Option<bool>, Failure> {
    let mut unknown = false;
    for ex in all {
        match truth(&ex.value(row, env)?)? {
            Some(b) if b == winner => return Ok(Some(winner)),
            Some(_) => {}
            None => unknown = true,
        }
    }
    Ok((!unknown).then_some(!winner))
}

fn member<'v>(
    value: &Value,
    list: impl Iterator<Item = &'v Value>,
    env: &Env,
) -> Result<Option<bool>, Failure> {
    let (mut unknown, mut any) = (false, false);
    for item in list {
        any = true;
        env.zone.compares(value, item)?;
        match compare(value, item)? {
            Some(Ordering::Equal) => return Ok(Some(true)),
            Some(_) => {}
            None => unknown = true,
        }
    }
    Ok((!(unknown && any)).then_some(false))
}
