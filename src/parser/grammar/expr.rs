//! Expressions. Operators are read as a flat list; what depends on their precedence is kept while reading.

use super::{Context, Grammar, K, P, Read, Shape, Tok};
use crate::config::FlinkVersion;

/// What stands open in a flat list of operands and operators.
struct Flat {
    /// BETWEENs that have no AND yet.
    between: u32,
    /// LIKEs whose pattern may still be followed by ESCAPE.
    like: u32,
    /// A LIKE has no looser operator after it.
    after_like: bool,
    /// No ESCAPE can follow a further LIKE: it would go to the operator before.
    closed: bool,
    /// A NOT stands before the last operand.
    after_not: bool,
    shape: Shape,
    /// An operator that binds looser than `-` was there.
    loose: bool,
}

/// How tight an operator binds, as far as [`Flat`] cares.
enum Binds {
    /// Tighter than `+` and `-`.
    Tight,
    Plus,
    Minus,
    /// As LIKE, BETWEEN and IN do.
    Like,
    /// Looser than LIKE.
    Loose,
}

impl Flat {
    fn operator(&mut self, binds: Binds) {
        if !matches!(binds, Binds::Like) {
            self.after_not = false;
        }
        match binds {
            Binds::Tight => {
                if self.shape != Shape::Difference || self.loose {
                    self.shape = Shape::Other;
                }
                return;
            }
            Binds::Minus if !self.loose => {
                self.shape = Shape::Difference;
                return;
            }
            Binds::Plus | Binds::Minus => {}
            Binds::Like => self.loose = true,
            Binds::Loose => {
                self.loose = true;
                self.like = 0;
                self.after_like = false;
                self.closed = false;
            }
        }
        self.shape = Shape::Other;
    }
}

impl Grammar<'_, '_> {
    pub(super) fn expression(&mut self, context: Context) -> Read<Shape> {
        self.deeper(|g| g.operators(context))
    }

    fn operators(&mut self, context: Context) -> Read<Shape> {
        let mut flat = Flat {
            between: 0,
            like: 0,
            after_like: false,
            closed: false,
            after_not: false,
            shape: Shape::Other,
            loose: false,
        };
        self.prefixes(context, &mut flat)?;
        let loose = flat.loose;
        let first = self.operand(context)?;
        flat.shape = if loose { Shape::Other } else { first };
        while self.operator(context, &mut flat)? {}
        if flat.between > 0 {
            return self.refuse("syntax-error", "a BETWEEN before this has no AND", "");
        }
        Ok(flat.shape)
    }

    fn prefixes(&mut self, context: Context, flat: &mut Flat) -> Read {
        loop {
            match self.tok {
                Tok::Punct(P::Plus | P::Minus) => {}
                Tok::Key(K::NOT | K::EXISTS | K::UNIQUE) => {
                    flat.loose = true;
                    flat.after_like = false;
                    flat.after_not = true;
                }
                _ => return Ok(()),
            }
            self.no_query_needed(context)?;
            self.bump();
        }
    }

    /// A place for a query holds no other expression.
    fn no_query_needed(&mut self, context: Context) -> Read {
        if context == Context::Query {
            return self.expected("a query");
        }
        Ok(())
    }

    fn operand(&mut self, context: Context) -> Read<Shape> {
        let mut shape = self.primary(context)?;
        while self.at_punct(P::Dot) && self.is_identifier(self.nth(1)) {
            self.bump();
            self.identifier()?;
            if self.at_punct(P::LParen) {
                self.call_arguments()?;
            }
            shape = Shape::Other;
        }
        Ok(shape)
    }

    fn right_operand(&mut self, flat: &mut Flat) -> Read {
        self.prefixes(Context::SubQuery, flat)?;
        self.operand(Context::SubQuery).map(drop)
    }

