//! Numbers that count the time since 1970-01-01T00:00:00Z.

use super::candidate::{Ask, Candidate, Strategy, Time, column_sql, remark, score, scored};
use super::names::{self, Says};
use super::nested::{Field, last};
use crate::catalog::TableColumn;
use crate::config::Unit;
use crate::syntax::{DataType, TypeKind};
use crate::text::Span;
use crate::time::TimeType;

/// A column of numbers whose name says time. Without a unit it asks for one: seconds that are taken for
/// milliseconds are all of January 1970.
pub(super) fn candidate(text: &str, column: &TableColumn) -> Option<Candidate> {
    let ty = column.ty.as_ref()?;
    let sql = column_sql(text, column);
    of_number(
        &column.name,
        &column.name,
        sql,
        ty,
        column.span,
        Strategy::Epoch,
    )
}

/// The same for a field of a row, where its name says the unit.
pub(super) fn of_field(field: &Field<'_>) -> Option<Candidate> {
    let name = last(&field.name);
    let time = matches!(
        names::says(name),
        Says::Time | Says::EventTime | Says::Arrival
    );
    (time && names::unit(name).is_some()).then_some(())?;
    let sql = field.sql.clone();
    of_number(
        &field.name,
        name,
        sql,
        &field.ty,
        field.column.span,
        Strategy::Nested,
    )
}

fn of_number(
    path: &str,
    name: &str,
    sql: String,
    ty: &DataType,
    span: Span,
    strategy: Strategy,
) -> Option<Candidate> {
    let says = names::says(name);
    if !is_number(&ty.kind) || names::is_duration(name) {
        return None;
    }
    let unit = names::unit(name);
    // An INT cannot count milliseconds beyond January 1970.
    let unit = unit.filter(|u| ty.kind != TypeKind::Int || *u == Unit::Seconds);
    let kind = match (unit, strategy) {
        (None, _) => score::EPOCH_WITHOUT_UNIT,
        (_, Strategy::Nested) => score::NESTED_EPOCH,
        _ => score::EPOCH,
    };
    let why = match unit {
        Some(unit) => format!("a number of {} by its name{}", words(unit), remark(says)),
        None => "a number whose name says time, but not what it counts".to_owned(),
    };
    Some(Candidate {
        strategy,
        name: path.to_owned(),
        data_type: ty.to_string(),
        span: Some(span),
        time: time(&sql, ty, unit.unwrap_or(Unit::Milliseconds)),
        score: scored(kind, says),
        why,
        asks: unit.is_none().then_some(Ask::Unit),
        column: None,
    })
}

pub(super) fn is_number(kind: &TypeKind) -> bool {
    match kind {
        TypeKind::BigInt | TypeKind::Int => true,
        TypeKind::Decimal { scale, .. } => *scale == 0,
        _ => false,
    }
}

/// The time of a number. It may be NULL: that is what a number beyond the years 1 to 9999 yields.
/// Source: Flink docs, "System (Built-in) Functions", TO_TIMESTAMP_LTZ; run in Flink 1.20.5 and 2.3.0.
pub(super) fn time(sql: &str, ty: &DataType, unit: Unit) -> Time {
    let number = match ty.kind {
        TypeKind::BigInt => sql.to_owned(),
        _ => format!("CAST({sql} AS BIGINT)"),
    };
    let sql = match unit {
        Unit::Seconds => format!("TO_TIMESTAMP_LTZ({number}, 0)"),
        Unit::Milliseconds => format!("TO_TIMESTAMP_LTZ({number}, 3)"),
        Unit::Microseconds => format!("TO_TIMESTAMP_LTZ({number} / 1000, 3)"),
        Unit::Nanoseconds => format!("TO_TIMESTAMP_LTZ({number} / 1000000, 3)"),
    };
    Time::Sql {
        sql,
        ty: TimeType::TimestampLtz,
        precision: 3,
        nullable: true,
    }
}

pub(super) const fn words(unit: Unit) -> &'static str {
    match unit {
        Unit::Seconds => "seconds",
        Unit::Milliseconds => "milliseconds",
        Unit::Microseconds => "microseconds",
        Unit::Nanoseconds => "nanoseconds",
    }
}
