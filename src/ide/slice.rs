use crate::diagnostic::Diagnostic;
use crate::text::Span;

/// Some statements of a document as a script of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    pub text: String,
    /// Where each part starts in it, and what it is in the document; in order.
    parts: Vec<(u32, Span)>,
}

impl Slice {
    pub fn new(document: &str, spans: impl Iterator<Item = Span>) -> Self {
        let mut slice = Self {
            text: String::new(),
            parts: Vec::new(),
        };
        for span in spans {
            match slice.parts.last_mut() {
                // What stands together stays one part.
                Some((_, last)) if last.end == span.start => last.end = span.end,
                _ => {
                    if !slice.text.is_empty() && !slice.text.ends_with('\n') {
                        slice.text.push('\n');
                    }
                    slice.parts.push((slice.text.len() as u32, span));
                }
            }
            slice.text.push_str(span.of(document));
        }
        slice
    }

    /// A place of the slice in the document.
    pub fn to_document(&self, span: Span) -> Span {
        let index = self
            .parts
            .partition_point(|(start, _)| *start <= span.start);
        let Some((start, part)) = index.checked_sub(1).map(|i| self.parts[i]) else {
            return span;
        };
        let moved = |at: u32| (at.max(start) - start + part.start).min(part.end);
        Span::new(moved(span.start), moved(span.end))
    }

    /// A place of the document in the slice, if it is there.
    pub fn of_document(&self, offset: u32) -> Option<u32> {
        let index = self.parts.partition_point(|(_, part)| part.start <= offset);
        let (start, part) = self.parts[index.checked_sub(1)?];
        (offset <= part.end).then(|| offset - part.start + start)
    }

    /// What is said of the slice as said of the document.
    pub fn said_of_document(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        diagnostic.map_spans(|span| self.to_document(span));
        diagnostic
    }
}
