//! Plans to operators. What cannot be executed is named; nothing stands in for it.

mod expressions;
mod matching;

use super::Zone;
use super::expr::Ex;
use super::operator::{Join, Operator, Side, Version, Window};
use super::value::Value;
use super::window::Kind;
use crate::catalog::{Catalog, EntryId, TableColumnKind};
use crate::validate::context::BaseTable;
use crate::validate::lower::relations::AS_OF;
use crate::validate::node::Opaque;
use datafusion::common::{Column, DFSchema, JoinType, NullEquality, ScalarValue};
use datafusion::logical_expr::expr::GroupingSet;
use datafusion::logical_expr::{Distinct, Expr, LogicalPlan};
use expressions::call;
use std::collections::BTreeSet;

type Compiled<T> = Result<T, String>;
type Columns = Vec<(Option<String>, String)>;

pub struct Compiler<'a> {
    pub catalog: &'a Catalog,
    zone: Zone,
    /// Columns of the queries around, outermost first, each with the schema that they are of.
    scopes: Vec<Columns>,
    /// What is not executed: functions by their names.
    pub missing: BTreeSet<String>,
    pub tables: BTreeSet<EntryId>,
    pub asks_watermark: bool,
}

fn columns(schema: &DFSchema) -> Columns {
    let column = |(q, f): (
        Option<&datafusion::common::TableReference>,
        &std::sync::Arc<_>,
    )| {
        let field: &datafusion::arrow::datatypes::Field = f;
        (q.map(ToString::to_string), field.name().clone())
    };
    schema.iter().map(column).collect()
}

fn find(column: &Column, columns: &Columns) -> Compiled<usize> {
    let qualifier = column.relation.as_ref().map(ToString::to_string);
    let of = |exact: bool| -> Vec<usize> {
        let all = columns.iter().enumerate();
        all.filter(|(_, c)| c.1 == column.name && (!exact || c.0 == qualifier))
            .map(|(n, _)| n)
            .collect()
    };
    if let [only] = of(true)[..] {
        return Ok(only);
    }
    if let ([only], None) = (&of(false)[..], &qualifier) {
        return Ok(*only);
    }
    Err(format!(
        "the column {}, which does not resolve",
        column.flat_name()
    ))
}

impl<'a> Compiler<'a> {
    pub fn new(catalog: &'a Catalog, zone: Zone) -> Self {
        Self {
            catalog,
            zone,
            scopes: Vec::new(),
            missing: BTreeSet::new(),
            tables: BTreeSet::new(),
            asks_watermark: false,
        }
    }

