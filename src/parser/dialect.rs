//! Flink's queries in sqlparser's syntax tree.
//!
//! sqlparser's tree has no node for some of Flink's constructs. They stand in it as calls of functions
//! whose names start with `$`, which no script can write without backticks:
//!
//! | Flink | in the tree |
//! |---|---|
//! | `TABLE t [PARTITION BY …] [ORDER BY …]` or `TABLE(…)` as an argument | `$TABLE(t)`, a name or a sub-query, with the clauses in `over: Some(WindowSpec)` |
//! | `(SELECT …) PARTITION BY …` as an argument | `$TABLE((SELECT …))`, likewise |
//! | `MODEL m` as an argument | `$MODEL(m)` |
//! | `MAP[k, v, …]`, `MULTISET[…]` | `$MAP(k, v, …)`, `$MULTISET(…)` |
//! | `MAP(query)`, `MULTISET(query)` | `$MAP(query)`, `$MULTISET(query)`, the query as [`FunctionArguments::Subquery`] |
//! | a type in a CAST other than a plain scalar (ARRAY, ROW, INTERVAL, TIMESTAMP_LTZ, …) | `DataType::Custom` named `$FLINK_TYPE`, its one argument the type as Flink prints it; read it with [`super::cast_type`] |
//! | a plain scalar in a CAST | sqlparser's own, spelt as Flink prints it: `DEC` is `DECIMAL(10, 0)` |
//! | `TIMESTAMP WITH LOCAL TIME ZONE '…'` | `$TIMESTAMP_LTZ('…')` |
//! | `JSON_OBJECT(KEY k VALUE v …)`, `k : v`, `k VALUE v` | `JSON_OBJECT(k, v, …)`: keys and values in turn; likewise JSON_OBJECTAGG |
//! | clauses of JSON functions (`RETURNING …`, `NULL ON EMPTY`, `WITH WRAPPER`, `FORMAT JSON` …) | named arguments `$CLAUSE => '…'` with the clause's words; `DEFAULT e ON …` is `$DEFAULT => e, $CLAUSE => 'ON …'` |
//! | `CASE a WHEN 1, 2 THEN …` | the condition is `Expr::Tuple` of the values |
//! | `x BETWEEN SYMMETRIC a AND b` | `$BETWEEN_SYMMETRIC(x, a, b)`; `NOT` around it; ASYMMETRIC is plain BETWEEN |
//! | `x IS [NOT] JSON [VALUE \| OBJECT \| ARRAY \| SCALAR]`, `IS A SET`, `IS EMPTY` | `$IS_JSON(x)`, `$IS_JSON_OBJECT(x)`, `$IS_A_SET(x)`, `$IS_EMPTY(x)` …; `NOT` around it |
//! | `a MEMBER OF b`, `a SUBMULTISET OF b`, `a MULTISET UNION [ALL] b`, period predicates (`CONTAINS`, `PRECEDES` …) | `$MEMBER_OF(a, b)` and so on |
//! | `FINAL LAST(x)`, `RUNNING …` in MATCH_RECOGNIZE | `$FINAL(LAST(x))`, `$RUNNING(…)` |
//! | `WITHIN i` in MATCH_RECOGNIZE | first of the symbols: `$WITHIN AS i` |
//! | `SUBSET u = (a, b)` in MATCH_RECOGNIZE | a symbol `$SUBSET AS u(a, b)` |
//! | `(query) MATCH_RECOGNIZE (…)` | over the table function `$DERIVED((query))` |
//! | `SKIP TO x` in MATCH_RECOGNIZE | `SKIP TO LAST x` |
//! | `{- p -}` in a PATTERN | a group `($EXCLUDE p)` |
//! | `TABLE t` as a query | `SELECT * FROM t` |
//! | `x LIKE y ESCAPE e`, `e` not a string | `$ESCAPE(x LIKE y, e)` |
//! | `x > ALL (1, 2)` | `AllOp` with an `Expr::Tuple` |
//! | `NEXT VALUE FOR s`, `CURRENT VALUE FOR s` | `$NEXT_VALUE(s)`, `$CURRENT_VALUE(s)` |
//! | `x FORMAT JSON [ENCODING UTF8]` | `$FORMAT_JSON(x)`, `$FORMAT_JSON_UTF8(x)` |
//! | `t EXTEND (x INT, …)` | the table function `$EXTEND(t, 'x INT, …')` |
//! | `NATURAL CROSS JOIN` | `NATURAL JOIN` |
//! | `f(x) IGNORE NULLS WITHIN GROUP …` | `f(x IGNORE NULLS) WITHIN GROUP …` |
//! | `(a - b) DAY TO SECOND` | `$INTERVAL_DAY_TO_SECOND((a - b))` |
//! | `NEW f(x)` | `$NEW(f(x))` |
//! | `POSITION(a IN b FROM c)` | `$POSITION(a, b, c)` |
//! | `CEILING(x TO HOUR)` | `CEIL(x TO HOUR)` |
//! | `TRIM(BOTH FROM x)` | `TRIM(BOTH ' ' FROM x)` |
//! | `GROUP BY DISTINCT …`; `GROUP BY ALL …` | `$DISTINCT` as the first item; nothing, it is the default |
//! | `OVER (… DISALLOW PARTIAL)`; `ALLOW PARTIAL` | `$DISALLOW_PARTIAL` as the first PARTITION BY item; nothing, it is the default |
//! | `f(x) WITHIN DISTINCT (y)` | a named argument `$CLAUSE => 'WITHIN DISTINCT (y)'` |
//! | `TRANSLATE(x USING c)`, `CONVERT(x USING c)` | a named argument `$CLAUSE => 'USING c'` |
//! | `VALUES 1, 2` | `VALUES (1), (2)` |
//! | adjacent strings, `U&'…'`, `E'…'`, `_charset'…'` | one string with its value |
//! | `${…}`, `{{…}}` | an identifier with that text |
//!
//! Hints (`/*+ … */`) are not in the tree; they are tokens of the script.

