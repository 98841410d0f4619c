//! DataFusion's planner as it comes, over the same tables.

use crate::QUERIES;
use datafusion::arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use datafusion::common::config::ConfigOptions;
use datafusion::common::{Result, TableReference, plan_err};
use datafusion::logical_expr::planner::{ContextProvider, ExprPlanner};
use datafusion::logical_expr::{
    AggregateUDF, HigherOrderUDF, LogicalTableSource, ScalarUDF, TableSource, WindowUDF,
};
use datafusion::sql::planner::SqlToRel;
use datafusion::sql::sqlparser::ast::Statement;
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;
use std::collections::BTreeMap;
use std::sync::Arc;

pub struct Peer {
    tables: BTreeMap<&'static str, Arc<dyn TableSource>>,
    statements: BTreeMap<&'static str, Statement>,
    options: ConfigOptions,
    planners: Vec<Arc<dyn ExprPlanner>>,
}

impl Peer {
    pub fn new() -> Peer {
        let time = DataType::Timestamp(TimeUnit::Millisecond, None);
        let table = |columns: &[(&str, DataType)]| -> Arc<dyn TableSource> {
            let fields = columns
                .iter()
                .map(|(name, ty)| Field::new(*name, ty.clone(), true));
            Arc::new(LogicalTableSource::new(Arc::new(Schema::new(
                fields.collect::<Vec<_>>(),
            ))))
        };
        let orders = table(&[
            ("id", DataType::Int64),
            ("customer", DataType::Utf8),
            ("price", DataType::Float64),
            ("quantity", DataType::Int32),
            ("ts", time.clone()),
        ]);
        let payments = table(&[
            ("id", DataType::Int64),
            ("order_id", DataType::Int64),
            ("amount", DataType::Float64),
            ("ts", time),
        ]);
        let statement = |query: &'static str| {
            let mut statements =
                Parser::parse_sql(&GenericDialect, query).expect("sqlparser reads it");
            (query, statements.remove(0))
        };
        Peer {
            tables: BTreeMap::from([("orders", orders), ("payments", payments)]),
            statements: QUERIES.into_iter().map(statement).collect(),
            options: ConfigOptions::default(),
            planners: Vec::new(),
        }
    }

    /// The query has been parsed, as it has for the other planner.
    pub fn plan(&self, query: &str) {
        let statement = self.statements[query].clone();
        let plan = SqlToRel::new(self).sql_statement_to_plan(statement);
        divan::black_box(plan.expect("DataFusion plans it"));
    }
}

impl ContextProvider for Peer {
    fn get_table_source(&self, name: TableReference) -> Result<Arc<dyn TableSource>> {
        match self.tables.get(name.table()) {
            Some(table) => Ok(Arc::clone(table)),
            None => plan_err!("no table {name}"),
        }
    }

    fn get_expr_planners(&self) -> &[Arc<dyn ExprPlanner>] {
        &self.planners
    }

    fn get_function_meta(&self, _: &str) -> Option<Arc<ScalarUDF>> {
        None
    }

    fn get_higher_order_meta(&self, _: &str) -> Option<Arc<HigherOrderUDF>> {
        None
    }

    fn get_aggregate_meta(&self, _: &str) -> Option<Arc<AggregateUDF>> {
        None
    }

    fn get_window_meta(&self, _: &str) -> Option<Arc<WindowUDF>> {
        None
    }

    fn get_variable_type(&self, _: &[String]) -> Option<DataType> {
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
