//! Rows through operators. Rows keep the order in which they came, and the ids of the source rows that made them.

use super::expr::{Ex, holds};
use super::operator::{Frame, Join, Operator, Order, Over, Side, Window};
use super::timing::Wait;
use super::value::{Failure, Value, compare, fail, key_of, order};
use super::window;
use super::{Ids, Tables, Zone};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

/// More rows than this at any place are not computed.
const MAX_ROWS: usize = 200_000;

#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub values: Vec<Value>,
    pub ids: Ids,
    pub wait: Wait,
}

/// Where a query runs.
pub struct Env<'a> {
    pub tables: &'a Tables,
    /// What `CURRENT_TIMESTAMP` says, in nanoseconds.
    pub clock: i128,
    /// What `CURRENT_WATERMARK` says, in nanoseconds, where it is known: NULL before the first one.
    pub watermark: Option<Option<i128>>,
    pub zone: Zone,
    outer: Option<(&'a [Value], &'a Env<'a>)>,
}

impl<'a> Env<'a> {
    pub fn new(
        tables: &'a Tables,
        clock: i128,
        watermark: Option<Option<i128>>,
        zone: Zone,
    ) -> Self {
        Self {
            tables,
            clock,
            watermark,
            zone,
            outer: None,
        }
    }

    pub fn within<'b>(&'b self, row: &'b [Value]) -> Env<'b> {
        Env {
            tables: self.tables,
            clock: self.clock,
            watermark: self.watermark,
            zone: self.zone,
            outer: Some((row, self)),
        }
    }

    pub fn outer(&self, up: usize) -> Option<&'a [Value]> {
        let (row, around) = self.outer?;
        match up {
            0 | 1 => Some(row),
            _ => around.outer(up - 1),
        }
    }
}

type Rows = Result<Vec<Row>, Failure>;

pub fn union(a: &Ids, b: &Ids) -> Ids {
    if a.is_empty() || Arc::ptr_eq(a, b) {
        return Arc::clone(b);
    }
    if b.is_empty() {
        return Arc::clone(a);
    }
    let mut all: Vec<u32> = a.iter().chain(b.iter()).copied().collect();
    all.sort_unstable();
    all.dedup();
    all.into()
}

pub fn ids_of<'r>(rows: impl IntoIterator<Item = &'r Row>) -> Ids {
    let mut all: Vec<u32> = rows
        .into_iter()
        .flat_map(|r| r.ids.iter().copied())
        .collect();
    all.sort_unstable();
    all.dedup();
    all.into()
}

pub fn values(exprs: &[Ex], row: &Row, env: &Env) -> Result<Vec<Value>, Failure> {
    exprs.iter().map(|e| e.value(&row.values, env)).collect()
}

