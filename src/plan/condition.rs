//! What keeps a gate from being exact: a closed list.

use super::inserts::{self, Place};
use super::watermark::IDLE_TIMEOUT;
use super::{Input, Plan, Rule, after_source};
use crate::Verdict;
use crate::catalog::{EntryId, Object, StatementId, Table, connectors};
use crate::config::{FlinkVersion, Position};
use crate::diagnostic::Diagnostic;
use crate::lexer::TokenKind;
use crate::syntax::StatementKind;
use crate::time::{Changelog, Operator, QueryTime, SourceTime, TimeForm, TimeType, quote};
use serde::Serialize;
use std::collections::BTreeMap;

/// How long an idle source holds the watermark back, for those that say nothing themselves.
pub const SOURCE_IDLE_TIMEOUT: &str = "table.exec.source.idle-timeout";
/// How long state is kept that nothing reads.
pub const STATE_TTL: &str = "table.exec.state.ttl";

/// What the verdict of an INSERT rests on besides on-time rows and the cutover procedure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConditionKind {
    TwoWriters,
    Retractions,
    RepeatedHour,
    NonDeterministicRows,
    UnknownConnector,
    NotReplayable,
    NullEventTime,
    IngestionTime,
    TimeAttribute,
    UserFunctionInRowtime,
    IdleTimeout,
    StateTtl,
    TransactionalSink,
    PartitionCommit,
    CutoverOnWindowEdge,
    StartWithoutState,
    OlderRowLate,
    LateInOneJob,
    GateFunction,
    RetractionsInAllRoles,
    NoWatermarkAtGate,
    PtfDropsLate,
}

/// A condition on something: a table, a function, an option.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Condition {
    pub kind: ConditionKind,
    /// What it is on, for the text; empty where there is nothing to name.
    pub detail: String,
}

impl Condition {
    fn new(kind: ConditionKind, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self { kind, detail }
    }

    /// What has to hold, or what happens if it does not, in one sentence.
    pub fn message(&self) -> String {
        let detail = &self.detail;
        match self.kind {
            ConditionKind::TwoWriters => "both jobs write the same keys until the outgoing one has drained past the cutover and committed".into(),
            ConditionKind::Retractions => "the incoming job sends a retraction before each update of a key, until it becomes first".into(),
            ConditionKind::RepeatedHour => "no window falls into an hour that the session time zone repeats when summer time ends".into(),
            ConditionKind::NonDeterministicRows => format!("the two jobs have to agree: {detail}"),
            ConditionKind::UnknownConnector => format!("{detail} has to yield insertions only"),
            ConditionKind::NotReplayable => format!("table `{detail}` has to yield the same rows to both jobs"),
            ConditionKind::NullEventTime => format!("rows of table `{detail}` without an event time are lost once the outgoing job is gone"),
            ConditionKind::IngestionTime => format!("a row that one job reads of table `{detail}` before the cutover, and the other one from it on, is written twice or by neither: the two jobs do not agree on an ingestion time"),
            ConditionKind::TimeAttribute => format!("the watermark on the column {detail}, where `attach = \"column\"` asks for it, makes that a time attribute: joins, deduplications and sinks that read it are planned otherwise than without"),
            ConditionKind::UserFunctionInRowtime => format!("the function in the rowtime of table `{detail}` has to be deterministic"),
            ConditionKind::IdleTimeout => format!("a source that '{detail}' leaves out must not come back with rows below the cutover once the outgoing job is gone"),
            ConditionKind::StateTtl => format!("the two jobs have to let the same state expire: '{detail}' goes by the clock"),
            ConditionKind::CutoverOnWindowEdge => "the cutover has to be an edge of the windows: the gate stands behind the sources".into(),
            ConditionKind::StartWithoutState => "the incoming job has to start without the windows of the outgoing one: one that is open in its savepoint would be written by both".into(),
            ConditionKind::PartitionCommit => format!("a partition with rows from both sides of the cutover is committed by each job, before it is whole ('{detail}')"),
            ConditionKind::TransactionalSink => format!("the sink's {detail} has to keep the transactions of both jobs apart"),
            ConditionKind::LateInOneJob => "a row below the cutover that is late, or late in one job only, may be written twice or by neither job around the cutover".into(),
            ConditionKind::GateFunction => format!("in each job {detail} has to hold back what it lets through in the other"),
            ConditionKind::RetractionsInAllRoles => "every job sends a retraction before each update of a key: the gate is a filter in all roles".into(),
            ConditionKind::NoWatermarkAtGate => "the gate knows no watermark, so rows below the cutover are lost once the outgoing job is gone".into(),
            ConditionKind::PtfDropsLate => format!("Flink {detail} drops late rows before a process table function with on_time: they are lost, with or without a cutover"),
            ConditionKind::OlderRowLate => "an older row of a key that the outgoing job writes late replaces a newer one of the incoming job".into(),
        }
    }
}

