//! Which gate each INSERT gets, or why it gets none.

use super::condition::{self, best_effort, verdict};
use super::inserts::{self, Place};
use super::rule::{self, Rule, Side};
use super::{
    Input, Names, Pinned, Plan, after_source, existing, sources, two_sided, widened_stars, wrapper,
};
use crate::catalog::{EntryId, StatementId, connectors};
use crate::config::{FlinkVersion, GateForm, GateKind, Pin, Position, Role};
use crate::diagnostic::Diagnostic;
use crate::parser::byte_span;
use crate::syntax::{Insert, StatementKind};
use crate::text::{Edit, Span};
use crate::time::{
    Changelog, GATE_TIME, GateTime, PushDown, QueryTime, Reason, Refusal, SourceTime, Thread,
    TimeForm, Times, quote,
};
use crate::{GateState, InsertReport, Verdict};
use serde::Serialize;
use std::collections::BTreeMap;

/// A gate that will stand before an INSERT's sink.
#[derive(Debug, Clone, Serialize)]
pub struct Gate {
    pub statement: StatementId,
    /// The statement that a gate view comes before.
    pub before: StatementId,
    /// The INSERT, and its query.
    pub insert: Span,
    pub query: Span,
    /// Where the query's WITH clause ends, if it has one.
    pub with_end: Option<u32>,
    pub form: Form,
    /// Names of the query's columns, without the threaded gate time.
    pub columns: Vec<String>,
    pub time: GateColumn,
    pub opening: Opening,
    pub pinned: Pinned,
    pub rule: Rule,
    /// How the gate time gets into the query; empty where a column of it carries it.
    pub thread: Thread,
    /// `*` of the query that would show the threaded column.
    pub expansions: Vec<Edit>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Form {
    /// A temporary view of this name before the INSERT.
    View(String),
    /// A derived table in the INSERT: asked for, or where a view would break.
    Inline,
    /// None before the sink: the gates behind the sources decide.
    Sources,
}

/// How a sink gate lets rows through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Opening {
    /// By a range of gate times.
    Filter,
    /// All of them: an updating query's gate in the roles that close at the sources or not at all. A
    /// filter would send a retraction before each update. The column at `hold` keeps the gate time
    /// in the state, so that the three roles have the same one; none where a column carries it.
    Projection { hold: Option<usize> },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GateColumn {
    /// The gate time as SQL over the columns.
    pub sql: String,
    /// The same as the barrier takes it.
    pub barrier: String,
    /// It is a column of its own, [`GATE_TIME`], after the others.
    pub threaded: bool,
}

pub(super) fn decide(
    input: Input<'_>,
    times: &Times,
    rowtimes: &BTreeMap<EntryId, SourceTime>,
    plan: &mut Plan,
) {
    let mut names = Names::of(input.text, &input.script.tokens, input.catalog);
    let session = condition::Session::of(input);
    for place in inserts::all(input) {
        let report = match existing::find(input, times, rowtimes, place) {
            existing::Existing::Gated {
                edits,
                gate_time,
                rule,
                inner,
            } => {
                for edit in edits {
                    // Two INSERTs may stand above one source gate.
                    if !plan.rebound.contains(&edit) {
                        plan.rebound.push(edit);
                    }
                }
                // Nothing is known of the rows behind a process table function.
                let time = inner.or_else(|| inserts::query_time(times, place));
                let conditions = match time {
                    Some(time) => {
                        let gate = condition::Standing {
                            time: &gate_time,
                            rule: &rule,
                        };
                        condition::of(input, &session, time, rowtimes, place, gate, plan)
                    }
                    None => Vec::new(),
                };
                InsertReport {
                    gate: GateState::Standing,
                    ..report(input, place, verdict(conditions), Some(gate_time))
                }
            }
            existing::Existing::Stale(span) => refused(
                input,
                plan,
                place,
                &[Refusal::new(Reason::StaleGate, span, "")],
            ),
            existing::Existing::Other(span, how) => refused(
                input,
                plan,
                place,
                &[Refusal::new(Reason::OtherGate, span, how)],
            ),
            existing::Existing::None => {
                decide_one(input, &session, times, rowtimes, place, &mut names, plan)
            }
        };
        plan.inserts.push(report);
    }
    let first = plan.gates.iter().map(|gate| gate.before);
    let tables = plan.source_gates.keys();
    let first = first.chain(tables.map(|id| input.catalog.entries[*id].created));
    match rule::create_function(input.settings, input.script, first.min()) {
        Ok(function) => plan.function = function,
        Err(refusal) => plan.diagnostics.push(diagnostic(&refusal)),
    }
    for refusal in inserts::ungated_writers(input, times) {
        plan.diagnostics.push(diagnostic(&refusal));
    }
    for statement in &input.script.statements {
        if let StatementKind::Other(name @ ("UPDATE" | "DELETE" | "CALL" | "TRUNCATE TABLE")) =
            statement.kind
        {
            let message = format!("{name} is left as it is: both jobs of a cutover run it");
            plan.diagnostics.push(Diagnostic::warning(
                "ungated-insert",
                statement.span,
                message,
            ));
        }
    }
}

fn decide_one(
    input: Input<'_>,
    session: &condition::Session<'_>,
    times: &Times,
    rowtimes: &BTreeMap<EntryId, SourceTime>,
    place: Place<'_>,
    names: &mut Names,
    plan: &mut Plan,
) -> InsertReport {
    let insert = place.insert;
    let Some(time) = inserts::query_time(times, place) else {
        let refusal = Refusal::new(Reason::UnsupportedQuery, insert.source.span, "this query");
        return refused(input, plan, place, &[refusal]);
    };
    if time.constant && time.facts.refusals.is_empty() {
        plan.diagnostics.push(left_alone(insert));
        return report(
            input,
            place,
            Verdict::LeftAlone {
                reason: "constant-rows",
            },
            None,
        );
    }
    let mut refusals = time.facts.refusals.clone();
    for (_, view) in &time.facts.names {
        if existing::is_gate_view(input, times, *view) {
            let detail = format!("view `{}`", input.catalog.entries[*view].name.object());
            refusals.push(Refusal::new(Reason::ReadsGate, insert.source.span, detail));
        }
    }
    refusals.extend(append_sink(input, session, time, place));
    if insert.overwrite {
        refusals.push(Refusal::new(Reason::Overwrite, insert.target.span, ""));
    }
    let (Some(gate_time), true) = (&time.gate, refusals.is_empty()) else {
        let rest = without_explained(&refusals, plan);
        let mut report = refused(input, plan, place, &rest);
        if let Some(reason) = no_watermark(time, &refusals, plan) {
            report.verdict = Verdict::Refused { reason };
        }
        report.refusals = refusals;
        return report;
    };
    let upsert_key = match &time.changelog {
        Some(Changelog::Append) => None,
        Some(Changelog::Upsert { key }) => Some(key.as_slice()),
        _ => {
            let detail = "no key that its columns tell";
            let refusal = Refusal::new(Reason::UpsertKeyMismatch, insert.source.span, detail);
            return refused(input, plan, place, &[refusal]);
        }
    };
    let built = match input.settings.gate.position {
        Position::BeforeSink => build(
            input, times, rowtimes, time, gate_time, upsert_key, place, names, plan,
        ),
        Position::AfterSource => {
            after_source::gate(input, times, rowtimes, time, gate_time, place, names, plan)
        }
    };
    match built {
        Ok(gate) => {
            let sql = gate.time.sql.clone();
            let standing = condition::Standing {
                time: &sql,
                rule: &gate.rule,
            };
            let conditions = condition::of(input, session, time, rowtimes, place, standing, plan);
            if !conditions.is_empty() {
                plan.diagnostics.push(best_effort(place, &conditions));
            }
            plan.gates.push(gate);
            InsertReport {
                gate: GateState::Added,
                ..report(input, place, verdict(conditions), Some(sql))
            }
        }
        Err(refusal) => refused(input, plan, place, &[refusal]),
    }
}

/// Rows that are updated, into a sink that only takes new ones. In batch mode nothing is updated.
fn append_sink(
    input: Input<'_>,
    session: &condition::Session<'_>,
    time: &QueryTime,
    place: Place<'_>,
) -> Option<Refusal> {
    let updates = matches!(
        time.changelog,
        Some(Changelog::Upsert { .. } | Changelog::Retract)
    );
    let known = !time
        .facts
        .refusals
        .iter()
        .any(|r| r.reason.hides_changelog());
    let streams = !session.is_batch(place);
    let target = &place.insert.target;
    let sink = inserts::sink(input, place).filter(|s| connectors::takes_only_inserts(s))?;
    (updates && known && streams && place.insert.hints.is_empty()).then(|| {
        let connector = connectors::connector(sink).unwrap_or_default();
        let detail = format!("table `{}` (the connector '{connector}')", target.object());
        Refusal::new(Reason::UpdatingIntoAppendSink, target.span, detail)
    })
}

/// A missing event time is explained where the table is declared: once is enough.
fn without_explained(refusals: &[Refusal], plan: &Plan) -> Vec<Refusal> {
    let explained = plan.diagnostics.iter().any(|d| d.is_error());
    let mut rest = refusals.to_vec();
    rest.retain(|r| !(explained && lacks_time(r)));
    rest
}

fn lacks_time(refusal: &Refusal) -> bool {
    matches!(
        refusal.reason,
        Reason::NoEventTime | Reason::WindowWithoutRowtime
    )
}

/// Why a table below has no event time, if all that is wrong with a query is that.
fn no_watermark(time: &QueryTime, refusals: &[Refusal], plan: &Plan) -> Option<&'static str> {
    let why = |table| plan.without_watermark.get(table).copied();
    let only = refusals.iter().all(lacks_time);
    time.facts.sources.iter().find_map(why).filter(|_| only)
}

