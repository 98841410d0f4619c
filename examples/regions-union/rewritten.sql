-- Payments of two regions in one topic. Their times are instants: TIMESTAMP_LTZ.

CREATE TABLE payments_eu (
  payment_id STRING NOT NULL,
  amount     DECIMAL(12, 2),
  currency   STRING,
  paid_at    TIMESTAMP_LTZ(3) NOT NULL,
  `__rowtime` AS `paid_at`,
  WATERMARK FOR `__rowtime` AS `__rowtime` - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'eu.payments',
  'properties.bootstrap.servers' = 'kafka-eu:9092',
  'properties.group.id' = 'regions-union',
  'format' = 'avro-confluent',
  'avro-confluent.url' = 'http://registry-eu:8081'
);

CREATE TABLE payments_us (
  payment_id STRING NOT NULL,
  amount     DECIMAL(12, 2),
  paid_at    TIMESTAMP_LTZ(3) NOT NULL,
  `__rowtime` AS `paid_at`,
  WATERMARK FOR `__rowtime` AS `__rowtime` - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'us.payments',
  'properties.bootstrap.servers' = 'kafka-us:9092',
  'properties.group.id' = 'regions-union',
  'format' = 'avro-confluent',
  'avro-confluent.url' = 'http://registry-us:8081'
);

CREATE TABLE payments (
  region     STRING,
  payment_id STRING,
  amount     DECIMAL(12, 2),
  currency   STRING,
  paid_at    TIMESTAMP_LTZ(3)
) WITH (
  'connector' = 'kafka',
  'topic' = 'all.payments',
  'properties.bootstrap.servers' = 'kafka:9092',
  'format' = 'json'
);

CREATE TEMPORARY VIEW `payments__gate` AS
SELECT `region`, `payment_id`, `amount`, `currency`, `paid_at`
FROM (
SELECT 'eu' AS region, payment_id, amount, currency, paid_at, `__rowtime` AS `__gate_time`
FROM payments_eu
UNION ALL
SELECT 'us', payment_id, amount, 'USD', paid_at, `__rowtime` AS `__gate_time`
FROM payments_us
WHERE amount <> 0
) AS `q` (`region`, `payment_id`, `amount`, `currency`, `paid_at`, `__gate_time`)
WHERE COALESCE(`__gate_time`, TO_TIMESTAMP_LTZ(-62135596800000, 3)) >= TO_TIMESTAMP_LTZ(-62135596800000, 3)
  AND COALESCE(`__gate_time`, TO_TIMESTAMP_LTZ(-62135596800000, 3)) < TO_TIMESTAMP_LTZ(253402300799999, 3);

INSERT INTO payments
SELECT `region`, `payment_id`, `amount`, `currency`, `paid_at` FROM `payments__gate`;
