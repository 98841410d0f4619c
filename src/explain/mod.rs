//! What was decided for each INSERT of a script, why, and what it means for the cutover: as values, and
//! these as text, JSON or a drawing.
//!
//! Architecture invariant: nothing is decided here. What a query's rows are comes from [`crate::time`], what
//! stands where from [`crate::plan`]. No text of the user is shown before [`crate::report::mask`] has blotted
//! out what looks like a secret.

mod build;
mod dot;
mod graph;
mod layout;
mod mermaid;
mod operator;
mod procedure;
mod remarks;
mod svg;
mod tables;
mod text;

pub use build::{Origin, explain};
pub use dot::dot;
pub use graph::{Graph, graph};
pub use mermaid::mermaid;
pub use svg::svg;
pub use tables::tables;
pub use text::text;

pub use crate::plan::Pinned;

use serde::{Deserialize, Serialize};

/// What `tidegate explain` says of a script; its JSON is the shape of `--format json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// Grows when a field goes or changes its meaning; new fields may come without that.
    pub format: u32,
    /// Flink that runs the script, as `2.3`.
    pub flink: String,
    /// The role that the bounds of the gates are for.
    pub role: Role,
    /// T in epoch milliseconds; none for the role `first`.
    pub cutover_ms: Option<i64>,
    /// The tables that are read as streams, in order of declaration.
    pub sources: Vec<Source>,
    /// All tables that are declared, with what they offer as their event time, in order of declaration.
    #[serde(default)]
    pub tables: Vec<TableTime>,
    /// In source order.
    pub inserts: Vec<Insert>,
    /// Errors that belong to no single INSERT, in order of position.
    pub problems: Vec<Problem>,
    /// What FLIP-504's gate in the Flink Kubernetes operator would need.
    pub operator: OperatorSide,
    /// Settings of the script that a cutover has to do with, in order of position.
    pub remarks: Vec<Remark>,
    /// The cutover of this script, step by step. One step that says so where it cannot be cut over.
    pub procedure: Vec<Step>,
}

impl Explanation {
    /// The current value of [`Explanation::format`].
    pub const FORMAT: u32 = 1;

    /// Can every INSERT be cut over?
    pub fn is_clean(&self) -> bool {
        self.problems.is_empty() && self.inserts.iter().all(|i| i.verdict != Verdict::Refused)
    }
}

/// A place in the script; both numbers are 1-based, `column` counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    pub line: u32,
    pub column: u32,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    First,
    Outgoing,
    Incoming,
}

/// A table that an INSERT reads as a stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// As the script declares it.
    pub table: String,
    /// Of its declaration; where the script reads it if that is outside.
    pub place: Place,
    /// `file:line:column` of a declaration outside of the script.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// How the watermark is added if not in the table's own definition: `shadow` or `derive`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placement: Option<String>,
    /// The table that this one is `LIKE`, where there is a placement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// None where it has no event time, and gets none.
    pub rowtime: Option<Rowtime>,
}

/// What a table offers as its event time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableTime {
    /// As the script declares it.
    pub table: String,
    /// Of its declaration; where the script reads it if that is outside.
    pub place: Place,
    /// `file:line:column` of a declaration outside of the script.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Does it need a watermark: `stream` (yes), `declared`, `looked-up`, `versioned`, `bounded`, `changelog`, `refused`, `sink`,
    /// `queried`, `not-read`.
    pub need: String,
    /// The same in words.
    pub why: String,
    /// The best first.
    pub candidates: Vec<OfferedTime>,
    /// Columns of a time that are no candidates.
    pub passed_over: Vec<PassedOverTime>,
}

/// A candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedTime {
    /// A column, the path of a field, a metadata key, an expression.
    pub name: String,
    /// `column`, `nested`, `epoch`, `text`, `metadata`, `expression`, `ingestion`.
    pub strategy: String,
    /// As SQL.
    pub data_type: String,
    /// None for what is not in the table's definition.
    pub place: Option<Place>,
    /// From 0 to 100.
    pub score: u8,
    pub why: String,
    pub chosen: bool,
    /// Lines of configuration that choose it; several where something has to be said with it.
    pub config: Vec<String>,
}

/// A column of a time that is no candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassedOverTime {
    pub name: String,
    pub data_type: String,
    pub place: Place,
    pub why: String,
}

/// The event time of a source, and its watermark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rowtime {
    pub column: String,
    /// As SQL; none where it is not known.
    pub data_type: Option<String>,
    /// How it is made, as SQL: of a computed column or of metadata.
    pub definition: Option<String>,
    /// The watermark's expression, as SQL.
    pub watermark: String,
    /// How far the watermark stays behind the column, in milliseconds; none where the expression does not
    /// tell.
    pub delay_ms: Option<u64>,
    /// Where the watermark is declared; none if tidegate adds it.
    pub declared: Option<Place>,
    /// Why tidegate adds it on this column.
    pub added: Option<String>,
    /// The column is added too: no query of the script names it.
    pub hidden: bool,
}

/// One INSERT.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Insert {
    /// As the script writes it.
    pub sink: String,
    pub place: Place,
    pub verdict: Verdict,
    /// Why it is left alone.
    pub reason: Option<String>,
    /// What a best-effort gate rests on.
    pub conditions: Vec<Condition>,
    /// Why it is refused, each with its place.
    pub refusals: Vec<Problem>,
    /// What the query's rows do to earlier ones; none where it is not known.
    pub changelog: Option<Changelog>,
    /// None where it is left alone or refused.
    pub gate: Option<Gate>,
    /// From columns of sources to the gate time: each step is made of earlier ones.
    pub lineage: Vec<TimeStep>,
    /// From the sources to the sink: each one reads earlier ones. Projections and filters are not listed;
    /// they change no changelog.
    pub operators: Vec<Operator>,
    /// What two runs of the query need not agree on.
    pub non_deterministic: Vec<Doubt>,
    /// Would the state of the same job without gates fit?
    pub ungated_state: Option<UngatedState>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// No row is lost or doubled, given on-time rows and the cutover procedure.
    Exact,
    /// Exact but for the conditions.
    BestEffort,
    /// Stands as it was: both jobs run it.
    LeftAlone,
    Refused,
}

