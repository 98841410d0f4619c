//! Types of the expressions that computed columns are made of: enough to know a time attribute's
//! type, `None` for the rest.

use crate::syntax::{DataType, TypeKind};
use sqlparser::ast::{
    self, CastKind, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, TimezoneInfo, Value,
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
            let kind_of = cast_target(data_type)?;
            let nullable =
                *kind != CastKind::Cast || type_of(expr, scope).is_none_or(|inner| inner.nullable);
            Some(DataType {
                kind: kind_of,
                nullable,
            })
        }
        Expr::Function(call) => call_type(call, scope),
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
            DataType {
                kind: TypeKind::TimestampLtz(precision),
                nullable: nullable_input(),
            }
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

fn cast_target(ty: &ast::DataType) -> Option<TypeKind> {
    use ast::DataType as Sql;
    Some(match ty {
        Sql::Timestamp(precision, TimezoneInfo::None | TimezoneInfo::WithoutTimeZone) => {
            TypeKind::Timestamp(precision.map_or(6, |p| p as u8))
        }
        Sql::Custom(name, arguments) => {
            let name = name.to_string();
            let text = if name == "$FLINK_TYPE" {
                arguments.first()?.clone()
            } else if arguments.is_empty() {
                name
            } else {
                format!("{name}({})", arguments.join(", "))
            };
            return crate::parser::parse_type(&text).map(|t| t.kind);
        }
        other => return crate::parser::parse_type(&other.to_string()).map(|t| t.kind),
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

/// The first call of a non-deterministic built-in function, if any.
pub fn non_deterministic_call(expr: &Expr) -> Option<String> {
    let found = ast::visit_expressions(expr, |e| {
        let Expr::Function(call) = e else {
            return ControlFlow::Continue(());
        };
        match function_name(call) {
            // With an argument it converts text, without one it asks the clock.
            Some(name) if name == "UNIX_TIMESTAMP" && !arguments(call).is_empty() => {
                ControlFlow::Continue(())
            }
            Some(name) if NON_DETERMINISTIC.contains(&name.as_str()) => ControlFlow::Break(name),
            _ => ControlFlow::Continue(()),
        }
    });
    match found {
        ControlFlow::Break(name) => Some(name),
        ControlFlow::Continue(()) => None,
    }
}
