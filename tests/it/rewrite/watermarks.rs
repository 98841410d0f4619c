//! Tables that are given a watermark, and where it goes.

use super::case;
use tidegate::config::{Attach, Nullable, TableSettings};

const SINK: &str = "CREATE TABLE snk (id BIGINT) WITH ('connector' = 'kafka', 'topic' = 'o', 'format' = 'json');\n";

/// One source of these columns, read for its `id`.
fn source(columns: &str) -> String {
    format!(
        "CREATE TABLE src (\n  {columns}\n) WITH ('connector' = 'kafka', 'topic' = 'i', 'format' = 'json');\n{SINK}INSERT INTO snk SELECT id FROM src;\n"
    )
}

fn column(name: &str) -> TableSettings {
    TableSettings {
        column: Some(name.to_owned()),
        ..TableSettings::default()
    }
}

#[test]
fn on_the_column_where_that_is_harmless() {
    case(
        "wm_column",
        &source("id BIGINT,\n  ts TIMESTAMP(3) NOT NULL"),
    )
    .check();
    case(
        "wm_column_ltz",
        &source("id BIGINT,\n  ts TIMESTAMP_LTZ(3) NOT NULL"),
    )
    .check();
    case(
        "wm_precision_0",
        &source("id BIGINT,\n  ts TIMESTAMP(0) NOT NULL"),
    )
    .check();
}

#[test]
fn hidden_where_it_is_not() {
    case("wm_nullable", &source("id BIGINT,\n  ts TIMESTAMP(3)")).check();
    case(
        "wm_nullable_ltz",
        &source("id BIGINT,\n  ts TIMESTAMP_LTZ(3)"),
    )
    .check();
    case(
        "wm_precision_6",
        &source("id BIGINT,\n  ts TIMESTAMP(6) NOT NULL"),
    )
    .check();
    case(
        "wm_precision_default",
        &source("id BIGINT,\n  ts TIMESTAMP"),
    )
    .check();
    case(
        "wm_precision_6_ltz",
        &source("id BIGINT,\n  ts TIMESTAMP_LTZ(6)"),
    )
    .check();
    case(
        "wm_hidden_name_taken",
        &source("id BIGINT,\n  ts TIMESTAMP(3),\n  `__rowtime` STRING"),
    )
    .check();
    case(
        "wm_to_sink",
        "CREATE TABLE src (id BIGINT, ts TIMESTAMP(3) NOT NULL) WITH ('connector' = 'kafka', 'topic' = 'i', 'format' = 'json');\nCREATE TABLE snk (id BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'kafka', 'topic' = 'o', 'format' = 'json');\nINSERT INTO snk SELECT * FROM src;\n",
    )
    .check();
}

#[test]
fn a_star_over_a_hidden_column_is_spelled_out() {
    let tables = "CREATE TABLE src (id BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'kafka', 'topic' = 'i', 'format' = 'json');\nCREATE TABLE snk (id BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'kafka', 'topic' = 'o', 'format' = 'json');\n";
    let with = |script: &str| format!("{tables}{script}");
    case("hidden_star", &with("INSERT INTO snk SELECT * FROM src;\n")).check();
    case(
        "hidden_star_alias",
        &with("INSERT INTO snk SELECT s.* FROM src AS s;\n"),
    )
    .check();
    case(
        "hidden_star_in_view",
        &with("CREATE VIEW v AS SELECT * FROM src;\nSELECT * FROM v;\nINSERT INTO snk SELECT * FROM v;\n"),
    )
    .check();
    case(
        "hidden_star_elsewhere",
        &with("CREATE VIEW other AS SELECT * FROM src WHERE id = 1;\nINSERT INTO snk SELECT id, ts FROM src;\n"),
    )
    .check();
    case(
        "hidden_star_nested",
        &with("INSERT INTO snk SELECT * FROM (SELECT * FROM (SELECT * FROM src) AS a) AS b WHERE id > 0;\n"),
    )
    .check();
}

#[test]
fn computed_columns() {
    case(
        "wm_computed",
        &source("id BIGINT,\n  ms BIGINT NOT NULL,\n  ts AS TO_TIMESTAMP_LTZ(ms, 3)"),
    )
    .check();
    case(
        "wm_computed_nullable",
        &source("id BIGINT,\n  s STRING,\n  ts AS TO_TIMESTAMP(s)"),
    )
    .check();
    case(
        "wm_computed_precise",
        &source("id BIGINT,\n  t TIMESTAMP(9) NOT NULL,\n  ts AS CAST(t AS TIMESTAMP(3))"),
    )
    .with(|s| {
        s.tables.insert("src".to_owned(), column("ts"));
    })
    .check();
}

#[test]
fn metadata() {
    let table = source("id BIGINT,\n  name STRING");
    case("wm_kafka_metadata", &table).check();
    let other = |connector: &str| table.replace("'kafka', 'topic' = 'i'", connector);
    case("wm_kinesis_metadata", &other("'kinesis', 'stream' = 'i'")).check();
    // What the releases that take an ARN list and do not read.
    let arn = "'kinesis', 'stream.arn' = 'arn:aws:kinesis:eu-west-1:1:stream/i'";
    case("wm_kinesis_arn_no_metadata", &other(arn)).check();
    case(
        "wm_file_time_not_chosen",
        &other("'filesystem', 'path' = 'i'"),
    )
    .check();
    case(
        "wm_declared_metadata",
        &source("id BIGINT,\n  ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL"),
    )
    .check();
}

