-- An order that is more than twice as large as the one before.
-- @cutover 00:10:00 four rows share it
-- @cutover 00:12:30.500 four rows share it
-- @cutover 00:07:13.001 two rows share it, one is a millisecond before
-- @shows boundary

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE jumps (customer STRING, id_before BIGINT, id_after BIGINT) WITH ('connector' = 'kafka', 'topic' = 'jumps', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
INSERT INTO jumps
SELECT customer, id_before, id_after
FROM orders MATCH_RECOGNIZE (
  PARTITION BY customer
  ORDER BY ts
  MEASURES A.id AS id_before, B.id AS id_after
  ONE ROW PER MATCH
  AFTER MATCH SKIP TO NEXT ROW
  PATTERN (A B)
  DEFINE B AS B.amount > 2 * A.amount
);
