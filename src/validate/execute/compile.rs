//! Plans to operators. What cannot be executed is named; nothing stands in for it.

use super::aggregate::{self, Aggregate};
use super::expr::Ex;
use super::functions;
use super::interval;
use super::operator::{Frame, Join, Operator, Order, Over, Side, Version, Window};
use super::value::{Decimal, NANOS, UNSURE, Value};
use super::window::Kind;
use crate::catalog::{Catalog, EntryId, TableColumnKind};
use crate::parser::parse_type;
use crate::syntax::TypeKind;
use crate::validate::context::BaseTable;
use crate::validate::lower::relations::AS_OF;
use crate::validate::node::Opaque;
use crate::validate::types::{self, Known};
use datafusion::common::{Column, DFSchema, JoinType, NullEquality, ScalarValue};
use datafusion::logical_expr::expr::{GroupingSet, WindowFunction};
use datafusion::logical_expr::{
    Distinct, Expr, ExprSchemable, LogicalPlan, SortExpr, WindowFrameBound, WindowFrameUnits,
};
use std::collections::BTreeSet;

type Compiled<T> = Result<T, String>;
type Columns = Vec<(Option<String>, String)>;

pub struct Compiler<'a> {
    pub catalog: &'a Catalog,
    /// Columns of the queries around, outermost first, each with the schema that they are of.
    scopes: Vec<Columns>,
    /// What is not executed: functions by their names.
    pub missing: BTreeSet<String>,
    pub tables: BTreeSet<EntryId>,
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
    pub fn new(catalog: &'a Catalog) -> Self {
        Self {
            catalog,
            scopes: Vec::new(),
            missing: BTreeSet::new(),
            tables: BTreeSet::new(),
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

    fn exprs(&mut self, exprs: &[Expr], scope: &Scope) -> Compiled<Vec<Ex>> {
        exprs.iter().map(|e| self.expr(e, scope)).collect()
    }

    fn expr(&mut self, expr: &Expr, scope: &Scope) -> Compiled<Ex> {
        let is = |compiler: &mut Self, e: &Expr, wanted, negated| {
            Ok::<_, String>(Ex::Is(Box::new(compiler.expr(e, scope)?), wanted, negated))
        };
        Ok(match expr {
            Expr::Alias(alias) => self.expr(&alias.expr, scope)?,
            Expr::Column(column) => Ex::Col(find(column, &scope.columns)?),
            Expr::OuterReferenceColumn(_, column) => {
                let scopes = self.scopes.iter().rev().enumerate();
                let found = scopes
                    .filter_map(|(up, s)| Some((up, find(column, s).ok()?)))
                    .next();
                match found {
                    Some((up, n)) => Ex::Outer(up + 1, n),
                    None => {
                        return Err(format!(
                            "the column {} of a query around",
                            column.flat_name()
                        ));
                    }
                }
            }
            Expr::Literal(value, _) => Ex::Literal(literal(value)?),
            Expr::ScalarFunction(f) => self.scalar(f.func.name(), &f.args, scope)?,
            Expr::AggregateFunction(f) => {
                let params = &f.params;
                if !params.order_by.is_empty() || params.null_treatment.is_some() {
                    return Err(format!("{} with an order of its own", f.func.name()));
                }
                let filter = params
                    .filter
                    .as_ref()
                    .map(|e| self.expr(e, scope))
                    .transpose()?;
                self.aggregate(f.func.name(), &params.args, params.distinct, filter, scope)?
            }
            Expr::Not(e) => Ex::Not(Box::new(self.expr(e, scope)?)),
            Expr::IsNull(e) | Expr::IsUnknown(e) => is(self, e, None, false)?,
            Expr::IsNotNull(e) | Expr::IsNotUnknown(e) => is(self, e, None, true)?,
            Expr::IsTrue(e) => is(self, e, Some(true), false)?,
            Expr::IsNotTrue(e) => is(self, e, Some(true), true)?,
            Expr::IsFalse(e) => is(self, e, Some(false), false)?,
            Expr::IsNotFalse(e) => is(self, e, Some(false), true)?,
            Expr::Negative(e) => call("$NEG", vec![self.expr(e, scope)?])?,
            Expr::Between(b) => {
                let value = self.expr(&b.expr, scope)?;
                let low = call("<=", vec![self.expr(&b.low, scope)?, value.clone()])?;
                let high = call("<=", vec![value, self.expr(&b.high, scope)?])?;
                let within = Ex::And(vec![low, high]);
                if b.negated {
                    Ex::Not(Box::new(within))
                } else {
                    within
                }
            }
            Expr::InList(list) => Ex::In(
                Box::new(self.expr(&list.expr, scope)?),
                self.exprs(&list.list, scope)?,
                list.negated,
            ),
            Expr::Exists(e) => Ex::Exists(self.query(&e.subquery.subquery, scope)?, e.negated),
            Expr::InSubquery(e) => Ex::InQuery(
                Box::new(self.expr(&e.expr, scope)?),
                self.query(&e.subquery.subquery, scope)?,
                e.negated,
            ),
            Expr::ScalarSubquery(query) => Ex::Query(self.query(&query.subquery, scope)?),
            other => return Err(format!("the expression {other}")),
        })
    }

    fn query(&mut self, plan: &LogicalPlan, scope: &Scope) -> Compiled<Box<Operator>> {
        self.scopes.push(scope.columns.clone());
        let operator = self.operator(plan);
        self.scopes.pop();
        operator.map(Box::new)
    }

    fn aggregate(
        &mut self,
        name: &str,
        args: &[Expr],
        distinct: bool,
        filter: Option<Ex>,
        scope: &Scope,
    ) -> Compiled<Ex> {
        let args = self.exprs(args, scope)?;
        let takes = match name {
            "COUNT" => 0..=usize::MAX,
            "ROW_NUMBER" | "RANK" | "DENSE_RANK" => 0..=0,
            "LISTAGG" => 1..=2,
            "LAG" | "LEAD" => 1..=3,
            _ => 1..=1,
        };
        if !takes.contains(&args.len()) {
            return Err(format!("{} with {} arguments", shown(name), args.len()));
        }
        let known = aggregate::NAMES.iter().chain(RANKS).find(|n| **n == name);
        let name = match known {
            Some(name) => name,
            None => {
                self.missing.insert(shown(name));
                "COUNT"
            }
        };
        Ok(Ex::Aggregate(Box::new(Aggregate {
            name,
            args,
            distinct,
            filter,
        })))
    }

    fn over(&mut self, expr: &Expr, scope: &Scope) -> Compiled<Over> {
        let window: &WindowFunction = match expr {
            Expr::Alias(alias) => return self.over(&alias.expr, scope),
            Expr::WindowFunction(window) => window,
            other => return Err(format!("the expression {other}")),
        };
        let params = &window.params;
        if params.null_treatment.is_some() {
            return Err(format!("{} with a treatment of NULL", window.fun.name()));
        }
        let filter = params
            .filter
            .as_ref()
            .map(|e| self.expr(e, scope))
            .transpose()?;
        let function = self.aggregate(
            window.fun.name(),
            &params.args,
            params.distinct,
            filter,
            scope,
        )?;
        let Ex::Aggregate(function) = function else {
            return Err(window.fun.name().to_owned());
        };
        let frame = &params.window_frame;
        let bound = |bound: &WindowFrameBound| -> Compiled<Option<Value>> {
            match bound {
                WindowFrameBound::CurrentRow => Ok(Some(Value::Int(0, 4))),
                WindowFrameBound::Preceding(v) | WindowFrameBound::Following(v) if v.is_null() => {
                    Ok(None)
                }
                WindowFrameBound::Preceding(v) | WindowFrameBound::Following(v) => {
                    match literal_or_interval(v)? {
                        Value::Null => Ok(None),
                        value => Ok(Some(value)),
                    }
                }
            }
        };
        let (start, end) = (bound(&frame.start_bound)?, bound(&frame.end_bound)?);
        let preceding = !matches!(frame.start_bound, WindowFrameBound::Following(_));
        let current = matches!(frame.end_bound, WindowFrameBound::CurrentRow);
        let count = |value: Option<Value>| match value {
            None => Ok(None),
            Some(Value::Int(n, _)) => Ok(usize::try_from(n).ok()),
            Some(Value::Text(text)) => text.parse().map(Some).map_err(|_| "this frame".to_owned()),
            Some(_) => Err("this frame".to_owned()),
        };
        let frame = match frame.units {
            _ if params.order_by.is_empty() => Frame::All,
            WindowFrameUnits::Rows if preceding => {
                let following = !matches!(frame.end_bound, WindowFrameBound::Preceding(_));
                if !following {
                    return Err("a frame that ends before its row".to_owned());
                }
                Frame::Rows {
                    before: count(start)?,
                    after: count(end)?,
                }
            }
            WindowFrameUnits::Range if preceding && current => match start {
                None => Frame::Range { before: None },
                Some(Value::Millis(ms)) => Frame::Range {
                    before: Some(i128::from(ms) * 1_000_000),
                },
                Some(_) => return Err("a range of this kind".to_owned()),
            },
            _ => return Err("this frame".to_owned()),
        };
        Ok(Over {
            function: *function,
            partition: self.exprs(&params.partition_by, scope)?,
            order: self.sorts(&params.order_by, scope)?,
            frame,
        })
    }

    fn sorts(&mut self, sorts: &[SortExpr], scope: &Scope) -> Compiled<Vec<Order>> {
        let sort = |sort: &SortExpr| {
            Ok(Order {
                ex: self.expr(&sort.expr, scope)?,
                descending: !sort.asc,
                nulls_first: sort.nulls_first,
            })
        };
        sorts.iter().map(sort).collect()
    }

    fn scalar(&mut self, name: &str, args: &[Expr], scope: &Scope) -> Compiled<Ex> {
        let text = |index: usize| match args.get(index) {
            Some(Expr::Literal(ScalarValue::Utf8(Some(text)), _)) => Some(text.as_str()),
            _ => None,
        };
        // The planner only warns of these: a function of the user's may stand before the built-in one.
        if let Some(builtin) = crate::validate::functions::builtin(name)
            && !(builtin.arity.0..=builtin.arity.1).contains(&args.len())
        {
            return Err(format!("{name} with {} arguments", args.len()));
        }
        Ok(match name {
            "AND" => Ex::And(self.exprs(args, scope)?),
            "OR" => Ex::Or(self.exprs(args, scope)?),
            "COALESCE" | "IFNULL" => {
                Self::widened(Ex::Coalesce(self.exprs(args, scope)?), args, scope)
            }
            "IF" => {
                let mut args_of = self.exprs(args, scope)?.into_iter();
                let (Some(when), Some(then), Some(otherwise)) =
                    (args_of.next(), args_of.next(), args_of.next())
                else {
                    return Err("IF".to_owned());
                };
                Self::widened(
                    Ex::Case(vec![(when, then)], Box::new(otherwise)),
                    &args[1..],
                    scope,
                )
            }
            "$CASE" => {
                let all = self.exprs(args, scope)?;
                let searched = text(0) == Some("$SEARCHED");
                let mut whens = Vec::new();
                for pair in all[1..].chunks_exact(2) {
                    let when = match searched {
                        true => pair[0].clone(),
                        false => call("=", vec![all[0].clone(), pair[0].clone()])?,
                    };
                    whens.push((when, pair[1].clone()));
                }
                let otherwise = match all.len().is_multiple_of(2) {
                    true => all[all.len() - 1].clone(),
                    false => Ex::Literal(Value::Null),
                };
                let results: Vec<Expr> = args[1..]
                    .chunks(2)
                    .filter_map(|p| p.last().cloned())
                    .collect();
                Self::widened(Ex::Case(whens, Box::new(otherwise)), &results, scope)
            }
            "$CAST" | "$TRY_CAST" => {
                let Some(ty) = text(1).and_then(parse_type) else {
                    return Err(format!("a cast to {}", text(1).unwrap_or("?")));
                };
                let of = Box::new(self.expr(&args[0], scope)?);
                let cast = Ex::Cast {
                    of,
                    ty,
                    try_cast: name == "$TRY_CAST",
                };
                constant(cast)
            }
            "$INTERVAL" => match text(1).and_then(interval::read) {
                Some(value) => Ex::Literal(value),
                None => return Err(format!("the interval {}", text(1).unwrap_or("?"))),
            },
            "JSON_VALUE" if args.len() == 3 => {
                let returning = match &args[2] {
                    Expr::ScalarFunction(f) => match f.args.get(1) {
                        Some(Expr::Literal(ScalarValue::Utf8(Some(text)), _)) => {
                            text.strip_prefix("RETURNING ")
                        }
                        _ => None,
                    },
                    _ => None,
                };
                let Some(ty) = returning.and_then(parse_type) else {
                    return Err("JSON_VALUE with clauses".to_owned());
                };
                let of = Box::new(call("JSON_VALUE", self.exprs(&args[..2], scope)?)?);
                Ex::Cast {
                    of,
                    ty,
                    try_cast: true,
                }
            }
            "CURRENT_TIMESTAMP" | "NOW" | "PROCTIME" | "CURRENT_ROW_TIMESTAMP" => {
                Ex::Clock(|ns| Value::TimestampLtz(ns, 3))
            }
            "LOCALTIMESTAMP" => Ex::Clock(|ns| Value::Timestamp(ns, 3)),
            "CURRENT_DATE" => Ex::Clock(|ns| Value::Date(ns.div_euclid(86_400 * NANOS) as i32)),
            "UNIX_TIMESTAMP" if args.is_empty() => {
                Ex::Clock(|ns| Value::Int(ns.div_euclid(NANOS) as i64, 8))
            }
            "$WINDOW_START" | "$WINDOW_END" => {
                let field = if name == "$WINDOW_START" {
                    "start"
                } else {
                    "end"
                };
                call(
                    "$FIELD",
                    vec![self.expr(&args[0], scope)?, Ex::Literal(Value::text(field))],
                )?
            }
            "$WINDOW_ROWTIME" => {
                let end = call(
                    "$FIELD",
                    vec![self.expr(&args[0], scope)?, Ex::Literal(Value::text("end"))],
                )?;
                call("-", vec![end, Ex::Literal(Value::Millis(1))])?
            }
            _ => match functions::find(name) {
                Some((name, nulls, body)) => {
                    let call = Ex::Call {
                        name,
                        nulls: *nulls,
                        body: *body,
                        args: self.exprs(args, scope)?,
                    };
                    match *name {
                        "GREATEST" | "LEAST" => Self::widened(call, args, scope),
                        _ => call,
                    }
                }
                None => {
                    // Its arguments may be missing too.
                    self.exprs(args, scope)?;
                    self.missing.insert(shown(name));
                    Ex::Literal(Value::Null)
                }
            },
        })
    }

    /// A choice between numbers gives all of one type: a double if some are, a decimal that holds all of them where their
    /// types are declared. Where a type is computed an integer keeps its scale: the number is the same.
    fn widened(ex: Ex, choices: &[Expr], scope: &Scope) -> Ex {
        let digits = |e: &Expr| -> Option<Option<(u8, u8)>> {
            if let Expr::Literal(value, _) = e
                && let Ok(value) = literal(value)
            {
                return Some(value.exact().map(|d| (d.precision - d.scale, d.scale)));
            }
            let (_, field) = e.to_field(scope.schema).ok()?;
            let Known { ty, exact } = types::known(&field)?;
            match ty.kind {
                TypeKind::Decimal { precision, scale } => {
                    exact.then_some(Some((precision - scale, scale)))
                }
                TypeKind::TinyInt => Some(Some((3, 0))),
                TypeKind::SmallInt => Some(Some((5, 0))),
                TypeKind::Int => Some(Some((10, 0))),
                TypeKind::BigInt => Some(Some((19, 0))),
                _ => None,
            }
        };
        let kind = |e: &Expr| {
            let (_, field) = e.to_field(scope.schema).ok()?;
            types::known(&field).map(|Known { ty, .. }| ty.kind)
        };
        let kinds: Vec<TypeKind> = choices.iter().filter_map(kind).collect();
        let cast = |ty: TypeKind| Ex::Cast {
            of: Box::new(ex.clone()),
            ty: ty.nullable(),
            try_cast: false,
        };
        if kinds.iter().any(|k| matches!(k, TypeKind::Double)) {
            return cast(TypeKind::Double);
        }
        let all: Option<Vec<Option<(u8, u8)>>> = choices.iter().map(digits).collect();
        let all: Vec<(u8, u8)> = all.into_iter().flatten().flatten().collect();
        let (whole, scale) = all
            .iter()
            .fold((0, 0), |(w, s), (a, b)| (w.max(*a), s.max(*b)));
        match scale > 0 && whole + scale <= 38 {
            true => cast(TypeKind::Decimal {
                precision: whole + scale,
                scale,
            }),
            false => ex,
        }
    }
}

struct Scope<'s> {
    columns: Columns,
    schema: &'s DFSchema,
}

