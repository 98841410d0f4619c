//! The planner's plan to a [`Rel`]. Names are resolved to positions; one that does not resolve is an error, never a
//! guess.

use super::rel::{Ex, Rel, Shape};
use crate::validate::context::BaseTable;
use crate::validate::node::Opaque;
use datafusion::common::{Column, DFSchema, JoinType};
use datafusion::logical_expr::expr::{
    AggregateFunctionParams, GroupingSet, NullTreatment, WindowFunctionParams,
};
use datafusion::logical_expr::{Distinct, Expr, LogicalPlan, SortExpr, Subquery};

type Converted<T> = Result<T, String>;

/// The columns of one operator's inputs: name with and without its table.
type Columns = Vec<NamedColumn>;
type NamedColumn = (Option<String>, String);

pub fn convert(plan: &LogicalPlan) -> Converted<Rel> {
    Converter { scopes: Vec::new() }.rel(plan)
}

struct Converter {
    /// Columns of the operators around, outermost first.
    scopes: Vec<Columns>,
}

fn columns(schema: &DFSchema) -> Columns {
    schema
        .iter()
        .map(|(q, f)| (q.map(ToString::to_string), f.name().clone()))
        .collect()
}

fn find(column: &Column, columns: &Columns) -> Converted<usize> {
    let qualifier = column.relation.as_ref().map(ToString::to_string);
    let of = |test: &dyn Fn(&NamedColumn) -> bool| -> Vec<usize> {
        let all = columns.iter().enumerate();
        all.filter(|(_, c)| test(c)).map(|(n, _)| n).collect()
    };
    let exact = of(&|c| c.1 == column.name && c.0 == qualifier);
    if let [only] = exact[..] {
        return Ok(only);
    }
    if exact.is_empty() && qualifier.is_none() {
        let named = of(&|c| c.1 == column.name);
        if let [only] = named[..] {
            return Ok(only);
        }
    }
    Err(format!(
        "column `{}` of the plan does not resolve",
        column.flat_name()
    ))
}

