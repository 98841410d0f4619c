//! Text to lossless tokens, by Flink's lexical rules. Never fails: what Flink cannot read is an error token.
//!
//! Tokens are contiguous: concatenated they are the text.

pub mod keywords;

use crate::text::Span;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    Whitespace,
    /// `-- …` or `// …`, without the line end.
    LineComment,
    /// `/* … */`, not nested.
    BlockComment,
    /// `/*+ … */`.
    Hint,
    /// A keyword or an unquoted identifier.
    Word,
    /// `` `…` ``, with ``` `` ``` for a backtick.
    QuotedIdent,
    Number,
    /// `'…'`, also with the prefixes `N`, `U&`, `X`, `E` (2.0 on) and `_charset`.
    String,
    /// `${…}` or `{{…}}`: filled in by somebody else before Flink sees it.
    Placeholder,
    /// An operator or a punctuation mark.
    Punct(Punct),
    /// Reaches to the end of the text.
    UnterminatedString,
    UnterminatedIdent,
    UnterminatedComment,
    /// A character that no Flink token starts with (`"`, `@`, a no-break space, …).
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
    RArrow,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Concat,
    Pipe,
    Caret,
    Ampersand,
    Dollar,
}

impl TokenKind {
    /// Whitespace and comments; a hint is not trivia.
    pub fn is_trivia(self) -> bool {
        matches!(
            self,
            Self::Whitespace | Self::LineComment | Self::BlockComment
        )
    }
}
