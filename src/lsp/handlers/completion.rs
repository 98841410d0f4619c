use crate::ide::{self, CompletionKind};
use crate::lsp::workspace::Workspace;
use gen_lsp_types::{
    CompletionItem, CompletionItemKind, CompletionItemTextEdit, CompletionList, CompletionParams,
    CompletionResponse, InsertTextFormat, TextEdit,
};

pub fn handle(workspace: &Workspace<'_>, params: CompletionParams) -> Option<CompletionResponse> {
    let at = params.text_document_position_params;
    let (open, client) = (
        workspace.document(&at.text_document.uri)?,
        &workspace.client,
    );
    let offset = open.offset(at.position, client);
    let (span, found) = ide::completions(&open.document, &open.around, offset);
    let range = open.range(span, client);
    let item = |found: ide::Completion| {
        let is_snippet = found.is_snippet && client.snippets;
        let new_text = match found.is_snippet && !client.snippets {
            true => ide::without_stops(&found.insert),
            false => found.insert,
        };
        CompletionItem {
            kind: Some(match found.kind {
                CompletionKind::Column => CompletionItemKind::Field,
                CompletionKind::Table => CompletionItemKind::Class,
                CompletionKind::View => CompletionItemKind::Interface,
                CompletionKind::Function => CompletionItemKind::Function,
                CompletionKind::Keyword => CompletionItemKind::Keyword,
                CompletionKind::Option => CompletionItemKind::Property,
                CompletionKind::Value => CompletionItemKind::Value,
                CompletionKind::Snippet => CompletionItemKind::Snippet,
            }),
            sort_text: Some(format!("{}{}", found.rank, found.label)),
            detail: (!found.detail.is_empty()).then_some(found.detail),
            label: found.label,
            insert_text_format: is_snippet.then_some(InsertTextFormat::Snippet),
            text_edit: Some(CompletionItemTextEdit::TextEdit(TextEdit {
                range,
                new_text,
            })),
            ..CompletionItem::default()
        }
    };
    let items = found.into_iter().map(item).collect();
    Some(CompletionResponse::CompletionList(CompletionList {
        items,
        ..CompletionList::default()
    }))
}
