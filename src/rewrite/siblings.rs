use super::{behind_line_comment, edited};
use crate::catalog::Object;
use crate::lexer::TokenKind;
use crate::plan::{Input, Plan};
use crate::syntax::{CreateView, StatementKind};
use crate::text::{Edit, EditError, Span};
use crate::time::{GATE_TIME, Sibling, quote};

/// The copies of views that a gate time is threaded through, each behind its view.
pub fn edits(input: Input<'_>, plan: &Plan, newline: &str) -> Result<Vec<Edit>, EditError> {
    let mut edits = Vec::new();
    for (&id, sibling) in &plan.siblings {
        let entry = &input.catalog.entries[id];
        let statement = &input.script.statements[entry.created];
        let StatementKind::CreateView(view) = &statement.kind else {
            continue;
        };
        let mut inner = plan.expansions.clone();
        inner.extend(sibling.thread.edits.iter().cloned());
        inner.extend(sibling.expansions.iter().cloned());
        inner.extend(references(input, plan, &sibling.thread.siblings));
        let query = edited(input.text, view.query.span, &inner)?;
        let name = renamed(input, view, &sibling.name);
        let columns = match &entry.object {
            Object::View {
                columns: Some(columns),
            } => {
                let all = columns.iter().map(String::as_str).chain([GATE_TIME]);
                format!(" ({})", all.map(quote).collect::<Vec<_>>().join(", "))
            }
            _ => String::new(),
        };
        let copy = format!("CREATE TEMPORARY VIEW {name}{columns} AS{newline}{query};");
        let end = statement.semicolon.map_or(statement.span.end, |s| s.end);
        let at = behind_line_comment(&input.script.tokens, input.text, end);
        edits.push(Edit::insert(at, format!("{newline}{newline}{copy}")));
    }
    Ok(edits)
}

/// The view's name as it was written, with another last part.
fn renamed(input: Input<'_>, view: &CreateView, name: &str) -> String {
    let last = view.name.parts[view.name.parts.len() - 1].span;
    let qualifier = Span::new(view.name.span.start, last.start).of(input.text);
    format!("{qualifier}{}", quote(name))
}

/// The edits that turn references to views into references to their copies.
pub fn references(input: Input<'_>, plan: &Plan, siblings: &[Sibling]) -> Vec<Edit> {
    let edit = |sibling: &Sibling| {
        let copy = plan.siblings.get(&sibling.view)?;
        let tokens = &input.script.tokens;
        let end = tokens.partition_point(|t| t.span.end <= sibling.reference.end);
        let last = tokens[..end]
            .iter()
            .rev()
            .find(|t| matches!(t.kind, TokenKind::Word | TokenKind::QuotedIdent))?;
        let mut name = quote(&copy.name);
        if sibling.needs_alias {
            // Qualified columns go on meaning this relation.
            name = format!("{name} AS {}", last.span.of(input.text));
        }
        Some(Edit::replace(last.span, name))
    };
    siblings.iter().filter_map(edit).collect()
}
