//! MATCH_RECOGNIZE.

use super::Table;

pub(super) fn cases(t: &mut Table) {
    insta::assert_snapshot!(t.case("no_time_measured", "INSERT INTO snk SELECT u, f FROM s MATCH_RECOGNIZE (PARTITION BY u ORDER BY ts MEASURES B.v AS f ONE ROW PER MATCH PATTERN (A B) DEFINE A AS A.v > 1) AS m;"), @r"
    exact
    append: u, f
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, f, `__gate_time` FROM s MATCH_RECOGNIZE (PARTITION BY u ORDER BY ts MEASURES B.v AS f, MATCH_ROWTIME() AS `__gate_time` ONE ROW PER MATCH PATTERN (A B) DEFINE A AS A.v > 1) AS m
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    -- Flink 1.20
    exact
    append: u, f
    gate time `__gate_time`
    INSERT INTO snk SELECT `u`, `n`
    FROM (
    SELECT u, f, `__gate_time` FROM s MATCH_RECOGNIZE (PARTITION BY u ORDER BY ts MEASURES B.v AS f, MATCH_ROWTIME() AS `__gate_time` ONE ROW PER MATCH PATTERN (A B) DEFINE A AS A.v > 1) AS m
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    ");
    insta::assert_snapshot!(t.case("time_measured", "INSERT INTO wide SELECT u, f, mt FROM s MATCH_RECOGNIZE (PARTITION BY u ORDER BY ts MEASURES B.v AS f, MATCH_ROWTIME() AS mt ONE ROW PER MATCH PATTERN (A B) DEFINE A AS A.v > 1) AS m;"), @r"
    exact
    append: u, f, mt *ROWTIME*
    gate time `t`
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT u, f, mt FROM s MATCH_RECOGNIZE (PARTITION BY u ORDER BY ts MEASURES B.v AS f, MATCH_ROWTIME() AS mt ONE ROW PER MATCH PATTERN (A B) DEFINE A AS A.v > 1) AS m
    ) AS `q` (`u`, `n`, `t`)
    WHERE COALESCE(`t`, MIN) >= MIN
      AND COALESCE(`t`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    -- Flink 1.20
    exact
    append: u, f, mt *ROWTIME*
    gate time `t`
    INSERT INTO wide SELECT `u`, `n`, `t`
    FROM (
    SELECT u, f, mt FROM s MATCH_RECOGNIZE (PARTITION BY u ORDER BY ts MEASURES B.v AS f, MATCH_ROWTIME() AS mt ONE ROW PER MATCH PATTERN (A B) DEFINE A AS A.v > 1) AS m
    ) AS `q` (`u`, `n`, `t`)
    WHERE COALESCE(`t`, MIN) >= MIN
      AND COALESCE(`t`, MIN) < T;
    ");
    insta::assert_snapshot!(t.case("no_partition", "INSERT INTO snk SELECT 'x', f FROM s MATCH_RECOGNIZE (ORDER BY ts MEASURES B.v AS f ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW PATTERN (A B) DEFINE A AS A.v > 1) AS m;"), @r"
    exact
    append: EXPR$0, f
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT 'x', f, `__gate_time` FROM s MATCH_RECOGNIZE (ORDER BY ts MEASURES B.v AS f, MATCH_ROWTIME() AS `__gate_time` ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW PATTERN (A B) DEFINE A AS A.v > 1) AS m
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    -- Flink 1.20
    exact
    append: EXPR$0, f
    gate time `__gate_time`
    INSERT INTO snk SELECT `u`, `n`
    FROM (
    SELECT 'x', f, `__gate_time` FROM s MATCH_RECOGNIZE (ORDER BY ts MEASURES B.v AS f, MATCH_ROWTIME() AS `__gate_time` ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW PATTERN (A B) DEFINE A AS A.v > 1) AS m
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    ");
    insta::assert_snapshot!(t.case("ltz", "INSERT INTO snk SELECT u, f FROM z MATCH_RECOGNIZE (PARTITION BY u ORDER BY zts MEASURES B.v AS f ONE ROW PER MATCH PATTERN (A B) DEFINE A AS A.v > 1) AS m;"), @r"
    exact
    append: u, f
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, f, `__gate_time` FROM z MATCH_RECOGNIZE (PARTITION BY u ORDER BY zts MEASURES B.v AS f, MATCH_ROWTIME(`zts`) AS `__gate_time` ONE ROW PER MATCH PATTERN (A B) DEFINE A AS A.v > 1) AS m
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN_LTZ) >= MIN_LTZ
      AND COALESCE(`__gate_time`, MIN_LTZ) < T_LTZ;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    -- Flink 1.20
    exact
    append: u, f
    gate time `__gate_time`
    INSERT INTO snk SELECT `u`, `n`
    FROM (
    SELECT u, f, `__gate_time` FROM z MATCH_RECOGNIZE (PARTITION BY u ORDER BY zts MEASURES B.v AS f, MATCH_ROWTIME(`zts`) AS `__gate_time` ONE ROW PER MATCH PATTERN (A B) DEFINE A AS A.v > 1) AS m
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN_LTZ) >= MIN_LTZ
      AND COALESCE(`__gate_time`, MIN_LTZ) < T_LTZ;
    ");
    insta::assert_snapshot!(t.case("no_measures", "INSERT INTO ups SELECT u, 1 FROM s MATCH_RECOGNIZE (PARTITION BY u ORDER BY ts ONE ROW PER MATCH PATTERN (A B) DEFINE A AS A.v > 1) AS m;"), @r"
    refused: match-recognize
    append: u, EXPR$1
    ");
    insta::assert_snapshot!(t.case("proctime", "INSERT INTO snk SELECT u, f FROM p MATCH_RECOGNIZE (PARTITION BY u ORDER BY pt MEASURES B.id AS f ONE ROW PER MATCH PATTERN (A B) DEFINE A AS A.id > 1) AS m;"), @r"
    refused: proctime-window
    append: u, f
    ");
    insta::assert_snapshot!(t.case("of_updates", "INSERT INTO snk SELECT u, f FROM ver MATCH_RECOGNIZE (PARTITION BY u ORDER BY since MEASURES B.w AS f ONE ROW PER MATCH PATTERN (A B) DEFINE A AS A.w > 1) AS m;"), @r"
    refused: changelog-source, retracting-input
    append: u, f
    ");
    insta::assert_snapshot!(t.case("window_above", "INSERT INTO snk SELECT u, COUNT(*) FROM s MATCH_RECOGNIZE (PARTITION BY u ORDER BY ts MEASURES B.v AS f, MATCH_ROWTIME() AS mt ONE ROW PER MATCH PATTERN (A B) DEFINE A AS A.v > 1) AS m GROUP BY u, TUMBLE(mt, INTERVAL '1' MINUTE);"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(*), TUMBLE_END(mt, INTERVAL '1' MINUTE) - INTERVAL '0.001' SECOND AS `__gate_time` FROM s MATCH_RECOGNIZE (PARTITION BY u ORDER BY ts MEASURES B.v AS f, MATCH_ROWTIME() AS mt ONE ROW PER MATCH PATTERN (A B) DEFINE A AS A.v > 1) AS m GROUP BY u, TUMBLE(mt, INTERVAL '1' MINUTE)
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    -- Flink 1.20
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    INSERT INTO snk SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(*), TUMBLE_END(mt, INTERVAL '1' MINUTE) - INTERVAL '0.001' SECOND AS `__gate_time` FROM s MATCH_RECOGNIZE (PARTITION BY u ORDER BY ts MEASURES B.v AS f, MATCH_ROWTIME() AS mt ONE ROW PER MATCH PATTERN (A B) DEFINE A AS A.v > 1) AS m GROUP BY u, TUMBLE(mt, INTERVAL '1' MINUTE)
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    ");
    insta::assert_snapshot!(t.case("random_pattern", "INSERT INTO snk SELECT u, f FROM s MATCH_RECOGNIZE (PARTITION BY u ORDER BY ts MEASURES B.v AS f ONE ROW PER MATCH PATTERN (A B) DEFINE A AS RAND() < 0.5) AS m;"), @r"
    best-effort: non-deterministic-rows
    append: u, f
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, f, `__gate_time` FROM s MATCH_RECOGNIZE (PARTITION BY u ORDER BY ts MEASURES B.v AS f, MATCH_ROWTIME() AS `__gate_time` ONE ROW PER MATCH PATTERN (A B) DEFINE A AS RAND() < 0.5) AS m
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    -- Flink 1.20
    best-effort: non-deterministic-rows
    append: u, f
    gate time `__gate_time`
    INSERT INTO snk SELECT `u`, `n`
    FROM (
    SELECT u, f, `__gate_time` FROM s MATCH_RECOGNIZE (PARTITION BY u ORDER BY ts MEASURES B.v AS f, MATCH_ROWTIME() AS `__gate_time` ONE ROW PER MATCH PATTERN (A B) DEFINE A AS RAND() < 0.5) AS m
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    ");
}
