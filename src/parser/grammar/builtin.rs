//! Functions with a syntax of their own.

use super::functions::{is_context_variable, is_function_name};
use super::{Context, Grammar, K, P, Read, Tok};
use crate::config::FlinkVersion;

impl Grammar<'_, '_> {
    /// Does this keyword open one of the functions below? Those that are no reserved words need a parenthesis
    /// (or what else marks them), or they are names.
    pub(super) fn is_builtin(&self, keyword: K) -> bool {
        use K::*;
        match keyword {
            CAST | EXTRACT | POSITION | CONVERT | TRANSLATE | OVERLAY | FLOOR | CEIL | CEILING
            | SUBSTRING | TRIM | CLASSIFIER | MATCH_NUMBER | RUNNING | PREV | JSON_EXISTS
            | JSON_VALUE | JSON_QUERY | JSON_OBJECT | JSON_OBJECTAGG | JSON_ARRAY
            | JSON_ARRAYAGG => true,
            DATE_TRUNC | TIMESTAMP_DIFF | TIMESTAMP_TRUNC | TIME_DIFF | TIME_TRUNC => {
                self.since(FlinkVersion::V2_0)
            }
            SAFE_CAST | DATETIME_TRUNC | CONTAINS_SUBSTR => self.since(FlinkVersion::V2_2),
            DATE_DIFF | DATETIME_DIFF => {
                self.since(FlinkVersion::V2_0) && self.nth_is_punct(1, P::LParen)
            }
            TRY_CAST | TIMESTAMPADD | TIMESTAMPDIFF | TUMBLE | HOP | SESSION | FIRST | LAST => {
                self.nth_is_punct(1, P::LParen)
            }
            FINAL => self.starts_operand(self.nth(1)),
            MODEL => self.since(FlinkVersion::V2_1) && self.is_identifier(self.nth(1)),
            _ => false,
        }
    }

    /// As far as it tells the modifier FINAL from a column of that name.
    fn starts_operand(&self, tok: Tok) -> bool {
        use K::*;
        let any = self.since(FlinkVersion::V2_2);
        match tok {
            Tok::Number | Tok::String | Tok::Punct(P::LParen | P::Question | P::LBrace) => any,
            Tok::Key(
                TRUE | FALSE | NULL | UNKNOWN | INTERVAL | CASE | ROW | DATE | TIME | TIMESTAMP
                | DATETIME | ARRAY | MULTISET | PERIOD | NEW | NEXT | CURRENT | DECIMAL,
            ) => any,
            Tok::Key(keyword) if is_context_variable(keyword) => any,
            Tok::Key(keyword) if keyword.is_reserved(self.version) && self.is_builtin(keyword) => {
                any
            }
            Tok::Key(keyword) => is_function_name(keyword) || self.is_identifier(tok),
            _ => self.is_identifier(tok),
        }
    }

    /// Functions of `{fn …}` with a syntax of their own.
    pub(super) fn is_jdbc_builtin(&self, keyword: K) -> bool {
        use K::*;
        match keyword {
            TIMESTAMPADD | TIMESTAMPDIFF => true,
            DATE_DIFF | DATETIME_DIFF | DATE_TRUNC | TIMESTAMP_TRUNC | TIME_TRUNC
            | TIMESTAMP_DIFF | TIME_DIFF => self.since(FlinkVersion::V2_0),
            CONTAINS_SUBSTR => self.since(FlinkVersion::V2_2),
            _ => false,
        }
    }

