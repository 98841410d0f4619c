use crate::lsp::own::{DIFF_REWRITTEN, SHOW_REWRITTEN};
use crate::lsp::workspace::Workspace;
use crate::text::Span;
use gen_lsp_types::{CodeLens, CodeLensParams, Command};
use serde_json::json;

pub fn handle(workspace: &Workspace<'_>, params: CodeLensParams) -> Option<Vec<CodeLens>> {
    let (open, client) = (
        workspace.document(&params.text_document.uri)?,
        &workspace.client,
    );
    let title = open
        .summary
        .title
        .as_ref()
        .filter(|_| client.options.code_lens)?;
    let lens = |title: String, command: &str| CodeLens {
        range: open.range(Span::at(0), client),
        command: Some(Command {
            title,
            command: command.to_owned(),
            arguments: (!command.is_empty()).then(|| vec![json!(open.uri)]),
            ..Command::default()
        }),
        data: None,
    };
    let show = match client.carries_out(SHOW_REWRITTEN) {
        true => lens(format!("show rewritten · {title}"), SHOW_REWRITTEN),
        false => lens(title.clone(), ""),
    };
    let diff = client
        .carries_out(DIFF_REWRITTEN)
        .then(|| lens("diff with rewritten".to_owned(), DIFF_REWRITTEN));
    Some(std::iter::once(show).chain(diff).collect())
}
