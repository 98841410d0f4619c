//! The FROM clause: tables, views, common table expressions, derived tables, table functions, joins.

use super::query::Analysis;
use super::{
    ColumnTime, GATE_TIME, OutColumn, QueryTime, Reason, Refusal, RelationId, Sibling, Star,
    Thread, TimeForm, TimeType, is_proctime,
};
use crate::catalog::{self, Entry, EntryId, Object};
use crate::parser::byte_span;
use crate::syntax::StatementKind;
use crate::text::{Edit, Span};
use sqlparser::ast::{
    self, JoinConstraint, JoinOperator, Spanned, TableAlias, TableFactor, TableWithJoins,
};
use std::collections::BTreeSet;

/// What one item of a FROM clause gives to its SELECT.
#[derive(Debug, Clone)]
pub(super) struct Relation {
    pub id: Option<RelationId>,
    /// By which its columns can be qualified.
    pub name: Option<String>,
    pub columns: Option<Vec<OutColumn>>,
    pub gate: Option<RelationGate>,
    pub refusals: Vec<Refusal>,
    pub sources: BTreeSet<EntryId>,
    pub pushes_down: bool,
    pub nested_with: bool,
    pub bare_clock: bool,
    pub constant: bool,
}

/// The gate time of a relation's rows: one of its columns, which may have to be added first.
#[derive(Debug, Clone)]
pub(super) struct RelationGate {
    pub ty: TimeType,
    pub column: String,
    pub form: TimeForm,
    /// The edits that add the column; `None` where it is there already.
    pub below: Option<Thread>,
}

impl Relation {
    fn empty() -> Self {
        Self {
            id: None,
            name: None,
            columns: None,
            gate: None,
            refusals: Vec::new(),
            sources: BTreeSet::new(),
            pushes_down: false,
            nested_with: false,
            bare_clock: false,
            constant: false,
        }
    }

    pub fn refused(refusal: Refusal) -> Self {
        Self {
            refusals: vec![refusal],
            ..Self::empty()
        }
    }

    pub fn refuse(&mut self, refusal: Refusal) {
        self.gate = None;
        self.refusals.push(refusal);
    }

    /// A query in place of a table. `columns` renames its columns.
    fn of_query(time: &QueryTime, id: RelationId, columns: Option<(&[String], u32)>) -> Self {
        let mut out = time.columns.clone();
        if let (Some(out), Some((names, _))) = (&mut out, columns) {
            for (column, name) in out.iter_mut().zip(names) {
                column.name.clone_from(name);
            }
        }
        let gate = time.gate.as_ref().and_then(|gate| {
            let carried = gate
                .carried
                .and_then(|(index, form)| Some((out.as_ref()?.get(index)?.name.clone(), form)));
            Some(match carried {
                Some((column, form)) => RelationGate {
                    ty: gate.ty,
                    column,
                    form,
                    below: None,
                },
                None => {
                    let mut below = gate.thread.clone();
                    below.widened.insert(id);
                    if let Some((_, end)) = columns {
                        below
                            .edits
                            .push(Edit::insert(end, format!(", `{GATE_TIME}`")));
                    }
                    let column = GATE_TIME.to_owned();
                    RelationGate {
                        ty: gate.ty,
                        column,
                        form: TimeForm::Itself,
                        below: Some(below),
                    }
                }
            })
        });
        Self {
            id: Some(id),
            columns: out,
            gate,
            refusals: time.refusals.clone(),
            sources: time.sources.clone(),
            pushes_down: time.pushes_down,
            nested_with: time.nested_with,
            bare_clock: time.bare_clock,
            constant: time.constant,
            ..Self::empty()
        }
    }
}