#[allow(clippy::too_many_arguments)]
fn build(
    input: Input<'_>,
    times: &Times,
    rowtimes: &BTreeMap<EntryId, SourceTime>,
    time: &QueryTime,
    gate_time: &GateTime,
    upsert_key: Option<&[usize]>,
    place: Place<'_>,
    names: &mut Names,
    plan: &mut Plan,
) -> Result<Gate, Refusal> {
    let insert = place.insert;
    let columns = column_names(input, time, place)?;
    // Only a column beside those that the query shows can be held in the state by an open gate.
    let threaded = gate_time.carried.is_none() || upsert_key.is_some();
    let side = match upsert_key {
        None => Side::Only,
        Some(_) => Side::Opens,
    };
    let target = insert.target.path();
    let attribute = time.gate_is_attribute();
    let rule = Rule::new(input.settings, gate_time.ty, &target, side, attribute);
    possible(input, &rule, time, place)?;
    let [at, t, w] = wrapper::BARRIER_NAMES;
    let more = matches!(rule, Rule::Handover(_)).then_some(w);
    for own in [at, t].into_iter().chain(more) {
        if columns.iter().any(|c| c == own) {
            let detail = format!("`{own}`");
            return Err(Refusal::new(
                Reason::GateColumnTaken,
                insert.target.span,
                detail,
            ));
        }
    }
    let opening = match upsert_key {
        None => Opening::Filter,
        Some(key) => {
            two_sided::closable(time)?;
            let hold = two_sided::sink_key(input, place, &columns, key)?;
            match (input.settings.role, &rule) {
                (Role::Incoming { .. }, _) | (_, Rule::Call(_)) => Opening::Filter,
                _ => Opening::Projection { hold: Some(hold) },
            }
        }
    };
    if let Some(taken) = columns.iter().find(|c| *c == GATE_TIME) {
        let detail = format!("`{taken}`");
        return Err(Refusal::new(
            Reason::GateColumnTaken,
            insert.target.span,
            detail,
        ));
    }
    let (time_form, column) = match gate_time.carried.filter(|_| !threaded) {
        Some((index, form)) => {
            let column = columns.get(index).ok_or_else(|| {
                Refusal::new(Reason::UnknownColumns, insert.source.span, "the query")
            })?;
            (form, quote(column))
        }
        None => (TimeForm::Itself, quote(GATE_TIME)),
    };
    let mut thread = if threaded {
        gate_time.thread.clone()
    } else {
        Thread::default()
    };
    if upsert_key.is_some() {
        thread = thread.and(time.facts.reads.clone());
        sources::close(input, &thread, rowtimes, names, plan)?;
    }
    let expansions = thread_through(input, times, place, &thread, names, plan)?;
    let inline = input.settings.gate.form == GateForm::Inline;
    let form = if inline || breaks_in_view(time, input.settings.flink) {
        Form::Inline
    } else {
        Form::View(names.fresh(insert.target.object(), "__gate"))
    };
    Ok(Gate {
        statement: place.statement,
        before: place.before,
        insert: insert.span,
        query: insert.source.span,
        with_end: with_end(insert),
        form,
        columns,
        time: GateColumn {
            sql: time_form.sql(&column, gate_time.ty),
            barrier: time_form.barrier_sql(&column, gate_time.ty),
            threaded,
        },
        opening,
        pinned: match upsert_key {
            Some(_) => Pinned::No,
            None => pinned(input, time, place, &rule)?,
        },
        rule,
        thread,
        expansions,
    })
}

