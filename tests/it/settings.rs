//! Flags, variables, overrides and the file: which goes before which, and how it is shown.

use crate::tool::{JOB, Run, Sandbox};
use insta_cmd::assert_cmd_snapshot;

/// With variables set.
fn run(sandbox: &Sandbox, variables: &[(&str, &str)], args: &[&str]) -> Run {
    let mut command = sandbox.command(args);
    command.envs(variables.iter().copied());
    let output = command.output().unwrap();
    Run {
        code: output.status.code(),
        stdout: output.stdout,
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

const FILE: &str = "\
[flink]
version = \"2.2\"
[watermark]
delay = \"11 s\"

[[overrides]]
paths = [\"jobs/**\"]
watermark.delay = \"22 s\"

[[overrides]]
paths = [\"jobs/new/*.sql\", \"other/*\"]
[overrides.watermark]
delay = \"33 s\"
[overrides.tables.clicks]
attach = \"hidden\"
";

#[test]
fn the_order_of_precedence() {
    let sandbox = Sandbox::new(&[
        ("tidegate.toml", FILE),
        ("a.sql", JOB),
        ("jobs/a.sql", JOB),
        ("jobs/new/a.sql", JOB),
        (
            "x/tidegate.toml",
            "[[overrides]]\npaths = [\"../jobs/*\"]\nwatermark.delay = \"44 s\"\n",
        ),
    ]);
    let variable = ("TIDEGATE_WATERMARK_DELAY", "55 s");
    let empty = ("TIDEGATE_WATERMARK_DELAY", "");
    let flag = ["--watermark-delay", "1 min"];
    for (variables, args, seconds) in [
        (&[][..], &["a.sql"][..], "'11' SECOND"),
        (&[], &["jobs/a.sql"], "'22' SECOND"),
        (&[], &["jobs/../jobs/new/../a.sql"], "'22' SECOND"),
        (&[], &["jobs/new/a.sql"], "'33' SECOND"),
        (
            &[],
            &["-", "--stdin-filename", "jobs/new/b.sql"],
            "'33' SECOND",
        ),
        (
            &[],
            &["jobs/a.sql", "--config", "x/tidegate.toml"],
            "'44' SECOND",
        ),
        (
            &[],
            &["jobs/new/a.sql", "--config", "x/tidegate.toml"],
            "'5' SECOND",
        ),
        (&[variable], &["jobs/a.sql"], "'55' SECOND"),
        (&[empty], &["jobs/a.sql"], "'22' SECOND"),
        (&[variable], &["jobs/a.sql", flag[0], flag[1]], "'1' MINUTE"),
        (
            &[("TIDEGATE_CONFIG", "x/tidegate.toml")],
            &["jobs/a.sql"],
            "'44' SECOND",
        ),
        (
            &[("TIDEGATE_CONFIG", "x/tidegate.toml")],
            &["jobs/a.sql", "--isolated"],
            "'5' SECOND",
        ),
        (&[("TIDEGATE_ISOLATED", "1")], &["jobs/a.sql"], "'5' SECOND"),
        (
            &[("TIDEGATE_ISOLATED", "false")],
            &["jobs/a.sql"],
            "'22' SECOND",
        ),
        (
            &[("TIDEGATE_ISOLATED", "1")],
            &["jobs/a.sql", "--config", "tidegate.toml"],
            "'22' SECOND",
        ),
    ] {
        let args = [&["rewrite"], args].concat();
        let mut command = sandbox.command(&args);
        command.envs(variables.iter().copied());
        command.stdin(std::fs::File::open(sandbox.path().join("a.sql")).unwrap());
        let output = command.output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(
            text.contains(&format!("INTERVAL {seconds}")),
            "{variables:?} {args:?}: {said}{text}"
        );
    }
}

#[test]
fn roles_by_variables() {
    let sandbox = Sandbox::new(&[
        ("a.sql", JOB),
        ("ddl.sql", JOB.split_once("\n\n").unwrap().0),
        ("b.sql", JOB.split_once("\n\n").unwrap().1),
    ]);
    let (role, cutover) = (
        ("TIDEGATE_ROLE", "outgoing"),
        ("TIDEGATE_CUTOVER", "2026-11-22T12:00:00Z"),
    );
    let by_flags = sandbox.run(&[
        "rewrite",
        "a.sql",
        "--role",
        "outgoing",
        "--cutover",
        cutover.1,
    ]);
    let by_variables = run(&sandbox, &[role, cutover], &["rewrite", "a.sql"]).ends_with(0);
    assert_eq!(by_variables.out(), by_flags.out());
    // Nobody said that the script is for a job that runs alone.
    run(&sandbox, &[cutover], &["rewrite", "a.sql"])
        .ends_with(2)
        .says("`--cutover` goes with");
    run(&sandbox, &[role], &["rewrite", "a.sql"])
        .ends_with(2)
        .says("need a `--cutover`");
    let first = run(
        &sandbox,
        &[role, cutover],
        &["rewrite", "a.sql", "--role", "first"],
    )
    .ends_with(0);
    assert_eq!(first.out(), sandbox.run(&["rewrite", "a.sql"]).out());
    run(
        &sandbox,
        &[("TIDEGATE_ROLE", "blue")],
        &["rewrite", "a.sql"],
    )
    .ends_with(2)
    .says("[possible values: first, outgoing, incoming]");
    run(
        &sandbox,
        &[("TIDEGATE_NO_VALIDATE", "maybe")],
        &["rewrite", "a.sql"],
    )
    .ends_with(2);
    run(
        &sandbox,
        &[("TIDEGATE_CATALOG", "ddl.sql")],
        &["rewrite", "b.sql"],
    )
    .ends_with(0);
    // What variables say of settings is nothing to an undo.
    sandbox.run(&["rewrite", "--write", "a.sql"]).ends_with(0);
    run(
        &sandbox,
        &[role, cutover],
        &["rewrite", "--undo", "--write", "a.sql"],
    )
    .ends_with(0);
    assert_eq!(sandbox.read("a.sql"), JOB);
}

#[test]
fn what_is_in_force_is_shown() {
    let sandbox = Sandbox::new(&[
        ("tidegate.toml", FILE),
        ("jobs/new/a.sql", JOB),
        (
            "ddl.sql",
            "CREATE TABLE outside (a INT) WITH ('connector' = 'kafka');\n",
        ),
    ]);
    let mut command = sandbox.command(&[
        "config",
        "jobs/new/a.sql",
        "--role",
        "incoming",
        "--catalog",
        "ddl.sql",
    ]);
    command.env("TIDEGATE_CUTOVER", "1795348800000");
    assert_cmd_snapshot!(command, @"");
    assert_cmd_snapshot!(sandbox.command(&["config", "--isolated"]), @"");
    let shown = sandbox
        .run(&["config", "jobs/a.sql", "--output-format", "json"])
        .ends_with(0);
    insta::assert_snapshot!(shown.out(), @"");
}

#[test]
fn secrets_are_not_shown() {
    let config = "[gate]\nkind = \"function\"\nfunction.jar = \"https://me:hunter2@host/gate.jar\"\nfunction.class = \"a.B\"\n\
                  [tables.t]\nexpression = \"f('password' = 'hunter3')\"\n";
    let sandbox = Sandbox::new(&[("tidegate.toml", config)]);
    for format in ["human", "json"] {
        let run = sandbox
            .run(&["config", "--output-format", format])
            .ends_with(0);
        assert!(run.out().contains("host/gate.jar"), "{}", run.out());
        for secret in ["hunter2", "hunter3"] {
            assert!(!run.out().contains(secret), "{}", run.out());
        }
    }
}

#[test]
fn mistakes_in_overrides_are_shown_where_they_stand() {
    let sandbox = Sandbox::new(&[("a.sql", JOB)]);
    let mut shown = String::new();
    for config in [
        "[[overrides]]\npaths = [\"x/**\"]\n[overrides.watermark]\ndealy = \"5 s\"\n",
        "[[overrides]]\npath = [\"x\"]\n",
        "[[overrides]]\nflink.version = \"2.0\"\n",
        "[[overrides]]\npaths = []\n",
        "[[overrides]]\npaths = [\"a.sql\", \"a**.sql\"]\n",
        "[gate]\nlate = \"handover\"\n[[overrides]]\npaths = [\"*.sql\"]\ngate.kind = \"function\"\n",
        "[[overrides]]\npaths = [\"*.sql\"]\n[overrides.tables.clicks]\nunit = \"ms\"\n",
    ] {
        sandbox.write("tidegate.toml", config.as_bytes());
        let run = sandbox.run(&["rewrite", "a.sql"]).ends_with(2);
        shown.push_str(&run.stderr);
    }
    insta::assert_snapshot!(shown, @"");
    // The same is no mistake for scripts that it is not said for.
    sandbox.write(
        "tidegate.toml",
        b"[[overrides]]\npaths = [\"b.sql\"]\n[overrides.tables.clicks]\nunit = \"ms\"\n",
    );
    sandbox.run(&["rewrite", "a.sql"]).ends_with(0);
}
