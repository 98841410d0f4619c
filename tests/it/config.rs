//! Where `tidegate.toml` is found, and how its mistakes are shown.

use crate::tool::{JOB, Sandbox};
use insta_cmd::assert_cmd_snapshot;

#[test]
fn the_nearest_above_the_script_is_used() {
    let delay = |ms: u32| format!("[watermark]\ndelay = \"{ms} s\"\n");
    let sandbox = Sandbox::new(&[
        ("tidegate.toml", &delay(11)),
        ("jobs/tidegate.toml", &delay(22)),
        ("jobs/deep/er/a.sql", JOB),
        ("b.sql", JOB),
        ("other.toml", &delay(33)),
    ]);
    let has = |args: &[&str], seconds: u32| {
        let run = sandbox.run_with(&[&["rewrite"], args].concat(), JOB.as_bytes());
        let run = run.ends_with(0);
        let interval = format!("INTERVAL '{seconds}' SECOND");
        assert!(run.out().contains(&interval), "{args:?}: {}", run.out());
    };
    has(&["jobs/deep/er/a.sql"], 22);
    has(&["b.sql"], 11);
    has(&["-"], 11);
    has(&["-", "--stdin-filename", "jobs/new/c.sql"], 22);
    has(&["b.sql", "--config", "other.toml"], 33);
    has(&["b.sql", "--isolated"], 5);
}

#[test]
fn each_script_has_its_own() {
    let sandbox = Sandbox::new(&[
        ("a/job.sql", JOB),
        ("a/tidegate.toml", "[watermark]\ndelay = \"11 s\"\n"),
        ("b/job.sql", JOB),
    ]);
    sandbox
        .run(&["rewrite", "--write", "a/job.sql", "b/job.sql"])
        .ends_with(0);
    assert!(sandbox.read("a/job.sql").contains("INTERVAL '11' SECOND"));
    assert!(sandbox.read("b/job.sql").contains("INTERVAL '5' SECOND"));
}

#[test]
fn mistakes_are_shown_where_they_stand() {
    let config = "[watermark]\ndelay = \"5 s\"\n\n[tables.clicks]\ncolunm = \"click_time\"\n";
    let sandbox = Sandbox::new(&[("a.sql", JOB), ("tidegate.toml", config)]);
    assert_cmd_snapshot!(sandbox.command(&["rewrite", "a.sql"]), @r#"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error[unknown-key]: unknown key `colunm`, expected one of `column`, `unit`, `format`, `expression`, `metadata`, `ingestion-time`, `watermark`, `delay`, `replace`, `attach`, `nullable`, `placement`, `idle-timeout`, `emit`, `alignment`
     --> tidegate.toml:5:1
      |
    5 | colunm = "click_time"
      | ^^^^^^
      |
      = help: did you mean `column`?

    error: the configuration cannot be used
    "#);
    sandbox.write("tidegate.toml", b"[watermark]\ndelay = 5\n");
    assert_cmd_snapshot!(sandbox.command(&["rewrite", "a.sql"]), @r#"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error[invalid-value]: invalid type: integer `5`, expected a string
     --> tidegate.toml:2:9
      |
    2 | delay = 5
      |         ^
      |
      = help: a string stands in quotes, as `"2.3"` or `"5 s"`

    error: the configuration cannot be used
    "#);
    sandbox.write(
        "tidegate.toml",
        b"[gate]\nkind = \"function\"\nlate = \"handover\"\n",
    );
    assert_cmd_snapshot!(sandbox.command(&["rewrite", "a.sql"]), @r#"
    success: false
    exit_code: 2
    ----- stdout -----

    ----- stderr -----
    error[invalid-value]: late = "handover" is for gates of kind `cutover`: a function decides on late rows itself
     --> tidegate.toml:3:8
      |
    3 | late = "handover"
      |        ^^^^^^^^^^

    error: the configuration cannot be used
    "#);
}

#[test]
fn a_configuration_that_cannot_be_read_is_broken() {
    let sandbox = Sandbox::new(&[("a.sql", JOB)]);
    sandbox
        .run(&["rewrite", "a.sql", "--config", "none.toml"])
        .ends_with(2)
        .says("cannot read none.toml");
    sandbox.write("latin1.toml", b"# \xe9\n");
    sandbox
        .run(&["rewrite", "a.sql", "--config", "latin1.toml"])
        .ends_with(2)
        .says("latin1.toml is not UTF-8");
}