/// Functions that need OVER and no frame.
const RANKS: &[&str] = &["DENSE_RANK", "LAG", "LEAD", "RANK", "ROW_NUMBER"];

fn call(name: &str, args: Vec<Ex>) -> Compiled<Ex> {
    match functions::find(name) {
        Some((name, nulls, body)) => Ok(Ex::Call {
            name,
            nulls: *nulls,
            body: *body,
            args,
        }),
        None => Err(shown(name)),
    }
}

/// The name of a stub as a reader knows it.
fn shown(name: &str) -> String {
    let name = name.trim_start_matches('$');
    match name.split_once(':') {
        Some((_, user)) => format!("the function {user} of the user"),
        None => name.to_owned(),
    }
}

/// A cast of a literal, once and for all; one that fails keeps failing where it is computed.
fn constant(ex: Ex) -> Ex {
    let value = match &ex {
        Ex::Cast { of, ty, .. } => match &**of {
            Ex::Literal(value @ Value::Text(_)) if ty.kind == TypeKind::Timestamp(6) => {
                match super::cast::cast(value, ty) {
                    Ok(Value::Timestamp(ns, _)) => Some(Value::Timestamp(ns, UNSURE)),
                    _ => None,
                }
            }
            Ex::Literal(value) => super::cast::cast(value, ty).ok(),
            _ => None,
        },
        _ => None,
    };
    value.map_or(ex, Ex::Literal)
}