impl Converter {
    fn rel(&mut self, plan: &LogicalPlan) -> Converted<Rel> {
        let inputs = plan.inputs();
        let scope: Columns = inputs.iter().flat_map(|i| columns(i.schema())).collect();
        Ok(match plan {
            LogicalPlan::SubqueryAlias(alias) => self.rel(&alias.input)?,
            LogicalPlan::Subquery(subquery) => self.rel(&subquery.subquery)?,
            LogicalPlan::TableScan(scan) => {
                let table = match scan.source.downcast_ref::<BaseTable>() {
                    Some(table) => table.path.clone(),
                    None => scan.table_name.to_string(),
                };
                if scan.projection.is_some() || scan.fetch.is_some() || !scan.filters.is_empty() {
                    return Err("a scan that is not plain".to_owned());
                }
                let fields = scan.projected_schema.fields();
                Rel::Scan {
                    table,
                    columns: fields.iter().map(|f| f.name().clone()).collect(),
                }
            }
            LogicalPlan::EmptyRelation(empty) => Rel::Rows {
                kind: format!("Empty one_row={}", empty.produce_one_row),
                width: empty.schema.fields().len(),
                exprs: Vec::new(),
            },
            LogicalPlan::Values(values) => {
                let mut exprs = Vec::new();
                for row in &values.values {
                    exprs.push(Ex::call("row", self.exprs(row, &scope)?));
                }
                Rel::Rows {
                    kind: "Values".to_owned(),
                    width: values.schema.fields().len(),
                    exprs,
                }
            }
            LogicalPlan::Projection(projection) => Rel::Project {
                exprs: self.exprs(&projection.expr, &scope)?,
                input: self.boxed(&projection.input)?,
            },
            LogicalPlan::Filter(filter) => Rel::Filter {
                predicate: self.expr(&filter.predicate, &scope)?,
                input: self.boxed(&filter.input)?,
            },
            LogicalPlan::Window(window) => Rel::Window {
                exprs: self.exprs(&window.window_expr, &scope)?,
                input: self.boxed(&window.input)?,
            },
            LogicalPlan::Aggregate(aggregate) => {
                let mut kind = String::from("Aggregate");
                let mut set_id = false;
                let mut keys = aggregate.group_expr.clone();
                if let [Expr::GroupingSet(sets)] = &aggregate.group_expr[..] {
                    set_id = true;
                    keys = sets.distinct_expr().into_iter().cloned().collect();
                    kind = grouping_sets(sets, &keys)?;
                }
                Rel::Aggregate {
                    kind,
                    keys: self.exprs(&keys, &scope)?,
                    set_id,
                    aggregates: self.exprs(&aggregate.aggr_expr, &scope)?,
                    input: self.boxed(&aggregate.input)?,
                }
            }
            LogicalPlan::Distinct(Distinct::All(input)) => {
                let input = self.boxed(input)?;
                Rel::Aggregate {
                    kind: "Aggregate".to_owned(),
                    keys: (0..input.width()).map(Ex::Col).collect(),
                    set_id: false,
                    aggregates: Vec::new(),
                    input,
                }
            }
            LogicalPlan::Sort(sort) => Rel::Order {
                kind: format!("Sort fetch={:?}", sort.fetch),
                exprs: self.sorts(&sort.expr, &scope)?,
                input: self.boxed(&sort.input)?,
            },
            LogicalPlan::Limit(limit) => {
                let mut exprs = Vec::new();
                for (name, expr) in [("skip", &limit.skip), ("fetch", &limit.fetch)] {
                    if let Some(expr) = expr {
                        exprs.push(Ex::call(name, vec![self.expr(expr, &scope)?]));
                    }
                }
                Rel::Order {
                    kind: "Limit".to_owned(),
                    exprs,
                    input: self.boxed(&limit.input)?,
                }
            }
            LogicalPlan::Join(join) => {
                let shape = match join.join_type {
                    JoinType::Inner | JoinType::Left | JoinType::Right | JoinType::Full => {
                        Shape::Both
                    }
                    JoinType::LeftSemi | JoinType::LeftAnti => Shape::LeftOnly,
                    JoinType::RightSemi | JoinType::RightAnti => Shape::RightOnly,
                    JoinType::LeftMark | JoinType::RightMark => {
                        return Err("a mark join".to_owned());
                    }
                };
                let mut on = Vec::new();
                for (left, right) in &join.on {
                    let (left, right) = (self.expr(left, &scope)?, self.expr(right, &scope)?);
                    on.push(Ex::call("=", vec![left, right]));
                }
                if let Some(filter) = &join.filter {
                    on.push(self.expr(filter, &scope)?);
                }
                let left = self.boxed(&join.left)?;
                let lateral = is_lateral(&join.right);
                if lateral {
                    self.scopes.push(columns(join.left.schema()));
                }
                let right = self.boxed(&join.right);
                if lateral {
                    self.scopes.pop();
                }
                Rel::Join {
                    kind: format!("{} nulls={:?}", join.join_type, join.null_equality),
                    shape,
                    lateral,
                    left,
                    right: right?,
                    on,
                }
            }
            LogicalPlan::Union(union) => {
                let inputs = union.inputs.iter().map(|i| self.rel(i));
                Rel::Union {
                    inputs: inputs.collect::<Converted<_>>()?,
                }
            }
            LogicalPlan::Extension(extension) => {
                let Some(node) = extension.node.as_any().downcast_ref::<Opaque>() else {
                    return Err(format!("an unknown operator: {}", extension.node.name()));
                };
                Rel::Opaque {
                    kind: node.kind.clone(),
                    exprs: self.exprs(&node.exprs, &scope)?,
                    inputs: node
                        .inputs
                        .iter()
                        .map(|i| self.rel(i))
                        .collect::<Converted<_>>()?,
                    passes: node.passes,
                    made: node.made.clone(),
                }
            }
            other => {
                let name = other.display().to_string();
                return Err(format!("an operator that is not compared: {name}"));
            }
        })
    }

