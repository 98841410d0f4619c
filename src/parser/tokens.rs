//! Our tokens as sqlparser's, with byte offsets as their locations (line 1, column = offset + 1).
//!
//! What sqlparser's grammar cannot read is put into words that it can: the table in
//! [`super::dialect`] has the forms.

use super::cursor::{Cursor, Parsed, SyntaxError};
use super::{dialect, names, types};
use crate::config::FlinkVersion;
use crate::lexer::keywords::{Keyword as FlinkKeyword, is_reserved};
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
    /// A parenthesis that another one was put around.
    Doubled,
    /// The parenthesis of a function call.
    Call,
    /// `$POSITION(`.
    Position,
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
                if value.is_empty() {
                    return Err(self.c.error("a name must not be empty"));
                }
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
                if frame == Frame::Call && self.declares_columns() {
                    self.extend(span);
                    return Ok(());
                }
                if frame == Frame::Doubled {
                    if !self.after_quantifier() {
                        self.push_word("$DERIVED", Span::at(span.start));
                    }
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
                    Some(Frame::Doubled) => self.push(Out::RParen, span),
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
            Punct::LBrace
                if self.frames.last() == Some(&Frame::Pattern) && self.next_is(Punct::Minus) =>
            {
                self.c.bump();
                self.c.bump();
                self.push(Out::LParen, span);
                self.push_ident("$EXCLUDE".to_owned(), span);
                return Ok(());
            }
            Punct::Minus
                if self.frames.last() == Some(&Frame::Pattern) && self.next_is(Punct::RBrace) =>
            {
                self.c.bump();
                self.c.bump();
                self.push(Out::RParen, span);
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

    fn next_is(&self, punct: Punct) -> bool {
        self.c
            .peek_nth(1)
            .is_some_and(|t| t.kind == TokenKind::Punct(punct))
    }

    fn previous_is(&self, words: &[&str]) -> bool {
        self.previous.is_some_and(|t| {
            t.kind == TokenKind::Word
                && words
                    .iter()
                    .any(|word| self.c.token_text(t).eq_ignore_ascii_case(word))
        })
    }

    /// `x > ALL (1, 2)`: values after a quantifier, not a query.
    fn after_quantifier(&self) -> bool {
        self.previous_is(&["ALL", "ANY", "SOME"])
    }

    fn frame_of_parenthesis(&self) -> Frame {
        let inherited = match self.frames.last() {
            Some(Frame::Pattern) => Frame::Pattern,
            _ => Frame::Other,
        };
        let Some(previous) = self.previous else {
            return self.derived_or(inherited);
        };
        if previous.kind == TokenKind::QuotedIdent && inherited != Frame::Pattern {
            return Frame::Call;
        }
        if previous.kind != TokenKind::Word {
            return self.derived_or(inherited);
        }
        if self.after_quantifier() {
            let before = self.out.len().checked_sub(2).map(|i| &self.out[i].token);
            let compared = matches!(
                before,
                Some(Out::Eq | Out::Neq | Out::Lt | Out::LtEq | Out::Gt | Out::GtEq)
            );
            let mut inside = self.c;
            while inside.eat_punct(Punct::LParen) {}
            let query = ["SELECT", "WITH", "VALUES", "TABLE"]
                .iter()
                .any(|word| inside.at_word(word));
            return if compared && !query {
                Frame::Doubled
            } else {
                Frame::Other
            };
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
        } else if is("POSITION")
            && matches!(self.out.last().map(|t| &t.token), Some(Out::Word(w)) if w.value == "$POSITION")
        {
            Frame::Position
        } else if is("FROM") || is("JOIN") {
            self.derived_or(inherited)
        } else if inherited == Frame::Other
            && !is_reserved(self.c.token_text(previous), self.c.version)
        {
            Frame::Call
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
            return Frame::Doubled;
        }
        ahead.eat_word("AS");
        ahead.bump();
        if ahead.at_word("MATCH_RECOGNIZE") {
            return Frame::Doubled;
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
            if let Some(word) = self.after_brace(text) {
                self.c.bump();
                self.push_word(word, token.span);
                return Ok(());
            }
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
            K::TABLE
                if !parenthesis
                    && self.frames.last() != Some(&Frame::Call)
                    && !self.previous_is(&["LATERAL"])
                    && next.is_some() =>
            {
                self.c.bump();
                self.push_word("SELECT", span);
                self.push(Out::Mul, span);
                self.push_word("FROM", span);
                Ok(true)
            }
            K::MODEL
                if self.frames.last() == Some(&Frame::Call)
                    && matches!(
                        next,
                        Some(TokenKind::Word | TokenKind::QuotedIdent | TokenKind::Placeholder)
                    ) =>
            {
                self.c.bump();
                self.push_word("$MODEL", span);
                self.push(Out::LParen, span);
                let name = names::object_name(&mut self.c)?;
                self.push_name(name);
                self.push(Out::RParen, span);
                Ok(true)
            }
            K::NEXT | K::CURRENT
                if self.c.nth_is_word(1, "VALUE") && self.c.nth_is_word(2, "FOR") =>
            {
                self.values_row(token);
                for _ in 0..3 {
                    self.c.bump();
                }
                self.push_word(
                    if keyword == K::NEXT {
                        "$NEXT_VALUE"
                    } else {
                        "$CURRENT_VALUE"
                    },
                    span,
                );
                self.push(Out::LParen, span);
                let name = names::object_name(&mut self.c)?;
                self.push_name(name);
                self.push(Out::RParen, span);
                Ok(true)
            }
            K::TRY_CAST | K::SAFE_CAST if parenthesis => {
                self.values_row(token);
                self.c.bump();
                self.push_word(keyword.text(), span);
                Ok(true)
            }
            K::CEILING if parenthesis => {
                self.values_row(token);
                self.c.bump();
                self.push_word("CEIL", span);
                Ok(true)
            }
            K::FROM if self.previous_is(&["BOTH", "LEADING", "TRAILING"]) => {
                self.c.bump();
                self.push(
                    Out::SingleQuotedString(" ".to_owned()),
                    Span::at(span.start),
                );
                self.push_word("FROM", span);
                Ok(true)
            }
            K::POSITION if parenthesis && self.position_from() => {
                self.values_row(token);
                self.c.bump();
                self.push_word("$POSITION", span);
                Ok(true)
            }
            K::IN | K::FROM if self.frames.last() == Some(&Frame::Position) => {
                self.c.bump();
                self.push(Out::Comma, span);
                Ok(true)
            }
            K::DISTINCT if self.previous_is(&["BY"]) => {
                self.c.bump();
                self.push_ident("$DISTINCT".to_owned(), span);
                self.push(Out::Comma, span);
                Ok(true)
            }
            K::DISTINCT if self.previous_is(&["WITHIN"]) => {
                self.within_distinct(span);
                Ok(true)
            }
            K::ALLOW | K::DISALLOW if self.c.nth_is_word(1, "PARTIAL") => {
                self.c.bump();
                self.c.bump();
                if keyword == K::DISALLOW {
                    self.disallow_partial(span);
                }
                Ok(true)
            }
            // A natural cross join joins by the columns in common: it is a natural join.
            K::CROSS if self.previous_is(&["NATURAL"]) => {
                self.c.bump();
                Ok(true)
            }
            // What GROUP BY does anyway.
            K::ALL
                if self.previous_is(&["BY"])
                    && ["CUBE", "ROLLUP", "GROUPING"]
                        .iter()
                        .any(|word| self.c.nth_is_word(1, word)) =>
            {
                self.c.bump();
                Ok(true)
            }
            K::IGNORE | K::RESPECT if self.c.nth_is_word(2, "WITHIN") => {
                self.null_treatment_inside();
                Ok(true)
            }
            K::SETS if self.previous_is(&["GROUPING"]) => {
                self.c.bump();
                self.push_word("SETS", span);
                Ok(true)
            }
            K::EXTEND if parenthesis => {
                self.c.bump();
                self.extend(span);
                Ok(true)
            }
            K::ESCAPE if next != Some(TokenKind::String) => {
                self.c.bump();
                self.push_word("$ESCAPE", span);
                Ok(true)
            }
            K::IGNORE | K::RESPECT if !self.c.nth_is_word(1, "NULLS") => {
                let value = self.c.token_text(token).to_owned();
                self.values_row(token);
                self.name(value, None, token)?;
                Ok(true)
            }
            K::USING
                if self.frames.last() == Some(&Frame::Call)
                    || self.frames.last() == Some(&Frame::Other)
                        && parenthesis_free_using(&self.c) =>
            {
                self.json_clause(true, token);
                Ok(true)
            }
            K::TO if self.previous_is(&["SKIP"]) && self.skips_to_variable() => {
                self.c.bump();
                self.push_word("TO", span);
                self.push_word("LAST", span);
                if let Some(variable) = self.c.peek() {
                    let value = unescape_ident(self.c.token_text(variable));
                    self.name(value, None, variable)?;
                }
                Ok(true)
            }
            K::VALUE if self.previous.is_none() => {
                self.c.bump();
                self.push_word("VALUES", span);
                self.values.push((self.frames.len(), false));
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
                if self.c.version < FlinkVersion::V2_0
                    && self.c.at_words(&["TIMESTAMP", "WITH", "LOCAL"]) =>
            {
                Err(self.c.error("Flink has this literal from 2.0 on"))
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

    /// `{fn …}`, `{d '…'}`, `{t '…'}` and `{ts '…'}` start with words that are no keywords.
    fn after_brace(&self, text: &str) -> Option<&'static str> {
        let brace = self.previous?.kind == TokenKind::Punct(Punct::LBrace);
        ["fn", "d", "t", "ts"]
            .into_iter()
            .find(|word| brace && word.eq_ignore_ascii_case(text))
    }

    /// `t (x INT, …)` in FROM: a name and a type behind the parenthesis.
    fn declares_columns(&self) -> bool {
        let is_type = self.c.peek_nth(2).is_some_and(|t| {
            let types = [
                "INT",
                "INTEGER",
                "BIGINT",
                "SMALLINT",
                "TINYINT",
                "BOOLEAN",
                "FLOAT",
                "DOUBLE",
                "DECIMAL",
                "CHAR",
                "VARCHAR",
                "STRING",
                "BYTES",
                "DATE",
                "TIME",
                "TIMESTAMP",
            ];
            t.kind == TokenKind::Word
                && types
                    .iter()
                    .any(|ty| self.c.token_text(t).eq_ignore_ascii_case(ty))
        });
        is_type
            && self.c.peek_nth(1).is_some_and(|t| {
                t.kind == TokenKind::QuotedIdent
                    || (t.kind == TokenKind::Word
                        && !is_reserved(self.c.token_text(t), self.c.version))
            })
    }

    /// Is there a FROM in the parentheses of the POSITION at the cursor?
    fn position_from(&self) -> bool {
        let mut scan = self.c;
        scan.bump();
        let mut depth = 0usize;
        while let Some(token) = scan.peek() {
            match token.kind {
                TokenKind::Punct(Punct::LParen) => depth += 1,
                TokenKind::Punct(Punct::RParen) if depth <= 1 => return false,
                TokenKind::Punct(Punct::RParen) => depth -= 1,
                TokenKind::Word if depth == 1 && scan.at_word("FROM") => return true,
                _ => {}
            }
            scan.bump();
        }
        false
    }

    /// After WITHIN: `DISTINCT (…)` goes into the parentheses of the call before.
    fn within_distinct(&mut self, start: Span) {
        self.c.bump();
        let open = self.c.pos();
        let close = self.closing_of(open).unwrap_or(self.end - 1);
        let span = start.cover(self.c.tokens[close].span);
        self.c.advance_to(close + 1);
        // Takes back WITHIN and the parenthesis before it.
        self.out.pop();
        let parenthesis = self.out.pop_if(|t| t.token == Out::RParen);
        self.push(Out::Comma, span);
        self.push_word("$CLAUSE", span);
        self.push(Out::RArrow, span);
        let text = format!("WITHIN {}", span.of(self.c.text));
        self.push(Out::SingleQuotedString(text), span);
        self.out.extend(parenthesis);
    }

    /// Puts `$DISALLOW_PARTIAL` first into the PARTITION BY of the window that is being read.
    fn disallow_partial(&mut self, span: Span) {
        let mut depth = 0usize;
        let open = self.out.iter().rposition(|t| match t.token {
            Out::RParen => {
                depth += 1;
                false
            }
            Out::LParen if depth == 0 => true,
            Out::LParen => {
                depth -= 1;
                false
            }
            _ => false,
        });
        let Some(open) = open else { return };
        let rest = self.out.split_off(open + 1);
        let partitioned = matches!(
            rest.first().map(|t| &t.token),
            Some(Out::Word(w)) if w.keyword == Keyword::PARTITION
        );
        let mut rest = rest.into_iter();
        if partitioned {
            self.out.extend(rest.by_ref().take(2));
        } else {
            self.push_word("PARTITION", span);
            self.push_word("BY", span);
        }
        self.push_ident("$DISALLOW_PARTIAL".to_owned(), span);
        if partitioned {
            self.push(Out::Comma, span);
        }
        self.out.extend(rest);
    }

    /// `f(x) IGNORE NULLS WITHIN GROUP …`: sqlparser wants the words within the parentheses.
    fn null_treatment_inside(&mut self) {
        let close = self.out.pop_if(|t| t.token == Out::RParen);
        for _ in 0..2 {
            if let Some(word) = self.c.bump() {
                self.push_word(self.c.token_text(word), word.span);
            }
        }
        self.out.extend(close);
    }

    /// `t EXTEND (x INT, …)` as `$EXTEND(t, 'x INT, …')`.
    fn extend(&mut self, start: Span) {
        let mut at = self.out.len();
        let is_name = |t: &TokenWithSpan| matches!(t.token, Out::Word(_));
        while at > 0 && is_name(&self.out[at - 1]) {
            at -= 1;
            if at == 0 || self.out[at - 1].token != Out::Period {
                break;
            }
            at -= 1;
        }
        let mut name = self.out.split_off(at);
        let open = self.c.pos();
        let close = self.closing_of(open).unwrap_or(self.end - 1);
        let (from, to) = (self.c.tokens[open].span, self.c.tokens[close].span);
        let columns = self.c.text[from.end as usize..to.start as usize].to_owned();
        self.c.advance_to(close + 1);
        self.push_word("$EXTEND", start);
        self.push(Out::LParen, from);
        self.out.append(&mut name);
        self.push(Out::Comma, from);
        self.push(Out::SingleQuotedString(columns), from.cover(to));
        self.push(Out::RParen, to);
    }

    /// `SKIP TO x`, where `x` may be called FIRST or LAST.
    fn skips_to_variable(&self) -> bool {
        if self.c.nth_is_word(1, "NEXT") {
            return false;
        }
        let named = !self.c.nth_is_word(1, "FIRST") && !self.c.nth_is_word(1, "LAST");
        named || self.c.nth_is_word(2, "PATTERN")
    }

    fn push_name(&mut self, name: crate::syntax::ObjectName) {
        for (i, part) in name.parts.into_iter().enumerate() {
            if i > 0 {
                self.push(Out::Period, part.span);
            }
            self.push_ident(part.value, part.span);
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
            K::NULL | K::ABSENT | K::ERROR | K::TRUE | K::FALSE | K::UNKNOWN
                if self.c.nth_is_word(1, "ON") =>
            {
                self.json_clause(!first, token);
                Ok(true)
            }
            K::FORMAT | K::RETURNING | K::PASSING | K::WITH | K::WITHOUT | K::EMPTY | K::ON
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

/// `TRANSLATE(x USING c)`: a USING that no list of columns follows.
fn parenthesis_free_using(c: &Cursor<'_>) -> bool {
    c.peek_nth(1).is_some_and(|t| t.kind == TokenKind::Word)
        && c.peek_nth(2)
            .is_some_and(|t| t.kind == TokenKind::Punct(Punct::RParen))
}
