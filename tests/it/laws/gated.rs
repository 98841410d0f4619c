//! Is each INSERT of a printed script behind a gate? Found out from the text alone.

use tidegate::Verdict;
use tidegate::config::FlinkVersion;
use tidegate::lexer::lex;
use tidegate::syntax::{Insert, Script, StatementKind};

/// Every INSERT is gated, or reported as left alone.
pub fn all(text: &str, verdicts: &[Verdict]) -> Result<(), String> {
    let version = FlinkVersion::default();
    let (script, errors) = tidegate::parser::parse(text, version);
    if let Some(error) = errors.iter().find(|e| e.is_error()) {
        return Err(format!("the result cannot be read: {}", error.message));
    }
    let inserts = inserts(&script);
    if inserts.len() != verdicts.len() {
        return Err(format!(
            "{} INSERTs, {} verdicts",
            inserts.len(),
            verdicts.len()
        ));
    }
    for (insert, verdict) in inserts.into_iter().zip(verdicts) {
        let query = words(insert.source.span.of(text));
        let gated = is_gate(&query) || reads_gate(&query, &script, text);
        match verdict {
            Verdict::Exact | Verdict::BestEffort { .. } if !gated => {
                return Err(format!("no gate: {}", insert.span.of(text)));
            }
            Verdict::Refused { reason } => return Err(format!("printed though {reason}")),
            _ => {}
        }
    }
    Ok(())
}

fn inserts(script: &Script) -> Vec<&Insert> {
    let mut all: Vec<&Insert> = Vec::new();
    for statement in &script.statements {
        match &statement.kind {
            StatementKind::Insert(insert) => all.push(insert),
            StatementKind::StatementSet(set) => all.extend(&set.inserts),
            _ => {}
        }
    }
    all
}

fn words(text: &str) -> Vec<&str> {
    let tokens = lex(text, FlinkVersion::default());
    let solid = tokens.into_iter().filter(|t| !t.kind.is_trivia());
    solid.map(|t| t.span.of(text)).collect()
}

/// `SELECT names FROM view`, where the view is a gate.
fn reads_gate(query: &[&str], script: &Script, text: &str) -> bool {
    let ["SELECT", names @ .., "FROM", view] = query else {
        return false;
    };
    let plain = |word: &&str| *word == "," || word.starts_with('`');
    names.iter().all(plain)
        && script.statements.iter().any(|statement| {
            let StatementKind::CreateView(create) = &statement.kind else {
                return false;
            };
            create.name.span.of(text) == *view && is_gate(&words(create.query.span.of(text)))
        })
}

/// `… WHERE COALESCE(time, MIN) >= low AND COALESCE(time, MIN) < high`, and nothing behind it.
fn is_gate(query: &[&str]) -> bool {
    let Some(at) = query.iter().rposition(|w| *w == "WHERE") else {
        return false;
    };
    let low = query[at..].iter().position(|w| *w == ">=");
    let high = query[at..].iter().rposition(|w| *w == "<");
    let (Some(low), Some(high)) = (low.map(|i| at + i), high.map(|i| at + i)) else {
        return false;
    };
    let Some(and) = query[low..]
        .iter()
        .position(|w| *w == "AND")
        .map(|i| low + i)
    else {
        return false;
    };
    let value = &query[at + 1..low];
    value.first() == Some(&"COALESCE")
        && query.get(and + 1..high) == Some(value)
        && is_literal(&query[low + 1..and])
        && is_literal(&query[high + 1..])
}

fn is_literal(words: &[&str]) -> bool {
    match words {
        ["TIMESTAMP", text] => text.starts_with('\''),
        ["TO_TIMESTAMP_LTZ", "(", .., ",", "3", ")"] => words.len() <= 7,
        _ => false,
    }
}
