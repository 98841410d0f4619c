use super::rule::{Rule, UnknownRule};
use super::rules;
use crate::config::LintSettings;
use crate::diagnostic::{Diagnostic, Severity};
use std::collections::{BTreeMap, BTreeSet};

/// Stands for every rule.
const ALL: &str = "all";

/// Which rules run, and how grave their findings are.
#[derive(Debug, Clone)]
pub struct Selection {
    runs: BTreeSet<&'static str>,
    severity: BTreeMap<&'static str, Severity>,
    /// Were rules named? Then nothing else is said, but for errors.
    narrowed: bool,
}

impl Selection {
    /// # Errors
    /// [`UnknownRule`] for the first name that is neither a rule's name nor its code, nor `all` where that may stand.
    pub fn new(settings: &LintSettings) -> Result<Self, UnknownRule> {
        let selected = named(&settings.select)?;
        let ignored = named(&settings.ignore)?;
        let by_default = |r: &&Rule| match &settings.select[..] {
            [] => r.finding.by_default,
            _ => selected.contains(r.name()),
        };
        let runs = rules::ALL.iter().filter(by_default).map(Rule::name);
        let mut severity = BTreeMap::new();
        for (name, value) in &settings.severity {
            severity.insert(rules::find(name)?.name(), *value);
        }
        Ok(Self {
            runs: runs.filter(|name| !ignored.contains(name)).collect(),
            severity,
            narrowed: !settings.select.is_empty() && !settings.select.iter().any(|s| s == ALL),
        })
    }

    /// The rules that run unless anything is said.
    pub fn default_rules() -> Self {
        let by_default = rules::ALL.iter().filter(|r| r.finding.by_default);
        Self {
            runs: by_default.map(Rule::name).collect(),
            severity: BTreeMap::new(),
            narrowed: false,
        }
    }

    pub fn runs(&self, rule: &Rule) -> bool {
        self.runs.contains(rule.name())
    }

    /// A diagnostic as it is to be said; `None` if it is not. What no rule stands for cannot be switched off where it is
    /// an error.
    pub fn weighed(&self, mut diagnostic: Diagnostic) -> Option<Diagnostic> {
        let Some(rule) = rules::by_name(diagnostic.name) else {
            return (!self.narrowed || diagnostic.is_error()).then_some(diagnostic);
        };
        if let Some(severity) = self.severity.get(rule.name()) {
            diagnostic.severity = *severity;
        }
        self.runs(rule).then_some(diagnostic)
    }
}

fn named(names: &[String]) -> Result<BTreeSet<&'static str>, UnknownRule> {
    let mut found = BTreeSet::new();
    for name in names {
        match name.as_str() {
            ALL => found.extend(rules::ALL.iter().map(Rule::name)),
            name => drop(found.insert(rules::find(name)?.name())),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    fn selection(select: &[&str], ignore: &[&str]) -> Result<Selection, UnknownRule> {
        let owned = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect();
        Selection::new(&LintSettings {
            select: owned(select),
            ignore: owned(ignore),
            severity: BTreeMap::from([("unused-table".to_owned(), Severity::Error)]),
        })
    }

    fn says(selection: &Selection, name: &'static str, error: bool) -> Option<Severity> {
        let severity = if error {
            Severity::Error
        } else {
            Severity::Warning
        };
        let diagnostic = Diagnostic::new(severity, name, Span::at(0), "m");
        selection.weighed(diagnostic).map(|d| d.severity)
    }

    #[test]
    fn who_is_heard() {
        let default = selection(&[], &[]).unwrap();
        assert_eq!(says(&default, "unused-table", false), Some(Severity::Error));
        assert_eq!(
            says(&default, "on-conflict-needed", false),
            Some(Severity::Warning)
        );
        let ignored = selection(&["all"], &["unused-table"]).unwrap();
        assert_eq!(says(&ignored, "unused-table", true), None);
        assert_eq!(
            says(&ignored, "on-conflict-needed", false),
            Some(Severity::Warning)
        );
        let narrow = selection(&["unused-view"], &[]).unwrap();
        assert_eq!(says(&narrow, "unused-table", false), None);
        assert_eq!(says(&narrow, "on-conflict-needed", false), None);
        assert_eq!(says(&narrow, "syntax-error", true), Some(Severity::Error));
        let by_code = selection(&[rules::by_name("unused-view").unwrap().code], &[]).unwrap();
        assert_eq!(by_code.runs, narrow.runs);
    }

    #[test]
    fn the_nearest_name_is_offered() {
        let error = selection(&["unused-tabel"], &[]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "there is no rule `unused-tabel`; did you mean `unused-table`?"
        );
        assert_eq!(
            selection(&[], &["qqqqqqqqqqqqq"]).unwrap_err().nearest,
            None
        );
    }
}
