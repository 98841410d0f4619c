//! Inputs that are made to hurt: each ends in an answer, soon.

use super::{answers, keeps_other_bytes};
use std::time::{Duration, Instant};
use tidegate::Rewritten;
use tidegate::config::Settings;
use tidegate::explain;

const SOURCE: &str = "CREATE TABLE src (id BIGINT, ts TIMESTAMP(3) NOT NULL) WITH ('connector' = 'kafka', 'format' = 'json');\nCREATE TABLE snk (id BIGINT) WITH ('connector' = 'kafka', 'format' = 'json');\n";

/// Far above what is needed without optimisation, far below what a square takes.
const SOON: Duration = Duration::from_secs(30);

fn soon(name: &str, script: &str) -> Rewritten {
    let start = Instant::now();
    let done = tidegate::rewrite(script, &Settings::default());
    let took = start.elapsed();
    assert_eq!(answers(script, &done), Ok(()), "{name}");
    assert_eq!(keeps_other_bytes(script, &done), Ok(()), "{name}");
    assert!(took < SOON, "{name} took {took:?}");
    let start = Instant::now();
    let settings = Settings {
        validate: false,
        ..Settings::default()
    };
    if let Some(explanation) = tidegate::explain(script, &settings).explanation {
        explain::text(&explanation);
        explain::svg(&explanation);
    }
    let explained = start.elapsed();
    assert!(explained < SOON, "{name} explained in {explained:?}");
    println!("{name}: {took:?}, explained in {explained:?}");
    done
}

#[track_caller]
fn is_unchanged(name: &str, script: &str) {
    assert_eq!(soon(name, script).text.as_deref(), Some(script), "{name}");
}

#[track_caller]
fn is_refused(name: &str, script: &str) {
    assert_eq!(soon(name, script).text, None, "{name}");
}

#[test]
fn nothing_to_do() {
    is_unchanged("empty", "");
    is_unchanged("blank", " \n\t\r\n");
    is_unchanged("comments", "-- a\n/* b; */ // c");
}

#[test]
fn not_sql() {
    is_refused("open string", "INSERT INTO t SELECT 'x");
    is_refused("open name", "SELECT `x");
    is_refused("open comment", "SELECT 1; /* x");
    is_refused("zero bytes", "\0\0\0");
    is_refused("zero byte in a query", "SELECT a\0b FROM t;");
    is_refused("control characters", "\u{1}\u{2}\u{7f}\u{85}\u{2028};");
    soon("semicolons", &";".repeat(100_000));
    soon("quotes", &"'".repeat(100_001));
    soon("backticks", &"`".repeat(100_001));
    soon("comment starts", &"/*".repeat(100_000));
    soon("one long word", &"x".repeat(1_000_000));
    soon("many words", &"x ".repeat(200_000));
    soon("commas", &format!("SELECT {}", ",".repeat(200_000)));
}

#[test]
fn deep() {
    for (name, script) in [
        ("parentheses", "(".repeat(1_000_000)),
        (
            "parentheses in a query",
            format!("SELECT {}1{};", "(".repeat(20_000), ")".repeat(20_000)),
        ),
        ("open derived tables", "SELECT * FROM (".repeat(20_000)),
        ("not", format!("SELECT {} TRUE;", "NOT ".repeat(50_000))),
        ("minus", format!("SELECT {}1;", "- ".repeat(50_000))),
        ("case", format!("SELECT {} 1", "CASE WHEN ".repeat(20_000))),
        (
            "rows",
            format!("CREATE TABLE t (a {}INT);", "ROW<a ".repeat(20_000)),
        ),
        (
            "arrays",
            format!("CREATE TABLE t (a {}INT);", "ARRAY<".repeat(50_000)),
        ),
        ("brackets", format!("SELECT a{};", "[a".repeat(20_000))),
        ("calls", format!("SELECT {}", "f(".repeat(50_000))),
        (
            "ctes",
            format!("SELECT 1 FROM {}", "(WITH a AS (SELECT ".repeat(20_000)),
        ),
        ("explain", "EXPLAIN ".repeat(50_000)),
        (
            "joins",
            format!("SELECT 1 FROM {}a", "(a JOIN ".repeat(20_000)),
        ),
    ] {
        is_refused(name, &script);
    }
}

