//! `tests/checks/cases.tsv`: what is said about a query, and at which place. A real Flink is asked about the same
//! statements by `tests/checks/verify.py`.

use super::super::{Outcome, Planner};
use super::{Read, read};
use crate::diagnostic::Diagnostic;
use crate::syntax::StatementKind;

const TABLES: &str = include_str!("../../../tests/checks/tables.sql");
const CASES: &str = include_str!("../../../tests/checks/cases.tsv");

/// The statements without marks, and the byte range between them.
fn unmarked(case: &str) -> (String, Option<(usize, usize)>) {
    let range = case.find('«').zip(case.find('»')).map(|(from, to)| {
        let from = from + TABLES.len();
        (from, to + TABLES.len() - '«'.len_utf8())
    });
    (format!("{TABLES}{}", case.replace(['«', '»'], "")), range)
}

/// What is found in the statements behind the tables.
fn found(read: &Read) -> Vec<Diagnostic> {
    let planner: Planner = read.planner();
    let mut outcomes = Vec::new();
    for (at, statement) in read.script.statements.iter().enumerate() {
        if let StatementKind::Query(query) = &statement.kind {
            outcomes.push(planner.query(query, at));
        }
    }
    for (at, insert) in read.inserts() {
        outcomes.push(planner.insert(insert, at));
    }
    assert!(
        !outcomes.is_empty(),
        "nothing to plan in {}",
        &read.text[TABLES.len()..]
    );
    outcomes
        .into_iter()
        .flat_map(|outcome| match outcome {
            Outcome::Planned(_) => Vec::new(),
            Outcome::UserError(errors) => errors,
            Outcome::NotPlanned { reason, span } => {
                vec![Diagnostic::error("not-planned", span, reason)]
            }
        })
        .collect()
}

#[test]
fn every_case_gets_its_diagnostic_at_its_place() {
    let mut wrong = String::new();
    let mut count = 0;
    for line in CASES
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
    {
        let (name, case) = line.split_once('\t').expect("a name and statements");
        let (text, place) = unmarked(case);
        let found = found(&read(&text));
        let shown: Vec<_> = found
            .iter()
            .map(|d| format!("{} «{}» {}", d.name, d.span.of(&text), d.message))
            .collect();
        count += 1;
        let right = match (&found[..], place) {
            ([], None) => name == "ok",
            ([one], Some((from, to))) => {
                one.name == name && (one.span.start, one.span.end) == (from as u32, to as u32)
            }
            _ => false,
        };
        if !right {
            wrong += &format!("{name}: {case}\n  {}\n", shown.join("\n  "));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count > 150, "{count}");
}

/// What is said about statements that Flink takes.
#[test]
fn warnings_and_notes() {
    let cases = [
        "CREATE TABLE src (a STRING, b STRING) WITH ('connector' = 'kafka'); CREATE TABLE snk (a STRING, b STRING) WITH ('connector' = 'print'); INSERT INTO snk SELECT b, a FROM src",
        "CREATE TABLE src (a STRING, b STRING, c INT) WITH ('connector' = 'kafka'); CREATE TABLE snk (a STRING, b STRING, d INT) WITH ('connector' = 'print'); INSERT INTO snk SELECT b, a, c FROM src",
        "CREATE TABLE src (a STRING, b STRING) WITH ('connector' = 'kafka'); CREATE TABLE snk (a STRING, b STRING) WITH ('connector' = 'print'); INSERT INTO snk (b, a) SELECT b, a FROM src",
        "CREATE TABLE src (x STRING, b STRING) WITH ('connector' = 'kafka'); CREATE TABLE snk (a STRING, b STRING) WITH ('connector' = 'print'); INSERT INTO snk SELECT b, x FROM src",
        "INSERT INTO two SELECT order_id, 'x' FROM payments",
        "INSERT INTO strict SELECT id, customer FROM orders",
        "INSERT INTO strict SELECT id, customer FROM orders WHERE id IS NOT NULL",
        "INSERT INTO strict SELECT COALESCE(id, 0), customer FROM orders",
        "INSERT INTO two SELECT id, LENGTH(customer) FROM orders",
        "INSERT INTO two SELECT id, company_score(customer) FROM orders",
    ];
    let mut all = String::new();
    for case in cases {
        let text = format!("{TABLES}{case};");
        let read = read(&text);
        let (at, insert) = read.inserts()[0];
        let said = match read.planner().insert(insert, at) {
            Outcome::Planned(planned) => planned.warnings,
            failed => panic!("{failed:?}"),
        };
        let (_, insert) = case.split_once("INSERT").expect("an INSERT");
        all += &format!("INSERT{insert}\n");
        for d in said {
            let more: String = d.help.iter().map(|h| format!("\n    help: {h}")).collect();
            all += &format!("  {} «{}» {}{more}\n", d.name, d.span.of(&text), d.message);
        }
    }
    insta::assert_snapshot!(all, @r#"
    INSERT INTO snk SELECT b, a FROM src
      positional-insert-mismatch «b» `b` goes to column `a` of `snk`, which has a column `b` too
        help: if the names are right: `INSERT INTO snk (`b`, `a`)`
    INSERT INTO snk SELECT b, a, c FROM src
      positional-insert-mismatch «b» `b` goes to column `a` of `snk`, which has a column `b` too
    INSERT INTO snk (b, a) SELECT b, a FROM src
    INSERT INTO snk SELECT b, x FROM src
    INSERT INTO two SELECT order_id, 'x' FROM payments
    INSERT INTO strict SELECT id, customer FROM orders
      null-into-not-null «id» `id` may be NULL, but column `a` of `strict` is not
    INSERT INTO strict SELECT id, customer FROM orders WHERE id IS NOT NULL
    INSERT INTO strict SELECT COALESCE(id, 0), customer FROM orders
    INSERT INTO two SELECT id, LENGTH(customer) FROM orders
      unknown-function «LENGTH» there is no function `LENGTH`
        help: Flink's function for this is `CHAR_LENGTH`
        help: if it is yours, create it in the script: `CREATE FUNCTION LENGTH AS '<class>'`
    INSERT INTO two SELECT id, company_score(customer) FROM orders
      unknown-function «company_score» there is no function `company_score`
        help: create it in the script: `CREATE FUNCTION company_score AS '<class>'`
    "#);
}
