//! What `tidegate explain` says, one snapshot a case and format.

use crate::tool::{BROKEN, Sandbox};
use std::fs;
use std::path::Path;
use tidegate::config::{Cutover, Role, Settings};
use tidegate::explain::{self, Explanation, Verdict};

/// A source with its watermark, one without, and sinks.
const TABLES: &str = "\
CREATE TABLE rides (
  id BIGINT, city STRING, fare DECIMAL(10, 2), ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'rides', 'format' = 'json');
CREATE TABLE tours (
  id BIGINT, city STRING, fare DECIMAL(10, 2), started TIMESTAMP(3) NOT NULL,
  WATERMARK FOR started AS started - INTERVAL '1' MINUTE
) WITH ('connector' = 'kafka', 'topic' = 'tours', 'format' = 'json');
CREATE TABLE stops (id BIGINT, stopped TIMESTAMP(3)) WITH ('connector' = 'kafka', 'topic' = 'stops', 'format' = 'json');
CREATE TABLE fares (city STRING, fare DECIMAL(10, 2)) WITH ('connector' = 'kafka', 'topic' = 'fares', 'format' = 'json');
CREATE TABLE trips (id BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'kafka', 'topic' = 'trips', 'format' = 'json');
CREATE TABLE counts (
  window_start TIMESTAMP(3), window_end TIMESTAMP(3), city STRING, n BIGINT
) WITH ('connector' = 'kafka', 'topic' = 'counts', 'format' = 'json');
CREATE TABLE totals (city STRING, n BIGINT, PRIMARY KEY (city) NOT ENFORCED)
WITH ('connector' = 'upsert-kafka', 'topic' = 'totals', 'key.format' = 'json', 'value.format' = 'json');

";

