//! The planner's view of the script: tables, views and functions as one statement sees them.

use super::lower;
use super::operators::Operators;
use super::relations::Relations;
use super::stubs::{self, Typing};
use super::types::{self, Attribute, Known};
use super::{Outcome, Planner, functions};
use crate::catalog::{EntryId, Object, StatementId, Table, TableColumn, TableColumnKind};
use crate::diagnostic::Diagnostic;
use crate::syntax::StatementKind;
use crate::text::Span;
use datafusion::arrow::datatypes::{DataType as Arrow, Field, Schema, SchemaRef};
use datafusion::common::config::ConfigOptions;
use datafusion::common::{Result, TableReference, plan_err};
use datafusion::logical_expr::planner::{ExprPlanner, RelationPlanner};
use datafusion::logical_expr::{
    AggregateUDF, Expr, HigherOrderUDF, LogicalPlan, LogicalPlanBuilder, ScalarUDF, TableSource,
    WindowUDF,
};
use datafusion::sql::planner::ContextProvider;
use functions::Returns;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What planning one query finds out beside the plan.
#[derive(Debug, Default)]
pub struct State {
    inner: Mutex<Found>,
}

#[derive(Debug, Default, Clone)]
pub struct Found {
    pub errors: Vec<Diagnostic>,
    /// Some table has columns that are not known here: an unknown column is no error.
    pub open_columns: bool,
    /// Why a view that the query reads could not be planned.
    pub view: Option<Outcome>,
    pub opaque: BTreeSet<String>,
    pub unknown_fields: Vec<UnknownField>,
}

/// A field that a row has not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownField {
    /// The column, and the fields down to the one that is not there.
    pub path: Vec<String>,
    /// Those that are.
    pub fields: Vec<String>,
}

impl State {
    fn lock(&self) -> MutexGuard<'_, Found> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn error(&self, error: Diagnostic) {
        let mut found = self.lock();
        if !found.errors.contains(&error) {
            found.errors.push(error);
        }
    }

    pub fn unknown_field(&self, field: UnknownField) {
        let mut found = self.lock();
        if !found.unknown_fields.contains(&field) {
            found.unknown_fields.push(field);
        }
    }

    pub fn open_columns(&self) {
        self.lock().open_columns = true;
    }

    pub fn take(&self) -> Found {
        std::mem::take(&mut self.lock())
    }
}

/// How deep views may stand on views.
pub const MAX_VIEWS: usize = 64;

pub struct Context<'a> {
    pub planner: &'a Planner<'a>,
    pub at: StatementId,
    pub state: Arc<State>,
    /// Number of views around this query.
    pub depth: usize,
    options: ConfigOptions,
    expr_planners: Vec<Arc<dyn ExprPlanner>>,
    relation_planners: Vec<Arc<dyn RelationPlanner>>,
}

impl<'a> Context<'a> {
    pub fn new(planner: &'a Planner<'a>, at: StatementId, depth: usize, state: Arc<State>) -> Self {
        let mut options = ConfigOptions::default();
        options.sql_parser.enable_ident_normalization = false;
        options.sql_parser.enable_subquery_sort_elimination = false;
        Self {
            planner,
            at,
            depth,
            options,
            expr_planners: vec![Arc::new(Operators {
                state: Arc::clone(&state),
            })],
            relation_planners: vec![Arc::new(Relations {
                state: Arc::clone(&state),
            })],
            state,
        }
    }

    fn view(
        &self,
        id: EntryId,
        created: StatementId,
        columns: Option<&[String]>,
    ) -> Result<ViewSource> {
        let outcome = self.planner.cached_view(id, || {
            let statement = &self.planner.script.statements[created];
            let StatementKind::CreateView(view) = &statement.kind else {
                return Outcome::NotPlanned {
                    reason: "its view is not created by a CREATE VIEW".to_owned(),
                    span: statement.span,
                };
            };
            if self.depth >= MAX_VIEWS {
                return Outcome::NotPlanned {
                    reason: "views stand too deep on each other".to_owned(),
                    span: view.name.span,
                };
            }
            self.planner
                .plan_query(&view.query, created, self.depth + 1)
        });
        match outcome {
            Outcome::Planned(planned) => {
                let mut found = self.state.lock();
                found.open_columns |= planned.open_columns;
                found.opaque.extend(planned.opaque.iter().cloned());
                drop(found);
                ViewSource::new(planned.plan, columns)
            }
            failed => {
                self.state.lock().view = Some(failed);
                plan_err!("a view cannot be planned")
            }
        }
    }
}

