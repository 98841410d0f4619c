//! The plan's decisions as an [`Explanation`]: names and places instead of indexes and byte ranges.

use super::{
    Changelog, ChangelogMode, Condition, Doubt, Explanation, Form, Gate, Insert, Operator, Place,
    Problem, Role, Rowtime, Source, SourceGate, TableTime, TimeStep, TimeStepKind, UngatedState,
    Verdict,
};
use crate::catalog::{EntryId, TableColumn, TableColumnKind};
use crate::config;
use crate::diagnostic::Diagnostic;
use crate::outside::Outside;
use crate::plan::{self, Input, Opening, Plan};
use crate::report::mask::Masked;
use crate::text::{LineIndex, SourceMap, Span};
use crate::time::{self, QueryTime, Refusal, SourceTime, StepKind, Times, quote};
use crate::{GateState, InsertReport};
use std::collections::{BTreeMap, BTreeSet};

/// The user's own text, where the text that was planned was made from it by edits.
#[derive(Clone, Copy)]
pub struct Origin<'a> {
    pub text: &'a str,
    pub map: &'a SourceMap,
    pub outside: &'a Outside,
    /// Where the script reads each declaration from outside.
    pub readers: &'a BTreeMap<usize, Span>,
}

impl Origin<'_> {
    /// A place of the text that was planned.
    pub(super) fn place(&self, span: Span) -> Span {
        let reader = |declaration: usize| self.readers.get(&declaration).copied();
        self.outside.place(self.map.span_to_source(span), reader)
    }

    /// `file:line:column`, of what is declared outside of the script.
    pub(super) fn file(&self, span: Span) -> Option<String> {
        self.outside.origin(self.map.span_to_source(span))
    }
}

/// The explanation of a script that could be read. `diagnostics`: all that was found in it, at places of
/// `origin`. `tables`: of its first plan, see [`super::tables`].
pub fn explain(
    input: Input<'_>,
    plan: &Plan,
    times: &Times,
    diagnostics: &[Diagnostic],
    tables: Vec<TableTime>,
    origin: Origin<'_>,
) -> Explanation {
    let mut rowtimes = time::declared(input.catalog);
    rowtimes.extend(plan.watermarks.iter().map(|w| (w.table, w.time.clone())));
    let context = Context {
        input,
        plan,
        times,
        rowtimes,
        places: plan::inserts::all(input)
            .into_iter()
            .map(|place| (place.insert.span, place))
            .collect(),
        masked: Masked::new(input.text),
        origin,
        lines: LineIndex::new(origin.text),
    };
    let inserts: Vec<Insert> = plan.inserts.iter().map(|r| context.insert(r)).collect();
    let (role, cutover_ms) = match input.settings.role {
        config::Role::First => (Role::First, None),
        config::Role::Outgoing { cutover } => (Role::Outgoing, Some(cutover.0)),
        config::Role::Incoming { cutover } => (Role::Incoming, Some(cutover.0)),
    };
    let sources = context.read_tables();
    let remarks = context.remarks(&sources);
    let operator = context.operator_side(&sources);
    let mut explanation = Explanation {
        format: Explanation::FORMAT,
        flink: input.settings.flink.to_string(),
        role,
        cutover_ms,
        sources: sources.iter().map(|id| context.source(*id)).collect(),
        tables,
        inserts,
        problems: context.problems(diagnostics),
        operator,
        remarks,
        procedure: Vec::new(),
    };
    explanation.procedure = super::procedure::steps(&explanation, context.jobs());
    explanation
}

/// What is read on the way.
pub(super) struct Context<'a> {
    pub input: Input<'a>,
    pub plan: &'a Plan,
    pub times: &'a Times,
    pub rowtimes: BTreeMap<EntryId, SourceTime>,
    /// By the INSERT's span.
    pub places: BTreeMap<Span, plan::inserts::Place<'a>>,
    masked: Masked,
    origin: Origin<'a>,
    lines: LineIndex,
}

