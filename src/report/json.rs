//! One array of objects, each a [`Finding`](super::finding::Finding).

use super::finding::{Checked, Finding};

pub fn render(files: &[Checked<'_>]) -> String {
    let findings: Vec<&Finding<'_>> = files.iter().flat_map(|file| &file.findings).collect();
    pretty(&findings)
}

/// Indented JSON with a line end behind it.
pub(super) fn pretty(value: &impl serde::Serialize) -> String {
    // It fails on maps whose keys are no strings; there are none.
    let mut out = serde_json::to_string_pretty(value).unwrap_or_default();
    out.push('\n');
    out
}