impl Operator {
    /// # Errors
    /// Where the job would fail, or something is not computed here.
    pub fn run(&self, env: &Env) -> Rows {
        let rows = match self {
            Operator::Scan { table } => env.tables.rows(*table),
            Operator::Values(rows) => rows
                .iter()
                .map(|row| {
                    let values = row.iter().map(|e| e.value(&[], env));
                    Ok(Row {
                        values: values.collect::<Result<_, _>>()?,
                        ids: Ids::default(),
                        wait: Wait::default(),
                    })
                })
                .collect::<Rows>()?,
            Operator::Project { exprs, input } => input
                .run(env)?
                .into_iter()
                .map(|row| {
                    Ok(Row {
                        values: values(exprs, &row, env)?,
                        ids: row.ids,
                        wait: row.wait,
                    })
                })
                .collect::<Rows>()?,
            Operator::Filter { condition, input } => {
                let mut kept = Vec::new();
                for row in input.run(env)? {
                    if holds(condition, &row.values, env)? {
                        kept.push(row);
                    }
                }
                kept
            }
            Operator::Join(join) => run_join(join, env)?,
            Operator::Aggregate {
                keys,
                sets,
                aggregates,
                input,
            } => {
                let rows = input.run(env)?;
                let mut out = Vec::new();
                for set in sets {
                    aggregate(keys, set, sets.len() > 1, aggregates, &rows, env, &mut out)?;
                }
                out
            }
            Operator::Over { exprs, input } => {
                let mut rows = input.run(env)?;
                for over in exprs {
                    let column = run_over(over, &rows, env)?;
                    for row in &mut rows {
                        let first = over.order.iter().take(1);
                        let time = first
                            .map(|o| o.ex.value(&row.values, env))
                            .next()
                            .transpose()?;
                        let time = time.filter(is_time).and_then(|t| t.instant());
                        row.wait = row.wait.until(time).for_window();
                    }
                    rows.iter_mut()
                        .zip(column)
                        .for_each(|(row, value)| row.values.push(value));
                }
                rows
            }
            Operator::Union(inputs) => {
                let mut all = Vec::new();
                for input in inputs {
                    all.extend(input.run(env)?);
                }
                all
            }
            Operator::Sort { by, input } => sorted(input.run(env)?, by, env)?,
            Operator::Limit { skip, fetch, input } => {
                let rows = input.run(env)?.into_iter().skip(*skip);
                rows.take(fetch.unwrap_or(usize::MAX)).collect()
            }
            Operator::Window(window) => run_window(window, env)?,
            Operator::Match(sequence) => sequence.run(env)?,
            Operator::Unnest {
                array,
                ordinality,
                width,
            } => {
                let mut out = Vec::new();
                for (n, item) in elements(&array.value(&[], env)?)?.into_iter().enumerate() {
                    let mut values = match item {
                        Value::Row(fields) if *width != 1 || fields.len() == 1 => {
                            fields.into_iter().map(|(_, v)| v).collect()
                        }
                        other => vec![other],
                    };
                    values.resize(*width, Value::Null);
                    if *ordinality {
                        values.push(Value::Int(n as i64 + 1, 4));
                    }
                    out.push(Row {
                        values,
                        ids: Ids::default(),
                        wait: Wait::default(),
                    });
                }
                out
            }
        };
        if rows.len() > MAX_ROWS {
            return fail(format!("more than {MAX_ROWS} rows between two operators"));
        }
        Ok(rows)
    }
}

fn elements(value: &Value) -> Result<Vec<Value>, Failure> {
    Ok(match value {
        Value::Null => Vec::new(),
        Value::Array(all) => all.clone(),
        Value::Map(all) => all
            .iter()
            .map(|(k, v)| Value::Row(vec![("f0".into(), k.clone()), ("f1".into(), v.clone())]))
            .collect(),
        other => return fail(format!("UNNEST of {other}")),
    })
}

fn joined(left: &Row, right: &Row) -> Row {
    let mut values = left.values.clone();
    values.extend(right.values.iter().cloned());
    let wait = left.wait.and(right.wait);
    Row {
        values,
        ids: union(&left.ids, &right.ids),
        // Both sides are of one window where both have one: a window join.
        wait: match (left.wait.window, right.wait.window) {
            (Some(_), Some(_)) => wait.for_window(),
            _ => wait,
        },
    }
}

fn is_time(value: &Value) -> bool {
    matches!(value, Value::Timestamp(..) | Value::TimestampLtz(..))
}

fn padded(row: &Row, width: usize, left: bool) -> Row {
    let nulls = std::iter::repeat_n(Value::Null, width);
    let values = match left {
        true => nulls.chain(row.values.iter().cloned()).collect(),
        false => row.values.iter().cloned().chain(nulls).collect(),
    };
    Row {
        values,
        ids: Arc::clone(&row.ids),
        wait: row.wait,
    }
}

