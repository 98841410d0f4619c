//! The rewritten script, read again from its printed bytes, against the original: both plan, the
//! sinks take the columns, and with its gates open the new script is the old one.

mod keys;

use crate::catalog::{Catalog, Entry, Table, connectors};
use crate::config::{Argument, Settings};
use crate::diagnostic::{Diagnostic, Severity};
use crate::parser;
use crate::plan::{self, Input, Pinned, Plan, Rule, inserts};
use crate::syntax::Script;
use crate::text::Span;
use crate::time;
use crate::validate::{
    self, Barrier, Outcome, PlannedInsert, Planner, SamenessFailure, Sides, Told,
};
use crate::{GateState, InsertReport};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

/// What is wrong with the original (the user's errors), or with the rewrite (our own).
pub fn check(
    original: Input<'_>,
    plan: &Plan,
    times: &time::Times,
    printed: &str,
) -> Vec<Diagnostic> {
    validate::with_stack(|| checked(original, plan, times, printed))
        // One INSERT stopped the planner: with a stack for each, the others are checked.
        .unwrap_or_else(|| checked(original, plan, times, printed))
}

fn checked(
    original: Input<'_>,
    plan: &Plan,
    times: &time::Times,
    printed: &str,
) -> Vec<Diagnostic> {
    let again = match Again::read(printed, original) {
        Ok(again) => again,
        Err(bug) => return vec![*bug],
    };
    let rewritten = again.input(original.settings);
    // The original gets its watermarks with its gates.
    let before = planner(original).with_rowtimes(again.rowtimes());
    let after = planner(rewritten);
    let (old, new) = (inserts::all(original), inserts::all(rewritten));
    if old.len() != new.len() {
        return vec![bug(
            Span::at(0),
            "the number of INSERTs changed",
            String::new(),
        )];
    }
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    for (index, (old, new)) in old.into_iter().zip(new).enumerate() {
        let place = old.insert.source.span;
        let first = match before.insert(old.insert, old.statement) {
            Outcome::Planned(planned) => planned,
            Outcome::UserError(errors) => {
                diagnostics.extend(unsaid(errors, &diagnostics));
                continue;
            }
            Outcome::NotPlanned { reason, span } => {
                diagnostics.push(not_validated(span, &reason));
                continue;
            }
        };
        diagnostics.extend(first.warnings.iter().cloned());
        let time = times.queries.get(&(old.statement, place.start));
        diagnostics
            .extend(time.and_then(|time| keys::check(original, old.insert, old.statement, time)));
        diagnostics.extend(unchecked(place, &first));
        match after.insert(new.insert, new.statement) {
            Outcome::Planned(second) => {
                let (report, rowtimes) = (&plan.inserts[index], again.rowtimes());
                if let Err((message, why)) =
                    compare(original, plan, report, &rowtimes, &first, &second)
                {
                    diagnostics.push(bug(place, message, why));
                }
            }
            Outcome::UserError(errors) => {
                let why: Vec<_> = errors.into_iter().map(|e| e.message).collect();
                diagnostics.push(bug(place, NO_PLAN, why.join("; ")));
            }
            Outcome::NotPlanned { reason, .. } => {
                diagnostics.push(bug(place, NO_PLAN, reason));
            }
        }
    }
    diagnostics
}

/// What is wrong with the queries of a script that cannot be rewritten, whatever is wrong with its times.
pub fn original(input: Input<'_>) -> Vec<Diagnostic> {
    validate::with_stack(|| wrong(input)).unwrap_or_else(|| wrong(input))
}

fn wrong(input: Input<'_>) -> Vec<Diagnostic> {
    let planner = planner(input).with_any_rowtimes();
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    for place in inserts::all(input) {
        if let Outcome::UserError(mut errors) = planner.insert(place.insert, place.statement) {
            errors.retain(|e| !SAID.contains(&e.name));
            diagnostics.extend(unsaid(errors, &diagnostics));
        }
    }
    diagnostics
}

/// What the plan refuses too, in words of its own.
const SAID: [&str; 3] = [
    "sink-column-count",
    "temporal-join-version",
    "window-time-column",
];

