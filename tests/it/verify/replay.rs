//! Faults of time and order: what the checks of predicates cannot see and a replay does. Each has a right twin.

use super::faults::{FAULTS, Fault, RIGHT, script as plain};
use super::{CUTOVER, QUERIES, script as of_query, settings};
use crate::tool::Sandbox;
use tidegate::config::Late;
use tidegate::verify::replay::{Choice, Model, Replay};
use tidegate::verify::{Options, Report, Scripts, given};

const TABLES: &str = "\
CREATE TABLE src (id INT, u STRING, v INT, ts TIMESTAMP(3) NOT NULL, {src}) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE r (id INT, u STRING, w INT, ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector' = 'kafka', 'format' = 'json'{idle});
CREATE TABLE two (a INT, b INT) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE counts (u STRING, n BIGINT) WITH ('connector' = 'kafka', 'format' = 'json');
";

/// How the rows of the sources come and what is done with the jobs.
#[derive(Clone, Copy)]
struct Setup {
    /// Seconds of `src`'s watermark delay, of the out-of-orderness of both tables, of the deletion delay that decides.
    delay: i64,
    out_of_order: i64,
    deletion: Option<i64>,
    chosen: bool,
    propagation: i64,
    runs_on: i64,
    /// `r` is silent for so long; after how long it is idle.
    silent: i64,
    idle_after: Option<i64>,
}

const SETUP: Setup = Setup {
    delay: 5,
    out_of_order: 5,
    deletion: None,
    chosen: false,
    propagation: 5,
    runs_on: 0,
    silent: 0,
    idle_after: None,
};

/// Rows come later than the watermarks allow for.
const LATE: Setup = Setup {
    out_of_order: 20,
    ..SETUP
};

/// T is chosen by the outgoing job.
const CHOSEN: Setup = Setup {
    chosen: true,
    ..SETUP
};

