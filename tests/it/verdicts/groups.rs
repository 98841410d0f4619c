//! GROUP BY without a window, grouping sets, DISTINCT, HAVING.

use super::Table;

pub(super) fn cases(t: &mut Table) {
    insta::assert_snapshot!(t.case("count", "INSERT INTO ups SELECT u, COUNT(*) FROM s GROUP BY u;"), @r"
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
    SELECT u, COUNT(*), MAX(`ts`) AS `__gate_time` FROM `s__source_gate` AS s GROUP BY u
    ) AS `q` (`u`, `n`, `__gate_time`);
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate`;
    ");
    insta::assert_snapshot!(t.case("filtered", "INSERT INTO ups SELECT u, SUM(v) FROM s WHERE v > 0 GROUP BY u;"), @r"
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
    SELECT u, SUM(v), MAX(`ts`) AS `__gate_time` FROM `s__source_gate` AS s WHERE v > 0 GROUP BY u
    ) AS `q` (`u`, `n`, `__gate_time`);
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate`;
    ");
    insta::assert_snapshot!(t.case("columns_turned", "INSERT INTO ups (n, u) SELECT COUNT(*), u FROM s GROUP BY u;"), @r"
    best-effort: retractions, two-writers
    upsert (u): EXPR$0, u
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `s__source_gate` AS
    SELECT `id`, `u`, `v`, `ts`
    FROM s
    WHERE COALESCE(`ts`, MIN) >= MIN
      AND COALESCE(`ts`, MIN) < T;
    CREATE TEMPORARY VIEW `ups__gate` AS
    SELECT COALESCE(CASE WHEN `__gate_time` >= MIN THEN `n` END, `n`) AS `n`, `u`
    FROM (
    SELECT COUNT(*), u, MAX(`ts`) AS `__gate_time` FROM `s__source_gate` AS s GROUP BY u
    ) AS `q` (`n`, `u`, `__gate_time`);
    INSERT INTO ups (n, u) SELECT `n`, `u` FROM `ups__gate`;
    ");
    insta::assert_snapshot!(t.case("key_renamed", "INSERT INTO ups SELECT u AS k, COUNT(DISTINCT v) AS c FROM s GROUP BY u;"), @r"
    best-effort: retractions, two-writers
    upsert (k): k, c
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `s__source_gate` AS
    SELECT `id`, `u`, `v`, `ts`
    FROM s
    WHERE COALESCE(`ts`, MIN) >= MIN
      AND COALESCE(`ts`, MIN) < T;
    CREATE TEMPORARY VIEW `ups__gate` AS
    SELECT `u`, COALESCE(CASE WHEN `__gate_time` >= MIN THEN `n` END, `n`) AS `n`
    FROM (
    SELECT u AS k, COUNT(DISTINCT v) AS c, MAX(`ts`) AS `__gate_time` FROM `s__source_gate` AS s GROUP BY u
    ) AS `q` (`u`, `n`, `__gate_time`);
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate`;
    ");
    insta::assert_snapshot!(t.case("key_expression", "INSERT INTO ups SELECT UPPER(u), COUNT(*) FROM s GROUP BY UPPER(u);"), @r"
    best-effort: retractions, two-writers
    upsert (EXPR$0): EXPR$0, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `s__source_gate` AS
    SELECT `id`, `u`, `v`, `ts`
    FROM s
    WHERE COALESCE(`ts`, MIN) >= MIN
      AND COALESCE(`ts`, MIN) < T;
    CREATE TEMPORARY VIEW `ups__gate` AS
    SELECT `u`, COALESCE(CASE WHEN `__gate_time` >= MIN THEN `n` END, `n`) AS `n`
    FROM (
    SELECT UPPER(u), COUNT(*), MAX(`ts`) AS `__gate_time` FROM `s__source_gate` AS s GROUP BY UPPER(u)
    ) AS `q` (`u`, `n`, `__gate_time`);
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate`;
    ");
    insta::assert_snapshot!(t.case("key_of_key", "INSERT INTO ups SELECT UPPER(u), COUNT(*) FROM s GROUP BY u;"), @r"
    refused: upsert-key-mismatch
    retract: EXPR$0, EXPR$1
    ");
    insta::assert_snapshot!(t.case("key_not_shown", "INSERT INTO ups SELECT 'x', COUNT(*) FROM s GROUP BY u;"), @r"
    refused: upsert-key-mismatch
    retract: EXPR$0, EXPR$1
    ");
    insta::assert_snapshot!(t.case("key_twice", "\
CREATE TABLE doubled (u STRING, x STRING, n BIGINT, PRIMARY KEY (u) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'd', 'key.format' = 'json', 'value.format' = 'json');
INSERT INTO doubled SELECT u, u, COUNT(*) FROM s GROUP BY u;"), @r"
    best-effort: retractions, two-writers
    upsert (u): u, u, EXPR$2
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `s__source_gate` AS
    SELECT `id`, `u`, `v`, `ts`
    FROM s
    WHERE COALESCE(`ts`, MIN) >= MIN
      AND COALESCE(`ts`, MIN) < T;
    CREATE TEMPORARY VIEW `doubled__gate` AS
    SELECT `u`, COALESCE(CASE WHEN `__gate_time` >= MIN THEN `x` END, `x`) AS `x`, `n`
    FROM (
    SELECT u, u, COUNT(*), MAX(`ts`) AS `__gate_time` FROM `s__source_gate` AS s GROUP BY u
    ) AS `q` (`u`, `x`, `n`, `__gate_time`);
    INSERT INTO doubled SELECT `u`, `x`, `n` FROM `doubled__gate`;
    ");
    insta::assert_snapshot!(t.case("two_keys", "INSERT INTO pairs SELECT u, v, COUNT(*) FROM s GROUP BY u, v;"), @r"
    best-effort: retractions, two-writers
    upsert (u, v): u, v, EXPR$2
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `s__source_gate` AS
    SELECT `id`, `u`, `v`, `ts`
    FROM s
    WHERE COALESCE(`ts`, MIN) >= MIN
      AND COALESCE(`ts`, MIN) < T;
    CREATE TEMPORARY VIEW `pairs__gate` AS
    SELECT `u`, `v`, COALESCE(CASE WHEN `__gate_time` >= MIN THEN `n` END, `n`) AS `n`
    FROM (
    SELECT u, v, COUNT(*), MAX(`ts`) AS `__gate_time` FROM `s__source_gate` AS s GROUP BY u, v
    ) AS `q` (`u`, `v`, `n`, `__gate_time`);
    INSERT INTO pairs SELECT `u`, `v`, `n` FROM `pairs__gate`;
    ");
    insta::assert_snapshot!(t.case("part_of_the_key", "INSERT INTO ups SELECT u, COUNT(*) FROM s GROUP BY u, v;"), @r"
    refused: upsert-key-mismatch
    retract: u, EXPR$1
    ");
    insta::assert_snapshot!(t.case("constant_key", "INSERT INTO ups SELECT 'all', COUNT(*) FROM s;"), @r"
    refused: upsert-key-mismatch
    upsert (): EXPR$0, EXPR$1
    ");
    insta::assert_snapshot!(t.case("ordinal", "INSERT INTO ups SELECT u, COUNT(*) FROM s GROUP BY 1;"), @r"
    refused: missing-group-by, upsert-key-mismatch
    retract: u, EXPR$1
    ");
    insta::assert_snapshot!(t.case("alias", "INSERT INTO ups SELECT u AS k, COUNT(*) FROM s GROUP BY k;"), @r"
    refused: unknown-column, upsert-key-mismatch
    retract: k, EXPR$1
    ");
    insta::assert_snapshot!(t.case("having", "INSERT INTO ups SELECT u, COUNT(*) FROM s GROUP BY u HAVING COUNT(*) > 1;"), @r"
    refused: filter-above-updates
    upsert (u): u, EXPR$1
    ");
    insta::assert_snapshot!(t.case("filter_clause", "INSERT INTO ups SELECT u, COUNT(*) FILTER (WHERE v > 1) FROM s GROUP BY u;"), @r"
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
    SELECT u, COUNT(*) FILTER (WHERE v > 1), MAX(`ts`) AS `__gate_time` FROM `s__source_gate` AS s GROUP BY u
    ) AS `q` (`u`, `n`, `__gate_time`);
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate`;
    ");
    insta::assert_snapshot!(t.case("append_sink", "INSERT INTO snk SELECT u, COUNT(*) FROM s GROUP BY u;"), @r#"
    refused: updating-into-append-sink
    upsert (u): u, EXPR$1
    "#);
    insta::assert_snapshot!(t.case("retract_sink", "\
CREATE TABLE changes (u STRING, n BIGINT) WITH ('connector' = 'kafka', 'topic' = 'c', 'format' = 'debezium-json');
INSERT INTO changes SELECT u, COUNT(*) FROM s GROUP BY u;"), @r"
    refused: retract-sink
    upsert (u): u, EXPR$1
    ");
    insta::assert_snapshot!(t.case("time_in_the_result", "\
CREATE TABLE latest (u STRING, t TIMESTAMP(3), PRIMARY KEY (u) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'l', 'key.format' = 'json', 'value.format' = 'json');
INSERT INTO latest SELECT u, MAX(ts) FROM s GROUP BY u;"), @r"
    best-effort: retractions, two-writers
    upsert (u): u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `s__source_gate` AS
    SELECT `id`, `u`, `v`, `ts`
    FROM s
    WHERE COALESCE(`ts`, MIN) >= MIN
      AND COALESCE(`ts`, MIN) < T;
    CREATE TEMPORARY VIEW `latest__gate` AS
    SELECT `u`, COALESCE(CASE WHEN `__gate_time` >= MIN THEN `t` END, `t`) AS `t`
    FROM (
    SELECT u, MAX(ts), MAX(`ts`) AS `__gate_time` FROM `s__source_gate` AS s GROUP BY u
    ) AS `q` (`u`, `t`, `__gate_time`);
    INSERT INTO latest SELECT `u`, `t` FROM `latest__gate`;
    ");
    insta::assert_snapshot!(t.case("earliest_in_the_result", "\
CREATE TABLE latest (u STRING, t TIMESTAMP(3), PRIMARY KEY (u) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'l', 'key.format' = 'json', 'value.format' = 'json');
INSERT INTO latest SELECT u, MIN(ts) FROM s GROUP BY u;"), @r"
    best-effort: retractions, two-writers
    upsert (u): u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `s__source_gate` AS
    SELECT `id`, `u`, `v`, `ts`
    FROM s
    WHERE COALESCE(`ts`, MIN) >= MIN
      AND COALESCE(`ts`, MIN) < T;
    CREATE TEMPORARY VIEW `latest__gate` AS
    SELECT `u`, COALESCE(CASE WHEN `__gate_time` >= MIN THEN `t` END, `t`) AS `t`
    FROM (
    SELECT u, MIN(ts), MAX(`ts`) AS `__gate_time` FROM `s__source_gate` AS s GROUP BY u
    ) AS `q` (`u`, `t`, `__gate_time`);
    INSERT INTO latest SELECT `u`, `t` FROM `latest__gate`;
    ");
    insta::assert_snapshot!(t.case("by_time", "\
CREATE TABLE moments (t TIMESTAMP(3), n BIGINT, PRIMARY KEY (t) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'l', 'key.format' = 'json', 'value.format' = 'json');
INSERT INTO moments SELECT ts, COUNT(*) FROM s GROUP BY ts;"), @r"
    best-effort: retractions, two-writers
    upsert (ts): ts, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `s__source_gate` AS
    SELECT `id`, `u`, `v`, `ts`
    FROM s
    WHERE COALESCE(`ts`, MIN) >= MIN
      AND COALESCE(`ts`, MIN) < T;
    CREATE TEMPORARY VIEW `moments__gate` AS
    SELECT `t`, COALESCE(CASE WHEN `__gate_time` >= MIN THEN `n` END, `n`) AS `n`
    FROM (
    SELECT ts, COUNT(*), MAX(`ts`) AS `__gate_time` FROM `s__source_gate` AS s GROUP BY ts
    ) AS `q` (`t`, `n`, `__gate_time`);
    INSERT INTO moments SELECT `t`, `n` FROM `moments__gate`;
    ");
    insta::assert_snapshot!(t.case("ltz", "INSERT INTO ups SELECT u, COUNT(*) FROM z GROUP BY u;"), @r"
    best-effort: retractions, two-writers
    upsert (u): u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `z__source_gate` AS
    SELECT `id`, `u`, `v`, `zts`
    FROM z
    WHERE COALESCE(`zts`, MIN_LTZ) >= MIN_LTZ
      AND COALESCE(`zts`, MIN_LTZ) < T_LTZ;
    CREATE TEMPORARY VIEW `ups__gate` AS
    SELECT `u`, COALESCE(CASE WHEN `__gate_time` >= MIN_LTZ THEN `n` END, `n`) AS `n`
    FROM (
    SELECT u, COUNT(*), MAX(`zts`) AS `__gate_time` FROM `z__source_gate` AS z GROUP BY u
    ) AS `q` (`u`, `n`, `__gate_time`);
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate`;
    ");
    insta::assert_snapshot!(t.case("no_watermark", "INSERT INTO ups SELECT u, COUNT(*) FROM n GROUP BY u;"), @r"
    best-effort: null-event-time, retractions, two-writers
    upsert (u): u, EXPR$1
    gate time `__gate_time`
    CREATE TABLE n (id BIGINT, u STRING, v INT, seen TIMESTAMP(3), `__rowtime` AS COALESCE(`seen`, TIMESTAMP '1970-01-01 00:00:00.000'), WATERMARK FOR `__rowtime` AS `__rowtime` - INTERVAL '5' SECOND) WITH ('connector' = 'kafka', 'topic' = 'n', 'format' = 'json');
    CREATE TEMPORARY VIEW `n__source_gate` AS
    SELECT `id`, `u`, `v`, `seen`, `__rowtime`
    FROM n
    WHERE COALESCE(`__rowtime`, MIN) >= MIN
      AND COALESCE(`__rowtime`, MIN) < T;
    CREATE TEMPORARY VIEW `ups__gate` AS
    SELECT `u`, COALESCE(CASE WHEN `__gate_time` >= MIN THEN `n` END, `n`) AS `n`
    FROM (
    SELECT u, COUNT(*), MAX(`__rowtime`) AS `__gate_time` FROM `n__source_gate` AS n GROUP BY u
    ) AS `q` (`u`, `n`, `__gate_time`);
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate`;
    ");
    insta::assert_snapshot!(t.case("join_below", "INSERT INTO ups SELECT a.u, SUM(b.w) FROM s AS a JOIN r AS b ON a.id = b.id GROUP BY a.u;"), @r"
    best-effort: retractions, two-writers
    upsert (u): u, EXPR$1
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
    SELECT a.u, SUM(b.w), MAX(CAST(GREATEST(`a`.`ts`, `b`.`rts`) AS TIMESTAMP(3))) AS `__gate_time` FROM `s__source_gate` AS a JOIN `r__source_gate` AS b ON a.id = b.id GROUP BY a.u
    ) AS `q` (`u`, `n`, `__gate_time`);
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate`;
    ");
    insta::assert_snapshot!(t.case("interval_join_below", "INSERT INTO ups SELECT a.u, SUM(b.w) FROM s AS a JOIN r AS b ON a.id = b.id AND b.rts BETWEEN a.ts AND a.ts + INTERVAL '1' HOUR GROUP BY a.u;"), @r"
    best-effort: retractions, two-writers
    upsert (u): u, EXPR$1
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
    SELECT a.u, SUM(b.w), MAX(CAST(GREATEST(`a`.`ts`, `b`.`rts`) AS TIMESTAMP(3))) AS `__gate_time` FROM `s__source_gate` AS a JOIN `r__source_gate` AS b ON a.id = b.id AND b.rts BETWEEN a.ts AND a.ts + INTERVAL '1' HOUR GROUP BY a.u
    ) AS `q` (`u`, `n`, `__gate_time`);
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate`;
    ");
    insta::assert_snapshot!(t.case("left_join_below", "INSERT INTO ups SELECT a.u, SUM(b.w) FROM s AS a LEFT JOIN r AS b ON a.id = b.id GROUP BY a.u;"), @r"
    refused: retracting-input, updating-outer-join
    upsert (u): u, EXPR$1
    ");
    insta::assert_snapshot!(t.case("interval_left_join_below", "INSERT INTO ups SELECT a.u, SUM(b.w) FROM s AS a LEFT JOIN r AS b ON a.id = b.id AND b.rts BETWEEN a.ts AND a.ts + INTERVAL '1' HOUR GROUP BY a.u;"), @r"
    refused: early-output
    upsert (u): u, EXPR$1
    ");
    insta::assert_snapshot!(t.case("union_below", "INSERT INTO ups SELECT u, COUNT(*) FROM (SELECT u FROM s UNION ALL SELECT u FROM r) AS d GROUP BY u;"), @r"
    best-effort: retractions, two-writers
    upsert (u): u, EXPR$1
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
    SELECT u, COUNT(*), MAX(`__gate_time`) AS `__gate_time` FROM (SELECT u, `ts` AS `__gate_time` FROM `s__source_gate` AS s UNION ALL SELECT u, `rts` AS `__gate_time` FROM `r__source_gate` AS r) AS d GROUP BY u
    ) AS `q` (`u`, `n`, `__gate_time`);
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate`;
    ");
    insta::assert_snapshot!(t.case("window_below", "INSERT INTO ups SELECT u, MAX(c) FROM (SELECT u, COUNT(*) AS c FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u) AS d GROUP BY u;"), @r"
    refused: early-output
    upsert (u): u, EXPR$1
    ");
    insta::assert_snapshot!(t.case("window_rows_below", "INSERT INTO ups SELECT u, COUNT(*) FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY u;"), @r"
    refused: early-output
    upsert (u): u, EXPR$1
    ");
    insta::assert_snapshot!(t.case("over_below", "INSERT INTO ups SELECT u, MAX(c) FROM (SELECT u, SUM(v) OVER (PARTITION BY u ORDER BY ts) AS c FROM s) AS d GROUP BY u;"), @r"
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
    SELECT u, MAX(c), MAX(`__gate_time`) AS `__gate_time` FROM (SELECT u, SUM(v) OVER (PARTITION BY u ORDER BY ts) AS c, `ts` AS `__gate_time` FROM `s__source_gate` AS s) AS d GROUP BY u
    ) AS `q` (`u`, `n`, `__gate_time`);
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate`;
    ");
    insta::assert_snapshot!(t.case("lookup_below", "INSERT INTO ups SELECT d.name, COUNT(*) FROM p AS a JOIN dim FOR SYSTEM_TIME AS OF a.pt AS d ON a.u = d.u GROUP BY d.name;"), @r"
    best-effort: non-deterministic-rows, retractions, two-writers
    upsert (name): name, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `p__source_gate` AS
    SELECT `id`, `u`, `arr`, `ts`, `pt`
    FROM p
    WHERE COALESCE(`ts`, MIN) >= MIN
      AND COALESCE(`ts`, MIN) < T;
    CREATE TEMPORARY VIEW `ups__gate` AS
    SELECT `u`, COALESCE(CASE WHEN `__gate_time` >= MIN THEN `n` END, `n`) AS `n`
    FROM (
    SELECT d.name, COUNT(*), MAX(`a`.`ts`) AS `__gate_time` FROM `p__source_gate` AS a JOIN dim FOR SYSTEM_TIME AS OF a.pt AS d ON a.u = d.u GROUP BY d.name
    ) AS `q` (`u`, `n`, `__gate_time`);
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate`;
    ");
    insta::assert_snapshot!(t.case("temporal_below", "INSERT INTO ups SELECT a.u, SUM(b.w) FROM s AS a JOIN ver FOR SYSTEM_TIME AS OF a.ts AS b ON a.u = b.u GROUP BY a.u;"), @r"
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
    SELECT a.u, SUM(b.w), MAX(`a`.`ts`) AS `__gate_time` FROM `s__source_gate` AS a JOIN ver FOR SYSTEM_TIME AS OF a.ts AS b ON a.u = b.u GROUP BY a.u
    ) AS `q` (`u`, `n`, `__gate_time`);
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate`;
    ");
    insta::assert_snapshot!(t.case("unnest_below", "INSERT INTO ups SELECT a.u, SUM(t.x) FROM p AS a CROSS JOIN UNNEST(a.arr) AS t (x) GROUP BY a.u;"), @r"
    best-effort: retractions, two-writers
    upsert (u): u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `p__source_gate` AS
    SELECT `id`, `u`, `arr`, `ts`, `pt`
    FROM p
    WHERE COALESCE(`ts`, MIN) >= MIN
      AND COALESCE(`ts`, MIN) < T;
    CREATE TEMPORARY VIEW `ups__gate` AS
    SELECT `u`, COALESCE(CASE WHEN `__gate_time` >= MIN THEN `n` END, `n`) AS `n`
    FROM (
    SELECT a.u, SUM(t.x), MAX(`a`.`ts`) AS `__gate_time` FROM `p__source_gate` AS a CROSS JOIN UNNEST(a.arr) AS t (x) GROUP BY a.u
    ) AS `q` (`u`, `n`, `__gate_time`);
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate`;
    ");
    insta::assert_snapshot!(t.case("match_below", "INSERT INTO ups SELECT u, COUNT(*) FROM s MATCH_RECOGNIZE (PARTITION BY u ORDER BY ts MEASURES B.v AS f ONE ROW PER MATCH PATTERN (A B) DEFINE A AS A.v > 1) AS m GROUP BY u;"), @r"
    refused: early-output
    upsert (u): u, EXPR$1
    ");
    insta::assert_snapshot!(t.case("of_updates", "INSERT INTO ups SELECT u, COUNT(*) FROM ver GROUP BY u;"), @r"
    refused: changelog-source, retracting-input
    upsert (u): u, EXPR$1
    ");
    insta::assert_snapshot!(t.case("of_groups", "\
CREATE TABLE histogram (c BIGINT, n BIGINT, PRIMARY KEY (c) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'h', 'key.format' = 'json', 'value.format' = 'json');
INSERT INTO histogram SELECT c, COUNT(*) FROM (SELECT u, COUNT(*) AS c FROM s GROUP BY u) AS d GROUP BY c;"), @r"
    refused: retracting-input
    upsert (c): c, EXPR$1
    ");
    insta::assert_snapshot!(t.case("of_groups_by_the_same_key", "INSERT INTO ups SELECT u, MAX(c) FROM (SELECT u, v, COUNT(*) AS c FROM s GROUP BY u, v) AS d GROUP BY u;"), @r"
    refused: retracting-input
    upsert (u): u, EXPR$1
    ");
    insta::assert_snapshot!(t.case("projection_above", "INSERT INTO ups SELECT u, c * 2 FROM (SELECT u, COUNT(*) AS c FROM s GROUP BY u) AS d;"), @r"
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
    SELECT u, c * 2, `__gate_time` FROM (SELECT u, COUNT(*) AS c, MAX(`ts`) AS `__gate_time` FROM `s__source_gate` AS s GROUP BY u) AS d
    ) AS `q` (`u`, `n`, `__gate_time`);
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate`;
    ");
    insta::assert_snapshot!(t.case("filter_above", "INSERT INTO ups SELECT u, c FROM (SELECT u, COUNT(*) AS c FROM s GROUP BY u) AS d WHERE c > 1;"), @r"
    refused: filter-above-updates
    upsert (u): u, c
    ");
    insta::assert_snapshot!(t.case("filter_on_the_key_above", "INSERT INTO ups SELECT u, c FROM (SELECT u, COUNT(*) AS c FROM s GROUP BY u) AS d WHERE u <> 'x';"), @r"
    refused: filter-above-updates
    upsert (u): u, c
    ");
    insta::assert_snapshot!(t.case("view_below", "INSERT INTO ups SELECT u, SUM(v) FROM vn GROUP BY u;"), @r"
    best-effort: retractions, two-writers
    upsert (u): u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `s__source_gate` AS
    SELECT `id`, `u`, `v`, `ts`
    FROM s
    WHERE COALESCE(`ts`, MIN) >= MIN
      AND COALESCE(`ts`, MIN) < T;
    CREATE TEMPORARY VIEW `vn__closing` AS
    SELECT u, v, `ts` AS `__gate_time` FROM `s__source_gate` AS s;
    CREATE TEMPORARY VIEW `ups__gate` AS
    SELECT `u`, COALESCE(CASE WHEN `__gate_time` >= MIN THEN `n` END, `n`) AS `n`
    FROM (
    SELECT u, SUM(v), MAX(`__gate_time`) AS `__gate_time` FROM `vn__closing` AS vn GROUP BY u
    ) AS `q` (`u`, `n`, `__gate_time`);
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate`;
    ");
    insta::assert_snapshot!(t.case("two_from_one_view", "\
INSERT INTO ups SELECT u, SUM(v) FROM vn GROUP BY u;
INSERT INTO snk SELECT u, v FROM vn;"), @r"
    best-effort: retractions, two-writers
    upsert (u): u, EXPR$1
    gate time `__gate_time`
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `s__source_gate` AS
    SELECT `id`, `u`, `v`, `ts`
    FROM s
    WHERE COALESCE(`ts`, MIN) >= MIN
      AND COALESCE(`ts`, MIN) < T;
    CREATE TEMPORARY VIEW `vn__timed` AS
    SELECT u, v, `ts` AS `__gate_time` FROM s;
    CREATE TEMPORARY VIEW `vn__closing` AS
    SELECT u, v, `ts` AS `__gate_time` FROM `s__source_gate` AS s;
    CREATE TEMPORARY VIEW `ups__gate` AS
    SELECT `u`, COALESCE(CASE WHEN `__gate_time` >= MIN THEN `n` END, `n`) AS `n`
    FROM (
    SELECT u, SUM(v), MAX(`__gate_time`) AS `__gate_time` FROM `vn__closing` AS vn GROUP BY u
    ) AS `q` (`u`, `n`, `__gate_time`);
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate`;
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `__gate_time` FROM `vn__timed` AS vn
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("grouping_sets", "INSERT INTO pairs SELECT u, v, COUNT(*) FROM s GROUP BY GROUPING SETS ((u, v), (u));"), @r"
    refused: upsert-key-mismatch
    retract: u, v, EXPR$2
    ");
    insta::assert_snapshot!(t.case("rollup", "INSERT INTO pairs SELECT u, v, COUNT(*) FROM s GROUP BY ROLLUP (u, v);"), @r"
    refused: upsert-key-mismatch
    retract: u, v, EXPR$2
    ");
    insta::assert_snapshot!(t.case("cube", "INSERT INTO pairs SELECT u, v, COUNT(*) FROM s GROUP BY CUBE (u, v);"), @r"
    refused: upsert-key-mismatch
    retract: u, v, EXPR$2
    ");
    insta::assert_snapshot!(t.case("one_grouping_set", "INSERT INTO pairs SELECT u, v, COUNT(*) FROM s GROUP BY GROUPING SETS ((u, v));"), @r"
    best-effort: retractions, two-writers
    upsert (u, v): u, v, EXPR$2
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `s__source_gate` AS
    SELECT `id`, `u`, `v`, `ts`
    FROM s
    WHERE COALESCE(`ts`, MIN) >= MIN
      AND COALESCE(`ts`, MIN) < T;
    CREATE TEMPORARY VIEW `pairs__gate` AS
    SELECT `u`, `v`, COALESCE(CASE WHEN `__gate_time` >= MIN THEN `n` END, `n`) AS `n`
    FROM (
    SELECT u, v, COUNT(*), MAX(`ts`) AS `__gate_time` FROM `s__source_gate` AS s GROUP BY GROUPING SETS ((u, v))
    ) AS `q` (`u`, `v`, `n`, `__gate_time`);
    INSERT INTO pairs SELECT `u`, `v`, `n` FROM `pairs__gate`;
    ");
    insta::assert_snapshot!(t.case("no_aggregate", "\
CREATE TABLE keys (u STRING, PRIMARY KEY (u) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'k', 'key.format' = 'json', 'value.format' = 'json');
INSERT INTO keys SELECT u FROM s GROUP BY u;"), @r"
    refused: only-key-columns
    upsert (u): u
    ");
    insta::assert_snapshot!(t.case("no_aggregate_and_a_constant", "INSERT INTO ups SELECT u, 1 FROM s GROUP BY u;"), @r"
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
    SELECT u, 1, MAX(`ts`) AS `__gate_time` FROM `s__source_gate` AS s GROUP BY u
    ) AS `q` (`u`, `n`, `__gate_time`);
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate`;
    ");
    insta::assert_snapshot!(t.case("key_copied", "\
CREATE TABLE copies (u STRING, x STRING, PRIMARY KEY (u) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'k', 'key.format' = 'json', 'value.format' = 'json');
INSERT INTO copies SELECT u, UPPER(u) FROM s GROUP BY u;"), @r"
    best-effort: retractions, two-writers
    upsert (u): u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `s__source_gate` AS
    SELECT `id`, `u`, `v`, `ts`
    FROM s
    WHERE COALESCE(`ts`, MIN) >= MIN
      AND COALESCE(`ts`, MIN) < T;
    CREATE TEMPORARY VIEW `copies__gate` AS
    SELECT `u`, COALESCE(CASE WHEN `__gate_time` >= MIN THEN `x` END, `x`) AS `x`
    FROM (
    SELECT u, UPPER(u), MAX(`ts`) AS `__gate_time` FROM `s__source_gate` AS s GROUP BY u
    ) AS `q` (`u`, `x`, `__gate_time`);
    INSERT INTO copies SELECT `u`, `x` FROM `copies__gate`;
    ");
    insta::assert_snapshot!(t.case("distinct", "INSERT INTO snk SELECT DISTINCT u, v FROM s;"), @r#"
    refused: distinct, updating-into-append-sink
    upsert (u, v): u, v
    "#);
    insta::assert_snapshot!(t.case("distinct_into_its_key", "\
CREATE TABLE keys (u STRING, PRIMARY KEY (u) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'k', 'key.format' = 'json', 'value.format' = 'json');
INSERT INTO keys SELECT DISTINCT u FROM s;"), @r"
    refused: distinct
    upsert (u): u
    ");
    insta::assert_snapshot!(t.case("distinct_with_the_time", "INSERT INTO wide SELECT DISTINCT u, v, ts FROM s;"), @r#"
    refused: distinct, updating-into-append-sink
    upsert (u, v, ts): u, v, ts
    "#);
    insta::assert_snapshot!(t.case("distinct_of_group", "INSERT INTO ups SELECT DISTINCT u, COUNT(*) FROM s GROUP BY u;"), @r"
    refused: distinct
    upsert (u): u, EXPR$1
    ");
    insta::assert_snapshot!(t.case("random_in_the_key", "INSERT INTO pairs SELECT u, x, COUNT(*) FROM (SELECT u, RAND_INTEGER(5) AS x FROM s) AS d GROUP BY u, x;"), @r"
    best-effort: non-deterministic-rows, retractions, two-writers
    upsert (u, x): u, x, EXPR$2
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `s__source_gate` AS
    SELECT `id`, `u`, `v`, `ts`
    FROM s
    WHERE COALESCE(`ts`, MIN) >= MIN
      AND COALESCE(`ts`, MIN) < T;
    CREATE TEMPORARY VIEW `pairs__gate` AS
    SELECT `u`, `v`, COALESCE(CASE WHEN `__gate_time` >= MIN THEN `n` END, `n`) AS `n`
    FROM (
    SELECT u, x, COUNT(*), MAX(`__gate_time`) AS `__gate_time` FROM (SELECT u, RAND_INTEGER(5) AS x, `ts` AS `__gate_time` FROM `s__source_gate` AS s) AS d GROUP BY u, x
    ) AS `q` (`u`, `v`, `n`, `__gate_time`);
    INSERT INTO pairs SELECT `u`, `v`, `n` FROM `pairs__gate`;
    ");
}
