//! How the watermark of a job moves while it reads.
//!
//! A job has three positions for each row that it reads: before the row, where an idle source may let the watermark go
//! on; at the row; and behind it, where the row's own event time has moved the watermark. At the last position the input
//! has ended, and all event time has passed.

use std::collections::BTreeMap;

/// A row of a source as a job reads it. Times in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Read {
    pub id: u32,
    pub source: usize,
    /// The event time.
    pub time: i64,
    /// When it is read, on a clock that shows the event time that has come.
    pub moment: i64,
}

/// What a job knows of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feed {
    /// How far the watermark is behind the latest event time, in milliseconds.
    pub delay: i64,
    /// After which time without rows the source no longer holds the watermark back.
    pub idle: Option<i64>,
}

/// A position in what a job reads, see above.
pub type Position = usize;

#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// The first position behind the savepoint.
    pub start: Position,
    /// At each position; before the first one `None`, as `CURRENT_WATERMARK` says it.
    watermarks: Vec<Option<i64>>,
    moments: Vec<i64>,
    places: BTreeMap<u32, Position>,
}

struct Source {
    feed: Feed,
    latest: Option<i64>,
    seen: i64,
}

/// The watermark is the lowest of those sources that are not idle, and never goes back.
fn advance(watermark: &mut Option<i64>, sources: &[Source], now: i64) {
    let idle = |s: &&Source| s.feed.idle.is_some_and(|after| now - s.seen > after);
    let awake = sources.iter().filter(|s| !idle(s));
    let all: Option<Vec<i64>> = awake
        .map(|s| s.latest.map(|latest| latest.saturating_sub(s.feed.delay)))
        .collect();
    *watermark = (*watermark).max(all.and_then(|all| all.into_iter().min()));
}

impl Course {
    /// `reads`: in the order in which they are read, of which the first `before` were read before the savepoint.
    /// `restarted`: the job starts from it. A savepoint holds no watermark.
    pub fn new(reads: &[Read], feeds: &[Feed], before: usize, restarted: bool) -> Self {
        let mut course = Course {
            start: 3 * before,
            watermarks: Vec::with_capacity(3 * reads.len() + 1),
            moments: reads.iter().map(|r| r.moment).collect(),
            places: BTreeMap::new(),
        };
        let fresh = |now: i64| -> Vec<Source> {
            let source = |feed: &Feed| Source {
                feed: *feed,
                latest: None,
                seen: now,
            };
            feeds.iter().map(source).collect()
        };
        let mut sources = fresh(reads.first().map_or(0, |r| r.moment));
        let mut watermark = None;
        for (n, read) in reads.iter().enumerate() {
            if n == before && restarted {
                sources = fresh(read.moment);
                watermark = None;
            }
            advance(&mut watermark, &sources, read.moment);
            course.watermarks.extend([watermark, watermark]);
            course.places.insert(read.id, 3 * n + 1);
            let source = &mut sources[read.source];
            source.latest = source.latest.max(Some(read.time));
            source.seen = read.moment;
            advance(&mut watermark, &sources, read.moment);
            course.watermarks.push(watermark);
        }
        course.watermarks.push(Some(i64::MAX));
        course
    }

    pub fn end(&self) -> Position {
        self.watermarks.len() - 1
    }

    pub fn watermark(&self, at: Position) -> Option<i64> {
        self.watermarks.get(at).copied().flatten()
    }

    /// The end of the input comes long after all of it.
    pub fn moment(&self, at: Position) -> i64 {
        self.moments.get(at / 3).copied().unwrap_or(i64::MAX)
    }

    /// Where a source row is read. Rows of tables without a watermark are there before all others.
    pub fn place(&self, id: u32) -> Option<Position> {
        self.places.get(&id).copied()
    }

