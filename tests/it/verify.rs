//! `verify`: what it executes, what it finds, what it says.

mod faults;
mod replay;

use crate::tool::Sandbox;
use tidegate::config::Settings;
use tidegate::verify::{Options, Outcome, Report};

/// 2026-01-01T00:10:00Z.
const CUTOVER: i64 = 1_767_226_200_000;

fn settings() -> Settings {
    Settings::default()
}

fn held(report: &Report) -> bool {
    report.inserts.iter().all(|i| i.outcome == Outcome::Held)
}

const TABLES: &str = "\
CREATE TABLE orders (id INT, customer STRING, price DECIMAL(10, 2), ts TIMESTAMP(3) NOT NULL, proc AS PROCTIME(),
  body STRING, lines ARRAY<ROW<sku STRING, n INT>>, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE payments (id INT, order_id INT, amount DOUBLE, ms BIGINT, pts AS TO_TIMESTAMP_LTZ(ms, 3),
  WATERMARK FOR pts AS pts - INTERVAL '5' SECOND) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE bids (id INT, customer STRING, ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE names (customer STRING, name STRING, PRIMARY KEY (customer) NOT ENFORCED) WITH ('connector' = 'jdbc');
";

/// Queries, each with its sink's columns.
const QUERIES: &[(&str, &str)] = &[
    (
        "a INT, b STRING",
        "SELECT id, UPPER(customer) FROM orders WHERE price > 1",
    ),
    (
        "a INT, b STRING",
        "SELECT id, customer FROM orders UNION ALL SELECT id, customer FROM bids",
    ),
    (
        "a STRING, s TIMESTAMP(3), n DECIMAL(38, 2)",
        "SELECT customer, window_start, SUM(price) FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '7' MINUTE)) GROUP BY customer, window_start, window_end",
    ),
    (
        "a STRING, n BIGINT",
        "SELECT customer, COUNT(*) FROM TABLE(HOP(TABLE orders, DESCRIPTOR(ts), INTERVAL '2' MINUTE, INTERVAL '6' MINUTE)) GROUP BY customer, window_start, window_end",
    ),
    (
        "a STRING, n BIGINT",
        "SELECT customer, COUNT(*) FROM TABLE(CUMULATE(TABLE orders, DESCRIPTOR(ts), INTERVAL '2' MINUTE, INTERVAL '6' MINUTE)) GROUP BY customer, window_start, window_end",
    ),
    (
        "a STRING, n BIGINT",
        "SELECT customer, COUNT(*) FROM TABLE(SESSION(TABLE orders PARTITION BY customer, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY customer, window_start, window_end",
    ),
    (
        "s TIMESTAMP(3), n BIGINT",
        "SELECT TUMBLE_START(ts, INTERVAL '7' MINUTE), COUNT(*) FROM orders GROUP BY TUMBLE(ts, INTERVAL '7' MINUTE)",
    ),
    (
        "a INT, n DOUBLE",
        "SELECT order_id, SUM(amount) FROM TABLE(TUMBLE(TABLE payments, DESCRIPTOR(pts), INTERVAL '7' MINUTE)) GROUP BY order_id, window_start, window_end",
    ),
    (
        "a INT, b INT",
        "SELECT o.id, b.id FROM orders AS o JOIN bids AS b ON o.customer = b.customer",
    ),
    (
        "a INT, b INT",
        "SELECT o.id, b.id FROM orders AS o LEFT JOIN bids AS b ON o.customer = b.customer AND b.ts BETWEEN o.ts - INTERVAL '1' MINUTE AND o.ts + INTERVAL '5' MINUTE",
    ),
    (
        "a INT, b STRING",
        "SELECT o.id, n.name FROM orders AS o LEFT JOIN names FOR SYSTEM_TIME AS OF o.proc AS n ON o.customer = n.customer",
    ),
    (
        "a INT, b STRING, n INT",
        "SELECT id, sku, n FROM orders CROSS JOIN UNNEST(lines) AS l (sku, n)",
    ),
    (
        "a INT, n DECIMAL(38, 2)",
        "SELECT id, SUM(price) OVER (PARTITION BY customer ORDER BY ts RANGE BETWEEN INTERVAL '5' MINUTE PRECEDING AND CURRENT ROW) FROM orders",
    ),
    (
        "a INT, b STRING",
        "SELECT id, customer FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY customer ORDER BY ts ASC) AS rn FROM orders) WHERE rn = 1",
    ),
    (
        "a INT, b STRING",
        "SELECT id, JSON_VALUE(body, '$.kind') FROM orders WHERE customer IN ('x', 'y') OR body LIKE '%kind%'",
    ),
    (
        "a STRING, b INT, c INT",
        "SELECT * FROM orders MATCH_RECOGNIZE (PARTITION BY customer ORDER BY ts MEASURES A.id AS b, B.id AS c ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW PATTERN (A B) DEFINE B AS B.id >= A.id) AS m",
    ),
    (
        "a STRING, b INT, c INT",
        "SELECT * FROM orders MATCH_RECOGNIZE (PARTITION BY customer ORDER BY ts MEASURES FIRST(A.id) AS b, B.id AS c ONE ROW PER MATCH AFTER MATCH SKIP TO NEXT ROW PATTERN (A+ B) WITHIN INTERVAL '5' MINUTE DEFINE A AS A.id < 3, B AS B.id >= 2) AS m",
    ),
    (
        "a STRING, n BIGINT, PRIMARY KEY (a) NOT ENFORCED",
        "SELECT customer, COUNT(*) FROM orders GROUP BY customer",
    ),
    (
        "a STRING, n INT, PRIMARY KEY (a) NOT ENFORCED",
        "SELECT customer, id FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY customer ORDER BY ts DESC) AS rn FROM orders) WHERE rn = 1",
    ),
];

fn script(columns: &str, query: &str) -> String {
    let connector = if columns.contains("KEY") {
        "upsert-kafka"
    } else {
        "kafka"
    };
    format!(
        "{TABLES}CREATE TABLE sink ({columns}) WITH ('connector' = '{connector}', 'format' = 'json');\nINSERT INTO sink {query};\n"
    )
}

fn options(seed: u64) -> Options {
    Options {
        cutover: CUTOVER,
        rows: 16,
        seed,
        data: Vec::new(),
        replay: None,
    }
}

#[test]
fn gates_that_are_made_hold() {
    let mut wrong = Vec::new();
    for (columns, query) in QUERIES {
        let checked = tidegate::verify(&script(columns, query), &settings(), &options(3));
        match &checked.report {
            Some(report) if held(report) => {
                let c = report.inserts[0].counts;
                assert!(c.outgoing > 0 && c.incoming > 0, "{query}: {c:?}");
            }
            Some(report) => wrong.push(format!("{query}\n{}", tidegate::verify::text(report, ""))),
            None => wrong.push(format!("{query}\n{:?}", checked.diagnostics)),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_same_seed_says_the_same() {
    let (columns, query) = QUERIES[3];
    let script = script(columns, query);
    let said = |seed| {
        let report = tidegate::verify(&script, &settings(), &options(seed)).report;
        serde_json::to_string(&report).expect("it is JSON")
    };
    assert_eq!(said(1), said(1));
    assert_ne!(said(1), said(2));
}

#[test]
fn what_is_not_executed_is_named() {
    let text = script(
        "a INT, b STRING",
        "SELECT id, my_function(customer, UUID()) FROM orders",
    );
    let text = format!("CREATE FUNCTION my_function AS 'org.example.F';\n{text}");
    let report = tidegate::verify(&text, &settings(), &options(1))
        .report
        .expect("it can be rewritten");
    assert_eq!(report.inserts[0].outcome, Outcome::PlannedNotExecuted);
    insta::assert_snapshot!(report.inserts[0].reasons.join("\n"), @"
    UUID
    the function my_function of the user
    ");
}

#[test]
fn the_command_line() {
    let gated = |predicate: &str| {
        let query = format!(
            "SELECT id, customer FROM orders WHERE ts {predicate} TIMESTAMP '2026-01-01 00:10:00'"
        );
        script("a INT, b STRING", &query)
    };
    let sandbox = Sandbox::new(&[
        (
            "job.sql",
            &script("a INT, b STRING", "SELECT id, customer FROM orders"),
        ),
        ("out.sql", &gated("<=")),
        ("in.sql", &gated(">=")),
        (
            "orders.csv",
            "id,customer,ts\n1,x,2026-01-01 00:09:59.999\n2,,2026-01-01 00:10:00\n3,y,2026-01-01 00:10:01\n",
        ),
        ("other.json", "{\"id\": 1, \"price\": \"x\"}\n"),
    ]);
    let run = |more: &[&str]| {
        let mut args = vec![
            "verify",
            "--isolated",
            "job.sql",
            "--cutover",
            "2026-01-01T00:10:00Z",
            "--data",
        ];
        args.extend(more);
        let run = sandbox.run(&args);
        let text = String::from_utf8(run.stdout).expect("it is UTF-8");
        format!("exit {}\n{text}{}", run.code.unwrap_or(-1), run.stderr)
    };
    insta::assert_snapshot!(run(&["orders=orders.csv"]), @"
    exit 0
    INSERT INTO sink (9:1): nothing lost, doubled or foreign
      rows: 3 ungated, 1 outgoing, 2 incoming; told apart by source rows
    1 held, 0 failed, 0 without rows, 0 planned but not executed, 0 without a gate
    cutover 1767226200000, seed 1, 1 rounds of up to 24 rows a table; a check of the gates' predicates, not of how the two jobs run in time
    ");
    let given = [
        "orders=orders.csv",
        "--outgoing",
        "out.sql",
        "--incoming",
        "in.sql",
    ];
    insta::assert_snapshot!(run(&given), @r#"
    exit 1
    INSERT INTO sink (9:1): FAILED
      rows: 3 ungated, 2 outgoing, 2 incoming; told apart by source rows
      check `whole`: 0 lost, 1 doubled, 0 foreign; doubled: id = 2, customer = NULL
      check `torn`: 0 lost, 1 doubled, 0 foreign; doubled: id = 2, customer = NULL
      smallest input found, as files for --data TABLE=FILE.json:
      -- default_catalog.default_database.orders
      {"customer":null,"id":2,"ts":"2026-01-01 00:10:00.000"}
    0 held, 1 failed, 0 without rows, 0 planned but not executed, 0 without a gate
    cutover 1767226200000, seed 1, 1 rounds of up to 24 rows a table; a check of the gates' predicates, not of how the two jobs run in time
    "#);
    insta::assert_snapshot!(run(&["orders=other.json"]), @"
    exit 2
    error[unreadable-data]: other.json: line 1, column `price`: CAST of 'x' to a number fails
     --> job.sql:1:1
      |
    1 | CREATE TABLE orders (id INT, customer STRING, price DECIMAL(10, 2), ts TIMESTAMP(3) NOT NULL, proc AS PROCTIME(),
      | ^

    1 error
    ");
    insta::assert_snapshot!(run(&["orders=orders.avro"]), @"
    exit 2
    error: `orders.avro` is neither *.csv nor *.json: no other files can be read
    ");
    insta::assert_snapshot!(run(&["orders=in/orders.parquet"]), @r#"
    exit 2
    error: `in/orders.parquet`: Parquet is not read; make JSON lines of it, with DuckDB for example: duckdb -c "COPY 'in/orders.parquet' TO 'in/orders.json'"
    "#);
}

/// A run that takes long enough for a bar, were there a terminal.
#[test]
fn nothing_of_a_bar_is_where_no_terminal_is() {
    let (columns, query) = QUERIES[8];
    let sandbox = Sandbox::new(&[("job.sql", &script(columns, query))]);
    for format in ["human", "json"] {
        let run = sandbox.run(&[
            "verify",
            "--isolated",
            "job.sql",
            "--cutover",
            "2026-01-01T00:10:00Z",
            "--rows",
            "120",
            "--output-format",
            format,
        ]);
        let out = String::from_utf8(run.stdout).expect("it is UTF-8") + &run.stderr;
        assert!(
            !out.contains("rounds  INSERT") && !out.contains(['\r', '\u{1b}']),
            "{out}"
        );
    }
}

/// Watermarks that are added have to be no obstacle: windows stand on them.
#[test]
fn the_examples_hold() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
    let mut inserts = 0;
    for entry in std::fs::read_dir(folder).expect("there are examples") {
        let path = entry.expect("it can be read").path();
        let read = |name: &str| std::fs::read_to_string(path.join(name));
        let script = read("job.sql").expect("an example has a script");
        let settings = read("tidegate.toml").map_or_else(
            |_| settings(),
            |text| Settings::from_toml(&text).expect("it is a configuration"),
        );
        let report = tidegate::verify(&script, &settings, &options(1)).report;
        let report = report.expect("an example can be rewritten");
        let text = tidegate::verify::text(&report, &script);
        assert!(held(&report), "{}\n{text}", path.display());
        inserts += report.inserts.len();
    }
    assert!(inserts >= 8, "{inserts}");
}
