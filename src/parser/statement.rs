//! One statement: which kind it is, and the small kinds.

use super::cursor::{Cursor, Parsed, SyntaxError};
use super::{alter, create, dml, names, query, show};
use crate::config::FlinkVersion;
use crate::lexer::{Punct, TokenKind};
use crate::syntax::{Drop, Literal, Setting, StatementKind};

/// Reads one statement, which must end where the cursor does.
pub fn whole_statement(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    let kind = statement(c)?;
    if !c.at_end() {
        return Err(c.expected("the end of the statement"));
    }
    Ok(kind)
}

pub fn statement(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    let Some(first) = c.peek() else {
        return Err(c.expected("a statement"));
    };
    if dml::at_query(c) {
        check_with_insert(c)?;
        return Ok(StatementKind::Query(Box::new(query::query(c)?)));
    }
    if first.kind != TokenKind::Word {
        return Err(match first.kind {
            TokenKind::Word | TokenKind::QuotedIdent | TokenKind::Placeholder => {
                c.expected("a statement")
            }
            TokenKind::Punct(_) | TokenKind::Number | TokenKind::String => {
                c.expected("a statement")
            }
            _ => super::mistakes::unreadable_token(c, first),
        });
    }
    let word = c.token_text(first).to_ascii_uppercase();
    match word.as_str() {
        "CREATE" => create::create(c),
        "REPLACE" => create::replace(c),
        "ALTER" => alter::alter(c),
        "DROP" => drop_statement(c),
        "INSERT" | "UPSERT" => {
            let start = c.pos();
            Ok(StatementKind::Insert(Box::new(dml::insert(c, start)?)))
        }
        "EXECUTE" => dml::execute(c),
        "EXPLAIN" => dml::explain(c),
        "COMPILE" => dml::compile(c),
        "BEGIN" | "END" => dml::set_bracket(c),
        "UPDATE" => dml::update(c),
        "DELETE" => dml::delete(c),
        "MERGE" => dml::merge(c),
        "CALL" => dml::call(c),
        "USE" => use_statement(c),
        "SET" => set(c),
        "RESET" => reset(c),
        "SHOW" => show::show(c),
        "DESCRIBE" | "DESC" => show::describe(c),
        "LOAD" | "UNLOAD" => module(c),
        "ADD" | "REMOVE" => jar(c),
        "STOP" => stop_job(c),
        "TRUNCATE" => {
            c.bump();
            c.expect_word("TABLE")?;
            names::object_name(c)?;
            Ok(StatementKind::Other("TRUNCATE TABLE"))
        }
        "ANALYZE" => analyze(c),
        "QUIT" | "EXIT" | "CLEAR" | "HELP" => {
            c.bump();
            Ok(StatementKind::Other(match word.as_str() {
                "QUIT" => "QUIT",
                "EXIT" => "EXIT",
                "CLEAR" => "CLEAR",
                _ => "HELP",
            }))
        }
        _ => Err(c.expected("a statement")),
    }
}

/// `WITH … INSERT` is common elsewhere; Flink wants `INSERT INTO t WITH …`.
fn check_with_insert(c: &Cursor<'_>) -> Parsed<()> {
    if !c.at_word("WITH") {
        return Ok(());
    }
    let mut scan = *c;
    let mut depth = 0usize;
    while let Some(token) = scan.peek() {
        match token.kind {
            TokenKind::Punct(Punct::LParen) => depth += 1,
            TokenKind::Punct(Punct::RParen) => {
                depth = depth.saturating_sub(1);
                let mut next = scan;
                next.bump();
                if depth == 0 && next.at_word("INSERT") {
                    return Err(SyntaxError {
                        span: next.here(),
                        name: "with-before-insert",
                        message: "Flink SQL has no `WITH … INSERT`".to_owned(),
                        help: vec![
                            "move the WITH behind the target: `INSERT INTO t WITH q AS (…) SELECT …`"
                                .to_owned(),
                        ],
                    });
                }
            }
            _ => {}
        }
        scan.bump();
    }
    Ok(())
}

fn drop_statement(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    c.bump();
    let temporary = c.eat_word("TEMPORARY");
    let system = temporary && c.eat_word("SYSTEM");
    let object = if !temporary && c.eat_word("CATALOG") {
        "CATALOG"
    } else if !temporary && c.eat_word("DATABASE") {
        "DATABASE"
    } else if !temporary && c.eat_words(&["MATERIALIZED", "TABLE"]) {
        "MATERIALIZED TABLE"
    } else if !system && c.eat_word("TABLE") {
        "TABLE"
    } else if !system && c.eat_word("VIEW") {
        "VIEW"
    } else if !system && c.eat_word("MODEL") {
        "MODEL"
    } else if c.eat_word("FUNCTION") {
        "FUNCTION"
    } else if c.version >= FlinkVersion::V2_3 && c.eat_word("CONNECTION") {
        "CONNECTION"
    } else {
        return Err(c.expected("what to drop, such as TABLE or VIEW"));
    };
    let if_exists = names::if_exists(c);
    let name = if object == "CATALOG" {
        single(names::ident(c)?)
    } else {
        names::object_name(c)?
    };
    if object == "DATABASE" && !c.eat_word("RESTRICT") {
        c.eat_word("CASCADE");
    }
    Ok(StatementKind::Drop(Box::new(Drop {
        object,
        temporary,
        if_exists,
        name,
    })))
}

pub fn single(ident: crate::syntax::Ident) -> crate::syntax::ObjectName {
    crate::syntax::ObjectName {
        span: ident.span,
        parts: vec![ident],
    }
}

