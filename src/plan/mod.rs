//! Decisions with reasons: which tables get a watermark and where, which gate each INSERT gets.
//!
//! Says what will be done and why; the text is made by [`crate::rewrite`].

mod after_source;
mod bounds;
mod condition;
mod existing;
mod gate;
pub mod inserts;
mod intervals;
mod naming;
mod placement;
mod rule;
mod sources;
mod two_sided;
mod watermark;
mod wrapper;

pub use bounds::Bounds;
pub use condition::{Condition, ConditionKind, SOURCE_IDLE_TIMEOUT, STATE_TTL, is_on};
pub use gate::{Form, Gate, GateColumn, Opening};
pub use naming::Names;
pub use placement::{Carried, Placed, RemadeView, last_part, spelled};
pub use rule::{Call, CreateFunction, Rule};
pub use sources::SourceGate;
pub use watermark::{
    ALIGNMENT_DRIFT, ALIGNMENT_GROUP, AddedWatermark, Ask, Attachment, Candidate, Clause,
    HiddenColumn, IDLE_TIMEOUT, Need, Offer, PassedOver, Strategy, TableTime, WatermarkOption,
    config_key, watermark_sql,
};
pub use wrapper::{Pinned, Predicate, Wrapper, list};

use crate::catalog::{Catalog, EntryId, StatementId};
use crate::config::Settings;
use crate::diagnostic::Diagnostic;
use crate::lexer::{Token, TokenKind};
use crate::syntax::Script;
use crate::text::{Edit, Span};
use crate::time::{self, Reason, Refusal, Sibling, SourceTime, Star, Times};
use serde::Serialize;
use std::collections::BTreeMap;

/// What a rewrite will do.
#[derive(Debug, Default, Serialize)]
pub struct Plan {
    pub watermarks: Vec<AddedWatermark>,
    /// Where each table's is among them.
    #[serde(skip)]
    by_table: BTreeMap<EntryId, usize>,
    /// Those among them that go into tables of their own, by the table that is read.
    pub placed: BTreeMap<EntryId, Placed>,
    /// Views from outside that are made again behind such tables, in order.
    pub remade: Vec<RemadeView>,
    /// Objects from outside that copies and gates stand behind: the statement that first reads them.
    pub first_reads: BTreeMap<EntryId, StatementId>,
    /// Those that stand in tables of their own by now.
    pub carried: BTreeMap<EntryId, Carried>,
    /// What each table offers as its event time, and whether it needs one.
    pub tables: BTreeMap<EntryId, TableTime>,
    /// Options to be added to tables that are read.
    pub options: BTreeMap<EntryId, Vec<WatermarkOption>>,
    /// Tables whose watermark was to be replaced and is what it would be replaced by.
    pub kept: Vec<EntryId>,
    /// Tables that need a watermark and get none: the name of the diagnostic that says why.
    pub without_watermark: BTreeMap<EntryId, &'static str>,
    pub gates: Vec<Gate>,
    /// The statement that makes the gates' function known.
    pub function: Option<CreateFunction>,
    /// Tables that are read through a gate right behind them, for two-sided gates.
    pub source_gates: BTreeMap<EntryId, SourceGate>,
    /// Copies of views with the gate time, or over gated sources. Keyed by the view, and by whether
    /// its sources are gated.
    #[serde(serialize_with = "values")]
    pub siblings: BTreeMap<(EntryId, bool), SiblingView>,
    /// `*` that would show a hidden column, spelled out.
    pub expansions: Vec<Edit>,
    /// Bounds of gates that stand already, for another role or cutover.
    pub rebound: Vec<Edit>,
    #[serde(skip)]
    pub diagnostics: Vec<Diagnostic>,
    pub inserts: Vec<crate::InsertReport>,
}

impl Plan {
    fn add_watermark(&mut self, added: AddedWatermark) {
        self.by_table.insert(added.table, self.watermarks.len());
        self.watermarks.push(added);
    }

    /// The watermarks, and what has to be done for them.
    pub fn without_gates(self) -> Self {
        Self {
            gates: Vec::new(),
            function: None,
            source_gates: BTreeMap::new(),
            siblings: BTreeMap::new(),
            rebound: Vec::new(),
            ..self
        }
    }

    /// The watermark that a table is given.
    pub fn watermark(&self, table: EntryId) -> Option<&AddedWatermark> {
        self.by_table
            .get(&table)
            .map(|index| &self.watermarks[*index])
    }
}

fn values<S: serde::Serializer>(
    siblings: &BTreeMap<(EntryId, bool), SiblingView>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(siblings.values())
}

/// A copy of a view, with the gate time as its last column or over gated sources.
#[derive(Debug, Clone, Serialize)]
pub struct SiblingView {
    pub view: EntryId,
    pub name: String,
    /// It has the gate time as one column more.
    pub adds_column: bool,
    pub thread: time::Thread,
    /// `*` inside the copy that stand for one column more.
    pub expansions: Vec<Edit>,
}

/// Everything that a decision can depend on.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    pub text: &'a str,
    pub script: &'a Script,
    pub catalog: &'a Catalog,
    pub settings: &'a Settings,
}

/// Decides on watermarks first, then, with the event times that this gives, on gates.
pub fn plan(input: Input<'_>) -> (Plan, Times) {
    plan_behind(input, &[])
}