use sqlparser::ast::{
    CaseWhen, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList,
    FunctionArguments, Ident, ObjectName, OrderByExpr, UnaryOperator, WindowSpec, WindowType,
};
use sqlparser::dialect::{Dialect, Precedence};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, Word};

type Parsed<T> = Result<T, ParserError>;

/// Flink's words and hooks for sqlparser.
#[derive(Debug)]
pub struct FlinkDialect;

impl Dialect for FlinkDialect {
    fn is_identifier_start(&self, ch: char) -> bool {
        ch.is_alphabetic() || ch == '_' || ch == '$'
    }

    fn is_identifier_part(&self, ch: char) -> bool {
        ch.is_alphanumeric() || ch == '_' || ch == '$'
    }

    fn is_delimited_identifier_start(&self, ch: char) -> bool {
        ch == '`'
    }

    fn identifier_quote_style(&self, _: &str) -> Option<char> {
        Some('`')
    }

    fn supports_filter_during_aggregation(&self) -> bool {
        true
    }

    fn supports_window_clause_named_window_reference(&self) -> bool {
        true
    }

    fn supports_group_by_expr(&self) -> bool {
        true
    }

    fn supports_match_recognize(&self) -> bool {
        true
    }

    fn supports_named_fn_args_with_rarrow_operator(&self) -> bool {
        true
    }

    fn supports_window_function_null_treatment_arg(&self) -> bool {
        true
    }

    fn supports_table_versioning(&self) -> bool {
        true
    }

    fn supports_subquery_as_function_arg(&self) -> bool {
        true
    }

    fn supports_parens_around_table_factor(&self) -> bool {
        true
    }

    fn allow_extract_custom(&self) -> bool {
        true
    }

    fn supports_select_wildcard_with_alias(&self) -> bool {
        true
    }

    fn supports_boolean_literals(&self) -> bool {
        true
    }

    fn is_reserved_for_identifier(&self, keyword: Keyword) -> bool {
        !is_plain_word(keyword)
    }

