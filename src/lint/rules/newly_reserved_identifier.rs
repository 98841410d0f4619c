//! A name that a later release of Flink reserves.
//!
//! ## What it does
//! Reports names without backticks that the Flink of the configuration takes, and that a later release up to 2.3 refuses.
//!
//! ## Why is this bad?
//! The script stops working with the upgrade. Source: the grammars of Flink 1.20 to 2.3.
//!
//! ## Example
//! With
//! ```toml
//! [flink]
//! version = "1.20"
//! ```
//! there is a name in
//! ```sql
//! CREATE TABLE clicks (id BIGINT, datetime STRING) WITH ('connector' = 'datagen');
//! ```
//!
//! Use instead:
//! ```sql
//! CREATE TABLE clicks (id BIGINT, `datetime` STRING) WITH ('connector' = 'datagen');
//! ```
//!
//! ## Fix
//! Safe: quotes the name with backticks.
//!
//! ## Options
//! `version` in `[flink]`, or `--flink-version`: the Flink that runs the script today.

use crate::config::FlinkVersion;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Context, Finding};
use crate::parser;
use std::collections::BTreeSet;

pub const FINDING: Finding = Finding::new(
    "newly-reserved-identifier",
    Severity::Warning,
    Check::Script(check),
);

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut seen = BTreeSet::new();
    let now = context.settings.flink;
    let start = context.start();
    for later in FlinkVersion::ALL.into_iter().filter(|v| *v > now) {
        let (_, diagnostics) = parser::parse(context.text, later);
        for said in diagnostics
            .into_iter()
            .filter(|d| d.name == "reserved-identifier")
        {
            let word = said.span.of(context.text);
            if said.span.start < start
                || crate::lexer::keywords::is_reserved(word, now)
                || !seen.insert(said.span)
            {
                continue;
            }
            let message = format!("`{word}` cannot be a name from Flink {later} on");
            found.push(Diagnostic {
                help: said.help,
                fix: said.fix,
                ..FINDING.at(said.span, message)
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::rules::by_name;
    use crate::lint::testing::{fixed_with, only, says_for, silent};

    const NAME: &str = "newly-reserved-identifier";
    const TABLE: &str = "CREATE TABLE t (monday INT, day_of INT) WITH ('connector' = 'datagen');\nSELECT monday AS datetime FROM t;";

    #[test]
    fn the_release_is_named() {
        insta::assert_snapshot!(says_for(FlinkVersion::V1_20, NAME, TABLE), @r#"
        warning[newly-reserved-identifier]: `monday` cannot be a name from Flink 2.0 on
         --> job.sql:1:17
          |
        1 | CREATE TABLE t (monday INT, day_of INT) WITH ('connector' = 'datagen');
          |                 ^^^^^^
          |
          = help: quote it with backticks: `monday`
        help: quote the name with backticks
          |
        1 - CREATE TABLE t (monday INT, day_of INT) WITH ('connector' = 'datagen');
        1 + CREATE TABLE t (`monday` INT, day_of INT) WITH ('connector' = 'datagen');
          |

        warning[newly-reserved-identifier]: `monday` cannot be a name from Flink 2.0 on
         --> job.sql:2:8
          |
        2 | SELECT monday AS datetime FROM t;
          |        ^^^^^^
          |
          = help: if it is a name, put it in backticks: `monday`
        help: quote the name with backticks
          |
        2 - SELECT monday AS datetime FROM t;
        2 + SELECT `monday` AS datetime FROM t;
          |
        "#);
    }

    #[test]
    fn what_is_reserved_today_is_an_error_of_its_own() {
        silent(NAME, &[TABLE]);
        assert_eq!(
            says_for(
                FlinkVersion::V1_20,
                NAME,
                "CREATE TABLE t (`order` INT, a INT) WITH ('connector' = 'datagen');"
            ),
            ""
        );
    }

    #[test]
    fn it_is_quoted() {
        let settings = crate::config::Settings {
            flink: FlinkVersion::V1_20,
            ..only(by_name(NAME).unwrap())
        };
        let text = fixed_with(NAME, "SELECT friday FROM t;", &settings);
        assert_eq!(text, "SELECT `friday` FROM t;");
    }
}
