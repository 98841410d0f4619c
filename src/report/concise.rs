//! One line for each diagnostic: `path:line:col: severity[name] message`, and ` [*]` where a safe fix exists.
//!
//! Line and column are 1-based, the column in characters.

use super::finding::{Checked, Finding, Position};
use crate::diagnostic::Applicability;

pub fn render(files: &[Checked<'_>]) -> String {
    let findings = files.iter().flat_map(|file| &file.findings);
    findings.map(line).collect()
}

fn line(finding: &Finding<'_>) -> String {
    let Position { line, column, .. } = finding.location.start;
    let fix = finding.fix.as_ref();
    let mark = match fix.map(|fix| fix.applicability) {
        Some(Applicability::Safe) => " [*]",
        _ => "",
    };
    format!(
        "{}:{line}:{column}: {}[{}] {}{mark}\n",
        finding.file,
        finding.severity.as_str(),
        finding.name,
        one_line(&finding.message),
    )
}

/// Line ends as blanks: tools that read lines take the next one for another diagnostic.
fn one_line(text: &str) -> String {
    let lines = text.split(['\r', '\n']).map(str::trim);
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    lines.join(" ")
}
