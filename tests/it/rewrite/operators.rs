//! Joins, OVER, ranks, MATCH_RECOGNIZE, and queries that update their rows.

use super::query;

/// What the cases read and write besides the common tables.
pub const MORE: &str = "\
CREATE TABLE rates (city STRING PRIMARY KEY NOT ENFORCED, rate DECIMAL(10, 2), since TIMESTAMP(3) NOT NULL, WATERMARK FOR since AS since) WITH ('connector' = 'kafka', 'topic' = 'rates', 'format' = 'json');
CREATE TABLE names (id BIGINT, name STRING) WITH ('connector' = 'jdbc', 'url' = 'jdbc:x', 'table-name' = 'names');
CREATE TABLE sums (city STRING PRIMARY KEY NOT ENFORCED, fare DECIMAL(38, 2)) WITH ('connector' = 'upsert-kafka', 'topic' = 'sums', 'key.format' = 'json', 'value.format' = 'json');
CREATE FUNCTION chop AS 'com.example.Chop';
";

fn operator(name: &str, script: &str) {
    query(&format!("op_{name}"), &format!("{MORE}{script}")).check();
}

#[test]
fn joins() {
    for (name, script) in [
        (
            "join",
            "INSERT INTO fares SELECT a.city, b.fare FROM rides AS a JOIN tours AS b ON a.id = b.id;\n",
        ),
        (
            "join_commas",
            "INSERT INTO fares SELECT a.city, b.fare FROM rides AS a, tours AS b WHERE a.id = b.id;\n",
        ),
        (
            "join_of_three",
            "INSERT INTO fares SELECT a.city, b.fare FROM rides AS a JOIN tours AS b ON a.id = b.id JOIN rides AS c ON c.id = a.id;\n",
        ),
        (
            "join_of_derived",
            "INSERT INTO fares SELECT a.city, b.fare FROM (SELECT id, city FROM rides) AS a JOIN (SELECT id, fare FROM tours WHERE fare > 1) AS b ON a.id = b.id;\n",
        ),
        (
            "join_using",
            "INSERT INTO fares SELECT rides.city, tours.fare FROM rides JOIN tours USING (id);\n",
        ),
        (
            "interval_join",
            "INSERT INTO fares SELECT a.city, b.fare FROM rides AS a JOIN tours AS b ON a.id = b.id AND b.ts BETWEEN a.ts AND a.ts + INTERVAL '1' HOUR;\n",
        ),
        (
            "interval_join_left",
            "INSERT INTO fares SELECT a.city, b.fare FROM rides AS a LEFT JOIN tours AS b ON a.id = b.id AND b.ts BETWEEN a.ts - INTERVAL '5' MINUTE AND a.ts + INTERVAL '1' HOUR;\n",
        ),
        (
            "lookup_join",
            "INSERT INTO fares SELECT n.name, r.fare FROM (SELECT id, fare, PROCTIME() AS pt FROM rides) AS r JOIN names FOR SYSTEM_TIME AS OF r.pt AS n ON r.id = n.id;\n",
        ),
        (
            "temporal_join",
            "INSERT INTO fares SELECT a.city, a.fare * r.rate FROM rides AS a JOIN rates FOR SYSTEM_TIME AS OF a.ts AS r ON a.city = r.city;\n",
        ),
        (
            "table_function",
            "INSERT INTO fares SELECT x, fare FROM rides CROSS JOIN LATERAL TABLE(chop(city)) AS t (x);\n",
        ),
        (
            "unnest",
            "INSERT INTO fares SELECT x, fare FROM rides CROSS JOIN UNNEST(ARRAY[city]) AS t (x);\n",
        ),
        (
            "window_join",
            "INSERT INTO fares SELECT a.city, b.fare FROM (SELECT * FROM TABLE(TUMBLE(TABLE rides, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) AS a JOIN (SELECT * FROM TABLE(TUMBLE(TABLE tours, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) AS b ON a.id = b.id AND a.window_start = b.window_start AND a.window_end = b.window_end;\n",
        ),
    ] {
        operator(name, script);
    }
}

#[test]
fn over_and_ranks() {
    for (name, script) in [
        (
            "over",
            "INSERT INTO fares SELECT city, SUM(fare) OVER (PARTITION BY city ORDER BY ts) FROM rides;\n",
        ),
        (
            "keep_first",
            "INSERT INTO fares SELECT city, fare FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY city ORDER BY ts) AS n FROM rides) WHERE n = 1;\n",
        ),
        (
            "top_n",
            "INSERT INTO sums SELECT city, fare FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY city ORDER BY fare DESC) AS n FROM rides) WHERE n <= 3;\n",
        ),
        (
            "window_top_n",
            "INSERT INTO fares SELECT city, fare FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY fare DESC) AS n FROM TABLE(TUMBLE(TABLE rides, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) WHERE n <= 3;\n",
        ),
        (
            "match",
            "INSERT INTO fares SELECT city, f FROM rides MATCH_RECOGNIZE (PARTITION BY city ORDER BY ts MEASURES B.fare AS f ONE ROW PER MATCH PATTERN (A B) DEFINE A AS A.fare > 1) AS m;\n",
        ),
    ] {
        operator(name, script);
    }
}

#[test]
fn updating_queries() {
    for (name, script) in [
        (
            "having",
            "INSERT INTO sums SELECT city, SUM(fare) FROM rides GROUP BY city HAVING SUM(fare) > 1;\n",
        ),
        (
            "filter_above",
            "INSERT INTO sums SELECT city, f FROM (SELECT city, SUM(fare) AS f FROM rides GROUP BY city) AS g WHERE f > 1;\n",
        ),
    ] {
        operator(name, script);
    }
}
