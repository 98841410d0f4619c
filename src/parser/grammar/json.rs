//! The JSON functions of the SQL standard. All start after the opening parenthesis and stop before the closing
//! one, but for [`Grammar::json_arrayagg`].

use super::{Context, Grammar, K, P, Read, Tok};

impl Grammar<'_, '_> {
    fn json_operand(&mut self) -> Read {
        self.expression(Context::NonQuery).map(drop)
    }

    /// `value, path [PASSING x AS name, …]`.
    fn json_value_and_path(&mut self) -> Read {
        self.json_operand()?;
        self.need_punct(P::Comma)?;
        self.json_operand()?;
        if self.eat(K::PASSING) {
            self.list(|g| {
                g.json_operand()?;
                g.need(K::AS)?;
                g.identifier()
            })?;
        }
        Ok(())
    }

    fn json_returning(&mut self) -> Read {
        if self.eat(K::RETURNING) {
            self.plain_type()?;
        }
        Ok(())
    }

    fn on_empty_or_error(&mut self) -> Read {
        self.need(K::ON)?;
        self.need_any(&[K::EMPTY, K::ERROR])
    }

    pub(super) fn json_exists(&mut self) -> Read {
        use K::*;
        self.json_value_and_path()?;
        if self.eat_any(&[TRUE, FALSE, UNKNOWN, ERROR]) {
            self.need_all(&[ON, ERROR])?;
        }
        Ok(())
    }

    pub(super) fn json_value(&mut self) -> Read {
        use K::*;
        self.json_value_and_path()?;
        self.json_returning()?;
        loop {
            match self.tok {
                Tok::Key(ERROR | NULL) => self.bump(),
                Tok::Key(DEFAULT) => {
                    self.bump();
                    self.json_operand()?;
                }
                _ => return Ok(()),
            }
            self.on_empty_or_error()?;
        }
    }

    pub(super) fn json_query(&mut self) -> Read {
        use K::*;
        self.json_value_and_path()?;
        self.json_returning()?;
        if self.at(WITH) || self.at(WITHOUT) {
            if self.at(WITH) {
                self.bump();
                self.eat_any(&[CONDITIONAL, UNCONDITIONAL]);
            } else {
                self.bump();
            }
            self.eat(ARRAY);
            self.need(WRAPPER)?;
        }
        loop {
            match self.tok {
                Tok::Key(ERROR | NULL) => self.bump(),
                Tok::Key(EMPTY) => {
                    self.bump();
                    self.need_any(&[ARRAY, OBJECT])?;
                }
                _ => return Ok(()),
            }
            self.on_empty_or_error()?;
        }
    }

    /// `[KEY] name VALUE x` or `name : x`.
    fn json_pair(&mut self) -> Read {
        let key = self.at(K::KEY) && self.nth_starts_expression();
        if key {
            self.bump();
        }
        self.json_operand()?;
        if key || !self.eat_punct(P::Colon) {
            self.need(K::VALUE)?;
        }
        self.json_operand()
    }

    /// Does the token after this one start an expression, and not continue one?
    fn nth_starts_expression(&self) -> bool {
        use K::*;
        match self.nth(1) {
            Tok::Number | Tok::String => true,
            Tok::Punct(p) => matches!(p, P::LParen | P::Plus | P::Minus | P::Question | P::LBrace),
            Tok::Key(
                VALUE | AND | OR | IN | IS | LIKE | ILIKE | RLIKE | SIMILAR | BETWEEN | MEMBER
                | SUBMULTISET | CONTAINS | OVERLAPS | EQUALS | PRECEDES | SUCCEEDS | AS,
            ) => false,
            Tok::Key(NOT | NULL) => true,
            Tok::Key(keyword) => !super::ends_a_clause(keyword),
            tok => self.is_identifier(tok),
        }
    }

    fn at_on_null(&self) -> bool {
        matches!(self.tok, Tok::Key(K::NULL | K::ABSENT)) && self.nth_is(1, K::ON)
    }

    fn optional_on_null(&mut self) -> Read {
        if self.eat_any(&[K::NULL, K::ABSENT]) {
            return self.need_all(&[K::ON, K::NULL]);
        }
        Ok(())
    }

    pub(super) fn json_object(&mut self) -> Read {
        if self.at(K::KEY) && !self.nth_starts_expression() || self.is_overlooked(0) {
            return self.refuse(
                "syntax-error",
                "Flink cannot read this as the first name of a JSON_OBJECT",
                "put KEY before it",
            );
        }
        if !self.at_punct(P::RParen) && !self.at_on_null() {
            self.list(Self::json_pair)?;
        }
        self.optional_on_null()
    }

    pub(super) fn json_objectagg(&mut self) -> Read {
        self.json_pair()?;
        self.optional_on_null()
    }

    /// `NULL ON NULL` alone is a value NULL to Flink, and then an error.
    pub(super) fn json_array(&mut self) -> Read {
        if !self.at_punct(P::RParen) {
            self.list(Self::json_operand)?;
        }
        self.optional_on_null()
    }

    /// With its name and parentheses.
    pub(super) fn json_arrayagg(&mut self) -> Read {
        self.bump();
        self.need_punct(P::LParen)?;
        self.json_operand()?;
        let ordered = self.at(K::ORDER);
        if ordered {
            self.order_by()?;
        }
        self.optional_on_null()?;
        self.need_punct(P::RParen)?;
        if !self.at(K::WITHIN) {
            return Ok(());
        }
        if ordered {
            return self.refuse(
                "syntax-error",
                "a JSON_ARRAYAGG has one ORDER BY: within its parentheses or in WITHIN GROUP",
                "",
            );
        }
        self.within_group()
    }

    /// `FORMAT JSON [ENCODING UTF8]`.
    pub(super) fn json_format(&mut self) -> Read {
        self.need_all(&[K::FORMAT, K::JSON])?;
        if self.at(K::ENCODING) && matches!(self.nth(1), Tok::Key(K::UTF8 | K::UTF16 | K::UTF32)) {
            self.bump();
            self.bump();
        }
        Ok(())
    }
}
