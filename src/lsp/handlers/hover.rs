use crate::ide;
use crate::lsp::workspace::Workspace;
use gen_lsp_types::{Contents, Hover, HoverParams, MarkupContent, MarkupKind};

pub fn handle(workspace: &Workspace<'_>, params: HoverParams) -> Option<Hover> {
    let at = params.text_document_position_params;
    let (open, client) = (
        workspace.document(&at.text_document.uri)?,
        &workspace.client,
    );
    let offset = open.offset(at.position, client);
    let hover = ide::hover(&open.document, &open.around, offset)?;
    Some(Hover {
        contents: Contents::MarkupContent(MarkupContent {
            kind: MarkupKind::Markdown,
            value: hover.markdown,
        }),
        range: Some(open.range(hover.span, client)),
    })
}
