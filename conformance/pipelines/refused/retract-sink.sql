-- The incoming job's first update of a key takes nothing back: the outgoing job's value stays beside it.
-- @refused retract-sink
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
CREATE TABLE totals (customer STRING, n BIGINT) WITH ('connector' = 'kafka', 'topic' = 'totals', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'debezium-json');

-- @ungated
INSERT INTO totals SELECT customer, COUNT(*) FROM orders GROUP BY customer;

-- @forced
CREATE TEMPORARY VIEW closed AS SELECT * FROM orders WHERE ts < ${CLOSE};
INSERT INTO totals SELECT customer, n FROM (SELECT customer, COUNT(*) AS n, MAX(ts) AS t FROM closed GROUP BY customer) WHERE t >= ${OPEN};
