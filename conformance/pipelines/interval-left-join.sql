-- Orders with their payments, and orders that are not paid within three minutes.
-- @cutover 00:10:00 four rows share it
-- @cutover 00:12:30.500 four rows share it
-- @cutover 00:07:13.001 two rows share it, one is a millisecond before
-- @settled PT7M

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
CREATE TABLE paid (order_id BIGINT, payment_id BIGINT, paid INT) WITH ('connector' = 'kafka', 'topic' = 'paid', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
INSERT INTO paid
SELECT o.id, p.id, p.paid
FROM orders AS o
LEFT JOIN payments AS p ON o.id = p.order_id AND p.pts BETWEEN o.ts AND o.ts + INTERVAL '3' MINUTE;
