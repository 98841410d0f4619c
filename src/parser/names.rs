//! Names, strings and option lists, as every kind of statement holds them.

use super::cursor::{Cursor, Parsed, SyntaxError};
use crate::lexer::keywords::{Keyword, Reserved, is_reserved};
use crate::lexer::{Punct, Token, TokenKind, unescape_ident, unescape_string};
use crate::syntax::{Ident, Literal, ObjectName, OptionList, TableOption};
use crate::text::Span;

/// Longest name that Flink takes, in characters.
const MAX_NAME: usize = 256;

pub fn ident(c: &mut Cursor<'_>) -> Parsed<Ident> {
    let Some(token) = c.peek() else {
        return Err(c.expected("a name"));
    };
    let text = c.token_text(token);
    let value = match token.kind {
        TokenKind::Word if is_reserved(text, c.version) => return Err(reserved(c, token)),
        TokenKind::Word | TokenKind::Placeholder => text.to_owned(),
        TokenKind::QuotedIdent => unescape_ident(text),
        TokenKind::String => {
            let mut error = c.expected("a name");
            error
                .help
                .push("quote names with backticks; single quotes make a string".to_owned());
            return Err(error);
        }
        _ => return Err(c.expected("a name")),
    };
    if value.is_empty() {
        return Err(c.error("a name must not be empty"));
    }
    if value.chars().count() > MAX_NAME {
        return Err(c.error(format!(
            "a name must not be longer than {MAX_NAME} characters"
        )));
    }
    c.bump();
    Ok(Ident {
        value,
        span: token.span,
    })
}

/// The error for a reserved word that stands where a name must.
pub fn reserved(c: &Cursor<'_>, token: Token) -> SyntaxError {
    let word = c.token_text(token);
    let since = match Keyword::of(word).map(Keyword::reserved) {
        Some(Reserved::Since(version)) => format!(" since Flink {version}"),
        _ => String::new(),
    };
    SyntaxError {
        span: token.span,
        name: "reserved-identifier",
        message: format!("`{word}` is a reserved word of Flink SQL{since} and cannot be a name"),
        help: vec![format!("quote it with backticks: `{word}`")],
    }
}

/// `[[catalog .] database .] object`, any number of parts.
pub fn object_name(c: &mut Cursor<'_>) -> Parsed<ObjectName> {
    let first = ident(c)?;
    let mut span = first.span;
    let mut parts = vec![first];
    while c.eat_punct(Punct::Dot) {
        let part = ident(c)?;
        span = span.cover(part.span);
        parts.push(part);
    }
    Ok(ObjectName { parts, span })
}

/// Adjacent strings are one, as in Flink.
pub fn string(c: &mut Cursor<'_>, what: &str) -> Parsed<Literal> {
    let Some(token) = c.peek() else {
        return Err(c.expected(what));
    };
    match token.kind {
        TokenKind::Placeholder => {
            c.bump();
            Ok(Literal {
                value: c.token_text(token).to_owned(),
                span: token.span,
            })
        }
        TokenKind::String => {
            let mut literal = Literal {
                value: String::new(),
                span: token.span,
            };
            while let Some(part) = c.peek().filter(|t| t.kind == TokenKind::String) {
                literal.value.push_str(&unescape_string(c.token_text(part)));
                literal.span = literal.span.cover(part.span);
                c.bump();
            }
            if c.eat_word("UESCAPE") {
                let escape = string(c, "the escape character")?;
                literal.span = literal.span.cover(escape.span);
            }
            Ok(literal)
        }
        _ => Err(c.expected(what)),
    }
}

pub fn at_string(c: &Cursor<'_>) -> bool {
    c.peek().is_some_and(|t| t.kind == TokenKind::String)
}

/// `COMMENT '…'`, if it is there.
pub fn comment(c: &mut Cursor<'_>) -> Parsed<Option<Literal>> {
    if c.eat_word("COMMENT") {
        string(c, "the comment in single quotes").map(Some)
    } else {
        Ok(None)
    }
}

pub fn if_exists(c: &mut Cursor<'_>) -> bool {
    c.eat_words(&["IF", "EXISTS"])
}

