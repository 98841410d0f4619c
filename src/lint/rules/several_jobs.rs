//! INSERTs that become several jobs.
//!
//! ## What it does
//! Reports scripts whose INSERTs do not all stand in one statement set. With `gate.one-job`, which puts them into one, it
//! reports the statements that keep the INSERTs from being moved together. INSERTs of constant rows do not count: their jobs
//! end at once. Neither do scripts in batch mode, or with `table.dml-sync`, where one job waits for the other.
//!
//! ## Why is this bad?
//! Flink runs each INSERT that stands alone, and each statement set, as a job of its own (Flink docs, "INSERT Statement",
//! "Insert into multiple tables"). Each job reads the sources for itself and has its own savepoint, its own watermark and its
//! own cutover; a session that is started for one job, such as an application cluster, may run only the first.
//!
//! ## Example
//! ```sql
//! CREATE TABLE clicks (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
//! WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json');
//! CREATE TABLE a (id BIGINT) WITH ('connector' = 'print');
//! CREATE TABLE b (id BIGINT) WITH ('connector' = 'print');
//! INSERT INTO a SELECT id FROM clicks;
//! INSERT INTO b SELECT id + 1 FROM clicks;
//! ```
//!
//! Use instead:
//! ```sql
//! CREATE TABLE clicks (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
//! WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json');
//! CREATE TABLE a (id BIGINT) WITH ('connector' = 'print');
//! CREATE TABLE b (id BIGINT) WITH ('connector' = 'print');
//! EXECUTE STATEMENT SET
//! BEGIN
//! INSERT INTO a SELECT id FROM clicks;
//! INSERT INTO b SELECT id + 1 FROM clicks;
//! END;
//! ```
//!
//! ## Fix
//! Unsafe: moves all INSERTs into one statement set at the place of the last one. The savepoints of the several jobs do not
//! fit the one job. There is no fix where a statement between them may mean something else before and behind an INSERT, or where a comment
//! before a `;` would be lost.
//!
//! ## Options
//! `gate.one-job = true` does the same in the rewritten script.

use crate::catalog::StatementId;
use crate::diagnostic::{Applicability, Diagnostic, Fix, Severity};
use crate::lexer::{Token, TokenKind, lex};
use crate::lint::{Check, Context, Finding};
use crate::rewrite;
use crate::syntax::{Insert, StatementKind};
use crate::text::{Edit, EditSet};

pub const FINDING: Finding = Finding::new("several-jobs", Severity::Warning, Check::Script(check));

/// With `one-job`, what is in its way is said by the rewrite.
fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let waits = |(_, set): &(StatementId, &crate::syntax::Setting)| {
        set.value.value.eq_ignore_ascii_case("true")
    };
    let one_by_one = context.set_to("table.dml-sync").iter().any(waits);
    if context.settings.one_job || one_by_one || context.may_be_batch() {
        return;
    }
    let jobs = jobs(context);
    let [first, second, ..] = &jobs[..] else {
        return;
    };
    let message = format!("the INSERTs of this script are {} jobs", jobs.len());
    let mut diagnostic = FINDING
        .at(second.target.span, message)
        .label("another job")
        .related(first.target.span, "the first job")
        .note("each of them has its own savepoint and its own cutover");
    match rewrite::one_job(context.text, context.script) {
        Ok(edits) if !edits.is_empty() && keeps_comments(context, &edits) => {
            diagnostic.fix = Some(Fix {
                title: "put them into one statement set".to_owned(),
                edits,
                applicability: Applicability::Unsafe,
            });
        }
        Ok(_) => {}
        Err(problems) => {
            for problem in problems {
                diagnostic = diagnostic.related(problem.span, "keeps the INSERTs apart");
            }
        }
    }
    found.push(diagnostic);
}

/// Does every comment come along?
fn keeps_comments(context: &Context<'_>, edits: &[Edit]) -> bool {
    let comments = |tokens: &[Token]| {
        let is_comment =
            |t: &&Token| matches!(t.kind, TokenKind::LineComment | TokenKind::BlockComment);
        tokens.iter().filter(is_comment).count()
    };
    let edited = EditSet::new(edits.to_vec()).and_then(|edits| edits.apply(context.text));
    edited.is_ok_and(|(text, _)| {
        comments(&lex(&text, context.settings.flink)) >= comments(&context.script.tokens)
    })
}

