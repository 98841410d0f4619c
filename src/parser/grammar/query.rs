//! Queries: WITH, set operations, SELECT and its clauses, VALUES, ORDER BY, LIMIT.

use super::{Context, Grammar, K, P, Read, Shape, Tok};
use crate::config::FlinkVersion;

impl Grammar<'_, '_> {
    /// A query or, where the context takes one, an expression; ORDER BY, LIMIT and their like after it.
    pub(super) fn ordered_query_or_expression(&mut self, context: Context) -> Read<Shape> {
        let shape = self.query_or_expression(context)?;
        self.order_and_limit(shape)
    }

    fn query_or_expression(&mut self, context: Context) -> Read<Shape> {
        let with = self.at(K::WITH);
        if with {
            self.with_list()?;
        }
        let first = self.leaf_query_or_expression(context)?;
        let shape = self.set_operations(first, context)?;
        Ok(if with { Shape::Query } else { shape })
    }

    pub(super) fn at_leaf_query(&self) -> bool {
        match self.tok {
            Tok::Key(K::SELECT | K::VALUES | K::TABLE) => true,
            Tok::Key(K::VALUE) => self.since(FlinkVersion::V2_0),
            _ => false,
        }
    }

    /// One SELECT, VALUES or TABLE without parentheses, or an expression.
    pub(super) fn leaf_query_or_expression(&mut self, context: Context) -> Read<Shape> {
        if self.at_leaf_query() {
            return self.leaf_query(context);
        }
        self.expression(context)
    }

    pub(super) fn leaf_query(&mut self, context: Context) -> Read<Shape> {
        if !context.takes_query() {
            return self.refuse(
                "syntax-error",
                "a query cannot stand here",
                "put it in parentheses",
            );
        }
        match self.tok {
            Tok::Key(K::SELECT) => self.deeper(Self::select)?,
            Tok::Key(K::TABLE) => {
                self.bump();
                self.compound_identifier()?;
            }
            _ => {
                self.bump();
                self.list(Self::row_of_values)?;
            }
        }
        Ok(Shape::Query)
    }

    /// `UNION`, `INTERSECT`, `EXCEPT`, each followed by a query.
    pub(super) fn set_operations(&mut self, first: Shape, context: Context) -> Read<Shape> {
        let mut shape = first;
        while let Tok::Key(K::UNION | K::INTERSECT | K::EXCEPT | K::MINUS) = self.tok {
            if shape != Shape::Query {
                return self.refuse(
                    "syntax-error",
                    "what stands before this set operation is no query",
                    "",
                );
            }
            if self.at(K::MINUS) {
                return self.refuse("syntax-error", "Flink SQL has no MINUS", "write EXCEPT");
            }
            if !context.takes_query() {
                return self.expected("the end of the expression");
            }
            self.bump();
            self.eat_any(&[K::ALL, K::DISTINCT]);
            self.leaf_query_or_expression(Context::Query)?;
            shape = Shape::Query;
        }
        Ok(shape)
    }

    pub(super) fn with_list(&mut self) -> Read {
        self.need(K::WITH)?;
        if self.since(FlinkVersion::V2_2) {
            self.eat(K::RECURSIVE);
        }
        self.list(|g| {
            g.identifier()?;
            if g.at_punct(P::LParen) {
                g.identifier_list()?;
            }
            g.need(K::AS)?;
            g.parenthesized_query(Context::Query).map(drop)
        })
    }

    pub(super) fn order_and_limit(&mut self, shape: Shape) -> Read<Shape> {
        let mut limited = false;
        if self.at(K::ORDER) {
            if shape != Shape::Query {
                return self.refuse(
                    "syntax-error",
                    "ORDER BY cannot stand here",
                    "an aggregate takes its order as WITHIN GROUP (ORDER BY …)",
                );
            }
            self.order_by()?;
        }
        if self.eat(K::LIMIT) {
            limited = true;
            if !self.eat(K::ALL) {
                self.limit()?;
                if self.at_punct(P::Comma) && (self.at_count(1) || self.nth_is(1, K::ALL)) {
                    return self.refuse(
                        "limit-with-comma",
                        "Flink SQL has no `LIMIT start, count`",
                        "write LIMIT count OFFSET start",
                    );
                }
            }
            if self.at(K::OFFSET) {
                self.offset()?;
            }
        } else if self.at(K::OFFSET) {
            limited = true;
            self.offset()?;
            if self.at(K::LIMIT) {
                return self.refuse(
                    "offset-before-limit",
                    "Flink SQL has no OFFSET before LIMIT",
                    "write LIMIT first, or FETCH NEXT … ROWS ONLY",
                );
            }
            self.fetch()?;
        } else if self.at(K::FETCH) {
            limited = true;
            self.fetch()?;
        }
        Ok(if limited { Shape::Query } else { shape })
    }

