//! What stands within `/*+ … */`.

use super::{Cursor, Grammar, K, P, Parsed, Read, Stop, SyntaxError, Tok};
use crate::lexer::{Token, TokenKind, lex};

/// Reads a hint, which is one token of the cursor's.
pub(super) fn hint(cursor: &Cursor<'_>, token: Token) -> Parsed<()> {
    let text = cursor.token_text(token);
    let inner = text
        .strip_prefix("/*+")
        .and_then(|t| t.strip_suffix("*/"))
        .unwrap_or_default();
    let tokens = lex(inner, cursor.version);
    let mut within = Cursor::new(inner, &tokens, 0..tokens.len(), cursor.version);
    let mut grammar = Grammar::new(&mut within);
    if grammar.hints().is_ok() && grammar.stray_hint.is_none() {
        return Ok(());
    }
    let mistake = grammar.into_error();
    Err(SyntaxError {
        span: token.span,
        name: "malformed-hint",
        message: format!("this hint cannot be read: {}", mistake.message),
        help: vec![
            "a hint is a name with options, as in /*+ OPTIONS('key' = 'value') */ or /*+ BROADCAST(t) */"
                .to_owned(),
        ],
    })
}

impl Grammar<'_, '_> {
    /// A hint may stand before the current token.
    pub(super) fn take_hint(&mut self) -> Read {
        let Some(token) = self.hint.take() else {
            return Ok(());
        };
        match hint(self.cursor, token) {
            Ok(()) => Ok(()),
            Err(error) => self.fail(error),
        }
    }

    fn hints(&mut self) -> Read {
        self.list(Self::one_hint)?;
        match self.tok {
            Tok::End if self.cursor.at_end() => Ok(()),
            _ => self.expected("`,` or the end of the hint"),
        }
    }

    fn one_hint(&mut self) -> Read {
        self.identifier()?;
        if !self.eat_punct(P::LParen) {
            return Ok(());
        }
        if self.eat_punct(P::RParen) {
            return Ok(());
        }
        if self.nth_is_punct(1, P::Eq) || self.tok == Tok::String && self.at_unicode_key() {
            self.list(Self::key_and_value)?;
        } else if self.at_identifier() {
            self.list(Self::identifier)?;
        } else {
            self.list(|g| match g.tok {
                Tok::String => g.string_literal(),
                _ => g.signed_number(),
            })?;
        }
        self.need_punct(P::RParen)
    }

    /// `U&'…' UESCAPE '!' = …`.
    fn at_unicode_key(&self) -> bool {
        self.nth_is(1, K::UESCAPE) && self.nth_is_punct(3, P::Eq)
    }

    fn key_and_value(&mut self) -> Read {
        if self.tok == Tok::String {
            self.string_literal()?;
        } else {
            self.identifier()?;
        }
        self.need_punct(P::Eq)?;
        self.string_literal()
    }

    /// No hint stands where none may.
    pub(super) fn no_stray_hint(&mut self) -> Read {
        let Some(hint) = self.stray_hint else {
            return Ok(());
        };
        debug_assert_eq!(hint.kind, TokenKind::Hint);
        self.error = Some(SyntaxError {
            span: hint.span,
            name: "misplaced-hint",
            message: "a hint cannot stand here".to_owned(),
            help: vec![
                "put it right after SELECT, after the name of a table in FROM, or after the target of an INSERT"
                    .to_owned(),
            ],
        });
        Err(Stop)
    }
}
