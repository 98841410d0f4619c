//! Source maps beside scripts, and the way back: what a run prints and what then lies on the disk.

use crate::tool::{BROKEN, JOB, Sandbox};
use std::fmt::Write;

/// Runs commands one after the other in a folder and compares with `snapshots/undo/NAME.snap`: the
/// commands, exit codes and messages, and after each the files that came, went or changed.
///
/// A file is told by what it holds: the job, its rewrite into a role, a map, or another text. Beside
/// commands of tidegate there are `edit FILE`, which appends a comment, `cp FROM TO` and `rm FILE`.
#[track_caller]
fn transcript(name: &str, files: &[(&str, &str)], commands: &[&str]) {
    let sandbox = Sandbox::new(files);
    let mut out = String::new();
    let mut known = listing(&sandbox);
    for command in commands {
        let _ = writeln!(out, "$ {command}");
        let words: Vec<&str> = command.split(' ').collect();
        match words[..] {
            ["edit", file] => sandbox.write(file, (sandbox.read(file) + "-- by hand\n").as_bytes()),
            ["cp", from, to] => sandbox.write(to, sandbox.read(from).as_bytes()),
            ["rm", file] => std::fs::remove_file(sandbox.path().join(file)).unwrap(),
            _ => {
                let run = sandbox.run(&words);
                // What the system says differs from one to the other.
                for line in run.stderr.lines() {
                    let ours = line
                        .rsplit_once(": ")
                        .filter(|_| line.contains("(os error"));
                    let _ = writeln!(out, "{}", ours.map_or(line, |(ours, _)| ours));
                }
                if !run.stdout.is_empty() {
                    let _ = writeln!(out, "(prints {})", told(run.out()));
                }
                let _ = writeln!(out, "(exit {})", run.code.unwrap_or(-1));
            }
        }
        let now = listing(&sandbox);
        for (file, text) in &now {
            if known.get(file) != Some(text) {
                let _ = writeln!(out, "  {file}: {}", told(text));
            }
        }
        for file in known.keys().filter(|file| !now.contains_key(*file)) {
            let _ = writeln!(out, "  {file}: gone");
        }
        known = now;
    }
    let mut insta = insta::Settings::clone_current();
    insta.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/undo"));
    insta.set_prepend_module_to_snapshot(false);
    insta.set_omit_expression(true);
    insta.bind(|| insta::assert_snapshot!(name, out));
}

fn listing(sandbox: &Sandbox) -> std::collections::BTreeMap<String, String> {
    let mut files = std::collections::BTreeMap::new();
    let mut open = vec![sandbox.path().to_owned()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()));
            continue;
        }
        let name = path.strip_prefix(sandbox.path()).unwrap();
        let name = name.to_str().unwrap().replace('\\', "/");
        let bytes = std::fs::read(&path).unwrap();
        files.insert(name, String::from_utf8_lossy(&bytes).into_owned());
    }
    files
}

/// What a text is, in a few words.
fn told(text: &str) -> String {
    let has = |what: &str| text.contains(what);
    if has("\"written-sha256\"") {
        return format!("a map of {} edits", text.matches("\"start\"").count());
    }
    let mut told = match () {
        () if has("\n@@ ") => return format!("a diff of {} lines", text.lines().count()),
        () if has("visits__gate") && has(">= TIMESTAMP '2026") => "the job, incoming",
        () if has("visits__gate") && has("< TIMESTAMP '2026") => "the job, outgoing",
        () if has("visits__gate") => "the job, first",
        () if has("INSERT INTO visits SELECT user_id, click_time FROM clicks") => "the job",
        () => return format!("{text:?}"),
    }
    .to_owned();
    if text.starts_with('\u{feff}') {
        told += ", with a byte order mark";
    }
    if has("\r\n") {
        told += ", with CRLF";
    }
    if has("-- by hand") {
        told += ", edited by hand";
    }
    told
}

const JOBS: &[(&str, &str)] = &[("a.sql", JOB)];
const WRITE: &str = "rewrite a.sql --write";
const INCOMING: &str = "rewrite a.sql --write --role incoming --cutover 2026-11-22T12:00:00Z";
const OUTGOING: &str = "rewrite a.sql --write --role outgoing --cutover 2026-11-22T12:00:00Z";
const UNDO: &str = "rewrite --undo a.sql --write";

