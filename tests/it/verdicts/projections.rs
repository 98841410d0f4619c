//! Projections, filters, sources of all kinds, ORDER BY and LIMIT.

use super::Table;

pub(super) fn cases(t: &mut Table) {
    insta::assert_snapshot!(t.case("columns", "INSERT INTO snk SELECT u, v FROM s;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM s
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("time_is_carried", "INSERT INTO wide SELECT u, v, ts FROM s;"), @r"
    exact
    append: u, v, ts *ROWTIME*
    gate time `t`
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT u, v, ts FROM s
    ) AS `q` (`u`, `n`, `t`)
    WHERE COALESCE(`t`, MIN) >= MIN
      AND COALESCE(`t`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("renamed", "INSERT INTO wide SELECT u AS x, v AS y, ts AS z FROM s;"), @r"
    exact
    append: x, y, z *ROWTIME*
    gate time `t`
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT u AS x, v AS y, ts AS z FROM s
    ) AS `q` (`u`, `n`, `t`)
    WHERE COALESCE(`t`, MIN) >= MIN
      AND COALESCE(`t`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("qualified", "INSERT INTO wide SELECT a.u, a.v, a.ts FROM s AS a;"), @r"
    exact
    append: u, v, ts *ROWTIME*
    gate time `t`
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT a.u, a.v, a.ts FROM s AS a
    ) AS `q` (`u`, `n`, `t`)
    WHERE COALESCE(`t`, MIN) >= MIN
      AND COALESCE(`t`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("time_shifted", "INSERT INTO wide SELECT u, v, ts + INTERVAL '1' HOUR FROM s;"), @r"
    exact
    append: u, v, EXPR$2
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT u, v, ts + INTERVAL '1' HOUR, `ts` AS `__gate_time` FROM s
    ) AS `q` (`u`, `n`, `t`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("time_cast", "INSERT INTO wide SELECT u, v, CAST(ts AS TIMESTAMP(3)) FROM s;"), @r"
    exact
    append: u, v, EXPR$2
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT u, v, CAST(ts AS TIMESTAMP(3)), `ts` AS `__gate_time` FROM s
    ) AS `q` (`u`, `n`, `t`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("time_coalesced", "INSERT INTO wide SELECT u, v, COALESCE(ts, TIMESTAMP '1970-01-01 00:00:00') FROM s;"), @r"
    exact
    append: u, v, EXPR$2
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT u, v, COALESCE(ts, TIMESTAMP '1970-01-01 00:00:00'), `ts` AS `__gate_time` FROM s
    ) AS `q` (`u`, `n`, `t`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("filter", "INSERT INTO snk SELECT u, v FROM s WHERE v > 1 AND u <> 'x';"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM s WHERE v > 1 AND u <> 'x'
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("filter_on_time", "INSERT INTO wide SELECT u, v, ts FROM s WHERE ts > TIMESTAMP '2024-01-01 00:00:00';"), @r"
    exact
    append: u, v, ts *ROWTIME*
    gate time `t`
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT u, v, ts FROM s WHERE ts > TIMESTAMP '2024-01-01 00:00:00'
    ) AS `q` (`u`, `n`, `t`)
    WHERE COALESCE(`t`, MIN) >= MIN
      AND COALESCE(`t`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("filter_always_false", "INSERT INTO snk SELECT u, v FROM s WHERE FALSE;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM s WHERE FALSE
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("expressions", "INSERT INTO snk SELECT CASE WHEN v > 1 THEN UPPER(u) ELSE 'x' END, v * 2 FROM s;"), @r"
    exact
    append: EXPR$0, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT CASE WHEN v > 1 THEN UPPER(u) ELSE 'x' END, v * 2, `ts` AS `__gate_time` FROM s
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("star", "INSERT INTO wide SELECT * FROM (SELECT u, v, ts FROM s);"), @r"
    exact
    append: u, v, ts *ROWTIME*
    gate time `t`
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT * FROM (SELECT u, v, ts FROM s)
    ) AS `q` (`u`, `n`, `t`)
    WHERE COALESCE(`t`, MIN) >= MIN
      AND COALESCE(`t`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("ltz", "INSERT INTO snk SELECT u, v FROM z;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `zts` AS `__gate_time` FROM z
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN_LTZ) >= MIN_LTZ
      AND COALESCE(`__gate_time`, MIN_LTZ) < T_LTZ;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("ltz_carried", "\
CREATE TABLE marks (u STRING, t TIMESTAMP_LTZ(3)) WITH ('connector' = 'kafka', 'topic' = 'm', 'format' = 'json');
INSERT INTO marks SELECT u, zts FROM z;"), @r"
    exact
    append: u, zts *ROWTIME*
    gate time `t`
    CREATE TEMPORARY VIEW `marks__gate` AS
    SELECT `u`, `t`
    FROM (
    SELECT u, zts FROM z
    ) AS `q` (`u`, `t`)
    WHERE COALESCE(`t`, MIN_LTZ) >= MIN_LTZ
      AND COALESCE(`t`, MIN_LTZ) < T_LTZ;
    INSERT INTO marks SELECT `u`, `t` FROM `marks__gate`;
    ");
    insta::assert_snapshot!(t.case("ltz_as_timestamp", "INSERT INTO wide SELECT u, v, CAST(zts AS TIMESTAMP(3)) FROM z;"), @r"
    exact
    append: u, v, EXPR$2
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT u, v, CAST(zts AS TIMESTAMP(3)), `zts` AS `__gate_time` FROM z
    ) AS `q` (`u`, `n`, `t`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN_LTZ) >= MIN_LTZ
      AND COALESCE(`__gate_time`, MIN_LTZ) < T_LTZ;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("no_watermark", "INSERT INTO snk SELECT u, v FROM n;"), @r"
    best-effort: null-event-time
    append: u, v
    gate time `__gate_time`
    CREATE TABLE n (id BIGINT, u STRING, v INT, seen TIMESTAMP(3), `__rowtime` AS COALESCE(`seen`, TIMESTAMP '1970-01-01 00:00:00.000'), WATERMARK FOR `__rowtime` AS `__rowtime` - INTERVAL '5' SECOND) WITH ('connector' = 'kafka', 'topic' = 'n', 'format' = 'json');
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `__rowtime` AS `__gate_time` FROM n
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("no_watermark_star", "\
CREATE TABLE twin (id BIGINT, u STRING, v INT, seen TIMESTAMP(3)) WITH ('connector' = 'kafka', 'topic' = 'twin', 'format' = 'json');
INSERT INTO twin SELECT * FROM n;"), @r"
    best-effort: null-event-time
    append: id, u, v, seen
    gate time `__gate_time`
    CREATE TABLE n (id BIGINT, u STRING, v INT, seen TIMESTAMP(3), `__rowtime` AS COALESCE(`seen`, TIMESTAMP '1970-01-01 00:00:00.000'), WATERMARK FOR `__rowtime` AS `__rowtime` - INTERVAL '5' SECOND) WITH ('connector' = 'kafka', 'topic' = 'n', 'format' = 'json');
    CREATE TEMPORARY VIEW `twin__gate` AS
    SELECT `id`, `u`, `v`, `seen`
    FROM (
    SELECT `id`, `u`, `v`, `seen`, `__rowtime` AS `__gate_time` FROM n
    ) AS `q` (`id`, `u`, `v`, `seen`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO twin SELECT `id`, `u`, `v`, `seen` FROM `twin__gate`;
    ");
    insta::assert_snapshot!(t.case("no_event_time", "\
CREATE TABLE bare (u STRING, v INT) WITH ('connector' = 'socket', 'format' = 'json');
INSERT INTO snk SELECT u, v FROM bare;"), @r"
    refused: no-event-time
    append: u, v
    ");
    insta::assert_snapshot!(t.case("proctime_column", "\
CREATE TABLE marks (u STRING, t TIMESTAMP_LTZ(3)) WITH ('connector' = 'kafka', 'topic' = 'm', 'format' = 'json');
INSERT INTO marks SELECT u, pt FROM p;"), @r"
    exact
    append: u, pt *PROCTIME*
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `marks__gate` AS
    SELECT `u`, `t`
    FROM (
    SELECT u, pt, `ts` AS `__gate_time` FROM p
    ) AS `q` (`u`, `t`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO marks SELECT `u`, `t` FROM `marks__gate`;
    ");
    insta::assert_snapshot!(t.case("proctime_call", "\
CREATE TABLE marks (u STRING, t TIMESTAMP_LTZ(3)) WITH ('connector' = 'kafka', 'topic' = 'm', 'format' = 'json');
INSERT INTO marks SELECT u, PROCTIME() FROM s;"), @r"
    exact
    append: u, EXPR$1 *PROCTIME*
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `marks__gate` AS
    SELECT `u`, `t`
    FROM (
    SELECT u, PROCTIME(), `ts` AS `__gate_time` FROM s
    ) AS `q` (`u`, `t`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO marks SELECT `u`, `t` FROM `marks__gate`;
    ");
    insta::assert_snapshot!(t.case("clock_without_a_name", "\
CREATE TABLE marks (u STRING, t TIMESTAMP_LTZ(3)) WITH ('connector' = 'kafka', 'topic' = 'm', 'format' = 'json');
INSERT INTO marks SELECT u, CURRENT_TIMESTAMP FROM s;"), @r"
    exact
    append: u, CURRENT_TIMESTAMP
    gate time `__gate_time`
    INSERT INTO marks SELECT `u`, `t`
    FROM (
    SELECT u, CURRENT_TIMESTAMP, `ts` AS `__gate_time` FROM s
    ) AS `q` (`u`, `t`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    -- Flink 1.20
    exact
    append: u, CURRENT_TIMESTAMP
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `marks__gate` AS
    SELECT `u`, `t`
    FROM (
    SELECT u, CURRENT_TIMESTAMP, `ts` AS `__gate_time` FROM s
    ) AS `q` (`u`, `t`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO marks SELECT `u`, `t` FROM `marks__gate`;
    ");
    insta::assert_snapshot!(t.case("random_value", "INSERT INTO snk SELECT u, RAND_INTEGER(5) FROM s;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, RAND_INTEGER(5), `ts` AS `__gate_time` FROM s
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("random_filter", "INSERT INTO snk SELECT u, v FROM s WHERE RAND() < 0.5;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM s WHERE RAND() < 0.5
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("filter_by_clock", "INSERT INTO snk SELECT u, v FROM s WHERE ts > LOCALTIMESTAMP - INTERVAL '1' DAY;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM s WHERE ts > LOCALTIMESTAMP - INTERVAL '1' DAY
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("filter_by_random_below", "INSERT INTO snk SELECT u, x FROM (SELECT u, v, RAND_INTEGER(5) AS x FROM s) AS d WHERE x > 1;"), @r"
    exact
    append: u, x
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, x, `__gate_time` FROM (SELECT u, v, RAND_INTEGER(5) AS x, `ts` AS `__gate_time` FROM s) AS d WHERE x > 1
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("filter_by_a_computed_random", "\
CREATE TABLE noisy (u STRING, v INT, ts TIMESTAMP(3) NOT NULL, x AS RAND_INTEGER(5), WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka', 'topic' = 'c', 'format' = 'json');
INSERT INTO snk SELECT u, v FROM noisy WHERE x > 1;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM noisy WHERE x > 1
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("filter_by_a_user_function", "\
CREATE FUNCTION good AS 'com.example.Good';
INSERT INTO snk SELECT u, v FROM s WHERE good(u);"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM s WHERE good(u)
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("join_on_random", "INSERT INTO snk SELECT a.u, b.w FROM s AS a JOIN r AS b ON a.id = b.id AND RAND() < 0.5;"), @r"
    best-effort: non-deterministic-rows
    append: u, w
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT a.u, b.w, CAST(GREATEST(`a`.`ts`, `b`.`rts`) AS TIMESTAMP(3)) AS `__gate_time` FROM s AS a JOIN r AS b ON a.id = b.id AND RAND() < 0.5
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("rowtime_by_clock", "\
CREATE TABLE clocked (u STRING, v INT, ts AS CURRENT_TIMESTAMP, WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka', 'topic' = 'c', 'format' = 'json');
INSERT INTO snk SELECT u, v FROM clocked;"), @r"
    refused: non-deterministic-gate-time
    append: u, v
    ");
    insta::assert_snapshot!(t.case("rowtime_by_random", "\
CREATE TABLE jittered (u STRING, v INT, t TIMESTAMP(3), ts AS t + RAND_INTEGER(5) * INTERVAL '1' SECOND, WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka', 'topic' = 'c', 'format' = 'json');
INSERT INTO snk SELECT u, v FROM jittered;"), @r"
    refused: non-deterministic-gate-time
    append: u, v
    ");
    insta::assert_snapshot!(t.case("nullable_rowtime", "\
CREATE TABLE stamped (u STRING, v INT, ms BIGINT, ts AS COALESCE(TO_TIMESTAMP_LTZ(ms, 3), TO_TIMESTAMP_LTZ(0, 3)), WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka', 'topic' = 'c', 'format' = 'json');
INSERT INTO snk SELECT u, v FROM stamped;"), @r"
    best-effort: null-event-time
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM stamped
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN_LTZ) >= MIN_LTZ
      AND COALESCE(`__gate_time`, MIN_LTZ) < T_LTZ;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("source_that_takes_filters", "\
CREATE TABLE files (u STRING, v INT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem', 'path' = '/x', 'format' = 'json');
INSERT INTO snk SELECT u, v FROM files;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM files
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("source_unknown", "\
CREATE TABLE odd (u STRING, v INT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts) WITH ('connector' = 'acme');
INSERT INTO snk SELECT u, v FROM odd;"), @r"
    best-effort: unknown-connector
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM odd
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE ARRAY[COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T][1];
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("source_not_replayable", "\
CREATE TABLE gen (u STRING, v INT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen');
INSERT INTO snk SELECT u, v FROM gen;"), @r"
    best-effort: not-replayable
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM gen
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("source_upserts", "INSERT INTO ups SELECT u, w FROM ver;"), @r"
    refused: changelog-source
    upsert (u): u, w
    ");
    insta::assert_snapshot!(t.case("source_cdc", "\
CREATE TABLE orders (id BIGINT, u STRING, v INT, ts TIMESTAMP(3) NOT NULL, PRIMARY KEY (id) NOT ENFORCED, WATERMARK FOR ts AS ts) WITH ('connector' = 'mysql-cdc');
CREATE TABLE copies (id BIGINT, v INT, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'c', 'key.format' = 'json', 'value.format' = 'json');
INSERT INTO copies SELECT id, v FROM orders;"), @r"
    refused: changelog-source
    upsert (id): id, v
    ");
    insta::assert_snapshot!(t.case("values", "INSERT INTO snk VALUES ('x', 1), ('y', 2);"), @r"
    left alone: constant-rows
    append: EXPR$0, EXPR$1
    ");
    insta::assert_snapshot!(t.case("values_select", "INSERT INTO snk SELECT 'x', 1;"), @r"
    left alone: constant-rows
    append: EXPR$0, EXPR$1
    ");
    insta::assert_snapshot!(t.case("values_derived", "INSERT INTO snk SELECT * FROM (VALUES ('x', 1)) AS d (u, n);"), @r"
    left alone: constant-rows
    append: u, n
    ");
    insta::assert_snapshot!(t.case("order_by_time", "INSERT INTO wide SELECT u, v, ts FROM s ORDER BY ts;"), @r"
    refused: order-by
    append: u, v, ts *ROWTIME*
    ");
    insta::assert_snapshot!(t.case("order_by_value", "INSERT INTO snk SELECT u, v FROM s ORDER BY v;"), @r"
    refused: order-by
    append: u, v
    ");
    insta::assert_snapshot!(t.case("limit", "INSERT INTO snk SELECT u, v FROM s LIMIT 3;"), @r"
    refused: limit
    append: u, v
    ");
    insta::assert_snapshot!(t.case("order_by_limit", "INSERT INTO snk SELECT u, v FROM s ORDER BY v DESC LIMIT 3;"), @r#"
    refused: limit, order-by, updating-into-append-sink
    retract: u, v
    "#);
    insta::assert_snapshot!(t.case("fetch", "INSERT INTO snk SELECT u, v FROM s FETCH FIRST 3 ROWS ONLY;"), @r"
    refused: limit
    append: u, v
    ");
}
