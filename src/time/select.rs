//! One SELECT: what it groups, projects and filters, and the gate time of its rows.

use super::aggregate::Grouping;
use super::expr::{Found, column_of, is_bare_clock, normal};
use super::from::{Relation, quote};
use super::join::From;
use super::query::Analysis;
use super::rank::{self, RankOrder, Ranked};
use super::star::{self, starred};
use super::{
    Changelog, ColumnTime, GATE_TIME, GateTime, Lineage, OutColumn, PushDown, QueryTime, Reason,
    Refusal, StepKind, Thread, TimeForm, TimeType,
};
use crate::config::FlinkVersion;
use crate::parser::byte_span;
use crate::text::Span;
use sqlparser::ast::{self, Expr, Select, SelectItem, Spanned};

/// The gate time of a SELECT's rows as SQL over its FROM clause.
struct SelectGate {
    ty: TimeType,
    form: TimeForm,
    /// What `form` is applied to: a column, or a group window's end.
    base: String,
    /// The column of a relation that it is, if it is one that is there.
    column: Option<(usize, String)>,
    /// It is a rowtime attribute.
    attribute: bool,
    /// The same time in another spelling: a group window's ROWTIME.
    rowtime: Option<String>,
    below: Option<Thread>,
    lineage: Lineage,
}

