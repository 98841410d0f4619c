//! A password, a token or a key written into the script.
//!
//! ## What it does
//! Reports values of table options and settings that look like secrets by their key, and user names with passwords in URLs.
//! Placeholders such as `${DB_PASSWORD}` and `{{ db_password }}`, and empty values, are fine.
//!
//! ## Why is this bad?
//! A script lies in version control, in logs, in Flink's web interface and in the catalog, for everybody to read.
//!
//! ## Example
//! ```sql
//! CREATE TABLE people (id BIGINT)
//! WITH ('connector' = 'jdbc', 'url' = 'jdbc:mysql://db/shop', 'table-name' = 'people', 'password' = 'swordfish');
//! ```
//!
//! Use instead:
//! ```sql
//! CREATE TABLE people (id BIGINT)
//! WITH ('connector' = 'jdbc', 'url' = 'jdbc:mysql://db/shop', 'table-name' = 'people', 'password' = '${DB_PASSWORD}');
//! ```
//!
//! ## Fix
//! None: where the value comes from instead depends on what fills in your scripts.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Context, Finding};
use crate::report::mask;
use crate::syntax::{Literal, StatementKind};
use crate::text::Span;

pub const FINDING: Finding =
    Finding::new("plain-text-secret", Severity::Warning, Check::Script(check));

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for option in context.option_lists().flat_map(|list| &list.options) {
        found.extend(judged(&option.key, &option.value));
    }
    for (_, statement) in context.statements() {
        if let StatementKind::Set(Some(setting)) = &statement.kind {
            found.extend(judged(&setting.key, &setting.value));
        }
    }
    for hint in context.hints() {
        let text = hint.of(context.text);
        let secrets = mask::secret_ranges(text).into_iter();
        for range in secrets.filter(|range| is_plain(&text[range.clone()])) {
            let [start, end] = [range.start, range.end].map(|at| hint.start + at as u32);
            found.push(said(Span::new(start, end), "an option of this hint"));
        }
    }
}

fn judged(key: &Literal, value: &Literal) -> Option<Diagnostic> {
    // As it would stand in a script: the mask decides what is a secret.
    let line = format!(
        "'{}' = '{}'",
        key.value.replace('\'', "''"),
        value.value.replace('\'', "''")
    );
    let secret = mask::secret_ranges(&line)
        .into_iter()
        .find(|range| is_plain(&line[range.clone()]));
    secret.map(|_| said(value.span, &format!("'{}'", key.value)))
}

/// Neither empty nor filled in by somebody else.
fn is_plain(value: &str) -> bool {
    let value = value.trim_matches('\'').trim();
    let is_blotted_out = value.chars().all(|c| matches!(c, '*' | 'x' | '.'));
    let is_filled_in = value.contains("${") || value.contains("{{");
    let is_left_open = value.starts_with('<') && value.ends_with('>');
    !(is_blotted_out || is_filled_in || is_left_open)
}

fn said(span: Span, what: &str) -> Diagnostic {
    FINDING
        .at(span, format!("the value of {what} looks like a secret in plain text"))
        .help("write a placeholder such as `${DB_PASSWORD}`, and fill it in where the script is submitted")
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{says, silent};

    #[test]
    fn the_value_is_found_and_not_shown() {
        let text = "CREATE TABLE t (a INT) WITH (\n  'connector' = 'mysql-cdc',\n  'password' = 'swordfish'\n);
SET 'fs.s3a.secret.key' = 'swordfish';
SELECT * FROM t /*+ OPTIONS('url' = 'http://me:swordfish@db/x') */;";
        let said = says("plain-text-secret", text);
        assert!(!said.contains("swordfish"), "{said}");
        insta::assert_snapshot!(said, @r#"
        warning[plain-text-secret]: the value of 'password' looks like a secret in plain text
         --> job.sql:3:16
          |
        3 |   'password' = '*********'
          |                ^^^^^^^^^^^
          |
          = help: write a placeholder such as `${DB_PASSWORD}`, and fill it in where the script is submitted

        warning[plain-text-secret]: the value of 'fs.s3a.secret.key' looks like a secret in plain text
         --> job.sql:5:27
          |
        5 | SET 'fs.s3a.secret.key' = '*********';
          |                           ^^^^^^^^^^^
          |
          = help: write a placeholder such as `${DB_PASSWORD}`, and fill it in where the script is submitted

        warning[plain-text-secret]: the value of an option of this hint looks like a secret in plain text
         --> job.sql:6:45
          |
        6 | SELECT * FROM t /*+ OPTIONS('url' = 'http://************@db/x') */;
          |                                             ^^^^^^^^^^^^
          |
          = help: write a placeholder such as `${DB_PASSWORD}`, and fill it in where the script is submitted
        "#);
    }

    #[test]
    fn what_is_none() {
        silent(
            "plain-text-secret",
            &[
                "CREATE TABLE t (a INT) WITH ('password' = '${PASSWORD}', 'token' = '{{ token }}', 'secret' = '', 'key.format' = 'json', 'username' = 'x');",
                "SET 'a' = 'b'; SELECT * FROM t WHERE token = 'x';",
            ],
        );
    }
}
