use crate::ide::{self, Place};
use crate::lsp::convert::range;
use crate::lsp::open::Open;
use crate::lsp::workspace::Workspace;
use crate::text::{LineIndex, Span};
use gen_lsp_types as lsp;
use gen_lsp_types::Uri;
use std::path::Path;

fn at<'s>(
    workspace: &'s Workspace<'_>,
    params: &lsp::TextDocumentPositionParams,
) -> Option<(&'s Open, u32)> {
    let open = workspace.document(&params.text_document.uri)?;
    Some((open, open.offset(params.position, &workspace.client)))
}

pub fn definition(
    workspace: &Workspace<'_>,
    params: lsp::DefinitionParams,
) -> Option<lsp::DefinitionResponse> {
    let (open, offset) = at(workspace, &params.text_document_position_params)?;
    let declaration = ide::definition(&open.document, &open.around, offset)?;
    let location = match declaration.place {
        Place::Here(span) => open.location(span, &workspace.client),
        Place::Outside { file, line, column } => {
            let path = std::path::absolute(Path::new(&file)).ok()?;
            let text = workspace.text(&path)?;
            let lines = LineIndex::new(&text);
            let start = lines.line_start(line as usize - 1);
            let before: String = text[start as usize..]
                .chars()
                .take(column as usize - 1)
                .collect();
            let start = start + before.len() as u32;
            let length = declaration.name.len() as u32;
            let span = Span::new(start, (start + length).min(text.len() as u32));
            lsp::Location {
                uri: Uri::from_file_path(&path).ok()?,
                range: range(&text, &lines, span, workspace.client.encoding),
            }
        }
    };
    Some(lsp::DefinitionResponse::Definition(location.into()))
}

pub fn references(
    workspace: &Workspace<'_>,
    params: lsp::ReferenceParams,
) -> Option<Vec<lsp::Location>> {
    let (open, offset) = at(workspace, &params.text_document_position_params)?;
    let declared = match ide::definition(&open.document, &open.around, offset).map(|d| d.place) {
        Some(Place::Here(span)) if !params.context.include_declaration => Some(span),
        _ => None,
    };
    let found = ide::references(&open.document, &open.around, offset);
    let found = found
        .into_iter()
        .filter(|span| declared.is_none_or(|d| !d.contains(*span)));
    Some(
        found
            .map(|span| open.location(span, &workspace.client))
            .collect(),
    )
}

pub fn prepare(
    workspace: &Workspace<'_>,
    params: lsp::PrepareRenameParams,
) -> Result<Option<lsp::PrepareRenameResult>, String> {
    let Some((open, offset)) = at(workspace, &params.text_document_position_params) else {
        return Ok(None);
    };
    let (span, placeholder) = ide::nameable(&open.document, &open.around, offset)?;
    let range = open.range(span, &workspace.client);
    Ok(Some(
        lsp::PrepareRenamePlaceholder { range, placeholder }.into(),
    ))
}

pub fn rename(
    workspace: &Workspace<'_>,
    params: lsp::RenameParams,
) -> Result<Option<lsp::WorkspaceEdit>, String> {
    let Some((open, offset)) = at(workspace, &params.text_document_position_params) else {
        return Ok(None);
    };
    let edits = ide::rename(&open.document, &open.around, offset, &params.new_name)?;
    Ok(Some(open.workspace_edit(&edits, &workspace.client)))
}
