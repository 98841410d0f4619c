//! Every flag, every exit code, and what stands on the disk afterwards.

use crate::tool::{BROKEN, JOB, Sandbox};
use insta_cmd::assert_cmd_snapshot;
use std::fs;
use std::process::Stdio;

/// The job as a run without flags prints it.
fn rewritten() -> String {
    let run = Sandbox::new(&[("a.sql", JOB)])
        .run(&["rewrite", "a.sql"])
        .ends_with(0);
    assert_ne!(run.out(), JOB);
    run.out().to_owned()
}

#[test]
fn a_script_goes_to_standard_output() {
    let sandbox = Sandbox::new(&[("a.sql", JOB)]);
    let run = sandbox.run(&["rewrite", "a.sql"]).ends_with(0);
    assert!(run.out().contains("WATERMARK FOR"), "{}", run.out());
    assert!(run.out().starts_with("CREATE TABLE clicks ("));
    assert_eq!(sandbox.read("a.sql"), JOB);
}

#[test]
fn a_bad_script_prints_nothing_on_standard_output() {
    let sandbox = Sandbox::new(&[("a.sql", &format!("{JOB}{BROKEN}"))]);
    for flags in [
        &[][..],
        &["-o", "out.sql"],
        &["--write"],
        &["--diff"],
        &["--check"],
    ] {
        let args = [&["rewrite", "a.sql"], flags].concat();
        let run = sandbox.run(&args).ends_with(1).says("a.sql:");
        assert_eq!(run.out(), "", "{flags:?}");
        assert_eq!(sandbox.names(), ["a.sql"]);
    }
    assert_eq!(sandbox.read("a.sql"), format!("{JOB}{BROKEN}"));
}

#[test]
fn standard_input() {
    let sandbox = Sandbox::new(&[]);
    let run = sandbox
        .run_with(&["rewrite", "-"], JOB.as_bytes())
        .ends_with(0);
    assert_eq!(run.out(), rewritten());
    sandbox
        .run_with(&["rewrite", "-"], BROKEN.as_bytes())
        .ends_with(1)
        .says("--> <stdin>:1:");
    sandbox
        .run_with(
            &["rewrite", "-", "--stdin-filename", "x/y.sql"],
            BROKEN.as_bytes(),
        )
        .ends_with(1)
        .says("--> x/y.sql:1:");
}

#[test]
fn to_a_file() {
    let sandbox = Sandbox::new(&[("a.sql", JOB), ("old.sql", "old")]);
    for out in ["new.sql", "old.sql"] {
        let run = sandbox.run(&["rewrite", "a.sql", "-o", out]).ends_with(0);
        assert_eq!(run.out(), "");
        assert_eq!(sandbox.read(out), rewritten());
    }
    sandbox
        .run(&["rewrite", "a.sql", "-o", "no/such/folder.sql"])
        .ends_with(2)
        .says("cannot write no/such/folder.sql");
    let run = sandbox.run(&["rewrite", "a.sql", "-o", "-"]).ends_with(0);
    assert_eq!(run.out(), rewritten());
    assert_eq!(sandbox.names(), ["a.sql", "new.sql", "old.sql"]);
}

#[test]
fn in_place() {
    let sandbox = Sandbox::new(&[("a.sql", JOB), ("b.sql", JOB)]);
    let run = sandbox
        .run(&["rewrite", "--write", "a.sql", "b.sql"])
        .ends_with(0)
        .says("rewrote a.sql\nrewrote b.sql\n2 files rewritten\n");
    assert_eq!(run.out(), "");
    assert_eq!(sandbox.read("a.sql"), rewritten());
    assert_eq!(sandbox.read("b.sql"), rewritten());
    let maps = ["a.sql.tidegate.json", "b.sql.tidegate.json"];
    assert_eq!(sandbox.names(), ["a.sql", maps[0], "b.sql", maps[1]]);
    sandbox
        .run(&["rewrite", "--write", "a.sql", "b.sql"])
        .ends_with(0)
        .says("nothing to change");
    assert_eq!(sandbox.read("a.sql"), rewritten());
}

