//! The FROM clause: tables, functions, joins, PIVOT.

use super::{Context, Grammar, K, P, Read, Shape, Tok};
use crate::config::FlinkVersion;

impl Grammar<'_, '_> {
    pub(super) fn from(&mut self) -> Read {
        self.table()?;
        while self.at_punct(P::Comma) || self.at_join() {
            if self.eat_punct(P::Comma) {
                self.table()?;
            } else {
                self.join()?;
            }
        }
        Ok(())
    }

    fn at_join(&self) -> bool {
        use K::*;
        matches!(
            self.tok,
            Tok::Key(NATURAL | JOIN | INNER | LEFT | RIGHT | FULL | CROSS | OUTER)
        )
    }

    /// From the kind of the join to its condition. Any kind takes any condition or none.
    fn join(&mut self) -> Read {
        use K::*;
        self.eat(NATURAL);
        match self.tok {
            Tok::Key(LEFT | RIGHT | FULL) => {
                self.bump();
                self.eat(OUTER);
            }
            Tok::Key(INNER | CROSS) => self.bump(),
            _ => {}
        }
        self.need(JOIN)?;
        self.table()?;
        if self.eat(ON) {
            return self.expression(Context::SubQuery).map(drop);
        }
        if self.eat(USING) {
            return self.identifier_list();
        }
        Ok(())
    }

    /// `( query )` or, where the context takes one, `( join )`.
    pub(super) fn parenthesized_query(&mut self, context: Context) -> Read<Shape> {
        self.need_punct(P::LParen)?;
        let inner = self.deeper(|g| g.query_or_join(context))?;
        match (context, inner) {
            (Context::Query, Shape::Query) => {}
            (Context::QueryOrJoin, Shape::Query | Shape::Join) => {}
            (Context::Query, _) => return self.expected("a query in parentheses"),
            _ => {
                return self.refuse(
                    "syntax-error",
                    "only a query or a join stands in parentheses here",
                    "remove the parentheses around the table",
                );
            }
        }
        self.need_punct(P::RParen)?;
        Ok(inner)
    }

    fn query_or_join(&mut self, context: Context) -> Read<Shape> {
        let table_function = self.at(K::TABLE) && !self.is_identifier(self.nth(1));
        if self.at(K::WITH) || self.at_leaf_query() && !table_function {
            let with = self.at(K::WITH);
            if with {
                self.with_list()?;
                if !self.at_leaf_query() {
                    return self.expected("`SELECT`, `VALUES` or `TABLE`");
                }
            }
            let first = self.leaf_query(context)?;
            self.set_operations(first, context)?;
            return self.order_and_limit(Shape::Query);
        }
        let mut shape = self.table()?;
        while self.at_join() {
            self.join()?;
            shape = Shape::Join;
        }
        self.set_operations(shape, context)
    }

    /// A table, a query in parentheses or a table function, with all that may follow it.
    fn table(&mut self) -> Read<Shape> {
        self.deeper(Self::table_here)
    }

    fn table_here(&mut self) -> Read<Shape> {
        let mut shape = match self.tok {
            Tok::Punct(P::LParen) => {
                let inner = self.parenthesized_query(Context::QueryOrJoin)?;
                self.match_recognize_after(inner)?
            }
            Tok::Key(K::LATERAL) => self.lateral()?,
            Tok::Key(K::UNNEST) => self.unnest()?,
            Tok::Key(K::TABLE) => self.table_function()?,
            _ if self.at_identifier() => self.named_table()?,
            _ => return self.no_table(),
        };
        if self.at(K::PIVOT) && self.nth_is_punct(1, P::LParen) {
            self.not_a_join(shape)?;
            self.pivot()?;
            shape = Shape::Other;
        }
        if self.at(K::UNPIVOT) {
            self.not_a_join(shape)?;
            self.unpivot()?;
            shape = Shape::Other;
        }
        if self.at(K::AS) || self.at_identifier() {
            self.not_a_join(shape)?;
            self.optional_alias()?;
            if self.at_punct(P::LParen) {
                self.identifier_list()?;
            }
            shape = Shape::Other;
        }
        if self.at(K::TABLESAMPLE) {
            self.not_a_join(shape)?;
            self.tablesample()?;
            shape = Shape::Other;
        }
        Ok(shape)
    }

