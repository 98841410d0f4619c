//! A view that no statement of the script reads.
//!
//! ## What it does
//! Reports views that the script makes and that nothing else in it names. Scripts that only declare, and scripts with a
//! statement that cannot be read, are left alone.
//!
//! ## Why is this bad?
//! Flink plans a view only where it is read: a mistake in this one, or the INSERT that was to read it, goes unnoticed.
//!
//! ## Example
//! ```sql
//! CREATE TABLE clicks (id BIGINT) WITH ('connector' = 'datagen');
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'print');
//! CREATE TEMPORARY VIEW big AS SELECT id FROM clicks WHERE id > 9;
//! INSERT INTO copies SELECT id FROM clicks;
//! ```
//!
//! Use instead:
//! ```sql
//! CREATE TABLE clicks (id BIGINT) WITH ('connector' = 'datagen');
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'print');
//! CREATE TEMPORARY VIEW big AS SELECT id FROM clicks WHERE id > 9;
//! INSERT INTO copies SELECT id FROM big;
//! ```
//!
//! ## Fix
//! None: whether the view is superfluous or was to be read, only its author knows.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Context, Finding};
use crate::syntax::StatementKind;

pub const FINDING: Finding =
    Finding::new("unused-view", Severity::Warning, Check::Script(check)).of_absence();

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (statement, s) in context.statements() {
        let StatementKind::CreateView(view) = &s.kind else {
            continue;
        };
        let unread = context
            .catalog
            .declared_by(statement)
            .filter(|id| !context.is_mentioned(*id));
        if unread.is_some() {
            let message = format!("nothing reads view `{}`", view.name.object());
            found.push(
                FINDING
                    .at(view.name.span, message)
                    .help("delete it, or read it where it was meant"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{says, silent};

    const TABLES: &str = "CREATE TABLE t (id BIGINT) WITH ('connector' = 'datagen');
CREATE VIEW v AS SELECT id FROM t;
";

    #[test]
    fn it_is_found() {
        insta::assert_snapshot!(says("unused-view", &format!("{TABLES}SELECT * FROM t;")), @r#"
        warning[unused-view]: nothing reads view `v`
         --> job.sql:2:13
          |
        2 | CREATE VIEW v AS SELECT id FROM t;
          |             ^
          |
          = help: delete it, or read it where it was meant
        "#);
    }

    #[test]
    fn what_names_it_reads_it() {
        silent(
            "unused-view",
            &[
                TABLES,
                &format!("{TABLES}SELECT * FROM v;"),
                &format!("{TABLES}CREATE VIEW w AS SELECT * FROM v;\nSELECT * FROM w;"),
                &format!("{TABLES}SELECT FROM;"),
            ],
        );
    }
}
