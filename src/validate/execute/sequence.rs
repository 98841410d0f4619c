//! MATCH_RECOGNIZE as Flink runs it: every row may begin a match, all matches that are under way see each row, and a
//! match that is complete waits for those that began before it.
//!
//! Greedy is possessive in Flink: a row that the repeated variable would take is not given to what follows, even if the
//! match fails for it. `*` is greedy too; `?` is not, whatever is written: both ways are gone.
//! Source: `NFACompiler`, `NFA` and `AfterMatchSkipStrategy` of flink-cep, `CommonExecMatch` of the planner; rows run in
//! Flink 2.3.0 (`queries.txt`).

use super::aggregate::Aggregate;
use super::expr::{Ex, holds};
use super::operator::{Operator, Order};
use super::run::{self, Env, Row};
use super::value::{Computed, Failure, Value, fail, key_of};
use std::collections::BTreeMap;

/// More matches than this are not followed at a time.
const MAX_RUNS: usize = 2_000;

/// A pattern variable as often as its quantifier says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    pub name: String,
    pub min: u32,
    /// `None`: without a bound.
    pub max: Option<u32>,
    pub greedy: bool,
}

impl Variable {
    /// Does it take every row that it can? `?` does not, whatever is written, and with a count there is no choice.
    pub fn is_possessive(&self) -> bool {
        self.greedy && self.max.is_none_or(|max| max > self.min.max(1))
    }
}

/// MATCH_RECOGNIZE with one row a match.
#[derive(Debug, Clone)]
pub struct Match {
    pub partition: Vec<Ex>,
    /// The event time first.
    pub order: Vec<Order>,
    pub automaton: Automaton,
    /// What a row has to be for each variable; `None` if it may be any.
    pub define: Vec<Option<Matched>>,
    /// Nanoseconds.
    pub within: Option<i128>,
    pub skip: Skip,
    pub measures: Vec<Matched>,
    pub input: Operator,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Skip {
    PastLastRow,
    ToNextRow,
}

/// An expression whose columns are values picked from the rows of a match.
#[derive(Debug, Clone)]
pub struct Matched {
    pub picks: Vec<Pick>,
    pub ex: Ex,
}

/// `of`: of the rows of one variable, or of all of them.
#[derive(Debug, Clone)]
pub enum Pick {
    /// Counted from the first row, or back from the last one; NULL if there are not so many.
    Row {
        of: Option<usize>,
        from_first: bool,
        offset: usize,
        ex: Ex,
    },
    Aggregate {
        of: Option<usize>,
        aggregate: Aggregate,
    },
}

/// A condition on a row: that it is one for the variable, or that it is none.
type Test = (usize, bool);

#[derive(Debug, Clone, Default)]
struct State {
    /// The row goes to this variable, if all tests hold.
    take: Option<Edge>,
    /// The row is looked at in these states, too.
    proceed: Vec<Edge>,
}

#[derive(Debug, Clone)]
struct Edge {
    variable: usize,
    to: usize,
    tests: Vec<Test>,
}

/// The states of a pattern; the first one is final.
#[derive(Debug, Clone)]
pub struct Automaton {
    states: Vec<State>,
    start: usize,
}

const FINAL: usize = 0;

impl Automaton {
    pub fn new(pattern: &[Variable]) -> Automaton {
        let mut automaton = Automaton {
            states: vec![State::default()],
            start: FINAL,
        };
        // From the last variable to the first, as each has to know what follows.
        for (variable, how) in pattern.iter().enumerate().rev() {
            automaton.start = automaton.before(variable, how, automaton.start);
        }
        automaton
    }

    fn add(&mut self, variable: usize, take: usize, proceed: Option<usize>) -> usize {
        self.states.push(State {
            take: Some(Edge {
                variable,
                to: take,
                tests: vec![(variable, true)],
            }),
            proceed: proceed
                .map(|to| Edge {
                    variable,
                    to,
                    tests: Vec::new(),
                })
                .into_iter()
                .collect(),
        });
        self.states.len() - 1
    }

