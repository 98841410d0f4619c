-- A key leaves one group for another: the group's time falls, or it is empty.
-- @refused retracting-input
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
CREATE TABLE histogram (n BIGINT, customers BIGINT, PRIMARY KEY (n) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'histogram', 'properties.bootstrap.servers' = 'kafka:9092', 'key.format' = 'json', 'value.format' = 'json');

-- @ungated
INSERT INTO histogram SELECT n, COUNT(*) FROM (SELECT customer, COUNT(*) AS n FROM orders GROUP BY customer) GROUP BY n;

-- @forced
CREATE TEMPORARY VIEW closed AS SELECT * FROM orders WHERE ts < ${CLOSE};
INSERT INTO histogram SELECT n, c FROM (SELECT n, COUNT(*) AS c, MAX(t) AS t FROM (SELECT customer, COUNT(*) AS n, MAX(ts) AS t FROM closed GROUP BY customer) GROUP BY n) WHERE t >= ${OPEN};
