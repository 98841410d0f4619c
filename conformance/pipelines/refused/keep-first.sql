-- Before Flink 2.1 the first row of a key may be replaced by one that comes later and is older.
-- @refused keep-first
-- @cutover 00:10:00
-- @rows orders top-late
-- @before 2.1
-- @expect any

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE firsts (customer STRING, id BIGINT, PRIMARY KEY (customer) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'firsts', 'properties.bootstrap.servers' = 'kafka:9092', 'key.format' = 'json', 'value.format' = 'json');

-- @ungated
INSERT INTO firsts SELECT customer, id FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY customer ORDER BY ts) AS k FROM orders) WHERE k = 1;

-- @forced
INSERT INTO firsts SELECT customer, id FROM (SELECT customer, id, ts FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY customer ORDER BY ts) AS k FROM orders) WHERE k = 1) WHERE ts >= ${OPEN} AND ts < ${CLOSE};
