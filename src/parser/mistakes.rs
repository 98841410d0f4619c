//! Names for the mistakes that scripts are full of, and what to do about them.

use super::cursor::{Cursor, SyntaxError};
use crate::lexer::{Punct, Token, TokenKind};

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