impl ContextProvider for Context<'_> {
    fn get_table_source(&self, name: TableReference) -> Result<Arc<dyn TableSource>> {
        let parts = match &name {
            TableReference::Bare { table } => vec![&**table],
            TableReference::Partial { schema, table } => vec![&**schema, &**table],
            TableReference::Full {
                catalog,
                schema,
                table,
            } => vec![&**catalog, &**schema, &**table],
        };
        let catalog = self.planner.catalog;
        let Some(id) = catalog.resolve_id(&parts, self.at) else {
            return plan_err!("no table {name}");
        };
        let entry = &catalog.entries[id];
        match &entry.object {
            Object::Table(table) => {
                if !table.complete {
                    self.state.open_columns();
                }
                Ok(self.planner.cached_table(id, || {
                    let path = entry.path.join(".");
                    let known_as = self.planner.stands_for.get(&path).cloned();
                    let rowtime = self.planner.rowtime(&path, table);
                    BaseTable {
                        entry: id,
                        schema: table_schema(table, rowtime),
                        version: Version {
                            key: table.primary_key.clone(),
                            rowtime: rowtime != Rowtime::None,
                            declared: entry.name.span,
                        },
                        complete: table.complete,
                        path: known_as.unwrap_or(path),
                    }
                }))
            }
            Object::View { columns } => Ok(Arc::new(self.view(
                id,
                entry.created,
                columns.as_deref(),
            )?)),
        }
    }

    fn get_expr_planners(&self) -> &[Arc<dyn ExprPlanner>] {
        &self.expr_planners
    }

    fn get_relation_planners(&self) -> &[Arc<dyn RelationPlanner>] {
        &self.relation_planners
    }

    fn get_function_meta(&self, name: &str) -> Option<Arc<ScalarUDF>> {
        if lower::is_aggregate(name) {
            return None;
        }
        let typing = match name {
            "$CAST" | "$TRY_CAST" => Typing::Cast,
            "$FIELD" => Typing::Field,
            "$ITEM" => Typing::Item,
            "$INTERVAL" => Typing::Interval,
            "$CASE" => Typing::Case,
            "$NAMED" | "$VAR" => Typing::Second,
            "$VALUE" => Typing::Plain,
            _ => Typing::Builtin(syntax_returns(name)?),
        };
        Some(stubs::scalar(name, typing))
    }

    fn get_aggregate_meta(&self, name: &str) -> Option<Arc<AggregateUDF>> {
        lower::is_aggregate(name).then(|| {
            let returns = functions::builtin(name).map_or(Returns::Unknown, |f| f.returns);
            stubs::aggregate(name, returns)
        })
    }

    fn get_window_meta(&self, _: &str) -> Option<Arc<WindowUDF>> {
        None
    }

    fn get_higher_order_meta(&self, _: &str) -> Option<Arc<HigherOrderUDF>> {
        None
    }

    fn get_variable_type(&self, _: &[String]) -> Option<Arrow> {
        None
    }

    fn options(&self) -> &ConfigOptions {
        &self.options
    }

    fn udf_names(&self) -> Vec<String> {
        Vec::new()
    }

    fn higher_order_function_names(&self) -> Vec<String> {
        Vec::new()
    }

    fn udaf_names(&self) -> Vec<String> {
        Vec::new()
    }

    fn udwf_names(&self) -> Vec<String> {
        Vec::new()
    }
}

