//! Walks queries: WITH, set operations, ORDER BY and LIMIT. SELECT itself is in [`super::select`].

use super::expr::Found;
use super::quote;
use super::star::Merge;
use super::{
    Changelog, ColumnTime, Facts, GATE_TIME, GateTime, OutColumn, QueryTime, Reason, Refusal,
    RelationId, SourceTime, Star, StepKind, Thread, TimeForm, Times,
};
use crate::catalog::{Catalog, EntryId, StatementId};
use crate::config::FlinkVersion;
use crate::lexer::{Punct, TokenKind};
use crate::parser::byte_span;
use crate::syntax::{Query, Script, StatementKind};
use crate::text::{Edit, Span};
use sqlparser::ast::{self, SetExpr, SetOperator, SetQuantifier, Spanned};
use std::collections::BTreeMap;
use std::rc::Rc;

pub(super) struct Analysis<'a> {
    pub script: &'a Script,
    pub text: &'a str,
    pub catalog: &'a Catalog,
    pub rowtimes: &'a BTreeMap<EntryId, SourceTime>,
    pub times: Times,
    /// The statement that is being read: names mean what they mean there.
    pub at: StatementId,
    /// Common table expressions in scope, innermost last.
    pub ctes: Vec<Cte>,
    /// The query that is being read, for what has no place of its own.
    pub whole: Span,
    pub version: FlinkVersion,
    /// Some view gets another text by ALTER VIEW.
    pub altered_views: bool,
    /// The joins of the SELECT that is being read that merge columns.
    pub merges: Vec<Merge>,
}

pub(super) struct Cte {
    pub name: String,
    pub id: RelationId,
    pub time: Rc<QueryTime>,
    /// Renames the columns: their names, and where the list's last name ends.
    pub columns: Option<(Vec<String>, u32)>,
}

impl<'a> Analysis<'a> {
    pub fn new(
        script: &'a Script,
        text: &'a str,
        catalog: &'a Catalog,
        rowtimes: &'a BTreeMap<EntryId, SourceTime>,
        version: FlinkVersion,
    ) -> Self {
        Self {
            script,
            text,
            catalog,
            rowtimes,
            times: Times::default(),
            at: 0,
            ctes: Vec::new(),
            whole: Span::at(0),
            version,
            altered_views: script.statements.iter().any(
                |s| matches!(s.kind, StatementKind::Other(name) if name.starts_with("ALTER VIEW")),
            ),
            merges: Vec::new(),
        }
    }

    pub fn finish(self) -> Times {
        self.times
    }

    /// Analyses a query that stands directly in statement `at`.
    pub fn top_level(&mut self, query: &Query, at: StatementId, into_sink: bool) {
        self.at = at;
        self.ctes.clear();
        self.whole = query.span;
        let mut time = self.query(&query.ast);
        time.span = query.span;
        if into_sink && let Some(rank) = time.rank.take() {
            super::select::unfiltered(&rank, &mut time);
        }
        if into_sink {
            // A rowtime that reaches a sink becomes the record's timestamp: one operator more.
            self.mark_sensitive(time.columns.iter().flatten(), query.span);
        }
        self.times.queries.insert((at, query.span.start), time);
    }

    pub fn query(&mut self, query: &ast::Query) -> QueryTime {
        let outer = self.ctes.len();
        if let Some(with) = &query.with {
            for cte in &with.cte_tables {
                self.cte(cte);
            }
        }
        let mut time = self.set_expr(&query.body);
        self.ctes.truncate(outer);
        let place = self.place(query.body.span());
        if let Some(order_by) = &query.order_by {
            time.refuse(Refusal::new(
                Reason::OrderBy,
                byte_span(order_by.span()),
                "",
            ));
        }
        if query.limit_clause.is_some() || query.fetch.is_some() {
            let span = query
                .limit_clause
                .as_ref()
                .map_or(place, |l| byte_span(l.span()));
            // The first rows that come are kept; with an order, better ones replace them.
            if query.order_by.is_some() {
                time.changelog = Some(Changelog::Retract);
            }
            time.refuse(Refusal::new(Reason::Limit, span, ""));
            time.facts.operator("LIMIT", span, time.changelog.clone());
        }
        if time.changes_with_attributes() {
            let columns = time.columns.clone();
            self.mark_sensitive(columns.iter().flatten(), place);
        }
        time
    }

