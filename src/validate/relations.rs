//! Plans what stands in FROM and is neither a table nor a derived table.

use super::context::State;
use super::lower::relations::{AS_OF, TABLE, name_span};
use super::lower::{alias_columns, parts};
use super::node::{Opaque, Sequence};
use super::operators::column_span;
use super::types::{self, Attribute, Family, Known};
use crate::diagnostic::Diagnostic;
use crate::syntax::{DataType, TypeKind};
use crate::text::Span;
use datafusion::arrow::datatypes::{Field, FieldRef};
use datafusion::common::{DFSchema, Result, TableReference, not_impl_err, plan_err};
use datafusion::logical_expr::planner::{
    PlannedRelation, RelationPlanner, RelationPlannerContext, RelationPlanning,
};
use datafusion::logical_expr::{
    Expr, ExprSchemable, Extension, LogicalPlan, LogicalPlanBuilder, lit,
};
use sqlparser::ast::{
    self, Expr as SqlExpr, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, ObjectName,
    OrderByExpr, Spanned, TableAlias, TableFactor, Value, WindowType,
};
use std::collections::HashMap;
use std::sync::Arc;

type Context<'a> = &'a mut dyn RelationPlannerContext;
type ColumnFields = Vec<(Option<TableReference>, FieldRef)>;

#[derive(Debug)]
pub struct Relations {
    pub state: Arc<State>,
}

impl RelationPlanner for Relations {
    fn plan_relation(
        &self,
        relation: TableFactor,
        context: &mut dyn RelationPlannerContext,
    ) -> Result<RelationPlanning> {
        let (plan, alias) = match relation {
            TableFactor::Table {
                name,
                alias,
                args: None,
                ..
            } if name.0.len() > 1 => (named_table(name, context)?, alias),
            TableFactor::UNNEST {
                alias,
                array_exprs,
                with_ordinality,
                ..
            } => (
                unnest(array_exprs, with_ordinality, alias.as_ref(), context)?,
                alias,
            ),
            TableFactor::Function {
                name,
                args,
                alias,
                with_ordinality: false,
                ..
            } => {
                let name = parts(&name).pop().unwrap_or_default();
                if name == AS_OF {
                    (self.as_of(args, alias, context)?, None)
                } else {
                    (self.call(name, args, alias.as_ref(), context)?, alias)
                }
            }
            TableFactor::MatchRecognize {
                table,
                partition_by,
                order_by,
                measures,
                rows_per_match,
                after_match_skip,
                pattern,
                symbols,
                alias,
            } => {
                let mut kind = String::from("MATCH_RECOGNIZE");
                if let Some(rows) = &rows_per_match {
                    kind += &format!(" {rows}");
                }
                if let Some(skip) = &after_match_skip {
                    kind += &format!(" {skip}");
                }
                kind += &format!(" PATTERN ({pattern})");
                let sequence = Sequence {
                    pattern,
                    rows: rows_per_match,
                    skip: after_match_skip,
                };
                let clauses = Clauses {
                    partition_by,
                    order_by,
                    measures,
                    symbols,
                };
                let plan = match_recognize(kind, sequence, *table, clauses, context)?;
                (plan, alias)
            }
            other => return Ok(RelationPlanning::Original(Box::new(other))),
        };
        Ok(RelationPlanning::Planned(Box::new(PlannedRelation::new(
            plan, alias,
        ))))
    }
}

/// A table by a name of several parts: its columns are qualified by the last.
fn named_table(name: ObjectName, context: Context) -> Result<LogicalPlan> {
    let span = name_span(&name);
    let last = parts(&name).pop().unwrap_or_default();
    let reference = context.object_name_to_table_reference(name)?;
    let source = context
        .context_provider()
        .get_table_source(reference.clone())
        .map_err(|e| super::errors::table_not_found(e, &reference.to_string(), span))?;
    LogicalPlanBuilder::scan(TableReference::bare(last), source, None)?.build()
}

/// An argument that is a table, and how it is partitioned and ordered.
struct TableArgument {
    factor: TableFactor,
    partition_by: Vec<SqlExpr>,
    order_by: Vec<OrderByExpr>,
}

