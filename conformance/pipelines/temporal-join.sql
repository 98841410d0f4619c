-- Orders with the rate of their time.
-- @cutover 00:10:00 four rows share it
-- @cutover 00:12:30.500 four rows share it
-- @cutover 00:07:13.001 two rows share it, one is a millisecond before
-- @past PT2M
-- @shows boundary

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE rates (
  currency STRING,
  rate INT,
  rts TIMESTAMP(3) NOT NULL,
  PRIMARY KEY (currency) NOT ENFORCED,
  WATERMARK FOR rts AS rts - INTERVAL '30' SECOND
) WITH ('connector' = 'upsert-kafka', 'topic' = 'rates', 'properties.bootstrap.servers' = 'kafka:9092', 'key.format' = 'json', 'value.format' = 'json');
CREATE TABLE converted (id BIGINT, amount INT, rate INT) WITH ('connector' = 'kafka', 'topic' = 'converted', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
INSERT INTO converted
SELECT o.id, o.amount, r.rate
FROM orders AS o
LEFT JOIN rates FOR SYSTEM_TIME AS OF o.ts AS r ON o.currency = r.currency;
