//! INSERT, statement sets, plans, UPDATE, DELETE, CALL and the like.

use super::cursor::{Cursor, Parsed};
use super::{names, query};
use crate::config::FlinkVersion;
use crate::lexer::{Punct, TokenKind};
use crate::syntax::{ColumnList, Explain, Ident, Insert, Partition, StatementKind, StatementSet};
use crate::text::Span;

pub fn at_query(c: &Cursor<'_>) -> bool {
    c.at_punct(Punct::LParen)
        || ["SELECT", "WITH", "VALUES", "TABLE"]
            .iter()
            .any(|word| c.at_word(word))
}

pub fn at_insert(c: &Cursor<'_>) -> bool {
    c.at_word("INSERT") || c.at_word("UPSERT")
}

/// `{ INSERT | UPSERT } { INTO | OVERWRITE } …`; `start` is the token of `EXECUTE`, if there is one.
pub fn insert(c: &mut Cursor<'_>, start: usize) -> Parsed<Insert> {
    c.bump();
    let overwrite = c.eat_word("OVERWRITE");
    if !overwrite && !c.eat_word("INTO") {
        return Err(c.expected("`INTO` or `OVERWRITE`"));
    }
    if c.at_word("TABLE") {
        let mut error = c.error("Flink SQL has no `INSERT INTO TABLE`");
        error.name = "insert-into-table";
        error.help.push("leave the word TABLE out".to_owned());
        return Err(error);
    }
    let target = names::object_name(c)?;
    let after_name = c.last();
    let hints = c.tokens[after_name..c.pos()]
        .iter()
        .filter(|t| t.kind == TokenKind::Hint)
        .map(|t| t.span)
        .collect();
    let partition_start = c.pos();
    let partition = if c.eat_word("PARTITION") {
        let columns = partition_spec(c, true)?;
        Some(Partition {
            span: c.span_since(partition_start),
            columns,
        })
    } else {
        None
    };
    let columns = if c.at_punct(Punct::LParen) && !starts_query_in_parentheses(c) {
        let (span, columns) = names::list(c, |c| Ok(names::object_name(c)?.parts.pop()))?;
        Some(ColumnList {
            span,
            columns: columns.into_iter().flatten().collect(),
        })
    } else {
        None
    };
    if !at_query(c) {
        return Err(c.expected("a query or VALUES"));
    }
    let source = query::query(c)?;
    let conflict_start = c.pos();
    let on_conflict = if c.version >= FlinkVersion::V2_3 && c.eat_words(&["ON", "CONFLICT"]) {
        c.expect_word("DO")?;
        if !["ERROR", "NOTHING", "DEDUPLICATE"]
            .iter()
            .any(|action| c.eat_word(action))
        {
            return Err(c.expected("ERROR, NOTHING or DEDUPLICATE"));
        }
        Some(c.span_since(conflict_start))
    } else {
        None
    };
    Ok(Insert {
        span: c.span_since(start),
        overwrite,
        target,
        hints,
        partition,
        columns,
        source,
        on_conflict,
    })
}

fn starts_query_in_parentheses(c: &Cursor<'_>) -> bool {
    let mut inner = *c;
    while inner.eat_punct(Punct::LParen) {}
    ["SELECT", "WITH", "VALUES", "TABLE"]
        .iter()
        .any(|word| inner.at_word(word))
}

/// `(name [= value], …)`; `values`: whether a name may go without a value.
pub fn partition_spec(c: &mut Cursor<'_>, bare: bool) -> Parsed<Vec<Ident>> {
    let (_, columns) = names::list(c, |c| {
        let name = names::ident(c)?;
        if c.eat_punct(Punct::Eq) {
            literal(c)?;
        } else if !bare {
            return Err(c.expected("`=`"));
        }
        Ok(name)
    })?;
    Ok(columns)
}

/// A string, a number, a date or a word like TRUE.
fn literal(c: &mut Cursor<'_>) -> Parsed<()> {
    if c.eat_punct(Punct::Minus) || c.eat_punct(Punct::Plus) {}
    let Some(token) = c.peek() else {
        return Err(c.expected("a value"));
    };
    match token.kind {
        TokenKind::Number | TokenKind::Placeholder => {
            c.bump();
            Ok(())
        }
        TokenKind::String => names::string(c, "a value").map(drop),
        TokenKind::Word
            if ["TRUE", "FALSE", "NULL", "UNKNOWN"]
                .iter()
                .any(|word| c.eat_word(word)) =>
        {
            Ok(())
        }
        TokenKind::Word
            if ["DATE", "TIME", "TIMESTAMP"]
                .iter()
                .any(|word| c.eat_word(word)) =>
        {
            names::string(c, "a value in single quotes").map(drop)
        }
        _ => Err(c.expected("a value")),
    }
}

