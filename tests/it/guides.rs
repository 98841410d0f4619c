//! What the pages of `docs/` show is what happens: their scripts can be read, their commands print what stands there, and
//! pages that are made from the code are as it makes them.
//!
//! `TIDEGATE_WRITE_DOCS=1` writes the pages anew instead. The blocks of a page run in one folder, in order: a block with
//! `file=NAME` behind its language is a file in it, a `console` block is commands (behind `$ `) and what they print.

use crate::tool::{Sandbox, is_made};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tidegate::config::FlinkVersion;
use tidegate::lint::rules;

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
}

fn pages() -> Vec<PathBuf> {
    let files = fs::read_dir(docs())
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut pages: Vec<PathBuf> = files
        .filter(|p| p.extension().is_some_and(|e| e == "md"))
        .collect();
    pages.sort();
    pages
}

/// A page in parts: text as it is, and blocks with their language, the rest of that line, and their lines.
enum Part<'a> {
    Text(&'a str),
    Block { info: &'a str, body: &'a str },
}

fn parts(page: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = page;
    while let Some(at) = rest
        .find("```")
        .filter(|at| *at == 0 || rest[..*at].ends_with('\n'))
    {
        parts.push(Part::Text(&rest[..at]));
        let line = rest[at..].find('\n').unwrap() + at;
        let end = rest[line..].find("\n```").unwrap() + line + 1;
        parts.push(Part::Block {
            info: &rest[at + 3..line],
            body: &rest[line + 1..end],
        });
        rest = &rest[end..];
        let close = rest.find('\n').map_or(rest.len(), |n| n + 1);
        rest = &rest[close..];
    }
    parts.push(Part::Text(rest));
    parts
}

/// Runs the commands of a block and gives the block as it should be.
fn run(sandbox: &Sandbox, body: &str) -> String {
    let tool = insta_cmd::get_cargo_bin("tidegate");
    let mut path = tool.parent().unwrap().to_owned().into_os_string();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let mut shown = String::new();
    for command in body.lines().filter_map(|line| line.strip_prefix("$ ")) {
        let output = Command::new("sh")
            .args(["-c", &format!("{{ {command}\n}} 2>&1")])
            .current_dir(sandbox.path())
            .env("PATH", &path)
            .output()
            .unwrap();
        let _ = writeln!(
            shown,
            "$ {command}\n{}",
            String::from_utf8(output.stdout).unwrap().trim_end()
        );
    }
    shown.replace("\n\n$ ", "\n$ ").trim_end().to_owned() + "\n"
}

#[test]
#[cfg(unix)]
fn what_the_pages_show_happens() {
    let mut commands = 0;
    for path in pages() {
        let page = fs::read_to_string(&path).unwrap();
        let sandbox = Sandbox::new(&[]);
        let mut expected = String::new();
        for part in parts(&page) {
            match part {
                Part::Text(text) => expected.push_str(text),
                Part::Block { info, body } => {
                    let file = info
                        .split_whitespace()
                        .find_map(|word| word.strip_prefix("file="));
                    if let Some(name) = file {
                        sandbox.write(name, body.as_bytes());
                    }
                    let body = match info.split_whitespace().next() {
                        Some("console") => {
                            commands += body.matches("$ ").count();
                            run(&sandbox, body)
                        }
                        _ => body.to_owned(),
                    };
                    let _ = write!(expected, "```{info}\n{body}```\n");
                }
            }
        }
        is_made(
            &format!("docs/{}", path.file_name().unwrap().display()),
            &expected,
        );
    }
    assert!(commands > 10, "{commands} commands were found");
}

#[test]
fn the_scripts_of_the_pages_can_be_read() {
    let mut read = 0;
    for path in pages() {
        let page = fs::read_to_string(&path).unwrap();
        // Examples of what is wrong, and of what one release takes only: other tests read them.
        if ["rules.md", "output.md", "flink-notes.md"]
            .iter()
            .any(|p| path.ends_with(p))
        {
            continue;
        }
        for part in parts(&page) {
            let Part::Block { info, body } = part else {
                continue;
            };
            if info.split_whitespace().next() == Some("sql") && !info.contains("broken") {
                let errors = |text: &str| tidegate::parser::parse(text, FlinkVersion::default()).1;
                let mut found = errors(body);
                // A part of a table's definition.
                let table = format!("CREATE TABLE t (\n{body}) WITH ('connector' = 'kafka');");
                if errors(&table).is_empty() {
                    found.clear();
                }
                assert!(
                    found.is_empty(),
                    "{}: {found:#?}\nin\n{body}",
                    path.display()
                );
                read += 1;
            }
        }
    }
    assert!(read > 5, "{read} scripts were found");
}

#[test]
fn the_page_of_rules_is_made_from_them() {
    let mut page = "# Rules\n\n\
        What `tidegate check` looks for, besides what a rewrite says. `tidegate rule NAME` shows the same text. A rule is \
        selected, ignored and weighed by its name or its code: `--select`, `--ignore`, `[lint]` in `tidegate.toml`, and \
        `-- tidegate: ignore[name] why` in a script.\n\n\
        | code | rule | severity | what it reports |\n|---|---|---|---|\n"
        .to_owned();
    for rule in rules::ALL {
        let off = if rule.finding.by_default {
            ""
        } else {
            ", off by default"
        };
        let (name, weight) = (rule.name(), rule.finding.severity.as_str());
        let _ = writeln!(
            page,
            "| {} | [{name}](#{name}) | {weight}{off} | {} |",
            rule.code,
            rule.summary()
        );
    }
    for rule in rules::ALL {
        let text = rule.documentation().replace("\n## ", "\n### ");
        let _ = write!(page, "\n## {}\n\n{} · {text}", rule.name(), rule.code);
    }
    is_made("docs/rules.md", &page);
}
