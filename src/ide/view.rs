use super::document::Document;
use super::slice::Slice;
use super::surroundings::Surroundings;
use crate::catalog::{Entry, EntryId, StatementId};
use crate::config::FlinkVersion;
use crate::outside::Outside;
use crate::steps::{Reading, Steps};
use crate::syntax::StatementKind;
use crate::text::Span;
use crate::time::QueryTime;

/// Bytes of statements that are read for one answer.
const NEAR: usize = 128 * 1024;

/// Some statements of a document as all stages read them.
pub struct View {
    slice: Slice,
    outside: Outside,
    version: FlinkVersion,
    pub read: Reading,
}

impl View {
    /// What the statement at a place depends on, with it.
    pub fn upstream(document: &Document, around: &Surroundings, offset: u32) -> Option<Self> {
        let at = document.piece_at(offset)?;
        Some(Self::of(document, around, &document.upstream(&[at])))
    }

    /// The same with what depends on it too, unless that is much.
    pub fn near(document: &Document, around: &Surroundings, offset: u32) -> Option<Self> {
        let at = document.piece_at(offset)?;
        let pieces = document.component(&[at], NEAR);
        let pieces = pieces.unwrap_or_else(|| document.upstream(&[at]));
        Some(Self::of(document, around, &pieces))
    }

    /// The whole document.
    pub fn whole(document: &Document, around: &Surroundings) -> Self {
        let all: Vec<usize> = (0..document.pieces().len()).collect();
        Self::of(document, around, &all)
    }

    pub fn of(document: &Document, around: &Surroundings, pieces: &[usize]) -> Self {
        let (slice, outside) = around.part(document, pieces);
        let steps = Steps {
            outside: &outside,
            settings: &around.settings,
        };
        let read = steps.reading(&slice.text);
        Self {
            slice,
            outside,
            version: document.version(),
            read,
        }
    }

    pub fn outside(&self) -> &Outside {
        &self.outside
    }

    /// A place of what was read in the document; `None` for a declaration from outside.
    pub fn to_document(&self, span: Span) -> Option<Span> {
        let span = self.outside.within(span)?;
        Some(self.slice.to_document(span))
    }

    /// A place of the document in what was read.
    pub fn of_document(&self, offset: u32) -> Option<u32> {
        Some(self.slice.of_document(offset)? + self.outside.end())
    }

    /// The statement at a place of what was read.
    pub fn statement(&self, at: u32) -> Option<StatementId> {
        let statements = &self.read.script.statements;
        let index = statements.partition_point(|s| s.span.start <= at);
        index.checked_sub(1)
    }

    pub fn version(&self) -> FlinkVersion {
        self.version
    }

    /// What a name means to the statement at a place of what was read. A statement that declares it means itself.
    pub fn resolve_whole(&self, name: &[&str], at: u32) -> Option<(EntryId, &Entry)> {
        let catalog = &self.read.catalog;
        let statement = self.statement(at);
        let found = catalog
            .resolve_id(name, statement.unwrap_or(0))
            .or_else(|| {
                let own = catalog.declared_by(statement?)?;
                let named = Some(catalog.entries[own].name.object()) == name.last().copied();
                named.then_some(own)
            });
        found.map(|id| (id, &catalog.entries[id]))
    }

    /// Is a place of what was read within a CREATE TABLE?
    pub fn is_in_definition(&self, span: Span) -> bool {
        let statement = self.statement(span.start);
        let kind = statement.map(|at| &self.read.script.statements[at].kind);
        matches!(kind, Some(StatementKind::CreateTable(_)))
    }

    /// What a view's query yields.
    pub fn query_of(&self, entry: &Entry) -> Option<&QueryTime> {
        let StatementKind::CreateView(create) = &self.read.script.statements[entry.created].kind
        else {
            return None;
        };
        let key = (entry.created, create.query.span.start);
        self.read.times.queries.get(&key)
    }
}
