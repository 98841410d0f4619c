//! Every kind of column in every placement.

use super::{Case, Cases, SINK, case};

/// Name, columns behind `id INT`, and what the configuration says of the table.
pub(super) type Kind = (&'static str, &'static str, &'static str);

const TIMESTAMPS: &[Kind] = &[
    ("not_null_0", "ts TIMESTAMP(0) NOT NULL", ""),
    ("not_null_3", "ts TIMESTAMP(3) NOT NULL", ""),
    ("not_null_6", "ts TIMESTAMP(6) NOT NULL", ""),
    ("not_null_9", "ts TIMESTAMP(9) NOT NULL", ""),
    ("null_0", "ts TIMESTAMP(0)", ""),
    ("null_3", "ts TIMESTAMP(3)", ""),
    ("null_6", "ts TIMESTAMP(6)", ""),
    ("null_9", "ts TIMESTAMP(9)", ""),
    ("null_default", "ts TIMESTAMP", ""),
    ("ltz_not_null_0", "ts TIMESTAMP_LTZ(0) NOT NULL", ""),
    ("ltz_not_null_3", "ts TIMESTAMP_LTZ(3) NOT NULL", ""),
    ("ltz_not_null_9", "ts TIMESTAMP_LTZ(9) NOT NULL", ""),
    ("ltz_null_3", "ts TIMESTAMP_LTZ(3)", ""),
    ("ltz_null_6", "ts TIMESTAMP_LTZ(6)", ""),
    ("trusted", "ts TIMESTAMP(3)", "nullable = 'trust'"),
    ("trusted_6", "ts TIMESTAMP(6)", "nullable = 'trust'"),
    (
        "on_the_column",
        "ts TIMESTAMP(3) NOT NULL",
        "attach = 'column'",
    ),
    (
        "on_a_nullable_column",
        "ts TIMESTAMP(3)",
        "attach = 'column'",
    ),
    (
        "on_a_precise_column",
        "ts TIMESTAMP(6) NOT NULL",
        "attach = 'column'",
    ),
    ("hidden", "ts TIMESTAMP(3) NOT NULL", "attach = 'hidden'"),
    (
        "quoted",
        "`order time` TIMESTAMP(3)",
        "column = 'order time'",
    ),
    ("with_a_tick", "`a``b` TIMESTAMP(6)", "column = 'a`b'"),
];

const COMPUTED: &[Kind] = &[
    (
        "of_a_number",
        "ms BIGINT NOT NULL,\n  ts AS TO_TIMESTAMP_LTZ(ms, 3)",
        "",
    ),
    ("of_a_text", "s STRING,\n  ts AS TO_TIMESTAMP(s)", ""),
    (
        "of_a_timestamp",
        "t TIMESTAMP(9) NOT NULL,\n  ts AS CAST(t AS TIMESTAMP(3))",
        "column = 'ts'",
    ),
    (
        "precise",
        "x TIMESTAMP(6),\n  ts AS x + INTERVAL '1' HOUR",
        "column = 'ts'",
    ),
    (
        "never_null",
        "x TIMESTAMP(3),\n  ts AS COALESCE(x, TIMESTAMP '1970-01-01 00:00:00.000')",
        "column = 'ts'",
    ),
    (
        "on_the_column",
        "ms BIGINT NOT NULL,\n  ts AS TO_TIMESTAMP_LTZ(ms, 3)",
        "attach = 'column'\nnullable = 'trust'",
    ),
    ("by_the_clock", "ts AS CURRENT_TIMESTAMP", "column = 'ts'"),
    ("proctime", "ts AS PROCTIME()", "column = 'ts'"),
    (
        "over_metadata",
        "m TIMESTAMP_LTZ(6) METADATA FROM 'timestamp' VIRTUAL,\n  ts AS CAST(m AS TIMESTAMP_LTZ(3))",
        "column = 'ts'",
    ),
    (
        "a_number",
        "s STRING,\n  n AS CAST(s AS BIGINT)",
        "column = 'n'\nunit = 'ms'",
    ),
    (
        "a_text",
        "a STRING,\n  t AS CONCAT(a, ' 00:00:00')",
        "column = 't'\nformat = 'sql'",
    ),
    (
        "a_row",
        "r ROW<t TIMESTAMP(3)>,\n  p AS r",
        "column = 'p.t'",
    ),
];

const METADATA: &[Kind] = &[
    (
        "virtual",
        "ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL",
        "",
    ),
    (
        "by_its_name",
        "`timestamp` TIMESTAMP_LTZ(3) METADATA VIRTUAL",
        "",
    ),
    (
        "not_null",
        "ts TIMESTAMP_LTZ(3) NOT NULL METADATA FROM 'timestamp'",
        "",
    ),
    (
        "precise",
        "ts TIMESTAMP_LTZ(6) METADATA FROM 'timestamp'",
        "",
    ),
    (
        "without_a_zone",
        "ts TIMESTAMP(3) METADATA FROM 'timestamp' VIRTUAL",
        "",
    ),
    (
        "by_key",
        "a TIMESTAMP(3),\n  m TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL",
        "metadata = 'timestamp'",
    ),
    (
        "by_key_as_a_number",
        "m BIGINT METADATA FROM 'timestamp' VIRTUAL",
        "metadata = 'timestamp'",
    ),
    ("undeclared", "v STRING", ""),
    (
        "undeclared_by_key",
        "a TIMESTAMP(3),\n  b TIMESTAMP(3)",
        "metadata = 'timestamp'",
    ),
    (
        "undeclared_no_such_key",
        "a TIMESTAMP(3)",
        "metadata = 'timestmp'",
    ),
    (
        "undeclared_name_taken",
        "`__rowtime` STRING,\n  `__record_time` STRING",
        "metadata = 'timestamp'",
    ),
];

const NESTED: &[Kind] = &[
    ("field", "p ROW<event_time TIMESTAMP(3)>", ""),
    (
        "field_not_null",
        "p ROW<event_time TIMESTAMP(3) NOT NULL> NOT NULL",
        "",
    ),
    (
        "field_ltz_precise",
        "p ROW<event_time TIMESTAMP_LTZ(6)>",
        "",
    ),
    (
        "deeper",
        "p ROW<a INT, meta ROW<created_at TIMESTAMP(3)>>",
        "",
    ),
    (
        "by_path",
        "p ROW<a TIMESTAMP(3), b TIMESTAMP(3)>",
        "column = 'p.b'",
    ),
    (
        "quoted",
        "`my row` ROW<`a.b` INT, `the time` TIMESTAMP(3)>",
        "column = 'my row.the time'",
    ),
    ("number", "p ROW<ts_ms BIGINT>", ""),
    (
        "number_by_path",
        "p ROW<n BIGINT NOT NULL> NOT NULL",
        "column = 'p.n'\nunit = 's'",
    ),
    (
        "text_by_path",
        "p ROW<`at` STRING>",
        "column = 'p.at'\nformat = 'iso-8601'",
    ),
    ("no_such_field", "p ROW<a TIMESTAMP(3)>", "column = 'p.x'"),
    (
        "arrays",
        "p ARRAY<ROW<event_time TIMESTAMP(3)>>",
        "column = 'p.event_time'",
    ),
];

const NUMBERS: &[Kind] = &[
    ("ms_by_name", "ts_ms BIGINT", ""),
    ("ms_by_name_not_null", "ts_ms BIGINT NOT NULL", ""),
    ("us_by_name", "ts_us BIGINT", ""),
    ("ns_by_name", "ts_nanos BIGINT NOT NULL", ""),
    ("s_by_name", "epoch_seconds BIGINT", ""),
    ("int_by_name", "epoch_seconds INT", ""),
    ("no_unit", "ts BIGINT", ""),
    ("int_no_unit", "ts INT", ""),
    ("int_of_milliseconds", "ts_ms INT", ""),
    ("s", "n BIGINT", "column = 'n'\nunit = 's'"),
    ("ms", "n BIGINT", "column = 'n'\nunit = 'ms'"),
    ("us", "n BIGINT", "column = 'n'\nunit = 'us'"),
    ("ns", "n BIGINT NOT NULL", "column = 'n'\nunit = 'ns'"),
    ("int_s", "n INT NOT NULL", "column = 'n'\nunit = 's'"),
    ("int_ms", "n INT", "column = 'n'\nunit = 'ms'"),
    ("decimal", "n DECIMAL(20, 0)", "column = 'n'\nunit = 'ms'"),
    (
        "decimal_with_digits",
        "n DECIMAL(13, 3)",
        "column = 'n'\nunit = 's'",
    ),
    ("double", "n DOUBLE", "column = 'n'\nunit = 's'"),
    (
        "unit_of_a_timestamp",
        "ts TIMESTAMP(3)",
        "column = 'ts'\nunit = 'ms'",
    ),
    ("unit_not_said", "n BIGINT", "column = 'n'"),
    (
        "format_of_a_number",
        "n BIGINT",
        "column = 'n'\nformat = 'sql'",
    ),
];

const TEXTS: &[Kind] = &[
    ("asked", "event_time STRING", ""),
    ("sql", "t STRING", "column = 't'\nformat = 'sql'"),
    (
        "sql_not_null",
        "t STRING NOT NULL",
        "column = 't'\nformat = 'sql'",
    ),
    (
        "char",
        "t CHAR(19) NOT NULL",
        "column = 't'\nformat = 'sql'",
    ),
    ("iso", "t STRING", "column = 't'\nformat = 'iso-8601'"),
    (
        "pattern",
        "t VARCHAR(30)",
        "column = 't'\nformat = 'dd/MM/yyyy HH:mm:ss'",
    ),
    (
        "pattern_with_quotes",
        "t STRING",
        "column = 't'\nformat = \"yyyy-MM-dd'T'HH:mm:ss'Z'\"",
    ),
    (
        "pattern_with_an_offset",
        "t STRING",
        "column = 't'\nformat = \"yyyy-MM-dd'T'HH:mm:ssXXX\"",
    ),
    ("format_not_said", "t STRING", "column = 't'"),
    ("unit_of_a_text", "t STRING", "column = 't'\nunit = 'ms'"),
    ("a_day", "t DATE", "column = 't'"),
];

const EXPRESSIONS: &[Kind] = &[
    (
        "of_a_number",
        "e BIGINT",
        "expression = 'TO_TIMESTAMP_LTZ(e, 3)'",
    ),
    (
        "of_a_text",
        "d STRING,\n  t STRING",
        "expression = \"TO_TIMESTAMP(d || ' ' || t)\"",
    ),
    (
        "of_two_columns",
        "a TIMESTAMP(3),\n  b TIMESTAMP(3)",
        "expression = 'COALESCE(a, b)'",
    ),
    (
        "precise",
        "a TIMESTAMP(6) NOT NULL",
        "expression = \"a + INTERVAL '1' HOUR\"",
    ),
    (
        "of_metadata",
        "m TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL",
        "expression = \"m - INTERVAL '1' SECOND\"",
    ),
    (
        "of_a_function",
        "e BIGINT",
        "expression = 'CAST(my_time(e) AS TIMESTAMP(3))'",
    ),
    ("a_number", "e BIGINT", "expression = 'e * 1000'"),
    ("a_text", "s STRING", "expression = 's'"),
    ("of_what_type", "e BIGINT", "expression = 'my_time(e)'"),
    (
        "of_no_column",
        "eppoch BIGINT",
        "expression = 'TO_TIMESTAMP_LTZ(epoch, 3)'",
    ),
    (
        "of_a_computed_column",
        "e BIGINT,\n  c AS e * 1000",
        "expression = 'TO_TIMESTAMP_LTZ(c, 3)'",
    ),
    (
        "by_the_clock",
        "e BIGINT",
        "expression = 'CURRENT_TIMESTAMP'",
    ),
    (
        "more_than_one",
        "e BIGINT",
        "expression = 'TO_TIMESTAMP_LTZ(e, 3), x AS 1'",
    ),
    ("no_sql", "e BIGINT", "expression = 'TO_TIMESTAMP_LTZ(e, 3'"),
    ("comment", "a TIMESTAMP(3)", "expression = 'a -- the time'"),
    (
        "comments",
        "a TIMESTAMP(3) NOT NULL",
        "expression = '''\n-- the time\na /* of the row */ - INTERVAL '1' SECOND -- less one\n'''",
    ),
    (
        "watermark_comment",
        "ts TIMESTAMP(3)",
        "watermark = '{rowtime} -- as it is'",
    ),
    (
        "of_a_unit",
        "a TIMESTAMP(3)",
        "expression = 'CAST(TIMESTAMPADD(DAY, -1, a) AS TIMESTAMP(3))'",
    ),
    (
        "watermark",
        "ts TIMESTAMP(3) NOT NULL",
        "watermark = \"ts - INTERVAL '7' SECOND\"",
    ),
    (
        "watermark_of_rowtime",
        "ts TIMESTAMP(3)",
        "watermark = \"{rowtime} - INTERVAL '7' SECOND\"",
    ),
    (
        "watermark_of_another",
        "ts TIMESTAMP(3),\n  low TIMESTAMP(3)",
        "column = 'ts'\nwatermark = 'low'",
    ),
    (
        "watermark_of_the_source",
        "ts TIMESTAMP_LTZ(3)",
        "watermark = 'SOURCE_WATERMARK()'",
    ),
    (
        "watermark_of_another_type",
        "ts TIMESTAMP_LTZ(3),\n  low TIMESTAMP(3)",
        "column = 'ts'\nwatermark = 'low'",
    ),
    (
        "watermark_precise",
        "ts TIMESTAMP(3),\n  low TIMESTAMP(6)",
        "column = 'ts'\nwatermark = 'low'",
    ),
    (
        "watermark_no_sql",
        "ts TIMESTAMP(3)",
        "watermark = '{rowtime} -'",
    ),
    ("ingestion", "v STRING", "ingestion-time = true"),
    (
        "ingestion_for_a_column",
        "ts TIMESTAMP(3) NOT NULL",
        "ingestion-time = true",
    ),
];

const REPLACED: &[Kind] = &[
    (
        "same_column",
        "ts TIMESTAMP(3) NOT NULL,\n  WATERMARK FOR ts AS ts",
        "replace = true",
    ),
    (
        "same_nullable_column",
        "ts TIMESTAMP(3),\n  WATERMARK FOR ts AS ts",
        "replace = true",
    ),
    (
        "same_ltz_column",
        "ts TIMESTAMP_LTZ(3),\n  WATERMARK FOR ts AS ts - INTERVAL '1' MINUTE",
        "replace = true\ndelay = '1 min'",
    ),
    (
        "same_watermark",
        "ts TIMESTAMP(3),\n  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND",
        "replace = true",
    ),
    (
        "same_watermark_in_other_words",
        "ts TIMESTAMP(3),\n  watermark for `ts` as `ts`  -  interval '5' second",
        "replace = true",
    ),
    (
        "other_column",
        "a TIMESTAMP(3) NOT NULL,\n  b TIMESTAMP(3) NOT NULL,\n  WATERMARK FOR a AS a",
        "replace = true\ncolumn = 'b'",
    ),
    (
        "other_nullable_column",
        "a TIMESTAMP(3),\n  b TIMESTAMP(3),\n  WATERMARK FOR a AS a",
        "replace = true\ncolumn = 'b'",
    ),
    (
        "computed",
        "s STRING,\n  ts AS TO_TIMESTAMP(s),\n  WATERMARK FOR ts AS ts",
        "replace = true",
    ),
    (
        "metadata",
        "ts TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,\n  WATERMARK FOR ts AS ts",
        "replace = true",
    ),
    (
        "by_metadata",
        "ts TIMESTAMP(3),\n  WATERMARK FOR ts AS ts",
        "replace = true\nmetadata = 'timestamp'",
    ),
    (
        "expression",
        "ts TIMESTAMP(3),\n  WATERMARK FOR ts AS ts",
        "replace = true\nwatermark = \"{rowtime} - INTERVAL '9' SECOND\"",
    ),
    (
        "refused_one",
        "ts TIMESTAMP(6),\n  WATERMARK FOR ts AS ts",
        "replace = true",
    ),
    (
        "ingestion",
        "ts TIMESTAMP(3),\n  WATERMARK FOR ts AS ts",
        "replace = true\ningestion-time = true",
    ),
    (
        "not_asked_for",
        "ts TIMESTAMP(3),\n  WATERMARK FOR ts AS ts",
        "column = 'ts'\ndelay = '1 min'",
    ),
];

/// Name and kinds.
pub(super) type Family = (&'static str, &'static [Kind]);

pub(super) const FAMILIES: &[Family] = &[
    ("timestamps", TIMESTAMPS),
    ("computed", COMPUTED),
    ("metadata", METADATA),
    ("nested", NESTED),
    ("numbers", NUMBERS),
    ("texts", TEXTS),
    ("expressions", EXPRESSIONS),
    ("replaced", REPLACED),
];

#[derive(Clone, Copy)]
enum Spot {
    InPlace,
    Temporary,
    /// In a table of its own, of a table of the script.
    Own(&'static str),
    /// The same for a table from outside.
    Outside(&'static str),
}

const PLACES: &[(&str, Spot)] = &[
    ("in_place", Spot::InPlace),
    ("temporary", Spot::Temporary),
    ("shadow", Spot::Own("shadow")),
    ("derive", Spot::Own("derive")),
    ("outside_shadow", Spot::Outside("shadow")),
    ("outside_derive", Spot::Outside("derive")),
];

pub(super) fn cases(t: &mut Cases, (family, kinds): &Family) {
    for (name, place) in PLACES {
        let cases = kinds.iter().filter_map(|kind| placed(*kind, *place));
        t.show(&format!("{family}_{name}"), cases.collect());
    }
    let inherited = kinds.iter().filter(|kind| !kind.1.contains("WATERMARK"));
    let inherited = inherited.map(|(name, columns, lines)| {
        let script = format!(
            "CREATE TABLE base (\n  id INT,\n  {columns}\n) WITH ('connector' = 'kafka');\nCREATE TABLE src LIKE base;\n{SINK}INSERT INTO snk SELECT id FROM src;\n"
        );
        case(*name, script).src(lines)
    });
    if *family != "replaced" {
        t.show(&format!("{family}_inherited"), inherited.collect());
    }
}

fn placed((name, columns, lines): Kind, place: Spot) -> Option<Case> {
    let temporary = if matches!(place, Spot::Temporary) {
        "TEMPORARY "
    } else {
        ""
    };
    let table = format!(
        "CREATE {temporary}TABLE src (\n  id INT,\n  {columns}\n) WITH ('connector' = 'kafka');\n"
    );
    let job = format!("{SINK}INSERT INTO snk SELECT id FROM src;\n");
    let place_line = |placement| format!("placement = '{placement}'\n{lines}");
    Some(match place {
        Spot::InPlace => case(name, format!("{table}{job}")).src(lines),
        // As in place, but for what a configuration refuses alike.
        Spot::Temporary if lines.contains("attach") => return None,
        Spot::Temporary => case(name, format!("{table}{job}")).src(lines),
        Spot::Own(placement) => case(name, format!("{table}{job}")).src(&place_line(placement)),
        Spot::Outside(placement) => case(name, job).src(&place_line(placement)).catalog(&table),
    })
}
