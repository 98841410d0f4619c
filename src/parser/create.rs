//! CREATE of everything.

use super::cursor::{Cursor, Parsed};
use super::statement::single;
use super::{names, query, table};
use crate::config::FlinkVersion;
use crate::lexer::{Punct, TokenKind};
use crate::syntax::{ColumnList, CreateFunction, CreateView, Element, ElementKind, StatementKind};

pub fn create(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    c.bump();
    if c.at_words(&["OR", "ALTER"]) && c.version >= FlinkVersion::V2_3 {
        c.eat_words(&["OR", "ALTER"]);
        c.expect_word("MATERIALIZED")?;
        c.expect_word("TABLE")?;
        return materialized_table(c);
    }
    let or_replace = c.at_word("OR");
    if or_replace {
        c.bump();
        c.expect_word("REPLACE")?;
    }
    let temporary = c.eat_word("TEMPORARY");
    if temporary && c.eat_word("SYSTEM") {
        if c.version >= FlinkVersion::V2_3 && c.eat_word("CONNECTION") {
            return connection(c);
        }
        c.expect_word("FUNCTION")?;
        return function(c, true, true);
    }
    // Flink's parser takes OR REPLACE and TEMPORARY before nearly everything; its planner does not.
    if c.eat_word("TABLE") {
        return table::create_table(c, temporary, or_replace);
    }
    if c.eat_word("VIEW") {
        return view(c, temporary, or_replace);
    }
    if c.eat_word("FUNCTION") {
        return function(c, temporary, false);
    }
    if c.eat_word("MODEL") {
        return model(c);
    }
    if c.eat_word("CATALOG") {
        return catalog(c);
    }
    if c.eat_word("DATABASE") {
        return database(c);
    }
    if c.version >= FlinkVersion::V2_3 && c.eat_word("CONNECTION") {
        return connection(c);
    }
    if !temporary && !or_replace && c.eat_words(&["MATERIALIZED", "TABLE"]) {
        return materialized_table(c);
    }
    Err(c.expected("what to create, such as TABLE or VIEW"))
}

/// `REPLACE TABLE …` is `CREATE OR REPLACE TABLE … AS` of a table that must exist.
pub fn replace(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    c.bump();
    c.expect_word("TABLE")?;
    let created = table::create_table(c, false, true)?;
    if !matches!(&created, StatementKind::CreateTable(t) if t.as_query.is_some()) {
        return Err(c.expected("`AS` and a query"));
    }
    Ok(created)
}

fn view(c: &mut Cursor<'_>, temporary: bool, or_replace: bool) -> Parsed<StatementKind> {
    let if_not_exists = names::if_not_exists(c);
    let name = names::object_name(c)?;
    let columns = if c.at_punct(Punct::LParen) {
        let (span, columns) = names::ident_list(c)?;
        Some(ColumnList { span, columns })
    } else {
        None
    };
    names::comment(c)?;
    c.expect_word("AS")?;
    let query = query::query(c)?;
    Ok(StatementKind::CreateView(Box::new(CreateView {
        temporary,
        or_replace,
        if_not_exists,
        name,
        columns,
        query,
    })))
}

fn function(c: &mut Cursor<'_>, temporary: bool, system: bool) -> Parsed<StatementKind> {
    names::if_not_exists(c);
    let name = if system {
        single(names::ident(c)?)
    } else {
        names::object_name(c)?
    };
    c.expect_word("AS")?;
    let class = names::string(c, "the class name in single quotes")?;
    let language = language(c)?;
    if c.at_word("USING") {
        if !matches!(language, None | Some("JAVA" | "SCALA")) {
            return Err(c.error("USING goes with the languages JAVA and SCALA only"));
        }
        c.bump();
        used_resource(c)?;
        while c.eat_punct(Punct::Comma) {
            used_resource(c)?;
        }
    }
    if c.version >= FlinkVersion::V2_2 && c.eat_word("WITH") {
        names::options(c)?;
    }
    Ok(StatementKind::CreateFunction(Box::new(CreateFunction {
        temporary,
        system,
        name,
        class,
    })))
}