/// What a thread asks for beside its own edits: stars of the query spelled out, which are given back, and
/// copies of the views that it leads through.
pub(super) fn thread_through(
    input: Input<'_>,
    times: &Times,
    place: Place<'_>,
    thread: &Thread,
    names: &mut Names,
    plan: &mut Plan,
) -> Result<Vec<Edit>, Refusal> {
    let query = place.insert.source.span;
    let (expansions, problems) = widened_stars(times, place.statement, Some(query), thread);
    if let Some(problem) = problems.first() {
        let span = problem.span;
        plan.diagnostics.extend(problems);
        return Err(Refusal::new(Reason::UnknownColumns, span, "this `*`"));
    }
    super::hinted(input, thread)?;
    super::add_siblings(&thread.siblings, times, input, names, plan);
    Ok(expansions)
}

pub(super) fn with_end(insert: &Insert) -> Option<u32> {
    let with = insert.source.ast.with.as_ref()?;
    let paren = &with.cte_tables.last()?.closing_paren_token;
    Some(byte_span(paren.0.span).end)
}

/// Would Flink fail on a view of this query, where it takes the query itself?
/// Source: run in Flink 1.20.5 to 2.3.0; a view's text is made anew from its parse tree.
fn breaks_in_view(time: &QueryTime, version: FlinkVersion) -> bool {
    time.facts.union_argument
        || (time.facts.matches && version < FlinkVersion::V2_2)
        || (time.facts.nested_with && version == FlinkVersion::V1_20)
        || (time.facts.bare_clock && version >= FlinkVersion::V2_2)
}

