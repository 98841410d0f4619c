-- A window below an updating query: closed at its sources, the outgoing job ends the window that T lies in with what it has, and writes a key that the whole input has not.
-- @refused early-output
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
CREATE TABLE sizes (n BIGINT, windows BIGINT, PRIMARY KEY (n) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'sizes', 'properties.bootstrap.servers' = 'kafka:9092', 'key.format' = 'json', 'value.format' = 'json');

-- @ungated
INSERT INTO sizes SELECT n, COUNT(*) FROM (SELECT window_time, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '7' MINUTE)) GROUP BY window_start, window_end, window_time) GROUP BY n;

-- @forced
CREATE TEMPORARY VIEW closed AS SELECT * FROM orders WHERE ts < ${CLOSE};
INSERT INTO sizes SELECT n, c FROM (SELECT n, COUNT(*) AS c, MAX(t) AS t FROM (SELECT window_time AS t, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE closed, DESCRIPTOR(ts), INTERVAL '7' MINUTE)) GROUP BY window_start, window_end, window_time) GROUP BY n) WHERE t >= ${OPEN};