impl ConditionKind {
    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TwoWriters => "two-writers",
            Self::Retractions => "retractions",
            Self::RepeatedHour => "repeated-hour",
            Self::NonDeterministicRows => "non-deterministic-rows",
            Self::UnknownConnector => "unknown-connector",
            Self::NotReplayable => "not-replayable",
            Self::NullEventTime => "null-event-time",
            Self::IngestionTime => "ingestion-time",
            Self::TimeAttribute => "time-attribute",
            Self::UserFunctionInRowtime => "user-function-in-rowtime",
            Self::IdleTimeout => "idle-timeout",
            Self::StateTtl => "state-ttl",
            Self::CutoverOnWindowEdge => "cutover-on-window-edge",
            Self::StartWithoutState => "start-without-state",
            Self::PartitionCommit => "partition-commit",
            Self::TransactionalSink => "transactional-sink",
            Self::OlderRowLate => "older-row-late",
            Self::LateInOneJob => "late-in-one-job",
            Self::GateFunction => "gate-function",
            Self::RetractionsInAllRoles => "retractions-in-all-roles",
            Self::NoWatermarkAtGate => "no-watermark-at-gate",
            Self::PtfDropsLate => "ptf-drops-late",
        }
    }
}

/// The hint that lets the state of one operator expire.
/// Source: Flink docs, "Hints", "State TTL Hints".
const TTL_HINT: &str = "STATE_TTL";

/// What a script sets for its INSERTs, read once.
pub(super) struct Session<'a> {
    /// By key, in order: the statement and the value.
    settings: BTreeMap<&'a str, Vec<(StatementId, &'a str)>>,
    /// Some hint sets [`IDLE_TIMEOUT`].
    idle_in_hint: bool,
    /// Some hint is a [`TTL_HINT`].
    ttl_in_hint: bool,
}

impl<'a> Session<'a> {
    pub fn of(input: Input<'a>) -> Self {
        let mut settings: BTreeMap<&str, Vec<(StatementId, &str)>> = BTreeMap::new();
        for (at, statement) in input.script.statements.iter().enumerate() {
            if let StatementKind::Set(Some(set)) = &statement.kind {
                let value = (at, set.value.value.as_str());
                settings.entry(&set.key.value).or_default().push(value);
            }
        }
        let hints = input.script.tokens.iter();
        let hints = hints.filter(|t| t.kind == TokenKind::Hint);
        let hints = || hints.clone().map(|t| t.span.of(input.text));
        let is_ttl = |hint: &str| hint.to_uppercase().contains(TTL_HINT);
        Self {
            settings,
            idle_in_hint: hints().any(|hint| hint.contains(IDLE_TIMEOUT)),
            ttl_in_hint: hints().any(is_ttl),
        }
    }

    /// Does an INSERT run in batch mode?
    pub fn is_batch(&self, place: Place<'_>) -> bool {
        let mode = self.before(place, "execution.runtime-mode");
        mode.is_some_and(|mode| mode.eq_ignore_ascii_case("batch"))
    }

    /// What the script sets an option to before an INSERT.
    fn before(&self, place: Place<'_>, key: &str) -> Option<&'a str> {
        let values = self.settings.get(key)?;
        let behind = values.partition_point(|(at, _)| *at < place.before);
        Some(values[behind.checked_sub(1)?].1)
    }
}

/// A gate above a query.
#[derive(Clone, Copy)]
pub(super) struct Standing<'a> {
    /// The gate time as SQL.
    pub time: &'a str,
    pub rule: &'a Rule,
}

