//! Columns of type TIMESTAMP and TIMESTAMP_LTZ, metadata columns and computed ones too.

use super::MAX_PRECISION;
use super::candidate::{Ask, Candidate, Strategy, Time, column_sql, remark, score, scored};
use super::names::{self, Says};
use crate::catalog::{TableColumn, TableColumnKind};
use crate::syntax::TypeKind;
use crate::time::TimeType;

/// `None` for a column of another type, or one that two jobs do not agree on.
pub(super) fn candidate(text: &str, column: &TableColumn) -> Option<Candidate> {
    if column.non_deterministic.is_some() {
        return None;
    }
    let declared = column.ty.as_ref()?;
    let precision = match declared.kind {
        TypeKind::Timestamp(p) | TypeKind::TimestampLtz(p) => p,
        _ => return None,
    };
    let says = names::says(&column.name);
    let (kind, what) = match column.kind {
        TableColumnKind::Metadata { .. } => (score::DECLARED_METADATA, "a metadata column"),
        TableColumnKind::Computed { .. } => (score::COLUMN, "a computed timestamp column"),
        TableColumnKind::Physical if precision > MAX_PRECISION => {
            (score::COLUMN, "a timestamp column, finer than a rowtime")
        }
        TableColumnKind::Physical => (score::COLUMN, "a timestamp column"),
    };
    Some(Candidate {
        strategy: Strategy::Column,
        name: column.name.clone(),
        data_type: declared.to_string(),
        span: Some(column.span),
        time: Time::Sql {
            sql: column_sql(text, column),
            ty: TimeType::of(&declared.kind)?,
            precision,
            nullable: declared.nullable,
        },
        score: scored(kind, says),
        why: format!("{what}{}", remark(says)),
        asks: (says == Says::OfSubject).then_some(Ask::Choice),
        column: Some(column.name.clone()),
    })
}
