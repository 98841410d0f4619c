//! Plans what a script's INSERTs read with DataFusion, and compares plans.
//!
//! Architecture invariant: nothing outside of this folder knows DataFusion. To it functions are stubs (`stubs`), and
//! relations that only Flink can compute are opaque nodes (`node`) which carry their arguments. Only [`execute`] runs a
//! query.
//!
//! ```text
//! syntax tree ─ lower ─ DataFusion ─ plan ─ sink     does the sink take the columns?
//!                         context          ├ same    is the gated query the original?
//!                                          └ execute rows in, rows out
//! ```

mod arguments;
mod assign;
mod context;
mod errors;
pub mod execute;
mod functions;
mod grouping;
mod limits;
mod lower;
mod node;
mod operators;
mod relations;
mod same;
mod sink;
mod stubs;
mod types;
mod unions;
mod versions;
mod weight;

#[cfg(test)]
mod tests;

pub use functions::{Function, all as builtins, builtin};
pub use same::{
    Barrier, Call, Gate, GateTime, Opening, Range, SamenessFailure, Sides, SourceGate, Test, Told,
    same, same_ungated,
};

use crate::catalog::{Catalog, Entry, EntryId, StatementId, Table};
use crate::config::FlinkVersion;
use crate::diagnostic::Diagnostic;
use crate::syntax::{Insert, Query, Script, StatementKind};
use crate::text::Span;
use context::{BaseTable, Context, Rowtime, State};
use datafusion::logical_expr::LogicalPlan;
use datafusion::sql::planner::{NullOrdering, ParserOptions, SqlToRel};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Plans the statements of one script.
pub struct Planner<'a> {
    script: &'a Script,
    text: &'a str,
    catalog: &'a Catalog,
    lowering: lower::Settings,
    /// Tables may come from a catalog that the script does not show.
    open_tables: bool,
    /// Tables that are read in the place of others, by path.
    stands_for: BTreeMap<String, String>,
    /// Watermarks that the script does not show.
    watermarks: Watermarks,
    views: Mutex<BTreeMap<EntryId, Outcome>>,
    /// A table is made once, whoever reads it.
    tables: Mutex<BTreeMap<EntryId, Arc<BaseTable>>>,
    /// See [`weight`].
    weights: Mutex<BTreeMap<EntryId, usize>>,
}

#[derive(Debug, Clone)]
enum Watermarks {
    AsDeclared,
    /// Those of tables, by path, and columns too.
    Also(BTreeSet<(String, String)>),
    /// Any column may carry one.
    Perhaps,
}

/// Runs `work` where it may plan and compare as often as it wants: the stack that this needs is made once.
pub fn with_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    limits::run(work).ok()
}

/// How planning a query went.
#[derive(Debug, Clone)]
#[allow(clippy::large_enum_variant)] // made once for an INSERT and taken apart at once
pub enum Outcome {
    Planned(PlannedInsert),
    /// Flink would refuse the statement too.
    UserError(Vec<Diagnostic>),
    /// Nothing can be said: a table that is not in the script, or syntax that is not modelled.
    NotPlanned {
        reason: String,
        span: Span,
    },
}

/// The plan of an INSERT's query.
#[derive(Debug, Clone)]
pub struct PlannedInsert {
    plan: LogicalPlan,
    /// What is written, and how: the sink's path, its columns and partition as the statement names them.
    target: String,
    /// Functions of which nothing is known but the name.
    pub opaque: BTreeSet<String>,
    /// Worth telling the user, but no errors.
    pub warnings: Vec<Diagnostic>,
    /// What could not be checked, each as a sentence without a full stop.
    pub unchecked: Vec<String>,
    /// Some relation has columns that are not known.
    open_columns: bool,
}

impl PlannedInsert {
    /// The plan, for people.
    pub fn explain(&self) -> String {
        self.plan.display_indent().to_string()
    }

    pub fn columns(&self) -> Vec<String> {
        let fields = self.plan.schema().fields();
        fields.iter().map(|f| f.name().clone()).collect()
    }
}

impl<'a> Planner<'a> {
    /// `catalog` is of `script`, and `script` of `text`.
    pub fn new(
        script: &'a Script,
        text: &'a str,
        catalog: &'a Catalog,
        version: FlinkVersion,
    ) -> Self {
        let open = |kind: &StatementKind| match kind {
            StatementKind::CreateFunction(_) => false,
            StatementKind::Use { catalog, .. } => *catalog,
            StatementKind::Other(name) => ["MODULE", "JAR", "CATALOG", "FUNCTION"]
                .iter()
                .any(|word| name.contains(word)),
            StatementKind::Invalid => true,
            _ => false,
        };
        let open = script.statements.iter().any(|s| open(&s.kind));
        let user_functions: BTreeSet<String> = catalog.functions.iter().cloned().collect();
        Self {
            script,
            text,
            catalog,
            lowering: lower::Settings {
                version,
                user_functions,
                open,
                ..Default::default()
            },
            open_tables: open,
            stands_for: BTreeMap::new(),
            watermarks: Watermarks::AsDeclared,
            views: Mutex::default(),
            tables: Mutex::default(),
            weights: Mutex::default(),
        }
    }

