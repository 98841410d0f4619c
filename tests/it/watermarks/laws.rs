//! What holds for every case.

use super::{CUTOVER, Case, Run};
use crate::tool::statements;
use tidegate::config::{Role, Settings};
use tidegate::lexer::{TokenKind, lex};
use tidegate::syntax::StatementKind;
use tidegate::undo::UndoMap;

/// A script that was rewritten stays as it is, with the same configuration and where that says `replace`; roles differ
/// in literals only; an undo gives the original; the watermarks are those that stand beside the gates.
///
/// # Errors
/// The first law that is broken, with what breaks it.
pub(super) fn check(case: &Case, run: &Run) -> Result<(), String> {
    let script = &case.script;
    let mut settings = run.with(Role::First);
    replace_all(case, &mut settings);
    is_final(script, &settings).map_err(|why| format!("with `replace`, {why}"))?;
    let Some(text) = &run.done.text else {
        return Ok(());
    };
    let settings = run.with(Role::First);
    is_final(script, &settings)?;
    let Some(marked) = &run.marked else {
        return Err("rewritten, but no watermarks alone".to_owned());
    };
    let again = tidegate::watermarks(marked, &settings);
    same(
        "watermarks added twice",
        again.as_deref().unwrap_or_default(),
        marked,
    )?;
    for statement in statements(marked, settings.flink) {
        let declares = statement.starts_with("CREATE") && statement.contains("WATERMARK");
        if declares && !text.contains(&statement) {
            return Err(format!("no such table beside the gates\n{statement}"));
        }
    }
    let cutover = CUTOVER;
    for role in [Role::Outgoing { cutover }, Role::Incoming { cutover }] {
        let Some(other) = tidegate::rewrite(script, &run.with(role)).text else {
            return Err(format!("refused for {role:?}"));
        };
        // An open projection takes the place of an outgoing two-sided gate's filter.
        if !run.is_two_sided() {
            same("roles", &without_literals(&other), &without_literals(text))?;
        }
    }
    let map = UndoMap::new(script, &run.done.edits).map_err(|e| e.to_string())?;
    let undone = tidegate::undo(text, &map.to_json()).map_err(|e| e.to_string())?;
    same("undone", &undone, script)
}

fn same(what: &str, is: &str, expected: &str) -> Result<(), String> {
    match is == expected {
        true => Ok(()),
        false => Err(format!("{what}: is\n{is}\n---- and not\n{expected}")),
    }
}

fn is_final(script: &str, settings: &Settings) -> Result<(), String> {
    let Some(text) = tidegate::rewrite(script, settings).text else {
        return Ok(());
    };
    let again = tidegate::rewrite(&text, settings);
    match again.text {
        Some(is) => same("rewritten twice", &is, &text),
        None => Err(format!(
            "refused when rewritten again: {:#?}\n{text}",
            again.diagnostics
        )),
    }
}

/// `replace = true` for every table.
fn replace_all(case: &Case, settings: &mut Settings) {
    for text in [&case.script, &case.catalog] {
        let (script, _) = tidegate::parser::parse(text, settings.flink);
        for statement in &script.statements {
            if let StatementKind::CreateTable(create) = &statement.kind {
                let table = create.name.object().to_owned();
                settings.tables.entry(table).or_default();
            }
        }
    }
    for table in settings.tables.values_mut() {
        table.replace = true;
    }
}

/// Strings and numbers, with their signs, replaced by `?`.
fn without_literals(text: &str) -> String {
    let masked: String = lex(text, tidegate::config::FlinkVersion::default())
        .into_iter()
        .map(|token| match token.kind {
            TokenKind::String | TokenKind::Number => "?",
            _ => token.span.of(text),
        })
        .collect();
    masked.replace("-?", "?")
}

/// What says the event time of a table: one takes the place of another.
const TIMES: [&str; 6] = [
    "column",
    "unit",
    "format",
    "expression",
    "metadata",
    "ingestion-time",
];

/// Every line that is offered, pasted into the `tidegate.toml`, does what it is offered for. How many there were.
///
/// # Errors
/// The first that does not work.
pub(super) fn offers_work(case: &Case, run: &Run) -> Result<usize, String> {
    let mut tried = 0;
    let errors = run.done.diagnostics.iter().filter(|d| d.is_error()).count();
    for found in &run.done.diagnostics {
        for help in &found.help {
            let Some((words, lines)) = help.split_once("tidegate.toml:\n") else {
                continue;
            };
            // An example, with a column that is made up.
            if words.ends_with("as in ") && lines.contains("epoch_ms") {
                continue;
            }
            tried += 1;
            let mut pasted = Case {
                toml: pasted(&case.toml, lines),
                ..super::case(case.name.clone(), case.script.clone())
            };
            pasted.catalog.clone_from(&case.catalog);
            let settings = pasted.settings(run.settings.flink);
            let done = tidegate::rewrite(&case.script, &settings);
            let stays = done
                .diagnostics
                .iter()
                .any(|d| (d.name, d.span, d.is_error()) == (found.name, found.span, true));
            let works = match found.is_error() {
                true => !stays && (errors > 1 || done.text.is_some()),
                false => done.text.is_some(),
            };
            if !works {
                return Err(format!(
                    "offered, and does not work:\n{}\n{:#?}",
                    pasted.toml, done.diagnostics
                ));
            }
        }
    }
    Ok(tried)
}

fn pasted(toml: &str, lines: &str) -> String {
    let mut all: toml::Table = toml.parse().unwrap();
    let new: toml::Table = lines.parse().unwrap_or_else(|e| panic!("{e}\n{lines}"));
    let tables = all
        .entry("tables")
        .or_insert_with(|| toml::Table::new().into());
    let tables = tables.as_table_mut().unwrap();
    for (name, offered) in new["tables"].as_table().unwrap() {
        let table = tables
            .entry(name.clone())
            .or_insert_with(|| toml::Table::new().into());
        let table = table.as_table_mut().unwrap();
        let offered = offered.as_table().unwrap();
        if offered.keys().any(|key| TIMES.contains(&key.as_str())) {
            TIMES.iter().for_each(|key| drop(table.remove(*key)));
        }
        table.extend(offered.clone());
    }
    all.to_string()
}
