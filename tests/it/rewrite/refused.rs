//! Every reason not to gate, with its message.

use super::{case, query};

/// Cases `(snapshot, script)` over the common tables.
fn refused(cases: &[(&str, &str)]) {
    for (name, script) in cases {
        query(&format!("refused_{name}"), script).check();
    }
}

#[test]
fn updating_queries() {
    refused(&[
        (
            "group_by",
            "INSERT INTO fares SELECT city, SUM(fare) FROM rides GROUP BY city;\n",
        ),
        (
            "aggregate",
            "INSERT INTO trips SELECT COUNT(*), MAX(ts) FROM rides;\n",
        ),
        (
            "distinct",
            "INSERT INTO fares SELECT DISTINCT city, fare FROM rides;\n",
        ),
        (
            "union",
            "INSERT INTO fares SELECT city, fare FROM rides UNION SELECT city, fare FROM tours;\n",
        ),
        (
            "intersect",
            "INSERT INTO fares SELECT city, fare FROM rides INTERSECT SELECT city, fare FROM tours;\n",
        ),
        (
            "except",
            "INSERT INTO fares SELECT city, fare FROM rides EXCEPT ALL SELECT city, fare FROM tours;\n",
        ),
        (
            "limit",
            "INSERT INTO fares SELECT city, fare FROM rides LIMIT 10;\n",
        ),
        (
            "order_by",
            "INSERT INTO fares SELECT city, fare FROM rides ORDER BY ts;\n",
        ),
        (
            "group_windows_half",
            "INSERT INTO fares SELECT city, SUM(fare) FROM TABLE(TUMBLE(TABLE rides, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_end, city;\n",
        ),
    ]);
}

#[test]
fn joins() {
    refused(&[
        (
            "left_join",
            "INSERT INTO fares SELECT a.city, b.fare FROM rides AS a LEFT JOIN tours AS b ON a.id = b.id;\n",
        ),
        (
            "in_subquery",
            "INSERT INTO fares SELECT city, fare FROM rides WHERE id IN (SELECT id FROM tours);\n",
        ),
        (
            "exists",
            "INSERT INTO fares SELECT city, fare FROM rides AS r WHERE EXISTS (SELECT 1 FROM tours AS t WHERE t.id = r.id);\n",
        ),
        (
            "scalar_subquery",
            "INSERT INTO fares SELECT city, (SELECT MAX(fare) FROM tours) FROM rides;\n",
        ),
    ]);
}

#[test]
fn other_queries() {
    refused(&[
        (
            "top_n",
            "INSERT INTO fares SELECT city, fare FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY city ORDER BY fare DESC) AS rn FROM rides) WHERE rn <= 3;\n",
        ),
        (
            "sample",
            "INSERT INTO fares SELECT city, fare FROM rides TABLESAMPLE BERNOULLI (10);\n",
        ),
        (
            "mixed_types",
            "INSERT INTO fares SELECT city, fare FROM rides UNION ALL SELECT city, 0 FROM pings;\n",
        ),
        (
            "union_with_values",
            "INSERT INTO fares SELECT city, fare FROM rides UNION ALL VALUES ('Ulm', 1.00);\n",
        ),
        (
            "overwrite",
            "INSERT OVERWRITE fares SELECT city, fare FROM rides;\n",
        ),
        (
            "column_count",
            "INSERT INTO fares SELECT city FROM rides;\n",
        ),
        (
            "unknown_table",
            "INSERT INTO fares SELECT city, fare FROM nowhere;\n",
        ),
        (
            "unknown_columns",
            "CREATE TABLE known LIKE nowhere;\nINSERT INTO known SELECT * FROM nowhere;\n",
        ),
        (
            "window_on_other_column",
            "INSERT INTO fares SELECT city, SUM(fare) FROM TABLE(TUMBLE(TABLE rides, DESCRIPTOR(fare), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, city;\n",
        ),
        (
            "window_on_a_cast",
            "CREATE VIEW v AS SELECT city, fare, CAST(ts AS TIMESTAMP(3)) AS ts FROM rides;\nINSERT INTO fares SELECT city, SUM(fare) FROM TABLE(TUMBLE(TABLE v, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, city;\n",
        ),
        (
            "group_window_on_a_cast",
            "INSERT INTO fares SELECT city, SUM(fare) FROM rides GROUP BY city, TUMBLE(CAST(ts AS TIMESTAMP(3)), INTERVAL '1' MINUTE);\n",
        ),
    ]);
}

