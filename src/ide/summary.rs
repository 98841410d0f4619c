use super::document::{Changed, Document};
use super::surroundings::Surroundings;
use super::view::View;
use super::words::{masked, time_of_column};
use crate::diagnostic::Diagnostic;
use crate::plan::inserts;
use crate::syntax::ElementKind;
use crate::text::Span;
use crate::time::TimeForm;
use crate::{Examined, GateState, InsertReport, Rewritten, Verdict, examine};

/// What is to be shown of a whole script besides its findings.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// Above the script: `2 watermarks · 1 gate · exact`. None where nothing is to be gated.
    pub title: Option<String>,
    /// The rewritten script, or why there is none.
    pub rewritten: Option<Result<String, String>>,
    pub hints: Vec<Hint>,
}

/// Bytes of an expression that is shown whole.
const SHORT: usize = 24;

/// A few words between those of the script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Behind this byte.
    pub at: u32,
    pub label: String,
    pub tooltip: String,
}

impl Summary {
    /// What an edit leaves of it; the texts stay until the next analysis.
    pub fn edited(&mut self, changed: &Changed) {
        for hint in &mut self.hints {
            hint.at = changed.moved(Span::at(hint.at)).start;
        }
    }
}

/// Analyses a whole script, without plans of its queries.
pub fn whole(document: &Document, around: &Surroundings) -> (Vec<Diagnostic>, Summary) {
    let text = document.text();
    let settings = around.without_plans();
    let Examined {
        rewritten,
        findings,
    } = examine(around.outside(), text, &settings, &around.selection);
    let view = View::whole(document, around);
    let mut hints = columns(&view);
    hints.extend(verdicts(&view, around, &rewritten.inserts));
    hints.sort_by_key(|h| h.at);
    let summary = Summary {
        title: title(&rewritten),
        hints,
        rewritten: Some(match rewritten.text {
            Some(text) => Ok(text),
            None => Err(why_not(&rewritten.diagnostics)),
        }),
    };
    (masked(text, findings), summary)
}

fn why_not(diagnostics: &[Diagnostic]) -> String {
    let errors = diagnostics.iter().filter(|d| d.is_error());
    let count = errors.clone().count();
    let first = errors
        .map(|d| d.message.as_str())
        .next()
        .unwrap_or_default();
    match count {
        0 | 1 => format!("cannot be rewritten: {first}"),
        _ => format!("cannot be rewritten: {first}, and {} more", count - 1),
    }
}

/// `1 gate`, `2 gates`.
fn count(n: usize, what: &str) -> String {
    match n {
        1 => format!("1 {what}"),
        _ => format!("{n} {what}s"),
    }
}

fn title(rewritten: &Rewritten) -> Option<String> {
    let inserts = &rewritten.inserts;
    let gated = |i: &&InsertReport| i.gate != GateState::Absent;
    let gates = inserts.iter().filter(gated).count();
    if inserts.is_empty() {
        return None;
    }
    let worst = match () {
        () if rewritten.text.is_none() => "cannot be rewritten",
        () if inserts
            .iter()
            .any(|i| matches!(i.verdict, Verdict::BestEffort { .. })) =>
        {
            "best-effort"
        }
        () if gates == 0 => "left alone",
        () => "exact",
    };
    let watermarks = count(rewritten.watermarks_added, "watermark");
    Some(format!("{watermarks} · {} · {worst}", count(gates, "gate")))
}

/// Behind each column of a table that is a rowtime or a processing time.
fn columns(view: &View) -> Vec<Hint> {
    let catalog = &view.read.catalog;
    let mut hints = Vec::new();
    for (id, statement) in view.read.script.statements.iter().enumerate() {
        let Some(entry) = catalog.declared_by(id) else {
            continue;
        };
        let Some(table) = catalog.entries[entry].table() else {
            continue;
        };
        for element in statement.kind.elements() {
            let ElementKind::Column(column) = &element.kind else {
                continue;
            };
            let Some(known) = table.column(&column.name.value) else {
                continue;
            };
            let said = time_of_column(view, entry, known);
            let place = view.to_document(element.span);
            if let (Some((label, tooltip)), Some(span)) = (said, place) {
                let label = format!(" {label}");
                hints.push(Hint {
                    at: span.end,
                    label,
                    tooltip,
                });
            }
        }
    }
    hints
}

/// Behind the sink of each INSERT.
fn verdicts(view: &View, around: &Surroundings, reports: &[InsertReport]) -> Vec<Hint> {
    let mut hints = Vec::new();
    for place in inserts::all(view.read.input(&around.settings)) {
        let insert = place.insert;
        let spans = (
            view.to_document(insert.span),
            view.to_document(insert.target.span),
        );
        let (Some(span), Some(target)) = spans else {
            continue;
        };
        // Reports are in the order of the script.
        let behind = reports.partition_point(|r| r.span.start <= span.start);
        let report = behind.checked_sub(1).map(|at| &reports[at]);
        let Some(report) = report.filter(|r| r.span.contains(span)) else {
            continue;
        };
        let (verdict, mut tooltip) = verdict(&report.verdict);
        // What the gate compares, before it gets a name of its own.
        let query = (place.statement, insert.source.span.start);
        let time = view
            .read
            .times
            .queries
            .get(&query)
            .and_then(|q| q.gate.as_ref());
        let mut label = format!(" {verdict}");
        if let Some(time) = time.filter(|_| report.gate_time.is_some()) {
            // Editors cut long hints.
            let short = match time.form {
                TimeForm::WindowEnd => "window_end - 1 ms",
                TimeForm::Itself if time.sql.len() <= SHORT => &time.sql,
                TimeForm::Itself => "…",
            };
            label.push_str(&format!(" · gate time {short}"));
            tooltip.push_str(&format!("\ngate time: {}", time.sql));
        }
        hints.push(Hint {
            at: target.end,
            label,
            tooltip,
        });
    }
    hints
}

/// A verdict in a word, and what it means.
pub fn verdict(verdict: &Verdict) -> (&'static str, String) {
    match verdict {
        Verdict::Exact => (
            "exact",
            "no row is lost or doubled, given rows in time and the cutover procedure".to_owned(),
        ),
        Verdict::BestEffort { conditions } => {
            let conditions: Vec<String> = conditions
                .iter()
                .map(|c| format!("- {}", c.message()))
                .collect();
            (
                "best-effort",
                format!("exact but for:\n{}", conditions.join("\n")),
            )
        }
        Verdict::LeftAlone { reason } => ("left alone", (*reason).to_owned()),
        Verdict::Refused { reason } => ("refused", (*reason).to_owned()),
    }
}
