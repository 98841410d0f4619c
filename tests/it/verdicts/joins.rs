//! Regular, interval, temporal and lookup joins.

use super::Table;

pub(super) fn cases(t: &mut Table) {
    insta::assert_snapshot!(t.case("inner", "INSERT INTO snk SELECT a.u, b.w FROM s AS a JOIN r AS b ON a.id = b.id;"), @r"
    exact
    append: u, w
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT a.u, b.w, CAST(GREATEST(`a`.`ts`, `b`.`rts`) AS TIMESTAMP(3)) AS `__gate_time` FROM s AS a JOIN r AS b ON a.id = b.id
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("comma", "INSERT INTO snk SELECT a.u, b.w FROM s AS a, r AS b WHERE a.id = b.id;"), @r"
    exact
    append: u, w
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT a.u, b.w, CAST(GREATEST(`a`.`ts`, `b`.`rts`) AS TIMESTAMP(3)) AS `__gate_time` FROM s AS a, r AS b WHERE a.id = b.id
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("by_names", "INSERT INTO snk SELECT s.u, r.w FROM s JOIN r ON s.id = r.id;"), @r"
    exact
    append: u, w
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT s.u, r.w, CAST(GREATEST(`s`.`ts`, `r`.`rts`) AS TIMESTAMP(3)) AS `__gate_time` FROM s JOIN r ON s.id = r.id
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("using", "INSERT INTO snk SELECT s.u, r.w FROM s JOIN r USING (id);"), @r"
    exact
    append: u, w
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT s.u, r.w, CAST(GREATEST(`s`.`ts`, `r`.`rts`) AS TIMESTAMP(3)) AS `__gate_time` FROM s JOIN r USING (id)
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("three", "INSERT INTO snk SELECT a.u, b.w FROM s AS a JOIN r AS b ON a.id = b.id JOIN p AS c ON c.id = a.id;"), @r"
    exact
    append: u, w
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT a.u, b.w, CAST(GREATEST(CAST(GREATEST(`a`.`ts`, `b`.`rts`) AS TIMESTAMP(3)), `c`.`ts`) AS TIMESTAMP(3)) AS `__gate_time` FROM s AS a JOIN r AS b ON a.id = b.id JOIN p AS c ON c.id = a.id
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("self_join", "INSERT INTO snk SELECT a.u, b.v FROM s AS a JOIN s AS b ON a.id = b.id;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT a.u, b.v, CAST(GREATEST(`a`.`ts`, `b`.`ts`) AS TIMESTAMP(3)) AS `__gate_time` FROM s AS a JOIN s AS b ON a.id = b.id
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("no_equality", "INSERT INTO snk SELECT a.u, b.w FROM s AS a JOIN r AS b ON a.v < b.w;"), @r"
    exact
    append: u, w
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT a.u, b.w, CAST(GREATEST(`a`.`ts`, `b`.`rts`) AS TIMESTAMP(3)) AS `__gate_time` FROM s AS a JOIN r AS b ON a.v < b.w
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("carried", "INSERT INTO wide SELECT a.u, b.w, a.ts FROM s AS a JOIN r AS b ON a.id = b.id;"), @r"
    exact
    append: u, w, ts
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT a.u, b.w, a.ts, CAST(GREATEST(`a`.`ts`, `b`.`rts`) AS TIMESTAMP(3)) AS `__gate_time` FROM s AS a JOIN r AS b ON a.id = b.id
    ) AS `q` (`u`, `n`, `t`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("derived", "INSERT INTO snk SELECT a.u, b.w FROM (SELECT id, u FROM s) AS a JOIN (SELECT id, w FROM r WHERE w > 1) AS b ON a.id = b.id;"), @r"
    exact
    append: u, w
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT a.u, b.w, CAST(GREATEST(`a`.`__gate_time`, `b`.`__gate_time`) AS TIMESTAMP(3)) AS `__gate_time` FROM (SELECT id, u, `ts` AS `__gate_time` FROM s) AS a JOIN (SELECT id, w, `rts` AS `__gate_time` FROM r WHERE w > 1) AS b ON a.id = b.id
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("mixed_types", "INSERT INTO snk SELECT a.u, b.v FROM s AS a JOIN z AS b ON a.id = b.id;"), @r"
    refused: mixed-time-types
    append: u, v
    ");
    insta::assert_snapshot!(t.case("no_alias", "INSERT INTO snk SELECT u, w FROM (SELECT id AS i, u FROM s) JOIN (SELECT id AS j, w FROM r) ON i = j;"), @r"
    refused: no-alias
    append: u, w
    ");
    insta::assert_snapshot!(t.case("left", "INSERT INTO snk SELECT a.u, b.w FROM s AS a LEFT JOIN r AS b ON a.id = b.id;"), @r#"
    refused: updating-into-append-sink, updating-outer-join
    retract: u, w
    "#);
    insta::assert_snapshot!(t.case("right", "INSERT INTO snk SELECT a.u, b.w FROM s AS a RIGHT JOIN r AS b ON a.id = b.id;"), @r#"
    refused: updating-into-append-sink, updating-outer-join
    retract: u, w
    "#);
    insta::assert_snapshot!(t.case("full", "INSERT INTO snk SELECT a.u, b.w FROM s AS a FULL OUTER JOIN r AS b ON a.id = b.id;"), @r#"
    refused: updating-into-append-sink, updating-outer-join
    retract: u, w
    "#);
    insta::assert_snapshot!(t.case("with_updates", "INSERT INTO snk SELECT a.u, b.c FROM s AS a JOIN (SELECT u, COUNT(*) AS c FROM r GROUP BY u) AS b ON a.u = b.u;"), @r#"
    refused: retracting-input, updating-into-append-sink
    retract: u, c
    "#);
    insta::assert_snapshot!(t.case("with_constants", "INSERT INTO snk SELECT a.u, b.c FROM s AS a JOIN (VALUES ('x', 1)) AS b (k, c) ON a.u = b.k;"), @r"
    refused: unsupported-query
    append: u, c
    ");
    insta::assert_snapshot!(t.case("with_a_table_of_rows", "INSERT INTO snk SELECT a.u, a.v FROM s AS a JOIN dim AS d ON a.u = d.u;"), @"
    best-effort: non-deterministic-rows
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT a.u, a.v, CAST(`a`.`ts` AS TIMESTAMP(3)) AS `__gate_time` FROM s AS a JOIN dim AS d ON a.u = d.u
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("interval", "INSERT INTO snk SELECT a.u, b.w FROM s AS a JOIN r AS b ON a.id = b.id AND b.rts BETWEEN a.ts AND a.ts + INTERVAL '1' HOUR;"), @r"
    exact
    append: u, w
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT a.u, b.w, CAST(GREATEST(`a`.`ts`, `b`.`rts`) AS TIMESTAMP(3)) AS `__gate_time` FROM s AS a JOIN r AS b ON a.id = b.id AND b.rts BETWEEN a.ts AND a.ts + INTERVAL '1' HOUR
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("interval_in_where", "INSERT INTO snk SELECT a.u, b.w FROM s AS a, r AS b WHERE a.id = b.id AND b.rts >= a.ts - INTERVAL '5' MINUTE AND b.rts < a.ts + INTERVAL '1' HOUR;"), @r"
    exact
    append: u, w
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT a.u, b.w, CAST(GREATEST(`a`.`ts`, `b`.`rts`) AS TIMESTAMP(3)) AS `__gate_time` FROM s AS a, r AS b WHERE a.id = b.id AND b.rts >= a.ts - INTERVAL '5' MINUTE AND b.rts < a.ts + INTERVAL '1' HOUR
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("interval_left", "INSERT INTO snk SELECT a.u, b.w FROM s AS a LEFT JOIN r AS b ON a.id = b.id AND b.rts BETWEEN a.ts - INTERVAL '5' MINUTE AND a.ts + INTERVAL '1' HOUR;"), @r"
    exact
    append: u, w
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT a.u, b.w, CAST(GREATEST(`a`.`ts`, COALESCE(`b`.`rts`, `a`.`ts` + INTERVAL '1' HOUR)) AS TIMESTAMP(3)) AS `__gate_time` FROM s AS a LEFT JOIN r AS b ON a.id = b.id AND b.rts BETWEEN a.ts - INTERVAL '5' MINUTE AND a.ts + INTERVAL '1' HOUR
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("interval_right", "INSERT INTO snk SELECT b.u, a.v FROM s AS a RIGHT JOIN r AS b ON a.id = b.id AND b.rts BETWEEN a.ts - INTERVAL '5' MINUTE AND a.ts + INTERVAL '1' HOUR;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT b.u, a.v, CAST(GREATEST(COALESCE(`a`.`ts`, `b`.`rts` + INTERVAL '5' MINUTE), `b`.`rts`) AS TIMESTAMP(3)) AS `__gate_time` FROM s AS a RIGHT JOIN r AS b ON a.id = b.id AND b.rts BETWEEN a.ts - INTERVAL '5' MINUTE AND a.ts + INTERVAL '1' HOUR
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("interval_full", "INSERT INTO snk SELECT a.u, b.w FROM s AS a FULL OUTER JOIN r AS b ON a.id = b.id AND b.rts BETWEEN a.ts - INTERVAL '5' MINUTE AND a.ts + INTERVAL '1' HOUR;"), @r"
    exact
    append: u, w
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT a.u, b.w, CAST(GREATEST(COALESCE(`a`.`ts`, `b`.`rts` + INTERVAL '5' MINUTE), COALESCE(`b`.`rts`, `a`.`ts` + INTERVAL '1' HOUR)) AS TIMESTAMP(3)) AS `__gate_time` FROM s AS a FULL OUTER JOIN r AS b ON a.id = b.id AND b.rts BETWEEN a.ts - INTERVAL '5' MINUTE AND a.ts + INTERVAL '1' HOUR
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("interval_carried", "INSERT INTO wide SELECT a.u, b.w, a.ts FROM s AS a JOIN r AS b ON a.id = b.id AND b.rts BETWEEN a.ts AND a.ts + INTERVAL '1' HOUR;"), @r"
    exact
    append: u, w, ts *ROWTIME*
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT a.u, b.w, a.ts, CAST(GREATEST(`a`.`ts`, `b`.`rts`) AS TIMESTAMP(3)) AS `__gate_time` FROM s AS a JOIN r AS b ON a.id = b.id AND b.rts BETWEEN a.ts AND a.ts + INTERVAL '1' HOUR
    ) AS `q` (`u`, `n`, `t`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("interval_equal_times", "INSERT INTO snk SELECT a.u, b.w FROM s AS a JOIN r AS b ON a.id = b.id AND a.ts = b.rts;"), @r"
    exact
    append: u, w
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT a.u, b.w, CAST(GREATEST(`a`.`ts`, `b`.`rts`) AS TIMESTAMP(3)) AS `__gate_time` FROM s AS a JOIN r AS b ON a.id = b.id AND a.ts = b.rts
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("interval_one_bound", "INSERT INTO snk SELECT a.u, b.w FROM s AS a JOIN r AS b ON a.id = b.id AND b.rts > a.ts;"), @r"
    exact
    append: u, w
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT a.u, b.w, CAST(GREATEST(`a`.`ts`, `b`.`rts`) AS TIMESTAMP(3)) AS `__gate_time` FROM s AS a JOIN r AS b ON a.id = b.id AND b.rts > a.ts
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("interval_window_above", "INSERT INTO snk SELECT u, COUNT(*) FROM TABLE(TUMBLE((SELECT a.u, a.ts FROM s AS a JOIN r AS b ON a.id = b.id AND b.rts BETWEEN a.ts AND a.ts + INTERVAL '1' HOUR), DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(*), `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(TUMBLE((SELECT a.u, a.ts FROM s AS a JOIN r AS b ON a.id = b.id AND b.rts BETWEEN a.ts AND a.ts + INTERVAL '1' HOUR), DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("interval_proctime", "INSERT INTO snk SELECT a.u, CARDINALITY(b.arr) FROM p AS a JOIN p AS b ON a.id = b.id AND a.pt BETWEEN b.pt - INTERVAL '5' SECOND AND b.pt;"), @r"
    refused: proctime-join
    append: u, EXPR$1
    ");
    insta::assert_snapshot!(t.case("temporal", "INSERT INTO snk SELECT a.u, a.v * b.w FROM s AS a JOIN ver FOR SYSTEM_TIME AS OF a.ts AS b ON a.u = b.u;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT a.u, a.v * b.w, `a`.`ts` AS `__gate_time` FROM s AS a JOIN ver FOR SYSTEM_TIME AS OF a.ts AS b ON a.u = b.u
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("temporal_left", "INSERT INTO wide SELECT a.u, b.w, a.ts FROM s AS a LEFT JOIN ver FOR SYSTEM_TIME AS OF a.ts AS b ON a.u = b.u;"), @r"
    exact
    append: u, w, ts *ROWTIME*
    gate time `t`
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT a.u, b.w, a.ts FROM s AS a LEFT JOIN ver FOR SYSTEM_TIME AS OF a.ts AS b ON a.u = b.u
    ) AS `q` (`u`, `n`, `t`)
    WHERE COALESCE(`t`, MIN) >= MIN
      AND COALESCE(`t`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("temporal_window_above", "INSERT INTO snk SELECT u, SUM(w) FROM TABLE(TUMBLE((SELECT a.u, b.w, a.ts FROM s AS a JOIN ver FOR SYSTEM_TIME AS OF a.ts AS b ON a.u = b.u), DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, SUM(w), `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(TUMBLE((SELECT a.u, b.w, a.ts FROM s AS a JOIN ver FOR SYSTEM_TIME AS OF a.ts AS b ON a.u = b.u), DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("temporal_proctime", "INSERT INTO snk SELECT a.u, b.w FROM p AS a JOIN ver FOR SYSTEM_TIME AS OF a.pt AS b ON a.u = b.u;"), @r"
    refused: proctime-join
    append: u, w
    ");
    insta::assert_snapshot!(t.case("temporal_on_a_column", "INSERT INTO snk SELECT a.u, b.w FROM s AS a JOIN ver FOR SYSTEM_TIME AS OF a.v AS b ON a.u = b.u;"), @r"
    refused: window-without-rowtime
    append: u, w
    ");
    insta::assert_snapshot!(t.case("lookup", "INSERT INTO snk SELECT d.name, a.id FROM p AS a JOIN dim FOR SYSTEM_TIME AS OF a.pt AS d ON a.u = d.u;"), @r"
    exact
    append: name, id
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT d.name, a.id, `a`.`ts` AS `__gate_time` FROM p AS a JOIN dim FOR SYSTEM_TIME AS OF a.pt AS d ON a.u = d.u
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("lookup_left", "INSERT INTO wide SELECT d.name, a.id, a.ts FROM p AS a LEFT JOIN dim FOR SYSTEM_TIME AS OF a.pt AS d ON a.u = d.u;"), @r"
    exact
    append: name, id, ts *ROWTIME*
    gate time `t`
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT d.name, a.id, a.ts FROM p AS a LEFT JOIN dim FOR SYSTEM_TIME AS OF a.pt AS d ON a.u = d.u
    ) AS `q` (`u`, `n`, `t`)
    CROSS JOIN UNNEST(ARRAY[CAST(`t` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("lookup_by_call", "INSERT INTO snk SELECT d.name, a.v FROM (SELECT u, v, PROCTIME() AS now FROM s) AS a JOIN dim FOR SYSTEM_TIME AS OF a.now AS d ON a.u = d.u;"), @r"
    exact
    append: name, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT d.name, a.v, `a`.`__gate_time` AS `__gate_time` FROM (SELECT u, v, PROCTIME() AS now, `ts` AS `__gate_time` FROM s) AS a JOIN dim FOR SYSTEM_TIME AS OF a.now AS d ON a.u = d.u
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("lookup_window_above", "INSERT INTO snk SELECT name, COUNT(*) FROM TABLE(TUMBLE((SELECT d.name, a.ts FROM p AS a JOIN dim FOR SYSTEM_TIME AS OF a.pt AS d ON a.u = d.u), DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, name;"), @r"
    best-effort: non-deterministic-rows
    append: name, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT name, COUNT(*), `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(TUMBLE((SELECT d.name, a.ts FROM p AS a JOIN dim FOR SYSTEM_TIME AS OF a.pt AS d ON a.u = d.u), DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, name
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
}
