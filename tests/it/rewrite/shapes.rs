//! The shapes of queries that are gated.

use super::{case, incoming, query};
use tidegate::config::{Late, Pin, Settings};

#[test]
fn projection() {
    query(
        "projection",
        "INSERT INTO fares SELECT city, fare FROM rides;\n",
    )
    .check();
}

#[test]
fn filter_on_a_carried_time() {
    query(
        "filter_carried",
        "INSERT INTO trips SELECT id, ts FROM rides WHERE fare > 10 OR city = 'Ulm';\n",
    )
    .check();
}

#[test]
fn derived_tables() {
    query(
        "derived",
        "INSERT INTO fares\nSELECT d.city, d.double_fare FROM (\n  SELECT city, fare * 2 AS double_fare FROM rides WHERE id > 7\n) AS d;\n",
    )
    .check();
    query(
        "derived_nested",
        "INSERT INTO fares SELECT city, f FROM (SELECT city, f FROM (SELECT city, fare AS f FROM rides) AS a WHERE f > 1) AS b;\n",
    )
    .check();
    query(
        "derived_with_columns",
        "INSERT INTO fares SELECT c, f FROM (SELECT city, fare FROM rides) AS d (c, f);\n",
    )
    .check();
    query(
        "derived_without_alias",
        "INSERT INTO fares SELECT city, fare FROM (SELECT city, fare FROM rides);\n",
    )
    .check();
    query(
        "derived_renames_the_time",
        "INSERT INTO trips SELECT i, t FROM (SELECT id AS i, ts AS t FROM rides) AS d;\n",
    )
    .check();
}

#[test]
fn common_table_expressions() {
    query(
        "cte",
        "INSERT INTO fares\nWITH cheap AS (SELECT city, fare FROM rides WHERE fare < 5)\nSELECT city, fare FROM cheap;\n",
    )
    .check();
    query(
        "cte_chained",
        "INSERT INTO fares WITH a AS (SELECT * FROM rides), b AS (SELECT city, fare FROM a WHERE id > 0) SELECT city, fare FROM b;\n",
    )
    .check();
    query(
        "cte_with_columns",
        "INSERT INTO fares WITH a (c, f) AS (SELECT city, fare FROM rides) SELECT c, f FROM a;\n",
    )
    .check();
    query(
        "cte_read_twice",
        "INSERT INTO fares WITH a AS (SELECT city, fare FROM rides) SELECT city, fare FROM a UNION ALL SELECT city, fare * 2 FROM a;\n",
    )
    .check();
    query(
        "cte_star_beside",
        "INSERT INTO fares WITH a AS (SELECT city, fare FROM rides), unused AS (SELECT * FROM a) SELECT * FROM a;\n",
    )
    .check();
}

#[test]
fn views() {
    query(
        "view",
        "CREATE VIEW cheap AS SELECT city, fare FROM rides WHERE fare < 5;\nINSERT INTO fares SELECT cheap.city, fare FROM cheap;\n",
    )
    .check();
    query(
        "view_chain",
        "CREATE TEMPORARY VIEW a AS SELECT id, city, fare FROM rides;\nCREATE TEMPORARY VIEW b AS SELECT city, fare FROM a WHERE id > 1; -- of a\nINSERT INTO fares SELECT x.city, x.fare FROM b AS x;\n",
    )
    .check();
    query(
        "view_with_columns",
        "CREATE VIEW v (c, f) AS SELECT city, fare FROM rides;\nINSERT INTO fares SELECT c, f FROM v;\n",
    )
    .check();
    query(
        "view_carries",
        "CREATE VIEW v AS SELECT * FROM rides;\nINSERT INTO fares SELECT city, fare FROM v;\n",
    )
    .check();
    query(
        "view_shared_by_inserts",
        "CREATE VIEW v AS SELECT city, fare FROM rides;\nINSERT INTO fares SELECT * FROM v;\nINSERT INTO fares SELECT city, fare * 2 FROM v;\n",
    )
    .check();
}

#[test]
fn unions() {
    query(
        "union_carried",
        "INSERT INTO trips SELECT id, ts FROM rides UNION ALL SELECT id, ts FROM tours;\n",
    )
    .check();
    query(
        "union_threaded",
        "INSERT INTO fares SELECT city, fare FROM rides UNION ALL SELECT 'all', fare FROM tours WHERE fare > 0;\n",
    )
    .check();
    query(
        "union_of_views",
        "CREATE VIEW a AS SELECT city, fare FROM rides;\nCREATE VIEW b AS SELECT city, fare FROM tours;\nCREATE VIEW c AS SELECT * FROM a UNION ALL SELECT * FROM b;\nINSERT INTO fares SELECT * FROM c;\n",
    )
    .check();
    query(
        "union_of_three",
        "INSERT INTO fares SELECT city, fare FROM rides UNION ALL SELECT city, fare FROM tours UNION ALL SELECT city, 0 FROM rides;\n",
    )
    .check();
}

