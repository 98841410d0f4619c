//! Expressions to calls of stubs.

use super::{Lowering, is_aggregate, quoted_at};
use crate::parser::byte_span;
use crate::text::Span;
use sqlparser::ast::{
    AccessExpr, CeilFloorKind, DataType, DateTimeField, Expr, Function, FunctionArg,
    FunctionArgExpr, FunctionArgumentList, FunctionArguments, Interval, ObjectName, Spanned,
    Subscript, TrimWhereField, UnaryOperator, Value, ValueWithSpan, WindowFrameBound, WindowSpec,
    WindowType,
};
use sqlparser::tokenizer::Span as AstSpan;

/// A call of a stub.
pub fn call(name: &str, args: Vec<Expr>) -> Expr {
    call_at(name, args, AstSpan::empty())
}

pub fn call_at(name: &str, args: Vec<Expr>, span: AstSpan) -> Expr {
    Expr::Function(Function {
        name: ObjectName::from(vec![quoted_at(name, span)]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: arguments(args),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: Vec::new(),
    })
}

fn arguments(args: Vec<Expr>) -> FunctionArguments {
    FunctionArguments::List(FunctionArgumentList {
        duplicate_treatment: None,
        args: args
            .into_iter()
            .map(|arg| FunctionArg::Unnamed(FunctionArgExpr::Expr(arg)))
            .collect(),
        clauses: Vec::new(),
    })
}

pub fn text(value: impl Into<String>) -> Expr {
    Expr::value(Value::SingleQuotedString(value.into()))
}

fn null() -> Expr {
    Expr::value(Value::Null)
}

fn take(expr: &mut Expr) -> Expr {
    std::mem::replace(expr, null())
}

/// Intervals in a window's frame are kept as one string: the planner wants a literal there.
pub fn frame(spec: &mut WindowSpec) {
    let Some(frame) = &mut spec.window_frame else {
        return;
    };
    let bounds = std::iter::once(&mut frame.start_bound).chain(frame.end_bound.as_mut());
    for bound in bounds {
        if let WindowFrameBound::Preceding(Some(expr)) | WindowFrameBound::Following(Some(expr)) =
            bound
            && let Expr::Interval(interval) = &**expr
        {
            **expr = Expr::Interval(Interval {
                value: Box::new(text(interval.to_string())),
                leading_field: None,
                leading_precision: None,
                last_field: None,
                fractional_seconds_precision: None,
            });
        }
    }
}

/// Is a number written with an exponent?
pub fn is_exponential(number: &str) -> bool {
    number.contains(['e', 'E'])
}

fn is_frame_bound(interval: &Interval) -> bool {
    matches!(&*interval.value, Expr::Value(ValueWithSpan { value: Value::SingleQuotedString(s), .. })
        if s.starts_with("INTERVAL"))
}

/// The text of a cast's type, as Flink prints it.
fn type_text(ty: &DataType) -> String {
    crate::parser::cast_type(ty).map_or_else(|| ty.to_string(), |ty| ty.to_string())
}

fn date_time_field(field: &DateTimeField) -> Expr {
    text(field.to_string().to_uppercase())
}

fn rounding(name: &str, expr: &mut Expr, field: &CeilFloorKind) -> Expr {
    let mut args = vec![take(expr)];
    match field {
        CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) => {}
        CeilFloorKind::DateTimeField(unit) => args.push(date_time_field(unit)),
        CeilFloorKind::Scale(scale) => args.push(Expr::Value(scale.clone())),
    }
    call(name, args)
}

fn is_year_month(field: Option<&DateTimeField>) -> bool {
    matches!(
        field,
        Some(
            DateTimeField::Year
                | DateTimeField::Years
                | DateTimeField::Month
                | DateTimeField::Months
                | DateTimeField::Quarter
        )
    )
}

