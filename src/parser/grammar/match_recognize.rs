//! MATCH_RECOGNIZE.

use super::{Context, Grammar, K, P, Read, Tok};

impl Grammar<'_, '_> {
    /// `MATCH_RECOGNIZE` is the current token.
    pub(super) fn match_recognize(&mut self) -> Read {
        use K::*;
        self.need(MATCH_RECOGNIZE)?;
        self.need_punct(P::LParen)?;
        if self.eat(PARTITION) {
            self.need(BY)?;
            self.expressions(Context::NonQuery)?;
        }
        if self.at(ORDER) {
            self.order_by()?;
        }
        if self.eat(MEASURES) {
            self.list(|g| {
                g.expression(Context::NonQuery)?;
                g.need(AS)?;
                g.identifier()
            })?;
        }
        if self.eat(ONE) {
            self.need_all(&[ROW, PER, MATCH])?;
        } else if self.eat(ALL) {
            self.need_all(&[ROWS, PER, MATCH])?;
        }
        if self.eat(AFTER) {
            self.need_all(&[MATCH, SKIP])?;
            self.skip_target()?;
        }
        self.need(PATTERN)?;
        self.need_punct(P::LParen)?;
        self.eat_punct(P::Caret);
        self.pattern()?;
        if self.tok == Tok::Dollar {
            self.bump();
        }
        self.need_punct(P::RParen)?;
        if self.eat(WITHIN) {
            self.interval_literal()?;
        }
        if self.eat(SUBSET) {
            self.list(|g| {
                g.identifier()?;
                g.need_punct(P::Eq)?;
                g.need_punct(P::LParen)?;
                g.expressions(Context::NonQuery)?;
                g.need_punct(P::RParen)
            })?;
        }
        self.need(DEFINE)?;
        self.list(|g| {
            g.identifier()?;
            g.need(AS)?;
            g.expression(Context::SubQuery).map(drop)
        })?;
        self.need_punct(P::RParen)
    }

    /// After `AFTER MATCH SKIP`.
    fn skip_target(&mut self) -> Read {
        use K::*;
        if self.eat(PAST) {
            return self.need_all(&[LAST, ROW]);
        }
        self.need(TO)?;
        if self.eat(NEXT) {
            return self.need(ROW);
        }
        // FIRST and LAST are names too.
        if matches!(self.tok, Tok::Key(FIRST | LAST)) && self.is_identifier(self.nth(1)) {
            self.bump();
        }
        self.identifier()
    }

    fn pattern(&mut self) -> Read {
        self.deeper(|g| {
            loop {
                g.pattern_factor()?;
                while g.at_pattern() {
                    g.pattern_factor()?;
                }
                if !g.eat_punct(P::Pipe) {
                    return Ok(());
                }
            }
        })
    }

    fn at_pattern(&self) -> bool {
        matches!(
            self.tok,
            Tok::Punct(P::LParen | P::LBrace) | Tok::Key(K::PERMUTE)
        ) || self.at_identifier()
    }

    fn pattern_factor(&mut self) -> Read {
        match self.tok {
            Tok::Punct(P::LParen) => {
                self.bump();
                self.pattern()?;
                self.need_punct(P::RParen)?;
            }
            Tok::Punct(P::LBrace) => {
                self.bump();
                self.need_punct(P::Minus)?;
                self.excluded()?;
            }
            Tok::Key(K::PERMUTE) => {
                self.bump();
                self.need_punct(P::LParen)?;
                self.list(Self::pattern)?;
                self.need_punct(P::RParen)?;
            }
            _ => self.identifier()?,
        }
        self.quantifier()
    }

    /// `{- … -}`, after its `{-`.
    fn excluded(&mut self) -> Read {
        self.pattern()?;
        self.need_punct(P::Minus)?;
        self.need_punct(P::RBrace)
    }

    /// `*`, `+`, `?`, `{n}`, `{n,}`, `{n,m}`, `{,m}`, each reluctant with `?` after it.
    fn quantifier(&mut self) -> Read {
        match self.tok {
            Tok::Punct(P::Star | P::Plus | P::Question) => self.bump(),
            Tok::Punct(P::LBrace) => {
                self.bump();
                if self.eat_punct(P::Minus) {
                    return self.excluded();
                }
                if self.eat_punct(P::Comma) {
                    self.unsigned_number()?;
                } else {
                    self.unsigned_number()?;
                    if self.eat_punct(P::Comma) && !self.at_punct(P::RBrace) {
                        self.unsigned_number()?;
                    }
                }
                self.need_punct(P::RBrace)?;
            }
            _ => return Ok(()),
        }
        self.eat_punct(P::Question);
        Ok(())
    }
}
