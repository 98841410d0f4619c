-- Characters, literals, names and reserved words. README.md says how this file is read.

-- accept
SELECT 'it''s', '', 'a\b', 'a;b', '--', '/*'

-- accept
SELECT N'x', n'y', X'ab', x'AB', U&'\0041', _utf8'x', _UTF16'y', _latin1'z'

-- accept
SELECT X'abc'

-- accept
SELECT X'ab' 'cd'

-- accept
SELECT U&'!0041' UESCAPE '!'

-- accept
SELECT 'a' 'b'

-- accept
SELECT U&"\0041" FROM t

-- accept
SELECT `a``b`, `a.b`, `select`, `a b`, `名`, `!"#` FROM t

-- accept
SELECT a$b, $a, _a, a1, 名字, é FROM t

-- accept
SELECT 1a FROM t

-- accept
SELECT my-topic FROM t

-- accept
SELECT a -- c

-- accept
SELECT a // c

-- accept
SELECT a /* c */ FROM t

-- accept
SELECT a /* /* c */ FROM t

-- accept
SELECT 1, 1.5, .5, 1., 1e3, 1E-3, 1.5e+3, 00012

-- accept
SELECT 1e

-- accept
SELECT 0x1F

-- accept
SELECT 1L, 1.0f, 1d

-- accept
SELECT 1_000

-- accept
SELECT +1, -1, - 1, +-1, -+1

-- accept
SELECT - -1

-- accept
SELECT a <> b, a < b, a <= b, a > b, a >= b, a = b FROM t

-- accept
SELECT a % b, a * b, a / b, a + b, a - b, a || b FROM t

-- accept
SELECT ? FROM t WHERE a = ?

-- accept
SELECT a;

-- accept
SELECT a ; ;

-- accept
SELECT t.`value` FROM t

-- accept
SELECT user, current_user FROM t

-- accept
SELECT a AS `value` FROM t

-- accept
SELECT type, name, key, level, status, state, domain, data, label, role, id, ts, first, last, hours, days FROM t

-- accept
SELECT a AS first, b AS zone, c last, d key FROM t

-- accept
select A, b FROM T wHeRe a = 1

-- accept
SELECT a FROM t WHERE a LIKE 'x' ESCAPE '\'

-- accept before 2.0
SELECT datetime FROM t

-- accept before 2.0
SELECT qualify FROM t

-- accept before 2.0
SELECT monday FROM t

-- accept before 2.0
SELECT weeks, quarters FROM t

-- accept before 2.1
SELECT variant FROM t

-- accept before 2.1
SELECT structured FROM t

-- accept before 2.2
SELECT ordinal FROM t

-- accept before 2.2
SELECT safe_cast FROM t

-- accept before 2.2
SELECT try_cast FROM t

-- accept before 2.3
SELECT bitmap FROM t

-- accept before 2.3
SELECT connections FROM t

-- accept since 2.0
SELECT E'it\'s', E'a\nb', e'\u0041'

-- accept since 2.1
SELECT model FROM t

-- reject
SELECT 'it\'s'

-- reject
SELECT X'xy'

-- reject
SELECT U&'\004'

-- reject
SELECT _foo'x'

-- reject
SELECT 'a' N'b'

-- reject
SELECT "a"

-- reject
SELECT `` FROM t

-- reject
SELECT [a] FROM t

-- reject
SELECT a@b FROM t

-- reject
SELECT a#b FROM t

-- reject
SELECT #a FROM t

-- reject
SELECT a FROM my-topic

-- reject
SELECT 🙂 FROM t

-- reject
SELECT a /* /* c */ */ FROM t

-- reject
SELECT a /* c

-- reject
SELECT a # c

-- reject
SELECT 'a

-- reject
SELECT `a

-- reject
SELECT --1

-- reject
SELECT a != b FROM t

-- reject
SELECT a == b FROM t

-- reject
SELECT a <=> b FROM t

-- reject
SELECT a && b FROM t

-- reject
SELECT a & b FROM t

-- reject
SELECT a | b FROM t

-- reject
SELECT a ^ b FROM t

-- reject
SELECT ~a FROM t

-- reject
SELECT a << 1 FROM t

-- reject
SELECT !a FROM t

-- reject
SELECT a -> b FROM t

-- reject
SELECT a::INT FROM t

-- reject
SELECT :a FROM t

-- reject
SELECT @a FROM t

-- reject
SELECT a, FROM t

-- reject
SELECT FROM t

-- reject
SELECT , a FROM t

-- reject
SELECT a b c FROM t

-- reject
SELECT value FROM t

-- reject
SELECT t.value FROM t

-- reject
SELECT a AS value FROM t

-- reject
SELECT a value FROM t

-- reject
SELECT * FROM t AS order

-- reject
SELECT * FROM t order

-- reject
SELECT a AS 'x' FROM t

-- reject
SELECT a AS "x" FROM t

-- reject
SELECT

-- reject
FROM t

-- reject
SELECT 1 FROM

-- reject
SELEC 1

-- reject
SELECT 1 FROM t WHERE

-- reject
SELECT 1 FROM t WHERE a = 1 AND

-- reject
SELECT (1

-- reject
SELECT 1)
