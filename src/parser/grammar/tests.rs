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
        if let Some(token) = hint_before(&cursor) {
            hint(&cursor, token)?;
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
    } else if cursor.eat_words(&["create", "table", "t"]) {
        cursor.expect_punct(P::LParen, "(")?;
        identifier(&mut cursor)?;
        data_type(&mut cursor)?;
        cursor.expect_punct(P::RParen, ")")?;
        return if cursor.at_end() {
            Ok(())
        } else {
            Err(unexpected(&cursor))
        };
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
        let insert = matches!(sql.trim_start().as_bytes(), [b'i' | b'I', ..]);
        if let Some(token) = hint_before(&cursor).filter(|_| !insert) {
            return Err(SyntaxError {
                span: token.span,
                ..cursor.error("a hint cannot stand here")
            });
        }
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

#[test]
fn cases() {
    for line in include_str!("cases.txt")
        .lines()
        .filter(|l| !l.starts_with('#'))
    {
        let (expect, sql) = line.split_once(' ').unwrap();
        assert_eq!(verdicts(sql), expect, "{sql}");
    }
}

/// The mistake, where it is and what helps.
fn mistake(sql: &str) -> String {
    let error = whole(sql, V2_3).unwrap_err();
    let at = &sql[error.span.range()];
    let mut shown = format!("{} at `{at}`: {}", error.name, error.message);
    for help in error.help {
        write!(shown, "\n{help}").unwrap();
    }
    shown
}

#[test]
fn messages() {
    let all = [
        "SELECT value FROM t",
        "SELECT a AS value FROM t",
        "SELECT a, b, FROM t",
        "SELECT f(a,) FROM t",
        "SELECT a FROM t WHERE a != 1",
        "SELECT a FROM t WHERE a == 1",
        "SELECT a::int FROM t",
        "SELECT a FROM t WHERE b = \"x\"",
        "SELECT a FROM t LIMIT 1, 2",
        "SELECT a FROM t OFFSET 1 LIMIT 2",
        "SELECT a FROM (a)",
        "SELECT INTERVAL '5 seconds' FROM t",
        "SELECT CAST(a AS DATETIME) FROM t",
        "SELECT CAST(a AS TIMESTAMP WITH TIME ZONE)",
        "SELECT a 'x' FROM t",
        "SELECT t.$rowtime FROM t",
        "SELECT a FROM t x /*+ OPTIONS('a' = 'b') */",
        "SELECT a FROM t /*+ OPTIONS('a' = 1) */",
        "SELECT a FROM t INSERT INTO u SELECT 1",
        "SELECT a FROM TABLE t",
        "SELECT a FROM t WHERE",
    ]
    .map(mistake);
    insta::assert_snapshot!(all.join("\n\n"), @r#"
    reserved-identifier at `value`: expected an expression, found the reserved word `value`
    if it is a name, put it in backticks: `value`

    reserved-identifier at `value`: `value` is a reserved word in Flink 2.3 and no name
    put it in backticks: `value`

    trailing-comma at `FROM`: nothing follows the comma: expected an expression
    remove the comma before it

    trailing-comma at `)`: nothing follows the comma: expected an expression
    remove the comma before it

    bang-equals at `!=`: Flink SQL has no `!=`
    write `<>`

    double-equals at `=`: Flink SQL has no `==`
    write `=`

    double-colon at `:`: Flink SQL has no `::`
    write CAST(x AS type)

    double-quotes at `"x"`: Flink SQL has no double quotes
    quote a name with backticks and a string with single quotes

    limit-with-comma at `,`: Flink SQL has no `LIMIT start, count`
    write LIMIT count OFFSET start

    offset-before-limit at `LIMIT`: Flink SQL has no OFFSET before LIMIT
    write LIMIT first, or FETCH NEXT … ROWS ONLY

    syntax-error at `)`: only a query or a join stands in parentheses here
    remove the parentheses around the table

    interval-unit at `FROM`: the unit of the interval is missing after the string
    write it outside of the string: INTERVAL '5' SECOND

    unknown-type at `DATETIME`: `DATETIME` is no data type of Flink
    write `TIMESTAMP(3)`

    syntax-error at `TIME`: Flink has no type WITH TIME ZONE
    write `TIMESTAMP_LTZ` or `TIMESTAMP WITH LOCAL TIME ZONE`

    string-as-alias at `'x'`: an alias is a name, not a string
    put it in backticks instead of quotes

    dollar-after-dot at `$rowtime`: an unquoted name with `$` cannot follow a dot
    put the name in backticks: `$rowtime`

    misplaced-hint at `/*+ OPTIONS('a' = 'b') */`: a hint cannot stand here
    put it right after SELECT, after the name of a table in FROM, or after the target of an INSERT

    malformed-hint at `/*+ OPTIONS('a' = 1) */`: this hint cannot be read: expected a string, found `1`
    a hint is a name with options, as in /*+ OPTIONS('key' = 'value') */ or /*+ BROADCAST(t) */

    missing-semicolon at `INSERT`: `INSERT` starts a statement, but the one before it has not ended
    end the statement before it with `;`

    syntax-error at `t`: TABLE in FROM calls a function: `TABLE(f(…))`
    name a table without TABLE before it

    syntax-error at ``: expected an expression, found the end of the statement
    "#);
}

#[test]
fn depth_is_limited() {
    let openers = [
        "(",
        "f(",
        "case when ",
        "array[",
        "a[",
        "(select ",
        "(with a as (",
        "interval (",
        "trim(both from ",
        "json_value(",
        "a in (",
        "count(*) over (order by ",
        "{fn abs(",
        "array(values ",
    ];
    let mut texts: Vec<_> = openers
        .iter()
        .map(|o| format!("select {}", o.repeat(20_000)))
        .collect();
    texts.push(format!(
        "select * from {}",
        "(select * from ".repeat(20_000)
    ));
    texts.push(format!("select * from {}", "(".repeat(20_000)));
    texts.push(format!("select cast(a as {}", "row<a ".repeat(20_000)));
    texts.push(format!("select cast(a as {}", "array<".repeat(20_000)));
    texts.push("(".repeat(20_000));
    texts.push("with a as (".repeat(20_000));
    texts.push(format!(
        "select a from t group by {}",
        "grouping sets (".repeat(20_000)
    ));
    texts.push(format!(
        "select * from t match_recognize (pattern {}",
        "(".repeat(20_000)
    ));
    texts.push(format!("select * from {}", "a join (".repeat(20_000)));
    for text in texts {
        let error = whole(&text, V2_3).unwrap_err();
        assert_eq!(error.name, "nesting-too-deep", "{}", &text[..40]);
    }
    let deep = format!("select {}1{}", "(".repeat(300), ")".repeat(300));
    assert_eq!(whole(&deep, V2_3), Ok(()));
}

#[test]
fn names() {
    let check = |name: &str, expect: bool| {
        let tokens = lex(name, V2_3);
        let mut cursor = Cursor::new(name, &tokens, 0..tokens.len(), V2_3);
        assert_eq!(
            identifier(&mut cursor).is_ok() && cursor.at_end(),
            expect,
            "{name}"
        );
    };
    check("a", true);
    check("$a", true);
    check("map", true);
    check("value", false);
    check("`value`", true);
    check("a.b", false);
    check("``", false);
    check(&"é".repeat(256), true);
    check(&"é".repeat(257), false);
    check(&format!("`{}`", "``".repeat(256)), true);
    check(&format!("`{}`", "``".repeat(257)), false);
}

#[test]
fn expressions_by_statement() {
    let reads = |sql: &str, read: fn(&mut Cursor<'_>) -> Parsed<()>| {
        let tokens = lex(sql, V2_3);
        let mut cursor = Cursor::new(sql, &tokens, 0..tokens.len(), V2_3);
        read(&mut cursor).is_ok() && cursor.at_end()
    };
    let check = |sql, ddl, dml| {
        assert_eq!(
            (reads(sql, expression), reads(sql, dml_expression)),
            (ddl, dml),
            "{sql}"
        );
    };
    check("ts - INTERVAL '5' SECOND", true, true);
    check("COALESCE(a, (SELECT 1))", true, true);
    check("(SELECT 1)", false, true);
    check("SELECT 1", false, false);
    check("a b", false, false);
}

proptest::proptest! {
    /// Whatever the tokens are, there is an answer.
    #[test]
    fn any_words_have_an_answer(picks in proptest::collection::vec((0usize..4000, 0usize..12), 1..60)) {
        let vocabulary: Vec<&str> = include_str!("cases.txt").split_ascii_whitespace().collect();
        let text: Vec<&str> = picks
            .iter()
            .flat_map(|(at, length)| &vocabulary[*at..(at + length).min(vocabulary.len())])
            .copied()
            .collect();
        let text = text.join(" ");
        for version in VERSIONS {
            let tokens = lex(&text, version);
            for start in 0..tokens.len().min(8) {
                let mut cursor = Cursor::new(&text, &tokens, start..tokens.len(), version);
                let _ = query(&mut cursor);
                let _ = unexpected(&cursor);
                let _ = expression(&mut cursor);
                let _ = data_type(&mut cursor);
                let _ = identifier(&mut cursor);
            }
        }
    }
}