/// Several INSERTs may read one view that is wrong.
fn unsaid(errors: Vec<Diagnostic>, said: &[Diagnostic]) -> Vec<Diagnostic> {
    let new = |error: &Diagnostic| !said.contains(error);
    errors.into_iter().filter(new).collect()
}

/// Is the script the same that reads some tables through others, with the watermarks that were added?
pub fn placed(original: Input<'_>, placed: Input<'_>, plan: &Plan) -> Vec<Diagnostic> {
    validate::with_stack(|| same_but_placed(original, placed, plan))
        .unwrap_or_else(|| same_but_placed(original, placed, plan))
}

fn same_but_placed(original: Input<'_>, placed: Input<'_>, plan: &Plan) -> Vec<Diagnostic> {
    let stands_for = |p: &plan::Placed| {
        let base = &original.catalog.entries[p.added.table].path;
        (p.path.join("."), base.join("."))
    };
    let before = planner(original).with_any_rowtimes();
    let after = planner(placed).with_any_rowtimes();
    let after = after.standing_for(plan.placed.values().map(stands_for).collect());
    let (old, new) = (inserts::all(original), inserts::all(placed));
    let mut diagnostics = Vec::new();
    if old.len() != new.len() {
        diagnostics.push(bug(
            Span::at(0),
            "the number of INSERTs changed",
            String::new(),
        ));
    }
    for (old, new) in old.into_iter().zip(new) {
        // What is wrong with the original is said when its gates are checked.
        let Outcome::Planned(first) = before.insert(old.insert, old.statement) else {
            continue;
        };
        let wrong = match after.insert(new.insert, new.statement) {
            Outcome::Planned(second) => validate::same_ungated(&first, &second)
                .err()
                .map(|failure| different(&failure)),
            Outcome::UserError(errors) => {
                let why: Vec<_> = errors.into_iter().map(|e| e.message).collect();
                Some((NO_PLAN, why.join("; ")))
            }
            Outcome::NotPlanned { reason, .. } => Some((NO_PLAN, reason)),
        };
        if let Some((message, why)) = wrong {
            diagnostics.push(bug(new.insert.source.span, message, why));
        }
    }
    diagnostics
}

fn planner<'a>(input: Input<'a>) -> Planner<'a> {
    Planner::new(
        input.script,
        input.text,
        input.catalog,
        input.settings.flink,
    )
}

/// What is wrong, and the details.
type Wrong = (&'static str, String);

fn compare(
    original: Input<'_>,
    plan: &Plan,
    report: &InsertReport,
    rowtimes: &BTreeSet<(String, String)>,
    first: &PlannedInsert,
    second: &PlannedInsert,
) -> Result<(), Wrong> {
    match report.gate {
        GateState::Added => {
            let decided = plan.gates.iter().find(|g| g.insert == report.span);
            let Some(decided) = decided else {
                return Err(("a gate was added that nobody decided on", String::new()));
            };
            let mut sources = BTreeMap::new();
            source_gates(original, plan, &decided.thread, &mut sources)
                .map_err(|e| (ANOTHER, e))?;
            let sides = match decided.opening {
                _ if decided.form == plan::Form::Sources => Sides::SourcesAlone,
                plan::Opening::Filter if sources.is_empty() => Sides::Sink,
                plan::Opening::Filter => Sides::Both,
                plan::Opening::Projection { .. } => Sides::Sources,
            };
            let mut found = validate::same(first, second, sides).map_err(|e| different(&e))?;
            found
                .uncovered
                .retain(|table| !is_dimension(original, table));
            as_decided(decided, &sources, rowtimes, &found).map_err(|e| (ANOTHER, e))
        }
        GateState::Absent => validate::same_ungated(first, second).map_err(|e| different(&e)),
        // Compared token for token with what would be written; only its bounds change.
        GateState::Standing => Ok(()),
    }
}

fn different(failure: &SamenessFailure) -> Wrong {
    let plans = format!(
        "{}\noriginal plan:\n{}\nrewritten plan:\n{}",
        failure.reason, failure.original_plan, failure.rewritten_plan
    );
    ("the rewritten query is not the original", plans)
}

/// A table without an event time whose rows are all there before those of a stream.
fn is_dimension(original: Input<'_>, path: &str) -> bool {
    let entries = original.catalog.entries.iter();
    let tables = entries
        .filter(|e| e.path.join(".") == path)
        .filter_map(Entry::table);
    let mut tables = tables.peekable();
    let bounded = |t: &Table| t.watermark.is_none() && connectors::is_bounded(t) == Some(true);
    tables.peek().is_some() && tables.all(bounded)
}

const NO_PLAN: &str = "the rewritten query does not plan";

const ANOTHER: &str = "the gate is not the one that was decided on";

/// The gates that a query reads its tables through, by the tables' paths.
fn source_gates<'p>(
    original: Input<'_>,
    plan: &'p Plan,
    thread: &time::Thread,
    found: &mut BTreeMap<String, &'p plan::SourceGate>,
) -> Result<(), String> {
    for read in &thread.tables {
        let path = original.catalog.entries[read.table].path.join(".");
        let gate = plan.source_gates.get(&read.table);
        found.insert(
            path.clone(),
            gate.ok_or(format!("no gate for table {path}"))?,
        );
    }
    let mut below = thread.siblings.iter();
    below.try_for_each(|s| source_gates(original, plan, &s.thread, found))
}