    /// Reads one operator and what follows it; false if none is here.
    fn operator(&mut self, context: Context, flat: &mut Flat) -> Read<bool> {
        use K::*;
        let binds = match self.tok {
            Tok::Punct(P::LBracket) => {
                self.item()?;
                flat.operator(Binds::Tight);
                return Ok(true);
            }
            Tok::Punct(P::Star | P::Slash | P::Percent | P::Concat) => Binds::Tight,
            Tok::Punct(P::Plus) => Binds::Plus,
            Tok::Punct(P::Minus) => Binds::Minus,
            Tok::Punct(P::Eq | P::Lt | P::LtEq | P::Gt | P::GtEq | P::NotEq | P::BangEq) => {
                return self.comparison(context, flat);
            }
            Tok::Key(keyword) => match keyword {
                AND => return self.and(context, flat),
                OR | CONTAINS | OVERLAPS | EQUALS | PRECEDES | SUCCEEDS => Binds::Loose,
                IN | BETWEEN | LIKE | ILIKE | RLIKE | SIMILAR => {
                    return self.membership(context, flat);
                }
                NOT => match self.nth(1) {
                    Tok::Key(IN | BETWEEN | LIKE | ILIKE | RLIKE | SIMILAR) => {
                        self.no_query_needed(context)?;
                        self.bump();
                        return self.membership(context, flat);
                    }
                    Tok::Key(SUBMULTISET) => {
                        self.bump();
                        return self.two_word_operator(context, &[OF], flat);
                    }
                    _ => return Ok(false),
                },
                ESCAPE if flat.like > 0 => {
                    flat.like -= 1;
                    flat.closed = true;
                    self.bump();
                    self.primary(Context::SubQuery)?;
                    return Ok(true);
                }
                IS => return self.is_operator(context, flat),
                MEMBER | SUBMULTISET => return self.two_word_operator(context, &[OF], flat),
                IMMEDIATELY if matches!(self.nth(1), Tok::Key(PRECEDES | SUCCEEDS)) => {
                    return self.two_word_operator(context, &[PRECEDES, SUCCEEDS], flat);
                }
                MULTISET => {
                    self.no_query_needed(context)?;
                    self.bump();
                    self.need_any(&[UNION, INTERSECT, EXCEPT])?;
                    self.eat_any(&[ALL, DISTINCT]);
                    flat.operator(Binds::Loose);
                    self.right_operand(flat)?;
                    return Ok(true);
                }
                FORMAT if self.nth_is(1, JSON) => {
                    self.no_query_needed(context)?;
                    self.json_format()?;
                    flat.operator(Binds::Loose);
                    return Ok(true);
                }
                _ => return Ok(false),
            },
            _ => return Ok(false),
        };
        self.no_query_needed(context)?;
        self.bump();
        flat.operator(binds);
        self.right_operand(flat)?;
        Ok(true)
    }

    /// The AND of a BETWEEN or the operator.
    fn and(&mut self, context: Context, flat: &mut Flat) -> Read<bool> {
        self.no_query_needed(context)?;
        self.bump();
        flat.operator(Binds::Loose);
        if flat.between > 0 {
            flat.between -= 1;
            flat.closed = true;
        }
        self.right_operand(flat)?;
        Ok(true)
    }

    fn two_word_operator(&mut self, context: Context, second: &[K], flat: &mut Flat) -> Read<bool> {
        self.no_query_needed(context)?;
        self.bump();
        self.need_any(second)?;
        flat.operator(Binds::Loose);
        self.right_operand(flat)?;
        Ok(true)
    }

    /// `=` and the like, also before `ANY`, `SOME` and `ALL`.
    fn comparison(&mut self, context: Context, flat: &mut Flat) -> Read<bool> {
        self.no_query_needed(context)?;
        if self.at_punct(P::BangEq) {
            return self.expected("an operator");
        }
        self.bump();
        flat.operator(Binds::Loose);
        if self.eat_any(&[K::SOME, K::ANY, K::ALL]) {
            self.parenthesized_list(Context::NonCursor)?;
        } else {
            self.right_operand(flat)?;
        }
        Ok(true)
    }

    /// `IN (…)`, `BETWEEN x`, `LIKE x` and their relatives; a NOT before them has been read.
    fn membership(&mut self, context: Context, flat: &mut Flat) -> Read<bool> {
        use K::*;
        self.no_query_needed(context)?;
        let operator = self.tok;
        self.bump();
        flat.operator(Binds::Like);
        match operator {
            Tok::Key(IN) => {
                self.parenthesized_list(Context::NonCursor)?;
                return Ok(true);
            }
            Tok::Key(BETWEEN) => {
                // Flink takes what follows a LIKE, or another BETWEEN, for a part of that one.
                if flat.between > 0 && !flat.after_not || flat.after_like {
                    return self.refuse(
                        "syntax-error",
                        "this BETWEEN belongs to the operator before it, where it has no AND",
                        "put one of them in parentheses",
                    );
                }
                self.eat_any(&[SYMMETRIC, ASYMMETRIC]);
                flat.between += 1;
            }
            _ => {
                if operator == Tok::Key(SIMILAR) {
                    self.need(TO)?;
                }
                if !flat.closed {
                    flat.after_like = true;
                    flat.like += 1;
                }
            }
        }
        self.right_operand(flat)?;
        Ok(true)
    }

