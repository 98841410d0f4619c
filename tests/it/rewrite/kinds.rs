//! What stands at a gate: literals that hand late rows over, functions; and gates inside of INSERTs.

use super::operators::MORE;
use super::{CUTOVER, Case, case, incoming, outgoing, query};
use tidegate::config::{
    Argument, Cutover, FlinkVersion, GateForm, GateKind, Late, Pin, Role, Settings,
};

const PASS: &str = "INSERT INTO fares SELECT city, fare FROM rides;\n";
const WINDOW: &str = "INSERT INTO counts SELECT window_start, window_end, city, COUNT(*) FROM TABLE(TUMBLE(TABLE rides, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, city;\n";
const JOIN: &str =
    "INSERT INTO fares SELECT a.city, b.fare FROM rides AS a JOIN tours AS b ON a.id = b.id;\n";
const GROUP: &str = "INSERT INTO sums SELECT city, SUM(fare) FROM rides GROUP BY city;\n";

fn more<'a>(name: &'a str, script: &str) -> Case<'a> {
    query(name, &format!("{MORE}{script}"))
}

fn handover<'a>(name: &'a str, script: &str) -> Case<'a> {
    more(name, script).with(|s| s.gate.late = Late::Handover)
}

fn function<'a>(name: &'a str, script: &str) -> Case<'a> {
    more(name, script).with(|s| s.gate.kind = GateKind::Function)
}

fn ptf<'a>(name: &'a str, script: &str) -> Case<'a> {
    more(name, script).with(|s| s.gate.kind = GateKind::Ptf)
}

#[test]
fn late_rows_are_handed_over() {
    handover("late_first", PASS).check();
    handover("late_outgoing", PASS).role(outgoing()).check();
    handover("late_incoming", PASS).role(incoming()).check();
    for (name, script) in [
        (
            "late_carried",
            "INSERT INTO trips SELECT id, ts FROM rides;\n",
        ),
        (
            "late_instant",
            "INSERT INTO fares SELECT city, CAST(id AS DECIMAL(10, 2)) FROM pings;\n",
        ),
        (
            "late_union",
            "INSERT INTO fares SELECT city, fare FROM rides UNION ALL SELECT city, fare FROM tours;\n",
        ),
        (
            "late_refused_window_time",
            "INSERT INTO trips SELECT COUNT(*), window_time FROM TABLE(TUMBLE(TABLE rides, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, window_time;\n",
        ),
        (
            "late_through_view",
            "CREATE VIEW v AS SELECT * FROM rides WHERE fare > 1;\nINSERT INTO fares SELECT city, fare FROM (SELECT * FROM v) AS d;\n",
        ),
        // A row without an event time is late in both jobs: it is not lost.
        (
            "late_null",
            "CREATE TABLE hops (city STRING, fare DECIMAL(10, 2), ts TIMESTAMP(3)) WITH ('connector' = 'kafka', 'topic' = 'h', 'format' = 'json');\nINSERT INTO fares SELECT city, fare FROM hops;\n",
        ),
    ] {
        handover(name, script).role(incoming()).check();
    }
}

#[test]
fn no_watermark_no_handover() {
    for (name, script) in [
        ("late_refused_window", WINDOW),
        ("late_refused_join", JOIN),
        ("late_refused_group", GROUP),
        (
            "late_refused_view",
            "CREATE VIEW v AS SELECT id, GREATEST(a.ts, b.ts) AS ts FROM rides AS a JOIN tours AS b USING (id);\nINSERT INTO trips SELECT id, ts FROM v;\n",
        ),
        // An UNNEST would lose the key that the sink has from the source: there is none.
        (
            "late_keyed",
            "CREATE TABLE a (id BIGINT PRIMARY KEY NOT ENFORCED, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem', 'path' = 'p', 'format' = 'csv');\nCREATE TABLE b (id BIGINT PRIMARY KEY NOT ENFORCED, ts TIMESTAMP(3)) WITH ('connector' = 'upsert-kafka', 'topic' = 'k', 'key.format' = 'json', 'value.format' = 'json');\nINSERT INTO b SELECT id, ts FROM a;\n",
        ),
    ] {
        handover(name, script).check();
    }
}

