//! What stands in a FROM clause: tables, views, common table expressions, derived tables. How they
//! are joined is in [`super::join`], window functions are in [`super::window`].

use super::query::Analysis;
use super::rank::Rank;
use super::{
    Changelog, ColumnTime, Facts, GATE_TIME, Lineage, OutColumn, PushDown, QueryTime, Reason,
    Reference, Refusal, RelationId, Sibling, StepKind, TableRead, Thread, TimeForm, TimeType,
    is_proctime,
};
use crate::catalog::{self, Entry, EntryId, Object, connectors};
use crate::config::FlinkVersion;
use crate::lexer::{self, TokenKind};
use crate::parser::byte_span;
use crate::syntax::{Script, StatementKind};
use crate::text::{Edit, Span};
use sqlparser::ast::{self, Expr, FunctionArg, FunctionArgExpr, Spanned, TableAlias, TableFactor};
use std::collections::BTreeSet;

/// What one item of a FROM clause gives to its SELECT.
#[derive(Debug, Clone, Default)]
pub(super) struct Relation {
    pub id: Option<RelationId>,
    /// By which its columns can be qualified.
    pub name: Option<String>,
    pub columns: Option<Vec<OutColumn>>,
    pub changelog: Option<Changelog>,
    pub gate: Option<RelationGate>,
    pub rank: Option<Rank>,
    pub constant: bool,
    pub facts: Facts,
}

/// The gate time of a relation's rows: one of its columns, which may have to be added first.
#[derive(Debug, Clone)]
pub(super) struct RelationGate {
    pub ty: TimeType,
    pub column: String,
    pub form: TimeForm,
    /// The column is a rowtime attribute.
    pub attribute: bool,
    /// The edits that add the column; `None` where it is there already.
    pub below: Option<Thread>,
    pub lineage: Lineage,
}

impl Relation {
    pub fn refused(refusal: Refusal) -> Self {
        let mut relation = Self::default();
        relation.refuse(refusal);
        relation
    }

    /// What is read in its place needs no alias: there is one, or none can stand there.
    pub fn stands_without_alias(&mut self) {
        let below = self.gate.iter_mut().filter_map(|g| g.below.as_mut());
        for thread in below.chain([&mut self.facts.reads]) {
            for sibling in &mut thread.siblings {
                sibling.needs_alias = false;
            }
            for table in &mut thread.tables {
                table.needs_alias = false;
            }
        }
    }

    pub fn refuse(&mut self, refusal: Refusal) {
        self.gate = None;
        self.facts.refusals.push(refusal);
    }

    /// Its gate time is a column of what has a name of its own.
    fn passes(&mut self, kind: StepKind, span: Span) {
        if let Some(gate) = &mut self.gate {
            let before = std::mem::take(&mut gate.lineage);
            gate.lineage = before.then(kind, &gate.column, span);
        }
    }

    /// A query in place of a table. `columns` renames its columns.
    fn of_query(time: &QueryTime, id: RelationId, columns: Option<(&[String], u32)>) -> Self {
        let mut out = time.columns.clone();
        if let (Some(out), Some((names, _))) = (&mut out, columns) {
            for (column, name) in out.iter_mut().zip(names) {
                column.name.clone_from(name);
            }
        }
        let gate = time.gate.as_ref().map(|gate| {
            let carried = gate.carried.and_then(|(index, form)| {
                let name = &out.as_ref()?.get(index)?.name;
                // A name that stands twice tells no column.
                let alone = out.iter().flatten().filter(|c| c.name == *name).count() == 1;
                alone.then(|| (name.clone(), form))
            });
            match carried {
                Some((column, form)) => RelationGate {
                    ty: gate.ty,
                    column,
                    form,
                    attribute: time.gate_is_attribute(),
                    below: None,
                    lineage: gate.lineage.clone(),
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
                        attribute: gate.attribute,
                        below: Some(below),
                        lineage: gate.added(time.span),
                    }
                }
            }
        });
        Self {
            id: Some(id),
            name: None,
            columns: out,
            changelog: time.changelog.clone(),
            gate,
            rank: time.rank.clone(),
            constant: time.constant,
            facts: time.facts.clone(),
        }
    }
}

