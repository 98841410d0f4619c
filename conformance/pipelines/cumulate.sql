-- CUMULATE windows.
-- @cutover 00:11:59.999 the last millisecond of a window
-- @cutover 00:10:00 four rows share it, and windows may end there
-- @cutover 00:12:30.500 inside a window
-- @past PT2M
-- @shows pushdown shape

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE sums (w_start TIMESTAMP(3), w_end TIMESTAMP(3), customer STRING, orders BIGINT, amount BIGINT) WITH ('connector' = 'kafka', 'topic' = 'sums', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
INSERT INTO sums
SELECT window_start, window_end, customer, COUNT(*), SUM(amount)
FROM TABLE(CUMULATE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '4' MINUTE))
GROUP BY window_start, window_end, customer;
