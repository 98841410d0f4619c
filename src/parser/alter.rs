//! ALTER of everything.

use super::cursor::{Cursor, Parsed};
use super::{create, dml, names, query, table};
use crate::config::FlinkVersion;
use crate::lexer::Punct;
use crate::syntax::{AlterAction, AlterTable, Element, StatementKind};

pub fn alter(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    c.bump();
    if c.eat_word("TABLE") {
        return alter_table(c);
    }
    if c.eat_word("VIEW") {
        return view(c);
    }
    if c.eat_words(&["MATERIALIZED", "TABLE"]) {
        return materialized_table(c);
    }
    if c.eat_word("DATABASE") {
        names::object_name(c)?;
        c.expect_word("SET")?;
        names::options(c)?;
        return Ok(StatementKind::Other("ALTER DATABASE"));
    }
    if c.eat_word("CATALOG") {
        return catalog(c);
    }
    if c.eat_word("MODEL") {
        return model(c);
    }
    if c.version >= FlinkVersion::V2_3 && c.eat_word("CONNECTION") {
        return connection(c);
    }
    if c.at_word("SYSTEM") || c.at_word("SESSION") {
        return scope(c);
    }
    let temporary = c.eat_word("TEMPORARY");
    if temporary {
        c.eat_word("SYSTEM");
    }
    if c.eat_word("FUNCTION") {
        names::if_exists(c);
        names::object_name(c)?;
        c.expect_word("AS")?;
        names::string(c, "the class name in single quotes")?;
        create::language(c)?;
        return Ok(StatementKind::Other("ALTER FUNCTION"));
    }
    Err(c.expected("what to alter, such as TABLE"))
}

/// `ALTER { SYSTEM | SESSION } { SET name = value | RESET { ALL | name } }`: of Calcite, run by nothing.
fn scope(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    c.bump();
    if c.eat_word("RESET") {
        if !c.eat_word("ALL") {
            names::object_name(c)?;
        }
    } else {
        c.expect_word("SET")?;
        names::object_name(c)?;
        c.expect_punct(Punct::Eq, "=")?;
        if !c.eat_word("ON") && dml::literal(c).is_err() {
            names::ident(c)?;
        }
    }
    Ok(StatementKind::Other("ALTER SESSION"))
}

fn alter_table(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    names::if_exists(c);
    let name = names::object_name(c)?;
    let action = action(c)?;
    Ok(StatementKind::AlterTable(Box::new(AlterTable {
        name,
        action,
    })))
}

fn action(c: &mut Cursor<'_>) -> Parsed<AlterAction> {
    if c.version < FlinkVersion::V2_0 {
        let mut compact = *c;
        if compact.eat_word("PARTITION") {
            dml::partition_spec(&mut compact, false)?;
        }
        if compact.eat_word("COMPACT") {
            *c = compact;
            return Ok(AlterAction::Other);
        }
    }
    if c.eat_word("RENAME") {
        if c.eat_word("TO") {
            return Ok(AlterAction::RenameTo(names::object_name(c)?));
        }
        names::object_name(c)?;
        c.expect_word("TO")?;
        names::object_name(c)?;
        return Ok(AlterAction::Other);
    }
    if c.eat_word("SET") {
        return Ok(AlterAction::SetOptions(names::options(c)?));
    }
    if c.eat_word("RESET") {
        names::option_keys(c)?;
        return Ok(AlterAction::Other);
    }
    if c.eat_word("ADD") {
        if c.eat_word("PARTITION") || c.at_words(&["IF", "NOT", "EXISTS"]) {
            return add_partitions(c);
        }
        if c.eat_word("DISTRIBUTION") {
            table::distribution_rest(c)?;
            return Ok(AlterAction::Other);
        }
        return Ok(AlterAction::Add(elements(c)?));
    }
    if c.eat_word("MODIFY") {
        if c.eat_word("DISTRIBUTION") {
            table::distribution_rest(c)?;
            return Ok(AlterAction::Other);
        }
        return Ok(AlterAction::Modify(elements(c)?));
    }
    if c.eat_word("DROP") {
        return drop_part(c);
    }
    Err(c.expected("`ADD`, `MODIFY`, `DROP`, `RENAME`, `SET` or `RESET`"))
}

/// One element, or several in parentheses.
fn elements(c: &mut Cursor<'_>) -> Parsed<Vec<Element>> {
    if c.at_punct(Punct::LParen) {
        return Ok(table::element_list(c, table::Place::Alter)?.elements);
    }
    Ok(vec![table::element(c, table::Place::Alter)?])
}

