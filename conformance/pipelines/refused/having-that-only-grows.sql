-- A condition that a key never stops to meet: the refusal is more than is needed here.
-- @refused filter-above-updates
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
CREATE TABLE many (customer STRING, n BIGINT, PRIMARY KEY (customer) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'many', 'properties.bootstrap.servers' = 'kafka:9092', 'key.format' = 'json', 'value.format' = 'json');

-- @ungated
INSERT INTO many SELECT customer, COUNT(*) FROM orders GROUP BY customer HAVING COUNT(*) >= 3;

-- @forced
CREATE TEMPORARY VIEW closed AS SELECT * FROM orders WHERE ts < ${CLOSE};
INSERT INTO many SELECT customer, n FROM (SELECT customer, COUNT(*) AS n, MAX(ts) AS t FROM closed GROUP BY customer HAVING COUNT(*) >= 3) WHERE t >= ${OPEN};
