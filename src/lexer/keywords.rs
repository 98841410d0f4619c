//! Flink's reserved words, by version. Each list is the token table of Flink's own parser, asked in
//! every release.

use crate::config::FlinkVersion::{self, V1_20, V2_0, V2_1, V2_2, V2_3};

/// Reserved from one version on, up to and without another.
struct Moved {
    word: &'static str,
    since: FlinkVersion,
    until: Option<FlinkVersion>,
}

const fn moved(word: &'static str, since: FlinkVersion, until: Option<FlinkVersion>) -> Moved {
    Moved { word, since, until }
}

/// Must this word be quoted to be a name? In any case.
pub fn is_reserved(word: &str, version: FlinkVersion) -> bool {
    in_upper_case(word, |upper| {
        RESERVED.binary_search(&upper).is_ok()
            || find_moved(upper)
                .is_some_and(|m| m.since <= version && m.until.is_none_or(|until| version < until))
    })
}

/// The version that made this word reserved, if that was 2.0 or later.
pub fn reserved_since(word: &str) -> Option<FlinkVersion> {
    in_upper_case(word, |upper| {
        find_moved(upper).map(|m| m.since).filter(|v| *v > V1_20)
    })
}

/// Calls `f` with the word in upper case; words longer than any reserved word as they are.
fn in_upper_case<T>(word: &str, f: impl FnOnce(&str) -> T) -> T {
    let mut buffer = [0u8; 40];
    match buffer.get_mut(..word.len()) {
        Some(upper) if word.is_ascii() => {
            upper.copy_from_slice(word.as_bytes());
            upper.make_ascii_uppercase();
            f(std::str::from_utf8(upper).unwrap_or(word))
        }
        _ => f(word),
    }
}

fn find_moved(upper: &str) -> Option<&'static Moved> {
    let at = MOVED.binary_search_by(|m| m.word.cmp(upper)).ok()?;
    Some(&MOVED[at])
}

const MOVED: &[Moved] = &[
    moved("BITMAP", V2_3, None),
    moved("CONNECTIONS", V2_3, None),
    moved("CONTAINS_SUBSTR", V2_2, None),
    moved("DATETIME", V2_0, None),
    moved("DATETIME_TRUNC", V2_2, None),
    moved("DATE_TRUNC", V2_0, None),
    moved("FRIDAY", V2_0, None),
    moved("JSON_SCOPE", V2_2, None),
    moved("MODEL", V1_20, Some(V2_1)),
    moved("MONDAY", V2_0, None),
    moved("ORDINAL", V2_2, None),
    moved("QUALIFY", V2_0, None),
    moved("QUARTERS", V2_0, None),
    moved("SAFE_CAST", V2_2, None),
    moved("SAFE_OFFSET", V2_2, None),
    moved("SAFE_ORDINAL", V2_2, None),
    moved("SATURDAY", V2_0, None),
    moved("STRUCTURED", V2_1, None),
    moved("SUNDAY", V2_0, None),
    moved("THURSDAY", V2_0, None),
    moved("TIMESTAMP_DIFF", V2_0, None),
    moved("TIMESTAMP_TRUNC", V2_0, None),
    moved("TIME_DIFF", V2_0, None),
    moved("TIME_TRUNC", V2_0, None),
    moved("TRY_CAST", V2_2, None),
    moved("TUESDAY", V2_0, None),
    moved("VARIANT", V2_1, None),
    moved("WEDNESDAY", V2_0, None),
    moved("WEEKS", V2_0, None),
];

