-- Revenue per currency and minute, from the orders of the shop.

CREATE TABLE orders (
  order_id   STRING,
  currency   STRING,
  amount     DECIMAL(12, 2),
  order_time TIMESTAMP(3) NOT NULL,
  WATERMARK FOR `order_time` AS `order_time` - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'shop.orders',
  'properties.bootstrap.servers' = 'kafka:9092',
  'properties.group.id' = 'revenue',
  'scan.startup.mode' = 'group-offsets',
  'format' = 'json'
);

CREATE TABLE revenue (
  window_start TIMESTAMP(3),
  window_end   TIMESTAMP(3),
  currency     STRING,
  orders       BIGINT,
  total        DECIMAL(38, 2)
) WITH (
  'connector' = 'kafka',
  'topic' = 'shop.revenue-per-minute',
  'properties.bootstrap.servers' = 'kafka:9092',
  'sink.delivery-guarantee' = 'exactly-once',
  'sink.transactional-id-prefix' = 'revenue',
  'format' = 'json'
);

CREATE TEMPORARY VIEW `revenue__gate` AS
SELECT `window_start`, `window_end`, `currency`, `orders`, `total`
FROM (
SELECT window_start, window_end, currency, COUNT(*) AS orders, SUM(amount) AS total
FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(order_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, currency
) AS `q` (`window_start`, `window_end`, `currency`, `orders`, `total`)
CROSS JOIN UNNEST(ARRAY[`window_end` - INTERVAL '0.001' SECOND]) AS `__at` (`__t`)
WHERE COALESCE(`__t`, TIMESTAMP '0001-01-01 00:00:00.000') >= TIMESTAMP '0001-01-01 00:00:00.000'
  AND COALESCE(`__t`, TIMESTAMP '0001-01-01 00:00:00.000') < TIMESTAMP '9999-12-31 23:59:59.999';

INSERT INTO revenue
SELECT `window_start`, `window_end`, `currency`, `orders`, `total` FROM `revenue__gate`;
