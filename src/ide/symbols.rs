use super::document::Document;
use crate::parser;
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
pub fn symbols(document: &Document) -> Vec<Symbol> {
    let (script, _) = parser::parse(document.text(), document.version());
    let statements = script.statements.iter();
    statements
        .filter_map(|s| symbol(document.text(), s))
        .collect()
}

fn symbol(text: &str, statement: &Statement) -> Option<Symbol> {
    let of = |name: &ObjectName, kind, detail: String, children| Symbol {
        name: name.object().to_owned(),
        kind,
        detail,
        span: statement.span,
        name_span: name.span,
        children,
    };
    Some(match &statement.kind {
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
                    detail: behind.of(text).trim().to_owned(),
                    span: element.span,
                    name_span: column.name.span,
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
        StatementKind::Insert(one) => insert(one),
        StatementKind::StatementSet(set) => {
            let span = statement.span;
            Symbol {
                name: "STATEMENT SET".to_owned(),
                kind: SymbolKind::StatementSet,
                detail: String::new(),
                span,
                name_span: Span::new(span.start, span.start + 7),
                children: set.inserts.iter().map(insert).collect(),
            }
        }
        _ => return None,
    })
}

fn insert(insert: &Insert) -> Symbol {
    Symbol {
        name: format!("INSERT INTO {}", insert.target.object()),
        kind: SymbolKind::Insert,
        detail: String::new(),
        span: insert.span,
        name_span: insert.target.span,
        children: Vec::new(),
    }
}
