//! Gates right behind the sources, on request.

use super::{Case, incoming, outgoing, query};
use tidegate::config::{Cutover, GateKind, Late, Position, Role};

fn behind<'a>(name: &'a str, script: &str) -> Case<'a> {
    query(name, script).with(|s| s.gate.position = Position::AfterSource)
}

#[test]
fn where_no_operator_keeps_state() {
    behind(
        "behind_plain",
        "INSERT INTO fares SELECT city, fare FROM rides AS r WHERE r.fare > 1;\n",
    )
    .role(incoming())
    .check();
    behind(
        "behind_union_and_view",
        "CREATE VIEW v AS SELECT city, fare FROM rides;\nINSERT INTO fares SELECT * FROM v UNION ALL \
         SELECT city, fare FROM tours;\nINSERT INTO trips SELECT id, ts FROM rides;\n",
    )
    .role(outgoing())
    .check();
    behind(
        "behind_sources_of_any_connector",
        "CREATE TABLE src (id BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'home-made');\nINSERT INTO trips SELECT * FROM src;\n",
    )
    .check();
    behind(
        "behind_function",
        "INSERT INTO trips SELECT id, ts FROM rides;\n",
    )
    .with(|s| s.gate.kind = GateKind::Function)
    .check();
}

#[test]
fn windows_with_an_edge_at_the_cutover() {
    behind(
        "behind_tumble",
        "INSERT INTO counts SELECT window_start, window_end, city, COUNT(*) FROM TABLE(TUMBLE(TABLE rides, \
         DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY window_start, window_end, city;\n",
    )
    .role(outgoing())
    .check();
}

#[test]
fn operators_that_would_miss_rows() {
    let window = |name: &str, of: &str| {
        let script = format!(
            "INSERT INTO counts SELECT window_start, window_end, city, COUNT(*) FROM TABLE({of}) GROUP BY window_start, window_end, city;\n"
        );
        behind(name, &script).check();
    };
    window(
        "behind_refused_hop",
        "HOP(TABLE rides, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '1' HOUR)",
    );
    window(
        "behind_refused_session",
        "SESSION(TABLE rides PARTITION BY city, DESCRIPTOR(ts), INTERVAL '1' HOUR)",
    );
    for (name, script) in [
        (
            "behind_refused_join",
            "INSERT INTO trips SELECT r.id, r.ts FROM rides r JOIN tours t ON r.id = t.id;\n",
        ),
        (
            "behind_refused_group",
            "CREATE TABLE snk (city STRING PRIMARY KEY NOT ENFORCED, n BIGINT) WITH ('connector' = 'upsert-kafka', \
             'topic' = 'k', 'key.format' = 'json', 'value.format' = 'json');\nINSERT INTO snk SELECT city, COUNT(*) FROM rides GROUP BY city;\n",
        ),
        (
            "behind_refused_group_window",
            "INSERT INTO counts SELECT TUMBLE_START(ts, INTERVAL '1' HOUR), TUMBLE_END(ts, INTERVAL '1' HOUR), city, \
             COUNT(*) FROM rides GROUP BY TUMBLE(ts, INTERVAL '1' HOUR), city;\n",
        ),
    ] {
        behind(name, script).check();
    }
}

/// Another role changes literals; another position is another gate.
#[test]
fn gates_that_stand() {
    let script =
        "CREATE VIEW v AS SELECT city, fare FROM rides;\nINSERT INTO fares SELECT * FROM v;\n";
    let first = behind("", script);
    let text = tidegate::rewrite(&first.script, &first.settings).text;
    let text = text.expect("it is rewritten");
    let cutover = Cutover(1_795_348_800_000);
    for role in [Role::Outgoing { cutover }, Role::Incoming { cutover }] {
        let wanted = behind("", script).role(role);
        let direct = tidegate::rewrite(&wanted.script, &wanted.settings).text;
        let changed = tidegate::rewrite(&text, &wanted.settings).text;
        assert_eq!(changed, direct);
    }
    let mut other = first.settings.clone();
    other.gate.position = Position::BeforeSink;
    assert_eq!(tidegate::rewrite(&text, &other).text, None);
    let before = tidegate::rewrite(&first.script, &other).text;
    let before = before.expect("it is rewritten");
    assert_eq!(tidegate::rewrite(&before, &first.settings).text, None);
    other.gate.late = Late::Handover;
    other.gate.position = Position::AfterSource;
    assert!(other.gate.contradiction(Role::First).is_some());
}
