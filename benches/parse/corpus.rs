//! Statements to read: made here, the same in each run, and from a folder that the environment names.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use tidegate::config::FlinkVersion;

/// Folder with `*.sql` scripts and `*.jsonl` files of `{"sql": …}` objects.
pub const FOLDER: &str = "TIDEGATE_CORPUS";

/// Numbers that look random (Knuth's MMIX generator).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len() as u64) as usize]
    }
}

const COLUMNS: [&str; 12] = [
    "order_id", "customer", "amount", "currency", "region", "ts", "status", "`source`", "discount",
    "payload", "attempts", "shop",
];
const TYPES: [&str; 8] = [
    "STRING",
    "BIGINT",
    "DECIMAL(12, 2)",
    "TIMESTAMP(3)",
    "INT NOT NULL",
    "ROW<street STRING, city STRING>",
    "ARRAY<BIGINT>",
    "MAP<STRING, DOUBLE>",
];
const TABLES: [&str; 6] = [
    "orders",
    "payments",
    "clicks",
    "shop.refunds",
    "`stock`",
    "rates",
];

/// Statements of at least that many bytes in all: about a third DDL, some session statements, the rest
/// queries and INSERTs.
pub fn generated(bytes: usize) -> Vec<String> {
    let mut numbers = Numbers(7);
    let mut statements = Vec::new();
    let mut length = 0;
    while length < bytes {
        let statement = statement(&mut numbers);
        length += statement.len() + 2;
        statements.push(statement);
    }
    statements
}

fn statement(n: &mut Numbers) -> String {
    match n.below(10) {
        0 | 1 => table(n),
        2 => format!("CREATE VIEW v{} AS\n{}", n.below(1000), filter(n)),
        3 => format!("SET 'pipeline.name' = 'job {}'", n.below(1000)),
        4 => window(n),
        5 => join(n),
        6 => format!("INSERT INTO {}\n{}", n.of(&TABLES), filter(n)),
        7 => format!("INSERT INTO {}\n{}", n.of(&TABLES), join(n)),
        8 => rank(n),
        _ => format!("INSERT INTO {}\n{}", n.of(&TABLES), window(n)),
    }
}

fn table(n: &mut Numbers) -> String {
    let mut sql = format!("CREATE TABLE {} (\n", n.of(&TABLES));
    for _ in 0..4 + n.below(10) {
        let _ = writeln!(
            sql,
            "  {}_{} {},",
            n.of(&COLUMNS).trim_matches('`'),
            n.below(100),
            n.of(&TYPES)
        );
    }
    let _ = write!(
        sql,
        "  ts TIMESTAMP(3) METADATA FROM 'timestamp', -- of the broker\n  \
         event_day AS CAST(ts AS DATE),\n  \
         WATERMARK FOR ts AS ts - INTERVAL '{}' SECOND,\n  \
         PRIMARY KEY (order_id) NOT ENFORCED\n) WITH (\n  \
         'connector' = 'kafka',\n  'topic' = 'shop.events.{}',\n  \
         'properties.bootstrap.servers' = 'broker:9092',\n  'scan.startup.mode' = 'earliest-offset',\n  \
         'format' = 'json'\n)",
        1 + n.below(59),
        n.below(1000)
    );
    sql
}

fn condition(n: &mut Numbers) -> String {
    let mut sql = format!("{} > {}", n.of(&COLUMNS), n.below(10_000));
    for _ in 0..n.below(4) {
        let column = n.of(&COLUMNS);
        let _ = match n.below(5) {
            0 => write!(sql, "\n  AND {column} LIKE '%{}%'", n.below(100)),
            1 => write!(
                sql,
                "\n  AND ({column} IS NOT NULL OR {} = 'it''s {}')",
                n.of(&COLUMNS),
                n.below(100)
            ),
            2 => write!(
                sql,
                "\n  AND {column} IN ({}, {}, {})",
                n.below(9),
                n.below(99),
                n.below(999)
            ),
            3 => write!(
                sql,
                "\n  AND {column} BETWEEN {} AND {}.{}",
                n.below(9),
                n.below(999),
                n.below(99)
            ),
            _ => write!(
                sql,
                "\n  AND NOT COALESCE({column}, {}) <> {} * 2 + 1",
                n.below(9),
                n.of(&COLUMNS)
            ),
        };
    }
    sql
}