    fn cte(&mut self, cte: &ast::Cte) {
        let mut time = self.query(&cte.query);
        let set = matches!(*cte.query.body, SetExpr::SetOperation { .. });
        time.facts.nested_with |= set || cte.query.with.is_some();
        let columns = &cte.alias.columns;
        let columns = columns.last().map(|last| {
            let names = columns.iter().map(|c| c.name.value.clone()).collect();
            (names, byte_span(last.name.span).end)
        });
        self.ctes.push(Cte {
            name: cte.alias.name.value.clone(),
            id: RelationId::Query(byte_span(cte.alias.name.span).start),
            time: Rc::new(time),
            columns,
        });
    }

    fn set_expr(&mut self, body: &SetExpr) -> QueryTime {
        let span = self.place(body.span());
        match body {
            SetExpr::Select(select) => self.select(select),
            SetExpr::Query(inner) => {
                let mut time = self.query(inner);
                time.facts.nested_with |= inner.with.is_some();
                time
            }
            SetExpr::SetOperation {
                left,
                op,
                set_quantifier,
                right,
            } => {
                let left = self.set_expr(left);
                let right = self.set_expr(right);
                self.set_operation(left, right, *op, *set_quantifier, span)
            }
            SetExpr::Values(values) => {
                let mut time = QueryTime::constant(span);
                let width = values.rows.first().map_or(0, |row| row.len());
                time.columns = Some((0..width).map(unnamed).collect());
                let mut found = Found::new(&self.catalog.functions);
                found.look(values);
                time.facts.refusals.append(&mut found.refusals);
                time
            }
            SetExpr::Table(table) => self.explicit_table(table, span),
            _ => QueryTime::refused(Refusal::new(Reason::UnsupportedQuery, span, "this query")),
        }
    }

    fn set_operation(
        &mut self,
        left: QueryTime,
        right: QueryTime,
        op: SetOperator,
        quantifier: SetQuantifier,
        span: Span,
    ) -> QueryTime {
        for side in [&left, &right] {
            let columns = side.columns.clone();
            self.mark_sensitive(columns.iter().flatten(), side.span);
        }
        let union_all = op == SetOperator::Union && quantifier == SetQuantifier::All;
        let gate = match (&left.gate, &right.gate) {
            (Some(l), Some(r)) if l.ty == r.ty => {
                let carried = l.carried.filter(|c| r.carried == Some(*c));
                let column = carried.and_then(|(index, _)| left.columns.as_ref()?.get(index));
                let lineage = match column {
                    Some(column) => {
                        let (l, r) = (l.lineage.clone(), r.lineage.clone());
                        l.with(r, StepKind::Union, &column.name, span)
                    }
                    None => {
                        let (l, r) = (l.added(left.span), r.added(right.span));
                        l.with(r, StepKind::Union, GATE_TIME, span)
                    }
                };
                Some(GateTime {
                    ty: l.ty,
                    form: l.form,
                    carried,
                    attribute: l.attribute && r.attribute,
                    thread: l.thread.clone().and(r.thread.clone()),
                    lineage,
                    sql: quote(GATE_TIME),
                })
            }
            _ => None,
        };
        let mixed = matches!((&left.gate, &right.gate), (Some(l), Some(r)) if l.ty != r.ty);
        let constant = left.constant && right.constant;
        // A constant branch has no time of its own: its rows would be gated on nothing.
        let half_constant = left.constant != right.constant;
        let append = [&left, &right]
            .iter()
            .all(|side| side.changelog == Some(Changelog::Append));
        let mut time = QueryTime {
            columns: union_columns(left.columns, right.columns),
            changelog: Some(if append {
                Changelog::Append
            } else {
                Changelog::Retract
            }),
            gate,
            constant,
            facts: left.facts.and(right.facts),
            ..QueryTime::empty(span)
        };
        for rank in [left.rank, right.rank].into_iter().flatten() {
            time.refuse(Refusal::new(Reason::OverWindow, rank.span, ""));
        }
        if !append {
            time.refuse(Refusal::new(Reason::RetractingInput, span, "UNION ALL"));
        }
        if !union_all {
            let detail = format!("{op}{}", if op == SetOperator::Union { "" } else { " ALL" });
            let detail = if quantifier == SetQuantifier::All {
                detail
            } else {
                op.to_string()
            };
            time.changelog = match (&time.columns, quantifier) {
                (Some(columns), quantifier) if quantifier != SetQuantifier::All => {
                    Some(Changelog::Upsert {
                        key: (0..columns.len()).collect(),
                    })
                }
                _ => Some(Changelog::Retract),
            };
            time.refuse(Refusal::new(Reason::SetOperation, span, detail));
        }
        let name = if union_all {
            "UNION ALL".to_owned()
        } else {
            op.to_string()
        };
        time.facts.operator(name, span, time.changelog.clone());
        time.facts.name_key(time.columns.as_deref());
        if mixed {
            time.refuse(Refusal::new(Reason::MixedTimeTypes, span, ""));
        }
        if half_constant {
            time.refuse(Refusal::new(
                Reason::UnsupportedQuery,
                span,
                "constant rows in a UNION",
            ));
        }
        time
    }