    fn is_column_alias(&self, keyword: &Keyword, _: &mut Parser) -> bool {
        is_plain_word(*keyword)
    }

    fn is_table_factor(&self, keyword: &Keyword, _: &mut Parser) -> bool {
        is_plain_word(*keyword)
    }

    fn is_table_alias(&self, keyword: &Keyword, _: &mut Parser) -> bool {
        is_plain_word(*keyword)
    }

    /// In Calcite IN, LIKE and BETWEEN bind tighter than a comparison.
    fn prec_value(&self, precedence: Precedence) -> u8 {
        match precedence {
            Precedence::Period => 100,
            Precedence::DoubleColon => 50,
            Precedence::AtTz => 41,
            Precedence::MulDivModOp => 40,
            Precedence::PlusMinus => 30,
            Precedence::Between | Precedence::Like => 22,
            Precedence::Eq => 20,
            Precedence::Is => 17,
            Precedence::UnaryNot => 15,
            Precedence::And => 10,
            Precedence::Or => 5,
            _ => 0,
        }
    }

    fn parse_prefix(&self, parser: &mut Parser) -> Option<Parsed<Expr>> {
        let word = match &parser.peek_token_ref().token {
            Token::Word(word) => word,
            Token::LParen if is_set_operation(parser) => return Some(query_value(parser)),
            // sqlparser would first try a literal as a type, which costs more than the rest of it.
            Token::Number(..) | Token::SingleQuotedString(_) => {
                return Some(parser.parse_value().map(Expr::Value));
            }
            _ => return None,
        };
        let keyword = word.keyword;
        match keyword {
            Keyword::NoKeyword => {
                if word.quote_style.is_none() && is_match_prefix(word, parser) {
                    return Some(running_or_final(parser));
                }
                Some(name_or_call(parser))
            }
            Keyword::TABLE => Some(table_argument(parser)),
            Keyword::CASE => Some(case(parser)),
            Keyword::NEW => {
                parser.advance_token();
                Some(name_or_call(parser).map(|object| call("$NEW", vec![object], None)))
            }
            Keyword::ARRAY if is_call_of_array(parser) => Some(name_or_call(parser)),
            Keyword::INTERVAL => {
                parser.advance_token();
                Some(parser.parse_interval())
            }
            _ if has_own_syntax(keyword) => None,
            _ => matches!(parser.peek_nth_token_ref(1).token, Token::LParen)
                .then(|| name_or_call(parser)),
        }
    }

    fn get_next_precedence(&self, parser: &Parser) -> Option<Parsed<u8>> {
        let precedence = match &parser.peek_token_ref().token {
            Token::Colon => 0,
            Token::Word(word) if word.quote_style.is_none() => {
                let next = |n: usize, keyword: Keyword| matches!(&parser.peek_nth_token_ref(n).token, Token::Word(w) if w.keyword == keyword);
                match word.keyword {
                    Keyword::PARTITION if next(1, Keyword::BY) && after_parenthesis(parser) => {
                        self.prec_value(Precedence::Period)
                    }
                    _ if interval_unit(word).is_some() && after_parenthesis(parser) => {
                        self.prec_value(Precedence::Period)
                    }
                    Keyword::MEMBER => self.prec_value(Precedence::Between),
                    Keyword::MULTISET => self.prec_value(Precedence::PlusMinus),
                    Keyword::NoKeyword if word.value == "$ESCAPE" => {
                        self.prec_value(Precedence::Like)
                    }
                    Keyword::NoKeyword
                        if word.value.eq_ignore_ascii_case("FORMAT")
                            && next_word(parser, 1, "JSON") =>
                    {
                        self.prec_value(Precedence::Period)
                    }
                    Keyword::AT if !next(1, Keyword::TIME) => 0,
                    _ if infix_predicate(&word.value).is_some() => {
                        self.prec_value(Precedence::Between)
                    }
                    Keyword::NOT if next_word(parser, 1, "SUBMULTISET") => {
                        self.prec_value(Precedence::Between)
                    }
                    _ => return None,
                }
            }
            _ => return None,
        };
        Some(Ok(precedence))
    }

