//! What may be written at a place.

use super::document::Document;
use super::scope::{self, Tokens};
use super::surroundings::Surroundings;
use super::view::View;
use crate::catalog::{Catalog, Object, connectors};
use crate::config::FlinkVersion;
use crate::lexer::{Token, TokenKind, keywords, lex, unescape_string};
use crate::text::Span;
use crate::time::quote;
use crate::validate;
use std::collections::BTreeSet;

/// Something that may be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    pub label: String,
    pub kind: CompletionKind,
    /// Beside it: a type, where it comes from.
    pub detail: String,
    /// What is written. In a snippet `$1` and the like are stops, `${1:word}` with a text that stands there.
    pub insert: String,
    pub is_snippet: bool,
    /// The smaller, the earlier in the list.
    pub rank: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompletionKind {
    Column,
    Table,
    View,
    Function,
    Keyword,
    Option,
    Value,
    Snippet,
}

/// What may be written at a place, and which bytes it takes the place of.
pub fn completions(
    document: &Document,
    around: &Surroundings,
    offset: u32,
) -> (Span, Vec<Completion>) {
    let text = document.text();
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let before = &text[..offset as usize];
    let start = before.rfind(|c| !is_part(c)).map_or(0, |i| {
        i + before[i..].chars().next().map_or(1, char::len_utf8)
    });
    let word = Span::new(start as u32, offset);
    if let Some(found) = within_string(document, offset) {
        return found;
    }
    if is_in_text(document, word.start) {
        return (word, Vec::new());
    }
    let Some(view) = View::upstream(document, around, offset) else {
        return (word, statements());
    };
    let Some(at) = view.of_document(word.start) else {
        return (word, Vec::new());
    };
    let tokens = Tokens::at(&view, at);
    let count = tokens.tokens.partition_point(|t| t.span.start < at);
    if count == 0 {
        return (word, statements());
    }
    let previous = tokens.word(count - 1).to_ascii_uppercase();
    if previous == "." {
        return (word, behind_dot(&view, &tokens, count, at));
    }
    let mut found = Vec::new();
    let names_table = [
        "FROM",
        "JOIN",
        "INTO",
        "OVERWRITE",
        "TABLE",
        "LIKE",
        "DESCRIBE",
        "DESC",
    ];
    if names_table.contains(&previous.as_str()) || (previous == "," && in_from(&tokens, count)) {
        found.extend(objects(
            around,
            document,
            previous != "INTO" && previous != "OVERWRITE",
        ));
        if matches!(previous.as_str(), "FROM" | "JOIN" | ",") {
            found.extend(window_functions());
        }
        return (word, found);
    }
    if let Some(columns) = columns_of_target(&view, &tokens, count, at) {
        return (word, columns);
    }
    let relations = scope::relations(&view, at);
    let mut seen = BTreeSet::new();
    for relation in &relations {
        for column in &relation.columns {
            if !seen.insert(column.name.clone()) {
                continue;
            }
            let data_type = column.data_type.as_deref().unwrap_or_default();
            let time = column.time.map_or_else(String::new, |t| format!(" {t}"));
            let of = if relation.name.is_empty() {
                String::new()
            } else {
                format!(" of {}", relation.name)
            };
            found.push(Completion {
                detail: format!("{data_type}{time}{of}").trim().to_owned(),
                ..item(
                    &column.name,
                    CompletionKind::Column,
                    written(&column.name, view.version()),
                    0,
                )
            });
        }
        if !relation.name.is_empty() && seen.insert(relation.name.clone()) {
            let name = written(&relation.name, view.version());
            found.push(item(&relation.name, CompletionKind::Table, name, 1));
        }
    }
    if !relations.is_empty() || tokens.is(0, "SELECT") || tokens.is(0, "INSERT") {
        for function in validate::builtins() {
            found.push(Completion {
                detail: function.signatures().first().cloned().unwrap_or_default(),
                insert: format!("{}($1)", function.name),
                is_snippet: true,
                ..item(function.name, CompletionKind::Function, String::new(), 3)
            });
        }
    }
    found.extend(
        keywords::Keyword::all().map(|k| item(k, CompletionKind::Keyword, k.to_owned(), 4)),
    );
    (word, found)
}