/// Is the gate that the new script shows the one that was planned?
fn as_decided(
    decided: &plan::Gate,
    sources: &BTreeMap<String, &plan::SourceGate>,
    rowtimes: &BTreeSet<(String, String)>,
    found: &validate::Gate,
) -> Result<(), String> {
    let equal = |what: &str, found: &dyn Debug, decided: &dyn Debug| {
        let (found, decided) = (format!("{found:?}"), format!("{decided:?}"));
        if found == decided {
            Ok(())
        } else {
            Err(format!("{what}: {found} instead of {decided}"))
        }
    };
    let width = decided.columns.len() + usize::from(decided.time.threaded);
    equal("columns", &found.width, &width)?;
    let name = |column: usize| match decided.columns.get(column) {
        Some(name) => time::quote(name),
        None => time::quote(time::GATE_TIME),
    };
    let time = found.time.map(|time| time.sql(&name(time.column)));
    match (&found.opening, decided.opening) {
        (validate::Opening::Filter { test, barrier }, plan::Opening::Filter) => {
            equal("gate time", &time, &Some(&decided.time.sql))?;
            let wanted = (decided.pinned == Pinned::Unnest).then_some(&decided.time.barrier);
            equal("barrier", &barrier.sql(&decided.time.sql), &wanted)?;
            let element = *barrier == Barrier::Element;
            equal("array", &element, &(decided.pinned == Pinned::Element))?;
            let casts = wanted.is_none() && decided.time.barrier != decided.time.sql;
            let cast = casts.then(|| cast_of(&decided.rule)).flatten();
            equal("rule", test, &test_of(&decided.rule, cast))?;
        }
        (validate::Opening::Projection { hold }, plan::Opening::Projection { hold: wanted }) => {
            let min = decided.rule.bounds().map(|b| b.min.clone());
            let wanted = wanted.zip(min);
            equal("column that holds the gate time", hold, &wanted)?;
            let read = wanted.is_some().then_some(&decided.time.sql);
            equal("gate time", &time, &read)?;
        }
        _ => return Err("a filter instead of a projection, or the other way round".to_owned()),
    }
    let wanted = sources.iter().map(|(table, gate)| validate::SourceGate {
        table: table.clone(),
        column: gate.rowtime.clone(),
        test: test_of(
            &gate.rule,
            cast_of(&gate.rule).filter(|_| gate.pinned != Pinned::Unnest),
        ),
        barrier: match gate.pinned {
            Pinned::No => Barrier::None,
            Pinned::Element => Barrier::Element,
            Pinned::Unnest => Barrier::Cast(gate.ty.sql().to_owned()),
        },
    });
    equal(
        "gates of sources",
        &found.sources,
        &wanted.collect::<BTreeSet<_>>(),
    )?;
    if let Some(table) = found.uncovered.first() {
        return Err(format!(
            "the gate time is not made of table {table}, which is joined"
        ));
    }
    match found.origins.difference(rowtimes).next() {
        None => Ok(()),
        Some((table, column)) => Err(format!(
            "the gate time is made of `{column}` of table {table}, which is no rowtime"
        )),
    }
}

