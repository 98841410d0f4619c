-- Sensor readings that are out of range.

CREATE TABLE readings (
  sensor_id   BIGINT NOT NULL,
  celsius     DOUBLE,
  measured_at TIMESTAMP(3) NOT NULL,   -- by the clock of the sensor
  received_at TIMESTAMP(3) NOT NULL    -- by the clock of the gateway
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

INSERT INTO alarms
SELECT sensor_id, celsius, measured_at
FROM readings
WHERE celsius > 90 OR celsius < -20;
