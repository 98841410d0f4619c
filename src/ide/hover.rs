//! What stands behind a word.

use super::document::Document;
use super::scope::{self, Column, Tokens};
use super::surroundings::Surroundings;
use super::view::View;
use super::words::time_of_column;
use crate::catalog::{Entry, EntryId, Object, TableColumn, TableColumnKind, connectors};
use crate::lexer::{TokenKind, lex, unescape_ident};
use crate::lint::rules;
use crate::text::Span;
use crate::validate;

/// An explanation in Markdown, and what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    pub span: Span,
    pub markdown: String,
}

pub fn hover(document: &Document, around: &Surroundings, offset: u32) -> Option<Hover> {
    if let Some(rule) = rule(document, offset) {
        return Some(rule);
    }
    let view = View::near(document, around, offset)?;
    let at = view.of_document(offset)?;
    let tokens = Tokens::at(&view, at);
    let index = tokens
        .tokens
        .iter()
        .position(|t| t.span.start <= at && at <= t.span.end)?;
    // Between two tokens the word counts, not the sign.
    let is_word = |i: usize| {
        let kind = tokens.tokens.get(i).map(|t| t.kind);
        matches!(kind, Some(TokenKind::Word | TokenKind::QuotedIdent))
    };
    let next = tokens
        .tokens
        .get(index + 1)
        .is_some_and(|t| t.span.start <= at);
    let index = if !is_word(index) && next {
        index + 1
    } else {
        index
    };
    let span = view.to_document(tokens.tokens.get(index)?.span)?;
    let markdown = word(&view, &tokens, index, at)?;
    Some(Hover { span, markdown })
}

/// The documentation of a rule that a comment names.
fn rule(document: &Document, offset: u32) -> Option<Hover> {
    let piece = &document.pieces()[document.piece_at(offset)?];
    let tokens = lex(piece.span.of(document.text()), document.version());
    let at = offset - piece.span.start;
    let comment = tokens
        .iter()
        .find(|t| t.span.start <= at && at <= t.span.end)?;
    if !matches!(
        comment.kind,
        TokenKind::LineComment | TokenKind::BlockComment
    ) {
        return None;
    }
    let start = piece.span.start + comment.span.start;
    let text = comment.span.of(piece.span.of(document.text()));
    text.contains("tidegate:").then_some(())?;
    let is_part = |c: char| c.is_alphanumeric() || c == '-';
    let here = (offset - start) as usize;
    let from = text[..here].rfind(|c| !is_part(c)).map_or(0, |i| i + 1);
    let to = text[here..]
        .find(|c| !is_part(c))
        .map_or(text.len(), |i| here + i);
    let rule = rules::find(&text[from..to]).ok()?;
    Some(Hover {
        span: Span::new(start + from as u32, start + to as u32),
        markdown: rule.page(),
    })
}

fn word(view: &View, tokens: &Tokens<'_>, index: usize, at: u32) -> Option<String> {
    let token = tokens.tokens[index];
    let text = token.span.of(tokens.text);
    let name = match token.kind {
        TokenKind::QuotedIdent => unescape_ident(text),
        TokenKind::Word => text.to_owned(),
        _ => return None,
    };
    let is_call = tokens.word(index + 1) == "(";
    let qualifier = (index >= 2 && tokens.word(index - 1) == ".")
        .then(|| tokens.ident(index - 2, view))
        .flatten();
    let relations = scope::relations(view, at);
    if let Some(qualifier) = &qualifier {
        let relation = relations.iter().find(|r| r.name == *qualifier);
        if let Some(column) = relation.and_then(|r| r.columns.iter().find(|c| c.name == name)) {
            return Some(described(view, column, Some(qualifier)));
        }
    }
    if let Some(declared) = declared_column(view, &name, at) {
        return Some(declared);
    }
    if !is_call || view.resolve_whole(&[&name], at).is_some() {
        let mut path: Vec<String> = vec![name.clone()];
        let mut first = index;
        while first >= 2 && tokens.word(first - 1) == "." {
            let Some(part) = tokens.ident(first - 2, view) else {
                break;
            };
            path.insert(0, part);
            first -= 2;
        }
        let parts: Vec<&str> = path.iter().map(String::as_str).collect();
        let column = relations
            .iter()
            .flat_map(|r| &r.columns)
            .find(|c| c.name == name);
        let names_table = || {
            let before = index
                .checked_sub(1)
                .map_or("", |i| tokens.word(first.min(i + 1).saturating_sub(1)));
            let words = [
                "FROM",
                "JOIN",
                "INTO",
                "TABLE",
                "VIEW",
                "EXISTS",
                "OVERWRITE",
                "LIKE",
                ",",
                "UPDATE",
            ];
            words.iter().any(|w| before.eq_ignore_ascii_case(w))
        };
        match (view.resolve_whole(&parts, at), column) {
            (Some((id, entry)), None) => return Some(object(view, id, entry)),
            (Some((id, entry)), Some(_)) if names_table() => return Some(object(view, id, entry)),
            (_, Some(column)) if qualifier.is_none() && !is_call => {
                return Some(described(view, column, None));
            }
            _ => {}
        }
        if let Some(relation) = relations
            .iter()
            .find(|r| r.name == name && qualifier.is_none())
        {
            let path = relation.object.as_deref().unwrap_or_default();
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            if let Some((id, entry)) = view.resolve_whole(&path, at) {
                return Some(object(view, id, entry));
            }
            let columns: Vec<String> = relation.columns.iter().map(line).collect();
            return Some(format!("`{name}`: a query\n\n{}", columns.join("\n")));
        }
    }
    is_call.then(|| function(&name)).flatten()
}

