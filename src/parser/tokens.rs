//! Our tokens as sqlparser's, with byte offsets as their locations (line 1, column = offset + 1).
//!
//! What sqlparser's grammar cannot read is put into words that it can: the table in
//! [`super::dialect`] has the forms.

use super::cursor::{Cursor, Parsed, SyntaxError};
use super::{dialect, names, types};
use crate::lexer::keywords::Keyword as FlinkKeyword;
use crate::lexer::{Punct, Token, TokenKind, unescape_ident};
use crate::syntax::{DataType, TypeKind};
use crate::text::Span;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Location, Span as Place, Token as Out, TokenWithSpan, Word};

/// What an open parenthesis or bracket belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame {
    Other,
    /// `CAST(`; its type has been read or not.
    Cast {
        done: bool,
    },
    /// `JSON_…(`, and whether a clause has begun.
    Json,
    /// `MATCH_RECOGNIZE(`, and where its WITHIN starts in the output.
    Match {
        within: Option<usize>,
    },
    /// `PATTERN (` and what is in it.
    Pattern,
    /// `$MAP(` that was `MAP[`.
    Constructor,
    /// `$DERIVED(` around a sub-query before MATCH_RECOGNIZE.
    Derived,
}

struct Converter<'c, 'a> {
    c: Cursor<'a>,
    end: usize,
    out: Vec<TokenWithSpan>,
    frames: Vec<Frame>,
    /// Depth at which bare VALUES rows are being wrapped, and whether one is open.
    values: Vec<(usize, bool)>,
    previous: Option<Token>,
    start: &'c Cursor<'a>,
}

/// The tokens from the cursor up to `end`.
pub fn convert(c: &Cursor<'_>, end: usize) -> Parsed<Vec<TokenWithSpan>> {
    let mut converter = Converter {
        c: c.up_to(end),
        end,
        out: Vec::with_capacity((end - c.pos()) / 2 + 8),
        frames: Vec::new(),
        values: Vec::new(),
        previous: None,
        start: c,
    };
    converter.run()?;
    Ok(converter.out)
}

fn place(span: Span) -> Place {
    let at = |offset: u32| Location {
        line: 1,
        column: u64::from(offset) + 1,
    };
    Place {
        start: at(span.start),
        end: at(span.end),
    }
}

