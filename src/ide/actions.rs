//! What an editor offers to do at a place.

use super::document::Document;
use super::piece::{Piece, PieceKind};
use super::summary::verdict;
use super::surroundings::Surroundings;
use super::view::View;
use crate::config::Configuration;
use crate::diagnostic::{Applicability, Diagnostic};
use crate::lint::{self, rules};
use crate::parser;
use crate::steps::Steps;
use crate::text::{Edit, Span, newline};
use crate::{GateState, examine, rewrite, rewrite_behind};

/// A change that can be had at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    pub title: String,
    pub kind: ActionKind,
    pub edits: Vec<Edit>,
    /// The finding that it is about, by its index.
    pub finding: Option<usize>,
    /// The first thing to try.
    pub preferred: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionKind {
    /// Mends a finding.
    Fix,
    /// Says that a finding is known.
    Ignore,
    /// Changes the script without being asked to.
    Rewrite,
}

/// Everything that is offered for a range, fixes first.
pub fn actions(
    document: &Document,
    around: &Surroundings,
    findings: &[Diagnostic],
    range: Span,
) -> Vec<Action> {
    let touches = |d: &Diagnostic| d.span.start <= range.end && range.start <= d.span.end;
    let here = || findings.iter().enumerate().filter(|(_, d)| touches(d));
    let mut found: Vec<Action> = here().filter_map(|(index, d)| fix(index, d)).collect();
    found.sort_by_key(|action| !action.preferred);
    found.extend(watermarks(document, around, range.start));
    found.extend(gate(document, around, range.start));
    found.extend(one_job(document, range.start));
    found.extend(here().flat_map(|(index, d)| ignores(document, index, d)));
    found
}

fn fix(index: usize, diagnostic: &Diagnostic) -> Option<Action> {
    let fix = diagnostic.fix.as_ref()?;
    let title = match fix.applicability {
        Applicability::Safe => fix.title.clone(),
        Applicability::Unsafe => format!("{} (may change the meaning)", fix.title),
        Applicability::DisplayOnly => return None,
    };
    Some(Action {
        title,
        kind: ActionKind::Fix,
        edits: fix.edits.clone(),
        finding: Some(index),
        preferred: fix.applicability == Applicability::Safe,
    })
}

fn plain(title: String, kind: ActionKind, edits: Vec<Edit>) -> Action {
    Action {
        title,
        kind,
        edits,
        finding: None,
        preferred: false,
    }
}

/// Every safe fix, round after round, as one edit; `None` where there is none.
pub fn fix_all(document: &Document, around: &Surroundings) -> Option<Edit> {
    let settings = around.without_plans();
    let check = |text: &str| examine(around.outside(), text, &settings, &around.selection).findings;
    let before = document.text();
    let after = lint::fix(before, Applicability::Safe, check).text;
    (after != before).then(|| difference(before, &after))
}

/// The smallest edit that makes one text of another.
fn difference(before: &str, after: &str) -> Edit {
    let start = before
        .char_indices()
        .zip(after.chars())
        .find(|((_, a), b)| a != b)
        .map_or(before.len().min(after.len()), |((at, _), _)| at);
    let tails = before[start..]
        .chars()
        .rev()
        .zip(after[start..].chars().rev());
    let shared: usize = tails
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    let span = Span::new(start as u32, (before.len() - shared) as u32);
    Edit::replace(span, &after[start..after.len() - shared])
}

/// A watermark on each candidate of the CREATE TABLE at a place, the best one first.
fn watermarks(document: &Document, around: &Surroundings, offset: u32) -> Vec<Action> {
    let Some(piece) = declaring(document, offset) else {
        return Vec::new();
    };
    let Some(view) = View::near(document, around, offset) else {
        return Vec::new();
    };
    let candidates = || {
        let last = view.of_document(piece.span.end.saturating_sub(1))?;
        let id = view.read.catalog.declared_by(view.statement(last)?)?;
        let entry = &view.read.catalog.entries[id];
        entry.table().filter(|t| t.watermark.is_none())?;
        let time = view.read.plan.tables.get(&id)?;
        Some((entry.name.path().join("."), time.offer.candidates.clone()))
    };
    let Some((name, candidates)) = candidates() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for candidate in &candidates {
        for lines in candidate.config(&name) {
            // Without the line that names the file.
            let lines = lines.split_once('\n').map_or("", |(_, lines)| lines);
            let Ok(Ok(said)) = Configuration::parse(lines).map(|c| c.for_script(None)) else {
                continue;
            };
            let mut settings = around.without_plans();
            settings.tables.extend(said.settings.tables);
            let steps = Steps {
                outside: view.outside(),
                settings: &settings,
            };
            let Some(edits) = steps.watermarks(&view.read.whole) else {
                continue;
            };
            let edits = edits.edits().iter().filter_map(|edit| {
                let span = view.to_document(edit.span)?;
                // Every `*` is spelled out that a new column would show in; other tables stay.
                let own = piece.span.contains(span);
                let wanted = own || !view.is_in_definition(edit.span);
                wanted.then(|| Edit::replace(span, edit.replacement.clone()))
            });
            let edits: Vec<Edit> = edits.collect();
            if !edits.iter().any(|e| piece.span.contains(e.span)) {
                continue;
            }
            let more = lines.lines().find_map(|l| {
                let (key, value) = l.split_once(" = ")?;
                let asked = ["unit", "format"].contains(&key);
                asked.then(|| format!(" ({key} {value})"))
            });
            let more = more.unwrap_or_default();
            let title = format!(
                "insert a watermark on `{}`{more}: {}",
                candidate.name, candidate.why
            );
            found.push(plain(title, ActionKind::Rewrite, edits));
        }
    }
    found
}

