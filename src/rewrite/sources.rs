use super::{behind_declaration, name_of, renamed};
use crate::plan::{Input, Plan, Predicate, list};
use crate::text::Edit;
use crate::time::{TimeForm, quote};

/// The views that stand right behind tables.
pub fn edits(input: Input<'_>, plan: &Plan, newline: &str) -> Vec<Edit> {
    let edit = |(&table, gate): (&usize, &crate::plan::SourceGate)| {
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
            renamed(input, plan, table, &gate.name),
            list(&gate.columns),
            name_of(input, plan, table),
            predicate.sql(),
        );
        behind_declaration(input, plan, table, &view, newline)
    };
    plan.source_gates.iter().map(edit).collect()
}
