//! `INSERT INTO … SELECT *` from a table.
//!
//! ## What it does
//! Reports `*` and `t.*` in the SELECT list of an INSERT that stand for the columns of a table. A `*` over a view, a derived
//! table or a common table expression is left alone: what it stands for is written down there.
//!
//! ## Why is this bad?
//! Flink fills the columns of a sink by position (Flink docs, "INSERT Statement"). A column that is added to the source, or
//! moved in it, shifts all that follow: the script fails, or, where the types happen to fit, writes values to the wrong
//! columns.
//!
//! ## Example
//! ```sql
//! CREATE TABLE clicks (id BIGINT, page STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
//! WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json');
//! CREATE TABLE copies (id BIGINT, page STRING, ts TIMESTAMP(3)) WITH ('connector' = 'print');
//! INSERT INTO copies SELECT * FROM clicks;
//! ```
//!
//! Use instead:
//! ```sql
//! CREATE TABLE clicks (id BIGINT, page STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
//! WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json');
//! CREATE TABLE copies (id BIGINT, page STRING, ts TIMESTAMP(3)) WITH ('connector' = 'print');
//! INSERT INTO copies SELECT `id`, `page`, `ts` FROM clicks;
//! ```
//!
//! ## Fix
//! Safe: lists the columns that `*` stands for now, so that the plan stays the same. None where they are not known.

use crate::catalog::StatementId;
use crate::diagnostic::{Applicability, Diagnostic, Fix, Severity};
use crate::lexer::{Punct, TokenKind};
use crate::lint::{Check, Context, Finding};
use crate::syntax::Insert;
use crate::time::{RelationId, Star};
use std::collections::{BTreeMap, BTreeSet};

pub const FINDING: Finding = Finding::new(
    "select-star-into-sink",
    Severity::Note,
    Check::Script(check),
);

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let of_table = |star: &&Star| {
        star.over
            .iter()
            .any(|id| matches!(id, RelationId::Table(_)))
    };
    let stars = context.times.stars.iter().filter(of_table);
    let stars: BTreeMap<(StatementId, u32), &Star> =
        stars.map(|s| ((s.statement, s.span.start), s)).collect();
    for (at, insert) in context.inserts() {
        let outer = outer(context, insert);
        let (from, to) = (insert.source.span.start, insert.source.span.end);
        for ((_, start), star) in stars.range((at, from)..(at, to)) {
            if !outer.contains(start) || star.span.of(context.text).eq_ignore_ascii_case("TABLE") {
                continue;
            }
            let sink = insert.target.object();
            let mut diagnostic = FINDING
                .at(star.span, format!("the columns of `{sink}` are filled by the position of whatever `*` stands for"))
                .label("all columns that there are when the job is submitted");
            if let Ok(edits) = &star.expansion {
                diagnostic = diagnostic.fix(Fix {
                    title: "list the columns".to_owned(),
                    edits: edits.clone(),
                    applicability: Applicability::Safe,
                });
            }
            found.push(diagnostic);
        }
    }
}

/// Where the tokens of an INSERT's query start that stand in no parentheses: its own SELECT lists, not those below.
fn outer(context: &Context<'_>, insert: &Insert) -> BTreeSet<u32> {
    let mut depth = 0u32;
    let mut found = BTreeSet::new();
    for token in &context.script.tokens[insert.source.tokens.clone()] {
        match token.kind {
            TokenKind::Punct(Punct::LParen) => depth += 1,
            TokenKind::Punct(Punct::RParen) => depth = depth.saturating_sub(1),
            _ if depth == 0 => drop(found.insert(token.span.start)),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{fixed, says, silent};

    fn job(query: &str) -> String {
        format!(
            "CREATE TABLE t (id BIGINT, `a b` STRING, twice AS id * 2, p STRING METADATA FROM 'topic' VIRTUAL) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE s (a BIGINT, b STRING, c BIGINT, d STRING) WITH ('connector' = 'print');
INSERT INTO s {query};
"
        )
    }

    fn last(text: &str) -> &str {
        text.lines().last().unwrap()
    }

    #[test]
    fn it_is_found() {
        insta::assert_snapshot!(says("select-star-into-sink", &job("SELECT * FROM t WHERE id > 3")), @"
        note[select-star-into-sink]: the columns of `s` are filled by the position of whatever `*` stands for
         --> job.sql:3:22
          |
        3 | INSERT INTO s SELECT * FROM t WHERE id > 3;
          |                      ^ all columns that there are when the job is submitted
          |
        help: list the columns
          |
        3 - INSERT INTO s SELECT * FROM t WHERE id > 3;
        3 + INSERT INTO s SELECT `id`, `a b`, `twice`, `p` FROM t WHERE id > 3;
          |
        ");
        let unknown = says(
            "select-star-into-sink",
            &job("SELECT t.*, u.* FROM t JOIN u ON t.id = u.id"),
        );
        assert_eq!(
            unknown.matches("warning[").count() + unknown.matches("note[").count(),
            1,
            "{unknown}"
        );
    }

    #[test]
    fn the_columns_are_listed() {
        insta::assert_snapshot!(last(&fixed("select-star-into-sink", &job("SELECT * FROM t"))), @"INSERT INTO s SELECT `id`, `a b`, `twice`, `p` FROM t;");
        insta::assert_snapshot!(last(&fixed("select-star-into-sink", &job("SELECT a.*, b.id FROM t AS a JOIN t AS b ON a.id = b.id"))), @"INSERT INTO s SELECT `a`.`id`, `a`.`a b`, `a`.`twice`, `a`.`p`, b.id FROM t AS a JOIN t AS b ON a.id = b.id;");
        insta::assert_snapshot!(last(&fixed("select-star-into-sink", &job("SELECT * FROM t UNION ALL SELECT * FROM t"))), @"INSERT INTO s SELECT `id`, `a b`, `twice`, `p` FROM t UNION ALL SELECT `id`, `a b`, `twice`, `p` FROM t;");
    }

    #[test]
    fn what_stands_written_below() {
        silent(
            "select-star-into-sink",
            &[
                &job("SELECT id, `a b`, twice, p FROM t"),
                &job("SELECT * FROM (SELECT id, `a b`, twice, p FROM t)"),
                &job("WITH q AS (SELECT id, `a b`, twice, p FROM t) SELECT * FROM q"),
                &job("SELECT id, `a b`, COUNT(*), MAX(p) FROM t GROUP BY id, `a b`"),
                "CREATE TABLE t (id BIGINT) WITH ('connector' = 'datagen'); SELECT * FROM t;",
            ],
        );
    }
}
