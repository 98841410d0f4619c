use crate::text::Span;
use serde::Serialize;

/// Why no gate can stand: a closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    UnknownTable,
    UnknownColumns,
    ColumnCount,
    ChangelogSource,
    NoEventTime,
    NonDeterministicGateTime,
    MixedTimeTypes,
    ProctimeWindow,
    WindowWithoutRowtime,
    FilterAboveUpdates,
    RetractingInput,
    TopN,
    KeepFirst,
    KeptByArrival,
    UpdatingOuterJoin,
    ProctimeJoin,
    Distinct,
    SetOperation,
    Subquery,
    OverWindow,
    EarlyOutput,
    GateAfterStatefulSource,
    UpdatingIntoAppendSink,
    UpsertKeyMismatch,
    SinkWithoutPrimaryKey,
    RetractSink,
    OnlyKeyColumns,
    OrderBy,
    Limit,
    MatchRecognize,
    TableFunction,
    LateralQuery,
    TimeTravel,
    Pivot,
    Sample,
    NoAlias,
    UnsupportedQuery,
    CreateTableAs,
    MaterializedTable,
    CompiledPlan,
    Overwrite,
    StaleGate,
    OtherGate,
    ReadsGate,
    GateColumnTaken,
    Handover,
    GateKind,
}

