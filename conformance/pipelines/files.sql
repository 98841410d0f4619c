-- From files to files: a source that takes filters, a watermark that is added.
-- @cutover 00:10:00 four rows share it
-- @cutover 00:12:30.500 four rows share it
-- @cutover 00:07:13.001 two rows share it, one is a millisecond before

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = 's3://shop/orders', 'format' = 'parquet', 'source.monitor-interval' = '10 s');
CREATE TABLE plain (id BIGINT, amount INT) WITH ('connector' = 'filesystem', 'path' = 's3://shop/plain', 'format' = 'parquet');
INSERT INTO plain SELECT id, amount FROM orders;
