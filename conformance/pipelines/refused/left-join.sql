-- An order without a payment below T is paid after T: its NULL row is never taken back.
-- @refused updating-outer-join
-- @cutover 00:10:00
-- @expect doubled

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
CREATE TABLE paid (order_id BIGINT, payment_id BIGINT) WITH ('connector' = 'kafka', 'topic' = 'paid', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'debezium-json');

-- @ungated
INSERT INTO paid SELECT o.id, p.id FROM orders AS o LEFT JOIN payments AS p ON o.id = p.order_id;

-- @forced
INSERT INTO paid SELECT oid, pid FROM (SELECT o.id AS oid, p.id AS pid, GREATEST(o.ts, COALESCE(p.pts, o.ts)) AS t FROM orders AS o LEFT JOIN payments AS p ON o.id = p.order_id) WHERE t >= ${OPEN} AND t < ${CLOSE};
