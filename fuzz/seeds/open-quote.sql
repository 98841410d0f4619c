SET 'a' = 'b;
SET 'c' = 'it''s';
INSERT INTO `t` SELECT `a``b`, U&'\0041', X'0f', E'\'', _UTF8'x' FROM s;
SELECT 'open
