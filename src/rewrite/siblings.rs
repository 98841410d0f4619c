use super::{behind_declaration, edited, renamed};
use crate::catalog::Object;
use crate::plan::{Input, Plan, last_part};
use crate::syntax::StatementKind;
use crate::text::{Edit, EditError, Span};
use crate::time::{GATE_TIME, Thread, quote};

/// The copies of views that a gate time is threaded through, each behind its view.
pub fn edits(input: Input<'_>, plan: &Plan, newline: &str) -> Result<Vec<Edit>, EditError> {
    let mut edits = Vec::new();
    for sibling in plan.siblings.values() {
        let entry = &input.catalog.entries[sibling.view];
        let statement = &input.script.statements[entry.created];
        let StatementKind::CreateView(view) = &statement.kind else {
            continue;
        };
        let mut inner = plan.expansions.clone();
        inner.extend(sibling.thread.edits.iter().cloned());
        inner.extend(sibling.expansions.iter().cloned());
        inner.extend(references(input, plan, &sibling.thread));
        let mut query = edited(input.text, view.query.span, &inner)?;
        if plan.first_reads.contains_key(&sibling.view) {
            query = query.replace('\n', newline);
        }
        let name = renamed(input, plan, sibling.view, &sibling.name);
        let columns = match &entry.object {
            Object::View {
                columns: Some(columns),
            } => {
                let added = sibling.adds_column.then_some(GATE_TIME);
                let all = columns.iter().map(String::as_str).chain(added);
                format!(" ({})", all.map(quote).collect::<Vec<_>>().join(", "))
            }
            _ => String::new(),
        };
        let copy = format!("CREATE TEMPORARY VIEW {name}{columns} AS{newline}{query};");
        edits.push(behind_declaration(
            input,
            plan,
            sibling.view,
            &copy,
            newline,
        ));
    }
    Ok(edits)
}

/// The edits that turn references to views and tables into references to their copies and gates.
pub fn references(input: Input<'_>, plan: &Plan, thread: &Thread) -> Vec<Edit> {
    let views = thread.siblings.iter().filter_map(|sibling| {
        let copy = plan.siblings.get(&sibling.key())?;
        reference(input, sibling.reference, &copy.name, sibling.needs_alias)
    });
    let tables = thread.tables.iter().filter_map(|read| {
        let gate = plan.source_gates.get(&read.table)?;
        reference(input, read.reference, &gate.name, read.needs_alias)
    });
    views.chain(tables).collect()
}

/// Puts another object in the place of the last part of a name.
fn reference(input: Input<'_>, place: Span, name: &str, needs_alias: bool) -> Option<Edit> {
    let last = last_part(&input.script.tokens, place)?;
    let mut text = quote(name);
    if needs_alias {
        // Qualified columns go on meaning this relation.
        text = format!("{text} AS {}", last.of(input.text));
    }
    Some(Edit::replace(last, text))
}
