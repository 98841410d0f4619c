//! An idle timeout, with which rows may be lost at a cutover.
//!
//! ## What it does
//! Reports where an idle timeout is set for a source that an INSERT reads by event time: as an option of its table, in a
//! hint, or for all sources of the session.
//!
//! ## Why is this bad?
//! A source that is left out does not hold back the watermark. The outgoing job may pass the cutover without it and be
//! taken down; rows below the cutover that the source then comes back with belong to a job that is gone. (FLIP-504's
//! discussion says so of its own gate: no row is lost only if no source is idle during the transition.) The gate is
//! best-effort with that.
//!
//! An idle timeout is often right, and where a source has partitions, it may be needed: this is a note.
//!
//! ## Example
//! ```sql
//! SET 'table.exec.source.idle-timeout' = '30 s';
//! CREATE TABLE clicks (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
//! WITH ('connector' = 'kafka', 'format' = 'json');
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'print');
//! INSERT INTO copies SELECT id FROM clicks;
//! ```
//!
//! Use instead:
//! ```sql
//! CREATE TABLE clicks (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
//! WITH ('connector' = 'kafka', 'format' = 'json');
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'print');
//! INSERT INTO copies SELECT id FROM clicks;
//! ```
//!
//! ## Fix
//! None. Where the timeout is needed, keep the outgoing job until every source has passed the cutover, or take late rows
//! over.
//!
//! ## Options
//! `gate.late = "handover"`: the incoming job takes over rows that come late.

use crate::Verdict;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Context, Finding};
use crate::plan::{ConditionKind, IDLE_TIMEOUT, SOURCE_IDLE_TIMEOUT, is_on};
use crate::text::Span;

pub const FINDING: Finding =
    Finding::new("idle-timeout-loss", Severity::Note, Check::Script(check));

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let depends = |verdict: &Verdict| match verdict {
        Verdict::BestEffort { conditions } => conditions
            .iter()
            .any(|c| c.kind == ConditionKind::IdleTimeout),
        _ => false,
    };
    if !context
        .plan
        .inserts
        .iter()
        .any(|report| depends(&report.verdict))
    {
        return;
    }
    let say = |span: Span, what: &str| {
        FINDING
            .at(span, format!("{what} that is left out of the watermark may lose rows at a cutover"))
            .label("how long it may be idle")
            .note("once the outgoing job is gone, nobody writes rows below the cutover that it comes back with")
            .help("before the outgoing job is taken down, see that no source is idle")
    };
    for (_, setting) in context.set_to(SOURCE_IDLE_TIMEOUT) {
        if is_on(&setting.value.value) {
            found.push(say(setting.value.span, "a source"));
        }
    }
    for (id, entry, _) in context.streams() {
        if !context.option(id, IDLE_TIMEOUT).is_some_and(is_on)
            || context.script.is_outside(entry.created)
        {
            continue;
        }
        // One that the configuration adds has no other place.
        let written = context.own_option(id, IDLE_TIMEOUT);
        let span = written.map_or(entry.name.span, |o| o.value.span);
        found.push(say(
            span,
            &format!("table `{}`, or a partition of it,", entry.name.object()),
        ));
    }
    found.extend(
        context
            .hints_with(IDLE_TIMEOUT)
            .map(|span| say(span, "a source")),
    );
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{says, silent};

    fn job(options: &str, before: &str, select: &str) -> String {
        format!(
            "{before}CREATE TABLE t (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka'{options});\n\
             CREATE TABLE s (id BIGINT) WITH ('connector' = 'print');\n\
             {select};\n"
        )
    }

    const INSERT: &str = "INSERT INTO s SELECT id FROM t";
    const OPTION: &str = ", 'scan.watermark.idle-timeout' = '1 min'";
    const SET: &str = "SET 'table.exec.source.idle-timeout' = '30 s';\n";

    #[test]
    fn each_place_is_shown() {
        insta::assert_snapshot!(says("idle-timeout-loss", &job("", SET, INSERT)), @r"
        note[idle-timeout-loss]: a source that is left out of the watermark may lose rows at a cutover
         --> job.sql:1:40
          |
        1 | SET 'table.exec.source.idle-timeout' = '30 s';
          |                                        ^^^^^^ how long it may be idle
          |
          = note: once the outgoing job is gone, nobody writes rows below the cutover that it comes back with
          = help: before the outgoing job is taken down, see that no source is idle
        ");
        insta::assert_snapshot!(says("idle-timeout-loss", &job(OPTION, "", INSERT)), @r"
        note[idle-timeout-loss]: table `t`, or a partition of it, that is left out of the watermark may lose rows at a cutover
         --> job.sql:1:130
          |
        1 | ...ctor' = 'kafka', 'scan.watermark.idle-timeout' = '1 min');
          |                                                     ^^^^^^^ how long it may be idle
          |
          = note: once the outgoing job is gone, nobody writes rows below the cutover that it comes back with
          = help: before the outgoing job is taken down, see that no source is idle
        ");
        let hint = INSERT.to_owned() + " /*+ OPTIONS('scan.watermark.idle-timeout'='1s') */";
        insta::assert_snapshot!(says("idle-timeout-loss", &job("", "", &hint)), @r"
        note[idle-timeout-loss]: a source that is left out of the watermark may lose rows at a cutover
         --> job.sql:3:32
          |
        3 | INSERT INTO s SELECT id FROM t /*+ OPTIONS('scan.watermark.idle-timeout'='1s') */;
          |                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ how long it may be idle
          |
          = note: once the outgoing job is gone, nobody writes rows below the cutover that it comes back with
          = help: before the outgoing job is taken down, see that no source is idle
        ");
    }

    #[test]
    fn nothing_is_left_out() {
        silent(
            "idle-timeout-loss",
            &[
                &job("", "", INSERT),
                &job(
                    "",
                    "SET 'table.exec.source.idle-timeout' = '0 ms';\n",
                    INSERT,
                ),
                &job(OPTION, SET, "SELECT id FROM t"),
            ],
        );
    }
}
