//! Where tables and views are declared and named, and what becomes of a script when one gets another name.

use super::document::Document;
use super::scope::{self, Tokens};
use super::surroundings::Surroundings;
use super::view::View;
use crate::catalog::{Entry, EntryId};
use crate::diagnostic::Diagnostic;
use crate::lexer::{TokenKind, keywords, unescape_ident};
use crate::parser;
use crate::plan::inserts;
use crate::syntax::{AlterAction, ObjectName, StatementKind};
use crate::text::{Edit, EditSet, Span};
use crate::time::quote;
use std::collections::BTreeSet;

/// Where something is declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In the document.
    Here(Span),
    /// In a file of the catalog; line and column are 1-based.
    Outside {
        file: String,
        line: u32,
        column: u32,
    },
}

/// A table or a view that a word of the document names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    pub name: String,
    /// The word.
    pub span: Span,
    pub place: Place,
}

/// Where the table, the view or the column at a place is declared.
pub fn definition(document: &Document, around: &Surroundings, offset: u32) -> Option<Declaration> {
    let view = View::upstream(document, around, offset)?;
    let at = view.of_document(offset)?;
    if let Some((id, span)) = named(&view, at) {
        let entry = &view.read.catalog.entries[id];
        return declaration(&view, entry.name.object(), span, entry.name.span);
    }
    let tokens = Tokens::at(&view, at);
    let index = tokens
        .tokens
        .iter()
        .position(|t| t.span.start <= at && at <= t.span.end)?;
    let name = tokens.ident(index, &view)?;
    let qualifier = (index >= 2 && tokens.word(index - 1) == ".")
        .then(|| tokens.ident(index - 2, &view))
        .flatten();
    let relations = scope::relations(&view, at);
    let mut relations = relations
        .iter()
        .filter(|r| qualifier.as_ref().is_none_or(|q| r.name == *q));
    let column = relations.find_map(|r| r.columns.iter().find(|c| c.name == name))?;
    let (_, declared) = column.declared.as_ref()?;
    declaration(&view, &name, tokens.tokens[index].span, *declared)
}

fn declaration(view: &View, name: &str, span: Span, declared: Span) -> Option<Declaration> {
    let place = match view.to_document(declared) {
        Some(span) => Place::Here(span),
        None => {
            let (file, line, column) = view.outside().place_of(declared)?;
            Place::Outside { file, line, column }
        }
    };
    Some(Declaration {
        name: name.to_owned(),
        span: view.to_document(span)?,
        place,
    })
}

/// The table or view that is named at a place of what was read, and its own name there.
fn named(view: &View, at: u32) -> Option<(EntryId, Span)> {
    let all = mentions(view);
    let found = all
        .into_iter()
        .find(|(_, span)| span.start <= at && at <= span.end)?;
    Some((found.0, last_part(view, found.1)))
}

/// Every place that names a table or a view, with its path.
fn mentions(view: &View) -> Vec<(EntryId, Span)> {
    let read = &view.read;
    let catalog = &read.catalog;
    let mut found: Vec<(EntryId, Span)> = read
        .times
        .uses
        .references
        .iter()
        .map(|r| (r.object, r.span))
        .collect();
    for (at, statement) in read.script.statements.iter().enumerate() {
        let mut add = |name: &ObjectName, at: usize| {
            if let Some(id) = catalog.resolve_id(&name.path(), at) {
                found.push((id, name.span));
            }
        };
        match &statement.kind {
            StatementKind::CreateTable(create) => {
                if let Some(like) = &create.like {
                    add(&like.source, at);
                }
            }
            StatementKind::AlterTable(alter) => {
                add(&alter.name, at);
                if let AlterAction::RenameTo(name) = &alter.action {
                    add(name, at + 1);
                }
            }
            StatementKind::Drop(drop) if drop.object == "TABLE" || drop.object == "VIEW" => {
                add(&drop.name, at);
            }
            StatementKind::Insert(insert) => add(&insert.target, at),
            StatementKind::StatementSet(set) => {
                set.inserts
                    .iter()
                    .for_each(|insert| add(&insert.target, at));
            }
            _ => {}
        }
        if let Some(id) = catalog.declared_by(at) {
            found.push((id, catalog.entries[id].name.span));
        }
    }
    found.sort_by_key(|(_, span)| *span);
    found.dedup();
    found
}

/// Of `a.b.c` the place of `c`.
fn last_part(view: &View, span: Span) -> Span {
    let tokens = &view.read.script.tokens;
    let from = tokens.partition_point(|t| t.span.start < span.start);
    let inside = tokens[from..].iter().take_while(|t| t.span.end <= span.end);
    let words = inside.filter(|t| matches!(t.kind, TokenKind::Word | TokenKind::QuotedIdent));
    words.last().map_or(span, |t| t.span)
}

/// The object that a statement declared first: an ALTER makes another version of the same one.
fn same(view: &View, one: EntryId, other: EntryId) -> bool {
    let entries = &view.read.catalog.entries;
    let of = |e: &Entry| (e.created, e.path.clone());
    of(&entries[one]) == of(&entries[other])
}

/// Every place that names the table or view at a place, its declaration included.
pub fn references(document: &Document, around: &Surroundings, offset: u32) -> Vec<Span> {
    let view = View::whole(document, around);
    let places = || {
        let (id, _) = named(&view, view.of_document(offset)?)?;
        Some(places(&view, id))
    };
    let places = places().unwrap_or_default();
    places
        .into_iter()
        .filter_map(|span| view.to_document(span))
        .collect()
}

fn places(view: &View, id: EntryId) -> Vec<Span> {
    let all = mentions(view)
        .into_iter()
        .filter(|(other, _)| same(view, id, *other));
    let mut spans: Vec<Span> = all.map(|(_, span)| last_part(view, span)).collect();
    spans.sort();
    spans.dedup();
    spans
}

