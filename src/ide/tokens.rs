use super::document::Document;
use super::surroundings::Surroundings;
use crate::lexer::{Punct, TokenKind, keywords, lex, unescape_ident};
use crate::text::Span;
use crate::validate;

/// What a word is, as an editor colours it. Strings, numbers and comments are left to its grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TokenClass {
    Keyword,
    Function,
    /// A table or a view.
    Table,
    /// A column, or a field of one.
    Column,
    /// `${…}`.
    Placeholder,
}

/// In the order of their numbers, by the names that the Language Server Protocol has for them.
pub const TOKEN_CLASSES: [(TokenClass, &str); 5] = [
    (TokenClass::Keyword, "keyword"),
    (TokenClass::Function, "function"),
    (TokenClass::Table, "class"),
    (TokenClass::Column, "property"),
    (TokenClass::Placeholder, "macro"),
];

/// The words of the statements that a range touches, in order.
pub fn classified(
    document: &Document,
    around: &Surroundings,
    range: Span,
) -> Vec<(Span, TokenClass)> {
    let mut found = Vec::new();
    let declared = |name: &str| document.declares(name) || around.declarations().declares(name);
    let touched = document.pieces().iter();
    for piece in touched.filter(|p| p.span.start < range.end && range.start < p.span.end) {
        let text = piece.span.of(document.text());
        let tokens = lex(text, document.version());
        let tokens: Vec<_> = tokens.iter().filter(|t| !t.kind.is_trivia()).collect();
        for (index, token) in tokens.iter().enumerate() {
            let word = token.span.of(text);
            let next = tokens.get(index + 1).map(|t| t.kind);
            let is_call = next == Some(TokenKind::Punct(Punct::LParen));
            let dot = TokenKind::Punct(Punct::Dot);
            let behind_dot = index > 0 && tokens[index - 1].kind == dot;
            let class = match token.kind {
                TokenKind::Placeholder => TokenClass::Placeholder,
                TokenKind::QuotedIdent if declared(&unescape_ident(word)) => TokenClass::Table,
                TokenKind::QuotedIdent => TokenClass::Column,
                TokenKind::Word if behind_dot => match declared(word) {
                    true => TokenClass::Table,
                    false => TokenClass::Column,
                },
                TokenKind::Word if is_call && validate::builtin(word).is_some() => {
                    TokenClass::Function
                }
                TokenKind::Word if declared(word) => TokenClass::Table,
                TokenKind::Word if keywords::is_reserved(word, document.version()) => {
                    TokenClass::Keyword
                }
                TokenKind::Word if is_call => TokenClass::Function,
                TokenKind::Word if next == Some(dot) => continue,
                TokenKind::Word
                    if keywords::Keyword::of(word).is_some()
                        && word.chars().all(|c| !c.is_lowercase()) =>
                {
                    TokenClass::Keyword
                }
                TokenKind::Word => TokenClass::Column,
                _ => continue,
            };
            let at = |offset: u32| piece.span.start + offset;
            found.push((Span::new(at(token.span.start), at(token.span.end)), class));
        }
    }
    found
}
