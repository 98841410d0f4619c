//! The report for people.

use super::{By, Outcome, Report, Verified};
use crate::text::LineIndex;
use std::fmt::Write;

/// `script`: what the report is about, for lines and columns.
pub fn text(report: &Report, script: &str) -> String {
    let lines = LineIndex::new(script);
    let mut out = String::new();
    for insert in &report.inserts {
        let at = lines.line_col(script, insert.span.start);
        let _ = writeln!(
            out,
            "INSERT INTO {} ({}:{}): {}",
            insert.sink,
            at.line,
            at.column,
            verdict(insert)
        );
        one(&mut out, insert);
        if let Some(replay) = &insert.replay {
            super::replay::text(&mut out, replay, report.cutover);
        }
    }
    let count = |outcome: Outcome| {
        report
            .inserts
            .iter()
            .filter(|i| i.outcome == outcome)
            .count()
    };
    let _ = writeln!(
        out,
        "{} held, {} failed, {} without rows, {} planned but not executed, {} without a gate",
        count(Outcome::Held),
        count(Outcome::Failed),
        count(Outcome::NoRows),
        count(Outcome::PlannedNotExecuted),
        count(Outcome::NotGated),
    );
    let _ = writeln!(
        out,
        "cutover {}, seed {}, {} rounds of up to {} rows a table; a check of the gates' predicates, not of how the two jobs \
         run in time",
        report.cutover, report.seed, report.rounds, report.rows
    );
    if report.inserts.iter().any(|i| i.replay.is_some()) {
        let _ = writeln!(
            out,
            "a replay is a model of the two jobs in time, one subtask each, and no proof"
        );
    }
    out
}

fn verdict(insert: &Verified) -> &'static str {
    match insert.outcome {
        Outcome::Held => "nothing lost, doubled or foreign",
        Outcome::Failed => "FAILED",
        Outcome::NoRows => "no row came out, so nothing was checked",
        Outcome::PlannedNotExecuted => "planned, not executed",
        Outcome::NotGated => "has no gate",
    }
}

fn one(out: &mut String, insert: &Verified) {
    for reason in &insert.reasons {
        let _ = writeln!(out, "  {reason}");
    }
    let Some(by) = &insert.by else {
        return;
    };
    let c = &insert.counts;
    let how = match by {
        By::RowIds => "told apart by source rows".to_owned(),
        By::Key { columns } => format!("final rows by key ({})", columns.join(", ")),
    };
    let _ = writeln!(
        out,
        "  rows: {} ungated, {} outgoing, {} incoming; {how}",
        c.ungated, c.outgoing, c.incoming
    );
    if c.raced > 0 {
        let _ = writeln!(
            out,
            "  {} keys would keep the outgoing job's row if it wrote last: the race of two writers, a condition of this gate",
            c.raced
        );
    }
    for f in &insert.findings {
        let _ = writeln!(
            out,
            "  check `{}`: {} lost, {} doubled, {} foreign; {}",
            f.check.as_str(),
            f.lost,
            f.doubled,
            f.foreign,
            f.example
        );
    }
    if !insert.smallest.is_empty() {
        let _ = writeln!(
            out,
            "  smallest input found, as files for --data TABLE=FILE.json:"
        );
        for (table, lines) in &insert.smallest {
            let _ = writeln!(out, "  -- {table}");
            for line in lines.lines() {
                let _ = writeln!(out, "  {line}");
            }
        }
    }
}