/// Every literal of a time.
fn masked(text: &str) -> String {
    let mut out = String::new();
    for (i, part) in text.split('\'').enumerate() {
        let time = i % 2 == 1 && part.len() == 23 && part.ends_with(|c: char| c.is_ascii_digit());
        out += if time { "#" } else { part };
        out.push('\'');
    }
    out
}

#[test]
fn roles_that_hand_over_differ_in_literals() {
    let settings = |role| {
        let mut settings = Settings {
            role,
            ..Settings::default()
        };
        settings.gate.late = Late::Handover;
        settings
    };
    let script = query("", PASS).script;
    let of = |text: &str, role| tidegate::rewrite(text, &settings(role)).text.expect("text");
    let later = Cutover(CUTOVER.0 + 1);
    let roles = [
        Role::First,
        outgoing(),
        incoming(),
        Role::Outgoing { cutover: later },
    ];
    for from in roles {
        let text = of(&script, from);
        assert_eq!(masked(&text), masked(&of(&script, Role::First)));
        for to in roles {
            assert_eq!(of(&text, to), of(&script, to));
        }
    }
}

#[test]
fn functions() {
    let class = |s: &mut Settings| s.gate.function.class = Some("org.example.TideGate".to_owned());
    function("fn_pass", PASS).check();
    function("fn_class", PASS).with(class).check();
    function("fn_jar_and_set", "EXECUTE STATEMENT SET BEGIN\nINSERT INTO fares SELECT city, fare FROM rides;\nINSERT INTO trips SELECT id, ts FROM rides;\nEND;\n")
        .with(class)
        .with(|s| s.gate.function.jar = Some("s3://b/it's.jar".to_owned()))
        .check();
    function("fn_arguments", PASS)
        .with(|s| s.gate.function.arguments = vec![Argument::Time, Argument::Sink])
        .check();
    function("fn_time_alone", PASS)
        .with(|s| s.gate.function.arguments = vec![Argument::Time])
        .check();
    function("fn_qualified", PASS)
        .with(|s| s.gate.function.name = ["cat", "db", "gate"].map(str::to_owned).to_vec())
        .check();
    for (name, script) in [
        ("fn_window", WINDOW),
        ("fn_join", JOIN),
        (
            "fn_instant",
            "INSERT INTO fares SELECT city, CAST(id AS DECIMAL(10, 2)) FROM pings;\n",
        ),
        (
            "fn_qualified_sink",
            "INSERT INTO default_catalog.default_database.fares SELECT city, fare FROM rides;\n",
        ),
        (
            "fn_quoted_sink",
            "CREATE TABLE `it's` (city STRING) WITH ('connector' = 'kafka', 'topic' = 'h', 'format' = 'json');\nINSERT INTO `it's` SELECT city FROM rides;\n",
        ),
        (
            "fn_created",
            "CREATE TEMPORARY SYSTEM FUNCTION tide_gate AS 'org.example.TideGate';\nINSERT INTO fares SELECT city, fare FROM rides;\n",
        ),
        // A key of the source is kept: nothing moves the gate there.
        (
            "fn_keyed",
            "CREATE TABLE a (id BIGINT PRIMARY KEY NOT ENFORCED, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka', 'topic' = 'p', 'format' = 'csv');\nCREATE TABLE b (id BIGINT PRIMARY KEY NOT ENFORCED, ts TIMESTAMP(3)) WITH ('connector' = 'upsert-kafka', 'topic' = 'k', 'key.format' = 'json', 'value.format' = 'json');\nINSERT INTO b SELECT id, ts FROM a;\n",
        ),
    ] {
        let case = function(name, script);
        let created = name == "fn_created";
        case.with(|s| {
            if created {
                class(s);
            }
        })
        .check();
    }
}

