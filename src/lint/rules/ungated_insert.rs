//! A statement that writes rows without a gate.
//!
//! ## What it does
//! Reports what a rewrite leaves without a gate because it has no event time to go by: INSERTs of constant rows, and
//! UPDATE, DELETE, TRUNCATE TABLE and CALL. In a script that has gates it also reports INSERTs that were added since and
//! have none. What can be given no gate at all is an error under the name of its reason, such as `compiled-plan` for
//! COMPILE PLAN and EXECUTE PLAN; an EXPLAIN writes nothing and is left alone, and so is a script that does nothing but
//! fill tables with constant rows.
//!
//! ## Why is this bad?
//! During a cutover both jobs run the statement, so that its rows are written twice, or rows that the other job has
//! written are changed.
//!
//! ## Example
//! ```sql
//! CREATE TABLE clicks (id BIGINT, ts TIMESTAMP(3) NOT NULL)
//! WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json');
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'kafka', 'topic' = 'copies', 'format' = 'json');
//! INSERT INTO copies VALUES (0);
//! INSERT INTO copies SELECT id FROM clicks;
//! ```
//!
//! Use instead, with the INSERT in a script of its own that is run once:
//! ```sql
//! CREATE TABLE clicks (id BIGINT, ts TIMESTAMP(3) NOT NULL)
//! WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json');
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'kafka', 'topic' = 'copies', 'format' = 'json');
//! INSERT INTO copies SELECT id FROM clicks;
//! ```
//!
//! ## Fix
//! None. `tidegate rewrite` adds the gates that are missing in a script that has some.

use crate::GateState;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Context, Finding};

pub const FINDING: Finding =
    Finding::new("ungated-insert", Severity::Warning, Check::Script(check));

/// What has no event time is said where the gates are planned.
fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let reports = &context.plan.inserts;
    let Some(gated) = reports.iter().find(|r| r.gate == GateState::Standing) else {
        return;
    };
    for report in reports.iter().filter(|r| r.gate == GateState::Added) {
        found.push(
            FINDING
                .at(
                    report.span,
                    format!(
                        "this INSERT into `{}` has no gate",
                        report.sink.replace('`', "")
                    ),
                )
                .label("would write in both jobs of a cutover")
                .related(gated.span, "this one has a gate")
                .help("rewrite the script again, which adds the gate"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{says, silent};

    const TABLES: &str = "CREATE TABLE t (id BIGINT, ts TIMESTAMP(3) NOT NULL) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE s (id BIGINT) WITH ('connector' = 'print');
";
    const INSERT: &str = "INSERT INTO s SELECT id FROM t;\n";

    #[test]
    fn what_has_no_event_time() {
        insta::assert_snapshot!(says("ungated-insert", &format!("{TABLES}INSERT INTO s VALUES (1);\nDELETE FROM s;\n{INSERT}")), @"
        warning[ungated-insert]: constant rows have no event time: this INSERT is left without a gate
         --> job.sql:3:15
          |
        3 | INSERT INTO s VALUES (1);
          |               ^^^^^^^^^^
          |
          = note: both jobs of a cutover run it, so its rows are written twice
          = help: run it once, in a script of its own

        warning[ungated-insert]: DELETE is left as it is: both jobs of a cutover run it
         --> job.sql:4:1
          |
        4 | DELETE FROM s;
          | ^^^^^^^^^^^^^
        ");
    }

    #[test]
    fn what_was_added_to_a_gated_script() {
        let script = format!("{TABLES}{INSERT}");
        let gated = crate::rewrite(&script, &crate::config::Settings::default())
            .text
            .unwrap();
        silent("ungated-insert", &[&script, &gated]);
        let said = says(
            "ungated-insert",
            &format!("{gated}INSERT INTO s SELECT id + 1 FROM t;\n"),
        );
        insta::assert_snapshot!(said, @"
        warning[ungated-insert]: this INSERT into `s` has no gate
          --> job.sql:12:1
           |
        11 | INSERT INTO s SELECT `id` FROM `s__gate`;
           | ---------------------------------------- this one has a gate
        12 | INSERT INTO s SELECT id + 1 FROM t;
           | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ would write in both jobs of a cutover
           |
           = help: rewrite the script again, which adds the gate
        ");
    }

    #[test]
    fn what_is_said_under_another_name_or_writes_nothing() {
        silent(
            "ungated-insert",
            &[
                &format!(
                    "{TABLES}INSERT INTO s VALUES (1);\nINSERT INTO t VALUES (1, TIMESTAMP '2026-01-01 00:00:00.000');"
                ),
                &format!("{TABLES}EXPLAIN {INSERT}"),
                &format!("{TABLES}COMPILE PLAN 'p.json' FOR {INSERT}"),
                &format!("{TABLES}INSERT INTO s SELECT id FROM missing;\n"),
            ],
        );
    }
}
