//! Flink SQL's query and expression grammar, as a recogniser: says yes or names the first mistake, builds nothing.
//!
//! sqlparser builds our trees, but takes far more than Flink does. What stands here decides as Flink's own
//! parser decides, by version (Calcite 1.32 in 1.20, 1.34 in 2.0 and 2.1, 1.36 in 2.2 and 2.3, and what Flink
//! adds), with its conformance (`FlinkSqlConformance.DEFAULT`).
//!
//! Architecture invariant: one pass, one token of memory and a bounded look-ahead, never back: linear time. A
//! production commits where Flink's commits, even where a later token would have asked for another one.

mod builtin;
mod call;
mod expr;
mod from;
mod functions;
mod hint;
mod json;
mod literal;
mod match_recognize;
mod names;
mod query;
mod types;

#[cfg(test)]
mod tests;

use super::cursor::{Cursor, Parsed, SyntaxError};
use super::mistakes::unreadable_token;
use crate::config::FlinkVersion;
use crate::lexer::keywords::Keyword as K;
use crate::lexer::{Punct as P, Token, TokenKind};

/// Levels of parentheses, subqueries, CASE and types within each other. Flink's own limit is its stack.
const MAX_DEPTH: u32 = 400;

/// Reads one query: `WITH …`, `SELECT …`, `VALUES …`, `TABLE t`, set operations, `ORDER BY`, `LIMIT`, `OFFSET`,
/// `FETCH`, also in parentheses. Stops at the first token that cannot continue it.
pub fn query(cursor: &mut Cursor<'_>) -> Parsed<()> {
    run(cursor, |g| {
        g.ordered_query_or_expression(Context::Query)?;
        g.stray_hint = g.stray_hint.or(g.hint);
        Ok(())
    })
}

/// Reads one expression of a DDL statement (computed column, watermark, freshness): no subquery in plain
/// parentheses.
pub fn expression(cursor: &mut Cursor<'_>) -> Parsed<()> {
    run(cursor, |g| g.expression(Context::NonQuery).map(drop))
}

/// Reads one expression of a DML statement (`UPDATE … SET a = …`, `DELETE … WHERE …`).
pub fn dml_expression(cursor: &mut Cursor<'_>) -> Parsed<()> {
    run(cursor, |g| g.expression(Context::SubQuery).map(drop))
}

/// Reads one name without dots. A reserved word is one only in backticks.
pub fn identifier(cursor: &mut Cursor<'_>) -> Parsed<()> {
    run(cursor, |g| g.identifier())
}

/// Reads a name with or without dots.
pub fn compound_identifier(cursor: &mut Cursor<'_>) -> Parsed<()> {
    run(cursor, |g| g.compound_table_identifier())
}

/// Reads a type as a column declares it, with its `NULL` or `NOT NULL`.
pub fn data_type(cursor: &mut Cursor<'_>) -> Parsed<()> {
    run(cursor, |g| g.column_type())
}

/// Reads what follows `CALL`: a name and arguments in parentheses.
pub fn procedure_call(cursor: &mut Cursor<'_>) -> Parsed<()> {
    run(cursor, |g| {
        g.compound_identifier()?;
        g.routine_arguments(Context::SubQuery)
    })
}

/// Reads a hint, `/*+ … */`, which is one token of the cursor's: of the target of an INSERT. Those within a query
/// are read with it.
pub fn hint(cursor: &Cursor<'_>, token: Token) -> Parsed<()> {
    hint::hint(cursor, token)
}

/// The hint between the last token read and the next one, if there is one. Before a query it may stand only as
/// the hint of an INSERT's target.
pub fn hint_before(cursor: &Cursor<'_>) -> Option<Token> {
    cursor.tokens[cursor.last()..cursor.pos()]
        .iter()
        .find(|t| t.kind == TokenKind::Hint)
        .copied()
}

/// What to say of a token that nothing can read where it stands: for a caller whose statement should end here.
pub fn unexpected(cursor: &Cursor<'_>) -> SyntaxError {
    let mut cursor = *cursor;
    let mut grammar = Grammar::new(&mut cursor);
    grammar.unexpected(END);
    grammar.into_error()
}

