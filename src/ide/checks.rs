use super::document::{Changed, Document};
use super::slice::Slice;
use super::surroundings::Surroundings;
use super::words::masked;
use super::{Piece, PieceKind};
use crate::diagnostic::Diagnostic;
use crate::examine;
use crate::outside::Outside;
use std::collections::{BTreeMap, BTreeSet};

/// Bytes of statements that hang together and are analysed with each edit; of more, only what the edit touches.
const AT_ONCE: usize = 48 * 1024;

/// What is said of a script because of all its statements: a part of it does not tell.
const OF_THE_WHOLE: &[&str] = &[
    "invalid-ignore",
    "no-alignment",
    "several-jobs",
    "shared-transactional-prefix",
    "state-ttl-divergence",
    "unused-ignore",
    "unused-table",
    "unused-view",
    "unsafe-for-sql-client",
];

/// What is said of a table, or of a setting, because of the statements that read with it.
const BECAUSE_OF_READERS: &[&str] = &[
    "added-watermark",
    "ambiguous-event-time",
    "gate-after-stateful-source",
    "idle-timeout-loss",
    "missing-idle-timeout",
    "missing-watermark",
    "no-event-time",
    "nullable-rowtime",
    "rowtime-precision",
    "short-deletion-delay",
    "sink-without-primary-key",
    "unknown-connector-option",
    "view-before-watermark",
];

/// What is said of a document as it is now.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// Without plans.
    said: Vec<Diagnostic>,
    /// What plans say on top.
    proven: Vec<Diagnostic>,
}

impl Findings {
    /// All of it, in order of position.
    pub fn all(&self) -> Vec<Diagnostic> {
        let mut all: Vec<Diagnostic> = self.said.iter().chain(&self.proven).cloned().collect();
        all.sort_by_key(|d| (d.span, d.name));
        all
    }

    /// After an edit: what hangs together with it is analysed anew, the rest moves along.
    pub fn edited(&mut self, document: &Document, changed: &Changed, around: &Surroundings) {
        moved(&mut self.said, changed);
        moved(&mut self.proven, changed);
        let touched: Vec<usize> = changed.pieces.clone().collect();
        let component = document.component(&touched, AT_ONCE);
        let whole = component.is_some();
        let pieces = component.unwrap_or_else(|| document.upstream(&touched));
        let affected: Vec<&Piece> = match whole {
            true => pieces.iter().map(|at| &document.pieces()[*at]).collect(),
            false => touched.iter().map(|at| &document.pieces()[*at]).collect(),
        };
        let (slice, outside) = around.part(document, &pieces);
        let settings = around.without_plans();
        let found = examine(&outside, &slice.text, &settings, &around.selection).findings;
        let found = masked(&slice.text, found);
        let found = found.into_iter().map(|d| slice.said_of_document(d));
        let is_local = |d: &Diagnostic| {
            let index = affected.partition_point(|p| p.span.start <= d.span.start);
            let piece = index.checked_sub(1).map(|i| affected[i]);
            let Some(piece) = piece.filter(|p| d.span.start < p.span.end) else {
                return false;
            };
            let needs_readers = match piece.kind {
                PieceKind::Session => true,
                PieceKind::Declares(_) => !whole,
                _ => false,
            };
            let of_readers = needs_readers && BECAUSE_OF_READERS.contains(&d.name);
            !of_readers && !OF_THE_WHOLE.contains(&d.name)
        };
        let found: Vec<Diagnostic> = found.filter(is_local).collect();
        self.said.retain(|d| !is_local(d));
        self.said.extend(found);
        self.said.sort_by_key(|d| (d.span, d.name));
    }

    /// What the whole script says, at last.
    pub fn whole(&mut self, said: Vec<Diagnostic>) {
        self.said = said;
    }

    pub fn proven(&mut self, proven: Vec<Diagnostic>) {
        self.proven = proven;
    }
}

fn moved(found: &mut [Diagnostic], changed: &Changed) {
    for diagnostic in found {
        let mut edits = diagnostic.fix.iter().flat_map(|fix| &fix.edits);
        // A fix of another text may be none of this one.
        if edits.any(|e| changed.touches(e.span)) {
            diagnostic.fix = None;
        }
        diagnostic.map_spans(|span| changed.moved(span));
    }
}

/// Plans that were made: for the text of a statement with all that it depends on, what they say.
#[derive(Debug, Clone, Default)]
pub struct Proof {
    by_text: BTreeMap<String, Vec<Diagnostic>>,
    made: usize,
}

impl Proof {
    /// How many are kept.
    pub fn plans(&self) -> usize {
        self.by_text.len()
    }

    /// How many were ever made.
    pub fn made(&self) -> usize {
        self.made
    }
}

/// Plans each INSERT with what it depends on, those that did not change not again. `None` if `go_on` said no before the end.
pub fn prove(
    document: &Document,
    around: &Surroundings,
    known: &mut Proof,
    go_on: &dyn Fn() -> bool,
) -> Option<Vec<Diagnostic>> {
    let mut found = Vec::new();
    let mut still = BTreeMap::new();
    for (at, piece) in document.pieces().iter().enumerate() {
        if piece.kind != PieceKind::Reads {
            continue;
        }
        if !go_on() {
            known.by_text.append(&mut still);
            return None;
        }
        let pieces = document.upstream(&[at]);
        let slice = document.slice(&pieces);
        let said = match known
            .by_text
            .remove(&slice.text)
            .or_else(|| still.get(&slice.text).cloned())
        {
            Some(said) => said,
            None => {
                known.made += 1;
                let (slice, outside) = around.part(document, &pieces);
                proven(&outside, &slice, around)
            }
        };
        let of_document = said.iter().cloned().map(|d| slice.said_of_document(d));
        found.extend(of_document);
        still.insert(slice.text, said);
    }
    known.by_text = still;
    found.sort_by(|a, b| (a.span, a.name, &a.message).cmp(&(b.span, b.name, &b.message)));
    // What stands in a view is said of each that reads it.
    found.dedup();
    Some(found)
}

/// What plans say of a slice on top of what is said without them.
fn proven(outside: &Outside, slice: &Slice, around: &Surroundings) -> Vec<Diagnostic> {
    let settings = around.without_plans();
    let plain = examine(outside, &slice.text, &settings, &around.selection).findings;
    let plain: BTreeSet<_> = plain.iter().map(|d| (d.span, d.name, &d.message)).collect();
    let all = examine(outside, &slice.text, &around.settings, &around.selection).findings;
    let new = |d: &Diagnostic| {
        !plain.contains(&(d.span, d.name, &d.message)) && !OF_THE_WHOLE.contains(&d.name)
    };
    masked(&slice.text, all.into_iter().filter(new).collect())
}
