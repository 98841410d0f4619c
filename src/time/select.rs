//! One SELECT: what it groups, projects and filters, and the gate time of its rows.

use super::expr::{Found, column_of, is_bare_clock, normal};
use super::from::{Relation, RelationGate, quote};
use super::query::Analysis;
use super::window::group_window;
use super::{
    ColumnTime, GateTime, OutColumn, QueryTime, Reason, Refusal, Thread, TimeForm, TimeType,
};
use crate::parser::byte_span;
use crate::text::Span;
use sqlparser::ast::{
    self, Expr, GroupByExpr, Select, SelectItem, SelectItemQualifiedWildcardKind, Spanned,
};

/// The gate time of a SELECT's rows as SQL over its FROM clause.
struct SelectGate {
    ty: TimeType,
    form: TimeForm,
    /// What `form` is applied to: a column, or a group window's end.
    base: String,
    /// The name of the column, if it is one.
    column: Option<String>,
    /// The same time in another spelling: a group window's ROWTIME.
    rowtime: Option<String>,
    below: Option<Thread>,
}

/// What a GROUP BY makes of the rows.
enum Grouping {
    None,
    /// One final row a window and key.
    Window,
    /// The same with a group window: the function's name and the text of its arguments.
    GroupWindow {
        name: String,
        arguments: String,
        ty: TimeType,
    },
    Updating(Span),
}

