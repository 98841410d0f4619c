-- CREATE TABLE, LIKE, AS and REPLACE TABLE. README.md says how this file is read.

-- accept
CREATE TABLE orders

-- accept
CREATE TABLE orders (id INT)

-- accept
CREATE TABLE orders (id INT) WITH ()

-- accept
CREATE TABLE orders (id INT) WITH ('connector' = 'print')

-- accept
CREATE TABLE orders WITH ('a' = 'b')

-- accept
CREATE TABLE IF NOT EXISTS c.d.orders (id INT)

-- accept
CREATE TEMPORARY TABLE orders (id INT)

-- accept
CREATE OR REPLACE TABLE orders (id INT)

-- accept
CREATE OR REPLACE TEMPORARY TABLE IF NOT EXISTS orders (id INT)

-- accept
CREATE TABLE orders (id INT, total AS id * 2 COMMENT 'twice')

-- accept
CREATE TABLE orders (total AS f((SELECT 1)))

-- accept
CREATE TABLE orders (total AS id IN (SELECT 1))

-- accept
CREATE TABLE orders (total AS ARRAY(SELECT 1))

-- accept
CREATE TABLE orders (total AS CASE WHEN id > 1 THEN 'a' ELSE 'b' END, other AS id)

-- accept
CREATE TABLE orders (ts TIMESTAMP(3) METADATA)

-- accept
CREATE TABLE orders (ts TIMESTAMP(3) METADATA FROM 'timestamp')

-- accept
CREATE TABLE orders (ts TIMESTAMP(3) NOT NULL METADATA FROM 'timestamp' VIRTUAL COMMENT 'when')

-- accept
CREATE TABLE orders (ts TIMESTAMP(3) METADATA VIRTUAL)

-- accept
CREATE TABLE orders (ts TIMESTAMP(3), WATERMARK FOR ts AS ts)

-- accept
CREATE TABLE orders (WATERMARK FOR ts AS ts - INTERVAL '5' SECOND, ts TIMESTAMP(3))

-- accept
CREATE TABLE orders (r ROW<ts TIMESTAMP(3)>, WATERMARK FOR r.ts AS r.ts - INTERVAL '1' DAY)

-- accept
CREATE TABLE orders (ts TIMESTAMP(3), WATERMARK FOR ts AS SOURCE_WATERMARK())

-- accept
CREATE TABLE orders (id INT PRIMARY KEY NOT ENFORCED)

-- accept
CREATE TABLE orders (id INT NOT NULL PRIMARY KEY NOT ENFORCED COMMENT 'key')

-- accept
CREATE TABLE orders (id INT CONSTRAINT pk PRIMARY KEY ENFORCED)

-- accept
CREATE TABLE orders (id INT UNIQUE)

-- accept
CREATE TABLE orders (id INT, PRIMARY KEY (id) NOT ENFORCED)

-- accept
CREATE TABLE orders (id INT, PRIMARY KEY (id))

-- accept
CREATE TABLE orders (id INT, CONSTRAINT pk PRIMARY KEY (id, a) NOT ENFORCED)

-- accept
CREATE TABLE orders (id INT, UNIQUE (id) ENFORCED)

-- accept
CREATE TABLE orders (id INT, PRIMARY KEY (id) NOT ENFORCED, PRIMARY KEY (id) NOT ENFORCED)

-- accept
CREATE TABLE orders (id INT PRIMARY KEY NOT ENFORCED, PRIMARY KEY (id) NOT ENFORCED)

-- accept
CREATE TABLE orders (id INT NULL)

-- accept
CREATE TABLE orders (`id` INT, `select` STRING)

-- accept
CREATE TABLE orders (a.b INT)

-- accept
CREATE TABLE orders (id INT) COMMENT 'all of them'

-- accept
CREATE TABLE orders (id INT) COMMENT 'all' WITH ('a' = 'b')

-- accept
CREATE TABLE orders (id INT) PARTITIONED BY (id)

