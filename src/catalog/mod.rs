//! Statements in order to tables, views and functions as they stand at each point of the script.

mod build;
pub mod connectors;
mod interval;
mod typing;

pub use build::scope;
pub use interval::{millis, watermark_delay};
pub use typing::{
    Lookup, arguments, calls_one_of, function_name, is_non_deterministic, is_proctime,
    non_deterministic_call, type_of,
};

use crate::syntax::{DataType, ObjectName};
use crate::text::Span;
use std::collections::BTreeMap;

/// Index of a top-level statement in [`crate::syntax::Script::statements`].
pub type StatementId = usize;

/// Everything that the script declares, in order of declaration.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    pub entries: Vec<Entry>,
    /// Names of the functions that the script creates, in order; lower case.
    pub functions: Vec<String>,
    /// Where each path stands in `entries`, in order.
    by_path: BTreeMap<[String; 3], Vec<EntryId>>,
    /// Likewise each object's own name.
    by_object: BTreeMap<String, Vec<EntryId>>,
    /// Which entries a statement made, also through a later ALTER.
    by_statement: BTreeMap<StatementId, Vec<EntryId>>,
    /// Current catalog and database from a statement on; the first is Flink's default.
    current: Vec<(StatementId, [String; 2])>,
}

/// Index into [`Catalog::entries`].
pub type EntryId = usize;

/// One table or view, from the statement that makes it to the one that drops it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Always three parts: what the script left out is filled from `USE` or Flink's defaults
    /// (`default_catalog`.`default_database`).
    pub path: [String; 3],
    pub name: ObjectName,
    pub temporary: bool,
    /// The statement that declares it.
    pub created: StatementId,
    /// It is there as described from the statement after this one on: later than `created` where an
    /// ALTER made it so.
    pub since: StatementId,
    pub dropped: Option<StatementId>,
    pub object: Object,
}

#[derive(Debug, Clone)]
pub enum Object {
    Table(Table),
    /// Its query is in the statement that created it.
    View {
        columns: Option<Vec<String>>,
    },
}

/// A table's schema. The columns of a `LIKE` stand first, as Flink puts them.
#[derive(Debug, Clone, Default)]
pub struct Table {
    pub columns: Vec<TableColumn>,
    /// Empty when there is none.
    pub primary_key: Vec<String>,
    pub watermark: Option<TableWatermark>,
    pub partitioned_by: Vec<String>,
    pub options: BTreeMap<String, String>,
    /// False where columns may be missing here: no column list, or a `LIKE` of an unknown table.
    pub complete: bool,
    /// Some columns come from the table of a `LIKE` clause.
    pub inherits: bool,
}

#[derive(Debug, Clone)]
pub struct TableColumn {
    pub name: String,
    /// `None` where the type of a computed column is not known.
    pub ty: Option<DataType>,
    pub kind: TableColumnKind,
    /// The column's name where it is declared.
    pub span: Span,
    /// A computed column's expression, in bytes of the text.
    pub expr: Option<Span>,
    /// Computed by something that two jobs do not agree on; the call that is to blame.
    pub non_deterministic: Option<String>,
    /// Computed as `COALESCE(…, literal)`: rows without a value share that one.
    pub stands_in_for_null: bool,
    /// Computed by a function that is not Flink's own.
    pub calls_user_function: bool,
    /// Inherited through `LIKE`.
    pub inherited: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableColumnKind {
    Physical,
    Metadata { key: String, is_virtual: bool },
    Computed { proctime: bool },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableWatermark {
    /// One part, or several for a nested field.
    pub column: Vec<String>,
    pub span: Span,
    /// Where its expression stands.
    pub expr: Span,
    /// How far it stays behind the column, in milliseconds; `None` where the expression is not
    /// `column` or `column - INTERVAL …`.
    pub delay_ms: Option<u64>,
}

impl Catalog {
    /// The table or view that `name` means for statement `at`. Qualified by `USE` as it stands there;
    /// a temporary object hides a permanent one of the same path.
    pub fn resolve(&self, name: &[&str], at: StatementId) -> Option<&Entry> {
        self.resolve_id(name, at).map(|id| &self.entries[id])
    }

    pub fn resolve_id(&self, name: &[&str], at: StatementId) -> Option<EntryId> {
        let path = self.qualify(name, at)?;
        let alive = |e: &Entry| e.since < at && e.dropped.is_none_or(|dropped| dropped >= at);
        let entries = self.by_path.get(&path)?;
        let found = |temporary: bool| {
            let is_it = |id: &&EntryId| {
                let entry = &self.entries[**id];
                entry.temporary == temporary && alive(entry)
            };
            entries.iter().rev().find(is_it).copied()
        };
        found(true).or_else(|| found(false))
    }

    /// Is there another table of the same name, in another database or catalog?
    pub fn shares_name(&self, entry: &Entry) -> bool {
        let all = self.by_object.get(entry.name.object());
        let mut all = all.into_iter().flatten().map(|id| &self.entries[*id]);
        all.any(|other| other.path != entry.path && other.table().is_some())
    }

    /// A table or view as its statement made it, and as each ALTER left it.
    pub fn versions(&self, created: StatementId) -> impl Iterator<Item = &Entry> {
        let ids = self.by_statement.get(&created);
        ids.into_iter().flatten().map(|id| &self.entries[*id])
    }

    /// The table or view that a statement declares, as it stands right behind it.
    pub fn declared_by(&self, statement: StatementId) -> Option<EntryId> {
        let ids = self.by_statement.get(&statement)?;
        ids.first().copied()
    }

    /// The full path of a name as statement `at` reads it; `None` for more than three parts.
    pub fn qualify(&self, name: &[&str], at: StatementId) -> Option<[String; 3]> {
        let index = self.current.partition_point(|(from, _)| *from <= at);
        let [catalog, database] = match index.checked_sub(1) {
            Some(i) => self.current[i].1.clone(),
            None => default_path(),
        };
        match *name {
            [object] => Some([catalog, database, object.to_owned()]),
            [database, object] => Some([catalog, database.to_owned(), object.to_owned()]),
            [catalog, database, object] => {
                Some([catalog.to_owned(), database.to_owned(), object.to_owned()])
            }
            _ => None,
        }
    }
}

const DEFAULT_CATALOG: &str = "default_catalog";
const DEFAULT_DATABASE: &str = "default_database";

/// Catalog and database that a session starts with.
fn default_path() -> [String; 2] {
    [DEFAULT_CATALOG.to_owned(), DEFAULT_DATABASE.to_owned()]
}

impl Entry {
    pub fn table(&self) -> Option<&Table> {
        match &self.object {
            Object::Table(table) => Some(table),
            Object::View { .. } => None,
        }
    }
}

impl Table {
    /// What an INSERT writes: physical columns and metadata columns that are not virtual, in order.
    pub fn sink_columns(&self) -> impl Iterator<Item = &TableColumn> {
        self.columns.iter().filter(|c| match c.kind {
            TableColumnKind::Physical => true,
            TableColumnKind::Metadata { is_virtual, .. } => !is_virtual,
            TableColumnKind::Computed { .. } => false,
        })
    }

    pub fn column(&self, name: &str) -> Option<&TableColumn> {
        self.columns.iter().find(|c| c.name == name)
    }
}
