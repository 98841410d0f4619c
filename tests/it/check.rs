//! `tidegate check` and `tidegate rule`: what is found, what is fixed, and what stands on the disk afterwards.

use crate::tool::{BROKEN, JOB, Sandbox};
use insta_cmd::assert_cmd_snapshot;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

/// One finding of each severity, a safe fix and an unsafe one.
const FINDINGS: &str = "\
CREATE TABLE clicks (
  user_id BIGINT,
  click_time TIMESTAMP(3) NOT NULL
) WITH ('connector' = 'kafka', 'topics' = 'clicks', 'format' = 'json'); -- made up

CREATE TABLE visits (user_id BIGINT) WITH ('connector' = 'print', );

INSERT INTO visits SELECT user_id FROM clicks;
";

#[test]
fn what_is_found_is_the_output() {
    let sandbox = Sandbox::new(&[("a.sql", FINDINGS), ("b.sql", JOB)]);
    assert_cmd_snapshot!(sandbox.command(&["check", "a.sql", "b.sql"]), @r#"
    success: false
    exit_code: 1
    ----- stdout -----
    note[missing-watermark]: table `clicks` declares no watermark
     --> a.sql:1:14
      |
    1 | CREATE TABLE clicks (
      |              ^^^^^^ a rewrite adds one on `click_time`
      |
    help: declare it (may change the meaning)
      |
    3 ~   click_time TIMESTAMP(3) NOT NULL,
    4 +   WATERMARK FOR `click_time` AS `click_time` - INTERVAL '5' SECOND
      |

    warning[unknown-connector-option]: the connector `kafka` takes no option 'topics'
     --> a.sql:4:32
      |
    4 | ) WITH ('connector' = 'kafka', 'topics' = 'clicks', 'format' = 'json'); -- made up
      |                                ^^^^^^^^
      |
      = note: Flink refuses the table where it is first read or written
    help: write 'topic' (may change the meaning)
      |
    4 - ) WITH ('connector' = 'kafka', 'topics' = 'clicks', 'format' = 'json'); -- made up
    4 + ) WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json'); -- made up
      |

    warning[unsafe-for-sql-client]: a comment stands behind this `;`
     --> a.sql:4:73
      |
    4 | ) WITH ('connector' = 'kafka', 'topics' = 'clicks', 'format' = 'json'); -- made up
      |                                                                         ^^^^^^^^^^
      |
      = note: the client reads this statement and the next one as one, and fails

    error[trailing-comma]: Flink takes no comma before `)`
     --> a.sql:6:65
      |
    6 | CREATE TABLE visits (user_id BIGINT) WITH ('connector' = 'print', );
      |                                                                 ^
      |
      = help: delete the comma
    help: delete the comma
      |
    6 - CREATE TABLE visits (user_id BIGINT) WITH ('connector' = 'print', );
    6 + CREATE TABLE visits (user_id BIGINT) WITH ('connector' = 'print' );
      |

    note[missing-watermark]: table `clicks` declares no watermark
     --> b.sql:1:14
      |
    1 | CREATE TABLE clicks (
      |              ^^^^^^ a rewrite adds one on a hidden column, from `click_time`
      |
    help: declare it (may change the meaning)
      |
    3 ~   click_time TIMESTAMP(3) NOT NULL,
    4 +   `__rowtime` AS `click_time`,
    5 +   WATERMARK FOR `__rowtime` AS `__rowtime` - INTERVAL '5' SECOND
      |

    ----- stderr -----
    1 error, 2 warnings
    1 can be fixed with `--fix`
    3 can be fixed with `--fix --unsafe-fixes`
    "#);
    assert_eq!(sandbox.read("a.sql"), FINDINGS);
    sandbox.run(&["check", "b.sql"]).ends_with(0);
    let run = sandbox
        .run(&["check", "b.sql", "--ignore", "missing-watermark"])
        .ends_with(0);
    assert_eq!(run.out(), "");
}

