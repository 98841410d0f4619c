-- The first order of each customer in each currency.
-- @cutover 00:10:00 four rows share it
-- @cutover 00:12:30.500 four rows share it
-- @cutover 00:07:13.001 two rows share it, one is a millisecond before
-- @since 2.1

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE firsts (id BIGINT, customer STRING, currency STRING) WITH ('connector' = 'kafka', 'topic' = 'firsts', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
INSERT INTO firsts
SELECT id, customer, currency
FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY customer, currency, amount / 10 ORDER BY ts) AS k FROM orders)
WHERE k = 1;
