-- A dimension that is looked up.
-- @cutover 00:10:00 four rows share it
-- @cutover 00:12:30.500 four rows share it
-- @cutover 00:07:13.001 two rows share it, one is a millisecond before

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  pt AS PROCTIME(),
  ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE customers (
  name STRING,
  city STRING,
  PRIMARY KEY (name) NOT ENFORCED
) WITH ('connector' = 'jdbc', 'url' = 'jdbc:postgresql://db/shop', 'table-name' = 'customers');
CREATE TABLE placed (id BIGINT, city STRING) WITH ('connector' = 'kafka', 'topic' = 'placed', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
INSERT INTO placed
SELECT o.id, c.city
FROM orders AS o
LEFT JOIN customers FOR SYSTEM_TIME AS OF o.pt AS c ON o.customer = c.name;
