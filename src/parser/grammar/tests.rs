use super::*;
use crate::config::FlinkVersion::{self, *};
use crate::lexer::lex;
use std::fmt::Write;

const VERSIONS: [FlinkVersion; 5] = [V1_20, V2_0, V2_1, V2_2, V2_3];

/// Reads the query of a statement: of a SELECT, an INSERT or a CREATE VIEW.
fn whole(sql: &str, version: FlinkVersion) -> Parsed<()> {
    let tokens = lex(sql, version);
    let mut cursor = Cursor::new(sql, &tokens, 0..tokens.len(), version);
    if cursor.at_word("insert") || cursor.at_word("upsert") {
        cursor.bump();
        cursor.bump();
        compound_identifier(&mut cursor)?;
        let tokens = cursor.tokens;
        if let Some(t) = tokens[cursor.last()..cursor.pos()]
            .iter()
            .find(|t| t.kind == TokenKind::Hint)
        {
            hint(&cursor, *t)?;
        }
        if cursor.eat_word("partition") {
            while !cursor.eat_punct(P::RParen) && cursor.bump().is_some() {}
        }
        let query_follows = ["select", "with", "values", "table", "value"]
            .iter()
            .any(|w| cursor.nth_is_word(1, w))
            || cursor
                .peek_nth(1)
                .is_some_and(|t| t.kind == TokenKind::Punct(P::LParen));
        if cursor.at_punct(P::LParen) && !query_follows {
            while !cursor.eat_punct(P::RParen) && cursor.bump().is_some() {}
        }
    } else if cursor.eat_word("create") {
        cursor.eat_words(&["or", "replace"]);
        cursor.eat_word("temporary");
        cursor.expect_word("view")?;
        cursor.eat_words(&["if", "not", "exists"]);
        compound_identifier(&mut cursor)?;
        while !cursor.eat_word("as") && cursor.bump().is_some() {}
    }
    if cursor.eat_word("call") {
        procedure_call(&mut cursor)?;
    } else {
        query(&mut cursor)?;
    }
    if cursor.eat_words(&["on", "conflict", "do"]) {
        cursor.bump();
    }
    while cursor.eat_punct(P::Semicolon) {}
    if cursor.at_end() {
        Ok(())
    } else {
        Err(unexpected(&cursor))
    }
}

/// Which releases take it: one letter each, as in `YYYYY`.
fn verdicts(sql: &str) -> String {
    VERSIONS
        .map(|v| if whole(sql, v).is_ok() { 'Y' } else { 'n' })
        .iter()
        .collect()
}

/// Compares with what Flink said of each statement in a file: a line holds five letters, a tab and JSON.
/// `TIDEGATE_GRAMMAR_CASES=file cargo test --lib grammar::tests::cases -- --nocapture`.
#[test]
fn cases_agree_with_flink() {
    let Ok(path) = std::env::var("TIDEGATE_GRAMMAR_CASES") else {
        return;
    };
    let text = std::fs::read_to_string(path).unwrap();
    let mut differing = String::new();
    let (mut count, mut accepted, mut missed, mut wrong) = (0, 0, 0, 0);
    for line in text.lines() {
        let (expect, sql) = line.split_once('\t').unwrap();
        let sql: String = serde_json::from_str(sql).unwrap();
        let got = verdicts(&sql);
        let asked: Vec<_> = expect
            .chars()
            .zip(got.chars())
            .filter(|(e, _)| *e != '?')
            .collect();
        count += asked.len();
        accepted += asked.iter().filter(|(e, _)| *e == 'Y').count();
        missed += asked.iter().filter(|(e, g)| *e == 'Y' && *g == 'n').count();
        wrong += asked.iter().filter(|(e, g)| *e == 'n' && *g == 'Y').count();
        if asked.iter().any(|(e, g)| e != g) {
            let why = whole(&sql, V2_3)
                .err()
                .map(|e| (e.message, &sql[e.span.start as usize..]));
            let why =
                why.map(|(m, at)| format!("{m} at {}", at.chars().take(30).collect::<String>()));
            writeln!(
                differing,
                "flink {expect} tidegate {got} {sql:?}\n      {why:?}"
            )
            .unwrap();
        }
    }
    println!(
        "{differing}{count} verdicts, {accepted} accepted by Flink, {missed} of them missed; {wrong} wrongly accepted"
    );
}
