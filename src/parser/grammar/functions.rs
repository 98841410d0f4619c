//! Which keywords name functions and values.

use super::K;

/// Functions with an ORDER BY of their own within the parentheses.
pub(super) fn is_aggregate_with_order(keyword: K) -> bool {
    use K::*;
    matches!(
        keyword,
        ARRAY_AGG | ARRAY_CONCAT_AGG | GROUP_CONCAT | STRING_AGG
    )
}

/// Reserved words that are names of functions.
pub(super) fn is_function_name(keyword: K) -> bool {
    use K::*;
    matches!(
        keyword,
        ABS | AVG
            | CARDINALITY
            | CEILING
            | CHAR
            | CHAR_LENGTH
            | CHARACTER_LENGTH
            | COALESCE
            | COLLECT
            | COVAR_POP
            | COVAR_SAMP
            | CUME_DIST
            | COUNT
            | CURRENT_DATE
            | CURRENT_TIME
            | CURRENT_TIMESTAMP
            | DENSE_RANK
            | ELEMENT
            | EVERY
            | EXP
            | FIRST_VALUE
            | FLOOR
            | FUSION
            | INTERSECTION
            | GROUPING
            | HOUR
            | LAG
            | LEAD
            | LEFT
            | LAST_VALUE
            | LN
            | LOCALTIME
            | LOCALTIMESTAMP
            | LOWER
            | MAX
            | MIN
            | MINUTE
            | MOD
            | MONTH
            | NTH_VALUE
            | NTILE
            | NULLIF
            | OCTET_LENGTH
            | PERCENTILE_CONT
            | PERCENTILE_DISC
            | PERCENT_RANK
            | POWER
            | RANK
            | REGR_COUNT
            | REGR_SXX
            | REGR_SYY
            | RIGHT
            | ROW_NUMBER
            | SECOND
            | SOME
            | SQRT
            | STDDEV_POP
            | STDDEV_SAMP
            | SUM
            | UPPER
            | TRUNCATE
            | USER
            | VAR_POP
            | VAR_SAMP
            | YEAR
    )
}

/// Reserved words that are values without parentheses.
pub(super) fn is_context_variable(keyword: K) -> bool {
    use K::*;
    matches!(
        keyword,
        CURRENT_CATALOG
            | CURRENT_DATE
            | CURRENT_DEFAULT_TRANSFORM_GROUP
            | CURRENT_PATH
            | CURRENT_ROLE
            | CURRENT_SCHEMA
            | CURRENT_TIME
            | CURRENT_TIMESTAMP
            | CURRENT_USER
            | LOCALTIME
            | LOCALTIMESTAMP
            | SESSION_USER
            | SYSTEM_USER
            | USER
    )
}

pub(super) fn is_jdbc_type(keyword: K) -> bool {
    use K::*;
    matches!(
        keyword,
        CHAR | VARCHAR
            | DATE
            | TIME
            | TIMESTAMP
            | DECIMAL
            | NUMERIC
            | BOOLEAN
            | INTEGER
            | BINARY
            | VARBINARY
            | TINYINT
            | SMALLINT
            | BIGINT
            | REAL
            | DOUBLE
            | FLOAT
    ) || keyword.text().starts_with("SQL_") && !keyword.text().starts_with("SQL_TSI")
}
