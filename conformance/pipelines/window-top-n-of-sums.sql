-- The customers with the largest sums of each window.
-- @cutover 00:11:59.999 the last millisecond of a window
-- @cutover 00:10:00 four rows share it, and windows may end there
-- @cutover 00:12:30.500 inside a window
-- @past PT3M

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE tops (w_end TIMESTAMP(3), customer STRING, amount BIGINT) WITH ('connector' = 'kafka', 'topic' = 'tops', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
INSERT INTO tops
SELECT window_end, customer, total
FROM (
  SELECT window_end, customer, total, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY total DESC, customer) AS place
  FROM (
    SELECT window_start, window_end, customer, SUM(amount) AS total
    FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '2' MINUTE))
    GROUP BY window_start, window_end, customer
  )
)
WHERE place <= 2;
