//! The older group windows: GROUP BY TUMBLE(…).

use super::Table;

pub(super) fn cases(t: &mut Table) {
    insta::assert_snapshot!(t.case("tumble", "INSERT INTO snk SELECT u, COUNT(*) FROM s GROUP BY u, TUMBLE(ts, INTERVAL '1' MINUTE);"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(*), TUMBLE_END(ts, INTERVAL '1' MINUTE) - INTERVAL '0.001' SECOND AS `__gate_time` FROM s GROUP BY u, TUMBLE(ts, INTERVAL '1' MINUTE)
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("hop", "INSERT INTO snk SELECT u, COUNT(*) FROM s GROUP BY u, HOP(ts, INTERVAL '1' MINUTE, INTERVAL '5' MINUTE);"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(*), HOP_END(ts, INTERVAL '1' MINUTE, INTERVAL '5' MINUTE) - INTERVAL '0.001' SECOND AS `__gate_time` FROM s GROUP BY u, HOP(ts, INTERVAL '1' MINUTE, INTERVAL '5' MINUTE)
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("session", "INSERT INTO snk SELECT u, COUNT(*) FROM s GROUP BY u, SESSION(ts, INTERVAL '5' MINUTE);"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(*), SESSION_END(ts, INTERVAL '5' MINUTE) - INTERVAL '0.001' SECOND AS `__gate_time` FROM s GROUP BY u, SESSION(ts, INTERVAL '5' MINUTE)
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("end", "INSERT INTO wide SELECT u, COUNT(*), TUMBLE_END(ts, INTERVAL '1' MINUTE) FROM s GROUP BY u, TUMBLE(ts, INTERVAL '1' MINUTE);"), @r"
    exact
    append: u, EXPR$1, EXPR$2
    gate time `t` - INTERVAL '0.001' SECOND
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT u, COUNT(*), TUMBLE_END(ts, INTERVAL '1' MINUTE) FROM s GROUP BY u, TUMBLE(ts, INTERVAL '1' MINUTE)
    ) AS `q` (`u`, `n`, `t`)
    CROSS JOIN UNNEST(ARRAY[`t` - INTERVAL '0.001' SECOND]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("start", "INSERT INTO wide SELECT u, COUNT(*), TUMBLE_START(ts, INTERVAL '1' MINUTE) FROM s GROUP BY u, TUMBLE(ts, INTERVAL '1' MINUTE);"), @r"
    exact
    append: u, EXPR$1, EXPR$2
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT u, COUNT(*), TUMBLE_START(ts, INTERVAL '1' MINUTE), TUMBLE_END(ts, INTERVAL '1' MINUTE) - INTERVAL '0.001' SECOND AS `__gate_time` FROM s GROUP BY u, TUMBLE(ts, INTERVAL '1' MINUTE)
    ) AS `q` (`u`, `n`, `t`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("rowtime", "INSERT INTO wide SELECT u, COUNT(*), HOP_ROWTIME(ts, INTERVAL '1' MINUTE, INTERVAL '5' MINUTE) FROM s GROUP BY u, HOP(ts, INTERVAL '1' MINUTE, INTERVAL '5' MINUTE);"), @r"
    exact
    append: u, EXPR$1, EXPR$2 *ROWTIME*
    gate time `t`
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT u, COUNT(*), HOP_ROWTIME(ts, INTERVAL '1' MINUTE, INTERVAL '5' MINUTE) FROM s GROUP BY u, HOP(ts, INTERVAL '1' MINUTE, INTERVAL '5' MINUTE)
    ) AS `q` (`u`, `n`, `t`)
    CROSS JOIN UNNEST(ARRAY[CAST(`t` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("proctime_of_a_rowtime_window", "\
CREATE TABLE marks (u STRING, t TIMESTAMP_LTZ(3)) WITH ('connector' = 'kafka', 'topic' = 'm', 'format' = 'json');
INSERT INTO marks SELECT u, TUMBLE_PROCTIME(pt, INTERVAL '1' MINUTE) FROM p GROUP BY u, TUMBLE(pt, INTERVAL '1' MINUTE);"), @r"
    refused: proctime-window
    append: u, EXPR$1 *PROCTIME*
    ");
    insta::assert_snapshot!(t.case("having", "INSERT INTO snk SELECT u, COUNT(*) FROM s GROUP BY u, TUMBLE(ts, INTERVAL '1' MINUTE) HAVING COUNT(*) > 1;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(*), TUMBLE_END(ts, INTERVAL '1' MINUTE) - INTERVAL '0.001' SECOND AS `__gate_time` FROM s GROUP BY u, TUMBLE(ts, INTERVAL '1' MINUTE) HAVING COUNT(*) > 1
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("cascaded", "INSERT INTO snk SELECT u, SUM(c) FROM (SELECT u, COUNT(*) AS c, TUMBLE_ROWTIME(ts, INTERVAL '1' MINUTE) AS rt FROM s GROUP BY u, TUMBLE(ts, INTERVAL '1' MINUTE)) AS d GROUP BY u, TUMBLE(rt, INTERVAL '1' HOUR);"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, SUM(c), TUMBLE_END(rt, INTERVAL '1' HOUR) - INTERVAL '0.001' SECOND AS `__gate_time` FROM (SELECT u, COUNT(*) AS c, TUMBLE_ROWTIME(ts, INTERVAL '1' MINUTE) AS rt FROM s GROUP BY u, TUMBLE(ts, INTERVAL '1' MINUTE)) AS d GROUP BY u, TUMBLE(rt, INTERVAL '1' HOUR)
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("derived", "INSERT INTO snk SELECT u, c FROM (SELECT u, COUNT(*) AS c FROM s GROUP BY u, TUMBLE(ts, INTERVAL '1' MINUTE)) AS d WHERE c > 1;"), @r"
    exact
    append: u, c
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, c, `__gate_time` FROM (SELECT u, COUNT(*) AS c, TUMBLE_END(ts, INTERVAL '1' MINUTE) - INTERVAL '0.001' SECOND AS `__gate_time` FROM s GROUP BY u, TUMBLE(ts, INTERVAL '1' MINUTE)) AS d WHERE c > 1
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("ltz", "INSERT INTO snk SELECT u, COUNT(*) FROM z GROUP BY u, TUMBLE(zts, INTERVAL '1' MINUTE);"), @r"
    best-effort: repeated-hour
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(*), CAST(TUMBLE_END(zts, INTERVAL '1' MINUTE) - INTERVAL '0.001' SECOND AS TIMESTAMP_LTZ(3)) AS `__gate_time` FROM z GROUP BY u, TUMBLE(zts, INTERVAL '1' MINUTE)
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP_LTZ(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN_LTZ) >= MIN_LTZ
      AND COALESCE(`__t`, MIN_LTZ) < T_LTZ;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("proctime", "INSERT INTO snk SELECT u, COUNT(*) FROM p GROUP BY u, TUMBLE(pt, INTERVAL '1' MINUTE);"), @r"
    refused: proctime-window
    append: u, EXPR$1
    ");
    insta::assert_snapshot!(t.case("on_a_cast", "INSERT INTO snk SELECT u, COUNT(*) FROM s GROUP BY u, TUMBLE(CAST(ts AS TIMESTAMP(3)), INTERVAL '1' MINUTE);"), @r"
    refused: window-without-rowtime
    append: u, EXPR$1
    ");
    insta::assert_snapshot!(t.case("no_key", "INSERT INTO snk SELECT 'all', COUNT(*) FROM s GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE);"), @r"
    exact
    append: EXPR$0, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT 'all', COUNT(*), TUMBLE_END(ts, INTERVAL '1' MINUTE) - INTERVAL '0.001' SECOND AS `__gate_time` FROM s GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
}
