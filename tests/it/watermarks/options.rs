//! Options of the source's watermark in WITH.

use super::{Case, Cases, SINK, case, source};

const ALL: &str = "idle-timeout = '1 min'\nemit = 'on-event'\nalignment = { group = 'all', max-drift = '30 s', update-interval = '2 s' }";

fn of(name: &str, with: &str) -> Case {
    let table =
        format!("CREATE TABLE src (\n  id INT,\n  ts TIMESTAMP(3) NOT NULL\n) WITH {with};\n");
    case(
        name,
        format!("{table}{SINK}INSERT INTO snk SELECT id FROM src;\n"),
    )
}

pub(super) fn cases(t: &mut Cases) {
    let global = |lines: &str| format!("[watermark]\n{lines}\n");
    let one = "idle-timeout = '1 min'";
    let columns = "ts TIMESTAMP(3) NOT NULL";
    let declared = "ts TIMESTAMP(3) NOT NULL,\n  WATERMARK FOR ts AS ts";
    let table = "CREATE TABLE src (id INT, ts TIMESTAMP(3)) WITH ('connector' = 'kafka');\n";
    let job = format!("{SINK}INSERT INTO snk SELECT id FROM src;\n");
    let outside =
        |name: &str, table: &str, lines: &str| case(name, job.clone()).src(lines).catalog(table);
    t.show(
        "options",
        vec![
            source("one", columns).src(one),
            source("all", columns).src(ALL),
            source("for_all_tables", columns).toml(&global(one)),
            source("own_before_global", columns).toml(&format!("{}[tables.src]\nidle-timeout = '2 min'\n", global("idle-timeout = '1 min'\nemit = 'on-event'"))),
            source("beside_a_declared_watermark", declared).src(one),
            source("declared_and_all", declared).toml(&global(ALL)),
            of("set_already", "('connector' = 'kafka', 'scan.watermark.idle-timeout' = '10 s')").src(one),
            of("one_set_already", "('connector' = 'kafka', 'scan.watermark.idle-timeout' = '10 s')").src(ALL),
            of("lines", "(\n  'connector' = 'kafka',\n  'topic' = 't'\n)").src(ALL),
            of("leading_commas", "(\n    'connector' = 'kafka'\n  , 'topic' = 't'\n)").src(ALL),
            of("no_blanks", "('connector'='kafka','topic'='t')").src(one),
            of("comments", "(\n  'connector' = 'kafka', -- the connector\n  'topic' = 't' -- and its topic\n)").src(one),
            of("quotes", "('connector' = 'kafka')").src("alignment = { group = \"it's\", max-drift = '1 s' }"),
            of("not_supported", "('connector' = 'filesystem', 'path' = '/data/x', 'format' = 'json')").src(one),
            of("not_supported_for_all", "('connector' = 'filesystem', 'path' = '/data/x', 'format' = 'json')").toml(&global(one)),
            of("datagen", "('connector' = 'datagen')").src(one),
            of("not_known", "('connector' = 'mem', 'format' = 'json')").src(one),
            of("not_known_for_all", "('connector' = 'mem', 'format' = 'json')").toml(&global(one)),
            source("source_watermark", "ts TIMESTAMP_LTZ(3) NOT NULL").src("idle-timeout = '1 min'\nwatermark = 'SOURCE_WATERMARK()'"),
            source("shadow", columns).src(&format!("placement = 'shadow'\n{ALL}")),
            source("derive", columns).src(&format!("placement = 'derive'\n{ALL}")),
            source("derive_declared", declared).src(&format!("placement = 'derive'\n{one}")),
            outside("outside", table, one),
            outside("outside_derive", table, &format!("placement = 'derive'\n{ALL}")),
            outside("outside_declared", &table.replace("TIMESTAMP(3)", "TIMESTAMP(3), WATERMARK FOR ts AS ts"), one),
            outside("outside_declared_replaced", &table.replace("TIMESTAMP(3)", "TIMESTAMP(3), WATERMARK FOR ts AS ts"), &format!("replace = true\n{one}")),
            case("no_with", format!("CREATE TABLE base (id INT, ts TIMESTAMP(3)) WITH ('connector' = 'kafka');\nCREATE TABLE src LIKE base;\n{job}")).src(one),
            case("empty_with", format!("CREATE TABLE base (id INT, ts TIMESTAMP(3)) WITH ('connector' = 'kafka');\nCREATE TABLE src WITH () LIKE base;\n{job}")).src(one),
            case("with_before_like", format!("CREATE TABLE base (id INT, ts TIMESTAMP(3)) WITH ('connector' = 'kafka');\nCREATE TABLE src WITH ('topic' = 't') LIKE base;\n{job}")).src(one),
        ],
    );
}
