-- Keys of which some end before T, some begin behind it and some cross it; into a table of a database.
-- @cutover 00:10:00 four rows share it
-- @cutover 00:12:30.500 four rows share it
-- @cutover 00:07:13.001 two rows share it, one is a millisecond before
-- @adopted refused

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE totals (customer STRING, amount INT, orders BIGINT, largest BIGINT, PRIMARY KEY (customer, amount) NOT ENFORCED) WITH ('connector' = 'jdbc', 'url' = 'jdbc:postgresql://db/shop', 'table-name' = 'totals');
INSERT INTO totals
SELECT customer, amount / 10, COUNT(*), MAX(id) FROM orders GROUP BY customer, amount / 10;
