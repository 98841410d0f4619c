//! Atoms that are no operators: literals, names, constructors, and calls of functions by name.

use super::functions::{
    is_aggregate_with_order, is_context_variable, is_function_name, is_jdbc_type,
};
use super::{Context, EXPRESSION, Grammar, K, P, Read, Tok};
use crate::config::FlinkVersion;

impl Grammar<'_, '_> {
    /// A literal, a call, a constructor or a name: all that needs no parentheses of its own.
    pub(super) fn atom(&mut self) -> Read {
        match self.tok {
            Tok::Number => {
                self.bump();
                Ok(())
            }
            Tok::String => self.string_literal(),
            Tok::Punct(P::Question) => {
                self.bump();
                Ok(())
            }
            Tok::Punct(P::LBrace) => self.braced(),
            Tok::Key(keyword) => self.keyword_atom(keyword),
            _ if self.at_identifier() => self.name_or_call(),
            _ => self.expected(EXPRESSION),
        }
    }

    fn keyword_atom(&mut self, keyword: K) -> Read {
        use K::*;
        let before_call = || self.nth_is_punct(1, P::LParen);
        match keyword {
            TRUE | FALSE | UNKNOWN | NULL => {
                self.bump();
                Ok(())
            }
            INTERVAL => self.interval(),
            DECIMAL if self.at_unsigned_number() => self.unsigned_number(),
            DATE | TIME | TIMESTAMP | DATETIME => self.datetime(),
            MULTISET => self.multiset(),
            ARRAY => self.array(),
            MAP if self.nth_is_punct(1, P::LBracket) || before_call() => self.map(),
            PERIOD => {
                self.bump();
                self.need_punct(P::LParen)?;
                self.expression(Context::SubQuery)?;
                self.need_punct(P::Comma)?;
                self.expression(Context::SubQuery)?;
                self.need_punct(P::RParen)
            }
            NEW => {
                self.bump();
                self.compound_identifier()?;
                self.routine_arguments(Context::SubQuery)
            }
            CASE => self.case(),
            NEXT if before_call() => self.builtin(keyword),
            NEXT | CURRENT => {
                self.bump();
                self.need_all(&[VALUE, FOR])?;
                self.compound_identifier()
            }
            SPECIFIC => {
                self.bump();
                self.function_name()?;
                self.call_with_suffixes()
            }
            _ if self.is_builtin(keyword) => self.builtin(keyword),
            ARRAY_AGG if before_call() => {
                self.string_aggregate()?;
                self.call_suffixes()
            }
            PERCENTILE_CONT | PERCENTILE_DISC if self.since(FlinkVersion::V2_2) => {
                self.percentile()?;
                self.call_suffixes()
            }
            _ if is_function_name(keyword) && before_call() => {
                self.bump();
                self.call_with_suffixes()
            }
            _ if is_context_variable(keyword) => {
                self.bump();
                Ok(())
            }
            _ if !keyword.is_reserved(self.version) => self.name_or_call(),
            _ => self.expected(EXPRESSION),
        }
    }

    fn name_or_call(&mut self) -> Read {
        self.compound_identifier()?;
        if self.at_punct(P::LParen) {
            return self.call_with_suffixes();
        }
        Ok(())
    }

    fn function_name(&mut self) -> Read {
        match self.tok {
            Tok::Key(keyword) if is_function_name(keyword) => {
                self.bump();
                Ok(())
            }
            _ => self.compound_identifier(),
        }
    }

    /// A function of a PIVOT: a call and nothing else.
    pub(super) fn function_call(&mut self) -> Read {
        match self.tok {
            Tok::Key(keyword)
                if is_aggregate_with_order(keyword) && self.nth_is_punct(1, P::LParen) =>
            {
                self.string_aggregate()?;
                self.call_suffixes()
            }
            Tok::Key(K::PERCENTILE_CONT | K::PERCENTILE_DISC) if self.since(FlinkVersion::V2_2) => {
                self.percentile()?;
                self.call_suffixes()
            }
            _ => {
                self.eat(K::SPECIFIC);
                self.function_name()?;
                self.call_with_suffixes()
            }
        }
    }

