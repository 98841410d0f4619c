//! ROW_NUMBER under a filter: deduplication and Top-N.

use super::Table;

pub(super) fn cases(t: &mut Table) {
    insta::assert_snapshot!(t.case("keep_first", "INSERT INTO snk SELECT u, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts) AS k FROM s) WHERE k = 1;"), @r#"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts) AS k FROM s) WHERE k = 1
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    -- Flink 1.20
    refused: keep-first, updating-into-append-sink
    upsert (u): u, v
    "#);
    insta::assert_snapshot!(t.case("keep_first_by_le", "INSERT INTO snk SELECT u, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts ASC) AS k FROM s) AS d WHERE d.k <= 1;"), @r#"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts ASC) AS k FROM s) AS d WHERE d.k <= 1
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    -- Flink 1.20
    refused: keep-first, updating-into-append-sink
    upsert (u): u, v
    "#);
    insta::assert_snapshot!(t.case("keep_first_filtered", "INSERT INTO snk SELECT u, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts) AS k FROM s) WHERE k = 1 AND v > 5;"), @r#"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts) AS k FROM s) WHERE k = 1 AND v > 5
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    -- Flink 1.20
    refused: filter-above-updates, keep-first, updating-into-append-sink
    upsert (u): u, v
    "#);
    insta::assert_snapshot!(t.case("keep_last", "INSERT INTO ups SELECT u, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts DESC) AS k FROM s) WHERE k = 1;"), @r"
    best-effort: retractions, two-writers
    upsert (u): u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `s__source_gate` AS
    SELECT `id`, `u`, `v`, `ts`
    FROM s
    WHERE COALESCE(`ts`, MIN) >= MIN
      AND COALESCE(`ts`, MIN) < T;
    CREATE TEMPORARY VIEW `ups__gate` AS
    SELECT `u`, COALESCE(CASE WHEN `__gate_time` >= MIN THEN `n` END, `n`) AS `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts DESC) AS k FROM `s__source_gate` AS s) WHERE k = 1
    ) AS `q` (`u`, `n`, `__gate_time`);
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate`;
    ");
    insta::assert_snapshot!(t.case("keep_last_renamed_key", "INSERT INTO ups SELECT x, v FROM (SELECT u AS x, v, ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts DESC) AS k FROM s) WHERE k = 1;"), @r"
    best-effort: retractions, two-writers
    upsert (x): x, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `s__source_gate` AS
    SELECT `id`, `u`, `v`, `ts`
    FROM s
    WHERE COALESCE(`ts`, MIN) >= MIN
      AND COALESCE(`ts`, MIN) < T;
    CREATE TEMPORARY VIEW `ups__gate` AS
    SELECT `u`, COALESCE(CASE WHEN `__gate_time` >= MIN THEN `n` END, `n`) AS `n`
    FROM (
    SELECT x, v, `__gate_time` FROM (SELECT u AS x, v, ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts DESC) AS k, `ts` AS `__gate_time` FROM `s__source_gate` AS s) WHERE k = 1
    ) AS `q` (`u`, `n`, `__gate_time`);
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate`;
    ");
    insta::assert_snapshot!(t.case("keep_last_two_keys", "INSERT INTO pairs SELECT u, v, id FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u, v ORDER BY ts DESC) AS k FROM s) WHERE k = 1;"), @r"
    best-effort: retractions, two-writers
    upsert (u, v): u, v, id
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `s__source_gate` AS
    SELECT `id`, `u`, `v`, `ts`
    FROM s
    WHERE COALESCE(`ts`, MIN) >= MIN
      AND COALESCE(`ts`, MIN) < T;
    CREATE TEMPORARY VIEW `pairs__gate` AS
    SELECT `u`, `v`, COALESCE(CASE WHEN `__gate_time` >= MIN THEN `n` END, `n`) AS `n`
    FROM (
    SELECT u, v, id, `ts` AS `__gate_time` FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u, v ORDER BY ts DESC) AS k FROM `s__source_gate` AS s) WHERE k = 1
    ) AS `q` (`u`, `v`, `n`, `__gate_time`);
    INSERT INTO pairs SELECT `u`, `v`, `n` FROM `pairs__gate`;
    ");
    insta::assert_snapshot!(t.case("keep_last_key_not_shown", "INSERT INTO ups SELECT 'x', v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts DESC) AS k FROM s) WHERE k = 1;"), @r"
    refused: upsert-key-mismatch
    retract: EXPR$0, v
    ");
    insta::assert_snapshot!(t.case("keep_last_other_key", "INSERT INTO ups SELECT u, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY id ORDER BY ts DESC) AS k FROM s) WHERE k = 1;"), @r"
    refused: upsert-key-mismatch
    retract: u, v
    ");
    insta::assert_snapshot!(t.case("keep_last_filtered", "INSERT INTO ups SELECT u, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts DESC) AS k FROM s) WHERE k = 1 AND v > 5;"), @r"
    refused: filter-above-updates
    upsert (u): u, v
    ");
    insta::assert_snapshot!(t.case("keep_last_with_rank", "INSERT INTO ups SELECT u, k FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts DESC) AS k FROM s) WHERE k = 1;"), @r"
    best-effort: retractions, two-writers
    upsert (u): u, k
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `s__source_gate` AS
    SELECT `id`, `u`, `v`, `ts`
    FROM s
    WHERE COALESCE(`ts`, MIN) >= MIN
      AND COALESCE(`ts`, MIN) < T;
    CREATE TEMPORARY VIEW `ups__gate` AS
    SELECT `u`, COALESCE(CASE WHEN `__gate_time` >= MIN THEN `n` END, `n`) AS `n`
    FROM (
    SELECT u, k, `ts` AS `__gate_time` FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts DESC) AS k FROM `s__source_gate` AS s) WHERE k = 1
    ) AS `q` (`u`, `n`, `__gate_time`);
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate`;
    ");
    insta::assert_snapshot!(t.case("keep_last_append_sink", "INSERT INTO snk SELECT u, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts DESC) AS k FROM s) WHERE k = 1;"), @r#"
    refused: updating-into-append-sink
    upsert (u): u, v
    "#);
    insta::assert_snapshot!(t.case("keep_last_of_union", "INSERT INTO ups SELECT u, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts DESC) AS k FROM (SELECT u, v, ts FROM s UNION ALL SELECT u, w, rts FROM r)) WHERE k = 1;"), @r"
    best-effort: retractions, two-writers
    upsert (u): u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `s__source_gate` AS
    SELECT `id`, `u`, `v`, `ts`
    FROM s
    WHERE COALESCE(`ts`, MIN) >= MIN
      AND COALESCE(`ts`, MIN) < T;
    CREATE TEMPORARY VIEW `r__source_gate` AS
    SELECT `id`, `u`, `w`, `rts`
    FROM r
    WHERE COALESCE(`rts`, MIN) >= MIN
      AND COALESCE(`rts`, MIN) < T;
    CREATE TEMPORARY VIEW `ups__gate` AS
    SELECT `u`, COALESCE(CASE WHEN `__gate_time` >= MIN THEN `n` END, `n`) AS `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts DESC) AS k FROM (SELECT u, v, ts FROM `s__source_gate` AS s UNION ALL SELECT u, w, rts FROM `r__source_gate` AS r)) WHERE k = 1
    ) AS `q` (`u`, `n`, `__gate_time`);
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate`;
    ");
    insta::assert_snapshot!(t.case("keep_last_of_view", "INSERT INTO ups SELECT u, v FROM (SELECT u, v, ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts DESC) AS k FROM vs) WHERE k = 1;"), @r"
    best-effort: retractions, two-writers
    upsert (u): u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `s__source_gate` AS
    SELECT `id`, `u`, `v`, `ts`
    FROM s
    WHERE COALESCE(`ts`, MIN) >= MIN
      AND COALESCE(`ts`, MIN) < T;
    CREATE TEMPORARY VIEW `vs__closing` AS
    SELECT id, u, v, ts FROM `s__source_gate` AS s WHERE v > 0;
    CREATE TEMPORARY VIEW `ups__gate` AS
    SELECT `u`, COALESCE(CASE WHEN `__gate_time` >= MIN THEN `n` END, `n`) AS `n`
    FROM (
    SELECT u, v, `__gate_time` FROM (SELECT u, v, ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts DESC) AS k, `ts` AS `__gate_time` FROM `vs__closing` AS vs) WHERE k = 1
    ) AS `q` (`u`, `n`, `__gate_time`);
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate`;
    ");
    insta::assert_snapshot!(t.case("keep_last_ltz", "INSERT INTO ups SELECT u, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY zts DESC) AS k FROM z) WHERE k = 1;"), @r"
    best-effort: retractions, two-writers
    upsert (u): u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `z__source_gate` AS
    SELECT `id`, `u`, `v`, `zts`
    FROM z
    WHERE COALESCE(`zts`, MIN_LTZ) >= MIN_LTZ
      AND COALESCE(`zts`, MIN_LTZ) < T_LTZ;
    CREATE TEMPORARY VIEW `ups__gate` AS
    SELECT `u`, COALESCE(CASE WHEN `__gate_time` >= MIN_LTZ THEN `n` END, `n`) AS `n`
    FROM (
    SELECT u, v, `zts` AS `__gate_time` FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY zts DESC) AS k FROM `z__source_gate` AS z) WHERE k = 1
    ) AS `q` (`u`, `n`, `__gate_time`);
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate`;
    ");
    insta::assert_snapshot!(t.case("keep_first_by_arrival", "INSERT INTO snk SELECT u, id FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY pt) AS k FROM p) WHERE k = 1;"), @r"
    refused: kept-by-arrival
    append: u, id
    ");
    insta::assert_snapshot!(t.case("keep_last_by_arrival", "INSERT INTO ups SELECT u, id FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY pt DESC) AS k FROM p) WHERE k = 1;"), @r"
    refused: kept-by-arrival
    upsert (u): u, id
    ");
    insta::assert_snapshot!(t.case("top_n", "INSERT INTO ups SELECT u, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY v DESC) AS k FROM s) WHERE k <= 3;"), @r"
    refused: top-n
    retract: u, v
    ");
    insta::assert_snapshot!(t.case("top_1", "INSERT INTO ups SELECT u, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY v DESC) AS k FROM s) WHERE k = 1;"), @r"
    refused: top-n
    upsert (u): u, v
    ");
    insta::assert_snapshot!(t.case("top_n_with_rank", "\
CREATE TABLE ranked (u STRING, k BIGINT, v INT, PRIMARY KEY (u, k) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'k', 'key.format' = 'json', 'value.format' = 'json');
INSERT INTO ranked SELECT u, k, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY v DESC) AS k FROM s) WHERE k <= 3;"), @r"
    refused: top-n
    upsert (u, k): u, k, v
    ");
    insta::assert_snapshot!(t.case("top_n_by_time", "\
CREATE TABLE ranked (u STRING, k BIGINT, v INT, PRIMARY KEY (u, k) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'k', 'key.format' = 'json', 'value.format' = 'json');
INSERT INTO ranked SELECT u, k, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts) AS k FROM s) WHERE k <= 3;"), @r"
    refused: top-n
    upsert (u, k): u, k, v
    ");
    insta::assert_snapshot!(t.case("rank_function", "INSERT INTO ups SELECT u, v FROM (SELECT *, RANK() OVER (PARTITION BY u ORDER BY v DESC) AS k FROM s) WHERE k <= 3;"), @r"
    refused: filter-above-updates, over-window
    retract: u, v
    ");
    insta::assert_snapshot!(t.case("qualify", "INSERT INTO snk SELECT u, v FROM s QUALIFY ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts) = 1;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM s QUALIFY ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts) = 1
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    -- Flink 1.20
    refused: reserved-identifier
    ");
    insta::assert_snapshot!(t.case("group_above_keep_first", "INSERT INTO ups SELECT u, SUM(v) FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u, id ORDER BY ts) AS k FROM s) WHERE k = 1 GROUP BY u;"), @r"
    best-effort: retractions, two-writers
    upsert (u): u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `s__source_gate` AS
    SELECT `id`, `u`, `v`, `ts`
    FROM s
    WHERE COALESCE(`ts`, MIN) >= MIN
      AND COALESCE(`ts`, MIN) < T;
    CREATE TEMPORARY VIEW `ups__gate` AS
    SELECT `u`, COALESCE(CASE WHEN `__gate_time` >= MIN THEN `n` END, `n`) AS `n`
    FROM (
    SELECT u, SUM(v), MAX(`ts`) AS `__gate_time` FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY u, id ORDER BY ts) AS k FROM `s__source_gate` AS s) WHERE k = 1 GROUP BY u
    ) AS `q` (`u`, `n`, `__gate_time`);
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate`;
    -- Flink 1.20
    refused: keep-first, retracting-input
    upsert (u): u, EXPR$1
    ");
    insta::assert_snapshot!(t.case("group_above_keep_last", "INSERT INTO ups SELECT u, SUM(v) FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY id ORDER BY ts DESC) AS k FROM s) WHERE k = 1 GROUP BY u;"), @r"
    refused: retracting-input
    upsert (u): u, EXPR$1
    ");
}
