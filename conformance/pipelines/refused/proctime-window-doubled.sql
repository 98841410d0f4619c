-- The outgoing job comes to the rows before the clock shows T, the incoming one after it: both write them.
-- @refused proctime-window
-- @how clock outgoing
-- @cutover 00:10:00
-- @expect doubled

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3) NOT NULL,
  pt AS PROCTIME(),
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE counts (customer STRING, n BIGINT) WITH ('connector' = 'kafka', 'topic' = 'counts', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');

-- @ungated
INSERT INTO counts SELECT customer, COUNT(*) FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(pt), INTERVAL '1' SECOND)) GROUP BY window_start, window_end, customer;

-- @forced
INSERT INTO counts SELECT customer, n FROM (SELECT customer, COUNT(*) AS n, window_end AS t FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(pt), INTERVAL '1' SECOND)) GROUP BY window_start, window_end, customer) CROSS JOIN UNNEST(ARRAY[t - INTERVAL '0.001' SECOND]) AS pinned (at_time) WHERE at_time >= ${OPEN} AND at_time < ${CLOSE};
