use super::*;
use crate::syntax::StatementKind;
use std::path::Path;

/// The folder that `TIDEGATE_CORPUS` names; `None`, with a note, where it is unset.
fn corpus() -> Option<std::path::PathBuf> {
    let folder = std::env::var_os("TIDEGATE_CORPUS").map(std::path::PathBuf::from);
    if folder.is_none() {
        println!("skipped: TIDEGATE_CORPUS does not name a folder of scripts");
    }
    folder
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[test]
fn whole_scripts_of_others() {
    let Some(folder) = corpus() else { return };
    let mut bad = Vec::new();
    let mut files: Vec<_> = std::fs::read_dir(folder.join("scripts"))
        .expect("the corpus has scripts")
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    files.sort();
    for path in &files {
        let text = read(path);
        let (_, diagnostics) = parse(&text, FlinkVersion::V2_3);
        if let Some(first) = diagnostics.first() {
            let line = text[..first.span.start as usize].lines().count();
            bad.push(format!("{}:{line}: {}", path.display(), first.message));
        }
    }
    assert!(
        bad.is_empty(),
        "{} of {}:\n{}",
        bad.len(),
        files.len(),
        bad.join("\n")
    );
}

#[test]
fn single_statements_of_others() {
    let Some(folder) = corpus() else { return };
    let mut accepted = (0, 0);
    let mut rejected = (0, 0);
    for line in read(&folder.join("statements.jsonl")).lines() {
        let case: serde_json::Value = serde_json::from_str(line).expect("a line is an object");
        let text = case["sql"].as_str().unwrap_or_default();
        let (script, diagnostics) = parse(text, FlinkVersion::V2_3);
        let good = diagnostics.is_empty() && !script.statements.is_empty();
        match case["expect"].as_str() {
            Some("accept") => {
                accepted.0 += 1;
                if good {
                    accepted.1 += 1;
                } else {
                    let first = &diagnostics.first().map(|d| (d.span, d.message.clone()));
                    println!(
                        "MISS {} {first:?}\n  {}",
                        case["id"],
                        text.replace('\n', "\n  ")
                    );
                }
            }
            Some("reject") => {
                rejected.0 += 1;
                if good {
                    rejected.1 += 1;
                    println!("WRONG {}\n  {}", case["id"], text.replace('\n', "\n  "));
                }
            }
            _ => {}
        }
    }
    println!("accepted {accepted:?}, wrongly accepted {rejected:?}");
    assert!(accepted.1 * 1000 >= accepted.0 * 997, "{accepted:?}");
    assert!(rejected.1 * 100 <= rejected.0, "{rejected:?}");
}

#[test]
fn a_bad_statement_does_not_hide_the_others() {
    let text =
        "CREATE TABLE a (x INT) WITH ('k'='v')\nCREATE TABLE b (x INT);\nSELECT FROM;\nSELECT 1;";
    let (script, diagnostics) = parse(text, FlinkVersion::V2_3);
    let names: Vec<_> = diagnostics.iter().map(|d| d.name).collect();
    assert_eq!(names, ["missing-semicolon", "syntax-error"]);
    let invalid: Vec<_> = script
        .statements
        .iter()
        .map(|s| matches!(s.kind, StatementKind::Invalid))
        .collect();
    assert_eq!(invalid, [false, false, true, false]);
}

#[test]
fn nothing_overflows_the_stack() {
    let deep = |open: &str, inner: &str, close: &str, n: usize| {
        format!("SELECT {}{inner}{}", open.repeat(n), close.repeat(n))
    };
    let texts = [
        deep("(", "1", ")", 20_000),
        deep("(", "1", ")", 95),
        deep("f(", "1", ")", 95),
        deep("CASE WHEN ", "1", " THEN 1 END", 90),
        deep("CASE WHEN ", "1", " THEN 1 END", 20_000),
        deep("(SELECT ", "1", ")", 45),
        deep("NOT ", "TRUE", "", 20_000),
        deep("- ", "1", "", 20_000),
        deep("INTERVAL ", "'1'", " DAY", 20_000),
        deep("ARRAY[", "1", "]", 20_000),
        format!("SELECT 1{}", " AND a".repeat(300_000)),
        format!("SELECT 1{}", " UNION SELECT 1".repeat(300_000)),
        format!("SELECT a{}", ".b".repeat(300_000)),
        format!("SELECT a{}", "[1]".repeat(300_000)),
        format!("SELECT a{}", " IS NULL".repeat(300_000)),
        format!(
            "SELECT * FROM {}t{}",
            "(".repeat(20_000),
            ")".repeat(20_000)
        ),
        format!("SELECT * FROM a{}", " JOIN b".repeat(300_000)),
        format!(
            "SELECT * FROM t MATCH_RECOGNIZE (PATTERN ({}A{}) DEFINE A AS TRUE)",
            "(".repeat(20_000),
            ")".repeat(20_000)
        ),
        format!(
            "CREATE TABLE t (a {}INT{})",
            "ARRAY<".repeat(20_000),
            ">".repeat(20_000)
        ),
        format!(
            "SELECT CAST(1 AS {}INT{})",
            "ARRAY<".repeat(20_000),
            ">".repeat(20_000)
        ),
        "EXPLAIN ".repeat(100_000),
        "(".repeat(1_000_000),
        ";".repeat(1_000_000),
    ];
    for text in texts {
        parse(&text, FlinkVersion::V2_3);
    }
}

/// The name of the first diagnostic, and the text after its fix.
fn check_mistake(text: &str, name: &str, fixed: &str) {
    let (_, diagnostics) = parse(text, FlinkVersion::V2_3);
    let Some(first) = diagnostics.first() else {
        panic!("nothing is wrong with {text}");
    };
    assert_eq!(first.name, name, "{text}: {}", first.message);
    let Some(fix) = &first.fix else {
        assert_eq!(fixed, "", "{text}: no fix");
        return;
    };
    let edits = crate::text::EditSet::new(fix.edits.clone()).expect("edits are disjoint");
    let (after, _) = edits.apply(text).expect("edits fit the text");
    assert_eq!(after, fixed);
    let (_, left) = parse(&after, FlinkVersion::V2_3);
    assert!(left.is_empty(), "{after}: {}", left[0].message);
}

#[test]
fn common_mistakes_have_names_and_fixes() {
    check_mistake(
        "CREATE TABLE a (x INT)\nSELECT 1;",
        "missing-semicolon",
        "CREATE TABLE a (x INT);\nSELECT 1;",
    );
    check_mistake(
        "CREATE TABLE a (x INT,)",
        "trailing-comma",
        "CREATE TABLE a (x INT)",
    );
    check_mistake(
        "CREATE TABLE a (value INT)",
        "reserved-identifier",
        "CREATE TABLE a (`value` INT)",
    );
    check_mistake("SELECT a != 1", "bang-equals", "SELECT a <> 1");
    check_mistake("SELECT \"a\"", "double-quotes", "SELECT `a`");
    check_mistake(
        "CREATE TABLE a (x INT) WITH ('n' = 5)",
        "unquoted-option",
        "CREATE TABLE a (x INT) WITH ('n' = '5')",
    );
    check_mistake(
        "INSERT INTO TABLE t SELECT 1",
        "insert-into-table",
        "INSERT INTO t SELECT 1",
    );
    check_mistake(
        "WITH q AS (SELECT 1) INSERT INTO t SELECT * FROM q",
        "with-before-insert",
        "",
    );
    check_mistake(
        "-- note\nSET a.b = c;",
        "comment-before-unquoted-set",
        "-- note\nSET 'a.b' = 'c';",
    );
    check_mistake("SELECT\u{a0}1", "odd-blank", "SELECT 1");
    check_mistake("SELECT 1 – 2", "typographic-dash", "SELECT 1 - 2");
    check_mistake("SELECT <name>", "unfilled-placeholder", "");
    check_mistake("SELECT 'a", "unterminated-string", "");
    check_mistake("\u{feff}SELECT 1", "byte-order-mark", "SELECT 1");
}

#[test]
fn placeholders_pass_through() {
    let text = "CREATE TABLE ${db}.t_${env} (a INT) WITH ('k' = ${v}, ${o} = 'x');\n\
                INSERT INTO {{ sink }} SELECT ${c} FROM ${db}.t WHERE a = {{ n }} LIMIT ${n};";
    let (script, diagnostics) = parse(text, FlinkVersion::V2_3);
    assert_eq!(diagnostics, []);
    assert_eq!(script.statements.len(), 2);
}