fn run_join(join: &Join, env: &Env) -> Rows {
    let left = join.left.run(env)?;
    // A lateral side is computed for each row; the other one once.
    let once = if join.lateral {
        None
    } else {
        Some(join.right.run(env)?)
    };
    let of_window = |row: &Row| match join.is_of_windows() {
        true => row.wait.for_window(),
        false => row.wait,
    };
    let mut out = Vec::new();
    let mut right_matched = vec![false; once.as_ref().map_or(0, Vec::len)];
    for row in &left {
        let mut own;
        let right: &[Row] = match &once {
            Some(rows) => rows,
            None => {
                own = join.right.run(&env.within(&row.values))?;
                own.iter_mut().for_each(|r| r.ids = union(&r.ids, &row.ids));
                &own
            }
        };
        let mut pairs = Vec::new();
        for (n, other) in right.iter().enumerate() {
            let pair = joined(row, other);
            let fits = match &join.on {
                Some(on) => holds(on, &pair.values, env)?,
                None => true,
            };
            let fits = fits && nulls_equal(join, &pair)?;
            if fits {
                pairs.push((n, pair));
            }
        }
        if let Some(version) = &join.version {
            pairs = latest(pairs, row, version, env)?;
        }
        let mut row = row.clone();
        row.wait = of_window(&row);
        if let Some(version) = &join.version {
            let at = version.at.value(&[], &env.within(&row.values))?.instant();
            row.wait = row.wait.until(at);
            pairs
                .iter_mut()
                .for_each(|(_, pair)| pair.wait = pair.wait.until(at));
        }
        match join.side {
            Side::Semi => {
                if !pairs.is_empty() {
                    out.push(row);
                }
                continue;
            }
            Side::Anti => {
                if pairs.is_empty() {
                    out.push(row);
                }
                continue;
            }
            Side::Left | Side::Full if pairs.is_empty() => {
                out.push(padded(&row, join.right_width, false));
            }
            _ => {}
        }
        for (n, pair) in pairs {
            if let Some(matched) = right_matched.get_mut(n) {
                *matched = true;
            }
            out.push(pair);
        }
        if out.len() > MAX_ROWS {
            return fail(format!("a join of more than {MAX_ROWS} rows"));
        }
    }
    if matches!(join.side, Side::Right | Side::Full) {
        for (row, matched) in once.iter().flatten().zip(right_matched) {
            if !matched {
                let mut row = row.clone();
                row.wait = of_window(&row);
                out.push(padded(&row, join.left_width, true));
            }
        }
    }
    Ok(out)
}

