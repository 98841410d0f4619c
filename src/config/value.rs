//! Values that people write: versions, delays, cutovers.

use super::{Cutover, FlinkVersion};
use std::str::FromStr;

/// Why a value was not understood: one sentence for the user.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ValueError(String);

const UNITS: [(&str, u64); 5] = [
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("min", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

/// With a longer delay the watermark of today's rows would be before 1970, where Flink emits none.
const DELAY_LIMIT_MS: u64 = 20_000 * 86_400_000;

/// Years 1 to 9999, in epoch milliseconds.
const CUTOVER_RANGE: std::ops::RangeInclusive<i64> = -62_135_596_800_000..=253_402_300_799_999;

/// `5 s`, `500 ms`, `1 min`, `2 h`, `1 d` in milliseconds; the blank may be left out.
pub fn parse_delay(text: &str) -> Result<u64, ValueError> {
    let trimmed = text.trim();
    let digits = trimmed
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(trimmed.len());
    let (number, unit) = trimmed.split_at(digits);
    let per_unit = UNITS.iter().find(|(name, _)| *name == unit.trim());
    let (false, Some((_, per_unit))) = (number.is_empty(), per_unit) else {
        return Err(ValueError(format!(
            "`{text}` is no delay: a whole number and a unit (ms, s, min, h, d), as in `5 s`"
        )));
    };
    number
        .parse::<u64>()
        .ok()
        .and_then(|n| n.checked_mul(*per_unit))
        .filter(|ms| *ms < DELAY_LIMIT_MS)
        .ok_or_else(|| {
            ValueError(format!(
                "`{text}` is too long: 20000 days before today is before 1970, where Flink emits no watermark"
            ))
        })
}

/// Milliseconds as [`parse_delay`] reads them, in the largest unit that leaves a whole number.
pub fn format_delay(ms: u64) -> String {
    let (unit, per_unit) = UNITS
        .into_iter()
        .find(|(_, per_unit)| ms >= *per_unit && ms.is_multiple_of(*per_unit))
        .unwrap_or(("s", 1_000));
    format!("{} {unit}", ms / per_unit)
}

impl FromStr for FlinkVersion {
    type Err = ValueError;

    /// `2.3`, also with a patch number (`2.3.0`).
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut numbers = text.splitn(3, '.');
        let line = (numbers.next(), numbers.next());
        let patch_is_number = numbers
            .next()
            .is_none_or(|patch| !patch.is_empty() && patch.bytes().all(|b| b.is_ascii_digit()));
        FlinkVersion::ALL
            .into_iter()
            .find(|v| patch_is_number && v.as_str().split_once('.') == line.0.zip(line.1))
            .ok_or_else(|| {
                let known = FlinkVersion::ALL.map(FlinkVersion::as_str).join(", ");
                ValueError(format!("Flink `{text}` is not supported: one of {known}"))
            })
    }
}

impl TryFrom<String> for FlinkVersion {
    type Error = ValueError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl FromStr for Cutover {
    type Err = ValueError;

    /// RFC 3339 with a zone, or epoch milliseconds. Finer than a millisecond is refused: event times
    /// have millisecond precision, so T would not be the time that was asked for.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let millis = match text.parse::<i64>() {
            Ok(millis) => millis,
            Err(_) => {
                let time = chrono::DateTime::parse_from_rfc3339(text).map_err(|_| {
                    ValueError(format!(
                        "`{text}` is no cutover: RFC 3339 with a zone, as in \
                         `2026-11-22T12:00:00Z`, or epoch milliseconds"
                    ))
                })?;
                if time.timestamp_subsec_nanos() % 1_000_000 != 0 {
                    return Err(ValueError(format!(
                        "`{text}` is finer than a millisecond: Flink compares event times in \
                         milliseconds"
                    )));
                }
                time.timestamp_millis()
            }
        };
        if CUTOVER_RANGE.contains(&millis) {
            Ok(Cutover(millis))
        } else {
            Err(ValueError(format!(
                "`{text}` is outside of the years 1 to 9999 that Flink's timestamps reach"
            )))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays() {
        let ms = |text: &str| parse_delay(text).ok();
        assert_eq!(
            ["5 s", "500 ms", "1 min", "2 h", "1 d", "0 s", "5s", " 7 s "].map(ms),
            [
                Some(5_000),
                Some(500),
                Some(60_000),
                Some(7_200_000),
                Some(86_400_000),
                Some(0),
                Some(5_000),
                Some(7_000)
            ]
        );
        let bad = [
            "",
            "5",
            "s",
            "-5 s",
            "1.5 s",
            "5 m",
            "5 S",
            "20000 d",
            "99999999999999999999 s",
        ];
        assert_eq!(bad.map(ms), [None; 9]);
    }

    #[test]
    fn a_delay_reads_back_as_written() {
        for text in [
            "0 s", "1 ms", "1500 ms", "5 s", "90 s", "1 min", "25 h", "1 d",
        ] {
            assert_eq!(format_delay(parse_delay(text).unwrap()), text);
        }
    }

    #[test]
    fn versions() {
        let version = |text: &str| text.parse::<FlinkVersion>().ok();
        assert_eq!(version("1.20"), Some(FlinkVersion::V1_20));
        assert_eq!(version("2.3.0"), Some(FlinkVersion::V2_3));
        assert_eq!(
            ["1.19", "2", "2.30", "2.3.", "2.3.x", ""].map(version),
            [None; 6]
        );
        assert!(FlinkVersion::V1_20 < FlinkVersion::V2_0);
    }

    #[test]
    fn cutovers() {
        let millis = |text: &str| text.parse::<Cutover>().ok().map(|t| t.0);
        assert_eq!(millis("2026-11-22T12:00:00Z"), Some(1_795_348_800_000));
        assert_eq!(
            millis("2026-11-22T13:00:00.000+01:00"),
            Some(1_795_348_800_000)
        );
        assert_eq!(millis("2026-11-22T12:00:00.001Z"), Some(1_795_348_800_001));
        assert_eq!(millis("1795348800000"), Some(1_795_348_800_000));
        assert_eq!(millis("-1"), Some(-1));
        let bad = [
            "2026-11-22T12:00:00",
            "2026-11-22",
            "2026-11-22T12:00:00.0001Z",
            "9223372036854775807",
            "noon",
            "",
        ];
        assert_eq!(bad.map(millis), [None; 6]);
    }
}