fn run(
    cursor: &mut Cursor<'_>,
    production: impl FnOnce(&mut Grammar<'_, '_>) -> Read,
) -> Parsed<()> {
    let mut grammar = Grammar::new(cursor);
    let read = production(&mut grammar).and_then(|()| grammar.no_stray_hint());
    match read {
        Ok(()) => Ok(()),
        Err(Stop) => Err(grammar.into_error()),
    }
}

/// A mistake was found; [`Grammar::error`] says which. Small, so that results are cheap to hand up.
#[derive(Debug, Clone, Copy)]
struct Stop;

type Read<T = ()> = Result<T, Stop>;

/// What kind of expression a place takes, as Calcite's parser tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Context {
    /// Anything.
    All,
    /// Anything but a `CURSOR`.
    NonCursor,
    Query,
    QueryOrJoin,
    NonQuery,
    /// A query only in parentheses.
    SubQuery,
    /// A query only in parentheses, or a `CURSOR`.
    Cursor,
}

impl Context {
    fn takes_query(self) -> bool {
        !matches!(self, Self::NonQuery | Self::SubQuery | Self::Cursor)
    }

    /// After an opening parenthesis.
    fn within_parentheses(self) -> Self {
        match self {
            Self::SubQuery => Self::NonCursor,
            Self::Cursor => Self::All,
            other => other,
        }
    }
}

/// What was read, as far as something after it depends on that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Query,
    Join,
    /// `a - b`: an interval, if a unit follows its parentheses.
    Difference,
    Other,
}

/// The kind of the current token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tok {
    Key(K),
    /// A word that is no keyword.
    Word,
    Quoted,
    Number,
    String,
    Placeholder,
    Punct(P),
    /// `$` alone, the end of a pattern.
    Dollar,
    /// Unterminated, or no token of Flink's.
    Bad,
    End,
}

struct Grammar<'c, 'a> {
    cursor: &'c mut Cursor<'a>,
    tok: Tok,
    version: FlinkVersion,
    depth: u32,
    /// A hint before the current token, which nothing has taken yet.
    hint: Option<Token>,
    /// The first hint that stands where none may.
    stray_hint: Option<Token>,
    error: Option<SyntaxError>,
}

impl<'c, 'a> Grammar<'c, 'a> {
    fn new(cursor: &'c mut Cursor<'a>) -> Self {
        let version = cursor.version;
        let mut grammar = Self {
            tok: Tok::End,
            cursor,
            version,
            depth: 0,
            hint: None,
            stray_hint: None,
            error: None,
        };
        grammar.tok = grammar.kind_of(grammar.cursor.peek());
        grammar
    }

    fn since(&self, version: FlinkVersion) -> bool {
        self.version >= version
    }

    fn kind_of(&self, token: Option<Token>) -> Tok {
        let Some(token) = token else {
            return Tok::End;
        };
        match token.kind {
            TokenKind::Word => match K::of(self.cursor.token_text(token)) {
                Some(keyword) => Tok::Key(keyword),
                None if token.span.end - token.span.start == 1
                    && self.cursor.token_text(token) == "$" =>
                {
                    Tok::Dollar
                }
                None => Tok::Word,
            },
            TokenKind::QuotedIdent => Tok::Quoted,
            TokenKind::Number => Tok::Number,
            TokenKind::String => Tok::String,
            TokenKind::Placeholder => Tok::Placeholder,
            TokenKind::Punct(P::Semicolon) => Tok::End,
            TokenKind::Punct(punct) => Tok::Punct(punct),
            _ => Tok::Bad,
        }
    }

    /// The `n`-th token from here; 0 is the current one.
    fn nth(&self, n: usize) -> Tok {
        self.kind_of(self.cursor.peek_nth(n))
    }