type Side = (&'static str, Setup);

struct Case {
    name: &'static str,
    ungated: &'static str,
    outgoing: &'static str,
    /// What is wrong is in here, or in the setup.
    wrong: Side,
    right: Side,
    /// The fault is in the outgoing script, of which this is the wrong one.
    wrong_outgoing: Option<&'static str>,
}

const SELECT: &str = "INSERT INTO two SELECT id, v FROM src";
const BELOW: &str = "INSERT INTO two SELECT id, v FROM src WHERE ts < {T}";
const FROM: &str = "INSERT INTO two SELECT id, v FROM src WHERE ts >= {T}";
/// Both rules of `late = \"handover\"`.
const STOPS: &str = "INSERT INTO two SELECT id, v FROM src WHERE ts < {T} AND (CURRENT_WATERMARK(ts) IS NULL OR CURRENT_WATERMARK(ts) <= {T})";
const TAKES_OVER: &str =
    "INSERT INTO two SELECT id, v FROM src WHERE ts >= {T} OR CURRENT_WATERMARK(ts) > {T}";
const BOTH: &str = "INSERT INTO two SELECT id, v FROM src UNION ALL SELECT id, w FROM r";
const BOTH_BELOW: &str = "INSERT INTO two SELECT id, v FROM src WHERE ts < {T} UNION ALL SELECT id, w FROM r WHERE ts < {T}";
const BOTH_FROM: &str = "INSERT INTO two SELECT id, v FROM src WHERE ts >= {T} UNION ALL SELECT id, w FROM r WHERE ts >= {T}";
const WINDOW: &str =
    "INSERT INTO counts SELECT u, COUNT(*) FROM TABLE({7}) GROUP BY u, window_start, window_end";
const WINDOW_BELOW: &str = "INSERT INTO counts SELECT u, COUNT(*) FROM TABLE({7}) GROUP BY u, window_start, window_end HAVING window_end <= {T}";
const WINDOW_FROM: &str = "INSERT INTO counts SELECT u, COUNT(*) FROM TABLE({7}) GROUP BY u, window_start, window_end HAVING window_end > {T}";
const JOIN: &str =
    "INSERT INTO two SELECT src.id, r.id FROM src JOIN r ON src.u = r.u AND src.v = r.w";
const JOIN_BELOW: &str = "INSERT INTO two SELECT src.id, r.id FROM src JOIN r ON src.u = r.u AND src.v = r.w WHERE GREATEST(src.ts, r.ts) < {T}";
const JOIN_FROM: &str = "INSERT INTO two SELECT src.id, r.id FROM src JOIN r ON src.u = r.u AND src.v = r.w WHERE GREATEST(src.ts, r.ts) >= {T}";

const fn gates(
    name: &'static str,
    outgoing: &'static str,
    wrong_outgoing: Option<&'static str>,
    wrong: &'static str,
    right: &'static str,
) -> Case {
    Case {
        name,
        ungated: SELECT,
        outgoing,
        wrong: (wrong, LATE),
        right: (right, LATE),
        wrong_outgoing,
    }
}

const fn runs(
    name: &'static str,
    [ungated, outgoing, incoming]: [&'static str; 3],
    wrong: Setup,
    right: Setup,
) -> Case {
    Case {
        name,
        ungated,
        outgoing,
        wrong: (incoming, wrong),
        right: (incoming, right),
        wrong_outgoing: None,
    }
}

const PASS: [&str; 3] = [SELECT, BELOW, FROM];
const UNION: [&str; 3] = [BOTH, BOTH_BELOW, BOTH_FROM];
const WINDOWS: [&str; 3] = [WINDOW, WINDOW_BELOW, WINDOW_FROM];
const JOINED: [&str; 3] = [JOIN, JOIN_BELOW, JOIN_FROM];

const CASES: &[Case] = &[
    gates(
        "handover with >= for >",
        STOPS,
        None,
        "INSERT INTO two SELECT id, v FROM src WHERE ts >= {T} OR CURRENT_WATERMARK(ts) >= {T}",
        TAKES_OVER,
    ),
    gates(
        "handover with < for <=",
        STOPS,
        Some(
            "INSERT INTO two SELECT id, v FROM src WHERE ts < {T} AND (CURRENT_WATERMARK(ts) IS NULL OR CURRENT_WATERMARK(ts) < {T})",
        ),
        TAKES_OVER,
        TAKES_OVER,
    ),
    gates("nobody takes late rows over", STOPS, None, FROM, TAKES_OVER),
    gates(
        "late rows are taken over and kept",
        STOPS,
        Some(BELOW),
        TAKES_OVER,
        TAKES_OVER,
    ),
    gates(
        "late rule swapped",
        STOPS,
        Some(
            "INSERT INTO two SELECT id, v FROM src WHERE ts < {T} AND CURRENT_WATERMARK(ts) > {T}",
        ),
        "INSERT INTO two SELECT id, v FROM src WHERE ts >= {T} OR CURRENT_WATERMARK(ts) <= {T}",
        TAKES_OVER,
    ),
    gates(
        "handover before the first watermark",
        STOPS,
        Some(
            "INSERT INTO two SELECT id, v FROM src WHERE ts < {T} AND CURRENT_WATERMARK(ts) <= {T}",
        ),
        TAKES_OVER,
        TAKES_OVER,
    ),
    gates(
        "handover of rows from T on too",
        STOPS,
        None,
        "INSERT INTO two SELECT id, v FROM src WHERE CURRENT_WATERMARK(ts) > {T}",
        TAKES_OVER,
    ),
    runs(
        "watermark without a delay",
        PASS,
        Setup {
            delay: 0,
            deletion: Some(0),
            ..SETUP
        },
        Setup {
            deletion: Some(0),
            ..SETUP
        },
    ),
    runs(
        "late rows and no deletion delay",
        PASS,
        Setup {
            deletion: Some(0),
            ..LATE
        },
        Setup {
            deletion: Some(15),
            ..LATE
        },
    ),
    runs(
        "taken down before the watermark passed T",
        PASS,
        Setup {
            deletion: Some(-10),
            ..SETUP
        },
        Setup {
            deletion: Some(0),
            ..SETUP
        },
    ),
    runs(
        "taken down before the window ended",
        WINDOWS,
        Setup {
            deletion: Some(-10),
            ..SETUP
        },
        Setup {
            deletion: Some(0),
            ..SETUP
        },
    ),
    runs(
        "taken down before the other side came",
        JOINED,
        Setup {
            deletion: Some(-10),
            ..SETUP
        },
        Setup {
            deletion: Some(0),
            ..SETUP
        },
    ),
    runs(
        "T below rows that were written",
        PASS,
        Setup {
            runs_on: 60,
            ..SETUP
        },
        Setup {
            runs_on: 20,
            ..SETUP
        },
    ),
    runs(
        "no deletion delay and a T that is chosen",
        PASS,
        Setup {
            deletion: Some(0),
            ..CHOSEN
        },
        CHOSEN,
    ),
    runs(
        "deletion delay of the watermark alone",
        PASS,
        Setup {
            deletion: Some(5),
            ..CHOSEN
        },
        CHOSEN,
    ),
    runs(
        "no deletion delay and a join",
        JOINED,
        Setup {
            deletion: Some(0),
            ..CHOSEN
        },
        CHOSEN,
    ),
    runs(
        "slow propagation",
        PASS,
        Setup {
            deletion: Some(10),
            propagation: 15,
            ..CHOSEN
        },
        Setup {
            deletion: Some(20),
            propagation: 15,
            ..CHOSEN
        },
    ),
    runs(
        "an idle source that comes back",
        UNION,
        Setup {
            silent: 120,
            idle_after: Some(20),
            ..SETUP
        },
        Setup {
            silent: 120,
            ..SETUP
        },
    ),
    runs(
        "idle for less than the silence",
        UNION,
        Setup {
            silent: 120,
            idle_after: Some(20),
            deletion: Some(20),
            ..SETUP
        },
        Setup {
            silent: 10,
            idle_after: Some(20),
            ..SETUP
        },
    ),
];

fn script(text: &str, setup: &Setup) -> String {
    let idle = setup.idle_after.map_or(String::new(), |s| {
        format!(", 'scan.watermark.idle-timeout' = '{s} s'")
    });
    let watermark = format!("WATERMARK FOR ts AS ts - INTERVAL '{}' SECOND", setup.delay);
    let tables = TABLES.replace("{idle}", &idle).replace("{src}", &watermark);
    let text = text
        .replace("{T}", "TIMESTAMP '2026-01-01 00:10:00.000'")
        .replace(
            "{7}",
            "TUMBLE(TABLE src, DESCRIPTOR(ts), INTERVAL '10' SECOND)",
        );
    format!("{tables}{text};\n")
}

fn model(setup: &Setup) -> Model {
    let silent = (setup.silent > 0).then(|| ("r".to_owned(), setup.silent * 1_000));
    Model {
        choice: match setup.chosen {
            true => Choice::Flip504,
            false => Choice::Given,
        },
        deletion_delay: setup.deletion.map(|s| s * 1_000),
        out_of_order_of_all: Some(setup.out_of_order * 1_000),
        idle: silent.into_iter().collect(),
        propagation_ms: setup.propagation * 1_000,
        runs_on_ms: setup.runs_on * 1_000,
        ..Model::default()
    }
}

fn report(ungated: &str, outgoing: &str, incoming: &str, model: Model) -> Report {
    let scripts = Scripts {
        ungated,
        first: None,
        outgoing,
        incoming,
    };
    let options = Options {
        cutover: CUTOVER,
        rows: 16,
        seed: 7,
        data: Vec::new(),
        replay: Some(model),
    };
    given(scripts, &settings(), &options).expect("the scripts can be read")
}

/// What the checks find, and what the replay does.
fn said(report: &Report) -> String {
    let insert = &report.inserts[0];
    let checks: Vec<&str> = insert.findings.iter().map(|f| f.check.as_str()).collect();
    let checks = match checks.is_empty() {
        true => format!("{:?}", insert.outcome),
        false => checks.join(" and "),
    };
    let replay = insert.replay.as_ref().expect("it was asked for");
    format!("{checks}; {}", judged(replay))
}

fn judged(replay: &Replay) -> String {
    match replay.judged() {
        None => replay.reasons.join(", "),
        Some(rung) if rung.rows == 0 => "no rows".to_owned(),
        Some(rung) if rung.is_broken() => {
            let found = [
                (rung.lost, "lost"),
                (rung.doubled, "doubled"),
                (rung.foreign, "foreign"),
            ];
            let found: Vec<&str> = found.iter().filter(|f| f.0 > 0).map(|f| f.1).collect();
            found.join(" and ")
        }
        Some(_) if !replay.reasons.is_empty() => {
            format!("replayed, but {}", replay.reasons.join(", "))
        }
        Some(_) => "replayed".to_owned(),
    }
}

fn case(case: &Case, (incoming, setup): &Side, outgoing: &str) -> String {
    let scripts = [case.ungated, outgoing, incoming].map(|text| script(text, setup));
    said(&report(&scripts[0], &scripts[1], &scripts[2], model(setup)))
}

#[test]
fn faults_of_time_are_caught_by_the_replay_alone() {
    let wrong: Vec<String> = CASES
        .iter()
        .map(|c| {
            let outgoing = c.wrong_outgoing.unwrap_or(c.outgoing);
            format!("{}: {}", c.name, case(c, &c.wrong, outgoing))
        })
        .collect();
    insta::assert_snapshot!(wrong.join("\n"), @"
    handover with >= for >: PlannedNotExecuted; doubled
    handover with < for <=: PlannedNotExecuted; lost
    nobody takes late rows over: PlannedNotExecuted; lost
    late rows are taken over and kept: PlannedNotExecuted; doubled
    late rule swapped: PlannedNotExecuted; lost
    handover before the first watermark: PlannedNotExecuted; lost
    handover of rows from T on too: PlannedNotExecuted; lost
    watermark without a delay: Held; lost
    late rows and no deletion delay: Held; lost
    taken down before the watermark passed T: Held; lost
    taken down before the window ended: Held; lost
    taken down before the other side came: Held; lost
    T below rows that were written: Held; doubled
    no deletion delay and a T that is chosen: Held; doubled
    deletion delay of the watermark alone: Held; doubled
    no deletion delay and a join: Held; doubled
    slow propagation: Held; doubled
    an idle source that comes back: Held; lost
    idle for less than the silence: Held; lost
    ");
}

#[test]
fn their_right_twins_pass() {
    let right: Vec<String> = CASES
        .iter()
        .map(|c| format!("{}: {}", c.name, case(c, &c.right, c.outgoing)))
        .filter(|said| !said.ends_with("; replayed"))
        .collect();
    assert_eq!(right, Vec::<String>::new());
}

/// A fault of the other suite, replayed with rows that come as the watermarks allow for.
fn fault(fault: &Fault) -> String {
    let scripts = [fault.ungated, fault.outgoing, fault.incoming].map(plain);
    said(&report(
        &scripts[0],
        &scripts[1],
        &scripts[2],
        Model {
            deletion_delay: Some(0),
            ..Model::default()
        },
    ))
}

#[test]
fn what_is_right_is_replayed_or_not_and_why() {
    let all: Vec<String> = RIGHT
        .iter()
        .map(|f| format!("{}: {}", f.name, fault(f)))
        .collect();
    insta::assert_snapshot!(all.join("\n"), @"
    pass: Held; replayed
    NULLs outgoing: Held; replayed, but no row of `default_catalog.default_database.vague` is without an event time here: those belong to the outgoing job, and are lost when they come after it
    regular join: Held; replayed
    outer interval join: Held; an outer join: when its rows are there is not modelled
    temporal join: Held; replayed
    window: Held; replayed
    keep-first: Held; replayed
    match: Held; MATCH_RECOGNIZE: when its rows are there is not modelled
    two-sided: Held; an updating query: only append-only ones are replayed
    ");
}

#[test]
fn what_torn_runs_alone_find_is_replayed_too() {
    let all: Vec<String> = FAULTS
        .iter()
        .map(|f| (f.name, fault(f)))
        .filter(|(_, said)| said.starts_with("torn;"))
        .map(|(name, said)| format!("{name}: {said}"))
        .collect();
    insta::assert_snapshot!(all.join("\n"), @"
    roles swapped: torn; lost
    regular join on one side's time: torn; lost
    regular join on LEAST: torn; lost
    interval join on the left time: torn; lost
    outer interval join without its bound: torn; an outer join: when its rows are there is not modelled
    semi join on the left time: torn; a query in an expression: when its rows are there is not modelled
    gate on the start of a window: torn; lost
    a match by its first row: torn; MATCH_RECOGNIZE: when its rows are there is not modelled
    ");
}

/// Gates as tidegate makes them, over rows that come as the watermarks allow for, with the delay that is derived.
#[test]
fn gates_that_are_made_hold_in_time() {
    let mut all = Vec::new();
    let mut not = Vec::new();
    for (columns, query) in QUERIES {
        for late in [Late::Outgoing, Late::Handover] {
            for choice in [Choice::Given, Choice::Flip504] {
                let mut settings = settings();
                settings.gate.late = late;
                let options = Options {
                    cutover: CUTOVER,
                    rows: 16,
                    seed: 3,
                    data: Vec::new(),
                    replay: Some(Model {
                        choice,
                        ..Model::default()
                    }),
                };
                let checked = tidegate::verify(&of_query(columns, query), &settings, &options);
                let Some(report) = checked.report else {
                    continue;
                };
                let replay = report.inserts[0].replay.as_ref().expect("it was asked for");
                let why = judged(replay);
                match why.as_str() {
                    "replayed" => all.push(query),
                    why if replay.rungs.is_empty() => not.push(format!("{why}: {query}")),
                    why => panic!("{query}: {why} ({late:?}, {choice:?})\n{replay:#?}"),
                }
            }
        }
    }
    not.sort();
    not.dedup();
    insta::assert_snapshot!(format!("{} replays\n{}", all.len(), not.join("\n")), @"
    42 replays
    MATCH_RECOGNIZE: when its rows are there is not modelled: SELECT * FROM orders MATCH_RECOGNIZE (PARTITION BY customer ORDER BY ts MEASURES A.id AS b, B.id AS c ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW PATTERN (A B) DEFINE B AS B.id >= A.id) AS m
    MATCH_RECOGNIZE: when its rows are there is not modelled: SELECT * FROM orders MATCH_RECOGNIZE (PARTITION BY customer ORDER BY ts MEASURES FIRST(A.id) AS b, B.id AS c ONE ROW PER MATCH AFTER MATCH SKIP TO NEXT ROW PATTERN (A+ B) WITHIN INTERVAL '5' MINUTE DEFINE A AS A.id < 3, B AS B.id >= 2) AS m
    an outer join: when its rows are there is not modelled: SELECT o.id, b.id FROM orders AS o LEFT JOIN bids AS b ON o.customer = b.customer AND b.ts BETWEEN o.ts - INTERVAL '1' MINUTE AND o.ts + INTERVAL '5' MINUTE
    an updating query: only append-only ones are replayed: SELECT customer, COUNT(*) FROM orders GROUP BY customer
    an updating query: only append-only ones are replayed: SELECT customer, id FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY customer ORDER BY ts DESC) AS rn FROM orders) WHERE rn = 1
    ");
}

#[test]
fn no_delay_doubles_more_than_some_and_the_derived_one_nothing() {
    let (columns, query) = QUERIES[0];
    for seed in 1..6 {
        let options = Options {
            cutover: CUTOVER,
            rows: 24,
            seed,
            data: Vec::new(),
            replay: Some(Model {
                choice: Choice::Flip504,
                ..Model::default()
            }),
        };
        let report = tidegate::verify(&of_query(columns, query), &settings(), &options).report;
        let report = report.expect("it can be rewritten");
        let replay = report.inserts[0].replay.as_ref().expect("it was asked for");
        let doubled: Vec<usize> = replay.rungs.iter().map(|r| r.doubled).collect();
        assert!(doubled.is_sorted_by(|a, b| a >= b), "{doubled:?}");
        assert!(doubled[0] > 0 && doubled.last() == Some(&0), "{doubled:?}");
        assert!(replay.rungs.iter().all(|r| r.lost == 0 && r.late == 0));
    }
}

/// Two rows at the savepoint, and three that show what happens around T.
#[test]
fn the_command_line() {
    let (columns, query) = ("a INT, b STRING", "SELECT id, customer FROM bids");
    let sandbox = Sandbox::new(&[
        ("job.sql", &of_query(columns, query)),
        (
            "bids.csv",
            "id,customer,ts\n1,a,2026-01-01 00:00:00\n2,b,2026-01-01 00:09:40\n3,c,2026-01-01 00:10:05\n\
             4,d,2026-01-01 00:09:59\n5,e,2026-01-01 00:10:06\n6,f,2026-01-01 00:09:58\n7,g,2026-01-01 00:10:30\n",
        ),
    ]);
    let run = |more: &[&str]| {
        let mut args = vec!["verify", "--isolated", "job.sql", "--replay"];
        args.extend([
            "--cutover",
            "2026-01-01T00:10:00Z",
            "--data",
            "bids=bids.csv",
        ]);
        args.extend(more);
        let run = sandbox.run(&args);
        let text = String::from_utf8(run.stdout).expect("it is UTF-8");
        format!("exit {}\n{text}{}", run.code.unwrap_or(-1), run.stderr)
    };
    insta::assert_snapshot!(run(&["--deletion-delay", "0 s"]), @"
    exit 1
    INSERT INTO sink (9:1): nothing lost, doubled or foreign
      rows: 7 ungated, 4 outgoing, 3 incoming; told apart by source rows
      replay, T given: FAILED
        deletion delay    0 ms: 6 rows, 1 lost, 0 doubled (judged)
        deletion delay 1250 ms: 6 rows, 0 lost, 0 doubled
        deletion delay 2500 ms: 6 rows, 0 lost, 0 doubled
        deletion delay     5 s: 6 rows, 0 lost, 0 doubled
        deletion delay 7500 ms: 6 rows, 0 lost, 0 doubled
        deletion delay    10 s: 6 rows, 0 lost, 0 doubled (derived from the script)
        lost with a delay of 0 ms:
          id = 6, customer = f
          event time T - 2000 ms, there at T + 6000 ms; watermarks then: outgoing T + 1000 ms, incoming T - 25000 ms
          the outgoing job was gone, the incoming job left it to the other one
    1 held, 0 failed, 0 without rows, 0 planned but not executed, 0 without a gate
    cutover 1767226200000, seed 1, 1 rounds of up to 24 rows a table; a check of the gates' predicates, not of how the two jobs run in time
    a replay is a model of the two jobs in time, one subtask each, and no proof
    ");
    let chosen = ["--choose-t", "flip-504", "--plot", "plot.svg"];
    insta::assert_snapshot!(run(&chosen), @"
    exit 1
    INSERT INTO sink (9:1): nothing lost, doubled or foreign
      rows: 7 ungated, 4 outgoing, 3 incoming; told apart by source rows
      replay, T chosen by the outgoing job as its watermark plus the delay: FAILED
        deletion delay    0 ms: 6 rows, 0 lost, 2 doubled
        deletion delay 1250 ms: 6 rows, 1 lost, 0 doubled
        deletion delay 2500 ms: 6 rows, 1 lost, 0 doubled
        deletion delay     5 s: 6 rows, 1 lost, 0 doubled
        deletion delay 7500 ms: 6 rows, 1 lost, 0 doubled
        deletion delay    10 s: 6 rows, 1 lost, 0 doubled (derived from the script, judged)
        lost with a delay of 10 s:
          id = 6, customer = f
          event time T - 2000 ms, there at T + 6000 ms; watermarks then: outgoing T + 1000 ms, incoming T - 25000 ms
          the outgoing job was gone, the incoming job left it to the other one
    1 held, 0 failed, 0 without rows, 0 planned but not executed, 0 without a gate
    cutover 1767226200000, seed 1, 1 rounds of up to 24 rows a table; a check of the gates' predicates, not of how the two jobs run in time
    a replay is a model of the two jobs in time, one subtask each, and no proof
    ");
    let mut insta = insta::Settings::clone_current();
    insta.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/verify"));
    insta.set_prepend_module_to_snapshot(false);
    insta.set_omit_expression(true);
    insta.bind(|| insta::assert_snapshot!("plot.svg", sandbox.read("plot.svg")));
    insta::assert_snapshot!(run(&["--idle", "nothing=5 s"]), @"
    exit 2
    error[unreadable-data]: there is no table `nothing` to replay
     --> job.sql:1:1
      |
    1 | CREATE TABLE orders (id INT, customer STRING, price DECIMAL(10, 2), ts TIMESTAMP(3) NOT NULL, proc AS PROCTIME(),
      | ^

    1 error
    ");
    insta::assert_snapshot!(run(&["--out-of-order", "soon"]), @"
    exit 2
    error: `soon`: `soon` is no delay: a whole number and a unit (ms, s, min, h, d), as in `5 s`
    ");
}
