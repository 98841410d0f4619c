//! What a script consists of: plain structs, each with its byte range.
//!
//! Architecture invariant: nothing here reads tokens or text; the parser fills these in, everything
//! later only reads them.

mod types;

pub use types::{DataType, Field, TypeKind};

use crate::lexer::Token;
use crate::text::Span;
use sqlparser::ast;
use std::ops::Range;

/// Indexes into [`Script::tokens`], half-open, without trivia at its ends.
pub type TokenRange = Range<usize>;

#[derive(Debug, Clone)]
pub struct Script {
    pub tokens: Vec<Token>,
    /// In source order; they cover every token that is not trivia or a semicolon between statements.
    pub statements: Vec<Statement>,
    /// The first statements may be declarations from outside of the script, of several texts: how many
    /// there are up to the end of each. See [`crate::outside`].
    pub outside: Vec<usize>,
}

impl Script {
    /// Is a statement, by its index, no part of the user's script?
    pub fn is_outside(&self, statement: usize) -> bool {
        self.outside.last().is_some_and(|end| statement < *end)
    }
}

#[derive(Debug, Clone)]
pub struct Statement {
    /// First to last token, without the semicolon.
    pub span: Span,
    pub tokens: TokenRange,
    pub semicolon: Option<Span>,
    pub kind: StatementKind,
}

#[derive(Debug, Clone)]
pub enum StatementKind {
    CreateTable(Box<CreateTable>),
    CreateView(Box<CreateView>),
    CreateFunction(Box<CreateFunction>),
    AlterTable(Box<AlterTable>),
    Drop(Box<Drop>),
    Insert(Box<Insert>),
    /// `EXECUTE STATEMENT SET BEGIN … END`.
    StatementSet(Box<StatementSet>),
    /// `BEGIN STATEMENT SET`: the statements up to `END` are one job.
    BeginStatementSet,
    /// `END`, which closes a `BEGIN STATEMENT SET`.
    EndStatementSet,
    /// A query that stands alone (also `EXECUTE SELECT …`).
    Query(Box<Query>),
    /// `EXPLAIN …` or `COMPILE [AND EXECUTE] PLAN … FOR …`: what is explained or compiled.
    Explain(Box<Explain>),
    /// `USE [CATALOG] name`.
    Use {
        catalog: bool,
        name: ObjectName,
    },
    Set(Option<Setting>),
    Reset(Option<Literal>),
    /// Read whole, but nothing in it concerns a rewrite. Holds Flink's name for it, as `SHOW TABLES`.
    Other(&'static str),
    /// Could not be read; a diagnostic says why.
    Invalid,
}

/// One part of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ident {
    /// Without backticks, `` `` `` resolved.
    pub value: String,
    pub span: Span,
}

/// `[[catalog .] database .] object`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectName {
    pub parts: Vec<Ident>,
    pub span: Span,
}

/// A string in quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal {
    /// Unescaped.
    pub value: String,
    pub span: Span,
}

#[derive(Debug, Clone)]
pub struct CreateTable {
    pub temporary: bool,
    pub or_replace: bool,
    pub if_not_exists: bool,
    pub name: ObjectName,
    /// `( … )` after the name.
    pub elements: Option<ElementList>,
    pub comment: Option<Literal>,
    pub distribution: Option<Span>,
    pub partitioned_by: Vec<Ident>,
    pub options: Option<OptionList>,
    pub like: Option<Like>,
    /// `AS query` (CTAS, RTAS).
    pub as_query: Option<Query>,
}

#[derive(Debug, Clone)]
pub struct ElementList {
    pub open: Span,
    pub close: Span,
    pub elements: Vec<Element>,
}

#[derive(Debug, Clone)]
pub struct Element {
    /// Without the comma.
    pub span: Span,
    pub kind: ElementKind,
}

#[derive(Debug, Clone)]
pub enum ElementKind {
    Column(Column),
    Watermark(Watermark),
    PrimaryKey(Vec<Ident>),
    Unique(Vec<Ident>),
}

#[derive(Debug, Clone)]
pub struct Column {
    pub name: Ident,
    pub kind: ColumnKind,
    pub comment: Option<Literal>,
}

#[derive(Debug, Clone)]
pub enum ColumnKind {
    /// `inline_key`: `PRIMARY KEY` stands on the column itself.
    Physical {
        ty: DataType,
        inline_key: bool,
    },
    Metadata {
        ty: DataType,
        key: Option<Literal>,
        is_virtual: bool,
    },
    Computed {
        expr: Expr,
    },
    /// A bare name in a CTAS column list (2.0 on).
    Bare,
}

#[derive(Debug, Clone)]
pub struct Watermark {
    /// One part, or several for a nested field.
    pub column: Vec<Ident>,
    pub expr: Expr,
}

#[derive(Debug, Clone)]
pub struct OptionList {
    /// `( … )`, parentheses included.
    pub span: Span,
    pub options: Vec<TableOption>,
}

#[derive(Debug, Clone)]
pub struct TableOption {
    pub key: Literal,
    pub value: Literal,
}

#[derive(Debug, Clone)]
pub struct Like {
    /// From `LIKE` to its end.
    pub span: Span,
    pub source: ObjectName,
    pub options: Vec<LikeOption>,
}

/// `INCLUDING ALL` and the like, in upper case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LikeOption {
    pub strategy: String,
    pub feature: String,
}