    fn text(&self) -> &'a str {
        self.cursor
            .peek()
            .map_or("", |token| self.cursor.token_text(token))
    }

    fn bump(&mut self) {
        if let Some(hint) = self.hint.take() {
            self.stray_hint.get_or_insert(hint);
        }
        self.cursor.bump();
        for index in self.cursor.last()..self.cursor.pos() {
            let token = self.cursor.tokens[index];
            if token.kind == TokenKind::Hint
                && let Some(hint) = self.hint.replace(token)
            {
                self.stray_hint.get_or_insert(hint);
            }
        }
        self.tok = self.kind_of(self.cursor.peek());
    }

    fn at(&self, keyword: K) -> bool {
        self.tok == Tok::Key(keyword)
    }

    fn at_punct(&self, punct: P) -> bool {
        self.tok == Tok::Punct(punct)
    }

    fn nth_is(&self, n: usize, keyword: K) -> bool {
        self.nth(n) == Tok::Key(keyword)
    }

    fn nth_is_punct(&self, n: usize, punct: P) -> bool {
        self.nth(n) == Tok::Punct(punct)
    }

    fn eat(&mut self, keyword: K) -> bool {
        let here = self.at(keyword);
        if here {
            self.bump();
        }
        here
    }

    fn eat_punct(&mut self, punct: P) -> bool {
        let here = self.at_punct(punct);
        if here {
            self.bump();
        }
        here
    }

    fn eat_any(&mut self, keywords: &[K]) -> bool {
        let here = matches!(self.tok, Tok::Key(k) if keywords.contains(&k));
        if here {
            self.bump();
        }
        here
    }

    fn need(&mut self, keyword: K) -> Read {
        if self.eat(keyword) {
            Ok(())
        } else {
            self.expected(&format!("`{}`", keyword.text()))
        }
    }

    fn need_all(&mut self, keywords: &[K]) -> Read {
        keywords.iter().try_for_each(|k| self.need(*k))
    }

    fn need_any(&mut self, keywords: &[K]) -> Read {
        if self.eat_any(keywords) {
            return Ok(());
        }
        let names: Vec<_> = keywords.iter().map(|k| format!("`{}`", k.text())).collect();
        self.expected(&names.join(" or "))
    }

    fn need_punct(&mut self, punct: P) -> Read {
        if self.eat_punct(punct) {
            Ok(())
        } else {
            self.expected(shown(punct))
        }
    }

    /// One or more, with commas between.
    fn list(&mut self, mut item: impl FnMut(&mut Self) -> Read) -> Read {
        item(self)?;
        while self.eat_punct(P::Comma) {
            item(self)?;
        }
        Ok(())
    }

    /// Reads something one level deeper.
    fn deeper<T>(&mut self, production: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= MAX_DEPTH {
            return self.too_deep();
        }
        self.depth += 1;
        let read = production(self);
        self.depth -= 1;
        read
    }

    #[cold]
    fn too_deep<T>(&mut self) -> Read<T> {
        self.fail(SyntaxError {
            name: "nesting-too-deep",
            ..self.cursor.error(format!(
                "nested more than {MAX_DEPTH} levels deep, which is not read any further"
            ))
        })
    }

    #[cold]
    fn fail<T>(&mut self, error: SyntaxError) -> Read<T> {
        self.error.get_or_insert(error);
        Err(Stop)
    }

    /// The current token is none of `what`.
    #[cold]
    fn expected<T>(&mut self, what: &str) -> Read<T> {
        self.unexpected(what);
        Err(Stop)
    }

    /// A rule of Flink's is broken at the current token.
    #[cold]
    fn refuse<T>(&mut self, name: &'static str, message: &str, help: &str) -> Read<T> {
        let mut error = self.cursor.error(message);
        error.name = name;
        if !help.is_empty() {
            error.help.push(help.to_owned());
        }
        self.fail(error)
    }

    fn into_error(self) -> SyntaxError {
        match self.error {
            Some(error) => error,
            None => self.cursor.error("this is not Flink SQL"),
        }
    }

    /// Explains the current token, where `what` was expected.
    #[cold]
    fn unexpected(&mut self, what: &str) {
        let mut error = self.cursor.expected(what);
        let mut known = |name, message: String, help: &str| {
            error.name = name;
            error.message = message;
            if !help.is_empty() {
                error.help.push(help.to_owned());
            }
        };
        let text = self.text();
        let name_fits = matches!(what, EXPRESSION | "a table" | END);
        match self.tok {
            Tok::Key(keyword) if what == END && starts_a_statement(keyword) => known(
                "missing-semicolon",
                format!("`{text}` starts a statement, but the one before it has not ended"),
                "end the statement before it with `;`",
            ),
            Tok::Key(keyword)
                if name_fits && keyword.is_reserved(self.version) && !ends_a_clause(keyword) =>
            {
                known(
                    "reserved-identifier",
                    format!("expected {what}, found the reserved word `{text}`"),
                    &format!("if it is a name, put it in backticks: `{text}`"),
                );
            }
            Tok::Punct(P::Eq) if self.after(P::Eq) => known(
                "double-equals",
                "Flink SQL has no `==`".to_owned(),
                "write `=`",
            ),
            Tok::Punct(P::Colon) if self.nth_is_punct(1, P::Colon) => known(
                "double-colon",
                "Flink SQL has no `::`".to_owned(),
                "write CAST(x AS type)",
            ),
            Tok::Key(_) | Tok::End | Tok::Punct(P::RParen) if self.after(P::Comma) => known(
                "trailing-comma",
                format!("nothing follows the comma: expected {what}"),
                "remove the comma before it",
            ),
            Tok::Bad | Tok::Punct(P::BangEq) => {
                if let Some(token) = self.cursor.peek() {
                    error = unreadable_token(self.cursor, token);
                }
            }
            _ => {}
        }
        self.error.get_or_insert(error);
    }

    /// Is the last token read this one?
    fn after(&self, punct: P) -> bool {
        let last = self.cursor.last();
        last.checked_sub(1)
            .and_then(|i| self.cursor.tokens.get(i))
            .is_some_and(|t| t.kind == TokenKind::Punct(punct))
    }
}