-- accept
CREATE TABLE orders (id INT) PARTITIONED BY (id, a) WITH ('a' = 'b')

-- accept
CREATE TABLE orders (id INT) DISTRIBUTED BY (id)

-- accept
CREATE TABLE orders (id INT) DISTRIBUTED BY HASH (id) INTO 4 BUCKETS

-- accept
CREATE TABLE orders (id INT) DISTRIBUTED BY RANGE (id, a)

-- accept
CREATE TABLE orders (id INT) DISTRIBUTED INTO 4 BUCKETS

-- accept
CREATE TABLE orders (id INT) DISTRIBUTED BY (id) PARTITIONED BY (id) WITH ('a' = 'b')

-- accept
CREATE TABLE orders (id INT) COMMENT 'c' DISTRIBUTED BY (id)

-- accept
CREATE TABLE orders LIKE base

-- accept
CREATE TABLE orders (id INT) WITH ('a' = 'b') LIKE base

-- accept
CREATE TABLE orders LIKE base (INCLUDING ALL)

-- accept
CREATE TABLE orders LIKE base (EXCLUDING WATERMARKS INCLUDING ALL OVERWRITING OPTIONS)

-- accept
CREATE TABLE orders LIKE base (INCLUDING DISTRIBUTION EXCLUDING PARTITIONS EXCLUDING CONSTRAINTS)

-- accept
CREATE TABLE orders LIKE base (INCLUDING METADATA EXCLUDING GENERATED)

-- accept
CREATE TABLE orders LIKE base (OVERWRITING GENERATED)

-- accept
CREATE TABLE orders LIKE base (OVERWRITING PARTITIONS)

-- accept
CREATE TABLE orders LIKE base (OVERWRITING ALL)

-- accept
CREATE TABLE orders LIKE base (OVERWRITING CONSTRAINTS)

-- accept
CREATE TABLE orders LIKE base (OVERWRITING DISTRIBUTION)

-- accept
CREATE TABLE orders LIKE base (OVERWRITING WATERMARKS)

-- accept
CREATE TABLE orders LIKE base (OVERWRITING METADATA)

-- accept
CREATE TABLE orders LIKE base (INCLUDING ALL INCLUDING ALL)

-- accept
CREATE TABLE orders LIKE base (INCLUDING ALL EXCLUDING ALL)

-- accept
CREATE TEMPORARY TABLE orders (id INT) LIKE c.d.base (INCLUDING ALL)

-- accept
CREATE TABLE orders AS SELECT 1 AS a

-- accept
CREATE TABLE orders WITH ('a' = 'b') AS SELECT * FROM t

-- accept
CREATE TABLE orders (a INT) AS SELECT 1 AS a

-- accept
CREATE TABLE orders (WATERMARK FOR ts AS ts) AS SELECT 1 AS ts

-- accept
CREATE TABLE orders (PRIMARY KEY (a) NOT ENFORCED) AS SELECT 1 AS a

-- accept
CREATE TABLE orders PARTITIONED BY (a) AS SELECT 1 AS a

-- accept
CREATE TABLE orders DISTRIBUTED INTO 3 BUCKETS AS SELECT 1 AS a

-- accept
CREATE TABLE orders AS (SELECT 1 AS a)

-- accept
CREATE TABLE orders AS VALUES (1)

-- accept
CREATE TABLE orders AS TABLE t

-- accept
CREATE TABLE orders AS WITH q AS (SELECT 1 AS a) SELECT * FROM q

-- accept
CREATE OR REPLACE TABLE orders AS SELECT 1

-- accept
CREATE OR REPLACE TABLE orders LIKE base

-- accept
REPLACE TABLE orders AS SELECT 1

-- accept
REPLACE TABLE orders (a INT) WITH ('a' = 'b') AS SELECT 1

-- accept
REPLACE TABLE IF NOT EXISTS orders AS SELECT 1

-- accept
CREATE TABLE a.b.c.d (id INT)

-- accept
CREATE TABLE $orders (id INT)

-- accept
CREATE TABLE `or``ders` (id INT)

