//! CREATE TABLE and what it shares with materialized tables and ALTER TABLE.

use super::cursor::{Cursor, Parsed};
use super::{names, query, types};
use crate::config::FlinkVersion;
use crate::lexer::{Punct, TokenKind};
use crate::syntax::{
    Column, ColumnKind, CreateTable, Element, ElementKind, ElementList, Ident, Like, LikeOption,
    StatementKind, Watermark,
};
use crate::text::Span;

/// Where a list of columns stands: not everything may be in every list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Create,
    /// `FIRST` and `AFTER x` may follow a column.
    Alter,
}

/// After `CREATE [OR REPLACE] [TEMPORARY] TABLE`.
pub fn create_table(
    c: &mut Cursor<'_>,
    temporary: bool,
    or_replace: bool,
) -> Parsed<StatementKind> {
    let if_not_exists = names::if_not_exists(c);
    let name = names::object_name(c)?;
    let elements = if c.at_punct(Punct::LParen) {
        Some(element_list(c, Place::Create)?)
    } else {
        None
    };
    let comment = names::comment(c)?;
    let distribution = distribution(c)?;
    let partitioned_by = partitioned_by(c)?;
    let options = if c.eat_word("WITH") {
        Some(names::options(c)?)
    } else {
        None
    };
    let mut table = CreateTable {
        temporary,
        or_replace,
        if_not_exists,
        name,
        elements,
        comment,
        distribution,
        partitioned_by,
        options,
        like: None,
        as_query: None,
    };
    if c.at_word("LIKE") {
        table.like = Some(like(c)?);
    } else if c.eat_word("AS") {
        table.as_query = Some(query::query(c)?);
    }
    if let Some(list) = &table.elements {
        check_bare_columns(c, list, table.as_query.is_some())?;
    }
    Ok(StatementKind::CreateTable(Box::new(table)))
}

/// A list of names without types stands only before `AS query`, from 2.0 on, and then holds nothing else.
pub fn check_bare_columns(c: &Cursor<'_>, list: &ElementList, has_query: bool) -> Parsed<()> {
    let is_bare = |e: &&Element| matches!(&e.kind, ElementKind::Column(column) if matches!(column.kind, ColumnKind::Bare));
    let Some(bare) = list.elements.iter().find(is_bare) else {
        return Ok(());
    };
    let mixed = !list.elements.iter().all(|e| is_bare(&e));
    if has_query && !mixed && c.version >= FlinkVersion::V2_0 {
        return Ok(());
    }
    let mut error = c.error("this column has no data type");
    error.span = Span::at(bare.span.end);
    error.help.push(
        "only CREATE TABLE … AS takes names without types, from Flink 2.0 on, and then for all of its columns"
            .to_owned(),
    );
    Err(error)
}

/// `( element, … )`.
pub fn element_list(c: &mut Cursor<'_>, place: Place) -> Parsed<ElementList> {
    let open = c.here();
    let mut watermarks = 0;
    let (span, elements) = names::list(c, |c| {
        let element = element(c, place)?;
        if matches!(element.kind, ElementKind::Watermark(_)) {
            watermarks += 1;
            if watermarks > 1 {
                let mut error = c.error("a table has one WATERMARK at most");
                error.span = element.span;
                return Err(error);
            }
        }
        Ok(element)
    })?;
    Ok(ElementList {
        open,
        close: Span::new(span.end - 1, span.end),
        elements,
    })
}

/// A column, a constraint or a watermark.
pub fn element(c: &mut Cursor<'_>, place: Place) -> Parsed<Element> {
    let start = c.pos();
    let kind = if c.at_word("WATERMARK") {
        ElementKind::Watermark(watermark(c)?)
    } else if c.at_word("PRIMARY") || c.at_word("UNIQUE") || c.at_word("CONSTRAINT") {
        constraint(c)?
    } else {
        let column = column(c)?;
        if place == Place::Alter {
            position(c)?;
        }
        ElementKind::Column(column)
    };
    Ok(Element {
        span: c.span_since(start),
        kind,
    })
}

/// `FIRST` or `AFTER x`.
fn position(c: &mut Cursor<'_>) -> Parsed<()> {
    if !c.eat_word("FIRST") && c.eat_word("AFTER") {
        names::object_name(c)?;
    }
    Ok(())
}

pub fn watermark(c: &mut Cursor<'_>) -> Parsed<Watermark> {
    c.expect_word("WATERMARK")?;
    c.expect_word("FOR")?;
    let column = names::object_name(c)?.parts;
    c.expect_word("AS")?;
    let expr = query::column_expression(c)?;
    Ok(Watermark { column, expr })
}

/// `[CONSTRAINT name] { PRIMARY KEY | UNIQUE } (…) [[NOT] ENFORCED]`.
fn constraint(c: &mut Cursor<'_>) -> Parsed<ElementKind> {
    if c.eat_word("CONSTRAINT") {
        names::ident(c)?;
    }
    let primary = c.eat_word("PRIMARY");
    if primary {
        c.expect_word("KEY")?;
    } else {
        c.expect_word("UNIQUE")?;
    }
    let (_, columns) = names::ident_list(c)?;
    enforcement(c)?;
    Ok(if primary {
        ElementKind::PrimaryKey(columns)
    } else {
        ElementKind::Unique(columns)
    })
}

