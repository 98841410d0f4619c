-- The first rows, gated below LIMIT, where Flink puts a gate: each job counts rows of its own.
-- @refused limit
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
CREATE TABLE firsts (id BIGINT, amount INT) WITH ('connector' = 'kafka', 'topic' = 'firsts', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');

-- @ungated
INSERT INTO firsts SELECT id, amount FROM orders LIMIT 20;

-- @forced
INSERT INTO firsts SELECT id, amount FROM (SELECT * FROM orders WHERE ts >= ${OPEN} AND ts < ${CLOSE}) LIMIT 20;
