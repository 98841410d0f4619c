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

/// What may follow the target of an INSERT: also `VALUE (…)`.
fn at_source(c: &Cursor<'_>) -> bool {
    at_query(c) || c.at_word("VALUE")
}

pub fn at_insert(c: &Cursor<'_>) -> bool {
    c.at_word("INSERT") || c.at_word("UPSERT")
}

/// `{ INSERT | UPSERT } { INTO | OVERWRITE } …`; `start` is the token of `EXECUTE`, if there is one.
pub fn insert(c: &mut Cursor<'_>, start: usize) -> Parsed<Insert> {
    let upsert = c.at_word("UPSERT");
    c.bump();
    let overwrite = !upsert && c.eat_word("OVERWRITE");
    if !overwrite && !c.eat_word("INTO") {
        return Err(c.expected(if upsert {
            "`INTO`"
        } else {
            "`INTO` or `OVERWRITE`"
        }));
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
    c.read_hints(after_name..c.pos());
    let partition_start = c.pos();
    let partition = if c.eat_word("PARTITION") {
        let columns = partition_spec(c, false)?;
        Some(Partition {
            span: c.span_since(partition_start),
            columns,
        })
    } else {
        None
    };
    c.eat_word("EXTEND");
    let columns = if c.at_punct(Punct::LParen) && !starts_query_in_parentheses(c) {
        let (span, columns) = names::list(c, |c| {
            let name = names::object_name(c)?.parts.pop();
            if !c.at_punct(Punct::Comma) && !c.at_punct(Punct::RParen) {
                super::types::data_type(c)?;
            }
            Ok(name)
        })?;
        Some(ColumnList {
            span,
            columns: columns.into_iter().flatten().collect(),
        })
    } else {
        None
    };
    if !at_source(c) {
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
pub fn literal(c: &mut Cursor<'_>) -> Parsed<()> {
    let _ = c.eat_punct(Punct::Minus) || c.eat_punct(Punct::Plus);
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
        c.join(&one);
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
    } else if let Some(first) = explain_detail(c) {
        let mut seen = vec![first];
        while c.eat_punct(Punct::Comma) {
            let here = c.here();
            let Some(detail) = explain_detail(c) else {
                return Err(c.expected("a detail such as CHANGELOG_MODE"));
            };
            if seen.contains(&detail) {
                let mut error = c.error(format!("{detail} is asked for twice"));
                error.span = here;
                return Err(error);
            }
            seen.push(detail);
        }
    }
    let executable =
        c.version >= FlinkVersion::V2_2 && c.at_word("EXECUTE") && !c.nth_is_word(1, "PLAN");
    let inner = if executable {
        execute(c)?
    } else if c.at_word("STATEMENT") {
        StatementKind::StatementSet(Box::new(statement_set(c)?))
    } else if at_insert(c) {
        let start = c.pos();
        StatementKind::Insert(Box::new(insert(c, start)?))
    } else if at_query(c) {
        StatementKind::Query(Box::new(query::query(c)?))
    } else if c.version >= FlinkVersion::V2_0 && (c.at_word("CREATE") || c.at_word("REPLACE")) {
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

fn explain_detail(c: &mut Cursor<'_>) -> Option<&'static str> {
    [
        "ESTIMATED_COST",
        "CHANGELOG_MODE",
        "JSON_EXECUTION_PLAN",
        "PLAN_ADVICE",
    ]
    .into_iter()
    .find(|detail| c.eat_word(detail))
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
    target(c)?;
    c.expect_word("SET")?;
    loop {
        names::ident(c)?;
        c.expect_punct(Punct::Eq, "=")?;
        query::expression(c)?;
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
    target(c)?;
    condition(c)?;
    Ok(StatementKind::Other("DELETE"))
}

/// A table to change: `name [hints] [extended columns] [[AS] alias]`.
fn target(c: &mut Cursor<'_>) -> Parsed<()> {
    names::object_name(c)?;
    let after_name = c.last();
    c.read_hints(after_name..c.pos());
    extended_columns(c)?;
    alias(c)
}

/// One past the parenthesis that closes the one at the cursor.
fn closing(c: &Cursor<'_>) -> usize {
    let mut depth = 0usize;
    for i in c.pos()..c.end() {
        match c.tokens[i].kind {
            TokenKind::Punct(Punct::LParen) => depth += 1,
            TokenKind::Punct(Punct::RParen) => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return i + 1;
                }
            }
            _ => {}
        }
    }
    c.end()
}

/// `[EXTEND] (x INT, …)`: columns that the table does not declare.
fn extended_columns(c: &mut Cursor<'_>) -> Parsed<()> {
    c.eat_word("EXTEND");
    if c.at_punct(Punct::LParen) {
        names::list(c, |c| {
            names::object_name(c)?;
            super::types::data_type(c)
        })?;
    }
    Ok(())
}

fn alias(c: &mut Cursor<'_>) -> Parsed<()> {
    let ends = c.at_end() || ["SET", "WHERE", "USING"].iter().any(|word| c.at_word(word));
    if c.eat_word("AS") || !ends {
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

/// `CALL name(…)`.
pub fn call(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    c.bump();
    let mut name = *c;
    names::object_name(&mut name)?;
    if !name.at_punct(Punct::LParen) {
        return Err(name.expected("`(`"));
    }
    let end = closing(&name);
    let mut call = c.up_to(end);
    query::expression(&mut call)?;
    c.join(&call);
    Ok(StatementKind::Other("CALL"))
}

/// `MERGE INTO t USING s ON e WHEN [NOT] MATCHED THEN …`: read by Flink's parser, run by nothing.
pub fn merge(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    c.bump();
    c.expect_word("INTO")?;
    target(c)?;
    c.expect_word("USING")?;
    if c.at_punct(Punct::LParen) {
        let mut source = c.up_to(closing(c));
        query::query(&mut source)?;
        c.join(&source);
    } else {
        names::object_name(c)?;
    }
    if c.eat_word("AS") || !c.at_word("ON") {
        names::ident(c)?;
        if c.at_punct(Punct::LParen) {
            names::ident_list(c)?;
        }
    }
    c.expect_word("ON")?;
    query::expression(c)?;
    let matched = c.eat_words(&["WHEN", "MATCHED"]);
    if matched {
        c.expect_word("THEN")?;
        c.expect_word("UPDATE")?;
        c.expect_word("SET")?;
        loop {
            names::object_name(c)?;
            c.expect_punct(Punct::Eq, "=")?;
            query::expression(c)?;
            if !c.eat_punct(Punct::Comma) {
                break;
            }
        }
    }
    if !matched || c.at_word("WHEN") {
        c.expect_word("WHEN")?;
        c.expect_word("NOT")?;
        c.expect_word("MATCHED")?;
        c.expect_word("THEN")?;
        c.expect_word("INSERT")?;
        if c.at_punct(Punct::LParen) {
            names::list(c, names::object_name)?;
        }
        query::query(c)?;
    }
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