    pub fn operator(&mut self, plan: &LogicalPlan) -> Compiled<Operator> {
        let inputs = plan.inputs();
        let scope: Columns = inputs.iter().flat_map(|i| columns(i.schema())).collect();
        let schema: &DFSchema = match inputs[..] {
            [only] => only.schema(),
            _ => plan.schema(),
        };
        let scope = Scope {
            columns: scope,
            schema,
        };
        Ok(match plan {
            LogicalPlan::SubqueryAlias(alias) => self.operator(&alias.input)?,
            LogicalPlan::Subquery(subquery) => self.operator(&subquery.subquery)?,
            LogicalPlan::TableScan(scan) => {
                let Some(table) = scan.source.downcast_ref::<BaseTable>() else {
                    return Err(format!("the relation {}", scan.table_name));
                };
                if scan.projection.is_some() || scan.fetch.is_some() || !scan.filters.is_empty() {
                    return Err("a scan that is not plain".to_owned());
                }
                self.tables.insert(table.entry);
                Operator::Scan { table: table.entry }
            }
            LogicalPlan::EmptyRelation(empty) => Operator::Values(if empty.produce_one_row {
                vec![Vec::new()]
            } else {
                Vec::new()
            }),
            LogicalPlan::Values(values) => {
                let rows = values.values.iter().map(|row| self.exprs(row, &scope));
                Operator::Values(rows.collect::<Compiled<_>>()?)
            }
            LogicalPlan::Projection(projection) => Operator::Project {
                exprs: self.exprs(&projection.expr, &scope)?,
                input: self.boxed(&projection.input)?,
            },
            LogicalPlan::Filter(filter) => Operator::Filter {
                condition: self.expr(&filter.predicate, &scope)?,
                input: self.boxed(&filter.input)?,
            },
            LogicalPlan::Window(window) => {
                let exprs = window.window_expr.iter().map(|e| self.over(e, &scope));
                Operator::Over {
                    exprs: exprs.collect::<Compiled<_>>()?,
                    input: self.boxed(&window.input)?,
                }
            }
            LogicalPlan::Aggregate(aggregate) => {
                let (keys, sets) = match &aggregate.group_expr[..] {
                    [Expr::GroupingSet(sets)] => {
                        let keys: Vec<Expr> = sets.distinct_expr().into_iter().cloned().collect();
                        let sets = grouping_sets(sets, &keys)?;
                        (keys, sets)
                    }
                    keys => (keys.to_vec(), vec![vec![true; keys.len()]]),
                };
                let mut grouped = Vec::new();
                for key in &keys {
                    grouped.push(self.key(key, &scope)?);
                }
                Operator::Aggregate {
                    keys: grouped,
                    sets,
                    aggregates: self.exprs(&aggregate.aggr_expr, &scope)?,
                    input: self.boxed(&aggregate.input)?,
                }
            }
            LogicalPlan::Distinct(Distinct::All(input)) => {
                let width = input.schema().fields().len();
                Operator::Aggregate {
                    keys: (0..width).map(Ex::Col).collect(),
                    sets: vec![vec![true; width]],
                    aggregates: Vec::new(),
                    input: self.boxed(input)?,
                }
            }
            LogicalPlan::Sort(sort) if sort.fetch.is_none() => Operator::Sort {
                by: self.sorts(&sort.expr, &scope)?,
                input: self.boxed(&sort.input)?,
            },
            LogicalPlan::Limit(limit) => {
                let count = |e: &Option<Box<Expr>>| match e.as_deref() {
                    None => Ok(None),
                    Some(Expr::Literal(ScalarValue::Int64(Some(n)), _)) => {
                        Ok(usize::try_from(*n).ok())
                    }
                    Some(_) => Err("LIMIT by an expression".to_owned()),
                };
                Operator::Limit {
                    skip: count(&limit.skip)?.unwrap_or(0),
                    fetch: count(&limit.fetch)?,
                    input: self.boxed(&limit.input)?,
                }
            }
            LogicalPlan::Union(union) => {
                let inputs = union.inputs.iter().map(|i| self.operator(i));
                Operator::Union(inputs.collect::<Compiled<_>>()?)
            }
            LogicalPlan::Join(join) => self.join(join, &scope)?,
            LogicalPlan::Extension(extension) => {
                match extension.node.as_any().downcast_ref::<Opaque>() {
                    Some(node) => self.opaque(node, &scope)?,
                    None => return Err(extension.node.name().to_owned()),
                }
            }
            other => return Err(other.display().to_string()),
        })
    }

    fn boxed(&mut self, plan: &LogicalPlan) -> Compiled<Box<Operator>> {
        self.operator(plan).map(Box::new)
    }

    fn join(
        &mut self,
        join: &datafusion::logical_expr::logical_plan::Join,
        scope: &Scope,
    ) -> Compiled<Operator> {
        let side = match join.join_type {
            JoinType::Inner => Side::Inner,
            JoinType::Left => Side::Left,
            JoinType::Right => Side::Right,
            JoinType::Full => Side::Full,
            JoinType::LeftSemi => Side::Semi,
            JoinType::LeftAnti => Side::Anti,
            other => return Err(format!("a {other} join")),
        };
        let left_columns = columns(join.left.schema());
        let right_columns = columns(join.right.schema());
        let (left_width, right_width) = (left_columns.len(), right_columns.len());
        let left_scope = Scope {
            columns: left_columns.clone(),
            schema: join.left.schema(),
        };
        let right_scope = Scope {
            columns: right_columns,
            schema: join.right.schema(),
        };
        let mut on = Vec::new();
        let mut same = Vec::new();
        for (left, right) in &join.on {
            let (left, right) = (
                self.expr(left, &left_scope)?,
                self.expr(right, &right_scope)?,
            );
            let (Ex::Col(left), Ex::Col(right)) = (left, right) else {
                return Err("a join of expressions".to_owned());
            };
            match join.null_equality {
                NullEquality::NullEqualsNull => same.push((left, right)),
                NullEquality::NullEqualsNothing => {
                    on.push(call("=", vec![Ex::Col(left), Ex::Col(left_width + right)])?);
                }
            }
        }
        if let Some(filter) = &join.filter {
            on.push(self.expr(filter, scope)?);
        }
        let mut version = None;
        let mut lateral = is_lateral(&join.right);
        if lateral {
            self.scopes.push(left_columns);
        }
        let right = match as_of(&join.right) {
            Some(node) => {
                version = self.version(node, left_width)?;
                lateral = false;
                self.operator(&node.inputs[0])
            }
            None => self.operator(&join.right),
        };
        if is_lateral(&join.right) {
            self.scopes.pop();
        }
        Ok(Operator::Join(Box::new(Join {
            side,
            left: self.operator(&join.left)?,
            right: right?,
            left_width,
            right_width,
            lateral,
            on: match on.len() {
                0 => None,
                _ => Some(Ex::And(on)),
            },
            same,
            version,
        })))
    }

