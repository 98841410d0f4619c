//! INSERTs in all their forms, alone and in statement sets.

use super::{case, query};

#[test]
fn forms() {
    query(
        "column_list",
        "INSERT INTO fares (fare, city) SELECT fare, city FROM rides;\n",
    )
    .check();
    query(
        "column_list_partial",
        "INSERT INTO fares (city) SELECT city FROM rides;\n",
    )
    .check();
    query(
        "execute",
        "EXECUTE INSERT INTO fares SELECT city, fare FROM rides;\n",
    )
    .check();
    query(
        "table_source",
        "CREATE TABLE copy (id BIGINT, city STRING, fare DECIMAL(10, 2), ts TIMESTAMP(3)) WITH ('connector' = 'kafka', 'topic' = 'c', 'format' = 'json');\nINSERT INTO copy TABLE rides;\n",
    )
    .check();
    query(
        "sink_hints",
        "INSERT INTO fares /*+ OPTIONS('sink.parallelism' = '2') */ SELECT city, fare FROM rides /*+ OPTIONS('scan.startup.mode' = 'latest-offset') */;\n",
    )
    .check();
    query(
        "partition",
        "CREATE TABLE days (city STRING, fare DECIMAL(10, 2), d STRING) PARTITIONED BY (d) WITH ('connector' = 'filesystem', 'path' = 'p', 'format' = 'csv');\nINSERT INTO days PARTITION (d = '2026-11-22') SELECT city, fare FROM rides;\nINSERT INTO days PARTITION (d = '2026-11-23') (fare, city) SELECT fare, city FROM rides;\n",
    )
    .check();
    query(
        "on_conflict",
        "CREATE TABLE keyed (id BIGINT, ts TIMESTAMP(3), PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'k', 'key.format' = 'json', 'value.format' = 'json');\nINSERT INTO keyed SELECT id, ts FROM rides ON CONFLICT DO DEDUPLICATE;\n",
    )
    .check();
}

#[test]
fn constant_rows_stay_with_a_warning() {
    query("values", "INSERT INTO fares VALUES ('Ulm', 1.00);\n").check();
    query(
        "select_without_from",
        "INSERT INTO fares SELECT 'Ulm', 1.00;\n",
    )
    .check();
}

#[test]
fn sets() {
    query(
        "statement_set",
        "EXECUTE STATEMENT SET BEGIN\nINSERT INTO fares SELECT city, fare FROM rides;\nINSERT INTO trips SELECT id, ts FROM rides;\nEND;\n",
    )
    .check();
    query(
        "begin_statement_set",
        "BEGIN STATEMENT SET;\nINSERT INTO fares SELECT city, fare FROM rides;\nINSERT INTO trips SELECT id, ts FROM rides;\nEND;\n",
    )
    .check();
    query(
        "set_with_a_constant",
        "EXECUTE STATEMENT SET BEGIN\nINSERT INTO fares VALUES ('Ulm', 1.00);\nINSERT INTO trips SELECT id, ts FROM rides;\nEND;\n",
    )
    .check();
    query(
        "set_over_a_view",
        "CREATE VIEW v AS SELECT city, fare FROM rides;\nEXECUTE STATEMENT SET BEGIN INSERT INTO fares SELECT * FROM v; INSERT INTO fares SELECT city, 0 FROM v; END;\n",
    )
    .check();
}

#[test]
fn one_sink_twice() {
    query(
        "one_sink_twice",
        "INSERT INTO fares SELECT city, fare FROM rides;\nINSERT INTO fares SELECT city, fare FROM tours;\n",
    )
    .check();
}

#[test]
fn explained_inserts_stay() {
    query(
        "explained",
        "EXPLAIN INSERT INTO fares SELECT city, fare FROM rides;\n",
    )
    .check();
}

#[test]
fn names() {
    query(
        "name_taken",
        "CREATE VIEW fares__gate AS SELECT city, fare, ts FROM rides;\nINSERT INTO fares SELECT city, fare FROM fares__gate;\n",
    )
    .check();
    query(
        "cte_named_like_a_table",
        "INSERT INTO fares WITH rides AS (SELECT city, fare FROM tours) SELECT city, fare FROM rides;\n",
    )
    .check();
    query(
        "gate_time_is_a_sink_column",
        "CREATE TABLE odd (__gate_time TIMESTAMP(3), city STRING) WITH ('connector' = 'kafka', 'topic' = 'o', 'format' = 'json');\nINSERT INTO odd SELECT ts, city FROM rides;\n",
    )
    .check();
    case(
        "reserved_names",
        "CREATE TABLE `order` (`select` BIGINT, `a``b` STRING, `time` TIMESTAMP(3)) WITH ('connector' = 'kafka', 'topic' = 'i', 'format' = 'json');\nCREATE TABLE `my.sink` (`value` BIGINT, `ünï` STRING) WITH ('connector' = 'kafka', 'topic' = 'o', 'format' = 'json');\nINSERT INTO `my.sink` SELECT * FROM (SELECT `select`, `a``b` FROM `order`) AS `from`;\n",
    )
    .check();
    query(
        "qualified_sink",
        "CREATE DATABASE shop;\nUSE shop;\nINSERT INTO default_catalog.default_database.fares SELECT city, fare FROM default_catalog.default_database.rides;\n",
    )
    .check();
}

#[test]
fn keys() {
    query(
        "keyed_source_and_sink",
        "CREATE TABLE src (id BIGINT PRIMARY KEY NOT ENFORCED, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka', 'topic' = 'k', 'format' = 'json');\nCREATE TABLE snk (id BIGINT PRIMARY KEY NOT ENFORCED, ts TIMESTAMP(3)) WITH ('connector' = 'upsert-kafka', 'topic' = 'k', 'key.format' = 'json', 'value.format' = 'json');\nINSERT INTO snk SELECT id, ts FROM src;\n",
    )
    .check();
}