    fn parse_infix(
        &self,
        parser: &mut Parser,
        expr: &Expr,
        precedence: u8,
    ) -> Option<Parsed<Expr>> {
        let Token::Word(word) = &parser.peek_token_ref().token else {
            return None;
        };
        if word.quote_style.is_some() {
            return None;
        }
        match word.keyword {
            _ if interval_unit(word).is_some() => Some(interval_of_difference(parser, expr)),
            Keyword::IS => is_predicate(self, parser, expr),
            Keyword::BETWEEN => between(self, parser, expr, false),
            Keyword::NOT if peek_keyword(parser, 1, Keyword::BETWEEN) => {
                between(self, parser, expr, true)
            }
            Keyword::NOT
                if peek_keyword(parser, 1, Keyword::MEMBER)
                    || next_word(parser, 1, "SUBMULTISET") =>
            {
                parser.advance_token();
                let found = member_of(self, parser, expr);
                Some(found.map(|e| not(e, true)))
            }
            Keyword::MEMBER => Some(member_of(self, parser, expr)),
            Keyword::MULTISET => Some(multiset_operator(self, parser, expr)),
            Keyword::PARTITION => {
                let spec = match partition_and_order(parser) {
                    Ok(spec) => spec,
                    Err(error) => return Some(Err(error)),
                };
                Some(Ok(call("$TABLE", vec![expr.clone()], spec)))
            }
            Keyword::NoKeyword if word.value == "$ESCAPE" => {
                parser.advance_token();
                let right = parser.parse_subexpr(self.prec_value(Precedence::Like));
                Some(right.map(|right| call("$ESCAPE", vec![expr.clone(), right], None)))
            }
            Keyword::NoKeyword if word.value.eq_ignore_ascii_case("FORMAT") => {
                Some(format_json(parser, expr))
            }
            _ if word.value.eq_ignore_ascii_case("SUBMULTISET") => {
                Some(member_of(self, parser, expr))
            }
            _ => {
                let name = infix_predicate(&word.value)?;
                Some(period_predicate(parser, expr, name, precedence))
            }
        }
    }
}

/// Words that are sqlparser's keywords and Flink's, but not reserved in Flink: they may be names.
/// Every word that Flink does not know as a keyword has none in sqlparser either (see
/// [`super::tokens`]).
pub(super) fn is_plain_word(keyword: Keyword) -> bool {
    matches!(
        keyword,
        Keyword::NoKeyword
            | Keyword::ABSENT
            | Keyword::AFTER
            | Keyword::ASC
            | Keyword::BERNOULLI
            | Keyword::DAYS
            | Keyword::DESC
            | Keyword::EPOCH
            | Keyword::EXCLUDE
            | Keyword::FIRST
            | Keyword::FOLLOWING
            | Keyword::HOURS
            | Keyword::IGNORE
            | Keyword::INCLUDE
            | Keyword::KEY
            | Keyword::LAST
            | Keyword::MAP
            | Keyword::MICROSECOND
            | Keyword::MILLISECOND
            | Keyword::MINUTES
            | Keyword::MONTHS
            | Keyword::NANOSECOND
            | Keyword::NULLS
            | Keyword::ORDINALITY
            | Keyword::PAST
            | Keyword::PLACING
            | Keyword::PRECEDING
            | Keyword::QUARTER
            | Keyword::REPEATABLE
            | Keyword::RESPECT
            | Keyword::SECONDS
            | Keyword::TIES
            | Keyword::UNBOUNDED
            | Keyword::WEEK
            | Keyword::WEEKS
            | Keyword::YEARS
            | Keyword::ZONE
    )
}