/// The value of an argument, without its name.
fn unnamed(arg: SqlExpr) -> (Option<String>, SqlExpr) {
    if let SqlExpr::Function(function) = &arg
        && parts(&function.name) == ["$NAMED"]
        && let FunctionArguments::List(list) = &function.args
        && let [
            FunctionArg::Unnamed(FunctionArgExpr::Expr(SqlExpr::Value(name))),
            FunctionArg::Unnamed(FunctionArgExpr::Expr(value)),
        ] = &list.args[..]
    {
        return (name.value.clone().into_string(), value.clone());
    }
    (None, arg)
}

/// The table that an argument names, or the argument itself.
fn table_argument(arg: SqlExpr) -> Result<TableArgument, Box<SqlExpr>> {
    match arg {
        SqlExpr::Subquery(subquery) => Ok(TableArgument {
            factor: TableFactor::Derived {
                lateral: false,
                subquery,
                alias: None,
                sample: None,
            },
            partition_by: Vec::new(),
            order_by: Vec::new(),
        }),
        SqlExpr::Function(mut function) if parts(&function.name) == [TABLE] => {
            let (partition_by, order_by) = match function.over.take() {
                Some(WindowType::WindowSpec(spec)) => (spec.partition_by, spec.order_by),
                _ => (Vec::new(), Vec::new()),
            };
            let argument = match &function.args {
                FunctionArguments::List(list) => list.args.first().cloned(),
                _ => None,
            };
            let factor = match argument {
                Some(FunctionArg::Unnamed(FunctionArgExpr::Expr(SqlExpr::Identifier(name)))) => {
                    table_factor(vec![name])
                }
                Some(FunctionArg::Unnamed(FunctionArgExpr::Expr(SqlExpr::CompoundIdentifier(
                    names,
                )))) => table_factor(names),
                Some(FunctionArg::Unnamed(FunctionArgExpr::Expr(SqlExpr::Subquery(subquery)))) => {
                    TableFactor::Derived {
                        lateral: false,
                        subquery,
                        alias: None,
                        sample: None,
                    }
                }
                _ => return Err(Box::new(SqlExpr::Function(function))),
            };
            Ok(TableArgument {
                factor,
                partition_by,
                order_by,
            })
        }
        other => Err(Box::new(other)),
    }
}

fn table_factor(names: Vec<Ident>) -> TableFactor {
    TableFactor::Table {
        name: ObjectName::from(names),
        alias: None,
        args: None,
        with_hints: Vec::new(),
        version: None,
        with_ordinality: false,
        partitions: Vec::new(),
        json_path: None,
        sample: None,
        index_hints: Vec::new(),
    }
}

fn opaque(
    kind: String,
    exprs: Vec<Expr>,
    inputs: Vec<LogicalPlan>,
    fields: ColumnFields,
    passes: usize,
) -> Result<LogicalPlan> {
    let made = vec![None; fields.len() - passes];
    opaque_made(kind, exprs, inputs, fields, made, None)
}

fn opaque_made(
    kind: String,
    exprs: Vec<Expr>,
    inputs: Vec<LogicalPlan>,
    fields: ColumnFields,
    made: Vec<Option<usize>>,
    sequence: Option<Sequence>,
) -> Result<LogicalPlan> {
    let passes = fields.len() - made.len();
    let schema = DFSchema::new_with_metadata(fields, HashMap::new())?;
    Ok(LogicalPlan::Extension(Extension {
        node: Arc::new(Opaque {
            kind,
            exprs,
            inputs,
            schema: Arc::new(schema),
            passes,
            made,
            sequence,
        }),
    }))
}

/// The columns of a plan without the name of the table.
fn unqualified(plan: &LogicalPlan) -> ColumnFields {
    let fields = plan.schema().fields();
    fields.iter().map(|f| (None, Arc::clone(f))).collect()
}

/// Adds a column; one that is there already gets a number behind its name, as in Calcite.
fn push(fields: &mut ColumnFields, name: &str, known: Option<&Known>) {
    let taken = |name: &str, fields: &ColumnFields| fields.iter().any(|(_, f)| f.name() == name);
    let mut unique = name.to_owned();
    for n in 0.. {
        if !taken(&unique, fields) {
            break;
        }
        unique = format!("{name}{n}");
    }
    let field: Field = types::optional_field(&unique, known);
    fields.push((None, Arc::new(field)));
}

fn declared(kind: TypeKind) -> Known {
    Known {
        ty: kind.nullable(),
        exact: true,
    }
}

