use super::*;

/// `line:column name: message | help`, or the settings.
fn read(text: &str) -> String {
    match Settings::from_toml(text) {
        Ok(settings) => format!("{settings:#?}"),
        Err(d) => {
            let at = crate::text::LineIndex::new(text).line_col(text, d.span.start);
            let help = d.help.join(" ");
            format!(
                "{}:{} {}: {} | {help} | {:?}",
                at.line,
                at.column,
                d.name,
                d.message,
                d.span.of(text)
            )
        }
    }
}

#[test]
fn an_empty_file_is_the_default() {
    assert_eq!(Settings::from_toml("").unwrap(), Settings::default());
}

#[test]
fn every_key() {
    let text = r#"
        [flink]
        version = "1.20"
        [watermark]
        delay = "1 min"
        attach = "hidden"
        nullable = "trust"
        placement = "shadow"
        idle-timeout = "1 min"
        emit = "on-event"
        [watermark.alignment]
        group = "all"
        max-drift = "30 s"
        update-interval = "1 s"
        [gate]
        kind = "function"
        form = "inline"
        position = "after-source"
        late = "outgoing"
        pin = "always"
        one-job = true
        [gate.function]
        name = "cat.db.gate"
        arguments = ["time", "sink"]
        [tables."shop.orders"]
        column = "order_time"
        delay = "500 ms"
        attach = "column"
        nullable = "refuse"
        placement = "in-place"
        replace = true
        unit = "us"
        idle-timeout = "5 min"
        [tables.clicks]
        expression = "TO_TIMESTAMP_LTZ(ms, 3)"
        watermark = "{rowtime} - INTERVAL '5' SECOND"
        [tables.texts]
        column = "a.b"
        format = "iso-8601"
        [tables.records]
        metadata = "timestamp"
        [tables.arrivals]
        ingestion-time = true
    "#;
    insta::assert_snapshot!(read(text), @r#"
    Settings {
        flink: V1_20,
        role: First,
        watermark: WatermarkSettings {
            delay_ms: 60000,
            attach: Hidden,
            nullable: Trust,
            placement: Some(
                Shadow,
            ),
            options: WatermarkOptions {
                idle_timeout_ms: Some(
                    60000,
                ),
                emit: Some(
                    OnEvent,
                ),
                alignment_group: Some(
                    "all",
                ),
                max_drift_ms: Some(
                    30000,
                ),
                update_interval_ms: Some(
                    1000,
                ),
            },
        },
        gate: GateSettings {
            kind: Function,
            form: Inline,
            position: AfterSource,
            late: Outgoing,
            pin: Always,
            function: GateFunction {
                name: [
                    "cat",
                    "db",
                    "gate",
                ],
                arguments: [
                    Time,
                    Sink,
                ],
                class: None,
                jar: None,
            },
        },
        one_job: true,
        tables: {
            "arrivals": TableSettings {
                column: None,
                unit: None,
                format: None,
                expression: None,
                metadata: None,
                ingestion_time: true,
                watermark: None,
                delay_ms: None,
                replace: false,
                attach: None,
                nullable: None,
                placement: None,
                options: WatermarkOptions {
                    idle_timeout_ms: None,
                    emit: None,
                    alignment_group: None,
                    max_drift_ms: None,
                    update_interval_ms: None,
                },
            },
            "clicks": TableSettings {
                column: None,
                unit: None,
                format: None,
                expression: Some(
                    "TO_TIMESTAMP_LTZ(ms, 3)",
                ),
                metadata: None,
                ingestion_time: false,
                watermark: Some(
                    "{rowtime} - INTERVAL '5' SECOND",
                ),
                delay_ms: None,
                replace: false,
                attach: None,
                nullable: None,
                placement: None,
                options: WatermarkOptions {
                    idle_timeout_ms: None,
                    emit: None,
                    alignment_group: None,
                    max_drift_ms: None,
                    update_interval_ms: None,
                },
            },
            "records": TableSettings {
                column: None,
                unit: None,
                format: None,
                expression: None,
                metadata: Some(
                    "timestamp",
                ),
                ingestion_time: false,
                watermark: None,
                delay_ms: None,
                replace: false,
                attach: None,
                nullable: None,
                placement: None,
                options: WatermarkOptions {
                    idle_timeout_ms: None,
                    emit: None,
                    alignment_group: None,
                    max_drift_ms: None,
                    update_interval_ms: None,
                },
            },
            "shop.orders": TableSettings {
                column: Some(
                    "order_time",
                ),
                unit: Some(
                    Microseconds,
                ),
                format: None,
                expression: None,
                metadata: None,
                ingestion_time: false,
                watermark: None,
                delay_ms: Some(
                    500,
                ),
                replace: true,
                attach: Some(
                    Column,
                ),
                nullable: Some(
                    Refuse,
                ),
                placement: Some(
                    InPlace,
                ),
                options: WatermarkOptions {
                    idle_timeout_ms: Some(
                        300000,
                    ),
                    emit: None,
                    alignment_group: None,
                    max_drift_ms: None,
                    update_interval_ms: None,
                },
            },
            "texts": TableSettings {
                column: Some(
                    "a.b",
                ),
                unit: None,
                format: Some(
                    Iso8601,
                ),
                expression: None,
                metadata: None,
                ingestion_time: false,
                watermark: None,
                delay_ms: None,
                replace: false,
                attach: None,
                nullable: None,
                placement: None,
                options: WatermarkOptions {
                    idle_timeout_ms: None,
                    emit: None,
                    alignment_group: None,
                    max_drift_ms: None,
                    update_interval_ms: None,
                },
            },
        },
        catalog: [],
        validate: true,
        lint: LintSettings {
            select: [],
            ignore: [],
            severity: {},
        },
    }
    "#);
}

#[test]
fn mistakes() {
    let cases = [
        "[watermark]\ndealy = \"5 s\"",
        "[watermarks]\ndelay = \"5 s\"",
        "[tables.orders]\ncolunm = \"x\"",
        "[watermark]\nattach = \"colum\"",
        "[watermark]\ndelay = 5",
        "[watermark]\ndelay = \"5 m\"",
        "[flink]\nversion = 2.3",
        "[flink]\nversion = \"1.19\"",
        "[gate]\nkind = \"ptf\"\nlate = \"handover\"",
        "[gate]\nkind = \"function\"\npin = \"never\"",
        "[gate]\nlate = \"handover\"\npin = \"never\"",
        "[gate.function]\narguments = [\"sink\"]",
        "[gate.function]\narguments = [\"time\", \"time\"]",
        "[gate.function]\narguments = [\"tiem\"]",
        "[gate.function]\nname = \"a..b\"",
        "[gate.function]\nname = \"db.f\"\nclass = \"C\"",
        "[gate.function]\njar = \"x.jar\"",
        "[gate]\nkind = \"door\"",
        "[gate]\npin = true",
        "tables = 3",
        "[tables.a]\ncolumn = \"x\"\nmetadata = \"y\"",
        "[tables.a]\ningestion-time = true\nexpression = \"y\"",
        "[tables.a]\nunit = \"ms\"",
        "[tables.a]\ncolumn = \"x\"\nunit = \"m\"",
        "[tables.a]\ncolumn = \"x\"\nunit = \"ms\"\nformat = \"sql\"",
        "[tables.a]\nwatermark = \"x\"\ndelay = \"1 s\"",
        "[watermark.alignment]\ngroup = \"g\"",
        "[watermark.alignment]\nmax-drift = \"1 s\"",
        "[tables.a.alignment]\nupdate-interval = \"1 s\"",
        "[gate\npin = 1",
        "[gate]\npin = \"auto\"\npin = \"auto\"",
        "é = 1",
    ];
    insta::assert_snapshot!(cases.map(read).join("\n"), @r#"
    2:1 unknown-key: unknown key `dealy`, expected one of `delay`, `attach`, `nullable`, `placement`, `idle-timeout`, `emit`, `alignment` | did you mean `delay`? | "dealy"
    1:2 unknown-key: unknown key `watermarks`, expected one of `flink`, `watermark`, `gate`, `tables`, `lint`, `catalog`, `overrides` | did you mean `watermark`? | "watermarks"
    2:1 unknown-key: unknown key `colunm`, expected one of `column`, `unit`, `format`, `expression`, `metadata`, `ingestion-time`, `watermark`, `delay`, `replace`, `attach`, `nullable`, `placement`, `idle-timeout`, `emit`, `alignment` | did you mean `column`? | "colunm"
    2:10 invalid-value: unknown value `colum`, expected one of `auto`, `column`, `hidden` | did you mean `column`? | "\"colum\""
    2:9 invalid-value: invalid type: integer `5`, expected a string | a string stands in quotes, as `"2.3"` or `"5 s"` | "5"
    2:9 invalid-value: `5 m` is no delay: a whole number and a unit (ms, s, min, h, d), as in `5 s` |  | "\"5 m\""
    2:11 invalid-value: invalid type: floating point `2.3`, expected a string | a string stands in quotes, as `"2.3"` or `"5 s"` | "2.3"
    2:11 invalid-value: Flink `1.19` is not supported: one of 1.20, 2.0, 2.1, 2.2, 2.3 |  | "\"1.19\""
    3:8 invalid-value: late = "handover" is for gates of kind `cutover`: a function decides on late rows itself |  | "\"handover\""
    3:7 invalid-value: pin = "never" is for gates of kind `cutover` with late = "outgoing": Flink would move any other gate below the query's state |  | "\"never\""
    2:8 invalid-value: pin = "never" is for gates of kind `cutover` with late = "outgoing": Flink would move any other gate below the query's state |  | "\"handover\""
    2:13 invalid-value: a gate has to be told the `time` of a row |  | "[\"sink\"]"
    2:13 invalid-value: an argument stands there twice |  | "[\"time\", \"time\"]"
    2:14 invalid-value: unknown value `tiem`, expected one of `sink`, `time`, `watermark` | did you mean `time`? | "\"tiem\""
    2:8 invalid-value: a function's name has one to three parts, joined by dots |  | "\"a..b\""
    3:9 invalid-value: a temporary system function has a name of one part: give `name` without a catalog, or leave out `class` |  | "\"C\""
    2:7 invalid-value: a jar needs the `class` in it |  | "\"x.jar\""
    2:8 invalid-value: `door` is no kind of gate: `cutover`, `function` or `ptf` |  | "\"door\""
    2:7 invalid-value: invalid type: expected a string | a string stands in quotes, as `"2.3"` or `"5 s"` | "true"
    1:10 invalid-value: invalid type: integer `3`, expected a map |  | "3"
    3:12 invalid-value: a table has one event time: one of `column`, `expression`, `metadata`, `ingestion-time` |  | "\"y\""
    2:18 invalid-value: a table has one event time: one of `column`, `expression`, `metadata`, `ingestion-time` |  | "true"
    2:8 invalid-value: this is of a `column`, which is not given |  | "\"ms\""
    3:8 invalid-value: unknown value `m`, expected one of `s`, `ms`, `us`, `ns` | did you mean `ms`? | "\"m\""
    4:10 invalid-value: a column of numbers has a `unit`, one of texts a `format` |  | "\"sql\""
    2:13 invalid-value: the expression says the delay: leave out `delay` |  | "\"x\""
    2:9 invalid-value: an alignment group needs its `max-drift` |  | "\"g\""
    2:13 invalid-value: an alignment needs its `group` |  | "\"1 s\""
    2:19 invalid-value: an alignment needs its `group` |  | "\"1 s\""
    1:6 invalid-toml: unclosed table, expected `]` |  | ""
    3:1 invalid-toml: duplicate key |  | "pin"
    1:1 invalid-toml: invalid unquoted key, expected letters, numbers, `-`, `_` |  | "é"
    "#);
}