fn declaring(document: &Document, offset: u32) -> Option<&Piece> {
    let at = document.piece_at(offset)?;
    let piece = &document.pieces()[at];
    matches!(piece.kind, PieceKind::Declares(_)).then_some(piece)
}

/// The INSERT at a place behind a gate, with the watermarks that this takes.
fn gate(document: &Document, around: &Surroundings, offset: u32) -> Option<Action> {
    let at = document.piece_at(offset)?;
    let piece = &document.pieces()[at];
    if piece.kind != PieceKind::Reads {
        return None;
    }
    let pieces = document.upstream(&[at]);
    let (slice, outside) = around.part(document, &pieces);
    let settings = around.without_plans();
    let done = rewrite_behind(&outside, &slice.text, &settings);
    let [report] = &done.inserts[..] else {
        return None;
    };
    if report.gate != GateState::Added || done.text.is_none() {
        return None;
    }
    // Views never stand inside of a statement set.
    let opening = document.opening_bracket(at);
    let start = slice.to_document(report.span).start;
    let moved = |span: Span| match opening {
        Some(opening) if span == Span::at(start) => Span::at(opening),
        _ => span,
    };
    let edits = done.edits.edits().iter().map(|edit| {
        let span = moved(slice.to_document(edit.span));
        Edit::replace(span, edit.replacement.clone())
    });
    let edits: Vec<Edit> = edits.collect();
    if shows_elsewhere(document, &pieces, &edits) {
        return None;
    }
    // Another gate may have that name already.
    let is_new = |name: &str| !document.mentions(name) || slice.text.contains(name);
    let view = format!(
        "{}__gate",
        report.sink.rsplit('.').next()?.trim_matches('`')
    );
    is_new(&view).then_some(())?;
    let (word, _) = verdict(&report.verdict);
    let watermarks = match done.watermarks_added {
        0 => String::new(),
        1 => ", with 1 watermark".to_owned(),
        n => format!(", with {n} watermarks"),
    };
    let title = format!("put this INSERT behind a gate ({word}{watermarks})");
    Some(plain(title, ActionKind::Rewrite, edits))
}

/// Might a statement beside these pieces show what the edits add to a table? Nothing spells its `*` out.
fn shows_elsewhere(document: &Document, pieces: &[usize], edits: &[Edit]) -> bool {
    let all = document.pieces();
    let changed = pieces.iter().map(|at| &all[*at]);
    let changed = changed.filter(|p| edits.iter().any(|e| p.span.contains(e.span)));
    let tables: Vec<&str> = changed.filter_map(Piece::object).collect();
    let others = all
        .iter()
        .enumerate()
        .filter(|(at, _)| !pieces.contains(at));
    others.into_iter().any(|(_, piece)| {
        let named = |table: &&str| piece.names.iter().any(|name| name == table);
        let copies = piece.names.iter().any(|n| n.eq_ignore_ascii_case("LIKE"));
        let shows = copies || piece.span.of(document.text()).contains('*');
        shows && tables.iter().any(named)
    })
}

/// All INSERTs as one job, where the one at a place is not the only one.
fn one_job(document: &Document, offset: u32) -> Option<Action> {
    let piece = &document.pieces()[document.piece_at(offset)?];
    if piece.kind != PieceKind::Reads {
        return None;
    }
    let (script, _) = parser::parse(document.text(), document.version());
    let edits = rewrite::one_job(document.text(), &script).ok()?;
    let title = "merge all INSERTs into one statement set".to_owned();
    (!edits.is_empty()).then(|| plain(title, ActionKind::Rewrite, edits))
}

/// Comments that say that a finding is known.
fn ignores(document: &Document, index: usize, diagnostic: &Diagnostic) -> Vec<Action> {
    let Some(rule) = rules::by_name(diagnostic.name) else {
        return Vec::new();
    };
    let (text, name) = (document.text(), rule.name());
    let newline = newline(text);
    let action = |title: String, edit: Edit| Action {
        title,
        kind: ActionKind::Ignore,
        edits: vec![edit],
        finding: Some(index),
        preferred: false,
    };
    let mut found = Vec::new();
    let lines = document.lines();
    let start = lines.line_start(lines.line(diagnostic.span.start));
    if !document.is_within_token(start) {
        let blank = |c: &char| *c == ' ' || *c == '\t';
        let indent: String = text[start as usize..].chars().take_while(blank).collect();
        let comment = format!("{indent}-- tidegate: ignore[{name}]{newline}");
        let title = format!("ignore `{name}` here");
        found.push(action(title, Edit::insert(start, comment)));
    }
    let top = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let comment = format!("-- tidegate: ignore-file[{name}]{newline}");
    let title = format!("ignore `{name}` in this file");
    found.push(action(title, Edit::insert(top, comment)));
    found
}
