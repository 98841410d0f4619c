-- A common table expression that is used twice.
-- @cutover 00:10:00 four rows share it
-- @cutover 00:12:30.500 four rows share it
-- @cutover 00:07:13.001 two rows share it, one is a millisecond before

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE moves (what STRING, id BIGINT) WITH ('connector' = 'kafka', 'topic' = 'moves', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
INSERT INTO moves
WITH large_orders AS (SELECT id, customer, currency FROM orders WHERE amount > 20)
SELECT currency, id FROM large_orders
UNION ALL
SELECT customer, id FROM large_orders WHERE currency = 'EUR';