/// Is a comment, a string or a name in backticks being written at a place?
fn is_in_text(document: &Document, offset: u32) -> bool {
    let Some(at) = document.piece_at(offset.saturating_sub(1)) else {
        return false;
    };
    // What follows may be anything: what is being written has no end yet.
    let start = document.pieces()[at].span.start;
    let tokens = lex(
        Span::new(start, offset).of(document.text()),
        document.version(),
    );
    tokens.last().is_some_and(|t| {
        matches!(
            t.kind,
            TokenKind::LineComment
                | TokenKind::UnterminatedComment
                | TokenKind::UnterminatedString
                | TokenKind::UnterminatedIdent
        )
    })
}

fn item(label: &str, kind: CompletionKind, insert: String, rank: u8) -> Completion {
    Completion {
        label: label.to_owned(),
        kind,
        detail: String::new(),
        insert,
        is_snippet: false,
        rank,
    }
}

/// As it has to be written: in backticks where it is no plain name.
fn written(name: &str, version: FlinkVersion) -> String {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && !keywords::is_reserved(name, version);
    if plain { name.to_owned() } else { quote(name) }
}

/// The columns of the sink in `INSERT INTO sink (…`; `None` elsewhere.
fn columns_of_target(
    view: &View,
    tokens: &Tokens<'_>,
    count: usize,
    at: u32,
) -> Option<Vec<Completion>> {
    let open = (0..count).rev().find(|i| tokens.word(*i) == "(")?;
    let into = (0..open)
        .rev()
        .find(|i| tokens.is(*i, "INTO") || tokens.is(*i, "OVERWRITE"))?;
    let is_list =
        (into + 1..open).all(|i| tokens.word(i) == "." || tokens.ident(i, view).is_some());
    let is_open = (open + 1..count).all(|i| tokens.word(i) != ")");
    (is_list && is_open && open > into + 1).then_some(())?;
    let path: Vec<String> = (into + 1..open)
        .filter_map(|i| tokens.ident(i, view))
        .collect();
    let columns = scope::columns_of(view, &path, at).into_iter();
    let columns = columns.map(|column| Completion {
        detail: column.data_type.clone().unwrap_or_default(),
        ..item(
            &column.name,
            CompletionKind::Column,
            written(&column.name, view.version()),
            0,
        )
    });
    Some(columns.collect())
}

fn in_from(tokens: &Tokens<'_>, count: usize) -> bool {
    let mut depth = 0;
    for index in (0..count).rev() {
        match tokens.word(index).to_ascii_uppercase().as_str() {
            ")" => depth += 1,
            "(" if depth == 0 => return false,
            "(" => depth -= 1,
            "FROM" if depth == 0 => return true,
            "SELECT" | "WHERE" | "BY" | "HAVING" | "ON" if depth == 0 => return false,
            _ => {}
        }
    }
    false
}

/// Columns of an alias, objects of a database.
fn behind_dot(view: &View, tokens: &Tokens<'_>, count: usize, at: u32) -> Vec<Completion> {
    let Some(name) = count.checked_sub(2).and_then(|i| tokens.ident(i, view)) else {
        return Vec::new();
    };
    let relations = scope::relations(view, at);
    let relation = relations.iter().find(|r| r.name == name);
    let columns = relation
        .into_iter()
        .flat_map(|r| &r.columns)
        .map(|column| Completion {
            detail: column.data_type.clone().unwrap_or_default(),
            ..item(
                &column.name,
                CompletionKind::Column,
                written(&column.name, view.version()),
                0,
            )
        });
    let catalog = &view.read.catalog;
    let inside = catalog
        .entries
        .iter()
        .filter(|e| e.path[1] == name || e.path[0] == name);
    let objects = inside.map(|entry| {
        let next = if entry.path[1] == name {
            &entry.path[2]
        } else {
            &entry.path[1]
        };
        item(
            next,
            CompletionKind::Table,
            written(next, view.version()),
            1,
        )
    });
    let mut found: Vec<Completion> = columns.chain(objects).collect();
    found.dedup_by(|a, b| a.label == b.label);
    found
}

