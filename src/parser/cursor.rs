use crate::config::FlinkVersion;
use crate::lexer::{Punct, Token, TokenKind};
use crate::syntax::TokenRange;
use crate::text::Span;

/// Why a statement could not be read: becomes a diagnostic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    pub span: Span,
    /// Names the mistake, as a diagnostic's name does: `syntax-error` unless a common mistake was recognised.
    pub name: &'static str,
    pub message: String,
    pub help: Vec<String>,
}

pub type Parsed<T> = Result<T, SyntaxError>;

/// Reads the tokens of one statement from left to right; trivia and hints are stepped over.
///
/// `Copy`: keep a copy to go back.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'a> {
    pub text: &'a str,
    pub tokens: &'a [Token],
    pub version: FlinkVersion,
    /// Index of the next significant token, or `end`.
    pos: usize,
    /// One past the last significant token that may be read.
    end: usize,
    /// One past the last token that was read.
    last: usize,
    /// Hints that stood where hints may stand.
    hints: usize,
}

impl<'a> Cursor<'a> {
    pub fn new(
        text: &'a str,
        tokens: &'a [Token],
        range: TokenRange,
        version: FlinkVersion,
    ) -> Self {
        let mut cursor = Self {
            text,
            tokens,
            version,
            pos: range.start,
            end: range.end,
            last: range.start,
            hints: 0,
        };
        cursor.skip_trivia();
        cursor
    }

    fn skip_trivia(&mut self) {
        while self.pos < self.end && self.is_skipped(self.pos) {
            self.pos += 1;
        }
    }

    fn is_skipped(&self, index: usize) -> bool {
        let kind = self.tokens[index].kind;
        kind.is_trivia() || kind == TokenKind::Hint
    }

    pub fn peek(&self) -> Option<Token> {
        (self.pos < self.end).then(|| self.tokens[self.pos])
    }

    /// The `n`-th significant token from here; 0 is [`Self::peek`].
    pub fn peek_nth(&self, n: usize) -> Option<Token> {
        (self.pos..self.end)
            .filter(|i| !self.is_skipped(*i))
            .nth(n)
            .map(|i| self.tokens[i])
    }

    pub fn bump(&mut self) -> Option<Token> {
        let token = self.peek()?;
        self.pos += 1;
        self.last = self.pos;
        self.skip_trivia();
        Some(token)
    }

    /// One past the last significant token that may be read.
    pub fn end(&self) -> usize {
        self.end
    }

    /// The same cursor, which may read up to `end` only.
    pub fn up_to(mut self, end: usize) -> Self {
        self.end = end.min(self.end).max(self.pos);
        while self.end > self.pos && self.is_skipped(self.end - 1) {
            self.end -= 1;
        }
        self
    }

    /// Steps over everything before the token at `index`.
    pub fn advance_to(&mut self, index: usize) {
        let index = index.clamp(self.pos, self.end);
        let is_read = |i: &usize| !self.tokens[*i].kind.is_trivia();
        if let Some(last) = (self.pos..index).rev().find(is_read) {
            self.last = last + 1;
        }
        self.pos = index;
        self.skip_trivia();
    }

    /// Counts the hints among these tokens as read.
    pub fn read_hints(&mut self, range: TokenRange) {
        let hints = self.tokens[range].iter();
        self.hints += hints.filter(|t| t.kind == TokenKind::Hint).count();
    }

    /// How many hints have been read.
    pub fn hints(&self) -> usize {
        self.hints
    }

    /// Takes over what a copy of this cursor has read.
    pub fn join(&mut self, part: &Self) {
        self.advance_to(part.pos);
        self.hints = part.hints;
    }

    /// Index into `tokens` of the next significant token.
    pub fn pos(&self) -> usize {
        self.pos
    }

    /// One past the last token that was read.
    pub fn last(&self) -> usize {
        self.last
    }

    pub fn at_end(&self) -> bool {
        self.pos >= self.end
    }

    /// Where the next token stands; at the end, the position after the last token.
    pub fn here(&self) -> Span {
        match self.peek() {
            Some(token) => token.span,
            None => match self.tokens[..self.end]
                .iter()
                .rev()
                .find(|t| !t.kind.is_trivia())
            {
                Some(token) => Span::at(token.span.end),
                None => Span::at(0),
            },
        }
    }

    /// From the token at index `start` to the last one read.
    pub fn span_since(&self, start: usize) -> Span {
        if self.last <= start {
            return Span::at(self.here().start);
        }
        self.tokens[start]
            .span
            .cover(self.tokens[self.last - 1].span)
    }

    pub fn token_text(&self, token: Token) -> &'a str {
        token.span.of(self.text)
    }

    /// Is the next token this unquoted word, in any case?
    pub fn at_word(&self, word: &str) -> bool {
        self.nth_is_word(0, word)
    }

    pub fn nth_is_word(&self, n: usize, word: &str) -> bool {
        self.peek_nth(n).is_some_and(|t| {
            t.kind == TokenKind::Word && self.token_text(t).eq_ignore_ascii_case(word)
        })
    }

    /// Are the next tokens these words?
    pub fn at_words(&self, words: &[&str]) -> bool {
        words
            .iter()
            .enumerate()
            .all(|(n, word)| self.nth_is_word(n, word))
    }

    pub fn eat_word(&mut self, word: &str) -> bool {
        let here = self.at_word(word);
        if here {
            self.bump();
        }
        here
    }

    /// Reads all of the words or none.
    pub fn eat_words(&mut self, words: &[&str]) -> bool {
        let here = self.at_words(words);
        if here {
            for _ in words {
                self.bump();
            }
        }
        here
    }

    pub fn at_punct(&self, punct: Punct) -> bool {
        self.peek()
            .is_some_and(|t| t.kind == TokenKind::Punct(punct))
    }

    pub fn eat_punct(&mut self, punct: Punct) -> bool {
        let here = self.at_punct(punct);
        if here {
            self.bump();
        }
        here
    }

    pub fn expect_word(&mut self, word: &str) -> Parsed<()> {
        if self.eat_word(word) {
            Ok(())
        } else {
            Err(self.expected(&format!("`{word}`")))
        }
    }

    pub fn expect_punct(&mut self, punct: Punct, shown: &str) -> Parsed<()> {
        if self.eat_punct(punct) {
            Ok(())
        } else {
            Err(self.expected(&format!("`{shown}`")))
        }
    }

    /// "expected X, found Y" at the next token.
    pub fn expected(&self, what: &str) -> SyntaxError {
        let found = match self.peek() {
            Some(token) => format!("`{}`", shorten(self.token_text(token))),
            None => "the end of the statement".to_owned(),
        };
        self.error(format!("expected {what}, found {found}"))
    }

    pub fn error(&self, message: impl Into<String>) -> SyntaxError {
        SyntaxError {
            span: self.here(),
            name: "syntax-error",
            message: message.into(),
            help: Vec::new(),
        }
    }
}

/// The first line of a token's text, at most 40 characters.
fn shorten(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(40) {
        Some((cut, _)) => format!("{}…", &line[..cut]),
        None => line.to_owned(),
    }
}
