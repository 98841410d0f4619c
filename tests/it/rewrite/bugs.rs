//! What is known to be wrong, each case with what would be right. A case moves out when it is.

use super::{TABLES, diagnostics, query};
use tidegate::config::{Role, Settings};
use tidegate::{Rewritten, Verdict};

fn rewrite(script: &str) -> Rewritten {
    tidegate::rewrite(&format!("{TABLES}{script}"), &Settings::default())
}

/// Rewritten, and the result is final and takes another role.
fn is_gated(script: &str) {
    let full = format!("{TABLES}{script}");
    let done = tidegate::rewrite(&full, &Settings::default());
    let text = done
        .text
        .unwrap_or_else(|| panic!("{}", diagnostics(&full, &done.diagnostics)));
    let again = tidegate::rewrite(&text, &Settings::default());
    let why = diagnostics(&text, &again.diagnostics);
    assert_eq!(again.text.as_deref(), Some(&text[..]), "{why}");
    let role = Role::Incoming {
        cutover: super::CUTOVER,
    };
    let settings = Settings {
        role,
        ..Settings::default()
    };
    let direct = tidegate::rewrite(&full, &settings).text;
    assert_eq!(tidegate::rewrite(&text, &settings).text, direct);
}

/// No text, and one of the diagnostics has this name.
fn is_refused(script: &str, name: &str) {
    let done = rewrite(script);
    let names: Vec<_> = done.diagnostics.iter().map(|d| d.name).collect();
    assert_eq!(done.text, None);
    assert!(names.contains(&name), "{names:?}");
}

#[test]
fn a_query_in_parentheses_is_found_again() {
    is_gated("INSERT INTO fares (SELECT city, fare FROM rides);\n");
    is_gated(
        "INSERT INTO fares (SELECT city, fare FROM rides) UNION ALL (SELECT city, fare FROM tours);\n",
    );
}

#[test]
fn a_union_that_carries_its_time_in_one_branch_is_found_again() {
    is_gated(
        "INSERT INTO trips SELECT id, ts FROM rides UNION ALL SELECT id, CAST(NULL AS TIMESTAMP(3)) FROM tours;\n",
    );
}

#[test]
fn a_sink_whose_last_column_has_the_name_of_the_gate_time() {
    is_refused(
        "CREATE TABLE odd (city STRING, __gate_time TIMESTAMP(3)) WITH ('connector' = 'kafka', 'topic' = 'o', 'format' = 'json');\nINSERT INTO odd SELECT city, ts FROM rides;\n",
        "gate-column-taken",
    );
}

#[test]
fn a_sink_column_named_like_the_barrier_is_told() {
    is_refused(
        "CREATE TABLE odd (__t TIMESTAMP(3), n BIGINT) WITH ('connector' = 'kafka', 'topic' = 'o', 'format' = 'json');\nINSERT INTO odd SELECT window_end, COUNT(*) FROM TABLE(TUMBLE(TABLE rides, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;\n",
        "gate-column-taken",
    );
}

#[test]
fn a_common_table_expression_may_be_named_like_the_copy() {
    is_gated(
        "CREATE VIEW v AS SELECT city, fare FROM rides;\nINSERT INTO fares WITH v__timed AS (SELECT 1 AS x) SELECT city, fare FROM v;\n",
    );
}

#[test]
fn the_name_of_the_gate_time_is_looked_for_below_the_top() {
    is_refused(
        "INSERT INTO fares SELECT city, fare FROM (SELECT city, fare, 1 AS __gate_time FROM rides) AS d;\n",
        "gate-column-taken",
    );
}

#[test]
fn only_a_plain_select_over_a_gate_is_gated() {
    let first = rewrite("INSERT INTO fares SELECT city, fare FROM rides;\n");
    let gated = first.text.unwrap();
    for query in [
        "SELECT DISTINCT city, fare FROM fares__gate",
        "SELECT city, SUM(fare) FROM fares__gate GROUP BY city",
        "SELECT city, SUM(fare) OVER (PARTITION BY city ORDER BY fare) FROM fares__gate",
        "SELECT MAX(city), MAX(fare) FROM fares__gate",
    ] {
        let script = format!("{gated}INSERT INTO fares {query};\n");
        let done = tidegate::rewrite(&script, &Settings::default());
        let last = done.inserts.last().map(|i| i.verdict.clone());
        assert!(
            matches!(last, Some(Verdict::Refused { .. })),
            "{query}: {last:?}"
        );
    }
}

#[test]
fn a_dropped_watermark_is_no_internal_error() {
    is_refused(
        "CREATE TABLE src (id BIGINT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka', 'topic' = 'i', 'format' = 'json');\nALTER TABLE src DROP WATERMARK;\nINSERT INTO trips SELECT id, ts FROM src;\n",
        "altered-table",
    );
}

#[test]
fn a_reserved_word_names_no_table() {
    is_refused(
        "INSERT INTO fares SELECT city, fare FROM FROM rides;\n",
        "syntax-error",
    );
}

#[test]
fn grouping_sets_are_read() {
    is_refused(
        "INSERT INTO fares SELECT city, SUM(fare) FROM TABLE(TUMBLE(TABLE rides, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY GROUPING SETS ((window_start, window_end, city), (city));\n",
        "upsert-key-mismatch",
    );
}

