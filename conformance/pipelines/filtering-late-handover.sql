-- Late rows are the incoming job's once its watermark has passed T, over a source that takes filters and watermarks.
-- @cutover 00:10:00 four rows share it
-- @cutover 00:12:30.500 four rows share it
-- @cutover 00:07:13.001 two rows share it, one is a millisecond before
-- @rows orders orders-late
-- @flag --late handover

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'paimon', 'path' = 's3://shop/orders');
CREATE TABLE plain (id BIGINT, customer STRING, ts TIMESTAMP(3)) WITH ('connector' = 'kafka', 'topic' = 'plain', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
INSERT INTO plain SELECT id, customer, ts FROM orders;