const PROJECTION: &str = "INSERT INTO trips SELECT id, ts FROM rides WHERE fare > 10;\n";
const WINDOW: &str = "\
INSERT INTO counts
SELECT window_start, window_end, city, COUNT(*)
FROM TABLE(TUMBLE(TABLE rides, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, city;
";
const JOIN: &str = "\
CREATE VIEW paid AS SELECT id, city, ts AS paid_at FROM rides WHERE fare > 0;
INSERT INTO fares
SELECT p.city, t.fare
FROM paid AS p
LEFT JOIN tours AS t
  ON p.id = t.id AND t.started BETWEEN p.paid_at - INTERVAL '5' MINUTE AND p.paid_at + INTERVAL '10' MINUTE;
";
const VIEWS: &str = "\
CREATE VIEW per_minute AS
SELECT window_end AS e, window_start, city, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE rides, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, city;
CREATE VIEW busy AS SELECT * FROM per_minute WHERE n > 3;
INSERT INTO fares SELECT city, CAST(n AS DECIMAL(10, 2)) FROM busy;
";
const TWO_SIDED: &str =
    "INSERT INTO totals SELECT city, COUNT(*) FROM rides WHERE fare > 0 GROUP BY city;\n";
const REFUSED: &str = "\
INSERT INTO totals SELECT city, COUNT(*) FROM rides GROUP BY city HAVING COUNT(*) > 3;
INSERT INTO trips SELECT id, ts FROM rides;
INSERT INTO trips SELECT id, stopped FROM missing;
";
const SET: &str = "\
EXECUTE STATEMENT SET
BEGIN
  INSERT INTO trips SELECT id, ts FROM rides;
  INSERT INTO totals SELECT city, COUNT(*) FROM rides GROUP BY city;
END;
";
const BEST_EFFORT: &str = "\
SET 'table.exec.source.idle-timeout' = '30 s';
SET 'table.exec.state.ttl' = '1 d';
CREATE TABLE exact (id BIGINT, ts TIMESTAMP(3)) WITH (
  'connector' = 'kafka', 'topic' = 'exact', 'format' = 'json', 'sink.delivery-guarantee' = 'exactly-once'
);
INSERT INTO exact SELECT id, stopped FROM stops /*+ OPTIONS('scan.watermark.idle-timeout' = '1 min') */;
INSERT INTO fares SELECT city, RAND() * fare FROM rides;
";
const VALUES: &str = "INSERT INTO fares VALUES ('Ulm', 1.0);\n";
const UNION: &str = "\
INSERT INTO trips SELECT id, t FROM (
  SELECT id, ts AS t FROM rides UNION ALL SELECT id, started FROM tours
) AS both_kinds;
";
const ALIGNED: &str = "\
CREATE TABLE clicks (
  id BIGINT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH (
  'connector' = 'kafka', 'format' = 'json',
  'scan.watermark.alignment.group' = 'g', 'scan.watermark.alignment.max-drift' = '20 s'
);
INSERT INTO trips SELECT id, ts FROM clicks;
";
const CTAS: &str = "\
CREATE TABLE copies WITH ('connector' = 'kafka', 'topic' = 'copies', 'format' = 'json')
AS SELECT id, ts FROM rides;
";

const PATTERN: &str = "\
INSERT INTO trips SELECT id, stopped FROM stops;
INSERT INTO fares
SELECT city, last_fare FROM rides MATCH_RECOGNIZE (
  PARTITION BY city ORDER BY ts
  MEASURES B.fare AS last_fare
  ONE ROW PER MATCH
  PATTERN (A B)
  DEFINE B AS B.fare > A.fare
) AS m;
";
const GROUP_WINDOW: &str = "\
CREATE TABLE hourly (city STRING, n BIGINT, seen TIMESTAMP(3)) WITH ('connector' = 'kafka', 'format' = 'json');
INSERT INTO hourly
WITH h AS (
  SELECT city, COUNT(*) AS n, HOP_ROWTIME(ts, INTERVAL '5' MINUTE, INTERVAL '1' HOUR) AS seen
  FROM rides GROUP BY city, HOP(ts, INTERVAL '5' MINUTE, INTERVAL '1' HOUR)
)
SELECT city, n, seen FROM h;
";
const VERSIONED: &str = "\
CREATE TABLE rates (
  city STRING, rate DECIMAL(10, 2), since TIMESTAMP(3) NOT NULL, PRIMARY KEY (city) NOT ENFORCED,
  WATERMARK FOR since AS since
) WITH ('connector' = 'upsert-kafka', 'topic' = 'rates', 'key.format' = 'json', 'value.format' = 'json');
SET 'table.exec.interval-join.min-cleanup-interval' = '10 min';
INSERT INTO fares
SELECT r.city, r.fare * v.rate FROM rides AS r JOIN rates FOR SYSTEM_TIME AS OF r.ts AS v ON r.city = v.city;
";

const CASES: &[(&str, &str)] = &[
    ("projection", PROJECTION),
    ("window", WINDOW),
    ("join", JOIN),
    ("views", VIEWS),
    ("two_sided", TWO_SIDED),
    ("refused", REFUSED),
    ("set", SET),
    ("best_effort", BEST_EFFORT),
    ("values", VALUES),
    ("union", UNION),
    ("aligned", ALIGNED),
    ("ctas", CTAS),
    ("pattern", PATTERN),
    ("group_window", GROUP_WINDOW),
    ("versioned", VERSIONED),
    ("nothing", "SELECT 1;\n"),
];

fn explained(script: &str, settings: &Settings) -> Explanation {
    let found = tidegate::explain(script, settings);
    found.explanation.unwrap_or_else(|| {
        panic!("not read: {:?}\n{script}", found.diagnostics);
    })
}

fn case(name: &str) -> Explanation {
    let (_, script) = CASES.iter().find(|(n, _)| *n == name).unwrap();
    explained(&format!("{TABLES}{script}"), &Settings::default())
}

