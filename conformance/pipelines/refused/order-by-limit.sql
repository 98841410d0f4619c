-- The largest amounts: a row below T is pushed out after T, and its retraction has its old time.
-- @refused limit order-by
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
CREATE TABLE largest (id BIGINT, amount INT) WITH ('connector' = 'kafka', 'topic' = 'largest', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'debezium-json');

-- @ungated
INSERT INTO largest SELECT id, amount FROM orders ORDER BY amount DESC, id LIMIT 3;

-- @forced
CREATE TEMPORARY VIEW closed AS SELECT * FROM orders WHERE ts < ${CLOSE};
INSERT INTO largest SELECT id, amount FROM (SELECT * FROM closed ORDER BY amount DESC, id LIMIT 3) WHERE ts >= ${OPEN};
