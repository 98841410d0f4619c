//! The rewritten script, read again from its printed bytes, against the original: both plan, the
//! sinks take the columns, and with its gates open the new script is the old one.

use crate::catalog::Catalog;
use crate::config::Settings;
use crate::diagnostic::{Diagnostic, Severity};
use crate::parser;
use crate::plan::{Input, Plan, inserts};
use crate::syntax::Script;
use crate::text::Span;
use crate::validate::{self, Outcome, PlannedInsert, Planner, SamenessFailure};
use crate::{GateState, InsertReport};

/// What is wrong with the original (the user's errors), or with the rewrite (our own).
pub fn check(original: Input<'_>, plan: &Plan, printed: &str) -> Vec<Diagnostic> {
    let again = match Again::read(printed, original.settings) {
        Ok(again) => again,
        Err(bug) => return vec![bug],
    };
    let rewritten = again.input(original.settings);
    let (before, after) = (planner(original), planner(rewritten));
    let (old, new) = (inserts::all(original), inserts::all(rewritten));
    if old.len() != new.len() {
        return vec![bug(
            Span::at(0),
            "the number of INSERTs changed",
            String::new(),
        )];
    }
    let mut diagnostics = Vec::new();
    for (index, (old, new)) in old.into_iter().zip(new).enumerate() {
        let place = old.insert.source.span;
        let first = match before.insert(old.insert, old.statement) {
            Outcome::Planned(planned) => planned,
            Outcome::UserError(errors) => {
                diagnostics.extend(errors);
                continue;
            }
            Outcome::NotPlanned { reason, span } => {
                diagnostics.push(not_validated(span, &reason));
                continue;
            }
        };
        diagnostics.extend(first.warnings.iter().cloned());
        diagnostics.extend(unchecked(place, &first));
        match after.insert(new.insert, new.statement) {
            Outcome::Planned(second) => {
                if let Err(failure) = compare(&plan.inserts[index], &first, &second) {
                    let plans = format!(
                        "{}\noriginal plan:\n{}\nrewritten plan:\n{}",
                        failure.reason, failure.original_plan, failure.rewritten_plan
                    );
                    diagnostics.push(bug(place, "the rewritten query is not the original", plans));
                }
            }
            Outcome::UserError(errors) => {
                let why: Vec<_> = errors.into_iter().map(|e| e.message).collect();
                diagnostics.push(bug(
                    place,
                    "the rewritten query does not plan",
                    why.join("; "),
                ));
            }
            Outcome::NotPlanned { reason, .. } => {
                diagnostics.push(bug(place, "the rewritten query does not plan", reason));
            }
        }
    }
    diagnostics
}

fn planner<'a>(input: Input<'a>) -> Planner<'a> {
    Planner::new(
        input.script,
        input.text,
        input.catalog,
        input.settings.flink,
    )
}

fn compare(
    report: &InsertReport,
    first: &PlannedInsert,
    second: &PlannedInsert,
) -> Result<(), SamenessFailure> {
    match report.gate {
        GateState::Added => validate::same(first, second).map(drop),
        GateState::Absent => validate::same_ungated(first, second),
        // Compared token for token with what would be written; only its bounds change.
        GateState::Standing => Ok(()),
    }
}

/// A script that owns what [`Input`] borrows.
struct Again<'t> {
    text: &'t str,
    script: Script,
    catalog: Catalog,
}

impl<'t> Again<'t> {
    fn read(text: &'t str, settings: &Settings) -> Result<Self, Diagnostic> {
        let (script, errors) = parser::parse(text, settings.flink);
        if let Some(error) = errors.iter().find(|d| d.is_error()) {
            let place = error.span.of(text).to_owned();
            let why = format!("{}, at `{place}`", error.message);
            return Err(bug(Span::at(0), "the rewritten script cannot be read", why));
        }
        let catalog = Catalog::build(&script);
        Ok(Self {
            text,
            script,
            catalog,
        })
    }

    fn input<'a>(&'a self, settings: &'a Settings) -> Input<'a> {
        Input {
            text: self.text,
            script: &self.script,
            catalog: &self.catalog,
            settings,
        }
    }
}

fn bug(place: Span, message: &str, details: String) -> Diagnostic {
    let mut bug = Diagnostic::error(
        "internal-error",
        place,
        format!("tidegate is wrong: {message}"),
    )
    .help("please report this with the script; nothing was written");
    if !details.is_empty() {
        bug = bug.note(details);
    }
    bug
}

fn not_validated(place: Span, reason: &str) -> Diagnostic {
    let message = format!("this query is rewritten but not validated: {reason}");
    Diagnostic::new(Severity::Note, "not-validated", place, message)
}

fn unchecked(place: Span, planned: &PlannedInsert) -> Option<Diagnostic> {
    if planned.unchecked.is_empty() {
        return None;
    }
    let message = format!(
        "not everything here could be checked: {}",
        planned.unchecked.join("; ")
    );
    Some(Diagnostic::new(
        Severity::Note,
        "not-validated",
        place,
        message,
    ))
}
