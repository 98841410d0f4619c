-- SHOW and DESCRIBE. README.md says how this file is read.

-- accept
SHOW CATALOGS

-- accept
SHOW CURRENT CATALOG

-- accept
SHOW CURRENT DATABASE

-- accept
SHOW DATABASES

-- accept
SHOW DATABASES LIKE 'x'

-- accept
SHOW DATABASES FROM c

-- accept
SHOW DATABASES IN c NOT LIKE 'x'

-- accept
SHOW DATABASES FROM c ILIKE 'x'

-- accept
SHOW TABLES

-- accept
SHOW TABLES FROM c.d

-- accept
SHOW TABLES IN d LIKE 'x'

-- accept
SHOW TABLES FROM a.b NOT LIKE 'x'

-- accept
SHOW TABLES FROM a.b.c

-- accept
SHOW VIEWS

-- accept
SHOW MODELS

-- accept
SHOW MODELS FROM c.d

-- accept
SHOW MODELS IN d LIKE 'x'

-- accept
SHOW MODELS NOT LIKE 'x'

-- accept
SHOW FUNCTIONS

-- accept
SHOW USER FUNCTIONS

-- accept
SHOW FUNCTIONS FROM c.d

-- accept
SHOW FUNCTIONS IN d LIKE 'x'

-- accept
SHOW USER FUNCTIONS FROM d NOT ILIKE 'x'

-- accept
SHOW FUNCTIONS FROM a.b.c

-- accept
SHOW PROCEDURES

-- accept
SHOW PROCEDURES FROM c.d LIKE 'x'

-- accept
SHOW PROCEDURES IN d NOT ILIKE 'x'

-- accept
SHOW PROCEDURES FROM a.b.c

-- accept
SHOW COLUMNS FROM t

-- accept
SHOW COLUMNS IN c.d.t LIKE 'x'

-- accept
SHOW COLUMNS FROM t NOT LIKE 'x'

-- accept
SHOW PARTITIONS t

-- accept
SHOW PARTITIONS c.d.t PARTITION (a = 1, b = 'x')

-- accept
SHOW MODULES

-- accept
SHOW FULL MODULES

-- accept
SHOW JOBS

-- accept
SHOW CREATE TABLE t

-- accept
SHOW CREATE TABLE c.d.t

-- accept
SHOW CREATE VIEW v

-- accept
SHOW CREATE CATALOG c

-- accept
SHOW CREATE MODEL m

-- accept
SHOW CREATE MODEL c.d.m

-- accept
DESCRIBE t

-- accept
DESC t

-- accept
DESCRIBE c.d.t

-- accept
DESCRIBE TABLE t

-- accept
DESCRIBE EXTENDED t

-- accept
DESC EXTENDED t

-- accept
DESCRIBE CATALOG c

-- accept
DESCRIBE CATALOG EXTENDED c

-- accept
DESCRIBE DATABASE d

-- accept
DESCRIBE DATABASE EXTENDED c.d

-- accept
DESCRIBE JOB 'x'

-- accept
DESC JOB 'x'

-- accept
DESCRIBE MODEL m

-- accept
DESCRIBE MODEL EXTENDED m

-- accept
DESC MODEL c.d.m

-- accept
DESCRIBE SELECT 1

-- accept since 2.0
SHOW CATALOGS LIKE 'x%'

-- accept since 2.0
SHOW CATALOGS NOT LIKE 'x%'

-- accept since 2.0
SHOW CATALOGS ILIKE 'x%'

-- accept since 2.0
SHOW CATALOGS NOT ILIKE 'x%'

-- accept since 2.0
SHOW VIEWS FROM c.d

-- accept since 2.0
SHOW VIEWS IN c.d LIKE 'x'

-- accept since 2.0
SHOW VIEWS NOT LIKE 'x'

-- accept since 2.0
DESCRIBE FUNCTION f

-- accept since 2.0
DESCRIBE FUNCTION EXTENDED c.d.f

-- accept since 2.0
DESC FUNCTION f

-- accept since 2.2
SHOW MATERIALIZED TABLES

-- accept since 2.2
SHOW MATERIALIZED TABLES FROM c.d LIKE 'x'

-- accept since 2.2
SHOW MATERIALIZED TABLES IN d NOT LIKE 'x'

-- accept since 2.2
SHOW CREATE MATERIALIZED TABLE m

-- accept since 2.3
SHOW CONNECTIONS

-- accept since 2.3
SHOW CONNECTIONS FROM c.d LIKE 'x'

-- accept since 2.3
SHOW CREATE OR ALTER MATERIALIZED TABLE m

-- accept since 2.3
SHOW CREATE CONNECTION c

-- accept since 2.3
DESCRIBE CONNECTION c

-- accept since 2.3
DESCRIBE CONNECTION EXTENDED c

-- reject
SHOW CURRENT

-- reject
SHOW DATABASES FROM a.b

-- reject
SHOW TABLES LIKE x

-- reject
SHOW TABLES ILIKE 'x'

-- reject
SHOW TABLES NOT 'x'

-- reject
SHOW TABLES LIKE 'x' FROM c

-- reject
SHOW VIEWS ILIKE 'x'

-- reject
SHOW SYSTEM FUNCTIONS

-- reject
SHOW COLUMNS FROM t ILIKE 'x'

-- reject
SHOW COLUMNS

-- reject
SHOW COLUMNS t

-- reject
SHOW PARTITIONS t PARTITION (a)

-- reject
SHOW PARTITIONS

-- reject
SHOW PARTITIONS FROM t

-- reject
SHOW MODULES LIKE 'x'

-- reject
SHOW JOB 'x'

-- reject
SHOW CREATE CATALOG a.b

-- reject
SHOW CREATE OR REPLACE MATERIALIZED TABLE m

-- reject
SHOW CREATE DATABASE d

-- reject
SHOW CREATE FUNCTION f

-- reject
SHOW CREATE

-- reject
SHOW VARIABLES

-- reject
SHOW SESSIONS

-- reject
SHOW TABLE t

-- reject
SHOW

-- reject
DESCRIBE TABLE EXTENDED t

-- reject
DESCRIBE EXTENDED TABLE t

-- reject
DESCRIBE t a

-- reject
DESCRIBE t PARTITION (a = 1)

-- reject
DESC CATALOG a.b

-- reject
DESCRIBE JOB x

-- reject
DESCRIBE JOB

-- reject
DESCRIBE VIEW v

-- reject
DESCRIBE

-- reject
DESCRIBE 't'
