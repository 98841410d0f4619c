//! Tables that the script does not declare: `--catalog`, and `catalog` in `tidegate.toml`.

use crate::tool::{JOB, Sandbox};
use tidegate::config::{CatalogText, Settings};

/// The statements of [`JOB`] that declare, and the rest.
fn halves() -> (&'static str, &'static str) {
    JOB.split_at(JOB.find("INSERT").expect("a job has an INSERT"))
}

#[test]
fn files_are_named_by_flags_and_by_the_configuration() {
    let (ddl, job) = halves();
    let (clicks, visits) = ddl.split_at(ddl.find("CREATE TABLE visits").expect("two tables"));
    let config = "catalog = [\"ddl/*.sql\"]\n";
    let sandbox = Sandbox::new(&[
        ("job.sql", job),
        ("jobs/job.sql", job),
        ("jobs/tidegate.toml", config),
        ("jobs/ddl/clicks.sql", clicks),
        ("jobs/ddl/visits.sql", visits),
        ("one.toml", "catalog = [\"jobs/ddl/clicks.sql\"]\n"),
    ]);
    let flags = [
        "--catalog",
        "jobs/ddl/clicks.sql",
        "--catalog",
        "jobs/ddl/visits.sql",
    ];
    let by_flags = sandbox
        .run(&[&["rewrite", "job.sql"], &flags[..]].concat())
        .ends_with(0);
    let shadow = "CREATE TEMPORARY TABLE clicks (\n  `__rowtime` AS `click_time`,";
    assert!(by_flags.out().starts_with(shadow), "{}", by_flags.out());
    assert!(!by_flags.out().contains("kafka"), "{}", by_flags.out());
    let others = [
        &["rewrite", "jobs/job.sql"][..],
        &["rewrite", "job.sql", "--config", "jobs/tidegate.toml"],
        &[
            "rewrite",
            "job.sql",
            "--config",
            "one.toml",
            "--catalog",
            "jobs/ddl/visits.sql",
        ],
    ];
    for args in others {
        let run = sandbox.run(args).ends_with(0);
        assert_eq!(run.out(), by_flags.out(), "{args:?}");
    }
    for command in ["check", "explain"] {
        sandbox
            .run(&[&[command, "job.sql"], &flags[..]].concat())
            .ends_with(0);
    }
    sandbox
        .run(&[&["debug", "plan", "job.sql"], &flags[..]].concat())
        .ends_with(0);
    // Without them nothing is known of the tables; the message names the flag.
    sandbox
        .run(&["rewrite", "job.sql"])
        .ends_with(1)
        .says("a file that `--catalog` names");
}

#[test]
fn files_that_cannot_be_used() {
    let (ddl, job) = halves();
    let sandbox = Sandbox::new(&[
        ("job.sql", job),
        ("bad.sql", &format!("{ddl}CREATE TABLE (x);\n")),
        ("none.toml", "catalog = [\"ddl/*.sql\"]\n"),
        ("pattern.toml", "catalog = [\"a***\"]\n"),
        ("type.toml", "catalog = \"ddl.sql\"\n"),
    ]);
    sandbox
        .run(&["rewrite", "job.sql", "--catalog", "bad.sql"])
        .ends_with(2)
        .says("--> bad.sql:11:14")
        .says("the catalog file bad.sql cannot be used");
    sandbox
        .run(&["rewrite", "job.sql", "--catalog", "missing.sql"])
        .ends_with(2)
        .says("cannot read missing.sql");
    for (config, what) in [
        ("none.toml", "no file matches catalog = \"ddl/*.sql\""),
        ("pattern.toml", "pattern.toml: catalog = \"a***\""),
        ("type.toml", "type.toml:1:11"),
    ] {
        sandbox
            .run(&["rewrite", "job.sql", "--config", config])
            .ends_with(2)
            .says(what);
    }
}

#[test]
fn what_is_ignored_is_said_once() {
    let (ddl, job) = halves();
    let sandbox = Sandbox::new(&[
        ("a.sql", job),
        ("b.sql", job),
        ("ddl.sql", &format!("CREATE DATABASE x;\n{ddl}{job}")),
    ]);
    let run = sandbox
        .run(&[
            "rewrite",
            "--check",
            "a.sql",
            "b.sql",
            "--catalog",
            "ddl.sql",
        ])
        .ends_with(1)
        .says("INSERT is ignored here");
    assert_eq!(
        run.stderr.matches("is ignored here").count(),
        1,
        "{}",
        run.stderr
    );
}

#[test]
fn a_written_script_can_be_undone() {
    let (ddl, job) = halves();
    let sandbox = Sandbox::new(&[("job.sql", job), ("ddl.sql", ddl)]);
    let write = ["rewrite", "--write", "job.sql", "--catalog", "ddl.sql"];
    sandbox.run(&write).ends_with(0);
    let written = sandbox.read("job.sql");
    assert!(written.contains("LIKE clicks;"), "{written}");
    sandbox.run(&write).ends_with(0);
    assert_eq!(sandbox.read("job.sql"), written);
    let outgoing = ["--role", "outgoing", "--cutover", "2026-11-22T12:00:00Z"];
    sandbox
        .run(&[&write[..], &outgoing[..]].concat())
        .ends_with(0);
    assert_ne!(sandbox.read("job.sql"), written);
    sandbox
        .run(&["rewrite", "--undo", "--write", "job.sql"])
        .ends_with(0);
    assert_eq!(sandbox.read("job.sql"), job);
}

#[test]
fn an_explanation_names_file_and_placement() {
    let (ddl, job) = halves();
    let sandbox = Sandbox::new(&[("job.sql", job), ("ddl.sql", ddl)]);
    let run = sandbox
        .run(&["explain", "job.sql", "--catalog", "ddl.sql"])
        .ends_with(0);
    let line = "clicks (1:52, shadow of `clicks`, declared in ddl.sql:1:14): `__rowtime`";
    assert!(run.out().contains(line), "{}", run.out());
    let config = "[tables.clicks]\nplacement = \"derive\"\n";
    sandbox.write("tidegate.toml", config.as_bytes());
    let run = sandbox
        .run(&["explain", "job.sql", "--catalog", "ddl.sql"])
        .ends_with(0);
    let line = "clicks__timed (1:52, derived from `clicks`, declared in ddl.sql:1:14): `__rowtime`";
    assert!(run.out().contains(line), "{}", run.out());
}

#[test]
fn no_catalog_text_is_a_bug() {
    let (ddl, job) = halves();
    for cut in (0..=ddl.len()).step_by(11) {
        for text in [&ddl[..cut], &ddl[cut..]] {
            let settings = Settings {
                catalog: vec![CatalogText {
                    name: "ddl.sql".to_owned(),
                    text: text.to_owned(),
                }],
                ..Settings::default()
            };
            let explained = tidegate::explain(job, &settings);
            for diagnostic in &explained.diagnostics {
                assert_ne!(diagnostic.name, "internal-error", "{text}");
                let places = diagnostic.related.iter().map(|(span, _)| *span);
                for place in places.chain([diagnostic.span]) {
                    assert!(place.end as usize <= job.len(), "{diagnostic:?}\n{text}");
                }
            }
        }
    }
}
