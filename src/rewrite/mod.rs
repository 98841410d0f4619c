//! Decisions and text to new text: edits on the bytes of the source, nothing printed anew.

mod gates;
mod one_job;
mod placement;
mod siblings;
mod sources;
mod watermarks;

pub use one_job::one_job;
pub use placement::place;

use crate::catalog::EntryId;
use crate::lexer::{Token, TokenKind};
use crate::plan::{AddedWatermark, Input, Plan};
use crate::text::{Edit, EditError, EditSet, Span, newline};
use crate::time::quote;

/// The edits that a plan asks for.
///
/// # Errors
/// [`EditError`] if two decisions touch the same bytes: a bug, never the user's fault.
pub fn edits(input: Input<'_>, plan: &Plan) -> Result<EditSet, EditError> {
    let newline = newline(input.text);
    let mut edits = plan.rebound.clone();
    edits.extend(watermarks::edits(input, plan, newline));
    edits.extend(gates::function(input, plan, newline));
    edits.extend(sources::edits(input, plan, newline));
    edits.extend(siblings::edits(input, plan, newline)?);
    edits.extend(gates::edits(input, plan, newline)?);
    // A query that moves into a view takes its stars with it.
    let moved = gates::moved(plan);
    let stays = |edit: &&Edit| !moved.iter().any(|span| span.contains(edit.span));
    edits.extend(plan.expansions.iter().filter(stays).cloned());
    EditSet::new(edits)
}

/// The edits that write one watermark into the definition of its table, for who wants nothing else. None where it does
/// not go there, or where some `*` would then show a column more.
pub fn watermark(input: Input<'_>, plan: &Plan, added: &AddedWatermark) -> Vec<Edit> {
    let elsewhere = plan.placed.contains_key(&added.table);
    let shows = !added.hidden_columns().is_empty() && !plan.expansions.is_empty();
    match elsewhere || shows {
        true => Vec::new(),
        false => watermarks::of(input, added, newline(input.text)),
    }
}

/// A part of the text with the edits that lie in it.
fn edited(text: &str, span: Span, edits: &[Edit]) -> Result<String, EditError> {
    let mut local: Vec<Edit> = Vec::new();
    for edit in edits.iter().filter(|e| span.contains(e.span)) {
        let shifted = Span::new(edit.span.start - span.start, edit.span.end - span.start);
        let edit = Edit::replace(shifted, edit.replacement.clone());
        if !local.contains(&edit) {
            local.push(edit);
        }
    }
    Ok(EditSet::new(local)?.apply(span.of(text))?.0)
}

/// A statement behind the one that declares a table or a view; for one from outside before the first statement
/// that reads it.
fn behind_declaration(
    input: Input<'_>,
    plan: &Plan,
    id: EntryId,
    text: &str,
    newline: &str,
) -> Edit {
    match plan.first_reads.get(&id) {
        Some(before) => {
            let at = input.script.statements[*before].span.start;
            Edit::insert(at, format!("{text}{newline}{newline}"))
        }
        None => behind_statement(input, input.catalog.entries[id].created, text, newline),
    }
}

/// The name of a table or a view, as SQL where [`behind_declaration`] puts a statement.
fn name_of(input: Input<'_>, plan: &Plan, id: EntryId) -> String {
    let entry = &input.catalog.entries[id];
    match plan.first_reads.get(&id) {
        Some(before) => crate::plan::spelled(input, &entry.path, *before),
        None => entry.name.span.of(input.text).to_owned(),
    }
}

/// The same with another last part.
fn renamed(input: Input<'_>, plan: &Plan, id: EntryId, name: &str) -> String {
    let entry = &input.catalog.entries[id];
    if let Some(before) = plan.first_reads.get(&id) {
        let mut path = entry.path.clone();
        path[2] = name.to_owned();
        return crate::plan::spelled(input, &path, *before);
    }
    let object = &entry.name;
    let last = object.parts[object.parts.len() - 1].span;
    let qualifier = Span::new(object.span.start, last.start).of(input.text);
    format!("{qualifier}{}", quote(name))
}

/// A statement of its own behind another one, a blank line before and after.
fn behind_statement(input: Input<'_>, id: usize, text: &str, newline: &str) -> Edit {
    let statement = &input.script.statements[id];
    let end = statement.semicolon.map_or(statement.span.end, |s| s.end);
    let at = behind_line_comment(&input.script.tokens, input.text, end);
    let rest = &input.text[at as usize..];
    let blanks = &rest[..rest.len() - rest.trim_start().len()];
    let parted = blanks.len() == rest.len() || blanks.matches('\n').count() > 1;
    let after = if parted { "" } else { newline };
    Edit::insert(at, format!("{newline}{newline}{text}{after}"))
}

/// Where text can be put behind a token without cutting off a comment that belongs to its line:
/// behind the last comment of the line, or right behind the token if something else follows there.
fn behind_line_comment(tokens: &[Token], text: &str, offset: u32) -> u32 {
    let mut end = offset;
    let first = tokens.partition_point(|t| t.span.start < offset);
    for token in &tokens[first..] {
        match token.kind {
            TokenKind::Whitespace if token.span.of(text).contains(['\n', '\r']) => return end,
            TokenKind::Whitespace => {}
            TokenKind::LineComment => return token.span.end,
            TokenKind::BlockComment => end = token.span.end,
            _ => return offset,
        }
    }
    end
}