#[test]
fn functions_on_two_sides() {
    function("fn_group", GROUP)
        .with(|s| s.gate.function.class = Some("org.example.TideGate".to_owned()))
        .check();
    function("fn_group_pinned", GROUP)
        .with(|s| s.gate.pin = Pin::Always)
        .check();
    function("fn_keep_last", "INSERT INTO sums SELECT city, fare FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY city ORDER BY ts DESC) AS n FROM rides) WHERE n = 1;\n").check();
    function("fn_group_join", "INSERT INTO sums SELECT a.city, SUM(b.fare) FROM rides AS a JOIN tours AS b ON a.id = b.id GROUP BY a.city;\n").check();
}

#[test]
fn no_such_function() {
    let class = |s: &mut Settings| s.gate.function.class = Some("org.example.TideGate".to_owned());
    for (name, script) in [
        (
            "fn_refused_keyed",
            "CREATE TABLE a (id BIGINT PRIMARY KEY NOT ENFORCED, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka', 'topic' = 'p', 'format' = 'csv');\nCREATE TABLE b (id BIGINT PRIMARY KEY NOT ENFORCED, ts TIMESTAMP(3)) WITH ('connector' = 'upsert-kafka', 'topic' = 'k', 'key.format' = 'json', 'value.format' = 'json');\nINSERT INTO b SELECT a.id, a.ts FROM a JOIN rides ON a.id = rides.id;\n",
        ),
        (
            "fn_refused_other_class",
            "CREATE TEMPORARY SYSTEM FUNCTION tide_gate AS 'org.example.Other';\nINSERT INTO fares SELECT city, fare FROM rides;\n",
        ),
        (
            "fn_refused_created_late",
            "INSERT INTO fares SELECT city, fare FROM rides;\nCREATE TEMPORARY SYSTEM FUNCTION tide_gate AS 'org.example.TideGate';\n",
        ),
        (
            "fn_refused_sink_name",
            "CREATE TABLE `a:opens` (city STRING) WITH ('connector' = 'kafka', 'topic' = 'h', 'format' = 'json');\nINSERT INTO `a:opens` SELECT city FROM rides;\n",
        ),
        (
            "fn_refused_source_name",
            "CREATE TABLE `a:closes` (city STRING, fare DECIMAL(10, 2), ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka', 'topic' = 'h', 'format' = 'json');\nINSERT INTO sums SELECT city, SUM(fare) FROM `a:closes` GROUP BY city;\n",
        ),
    ] {
        function(name, script).with(class).check();
    }
}

#[test]
fn process_table_functions() {
    for (name, script) in [
        ("ptf_pass", PASS),
        (
            "ptf_carried",
            "INSERT INTO trips SELECT id, ts FROM rides;\n",
        ),
        ("ptf_window", WINDOW),
        ("ptf_join", JOIN),
        (
            "ptf_cte",
            "INSERT INTO fares WITH c AS (SELECT city, fare FROM rides) SELECT city, fare FROM c;\n",
        ),
        ("ptf_refused_group", GROUP),
        (
            "ptf_refused_match",
            "INSERT INTO fares SELECT city, f FROM rides MATCH_RECOGNIZE (PARTITION BY city ORDER BY ts MEASURES B.fare AS f ONE ROW PER MATCH PATTERN (A B) DEFINE A AS A.fare > 1) AS m;\n",
        ),
    ] {
        ptf(name, script).check();
    }
    ptf("ptf_2_2", PASS).flink(FlinkVersion::V2_2).check();
    ptf("ptf_refused_2_0", PASS)
        .flink(FlinkVersion::V2_0)
        .check();
}

#[test]
fn inside_of_the_insert() {
    let inline = |s: &mut Settings| s.gate.form = GateForm::Inline;
    query("inline_pass", PASS).with(inline).check();
    query("inline_window", WINDOW).with(inline).check();
    more("inline_two_sided", GROUP)
        .with(inline)
        .role(incoming())
        .check();
    query(
        "inline_cte",
        "INSERT INTO fares WITH c AS (SELECT city, fare FROM rides) SELECT city, fare FROM c;\n",
    )
    .with(inline)
    .check();
    query("inline_set", "EXECUTE STATEMENT SET BEGIN\nINSERT INTO fares SELECT city, fare FROM rides;\nINSERT INTO trips SELECT id, ts FROM rides;\nEND;\n")
        .with(inline)
        .check();
    handover("inline_late", PASS)
        .with(inline)
        .role(outgoing())
        .check();
    function("inline_fn", PASS).with(inline).check();
    function("inline_fn_group", GROUP).with(inline).check();
    ptf("inline_ptf", PASS).with(inline).check();
}

