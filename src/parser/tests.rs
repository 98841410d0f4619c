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

#[test]
fn grammar_cases() {
    use crate::config::FlinkVersion::*;
    let mut bad = Vec::new();
    let mut total = 0;
    for entry in std::fs::read_dir("grammar-tests").unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "sql") {
            continue;
        }
        let mut cases: Vec<(String, String)> = Vec::new();
        for line in read(&path).lines() {
            if line.starts_with("-- accept") || line.starts_with("-- reject") {
                cases.push((line[3..].to_owned(), String::new()));
            } else if let Some((_, sql)) = cases.last_mut() {
                sql.push_str(line);
                sql.push('\n');
            }
        }
        for (header, sql) in cases {
            let sql = sql.trim();
            for (name, version) in [
                ("1.20", V1_20),
                ("2.0", V2_0),
                ("2.1", V2_1),
                ("2.2", V2_2),
                ("2.3", V2_3),
            ] {
                total += 1;
                let expect = match header.rsplit_once(' ') {
                    Some((kind, at)) => (name < at) != kind.ends_with("since"),
                    None => header == "accept",
                };
                let (script, diagnostics) = parse(sql, version);
                let ok = diagnostics.is_empty() && script.statements.len() == 1;
                if ok != expect {
                    bad.push(format!(
                        "{} {header} | {name} | {sql} | {:?}",
                        path.file_stem().unwrap().display(),
                        diagnostics.first().map(|d| &d.message)
                    ));
                    break;
                }
            }
        }
    }
    for line in &bad {
        println!("CASE {line}");
    }
    println!("CASES {} of {total} wrong", bad.len());
}
