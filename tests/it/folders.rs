//! Folders as arguments of a rewrite, and whether committed results are those of today.

use crate::tool::{BROKEN, JOB, Sandbox};
use insta_cmd::assert_cmd_snapshot;

fn jobs() -> Sandbox {
    Sandbox::new(&[
        ("jobs/a.sql", JOB),
        ("jobs/deep/b.sql", JOB),
        ("jobs/notes.txt", "no script"),
        ("jobs/.hidden/c.sql", BROKEN),
        ("jobs/ignored/d.sql", BROKEN),
        ("jobs/.gitignore", "/ignored/\n"),
        ("jobs/e.sql", BROKEN),
        ("jobs/.ignore", "e.sql\n"),
    ])
}

#[test]
fn a_folder_is_mirrored() {
    let sandbox = jobs();
    let run = sandbox
        .run(&["rewrite", "--output-dir", "build", "jobs"])
        .ends_with(0);
    assert_eq!(run.stderr, "wrote build/a.sql\nwrote build/deep/b.sql\n");
    assert!(sandbox.read("build/deep/b.sql").contains("visits__gate"));
    assert!(
        sandbox
            .path()
            .join("build/deep/b.sql.tidegate.json")
            .exists()
    );
    // The way back, over the whole folder.
    sandbox
        .run(&["rewrite", "--undo", "--write", "build"])
        .ends_with(0);
    assert_eq!(sandbox.read("build/deep/b.sql"), JOB);
    sandbox
        .run(&["rewrite", "--undo", "--write", "build"])
        .ends_with(2)
        .says("there is no source map (*.sql.tidegate.json) below build");
}

#[test]
fn files_beside_folders_keep_their_names() {
    let sandbox = jobs();
    sandbox.write("other/x.sql", JOB.as_bytes());
    sandbox
        .run(&["rewrite", "--output-dir", "build", "jobs", "other/x.sql"])
        .ends_with(0)
        .says("wrote build/x.sql\n");
    sandbox.write("other/a.sql", JOB.as_bytes());
    sandbox
        .run(&["rewrite", "--output-dir", "build", "jobs", "other/a.sql"])
        .ends_with(2)
        .says("jobs/a.sql and other/a.sql would both be written to build/a.sql");
}

#[test]
fn results_below_the_folder_are_not_read_again() {
    let sandbox = Sandbox::new(&[("a.sql", JOB), ("b/c.sql", JOB)]);
    let args = ["rewrite", "--output-dir", "build", "."];
    for _ in 0..2 {
        let run = sandbox.run(&args).ends_with(0);
        assert_eq!(run.stderr, "wrote build/a.sql\nwrote build/b/c.sql\n");
    }
    sandbox
        .run(&["rewrite", "--check", "--output-dir", "build", "."])
        .ends_with(0);
}

