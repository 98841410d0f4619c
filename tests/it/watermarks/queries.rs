//! Queries of every kind over tables that are given a watermark: their operators stay.

use super::{Cases, case};

const SOURCES: [(&str, &str); 7] = [
    ("nullable", "ts TIMESTAMP(3)"),
    ("precise", "ts TIMESTAMP(6)"),
    ("ltz", "ts TIMESTAMP_LTZ(3) NOT NULL"),
    ("not_null", "ts TIMESTAMP(3) NOT NULL"),
    ("nested", "ts TIMESTAMP(3), p ROW<event_time TIMESTAMP(3)>"),
    ("number", "ts TIMESTAMP(3), n BIGINT"),
    ("metadata", "ts TIMESTAMP(3)"),
];

const QUERIES: [(&str, &str); 16] = [
    ("projection", "SELECT id, v FROM t WHERE v > 1"),
    (
        "with_time",
        "SELECT id, CAST(EXTRACT(YEAR FROM ts) AS INT) FROM t WHERE ts > TIMESTAMP '2024-01-01 00:00:00'",
    ),
    ("join", "SELECT t.id, r.v FROM t JOIN r ON t.id = r.id"),
    (
        "join_on_time",
        "SELECT t.id, r.v FROM t JOIN r ON t.id = r.id AND t.ts BETWEEN r.ts - INTERVAL '1' HOUR AND r.ts",
    ),
    (
        "left_join",
        "SELECT t.id, r.v FROM t LEFT JOIN r ON t.id = r.id",
    ),
    (
        "semi_join",
        "SELECT id, v FROM t WHERE id IN (SELECT id FROM r)",
    ),
    ("group", "SELECT id, MAX(v) FROM t GROUP BY id"),
    (
        "group_time",
        "SELECT id, CAST(COUNT(DISTINCT ts) AS INT) FROM t GROUP BY id",
    ),
    ("distinct", "SELECT DISTINCT id, v FROM t"),
    ("union", "SELECT id, v FROM t UNION ALL SELECT id, v FROM r"),
    (
        "over",
        "SELECT id, CAST(COUNT(*) OVER (PARTITION BY id ORDER BY pt) AS INT) FROM t",
    ),
    (
        "keep_last",
        "SELECT id, v FROM (SELECT id, v, ROW_NUMBER() OVER (PARTITION BY id ORDER BY ts DESC) AS rn FROM t) WHERE rn = 1",
    ),
    (
        "keep_first",
        "SELECT id, v FROM (SELECT id, v, ROW_NUMBER() OVER (PARTITION BY id ORDER BY ts ASC) AS rn FROM t) WHERE rn = 1",
    ),
    (
        "top",
        "SELECT id, v FROM (SELECT id, v, ROW_NUMBER() OVER (PARTITION BY id ORDER BY v DESC) AS rn FROM t) WHERE rn <= 3",
    ),
    (
        "proctime_window",
        "SELECT id, CAST(COUNT(*) AS INT) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(pt), INTERVAL '1' MINUTE)) GROUP BY id, window_start, window_end",
    ),
    (
        "self_join",
        "SELECT x.id, y.v FROM t AS x JOIN t AS y ON x.id = y.id",
    ),
];

/// An INSERT that has a gate and reads both tables, so that they are given their watermarks whatever the other one is.
const BOTH: &str = "CREATE TABLE ids (id INT) WITH ('connector' = 'blackhole');\nINSERT INTO ids SELECT id FROM t UNION ALL SELECT id FROM r;\n";

/// A sink with the key of the query's rows, if they have one.
fn sink(query: &str) -> String {
    let (key, connector) = match query {
        "group" | "group_time" | "keep_last" | "keep_first" => {
            (", PRIMARY KEY (id) NOT ENFORCED", "upsert-kafka")
        }
        "distinct" => (", PRIMARY KEY (id, v) NOT ENFORCED", "upsert-kafka"),
        _ => ("", "blackhole"),
    };
    format!("CREATE TABLE snk (id INT, v INT{key}) WITH ('connector' = '{connector}');\n")
}

pub(super) fn cases(t: &mut Cases) {
    for (name, columns) in SOURCES {
        let lines = match name {
            "nested" => "column = 'p.event_time'",
            "number" => "column = 'n'\nunit = 'ms'",
            "metadata" => "metadata = 'timestamp'",
            _ => "column = 'ts'",
        };
        let toml = format!("[tables.t]\n{lines}\n[tables.r]\n{lines}\n");
        let columns = format!("id INT, v INT, {columns}, pt AS PROCTIME()");
        let table = |table: &str| {
            format!("CREATE TABLE {table} ({columns}) WITH ('connector' = 'kafka');\n")
        };
        let tables = format!("{}{}", table("t"), table("r"));
        let midnight = match name {
            "ltz" => "CAST(TIMESTAMP '2024-01-01 00:00:00' AS TIMESTAMP_LTZ(3))",
            _ => "TIMESTAMP '2024-01-01 00:00:00'",
        };
        let cases = QUERIES.iter().map(|(query, sql)| {
            let sql = sql.replace("TIMESTAMP '2024-01-01 00:00:00'", midnight);
            let sink = sink(query);
            case(
                *query,
                format!("{tables}{sink}{BOTH}INSERT INTO snk {sql};\n"),
            )
            .toml(&toml)
        });
        t.show(&format!("queries_{name}"), cases.collect());
    }
}