    fn at_count(&self, n: usize) -> bool {
        matches!(
            self.nth(n),
            Tok::Number | Tok::Placeholder | Tok::Punct(P::Question)
        )
    }

    /// A number or `?`.
    fn row_count(&mut self) -> Read {
        if self.eat_punct(P::Question) {
            return Ok(());
        }
        self.unsigned_number()
    }

    /// After LIMIT, Flink takes a `DECIMAL '…'` for the start of `LIMIT start, count`.
    fn limit(&mut self) -> Read {
        if self.at(K::DECIMAL) {
            return self.expected("a number");
        }
        self.row_count()
    }

    fn offset(&mut self) -> Read {
        self.need(K::OFFSET)?;
        self.row_count()?;
        self.eat_any(&[K::ROW, K::ROWS]);
        Ok(())
    }

    fn fetch(&mut self) -> Read {
        if !self.eat(K::FETCH) {
            return Ok(());
        }
        self.need_any(&[K::FIRST, K::NEXT])?;
        self.row_count()?;
        self.need_any(&[K::ROW, K::ROWS])?;
        self.need(K::ONLY)
    }

    pub(super) fn order_by(&mut self) -> Read {
        self.need_all(&[K::ORDER, K::BY])?;
        self.list(Self::order_item)
    }

    pub(super) fn order_item(&mut self) -> Read {
        self.expression(Context::SubQuery)?;
        self.eat_any(&[K::ASC, K::DESC]);
        if self.at(K::NULLS) && matches!(self.nth(1), Tok::Key(K::FIRST | K::LAST)) {
            self.bump();
            self.bump();
        }
        Ok(())
    }

    fn select(&mut self) -> Read {
        self.bump();
        self.take_hint()?;
        self.eat(K::STREAM);
        self.eat_any(&[K::ALL, K::DISTINCT]);
        self.list(Self::select_item)?;
        if !self.eat(K::FROM) {
            return Ok(());
        }
        self.from()?;
        if self.eat(K::WHERE) {
            self.expression(Context::SubQuery)?;
        }
        if self.at(K::GROUP) {
            self.group_by()?;
        }
        if self.eat(K::HAVING) {
            self.expression(Context::SubQuery)?;
        }
        if self.eat(K::WINDOW) {
            self.list(|g| {
                g.identifier()?;
                g.need(K::AS)?;
                g.window_specification()
            })?;
        }
        if self.since(FlinkVersion::V2_0) && self.eat(K::QUALIFY) {
            self.expression(Context::SubQuery)?;
        }
        Ok(())
    }

    fn select_item(&mut self) -> Read {
        if !self.eat_punct(P::Star) {
            self.expression(Context::SubQuery)?;
        }
        let explicit = self.at(K::AS);
        if self.at_simple_string() || explicit && self.nth(1) == Tok::String {
            return self.refuse(
                "string-as-alias",
                "an alias is a name, not a string",
                "put it in backticks instead of quotes",
            );
        }
        self.optional_alias().map(drop)
    }

    fn group_by(&mut self) -> Read {
        self.need_all(&[K::GROUP, K::BY])?;
        self.eat_any(&[K::ALL, K::DISTINCT]);
        self.list(Self::grouping_element)
    }

    fn grouping_element(&mut self) -> Read {
        match self.tok {
            Tok::Key(K::GROUPING) if self.nth_is(1, K::SETS) => {
                self.bump();
                self.bump();
                self.need_punct(P::LParen)?;
                self.deeper(|g| g.list(Self::grouping_element))?;
                self.need_punct(P::RParen)
            }
            Tok::Key(K::ROLLUP | K::CUBE) => {
                self.bump();
                self.need_punct(P::LParen)?;
                self.expressions(Context::SubQuery)?;
                self.need_punct(P::RParen)
            }
            Tok::Punct(P::LParen) if self.nth_is_punct(1, P::RParen) => {
                self.bump();
                self.bump();
                Ok(())
            }
            _ => self.expression(Context::SubQuery).map(drop),
        }
    }

    /// A row of VALUES: `(1, 2)`, `ROW(1, 2)`, `(ROW(1, 2))` or an expression.
    pub(super) fn row_of_values(&mut self) -> Read {
        match self.tok {
            Tok::Punct(P::LParen) if self.nth_is(1, K::ROW) && self.nth_is_punct(2, P::LParen) => {
                self.bump();
                self.bump();
                self.parenthesized_list_with_default()?;
                self.need_punct(P::RParen)
            }
            Tok::Punct(P::LParen) => self.parenthesized_list_with_default(),
            Tok::Key(K::ROW) => {
                self.bump();
                self.parenthesized_list_with_default()
            }
            _ => self.expression(Context::NonCursor).map(drop),
        }
    }
}
