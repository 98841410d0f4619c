-- The gate as a derived table in the INSERT, with the barrier.
-- @cutover 00:10:00 four rows share it
-- @cutover 00:12:30.500 four rows share it
-- @cutover 00:07:13.001 two rows share it, one is a millisecond before
-- @config [gate]
-- @config form = "inline"
-- @config pin = "always"

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE large_orders (id BIGINT, amount INT) WITH ('connector' = 'kafka', 'topic' = 'large_orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
INSERT INTO large_orders SELECT id, amount FROM orders WHERE amount > 20;
