//! Gates that call a function or hand late rows over: what is one, and what is not.

use super::super::{Barrier, Gate, Opening, Outcome, Sides, Test, Told, same};
use super::read;

const TABLES: &str = "\
CREATE TABLE a (id BIGINT, k STRING, ts TIMESTAMP(3), t2 TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka');
CREATE TABLE s (x BIGINT, y STRING) WITH ('connector' = 'print');
CREATE TABLE u (y STRING, n BIGINT, PRIMARY KEY (y) NOT ENFORCED) WITH ('connector' = 'upsert-kafka');
CREATE FUNCTION tide_gate AS 'org.example.TideGate';
CREATE FUNCTION other AS 'org.example.Other';
";

/// What a gate turns out to be; `None` if it is none, or does not even plan.
fn gate(original: &str, views: &str, insert: &str, sides: Sides) -> Option<Gate> {
    let plan = |script: &str| {
        let read = read(script);
        let (at, insert) = read.inserts()[0];
        match read.planner().insert(insert, at) {
            Outcome::Planned(planned) => Some(planned),
            _ => None,
        }
    };
    let original = plan(&format!("{TABLES}{original}"))?;
    let rewritten = plan(&format!("{TABLES}{views}{insert}"))?;
    same(&original, &rewritten, sides).ok()
}

/// Gates that one change makes into another gate, which the proof tells by what it says, or into none.
fn no_change_is_overlooked(
    original: &str,
    view: &str,
    insert: &str,
    sides: Sides,
    wrong: &[(&str, &str)],
) -> Gate {
    let right = gate(original, view, insert, sides).unwrap_or_else(|| panic!("no gate:\n{view}"));
    for (from, to) in wrong {
        let changed = view.replacen(from, to, 1);
        assert_ne!(changed, view, "{from}");
        let found = gate(original, &changed, insert, sides);
        assert_ne!(found.as_ref(), Some(&right), "{changed}");
    }
    right
}

const ORIGINAL: &str = "INSERT INTO s SELECT id, k FROM a;";
const INSERT: &str = "INSERT INTO s SELECT x, y FROM s__gate;";

#[test]
fn a_call_behind_a_barrier() {
    let view = "CREATE TEMPORARY VIEW s__gate AS SELECT x, y FROM (SELECT id, k, ts FROM a) AS q (x, y, g) \
                CROSS JOIN UNNEST(ARRAY[CAST(g AS TIMESTAMP(3))]) AS __at (__t) \
                WHERE tide_gate('s', __t, CURRENT_WATERMARK(g));\n";
    let wrong = [
        ("WHERE tide_gate", "WHERE other"),
        ("WHERE tide_gate", "WHERE NOT tide_gate"),
        ("WHERE tide_gate", "WHERE x > 1 AND tide_gate"),
        ("WHERE tide_gate", "WHERE x > 1 OR tide_gate"),
        ("(g));", "(g)) IS NOT NULL;"),
        ("'s'", "'s:opens'"),
        ("'s', __t", "__t, 's'"),
        ("'s', __t, ", "'s', __t, 'more', "),
        ("__t, CURRENT_WATERMARK(g)", "CURRENT_WATERMARK(g), __t"),
        ("CURRENT_WATERMARK(g)", "CAST(NULL AS TIMESTAMP(3))"),
        ("CURRENT_WATERMARK(g)", "__t"),
        ("CURRENT_WATERMARK(g)", "g"),
        ("('s', __t,", "('s', g,"),
        ("('s', __t,", "('s', CAST(__t AS TIMESTAMP(3)),"),
        ("('s', __t,", "('s', CAST(g AS TIMESTAMP(3)),"),
        ("('s', __t,", "('s', __t + INTERVAL '1' HOUR,"),
        ("ARRAY[CAST(g AS TIMESTAMP(3))]", "ARRAY[g]"),
        (
            "ARRAY[CAST(g AS TIMESTAMP(3))]",
            "ARRAY[CAST(g AS TIMESTAMP_LTZ(3))]",
        ),
        (
            "ARRAY[CAST(g AS TIMESTAMP(3))]",
            "ARRAY[CAST(g AS TIMESTAMP(3)), CAST(g AS TIMESTAMP(3))]",
        ),
        (
            "CROSS JOIN UNNEST(ARRAY[CAST(g AS TIMESTAMP(3))]) AS __at (__t)",
            "",
        ),
        ("CROSS JOIN", "LEFT JOIN"),
        ("SELECT id, k, ts", "SELECT id, k, t2"),
        ("FROM a)", "FROM a WHERE id > 1)"),
        ("SELECT x, y", "SELECT DISTINCT x, y"),
        ("SELECT x, y", "SELECT x, UPPER(y) AS y"),
    ];
    let right = no_change_is_overlooked(ORIGINAL, view, INSERT, Sides::Sink, &wrong);
    let Opening::Filter {
        test: Test::Call(call),
        ..
    } = right.opening
    else {
        panic!("{right:?}");
    };
    assert_eq!(call.function, "tide_gate");
    let told = [
        Told::Text("s".to_owned()),
        Told::Time(None),
        Told::Watermark,
    ];
    assert_eq!(call.told, told);
}

