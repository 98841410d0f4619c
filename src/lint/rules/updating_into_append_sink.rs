//! An updating query into a sink that takes only insertions.
//!
//! ## What it does
//! Reports INSERTs whose query updates rows that it has written (a GROUP BY without a window, DISTINCT, an outer join
//! without time bounds, a Top-N, a CDC source) and whose sink is known to take nothing but new rows: `kafka`, `kinesis`
//! without a primary key, and `filesystem`, each with a format that carries no updates. What is not known of a connector, a
//! format or a query is not reported, nor is anything in batch mode, where nothing is updated.
//!
//! ## Why is this bad?
//! Flink refuses the statement: "Table sink … doesn't support consuming update changes which is produced by node …" (run in
//! Flink 1.20.5 and 2.3.0; the sink's `getChangelogMode` decides).
//!
//! ## Example
//! ```sql
//! CREATE TABLE orders (city STRING, amount BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
//! WITH ('connector' = 'kafka', 'topic' = 'orders', 'format' = 'json');
//! CREATE TABLE totals (city STRING, amount BIGINT)
//! WITH ('connector' = 'kafka', 'topic' = 'totals', 'format' = 'json');
//! INSERT INTO totals SELECT city, SUM(amount) FROM orders GROUP BY city;
//! ```
//!
//! Use instead:
//! ```sql
//! CREATE TABLE orders (city STRING, amount BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
//! WITH ('connector' = 'kafka', 'topic' = 'orders', 'format' = 'json');
//! CREATE TABLE totals (city STRING, amount BIGINT, PRIMARY KEY (city) NOT ENFORCED)
//! WITH ('connector' = 'upsert-kafka', 'topic' = 'totals', 'key.format' = 'json', 'value.format' = 'json');
//! INSERT INTO totals SELECT city, SUM(amount) FROM orders GROUP BY city;
//! ```
//!
//! ## Fix
//! None: another connector writes other messages, and a window yields other rows.

use crate::diagnostic::Severity;
use crate::lint::{Check, Finding};

pub const FINDING: Finding =
    Finding::new("updating-into-append-sink", Severity::Error, Check::Stage);

#[cfg(test)]
mod tests {
    use crate::config::FlinkVersion;
    use crate::lint::testing::{says, says_for, silent};

    const NAME: &str = "updating-into-append-sink";
    const KAFKA: &str = "'connector' = 'kafka', 'topic' = 'a', 'format' = 'json'";
    const FILES: &str = "'connector' = 'filesystem', 'path' = '/a', 'format' = 'csv'";

    fn job(sink: &str, query: &str) -> String {
        let source = "(id BIGINT, v BIGINT, ts TIMESTAMP(3) NOT NULL, p AS PROCTIME(), WATERMARK FOR ts AS ts)";
        format!(
            "CREATE TABLE t {source} WITH ({KAFKA});
CREATE TABLE u {source} WITH ({KAFKA});
CREATE TABLE c (id BIGINT, v BIGINT, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'mysql-cdc');
CREATE TABLE s (id BIGINT, v BIGINT) WITH ({sink});
INSERT INTO s {query};
"
        )
    }

    #[test]
    fn it_is_said_once() {
        let all = crate::check(
            &job(KAFKA, "SELECT id, SUM(v) FROM t GROUP BY id"),
            &crate::config::Settings::default(),
        );
        let errors: Vec<_> = all
            .iter()
            .filter(|d| d.is_error())
            .map(|d| d.name)
            .collect();
        assert_eq!(errors, [NAME]);
        insta::assert_snapshot!(says(NAME, &job(KAFKA, "SELECT id, SUM(v) FROM t GROUP BY id")), @r#"
        error[updating-into-append-sink]: the query updates its rows, but table `s` (the connector 'kafka') takes only insertions
         --> job.sql:5:13
          |
        5 | INSERT INTO s SELECT id, SUM(v) FROM t GROUP BY id;
          |             ^
          |
          = note: Flink refuses the statement: such a sink "doesn't support consuming update changes"
          = help: write to a table that is updated by key, such as upsert-kafka or jdbc, or aggregate in a window
        "#);
    }

    /// Each query into both sinks; Flink 2.3.0 and 1.20.5 refuse and take the same.
    #[test]
    fn as_flink_has_it() {
        let refused = [
            "SELECT id, COUNT(*) FROM t GROUP BY id",
            "SELECT DISTINCT id, v FROM t",
            "SELECT id, v FROM t UNION SELECT id, v FROM u",
            "SELECT id, v FROM t ORDER BY v LIMIT 3",
            "SELECT id, v FROM t WHERE id NOT IN (SELECT id FROM u WHERE id IS NOT NULL)",
            "SELECT id, v FROM t INTERSECT SELECT id, v FROM u",
            "SELECT t.id, u.v FROM t LEFT JOIN u ON t.id = u.id",
            "SELECT id, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY id ORDER BY ts DESC) AS r FROM t) WHERE r = 1",
            "SELECT id, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY id ORDER BY v) AS r FROM t) WHERE r <= 2",
            "SELECT COUNT(*), 1 FROM t",
            "SELECT id, MAX(v) FROM t GROUP BY id HAVING COUNT(*) > 1",
            "SELECT id, v FROM t UNION ALL SELECT id, COUNT(*) FROM u GROUP BY id",
            "SELECT id, v FROM c",
        ];
        let taken = [
            "SELECT id, v FROM t LIMIT 3",
            "SELECT id, v FROM t ORDER BY ts",
            "SELECT id, v FROM t WHERE id IN (SELECT id FROM u)",
            "SELECT id, v FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.id = t.id)",
            "SELECT t.id, u.v FROM t JOIN u ON t.id = u.id",
            "SELECT id, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY id ORDER BY p) AS r FROM t) WHERE r = 1",
            "SELECT id, v FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY id ORDER BY ts) AS r FROM t) WHERE r = 1",
            "SELECT id, COUNT(*) FROM t GROUP BY id, TUMBLE(ts, INTERVAL '1' MINUTE)",
            "SELECT id, SUM(v) OVER (PARTITION BY id ORDER BY ts) FROM t",
            "SELECT t.id, u.v FROM t LEFT JOIN u ON t.id = u.id AND t.ts BETWEEN u.ts - INTERVAL '1' MINUTE AND u.ts",
        ];
        for sink in [KAFKA, FILES] {
            for query in refused {
                assert_ne!(says(NAME, &job(sink, query)), "", "{query}");
            }
            silent(
                NAME,
                &taken
                    .map(|query| job(sink, query))
                    .each_ref()
                    .map(String::as_str),
            );
        }
        let keep_first = job(FILES, taken[6]);
        assert_ne!(says_for(FlinkVersion::V1_20, NAME, &keep_first), "");
    }

    #[test]
    fn what_is_not_known_is_not_reported() {
        let query = "SELECT id, COUNT(*) FROM t GROUP BY id";
        silent(
            NAME,
            &[
                &job("'connector' = 'print'", query),
                &job(
                    "'connector' = 'kafka', 'topic' = 'a', 'format' = 'debezium-json'",
                    query,
                ),
                &job(
                    "'connector' = 'kafka', 'topic' = 'a', 'format' = 'mine'",
                    query,
                ),
                &job("'connector' = 'mine', 'format' = 'json'", query),
                &job(KAFKA, "SELECT id, COUNT(*) FROM missing GROUP BY id"),
                &format!(
                    "SET 'execution.runtime-mode' = 'batch';\n{}",
                    job(FILES, query)
                ),
            ],
        );
    }
}
