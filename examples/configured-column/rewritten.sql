-- Sensor readings that are out of range.

CREATE TABLE readings (
  sensor_id   BIGINT NOT NULL,
  celsius     DOUBLE,
  measured_at TIMESTAMP(3) NOT NULL,   -- by the clock of the sensor
  received_at TIMESTAMP(3) NOT NULL,    -- by the clock of the gateway
  `__rowtime` AS `measured_at`,
  WATERMARK FOR `__rowtime` AS `__rowtime` - INTERVAL '2' MINUTE
) WITH (
  'connector' = 'kafka',
  'topic' = 'plant.readings',
  'properties.bootstrap.servers' = 'kafka:9092',
  'properties.group.id' = 'alarms',
  'format' = 'csv'
);

CREATE TABLE alarms (
  sensor_id   BIGINT,
  celsius     DOUBLE,
  measured_at TIMESTAMP(3)
) WITH (
  'connector' = 'kafka',
  'topic' = 'plant.alarms',
  'properties.bootstrap.servers' = 'kafka:9092',
  'format' = 'csv'
);

CREATE TEMPORARY VIEW `alarms__gate` AS
SELECT `sensor_id`, `celsius`, `measured_at`
FROM (
SELECT sensor_id, celsius, measured_at, `__rowtime` AS `__gate_time`
FROM readings
WHERE celsius > 90 OR celsius < -20
) AS `q` (`sensor_id`, `celsius`, `measured_at`, `__gate_time`)
WHERE COALESCE(`__gate_time`, TIMESTAMP '0001-01-01 00:00:00.000') >= TIMESTAMP '0001-01-01 00:00:00.000'
  AND COALESCE(`__gate_time`, TIMESTAMP '0001-01-01 00:00:00.000') < TIMESTAMP '9999-12-31 23:59:59.999';

INSERT INTO alarms
SELECT `sensor_id`, `celsius`, `measured_at` FROM `alarms__gate`;
