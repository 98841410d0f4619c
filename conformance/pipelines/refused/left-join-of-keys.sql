-- A left join of two tables with one row a key, into a sink with that key: the refusal is more than is needed here.
-- @refused updating-outer-join
-- @cutover 00:10:00
-- @rows payments payments-once
-- @expect nothing

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3) NOT NULL,
  PRIMARY KEY (id) NOT ENFORCED,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE payments (
  id BIGINT NOT NULL,
  order_id BIGINT,
  paid INT,
  pts TIMESTAMP(3) NOT NULL,
  PRIMARY KEY (order_id) NOT ENFORCED,
  WATERMARK FOR pts AS pts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'payments', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE paid (id BIGINT, payment BIGINT, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'paid', 'properties.bootstrap.servers' = 'kafka:9092', 'key.format' = 'json', 'value.format' = 'json');

-- @ungated
INSERT INTO paid SELECT o.id, p.id FROM orders AS o LEFT JOIN payments AS p ON o.id = p.order_id;

-- @forced
INSERT INTO paid SELECT oid, pid FROM (SELECT o.id AS oid, p.id AS pid, GREATEST(o.ts, COALESCE(p.pts, o.ts)) AS t FROM orders AS o LEFT JOIN payments AS p ON o.id = p.order_id) WHERE t >= ${OPEN} AND t < ${CLOSE};
