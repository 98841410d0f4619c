use crate::ide::{self, TOKEN_CLASSES};
use crate::lsp::workspace::Workspace;
use crate::text::Span;
use gen_lsp_types::{
    SemanticToken, SemanticTokens, SemanticTokensParams, SemanticTokensRangeParams, Uri,
};

pub fn full(workspace: &Workspace<'_>, params: SemanticTokensParams) -> Option<SemanticTokens> {
    tokens(workspace, &params.text_document.uri, None)
}

pub fn range(
    workspace: &Workspace<'_>,
    params: SemanticTokensRangeParams,
) -> Option<SemanticTokens> {
    tokens(workspace, &params.text_document.uri, Some(params.range))
}

/// Each place relative to the one before, as the protocol counts them.
fn tokens(
    workspace: &Workspace<'_>,
    uri: &Uri,
    range: Option<gen_lsp_types::Range>,
) -> Option<SemanticTokens> {
    let (open, client) = (workspace.document(uri)?, &workspace.client);
    let whole = Span::new(0, open.document.text().len() as u32);
    let range = range.map_or(whole, |range| open.span(range, client));
    let (mut line, mut start) = (0, 0);
    let found = ide::classified(&open.document, &open.around, range);
    let token = found.into_iter().filter_map(|(span, class)| {
        let place = open.range(span, client);
        // Clients take no token over several lines.
        (place.start.line == place.end.line).then_some(())?;
        if place.start.line != line {
            start = 0;
        }
        let token = SemanticToken {
            delta_line: place.start.line - line,
            delta_start: place.start.character - start,
            length: place.end.character - place.start.character,
            token_type: TOKEN_CLASSES.iter().position(|(c, _)| *c == class)? as u32,
            token_modifiers_bitset: 0,
        };
        (line, start) = (place.start.line, place.start.character);
        Some(token)
    });
    Some(SemanticTokens {
        result_id: None,
        data: token.collect(),
    })
}
