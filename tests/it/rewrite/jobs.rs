//! CREATE TABLE … AS as a table and an INSERT, and all INSERTs in one statement set.

use super::{outgoing, query};

const SINK: &str = "WITH ('connector' = 'kafka', 'topic' = 'copies', 'format' = 'json')";

/// Cases `(snapshot, script)`; `{sink}` stands for the options of a sink.
fn ctas(cases: &[(&str, &str)]) {
    for (name, script) in cases {
        query(&format!("ctas_{name}"), &script.replace("{sink}", SINK)).check();
    }
}

#[test]
fn create_table_as_is_split() {
    ctas(&[
        (
            "columns",
            "CREATE TABLE copies {sink} AS SELECT id, city, fare AS price, ts FROM rides;\n",
        ),
        (
            "star",
            "CREATE TABLE copies {sink}\nAS\nSELECT * FROM rides\n",
        ),
        (
            "window",
            "CREATE TABLE IF NOT EXISTS copies\nCOMMENT 'by city'\n{sink} AS\n\
             SELECT city, window_start, window_end AS till, COUNT(*) AS n\n\
             FROM TABLE(TUMBLE(TABLE rides, DESCRIPTOR(ts), INTERVAL '1' HOUR))\n\
             GROUP BY city, window_start, window_end;\n",
        ),
        (
            "expressions",
            "CREATE TABLE copies {sink} AS SELECT CAST(id AS STRING) AS id, 1 AS n, 'x' AS x, TRUE AS yes, \
             CAST(ts AS DATE) AS d FROM rides;\n",
        ),
        (
            "through_a_view",
            "CREATE VIEW v AS SELECT id AS ride, ts FROM rides WHERE fare > 1;\n\
             CREATE TABLE copies {sink} AS SELECT ride, ts FROM v;\n",
        ),
        (
            "computed_and_key",
            "CREATE TABLE copies (\n  twice AS id * 2,\n  PRIMARY KEY (id) NOT ENFORCED\n) \
             WITH ('connector' = 'upsert-kafka', 'topic' = 'c', 'key.format' = 'json', 'value.format' = 'json')\n\
             AS SELECT id, city FROM rides;\n",
        ),
        (
            "updating",
            "CREATE TABLE copies (PRIMARY KEY (city) NOT ENFORCED) \
             WITH ('connector' = 'upsert-kafka', 'topic' = 'c', 'key.format' = 'json', 'value.format' = 'json')\n\
             AS SELECT city, COUNT(*) AS n FROM rides GROUP BY city;\n",
        ),
        (
            "texts_without_length",
            "CREATE TABLE names (a VARCHAR, b VARBINARY, c CHAR, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts) {sink};\n\
             CREATE TABLE copies {sink} AS SELECT a, b, c, CAST(c AS VARCHAR) AS d, CAST(c AS CHARACTER VARYING) AS e, \
             CAST(b AS VARBINARY) AS f, CAST(c AS VARCHAR(2)) AS g FROM names;\n",
        ),
        (
            "replaced",
            "CREATE OR REPLACE TABLE copies {sink} AS SELECT id, ts FROM rides;\n",
        ),
        (
            "comment_before_as",
            "CREATE TABLE copies {sink} -- all of them\nAS /* now */ SELECT id, ts FROM rides;\n",
        ),
    ]);
}