fn use_statement(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    c.bump();
    if c.eat_word("MODULES") {
        names::ident(c)?;
        while c.eat_punct(Punct::Comma) {
            names::ident(c)?;
        }
        return Ok(StatementKind::Other("USE MODULES"));
    }
    let catalog = c.eat_word("CATALOG");
    let name = if catalog {
        single(names::ident(c)?)
    } else {
        names::object_name(c)?
    };
    Ok(StatementKind::Use { catalog, name })
}

fn set(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    let word = c.here();
    c.bump();
    if c.at_end() {
        return Ok(StatementKind::Set(None));
    }
    if names::at_string(c) {
        let key = names::string(c, "the key in single quotes")?;
        c.expect_punct(Punct::Eq, "=")?;
        let value = names::string(c, "the value in single quotes")?;
        return Ok(StatementKind::Set(Some(Setting {
            key,
            value,
            quoted: true,
        })));
    }
    unquoted_set(c, word)
}

/// `SET k = v` is no part of Flink's grammar: a pattern over the whole statement, which takes no
/// blank within the value and no comment anywhere.
fn unquoted_set(c: &mut Cursor<'_>, word: crate::text::Span) -> Parsed<StatementKind> {
    let start = c.here();
    let Some(equals) = (c.pos()..c.end())
        .find(|i| matches!(c.tokens[*i].kind, TokenKind::Punct(Punct::Eq)))
        .filter(|i| *i > c.pos())
    else {
        return Err(c.expected("`'key' = 'value'`"));
    };
    let last = c.tokens[c.end() - 1].span;
    let equals_span = c.tokens[equals].span;
    let part = |from: u32, to: u32| -> Option<Literal> {
        let raw = &c.text[from as usize..to as usize];
        let value = raw.trim();
        let lead = (raw.len() - raw.trim_start().len()) as u32;
        (!value.is_empty() && !value.contains(char::is_whitespace)).then(|| Literal {
            value: value.to_owned(),
            span: crate::text::Span::new(from + lead, from + lead + value.len() as u32),
        })
    };
    let key = part(start.start, equals_span.start);
    let value = part(equals_span.end, last.end);
    let (Some(key), Some(value)) = (key, value) else {
        let mut error = c.error("an unquoted SET takes one word on each side of `=`");
        error.help.push("write SET 'key' = 'value';".to_owned());
        return Err(error);
    };
    let has_comment = (0..c.end())
        .rev()
        .take_while(|i| c.tokens[*i].span.start >= word.start)
        .any(|i| {
            matches!(
                c.tokens[i].kind,
                TokenKind::LineComment | TokenKind::BlockComment
            )
        });
    if has_comment {
        return Err(comment_in_set(word));
    }
    c.advance_to(c.end());
    Ok(StatementKind::Set(Some(Setting {
        key,
        value,
        quoted: false,
    })))
}

pub fn comment_in_set(span: crate::text::Span) -> SyntaxError {
    SyntaxError {
        span,
        name: "comment-before-set",
        message: "Flink takes an unquoted SET or RESET only without a comment beside it".to_owned(),
        help: vec![
            "quote it: SET 'key' = 'value'; or put a `;` of another statement between the comment and it"
                .to_owned(),
        ],
    }
}

fn reset(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    c.bump();
    if c.at_end() {
        return Ok(StatementKind::Reset(None));
    }
    if names::at_string(c) {
        return Ok(StatementKind::Reset(Some(names::string(c, "the key")?)));
    }
    let start = c.here().start;
    let end = c.tokens[c.end() - 1].span.end;
    let value = &c.text[start as usize..end as usize];
    if value.contains(char::is_whitespace) {
        return Err(c.expected("one key"));
    }
    c.advance_to(c.end());
    Ok(StatementKind::Reset(Some(Literal {
        value: value.to_owned(),
        span: crate::text::Span::new(start, end),
    })))
}

fn module(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    let load = c.at_word("LOAD");
    c.bump();
    c.expect_word("MODULE")?;
    names::ident(c)?;
    if load && c.eat_word("WITH") {
        names::options(c)?;
    }
    Ok(StatementKind::Other(if load {
        "LOAD MODULE"
    } else {
        "UNLOAD MODULE"
    }))
}

fn jar(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    let add = c.at_word("ADD");
    c.bump();
    c.expect_word("JAR")?;
    names::string(c, "the jar's path in single quotes")?;
    Ok(StatementKind::Other(if add {
        "ADD JAR"
    } else {
        "REMOVE JAR"
    }))
}

fn stop_job(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    c.bump();
    c.expect_word("JOB")?;
    names::string(c, "the job's id in single quotes")?;
    if c.eat_words(&["WITH", "SAVEPOINT"]) {
        c.eat_words(&["WITH", "DRAIN"]);
    }
    Ok(StatementKind::Other("STOP JOB"))
}

fn analyze(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    c.bump();
    c.expect_word("TABLE")?;
    names::object_name(c)?;
    if c.eat_word("PARTITION") {
        dml::partition_spec(c, true)?;
    }
    c.expect_word("COMPUTE")?;
    c.expect_word("STATISTICS")?;
    if c.eat_word("FOR") {
        if c.eat_word("COLUMNS") {
            names::ident(c)?;
            while c.eat_punct(Punct::Comma) {
                names::ident(c)?;
            }
        } else {
            c.expect_word("ALL")?;
            c.expect_word("COLUMNS")?;
        }
    }
    Ok(StatementKind::Other("ANALYZE TABLE"))
}
