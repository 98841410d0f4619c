use crate::ide;
use crate::lsp::workspace::Workspace;
use gen_lsp_types::{SelectionRange, SelectionRangeParams};

pub fn handle(
    workspace: &Workspace<'_>,
    params: SelectionRangeParams,
) -> Option<Vec<SelectionRange>> {
    let (open, client) = (
        workspace.document(&params.text_document.uri)?,
        &workspace.client,
    );
    let around = |position| {
        let spans = ide::around(&open.document, open.offset(position, client));
        let outer = |parent: Option<Box<SelectionRange>>, span| {
            let range = open.range(span, client);
            Some(Box::new(SelectionRange { range, parent }))
        };
        let found = spans.into_iter().rev().fold(None, outer);
        found.map(|found| *found)
    };
    params.positions.into_iter().map(around).collect()
}