    /// The keyword is the current token.
    pub(super) fn builtin(&mut self, keyword: K) -> Read {
        use K::*;
        match keyword {
            MODEL => {
                self.bump();
                return self.compound_identifier();
            }
            RUNNING | FINAL => return self.running_or_final(),
            FLOOR | CEIL | CEILING => return self.floor(),
            TUMBLE | HOP | SESSION => {
                self.bump();
                return self.quantified_arguments();
            }
            JSON_ARRAYAGG => return self.json_arrayagg(),
            _ => {}
        }
        self.bump();
        self.need_punct(P::LParen)?;
        match keyword {
            CAST | TRY_CAST | SAFE_CAST => self.cast()?,
            EXTRACT => {
                self.time_unit(true)?;
                self.need(FROM)?;
                self.operand_expression()?;
            }
            POSITION => {
                self.atom()?;
                self.need(IN)?;
                self.operand_expression()?;
                self.optional_after(&[FROM])?;
            }
            CONVERT => self.convert()?,
            TRANSLATE => {
                self.operand_expression()?;
                if self.eat(USING) {
                    self.identifier()?;
                } else {
                    self.more_expressions()?;
                }
            }
            OVERLAY => {
                self.operand_expression()?;
                self.need(PLACING)?;
                self.operand_expression()?;
                self.need(FROM)?;
                self.operand_expression()?;
                self.optional_after(&[FOR])?;
            }
            SUBSTRING => {
                self.operand_expression()?;
                if !self.eat_punct(P::Comma) {
                    self.need(FROM)?;
                }
                self.operand_expression()?;
                if self.eat_punct(P::Comma) || self.eat(FOR) {
                    self.operand_expression()?;
                }
            }
            TRIM => self.trim()?,
            TIMESTAMPADD | TIMESTAMPDIFF => {
                self.timestamp_unit()?;
                self.comma_expression()?;
                self.comma_expression()?;
            }
            DATE_DIFF | DATETIME_DIFF | TIMESTAMP_DIFF | TIME_DIFF => {
                self.operand_expression()?;
                self.comma_expression()?;
                self.need_punct(P::Comma)?;
                self.time_unit(true)?;
            }
            DATE_TRUNC => self.date_trunc()?,
            TIMESTAMP_TRUNC | TIME_TRUNC | DATETIME_TRUNC => {
                self.operand_expression()?;
                self.need_punct(P::Comma)?;
                self.time_unit(true)?;
            }
            CONTAINS_SUBSTR => {
                self.operand_expression()?;
                self.comma_expression()?;
                if self.eat_punct(P::Comma) {
                    self.need(JSON_SCOPE)?;
                    self.need_punct(P::RArrow)?;
                    self.operand_expression()?;
                }
            }
            CLASSIFIER | MATCH_NUMBER => {}
            FIRST | LAST | PREV | NEXT => {
                self.operand_expression()?;
                if self.eat_punct(P::Comma) {
                    self.signed_number()?;
                }
            }
            JSON_EXISTS => self.json_exists()?,
            JSON_VALUE => self.json_value()?,
            JSON_QUERY => self.json_query()?,
            JSON_OBJECT => self.json_object()?,
            JSON_OBJECTAGG => self.json_objectagg()?,
            JSON_ARRAY => self.json_array()?,
            _ => return self.expected("an expression"),
        }
        self.need_punct(P::RParen)
    }

    fn operand_expression(&mut self) -> Read {
        self.expression(Context::SubQuery).map(drop)
    }

    fn comma_expression(&mut self) -> Read {
        self.need_punct(P::Comma)?;
        self.operand_expression()
    }

    fn more_expressions(&mut self) -> Read {
        while self.eat_punct(P::Comma) {
            self.operand_expression()?;
        }
        Ok(())
    }

    fn optional_after(&mut self, keywords: &[K]) -> Read {
        if self.eat_any(keywords) {
            self.operand_expression()?;
        }
        Ok(())
    }

    fn cast(&mut self) -> Read {
        self.operand_expression()?;
        self.need(K::AS)?;
        self.type_or_interval()
    }

    fn type_or_interval(&mut self) -> Read {
        if self.eat(K::INTERVAL) {
            return self.interval_qualifier();
        }
        self.plain_type()
    }

    /// `x USING c`; since 2.2 also `x, from, to` and the form with a type first.
    fn convert(&mut self) -> Read {
        if self.since(FlinkVersion::V2_2) && self.at_type_of_convert() {
            self.type_or_interval()?;
            self.comma_expression()?;
            if self.eat_punct(P::Comma) && !self.eat(K::NULL) {
                self.unsigned_number()?;
            }
            return Ok(());
        }
        self.operand_expression()?;
        if self.since(FlinkVersion::V2_2) && self.eat_punct(P::Comma) {
            self.identifier()?;
            self.need_punct(P::Comma)?;
            return self.identifier();
        }
        self.need(K::USING)?;
        self.identifier()
    }

