//! Settings of the script that a cutover has to do with.

use super::build::Context;
use super::{Place, Remark};
use crate::catalog::EntryId;
use crate::lexer::TokenKind;
use crate::plan::{IDLE_TIMEOUT, SOURCE_IDLE_TIMEOUT, STATE_TTL};
use crate::syntax::StatementKind;
use crate::text::Span;
use std::collections::BTreeSet;

/// Options of a session or a table, and what they mean while two jobs run side by side.
/// Source: Flink docs, "Configuration" of the Table API, and FLIP-296 for the options of tables.
const OPTIONS: [(&str, &str); 4] = [
    (
        SOURCE_IDLE_TIMEOUT,
        "an idle source no longer holds the watermark back: rows below T that it yields afterwards are lost. \
         No source may be idle while the jobs run side by side",
    ),
    (
        IDLE_TIMEOUT,
        "an idle source no longer holds the watermark back: rows below T that it yields afterwards are lost. \
         No source may be idle while the jobs run side by side",
    ),
    (
        STATE_TTL,
        "state is dropped by the wall clock, in each job at another time: rows that depend on state of that \
         age may differ between the jobs",
    ),
    (
        "table.exec.interval-join.min-cleanup-interval",
        "rows without a partner leave an outer interval join later by this: add it to T before the outgoing \
         job goes",
    ),
];

const TTL_HINT: &str = "state of these inputs is dropped by the wall clock, in each job at another time: rows \
     that depend on state of that age may differ between the jobs";

impl Context<'_> {
    pub fn remarks(&self, sources: &BTreeSet<EntryId>) -> Vec<Remark> {
        let mut found: Vec<(Place, &str, String, &str)> = Vec::new();
        for statement in &self.input.script.statements {
            if let StatementKind::Set(Some(setting)) = &statement.kind {
                let value = &setting.value.value;
                if let Some((name, text)) = about(&setting.key.value, value) {
                    found.push((self.place(statement.span), name, value.clone(), text));
                }
            }
        }
        for id in sources {
            let place = self.place(self.input.catalog.entries[*id].name.span);
            for (key, value) in self.source_options(*id) {
                if let Some((name, text)) = about(&key, &value) {
                    found.push((place, name, value.clone(), text));
                }
            }
        }
        let hints = self.input.script.tokens.iter();
        for hint in hints.filter(|t| t.kind == TokenKind::Hint) {
            let text = hint.span.of(self.input.text);
            if text.to_uppercase().contains("STATE_TTL") {
                found.push((self.place(hint.span), "STATE_TTL", String::new(), TTL_HINT));
            }
        }
        found.sort();
        found.dedup();
        let remark = |(place, name, value, text): (Place, &str, String, &str)| Remark {
            name: name.to_owned(),
            place,
            text: if value.is_empty() {
                text.to_owned()
            } else {
                self.shown(&format!("{value}: {text}"))
            },
        };
        found.into_iter().map(remark).collect()
    }

    /// The options of a table, and those that hints set where an INSERT reads it.
    pub fn source_options(&self, id: EntryId) -> BTreeSet<(String, String)> {
        let declared = self.input.catalog.entries[id].table();
        let mut options: BTreeSet<(String, String)> =
            declared.iter().flat_map(|t| t.options.clone()).collect();
        for span in self.reads(id) {
            let hinted = crate::time::hinted_options(
                self.input.script,
                self.input.text,
                self.input.settings.flink,
                span,
            );
            for (key, value) in hinted {
                // The hint's value takes the place of the declared one.
                options.retain(|(k, _)| *k != key);
                options.insert((key, value));
            }
        }
        options
    }

    fn reads(&self, id: EntryId) -> Vec<Span> {
        let times = self.plan.inserts.iter().filter_map(|r| self.query_time(r));
        times
            .flat_map(|t| &t.facts.operators)
            .filter(|o| o.table == Some(id))
            .map(|o| o.span)
            .collect()
    }
}

/// The remark on an option, unless its value switches it off.
fn about(key: &str, value: &str) -> Option<(&'static str, &'static str)> {
    let digits = value.trim_start_matches(|c: char| !c.is_ascii_digit());
    let off = digits
        .chars()
        .take_while(char::is_ascii_digit)
        .all(|c| c == '0');
    OPTIONS.into_iter().find(|(name, _)| *name == key && !off)
}
