//! What tidegate tells its user about a place in the text.

use crate::text::{Edit, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing has to be done.
    Note,
    /// The script is rewritten, but somebody should look.
    Warning,
    /// The script is not rewritten.
    Error,
}

impl Severity {
    /// As in `tidegate.toml` and in every output.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// How far a fix can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Applicability {
    /// Shown, never applied.
    DisplayOnly,
    /// Keeps the script running, may change its meaning.
    Unsafe,
    /// Keeps the meaning.
    Safe,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What applying it does, as an imperative: "quote the name".
    pub title: String,
    pub edits: Vec<Edit>,
    pub applicability: Applicability,
}

/// A message about a byte range of the user's own text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Kebab-case name of the rule or refusal: stable, one meaning each.
    pub name: &'static str,
    pub severity: Severity,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    pub span: Span,
    /// What stands at `span`; shown beside the underline. May be empty.
    pub label: String,
    /// Other places that matter, each with what it has to do with it.
    pub related: Vec<(Span, String)>,
    /// Why it is so (facts about Flink, with their source).
    pub notes: Vec<String>,
    /// What to do about it; configuration lines are ready to paste.
    pub help: Vec<String>,
    pub fix: Option<Fix>,
}

impl Diagnostic {
    pub fn new(
        severity: Severity,
        name: &'static str,
        span: Span,
        message: impl Into<String>,
    ) -> Self {
        Self {
            name,
            severity,
            message: message.into(),
            span,
            label: String::new(),
            related: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
            fix: None,
        }
    }

    pub fn error(name: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, name, span, message)
    }

    pub fn warning(name: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, name, span, message)
    }

    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    pub fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push((span, text.into()));
        self
    }

    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// Moves every place that it names, as to another text.
    pub fn map_spans(&mut self, to: impl Fn(Span) -> Span) {
        self.span = to(self.span);
        for (span, _) in &mut self.related {
            *span = to(*span);
        }
        for edit in self.fix.iter_mut().flat_map(|fix| &mut fix.edits) {
            edit.span = to(edit.span);
        }
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
