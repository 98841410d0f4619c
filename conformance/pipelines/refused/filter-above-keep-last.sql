-- The last row of a key no longer passes the filter after T.
-- @refused filter-above-updates
-- @cutover 00:10:00
-- @rows orders crossing
-- @expect doubled

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE cheap (customer STRING, n BIGINT, PRIMARY KEY (customer) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'cheap', 'properties.bootstrap.servers' = 'kafka:9092', 'key.format' = 'json', 'value.format' = 'json');

-- @ungated
INSERT INTO cheap SELECT customer, amount FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY customer ORDER BY ts DESC) AS k FROM orders) WHERE k = 1 AND amount < 25;

-- @forced
CREATE TEMPORARY VIEW closed AS SELECT * FROM orders WHERE ts < ${CLOSE};
INSERT INTO cheap SELECT customer, amount FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY customer ORDER BY ts DESC) AS k FROM closed) WHERE k = 1 AND amount < 25 AND ts >= ${OPEN};
