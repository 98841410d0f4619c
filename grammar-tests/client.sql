-- What Flink reads by patterns on the whole statement, before its grammar: SET, RESET, QUIT, EXIT, CLEAR, HELP.
-- README.md says how this file is read.

-- accept
SET a.b = c

-- accept
SET a.b-c.d = 10s

-- accept
SET a=b

-- accept
SET a = 'b c'

-- accept
SET `a` = `b`

-- accept
SET
a
=
b

-- accept
RESET a.b-c

-- accept
QUIT;

-- accept
help

-- accept
EXIT

-- accept
CLEAR

-- reject
SET a = b c

-- reject
SET a TO b

-- reject
SET a

-- reject
SET a == b c

-- reject
SET a =

-- reject
SET = a

-- reject
RESET a b

-- reject
HELP ME

-- reject
QUIT 1

-- reject
/* note */ SET a = b

-- reject
SET a = b -- note
