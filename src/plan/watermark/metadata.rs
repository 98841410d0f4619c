//! Timestamps that the connector gives each record, and that the table does not declare yet.

use super::candidate::{Ask, Candidate, Strategy, Time, score};
use crate::catalog::connectors::{self, Fit, TimeMetadata};
use crate::catalog::{Table, TableColumn, TableColumnKind};
use crate::syntax::TypeKind;

/// What the connector offers beside the table's columns. A key that a column has already is not offered twice: Flink
/// takes no second column of one key.
pub(super) fn undeclared(table: &Table) -> Vec<Candidate> {
    if !table.complete {
        // A column of the same key may be among those that are not known.
        return Vec::new();
    }
    let offered = connectors::time_metadata(table);
    let offered = offered.iter().filter(|m| declared(table, m.key).is_none());
    offered.map(candidate).collect()
}

fn candidate(metadata: &TimeMetadata) -> Candidate {
    let automatic = metadata.fit == Fit::Automatic;
    let precision = precision(metadata);
    let time = time(metadata.key, precision, metadata.nullable);
    Candidate {
        strategy: Strategy::Metadata,
        name: metadata.key.to_owned(),
        data_type: data_type(precision, metadata.nullable),
        span: None,
        time,
        score: match automatic {
            true => score::METADATA,
            false => score::ON_REQUEST,
        },
        why: format!("metadata of the connector: {}", metadata.what),
        asks: (!automatic).then_some(Ask::Choice),
        column: None,
    }
}

/// Digits of a second.
pub(super) fn precision(metadata: &TimeMetadata) -> u8 {
    match metadata.ty {
        TypeKind::Timestamp(p) | TypeKind::TimestampLtz(p) => p,
        _ => 3,
    }
}

pub(super) fn data_type(precision: u8, nullable: bool) -> String {
    let not_null = if nullable { "" } else { " NOT NULL" };
    format!("TIMESTAMP_LTZ({precision}){not_null}")
}

pub(super) fn time(key: &str, precision: u8, nullable: bool) -> Time {
    Time::Metadata {
        key: key.to_owned(),
        precision,
        nullable,
    }
}

/// The column that a table declares of a metadata key.
pub(super) fn declared<'t>(table: &'t Table, key: &str) -> Option<&'t TableColumn> {
    let of_key =
        |c: &&TableColumn| matches!(&c.kind, TableColumnKind::Metadata { key: k, .. } if k == key);
    table.columns.iter().find(of_key)
}