#[test]
fn one_bad_script_keeps_all_as_they_were() {
    let sandbox = Sandbox::new(&[("a.sql", JOB), ("b.sql", BROKEN), ("c.sql", JOB)]);
    sandbox
        .run(&["rewrite", "--write", "a.sql", "b.sql", "c.sql"])
        .ends_with(1)
        .says("no file was changed");
    sandbox.write("b.sql", b"\xff");
    sandbox
        .run(&["rewrite", "--write", "a.sql", "b.sql", "c.sql"])
        .ends_with(2);
    assert_eq!(sandbox.read("a.sql"), JOB);
    assert_eq!(sandbox.read("c.sql"), JOB);
    assert_eq!(sandbox.names(), ["a.sql", "b.sql", "c.sql"]);
}

#[test]
fn a_file_that_cannot_be_replaced_keeps_all_as_they_were() {
    let sandbox = Sandbox::new(&[("a.sql", JOB), ("b.sql", JOB)]);
    set_read_only(&sandbox.path().join("b.sql"), true);
    sandbox
        .run(&["rewrite", "--write", "a.sql", "b.sql"])
        .ends_with(2)
        .says("cannot write b.sql: it is read-only");
    assert_eq!(sandbox.read("a.sql"), JOB);
    assert_eq!(sandbox.read("b.sql"), JOB);
    assert_eq!(sandbox.names(), ["a.sql", "b.sql"]);
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_keeps_all_as_they_were() {
    let sandbox = Sandbox::new(&[("a.sql", JOB), ("locked/b.sql", JOB)]);
    let locked = sandbox.path().join("locked");
    set_read_only(&locked, true);
    // The superuser may write everywhere: there is nothing to see then.
    let is_locked = fs::write(locked.join("probe"), "").is_err();
    if is_locked {
        sandbox
            .run(&["rewrite", "--write", "a.sql", "locked/b.sql"])
            .ends_with(2)
            .says("cannot write locked/b.sql");
        assert_eq!(sandbox.read("a.sql"), JOB);
        assert_eq!(sandbox.read("locked/b.sql"), JOB);
    }
    set_read_only(&locked, false);
}

fn set_read_only(path: &std::path::Path, yes: bool) {
    let mut permissions = fs::metadata(path).unwrap().permissions();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = if path.is_dir() { 0o755 } else { 0o644 };
        permissions.set_mode(if yes { mode & 0o555 } else { mode });
    }
    #[cfg(not(unix))]
    permissions.set_readonly(yes);
    fs::set_permissions(path, permissions).unwrap();
}

#[cfg(unix)]
#[test]
fn permissions_and_links_stay() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new(&[("real/a.sql", JOB)]);
    let real = sandbox.path().join("real/a.sql");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o750)).unwrap();
    std::os::unix::fs::symlink("real/a.sql", sandbox.path().join("link.sql")).unwrap();
    sandbox
        .run(&["rewrite", "--write", "link.sql"])
        .ends_with(0);
    assert_eq!(
        fs::metadata(&real).unwrap().permissions().mode() & 0o777,
        0o750
    );
    assert!(
        fs::symlink_metadata(sandbox.path().join("link.sql"))
            .unwrap()
            .is_symlink()
    );
    assert_eq!(sandbox.read("real/a.sql"), rewritten());
}

#[test]
fn diff_and_check() {
    let sandbox = Sandbox::new(&[("a.sql", JOB), ("b.sql", &rewritten())]);
    let run = sandbox
        .run(&["rewrite", "--diff", "a.sql", "b.sql"])
        .ends_with(1);
    assert!(
        run.out().starts_with("--- a.sql\n+++ a.sql\n@@ "),
        "{}",
        run.out()
    );
    assert!(!run.out().contains("b.sql"));
    let run = sandbox
        .run(&["rewrite", "--check", "a.sql", "b.sql"])
        .ends_with(1);
    assert_eq!(
        (run.out(), run.stderr.as_str()),
        ("", "would rewrite a.sql\n")
    );
    for flag in ["--diff", "--check"] {
        let run = sandbox.run(&["rewrite", flag, "b.sql"]).ends_with(0);
        assert_eq!(run.out(), "");
    }
    assert_eq!(sandbox.read("a.sql"), JOB);
}

#[test]
fn secrets_are_in_no_diff_and_no_message() {
    let job = JOB.replace(
        "'topic' = 'clicks'",
        "'properties.sasl.password' = 'hunter2'",
    );
    let broken = "CREATE TABLE t (x INT,,) WITH ('password' = 'hunter2');\n";
    let sandbox = Sandbox::new(&[("a.sql", &job), ("b.sql", broken)]);
    let run = sandbox
        .run(&["rewrite", "--diff", "a.sql", "b.sql"])
        .ends_with(1);
    assert!(!run.out().contains("hunter2"), "{}", run.out());
    assert!(!run.stderr.contains("hunter2"), "{}", run.stderr);
    // The script itself is printed as it is.
    let run = sandbox.run(&["rewrite", "a.sql"]).ends_with(0);
    assert!(run.out().contains("hunter2"));
}

