//! What a script is warned of: rules over what the stages before found out.
//!
//! Each rule is a file in [`rules`] with its documentation, its check and its tests. Some only explain what another
//! stage says, so that it can be looked up, selected, ignored and weighed like any other.
//!
//! Architecture invariant: a rule reads and says. Nothing here decides on watermarks or gates, and a fix is a set of
//! edits that somebody else applies.

mod context;
mod fix;
mod rule;
pub mod rules;
mod selection;
mod suppression;
#[cfg(test)]
mod testing;

use context::duration_ms;
pub use context::{Context, Declared};
pub use fix::{Fixed, fix};
pub use rule::{Check, Finding, HEADINGS, Rule, UnknownRule};
pub use selection::Selection;
pub use suppression::suppress;

use crate::diagnostic::Diagnostic;

/// What the selected rules say of a script, in order of the rules.
pub fn run(context: &Context<'_>, selection: &Selection) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let absence = context::shows_absence(context.script);
    let applies = |rule: &&Rule| selection.runs(rule) && (absence || !rule.finding.of_absence);
    for rule in rules::ALL.iter().filter(applies) {
        if let Check::Script(check) = rule.finding.check {
            check(context, &mut found);
        }
    }
    found
}