/// The query's columns under the sink's names, or under its own where the sink is not known.
pub(super) fn column_names(
    input: Input<'_>,
    time: &QueryTime,
    place: Place<'_>,
) -> Result<Vec<String>, Refusal> {
    let insert = place.insert;
    let of_query = time.columns.as_ref();
    let Some(names) = sink_columns(input, place) else {
        let Some(columns) = of_query else {
            return Err(Refusal::new(
                Reason::UnknownColumns,
                insert.source.span,
                "the query",
            ));
        };
        let mut unique = Names::default();
        return Ok(columns.iter().map(|c| unique.fresh(&c.name, "")).collect());
    };
    match of_query {
        Some(columns) if columns.len() != names.len() => Err(Refusal::new(
            Reason::ColumnCount,
            insert.source.span,
            format!(
                "{} columns, but `{}` takes {}",
                columns.len(),
                insert.target.object(),
                names.len()
            ),
        )),
        _ => Ok(names),
    }
}

/// The columns that an INSERT writes, where its sink is known.
fn sink_columns(input: Input<'_>, place: Place<'_>) -> Option<Vec<String>> {
    let insert = place.insert;
    if let Some(list) = &insert.columns {
        return Some(list.columns.iter().map(|c| c.value.clone()).collect());
    }
    let table = inserts::sink(input, place)?;
    if !table.complete {
        return None;
    }
    let fixed = |name: &str| {
        let columns = insert.partition.iter().flat_map(|p| &p.columns);
        columns.into_iter().any(|c| c.value == name)
    };
    Some(
        table
            .sink_columns()
            .map(|c| c.name.clone())
            .filter(|name| !fixed(name))
            .collect(),
    )
}