/// The conditions of a gate above a query.
pub(super) fn of(
    input: Input<'_>,
    session: &Session<'_>,
    time: &QueryTime,
    rowtimes: &BTreeMap<EntryId, SourceTime>,
    place: Place<'_>,
    gate: Standing<'_>,
    plan: &Plan,
) -> Vec<Condition> {
    let mut conditions = Vec::new();
    let appends = time.changelog == Some(Changelog::Append);
    if !appends {
        let retractions = match gate.rule {
            Rule::Call(_) => ConditionKind::RetractionsInAllRoles,
            Rule::Range(_) | Rule::Handover(_) => ConditionKind::Retractions,
        };
        conditions.push(Condition::new(ConditionKind::TwoWriters, ""));
        conditions.push(Condition::new(retractions, ""));
    }
    conditions.extend(of_rule(input, gate.rule));
    let by_window = time
        .gate
        .as_ref()
        .is_some_and(|g| g.ty == TimeType::TimestampLtz && g.form == TimeForm::WindowEnd);
    if by_window && !runs_in_utc(session, place) {
        conditions.push(Condition::new(ConditionKind::RepeatedHour, ""));
    }
    let doubts = time.facts.doubts.iter().filter(|d| d.of_rows);
    conditions.extend(doubts.map(|d| Condition::new(ConditionKind::NonDeterministicRows, &d.what)));
    if input.settings.gate.position == Position::AfterSource && after_source::has_windows(time) {
        for kind in [
            ConditionKind::CutoverOnWindowEdge,
            ConditionKind::StartWithoutState,
        ] {
            conditions.push(Condition::new(kind, ""));
        }
    }
    if let Some(key) = idle_timeout(input, session, time, place, plan) {
        conditions.push(Condition::new(ConditionKind::IdleTimeout, key));
    }
    let key = STATE_TTL;
    let keeps_state = time.facts.operators.iter().any(Operator::keeps_state);
    if keeps_state && session.before(place, key).is_some_and(is_on) {
        conditions.push(Condition::new(ConditionKind::StateTtl, key));
    } else if keeps_state && session.ttl_in_hint {
        conditions.push(Condition::new(ConditionKind::StateTtl, TTL_HINT));
    }
    for id in &time.facts.sources {
        conditions.extend(of_source(input, *id, rowtimes, plan));
        if gate.rule.takes_over() {
            // A row without a time is late in both jobs: taken over, not lost.
            conditions.retain(|c| c.kind != ConditionKind::NullEventTime);
        }
    }
    if let Some(sink) = inserts::sink(input, place) {
        conditions.extend(transactional(sink));
        let commits = connectors::partition_commit(sink);
        conditions.extend(commits.map(|key| Condition::new(ConditionKind::PartitionCommit, key)));
        conditions.extend(race(sink, gate.time).filter(|_| appends));
    }
    conditions
}

/// What a gate rests on beside its query.
fn of_rule(input: Input<'_>, rule: &Rule) -> Vec<Condition> {
    match rule {
        Rule::Range(_) => Vec::new(),
        Rule::Handover(_) => vec![Condition::new(ConditionKind::LateInOneJob, "")],
        Rule::Call(call) => {
            let name = format!("the function {}", call.function);
            let mut conditions = vec![Condition::new(ConditionKind::GateFunction, name)];
            let version = input.settings.flink;
            if call.tells_watermark() && !call.watermark {
                conditions.push(Condition::new(ConditionKind::NoWatermarkAtGate, ""));
            } else if call.table && call.tells_watermark() && version < FlinkVersion::V2_3 {
                let version = version.to_string();
                conditions.push(Condition::new(ConditionKind::PtfDropsLate, version));
            }
            conditions
        }
    }
}