    /// Takes tables for others: for what only their columns of the others' names say.
    pub fn standing_for(mut self, paths: BTreeMap<String, String>) -> Self {
        self.stands_for = paths;
        self
    }

    /// Takes more columns for rowtimes than the script declares: tables by path, and columns.
    pub fn with_rowtimes(mut self, rowtimes: BTreeSet<(String, String)>) -> Self {
        self.watermarks = Watermarks::Also(rowtimes);
        self
    }

    /// Says nothing about columns that are no time attributes.
    pub fn with_any_rowtimes(mut self) -> Self {
        self.watermarks = Watermarks::Perhaps;
        self
    }

    fn rowtime<'t>(&'t self, path: &str, table: &'t Table) -> Rowtime<'t> {
        let also = match &self.watermarks {
            Watermarks::Perhaps => return Rowtime::Perhaps,
            Watermarks::AsDeclared => None,
            Watermarks::Also(all) => all.iter().find(|(table, _)| table == path),
        };
        match (&table.watermark, also) {
            (_, Some((_, column))) => Rowtime::Column(column),
            (Some(watermark), None) => match &watermark.column[..] {
                [column] => Rowtime::Column(column),
                _ => Rowtime::Perhaps,
            },
            (None, None) if !table.complete || self.open_tables => Rowtime::Perhaps,
            (None, None) => Rowtime::None,
        }
    }

    /// Plans the query of an INSERT that is (or is part of) statement `at`, and checks that the sink takes its columns.
    pub fn insert(&self, insert: &Insert, at: StatementId) -> Outcome {
        limits::on_big_stack(insert.source.span, || {
            let mut planned = match self.plan_query(&insert.source, at, 0) {
                Outcome::Planned(planned) => planned,
                failed => return failed,
            };
            let names: Vec<&str> = insert.target.parts.iter().map(|p| &*p.value).collect();
            planned.target = self.target(insert, &names, at);
            let errors = match self.catalog.resolve(&names, at).map(|e| e.table()) {
                Some(Some(table)) => {
                    if !table.complete {
                        planned.unchecked.push(format!(
                            "the columns of the sink `{}`: they are not all declared in this script",
                            insert.target.object()
                        ));
                    }
                    let found = sink::check(insert, self.text, table, &planned.plan);
                    planned.warnings.extend(found.warnings);
                    found.errors
                }
                Some(None) => vec![
                    Diagnostic::error(
                        "sink-is-a-view",
                        insert.target.span,
                        format!(
                            "`{}` is a view: nothing can be written to it",
                            insert.target.object()
                        ),
                    )
                    .label("a view"),
                ],
                None => {
                    planned.unchecked.push(format!(
                        "the columns of the sink `{}`: it is not declared in this script",
                        insert.target.object()
                    ));
                    Vec::new()
                }
            };
            if errors.is_empty() {
                Outcome::Planned(planned)
            } else {
                Outcome::UserError(errors)
            }
        })
    }

    /// Plans a query that stands alone or in a view.
    pub fn query(&self, query: &Query, at: StatementId) -> Outcome {
        limits::on_big_stack(query.span, || self.plan_query(query, at, 0))
    }

    fn plan_query(&self, query: &Query, at: StatementId, depth: usize) -> Outcome {
        let too_large = limits::too_large(query).or_else(|| {
            let heavy = weight::of(self, &query.ast, at, depth) > weight::MAX;
            heavy.then(|| format!("more than {} scans, views and all", weight::MAX))
        });
        if let Some(reason) = too_large {
            return Outcome::NotPlanned {
                reason,
                span: query.span,
            };
        }
        let mut settings = self.lowering.clone();
        // Each try mends one kind of error that may be the planner's own; the first error is the one to show.
        let mut first = None;
        for _ in 0..3 {
            let (outcome, error, opaque) = self.attempt(query, at, depth, &settings);
            let Some(error) = error else {
                return outcome;
            };
            let first_outcome = first.get_or_insert(outcome);
            if errors::duplicate_names(&error) && !settings.rename_beside_star {
                settings.rename_beside_star = true;
            } else if opaque && errors::missing_group_by(&error) {
                if settings.user_aggregates {
                    return Outcome::NotPlanned {
                        reason: "functions of which it is not known whether they aggregate"
                            .to_owned(),
                        span: query.span,
                    };
                }
                settings.user_aggregates = true;
            } else {
                return first_outcome.clone();
            }
        }
        first.unwrap_or(Outcome::NotPlanned {
            reason: "the planner gave up".to_owned(),
            span: query.span,
        })
    }

