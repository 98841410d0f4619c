//! A bounded run of the fuzz targets with stable tooling: every kept input, then random changes of them
//! for some seconds. `fuzz/README.md` has the long runs.

mod laws;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Seconds of random changes; set, they start anew each time instead of being the same.
const SECONDS: &str = "TIDEGATE_FUZZ_SECONDS";

fn obeys_all(text: &str) {
    laws::lexer_round_trip(text);
    laws::parser_never_panics(text);
    laws::statements_cover(text);
}

/// What our own folders hold, with what a fuzzer left in its own.
fn kept() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut open: Vec<PathBuf> = [
        "examples",
        "grammar-tests",
        "fuzz/seeds",
        "fuzz/corpus",
        "fuzz/artifacts",
    ]
    .iter()
    .map(|folder| root.join(folder))
    .collect();
    let mut texts = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                texts.push((path, text));
            }
        }
    }
    texts.sort();
    texts
}

#[test]
fn what_was_kept_obeys() {
    let kept = kept();
    assert!(
        kept.iter()
            .any(|(path, _)| path.ends_with("fuzz/seeds/statement-set.sql"))
    );
    for (path, text) in &kept {
        println!("{}", path.display());
        obeys_all(text);
    }
}

/// Pieces that change how the rest is read.
const SPLICES: [&str; 28] = [
    "'",
    "''",
    "`",
    "\"",
    ";",
    ";\n",
    "--",
    "/*",
    "*/",
    "/*+",
    "(",
    ")",
    "[",
    "<",
    ",",
    ".",
    "\n",
    "\r",
    "\u{feff}",
    "\0",
    "é",
    "🙂",
    "U&'\\",
    "E'\\",
    "${",
    "}}",
    " END; ",
    " EXECUTE STATEMENT SET BEGIN ",
];

#[derive(Debug, Clone)]
enum Change {
    Delete(usize),
    Insert(&'static str),
    /// Puts a part of the text in once more, from so many characters before.
    Repeat(usize),
    Cut,
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (1usize..20).prop_map(Change::Delete),
        prop::sample::select(&SPLICES[..]).prop_map(Change::Insert),
        (1usize..200).prop_map(Change::Repeat),
        Just(Change::Cut),
    ]
}

fn apply(text: &mut String, at: f64, change: &Change) {
    let boundary = |text: &str, mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let place = boundary(text, (text.len() as f64 * at) as usize);
    match change {
        Change::Delete(length) => {
            let end = boundary(text, (place + length).min(text.len()));
            text.replace_range(place..end, "");
        }
        Change::Insert(piece) => text.insert_str(place, piece),
        Change::Repeat(length) => {
            let start = boundary(text, place.saturating_sub(*length));
            let piece = text[start..place].to_owned();
            text.insert_str(place, &piece);
        }
        Change::Cut => text.truncate(place),
    }
}

#[test]
fn what_is_changed_at_random_obeys() {
    // Short ones: more of them can be tried, and a break is easier to read.
    let seeds: Vec<String> = kept()
        .into_iter()
        .map(|(_, text)| text)
        .flat_map(|text| match text.len() {
            0..4000 => vec![text],
            _ => text.split_inclusive("\n\n").map(str::to_owned).collect(),
        })
        .collect();
    let changed = (
        prop::sample::select(seeds),
        prop::collection::vec((0.0..=1.0, change()), 1..6),
    )
        .prop_map(|(mut text, changes)| {
            for (at, change) in &changes {
                apply(&mut text, *at, change);
            }
            text
        });
    let seconds = std::env::var(SECONDS).ok().and_then(|s| s.parse().ok());
    let config = Config {
        cases: 16,
        failure_persistence: None,
        ..Config::default()
    };
    let mut source = match seconds {
        Some(_) => TestRunner::default(),
        None => TestRunner::deterministic(),
    };
    let end = Instant::now() + Duration::from_secs(seconds.unwrap_or(10));
    let mut cases = 0;
    while Instant::now() < end {
        let law = |text: String| {
            obeys_all(&text);
            Ok(())
        };
        let mut runner = TestRunner::new_with_rng(config.clone(), source.new_rng());
        runner.run(&changed, law).unwrap();
        cases += 16;
    }
    println!("{cases} cases");
}