#[test]
fn sources() {
    let sink = "CREATE TABLE snk (id BIGINT) WITH ('connector' = 'kafka', 'topic' = 'o', 'format' = 'json');\n";
    for (name, columns, options, query) in [
        (
            "changelog_connector",
            "id BIGINT PRIMARY KEY NOT ENFORCED, ts TIMESTAMP(3) NOT NULL",
            "'connector' = 'upsert-kafka'",
            "SELECT id FROM src",
        ),
        (
            "changelog_format",
            "id BIGINT, ts TIMESTAMP(3) NOT NULL",
            "'connector' = 'kafka', 'format' = 'debezium-json'",
            "SELECT id FROM src",
        ),
        (
            "proctime_window",
            "id BIGINT, pt AS PROCTIME()",
            "'connector' = 'kafka', 'format' = 'json'",
            "SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE src, DESCRIPTOR(pt), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end",
        ),
        (
            "proctime_group_window",
            "id BIGINT, pt AS PROCTIME()",
            "'connector' = 'kafka', 'format' = 'json'",
            "SELECT COUNT(*) FROM src GROUP BY TUMBLE(pt, INTERVAL '1' MINUTE)",
        ),
        (
            "ingestion_time",
            "id BIGINT, ts AS CURRENT_TIMESTAMP, WATERMARK FOR ts AS ts",
            "'connector' = 'kafka', 'format' = 'json'",
            "SELECT id FROM src",
        ),
        (
            "random_time",
            "id BIGINT, t TIMESTAMP(3), ts AS t + RAND_INTEGER(5) * INTERVAL '1' SECOND, WATERMARK FOR ts AS ts",
            "'connector' = 'kafka', 'format' = 'json'",
            "SELECT id FROM src",
        ),
    ] {
        let script = format!(
            "CREATE TABLE src ({columns}) WITH ({options});\n{sink}INSERT INTO snk {query};\n"
        );
        case(&format!("refused_{name}"), &script).check();
    }
}

#[test]
fn other_writers() {
    refused(&[
        (
            "materialized_table",
            "CREATE MATERIALIZED TABLE m FRESHNESS = INTERVAL '1' MINUTE AS SELECT city FROM rides;\n",
        ),
        ("compiled_plan", "EXECUTE PLAN 'job.json';\n"),
        (
            "compile_and_execute",
            "COMPILE AND EXECUTE PLAN 'job.json' FOR INSERT INTO fares SELECT city, fare FROM rides;\n",
        ),
    ]);
}

#[test]
fn several_reasons_are_all_told() {
    query(
        "refused_several",
        "INSERT INTO fares SELECT DISTINCT a.city, b.fare FROM rides AS a JOIN tours AS b ON a.id = b.id LIMIT 3;\nINSERT INTO trips SELECT id, ts FROM rides;\nINSERT INTO fares SELECT city, SUM(fare) FROM rides GROUP BY city;\n",
    )
    .check();
}

#[test]
fn what_cannot_be_read_is_told() {
    query(
        "user_error",
        "INSERT INTO fares SELECT city, tip FROM rides;\n",
    )
    .check();
    query(
        "type_error",
        "INSERT INTO fares SELECT id, fare FROM rides;\n",
    )
    .check();
}

#[test]
fn added_columns_that_would_show() {
    let tables = "CREATE TABLE src (id BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'kafka', 'topic' = 'i', 'format' = 'json');\nCREATE TABLE snk (id BIGINT) WITH ('connector' = 'kafka', 'topic' = 'o', 'format' = 'json');\n";
    for (name, script) in [
        (
            "renamed_columns",
            "INSERT INTO snk SELECT a FROM src AS s (a, b);\n",
        ),
        (
            "natural_join",
            "CREATE VIEW v AS SELECT * FROM src NATURAL JOIN snk;\nINSERT INTO snk SELECT id FROM src;\n",
        ),
        (
            "like",
            "CREATE TABLE twin LIKE src;\nINSERT INTO snk SELECT id FROM src;\nINSERT INTO snk SELECT id FROM twin;\n",
        ),
    ] {
        case(
            &format!("refused_hidden_{name}"),
            &format!("{tables}{script}"),
        )
        .check();
    }
}
