use crate::text::Span;
use serde::Serialize;

/// Why no gate can stand: a closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    UpdatingAggregate,
    Distinct,
    Join,
    LookupJoin,
    TemporalJoin,
    TableFunction,
    Subquery,
    SetOperation,
    OverWindow,
    LegacyWindow,
    OrderBy,
    Limit,
    MatchRecognize,
    Pivot,
    Sample,
    ProctimeWindow,
    WindowWithoutRowtime,
    ChangelogSource,
    NoEventTime,
    NonDeterministicGateTime,
    MixedTimeTypes,
    UnknownTable,
    UnknownColumns,
    UnsupportedQuery,
    CreateTableAs,
    MaterializedTable,
    CompiledPlan,
    Overwrite,
    NestedWith,
    StaleGate,
    GateColumnTaken,
    ColumnCount,
}

/// A reason at a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Refusal {
    pub reason: Reason,
    pub span: Span,
    /// What stands there, for the message: a table's name, a function's, a join's kind.
    pub detail: String,
}

impl Refusal {
    pub fn new(reason: Reason, span: Span, detail: impl Into<String>) -> Self {
        Self {
            reason,
            span,
            detail: detail.into(),
        }
    }
}

impl Reason {
    /// The stable name: that of the diagnostic.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UpdatingAggregate => "updating-aggregate",
            Self::Distinct => "distinct",
            Self::Join => "join",
            Self::LookupJoin => "lookup-join",
            Self::TemporalJoin => "temporal-join",
            Self::TableFunction => "table-function",
            Self::Subquery => "subquery",
            Self::SetOperation => "set-operation",
            Self::OverWindow => "over-window",
            Self::LegacyWindow => "legacy-window",
            Self::OrderBy => "order-by",
            Self::Limit => "limit",
            Self::MatchRecognize => "match-recognize",
            Self::Pivot => "pivot",
            Self::Sample => "sample",
            Self::ProctimeWindow => "proctime-window",
            Self::WindowWithoutRowtime => "window-without-rowtime",
            Self::ChangelogSource => "changelog-source",
            Self::NoEventTime => "no-event-time",
            Self::NonDeterministicGateTime => "non-deterministic-gate-time",
            Self::MixedTimeTypes => "mixed-time-types",
            Self::UnknownTable => "unknown-table",
            Self::UnknownColumns => "unknown-columns",
            Self::UnsupportedQuery => "unsupported-query",
            Self::CreateTableAs => "create-table-as",
            Self::MaterializedTable => "materialized-table",
            Self::CompiledPlan => "compiled-plan",
            Self::Overwrite => "overwrite",
            Self::NestedWith => "nested-with",
            Self::StaleGate => "stale-gate",
            Self::GateColumnTaken => "gate-column-taken",
            Self::ColumnCount => "column-count",
        }
    }

    /// What is wrong, in one sentence; `detail` is that of the refusal.
    pub fn message(self, detail: &str) -> String {
        match self {
            Self::UpdatingAggregate => "an aggregation without a window updates its rows".into(),
            Self::Distinct => "DISTINCT keeps state without end and has no time of its own".into(),
            Self::Join => format!("no gate yet for a {detail}"),
            Self::LookupJoin => "no gate yet for a lookup join".into(),
            Self::TemporalJoin => "no gate yet for a temporal join".into(),
            Self::TableFunction => format!("no gate yet above the table function {detail}"),
            Self::Subquery => format!("no gate yet for {detail}"),
            Self::SetOperation => format!("{detail} updates its rows"),
            Self::OverWindow => "no gate yet for an OVER window".into(),
            Self::LegacyWindow => format!("no gate yet for the group window {detail}"),
            Self::OrderBy => "no gate yet for ORDER BY".into(),
            Self::Limit => "LIMIT keeps an updating result".into(),
            Self::MatchRecognize => "no gate yet for MATCH_RECOGNIZE".into(),
            Self::Pivot => "no gate yet for PIVOT and UNPIVOT".into(),
            Self::Sample => "TABLESAMPLE takes other rows in each job".into(),
            Self::ProctimeWindow => format!("the window stands on the processing time {detail}"),
            Self::WindowWithoutRowtime => {
                format!("the window stands on {detail}, which is no rowtime")
            }
            Self::ChangelogSource => format!("{detail} carries updates and deletions"),
            Self::NoEventTime => format!("{detail} has no event time"),
            Self::NonDeterministicGateTime => {
                format!("the rowtime of {detail} differs between two jobs")
            }
            Self::MixedTimeTypes => {
                "the branches have rowtimes of different types, TIMESTAMP and TIMESTAMP_LTZ".into()
            }
            Self::UnknownTable => format!("{detail} is not declared in the script"),
            Self::UnknownColumns => format!("the columns of {detail} are not known"),
            Self::UnsupportedQuery => format!("no gate yet for {detail}"),
            Self::CreateTableAs => "CREATE TABLE … AS writes rows without a gate".into(),
            Self::MaterializedTable => "a materialized table writes rows without a gate".into(),
            Self::CompiledPlan => "a compiled plan cannot be given a gate".into(),
            Self::Overwrite => "INSERT OVERWRITE replaces what the other job has written".into(),
            Self::NestedWith => "no gate yet above a WITH inside of this query".into(),
            Self::StaleGate => "this view looks like a gate but does not gate its query".into(),
            Self::ColumnCount => format!("the query has {detail}"),
            Self::GateColumnTaken => {
                format!("the name {detail} is used by the script, but tidegate needs it")
            }
        }
    }

    /// Why it is so; facts about Flink.
    pub const fn why(self) -> &'static str {
        match self {
            Self::UpdatingAggregate | Self::SetOperation | Self::Distinct => {
                "a filter turns an update that passes the cutover into a retraction: the outgoing job would delete the key"
            }
            Self::Join | Self::TemporalJoin => {
                "a joined row exists only when both sides are there: gated on one side's time it is lost at teardown"
            }
            Self::Subquery => {
                "Flink plans it as a semi or anti join, whose output has no time that is late enough"
            }
            Self::OrderBy | Self::Limit => {
                "in a derived table Flink drops the order, or limits before the gate"
            }
            Self::ProctimeWindow | Self::NonDeterministicGateTime | Self::Sample => {
                "a gate is right only if both jobs give a row the same time"
            }
            Self::WindowWithoutRowtime => {
                "Flink plans a window only on a time attribute, which is lost by CAST, by joins and by functions"
            }
            Self::ChangelogSource => {
                "a gate judges a retraction by the old row's time, so a change of a key across the cutover is lost"
            }
            Self::NoEventTime => "the gate compares each row's event time with the cutover",
            Self::MixedTimeTypes => "comparing them depends on the session time zone",
            Self::UnknownTable | Self::UnknownColumns => {
                "what a table yields decides where a gate is right"
            }
            Self::CreateTableAs | Self::MaterializedTable | Self::CompiledPlan => {
                "an ungated writer doubles its rows during a cutover"
            }
            Self::Overwrite => "the outgoing and the incoming job write the same sink side by side",
            Self::StaleGate => "only a view that tidegate would write is taken for a gate",
            Self::GateColumnTaken => {
                "a second column of that name would change what the script's queries mean"
            }
            Self::ColumnCount => "Flink takes the columns of a query by position",
            Self::LookupJoin
            | Self::TableFunction
            | Self::OverWindow
            | Self::LegacyWindow
            | Self::MatchRecognize
            | Self::Pivot
            | Self::UnsupportedQuery
            | Self::NestedWith => "an INSERT is never passed through without a gate",
        }
    }

    /// What would help, where something does.
    pub const fn help(self) -> Option<&'static str> {
        Some(match self {
            Self::UpdatingAggregate => {
                "aggregate in a window: GROUP BY window_start, window_end over TUMBLE, HOP, CUMULATE or SESSION"
            }
            Self::ProctimeWindow | Self::WindowWithoutRowtime => {
                "put the window on a rowtime: a column with a WATERMARK"
            }
            Self::LegacyWindow => {
                "write it as a window table-valued function: TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), …))"
            }
            Self::NoEventTime => {
                "declare a WATERMARK, or name the column in tidegate.toml: [tables.NAME] column = \"…\""
            }
            Self::NonDeterministicGateTime => {
                "put the watermark on a time that the record itself carries"
            }
            Self::MixedTimeTypes => "CAST the rowtimes in the table definitions to one type",
            Self::UnknownTable => "put its CREATE TABLE into the script",
            Self::CreateTableAs => "split it into CREATE TABLE and INSERT INTO",
            Self::CompiledPlan => {
                "rewrite the script that the plan was compiled from, and compile again"
            }
            Self::Overwrite => "use INSERT INTO",
            Self::StaleGate => "restore the script from before its rewrite, and rewrite that",
            Self::GateColumnTaken => "rename the column",
            _ => return None,
        })
    }
}