    /// A type, but for those that Flink takes for an expression here, and what it takes for a type.
    fn at_type_of_convert(&self) -> bool {
        use K::*;
        if self.is_overlooked(0) {
            return true;
        }
        match (self.tok, self.nth(1)) {
            (Tok::Key(INTERVAL), Tok::Key(unit)) => unit.is_reserved(self.version),
            (Tok::Key(TIMESTAMP), Tok::Key(WITH)) => false,
            (Tok::Key(DATE | TIME | TIMESTAMP), next) => {
                !matches!(next, Tok::String | Tok::Punct(P::LParen))
            }
            (Tok::Key(DECIMAL), next) => next != Tok::String,
            (Tok::Key(ARRAY | MULTISET), next) => next == Tok::Punct(P::Lt),
            (Tok::Key(ROW), next) => matches!(next, Tok::Punct(P::Lt | P::NotEq)),
            (tok, next) => {
                self.starts_type(tok) && (!self.is_identifier(tok) || next == Tok::Key(ARRAY))
            }
        }
    }

    /// Where Flink looks two tokens ahead for an expression, it does not see a call by name, `f(…)`, nor a
    /// `CASE WHEN`. `n` is the first of the two tokens.
    pub(super) fn is_overlooked(&self, n: usize) -> bool {
        use K::*;
        let (first, second) = (self.nth(n), self.nth(n + 1));
        match (first, second) {
            (Tok::Key(CASE), Tok::Key(WHEN)) => true,
            (
                Tok::Key(
                    FLOOR | CEILING | ARRAY_AGG | FIRST | LAST | TUMBLE | HOP | SESSION
                    | TIMESTAMPADD | TIMESTAMPDIFF | TRY_CAST | MAP,
                ),
                _,
            ) => false,
            (Tok::Key(DATE_DIFF | DATETIME_DIFF), _) if self.since(FlinkVersion::V2_0) => false,
            (Tok::Key(PERCENTILE_CONT | PERCENTILE_DISC | FINAL), _)
                if self.since(FlinkVersion::V2_2) =>
            {
                false
            }
            (Tok::Key(keyword), Tok::Punct(P::LParen)) => {
                is_function_name(keyword) || self.is_identifier(first)
            }
            (_, Tok::Punct(P::LParen)) => self.is_identifier(first),
            _ => false,
        }
    }

    /// `[BOTH | LEADING | TRAILING] [chars] FROM x`, or `[flag] x`; Flink takes also nothing.
    fn trim(&mut self) -> Read {
        let flag = self.eat_any(&[K::BOTH, K::LEADING, K::TRAILING]);
        let overlooked = !flag && self.is_overlooked(0);
        let chars = !self.at(K::FROM) && !self.at_punct(P::RParen);
        if chars {
            self.operand_expression()?;
        }
        if !self.at(K::FROM) {
            return Ok(());
        }
        if overlooked {
            return self.refuse(
                "syntax-error",
                "Flink reads no FROM after a call or a CASE as the first word of TRIM",
                "say which end: TRIM(BOTH f(x) FROM y)",
            );
        }
        if !flag && !chars {
            return self.expected("what to trim");
        }
        self.bump();
        self.operand_expression()
    }

    /// The unit comes last, bare, or first, as a string.
    fn date_trunc(&mut self) -> Read {
        use K::*;
        self.operand_expression()?;
        self.need_punct(P::Comma)?;
        if let Tok::Key(
            NANOSECOND | MICROSECOND | MILLISECOND | SECOND | MINUTE | HOUR | DAY | DOW | DOY
            | ISODOW | ISOYEAR | WEEK | MONTH | QUARTER | YEAR | EPOCH | DECADE | CENTURY
            | MILLENNIUM,
        ) = self.tok
        {
            return self.time_unit(true);
        }
        self.operand_expression()
    }

    /// `FLOOR(x [TO unit]) [OVER …]`.
    fn floor(&mut self) -> Read {
        self.bump();
        self.need_punct(P::LParen)?;
        self.operand_expression()?;
        if self.eat(K::TO) {
            self.time_unit(self.since(FlinkVersion::V2_0))?;
        }
        self.need_punct(P::RParen)?;
        self.optional_over()
    }

    /// `RUNNING x`, `FINAL x` of MATCH_RECOGNIZE.
    fn running_or_final(&mut self) -> Read {
        self.bump();
        match self.tok {
            Tok::Key(keyword @ (K::FIRST | K::LAST)) if self.nth_is_punct(1, P::LParen) => {
                self.builtin(keyword)
            }
            _ if self.since(FlinkVersion::V2_2) => self.primary(Context::NonQuery).map(drop),
            _ => self.function_call(),
        }
    }
}
