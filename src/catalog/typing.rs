//! Types of the expressions that computed columns are made of: enough to know a time attribute's
//! type, `None` for the rest.

use crate::syntax::{DataType, TypeKind};
use sqlparser::ast::{
    self, CastKind, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Value,
};
use std::ops::ControlFlow;

/// Where the columns of an expression are looked up.
pub trait Lookup {
    /// The type of `column.field.field`.
    fn column(&self, path: &[&str]) -> Option<DataType>;
}

/// The type of an expression, where it is known.
/// Source: Flink docs, "System (Built-in) Functions".
pub fn type_of(expr: &Expr, scope: &dyn Lookup) -> Option<DataType> {
    match expr {
        Expr::Identifier(ident) => scope.column(&[&ident.value]),
        Expr::CompoundIdentifier(path) => {
            scope.column(&path.iter().map(|i| i.value.as_str()).collect::<Vec<_>>())
        }
        Expr::Nested(inner) => type_of(inner, scope),
        Expr::Cast {
            kind,
            data_type,
            expr,
            ..
        } => {
            let target = crate::parser::cast_type(data_type)?;
            let nullable =
                *kind != CastKind::Cast || type_of(expr, scope).is_none_or(|inner| inner.nullable);
            Some(DataType {
                kind: target.kind,
                nullable,
            })
        }
        Expr::Function(call) => call_type(call, scope),
        Expr::Case {
            conditions,
            else_result,
            ..
        } => {
            let results = conditions
                .iter()
                .map(|c| &c.result)
                .chain(else_result.as_deref());
            let types: Vec<_> = results.map(|e| type_of(e, scope)).collect();
            let first = types.iter().flatten().next()?.clone();
            let nullable = else_result.is_none()
                || types.iter().any(|t| t.as_ref().is_none_or(|t| t.nullable));
            Some(DataType { nullable, ..first })
        }
        Expr::BinaryOp { left, op, right } => {
            use ast::BinaryOperator::{Minus, Plus};
            let left = type_of(left, scope)?;
            let shifts = matches!(op, Plus | Minus) && matches!(**right, Expr::Interval(_));
            (shifts && is_timestamp(&left.kind)).then_some(left)
        }
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(s) => {
                Some(TypeKind::Char(s.chars().count() as u32).not_null())
            }
            Value::Boolean(_) => Some(TypeKind::Boolean.not_null()),
            _ => None,
        },
        Expr::TypedString(typed) => match typed.data_type {
            ast::DataType::Timestamp(..) => {
                let text = typed.value.value.clone().into_string().unwrap_or_default();
                let fraction = text.rsplit_once('.').map_or(0, |(_, digits)| digits.len());
                Some(TypeKind::Timestamp(fraction.min(9) as u8).not_null())
            }
            _ => None,
        },
        _ => None,
    }
}

fn call_type(call: &ast::Function, scope: &dyn Lookup) -> Option<DataType> {
    let name = function_name(call)?;
    let arguments = arguments(call);
    let argument = |i: usize| arguments.get(i).and_then(|e| type_of(e, scope));
    let nullable_input = || {
        arguments
            .iter()
            .any(|e| type_of(e, scope).is_none_or(|t| t.nullable))
    };
    Some(match name.as_str() {
        // Both yield NULL for text that they cannot read.
        "TO_TIMESTAMP" => TypeKind::Timestamp(3).nullable(),
        "TO_TIMESTAMP_LTZ" => {
            let precision = match arguments.get(1) {
                Some(Expr::Value(v)) => match &v.value {
                    // The second argument is the unit of the number: 0 for seconds, 3 for milliseconds.
                    Value::Number(n, _) => n.parse::<u8>().ok()?.max(3),
                    _ => 3,
                },
                _ => 3,
            };
            // NULL for a number beyond the year 9999, whatever its type says.
            TypeKind::TimestampLtz(precision).nullable()
        }
        "CURRENT_TIMESTAMP" | "NOW" | "CURRENT_ROW_TIMESTAMP" | "PROCTIME" => {
            TypeKind::TimestampLtz(3).not_null()
        }
        "LOCALTIMESTAMP" => TypeKind::Timestamp(3).not_null(),
        "FROM_UNIXTIME" | "DATE_FORMAT" | "CONCAT" | "CONCAT_WS" | "REPLACE" | "UPPER"
        | "LOWER" | "SUBSTRING" | "SUBSTR" | "TRIM" | "JSON_VALUE" | "REGEXP_EXTRACT" => {
            TypeKind::STRING.nullable()
        }
        "UNIX_TIMESTAMP" => TypeKind::BigInt.nullable(),
        "COALESCE" | "IFNULL" | "NVL" => {
            let first = argument(0)?;
            let nullable = arguments
                .iter()
                .all(|e| type_of(e, scope).is_none_or(|t| t.nullable));
            DataType { nullable, ..first }
        }
        "GREATEST" | "LEAST" => DataType {
            nullable: nullable_input(),
            ..argument(0)?
        },
        _ => return None,
    })
}