impl Lowering<'_> {
    pub(super) fn before_expr(&mut self, expr: &mut Expr) {
        use sqlparser::ast::BinaryOperator::*;
        match expr {
            Expr::BinaryOp {
                left,
                op: Plus | Minus | Multiply | Divide | Modulo | StringConcat,
                right,
            } => {
                self.refuse_null(left);
                self.refuse_null(right);
            }
            Expr::Tuple(values) => {
                values.iter().for_each(|value| self.refuse_null(value));
            }
            _ => {}
        }
        if let Expr::Function(Function {
            over: Some(WindowType::WindowSpec(spec)),
            ..
        }) = expr
        {
            frame(spec);
        }
    }

    pub(super) fn after_expr(&mut self, expr: &mut Expr) {
        let negated = |negated: bool| text(if negated { "NOT" } else { "" });
        let new = match expr {
            Expr::CompoundIdentifier(idents) => {
                if let Some(symbols) = self.symbols.last()
                    && symbols.contains(&idents[0].value)
                {
                    let symbol = text(idents.remove(0).value);
                    let column = if idents.len() == 1 {
                        Expr::Identifier(idents.remove(0))
                    } else {
                        Expr::CompoundIdentifier(std::mem::take(idents))
                    };
                    call("$VAR", vec![symbol, column])
                } else {
                    let prefix = self.prefixes.iter().find(|prefix| {
                        prefix.len() < idents.len()
                            && prefix.iter().zip(&*idents).all(|(p, i)| *p == i.value)
                    });
                    if let Some(prefix) = prefix {
                        idents.drain(..prefix.len() - 1);
                    }
                    return;
                }
            }
            Expr::Function(function) => {
                self.function(function);
                return;
            }
            Expr::Cast {
                kind,
                expr,
                data_type,
                ..
            } => {
                let name = match kind {
                    sqlparser::ast::CastKind::TryCast | sqlparser::ast::CastKind::SafeCast => {
                        "$TRY_CAST"
                    }
                    _ => "$CAST",
                };
                call(name, vec![take(expr), text(type_text(data_type))])
            }
            Expr::TypedString(typed) => call(
                "$CAST",
                vec![
                    Expr::Value(typed.value.clone()),
                    text(type_text(&typed.data_type)),
                ],
            ),
            Expr::Interval(interval) => {
                if is_frame_bound(interval) {
                    return;
                }
                let kind = if is_year_month(interval.leading_field.as_ref()) {
                    "YEAR TO MONTH"
                } else {
                    "DAY TO SECOND"
                };
                call("$INTERVAL", vec![text(kind), text(interval.to_string())])
            }
            Expr::Extract { field, expr, .. } => {
                call("EXTRACT", vec![date_time_field(field), take(expr)])
            }
            Expr::Ceil { expr, field } => rounding("CEIL", expr, field),
            Expr::Floor { expr, field } => rounding("FLOOR", expr, field),
            Expr::Position { expr, r#in } => call("POSITION", vec![take(expr), take(r#in)]),
            Expr::Substring {
                expr,
                substring_from,
                substring_for,
                ..
            } => {
                let mut args = vec![take(expr)];
                args.extend(substring_from.take().map(|e| *e));
                args.extend(substring_for.take().map(|e| *e));
                call("SUBSTRING", args)
            }
            Expr::Trim {
                trim_where,
                trim_what,
                expr,
                trim_characters,
            } => {
                let side = match trim_where {
                    Some(TrimWhereField::Leading) => "LEADING",
                    Some(TrimWhereField::Trailing) => "TRAILING",
                    Some(TrimWhereField::Both) | None => "BOTH",
                };
                let mut args = vec![text(side), take(expr)];
                args.extend(trim_what.take().map(|e| *e));
                args.extend(trim_characters.take().into_iter().flatten());
                call("$TRIM", args)
            }
            Expr::Overlay {
                expr,
                overlay_what,
                overlay_from,
                overlay_for,
            } => {
                let mut args = vec![take(expr), take(overlay_what), take(overlay_from)];
                args.extend(overlay_for.take().map(|e| *e));
                call("OVERLAY", args)
            }
            Expr::AtTimeZone {
                timestamp,
                time_zone,
            } => call("$AT_TIME_ZONE", vec![take(timestamp), take(time_zone)]),
            Expr::Collate { expr, collation } => {
                call("$COLLATE", vec![take(expr), text(collation.to_string())])
            }
            Expr::Array(array) => call("$ARRAY", std::mem::take(&mut array.elem)),
            Expr::Map(map) => {
                let entries = std::mem::take(&mut map.entries);
                let args = entries.into_iter().flat_map(|e| [*e.key, *e.value]);
                call("$MAP", args.collect())
            }
            Expr::Tuple(values) => call("$ROW", std::mem::take(values)),
            Expr::Struct { values, .. } => call("$ROW", std::mem::take(values)),
            Expr::CompoundFieldAccess { root, access_chain } => {
                match access(take(root), std::mem::take(access_chain)) {
                    Ok(access) => access,
                    Err(span) => {
                        self.unplanned("this access to an element", span);
                        return;
                    }
                }
            }
            Expr::UnaryOp { op, expr } => match op {
                UnaryOperator::Plus => take(expr),
                UnaryOperator::Minus
                    if !matches!(
                        &**expr,
                        Expr::Value(ValueWithSpan {
                            value: Value::Number(..),
                            ..
                        })
                    ) =>
                {
                    call("$NEG", vec![take(expr)])
                }
                _ => return,
            },
            Expr::Like {
                negated: not,
                expr,
                pattern,
                escape_char,
                ..
            } => like("$LIKE", negated(*not), expr, pattern, escape_char),
            Expr::ILike {
                negated: not,
                expr,
                pattern,
                escape_char,
                ..
            } => like("$ILIKE", negated(*not), expr, pattern, escape_char),
            Expr::SimilarTo {
                negated: not,
                expr,
                pattern,
                escape_char,
            } => like("$SIMILAR", negated(*not), expr, pattern, escape_char),
            Expr::RLike {
                negated: not,
                expr,
                pattern,
                ..
            } => like("$RLIKE", negated(*not), expr, pattern, &mut None),
            Expr::IsDistinctFrom(left, right) => {
                call("$DISTINCT_FROM", vec![take(left), take(right)])
            }
            Expr::IsNotDistinctFrom(left, right) => {
                call("$NOT_DISTINCT_FROM", vec![take(left), take(right)])
            }
            Expr::Case {
                operand,
                conditions,
                else_result,
                ..
            } => {
                let mut args = vec![operand.take().map_or_else(|| text("$SEARCHED"), |e| *e)];
                for when in std::mem::take(conditions) {
                    args.push(when.condition);
                    args.push(when.result);
                }
                args.push(else_result.take().map_or_else(null, |e| *e));
                call("$CASE", args)
            }
            Expr::Value(value) => match &value.value {
                Value::EscapedStringLiteral(s)
                | Value::UnicodeStringLiteral(s)
                | Value::NationalStringLiteral(s) => text(s.clone()),
                // Flink's DOUBLE; to the planner all numbers with a point or an exponent are decimals.
                Value::Number(n, _) if is_exponential(n) => {
                    call("$CAST", vec![text(n.clone()), text("DOUBLE")])
                }
                Value::HexStringLiteral(s) => call("$BYTES", vec![text(s.clone())]),
                Value::Placeholder(_) => {
                    self.unplanned("a placeholder", byte_span(value.span));
                    return;
                }
                _ => return,
            },
            Expr::Prefixed { value, .. } => take(value),
            _ => return,
        };
        *expr = new;
    }

    /// A call: its name becomes a stub's, named arguments are kept as such, `*` goes.
    fn function(&mut self, function: &mut Function) {
        let span = function
            .name
            .0
            .first()
            .and_then(|p| p.as_ident())
            .map_or(AstSpan::empty(), |i| i.span);
        let written = super::parts(&function.name)
            .last()
            .cloned()
            .unwrap_or_default();
        let upper = written.to_ascii_uppercase();
        let list = match &mut function.args {
            FunctionArguments::List(list) => list,
            FunctionArguments::None => {
                function.args = arguments(Vec::new());
                match &mut function.args {
                    FunctionArguments::List(list) => list,
                    _ => return,
                }
            }
            FunctionArguments::Subquery(query) => {
                let query = Expr::Subquery(query.clone());
                function.args = arguments(vec![query]);
                match &mut function.args {
                    FunctionArguments::List(list) => list,
                    _ => return,
                }
            }
        };
        plain_arguments(&mut list.args);
        if upper == "ROW" {
            for arg in &list.args {
                if let FunctionArg::Unnamed(FunctionArgExpr::Expr(value)) = arg {
                    self.refuse_null(value);
                }
            }
        }
        if matches!(&*upper, "TIMESTAMPDIFF" | "TIMESTAMPADD")
            && let Some(FunctionArg::Unnamed(FunctionArgExpr::Expr(unit))) = list.args.first_mut()
            && let Expr::Identifier(ident) = unit
        {
            *unit = text(ident.value.to_uppercase());
        }
        if let Some((window, part)) = group_window(&upper) {
            let args = std::mem::take(&mut list.args);
            let args = args.into_iter().filter_map(|arg| match arg {
                FunctionArg::Unnamed(FunctionArgExpr::Expr(arg)) => Some(arg),
                _ => None,
            });
            function.args = arguments(vec![call(window, args.collect())]);
            function.name = ObjectName::from(vec![quoted_at(part, span)]);
            return;
        }
        let count = list.args.len();
        let name = self.function_name(&function.name, function.over.is_some(), Some(count));
        if !is_aggregate(&name)
            && !name.starts_with('$')
            && (function.over.is_some() || function.filter.is_some())
        {
            let reason = format!("`{written}` with OVER or FILTER");
            self.unplanned(reason, byte_span(span));
        }
        function.name = ObjectName::from(vec![quoted_at(name, span)]);
    }
}

