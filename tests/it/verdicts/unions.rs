//! UNION ALL and the set operations.

use super::Table;

pub(super) fn cases(t: &mut Table) {
    insta::assert_snapshot!(t.case("two", "INSERT INTO snk SELECT u, v FROM s UNION ALL SELECT u, w FROM r;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM s UNION ALL SELECT u, w, `rts` AS `__gate_time` FROM r
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("carried", "INSERT INTO wide SELECT u, v, ts FROM s UNION ALL SELECT u, w, rts FROM r;"), @r"
    exact
    append: u, v, ts *ROWTIME*
    gate time `t`
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT u, v, ts FROM s UNION ALL SELECT u, w, rts FROM r
    ) AS `q` (`u`, `n`, `t`)
    WHERE COALESCE(`t`, MIN) >= MIN
      AND COALESCE(`t`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("carried_on_one_side", "INSERT INTO wide SELECT u, v, ts FROM s UNION ALL SELECT u, w, CAST(NULL AS TIMESTAMP(3)) FROM r;"), @r"
    exact
    append: u, v, ts
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `wide__gate` AS
    SELECT `u`, `n`, `t`
    FROM (
    SELECT u, v, ts, `ts` AS `__gate_time` FROM s UNION ALL SELECT u, w, CAST(NULL AS TIMESTAMP(3)), `rts` AS `__gate_time` FROM r
    ) AS `q` (`u`, `n`, `t`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO wide SELECT `u`, `n`, `t` FROM `wide__gate`;
    ");
    insta::assert_snapshot!(t.case("three", "INSERT INTO snk SELECT u, v FROM s UNION ALL SELECT u, w FROM r UNION ALL SELECT u, 0 FROM p;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM s UNION ALL SELECT u, w, `rts` AS `__gate_time` FROM r UNION ALL SELECT u, 0, `ts` AS `__gate_time` FROM p
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("same_table", "INSERT INTO snk SELECT u, v FROM s WHERE v > 0 UNION ALL SELECT u, -v FROM s WHERE v < 0;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `ts` AS `__gate_time` FROM s WHERE v > 0 UNION ALL SELECT u, -v, `ts` AS `__gate_time` FROM s WHERE v < 0
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("parenthesised", "INSERT INTO snk (SELECT u, v FROM s) UNION ALL (SELECT u, w FROM r);"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    (SELECT u, v, `ts` AS `__gate_time` FROM s) UNION ALL (SELECT u, w, `rts` AS `__gate_time` FROM r)
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("derived", "INSERT INTO snk SELECT u, v FROM (SELECT u, v FROM s UNION ALL SELECT u, w FROM r) AS d WHERE v > 1;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `__gate_time` FROM (SELECT u, v, `ts` AS `__gate_time` FROM s UNION ALL SELECT u, w, `rts` AS `__gate_time` FROM r) AS d WHERE v > 1
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("window_above", "INSERT INTO snk SELECT u, COUNT(*) FROM TABLE(TUMBLE((SELECT u, ts FROM s UNION ALL SELECT u, rts FROM r), DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    INSERT INTO snk SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(*), `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(TUMBLE((SELECT u, ts FROM s UNION ALL SELECT u, rts FROM r), DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    ");
    insta::assert_snapshot!(t.case("of_windows", "INSERT INTO snk SELECT u, COUNT(*) FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u UNION ALL SELECT u, COUNT(*) FROM TABLE(TUMBLE(TABLE r, DESCRIPTOR(rts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(*), `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u UNION ALL SELECT u, COUNT(*), `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(TUMBLE(TABLE r, DESCRIPTOR(rts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("window_and_rows", "INSERT INTO snk SELECT u, COUNT(*) FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u UNION ALL SELECT u, w FROM r;"), @r"
    exact
    append: u, EXPR$1
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, COUNT(*), `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u UNION ALL SELECT u, w, `rts` AS `__gate_time` FROM r
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("mixed_types", "INSERT INTO snk SELECT u, v FROM s UNION ALL SELECT u, v FROM z;"), @r"
    refused: mixed-time-types
    append: u, v
    ");
    insta::assert_snapshot!(t.case("with_constants", "INSERT INTO snk SELECT u, v FROM s UNION ALL VALUES ('x', 1);"), @r"
    refused: unsupported-query
    append: u, v
    ");
    insta::assert_snapshot!(t.case("with_updates", "INSERT INTO ups SELECT u, v FROM s UNION ALL SELECT u, CAST(COUNT(*) AS INT) FROM r GROUP BY u;"), @r"
    refused: retracting-input
    retract: u, v
    ");
    insta::assert_snapshot!(t.case("distinct", "INSERT INTO snk SELECT u, v FROM s UNION SELECT u, w FROM r;"), @r#"
    refused: set-operation, updating-into-append-sink
    upsert (u, v): u, v
    "#);
    insta::assert_snapshot!(t.case("distinct_into_its_key", "\
CREATE TABLE whole (u STRING, v INT, PRIMARY KEY (u, v) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'w', 'key.format' = 'json', 'value.format' = 'json');
INSERT INTO whole SELECT u, v FROM s UNION SELECT u, w FROM r;"), @r"
    refused: set-operation
    upsert (u, v): u, v
    ");
    insta::assert_snapshot!(t.case("intersect", "INSERT INTO snk SELECT u, v FROM s INTERSECT SELECT u, w FROM r;"), @r#"
    refused: set-operation, updating-into-append-sink
    upsert (u, v): u, v
    "#);
    insta::assert_snapshot!(t.case("intersect_all", "INSERT INTO snk SELECT u, v FROM s INTERSECT ALL SELECT u, w FROM r;"), @r#"
    refused: set-operation, updating-into-append-sink
    retract: u, v
    "#);
    insta::assert_snapshot!(t.case("except", "INSERT INTO snk SELECT u, v FROM s EXCEPT SELECT u, w FROM r;"), @r#"
    refused: set-operation, updating-into-append-sink
    upsert (u, v): u, v
    "#);
    insta::assert_snapshot!(t.case("except_all", "INSERT INTO snk SELECT u, v FROM s EXCEPT ALL SELECT u, w FROM r;"), @r#"
    refused: set-operation, updating-into-append-sink
    retract: u, v
    "#);
}