fn is_timestamp(kind: &TypeKind) -> bool {
    matches!(kind, TypeKind::Timestamp(_) | TypeKind::TimestampLtz(_))
}

/// Upper case; `None` for a qualified name.
pub fn function_name(call: &ast::Function) -> Option<String> {
    match &call.name.0[..] {
        [part] => part.as_ident().map(|ident| ident.value.to_uppercase()),
        _ => None,
    }
}

/// The positional and named arguments, without `*`.
pub fn arguments(call: &ast::Function) -> Vec<&Expr> {
    let FunctionArguments::List(list) = &call.args else {
        return Vec::new();
    };
    list.args
        .iter()
        .filter_map(|argument| match argument {
            FunctionArg::Unnamed(arg)
            | FunctionArg::Named { arg, .. }
            | FunctionArg::ExprNamed { arg, .. } => match arg {
                FunctionArgExpr::Expr(expr) => Some(expr),
                _ => None,
            },
        })
        .collect()
}

/// Is the expression `PROCTIME()` itself?
pub fn is_proctime(expr: &Expr) -> bool {
    match expr {
        Expr::Function(call) => function_name(call).as_deref() == Some("PROCTIME"),
        Expr::Nested(inner) => is_proctime(inner),
        _ => false,
    }
}

/// Is the expression `COALESCE(…, c)` with a constant `c`?
pub fn has_default(expr: &Expr) -> bool {
    let Expr::Function(call) = expr else {
        return false;
    };
    let is_constant = |last: &&Expr| match last {
        Expr::TypedString(_) | Expr::Value(_) => true,
        Expr::Function(inner) => arguments(inner)
            .iter()
            .all(|a| matches!(a, Expr::Value(_) | Expr::UnaryOp { .. })),
        _ => false,
    };
    matches!(
        function_name(call).as_deref(),
        Some("COALESCE" | "IFNULL" | "NVL")
    ) && arguments(call).last().is_some_and(is_constant)
}

/// Built-in functions whose value two jobs do not agree on.
/// Source: Flink docs, "Determinism in Continuous Queries".
const NON_DETERMINISTIC: [&str; 14] = [
    "CURRENT_DATE",
    "CURRENT_ROW_TIMESTAMP",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "CURRENT_WATERMARK",
    "LOCALTIME",
    "LOCALTIMESTAMP",
    "NOW",
    "PROCTIME",
    "RAND",
    "RAND_INTEGER",
    "UNIX_TIMESTAMP",
    "UUID",
    "CURRENT_DATABASE",
];

/// Is this a call whose value differs from run to run?
pub fn is_non_deterministic(call: &ast::Function) -> bool {
    match function_name(call) {
        // With an argument it converts text, without one it asks the clock.
        Some(name) if name == "UNIX_TIMESTAMP" => arguments(call).is_empty(),
        Some(name) => NON_DETERMINISTIC.contains(&name.as_str()),
        None => false,
    }
}

/// Does an expression call one of these functions? Their names are in lower case.
pub fn calls_one_of(functions: &[String], expr: &Expr) -> bool {
    let found = ast::visit_expressions(expr, |e| match e {
        Expr::Function(call) => {
            let name = call.name.0.last().and_then(|part| part.as_ident());
            let name = name.map(|ident| ident.value.to_lowercase());
            match name.is_some_and(|name| functions.contains(&name)) {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        }
        _ => ControlFlow::Continue(()),
    });
    found.is_break()
}

/// The first call of a non-deterministic built-in function, if any.
pub fn non_deterministic_call(expr: &Expr) -> Option<String> {
    let found = ast::visit_expressions(expr, |e| match e {
        Expr::Function(call) if is_non_deterministic(call) => {
            ControlFlow::Break(function_name(call).unwrap_or_default())
        }
        _ => ControlFlow::Continue(()),
    });
    match found {
        ControlFlow::Break(name) => Some(name),
        ControlFlow::Continue(()) => None,
    }
}