#[test]
fn updating_queries_are_gated_on_both_sides() {
    for query in [
        "INSERT INTO sums SELECT city, SUM(fare) FROM rides GROUP BY city;\n",
        "INSERT INTO sums SELECT a.city, SUM(b.fare) FROM rides AS a JOIN tours AS b ON a.id = b.id GROUP BY a.city;\n",
        "INSERT INTO sums SELECT city, SUM(fare) FROM (SELECT city, fare FROM rides UNION ALL SELECT city, fare FROM tours) AS u GROUP BY city;\n",
        "CREATE VIEW v AS SELECT city, fare FROM rides WHERE fare > 1;\nINSERT INTO sums SELECT city, SUM(fare) FROM v GROUP BY city;\nINSERT INTO fares SELECT city, fare FROM v;\n",
        "CREATE TABLE late (city STRING, fare DECIMAL(10, 2), ts TIMESTAMP(3)) WITH ('connector' = 'kafka', 'topic' = 'l', 'format' = 'json');\nINSERT INTO sums SELECT city, SUM(fare) FROM late GROUP BY city;\n",
        "INSERT INTO sums SELECT city, fare FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY city ORDER BY ts DESC) AS n FROM rides) WHERE n = 1;\n",
    ] {
        is_gated(&format!("{}{query}", super::operators::MORE));
    }
}

/// Flink: "Union fields with time attributes requires same types".
#[test]
fn the_time_of_a_join_is_no_rowtime_beside_one_in_a_union() {
    let query = "INSERT INTO fares SELECT city, fare FROM rides UNION ALL SELECT a.city, b.fare FROM rides AS a JOIN tours AS b ON a.id = b.id;\n";
    is_gated(query);
    let text = rewrite(query).text.unwrap();
    let cast = "CAST(GREATEST(`a`.`ts`, `b`.`ts`) AS TIMESTAMP(3)) AS `__gate_time`";
    assert!(text.contains(cast), "{text}");
}

#[test]
fn a_column_of_the_sink_that_is_named_twice() {
    is_refused(
        "INSERT INTO trips (id, id) SELECT id, id FROM rides;\n",
        "duplicate-sink-column",
    );
}

#[test]
fn a_deduplication_that_writes_its_event_time() {
    let sink = "CREATE TABLE latest (city STRING PRIMARY KEY NOT ENFORCED, fare DECIMAL(10, 2), ts TIMESTAMP(3)) WITH ('connector' = 'upsert-kafka', 'topic' = 'l', 'key.format' = 'json', 'value.format' = 'json');\n";
    let query = "INSERT INTO latest SELECT city, fare, ts FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY city ORDER BY ts DESC) AS n FROM rides) WHERE n = 1;\n";
    is_gated(&format!("{sink}{query}"));
}

#[test]
fn a_window_below_an_updating_query_is_refused() {
    let query = "INSERT INTO sums SELECT city, MAX(f) FROM (SELECT city, SUM(fare) AS f FROM TABLE(TUMBLE(TABLE rides, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, city) AS w GROUP BY city;\n";
    is_refused(
        &format!("{}{query}", super::operators::MORE),
        "early-output",
    );
}

#[test]
fn a_qualified_star_in_a_join_stays_qualified() {
    is_gated(
        "INSERT INTO fares SELECT city, fare FROM (SELECT a.*, b.fare FROM (SELECT id, city FROM rides) AS a JOIN tours AS b ON a.id = b.id) AS j;\n",
    );
}

#[test]
fn a_view_of_a_whole_table_with_a_hidden_column() {
    is_gated(
        "CREATE TABLE src (id BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'kafka', 'topic' = 'i', 'format' = 'json');\nCREATE VIEW v AS TABLE src;\nINSERT INTO trips SELECT id, ts FROM src;\n",
    );
}

/// A window waits for the watermark, which waits for the join: its time covers both sides.
#[test]
fn a_window_over_an_interval_join() {
    for window in [
        "SELECT window_start, window_end, city, COUNT(*) FROM TABLE(TUMBLE(TABLE v, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) \
         GROUP BY window_start, window_end, city",
        "SELECT TUMBLE_START(ts, INTERVAL '1' MINUTE), TUMBLE_END(ts, INTERVAL '1' MINUTE), city, COUNT(*) FROM v \
         GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE), city",
    ] {
        let script = format!(
            "CREATE VIEW v AS SELECT r.city, r.ts FROM rides r JOIN tours t ON r.id = t.id AND r.ts BETWEEN \
             t.ts - INTERVAL '1' MINUTE AND t.ts;\nINSERT INTO counts {window};\n"
        );
        let script = query("", &script).script;
        let done = tidegate::rewrite(&script, &Settings::default());
        let why = diagnostics(&script, &done.diagnostics);
        assert!(done.text.is_some(), "{why}");
    }
}

#[test]
fn hints_on_what_is_read_through_a_view() {
    query(
        "hint_on_a_copied_view",
        "CREATE VIEW v AS SELECT city, fare FROM rides;\nINSERT INTO fares SELECT city, fare FROM v /*+ OPTIONS('a' = 'b') */;\n",
    )
    .check();
    query(
        "hint_on_a_closed_source",
        "CREATE TABLE snk (city STRING PRIMARY KEY NOT ENFORCED, n BIGINT) WITH ('connector' = 'upsert-kafka', 'topic' = 'k', \
         'key.format' = 'json', 'value.format' = 'json');\nINSERT INTO snk SELECT city, COUNT(*) FROM rides /*+ OPTIONS('a' = 'b') */ GROUP BY city;\n",
    )
    .check();
}
