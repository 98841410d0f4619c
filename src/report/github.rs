//! Workflow commands of GitHub Actions, which it shows as annotations of the changed lines:
//! `::error file=…,line=…,col=…,endLine=…,endColumn=…,title=…::message`.
//!
//! Escapes and properties are those of `actions/toolkit` (`packages/core/src/command.ts`). Columns are left out of a
//! place over several lines, because GitHub refuses them there. A step shows ten annotations of each kind.

use super::finding::{Checked, Finding};
use crate::diagnostic::Severity;

pub fn render(files: &[Checked<'_>]) -> String {
    let findings = files.iter().flat_map(|file| &file.findings);
    findings.map(command).collect()
}

fn command(finding: &Finding<'_>) -> String {
    let name = match finding.severity {
        Severity::Note => "notice",
        other => other.as_str(),
    };
    let (start, end) = (finding.location.start, finding.location.end);
    let place = if start.line == end.line {
        format!(
            "line={},col={},endLine={},endColumn={}",
            start.line, start.column, end.line, end.column
        )
    } else {
        format!(
            "line={},endLine={}",
            start.line,
            finding.location.last_line()
        )
    };
    format!(
        "::{name} file={},{place},title={}::{}\n",
        property(finding.file.trim_start_matches("./")),
        property(&format!("tidegate ({})", finding.name)),
        data(&finding.paragraphs("\n")),
    )
}

/// The part after the second `::`.
fn data(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '%' => out += "%25",
            '\r' => out += "%0D",
            '\n' => out += "%0A",
            c => out.push(c),
        }
    }
    out
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