pub fn language(c: &mut Cursor<'_>) -> Parsed<Option<&'static str>> {
    if !c.eat_word("LANGUAGE") {
        return Ok(None);
    }
    let known = ["JAVA", "SCALA", "SQL", "PYTHON"];
    match known.into_iter().find(|language| c.eat_word(language)) {
        Some(language) => Ok(Some(language)),
        None => Err(c.expected("JAVA, SCALA, SQL or PYTHON")),
    }
}

fn used_resource(c: &mut Cursor<'_>) -> Parsed<()> {
    let known = c.eat_word("JAR") || (c.version >= FlinkVersion::V2_3 && c.eat_word("ARTIFACT"));
    if !known {
        return Err(c.expected("`JAR`"));
    }
    names::string(c, "the path in single quotes").map(drop)
}

fn catalog(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    names::if_not_exists(c);
    single(names::ident(c)?);
    names::comment(c)?;
    if c.eat_word("WITH") {
        names::options(c)?;
    }
    Ok(StatementKind::Other("CREATE CATALOG"))
}

fn database(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    names::if_not_exists(c);
    names::object_name(c)?;
    names::comment(c)?;
    if c.eat_word("WITH") {
        names::options(c)?;
    }
    Ok(StatementKind::Other("CREATE DATABASE"))
}

fn connection(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    names::if_not_exists(c);
    names::object_name(c)?;
    names::comment(c)?;
    c.expect_word("WITH")?;
    names::options(c)?;
    Ok(StatementKind::Other("CREATE CONNECTION"))
}

fn model(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    names::if_not_exists(c);
    names::object_name(c)?;
    for word in ["INPUT", "OUTPUT"] {
        if c.eat_word(word) {
            let list = table::element_list(c, table::Place::Create)?;
            table::check_bare_columns(c, &list, false)?;
        }
    }
    names::comment(c)?;
    if c.eat_word("WITH") {
        names::options(c)?;
    }
    if c.eat_word("AS") {
        query::query(c)?;
    }
    Ok(StatementKind::Other("CREATE MODEL"))
}

/// After `CREATE [OR ALTER] MATERIALIZED TABLE`.
fn materialized_table(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    names::object_name(c)?;
    if c.at_punct(Punct::LParen) {
        let list = table::element_list(c, table::Place::Create)?;
        if c.version < FlinkVersion::V2_3 {
            let constraint =
                |e: &Element| matches!(e.kind, ElementKind::PrimaryKey(_) | ElementKind::Unique(_));
            if list.elements.len() != 1 || !list.elements.iter().all(constraint) {
                let mut error =
                    c.error("before Flink 2.3 a materialized table declares nothing but one key");
                error.span = list.open.cover(list.close);
                return Err(error);
            }
        }
        table::check_bare_columns(c, &list, true)?;
    }
    names::comment(c)?;
    if c.version >= FlinkVersion::V2_2 {
        table::distribution(c)?;
    }
    table::partitioned_by(c)?;
    if c.eat_word("WITH") {
        names::options(c)?;
    }
    if c.version >= FlinkVersion::V2_3 && c.eat_word("START_MODE") {
        c.expect_punct(Punct::Eq, "=")?;
        start_mode(c)?;
    }
    if c.eat_word("FRESHNESS") {
        c.expect_punct(Punct::Eq, "=")?;
        freshness(c)?;
    } else if c.version < FlinkVersion::V2_2 {
        return Err(c.expected("`FRESHNESS = INTERVAL …`"));
    }
    if c.eat_word("REFRESH_MODE") {
        c.expect_punct(Punct::Eq, "=")?;
        refresh_mode(c)?;
    }
    c.expect_word("AS")?;
    query::query(c)?;
    Ok(StatementKind::Other("CREATE MATERIALIZED TABLE"))
}

pub fn freshness(c: &mut Cursor<'_>) -> Parsed<()> {
    interval(c)
}

pub fn refresh_mode(c: &mut Cursor<'_>) -> Parsed<()> {
    if c.eat_word("FULL") || c.eat_word("CONTINUOUS") {
        return Ok(());
    }
    Err(c.expected("FULL or CONTINUOUS"))
}

/// `INTERVAL '…' unit`.
fn interval(c: &mut Cursor<'_>) -> Parsed<()> {
    c.expect_word("INTERVAL")?;
    let _ = c.eat_punct(Punct::Minus) || c.eat_punct(Punct::Plus);
    names::string(c, "a number in single quotes")?;
    let is_unit = |c: &Cursor<'_>| {
        c.peek().is_some_and(|t| {
            let word = c.token_text(t).to_ascii_uppercase();
            t.kind == TokenKind::Word
                && matches!(
                    word.strip_suffix('S').unwrap_or(&word),
                    "YEAR" | "QUARTER" | "MONTH" | "WEEK" | "DAY" | "HOUR" | "MINUTE" | "SECOND"
                )
        })
    };
    for _ in 0..2 {
        if !is_unit(c) {
            return Err(c.expected("a unit of time such as MINUTE"));
        }
        c.bump();
        if c.eat_punct(Punct::LParen) {
            names::integer(c)?;
            if c.eat_punct(Punct::Comma) {
                names::integer(c)?;
            }
            c.expect_punct(Punct::RParen, ")")?;
        }
        if !c.eat_word("TO") {
            break;
        }
    }
    Ok(())
}

fn start_mode(c: &mut Cursor<'_>) -> Parsed<()> {
    if c.eat_word("FROM_BEGINNING") || c.eat_word("RESUME_OR_FROM_BEGINNING") {
        return Ok(());
    }
    if c.eat_word("FROM_NOW") || c.eat_word("RESUME_OR_FROM_NOW") {
        if c.eat_punct(Punct::LParen) {
            interval(c)?;
            c.expect_punct(Punct::RParen, ")")?;
        }
        return Ok(());
    }
    if c.eat_word("FROM_TIMESTAMP") || c.eat_word("RESUME_OR_FROM_TIMESTAMP") {
        c.expect_punct(Punct::LParen, "(")?;
        c.expect_word("TIMESTAMP")?;
        if c.eat_word("WITH") {
            c.expect_word("LOCAL")?;
            c.expect_word("TIME")?;
            c.expect_word("ZONE")?;
        }
        names::string(c, "a timestamp in single quotes")?;
        return c.expect_punct(Punct::RParen, ")");
    }
    Err(c.expected("a mode such as FROM_NOW"))
}
