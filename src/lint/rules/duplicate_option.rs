//! An option that a table sets twice.
//!
//! ## What it does
//! Reports each key in one WITH (…) that stands there again later.
//!
//! ## Why is this bad?
//! Flink takes the last value and says nothing: whoever changes the first one changes nothing. (Flink 1.20.5 and 2.3.0, as
//! SHOW CREATE TABLE shows.)
//!
//! ## Example
//! ```sql
//! CREATE TABLE clicks (id BIGINT)
//! WITH ('connector' = 'datagen', 'rows-per-second' = '10', 'rows-per-second' = '1');
//! ```
//!
//! Use instead:
//! ```sql
//! CREATE TABLE clicks (id BIGINT)
//! WITH ('connector' = 'datagen', 'rows-per-second' = '1');
//! ```
//!
//! ## Fix
//! Safe: deletes the earlier one, which Flink does not see. Comments between them are never deleted.

use crate::diagnostic::{Applicability, Diagnostic, Fix, Severity};
use crate::lint::{Check, Context, Finding};
use crate::syntax::{OptionList, TableOption};
use crate::text::{Edit, Span};
use std::collections::BTreeMap;

pub const FINDING: Finding =
    Finding::new("duplicate-option", Severity::Warning, Check::Script(check));

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for list in context.option_lists() {
        found.extend(repeated(context.text, list));
    }
}

fn repeated(text: &str, list: &OptionList) -> Vec<Diagnostic> {
    let mut last: BTreeMap<&str, &TableOption> = BTreeMap::new();
    for option in &list.options {
        last.insert(&option.key.value, option);
    }
    let mut found = Vec::new();
    for (at, option) in list.options.iter().enumerate() {
        let winner = last[option.key.value.as_str()];
        if winner.key.span == option.key.span {
            continue;
        }
        let message = format!("'{}' is set again below", option.key.value);
        let mut diagnostic = FINDING
            .at(option.key.span, message)
            .label("this value is not used")
            .related(winner.key.span, "Flink takes this one");
        // There is always one behind it.
        let next = list.options[at + 1].key.span.start;
        let gone = Span::new(option.key.span.start, next);
        let between = Span::new(option.value.span.end, next).of(text);
        if between
            .trim_start()
            .strip_prefix(',')
            .is_some_and(|rest| rest.trim().is_empty())
        {
            diagnostic = diagnostic.fix(Fix {
                title: "delete it".to_owned(),
                edits: vec![Edit::replace(gone, "")],
                applicability: Applicability::Safe,
            });
        }
        found.push(diagnostic);
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{fixed, says, silent};

    #[test]
    fn both_places_are_shown() {
        insta::assert_snapshot!(says("duplicate-option", "CREATE TABLE t (a INT) WITH (\n  'connector' = 'print',\n  'password' = 'first',\n  'password' = 'second'\n);"), @r#"
        warning[duplicate-option]: 'password' is set again below
         --> job.sql:3:3
          |
        3 |   'password' = '*****',
          |   ^^^^^^^^^^ this value is not used
        4 |   'password' = '******'
          |   ---------- Flink takes this one
          |
        help: delete it
          |
        3 -   'password' = '*****',
          |
        "#);
    }

    #[test]
    fn each_table_has_its_own() {
        silent(
            "duplicate-option",
            &[
                "CREATE TABLE t (a INT) WITH ('a' = '1', 'A' = '1'); CREATE TABLE u (a INT) WITH ('a' = '1');",
            ],
        );
    }

    #[test]
    fn the_last_one_stays() {
        let text = fixed(
            "duplicate-option",
            "ALTER TABLE t SET ('a' = '1',\n  'b' = '2', 'a' = '3', 'a' = '4');",
        );
        assert_eq!(text, "ALTER TABLE t SET ('b' = '2', 'a' = '4');");
    }
}
