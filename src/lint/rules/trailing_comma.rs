//! A comma before a closing parenthesis.
//!
//! ## What it does
//! Reports the comma behind the last item of a list of columns, options or names.
//!
//! ## Why is this bad?
//! Flink does not parse it.
//!
//! ## Example
//! ```sql
//! CREATE TABLE clicks (
//!   id BIGINT,
//!   page STRING,
//! ) WITH ('connector' = 'datagen');
//! ```
//!
//! Use instead:
//! ```sql
//! CREATE TABLE clicks (
//!   id BIGINT,
//!   page STRING
//! ) WITH ('connector' = 'datagen');
//! ```
//!
//! ## Fix
//! Safe: deletes the comma.

use crate::diagnostic::Severity;
use crate::lint::{Check, Finding};

pub const FINDING: Finding = Finding::new("trailing-comma", Severity::Error, Check::Stage);

#[cfg(test)]
mod tests {
    use crate::lint::testing::fixed;

    #[test]
    fn only_the_comma_goes() {
        let text = fixed(
            "trailing-comma",
            "CREATE TABLE t (a INT, -- last\n) WITH ('connector' = 'print', );",
        );
        assert_eq!(
            text,
            "CREATE TABLE t (a INT -- last\n) WITH ('connector' = 'print' );"
        );
    }
}
