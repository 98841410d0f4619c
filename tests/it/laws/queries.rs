//! What holds for a rewrite of any script, whichever roles it goes through.

use super::gated::{self, CUTOVER_MS, Found, Side};
use super::shapes::{self, Script};
use super::writer::write;
use super::{answers, keeps_other_bytes, runner, unplanned};
use proptest::prelude::*;
use std::cell::{Cell, RefCell};
use tidegate::Rewritten;
use tidegate::config::{Cutover, FlinkVersion, Role, Settings};
use tidegate::lexer::{TokenKind, lex};
use tidegate::undo::UndoMap;

pub fn settings(side: Side, flink: FlinkVersion) -> Settings {
    let cutover = Cutover(CUTOVER_MS);
    Settings {
        role: match side {
            Side::First => Role::First,
            Side::Outgoing => Role::Outgoing { cutover },
            Side::Incoming => Role::Incoming { cutover },
        },
        flink,
        ..unplanned()
    }
}

/// A rewrite with what holds for every single one; `None` if the script is refused.
fn rewrite(source: &str, settings: &Settings) -> Result<Option<(String, Rewritten)>, String> {
    let done = tidegate::rewrite(source, settings);
    answers(source, &done)?;
    keeps_other_bytes(source, &done)?;
    let (script, errors) = tidegate::parser::parse(source, settings.flink);
    if let Some(error) = errors.iter().find(|e| e.is_error()) {
        return Err(format!("cannot be read: {error:?}"));
    }
    let written = gated::inserts(&script).into_iter().map(|i| i.span);
    let told = done.inserts.iter().map(|i| i.span);
    if !written.eq(told) {
        return Err(format!("told of these INSERTs only: {:?}", done.inserts));
    }
    Ok(done.text.clone().map(|text| (text, done)))
}

fn gates(
    text: &str,
    done: &Rewritten,
    side: Side,
    flink: FlinkVersion,
) -> Result<Vec<Found>, String> {
    let verdicts: Vec<_> = done.inserts.iter().map(|i| i.verdict.clone()).collect();
    gated::all(text, &verdicts, side, flink).map_err(|why| format!("{why}\n{text}"))
}

/// A script on its way through the roles.
struct Stop {
    side: Side,
    text: String,
    map: UndoMap,
}

/// Rewritten into each role of `way` in turn, a script is gated each time, as a direct rewrite makes it,
/// final, and leads back to the source by one map; only literals change.
fn holds(source: &str, flink: FlinkVersion, way: &[Side]) -> Result<bool, String> {
    let mut last: Option<Stop> = None;
    for &side in way {
        let settings = settings(side, flink);
        let Some((direct, done)) = rewrite(source, &settings)? else {
            return match last {
                None => Ok(false),
                Some(_) => Err(format!(
                    "refused as {side:?}: {:#?}",
                    names(&settings, source)
                )),
            };
        };
        let found = gates(&direct, &done, side, flink)?;
        let now = last.as_ref().map_or(source, |l| &l.text);
        let Some((text, step)) = rewrite(now, &settings)? else {
            let why = names(&settings, now);
            return Err(format!(
                "refused when rewritten as {side:?}: {why:#?}\n{now}"
            ));
        };
        if text != direct {
            return Err(format!(
                "as {side:?}, directly:\n{direct}\nover others:\n{text}"
            ));
        }
        if tidegate::rewrite(&text, &settings).text.as_ref() != Some(&text) {
            let why = names(&settings, &text);
            return Err(format!("not final as {side:?}: {why:?}\n{text}"));
        }
        if let Some(last) = &last {
            // The incoming side of an updating query filters where the others are open.
            let alike = (side == Side::Incoming) == (last.side == Side::Incoming);
            let same = without_literals(&last.text) == without_literals(&text);
            if !same && (alike || !found.contains(&Found::TwoSided)) {
                return Err(format!(
                    "more than literals as {side:?}:\n{now}\nbecame\n{text}"
                ));
            }
        }
        let map = match &last {
            None => UndoMap::new(source, &step.edits).map_err(|e| e.to_string())?,
            Some(last) => last.map.then(now, &step.edits).map_err(|e| e.to_string())?,
        };
        match tidegate::undo(&text, &map.to_json()) {
            Ok(undone) if undone == source => {}
            other => return Err(format!("undone: {other:?}\n{text}")),
        }
        last = Some(Stop { side, text, map });
    }
    Ok(true)
}

fn names(settings: &Settings, source: &str) -> Vec<&'static str> {
    let found = tidegate::rewrite(source, settings).diagnostics;
    found.iter().map(|d| d.name).collect()
}

fn way() -> impl Strategy<Value = Vec<Side>> {
    let side = prop::sample::select(vec![Side::First, Side::Outgoing, Side::Incoming]);
    prop::collection::vec(side, 1..5)
}

/// Runs a law and gives the scripts that were rewritten, of which there has to be a share, or the law
/// says little.
pub fn run(
    cases: u32,
    percent: usize,
    scripts: impl Strategy<Value = Script>,
    law: impl Fn(&str, FlinkVersion, &[Side]) -> Result<bool, String>,
) -> Vec<String> {
    let (all, rewritten) = (Cell::new(0), RefCell::new(Vec::new()));
    let test = |(script, way): (Script, Vec<Side>)| {
        let source = write(&script);
        all.set(all.get() + 1);
        match law(&source, script.flink, &way) {
            Ok(true) => rewritten.borrow_mut().push(source),
            Ok(false) => {}
            Err(why) => prop_assert!(false, "{}\n{}", source, why),
        }
        Ok(())
    };
    if let Err(error) = runner(cases).run(&(scripts, way()), test) {
        panic!("{error}");
    }
    let (all, rewritten) = (all.get(), rewritten.into_inner());
    let share = format!("{} of {all} rewritten", rewritten.len());
    println!("{share}");
    assert!(rewritten.len() * 100 >= all * percent, "{share}");
    rewritten
}

#[test]
fn appending_queries_through_all_roles() {
    run(256, 60, shapes::appending(), holds);
}

#[test]
fn updating_queries_through_all_roles() {
    run(256, 30, shapes::updating_only(), holds);
}

#[test]
fn mixed_queries_through_all_roles() {
    let rewritten = run(512, 40, shapes::mixed(), holds);
    for part in [
        "TUMBLE(TABLE",
        "HOP(TABLE",
        "CUMULATE(TABLE",
        "SESSION(TABLE",
        "_END(",
        ".window_start = ",
        " BETWEEN ",
        "LEFT JOIN",
        "JOIN rates FOR SYSTEM_TIME",
        "JOIN names FOR SYSTEM_TIME",
        "CROSS JOIN UNNEST",
        "OVER (PARTITION BY",
        "DESC) AS",
        "MATCH_RECOGNIZE",
        "GROUP BY `",
        "UNION ALL",
        "CREATE VIEW",
        "INTO snk0 WITH",
        "(WITH ",
        "VALUES",
        "PRIMARY KEY",
        "BEGIN STATEMENT SET",
        "EXECUTE STATEMENT SET",
        "TIMESTAMP_LTZ",
        "filesystem",
        "\r\n",
    ] {
        let seen = rewritten.iter().filter(|s| s.contains(part)).count();
        println!("{seen:5} with {part}");
        assert!(seen > 0, "{part} is in no script that was rewritten");
    }
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
    run(128, 40, shapes::mixed(), |source, flink, way| {
        let settings = Settings {
            validate: true,
            ..settings(way[0], flink)
        };
        Ok(rewrite(source, &settings)?.is_some())
    });
}