pub fn if_not_exists(c: &mut Cursor<'_>) -> bool {
    c.eat_words(&["IF", "NOT", "EXISTS"])
}

/// `( item, … )`, at least one; the span of the whole.
pub fn list<'a, T>(
    c: &mut Cursor<'a>,
    mut item: impl FnMut(&mut Cursor<'a>) -> Parsed<T>,
) -> Parsed<(Span, Vec<T>)> {
    let open = c.here();
    c.expect_punct(Punct::LParen, "(")?;
    let mut items = vec![item(c)?];
    while next_in_list(c)? {
        items.push(item(c)?);
    }
    let close = c.here();
    c.expect_punct(Punct::RParen, ")")?;
    Ok((open.cover(close), items))
}

/// Eats the comma before another item; a comma before `)` is an error of its own.
pub fn next_in_list(c: &mut Cursor<'_>) -> Parsed<bool> {
    let comma = c.here();
    if !c.eat_punct(Punct::Comma) {
        return Ok(false);
    }
    if c.at_punct(Punct::RParen) {
        return Err(SyntaxError {
            span: comma,
            name: "trailing-comma",
            message: "Flink takes no comma before `)`".to_owned(),
            help: vec!["delete the comma".to_owned()],
        });
    }
    Ok(true)
}

pub fn ident_list(c: &mut Cursor<'_>) -> Parsed<(Span, Vec<Ident>)> {
    list(c, ident)
}

/// `('key' = 'value', …)`, also empty.
pub fn options(c: &mut Cursor<'_>) -> Parsed<OptionList> {
    if let Some(span) = empty_parentheses(c) {
        return Ok(OptionList {
            span,
            options: Vec::new(),
        });
    }
    let (span, options) = list(c, option)?;
    Ok(OptionList { span, options })
}

/// Eats `()`.
fn empty_parentheses(c: &mut Cursor<'_>) -> Option<Span> {
    let start = c.pos();
    let closed = c
        .peek_nth(1)
        .is_some_and(|t| t.kind == TokenKind::Punct(Punct::RParen));
    if !closed || !c.eat_punct(Punct::LParen) {
        return None;
    }
    c.bump();
    Some(c.span_since(start))
}

fn option(c: &mut Cursor<'_>) -> Parsed<TableOption> {
    let key = option_string(c, "an option's name in single quotes")?;
    c.expect_punct(Punct::Eq, "=")?;
    let value = option_string(c, "the option's value in single quotes")?;
    Ok(TableOption { key, value })
}

/// A string; the error for anything else spans all of it.
fn option_string(c: &mut Cursor<'_>, what: &str) -> Parsed<Literal> {
    string(c, what).map_err(|mut error| {
        let readable = |t: &&Token| {
            matches!(t.kind, TokenKind::Word | TokenKind::Number)
                || matches!(
                    t.kind,
                    TokenKind::Punct(Punct::Dot | Punct::Minus | Punct::Colon)
                )
        };
        let bare = c.tokens[c.pos()..c.end()]
            .iter()
            .take_while(readable)
            .last();
        let Some(last) = bare else { return error };
        error.span = error.span.cover(last.span);
        quote_hint(error)
    })
}

fn quote_hint(mut error: SyntaxError) -> SyntaxError {
    error.name = "unquoted-option";
    error.help.push(
        "option names and values are strings: 'key' = 'value', also for numbers and true"
            .to_owned(),
    );
    error
}

/// `('key', …)`, also empty.
pub fn option_keys(c: &mut Cursor<'_>) -> Parsed<()> {
    if empty_parentheses(c).is_some() {
        return Ok(());
    }
    list(c, |c| option_string(c, "an option's name in single quotes")).map(drop)
}

/// An unsigned whole number.
pub fn integer(c: &mut Cursor<'_>) -> Parsed<u32> {
    let digits = c
        .peek()
        .filter(|t| t.kind == TokenKind::Number)
        .map(|t| c.token_text(t))
        .filter(|text| text.bytes().all(|b| b.is_ascii_digit()));
    match digits {
        Some(digits) => {
            let value = digits.parse().unwrap_or(u32::MAX);
            c.bump();
            Ok(value)
        }
        None => Err(c.expected("a whole number")),
    }
}