    /// States for a variable before the state `next`.
    fn before(&mut self, variable: usize, how: &Variable, next: usize) -> usize {
        let optional = how.min == 0;
        let from = how.min.max(1);
        let mut first = next;
        let more = match how.max {
            None => {
                first = self.add(variable, next, Some(next));
                let looping = first;
                if let Some(take) = &mut self.states[looping].take {
                    take.to = looping;
                }
                0
            }
            Some(max) => max.saturating_sub(from),
        };
        if how.is_possessive() {
            let edges = &mut self.states[next];
            let all = edges.take.iter_mut().chain(&mut edges.proceed);
            all.for_each(|edge| edge.tests.push((variable, false)));
        }
        for _ in 0..more {
            first = self.add(variable, first, Some(next));
        }
        for _ in 1..from {
            first = self.add(variable, first, None);
        }
        self.add(variable, first, optional.then_some(next))
    }
}

/// A match under way, or one that is complete.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Run {
    state: usize,
    /// Its rows by place, each with its variable.
    rows: Vec<(usize, usize)>,
}

impl Run {
    /// A match that has not begun is later than any other.
    fn begin(&self) -> usize {
        self.rows.first().map_or(usize::MAX, |(_, row)| *row)
    }

    fn with(&self, edge: &Edge, row: usize, state: usize) -> Run {
        let mut rows = self.rows.clone();
        rows.push((edge.variable, row));
        Run { state, rows }
    }
}

/// Rows with their event times in nanoseconds, in order.
type TimedRows = Vec<(i128, Row)>;

/// The rows of one partition.
struct Partition<'m> {
    of: &'m Match,
    rows: TimedRows,
    env: &'m Env<'m>,
    running: Vec<Run>,
    complete: Vec<Run>,
    found: Vec<Run>,
}

impl Match {
    /// # Errors
    /// Where the job would fail, or something is not computed here.
    pub fn run(&self, env: &Env) -> Result<Vec<Row>, Failure> {
        let rows = run::sorted(self.input.run(env)?, &self.order, env)?;
        let mut partitions: BTreeMap<String, (Vec<Value>, TimedRows)> = BTreeMap::new();
        for row in rows {
            let time = self.order[0].ex.value(&row.values, env)?.instant();
            let Some(time) = time else {
                return fail("MATCH_RECOGNIZE over a NULL time, which fails the job");
            };
            let key = run::values(&self.partition, &row, env)?;
            let partition = partitions.entry(key_of(&key));
            let partition = partition.or_insert_with(|| (key, Vec::new()));
            partition.1.push((time, row));
        }
        let mut out = Vec::new();
        for (key, rows) in partitions.into_values() {
            let mut partition = Partition {
                of: self,
                rows,
                env,
                running: vec![Run {
                    state: self.automaton.start,
                    rows: Vec::new(),
                }],
                complete: Vec::new(),
                found: Vec::new(),
            };
            for row in 0..partition.rows.len() {
                partition.advance(partition.rows[row].0)?;
                partition.step(row)?;
            }
            partition.advance(i128::MAX)?;
            for found in &partition.found {
                out.push(partition.output(&key, found)?);
            }
        }
        Ok(out)
    }
}