/// `STATEMENT SET BEGIN INSERT …; … END`.
pub fn statement_set(c: &mut Cursor<'_>) -> Parsed<StatementSet> {
    c.expect_word("STATEMENT")?;
    c.expect_word("SET")?;
    c.expect_word("BEGIN")?;
    let mut inserts = Vec::new();
    while !c.at_word("END") {
        if c.at_punct(Punct::Semicolon) {
            return Err(c.error("a statement set takes no empty statement"));
        }
        if !at_insert(c) {
            let mut error = c.expected("`INSERT` or `END`");
            error
                .help
                .push("a statement set holds INSERTs only, and ends in `END;`".to_owned());
            return Err(error);
        }
        let end = semicolon(c);
        let mut one = c.up_to(end);
        inserts.push(insert(&mut one, c.pos())?);
        if !one.at_end() {
            return Err(one.expected("`;` after the INSERT"));
        }
        c.advance_to(end);
        if !c.eat_punct(Punct::Semicolon) {
            let mut error = c.expected("`;` after the INSERT");
            error.name = "missing-semicolon";
            error
                .help
                .push("in a statement set every INSERT ends in `;`, the last one too".to_owned());
            return Err(error);
        }
    }
    if inserts.is_empty() {
        return Err(c.error("a statement set must not be empty"));
    }
    c.bump();
    Ok(StatementSet { inserts })
}

/// The index of the next semicolon, or the end.
fn semicolon(c: &Cursor<'_>) -> usize {
    (c.pos()..c.end())
        .find(|i| c.tokens[*i].kind == TokenKind::Punct(Punct::Semicolon))
        .unwrap_or(c.end())
}

/// `EXECUTE { STATEMENT SET … | INSERT … | query | PLAN '…' }`.
pub fn execute(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    let start = c.pos();
    c.bump();
    if c.at_word("STATEMENT") {
        return Ok(StatementKind::StatementSet(Box::new(statement_set(c)?)));
    }
    if c.eat_word("PLAN") {
        names::string(c, "the plan's path in single quotes")?;
        return Ok(StatementKind::Other("EXECUTE PLAN"));
    }
    if at_insert(c) {
        return Ok(StatementKind::Insert(Box::new(insert(c, start)?)));
    }
    if at_query(c) {
        return Ok(StatementKind::Query(Box::new(query::query(c)?)));
    }
    Err(c.expected("`STATEMENT SET`, `INSERT`, `PLAN` or a query"))
}

/// `EXPLAIN [PLAN FOR | details] …`.
pub fn explain(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    c.bump();
    if c.eat_word("PLAN") {
        c.expect_word("FOR")?;
    } else if explain_detail(c) {
        while c.eat_punct(Punct::Comma) {
            if !explain_detail(c) {
                return Err(c.expected("a detail such as CHANGELOG_MODE"));
            }
        }
    }
    let executable = c.version >= FlinkVersion::V2_2 && c.at_word("EXECUTE");
    let inner = if executable {
        execute(c)?
    } else if c.at_word("STATEMENT") {
        StatementKind::StatementSet(Box::new(statement_set(c)?))
    } else if at_insert(c) {
        let start = c.pos();
        StatementKind::Insert(Box::new(insert(c, start)?))
    } else if at_query(c) {
        StatementKind::Query(Box::new(query::query(c)?))
    } else if c.at_word("UPDATE") {
        update(c)?
    } else if c.at_word("DELETE") {
        delete(c)?
    } else if c.at_word("CREATE") || c.at_word("REPLACE") {
        let created = super::statement::statement(c)?;
        if !matches!(&created, StatementKind::CreateTable(t) if t.as_query.is_some()) {
            return Err(c.error("EXPLAIN takes a CREATE TABLE only with `AS query`"));
        }
        created
    } else {
        return Err(c.expected("a query, an INSERT or a statement set"));
    };
    Ok(StatementKind::Explain(Box::new(Explain {
        inner,
        executes: false,
    })))
}