/// Why a time column may be no attribute.
const LOST: &str = "a column is a time attribute if it carries its table's watermark or is PROCTIME(); \
                    what is computed of it, such as a CAST, is none";

fn values(args: Vec<FunctionArg>) -> Vec<SqlExpr> {
    args.into_iter()
        .filter_map(|arg| match arg {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
            FunctionArg::Named {
                arg: FunctionArgExpr::Expr(expr),
                ..
            } => Some(expr),
            _ => None,
        })
        .collect()
}

impl Relations {
    /// A table function: of a table, or of values (then it may see the tables to its left).
    fn call(
        &self,
        name: String,
        args: Vec<FunctionArg>,
        alias: Option<&TableAlias>,
        context: Context,
    ) -> Result<LogicalPlan> {
        let mut inputs: Vec<LogicalPlan> = Vec::new();
        let mut exprs: Vec<Expr> = Vec::new();
        let mut rest = Vec::new();
        for arg in values(args) {
            let (arg_name, value) = unnamed(arg);
            match table_argument(value) {
                Ok(table) => {
                    let input = context.plan(table.factor)?;
                    let schema = Arc::clone(input.schema());
                    partitioning(
                        &table.partition_by,
                        &table.order_by,
                        &schema,
                        &mut exprs,
                        context,
                    )?;
                    inputs.push(input);
                }
                Err(value) => rest.push((arg_name, *value)),
            }
        }
        let schema = match &inputs[..] {
            [] => Arc::new(DFSchema::empty()),
            [first, ..] => Arc::new(first.schema().as_ref().clone().strip_qualifiers()),
        };
        let window = matches!(&*name, "TUMBLE" | "HOP" | "CUMULATE" | "SESSION");
        for (arg_name, value) in rest {
            let expr = if inputs.is_empty() {
                lateral_argument(value, context)?
            } else {
                context.sql_to_expr(value, &schema)?
            };
            // The names that Flink gives to the arguments of its windows mean no more than their order does, but
            // two spellings are two plans: a false alarm at worst.
            if let Some(arg_name) = arg_name {
                exprs.push(lit(format!("{} =>", arg_name.to_uppercase())));
            }
            exprs.push(expr);
        }
        if window {
            let [input] = &inputs[..] else {
                return plan_err!("{name} reads one table");
            };
            let mut fields = unqualified(input);
            let passes = fields.len();
            let time = self.time_column(&name, &exprs, &schema);
            push(
                &mut fields,
                "window_start",
                Some(&declared(TypeKind::Timestamp(3))),
            );
            push(
                &mut fields,
                "window_end",
                Some(&declared(TypeKind::Timestamp(3))),
            );
            push(&mut fields, "window_time", time.as_ref());
            if let Some((_, window_time)) = fields.last_mut() {
                let field = window_time.as_ref().clone();
                *window_time = Arc::new(types::with_attribute(field, Some(Attribute::Rowtime)));
            }
            return opaque(name, exprs, inputs, fields, passes);
        }
        let mut fields = Vec::new();
        let mut passes = 0;
        let columns = alias_columns(alias);
        if columns.is_empty() {
            self.state.open_columns();
            if let [input] = &inputs[..] {
                fields = unqualified(input);
                passes = fields.len();
            } else {
                push(&mut fields, "EXPR$0", None);
            }
        }
        for column in columns {
            push(&mut fields, &column, None);
        }
        opaque(name, exprs, inputs, fields, passes)
    }

