-- A left join of windows, gated on the end of whichever window is there: the refusal is more than is needed here.
-- @refused unsupported-query
-- @cutover 00:10:00
-- @past PT4M
-- @expect nothing

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE payments (
  id BIGINT NOT NULL,
  order_id BIGINT,
  paid INT,
  pts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR pts AS pts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'payments', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE pairs (w_end TIMESTAMP(3), order_id BIGINT, payment_id BIGINT) WITH ('connector' = 'kafka', 'topic' = 'pairs', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');

-- @ungated
INSERT INTO pairs SELECT o.window_end, o.id, p.id FROM (SELECT * FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '3' MINUTE))) AS o LEFT JOIN (SELECT * FROM TABLE(TUMBLE(TABLE payments, DESCRIPTOR(pts), INTERVAL '3' MINUTE))) AS p ON o.window_start = p.window_start AND o.window_end = p.window_end AND o.id = p.order_id;

-- @forced
INSERT INTO pairs SELECT w_end, oid, pid FROM (SELECT o.window_end AS w_end, o.id AS oid, p.id AS pid, COALESCE(o.window_end, p.window_end) AS t FROM (SELECT * FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '3' MINUTE))) AS o LEFT JOIN (SELECT * FROM TABLE(TUMBLE(TABLE payments, DESCRIPTOR(pts), INTERVAL '3' MINUTE))) AS p ON o.window_start = p.window_start AND o.window_end = p.window_end AND o.id = p.order_id) CROSS JOIN UNNEST(ARRAY[t - INTERVAL '0.001' SECOND]) AS pinned (at_time) WHERE at_time >= ${OPEN} AND at_time < ${CLOSE};
