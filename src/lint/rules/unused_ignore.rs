//! An `ignore` comment that ignores nothing.
//!
//! ## What it does
//! Reports each rule named in a `-- tidegate: ignore[…]` or `ignore-file[…]` comment that found nothing where the comment
//! holds. Rules that did not run are not reported.
//!
//! ## Why is this bad?
//! The comment is left over from something that was mended, or stands in the wrong place. The next finding there would go
//! unseen.
//!
//! ## Example
//! ```sql
//! -- tidegate: ignore[duplicate-option] the last one counts
//! CREATE TABLE clicks (id BIGINT) WITH ('connector' = 'datagen');
//! ```
//!
//! Use instead:
//! ```sql
//! CREATE TABLE clicks (id BIGINT) WITH ('connector' = 'datagen');
//! ```
//!
//! ## Fix
//! Safe: deletes the rule's name, or the comment with the last one.

use crate::diagnostic::Severity;
use crate::lint::{Check, Finding};

pub const FINDING: Finding = Finding::new("unused-ignore", Severity::Warning, Check::Stage);

#[cfg(test)]
mod tests {
    use crate::lint::testing::{fixed_with, says_with};

    const TABLE: &str = "CREATE TABLE a (b INT) WITH ('connector' = 'datagen'); SELECT 1;\n";

    fn settings() -> crate::config::Settings {
        crate::config::Settings {
            validate: false,
            ..crate::config::Settings::default()
        }
    }

    fn says(text: &str) -> String {
        says_with("unused-ignore", text, &settings())
    }

    fn fixed(text: &str) -> String {
        fixed_with("unused-ignore", text, &settings())
    }

    #[test]
    fn where_a_comment_holds() {
        let used = [
            format!("-- tidegate: ignore[unused-table] kept for tests\n{TABLE}"),
            format!("/* tidegate: ignore[TG031] */\n\n{TABLE}"),
            format!("{TABLE}-- tidegate: ignore-file[unused-table]\n"),
            "CREATE TABLE a ( -- tidegate: ignore[unused-table]\n  b INT) WITH ('connector' = 'datagen');SELECT 1;".to_owned(),
        ];
        for text in &used {
            assert_eq!(says(text), "", "in\n{text}");
            assert_eq!(
                says_with("unused-table", text, &settings()),
                "",
                "in\n{text}"
            );
        }
        let idle = format!("{TABLE}-- tidegate: ignore[unused-table]\nUSE CATALOG c;\n");
        assert_ne!(says_with("unused-table", &idle, &settings()), "");
        insta::assert_snapshot!(says(&idle), @r"
        warning[unused-ignore]: `unused-table` has nothing to say here
         --> job.sql:2:21
          |
        2 | -- tidegate: ignore[unused-table]
          |                     ^^^^^^^^^^^^
          |
        help: delete the comment
          |
        2 - -- tidegate: ignore[unused-table]
          |
        ");
    }

    /// The rule says nothing of scripts that only declare, or that cannot be read: the comment may be of use.
    #[test]
    fn what_did_not_run_is_not_judged() {
        let table = "-- tidegate: ignore[unused-table] x\nCREATE TABLE a (b INT) WITH ('connector' = 'print');\n";
        assert_eq!(says(table), "");
        assert_eq!(says(&format!("{table}SELECT FROM;")), "");
    }

    #[test]
    fn what_is_of_no_use_goes() {
        let text = format!(
            "-- tidegate: ignore[unused-view, unused-table, missing-watermark] why\n{TABLE}"
        );
        assert_eq!(
            fixed(&text),
            format!("-- tidegate: ignore[unused-table] why\n{TABLE}")
        );
        assert_eq!(
            fixed("USE CATALOG c; -- tidegate: ignore[duplicate-option]\n"),
            "USE CATALOG c;\n"
        );
    }
}
