//! Which candidate leads, and what is asked where none does.

use super::{Cases, source};

pub(super) fn cases(t: &mut Cases) {
    t.show(
        "ranking",
        vec![
            source("event_name_leads", "created_at TIMESTAMP(3),\n  event_time TIMESTAMP(3)"),
            source("arrival_name_trails", "ingest_time TIMESTAMP(3),\n  order_time TIMESTAMP(3)"),
            source("arrival_name_alone", "ingest_time TIMESTAMP(3)"),
            source("event_and_arrival", "kafka_ts TIMESTAMP(3),\n  occurredAt TIMESTAMP(3),\n  processed_at TIMESTAMP(3)"),
            source("timestamp_before_number", "ts TIMESTAMP(3),\n  created_ms BIGINT"),
            source("timestamp_and_event_number", "made TIMESTAMP(3),\n  event_time_ms BIGINT"),
            source("timestamp_before_nested", "created TIMESTAMP(3),\n  p ROW<created TIMESTAMP(3)>"),
            source("nested_event_name", "made TIMESTAMP(3),\n  p ROW<event_time TIMESTAMP(3)>"),
            source("nested_before_number", "p ROW<created_at TIMESTAMP(3)>,\n  ts_ms BIGINT"),
            source("number_before_metadata", "ts_ms BIGINT"),
            source("metadata_before_text", "event_time STRING"),
            source("declared_metadata_and_number", "m TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,\n  ts_ms BIGINT"),
            source("column_before_declared_metadata", "ts TIMESTAMP(3),\n  m TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL"),
            source("precise_and_not", "a TIMESTAMP(9),\n  b TIMESTAMP(3)"),
            source("nullable_and_not", "a TIMESTAMP(3),\n  b TIMESTAMP(3) NOT NULL"),
            source("ranked_out", "birthday TIMESTAMP(3),\n  window_end TIMESTAMP(3),\n  valid_from TIMESTAMP(3),\n  expires_at TIMESTAMP(3),\n  dt TIMESTAMP(3),\n  ts TIMESTAMP(3)"),
            source("all_ranked_out", "birthday TIMESTAMP(3),\n  window_end TIMESTAMP(3)"),
            source("ranked_out_but_named", "birthday TIMESTAMP(3),\n  ts TIMESTAMP(3)").src("column = 'birthday'"),
            source("not_a_time_by_name", "latency_ms BIGINT,\n  timeout_s INT,\n  `day` DATE,\n  `time` TIME"),
            source("proctime_beside", "pt AS PROCTIME(),\n  ts TIMESTAMP(3)"),
        ],
    );
    let of = |name: &str, connector: &str, columns: &str| {
        let mut case = source(name, columns);
        case.script = case
            .script
            .replacen("('connector' = 'kafka')", connector, 1);
        case
    };
    t.show(
        "questions",
        vec![
            source("two_columns", "a TIMESTAMP(3),\n  b TIMESTAMP(3)"),
            source("three_columns", "a TIMESTAMP(3),\n  b TIMESTAMP_LTZ(6),\n  c AS a + INTERVAL '1' HOUR"),
            source("two_event_names", "event_time TIMESTAMP(3),\n  eventTimestamp TIMESTAMP(3)"),
            source("two_fields", "p ROW<created_at TIMESTAMP(3), updated_at TIMESTAMP(3)>"),
            source("two_numbers", "created_ms BIGINT,\n  updated_ms BIGINT"),
            source("column_and_event_field", "made TIMESTAMP(3),\n  p ROW<event_time TIMESTAMP(3)>,\n  q ROW<event_time TIMESTAMP(3)>"),
            of("number_without_unit", "('connector' = 'datagen')", "ts BIGINT"),
            of("int_without_unit", "('connector' = 'datagen')", "ts INT"),
            of("numbers_without_units", "('connector' = 'datagen')", "ts BIGINT,\n  created_at BIGINT"),
            of("text_without_format", "('connector' = 'datagen')", "event_time STRING"),
            of("text_and_number", "('connector' = 'datagen')", "event_time STRING,\n  ts BIGINT"),
            of("nothing", "('connector' = 'datagen')", "v STRING"),
            of("nothing_known", "('connector' = 'mine')", "v STRING"),
            of("file_time", "('connector' = 'filesystem', 'path' = '/data/x', 'format' = 'json')", "v STRING"),
            of("pulsar", "('connector' = 'pulsar')", "v STRING"),
            of("kinesis", "('connector' = 'kinesis', 'stream' = 's')", "v STRING"),
        ],
    );
}