    /// `TABLE t`: all columns of it.
    fn explicit_table(&mut self, table: &ast::Table, span: Span) -> QueryTime {
        let name: Vec<&str> = [&table.schema_name, &table.table_name]
            .into_iter()
            .flatten()
            .map(|s| s.as_str())
            .collect();
        let relation = self.named_relation(&name, span);
        let mut time = QueryTime {
            columns: relation.columns.clone(),
            changelog: relation.changelog.clone(),
            constant: relation.constant,
            facts: relation.facts.clone(),
            ..QueryTime::empty(span)
        };
        if let Some(gate) = &relation.gate {
            let index = relation
                .columns
                .iter()
                .flatten()
                .position(|c| c.name == gate.column);
            match index.filter(|_| gate.below.is_none()) {
                Some(index) => {
                    time.gate = Some(GateTime {
                        ty: gate.ty,
                        form: gate.form,
                        carried: Some((index, gate.form)),
                        attribute: gate.attribute,
                        thread: Thread::default(),
                        lineage: gate.lineage.clone(),
                        sql: gate.form.sql(&quote(&gate.column), gate.ty),
                    });
                }
                None => time.refuse(Refusal::new(
                    Reason::UnsupportedQuery,
                    span,
                    "TABLE over a view that does not show its event time",
                )),
            }
        }
        self.times.stars.push(Star {
            statement: self.at,
            span,
            over: relation.id.into_iter().collect(),
            expansion: Err("`TABLE name` shows every column: write SELECT instead"),
        });
        time
    }

    /// An sqlparser location as bytes; the whole query where it has none.
    pub fn place(&self, span: sqlparser::tokenizer::Span) -> Span {
        match byte_span(span) {
            empty if empty.end <= empty.start => self.whole,
            found => found,
        }
    }

    /// Notes that a time attribute on these columns would change the plan.
    pub fn mark_sensitive<'c>(
        &mut self,
        columns: impl IntoIterator<Item = &'c OutColumn>,
        place: Span,
    ) {
        for origin in columns.into_iter().filter_map(|c| c.origin.clone()) {
            self.times.uses.sensitive.entry(origin).or_insert(place);
        }
    }

    /// Index of the token that starts at a byte offset.
    pub fn token_at(&self, offset: u32) -> usize {
        self.script
            .tokens
            .partition_point(|t| t.span.start < offset)
    }

    /// Where the select list ends that belongs to the `SELECT` at `offset`: the end of the last
    /// token before `FROM`. A query that is `TABLE t` has its list right behind `TABLE`.
    pub fn select_list_end(&self, offset: u32) -> u32 {
        if let Some(token) = self.script.tokens.get(self.token_at(offset))
            && token.span.of(self.text).eq_ignore_ascii_case("TABLE")
        {
            return token.span.end;
        }
        let mut depth = 0usize;
        let mut end = offset;
        let mut before = ["", ""];
        for token in &self.script.tokens[self.token_at(offset)..] {
            if token.kind.is_trivia() || token.kind == TokenKind::Hint {
                continue;
            }
            let word = token.span.of(self.text);
            match token.kind {
                TokenKind::Punct(Punct::LParen | Punct::LBracket) => depth += 1,
                TokenKind::Punct(Punct::RParen | Punct::RBracket) if depth == 0 => break,
                TokenKind::Punct(Punct::RParen | Punct::RBracket) => depth -= 1,
                TokenKind::Punct(Punct::Semicolon) => break,
                TokenKind::Word if depth == 0 && word.eq_ignore_ascii_case("FROM") => {
                    let comparison = before[1].eq_ignore_ascii_case("DISTINCT")
                        && ["IS", "NOT"]
                            .iter()
                            .any(|w| before[0].eq_ignore_ascii_case(w));
                    if !comparison {
                        break;
                    }
                }
                _ => {}
            }
            end = token.span.end;
            before = [before[1], word];
        }
        end
    }

    /// The items of the select list of the `SELECT` at `offset` as written, aliases and all.
    pub fn select_items(&self, offset: u32) -> Vec<Span> {
        let end = self.select_list_end(offset);
        let mut items = Vec::new();
        let mut depth = 0usize;
        let mut item: Option<Span> = None;
        let first = self.token_at(offset) + 1;
        let tokens = self.script.tokens[first..]
            .iter()
            .take_while(|t| t.span.end <= end);
        for token in tokens.filter(|t| !t.kind.is_trivia() && t.kind != TokenKind::Hint) {
            match token.kind {
                TokenKind::Punct(Punct::LParen | Punct::LBracket) => depth += 1,
                TokenKind::Punct(Punct::RParen | Punct::RBracket) => {
                    depth = depth.saturating_sub(1);
                }
                TokenKind::Punct(Punct::Comma) if depth == 0 => {
                    items.extend(item.take());
                    continue;
                }
                _ => {}
            }
            item = Some(item.map_or(token.span, |i| i.cover(token.span)));
        }
        items.extend(item);
        items
    }

    /// The edit that adds a gate time to the select list of the `SELECT` at `offset`.
    pub fn add_to_select_list(&self, offset: u32, sql: &str) -> Edit {
        let name = quote(GATE_TIME);
        let item = if sql == name {
            name
        } else {
            format!("{sql} AS {name}")
        };
        Edit::insert(self.select_list_end(offset), format!(", {item}"))
    }
}