    /// One try: the outcome, the planner's error if it had one, and whether functions of unknown kind are called.
    fn attempt(
        &self,
        query: &Query,
        at: StatementId,
        depth: usize,
        settings: &lower::Settings,
    ) -> (Outcome, Option<datafusion::common::DataFusionError>, bool) {
        let mut ast = (*query.ast).clone();
        let lowered = lower::lower(&mut ast, settings);
        if !lowered.errors.is_empty() {
            return (Outcome::UserError(lowered.errors), None, false);
        }
        if let Some((what, span)) = lowered.unplanned {
            let reason = format!("{what} is not modelled");
            return (Outcome::NotPlanned { reason, span }, None, false);
        }
        let state = Arc::new(State::default());
        let context = Context::new(self, at, depth, Arc::clone(&state));
        let options = ParserOptions::new()
            .with_enable_ident_normalization(false)
            .with_collect_spans(true)
            .with_parse_float_as_decimal(true)
            // NULL is Flink's smallest value.
            .with_default_null_ordering(NullOrdering::NullsMin)
            .with_map_string_types_to_utf8view(false);
        let planned = SqlToRel::new_with_options(&context, options)
            .sql_statement_to_plan(sqlparser::ast::Statement::Query(Box::new(ast)));
        let opaque = !lowered.opaque.is_empty();
        let mut found = state.take();
        let fields = errors::unknown_fields(&found.unknown_fields, &query.ast, query.span);
        found.errors.extend(fields);
        match planned {
            Ok(_) if !found.errors.is_empty() => (Outcome::UserError(found.errors), None, opaque),
            Ok(plan) => {
                let mut mismatches = unions::check(&plan, &query.ast, query.span);
                mismatches.extend(arguments::check(&plan, query.span));
                mismatches.extend(grouping::check(&plan, &query.ast));
                if !mismatches.is_empty() {
                    return (Outcome::UserError(mismatches), None, opaque);
                }
                found.opaque.extend(lowered.opaque);
                let planned = PlannedInsert {
                    plan,
                    target: String::new(),
                    opaque: found.opaque,
                    warnings: lowered.warnings,
                    unchecked: Vec::new(),
                    open_columns: found.open_columns,
                };
                (Outcome::Planned(planned), None, opaque)
            }
            Err(error) => {
                let site = errors::Site {
                    query: &query.ast,
                    span: query.span,
                    tables: self.table_names(at),
                    dropped: self.dropped(at),
                    open_tables: self.open_tables,
                };
                (errors::outcome(&error, found, &site), Some(error), opaque)
            }
        }
    }

    /// The sink as plans are compared by it.
    fn target(&self, insert: &Insert, names: &[&str], at: StatementId) -> String {
        let path = self.catalog.qualify(names, at);
        let path = path.map_or_else(|| names.join("."), |path| path.join("."));
        let columns: Vec<&str> = match &insert.columns {
            Some(list) => list.columns.iter().map(|c| &*c.value).collect(),
            None => Vec::new(),
        };
        let partition = insert
            .partition
            .as_ref()
            .map_or("", |p| p.span.of(self.text));
        let overwrite = if insert.overwrite {
            "OVERWRITE"
        } else {
            "INTO"
        };
        format!("{overwrite} {path} {partition} ({})", columns.join(", "))
    }

    fn table_names(&self, at: StatementId) -> Vec<String> {
        let before = |e: &&Entry| e.since < at && e.dropped.is_none_or(|dropped| dropped >= at);
        let entries = self.catalog.entries.iter().filter(before);
        entries.map(|e| e.path[2].clone()).collect()
    }

    /// Names of what was there once, each with the place that took it away.
    fn dropped(&self, at: StatementId) -> BTreeMap<String, Span> {
        let dropped = |e: &Entry| {
            let by = e.dropped.filter(|dropped| *dropped < at)?;
            Some((e.path[2].clone(), self.script.statements.get(by)?.span))
        };
        self.catalog.entries.iter().filter_map(dropped).collect()
    }

    fn weight(&self, id: EntryId) -> Option<usize> {
        let weights = self.weights.lock().unwrap_or_else(PoisonError::into_inner);
        weights.get(&id).copied()
    }

    fn keep_weight(&self, id: EntryId, weight: usize) {
        let mut weights = self.weights.lock().unwrap_or_else(PoisonError::into_inner);
        weights.insert(id, weight);
    }

    fn cached_table(&self, id: EntryId, make: impl FnOnce() -> BaseTable) -> Arc<BaseTable> {
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(tables.entry(id).or_insert_with(|| Arc::new(make())))
    }

    /// A view is planned once.
    fn cached_view(&self, id: EntryId, plan: impl FnOnce() -> Outcome) -> Outcome {
        let lock = || self.views.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(outcome) = lock().get(&id) {
            return outcome.clone();
        }
        let outcome = plan();
        lock().insert(id, outcome.clone());
        outcome
    }
}
