//! A table that no statement of the script reads or writes.
//!
//! ## What it does
//! Reports tables with a connector, and temporary ones, that the script declares and that nothing else in it names. Scripts that only declare, and scripts with a
//! statement that cannot be read, are left alone.
//!
//! ## Why is this bad?
//! It costs every reader a look, and a connector that is never opened hides mistakes in its options. Often it is a name that
//! was spelled in two ways.
//!
//! ## Example
//! ```sql
//! CREATE TABLE clicks (id BIGINT) WITH ('connector' = 'datagen');
//! CREATE TABLE old_clicks (id BIGINT) WITH ('connector' = 'datagen');
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'print');
//! INSERT INTO copies SELECT id FROM clicks;
//! ```
//!
//! Use instead:
//! ```sql
//! CREATE TABLE clicks (id BIGINT) WITH ('connector' = 'datagen');
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'print');
//! INSERT INTO copies SELECT id FROM clicks;
//! ```
//!
//! ## Fix
//! None: whether the table is superfluous or a name is wrong, only its author knows.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Context, Declared, Finding};

pub const FINDING: Finding =
    Finding::new("unused-table", Severity::Warning, Check::Script(check)).of_absence();

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    // A table of a catalog's own, without a connector, may be there for others.
    let is_for_this_job =
        |t: &Declared<'_>| t.create.temporary || t.table.options.contains_key("connector");
    let tables = context.tables().filter(is_for_this_job);
    for table in tables.filter(|t| !context.is_mentioned(t.id)) {
        let name = &table.create.name;
        found.push(
            FINDING
                .at(
                    name.span,
                    format!("nothing reads or writes table `{}`", name.object()),
                )
                .help("delete it, or name it where it was meant"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{says, silent};

    const READS: &str =
        "CREATE TABLE s (id BIGINT) WITH ('connector' = 'print');\nINSERT INTO s SELECT 1;\n";

    fn with(statement: &str) -> String {
        format!("{READS}CREATE TABLE t (id BIGINT) WITH ('connector' = 'datagen');\n{statement}")
    }

    #[test]
    fn it_is_found() {
        insta::assert_snapshot!(says("unused-table", &with("DROP TABLE t;")), @r#"
        warning[unused-table]: nothing reads or writes table `t`
         --> job.sql:3:14
          |
        3 | CREATE TABLE t (id BIGINT) WITH ('connector' = 'datagen');
          |              ^
          |
          = help: delete it, or name it where it was meant
        "#);
    }

    #[test]
    fn what_names_it_uses_it() {
        let uses = [
            "SELECT * FROM t;",
            "SELECT * FROM `t` AS x;",
            "CREATE TABLE u LIKE t; SELECT 1 FROM u;",
            "DESCRIBE t;",
        ];
        silent(
            "unused-table",
            &[&format!("{READS}CREATE TABLE managed (id BIGINT);")],
        );
        let uses: Vec<String> = uses.iter().map(|s| with(s)).collect();
        silent(
            "unused-table",
            &uses.iter().map(String::as_str).collect::<Vec<_>>(),
        );
        silent(
            "unused-table",
            &[
                "CREATE TABLE t (id BIGINT) WITH ('connector' = 'datagen');",
                &with("SELECT FROM;"),
            ],
        );
    }
}
