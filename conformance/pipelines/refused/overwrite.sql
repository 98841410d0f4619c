-- The job that ends last replaces what the other one has written. Flink takes OVERWRITE in batch jobs only.
-- @refused overwrite
-- @how batch
-- @cutover 00:10:00
-- @expect lost

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = '/var/data/orders', 'format' = 'csv');
CREATE TABLE kept (id BIGINT, amount INT) WITH ('connector' = 'filesystem', 'path' = '/var/data/kept', 'format' = 'csv');

-- @ungated
INSERT OVERWRITE kept SELECT id, amount FROM orders;

-- @forced
INSERT OVERWRITE kept SELECT id, amount FROM orders WHERE ts >= ${OPEN} AND ts < ${CLOSE};
