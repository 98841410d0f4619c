//! A source with several columns that could be its event time.
//!
//! ## What it does
//! Reports tables that need a watermark, declare none, and offer several times that are about equally good.
//!
//! ## Why is this bad?
//! Which of them says when the row happened, only the author of the data knows. A wrong one is worse than none: rows are
//! late by hours, or a window closes before its rows are there. tidegate does not guess.
//!
//! ## Example
//! ```sql
//! CREATE TABLE orders (id BIGINT, ordered TIMESTAMP(3) NOT NULL, shipped TIMESTAMP(3) NOT NULL)
//! WITH ('connector' = 'filesystem', 'path' = '/orders', 'format' = 'json');
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'print');
//! INSERT INTO copies SELECT id FROM orders;
//! ```
//!
//! Use instead:
//! ```sql
//! CREATE TABLE orders (id BIGINT, ordered TIMESTAMP(3) NOT NULL, shipped TIMESTAMP(3) NOT NULL,
//!   WATERMARK FOR ordered AS ordered - INTERVAL '5' SECOND)
//! WITH ('connector' = 'filesystem', 'path' = '/orders', 'format' = 'json');
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'print');
//! INSERT INTO copies SELECT id FROM orders;
//! ```
//!
//! ## Fix
//! None: declare a watermark, or name the column in `tidegate.toml`; the message has the lines for each candidate.
//!
//! ## Options
//! `[tables.NAME]` with `column`, `expression` or `metadata`; see `docs/event-time.md`.

use crate::diagnostic::Severity;
use crate::lint::{Check, Finding};

pub const FINDING: Finding = Finding::new("ambiguous-event-time", Severity::Error, Check::Stage);

#[cfg(test)]
mod tests {
    use crate::config::{Settings, TableSettings};
    use crate::lint::testing::{says, says_with, silent};

    const SINK: &str = "CREATE TABLE s (id BIGINT) WITH ('connector' = 'print');\nINSERT INTO s SELECT id FROM t;\n";

    fn job(columns: &str) -> String {
        let options = "'connector' = 'filesystem', 'path' = '/t', 'format' = 'json'";
        format!("CREATE TABLE t (id BIGINT, {columns}) WITH ({options});\n{SINK}")
    }

    #[test]
    fn the_candidates_are_shown() {
        insta::assert_snapshot!(says("ambiguous-event-time", &job("a TIMESTAMP(3), b TIMESTAMP(3)")), @r#"
        error[ambiguous-event-time]: table `t` has 2 columns that could be its event time
         --> job.sql:1:14
          |
        1 | CREATE TABLE t (id BIGINT, a TIMESTAMP(3), b TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = '/t', 'format' = 'json');
          |              ^             -               - TIMESTAMP(3): a timestamp column (score 80)
          |              |             |
          |              |             TIMESTAMP(3): a timestamp column (score 80)
          |              has no watermark, but an INSERT reads it
          |
          = note: candidates: `a`, `b`
          = help: tidegate.toml:
                  [tables.t]
                  column = "a"
          = help: tidegate.toml:
                  [tables.t]
                  column = "b"
        "#);
    }

    #[test]
    fn one_leads() {
        silent(
            "ambiguous-event-time",
            &[
                &job("a TIMESTAMP(3)"),
                &job("event_time TIMESTAMP(3), birthday TIMESTAMP(3)"),
                &job("a TIMESTAMP(3), b TIMESTAMP(3), WATERMARK FOR b AS b"),
                "CREATE TABLE t (a TIMESTAMP(3), b TIMESTAMP(3)) WITH ('connector' = 'kafka');",
            ],
        );
    }

    #[test]
    fn the_configuration_answers() {
        let table = TableSettings {
            column: Some("a".to_owned()),
            ..TableSettings::default()
        };
        let settings = Settings {
            tables: [("t".to_owned(), table)].into(),
            ..Settings::default()
        };
        let text = job("a TIMESTAMP(3), b TIMESTAMP(3)");
        assert_eq!(says_with("ambiguous-event-time", &text, &settings), "");
    }
}
