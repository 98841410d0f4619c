//! A deletion delay that is not above how far the outgoing job reads ahead.
//!
//! ## What it does
//! Compares `kubernetes.operator.bluegreen.deployment-deletion.delay`, where a SET of the script states it, with the
//! longest watermark delay of the script's sources and the largest drift of their alignment.
//!
//! ## Why is this bad?
//! FLIP-504 chooses the cutover as the outgoing job's watermark plus the deletion delay (flink-kubernetes-operator, pull
//! request 1043). Until the job knows it, it writes every row that it has read, which may be as far ahead of its watermark
//! as the watermark is behind, and by the drift where a partition runs ahead of another: the incoming job writes those
//! rows again. The operator's own test says so of its delay: "must be more than its 2s watermark bound". Its default is
//! 0 ms.
//!
//! The operator reads the key from the `spec.configuration` of its resource, not from a job. A SET of it has no effect on
//! either; it says in the script what the resource has, so that it can be compared. `tidegate explain` prints the sum,
//! also where no SET states the delay.
//!
//! ## Example
//! ```sql
//! SET 'kubernetes.operator.bluegreen.deployment-deletion.delay' = '2 s';
//! CREATE TABLE clicks (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
//! WITH ('connector' = 'kafka', 'format' = 'json');
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'print');
//! INSERT INTO copies SELECT id FROM clicks;
//! ```
//!
//! Use instead:
//! ```sql
//! SET 'kubernetes.operator.bluegreen.deployment-deletion.delay' = '15 s';
//! CREATE TABLE clicks (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
//! WITH ('connector' = 'kafka', 'format' = 'json');
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'print');
//! INSERT INTO copies SELECT id FROM clicks;
//! ```
//!
//! ## Fix
//! None: the value has to be changed in the resource too, and what the job needs on top, until every subtask knows the
//! cutover, is to be measured.

use crate::config::format_delay;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Context, Finding, duration_ms};
use crate::plan::ALIGNMENT_DRIFT;
use crate::text::Span;

pub const FINDING: Finding = Finding::new(
    "short-deletion-delay",
    Severity::Warning,
    Check::Script(check),
);

const DELETION_DELAY: &str = "kubernetes.operator.bluegreen.deployment-deletion.delay";

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    // The last one holds.
    let Some((_, setting)) = context.set_to(DELETION_DELAY).pop() else {
        return;
    };
    let Some(stated) = duration_ms(&setting.value.value) else {
        return;
    };
    let Some((bound, table, place)) = bound(context) else {
        return;
    };
    let drifts = context
        .streams()
        .filter_map(|(id, ..)| context.option(id, ALIGNMENT_DRIFT));
    let drift = drifts.filter_map(duration_ms).max().unwrap_or(0);
    let needed = bound.saturating_add(drift);
    if stated > needed {
        return;
    }
    let mut sum = format!("the watermark delay of `{table}`, {}", format_delay(bound));
    if drift > 0 {
        sum += &format!(", and the drift of its alignment, {}", format_delay(drift));
    }
    let mut diagnostic = FINDING
        .at(setting.value.span, format!("the deletion delay {} is not above {}", format_delay(stated), format_delay(needed)))
        .label(format!("has to be above {sum}"))
        .note("rows that the outgoing job has read so far ahead of its watermark are written by both jobs (FLIP-504)")
        .help(format!(
            "more than {}, in the resource of the operator too; a few seconds on top until every subtask knows the cutover",
            format_delay(needed)
        ));
    if let Some(place) = place {
        diagnostic = diagnostic.related(place, "the watermark");
    }
    found.push(diagnostic);
}

/// The longest watermark delay that is known, of which table, and where it stands.
fn bound<'a>(context: &Context<'a>) -> Option<(u64, &'a str, Option<Span>)> {
    let delays = context.streams().filter_map(|(id, entry, table)| {
        let name = entry.name.object();
        if let Some(added) = context.plan.watermark(id) {
            return Some((added.delay_ms()?, name, None));
        }
        let watermark = table.watermark.as_ref()?;
        let span = (!context.script.is_outside(entry.since)).then_some(watermark.span);
        Some((watermark.delay_ms?, name, span))
    });
    // Of equal ones the first.
    delays.reduce(|best, next| if next.0 > best.0 { next } else { best })
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{says, silent};

    fn job(delay: &str, options: &str) -> String {
        format!(
            "SET 'kubernetes.operator.bluegreen.deployment-deletion.delay' = '{delay}';\n\
             CREATE TABLE t (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector' = 'kafka'{options});\n\
             CREATE TABLE s (id BIGINT) WITH ('connector' = 'print');\n\
             INSERT INTO s SELECT id FROM t;\n"
        )
    }

    const DRIFT: &str =
        ", 'scan.watermark.alignment.group' = 'g', 'scan.watermark.alignment.max-drift' = '10s'";

    #[test]
    fn it_is_too_short() {
        insta::assert_snapshot!(says("short-deletion-delay", &job("5 s", "")), @r"
        warning[short-deletion-delay]: the deletion delay 5 s is not above 5 s
         --> job.sql:1:65
          |
        1 | SET 'kubernetes.operator.bluegreen.deployment-deletion.delay' = '5 s';
          |                                                                 ^^^^^ has to be above the watermark delay of `t`, 5 s
        2 | CREATE TABLE t (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector' = 'kafka');
          |                                             -------------------------------------------- the watermark
          |
          = note: rows that the outgoing job has read so far ahead of its watermark are written by both jobs (FLIP-504)
          = help: more than 5 s, in the resource of the operator too; a few seconds on top until every subtask knows the cutover
        ");
        insta::assert_snapshot!(says("short-deletion-delay", &job("15000", DRIFT)), @r"
        warning[short-deletion-delay]: the deletion delay 15 s is not above 15 s
         --> job.sql:1:65
          |
        1 | ...eployment-deletion.delay' = '15000';
          |                                ^^^^^^^ has to be above the watermark delay of `t`, 5 s, and the drift of its alignment, 10 s
        2 | ...AMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector' = 'kafka', 'scan.watermark.alignment.group' = 'g', 'scan.w...
          |            -------------------------------------------- the watermark
          |
          = note: rows that the outgoing job has read so far ahead of its watermark are written by both jobs (FLIP-504)
          = help: more than 15 s, in the resource of the operator too; a few seconds on top until every subtask knows the cutover
        ");
        for delay in ["0", "5000 ms", "5sec"] {
            assert_ne!(says("short-deletion-delay", &job(delay, "")), "", "{delay}");
        }
        // The watermark that a rewrite adds counts too.
        let added = job("1 s", "").replace(", WATERMARK FOR ts AS ts - INTERVAL '5' SECOND", "");
        assert_ne!(says("short-deletion-delay", &added), "");
    }

    #[test]
    fn it_is_long_enough_or_not_known() {
        silent(
            "short-deletion-delay",
            &[
                &job("5001 ms", ""),
                &job("1 min", DRIFT),
                &job("${delay}", ""),
                &job("1 s", "").replace(
                    "AS ts - INTERVAL '5' SECOND",
                    "AS ts - id * INTERVAL '1' SECOND",
                ),
                "SET 'kubernetes.operator.bluegreen.deployment-deletion.delay' = '0 s';",
            ],
        );
    }
}