fn item(n: &mut Numbers) -> String {
    let column = n.of(&COLUMNS);
    match n.below(7) {
        0 => format!("CAST({column} AS VARCHAR) AS c{}", n.below(100)),
        1 => format!(
            "CASE WHEN {column} = 1 THEN 'one' ELSE UPPER({}) END AS c{}",
            n.of(&COLUMNS),
            n.below(100)
        ),
        2 => format!(
            "CONCAT({column}, '-', {}) AS c{}",
            n.of(&COLUMNS),
            n.below(100)
        ),
        3 => format!("{column} * 1.19 AS c{}", n.below(100)),
        _ => column.to_owned(),
    }
}

fn items(n: &mut Numbers) -> String {
    let count = 3 + n.below(8);
    let items: Vec<String> = (0..count).map(|_| item(n)).collect();
    items.join(",\n       ")
}

fn filter(n: &mut Numbers) -> String {
    let (items, table) = (items(n), n.of(&TABLES));
    format!("SELECT {items}\nFROM {table}\nWHERE {}", condition(n))
}

fn window(n: &mut Numbers) -> String {
    let (table, column, minutes) = (n.of(&TABLES), n.of(&COLUMNS), 1 + n.below(60));
    format!(
        "SELECT window_start, window_end, {column}, COUNT(*) AS n, SUM(amount) AS total\n\
         FROM TABLE(TUMBLE(TABLE {table}, DESCRIPTOR(ts), INTERVAL '{minutes}' MINUTE))\n\
         WHERE {}\nGROUP BY window_start, window_end, {column}",
        condition(n)
    )
}

fn join(n: &mut Numbers) -> String {
    let (left, right, column) = (n.of(&TABLES), n.of(&TABLES), n.of(&COLUMNS));
    format!(
        "SELECT l.{column}, r.amount, l.ts, MAX(r.{column}) OVER (PARTITION BY l.region ORDER BY l.ts) AS m\n\
         FROM {left} AS l\nJOIN {right} AS r ON l.order_id = r.order_id\n  \
         AND r.ts BETWEEN l.ts - INTERVAL '{}' HOUR AND l.ts\nWHERE {}",
        1 + n.below(12),
        condition(n)
    )
}

fn rank(n: &mut Numbers) -> String {
    let (table, column) = (n.of(&TABLES), n.of(&COLUMNS));
    format!(
        "WITH ranked AS (\n  SELECT *, ROW_NUMBER() OVER (PARTITION BY {column} ORDER BY ts DESC) AS place\n  \
         FROM {table}\n)\nSELECT {}\nFROM ranked\nWHERE place <= {}\nUNION ALL\n{}",
        items(n),
        1 + n.below(20),
        filter(n)
    )
}

/// The statements of the folder that the environment names, if it names one.
pub fn given() -> Option<Vec<String>> {
    let folder = std::env::var_os(FOLDER)?;
    let mut files = Vec::new();
    files_below(Path::new(&folder), &mut files);
    files.sort();
    let mut statements = Vec::new();
    for file in files {
        let Ok(text) = fs::read_to_string(&file) else {
            continue;
        };
        if file.extension().is_some_and(|e| e == "jsonl") {
            let lines = text.lines().filter_map(|line| {
                let line: serde_json::Value = serde_json::from_str(line).ok()?;
                line["sql"].as_str().map(str::to_owned)
            });
            statements.extend(lines);
        } else {
            let (script, _) = tidegate::parser::parse(&text, FlinkVersion::default());
            let each = script.statements.iter();
            statements.extend(each.map(|s| s.span.of(&text).to_owned()));
        }
    }
    Some(statements)
}

fn files_below(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).into_iter().flatten();
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.is_dir() {
            files_below(&path, files);
        } else if path.extension().is_some_and(|e| e == "sql" || e == "jsonl") {
            files.push(path);
        }
    }
}
