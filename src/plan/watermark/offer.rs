//! All that a table offers, column by column.

use super::candidate::{Offer, PassedOver};
use super::names::{self, Says};
use super::{epoch, metadata, nested, physical, texts};
use crate::catalog::{Table, TableColumn, TableColumnKind};
use crate::syntax::TypeKind;
use crate::time::TimeType;

/// Everything in a table that could be its event time.
pub(super) fn offer(text: &str, table: &Table) -> Offer {
    let mut offer = Offer::default();
    for column in &table.columns {
        of_column(text, column, &mut offer);
    }
    offer.candidates.extend(metadata::undeclared(table));
    // Stable: equals stay in order.
    offer.candidates.sort_by_key(|c| std::cmp::Reverse(c.score));
    offer
}

fn of_column(text: &str, column: &TableColumn, offer: &mut Offer) {
    let Some(ty) = &column.ty else { return };
    let mut pass = |why: &'static str| {
        offer.passed_over.push(PassedOver {
            name: column.name.clone(),
            data_type: ty.to_string(),
            span: column.span,
            why,
        });
    };
    let says = names::says(&column.name);
    let is_time = TimeType::of(&ty.kind).is_some();
    if column.kind == (TableColumnKind::Computed { proctime: true }) {
        return pass("processing time, which two jobs do not agree on");
    }
    if is_time && column.non_deterministic.is_some() {
        return pass("computed from the clock or at random, so two jobs do not agree on it");
    }
    if is_time && says == Says::Other {
        return pass("by its name not the time of the row");
    }
    match &ty.kind {
        TypeKind::Timestamp(_) | TypeKind::TimestampLtz(_) => {
            offer.candidates.extend(physical::candidate(text, column));
        }
        TypeKind::Row(_) => offer.candidates.extend(nested::candidates(text, column)),
        TypeKind::BigInt | TypeKind::Int
            if matches!(says, Says::Time | Says::EventTime | Says::Arrival) =>
        {
            offer.candidates.extend(epoch::candidate(text, column));
        }
        TypeKind::Char(_) | TypeKind::VarChar(_)
            if matches!(says, Says::Time | Says::EventTime | Says::Arrival) =>
        {
            offer.candidates.push(texts::candidate(text, column));
        }
        TypeKind::Date | TypeKind::Time(_) if says != Says::Nothing => {
            pass("a day or a time of day, no point in time");
        }
        _ => {}
    }
}
