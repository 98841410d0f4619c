//! What the README shows is what happens.

use crate::tool::blocks;
use std::fs;
use std::path::Path;
use std::process::Command;

fn readme() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

/// The first block in a language.
fn block<'a>(page: &'a str, language: &str) -> &'a str {
    blocks(page, language)[0]
}

#[test]
fn the_difference_shown_is_that_of_the_example() {
    let output = Command::new(insta_cmd::get_cargo_bin("tidegate"))
        .args(["rewrite", "--diff", "examples/windowed-revenue/job.sql"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let diff = String::from_utf8(output.stdout).unwrap();
    let readme = readme();
    let shown = block(&readme, "diff");
    assert!(
        shown == diff && !diff.is_empty(),
        "the diff block of README.md should be what\n\
         cargo run -- rewrite --diff examples/windowed-revenue/job.sql\nprints:\n{diff}"
    );
}

#[test]
fn the_configuration_shown_is_one() {
    let readme = readme();
    let settings = tidegate::config::Settings::from_toml(block(&readme, "toml")).unwrap();
    let defaults = tidegate::config::Settings::default();
    assert_eq!(settings.tables.len(), 3);
    let tables = defaults.tables.clone();
    assert_eq!(tidegate::config::Settings { tables, ..settings }, defaults);
}

#[test]
fn the_configurations_of_the_docs_are_some() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let mut read = 0;
    for entry in fs::read_dir(docs).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let page = fs::read_to_string(&path).unwrap();
        for block in blocks(&page, "toml") {
            let settings = tidegate::config::Settings::from_toml(block);
            assert!(
                settings.is_ok(),
                "{}: {settings:?}\n{block}",
                path.display()
            );
            read += 1;
        }
    }
    assert!(read >= 4, "{read}");
}

#[test]
fn every_file_it_links_to_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = readme();
    let targets = readme
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    for target in targets.filter(|t| !t.starts_with("http")) {
        assert!(root.join(target).exists(), "{target}");
    }
}
