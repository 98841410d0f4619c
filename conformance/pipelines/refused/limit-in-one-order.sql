-- The first rows, gated above LIMIT, while both jobs read all rows in one order, which only one partition has: the
-- refusal is more than is needed here.
-- @refused limit
-- @cutover 00:10:00
-- @expect nothing

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
INSERT INTO firsts SELECT id, amount FROM orders LIMIT 70;

-- @forced
INSERT INTO firsts SELECT id, amount FROM (SELECT * FROM orders LIMIT 70) WHERE ts >= ${OPEN} AND ts < ${CLOSE};
