//! SQL that the configuration gives: an event time, or a watermark.

use super::candidate::Time;
use super::configured::Asked;
use super::nearest;
use crate::catalog::{self, Table, TableColumnKind, type_of};
use crate::config::{FlinkVersion, ROWTIME};
use crate::lexer::{self, TokenKind};
use crate::parser;
use crate::syntax::{ColumnKind, DataType, ElementKind, Expr, StatementKind, TypeKind};
use crate::time::{TimeType, quote};
use sqlparser::ast;
use std::ops::ControlFlow;

/// What is wrong with an expression, in one clause, and what to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub message: String,
    pub help: Vec<String>,
}

impl Mistake {
    fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: Vec::new(),
        }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }
}

/// The expression of a computed column, read as Flink reads one.
fn read(sql: &str, version: FlinkVersion) -> Result<Expr, Mistake> {
    // Parsed where it is going to stand: what ends the column would end it there too.
    let table = format!("CREATE TABLE t (c AS {sql}\n)");
    let (script, diagnostics) = parser::parse(&table, version);
    if let Some(error) = diagnostics.iter().find(|d| d.is_error()) {
        return Err(Mistake::new(format!(
            "it cannot be read: {}",
            error.message
        )));
    }
    let no_expression = || Mistake::new("it is more than an expression");
    let [statement] = &script.statements[..] else {
        return Err(no_expression());
    };
    let StatementKind::CreateTable(create) = &statement.kind else {
        return Err(no_expression());
    };
    let elements = create.elements.iter().flat_map(|list| &list.elements);
    let [element] = &elements.collect::<Vec<_>>()[..] else {
        return Err(no_expression());
    };
    match &element.kind {
        ElementKind::Column(column) => match &column.kind {
            ColumnKind::Computed { expr } if column.comment.is_none() => Ok(expr.clone()),
            _ => Err(no_expression()),
        },
        _ => Err(no_expression()),
    }
}

/// The expression without comments: what follows it would stand in one that goes to the end of the line.
fn without_comments(sql: &str, version: FlinkVersion) -> String {
    let tokens = lexer::lex(sql, version);
    let text = tokens.iter().map(|t| match t.kind {
        TokenKind::LineComment | TokenKind::BlockComment => " ",
        _ => t.span.of(sql),
    });
    text.collect::<String>().trim().to_owned()
}

/// A configured event time.
pub(super) fn rowtime(asked: &Asked<'_>, sql: &str) -> Result<Time, Mistake> {
    let sql = without_comments(sql, asked.version);
    let sql = sql.as_str();
    let expr = read(sql, asked.version)?;
    columns_exist(asked, &expr.ast, None)?;
    if let Some(call) = catalog::non_deterministic_call(&expr.ast) {
        let message = format!("two jobs do not agree on {call}");
        return Err(Mistake::new(message)
            .help("`ingestion-time = true` takes the time at which a job reads the row, with what that means"));
    }
    let cast = |sql: &str| format!("CAST({sql} AS TIMESTAMP(3))");
    let ty = type_of(&expr.ast, &catalog::scope(asked.table));
    let Some(ty) = ty else {
        let help = format!("say it in a cast: `{}`", cast(sql));
        return Err(Mistake::new("its type is not known").help(help));
    };
    let (time, precision) = match ty.kind {
        TypeKind::Timestamp(p) => (TimeType::Timestamp, p),
        TypeKind::TimestampLtz(p) => (TimeType::TimestampLtz, p),
        TypeKind::BigInt | TypeKind::Int => {
            let help = format!("a number of milliseconds: `TO_TIMESTAMP_LTZ({sql}, 3)`");
            return Err(not_a_time(&ty).help(help));
        }
        TypeKind::Char(_) | TypeKind::VarChar(_) => {
            return Err(not_a_time(&ty).help(format!("a text: `TO_TIMESTAMP({sql})`")));
        }
        _ => return Err(not_a_time(&ty)),
    };
    Ok(Time::Sql {
        sql: sql.to_owned(),
        ty: time,
        precision,
        nullable: ty.nullable,
    })
}

fn not_a_time(ty: &DataType) -> Mistake {
    Mistake::new(format!("it is {ty}, neither TIMESTAMP nor TIMESTAMP_LTZ"))
}

/// Is anything in it a function that the script creates?
pub(super) fn calls_one_of(functions: &[String], sql: &str, version: FlinkVersion) -> bool {
    read(sql, version).is_ok_and(|expr| catalog::calls_one_of(functions, &expr.ast))
}

/// A configured watermark.
pub(super) struct Watermark {
    pub sql: String,
    /// How far it stays behind the rowtime, in milliseconds, where that can be told.
    pub delay_ms: Option<u64>,
    /// It is `SOURCE_WATERMARK()`.
    pub of_source: bool,
}

