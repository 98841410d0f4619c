//! A comment beside a SET or RESET without quotes.
//!
//! ## What it does
//! Reports comments before and within `SET key = value` and `RESET key` where key and value have no quotes.
//!
//! ## Why is this bad?
//! Flink reads that form with a pattern of its own that knows no comments; the statement then is refused. Source:
//! `SetOperationParseStrategy` of Flink's planner.
//!
//! ## Example
//! ```sql
//! -- how long a state is kept
//! SET table.exec.state.ttl = 1h;
//! ```
//!
//! Use instead:
//! ```sql
//! -- how long a state is kept
//! SET 'table.exec.state.ttl' = '1h';
//! ```
//!
//! ## Fix
//! Safe: quotes both sides. With quotes the statement is part of the grammar, which knows comments.

use crate::diagnostic::Severity;
use crate::lint::{Check, Finding};

pub const FINDING: Finding =
    Finding::new("comment-before-unquoted-set", Severity::Error, Check::Stage);

#[cfg(test)]
mod tests {
    use crate::lint::testing::{fixed, silent};

    #[test]
    fn both_sides_are_quoted() {
        let text = fixed(
            "comment-before-unquoted-set",
            "/* a */ SET a.b = cd;\n-- x\nRESET a.b;",
        );
        assert_eq!(text, "/* a */ SET 'a.b' = 'cd';\n-- x\nRESET 'a.b';");
    }

    #[test]
    fn without_a_comment_it_is_fine() {
        silent(
            "comment-before-unquoted-set",
            &["SET a.b = c;\nRESET a.b;\n-- x\nSET 'a' = 'b';"],
        );
    }
}
