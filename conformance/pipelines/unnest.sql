-- A row for each item of a basket.
-- @cutover 00:10:00 four rows share it
-- @cutover 00:12:30.500 four rows share it
-- @cutover 00:07:13.001 two rows share it, one is a millisecond before
-- @shows boundary

CREATE TABLE baskets (
  id BIGINT NOT NULL,
  customer STRING,
  items ARRAY<INT>,
  ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'baskets', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE items (id BIGINT, item INT) WITH ('connector' = 'kafka', 'topic' = 'items', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
INSERT INTO items
SELECT b.id, i.item FROM baskets AS b CROSS JOIN UNNEST(b.items) AS i (item);