impl Thread {
    /// Both: for two branches, or for what is above and below.
    pub fn and(mut self, other: Thread) -> Thread {
        for edit in other.edits {
            if !self.edits.contains(&edit) {
                self.edits.push(edit);
            }
        }
        self.widened.extend(other.widened);
        for sibling in other.siblings {
            match self
                .siblings
                .iter_mut()
                .find(|s| s.reference == sibling.reference)
            {
                Some(known) => {
                    known.adds_column |= sibling.adds_column;
                    known.thread = std::mem::take(&mut known.thread).and(sibling.thread);
                }
                None => self.siblings.push(sibling),
            }
        }
        for table in other.tables {
            if !self.tables.contains(&table) {
                self.tables.push(table);
            }
        }
        self
    }
}

impl QueryTime {
    pub(super) fn empty(span: Span) -> Self {
        Self {
            span,
            columns: None,
            changelog: None,
            gate: None,
            rank: None,
            constant: false,
            facts: Facts::default(),
        }
    }

    /// Rows that come from no source: VALUES.
    fn constant(span: Span) -> Self {
        Self {
            constant: true,
            changelog: Some(Changelog::Append),
            ..Self::empty(span)
        }
    }

    fn refused(refusal: Refusal) -> Self {
        let mut time = Self::empty(refusal.span);
        time.refuse(refusal);
        time
    }

    /// Does the query hold an operator that a new time attribute could turn into another one?
    pub(super) fn changes_with_attributes(&self) -> bool {
        self.facts.refusals.iter().any(|r| {
            !matches!(
                r.reason,
                Reason::NoEventTime
                    | Reason::WindowWithoutRowtime
                    | Reason::UnknownTable
                    | Reason::ChangelogSource
                    | Reason::NonDeterministicGateTime
            )
        })
    }

    /// Is the gate time of the rows a rowtime attribute, of which `CURRENT_WATERMARK` can be asked?
    pub fn gate_is_attribute(&self) -> bool {
        let Some(gate) = &self.gate else {
            return false;
        };
        let Some((index, form)) = gate.carried else {
            return gate.attribute;
        };
        let column = self.columns.as_ref().and_then(|c| c.get(index));
        let attribute =
            |c: &OutColumn| matches!(c.time, ColumnTime::Rowtime { attribute, .. } if attribute);
        form == TimeForm::Itself && column.is_some_and(attribute)
    }

    pub(super) fn refuse(&mut self, refusal: Refusal) {
        self.gate = None;
        self.facts.refusals.push(refusal);
    }
}

/// A column of VALUES, under Flink's name for it.
fn unnamed(index: usize) -> OutColumn {
    OutColumn {
        name: format!("EXPR${index}"),
        time: ColumnTime::None,
        origin: None,
        input: None,
    }
}

/// The columns of a UNION: the names of the left side, and what holds on both.
fn union_columns(
    left: Option<Vec<OutColumn>>,
    right: Option<Vec<OutColumn>>,
) -> Option<Vec<OutColumn>> {
    let (left, right) = (left?, right?);
    let both = left.into_iter().zip(right).map(|(l, r)| {
        let time = match (l.time, r.time) {
            (
                ColumnTime::Rowtime { ty, attribute: a },
                ColumnTime::Rowtime {
                    ty: other,
                    attribute: b,
                },
            ) if ty == other => ColumnTime::Rowtime {
                ty,
                attribute: a && b,
            },
            _ => ColumnTime::None,
        };
        OutColumn {
            name: l.name,
            time,
            origin: None,
            input: None,
        }
    });
    Some(both.collect())
}
