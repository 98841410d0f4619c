use super::piece::{Ending, Piece, PieceKind, cut};
use super::slice::Slice;
use crate::config::FlinkVersion;
use crate::lexer::{TokenKind, lex};
use crate::text::{LineIndex, Span};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

/// A text that is being written, cut into statements.
#[derive(Debug, Clone)]
pub struct Document {
    text: String,
    version: FlinkVersion,
    lines: LineIndex,
    pieces: Vec<Piece>,
    /// A quote or a comment lacks its end.
    has_open: bool,
    /// The next piece's.
    id: u32,
    /// By a table's or a view's own name: the pieces that declare or change it.
    declared: HashMap<String, BTreeSet<u32>>,
    /// By any name: the pieces that have it.
    mentions: HashMap<String, BTreeSet<u32>>,
}

/// What an edit did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The bytes of the old text that were replaced.
    pub old: Span,
    /// What stands there now; what is behind moved along.
    pub new: Span,
    /// The pieces that are not what they were, by index.
    pub pieces: Range<usize>,
}

impl Changed {
    /// Where a place of the old text is now; of one that was replaced, or a part of it, where that was.
    pub fn moved(&self, span: Span) -> Span {
        let behind = |at: u32| at - self.old.end + self.new.end;
        let start = match span.start {
            at if at <= self.old.start => at,
            at if at >= self.old.end => behind(at),
            _ => self.new.start,
        };
        let end = match span.end {
            at if at <= self.old.start => at,
            at if at >= self.old.end => behind(at),
            _ => self.new.end,
        };
        Span::new(start, end.max(start))
    }

    /// Did it change something of a place, or at its ends?
    pub fn touches(&self, span: Span) -> bool {
        span.start <= self.old.end && self.old.start <= span.end
    }
}

