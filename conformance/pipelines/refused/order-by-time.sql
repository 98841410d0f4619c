-- Below a gate Flink drops ORDER BY a rowtime, and with it the sort, which lets no late row through.
-- @refused order-by
-- @rows orders orders-late
-- @cutover 00:10:00
-- @expect doubled

CREATE TABLE orders (
  id BIGINT NOT NULL,
  customer STRING,
  currency STRING,
  amount INT,
  ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');
CREATE TABLE sorted (id BIGINT, amount INT) WITH ('connector' = 'kafka', 'topic' = 'sorted', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');

-- @ungated
INSERT INTO sorted SELECT id, amount FROM orders ORDER BY ts;

-- @forced
INSERT INTO sorted SELECT id, amount FROM (SELECT * FROM orders ORDER BY ts) WHERE ts >= ${OPEN} AND ts < ${CLOSE};
