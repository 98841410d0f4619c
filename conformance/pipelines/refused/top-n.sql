-- A row below T is pushed out of the first places after T.
-- @refused top-n
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
CREATE TABLE tops (id BIGINT, amount INT) WITH ('connector' = 'kafka', 'topic' = 'tops', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'debezium-json');

-- @ungated
INSERT INTO tops SELECT id, amount FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY amount DESC, id) AS k FROM orders) WHERE k <= 3;

-- @forced
CREATE TEMPORARY VIEW closed AS SELECT * FROM orders WHERE ts < ${CLOSE};
INSERT INTO tops SELECT id, amount FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY amount DESC, id) AS k FROM closed) WHERE k <= 3 AND ts >= ${OPEN};