fn explain_detail(c: &mut Cursor<'_>) -> bool {
    [
        "ESTIMATED_COST",
        "CHANGELOG_MODE",
        "JSON_EXECUTION_PLAN",
        "PLAN_ADVICE",
    ]
    .iter()
    .any(|detail| c.eat_word(detail))
}

/// `COMPILE [AND EXECUTE] PLAN '…' [IF NOT EXISTS] FOR …`.
pub fn compile(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    c.bump();
    let executes = c.eat_word("AND");
    if executes {
        c.expect_word("EXECUTE")?;
    }
    c.expect_word("PLAN")?;
    names::string(c, "the plan's path in single quotes")?;
    if !executes {
        names::if_not_exists(c);
    }
    c.expect_word("FOR")?;
    let inner = if c.at_word("STATEMENT") {
        StatementKind::StatementSet(Box::new(statement_set(c)?))
    } else if at_insert(c) {
        let start = c.pos();
        StatementKind::Insert(Box::new(insert(c, start)?))
    } else {
        return Err(c.expected("an INSERT or a statement set"));
    };
    Ok(StatementKind::Explain(Box::new(Explain {
        inner,
        executes,
    })))
}

/// `UPDATE t SET a = e, … [WHERE e]`.
pub fn update(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    c.bump();
    names::object_name(c)?;
    alias(c)?;
    c.expect_word("SET")?;
    loop {
        names::object_name(c)?;
        c.expect_punct(Punct::Eq, "=")?;
        expression_until(c, &["WHERE"])?;
        if !c.eat_punct(Punct::Comma) {
            break;
        }
    }
    condition(c)?;
    Ok(StatementKind::Other("UPDATE"))
}

/// `DELETE FROM t [WHERE e]`.
pub fn delete(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    c.bump();
    c.expect_word("FROM")?;
    names::object_name(c)?;
    alias(c)?;
    condition(c)?;
    Ok(StatementKind::Other("DELETE"))
}

fn alias(c: &mut Cursor<'_>) -> Parsed<()> {
    if c.eat_word("AS") {
        names::ident(c)?;
    } else if !c.at_end() && !c.at_word("SET") && !c.at_word("WHERE") {
        names::ident(c)?;
    }
    Ok(())
}

fn condition(c: &mut Cursor<'_>) -> Parsed<()> {
    if c.eat_word("WHERE") {
        query::expression(c)?;
    }
    Ok(())
}

fn expression_until(c: &mut Cursor<'_>, words: &[&str]) -> Parsed<()> {
    let mut scan = *c;
    let mut depth = 0usize;
    while let Some(token) = scan.peek() {
        match token.kind {
            TokenKind::Punct(Punct::LParen) => depth += 1,
            TokenKind::Punct(Punct::RParen) => depth = depth.saturating_sub(1),
            _ if depth == 0 && words.iter().any(|word| scan.at_word(word)) => break,
            _ => {}
        }
        scan.bump();
    }
    let mut one = c.up_to(scan.pos());
    query::expression(&mut one)?;
    c.advance_to(one.pos().max(one.last()));
    Ok(())
}

/// `CALL name(…)`.
pub fn call(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    c.bump();
    let mut name = *c;
    names::object_name(&mut name)?;
    if !name.at_punct(Punct::LParen) {
        return Err(name.expected("`(`"));
    }
    query::expression(c)?;
    Ok(StatementKind::Other("CALL"))
}

/// `MERGE INTO …`: read by Flink's parser, run by nothing.
pub fn merge(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    c.bump();
    c.expect_word("INTO")?;
    names::object_name(c)?;
    if c.eat_word("AS") || !c.at_word("USING") {
        names::ident(c)?;
    }
    c.expect_word("USING")?;
    while c.bump().is_some() {}
    Ok(StatementKind::Other("MERGE"))
}

/// The words `BEGIN STATEMENT SET` or `END`.
pub fn set_bracket(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    if c.eat_word("END") {
        return Ok(StatementKind::EndStatementSet);
    }
    c.bump();
    c.expect_word("STATEMENT")?;
    c.expect_word("SET")?;
    Ok(StatementKind::BeginStatementSet)
}

/// Nothing at all, for a statement of no tokens.
pub fn empty(span: Span) -> super::SyntaxError {
    super::SyntaxError {
        span,
        name: "empty-statement",
        message: "there is no statement before this `;`".to_owned(),
        help: vec!["delete the `;`: Flink takes none before a statement".to_owned()],
    }
}
