CREATE TABLE rides (
  id BIGINT, city STRING, fare DECIMAL(8, 2), ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${input}/rides.csv', 'format' = 'csv');
CREATE TABLE cities (city STRING, ts TIMESTAMP(3)) WITH (
  'connector' = 'filesystem', 'path' = '${output}/cities', 'format' = 'csv');
CREATE TABLE counts (e TIMESTAMP(3), n BIGINT) WITH (
  'connector' = 'filesystem', 'path' = '${output}/counts', 'format' = 'csv');

EXECUTE STATEMENT SET
BEGIN
INSERT INTO cities SELECT city, ts FROM rides;
INSERT INTO counts
SELECT window_end, COUNT(*)
FROM TABLE(HOP(TABLE rides, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '2' MINUTE))
GROUP BY window_start, window_end;
END;
