use crate::ide::{self, FoldKind};
use crate::lsp::workspace::Workspace;
use gen_lsp_types::{FoldingRange, FoldingRangeKind, FoldingRangeParams};

pub fn handle(workspace: &Workspace<'_>, params: FoldingRangeParams) -> Option<Vec<FoldingRange>> {
    let open = workspace.document(&params.text_document.uri)?;
    let folds = ide::folds(&open.document).into_iter().map(|fold| {
        let range = open.range(fold.span, &workspace.client);
        FoldingRange {
            start_line: range.start.line,
            end_line: range.end.line,
            kind: (fold.kind == FoldKind::Comment).then_some(FoldingRangeKind::Comment),
            ..FoldingRange::default()
        }
    });
    Some(folds.collect())
}
