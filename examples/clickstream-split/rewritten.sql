-- One stream of page events, split by kind into two topics by one job.

SET 'pipeline.name' = 'clickstream-split';

CREATE TABLE page_events (
  event_id    STRING,
  kind        STRING,
  visitor     STRING,
  url         STRING,
  basket      DECIMAL(10, 2),
  happened_at TIMESTAMP(3),      -- NULL if the browser sent none
  `__rowtime` AS COALESCE(`happened_at`, TIMESTAMP '1970-01-01 00:00:00.000'),
  WATERMARK FOR `__rowtime` AS `__rowtime` - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'web.page-events',
  'properties.bootstrap.servers' = 'kafka:9092',
  'properties.group.id' = 'clickstream-split',
  'scan.startup.mode' = 'latest-offset',
  'format' = 'json',
  'json.ignore-parse-errors' = 'true'
);

CREATE TABLE page_views (
  event_id    STRING,
  visitor     STRING,
  url         STRING,
  happened_at TIMESTAMP(3)
) WITH (
  'connector' = 'kafka',
  'topic' = 'web.page-views',
  'properties.bootstrap.servers' = 'kafka:9092',
  'format' = 'json'
);

-- No time in this one: what comes later does not need it.
CREATE TABLE purchases (
  event_id STRING,
  visitor  STRING,
  basket   DECIMAL(10, 2)
) WITH (
  'connector' = 'kafka',
  'topic' = 'web.purchases',
  'properties.bootstrap.servers' = 'kafka:9092',
  'format' = 'json'
);

CREATE TEMPORARY VIEW `page_views__gate` AS
SELECT `event_id`, `visitor`, `url`, `happened_at`
FROM (
SELECT event_id, visitor, url, happened_at, `__rowtime` AS `__gate_time`
  FROM page_events
  WHERE kind = 'view'
) AS `q` (`event_id`, `visitor`, `url`, `happened_at`, `__gate_time`)
WHERE COALESCE(`__gate_time`, TIMESTAMP '0001-01-01 00:00:00.000') >= TIMESTAMP '0001-01-01 00:00:00.000'
  AND COALESCE(`__gate_time`, TIMESTAMP '0001-01-01 00:00:00.000') < TIMESTAMP '9999-12-31 23:59:59.999';

CREATE TEMPORARY VIEW `purchases__gate` AS
SELECT `event_id`, `visitor`, `basket`
FROM (
SELECT event_id, visitor, basket, `__rowtime` AS `__gate_time`
  FROM page_events
  WHERE kind = 'purchase' AND basket > 0
) AS `q` (`event_id`, `visitor`, `basket`, `__gate_time`)
WHERE COALESCE(`__gate_time`, TIMESTAMP '0001-01-01 00:00:00.000') >= TIMESTAMP '0001-01-01 00:00:00.000'
  AND COALESCE(`__gate_time`, TIMESTAMP '0001-01-01 00:00:00.000') < TIMESTAMP '9999-12-31 23:59:59.999';

EXECUTE STATEMENT SET
BEGIN
  INSERT INTO page_views
  SELECT `event_id`, `visitor`, `url`, `happened_at` FROM `page_views__gate`;

  INSERT INTO purchases
  SELECT `event_id`, `visitor`, `basket` FROM `purchases__gate`;
END;