impl Context<'_> {
    pub fn place(&self, span: Span) -> Place {
        self.place_in_origin(self.origin.place(span))
    }

    fn place_in_origin(&self, span: Span) -> Place {
        let at = self.lines.line_col(self.origin.text, span.start);
        Place {
            line: at.line,
            column: at.column,
        }
    }

    /// A text that may quote the script, without its secrets.
    pub fn shown(&self, text: &str) -> String {
        self.masked.message(text)
    }

    /// A part of the script, without its secrets, on one line.
    fn written(&self, span: Span) -> String {
        let words: Vec<&str> = span.of(&self.masked.text).split_whitespace().collect();
        words.join(" ")
    }

    pub fn table_name(&self, id: EntryId) -> String {
        self.shown(&self.input.catalog.entries[id].name.path().join("."))
    }

    pub fn query_time(&self, report: &InsertReport) -> Option<&QueryTime> {
        plan::inserts::query_time(self.times, *self.places.get(&report.span)?)
    }

    /// How many jobs the gated INSERTs are: those of a statement set are one.
    fn jobs(&self) -> usize {
        let gated = self
            .plan
            .inserts
            .iter()
            .filter(|r| r.gate != GateState::Absent);
        let jobs: BTreeSet<_> = gated
            .filter_map(|r| Some(self.places.get(&r.span)?.before))
            .collect();
        jobs.len()
    }

    /// Tables that an INSERT reads as a stream.
    fn read_tables(&self) -> BTreeSet<EntryId> {
        let times = self.plan.inserts.iter().filter_map(|r| self.query_time(r));
        times.flat_map(|t| &t.facts.sources).copied().collect()
    }

    fn source(&self, id: EntryId) -> Source {
        let carried = self.plan.carried.get(&id);
        let declared = carried.map_or(id, |c| c.base);
        let declared = self.input.catalog.entries[declared].name.span;
        Source {
            table: self.table_name(id),
            place: self.place(declared),
            file: self.origin.file(declared).map(|file| self.shown(&file)),
            placement: carried.map(|c| c.placement.as_str().to_owned()),
            base: carried.map(|c| self.table_name(c.base)),
            rowtime: self.rowtime(id),
        }
    }

    pub fn rowtime(&self, id: EntryId) -> Option<Rowtime> {
        let time = self.rowtimes.get(&id)?;
        let table = self.input.catalog.entries[id].table()?;
        let declared_column = table.column(&time.column);
        let data_type = declared_column.and_then(|c| c.ty.as_ref());
        let column = self.shown(&time.column);
        if let Some(added) = self.plan.watermark(id) {
            let data_type = data_type.map(ToString::to_string);
            return Some(Rowtime {
                column,
                data_type: data_type.or_else(|| Some(type_name(time.ty).to_owned())),
                definition: match &added.attachment {
                    plan::Attachment::Column(_) => declared_column.and_then(|c| self.definition(c)),
                    plan::Attachment::Hidden(columns) => {
                        columns.last().map(|c| self.shown(&c.definition))
                    }
                },
                watermark: self.shown(&plan::watermark_sql(added)),
                delay_ms: added.delay_ms(),
                declared: None,
                added: Some(self.shown(&added.chosen.why)),
                hidden: time.hidden,
            });
        }
        let declared = table.watermark.as_ref()?;
        Some(Rowtime {
            column,
            data_type: data_type.map(ToString::to_string),
            definition: declared_column.and_then(|c| self.definition(c)),
            watermark: self.written(declared.expr),
            delay_ms: declared.delay_ms,
            declared: Some(self.place(declared.span)),
            added: None,
            hidden: false,
        })
    }

    fn definition(&self, column: &TableColumn) -> Option<String> {
        match &column.kind {
            TableColumnKind::Physical => None,
            TableColumnKind::Metadata { key, .. } => {
                Some(self.shown(&format!("METADATA FROM '{key}'")))
            }
            TableColumnKind::Computed { .. } => Some(format!("AS {}", self.written(column.expr?))),
        }
    }

    fn insert(&self, report: &InsertReport) -> Insert {
        let (verdict, reason, conditions) = match &report.verdict {
            crate::Verdict::Exact => (Verdict::Exact, None, &[][..]),
            crate::Verdict::BestEffort { conditions } => {
                (Verdict::BestEffort, None, &conditions[..])
            }
            crate::Verdict::LeftAlone { reason } => (Verdict::LeftAlone, Some(*reason), &[][..]),
            crate::Verdict::Refused { .. } => (Verdict::Refused, None, &[][..]),
        };
        let time = self.query_time(report);
        let gate = self.gate(report, time);
        Insert {
            sink: self.shown(&report.sink),
            place: self.place(report.span),
            verdict,
            reason: reason.map(str::to_owned),
            conditions: conditions
                .iter()
                .map(|c| Condition {
                    name: c.kind.name().to_owned(),
                    text: self.shown(&c.message()),
                })
                .collect(),
            refusals: report.refusals.iter().map(|r| self.refusal(r)).collect(),
            changelog: time.and_then(|t| self.changelog_of(t)),
            lineage: match (&gate, time) {
                (Some(gate), Some(time)) => self.lineage(time, gate),
                _ => Vec::new(),
            },
            ungated_state: match (&gate, time) {
                (Some(gate), Some(time)) if gate.form != Form::Standing => {
                    Some(ungated_state(gate, time))
                }
                _ => None,
            },
            gate,
            operators: time
                .iter()
                .flat_map(|t| &t.facts.operators)
                .map(|o| self.operator(o))
                .collect(),
            non_deterministic: time.map(|t| self.doubts(t)).unwrap_or_default(),
        }
    }

    fn refusal(&self, refusal: &Refusal) -> Problem {
        let reason = refusal.reason;
        Problem {
            name: reason.name().to_owned(),
            place: self.place(refusal.span),
            message: self.shown(&reason.message(&refusal.detail)),
            why: vec![reason.why().to_owned()],
            help: reason.help().into_iter().map(str::to_owned).collect(),
        }
    }

    /// Errors that are not the refusal of some INSERT.
    fn problems(&self, diagnostics: &[Diagnostic]) -> Vec<Problem> {
        let refusals = self.plan.inserts.iter().flat_map(|i| &i.refusals);
        let place = |span| self.origin.place(span);
        let refusals: BTreeSet<_> = refusals.map(|r| (place(r.span), r.reason.name())).collect();
        let of_insert = |d: &Diagnostic| refusals.contains(&(d.span, d.name));
        diagnostics
            .iter()
            .filter(|d| d.is_error() && !of_insert(d))
            .map(|d| Problem {
                name: d.name.to_owned(),
                place: self.place_in_origin(d.span),
                message: self.shown(&d.message),
                why: d.notes.iter().map(|n| self.shown(n)).collect(),
                help: d.help.iter().map(|h| self.shown(h)).collect(),
            })
            .collect()
    }

    fn changelog_of(&self, time: &QueryTime) -> Option<Changelog> {
        let changelog = time.changelog.as_ref()?;
        let mut key = Vec::new();
        if let time::Changelog::Upsert { key: indexes } = changelog {
            let name = |i: &usize| Some(self.shown(&time.columns.as_ref()?.get(*i)?.name));
            key = indexes.iter().map(name).collect::<Option<_>>()?;
        }
        Some(Changelog {
            mode: mode(changelog),
            key,
        })
    }

    fn operator(&self, operator: &time::Operator) -> Operator {
        Operator {
            name: self.shown(&operator.name),
            place: self.place(operator.span),
            changelog: operator.changelog.as_ref().map(|changelog| Changelog {
                mode: mode(changelog),
                key: operator.key.iter().map(|k| self.shown(k)).collect(),
            }),
            inputs: operator.inputs.clone(),
            table: operator.table.map(|id| self.table_name(id)),
        }
    }

    fn doubts(&self, time: &QueryTime) -> Vec<Doubt> {
        let all: BTreeSet<&time::Doubt> = time.facts.doubts.iter().collect();
        all.into_iter()
            .map(|doubt| Doubt {
                what: self.shown(&doubt.what),
                place: self.place(doubt.span),
                of_rows: doubt.of_rows,
            })
            .collect()
    }

    fn gate(&self, report: &InsertReport, time: Option<&QueryTime>) -> Option<Gate> {
        let two_sided = time.is_some_and(|t| t.changelog != Some(time::Changelog::Append));
        match report.gate {
            GateState::Absent => None,
            GateState::Standing => Some(Gate {
                kind: self.input.settings.gate.kind.name().to_owned(),
                form: Form::Standing,
                view: None,
                pinned: None,
                projection: false,
                time: self.shown(report.gate_time.as_deref().unwrap_or_default()),
                threaded: false,
                made_of: None,
                range: None,
                source_gates: Vec::new(),
                two_sided,
            }),
            GateState::Added => {
                let gate = self.plan.gates.iter().find(|g| g.insert == report.span)?;
                let sources = time.iter().flat_map(|t| &t.facts.sources);
                let closes = gate.thread.gates_sources();
                let source_gates = sources.filter(|_| closes).filter_map(|id| {
                    let gate = self.plan.source_gates.get(id)?;
                    Some(SourceGate {
                        table: self.table_name(*id),
                        view: self.shown(&gate.name),
                        pinned: gate.pinned,
                    })
                });
                let (form, view) = match &gate.form {
                    plan::Form::View(name) => (Form::View, Some(self.shown(name))),
                    plan::Form::Inline => (Form::Inline, None),
                    plan::Form::Sources => (Form::Sources, None),
                };
                Some(Gate {
                    kind: self.input.settings.gate.kind.name().to_owned(),
                    form,
                    view,
                    pinned: Some(gate.pinned),
                    projection: matches!(gate.opening, Opening::Projection { .. }),
                    time: self.shown(&gate.time.sql),
                    threaded: gate.time.threaded,
                    made_of: gate.time.threaded.then(|| self.made_of(time?)).flatten(),
                    range: range(gate),
                    source_gates: source_gates.collect(),
                    two_sided,
                })
            }
        }
    }

    /// The SQL of a threaded gate time, where it is made in one place.
    pub fn made_of(&self, time: &QueryTime) -> Option<String> {
        let lineage = time.gate.as_ref()?.added(time.span);
        let mut steps = lineage.steps.iter().rev();
        let made = steps.find(|s| !matches!(s.kind, StepKind::View(_) | StepKind::Query(_)))?;
        let one_place = matches!(made.kind, StepKind::Added | StepKind::Match);
        one_place.then(|| self.shown(&made.sql))
    }

    fn lineage(&self, time: &QueryTime, gate: &Gate) -> Vec<TimeStep> {
        let Some(of_query) = &time.gate else {
            return Vec::new();
        };
        let lineage = if gate.threaded {
            of_query.added(time.span)
        } else {
            of_query.lineage.clone()
        };
        let mut steps: Vec<TimeStep> = lineage.steps.iter().map(|s| self.time_step(s)).collect();
        let inputs = steps.len().checked_sub(1).into_iter().collect();
        steps.push(TimeStep {
            kind: TimeStepKind::Gate,
            of: gate.view.clone().unwrap_or_default(),
            time: gate.time.clone(),
            place: None,
            inputs,
        });
        steps
    }

    fn time_step(&self, step: &time::Step) -> TimeStep {
        let (kind, of) = match &step.kind {
            StepKind::Source(id) => (TimeStepKind::Source, self.table_name(*id)),
            StepKind::View(id) => (TimeStepKind::View, self.table_name(*id)),
            StepKind::Window(name) => (TimeStepKind::Window, name.clone()),
            StepKind::Join(kind) => (TimeStepKind::Join, (*kind).to_owned()),
            StepKind::Query(name) => (TimeStepKind::Query, self.shown(name)),
            StepKind::Match => (TimeStepKind::Match, "MATCH_RECOGNIZE".to_owned()),
            StepKind::Union => (TimeStepKind::Union, "UNION ALL".to_owned()),
            StepKind::Maximum => (TimeStepKind::Maximum, "GROUP BY".to_owned()),
            StepKind::Added => (TimeStepKind::Added, time::GATE_TIME.to_owned()),
        };
        let is_name = matches!(
            step.kind,
            StepKind::Source(_) | StepKind::View(_) | StepKind::Query(_) | StepKind::Union
        );
        TimeStep {
            kind,
            of,
            time: self.shown(&if is_name {
                quote(&step.sql)
            } else {
                step.sql.clone()
            }),
            place: Some(self.place(step.span)),
            inputs: step.inputs.clone(),
        }
    }
}

