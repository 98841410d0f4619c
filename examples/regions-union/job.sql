-- Payments of two regions in one topic. Their times are instants: TIMESTAMP_LTZ.

CREATE TABLE payments_eu (
  payment_id STRING NOT NULL,
  amount     DECIMAL(12, 2),
  currency   STRING,
  paid_at    TIMESTAMP_LTZ(3) NOT NULL
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
  paid_at    TIMESTAMP_LTZ(3) NOT NULL
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

INSERT INTO payments
SELECT 'eu' AS region, payment_id, amount, currency, paid_at
FROM payments_eu
UNION ALL
SELECT 'us', payment_id, amount, 'USD', paid_at
FROM payments_us
WHERE amount <> 0;