    #[cold]
    fn no_table<T>(&mut self) -> Read<T> {
        if matches!(self.tok, Tok::Key(K::SELECT | K::WITH | K::VALUES)) {
            return self.refuse(
                "syntax-error",
                "a query in FROM stands in parentheses",
                "write FROM (SELECT …)",
            );
        }
        if let Tok::Key(keyword) = self.tok
            && !super::ends_a_clause(keyword)
        {
            self.identifier()?;
        }
        self.expected("a table")
    }

    /// A join in parentheses takes no alias and the like.
    fn not_a_join(&mut self, shape: Shape) -> Read {
        if shape == Shape::Join {
            return self.refuse(
                "syntax-error",
                "nothing can follow a join in parentheses here",
                "a join in parentheses has no alias in Flink SQL: use a subquery",
            );
        }
        Ok(())
    }

    fn lateral(&mut self) -> Read<Shape> {
        self.bump();
        match self.tok {
            Tok::Punct(P::LParen) => {
                let inner = self.parenthesized_query(Context::QueryOrJoin)?;
                self.not_a_join(inner)?;
                self.match_recognize_after(Shape::Other)
            }
            Tok::Key(K::UNNEST) if self.since(FlinkVersion::V2_0) => self.unnest(),
            Tok::Key(K::TABLE) => self.table_function(),
            _ => self.expected("`TABLE (` or a query in parentheses after LATERAL"),
        }
    }

    fn unnest(&mut self) -> Read<Shape> {
        self.bump();
        self.parenthesized_list(Context::SubQuery)?;
        if self.eat(K::WITH) {
            self.need(K::ORDINALITY)?;
        }
        Ok(Shape::Other)
    }

    /// `TABLE(f(…))`.
    fn table_function(&mut self) -> Read<Shape> {
        self.bump();
        if !self.at_punct(P::LParen) {
            return self.refuse(
                "syntax-error",
                "TABLE in FROM calls a function: `TABLE(f(…))`",
                "name a table without TABLE before it",
            );
        }
        self.bump();
        self.eat(K::SPECIFIC);
        self.compound_identifier()?;
        self.routine_arguments(Context::Cursor)?;
        self.need_punct(P::RParen)?;
        Ok(Shape::Other)
    }

    fn named_table(&mut self) -> Read<Shape> {
        self.compound_table_identifier()?;
        if self.at_punct(P::LParen) {
            if self.since(FlinkVersion::V2_0) && !self.at_extension() {
                self.first_argument_of_bare_function()?;
                self.routine_arguments(Context::Cursor)?;
                return Ok(Shape::Other);
            }
            if !self.at_extension() {
                return self.refuse(
                    "table-function-without-table",
                    "a function in FROM needs `TABLE(…)` around it before Flink 2.0",
                    "write FROM TABLE(f(…))",
                );
            }
        }
        self.take_hint()?;
        if self.eat(K::EXTEND) || self.at_punct(P::LParen) {
            self.extension()?;
        }
        if self.eat(K::FOR) {
            self.need_all(&[K::SYSTEM_TIME, K::AS, K::OF])?;
            self.expression(Context::NonQuery)?;
        }
        self.match_recognize_after(Shape::Other)
    }

    /// At `(a INT`, and not at the arguments of a function?
    fn at_extension(&self) -> bool {
        let (first, second) = (self.nth(1), self.nth(2));
        if !self.is_identifier(first) {
            return false;
        }
        if !self.since(FlinkVersion::V2_0) {
            return second == Tok::Punct(P::Dot) || self.starts_type(second);
        }
        if matches!(first, Tok::Key(K::MODEL | K::FINAL)) && self.is_identifier(second) {
            return false;
        }
        !matches!(second, Tok::Key(K::MULTISET | K::FORMAT | K::IMMEDIATELY))
            && self.starts_type(second)
    }