    /// `None` for a look-up: the table as it is.
    fn version(&mut self, node: &Opaque, left_width: usize) -> Compiled<Option<Version>> {
        let Some(table) = base_table(&node.inputs[0]) else {
            return Err("a versioned view".to_owned());
        };
        let entry = &self.catalog.entries[table.entry];
        let Some(table) = entry.table() else {
            return Err("a versioned view".to_owned());
        };
        let Some(watermark) = &table.watermark else {
            return Ok(None);
        };
        if self.is_processing_time(&node.exprs[0]) {
            return Ok(None);
        }
        let column = table
            .columns
            .iter()
            .position(|c| [&c.name] == [&watermark.column.join(".")]);
        let Some(column) = column else {
            return Err("a version by a nested time".to_owned());
        };
        let empty = DFSchema::empty();
        let scope = Scope {
            columns: Vec::new(),
            schema: &empty,
        };
        Ok(Some(Version {
            at: self.expr(&node.exprs[0], &scope)?,
            column: left_width + column,
        }))
    }

    /// Calls PROCTIME(), or reads a column of a name that some table computes so.
    fn is_processing_time(&self, version: &Expr) -> bool {
        let proctime = |name: &str| {
            let tables = self.catalog.entries.iter().filter_map(|e| e.table());
            tables.flat_map(|t| &t.columns).any(|c| {
                c.name == name && matches!(c.kind, TableColumnKind::Computed { proctime: true })
            })
        };
        match version {
            Expr::OuterReferenceColumn(_, column) | Expr::Column(column) => proctime(&column.name),
            Expr::ScalarFunction(f) => f.func.name() == "PROCTIME",
            _ => false,
        }
    }

    fn opaque(&mut self, node: &Opaque, scope: &Scope) -> Compiled<Operator> {
        if let Some(sequence) = &node.sequence {
            return self.sequence(node, sequence, scope);
        }
        match node.kind.as_str() {
            kind @ ("TUMBLE" | "HOP" | "CUMULATE" | "SESSION") => self.window(kind, node, scope),
            kind @ ("UNNEST" | "UNNEST WITH ORDINALITY") => {
                let ordinality = kind != "UNNEST";
                Ok(Operator::Unnest {
                    array: self.expr(&node.exprs[0], scope)?,
                    ordinality,
                    width: node.schema.fields().len() - usize::from(ordinality),
                })
            }
            kind => {
                let name = kind.split(' ').next().unwrap_or(kind);
                Err(match name.strip_prefix("fn:") {
                    Some(function) => format!("the table function {function}"),
                    None => name.trim_start_matches('$').to_owned(),
                })
            }
        }
    }

    fn window(&mut self, kind: &str, node: &Opaque, scope: &Scope) -> Compiled<Operator> {
        let mut partition = Vec::new();
        let mut time = None;
        let mut sizes: Vec<(Option<String>, i128)> = Vec::new();
        let (mut in_partition, mut name) = (false, None);
        for expr in &node.exprs {
            match expr {
                Expr::Literal(ScalarValue::Utf8(Some(text)), _) if text == "PARTITION BY" => {
                    in_partition = true;
                }
                Expr::Literal(ScalarValue::Utf8(Some(text)), _) if text.ends_with(" =>") => {
                    in_partition = false;
                    name = Some(text.trim_end_matches(" =>").to_owned());
                }
                Expr::ScalarFunction(f) if f.func.name() == "DESCRIPTOR" => {
                    in_partition = false;
                    name = None;
                    match self.expr(&f.args[0], scope)? {
                        Ex::Col(n) => time = Some(n),
                        _ => return Err(format!("{kind} on an expression")),
                    }
                }
                expr if in_partition => partition.push(self.expr(expr, scope)?),
                expr => match self.expr(expr, scope)? {
                    Ex::Literal(Value::Millis(ms)) => {
                        sizes.push((name.take(), i128::from(ms) * 1_000_000))
                    }
                    _ => {
                        return Err(format!(
                            "{kind} with a size that is no interval of days or less"
                        ));
                    }
                },
            }
        }
        let size = |names: &[&str], index: usize| {
            let by_name = sizes
                .iter()
                .find(|(n, _)| n.as_deref().is_some_and(|n| names.contains(&n)));
            let unnamed = sizes.iter().all(|(n, _)| n.is_none());
            by_name
                .or_else(|| sizes.get(index).filter(|_| unnamed))
                .map(|(_, size)| *size)
        };
        let kind = window_kind(kind, &size);
        match (kind, time) {
            (Some(kind), Some(time)) => Ok(Operator::Window(Box::new(Window {
                kind,
                time,
                partition,
                input: self.operator(&node.inputs[0])?,
            }))),
            _ => Err(format!("{} with these arguments", node.kind)),
        }
    }

