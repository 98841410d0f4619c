//! Positions in a text and changes to it. Knows nothing of SQL.

mod compose;
mod edit;
mod line_index;
mod xml;

pub use edit::{Edit, EditError, EditSet, Piece, SourceMap};
pub use line_index::{Encoding, LineCol, LineIndex, Position};
pub use xml::xml;

/// A half-open byte range `[start, end)` of the source text; 0-based.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// An empty span: a position between two bytes.
    pub const fn at(offset: u32) -> Self {
        Self::new(offset, offset)
    }

    /// The smallest span that holds both.
    pub fn cover(self, other: Span) -> Span {
        Span::new(self.start.min(other.start), self.end.max(other.end))
    }

    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The bytes of `text` that this span names.
    ///
    /// # Panics
    /// If the span is not of this text.
    pub fn of(self, text: &str) -> &str {
        &text[self.range()]
    }
}

/// What ends the lines of a text.
pub fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}
