//! The stories of `examples/` are true: each `rewritten.sql` is what its command prints.

use crate::tool::Sandbox;
use std::fs;
use std::path::{Path, PathBuf};

fn folders() -> Vec<PathBuf> {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut folders: Vec<PathBuf> = fs::read_dir(examples)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

/// A copy of the folder: `tidegate.toml` is found there as it is in the original.
fn copy(folder: &Path) -> Sandbox {
    let sandbox = Sandbox::new(&[]);
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        sandbox.write(name, &fs::read(&path).unwrap());
    }
    sandbox
}

fn name(folder: &Path) -> &str {
    folder.file_name().unwrap().to_str().unwrap()
}

#[test]
fn every_story_is_whole() {
    assert!(folders().len() >= 4);
    for folder in folders() {
        for file in ["job.sql", "rewritten.sql", "README.md"] {
            assert!(
                folder.join(file).is_file(),
                "{} has no {file}",
                name(&folder)
            );
        }
    }
}

#[test]
fn every_result_is_what_the_command_prints() {
    for folder in folders() {
        let name = name(&folder);
        let run = copy(&folder).run(&["rewrite", "job.sql"]).ends_with(0);
        let expected = fs::read_to_string(folder.join("rewritten.sql")).unwrap_or_default();
        must_be(run.out(), &expected, name);
    }
}

/// Fails with a diff and the command that makes it true again.
fn must_be(is: &str, expected: &str, name: &str) {
    if is != expected {
        let diff = tidegate::report::diff::unified("rewritten.sql", expected, is);
        panic!(
            "{diff}\nIf this is how it should be:\n\
             cargo run -- rewrite examples/{name}/job.sql -o examples/{name}/rewritten.sql"
        );
    }
}

#[test]
fn a_result_is_not_changed_again() {
    for folder in folders() {
        let run = copy(&folder).run(&["rewrite", "--check", "rewritten.sql"]);
        assert_eq!(run.code, Some(0), "{}: {}", name(&folder), run.stderr);
    }
}

#[test]
fn roles_differ_in_literals_only() {
    for folder in folders() {
        let sandbox = copy(&folder);
        let first = sandbox.run(&["rewrite", "job.sql"]).ends_with(0);
        for role in ["outgoing", "incoming"] {
            let flags = [
                "rewrite",
                "job.sql",
                "--role",
                role,
                "--cutover",
                "1795348800000",
            ];
            let other = sandbox.run(&flags).ends_with(0);
            assert_ne!(other.out(), first.out(), "{} {role}", name(&folder));
            assert_eq!(
                without_literals(other.out()),
                without_literals(first.out()),
                "{} {role}",
                name(&folder)
            );
        }
    }
}

/// Strings and numbers, with their signs, replaced by `?`.
fn without_literals(text: &str) -> String {
    use tidegate::lexer::{TokenKind, lex};
    let version = tidegate::config::FlinkVersion::default();
    let masked: String = lex(text, version)
        .into_iter()
        .map(|token| match token.kind {
            TokenKind::String | TokenKind::Number => "?",
            _ => token.span.of(text),
        })
        .collect();
    masked.replace("-?", "?")
}

#[test]
fn two_candidates_need_a_configuration() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/configured-column");
    let run = copy(&folder)
        .run(&["rewrite", "job.sql", "--isolated"])
        .ends_with(1);
    assert_eq!(run.out(), "");
    let run = run.says("measured_at").says("received_at");
    assert!(run.stderr.contains("column = "), "{}", run.stderr);
}
