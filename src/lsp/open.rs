use crate::diagnostic::Diagnostic;
use crate::ide::{Document, Findings, Summary, Surroundings};
use crate::text::Span;
use gen_lsp_types::Uri;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A document that the editor has open.
pub struct Open {
    pub uri: Uri,
    pub path: Option<PathBuf>,
    /// The editor's.
    pub version: i32,
    pub document: Document,
    pub around: Arc<Surroundings>,
    pub findings: Findings,
    /// What the last analysis of the whole script said besides findings, moved along with edits.
    pub summary: Summary,
    /// The state that the summary is of.
    summarised: Option<u64>,
    /// Counts its states; what works on an older one sees it here.
    pub revision: Arc<AtomicU64>,
}

impl Open {
    pub fn new(uri: Uri, version: i32, text: String, around: Arc<Surroundings>) -> Self {
        let document = Document::new(text, around.settings.flink);
        Self {
            path: uri.to_file_path().ok(),
            uri,
            version,
            document,
            around,
            findings: Findings::default(),
            summary: Summary::default(),
            summarised: None,
            revision: Arc::default(),
        }
    }

    pub fn at(&self) -> u64 {
        self.revision.load(Ordering::Acquire)
    }

    pub fn next(&self) {
        self.revision.fetch_add(1, Ordering::AcqRel);
    }

    pub fn edit(&mut self, span: Span, text: &str) {
        self.next();
        let changed = self.document.edit(span, text);
        self.summary.edited(&changed);
        self.findings.edited(&self.document, &changed, &self.around);
    }

    /// Another text, or other settings: nothing that was known holds.
    pub fn replace(&mut self, text: String, around: Arc<Surroundings>) {
        self.next();
        self.document = Document::new(text, around.settings.flink);
        self.around = around;
        self.findings = Findings::default();
        self.summary = Summary::default();
    }

    /// What an analysis of the whole document as it is now says.
    pub fn settle(&mut self, said: Vec<Diagnostic>, summary: Summary) {
        self.findings.whole(said);
        self.summary = summary;
        self.summarised = Some(self.at());
    }

    /// Is the summary that of the document as it is now?
    pub fn is_settled(&self) -> bool {
        self.summarised == Some(self.at())
    }

    pub fn found(&self) -> Vec<Diagnostic> {
        self.findings.all()
    }
}
