use super::Span;
use serde::Serialize;

/// Replaces the bytes of `span` in the source by `replacement`. An empty span inserts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Edit {
    pub span: Span,
    pub replacement: String,
}

impl Edit {
    pub fn insert(offset: u32, text: impl Into<String>) -> Self {
        Self {
            span: Span::at(offset),
            replacement: text.into(),
        }
    }

    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Self {
            span,
            replacement: text.into(),
        }
    }
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum EditError {
    #[error("the edit of bytes {}..{} overlaps that of {}..{}", .0.start, .0.end, .1.start, .1.end)]
    Overlap(Span, Span),
    #[error("the edit of bytes {}..{} is outside of the text", .0.start, .0.end)]
    OutOfBounds(Span),
    #[error("an edit lies beyond the first 4 GiB")]
    TooFar,
}

/// Edits in ascending order of position that do not overlap.
///
/// Several insertions at one offset keep the order in which they were added; an insertion at the
/// start of a replaced span comes before the replacement.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct EditSet(Vec<Edit>);

impl EditSet {
    /// # Errors
    /// [`EditError::Overlap`] if two edits touch the same byte, [`EditError::OutOfBounds`] if one ends
    /// before it starts.
    pub fn new(mut edits: Vec<Edit>) -> Result<Self, EditError> {
        if let Some(edit) = edits.iter().find(|e| e.span.start > e.span.end) {
            return Err(EditError::OutOfBounds(edit.span));
        }
        edits.retain(|e| !(e.span.is_empty() && e.replacement.is_empty()));
        edits.sort_by_key(|e| (e.span.start, e.span.end));
        for pair in edits.windows(2) {
            if pair[0].span.end > pair[1].span.start {
                return Err(EditError::Overlap(pair[0].span, pair[1].span));
            }
        }
        Ok(Self(edits))
    }

    pub fn edits(&self) -> &[Edit] {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same edits for a text with `by` more bytes at its start.
    ///
    /// # Errors
    /// [`EditError::TooFar`] if one of them then lies beyond what 32-bit positions reach.
    pub fn moved(&self, by: u32) -> Result<EditSet, EditError> {
        let moved = |edit: &Edit| {
            let [start, end] = [edit.span.start, edit.span.end].map(|at| at.checked_add(by));
            let span = Span::new(start?, end?);
            Some(Edit::replace(span, edit.replacement.clone()))
        };
        let edits: Option<Vec<Edit>> = self.0.iter().map(moved).collect();
        edits.map(EditSet).ok_or(EditError::TooFar)
    }

    /// The edited text, and where each edit stands in it.
    ///
    /// # Errors
    /// [`EditError::OutOfBounds`] if a span is not on character boundaries of `text`.
    pub fn apply(&self, text: &str) -> Result<(String, SourceMap), EditError> {
        let grown: usize = self.0.iter().map(|e| e.replacement.len()).sum();
        let mut out = String::with_capacity(text.len() + grown);
        let mut pieces = Vec::with_capacity(self.0.len());
        let mut done = 0;
        for edit in &self.0 {
            let kept = text
                .get(done..edit.span.start as usize)
                .filter(|_| text.get(edit.span.range()).is_some())
                .ok_or(EditError::OutOfBounds(edit.span))?;
            out.push_str(kept);
            let start = out.len() as u32;
            out.push_str(&edit.replacement);
            pieces.push(Piece {
                source: edit.span,
                target: Span::new(start, out.len() as u32),
            });
            done = edit.span.end as usize;
        }
        out.push_str(&text[done..]);
        Ok((out, SourceMap(pieces)))
    }
}

/// One edit in both texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Piece {
    pub source: Span,
    pub target: Span,
}

/// Where the edits of a rewrite stand in the source and in the result; everything between is copied.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SourceMap(Vec<Piece>);

impl SourceMap {
    pub fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// The source position of a position in the result. Inside of generated text it is the place
    /// where that text was put.
    pub fn to_source(&self, offset: u32) -> u32 {
        let after = self.0.partition_point(|p| p.target.start <= offset);
        match after.checked_sub(1).map(|i| self.0[i]) {
            None => offset,
            Some(p) if offset < p.target.end => p.source.start,
            Some(p) => offset - p.target.end + p.source.end,
        }
    }

    /// The source range of a range in the result.
    pub fn span_to_source(&self, span: Span) -> Span {
        let start = self.to_source(span.start);
        Span::new(start, self.to_source(span.end).max(start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn insertions_at_one_place_keep_their_order() {
        let set = EditSet::new(vec![
            Edit::insert(1, "x"),
            Edit::replace(Span::new(1, 2), "B"),
            Edit::insert(1, "y"),
        ])
        .unwrap();
        assert_eq!(set.apply("abc").unwrap().0, "axyBc");
    }

    #[test]
    fn overlap_is_an_error() {
        let overlap = EditSet::new(vec![
            Edit::replace(Span::new(0, 2), ""),
            Edit::replace(Span::new(1, 3), ""),
        ]);
        assert_eq!(
            overlap,
            Err(EditError::Overlap(Span::new(0, 2), Span::new(1, 3)))
        );
    }

    #[test]
    fn a_span_within_a_character_is_an_error() {
        let set = EditSet::new(vec![Edit::insert(1, "x")]).unwrap();
        assert_eq!(set.apply("é"), Err(EditError::OutOfBounds(Span::at(1))));
    }

    proptest! {
        #[test]
        fn copied_bytes_map_back(cuts in prop::collection::btree_set(0u32..40, 0..6)) {
            let text: String = ('a'..='z').cycle().take(40).collect();
            let edits = cuts.iter().map(|&at| Edit::insert(at, "##")).collect();
            let (out, map) = EditSet::new(edits).unwrap().apply(&text).unwrap();
            for (i, c) in out.bytes().enumerate().filter(|(_, c)| *c != b'#') {
                prop_assert_eq!(text.as_bytes()[map.to_source(i as u32) as usize], c);
            }
        }
    }
}
