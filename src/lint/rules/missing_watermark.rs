//! A source that is read as a stream and declares no watermark.
//!
//! ## What it does
//! Reports tables that a query reads as a stream, that declare no watermark, and that tidegate would give one.
//!
//! ## Why is this bad?
//! Without a watermark a table has no event time: no window, interval join or OVER clause can go by it, and a cutover has
//! nothing to compare. `tidegate rewrite` adds the watermark to the script that is submitted, so that nothing has to be
//! done; whoever wants it in the script itself takes the fix.
//!
//! ## Example
//! ```sql
//! CREATE TABLE clicks (id BIGINT, ts TIMESTAMP(3) NOT NULL)
//! WITH ('connector' = 'kafka', 'format' = 'json');
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'print');
//! INSERT INTO copies SELECT id FROM clicks;
//! ```
//!
//! Use instead:
//! ```sql
//! CREATE TABLE clicks (id BIGINT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
//! WITH ('connector' = 'kafka', 'format' = 'json');
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'print');
//! INSERT INTO copies SELECT id FROM clicks;
//! ```
//!
//! ## Fix
//! Unsafe: writes the watermark that a rewrite would. No query means anything else with it, but a job whose sources get a
//! watermark has other operators, so that a savepoint of the job before may not fit.
//!
//! ## Options
//! `[watermark]` and `[tables.NAME]` say which time and which delay; see `docs/event-time.md`.

use crate::diagnostic::{Applicability, Diagnostic, Fix, Severity};
use crate::lint::{Check, Context, Finding};
use crate::plan::{AddedWatermark, Attachment};
use crate::rewrite;

pub const FINDING: Finding =
    Finding::new("missing-watermark", Severity::Note, Check::Script(check));

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let fresh = context
        .plan
        .watermarks
        .iter()
        .filter(|added| added.replaces.is_none());
    for added in fresh {
        let entry = &context.catalog.entries[added.table];
        if context.script.is_outside(entry.created)
            || context.plan.carried.contains_key(&added.table)
        {
            continue;
        }
        let on = match &added.attachment {
            Attachment::Column(column) => format!("on `{column}`"),
            Attachment::Hidden(_) => format!("on a hidden column, from `{}`", added.chosen.name),
        };
        let mut diagnostic = FINDING
            .at(
                entry.name.span,
                format!("table `{}` declares no watermark", entry.name.object()),
            )
            .label(format!("a rewrite adds one {on}"));
        let mut said = context.plan.diagnostics.iter();
        let said = said.find(|d| d.name == "added-watermark" && d.span == entry.name.span);
        if let Some(said) = said {
            diagnostic.notes.clone_from(&said.notes);
            diagnostic.help.clone_from(&said.help);
        }
        diagnostic.fix = fix(context, added);
        found.push(diagnostic);
    }
}

fn fix(context: &Context<'_>, added: &AddedWatermark) -> Option<Fix> {
    let edits = rewrite::watermark(context.input(), context.plan, added);
    (!edits.is_empty()).then(|| Fix {
        title: "declare it".to_owned(),
        edits,
        applicability: Applicability::Unsafe,
    })
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{fixed, says, silent};

    fn job(columns: &str, select: &str) -> String {
        format!(
            "CREATE TABLE t ({columns}) WITH ('connector' = 'kafka', 'format' = 'json');\n\
             CREATE TABLE s (id BIGINT) WITH ('connector' = 'print');\n\
             INSERT INTO s SELECT {select} FROM t;\n"
        )
    }

    #[test]
    fn what_a_rewrite_would_add_is_said() {
        insta::assert_snapshot!(says("missing-watermark", &job("id BIGINT, ts TIMESTAMP(3)", "id")), @r#"
        note[missing-watermark]: table `t` declares no watermark
         --> job.sql:1:14
          |
        1 | CREATE TABLE t (id BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'kafka', 'format' = 'json');
          |              ^ a rewrite adds one on a hidden column, from `ts`
          |
        help: declare it (may change the meaning)
          |
        1 | CREATE TABLE t (id BIGINT, ts TIMESTAMP(3), `__rowtime` AS COALESCE(`ts`, TIMESTAMP '1970-01-01 00:00:00.000'), WATERMARK FOR `__rowtime` AS `__rowtime` - INTERVAL '5' SECOND) WITH ('connector' = 'kafka', 'format' = 'json');
          |                                           ++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++
        "#);
    }

    #[test]
    fn it_is_written_into_the_table() {
        let text = fixed(
            "missing-watermark",
            &job("id BIGINT, ts TIMESTAMP(3)", "id"),
        );
        insta::assert_snapshot!(text.lines().next().unwrap(), @"CREATE TABLE t (id BIGINT, ts TIMESTAMP(3), `__rowtime` AS COALESCE(`ts`, TIMESTAMP '1970-01-01 00:00:00.000'), WATERMARK FOR `__rowtime` AS `__rowtime` - INTERVAL '5' SECOND) WITH ('connector' = 'kafka', 'format' = 'json');");
        let text = fixed(
            "missing-watermark",
            &job("id BIGINT, ts TIMESTAMP(3) NOT NULL", "id"),
        );
        insta::assert_snapshot!(text.lines().next().unwrap(), @"CREATE TABLE t (id BIGINT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR `ts` AS `ts` - INTERVAL '5' SECOND) WITH ('connector' = 'kafka', 'format' = 'json');");
    }

    #[test]
    fn nobody_reads_it_or_nothing_is_offered() {
        silent(
            "missing-watermark",
            &[
                "CREATE TABLE t (id BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'kafka', 'format' = 'json');",
                &job("id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts", "id"),
                &job("id BIGINT, a TIMESTAMP(3), b TIMESTAMP(3)", "id"),
            ],
        );
    }
}
