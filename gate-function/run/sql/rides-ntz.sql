-- Rows out of order, every 50th three seconds late, every 100th without a time.
CREATE TABLE rides (
  id BIGINT NOT NULL,
  ts AS CAST(CASE WHEN MOD(id, 100) = 77 THEN NULL ELSE TIMESTAMP '2026-01-01 00:00:00' + (CAST(id AS INT) * 10 - MOD(CAST(id AS INT) * 7, 13) * 10 - CASE WHEN MOD(id, 50) = 49 THEN 3000 ELSE 0 END) * INTERVAL '0.001' SECOND END AS TIMESTAMP(3))
) WITH (
  'connector' = 'datagen',
  'fields.id.kind' = 'sequence',
  'fields.id.start' = '1',
  'fields.id.end' = '${ROWS}',
  'rows-per-second' = '${RATE}'
);
CREATE TABLE fares (id BIGINT) WITH ('connector' = 'filesystem', 'path' = '${OUT}', 'format' = 'csv');
INSERT INTO fares SELECT id FROM rides;
