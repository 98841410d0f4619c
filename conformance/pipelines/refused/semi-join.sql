-- The match comes after T and belongs to the outgoing job, which is gone.
-- @refused subquery
-- @cutover 00:10:00
-- @expect lost

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
CREATE TABLE paid (id BIGINT, customer STRING) WITH ('connector' = 'kafka', 'topic' = 'paid', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');

-- @ungated
INSERT INTO paid SELECT id, customer FROM orders WHERE id IN (SELECT order_id FROM payments);

-- @forced
INSERT INTO paid SELECT id, customer FROM (SELECT id, customer, ts FROM orders WHERE id IN (SELECT order_id FROM payments)) WHERE ts >= ${OPEN} AND ts < ${CLOSE};