    /// What rows are grouped by: also a group window.
    fn key(&mut self, expr: &Expr, scope: &Scope) -> Compiled<Ex> {
        match expr {
            Expr::Alias(alias) => self.key(&alias.expr, scope),
            Expr::ScalarFunction(f) if matches!(f.func.name(), "TUMBLE" | "HOP" | "SESSION") => {
                let args = self.exprs(&f.args, scope)?;
                match &args[..] {
                    [time, Ex::Literal(Value::Millis(ms))] if f.func.name() == "TUMBLE" => {
                        let size = i128::from(*ms) * 1_000_000;
                        Ok(Ex::GroupWindow(
                            Box::new(time.clone()),
                            Box::new(Kind::Tumble { size, offset: 0 }),
                        ))
                    }
                    _ => Err(format!("the group window {}", f.func.name())),
                }
            }
            other => self.expr(other, scope),
        }
    }
}

struct Scope<'s> {
    columns: Columns,
    schema: &'s DFSchema,
}

fn window_kind(kind: &str, size: &dyn Fn(&[&str], usize) -> Option<i128>) -> Option<Kind> {
    let positive = |n: i128| (n > 0).then_some(n);
    let kind = match kind {
        "TUMBLE" => Kind::Tumble {
            size: positive(size(&["SIZE"], 0)?)?,
            offset: size(&["OFFSET"], 1).unwrap_or(0),
        },
        "HOP" => Kind::Hop {
            slide: positive(size(&["SLIDE"], 0)?)?,
            size: positive(size(&["SIZE"], 1)?)?,
            offset: size(&["OFFSET"], 2).unwrap_or(0),
        },
        "CUMULATE" => Kind::Cumulate {
            step: positive(size(&["STEP"], 0)?)?,
            max: positive(size(&["SIZE"], 1)?)?,
            offset: size(&["OFFSET"], 2).unwrap_or(0),
        },
        _ => Kind::Session {
            gap: positive(size(&["GAP"], 0)?)?,
        },
    };
    let windows = match &kind {
        Kind::Hop { slide, size, .. } => size / slide,
        Kind::Cumulate { step, max, .. } => max / step,
        _ => 1,
    };
    (windows <= 10_000).then_some(kind)
}

fn is_lateral(plan: &LogicalPlan) -> bool {
    match plan {
        LogicalPlan::SubqueryAlias(alias) => is_lateral(&alias.input),
        LogicalPlan::Projection(projection) => is_lateral(&projection.input),
        LogicalPlan::Subquery(_) => true,
        _ => false,
    }
}

/// The versioned table that the right side of a join is.
fn as_of(plan: &LogicalPlan) -> Option<&Opaque> {
    match plan {
        LogicalPlan::SubqueryAlias(alias) => as_of(&alias.input),
        LogicalPlan::Subquery(subquery) => as_of(&subquery.subquery),
        LogicalPlan::Extension(extension) => extension
            .node
            .as_any()
            .downcast_ref::<Opaque>()
            .filter(|node| node.kind == AS_OF),
        _ => None,
    }
}

fn base_table(plan: &LogicalPlan) -> Option<&BaseTable> {
    match plan {
        LogicalPlan::SubqueryAlias(alias) => base_table(&alias.input),
        LogicalPlan::TableScan(scan) => scan.source.downcast_ref::<BaseTable>(),
        _ => None,
    }
}

/// For each set, which of the keys it has.
fn grouping_sets(sets: &GroupingSet, keys: &[Expr]) -> Compiled<Vec<Vec<bool>>> {
    let has = |set: &[Expr]| keys.iter().map(|k| set.contains(k)).collect::<Vec<bool>>();
    Ok(match sets {
        GroupingSet::Rollup(exprs) => (0..=exprs.len()).rev().map(|n| has(&exprs[..n])).collect(),
        GroupingSet::Cube(exprs) if exprs.len() <= 8 => {
            let bits = (0..1_usize << exprs.len()).rev();
            let set = |bits: usize| {
                let all = exprs.iter().enumerate();
                let chosen: Vec<Expr> = all
                    .filter(|(n, _)| bits >> n & 1 == 1)
                    .map(|(_, e)| e.clone())
                    .collect();
                has(&chosen)
            };
            bits.map(set).collect()
        }
        GroupingSet::Cube(_) => return Err("so large a CUBE".to_owned()),
        GroupingSet::GroupingSets(all) => all.iter().map(|set| has(set)).collect(),
    })
}