/// The same for a script whose first watermarks stand in tables of their own by now.
pub fn plan_behind(input: Input<'_>, placed: &[Placed]) -> (Plan, Times) {
    let mut plan = Plan::default();
    let carried = placement::carried(input, placed);
    let is_carried = |id: &EntryId| carried.iter().any(|(added, _)| added.table == *id);
    let declared = watermark::declared(input);
    let mut rowtimes = declared.clone();
    rowtimes.retain(|id, _| is_carried(id) || !watermark::replaces(input, *id));
    let before = time::analyse(
        input.script,
        input.text,
        input.catalog,
        &rowtimes,
        input.settings.flink,
    );
    let needed = inserts::sources_without_time(input, &before, &rowtimes);
    watermark::decide(input, &before, &needed, &mut plan);
    for id in &plan.kept {
        rowtimes.extend(declared.get(id).map(|time| (*id, time.clone())));
    }
    for added in &plan.watermarks {
        rowtimes.insert(added.table, added.time.clone());
    }
    for (added, placement) in carried {
        plan.carried.insert(added.table, placement);
        plan.add_watermark(added);
    }
    let times = time::analyse(
        input.script,
        input.text,
        input.catalog,
        &rowtimes,
        input.settings.flink,
    );
    expand_hidden(&times, &rowtimes, &mut plan);
    gate::decide(input, &times, &rowtimes, &mut plan);
    placement::stand_behind(input, &times.uses, &mut plan);
    plan.diagnostics.sort_by_key(|d| (d.span, d.name));
    (plan, times)
}

/// Spells out every `*` that a hidden column would otherwise slip into.
fn expand_hidden(times: &Times, rowtimes: &BTreeMap<EntryId, SourceTime>, plan: &mut Plan) {
    let hidden = |star: &Star| {
        star.over.iter().any(|id| match id {
            time::RelationId::Table(table) => rowtimes.get(table).is_some_and(|t| t.hidden),
            _ => false,
        })
    };
    let stars = times.stars.iter().filter(|star| hidden(star));
    let (edits, diagnostics) = expand(stars);
    plan.expansions = edits;
    plan.diagnostics.extend(diagnostics);
}

/// The edits that spell out stars, and what cannot be spelled out.
fn expand<'a>(stars: impl IntoIterator<Item = &'a Star>) -> (Vec<Edit>, Vec<Diagnostic>) {
    let mut edits = Vec::new();
    let mut diagnostics = Vec::new();
    for star in stars {
        match &star.expansion {
            Ok(columns) => edits.extend(columns.iter().cloned()),
            Err(why) => diagnostics.push(
                Diagnostic::error(
                    "star-over-hidden-column",
                    star.span,
                    format!("this `*` cannot be spelled out: {why}"),
                )
                .label("would show a column that tidegate adds below")
                .note("an added column must change no other query")
                .help("list the columns instead of `*`"),
            ),
        }
    }
    edits.dedup();
    (edits, diagnostics)
}

/// Has a table or a view that would be read through a view a hint of its own? Flink takes none on a
/// view: "View … cannot be enriched with new options".
fn hinted(input: Input<'_>, thread: &time::Thread) -> Result<(), Refusal> {
    let tokens = &input.script.tokens;
    let tables = thread.tables.iter().map(|read| read.reference);
    let views = thread.siblings.iter().map(|sibling| sibling.reference);
    for reference in tables.chain(views) {
        let next = tokens.partition_point(|t| t.span.start < reference.end);
        let blank = |t: &&Token| t.kind == TokenKind::Whitespace;
        let next = tokens[next..].iter().find(|t| !blank(t));
        if let Some(hint) = next.filter(|t| t.kind == TokenKind::Hint) {
            let detail = "a hint on what has to be read through a view";
            return Err(Refusal::new(Reason::UnsupportedQuery, hint.span, detail));
        }
    }
    let mut below = thread.siblings.iter();
    below.try_for_each(|sibling| hinted(input, &sibling.thread))
}

/// Copies of the views that a gate time is threaded through, nested ones too.
fn add_siblings(
    siblings: &[Sibling],
    times: &Times,
    input: Input<'_>,
    names: &mut Names,
    plan: &mut Plan,
) {
    for sibling in siblings {
        let key = sibling.key();
        if plan.siblings.contains_key(&key) {
            continue;
        }
        let entry = &input.catalog.entries[sibling.view];
        let (expansions, diagnostics) = widened_stars(times, entry.created, None, &sibling.thread);
        plan.diagnostics.extend(diagnostics);
        let suffix = if key.1 { "__closing" } else { "__timed" };
        let view = SiblingView {
            view: sibling.view,
            adds_column: sibling.adds_column,
            name: names.fresh(entry.name.object(), suffix),
            thread: sibling.thread.clone(),
            expansions,
        };
        plan.siblings.insert(key, view);
        add_siblings(&sibling.thread.siblings, times, input, names, plan);
    }
}

/// The `*` of a statement (or of a part of it) that stand for one column more once `thread` is done.
fn widened_stars(
    times: &Times,
    statement: usize,
    within: Option<Span>,
    thread: &time::Thread,
) -> (Vec<Edit>, Vec<Diagnostic>) {
    expand(times.stars.iter().filter(|star| {
        star.statement == statement
            && within.is_none_or(|span| span.contains(star.span))
            && star.over.iter().any(|id| thread.widened.contains(id))
    }))
}
