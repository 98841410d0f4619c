-- A filter and a projection over lines of JSON in a file, which cost what they cost with most sources: reading them.
CREATE TABLE numbers (
  id BIGINT,
  name STRING,
  fare INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH (
  'connector' = 'filesystem',
  'path' = '/var/data/numbers.json',
  'format' = 'json'
);
CREATE TABLE nothing (id BIGINT, name STRING, twice INT) WITH ('connector' = 'blackhole');
INSERT INTO nothing SELECT id, name, fare * 2 FROM numbers WHERE MOD(id, 10) <> 3;
