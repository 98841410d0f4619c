//! Derived tables, common table expressions, views.

use super::Table;

pub(super) fn cases(t: &mut Table) {
    insta::assert_snapshot!(t.case("derived", "INSERT INTO snk SELECT d.u, d.x FROM (SELECT u, v * 2 AS x FROM s WHERE id > 7) AS d;"), @r"
    exact
    append: u, x
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT d.u, d.x, `__gate_time` FROM (SELECT u, v * 2 AS x, `ts` AS `__gate_time` FROM s WHERE id > 7) AS d
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("no_alias", "INSERT INTO snk SELECT u, v FROM (SELECT u, v FROM s);"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `__gate_time` FROM (SELECT u, v, `ts` AS `__gate_time` FROM s)
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("column_list", "INSERT INTO snk SELECT a, b FROM (SELECT u, v FROM s) AS d (a, b);"), @r"
    exact
    append: a, b
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT a, b, `__gate_time` FROM (SELECT u, v, `ts` AS `__gate_time` FROM s) AS d (a, b, `__gate_time`)
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("time_renamed", "INSERT INTO wide SELECT u, v, t FROM (SELECT u, v, ts AS t FROM s) AS d;"), @r"
    exact
    append: u, v, t *ROWTIME*
    gate time `t`
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT u, v, t FROM (SELECT u, v, ts AS t FROM s) AS d
    ) AS `q` (`u`, `n`, `t`)
    WHERE COALESCE(`t`, MIN) >= MIN
      AND COALESCE(`t`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("time_dropped_above", "INSERT INTO snk SELECT u, v FROM (SELECT u, v, ts AS t FROM s) AS d;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `t` AS `__gate_time` FROM (SELECT u, v, ts AS t FROM s) AS d
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("three_deep", "INSERT INTO snk SELECT u, x FROM (SELECT u, x FROM (SELECT u, v AS x FROM s) AS a WHERE x > 1) AS b;"), @r"
    exact
    append: u, x
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, x, `__gate_time` FROM (SELECT u, x, `__gate_time` FROM (SELECT u, v AS x, `ts` AS `__gate_time` FROM s) AS a WHERE x > 1) AS b
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("window_over_derived", "INSERT INTO snk SELECT u, COUNT(*) FROM TABLE(TUMBLE((SELECT u, ts FROM s WHERE v > 1), DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(*), `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(TUMBLE((SELECT u, ts FROM s WHERE v > 1), DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("cte", "INSERT INTO snk WITH q AS (SELECT u, v FROM s) SELECT u, v FROM q;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    WITH q AS (SELECT u, v, `ts` AS `__gate_time` FROM s) SELECT `u`, `n`
    FROM (
    SELECT u, v, `__gate_time` FROM q
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("cte_column_list", "INSERT INTO snk WITH q (a, b) AS (SELECT u, v FROM s) SELECT a, b FROM q;"), @r"
    exact
    append: a, b
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    WITH q (a, b, `__gate_time`) AS (SELECT u, v, `ts` AS `__gate_time` FROM s) SELECT `u`, `n`
    FROM (
    SELECT a, b, `__gate_time` FROM q
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("cte_read_twice", "INSERT INTO snk WITH q AS (SELECT u, v FROM s) SELECT u, v FROM q UNION ALL SELECT u, v FROM q WHERE v > 1;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    WITH q AS (SELECT u, v, `ts` AS `__gate_time` FROM s) SELECT `u`, `n`
    FROM (
    SELECT u, v, `__gate_time` FROM q UNION ALL SELECT u, v, `__gate_time` FROM q WHERE v > 1
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("cte_of_cte", "INSERT INTO snk WITH q AS (SELECT u, v FROM s), q2 AS (SELECT u, v + 1 AS x FROM q) SELECT u, x FROM q2;"), @r"
    exact
    append: u, x
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    WITH q AS (SELECT u, v, `ts` AS `__gate_time` FROM s), q2 AS (SELECT u, v + 1 AS x, `__gate_time` FROM q) SELECT `u`, `n`
    FROM (
    SELECT u, x, `__gate_time` FROM q2
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("cte_hides_a_table", "INSERT INTO snk WITH r AS (SELECT u, v FROM s) SELECT u, v FROM r;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    WITH r AS (SELECT u, v, `ts` AS `__gate_time` FROM s) SELECT `u`, `n`
    FROM (
    SELECT u, v, `__gate_time` FROM r
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("cte_nested", "INSERT INTO snk SELECT u, v FROM (WITH q AS (SELECT u, v FROM s) SELECT u, v FROM q) AS d;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `__gate_time` FROM (WITH q AS (SELECT u, v, `ts` AS `__gate_time` FROM s) SELECT u, v, `__gate_time` FROM q) AS d
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    -- Flink 1.20
    exact
    append: u, v
    gate time `__gate_time`
    INSERT INTO snk SELECT `u`, `n`
    FROM (
    SELECT u, v, `__gate_time` FROM (WITH q AS (SELECT u, v, `ts` AS `__gate_time` FROM s) SELECT u, v, `__gate_time` FROM q) AS d
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    ");
    insta::assert_snapshot!(t.case("view_with_time", "INSERT INTO snk SELECT u, v FROM vs;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM vs
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("view_without_time", "INSERT INTO snk SELECT u, v FROM vn;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `vn__timed` AS
    SELECT u, v, `ts` AS `__gate_time` FROM s;
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `__gate_time` FROM `vn__timed` AS vn
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("view_aliased", "INSERT INTO snk SELECT x.u, x.v FROM vn AS x;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `vn__timed` AS
    SELECT u, v, `ts` AS `__gate_time` FROM s;
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT x.u, x.v, `__gate_time` FROM `vn__timed` AS x
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("view_qualified_by_its_name", "INSERT INTO snk SELECT vn.u, vn.v FROM vn;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `vn__timed` AS
    SELECT u, v, `ts` AS `__gate_time` FROM s;
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT vn.u, vn.v, `__gate_time` FROM `vn__timed` AS vn
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("view_read_by_two", "\
INSERT INTO snk SELECT u, v FROM vn;
INSERT INTO wide SELECT u, v, CAST(NULL AS TIMESTAMP(3)) FROM vn;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    exact
    append: u, v, EXPR$2
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `vn__timed` AS
    SELECT u, v, `ts` AS `__gate_time` FROM s;
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `__gate_time` FROM `vn__timed` AS vn
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT u, v, CAST(NULL AS TIMESTAMP(3)), `__gate_time` FROM `vn__timed` AS vn
    ) AS `q` (`u`, `n`, `t`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("view_of_a_view", "\
CREATE TEMPORARY VIEW vv AS SELECT u, v + 1 AS x FROM vn;
INSERT INTO snk SELECT u, x FROM vv;"), @r"
    exact
    append: u, x
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `vn__timed` AS
    SELECT u, v, `ts` AS `__gate_time` FROM s;
    CREATE TEMPORARY VIEW `vv__timed` AS
    SELECT u, v + 1 AS x, `__gate_time` FROM `vn__timed` AS vn;
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, x, `__gate_time` FROM `vv__timed` AS vv
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("view_with_column_list", "\
CREATE TEMPORARY VIEW vc (a, b) AS SELECT u, v FROM s;
INSERT INTO snk SELECT a, b FROM vc;"), @r"
    exact
    append: a, b
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `vc__timed` (`a`, `b`, `__gate_time`) AS
    SELECT u, v, `ts` AS `__gate_time` FROM s;
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT a, b, `__gate_time` FROM `vc__timed` AS vc
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("view_star", "\
CREATE TEMPORARY VIEW va AS SELECT * FROM vn;
INSERT INTO snk SELECT * FROM va;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `vn__timed` AS
    SELECT u, v, `ts` AS `__gate_time` FROM s;
    CREATE TEMPORARY VIEW `va__timed` AS
    SELECT `u`, `v`, `__gate_time` FROM `vn__timed` AS vn;
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT `u`, `v`, `__gate_time` FROM `va__timed` AS va
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("view_of_union", "\
CREATE TEMPORARY VIEW vu AS SELECT u, v FROM s UNION ALL SELECT u, w FROM r;
INSERT INTO snk SELECT u, v FROM vu;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `vu__timed` AS
    SELECT u, v, `ts` AS `__gate_time` FROM s UNION ALL SELECT u, w, `rts` AS `__gate_time` FROM r;
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `__gate_time` FROM `vu__timed` AS vu
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("view_of_window", "\
CREATE TEMPORARY VIEW vw AS SELECT u, COUNT(*) AS c FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u;
INSERT INTO snk SELECT u, c FROM vw WHERE c > 1;"), @r"
    exact
    append: u, c
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `vw__timed` AS
    SELECT u, COUNT(*) AS c, `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u;
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, c, `__gate_time` FROM `vw__timed` AS vw WHERE c > 1
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("view_of_updates", "\
CREATE TEMPORARY VIEW vg AS SELECT u, COUNT(*) AS c FROM s GROUP BY u;
INSERT INTO ups SELECT u, c FROM vg;"), @r"
    best-effort: retractions, two-writers
    upsert (u): u, c
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `s__source_gate` AS
    SELECT `id`, `u`, `v`, `ts`
    FROM s
    WHERE COALESCE(`ts`, MIN) >= MIN
      AND COALESCE(`ts`, MIN) < T;
    CREATE TEMPORARY VIEW `vg__closing` AS
    SELECT u, COUNT(*) AS c, MAX(`ts`) AS `__gate_time` FROM `s__source_gate` AS s GROUP BY u;
    CREATE TEMPORARY VIEW `ups__gate` AS
    SELECT `u`, COALESCE(CASE WHEN `__gate_time` >= MIN THEN `n` END, `n`) AS `n`
    FROM (
    SELECT u, c, `__gate_time` FROM `vg__closing` AS vg
    ) AS `q` (`u`, `n`, `__gate_time`);
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate`;
    ");
    insta::assert_snapshot!(t.case("expression_named_like_the_time", "INSERT INTO wide SELECT u, v, ts FROM (SELECT u, v, ts + INTERVAL '1' DAY AS ts FROM s) AS d;"), @r"
    exact
    append: u, v, ts
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT u, v, ts, `__gate_time` FROM (SELECT u, v, ts + INTERVAL '1' DAY AS ts, `ts` AS `__gate_time` FROM s) AS d
    ) AS `q` (`u`, `n`, `t`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
}
