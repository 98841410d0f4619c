//! Flink's data types.

use super::cursor::{Cursor, Parsed};
use super::names;
use crate::config::FlinkVersion;
use crate::lexer::keywords::is_reserved;
use crate::lexer::{Punct, TokenKind, lex};
use crate::syntax::{DataType, Field, TypeKind};

/// Deepest nesting of ARRAY, MAP, ROW and the like.
const MAX_DEPTH: usize = 100;

/// A type with its `[NOT] NULL`, as a column has it.
pub fn data_type(c: &mut Cursor<'_>) -> Parsed<DataType> {
    nested(c, 0)
}

/// A type in a CAST: also an interval, never `NOT NULL` outside of it.
pub fn cast_type(c: &mut Cursor<'_>) -> Parsed<DataType> {
    if c.eat_word("INTERVAL") {
        return interval(c).map(TypeKind::nullable);
    }
    let kind = kind(c, 0)?;
    Ok(kind.nullable())
}

/// A type that is given as text: that of a column as Flink prints it, or that of an sqlparser CAST
/// (see the table in [`super::dialect`]).
pub fn parse_type(text: &str) -> Option<DataType> {
    let version = FlinkVersion::V2_3;
    let tokens = lex(text, version);
    let mut c = Cursor::new(text, &tokens, 0..tokens.len(), version);
    let ty = if c.at_word("INTERVAL") {
        cast_type(&mut c)
    } else {
        data_type(&mut c)
    };
    ty.ok().filter(|_| c.at_end())
}

fn nested(c: &mut Cursor<'_>, depth: usize) -> Parsed<DataType> {
    let kind = kind(c, depth)?;
    if c.eat_words(&["NOT", "NULL"]) {
        return Ok(kind.not_null());
    }
    c.eat_word("NULL");
    Ok(kind.nullable())
}

fn kind(c: &mut Cursor<'_>, depth: usize) -> Parsed<TypeKind> {
    if depth > MAX_DEPTH {
        return Err(c.error(format!(
            "types may not be nested deeper than {MAX_DEPTH} levels"
        )));
    }
    let mut kind = base(c, depth)?;
    let mut postfixes = 0;
    loop {
        let mut ahead = *c;
        let not_null = ahead.eat_words(&["NOT", "NULL"]);
        if !not_null {
            ahead.eat_word("NULL");
        }
        let wrap = if ahead.eat_word("ARRAY") {
            TypeKind::Array
        } else if ahead.eat_word("MULTISET") {
            TypeKind::Multiset
        } else {
            return Ok(kind);
        };
        let nullable = !not_null;
        kind = wrap(Box::new(DataType { kind, nullable }));
        *c = ahead;
        postfixes += 1;
        if depth + postfixes > MAX_DEPTH {
            return Err(c.error(format!(
                "types may not be nested deeper than {MAX_DEPTH} levels"
            )));
        }
    }
}