/// All tables, and views where they may stand.
fn objects(around: &Surroundings, document: &Document, views: bool) -> Vec<Completion> {
    // The declarations are all that is needed: nothing is planned.
    let all: Vec<usize> = (0..document.pieces().len()).collect();
    let (slice, outside) = around.part(document, &all);
    let (script, _) = outside.parse(&outside.before(&slice.text), document.version());
    let catalog = Catalog::build(&script);
    let version = document.version();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for entry in &catalog.entries {
        let (kind, detail) = match &entry.object {
            Object::Table(table) => (
                CompletionKind::Table,
                connectors::connector(table).map_or_else(String::new, ToOwned::to_owned),
            ),
            Object::View { .. } => (CompletionKind::View, "view".to_owned()),
        };
        let name = entry.name.object();
        if (views || kind == CompletionKind::Table) && seen.insert(name.to_owned()) {
            found.push(Completion {
                detail,
                ..item(name, kind, written(name, version), 0)
            });
        }
    }
    // Those from outside that the script does not name yet.
    for piece in around.declarations().pieces() {
        if let Some(name) = piece.object().filter(|n| seen.insert((*n).to_owned())) {
            found.push(Completion {
                detail: "declared outside of the script".to_owned(),
                ..item(name, CompletionKind::Table, written(name, version), 1)
            });
        }
    }
    found
}

/// Source: Flink docs, "Windowing table-valued functions (Windowing TVFs)".
fn window_functions() -> Vec<Completion> {
    let snippet = |name: &str, arguments: &str| Completion {
        detail: "window table-valued function".to_owned(),
        is_snippet: true,
        ..item(
            name,
            CompletionKind::Snippet,
            format!("{name}(TABLE ${{1:table}}, DESCRIPTOR(${{2:rowtime}}), {arguments})"),
            2,
        )
    };
    vec![
        snippet("TUMBLE", "INTERVAL '${3:10}' ${4:MINUTE}"),
        snippet("HOP", "INTERVAL '${3:5}' ${4:MINUTE}, INTERVAL '${5:10}' ${6:MINUTE}"),
        snippet("CUMULATE", "INTERVAL '${3:2}' ${4:MINUTE}, INTERVAL '${5:10}' ${6:MINUTE}"),
        Completion {
            insert: "SESSION(TABLE ${1:table} PARTITION BY ${2:key}, DESCRIPTOR(${3:rowtime}), INTERVAL '${4:10}' ${5:MINUTE})".to_owned(),
            ..snippet("SESSION", "")
        },
    ]
}

/// How statements begin.
fn statements() -> Vec<Completion> {
    let snippet = |label: &str, insert: &str| Completion {
        is_snippet: true,
        ..item(label, CompletionKind::Snippet, insert.to_owned(), 0)
    };
    let mut found = vec![
        snippet(
            "CREATE TABLE",
            "CREATE TABLE ${1:name} (\n  ${2:id} ${3:BIGINT},\n  ${4:ts} TIMESTAMP(3),\n  WATERMARK FOR ${4:ts} AS ${4:ts} - INTERVAL '5' SECOND\n) WITH (\n  'connector' = '${5:kafka}'$0\n);",
        ),
        snippet(
            "CREATE VIEW",
            "CREATE TEMPORARY VIEW ${1:name} AS\nSELECT ${2:*}\nFROM ${3:table};",
        ),
        snippet(
            "INSERT INTO",
            "INSERT INTO ${1:sink}\nSELECT ${2:*}\nFROM ${3:table};",
        ),
        snippet(
            "EXECUTE STATEMENT SET",
            "EXECUTE STATEMENT SET\nBEGIN\n$0\nEND;",
        ),
    ];
    let words = [
        "SET", "RESET", "USE", "SELECT", "WITH", "ALTER", "DROP", "DESCRIBE", "EXPLAIN", "SHOW",
    ];
    found.extend(words.map(|w| item(w, CompletionKind::Keyword, format!("{w} "), 1)));
    found
}

