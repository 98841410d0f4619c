//! Fields of ROW columns.

use super::candidate::{Ask, Candidate, Strategy, Time, column_sql, remark, score, scored};
use super::epoch;
use super::names::{self, Says};
use crate::catalog::{TableColumn, TableColumnKind};
use crate::syntax::{DataType, TypeKind};
use crate::time::{TimeType, quote};

/// A field of a column, however deep.
#[derive(Clone)]
pub(super) struct Field<'a> {
    pub column: &'a TableColumn,
    /// Column and fields, joined by dots.
    pub name: String,
    /// As SQL.
    pub sql: String,
    pub ty: DataType,
}

/// The field that a path names: `column.field.field`.
pub(super) fn at<'a>(text: &str, column: &'a TableColumn, path: &[&str]) -> Option<Field<'a>> {
    let mut field = root(text, column)?;
    for name in path {
        let TypeKind::Row(row) = &field.ty.kind else {
            return None;
        };
        let next = row.iter().find(|f| f.name == *name)?.clone();
        field = below(field, next);
    }
    Some(field)
}

/// The column itself. Of a computed one no field is taken: its expression would have to be repeated.
fn root<'a>(text: &str, column: &'a TableColumn) -> Option<Field<'a>> {
    let computed = matches!(column.kind, TableColumnKind::Computed { .. });
    (!computed).then_some(Field {
        column,
        name: column.name.clone(),
        sql: column_sql(text, column),
        ty: column.ty.clone()?,
    })
}

fn below<'a>(parent: Field<'a>, field: crate::syntax::Field) -> Field<'a> {
    Field {
        column: parent.column,
        name: format!("{}.{}", parent.name, field.name),
        sql: format!("{}.{}", parent.sql, quote(&field.name)),
        ty: DataType {
            // A field of what is not there is not there either.
            nullable: parent.ty.nullable || field.ty.nullable,
            kind: field.ty.kind,
        },
    }
}

/// The fields of a column that say a time.
pub(super) fn candidates(text: &str, column: &TableColumn) -> Vec<Candidate> {
    let mut open: Vec<Field<'_>> = root(text, column).into_iter().collect();
    let mut found = Vec::new();
    while let Some(field) = open.pop() {
        if let TypeKind::Row(row) = &field.ty.kind {
            let fields = row.clone();
            // The last one is looked at first.
            for next in fields.into_iter().rev() {
                open.push(below(field.clone(), next));
            }
            continue;
        }
        if names::says(last(&field.name)) != Says::Other {
            found.extend(timestamp(&field));
            found.extend(epoch::of_field(&field));
        }
    }
    found
}

/// The field as an event time, if it is a timestamp.
pub(super) fn timestamp(field: &Field<'_>) -> Option<Candidate> {
    let precision = match field.ty.kind {
        TypeKind::Timestamp(p) | TypeKind::TimestampLtz(p) => p,
        _ => return None,
    };
    let says = names::says(last(&field.name));
    Some(Candidate {
        strategy: Strategy::Nested,
        name: field.name.clone(),
        data_type: field.ty.to_string(),
        span: Some(field.column.span),
        time: Time::Sql {
            sql: field.sql.clone(),
            ty: TimeType::of(&field.ty.kind)?,
            precision,
            nullable: field.ty.nullable,
        },
        score: scored(score::NESTED, says),
        why: format!("a timestamp within a row{}", remark(says)),
        asks: (says == Says::OfSubject).then_some(Ask::Choice),
        column: None,
    })
}

/// The name of the field itself.
pub(super) fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}