/// Can the rule decide on the rows of this query?
fn possible(
    input: Input<'_>,
    rule: &Rule,
    time: &QueryTime,
    place: Place<'_>,
) -> Result<(), Refusal> {
    let target = &place.insert.target;
    let appends = time.changelog == Some(Changelog::Append);
    let refuse = |reason, why: &str| Err(Refusal::new(reason, target.span, why));
    match rule {
        Rule::Handover(_) if !appends => refuse(Reason::Handover, "the query updates its rows"),
        Rule::Handover(_) if !time.gate_is_attribute() => {
            refuse(Reason::Handover, "its gate time is no rowtime attribute")
        }
        Rule::Call(call) if call.table && input.settings.flink < FlinkVersion::V2_1 => {
            let version = input.settings.flink;
            let why = format!("`ptf` needs Flink 2.1 or later, and this is for {version}");
            refuse(Reason::GateKind, &why)
        }
        Rule::Call(call) if call.table && !appends => {
            refuse(Reason::GateKind, "`ptf`, and the query updates its rows")
        }
        // Run in Flink 2.3.0: the pattern's variables are taken for tables that are not there.
        Rule::Call(call) if call.table && time.facts.matches => {
            let why = "`ptf`, and Flink plans no MATCH_RECOGNIZE in a function's argument";
            refuse(Reason::GateKind, why)
        }
        Rule::Call(_) if rule::reads_sided(target.object()) => {
            refuse(Reason::GateKind, &rule::reads_like_sided(target.object()))
        }
        _ => Ok(()),
    }
}

/// Would a plain predicate stay in its place above a query?
fn stays(input: Input<'_>, time: &QueryTime) -> bool {
    let sources = time.facts.sources.iter();
    let mut tables = sources.filter_map(|id| input.catalog.entries[*id].table());
    match time.facts.push_down {
        PushDown::Stops => true,
        PushDown::Through => tables.all(connectors::keeps_filters_out),
        PushDown::Changes => false,
    }
}

/// Is a query nothing but a projection and a filter of one source? Then there is one place only in which a predicate
/// that the source does not get can be.
fn is_pass_through(time: &QueryTime) -> bool {
    time.facts.push_down == PushDown::Through && time.facts.operators.len() == 1
}

/// Is a rule that stands above a query in a place where it can be right?
pub(super) fn holds(input: Input<'_>, rule: &Rule, time: &QueryTime, pinned: Pinned) -> bool {
    let appends = time.changelog == Some(Changelog::Append);
    let stays = || match pinned {
        Pinned::Unnest => true,
        Pinned::Element => is_pass_through(time) || stays(input, time),
        Pinned::No => stays(input, time),
    };
    match rule {
        Rule::Range(_) => true,
        Rule::Handover(_) => appends && time.gate_is_attribute() && stays(),
        Rule::Call(call) if call.table => appends,
        Rule::Call(_) if appends => stays(),
        Rule::Call(_) => pinned == Pinned::No,
    }
}

