use crate::config::{Cutover, Role};
use crate::time::TimeType;
use chrono::DateTime;
use serde::Serialize;

/// The half-open range of gate times that a role lets through, as SQL literals that no session time
/// zone can move: `TIMESTAMP '…'` against a TIMESTAMP, `TO_TIMESTAMP_LTZ(ms, 3)` against an instant.
///
/// `first` is [MIN, MAX), `outgoing` [MIN, T), `incoming` [T, MAX): the plans of the three differ in
/// literals only, so state restores from one to the other. A row at MAX itself, the last millisecond
/// of the year 9999, passes no gate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bounds {
    /// The smallest time of the type; also stands for a NULL gate time.
    pub min: String,
    pub low: String,
    pub high: String,
}

/// The first and last milliseconds that Flink's timestamps can hold: years 1 and 9999.
const MIN_MS: i64 = -62_135_596_800_000;
const MAX_MS: i64 = 253_402_300_799_999;

impl Bounds {
    pub fn new(role: Role, ty: TimeType) -> Self {
        let literal = |ms| literal(ms, ty);
        let (low, high) = match role {
            Role::First => (MIN_MS, MAX_MS),
            Role::Outgoing {
                cutover: Cutover(t),
            } => (MIN_MS, t),
            Role::Incoming {
                cutover: Cutover(t),
            } => (t, MAX_MS),
        };
        Self {
            min: literal(MIN_MS),
            low: literal(low),
            high: literal(high),
        }
    }
}

fn literal(ms: i64, ty: TimeType) -> String {
    match ty {
        TimeType::TimestampLtz => format!("TO_TIMESTAMP_LTZ({ms}, 3)"),
        TimeType::Timestamp => {
            // Flink reads a TIMESTAMP rowtime as UTC.
            let clamped = ms.clamp(MIN_MS, MAX_MS);
            let time = DateTime::from_timestamp_millis(clamped).unwrap_or_default();
            format!("TIMESTAMP '{}'", time.format("%Y-%m-%d %H:%M:%S%.3f"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_meet_without_gap_or_overlap() {
        let cutover = Cutover(1_795_348_800_123);
        let of = |role, ty| {
            let Bounds { min, low, high } = Bounds::new(role, ty);
            assert_eq!(min, literal(MIN_MS, ty));
            [low, high]
        };
        let plain = |role| of(role, TimeType::Timestamp);
        assert_eq!(
            plain(Role::First),
            [
                "TIMESTAMP '0001-01-01 00:00:00.000'",
                "TIMESTAMP '9999-12-31 23:59:59.999'"
            ]
        );
        let t = "TIMESTAMP '2026-11-22 12:00:00.123'";
        assert_eq!(plain(Role::Outgoing { cutover })[1], t);
        assert_eq!(plain(Role::Incoming { cutover })[0], t);
        assert_eq!(
            of(Role::Incoming { cutover }, TimeType::TimestampLtz),
            [
                "TO_TIMESTAMP_LTZ(1795348800123, 3)",
                "TO_TIMESTAMP_LTZ(253402300799999, 3)"
            ]
        );
    }
}
