-- The same rows with instants instead of wall clocks.
CREATE TABLE rides (
  id BIGINT NOT NULL,
  ts AS CAST(CASE WHEN MOD(id, 100) = 77 THEN NULL ELSE TO_TIMESTAMP_LTZ(1767225600000 + id * 10 - MOD(id * 7, 13) * 10 - CASE WHEN MOD(id, 50) = 49 THEN 3000 ELSE 0 END, 3) END AS TIMESTAMP_LTZ(3))
) WITH (
  'connector' = 'datagen',
  'fields.id.kind' = 'sequence',
  'fields.id.start' = '1',
  'fields.id.end' = '${ROWS}',
  'rows-per-second' = '${RATE}'
);
CREATE TABLE fares (id BIGINT) WITH ('connector' = 'filesystem', 'path' = '${OUT}', 'format' = 'csv');
INSERT INTO fares SELECT id FROM rides;
