-- DISTINCT, gated on the first time that a value was seen: a late row makes it fall, and the key is deleted.
-- @refused distinct
-- @cutover 00:10:00
-- @rows orders top-late
-- @expect any

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE seen (customer STRING, PRIMARY KEY (customer) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'seen', 'properties.bootstrap.servers' = 'kafka:9092', 'key.format' = 'json', 'value.format' = 'json');

-- @ungated
INSERT INTO seen SELECT DISTINCT customer FROM orders;

-- @forced
INSERT INTO seen SELECT customer FROM (SELECT customer, MIN(ts) AS t FROM orders GROUP BY customer) WHERE t >= ${OPEN} AND t < ${CLOSE};
