//! Places and findings as the protocol has them.

use super::client::Client;
use super::open::Open;
use super::own::RULE;
use crate::diagnostic::{Diagnostic, Severity};
use crate::ide;
use crate::lint::rules;
use crate::text::{Edit, Encoding, LineIndex, Position, Span};
use gen_lsp_types as lsp;
use gen_lsp_types::Uri;

pub fn range(text: &str, lines: &LineIndex, span: Span, encoding: Encoding) -> lsp::Range {
    let position = |at| {
        let Position { line, character } = lines.position(text, at, encoding);
        lsp::Position { line, character }
    };
    lsp::Range {
        start: position(span.start),
        end: position(span.end),
    }
}

impl Open {
    pub fn range(&self, span: Span, client: &Client) -> lsp::Range {
        let document = &self.document;
        range(document.text(), document.lines(), span, client.encoding)
    }

    pub fn offset(&self, position: lsp::Position, client: &Client) -> u32 {
        let lsp::Position { line, character } = position;
        let at = Position { line, character };
        let document = &self.document;
        document
            .lines()
            .offset(document.text(), at, client.encoding)
    }

    pub fn span(&self, range: lsp::Range, client: &Client) -> Span {
        let start = self.offset(range.start, client);
        Span::new(start, self.offset(range.end, client).max(start))
    }

    pub fn location(&self, span: Span, client: &Client) -> lsp::Location {
        lsp::Location {
            uri: self.uri.clone(),
            range: self.range(span, client),
        }
    }

    pub fn diagnostic(&self, diagnostic: &Diagnostic, client: &Client) -> lsp::Diagnostic {
        let related =
            diagnostic
                .related
                .iter()
                .map(|(span, text)| lsp::DiagnosticRelatedInformation {
                    location: self.location(*span, client),
                    message: text.clone(),
                });
        let related: Vec<_> = related.collect();
        let page = rules::by_name(diagnostic.name)
            .filter(|_| client.refreshes_content)
            .and_then(|rule| Uri::parse(&format!("{RULE}:/{}.md", rule.name())).ok());
        lsp::Diagnostic {
            range: self.range(diagnostic.span, client),
            severity: Some(match diagnostic.severity {
                Severity::Error => lsp::DiagnosticSeverity::Error,
                Severity::Warning => lsp::DiagnosticSeverity::Warning,
                Severity::Note => lsp::DiagnosticSeverity::Information,
            }),
            code: Some(lsp::Code::String(diagnostic.name.to_owned())),
            code_description: page.map(|href| lsp::CodeDescription { href }),
            source: Some("tidegate".to_owned()),
            message: lsp::Message::String(ide::message(diagnostic)),
            tags: ide::is_unused(diagnostic).then(|| vec![lsp::DiagnosticTag::Unnecessary]),
            related_information: (!related.is_empty()).then_some(related),
            data: None,
        }
    }

    pub fn text_edit(&self, edit: &Edit, client: &Client) -> lsp::TextEdit {
        lsp::TextEdit {
            range: self.range(edit.span, client),
            new_text: edit.replacement.clone(),
        }
    }

    /// Edits of this state of the document: an editor that knows versions refuses them for any other.
    pub fn workspace_edit(&self, edits: &[Edit], client: &Client) -> lsp::WorkspaceEdit {
        let edits = edits.iter().map(|e| self.text_edit(e, client));
        if !client.versions_edits {
            return lsp::WorkspaceEdit {
                changes: Some([(self.uri.clone(), edits.collect())].into()),
                ..lsp::WorkspaceEdit::default()
            };
        }
        let document = lsp::TextDocumentEdit {
            text_document: lsp::OptionalVersionedTextDocumentIdentifier {
                version: Some(self.version),
                text_document_identifier: lsp::TextDocumentIdentifier {
                    uri: self.uri.clone(),
                },
            },
            edits: edits.map(lsp::Edit::TextEdit).collect(),
        };
        lsp::WorkspaceEdit {
            document_changes: Some(vec![lsp::DocumentChange::TextDocumentEdit(document)]),
            ..lsp::WorkspaceEdit::default()
        }
    }
}
