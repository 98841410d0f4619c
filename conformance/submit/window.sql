CREATE TABLE rides (
  id BIGINT, city STRING, fare DECIMAL(8, 2), ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${input}/rides.csv', 'format' = 'csv');

CREATE TABLE sums (window_end TIMESTAMP(3), city STRING, n BIGINT, total DECIMAL(38, 2)) WITH (
  'connector' = 'filesystem', 'path' = '${output}/sums', 'format' = 'csv'
);

INSERT INTO sums
SELECT window_end, city, COUNT(*), SUM(fare)
FROM TABLE(TUMBLE(TABLE rides, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, city;
