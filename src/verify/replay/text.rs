//! A replay for people.

use super::{Choice, Example, Fate, Replay};
use crate::config::format_delay;
use std::fmt::Write;

/// Indented, below what is said of the INSERT.
pub fn text(out: &mut String, replay: &Replay, cutover: i64) {
    let chosen = match replay.choice {
        Choice::Given => "T given",
        Choice::Flip504 => "T chosen by the outgoing job as its watermark plus the delay",
    };
    let verdict = match replay.judged() {
        None => "not replayed",
        Some(rung) if rung.is_broken() => "FAILED",
        Some(rung) if rung.rows == 0 => "no row came out, so nothing was replayed",
        Some(_) => "nothing lost or doubled",
    };
    let _ = writeln!(out, "  replay, {chosen}: {verdict}");
    for reason in &replay.reasons {
        let _ = writeln!(out, "    {reason}");
    }
    let width = replay.rungs.iter().map(|r| delay(r.delay_ms).len()).max();
    for rung in &replay.rungs {
        let marks = [
            (rung.delay_ms == replay.bound_ms, "derived from the script"),
            (rung.delay_ms == replay.judged_ms, "judged"),
        ];
        let marks: Vec<&str> = marks.iter().filter(|m| m.0).map(|m| m.1).collect();
        let _ = write!(
            out,
            "    deletion delay {:>width$}: {} rows, {} lost, {} doubled",
            delay(rung.delay_ms),
            rung.rows,
            rung.lost,
            rung.doubled,
            width = width.unwrap_or(0),
        );
        if rung.foreign > 0 {
            let _ = write!(out, ", {} foreign", rung.foreign);
        }
        if !marks.is_empty() {
            let _ = write!(out, " ({})", marks.join(", "));
        }
        out.push('\n');
    }
    // The examples of the lowest delay that has some say most; those of the one that is judged count.
    let judged = replay.judged().filter(|r| r.is_broken());
    let Some(rung) = judged.or(replay.rungs.iter().find(|r| r.is_broken())) else {
        return;
    };
    for (what, example) in [
        ("lost", &rung.lost_example),
        ("doubled", &rung.doubled_example),
    ] {
        if let Some(example) = example {
            let _ = writeln!(out, "    {what} with a delay of {}:", delay(rung.delay_ms));
            one(out, example, cutover);
        }
    }
}

fn one(out: &mut String, example: &Example, cutover: i64) {
    let or = |time: Option<i64>, none: &str| time.map_or(none.to_owned(), |t| beside(t, cutover));
    let _ = writeln!(out, "      {}", example.row);
    let _ = writeln!(
        out,
        "      event time {}, there at {}; watermarks then: outgoing {}, incoming {}",
        or(example.event_time, "none"),
        or(example.arrival, "the end of the input"),
        or(example.outgoing_watermark, "none"),
        or(example.incoming_watermark, "none"),
    );
    let _ = writeln!(
        out,
        "      the outgoing job {}, the incoming job {}",
        fate(example.outgoing),
        fate(example.incoming)
    );
}

fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Wrote => "wrote it",
        Fate::WroteUngated => "wrote it before it knew T",
        Fate::Shut => "left it to the other one",
        Fate::NotYet => "did not know T yet",
        Fate::Gone => "was gone",
        Fate::Dropped => "dropped it as late",
    }
}

/// A time as what it is before or after the cutover.
fn beside(time: i64, cutover: i64) -> String {
    match time - cutover {
        0 => "T".to_owned(),
        after @ 1.. => format!("T + {after} ms"),
        before => format!("T - {} ms", before.unsigned_abs()),
    }
}

pub fn delay(ms: i64) -> String {
    match ms {
        0 => "0 ms".to_owned(),
        ms if ms % 1_000 != 0 => format!("{ms} ms"),
        ms if ms < 0 => format!("-{}", format_delay(ms.unsigned_abs())),
        ms => format_delay(ms.unsigned_abs()),
    }
}
