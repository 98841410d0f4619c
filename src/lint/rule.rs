use super::Context;
use crate::diagnostic::{Diagnostic, Severity};
use crate::text::Span;

/// A rule as it stands in the list of all rules.
#[derive(Debug)]
pub struct Rule {
    /// Stable: a number is never given twice.
    pub code: &'static str,
    pub finding: &'static Finding,
    /// The text of its file, which starts with its documentation.
    source: &'static str,
}

/// What a rule says, and how it finds out.
#[derive(Debug)]
pub struct Finding {
    /// In kebab case; that of its diagnostics.
    pub name: &'static str,
    /// Unless the configuration says otherwise.
    pub severity: Severity,
    /// Does it run unless it is asked for?
    pub by_default: bool,
    /// It says that something is absent: nothing is said of a script with a statement that cannot be read, nor of one
    /// that only declares.
    pub of_absence: bool,
    pub check: Check,
}

#[derive(Debug, Clone, Copy)]
pub enum Check {
    /// It is looked for.
    Script(fn(&Context<'_>, &mut Vec<Diagnostic>)),
    /// Another stage says it anyway, under the same name.
    Stage,
}

/// The headings of a rule's documentation, in this order. The last two may be left out.
pub const HEADINGS: [&str; 5] = [
    "What it does",
    "Why is this bad?",
    "Example",
    "Fix",
    "Options",
];

/// A name that no rule has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no rule `{name}`{}", .nearest.map_or_else(String::new, |n| format!("; did you mean `{n}`?")))]
pub struct UnknownRule {
    pub name: String,
    pub nearest: Option<&'static str>,
}

impl Finding {
    pub const fn new(name: &'static str, severity: Severity, check: Check) -> Self {
        Self {
            name,
            severity,
            by_default: true,
            of_absence: false,
            check,
        }
    }

    pub const fn off_by_default(mut self) -> Self {
        self.by_default = false;
        self
    }

    pub const fn of_absence(mut self) -> Self {
        self.of_absence = true;
        self
    }

    pub fn at(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.severity, self.name, span, message)
    }
}

impl Rule {
    pub(super) const fn new(
        code: &'static str,
        finding: &'static Finding,
        source: &'static str,
    ) -> Self {
        Self {
            code,
            finding,
            source,
        }
    }

    pub const fn name(&self) -> &'static str {
        self.finding.name
    }

    /// Its documentation as Markdown: one line that says what it is, then [`HEADINGS`].
    pub fn documentation(&self) -> String {
        let lines = self.source.lines();
        let lines = lines.map_while(|line| line.strip_prefix("//!"));
        let mut text = String::new();
        for line in lines {
            text.push_str(line.strip_prefix(' ').unwrap_or(line));
            text.push('\n');
        }
        text
    }

    /// The first line of the documentation.
    /// The documentation under the rule's name and code.
    pub fn page(&self) -> String {
        format!(
            "# {} ({})\n\n{}",
            self.name(),
            self.code,
            self.documentation()
        )
    }

    pub fn summary(&self) -> String {
        let text = self.documentation();
        let line = text.lines().next().unwrap_or_default();
        line.trim_end_matches('.').to_owned()
    }

    /// The SQL blocks under "Example": the first one is found fault with, the second one, if there is one, is not.
    pub fn examples(&self) -> Vec<String> {
        self.blocks("sql")
    }

    /// The configuration with which the examples are true; empty for the one that there is without any.
    pub fn example_configuration(&self) -> String {
        self.blocks("toml").concat()
    }

    /// The blocks of a language under "Example".
    fn blocks(&self, language: &str) -> Vec<String> {
        let text = self.documentation();
        let Some((_, example)) = text.split_once("## Example\n") else {
            return Vec::new();
        };
        let example = example.split("\n## ").next().unwrap_or_default();
        let fence = format!("```{language}\n");
        let blocks = example.split(&fence).skip(1);
        let blocks = blocks.map(|b| b.split("```").next().unwrap_or_default().to_owned());
        blocks.collect()
    }
}
