//! A reserved word as a name.
//!
//! ## What it does
//! Reports reserved words of the configured Flink that stand without backticks where a name must be.
//!
//! ## Why is this bad?
//! Flink does not parse the statement. Source: Flink docs, "Reserved Keywords", and the grammar of each release, asked word
//! by word.
//!
//! ## Example
//! ```sql
//! CREATE TABLE clicks (id BIGINT, value STRING) WITH ('connector' = 'datagen');
//! ```
//!
//! Use instead:
//! ```sql
//! CREATE TABLE clicks (id BIGINT, `value` STRING) WITH ('connector' = 'datagen');
//! ```
//!
//! ## Fix
//! Safe: quotes the name with backticks.

use crate::diagnostic::Severity;
use crate::lint::{Check, Finding};

pub const FINDING: Finding = Finding::new("reserved-identifier", Severity::Error, Check::Stage);

#[cfg(test)]
mod tests {
    use crate::lint::testing::{fixed, silent};

    #[test]
    fn it_is_quoted() {
        let text = fixed(
            "reserved-identifier",
            "CREATE TABLE t (user STRING, `order` INT, Value INT) WITH ('connector' = 'datagen');",
        );
        assert_eq!(
            text,
            "CREATE TABLE t (`user` STRING, `order` INT, `Value` INT) WITH ('connector' = 'datagen');"
        );
    }

    #[test]
    fn words_that_are_keywords_in_some_places_only() {
        silent(
            "reserved-identifier",
            &["CREATE TABLE t (name STRING, key INT, type INT) WITH ('connector' = 'datagen');"],
        );
    }
}
