//! Bounded sources that are run: the watermark that each row sees.

use super::{Case, Cases, case};
use chrono::DateTime;

/// 2026-11-22T00:00:00Z
const START: i64 = 1_795_305_600_000;

/// The event times, in milliseconds behind [`START`]; out of order, and once at the same time.
const EVENTS: [i64; 6] = [10_000, 20_000, 15_000, 20_000, 30_500, 59_000];

/// The watermark that each row sees: of all rows before it, the highest event time without the delay. One that is not
/// behind 1970 is never sent.
fn seen(events: &[Option<i64>], delay: i64) -> Vec<Option<i64>> {
    let mut highest: Option<i64> = None;
    let mut seen = Vec::new();
    for event in events {
        seen.push(highest);
        let watermark = event.unwrap_or(0) - delay;
        highest = highest.max((watermark > 0).then_some(watermark));
    }
    seen
}

/// Of a `mem` source with a row for each event; `field` is its JSON behind the `id`.
fn run(
    name: &str,
    columns: &str,
    lines: &str,
    delay: i64,
    events: &[Option<i64>],
    field: impl Fn(Option<i64>) -> String,
) -> Case {
    let rows: Vec<String> = events
        .iter()
        .enumerate()
        .map(|(id, at)| format!("{{\"id\": {id}, {}}}", field(*at)).replace('\'', "''"))
        .collect();
    let script = format!(
        "CREATE TABLE src (\n  id INT,\n  {columns}\n) WITH ('connector' = 'mem', 'format' = 'json', 'data' = '{}');\nCREATE TABLE snk (id INT) WITH ('connector' = 'mem');\nINSERT INTO snk SELECT id FROM src;\n",
        rows.join("\n"),
    );
    Case {
        sees: Some(seen(events, delay)),
        ..case(name, script).src(lines)
    }
}

fn written(at: i64, pattern: &str) -> String {
    DateTime::from_timestamp_millis(at)
        .unwrap()
        .format(pattern)
        .to_string()
}

