//! A first `tidegate.toml`.

use crate::tool::{BROKEN, JOB, Sandbox};

/// Two columns that could be the event time, a number whose unit is not known, and nothing at all.
const QUESTIONS: &str = "\
CREATE TABLE orders (
  id BIGINT,
  placed TIMESTAMP(3) NOT NULL,
  shipped TIMESTAMP(3) NOT NULL
) WITH ('connector' = 'filesystem', 'path' = '/orders', 'format' = 'json', 'source.monitor-interval' = '1 s');

CREATE TABLE clicks (
  id BIGINT,
  created_at BIGINT
) WITH ('connector' = 'filesystem', 'path' = '/clicks', 'format' = 'json', 'source.monitor-interval' = '1 s');

CREATE TABLE names (
  id BIGINT
) WITH ('connector' = 'datagen');

CREATE TABLE ids (
  id BIGINT
) WITH ('connector' = 'filesystem', 'path' = '/ids', 'format' = 'json');

INSERT INTO ids SELECT id FROM orders;
INSERT INTO ids SELECT id FROM clicks;
INSERT INTO ids SELECT id FROM names;
";

#[test]
fn the_questions_of_the_scripts() {
    let sandbox = Sandbox::new(&[
        ("jobs/a.sql", QUESTIONS),
        ("jobs/b.sql", JOB),
        ("jobs/bad.sql", BROKEN),
        ("jobs/ignored.sql", QUESTIONS),
        ("jobs/.ignore", "ignored.sql\n"),
    ]);
    let run = sandbox.run(&["init", "jobs", "--stdout"]).ends_with(0);
    insta::assert_snapshot!(run.out(), @r#"
    # Settings of tidegate for the scripts in this folder and below. Every key may be left out. `tidegate config job.sql`
    # shows what is in force for a script, `tidegate config --schema` prints the schema for editors.
    # bad.sql cannot be read: `tidegate check` says why.

    [flink]
    # One of 1.20, 2.0, 2.1, 2.2, 2.3.
    version = "2.3"

    [watermark]
    # How far watermarks stay behind the highest event time, where no table says otherwise.
    delay = "5 s"
    # What to do about event-time columns that may hold NULL: "refuse" to put a watermark on them, or "trust" that they
    # never do.
    # nullable = "refuse"

    [gate]
    # What stands before a sink: the literals of a role ("cutover"), or a function that learns role and cutover at run time
    # ("function", "ptf").
    # kind = "cutover"
    # Put all INSERTs of a script into one job.
    # one-job = false

    # Other settings for some scripts:
    # [[overrides]]
    # paths = ["legacy/**"]
    # flink = { version = "1.20" }

    # a.sql:7:14: what is the event time? Take the comment signs from one of these:
    [tables.clicks]
    # created_at, BIGINT: a number whose name says time, but not what it counts
    # column = "created_at"
    # unit = "s"
    # or
    # column = "created_at"
    # unit = "ms"
    # or
    # column = "created_at"
    # unit = "us"

    # file.modification-time, TIMESTAMP_LTZ(3) NOT NULL: metadata of the connector: when the file was last written: one time for all of its rows, another one if it is copied
    # metadata = "file.modification-time"

    # a.sql:12:14: nothing in this table says when a row happened. Say it, or take the time of reading, on which two jobs do not agree:
    [tables.names]
    # expression = "TO_TIMESTAMP_LTZ(epoch_ms, 3)"

    # ingestion-time = true

    # a.sql:1:14: what is the event time? Take the comment signs from one of these:
    [tables.orders]
    # placed, TIMESTAMP(3) NOT NULL: a timestamp column
    # column = "placed"

    # shipped, TIMESTAMP(3) NOT NULL: a timestamp column
    # column = "shipped"

    # file.modification-time, TIMESTAMP_LTZ(3) NOT NULL: metadata of the connector: when the file was last written: one time for all of its rows, another one if it is copied
    # metadata = "file.modification-time"
    "#);
    assert!(!sandbox.path().join("jobs/tidegate.toml").exists());
    sandbox
        .run(&["init", "jobs"])
        .ends_with(0)
        .says("wrote jobs/tidegate.toml for 3 scripts\n");
    let written = sandbox.read("jobs/tidegate.toml");
    assert_eq!(written, run.out());

    // As it is written it loads, and the questions are still open.
    let asked = sandbox.run(&["rewrite", "jobs/a.sql"]).ends_with(1);
    assert!(asked.stderr.contains("event-time]"), "{}", asked.stderr);
    // Each answer answers.
    let columns = [["# column = \"placed\""], ["# column = \"shipped\""]];
    for [orders] in columns {
        let mut answered = written.clone();
        let lines = [
            orders,
            "# column = \"created_at\"\n# unit = \"ms\"",
            "# expression = \"TO_TIMESTAMP_LTZ(epoch_ms, 3)\"",
        ];
        for lines in lines {
            assert!(answered.contains(lines), "{lines}: {answered}");
            let without = lines.replace("# ", "").replace("epoch_ms", "id");
            answered = answered.replacen(lines, &without, 1);
        }
        sandbox.write("jobs/tidegate.toml", answered.as_bytes());
        let run = sandbox.run(&["rewrite", "jobs/a.sql"]).ends_with(0);
        let column = orders.split('"').nth(1).unwrap();
        assert!(
            run.out().contains(&format!("WATERMARK FOR `{column}`")),
            "{}",
            run.out()
        );
    }
}

#[test]
fn files_with_ddl_only() {
    let (clicks, rest) = JOB.split_once("\n\n").unwrap();
    let (visits, insert) = rest.split_once("\n\n").unwrap();
    let sandbox = Sandbox::new(&[
        ("ddl/clicks.sql", clicks),
        ("ddl/visits.sql", visits),
        ("jobs/a.sql", insert),
    ]);
    sandbox
        .run(&["init"])
        .ends_with(0)
        .says("wrote tidegate.toml for 3 scripts\n");
    let written = sandbox.read("tidegate.toml");
    assert!(
        written.contains("\ncatalog = [\"ddl/*.sql\"]\n"),
        "{written}"
    );
    sandbox.run(&["rewrite", "jobs/a.sql"]).ends_with(0);

    // Where no script needs them they are named all the same.
    let sandbox = Sandbox::new(&[("clicks[1].sql", clicks), ("jobs/a.sql", JOB)]);
    let run = sandbox.run(&["init", "--stdout"]).ends_with(0);
    assert!(
        run.out()
            .contains("\n# catalog = [\"clicks[[]1[]].sql\"]\n"),
        "{}",
        run.out()
    );
}

#[test]
fn nothing_is_written_over() {
    let sandbox = Sandbox::new(&[
        ("tidegate.toml", "[gate]\n"),
        ("a.sql", JOB),
        ("empty/x", ""),
    ]);
    sandbox
        .run(&["init"])
        .ends_with(2)
        .says("tidegate.toml is there already; `--force` replaces it");
    assert_eq!(sandbox.read("tidegate.toml"), "[gate]\n");
    sandbox.run(&["init", "--force"]).ends_with(0);
    assert!(sandbox.read("tidegate.toml").contains("[flink]"));
    let run = sandbox.run(&["init", "empty", "--stdout"]).ends_with(0);
    assert!(run.out().contains("# No scripts were found.\n"));
    sandbox
        .run(&["init", "nowhere"])
        .ends_with(2)
        .says("nowhere is no folder");
}

#[test]
fn names_of_all_kinds() {
    let hostile = QUESTIONS
        .replace("TABLE orders", "TABLE `my \"shop\".orders\n[x]`")
        .replace("FROM orders", "FROM `my \"shop\".orders\n[x]`")
        .replace("'/orders'", "'https://me:hunter2@host/orders'");
    let sandbox = Sandbox::new(&[("a.sql", &hostile)]);
    let run = sandbox.run(&["init", "--stdout"]).ends_with(0);
    assert!(
        tidegate::config::Settings::from_toml(run.out()).is_ok(),
        "{}",
        run.out()
    );
    assert!(!run.out().contains("hunter2"));
}