impl<'a> Converter<'_, 'a> {
    fn push(&mut self, token: Out, span: Span) {
        self.out.push(TokenWithSpan {
            token,
            span: place(span),
        });
    }

    fn push_word(&mut self, word: &str, span: Span) {
        let keyword = if word.starts_with('$') {
            Keyword::NoKeyword
        } else if let Out::Word(w) = Out::make_word(word, None) {
            w.keyword
        } else {
            Keyword::NoKeyword
        };
        self.push(
            Out::Word(Word {
                value: word.to_owned(),
                quote_style: None,
                keyword,
            }),
            span,
        );
    }

    fn run(&mut self) -> Parsed<()> {
        while let Some(token) = self.c.peek() {
            self.step(token)?;
            self.previous = Some(token);
        }
        self.close_values_row(0, self.c.here());
        Ok(())
    }

    fn step(&mut self, token: Token) -> Parsed<()> {
        match token.kind {
            TokenKind::Punct(punct) => self.punct(punct, token),
            TokenKind::Word => self.word(token),
            TokenKind::QuotedIdent => {
                self.values_row(token);
                let value = unescape_ident(self.c.token_text(token));
                self.name(value, Some('`'), token)
            }
            TokenKind::Placeholder => {
                self.values_row(token);
                let value = self.c.token_text(token).to_owned();
                self.name(value, None, token)
            }
            TokenKind::Number => {
                self.values_row(token);
                self.c.bump();
                let text = self.c.token_text(token).to_owned();
                self.push(Out::Number(text, false), token.span);
                Ok(())
            }
            TokenKind::String => {
                self.values_row(token);
                self.string(token)
            }
            _ => Err(self.unreadable(token)),
        }
    }

    fn unreadable(&self, token: Token) -> SyntaxError {
        super::mistakes::unreadable_token(&self.c, token)
    }

    fn name(&mut self, value: String, quote_style: Option<char>, token: Token) -> Parsed<()> {
        self.c.bump();
        self.push(
            Out::Word(Word {
                value,
                quote_style,
                keyword: Keyword::NoKeyword,
            }),
            token.span,
        );
        Ok(())
    }

    fn string(&mut self, token: Token) -> Parsed<()> {
        let text = self.c.token_text(token);
        let binary = text.starts_with(['x', 'X']);
        let literal = names::string(&mut self.c, "a string")?;
        let out = if binary {
            Out::HexStringLiteral(literal.value)
        } else {
            Out::SingleQuotedString(literal.value)
        };
        self.push(out, literal.span);
        Ok(())
    }

    fn punct(&mut self, punct: Punct, token: Token) -> Parsed<()> {
        let span = token.span;
        match punct {
            Punct::LParen => {
                let frame = self.frame_of_parenthesis();
                if frame == Frame::Derived {
                    self.push_word("$DERIVED", Span::at(span.start));
                    self.push(Out::LParen, span);
                }
                self.frames.push(frame);
            }
            Punct::LBracket => self.frames.push(Frame::Other),
            Punct::RParen | Punct::RBracket => {
                self.close_values_row(self.frames.len(), span);
                match self.frames.pop() {
                    Some(Frame::Constructor) => {
                        self.c.bump();
                        self.push(Out::RParen, span);
                        return Ok(());
                    }
                    Some(Frame::Derived) => self.push(Out::RParen, span),
                    _ => {}
                }
            }
            Punct::Comma => {
                if let Some((depth, open)) = self.values.last_mut()
                    && *depth == self.frames.len()
                    && *open
                {
                    *open = false;
                    self.push(Out::RParen, Span::at(span.start));
                }
            }
            Punct::Colon if self.frames.last() == Some(&Frame::Json) => {
                self.c.bump();
                self.push(Out::Comma, span);
                return Ok(());
            }
            Punct::Minus | Punct::Plus => self.values_row(token),
            _ => {}
        }
        let Some(out) = plain_punct(punct) else {
            return Err(self.unreadable(token));
        };
        self.c.bump();
        self.push(out, span);
        Ok(())
    }

    fn frame_of_parenthesis(&self) -> Frame {
        let inherited = match self.frames.last() {
            Some(Frame::Pattern) => Frame::Pattern,
            _ => Frame::Other,
        };
        let Some(previous) = self.previous else {
            return self.derived_or(inherited);
        };
        if previous.kind != TokenKind::Word {
            return self.derived_or(inherited);
        }
        let is = |word: &str| self.c.token_text(previous).eq_ignore_ascii_case(word);
        if is("CAST") || is("TRY_CAST") || is("SAFE_CAST") {
            Frame::Cast { done: false }
        } else if is("MATCH_RECOGNIZE") {
            Frame::Match { within: None }
        } else if is("PATTERN") && matches!(self.frames.last(), Some(Frame::Match { .. })) {
            Frame::Pattern
        } else if [
            "JSON_VALUE",
            "JSON_QUERY",
            "JSON_EXISTS",
            "JSON_OBJECT",
            "JSON_ARRAY",
            "JSON_OBJECTAGG",
            "JSON_ARRAYAGG",
        ]
        .into_iter()
        .any(is)
        {
            Frame::Json
        } else if is("FROM") || is("JOIN") {
            self.derived_or(inherited)
        } else {
            inherited
        }
    }

    /// Is this the parenthesis of a sub-query that MATCH_RECOGNIZE follows?
    fn derived_or(&self, frame: Frame) -> Frame {
        let mut ahead = self.c;
        ahead.bump();
        if !ahead.at_word("SELECT") && !ahead.at_word("VALUES") && !ahead.at_word("WITH") {
            return frame;
        }
        let Some(close) = self.closing_of(self.c.pos()) else {
            return frame;
        };
        ahead.advance_to(close + 1);
        if ahead.at_word("MATCH_RECOGNIZE") {
            return Frame::Derived;
        }
        ahead.eat_word("AS");
        ahead.bump();
        if ahead.at_word("MATCH_RECOGNIZE") {
            return Frame::Derived;
        }
        frame
    }

    fn closing_of(&self, open: usize) -> Option<usize> {
        let mut depth = 0usize;
        (open..self.end).find(|i| {
            match self.start.tokens[*i].kind {
                TokenKind::Punct(Punct::LParen) => depth += 1,
                TokenKind::Punct(Punct::RParen) => depth = depth.saturating_sub(1),
                _ => return false,
            }
            depth == 0
        })
    }

    fn word(&mut self, token: Token) -> Parsed<()> {
        let text = self.c.token_text(token);
        let Some(keyword) = FlinkKeyword::of(text) else {
            self.values_row(token);
            if text == "$" && self.frames.last() == Some(&Frame::Pattern) {
                self.c.bump();
                self.push(Out::Placeholder("$".to_owned()), token.span);
                return Ok(());
            }
            let value = text.to_owned();
            return self.name(value, None, token);
        };
        let after_dot = self
            .previous
            .is_some_and(|t| t.kind == TokenKind::Punct(Punct::Dot));
        if self.frames.last() == Some(&Frame::Pattern) {
            let value = if keyword == FlinkKeyword::PERMUTE {
                "PERMUTE".to_owned()
            } else {
                text.to_owned()
            };
            return self.name(value, None, token);
        }
        if !after_dot && self.special_word(keyword, token)? {
            return Ok(());
        }
        if !self.ends_values(keyword) {
            self.values_row(token);
        }
        self.c.bump();
        let mut out = Out::make_word(text, None);
        if let Out::Word(word) = &mut out
            && !keyword.is_reserved(self.c.version)
            && !dialect::is_plain_word(word.keyword)
        {
            word.keyword = Keyword::NoKeyword;
        }
        self.push(out, token.span);
        Ok(())
    }

    /// Words that start something that sqlparser cannot read; true if it was taken care of.
    fn special_word(&mut self, keyword: FlinkKeyword, token: Token) -> Parsed<bool> {
        use FlinkKeyword as K;
        let next = self.c.peek_nth(1).map(|t| t.kind);
        let bracket = next == Some(TokenKind::Punct(Punct::LBracket));
        let parenthesis = next == Some(TokenKind::Punct(Punct::LParen));
        let span = token.span;
        match keyword {
            K::MAP | K::MULTISET if bracket || parenthesis => {
                self.values_row(token);
                self.push_word(
                    if keyword == K::MAP {
                        "$MAP"
                    } else {
                        "$MULTISET"
                    },
                    span,
                );
                self.c.bump();
                if bracket && let Some(open) = self.c.bump() {
                    self.push(Out::LParen, open.span);
                    self.frames.push(Frame::Constructor);
                }
                Ok(true)
            }
            K::AS if self.frames.last() == Some(&Frame::Cast { done: false }) => {
                self.c.bump();
                self.push_word("AS", span);
                self.frames.pop();
                self.frames.push(Frame::Cast { done: true });
                let start = self.c.here();
                let ty = types::cast_type(&mut self.c)?;
                let span = start.cover(self.c.tokens[self.c.last() - 1].span);
                self.cast_type(&ty, span);
                Ok(true)
            }
            K::TIMESTAMP
                if self
                    .c
                    .at_words(&["TIMESTAMP", "WITH", "LOCAL", "TIME", "ZONE"]) =>
            {
                self.values_row(token);
                let start = self.c.here();
                for _ in 0..5 {
                    self.c.bump();
                }
                let literal = names::string(&mut self.c, "a timestamp in single quotes")?;
                self.push_word("$TIMESTAMP_LTZ", start);
                self.push(Out::LParen, literal.span);
                self.push(Out::SingleQuotedString(literal.value), literal.span);
                self.push(Out::RParen, literal.span);
                Ok(true)
            }
            K::VALUES => {
                self.c.bump();
                self.push_word("VALUES", span);
                self.values.push((self.frames.len(), false));
                Ok(true)
            }
            K::WITHIN if matches!(self.frames.last(), Some(Frame::Match { within: None })) => {
                self.c.bump();
                self.frames.pop();
                self.frames.push(Frame::Match {
                    within: Some(self.out.len()),
                });
                Ok(true)
            }
            K::SUBSET if matches!(self.frames.last(), Some(Frame::Match { .. })) => {
                self.subset()?;
                Ok(true)
            }
            K::DEFINE => {
                let Some(Frame::Match { within }) = self.frames.last().copied() else {
                    return Ok(false);
                };
                self.c.bump();
                let held = within.map(|at| self.out.split_off(at.min(self.out.len())));
                self.push_word("DEFINE", span);
                if let Some(held) = held.filter(|h| !h.is_empty()) {
                    // SUBSETs come after WITHIN and already end in a comma.
                    let split = held
                        .iter()
                        .position(|t| matches!(&t.token, Out::Word(w) if w.value == "$SUBSET"))
                        .unwrap_or(held.len());
                    let mut held = held;
                    let subsets = held.split_off(split);
                    if !held.is_empty() {
                        self.push_word("$WITHIN", span);
                        self.push_word("AS", span);
                        self.out.append(&mut held);
                        self.push(Out::Comma, span);
                    }
                    self.out.extend(subsets);
                }
                Ok(true)
            }
            _ if self.frames.last() == Some(&Frame::Json) => self.json_word(keyword, token),
            _ => {
                if self.ends_values(keyword) {
                    self.close_values_row(self.frames.len(), span);
                }
                Ok(false)
            }
        }
    }

    /// `SUBSET u = (a, b), …` as `$SUBSET AS u(a, b),` after where WITHIN stands.
    fn subset(&mut self) -> Parsed<()> {
        self.c.bump();
        if let Some(Frame::Match {
            within: within @ None,
        }) = self.frames.last_mut()
        {
            *within = Some(self.out.len());
        }
        loop {
            let name = names::ident(&mut self.c)?;
            self.c.expect_punct(Punct::Eq, "=")?;
            let (span, parts) = names::ident_list(&mut self.c)?;
            self.push_word("$SUBSET", name.span);
            self.push_word("AS", name.span);
            self.push_ident(name.value, name.span);
            self.push(Out::LParen, span);
            for (i, part) in parts.into_iter().enumerate() {
                if i > 0 {
                    self.push(Out::Comma, part.span);
                }
                self.push_ident(part.value, part.span);
            }
            self.push(Out::RParen, span);
            self.push(Out::Comma, span);
            if !self.c.eat_punct(Punct::Comma) {
                return Ok(());
            }
        }
    }

    fn push_ident(&mut self, value: String, span: Span) {
        self.push(
            Out::Word(Word {
                value,
                quote_style: Some('`'),
                keyword: Keyword::NoKeyword,
            }),
            span,
        );
    }

    /// Keys and clauses in the parentheses of a JSON function.
    fn json_word(&mut self, keyword: FlinkKeyword, token: Token) -> Parsed<bool> {
        use FlinkKeyword as K;
        let first = self
            .previous
            .is_some_and(|t| matches!(t.kind, TokenKind::Punct(Punct::LParen | Punct::Comma)));
        let next_is_end = self.c.peek_nth(1).is_none_or(|t| {
            matches!(
                t.kind,
                TokenKind::Punct(Punct::Comma | Punct::RParen | Punct::Dot | Punct::Colon)
            )
        });
        match keyword {
            K::KEY if first && !next_is_end && !self.c.nth_is_word(1, "VALUE") => {
                self.c.bump();
                Ok(true)
            }
            K::VALUE if !first => {
                self.c.bump();
                self.push(Out::Comma, token.span);
                Ok(true)
            }
            K::DEFAULT if !first => {
                self.c.bump();
                self.push(Out::Comma, token.span);
                self.push_word("$DEFAULT", token.span);
                self.push(Out::RArrow, token.span);
                Ok(true)
            }
            K::NULL | K::ABSENT if self.c.nth_is_word(1, "ON") => {
                self.json_clause(!first, token);
                Ok(true)
            }
            K::FORMAT
            | K::RETURNING
            | K::PASSING
            | K::WITH
            | K::WITHOUT
            | K::ERROR
            | K::EMPTY
            | K::TRUE
            | K::FALSE
            | K::UNKNOWN
            | K::ON
                if !first =>
            {
                self.json_clause(true, token);
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Takes the words up to a comma, the end, or a DEFAULT as one `$CLAUSE => '…'`.
    fn json_clause(&mut self, comma: bool, token: Token) {
        let start = self.c.pos();
        let mut depth = 0usize;
        while let Some(next) = self.c.peek() {
            match next.kind {
                TokenKind::Punct(Punct::LParen) => depth += 1,
                TokenKind::Punct(Punct::RParen) if depth > 0 => depth -= 1,
                TokenKind::Punct(Punct::RParen | Punct::Comma) if depth == 0 => break,
                TokenKind::Word
                    if depth == 0 && self.c.at_word("DEFAULT") && self.c.pos() > start =>
                {
                    break;
                }
                _ => {}
            }
            self.c.bump();
        }
        let span = self.c.span_since(start);
        if comma {
            self.push(Out::Comma, span);
        }
        self.push_word("$CLAUSE", span);
        self.push(Out::RArrow, span);
        let words: Vec<&str> = self.c.tokens[start..self.c.last()]
            .iter()
            .filter(|t| !t.kind.is_trivia() && t.kind != TokenKind::Hint)
            .map(|t| self.c.token_text(*t))
            .collect();
        self.push(Out::SingleQuotedString(words.join(" ")), span);
        debug_assert!(span.start == token.span.start);
    }

    fn cast_type(&mut self, ty: &DataType, span: Span) {
        let shown = ty.to_string();
        if !is_plain_scalar(&ty.kind) {
            self.push_word("$FLINK_TYPE", span);
            self.push(Out::LParen, span);
            self.push(Out::SingleQuotedString(shown), span);
            self.push(Out::RParen, span);
            return;
        }
        // `DECIMAL(10, 0)`: a word and numbers.
        let (word, numbers) = match shown.split_once('(') {
            Some((word, rest)) => (word, rest.trim_end_matches(')')),
            None => (shown.as_str(), ""),
        };
        self.push_word(word, span);
        if !numbers.is_empty() {
            self.push(Out::LParen, span);
            for (i, number) in numbers.split(", ").enumerate() {
                if i > 0 {
                    self.push(Out::Comma, span);
                }
                self.push(Out::Number(number.to_owned(), false), span);
            }
            self.push(Out::RParen, span);
        }
    }

    /// Opens a row of bare VALUES before this token, if one is due.
    fn values_row(&mut self, token: Token) {
        if let Some((depth, open)) = self.values.last_mut()
            && *depth == self.frames.len()
            && !*open
            && self.previous.is_some_and(|t| {
                t.kind == TokenKind::Punct(Punct::Comma)
                    || (t.kind == TokenKind::Word
                        && self.c.token_text(t).eq_ignore_ascii_case("VALUES"))
            })
            && !self.c.at_word("ROW")
        {
            *open = true;
            self.push(Out::LParen, Span::at(token.span.start));
        }
    }

    /// Ends bare VALUES at this depth.
    fn close_values_row(&mut self, depth: usize, at: Span) {
        while let Some((of, open)) = self.values.last().copied() {
            if of < depth {
                return;
            }
            self.values.pop();
            if open {
                self.push(Out::RParen, Span::at(at.start));
            }
        }
    }

    fn ends_values(&self, keyword: FlinkKeyword) -> bool {
        use FlinkKeyword as K;
        self.values
            .last()
            .is_some_and(|(d, _)| *d == self.frames.len())
            && matches!(
                keyword,
                K::UNION
                    | K::INTERSECT
                    | K::EXCEPT
                    | K::MINUS
                    | K::ORDER
                    | K::LIMIT
                    | K::OFFSET
                    | K::FETCH
                    | K::AS
            )
    }
}

fn is_plain_scalar(kind: &TypeKind) -> bool {
    matches!(
        kind,
        TypeKind::Boolean
            | TypeKind::TinyInt
            | TypeKind::SmallInt
            | TypeKind::Int
            | TypeKind::BigInt
            | TypeKind::Float
            | TypeKind::Double
            | TypeKind::Decimal { .. }
            | TypeKind::Char(_)
            | TypeKind::VarChar(_)
            | TypeKind::Binary(_)
            | TypeKind::VarBinary(_)
            | TypeKind::Date
            | TypeKind::Time(_)
            | TypeKind::Timestamp(_)
    )
}

fn plain_punct(punct: Punct) -> Option<Out> {
    Some(match punct {
        Punct::LParen => Out::LParen,
        Punct::RParen => Out::RParen,
        Punct::LBracket => Out::LBracket,
        Punct::RBracket => Out::RBracket,
        Punct::LBrace => Out::LBrace,
        Punct::RBrace => Out::RBrace,
        Punct::Comma => Out::Comma,
        Punct::Semicolon => Out::SemiColon,
        Punct::Dot => Out::Period,
        Punct::Colon => Out::Colon,
        Punct::Question => Out::Placeholder("?".to_owned()),
        Punct::Eq => Out::Eq,
        Punct::NotEq => Out::Neq,
        Punct::Lt => Out::Lt,
        Punct::LtEq => Out::LtEq,
        Punct::Gt => Out::Gt,
        Punct::GtEq => Out::GtEq,
        Punct::RArrow => Out::RArrow,
        Punct::Plus => Out::Plus,
        Punct::Minus => Out::Minus,
        Punct::Star => Out::Mul,
        Punct::Slash => Out::Div,
        Punct::Percent => Out::Mod,
        Punct::Concat => Out::StringConcat,
        Punct::Pipe => Out::Pipe,
        Punct::Caret => Out::Caret,
        Punct::Ampersand => Out::Ampersand,
        Punct::BangEq | Punct::Lambda => return None,
    })
}
