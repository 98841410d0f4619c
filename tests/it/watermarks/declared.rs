//! Watermarks of the script's own that Flink refuses, and such as look like it and are taken.

use super::{Case, Cases, SINK, case};

/// A table with a clause, that is read.
fn clause(name: &str, columns: &str, watermark: &str) -> Case {
    with(name, "'connector' = 'kafka'", columns, watermark)
}

fn with(name: &str, options: &str, columns: &str, watermark: &str) -> Case {
    let table = format!(
        "CREATE TABLE src (\n  id INT,\n  {columns},\n  WATERMARK FOR {watermark}\n) WITH ({options});\n"
    );
    case(
        name,
        format!("{table}{SINK}INSERT INTO snk SELECT id FROM src;\n"),
    )
}

fn sink(name: &str, columns: &str, watermark: &str) -> Case {
    let table = format!(
        "CREATE TABLE target (\n  id INT,\n  {columns},\n  WATERMARK FOR {watermark}\n) WITH ('connector' = 'kafka');\n"
    );
    let source = "CREATE TABLE src (id INT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka');\n";
    case(
        name,
        format!("{source}{table}INSERT INTO target SELECT id, ts FROM src;\n"),
    )
}

pub(super) fn cases(t: &mut Cases) {
    t.show(
        "refused_columns",
        vec![
            clause("unknown_column", "ts TIMESTAMP(3)", "tz AS tz"),
            clause("other_case", "Ts TIMESTAMP(3)", "ts AS ts"),
            clause("other_case_in_the_expression", "ts TIMESTAMP(3)", "ts AS TS - INTERVAL '5' SECOND"),
            clause("unknown_column_in_the_expression", "ts TIMESTAMP(3)", "ts AS nope"),
            clause("proctime", "ts AS PROCTIME()", "ts AS ts"),
            clause("number", "ts BIGINT", "ts AS ts"),
            clause("text", "ts STRING", "ts AS ts"),
            clause("day", "ts DATE", "ts AS ts"),
            clause("precise", "ts TIMESTAMP(6)", "ts AS ts"),
            clause("precise_default", "ts TIMESTAMP", "ts AS ts"),
            clause("precise_ltz", "ts TIMESTAMP_LTZ(6)", "ts AS ts"),
            clause("day_and_delay", "ts DATE", "ts AS ts - INTERVAL '5' SECOND"),
            clause("precise_and_delay", "ts TIMESTAMP(6)", "ts AS ts - INTERVAL '5' SECOND"),
            clause("number_and_expression", "ts BIGINT", "ts AS TO_TIMESTAMP_LTZ(ts, 3)"),
            clause("number_and_delay", "ts BIGINT", "ts AS ts - INTERVAL '5' SECOND"),
            clause("text_and_delay", "ts STRING", "ts AS ts - INTERVAL '5' SECOND"),
            clause("field", "a ROW<b TIMESTAMP(3)>", "a.b AS a.b"),
            clause("quoted_field", "a ROW<b TIMESTAMP(3)>", "`a.b` AS a.b"),
            clause("computed_precise", "s TIMESTAMP(6),\n  ts AS s", "ts AS ts"),
            case("inherited_computed", format!("CREATE TABLE base (id INT, s STRING, ts AS TO_TIMESTAMP(s)) WITH ('connector' = 'kafka');\nCREATE TABLE src (WATERMARK FOR ts AS ts) LIKE base;\n{SINK}INSERT INTO snk SELECT id FROM src;\n")),
            case("inherited_metadata", format!("CREATE TABLE base (id INT, ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL) WITH ('connector' = 'kafka');\nCREATE TABLE src (WATERMARK FOR ts AS ts) LIKE base;\n{SINK}INSERT INTO snk SELECT id FROM src;\n")),
            case("inherited_physical", format!("CREATE TABLE base (id INT, ts TIMESTAMP(3)) WITH ('connector' = 'kafka');\nCREATE TABLE src (WATERMARK FOR ts AS ts) LIKE base;\n{SINK}INSERT INTO snk SELECT id FROM src;\n")),
            case("temporary", format!("CREATE TEMPORARY TABLE src (id INT, ts TIMESTAMP(6), WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka');\n{SINK}INSERT INTO snk SELECT id FROM src;\n")),
            case("altered", format!("CREATE TABLE src (id INT, ts TIMESTAMP(6)) WITH ('connector' = 'kafka');\nALTER TABLE src ADD WATERMARK FOR ts AS ts;\n{SINK}INSERT INTO snk SELECT id FROM src;\n")),
            case("altered_alone", format!("CREATE TABLE src (id INT, ts TIMESTAMP(3)) WITH ('connector' = 'kafka');\nALTER TABLE src ADD WATERMARK FOR ts AS ts;\n{SINK}INSERT INTO snk SELECT id FROM src;\n")),
        ],
    );
    t.show(
        "refused_expressions",
        vec![
            clause("ltz_of_timestamp", "ts TIMESTAMP_LTZ(3),\n  u TIMESTAMP(3)", "ts AS u"),
            clause("timestamp_of_ltz", "ts TIMESTAMP(3),\n  u TIMESTAMP_LTZ(3)", "ts AS u"),
            clause("finer", "ts TIMESTAMP(3),\n  u TIMESTAMP(6)", "ts AS u"),
            clause("finer_and_delay", "ts TIMESTAMP(3),\n  u TIMESTAMP(6)", "ts AS u - INTERVAL '5' SECOND"),
            clause("finer_by_cast", "ts TIMESTAMP(3)", "ts AS CAST(ts AS TIMESTAMP(6))"),
            clause("boolean", "ts TIMESTAMP(3)", "ts AS ts > TIMESTAMP '2024-01-01 00:00:00'"),
            clause("null", "ts TIMESTAMP(3)", "ts AS NULL"),
            clause("minus_a_number", "ts TIMESTAMP(3)", "ts AS ts - 5"),
            clause("unknown_function", "ts TIMESTAMP(3)", "ts AS nofunc(ts)"),
            clause("subquery", "ts TIMESTAMP(3)", "ts AS (SELECT MAX(ts) FROM src)"),
            clause("current_watermark", "ts TIMESTAMP(3)", "ts AS CURRENT_WATERMARK(ts)"),
            clause("source_watermark_and_delay", "ts TIMESTAMP(3)", "ts AS SOURCE_WATERMARK() - INTERVAL '5' SECOND"),
            clause("aggregate", "ts TIMESTAMP(3)", "ts AS MAX(ts)"),
            clause("aggregate_over", "ts TIMESTAMP(3)", "ts AS MAX(ts) OVER (PARTITION BY id)"),
            clause("seconds", "ts TIMESTAMP(3)", "ts AS ts - INTERVAL '100' SECOND"),
            clause("days", "ts TIMESTAMP(3)", "ts AS ts - INTERVAL '100' DAY"),
            clause("seconds_of_five_digits", "ts TIMESTAMP(3)", "ts AS ts - INTERVAL '86400' SECOND(5)"),
            clause("minutes_of_four_digits", "ts TIMESTAMP(3)", "ts AS ts - INTERVAL '1000' MINUTE(4)"),
            clause("days_of_four_digits", "ts TIMESTAMP(3)", "ts AS ts - INTERVAL '1000' DAY(4)"),
            clause("few_days_of_nine_digits", "ts TIMESTAMP(3)", "ts AS ts - INTERVAL '100' DAY(9)"),
            with("source_watermark", "'connector' = 'kafka'", "ts TIMESTAMP_LTZ(3)", "ts AS SOURCE_WATERMARK()"),
            with("source_watermark_of_a_file", "'connector' = 'filesystem', 'path' = '/data/x', 'format' = 'json'", "ts TIMESTAMP_LTZ(3)", "ts AS SOURCE_WATERMARK()"),
            case("two", format!("CREATE TABLE src (id INT, ts TIMESTAMP(3), u TIMESTAMP(3), WATERMARK FOR ts AS ts, WATERMARK FOR u AS u) WITH ('connector' = 'kafka');\n{SINK}INSERT INTO snk SELECT id FROM src;\n")),
        ],
    );
    t.show(
        "accepted_declarations",
        vec![
            clause("coarser_expression", "ts TIMESTAMP(3),\n  u TIMESTAMP(0)", "ts AS u"),
            clause("precision_0", "ts TIMESTAMP(0)", "ts AS ts - INTERVAL '0.125' SECOND"),
            clause("precision_1", "ts TIMESTAMP(1)", "ts AS ts - INTERVAL '0.5' SECOND(2, 1)"),
            clause("ltz_0", "ts TIMESTAMP_LTZ(0)", "ts AS ts - INTERVAL '1' DAY"),
            clause("cast", "ts TIMESTAMP(3)", "ts AS CAST(ts AS TIMESTAMP(3)) - INTERVAL '5' SECOND"),
            clause("nullable_on_not_null", "ts TIMESTAMP(3) NOT NULL,\n  u TIMESTAMP(3)", "ts AS u"),
            clause("coalesce", "ts TIMESTAMP(3)", "ts AS COALESCE(ts, TIMESTAMP '1970-01-01 00:00:00')"),
            clause("case", "ts TIMESTAMP(3)", "ts AS CASE WHEN id > 0 THEN ts ELSE NULL END"),
            clause("least", "ts TIMESTAMP(3),\n  u TIMESTAMP(3)", "ts AS LEAST(ts, u)"),
            clause("another_computed", "ts TIMESTAMP(3),\n  c AS ts - INTERVAL '1' SECOND", "ts AS c"),
            clause("another_metadata", "ts TIMESTAMP_LTZ(3),\n  m TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL", "ts AS m"),
            clause("computed_by_physical", "u TIMESTAMP(3),\n  ts AS u + INTERVAL '1' SECOND", "ts AS u"),
            clause("negative", "ts TIMESTAMP(3)", "ts AS ts - INTERVAL '-5' SECOND"),
            clause("months", "ts TIMESTAMP(3)", "ts AS ts - INTERVAL '2' MONTH"),
            clause("years", "ts TIMESTAMP(3)", "ts AS ts - INTERVAL '1' YEAR"),
            clause("year_to_month", "ts TIMESTAMP(3)", "ts AS ts - INTERVAL '2-03' YEAR TO MONTH"),
            clause("days_of_three_digits", "ts TIMESTAMP(3)", "ts AS ts - INTERVAL '999' DAY(3)"),
            clause("times_an_interval", "ts TIMESTAMP(3)", "ts AS ts - 1000 * INTERVAL '1' DAY"),
            clause("timestampadd", "ts TIMESTAMP(3)", "ts AS TIMESTAMPADD(DAY, -1000, ts)"),
            case("before_its_column", format!("CREATE TABLE src (id INT, WATERMARK FOR ts AS ts, ts TIMESTAMP(3)) WITH ('connector' = 'kafka');\n{SINK}INSERT INTO snk SELECT id FROM src;\n")),
            clause("of_an_array", "a ARRAY<TIMESTAMP(3)>,\n  ts AS a[1]", "ts AS ts"),
            clause("of_a_field", "a ROW<b TIMESTAMP(3)>,\n  ts AS a.b", "ts AS ts"),
            sink("sink_of_five_digits", "ts TIMESTAMP(3)", "ts AS ts - INTERVAL '86400' SECOND(5)"),
            sink("sink_of_the_source", "ts TIMESTAMP_LTZ(3)", "ts AS SOURCE_WATERMARK()").toml(""),
        ],
    );
}