impl Document {
    pub fn new(text: String, version: FlinkVersion) -> Self {
        let mut document = Self {
            lines: LineIndex::new(&text),
            text,
            version,
            pieces: Vec::new(),
            has_open: false,
            id: 0,
            declared: HashMap::new(),
            mentions: HashMap::new(),
        };
        let whole = cut(&document.text, 0, version);
        document.has_open = whole.has_open;
        document.put(0..0, whole.pieces);
        document
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn version(&self) -> FlinkVersion {
        self.version
    }

    pub fn lines(&self) -> &LineIndex {
        &self.lines
    }

    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The piece that a byte offset stands in; at the end of the text the last one.
    pub fn piece_at(&self, offset: u32) -> Option<usize> {
        let index = self.pieces.partition_point(|p| p.span.start <= offset);
        index.checked_sub(1)
    }

    /// Replaces the bytes of `span`, which has to be on character boundaries, and cuts what it touches anew.
    pub fn edit(&mut self, span: Span, replacement: &str) -> Changed {
        // What stands right behind a piece may belong to its last line now.
        let mut first = self.piece_at(span.start.saturating_sub(1)).unwrap_or(0);
        first = first.saturating_sub(1);
        let mut last = self.pieces.partition_point(|p| p.span.start <= span.end);
        let delta = replacement.len() as i64 - span.range().len() as i64;
        let grown = |at: u32| (i64::from(at) + delta) as u32;
        let moved = |s: Span| Span::new(grown(s.start), grown(s.end));
        let start = self.pieces.get(first).map_or(0, |p| p.span.start);
        let old_len = self.text.len() as u32;
        self.text.replace_range(span.range(), replacement);
        self.lines = LineIndex::new(&self.text);
        // More and more of what follows, until the cut ends where an old piece did.
        let mut more = 1;
        let part = loop {
            let old_end = match self.pieces[..last].last() {
                Some(piece) if last < self.pieces.len() => piece.span.end,
                _ => old_len,
            };
            let text = Span::new(start, grown(old_end)).of(&self.text);
            let part = cut(text, start, self.version);
            let line_ends = self.text[grown(old_end) as usize..].starts_with(['\n', '\r']);
            let ends = match part.ending {
                Ending::Closed => true,
                Ending::Comment => line_ends,
                Ending::Unfinished => false,
            };
            if ends || old_end == old_len {
                break part;
            }
            last = (last + more).min(self.pieces.len());
            more *= 2;
        };
        let mut pieces = part.pieces;
        if part.has_open || self.has_open {
            // Where a quote was left out is seen in the whole text only.
            let whole = cut(&self.text, 0, self.version);
            (first, last) = (0, self.pieces.len());
            (pieces, self.has_open) = (whole.pieces, whole.has_open);
        }
        // Those at both ends that are what they were.
        let mut skipped = 0;
        while let (Some(new), Some(old)) = (pieces.get(skipped), self.pieces[first..last].first()) {
            if !new.is_like(old) || new.span != old.span || old.span.end > span.start {
                break;
            }
            (first, skipped) = (first + 1, skipped + 1);
        }
        pieces.drain(..skipped);
        while let (Some(new), Some(old)) = (pieces.last(), self.pieces[first..last].last()) {
            if !new.is_like(old) || new.span != moved(old.span) || old.span.start < span.end {
                break;
            }
            pieces.pop();
            last -= 1;
        }
        for piece in &mut self.pieces[last..] {
            piece.span = moved(piece.span);
        }
        let range = first..first + pieces.len();
        self.put(first..last, pieces);
        Changed {
            old: span,
            new: Span::new(span.start, grown(span.end)),
            pieces: range,
        }
    }

    /// Puts pieces in the place of others.
    fn put(&mut self, range: Range<usize>, mut pieces: Vec<Piece>) {
        for piece in &mut pieces {
            piece.id = self.id;
            self.id += 1;
        }
        for piece in &pieces {
            for name in &piece.names {
                self.mentions
                    .entry(name.clone())
                    .or_default()
                    .insert(piece.id);
            }
            if let Some(name) = piece.object() {
                self.declared
                    .entry(name.to_owned())
                    .or_default()
                    .insert(piece.id);
            }
        }
        let gone: Vec<Piece> = self.pieces.splice(range, pieces).collect();
        for piece in &gone {
            for name in &piece.names {
                remove(&mut self.mentions, name, piece.id);
            }
            if let Some(name) = piece.object() {
                remove(&mut self.declared, name, piece.id);
            }
        }
    }

    /// The pieces that `wanted` depend on, with them, by index: whatever declares a name that one of them has, and so on.
    pub fn upstream(&self, wanted: &[usize]) -> Vec<usize> {
        self.closure(wanted, false, usize::MAX).unwrap_or_default()
    }

    /// The same, with whatever depends on them, and so on; `None` if that is more than `limit` bytes.
    pub fn component(&self, wanted: &[usize], limit: usize) -> Option<Vec<usize>> {
        self.closure(wanted, true, limit)
    }

    fn closure(&self, wanted: &[usize], both_ways: bool, limit: usize) -> Option<Vec<usize>> {
        let index: BTreeMap<u32, usize> = self
            .pieces
            .iter()
            .enumerate()
            .map(|(at, p)| (p.id, at))
            .collect();
        let mut found: BTreeSet<usize> = BTreeSet::new();
        let mut open: Vec<usize> = wanted.to_vec();
        let mut bytes = 0;
        while let Some(at) = open.pop() {
            if !found.insert(at) {
                continue;
            }
            let piece = &self.pieces[at];
            bytes += piece.span.range().len();
            if bytes > limit {
                return None;
            }
            let declaring = piece
                .names
                .iter()
                .filter_map(|name| self.declared.get(name));
            let reading = piece.object().filter(|_| both_ways);
            let reading = reading.and_then(|name| self.mentions.get(name));
            let ids = declaring.chain(reading).flatten();
            open.extend(ids.filter_map(|id| index.get(id)).copied());
        }
        Some(found.into_iter().collect())
    }

    /// Is a table or a view of this name declared or changed?
    pub fn declares(&self, name: &str) -> bool {
        self.declared.contains_key(name)
    }

    pub fn mentions(&self, name: &str) -> bool {
        self.mentions.contains_key(name)
    }

    /// Where the statement set begins that a piece stands in.
    pub fn opening_bracket(&self, piece: usize) -> Option<u32> {
        let before = self.pieces[..piece].iter().rev();
        let bracket = before.into_iter().find(|p| p.kind == PieceKind::Bracket)?;
        let tokens = lex(bracket.span.of(&self.text), self.version);
        let first = tokens.iter().find(|t| !t.kind.is_trivia())?;
        let closes = first
            .span
            .of(bracket.span.of(&self.text))
            .eq_ignore_ascii_case("END");
        (!closes).then_some(bracket.span.start + first.span.start)
    }

    /// Does a comment, a string or a name reach over a byte offset?
    pub fn is_within_token(&self, offset: u32) -> bool {
        let Some(piece) = self.piece_at(offset).map(|at| &self.pieces[at]) else {
            return false;
        };
        let at = offset - piece.span.start;
        let tokens = lex(piece.span.of(&self.text), self.version);
        let within = tokens.iter().find(|t| t.span.start < at && at < t.span.end);
        within.is_some_and(|t| t.kind != TokenKind::Whitespace)
    }

    /// A script of these pieces, and of those that concern all.
    pub fn slice(&self, pieces: &[usize]) -> Slice {
        let wanted: BTreeSet<usize> = pieces.iter().copied().collect();
        let belongs = |(at, piece): &(usize, &Piece)| {
            wanted.contains(at) || piece.kind == PieceKind::Session || piece.ignores_file
        };
        let pieces = self.pieces.iter().enumerate().filter(belongs);
        Slice::new(&self.text, pieces.map(|(_, p)| p.span))
    }
}

fn remove(index: &mut HashMap<String, BTreeSet<u32>>, name: &str, id: u32) {
    if let Some(ids) = index.get_mut(name) {
        ids.remove(&id);
        if ids.is_empty() {
            index.remove(name);
        }
    }
}

impl Piece {
    fn is_like(&self, other: &Self) -> bool {
        self.kind == other.kind && self.names == other.names
    }

    /// The table or view that it declares or changes.
    pub fn object(&self) -> Option<&str> {
        match &self.kind {
            PieceKind::Declares(name) | PieceKind::Changes(name) => Some(name),
            _ => None,
        }
    }
}