impl Analysis<'_> {
    pub(super) fn select(&mut self, select: &Select) -> QueryTime {
        let span = self.place(select.span());
        let from = self.from(&select.from);
        let mut time = QueryTime::of(&from, span);
        if from.is_empty() {
            time.constant = true;
        }
        let grouping = self.grouping(select, &from, &mut time);
        if let Some(distinct) = &select.distinct
            && !matches!(distinct, ast::Distinct::All)
        {
            time.refuse(Refusal::new(
                Reason::Distinct,
                byte_span(select.select_token.0.span),
                "",
            ));
        }
        if select.qualify.is_some() {
            time.refuse(Refusal::new(Reason::OverWindow, span, ""));
        }
        time.columns = self.projection(select, &from, &grouping, &mut time);
        let gate = self.select_gate(&from, &grouping);
        if time.refusals.is_empty()
            && let Some(gate) = gate
        {
            time.gate = Some(self.gate_time(select, &from, gate));
        } else if time.changes_with_attributes() {
            for relation in &from {
                self.mark_sensitive(relation.columns.iter().flatten(), span);
            }
        }
        time
    }

    fn grouping(&mut self, select: &Select, from: &[Relation], time: &mut QueryTime) -> Grouping {
        let mut found = Found::default();
        found.look(&select.projection);
        found.look(&select.selection);
        found.look(&select.having);
        found.look(&select.group_by);
        time.refusals.append(&mut found.refusals);
        let place = self.place(select.group_by.span());
        let grouping = match &select.group_by {
            GroupByExpr::Expressions(keys, modifiers)
                if keys.is_empty() && modifiers.is_empty() =>
            {
                if found.aggregates || select.having.is_some() {
                    Grouping::Updating(self.place(select.span()))
                } else {
                    Grouping::None
                }
            }
            GroupByExpr::Expressions(keys, _) => self.group_keys(keys, from, time, place),
            GroupByExpr::All(_) => Grouping::Updating(place),
        };
        if let Grouping::Updating(place) = grouping {
            time.refuse(Refusal::new(Reason::UpdatingAggregate, place, ""));
        }
        grouping
    }

    fn group_keys(
        &mut self,
        keys: &[Expr],
        from: &[Relation],
        time: &mut QueryTime,
        place: Span,
    ) -> Grouping {
        let has = |wanted: fn(ColumnTime) -> bool| {
            keys.iter()
                .filter_map(|key| column_of(key, from))
                .any(|(_, c)| wanted(c.time))
        };
        if has(|t| matches!(t, ColumnTime::WindowStart { grouping: true }))
            && has(|t| matches!(t, ColumnTime::WindowEnd { grouping: true, .. }))
        {
            return Grouping::Window;
        }
        let Some((name, call)) = keys.iter().find_map(group_window) else {
            return Grouping::Updating(place);
        };
        let text = self.call_arguments(byte_span(call.name.span()));
        let column = crate::catalog::arguments(call)
            .first()
            .and_then(|expr| column_of(expr, from))
            .map(|(_, column)| column.clone());
        let required = match column {
            Some(column) => self.require_rowtime(&column, place),
            None => Err(Refusal::new(
                Reason::WindowWithoutRowtime,
                place,
                format!("{name} (…)"),
            )),
        };
        match required {
            Ok(ty) => {
                time.pushes_down = true;
                Grouping::GroupWindow {
                    name,
                    arguments: text,
                    ty,
                }
            }
            Err(refusal) => {
                time.refuse(refusal);
                Grouping::Window
            }
        }
    }

    /// The text of a call's argument list, parentheses included; `name` is the function's.
    fn call_arguments(&self, name: Span) -> String {
        use crate::lexer::{Punct, TokenKind};
        let tokens = &self.script.tokens[self.token_at(name.start)..];
        let mut open = None;
        let mut depth = 0;
        for token in tokens {
            match token.kind {
                TokenKind::Punct(Punct::LParen) => {
                    open.get_or_insert(token.span.start);
                    depth += 1;
                }
                TokenKind::Punct(Punct::RParen) => {
                    depth -= 1;
                    if depth == 0 {
                        let start = open.unwrap_or(token.span.start);
                        return Span::new(start, token.span.end).of(self.text).to_owned();
                    }
                }
                _ => {}
            }
        }
        String::new()
    }

    /// The output columns; `None` if a `*` stands for unknown ones.
    fn projection(
        &mut self,
        select: &Select,
        from: &[Relation],
        grouping: &Grouping,
        time: &mut QueryTime,
    ) -> Option<Vec<OutColumn>> {
        let mut columns = Vec::new();
        let mut known = true;
        for item in &select.projection {
            match item {
                SelectItem::UnnamedExpr(expr) => {
                    time.bare_clock |= is_bare_clock(expr);
                    let name = match expr {
                        Expr::Identifier(ident) => ident.value.clone(),
                        Expr::CompoundIdentifier(path) => {
                            path.last().map(|i| i.value.clone()).unwrap_or_default()
                        }
                        // Flink's name for a column without one: its position, 0-based.
                        _ => format!("EXPR${}", columns.len()),
                    };
                    columns.push(output(name, expr, from, grouping));
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    columns.push(output(alias.value.clone(), expr, from, grouping));
                }
                SelectItem::Wildcard(options) => {
                    let span = byte_span(options.wildcard_token.0.span);
                    self.record_star(span, from);
                    known &= star(from, &mut columns);
                }
                SelectItem::QualifiedWildcard(kind, options) => {
                    let name = match kind {
                        SelectItemQualifiedWildcardKind::ObjectName(name) => {
                            name.0.last().and_then(|p| p.as_ident()).map(|i| &i.value)
                        }
                        SelectItemQualifiedWildcardKind::Expr(_) => None,
                    };
                    let end = byte_span(options.wildcard_token.0.span);
                    let span = self.place(item.span()).cover(end);
                    match from
                        .iter()
                        .find(|r| r.name.is_some() && r.name.as_ref() == name)
                    {
                        Some(relation) => {
                            let one = std::slice::from_ref(relation);
                            self.record_star(span, one);
                            known &= star(one, &mut columns);
                        }
                        // A row's fields: `row_column.*`.
                        None => known = false,
                    }
                }
                SelectItem::ExprWithAliases { .. } => known = false,
            }
        }
        known.then_some(columns)
    }

    fn select_gate(&self, from: &[Relation], grouping: &Grouping) -> Option<SelectGate> {
        if let Grouping::GroupWindow {
            name,
            arguments,
            ty,
        } = grouping
        {
            return Some(SelectGate {
                ty: *ty,
                form: TimeForm::WindowEnd,
                base: format!("{name}_END{arguments}"),
                rowtime: Some(format!("{name}_ROWTIME{arguments}")),
                column: None,
                below: None,
            });
        }
        let [relation] = from else { return None };
        let by_window = match grouping {
            Grouping::Window => {
                let end = relation
                    .columns
                    .iter()
                    .flatten()
                    .find_map(|c| match c.time {
                        ColumnTime::WindowEnd { ty, grouping: true } => Some((ty, c.name.clone())),
                        _ => None,
                    });
                end.map(|(ty, column)| RelationGate {
                    ty,
                    column,
                    form: TimeForm::WindowEnd,
                    below: None,
                })
            }
            _ => relation.gate.clone(),
        };
        by_window.map(|gate| SelectGate {
            ty: gate.ty,
            form: gate.form,
            base: quote(&gate.column),
            column: Some(gate.column),
            rowtime: None,
            below: gate.below,
        })
    }

    fn gate_time(&self, select: &Select, from: &[Relation], gate: SelectGate) -> GateTime {
        let sql = gate.form.sql(&gate.base, gate.ty);
        let mut carried = None;
        let mut index = 0;
        for item in &select.projection {
            let expr = match item {
                SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => expr,
                SelectItem::Wildcard(_) => {
                    let columns = from.iter().flat_map(|r| r.columns.iter().flatten());
                    for column in columns {
                        if gate.below.is_none() && Some(&column.name) == gate.column.as_ref() {
                            carried.get_or_insert((index, gate.form));
                        }
                        index += 1;
                    }
                    continue;
                }
                // Only single relations have a gate: `t.*` is all of it.
                SelectItem::QualifiedWildcard(..) => {
                    for column in from.iter().flat_map(|r| r.columns.iter().flatten()) {
                        if gate.below.is_none() && Some(&column.name) == gate.column.as_ref() {
                            carried.get_or_insert((index, gate.form));
                        }
                        index += 1;
                    }
                    continue;
                }
                SelectItem::ExprWithAliases { .. } => break,
            };
            let is_column = column_of(expr, from).is_some_and(|(_, c)| {
                gate.below.is_none() && Some(&c.name) == gate.column.as_ref()
            });
            let text = normal(&expr.to_string());
            if is_column || text == normal(&gate.base) {
                carried.get_or_insert((index, gate.form));
            } else if text == normal(&sql)
                || gate.rowtime.as_ref().is_some_and(|r| text == normal(r))
            {
                carried.get_or_insert((index, TimeForm::Itself));
            }
            index += 1;
        }
        let start = byte_span(select.select_token.0.span).start;
        let mut thread = gate.below.unwrap_or_default();
        thread.edits.push(self.add_to_select_list(start, &sql));
        GateTime {
            ty: gate.ty,
            carried,
            thread,
        }
    }
}

