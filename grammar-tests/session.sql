-- SET, USE, modules, jars, jobs, CALL, UPDATE, DELETE. README.md says how this file is read.

-- accept
SET

-- accept
SET;

-- accept
SET 'a' = 'b'

-- accept
SET 'a.b-c' = 'd e f'

-- accept
SET 'a' = ''

-- accept
SET 'a' = 'b' 'c'

-- accept
RESET

-- accept
RESET 'a'

-- accept
RESET 'a.b-c'

-- accept
ADD JAR '/a/b.jar'

-- accept
REMOVE JAR '/a/b.jar'

-- accept
SHOW JARS

-- accept
USE c

-- accept
USE c.d

-- accept
USE a.b.c

-- accept
USE CATALOG c

-- accept
USE CATALOG `c`

-- accept
USE MODULES a

-- accept
USE MODULES a, `b`

-- accept
LOAD MODULE m

-- accept
LOAD MODULE m WITH ('a' = 'b')

-- accept
LOAD MODULE m WITH ()

-- accept
UNLOAD MODULE m

-- accept
STOP JOB 'x'

-- accept
STOP JOB 'x' WITH SAVEPOINT

-- accept
STOP JOB 'x' WITH SAVEPOINT WITH DRAIN

-- accept
CALL f()

-- accept
CALL c.d.f(1, 'x', a => 2, b => INTERVAL '1' DAY)

-- accept
CALL f(TABLE t)

-- accept
CALL f(ARRAY[1, 2], MAP['a', 1], ROW(1))

-- accept
CALL f((SELECT 1))

-- accept
CALL f(DEFAULT)

-- accept
CALL `c`.`f`(1)

-- accept
TRUNCATE TABLE t

-- accept
TRUNCATE TABLE c.d.t

-- accept
ANALYZE TABLE t COMPUTE STATISTICS

-- accept
ANALYZE TABLE c.d.t COMPUTE STATISTICS FOR COLUMNS a, b

-- accept
ANALYZE TABLE t COMPUTE STATISTICS FOR ALL COLUMNS

-- accept
ANALYZE TABLE t PARTITION (a = 1, b) COMPUTE STATISTICS

-- accept
ANALYZE TABLE t PARTITION (a) COMPUTE STATISTICS FOR ALL COLUMNS

-- accept
UPDATE t SET a = 1

-- accept
UPDATE t SET a = 1, b = b + 1 WHERE c IN (SELECT 1)

-- accept
UPDATE c.d.t AS x SET a = 1 WHERE x.a = 2

-- accept
UPDATE t x SET a = 1

-- accept
UPDATE t SET a = (SELECT 1)

-- accept
UPDATE t /*+ OPTIONS('a'='b') */ SET a = 1

-- accept
DELETE FROM t

-- accept
DELETE FROM t WHERE a = 1

-- accept
DELETE FROM c.d.t AS x WHERE x.a = 1

-- accept
DELETE FROM t x WHERE x.a = 1

-- accept
DELETE FROM t WHERE EXISTS (SELECT 1)

-- accept
DELETE FROM t /*+ OPTIONS('a'='b') */ WHERE a = 1

-- accept
MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN UPDATE SET b = 1

-- accept
MERGE INTO t AS x USING (SELECT 1 AS a) AS s ON x.a = s.a WHEN MATCHED THEN UPDATE SET b = 1, c = s.c WHEN NOT MATCHED THEN INSERT (a, b) VALUES (s.a, 2)

-- accept
MERGE INTO t USING s ON t.a = s.a WHEN NOT MATCHED THEN INSERT VALUES (1)

-- accept
SELECT 1;

-- accept
SELECT 1;;

-- accept
SELECT 1 -- c

-- accept
SELECT 1 /* c */

-- accept
TABLE t

-- accept
VALUES (1), (2)

-- accept
VALUES 1, 2

-- accept
(SELECT 1)

-- accept
((SELECT 1))

-- accept
(VALUES (1))

-- reject
SET 'a' = 4

-- reject
SET 'a' = b

-- reject
SET 'a'

-- reject
SET 'a' 'b'

-- reject
SET 'a' = 'b', 'c' = 'd'

-- reject
RESET 'a', 'b'

-- reject
RESET 'a' = 'b'

-- reject
ADD JAR /a/b.jar

-- reject
ADD JARS '/a'

-- reject
ADD FILE '/x'

-- reject
REMOVE JAR

-- reject
SHOW JARS LIKE 'x'

-- reject
USE CATALOG c.d

-- reject
USE CATALOG 'c'

-- reject
USE DATABASE d

-- reject
USE MODULES a.b

-- reject
USE MODULES

-- reject
USE MODULES 'a'

-- reject
USE 'c'

-- reject
USE

-- reject
LOAD MODULE 'm'

-- reject
LOAD MODULE a.b

-- reject
UNLOAD MODULE m WITH ('a' = 'b')

-- reject
STOP JOB 'x' WITH DRAIN

-- reject
STOP JOB 'x' WITH DRAIN WITH SAVEPOINT

-- reject
STOP JOB x

-- reject
CALL f

-- reject
CALL f() AS x

-- reject
CALL 1

-- reject
CALL f(1) + 1

-- reject
TRUNCATE t

-- reject
TRUNCATE TABLE t PARTITION (a = 1)

-- reject
ANALYZE TABLE t COMPUTE STATISTICS FOR COLUMNS

-- reject
ANALYZE TABLE t COMPUTE STATISTICS FOR COLUMNS (a)

-- reject
ANALYZE TABLE t COMPUTE STATISTICS FOR COLUMNS a.b

-- reject
ANALYZE TABLE t

-- reject
ANALYZE t COMPUTE STATISTICS

-- reject
UPDATE t SET a.b = 1

-- reject
UPDATE t SET (a, b) = (1, 2)

-- reject
UPDATE t SET a = DEFAULT

-- reject
UPDATE t SET a = 1 FROM s

-- reject
UPDATE t SET

-- reject
UPDATE t WHERE a = 1

-- reject
DELETE t

-- reject
DELETE FROM t USING s

-- reject
DELETE FROM t WHERE

-- reject
MERGE INTO t USING s ON t.a = s.a

-- reject
MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN DELETE

-- reject
MERGE t USING s ON t.a = s.a WHEN MATCHED THEN UPDATE SET b = 1

-- reject
-- c

-- reject
;

-- reject
;SELECT 1

-- reject
SOURCE '/x'

-- reject
PRINT t

-- reject
EXECUTE JAR 'x'

-- reject
GRANT SELECT ON t TO u

-- reject
COMMIT
