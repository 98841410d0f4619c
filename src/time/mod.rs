//! For every query: its columns with their time attributes, whether it only appends, which time its
//! rows can be gated on, and how that time reaches the query's output.
//!
//! Reads the catalog and the syntax trees; decides nothing. What a query is refused for is a value
//! ([`Refusal`]), not an error: the plan stage says it to the user.

mod aggregate;
mod expr;
mod facts;
mod from;
mod interval;
mod join;
mod lineage;
mod matches;
mod query;
mod rank;
mod refusal;
mod select;
mod star;
mod window;

pub use expr::is_aggregate;
pub use facts::{Doubt, Facts, Operator, PushDown};

pub use from::{hinted_options, quote};
pub use lineage::{Lineage, Step, StepKind};
pub use refusal::{Reason, Refusal};

use crate::catalog::{Catalog, EntryId, StatementId, TableColumnKind};
use crate::config::FlinkVersion;
use crate::syntax::{Query, Script, StatementKind, TypeKind};
use crate::text::{Edit, Span};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The two types of a rowtime. They differ in what a literal of theirs means: a `TIMESTAMP` is read
/// as UTC, a `TIMESTAMP_LTZ` is an instant.
/// Source: Flink docs, "Time Attributes".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum TimeType {
    Timestamp,
    TimestampLtz,
}

impl TimeType {
    /// The type of a gate time.
    pub const fn sql(self) -> &'static str {
        match self {
            Self::Timestamp => "TIMESTAMP(3)",
            Self::TimestampLtz => "TIMESTAMP_LTZ(3)",
        }
    }

    pub fn of(kind: &TypeKind) -> Option<Self> {
        match kind {
            TypeKind::Timestamp(_) => Some(Self::Timestamp),
            TypeKind::TimestampLtz(_) => Some(Self::TimestampLtz),
            _ => None,
        }
    }
}

/// What a column is in terms of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum ColumnTime {
    None,
    /// Carries the gate time of its row: a rowtime, or a copy of one that lost the attribute.
    /// `attribute` tells whether a window can still stand on it.
    Rowtime {
        ty: TimeType,
        attribute: bool,
    },
    Proctime,
    /// `grouping`: a GROUP BY of it is still a window aggregate. `ty` is the window's rowtime type,
    /// not the column's own, which is always TIMESTAMP.
    WindowStart {
        grouping: bool,
    },
    WindowEnd {
        ty: TimeType,
        grouping: bool,
    },
}

impl ColumnTime {
    /// How the gate time follows from the column, where it does.
    pub fn gate(self) -> Option<(TimeType, TimeForm)> {
        match self {
            Self::Rowtime { ty, .. } => Some((ty, TimeForm::Itself)),
            Self::WindowEnd { ty, .. } => Some((ty, TimeForm::WindowEnd)),
            _ => None,
        }
    }

    /// The same after an operator that ends attributes and window properties but keeps values.
    pub fn materialised(self) -> Self {
        match self {
            Self::Rowtime { ty, .. } => Self::Rowtime {
                ty,
                attribute: false,
            },
            Self::WindowStart { .. } => Self::WindowStart { grouping: false },
            Self::WindowEnd { ty, .. } => Self::WindowEnd {
                ty,
                grouping: false,
            },
            other => other,
        }
    }
}

/// How a gate time is made of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum TimeForm {
    Itself,
    /// The last millisecond of the window: `window_end - 1 ms`, in the type of the window's rowtime.
    WindowEnd,
}

impl TimeForm {
    /// The gate time as the barrier takes it: no time attribute, which Flink's planner trips over when
    /// two barriers stand in one job.
    pub fn barrier_sql(self, column: &str, ty: TimeType) -> String {
        let sql = self.sql(column, ty);
        match self {
            Self::WindowEnd => sql,
            Self::Itself => format!("CAST({sql} AS {})", ty.sql()),
        }
    }

    /// The gate time as SQL over `column`.
    pub fn sql(self, column: &str, ty: TimeType) -> String {
        match (self, ty) {
            (Self::Itself, _) => column.to_owned(),
            (Self::WindowEnd, TimeType::Timestamp) => format!("{column} - INTERVAL '0.001' SECOND"),
            // window_end is a local TIMESTAMP even over TIMESTAMP_LTZ: compared as it is, the session
            // time zone would move it.
            (Self::WindowEnd, TimeType::TimestampLtz) => {
                format!("CAST({column} - INTERVAL '0.001' SECOND AS TIMESTAMP_LTZ(3))")
            }
        }
    }
}

