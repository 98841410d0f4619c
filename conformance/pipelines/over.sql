-- A running sum of each customer, in the order of event time.
-- @cutover 00:10:00 four rows share it
-- @cutover 00:12:30.500 four rows share it
-- @cutover 00:07:13.001 two rows share it, one is a millisecond before
-- @shows boundary

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE running_sums (id BIGINT, customer STRING, amount INT, orders BIGINT) WITH ('connector' = 'kafka', 'topic' = 'running_sums', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
INSERT INTO running_sums
SELECT id, customer,
  SUM(amount) OVER (PARTITION BY customer ORDER BY ts RANGE BETWEEN INTERVAL '4' MINUTE PRECEDING AND CURRENT ROW),
  COUNT(*) OVER (PARTITION BY customer ORDER BY ts RANGE BETWEEN INTERVAL '4' MINUTE PRECEDING AND CURRENT ROW)
FROM orders;