/// Prefixes that sqlparser reads itself; every other word before `(` is a function.
fn has_own_syntax(keyword: Keyword) -> bool {
    matches!(
        keyword,
        Keyword::ARRAY
            | Keyword::CAST
            | Keyword::CEIL
            | Keyword::CURRENT_DATE
            | Keyword::CURRENT_TIME
            | Keyword::CURRENT_TIMESTAMP
            | Keyword::DATE
            | Keyword::DATETIME
            | Keyword::EXISTS
            | Keyword::EXTRACT
            | Keyword::FLOOR
            | Keyword::LOCALTIME
            | Keyword::LOCALTIMESTAMP
            | Keyword::NOT
            | Keyword::NULL
            | Keyword::OVERLAY
            | Keyword::POSITION
            | Keyword::SAFE_CAST
            | Keyword::SUBSTRING
            | Keyword::TIME
            | Keyword::TIMESTAMP
            | Keyword::TRIM
            | Keyword::TRY_CAST
    )
}

fn peek_keyword(parser: &Parser, n: usize, keyword: Keyword) -> bool {
    matches!(&parser.peek_nth_token_ref(n).token, Token::Word(w) if w.keyword == keyword)
}

fn next_word(parser: &Parser, n: usize, word: &str) -> bool {
    matches!(&parser.peek_nth_token_ref(n).token,
        Token::Word(w) if w.quote_style.is_none() && w.value.eq_ignore_ascii_case(word))
}

fn after_parenthesis(parser: &Parser) -> bool {
    parser.get_current_token().token == Token::RParen
}

fn eat_word(parser: &mut Parser, word: &str) -> bool {
    let here = next_word(parser, 0, word);
    if here {
        parser.advance_token();
    }
    here
}

/// An argument list of plain expressions for one of the `$` functions.
fn call(name: &str, args: Vec<Expr>, over: Option<WindowSpec>) -> Expr {
    let args = args
        .into_iter()
        .map(|e| FunctionArg::Unnamed(FunctionArgExpr::Expr(e)))
        .collect();
    Expr::Function(Function {
        name: ObjectName::from(vec![Ident::new(name)]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(FunctionArgumentList {
            duplicate_treatment: None,
            args,
            clauses: Vec::new(),
        }),
        filter: None,
        null_treatment: None,
        over: over.map(WindowType::WindowSpec),
        within_group: Vec::new(),
    })
}

fn not(expr: Expr, negated: bool) -> Expr {
    if !negated {
        return expr;
    }
    Expr::UnaryOp {
        op: UnaryOperator::Not,
        expr: Box::new(expr),
    }
}

/// A name, or the call of a function by that name. sqlparser would first try it as a type.
fn name_or_call(parser: &mut Parser) -> Parsed<Expr> {
    let ident = {
        parser.advance_token();
        let token = parser.get_current_token();
        let Token::Word(word) = &token.token else {
            return parser.expected("a name", token.clone());
        };
        word.to_ident(token.span)
    };
    if parser.peek_token_ref().token == Token::LParen {
        parser.parse_function(ObjectName::from(vec![ident]))
    } else {
        Ok(Expr::Identifier(ident))
    }
}

/// Tokens that [`is_set_operation`] looks ahead.
const LOOK_AHEAD: usize = 300;

/// `((SELECT …) UNION …)`: sqlparser takes the inner query for the whole.
fn is_set_operation(parser: &Parser) -> bool {
    let inner = |n: usize| &parser.peek_nth_token_ref(n).token;
    if *inner(1) != Token::LParen {
        return false;
    }
    let query = [Keyword::SELECT, Keyword::WITH, Keyword::VALUES]
        .into_iter()
        .any(|keyword| peek_keyword(parser, 2, keyword));
    if !query {
        return false;
    }
    let mut depth = 0usize;
    for n in 1..LOOK_AHEAD {
        match inner(n) {
            Token::LParen => depth += 1,
            Token::RParen => {
                depth -= 1;
                if depth == 0 {
                    return [Keyword::UNION, Keyword::EXCEPT, Keyword::INTERSECT]
                        .into_iter()
                        .any(|keyword| peek_keyword(parser, n + 1, keyword));
                }
            }
            Token::EOF => return false,
            _ => {}
        }
    }
    false
}

fn query_value(parser: &mut Parser) -> Parsed<Expr> {
    parser.advance_token();
    let query = parser.parse_query()?;
    parser.expect_token(&Token::RParen)?;
    Ok(Expr::Subquery(query))
}

/// `ARRAY(1, 2)`, where sqlparser reads the parenthesis as that of a query.
fn is_call_of_array(parser: &Parser) -> bool {
    parser.peek_nth_token_ref(1).token == Token::LParen
        && parser.peek_nth_token_ref(2).token != Token::LParen
        && ![Keyword::SELECT, Keyword::WITH, Keyword::VALUES]
            .into_iter()
            .any(|keyword| peek_keyword(parser, 2, keyword))
}

fn interval_unit(word: &Word) -> Option<&'static str> {
    match word.keyword {
        Keyword::YEAR => Some("YEAR"),
        Keyword::MONTH => Some("MONTH"),
        Keyword::DAY => Some("DAY"),
        Keyword::HOUR => Some("HOUR"),
        Keyword::MINUTE => Some("MINUTE"),
        Keyword::SECOND => Some("SECOND"),
        _ => None,
    }
}

