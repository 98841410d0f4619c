//! Which tables and columns may be named at a place of a query that is being written: read from its tokens, because such
//! a query can seldom be parsed.

use super::view::View;
use super::words::time_of_column;
use crate::catalog::{Entry, EntryId, Object, TableColumn};
use crate::lexer::{Punct, Token, TokenKind, keywords, unescape_ident};
use crate::syntax::Script;
use crate::text::Span;
use crate::time::ColumnTime;
use std::ops::Range;

/// What stands in a FROM clause that reaches a place.
#[derive(Debug, Clone)]
pub struct Relation {
    /// Its alias, or its own name.
    pub name: String,
    pub columns: Vec<Column>,
    /// The name of the table or view, if it is one.
    pub object: Option<Vec<String>>,
    /// How many queries up.
    pub distance: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    /// As SQL; unknown for what is computed.
    pub data_type: Option<String>,
    /// `rowtime` or `proctime`.
    pub time: Option<&'static str>,
    /// The table's column that it is.
    pub declared: Option<(String, Span)>,
}

/// Tokens of a statement without blanks and comments.
pub struct Tokens<'a> {
    pub text: &'a str,
    pub tokens: Vec<Token>,
}

impl<'a> Tokens<'a> {
    /// Of the statement at a place of what was read.
    pub fn at(view: &'a View, at: u32) -> Self {
        let read = &view.read;
        let Script { tokens, .. } = &read.script;
        let semicolon = |t: &&Token| t.kind == TokenKind::Punct(Punct::Semicolon);
        let before = tokens.partition_point(|t| t.span.end <= at);
        let first = tokens[..before].iter().rposition(|t| semicolon(&t));
        let first = first.map_or(0, |i| i + 1);
        let rest = tokens[first.max(before)..]
            .iter()
            .position(|t| semicolon(&t));
        let last = rest.map_or(tokens.len(), |i| first.max(before) + i);
        let significant = tokens[first..last].iter().filter(|t| !t.kind.is_trivia());
        Self {
            text: &read.whole,
            tokens: significant.copied().collect(),
        }
    }

    pub fn word(&self, index: usize) -> &'a str {
        self.tokens.get(index).map_or("", |t| t.span.of(self.text))
    }

    pub fn is(&self, index: usize, word: &str) -> bool {
        self.word(index).eq_ignore_ascii_case(word)
    }

    fn punct(&self, index: usize, punct: Punct) -> bool {
        let token = self.tokens.get(index);
        token.is_some_and(|t| t.kind == TokenKind::Punct(punct))
    }

    /// The identifier at an index; a keyword that is reserved is none.
    pub fn ident(&self, index: usize, view: &View) -> Option<String> {
        let token = self.tokens.get(index)?;
        let text = token.span.of(self.text);
        match token.kind {
            TokenKind::QuotedIdent => Some(unescape_ident(text)),
            TokenKind::Word if !keywords::is_reserved(text, view.version()) => {
                Some(text.to_owned())
            }
            _ => None,
        }
    }

    /// Index of the parenthesis that closes the one at `open`, or of the end.
    fn closing(&self, open: usize) -> usize {
        let mut depth = 0;
        for index in open..self.tokens.len() {
            match self.tokens[index].kind {
                TokenKind::Punct(Punct::LParen) => depth += 1,
                TokenKind::Punct(Punct::RParen) => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return index;
            }
        }
        self.tokens.len()
    }
}

/// The relations that a name at a place may belong to, those of the innermost query first.
pub fn relations(view: &View, at: u32) -> Vec<Relation> {
    let tokens = Tokens::at(view, at);
    let mut found = Vec::new();
    query(
        view,
        &tokens,
        0..tokens.tokens.len(),
        Some(at),
        0,
        &[],
        &mut found,
    );
    found.sort_by_key(|r| std::cmp::Reverse(r.distance));
    let deepest = found.first().map_or(0, |r| r.distance);
    for relation in &mut found {
        relation.distance = deepest - relation.distance;
    }
    found
}