/// Compares with `snapshots/explain/NAME.snap`.
fn snapshot(name: &str, shown: &str) {
    let mut insta = insta::Settings::clone_current();
    insta.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/explain"));
    insta.set_prepend_module_to_snapshot(false);
    insta.set_omit_expression(true);
    insta.bind(|| insta::assert_snapshot!(name, shown));
}

#[test]
fn texts() {
    for (name, _) in CASES {
        let text = explain::text(&case(name));
        snapshot(name, &text);
        let long = text.lines().filter(|l| l.chars().count() > 100);
        assert_eq!(long.collect::<Vec<_>>(), Vec::<&str>::new(), "{name}");
    }
}

/// An INSERT, and what is said of the operator's field-index.
#[test]
fn field_indexes() {
    let sink = |columns: &str| {
        format!("CREATE TABLE snk ({columns}) WITH ('connector' = 'kafka', 'format' = 'json');\n")
    };
    let cases: &[(&str, &str, Result<usize, &str>)] = &[
        (
            "id BIGINT, t TIMESTAMP(3)",
            "SELECT id, ts FROM rides",
            Ok(1),
        ),
        (
            "t TIMESTAMP(6), id BIGINT",
            "SELECT ts, id FROM rides",
            Ok(0),
        ),
        (
            "a BIGINT, b AS a + 1, t TIMESTAMP(3)",
            "SELECT id, ts FROM rides",
            Ok(1),
        ),
        (
            "id BIGINT",
            "SELECT id FROM rides",
            Err("no column of the sink holds the gate time `ts`"),
        ),
        (
            "id BIGINT, t TIMESTAMP_LTZ(3)",
            "SELECT id, ts FROM rides",
            Err("`t` is TIMESTAMP_LTZ(3) in the sink, which is not the type of the gate time"),
        ),
        (
            "id BIGINT, t TIMESTAMP(3) METADATA FROM 'timestamp'",
            "SELECT id, ts FROM rides",
            Err("`t` is metadata of the sink, not a column of its rows"),
        ),
        (
            "n BIGINT, e TIMESTAMP(3)",
            "SELECT COUNT(*), window_end FROM TABLE(TUMBLE(TABLE rides, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end",
            Err("no column of the sink holds the gate time `e` - INTERVAL '0.001' SECOND"),
        ),
        (
            "n BIGINT, t TIMESTAMP(3)",
            "SELECT COUNT(*), window_time FROM TABLE(TUMBLE(TABLE rides, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, window_time",
            Ok(1),
        ),
        (
            "a TIMESTAMP(3), b TIMESTAMP(3)",
            "SELECT r.ts, t.started FROM rides AS r JOIN tours AS t ON r.id = t.id",
            Err(
                "no column of the sink holds the gate time CAST(GREATEST(`r`.`ts`, `t`.`started`) AS TIMESTAMP(3))",
            ),
        ),
        (
            "id BIGINT, t TIMESTAMP(3)",
            "VALUES (1, TIMESTAMP '2026-01-01 00:00:00')",
            Err("its INSERT has no gate"),
        ),
    ];
    for (columns, query, expected) in cases {
        let script = format!("{TABLES}{}INSERT INTO snk {query};\n", sink(columns));
        let side = explained(&script, &Settings::default()).operator;
        let is = match side.field_index {
            Some(index) => Ok(index),
            None => Err(&side.field[..]),
        };
        assert_eq!(is, *expected, "{columns}: {query}");
    }
    let side = case("two_sided").operator;
    assert!(
        side.field_index.is_none() && side.field.contains("update"),
        "{}",
        side.field
    );
}