pub(super) fn cases(t: &mut Cases) {
    let plain: Vec<Option<i64>> = EVENTS.iter().map(|at| Some(START + at)).collect();
    let mut with_nulls = plain.clone();
    with_nulls.insert(2, None);
    with_nulls.insert(0, None);
    let text = |pattern: &'static str| {
        move |at: Option<i64>| {
            at.map_or("\"t\": null".to_owned(), |at| {
                format!("\"t\": \"{}\"", written(at, pattern))
            })
        }
    };
    let number = |per_ms: fn(i64) -> i64| {
        move |at: Option<i64>| {
            at.map_or("\"n\": null".to_owned(), |at| {
                format!("\"n\": {}", per_ms(at))
            })
        }
    };
    let sql = "%Y-%m-%d %H:%M:%S%.3f";
    let ltz = "%Y-%m-%d %H:%M:%S%.3fZ";
    let whole: Vec<Option<i64>> = plain
        .iter()
        .map(|at| at.map(|at| at / 1000 * 1000))
        .collect();
    t.show(
        "runs",
        vec![
            run(
                "not_null",
                "t TIMESTAMP(3) NOT NULL",
                "column = 't'",
                5_000,
                &plain,
                text(sql),
            ),
            run(
                "nullable",
                "t TIMESTAMP(3)",
                "column = 't'",
                5_000,
                &with_nulls,
                text(sql),
            ),
            run(
                "trusted",
                "t TIMESTAMP(3)",
                "column = 't'\nnullable = 'trust'",
                5_000,
                &plain,
                text(sql),
            ),
            run(
                "precision_0",
                "t TIMESTAMP(0) NOT NULL",
                "column = 't'\ndelay = '500 ms'",
                500,
                &whole,
                text("%Y-%m-%d %H:%M:%S"),
            ),
            run(
                "precision_6",
                "t TIMESTAMP(6) NOT NULL",
                "column = 't'",
                5_000,
                &plain,
                text("%Y-%m-%d %H:%M:%S%.3f999"),
            ),
            run(
                "precision_9",
                "t TIMESTAMP(9)",
                "column = 't'",
                5_000,
                &with_nulls,
                text("%Y-%m-%d %H:%M:%S%.3f999999"),
            ),
            run(
                "ltz",
                "t TIMESTAMP_LTZ(3) NOT NULL",
                "column = 't'",
                5_000,
                &plain,
                text(ltz),
            ),
            run(
                "ltz_nullable",
                "t TIMESTAMP_LTZ(3)",
                "column = 't'",
                5_000,
                &with_nulls,
                text(ltz),
            ),
            run(
                "ltz_precise",
                "t TIMESTAMP_LTZ(6)",
                "column = 't'",
                5_000,
                &with_nulls,
                text("%Y-%m-%d %H:%M:%S%.3f999Z"),
            ),
            run(
                "nested",
                "p ROW<t TIMESTAMP(3)>",
                "column = 'p.t'",
                5_000,
                &with_nulls,
                |at| format!("\"p\": {{{}}}", text(sql)(at)),
            ),
            run(
                "nested_null_row",
                "p ROW<t TIMESTAMP(3)>",
                "column = 'p.t'",
                5_000,
                &with_nulls,
                |at| {
                    at.map_or("\"p\": null".to_owned(), |_| {
                        format!("\"p\": {{{}}}", text(sql)(at))
                    })
                },
            ),
            run(
                "nested_deep",
                "p ROW<q ROW<t TIMESTAMP(6)>>",
                "column = 'p.q.t'",
                5_000,
                &with_nulls,
                |at| format!("\"p\": {{\"q\": {{{}}}}}", text(sql)(at)),
            ),
            run(
                "nested_number",
                "p ROW<n BIGINT>",
                "column = 'p.n'\nunit = 'ms'",
                5_000,
                &with_nulls,
                |at| format!("\"p\": {{{}}}", number(|ms| ms)(at)),
            ),
            run(
                "seconds",
                "n BIGINT NOT NULL",
                "column = 'n'\nunit = 's'",
                5_000,
                &whole,
                number(|ms| ms / 1000),
            ),
            run(
                "seconds_int",
                "n INT",
                "column = 'n'\nunit = 's'",
                5_000,
                &whole,
                number(|ms| ms / 1000),
            ),
            run(
                "milliseconds",
                "n BIGINT",
                "column = 'n'\nunit = 'ms'",
                5_000,
                &with_nulls,
                number(|ms| ms),
            ),
            run(
                "milliseconds_by_name",
                "n BIGINT,\n  ts_ms AS n",
                "",
                5_000,
                &with_nulls,
                number(|ms| ms),
            ),
            run(
                "microseconds",
                "n BIGINT",
                "column = 'n'\nunit = 'us'",
                5_000,
                &with_nulls,
                number(|ms| ms * 1000 + 999),
            ),
            run(
                "nanoseconds",
                "n BIGINT",
                "column = 'n'\nunit = 'ns'",
                5_000,
                &with_nulls,
                number(|ms| ms * 1_000_000 + 999_999),
            ),
            run(
                "decimal",
                "n DECIMAL(20, 0)",
                "column = 'n'\nunit = 'ms'",
                5_000,
                &with_nulls,
                number(|ms| ms),
            ),
            run(
                "text_sql",
                "t STRING",
                "column = 't'\nformat = 'sql'",
                5_000,
                &with_nulls,
                text(sql),
            ),
            run(
                "text_sql_fine",
                "t STRING",
                "column = 't'\nformat = 'sql'",
                5_000,
                &with_nulls,
                text("%Y-%m-%d %H:%M:%S%.3f999"),
            ),
            run(
                "text_iso",
                "t STRING",
                "column = 't'\nformat = 'iso-8601'",
                5_000,
                &with_nulls,
                text("%Y-%m-%dT%H:%M:%S%.3fZ"),
            ),
            run(
                "text_iso_without_z",
                "t STRING NOT NULL",
                "column = 't'\nformat = 'iso-8601'",
                5_000,
                &plain,
                text("%Y-%m-%dT%H:%M:%S%.3f"),
            ),
            run(
                "text_pattern",
                "t STRING",
                "column = 't'\nformat = 'dd/MM/yyyy HH:mm:ss'",
                5_000,
                &whole,
                text("%d/%m/%Y %H:%M:%S"),
            ),
            run(
                "text_pattern_quoted",
                "t STRING",
                "column = 't'\nformat = \"yyyy-MM-dd'T'HH:mm:ss.SSS'Z'\"",
                5_000,
                &with_nulls,
                text("%Y-%m-%dT%H:%M:%S%.3fZ"),
            ),
            run(
                "text_not_a_time",
                "t STRING",
                "column = 't'\nformat = 'sql'",
                5_000,
                &with_nulls,
                |at| at.map_or("\"t\": \"soon\"".to_owned(), |_| text(sql)(at)),
            ),
            run(
                "computed",
                "t STRING,\n  c AS TO_TIMESTAMP(t)",
                "column = 'c'",
                5_000,
                &with_nulls,
                text(sql),
            ),
            run(
                "metadata_declared",
                "m TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL",
                "metadata = 'timestamp'",
                5_000,
                &plain,
                |at| text(ltz)(at).replace("\"t\"", "\"timestamp\""),
            ),
            run(
                "metadata_undeclared",
                "v STRING",
                "metadata = 'timestamp'",
                5_000,
                &plain,
                |at| text(ltz)(at).replace("\"t\"", "\"timestamp\""),
            ),
            run(
                "metadata_nullable",
                "v STRING",
                "metadata = 'ts-nullable'",
                5_000,
                &with_nulls,
                |at| text(ltz)(at).replace("\"t\"", "\"ts-nullable\""),
            ),
            run(
                "expression",
                "n BIGINT",
                "expression = 'TO_TIMESTAMP_LTZ(n, 3)'",
                5_000,
                &with_nulls,
                number(|ms| ms),
            ),
            run(
                "expression_precise",
                "t TIMESTAMP(6)",
                "expression = \"t - INTERVAL '1' SECOND\"",
                6_000,
                &plain,
                text("%Y-%m-%d %H:%M:%S%.3f999"),
            ),
            run(
                "watermark",
                "t TIMESTAMP(3)",
                "column = 't'\nwatermark = \"{rowtime} - INTERVAL '7' SECOND\"",
                7_000,
                &with_nulls,
                text(sql),
            ),
            run(
                "watermark_of_the_column",
                "t TIMESTAMP(3) NOT NULL",
                "column = 't'\nwatermark = \"t - INTERVAL '7' SECOND\"",
                7_000,
                &plain,
                text(sql),
            ),
            run(
                "replaced",
                "t TIMESTAMP(3),\n  WATERMARK FOR t AS t",
                "replace = true",
                5_000,
                &plain,
                text(sql),
            ),
            run(
                "replaced_by_hidden",
                "t TIMESTAMP(3),\n  WATERMARK FOR t AS t",
                "replace = true\nattach = 'hidden'",
                5_000,
                &with_nulls,
                text(sql),
            ),
            run(
                "shadow",
                "t TIMESTAMP(3)",
                "column = 't'\nplacement = 'shadow'",
                5_000,
                &with_nulls,
                text(sql),
            ),
            run(
                "shadow_replaced",
                "t TIMESTAMP(3),\n  WATERMARK FOR t AS t",
                "replace = true\nplacement = 'shadow'",
                5_000,
                &plain,
                text(sql),
            ),
            run(
                "shadow_metadata",
                "m TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL",
                "metadata = 'timestamp'\nplacement = 'shadow'",
                5_000,
                &plain,
                |at| text(ltz)(at).replace("\"t\"", "\"timestamp\""),
            ),
            run(
                "derive",
                "t TIMESTAMP(6)",
                "column = 't'\nplacement = 'derive'",
                5_000,
                &with_nulls,
                text(sql),
            ),
            run(
                "derive_computed",
                "t STRING,\n  c AS TO_TIMESTAMP(t)",
                "column = 'c'\nplacement = 'derive'\nnullable = 'trust'\nattach = 'column'",
                5_000,
                &plain,
                text(sql),
            ),
            run(
                "no_delay",
                "t TIMESTAMP(3) NOT NULL",
                "column = 't'\ndelay = '0 s'",
                0,
                &plain,
                text(sql),
            ),
            run(
                "delay_1_ms",
                "t TIMESTAMP(3)",
                "column = 't'\ndelay = '1 ms'",
                1,
                &with_nulls,
                text(sql),
            ),
            run(
                "delay_100_s",
                "t TIMESTAMP(3)",
                "column = 't'\ndelay = '100 s'",
                100_000,
                &with_nulls,
                text(sql),
            ),
            run(
                "delay_100_days",
                "t TIMESTAMP(3)",
                "column = 't'\ndelay = '100 d'",
                100 * 86_400_000,
                &with_nulls,
                text(sql),
            ),
            run(
                "delay_1000_days",
                "t TIMESTAMP(3)",
                "column = 't'\ndelay = '1000 d'",
                1_000 * 86_400_000,
                &with_nulls,
                text(sql),
            ),
            run(
                "delay_19999_days",
                "t TIMESTAMP_LTZ(3)",
                "column = 't'\ndelay = '19999 d'",
                19_999 * 86_400_000,
                &with_nulls,
                text(ltz),
            ),
        ],
    );
}