#[test]
fn a_predicate_in_an_array() {
    let view = "CREATE TEMPORARY VIEW s__gate AS SELECT x, y FROM (SELECT id, k, ts FROM a) AS q (x, y, g) \
                WHERE ARRAY[COALESCE(g, TIMESTAMP '0001-01-01 00:00:00.000') >= TIMESTAMP '2026-01-01 00:00:00.000' \
                AND COALESCE(g, TIMESTAMP '0001-01-01 00:00:00.000') < TIMESTAMP '9999-12-31 23:59:59.999'][1];\n";
    let wrong = [
        ("[1];", "[2];"),
        ("[1];", "[x];"),
        ("[1];", "[1] AND x > 1;"),
        ("[1];", "[1] OR x > 1;"),
        ("[1];", "[1] IS NOT TRUE;"),
        ("][1];", ", TRUE][1];"),
        ("ARRAY[", "ARRAY[FALSE, "),
        ("ARRAY[", "NOT ARRAY["),
        ("ARRAY[COALESCE(g", "ARRAY[COALESCE(CAST(g AS TIMESTAMP(0))"),
        ("AND COALESCE", "OR COALESCE"),
        (">=", ">"),
        ("WHERE", "CROSS JOIN UNNEST(ARRAY[g]) AS __at (__t) WHERE"),
    ];
    let right = no_change_is_overlooked(ORIGINAL, view, INSERT, Sides::Sink, &wrong);
    let element = matches!(
        right.opening,
        Opening::Filter {
            test: Test::Range(_),
            barrier: Barrier::Element
        }
    );
    assert!(element, "{right:?}");
    let twice = view
        .replace("ARRAY[", "ARRAY[ARRAY[")
        .replace("[1]", "[1]][1]");
    assert_eq!(gate(ORIGINAL, &twice, INSERT, Sides::Sink), None);
    let unnested = view
        .replace("WHERE", "CROSS JOIN UNNEST(ARRAY[g]) AS __at (__t) WHERE")
        .replace("COALESCE(g", "COALESCE(__t");
    assert_eq!(gate(ORIGINAL, &unnested, INSERT, Sides::Sink), None);

    let call = "CREATE TEMPORARY VIEW s__gate AS SELECT x, y FROM (SELECT id, k, ts FROM a) AS q (x, y, g) \
                WHERE ARRAY[tide_gate('s', CAST(g AS TIMESTAMP(3)), CURRENT_WATERMARK(g))][1];\n";
    let wrong = [
        ("[1];", "[2];"),
        ("ARRAY[", "ARRAY[NOT "),
        ("TIMESTAMP(3)", "TIMESTAMP_LTZ(3)"),
        ("CAST(g AS TIMESTAMP(3))", "g"),
        ("CURRENT_WATERMARK(g)", "CAST(NULL AS TIMESTAMP(3))"),
    ];
    no_change_is_overlooked(ORIGINAL, call, INSERT, Sides::Sink, &wrong);
}