#[test]
fn windows() {
    for (name, call) in [
        (
            "tumble",
            "TUMBLE(TABLE rides, DESCRIPTOR(ts), INTERVAL '1' MINUTE)",
        ),
        (
            "hop",
            "HOP(TABLE rides, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '5' MINUTE)",
        ),
        (
            "cumulate",
            "CUMULATE(TABLE rides, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '1' HOUR)",
        ),
        (
            "session",
            "SESSION(TABLE rides PARTITION BY city, DESCRIPTOR(ts), INTERVAL '10' MINUTE)",
        ),
        (
            "tumble_named",
            "TUMBLE(DATA => TABLE rides, TIMECOL => DESCRIPTOR(ts), SIZE => INTERVAL '1' MINUTE)",
        ),
    ] {
        let script = format!(
            "INSERT INTO counts\nSELECT window_start, window_end, city, COUNT(*)\nFROM TABLE({call})\nGROUP BY window_start, window_end, city;\n"
        );
        query(&format!("window_{name}"), &script).check();
    }
    query(
        "window_without_table",
        "INSERT INTO counts SELECT window_start, window_end, city, COUNT(*) FROM TUMBLE(TABLE rides, DESCRIPTOR(ts), INTERVAL '1' MINUTE) GROUP BY window_start, window_end, city;\n",
    )
    .check();
}

#[test]
fn windows_without_their_end() {
    query(
        "window_end_threaded",
        "INSERT INTO fares SELECT city, SUM(fare) FROM TABLE(TUMBLE(TABLE rides, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, city HAVING COUNT(*) > 1;\n",
    )
    .check();
    query(
        "window_time_carried",
        "INSERT INTO trips SELECT COUNT(*), window_time FROM TABLE(TUMBLE(TABLE rides, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, window_time;\n",
    )
    .check();
    query(
        "window_of_an_instant",
        "INSERT INTO counts SELECT window_start, window_end, city, COUNT(*) FROM TABLE(TUMBLE(TABLE pings, DESCRIPTOR(seen), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, city;\n",
    )
    .check();
    query(
        "window_not_grouped",
        "INSERT INTO counts SELECT window_start, window_end, city, id FROM TABLE(TUMBLE(TABLE rides, DESCRIPTOR(ts), INTERVAL '1' MINUTE));\n",
    )
    .check();
}

#[test]
fn windows_over_other_queries() {
    query(
        "window_over_view",
        "CREATE VIEW v AS SELECT city, ts AS t FROM rides WHERE fare > 1;\nINSERT INTO counts SELECT window_start, window_end, city, COUNT(*) FROM TABLE(TUMBLE(TABLE v, DESCRIPTOR(t), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, city;\n",
    )
    .check();
    query(
        "window_over_union",
        "CREATE VIEW v AS SELECT city, ts FROM rides UNION ALL SELECT city, ts FROM tours;\nINSERT INTO counts SELECT window_start, window_end, city, COUNT(*) FROM TABLE(TUMBLE(TABLE v, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, city;\n",
    )
    .check();
    query(
        "window_cascaded",
        "CREATE VIEW minutes AS SELECT window_start AS s, window_end AS e, window_time AS t, city, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE rides, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, window_time, city;\nINSERT INTO counts SELECT window_start, window_end, city, SUM(n) FROM TABLE(TUMBLE(TABLE minutes, DESCRIPTOR(t), INTERVAL '1' HOUR)) GROUP BY window_start, window_end, city;\n",
    )
    .check();
    query(
        "window_filtered_above",
        "CREATE VIEW minutes AS SELECT window_start, window_end, city, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE rides, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, city;\nINSERT INTO counts SELECT * FROM minutes WHERE n > 3;\nINSERT INTO fares SELECT city, n FROM minutes WHERE n <= 3;\n",
    )
    .check();
}

#[test]
fn group_windows() {
    query(
        "group_window_carried",
        "INSERT INTO counts SELECT TUMBLE_START(ts, INTERVAL '1' MINUTE), TUMBLE_END(ts, INTERVAL '1' MINUTE), city, COUNT(*) FROM rides GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE), city;\n",
    )
    .check();
    query(
        "group_window_threaded",
        "INSERT INTO fares SELECT city, SUM(fare) FROM rides GROUP BY HOP(ts, INTERVAL '1' MINUTE, INTERVAL '5' MINUTE), city;\n",
    )
    .check();
    query(
        "group_window_session",
        "INSERT INTO trips SELECT COUNT(*), SESSION_ROWTIME(ts, INTERVAL '1' MINUTE) FROM rides GROUP BY SESSION(ts, INTERVAL '1' MINUTE), city;\n",
    )
    .check();
}