/// What can get another name at a place: the place of the word, and the name.
///
/// # Errors
/// Why it cannot, for the user.
pub fn nameable(
    document: &Document,
    around: &Surroundings,
    offset: u32,
) -> Result<(Span, String), String> {
    let view = View::whole(document, around);
    let (id, span) = target(&view, offset)?;
    let name = view.read.catalog.entries[id].name.object();
    Ok((span, name.to_owned()))
}

/// What can get another name at a place, and the place of the word.
fn target(view: &View, offset: u32) -> Result<(EntryId, Span), String> {
    let found = view.of_document(offset).and_then(|at| named(view, at));
    let (id, span) = found.ok_or(
        "only tables and views can be renamed here: columns name fields of the data, and aliases stand in one query",
    )?;
    let entry = &view.read.catalog.entries[id];
    if view.to_document(entry.name.span).is_none() {
        let place = view.outside().origin(entry.name.span).unwrap_or_default();
        return Err(format!(
            "`{}` is declared in {place}, which other scripts may read too",
            entry.name.object()
        ));
    }
    let span = view
        .to_document(span)
        .ok_or("it is declared outside of the script")?;
    Ok((id, span))
}

/// The edits that give the table or view at a place another name, wherever the script names it.
///
/// # Errors
/// Why it cannot have that name, for the user.
pub fn rename(
    document: &Document,
    around: &Surroundings,
    offset: u32,
    name: &str,
) -> Result<Vec<Edit>, String> {
    let view = View::whole(document, around);
    let (id, _) = target(&view, offset)?;
    let name = name.trim();
    let name = match name.strip_prefix('`') {
        Some(_) => unescape_ident(name),
        None => name.to_owned(),
    };
    if name.is_empty() || name.contains(['\n', '\r']) {
        return Err("a name has at least one character, and no line end".to_owned());
    }
    let Entry {
        path, name: old, ..
    } = &view.read.catalog.entries[id];
    let taken = |e: &&Entry| e.path[..2] == path[..2] && e.path[2] == name;
    if let Some(other) = view.read.catalog.entries.iter().find(taken) {
        let line = document
            .lines()
            .line(view.to_document(other.name.span).map_or(0, |s| s.start));
        return Err(format!(
            "`{name}` is declared already, in line {}",
            line + 1
        ));
    }
    let is_plain = name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && !keywords::is_reserved(&name, document.version());
    let written = if is_plain { name.clone() } else { quote(&name) };
    let mut spans = places(&view, id);
    spans.extend(qualifiers(&view, id, old.object()));
    spans.sort();
    spans.dedup();
    let edits = spans.iter().filter_map(|span| view.to_document(*span));
    let edits: Vec<Edit> = edits
        .map(|span| Edit::replace(span, written.clone()))
        .collect();
    keeps_meaning(document, &view, around, &edits)?;
    Ok(edits)
}

/// `old.column` in queries that read the object without an alias.
fn qualifiers(view: &View, id: EntryId, old: &str) -> Vec<Span> {
    let script = &view.read.script;
    let mut reading: BTreeSet<usize> = BTreeSet::new();
    for reference in &view.read.times.uses.references {
        if same(view, id, reference.object) {
            reading.insert(reference.statement);
        }
    }
    let mut found = Vec::new();
    for at in reading {
        let tokens = &script.tokens[script.statements[at].tokens.clone()];
        let tokens: Vec<_> = tokens.iter().filter(|t| !t.kind.is_trivia()).collect();
        for (index, pair) in tokens.windows(2).enumerate() {
            let text = pair[0].span.of(&view.read.whole);
            let name = match pair[0].kind {
                TokenKind::QuotedIdent => unescape_ident(text),
                TokenKind::Word => text.to_owned(),
                _ => continue,
            };
            let is_dotted = pair[1].span.of(&view.read.whole) == ".";
            let is_first = index == 0 || tokens[index - 1].span.of(&view.read.whole) != ".";
            if !(name == old && is_dotted && is_first) {
                continue;
            }
            let relations = scope::relations(view, pair[0].span.start);
            let is_it = relations.iter().find(|r| r.name == old).is_some_and(|r| {
                let path = r.object.as_deref().unwrap_or_default();
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                let meant = view.resolve_whole(&path, pair[0].span.start);
                meant.is_some_and(|(other, _)| same(view, id, other))
            });
            if is_it {
                found.push(pair[0].span);
            }
        }
    }
    found
}

/// With its new names a script has to say what it said.
fn keeps_meaning(
    document: &Document,
    before: &View,
    around: &Surroundings,
    edits: &[Edit],
) -> Result<(), String> {
    let errors = |text: &str| -> Vec<&'static str> {
        let (_, found) = parser::parse(text, document.version());
        found
            .iter()
            .filter(|d| d.is_error())
            .map(|d: &Diagnostic| d.name)
            .collect()
    };
    let set = EditSet::new(edits.to_vec()).map_err(|e| e.to_string())?;
    let (after, _) = set.apply(document.text()).map_err(|e| e.to_string())?;
    let shape = |view: &View| {
        let references = view.read.times.uses.references.len();
        let inserts = inserts::all(view.read.input(&around.settings));
        let sinks = inserts.iter().filter(|place| {
            let target = place.insert.target.path();
            view.read
                .catalog
                .resolve_id(&target, place.statement)
                .is_some()
        });
        (references, sinks.count())
    };
    let same = errors(document.text()) == errors(&after) && {
        let renamed = Document::new(after, document.version());
        shape(before) == shape(&View::whole(&renamed, around))
    };
    match same {
        true => Ok(()),
        false => Err("the script would not mean the same with that name".to_owned()),
    }
}