/// Keys of set operations, for which NULL is equal to NULL.
fn nulls_equal(join: &Join, pair: &Row) -> Result<bool, Failure> {
    for (left, right) in &join.same {
        let (a, b) = (&pair.values[*left], &pair.values[join.left_width + *right]);
        let same = match (a.is_null(), b.is_null()) {
            (true, true) => true,
            (false, false) => compare(a, b)? == Some(Ordering::Equal),
            _ => false,
        };
        if !same {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The version of the right side that was there at the left row's time: the last one not after it. Of two of one time
/// the later one counts.
fn latest(
    pairs: Vec<(usize, Row)>,
    left: &Row,
    version: &super::operator::Version,
    env: &Env,
) -> Result<Vec<(usize, Row)>, Failure> {
    let Some(at) = version.at.value(&[], &env.within(&left.values))?.instant() else {
        return Ok(Vec::new());
    };
    let mut best: Option<(i128, (usize, Row))> = None;
    for (n, pair) in pairs {
        let Some(time) = pair.values[version.column].instant() else {
            return fail("a version without a time, which fails the job");
        };
        if time <= at && best.as_ref().is_none_or(|(b, _)| time >= *b) {
            best = Some((time, (n, pair)));
        }
    }
    Ok(best.map(|(_, pair)| pair).into_iter().collect())
}

/// Groups in the order of their first rows. Nothing comes of no rows, as in a streaming job.
fn aggregate(
    keys: &[Ex],
    set: &[bool],
    numbered: bool,
    aggregates: &[Ex],
    rows: &[Row],
    env: &Env,
    out: &mut Vec<Row>,
) -> Result<(), Failure> {
    let mut groups: Vec<(Vec<Value>, Vec<&Row>)> = Vec::new();
    let mut at: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows {
        let key = keys.iter().zip(set).map(|(key, there)| match there {
            true => key.value(&row.values, env),
            false => Ok(Value::Null),
        });
        let key: Vec<Value> = key.collect::<Result<_, _>>()?;
        let index = *at.entry(key_of(&key)).or_insert_with(|| {
            groups.push((key, Vec::new()));
            groups.len() - 1
        });
        groups[index].1.push(row);
    }
    for (mut values, rows) in groups {
        if numbered {
            let bits = set
                .iter()
                .fold(0, |bits, there| bits * 2 + i64::from(!there));
            values.push(Value::Int(bits, 8));
        }
        for ex in aggregates {
            let Ex::Aggregate(aggregate) = ex else {
                return fail("an aggregate that is none");
            };
            values.push(aggregate.over(&rows, env)?);
        }
        let waits = rows.iter().map(|r| r.wait);
        let wait = waits.reduce(Wait::and).unwrap_or_default().for_window();
        let mut group_window = None;
        for (key, row) in keys.iter().zip(rows.first().into_iter().cycle()) {
            group_window = group_window.max(key.last_time(&row.values, env)?);
        }
        out.push(Row {
            values,
            ids: ids_of(rows),
            wait: wait.until(group_window),
        });
    }
    Ok(())
}

fn by_order(a: &[Value], b: &[Value], by: &[Order]) -> Ordering {
    for ((a, b), order_by) in a.iter().zip(b).zip(by) {
        let nulls = match (a.is_null(), b.is_null()) {
            (true, false) => Some(if order_by.nulls_first {
                Ordering::Less
            } else {
                Ordering::Greater
            }),
            (false, true) => Some(if order_by.nulls_first {
                Ordering::Greater
            } else {
                Ordering::Less
            }),
            _ => None,
        };
        let ordering = nulls.unwrap_or_else(|| match order_by.descending {
            true => order(a, b).reverse(),
            false => order(a, b),
        });
        if ordering != Ordering::Equal {
            return ordering;
        }
    }
    Ordering::Equal
}

fn sort_keys(by: &[Order], row: &Row, env: &Env) -> Result<Vec<Value>, Failure> {
    by.iter().map(|o| o.ex.value(&row.values, env)).collect()
}

pub fn sorted(rows: Vec<Row>, by: &[Order], env: &Env) -> Rows {
    let keyed = rows.into_iter().map(|r| Ok((sort_keys(by, &r, env)?, r)));
    let mut keyed: Vec<(Vec<Value>, Row)> = keyed.collect::<Result<_, Failure>>()?;
    keyed.sort_by(|a, b| by_order(&a.0, &b.0, by));
    Ok(keyed.into_iter().map(|(_, row)| row).collect())
}

/// One value for each row, in the rows' own order.
fn run_over(over: &Over, rows: &[Row], env: &Env) -> Result<Vec<Value>, Failure> {
    let mut partitions: BTreeMap<String, Vec<(Vec<Value>, usize)>> = BTreeMap::new();
    for (n, row) in rows.iter().enumerate() {
        let key = key_of(&values(&over.partition, row, env)?);
        let keys = sort_keys(&over.order, row, env)?;
        partitions.entry(key).or_default().push((keys, n));
    }
    let mut out = vec![Value::Null; rows.len()];
    // Of rows of one event time the last one to come is the latest.
    let latest_first =
        matches!(&over.order[..], [only] if only.descending) && over.function.name == "ROW_NUMBER";
    for partition in partitions.values_mut() {
        let by_time = partition.iter().all(|(keys, _)| {
            matches!(
                keys.first(),
                Some(Value::Timestamp(..) | Value::TimestampLtz(..))
            )
        });
        partition.sort_by(|a, b| {
            let ties = if latest_first && by_time {
                b.1.cmp(&a.1)
            } else {
                a.1.cmp(&b.1)
            };
            by_order(&a.0, &b.0, &over.order).then(ties)
        });
        for place in 0..partition.len() {
            out[partition[place].1] = over_one(over, partition, place, rows, env)?;
        }
    }
    Ok(out)
}

fn over_one(
    over: &Over,
    partition: &[(Vec<Value>, usize)],
    place: usize,
    rows: &[Row],
    env: &Env,
) -> Result<Value, Failure> {
    let same = |a: usize, b: usize| by_order(&partition[a].0, &partition[b].0, &over.order).is_eq();
    let row_of = |n: usize| &rows[partition[n].1];
    let function = &over.function;
    match function.name {
        "ROW_NUMBER" => return Ok(Value::Int(place as i64 + 1, 8)),
        "RANK" => {
            let before = (0..place).filter(|n| !same(*n, place)).count();
            return Ok(Value::Int(before as i64 + 1, 8));
        }
        "DENSE_RANK" => {
            let starts = (1..=place).filter(|n| !same(*n, *n - 1)).count();
            return Ok(Value::Int(starts as i64 + 1, 8));
        }
        "LAG" | "LEAD" => {
            let own = row_of(place);
            let by = match function.args.get(1) {
                None => 1,
                Some(ex) => match ex.value(&own.values, env)? {
                    Value::Int(n, _) => n,
                    _ => return fail("LAG or LEAD by no number"),
                },
            };
            let by = if function.name == "LAG" { -by } else { by };
            let other = usize::try_from(place as i64 + by)
                .ok()
                .filter(|n| *n < partition.len());
            return match (other, function.args.get(2)) {
                (Some(n), _) => function.args[0].value(&row_of(n).values, env),
                (None, Some(default)) => default.value(&own.values, env),
                (None, None) => Ok(Value::Null),
            };
        }
        _ => {}
    }
    let within: Vec<&Row> = match &over.frame {
        Frame::Rows { before, after } => {
            let from = before.map_or(0, |n| place.saturating_sub(n));
            let to = after.map_or(partition.len(), |n| (place + n + 1).min(partition.len()));
            (from..to).map(row_of).collect()
        }
        Frame::Range { before } => {
            let time = partition[place].0.first().and_then(Value::instant);
            let near = |n: &usize| match (
                before,
                time,
                partition[*n].0.first().and_then(Value::instant),
            ) {
                (None, ..) => true,
                (Some(by), Some(own), Some(other)) => other >= own - by,
                _ => same(*n, place),
            };
            let upto = (place..partition.len())
                .take_while(|n| same(*n, place))
                .last()
                .unwrap_or(place);
            (0..=upto).filter(near).map(row_of).collect()
        }
        Frame::All => (0..partition.len()).map(row_of).collect(),
    };
    function.over(&within, env)
}

fn run_window(table: &Window, env: &Env) -> Rows {
    let rows = table.input.run(env)?;
    let mut out = Vec::new();
    let mut push = |row: &Row, window: (i128, i128)| -> Result<(), Failure> {
        let mut values = row.values.clone();
        values.extend(window::columns(window, &row.values[table.time], env.zone)?);
        out.push(Row {
            values,
            ids: Arc::clone(&row.ids),
            wait: row
                .wait
                .of_window(window::in_time(window, &row.values[table.time], env.zone)),
        });
        Ok(())
    };
    let times: Option<Vec<i128>> = rows
        .iter()
        .map(|r| window::clock(&r.values[table.time], env.zone))
        .collect::<Result<_, _>>()?;
    let Some(times) = times else {
        return fail("a window of a NULL time, which fails the job");
    };
    if let window::Kind::Session { gap } = table.kind {
        let mut partitions: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (n, row) in rows.iter().enumerate() {
            partitions
                .entry(key_of(&values(&table.partition, row, env)?))
                .or_default()
                .push(n);
        }
        for members in partitions.values() {
            let own: Vec<i128> = members.iter().map(|n| times[*n]).collect();
            for (n, session) in members.iter().zip(window::sessions(&own, gap)) {
                push(&rows[*n], session)?;
            }
        }
    } else {
        for (row, at) in rows.iter().zip(times) {
            for window in table.kind.of(at) {
                push(row, window)?;
            }
        }
    }
    Ok(out)
}
