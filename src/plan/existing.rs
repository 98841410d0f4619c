//! Gates that stand already: a rewritten script is not rewritten twice, it only changes its role.

use super::inserts::Place;
use super::rule::{Rule, Side};
use super::{Bounds, Input, Opening, Pinned, after_source, gate, sources};
use crate::catalog::{EntryId, Object};
use crate::config::{Position, Role};
use crate::lexer::{Token, TokenKind};
use crate::parser::byte_span;
use crate::plan::wrapper::Wrapper;
use crate::syntax::{Query, StatementKind};
use crate::text::{Edit, Span, newline};
use crate::time::{Changelog, GATE_TIME, QueryTime, SourceTime, TimeForm, TimeType, Times, quote};
use sqlparser::ast::{
    self, AccessExpr, Expr, FunctionArg, FunctionArgExpr, GroupByExpr, SelectItem, SetExpr,
    Spanned, TableFactor,
};
use std::collections::BTreeMap;

pub enum Existing<'t> {
    None,
    Gated {
        /// The bounds that have to change for the role at hand.
        edits: Vec<Edit>,
        gate_time: String,
        rule: Rule,
        /// The query behind a gate that nothing can be told of from outside.
        inner: Option<&'t QueryTime>,
    },
    /// Looks like a gate, but is not what would be written for its query.
    Stale(Span),
    /// A gate, but not of the configured kind: what it is instead.
    Other(Span, String),
}

/// The gate of an INSERT, if it has one.
pub fn find<'t>(
    input: Input<'_>,
    times: &'t Times,
    rowtimes: &BTreeMap<EntryId, SourceTime>,
    place: Place<'_>,
) -> Existing<'t> {
    if input.settings.gate.position == Position::BeforeSink {
        return before_sink(input, times, place);
    }
    match before_sink(input, times, place) {
        Existing::None => {}
        _ => {
            let how = "it stands before the sink".to_owned();
            return Existing::Other(place.insert.source.span, how);
        }
    }
    let Some(time) = super::inserts::query_time(times, place) else {
        return Existing::None;
    };
    let reads = &time.facts.reads;
    match sources::standing(input, times, reads) {
        Some(edits) if !reads.siblings.is_empty() => {
            let ty = time.gate.as_ref().map_or(TimeType::Timestamp, |g| g.ty);
            let target = place.insert.target.path();
            Existing::Gated {
                edits,
                gate_time: after_source::rowtimes_of(reads, rowtimes).join(", "),
                rule: Rule::new(input.settings, ty, &target, Side::Only, true),
                inner: None,
            }
        }
        _ => Existing::None,
    }
}

/// The gate right before the sink, if there is one.
fn before_sink<'t>(input: Input<'_>, times: &'t Times, place: Place<'_>) -> Existing<'t> {
    let source = &place.insert.source;
    let target = place.insert.target.path();
    // An inline gate, or a query over a gate view.
    if let Some(found) = gate_in(input, times, source, place.statement, &target) {
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
    match gate_in(input, times, &view.query, entry.created, &target) {
        Some(found) => found,
        None => Existing::None,
    }
}