/// A script that is gated in one way is not gated in another.
#[test]
fn a_gate_of_another_kind_stays() {
    let kinds = [
        (GateKind::Cutover, Late::Outgoing),
        (GateKind::Cutover, Late::Handover),
        (GateKind::Function, Late::Outgoing),
        (GateKind::Ptf, Late::Outgoing),
    ];
    let of = |(kind, late)| {
        let mut settings = Settings::default();
        settings.gate.kind = kind;
        settings.gate.late = late;
        settings
    };
    for script in [PASS, GROUP] {
        let script = query("", &format!("{MORE}{script}")).script;
        for form in [GateForm::View, GateForm::Inline] {
            for from in kinds {
                let mut settings = of(from);
                settings.gate.form = form;
                let Some(gated) = tidegate::rewrite(&script, &settings).text else {
                    continue;
                };
                for to in kinds {
                    let done = tidegate::rewrite(&gated, &of(to));
                    let names: Vec<_> = done.diagnostics.iter().map(|d| d.name).collect();
                    if from == to {
                        assert_eq!(done.text, Some(gated.clone()));
                    } else {
                        assert_eq!(done.text, None, "{from:?} to {to:?}\n{gated}");
                        assert!(
                            names.contains(&"other-gate"),
                            "{from:?} to {to:?}: {names:?}"
                        );
                    }
                }
            }
        }
    }
    let case_of = |script: &str| {
        let case = function("", script);
        let text = tidegate::rewrite(&case.script, &case.settings).text;
        text.expect("text")
    };
    // Without its barrier, Flink would move it below the join.
    let text = case_of(JOIN);
    let from = text.find("CROSS JOIN UNNEST").expect("a barrier");
    let to = from + text[from..].find('\n').expect("a line") + 1;
    let open = format!("{}{}", &text[..from], &text[to..]);
    let open = open.replace("`__t`", "CAST(`__gate_time` AS TIMESTAMP(3))");
    case("stale_unpinned", &open)
        .with(|s| s.gate.kind = GateKind::Function)
        .check();
    let gated = |change: fn(&mut Settings)| {
        let mut case = function("", PASS);
        change(&mut case.settings);
        tidegate::rewrite(&case.script, &case.settings)
            .text
            .expect("text")
    };
    case("other_kind", &gated(|_| {})).check();
    case(
        "other_function",
        &gated(|s| s.gate.function.name = vec!["f".to_owned()]),
    )
    .with(|s| s.gate.kind = GateKind::Function)
    .check();
    case(
        "other_arguments",
        &gated(|s| s.gate.function.arguments = vec![Argument::Time]),
    )
    .with(|s| s.gate.kind = GateKind::Function)
    .check();
}

/// Another INSERT may not read what a gate lets through.
#[test]
fn gates_by_function_are_not_read() {
    for script in [PASS, GROUP] {
        let case = function("", script);
        let gated = tidegate::rewrite(&case.script, &case.settings)
            .text
            .expect("text");
        let view = if script == PASS {
            "fares__gate"
        } else {
            "rides__source_gate"
        };
        let more = format!("{gated}\nINSERT INTO fares SELECT city, fare FROM `{view}`;\n");
        // Into another sink than that of the gate.
        let more = match script {
            PASS => more.replace(
                "\nINSERT INTO fares SELECT city, fare FROM",
                "\nINSERT INTO sums SELECT city, fare FROM",
            ),
            _ => more,
        };
        let done = tidegate::rewrite(&more, &case.settings);
        let names: Vec<_> = done.diagnostics.iter().map(|d| d.name).collect();
        assert_eq!(done.text, None, "{more}");
        assert!(
            names.contains(&"reads-gate") || names.contains(&"stale-gate"),
            "{names:?}"
        );
    }
}