/// What the sources say, and the known sum in milliseconds; whether it is all.
#[test]
fn deletion_delays() {
    let source = |name: &str, watermark: &str, options: &str| {
        format!(
            "CREATE TABLE {name} (id BIGINT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS {watermark}) \
             WITH ('connector' = 'kafka', 'format' = 'json'{options});\n"
        )
    };
    let aligned = |group: &str, drift: &str| {
        format!(
            ", 'scan.watermark.alignment.group' = '{group}', 'scan.watermark.alignment.max-drift' = '{drift}'"
        )
    };
    let two = "SELECT id, ts FROM a UNION ALL SELECT id, ts FROM b";
    let late = "ts - INTERVAL '1:30' MINUTE TO SECOND";
    let cases = [
        (source("a", "ts", ""), "SELECT id, ts FROM a", 5_000, false),
        (source("a", late, ""), "SELECT id, ts FROM a", 95_000, false),
        (
            source("a", late, &aligned("g", "20 s")),
            "SELECT id, ts FROM a",
            115_000,
            true,
        ),
        (
            source(
                "a",
                "ts - CAST(id AS INT) * INTERVAL '1' SECOND",
                &aligned("g", "20 s"),
            ),
            "SELECT id, ts FROM a",
            25_000,
            false,
        ),
        (
            source("a", "ts", &aligned("g", "1 min")) + &source("b", late, &aligned("g", "20 s")),
            two,
            155_000,
            true,
        ),
        (
            source("a", "ts", &aligned("g", "1 min")) + &source("b", late, &aligned("h", "20 s")),
            two,
            95_000,
            false,
        ),
        (
            source("a", "ts", &aligned("g", "1 min")) + &source("b", late, ""),
            two,
            95_000,
            false,
        ),
        (
            source("a", "ts", &aligned("g", "1 min")),
            "SELECT id, ts FROM a /*+ OPTIONS('scan.watermark.alignment.max-drift' = '2 min') */",
            125_000,
            true,
        ),
    ];
    for (sources, query, known_ms, complete) in cases {
        let script = format!("{TABLES}{sources}INSERT INTO trips {query};\n");
        let delay = explained(&script, &Settings::default())
            .operator
            .deletion_delay
            .unwrap();
        assert_eq!(
            (delay.known_ms, delay.complete),
            (known_ms, complete),
            "{sources}{query}\n{delay:?}"
        );
    }
    assert_eq!(case("values").operator.deletion_delay, None);
}

#[test]
fn a_gate_that_stands_and_its_role() {
    let settings = Settings {
        role: Role::Outgoing {
            cutover: Cutover(1_795_348_800_000),
        },
        ..Settings::default()
    };
    let script = format!("{TABLES}{TWO_SIDED}");
    let done = tidegate::rewrite(&script, &settings).text.unwrap();
    snapshot("outgoing", &explain::text(&explained(&script, &settings)));
    let standing = explained(&done, &settings);
    assert_eq!(standing.inserts[0].verdict, Verdict::BestEffort);
    snapshot("standing", &explain::text(&standing));
}

#[test]
fn json() {
    for name in ["window", "refused"] {
        let shown = serde_json::to_string_pretty(&case(name)).unwrap();
        snapshot(&format!("{name}_json"), &shown);
    }
    for (name, _) in CASES {
        let explanation = case(name);
        let shown = serde_json::to_string(&explanation).unwrap();
        let read: Explanation = serde_json::from_str(&shown).unwrap();
        assert_eq!(read, explanation, "{name}");
    }
}

#[test]
fn drawings() {
    for name in ["join", "set"] {
        snapshot(&format!("{name}_mermaid"), &explain::mermaid(&case(name)));
        snapshot(&format!("{name}_dot"), &explain::dot(&case(name)));
    }
    for name in ["views", "refused"] {
        snapshot(&format!("{name}_svg"), &explain::svg(&case(name)));
    }
}

/// Names that each format has to escape in its own way.
const HOSTILE: [&str; 7] = [
    "é<b>&\"q\"",
    "a``b",
    "x]]>y",
    "semi;colon#1",
    "back\\slash",
    "tab\tand \u{7f}",
    "\u{202e}right {{to}} left|",
];