/// `(a - b) DAY TO SECOND`: the difference as an interval.
fn interval_of_difference(parser: &mut Parser, expr: &Expr) -> Parsed<Expr> {
    let mut name = String::from("$INTERVAL");
    loop {
        parser.advance_token();
        if let Token::Word(word) = &parser.get_current_token().token
            && let Some(unit) = interval_unit(word)
        {
            name.push('_');
            name.push_str(unit);
        }
        parser.parse_optional_precision()?;
        if !parser.parse_keyword(Keyword::TO) {
            return Ok(call(&name, vec![expr.clone()], None));
        }
        name.push_str("_TO");
    }
}

fn is_match_prefix(word: &Word, parser: &Parser) -> bool {
    (word.value.eq_ignore_ascii_case("FINAL") || word.value.eq_ignore_ascii_case("RUNNING"))
        && matches!(parser.peek_nth_token_ref(1).token, Token::Word(_))
        && matches!(parser.peek_nth_token_ref(2).token, Token::LParen)
}

fn running_or_final(parser: &mut Parser) -> Parsed<Expr> {
    let name = if eat_word(parser, "FINAL") {
        "$FINAL"
    } else {
        parser.advance_token();
        "$RUNNING"
    };
    let inner = name_or_call(parser)?;
    Ok(call(name, vec![inner], None))
}

/// `TABLE t …` or `TABLE(…)` as an argument.
fn table_argument(parser: &mut Parser) -> Parsed<Expr> {
    parser.advance_token();
    let argument = if parser.consume_token(&Token::LParen) {
        let inner = if starts_query(parser) {
            Expr::Subquery(parser.parse_query()?)
        } else {
            parser.parse_expr()?
        };
        parser.expect_token(&Token::RParen)?;
        inner
    } else {
        let mut parts = vec![parser.parse_identifier()?];
        while parser.consume_token(&Token::Period) {
            parts.push(parser.parse_identifier()?);
        }
        if parts.len() == 1 {
            Expr::Identifier(parts.remove(0))
        } else {
            Expr::CompoundIdentifier(parts)
        }
    };
    let over = partition_and_order(parser)?;
    Ok(call("$TABLE", vec![argument], over))
}

fn starts_query(parser: &Parser) -> bool {
    [Keyword::SELECT, Keyword::WITH, Keyword::VALUES]
        .into_iter()
        .any(|keyword| peek_keyword(parser, 0, keyword))
}

/// `[PARTITION BY a | PARTITION BY (a, …)] [ORDER BY a | ORDER BY (a DESC, …)]`: without parentheses
/// one item each, since a comma ends the argument.
fn partition_and_order(parser: &mut Parser) -> Parsed<Option<WindowSpec>> {
    let mut partition_by = Vec::new();
    let mut order_by = Vec::new();
    let partitioned = parser.parse_keywords(&[Keyword::PARTITION, Keyword::BY]);
    if partitioned {
        partition_by = match parser.parse_expr()? {
            Expr::Tuple(items) => items,
            Expr::Nested(item) => vec![*item],
            item => vec![item],
        };
    }
    let ordered = parser.parse_keywords(&[Keyword::ORDER, Keyword::BY]);
    if ordered {
        order_by = order_items(parser)?;
    }
    Ok((partitioned || ordered).then_some(WindowSpec {
        window_name: None,
        partition_by,
        order_by,
        window_frame: None,
    }))
}