impl Partition<'_> {
    /// Drops the matches that have taken too long.
    fn advance(&mut self, now: i128) -> Result<(), Failure> {
        let Some(within) = self.of.within else {
            return Ok(());
        };
        let rows = &self.rows;
        self.running.retain(|run| match run.rows.first() {
            Some((_, first)) => now - rows[*first].0 < within,
            None => true,
        });
        self.settle()
    }

    /// Gives a row to every match under way, and begins one with it.
    fn step(&mut self, row: usize) -> Result<(), Failure> {
        let states = &self.of.automaton.states;
        let mut next = Vec::new();
        for run in &self.running {
            let mut known: BTreeMap<usize, bool> = BTreeMap::new();
            let mut seen = vec![run.state];
            let mut edges = Vec::new();
            while let Some(state) = seen.pop() {
                let state = &states[state];
                for edge in &state.proceed {
                    if self.passes(edge, run, row, &mut known)? {
                        seen.push(edge.to);
                    }
                }
                if let Some(edge) = &state.take
                    && self.passes(edge, run, row, &mut known)?
                {
                    edges.push(edge);
                }
            }
            for edge in edges {
                if edge.to == FINAL {
                    self.complete.push(run.with(edge, row, FINAL));
                    continue;
                }
                // Is what follows optional, up to the end?
                let mut ahead = vec![edge.to];
                let mut ends = false;
                while let Some(state) = ahead.pop() {
                    for proceed in &states[state].proceed {
                        if self.passes(proceed, run, row, &mut known)? {
                            ends |= proceed.to == FINAL;
                            ahead.push(proceed.to);
                        }
                    }
                }
                next.push(run.with(edge, row, edge.to));
                if ends {
                    self.complete.push(run.with(edge, row, FINAL));
                }
            }
            if run.rows.is_empty() {
                next.push(run.clone());
            }
        }
        if next.len() > MAX_RUNS {
            return fail(format!("more than {MAX_RUNS} matches under way"));
        }
        self.running = next;
        self.settle()
    }

    /// Takes the matches that are complete, the earliest one first, until one under way began before.
    fn settle(&mut self) -> Result<(), Failure> {
        while let Some(begin) = self.complete.iter().map(Run::begin).min() {
            if self.running.iter().any(|run| run.begin() < begin) {
                break;
            }
            let mut first = self.complete.iter().filter(|run| run.begin() == begin);
            let Some(run) = first.next().cloned() else {
                break;
            };
            if first.any(|other| *other != run) {
                return fail("MATCH_RECOGNIZE where rows match in more than one way");
            }
            let last = match self.of.skip {
                Skip::PastLastRow => run.rows.last().map_or(begin, |(_, row)| *row),
                Skip::ToNextRow => begin,
            };
            let stays = |run: &Run| run.begin() > last;
            self.running.retain(stays);
            self.complete.retain(stays);
            self.found.push(run);
        }
        Ok(())
    }

    fn passes(
        &self,
        edge: &Edge,
        run: &Run,
        row: usize,
        known: &mut BTreeMap<usize, bool>,
    ) -> Result<bool, Failure> {
        for (variable, wanted) in &edge.tests {
            let is = match (known.get(variable), &self.of.define[*variable]) {
                (Some(is), _) => *is,
                (None, None) => true,
                (None, Some(define)) => {
                    let mut rows = run.rows.clone();
                    rows.push((*variable, row));
                    self.row(define, &rows)
                        .and_then(|picked| holds(&define.ex, &picked, self.env))?
                }
            };
            known.insert(*variable, is);
            if is != *wanted {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The values that an expression picks.
    fn row(&self, matched: &Matched, rows: &[(usize, usize)]) -> Result<Vec<Value>, Failure> {
        let picks = matched.picks.iter().map(|pick| self.pick(pick, rows));
        picks.collect()
    }

    fn pick(&self, pick: &Pick, rows: &[(usize, usize)]) -> Computed {
        let of = |wanted: &Option<usize>| -> Vec<&Row> {
            let all = rows.iter().filter(|(v, _)| wanted.is_none_or(|w| w == *v));
            all.map(|(_, row)| &self.rows[*row].1).collect()
        };
        match pick {
            Pick::Row {
                of: wanted,
                from_first,
                offset,
                ex,
            } => {
                let rows = of(wanted);
                let row = match from_first {
                    true => rows.get(*offset),
                    false => rows.iter().rev().nth(*offset),
                };
                row.map_or(Ok(Value::Null), |row| ex.value(&row.values, self.env))
            }
            Pick::Aggregate {
                of: wanted,
                aggregate,
            } => aggregate.over(&of(wanted), self.env),
        }
    }

    fn output(&self, key: &[Value], found: &Run) -> Result<Row, Failure> {
        let mut values = key.to_vec();
        for measure in &self.of.measures {
            let picked = self.row(measure, &found.rows)?;
            values.push(measure.ex.value(&picked, self.env)?);
        }
        let rows = || found.rows.iter().map(|(_, row)| &self.rows[*row].1);
        let last = found.rows.last().map(|(_, row)| self.rows[*row].0);
        let wait = rows().map(|row| row.wait).reduce(super::Wait::and);
        Ok(Row {
            values,
            ids: run::ids_of(rows()),
            wait: wait.unwrap_or_default().until(last),
        })
    }
}