/// A configured watermark of a rowtime column.
pub(super) fn watermark(
    asked: &Asked<'_>,
    sql: &str,
    rowtime: &str,
    ty: TimeType,
) -> Result<Watermark, Mistake> {
    let sql = sql.replace(ROWTIME, &quote(rowtime));
    let sql = without_comments(&sql, asked.version);
    let expr = read(&sql, asked.version)?;
    if is_source_watermark(&expr.ast) {
        return Ok(Watermark {
            sql,
            delay_ms: None,
            of_source: true,
        });
    }
    columns_exist(asked, &expr.ast, Some(rowtime))?;
    let scope = WithRowtime {
        table: catalog::scope(asked.table),
        rowtime,
        ty,
    };
    let is = type_of(&expr.ast, &scope);
    let fits = is.as_ref().is_some_and(|is| match (&is.kind, ty) {
        (TypeKind::Timestamp(p), TimeType::Timestamp)
        | (TypeKind::TimestampLtz(p), TimeType::TimestampLtz) => *p <= super::MAX_PRECISION,
        _ => false,
    });
    if !fits {
        let is = is.map_or_else(
            || "its type is not known".to_owned(),
            |t| format!("it is {t}"),
        );
        let message = format!("{is}, and the rowtime is {}", ty.sql());
        let help = format!(
            "`{ROWTIME} - INTERVAL '5' SECOND`, or a cast to {}",
            ty.sql()
        );
        return Err(Mistake::new(message).help(help));
    }
    let column = [crate::syntax::Ident {
        value: rowtime.to_owned(),
        span: crate::text::Span::at(0),
    }];
    Ok(Watermark {
        delay_ms: catalog::watermark_delay(&expr.ast, &column),
        sql,
        of_source: false,
    })
}

/// Is it `SOURCE_WATERMARK()`?
pub(super) fn is_source_watermark(expr: &ast::Expr) -> bool {
    match expr {
        ast::Expr::Function(call) => {
            catalog::function_name(call).as_deref() == Some("SOURCE_WATERMARK")
        }
        _ => false,
    }
}

/// Units of time, which are reserved words: unquoted they name no column.
const UNITS: [&str; 11] = [
    "YEAR",
    "QUARTER",
    "MONTH",
    "WEEK",
    "DAY",
    "HOUR",
    "MINUTE",
    "SECOND",
    "MILLISECOND",
    "MICROSECOND",
    "NANOSECOND",
];

/// The columns that an expression names.
pub(super) fn columns(expr: &ast::Expr) -> Vec<String> {
    let mut named: Vec<String> = Vec::new();
    let is_unit = |ident: &ast::Ident| {
        let word = ident.value.to_uppercase();
        ident.quote_style.is_none() && UNITS.contains(&word.as_str())
    };
    let _: ControlFlow<()> = ast::visit_expressions(expr, |e| {
        match e {
            ast::Expr::Identifier(ident) if !is_unit(ident) => named.push(ident.value.clone()),
            ast::Expr::CompoundIdentifier(path) => {
                named.extend(path.first().map(|ident| ident.value.clone()));
            }
            _ => {}
        }
        ControlFlow::Continue(())
    });
    named
}

/// The functions that an expression calls, in upper case.
pub(super) fn calls(expr: &ast::Expr) -> Vec<String> {
    let mut called = Vec::new();
    let _: ControlFlow<()> = ast::visit_expressions(expr, |e| {
        if let ast::Expr::Function(call) = e {
            called.extend(catalog::function_name(call));
        }
        ControlFlow::Continue(())
    });
    called
}

/// What an expression is that is no time whatever its columns are: `NULL`, a comparison, a time less a number.
pub(super) fn never_a_time(expr: &ast::Expr, table: &Table) -> Option<&'static str> {
    use ast::BinaryOperator as Op;
    match expr {
        ast::Expr::Nested(inner) => never_a_time(inner, table),
        ast::Expr::Value(value) if value.value == ast::Value::Null => Some("NULL"),
        ast::Expr::Value(value) if matches!(value.value, ast::Value::Number(..)) => {
            Some("a number")
        }
        ast::Expr::BinaryOp {
            op: Op::Eq | Op::NotEq | Op::Lt | Op::LtEq | Op::Gt | Op::GtEq | Op::And | Op::Or,
            ..
        }
        | ast::Expr::IsNull(_)
        | ast::Expr::IsNotNull(_) => Some("BOOLEAN"),
        ast::Expr::BinaryOp {
            left,
            op: Op::Plus | Op::Minus,
            right,
        } => {
            let left = type_of(left, &catalog::scope(table))?;
            let number = matches!(&**right, ast::Expr::Value(v) if matches!(v.value, ast::Value::Number(..)));
            (number && TimeType::of(&left.kind).is_some()).then_some("a timestamp and a number")
        }
        _ => None,
    }
}

/// Every column that it names is one that a computed column may name.
fn columns_exist(
    asked: &Asked<'_>,
    expr: &ast::Expr,
    rowtime: Option<&str>,
) -> Result<(), Mistake> {
    for name in columns(expr) {
        if rowtime == Some(&name) {
            continue;
        }
        let Some(column) = asked.table.column(&name) else {
            let message = format!("there is no column `{name}`");
            let known = asked.table.columns.iter().map(|c| c.name.as_str());
            return Err(match nearest(&name, known) {
                Some(near) => Mistake::new(message).help(format!("did you mean `{near}`?")),
                None => Mistake::new(message),
            });
        };
        if let (TableColumnKind::Computed { .. }, Some(own)) = (&column.kind, column.expr) {
            let message =
                format!("`{name}` is a computed column, and Flink lets no other one name it");
            let help = format!("repeat its expression: `{}`", own.of(asked.text));
            return Err(Mistake::new(message).help(help));
        }
    }
    Ok(())
}

/// A table's columns, and the rowtime among them or beside them.
struct WithRowtime<'a, L> {
    table: L,
    rowtime: &'a str,
    ty: TimeType,
}

impl<L: catalog::Lookup> catalog::Lookup for WithRowtime<'_, L> {
    fn column(&self, path: &[&str]) -> Option<DataType> {
        if path == [self.rowtime] {
            let kind = match self.ty {
                TimeType::Timestamp => TypeKind::Timestamp(3),
                TimeType::TimestampLtz => TypeKind::TimestampLtz(3),
            };
            return Some(kind.not_null());
        }
        self.table.column(path)
    }
}