    /// The type of `window_time`: that of the column that DESCRIPTOR names, which must be a time.
    fn time_column(&self, window: &str, exprs: &[Expr], schema: &DFSchema) -> Option<Known> {
        let descriptor = exprs.iter().find_map(|e| match e {
            Expr::ScalarFunction(f) if f.func.name() == "DESCRIPTOR" => f.args.first(),
            _ => None,
        });
        let Some(descriptor) = descriptor else {
            if let Some(span) = exprs.iter().find_map(column_span) {
                self.state.error(
                    Diagnostic::error(
                        "window-time-column",
                        span,
                        format!("{window} takes its time column as `DESCRIPTOR(column)`"),
                    )
                    .label("no DESCRIPTOR")
                    .help("write `DESCRIPTOR(…)` around the name of the column"),
                );
            }
            return None;
        };
        let (_, field) = descriptor.to_field(schema).ok()?;
        let known = types::known(&field)?;
        let time = match types::family(&known.ty.kind)? {
            Family::Timestamp => Some(declared(TypeKind::Timestamp(3))),
            Family::TimestampLtz => Some(declared(TypeKind::TimestampLtz(3))),
            _ => None,
        };
        match types::attribute(&field) {
            Some(_) if time.is_some() => time,
            None if time.is_some() => {
                if let Some(span) = column_span(descriptor) {
                    let error = Diagnostic::error(
                        "window-time-column",
                        span,
                        format!(
                            "{window} needs a time attribute, but `{}` is a plain {}",
                            field.name(),
                            known.ty.kind
                        ),
                    )
                    .label("no time attribute")
                    .note(LOST)
                    .help(format!(
                        "declare it in the table: `WATERMARK FOR {0} AS {0} - INTERVAL '5' SECOND`",
                        field.name()
                    ));
                    self.state.error(error);
                }
                time
            }
            _ => {
                if let Some(span) = column_span(descriptor)
                    && known.exact
                {
                    self.state.error(
                        Diagnostic::error(
                            "window-time-column",
                            span,
                            format!("{window} needs a time attribute, but `{}` is {}", field.name(), known.ty),
                        )
                        .label("not a time")
                        .help("name the column that carries the watermark, or declare one computed from this column"),
                    );
                }
                None
            }
        }
    }

    /// `t FOR SYSTEM_TIME AS OF …`: the version may name columns to the left.
    fn as_of(
        &self,
        args: Vec<FunctionArg>,
        alias: Option<TableAlias>,
        context: Context,
    ) -> Result<LogicalPlan> {
        let mut args = values(args).into_iter();
        let (Some(table), Some(version)) = (args.next(), args.next()) else {
            return plan_err!("a versioned table without its version");
        };
        let Ok(mut table) = table_argument(table) else {
            return plan_err!("a versioned table without its name");
        };
        let place = match &mut table.factor {
            TableFactor::Table {
                alias: slot, name, ..
            } => {
                *slot = alias;
                name_span(name)
            }
            _ => Span::at(0),
        };
        let version_place = crate::parser::byte_span(version.span());
        let version = lateral_argument(version, context)?;
        let input = context.plan(table.factor)?;
        super::versions::check(&version, version_place, &input, place, &self.state);
        let fields: ColumnFields = input
            .schema()
            .iter()
            .map(|(q, f)| (q.cloned(), Arc::clone(f)))
            .collect();
        let passes = fields.len();
        opaque(AS_OF.to_owned(), vec![version], vec![input], fields, passes)
    }
}

/// PARTITION BY and ORDER BY, each behind a literal that says which it is.
fn partitioning(
    partition_by: &[SqlExpr],
    order_by: &[OrderByExpr],
    schema: &DFSchema,
    exprs: &mut Vec<Expr>,
    context: Context,
) -> Result<()> {
    if !partition_by.is_empty() {
        exprs.push(lit("PARTITION BY"));
    }
    for expr in partition_by {
        exprs.push(context.sql_to_expr(expr.clone(), schema)?);
    }
    if !order_by.is_empty() {
        exprs.push(lit("ORDER BY"));
    }
    for item in order_by {
        exprs.push(context.sql_to_expr(item.expr.clone(), schema)?);
        exprs.push(lit(match item.options.asc {
            Some(false) => "DESC",
            _ => "ASC",
        }));
        if let Some(nulls_first) = item.options.nulls_first {
            exprs.push(lit(if nulls_first {
                "NULLS FIRST"
            } else {
                "NULLS LAST"
            }));
        }
    }
    Ok(())
}

/// An argument that may name columns of the tables to the left. The planner knows no nested fields of those, so each
/// try takes one more part of a name for a field.
fn lateral_argument(value: SqlExpr, context: Context) -> Result<Expr> {
    let empty = DFSchema::empty();
    let mut attempt = value;
    for _ in 0..4 {
        match context.sql_expr_to_logical_expr(attempt.clone(), &empty) {
            Err(e) if e.to_string().contains("Nested identifiers") => {
                split_names(&mut attempt);
            }
            Ok(expr) => {
                let unresolved = expr.column_refs().into_iter().next().cloned();
                return match unresolved {
                    None => Ok(expr),
                    // Gives the planner's own error for it.
                    Some(_) => context.sql_to_expr(attempt, &empty),
                };
            }
            Err(e) => return Err(e),
        }
    }
    not_impl_err!("a field of a row of a table to the left")
}

