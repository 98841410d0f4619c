-- Signals of a harbour: three systems that each say the time in another way.

create table berths (
    berth        string not null,
    ship         string,
    moored_at_ms bigint not null,   -- by the harbour office
    `__rowtime` as coalesce(to_timestamp_ltz(`moored_at_ms`, 3), to_timestamp_ltz(0, 3)),
    watermark for `__rowtime` as `__rowtime` - interval '5' second
) with (
    'connector' = 'kafka',
    'topic' = 'harbour.berths',
    'properties.bootstrap.servers' = 'kafka:9092',
    'scan.startup.mode' = 'earliest-offset',
    'format' = 'json'
);

CREATE TABLE cranes (
    berth STRING
  , lift  ROW<lifted_at TIMESTAMP(6), tons DECIMAL(9, 3)>   -- as the crane sends it
  , `__rowtime` AS COALESCE(CAST(`lift`.`lifted_at` AS TIMESTAMP(3)), TIMESTAMP '1970-01-01 00:00:00.000')
  , WATERMARK FOR `__rowtime` AS `__rowtime` - INTERVAL '5' SECOND
) WITH (
    'connector' = 'kafka'
  , 'topic' = 'harbour.cranes'
  , 'properties.bootstrap.servers' = 'kafka:9092'
  , 'scan.startup.mode' = 'earliest-offset'
  , 'format' = 'json'
);

CREATE TABLE gauges (
  station STRING,
  level   DOUBLE,
  read_at STRING,
  `__rowtime` AS COALESCE(TO_TIMESTAMP(REPLACE(REPLACE(`read_at`, 'T', ' '), 'Z', '')), TIMESTAMP '1970-01-01 00:00:00.000'),
  WATERMARK FOR `__rowtime` AS `__rowtime` - INTERVAL '1' MINUTE
) WITH (
  'connector' = 'kafka',
  'topic' = 'harbour.gauges',
  'properties.bootstrap.servers' = 'kafka:9092',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'csv',
  'scan.watermark.idle-timeout' = '10 min'
);

CREATE TABLE signals (
  place STRING,
  what  STRING
) WITH (
  'connector' = 'kafka',
  'topic' = 'harbour.signals',
  'properties.bootstrap.servers' = 'kafka:9092',
  'format' = 'json'
);

CREATE TEMPORARY VIEW `signals__gate` AS
SELECT `place`, `what`
FROM (
SELECT berth, ship, `__rowtime` AS `__gate_time` FROM berths
) AS `q` (`place`, `what`, `__gate_time`)
WHERE COALESCE(`__gate_time`, TO_TIMESTAMP_LTZ(-62135596800000, 3)) >= TO_TIMESTAMP_LTZ(-62135596800000, 3)
  AND COALESCE(`__gate_time`, TO_TIMESTAMP_LTZ(-62135596800000, 3)) < TO_TIMESTAMP_LTZ(253402300799999, 3);

CREATE TEMPORARY VIEW `signals__gate_2` AS
SELECT `place`, `what`
FROM (
SELECT berth, CAST(lift.tons AS STRING), `__rowtime` AS `__gate_time` FROM cranes
) AS `q` (`place`, `what`, `__gate_time`)
WHERE COALESCE(`__gate_time`, TIMESTAMP '0001-01-01 00:00:00.000') >= TIMESTAMP '0001-01-01 00:00:00.000'
  AND COALESCE(`__gate_time`, TIMESTAMP '0001-01-01 00:00:00.000') < TIMESTAMP '9999-12-31 23:59:59.999';

CREATE TEMPORARY VIEW `signals__gate_3` AS
SELECT `place`, `what`
FROM (
SELECT station, CAST(level AS STRING), `__rowtime` AS `__gate_time` FROM gauges
) AS `q` (`place`, `what`, `__gate_time`)
WHERE COALESCE(`__gate_time`, TIMESTAMP '0001-01-01 00:00:00.000') >= TIMESTAMP '0001-01-01 00:00:00.000'
  AND COALESCE(`__gate_time`, TIMESTAMP '0001-01-01 00:00:00.000') < TIMESTAMP '9999-12-31 23:59:59.999';

EXECUTE STATEMENT SET
BEGIN
INSERT INTO signals SELECT `place`, `what` FROM `signals__gate`;
INSERT INTO signals SELECT `place`, `what` FROM `signals__gate_2`;
INSERT INTO signals SELECT `place`, `what` FROM `signals__gate_3`;
END;
