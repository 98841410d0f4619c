-- The customers with the most orders.
-- @refused retracting-input filter-above-updates
-- @cutover 00:10:00
-- @rows orders overtaken
-- @expect doubled

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE tops (customer STRING, n BIGINT, PRIMARY KEY (customer) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'tops', 'properties.bootstrap.servers' = 'kafka:9092', 'key.format' = 'json', 'value.format' = 'json');

-- @ungated
INSERT INTO tops SELECT customer, n FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY n DESC, customer) AS k FROM (SELECT customer, COUNT(*) AS n FROM orders GROUP BY customer)) WHERE k <= 2;

-- @forced
CREATE TEMPORARY VIEW closed AS SELECT * FROM orders WHERE ts < ${CLOSE};
INSERT INTO tops SELECT customer, n FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY n DESC, customer) AS k FROM (SELECT customer, COUNT(*) AS n, MAX(ts) AS t FROM closed GROUP BY customer)) WHERE k <= 2 AND t >= ${OPEN};
