//! Expressions, aggregates and functions with OVER.

use super::{Compiled, Compiler, Scope, find};
use crate::parser::parse_type;
use crate::syntax::TypeKind;
use crate::validate::execute::Zone;
use crate::validate::execute::aggregate::{self, Aggregate};
use crate::validate::execute::cast::cast;
use crate::validate::execute::expr::Ex;
use crate::validate::execute::functions;
use crate::validate::execute::interval;
use crate::validate::execute::operator::{Frame, Operator, Order, Over};
use crate::validate::execute::value::{Decimal, NANOS, UNSURE, Value};
use crate::validate::types::{self, Known};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::expr::WindowFunction;
use datafusion::logical_expr::{
    Expr, ExprSchemable, LogicalPlan, SortExpr, WindowFrameBound, WindowFrameUnits,
};

impl Compiler<'_> {
    pub(super) fn exprs(&mut self, exprs: &[Expr], scope: &Scope) -> Compiled<Vec<Ex>> {
        exprs.iter().map(|e| self.expr(e, scope)).collect()
    }

    pub(super) fn expr(&mut self, expr: &Expr, scope: &Scope) -> Compiled<Ex> {
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

    pub(super) fn query(&mut self, plan: &LogicalPlan, scope: &Scope) -> Compiled<Box<Operator>> {
        self.scopes.push(scope.columns.clone());
        let operator = self.operator(plan);
        self.scopes.pop();
        operator.map(Box::new)
    }

    pub(super) fn aggregate(
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

    pub(super) fn over(&mut self, expr: &Expr, scope: &Scope) -> Compiled<Over> {
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

    pub(super) fn sorts(&mut self, sorts: &[SortExpr], scope: &Scope) -> Compiled<Vec<Order>> {
        let sort = |sort: &SortExpr| {
            Ok(Order {
                ex: self.expr(&sort.expr, scope)?,
                descending: !sort.asc,
                nulls_first: sort.nulls_first,
            })
        };
        sorts.iter().map(sort).collect()
    }

    pub(super) fn scalar(&mut self, name: &str, args: &[Expr], scope: &Scope) -> Compiled<Ex> {
        let text = |index: usize| match args.get(index) {
            Some(Expr::Literal(ScalarValue::Utf8(Some(text)), _)) => Some(text.as_str()),
            _ => None,
        };
        // The planner only warns of these: a function of the user's may stand before the built-in one.
        if let Some(builtin) = crate::validate::functions::builtin(name)
            && !builtin.takes_count(args.len())
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
                constant(cast, self.zone)
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
            "CURRENT_WATERMARK" if args.len() == 1 => {
                self.asks_watermark = true;
                Ex::Watermark(Box::new(self.expr(&args[0], scope)?))
            }
            "LOCALTIMESTAMP" => Ex::LocalClock(|ns| Value::Timestamp(ns, 3)),
            "CURRENT_DATE" => {
                Ex::LocalClock(|ns| Value::Date(ns.div_euclid(86_400 * NANOS) as i32))
            }
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
            "$WINDOW_ROWTIME" if !self.zone.is_utc() => {
                return Err(format!(
                    "a group window's rowtime in the time zone {}",
                    self.zone
                ));
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
        let as_type = |ty: TypeKind| Ex::Cast {
            of: Box::new(ex.clone()),
            ty: ty.nullable(),
            try_cast: false,
        };
        if kinds.iter().any(|k| matches!(k, TypeKind::Double)) {
            return as_type(TypeKind::Double);
        }
        let all: Option<Vec<Option<(u8, u8)>>> = choices.iter().map(digits).collect();
        let all: Vec<(u8, u8)> = all.into_iter().flatten().flatten().collect();
        let (whole, scale) = all
            .iter()
            .fold((0, 0), |(w, s), (a, b)| (w.max(*a), s.max(*b)));
        match scale > 0 && whole + scale <= 38 {
            true => as_type(TypeKind::Decimal {
                precision: whole + scale,
                scale,
            }),
            false => ex,
        }
    }
}

/// Functions that need OVER and no frame.
const RANKS: &[&str] = &["DENSE_RANK", "LAG", "LEAD", "RANK", "ROW_NUMBER"];

pub(super) fn call(name: &str, args: Vec<Ex>) -> Compiled<Ex> {
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
pub(super) fn shown(name: &str) -> String {
    let name = name.trim_start_matches('$');
    match name.split_once(':') {
        Some((_, user)) => format!("the function {user} of the user"),
        None => name.to_owned(),
    }
}

/// A cast of a literal, once and for all; one that fails keeps failing where it is computed.
fn constant(ex: Ex, zone: Zone) -> Ex {
    let value = match &ex {
        Ex::Cast { of, ty, .. } => match &**of {
            Ex::Literal(value @ Value::Text(_)) if ty.kind == TypeKind::Timestamp(6) => {
                match cast(value, ty) {
                    Ok(Value::Timestamp(ns, _)) => Some(Value::Timestamp(ns, UNSURE)),
                    _ => None,
                }
            }
            Ex::Literal(value) => zone.cast(value, ty).ok(),
            _ => None,
        },
        _ => None,
    };
    value.map_or(ex, Ex::Literal)
}

pub(super) fn literal(value: &ScalarValue) -> Compiled<Value> {
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

pub(super) fn literal_or_interval(value: &ScalarValue) -> Compiled<Value> {
    if let ScalarValue::Utf8(Some(text)) = value
        && let Some(interval) = interval::read(text)
    {
        return Ok(interval);
    }
    literal(value)
}
