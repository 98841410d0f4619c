use super::{read, shown};
use insta::assert_snapshot;

const TABLES: &str = "\
CREATE TABLE orders (id BIGINT, customer STRING, price DECIMAL(10, 2), ts TIMESTAMP(3), tags ARRAY<STRING>,
  lines ARRAY<ROW<sku STRING, n INT>>, address ROW<city STRING, zip ROW<a INT>>, attrs MAP<STRING, INT>, body STRING,
  proc AS PROCTIME(), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND) WITH ('connector' = 'kafka');
CREATE TABLE payments (id BIGINT, order_id BIGINT, amount DOUBLE, ts TIMESTAMP_LTZ(3),
  WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka');
CREATE TABLE rates (currency STRING, rate DOUBLE, ts TIMESTAMP(3), PRIMARY KEY (currency) NOT ENFORCED,
  WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka');
CREATE TABLE two (a BIGINT, b STRING) WITH ('connector' = 'print');
CREATE TABLE parted (a BIGINT, b STRING, dt STRING) PARTITIONED BY (dt) WITH ('connector' = 'filesystem');
";

fn plan(query: &str) -> String {
    let text = format!("{TABLES}{query};");
    let read = read(&text);
    let planner = read.planner();
    let outcomes: Vec<String> = match read.inserts()[..] {
        [] => read
            .script
            .statements
            .iter()
            .enumerate()
            .filter_map(|(at, s)| match &s.kind {
                crate::syntax::StatementKind::Query(query) => Some(planner.query(query, at)),
                _ => None,
            })
            .map(|o| shown(&o, &text))
            .collect(),
        ref inserts => inserts
            .iter()
            .map(|(at, insert)| shown(&planner.insert(insert, *at), &text))
            .collect(),
    };
    if outcomes.is_empty() {
        let (_, errors) = crate::parser::parse(&text, Default::default());
        return errors.iter().map(|e| e.message.clone()).collect();
    }
    outcomes.join("\n")
}

#[track_caller]
fn planned(query: &str) {
    assert_eq!(plan(query), "planned", "{query}");
}

#[test]
fn queries_that_plan() {
    for query in [
        "SELECT id, customer FROM orders WHERE price > 3 AND customer LIKE 'a%'",
        "SELECT id, id, COUNT(*), COUNT(*) FROM orders GROUP BY id",
        "SELECT *, id FROM orders",
        "SELECT window_start, window_end, customer, SUM(price) FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, customer",
        "SELECT window_time, COUNT(*) FROM TABLE(HOP(DATA => TABLE payments, TIMECOL => DESCRIPTOR(ts), SLIDE => INTERVAL '1' MINUTE, SIZE => INTERVAL '5' MINUTES)) GROUP BY window_start, window_end, window_time",
        "SELECT customer, window_start FROM TABLE(SESSION(TABLE orders PARTITION BY customer, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY customer, window_start, window_end",
        "SELECT w.customer FROM CUMULATE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '1' HOUR) AS w",
        "SELECT o.id, p.amount FROM orders AS o LEFT JOIN payments AS p ON o.id = p.order_id AND p.ts BETWEEN o.ts AND o.ts + INTERVAL '1' HOUR",
        "SELECT o.id, r.rate * o.price FROM orders AS o LEFT JOIN rates FOR SYSTEM_TIME AS OF o.ts AS r ON o.customer = r.currency",
        "SELECT o.id, rates.rate FROM orders AS o JOIN rates FOR SYSTEM_TIME AS OF o.proc ON o.customer = rates.currency",
        "SELECT id, tag FROM orders CROSS JOIN UNNEST(tags) AS t (tag)",
        "SELECT o.id, l.sku, l.n + 1 FROM orders AS o, UNNEST(o.lines) AS l",
        "SELECT o.id, l.s FROM orders AS o LEFT JOIN UNNEST(o.lines) AS l (s, n) ON TRUE",
        "SELECT o.id, l.i FROM orders AS o CROSS JOIN UNNEST(o.tags) WITH ORDINALITY AS l (s, i)",
        "SELECT k, v FROM orders CROSS JOIN UNNEST(attrs) AS t (k, v)",
        "SELECT address.city, o.address.zip.a, lines[1].sku, attrs['x'] FROM orders AS o",
        "SELECT TUMBLE_START(ts, INTERVAL '1' HOUR), COUNT(*) FROM orders GROUP BY TUMBLE(ts, INTERVAL '1' HOUR)",
        "SELECT customer, SUM(price) OVER (PARTITION BY customer ORDER BY ts RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW) FROM orders",
        "SELECT customer, SUM(price) OVER w, COUNT(*) OVER w FROM orders WINDOW w AS (PARTITION BY customer ORDER BY ts ROWS BETWEEN 3 PRECEDING AND CURRENT ROW)",
        "SELECT id FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY customer ORDER BY ts DESC) AS rn FROM orders) WHERE rn = 1",
        "SELECT * FROM orders MATCH_RECOGNIZE (PARTITION BY customer ORDER BY ts MEASURES A.price AS first_price, LAST(B.price) AS last_price, AVG(B.price) AS mean ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW PATTERN (A B+) WITHIN INTERVAL '1' HOUR DEFINE B AS B.price > A.price) AS m",
        "SELECT JSON_VALUE(body, '$.a' RETURNING INT NULL ON EMPTY), JSON_QUERY(body, '$.b'), JSON_EXISTS(body, '$.c'), JSON_OBJECT(KEY 'a' VALUE id NULL ON NULL) FROM orders",
        "SELECT CAST(body AS ROW<a INT, b STRING>), TRY_CAST(body AS INT), CAST(price AS DECIMAL(38, 18)), CAST(ts AS TIMESTAMP_LTZ(3)) FROM orders",
        "SELECT FLOOR(ts TO HOUR), CEIL(price), EXTRACT(DAY FROM ts), TIMESTAMPDIFF(SECOND, ts, CURRENT_TIMESTAMP), DATE_FORMAT(ts, 'yyyy') FROM orders",
        "SELECT TRIM(BOTH ' ' FROM body), SUBSTRING(body FROM 2 FOR 3), POSITION('a' IN body), OVERLAY(body PLACING 'x' FROM 2) FROM orders",
        "SELECT CASE WHEN price > 3 THEN 'a' WHEN price > 2 THEN NULL ELSE 'b' END, CASE customer WHEN 'x' THEN 1 END FROM orders",
        "SELECT ARRAY[1, 2], MAP['a', 1], ROW(1, 'b'), (1, 2) FROM orders",
        "WITH a AS (SELECT id FROM orders), b AS (SELECT id FROM a) SELECT id FROM b UNION ALL SELECT order_id FROM payments",
        "SELECT id FROM orders WHERE id IN (SELECT order_id FROM payments) AND EXISTS (SELECT 1 FROM payments AS p WHERE p.order_id = orders.id)",
        "SELECT customer, LISTAGG(body, ','), COUNT(DISTINCT id) FILTER (WHERE price > 1), COLLECT(id) FROM orders GROUP BY customer",
        "SELECT customer, GROUPING(customer), SUM(price) FROM orders GROUP BY ROLLUP (customer)",
        "SELECT customer, body, SUM(price) FROM orders GROUP BY CUBE (customer, body)",
        "SELECT orders.id FROM default_catalog.default_database.orders",
        "SELECT default_database.orders.id FROM default_database.orders",
        "(SELECT id FROM orders) INTERSECT (SELECT order_id FROM payments)",
        "SELECT id FROM orders ORDER BY ts LIMIT 10 OFFSET 2",
        "SELECT id FROM orders ORDER BY ts FETCH FIRST 3 ROWS ONLY",
        "SELECT DISTINCT customer FROM orders",
        "INSERT INTO two VALUES (1, 'a'), (2, CAST(NULL AS STRING))",
        "INSERT INTO two SELECT id, customer FROM orders",
        "INSERT INTO two (b, a) SELECT customer, id FROM orders",
        "INSERT INTO two (b) SELECT customer FROM orders",
        "INSERT INTO parted PARTITION (dt = '2026') SELECT id, customer FROM orders",
        "INSERT INTO parted PARTITION (dt = '2026') (b) SELECT customer FROM orders",
        "INSERT INTO two SELECT COUNT(*), MAX(customer) FROM orders",
        "INSERT INTO two SELECT id, CAST(NULL AS STRING) FROM orders",
        "CREATE VIEW v (x, y) AS SELECT id, customer FROM orders; INSERT INTO two SELECT x, y FROM v",
        "CREATE VIEW v AS SELECT id AS x FROM orders; CREATE VIEW w AS SELECT v.x, p.amount FROM v JOIN payments AS p ON p.order_id = v.x; INSERT INTO two SELECT x, 'a' FROM w",
        "CREATE FUNCTION f AS 'x.F'; INSERT INTO two SELECT f(id, ts), F(customer) FROM orders",
        "CREATE FUNCTION agg AS 'x.F'; INSERT INTO two SELECT agg(id), customer FROM orders GROUP BY customer",
        "CREATE FUNCTION split AS 'x.F'; INSERT INTO two SELECT o.id, s.word FROM orders AS o, LATERAL TABLE(split(o.body)) AS s (word)",
        "CREATE FUNCTION split AS 'x.F'; INSERT INTO two SELECT o.id, word FROM orders AS o LEFT JOIN LATERAL TABLE(split(o.address.zip.a)) AS s (word, n) ON TRUE",
        "LOAD MODULE hive; INSERT INTO two SELECT id, get_json_object(body) FROM orders",
        "SELECT id FROM orders WHERE customer IS NOT DISTINCT FROM body AND body IS JSON OBJECT AND price BETWEEN SYMMETRIC 3 AND 2",
        "SELECT L.id, R.id FROM (SELECT * FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) L FULL JOIN (SELECT * FROM TABLE(TUMBLE(TABLE payments, DESCRIPTOR(ts), INTERVAL '1' MINUTE))) R ON L.id = R.id AND L.window_start = R.window_start AND L.window_end = R.window_end",
        "TABLE orders",
    ] {
        planned(query);
    }
}

#[test]
fn errors_point_at_the_place() {
    let cases = [
        "SELECT pricee FROM orders",
        "SELECT Price FROM orders",
        "SELECT o.amount FROM orders AS o",
        "SELECT x FROM orders AS o JOIN payments AS p ON o.id = p.order_idd",
        "SELECT id FROM orders JOIN payments ON TRUE",
        "SELECT id FROM ordersx",
        "SELECT id FROM Orders",
        "SELECT id FROM elsewhere",
        "SELECT UPER(customer) FROM orders",
        "SELECT customer, price FROM orders GROUP BY customer",
        "SELECT customer FROM orders HAVING price > 3",
        "SELECT customer FROM orders WHERE customer",
        "SELECT customer FROM orders UNION ALL SELECT amount FROM payments",
        "SELECT id, customer FROM orders UNION ALL SELECT order_id FROM payments",
        "SELECT customer + 1 FROM orders",
        "SELECT id FROM orders WHERE ts > 5",
        "SELECT id FROM orders WHERE id AND TRUE",
        "SELECT id - INTERVAL '1' SECOND FROM orders",
        "SELECT 1 FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(id), INTERVAL '1' MINUTE))",
        "SELECT 1 FROM TABLE(TUMBLE(TABLE orders, (ts), INTERVAL '1' MINUTE))",
        "SELECT 1 FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(tsx), INTERVAL '1' MINUTE))",
        "SELECT o.id FROM orders AS o JOIN rates FOR SYSTEM_TIME AS OF o.tss AS r ON TRUE",
        "SELECT o.id FROM orders AS o CROSS JOIN UNNEST(o.tagss) AS t (x)",
        "SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES A.pricee AS p PATTERN (A) DEFINE A AS A.price > 1) AS m",
        "INSERT INTO two SELECT id FROM orders",
        "INSERT INTO two SELECT id, customer, ts FROM orders",
        "INSERT INTO two SELECT customer, id FROM orders",
        "INSERT INTO two SELECT price, customer FROM orders",
        "INSERT INTO two (b, c) SELECT customer, id FROM orders",
        "INSERT INTO parted PARTITION (dt = '2026') SELECT id, customer, body FROM orders",
        "INSERT INTO two SELECT COUNT(*), SUM(id) FROM orders",
        "CREATE VIEW v AS SELECT idd FROM orders; INSERT INTO two SELECT idd, 'a' FROM v",
    ];
    let all: Vec<String> = cases
        .iter()
        .map(|query| format!("{query}\n  {}", plan(query).replace('\n', "\n  ")))
        .collect();
    assert_snapshot!(all.join("\n"), @r#"
    SELECT pricee FROM orders
      unknown-column [pricee] there is no column `pricee`
    SELECT Price FROM orders
      unknown-column [Price] there is no column `Price`
    SELECT o.amount FROM orders AS o
      unknown-column [o.amount] there is no column `amount` of `o`
    SELECT x FROM orders AS o JOIN payments AS p ON o.id = p.order_idd
      unknown-column [p.order_idd] there is no column `order_idd` of `p`
    SELECT id FROM orders JOIN payments ON TRUE
      ambiguous-column [id] column `id` is in more than one of the tables
    SELECT id FROM ordersx
      unknown-table [ordersx] there is no table or view `ordersx` at this point of the script
    SELECT id FROM Orders
      unknown-table [Orders] there is no table or view `Orders` at this point of the script
    SELECT id FROM elsewhere
      not planned [elsewhere] `elsewhere` is not declared in this script
    SELECT UPER(customer) FROM orders
      unknown-function [UPER] there is no function `UPER`
    SELECT customer, price FROM orders GROUP BY customer
      missing-group-by [price] this column is neither grouped by nor aggregated
    SELECT customer FROM orders HAVING price > 3
      missing-group-by [price > 3] HAVING reads a column that is neither grouped by nor aggregated
    SELECT customer FROM orders WHERE customer
      not-a-condition [customer] this condition is not BOOLEAN
    SELECT customer FROM orders UNION ALL SELECT amount FROM payments
      set-operation-types [SELECT customer FROM orders UNION ALL SELECT amount FROM payments] column 1 of this UNION is STRING on one side and DOUBLE on another
    SELECT id, customer FROM orders UNION ALL SELECT order_id FROM payments
      set-operation-columns [SELECT id, customer FROM orders UNION ALL SELECT order_id FROM payments] the two sides of this set operation have different numbers of columns
    SELECT customer + 1 FROM orders
      operand-types [customer] `+` cannot be applied to STRING and BIGINT
    SELECT id FROM orders WHERE ts > 5
      operand-types [ts] `>` cannot be applied to TIMESTAMP(3) and BIGINT
    SELECT id FROM orders WHERE id AND TRUE
      operand-types [id] `AND` cannot be applied to BIGINT and BOOLEAN
    SELECT id - INTERVAL '1' SECOND FROM orders
      operand-types [id] `-` cannot be applied to BIGINT and INTERVAL DAY TO SECOND
    SELECT 1 FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(id), INTERVAL '1' MINUTE))
      window-time-column [id] TUMBLE needs a time attribute, but `id` is BIGINT
    SELECT 1 FROM TABLE(TUMBLE(TABLE orders, (ts), INTERVAL '1' MINUTE))
      window-time-column [ts] TUMBLE takes its time column as `DESCRIPTOR(column)`
    SELECT 1 FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(tsx), INTERVAL '1' MINUTE))
      unknown-column [tsx] there is no column `tsx`
    SELECT o.id FROM orders AS o JOIN rates FOR SYSTEM_TIME AS OF o.tss AS r ON TRUE
      unknown-column [o.tss] there is no column `tss` of `o`
    SELECT o.id FROM orders AS o CROSS JOIN UNNEST(o.tagss) AS t (x)
      unknown-column [o.tagss] there is no column `tagss` of `o`
    SELECT * FROM orders MATCH_RECOGNIZE (ORDER BY ts MEASURES A.pricee AS p PATTERN (A) DEFINE A AS A.price > 1) AS m
      unknown-column [pricee] there is no column `pricee`
    INSERT INTO two SELECT id FROM orders
      sink-column-count [SELECT id FROM orders] the query gives 1 column to `two`, which takes 2 columns
    INSERT INTO two SELECT id, customer, ts FROM orders
      sink-column-count [SELECT id, customer, ts FROM orders] the query gives 3 columns to `two`, which takes 2 columns
    INSERT INTO two SELECT customer, id FROM orders
      sink-column-type [customer] column 1 of the query is STRING, but column `a` of `two` is BIGINT
      sink-column-type [id] column 2 of the query is BIGINT, but column `b` of `two` is STRING
    INSERT INTO two SELECT price, customer FROM orders
      sink-column-type [price] column 1 of the query is DECIMAL(10, 2), but column `a` of `two` is BIGINT
    INSERT INTO two (b, c) SELECT customer, id FROM orders
      unknown-sink-column [c] `two` has no column `c` to write to
    INSERT INTO parted PARTITION (dt = '2026') SELECT id, customer, body FROM orders
      sink-column-count [SELECT id, customer, body FROM orders] the query gives 3 columns to `parted`, which takes 2 columns
    INSERT INTO two SELECT COUNT(*), SUM(id) FROM orders
      sink-column-type [SUM(id)] column 2 of the query is BIGINT, but column `b` of `two` is STRING
    CREATE VIEW v AS SELECT idd FROM orders; INSERT INTO two SELECT idd, 'a' FROM v
      unknown-column [idd] there is no column `idd`
    "#);
}
