-- UNION ALL of two sources that take filters and watermarks.
-- @cutover 00:10:00 four rows share it
-- @cutover 00:12:30.500 four rows share it
-- @cutover 00:07:13.001 two rows share it, one is a millisecond before
-- @shows boundary pushdown

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'paimon', 'path' = 's3://shop/orders');
CREATE TABLE payments (
  id BIGINT NOT NULL,
  order_id BIGINT,
  paid INT,
  pts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR pts AS pts - INTERVAL '30' SECOND
) WITH ('connector' = 'paimon', 'path' = 's3://shop/payments');
CREATE TABLE moves (kind STRING, id BIGINT, amount INT) WITH ('connector' = 'kafka', 'topic' = 'moves', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
INSERT INTO moves
SELECT 'order', id, amount FROM orders
UNION ALL
SELECT 'payment', order_id, paid FROM payments;
