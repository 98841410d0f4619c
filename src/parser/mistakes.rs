//! Names for the mistakes that scripts are full of, and what to do about them.

use super::cursor::{Cursor, SyntaxError};
use crate::config::FlinkVersion;
use crate::diagnostic::{Applicability, Fix};
use crate::lexer::{Punct, Token, TokenKind};
use crate::text::{Edit, Span};

fn mistake(token: Token, name: &'static str, message: &str, help: &str) -> SyntaxError {
    SyntaxError {
        span: token.span,
        name,
        message: message.to_owned(),
        help: vec![help.to_owned()],
    }
}

/// The error for a token that no production of Flink takes.
pub fn unreadable_token(c: &Cursor<'_>, token: Token) -> SyntaxError {
    let text = c.token_text(token);
    match token.kind {
        TokenKind::Punct(Punct::BangEq) => {
            mistake(token, "bang-equals", "Flink SQL has no `!=`", "write `<>`")
        }
        TokenKind::UnterminatedString => mistake(
            token,
            "unterminated-string",
            "this string is not closed",
            "put a `'` at its end; within a string a quote is written twice",
        ),
        TokenKind::UnterminatedIdent => mistake(
            token,
            "unterminated-name",
            "this quoted name is not closed on its line",
            "put a backtick at its end",
        ),
        TokenKind::UnterminatedComment => mistake(
            token,
            "unterminated-comment",
            "this comment is not closed",
            "put `*/` at its end; comments do not nest",
        ),
        TokenKind::Unknown => unknown(token, text),
        _ => c.error(format!("Flink SQL has no `{text}` here")),
    }
}

fn unknown(token: Token, text: &str) -> SyntaxError {
    match text.chars().next().unwrap_or_default() {
        '"' => mistake(
            token,
            "double-quotes",
            "Flink SQL has no double quotes",
            "quote a name with backticks and a string with single quotes",
        ),
        '“' | '”' | '„' | '‘' | '’' | '‚' | '´' => mistake(
            token,
            "typographic-quote",
            "this is a typographic quote, which Flink SQL does not know",
            "write `'` around strings and a backtick around names",
        ),
        '–' | '—' | '−' => mistake(
            token,
            "typographic-dash",
            "this is a typographic dash, which Flink SQL does not know",
            "write `-`, or `--` before a comment",
        ),
        '\u{a0}' | '\u{2007}' | '\u{202f}' | '\u{3000}' | '\u{2003}' | '\u{2009}' | '\u{200b}'
        | '\u{feff}' => mistake(
            token,
            "odd-blank",
            "this is a special blank (no-break, wide or of no width), which Flink SQL does not know",
            "write a plain blank",
        ),
        '#' => mistake(
            token,
            "hash-comment",
            "Flink SQL has no `#` comments",
            "write `--` before a comment",
        ),
        '@' => mistake(
            token,
            "unknown-character",
            "Flink SQL has no `@`",
            "quote a name that holds one with backticks",
        ),
        c => mistake(
            token,
            "unknown-character",
            &format!(
                "Flink SQL does not know the character `{}`",
                c.escape_debug()
            ),
            "delete it, or quote the name that holds it with backticks",
        ),
    }
}

/// Says more of an error where the token that it stands at tells what was meant.
pub fn refine(text: &str, tokens: &[Token], error: SyntaxError) -> SyntaxError {
    if error.name != "syntax-error" {
        return error;
    }
    let at = tokens.partition_point(|t| t.span.start < error.span.start);
    let Some(token) = tokens.get(at).copied() else {
        return error;
    };
    let c = Cursor::new(text, tokens, at..at + 1, FlinkVersion::default());
    if is_unreadable(token.kind) {
        return unreadable_token(&c, token);
    }
    let word = |n: usize| {
        let token = tokens.get(at + n)?;
        (token.kind == TokenKind::Word).then(|| token.span.of(text))
    };
    let punct = |n: usize, punct: Punct| {
        tokens
            .get(at + n)
            .is_some_and(|t| t.kind == TokenKind::Punct(punct))
    };
    let placeholder = |length: usize, shown: &str| SyntaxError {
        span: token.span.cover(tokens[at + length].span),
        name: "unfilled-placeholder",
        message: format!("this looks like a placeholder ({shown}), which Flink cannot read"),
        help: vec![
            "fill it in, or write it as `${name}` or `{{ name }}`: these are passed through"
                .to_owned(),
        ],
    };
    if punct(0, Punct::Lt) && word(1).is_some() {
        let close = (at + 2..tokens.len().min(at + 8))
            .find(|i| tokens[*i].kind == TokenKind::Punct(Punct::Gt));
        if let Some(close) = close {
            return placeholder(close - at, "<…>");
        }
    }
    if punct(0, Punct::Percent) && matches!(word(1), Some("s" | "d")) {
        return placeholder(1, "%s");
    }
    if punct(0, Punct::Dot) && punct(1, Punct::Dot) && punct(2, Punct::Dot) {
        return SyntaxError {
            span: token.span.cover(tokens[at + 2].span),
            name: "elided",
            message: "something was left out here (`...`)".to_owned(),
            help: vec!["write it out".to_owned()],
        };
    }
    error
}