fn of_source(
    input: Input<'_>,
    id: EntryId,
    rowtimes: &BTreeMap<EntryId, SourceTime>,
    plan: &Plan,
) -> Vec<Condition> {
    let entry = &input.catalog.entries[id];
    let Object::Table(table) = &entry.object else {
        return Vec::new();
    };
    let name = entry.name.object();
    let mut conditions = Vec::new();
    if connectors::source_rows(table) == connectors::SourceRows::Unknown {
        let what = match connectors::connector(table) {
            Some(connector) => format!("the connector '{connector}' of table `{name}`"),
            None => format!("table `{name}`, which names no connector,"),
        };
        conditions.push(Condition::new(ConditionKind::UnknownConnector, what));
    }
    if !connectors::is_replayable(table) {
        conditions.push(Condition::new(ConditionKind::NotReplayable, name));
    }
    let rowtime = rowtimes.get(&id).and_then(|t| table.column(&t.column));
    let added = plan.watermark(id);
    let stands_in = rowtime.is_some_and(|c| c.stands_in_for_null);
    if stands_in || added.is_some_and(|w| w.nullable) {
        conditions.push(Condition::new(ConditionKind::NullEventTime, name));
    }
    if rowtimes.get(&id).is_some_and(|time| time.by_the_clock) {
        conditions.push(Condition::new(ConditionKind::IngestionTime, name));
    }
    if let Some(added) = added.filter(|w| w.changes_operators) {
        let column = format!("{} of table `{name}`", quote(&added.time.column));
        conditions.push(Condition::new(ConditionKind::TimeAttribute, column));
    }
    if rowtime.is_some_and(|c| c.calls_user_function)
        || added.is_some_and(|w| w.calls_user_function)
    {
        conditions.push(Condition::new(ConditionKind::UserFunctionInRowtime, name));
    }
    conditions
}

/// Transactions of two writers: what a connector does with them is not run yet.
fn transactional(sink: &Table) -> Option<Condition> {
    let (key, value) = connectors::transactional(sink)?;
    let option = format!("'{key}' = '{value}'");
    Some(Condition::new(ConditionKind::TransactionalSink, option))
}

/// Rows of one key on both sides of the cutover, in a sink that keeps one row a key.
fn race(sink: &Table, gate_time: &str) -> Option<Condition> {
    let by_time = sink
        .primary_key
        .iter()
        .any(|key| gate_time.contains(&quote(key)));
    (!sink.primary_key.is_empty() && !by_time)
        .then(|| Condition::new(ConditionKind::OlderRowLate, ""))
}

/// The option that takes an idle source out of the watermark, if one does.
/// Source: Flink docs, "Configuration", `table.exec.source.idle-timeout`; FLIP-296.
fn idle_timeout(
    input: Input<'_>,
    session: &Session<'_>,
    time: &QueryTime,
    place: Place<'_>,
    plan: &Plan,
) -> Option<&'static str> {
    let key = SOURCE_IDLE_TIMEOUT;
    if session.before(place, key).is_some_and(is_on) {
        return Some(key);
    }
    let of_table = |id: &EntryId| {
        let table = input.catalog.entries[*id].table();
        let value = table.and_then(|t| t.options.get(IDLE_TIMEOUT));
        value.is_some_and(|value| is_on(value))
    };
    let added = |id: &EntryId| {
        let options = plan.options.get(id).into_iter().flatten();
        options
            .into_iter()
            .any(|o| o.key == IDLE_TIMEOUT && is_on(&o.value))
    };
    let sources = &time.facts.sources;
    let asked = sources.iter().any(of_table) || sources.iter().any(added) || session.idle_in_hint;
    asked.then_some(IDLE_TIMEOUT)
}

/// Is a duration not zero, which would switch it off?
pub fn is_on(duration: &str) -> bool {
    let number = duration.trim_start();
    number.starts_with(|c: char| ('1'..='9').contains(&c))
}

/// Does the script set a session time zone without summer time?
fn runs_in_utc(session: &Session<'_>, place: Place<'_>) -> bool {
    let zone = session.before(place, "table.local-time-zone");
    matches!(zone, Some("UTC" | "Etc/UTC" | "GMT" | "Z"))
}

pub(super) fn verdict(conditions: Vec<Condition>) -> Verdict {
    if conditions.is_empty() {
        Verdict::Exact
    } else {
        Verdict::BestEffort { conditions }
    }
}

/// Said with every rewrite: an exact gate needs no words.
pub(super) fn best_effort(place: Place<'_>, conditions: &[Condition]) -> Diagnostic {
    let mut warning = Diagnostic::warning(
        "best-effort",
        place.insert.target.span,
        "this gate is exact only on conditions",
    );
    for condition in conditions {
        warning = warning.note(condition.message());
    }
    warning
}
