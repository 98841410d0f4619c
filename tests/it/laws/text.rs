//! Tokens and statements, of any text at all.

use super::{answers, keeps_other_bytes, runner};
use proptest::prelude::*;
use tidegate::config::{FlinkVersion, Settings};
use tidegate::lexer::{TokenKind, lex};
use tidegate::text::Span;

/// Pieces that scripts are made of, whole and torn.
const FRAGMENTS: [&str; 96] = [
    "SELECT",
    "FROM",
    "INSERT INTO",
    "CREATE TABLE",
    "CREATE VIEW",
    "AS",
    "WITH",
    "WATERMARK FOR",
    "UNION ALL",
    "EXECUTE STATEMENT SET BEGIN",
    "BEGIN STATEMENT SET;",
    "END",
    "WHERE",
    "GROUP BY",
    "TABLE(TUMBLE(TABLE",
    "DESCRIPTOR(ts)",
    "INTERVAL '5' SECOND",
    "JOIN",
    "ON",
    "LATERAL TABLE(",
    "UNNEST(",
    "CASE WHEN",
    "THEN",
    "EXPLAIN",
    "SET 'a' = 'b'",
    "SET a=b",
    "RESET",
    "USE CATALOG",
    "ADD JAR",
    "DROP VIEW",
    "ALTER TABLE",
    "LIKE",
    "VALUES",
    "PARTITION BY",
    "OVER (",
    "MATCH_RECOGNIZE (",
    "PATTERN (A+ B*? C{1,2})",
    "FOR SYSTEM_TIME AS OF",
    "/*+ OPTIONS(",
    "ROW<",
    "MAP<",
    "ARRAY<",
    "TIMESTAMP(3)",
    "TIMESTAMP_LTZ(3)",
    "NOT NULL",
    "METADATA FROM 'timestamp' VIRTUAL",
    "PRIMARY KEY (a) NOT ENFORCED",
    "t",
    "a",
    "ts",
    "`a b`",
    "``",
    "`",
    "'",
    "''",
    "'x;y'",
    "\"",
    "U&'\\0061'",
    "E'\\''",
    "X'0f'",
    "N'x'",
    "_UTF8'x'",
    "--",
    "-- c\n",
    "//",
    "/*",
    "*/",
    "/* c */",
    "/*+",
    ";",
    ";;",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<",
    ">",
    ",",
    ".",
    "..",
    "*",
    "=>",
    "<>",
    "!=",
    "||",
    "1",
    "1.5e-3",
    "1e",
    ".5",
    "\r\n",
    "\t",
    "\u{feff}",
    "é表🙂",
    "\0",
];

fn soup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(&FRAGMENTS[..]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => "[ -~]{0,8}",
    ];
    let glue = prop_oneof![3 => Just(" "), 1 => Just(""), 1 => Just("\n")];
    prop::collection::vec((piece, glue), 0..40).prop_map(|pieces| {
        let all = pieces.into_iter().map(|(piece, glue)| piece + glue);
        all.collect()
    })
}

#[test]
fn tokens_are_the_text_and_statements_cover_them() {
    let law = |text: String| {
        for version in [FlinkVersion::V1_20, FlinkVersion::V2_3] {
            let tokens = lex(&text, version);
            let mut end = 0;
            for token in &tokens {
                prop_assert_eq!(token.span.start, end);
                prop_assert!(!token.span.is_empty());
                end = token.span.end;
            }
            prop_assert_eq!(end as usize, text.len());

            let (script, diagnostics) = tidegate::parser::parse(&text, version);
            prop_assert_eq!(&script.tokens, &tokens);
            let spans: Vec<Span> = script.statements.iter().map(|s| s.span).collect();
            for pair in spans.windows(2) {
                prop_assert!(pair[0].end <= pair[1].start, "{pair:?}");
            }
            for token in tokens.iter().filter(|t| !t.kind.is_trivia()) {
                let semicolon = token.span.of(&text) == ";";
                let covered = spans.iter().any(|s| s.contains(token.span));
                let marked = diagnostics.iter().any(|d| d.span.contains(token.span));
                prop_assert!(semicolon || covered || marked, "{token:?} is nowhere");
                if token.kind == TokenKind::Word {
                    prop_assert!(covered || marked, "{token:?} is in no statement");
                }
            }
        }
        Ok(())
    };
    runner(1024).run(&soup(), law).unwrap();
}

#[test]
fn no_text_makes_it_panic_or_contradict_itself() {
    let law = |text: String| {
        let done = tidegate::rewrite(&text, &Settings::default());
        prop_assert_eq!(answers(&text, &done), Ok(()));
        prop_assert_eq!(keeps_other_bytes(&text, &done), Ok(()));
        Ok(())
    };
    runner(512).run(&soup(), law).unwrap();
}
