-- An order that is not paid at T and paid after it stays.
-- @refused subquery
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
CREATE TABLE unpaid (id BIGINT, customer STRING) WITH ('connector' = 'kafka', 'topic' = 'unpaid', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'debezium-json');

-- @ungated
INSERT INTO unpaid SELECT id, customer FROM orders WHERE NOT EXISTS (SELECT * FROM payments WHERE payments.order_id = orders.id);

-- @forced
INSERT INTO unpaid SELECT id, customer FROM (SELECT id, customer, ts FROM orders WHERE NOT EXISTS (SELECT * FROM payments WHERE payments.order_id = orders.id)) WHERE ts >= ${OPEN} AND ts < ${CLOSE};