fn base(c: &mut Cursor<'_>, depth: usize) -> Parsed<TypeKind> {
    let Some(token) = c.peek() else {
        return Err(c.expected("a data type"));
    };
    match token.kind {
        TokenKind::Word => {}
        TokenKind::QuotedIdent | TokenKind::Placeholder => return named(c),
        _ => return Err(c.expected("a data type")),
    }
    let word = c.token_text(token).to_ascii_uppercase();
    let known = match word.as_str() {
        "BOOLEAN" => TypeKind::Boolean,
        "TINYINT" => TypeKind::TinyInt,
        "SMALLINT" => TypeKind::SmallInt,
        "INT" | "INTEGER" => TypeKind::Int,
        "BIGINT" => TypeKind::BigInt,
        "FLOAT" | "REAL" => TypeKind::Float,
        "DATE" => TypeKind::Date,
        "STRING" => TypeKind::STRING,
        "BYTES" => TypeKind::BYTES,
        "VARIANT" if c.version >= FlinkVersion::V2_1 => TypeKind::Variant,
        "BITMAP" if c.version >= FlinkVersion::V2_3 => TypeKind::Bitmap,
        "DOUBLE" => {
            c.bump();
            c.eat_word("PRECISION");
            return Ok(TypeKind::Double);
        }
        "DECIMAL" | "DEC" | "NUMERIC" => {
            c.bump();
            return decimal(c);
        }
        "CHAR" | "CHARACTER" | "VARCHAR" | "BINARY" | "VARBINARY" => {
            c.bump();
            return sized(c, &word);
        }
        "TIME" | "TIMESTAMP" | "TIMESTAMP_LTZ" => {
            c.bump();
            return time(c, &word);
        }
        "ARRAY" | "MULTISET" => {
            c.bump();
            c.expect_punct(Punct::Lt, "<")?;
            let element = Box::new(nested(c, depth + 1)?);
            c.expect_punct(Punct::Gt, ">")?;
            return Ok(if word == "ARRAY" {
                TypeKind::Array(element)
            } else {
                TypeKind::Multiset(element)
            });
        }
        "MAP" => {
            c.bump();
            c.expect_punct(Punct::Lt, "<")?;
            let key = Box::new(nested(c, depth + 1)?);
            c.expect_punct(Punct::Comma, ",")?;
            let value = Box::new(nested(c, depth + 1)?);
            c.expect_punct(Punct::Gt, ">")?;
            return Ok(TypeKind::Map(key, value));
        }
        "ROW" => {
            c.bump();
            return row(c, depth);
        }
        "RAW" => {
            c.bump();
            c.expect_punct(Punct::LParen, "(")?;
            let class = names::string(c, "the class name in single quotes")?.value;
            c.expect_punct(Punct::Comma, ",")?;
            let serializer = names::string(c, "the serializer in single quotes")?.value;
            c.expect_punct(Punct::RParen, ")")?;
            return Ok(TypeKind::Raw { class, serializer });
        }
        "STRUCTURED" if c.version >= FlinkVersion::V2_1 => {
            c.bump();
            c.expect_punct(Punct::Lt, "<")?;
            let class = names::string(c, "the class name in single quotes")?.value;
            let mut fields = Vec::new();
            while c.eat_punct(Punct::Comma) {
                fields.push(field(c, depth)?);
            }
            c.expect_punct(Punct::Gt, ">")?;
            return Ok(TypeKind::Structured { class, fields });
        }
        "GEOMETRY" => return Err(c.expected("a data type")),
        _ if is_reserved(&word, c.version) => return Err(c.expected("a data type")),
        _ => return named(c),
    };
    c.bump();
    Ok(known)
}

/// Any other name is that of a user's type for the parser.
fn named(c: &mut Cursor<'_>) -> Parsed<TypeKind> {
    let name = names::object_name(c)?;
    let parts: Vec<&str> = name.parts.iter().map(|p| p.value.as_str()).collect();
    Ok(TypeKind::Named(parts.join(".")))
}

fn decimal(c: &mut Cursor<'_>) -> Parsed<TypeKind> {
    let (mut precision, mut scale) = (10, 0);
    if c.eat_punct(Punct::LParen) {
        precision = small(names::integer(c)?);
        if c.eat_punct(Punct::Comma) {
            scale = small(names::integer(c)?);
        }
        c.expect_punct(Punct::RParen, ")")?;
    }
    Ok(TypeKind::Decimal { precision, scale })
}

fn small(number: u32) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

/// `CHAR(3)`, `CHARACTER VARYING(3)`, `VARCHAR(3) CHARACTER SET utf8`, …; without a length `CHAR` and
/// `BINARY` have 1, `VARCHAR` and `VARBINARY` the longest (run in Flink 2.3.0, SHOW CREATE TABLE).
fn sized(c: &mut Cursor<'_>, word: &str) -> Parsed<TypeKind> {
    let varying = word.starts_with("VAR") || c.eat_word("VARYING");
    let mut length = if varying { TypeKind::MAX_LENGTH } else { 1 };
    if c.eat_punct(Punct::LParen) {
        length = names::integer(c)?;
        c.expect_punct(Punct::RParen, ")")?;
    }
    let binary = word.ends_with("BINARY");
    if !binary && c.eat_words(&["CHARACTER", "SET"]) {
        names::ident(c)?;
    }
    Ok(match (binary, varying) {
        (false, false) => TypeKind::Char(length),
        (false, true) => TypeKind::VarChar(length),
        (true, false) => TypeKind::Binary(length),
        (true, true) => TypeKind::VarBinary(length),
    })
}

fn time(c: &mut Cursor<'_>, word: &str) -> Parsed<TypeKind> {
    let mut precision = if word == "TIME" { 0 } else { 6 };
    if c.eat_punct(Punct::LParen) {
        precision = small(names::integer(c)?);
        c.expect_punct(Punct::RParen, ")")?;
    }
    if word == "TIMESTAMP_LTZ" {
        return Ok(TypeKind::TimestampLtz(precision));
    }
    let local = if c.eat_words(&["WITHOUT", "TIME", "ZONE"]) {
        false
    } else if c.eat_word("WITH") {
        c.expect_word("LOCAL")?;
        c.expect_word("TIME")?;
        c.expect_word("ZONE")?;
        true
    } else {
        false
    };
    Ok(match (word, local) {
        ("TIMESTAMP", true) => TypeKind::TimestampLtz(precision),
        ("TIMESTAMP", false) => TypeKind::Timestamp(precision),
        // `TIME WITH LOCAL TIME ZONE` is read by Flink's parser and by nothing after it.
        _ => TypeKind::Time(precision),
    })
}

