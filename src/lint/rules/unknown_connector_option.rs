//! A table option that its connector does not take.
//!
//! ## What it does
//! Compares the keys in WITH (…) with those that the connector and the format take. Of connectors whose options are not
//! known nothing is said.
//!
//! ## Why is this bad?
//! Flink refuses the table where a query first reads or writes it ("Unsupported options found"), which may be long after
//! the CREATE TABLE. Source: `FactoryUtil` of Flink.
//!
//! ## Example
//! ```sql
//! CREATE TABLE clicks (id BIGINT) WITH ('connector' = 'datagen', 'row-per-second' = '10');
//! ```
//!
//! Use instead:
//! ```sql
//! CREATE TABLE clicks (id BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '10');
//! ```
//!
//! ## Fix
//! Unsafe: writes the nearest key, where one is near and the table does not set it.

use crate::catalog::connectors;
use crate::diagnostic::{Applicability, Diagnostic, Fix, Severity};
use crate::lint::{Check, Context, Finding};
use crate::text::Edit;

pub const FINDING: Finding = Finding::new(
    "unknown-connector-option",
    Severity::Warning,
    Check::Script(check),
);

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for table in context.tables() {
        let options = &table.table.options;
        let own = table.create.options.iter().flat_map(|list| &list.options);
        let unknown = connectors::unknown_options(options);
        for option in own {
            let Some(unknown) = unknown.iter().find(|u| u.key == option.key.value) else {
                continue;
            };
            let connector = options.get("connector").map_or("", String::as_str);
            let message = format!(
                "the connector `{connector}` takes no option '{}'",
                unknown.key
            );
            let mut diagnostic = FINDING
                .at(option.key.span, message)
                .note("Flink refuses the table where it is first read or written");
            if let Some(nearest) = unknown.nearest.filter(|key| !options.contains_key(*key)) {
                diagnostic = diagnostic.fix(Fix {
                    title: format!("write '{nearest}'"),
                    edits: vec![Edit::replace(option.key.span, format!("'{nearest}'"))],
                    applicability: Applicability::Unsafe,
                });
            }
            found.push(diagnostic);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{fixed, says, silent};

    #[test]
    fn the_key_is_shown() {
        insta::assert_snapshot!(says("unknown-connector-option", "CREATE TABLE t (a INT) WITH (\n  'connector' = 'kafka',\n  'topics' = 't',\n  'format' = 'json'\n);"), @r#"
        warning[unknown-connector-option]: the connector `kafka` takes no option 'topics'
         --> job.sql:3:3
          |
        3 |   'topics' = 't',
          |   ^^^^^^^^
          |
          = note: Flink refuses the table where it is first read or written
        help: write 'topic' (may change the meaning)
          |
        3 -   'topics' = 't',
        3 +   'topic' = 't',
          |
        "#);
    }

    #[test]
    fn what_is_inherited_belongs_to_another_table() {
        silent(
            "unknown-connector-option",
            &[
                "CREATE TABLE t (a INT) WITH ('connector' = 'my-own', 'x' = '1');",
                "CREATE TABLE t (a INT) WITH ('connector' = 'kafka', 'topic' = 't', 'properties.x' = 'y', 'format' = 'avro', 'avro.x' = 'y');",
                "CREATE TABLE t (a INT) WITH ('connector' = '${connector}', 'x' = '1');",
            ],
        );
    }

    #[test]
    fn the_nearest_key_is_written() {
        let text = fixed(
            "unknown-connector-option",
            "CREATE TABLE t (a INT) WITH ('connector' = 'datagen', 'number-of-row' = '1');",
        );
        assert!(text.contains("'number-of-rows' = '1'"), "{text}");
    }
}
