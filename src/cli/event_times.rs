//! `tidegate debug event-times DIR`: which event time each table of a folder's scripts gets, one line a table, for a
//! reader who wants to judge the choices.

use super::args::PlanArgs;
use super::files::{Script, scripts_below, show};
use super::{Outcome, output};
use anyhow::Result;
use std::collections::BTreeMap;
use tidegate::explain::{OfferedTime, TableTime};

/// # Errors
/// If a file cannot be read, or a configuration is wrong.
pub fn run(args: &PlanArgs) -> Result<Outcome> {
    args.settings.check()?;
    let paths = match args.file.is_dir() {
        true => scripts_below(&args.file)?,
        false => vec![args.file.clone()],
    };
    output::line("script\ttable\tneed\tdecision\tchosen\tdefinition\tothers\tnot")?;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for path in paths {
        let settings = args.settings.for_script(Some(&path))?;
        let script = Script::read(&path, None)?;
        let Some(explanation) = tidegate::explain(&script.text, &settings).explanation else {
            continue;
        };
        let name = path.strip_prefix(&args.file).unwrap_or(&path);
        for table in &explanation.tables {
            let source = explanation.sources.iter();
            let mut source = source.filter(|s| s.place == table.place);
            let rowtime = source.next().and_then(|s| s.rowtime.as_ref());
            let definition = rowtime.map(|r| r.definition.clone().unwrap_or_default());
            let (decision, line) = line(table, &definition.unwrap_or_default());
            output::line(&format!("{}\t{line}", show(name)))?;
            *counts.entry(decision).or_default() += 1;
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(name, n)| (std::cmp::Reverse(*n), name.clone()));
    for (name, n) in counts {
        output::line(&format!("# {n:6}  {name}"))?;
    }
    Ok(Outcome::Clean)
}

/// What was decided, and the table's line.
fn line(table: &TableTime, definition: &str) -> (String, String) {
    let chosen = table.candidates.iter().find(|c| c.chosen);
    let needed = table.need == "stream";
    let decision = match chosen {
        Some(chosen) => format!("given: {}", chosen.strategy),
        None if needed && table.candidates.is_empty() => "nothing to offer".to_owned(),
        None if needed => "asked".to_owned(),
        None => format!("none needed: {}", table.need),
    };
    let offered = |c: &OfferedTime| format!("{} {} ({})", c.name, c.data_type, c.score);
    let mut columns = vec![table.table.clone(), table.need.clone(), decision.clone()];
    if needed {
        let others = table.candidates.iter().filter(|c| !c.chosen);
        let others: Vec<String> = others.map(offered).collect();
        let not: Vec<&str> = table.passed_over.iter().map(|c| c.name.as_str()).collect();
        columns.push(chosen.map_or_else(String::new, offered));
        columns.push(definition.to_owned());
        columns.push(others.join(", "));
        columns.push(not.join(", "));
    }
    let one_line = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let columns: Vec<String> = columns.into_iter().map(one_line).collect();
    (decision, columns.join("\t"))
}
