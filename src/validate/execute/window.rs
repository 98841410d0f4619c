//! Windows of window table functions and of group windows.
//! Source: `TimeWindow` and the window assigners of Flink.

use super::Zone;
use super::value::{Failure, Value};

/// Sizes in nanoseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Tumble {
        size: i128,
        offset: i128,
    },
    Hop {
        slide: i128,
        size: i128,
        offset: i128,
    },
    Cumulate {
        step: i128,
        max: i128,
        offset: i128,
    },
    Session {
        gap: i128,
    },
}

impl Kind {
    /// The windows of a point in time, start and end; not for sessions.
    pub fn of(&self, at: i128) -> Vec<(i128, i128)> {
        let start = |size: i128, offset: i128| (at - offset).div_euclid(size) * size + offset;
        match *self {
            Kind::Tumble { size, offset } => {
                let start = start(size, offset);
                vec![(start, start + size)]
            }
            Kind::Hop {
                slide,
                size,
                offset,
            } => {
                let mut windows = Vec::new();
                let mut from = start(slide, offset);
                while from > at - size {
                    windows.push((from, from + size));
                    from -= slide;
                }
                windows
            }
            Kind::Cumulate { step, max, offset } => {
                let start = start(max, offset);
                let mut end = start + step;
                let mut windows = Vec::new();
                while end <= start + max {
                    if end > at {
                        windows.push((start, end));
                    }
                    end += step;
                }
                windows
            }
            Kind::Session { gap } => vec![(at, at + gap)],
        }
    }
}

/// The session of each of the times: those that touch are one.
pub fn sessions(times: &[i128], gap: i128) -> Vec<(i128, i128)> {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let mut all: Vec<(i128, i128)> = Vec::new();
    for at in sorted {
        match all.last_mut() {
            Some((_, end)) if at <= *end => *end = at + gap,
            _ => all.push((at, at + gap)),
        }
    }
    let find = |at: &i128| {
        all.iter()
            .copied()
            .find(|(start, end)| start <= at && at < end)
    };
    times
        .iter()
        .map(|at| find(at).unwrap_or((*at, *at + gap)))
        .collect()
}

/// What the clock shows at a time, by which windows begin and end; `None` for NULL.
pub fn clock(time: &Value, zone: Zone) -> Result<Option<i128>, Failure> {
    Ok(zone.on_clock(time)?.instant())
}

/// Start and end on the clock as points in time.
pub fn in_time((start, end): (i128, i128), time: &Value, zone: Zone) -> (i128, i128) {
    match time {
        Value::TimestampLtz(..) => (
            zone.instant(start).unwrap_or(start),
            zone.instant(end).unwrap_or(end),
        ),
        _ => (start, end),
    }
}

/// Start, end and time of a window over a column: the end less a millisecond, of the column's own kind.
pub fn columns(
    (start, end): (i128, i128),
    time: &Value,
    zone: Zone,
) -> Result<[Value; 3], Failure> {
    let last = Value::Timestamp(end - 1_000_000, 3);
    let time = match time {
        Value::TimestampLtz(..) => zone.in_time(&last)?,
        _ => last,
    };
    Ok([Value::Timestamp(start, 3), Value::Timestamp(end, 3), time])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_of_a_time() {
        let hop = Kind::Hop {
            slide: 2,
            size: 6,
            offset: 0,
        };
        assert_eq!(hop.of(7), [(6, 12), (4, 10), (2, 8)]);
        let cumulate = Kind::Cumulate {
            step: 2,
            max: 6,
            offset: 0,
        };
        assert_eq!(cumulate.of(3), [(0, 4), (0, 6)]);
        let tumble = Kind::Tumble { size: 5, offset: 1 };
        assert_eq!(tumble.of(-1), [(-4, 1)]);
    }

    #[test]
    fn sessions_that_touch_are_one() {
        assert_eq!(
            sessions(&[10, 0, 5, 16], 5),
            [(0, 15), (0, 15), (0, 15), (16, 21)]
        );
    }
}
