//! A diagnostic as tools read it: places as lines, columns and bytes, and nothing that looks like a secret.
//!
//! The fields are those of `--output-format json`, and what the other formats for tools are made from.

use super::fingerprint::Fingerprints;
use super::mask::Masked;
use super::{FileReport, RuleInfo};
use crate::diagnostic::{self, Applicability, Diagnostic, Severity};
use crate::text::{LineCol, LineIndex, Span};
use serde::Serialize;
use std::collections::BTreeMap;

/// A file and what was found in it.
pub struct Checked<'a> {
    /// [`FileReport::name`].
    pub name: &'a str,
    pub findings: Vec<Finding<'a>>,
}

/// One diagnostic. Absent values are `null`, absent lists are empty: every object has every field.
///
/// Values that look like secrets are replaced by `*` in all texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding<'a> {
    /// The file as it was named on the command line, with `/` between its parts; `<stdin>` for standard
    /// input without a name.
    pub file: &'a str,
    /// Kebab-case name of the rule: stable, one meaning each.
    pub name: &'static str,
    /// The short name of the rule, as `TG001`, if it has one.
    pub code: Option<&'static str>,
    /// `error`: the script is not rewritten. `warning`: somebody should look. `note`: worth knowing.
    pub severity: Severity,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    pub location: Location,
    /// What stands at the location, if there is more to say than the message does.
    pub label: Option<String>,
    /// Other places in the same file that matter.
    pub related: Vec<Related>,
    /// Why it is so.
    pub notes: Vec<String>,
    /// What to do about it; may hold line ends.
    pub help: Vec<String>,
    pub fix: Option<Fix>,
    /// 32 hexadecimal digits that tell this finding from all others of a run and stay the same from one run to
    /// the next, also when lines above it come or go: made from the name of the file, the name of the rule, the
    /// text at the location (the line, where the location is empty) with its blanks folded, and how many of the
    /// same came before it in the file.
    pub fingerprint: String,
}

/// A range of the text. `end` is the position after its last character; equal to `start` where the place lies
/// between two characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Location {
    pub start: Position,
    pub end: Position,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Position {
    /// 1-based. Lines end with `\n`, `\r\n` or a lone `\r`, as in Flink.
    pub line: u32,
    /// 1-based, in characters (Unicode scalar values); a tab is one.
    pub column: u32,
    /// 0-based, in bytes of UTF-8 from the start of the text. A byte order mark is no part of the text.
    pub offset: u32,
}

impl Location {
    /// The last line that something of it stands on.
    pub fn last_line(&self) -> u32 {
        let Position { line, column, .. } = self.end;
        match column {
            1 if line > self.start.line => line - 1,
            _ => line,
        }
    }
}

/// Another place that matters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Related {
    pub location: Location,
    /// What it has to do with the finding.
    pub message: String,
}

/// What would mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// What applying it does, as an imperative.
    pub title: String,
    /// `safe`: keeps the meaning. `unsafe`: keeps the script running, may change its meaning. `display-only`: to be
    /// shown, never to be applied; always so where something in the edits had to be masked.
    pub applicability: Applicability,
    /// All on the text as it was; they do not overlap.
    pub edits: Vec<FixEdit>,
}

/// Puts `replacement` in the place of what stands at `location`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FixEdit {
    pub location: Location,
    pub replacement: String,
}

impl Finding<'_> {
    /// Message, label, notes and help as one text, each in a paragraph of its own.
    pub(super) fn paragraphs(&self, between: &str) -> String {
        let mut parts = vec![self.message.clone()];
        parts.extend(self.label.clone());
        parts.extend(self.notes.iter().map(|note| format!("note: {note}")));
        parts.extend(self.help.iter().map(|help| format!("help: {help}")));
        parts.join(between)
    }
}

impl<'a> Checked<'a> {
    pub fn new(file: &FileReport<'a>, rule: &dyn Fn(&str) -> Option<RuleInfo>) -> Checked<'a> {
        let shown = Shown::new(file.text);
        let mut fingerprints = Fingerprints::new(file.name);
        // A rule comes with its whole doc: it is asked for once.
        let mut codes = BTreeMap::new();
        let findings = file.diagnostics.iter().map(|diagnostic| {
            let place = shown.place(diagnostic.span);
            let code = codes
                .entry(diagnostic.name)
                .or_insert_with(|| rule(diagnostic.name).and_then(|rule| rule.code));
            Finding {
                file: file.name,
                code: *code,
                fingerprint: fingerprints.next(diagnostic.name, place),
                ..shown.finding(diagnostic)
            }
        });
        Checked {
            name: file.name,
            findings: findings.collect(),
        }
    }
}

/// A text without its secrets.
struct Shown {
    masked: Masked,
    lines: LineIndex,
}

impl Shown {
    fn new(text: &str) -> Shown {
        let masked = Masked::new(text);
        let lines = LineIndex::new(&masked.text);
        Shown { masked, lines }
    }

    /// File, code and fingerprint are left empty.
    fn finding(&self, diagnostic: &Diagnostic) -> Finding<'static> {
        let message = |text: &String| self.masked.message(text);
        let related = |(span, text): &(Span, String)| Related {
            location: self.location(*span),
            message: message(text),
        };
        Finding {
            file: "",
            name: diagnostic.name,
            code: None,
            severity: diagnostic.severity,
            message: message(&diagnostic.message),
            location: self.location(diagnostic.span),
            label: Some(message(&diagnostic.label)).filter(|label| !label.is_empty()),
            related: diagnostic.related.iter().map(related).collect(),
            notes: diagnostic.notes.iter().map(message).collect(),
            help: diagnostic.help.iter().map(message).collect(),
            fix: diagnostic.fix.as_ref().map(|fix| self.fix(fix)),
            fingerprint: String::new(),
        }
    }

    fn fix(&self, fix: &diagnostic::Fix) -> Fix {
        let edits = fix.edits.iter().map(|edit| FixEdit {
            location: self.location(edit.span),
            replacement: self.masked.message(&edit.replacement),
        });
        let edits: Vec<FixEdit> = edits.collect();
        let whole = std::iter::zip(&edits, &fix.edits).all(|(s, e)| s.replacement == e.replacement);
        Fix {
            title: self.masked.message(&fix.title),
            // Whoever applied it would write the stars.
            applicability: if whole {
                fix.applicability
            } else {
                Applicability::DisplayOnly
            },
            edits,
        }
    }

    fn location(&self, span: Span) -> Location {
        Location {
            start: self.position(span.start),
            end: self.position(span.end.max(span.start)),
        }
    }

    fn position(&self, offset: u32) -> Position {
        let offset = self.masked.text.floor_char_boundary(offset as usize) as u32;
        let LineCol { line, column } = self.lines.line_col(&self.masked.text, offset);
        Position {
            line,
            column,
            offset,
        }
    }

    /// What stands at a place; at one between two characters the line that it is on.
    fn place(&self, span: Span) -> &str {
        let text = &self.masked.text;
        let [start, end] = [span.start, span.end].map(|at| text.floor_char_boundary(at as usize));
        if start < end {
            return &text[start..end];
        }
        let line = self.lines.line(start as u32);
        let start = self.lines.line_start(line) as usize;
        let rest = &text[start..];
        rest.split(['\r', '\n']).next().unwrap_or_default()
    }
}