/// A column of a table, a view or a query.
#[derive(Debug, Clone, Serialize)]
pub struct OutColumn {
    pub name: String,
    pub time: ColumnTime,
    /// The table's column that it is a plain copy of.
    pub origin: Option<(EntryId, String)>,
    /// The name of the FROM clause's column that it is a plain copy of.
    pub input: Option<String>,
}

/// Name of the column that carries a threaded gate time.
pub const GATE_TIME: &str = "__gate_time";

/// What a query's rows do to the rows before them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Changelog {
    Append,
    /// Later rows replace or delete earlier ones of the same key: positions of output columns.
    Upsert {
        key: Vec<usize>,
    },
    /// Rows are taken back, with no key that tells which.
    Retract,
}

/// What a query yields.
#[derive(Debug, Clone, Serialize)]
pub struct QueryTime {
    pub span: Span,
    /// `None` where a column list cannot be known (`SELECT *` over something unknown).
    pub columns: Option<Vec<OutColumn>>,
    /// `None` where it is not known.
    pub changelog: Option<Changelog>,
    /// The rows' gate time; `None` only if there are refusals.
    pub gate: Option<GateTime>,
    /// A ROW_NUMBER column that a filter above may turn into a deduplication or a Top-N.
    #[serde(skip)]
    pub(crate) rank: Option<rank::Rank>,
    /// Its rows come from no source: VALUES, or a SELECT without FROM.
    pub constant: bool,
    pub facts: Facts,
}

/// The gate time of a query's rows.
#[derive(Debug, Clone, Serialize)]
pub struct GateTime {
    pub ty: TimeType,
    /// How it is made, wherever it stands.
    pub form: TimeForm,
    /// The output column that holds it, if one does.
    pub carried: Option<(usize, TimeForm)>,
    /// What is added as a column keeps the rowtime attribute.
    pub attribute: bool,
    /// How it becomes the query's last column, [`GATE_TIME`].
    pub thread: Thread,
    /// Which columns it comes from, and how.
    pub lineage: Lineage,
    /// What becomes that column, as SQL.
    pub sql: String,
}

/// Edits that add the gate time as the last column, and what they change the columns of.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Thread {
    pub edits: Vec<Edit>,
    /// Relations below that get one more column: a `*` over them must be expanded.
    pub widened: BTreeSet<RelationId>,
    /// Views that are read through a copy of theirs with the gate time.
    pub siblings: Vec<Sibling>,
    /// Tables that are read through a gate of their own.
    pub tables: Vec<TableRead>,
}

/// Where a table is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableRead {
    pub table: EntryId,
    /// The name in the FROM clause.
    pub reference: Span,
    /// As in [`Sibling`].
    pub needs_alias: bool,
}

/// A view that is read through a copy: where the reference stands, and how the copy is made.
#[derive(Debug, Clone, Serialize)]
pub struct Sibling {
    pub view: EntryId,
    /// The name in the FROM clause.
    pub reference: Span,
    /// The reference needs an alias, the view's own name, so that qualified columns keep their meaning.
    pub needs_alias: bool,
    /// The copy has the gate time as one column more.
    pub adds_column: bool,
    pub thread: Thread,
}

impl Sibling {
    /// One copy serves all references of the same kind.
    pub fn key(&self) -> (EntryId, bool) {
        (self.view, self.thread.gates_sources())
    }
}

impl Thread {
    /// Is some table below read through a gate of its own?
    pub fn gates_sources(&self) -> bool {
        !self.tables.is_empty() || self.siblings.iter().any(|s| s.thread.gates_sources())
    }
}

/// What stands in a FROM clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum RelationId {
    Table(EntryId),
    View(EntryId),
    /// A derived table or a CTE, by where its query starts.
    Query(u32),
}

/// A `*` or `t.*` of some select list, and what it stands for.
#[derive(Debug, Clone, Serialize)]
pub struct Star {
    pub statement: StatementId,
    pub span: Span,
    pub over: Vec<RelationId>,
    /// The edits that list the columns; `Err` says why they cannot be listed.
    pub expansion: Result<Vec<Edit>, &'static str>,
}

