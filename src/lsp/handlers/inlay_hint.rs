use crate::lsp::workspace::Workspace;
use crate::text::Span;
use gen_lsp_types::{InlayHint, InlayHintParams, Label, Tooltip};

pub fn handle(workspace: &Workspace<'_>, params: InlayHintParams) -> Option<Vec<InlayHint>> {
    let (open, client) = (
        workspace.document(&params.text_document.uri)?,
        &workspace.client,
    );
    // Before the first analysis there is nothing to draw, which is not the same as no hints.
    let is_known = open.summary.rewritten.is_some();
    (is_known && client.options.inlay_hints).then_some(())?;
    let range = open.span(params.range, client);
    let hints = open.summary.hints.iter();
    let hints = hints.filter(|hint| range.contains(Span::at(hint.at)));
    let hint = hints.map(|hint| InlayHint {
        position: open.range(Span::at(hint.at), client).start,
        label: Label::String(hint.label.clone()),
        kind: None,
        text_edits: None,
        tooltip: Some(Tooltip::String(hint.tooltip.clone())),
        padding_left: Some(true),
        padding_right: Some(false),
        data: None,
    });
    Some(hint.collect())
}
