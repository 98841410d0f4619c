use super::document::Document;
use super::piece::PieceKind;
use crate::lexer::{Punct, TokenKind, lex};
use crate::text::Span;

/// Lines that can be hidden behind their first one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fold {
    pub span: Span,
    pub kind: FoldKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FoldKind {
    Statement,
    Parentheses,
    Comment,
}

/// Statements, statement sets, parentheses and comments over more than one line, in order.
pub fn folds(document: &Document) -> Vec<Fold> {
    let mut folds = Vec::new();
    let mut set = None;
    for piece in document.pieces() {
        let text = piece.span.of(document.text());
        let at = |span: Span| Span::new(piece.span.start + span.start, piece.span.start + span.end);
        let tokens = lex(text, document.version());
        let significant = || tokens.iter().filter(|t| !t.kind.is_trivia());
        if let (Some(first), Some(last)) = (significant().next(), significant().next_back()) {
            let whole = at(first.span.cover(last.span));
            match (&piece.kind, set) {
                (PieceKind::Bracket, None) => set = Some(whole.start),
                (PieceKind::Bracket, Some(start)) => {
                    folds.push(Fold {
                        span: Span::new(start, whole.end),
                        kind: FoldKind::Statement,
                    });
                    set = None;
                }
                _ => folds.push(Fold {
                    span: whole,
                    kind: FoldKind::Statement,
                }),
            }
        }
        let mut open = Vec::new();
        let mut comment: Option<Span> = None;
        for token in &tokens {
            match token.kind {
                TokenKind::Punct(Punct::LParen) => open.push(token.span.start),
                TokenKind::Punct(Punct::RParen) => {
                    if let Some(start) = open.pop() {
                        let span = at(Span::new(start, token.span.end));
                        folds.push(Fold {
                            span,
                            kind: FoldKind::Parentheses,
                        });
                    }
                }
                _ => {}
            }
            match token.kind {
                TokenKind::LineComment | TokenKind::BlockComment => {
                    comment = Some(comment.map_or(token.span, |c| c.cover(token.span)));
                }
                TokenKind::Whitespace => {}
                _ => folds.extend(comment.take().map(|c| Fold {
                    span: at(c),
                    kind: FoldKind::Comment,
                })),
            }
        }
        folds.extend(comment.map(|c| Fold {
            span: at(c),
            kind: FoldKind::Comment,
        }));
    }
    let lines = document.lines();
    folds.retain(|f| lines.line(f.span.start) < lines.line(f.span.end));
    folds.sort();
    // Two that begin in one line are one for an editor: the longer one.
    folds.sort_by_key(|f| (lines.line(f.span.start), std::cmp::Reverse(f.span.end)));
    folds.dedup_by_key(|f| lines.line(f.span.start));
    folds
}
