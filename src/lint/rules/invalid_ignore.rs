//! An `ignore` comment that cannot be read.
//!
//! ## What it does
//! Reports comments that begin with `tidegate:` and name no rule, or one that there is not.
//!
//! ## Why is this bad?
//! It ignores nothing, although somebody meant it to.
//!
//! ## Example
//! ```sql
//! -- tidegate: ignore[unused-tabel]
//! CREATE TABLE clicks (id BIGINT) WITH ('connector' = 'datagen');
//! ```
//!
//! Use instead:
//! ```sql
//! -- tidegate: ignore[unused-table] another script reads it
//! CREATE TABLE clicks (id BIGINT) WITH ('connector' = 'datagen');
//! ```
//!
//! ## Fix
//! Unsafe: writes the nearest name of a rule, where one is near.

use crate::diagnostic::Severity;
use crate::lint::{Check, Finding};

pub const FINDING: Finding = Finding::new("invalid-ignore", Severity::Warning, Check::Stage);

#[cfg(test)]
mod tests {
    use crate::lint::testing::{fixed, says, silent};

    #[test]
    fn what_is_wrong_is_shown() {
        insta::assert_snapshot!(says("invalid-ignore", "-- tidegate: ignore[unused-tabel,] x\n-- tidegate: ignore all\nUSE CATALOG c;"), @"
        warning[invalid-ignore]: there is no rule `unused-tabel`
         --> job.sql:1:21
          |
        1 | -- tidegate: ignore[unused-tabel,] x
          |                     ^^^^^^^^^^^^
          |
          = help: `tidegate rule --all` lists the rules
        help: write `unused-table` (may change the meaning)
          |
        1 - -- tidegate: ignore[unused-tabel,] x
        1 + -- tidegate: ignore[unused-table,] x
          |

        warning[invalid-ignore]: a rule's name is missing here
         --> job.sql:1:34
          |
        1 | -- tidegate: ignore[unused-tabel,] x
          |                                  ^
          |
          = help: `tidegate rule --all` lists the rules

        warning[invalid-ignore]: this comment does not say what to ignore
         --> job.sql:2:14
          |
        2 | -- tidegate: ignore all
          |              ^^^^^^^^^^
          |
          = help: write `tidegate: ignore[rule-name] why`, or `ignore-file[rule-name] why`
        ");
    }

    #[test]
    fn other_comments_are_not_meant() {
        silent("invalid-ignore", &["-- about tidegate: it is run before\nUSE CATALOG c;", "SELECT 'tidegate: x';"]);
    }

    #[test]
    fn the_nearest_name_is_written() {
        assert_eq!(fixed("invalid-ignore", "-- tidegate: ignore[unused-tabel] x\n"), "-- tidegate: ignore[unused-table] x\n");
    }
}
