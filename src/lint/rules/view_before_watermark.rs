//! A view that was made before the table that it reads got its watermark.
//!
//! ## What it does
//! Reports views that are made before an ALTER TABLE gives a table below a watermark, and are read after it. Views from
//! outside of the script are reported where they would have to be made again, behind a table that carries a watermark for
//! theirs, and cannot be.
//!
//! ## Why is this bad?
//! Flink keeps the types that a view had when it was made. What the view reads afterwards has a rowtime; what it shows is
//! a plain TIMESTAMP, `CAST(ts AS TIMESTAMP(3))` in the plan: "The window function requires the timecol is a time
//! attribute type, but is TIMESTAMP(3)" (run in Flink 1.20.5 and 2.3.0).
//!
//! ## Example
//! ```sql
//! CREATE TABLE clicks (id BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'kafka', 'format' = 'json');
//! CREATE TEMPORARY VIEW recent AS SELECT id, ts FROM clicks;
//! ALTER TABLE clicks ADD WATERMARK FOR ts AS ts - INTERVAL '5' SECOND;
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'print');
//! INSERT INTO copies SELECT id FROM recent;
//! ```
//!
//! Use instead:
//! ```sql
//! CREATE TABLE clicks (id BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'kafka', 'format' = 'json');
//! ALTER TABLE clicks ADD WATERMARK FOR ts AS ts - INTERVAL '5' SECOND;
//! CREATE TEMPORARY VIEW recent AS SELECT id, ts FROM clicks;
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'print');
//! INSERT INTO copies SELECT id FROM recent;
//! ```
//!
//! ## Fix
//! Unsafe: moves the view behind the ALTER TABLE, if nothing reads it in between. What reads it then sees a rowtime, by
//! which Flink may plan other operators. There is none where a USE stands in between, and none for views from outside.

use crate::catalog::{EntryId, StatementId};
use crate::diagnostic::{Applicability, Diagnostic, Fix, Severity};
use crate::lint::{Check, Context, Finding};
use crate::syntax::{ElementKind, StatementKind};
use crate::text::{Edit, Span, newline};
use std::collections::BTreeMap;

pub const FINDING: Finding = Finding::new(
    "view-before-watermark",
    Severity::Warning,
    Check::Script(check),
);

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let given = given(context);
    if given.is_empty() {
        return;
    }
    let references = &context.times.uses.references;
    let mut reads: BTreeMap<EntryId, Vec<StatementId>> = BTreeMap::new();
    for reference in references {
        reads
            .entry(reference.object)
            .or_default()
            .push(reference.statement);
    }
    // One statement may read a table twice.
    for statements in reads.values_mut() {
        statements.sort_unstable();
        statements.dedup();
    }
    for (table, (alter, clause)) in &given {
        for at in reads.get(table).into_iter().flatten() {
            let StatementKind::CreateView(create) = &context.script.statements[*at].kind else {
                continue;
            };
            let view = context.catalog.declared_by(*at);
            let readers = view
                .and_then(|view| reads.get(&view))
                .map_or(&[][..], Vec::as_slice);
            if context.script.is_outside(*at) || !readers.iter().any(|reader| reader > alter) {
                continue;
            }
            let table = context.catalog.entries[*table].name.object();
            let view = create.name.object();
            let mut diagnostic = FINDING
                .at(
                    create.name.span,
                    format!("view `{view}` was made before table `{table}` got a watermark"),
                )
                .label("shows the time as a plain TIMESTAMP")
                .related(*clause, "the watermark")
                .note("such a view does not see the time attribute (run in Flink 1.20.5 and 2.3.0)")
                .help("make the view behind the ALTER TABLE");
            if !readers.iter().any(|reader| reader < alter) {
                diagnostic.fix = moved(context, *at, *alter);
            }
            found.push(diagnostic);
        }
    }
}