/// The table of `SELECT column, … FROM table`.
fn only_table(query: &ast::Query) -> Option<&ast::ObjectName> {
    let SetExpr::Select(select) = &*query.body else {
        return None;
    };
    let [from] = &select.from[..] else {
        return None;
    };
    let plain = |item: &SelectItem| {
        matches!(
            item,
            SelectItem::UnnamedExpr(Expr::Identifier(_)) | SelectItem::Wildcard(_)
        )
    };
    let ungrouped = |group_by: &GroupByExpr| matches!(group_by, GroupByExpr::Expressions(keys, more) if keys.is_empty() && more.is_empty());
    let bare = from.joins.is_empty()
        && select.projection.iter().all(plain)
        && select.distinct.is_none()
        && ungrouped(&select.group_by)
        && select.having.is_none()
        && select.qualify.is_none()
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
fn gate_in<'t>(
    input: Input<'_>,
    times: &'t Times,
    query: &Query,
    statement: usize,
    target: &[&str],
) -> Option<Existing<'t>> {
    let SetExpr::Select(select) = &*query.ast.body else {
        return None;
    };
    let [from] = &select.from[..] else {
        return None;
    };
    let argument = table_argument(&from.relation);
    let TableFactor::Derived {
        subquery,
        alias: Some(alias),
        ..
    } = argument.unwrap_or(&from.relation)
    else {
        return None;
    };
    let written = written(input, query);
    let called = calls(query) && is_own(alias);
    let start = byte_span(subquery.span()).start;
    let inner = times.derived.get(&(statement, start));
    let two_sided = inner.and_then(|time| match &time.changelog {
        Some(Changelog::Upsert { key }) => Some(key),
        _ => None,
    });
    if written.is_none() && two_sided.is_none() && !called {
        return None;
    }
    // With a predicate like a gate's it was meant to be one; a bare derived table may be anything.
    let stale = || (written.is_some() || called).then_some(Existing::Stale(query.span));
    let Some(inner) = inner else { return stale() };
    let mut columns: Vec<String> = alias.columns.iter().map(|c| c.name.value.clone()).collect();
    let threaded = columns.last().is_some_and(|c| c == GATE_TIME);
    let Some((ty, form, column)) = gate_of(inner, &columns) else {
        return stale();
    };
    let sql = form.sql(&quote(&column), ty);
    let barrier = form.barrier_sql(&quote(&column), ty);
    if threaded {
        columns.pop();
    }
    let Some(text) = between_parens(input, byte_span(alias.name.span).start) else {
        return stale();
    };
    let bounds = Bounds::new(input.settings.role, ty);
    let side = match two_sided {
        Some(_) => Side::Opens,
        None => Side::Only,
    };
    let wanted = Rule::new(input.settings, ty, target, side, inner.gate_is_attribute());
    let as_is = match &written {
        Some(found) if found.handover => Rule::Handover(found.bounds(input.text, &bounds)),
        Some(found) => Rule::Range(found.bounds(input.text, &bounds)),
        None if called => match &wanted {
            Rule::Call(call)
                if call.table == argument.is_some()
                    && same_tokens(&name_of(query), &call.function, input) =>
            {
                wanted.clone()
            }
            _ => {
                let how = format!("it calls {}", name_of(query));
                return Some(Existing::Other(query.span, how));
            }
        },
        None => Rule::Range(bounds.clone()),
    };
    let hold = two_sided.and_then(|key| (0..columns.len()).find(|i| !key.contains(i)));
    let projection = Opening::Projection {
        hold: hold.filter(|_| threaded),
    };
    let as_written = Wrapper {
        columns: &columns,
        gate: &sql,
        barrier: &barrier,
        threaded,
        opening: if written.is_some() || called {
            Opening::Filter
        } else {
            projection
        },
        pinned: pinned(select),
        rule: &as_is,
        newline: "\n",
    };
    // What we would write around this very query, token for token.
    let select_start = byte_span(select.select_token.0.span).start;
    let actual = Span::new(select_start, query.span.end).of(input.text);
    if !same_tokens(actual, &as_written.around(text.of(input.text)), input) {
        return stale();
    }
    if std::mem::discriminant(&as_is) != std::mem::discriminant(&wanted) {
        let late = match as_is {
            Rule::Handover(_) => "handover",
            _ => "outgoing",
        };
        let how = format!("it is of the kind `cutover` with late = \"{late}\"");
        return Some(Existing::Other(query.span, how));
    }
    if !gate::holds(input, &as_is, inner, as_written.pinned) {
        return stale();
    }
    let mut edits = Vec::new();
    if two_sided.is_some() {
        match sources::standing(input, times, &inner.facts.reads) {
            Some(more) => edits.extend(more),
            None => return Some(Existing::Stale(query.span)),
        }
    }
    let opening = match (two_sided, &wanted, input.settings.role) {
        (Some(_), Rule::Range(_), Role::First | Role::Outgoing { .. }) => projection,
        _ => Opening::Filter,
    };
    if opening == as_written.opening {
        edits.extend(written.iter().flat_map(|w| w.edits(input.text, &bounds)));
    } else {
        let newline = newline(input.text);
        let wrapper = Wrapper {
            opening,
            pinned: Pinned::No,
            rule: &wanted,
            newline,
            ..as_written
        };
        let inside = text.of(input.text);
        let first = text.start + (inside.len() - inside.trim_start().len()) as u32;
        let last = text.start + inside.trim_end().len() as u32;
        edits.push(Edit::replace(
            Span::new(select_start, first),
            wrapper.head(),
        ));
        edits.push(Edit::replace(
            Span::new(last, query.span.end),
            wrapper.tail(),
        ));
    }
    let hidden = matches!(&wanted, Rule::Call(call) if call.table);
    Some(Existing::Gated {
        edits,
        gate_time: sql,
        rule: wanted,
        inner: hidden.then_some(inner),
    })
}