    fn boxed(&mut self, plan: &LogicalPlan) -> Converted<Box<Rel>> {
        self.rel(plan).map(Box::new)
    }

    fn exprs(&mut self, exprs: &[Expr], scope: &Columns) -> Converted<Vec<Ex>> {
        exprs.iter().map(|e| self.expr(e, scope)).collect()
    }

    fn call(&mut self, name: &str, args: &[&Expr], scope: &Columns) -> Converted<Ex> {
        let args = args.iter().map(|e| self.expr(e, scope));
        Ok(Ex::call(name, args.collect::<Converted<_>>()?))
    }

    fn expr(&mut self, expr: &Expr, scope: &Columns) -> Converted<Ex> {
        Ok(match expr {
            Expr::Alias(alias) => self.expr(&alias.expr, scope)?,
            Expr::Column(column) => Ex::Col(find(column, scope)?),
            Expr::OuterReferenceColumn(_, column) => self.outer(column)?,
            Expr::Literal(value, _) => Ex::Literal(format!("{value:?}")),
            Expr::ScalarFunction(f) => Ex::call(f.func.name(), self.exprs(&f.args, scope)?),
            Expr::AggregateFunction(f) => {
                let params = &f.params;
                let AggregateFunctionParams {
                    args,
                    distinct,
                    filter,
                    order_by,
                    null_treatment,
                } = params;
                let mut all = self.exprs(args, scope)?;
                self.modifiers(
                    &mut all,
                    *distinct,
                    filter.as_deref(),
                    null_treatment.as_ref(),
                    scope,
                )?;
                if !order_by.is_empty() {
                    all.push(Ex::call("order", self.sorts(order_by, scope)?));
                }
                Ex::call(f.func.name(), all)
            }
            Expr::WindowFunction(window) => {
                let WindowFunctionParams {
                    args,
                    partition_by,
                    order_by,
                    window_frame,
                    filter,
                    null_treatment,
                    distinct,
                } = &window.params;
                let mut all = self.exprs(args, scope)?;
                self.modifiers(
                    &mut all,
                    *distinct,
                    filter.as_deref(),
                    null_treatment.as_ref(),
                    scope,
                )?;
                all.push(Ex::call("partition", self.exprs(partition_by, scope)?));
                all.push(Ex::call("order", self.sorts(order_by, scope)?));
                all.push(Ex::Literal(format!("{window_frame:?}")));
                Ex::call(window.fun.name(), all)
            }
            Expr::BinaryExpr(binary) => self.call(
                &binary.op.to_string(),
                &[&binary.left, &binary.right],
                scope,
            )?,
            Expr::Not(e) => self.call("NOT", &[e], scope)?,
            Expr::IsNull(e) => self.call("IS NULL", &[e], scope)?,
            Expr::IsNotNull(e) => self.call("IS NOT NULL", &[e], scope)?,
            Expr::IsTrue(e) => self.call("IS TRUE", &[e], scope)?,
            Expr::IsFalse(e) => self.call("IS FALSE", &[e], scope)?,
            Expr::IsUnknown(e) => self.call("IS UNKNOWN", &[e], scope)?,
            Expr::IsNotTrue(e) => self.call("IS NOT TRUE", &[e], scope)?,
            Expr::IsNotFalse(e) => self.call("IS NOT FALSE", &[e], scope)?,
            Expr::IsNotUnknown(e) => self.call("IS NOT UNKNOWN", &[e], scope)?,
            Expr::Negative(e) => self.call("-", &[e], scope)?,
            Expr::Between(b) => {
                let name = if b.negated { "NOT BETWEEN" } else { "BETWEEN" };
                self.call(name, &[&b.expr, &b.low, &b.high], scope)?
            }
            Expr::InList(list) => {
                let name = if list.negated { "NOT IN" } else { "IN" };
                let mut args = vec![self.expr(&list.expr, scope)?];
                args.extend(self.exprs(&list.list, scope)?);
                Ex::call(name, args)
            }
            Expr::Exists(exists) => {
                let kind = if exists.negated {
                    "NOT EXISTS"
                } else {
                    "EXISTS"
                };
                self.query(kind, Vec::new(), &exists.subquery, scope)?
            }
            Expr::InSubquery(within) => {
                let kind = if within.negated { "NOT IN" } else { "IN" };
                let arg = self.expr(&within.expr, scope)?;
                self.query(kind, vec![arg], &within.subquery, scope)?
            }
            Expr::SetComparison(set) => {
                let kind = format!("{} {:?}", set.op, set.quantifier);
                let arg = self.expr(&set.expr, scope)?;
                self.query(&kind, vec![arg], &set.subquery, scope)?
            }
            Expr::ScalarSubquery(subquery) => self.query("QUERY", Vec::new(), subquery, scope)?,
            other => return Err(format!("an expression that is not compared: {other}")),
        })
    }