/// The event time of a table: declared, or about to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceTime {
    pub column: String,
    pub ty: TimeType,
    /// A column that the user's queries do not know.
    pub hidden: bool,
    /// Two jobs do not agree on it, and that was asked for.
    pub by_the_clock: bool,
}

/// How the script uses the time columns of a table.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Uses {
    /// Columns that a query needs as a rowtime (a window's DESCRIPTOR and the like), with the place.
    pub required: BTreeMap<(EntryId, String), Span>,
    /// Columns whose attribute would change an operator or reach a sink, with the place.
    pub sensitive: BTreeMap<(EntryId, String), Span>,
    /// Tables that some query reads.
    pub read: BTreeSet<EntryId>,
    /// Tables that rows are looked up in, with a place.
    pub looked_up: BTreeMap<EntryId, Span>,
    /// Tables without an event time that are read to their end, beside a stream.
    pub bounded: BTreeSet<EntryId>,
    /// Tables that a temporal join reads a version of.
    pub versioned: BTreeSet<EntryId>,
    /// Where queries name tables and views, in order of statements.
    pub references: Vec<Reference>,
    /// Tables under an alias with a column list: one column more, and the list is too short.
    pub renamed: Vec<(EntryId, Span)>,
    /// `NATURAL` joins: they would join on a hidden column.
    pub natural_joins: Vec<Span>,
}

/// Where a query names a table or a view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reference {
    pub object: EntryId,
    pub statement: StatementId,
    pub span: Span,
    /// Its columns are qualified by its own name: it has no alias, but could have one.
    pub needs_alias: bool,
}

/// The whole script, analysed.
#[derive(Debug, Default)]
pub struct Times {
    /// By statement and by the position of the query's first byte.
    pub queries: BTreeMap<(StatementId, u32), QueryTime>,
    /// Likewise for derived tables.
    pub derived: BTreeMap<(StatementId, u32), QueryTime>,
    pub stars: Vec<Star>,
    pub uses: Uses,
}

/// Analyses every query of the script. `rowtimes` has the event time of each table that has one.
pub fn analyse(
    script: &Script,
    text: &str,
    catalog: &Catalog,
    rowtimes: &BTreeMap<EntryId, SourceTime>,
    version: FlinkVersion,
) -> Times {
    let mut analysis = query::Analysis::new(script, text, catalog, rowtimes, version);
    for (at, statement) in script.statements.iter().enumerate() {
        let into_sink = matches!(
            statement.kind,
            StatementKind::Insert(_) | StatementKind::StatementSet(_)
        );
        for query in queries_of(&statement.kind) {
            analysis.top_level(query, at, into_sink);
        }
    }
    analysis.finish()
}

/// The queries that stand directly in a statement.
fn queries_of(kind: &StatementKind) -> Vec<&Query> {
    match kind {
        StatementKind::CreateView(view) => vec![&view.query],
        StatementKind::Insert(insert) => vec![&insert.source],
        StatementKind::StatementSet(set) => set.inserts.iter().map(|i| &i.source).collect(),
        StatementKind::Query(query) => vec![query],
        StatementKind::CreateTable(table) => table.as_query.iter().collect(),
        StatementKind::Explain(explain) => queries_of(&explain.inner),
        _ => Vec::new(),
    }
}

/// The event times that the script's tables declare.
pub fn declared(catalog: &Catalog) -> BTreeMap<EntryId, SourceTime> {
    let mut declared = BTreeMap::new();
    for (id, entry) in catalog.entries.iter().enumerate() {
        let Some((table, watermark)) = entry.table().and_then(|t| Some((t, t.watermark.as_ref()?)))
        else {
            continue;
        };
        let [column] = &watermark.column[..] else {
            continue;
        };
        let column = table.column(column);
        let ty = column
            .and_then(|c| c.ty.as_ref())
            .and_then(|ty| TimeType::of(&ty.kind));
        if let (Some(column), Some(ty)) = (column, ty) {
            let column = column.name.clone();
            declared.insert(
                id,
                SourceTime {
                    column,
                    ty,
                    hidden: false,
                    by_the_clock: false,
                },
            );
        }
    }
    declared
}

/// Is the column a processing-time attribute by its declaration?
fn is_proctime(kind: &TableColumnKind) -> bool {
    matches!(kind, TableColumnKind::Computed { proctime: true })
}
