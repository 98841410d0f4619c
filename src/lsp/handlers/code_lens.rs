use crate::lsp::server::Server;
use crate::text::Span;
use gen_lsp_types::{CodeLens, CodeLensParams, Command};
use serde_json::json;

/// What the editor itself carries out, if it says so.
const SHOW: &str = "tidegate.showRewritten";
const DIFF: &str = "tidegate.diffRewritten";

pub fn handle(server: &Server<'_>, params: CodeLensParams) -> Option<Vec<CodeLens>> {
    let (open, client) = (server.document(&params.text_document.uri)?, &server.client);
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
    let show = match client.carries_out(SHOW) {
        true => lens(format!("show rewritten · {title}"), SHOW),
        false => lens(title.clone(), ""),
    };
    let diff = client
        .carries_out(DIFF)
        .then(|| lens("diff with rewritten".to_owned(), DIFF));
    Some(std::iter::once(show).chain(diff).collect())
}