/// The first INSERT of each job that goes on.
fn jobs<'a>(context: &Context<'a>) -> Vec<&'a Insert> {
    let goes_on = |at: StatementId, insert: &&Insert| {
        context
            .query_time(at, insert)
            .is_none_or(|time| !time.constant)
    };
    let mut jobs = Vec::new();
    let mut open = None;
    for (at, statement) in context.statements() {
        let first = match &statement.kind {
            StatementKind::BeginStatementSet => {
                open = Some(false);
                None
            }
            StatementKind::EndStatementSet => {
                open = None;
                None
            }
            StatementKind::Insert(insert) => Some(&**insert).filter(|i| goes_on(at, i)),
            StatementKind::StatementSet(set) => set.inserts.iter().find(|i| goes_on(at, i)),
            _ => None,
        };
        let counted = open
            .as_mut()
            .is_some_and(|c| std::mem::replace(c, *c || first.is_some()));
        jobs.extend(first.filter(|_| !counted));
    }
    jobs
}

#[cfg(test)]
mod tests {
    use crate::config::Settings;
    use crate::lint::testing::{fixed, only, says, says_with, silent};

    const TABLES: &str =
        "CREATE TABLE t (id BIGINT) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE a (id BIGINT) WITH ('connector' = 'print');
";
    const A: &str = "INSERT INTO a SELECT id FROM t;\n";
    const SET: &str = "BEGIN STATEMENT SET;\nINSERT INTO a SELECT id FROM t;\nINSERT INTO a SELECT 2 FROM t;\nEND;\n";

    #[test]
    fn a_comment_that_would_be_lost_keeps_them_apart() {
        let script = format!("{TABLES}INSERT INTO a SELECT id FROM t -- why\n;\n{A}");
        let said = says("several-jobs", &script);
        assert!(
            said.contains("are 2 jobs") && !said.contains("help: put them"),
            "{said}"
        );
    }

    #[test]
    fn two_jobs() {
        let script = format!("{TABLES}{A}\nINSERT INTO a SELECT id + 1 FROM t;\n");
        insta::assert_snapshot!(says("several-jobs", &script), @"
        warning[several-jobs]: the INSERTs of this script are 2 jobs
         --> job.sql:5:13
          |
        3 | INSERT INTO a SELECT id FROM t;
          |             - the first job
        4 |
        5 | INSERT INTO a SELECT id + 1 FROM t;
          |             ^ another job
          |
          = note: each of them has its own savepoint and its own cutover
        help: put them into one statement set (may change the meaning)
          |
        3 + 
        4 + EXECUTE STATEMENT SET
        5 + BEGIN
        6 + INSERT INTO a SELECT id FROM t;
        7 + INSERT INTO a SELECT id + 1 FROM t;
        8 + END;
          |
        ");
        let fixed = fixed("several-jobs", &script);
        insta::assert_snapshot!(fixed.strip_prefix(TABLES).unwrap(), @"

        EXECUTE STATEMENT SET
        BEGIN
        INSERT INTO a SELECT id FROM t;
        INSERT INTO a SELECT id + 1 FROM t;
        END;
        ");
    }

    #[test]
    fn sets_are_jobs_too() {
        assert!(says("several-jobs", &format!("{TABLES}{A}{SET}{A}")).contains("are 3 jobs"));
        let set = "EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT id FROM t; END;\n";
        assert!(says("several-jobs", &format!("{TABLES}{set}{SET}")).contains("are 2 jobs"));
    }

    #[test]
    fn what_stands_between_them_is_shown() {
        insta::assert_snapshot!(says("several-jobs", &format!("{TABLES}{A}SET 'pipeline.name' = 'b';\n{A}")), @"
        warning[several-jobs]: the INSERTs of this script are 2 jobs
         --> job.sql:5:13
          |
        3 | INSERT INTO a SELECT id FROM t;
          |             - the first job
        4 | SET 'pipeline.name' = 'b';
          | ------------------------- keeps the INSERTs apart
        5 | INSERT INTO a SELECT id FROM t;
          |             ^ another job
          |
          = note: each of them has its own savepoint and its own cutover
        ");
    }

    #[test]
    fn one_job() {
        let two = format!("{TABLES}{A}{A}");
        silent(
            "several-jobs",
            &[
                &format!("{TABLES}{A}"),
                &format!("{TABLES}{SET}"),
                &format!("{TABLES}INSERT INTO a VALUES (1);\n{A}"),
                &format!("SET 'execution.runtime-mode' = 'batch';\n{two}"),
                &format!("SET 'table.dml-sync' = 'true';\n{two}"),
            ],
        );
        let rule = crate::lint::rules::by_name("several-jobs").unwrap();
        let asked = Settings {
            one_job: true,
            ..only(rule)
        };
        assert_eq!(says_with("several-jobs", &two, &asked), "");
    }
}
