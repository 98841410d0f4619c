-- Gates behind the sources of a window: the one that T lies in is in two parts.
-- @refused gate-after-stateful-source
-- @cutover 00:10:00
-- @config [gate]
-- @config position = "after-source"
-- @expect any

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE sums (w_end TIMESTAMP(3), n BIGINT) WITH ('connector' = 'kafka', 'topic' = 'sums', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');

-- @ungated
INSERT INTO sums SELECT window_end, COUNT(*) FROM TABLE(HOP(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '2' MINUTE)) GROUP BY window_start, window_end;

-- @forced
CREATE TEMPORARY VIEW part AS SELECT * FROM orders WHERE ts >= ${OPEN} AND ts < ${CLOSE};
INSERT INTO sums SELECT window_end, COUNT(*) FROM TABLE(HOP(TABLE part, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '2' MINUTE)) GROUP BY window_start, window_end;
