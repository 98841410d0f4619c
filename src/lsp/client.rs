use crate::text::Encoding;
use gen_lsp_types::{InitializeParams, PositionEncodingKind};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What the editor can do, and what it wants.
#[derive(Debug, Clone)]
pub struct Client {
    pub encoding: Encoding,
    /// It asks for diagnostics, and can be told to ask again.
    pub pulls_diagnostics: bool,
    pub refreshes_hints: bool,
    pub refreshes_lenses: bool,
    pub refreshes_content: bool,
    pub has_settings: bool,
    pub registers_watchers: bool,
    pub registers_settings: bool,
    /// Versions can be told with edits.
    pub versions_edits: bool,
    pub snippets: bool,
    pub options: Options,
    /// Options of which nobody understands what is said.
    pub misunderstood: Vec<String>,
}

/// `initializationOptions`, and the settings of the section `tidegate`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Options {
    /// Plan queries, in the background.
    pub validate: bool,
    pub inlay_hints: bool,
    pub code_lens: bool,
    /// Stands in for what `tidegate.toml` says.
    pub flink: Option<String>,
    /// Commands that the editor itself carries out.
    pub client_commands: Vec<String>,
    /// Send `tidegate/status`.
    pub status: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            validate: true,
            inlay_hints: true,
            code_lens: true,
            flink: None,
            client_commands: Vec::new(),
            status: false,
        }
    }
}

impl Options {
    /// With what an editor says of them; what it does not say stays, and so does what it says in a way that nobody
    /// understands: those keys come back.
    pub fn with(&self, said: &Value) -> (Self, Vec<String>) {
        let (mut options, mut wrong) = (self.clone(), Vec::new());
        for (key, value) in said.as_object().into_iter().flatten() {
            let mut all = json!(options);
            all[key] = value.clone();
            match serde_json::from_value(all) {
                Ok(changed) => options = changed,
                Err(_) => wrong.push(key.clone()),
            }
        }
        (options, wrong)
    }
}

impl Client {
    pub fn new(params: &InitializeParams) -> Self {
        let capabilities = &params.capabilities;
        let general = capabilities.general.as_ref();
        let encodings = general.and_then(|g| g.position_encodings.as_deref());
        // UTF-16 is what every editor knows; bytes are what places are here.
        let encoding = match encodings
            .unwrap_or_default()
            .contains(&PositionEncodingKind::UTF8)
        {
            true => Encoding::Utf8,
            false => Encoding::Utf16,
        };
        let text = capabilities.text_document.as_ref();
        let workspace = capabilities.workspace.as_ref();
        let pulls = text.is_some_and(|t| t.diagnostic.is_some());
        let refreshes = workspace
            .and_then(|w| w.diagnostics.as_ref())
            .and_then(|d| d.refresh_support);
        let items = text
            .and_then(|t| t.completion.as_ref())
            .and_then(|c| c.completion_item.as_ref());
        let watchers = workspace.and_then(|w| w.did_change_watched_files.as_ref());
        let changes = workspace.and_then(|w| w.did_change_configuration.as_ref());
        let edits = workspace.and_then(|w| w.workspace_edit.as_ref());
        let said = params.initialization_options.as_ref();
        let (options, misunderstood) = Options::default().with(said.unwrap_or(&Value::Null));
        Self {
            encoding,
            pulls_diagnostics: pulls && refreshes == Some(true),
            refreshes_hints: workspace
                .and_then(|w| w.inlay_hint.as_ref()?.refresh_support)
                .unwrap_or(false),
            refreshes_lenses: workspace
                .and_then(|w| w.code_lens.as_ref()?.refresh_support)
                .unwrap_or(false),
            refreshes_content: workspace.is_some_and(|w| w.text_document_content.is_some()),
            has_settings: workspace.and_then(|w| w.configuration).unwrap_or(false),
            registers_watchers: watchers
                .and_then(|w| w.dynamic_registration)
                .unwrap_or(false),
            registers_settings: changes
                .and_then(|c| c.dynamic_registration)
                .unwrap_or(false),
            versions_edits: edits.and_then(|e| e.document_changes).unwrap_or(false),
            snippets: items.and_then(|i| i.snippet_support).unwrap_or(false),
            options,
            misunderstood,
        }
    }

    pub fn carries_out(&self, command: &str) -> bool {
        self.options.client_commands.iter().any(|c| c == command)
    }
}