impl Reason {
    /// Is it unknown, with this in a query, what its rows do to those before them?
    pub const fn hides_changelog(self) -> bool {
        matches!(
            self,
            Self::UnknownTable
                | Self::UnknownColumns
                | Self::OverWindow
                | Self::TableFunction
                | Self::LateralQuery
                | Self::TimeTravel
                | Self::Pivot
                | Self::Sample
                | Self::UnsupportedQuery
        )
    }
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
            Self::UnknownTable => "unknown-table",
            Self::UnknownColumns => "unknown-columns",
            Self::ColumnCount => "column-count",
            Self::ChangelogSource => "changelog-source",
            Self::NoEventTime => "no-event-time",
            Self::NonDeterministicGateTime => "non-deterministic-gate-time",
            Self::MixedTimeTypes => "mixed-time-types",
            Self::ProctimeWindow => "proctime-window",
            Self::WindowWithoutRowtime => "window-without-rowtime",
            Self::FilterAboveUpdates => "filter-above-updates",
            Self::RetractingInput => "retracting-input",
            Self::TopN => "top-n",
            Self::KeepFirst => "keep-first",
            Self::KeptByArrival => "kept-by-arrival",
            Self::UpdatingOuterJoin => "updating-outer-join",
            Self::ProctimeJoin => "proctime-join",
            Self::Distinct => "distinct",
            Self::SetOperation => "set-operation",
            Self::Subquery => "subquery",
            Self::OverWindow => "over-window",
            Self::EarlyOutput => "early-output",
            Self::GateAfterStatefulSource => "gate-after-stateful-source",
            Self::UpdatingIntoAppendSink => "updating-into-append-sink",
            Self::UpsertKeyMismatch => "upsert-key-mismatch",
            Self::SinkWithoutPrimaryKey => "sink-without-primary-key",
            Self::RetractSink => "retract-sink",
            Self::OnlyKeyColumns => "only-key-columns",
            Self::OrderBy => "order-by",
            Self::Limit => "limit",
            Self::MatchRecognize => "match-recognize",
            Self::TableFunction => "table-function",
            Self::LateralQuery => "lateral-query",
            Self::TimeTravel => "time-travel",
            Self::Pivot => "pivot",
            Self::Sample => "sample",
            Self::NoAlias => "no-alias",
            Self::UnsupportedQuery => "unsupported-query",
            Self::CreateTableAs => "create-table-as",
            Self::MaterializedTable => "materialized-table",
            Self::CompiledPlan => "compiled-plan",
            Self::Overwrite => "overwrite",
            Self::StaleGate => "stale-gate",
            Self::ReadsGate => "reads-gate",
            Self::GateColumnTaken => "gate-column-taken",
            Self::OtherGate => "other-gate",
            Self::Handover => "handover",
            Self::GateKind => "gate-kind",
        }
    }

    /// What is wrong, in one sentence; `detail` is that of the refusal.
    pub fn message(self, detail: &str) -> String {
        match self {
            Self::UnknownTable => format!("{detail} is not declared in the script"),
            Self::UnknownColumns => format!("the columns of {detail} are not known"),
            Self::ColumnCount => format!("the query has {detail}"),
            Self::ChangelogSource => format!("{detail} carries updates and deletions"),
            Self::NoEventTime => format!("{detail} has no event time"),
            Self::NonDeterministicGateTime => {
                format!("the rowtime of {detail} differs between two jobs")
            }
            Self::MixedTimeTypes => {
                "two sides have rowtimes of different types, TIMESTAMP and TIMESTAMP_LTZ".into()
            }
            Self::ProctimeWindow => {
                format!("a window or a pattern goes by the processing time {detail}")
            }
            Self::WindowWithoutRowtime => {
                format!("a window stands on {detail}, which is no rowtime")
            }
            Self::FilterAboveUpdates => {
                "a filter above updates takes keys out of the result".into()
            }
            Self::RetractingInput => format!("{detail} reads rows that are updated"),
            Self::TopN => "a Top-N takes rows back when better ones come".into(),
            Self::KeepFirst => {
                "this Flink version plans the first row of a key as one that may be replaced".into()
            }
            Self::KeptByArrival => {
                "which row of a key is kept depends on the order of arrival".into()
            }
            Self::UpdatingOuterJoin => {
                "an outer join without time bounds takes its NULL rows back".into()
            }
            Self::ProctimeJoin => "the join goes by processing time".into(),
            Self::Distinct => "DISTINCT keeps keys without end and has no time of its own".into(),
            Self::SetOperation => format!("{detail} updates its rows"),
            Self::Subquery => format!("{detail} is planned as a semi or anti join"),
            Self::OverWindow => "this OVER window is not in the order of a rowtime".into(),
            Self::EarlyOutput => format!("the query updates its rows above {detail}"),
            Self::GateAfterStatefulSource => {
                format!(
                    "a gate behind the sources takes rows away from {detail}, which keeps state"
                )
            }
            Self::UpdatingIntoAppendSink => {
                format!("the query updates its rows, but {detail} takes only insertions")
            }
            Self::UpsertKeyMismatch => format!("the query updates its rows by {detail}"),
            Self::SinkWithoutPrimaryKey => {
                format!("the query updates its rows, but {detail} has no primary key")
            }
            Self::RetractSink => format!("{detail} writes retractions"),
            Self::OnlyKeyColumns => "every column of the updating query is part of its key".into(),
            Self::OrderBy => "no gate yet for ORDER BY".into(),
            Self::Limit => "LIMIT, OFFSET and FETCH keep an updating result".into(),
            Self::MatchRecognize => {
                "this MATCH_RECOGNIZE has no measures to put its time beside".into()
            }
            Self::TableFunction => {
                format!("nothing is known of the rows of the table function {detail}")
            }
            Self::LateralQuery => "a lateral sub-query updates its rows".into(),
            Self::TimeTravel => {
                format!("`{detail}` is read as of a time that is no time attribute")
            }
            Self::Pivot => "Flink does not plan PIVOT and UNPIVOT".into(),
            Self::Sample => "TABLESAMPLE takes other rows in each job".into(),
            Self::NoAlias => "a joined window or sub-query has no alias to name its time by".into(),
            Self::UnsupportedQuery => format!("no gate yet for {detail}"),
            Self::CreateTableAs => {
                format!("this statement cannot be split into CREATE TABLE and INSERT: {detail}")
            }
            Self::MaterializedTable => "a materialized table writes rows without a gate".into(),
            Self::CompiledPlan => "a compiled plan cannot be given a gate".into(),
            Self::Overwrite => "INSERT OVERWRITE replaces what the other job has written".into(),
            Self::ReadsGate => {
                format!("{detail} is a gate, which lets through what its role may write")
            }
            Self::StaleGate => "this view looks like a gate but does not gate its query".into(),
            Self::OtherGate => format!("this query has a gate already, and {detail}"),
            Self::Handover => format!("the incoming job cannot take over late rows here: {detail}"),
            Self::GateKind => format!("no gate of the configured kind can stand here: {detail}"),
            Self::GateColumnTaken => {
                format!("the name {detail} is used by the script, but tidegate needs it")
            }
        }
    }

    /// Why it is so; facts about Flink.
    pub const fn why(self) -> &'static str {
        match self {
            Self::UnknownTable | Self::UnknownColumns => {
                "what a table yields decides where a gate is right"
            }
            Self::ColumnCount => "Flink takes the columns of a query by position",
            Self::ChangelogSource => {
                "a gate judges a retraction by the old row's time, so a change of a key across the cutover is lost"
            }
            Self::NoEventTime => "the gate compares each row's event time with the cutover",
            Self::ProctimeWindow
            | Self::NonDeterministicGateTime
            | Self::Sample
            | Self::KeptByArrival
            | Self::ProctimeJoin => "a gate is right only if both jobs give a row the same time",
            Self::MixedTimeTypes => "comparing them depends on the session time zone",
            Self::WindowWithoutRowtime => {
                "Flink plans a window only on a time attribute, which is lost by CAST, by joins and by functions"
            }
            Self::FilterAboveUpdates
            | Self::RetractingInput
            | Self::TopN
            | Self::UpdatingOuterJoin
            | Self::LateralQuery
            | Self::KeepFirst => {
                "a key that leaves the result is deleted by a retraction, which a gate judges by the old row's time: it is dropped, and the row stays for ever"
            }
            Self::SetOperation => {
                "a filter turns an update that passes the cutover into a retraction: the outgoing job would delete the key"
            }
            Self::Subquery => {
                "the output of a semi or anti join has no time that is late enough: the match may come after the row"
            }
            Self::EarlyOutput => {
                "the outgoing job is closed at its sources; there it would still emit what it has, and write keys that the whole input would not"
            }
            Self::GateAfterStatefulSource => {
                "in each job the operator would miss the rows that belong to the other one; of windows only those of TUMBLE and CUMULATE have an edge at the cutover"
            }
            Self::UpdatingIntoAppendSink => {
                "Flink refuses the statement: such a sink \"doesn't support consuming update changes\""
            }
            Self::UpsertKeyMismatch | Self::SinkWithoutPrimaryKey | Self::RetractSink => {
                "an updating query is gated on both sides, which is right only where each key of the query is one row of the sink"
            }
            Self::Distinct | Self::OnlyKeyColumns => {
                "the gate time has to stay in the aggregate's state, and only a column beside the key can hold it there"
            }
            Self::OrderBy | Self::Limit => {
                "in a derived table Flink drops the order, or limits before the gate"
            }
            Self::CreateTableAs | Self::MaterializedTable | Self::CompiledPlan => {
                "an ungated writer doubles its rows during a cutover"
            }
            Self::Overwrite => "the outgoing and the incoming job write the same sink side by side",
            Self::ReadsGate => "what is made of its rows would differ between the jobs",
            Self::StaleGate => "only a view that tidegate would write is taken for a gate",
            Self::OtherGate => {
                "in a gated script nothing but the role and the cutover changes: another plan would not take over the job's state"
            }
            Self::Handover => {
                "CURRENT_WATERMARK is asked of a rowtime attribute, which ends at joins, aggregations, window ends and CAST"
            }
            Self::GateKind => {
                "a gate that cannot be right, or that Flink would not plan, is not written"
            }
            Self::GateColumnTaken => {
                "a second column of that name would change what the script's queries mean"
            }
            Self::TableFunction => {
                "a process table function may keep, delay and make rows at any time"
            }
            Self::OverWindow
            | Self::MatchRecognize
            | Self::TimeTravel
            | Self::Pivot
            | Self::NoAlias
            | Self::UnsupportedQuery => "an INSERT is never passed through without a gate",
        }
    }

    /// What would help, where something does.
    pub const fn help(self) -> Option<&'static str> {
        Some(match self {
            Self::FilterAboveUpdates => {
                "filter before the aggregation, or aggregate in a window, or filter where the sink is read"
            }
            Self::RetractingInput | Self::TopN => {
                "do it in a window: GROUP BY or PARTITION BY window_start, window_end over TUMBLE, HOP, CUMULATE or SESSION"
            }
            Self::KeepFirst => "Flink 2.1 and later append it: flink.version = \"2.1\"",
            Self::KeptByArrival => "ORDER BY a rowtime",
            Self::UpdatingOuterJoin => {
                "bound the times of both sides in the ON clause: an interval join appends"
            }
            Self::Distinct | Self::OnlyKeyColumns => {
                "put a column beside the key, such as COUNT(*) or MAX of the event time, with GROUP BY the others; or do it in a window"
            }
            Self::SetOperation => "write UNION as UNION ALL, deduplicated in a window",
            Self::Subquery => "write it as a join on both sides' times",
            Self::UpdatingIntoAppendSink => {
                "write to a table that is updated by key, such as upsert-kafka or jdbc, or aggregate in a window"
            }
            Self::SinkWithoutPrimaryKey => {
                "declare the query's key as the sink's PRIMARY KEY (…) NOT ENFORCED"
            }
            Self::UpsertKeyMismatch => {
                "the sink's PRIMARY KEY has to be the query's key, whole and alone"
            }
            Self::GateAfterStatefulSource => {
                "leave the gate before the sink: gate.position = \"before-sink\""
            }
            Self::NoAlias => "give it an alias: AS name",
            Self::ProctimeWindow | Self::WindowWithoutRowtime | Self::ProctimeJoin => {
                "use a rowtime: a column with a WATERMARK"
            }
            Self::NoEventTime => {
                "declare a WATERMARK, or name the column in tidegate.toml: [tables.NAME] column = \"…\""
            }
            Self::NonDeterministicGateTime => {
                "put the watermark on a time that the record itself carries"
            }
            Self::MixedTimeTypes => "CAST the rowtimes in the table definitions to one type",
            Self::UnknownTable => {
                "put its CREATE TABLE into the script, or into a file that `--catalog` names"
            }
            Self::CreateTableAs => "write it as CREATE TABLE and INSERT INTO",
            Self::CompiledPlan => {
                "rewrite the script that the plan was compiled from, and compile again"
            }
            Self::Overwrite => "use INSERT INTO",
            Self::ReadsGate => "read what the gate reads",
            Self::StaleGate => "restore the script from before its rewrite, and rewrite that",
            Self::GateColumnTaken => "rename the column",
            Self::OtherGate => {
                "set gate.kind, gate.late and gate.function to what the script was rewritten with, or restore the script and rewrite that"
            }
            Self::Handover => "late = \"outgoing\" needs no watermark at the gate",
            Self::GateKind => "gate.kind = \"cutover\" needs no function",
            _ => return None,
        })
    }
}
