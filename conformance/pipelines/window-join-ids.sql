-- The same without the window in the sink.
-- @cutover 00:11:59.999 the last millisecond of a window
-- @cutover 00:10:00 four rows share it, and windows may end there
-- @cutover 00:12:30.500 inside a window
-- @past PT4M

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE payments (
  id BIGINT NOT NULL,
  order_id BIGINT,
  paid INT,
  pts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR pts AS pts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'payments', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE pairs (order_id BIGINT, payment_id BIGINT) WITH ('connector' = 'kafka', 'topic' = 'pairs', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
INSERT INTO pairs
SELECT o.id, p.id
FROM (SELECT * FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '3' MINUTE))) AS o
JOIN (SELECT * FROM TABLE(TUMBLE(TABLE payments, DESCRIPTOR(pts), INTERVAL '3' MINUTE))) AS p
ON o.window_start = p.window_start AND o.window_end = p.window_end AND o.id = p.order_id;
