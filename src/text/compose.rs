//! Edits taken back, and edits one after the other as one.

use super::{Edit, EditError, EditSet, Piece, Span};

impl EditSet {
    /// The edits on the edited text that give `text` back.
    ///
    /// # Errors
    /// [`EditError::OutOfBounds`] if a span is not on character boundaries of `text`.
    pub fn inverse(&self, text: &str) -> Result<EditSet, EditError> {
        let (_, map) = self.apply(text)?;
        let back = |piece: &Piece| Edit::replace(piece.target, piece.source.of(text));
        EditSet::new(map.pieces().iter().map(back).collect())
    }

    /// These edits and then `next`, which stand on the edited text, as one set on the first text.
    ///
    /// Edits that overlap or touch become one edit.
    ///
    /// # Errors
    /// [`EditError`] if one of the edits lies beyond what 32-bit positions reach.
    pub fn then(&self, next: &EditSet) -> Result<EditSet, EditError> {
        let mut composed = Vec::new();
        // By how much the edits so far have moved what follows them.
        let mut moved = 0i64;
        let mut first = self.edits().iter().peekable();
        let mut second = next.edits().iter().peekable();
        loop {
            let mut group = Group::default();
            let starts = [
                first.peek().map(|e| i64::from(e.span.start) + moved),
                second.peek().map(|e| i64::from(e.span.start)),
            ];
            let Some(start) = starts.into_iter().flatten().min() else {
                break;
            };
            let mut end = start;
            let moved_before = moved;
            // Whatever touches the group belongs to it, and may make it longer.
            loop {
                if let Some(edit) = first.next_if(|e| i64::from(e.span.start) + moved <= end) {
                    let at = i64::from(edit.span.start) + moved;
                    let replaced = i64::from(edit.span.end - edit.span.start);
                    moved += edit.replacement.len() as i64 - replaced;
                    end = end.max(at + edit.replacement.len() as i64);
                    group.first.push((at, &edit.replacement));
                } else if let Some(edit) = second.next_if(|e| i64::from(e.span.start) <= end) {
                    end = end.max(i64::from(edit.span.end));
                    group.second.push(edit);
                } else {
                    break;
                }
            }
            let span = Span::new(position(start - moved_before)?, position(end - moved)?);
            composed.push(Edit::replace(span, group.replacement()?));
        }
        EditSet::new(composed)
    }
}

fn position(at: i64) -> Result<u32, EditError> {
    u32::try_from(at).map_err(|_| EditError::TooFar)
}

/// Edits of both sets that touch each other: every byte between the first and the last of them was put
/// there by the first set or is replaced by the second.
#[derive(Default)]
struct Group<'a> {
    /// What the first set put into the edited text, and where.
    first: Vec<(i64, &'a str)>,
    second: Vec<&'a Edit>,
}

impl Group<'_> {
    fn replacement(&self) -> Result<String, EditError> {
        let mut out = String::new();
        let mut second = self.second.iter().peekable();
        // Up to where the second set has replaced the edited text.
        let mut gone = i64::MIN;
        for (at, put) in &self.first {
            let end = at + put.len() as i64;
            let mut kept = (*at).max(gone);
            while let Some(edit) = second.next_if(|e| i64::from(e.span.start) < end) {
                let start = i64::from(edit.span.start);
                if kept < start {
                    out += part(put, kept - at, start - at, edit)?;
                }
                out += &edit.replacement;
                gone = i64::from(edit.span.end);
                kept = kept.max(gone);
            }
            if kept < end {
                let rest = (kept - at) as usize;
                out += put.get(rest..).ok_or(EditError::TooFar)?;
            }
        }
        out.extend(second.map(|e| e.replacement.as_str()));
        Ok(out)
    }
}

fn part<'a>(put: &'a str, from: i64, to: i64, edit: &Edit) -> Result<&'a str, EditError> {
    put.get(from as usize..to as usize)
        .ok_or(EditError::OutOfBounds(edit.span))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn set(edits: &[(u32, u32, &str)]) -> EditSet {
        let edit =
            |(start, end, text): &(u32, u32, &str)| Edit::replace(Span::new(*start, *end), *text);
        EditSet::new(edits.iter().map(edit).collect()).unwrap()
    }

    #[test]
    fn the_second_set_in_the_first() {
        let put = set(&[(1, 1, "xyz")]);
        for (next, composed) in [
            // Within what the first put there, across its borders, and around it.
            (set(&[(2, 3, "-")]), set(&[(1, 1, "x-z")])),
            (set(&[(0, 2, "-")]), set(&[(0, 1, "-yz")])),
            (set(&[(3, 5, "-")]), set(&[(1, 2, "xy-")])),
            (set(&[(0, 5, "")]), set(&[(0, 2, "")])),
            // Touching, and apart.
            (set(&[(1, 1, "-")]), set(&[(1, 1, "-xyz")])),
            (set(&[(4, 4, "-")]), set(&[(1, 1, "xyz-")])),
            (set(&[(5, 6, "-")]), set(&[(1, 1, "xyz"), (2, 3, "-")])),
            // Taken away again: nothing is left of it.
            (set(&[(1, 4, "")]), set(&[])),
        ] {
            assert_eq!(put.then(&next), Ok(composed), "{next:?}");
        }
    }

    #[test]
    fn edits_far_out_are_an_error() {
        let far = set(&[(u32::MAX - 1, u32::MAX, "")]);
        assert_eq!(set(&[(0, 4, "")]).then(&far), Err(EditError::TooFar));
        assert_eq!(far.moved(1), Err(EditError::TooFar));
        assert_eq!(
            far.inverse("a"),
            Err(EditError::OutOfBounds(Span::new(u32::MAX - 1, u32::MAX)))
        );
    }

    /// Numbers that [`edits`] turns into a set on any text: gap before, length, replacement.
    fn raw() -> impl Strategy<Value = Vec<(usize, usize, String)>> {
        prop::collection::vec((0usize..6, 0usize..5, "[xé🙂]{0,3}"), 0..6)
    }

    fn edits(text: &str, raw: &[(usize, usize, String)]) -> EditSet {
        let mut at: Vec<usize> = text.char_indices().map(|(i, _)| i).collect();
        at.push(text.len());
        let (mut edits, mut next) = (Vec::new(), 0);
        for (gap, length, replacement) in raw {
            let start = next + gap;
            let end = start + length;
            let Some(bytes) = at.get(end) else { break };
            edits.push(Edit::replace(
                Span::new(at[start] as u32, *bytes as u32),
                replacement,
            ));
            next = end;
        }
        EditSet::new(edits).unwrap()
    }

    proptest! {
        #[test]
        fn one_after_the_other_as_one(text in "[a-dü]{0,20}", sets in prop::collection::vec(raw(), 1..5)) {
            let (mut now, mut all) = (text.clone(), EditSet::default());
            for raw in &sets {
                let next = edits(&now, raw);
                all = all.then(&next).unwrap();
                now = next.apply(&now).unwrap().0;
                prop_assert_eq!(&all.apply(&text).unwrap().0, &now);
            }
            let back = all.inverse(&text).unwrap();
            prop_assert_eq!(back.apply(&now).unwrap().0, text);
        }
    }
}
