-- Keys leave the result after T: the incoming job drops their retraction, since it carries the old row's time.
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
CREATE TABLE few (customer STRING, n BIGINT, PRIMARY KEY (customer) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'few', 'properties.bootstrap.servers' = 'kafka:9092', 'key.format' = 'json', 'value.format' = 'json');

-- @ungated
INSERT INTO few SELECT customer, COUNT(*) FROM orders GROUP BY customer HAVING COUNT(*) < 3;

-- @forced
CREATE TEMPORARY VIEW closed AS SELECT * FROM orders WHERE ts < ${CLOSE};
INSERT INTO few SELECT customer, n FROM (SELECT customer, COUNT(*) AS n, MAX(ts) AS t FROM closed GROUP BY customer HAVING COUNT(*) < 3) WHERE t >= ${OPEN};
