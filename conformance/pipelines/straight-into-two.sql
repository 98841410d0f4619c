-- Rows as they are, into a sink with a parallelism of its own: the gate is the first operator that is chained to the source, which gives the source another ID.
-- @cutover 00:10:00 four rows share it
-- @cutover 00:12:30.500 four rows share it
-- @cutover 00:07:13.001 two rows share it, one is a millisecond before
-- @rows orders orders-recorded
-- @adopted refused
-- @explained no-state

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  amount INT
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE copied (id BIGINT, customer STRING, amount INT) WITH ('connector' = 'kafka', 'sink.parallelism' = '2', 'topic' = 'copied', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
INSERT INTO copied SELECT id, customer, amount FROM orders;