/// Reserved in every version from 1.20 to 2.3.
#[rustfmt::skip]
const RESERVED: &[&str] = &[
    "ABS", "ALL", "ALLOCATE", "ALLOW", "ALTER", "AND", "ANY", "ARE", "ARRAY",
    "ARRAY_CONCAT_AGG", "ARRAY_MAX_CARDINALITY", "AS", "ASENSITIVE", "ASYMMETRIC", "AT",
    "ATOMIC", "AUTHORIZATION", "AVG", "BEGIN", "BEGIN_FRAME", "BEGIN_PARTITION", "BETWEEN",
    "BIGINT", "BINARY", "BIT", "BLOB", "BOOLEAN", "BOTH", "BUCKETS", "BY", "BYTES", "CALL",
    "CALLED", "CARDINALITY", "CASCADED", "CASE", "CAST", "CATALOGS", "CEIL", "CEILING", "CHAR",
    "CHARACTER", "CHARACTER_LENGTH", "CHAR_LENGTH", "CHECK", "CLASSIFIER", "CLOB", "CLOSE",
    "COALESCE", "COLLATE", "COLLECT", "COLUMN", "COMMENT", "COMMIT", "CONDITION", "CONNECT",
    "CONSTRAINT", "CONTAINS", "CONTINUOUS", "CONVERT", "CORR", "CORRESPONDING", "COUNT",
    "COVAR_POP", "COVAR_SAMP", "CREATE", "CROSS", "CUBE", "CUME_DIST", "CURRENT",
    "CURRENT_CATALOG", "CURRENT_DATE", "CURRENT_DEFAULT_TRANSFORM_GROUP", "CURRENT_PATH",
    "CURRENT_ROLE", "CURRENT_ROW", "CURRENT_SCHEMA", "CURRENT_TIME", "CURRENT_TIMESTAMP",
    "CURRENT_TRANSFORM_GROUP_FOR_TYPE", "CURRENT_USER", "CURSOR", "CYCLE", "DATABASES", "DATE",
    "DAY", "DEALLOCATE", "DEC", "DECIMAL", "DECLARE", "DEFAULT", "DEFINE", "DELETE",
    "DENSE_RANK", "DEREF", "DESCRIBE", "DETERMINISTIC", "DISALLOW", "DISCONNECT", "DISTINCT",
    "DISTRIBUTED", "DISTRIBUTION", "DOT", "DOUBLE", "DROP", "DYNAMIC", "EACH", "ELEMENT",
    "ELSE", "EMPTY", "END", "END-EXEC", "END_FRAME", "END_PARTITION", "EQUALS", "ESCAPE",
    "EVERY", "EXCEPT", "EXEC", "EXECUTE", "EXISTS", "EXP", "EXPLAIN", "EXTEND", "EXTENDED",
    "EXTERNAL", "EXTRACT", "FALSE", "FETCH", "FILTER", "FIRST_VALUE", "FLOAT", "FLOOR", "FOR",
    "FOREIGN", "FRAME_ROW", "FREE", "FRESHNESS", "FROM", "FULL", "FUNCTION", "FUNCTIONS",
    "FUSION", "GET", "GLOBAL", "GRANT", "GROUP", "GROUPING", "GROUPS", "GROUP_CONCAT", "HASH",
    "HAVING", "HOLD", "HOUR", "IDENTITY", "ILIKE", "IMPORT", "IN", "INCLUDE", "INDICATOR",
    "INITIAL", "INNER", "INOUT", "INSENSITIVE", "INSERT", "INT", "INTEGER", "INTERSECT",
    "INTERSECTION", "INTERVAL", "INTO", "IS", "JOIN", "JSON_ARRAY", "JSON_ARRAYAGG",
    "JSON_EXISTS", "JSON_OBJECT", "JSON_OBJECTAGG", "JSON_QUERY", "JSON_VALUE", "LAG",
    "LANGUAGE", "LARGE", "LAST_VALUE", "LATERAL", "LEAD", "LEADING", "LEFT", "LIKE",
    "LIKE_REGEX", "LIMIT", "LN", "LOCAL", "LOCALTIME", "LOCALTIMESTAMP", "LOWER", "MATCH",
    "MATCHES", "MATCH_NUMBER", "MATCH_RECOGNIZE", "MATERIALIZED", "MAX", "MEASURES", "MEMBER",
    "MERGE", "METHOD", "MIN", "MINUS", "MINUTE", "MOD", "MODELS", "MODIFIES", "MODIFY",
    "MODULE", "MODULES", "MONTH", "MULTISET", "NATIONAL", "NATURAL", "NCHAR", "NCLOB", "NEW",
    "NEXT", "NO", "NONE", "NORMALIZE", "NOT", "NTH_VALUE", "NTILE", "NULL", "NULLIF", "NUMERIC",
    "OCCURRENCES_REGEX", "OCTET_LENGTH", "OF", "OFFSET", "OLD", "OMIT", "ON", "ONE", "ONLY",
    "OPEN", "OR", "ORDER", "OUT", "OUTER", "OVER", "OVERLAPS", "OVERLAY", "PARAMETER",
    "PARTITION", "PATTERN", "PER", "PERCENT", "PERCENTILE_CONT", "PERCENTILE_DISC",
    "PERCENT_RANK", "PERIOD", "PERMUTE", "PIVOT", "PORTION", "POSITION", "POSITION_REGEX",
    "POWER", "PRECEDES", "PRECISION", "PREPARE", "PREV", "PRIMARY", "PROCEDURE", "PROCEDURES",
    "RANGE", "RANK", "RAW", "READS", "REAL", "RECURSIVE", "REF", "REFERENCES", "REFERENCING",
    "REFRESH", "REFRESH_MODE", "REGR_AVGX", "REGR_AVGY", "REGR_COUNT", "REGR_INTERCEPT",
    "REGR_R2", "REGR_SLOPE", "REGR_SXX", "REGR_SXY", "REGR_SYY", "RELEASE", "RENAME", "RESET",
    "RESULT", "RESUME", "RETURN", "RETURNS", "REVOKE", "RIGHT", "RLIKE", "ROLLBACK", "ROLLUP",
    "ROW", "ROWS", "ROW_NUMBER", "RUNNING", "SAVEPOINT", "SCALA", "SCOPE", "SCROLL", "SEARCH",
    "SECOND", "SEEK", "SELECT", "SENSITIVE", "SEPARATOR", "SESSION_USER", "SET", "SHOW",
    "SIMILAR", "SKIP", "SMALLINT", "SOME", "SPECIFIC", "SPECIFICTYPE", "SQL", "SQLEXCEPTION",
    "SQLSTATE", "SQLWARNING", "SQRT", "START", "STATEMENT", "STATIC", "STDDEV_POP",
    "STDDEV_SAMP", "STREAM", "STRING", "STRING_AGG", "SUBMULTISET", "SUBSET", "SUBSTRING",
    "SUBSTRING_REGEX", "SUCCEEDS", "SUM", "SUSPEND", "SYMMETRIC", "SYSTEM", "SYSTEM_TIME",
    "SYSTEM_USER", "TABLE", "TABLES", "TABLESAMPLE", "THEN", "TIME", "TIMESTAMP",
    "TIMESTAMP_LTZ", "TIMEZONE_HOUR", "TIMEZONE_MINUTE", "TINYINT", "TO", "TRAILING",
    "TRANSLATE", "TRANSLATE_REGEX", "TRANSLATION", "TREAT", "TRIGGER", "TRIM", "TRIM_ARRAY",
    "TRUE", "TRUNCATE", "UESCAPE", "UNION", "UNIQUE", "UNKNOWN", "UNNEST", "UNPIVOT", "UPDATE",
    "UPPER", "UPSERT", "USE", "USER", "USING", "VALUE", "VALUES", "VALUE_OF", "VARBINARY",
    "VARCHAR", "VARYING", "VAR_POP", "VAR_SAMP", "VERSIONING", "VIEWS", "WATERMARK",
    "WATERMARKS", "WHEN", "WHENEVER", "WHERE", "WIDTH_BUCKET", "WINDOW", "WITH", "WITHIN",
    "WITHOUT", "YEAR",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(RESERVED.is_sorted());
        assert!(MOVED.is_sorted_by_key(|m| m.word));
    }

    #[test]
    fn versions_decide() {
        let reserved = |word| [V1_20, V2_0, V2_1, V2_2, V2_3].map(|v| is_reserved(word, v));
        assert_eq!(reserved("dateTime"), [false, true, true, true, true]);
        assert_eq!(reserved("MODEL"), [true, true, false, false, false]);
        assert_eq!(reserved("variant"), [false, false, true, true, true]);
        assert_eq!(reserved("value"), [true; 5]);
        assert_eq!(reserved("ts"), [false; 5]);
        assert_eq!(reserved_since("bitmap"), Some(V2_3));
        assert_eq!(reserved_since("select"), None);
    }
}