/// Adds what the FROM clauses of the query in a range name, and of those in it that `at` stands in. Gives back the columns
/// that it yields.
fn query(
    view: &View,
    tokens: &Tokens<'_>,
    range: Range<usize>,
    at: Option<u32>,
    depth: usize,
    outer_ctes: &[Relation],
    found: &mut Vec<Relation>,
) -> Vec<Column> {
    let mut ctes = outer_ctes.to_vec();
    let mut own: Vec<Relation> = Vec::new();
    let mut select: Option<usize> = None;
    let mut list_end = range.end;
    let mut index = range.start;
    // Behind FROM and JOIN, and behind the commas of FROM.
    let mut expects = false;
    let mut in_from = false;
    while index < range.end {
        if tokens.punct(index, Punct::LParen) {
            let close = tokens.closing(index).min(range.end);
            let inside = index + 1..close;
            let start = tokens.tokens[index].span.end;
            let end = tokens.tokens.get(close).map_or(u32::MAX, |t| t.span.start);
            let within = at.filter(|at| (start..=end).contains(at));
            let is_query = ["SELECT", "WITH", "VALUES"]
                .iter()
                .any(|w| tokens.is(index + 1, w));
            let name = (index >= 2 && tokens.is(index - 1, "AS"))
                .then(|| tokens.ident(index - 2, view))
                .flatten();
            let columns = match is_query {
                true => query(
                    view,
                    tokens,
                    inside.clone(),
                    within,
                    depth + 1,
                    &ctes,
                    found,
                ),
                false => Vec::new(),
            };
            if let Some(name) = name.filter(|_| is_query && !expects) {
                ctes.push(Relation {
                    name,
                    columns,
                    object: None,
                    distance: depth,
                });
            } else if expects && is_query {
                let (alias, next) = alias(view, tokens, close + 1);
                let name = alias.unwrap_or_default();
                own.push(Relation {
                    name,
                    columns,
                    object: None,
                    distance: depth,
                });
                expects = false;
                index = next;
                continue;
            } else if expects {
                // A window function, or a join in parentheses.
                let mut inner = Vec::new();
                table_arguments(view, tokens, inside, &ctes, depth, &mut inner);
                let (alias, next) = alias(view, tokens, close + 1);
                if let (Some(alias), [one]) = (alias, &mut inner[..]) {
                    one.name = alias;
                }
                own.append(&mut inner);
                expects = false;
                index = next;
                continue;
            } else if !is_query && within.is_some() {
                query(view, tokens, inside, within, depth, &ctes, found);
            }
            index = close + 1;
            continue;
        }
        let word = tokens.word(index).to_ascii_uppercase();
        match word.as_str() {
            "SELECT" if select.is_none() => {
                select = Some(index + 1);
                in_from = false;
            }
            "FROM" | "JOIN" => {
                if select.is_some() && list_end == range.end {
                    list_end = index;
                }
                (expects, in_from) = (true, true);
            }
            "WHERE" | "GROUP" | "HAVING" | "ORDER" | "LIMIT" | "ON" | "USING" | "WINDOW" => {
                (expects, in_from) = (false, in_from && word == "ON");
            }
            "UNION" | "EXCEPT" | "INTERSECT" => {
                // Another query begins: of the names before it only what it yields is left.
                let columns = yielded(tokens, view, select, list_end, &own);
                if at.is_none_or(|at| tokens.tokens[index].span.start >= at) {
                    found.append(&mut own);
                    return columns;
                }
                own.clear();
                (select, list_end, expects, in_from) = (None, range.end, false, false);
            }
            "," if in_from => expects = true,
            "LATERAL" | "TABLE" if expects => {}
            _ if expects => {
                if tokens.punct(index + 1, Punct::LParen) {
                    // A function: its arguments come next.
                    index += 1;
                    continue;
                }
                let (mut named, next) = named(view, tokens, index, &ctes, depth);
                own.append(&mut named);
                expects = false;
                index = next.max(index + 1);
                continue;
            }
            _ => {}
        }
        index += 1;
    }
    let columns = yielded(tokens, view, select, list_end, &own);
    let is_here = depth == 0 || at.is_some();
    if is_here {
        found.append(&mut own);
    }
    columns
}

