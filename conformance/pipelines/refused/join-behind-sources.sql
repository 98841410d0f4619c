-- Gates behind the sources of a join: an order below T and its payment after it do not meet.
-- @refused gate-after-stateful-source
-- @cutover 00:10:00
-- @config [gate]
-- @config position = "after-source"
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
CREATE TABLE paid (id BIGINT, payment BIGINT) WITH ('connector' = 'kafka', 'topic' = 'paid', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');

-- @ungated
INSERT INTO paid SELECT o.id, p.id FROM orders AS o JOIN payments AS p ON o.id = p.order_id;

-- @forced
CREATE TEMPORARY VIEW o1 AS SELECT * FROM orders WHERE ts >= ${OPEN} AND ts < ${CLOSE};
CREATE TEMPORARY VIEW p1 AS SELECT * FROM payments WHERE pts >= ${OPEN} AND pts < ${CLOSE};
INSERT INTO paid SELECT o.id, p.id FROM o1 AS o JOIN p1 AS p ON o.id = p.order_id;
