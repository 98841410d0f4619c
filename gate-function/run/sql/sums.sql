-- An updating query, gated on two sides. Its sink is never opened: the query is collected.
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
CREATE TABLE sums (region BIGINT, rides BIGINT, ids BIGINT, PRIMARY KEY (region) NOT ENFORCED)
WITH ('connector' = 'upsert-kafka');
-- Keys whose last row comes before the cutover, keys whose first comes after it, and keys with rows on both sides.
INSERT INTO sums
SELECT MOD(id, 7) + id / 500 * 10 - CASE WHEN MOD(id, 3) = 0 THEN id / 500 * 10 ELSE 0 END, COUNT(*), SUM(id)
FROM rides
GROUP BY MOD(id, 7) + id / 500 * 10 - CASE WHEN MOD(id, 3) = 0 THEN id / 500 * 10 ELSE 0 END;