#[test]
fn a_call_that_hands_over_by_literals() {
    let view = "CREATE TEMPORARY VIEW s__gate AS SELECT x, y FROM (SELECT id, k, ts FROM a) AS q (x, y, g) \
                CROSS JOIN UNNEST(ARRAY[ROW(CAST(g AS TIMESTAMP(3)), CURRENT_WATERMARK(g))]) AS __at (__t, __w) \
                WHERE (COALESCE(__t, MIN) >= LOW OR COALESCE(__w, MIN) > LOW) AND COALESCE(__t, MIN) < HIGH AND COALESCE(__w, MIN) <= HIGH;\n";
    let with = |text: &str| {
        text.replace("MIN", "TIMESTAMP '0001-01-01 00:00:00.000'")
            .replace("LOW", "TIMESTAMP '2026-01-01 00:00:00.000'")
            .replace("HIGH", "TIMESTAMP '9999-12-31 23:59:59.999'")
    };
    let wrong = [
        ("OR COALESCE(__w", "AND COALESCE(__w"),
        (
            "OR COALESCE(__w, MIN) > LOW",
            "OR COALESCE(__w, MIN) >= LOW",
        ),
        ("OR COALESCE(__w, MIN) > LOW", "OR COALESCE(__t, MIN) > LOW"),
        (
            "OR COALESCE(__w, MIN) > LOW",
            "OR COALESCE(__w, MIN) > HIGH",
        ),
        ("OR COALESCE(__w, MIN) > LOW", "OR COALESCE(__w, LOW) > LOW"),
        ("OR COALESCE(__w, MIN) > LOW", "OR TRUE"),
        ("AND COALESCE(__w, MIN) <= HIGH", ""),
        (
            "AND COALESCE(__w, MIN) <= HIGH",
            "AND COALESCE(__w, MIN) < HIGH",
        ),
        (
            "AND COALESCE(__w, MIN) <= HIGH",
            "AND COALESCE(__w, MIN) <= LOW",
        ),
        (
            "AND COALESCE(__t, MIN) < HIGH",
            "AND COALESCE(__t, MIN) <= HIGH",
        ),
        (
            "AND COALESCE(__t, MIN) < HIGH",
            "AND COALESCE(__w, MIN) < HIGH",
        ),
        (
            "AND COALESCE(__t, MIN) < HIGH",
            "AND COALESCE(__t, MIN) < HIGH AND x > 1",
        ),
        (
            "COALESCE(__w, MIN) > LOW",
            "COALESCE(CURRENT_WATERMARK(g), MIN) > LOW",
        ),
        ("CURRENT_WATERMARK(g))]", "CURRENT_WATERMARK(q.x))]"),
        ("CURRENT_WATERMARK(g))]", "g)]"),
        (
            "ROW(CAST(g AS TIMESTAMP(3)), CURRENT_WATERMARK(g))",
            "ROW(CURRENT_WATERMARK(g), CAST(g AS TIMESTAMP(3)))",
        ),
        (
            "ROW(CAST(g AS TIMESTAMP(3)), ",
            "ROW(CAST(g AS TIMESTAMP(3)), g, ",
        ),
        ("(__t, __w) ", "(__w, __t) "),
        ("SELECT id, k, ts", "SELECT id, k, t2"),
        ("FROM a)", "FROM a WHERE id > 1)"),
    ];
    let wrong: Vec<(String, String)> = wrong.iter().map(|(a, b)| (with(a), with(b))).collect();
    let wrong: Vec<(&str, &str)> = wrong.iter().map(|(a, b)| (&**a, &**b)).collect();
    let right = no_change_is_overlooked(ORIGINAL, &with(view), INSERT, Sides::Sink, &wrong);
    assert!(matches!(
        right.opening,
        Opening::Filter {
            test: Test::Handover(_),
            ..
        }
    ));
}