#[test]
fn there_and_back() {
    let all = [WRITE, WRITE, "rewrite --undo a.sql", UNDO, UNDO];
    transcript("there_and_back", JOBS, &all);
    let roles = [INCOMING, OUTGOING, WRITE, UNDO];
    transcript("through_the_roles", JOBS, &roles);
    let windows = format!("\u{feff}{}", JOB.replace('\n', "\r\n"));
    let files = [("a.sql", &windows[..])];
    transcript("byte_order_mark_and_line_ends", &files, &roles);
}

/// Byte for byte, which a transcript does not show.
#[test]
fn the_original_is_the_same_bytes() {
    for job in [
        JOB.to_owned(),
        format!("\u{feff}{JOB}"),
        JOB.replace('\n', "\r\n"),
        format!("\u{feff}-- é表🙂\r\n{}", JOB.replace('\n', "\r\n")),
        JOB.trim_end().to_owned(),
    ] {
        let sandbox = Sandbox::new(&[("a.sql", &job)]);
        for command in [WRITE, INCOMING] {
            let words: Vec<&str> = command.split(' ').collect();
            sandbox.run(&words).ends_with(0);
            assert_ne!(sandbox.read("a.sql"), job);
            let printed = sandbox.run(&["rewrite", "--undo", "a.sql"]).ends_with(0);
            assert_eq!(printed.out(), job);
        }
        let words: Vec<&str> = UNDO.split(' ').collect();
        sandbox.run(&words).ends_with(0);
        assert_eq!(sandbox.read("a.sql"), job);
        assert_eq!(sandbox.names(), ["a.sql"]);
    }
}

#[test]
fn where_the_original_goes() {
    transcript(
        "where_the_original_goes",
        JOBS,
        &[
            WRITE,
            "rewrite --undo a.sql --check",
            "rewrite --undo a.sql --diff",
            "rewrite --undo a.sql -o b.sql",
            "rewrite --undo a.sql --output-dir out",
        ],
    );
}

#[test]
fn several_scripts() {
    let files = [("a.sql", JOB), ("b.sql", JOB), ("c.sql", "SELECT 1;\n")];
    transcript(
        "several_scripts",
        &files,
        &[
            "rewrite --write a.sql b.sql c.sql",
            "rewrite --undo a.sql b.sql",
            // One without a map: none is restored.
            "rewrite --undo --write a.sql b.sql c.sql",
            "rewrite --undo --write a.sql a.sql b.sql",
        ],
    );
}

#[test]
fn a_script_that_was_changed_since() {
    transcript("changed_since", JOBS, &[WRITE, "edit a.sql", UNDO]);
    // Another role for a script whose map does not fit: rewritten, and no map claims to lead back.
    transcript(
        "changed_since_and_rewritten",
        JOBS,
        &[WRITE, "edit a.sql", INCOMING, UNDO],
    );
    // The changes were taken back: the map fits again.
    transcript(
        "changed_and_changed_back",
        JOBS,
        &[
            WRITE,
            "cp a.sql b.sql",
            "edit a.sql",
            INCOMING,
            "cp b.sql a.sql",
            UNDO,
        ],
    );
    // The original was put back: the next rewrite starts anew.
    transcript(
        "original_put_back",
        JOBS,
        &[
            "cp a.sql b.sql",
            WRITE,
            "cp b.sql a.sql",
            UNDO,
            INCOMING,
            UNDO,
        ],
    );
    // A newer original was put there.
    transcript(
        "newer_original",
        JOBS,
        &[
            "cp a.sql b.sql",
            WRITE,
            "cp b.sql a.sql",
            "edit a.sql",
            INCOMING,
            UNDO,
        ],
    );
    // Written again as the map knows it: it fits.
    transcript(
        "map_of_what_is_written_again",
        JOBS,
        &[
            INCOMING,
            "cp a.sql.tidegate.json map",
            OUTGOING,
            "cp map a.sql.tidegate.json",
            INCOMING,
            UNDO,
        ],
    );
}

#[test]
fn no_map() {
    transcript(
        "no_map",
        JOBS,
        &[WRITE, "rm a.sql.tidegate.json", UNDO, INCOMING, UNDO],
    );
    transcript("nothing_to_undo", JOBS, &[UNDO]);
}