fn is_unreadable(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Unknown
            | TokenKind::UnterminatedString
            | TokenKind::UnterminatedIdent
            | TokenKind::UnterminatedComment
            | TokenKind::Punct(Punct::BangEq)
    )
}

/// The edit that undoes a mistake, where there is one.
pub fn fix(text: &str, tokens: &[Token], error: &SyntaxError) -> Option<Fix> {
    let span = error.span;
    let shown = span.of(text);
    let one = |title: &str, edit: Edit, applicability: Applicability| {
        Some(Fix {
            title: title.to_owned(),
            edits: vec![edit],
            applicability,
        })
    };
    let replace =
        |title: &str, with: String| one(title, Edit::replace(span, with), Applicability::Safe);
    match error.name {
        // Within a line the word is rather a name.
        "missing-semicolon" if !span.is_empty() && !begins_line(text, span) => None,
        "missing-semicolon" => one(
            "put a `;`",
            Edit::insert(span.start, ";"),
            Applicability::Safe,
        ),
        "trailing-comma" if shown == "," => replace("delete the comma", String::new()),
        "reserved-identifier" if !shown.contains('`') && !shown.is_empty() => {
            replace("quote the name with backticks", format!("`{shown}`"))
        }
        "bang-equals" if shown == "!=" => replace("write `<>`", "<>".to_owned()),
        "double-quotes" if shown.len() > 2 && shown.ends_with('"') => one(
            "quote the name with backticks",
            Edit::replace(span, format!("`{}`", shown.trim_matches('"'))),
            Applicability::Unsafe,
        ),
        "typographic-quote" => replace("write a plain quote", "'".to_owned()),
        "typographic-dash" => replace("write `-`", "-".to_owned()),
        "odd-blank" => replace("write a plain blank", " ".to_owned()),
        "hash-comment" => replace("write `--`", "--".to_owned()),
        "insert-into-table" => {
            let at = tokens.partition_point(|t| t.span.start < span.start);
            let next = tokens.get(at + 1).filter(|t| t.kind.is_trivia())?;
            one(
                "leave TABLE out",
                Edit::replace(span.cover(next.span), ""),
                Applicability::Safe,
            )
        }
        "unquoted-option" if !shown.is_empty() && !shown.contains(['\'', '`', '(', ')', ',']) => {
            replace("quote it", format!("'{shown}'"))
        }
        "comment-before-unquoted-set" => quote_setting(text, tokens, span),
        _ => None,
    }
}

fn begins_line(text: &str, span: Span) -> bool {
    let before = &text[..span.start as usize];
    let line = before.rfind(['\n', '\r']).map_or(0, |at| at + 1);
    before[line..].trim().is_empty()
}

/// `SET k = v` beside a comment as `SET 'k' = 'v'`.
fn quote_setting(text: &str, tokens: &[Token], comment: Span) -> Option<Fix> {
    let is_word = |t: &&Token, words: &[&str]| {
        t.kind == TokenKind::Word
            && words
                .iter()
                .any(|word| t.span.of(text).eq_ignore_ascii_case(word))
    };
    let at = tokens.partition_point(|t| t.span.start < comment.start);
    let before = tokens[..at]
        .iter()
        .rev()
        .take_while(|t| t.kind != TokenKind::Punct(Punct::Semicolon))
        .find(|t| is_word(t, &["SET", "RESET"]));
    let verb = before.or_else(|| {
        tokens[at..]
            .iter()
            .find(|t| !t.kind.is_trivia())
            .filter(|t| is_word(t, &["SET", "RESET"]))
    })?;
    let first = tokens.partition_point(|t| t.span.start < verb.span.end);
    let last = tokens[first..]
        .iter()
        .take_while(|t| t.kind != TokenKind::Punct(Punct::Semicolon))
        .filter(|t| !t.kind.is_trivia())
        .last()?;
    let start = verb.span.end;
    let body = &text[start as usize..last.span.end as usize];
    let mut edits = Vec::new();
    let mut offset = start;
    for part in body.splitn(2, '=') {
        let inner = part.trim();
        let lead = (part.len() - part.trim_start().len()) as u32;
        let span = Span::new(offset + lead, offset + lead + inner.len() as u32);
        if inner.is_empty() || inner.contains("--") || inner.contains("/*") {
            return None;
        }
        if !inner.starts_with('\'') {
            edits.push(Edit::replace(span, format!("'{inner}'")));
        }
        offset += part.len() as u32 + 1;
    }
    Some(Fix {
        title: "quote both sides".to_owned(),
        edits,
        applicability: Applicability::Safe,
    })
}
