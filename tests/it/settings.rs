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
    assert_cmd_snapshot!(command, @r#"
    success: true
    exit_code: 0
    ----- stdout -----
    # tidegate.toml
    # line 7: the override for jobs/** applies
    # line 11: the override for jobs/new/*.sql, other/* applies
    role = "incoming"                                        # --role
    cutover = "2026-11-22T12:00:00.000Z"                     # TIDEGATE_CUTOVER
    validate = true                                          # default
    flink.version = "2.2"                                    # tidegate.toml:2
    watermark.delay = "33 s"                                 # tidegate.toml:13, override for jobs/new/*.sql, other/*
    watermark.attach = "auto"                                # default
    watermark.nullable = "refuse"                            # default
    watermark.placement = (nothing)                          # default
    watermark.idle-timeout = (nothing)                       # default
    watermark.emit = (nothing)                               # default
    watermark.alignment.group = (nothing)                    # default
    watermark.alignment.max-drift = (nothing)                # default
    watermark.alignment.update-interval = (nothing)          # default
    gate.kind = "cutover"                                    # default
    gate.form = "view"                                       # default
    gate.position = "before-sink"                            # default
    gate.late = "outgoing"                                   # default
    gate.pin = "auto"                                        # default
    gate.one-job = false                                     # default
    gate.function.name = "tide_gate"                         # default
    gate.function.arguments = ["sink", "time", "watermark"]  # default
    gate.function.class = (nothing)                          # default
    gate.function.jar = (nothing)                            # default
    tables.clicks.attach = "hidden"                          # tidegate.toml:15, override for jobs/new/*.sql, other/*
    lint.select = (nothing)                                  # default
    lint.ignore = (nothing)                                  # default
    catalog = ["ddl.sql"]                                    # --catalog

    ----- stderr -----
    "#);
    assert_cmd_snapshot!(sandbox.command(&["config", "--isolated"]), @r#"
    success: true
    exit_code: 0
    ----- stdout -----
    # no tidegate.toml
    role = "first"                                           # default
    cutover = (nothing)                                      # default
    validate = true                                          # default
    flink.version = "2.3"                                    # default
    watermark.delay = "5 s"                                  # default
    watermark.attach = "auto"                                # default
    watermark.nullable = "refuse"                            # default
    watermark.placement = (nothing)                          # default
    watermark.idle-timeout = (nothing)                       # default
    watermark.emit = (nothing)                               # default
    watermark.alignment.group = (nothing)                    # default
    watermark.alignment.max-drift = (nothing)                # default
    watermark.alignment.update-interval = (nothing)          # default
    gate.kind = "cutover"                                    # default
    gate.form = "view"                                       # default
    gate.position = "before-sink"                            # default
    gate.late = "outgoing"                                   # default
    gate.pin = "auto"                                        # default
    gate.one-job = false                                     # default
    gate.function.name = "tide_gate"                         # default
    gate.function.arguments = ["sink", "time", "watermark"]  # default
    gate.function.class = (nothing)                          # default
    gate.function.jar = (nothing)                            # default
    lint.select = (nothing)                                  # default
    lint.ignore = (nothing)                                  # default

    ----- stderr -----
    "#);
    let shown = sandbox
        .run(&["config", "jobs/a.sql", "--output-format", "json"])
        .ends_with(0);
    insta::assert_snapshot!(shown.out(), @r#"
    {
      "script": "jobs/a.sql",
      "file": "tidegate.toml",
      "overrides": [
        {
          "paths": [
            "jobs/**"
          ],
          "line": 7,
          "applies": true
        },
        {
          "paths": [
            "jobs/new/*.sql",
            "other/*"
          ],
          "line": 11,
          "applies": false
        }
      ],
      "settings": [
        {
          "key": "role",
          "value": "first",
          "origin": {
            "kind": "default"
          }
        },
        {
          "key": "cutover",
          "value": null,
          "origin": {
            "kind": "default"
          }
        },
        {
          "key": "validate",
          "value": true,
          "origin": {
            "kind": "default"
          }
        },
        {
          "key": "flink.version",
          "value": "2.2",
          "origin": {
            "kind": "file",
            "file": "tidegate.toml",
            "line": 2,
            "column": 1
          }
        },
        {
          "key": "watermark.delay",
          "value": "22 s",
          "origin": {
            "kind": "override",
            "file": "tidegate.toml",
            "line": 8,
            "column": 11,
            "paths": [
              "jobs/**"
            ]
          }
        },
        {
          "key": "watermark.attach",
          "value": "auto",
          "origin": {
            "kind": "default"
          }
        },
        {
          "key": "watermark.nullable",
          "value": "refuse",
          "origin": {
            "kind": "default"
          }
        },
        {
          "key": "watermark.placement",
          "value": null,
          "origin": {
            "kind": "default"
          }
        },
        {
          "key": "watermark.idle-timeout",
          "value": null,
          "origin": {
            "kind": "default"
          }
        },
        {
          "key": "watermark.emit",
          "value": null,
          "origin": {
            "kind": "default"
          }
        },
        {
          "key": "watermark.alignment.group",
          "value": null,
          "origin": {
            "kind": "default"
          }
        },
        {
          "key": "watermark.alignment.max-drift",
          "value": null,
          "origin": {
            "kind": "default"
          }
        },
        {
          "key": "watermark.alignment.update-interval",
          "value": null,
          "origin": {
            "kind": "default"
          }
        },
        {
          "key": "gate.kind",
          "value": "cutover",
          "origin": {
            "kind": "default"
          }
        },
        {
          "key": "gate.form",
          "value": "view",
          "origin": {
            "kind": "default"
          }
        },
        {
          "key": "gate.position",
          "value": "before-sink",
          "origin": {
            "kind": "default"
          }
        },
        {
          "key": "gate.late",
          "value": "outgoing",
          "origin": {
            "kind": "default"
          }
        },
        {
          "key": "gate.pin",
          "value": "auto",
          "origin": {
            "kind": "default"
          }
        },
        {
          "key": "gate.one-job",
          "value": false,
          "origin": {
            "kind": "default"
          }
        },
        {
          "key": "gate.function.name",
          "value": "tide_gate",
          "origin": {
            "kind": "default"
          }
        },
        {
          "key": "gate.function.arguments",
          "value": [
            "sink",
            "time",
            "watermark"
          ],
          "origin": {
            "kind": "default"
          }
        },
        {
          "key": "gate.function.class",
          "value": null,
          "origin": {
            "kind": "default"
          }
        },
        {
          "key": "gate.function.jar",
          "value": null,
          "origin": {
            "kind": "default"
          }
        },
        {
          "key": "lint.select",
          "value": null,
          "origin": {
            "kind": "default"
          }
        },
        {
          "key": "lint.ignore",
          "value": null,
          "origin": {
            "kind": "default"
          }
        }
      ]
    }
    "#);
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
    insta::assert_snapshot!(shown, @r#"
    error[unknown-key]: unknown key `dealy`, expected one of `delay`, `attach`, `nullable`, `placement`, `idle-timeout`, `emit`, `alignment`
     --> tidegate.toml:4:1
      |
    4 | dealy = "5 s"
      | ^^^^^
      |
      = help: did you mean `delay`?

    error: the configuration cannot be used
    error[unknown-key]: unknown key `path`, expected one of `paths`, `flink`, `watermark`, `gate`, `tables`, `lint`, `catalog`
     --> tidegate.toml:2:1
      |
    2 | path = ["x"]
      | ^^^^
      |
      = help: did you mean `paths`?

    error: the configuration cannot be used
    error[invalid-value]: an override needs its `paths`
     --> tidegate.toml:1:1
      |
    1 | [[overrides]]
      | ^^^^^^^^^^^^^

    error: the configuration cannot be used
    error[invalid-value]: an override needs its `paths`
     --> tidegate.toml:2:9
      |
    2 | paths = []
      |         ^^

    error: the configuration cannot be used
    error[invalid-value]: this is no pattern: `**` is a whole part of a path, and each `[` has its `]`
     --> tidegate.toml:2:19
      |
    2 | paths = ["a.sql", "a**.sql"]
      |                   ^^^^^^^^^

    error: the configuration cannot be used
    error[invalid-value]: late = "handover" is for gates of kind `cutover`: a function decides on late rows itself
     --> tidegate.toml:2:8
      |
    2 | late = "handover"
      |        ^^^^^^^^^^

    error: the configuration cannot be used
    error[invalid-value]: this is of a `column`, which is not given
     --> tidegate.toml:4:8
      |
    4 | unit = "ms"
      |        ^^^^

    error: the configuration cannot be used
    "#);
    // The same is no mistake for scripts that it is not said for.
    sandbox.write(
        "tidegate.toml",
        b"[[overrides]]\npaths = [\"b.sql\"]\n[overrides.tables.clicks]\nunit = \"ms\"\n",
    );
    sandbox.run(&["rewrite", "a.sql"]).ends_with(0);
}