    /// Before it takes a name in FROM for a function, Flink looks three tokens ahead, and misjudges some.
    fn first_argument_of_bare_function(&mut self) -> Read {
        let misjudged = match (self.nth(1), self.nth(2)) {
            (Tok::Key(K::SELECT), _) => !self.nth_is_punct(3, P::RParen),
            _ => self.is_overlooked(1),
        };
        if misjudged {
            self.bump();
            return self.refuse(
                "syntax-error",
                "Flink cannot read this as the first argument of a function in FROM",
                "put it in parentheses, or write FROM TABLE(f(…))",
            );
        }
        Ok(())
    }

    fn extension(&mut self) -> Read {
        self.need_punct(P::LParen)?;
        self.list(|g| {
            g.compound_identifier()?;
            g.plain_type()?;
            if g.eat(K::NOT) {
                g.need(K::NULL)?;
            }
            Ok(())
        })?;
        self.need_punct(P::RParen)
    }

    /// Since 2.2 with an alias before it, which needs its AS.
    fn match_recognize_after(&mut self, shape: Shape) -> Read<Shape> {
        if self.since(FlinkVersion::V2_2)
            && self.at(K::AS)
            && self.is_identifier(self.nth(1))
            && self.nth_is(2, K::MATCH_RECOGNIZE)
        {
            self.bump();
            self.identifier()?;
            self.match_recognize()?;
            return Ok(Shape::Other);
        }
        if !self.at(K::MATCH_RECOGNIZE) {
            return Ok(shape);
        }
        self.not_a_join(shape)?;
        self.match_recognize()?;
        Ok(Shape::Other)
    }

    fn tablesample(&mut self) -> Read {
        self.bump();
        if self.eat(K::SUBSTITUTE) {
            self.need_punct(P::LParen)?;
            self.string_literal()?;
            return self.need_punct(P::RParen);
        }
        self.need_any(&[K::BERNOULLI, K::SYSTEM])?;
        self.need_punct(P::LParen)?;
        if !self.since(FlinkVersion::V2_2) && self.text().parse::<f64>().is_ok_and(|p| p > 100.0) {
            return self.refuse("syntax-error", "a sample of more than 100 percent", "");
        }
        self.unsigned_number()?;
        self.need_punct(P::RParen)?;
        if self.eat(K::REPEATABLE) {
            self.need_punct(P::LParen)?;
            self.signed_int()?;
            self.need_punct(P::RParen)?;
        }
        Ok(())
    }

    fn pivot(&mut self) -> Read {
        self.bump();
        self.need_punct(P::LParen)?;
        self.list(|g| {
            g.function_call()?;
            g.optional_alias().map(drop)
        })?;
        self.need(K::FOR)?;
        self.identifier_or_list()?;
        self.need(K::IN)?;
        self.need_punct(P::LParen)?;
        if !self.at_punct(P::RParen) {
            self.list(|g| {
                g.row_of_values()?;
                g.optional_alias().map(drop)
            })?;
        }
        self.need_punct(P::RParen)?;
        self.need_punct(P::RParen)
    }

    fn unpivot(&mut self) -> Read {
        self.bump();
        if self.eat_any(&[K::INCLUDE, K::EXCLUDE]) {
            self.need(K::NULLS)?;
        }
        self.need_punct(P::LParen)?;
        self.identifier_or_list()?;
        self.need(K::FOR)?;
        self.identifier_or_list()?;
        self.need(K::IN)?;
        self.need_punct(P::LParen)?;
        self.list(|g| {
            g.identifier_or_list()?;
            if g.eat(K::AS) {
                g.row_of_values()?;
            }
            Ok(())
        })?;
        self.need_punct(P::RParen)?;
        self.need_punct(P::RParen)
    }
}
