//! Nothing that a script holds may overflow the stack or take for ever.

use super::super::{Outcome, same_ungated};
use super::{read, shown};

const TABLES: &str = "CREATE TABLE t (a INT, b INT) WITH ('connector' = 'kafka');\n\
                      CREATE TABLE s (a INT) WITH ('connector' = 'print');\n";

fn plan(statements: &str) -> String {
    let text = format!("{TABLES}{statements}");
    let read = read(&text);
    let planner = read.planner();
    let Some((at, insert)) = read.inserts().pop() else {
        return "not read".to_owned();
    };
    let outcome = planner.insert(insert, at);
    if let Outcome::Planned(planned) = &outcome {
        assert!(same_ungated(planned, planned).is_ok());
    }
    shown(&outcome, &text)
        .split('[')
        .next()
        .unwrap_or_default()
        .trim()
        .to_owned()
}

#[test]
fn long_chains() {
    let chain = |n: usize| format!("INSERT INTO s SELECT a{} FROM t;", " + b".repeat(n));
    assert_eq!(plan(&chain(150)), "planned");
    assert_eq!(plan(&chain(900)), "not planned");
    assert_eq!(plan(&chain(200_000)), "not read");
    let filter = |n: usize| {
        format!(
            "INSERT INTO s SELECT a FROM t WHERE a > 1{};",
            " AND b < 2".repeat(n)
        )
    };
    assert_eq!(plan(&filter(400)), "planned");
}

#[test]
fn many_queries() {
    let union = |n: usize| {
        format!(
            "INSERT INTO s SELECT a FROM t{};",
            " UNION ALL SELECT b FROM t".repeat(n)
        )
    };
    assert_eq!(plan(&union(300)), "planned");
    assert_ne!(plan(&union(5_000)), "planned");
    let joins = |n: usize| {
        let joins: String = (0..n)
            .map(|n| format!(" JOIN t AS t{n} ON t{n}.a = t.a"))
            .collect();
        format!("INSERT INTO s SELECT t.a FROM t{joins};")
    };
    assert_eq!(plan(&joins(100)), "planned");
}

#[test]
fn doubling() {
    let with = |n: usize| {
        let ctes: String = (1..=n)
            .map(|n| {
                format!(
                    ", c{n} AS (SELECT x.* FROM c{0} AS x JOIN c{0} AS y ON x.a = y.a)",
                    n - 1
                )
            })
            .collect();
        format!("INSERT INTO s WITH c0 AS (SELECT a FROM t){ctes} SELECT a FROM c{n};")
    };
    assert_eq!(plan(&with(4)), "planned");
    assert_eq!(plan(&with(40)), "not planned");
    let views = |n: usize| {
        let views: String = (1..=n)
            .map(|n| {
                format!(
                    "CREATE VIEW c{n} AS SELECT x.* FROM c{0} AS x JOIN c{0} AS y ON x.a = y.a;\n",
                    n - 1
                )
            })
            .collect();
        format!("CREATE VIEW c0 AS SELECT a FROM t;\n{views}INSERT INTO s SELECT a FROM c{n};")
    };
    assert_eq!(plan(&views(4)), "planned");
    assert_eq!(plan(&views(40)), "not planned");
    assert_eq!(plan(&views(200)), "not planned");
}

#[test]
fn nesting() {
    let derived = |n: usize| {
        format!(
            "INSERT INTO s {}SELECT a FROM t{};",
            "SELECT a FROM (".repeat(n),
            ")".repeat(n)
        )
    };
    assert_eq!(plan(&derived(30)), "planned");
    assert_eq!(plan(&derived(5_000)), "not read");
    let with = |n: usize| {
        format!(
            "INSERT INTO s {}SELECT a FROM t{};",
            "WITH c AS (".repeat(n),
            ") SELECT a FROM c".repeat(n)
        )
    };
    assert_ne!(plan(&with(40)), "not read");
}
