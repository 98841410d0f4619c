-- Rides of more than ten, as they come.
-- A semicolon within quotes ends nothing;
SET 'pipeline.name' = 'rides; more than ten';

CREATE TABLE rides (
  id    BIGINT,
  city  STRING,
  fare  DECIMAL(8, 2),
  ts    TIMESTAMP(3) NOT NULL
) WITH (
  'connector' = 'filesystem',
  'path' = '${input}/rides.csv',
  'format' = 'csv'
);

CREATE TABLE dear_rides (id BIGINT, city STRING, ts TIMESTAMP(3)) WITH (
  'connector' = 'filesystem', 'path' = '${output}/dear_rides', 'format' = 'csv'
);

INSERT INTO dear_rides /* not the cheap ones; */
SELECT id, city || ';', ts FROM rides WHERE fare > 10;
