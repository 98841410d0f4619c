/// A delay as a Flink interval literal, in the longest unit that divides it.
///
/// Flink takes at most two digits for the leading field unless a precision is given, and plans no
/// query on a precision above 3; a literal from days to seconds holds any delay below 100 days.
pub fn interval(ms: u64) -> String {
    const UNITS: [(u64, &str); 4] = [
        (86_400_000, "DAY"),
        (3_600_000, "HOUR"),
        (60_000, "MINUTE"),
        (1_000, "SECOND"),
    ];
    for (unit, name) in UNITS {
        if ms > 0 && ms.is_multiple_of(unit) && ms / unit <= 99 {
            return format!("INTERVAL '{}' {name}", ms / unit);
        }
    }
    let (seconds, fraction) = (ms / 1_000, ms % 1_000);
    if seconds <= 99 {
        return format!("INTERVAL '{seconds}.{fraction:03}' SECOND");
    }
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let (hours, minutes, seconds) = (rest / 3_600, rest / 60 % 60, rest % 60);
    format!("INTERVAL '{days} {hours:02}:{minutes:02}:{seconds:02}.{fraction:03}' DAY TO SECOND(3)")
}

#[cfg(test)]
mod tests {
    use super::interval;

    #[test]
    fn every_delay_has_a_form_that_flink_takes() {
        let cases = [
            (1, "INTERVAL '0.001' SECOND"),
            (5_000, "INTERVAL '5' SECOND"),
            (5_250, "INTERVAL '5.250' SECOND"),
            (99_000, "INTERVAL '99' SECOND"),
            (100_000, "INTERVAL '0 00:01:40.000' DAY TO SECOND(3)"),
            (120_000, "INTERVAL '2' MINUTE"),
            (7_200_000, "INTERVAL '2' HOUR"),
            (86_400_000, "INTERVAL '1' DAY"),
            (93_784_567, "INTERVAL '1 02:03:04.567' DAY TO SECOND(3)"),
        ];
        for (ms, expected) in cases {
            assert_eq!(interval(ms), expected);
        }
    }
}