#[test]
fn wide() {
    let query = |query: String| format!("{SOURCE}INSERT INTO snk SELECT id FROM src {query};\n");
    soon(
        "ands",
        &query(format!("WHERE id > 0{}", " AND id > 0".repeat(100_000))),
    );
    soon(
        "ors",
        &query(format!("WHERE id > 0{}", " OR id > 0".repeat(20_000))),
    );
    soon(
        "unions",
        &query(" UNION ALL SELECT id FROM src".repeat(2_000)),
    );
    soon(
        "in list",
        &query(format!("WHERE id IN (0{})", ", 0".repeat(50_000))),
    );
    soon("joins", &query(" JOIN src USING (id)".repeat(2_000)));
    soon(
        "concatenation",
        &format!("SELECT 'a'{};", " || 'a'".repeat(50_000)),
    );
    soon(
        "select list",
        &format!("SELECT 0{} FROM t;", ", 0".repeat(50_000)),
    );
    let columns: String = (0..5_000).map(|i| format!("c{i} INT, ")).collect();
    soon(
        "columns",
        &SOURCE.replacen("id BIGINT, ", &format!("id BIGINT, {columns}"), 1),
    );
}

#[test]
fn long() {
    let inserts = |n: usize| SOURCE.to_owned() + &"INSERT INTO snk SELECT id FROM src;\n".repeat(n);
    let done = soon("100 inserts", &inserts(100));
    assert!(done.text.is_some());
    let statements = "SET 'a' = 'b';\nSELECT 1;\nSHOW TABLES;\n".repeat(1_000);
    is_unchanged("3,000 statements", &statements);
    let tables: String = (0..1_000)
        .map(|i| format!("CREATE TABLE t{i} (id INT);\nCREATE VIEW v{i} AS SELECT * FROM t{i};\n"))
        .collect();
    is_unchanged("2,000 declarations", &tables);
    let views: String = (1..300)
        .map(|i| format!("CREATE VIEW v{i} AS SELECT * FROM v{};\n", i - 1))
        .collect();
    let script = format!(
        "{SOURCE}CREATE VIEW v0 AS SELECT id FROM src;\n{views}INSERT INTO snk SELECT * FROM v299;\n"
    );
    soon("a chain of 300 views", &script);
    let set = format!(
        "{SOURCE}EXECUTE STATEMENT SET BEGIN\n{}END;\n",
        "INSERT INTO snk SELECT id FROM src;\n".repeat(100)
    );
    assert!(soon("a set of 100", &set).text.is_some());
}

/// Each view reads the one before twice: what is read grows by powers of two.
#[test]
fn doubling() {
    let views: String = (1..24)
        .map(|i| {
            format!(
                "CREATE VIEW v{i} AS SELECT id FROM v{0} UNION ALL SELECT id FROM v{0};\n",
                i - 1
            )
        })
        .collect();
    let script = format!(
        "{SOURCE}CREATE VIEW v0 AS SELECT id FROM src;\n{views}INSERT INTO snk SELECT * FROM v23;\n"
    );
    soon("views", &script);
    let ctes: String = (1..24)
        .map(|i| {
            format!(
                ", v{i} AS (SELECT id FROM v{0} UNION ALL SELECT id FROM v{0})",
                i - 1
            )
        })
        .collect();
    let script = format!(
        "{SOURCE}INSERT INTO snk WITH v0 AS (SELECT id FROM src){ctes} SELECT * FROM v23;\n"
    );
    soon("common table expressions", &script);
}
