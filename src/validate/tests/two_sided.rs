//! Updating queries whose sources have gates too: what is a gate, and what is not.

use super::super::{Barrier, Gate, Opening, Outcome, PlannedInsert, SamenessFailure, Sides, same};
use super::{read, shown};

const TABLES: &str = "\
CREATE TABLE a (id BIGINT, k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka');
CREATE TABLE b (id BIGINT, k STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka');
CREATE TABLE l (k STRING, w INT, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector' = 'jdbc');
CREATE TABLE s (k STRING, n BIGINT, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector' = 'upsert-kafka');
";
const MIN: &str = "TIMESTAMP '0001-01-01 00:00:00.000'";
const END: &str = "TIMESTAMP '2026-01-01 00:00:00.000'";

fn range(time: &str, low: &str) -> String {
    format!("COALESCE({time}, {MIN}) >= {low} AND COALESCE({time}, {MIN}) < {END}")
}

/// The gates behind the tables, the second with a barrier.
fn source_gates() -> String {
    format!(
        "CREATE TEMPORARY VIEW a__source_gate AS SELECT id, k, v, ts FROM a WHERE {};\n\
         CREATE TEMPORARY VIEW b__source_gate AS SELECT id, k, v, ts FROM b \
         CROSS JOIN UNNEST(ARRAY[CAST(ts AS TIMESTAMP(3))]) AS __at (__t) WHERE {};\n",
        range("ts", MIN),
        range("__t", MIN)
    )
}

/// The gate before the sink of the jobs that close at their sources.
fn open(query: &str) -> String {
    format!(
        "SELECT k, COALESCE(CASE WHEN __gate_time >= {MIN} THEN n END, n) AS n FROM ({query}) AS q (k, n, __gate_time)"
    )
}

/// The gate before the sink of the job that closes there too.
fn closed(query: &str) -> String {
    format!(
        "SELECT k, n FROM ({query}) AS q (k, n, __gate_time) WHERE {}",
        range("__gate_time", END)
    )
}

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

fn pair(
    original: &str,
    views: &str,
    gate: &str,
    sides: Sides,
) -> Result<Gate, Box<SamenessFailure>> {
    let original = planned(&format!("{TABLES}INSERT INTO s {original};"));
    let rewritten = planned(&format!(
        "{TABLES}{views}CREATE TEMPORARY VIEW s__gate AS {gate};\nINSERT INTO s SELECT k, n FROM s__gate;"
    ));
    same(&original, &rewritten, sides).map_err(Box::new)
}

/// An original query, and the same over gated sources with its gate time threaded through.
const TRUE: &[(&str, &str)] = &[
    (
        "SELECT k, COUNT(*) FROM a GROUP BY k",
        "SELECT k, COUNT(*), MAX(ts) FROM a__source_gate AS a GROUP BY k",
    ),
    (
        "SELECT b.k, SUM(a.v) FROM a JOIN b ON a.id = b.id GROUP BY b.k",
        "SELECT b.k, SUM(a.v), MAX(GREATEST(a.ts, b.ts)) FROM a__source_gate AS a JOIN b__source_gate AS b ON a.id = b.id GROUP BY b.k",
    ),
    (
        "SELECT x.k, SUM(y.v) FROM a AS x JOIN a AS y ON x.id = y.v GROUP BY x.k",
        "SELECT x.k, SUM(y.v), MAX(GREATEST(x.ts, y.ts)) FROM a__source_gate AS x JOIN a__source_gate AS y ON x.id = y.v GROUP BY x.k",
    ),
    (
        "SELECT k, COUNT(*) FROM (SELECT k FROM a WHERE v > 1 UNION ALL SELECT k FROM b) GROUP BY k",
        "SELECT k, COUNT(*), MAX(g) FROM (SELECT k, ts AS g FROM a__source_gate AS a WHERE v > 1 UNION ALL SELECT k, ts FROM b__source_gate AS b) GROUP BY k",
    ),
    (
        "WITH c AS (SELECT k, v FROM b) SELECT k, COUNT(v) FROM c GROUP BY k",
        "WITH c AS (SELECT k, v, ts FROM b__source_gate AS b) SELECT k, COUNT(v), MAX(ts) FROM c GROUP BY k",
    ),
    (
        "SELECT k, id FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts DESC) AS rn FROM a) WHERE rn = 1",
        "SELECT k, id, ts FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts DESC) AS rn FROM a__source_gate AS a) WHERE rn = 1",
    ),
    (
        "SELECT a.k, COUNT(l.w) FROM a LEFT JOIN l FOR SYSTEM_TIME AS OF a.ts ON l.k = a.k GROUP BY a.k",
        "SELECT a.k, COUNT(l.w), MAX(a.ts) FROM a__source_gate AS a LEFT JOIN l FOR SYSTEM_TIME AS OF a.ts ON l.k = a.k GROUP BY a.k",
    ),
];

#[test]
fn both_sides_come_off() {
    let views = source_gates();
    for (original, query) in TRUE {
        let found = pair(original, &views, &open(query), Sides::Sources);
        let found = found.unwrap_or_else(|f| panic!("{original}\n{}", f.reason));
        assert_eq!(
            found.opening,
            Opening::Projection {
                hold: Some((1, MIN.to_owned()))
            }
        );
        assert_eq!(found.time.map(|t| (t.column, found.width)), Some((2, 3)));
        assert!(found.origins.iter().all(|(_, column)| column == "ts"));
        let found = pair(original, &views, &closed(query), Sides::Both);
        let found = found.unwrap_or_else(|f| panic!("{original}\n{}", f.reason));
        assert!(matches!(found.opening, Opening::Filter { .. }));
        let barrier = |table: &str| match table {
            "default_catalog.default_database.a" => Barrier::None,
            _ => Barrier::Cast("TIMESTAMP(3)".to_owned()),
        };
        for gate in &found.sources {
            assert_eq!(gate.barrier, barrier(&gate.table));
            let low = gate.test.range().map(|range| &*range.low);
            assert_eq!((&*gate.column, low), ("ts", Some(MIN)));
        }
    }
}

/// A query that is filtered and carries its gate time itself has no gate of its own to see.
#[test]
fn an_open_gate_over_a_carried_time() {
    let original = "SELECT k, id FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ts DESC) AS rn FROM a) WHERE rn = 1";
    let inside = original.replace("FROM a)", "FROM a__source_gate AS a)");
    let gate = format!("SELECT k, n FROM ({inside}) AS q (k, n)");
    let found = pair(original, &source_gates(), &gate, Sides::Sources).expect("the same");
    assert_eq!(found.opening, Opening::Projection { hold: None });
    assert_eq!((found.time, found.sources.len()), (None, 1));
}

#[test]
fn what_is_no_gate_of_a_source() {
    let wrong: &[(&str, &str)] = &[
        // Opens late, closes one too late, opens one too late, reads another column, says another NULL.
        (
            ">= TIMESTAMP '0001-01-01 00:00:00.000'",
            ">= TIMESTAMP '2025-01-01 00:00:00.000'",
        ),
        ("< TIMESTAMP '2026", "<= TIMESTAMP '2026"),
        (">= TIMESTAMP", "> TIMESTAMP"),
        (
            "COALESCE(ts, TIMESTAMP '0001-01-01 00:00:00.000') <",
            "COALESCE(ts, TIMESTAMP '2026-01-01 00:00:00.000') <",
        ),
        ("COALESCE(ts,", "COALESCE(CAST(k AS TIMESTAMP(3)),"),
        (" AND COALESCE", " OR COALESCE"),
        // Lets through less, other columns, or what is no column of the table.
        ("WHERE COALESCE", "WHERE v > 0 AND COALESCE"),
        (
            "SELECT id, k, v, ts FROM a",
            "SELECT v AS id, k, v, ts FROM a",
        ),
        (
            "SELECT id, k, v, ts FROM a",
            "SELECT DISTINCT id, k, v, ts FROM a",
        ),
        (
            "SELECT id, k, v, ts FROM a",
            "SELECT id, UPPER(k) AS k, v, ts FROM a",
        ),
        (
            "SELECT id, k, v, ts FROM b",
            "SELECT id, k, v, __t AS ts FROM b",
        ),
        ("ARRAY[CAST(ts AS TIMESTAMP(3))]", "ARRAY[ts, ts]"),
        (
            "ARRAY[CAST(ts AS TIMESTAMP(3))]",
            "ARRAY[CAST(k AS TIMESTAMP(3)) + INTERVAL '1' DAY]",
        ),
        (
            "CROSS JOIN UNNEST(ARRAY[CAST(ts AS TIMESTAMP(3))]) AS __at (__t)",
            "LEFT JOIN UNNEST(ARRAY[ts]) AS __at (__t) ON TRUE",
        ),
        ("FROM a WHERE", "FROM b WHERE"),
        // None at all.
        (
            " WHERE COALESCE(ts, TIMESTAMP '0001-01-01 00:00:00.000') >= TIMESTAMP '0001-01-01 00:00:00.000' AND COALESCE(ts, TIMESTAMP '0001-01-01 00:00:00.000') < TIMESTAMP '2026-01-01 00:00:00.000'",
            "",
        ),
    ];
    let original = "SELECT b.k, SUM(a.id) FROM a JOIN b ON a.id = b.id GROUP BY b.k";
    let query = "SELECT b.k, SUM(a.id), MAX(GREATEST(a.ts, b.ts)) FROM a__source_gate AS a JOIN b__source_gate AS b ON a.id = b.id GROUP BY b.k";
    let mut kept = Vec::new();
    for (from, to) in wrong {
        let views = source_gates().replace(from, to);
        assert_ne!(views, source_gates(), "{from}");
        for (gate, sides) in [(open(query), Sides::Sources), (closed(query), Sides::Both)] {
            if pair(original, &views, &gate, sides).is_ok() {
                kept.push(*to);
            }
        }
    }
    assert_eq!(kept, Vec::<&str>::new());
}

#[test]
fn every_read_goes_through_a_gate() {
    let views = source_gates();
    for (original, query) in TRUE {
        for (at, gate) in query.match_indices("__source_gate") {
            let past = format!("{}{}", &query[..at], &query[at + gate.len()..]);
            let failed = pair(original, &views, &open(&past), Sides::Sources);
            let reason = failed.expect_err(&past).reason;
            assert!(reason.contains("read past its gate"), "{past}\n{reason}");
            assert!(pair(original, &views, &closed(&past), Sides::Both).is_err());
        }
    }
}

#[test]
fn what_is_no_open_gate() {
    let (original, query) = TRUE[0];
    let right = open(query);
    let wrong: &[(&str, &str)] = &[
        // The held column is changed, swapped, or lost where the comparison fails.
        ("END, n) AS n", "END, n + 1) AS n"),
        ("THEN n END", "THEN n + 0 END"),
        ("THEN n END", "THEN CAST(k AS BIGINT) END"),
        ("THEN n END", "THEN n ELSE 0 END"),
        (
            "COALESCE(CASE WHEN __gate_time >= TIMESTAMP '0001-01-01 00:00:00.000' THEN n END, n)",
            "CASE WHEN __gate_time >= TIMESTAMP '0001-01-01 00:00:00.000' THEN n END",
        ),
        ("END, n)", "END, 0)"),
        ("__gate_time >=", "__gate_time >"),
        (
            "__gate_time >= TIMESTAMP '0001-01-01 00:00:00.000'",
            "__gate_time >= __gate_time",
        ),
        (
            "__gate_time >= TIMESTAMP '0001-01-01 00:00:00.000'",
            "CAST(k AS TIMESTAMP(3)) >= TIMESTAMP '0001-01-01 00:00:00.000'",
        ),
        ("SELECT k, COALESCE(", "SELECT UPPER(k) AS k, COALESCE("),
        ("SELECT k, COALESCE(", "SELECT DISTINCT k, COALESCE("),
        ("(k, n, __gate_time)", "(k, __gate_time, n)"),
        (
            "AS q (k,",
            "AS q0 (k, n, __gate_time) WHERE n > 1) AS q (k,",
        ),
        ("COUNT(*)", "COUNT(id)"),
        ("GROUP BY k", "GROUP BY k, v"),
        ("MAX(ts)", "MIN(ts)"),
        ("MAX(ts)", "MAX(v)"),
    ];
    let views = source_gates();
    let mut kept = Vec::new();
    for (from, to) in wrong {
        let mut gate = right.replace(from, to);
        assert_ne!(gate, right, "{from}");
        if to.contains("q0") {
            gate = gate.replace(
                "FROM (SELECT k, COUNT",
                "FROM (SELECT * FROM (SELECT k, COUNT",
            );
        }
        // What does not even plan is no gate either.
        let text = format!(
            "{TABLES}{views}CREATE TEMPORARY VIEW s__gate AS {gate};\nINSERT INTO s SELECT k, n FROM s__gate;"
        );
        let read = read(&text);
        let (at, insert) = read.inserts()[0];
        let Outcome::Planned(rewritten) = read.planner().with_any_rowtimes().insert(insert, at)
        else {
            continue;
        };
        let original = planned(&format!("{TABLES}INSERT INTO s {original};"));
        match same(&original, &rewritten, Sides::Sources) {
            Err(_) => {}
            // A column that is no time is told by its origin, which the proof compares with the rowtimes.
            Ok(gate) if gate.origins.iter().any(|(_, column)| column != "ts") => {}
            Ok(_) => kept.push(*to),
        }
    }
    assert_eq!(kept, Vec::<&str>::new());
    // An open gate does not do where a filter is due, and the other way round.
    assert!(pair(original, &views, &right, Sides::Both).is_err());
    assert!(pair(original, &views, &closed(query), Sides::Sources).is_err());
    assert!(pair(original, &views, &closed(query), Sides::Sink).is_err());
}
