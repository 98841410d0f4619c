//! Shapes of INSERT and of what stands around it.

use super::Table;

pub(super) fn cases(t: &mut Table) {
    insta::assert_snapshot!(t.case("column_list", "INSERT INTO wide (n, u, t) SELECT v, u, ts FROM s;"), @r"
    exact
    append: v, u, ts *ROWTIME*
    gate time `t`
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `n`, `u`, `t`
    FROM (
    SELECT v, u, ts FROM s
    ) AS `q` (`n`, `u`, `t`)
    WHERE COALESCE(`t`, MIN) >= MIN
      AND COALESCE(`t`, MIN) < T;
    INSERT INTO wide (n, u, t) SELECT `n`, `u`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("part_of_the_columns", "INSERT INTO wide (u) SELECT u FROM s;"), @r"
    exact
    append: u
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`
    FROM (
    SELECT u, `ts` AS `__gate_time` FROM s
    ) AS `q` (`u`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO wide (u) SELECT `u` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("partition", "\
CREATE TABLE days (u STRING, n BIGINT, dt STRING) PARTITIONED BY (dt) WITH ('connector' = 'filesystem', 'path' = '/x', 'format' = 'json');
INSERT INTO days PARTITION (dt = '2024-01-01') SELECT u, v FROM s;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `days__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM s
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO days PARTITION (dt = '2024-01-01') SELECT `u`, `n` FROM `days__gate`;
    ");
    insta::assert_snapshot!(t.case("partition_and_column_list", "\
CREATE TABLE days (u STRING, n BIGINT, dt STRING) PARTITIONED BY (dt) WITH ('connector' = 'filesystem', 'path' = '/x', 'format' = 'json');
INSERT INTO days PARTITION (dt = '2024-01-01') (n, u) SELECT v, u FROM s;"), @r"
    exact
    append: v, u
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `days__gate` AS
    SELECT `n`, `u`
    FROM (
    SELECT v, u, `ts` AS `__gate_time` FROM s
    ) AS `q` (`n`, `u`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO days PARTITION (dt = '2024-01-01') (n, u) SELECT `n`, `u` FROM `days__gate`;
    ");
    insta::assert_snapshot!(t.case("partition_by_value", "\
CREATE TABLE days (u STRING, n BIGINT, dt STRING) PARTITIONED BY (dt) WITH ('connector' = 'filesystem', 'path' = '/x', 'format' = 'json');
INSERT INTO days SELECT u, v, DATE_FORMAT(ts, 'yyyy-MM-dd') FROM s;"), @r"
    exact
    append: u, v, EXPR$2
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `days__gate` AS
    SELECT `u`, `n`, `dt`
    FROM (
    SELECT u, v, DATE_FORMAT(ts, 'yyyy-MM-dd'), `ts` AS `__gate_time` FROM s
    ) AS `q` (`u`, `n`, `dt`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO days SELECT `u`, `n`, `dt` FROM `days__gate`;
    ");
    insta::assert_snapshot!(t.case("hint_on_the_sink", "INSERT INTO snk /*+ OPTIONS('sink.parallelism' = '2') */ SELECT u, v FROM s;"), @r"
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
    INSERT INTO snk /*+ OPTIONS('sink.parallelism' = '2') */ SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("hint_on_the_source", "INSERT INTO snk SELECT u, v FROM s /*+ OPTIONS('scan.startup.mode' = 'earliest-offset') */;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM s /*+ OPTIONS('scan.startup.mode' = 'earliest-offset') */
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("hint_on_the_state", "INSERT INTO snk SELECT /*+ STATE_TTL('a' = '1d', 'b' = '2d') */ a.u, b.w FROM s AS a JOIN r AS b ON a.id = b.id;"), @r#"
    best-effort: state-ttl
    append: u, w
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT /*+ STATE_TTL('a' = '1d', 'b' = '2d') */ a.u, b.w, CAST(GREATEST(`a`.`ts`, `b`.`rts`) AS TIMESTAMP(3)) AS `__gate_time` FROM s AS a JOIN r AS b ON a.id = b.id
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    "#);
    insta::assert_snapshot!(t.case("on_conflict", "INSERT INTO ups SELECT u, COUNT(*) FROM s GROUP BY u ON CONFLICT DO NOTHING;"), @r"
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
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate` ON CONFLICT DO NOTHING;
    -- Flink 1.20
    refused: syntax-error
    ");
    insta::assert_snapshot!(t.case("on_conflict_of_appended_rows", "INSERT INTO ups SELECT u, v FROM s ON CONFLICT DO DEDUPLICATE;"), @r"
    best-effort: older-row-late
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `ups__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM s
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate` ON CONFLICT DO DEDUPLICATE;
    -- Flink 1.20
    refused: syntax-error
    ");
    insta::assert_snapshot!(t.case("table", "\
CREATE TEMPORARY VIEW tv AS SELECT u, v, ts FROM s;
INSERT INTO wide TABLE tv;"), @r"
    exact
    append: u, v, ts *ROWTIME*
    gate time `t`
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    TABLE tv
    ) AS `q` (`u`, `n`, `t`)
    WHERE COALESCE(`t`, MIN) >= MIN
      AND COALESCE(`t`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("parenthesised", "INSERT INTO snk (SELECT u, v FROM s);"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    (SELECT u, v, `ts` AS `__gate_time` FROM s)
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("two_into_one_sink", "\
INSERT INTO snk SELECT u, v FROM s;
INSERT INTO snk SELECT u, w FROM r;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    exact
    append: u, w
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM s
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    CREATE TEMPORARY VIEW `snk__gate_2` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, w, `rts` AS `__gate_time` FROM r
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate_2`;
    ");
    insta::assert_snapshot!(t.case("statement_set", "\
EXECUTE STATEMENT SET BEGIN
INSERT INTO snk SELECT u, v FROM s;
INSERT INTO ups SELECT u, COUNT(*) FROM r GROUP BY u;
END;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    best-effort: retractions, two-writers
    upsert (u): u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `r__source_gate` AS
    SELECT `id`, `u`, `w`, `rts`
    FROM r
    WHERE COALESCE(`rts`, MIN) >= MIN
      AND COALESCE(`rts`, MIN) < T;
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM s
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    CREATE TEMPORARY VIEW `ups__gate` AS
    SELECT `u`, COALESCE(CASE WHEN `__gate_time` >= MIN THEN `n` END, `n`) AS `n`
    FROM (
    SELECT u, COUNT(*), MAX(`rts`) AS `__gate_time` FROM `r__source_gate` AS r GROUP BY u
    ) AS `q` (`u`, `n`, `__gate_time`);
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate`;
    ");
    insta::assert_snapshot!(t.case("statement_set_in_parts", "\
BEGIN STATEMENT SET;
INSERT INTO snk SELECT u, v FROM s;
INSERT INTO wide SELECT u, w, rts FROM r;
END;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    exact
    append: u, w, rts *ROWTIME*
    gate time `t`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM s
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT u, w, rts FROM r
    ) AS `q` (`u`, `n`, `t`)
    WHERE COALESCE(`t`, MIN) >= MIN
      AND COALESCE(`t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("create_table_as", "CREATE TABLE made WITH ('connector' = 'kafka', 'topic' = 'made', 'format' = 'json') AS SELECT u, v FROM s;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TABLE made (
      `u` STRING,
      `v` INT
    ) WITH ('connector' = 'kafka', 'topic' = 'made', 'format' = 'json');
    CREATE TEMPORARY VIEW `made__gate` AS
    SELECT `u`, `v`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM s
    ) AS `q` (`u`, `v`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO made SELECT `u`, `v` FROM `made__gate`;
    ");
    insta::assert_snapshot!(t.case("replace_table_as", "CREATE OR REPLACE TABLE made WITH ('connector' = 'kafka', 'topic' = 'made', 'format' = 'json') AS SELECT u, v FROM s;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TABLE made (
      `u` STRING,
      `v` INT
    ) WITH ('connector' = 'kafka', 'topic' = 'made', 'format' = 'json');
    CREATE TEMPORARY VIEW `made__gate` AS
    SELECT `u`, `v`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM s
    ) AS `q` (`u`, `v`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO made SELECT `u`, `v` FROM `made__gate`;
    ");
    insta::assert_snapshot!(t.case("overwrite", "\
CREATE TABLE days (u STRING, n BIGINT) WITH ('connector' = 'filesystem', 'path' = '/x', 'format' = 'json');
INSERT OVERWRITE days SELECT u, v FROM s;"), @r"
    refused: overwrite
    append: u, v
    ");
    insta::assert_snapshot!(t.case("unknown_sink", "INSERT INTO nowhere SELECT u, v FROM s;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `nowhere__gate` AS
    SELECT `u`, `v`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM s
    ) AS `q` (`u`, `v`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO nowhere SELECT `u`, `v` FROM `nowhere__gate`;
    ");
    insta::assert_snapshot!(t.case("too_few_columns", "INSERT INTO wide SELECT u, v FROM s;"), @r"
    refused: column-count
    append: u, v
    ");
    insta::assert_snapshot!(t.case("appended_rows_into_a_key", "INSERT INTO ups SELECT u, v FROM s;"), @r"
    best-effort: older-row-late
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `ups__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM s
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO ups SELECT `u`, `n` FROM `ups__gate`;
    ");
    insta::assert_snapshot!(t.case("exactly_once", "\
CREATE TABLE once (u STRING, n BIGINT) WITH ('connector' = 'kafka', 'topic' = 'once', 'format' = 'json', 'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = 'x');
INSERT INTO once SELECT u, v FROM s;"), @r"
    best-effort: transactional-sink
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `once__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM s
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO once SELECT `u`, `n` FROM `once__gate`;
    ");
    insta::assert_snapshot!(t.case("reserved_names", "\
CREATE TABLE `order` (`user` STRING, `select` BIGINT) WITH ('connector' = 'kafka', 'topic' = 'o', 'format' = 'json');
INSERT INTO `order` SELECT u, v FROM s;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `order__gate` AS
    SELECT `user`, `select`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM s
    ) AS `q` (`user`, `select`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO `order` SELECT `user`, `select` FROM `order__gate`;
    ");
    insta::assert_snapshot!(t.case("full_path", "INSERT INTO default_catalog.default_database.snk SELECT u, v FROM default_catalog.default_database.s;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM default_catalog.default_database.s
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO default_catalog.default_database.snk SELECT `u`, `n` FROM `snk__gate`;
    ");
}
