//! Gates that stand already: a rewritten script is not rewritten twice, it only changes its role.

use super::inserts::Place;
use super::{Bounds, Input, Opening};
use crate::catalog::Object;
use crate::lexer::{Token, TokenKind};
use crate::parser::byte_span;
use crate::plan::wrapper::Wrapper;
use crate::syntax::{Query, StatementKind};
use crate::text::{Edit, Span};
use crate::time::{GATE_TIME, QueryTime, TimeForm, TimeType, Times, quote};
use sqlparser::ast::{self, SetExpr, Spanned, TableFactor};

pub enum Existing {
    None,
    /// The bounds that have to change for the role at hand.
    Gated {
        edits: Vec<Edit>,
        gate_time: String,
    },
    /// Looks like a gate, but is not what would be written for its query.
    Stale(Span),
}

/// The gate of an INSERT, if it has one.
pub fn find(input: Input<'_>, times: &Times, place: Place<'_>) -> Existing {
    let source = &place.insert.source;
    // An inline gate, or a query over a gate view.
    if let Some(found) = gate_in(input, times, source, place.statement) {
        return found;
    }
    let Some(name) = only_table(&source.ast) else {
        return Existing::None;
    };
    let parts: Vec<&str> = name
        .0
        .iter()
        .filter_map(|p| p.as_ident())
        .map(|i| i.value.as_str())
        .collect();
    let Some(entry) = input.catalog.resolve(&parts, place.statement) else {
        return Existing::None;
    };
    let (Object::View { .. }, StatementKind::CreateView(view)) =
        (&entry.object, &input.script.statements[entry.created].kind)
    else {
        return Existing::None;
    };
    match gate_in(input, times, &view.query, entry.created) {
        Some(found) => found,
        None => Existing::None,
    }
}

/// The table of `SELECT … FROM table`.
fn only_table(query: &ast::Query) -> Option<&ast::ObjectName> {
    let SetExpr::Select(select) = &*query.body else {
        return None;
    };
    let [from] = &select.from[..] else {
        return None;
    };
    let bare = from.joins.is_empty()
        && select.selection.is_none()
        && query.with.is_none()
        && query.order_by.is_none()
        && query.limit_clause.is_none();
    match &from.relation {
        TableFactor::Table {
            name,
            args: None,
            version: None,
            ..
        } if bare => Some(name),
        _ => None,
    }
}

/// The gate that a query is, if it has the shape of one.
fn gate_in(input: Input<'_>, times: &Times, query: &Query, statement: usize) -> Option<Existing> {
    let SetExpr::Select(select) = &*query.ast.body else {
        return None;
    };
    let [from] = &select.from[..] else {
        return None;
    };
    let TableFactor::Derived {
        subquery,
        alias: Some(alias),
        ..
    } = &from.relation
    else {
        return None;
    };
    let written = bounds_of(input, query)?;
    let stale = Some(Existing::Stale(query.span));
    let start = byte_span(subquery.span()).start;
    let Some(inner) = times.derived.get(&(statement, start)) else {
        return stale;
    };
    let mut columns: Vec<String> = alias.columns.iter().map(|c| c.name.value.clone()).collect();
    let threaded = columns.last().is_some_and(|c| c == GATE_TIME);
    let Some((ty, sql)) = gate_of(inner, &columns) else {
        return stale;
    };
    if threaded {
        columns.pop();
    }
    let Some(text) = between_parens(input, start) else {
        return stale;
    };
    let wrapper = Wrapper {
        columns: &columns,
        gate: &sql,
        threaded,
        opening: Opening::Filter,
        pinned: !from.joins.is_empty(),
        bounds: &Bounds {
            min: Bounds::new(input.settings.role, ty).min,
            low: written.low.of(input.text).to_owned(),
            high: written.high.of(input.text).to_owned(),
        },
        newline: "\n",
    };
    // What we would write around this very query, token for token.
    let select_start = byte_span(select.select_token.0.span).start;
    let actual = Span::new(select_start, query.span.end).of(input.text);
    let expected = wrapper.around(text.of(input.text));
    if !same_tokens(actual, &expected, input) {
        return stale;
    }
    let wanted = Bounds::new(input.settings.role, ty);
    let edits = [(written.low, wanted.low), (written.high, wanted.high)]
        .into_iter()
        .filter(|(span, new)| span.of(input.text) != new)
        .map(|(span, new)| Edit::replace(span, new))
        .collect();
    Some(Existing::Gated {
        edits,
        gate_time: sql,
    })
}

/// The gate time that the inner query carries, as SQL over the names of its columns.
fn gate_of(inner: &QueryTime, columns: &[String]) -> Option<(TimeType, String)> {
    let gate = inner.gate.as_ref()?;
    let (index, form) = gate.carried?;
    let column = columns.get(index)?;
    let form = if column == GATE_TIME {
        TimeForm::Itself
    } else {
        form
    };
    Some((gate.ty, form.sql(&quote(column), gate.ty)))
}

struct Written {
    low: Span,
    high: Span,
}

/// The two bounds of `WHERE COALESCE(g, MIN) >= LOW AND COALESCE(g, MIN) < HIGH` at a query's end.
fn bounds_of(input: Input<'_>, query: &Query) -> Option<Written> {
    let tokens: Vec<Token> = input.script.tokens[query.tokens.clone()]
        .iter()
        .filter(|t| !t.kind.is_trivia())
        .copied()
        .collect();
    let text = |t: &Token| t.span.of(input.text);
    let is =
        |t: &Token, word: &str| t.kind == TokenKind::Word && text(t).eq_ignore_ascii_case(word);
    let filter = tokens.iter().rposition(|t| is(t, "WHERE"))?;
    let rest = &tokens[filter + 1..];
    if !rest.first().is_some_and(|t| is(t, "COALESCE")) {
        return None;
    }
    let at_least = rest.iter().position(|t| text(t) == ">=")?;
    let and = at_least + rest[at_least..].iter().position(|t| is(t, "AND"))?;
    let below = and + rest[and..].iter().position(|t| text(t) == "<")?;
    let span = |tokens: &[Token]| Some(tokens.first()?.span.cover(tokens.last()?.span));
    Some(Written {
        low: span(&rest[at_least + 1..and])?,
        high: span(&rest[below + 1..])?,
    })
}

/// What stands between the parentheses around the query that starts at `start`.
fn between_parens(input: Input<'_>, start: u32) -> Option<Span> {
    use crate::lexer::Punct;
    let tokens = &input.script.tokens;
    let first = tokens.partition_point(|t| t.span.start < start);
    let mut open = first.checked_sub(1)?;
    while tokens[open].kind.is_trivia() {
        open = open.checked_sub(1)?;
    }
    if tokens[open].kind != TokenKind::Punct(Punct::LParen) {
        return None;
    }
    let mut depth = 0usize;
    for token in &tokens[open..] {
        match token.kind {
            TokenKind::Punct(Punct::LParen) => depth += 1,
            TokenKind::Punct(Punct::RParen) => {
                depth -= 1;
                if depth == 0 {
                    return Some(Span::new(tokens[open].span.end, token.span.start));
                }
            }
            _ => {}
        }
    }
    None
}

/// Do two texts consist of the same tokens, blanks and comments aside?
fn same_tokens(a: &str, b: &str, input: Input<'_>) -> bool {
    let tokens = |text: &str| -> Vec<String> {
        crate::lexer::lex(text, input.settings.flink)
            .into_iter()
            .filter(|t| !t.kind.is_trivia())
            .map(|t| t.span.of(text).to_owned())
            .collect()
    };
    tokens(a) == tokens(b)
}