/// A column where its CREATE TABLE declares it.
fn declared_column(view: &View, name: &str, at: u32) -> Option<String> {
    let statement = view.statement(at)?;
    let id = view.read.catalog.declared_by(statement)?;
    let entry = &view.read.catalog.entries[id];
    let column = entry.table()?.column(name)?;
    let elements = view.read.script.statements[statement].kind.elements();
    let (first, last) = (elements.first()?, elements.last()?);
    first
        .span
        .cover(last.span)
        .contains(Span::at(at))
        .then_some(())?;
    let known = Column {
        name: column.name.clone(),
        data_type: column.ty.as_ref().map(ToString::to_string),
        time: time_of_column(view, id, column).map(|(word, _)| word),
        declared: None,
    };
    let mut text = format!("```sql\n{}\n```", plain(&known));
    text.push_str(&format!("\n\n{}", kind(column)));
    if let Some((word, sentence)) = time_of_column(view, id, column) {
        text.push_str(&format!("\n\n**{word}**: {sentence}"));
    }
    Some(text)
}

fn kind(column: &TableColumn) -> String {
    match &column.kind {
        TableColumnKind::Physical => "a physical column".to_owned(),
        TableColumnKind::Metadata { key, is_virtual } => {
            let read_only = if *is_virtual { ", read-only" } else { "" };
            format!("a metadata column of the key `{key}`{read_only}")
        }
        TableColumnKind::Computed { .. } => "a computed column".to_owned(),
    }
}

fn plain(column: &Column) -> String {
    let data_type = column
        .data_type
        .as_deref()
        .unwrap_or("(of a type that is not known here)");
    format!("{} {data_type}", column.name)
}

fn line(column: &Column) -> String {
    let time = column.time.map_or_else(String::new, |t| format!(" *{t}*"));
    let data_type = column
        .data_type
        .as_deref()
        .map_or_else(String::new, |t| format!(" {t}"));
    format!("- `{}{data_type}`{time}", column.name)
}

/// A column where a query names it, with where it comes from.
fn described(view: &View, column: &Column, qualifier: Option<&str>) -> String {
    let mut text = format!("```sql\n{}\n```", plain(column));
    if let Some(time) = column.time {
        text.push_str(&format!("\n\n**{time}**"));
    }
    if let Some((table, span)) = &column.declared {
        let place = match view.outside().origin(*span) {
            Some(origin) => format!(", declared in {origin}"),
            None => String::new(),
        };
        text.push_str(&format!(
            "\n\nfrom `{table}.{}`{place}",
            span.of(&view.read.whole).trim_matches('`')
        ));
        if let Some(qualifier) = qualifier.filter(|q| q != table) {
            text.push_str(&format!(" by way of `{qualifier}`"));
        }
    }
    text
}

fn object(view: &View, id: EntryId, entry: &Entry) -> String {
    let what = match &entry.object {
        Object::Table(_) => "table",
        Object::View { .. } => "view",
    };
    let temporary = if entry.temporary { "temporary " } else { "" };
    let mut text = format!("{temporary}{what} `{}`", entry.path.join("."));
    if let Some(origin) = view.outside().origin(entry.name.span) {
        text.push_str(&format!(", declared in {origin}"));
    }
    let columns = scope::columns_of_entry(view, id, entry);
    let lines: Vec<String> = columns.iter().map(line).collect();
    if !lines.is_empty() {
        text.push_str(&format!("\n\n{}", lines.join("\n")));
    }
    if let Some(table) = entry.table() {
        if let Some(connector) = connectors::connector(table) {
            text.push_str(&format!("\n\nconnector: `{connector}`"));
        }
        let watermark = match (&table.watermark, view.read.plan.watermark(id)) {
            (Some(watermark), _) => {
                let expr = watermark.expr.of(&view.read.whole);
                Some(format!("`{}` as `{expr}`", watermark.column.join(".")))
            }
            (None, Some(added)) => Some(format!(
                "none of its own; tidegate adds one on `{}`: {}",
                added.chosen.name, added.chosen.why
            )),
            (None, None) => None,
        };
        if let Some(watermark) = watermark {
            text.push_str(&format!("\n\nwatermark: {watermark}"));
        }
    }
    if let Some(time) = view.read.plan.tables.get(&id) {
        let (_, why) = time.need.words();
        text.push_str(&format!("\n\nevent time: {why}"));
    }
    text
}

fn function(name: &str) -> Option<String> {
    let function = validate::builtin(name)?;
    let ways = function.signatures().join("\n");
    Some(format!("```sql\n{ways}\n```\n\n{}", function.summary()))
}