/// `a.b.c` to field `c` of `a.b`.
fn split_names(expr: &mut SqlExpr) {
    let _ = ast::visit_expressions_mut(expr, |e| {
        if let SqlExpr::CompoundIdentifier(idents) = e
            && idents.len() > 1
            && let Some(last) = idents.pop()
        {
            let root = match &mut idents[..] {
                [only] => SqlExpr::Identifier(only.clone()),
                _ => SqlExpr::CompoundIdentifier(std::mem::take(idents)),
            };
            let field = SqlExpr::value(Value::SingleQuotedString(last.value));
            *e = super::lower::expressions::call("$FIELD", vec![root, field]);
        }
        std::ops::ControlFlow::<()>::Continue(())
    });
}

fn unnest(
    array_exprs: Vec<SqlExpr>,
    with_ordinality: bool,
    alias: Option<&TableAlias>,
    context: Context,
) -> Result<LogicalPlan> {
    let mut exprs = Vec::new();
    for expr in array_exprs {
        exprs.push(lateral_argument(expr, context)?);
    }
    let [array] = &exprs[..] else {
        return not_impl_err!("UNNEST of several arrays");
    };
    let (_, field) = array.to_field(&DFSchema::empty())?;
    let known = types::known(&field);
    let columns = alias_columns(alias);
    let mut fields = Vec::new();
    let element = |ty: &DataType, exact| Known {
        ty: ty.clone(),
        exact,
    };
    match &known {
        Some(Known { ty, exact }) => match &ty.kind {
            TypeKind::Array(of) | TypeKind::Multiset(of) => match &of.kind {
                TypeKind::Row(row) => {
                    for field in row {
                        push(&mut fields, &field.name, Some(&element(&field.ty, *exact)));
                    }
                }
                _ => push(&mut fields, "EXPR$0", Some(&element(of, *exact))),
            },
            TypeKind::Map(key, value) => {
                push(&mut fields, "f0", Some(&element(key, *exact)));
                push(&mut fields, "f1", Some(&element(value, *exact)));
            }
            _ => return plan_err!("UNNEST of {ty}"),
        },
        // Nothing is known of the array, but the alias says how many columns there are.
        None => {
            let count = columns.len().max(1) - usize::from(with_ordinality && columns.len() > 1);
            for n in 0..count {
                push(&mut fields, &format!("f{n}"), None);
            }
        }
    }
    let mut kind = String::from("UNNEST");
    if with_ordinality {
        kind += " WITH ORDINALITY";
        push(&mut fields, "ORDINALITY", Some(&declared(TypeKind::Int)));
    }
    opaque(kind, exprs, Vec::new(), fields, 0)
}

struct Clauses {
    partition_by: Vec<SqlExpr>,
    order_by: Vec<OrderByExpr>,
    measures: Vec<ast::Measure>,
    symbols: Vec<ast::SymbolDefinition>,
}

fn match_recognize(
    kind: String,
    sequence: Sequence,
    table: TableFactor,
    clauses: Clauses,
    context: Context,
) -> Result<LogicalPlan> {
    let input = context.plan(table)?;
    let schema = Arc::clone(input.schema());
    let mut exprs = Vec::new();
    let mut fields = Vec::new();
    partitioning(
        &clauses.partition_by,
        &clauses.order_by,
        &schema,
        &mut exprs,
        context,
    )?;
    for expr in exprs.iter().skip(1).take(clauses.partition_by.len()) {
        let (_, field) = expr.to_field(&schema)?;
        push(&mut fields, field.name(), types::known(&field).as_ref());
    }
    let mut made = vec![None; fields.len()];
    exprs.push(lit("MEASURES"));
    for measure in clauses.measures {
        let expr = context.sql_to_expr(measure.expr, &schema)?;
        let (_, field) = expr.to_field(&schema)?;
        push(
            &mut fields,
            &measure.alias.value,
            types::known(&field).as_ref(),
        );
        made.push(Some(exprs.len()));
        exprs.push(expr);
    }
    for symbol in clauses.symbols {
        exprs.push(lit(format!("DEFINE {}", symbol.symbol.value)));
        exprs.push(context.sql_to_expr(symbol.definition, &schema)?);
    }
    opaque_made(kind, exprs, vec![input], fields, made, Some(sequence))
}
