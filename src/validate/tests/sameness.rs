//! Pairs of an original query and what stands behind the gate.

use super::super::{Barrier, Gate, Opening, Outcome, PlannedInsert, Sides, same, same_ungated};
use super::{read, shown};

const TABLES: &str = "\
CREATE TABLE a (id BIGINT, k STRING, v INT, ts TIMESTAMP(3), tags ARRAY<STRING>, WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka');
CREATE TABLE b (id BIGINT, k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka');
";
const HIDDEN: &str = "\
CREATE TABLE a (id BIGINT, k STRING, v INT, ts TIMESTAMP(3), tags ARRAY<STRING>, __rowtime AS COALESCE(ts, TIMESTAMP '1970-01-01 00:00:00'), WATERMARK FOR __rowtime AS __rowtime) WITH ('connector' = 'kafka');
CREATE TABLE b (id BIGINT, k STRING, v INT, ts TIMESTAMP(3), __rowtime AS ts, WATERMARK FOR __rowtime AS __rowtime) WITH ('connector' = 'kafka');
";
const SINK: &str = "CREATE TABLE s (x BIGINT, y STRING) WITH ('connector' = 'print');\n";
const RANGE: &str = "COALESCE(t, TIMESTAMP '0001-01-01 00:00:00.000') >= TIMESTAMP '2026-01-01 00:00:00.000' AND \
                     COALESCE(t, TIMESTAMP '0001-01-01 00:00:00.000') < TIMESTAMP '9999-12-31 23:59:59.999'";

fn planned(script: &str) -> PlannedInsert {
    let read = read(script);
    let planner = read.planner().with_any_rowtimes();
    let inserts = read.inserts();
    let (at, insert) = inserts.first().expect("an INSERT");
    match planner.insert(insert, *at) {
        Outcome::Planned(planned) => planned,
        failed => panic!("{script}\n{}", shown(&failed, script)),
    }
}

/// The wrapper as the rewrite writes it.
fn gated(query: &str) -> String {
    format!(
        "SELECT x, y FROM ({query}) AS q (x, y, __gate_time) \
         CROSS JOIN UNNEST(ARRAY[__gate_time]) AS __at (t) WHERE {RANGE}"
    )
}

/// Gated by a column that the query has anyway, without a barrier.
fn plain(query: &str, gate: &str) -> String {
    let range = RANGE.replace("COALESCE(t,", &format!("COALESCE({gate},"));
    format!("SELECT x, y FROM ({query}) AS q (x, y) WHERE {range}")
}

fn pair(original: &str, view: &str, tables: &str) -> Result<Gate, super::super::SamenessFailure> {
    let original = planned(&format!("{TABLES}{SINK}INSERT INTO s {original};"));
    let rewritten = planned(&format!(
        "{tables}{SINK}CREATE TEMPORARY VIEW s__gate AS {view};\nINSERT INTO s SELECT x, y FROM s__gate;"
    ));
    same(&original, &rewritten, Sides::Sink)
}

/// An original query, and the same with its gate time threaded through.
const TRUE: &[(&str, &str)] = &[
    ("SELECT id, k FROM a", "SELECT id, k, ts FROM a"),
    (
        "SELECT id + 1, UPPER(k) FROM a WHERE v > 3",
        "SELECT id + 1, UPPER(k), ts FROM a WHERE v > 3",
    ),
    (
        "SELECT COUNT(*), k FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, k",
        "SELECT COUNT(*), k, window_end - INTERVAL '0.001' SECOND FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, k",
    ),
    (
        "SELECT COUNT(*), k FROM a GROUP BY TUMBLE(ts, INTERVAL '1' HOUR), k",
        "SELECT COUNT(*), k, TUMBLE_END(ts, INTERVAL '1' HOUR) - INTERVAL '0.001' SECOND FROM a GROUP BY TUMBLE(ts, INTERVAL '1' HOUR), k",
    ),
    (
        "SELECT a.id, b.k FROM a JOIN b ON a.id = b.id AND b.ts BETWEEN a.ts AND a.ts + INTERVAL '1' HOUR",
        "SELECT a.id, b.k, GREATEST(a.ts, b.ts) FROM a JOIN b ON a.id = b.id AND b.ts BETWEEN a.ts AND a.ts + INTERVAL '1' HOUR",
    ),
    (
        "SELECT id, k FROM a UNION ALL SELECT id, k FROM b",
        "SELECT id, k, ts FROM a UNION ALL SELECT id, k, ts FROM b",
    ),
    (
        "WITH c AS (SELECT id, UPPER(k) AS u FROM a WHERE v > 1), d AS (SELECT id, u FROM c) SELECT d.id, d.u FROM d",
        "WITH c AS (SELECT id, UPPER(k) AS u, ts AS g FROM a WHERE v > 1), d AS (SELECT id, u, g FROM c) SELECT d.id, d.u, d.g FROM d",
    ),
    (
        "SELECT id, k FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts DESC) AS rn FROM a) WHERE rn = 1",
        "SELECT id, k, ts FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts DESC) AS rn FROM a) WHERE rn = 1",
    ),
    (
        "SELECT SUM(v), k FROM a GROUP BY k",
        "SELECT SUM(v), k, MAX(ts) FROM a GROUP BY k",
    ),
    (
        "SELECT DISTINCT id, k FROM a",
        "SELECT id, k, MAX(ts) FROM a GROUP BY id, k",
    ),
    (
        "SELECT id, UPPER(k) FROM a UNION SELECT id, k FROM b",
        "SELECT id, k, MAX(ts) FROM (SELECT id, UPPER(k) AS k, ts FROM a UNION ALL SELECT id, k, ts FROM b) GROUP BY id, k",
    ),
    (
        "SELECT a.id, r.k FROM a LEFT JOIN b FOR SYSTEM_TIME AS OF a.ts AS r ON a.k = r.k",
        "SELECT a.id, r.k, a.ts FROM a LEFT JOIN b FOR SYSTEM_TIME AS OF a.ts AS r ON a.k = r.k",
    ),
    (
        "SELECT id, tag FROM a CROSS JOIN UNNEST(tags) AS t (tag)",
        "SELECT id, tag, ts FROM a CROSS JOIN UNNEST(tags) AS t (tag)",
    ),
    (
        "SELECT m.n, m.k FROM a MATCH_RECOGNIZE (PARTITION BY k ORDER BY ts MEASURES LAST(A.id) AS n PATTERN (A B+) DEFINE B AS B.v > A.v) AS m",
        "SELECT m.n, m.k, m.g FROM a MATCH_RECOGNIZE (PARTITION BY k ORDER BY ts MEASURES LAST(A.id) AS n, MATCH_ROWTIME() AS g PATTERN (A B+) DEFINE B AS B.v > A.v) AS m",
    ),
    (
        "SELECT id, k FROM a WHERE id IN (SELECT id FROM b) AND EXISTS (SELECT 1 FROM b WHERE b.k = a.k)",
        "SELECT id, k, ts FROM a WHERE id IN (SELECT id FROM b) AND EXISTS (SELECT 1 FROM b WHERE b.k = a.k)",
    ),
    (
        "SELECT COUNT(*), k FROM (SELECT id, k, v FROM a ORDER BY ts LIMIT 10) GROUP BY k",
        "SELECT COUNT(*), k, MAX(ts) FROM (SELECT id, k, v, ts FROM a ORDER BY ts LIMIT 10) GROUP BY k",
    ),
    (
        "SELECT id, k FROM a LIMIT 5",
        "SELECT id, k, ts FROM a LIMIT 5",
    ),
    (
        "SELECT SUM(v) OVER (PARTITION BY k ORDER BY ts), k FROM a",
        "SELECT SUM(v) OVER (PARTITION BY k ORDER BY ts), k, ts FROM a",
    ),
    (
        "SELECT l.id, r.k FROM (SELECT * FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) l LEFT JOIN (SELECT * FROM TABLE(TUMBLE(TABLE b, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) r ON l.id = r.id AND l.window_start = r.window_start AND l.window_end = r.window_end",
        "SELECT l.id, r.k, l.window_end - INTERVAL '0.001' SECOND FROM (SELECT * FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) l LEFT JOIN (SELECT * FROM TABLE(TUMBLE(TABLE b, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) r ON l.id = r.id AND l.window_start = r.window_start AND l.window_end = r.window_end",
    ),
];

/// The column that a gate reads, the width of the query, and whether there is a barrier.
fn place(gate: &Gate) -> (usize, usize, bool) {
    let barrier = Barrier::Plain;
    let pinned = matches!(&gate.opening, Opening::Filter { barrier: b, .. } if *b == barrier);
    let column = gate.time.map_or(usize::MAX, |t| t.column);
    (column, gate.width, pinned)
}

#[test]
fn the_gated_query_is_the_original() {
    for (original, query) in TRUE {
        for tables in [TABLES, HIDDEN] {
            let gate = pair(original, &gated(query), tables);
            let gate = gate.unwrap_or_else(|f| {
                panic!(
                    "{original}\n{}\n{}\n{}",
                    f.reason, f.original_plan, f.rewritten_plan
                )
            });
            assert_eq!(place(&gate), (2, 3, true));
        }
    }
    let gate = pair(
        "SELECT id, CAST(MAX(ts) AS STRING) FROM a GROUP BY id",
        &plain("SELECT id, CAST(MAX(ts) AS STRING) FROM a GROUP BY id", "y"),
        TABLES,
    );
    assert_eq!(gate.map(|g| place(&g)), Ok((1, 2, false)));
}

/// An original query and a gated one that is another.
const WRONG: &[(&str, &str)] = &[
    ("SELECT id, k FROM a", "SELECT v, k, ts FROM a"),
    (
        "SELECT v, id || 'x' FROM (SELECT v, k AS id FROM a)",
        "SELECT v, k || 'x', ts FROM b",
    ),
    ("SELECT id, k FROM a", "SELECT id, k, ts FROM a WHERE v > 3"),
    ("SELECT id, k FROM a WHERE v > 3", "SELECT id, k, ts FROM a"),
    ("SELECT DISTINCT id, k FROM a", "SELECT id, k, ts FROM a"),
    (
        "SELECT DISTINCT id, k FROM a",
        "SELECT id, k, ts FROM a GROUP BY id, k, ts",
    ),
    (
        "SELECT a.id, a.k FROM a JOIN b ON a.id = b.v",
        "SELECT b.id, a.k, a.ts FROM a JOIN b ON a.id = b.v",
    ),
    (
        "SELECT x.id, y.k FROM a AS x JOIN a AS y ON x.v = y.id",
        "SELECT y.id, x.k, x.ts FROM a AS x JOIN a AS y ON x.v = y.id",
    ),
    (
        "SELECT COUNT(*), k FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, k",
        "SELECT COUNT(*), k, window_end FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(ts), INTERVAL '2' MINUTE)) GROUP BY window_start, window_end, k",
    ),
    (
        "SELECT COUNT(*), k FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, k",
        "SELECT COUNT(*), k, window_end FROM TABLE(HOP(TABLE a, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, k",
    ),
    (
        "SELECT a.id, b.k FROM a LEFT JOIN b ON a.id = b.id",
        "SELECT a.id, b.k, a.ts FROM a JOIN b ON a.id = b.id",
    ),
    (
        "SELECT id, LEFT(k, 3) FROM a",
        "SELECT id, LEFT(k, 4), ts FROM a",
    ),
    (
        "SELECT id, CAST(v AS STRING) FROM a",
        "SELECT id, CAST(v AS VARCHAR(1)), ts FROM a",
    ),
    (
        "SELECT COUNT(*), k FROM a GROUP BY k",
        "SELECT COUNT(DISTINCT id), k, MAX(ts) FROM a GROUP BY k",
    ),
    (
        "SELECT COUNT(*), k FROM a GROUP BY k",
        "SELECT COUNT(*), k, MAX(ts) FROM a GROUP BY k, v",
    ),
    (
        "SELECT id, k FROM a UNION ALL SELECT id, k FROM b",
        "SELECT id, k, ts FROM a UNION ALL SELECT id, k, ts FROM a",
    ),
    (
        "SELECT id, k FROM a UNION SELECT id, k FROM b",
        "SELECT id, k, ts FROM a UNION ALL SELECT id, k, ts FROM b",
    ),
    (
        "SELECT a.id, r.k FROM a JOIN b FOR SYSTEM_TIME AS OF a.ts AS r ON a.k = r.k",
        "SELECT a.id, r.k, a.ts FROM a JOIN b AS r ON a.k = r.k",
    ),
    (
        "SELECT m.n, m.k FROM a MATCH_RECOGNIZE (PARTITION BY k ORDER BY ts MEASURES LAST(A.id) AS n PATTERN (A B+) DEFINE B AS B.v > A.v) AS m",
        "SELECT m.n, m.k, m.g FROM a MATCH_RECOGNIZE (PARTITION BY k ORDER BY ts MEASURES LAST(A.id) AS n, MATCH_ROWTIME() AS g PATTERN (A B*) DEFINE B AS B.v > A.v) AS m",
    ),
    (
        "SELECT id, k FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.k = a.k)",
        "SELECT id, k, ts FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.k = b.k)",
    ),
    (
        "SELECT id, k FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts DESC) AS rn FROM a) WHERE rn = 1",
        "SELECT id, k, ts FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts ASC) AS rn FROM a) WHERE rn = 1",
    ),
    (
        "SELECT id, k FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts DESC) AS rn FROM a) WHERE rn = 1",
        "SELECT id, k, ts FROM (SELECT *, RANK() OVER (PARTITION BY k ORDER BY ts DESC) AS rn FROM a) WHERE rn = 1",
    ),
    (
        "SELECT id, k FROM a LIMIT 5",
        "SELECT id, k, ts FROM a LIMIT 6",
    ),
    ("SELECT id, k FROM a", "SELECT id, k, ts FROM b"),
];

#[test]
fn another_query_is_not_the_original() {
    for (original, query) in WRONG {
        let failed = pair(original, &gated(query), TABLES);
        assert!(failed.is_err(), "{original}\n{query}");
    }
}

#[test]
fn another_wrapper_is_no_gate() {
    let query = "SELECT id, k, ts FROM a";
    let right = gated(query);
    let wrong: &[(&str, &str)] = &[
        ("< TIMESTAMP '9999", "<= TIMESTAMP '9999"),
        (">= TIMESTAMP", "> TIMESTAMP"),
        ("COALESCE(t, TIMESTAMP '0001-01-01 00:00:00.000')", "t"),
        ("ARRAY[__gate_time]", "ARRAY[__gate_time, __gate_time]"),
        ("ARRAY[__gate_time]", "ARRAY[CAST(y AS TIMESTAMP(3))]"),
        ("COALESCE(t, ", "COALESCE(__gate_time, "),
        (" WHERE ", " WHERE x > 1 AND "),
        (" AND COALESCE", " OR COALESCE"),
        (
            "CROSS JOIN UNNEST(ARRAY[__gate_time]) AS __at (t)",
            "LEFT JOIN UNNEST(ARRAY[__gate_time]) AS __at (t) ON TRUE",
        ),
        (
            "SELECT x, y FROM (SELECT",
            "SELECT x, CAST(t AS STRING) AS y FROM (SELECT",
        ),
        (
            "SELECT x, y FROM (SELECT",
            "SELECT DISTINCT x, y FROM (SELECT",
        ),
        (
            "SELECT x, y FROM (SELECT",
            "SELECT x, UPPER(y) AS y FROM (SELECT",
        ),
        (" < TIMESTAMP '9999-12-31 23:59:59.999'", " < __gate_time"),
        (
            "COALESCE(t, TIMESTAMP '0001-01-01 00:00:00.000') <",
            "COALESCE(t, TIMESTAMP '0002-01-01 00:00:00.000') <",
        ),
    ];
    for (from, to) in wrong {
        let view = right.replace(from, to);
        assert_ne!(view, right, "{from}");
        assert!(
            pair("SELECT id, k FROM a", &view, TABLES).is_err(),
            "{view}"
        );
    }
    assert!(pair("SELECT id, k FROM a", &right, TABLES).is_ok());
    // The gate reads `x`, not the gate time that was added.
    let other = "SELECT x, y FROM (SELECT id, k, ts FROM a) AS q (x, y, g) CROSS JOIN UNNEST(ARRAY[x]) AS at1 (t) WHERE COALESCE(t, 0) >= 1 AND COALESCE(t, 0) < 5";
    assert!(pair("SELECT id, k FROM a", other, TABLES).is_err());
    assert!(
        pair(
            "SELECT id, k FROM a",
            "SELECT id AS x, k AS y FROM a",
            TABLES
        )
        .is_err()
    );
}

#[test]
fn the_sink_stays_the_same() {
    let original = planned(&format!(
        "{TABLES}{SINK}INSERT INTO s (y, x) SELECT k, id FROM a;"
    ));
    let swapped = planned(&format!(
        "{TABLES}{SINK}INSERT INTO s SELECT k AS z, 'q' FROM (SELECT id AS k FROM a);"
    ));
    assert!(same_ungated(&original, &swapped).is_err());
    assert!(same_ungated(&original, &original.clone()).is_ok());
}

#[test]
fn a_failure_shows_both_plans() {
    let failure = pair(
        "SELECT id, k FROM a",
        &gated("SELECT id, k, ts FROM a WHERE v > 3"),
        TABLES,
    );
    let failure = failure.expect_err("a failure");
    let shown = format!(
        "{}\n{}{}",
        failure.reason, failure.original_plan, failure.rewritten_plan
    );
    insta::assert_snapshot!(shown, @r#"
    with the gate taken off, the rewritten query is not the original
    Scan default_catalog.default_database.a (id, k)
    Project [#0, #1]
      Filter >(#2, Int64(3))
        Scan default_catalog.default_database.a (id, k, v)
    "#);
}

#[test]
fn a_side_of_a_join_that_the_gate_time_is_not_made_of_is_told() {
    for (gate, uncovered) in [
        ("GREATEST(l.ts, r.ts)", &[][..]),
        ("GREATEST(l.ts)", &["default_catalog.default_database.b"]),
        ("GREATEST(r.ts)", &["default_catalog.default_database.a"]),
        ("r.ts", &["default_catalog.default_database.a"]),
    ] {
        let join = "FROM a AS l JOIN b AS r ON l.id = r.id";
        let query = format!("SELECT l.id, r.k, {gate} {join}");
        let found = pair(&format!("SELECT l.id, r.k {join}"), &gated(&query), TABLES).unwrap();
        let is: Vec<&str> = found.uncovered.iter().map(String::as_str).collect();
        assert_eq!(is, uncovered, "{gate}");
    }
}
