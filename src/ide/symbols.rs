use super::document::Document;
use super::surroundings::Surroundings;
use super::view::View;
use crate::syntax::{ElementKind, Insert, ObjectName, Statement, StatementKind};
use crate::text::Span;

/// Something of a script that has a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    pub name: String,
    pub kind: SymbolKind,
    /// Beside the name: a type, a connector.
    pub detail: String,
    pub span: Span,
    /// Where the name stands, within `span`.
    pub name_span: Span,
    pub children: Vec<Symbol>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SymbolKind {
    Table,
    View,
    Column,
    Function,
    Insert,
    StatementSet,
}

/// The tables, views, functions and INSERTs of a document, in order.
pub fn symbols(document: &Document, around: &Surroundings) -> Vec<Symbol> {
    let view = View::whole(document, around);
    let statements = view.read.script.statements.iter();
    statements.filter_map(|s| symbol(&view, s)).collect()
}

fn symbol(view: &View, statement: &Statement) -> Option<Symbol> {
    let of = |name: &ObjectName, kind, detail: String, children| {
        Some(Symbol {
            name: name.object().to_owned(),
            kind,
            detail,
            span: view.to_document(statement.span)?,
            name_span: view.to_document(name.span)?,
            children,
        })
    };
    match &statement.kind {
        StatementKind::CreateTable(create) => {
            let elements = create.elements.iter().flat_map(|list| &list.elements);
            let columns = elements.filter_map(|element| {
                let ElementKind::Column(column) = &element.kind else {
                    return None;
                };
                let behind = Span::new(column.name.span.end, element.span.end);
                Some(Symbol {
                    name: column.name.value.clone(),
                    kind: SymbolKind::Column,
                    detail: behind.of(&view.read.whole).trim().to_owned(),
                    span: view.to_document(element.span)?,
                    name_span: view.to_document(column.name.span)?,
                    children: Vec::new(),
                })
            });
            let connector = create.option("connector").unwrap_or_default();
            of(
                &create.name,
                SymbolKind::Table,
                connector.to_owned(),
                columns.collect(),
            )
        }
        StatementKind::CreateView(create) => {
            of(&create.name, SymbolKind::View, String::new(), Vec::new())
        }
        StatementKind::CreateFunction(create) => {
            let class = create.class.value.clone();
            of(&create.name, SymbolKind::Function, class, Vec::new())
        }
        StatementKind::Insert(one) => insert(view, one),
        StatementKind::StatementSet(set) => {
            let span = view.to_document(statement.span)?;
            Some(Symbol {
                name: "STATEMENT SET".to_owned(),
                kind: SymbolKind::StatementSet,
                detail: String::new(),
                span,
                name_span: Span::new(span.start, span.start + 7),
                children: set.inserts.iter().filter_map(|i| insert(view, i)).collect(),
            })
        }
        _ => None,
    }
}

fn insert(view: &View, insert: &Insert) -> Option<Symbol> {
    Some(Symbol {
        name: format!("INSERT INTO {}", insert.target.object()),
        kind: SymbolKind::Insert,
        detail: String::new(),
        span: view.to_document(insert.span)?,
        name_span: view.to_document(insert.target.span)?,
        children: Vec::new(),
    })
}
