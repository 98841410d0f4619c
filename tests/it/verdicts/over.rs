//! OVER windows.

use super::Table;

pub(super) fn cases(t: &mut Table) {
    insta::assert_snapshot!(t.case("range", "INSERT INTO snk SELECT u, SUM(v) OVER (PARTITION BY u ORDER BY ts) FROM s;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, SUM(v) OVER (PARTITION BY u ORDER BY ts), `ts` AS `__gate_time` FROM s
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("rows", "INSERT INTO wide SELECT u, SUM(v) OVER (PARTITION BY u ORDER BY ts ROWS BETWEEN 3 PRECEDING AND CURRENT ROW), ts FROM s;"), @r"
    exact
    append: u, EXPR$1, ts *ROWTIME*
    gate time `t`
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT u, SUM(v) OVER (PARTITION BY u ORDER BY ts ROWS BETWEEN 3 PRECEDING AND CURRENT ROW), ts FROM s
    ) AS `q` (`u`, `n`, `t`)
    WHERE COALESCE(`t`, MIN) >= MIN
      AND COALESCE(`t`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("range_bounded", "INSERT INTO snk SELECT u, COUNT(*) OVER (PARTITION BY u ORDER BY ts RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW) FROM s;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(*) OVER (PARTITION BY u ORDER BY ts RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW), `ts` AS `__gate_time` FROM s
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("no_partition", "INSERT INTO snk SELECT u, COUNT(*) OVER (ORDER BY ts) FROM s;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(*) OVER (ORDER BY ts), `ts` AS `__gate_time` FROM s
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("named_window", "INSERT INTO snk SELECT u, SUM(v) OVER w FROM s WINDOW w AS (PARTITION BY u ORDER BY ts);"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, SUM(v) OVER w, `ts` AS `__gate_time` FROM s WINDOW w AS (PARTITION BY u ORDER BY ts)
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("lag", "INSERT INTO snk SELECT u, LAG(v, 1) OVER (PARTITION BY u ORDER BY ts) FROM s;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, LAG(v, 1) OVER (PARTITION BY u ORDER BY ts), `ts` AS `__gate_time` FROM s
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("two_calls", "INSERT INTO snk SELECT u, SUM(v) OVER w - MIN(v) OVER w FROM s WINDOW w AS (PARTITION BY u ORDER BY ts);"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, SUM(v) OVER w - MIN(v) OVER w, `ts` AS `__gate_time` FROM s WINDOW w AS (PARTITION BY u ORDER BY ts)
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("proctime", "INSERT INTO snk SELECT u, COUNT(*) OVER (PARTITION BY u ORDER BY pt) FROM p;"), @r"
    best-effort: non-deterministic-rows
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(*) OVER (PARTITION BY u ORDER BY pt), `ts` AS `__gate_time` FROM p
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("by_value", "INSERT INTO snk SELECT u, SUM(v) OVER (PARTITION BY u ORDER BY v) FROM s;"), @r"
    refused: over-window
    retract: u, EXPR$1
    ");
    insta::assert_snapshot!(t.case("descending", "INSERT INTO snk SELECT u, SUM(v) OVER (PARTITION BY u ORDER BY ts DESC) FROM s;"), @r"
    refused: over-window
    retract: u, EXPR$1
    ");
    insta::assert_snapshot!(t.case("filter_above", "INSERT INTO snk SELECT u, c FROM (SELECT u, SUM(v) OVER (PARTITION BY u ORDER BY ts) AS c FROM s) AS d WHERE c > 10;"), @r"
    exact
    append: u, c
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, c, `__gate_time` FROM (SELECT u, SUM(v) OVER (PARTITION BY u ORDER BY ts) AS c, `ts` AS `__gate_time` FROM s) AS d WHERE c > 10
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("window_above", "INSERT INTO snk SELECT u, MAX(c) FROM TABLE(TUMBLE((SELECT u, ts, SUM(v) OVER (PARTITION BY u ORDER BY ts) AS c FROM s), DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, MAX(c), `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(TUMBLE((SELECT u, ts, SUM(v) OVER (PARTITION BY u ORDER BY ts) AS c FROM s), DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("row_number_without_a_filter", "INSERT INTO snk SELECT u, ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts) FROM s;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, ROW_NUMBER() OVER (PARTITION BY u ORDER BY ts), `ts` AS `__gate_time` FROM s
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("over_a_view", "INSERT INTO snk SELECT u, SUM(v) OVER (PARTITION BY u ORDER BY ts) FROM vs;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, SUM(v) OVER (PARTITION BY u ORDER BY ts), `ts` AS `__gate_time` FROM vs
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("ltz", "INSERT INTO snk SELECT u, SUM(v) OVER (PARTITION BY u ORDER BY zts) FROM z;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, SUM(v) OVER (PARTITION BY u ORDER BY zts), `zts` AS `__gate_time` FROM z
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN_LTZ) >= MIN_LTZ
      AND COALESCE(`__gate_time`, MIN_LTZ) < T_LTZ;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
}
