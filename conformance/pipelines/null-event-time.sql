-- Rows without an event time: they belong to the outgoing job. None comes after it is gone.
-- @cutover 00:10:00 four rows share it
-- @cutover 00:12:30.500 four rows share it
-- @rows orders orders-null
-- @config [watermark]
-- @config delay = "30 s"

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3)
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE plain (id BIGINT, customer STRING, ts TIMESTAMP(3)) WITH ('connector' = 'kafka', 'topic' = 'plain', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
INSERT INTO plain SELECT id, customer, ts FROM orders;
