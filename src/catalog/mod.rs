//! Statements in order to tables, views and functions as they stand at each point of the script.

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
}

/// One table or view, from the statement that makes it to the one that drops it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Always three parts: what the script left out is filled from `USE` or Flink's defaults
    /// (`default_catalog`.`default_database`).
    pub path: [String; 3],
    pub name: ObjectName,
    pub temporary: bool,
    pub created: StatementId,
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

#[derive(Debug, Clone)]
pub struct Table {
    pub columns: Vec<TableColumn>,
    /// Empty when there is none.
    pub primary_key: Vec<String>,
    pub watermark: Option<TableWatermark>,
    pub partitioned_by: Vec<String>,
    pub options: BTreeMap<String, String>,
}

#[derive(Debug, Clone)]
pub struct TableColumn {
    pub name: String,
    /// `None` where the type of a computed column is not known.
    pub ty: Option<DataType>,
    pub kind: TableColumnKind,
    pub span: Span,
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
}

impl Catalog {
    /// The table or view that `name` means for statement `at`. Qualified by `USE` as it stands there;
    /// a temporary object hides a permanent one of the same path.
    pub fn resolve(&self, name: &[&str], at: StatementId) -> Option<&Entry> {
        let _ = (name, at);
        unimplemented!("written with the catalog stage")
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