    /// The first position from `from` on at which the watermark has reached a time. Within a job it never goes back.
    pub fn reached(&self, time: i64, from: Position) -> Position {
        let search = |low: Position, high: Position| {
            low + self.watermarks[low..high].partition_point(|w| w.is_none_or(|w| w < time))
        };
        if from < self.start {
            let at = search(from, self.start);
            if at < self.start {
                return at;
            }
        }
        search(from.max(self.start), self.end())
    }

    /// The last position that is not after a moment.
    pub fn at(&self, moment: i64) -> Position {
        (3 * self.moments.partition_point(|m| *m <= moment)).saturating_sub(1)
    }

    /// Where a row is there that is made of these source rows, and the watermark that its gate sees. `None`: nowhere, as
    /// all of its source rows came after the watermark that it waits for.
    ///
    /// What an operator holds back it lets go before it passes the watermark on, so that the gate sees the one before.
    pub fn exists(&self, ids: &[u32], held: Option<i64>) -> Option<(Position, Option<i64>)> {
        let places = ids.iter().filter_map(|id| self.place(*id));
        let Some(held) = held else {
            let at = places.max().unwrap_or(0);
            return Some((at, self.watermark(at)));
        };
        let on_time = |at: &Position| self.watermark(*at).is_none_or(|w| w < held);
        let (mut last, mut late) = (None, false);
        for place in places {
            match on_time(&place) {
                true => last = last.max(Some(place)),
                false => late = true,
            }
        }
        if late && last.is_none() {
            return None;
        }
        let at = self.reached(held, last.map_or(0, |at| at + 1));
        Some((
            at,
            at.checked_sub(1).and_then(|before| self.watermark(before)),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads(all: &[(usize, i64, i64)]) -> Vec<Read> {
        let read = |(n, (source, moment, time)): (usize, &(usize, i64, i64))| Read {
            id: n as u32,
            source: *source,
            time: *time,
            moment: *moment,
        };
        all.iter().enumerate().map(read).collect()
    }

    fn watermarks(course: &Course) -> Vec<Option<i64>> {
        (0..course.end()).map(|at| course.watermark(at)).collect()
    }

    const FEED: Feed = Feed {
        delay: 2,
        idle: None,
    };

    #[test]
    fn the_lowest_source_counts_and_none_goes_back() {
        let all = reads(&[(0, 10, 10), (1, 11, 6), (0, 12, 3), (1, 20, 20)]);
        let course = Course::new(&all, &[FEED, FEED], 0, false);
        let none = [None; 5];
        let then = [4, 4, 4, 4, 4, 4, 8].map(Some);
        assert_eq!(watermarks(&course), [&none[..], &then[..]].concat());
    }

    #[test]
    fn an_idle_source_is_left_out_and_comes_back_late() {
        let idle = Feed {
            idle: Some(5),
            ..FEED
        };
        let all = reads(&[(1, 0, 0), (0, 0, 0), (0, 9, 9), (1, 9, 1)]);
        let course = Course::new(&all, &[FEED, idle], 0, false);
        assert_eq!(course.watermark(7), Some(-2));
        assert_eq!(course.watermark(8), Some(7));
        // The row is late: a window that ends at 5 has gone.
        assert_eq!(course.exists(&[3], Some(5)), None);
        assert_eq!(course.exists(&[3], None), Some((10, Some(7))));
    }

    #[test]
    fn a_restarted_job_knows_no_watermark() {
        let all = reads(&[(0, 10, 10), (0, 11, 11), (0, 12, 12)]);
        let on = Course::new(&all, &[FEED], 1, false);
        let restarted = Course::new(&all, &[FEED], 1, true);
        assert_eq!(on.watermark(4), Some(8));
        assert_eq!(restarted.watermark(4), None);
        assert_eq!(restarted.watermark(5), Some(9));
        // What was let go before the savepoint is not let go again.
        assert_eq!(restarted.exists(&[0], Some(8)), Some((2, None)));
        assert_eq!(restarted.exists(&[0], Some(9)), Some((5, None)));
    }
}
