-- A filter and a projection.
CREATE TABLE numbers (
  id BIGINT,
  ts AS TO_TIMESTAMP_LTZ(id, 3),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH (
  'connector' = 'datagen',
  'rows-per-second' = '1000000000',
  'fields.id.kind' = 'sequence',
  'fields.id.start' = '1',
  'fields.id.end' = '10000000'
);
CREATE TABLE nothing (id BIGINT, twice BIGINT) WITH ('connector' = 'blackhole');
INSERT INTO nothing SELECT id, id * 2 FROM numbers WHERE MOD(id, 10) <> 3;