fn row(c: &mut Cursor<'_>, depth: usize) -> Parsed<TypeKind> {
    if c.eat_punct(Punct::NotEq) {
        return Ok(TypeKind::Row(Vec::new()));
    }
    let (close, shown) = if c.eat_punct(Punct::LParen) {
        (Punct::RParen, ")")
    } else {
        c.expect_punct(Punct::Lt, "<")?;
        (Punct::Gt, ">")
    };
    let mut fields = Vec::new();
    if !c.at_punct(close) {
        fields.push(field(c, depth)?);
        while c.eat_punct(Punct::Comma) {
            fields.push(field(c, depth)?);
        }
    }
    c.expect_punct(close, shown)?;
    Ok(TypeKind::Row(fields))
}

fn field(c: &mut Cursor<'_>, depth: usize) -> Parsed<Field> {
    let name = names::ident(c)?.value;
    let ty = nested(c, depth + 1)?;
    if names::at_string(c) {
        names::string(c, "a comment")?;
    }
    Ok(Field { name, ty })
}

/// After `INTERVAL`: `YEAR [(p)] [TO MONTH]` and the like.
fn interval(c: &mut Cursor<'_>) -> Parsed<TypeKind> {
    let year_month = |c: &mut Cursor<'_>| -> Option<bool> {
        let word = c.peek().map(|t| c.token_text(t).to_ascii_uppercase())?;
        let kind = match word.trim_end_matches('S') {
            "YEAR" | "MONTH" | "QUARTER" => true,
            "WEEK" | "DAY" | "HOUR" | "MINUTE" | "SECOND" => false,
            _ => return None,
        };
        c.bump();
        Some(kind)
    };
    let Some(months) = year_month(c) else {
        return Err(c.expected("a unit of time such as DAY"));
    };
    precision(c)?;
    if c.eat_word("TO") {
        if year_month(c).is_none() {
            return Err(c.expected("a unit of time such as SECOND"));
        }
        precision(c)?;
    }
    Ok(if months {
        TypeKind::IntervalYearMonth
    } else {
        TypeKind::IntervalDayTime
    })
}

fn precision(c: &mut Cursor<'_>) -> Parsed<()> {
    if c.eat_punct(Punct::LParen) {
        names::integer(c)?;
        if c.eat_punct(Punct::Comma) {
            names::integer(c)?;
        }
        c.expect_punct(Punct::RParen, ")")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        let shown = parse_type(text).map(|t| t.to_string());
        assert_eq!(shown.as_deref().unwrap_or("-"), expect, "{text}");
    }

    #[test]
    fn types_as_flink_prints_them() {
        check("int", "INT");
        check("dec(5)", "DECIMAL(5, 0)");
        check("CHARACTER VARYING(10)", "VARCHAR(10)");
        check(
            "TIMESTAMP(3) WITH LOCAL TIME ZONE NOT NULL",
            "TIMESTAMP_LTZ(3) NOT NULL",
        );
        check("TIMESTAMP", "TIMESTAMP(6)");
        check("TIMESTAMP(3) WITH TIME ZONE", "-");
        check(
            "MAP<STRING, ARRAY<ROW<x ARRAY<INT NOT NULL>>>>",
            "MAP<STRING, ARRAY<ROW<`x` ARRAY<INT NOT NULL>>>>",
        );
        check(
            "ROW(x INT 'c1', y STRING NOT NULL 'c2')",
            "ROW<`x` INT, `y` STRING NOT NULL>",
        );
        check("ROW<>", "ROW<>");
        check("INT ARRAY", "ARRAY<INT>");
        check("RAW('com.X','abc')", "RAW('com.X', 'abc')");
        check("my.udt", "my.udt");
        check("FLOAT(10)", "-");
        check("BLOB", "-");
        check("INTERVAL DAY(3) TO SECOND(3)", "INTERVAL DAY TO SECOND");
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = |n: usize| format!("{}INT{}", "ARRAY<".repeat(n), ">".repeat(n));
        assert!(parse_type(&deep(90)).is_some());
        assert!(parse_type(&deep(20_000)).is_none());
    }
}
