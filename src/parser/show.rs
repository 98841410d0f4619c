//! SHOW and DESCRIBE.

use super::cursor::{Cursor, Parsed};
use super::{dml, names};
use crate::config::FlinkVersion;
use crate::syntax::StatementKind;

fn other(name: &'static str) -> Parsed<StatementKind> {
    Ok(StatementKind::Other(name))
}

pub fn show(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    c.bump();
    if c.eat_word("CREATE") {
        return show_create(c);
    }
    if c.eat_word("CURRENT") {
        if c.eat_word("CATALOG") {
            return other("SHOW CURRENT CATALOG");
        }
        c.expect_word("DATABASE")?;
        return other("SHOW CURRENT DATABASE");
    }
    if c.eat_word("FULL") {
        c.expect_word("MODULES")?;
        return other("SHOW FULL MODULES");
    }
    if c.eat_word("MODULES") {
        return other("SHOW MODULES");
    }
    if c.eat_word("JARS") {
        return other("SHOW JARS");
    }
    if c.eat_word("JOBS") {
        return other("SHOW JOBS");
    }
    if c.eat_word("CATALOGS") {
        if c.version >= FlinkVersion::V2_0 {
            like(c, true)?;
        }
        return other("SHOW CATALOGS");
    }
    if c.eat_word("DATABASES") {
        if c.eat_word("FROM") || c.eat_word("IN") {
            names::ident(c)?;
        }
        like(c, true)?;
        return other("SHOW DATABASES");
    }
    if c.eat_word("TABLES") {
        from(c)?;
        like(c, false)?;
        return other("SHOW TABLES");
    }
    if c.eat_word("VIEWS") {
        if c.version >= FlinkVersion::V2_0 {
            from(c)?;
            like(c, false)?;
        }
        return other("SHOW VIEWS");
    }
    if c.version >= FlinkVersion::V2_2 && c.eat_words(&["MATERIALIZED", "TABLES"]) {
        from(c)?;
        like(c, false)?;
        return other("SHOW MATERIALIZED TABLES");
    }
    if c.eat_word("MODELS") {
        from(c)?;
        like(c, false)?;
        return other("SHOW MODELS");
    }
    if c.version >= FlinkVersion::V2_3 && c.eat_word("CONNECTIONS") {
        from(c)?;
        like(c, false)?;
        return other("SHOW CONNECTIONS");
    }
    if c.eat_word("FUNCTIONS") {
        from(c)?;
        like(c, true)?;
        return other("SHOW FUNCTIONS");
    }
    if c.eat_words(&["USER", "FUNCTIONS"]) {
        from(c)?;
        like(c, true)?;
        return other("SHOW USER FUNCTIONS");
    }
    if c.eat_word("PROCEDURES") {
        from(c)?;
        like(c, true)?;
        return other("SHOW PROCEDURES");
    }
    if c.eat_word("COLUMNS") {
        if !c.eat_word("FROM") && !c.eat_word("IN") {
            return Err(c.expected("`FROM` and the table"));
        }
        names::object_name(c)?;
        like(c, false)?;
        return other("SHOW COLUMNS");
    }
    if c.eat_word("PARTITIONS") {
        names::object_name(c)?;
        if c.eat_word("PARTITION") {
            dml::partition_spec(c, false)?;
        }
        return other("SHOW PARTITIONS");
    }
    Err(c.expected("what to show, such as TABLES"))
}

fn show_create(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    if c.version >= FlinkVersion::V2_3 && c.eat_words(&["OR", "ALTER"]) {
        c.expect_word("MATERIALIZED")?;
        c.expect_word("TABLE")?;
        names::object_name(c)?;
        return other("SHOW CREATE MATERIALIZED TABLE");
    }
    if c.eat_word("CATALOG") {
        names::ident(c)?;
        return other("SHOW CREATE CATALOG");
    }
    let kind = if c.eat_word("TABLE") {
        "SHOW CREATE TABLE"
    } else if c.eat_word("VIEW") {
        "SHOW CREATE VIEW"
    } else if c.eat_word("MODEL") {
        "SHOW CREATE MODEL"
    } else if c.version >= FlinkVersion::V2_2 && c.eat_words(&["MATERIALIZED", "TABLE"]) {
        "SHOW CREATE MATERIALIZED TABLE"
    } else if c.version >= FlinkVersion::V2_3 && c.eat_word("CONNECTION") {
        "SHOW CREATE CONNECTION"
    } else {
        return Err(c.expected("TABLE, VIEW, CATALOG or MODEL"));
    };
    names::object_name(c)?;
    other(kind)
}

/// `[{ FROM | IN } name]`.
fn from(c: &mut Cursor<'_>) -> Parsed<()> {
    if c.eat_word("FROM") || c.eat_word("IN") {
        names::object_name(c)?;
    }
    Ok(())
}

/// `[[NOT] { LIKE | ILIKE } 'pattern']`.
fn like(c: &mut Cursor<'_>, ilike: bool) -> Parsed<()> {
    let negated = c.eat_word("NOT");
    if c.eat_word("LIKE") || (ilike && c.eat_word("ILIKE")) {
        names::string(c, "the pattern in single quotes")?;
    } else if negated {
        return Err(c.expected("`LIKE`"));
    }
    Ok(())
}

pub fn describe(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    c.bump();
    if ["SELECT", "WITH", "VALUES"]
        .iter()
        .any(|word| c.at_word(word))
    {
        super::query::query(c)?;
        return other("DESCRIBE");
    }
    if c.eat_word("CATALOG") {
        c.eat_word("EXTENDED");
        names::ident(c)?;
        return other("DESCRIBE CATALOG");
    }
    if c.eat_word("DATABASE") {
        c.eat_word("EXTENDED");
        names::object_name(c)?;
        return other("DESCRIBE DATABASE");
    }
    if c.eat_word("JOB") {
        names::string(c, "the job's id in single quotes")?;
        return other("DESCRIBE JOB");
    }
    if c.version >= FlinkVersion::V2_0 && c.eat_word("FUNCTION") {
        c.eat_word("EXTENDED");
        names::object_name(c)?;
        return other("DESCRIBE FUNCTION");
    }
    if c.eat_word("MODEL") {
        c.eat_word("EXTENDED");
        names::object_name(c)?;
        return other("DESCRIBE MODEL");
    }
    if c.version >= FlinkVersion::V2_3 && c.eat_word("CONNECTION") {
        c.eat_word("EXTENDED");
        names::object_name(c)?;
        return other("DESCRIBE CONNECTION");
    }
    if !c.eat_word("TABLE") {
        c.eat_word("EXTENDED");
    }
    names::object_name(c)?;
    other("DESCRIBE TABLE")
}