#[test]
fn hostile_names_stay_text() {
    let mut script = String::new();
    for (i, name) in HOSTILE.iter().enumerate() {
        script += &format!(
            "CREATE TABLE `{name}` (`{name}` TIMESTAMP(3) NOT NULL, WATERMARK FOR `{name}` AS `{name}` - INTERVAL '5' SECOND) \
             WITH ('connector' = 'kafka', 'format' = 'json');\n\
             CREATE VIEW `view {i} {name}` AS SELECT `{name}` FROM `{name}`;\n\
             INSERT INTO `{name}` SELECT `{name}` FROM `view {i} {name}`;\n"
        );
    }
    let explanation = explained(&script, &Settings::default());
    assert_eq!(explanation.inserts.len(), HOSTILE.len());
    let svg = explain::svg(&explanation);
    assert_eq!(xml(&svg), Ok(()), "{svg}");
    for kept in ["&lt;b&gt;&amp;&quot;q&quot;", "]]&gt;", "é"] {
        assert!(svg.contains(kept), "{kept}\n{svg}");
    }
    let mermaid = explain::mermaid(&explanation);
    for line in mermaid.lines().filter(|l| l.contains('"')) {
        // One label on each line, and nothing in it that ends it.
        assert_eq!(line.matches('"').count(), 2, "{line}");
        let label = line.split('"').nth(1).unwrap().replace("<br/>", "");
        assert!(!label.contains(['<', '>', '`', '&', '\\']), "{line}");
    }
    let dot = explain::dot(&explanation);
    for line in dot.lines() {
        let quotes = line
            .replace("\\\\", "")
            .replace("\\\"", "")
            .matches('"')
            .count();
        assert_eq!(quotes % 2, 0, "{line}");
    }
    assert!(dot.contains("é<b>&\\\"q\\\""), "{dot}");
    for shown in [mermaid, dot] {
        let statements = shown
            .lines()
            .filter(|l| l.starts_with("  n") || l.starts_with("  class"));
        let frame = shown.lines().count() - statements.count();
        assert!(frame <= 4, "a name made lines of its own\n{shown}");
    }
}

/// Is it well-formed? Elements nest, attributes and entities are what XML 1.0 takes.
fn xml(text: &str) -> Result<(), String> {
    let is_name = |n: &str| {
        !n.is_empty()
            && n.chars()
                .all(|c| c.is_ascii_alphanumeric() || "-:".contains(c))
    };
    let is_text = |t: &str| {
        let entities = t.split('&').skip(1).all(|rest| {
            let entity = rest.split(';').next().unwrap_or_default();
            rest.contains(';') && ["lt", "gt", "amp", "quot", "#39"].contains(&entity)
        });
        entities
            && !t.contains("]]>")
            && !t.chars().any(|c| c.is_control() && !"\n\t\r".contains(c))
    };
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        if !is_text(before) {
            return Err(format!("text `{before}`"));
        }
        let (tag, after) = tag.split_once('>').ok_or("an open tag")?;
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Err(format!("</{name}> closes something else"));
            }
            continue;
        }
        let (tag, empty) = match tag.strip_suffix('/') {
            Some(tag) => (tag, true),
            None => (tag, false),
        };
        let (name, mut attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        while !attributes.is_empty() {
            let (key, value) = attributes
                .split_once("=\"")
                .ok_or("an attribute without a value")?;
            let (value, after) = value.split_once('"').ok_or("an open attribute")?;
            if !is_name(key) || !is_text(value) || value.contains('<') {
                return Err(format!("attribute {key}=\"{value}\""));
            }
            attributes = after.trim_start();
        }
        if !is_name(name) {
            return Err(format!("element `{name}`"));
        }
        if !empty {
            open.push(name);
        }
    }
    match (open.is_empty(), rest.trim().is_empty()) {
        (true, true) => Ok(()),
        _ => Err(format!("{open:?} left open, `{rest}` left over")),
    }
}