/// Named arguments become calls of `$NAMED`; `*` is dropped: `COUNT(*)` is `COUNT()`.
pub fn plain_arguments(args: &mut Vec<FunctionArg>) {
    args.retain(|arg| !matches!(arg, FunctionArg::Unnamed(FunctionArgExpr::Wildcard)));
    for arg in args {
        let (name, value) = match arg {
            FunctionArg::Named {
                name,
                arg: FunctionArgExpr::Expr(value),
                ..
            } => (name.value.clone(), take(value)),
            FunctionArg::ExprNamed {
                name,
                arg: FunctionArgExpr::Expr(value),
                ..
            } => (name.to_string(), take(value)),
            _ => continue,
        };
        let named = call("$NAMED", vec![text(name), value]);
        *arg = FunctionArg::Unnamed(FunctionArgExpr::Expr(named));
    }
}

/// The group window that an auxiliary function reads, and the stub for what it reads.
fn group_window(name: &str) -> Option<(&'static str, &'static str)> {
    let (window, part) = name.split_once('_')?;
    let window = match window {
        "TUMBLE" => "TUMBLE",
        "HOP" => "HOP",
        "SESSION" => "SESSION",
        _ => return None,
    };
    let part = match part {
        "START" => "$WINDOW_START",
        "END" => "$WINDOW_END",
        "ROWTIME" => "$WINDOW_ROWTIME",
        "PROCTIME" => "$WINDOW_PROCTIME",
        _ => return None,
    };
    Some((window, part))
}

fn like(
    name: &str,
    negated: Expr,
    expr: &mut Expr,
    pattern: &mut Expr,
    escape: &mut Option<ValueWithSpan>,
) -> Expr {
    let mut args = vec![negated, take(expr), take(pattern)];
    args.extend(escape.take().map(Expr::Value));
    call(name, args)
}

/// `root[1].f …`; the place that cannot be lowered, if any.
fn access(root: Expr, chain: Vec<AccessExpr>) -> Result<Expr, Span> {
    chain.into_iter().try_fold(root, |of, access| match access {
        AccessExpr::Dot(Expr::Identifier(name)) => Ok(call("$FIELD", vec![of, text(name.value)])),
        AccessExpr::Subscript(Subscript::Index { index }) => Ok(call("$ITEM", vec![of, index])),
        AccessExpr::Dot(other) => Err(byte_span(other.span())),
        AccessExpr::Subscript(Subscript::Slice { .. }) => Err(byte_span(of.span())),
    })
}