    /// A column of an operator around; the innermost that has it.
    fn outer(&self, column: &Column) -> Converted<Ex> {
        for (n, scope) in self.scopes.iter().rev().enumerate() {
            if let Ok(col) = find(column, scope) {
                return Ok(Ex::Outer { depth: n + 1, col });
            }
        }
        Err(format!(
            "outer column `{}` of the plan does not resolve",
            column.flat_name()
        ))
    }

    fn query(
        &mut self,
        kind: &str,
        args: Vec<Ex>,
        subquery: &Subquery,
        scope: &Columns,
    ) -> Converted<Ex> {
        self.scopes.push(scope.clone());
        let rel = self.boxed(&subquery.subquery);
        self.scopes.pop();
        Ok(Ex::Query {
            kind: kind.to_owned(),
            args,
            rel: rel?,
        })
    }

    fn sorts(&mut self, sorts: &[SortExpr], scope: &Columns) -> Converted<Vec<Ex>> {
        let sort = |sort: &SortExpr| {
            let direction = if sort.asc { "asc" } else { "desc" };
            let nulls = if sort.nulls_first { "first" } else { "last" };
            self.call(&format!("{direction} nulls {nulls}"), &[&sort.expr], scope)
        };
        sorts.iter().map(sort).collect()
    }

    fn modifiers(
        &mut self,
        args: &mut Vec<Ex>,
        distinct: bool,
        filter: Option<&Expr>,
        nulls: Option<&NullTreatment>,
        scope: &Columns,
    ) -> Converted<()> {
        if distinct {
            args.push(Ex::Literal("DISTINCT".to_owned()));
        }
        if let Some(filter) = filter {
            args.push(self.call("FILTER", &[filter], scope)?);
        }
        if let Some(nulls) = nulls {
            args.push(Ex::Literal(nulls.to_string()));
        }
        Ok(())
    }
}

/// Does this right side of a join refer to the left side?
fn is_lateral(plan: &LogicalPlan) -> bool {
    match plan {
        LogicalPlan::SubqueryAlias(alias) => is_lateral(&alias.input),
        LogicalPlan::Projection(projection) => is_lateral(&projection.input),
        LogicalPlan::Subquery(_) => true,
        _ => false,
    }
}

/// Grouping sets by the positions of their keys.
fn grouping_sets(sets: &GroupingSet, keys: &[Expr]) -> Converted<String> {
    let position = |e: &Expr| {
        let found = keys.iter().position(|k| k == e);
        found.ok_or_else(|| "a grouping set with a key that is none".to_owned())
    };
    let list = |exprs: &[Expr]| exprs.iter().map(position).collect::<Converted<Vec<_>>>();
    Ok(match sets {
        GroupingSet::Rollup(exprs) => format!("Aggregate rollup {:?}", list(exprs)?),
        GroupingSet::Cube(exprs) => format!("Aggregate cube {:?}", list(exprs)?),
        GroupingSet::GroupingSets(all) => {
            let all = all.iter().map(|exprs| list(exprs));
            format!("Aggregate sets {:?}", all.collect::<Converted<Vec<_>>>()?)
        }
    })
}
