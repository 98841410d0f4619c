//! What is said of a finding, a column or a table, as text.

use super::view::View;
use crate::catalog::{EntryId, TableColumn, TableColumnKind};
use crate::diagnostic::Diagnostic;
use crate::report::mask::Masked;

/// Findings without the values that look like secrets, but for the texts that a fix writes.
pub fn masked(text: &str, mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    if findings.is_empty() {
        return findings;
    }
    let masked = Masked::new(text);
    for finding in &mut findings {
        let texts = finding.notes.iter_mut().chain(&mut finding.help);
        let texts = texts.chain(finding.related.iter_mut().map(|(_, text)| text));
        let texts = texts.chain(finding.fix.iter_mut().map(|fix| &mut fix.title));
        for text in texts.chain([&mut finding.message, &mut finding.label]) {
            *text = masked.message(text);
        }
    }
    findings
}

/// A finding's message with its reasons and what to do.
pub fn message(diagnostic: &Diagnostic) -> String {
    let notes = diagnostic.notes.iter().map(|note| format!("note: {note}"));
    let help = diagnostic.help.iter().map(|help| format!("help: {help}"));
    let parts = std::iter::once(diagnostic.message.clone()).chain(notes);
    parts.chain(help).collect::<Vec<_>>().join("\n")
}

/// Is it about something that could be deleted?
pub fn is_unused(diagnostic: &Diagnostic) -> bool {
    matches!(
        diagnostic.name,
        "unused-table" | "unused-view" | "unused-ignore"
    )
}

/// What a column of a table is in terms of time, in a word and in a sentence.
pub fn time_of_column(
    view: &View,
    table: EntryId,
    column: &TableColumn,
) -> Option<(&'static str, String)> {
    let entry = &view.read.catalog.entries[table];
    if column.kind == (TableColumnKind::Computed { proctime: true }) {
        return Some((
            "proctime",
            "the time at which a row is processed".to_owned(),
        ));
    }
    let declared = entry.table()?.watermark.as_ref();
    if declared.is_some_and(|w| w.column == [column.name.as_str()]) {
        let sentence = "a rowtime: the table's watermark stands on it";
        return Some(("rowtime", sentence.to_owned()));
    }
    let added = view.read.plan.watermark(table)?;
    let is_it = added.chosen.name == column.name;
    is_it.then(|| {
        let sentence = format!("tidegate puts a watermark on it: {}", added.chosen.why);
        ("rowtime (added)", sentence)
    })
}
