use super::{behind_line_comment, interval};
use crate::plan::{AddedWatermark, Attachment, Input, Plan};
use crate::syntax::{CreateTable, StatementKind};
use crate::text::Edit;
use crate::time::quote;

/// The clauses that go into the tables' definitions.
pub fn edits(input: Input<'_>, plan: &Plan, newline: &str) -> Vec<Edit> {
    let in_place = |added: &&AddedWatermark| {
        !plan.placed.contains_key(&added.table) && !plan.carried.contains_key(&added.table)
    };
    let of = |added: &AddedWatermark| {
        let entry = &input.catalog.entries[added.table];
        match &input.script.statements[entry.created].kind {
            StatementKind::CreateTable(create) => into_table(input, create, added, newline),
            _ => Vec::new(),
        }
    };
    plan.watermarks
        .iter()
        .filter(in_place)
        .flat_map(of)
        .collect()
}

/// The expression of an added watermark.
pub fn expression(added: &AddedWatermark) -> String {
    let column = quote(&added.time.column);
    match added.delay_ms {
        0 => column,
        ms => format!("{column} - {}", interval(ms)),
    }
}

/// The elements to add: the hidden column, if there is one, and the clause.
pub(super) fn elements(added: &AddedWatermark) -> Vec<String> {
    let (column, definition) = match &added.attachment {
        Attachment::Column(name) => (quote(name), None),
        Attachment::Hidden { name, definition } => {
            (quote(name), Some(format!("{} {definition}", quote(name))))
        }
    };
    let time = expression(added);
    definition
        .into_iter()
        .chain([format!("WATERMARK FOR {column} AS {time}")])
        .collect()
}

fn into_table(
    input: Input<'_>,
    create: &CreateTable,
    added: &AddedWatermark,
    newline: &str,
) -> Vec<Edit> {
    let new = elements(added);
    let Some(list) = &create.elements else {
        let inner = new.join(&format!(",{newline}  "));
        let text = format!(" ({newline}  {inner}{newline})");
        return vec![Edit::insert(create.name.span.end, text)];
    };
    let Some(last) = list.elements.last() else {
        return Vec::new();
    };
    let text = input.text;
    let line_start = text[..last.span.start as usize]
        .rfind(['\n', '\r'])
        .map_or(0, |i| i + 1);
    let before = &text[line_start..last.span.start as usize];
    // An element that shares its line with the opening parenthesis or with others: a one-line list.
    if line_start <= list.open.start as usize {
        return vec![Edit::insert(last.span.end, format!(", {}", new.join(", ")))];
    }
    let indent: String = before.chars().take_while(|c| c.is_whitespace()).collect();
    let at = behind_line_comment(&input.script.tokens, text, last.span.end);
    if before.trim_start().starts_with(',') {
        // Commas lead the lines here.
        let gap: String = before.trim_start()[1..]
            .chars()
            .take_while(|c| c.is_whitespace())
            .collect();
        let lines = new.iter().map(|e| format!("{newline}{indent},{gap}{e}"));
        return vec![Edit::insert(at, lines.collect::<String>())];
    }
    let lines = format!(
        "{newline}{indent}{}",
        new.join(&format!(",{newline}{indent}"))
    );
    if at == last.span.end {
        return vec![Edit::insert(at, format!(",{lines}"))];
    }
    vec![Edit::insert(last.span.end, ","), Edit::insert(at, lines)]
}