impl Verdict {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::BestEffort => "best-effort",
            Self::LeftAlone => "left alone",
            Self::Refused => "refused",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// Its stable name.
    pub name: String,
    /// What has to hold, or what happens if it does not.
    pub text: String,
}

/// What is wrong at a place, and what would help.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Stable name of the refusal or diagnostic.
    pub name: String,
    pub place: Place,
    pub message: String,
    /// Why it is so: facts about Flink.
    pub why: Vec<String>,
    pub help: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changelog {
    pub mode: ChangelogMode,
    /// The upsert key's columns; empty where they have no names, or where there is none.
    pub key: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangelogMode {
    /// Insertions only.
    Append,
    /// Later rows replace or delete earlier ones of the same key.
    Upsert,
    /// Rows are taken back, with no key that tells which.
    Retract,
}

impl std::fmt::Display for Changelog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.mode, &self.key[..]) {
            (ChangelogMode::Append, _) => f.write_str("append"),
            (ChangelogMode::Retract, _) => f.write_str("retract"),
            (ChangelogMode::Upsert, []) => f.write_str("upsert"),
            (ChangelogMode::Upsert, key) => {
                let key: Vec<String> = key.iter().map(|c| crate::time::quote(c)).collect();
                write!(f, "upsert by {}", key.join(", "))
            }
        }
    }
}

/// The gate of an INSERT.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// What stands at the gate: `cutover`, literals in the script.
    pub kind: String,
    pub form: Form,
    /// The view's name, of a gate view that is added.
    pub view: Option<String>,
    /// What keeps Flink from pushing the predicate down; none for a gate that stands already.
    pub pinned: Option<Pinned>,
    /// All rows pass, as far as this gate goes: in the roles that close at the sources or not at all.
    pub projection: bool,
    /// The gate time as SQL over the query's columns.
    pub time: String,
    /// It is added to the query as a column of its own.
    pub threaded: bool,
    /// What that column is, as SQL where it is made; none for a column that the query has.
    pub made_of: Option<String>,
    /// The range that is let through, `low <= time < high`, as SQL; none for a gate that stands already
    /// or calls a function.
    pub range: Option<[String; 2]>,
    /// The gates right behind the sources, of a two-sided gate; empty for a one-sided one.
    pub source_gates: Vec<SourceGate>,
    pub two_sided: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// A temporary view before the INSERT.
    View,
    /// A derived table in the INSERT.
    Inline,
    /// None before the sink: the gates behind the sources decide.
    Sources,
    /// It stands in the script already.
    Standing,
}

/// A gate right behind a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceGate {
    pub table: String,
    pub view: String,
    pub pinned: Pinned,
}

/// A step on the way of the gate time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeStep {
    pub kind: TimeStepKind,
    /// What the step is of: a table's or view's name, a window's, a join's kind.
    pub of: String,
    /// The time after it: a column's name, or SQL.
    pub time: String,
    /// None for the gate itself.
    pub place: Option<Place>,
    /// Indexes of the steps that it is made of.
    pub inputs: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeStepKind {
    Source,
    Window,
    Match,
    Join,
    Union,
    Maximum,
    View,
    /// A derived table or a common table expression.
    Query,
    /// Added to a query's select list.
    Added,
    Gate,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operator {
    pub name: String,
    pub place: Place,
    /// What comes out of it; none where it is not known.
    pub changelog: Option<Changelog>,
    /// Indexes of the operators whose rows it reads.
    pub inputs: Vec<usize>,
    /// The table that a source reads.
    pub table: Option<String>,
}

/// A part of a query that is not deterministic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    pub what: String,
    pub place: Place,
    /// It is about which rows there are, not only about values in them.
    pub of_rows: bool,
}

/// What is known of restoring the state of the ungated job into the gated one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UngatedState {
    /// There is none but the places in the sources.
    NoState,
    /// The operators below the gate are planned as without it.
    SamePlan,
    /// An operator keeps the event time beside what it kept before: it does not fit, unless the query used
    /// the event time there already.
    LargerState,
    /// The plans of both were not compared.
    NotKnown,
}

/// For those who let FLIP-504's gate of the Flink Kubernetes operator do it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorSide {
    /// `bluegreen.gate.watermark.field-index`: 0-based position among the sink's columns.
    pub field_index: Option<usize>,
    /// The column there, or why there is none.
    pub field: String,
    /// What `kubernetes.operator.bluegreen.deployment-deletion.delay` has to be above.
    pub deletion_delay: Option<DeletionDelay>,
}

/// A sum; the delay has to be greater.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletionDelay {
    /// The sum of the terms that are known, in milliseconds.
    pub known_ms: u64,
    /// No term is unknown.
    pub complete: bool,
    pub terms: Vec<DelayTerm>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DelayTerm {
    pub what: String,
    /// None where nothing in the script says it.
    pub ms: Option<u64>,
    pub why: String,
}

/// What a setting of the script means for a cutover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// The option's or hint's name.
    pub name: String,
    pub place: Place,
    pub text: String,
}

/// A step of the cutover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What to do, as an imperative.
    pub title: String,
    /// What it means here.
    pub text: Vec<String>,
    /// Shell commands; words in capitals are to be filled in.
    pub commands: Vec<String>,
    /// What is lost or doubled without it.
    pub if_skipped: Option<String>,
}
