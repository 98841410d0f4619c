-- A TIMESTAMP_LTZ is an instant: the session's zone has no say.
-- @cutover 00:10:00 four rows share it
-- @cutover 00:12:30.500 four rows share it
-- @cutover 00:07:13.001 two rows share it, one is a millisecond before
-- @zone UTC
-- @zone Asia/Tokyo
-- @zone America/Los_Angeles
-- @shows boundary

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP_LTZ(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE plain (id BIGINT, ts TIMESTAMP_LTZ(3)) WITH ('connector' = 'kafka', 'topic' = 'plain', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
INSERT INTO plain SELECT id, ts FROM orders;
