-- A chain of views, a common table expression, and a union.
CREATE TABLE rides (
  id BIGINT, city STRING, fare DECIMAL(8, 2), ts TIMESTAMP(3) NOT NULL
) WITH ('connector' = 'filesystem', 'path' = '${input}/rides.csv', 'format' = 'csv');
CREATE TABLE tips (
  ride BIGINT, tip DECIMAL(8, 2), given TIMESTAMP(3) NOT NULL
) WITH ('connector' = 'filesystem', 'path' = '${input}/tips.csv', 'format' = 'csv');
CREATE TABLE money (what STRING, amount DECIMAL(8, 2)) WITH (
  'connector' = 'filesystem', 'path' = '${output}/money', 'format' = 'csv'
);
CREATE TEMPORARY VIEW dear AS SELECT city, fare, ts FROM rides WHERE fare > 3;
CREATE TEMPORARY VIEW dear_at_sea AS SELECT fare, ts FROM dear WHERE city <> 'Ulm';

INSERT INTO money
WITH given AS (SELECT tip, given AS ts FROM tips)
SELECT 'fare', fare FROM dear_at_sea
UNION ALL
SELECT 'tip', tip FROM given;