/// What a scalar stub returns; `None` where the lowering makes no such stub.
fn syntax_returns(name: &str) -> Option<Returns> {
    Some(match name {
        "$NEG" => Returns::Argument(0),
        "$LIKE" | "$ILIKE" | "$SIMILAR" | "$RLIKE" | "$DISTINCT_FROM" | "$NOT_DISTINCT_FROM" => {
            Returns::Boolean
        }
        "$BETWEEN_SYMMETRIC"
        | "$IS_JSON"
        | "$IS_JSON_OBJECT"
        | "$IS_JSON_ARRAY"
        | "$IS_JSON_SCALAR"
        | "$IS_A_SET"
        | "$IS_EMPTY"
        | "$MEMBER_OF"
        | "$SUBMULTISET_OF"
        | "$CONTAINS"
        | "$EQUALS"
        | "$PRECEDES"
        | "$SUCCEEDS"
        | "$IMMEDIATELY_PRECEDES"
        | "$IMMEDIATELY_SUCCEEDS" => Returns::Boolean,
        "$TIMESTAMP_LTZ" => Returns::TimestampLtz,
        "$TRIM" => Returns::Character,
        "$BYTES" => Returns::Bytes,
        "$COLLATE" => Returns::Argument(0),
        "$ARRAY" => Returns::ArrayOf(0),
        "$WINDOW_START" | "$WINDOW_END" => Returns::Timestamp,
        "$WINDOW_PROCTIME" => Returns::TimestampLtz,
        _ if name.starts_with('$') || name.starts_with("fn:") => Returns::Unknown,
        _ => functions::builtin(name)?.returns,
    })
}

/// Which columns of a table are rowtimes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rowtime<'a> {
    None,
    Column(&'a str),
    /// Nothing can be said.
    Perhaps,
}

fn table_schema(table: &Table, rowtime: Rowtime) -> SchemaRef {
    let attribute = |column: &TableColumn| match rowtime {
        _ if column.kind == (TableColumnKind::Computed { proctime: true }) => {
            Some(Attribute::Proctime)
        }
        Rowtime::Column(name) if name == column.name => Some(Attribute::Rowtime),
        Rowtime::Perhaps => Some(Attribute::Perhaps),
        _ => None,
    };
    let fields: Vec<Field> = table
        .columns
        .iter()
        .map(|column| {
            let known = column.ty.clone().map(|ty| Known { ty, exact: true });
            let mut field = types::optional_field(&column.name, known.as_ref());
            if column.kind == TableColumnKind::Physical && known.is_some_and(|k| k.ty.nullable) {
                field = types::declared_nullable(field);
            }
            types::with_attribute(field, attribute(column))
        })
        .collect();
    Arc::new(Schema::new(fields))
}

/// What a temporal join needs of the table whose versions it reads.
#[derive(Debug, Clone)]
pub struct Version {
    pub key: Vec<String>,
    pub rowtime: bool,
    pub declared: Span,
}

/// A table that the script declares.
#[derive(Debug)]
pub struct BaseTable {
    /// Its full path.
    pub path: String,
    pub entry: EntryId,
    schema: SchemaRef,
    pub version: Version,
    /// All of its columns, keys and watermarks are known.
    pub complete: bool,
}

impl TableSource for BaseTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

/// A view: its query stands in for it.
#[derive(Debug)]
struct ViewSource {
    plan: LogicalPlan,
    schema: SchemaRef,
}

impl ViewSource {
    fn new(plan: LogicalPlan, columns: Option<&[String]>) -> Result<Self> {
        let plan = match columns {
            Some(names) if names.len() == plan.schema().fields().len() => {
                let exprs: Vec<Expr> = plan
                    .schema()
                    .columns()
                    .into_iter()
                    .zip(names)
                    .map(|(column, name)| Expr::Column(column).alias(name))
                    .collect();
                LogicalPlanBuilder::from(plan).project(exprs)?.build()?
            }
            Some(_) => return plan_err!("a view names more or fewer columns than it has"),
            None => plan,
        };
        let schema = Arc::new(plan.schema().as_arrow().clone());
        Ok(Self { plan, schema })
    }
}

impl TableSource for ViewSource {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn get_logical_plan(&self) -> Option<Cow<'_, LogicalPlan>> {
        Some(Cow::Borrowed(&self.plan))
    }
}
