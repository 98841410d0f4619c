-- Signals of a harbour: three systems that each say the time in another way.

create table berths (
    berth        string not null,
    ship         string,
    moored_at_ms bigint not null   -- by the harbour office
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
  read_at STRING
) WITH (
  'connector' = 'kafka',
  'topic' = 'harbour.gauges',
  'properties.bootstrap.servers' = 'kafka:9092',
  'scan.startup.mode' = 'earliest-offset',
  'format' = 'csv'
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

EXECUTE STATEMENT SET
BEGIN
INSERT INTO signals SELECT berth, ship FROM berths;
INSERT INTO signals SELECT berth, CAST(lift.tons AS STRING) FROM cranes;
INSERT INTO signals SELECT station, CAST(level AS STRING) FROM gauges;
END;