#[test]
fn byte_order_mark_and_line_ends_stay() {
    let job = format!("\u{feff}{}", JOB.replace('\n', "\r\n"));
    let sandbox = Sandbox::new(&[("a.sql", &job)]);
    let run = sandbox.run(&["rewrite", "a.sql"]).ends_with(0);
    assert!(run.out().starts_with("\u{feff}CREATE TABLE clicks (\r\n"));
    let returns = run.out().matches('\r').count();
    assert_eq!(returns, run.out().matches("\r\n").count());
    assert!(returns >= job.matches('\r').count());
}

#[test]
fn what_is_not_utf8_is_broken() {
    let sandbox = Sandbox::new(&[]);
    sandbox.write("a.sql", b"SELECT '\xe9';\n");
    sandbox
        .run(&["rewrite", "a.sql"])
        .ends_with(2)
        .says("a.sql is not UTF-8: byte 0xE9 at offset 8\n");
    sandbox
        .run_with(&["rewrite", "-"], b"\xff\xfeS\0")
        .ends_with(2)
        .says("<stdin> is not UTF-8: byte 0xFF at offset 0; it looks like UTF-16\n");
    sandbox
        .run(&["rewrite", "none.sql"])
        .ends_with(2)
        .says("cannot read none.sql");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let comment = "-- a comment that fills the pipe\n".repeat(10_000);
    let sandbox = Sandbox::new(&[("a.sql", &comment)]);
    let mut child = sandbox
        .command(&["rewrite", "a.sql"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn roles_and_cutovers() {
    let sandbox = Sandbox::new(&[("a.sql", JOB)]);
    let run = |flags: &[&str]| sandbox.run(&[&["rewrite", "a.sql"], flags].concat());
    let first = run(&["--role", "first"]).ends_with(0);
    assert_eq!(first.out(), rewritten());
    let time = "2026-11-22T12:00:00Z";
    let outgoing = run(&["--role", "outgoing", "--cutover", time]).ends_with(0);
    let incoming = run(&["--role", "incoming", "--cutover", time]).ends_with(0);
    assert_ne!(outgoing.out(), incoming.out());
    for same in ["2026-11-22T13:00:00.000+01:00", "1795348800000"] {
        let again = run(&["--role", "incoming", "--cutover", same]).ends_with(0);
        assert_eq!(again.out(), incoming.out());
    }

    run(&["--cutover", time])
        .ends_with(2)
        .says("`--cutover` goes with");
    run(&["--role", "outgoing"])
        .ends_with(2)
        .says("need a `--cutover`");
    run(&["--role", "blue"])
        .ends_with(2)
        .says("[possible values: first, outgoing, incoming]");
    for (bad, why) in [
        ("2026-11-22T12:00:00", "RFC 3339 with a zone"),
        ("2026-11-22T12:00:00.0001Z", "finer than a millisecond"),
        ("999999999999999", "years 1 to 9999"),
    ] {
        run(&["--role", "incoming", "--cutover", bad])
            .ends_with(2)
            .says(why);
    }
}

#[test]
fn kinds_of_gates() {
    let sandbox = Sandbox::new(&[("a.sql", JOB), ("fn.toml", "[gate]\nkind = \"function\"\n")]);
    let run = |flags: &[&str]| sandbox.run(&[&["rewrite", "a.sql"], flags].concat());
    let has = |flags: &[&str], what: &str| {
        let done = run(flags).ends_with(0);
        assert!(done.out().contains(what), "{flags:?}: {}", done.out());
    };
    has(&["--gate-kind", "function"], "WHERE ARRAY[`tide_gate`(");
    has(&["--gate-kind", "ptf"], "FROM `tide_gate`(");
    has(&["--late", "handover"], "CURRENT_WATERMARK(");
    has(&["--config", "fn.toml"], "WHERE ARRAY[`tide_gate`(");
    has(
        &["--config", "fn.toml", "--gate-kind", "cutover"],
        "WHERE COALESCE(",
    );
    let cutover = ["--role", "outgoing", "--cutover", "1795348800000"];
    for (flags, why) in [
        (&["--gate-kind", "function"][..], "learns both at run time"),
        (&["--gate-kind", "ptf"], "learns both at run time"),
        (&["--config", "fn.toml"], "learns both at run time"),
        (
            &["--gate-kind", "door"],
            "[possible values: cutover, function, ptf]",
        ),
    ] {
        run(&[flags, &cutover].concat()).ends_with(2).says(why);
    }
    run(&["--gate-kind", "function", "--late", "handover"])
        .ends_with(2)
        .says("a function decides on late rows itself");
}

#[test]
fn flags_go_before_the_configuration() {
    let config = "[watermark]\ndelay = \"7 s\"\n";
    let sandbox = Sandbox::new(&[("a.sql", JOB), ("tidegate.toml", config)]);
    let has = |flags: &[&str], what: &str| {
        let run = sandbox
            .run(&[&["rewrite", "a.sql"], flags].concat())
            .ends_with(0);
        assert!(run.out().contains(what), "{flags:?}: {}", run.out());
    };
    has(&[], "INTERVAL '7' SECOND");
    has(&["--watermark-delay", "9 s"], "INTERVAL '9' SECOND");
    has(&["--isolated"], "INTERVAL '5' SECOND");
    has(
        &["--no-validate", "--flink-version", "1.20"],
        "INTERVAL '7' SECOND",
    );
}

#[test]
fn bad_flags_are_broken() {
    let sandbox = Sandbox::new(&[("a.sql", JOB), ("b.sql", JOB)]);
    for (args, why) in [
        (&["rewrite"][..], "required arguments"),
        (
            &["rewrite", "a.sql", "b.sql"],
            "only one script can go to standard output",
        ),
        (
            &["rewrite", "a.sql", "b.sql", "-o", "c.sql"],
            "`--output` takes one script",
        ),
        (&["rewrite", "-", "--write"], "`--write` needs files"),
        (&["rewrite", "-", "-", "--check"], "read only once"),
        (
            &["rewrite", "a.sql", "--stdin-filename", "x"],
            "goes with `-`",
        ),
        (
            &["rewrite", "a.sql", "--write", "--diff"],
            "cannot be used with",
        ),
        (
            &["rewrite", "a.sql", "--write", "--output-dir", "x"],
            "cannot be used with",
        ),
        (
            &["rewrite", "--undo", "a.sql", "--role", "first"],
            "cannot be used with",
        ),
        (
            &["rewrite", "--undo", "a.sql", "--no-validate"],
            "cannot be used with",
        ),
        (
            &["rewrite", "a.sql", "--isolated", "--config", "x"],
            "cannot be used with",
        ),
        (
            &["rewrite", "a.sql", "--flink-version", "1.19"],
            "is not supported",
        ),
        (
            &["rewrite", "a.sql", "--watermark-delay", "5"],
            "is no delay",
        ),
        (
            &["rewrite", "a.sql", "--watermark-delay", "20000 d"],
            "before 1970",
        ),
        (&["lint", "a.sql"], "unrecognized subcommand"),
    ] {
        let run = sandbox.run(args).ends_with(2).says(why);
        assert_eq!(run.out(), "", "{args:?}");
    }
    assert_eq!(sandbox.names(), ["a.sql", "b.sql"]);
}

#[test]
fn help_and_version() {
    let sandbox = Sandbox::new(&[]);
    assert_cmd_snapshot!(sandbox.command(&["--version"]), @r#"
    success: true
    exit_code: 0
    ----- stdout -----
    tidegate 0.1.0

    ----- stderr -----
    "#);
    assert_cmd_snapshot!(sandbox.command(&["--help"]), @r#"
    success: true
    exit_code: 0
    ----- stdout -----
    Makes a Flink SQL script ready for a blue/green cutover

    Usage: tidegate <COMMAND>

    Commands:
      rewrite      Give every source a watermark and put every INSERT behind a gate
      check        Say what is wrong with scripts, and change nothing
      rule         Explain a rule of `check`
      explain      Say what is decided for each INSERT of a script, why, and how to cut over
      verify       Execute a script over rows in memory, as it is and as both jobs of a cutover have it
      init         Write a first tidegate.toml for the scripts below a folder, with the choices that are
                   to be made
      config       Show which settings are in force for a script, and what says so
      lsp          Serve an editor: the Language Server Protocol over standard input and output
      completions  Print the completions of a shell
      man          Print the manual
      debug        Show what single stages make of a script
      help         Print this message or the help of the given subcommand(s)

    Options:
      -h, --help     Print help
      -V, --version  Print version

    ----- stderr -----
    "#);
    let run = sandbox.run(&["rewrite", "--help"]).ends_with(0);
    for flag in [
        "--output",
        "--write",
        "--output-dir",
        "--undo",
        "--diff",
        "--check",
        "--stdin-filename",
        "--role",
        "--cutover",
        "--flink-version",
        "--watermark-delay",
        "--no-validate",
        "--config",
        "--isolated",
    ] {
        assert!(run.out().contains(flag), "{flag}");
    }
}

#[test]
fn corpus_of_scripts() {
    let sandbox = Sandbox::new(&[
        ("jobs/a.sql", JOB),
        ("jobs/deep/b.sql", JOB),
        ("jobs/bad.sql", BROKEN),
        ("jobs/notes.txt", "no script"),
    ]);
    let run = sandbox
        .run(&["debug", "corpus", "jobs", "--emit", "out", "--json"])
        .ends_with(1);
    assert_eq!(sandbox.read("out/a.sql"), rewritten());
    assert_eq!(sandbox.read("out/deep/b.sql"), rewritten());
    assert!(!sandbox.path().join("out/bad.sql").exists());
    let lines: Vec<&str> = run.out().lines().collect();
    assert!(
        lines[0].starts_with("bad.sql: failed: does not parse: 1:"),
        "{}",
        lines[0]
    );
    assert_eq!(
        lines[lines.len() - 1],
        r#"{"scripts":3,"rewritten":2,"refused":0,"failed":1,"inserts":2,"gated":2,"watermarks_added":2}"#
    );
}

#[test]
fn corpus_of_statements() {
    let lines = [
        r#"{"id":"1","sql":"SELECT 1","expect":"accept","group":"mine"}"#,
        r#"{"id":"2","sql":"SELECT FROM WHERE","expect":"reject","group":"mine"}"#,
        r#"{"id":"3","sql":"CREATE TABLE t (x INT,, y INT)","expect":"accept","group":"yours"}"#,
        r#"{"id":"4","sql":"SELECT 2","expect":"reject","group":"yours"}"#,
        r#"{"id":"5","sql":"SELECT ${x}","expect":"template","group":"yours"}"#,
    ];
    let sandbox = Sandbox::new(&[("s.jsonl", &lines.join("\n"))]);
    let run = sandbox
        .run(&["debug", "corpus", "s.jsonl", "--json"])
        .ends_with(0);
    let lines: Vec<&str> = run.out().lines().collect();
    assert!(lines[0].starts_with("3 3 yours: 1:"), "{}", run.out());
    assert_eq!(lines[1], "4 4 yours: accepted | SELECT 2");
    let totals: serde_json::Value = serde_json::from_str(lines[lines.len() - 1]).unwrap();
    let count = |key: &str| totals[key].as_u64();
    assert_eq!(count("accept_total"), Some(2));
    assert_eq!(count("accept_ok"), Some(1));
    assert_eq!(count("reject_total"), Some(2));
    assert_eq!(count("reject_wrong"), Some(1));
    assert_eq!(count("opaque"), Some(0));
    assert!(totals["seconds"].is_f64() && count("bytes") > Some(60));
    sandbox.write("bad.jsonl", b"{}\n");
    sandbox
        .run(&["debug", "corpus", "bad.jsonl"])
        .ends_with(2)
        .says("bad.jsonl:1");
}

#[test]
fn stages_can_be_seen() {
    let job = JOB.replace("'topic' = 'clicks'", "'password' = 'hunter2'");
    let sandbox = Sandbox::new(&[("a.sql", &job), ("broken.sql", BROKEN)]);
    for (stage, has) in [
        ("tokens", "0..6 1:1 Word \"CREATE\"\n"),
        ("statements", "0..148 1:1 CreateTable(\n"),
        ("catalog", "\"default_catalog\""),
        ("time", "QueryTime {"),
        ("plan", "\"watermarks\": ["),
    ] {
        let run = sandbox.run(&["debug", stage, "a.sql"]).ends_with(0);
        assert!(run.out().contains(has), "{stage}: {}", run.out());
        assert!(!run.out().contains("hunter2"), "{stage}");
        sandbox
            .run_with(
                &["debug", stage, "-", "--flink-version", "1.20"],
                JOB.as_bytes(),
            )
            .ends_with(0);
        sandbox
            .run(&["debug", stage, "broken.sql"])
            .ends_with(1)
            .says("broken.sql:1:");
    }
}