#[test]
fn a_map_that_cannot_be_used() {
    let newer = r#"{"version": 2, "tidegate": "9.9.9\u001b[31m", "way": "another"}"#;
    for (name, map) in [
        ("malformed_map", "{\"password\": hunter2}"),
        ("newer_map", newer),
    ] {
        let files = [("a.sql", JOB), ("a.sql.tidegate.json", map)];
        transcript(name, &files, &[UNDO, WRITE, UNDO]);
    }
}

#[test]
fn output_dir() {
    let files = [
        ("in/a.sql", JOB),
        ("in/b.sql", "SELECT 1;\n"),
        ("c/a.sql", JOB),
    ];
    transcript(
        "output_dir",
        &files,
        &[
            "rewrite in/a.sql in/b.sql --output-dir out/deep",
            "rewrite in/a.sql in/b.sql --output-dir out/deep",
            "rewrite --undo out/deep/a.sql",
            // From what was rewritten: the map of the source leads on to the original.
            "rewrite out/deep/a.sql --output-dir outgoing --role outgoing --cutover 1795348800000",
            "rewrite --undo --write outgoing/a.sql",
            "rm out/deep/a.sql.tidegate.json",
            "rewrite out/deep/a.sql --output-dir outgoing --role outgoing --cutover 1795348800000",
            "rewrite in/a.sql c/a.sql --output-dir out",
            "rewrite in/a.sql c/a.sql --output-dir in",
            "rewrite in/a.sql --output-dir in/b.sql",
        ],
    );
    let files = [("a.sql", JOB), ("b.sql", BROKEN)];
    transcript(
        "output_dir_all_or_none",
        &files,
        &["rewrite a.sql b.sql --output-dir out"],
    );
}

#[test]
fn flags_that_do_not_go_together() {
    transcript(
        "flags",
        JOBS,
        &[
            "rewrite --undo -",
            "rewrite --output-dir out -",
            "rewrite --undo a.sql missing.sql --write",
        ],
    );
}

/// A map in the place of a script, and a script in the place of a map.
#[test]
fn no_file_is_written_twice() {
    let files = [("a.sql", JOB), ("a.sql.tidegate.json", JOB)];
    transcript(
        "written_twice",
        &files,
        &["rewrite a.sql a.sql.tidegate.json --output-dir out"],
    );
}

#[cfg(unix)]
#[test]
fn permissions_are_those_of_the_script() {
    use std::fs::{Permissions, metadata, set_permissions};
    use std::os::unix::fs::{PermissionsExt, symlink};
    let sandbox = Sandbox::new(&[("real/a.sql", JOB)]);
    let at = |name: &str| sandbox.path().join(name);
    let mode = |name: &str| metadata(at(name)).unwrap().permissions().mode() & 0o777;
    set_permissions(at("real/a.sql"), Permissions::from_mode(0o600)).unwrap();
    symlink("real/a.sql", at("link.sql")).unwrap();
    sandbox
        .run(&["rewrite", "--write", "link.sql"])
        .ends_with(0);
    assert_eq!(mode("real/a.sql.tidegate.json"), 0o600);
    assert_eq!(sandbox.names(), ["link.sql", "real"]);
    sandbox
        .run(&["rewrite", "link.sql", "--output-dir", "out"])
        .ends_with(0);
    assert_eq!(mode("out/link.sql"), 0o600);
    assert_eq!(mode("out/link.sql.tidegate.json"), 0o600);
    sandbox
        .run(&["rewrite", "--undo", "--write", "link.sql"])
        .ends_with(0);
    assert_eq!(sandbox.read("real/a.sql"), JOB);
    assert!(!at("real/a.sql.tidegate.json").exists());
}

/// A map that cannot be written keeps the script as it was.
#[test]
fn script_and_map_are_one() {
    let sandbox = Sandbox::new(&[("a.sql", JOB), ("a.sql.tidegate.json/x", "")]);
    sandbox
        .run(&["rewrite", "--write", "a.sql"])
        .ends_with(2)
        .says("a.sql.tidegate.json");
    assert_eq!(sandbox.read("a.sql"), JOB);
}
