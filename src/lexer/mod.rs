//! Text to lossless tokens, by Flink's lexical rules. Never fails: what Flink cannot read is an error token.
//!
//! Tokens are contiguous: concatenated they are the text.

pub mod keywords;
mod scan;

pub use scan::{Lexer, lex, unescape_ident, unescape_string};

use crate::text::Span;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    Whitespace,
    /// U+FEFF as the first character of the text. Flink takes it for an error.
    Bom,
    /// `-- …` or `// …`, without the line end.
    LineComment,
    /// `/* … */`, not nested.
    BlockComment,
    /// `/*+ … */`.
    Hint,
    /// A keyword or an unquoted identifier: letters, `_`, `$`, then also digits.
    Word,
    /// `` `…` ``, with ``` `` ``` for a backtick, never over a line end; also `U&"…"`.
    QuotedIdent,
    Number,
    /// `'…'`, also with the prefixes `N`, `U&`, `X`, `E` (2.0 on) and `_charset`.
    String,
    /// `${…}` or `{{…}}`, with the name that it is part of (`orders_${env}`): filled in by somebody
    /// else before Flink sees it.
    Placeholder,
    /// An operator or a punctuation mark.
    Punct(Punct),
    /// Reaches to the end of the text, or of its line where that leaves the rest readable.
    UnterminatedString,
    /// Reaches to the end of its line.
    UnterminatedIdent,
    /// Reaches to the end of the text.
    UnterminatedComment,
    /// Characters that no Flink token starts with (`"…"` whole, `@`, a no-break space, …).
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Punct {
    LParen,
    RParen,
    LBracket,
    RBracket,
    LBrace,
    RBrace,
    Comma,
    Semicolon,
    Dot,
    Colon,
    Question,
    Eq,
    NotEq,
    BangEq,
    Lt,
    LtEq,
    Gt,
    GtEq,
    /// `=>`.
    RArrow,
    /// `->`: a token of Flink, used by no production.
    Lambda,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Concat,
    Pipe,
    Caret,
    Ampersand,
}

impl TokenKind {
    /// Whitespace and comments; a hint is not trivia.
    pub fn is_trivia(self) -> bool {
        matches!(
            self,
            Self::Whitespace | Self::LineComment | Self::BlockComment | Self::Bom
        )
    }
}