#[test]
fn the_check_of_xml_finds_faults() {
    for wrong in [
        "<a>",
        "<a></b>",
        "<a>&</a>",
        "<a b=c/>",
        "<a b=\"<\"/>",
        "<a/>&lt;x",
        "<a>\u{1}</a>",
    ] {
        assert!(xml(wrong).is_err(), "{wrong}");
    }
    assert_eq!(xml("<a b=\"1\"><c/>&lt;</a>\n"), Ok(()));
}

#[test]
fn every_drawing_is_valid_xml_and_holds_no_script() {
    for (name, _) in CASES {
        let svg = explain::svg(&case(name));
        assert_eq!(xml(&svg), Ok(()), "{name}");
        assert!(!svg.contains("<script") && !svg.contains("href"), "{name}");
    }
}

#[test]
fn every_example_is_explained_in_every_format() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    for entry in fs::read_dir(examples).unwrap() {
        let folder = entry.unwrap().path();
        if !folder.is_dir() {
            continue;
        }
        let sandbox = Sandbox::new(&[]);
        for file in fs::read_dir(&folder).unwrap() {
            let path = file.unwrap().path();
            sandbox.write(
                path.file_name().unwrap().to_str().unwrap(),
                &fs::read(&path).unwrap(),
            );
        }
        for format in ["text", "json", "mermaid", "dot", "svg"] {
            let run = sandbox
                .run(&["explain", "job.sql", "--format", format])
                .ends_with(0);
            assert!(
                !run.out().is_empty() && run.stderr.is_empty(),
                "{}",
                run.stderr
            );
        }
    }
}

#[test]
fn exit_codes() {
    let refused = format!("{TABLES}{REFUSED}");
    let clean = format!("{TABLES}{PROJECTION}{VALUES}");
    let sandbox = Sandbox::new(&[
        ("ok.sql", &clean),
        ("no.sql", &refused),
        ("broken.sql", BROKEN),
    ]);
    sandbox.run(&["explain", "ok.sql"]).ends_with(0);
    let run = sandbox.run(&["explain", "no.sql"]).ends_with(1);
    assert!(run.out().contains("filter-above-updates"), "{}", run.out());
    let checked = sandbox.run(&["check", "broken.sql"]).ends_with(1);
    let run = sandbox.run(&["explain", "broken.sql"]).ends_with(1);
    // A result there, a message here.
    assert_eq!(run.out(), "");
    assert!(run.stderr.starts_with(checked.out()), "{}", run.stderr);
    sandbox.run(&["explain", "none.sql"]).ends_with(2);
    sandbox
        .run(&["explain", "ok.sql", "--format", "png"])
        .ends_with(2);
    sandbox
        .run(&["explain", "ok.sql", "--role", "outgoing"])
        .ends_with(2);
}

#[test]
fn to_a_file_and_from_standard_input() {
    let script = format!("{TABLES}{PROJECTION}");
    let sandbox = Sandbox::new(&[("job.sql", &script)]);
    let run = sandbox
        .run_with(&["explain", "-"], script.as_bytes())
        .ends_with(0);
    let to_file = sandbox
        .run(&["explain", "job.sql", "-o", "out.txt"])
        .ends_with(0);
    assert_eq!(to_file.out(), "");
    assert_eq!(sandbox.read("out.txt"), run.out());
}

#[test]
fn secrets_are_in_no_format() {
    let script = "\
CREATE TABLE src (id BIGINT, ts TIMESTAMP(3) NOT NULL) WITH ('connector' = 'kafka', 'format' = 'json', 'properties.sasl.password' = 'hunter2');
CREATE TABLE snk (id BIGINT) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE VIEW `hunter2` AS SELECT id, ts FROM src;
SET 'table.exec.state.ttl' = '1 d hunter2';
INSERT INTO snk SELECT id FROM `hunter2`;
INSERT INTO hunter2 SELECT id FROM src;
";
    let explanation = explained(script, &Settings::default());
    for shown in [
        explain::text(&explanation),
        serde_json::to_string(&explanation).unwrap(),
        explain::mermaid(&explanation),
        explain::dot(&explanation),
        explain::svg(&explanation),
    ] {
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
