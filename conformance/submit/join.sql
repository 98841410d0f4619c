CREATE TABLE rides (
  id BIGINT, city STRING, fare DECIMAL(8, 2), ts TIMESTAMP(3) NOT NULL
) WITH ('connector' = 'filesystem', 'path' = '${input}/rides.csv', 'format' = 'csv');

CREATE TABLE tips (
  ride BIGINT, tip DECIMAL(8, 2), given TIMESTAMP(3) NOT NULL
) WITH ('connector' = 'filesystem', 'path' = '${input}/tips.csv', 'format' = 'csv');

CREATE TABLE tipped (id BIGINT, fare DECIMAL(8, 2), tip DECIMAL(8, 2)) WITH (
  'connector' = 'filesystem', 'path' = '${output}/tipped', 'format' = 'csv'
);

INSERT INTO tipped
SELECT r.id, r.fare, t.tip
FROM rides AS r
JOIN tips AS t ON r.id = t.ride AND t.given BETWEEN r.ts AND r.ts + INTERVAL '2' MINUTE;
