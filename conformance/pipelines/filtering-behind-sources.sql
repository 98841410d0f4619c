-- Gates right behind sources that take filters and watermarks, for a query without state.
-- @cutover 00:10:00 four rows share it
-- @cutover 00:12:30.500 four rows share it
-- @cutover 00:07:13.001 two rows share it, one is a millisecond before
-- @shows pushdown
-- @config [gate]
-- @config position = "after-source"

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'paimon', 'path' = 's3://shop/orders');
CREATE TABLE large_orders (id BIGINT, amount INT) WITH ('connector' = 'kafka', 'topic' = 'large_orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
INSERT INTO large_orders SELECT id, amount FROM orders WHERE amount > 20;
