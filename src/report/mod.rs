//! Diagnostics and rewritten text in the forms that people and their tools read.
//!
//! Architecture invariant: no renderer sees the user's text before [`mask`] has blotted out what
//! looks like a secret, and none prints: each returns a string. Renderers for tools get a
//! [`Finding`](finding::Finding), which holds nothing that is not masked.

pub mod concise;
pub mod diff;
pub mod finding;
mod fingerprint;
pub mod github;
pub mod gitlab;
pub mod human;
pub mod json;
pub mod json_lines;
pub mod junit;
pub mod mask;
pub mod sarif;

use crate::diagnostic::Diagnostic;
use finding::Checked;
use std::fmt;
use std::str::FromStr;

/// What was found in one file.
#[derive(Debug, Clone, Copy)]
pub struct FileReport<'a> {
    /// As it is called in messages: a path with `/` between its parts, or `<stdin>`.
    pub name: &'a str,
    /// What the diagnostics are about, without a byte order mark.
    pub text: &'a str,
    /// In the order in which they are to be shown.
    pub diagnostics: &'a [Diagnostic],
}

/// What is known of the rule that a diagnostic is named after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleInfo {
    /// [`Diagnostic::name`].
    pub name: &'static str,
    /// A short name that stays, as `TG001`.
    pub code: Option<&'static str>,
    /// What the rule is about, in one line.
    pub summary: String,
    /// The same at length, as Markdown without HTML.
    pub doc: String,
}

/// How diagnostics are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// With the place in the text and the fix, for people.
    Human,
    /// One line for each diagnostic.
    Concise,
    /// One array of objects.
    Json,
    /// One object on each line.
    JsonLines,
    /// SARIF 2.1.0, which code scanning services read.
    Sarif,
    /// Workflow commands, which GitHub Actions shows beside the changed lines.
    Github,
    /// GitLab's Code Quality report.
    Gitlab,
    /// JUnit XML, one test suite for each file.
    Junit,
}

impl Format {
    pub const ALL: [Format; 8] = [
        Format::Human,
        Format::Concise,
        Format::Json,
        Format::JsonLines,
        Format::Sarif,
        Format::Github,
        Format::Gitlab,
        Format::Junit,
    ];

    /// As on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Format::Human => "human",
            Format::Concise => "concise",
            Format::Json => "json",
            Format::JsonLines => "json-lines",
            Format::Sarif => "sarif",
            Format::Github => "github",
            Format::Gitlab => "gitlab",
            Format::Junit => "junit",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// There is no such [`Format`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no output format; it is one of {names}", names = names())]
pub struct UnknownFormat(pub String);

fn names() -> String {
    Format::ALL.map(|f| format!("`{f}`")).join(", ")
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Format, UnknownFormat> {
        let found = Format::ALL.into_iter().find(|f| f.name() == name);
        found.ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

/// The diagnostics of all files in one format: a whole document, with a line end at its end, or nothing at
/// all where the format has nothing to say of files without diagnostics.
///
/// `rule` tells of a name what is known of its rule; the answer for one name is always the same. What
/// [`Format::Human`] gives has terminal colours; whoever prints it strips them where they are not wanted.
pub fn render(
    format: Format,
    files: &[FileReport<'_>],
    rule: &dyn Fn(&str) -> Option<RuleInfo>,
) -> String {
    let checked = || -> Vec<Checked<'_>> {
        let checked = files.iter().map(|file| Checked::new(file, rule));
        checked.collect()
    };
    match format {
        Format::Human => human::render(files),
        Format::Concise => concise::render(&checked()),
        Format::Json => json::render(&checked()),
        Format::JsonLines => json_lines::render(&checked()),
        Format::Sarif => sarif::render(&checked(), rule),
        Format::Github => github::render(&checked()),
        Format::Gitlab => gitlab::render(&checked()),
        Format::Junit => junit::render(&checked()),
    }
}

#[cfg(test)]
mod tests;
