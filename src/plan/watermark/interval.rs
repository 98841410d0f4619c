use crate::time::quote;

/// A rowtime and a delay as a watermark, in a form that Flink takes whatever the length.
///
/// Flink takes at most two digits for the leading field of an interval unless a precision is given, and plans no
/// query on a precision above 3. A number of milliseconds times one has no such limit.
/// Source: run in Flink 1.20.5 and 2.3.0.
pub(super) fn behind(column: &str, ms: u64) -> String {
    let column = quote(column);
    match interval(ms) {
        _ if ms == 0 => column,
        Some(interval) => format!("{column} - {interval}"),
        None => format!("{column} - {ms} * INTERVAL '0.001' SECOND"),
    }
}

const UNITS: [(u64, &str); 4] = [
    (86_400_000, "DAY"),
    (3_600_000, "HOUR"),
    (60_000, "MINUTE"),
    (1_000, "SECOND"),
];

/// The delay as one literal, in the longest unit that divides it; `None` from 1000 days on.
fn interval(ms: u64) -> Option<String> {
    for (unit, name) in UNITS {
        if ms > 0 && ms.is_multiple_of(unit) && ms / unit <= 99 {
            return Some(format!("INTERVAL '{}' {name}", ms / unit));
        }
    }
    let (seconds, fraction) = (ms / 1_000, ms % 1_000);
    if seconds <= 99 {
        return Some(format!("INTERVAL '{seconds}.{fraction:03}' SECOND"));
    }
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let (hours, minutes, seconds) = (rest / 3_600, rest / 60 % 60, rest % 60);
    let precision = match days {
        0..=99 => "",
        100..=999 => "(3)",
        _ => return None,
    };
    Some(format!(
        "INTERVAL '{days} {hours:02}:{minutes:02}:{seconds:02}.{fraction:03}' DAY{precision} TO SECOND(3)"
    ))
}

#[cfg(test)]
mod tests {
    use super::behind;

    #[test]
    fn every_delay_has_a_form_that_flink_takes() {
        let cases = [
            (0, "`t`"),
            (1, "`t` - INTERVAL '0.001' SECOND"),
            (5_000, "`t` - INTERVAL '5' SECOND"),
            (5_250, "`t` - INTERVAL '5.250' SECOND"),
            (99_000, "`t` - INTERVAL '99' SECOND"),
            (100_000, "`t` - INTERVAL '0 00:01:40.000' DAY TO SECOND(3)"),
            (120_000, "`t` - INTERVAL '2' MINUTE"),
            (7_200_000, "`t` - INTERVAL '2' HOUR"),
            (86_400_000, "`t` - INTERVAL '1' DAY"),
            (
                93_784_567,
                "`t` - INTERVAL '1 02:03:04.567' DAY TO SECOND(3)",
            ),
            (
                100 * 86_400_000,
                "`t` - INTERVAL '100 00:00:00.000' DAY(3) TO SECOND(3)",
            ),
            (
                999 * 86_400_000 + 1,
                "`t` - INTERVAL '999 00:00:00.001' DAY(3) TO SECOND(3)",
            ),
            (
                1_000 * 86_400_000,
                "`t` - 86400000000 * INTERVAL '0.001' SECOND",
            ),
        ];
        for (ms, expected) in cases {
            assert_eq!(behind("t", ms), expected);
        }
    }
}
