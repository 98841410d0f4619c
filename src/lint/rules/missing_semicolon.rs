//! A statement that runs into the next one.
//!
//! ## What it does
//! Reports a statement that is whole and is followed by the beginning of another one, on a line of its own, without a `;`
//! between them.
//!
//! ## Why is this bad?
//! Flink reads both as one statement and does not parse it.
//!
//! ## Example
//! ```sql
//! CREATE TABLE clicks (id BIGINT) WITH ('connector' = 'datagen')
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'print');
//! ```
//!
//! Use instead:
//! ```sql
//! CREATE TABLE clicks (id BIGINT) WITH ('connector' = 'datagen');
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'print');
//! ```
//!
//! ## Fix
//! Safe: puts the `;`. As it is, the script does not run at all.

use crate::diagnostic::Severity;
use crate::lint::{Check, Finding};

pub const FINDING: Finding = Finding::new("missing-semicolon", Severity::Error, Check::Stage);

#[cfg(test)]
mod tests {
    use crate::lint::testing::{fixed, says, silent};

    /// On the line of another statement such a word is rather a name.
    #[test]
    fn a_word_within_a_line_begins_nothing() {
        silent("missing-semicolon", &["SELECT id end, ts FROM a;"]);
        let said = says("missing-semicolon", "SELECT id FROM a set WHERE id = 1;");
        assert!(!said.contains("help: put a"), "{said}");
    }

    #[test]
    fn it_is_put_behind_the_statement() {
        let text = fixed(
            "missing-semicolon",
            "USE CATALOG a -- mine\nUSE b\n\nSELECT 1\nSELECT 2;",
        );
        assert_eq!(
            text,
            "USE CATALOG a; -- mine\nUSE b;\n\nSELECT 1;\nSELECT 2;"
        );
    }
}
