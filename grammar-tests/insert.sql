-- INSERT and EXECUTE. README.md says how this file is read.

-- accept
INSERT INTO t SELECT 1

-- accept
INSERT INTO t (SELECT 1)

-- accept
INSERT INTO t ((SELECT 1))

-- accept
INSERT INTO c.d.t SELECT 1

-- accept
INSERT INTO t (a, b) SELECT 1, 2

-- accept
INSERT INTO t (a, b.c) SELECT 1, 2

-- accept
INSERT INTO t (`a`, 表) SELECT 1, 2

-- accept
INSERT INTO t (a INT) SELECT 1

-- accept
INSERT INTO t VALUES (1, 'a'), (2, 'b')

-- accept
INSERT INTO t VALUES 1, 2

-- accept
INSERT INTO t VALUES ROW(1, 2)

-- accept
INSERT INTO t VALUES (1, DEFAULT)

-- accept
INSERT INTO t TABLE s

-- accept
INSERT INTO t WITH q AS (SELECT 1) SELECT * FROM q

-- accept
INSERT INTO t SELECT * FROM a UNION ALL SELECT * FROM b

-- accept
INSERT INTO t SELECT * FROM s ORDER BY a LIMIT 3

-- accept
INSERT INTO t /*+ OPTIONS('a'='b') */ SELECT * FROM s

-- accept
INSERT INTO t /*+ OPTIONS('a'='b') */ (a) SELECT * FROM s

-- accept
INSERT INTO t /*+ OPTIONS('a'='b') */ PARTITION (a = 1) (b) SELECT * FROM s

-- accept
INSERT INTO t PARTITION (a = 1) SELECT 1

-- accept
INSERT INTO t PARTITION (a = 'x', b = DATE '2020-01-01', c = 1.5, d = TRUE, e = NULL) SELECT 1

-- accept
INSERT INTO t PARTITION (a = 1) (b, c) SELECT 1, 2

-- accept
INSERT INTO t PARTITION (a = -1) SELECT 1

-- accept
INSERT OVERWRITE t SELECT 1

-- accept
INSERT OVERWRITE t PARTITION (a = 1) (b) SELECT 1

-- accept
UPSERT INTO t SELECT 1

-- accept
UPSERT INTO t (a) VALUES (1)

-- accept
INSERT INTO t SELECT 1;

-- accept
INSERT INTO t SELECT 1;;

-- accept
INSERT INTO t EXTEND (x INT) SELECT 1

-- accept
INSERT INTO t (SELECT 1) UNION ALL (SELECT 2)

-- accept
INSERT INTO t (a) (SELECT 1)

-- accept
INSERT INTO t (a) (VALUES (1))

-- accept
INSERT INTO t (a) WITH q AS (SELECT 1) SELECT * FROM q

-- accept
EXECUTE INSERT INTO t SELECT 1

-- accept
EXECUTE INSERT OVERWRITE t SELECT 1

-- accept
EXECUTE SELECT 1

-- accept
EXECUTE (SELECT 1)

-- accept
EXECUTE VALUES (1)

-- accept
EXECUTE WITH q AS (SELECT 1) SELECT * FROM q

-- accept
EXECUTE TABLE t

-- accept
EXECUTE UPSERT INTO t SELECT 1

-- accept since 2.0
INSERT INTO t VALUE (1)

-- accept since 2.3
INSERT INTO t SELECT 1 ON CONFLICT DO NOTHING

-- accept since 2.3
INSERT INTO t SELECT 1 ON CONFLICT DO ERROR

-- accept since 2.3
INSERT INTO t SELECT 1 ON CONFLICT DO DEDUPLICATE

-- accept since 2.3
INSERT INTO t SELECT * FROM a JOIN b ON a.x = b.x ON CONFLICT DO NOTHING

-- accept since 2.3
INSERT INTO t (SELECT 1) ON CONFLICT DO NOTHING

-- accept since 2.3
INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING

-- reject
INSERT INTO t () SELECT 1

-- reject
INSERT INTO t (a, b,) SELECT 1, 2

-- reject
INSERT INTO t (value) SELECT 1

-- reject
INSERT INTO t VALUES

-- reject
INSERT INTO t DEFAULT VALUES

-- reject
WITH q AS (SELECT 1) INSERT INTO t SELECT * FROM q

-- reject
INSERT INTO /*+ OPTIONS('a'='b') */ t SELECT * FROM s

-- reject
INSERT /*+ x */ INTO t SELECT 1

-- reject
INSERT INTO t PARTITION (a) SELECT 1

-- reject
INSERT INTO t PARTITION (a = 1 + 1) SELECT 1

-- reject
INSERT INTO t PARTITION () SELECT 1

-- reject
INSERT INTO t (b, c) PARTITION (a = 1) SELECT 1, 2

-- reject
INSERT OVERWRITE INTO t SELECT 1

-- reject
INSERT OVERWRITE TABLE t SELECT 1

-- reject
INSERT INTO TABLE t SELECT 1

-- reject
INSERT INTO t AS x SELECT 1

-- reject
INSERT INTO t x SELECT 1

-- reject
INSERT t SELECT 1

-- reject
UPSERT OVERWRITE t SELECT 1

-- reject
INSERT INTO t SELECT 1 ON CONFLICT DO UPDATE

-- reject
INSERT INTO t SELECT 1 ON CONFLICT (a) DO NOTHING

-- reject
INSERT INTO t SELECT 1 ON CONFLICT

-- reject
INSERT INTO t SELECT a, FROM s

-- reject
INSERT INTO t

-- reject
INSERT INTO SELECT 1

-- reject
INSERT INTO t SELECT 1 SELECT 2

-- reject
INSERT INTO t SELECT 1 INTO u

-- reject
INSERT INTO 't' SELECT 1

-- reject
INSERT INTO "t" SELECT 1

-- reject
EXECUTE t

-- reject
EXECUTE UPDATE t SET a = 1

-- reject
EXECUTE DELETE FROM t

-- reject
EXECUTE CREATE TABLE t AS SELECT 1