#[test]
fn stars() {
    query(
        "star_carries",
        "CREATE TABLE copy (id BIGINT, city STRING, fare DECIMAL(10, 2), ts TIMESTAMP(3)) WITH ('connector' = 'kafka', 'topic' = 'c', 'format' = 'json');\nINSERT INTO copy SELECT * FROM rides;\n",
    )
    .check();
    query(
        "star_over_threaded",
        "INSERT INTO fares SELECT * FROM (SELECT city, fare FROM rides) AS d;\n",
    )
    .check();
    query(
        "star_qualified",
        "INSERT INTO fares SELECT d.* FROM (SELECT city, fare FROM rides) AS d;\n",
    )
    .check();
}

#[test]
fn a_with_inside_needs_no_view_on_old_flink() {
    use tidegate::config::FlinkVersion::{V1_20, V2_0};
    let script = "INSERT INTO fares SELECT city, fare FROM (WITH a AS (SELECT city, fare FROM rides) SELECT * FROM a) AS d;\n";
    query("nested_with_1_20", script).flink(V1_20).check();
    query("nested_with_2_0", script).flink(V2_0).check();
    let script = "INSERT INTO fares WITH a AS (SELECT city, fare FROM rides UNION ALL SELECT city, fare FROM tours) SELECT * FROM a;\n";
    query("union_in_with_1_20", script).flink(V1_20).check();
}

#[test]
fn a_bare_clock_needs_no_view_on_new_flink() {
    use tidegate::config::FlinkVersion::{V2_1, V2_3};
    let script = "INSERT INTO trips SELECT id, LOCALTIMESTAMP FROM rides;\n";
    query("bare_clock_2_1", script).flink(V2_1).check();
    query("bare_clock_2_3", script).flink(V2_3).check();
    query(
        "named_clock_2_3",
        "INSERT INTO trips SELECT id, LOCALTIMESTAMP AS now_ FROM rides;\n",
    )
    .check();
}

const LAKE: &str = "\
CREATE TABLE a (id BIGINT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'filesystem', 'path' = 'a', 'format' = 'csv');
CREATE TABLE b (id BIGINT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts) WITH ('connector' = 'paimon');
CREATE TABLE keyed (id BIGINT PRIMARY KEY NOT ENFORCED, ts TIMESTAMP(3)) WITH ('connector' = 'upsert-kafka', 'topic' = 'k', 'key.format' = 'json', 'value.format' = 'json');
CREATE TABLE snk (id BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'print');
";

#[test]
fn an_array_pins_where_only_sources_are_below() {
    let late = |s: &mut Settings| s.gate.late = Late::Handover;
    let always = |s: &mut Settings| s.gate.pin = Pin::Always;
    let lake = |name, insert: &str| case(name, &format!("{LAKE}{insert}\n"));
    lake(
        "pinned_union",
        "INSERT INTO snk SELECT id, ts FROM a UNION ALL SELECT id, ts FROM b;",
    )
    .check();
    // Each branch has a watermark of its own: only above both of them it is the one of the job.
    lake(
        "pinned_union_late",
        "INSERT INTO snk SELECT id, ts FROM b WHERE id > 1 UNION ALL SELECT id, ts FROM b WHERE id < 1;",
    )
    .with(late)
    .check();
    // The sink's key is the source's, and stays so.
    lake("pinned_keyed", "INSERT INTO keyed SELECT id, ts FROM a;")
        .with(always)
        .check();
    query(
        "pinned_always",
        "INSERT INTO fares SELECT city, fare FROM rides;\n",
    )
    .with(always)
    .check();
}

/// Gates with the barrier that a gate of the same query does not need.
#[test]
fn a_gate_behind_another_barrier_changes_its_role() {
    let now = case(
        "",
        &format!("{LAKE}INSERT INTO snk SELECT id, ts FROM b;\n"),
    );
    let text = tidegate::rewrite(&now.script, &now.settings).text.unwrap();
    let unnest = text
        .replace(
            "WHERE ARRAY[",
            "CROSS JOIN UNNEST(ARRAY[CAST(`ts` AS TIMESTAMP(3))]) AS `__at` (`__t`)\nWHERE ",
        )
        .replace("COALESCE(`ts`", "COALESCE(`__t`")
        .replace("][1]", "");
    assert_ne!(text, unnest);
    case("pinned_otherwise", &unnest).role(incoming()).check();
}

#[test]
fn sources_that_take_filters_are_pinned() {
    case(
        "pinned_source",
        "CREATE TABLE src (id BIGINT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts) WITH ('connector' = 'paimon');\nCREATE TABLE snk (id BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'print');\nINSERT INTO snk SELECT id, ts FROM src;\n",
    )
    .check();
}
