//! Wrong rewrites that no row shows: only the comparison of the plans finds them.

use super::job::Job;
use super::{Options, Outcome, Scripts, given};
use crate::config::Settings;
use crate::validate::{Outcome as Planned, PlannedInsert, Sides, same};

const TABLES: &str = "\
CREATE TABLE a (id BIGINT, k STRING, v INT, ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '1' MINUTE) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE s (x BIGINT, y STRING) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE FUNCTION f AS 'org.example.F';
CREATE FUNCTION g AS 'org.example.G';
";

/// 2026-01-01T00:00:00Z.
const CUTOVER: i64 = 1_767_225_600_000;

/// What is wrong, a query, and the wrong one with its time.
const FAULTS: &[(&str, &str, &str)] = &[
    (
        "a string that no row has",
        "SELECT id, k FROM a",
        "SELECT id, k, ts FROM a WHERE k IS NULL OR k <> 'a string that no row has'",
    ),
    (
        "a number that no row has",
        "SELECT id, k FROM a",
        "SELECT id, k, ts FROM a WHERE v IS NULL OR v < 2000000000",
    ),
    (
        "a cast through a smaller type",
        "SELECT CAST(v AS BIGINT), k FROM a",
        "SELECT CAST(CAST(v AS SMALLINT) AS BIGINT), k, ts FROM a",
    ),
    (
        "a string cut at a length that none has",
        "SELECT id, k FROM a",
        "SELECT id, SUBSTRING(k, 1, 500), ts FROM a",
    ),
    (
        "a limit that no run reaches",
        "SELECT id, k FROM a",
        "SELECT id, k, ts FROM a WHERE id IS NULL OR MOD(id, 1000003) < 1000000",
    ),
    (
        "another function of the user",
        "SELECT id, f(k) FROM a",
        "SELECT id, g(k), ts FROM a",
    ),
    (
        "another argument of a function of the user",
        "SELECT id, f(k, 1) FROM a",
        "SELECT id, f(k, 2), ts FROM a",
    ),
    (
        "another group of a regular expression",
        "SELECT id, REGEXP_EXTRACT(k, '([a-z]+)(\\d)', 1) FROM a",
        "SELECT id, REGEXP_EXTRACT(k, '([a-z]+)(\\d)', 2), ts FROM a",
    ),
];

fn gated(view: &str, from: &str, to: &str) -> String {
    format!(
        "{TABLES}CREATE TEMPORARY VIEW s__gate AS SELECT x, y FROM ({view}) AS q (x, y, __gate_time) \
         CROSS JOIN UNNEST(ARRAY[__gate_time]) AS __at (t) \
         WHERE COALESCE(t, TIMESTAMP '0001-01-01 00:00:00.000') >= TIMESTAMP '{from}' \
         AND COALESCE(t, TIMESTAMP '0001-01-01 00:00:00.000') < TIMESTAMP '{to}';\n\
         INSERT INTO s SELECT x, y FROM s__gate;\n"
    )
}

fn planned(script: &str) -> PlannedInsert {
    let settings = Settings::default();
    let job = Job::read(script, &settings).expect("the script can be read");
    let place = job.inserts()[0];
    match job.planner().insert(place.insert, place.statement) {
        Planned::Planned(planned) => planned,
        failed => panic!("{script}\n{failed:?}"),
    }
}

/// What the checks over rows say of a query behind gates, and whether the plans are the same.
fn judged(query: &str, view: &str) -> (Outcome, bool) {
    const CUT: &str = "2026-01-01 00:00:00.000";
    let ungated = format!("{TABLES}INSERT INTO s {query};\n");
    let outgoing = gated(view, "0001-01-01 00:00:00.000", CUT);
    let incoming = gated(view, CUT, "9999-12-31 23:59:59.999");
    let scripts = Scripts {
        ungated: &ungated,
        first: None,
        outgoing: &outgoing,
        incoming: &incoming,
    };
    let options = Options {
        cutover: CUTOVER,
        rows: 16,
        seed: 7,
        data: Vec::new(),
        replay: None,
    };
    let report = given(scripts, &Settings::default(), &options).expect("the scripts can be read");
    let compared = same(&planned(&ungated), &planned(&incoming), Sides::Sink);
    (report.inserts[0].outcome, compared.is_ok())
}

#[test]
fn only_the_plans_show_it() {
    let right = judged("SELECT id, k FROM a", "SELECT id, k, ts FROM a");
    assert_eq!(right, (Outcome::Held, true));
    let all: Vec<String> = FAULTS
        .iter()
        .map(|(name, query, view)| {
            let (outcome, same) = judged(query, view);
            assert!(!same, "{name}");
            assert_ne!(outcome, Outcome::Failed, "{name}");
            format!("{name}: {outcome:?}")
        })
        .collect();
    insta::assert_snapshot!(all.join("\n"), @"
    a string that no row has: Held
    a number that no row has: Held
    a cast through a smaller type: Held
    a string cut at a length that none has: Held
    a limit that no run reaches: Held
    another function of the user: PlannedNotExecuted
    another argument of a function of the user: PlannedNotExecuted
    another group of a regular expression: Held
    ");
}

/// Scripts that others wrote, where there are any: `scripts/` of the folder that `TIDEGATE_CORPUS` names. Shows what is not
/// executed, with `--nocapture`.
#[test]
fn most_gated_inserts_of_others_are_executed() {
    let Some(folder) = std::env::var_os("TIDEGATE_CORPUS") else {
        return;
    };
    let mut files: Vec<_> = std::fs::read_dir(std::path::Path::new(&folder).join("scripts"))
        .expect("the corpus folder")
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "sql"))
        .collect();
    files.sort();
    let options = Options {
        cutover: CUTOVER,
        rows: 8,
        seed: 1,
        data: Vec::new(),
        replay: None,
    };
    let (mut gated, mut executed, mut report) = (0, 0, String::new());
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let Some(found) = crate::verify(&text, &Settings::default(), &options).report else {
            continue;
        };
        for insert in &found.inserts {
            if insert.outcome == Outcome::NotGated {
                continue;
            }
            gated += 1;
            if matches!(insert.outcome, Outcome::Held | Outcome::NoRows) {
                executed += 1;
            }
            if insert.outcome != Outcome::Held {
                report += &format!(
                    "{}: {}: {:?}: {} {:?}\n",
                    file.display(),
                    insert.sink,
                    insert.outcome,
                    insert.reasons.join(", "),
                    insert.findings
                );
            }
            assert_ne!(insert.outcome, Outcome::Failed, "{report}");
        }
    }
    println!("{executed} of {gated} gated INSERTs executed\n{report}");
    assert!(executed * 100 >= gated * 85, "{report}");
}