    fn call_with_suffixes(&mut self) -> Read {
        self.call_arguments()?;
        self.call_suffixes()
    }

    /// `(*)`, `()` or `([DISTINCT | ALL] argument, …)`.
    pub(super) fn call_arguments(&mut self) -> Read {
        if self.at_punct(P::LParen) && matches!(self.nth(1), Tok::Punct(P::Star | P::RParen)) {
            self.bump();
            self.eat_punct(P::Star);
            return self.need_punct(P::RParen);
        }
        self.quantified_arguments()
    }

    /// `([DISTINCT | ALL] argument, …)`, at least one.
    pub(super) fn quantified_arguments(&mut self) -> Read {
        self.need_punct(P::LParen)?;
        self.eat_any(&[K::DISTINCT, K::ALL]);
        self.arguments(Context::SubQuery)
    }

    /// `(argument, …)`, also none: of a table function.
    pub(super) fn routine_arguments(&mut self, context: Context) -> Read {
        self.need_punct(P::LParen)?;
        if self.eat_punct(P::RParen) {
            return Ok(());
        }
        self.arguments(context)
    }

    /// From the first argument to the closing parenthesis.
    fn arguments(&mut self, context: Context) -> Read {
        self.first_argument(context)?;
        while self.eat_punct(P::Comma) {
            self.argument(context)?;
        }
        self.need_punct(P::RParen)
    }

    fn argument_name(&mut self) -> Read {
        if self.at_identifier() && self.nth_is_punct(1, P::RArrow) {
            self.identifier()?;
            self.bump();
        }
        Ok(())
    }

    /// Only the first argument may be a query without parentheses.
    fn first_argument(&mut self, context: Context) -> Read {
        self.argument_name()?;
        match self.tok {
            Tok::Key(K::DEFAULT) => {
                self.bump();
                Ok(())
            }
            Tok::Key(K::TABLE) if self.is_identifier(self.nth(1)) => self.table_argument(),
            _ => {
                self.ordered_query_or_expression(context.within_parentheses())?;
                self.partition_and_order()
            }
        }
    }

    pub(super) fn argument(&mut self, context: Context) -> Read {
        self.argument_name()?;
        match self.tok {
            Tok::Key(K::DEFAULT) => {
                self.bump();
                Ok(())
            }
            Tok::Key(K::TABLE) => self.table_argument(),
            _ => self.expression(context).map(drop),
        }
    }

    /// `TABLE t [PARTITION BY …] [ORDER BY …]`.
    fn table_argument(&mut self) -> Read {
        self.bump();
        self.compound_identifier()?;
        self.partition_and_order()
    }

    fn partition_and_order(&mut self) -> Read {
        if self.eat(K::PARTITION) {
            self.need(K::BY)?;
            self.identifier_or_list()?;
        }
        if !self.eat(K::ORDER) {
            return Ok(());
        }
        self.need(K::BY)?;
        // A parenthesis always opens the list, never an expression.
        if self.eat_punct(P::LParen) {
            self.list(Self::order_item)?;
            return self.need_punct(P::RParen);
        }
        self.order_item()
    }

    /// What may follow the arguments of a function.
    fn call_suffixes(&mut self) -> Read {
        use K::*;
        if self.at_null_treatment() {
            self.bump();
            self.bump();
        }
        if self.at(WITHIN) && self.nth_is(1, DISTINCT) {
            self.bump();
            self.bump();
            self.need_punct(P::LParen)?;
            self.expressions(Context::SubQuery)?;
            self.need_punct(P::RParen)?;
        }
        if self.at(WITHIN) {
            self.within_group()?;
        }
        if self.eat(FILTER) {
            self.need_punct(P::LParen)?;
            self.need(WHERE)?;
            self.expression(Context::SubQuery)?;
            self.need_punct(P::RParen)?;
        }
        self.optional_over()
    }

