-- One stream of page events, split by kind into two topics by one job.

SET 'pipeline.name' = 'clickstream-split';

CREATE TABLE page_events (
  event_id    STRING,
  kind        STRING,
  visitor     STRING,
  url         STRING,
  basket      DECIMAL(10, 2),
  happened_at TIMESTAMP(3)      -- NULL if the browser sent none
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

EXECUTE STATEMENT SET
BEGIN
  INSERT INTO page_views
  SELECT event_id, visitor, url, happened_at
  FROM page_events
  WHERE kind = 'view';

  INSERT INTO purchases
  SELECT event_id, visitor, basket
  FROM page_events
  WHERE kind = 'purchase' AND basket > 0;
END;
