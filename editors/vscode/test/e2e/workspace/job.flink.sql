-- Revenue per currency and minute, in €

CREATE TABLE orders (
  order_id   STRING,
  currency   STRING,
  amount     DECIMAL(12, 2),
  order_time TIMESTAMP(3) NOT NULL
) WITH (
  'connector' = 'kafka',
  'topic' = 'shop.orders',
  'properties.bootstrap.servers' = 'kafka:9092',
  'scan.startup.mod' = 'earliest-offset',
  'format' = 'json'
);

CREATE TABLE revenue (
  window_start TIMESTAMP(3),
  window_end   TIMESTAMP(3),
  currency     STRING,
  total        DECIMAL(38, 2)
) WITH (
  'connector' = 'kafka',
  'topic' = 'shop.revenue',
  'properties.bootstrap.servers' = 'kafka:9092',
  'format' = 'json'
);

INSERT INTO revenue
SELECT window_start, window_end, currency, SUM(amount) AS total
FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(order_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, currency;