/// A snippet for an editor that knows none: with the texts that stand at its stops.
pub fn without_stops(snippet: &str) -> String {
    let mut text = String::new();
    let mut rest = snippet;
    while let Some(at) = rest.find('$') {
        text.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(stop) = rest.strip_prefix('{') {
            let end = stop.find('}').unwrap_or(stop.len());
            let words = stop[..end].split_once(':').map_or("", |(_, words)| words);
            text.push_str(words);
            rest = stop.get(end + 1..).unwrap_or_default();
        } else {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        }
    }
    text + rest
}

/// Keys and values of `WITH ('key' = 'value')`; `None` where no string of options is written.
fn within_string(document: &Document, offset: u32) -> Option<(Span, Vec<Completion>)> {
    let piece = &document.pieces()[document.piece_at(offset.saturating_sub(1))?];
    // What follows may be anything: a string that is being written has no end yet.
    let before = Span::new(piece.span.start, offset).of(document.text());
    let tokens = lex(before, document.version());
    let last = tokens.last()?;
    if last.kind != TokenKind::UnterminatedString || !last.span.of(before).starts_with('\'') {
        return None;
    }
    let significant: Vec<_> = tokens.iter().filter(|t| !t.kind.is_trivia()).collect();
    let word = |from_end: usize| {
        let token = significant
            .len()
            .checked_sub(from_end + 1)
            .map(|i| significant[i]);
        token.map_or("", |t| t.span.of(before))
    };
    let start = piece.span.start + last.span.start + 1;
    let end = document.text()[offset as usize..].find(['\'', '\n', '\r']);
    let closed = end.is_some_and(|i| document.text()[offset as usize + i..].starts_with('\''));
    let span = Span::new(
        start,
        offset + if closed { end.unwrap_or(0) as u32 } else { 0 },
    );
    let rest = Span::new(piece.span.start, piece.span.end).of(document.text());
    let connector = option(rest, document, "connector");
    let found: Vec<Completion> = match word(1) {
        "=" => {
            let key = unescape_string(word(2));
            let values: Vec<String> = match key.as_str() {
                "connector" => connectors::names().map(str::to_owned).collect(),
                "format" | "key.format" | "value.format" => {
                    connectors::format_names().map(str::to_owned).collect()
                }
                _ => return Some((span, Vec::new())),
            };
            values
                .iter()
                .map(|v| item(v, CompletionKind::Value, v.clone(), 0))
                .collect()
        }
        "(" | "," if in_options(&significant, before) => {
            let formats = ["format", "key.format", "value.format"]
                .map(|key| (key, option(rest, document, key)));
            let keys = connectors::option_keys(connector.as_deref(), &formats);
            keys.into_iter()
                .map(|key| {
                    let insert = if closed {
                        key.clone()
                    } else {
                        format!("{key}' = '")
                    };
                    item(&key, CompletionKind::Option, insert, 0)
                })
                .collect()
        }
        _ => return None,
    };
    Some((span, found))
}

/// Is the innermost parenthesis that is open that of `WITH (` or of `OPTIONS(`?
fn in_options(tokens: &[&Token], text: &str) -> bool {
    let mut depth = 0;
    for (index, token) in tokens.iter().enumerate().rev() {
        match token.span.of(text) {
            ")" => depth += 1,
            "(" if depth > 0 => depth -= 1,
            "(" => {
                let before = index.checked_sub(1).map_or("", |i| tokens[i].span.of(text));
                return before.eq_ignore_ascii_case("WITH") || before.eq_ignore_ascii_case("SET");
            }
            _ => {}
        }
    }
    false
}

/// The value of an option in a statement, wherever it stands.
fn option(text: &str, document: &Document, key: &str) -> Option<String> {
    let tokens = lex(text, document.version());
    let strings: Vec<_> = tokens.iter().filter(|t| !t.kind.is_trivia()).collect();
    strings.windows(3).find_map(|w| {
        let is_key = w[0].kind == TokenKind::String && unescape_string(w[0].span.of(text)) == key;
        let is_set = w[1].span.of(text) == "=" && w[2].kind == TokenKind::String;
        (is_key && is_set).then(|| unescape_string(w[2].span.of(text)))
    })
}
