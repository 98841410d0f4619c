use super::document::Document;
use crate::lexer::{Punct, TokenKind, lex};
use crate::text::Span;

/// What holds a place, from the word to the whole text; each holds the one before.
pub fn around(document: &Document, offset: u32) -> Vec<Span> {
    let mut spans = Vec::new();
    if let Some(at) = document.piece_at(offset) {
        let piece = document.pieces()[at].span;
        let tokens = lex(piece.of(document.text()), document.version());
        let here = offset - piece.start;
        let of = |span: Span| Span::new(piece.start + span.start, piece.start + span.end);
        let touches = |span: Span| span.start <= here && here <= span.end;
        let mut word = tokens.iter().filter(|t| t.kind != TokenKind::Whitespace);
        spans.extend(word.rfind(|t| touches(t.span)).map(|t| of(t.span)));
        let mut open = Vec::new();
        for token in &tokens {
            match token.kind {
                TokenKind::Punct(Punct::LParen) => open.push(token.span),
                TokenKind::Punct(Punct::RParen) => {
                    let Some(start) = open.pop() else { continue };
                    if start.start <= here && here <= token.span.end {
                        spans.push(of(Span::new(start.end, token.span.start)));
                        spans.push(of(start.cover(token.span)));
                    }
                }
                _ => {}
            }
        }
        let mut significant = tokens.iter().filter(|t| !t.kind.is_trivia());
        if let Some(first) = significant.next() {
            let last = significant.next_back().unwrap_or(first);
            spans.push(of(first.span.cover(last.span)));
        }
        spans.push(piece);
    }
    spans.push(Span::new(0, document.text().len() as u32));
    spans.retain(|s| s.start <= offset && offset <= s.end);
    spans.sort_by_key(|s| s.end - s.start);
    spans.dedup();
    // Only those that hold each other.
    let mut nested: Vec<Span> = Vec::new();
    for span in spans {
        if nested.last().is_none_or(|inner| span.contains(*inner)) {
            nested.push(span);
        }
    }
    nested
}
