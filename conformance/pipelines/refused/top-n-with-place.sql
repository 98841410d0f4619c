-- The same with the place as the key: a row that moves keeps its own time.
-- @refused top-n
-- @cutover 00:10:00
-- @expect any

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE tops (k BIGINT, id BIGINT, amount INT, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'tops', 'properties.bootstrap.servers' = 'kafka:9092', 'key.format' = 'json', 'value.format' = 'json');

-- @ungated
INSERT INTO tops SELECT k, id, amount FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY amount DESC, id DESC) AS k FROM orders) WHERE k <= 5;

-- @forced
CREATE TEMPORARY VIEW closed AS SELECT * FROM orders WHERE ts < ${CLOSE};
INSERT INTO tops SELECT k, id, amount FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY amount DESC, id DESC) AS k FROM closed) WHERE k <= 5 AND ts >= ${OPEN};