#[test]
fn how_much_is_checked() {
    let ungated = "CREATE TABLE s (a INT) WITH ('connector' = 'kafka', 'format' = 'json');\n\
                   CREATE TABLE t (a INT) WITH ('connector' = 'kafka', 'format' = 'json');\n\
                   INSERT INTO t SELECT b FROM s;\n";
    let sandbox = Sandbox::new(&[("c.sql", ungated), ("broken.sql", BROKEN)]);
    let cases: &[(&[&str], i32, bool, bool)] = &[
        (&[], 1, true, true),
        (&["--no-validate"], 0, true, false),
        (&["--syntax-only"], 0, false, false),
    ];
    for (flags, code, watermark, column) in cases {
        let run = sandbox
            .run(&[&["check", "c.sql"], *flags].concat())
            .ends_with(*code);
        let says = |name: &str| run.out().contains(name);
        assert_eq!(
            (says("missing-watermark"), says("unknown-column")),
            (*watermark, *column),
            "{flags:?}"
        );
        let run = sandbox
            .run(&[&["check", "broken.sql"], *flags].concat())
            .ends_with(1);
        assert!(run.out().contains("--> broken.sql:1:"), "{}", run.out());
        let run = sandbox
            .run_with(&[&["check", "-"], *flags].concat(), BROKEN.as_bytes())
            .ends_with(1);
        assert!(run.out().contains("--> <stdin>:1:"), "{}", run.out());
    }
}

#[test]
fn bad_flags() {
    let sandbox = Sandbox::new(&[("a.sql", JOB), ("empty/readme.txt", "")]);
    let cases: &[(&[&str], &str)] = &[
        (&["-", "-"], "standard input can be read only once"),
        (
            &["a.sql", "--stdin-filename", "x"],
            "`--stdin-filename` goes with `-`",
        ),
        (&["missing.sql"], "cannot read missing.sql"),
        (&["empty"], "there is no *.sql below empty"),
        (
            &["a.sql", "--select", "unused-tabel"],
            "did you mean `unused-table`?",
        ),
        (
            &["a.sql", "--ignore", "nothing-like-it"],
            "there is no rule `nothing-like-it`; `tidegate rule --all`",
        ),
        (&["a.sql", "--fix", "--diff"], "cannot be used with"),
        (&["-", "--watch"], "standard input cannot be watched"),
    ];
    for (flags, message) in cases {
        sandbox
            .run(&[&["check"], *flags].concat())
            .ends_with(2)
            .says(message);
    }
}

#[test]
fn rules_are_selected_and_ignored() {
    let sandbox = Sandbox::new(&[("a.sql", &FINDINGS.replace(", )", ")"))]);
    let cases: &[(&[&str], &[&str])] = &[
        (
            &["--select", "unknown-connector-option,TG041"],
            &["unknown-connector-option", "unsafe-for-sql-client"],
        ),
        (
            &["--select", "unknown-connector-option", "--ignore", "tg034"],
            &[],
        ),
        (
            &["--ignore", "TG034", "--ignore", "missing-watermark"],
            &["unsafe-for-sql-client"],
        ),
    ];
    for (flags, expect) in cases {
        let args = [&["check", "a.sql", "--no-validate", "--statistics"], *flags].concat();
        let run = sandbox.run(&args).ends_with(0);
        let names = run
            .out()
            .lines()
            .filter_map(|l| l.split_whitespace().last());
        let names: Vec<&str> = names.collect();
        assert_eq!(&names, expect, "{flags:?}");
    }
    // An error that no rule stands for cannot be switched off.
    sandbox.write("a.sql", b"SELECT FROM;");
    sandbox
        .run(&["check", "a.sql", "--select", "unused-table"])
        .ends_with(1);
}