const EXPRESSION: &str = "an expression";
const END: &str = "the end of the statement";

fn starts_a_statement(keyword: K) -> bool {
    use K::*;
    matches!(
        keyword,
        ALTER
            | BEGIN
            | CALL
            | CREATE
            | DELETE
            | DESCRIBE
            | DROP
            | EXECUTE
            | EXPLAIN
            | INSERT
            | RESET
            | SELECT
            | SET
            | SHOW
            | UPDATE
            | UPSERT
            | USE
            | WITH
    )
}

/// Words that nobody means as a name: they say that something before them is missing.
fn ends_a_clause(keyword: K) -> bool {
    use K::*;
    matches!(
        keyword,
        AND | AS
            | BETWEEN
            | BY
            | CROSS
            | ELSE
            | EXCEPT
            | FETCH
            | FROM
            | GROUP
            | HAVING
            | IN
            | INNER
            | INSERT
            | INTERSECT
            | INTO
            | IS
            | JOIN
            | LIKE
            | LIMIT
            | NATURAL
            | NOT
            | NULL
            | OFFSET
            | ON
            | OR
            | ORDER
            | OVER
            | PARTITION
            | QUALIFY
            | SELECT
            | SET
            | TABLE
            | THEN
            | UNION
            | USING
            | VALUES
            | WHEN
            | WHERE
            | WINDOW
            | WITH
    )
}

fn shown(punct: P) -> &'static str {
    match punct {
        P::LParen => "`(`",
        P::RParen => "`)`",
        P::LBracket => "`[`",
        P::RBracket => "`]`",
        P::LBrace => "`{`",
        P::RBrace => "`}`",
        P::Comma => "`,`",
        P::Dot => "`.`",
        P::Eq => "`=`",
        P::Lt => "`<`",
        P::Gt => "`>`",
        P::RArrow => "`=>`",
        P::Minus => "`-`",
        P::Colon => "`:`",
        P::Lambda => "`->`",
        _ => "another token",
    }
}