impl Analysis<'_> {
    /// One item of a FROM clause, joins and row functions aside.
    pub fn table_factor(&mut self, factor: &TableFactor) -> Relation {
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
                let mut relation = self.named_factor(name, alias.as_ref());
                if version.is_some() {
                    let detail = name.to_string();
                    relation.refuse(Refusal::new(Reason::TimeTravel, span, detail));
                }
                if sample.is_some() {
                    relation.refuse(Refusal::new(Reason::Sample, span, ""));
                }
                relation
            }
            TableFactor::Derived {
                lateral,
                subquery,
                alias,
                sample,
            } => {
                let mut relation = self.derived(subquery, alias.as_ref());
                if *lateral {
                    relation.refuse(Refusal::new(Reason::LateralQuery, span, ""));
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
                let from = self.from(std::slice::from_ref(table_with_joins.as_ref()), None);
                let mut all = Relation {
                    facts: from.facts,
                    ..Relation::default()
                };
                all.refuse(Refusal::new(
                    Reason::UnsupportedQuery,
                    span,
                    "a join in parentheses",
                ));
                all
            }
            TableFactor::MatchRecognize { .. } => self.match_recognize(factor, span),
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

    /// A function in a FROM clause that stands alone.
    fn table_function(
        &mut self,
        name: &str,
        args: &[FunctionArg],
        alias: Option<&TableAlias>,
        span: Span,
    ) -> Relation {
        let relation = if super::window::is_window(name) {
            self.window_function(name, args, span)
        } else {
            // Nothing is known of its rows, but of the queries that it is given.
            for arg in args {
                if let FunctionArg::Named { arg, .. } | FunctionArg::Unnamed(arg) = arg
                    && let FunctionArgExpr::Expr(Expr::Subquery(query)) = arg
                {
                    self.argument_query(query, span);
                }
            }
            Relation::refused(Refusal::new(Reason::TableFunction, span, name))
        };
        self.aliased(relation, alias)
    }

    /// A table or view under its alias.
    pub fn named_factor(&mut self, name: &ast::ObjectName, alias: Option<&TableAlias>) -> Relation {
        let parts: Vec<&str> = name
            .0
            .iter()
            .filter_map(|p| p.as_ident())
            .map(|i| i.value.as_str())
            .collect();
        let span = byte_span(name.span());
        let relation = self.named_relation(&parts, span);
        if let Some(reference) = self.times.uses.references.last_mut()
            && reference.span == span
        {
            reference.needs_alias = alias.is_none();
        }
        self.aliased(relation, alias)
    }

    fn derived(&mut self, subquery: &ast::Query, alias: Option<&TableAlias>) -> Relation {
        let mut time = self.query(subquery);
        time.facts.nested_with |= subquery.with.is_some();
        let start = byte_span(subquery.span()).start;
        let id = RelationId::Query(start);
        self.times.derived.insert((self.at, start), time.clone());
        let renamed = alias.and_then(renamed);
        let columns = renamed.as_ref().map(|(names, end)| (&names[..], *end));
        let mut relation = Relation::of_query(&time, id, columns);
        relation.name = alias.map(|a| a.name.value.clone());
        if let Some(alias) = alias {
            let name = alias.name.value.clone();
            relation.passes(StepKind::Query(name), byte_span(alias.name.span));
        }
        relation
    }

    /// A query as an argument of a table function.
    pub fn argument_query(&mut self, query: &ast::Query, span: Span) -> Relation {
        let mut time = self.query(query);
        time.facts.nested_with |= query.with.is_some();
        time.facts.union_argument |= matches!(*query.body, ast::SetExpr::SetOperation { .. });
        Relation::of_query(&time, RelationId::Query(span.start), None)
    }

    /// A table, a view or a common table expression, by its name.
    pub fn named_relation(&mut self, parts: &[&str], span: Span) -> Relation {
        if let [name] = parts
            && let Some(cte) = self.ctes.iter().rev().find(|c| c.name == *name)
        {
            let columns = cte.columns.as_ref().map(|(names, end)| (&names[..], *end));
            let mut relation = Relation::of_query(&cte.time, cte.id, columns);
            relation.name = Some((*name).to_owned());
            relation.passes(StepKind::Query((*name).to_owned()), span);
            return relation;
        }
        let Some(id) = self.catalog.resolve_id(parts, self.at) else {
            let detail = format!("table `{}`", parts.join("."));
            let mut unknown = Relation::refused(Refusal::new(Reason::UnknownTable, span, detail));
            unknown.name = parts.last().map(|p| (*p).to_owned());
            return unknown;
        };
        self.times.uses.read.insert(id);
        self.times.uses.references.push(Reference {
            object: id,
            statement: self.at,
            span,
            needs_alias: false,
        });
        let entry = &self.catalog.entries[id];
        let mut relation = match &entry.object {
            Object::Table(table) => self.base_table(id, entry, table, span),
            Object::View { columns } => self.view(id, entry, columns.as_deref(), span),
        };
        relation.facts.names.insert((entry.path.clone(), id));
        relation.name = parts.last().map(|p| (*p).to_owned());
        relation
    }

    /// A table with the options that a hint at its name sets.
    /// Source: Flink docs, "SQL Hints", "Dynamic Table Options".
    pub(super) fn hinted(&self, table: &catalog::Table, name: Span) -> catalog::Table {
        let mut table = table.clone();
        let hinted = hinted_options(self.script, self.text, self.version, name);
        table.options.extend(hinted);
        table
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
                input: None,
            }
        });
        let columns: Option<Vec<_>> = table.complete.then(|| columns.collect());
        let gate = rowtime.map(|time| RelationGate {
            ty: time.ty,
            column: time.column.clone(),
            form: TimeForm::Itself,
            attribute: true,
            below: None,
            lineage: Lineage::source(id, &time.column, span),
        });
        let rows = connectors::source_rows(&self.hinted(table, span));
        let key = columns.iter().flatten().enumerate();
        let key: Vec<usize> = key
            .filter(|(_, c)| table.primary_key.contains(&c.name))
            .map(|(index, _)| index)
            .collect();
        let changelog = match &rows {
            connectors::SourceRows::Changelog(_) if key.is_empty() => Changelog::Retract,
            connectors::SourceRows::Changelog(_) => Changelog::Upsert { key },
            _ => Changelog::Append,
        };
        let mut relation = Relation {
            id: Some(RelationId::Table(id)),
            columns,
            changelog: Some(changelog.clone()),
            gate,
            ..Relation::default()
        };
        let facts = &mut relation.facts;
        facts.sources.insert(id);
        facts.push_down = PushDown::Through;
        facts.reads.tables.push(TableRead {
            table: id,
            reference: span,
            needs_alias: true,
        });
        let name = format!("table `{}`", entry.name.object());
        facts.operator(format!("source {name}"), span, Some(changelog));
        facts.reads_table(id);
        facts.name_key(relation.columns.as_deref());
        for column in &table.columns {
            let is_time =
                rowtime.is_some_and(|t| t.column == column.name) || is_proctime(&column.kind);
            let varies = column.non_deterministic.is_some() || column.calls_user_function;
            if varies && !is_time {
                let what = format!(
                    "the column `{}` of {name} may have another value in each run",
                    column.name
                );
                facts.doubt(span, what);
            }
        }
        if let connectors::SourceRows::Changelog(what) = rows {
            let detail = format!("{name} ({what})");
            relation.refuse(Refusal::new(Reason::ChangelogSource, span, detail));
        } else if let Some(time) = rowtime {
            let column = table.column(&time.column);
            let call = column.and_then(|c| c.non_deterministic.as_ref());
            if let Some(call) = call.filter(|_| !time.by_the_clock) {
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
        // Flink reads a view's text where the view is used: what it names must be what it was.
        let changed = time.facts.names.iter().find(|(path, then)| {
            let [catalog, database, object] = path;
            self.catalog
                .resolve_id(&[catalog, database, object], self.at)
                != Some(*then)
        });
        if let Some((path, _)) = changed {
            let detail = format!(
                "view `{}`: `{}` is not what it was when the view was made",
                entry.name.object(),
                path[2]
            );
            return Relation::refused(Refusal::new(Reason::UnsupportedQuery, span, detail));
        }
        if self.altered_views {
            let detail = "a view in a script with ALTER VIEW";
            return Relation::refused(Refusal::new(Reason::UnsupportedQuery, span, detail));
        }
        // The end of the list does not matter: a copy of the view gets a list of its own.
        let mut relation = Relation::of_query(time, view_id, columns.map(|c| (c, 0)));
        let copy = |thread: Thread, adds_column: bool| Thread {
            // A gate behind a source adds no column.
            widened: if adds_column {
                BTreeSet::from([view_id])
            } else {
                BTreeSet::new()
            },
            siblings: vec![Sibling {
                view: id,
                reference: span,
                needs_alias: true,
                adds_column,
                thread,
            }],
            ..Thread::default()
        };
        if let Some(gate) = &mut relation.gate
            && gate.below.is_some()
        {
            let thread = time
                .gate
                .as_ref()
                .map(|g| g.thread.clone())
                .unwrap_or_default();
            gate.below = Some(copy(thread, true));
        }
        relation.facts.reads = copy(time.facts.reads.clone(), false);
        relation.passes(StepKind::View(id), span);
        relation
    }

    /// A relation under its alias; a list of column aliases renames its columns.
    pub fn aliased(&mut self, mut relation: Relation, alias: Option<&TableAlias>) -> Relation {
        let Some(alias) = alias else { return relation };
        relation.name = Some(alias.name.value.clone());
        relation.stands_without_alias();
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
}

/// The options that an OPTIONS hint behind a table's name sets, in order.
pub fn hinted_options(
    script: &Script,
    text: &str,
    version: FlinkVersion,
    name: Span,
) -> Vec<(String, String)> {
    let tokens = &script.tokens;
    let mut after = tokens[tokens.partition_point(|t| t.span.start < name.end)..].iter();
    let hint = after.find(|t| !t.kind.is_trivia());
    let Some(hint) = hint.filter(|t| t.kind == TokenKind::Hint) else {
        return Vec::new();
    };
    let text = hint.span.of(text);
    let text = text
        .strip_prefix("/*+")
        .and_then(|t| t.strip_suffix("*/"))
        .unwrap_or_default();
    if !text.trim_start().to_uppercase().starts_with("OPTIONS") {
        return Vec::new();
    }
    let strings: Vec<String> = lexer::lex(text, version)
        .into_iter()
        .filter(|t| t.kind == TokenKind::String)
        .map(|t| t.span.of(text).trim_matches('\'').replace("''", "'"))
        .collect();
    let pairs = strings.chunks_exact(2);
    pairs.map(|p| (p[0].clone(), p[1].clone())).collect()
}

/// The names of an alias's column list, and where the last one ends.
pub(super) fn renamed(alias: &TableAlias) -> Option<(Vec<String>, u32)> {
    let last = alias.columns.last()?;
    let names = alias.columns.iter().map(|c| c.name.value.clone()).collect();
    Some((names, byte_span(last.name.span).end))
}

/// A name as SQL, always in backticks: any name may be reserved in some release.
pub fn quote(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}