/// `ADD [IF NOT EXISTS] PARTITION (…) [WITH (…)] …`.
fn add_partitions(c: &mut Cursor<'_>) -> Parsed<AlterAction> {
    if names::if_not_exists(c) {
        c.expect_word("PARTITION")?;
    }
    loop {
        dml::partition_spec(c, false)?;
        if c.eat_word("WITH") {
            names::options(c)?;
        }
        if !c.eat_word("PARTITION") {
            return Ok(AlterAction::Other);
        }
    }
}

fn drop_part(c: &mut Cursor<'_>) -> Parsed<AlterAction> {
    if c.eat_word("WATERMARK") {
        return Ok(AlterAction::DropWatermark);
    }
    if c.eat_word("DISTRIBUTION") {
    } else if c.eat_word("PRIMARY") {
        c.expect_word("KEY")?;
    } else if c.eat_word("CONSTRAINT") {
        names::ident(c)?;
    } else if c.at_word("PARTITION") || c.at_words(&["IF", "EXISTS"]) {
        names::if_exists(c);
        loop {
            c.expect_word("PARTITION")?;
            dml::partition_spec(c, false)?;
            if !c.eat_punct(Punct::Comma) {
                break;
            }
        }
    } else if c.at_punct(Punct::LParen) {
        names::list(c, names::object_name)?;
    } else {
        names::object_name(c)?;
    }
    Ok(AlterAction::Other)
}

fn view(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    names::object_name(c)?;
    if c.eat_word("RENAME") {
        c.expect_word("TO")?;
        names::object_name(c)?;
    } else {
        c.expect_word("AS")?;
        query::query(c)?;
    }
    Ok(StatementKind::Other("ALTER VIEW"))
}

fn catalog(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    names::ident(c)?;
    if c.eat_word("SET") {
        names::options(c)?;
    } else if c.eat_word("RESET") {
        names::option_keys(c)?;
    } else if names::comment(c)?.is_none() {
        return Err(c.expected("`SET`, `RESET` or `COMMENT`"));
    }
    Ok(StatementKind::Other("ALTER CATALOG"))
}

fn model(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    names::if_exists(c);
    names::object_name(c)?;
    if c.eat_word("SET") {
        names::options(c)?;
    } else if c.version >= FlinkVersion::V2_1 && c.eat_word("RESET") {
        names::option_keys(c)?;
    } else {
        c.expect_word("RENAME")?;
        c.expect_word("TO")?;
        names::object_name(c)?;
    }
    Ok(StatementKind::Other("ALTER MODEL"))
}

fn connection(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    names::if_exists(c);
    names::object_name(c)?;
    if c.eat_word("SET") {
        names::options(c)?;
    } else if c.eat_word("RESET") {
        names::option_keys(c)?;
    } else {
        c.expect_word("RENAME")?;
        c.expect_word("TO")?;
        names::object_name(c)?;
    }
    Ok(StatementKind::Other("ALTER CONNECTION"))
}

fn materialized_table(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    names::object_name(c)?;
    if c.eat_word("SUSPEND") {
    } else if c.eat_word("RESUME") {
        if c.eat_word("WITH") {
            names::options(c)?;
        }
    } else if c.eat_word("REFRESH") {
        if c.eat_word("PARTITION") {
            dml::partition_spec(c, false)?;
        }
    } else if c.version >= FlinkVersion::V2_0 && c.eat_word("AS") {
        query::query(c)?;
    } else if c.eat_word("RESET") {
        names::option_keys(c)?;
    } else if c.eat_word("SET") {
        if c.eat_word("FRESHNESS") {
            c.expect_punct(Punct::Eq, "=")?;
            create::freshness(c)?;
        } else if c.eat_word("REFRESH_MODE") {
            c.expect_punct(Punct::Eq, "=")?;
            create::refresh_mode(c)?;
        } else {
            names::options(c)?;
        }
    } else {
        materialized_schema(c)?;
    }
    Ok(StatementKind::Other("ALTER MATERIALIZED TABLE"))
}

/// `ADD`, `MODIFY` and `DROP` of columns, keys, watermark (2.3 on) and distribution (2.2 on).
fn materialized_schema(c: &mut Cursor<'_>) -> Parsed<()> {
    let verb = ["ADD", "MODIFY", "DROP"].iter().any(|w| c.at_word(w));
    let distribution = c.nth_is_word(1, "DISTRIBUTION");
    let partition = c.nth_is_word(1, "PARTITION") || c.nth_is_word(1, "IF");
    let since = if distribution {
        FlinkVersion::V2_2
    } else {
        FlinkVersion::V2_3
    };
    if !verb || partition || c.version < since {
        return Err(c.expected("`SUSPEND`, `RESUME`, `REFRESH`, `SET` or `RESET`"));
    }
    action(c).map(drop)
}
