//! Window table-valued functions and aggregates over them.

use super::Table;

pub(super) fn cases(t: &mut Table) {
    insta::assert_snapshot!(t.case("tumble", "INSERT INTO snk SELECT u, COUNT(*) FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(*), `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("hop", "INSERT INTO snk SELECT u, COUNT(*) FROM TABLE(HOP(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '5' MINUTE)) GROUP BY u, window_start, window_end;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(*), `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(HOP(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '5' MINUTE)) GROUP BY u, window_start, window_end
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("cumulate", "INSERT INTO wide SELECT u, COUNT(*), window_end FROM TABLE(CUMULATE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '1' HOUR)) GROUP BY window_start, window_end, u;"), @r"
    exact
    append: u, EXPR$1, window_end
    gate time `t` - INTERVAL '0.001' SECOND
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT u, COUNT(*), window_end FROM TABLE(CUMULATE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '1' HOUR)) GROUP BY window_start, window_end, u
    ) AS `q` (`u`, `n`, `t`)
    CROSS JOIN UNNEST(ARRAY[`t` - INTERVAL '0.001' SECOND]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("session", "INSERT INTO snk SELECT u, COUNT(*) FROM TABLE(SESSION(TABLE s PARTITION BY u, DESCRIPTOR(ts), INTERVAL '5' MINUTE)) GROUP BY window_start, window_end, u;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(*), `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(SESSION(TABLE s PARTITION BY u, DESCRIPTOR(ts), INTERVAL '5' MINUTE)) GROUP BY window_start, window_end, u
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("tumble_with_offset", "INSERT INTO snk SELECT u, COUNT(*) FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' HOUR, INTERVAL '5' MINUTE)) GROUP BY window_start, window_end, u;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(*), `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' HOUR, INTERVAL '5' MINUTE)) GROUP BY window_start, window_end, u
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("named_arguments", "INSERT INTO snk SELECT u, COUNT(*) FROM TABLE(TUMBLE(DATA => TABLE s, TIMECOL => DESCRIPTOR(ts), SIZE => INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(*), `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(TUMBLE(DATA => TABLE s, TIMECOL => DESCRIPTOR(ts), SIZE => INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("without_table", "INSERT INTO snk SELECT u, COUNT(*) FROM TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE) GROUP BY window_start, window_end, u;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(*), `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE) GROUP BY window_start, window_end, u
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    -- Flink 1.20
    refused: table-function-without-table
    ");
    insta::assert_snapshot!(t.case("rows_only", "INSERT INTO wide SELECT u, v, window_start FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE));"), @r"
    exact
    append: u, v, window_start
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT u, v, window_start, `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
    ) AS `q` (`u`, `n`, `t`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("rows_with_window_time", "INSERT INTO wide SELECT u, v, window_time FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE));"), @r"
    exact
    append: u, v, window_time *ROWTIME*
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT u, v, window_time, `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
    ) AS `q` (`u`, `n`, `t`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("rows_with_the_old_time", "INSERT INTO wide SELECT u, v, ts FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE));"), @r"
    exact
    append: u, v, ts
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT u, v, ts, `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
    ) AS `q` (`u`, `n`, `t`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("window_time_grouped", "INSERT INTO wide SELECT u, COUNT(*), window_time FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, window_time, u;"), @r"
    exact
    append: u, EXPR$1, window_time *ROWTIME*
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT u, COUNT(*), window_time, `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, window_time, u
    ) AS `q` (`u`, `n`, `t`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("end_renamed", "INSERT INTO wide SELECT u, COUNT(*), window_end AS e FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u;"), @r"
    exact
    append: u, EXPR$1, e
    gate time `t` - INTERVAL '0.001' SECOND
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT u, COUNT(*), window_end AS e FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u
    ) AS `q` (`u`, `n`, `t`)
    CROSS JOIN UNNEST(ARRAY[`t` - INTERVAL '0.001' SECOND]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("no_key", "INSERT INTO wide SELECT 'all', COUNT(*), window_end FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;"), @r"
    exact
    append: EXPR$0, EXPR$1, window_end
    gate time `t` - INTERVAL '0.001' SECOND
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT 'all', COUNT(*), window_end FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end
    ) AS `q` (`u`, `n`, `t`)
    CROSS JOIN UNNEST(ARRAY[`t` - INTERVAL '0.001' SECOND]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("having", "INSERT INTO snk SELECT u, COUNT(*) FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u HAVING COUNT(*) > 1;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(*), `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u HAVING COUNT(*) > 1
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("filter_below", "INSERT INTO snk SELECT u, COUNT(*) FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) WHERE v > 1 GROUP BY window_start, window_end, u;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(*), `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) WHERE v > 1 GROUP BY window_start, window_end, u
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("projection_above", "INSERT INTO snk SELECT UPPER(u), c * 2 FROM (SELECT u, COUNT(*) AS c FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u) AS d WHERE c > 1;"), @r"
    exact
    append: EXPR$0, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT UPPER(u), c * 2, `__gate_time` FROM (SELECT u, COUNT(*) AS c, `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u) AS d WHERE c > 1
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("count_distinct", "INSERT INTO snk SELECT u, COUNT(DISTINCT v) FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(DISTINCT v), `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("distinct_above", "INSERT INTO wide SELECT DISTINCT u, CAST(v AS BIGINT), window_end FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE));"), @r#"
    refused: distinct, updating-into-append-sink
    upsert (u, EXPR$1, window_end): u, EXPR$1, window_end
    "#);
    insta::assert_snapshot!(t.case("distinct_of_windows", "INSERT INTO snk SELECT u, v FROM (SELECT DISTINCT window_start, window_end, u, v FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) AS d WHERE v > 1;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM (SELECT DISTINCT window_start, window_end, u, v FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) AS d WHERE v > 1
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("distinct_rows_of_windows", "\
CREATE TABLE spans (b TIMESTAMP(3), e TIMESTAMP(3), u STRING) WITH ('connector' = 'kafka', 'topic' = 'spans', 'format' = 'json');
INSERT INTO spans SELECT DISTINCT window_start, window_end, u FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE));"), @r"
    exact
    append: window_start, window_end, u
    gate time `e` - INTERVAL '0.001' SECOND
    CREATE TEMPORARY VIEW `spans__gate` AS
    SELECT `b`, `e`, `u`
    FROM (
    SELECT DISTINCT window_start, window_end, u FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
    ) AS `q` (`b`, `e`, `u`)
    CROSS JOIN UNNEST(ARRAY[`e` - INTERVAL '0.001' SECOND]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO spans SELECT `b`, `e`, `u` FROM `spans__gate`;
    ");
    insta::assert_snapshot!(t.case("grouping_sets", "INSERT INTO snk SELECT u, COUNT(*) FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, GROUPING SETS ((u), ());"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(*), `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, GROUPING SETS ((u), ())
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("rollup", "INSERT INTO snk SELECT u, COUNT(*) FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, ROLLUP (u);"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(*), `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, ROLLUP (u)
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("cube", "INSERT INTO snk SELECT u, COUNT(*) FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, CUBE (u, v);"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(*), `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, CUBE (u, v)
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("cascaded", "INSERT INTO snk SELECT u, SUM(c) FROM TABLE(TUMBLE((SELECT u, COUNT(*) AS c, window_time AS wt FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, window_time, u), DESCRIPTOR(wt), INTERVAL '1' HOUR)) GROUP BY window_start, window_end, u;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, SUM(c), `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(TUMBLE((SELECT u, COUNT(*) AS c, window_time AS wt FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, window_time, u), DESCRIPTOR(wt), INTERVAL '1' HOUR)) GROUP BY window_start, window_end, u
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("cascaded_group_by", "INSERT INTO snk SELECT u, SUM(c) FROM (SELECT window_start, window_end, u, v, COUNT(*) AS c FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u, v) AS d GROUP BY window_start, window_end, u;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, SUM(c), `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM (SELECT window_start, window_end, u, v, COUNT(*) AS c FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u, v) AS d GROUP BY window_start, window_end, u
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("ltz", "INSERT INTO snk SELECT u, COUNT(*) FROM TABLE(TUMBLE(TABLE z, DESCRIPTOR(zts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u;"), @r"
    best-effort: repeated-hour
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(*), CAST(`window_end` - INTERVAL '0.001' SECOND AS TIMESTAMP_LTZ(3)) AS `__gate_time` FROM TABLE(TUMBLE(TABLE z, DESCRIPTOR(zts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP_LTZ(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN_LTZ) >= MIN_LTZ
      AND COALESCE(`__t`, MIN_LTZ) < T_LTZ;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("ltz_in_utc", "\
SET 'table.local-time-zone' = 'UTC';
INSERT INTO wide SELECT u, COUNT(*), window_end FROM TABLE(TUMBLE(TABLE z, DESCRIPTOR(zts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u;"), @r"
    exact
    append: u, EXPR$1, window_end
    gate time CAST(`t` - INTERVAL '0.001' SECOND AS TIMESTAMP_LTZ(3))
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT u, COUNT(*), window_end FROM TABLE(TUMBLE(TABLE z, DESCRIPTOR(zts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u
    ) AS `q` (`u`, `n`, `t`)
    CROSS JOIN UNNEST(ARRAY[CAST(`t` - INTERVAL '0.001' SECOND AS TIMESTAMP_LTZ(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN_LTZ) >= MIN_LTZ
      AND COALESCE(`__t`, MIN_LTZ) < T_LTZ;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("ltz_window_time", "\
CREATE TABLE marks (u STRING, t TIMESTAMP_LTZ(3)) WITH ('connector' = 'kafka', 'topic' = 'm', 'format' = 'json');
INSERT INTO marks SELECT u, window_time FROM TABLE(TUMBLE(TABLE z, DESCRIPTOR(zts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, window_time, u;"), @r"
    best-effort: repeated-hour
    append: u, window_time *ROWTIME*
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `marks__gate` AS
    SELECT `u`, `t`
    FROM (
    SELECT u, window_time, CAST(`window_end` - INTERVAL '0.001' SECOND AS TIMESTAMP_LTZ(3)) AS `__gate_time` FROM TABLE(TUMBLE(TABLE z, DESCRIPTOR(zts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, window_time, u
    ) AS `q` (`u`, `t`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP_LTZ(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN_LTZ) >= MIN_LTZ
      AND COALESCE(`__t`, MIN_LTZ) < T_LTZ;
    INSERT INTO marks SELECT `u`, `t` FROM `marks__gate`;
    ");
    insta::assert_snapshot!(t.case("proctime", "INSERT INTO snk SELECT u, COUNT(*) FROM TABLE(TUMBLE(TABLE p, DESCRIPTOR(pt), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u;"), @r"
    refused: proctime-window
    append: u, EXPR$1
    ");
    insta::assert_snapshot!(t.case("on_no_time", "INSERT INTO snk SELECT u, COUNT(*) FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(v), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u;"), @r"
    refused: window-without-rowtime
    append: u, EXPR$1
    ");
    insta::assert_snapshot!(t.case("end_only", "\
CREATE TABLE ends (e TIMESTAMP(3), n BIGINT, PRIMARY KEY (e) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'e', 'key.format' = 'json', 'value.format' = 'json');
INSERT INTO ends SELECT window_end, COUNT(*) FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_end;"), @r"
    refused: early-output
    upsert (window_end): window_end, EXPR$1
    ");
    insta::assert_snapshot!(t.case("alias_of_the_end_only", "\
CREATE TABLE ends (e TIMESTAMP(3), n BIGINT, PRIMARY KEY (e) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'e', 'key.format' = 'json', 'value.format' = 'json');
INSERT INTO ends SELECT e, COUNT(*) FROM (SELECT window_end AS e, v FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) AS d GROUP BY e;"), @r"
    refused: early-output
    upsert (e): e, EXPR$1
    ");
    insta::assert_snapshot!(t.case("aliases_of_both", "INSERT INTO wide SELECT u, COUNT(*), e FROM (SELECT window_start AS b, window_end AS e, u FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) AS d GROUP BY b, e, u;"), @r"
    exact
    append: u, EXPR$1, e
    gate time `t` - INTERVAL '0.001' SECOND
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT u, COUNT(*), e FROM (SELECT window_start AS b, window_end AS e, u FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) AS d GROUP BY b, e, u
    ) AS `q` (`u`, `n`, `t`)
    CROSS JOIN UNNEST(ARRAY[`t` - INTERVAL '0.001' SECOND]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("end_shifted", "INSERT INTO wide SELECT u, COUNT(*), e FROM (SELECT window_start AS b, window_end + INTERVAL '1' SECOND AS e, u FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) AS d GROUP BY b, e, u;"), @r#"
    refused: updating-into-append-sink
    retract: u, EXPR$1, e
    "#);
    insta::assert_snapshot!(t.case("above_a_filter_on_the_window", "INSERT INTO snk SELECT u, c FROM (SELECT u, COUNT(*) AS c, window_end FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u) AS d WHERE window_end > TIMESTAMP '2024-01-01 00:00:00';"), @r"
    exact
    append: u, c
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, c, `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM (SELECT u, COUNT(*) AS c, window_end FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u) AS d WHERE window_end > TIMESTAMP '2024-01-01 00:00:00'
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("over_no_watermark", "INSERT INTO snk SELECT u, COUNT(*) FROM TABLE(TUMBLE(TABLE n, DESCRIPTOR(seen), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u;"), @r"
    refused: rowtime-column
    append: u, EXPR$1
    ");
    insta::assert_snapshot!(t.case("over_a_view", "INSERT INTO snk SELECT u, COUNT(*) FROM TABLE(TUMBLE(TABLE vs, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(*), `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(TUMBLE(TABLE vs, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("into_a_key", "INSERT INTO ups SELECT u, COUNT(*) FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u;"), @r"
    best-effort: older-row-late
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `ups__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(*), `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate`;
    ");
    insta::assert_snapshot!(t.case("join_inside", "INSERT INTO snk SELECT a.u, COUNT(*) FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) AS a GROUP BY a.window_start, a.window_end, a.u;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT a.u, COUNT(*), `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) AS a GROUP BY a.window_start, a.window_end, a.u
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("of_updates", "INSERT INTO snk SELECT u, COUNT(*) FROM TABLE(TUMBLE(TABLE ver, DESCRIPTOR(since), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u;"), @r"
    refused: changelog-source, retracting-input
    append: u, EXPR$1
    ");
}
