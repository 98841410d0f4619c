-- An epoch number as the event time.
-- @cutover 00:10:00 four rows share it
-- @cutover 00:12:30.500 four rows share it
-- @cutover 00:07:13.001 two rows share it, one is a millisecond before
-- @config [tables.events]
-- @config column = "ms"
-- @config unit = "ms"
-- @config delay = "30 s"

CREATE TABLE events (
  id BIGINT NOT NULL,
  customer STRING,
  amount INT,
  ms BIGINT
) WITH ('connector' = 'kafka', 'topic' = 'events', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE plain (id BIGINT, customer STRING, amount INT) WITH ('connector' = 'kafka', 'topic' = 'plain', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
INSERT INTO plain SELECT id, customer, amount FROM events;
