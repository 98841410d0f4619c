-- A row's time is changed across T when the outgoing job is gone: the old row is not taken back.
-- @refused changelog-source
-- @cutover 00:10:00
-- @rows orders changes
-- @expect any

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3) NOT NULL,
  PRIMARY KEY (id) NOT ENFORCED,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'debezium-json');
CREATE TABLE plain (id BIGINT, amount INT) WITH ('connector' = 'kafka', 'topic' = 'plain', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'debezium-json');

-- @ungated
INSERT INTO plain SELECT id, amount FROM orders;

-- @forced
INSERT INTO plain SELECT id, amount FROM (SELECT id, amount, ts FROM orders) WHERE ts >= ${OPEN} AND ts < ${CLOSE};
