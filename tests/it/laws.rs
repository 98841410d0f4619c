//! What holds for every text: random fragments, random queries, broken scripts, hostile inputs.

mod broken;
mod explained;
mod gated;
mod hostile;
mod kinds;
mod queries;
mod shapes;
mod text;
mod writer;

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use tidegate::Rewritten;
use tidegate::config::Settings;

/// Runs the same cases each time; nothing is written beside the sources. `PROPTEST_CASES`, which is 256
/// unless given, makes them more or fewer.
fn runner(cases: u32) -> TestRunner {
    let usual = Config::default();
    let config = Config {
        cases: (cases * usual.cases / 256).max(1),
        failure_persistence: None,
        ..usual
    };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(config, rng)
}

/// Planning with DataFusion is most of the time of a rewrite.
fn unplanned() -> Settings {
    Settings {
        validate: false,
        ..Settings::default()
    }
}

/// Bytes outside of the edits are those of the source, and the edits give the printed text.
fn keeps_other_bytes(source: &str, done: &Rewritten) -> Result<(), String> {
    let Some(text) = &done.text else {
        return Ok(());
    };
    let (mut undone, mut at) = (String::new(), 0);
    for piece in done.source_map.pieces() {
        undone += &text[at..piece.target.start as usize];
        undone += piece.source.of(source);
        at = piece.target.end as usize;
    }
    undone += &text[at..];
    if undone != source {
        return Err(format!("taken back, the edits give\n{undone}"));
    }
    match done.edits.apply(source) {
        Ok((again, _)) if again == *text => Ok(()),
        other => Err(format!("the edits give {other:?}")),
    }
}

/// Either a text or an error that says why not, never our own fault.
fn answers(source: &str, done: &Rewritten) -> Result<(), String> {
    let errors = done.diagnostics.iter().filter(|d| d.is_error());
    let names: Vec<_> = errors.map(|d| d.name).collect();
    if names.contains(&"internal-error") {
        return Err(format!("{:#?}", done.diagnostics));
    }
    if done.text.is_some() != names.is_empty() {
        return Err(format!("printed: {}, {names:?}", done.text.is_some()));
    }
    for found in &done.diagnostics {
        let inside = source.get(found.span.range()).is_some();
        if !inside || found.message.is_empty() {
            return Err(format!("{found:?} has no place or no text"));
        }
    }
    Ok(())
}
