//! UNNEST, table functions, lateral sub-queries.

use super::Table;

pub(super) fn cases(t: &mut Table) {
    insta::assert_snapshot!(t.case("unnest", "INSERT INTO snk SELECT p.u, t.x FROM p CROSS JOIN UNNEST(p.arr) AS t (x);"), @r"
    exact
    append: u, x
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT p.u, t.x, `p`.`ts` AS `__gate_time` FROM p CROSS JOIN UNNEST(p.arr) AS t (x)
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("unnest_comma", "INSERT INTO snk SELECT a.u, t.x FROM p AS a, UNNEST(a.arr) AS t (x);"), @r"
    exact
    append: u, x
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT a.u, t.x, `a`.`ts` AS `__gate_time` FROM p AS a, UNNEST(a.arr) AS t (x)
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("unnest_left", "INSERT INTO snk SELECT a.u, t.x FROM p AS a LEFT JOIN UNNEST(a.arr) AS t (x) ON TRUE;"), @r"
    exact
    append: u, x
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT a.u, t.x, `a`.`ts` AS `__gate_time` FROM p AS a LEFT JOIN UNNEST(a.arr) AS t (x) ON TRUE
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("unnest_with_ordinality", "INSERT INTO snk SELECT a.u, t.o FROM p AS a CROSS JOIN UNNEST(a.arr) WITH ORDINALITY AS t (x, o);"), @r"
    exact
    append: u, o
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT a.u, t.o, `a`.`ts` AS `__gate_time` FROM p AS a CROSS JOIN UNNEST(a.arr) WITH ORDINALITY AS t (x, o)
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("unnest_of_a_list", "INSERT INTO snk SELECT s.u, t.x FROM s CROSS JOIN UNNEST(ARRAY[v, v + 1]) AS t (x);"), @r"
    exact
    append: u, x
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT s.u, t.x, `s`.`ts` AS `__gate_time` FROM s CROSS JOIN UNNEST(ARRAY[v, v + 1]) AS t (x)
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("unnest_of_no_alias", "INSERT INTO snk SELECT u, x FROM (SELECT u, arr, ts FROM p) CROSS JOIN UNNEST(arr) AS t (x);"), @r"
    exact
    append: u, x
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, x, `ts` AS `__gate_time` FROM (SELECT u, arr, ts FROM p) CROSS JOIN UNNEST(arr) AS t (x)
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("unnest_of_no_alias_nor_time", "INSERT INTO snk SELECT u, x FROM (SELECT u, arr FROM p) CROSS JOIN UNNEST(arr) AS t (x);"), @r"
    exact
    append: u, x
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, x, `__gate_time` FROM (SELECT u, arr, `ts` AS `__gate_time` FROM p) CROSS JOIN UNNEST(arr) AS t (x)
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("unnest_filtered", "INSERT INTO wide SELECT a.u, t.x, a.ts FROM p AS a CROSS JOIN UNNEST(a.arr) AS t (x) WHERE t.x > 1;"), @r"
    exact
    append: u, x, ts *ROWTIME*
    gate time `t`
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT a.u, t.x, a.ts FROM p AS a CROSS JOIN UNNEST(a.arr) AS t (x) WHERE t.x > 1
    ) AS `q` (`u`, `n`, `t`)
    CROSS JOIN UNNEST(ARRAY[CAST(`t` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("unnest_window_above", "INSERT INTO snk SELECT u, SUM(x) FROM TABLE(TUMBLE((SELECT a.u, t.x, a.ts FROM p AS a CROSS JOIN UNNEST(a.arr) AS t (x)), DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, SUM(x), `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(TUMBLE((SELECT a.u, t.x, a.ts FROM p AS a CROSS JOIN UNNEST(a.arr) AS t (x)), DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("unnest_of_constants", "INSERT INTO snk SELECT s.u, t.x FROM s CROSS JOIN UNNEST(ARRAY[1, 2]) AS t (x);"), @r"
    exact
    append: u, x
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT s.u, t.x, `s`.`ts` AS `__gate_time` FROM s CROSS JOIN UNNEST(ARRAY[1, 2]) AS t (x)
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("unnest_of_a_random_list", "INSERT INTO snk SELECT s.u, t.x FROM s CROSS JOIN UNNEST(ARRAY[RAND_INTEGER(5)]) AS t (x);"), @r"
    exact
    append: u, x
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT s.u, t.x, `s`.`ts` AS `__gate_time` FROM s CROSS JOIN UNNEST(ARRAY[RAND_INTEGER(5)]) AS t (x)
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("table_function", "\
CREATE FUNCTION chop AS 'com.example.Chop';
INSERT INTO snk SELECT s.u, t.x FROM s CROSS JOIN LATERAL TABLE(chop(u)) AS t (x);"), @r"
    exact
    append: u, x
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT s.u, t.x, `s`.`ts` AS `__gate_time` FROM s CROSS JOIN LATERAL TABLE(chop(u)) AS t (x)
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("table_function_of_the_program", "INSERT INTO snk SELECT s.u, t.x FROM s, LATERAL TABLE(elsewhere(u)) AS t (x);"), @r"
    exact
    append: u, x
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT s.u, t.x, `s`.`ts` AS `__gate_time` FROM s, LATERAL TABLE(elsewhere(u)) AS t (x)
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("table_function_left", "\
CREATE FUNCTION chop AS 'com.example.Chop';
INSERT INTO snk SELECT s.u, t.x FROM s LEFT JOIN LATERAL TABLE(chop(u)) AS t (x) ON TRUE;"), @r"
    exact
    append: u, x
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT s.u, t.x, `s`.`ts` AS `__gate_time` FROM s LEFT JOIN LATERAL TABLE(chop(u)) AS t (x) ON TRUE
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("subquery", "INSERT INTO snk SELECT a.u, b.w FROM s AS a, LATERAL (SELECT w FROM r WHERE r.id = a.id) AS b;"), @r"
    refused: lateral-query
    append: u, w
    ");
    insta::assert_snapshot!(t.case("subquery_top_n", "INSERT INTO snk SELECT a.u, b.w FROM (SELECT DISTINCT u FROM s) AS a, LATERAL (SELECT w FROM r WHERE r.u = a.u ORDER BY w DESC LIMIT 3) AS b;"), @r"
    refused: distinct, lateral-query, limit, order-by, retracting-input
    retract: u, w
    ");
}
