//! Identifiers.

use super::{Grammar, K, P, Read, SyntaxError, Tok};
use crate::lexer::TokenKind;

/// In UTF-16 units, as Java counts (`SqlParser.Config.identifierMaxLength` in Flink's planner).
const MAX_LENGTH: usize = 256;

impl Grammar<'_, '_> {
    pub(super) fn is_identifier(&self, tok: Tok) -> bool {
        match tok {
            Tok::Word | Tok::Quoted | Tok::Placeholder => true,
            Tok::Key(keyword) => !keyword.is_reserved(self.version),
            _ => false,
        }
    }

    pub(super) fn at_identifier(&self) -> bool {
        self.is_identifier(self.tok)
    }

    pub(super) fn identifier(&mut self) -> Read {
        if !self.at_identifier() {
            return self.no_identifier();
        }
        let text = self.text();
        if text == "``" {
            return self.expected("a name between the backticks");
        }
        if text.len() > MAX_LENGTH && text.encode_utf16().count() > MAX_LENGTH {
            return self.check_length();
        }
        self.bump();
        Ok(())
    }

    #[cold]
    fn no_identifier(&mut self) -> Read {
        if let Tok::Key(keyword) = self.tok
            && !super::ends_a_clause(keyword)
        {
            let text = self.text();
            return self.fail(SyntaxError {
                name: "reserved-identifier",
                help: vec![format!("put it in backticks: `{text}`")],
                ..self.cursor.error(format!(
                    "`{text}` is a reserved word in Flink {} and no name",
                    self.version_name()
                ))
            });
        }
        self.expected("a name")
    }

    /// Backticks and doubled backticks do not count.
    #[cold]
    fn check_length(&mut self) -> Read {
        let text = self.text();
        let name = match text.strip_prefix('`').and_then(|t| t.strip_suffix('`')) {
            Some(quoted) => quoted.replace("``", "`"),
            None => text.to_owned(),
        };
        let length = name.encode_utf16().count();
        if length > MAX_LENGTH && self.tok != Tok::Placeholder {
            return self.refuse(
                "identifier-too-long",
                &format!("a name of {length} characters: Flink takes at most {MAX_LENGTH}"),
                "",
            );
        }
        self.bump();
        Ok(())
    }

    fn version_name(&self) -> &'static str {
        use crate::config::FlinkVersion::*;
        match self.version {
            V1_20 => "1.20",
            V2_0 => "2.0",
            V2_1 => "2.1",
            V2_2 => "2.2",
            V2_3 => "2.3",
        }
    }

    /// `a`, `a.b`, `a.*`: in expressions.
    pub(super) fn compound_identifier(&mut self) -> Read {
        self.compound_table_identifier()?;
        if self.at_punct(P::Dot) && self.nth_is_punct(1, P::Star) {
            self.bump();
            self.bump();
        }
        Ok(())
    }

    /// `a`, `a.b`.
    pub(super) fn compound_table_identifier(&mut self) -> Read {
        self.identifier()?;
        while self.at_punct(P::Dot) && self.is_identifier(self.nth(1)) {
            self.dot()?;
            self.identifier()?;
        }
        Ok(())
    }

    /// The dot between two names. To Flink's lexer `t.$rowtime` is one token, the name of a collation.
    fn dot(&mut self) -> Read {
        let at = self.cursor.pos();
        let tokens = &self.cursor.tokens;
        if let (Some(before), Some(dot), Some(after)) = (
            at.checked_sub(1).and_then(|i| tokens.get(i)),
            tokens.get(at),
            tokens.get(at + 1),
        ) {
            let joined = before.kind == TokenKind::Word
                && after.kind == TokenKind::Word
                && before.span.end == dot.span.start
                && dot.span.end == after.span.start;
            let name = self.cursor.token_text(*after);
            if joined && name.trim_end_matches('$').contains('$') {
                let quoted = format!("put the name in backticks: `{name}`");
                self.bump();
                return self.refuse(
                    "dollar-after-dot",
                    "an unquoted name with `$` cannot follow a dot",
                    &quoted,
                );
            }
        }
        self.bump();
        Ok(())
    }

    /// `(a, b)`.
    pub(super) fn identifier_list(&mut self) -> Read {
        self.need_punct(P::LParen)?;
        self.list(Self::identifier)?;
        self.need_punct(P::RParen)
    }

    /// `a` or `(a, b)`.
    pub(super) fn identifier_or_list(&mut self) -> Read {
        if self.at_punct(P::LParen) {
            self.identifier_list()
        } else {
            self.identifier()
        }
    }

    /// `[AS] name`; true if it was there.
    pub(super) fn optional_alias(&mut self) -> Read<bool> {
        if self.eat(K::AS) || self.at_identifier() {
            self.identifier()?;
            return Ok(true);
        }
        Ok(false)
    }
}