/// The type that a function without a barrier below it gets the time cast to.
fn cast_of(rule: &Rule) -> Option<String> {
    match rule {
        Rule::Call(call) if !call.table => Some(call.ty.sql().to_owned()),
        _ => None,
    }
}

/// What the printed gate has to say for a rule; `cast` is what a function's time is cast to.
fn test_of(rule: &Rule, cast: Option<String>) -> validate::Test {
    let range = |bounds: &plan::Bounds| validate::Range {
        null: bounds.min.clone(),
        low: bounds.low.clone(),
        high: bounds.high.clone(),
    };
    let call = match rule {
        Rule::Range(bounds) => return validate::Test::Range(range(bounds)),
        Rule::Handover(bounds) => return validate::Test::Handover(range(bounds)),
        Rule::Call(call) => call,
    };
    let told = |argument: &Argument| match argument {
        Argument::Sink => Some(Told::Text(call.gate.clone())),
        Argument::Time => Some(Told::Time(cast.clone())),
        Argument::Watermark if call.watermark => Some(Told::Watermark),
        Argument::Watermark if call.table => None,
        Argument::Watermark => Some(Told::NoWatermark(call.ty.sql().to_owned())),
    };
    validate::Test::Call(validate::Call {
        function: call.name_parts.join("."),
        table: call.table,
        told: call.arguments.iter().filter_map(told).collect(),
    })
}

/// A script that owns what [`Input`] borrows.
struct Again<'t> {
    text: &'t str,
    script: Script,
    catalog: Catalog,
}

impl<'t> Again<'t> {
    fn read(text: &'t str, original: Input<'_>) -> Result<Self, Box<Diagnostic>> {
        let (mut script, errors) = parser::parse(text, original.settings.flink);
        script.outside.clone_from(&original.script.outside);
        if let Some(error) = errors.iter().find(|d| d.is_error()) {
            let place = error.span.of(text).to_owned();
            let why = format!("{}, at `{place}`", error.message);
            let bug = bug(Span::at(0), "the rewritten script cannot be read", why);
            return Err(Box::new(bug));
        }
        let catalog = Catalog::with_functions(&script, original.settings.gate.known_function());
        Ok(Self {
            text,
            script,
            catalog,
        })
    }

    /// Tables, by path, with the column that carries their watermark.
    fn rowtimes(&self) -> BTreeSet<(String, String)> {
        let path = |id: usize| self.catalog.entries[id].path.join(".");
        let declared = time::declared(&self.catalog).into_iter();
        declared.map(|(id, time)| (path(id), time.column)).collect()
    }

    fn input<'a>(&'a self, settings: &'a Settings) -> Input<'a> {
        Input {
            text: self.text,
            script: &self.script,
            catalog: &self.catalog,
            settings,
        }
    }
}

fn bug(place: Span, message: &str, details: String) -> Diagnostic {
    let mut bug = Diagnostic::error(
        "internal-error",
        place,
        format!("tidegate is wrong: {message}"),
    )
    .help("please report this with the script; nothing was written");
    if !details.is_empty() {
        bug = bug.note(details);
    }
    bug
}

fn not_validated(place: Span, reason: &str) -> Diagnostic {
    let message = format!("this query is rewritten but not validated: {reason}");
    Diagnostic::new(Severity::Note, "not-validated", place, message)
}

fn unchecked(place: Span, planned: &PlannedInsert) -> Option<Diagnostic> {
    if planned.unchecked.is_empty() {
        return None;
    }
    let message = format!(
        "not everything here could be checked: {}",
        planned.unchecked.join("; ")
    );
    Some(Diagnostic::new(
        Severity::Note,
        "not-validated",
        place,
        message,
    ))
}
