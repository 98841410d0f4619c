use crate::ide::{self, FoldKind};
use crate::lsp::server::Server;
use gen_lsp_types::{FoldingRange, FoldingRangeKind, FoldingRangeParams};

pub fn handle(server: &Server<'_>, params: FoldingRangeParams) -> Option<Vec<FoldingRange>> {
    let open = server.document(&params.text_document.uri)?;
    let folds = ide::folds(&open.document).into_iter().map(|fold| {
        let range = open.range(fold.span, &server.client);
        FoldingRange {
            start_line: range.start.line,
            end_line: range.end.line,
            kind: (fold.kind == FoldKind::Comment).then_some(FoldingRangeKind::Comment),
            ..FoldingRange::default()
        }
    });
    Some(folds.collect())
}
