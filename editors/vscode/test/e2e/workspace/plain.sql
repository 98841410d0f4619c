CREATE TABLE s (a INT) WITH ('connector' = 'datagen');
CREATE TABLE t (a INT COMMENT 'é 表 🙂',) WITH ('connector' = 'print', 'connector' = 'print');
INSERT INTO t SELECT a FROM s;
