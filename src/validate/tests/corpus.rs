//! Scripts that others wrote, where there are any: `scripts/` of the folder that `TIDEGATE_CORPUS` names.

use super::super::Outcome;
use super::{read, shown};
use crate::config::{Cutover, Role, Settings};
use crate::syntax::StatementKind;

#[test]
fn every_query_of_a_correct_script_is_planned() {
    let Some(folder) = std::env::var_os("TIDEGATE_CORPUS") else {
        return;
    };
    let (mut total, mut wrong, mut unplanned, mut report) = (0, 0, 0, String::new());
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
            match &outcome {
                Outcome::Planned(_) => continue,
                Outcome::UserError(_) => wrong += 1,
                Outcome::NotPlanned { .. } => unplanned += 1,
            }
            let name = file.file_name().map(|n| n.to_string_lossy().into_owned());
            let name = name.unwrap_or_default();
            report += &format!("{name}: {}\n", shown(&outcome, &text));
        }
    }
    println!("{total} queries, {wrong} wrong, {unplanned} not planned\n{report}");
    // Some scripts of others are wrong: a real Flink refuses those too.
    assert!(
        unplanned * 100 <= total && wrong * 100 <= total * 3,
        "{report}"
    );
}

/// Every INSERT that plans can be compared: it is the same as itself, planned again. Shows how long both take, with
/// `--nocapture`.
#[test]
fn every_planned_insert_can_be_compared() {
    let Some(folder) = std::env::var_os("TIDEGATE_CORPUS") else {
        return;
    };
    let (mut total, mut planned, mut report) = (0, 0, String::new());
    let (mut plan_times, mut compare_times) = (Vec::new(), Vec::new());
    for file in scripts(&folder) {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let read = read(&text);
        let (planner, again) = (read.planner(), read.planner());
        for (at, insert) in read.inserts() {
            total += 1;
            let begin = std::time::Instant::now();
            let first = planner.insert(insert, at);
            plan_times.push(begin.elapsed());
            let (Outcome::Planned(first), Outcome::Planned(second)) =
                (first, again.insert(insert, at))
            else {
                continue;
            };
            planned += 1;
            let begin = std::time::Instant::now();
            if let Err(failure) = super::super::same_ungated(&first, &second) {
                report += &format!("{}: {}\n", file.display(), failure.reason);
            }
            compare_times.push(begin.elapsed());
        }
    }
    for (what, times) in [("plan", &mut plan_times), ("compare", &mut compare_times)] {
        times.sort_unstable();
        let at = |percent: usize| times.get(times.len() * percent / 100);
        println!(
            "{what}: median {:?}, 95 % {:?}, longest {:?}",
            at(50),
            at(95),
            times.last()
        );
    }
    println!("{planned} of {total} INSERTs planned");
    assert!(report.is_empty(), "{report}");
}

/// Rewrites every script of the corpus in every role: what is printed is compared with the original.
#[test]
fn every_rewritten_insert_is_the_original() {
    let Some(folder) = std::env::var_os("TIDEGATE_CORPUS") else {
        return;
    };
    let cutover = Cutover(1_704_067_800_000);
    let roles = [
        Role::First,
        Role::Outgoing { cutover },
        Role::Incoming { cutover },
    ];
    let mut report = String::new();
    for file in scripts(&folder) {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        for role in roles {
            let settings = Settings {
                role,
                ..Default::default()
            };
            let rewritten = crate::rewrite(&text, &settings);
            let bugs = rewritten
                .diagnostics
                .iter()
                .filter(|d| d.name == "internal-error");
            for bug in bugs {
                report += &format!("{} {role:?} {bug:?}\n", file.display());
            }
        }
    }
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
