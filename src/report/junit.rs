//! JUnit XML: a test suite for each file, a test case for each diagnostic.
//!
//! An error is a failure. Warnings and notes are skipped test cases, so that the report does not fail where
//! the run did not. A file without diagnostics is a test case that passed.

use super::finding::{Checked, Finding, Position};
use crate::diagnostic::Severity;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

pub fn render(files: &[Checked<'_>]) -> String {
    let mut report = Report::new("tidegate");
    for file in files {
        let mut suite = TestSuite::new(file.name);
        if file.findings.is_empty() {
            let mut passed = TestCase::new("tidegate", TestCaseStatus::success());
            passed.set_classname(file.name);
            suite.add_test_case(passed);
        }
        for finding in &file.findings {
            suite.add_test_case(test_case(finding));
        }
        report.add_test_suite(suite);
    }
    // It is written into memory: that cannot fail.
    report.to_string().unwrap_or_default()
}

fn test_case(finding: &Finding<'_>) -> TestCase {
    let Position { line, column, .. } = finding.location.start;
    let mut status = match finding.severity {
        Severity::Error => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Severity::Warning | Severity::Note => TestCaseStatus::skipped(),
    };
    let place = format!("{}:{line}:{column}", finding.file);
    status
        .set_type(finding.severity.as_str())
        .set_message(&finding.message)
        .set_description(format!("{place}: {}", finding.paragraphs("\n")));
    let mut case = TestCase::new(format!("{} ({line}:{column})", finding.name), status);
    case.set_classname(finding.file);
    // GitLab and others link to the file.
    case.extra.insert("file".into(), finding.file.into());
    case.extra.insert("line".into(), line.to_string().into());
    case
}
