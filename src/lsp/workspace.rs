use super::client::Client;
use super::open::Open;
use crate::config::{FlinkVersion, Settings};
use crate::ide::Document;
use gen_lsp_types::Uri;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where settings come from, and the other scripts of the workspace.
pub trait Files {
    /// The settings for a script, which need not be on a disk.
    ///
    /// # Errors
    /// What is wrong with them, for the user.
    fn settings(&self, script: Option<&Path>) -> Result<Settings, Unusable>;

    /// Every script below a folder.
    fn scripts(&self, folder: &Path) -> Vec<PathBuf>;

    /// The text of a script.
    fn read(&self, path: &Path) -> Option<String>;
}

/// Why there are no settings for a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusable(pub String);

/// What there is to answer from.
pub struct Workspace<'a> {
    pub client: Client,
    pub open: BTreeMap<Uri, Open>,
    pub folders: Vec<PathBuf>,
    pub files: &'a dyn Files,
}

impl Workspace<'_> {
    /// The document that a request is about.
    pub fn document(&self, uri: &Uri) -> Option<&Open> {
        self.open.get(uri)
    }

    /// The text of a script as it is: in the editor, or on the disk.
    pub fn text(&self, path: &Path) -> Option<String> {
        let open = self.open.values().find(|o| o.path.as_deref() == Some(path));
        match open {
            Some(open) => Some(open.document.text().to_owned()),
            None => self.files.read(path),
        }
    }

    /// A script that is not open, cut into statements.
    pub fn unopened(&self, path: &Path) -> Option<Document> {
        let text = self.files.read(path)?;
        Some(Document::new(text, FlinkVersion::default()))
    }
}
