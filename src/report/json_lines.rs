//! One object on each line, each a [`Finding`](super::finding::Finding).

use super::finding::Checked;

pub fn render(files: &[Checked<'_>]) -> String {
    let mut out = String::new();
    for finding in files.iter().flat_map(|file| &file.findings) {
        // As in `json`: it cannot fail.
        out += &serde_json::to_string(finding).unwrap_or_default();
        out.push('\n');
    }
    out
}
