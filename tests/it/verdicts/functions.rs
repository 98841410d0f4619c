//! Process table functions, PIVOT, TABLESAMPLE.

use super::Table;

pub(super) fn cases(t: &mut Table) {
    insta::assert_snapshot!(t.case("process_table_function", "\
CREATE FUNCTION enrich AS 'com.example.Enrich';
INSERT INTO snk SELECT u, v FROM enrich(TABLE s);"), @r"
    refused: table-function
    unknown: u, v
    -- Flink 1.20
    refused: table-function-without-table
    ");
    insta::assert_snapshot!(t.case("process_table_function_with_table", "\
CREATE FUNCTION enrich AS 'com.example.Enrich';
INSERT INTO snk SELECT u, v FROM TABLE(enrich(TABLE s PARTITION BY u, on_time => DESCRIPTOR(ts)));"), @r"
    refused: table-function
    unknown: u, v
    ");
    insta::assert_snapshot!(t.case("to_changelog", "\
CREATE TABLE ops (op STRING, u STRING, c BIGINT) WITH ('connector' = 'kafka', 'topic' = 'o', 'format' = 'json');
CREATE TEMPORARY VIEW vg AS SELECT u, COUNT(*) AS c FROM s GROUP BY u;
INSERT INTO ops SELECT op, u, c FROM TO_CHANGELOG(input => TABLE vg);"), @r"
    refused: table-function
    unknown: op, u, c
    -- Flink 1.20
    refused: table-function-without-table
    ");
    insta::assert_snapshot!(t.case("pivot", "INSERT INTO snk SELECT u, x FROM s PIVOT (SUM(v) FOR id IN (1 AS x));"), @r"
    refused: pivot
    unknown: u, x
    ");
    insta::assert_snapshot!(t.case("sample", "INSERT INTO snk SELECT u, v FROM s TABLESAMPLE BERNOULLI (10);"), @r"
    refused: sample
    append: u, v
    ");
}
