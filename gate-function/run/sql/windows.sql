-- A window aggregate: no watermark reaches the gate.
CREATE TABLE rides (
  id BIGINT NOT NULL,
  ts AS CAST(TIMESTAMP '2026-01-01 00:00:00' + (CAST(id AS INT) * 10 - MOD(CAST(id AS INT) * 7, 13) * 10) * INTERVAL '0.001' SECOND AS TIMESTAMP(3)),
  WATERMARK FOR ts AS ts - INTERVAL '0.2' SECOND
) WITH (
  'connector' = 'datagen',
  'fields.id.kind' = 'sequence',
  'fields.id.start' = '1',
  'fields.id.end' = '${ROWS}',
  'rows-per-second' = '${RATE}'
);
CREATE TABLE counts (ended TIMESTAMP(3), region BIGINT, rides BIGINT, ids BIGINT)
WITH ('connector' = 'filesystem', 'path' = '${OUT}', 'format' = 'csv');
INSERT INTO counts
SELECT window_end, MOD(id, 3), COUNT(*), SUM(id)
FROM TABLE(TUMBLE(TABLE rides, DESCRIPTOR(ts), INTERVAL '0.5' SECOND))
GROUP BY window_start, window_end, MOD(id, 3);