fn order_items(parser: &mut Parser) -> Parsed<Vec<OrderByExpr>> {
    if parser.consume_token(&Token::LParen) {
        let items = parser.parse_comma_separated(Parser::parse_order_by_expr)?;
        parser.expect_token(&Token::RParen)?;
        return Ok(items);
    }
    Ok(vec![parser.parse_order_by_expr()?])
}

fn case(parser: &mut Parser) -> Parsed<Expr> {
    parser.advance_token();
    let case_token = parser.get_current_token().clone().into();
    let operand = if peek_keyword(parser, 0, Keyword::WHEN) {
        None
    } else {
        Some(Box::new(parser.parse_expr()?))
    };
    let mut conditions = Vec::new();
    while parser.parse_keyword(Keyword::WHEN) {
        let mut values = vec![parser.parse_expr()?];
        while operand.is_some() && parser.consume_token(&Token::Comma) {
            values.push(parser.parse_expr()?);
        }
        let condition = if values.len() == 1 {
            values.remove(0)
        } else {
            Expr::Tuple(values)
        };
        parser.expect_keyword(Keyword::THEN)?;
        let result = parser.parse_expr()?;
        conditions.push(CaseWhen { condition, result });
    }
    let else_result = if parser.parse_keyword(Keyword::ELSE) {
        Some(Box::new(parser.parse_expr()?))
    } else {
        None
    };
    let end_token = parser.expect_keyword(Keyword::END)?.into();
    Ok(Expr::Case {
        case_token,
        end_token,
        operand,
        conditions,
        else_result,
    })
}

fn is_predicate(dialect: &FlinkDialect, parser: &mut Parser, expr: &Expr) -> Option<Parsed<Expr>> {
    let skip = if peek_keyword(parser, 1, Keyword::NOT) {
        2
    } else {
        1
    };
    let negated = skip == 2;
    if peek_keyword(parser, skip, Keyword::DISTINCT) {
        // sqlparser would read all that follows, `AND …` too, as the right side.
        for _ in 0..=skip {
            parser.advance_token();
        }
        let right = parser
            .expect_keyword(Keyword::FROM)
            .and_then(|_| parser.parse_subexpr(dialect.prec_value(Precedence::Is)));
        let left = Box::new(expr.clone());
        return Some(right.map(|right| {
            if negated {
                Expr::IsNotDistinctFrom(left, Box::new(right))
            } else {
                Expr::IsDistinctFrom(left, Box::new(right))
            }
        }));
    }
    let name = if next_word(parser, skip, "JSON") {
        let kind = ["VALUE", "OBJECT", "ARRAY", "SCALAR"]
            .into_iter()
            .find(|kind| next_word(parser, skip + 1, kind));
        for _ in 0..=skip {
            parser.advance_token();
        }
        if kind.is_some() {
            parser.advance_token();
        }
        match kind {
            Some("OBJECT") => "$IS_JSON_OBJECT",
            Some("ARRAY") => "$IS_JSON_ARRAY",
            Some("SCALAR") => "$IS_JSON_SCALAR",
            _ => "$IS_JSON",
        }
    } else if next_word(parser, skip, "A") && next_word(parser, skip + 1, "SET") {
        for _ in 0..skip + 2 {
            parser.advance_token();
        }
        "$IS_A_SET"
    } else if next_word(parser, skip, "EMPTY") {
        for _ in 0..=skip {
            parser.advance_token();
        }
        "$IS_EMPTY"
    } else {
        return None;
    };
    Some(Ok(not(call(name, vec![expr.clone()], None), negated)))
}

