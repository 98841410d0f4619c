-- A row below T is deleted after T, by a change with the row's own time, when the outgoing job is gone.
-- @refused changelog-source
-- @cutover 00:10:00
-- @rows orders changes
-- @expect doubled

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3) NOT NULL,
  PRIMARY KEY (id) NOT ENFORCED,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'debezium-json');
CREATE TABLE plain (id BIGINT, amount INT, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'plain', 'properties.bootstrap.servers' = 'kafka:9092', 'key.format' = 'json', 'value.format' = 'json');

-- @ungated
INSERT INTO plain SELECT id, amount FROM orders;

-- @forced
INSERT INTO plain SELECT id, amount FROM (SELECT id, amount, ts FROM orders) WHERE ts >= ${OPEN} AND ts < ${CLOSE};
