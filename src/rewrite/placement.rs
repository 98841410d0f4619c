use super::{edited, watermarks};
use crate::catalog::Object;
use crate::plan::{Input, Placed, Plan, RemadeView, WatermarkOption};
use crate::syntax::StatementKind;
use crate::text::{Edit, EditError, EditSet, Span, newline};
use crate::time::quote;

/// The edits that put tables of their own behind those that are read, with all that has to know of them: the
/// script is then read again. None where every watermark goes into its table's definition.
///
/// # Errors
/// [`EditError`] if two decisions touch the same bytes: a bug, never the user's fault.
pub fn place(input: Input<'_>, plan: &Plan) -> Result<EditSet, EditError> {
    if plan.placed.is_empty() {
        return Ok(EditSet::default());
    }
    let newline = newline(input.text);
    let start = |before: usize| input.script.statements[before].span.start;
    // Stars are spelled out before there is anything that they must not show.
    let mut changes = plan.expansions.clone();
    changes.extend(plan.placed.values().flat_map(|p| p.references.clone()));
    let outside = |edit: &Edit| {
        let statements = &input.script.statements;
        let at = statements.partition_point(|s| s.span.start <= edit.span.start);
        input.script.is_outside(at.saturating_sub(1))
    };
    let mut edits: Vec<Edit> = Vec::new();
    for placed in plan.placed.values() {
        let options = plan.options.get(&placed.added.table);
        let table = table(input, placed, options.map_or(&[], |o| o), newline);
        edits.push(Edit::insert(start(placed.before), table));
    }
    for view in &plan.remade {
        let text = remade(input, view, &changes, newline)?;
        edits.push(Edit::insert(start(view.before), text));
    }
    edits.extend(changes.into_iter().filter(|edit| !outside(edit)));
    EditSet::new(edits)
}

/// `CREATE TEMPORARY TABLE … LIKE …`, a blank line behind it.
fn table(input: Input<'_>, placed: &Placed, added: &[WatermarkOption], newline: &str) -> String {
    let repeated = placed
        .repeated
        .iter()
        .map(|span| lines(*span, input, newline));
    let elements: Vec<String> = repeated
        .chain(watermarks::elements(&placed.added))
        .collect();
    let elements = elements.join(&format!(",{newline}  "));
    let options = match placed.options.is_empty() {
        true => String::new(),
        false => format!(" ({})", placed.options.join(" ")),
    };
    let (name, base) = (&placed.name, &placed.base);
    let with = match watermarks::options(added, " = ").join(&format!(",{newline}  ")) {
        none if none.is_empty() => String::new(),
        lines => format!(" WITH ({newline}  {lines}{newline})"),
    };
    format!(
        "CREATE TEMPORARY TABLE {name} ({newline}  {elements}{newline}){with} LIKE {base}{options};{newline}{newline}"
    )
}

/// A part of the text with the line ends of the script.
fn lines(span: Span, input: Input<'_>, newline: &str) -> String {
    let text = span.of(input.text).replace("\r\n", "\n");
    text.replace('\n', newline)
}

/// A view from outside as a temporary one.
fn remade(
    input: Input<'_>,
    remade: &RemadeView,
    changes: &[Edit],
    newline: &str,
) -> Result<String, EditError> {
    let entry = &input.catalog.entries[remade.view];
    let StatementKind::CreateView(view) = &input.script.statements[entry.created].kind else {
        return Ok(String::new());
    };
    let query = edited(input.text, view.query.span, changes)?;
    let query = query.replace('\n', newline);
    let columns = match &entry.object {
        Object::View {
            columns: Some(columns),
        } => {
            let columns: Vec<String> = columns.iter().map(|c| quote(c)).collect();
            format!(" ({})", columns.join(", "))
        }
        _ => String::new(),
    };
    let name = &remade.name;
    Ok(format!(
        "CREATE TEMPORARY VIEW {name}{columns} AS{newline}{query};{newline}{newline}"
    ))
}