#[test]
fn statistics_and_warnings_that_count() {
    let sandbox = Sandbox::new(&[("a.sql", FINDINGS), ("b.sql", JOB)]);
    assert_cmd_snapshot!(sandbox.command(&["check", ".", "--statistics"]), @r#"
    success: false
    exit_code: 1
    ----- stdout -----
         2  TG001  missing-watermark
         1  TG039  trailing-comma
         1  TG034  unknown-connector-option
         1  TG041  unsafe-for-sql-client

    ----- stderr -----
    1 error, 2 warnings
    1 can be fixed with `--fix`
    3 can be fixed with `--fix --unsafe-fixes`
    "#);
    let twice = "CREATE TABLE t (a INT) WITH ('connector' = 'print', 'connector' = 'print');";
    sandbox.write("w.sql", twice.as_bytes());
    sandbox
        .run(&["check", "w.sql"])
        .ends_with(0)
        .says("1 warning");
    sandbox
        .run(&["check", "w.sql", "--deny-warnings"])
        .ends_with(1);
}

#[test]
fn fixes_are_applied() {
    let sandbox = Sandbox::new(&[("a.sql", FINDINGS), ("b.sql", JOB)]);
    let run = sandbox.run(&["check", "--diff", "."]).ends_with(1);
    insta::assert_snapshot!(run.out(), @r#"
    --- a.sql
    +++ a.sql
    @@ -1,8 +1,9 @@
     CREATE TABLE clicks (
       user_id BIGINT,
       click_time TIMESTAMP(3) NOT NULL
    -) WITH ('connector' = 'kafka', 'topics' = 'clicks', 'format' = 'json'); -- made up
    +) WITH ('connector' = 'kafka', 'topics' = 'clicks', 'format' = 'json');
    +-- made up
     
    -CREATE TABLE visits (user_id BIGINT) WITH ('connector' = 'print', );
    +CREATE TABLE visits (user_id BIGINT) WITH ('connector' = 'print' );
     
     INSERT INTO visits SELECT user_id FROM clicks;
    "#);
    let untouched = (sandbox.read("a.sql"), sandbox.read("b.sql"));
    assert_eq!(untouched, (FINDINGS.to_owned(), JOB.to_owned()));
    sandbox
        .run(&["check", "--fix", "."])
        .ends_with(0)
        .says("2 fixes applied");
    let safe = sandbox.read("a.sql");
    assert!(
        safe.contains("'json');\n-- made up") && safe.contains("'print' )"),
        "{safe}"
    );
    assert!(
        safe.contains("'topics'") && !safe.contains("WATERMARK"),
        "{safe}"
    );
    assert_eq!(sandbox.read("b.sql"), JOB);
    sandbox
        .run(&["check", "--fix", "--unsafe-fixes", "."])
        .ends_with(0);
    let all = sandbox.read("a.sql");
    assert!(
        all.contains("'topic'") && all.contains("WATERMARK FOR `click_time`"),
        "{all}"
    );
    assert_eq!(sandbox.names(), ["a.sql", "b.sql"]);
    // Nothing is left to do.
    let run = sandbox
        .run(&["check", "--diff", "--unsafe-fixes", "."])
        .ends_with(0);
    assert_eq!(run.out(), "");
    let run = sandbox
        .run_with(&["check", "--fix", "-"], FINDINGS.as_bytes())
        .ends_with(0);
    assert_eq!(run.out(), safe);
    assert!(
        run.stderr.contains("unknown-connector-option"),
        "{}",
        run.stderr
    );
}

#[test]
fn folders_are_walked_by_their_ignore_files() {
    let sandbox = Sandbox::new(&[
        ("jobs/b/x.sql", BROKEN),
        ("jobs/a.sql", BROKEN),
        ("jobs/out/y.sql", BROKEN),
        ("jobs/.hidden/z.sql", BROKEN),
        ("jobs/notes.txt", BROKEN),
        (".gitignore", "out/\n"),
    ]);
    let run = sandbox.run(&["check"]).ends_with(1).says("2 errors");
    let places = run
        .out()
        .lines()
        .filter_map(|l| l.trim().strip_prefix("--> "));
    let places: Vec<&str> = places.map(|p| p.split(':').next().unwrap()).collect();
    assert_eq!(places, ["jobs/a.sql", "jobs/b/x.sql"]);
    // What is named is checked.
    sandbox
        .run(&["check", "jobs/out/y.sql"])
        .ends_with(1)
        .says("1 error");
}

#[test]
fn a_secret_is_never_printed() {
    let secret = "CREATE TABLE t (a INT) WITH ('connector' = 'jdbc', 'password' = 'swordfish', 'password' = 'swordfish', 'url' = 'jdbc:x://u:swordfish@h');\n";
    let sandbox = Sandbox::new(&[("a.sql", secret)]);
    for flags in [
        &[][..],
        &["--diff"],
        &["--select", "all"],
        &["--statistics"],
        &["--fix"],
    ] {
        let run = sandbox.run(&[&["check", "a.sql"], flags].concat());
        assert!(!run.out().contains("swordfish"), "{flags:?}: {}", run.out());
        assert!(
            !run.stderr.contains("swordfish"),
            "{flags:?}: {}",
            run.stderr
        );
    }
}

#[test]
fn rules_are_explained() {
    let sandbox = Sandbox::new(&[]);
    assert_cmd_snapshot!(sandbox.command(&["rule", "trailing-comma"]), @r#"
    success: true
    exit_code: 0
    ----- stdout -----
    # trailing-comma (TG039, error)

    A comma before a closing parenthesis.

    ## What it does
    Reports the comma behind the last item of a list of columns, options or names.

    ## Why is this bad?
    Flink does not parse it.

    ## Example
    ```sql
    CREATE TABLE clicks (
      id BIGINT,
      page STRING,
    ) WITH ('connector' = 'datagen');
    ```

    Use instead:
    ```sql
    CREATE TABLE clicks (
      id BIGINT,
      page STRING
    ) WITH ('connector' = 'datagen');
    ```

    ## Fix
    Safe: deletes the comma.

    ----- stderr -----
    "#);
    let by_code = sandbox.run(&["rule", "tg039"]).ends_with(0);
    assert_eq!(
        by_code.out(),
        sandbox.run(&["rule", "trailing-comma"]).out()
    );
    let rules = tidegate::lint::rules::ALL.len();
    let all = sandbox.run(&["rule", "--all"]).ends_with(0);
    assert_eq!(all.out().lines().count(), rules);
    let json = sandbox
        .run(&["rule", "--all", "--output-format", "json"])
        .ends_with(0);
    let json: serde_json::Value = serde_json::from_str(json.out()).unwrap();
    assert_eq!(json.as_array().unwrap().len(), rules);
    sandbox
        .run(&["rule", "trailing-coma"])
        .ends_with(2)
        .says("did you mean `trailing-comma`?");
    sandbox.run(&["rule"]).ends_with(2);
}

#[test]
fn a_change_is_checked_again() {
    let sandbox = Sandbox::new(&[("a.sql", JOB)]);
    let mut watch = sandbox
        .command(&["check", "--watch", "--no-validate"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (sender, lines) = std::sync::mpsc::channel();
    let stderr = BufReader::new(watch.stderr.take().unwrap());
    std::thread::spawn(move || {
        let mut all = stderr.lines().map_while(Result::ok);
        all.try_for_each(|line| sender.send(line))
    });
    let mut wait_for = |text: &str| loop {
        match lines.recv_timeout(Duration::from_secs(60)) {
            Ok(line) if line.contains(text) => break,
            Ok(_) => {}
            Err(error) => {
                let _ = watch.kill();
                panic!("no `{text}`: {error}");
            }
        }
    };
    wait_for("1 script checked; waiting for changes");
    sandbox.write("a.sql", BROKEN.as_bytes());
    wait_for("1 error");
    wait_for("waiting for changes");
    sandbox.write("tidegate.toml", b"[flink]\nversion = \"0.9\"\n");
    wait_for("the configuration cannot be used");
    sandbox.write("a.sql", JOB.as_bytes());
    sandbox.write("tidegate.toml", b"");
    wait_for("1 script checked; waiting for changes");
    watch.kill().unwrap();
    watch.wait().unwrap();
}

#[test]
fn every_format_is_an_output() {
    let sandbox = Sandbox::new(&[("a.sql", FINDINGS), ("b.sql", JOB)]);
    let starts = [
        ("human", "note[missing-watermark]"),
        ("concise", "a.sql:1:14: note[missing-watermark] "),
        ("json", "[\n  {"),
        ("json-lines", "{\""),
        ("sarif", "{\n"),
        ("github", "::notice "),
        ("gitlab", "["),
        ("junit", "<?xml "),
    ];
    let names: Vec<&str> = starts.iter().map(|(name, _)| *name).collect();
    let all: Vec<&str> = tidegate::report::Format::ALL.map(|f| f.name()).to_vec();
    assert_eq!(names, all);
    for (format, start) in starts {
        let args = [
            "check",
            "a.sql",
            "b.sql",
            "--no-validate",
            "--output-format",
            format,
        ];
        let run = sandbox.run(&args).ends_with(1).says("1 error");
        assert!(run.out().starts_with(start), "{format}: {}", run.out());
        // The rules are known to each of them, by name.
        for name in [
            "trailing-comma",
            "unknown-connector-option",
            "unsafe-for-sql-client",
        ] {
            assert!(run.out().contains(name), "{format}: {}", run.out());
        }
        if ["json", "sarif", "gitlab"].contains(&format) {
            serde_json::from_str::<serde_json::Value>(run.out()).unwrap();
        }
    }
    let run = sandbox.run(&["check", "a.sql", "--output-format", "sarif"]);
    assert!(
        run.out().contains("TG034") && run.out().contains("Why is this bad?"),
        "{}",
        run.out()
    );
    sandbox
        .run(&["check", "a.sql", "--output-format", "xml"])
        .ends_with(2)
        .says("possible values: human");
}