/// What keeps the predicate in its place.
fn pinned(
    input: Input<'_>,
    time: &QueryTime,
    place: Place<'_>,
    rule: &Rule,
) -> Result<Pinned, Refusal> {
    let sources = time.facts.sources.iter();
    let mut tables = sources.filter_map(|id| input.catalog.entries[*id].table());
    // An UNNEST loses the key that Flink derives from the sources' primary key: Flink 2.3 would
    // refuse a sink with a primary key that the ungated query satisfies.
    let keyed = inserts::sink(input, place).is_some_and(|t| !t.primary_key.is_empty())
        && tables.any(|t| !t.primary_key.is_empty());
    let stays = stays(input, time);
    match (rule, input.settings.gate.pin) {
        (Rule::Range(_), Pin::Never) => Ok(Pinned::No),
        (Rule::Range(_), Pin::Auto) if stays => Ok(Pinned::No),
        // What stays above the sources is right in each place that it can move to.
        (Rule::Range(_), _) if time.facts.push_down == PushDown::Through => Ok(Pinned::Element),
        (Rule::Range(_), Pin::Auto) if keyed => Ok(Pinned::No),
        (Rule::Range(_), _) => Ok(Pinned::Unnest),
        (Rule::Call(call), _) if call.table && !keyed => Ok(Pinned::No),
        (Rule::Handover(_), _) if is_pass_through(time) => Ok(Pinned::Element),
        (Rule::Call(call), _) if !call.table && is_pass_through(time) => Ok(Pinned::Element),
        (Rule::Call(call), Pin::Auto) if !call.table && keyed && stays => Ok(Pinned::No),
        (Rule::Handover(_), Pin::Auto) if keyed && stays => Ok(Pinned::No),
        // What such a gate says depends on when it is asked: nothing may move it.
        _ if keyed => {
            let detail = match input.settings.gate.kind {
                GateKind::Cutover => "`cutover` with late = \"handover\"",
                GateKind::Function => "`function`",
                GateKind::Ptf => "`ptf`",
            };
            let why = "the barrier would lose the key that the sink has from its source";
            let detail = format!("{detail}, and {why}");
            let place = place.insert.target.span;
            Err(Refusal::new(Reason::GateKind, place, detail))
        }
        _ => Ok(Pinned::Unnest),
    }
}

fn report(
    input: Input<'_>,
    place: Place<'_>,
    verdict: Verdict,
    gate_time: Option<String>,
) -> InsertReport {
    let target = &place.insert.target;
    InsertReport {
        sink: target.span.of(input.text).to_owned(),
        span: place.insert.span,
        verdict,
        gate_time,
        gate: GateState::Absent,
        refusals: Vec::new(),
    }
}

fn refused(
    input: Input<'_>,
    plan: &mut Plan,
    place: Place<'_>,
    refusals: &[Refusal],
) -> InsertReport {
    for refusal in refusals {
        let mut diagnostic = diagnostic(refusal);
        if !place.insert.span.contains(refusal.span) {
            diagnostic = diagnostic.related(place.insert.target.span, "needed by this INSERT");
        }
        if !plan.diagnostics.contains(&diagnostic) {
            plan.diagnostics.push(diagnostic);
        }
    }
    let first = refusals.iter().map(|r| r.reason).min();
    let reason = first.unwrap_or(Reason::NoEventTime).name();
    InsertReport {
        refusals: refusals.to_vec(),
        ..report(input, place, Verdict::Refused { reason }, None)
    }
}

pub(super) fn diagnostic(refusal: &Refusal) -> Diagnostic {
    let message = refusal.reason.message(&refusal.detail);
    let mut diagnostic =
        Diagnostic::error(refusal.reason.name(), refusal.span, message).note(refusal.reason.why());
    if let Some(help) = refusal.reason.help() {
        diagnostic = diagnostic.help(help);
    }
    diagnostic
}

fn left_alone(insert: &Insert) -> Diagnostic {
    Diagnostic::warning(
        "ungated-insert",
        insert.source.span,
        "constant rows have no event time: this INSERT is left without a gate",
    )
    .note("both jobs of a cutover run it, so its rows are written twice")
    .help("run it once, in a script of its own")
}
