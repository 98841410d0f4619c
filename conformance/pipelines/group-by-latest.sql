-- Sums with the last event time beside them, which the gate needs too.
-- @cutover 00:10:00 four rows share it
-- @cutover 00:12:30.500 four rows share it
-- @cutover 00:07:13.001 two rows share it, one is a millisecond before
-- @explained larger-state

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE totals (customer STRING, orders BIGINT, latest TIMESTAMP(3), PRIMARY KEY (customer) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'topic' = 'totals', 'properties.bootstrap.servers' = 'kafka:9092', 'key.format' = 'json', 'value.format' = 'json');
INSERT INTO totals
SELECT customer, COUNT(*), MAX(ts) FROM orders GROUP BY customer;
