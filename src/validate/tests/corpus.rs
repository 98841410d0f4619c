//! Scripts that others wrote, where there are any: `TIDEGATE_CORPUS` names a folder of them.

use super::super::Outcome;
use super::{read, shown};
use crate::syntax::StatementKind;

#[test]
fn every_query_of_a_correct_script_is_planned() {
    let Some(folder) = std::env::var_os("TIDEGATE_CORPUS") else {
        return;
    };
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the corpus folder")
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "sql"))
        .collect();
    files.sort();
    let (mut planned, mut total, mut report) = (0, 0, String::new());
    for file in files {
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