/// The table behind `TABLE` in the arguments of a window function, with the columns that the function adds.
fn table_arguments(
    view: &View,
    tokens: &Tokens<'_>,
    range: Range<usize>,
    ctes: &[Relation],
    depth: usize,
    found: &mut Vec<Relation>,
) {
    let mut index = range.start;
    while index < range.end {
        let names =
            tokens.is(index, "TABLE") || tokens.is(index, "FROM") || tokens.is(index, "JOIN");
        let is_window = tokens.punct(index, Punct::LParen) && index > range.start;
        if names && !tokens.punct(index + 1, Punct::LParen) {
            let (mut named, next) = named(view, tokens, index + 1, ctes, depth);
            for relation in &mut named {
                relation.columns.extend(window_columns());
            }
            found.append(&mut named);
            index = next.max(index + 1);
        } else if is_window {
            let close = tokens.closing(index);
            table_arguments(view, tokens, index + 1..close, ctes, depth, found);
            index = close + 1;
        } else {
            index += 1;
        }
    }
}

/// What a window table-valued function adds.
/// Source: Flink docs, "Windowing table-valued functions".
fn window_columns() -> [Column; 3] {
    let column = |name: &str, time| Column {
        name: name.to_owned(),
        data_type: Some("TIMESTAMP(3)".to_owned()),
        time,
        declared: None,
    };
    [
        column("window_start", None),
        column("window_end", None),
        column("window_time", Some("rowtime")),
    ]
}

/// A name in FROM with its alias; and where it ends.
fn named(
    view: &View,
    tokens: &Tokens<'_>,
    at: usize,
    ctes: &[Relation],
    depth: usize,
) -> (Vec<Relation>, usize) {
    let mut path = Vec::new();
    let mut index = at;
    while let Some(part) = tokens.ident(index, view) {
        path.push(part);
        index += 1;
        if !tokens.punct(index, Punct::Dot) {
            break;
        }
        index += 1;
    }
    if path.is_empty() {
        return (Vec::new(), at);
    }
    while tokens
        .tokens
        .get(index)
        .is_some_and(|t| t.kind == TokenKind::Hint)
    {
        index += 1;
    }
    // FOR SYSTEM_TIME AS OF …: the alias stands behind it.
    if tokens.is(index, "FOR") && tokens.is(index + 1, "SYSTEM_TIME") {
        index += 4;
        while index < tokens.tokens.len()
            && !tokens.is(index, "AS")
            && !ends_relation(tokens, index)
        {
            index += 1;
        }
    }
    let (alias, next) = alias(view, tokens, index);
    let cte = (path.len() == 1)
        .then(|| ctes.iter().rev().find(|c| c.name == path[0]))
        .flatten();
    let own = path[path.len() - 1].clone();
    let relation = match cte {
        Some(cte) => Relation {
            name: alias.unwrap_or(own),
            distance: depth,
            ..cte.clone()
        },
        None => Relation {
            name: alias.unwrap_or(own),
            columns: columns_of(view, &path, tokens.tokens[at].span.start),
            object: Some(path),
            distance: depth,
        },
    };
    (vec![relation], next)
}

fn ends_relation(tokens: &Tokens<'_>, index: usize) -> bool {
    let words = [
        "ON", "WHERE", "JOIN", "LEFT", "INNER", "CROSS", "GROUP", "FULL", "RIGHT", ",",
    ];
    words.iter().any(|w| tokens.is(index, w))
}

