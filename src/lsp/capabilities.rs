use super::client::Client;
use super::own::{FIX_ALL, GET_REWRITTEN, REWRITTEN, RULE};
use crate::ide::TOKEN_CLASSES;
use crate::text::Encoding;
use gen_lsp_types as lsp;
use gen_lsp_types::CodeActionKind;

/// What the server does, for this client.
pub fn capabilities(client: &Client) -> lsp::ServerCapabilities {
    let synchronised = lsp::TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(lsp::TextDocumentSyncKind::Incremental),
        save: Some(lsp::Save::Bool(true)),
        ..lsp::TextDocumentSyncOptions::default()
    };
    let kinds = [
        CodeActionKind::QuickFix,
        CodeActionKind::RefactorRewrite,
        CodeActionKind::SourceFixAll,
        CodeActionKind::from(FIX_ALL.to_owned()),
    ];
    let legend = lsp::SemanticTokensLegend {
        token_types: TOKEN_CLASSES.map(|(_, name)| name.to_owned()).to_vec(),
        token_modifiers: Vec::new(),
    };
    let diagnostics = lsp::DiagnosticOptions {
        identifier: Some("tidegate".to_owned()),
        ..lsp::DiagnosticOptions::default()
    };
    lsp::ServerCapabilities {
        position_encoding: Some(match client.encoding {
            Encoding::Utf8 => lsp::PositionEncodingKind::UTF8,
            Encoding::Utf16 => lsp::PositionEncodingKind::UTF16,
        }),
        text_document_sync: Some(synchronised.into()),
        completion_provider: Some(lsp::CompletionOptions {
            trigger_characters: Some([".", "'"].map(str::to_owned).to_vec()),
            ..lsp::CompletionOptions::default()
        }),
        hover_provider: Some(true.into()),
        definition_provider: Some(true.into()),
        references_provider: Some(true.into()),
        document_symbol_provider: Some(true.into()),
        workspace_symbol_provider: Some(true.into()),
        code_action_provider: Some(
            lsp::CodeActionOptions {
                code_action_kinds: Some(kinds.to_vec()),
                ..lsp::CodeActionOptions::default()
            }
            .into(),
        ),
        code_lens_provider: Some(lsp::CodeLensOptions::default()),
        rename_provider: Some(
            lsp::RenameOptions {
                prepare_provider: Some(true),
                ..lsp::RenameOptions::default()
            }
            .into(),
        ),
        folding_range_provider: Some(true.into()),
        selection_range_provider: Some(true.into()),
        inlay_hint_provider: Some(true.into()),
        semantic_tokens_provider: Some(
            lsp::SemanticTokensOptions {
                legend,
                range: Some(true.into()),
                full: Some(true.into()),
                ..lsp::SemanticTokensOptions::default()
            }
            .into(),
        ),
        diagnostic_provider: client.pulls_diagnostics.then(|| diagnostics.into()),
        execute_command_provider: Some(lsp::ExecuteCommandOptions {
            commands: vec![GET_REWRITTEN.to_owned()],
            ..lsp::ExecuteCommandOptions::default()
        }),
        workspace: Some(lsp::WorkspaceOptions {
            workspace_folders: Some(lsp::WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(true.into()),
            }),
            text_document_content: Some(
                lsp::TextDocumentContentOptions {
                    schemes: [REWRITTEN, RULE].map(str::to_owned).to_vec(),
                }
                .into(),
            ),
            ..lsp::WorkspaceOptions::default()
        }),
        ..lsp::ServerCapabilities::default()
    }
}
