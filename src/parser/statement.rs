//! One statement: which kind it is, and the small kinds.

use super::cursor::{Cursor, Parsed, SyntaxError};
use super::{alter, create, dml, grammar, names, query, show};
use crate::config::FlinkVersion;
use crate::lexer::{Punct, TokenKind};
use crate::syntax::{Drop, Literal, Setting, StatementKind};
use crate::text::Span;

/// Reads one statement, which must end where the cursor does.
pub fn whole_statement(c: &mut Cursor<'_>, first: usize) -> Parsed<StatementKind> {
    let kind = statement(c)?;
    if !c.at_end() {
        return Err(grammar::unexpected(c));
    }
    let is_hint = |i: &usize| c.tokens[*i].kind == TokenKind::Hint;
    let hints = (first..c.end()).filter(is_hint).count();
    if let Some(hint) = (first..c.end())
        .find(is_hint)
        .filter(|_| hints != c.hints())
    {
        let mut error = c.error("a hint cannot stand here");
        error.span = c.tokens[hint].span;
        error.name = "misplaced-hint";
        error.help.push(
            "put it right after SELECT, after the name of a table in FROM, or after the target of an INSERT"
                .to_owned(),
        );
        return Err(error);
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
    let system = c.eat_word("SYSTEM");
    let object = if !system && c.eat_word("CATALOG") {
        "CATALOG"
    } else if !system && c.eat_word("DATABASE") {
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
    let name = names::object_name(c)?;
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

/// `SET k = v` is no part of Flink's grammar: a pattern over the whole statement. The key is one word;
/// so is the value, or a string without quotes within.
fn unquoted_set(c: &mut Cursor<'_>, word: Span) -> Parsed<StatementKind> {
    let start = c.here().start as usize;
    let end = c.tokens[c.end() - 1].span.end as usize;
    let raw = &c.text[start..end];
    let parts = raw.split_once('=').and_then(|(key, value)| {
        let value_at = start + key.len() + 1;
        let key = one_word(key, start)?;
        let value = value.trim_start();
        let quoted = value
            .strip_prefix('\'')
            .and_then(|v| v.strip_suffix('\''))
            .filter(|v| !v.contains('\''));
        let value = match quoted {
            Some(inner) => Literal {
                value: inner.to_owned(),
                span: Span::new((end - value.len()) as u32, end as u32),
            },
            None => one_word(value, value_at + (end - value_at - value.len()))?,
        };
        Some((key, value))
    });
    let Some((key, value)) = parts else {
        let mut error = c.error("an unquoted SET takes one word on each side of `=`");
        error.help.push("write SET 'key' = 'value';".to_owned());
        return Err(error);
    };
    check_no_comment(c, word)?;
    c.advance_to(c.end());
    Ok(StatementKind::Set(Some(Setting {
        key,
        value,
        quoted: false,
    })))
}

/// A run of characters without blanks or quotes, which starts at that offset of the text.
fn one_word(raw: &str, offset: usize) -> Option<Literal> {
    let value = raw.trim();
    let lead = raw.len() - raw.trim_start().len();
    let start = (offset + lead) as u32;
    (!value.is_empty() && !value.contains(|c: char| c.is_whitespace() || c == '\'')).then(|| {
        Literal {
            value: value.to_owned(),
            span: Span::new(start, start + value.len() as u32),
        }
    })
}

/// The pattern knows no comments, and the statement reaches back to the `;` before it.
fn check_no_comment(c: &Cursor<'_>, word: Span) -> Parsed<()> {
    let first = c.tokens[..c.end()].partition_point(|t| t.span.start < word.start);
    let before = c.tokens[..first]
        .iter()
        .rev()
        .take_while(|t| t.kind.is_trivia());
    let behind = c.tokens[first..]
        .iter()
        .take_while(|t| t.kind != TokenKind::Punct(Punct::Semicolon));
    let comment = before
        .chain(behind)
        .find(|t| matches!(t.kind, TokenKind::LineComment | TokenKind::BlockComment));
    match comment {
        Some(comment) => Err(SyntaxError {
            span: comment.span,
            name: "comment-before-unquoted-set",
            message: "Flink reads an unquoted SET or RESET only without a comment beside it"
                .to_owned(),
            help: vec!["quote both sides: SET 'key' = 'value';".to_owned()],
        }),
        None => Ok(()),
    }
}

fn reset(c: &mut Cursor<'_>) -> Parsed<StatementKind> {
    let word = c.here();
    c.bump();
    if c.at_end() {
        return Ok(StatementKind::Reset(None));
    }
    if names::at_string(c) {
        return Ok(StatementKind::Reset(Some(names::string(c, "the key")?)));
    }
    let start = c.here().start as usize;
    let end = c.tokens[c.end() - 1].span.end as usize;
    let Some(key) = one_word(&c.text[start..end], start) else {
        return Err(c.expected("one key"));
    };
    check_no_comment(c, word)?;
    c.advance_to(c.end());
    Ok(StatementKind::Reset(Some(key)))
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
