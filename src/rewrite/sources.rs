use super::behind_statement;
use super::siblings::renamed;
use crate::plan::{Input, Plan, Predicate, list};
use crate::text::Edit;
use crate::time::{TimeForm, quote};

/// The views that stand right behind tables.
pub fn edits(input: Input<'_>, plan: &Plan, newline: &str) -> Vec<Edit> {
    let edit = |(&table, gate): (&usize, &crate::plan::SourceGate)| {
        let entry = &input.catalog.entries[table];
        let rowtime = quote(&gate.rowtime);
        let barrier = TimeForm::Itself.barrier_sql(&rowtime, gate.ty);
        let predicate = Predicate {
            time: &rowtime,
            barrier: &barrier,
            pinned: gate.pinned,
            rule: &gate.rule,
            newline,
        };
        let view = format!(
            "CREATE TEMPORARY VIEW {} AS{newline}SELECT {}{newline}FROM {}{};",
            renamed(input, &entry.name, &gate.name),
            list(&gate.columns),
            entry.name.span.of(input.text),
            predicate.sql(),
        );
        behind_statement(input, entry.created, &view, newline)
    };
    plan.source_gates.iter().map(edit).collect()
}
