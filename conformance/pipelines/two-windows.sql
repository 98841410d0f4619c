-- A window over a window.
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
CREATE TABLE sums (w_end TIMESTAMP(3), customers BIGINT, amount BIGINT) WITH ('connector' = 'kafka', 'topic' = 'sums', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TEMPORARY VIEW minutes AS
SELECT window_time AS at_time, customer, SUM(amount) AS total
FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, window_time, customer;
INSERT INTO sums
SELECT window_end, COUNT(*), SUM(total)
FROM TABLE(TUMBLE(TABLE minutes, DESCRIPTOR(at_time), INTERVAL '3' MINUTE))
GROUP BY window_start, window_end;