/// `[AS] alias`, and where it ends.
fn alias(view: &View, tokens: &Tokens<'_>, at: usize) -> (Option<String>, usize) {
    if tokens.is(at, "AS") {
        return (tokens.ident(at + 1, view), at + 2);
    }
    match tokens.ident(at, view) {
        Some(alias) if !keywords::is_reserved(&alias, view.version()) => (Some(alias), at + 1),
        _ => (None, at),
    }
}

/// The columns of a table or a view by its name.
pub fn columns_of(view: &View, path: &[String], at: u32) -> Vec<Column> {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match view.resolve_whole(&path, at) {
        Some((id, entry)) => columns_of_entry(view, id, entry),
        None => Vec::new(),
    }
}

pub fn columns_of_entry(view: &View, id: EntryId, entry: &Entry) -> Vec<Column> {
    match &entry.object {
        Object::Table(table) => {
            let column = |c: &TableColumn| Column {
                name: c.name.clone(),
                data_type: c.ty.as_ref().map(ToString::to_string),
                time: time_of_column(view, id, c).map(|(word, _)| word),
                declared: Some((entry.name.object().to_owned(), c.span)),
            };
            table.columns.iter().map(column).collect()
        }
        Object::View { columns } => {
            let yields = view.query_of(entry).and_then(|q| q.columns.as_ref());
            let from_query = yields.into_iter().flatten().enumerate().map(|(at, c)| {
                let origin = c.origin.as_ref().and_then(|(table, name)| {
                    let entry = &view.read.catalog.entries[*table];
                    let column = entry.table()?.column(name)?;
                    Some((entry.name.object().to_owned(), column))
                });
                let renamed = columns.as_ref().and_then(|names| names.get(at));
                Column {
                    name: renamed.unwrap_or(&c.name).clone(),
                    data_type: origin
                        .as_ref()
                        .and_then(|(_, c)| c.ty.as_ref())
                        .map(ToString::to_string),
                    time: match c.time {
                        ColumnTime::Rowtime {
                            attribute: true, ..
                        } => Some("rowtime"),
                        ColumnTime::Proctime => Some("proctime"),
                        _ => None,
                    },
                    declared: origin.map(|(table, c)| (table, c.span)),
                }
            });
            from_query.collect()
        }
    }
}

/// The names of a select list.
fn yielded(
    tokens: &Tokens<'_>,
    view: &View,
    select: Option<usize>,
    end: usize,
    relations: &[Relation],
) -> Vec<Column> {
    let Some(mut start) = select else {
        return Vec::new();
    };
    let mut columns = Vec::new();
    let mut index = start;
    while index <= end {
        if index < end && tokens.punct(index, Punct::LParen) {
            index = tokens.closing(index) + 1;
            continue;
        }
        if index >= end || tokens.punct(index, Punct::Comma) {
            let last = index.min(end);
            item(tokens, view, start..last, relations, &mut columns);
            start = index + 1;
        }
        index += 1;
    }
    columns
}

fn item(
    tokens: &Tokens<'_>,
    view: &View,
    range: Range<usize>,
    relations: &[Relation],
    columns: &mut Vec<Column>,
) {
    if range.is_empty() {
        return;
    }
    let last = range.end - 1;
    if tokens.punct(last, Punct::Star) {
        let of = (range.len() >= 3)
            .then(|| tokens.ident(range.start, view))
            .flatten();
        let named = relations
            .iter()
            .filter(|r| of.as_ref().is_none_or(|of| r.name == *of));
        columns.extend(named.flat_map(|r| r.columns.iter().cloned()));
        return;
    }
    let Some(name) = tokens.ident(last, view) else {
        return;
    };
    let is_plain =
        range.len() == 1 || (range.len() == 3 && tokens.punct(range.start + 1, Punct::Dot));
    let source = relations.iter().flat_map(|r| &r.columns);
    let source = source.into_iter().find(|c| is_plain && c.name == name);
    columns.push(source.cloned().unwrap_or(Column {
        name,
        data_type: None,
        time: None,
        declared: None,
    }));
}