/// Does a query end in a call of a function that alone decides on its rows, or read from one?
pub(super) fn calls(query: &Query) -> bool {
    let SetExpr::Select(select) = &*query.ast.body else {
        return false;
    };
    let table = |from: &ast::TableWithJoins| table_argument(&from.relation).is_some();
    matches!(tested(select), Some((Expr::Function(_), _)))
        || select.selection.is_none() && select.from.iter().any(table)
}

/// The predicate of a query, and whether it is the element of an array.
fn tested(select: &ast::Select) -> Option<(&Expr, bool)> {
    let selection = select.selection.as_ref()?;
    if let Expr::CompoundFieldAccess { root, access_chain } = selection
        && let Expr::Array(array) = &**root
        && let ([predicate], [AccessExpr::Subscript(_)]) = (&array.elem[..], &access_chain[..])
    {
        return Some((predicate, true));
    }
    Some((selection, false))
}

/// What keeps the predicate of a query in its place, if the query is a gate.
fn pinned(select: &ast::Select) -> Pinned {
    let joins = select.from.iter().any(|from| !from.joins.is_empty());
    match tested(select) {
        Some((_, true)) => Pinned::Element,
        _ if joins => Pinned::Unnest,
        _ => Pinned::No,
    }
}

/// The name of the function that decides.
fn name_of(query: &Query) -> String {
    let SetExpr::Select(select) = &*query.ast.body else {
        return String::new();
    };
    match (tested(select), select.from.first().map(|f| &f.relation)) {
        (Some((Expr::Function(call), _)), _) => call.name.to_string(),
        (_, Some(TableFactor::Table { name, .. })) => name.to_string(),
        _ => String::new(),
    }
}

/// The derived table that a process table function gets as its `input`.
fn table_argument(factor: &TableFactor) -> Option<&TableFactor> {
    let TableFactor::Table {
        args: Some(args), ..
    } = factor
    else {
        return None;
    };
    let input = args.args.first()?;
    let (FunctionArg::Named { arg, .. } | FunctionArg::ExprNamed { arg, .. }) = input else {
        return None;
    };
    let FunctionArgExpr::Expr(Expr::Subquery(query)) = arg else {
        return None;
    };
    match &*query.body {
        SetExpr::Select(select) => Some(&select.from.first()?.relation),
        _ => None,
    }
}

/// An alias as it is written around a gated query.
fn is_own(alias: &ast::TableAlias) -> bool {
    let name = &alias.name;
    name.value == "q" && name.quote_style.is_some() && !alias.columns.is_empty()
}

/// The gate time that the inner query carries, as SQL over the names of its columns.
fn gate_of(inner: &QueryTime, columns: &[String]) -> Option<(TimeType, TimeForm, String)> {
    let gate = inner.gate.as_ref()?;
    let (index, form) = gate.carried?;
    let column = columns.get(index)?;
    let form = if column == GATE_TIME {
        TimeForm::Itself
    } else {
        form
    };
    Some((gate.ty, form, column.clone()))
}

/// The literals of a range, each as often as it stands there.
pub(super) struct Written {
    low: Vec<Span>,
    high: Vec<Span>,
    /// They are compared with the watermark, too.
    handover: bool,
}

impl Written {
    /// The bounds as they are written; a NULL counts as in `wanted`.
    pub fn bounds(&self, text: &str, wanted: &Bounds) -> Bounds {
        Bounds {
            min: wanted.min.clone(),
            low: self.low[0].of(text).to_owned(),
            high: self.high[0].of(text).to_owned(),
        }
    }

    /// What has to change to make them those that are wanted.
    pub fn edits(&self, text: &str, wanted: &Bounds) -> Vec<Edit> {
        let low = self.low.iter().map(|span| (span, &wanted.low));
        let high = self.high.iter().map(|span| (span, &wanted.high));
        low.chain(high)
            .filter(|(span, new)| span.of(text) != *new)
            .map(|(span, new)| Edit::replace(*span, new))
            .collect()
    }
}

