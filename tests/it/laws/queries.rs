//! What holds for a rewrite of any script, whichever roles it goes through.

use super::gated::{self, CUTOVER_MS, Found, Side};
use super::shapes::{self, Script};
use super::writer::write;
use super::{answers, keeps_other_bytes, runner, unplanned};
use proptest::prelude::*;
use std::cell::Cell;
use tidegate::Rewritten;
use tidegate::config::{Cutover, FlinkVersion, Role, Settings};
use tidegate::lexer::{TokenKind, lex};
use tidegate::undo::UndoMap;

fn settings(side: Side) -> Settings {
    let cutover = Cutover(CUTOVER_MS);
    Settings {
        role: match side {
            Side::First => Role::First,
            Side::Outgoing => Role::Outgoing { cutover },
            Side::Incoming => Role::Incoming { cutover },
        },
        ..unplanned()
    }
}

/// A rewrite with what holds for every single one; `None` if the script is refused.
fn rewrite(source: &str, settings: &Settings) -> Result<Option<(String, Rewritten)>, String> {
    let done = tidegate::rewrite(source, settings);
    answers(source, &done)?;
    keeps_other_bytes(source, &done)?;
    let inserts = tidegate::parser::parse(source, settings.flink)
        .0
        .inserts_count();
    if done.inserts.len() != inserts {
        return Err(format!("{inserts} INSERTs, {:?}", done.inserts));
    }
    Ok(done.text.clone().map(|text| (text, done)))
}

trait Inserts {
    fn inserts_count(&self) -> usize;
}

impl Inserts for tidegate::syntax::Script {
    fn inserts_count(&self) -> usize {
        use tidegate::syntax::StatementKind::{Insert, StatementSet};
        let of = |s: &tidegate::syntax::Statement| match &s.kind {
            Insert(_) => 1,
            StatementSet(set) => set.inserts.len(),
            _ => 0,
        };
        self.statements.iter().map(of).sum()
    }
}

fn gates(text: &str, done: &Rewritten, side: Side) -> Result<Vec<Found>, String> {
    let verdicts: Vec<_> = done.inserts.iter().map(|i| i.verdict.clone()).collect();
    gated::all(text, &verdicts, side).map_err(|why| format!("{why}\n{text}"))
}

/// A rewrite into each role of `way` in turn is the direct one, gated, undone by one map, and changes
/// literals only.
fn holds(source: &str, way: &[Side]) -> Result<bool, String> {
    let mut now = source.to_owned();
    let mut map: Option<UndoMap> = None;
    for side in way {
        let settings = settings(*side);
        let Some((direct, done)) = rewrite(source, &settings)? else {
            return match map {
                None => Ok(false),
                Some(_) => Err(format!(
                    "refused as {side:?}: {:#?}",
                    done_names(source, &settings)
                )),
            };
        };
        let found = gates(&direct, &done, *side)?;
        let Some((text, step)) = rewrite(&now, &settings)? else {
            let why = tidegate::rewrite(&now, &settings).diagnostics;
            return Err(format!(
                "as {side:?}, refused when rewritten again: {why:#?}\n{now}"
            ));
        };
        if text != direct {
            return Err(format!(
                "as {side:?}, directly:\n{direct}\nover others:\n{text}"
            ));
        }
        // Only the incoming side of an updating query looks otherwise.
        let same = map.is_none() || *side != Side::Incoming && !way.contains(&Side::Incoming);
        if map.is_some()
            && (same || !found.contains(&Found::TwoSided))
            && without_literals(&now) != without_literals(&text)
        {
            return Err(format!(
                "more than literals as {side:?}:\n{now}\nbecame\n{text}"
            ));
        }
        let next = match &map {
            None => UndoMap::new(source, &step.edits).map_err(|e| e.to_string())?,
            Some(map) => map.then(&now, &step.edits).map_err(|e| e.to_string())?,
        };
        match tidegate::undo(&text, &next.to_json()) {
            Ok(undone) if undone == source => {}
            other => return Err(format!("undone: {other:?}\n{text}")),
        }
        let again = tidegate::rewrite(&text, &settings).text;
        if again.as_deref() != Some(&text) {
            return Err(format!("rewritten twice: {again:?}\n{text}"));
        }
        (now, map) = (text, Some(next));
    }
    Ok(true)
}

fn done_names(source: &str, settings: &Settings) -> Vec<&'static str> {
    let found = tidegate::rewrite(source, settings).diagnostics;
    found.iter().map(|d| d.name).collect()
}

fn way() -> impl Strategy<Value = Vec<Side>> {
    let side = prop::sample::select(vec![Side::First, Side::Outgoing, Side::Incoming]);
    prop::collection::vec(side, 1..5)
}

/// Runs a law; at least a share of the cases has to come out rewritten, or the law says little.
fn run(
    cases: u32,
    percent: u32,
    scripts: impl Strategy<Value = Script>,
    law: impl Fn(&str, &[Side]) -> Result<bool, String>,
) {
    let (all, rewritten) = (Cell::new(0u32), Cell::new(0u32));
    let test = |(script, way): (Script, Vec<Side>)| {
        let source = write(&script);
        all.set(all.get() + 1);
        match law(&source, &way) {
            Ok(done) => rewritten.set(rewritten.get() + u32::from(done)),
            Err(why) => prop_assert!(false, "{}\n{}", source, why),
        }
        Ok(())
    };
    if let Err(error) = runner(cases).run(&(scripts, way()), test) {
        panic!("{error}");
    }
    let (all, rewritten) = (all.get(), rewritten.get());
    println!("{rewritten} of {all} rewritten");
    assert!(
        rewritten * 100 >= all * percent,
        "{rewritten} of {all} rewritten"
    );
}

#[test]
fn appending_queries_through_all_roles() {
    run(256, 50, shapes::appending(), holds);
}

#[test]
fn updating_queries_through_all_roles() {
    run(256, 20, shapes::updating_only(), holds);
}

#[test]
fn any_queries_through_all_roles() {
    run(512, 10, shapes::script(), holds);
}

fn without_literals(text: &str) -> String {
    let masked = |token: tidegate::lexer::Token| match token.kind {
        TokenKind::String | TokenKind::Number => "?",
        _ => token.span.of(text),
    };
    let masked: String = lex(text, FlinkVersion::default())
        .into_iter()
        .map(masked)
        .collect();
    masked.replace("-?", "?")
}

/// With DataFusion, which takes most of the time: what is printed plans, and is the same.
#[test]
fn what_is_printed_plans() {
    run(128, 20, shapes::script(), |source, way| {
        let settings = Settings {
            validate: true,
            ..settings(way[0])
        };
        Ok(rewrite(source, &settings)?.is_some())
    });
}
