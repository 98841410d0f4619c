//! GitLab's Code Quality report, an artifact of the kind `codequality`.
//!
//! The fields are those of <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>: what GitLab
//! reads of Code Climate's format.

use super::finding::{Checked, Finding};
use super::json;
use crate::diagnostic::Severity;
use serde::Serialize;

#[derive(Serialize)]
struct Issue<'a> {
    description: &'a str,
    check_name: &'a str,
    fingerprint: &'a str,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    /// Relative to the repository, without `./`.
    path: &'a str,
    lines: Lines,
}

/// 1-based, both included.
#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

pub fn render(files: &[Checked<'_>]) -> String {
    let findings = files.iter().flat_map(|file| &file.findings);
    let issues: Vec<Issue<'_>> = findings.map(issue).collect();
    json::pretty(&issues)
}

fn issue<'a>(finding: &'a Finding<'_>) -> Issue<'a> {
    Issue {
        description: &finding.message,
        check_name: finding.name,
        fingerprint: &finding.fingerprint,
        // Of info, minor, major, critical and blocker.
        severity: match finding.severity {
            Severity::Note => "info",
            Severity::Warning => "minor",
            Severity::Error => "major",
        },
        location: Location {
            path: finding.file.trim_start_matches("./"),
            lines: Lines {
                begin: finding.location.start.line,
                end: finding.location.last_line(),
            },
        },
    }
}
