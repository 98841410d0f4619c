-- The timestamp of the Kafka record as the event time.
-- @cutover 00:10:00 four rows share it
-- @cutover 00:12:30.500 four rows share it
-- @cutover 00:07:13.001 two rows share it, one is a millisecond before
-- @rows orders orders-recorded

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  amount INT
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE plain (id BIGINT, customer STRING, amount INT) WITH ('connector' = 'kafka', 'topic' = 'plain', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
INSERT INTO plain SELECT id, customer, amount FROM orders;