#[test]
fn create_table_as_that_is_not_split() {
    ctas(&[
        (
            "refused_type",
            "CREATE TABLE copies {sink} AS SELECT id, UPPER(city) AS city FROM rides;\n",
        ),
        (
            "refused_name",
            "CREATE TABLE copies {sink} AS SELECT id, 1 FROM rides;\n",
        ),
        (
            "refused_twice",
            "CREATE TABLE copies {sink} AS SELECT id, id FROM rides;\n",
        ),
        (
            "refused_own_column",
            "CREATE TABLE copies (id INT) {sink} AS SELECT id FROM rides;\n",
        ),
        (
            "refused_outer",
            "CREATE TABLE copies {sink} AS SELECT r.id, t.city FROM rides r LEFT JOIN tours t ON r.id = t.id \
             AND t.ts BETWEEN r.ts AND r.ts + INTERVAL '1' HOUR;\n",
        ),
        (
            "refused_replace",
            "CREATE TABLE copies (id BIGINT) {sink};\nREPLACE TABLE copies {sink} AS SELECT id FROM rides;\n",
        ),
        (
            "refused_replace_elsewhere",
            "USE CATALOG lake;\nCREATE OR REPLACE TABLE copies {sink} AS SELECT 1 AS x;\n",
        ),
        (
            "refused_atomic",
            "SET 'table.rtas-ctas.atomicity-enabled' = 'true';\nCREATE TABLE copies {sink} AS SELECT id FROM rides;\n",
        ),
        (
            "refused_grouping_sets",
            "CREATE TABLE copies {sink} AS SELECT window_start, city, id, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE rides, \
             DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY window_start, window_end, GROUPING SETS ((city), (id));\n",
        ),
        (
            "refused_temporary",
            "CREATE TEMPORARY TABLE copies {sink} AS SELECT id FROM rides;\n",
        ),
        (
            "refused_in_a_set",
            "BEGIN STATEMENT SET;\nCREATE TABLE copies {sink} AS SELECT id FROM rides;\nEND;\n",
        ),
        // What is wrong with the query is said where it stands.
        (
            "refused_query",
            "CREATE TABLE copies {sink} AS SELECT id, city FROM fares;\n",
        ),
    ]);
}

/// Cases of `gate.one-job = true`.
fn one_job(cases: &[(&str, &str)]) {
    for (name, script) in cases {
        let name = format!("one_job_{name}");
        query(&name, script).with(|s| s.one_job = true).check();
    }
}

#[test]
fn all_inserts_in_one_statement_set() {
    one_job(&[
        (
            "inserts",
            "-- The first.\nINSERT INTO trips SELECT id, ts FROM rides;\n\n-- The second.\n\
             INSERT INTO fares SELECT city, fare FROM rides;\n",
        ),
        ("single", "INSERT INTO trips SELECT id, ts FROM rides;\n"),
        (
            "view_between",
            "INSERT INTO trips SELECT id, ts FROM rides;\nCREATE VIEW cheap AS SELECT * FROM rides WHERE fare < 1;\n\
             SHOW TABLES;\nINSERT INTO fares SELECT city, fare FROM cheap",
        ),
        (
            "sets",
            "EXECUTE STATEMENT SET BEGIN\n  INSERT INTO trips SELECT id, ts FROM rides;\n\
             \x20 INSERT INTO trips SELECT id, ts FROM tours;\nEND;\n\n\
             INSERT INTO fares SELECT city, fare FROM rides;\n\n\
             BEGIN STATEMENT SET;\nINSERT INTO fares SELECT city, fare FROM tours;\nEND;\n",
        ),
        (
            "constants",
            "INSERT INTO trips VALUES (1, TIMESTAMP '2026-01-01 00:00:00'); INSERT INTO trips SELECT id, ts FROM rides;\n",
        ),
    ]);
    query("one_job_outgoing", "INSERT INTO trips SELECT id, ts FROM rides;\r\nINSERT INTO trips SELECT id, ts FROM tours;\r\n")
        .role(outgoing())
        .with(|s| s.one_job = true)
        .check();
}

#[test]
fn inserts_that_cannot_be_one_job() {
    one_job(&[
        (
            "refused_set",
            "INSERT INTO trips SELECT id, ts FROM rides;\nSET 'pipeline.name' = 'b';\n\
             DROP TABLE counts;\nINSERT INTO fares SELECT city, fare FROM rides;\n",
        ),
        (
            "refused_sync",
            "SET 'table.dml-sync' = 'true';\nINSERT INTO trips SELECT id, ts FROM rides;\n\
             INSERT INTO fares SELECT city, fare FROM rides;\n",
        ),
        (
            "refused_name",
            "USE later;\nINSERT INTO trips SELECT id, ts FROM default_catalog.default_database.rides;\n\
             CREATE VIEW rides AS SELECT * FROM default_catalog.default_database.tours;\n\
             INSERT INTO trips SELECT id, ts FROM rides;\n",
        ),
    ]);
}