fn enforcement(c: &mut Cursor<'_>) -> Parsed<()> {
    if c.eat_word("NOT") {
        c.expect_word("ENFORCED")?;
    } else {
        c.eat_word("ENFORCED");
    }
    Ok(())
}

fn column(c: &mut Cursor<'_>) -> Parsed<Column> {
    let name = column_name(c)?;
    let kind = if c.eat_word("AS") {
        ColumnKind::Computed {
            expr: query::column_expression(c)?,
        }
    } else if c.at_punct(Punct::Comma) || c.at_punct(Punct::RParen) {
        ColumnKind::Bare
    } else {
        let ty = types::data_type(c)?;
        if c.eat_word("METADATA") {
            let key = if c.eat_word("FROM") {
                Some(names::string(c, "the metadata key in single quotes")?)
            } else {
                None
            };
            ColumnKind::Metadata {
                ty,
                key,
                is_virtual: c.eat_word("VIRTUAL"),
            }
        } else {
            ColumnKind::Physical {
                ty,
                inline_key: inline_constraint(c)?,
            }
        }
    };
    let comment = if matches!(kind, ColumnKind::Bare) {
        None
    } else if c.version >= FlinkVersion::V2_3 && c.at_word("COMMENT") && string_after(c, 2) {
        // From 2.3 on a column's comment is one string, not several adjacent ones.
        c.bump();
        c.bump();
        return Err(c.expected("`,` or `)`"));
    } else {
        names::comment(c)?
    };

    Ok(Column {
        name,
        kind,
        comment,
    })
}

fn string_after(c: &Cursor<'_>, n: usize) -> bool {
    c.peek_nth(n).is_some_and(|t| t.kind == TokenKind::String)
}

/// Flink's parser also takes `a.b`; then the name is that with its dots.
fn column_name(c: &mut Cursor<'_>) -> Parsed<Ident> {
    let mut name = names::object_name(c)?;
    if name.parts.len() == 1 {
        return Ok(name.parts.remove(0));
    }
    let parts: Vec<&str> = name.parts.iter().map(|p| p.value.as_str()).collect();
    Ok(Ident {
        value: parts.join("."),
        span: name.span,
    })
}

/// `[CONSTRAINT name] { PRIMARY KEY | UNIQUE } [[NOT] ENFORCED]`; true for a primary key.
fn inline_constraint(c: &mut Cursor<'_>) -> Parsed<bool> {
    let named = c.eat_word("CONSTRAINT");
    if named {
        names::ident(c)?;
    }
    let primary = c.eat_word("PRIMARY");
    if primary {
        c.expect_word("KEY")?;
    } else if !c.eat_word("UNIQUE") {
        if named {
            return Err(c.expected("`PRIMARY KEY` or `UNIQUE`"));
        }
        return Ok(false);
    }
    enforcement(c)?;
    Ok(primary)
}

/// `DISTRIBUTED { [BY [HASH | RANGE] (…)] [INTO n BUCKETS] }`.
pub fn distribution(c: &mut Cursor<'_>) -> Parsed<Option<Span>> {
    let start = c.pos();
    if !c.eat_word("DISTRIBUTED") {
        return Ok(None);
    }
    distribution_rest(c)?;
    Ok(Some(c.span_since(start)))
}

pub fn distribution_rest(c: &mut Cursor<'_>) -> Parsed<()> {
    if c.eat_word("BY") {
        if !c.eat_word("HASH") {
            c.eat_word("RANGE");
        }
        names::ident_list(c)?;
        if c.eat_word("INTO") {
            buckets(c)?;
        }
        return Ok(());
    }
    c.expect_word("INTO")?;
    buckets(c)
}

fn buckets(c: &mut Cursor<'_>) -> Parsed<()> {
    if c.peek().is_some_and(|t| t.kind == TokenKind::Placeholder) {
        c.bump();
    } else {
        names::integer(c)?;
    }
    c.expect_word("BUCKETS")
}

pub fn partitioned_by(c: &mut Cursor<'_>) -> Parsed<Vec<Ident>> {
    if !c.eat_word("PARTITIONED") {
        return Ok(Vec::new());
    }
    c.expect_word("BY")?;
    Ok(names::ident_list(c)?.1)
}

fn like(c: &mut Cursor<'_>) -> Parsed<Like> {
    let start = c.pos();
    c.expect_word("LIKE")?;
    let source = names::object_name(c)?;
    let mut options = Vec::new();
    if c.eat_punct(Punct::LParen) {
        loop {
            let strategy = one_of(c, &["INCLUDING", "EXCLUDING", "OVERWRITING"])?;
            let feature = one_of(
                c,
                &[
                    "ALL",
                    "CONSTRAINTS",
                    "DISTRIBUTION",
                    "GENERATED",
                    "METADATA",
                    "OPTIONS",
                    "PARTITIONS",
                    "WATERMARKS",
                ],
            )?;
            options.push(LikeOption { strategy, feature });
            if c.eat_punct(Punct::RParen) {
                break;
            }
        }
    }
    Ok(Like {
        span: c.span_since(start),
        source,
        options,
    })
}

fn one_of(c: &mut Cursor<'_>, words: &[&str]) -> Parsed<String> {
    match words.iter().find(|word| c.eat_word(word)) {
        Some(word) => Ok((*word).to_owned()),
        None => Err(c.expected(&format!("one of {}", words.join(", ")))),
    }
}