/// The tables, as they were, that a statement of the script gives a watermark; with its clause.
fn given(context: &Context<'_>) -> BTreeMap<EntryId, (StatementId, Span)> {
    let mut clauses = BTreeMap::new();
    for (at, statement) in context.statements() {
        if let StatementKind::AlterTable(_) = statement.kind {
            let elements = statement.kind.elements().iter();
            let mut watermarks = elements.filter(|e| matches!(e.kind, ElementKind::Watermark(_)));
            clauses.extend(watermarks.next().map(|e| (at, e.span)));
        }
    }
    let entries = context.catalog.entries.iter().enumerate();
    let ended = entries.filter_map(|(id, entry)| {
        let at = entry.dropped?;
        entry.table()?.watermark.is_none().then_some(())?;
        Some((id, (at, *clauses.get(&at)?)))
    });
    ended.collect()
}

/// The statement behind another one.
fn moved(context: &Context<'_>, view: StatementId, behind: StatementId) -> Option<Fix> {
    let statements = &context.script.statements;
    let between = &statements[view..=behind];
    if between
        .iter()
        .any(|s| matches!(s.kind, StatementKind::Use { .. }))
    {
        return None;
    }
    let (view, behind) = (&statements[view], &statements[behind]);
    let whole = view.span.cover(view.semicolon?);
    let rest = &context.text[whole.end as usize..];
    let line_end = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
    let line = if rest[..line_end].starts_with("\r\n") {
        2
    } else {
        line_end.min(1)
    };
    let end = behind.semicolon?.end;
    let text = format!("{}{}", newline(context.text), whole.of(context.text));
    Some(Fix {
        title: "move it there".to_owned(),
        edits: vec![
            Edit::replace(
                Span::new(whole.start, whole.end + u32::try_from(line).ok()?),
                "",
            ),
            Edit::insert(end, text),
        ],
        applicability: Applicability::Unsafe,
    })
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{fixed, says, silent};

    const TABLES: &str = "CREATE TABLE t (id BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE s (id BIGINT) WITH ('connector' = 'print');
";
    const VIEW: &str = "CREATE VIEW v AS SELECT id, ts FROM t;\n";
    const ALTER: &str = "ALTER TABLE t ADD WATERMARK FOR ts AS ts;\n";
    const INSERT: &str = "INSERT INTO s SELECT id FROM v;\n";

    fn script(parts: &[&str]) -> String {
        TABLES.to_owned() + &parts.concat()
    }

    #[test]
    fn the_view_is_too_early() {
        insta::assert_snapshot!(says("view-before-watermark", &script(&[VIEW, ALTER, INSERT])), @r"
        warning[view-before-watermark]: view `v` was made before table `t` got a watermark
         --> job.sql:3:13
          |
        3 | CREATE VIEW v AS SELECT id, ts FROM t;
          |             ^ shows the time as a plain TIMESTAMP
        4 | ALTER TABLE t ADD WATERMARK FOR ts AS ts;
          |                   ---------------------- the watermark
          |
          = note: such a view does not see the time attribute (run in Flink 1.20.5 and 2.3.0)
          = help: make the view behind the ALTER TABLE
        help: move it there (may change the meaning)
          |
        3 ~ ALTER TABLE t ADD WATERMARK FOR ts AS ts;
        4 + CREATE VIEW v AS SELECT id, ts FROM t;
          |
        ");
    }

    #[test]
    fn it_is_moved() {
        let text = script(&["-- two columns\n", VIEW, ALTER, INSERT]);
        assert_eq!(
            fixed("view-before-watermark", &text),
            script(&["-- two columns\n", ALTER, VIEW, INSERT])
        );
        let between = says(
            "view-before-watermark",
            &script(&[VIEW, "SELECT * FROM v;\n", ALTER, INSERT]),
        );
        assert!(!between.contains("move it there"), "{between}");
        assert_ne!(between, "");
    }

    #[test]
    fn nothing_is_lost() {
        silent(
            "view-before-watermark",
            &[
                &script(&[ALTER, VIEW, INSERT]),
                &script(&[VIEW, ALTER, "INSERT INTO s SELECT id FROM t;\n"]),
                &script(&[VIEW, INSERT, ALTER]),
                &script(&[VIEW, "ALTER TABLE t ADD extra INT;\n", INSERT]),
            ],
        );
    }
}
