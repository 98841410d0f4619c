//! Is the gated query the original? Both plans become trees that know columns by position only, the gate is taken off
//! the rewritten one, columns that the sink does not get are pruned from both, and what is left has to be equal.
//!
//! Two trees that print alike compute the same rows; two that do not may still, and are called different.

mod convert;
mod gate;
mod origin;
mod predicate;
mod rel;
mod simplify;

pub use gate::{Gate, Opening, Sides, SourceGate};
pub use predicate::{Barrier, Call, GateTime, Range, Test, Told};

use super::{PlannedInsert, limits};
use rel::Rel;

/// Why a rewritten INSERT is not (or could not be shown to be) the original behind a gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SamenessFailure {
    /// One sentence without a full stop.
    pub reason: String,
    /// Both plans as compared, one operator a line.
    pub original_plan: String,
    pub rewritten_plan: String,
}

/// Compares two planned INSERTs. `rewritten` reads its rows through gates, which are taken off first. What they let
/// through is for the caller to judge.
pub fn same(
    original: &PlannedInsert,
    rewritten: &PlannedInsert,
    sides: Sides,
) -> Result<Gate, SamenessFailure> {
    limits::run(|| compare(original, rewritten, sides)).unwrap_or_else(|reason| {
        Err(SamenessFailure {
            reason: reason.to_owned(),
            original_plan: String::new(),
            rewritten_plan: String::new(),
        })
    })
}

/// Compares two planned INSERTs of which neither is gated.
pub fn same_ungated(
    original: &PlannedInsert,
    rewritten: &PlannedInsert,
) -> Result<(), SamenessFailure> {
    limits::run(|| equal(original, rewritten, |rel| Ok((rel, ())))).unwrap_or_else(|reason| {
        Err(SamenessFailure {
            reason: reason.to_owned(),
            original_plan: String::new(),
            rewritten_plan: String::new(),
        })
    })
}

fn compare(
    original: &PlannedInsert,
    rewritten: &PlannedInsert,
    sides: Sides,
) -> Result<Gate, SamenessFailure> {
    equal(original, rewritten, |rel| gate::strip(rel, sides))
}

/// Compares what is left of `rewritten` once `strip` has taken off what was added.
fn equal<T>(
    original: &PlannedInsert,
    rewritten: &PlannedInsert,
    strip: impl FnOnce(Rel) -> Result<(Rel, T), String>,
) -> Result<T, SamenessFailure> {
    let failure = |reason: String, left: Option<&Rel>, right: Option<&Rel>| SamenessFailure {
        reason,
        original_plan: left.map_or_else(|| original.explain(), Rel::to_string),
        rewritten_plan: right.map_or_else(|| rewritten.explain(), Rel::to_string),
    };
    if original.target != rewritten.target {
        let reason = format!(
            "the rewritten INSERT writes {}, not {}",
            rewritten.target, original.target
        );
        return Err(failure(reason, None, None));
    }
    let left = convert::convert(&original.plan).map_err(|e| failure(e, None, None))?;
    let right = convert::convert(&rewritten.plan).map_err(|e| failure(e, None, None))?;
    let (right, gate) = strip(right).map_err(|e| failure(e, None, None))?;
    let left = simplify::simplify(left);
    let right = simplify::simplify(right);
    if left == right {
        Ok(gate)
    } else {
        let reason = "with the gate taken off, the rewritten query is not the original".to_owned();
        Err(failure(reason, Some(&left), Some(&right)))
    }
}