#[test]
fn a_query_that_is_an_argument() {
    let view = "CREATE TEMPORARY VIEW s__gate AS SELECT x, y FROM tide_gate(\
                input => (SELECT x, y, g FROM (SELECT id, k, ts FROM a) AS q (x, y, g)), \
                sink => 's', gate_time => DESCRIPTOR(g), on_time => DESCRIPTOR(g));\n";
    let wrong = [
        ("FROM tide_gate(", "FROM other("),
        ("'s'", "'t'"),
        ("sink => 's', ", ""),
        ("sink => 's', ", "sink => 's', more => 's', "),
        (", on_time => DESCRIPTOR(g)", ""),
        ("on_time => DESCRIPTOR(g)", "on_time => DESCRIPTOR(x)"),
        ("gate_time => DESCRIPTOR(g)", "gate_time => DESCRIPTOR(x)"),
        ("gate_time => DESCRIPTOR(g)", "gate_time => g"),
        (
            "SELECT x, y, g FROM (",
            "SELECT x, y, g FROM (SELECT x, y, g FROM a WHERE id > 1) AS z, (",
        ),
        ("SELECT x, y, g", "SELECT x, UPPER(y) AS y, g"),
        ("SELECT x, y, g", "SELECT DISTINCT x, y, g"),
        ("AS q (x, y, g))", "AS q (x, y, g) WHERE x > 1)"),
        ("SELECT id, k, ts", "SELECT id, k, t2"),
        ("DESCRIPTOR(g));", "DESCRIPTOR(g)) WHERE x > 1;"),
    ];
    let right = no_change_is_overlooked(ORIGINAL, view, INSERT, Sides::Sink, &wrong);
    let Opening::Filter {
        test: Test::Call(call),
        ..
    } = right.opening
    else {
        panic!("{right:?}");
    };
    assert!(call.table);
}

#[test]
fn calls_on_two_sides() {
    let view = "CREATE TEMPORARY VIEW a__source_gate AS SELECT id, k, ts, t2 FROM a WHERE tide_gate('a:closes', CAST(ts AS TIMESTAMP(3)), CURRENT_WATERMARK(ts));\n\
                CREATE TEMPORARY VIEW s__gate AS SELECT y, n FROM (SELECT k, COUNT(*), MAX(ts) FROM a__source_gate AS a GROUP BY k) AS q (y, n, g) \
                WHERE tide_gate('u:opens', CAST(g AS TIMESTAMP(3)), CAST(NULL AS TIMESTAMP(3)));\n";
    let wrong = [
        ("'a:closes'", "'a:opens'"),
        ("'u:opens'", "'u'"),
        ("WHERE tide_gate('a", "WHERE other('a"),
        ("WHERE tide_gate('a", "WHERE id > 1 AND tide_gate('a"),
        ("CAST(ts AS TIMESTAMP(3))", "ts"),
        ("CAST(ts AS TIMESTAMP(3))", "CAST(t2 AS TIMESTAMP(3))"),
        ("CURRENT_WATERMARK(ts)", "CURRENT_WATERMARK(t2)"),
        ("CURRENT_WATERMARK(ts)", "CAST(NULL AS TIMESTAMP(3))"),
        ("CAST(g AS TIMESTAMP(3))", "g"),
        ("MAX(ts)", "MIN(ts)"),
        ("FROM a__source_gate AS a", "FROM a"),
        (
            "SELECT id, k, ts, t2 FROM a",
            "SELECT id, UPPER(k) AS k, ts, t2 FROM a",
        ),
    ];
    let original = "INSERT INTO u SELECT k, COUNT(*) FROM a GROUP BY k;";
    let insert = "INSERT INTO u SELECT y, n FROM s__gate;";
    let right = no_change_is_overlooked(original, view, insert, Sides::Both, &wrong);
    assert_eq!(right.sources.len(), 1);
}