impl Analysis<'_> {
    pub(super) fn select(&mut self, select: &Select) -> QueryTime {
        let span = self.place(select.span());
        let merges = std::mem::take(&mut self.merges);
        let from = self.from(&select.from, select.selection.as_ref());
        let mut time = QueryTime {
            constant: from.constant,
            changelog: from.changelog.clone(),
            facts: from.facts.clone(),
            ..QueryTime::empty(span)
        };
        let mut found = Found::new(&self.catalog.functions);
        for join in select.from.iter().flat_map(|item| &item.joins) {
            found.look_at_condition(&join.join_operator);
        }
        for doubt in &mut found.doubts {
            doubt.of_rows = true;
        }
        found.look(&select.selection);
        found.look(&select.group_by);
        found.look(&select.qualify);
        found.look(&select.named_window);
        time.facts.doubts.append(&mut found.doubts);
        // What stands above the operators of this SELECT decides nothing for them.
        found.look(&select.projection);
        found.look(&select.having);
        let mut values = std::mem::take(&mut found.doubts);
        let over = std::mem::take(&mut found.over);
        for call in &over {
            found.look(&call.over);
        }
        time.facts.doubts.append(&mut found.doubts);
        time.facts.refusals.append(&mut found.refusals);
        let grouping = self.grouping(select, &from.relations, found.aggregates, &mut time);
        let mut columns = self.projection(select, &from.relations, &grouping, &mut time);
        self.filter(select, &from, &mut time);
        self.over(select, &from, &over, columns.as_deref(), &mut time);
        self.group(select, &grouping, columns.as_deref(), &mut time);
        time.facts.doubts.append(&mut values);
        if let Some(distinct) = &select.distinct
            && !matches!(distinct, ast::Distinct::All)
        {
            let place = byte_span(select.select_token.0.span);
            if self.distinct(place, columns.as_deref(), &grouping, &mut time) {
                let columns = columns.iter_mut().flatten();
                columns.for_each(|c| c.time = c.time.materialised());
            }
        }
        project_key(&from, columns.as_deref(), &grouping, &mut time);
        if found.updates && time.changelog == Some(Changelog::Append) {
            time.changelog = Some(Changelog::Retract);
        }
        time.columns = columns;
        let gate = select_gate(&from, &grouping, self.place(select.group_by.span()));
        let taken = from
            .relations
            .iter()
            .flat_map(|r| r.columns.iter().flatten());
        let taken = taken.into_iter().any(|c| c.name == GATE_TIME);
        if taken && gate.as_ref().is_some_and(|g| g.below.is_some()) {
            let detail = format!("`{GATE_TIME}`");
            time.refuse(Refusal::new(Reason::GateColumnTaken, span, detail));
        }
        if let (true, Some(gate)) = (time.facts.refusals.is_empty(), gate) {
            time.gate = Some(self.gate_time(select, &from.relations, gate));
        }
        let several = from.relations.len() > 1;
        if several || !over.is_empty() || time.changes_with_attributes() {
            for relation in &from.relations {
                self.mark_sensitive(relation.columns.iter().flatten(), span);
            }
        }
        self.merges = merges;
        time
    }

    /// WHERE and QUALIFY: what they make of a rank, and that they cannot stand above updates.
    fn filter(&mut self, select: &Select, from: &From, time: &mut QueryTime) {
        let place = select
            .selection
            .as_ref()
            .map_or(time.span, |w| self.place(w.span()));
        let conditions = rank::conditions(select.selection.as_ref());
        if let [relation] = &from.relations[..]
            && let Some(rank) = &relation.rank
        {
            let column = relation.columns.as_ref().and_then(|c| c.get(rank.index));
            let is_rank = |e: &Expr| {
                column_of(e, &from.relations)
                    .is_some_and(|(_, c)| Some(&c.name) == column.map(|c| &c.name))
            };
            match rank.filtered(&conditions, is_rank) {
                Some((ranked, others)) => {
                    // The columns of the relation: mapped to the output like any key.
                    let key = rank.partition.clone();
                    self.ranked(ranked, others, key, Some(rank.index), rank.span, time);
                    time.facts.name_key(relation.columns.as_deref());
                }
                None => unfiltered(rank, time),
            }
        } else if !conditions.is_empty()
            && time.changelog != Some(Changelog::Append)
            && !time.constant
        {
            time.refuse(Refusal::new(Reason::FilterAboveUpdates, place, ""));
        }
        let Some(qualify) = &select.qualify else {
            return;
        };
        let place = self.place(qualify.span());
        let conditions = rank::conditions(Some(qualify));
        let spec = conditions.iter().find_map(|condition| match condition {
            Expr::BinaryOp { left, right, .. } => {
                rank::row_number(left, select).or_else(|| rank::row_number(right, select))
            }
            _ => None,
        });
        let Some(spec) = spec else {
            time.refuse(Refusal::new(Reason::OverWindow, place, ""));
            return;
        };
        let inputs: Vec<OutColumn> = from
            .relations
            .iter()
            .flat_map(|r| r.columns.iter().flatten())
            .cloned()
            .collect();
        let rank = rank::ranked(spec, &from.relations, &inputs, 0, place);
        let is_rank = |e: &Expr| rank::row_number(e, select).is_some();
        match rank.filtered(&conditions, is_rank) {
            Some((ranked, others)) => {
                self.ranked(ranked, others, rank.partition, None, place, time);
                time.facts.name_key(Some(&inputs));
            }
            None => time.refuse(Refusal::new(Reason::OverWindow, place, "")),
        }
    }

    /// What a filtered ROW_NUMBER is planned as.
    fn ranked(
        &mut self,
        ranked: Ranked,
        others: usize,
        partition: Option<Vec<usize>>,
        rank: Option<usize>,
        span: Span,
        time: &mut QueryTime,
    ) {
        if time.changelog != Some(Changelog::Append) {
            time.refuse(Refusal::new(Reason::RetractingInput, span, "a ROW_NUMBER"));
        }
        let updating = match partition {
            Some(key) => Changelog::Upsert { key },
            None => Changelog::Retract,
        };
        let (name, changelog) = match ranked {
            Ranked::Window => ("window Top-N", Changelog::Append),
            Ranked::KeepFirst if self.version >= FlinkVersion::V2_1 => {
                ("keep-first deduplication", Changelog::Append)
            }
            Ranked::KeepFirst => {
                time.refuse(Refusal::new(Reason::KeepFirst, span, ""));
                ("keep-first deduplication", updating)
            }
            Ranked::KeepLast => ("keep-last deduplication", updating),
            Ranked::FirstToArrive => {
                time.refuse(Refusal::new(Reason::KeptByArrival, span, ""));
                ("deduplication by arrival", Changelog::Append)
            }
            Ranked::LastToArrive => {
                time.refuse(Refusal::new(Reason::KeptByArrival, span, ""));
                ("deduplication by arrival", updating)
            }
            Ranked::TopN { limit: 1 } => {
                time.refuse(Refusal::new(Reason::TopN, span, ""));
                ("Top-N", updating)
            }
            Ranked::TopN { .. } => {
                // Several rows a key: the rank tells them apart.
                let updating = match (updating, rank) {
                    (Changelog::Upsert { mut key }, Some(rank)) => {
                        key.push(rank);
                        Changelog::Upsert { key }
                    }
                    _ => Changelog::Retract,
                };
                time.refuse(Refusal::new(Reason::TopN, span, ""));
                ("Top-N", updating)
            }
        };
        if others > 0 && changelog != Changelog::Append {
            time.refuse(Refusal::new(Reason::FilterAboveUpdates, span, ""));
        }
        time.facts.push_down = PushDown::Stops;
        time.facts.operator(name, span, Some(changelog.clone()));
        time.changelog = Some(changelog);
    }

    /// Calls with OVER: each row at its own time.
    fn over(
        &mut self,
        select: &Select,
        from: &From,
        over: &[ast::Function],
        columns: Option<&[OutColumn]>,
        time: &mut QueryTime,
    ) {
        if over.is_empty() || select.qualify.is_some() {
            return;
        }
        let place = byte_span(over[0].name.span());
        if time.changelog != Some(Changelog::Append) {
            time.refuse(Refusal::new(
                Reason::RetractingInput,
                place,
                "an OVER window",
            ));
            return;
        }
        time.rank = columns.and_then(|c| rank::of_select(select, &from.relations, c, place));
        if time.rank.is_some() && over.len() == 1 {
            // Whether it is an OVER window or a Top-N is for the query above to say.
            return;
        }
        time.rank = None;
        for call in over {
            let place = byte_span(call.name.span());
            let spec = rank::window_of(call, select);
            match spec.map(|s| rank::order_of(s, &from.relations)) {
                Some(RankOrder::RowtimeAscending) => {}
                Some(RankOrder::ProctimeAscending) => {
                    time.facts
                        .doubt(place, "an OVER window in the order of arrival");
                }
                _ => {
                    // Flink 2.x plans it as one that updates, earlier ones not at all.
                    time.changelog = Some(Changelog::Retract);
                    time.refuse(Refusal::new(Reason::OverWindow, place, ""));
                }
            }
        }
        time.facts.push_down = PushDown::Stops;
        time.facts.operator("OVER", place, time.changelog.clone());
    }

    fn group(
        &mut self,
        select: &Select,
        grouping: &Grouping,
        columns: Option<&[OutColumn]>,
        time: &mut QueryTime,
    ) {
        // What a filtered ROW_NUMBER in the same SELECT makes of the rows counts too.
        let append = time.changelog == Some(Changelog::Append);
        let (span, keys) = match grouping {
            Grouping::None => return,
            Grouping::Window | Grouping::GroupWindow { .. } => {
                let place = self.place(select.group_by.span());
                if !append {
                    time.refuse(Refusal::new(Reason::RetractingInput, place, "a window"));
                }
                time.changelog = Some(Changelog::Append);
                time.facts
                    .operator("window aggregate", place, time.changelog.clone());
                return;
            }
            Grouping::Updating { keys, span } => (*span, keys),
        };
        if !append {
            time.refuse(Refusal::new(
                Reason::RetractingInput,
                span,
                "this aggregation",
            ));
        }
        if let Some(having) = &select.having {
            let place = self.place(having.span());
            time.refuse(Refusal::new(Reason::FilterAboveUpdates, place, ""));
        }
        let items = select.projection.iter().map(|item| match item {
            SelectItem::UnnamedExpr(e) | SelectItem::ExprWithAlias { expr: e, .. } => {
                Some(normal(&e.to_string()))
            }
            _ => None,
        });
        let items: Vec<Option<Vec<String>>> = items.collect();
        let position = |key: &Expr| {
            items
                .iter()
                .position(|i| *i == Some(normal(&key.to_string())))
        };
        let sets =
            |key: &Expr| matches!(key, Expr::GroupingSets(_) | Expr::Rollup(_) | Expr::Cube(_));
        if keys.iter().any(sets) {
            let detail =
                "its grouping columns and which of them are grouped, with NULLs for the others";
            time.refuse(Refusal::new(Reason::UpsertKeyMismatch, span, detail));
        }
        let key: Option<Vec<usize>> = keys.iter().map(position).collect();
        time.changelog = match key.filter(|_| columns.is_some()) {
            Some(key) => Some(Changelog::Upsert { key }),
            None => Some(Changelog::Retract),
        };
        time.facts.push_down = PushDown::Stops;
        time.facts
            .operator("GROUP BY", span, time.changelog.clone());
        time.facts.name_key(columns);
    }

    /// DISTINCT: an aggregate by all columns. Does it update its rows?
    fn distinct(
        &mut self,
        place: Span,
        columns: Option<&[OutColumn]>,
        grouping: &Grouping,
        time: &mut QueryTime,
    ) -> bool {
        let has =
            |wanted: fn(ColumnTime) -> bool| columns.into_iter().flatten().any(|c| wanted(c.time));
        let append = time.changelog == Some(Changelog::Append);
        if append
            && matches!(grouping, Grouping::None)
            && has(|t| matches!(t, ColumnTime::WindowStart { grouping: true }))
            && has(|t| matches!(t, ColumnTime::WindowEnd { grouping: true, .. }))
        {
            time.facts
                .operator("window aggregate", place, time.changelog.clone());
            return false;
        }
        // Rows that have a key are distinct already.
        if !matches!(time.changelog, Some(Changelog::Upsert { .. })) {
            time.changelog = columns.map(|c| Changelog::Upsert {
                key: (0..c.len()).collect(),
            });
        }
        time.refuse(Refusal::new(Reason::Distinct, place, ""));
        time.facts
            .operator("DISTINCT", place, time.changelog.clone());
        time.facts.name_key(columns);
        true
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
                    time.facts.bare_clock |= is_bare_clock(expr);
                    let name = match expr {
                        Expr::Identifier(ident) => ident.value.clone(),
                        Expr::CompoundIdentifier(path) => {
                            path.last().map(|i| i.value.clone()).unwrap_or_default()
                        }
                        Expr::Nested(inner) if matches!(**inner, Expr::Identifier(_)) => {
                            match &**inner {
                                Expr::Identifier(ident) => ident.value.clone(),
                                _ => String::new(),
                            }
                        }
                        clock if is_bare_clock(clock) => clock.to_string().to_uppercase(),
                        // Flink's name for a column without one: its position, 0-based.
                        _ => format!("EXPR${}", columns.len()),
                    };
                    columns.push(output(name, expr, from, grouping));
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    let name = alias.value.clone();
                    columns.push(output(name, expr, from, grouping));
                }
                SelectItem::Wildcard(options) => {
                    let span = byte_span(options.wildcard_token.0.span);
                    self.record_star(span, from, None);
                    match star::order(from, &self.merges) {
                        Ok(places) => columns.extend(star::columns(from, &places)),
                        Err(_) => known = false,
                    }
                }
                SelectItem::QualifiedWildcard(kind, options) => {
                    let end = byte_span(options.wildcard_token.0.span);
                    let span = self.place(item.span()).cover(end);
                    match starred(kind, from) {
                        Some(index) => {
                            self.record_star(span, from, Some(index));
                            let one = &from[index..=index];
                            match star::order(one, &[]) {
                                Ok(places) => columns.extend(star::columns(one, &places)),
                                Err(_) => known = false,
                            }
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

    fn gate_time(&self, select: &Select, from: &[Relation], gate: SelectGate) -> GateTime {
        let sql = gate.form.sql(&gate.base, gate.ty);
        let is_gate = |relation: usize, column: &OutColumn| {
            gate.column
                .as_ref()
                .is_some_and(|(r, c)| *r == relation && *c == column.name)
        };
        let start = byte_span(select.select_token.0.span).start;
        let texts = self.select_items(start);
        let mut found = Vec::new();
        let mut index = 0;
        for (position, item) in select.projection.iter().enumerate() {
            let expr = match item {
                SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => expr,
                SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..) => {
                    let only = match item {
                        SelectItem::QualifiedWildcard(kind, _) => match starred(kind, from) {
                            // The fields of a row: nothing behind them has a known place.
                            None => break,
                            only => only,
                        },
                        _ => None,
                    };
                    let places = match only {
                        Some(only) => {
                            let columns = from[only].columns.as_ref().map_or(0, Vec::len);
                            (0..columns).map(|column| (only, column)).collect()
                        }
                        None => star::order(from, &self.merges).unwrap_or_default(),
                    };
                    for (place, column) in places.iter().zip(star::columns(from, &places)) {
                        if is_gate(place.0, &column) {
                            found.push((index, gate.form, column.name == GATE_TIME));
                        }
                        index += 1;
                    }
                    continue;
                }
                SelectItem::ExprWithAliases { .. } => break,
            };
            let named = matches!(item, SelectItem::ExprWithAlias { alias, .. } if alias.value == GATE_TIME)
                || matches!(expr, Expr::Identifier(name) if name.value == GATE_TIME);
            let is_column = column_of(expr, from).is_some_and(|(i, c)| is_gate(i, c));
            let text = texts
                .get(position)
                .map(|span| span.of(self.text))
                .unwrap_or_default();
            let same_as = |other: &str| gate.below.is_none() && starts_as(text, other);
            if is_column || same_as(&gate.base) {
                found.push((index, gate.form, named));
            } else if same_as(&sql) || gate.rowtime.as_ref().is_some_and(|r| same_as(r)) {
                found.push((index, TimeForm::Itself, named));
            }
            index += 1;
        }
        // A column that was threaded before is the one, in every branch of a UNION.
        let carried = found.iter().find(|(_, _, named)| *named).or(found.first());
        let carried = carried.map(|(index, form, _)| (*index, *form));
        let mut thread = gate.below.unwrap_or_default();
        thread.edits.push(self.add_to_select_list(start, &sql));
        GateTime {
            ty: gate.ty,
            form: gate.form,
            carried,
            attribute: gate.attribute,
            thread,
            lineage: gate.lineage,
            sql,
        }
    }
}

/// Is a select item this expression, with or without an alias?
fn starts_as(item: &str, expr: &str) -> bool {
    let (item, expr) = (normal(item), normal(expr));
    let Some(rest) = item.strip_prefix(&expr[..]) else {
        return false;
    };
    match rest {
        [] | [_] => true,
        [keyword, _] => keyword == "AS",
        _ => false,
    }
}

pub(super) fn unfiltered(rank: &rank::Rank, time: &mut QueryTime) {
    if rank.order == RankOrder::RowtimeAscending {
        time.facts.push_down = PushDown::Stops;
        time.facts
            .operator("OVER", rank.span, Some(Changelog::Append));
    } else {
        time.refuse(Refusal::new(Reason::OverWindow, rank.span, ""));
    }
}

/// The upsert key of what is read, at its places among the output columns.
fn project_key(
    from: &From,
    columns: Option<&[OutColumn]>,
    grouping: &Grouping,
    time: &mut QueryTime,
) {
    let (Grouping::None, Some(Changelog::Upsert { key })) = (grouping, &time.changelog) else {
        return;
    };
    if time
        .facts
        .operators
        .last()
        .is_some_and(|o| o.name == "DISTINCT")
    {
        return;
    }
    let inputs: Vec<&OutColumn> = from
        .relations
        .iter()
        .flat_map(|r| r.columns.iter().flatten())
        .collect();
    let place = |index: &usize| {
        let input = inputs.get(*index)?;
        columns?
            .iter()
            .position(|c| c.input.as_ref() == Some(&input.name))
    };
    let key: Option<Vec<usize>> = key.iter().map(place).collect();
    time.changelog = Some(match key {
        Some(key) => Changelog::Upsert { key },
        None => Changelog::Retract,
    });
}

/// `group_by`: where the GROUP BY clause stands.
fn select_gate(from: &From, grouping: &Grouping, group_by: Span) -> Option<SelectGate> {
    let below = || from.gate.as_ref().map(|g| g.lineage.clone());
    let plain = |gate: &super::join::FromGate| SelectGate {
        ty: gate.ty,
        form: gate.form,
        base: gate.base.clone(),
        column: gate.column.clone().filter(|_| gate.below.is_none()),
        attribute: gate.attribute && gate.form == TimeForm::Itself,
        rowtime: None,
        below: gate.below.clone(),
        lineage: gate.lineage.clone(),
    };
    match grouping {
        Grouping::None => from.gate.as_ref().map(plain),
        Grouping::GroupWindow {
            name,
            arguments,
            ty,
        } => Some(SelectGate {
            ty: *ty,
            form: TimeForm::WindowEnd,
            base: format!("{name}_END{arguments}"),
            column: None,
            attribute: false,
            rowtime: Some(format!("{name}_ROWTIME{arguments}")),
            below: None,
            lineage: below().unwrap_or_default().then(
                StepKind::Window(name.clone()),
                &format!("{name}_END{arguments}"),
                group_by,
            ),
        }),
        Grouping::Window => {
            let all = from.relations.iter().enumerate();
            let mut columns =
                all.flat_map(|(i, r)| r.columns.iter().flatten().map(move |c| (i, r, c)));
            columns.find_map(|(i, relation, column)| match column.time {
                ColumnTime::WindowEnd { ty, grouping: true } => {
                    let quoted = quote(&column.name);
                    let base = match &relation.name {
                        Some(name) if from.relations.len() > 1 => {
                            format!("{}.{quoted}", quote(name))
                        }
                        _ => quoted,
                    };
                    let column = Some((i, column.name.clone()));
                    let form = TimeForm::WindowEnd;
                    Some(SelectGate {
                        ty,
                        form,
                        base,
                        column,
                        attribute: false,
                        rowtime: None,
                        below: None,
                        lineage: relation
                            .gate
                            .as_ref()
                            .map(|g| g.lineage.clone())
                            .unwrap_or_default(),
                    })
                }
                _ => None,
            })
        }
        // MAX never falls while rows are only added.
        Grouping::Updating { span, .. } => from.gate.as_ref().map(|gate| {
            let base = format!("MAX({})", gate.form.sql(&gate.base, gate.ty));
            SelectGate {
                ty: gate.ty,
                form: TimeForm::Itself,
                column: None,
                attribute: false,
                rowtime: None,
                below: gate.below.clone(),
                lineage: gate.lineage.clone().then(StepKind::Maximum, &base, *span),
                base,
            }
        }),
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
            input: None,
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
        input: Some(column.name.clone()),
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
    let is = |suffix: &str| text == normal(&format!("{name}{suffix}{arguments}"));
    if is("_ROWTIME") {
        ColumnTime::Rowtime {
            ty: *ty,
            attribute: true,
        }
    } else if is("_PROCTIME") {
        ColumnTime::Proctime
    } else if is("_END") {
        ColumnTime::WindowEnd {
            ty: *ty,
            grouping: false,
        }
    } else {
        ColumnTime::None
    }
}
