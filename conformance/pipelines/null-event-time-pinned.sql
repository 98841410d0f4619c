-- The same, pinned in an array.
-- @cutover 00:10:00 four rows share it
-- @rows orders orders-null
-- @config [gate]
-- @config pin = "always"
-- @shows null

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE plain (id BIGINT, customer STRING) WITH ('connector' = 'kafka', 'topic' = 'plain', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
INSERT INTO plain SELECT id, customer FROM orders;
