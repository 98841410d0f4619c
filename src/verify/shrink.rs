//! A smaller input that fails in the same way.

use super::compare::Check;
use super::data::Input;
use super::trial::Subject;

/// Runs that may be spent on it.
const MAX_TRIALS: usize = 600;

/// Takes rows away, many at a time and then one by one, as long as the check still fails.
pub fn shrink(subject: &Subject<'_>, input: &Input, cutover: i64, cut: i64, check: Check) -> Input {
    let mut trials = 0;
    let mut fails = |input: &Input| {
        trials += 1;
        let trial = subject.trial(input, cutover, cut);
        (
            trials <= MAX_TRIALS,
            trial.is_ok_and(|t| t.findings.iter().any(|f| f.check == check)),
        )
    };
    let mut best = input.clone();
    let mut size = best.len().div_ceil(2);
    while size > 0 {
        let mut smaller = false;
        let mut start = 0;
        while start < best.len() {
            let candidate = without(&best, start, size);
            match fails(&candidate) {
                (false, _) => return best,
                (true, true) => {
                    best = candidate;
                    smaller = true;
                }
                (true, false) => start += size,
            }
        }
        if size == 1 && !smaller {
            break;
        }
        size = if size == 1 { 1 } else { size.div_ceil(2) };
    }
    best.tables.retain(|_, rows| !rows.is_empty());
    best
}

fn without(input: &Input, start: usize, size: usize) -> Input {
    let mut at = 0;
    let mut input = input.clone();
    for rows in input.tables.values_mut() {
        rows.retain(|_| {
            at += 1;
            !(start..start + size).contains(&(at - 1))
        });
    }
    input
}
