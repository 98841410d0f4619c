-- Two INSERTs that stand alone, made one job.
-- @cutover 00:10:00 four rows share it
-- @cutover 00:12:30.500 four rows share it
-- @cutover 00:07:13.001 two rows share it, one is a millisecond before
-- @config [gate]
-- @config one-job = true

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE large_orders (id BIGINT, amount INT) WITH ('connector' = 'kafka', 'topic' = 'large_orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE small_orders (id BIGINT, amount INT) WITH ('connector' = 'kafka', 'topic' = 'small_orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
INSERT INTO large_orders SELECT id, amount FROM orders WHERE amount > 20;
INSERT INTO small_orders SELECT id, amount FROM orders WHERE amount <= 20;