fn between(
    dialect: &FlinkDialect,
    parser: &mut Parser,
    expr: &Expr,
    negated: bool,
) -> Option<Parsed<Expr>> {
    let skip = 1 + usize::from(negated);
    let symmetric = next_word(parser, skip, "SYMMETRIC");
    if !symmetric && !next_word(parser, skip, "ASYMMETRIC") {
        return None;
    }
    for _ in 0..=skip {
        parser.advance_token();
    }
    let bounds = (|| {
        let low = parser.parse_subexpr(dialect.prec_value(Precedence::Between))?;
        parser.expect_keyword(Keyword::AND)?;
        let high = parser.parse_subexpr(dialect.prec_value(Precedence::Between))?;
        Ok((low, high))
    })();
    Some(bounds.map(|(low, high)| {
        if symmetric {
            return not(
                call("$BETWEEN_SYMMETRIC", vec![expr.clone(), low, high], None),
                negated,
            );
        }
        Expr::Between {
            expr: Box::new(expr.clone()),
            negated,
            low: Box::new(low),
            high: Box::new(high),
        }
    }))
}

/// `FORMAT JSON [ENCODING UTF8]` behind an expression.
fn format_json(parser: &mut Parser, expr: &Expr) -> Parsed<Expr> {
    parser.advance_token();
    parser.advance_token();
    let encoding = ["UTF8", "UTF16", "UTF32"]
        .into_iter()
        .find(|encoding| next_word(parser, 0, "ENCODING") && next_word(parser, 1, encoding));
    let mut name = String::from("$FORMAT_JSON");
    if let Some(encoding) = encoding {
        parser.advance_token();
        parser.advance_token();
        name.push('_');
        name.push_str(encoding);
    }
    Ok(call(&name, vec![expr.clone()], None))
}

/// `MEMBER OF x` and `SUBMULTISET OF x`.
fn member_of(dialect: &FlinkDialect, parser: &mut Parser, expr: &Expr) -> Parsed<Expr> {
    let name = if eat_word(parser, "MEMBER") {
        "$MEMBER_OF"
    } else {
        parser.advance_token();
        "$SUBMULTISET_OF"
    };
    eat_word(parser, "OF");
    let right = parser.parse_subexpr(dialect.prec_value(Precedence::Between))?;
    Ok(call(name, vec![expr.clone(), right], None))
}

/// `MULTISET { UNION | INTERSECT | EXCEPT } [ALL | DISTINCT] x`.
fn multiset_operator(dialect: &FlinkDialect, parser: &mut Parser, expr: &Expr) -> Parsed<Expr> {
    parser.advance_token();
    let mut name = String::from("$MULTISET");
    for word in ["UNION", "INTERSECT", "EXCEPT", "ALL", "DISTINCT"] {
        if eat_word(parser, word) {
            name.push('_');
            name.push_str(word);
        }
    }
    let right = parser.parse_subexpr(dialect.prec_value(Precedence::PlusMinus))?;
    Ok(call(&name, vec![expr.clone(), right], None))
}

fn infix_predicate(word: &str) -> Option<&'static str> {
    [
        ("CONTAINS", "$CONTAINS"),
        ("EQUALS", "$EQUALS"),
        ("PRECEDES", "$PRECEDES"),
        ("SUCCEEDS", "$SUCCEEDS"),
        ("IMMEDIATELY", "$IMMEDIATELY"),
        ("SUBMULTISET", "$SUBMULTISET_OF"),
    ]
    .into_iter()
    .find_map(|(infix, name)| infix.eq_ignore_ascii_case(word).then_some(name))
}

fn period_predicate(parser: &mut Parser, expr: &Expr, name: &str, precedence: u8) -> Parsed<Expr> {
    parser.advance_token();
    let name = if name == "$IMMEDIATELY" {
        parser.advance_token();
        format!("{name}_{}", parser.get_current_token().token).to_uppercase()
    } else {
        name.to_owned()
    };
    let right = parser.parse_subexpr(precedence)?;
    Ok(call(&name, vec![expr.clone(), right], None))
}