    fn is_operator(&mut self, context: Context, flat: &mut Flat) -> Read<bool> {
        use K::*;
        self.no_query_needed(context)?;
        self.bump();
        self.eat(NOT);
        flat.operator(Binds::Loose);
        match self.tok {
            Tok::Key(NULL | TRUE | FALSE | UNKNOWN | EMPTY) => self.bump(),
            Tok::Key(A) => {
                self.bump();
                self.need(SET)?;
            }
            Tok::Key(JSON) => {
                self.bump();
                self.eat_any(&[VALUE, OBJECT, ARRAY, SCALAR]);
            }
            Tok::Key(DISTINCT) => {
                self.bump();
                self.need(FROM)?;
                self.right_operand(flat)?;
            }
            _ => return self.expected("`NULL`, `TRUE`, `FALSE`, `DISTINCT FROM` or the like"),
        }
        Ok(true)
    }

    /// `[i]`, then fields.
    fn item(&mut self) -> Read {
        self.bump();
        if self.since(FlinkVersion::V2_2) {
            self.eat_any(&[K::OFFSET, K::ORDINAL, K::SAFE_OFFSET, K::SAFE_ORDINAL]);
        }
        self.expression(Context::SubQuery)?;
        self.need_punct(P::RBracket)?;
        while self.at_punct(P::Dot) && self.is_identifier(self.nth(1)) {
            self.bump();
            self.identifier()?;
        }
        Ok(())
    }

    /// An operand without its `.field`s.
    pub(super) fn primary(&mut self, context: Context) -> Read<Shape> {
        match self.tok {
            Tok::Punct(P::LParen) => self.parenthesized_operand(context),
            Tok::Key(K::ROW) => {
                self.bump();
                self.parenthesized_list(context)?;
                Ok(Shape::Other)
            }
            Tok::Key(K::CURSOR) => {
                if !matches!(context, Context::All | Context::Cursor) {
                    return self.refuse(
                        "syntax-error",
                        "CURSOR stands only in the arguments of a table function",
                        "",
                    );
                }
                self.bump();
                self.expression(Context::Query)?;
                Ok(Shape::Other)
            }
            _ => {
                self.no_query_needed(context)?;
                self.atom()?;
                Ok(Shape::Other)
            }
        }
    }

    fn parenthesized_operand(&mut self, context: Context) -> Read<Shape> {
        let shape = self.parenthesized_list(context)?;
        if !self.at_interval_unit() {
            return Ok(shape);
        }
        if shape != Shape::Difference {
            return self.refuse(
                "syntax-error",
                "a unit of time follows only a difference, as in (a - b) DAY",
                "if it is a name, put it in backticks",
            );
        }
        self.interval_qualifier()?;
        Ok(Shape::Other)
    }

    /// `(query)` or `(a, b)`.
    pub(super) fn parenthesized_list(&mut self, context: Context) -> Read<Shape> {
        self.need_punct(P::LParen)?;
        let mut shape = self.ordered_query_or_expression(context.within_parentheses())?;
        while self.at_punct(P::Comma) {
            self.no_query_needed(context)?;
            self.bump();
            self.expression(context)?;
            shape = Shape::Other;
        }
        self.need_punct(P::RParen)?;
        Ok(shape)
    }

    /// As [`Self::parenthesized_list`], with `DEFAULT` for any item.
    pub(super) fn parenthesized_list_with_default(&mut self) -> Read {
        self.need_punct(P::LParen)?;
        if !self.eat(K::DEFAULT) {
            self.ordered_query_or_expression(Context::NonCursor)?;
        }
        while self.eat_punct(P::Comma) {
            if !self.eat(K::DEFAULT) {
                self.expression(Context::NonCursor)?;
            }
        }
        self.need_punct(P::RParen)
    }

    pub(super) fn expressions(&mut self, first: Context) -> Read {
        self.expression(first)?;
        while self.eat_punct(P::Comma) {
            self.expression(Context::SubQuery)?;
        }
        Ok(())
    }

    pub(super) fn case(&mut self) -> Read {
        self.need(K::CASE)?;
        if !self.at(K::WHEN) {
            self.expression(Context::SubQuery)?;
        }
        self.need(K::WHEN)?;
        loop {
            self.expressions(Context::SubQuery)?;
            self.need(K::THEN)?;
            self.expression(Context::SubQuery)?;
            if !self.eat(K::WHEN) {
                break;
            }
        }
        if self.eat(K::ELSE) {
            self.expression(Context::SubQuery)?;
        }
        self.need(K::END)
    }
}