fn literal(value: &ScalarValue) -> Compiled<Value> {
    let int = |v: i64| Value::Int(v, if i32::try_from(v).is_ok() { 4 } else { 8 });
    if value.is_null() {
        return Ok(Value::Null);
    }
    Ok(match value {
        ScalarValue::Boolean(Some(b)) => Value::Bool(*b),
        ScalarValue::Int64(Some(v)) => int(*v),
        ScalarValue::UInt64(Some(v)) => {
            int(i64::try_from(*v).map_err(|_| "so large a number".to_owned())?)
        }
        ScalarValue::Decimal128(Some(v), precision, scale) => Value::Decimal(Decimal {
            unscaled: *v,
            precision: *precision,
            scale: u8::try_from(*scale).map_err(|_| format!("the literal {value}"))?,
        }),
        ScalarValue::Float64(Some(v)) => Value::Double(*v),
        ScalarValue::Utf8(Some(s))
        | ScalarValue::LargeUtf8(Some(s))
        | ScalarValue::Utf8View(Some(s)) => Value::text(s.as_str()),
        other => return Err(format!("the literal {other}")),
    })
}

fn literal_or_interval(value: &ScalarValue) -> Compiled<Value> {
    if let ScalarValue::Utf8(Some(text)) = value
        && let Some(interval) = interval::read(text)
    {
        return Ok(interval);
    }
    literal(value)
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
