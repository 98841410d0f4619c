//! State that expires by the clock, in each job by its own.
//!
//! ## What it does
//! Reports `SET 'table.exec.state.ttl'` before an INSERT whose query keeps state that it governs (a GROUP BY without a window,
//! a regular join, a deduplication, a Top-N, OVER), and STATE_TTL hints. Windows, interval joins and MATCH_RECOGNIZE let their
//! state go by the watermark and are left alone.
//!
//! ## Why is this bad?
//! Flink drops state that was not touched for so long by the clock of the machine (Flink docs, Configuration,
//! `table.exec.state.ttl`; "Hints", "State TTL Hints"). The incoming job starts later, catches up faster than its input was
//! made and touches state at other times than the outgoing one. Where one of them has forgotten a key and the other has not,
//! they disagree on what a row is: the count starts again, a duplicate passes, a join finds no partner.
//!
//! ## Example
//! ```sql
//! CREATE TABLE orders (city STRING, amount BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
//! WITH ('connector' = 'kafka', 'topic' = 'orders', 'format' = 'json');
//! CREATE TABLE totals (city STRING, amount BIGINT, PRIMARY KEY (city) NOT ENFORCED)
//! WITH ('connector' = 'upsert-kafka', 'topic' = 'totals', 'key.format' = 'json', 'value.format' = 'json');
//! SET 'table.exec.state.ttl' = '1 d';
//! INSERT INTO totals SELECT city, SUM(amount) FROM orders GROUP BY city;
//! ```
//!
//! Use instead a window, which lets its state go by the watermark:
//! ```sql
//! CREATE TABLE orders (city STRING, amount BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
//! WITH ('connector' = 'kafka', 'topic' = 'orders', 'format' = 'json');
//! CREATE TABLE totals (city STRING, amount BIGINT, PRIMARY KEY (city) NOT ENFORCED)
//! WITH ('connector' = 'upsert-kafka', 'topic' = 'totals', 'key.format' = 'json', 'value.format' = 'json');
//! INSERT INTO totals
//! SELECT city, SUM(amount)
//! FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' DAY))
//! GROUP BY city, window_start, window_end;
//! ```
//!
//! ## Fix
//! None: a longer time makes it rarer, none at all lets the state grow.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::{Check, Context, Finding};
use crate::plan::{STATE_TTL, is_on};
use crate::text::Span;
use crate::time::Operator;
use std::collections::BTreeSet;

pub const FINDING: Finding = Finding::new(
    "state-ttl-divergence",
    Severity::Warning,
    Check::Script(check),
);

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let say = |span: Span| {
        FINDING
            .at(span, "two jobs do not let state expire at the same time")
            .label("by the clock of each job")
    };
    let settings = context.set_to(STATE_TTL);
    let mut seen = BTreeSet::new();
    for (at, insert) in context.inserts() {
        let behind = settings.partition_point(|(set, _)| *set < at);
        let Some((_, setting)) = behind.checked_sub(1).map(|last| settings[last]) else {
            continue;
        };
        let operators = context
            .query_time(at, insert)
            .map(|time| &time.facts.operators);
        let Some(operator) = operators
            .into_iter()
            .flatten()
            .find(|o| expires(o))
            .filter(|_| is_on(&setting.value.value))
        else {
            continue;
        };
        if seen.insert(setting.value.span) {
            let keeps = format!("{} keeps state", operator.name);
            found.push(say(setting.value.span).related(operator.span, keeps));
        }
    }
    for hint in context.hints() {
        if hint.of(context.text).to_uppercase().contains("STATE_TTL") {
            found.push(say(hint));
        }
    }
}

/// Does the option govern the state of an operator?
/// Source: Flink docs, "Performance Tuning" and "Configuration": windows, interval joins and patterns clean up by the
/// watermark.
fn expires(operator: &Operator) -> bool {
    const BY_WATERMARK: [&str; 6] = [
        "window aggregate",
        "window join",
        "window Top-N",
        "interval join",
        "MATCH_RECOGNIZE",
        "SESSION",
    ];
    operator.keeps_state() && !BY_WATERMARK.contains(&operator.name.as_str())
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{says, silent};

    fn job(ttl: &str, query: &str) -> String {
        format!(
            "CREATE TABLE t (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE s (id BIGINT, n BIGINT, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'upsert-kafka');
SET 'table.exec.state.ttl' = '{ttl}';
INSERT INTO s {query};
"
        )
    }

    const GROUP: &str = "SELECT id, COUNT(*) FROM t GROUP BY id";

    #[test]
    fn an_option() {
        insta::assert_snapshot!(says("state-ttl-divergence", &job("1 d", GROUP)), @"
        warning[state-ttl-divergence]: two jobs do not let state expire at the same time
         --> job.sql:3:30
          |
        3 | SET 'table.exec.state.ttl' = '1 d';
          |                              ^^^^^ by the clock of each job
        4 | INSERT INTO s SELECT id, COUNT(*) FROM t GROUP BY id;
          |                                                   -- GROUP BY keeps state
        ");
        assert_ne!(
            says(
                "state-ttl-divergence",
                &job("36h", "SELECT a.id, b.id FROM t a JOIN t b ON a.id = b.id")
            ),
            ""
        );
    }

    #[test]
    fn a_hint() {
        insta::assert_snapshot!(says("state-ttl-divergence", &job("0 s", "SELECT /*+ STATE_TTL('t' = '1d') */ id, COUNT(*) FROM t GROUP BY id")), @"
        warning[state-ttl-divergence]: two jobs do not let state expire at the same time
         --> job.sql:4:22
          |
        4 | INSERT INTO s SELECT /*+ STATE_TTL('t' = '1d') */ id, COUNT(*) FROM t GROUP BY id;
          |                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ by the clock of each job
        ");
    }

    #[test]
    fn what_expires_by_the_watermark_or_not_at_all() {
        silent(
            "state-ttl-divergence",
            &[
                &job("0 ms", GROUP),
                &job(
                    "1 d",
                    "SELECT id, COUNT(*) FROM t GROUP BY id, TUMBLE(ts, INTERVAL '1' MINUTE)",
                ),
                &job("1 d", "SELECT id, id FROM t"),
                &job(
                    "1 d",
                    "SELECT id, COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY id, window_start, window_end",
                ),
                &job(
                    "1 d",
                    "SELECT a.id, b.id FROM t a JOIN t b ON a.id = b.id AND a.ts BETWEEN b.ts AND b.ts + INTERVAL '1' MINUTE",
                ),
                &format!("{}SET 'table.exec.state.ttl' = '1 d';", job("0 ms", GROUP)),
            ],
        );
    }
}
