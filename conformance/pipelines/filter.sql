-- A filter; the sink carries the event time.
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
CREATE TABLE large_orders (id BIGINT, amount INT, ts TIMESTAMP(3)) WITH ('connector' = 'kafka', 'topic' = 'large_orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
INSERT INTO large_orders SELECT id, amount, ts FROM orders WHERE amount > 20 AND customer <> 'gus';
