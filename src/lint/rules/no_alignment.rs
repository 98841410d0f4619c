//! Sources that one query reads together, without watermark alignment.
//!
//! ## What it does
//! Reports INSERTs that read several sources by event time of which not all are in one alignment group,
//! `scan.watermark.alignment.group` with `scan.watermark.alignment.max-drift`.
//!
//! ## Why is this bad?
//! A fast source runs ahead of a slow one. Its rows wait in the state of joins and windows, and at a cutover the outgoing
//! job has read far past it on one side: the deletion delay has to be longer by that, and nothing says by how much. With
//! alignment, a source pauses once it is `max-drift` ahead (FLIP-182, FLIP-217; options for SQL: FLIP-296, Flink 1.18;
//! Flink docs, "Generating Watermarks", "Watermark alignment").
//!
//! Most jobs do well without: the rule is off unless it is asked for.
//!
//! ## Example
//! ```sql
//! CREATE TABLE web (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
//! WITH ('connector' = 'kafka', 'format' = 'json');
//! CREATE TABLE app (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
//! WITH ('connector' = 'kafka', 'format' = 'json');
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'print');
//! INSERT INTO copies SELECT id FROM web UNION ALL SELECT id FROM app;
//! ```
//!
//! Use instead:
//! ```sql
//! CREATE TABLE web (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
//! WITH ('connector' = 'kafka', 'format' = 'json',
//!   'scan.watermark.alignment.group' = 'clicks', 'scan.watermark.alignment.max-drift' = '1 min');
//! CREATE TABLE app (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
//! WITH ('connector' = 'kafka', 'format' = 'json',
//!   'scan.watermark.alignment.group' = 'clicks', 'scan.watermark.alignment.max-drift' = '1 min');
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'print');
//! INSERT INTO copies SELECT id FROM web UNION ALL SELECT id FROM app;
//! ```
//!
//! ## Fix
//! None: how far sources may drift apart depends on the data, and not every connector can pause.
//!
//! ## Options
//! `alignment` under `[watermark]` or `[tables.NAME]` adds the options.

use crate::catalog::{EntryId, connectors};
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Context, Finding};
use crate::plan::{ALIGNMENT_DRIFT, ALIGNMENT_GROUP};
use std::collections::BTreeSet;

pub const FINDING: Finding =
    Finding::new("no-alignment", Severity::Note, Check::Script(check)).off_by_default();

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    // Those of a bounded source run ahead to its end at once, and those of a generator by design.
    let streams = context.streams().filter(|(_, _, table)| {
        connectors::is_bounded(table) != Some(true)
            && connectors::connector(table) != Some("datagen")
    });
    let streams: BTreeSet<EntryId> = streams.map(|(id, ..)| id).collect();
    if streams.len() < 2 || context.hints_with(ALIGNMENT_GROUP).next().is_some() {
        return;
    }
    for (at, insert) in context.inserts() {
        let Some(time) = context.query_time(at, insert) else {
            continue;
        };
        let read: Vec<EntryId> = time.facts.sources.intersection(&streams).copied().collect();
        let groups: BTreeSet<Option<&str>> = read.iter().map(|id| group(context, *id)).collect();
        let one_group = groups.len() == 1 && !groups.contains(&None);
        if read.len() < 2 || one_group {
            continue;
        }
        let target = &insert.target;
        let mut diagnostic = FINDING
            .at(target.span, format!("the sources of `{}` may run apart without bound", target.object()))
            .note("the outgoing job has to be kept longer than its fastest source is ahead of its slowest")
            .help(format!("put them into one group, as with '{ALIGNMENT_GROUP}' = '{}' and '{ALIGNMENT_DRIFT}' = '1 min' in their options", target.object()));
        for id in read {
            let name = &context.catalog.entries[id].name;
            let is_outside = context
                .script
                .is_outside(context.catalog.entries[id].created);
            if !is_outside {
                let what = group(context, id).map_or_else(
                    || "is in no group".to_owned(),
                    |g| format!("is in the group '{g}'"),
                );
                diagnostic = diagnostic.related(name.span, what);
            }
        }
        found.push(diagnostic);
    }
}

/// Without a drift there is no alignment.
fn group<'a>(context: &Context<'a>, id: EntryId) -> Option<&'a str> {
    context.option(id, ALIGNMENT_DRIFT)?;
    context.option(id, ALIGNMENT_GROUP)
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{says, silent};

    fn job(a: &str, b: &str, query: &str) -> String {
        let table = |name: &str, options: &str| {
            format!(
                "CREATE TABLE {name} (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka'{options});\n"
            )
        };
        let (a, b) = (table("a", a), table("b", b));
        format!(
            "{a}{b}CREATE TABLE s (id BIGINT) WITH ('connector' = 'print');\nINSERT INTO s {query};\n"
        )
    }

    const BOTH: &str = "SELECT id FROM a UNION ALL SELECT id FROM b";
    const ALIGNED: &str =
        ", 'scan.watermark.alignment.group' = 'g', 'scan.watermark.alignment.max-drift' = '1 min'";

    #[test]
    fn they_may_run_apart() {
        insta::assert_snapshot!(says("no-alignment", &job("", ALIGNED, BOTH)), @r"
        note[no-alignment]: the sources of `s` may run apart without bound
         --> job.sql:4:13
          |
        1 | CREATE TABLE a (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka');
          |              - is in no group
        2 | CREATE TABLE b (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka', 'scan.watermark.alignment.group' = '...
          |              - is in the group 'g'
        3 | CREATE TABLE s (id BIGINT) WITH ('connector' = 'print');
        4 | INSERT INTO s SELECT id FROM a UNION ALL SELECT id FROM b;
          |             ^
          |
          = note: the outgoing job has to be kept longer than its fastest source is ahead of its slowest
          = help: put them into one group, as with 'scan.watermark.alignment.group' = 's' and 'scan.watermark.alignment.max-drift' = '1 min' in their options
        ");
        assert_ne!(
            says(
                "no-alignment",
                &job(ALIGNED, &ALIGNED.replace("'g'", "'h'"), BOTH)
            ),
            ""
        );
        let join = "SELECT a.id FROM a JOIN b ON a.id = b.id AND a.ts BETWEEN b.ts AND b.ts + INTERVAL '1' HOUR";
        assert_ne!(says("no-alignment", &job("", "", join)), "");
    }

    #[test]
    fn they_cannot() {
        silent(
            "no-alignment",
            &[
                &job(ALIGNED, ALIGNED, BOTH),
                &job("", "", "SELECT id FROM a"),
                &job("", "", "SELECT 1"),
            ],
        );
    }
}