#[test]
fn committed_scripts_are_compared() {
    let sandbox = jobs();
    let args = ["rewrite", "--check", "--output-dir", "build", "jobs"];
    assert_cmd_snapshot!(sandbox.command(&args), @"
    success: false
    exit_code: 1
    ----- stdout -----

    ----- stderr -----
    missing: build/a.sql (from jobs/a.sql)
    missing: build/deep/b.sql (from jobs/deep/b.sql)
    0 scripts stale, 2 scripts missing; write them anew without `--check`
    ");
    assert!(!sandbox.path().join("build").exists());
    sandbox
        .run(&["rewrite", "--output-dir", "build", "jobs"])
        .ends_with(0);
    let run = sandbox.run(&args).ends_with(0);
    assert_eq!((run.out(), run.stderr.as_str()), ("", ""));

    let changed = JOB.replace(
        "SELECT user_id, click_time FROM clicks",
        "SELECT user_id, click_time FROM clicks WHERE user_id > 3",
    );
    sandbox.write("jobs/a.sql", changed.as_bytes());
    sandbox.write("build/old.sql", JOB.as_bytes());
    std::fs::remove_file(sandbox.path().join("build/deep/b.sql")).unwrap();
    let before = sandbox.read("build/a.sql");
    assert_cmd_snapshot!(sandbox.command(&args), @"
    success: false
    exit_code: 1
    ----- stdout -----
    --- build/a.sql
    +++ build/a.sql
    @@ -13,7 +13,7 @@
     CREATE TEMPORARY VIEW `visits__gate` AS
     SELECT `user_id`, `click_time`
     FROM (
    -SELECT user_id, click_time, `__rowtime` AS `__gate_time` FROM clicks
    +SELECT user_id, click_time, `__rowtime` AS `__gate_time` FROM clicks WHERE user_id > 3
     ) AS `q` (`user_id`, `click_time`, `__gate_time`)
     WHERE COALESCE(`__gate_time`, TIMESTAMP '0001-01-01 00:00:00.000') >= TIMESTAMP '0001-01-01 00:00:00.000'
       AND COALESCE(`__gate_time`, TIMESTAMP '0001-01-01 00:00:00.000') < TIMESTAMP '9999-12-31 23:59:59.999';

    ----- stderr -----
    stale: build/a.sql (from jobs/a.sql)
    missing: build/deep/b.sql (from jobs/deep/b.sql)
    extra: build/old.sql is made from no script
    1 script stale, 1 script missing; write them anew without `--check`
    ");
    assert_eq!(sandbox.read("build/a.sql"), before);
    // One script of several: the others are not extra.
    let run = sandbox
        .run(&["rewrite", "--check", "--output-dir", "build", "jobs/a.sql"])
        .ends_with(1)
        .says("stale: build/a.sql");
    assert!(!run.stderr.contains("extra"), "{}", run.stderr);
    // An extra one alone is no reason to fail.
    sandbox
        .run(&["rewrite", "--output-dir", "build", "jobs"])
        .ends_with(0);
    sandbox
        .run(&args)
        .ends_with(0)
        .says("extra: build/old.sql is made from no script\n");
    // Another role is another script.
    let role = ["--role", "outgoing", "--cutover", "2026-11-22T12:00:00Z"];
    sandbox
        .run(&[&args[..], &role].concat())
        .ends_with(1)
        .says("2 scripts stale, 0 scripts missing");
}

#[test]
fn a_refused_script_fails_a_comparison() {
    let sandbox = Sandbox::new(&[("jobs/a.sql", BROKEN), ("build/a.sql", JOB)]);
    let run = sandbox
        .run(&["rewrite", "--check", "--output-dir", "build", "jobs"])
        .ends_with(1)
        .says("jobs/a.sql:1:");
    assert!(!run.stderr.contains("extra"), "{}", run.stderr);
}

#[test]
fn secrets_are_in_no_difference() {
    let job = JOB.replace(
        "'topic' = 'clicks'",
        "'properties.sasl.password' = 'hunter2'",
    );
    let sandbox = Sandbox::new(&[("jobs/a.sql", &job), ("build/a.sql", &job)]);
    let run = sandbox
        .run(&["rewrite", "--check", "--output-dir", "build", "jobs"])
        .ends_with(1);
    assert!(run.out().contains("+++ build/a.sql"), "{}", run.out());
    assert!(!run.out().contains("hunter2") && !run.stderr.contains("hunter2"));
}

#[test]
fn folders_in_place() {
    let sandbox = jobs();
    sandbox
        .run(&["rewrite", "--check", "jobs"])
        .ends_with(1)
        .says("would rewrite jobs/a.sql\nwould rewrite jobs/deep/b.sql\n");
    let run = sandbox.run(&["rewrite", "--diff", "jobs"]).ends_with(1);
    assert!(run.out().contains("+++ jobs/deep/b.sql\n"), "{}", run.out());
    sandbox
        .run(&["rewrite", "--write", "jobs"])
        .ends_with(0)
        .says("2 files rewritten");
    sandbox.run(&["rewrite", "--check", "jobs"]).ends_with(0);
    assert_eq!(sandbox.read("jobs/ignored/d.sql"), BROKEN);
    sandbox
        .run(&["rewrite", "jobs"])
        .ends_with(2)
        .says("only one script can go to standard output");
}

#[test]
fn a_folder_without_scripts_is_broken() {
    let sandbox = Sandbox::new(&[
        ("empty/notes.txt", ""),
        ("all/a.sql", JOB),
        ("all/.ignore", "*.sql\n"),
    ]);
    for flags in [
        &["--check"][..],
        &["--diff"],
        &["--write"],
        &["--output-dir", "x"],
        &["--check", "--output-dir", "x"],
    ] {
        for folder in ["empty", "all"] {
            sandbox
                .run(&[&["rewrite", folder], flags].concat())
                .ends_with(2)
                .says(&format!("there is no *.sql below {folder}"));
        }
    }
}
