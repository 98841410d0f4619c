//! Queries and expressions: sqlparser builds the tree from our tokens.

use super::cursor::{Cursor, Parsed, SyntaxError};
use super::dialect::FlinkDialect;
use super::tokens::convert;
use super::{byte_span, grammar, limits};
use crate::lexer::TokenKind;
use crate::syntax::{Expr, Query};
use crate::text::Span;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, TokenWithSpan};

/// Reads one query.
pub fn query(c: &mut Cursor<'_>) -> Parsed<Query> {
    let start = c.pos();
    let end = recognise(c, grammar::query)?;
    let tree = build(c, end, |parser| parser.parse_query())?;
    c.advance_to(end);
    c.read_hints(start..end);
    Ok(Query {
        span: c.span_since(start),
        tokens: start..c.last(),
        ast: tree,
    })
}

/// Reads one expression, as a condition has it.
pub fn expression(c: &mut Cursor<'_>) -> Parsed<Expr> {
    expression_by(c, grammar::dml_expression)
}

/// Reads the expression of a computed column or a watermark.
pub fn column_expression(c: &mut Cursor<'_>) -> Parsed<Expr> {
    expression_by(c, grammar::expression)
}

fn expression_by(
    c: &mut Cursor<'_>,
    production: impl FnOnce(&mut Cursor<'_>) -> Parsed<()>,
) -> Parsed<Expr> {
    let start = c.pos();
    let end = recognise(c, production)?;
    let tree = build(c, end, |parser| parser.parse_expr())?;
    c.advance_to(end);
    c.read_hints(start..end);
    Ok(Expr {
        span: c.span_since(start),
        tokens: start..c.last(),
        ast: Box::new(tree),
    })
}

/// One past the last token of what Flink's grammar reads here. sqlparser takes more than Flink, and
/// builds trees only of what Flink takes.
fn recognise(
    c: &Cursor<'_>,
    production: impl FnOnce(&mut Cursor<'_>) -> Parsed<()>,
) -> Parsed<usize> {
    let mut ahead = *c;
    production(&mut ahead)?;
    // Hints behind the last table belong to it.
    let between = ahead.last()..ahead.pos();
    let end = between
        .rev()
        .find(|i| c.tokens[*i].kind == TokenKind::Hint)
        .map_or(ahead.last(), |hint| hint + 1);
    limits::check(c, end)?;
    Ok(end)
}

fn build<T>(
    c: &Cursor<'_>,
    end: usize,
    parse: impl FnOnce(&mut Parser) -> Result<T, ParserError>,
) -> Parsed<T> {
    let tokens = convert(c, end)?;
    let mut parser = Parser::new(&FlinkDialect)
        .with_recursion_limit(limits::RECURSION)
        .with_tokens_with_locations(tokens);
    let result = parse(&mut parser);
    let next = parser.peek_token_ref();
    match result {
        Ok(tree) if next.token == Token::EOF => Ok(tree),
        Ok(_) => Err(unexpected(c, next, end)),
        Err(error) => Err(tree_error(c, &error, parser.get_current_token(), end)),
    }
}

fn unexpected(c: &Cursor<'_>, token: &TokenWithSpan, end: usize) -> SyntaxError {
    let at = token_at(c, byte_span(token.span).start, end);
    let mut rest = *c;
    rest.advance_to(at);
    rest.expected("the end of the query")
}

/// The index of the token that starts at or after a byte offset.
fn token_at(c: &Cursor<'_>, offset: u32, end: usize) -> usize {
    c.pos() + c.tokens[c.pos()..end].partition_point(|t| t.span.start < offset)
}

fn tree_error(
    c: &Cursor<'_>,
    error: &ParserError,
    current: &TokenWithSpan,
    end: usize,
) -> SyntaxError {
    let text = match error {
        ParserError::ParserError(text) | ParserError::TokenizerError(text) => text.as_str(),
        ParserError::RecursionLimitExceeded => {
            return limits::too_deep(Span::at(byte_span(current.span).start));
        }
    };
    let (message, place) = match text.rsplit_once(" at Line: 1, Column: ") {
        Some((message, column)) => (message, column.parse::<u32>().ok()),
        None => (text, None),
    };
    let at_end = message.ends_with("found: EOF") || current.token == Token::EOF;
    let offset = place.map_or(byte_span(current.span).start, |column| {
        column.saturating_sub(1)
    });
    let at = if at_end {
        end
    } else {
        token_at(c, offset, end)
    };
    let mut rest = *c;
    rest.advance_to(at);
    let what = message
        .strip_prefix("Expected: ")
        .and_then(|m| m.split(", found").next());
    match what {
        Some(what) => rest.expected(what),
        None => rest.error(message.to_owned()),
    }
}