impl Analysis<'_> {
    /// A query as an argument of a table function.
    pub fn argument_query(&mut self, query: &ast::Query, span: Span) -> Relation {
        let mut time = self.query(query);
        time.nested_with |= query.with.is_some();
        Relation::of_query(&time, RelationId::Query(span.start), None)
    }

    /// All relations of a FROM clause, in the order of their columns.
    pub fn from(&mut self, from: &[TableWithJoins]) -> Vec<Relation> {
        let mut relations = Vec::new();
        for (i, item) in from.iter().enumerate() {
            let mut first = self.table_factor(&item.relation);
            if i > 0 && first.refusals.is_empty() {
                let span = byte_span(item.relation.span());
                first.refuse(Refusal::new(Reason::Join, span, "regular join"));
            }
            relations.push(first);
            for join in &item.joins {
                let mut right = self.table_factor(&join.relation);
                let span = byte_span(join.relation.span());
                let refusal = self.join_refusal(&join.join_operator, &join.relation, span);
                right.refuse(refusal);
                relations.push(right);
            }
        }
        if relations.len() > 1 {
            for relation in &relations {
                let columns = relation.columns.clone();
                let place = relation.refusals.first().map_or(Span::at(0), |r| r.span);
                self.mark_sensitive(columns.iter().flatten(), place);
            }
        }
        relations
    }

    fn join_refusal(
        &mut self,
        operator: &JoinOperator,
        right: &TableFactor,
        span: Span,
    ) -> Refusal {
        use JoinOperator as J;
        let constraint = match operator {
            J::Join(c)
            | J::Inner(c)
            | J::Left(c)
            | J::LeftOuter(c)
            | J::Right(c)
            | J::RightOuter(c)
            | J::FullOuter(c)
            | J::CrossJoin(c) => Some(c),
            _ => None,
        };
        if matches!(constraint, Some(JoinConstraint::Natural)) {
            self.times.uses.natural_joins.push(span);
        }
        if let TableFactor::Table {
            version: Some(_),
            name,
            ..
        } = right
        {
            return Refusal::new(Reason::TemporalJoin, span, name.to_string());
        }
        match right {
            TableFactor::TableFunction { .. }
            | TableFactor::Function { .. }
            | TableFactor::UNNEST { .. } => {
                return Refusal::new(Reason::TableFunction, span, "of this join");
            }
            _ => {}
        }
        let kind = match operator {
            J::Left(_) | J::LeftOuter(_) => "left outer join",
            J::Right(_) | J::RightOuter(_) => "right outer join",
            J::FullOuter(_) => "full outer join",
            J::CrossJoin(_) => "cross join",
            _ => "inner join",
        };
        Refusal::new(Reason::Join, span, kind)
    }

    fn table_factor(&mut self, factor: &TableFactor) -> Relation {
        let span = byte_span(factor.span());
        match factor {
            TableFactor::Table {
                name,
                alias,
                args: Some(args),
                ..
            } => {
                let name = name.to_string();
                self.table_function(&name, &args.args, alias.as_ref(), span)
            }
            TableFactor::Table {
                name,
                alias,
                args: None,
                version,
                sample,
                ..
            } => {
                let parts: Vec<&str> = name
                    .0
                    .iter()
                    .filter_map(|p| p.as_ident())
                    .map(|i| i.value.as_str())
                    .collect();
                let mut relation = self.named_relation(&parts, byte_span(name.span()));
                if version.is_some() {
                    relation.refuse(Refusal::new(Reason::TemporalJoin, span, name.to_string()));
                }
                if sample.is_some() {
                    relation.refuse(Refusal::new(Reason::Sample, span, ""));
                }
                self.aliased(relation, alias.as_ref())
            }
            TableFactor::Derived {
                lateral,
                subquery,
                alias,
                sample,
            } => {
                let mut time = self.query(subquery);
                time.nested_with |= subquery.with.is_some();
                let start = byte_span(subquery.span()).start;
                let id = RelationId::Query(start);
                self.times.derived.insert((self.at, start), time.clone());
                let renamed = alias.as_ref().and_then(renamed);
                let columns = renamed.as_ref().map(|(names, end)| (&names[..], *end));
                let mut relation = Relation::of_query(&time, id, columns);
                relation.name = alias.as_ref().map(|a| a.name.value.clone());
                if *lateral {
                    relation.refuse(Refusal::new(Reason::Join, span, "lateral join"));
                }
                if sample.is_some() {
                    relation.refuse(Refusal::new(Reason::Sample, span, ""));
                }
                relation
            }
            TableFactor::TableFunction {
                expr: ast::Expr::Function(call),
                alias,
            } => {
                let ast::FunctionArguments::List(list) = &call.args else {
                    return Relation::refused(Refusal::new(Reason::TableFunction, span, ""));
                };
                let name = call.name.to_string();
                self.table_function(&name, &list.args, alias.as_ref(), span)
            }
            TableFactor::Function { name, .. } => {
                Relation::refused(Refusal::new(Reason::TableFunction, span, name.to_string()))
            }
            TableFactor::TableFunction { .. } | TableFactor::UNNEST { .. } => {
                Relation::refused(Refusal::new(Reason::TableFunction, span, "UNNEST"))
            }
            TableFactor::NestedJoin {
                table_with_joins, ..
            } => {
                let relations = self.from(std::slice::from_ref(table_with_joins.as_ref()));
                let mut all = relations.into_iter().reduce(|mut left, right| {
                    left.refusals.extend(right.refusals);
                    left.sources.extend(right.sources);
                    left
                });
                if let Some(all) = &mut all {
                    (all.columns, all.name, all.id) = (None, None, None);
                    all.refuse(Refusal::new(Reason::Join, span, "join in parentheses"));
                }
                all.unwrap_or_else(Relation::empty)
            }
            TableFactor::MatchRecognize { .. } => {
                Relation::refused(Refusal::new(Reason::MatchRecognize, span, ""))
            }
            TableFactor::Pivot { .. } | TableFactor::Unpivot { .. } => {
                Relation::refused(Refusal::new(Reason::Pivot, span, ""))
            }
            _ => Relation::refused(Refusal::new(
                Reason::UnsupportedQuery,
                span,
                "this FROM item",
            )),
        }
    }

    /// A table, a view or a common table expression, by its name.
    pub fn named_relation(&mut self, parts: &[&str], span: Span) -> Relation {
        if let [name] = parts
            && let Some(cte) = self.ctes.iter().rev().find(|c| c.name == *name)
        {
            let columns = cte.columns.as_ref().map(|(names, end)| (&names[..], *end));
            let mut relation = Relation::of_query(&cte.time, cte.id, columns);
            relation.name = Some((*name).to_owned());
            return relation;
        }
        let Some(id) = self.catalog.resolve_id(parts, self.at) else {
            let detail = format!("table `{}`", parts.join("."));
            let mut unknown = Relation::refused(Refusal::new(Reason::UnknownTable, span, detail));
            unknown.name = parts.last().map(|p| (*p).to_owned());
            return unknown;
        };
        self.times.uses.read.insert(id);
        let entry = &self.catalog.entries[id];
        let mut relation = match &entry.object {
            Object::Table(table) => self.base_table(id, entry, table, span),
            Object::View { columns } => self.view(id, entry, columns.as_deref(), span),
        };
        relation.name = parts.last().map(|p| (*p).to_owned());
        relation
    }

    fn base_table(
        &self,
        id: EntryId,
        entry: &Entry,
        table: &catalog::Table,
        span: Span,
    ) -> Relation {
        let rowtime = self.rowtimes.get(&id);
        // A hidden column is not there for the user's queries.
        let columns = table.columns.iter().map(|column| {
            let time = match rowtime {
                Some(time) if time.column == column.name => ColumnTime::Rowtime {
                    ty: time.ty,
                    attribute: true,
                },
                _ if is_proctime(&column.kind) => ColumnTime::Proctime,
                _ => ColumnTime::None,
            };
            let origin = Some((id, column.name.clone()));
            OutColumn {
                name: column.name.clone(),
                time,
                origin,
            }
        });
        let mut relation = Relation {
            id: Some(RelationId::Table(id)),
            columns: table.complete.then(|| columns.collect()),
            gate: rowtime.map(|time| RelationGate {
                ty: time.ty,
                column: time.column.clone(),
                form: TimeForm::Itself,
                below: None,
            }),
            sources: BTreeSet::from([id]),
            ..Relation::empty()
        };
        let name = format!("table `{}`", entry.name.object());
        if let catalog::connectors::SourceRows::Changelog(what) =
            catalog::connectors::source_rows(table)
        {
            let detail = format!("{name} ({what})");
            relation.refuse(Refusal::new(Reason::ChangelogSource, span, detail));
        } else if let Some(time) = rowtime {
            let column = table.column(&time.column);
            if let Some(call) = column.and_then(|c| c.non_deterministic.as_ref()) {
                let detail = format!("{name} (computed by {call})");
                relation.refuse(Refusal::new(Reason::NonDeterministicGateTime, span, detail));
            }
        } else {
            relation.refuse(Refusal::new(Reason::NoEventTime, span, name));
        }
        relation
    }

    fn view(&self, id: EntryId, entry: &Entry, columns: Option<&[String]>, span: Span) -> Relation {
        let view_id = RelationId::View(id);
        let query = match &self.script.statements[entry.created].kind {
            StatementKind::CreateView(create) => self
                .times
                .queries
                .get(&(entry.created, create.query.span.start)),
            _ => None,
        };
        let Some(time) = query else {
            let detail = format!("view `{}`", entry.name.object());
            return Relation::refused(Refusal::new(Reason::UnknownColumns, span, detail));
        };
        // The end of the list does not matter: a copy of the view gets a list of its own.
        let mut relation = Relation::of_query(time, view_id, columns.map(|c| (c, 0)));
        if let Some(gate) = &mut relation.gate
            && gate.below.is_some()
        {
            let thread = time
                .gate
                .as_ref()
                .map(|g| g.thread.clone())
                .unwrap_or_default();
            gate.below = Some(Thread {
                edits: Vec::new(),
                widened: BTreeSet::from([view_id]),
                siblings: vec![Sibling {
                    view: id,
                    reference: span,
                    needs_alias: true,
                    thread,
                }],
            });
        }
        relation
    }

    /// A relation under its alias; a list of column aliases renames its columns.
    pub fn aliased(&mut self, mut relation: Relation, alias: Option<&TableAlias>) -> Relation {
        let Some(alias) = alias else { return relation };
        relation.name = Some(alias.name.value.clone());
        let siblings = relation.gate.iter_mut().filter_map(|g| g.below.as_mut());
        for sibling in siblings.flat_map(|thread| &mut thread.siblings) {
            sibling.needs_alias = false;
        }
        let Some((names, end)) = renamed(alias) else {
            return relation;
        };
        if let Some(RelationId::Table(table)) = relation.id {
            self.times
                .uses
                .renamed
                .push((table, byte_span(alias.name.span)));
        }
        let old: Vec<String> = relation
            .columns
            .iter()
            .flatten()
            .map(|c| c.name.clone())
            .collect();
        for (column, name) in relation.columns.iter_mut().flatten().zip(&names) {
            column.name.clone_from(name);
        }
        if let Some(gate) = &mut relation.gate {
            match (
                old.iter().position(|name| *name == gate.column),
                &mut gate.below,
            ) {
                (Some(index), _) if index < names.len() => gate.column.clone_from(&names[index]),
                (_, Some(below)) => {
                    below
                        .edits
                        .push(Edit::insert(end, format!(", {}", quote(&gate.column))));
                }
                _ => {}
            }
        }
        relation
    }

    /// Remembers a `*` over these relations.
    pub fn record_star(&mut self, span: Span, over: &[Relation]) {
        let qualified = over.len() > 1;
        let mut names: BTreeSet<String> = BTreeSet::new();
        let mut items = Vec::new();
        let mut unknown = None;
        for relation in over {
            let Some(columns) = &relation.columns else {
                unknown = Some("the columns of what it stands for are not known");
                continue;
            };
            for column in columns {
                let quoted = quote(&column.name);
                let mut item = match &relation.name {
                    Some(name) if qualified => format!("{}.{quoted}", quote(name)),
                    _ if qualified => {
                        unknown = Some("a derived table without an alias is joined");
                        continue;
                    }
                    _ => quoted,
                };
                // Flink makes names unique by a number: id, id0.
                if !names.insert(column.name.clone()) {
                    let unique = (0..).map(|n| format!("{}{n}", column.name));
                    let unique = unique.into_iter().find(|n| names.insert(n.clone()));
                    item = format!("{item} AS {}", quote(&unique.unwrap_or_default()));
                }
                items.push(item);
            }
        }
        self.times.stars.push(Star {
            statement: self.at,
            span,
            over: over.iter().filter_map(|r| r.id).collect(),
            expansion: match unknown {
                Some(reason) => Err(reason),
                None => Ok(items.join(", ")),
            },
        });
    }
}

/// The names of an alias's column list, and where the last one ends.
fn renamed(alias: &TableAlias) -> Option<(Vec<String>, u32)> {
    let last = alias.columns.last()?;
    let names = alias.columns.iter().map(|c| c.name.value.clone()).collect();
    Some((names, byte_span(last.name.span).end))
}

/// A name as SQL, always in backticks: any name may be reserved in some release.
pub fn quote(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}