/// An item of a select list.
fn output(name: String, expr: &Expr, from: &[Relation], grouping: &Grouping) -> OutColumn {
    let Some((_, column)) = column_of(expr, from) else {
        let time = if crate::catalog::is_proctime(expr) {
            ColumnTime::Proctime
        } else {
            group_window_time(expr, grouping)
        };
        return OutColumn {
            name,
            time,
            origin: None,
        };
    };
    let time = match (grouping, column.time) {
        (Grouping::None, time) => time,
        // Of the columns that are grouped by, the window's own keep their meaning.
        (Grouping::Window, ColumnTime::WindowStart { .. } | ColumnTime::WindowEnd { .. }) => {
            column.time
        }
        (Grouping::Window, time) if column.name == "window_time" => time,
        _ => ColumnTime::None,
    };
    OutColumn {
        name,
        time,
        origin: column.origin.clone(),
    }
}

/// What an auxiliary function of a group window yields.
/// Source: Flink docs, "Group Window Aggregation", "Selecting Group Window Start and End Timestamps".
fn group_window_time(expr: &Expr, grouping: &Grouping) -> ColumnTime {
    let (
        Grouping::GroupWindow {
            name,
            arguments,
            ty,
        },
        Expr::Function(_),
    ) = (grouping, expr)
    else {
        return ColumnTime::None;
    };
    let text = normal(&expr.to_string());
    let is =
        |suffix: &str| text.eq_ignore_ascii_case(&normal(&format!("{name}{suffix}{arguments}")));
    if is("_ROWTIME") {
        ColumnTime::Rowtime {
            ty: *ty,
            attribute: true,
        }
    } else if is("_END") {
        ColumnTime::WindowEnd {
            ty: *ty,
            grouping: false,
        }
    } else {
        ColumnTime::None
    }
}

/// The columns of a `*`. False if some are not known.
fn star(from: &[Relation], columns: &mut Vec<OutColumn>) -> bool {
    for relation in from {
        columns.extend(relation.columns.iter().flatten().cloned());
    }
    from.iter().all(|r| r.columns.is_some())
}

impl QueryTime {
    /// What a SELECT inherits from its FROM clause.
    fn of(from: &[Relation], span: Span) -> Self {
        let mut all = match from.first() {
            Some(first) => Self::over(first, span),
            None => Self::empty(span),
        };
        for relation in from.iter().skip(1) {
            all.refusals.extend(relation.refusals.iter().cloned());
            all.sources.extend(&relation.sources);
            all.pushes_down |= relation.pushes_down;
            all.nested_with |= relation.nested_with;
            all.bare_clock |= relation.bare_clock;
            all.constant &= relation.constant;
        }
        all
    }
}