#[derive(Debug, Clone)]
pub struct CreateView {
    pub temporary: bool,
    pub or_replace: bool,
    pub if_not_exists: bool,
    pub name: ObjectName,
    pub columns: Option<ColumnList>,
    pub query: Query,
}

#[derive(Debug, Clone)]
pub struct ColumnList {
    /// `( … )`, parentheses included.
    pub span: Span,
    pub columns: Vec<Ident>,
}

#[derive(Debug, Clone)]
pub struct CreateFunction {
    pub temporary: bool,
    pub system: bool,
    pub name: ObjectName,
    pub class: Literal,
}

#[derive(Debug, Clone)]
pub struct AlterTable {
    pub name: ObjectName,
    pub action: AlterAction,
}

#[derive(Debug, Clone)]
pub enum AlterAction {
    /// `ADD (…)` or `ADD …`: the columns, keys and watermark added.
    Add(Vec<Element>),
    Modify(Vec<Element>),
    DropWatermark,
    RenameTo(ObjectName),
    SetOptions(OptionList),
    /// Anything else.
    Other,
}

#[derive(Debug, Clone)]
pub struct Drop {
    /// `TABLE`, `VIEW`, `FUNCTION`, `DATABASE`, `CATALOG`, `MODEL`, …
    pub object: &'static str,
    pub temporary: bool,
    pub if_exists: bool,
    pub name: ObjectName,
}

/// `[EXECUTE] INSERT { INTO | OVERWRITE } target [/*+ hints */] [PARTITION (…)] [(columns)] query [ON CONFLICT …]`.
#[derive(Debug, Clone)]
pub struct Insert {
    /// From `INSERT` (or `EXECUTE`) to the end.
    pub span: Span,
    pub overwrite: bool,
    pub target: ObjectName,
    pub hints: Vec<Span>,
    pub partition: Option<Partition>,
    pub columns: Option<ColumnList>,
    /// Also `VALUES …`, `TABLE t` and queries in parentheses.
    pub source: Query,
    pub on_conflict: Option<Span>,
}

/// `PARTITION (name = value, …)`.
#[derive(Debug, Clone)]
pub struct Partition {
    /// From `PARTITION` to its `)`.
    pub span: Span,
    pub columns: Vec<Ident>,
}

#[derive(Debug, Clone)]
pub struct StatementSet {
    pub inserts: Vec<Insert>,
}

#[derive(Debug, Clone)]
pub struct Explain {
    pub inner: StatementKind,
    /// True for `COMPILE AND EXECUTE PLAN` and `EXPLAIN`-less forms that run what they hold.
    pub executes: bool,
}

/// `SET 'key' = 'value'` or `SET key = value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    pub key: Literal,
    pub value: Literal,
    pub quoted: bool,
}

/// A query: its range and sqlparser's tree, whose locations hold byte offsets
/// (see [`crate::parser::byte_span`]).
#[derive(Debug, Clone)]
pub struct Query {
    pub span: Span,
    pub tokens: TokenRange,
    pub ast: Box<ast::Query>,
}

/// An expression in a DDL statement (computed column, watermark).
#[derive(Debug, Clone)]
pub struct Expr {
    pub span: Span,
    pub tokens: TokenRange,
    pub ast: Box<ast::Expr>,
}

impl StatementKind {
    /// The columns, keys and the watermark that a CREATE TABLE or an ALTER TABLE declares.
    pub fn elements(&self) -> &[Element] {
        match self {
            Self::CreateTable(create) => create.elements.as_ref().map_or(&[], |l| &l.elements),
            Self::AlterTable(alter) => match &alter.action {
                AlterAction::Add(elements) | AlterAction::Modify(elements) => elements,
                _ => &[],
            },
            _ => &[],
        }
    }
}

impl ObjectName {
    /// The parts' values, as [`crate::catalog::Catalog::resolve`] takes them.
    pub fn path(&self) -> Vec<&str> {
        self.parts.iter().map(|p| p.value.as_str()).collect()
    }

    /// The last part.
    pub fn object(&self) -> &str {
        &self.parts[self.parts.len() - 1].value
    }
}

impl Like {
    /// Is a feature (`WATERMARKS`, `GENERATED`, …) left out of the copy? Everything is included unless
    /// an option says otherwise; an option for the feature itself goes before `ALL`.
    /// Source: Flink docs, CREATE TABLE, "LIKE".
    pub fn excludes(&self, feature: &str) -> bool {
        let strategy = |name: &str| {
            self.options
                .iter()
                .find(|o| o.feature == name)
                .map(|o| o.strategy.as_str())
        };
        strategy(feature).or(strategy("ALL")) == Some("EXCLUDING")
    }
}

impl ElementList {
    pub fn columns(&self) -> impl Iterator<Item = &Column> {
        self.elements.iter().filter_map(|e| match &e.kind {
            ElementKind::Column(column) => Some(column),
            _ => None,
        })
    }

    pub fn watermark(&self) -> Option<&Watermark> {
        self.elements.iter().find_map(|e| match &e.kind {
            ElementKind::Watermark(watermark) => Some(watermark),
            _ => None,
        })
    }
}

impl CreateTable {
    /// The value of a table option.
    pub fn option(&self, key: &str) -> Option<&str> {
        let options = &self.options.as_ref()?.options;
        options
            .iter()
            .rev()
            .find(|o| o.key.value == key)
            .map(|o| o.value.value.as_str())
    }
}
