use super::behind_line_comment;
use super::siblings::renamed;
use crate::plan::{Input, Plan, Predicate, list};
use crate::text::Edit;
use crate::time::quote;

/// The views that stand right behind tables.
pub fn edits(input: Input<'_>, plan: &Plan, newline: &str) -> Vec<Edit> {
    let edit = |(&table, gate): (&usize, &crate::plan::SourceGate)| {
        let entry = &input.catalog.entries[table];
        let statement = &input.script.statements[entry.created];
        let rowtime = quote(&gate.rowtime);
        let predicate = Predicate {
            time: &rowtime,
            pinned: gate.pinned,
            bounds: &gate.bounds,
            newline,
        };
        let view = format!(
            "CREATE TEMPORARY VIEW {} AS{newline}SELECT {}{newline}FROM {}{};",
            renamed(input, &entry.name, &gate.name),
            list(&gate.columns),
            entry.name.span.of(input.text),
            predicate.sql(),
        );
        let end = statement.semicolon.map_or(statement.span.end, |s| s.end);
        let at = behind_line_comment(&input.script.tokens, input.text, end);
        Edit::insert(at, format!("{newline}{newline}{view}"))
    };
    plan.source_gates.iter().map(edit).collect()
}
