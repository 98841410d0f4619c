//! Scripts that others wrote, where there are any: `scripts/` of the folder that `TIDEGATE_CORPUS` names.

use super::super::{Outcome, same, same_ungated};
use super::{read, shown};
use crate::syntax::StatementKind;

#[test]
fn every_query_of_a_correct_script_is_planned() {
    let Some(folder) = std::env::var_os("TIDEGATE_CORPUS") else {
        return;
    };
    let (mut planned, mut total, mut report) = (0, 0, String::new());
    for file in scripts(&folder) {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let read = read(&text);
        let planner = read.planner();
        let mut outcomes: Vec<Outcome> = Vec::new();
        for (at, insert) in read.inserts() {
            outcomes.push(planner.insert(insert, at));
        }
        for (at, statement) in read.script.statements.iter().enumerate() {
            match &statement.kind {
                StatementKind::Query(query) => outcomes.push(planner.query(query, at)),
                StatementKind::CreateView(view) => outcomes.push(planner.query(&view.query, at)),
                _ => {}
            }
        }
        for outcome in outcomes {
            total += 1;
            if matches!(outcome, Outcome::Planned(_)) {
                planned += 1;
            } else {
                let name = file.file_name().map(|n| n.to_string_lossy().into_owned());
                let name = name.unwrap_or_default();
                report += &format!("{name}: {}\n", shown(&outcome, &text));
            }
        }
    }
    println!("{planned} of {total} planned\n{report}");
    // Some scripts of others are wrong.
    assert!(planned * 100 >= total * 99, "{report}");
}

/// Rewrites every script of the corpus that can be, and compares each INSERT with what became of it.
#[test]
fn every_rewritten_insert_is_the_original() {
    let Some(folder) = std::env::var_os("TIDEGATE_CORPUS") else {
        return;
    };
    let (mut gated, mut plain, mut report) = (0, 0, String::new());
    for file in scripts(&folder) {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let rewritten = crate::rewrite(&text, &Default::default());
        let Some(after) = &rewritten.text else {
            continue;
        };
        let (old, new) = (read(&text), read(after));
        let (old_planner, new_planner) = (old.planner(), new.planner());
        for ((was, now), report_of) in old
            .inserts()
            .into_iter()
            .zip(new.inserts())
            .zip(&rewritten.inserts)
        {
            let (Outcome::Planned(original), Outcome::Planned(result)) = (
                old_planner.insert(was.1, was.0),
                new_planner.insert(now.1, now.0),
            ) else {
                continue;
            };
            let stands = report_of.gate == crate::GateState::Absent;
            let outcome = if stands {
                plain += 1;
                same_ungated(&original, &result)
            } else {
                gated += 1;
                same(&original, &result).map(|_| ())
            };
            if let Err(failure) = outcome {
                let name = file.file_name().map(|n| n.to_string_lossy().into_owned());
                report += &format!(
                    "{} [{}]\n{}\n{}\n{}\n",
                    name.unwrap_or_default(),
                    report_of.sink,
                    failure.reason,
                    failure.original_plan,
                    failure.rewritten_plan
                );
            }
        }
    }
    println!("{gated} gated and {plain} left alone");
    assert!(report.is_empty(), "{report}");
}

fn scripts(folder: &std::ffi::OsStr) -> Vec<std::path::PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(std::path::Path::new(folder).join("scripts"))
        .expect("the corpus folder")
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "sql"))
        .collect();
    files.sort();
    files
}