/// The bounds of `WHERE COALESCE(g, MIN) >= LOW AND COALESCE(g, MIN) < HIGH` at a query's end, or of
/// `WHERE (COALESCE(g, MIN) >= LOW OR COALESCE(w, MIN) > LOW) AND COALESCE(g, MIN) < HIGH AND
/// COALESCE(w, MIN) <= HIGH`; either may be the element of an array.
pub(super) fn written(input: Input<'_>, query: &Query) -> Option<Written> {
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
    let rest = match rest {
        [array, open, inside @ .., _, _, _, _] if is(array, "ARRAY") && text(open) == "[" => inside,
        _ => rest,
    };
    let span = |tokens: &[Token]| Some(tokens.first()?.span.cover(tokens.last()?.span));
    let after = |from: usize, what: &str| {
        let found = rest[from..]
            .iter()
            .position(|t| text(t).eq_ignore_ascii_case(what));
        Some(from + found?)
    };
    let handover = rest.first().is_some_and(|t| text(t) == "(");
    if !rest
        .get(usize::from(handover))
        .is_some_and(|t| is(t, "COALESCE"))
    {
        return None;
    }
    let at_least = after(0, ">=")?;
    if handover {
        let or = after(at_least, "OR")?;
        let above = after(or, ">")?;
        let and = after(above, "AND")?;
        let below = after(and, "<")?;
        let last = after(below, "AND")?;
        let at_most = after(last, "<=")?;
        let low = [&rest[at_least + 1..or], rest.get(above + 1..and - 1)?];
        let high = [&rest[below + 1..last], &rest[at_most + 1..]];
        return Some(Written {
            low: low.into_iter().map(span).collect::<Option<_>>()?,
            high: high.into_iter().map(span).collect::<Option<_>>()?,
            handover,
        });
    }
    let and = after(at_least, "AND")?;
    let below = after(and, "<")?;
    Some(Written {
        low: vec![span(&rest[at_least + 1..and])?],
        high: vec![span(&rest[below + 1..])?],
        handover,
    })
}

/// What stands between the parentheses before the alias at `alias`.
fn between_parens(input: Input<'_>, alias: u32) -> Option<Span> {
    use crate::lexer::Punct;
    let tokens = &input.script.tokens;
    let mut before = tokens[..tokens.partition_point(|t| t.span.start < alias)]
        .iter()
        .rev()
        .filter(|t| !t.kind.is_trivia())
        .peekable();
    before.next_if(|t| t.kind == TokenKind::Word);
    let close = before
        .next()
        .filter(|t| t.kind == TokenKind::Punct(Punct::RParen))?;
    let mut depth = 1usize;
    for token in before {
        match token.kind {
            TokenKind::Punct(Punct::RParen) => depth += 1,
            TokenKind::Punct(Punct::LParen) => {
                depth -= 1;
                if depth == 0 {
                    return Some(Span::new(token.span.end, close.span.start));
                }
            }
            _ => {}
        }
    }
    None
}

/// Is the view a gate, of a sink or of a source?
pub(super) fn is_gate_view(input: Input<'_>, times: &Times, view: EntryId) -> bool {
    let entry = &input.catalog.entries[view];
    let StatementKind::CreateView(create) = &input.script.statements[entry.created].kind else {
        return false;
    };
    // A function is told the sink's name, which a view does not have: any call will do.
    let named = create.name.object().contains("__gate");
    named && calls(&create.query)
        || matches!(
            gate_in(input, times, &create.query, entry.created, &[]),
            Some(Existing::Gated { .. } | Existing::Other(..))
        )
        || sources::is_gate_view(input, times, view)
}

/// Do two texts consist of the same tokens, blanks and comments aside?
pub(super) fn same_tokens(a: &str, b: &str, input: Input<'_>) -> bool {
    let tokens = |text: &str| -> Vec<String> {
        crate::lexer::lex(text, input.settings.flink)
            .into_iter()
            .filter(|t| !t.kind.is_trivia())
            .map(|t| t.span.of(text).to_owned())
            .collect()
    };
    tokens(a) == tokens(b)
}