-- accept
CREATE TABLE 表 (名 INT)

-- accept
CREATE TABLE orders (id INT) WITH ('a' = U&'\0041', N'b' = 'c')

-- accept
CREATE TABLE orders (id INT) WITH ('a' = 'b' 'c')

-- accept
CREATE TABLE orders (id INT) WITH ('a' = _utf8'b')

-- accept
CREATE TABLE orders (id INT) WITH ('a' = X'00')

-- accept
CREATE TABLE orders (id INT COMMENT '')

-- accept
CREATE TABLE orders (key INT, metadata STRING, virtual STRING, enforced INT)

-- accept
CREATE TABLE orders (a AS b + 1, c AS b + 2 COMMENT 'x', d INT)

-- accept before 2.3
CREATE TABLE orders (id INT COMMENT 'a' 'b')

-- accept since 2.0
CREATE TABLE orders (a, b) AS SELECT 1, 2

-- accept since 2.0
CREATE OR REPLACE TABLE orders (a, b) AS SELECT 1, 2

-- accept since 2.0
REPLACE TABLE orders (a, b) AS SELECT 1, 2

-- reject
CREATE TABLE orders ()

-- reject
CREATE TABLE orders (id INT,)

-- reject
CREATE TABLE orders (id INT) WITH ('connector' = 'print',)

-- reject
CREATE TABLE orders (id INT) WITH (connector = 'print')

-- reject
CREATE TABLE orders (id INT) WITH ('connector' = print)

-- reject
CREATE TABLE orders (id INT) WITH ('rows' = 5)

-- reject
CREATE TABLE orders (id INT) WITH ('sink' = true)

-- reject
CREATE TABLE orders (id INT) WITH ('a' 'b')

-- reject
CREATE TABLE orders (id INT) WITH ('a' = 'b' 'c' = 'd')

-- reject
CREATE TABLE orders (id INT) WITH 'a' = 'b'

-- reject
CREATE TEMPORARY SYSTEM TABLE orders (id INT)

-- reject
CREATE EXTERNAL TABLE orders (id INT)

-- reject
CREATE TABLE orders (id INT, total INT AS id * 2)

-- reject
CREATE TABLE orders (total AS (SELECT 1))

-- reject
CREATE TABLE orders (total AS EXISTS (SELECT 1))

-- reject
CREATE TABLE orders (ts TIMESTAMP(3) VIRTUAL)

-- reject
CREATE TABLE orders (ts TIMESTAMP(3) METADATA FROM timestamp)

-- reject
CREATE TABLE orders (ts TIMESTAMP(3) METADATA FROM 'a' NOT NULL)

-- reject
CREATE TABLE orders (ts TIMESTAMP(3), WATERMARK ts AS ts)

-- reject
CREATE TABLE orders (ts TIMESTAMP(3), WATERMARK FOR ts)

-- reject
CREATE TABLE orders (ts TIMESTAMP(3), WATERMARK FOR ts AS ts COMMENT 'late')

-- reject
CREATE TABLE orders (ts TIMESTAMP(3), WATERMARK FOR ts AS ts, WATERMARK FOR ts AS ts)

-- reject
CREATE TABLE orders (ts TIMESTAMP(3), WATERMARK FOR ts AS (SELECT ts FROM t))

-- reject
CREATE TABLE orders (id INT COMMENT 'key' PRIMARY KEY)

-- reject
CREATE TABLE orders (id INT CONSTRAINT pk)

-- reject
CREATE TABLE orders (id INT, PRIMARY KEY id NOT ENFORCED)

-- reject
CREATE TABLE orders (id INT, PRIMARY KEY () NOT ENFORCED)

-- reject
CREATE TABLE orders (id INT, FOREIGN KEY (id) REFERENCES b (id))

-- reject
CREATE TABLE orders (id INT CHECK (id > 0))

-- reject
CREATE TABLE orders (id INT DEFAULT 3)

-- reject
CREATE TABLE orders (id INT REFERENCES b (id))