    fn at_null_treatment(&self) -> bool {
        matches!(self.tok, Tok::Key(K::IGNORE | K::RESPECT)) && self.nth_is(1, K::NULLS)
    }

    pub(super) fn within_group(&mut self) -> Read {
        self.need_all(&[K::WITHIN, K::GROUP])?;
        self.need_punct(P::LParen)?;
        self.order_by()?;
        self.need_punct(P::RParen)
    }

    pub(super) fn optional_over(&mut self) -> Read {
        if !self.eat(K::OVER) {
            return Ok(());
        }
        if self.at_identifier() {
            return self.identifier();
        }
        self.window_specification()
    }

    /// `( [name] [PARTITION BY …] [ORDER BY …] [ROWS | RANGE …] )`.
    pub(super) fn window_specification(&mut self) -> Read {
        use K::*;
        self.need_punct(P::LParen)?;
        if self.at_identifier() {
            self.identifier()?;
        }
        if self.eat(PARTITION) {
            self.need(BY)?;
            self.expressions(Context::NonQuery)?;
        }
        if self.at(ORDER) {
            self.order_by()?;
        }
        if self.eat_any(&[ROWS, RANGE]) {
            if self.eat(BETWEEN) {
                self.frame_bound()?;
                self.need(AND)?;
            }
            self.frame_bound()?;
        }
        if self.eat_any(&[ALLOW, DISALLOW]) {
            self.need(PARTIAL)?;
        }
        self.need_punct(P::RParen)
    }

    fn frame_bound(&mut self) -> Read {
        use K::*;
        match (self.tok, self.nth(1)) {
            (Tok::Key(CURRENT), Tok::Key(ROW))
            | (Tok::Key(UNBOUNDED), Tok::Key(PRECEDING | FOLLOWING)) => {
                self.bump();
                self.bump();
                Ok(())
            }
            _ => {
                self.expression(Context::NonQuery)?;
                self.need_any(&[PRECEDING, FOLLOWING])
            }
        }
    }

    /// `LISTAGG`'s relatives, which take ORDER BY within their parentheses.
    fn string_aggregate(&mut self) -> Read {
        self.bump();
        self.need_punct(P::LParen)?;
        self.eat_any(&[K::DISTINCT, K::ALL]);
        self.list(|g| g.argument(Context::SubQuery))?;
        if matches!(self.tok, Tok::Key(K::IGNORE | K::RESPECT)) {
            self.bump();
            self.need(K::NULLS)?;
        }
        if self.at(K::ORDER) {
            self.order_by()?;
        }
        if self.eat(K::SEPARATOR) {
            self.string_literal()?;
        }
        self.need_punct(P::RParen)
    }

    fn percentile(&mut self) -> Read {
        self.bump();
        self.need_punct(P::LParen)?;
        self.argument(Context::SubQuery)?;
        if self.eat_punct(P::Comma) {
            self.signed_number()?;
            if matches!(self.tok, Tok::Key(K::IGNORE | K::RESPECT)) {
                self.bump();
                self.need(K::NULLS)?;
            }
        }
        self.need_punct(P::RParen)
    }

    fn datetime(&mut self) -> Read {
        let literal = match self.nth(1) {
            Tok::String => true,
            Tok::Key(K::WITH) => self.at(K::TIMESTAMP) && self.since(FlinkVersion::V2_0),
            _ => false,
        };
        if literal || !self.since(FlinkVersion::V2_0) {
            if self.at(K::DATETIME) && !self.since(FlinkVersion::V2_0) {
                return self.name_or_call();
            }
            if literal {
                return self.datetime_literal();
            }
            return self.expected(EXPRESSION);
        }
        if self.nth_is_punct(1, P::LParen) {
            self.bump();
            return self.quantified_arguments();
        }
        self.expected(EXPRESSION)
    }

