use crate::ide;
use crate::lint::rules;
use crate::lsp::own::{GET_REWRITTEN, REWRITTEN, RULE};
use crate::lsp::workspace::Workspace;
use gen_lsp_types::{
    ExecuteCommandParams, TextDocumentContentParams, TextDocumentContentResult,
    TextDocumentIdentifier, Uri,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What a script becomes.
#[derive(Debug, Clone, Serialize)]
pub struct Rewritten {
    /// Null where it cannot be rewritten.
    text: Option<String>,
    /// Why there is no text, in one line.
    message: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Params {
    text_document: TextDocumentIdentifier,
}

/// The document that holds the rewritten text of another one.
pub fn uri(source: &Uri) -> Option<Uri> {
    let mut uri = Uri::parse(&format!("{REWRITTEN}:{}", source.path())).ok()?;
    let encoded: String =
        url::form_urlencoded::byte_serialize(source.as_str().as_bytes()).collect();
    uri.set_query(Some(&encoded));
    Some(uri)
}

pub fn request(workspace: &Workspace<'_>, params: Params) -> Rewritten {
    of(workspace, &params.text_document.uri)
}

fn of(workspace: &Workspace<'_>, uri: &Uri) -> Rewritten {
    let failed = |message: &str| Rewritten {
        text: None,
        message: Some(message.to_owned()),
    };
    let Some(open) = workspace.document(uri) else {
        return failed("the script is not open");
    };
    // Not yet analysed as it is: that is done now.
    let rewritten = match open.is_settled() {
        true => open.summary.rewritten.clone(),
        false => ide::whole(&open.document, &open.around).1.rewritten,
    };
    match rewritten {
        Some(Ok(text)) => Rewritten {
            text: Some(text),
            message: None,
        },
        Some(Err(why)) => failed(&why),
        None => failed("the script was not analysed"),
    }
}

pub fn command(
    workspace: &Workspace<'_>,
    params: ExecuteCommandParams,
) -> Result<Option<Value>, String> {
    if params.command != GET_REWRITTEN {
        return Err(format!("tidegate has no command `{}`", params.command));
    }
    let uri = params.arguments.and_then(|a| a.into_iter().next());
    let uri = uri.and_then(|uri| serde_json::from_value::<Uri>(uri).ok());
    let uri = uri.ok_or("`tidegate.rewritten` takes the URI of a script")?;
    Ok(Some(json!(of(workspace, &uri))))
}

/// The text of a document that only the workspace has.
pub fn content(
    workspace: &Workspace<'_>,
    params: TextDocumentContentParams,
) -> Result<TextDocumentContentResult, String> {
    let uri = params.uri;
    if uri.scheme() == RULE {
        let name = uri.path().trim_start_matches('/').trim_end_matches(".md");
        let rule = rules::find(name).map_err(|error| error.to_string())?;
        return Ok(TextDocumentContentResult { text: rule.page() });
    }
    let source = uri.query().unwrap_or_default().as_bytes();
    let mut source = url::form_urlencoded::parse(source).map(|(key, _)| key.into_owned());
    let source = source.next().and_then(|source| Uri::parse(&source).ok());
    let source = source.ok_or_else(|| format!("{uri} names no script"))?;
    let Rewritten { text, message } = of(workspace, &source);
    let text = text.unwrap_or_else(|| format!("-- {}\n", message.unwrap_or_default()));
    Ok(TextDocumentContentResult { text })
}
