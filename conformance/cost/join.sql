-- Each row of the left with the one of the right that has its number and comes at the same time.
CREATE TABLE numbers (
  id BIGINT,
  ts AS TO_TIMESTAMP_LTZ(id, 3),
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH (
  'connector' = 'datagen',
  'rows-per-second' = '1000000000',
  'fields.id.kind' = 'sequence',
  'fields.id.start' = '1',
  'fields.id.end' = '2000000'
);
CREATE TABLE others (
  id BIGINT,
  ts AS TO_TIMESTAMP_LTZ(id, 3),
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH (
  'connector' = 'datagen',
  'rows-per-second' = '1000000000',
  'fields.id.kind' = 'sequence',
  'fields.id.start' = '1',
  'fields.id.end' = '2000000'
);
CREATE TABLE nothing (a BIGINT, b BIGINT) WITH ('connector' = 'blackhole');
INSERT INTO nothing
SELECT a.id, b.id
FROM numbers AS a
JOIN others AS b ON a.id = b.id AND b.ts BETWEEN a.ts - INTERVAL '1' SECOND AND a.ts + INTERVAL '1' SECOND;
