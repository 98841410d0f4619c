-- Revenue per currency and minute, from the orders of the shop.

CREATE TABLE orders (
  order_id   STRING,
  currency   STRING,
  amount     DECIMAL(12, 2),
  order_time TIMESTAMP(3) NOT NULL
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

INSERT INTO revenue
SELECT window_start, window_end, currency, COUNT(*) AS orders, SUM(amount) AS total
FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(order_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, currency;