    fn multiset(&mut self) -> Read {
        self.bump();
        if self.eat_punct(P::LParen) {
            self.leaf_query_or_expression(Context::Query)?;
            return self.need_punct(P::RParen);
        }
        self.need_punct(P::LBracket)?;
        self.list(|g| g.expression(Context::NonQuery).map(drop))?;
        self.need_punct(P::RBracket)
    }

    fn array(&mut self) -> Read {
        self.bump();
        if !self.at_punct(P::LParen) {
            return self.bracketed_values();
        }
        if !self.since(FlinkVersion::V2_2) {
            self.bump();
            self.ordered_query_or_expression(Context::Query)?;
            return self.need_punct(P::RParen);
        }
        self.values_in_parentheses()
    }

    fn map(&mut self) -> Read {
        if self.nth_is_punct(1, P::LBracket) {
            self.bump();
            return self.bracketed_values();
        }
        let call = matches!(
            self.nth(2),
            Tok::Punct(P::Star | P::RParen) | Tok::Key(K::DISTINCT | K::ALL | K::DEFAULT | K::WITH)
        );
        if call
            && !(self.since(FlinkVersion::V2_2)
                && matches!(self.nth(2), Tok::Punct(P::RParen) | Tok::Key(K::WITH)))
        {
            return self.name_or_call();
        }
        self.bump();
        if self.since(FlinkVersion::V2_2) {
            return self.values_in_parentheses();
        }
        self.bump();
        self.leaf_query_or_expression(Context::Query)?;
        self.need_punct(P::RParen)
    }

    fn values_in_parentheses(&mut self) -> Read {
        if self.nth_is_punct(1, P::RParen) {
            self.bump();
            self.bump();
            return Ok(());
        }
        self.parenthesized_list(Context::All).map(drop)
    }

    /// `[a, b]`, also `[]`.
    fn bracketed_values(&mut self) -> Read {
        self.need_punct(P::LBracket)?;
        if self.eat_punct(P::RBracket) {
            return Ok(());
        }
        self.expressions(Context::NonQuery)?;
        self.need_punct(P::RBracket)
    }

    /// The escapes of JDBC: `{d '…'}`, `{fn abs(x)}`.
    fn braced(&mut self) -> Read {
        self.bump();
        let text = self.text();
        if ["d", "t", "ts"]
            .iter()
            .any(|w| w.eq_ignore_ascii_case(text))
        {
            return self.braced_datetime();
        }
        if !text.eq_ignore_ascii_case("fn") {
            return self.expected("`d`, `t`, `ts` or `fn`");
        }
        self.bump();
        self.jdbc_function()?;
        self.need_punct(P::RBrace)
    }

    fn jdbc_function(&mut self) -> Read {
        use K::*;
        match self.tok {
            Tok::Key(CONVERT) => {
                self.bump();
                self.need_punct(P::LParen)?;
                self.expression(Context::SubQuery)?;
                self.need_punct(P::Comma)?;
                match self.tok {
                    Tok::Key(k) if is_jdbc_type(k) => self.bump(),
                    _ => return self.expected("a JDBC type"),
                }
                return self.need_punct(P::RParen);
            }
            Tok::Key(keyword) if self.is_jdbc_builtin(keyword) => return self.builtin(keyword),
            Tok::Key(INSERT | LEFT | RIGHT | TRUNCATE | SUBSTRING) => self.bump(),
            Tok::Key(keyword) if is_function_name(keyword) => self.bump(),
            _ => self.identifier()?,
        }
        if matches!(self.nth(1), Tok::Punct(P::Star | P::RParen)) {
            return self.call_arguments();
        }
        self.parenthesized_list(Context::SubQuery).map(drop)
    }
}
