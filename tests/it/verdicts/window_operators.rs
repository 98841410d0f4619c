//! Window joins, window Top-N, window deduplication.

use super::Table;

pub(super) fn cases(t: &mut Table) {
    insta::assert_snapshot!(t.case("join", "INSERT INTO snk SELECT a.u, b.w FROM (SELECT * FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) AS a JOIN (SELECT * FROM TABLE(TUMBLE(TABLE r, DESCRIPTOR(rts), INTERVAL '1' MINUTE))) AS b ON a.u = b.u AND a.window_start = b.window_start AND a.window_end = b.window_end;"), @r"
    exact
    append: u, w
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT a.u, b.w, GREATEST(`a`.`window_end` - INTERVAL '0.001' SECOND, `b`.`window_end` - INTERVAL '0.001' SECOND) AS `__gate_time` FROM (SELECT * FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) AS a JOIN (SELECT * FROM TABLE(TUMBLE(TABLE r, DESCRIPTOR(rts), INTERVAL '1' MINUTE))) AS b ON a.u = b.u AND a.window_start = b.window_start AND a.window_end = b.window_end
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("join_left", "INSERT INTO snk SELECT a.u, b.w FROM (SELECT * FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) AS a LEFT JOIN (SELECT * FROM TABLE(TUMBLE(TABLE r, DESCRIPTOR(rts), INTERVAL '1' MINUTE))) AS b ON a.u = b.u AND a.window_start = b.window_start AND a.window_end = b.window_end;"), @r"
    refused: unsupported-query
    append: u, w
    ");
    insta::assert_snapshot!(t.case("join_full", "INSERT INTO snk SELECT a.u, b.w FROM (SELECT * FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) AS a FULL JOIN (SELECT * FROM TABLE(TUMBLE(TABLE r, DESCRIPTOR(rts), INTERVAL '1' MINUTE))) AS b ON a.u = b.u AND a.window_start = b.window_start AND a.window_end = b.window_end;"), @r"
    refused: unsupported-query
    append: u, w
    ");
    insta::assert_snapshot!(t.case("join_of_aggregates", "INSERT INTO snk SELECT a.u, b.c FROM (SELECT window_start, window_end, u, COUNT(*) AS c FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u) AS a JOIN (SELECT window_start, window_end, u, COUNT(*) AS c FROM TABLE(TUMBLE(TABLE r, DESCRIPTOR(rts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u) AS b ON a.u = b.u AND a.window_start = b.window_start AND a.window_end = b.window_end;"), @r"
    exact
    append: u, c
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT a.u, b.c, GREATEST(`a`.`window_end` - INTERVAL '0.001' SECOND, `b`.`window_end` - INTERVAL '0.001' SECOND) AS `__gate_time` FROM (SELECT window_start, window_end, u, COUNT(*) AS c FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u) AS a JOIN (SELECT window_start, window_end, u, COUNT(*) AS c FROM TABLE(TUMBLE(TABLE r, DESCRIPTOR(rts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u) AS b ON a.u = b.u AND a.window_start = b.window_start AND a.window_end = b.window_end
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("join_by_start_only", "INSERT INTO snk SELECT a.u, b.w FROM (SELECT * FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) AS a JOIN (SELECT * FROM TABLE(TUMBLE(TABLE r, DESCRIPTOR(rts), INTERVAL '1' MINUTE))) AS b ON a.u = b.u AND a.window_start = b.window_start;"), @r"
    exact
    append: u, w
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT a.u, b.w, CAST(GREATEST(`a`.`window_end` - INTERVAL '0.001' SECOND, `b`.`window_end` - INTERVAL '0.001' SECOND) AS TIMESTAMP(3)) AS `__gate_time` FROM (SELECT * FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) AS a JOIN (SELECT * FROM TABLE(TUMBLE(TABLE r, DESCRIPTOR(rts), INTERVAL '1' MINUTE))) AS b ON a.u = b.u AND a.window_start = b.window_start
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("join_of_other_sizes", "INSERT INTO snk SELECT a.u, b.w FROM (SELECT * FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) AS a JOIN (SELECT * FROM TABLE(TUMBLE(TABLE r, DESCRIPTOR(rts), INTERVAL '2' MINUTE))) AS b ON a.u = b.u AND a.window_start = b.window_start AND a.window_end = b.window_end;"), @r"
    exact
    append: u, w
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT a.u, b.w, GREATEST(`a`.`window_end` - INTERVAL '0.001' SECOND, `b`.`window_end` - INTERVAL '0.001' SECOND) AS `__gate_time` FROM (SELECT * FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) AS a JOIN (SELECT * FROM TABLE(TUMBLE(TABLE r, DESCRIPTOR(rts), INTERVAL '2' MINUTE))) AS b ON a.u = b.u AND a.window_start = b.window_start AND a.window_end = b.window_end
    ) AS `q` (`u`, `n`, `__gate_time`)
    CROSS JOIN UNNEST(ARRAY[CAST(`__gate_time` AS TIMESTAMP(3))]) AS `__at` (`__t`)
    WHERE COALESCE(`__t`, MIN) >= MIN
      AND COALESCE(`__t`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("semi_join", "INSERT INTO snk SELECT u, v FROM (SELECT * FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) AS a WHERE a.u IN (SELECT u FROM (SELECT * FROM TABLE(TUMBLE(TABLE r, DESCRIPTOR(rts), INTERVAL '1' MINUTE))) AS b WHERE a.window_start = b.window_start AND a.window_end = b.window_end);"), @r"
    refused: subquery
    append: u, v
    ");
    insta::assert_snapshot!(t.case("top_n", "INSERT INTO snk SELECT u, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY v DESC) AS k FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) WHERE k <= 3;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY v DESC) AS k FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) WHERE k <= 3
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("top_n_of_aggregate", "INSERT INTO snk SELECT u, c FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY c DESC) AS k FROM (SELECT window_start, window_end, u, COUNT(*) AS c FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u)) WHERE k <= 3;"), @r"
    exact
    append: u, c
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, c, `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY c DESC) AS k FROM (SELECT window_start, window_end, u, COUNT(*) AS c FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, u)) WHERE k <= 3
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("keep_last", "INSERT INTO snk SELECT u, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end, u ORDER BY ts DESC) AS k FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) WHERE k = 1;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end, u ORDER BY ts DESC) AS k FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) WHERE k = 1
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("keep_first", "INSERT INTO snk SELECT u, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end, u ORDER BY ts) AS k FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) WHERE k = 1;"), @r"
    exact
    append: u, v
    gate time `__gate_time`
    CREATE TEMPORARY VIEW `snk__gate` AS
    SELECT `u`, `n`
    FROM (
    SELECT u, v, `window_end` - INTERVAL '0.001' SECOND AS `__gate_time` FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end, u ORDER BY ts) AS k FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) WHERE k = 1
    ) AS `q` (`u`, `n`, `__gate_time`)
    WHERE COALESCE(`__gate_time`, MIN) >= MIN
      AND COALESCE(`__gate_time`, MIN) < T;
    INSERT INTO snk SELECT `u`, `n` FROM `snk__gate`;
    ");
    insta::assert_snapshot!(t.case("top_n_by_end_only", "INSERT INTO snk SELECT u, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_end ORDER BY v DESC) AS k FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) WHERE k <= 3;"), @r#"
    refused: top-n, updating-into-append-sink
    retract: u, v
    "#);
}