#[test]
fn which_column() {
    let two = source("id BIGINT,\n  made TIMESTAMP(3) NOT NULL,\n  sent TIMESTAMP(3) NOT NULL");
    case("wm_ambiguous", &two).check();
    case("wm_configured", &two)
        .with(|s| {
            s.tables.insert("src".to_owned(), column("sent"));
        })
        .check();
    case("wm_configured_unknown", &two)
        .with(|s| {
            s.tables.insert("src".to_owned(), column("snt"));
        })
        .check();
    case("wm_configured_wrong_type", &two)
        .with(|s| {
            s.tables.insert("src".to_owned(), column("id"));
        })
        .check();
    case(
        "wm_none",
        &format!("CREATE TABLE src (id BIGINT) WITH ('connector' = 'filesystem', 'path' = 'p', 'format' = 'csv');\n{SINK}INSERT INTO snk SELECT id FROM src;\n"),
    )
    .check();
    case(
        "wm_not_an_event_time",
        &source("id BIGINT,\n  birthday TIMESTAMP(3) NOT NULL,\n  seen TIMESTAMP(3) NOT NULL"),
    )
    .check();
}

#[test]
fn settings() {
    let one = source("id BIGINT,\n  ts TIMESTAMP(3)");
    case("wm_trusted", &one)
        .with(|s| s.watermark.nullable = Nullable::Trust)
        .check();
    case("wm_attach_column", &one)
        .with(|s| s.watermark.attach = Attach::Column)
        .check();
    case(
        "wm_attach_hidden",
        &source("id BIGINT,\n  ts TIMESTAMP(3) NOT NULL"),
    )
    .with(|s| s.watermark.attach = Attach::Hidden)
    .check();
    case("wm_delay", &one)
        .with(|s| s.watermark.delay_ms = 93_784_567)
        .check();
    case("wm_no_delay", &one)
        .with(|s| s.watermark.delay_ms = 0)
        .check();
}

#[test]
fn a_window_needs_the_column_itself() {
    let script = |ty: &str| {
        format!(
            "CREATE TABLE src (id BIGINT, ts {ty}) WITH ('connector' = 'kafka', 'topic' = 'i', 'format' = 'json');\n{SINK}INSERT INTO snk SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE src, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end;\n"
        )
    };
    case("wm_window", &script("TIMESTAMP(3) NOT NULL")).check();
    case("wm_window_nullable", &script("TIMESTAMP(3)")).check();
    case("wm_window_trusted", &script("TIMESTAMP(3)"))
        .with(|s| s.watermark.nullable = Nullable::Trust)
        .check();
    case("wm_window_precise", &script("TIMESTAMP(6) NOT NULL")).check();
}

#[test]
fn a_declared_watermark_stays() {
    case(
        "wm_declared",
        &source("id BIGINT,\n  made TIMESTAMP(3) NOT NULL,\n  sent TIMESTAMP(3),\n  WATERMARK FOR sent AS sent - INTERVAL '1' HOUR"),
    )
    .check();
    case(
        "wm_declared_later",
        &format!("CREATE TABLE src (id BIGINT, ts TIMESTAMP(3) NOT NULL) WITH ('connector' = 'kafka', 'topic' = 'i', 'format' = 'json');\nALTER TABLE src ADD WATERMARK FOR ts AS ts;\n{SINK}INSERT INTO snk SELECT id FROM src;\n"),
    )
    .check();
}

#[test]
fn tables_that_no_insert_reads_stay() {
    case(
        "wm_unread",
        &format!("CREATE TABLE idle (id BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'kafka', 'topic' = 'x', 'format' = 'json');\n{SINK}SELECT * FROM idle;\n"),
    )
    .check();
}

#[test]
fn copies_of_tables() {
    let base = "CREATE TABLE base (id BIGINT, ts TIMESTAMP(3) NOT NULL) WITH ('connector' = 'kafka', 'topic' = 'i', 'format' = 'json');\n";
    case(
        "wm_like",
        &format!("{base}CREATE TABLE src WITH ('topic' = 'j') LIKE base;\n{SINK}INSERT INTO snk SELECT id FROM src;\n"),
    )
    .check();
    case(
        "wm_like_both_read",
        &format!("{base}CREATE TABLE src WITH ('topic' = 'j') LIKE base;\n{SINK}INSERT INTO snk SELECT id FROM src UNION ALL SELECT id FROM base;\n"),
    )
    .check();
}

#[test]
fn a_table_that_is_source_and_sink() {
    case(
        "wm_source_and_sink",
        "CREATE TABLE a (id BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'kafka', 'topic' = 'a', 'format' = 'json');\nCREATE TABLE b (id BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'kafka', 'topic' = 'b', 'format' = 'json');\nINSERT INTO b SELECT * FROM a;\nINSERT INTO a SELECT * FROM b WHERE id < 0;\n",
    )
    .check();
}