-- reject
CREATE TABLE orders (id)

-- reject
CREATE TABLE orders ('id' INT)

-- reject
CREATE TABLE orders ("id" INT)

-- reject
CREATE TABLE orders (value INT)

-- reject
CREATE TABLE orders (timestamp TIMESTAMP(3))

-- reject
CREATE TABLE orders (id INT) WITH ('a' = 'b') COMMENT 'all'

-- reject
CREATE TABLE orders (id INT) COMMENT all

-- reject
CREATE TABLE orders (id INT) PARTITIONED BY ()

-- reject
CREATE TABLE orders (id INT) PARTITIONED BY id

-- reject
CREATE TABLE orders (id INT) PARTITIONED BY (bucket(3, id))

-- reject
CREATE TABLE orders (id INT) PARTITIONED BY (dt STRING)

-- reject
CREATE TABLE orders (id INT) DISTRIBUTED INTO 4

-- reject
CREATE TABLE orders (id INT) DISTRIBUTED BY (id) INTO -4 BUCKETS

-- reject
CREATE TABLE orders (id INT) DISTRIBUTED BY FOO (id)

-- reject
CREATE TABLE orders (id INT) DISTRIBUTED BY ()

-- reject
CREATE TABLE orders (id INT) PARTITIONED BY (id) DISTRIBUTED BY (id)

-- reject
CREATE TABLE orders LIKE base (INCLUDING OPTIONS, EXCLUDING ALL)

-- reject
CREATE TABLE orders LIKE base ()

-- reject
CREATE TABLE orders LIKE base INCLUDING ALL

-- reject
CREATE TABLE orders LIKE base (INCLUDING EVERYTHING)

-- reject
CREATE TABLE orders LIKE base AS SELECT 1

-- reject
CREATE TABLE orders (a, b)

-- reject
CREATE TABLE orders (a, b INT) AS SELECT 1, 2

-- reject
CREATE TABLE orders (a, WATERMARK FOR a AS a) AS SELECT 1

-- reject
CREATE TABLE orders AS INSERT INTO t SELECT 1

-- reject
CREATE TABLE orders (a INT) LIKE base WITH ('a' = 'b')

-- reject
REPLACE TABLE orders (a, b INT) AS SELECT 1, 2

-- reject
REPLACE TABLE orders (id INT)

-- reject
REPLACE TABLE orders LIKE base

-- reject
CREATE TABLE orders (id INT) WITH ('a' = 'b') WITH ('c' = 'd')

-- reject
CREATE TABLE orders (id INT) TBLPROPERTIES ('a' = 'b')

-- reject
CREATE TABLE orders (id INT) STORED AS orc

-- reject
CREATE TABLE my-topic (id INT)

-- reject
CREATE TABLE 'orders' (id INT)

-- reject
CREATE TABLE `` (id INT)

-- reject
CREATE TABLE 1orders (id INT)

-- reject
CREATE TABLE orders (id INT) WITH ('a' = 'b';'c' = 'd')

-- reject
CREATE TABLE orders /*+ OPTIONS('a'='b') */ (id INT)

-- reject
/*+ x(y) */ CREATE TABLE orders (id INT)

-- reject
CREATE TABLE orders (watermark INT)

-- reject
CREATE TABLE orders (primary INT)

-- reject
CREATE TABLE orders (key INT, metadata STRING, constraint STRING)

-- reject
CREATE TABLE

-- reject
CREATE TABLE orders (id INT

-- reject
CREATE TABLE orders id INT

-- reject
CREATE TABLE orders (id INT))

-- reject
CREATE TABLE orders (id INT) USING CONNECTION c

-- reject
CREATE TABLE orders (a INT METADATA PRIMARY KEY)

-- reject
CREATE TABLE orders (a AS b NOT NULL)

-- reject
CREATE TABLE orders (a AS b PRIMARY KEY)

-- reject
CREATE TABLE orders (a INT, b STRING) COMMENT 'x' COMMENT 'y'