/// What a gate lets through, `low <= time < high`.
fn range(gate: &plan::Gate) -> Option<[String; 2]> {
    let bounds = gate.rule.bounds()?;
    Some([bounds.low.clone(), bounds.high.clone()])
}

fn type_name(ty: time::TimeType) -> &'static str {
    match ty {
        time::TimeType::Timestamp => "TIMESTAMP(3)",
        time::TimeType::TimestampLtz => "TIMESTAMP_LTZ(3)",
    }
}

fn mode(changelog: &time::Changelog) -> ChangelogMode {
    match changelog {
        time::Changelog::Append => ChangelogMode::Append,
        time::Changelog::Upsert { .. } => ChangelogMode::Upsert,
        time::Changelog::Retract => ChangelogMode::Retract,
    }
}

/// What becomes of the state of the job without the gate. Run in Flink 1.20 and 2.3, by restoring its savepoint: below a
/// gate these operators are planned as without it, also where the event time is threaded through. A regular join then keeps
/// it as one more field, and an aggregation keeps its maximum. (`conformance/`, suite `procedure`.)
fn ungated_state(gate: &Gate, time: &QueryTime) -> UngatedState {
    const SAME: [&str; 10] = [
        "SESSION",
        "window aggregate",
        "window join",
        "window Top-N",
        "interval join",
        "temporal join",
        "OVER",
        "MATCH_RECOGNIZE",
        "keep-first deduplication",
        "keep-last deduplication",
    ];
    const WIDER: [&str; 2] = ["regular join", "GROUP BY"];
    let with_state = time.facts.operators.iter().filter(|o| o.keeps_state());
    let names: Vec<&str> = with_state.map(|o| &*o.name).collect();
    let is_wider = |name: &&str| WIDER.contains(name);
    match names.as_slice() {
        [] => UngatedState::NoState,
        names if gate.threaded && names.iter().any(is_wider) => UngatedState::LargerState,
        // Two-sided gates above anything else were not restored into.
        names if gate.two_sided && names != ["keep-last deduplication"] => UngatedState::NotKnown,
        names if names.iter().all(|name| SAME.contains(name)) => UngatedState::SamePlan,
        // Nothing is threaded through a regular join whose rows carry their time.
        names if names.iter().all(|n| SAME.contains(n) || is_wider(n)) => UngatedState::SamePlan,
        _ => UngatedState::NotKnown,
    }
}
