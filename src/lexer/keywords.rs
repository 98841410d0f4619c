//! Flink SQL's keywords, and which of them are reserved in which release.
//!
//! A reserved word is an identifier only in backticks. The sets are those of Flink's own parsers
//! (1.20.5, 2.0.2, 2.1.3, 2.2.1, 2.3.0).

use crate::config::FlinkVersion;

/// In which releases a keyword is reserved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reserved {
    Always,
    Since(FlinkVersion),
    /// Only in releases older than this one.
    Before(FlinkVersion),
    /// Has a meaning in some places, but is an identifier everywhere else.
    Never,
}

macro_rules! keywords {
    ($($reserved:expr => { $($word:ident)* })*) => {
        /// A keyword, named as Flink spells it. Every reserved word is here; of the others those that
        /// queries and expressions know.
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u16)]
        pub enum Keyword { $($($word,)*)* }

        const ALL: &[(Keyword, &str, Reserved)] =
            &[$($((Keyword::$word, stringify!($word), $reserved),)*)*];
    };
}

// Sorted within each block.
keywords! {
    Reserved::Always => {
        ABS ALL ALLOCATE ALLOW ALTER AND ANY ARE ARRAY ARRAY_CONCAT_AGG ARRAY_MAX_CARDINALITY AS
        ASENSITIVE ASYMMETRIC AT ATOMIC AUTHORIZATION AVG BEGIN BEGIN_FRAME BEGIN_PARTITION BETWEEN
        BIGINT BINARY BIT BLOB BOOLEAN BOTH BUCKETS BY BYTES CALL CALLED CARDINALITY CASCADED CASE
        CAST CATALOGS CEIL CEILING CHAR CHARACTER CHARACTER_LENGTH CHAR_LENGTH CHECK CLASSIFIER CLOB
        CLOSE COALESCE COLLATE COLLECT COLUMN COMMENT COMMIT CONDITION CONNECT CONSTRAINT CONTAINS
        CONTINUOUS CONVERT CORR CORRESPONDING COUNT COVAR_POP COVAR_SAMP CREATE CROSS CUBE CUME_DIST
        CURRENT CURRENT_CATALOG CURRENT_DATE CURRENT_DEFAULT_TRANSFORM_GROUP CURRENT_PATH
        CURRENT_ROLE CURRENT_ROW CURRENT_SCHEMA CURRENT_TIME CURRENT_TIMESTAMP
        CURRENT_TRANSFORM_GROUP_FOR_TYPE CURRENT_USER CURSOR CYCLE DATABASES DATE DAY DEALLOCATE DEC
        DECIMAL DECLARE DEFAULT DEFINE DELETE DENSE_RANK DEREF DESCRIBE DETERMINISTIC DISALLOW
        DISCONNECT DISTINCT DISTRIBUTED DISTRIBUTION DOT DOUBLE DROP DYNAMIC EACH ELEMENT ELSE EMPTY
        END END_FRAME END_PARTITION EQUALS ESCAPE EVERY EXCEPT EXEC EXECUTE EXISTS EXP EXPLAIN
        EXTEND EXTENDED EXTERNAL EXTRACT FALSE FETCH FILTER FIRST_VALUE FLOAT FLOOR FOR FOREIGN
        FRAME_ROW FREE FRESHNESS FROM FULL FUNCTION FUNCTIONS FUSION GET GLOBAL GRANT GROUP GROUPING
        GROUPS GROUP_CONCAT HASH HAVING HOLD HOUR IDENTITY ILIKE IMPORT IN INCLUDE INDICATOR INITIAL
        INNER INOUT INSENSITIVE INSERT INT INTEGER INTERSECT INTERSECTION INTERVAL INTO IS JOIN
        JSON_ARRAY JSON_ARRAYAGG JSON_EXISTS JSON_OBJECT JSON_OBJECTAGG JSON_QUERY JSON_VALUE LAG
        LANGUAGE LARGE LAST_VALUE LATERAL LEAD LEADING LEFT LIKE LIKE_REGEX LIMIT LN LOCAL LOCALTIME
        LOCALTIMESTAMP LOWER MATCH MATCHES MATCH_NUMBER MATCH_RECOGNIZE MATERIALIZED MAX MEASURES
        MEMBER MERGE METHOD MIN MINUS MINUTE MOD MODELS MODIFIES MODIFY MODULE MODULES MONTH
        MULTISET NATIONAL NATURAL NCHAR NCLOB NEW NEXT NO NONE NORMALIZE NOT NTH_VALUE NTILE NULL
        NULLIF NUMERIC OCCURRENCES_REGEX OCTET_LENGTH OF OFFSET OLD OMIT ON ONE ONLY OPEN OR ORDER
        OUT OUTER OVER OVERLAPS OVERLAY PARAMETER PARTITION PATTERN PER PERCENT PERCENTILE_CONT
        PERCENTILE_DISC PERCENT_RANK PERIOD PERMUTE PIVOT PORTION POSITION POSITION_REGEX POWER
        PRECEDES PRECISION PREPARE PREV PRIMARY PROCEDURE PROCEDURES RANGE RANK RAW READS REAL
        RECURSIVE REF REFERENCES REFERENCING REFRESH REFRESH_MODE REGR_AVGX REGR_AVGY REGR_COUNT
        REGR_INTERCEPT REGR_R2 REGR_SLOPE REGR_SXX REGR_SXY REGR_SYY RELEASE RENAME RESET RESULT
        RESUME RETURN RETURNS REVOKE RIGHT RLIKE ROLLBACK ROLLUP ROW ROWS ROW_NUMBER RUNNING
        SAVEPOINT SCALA SCOPE SCROLL SEARCH SECOND SEEK SELECT SENSITIVE SEPARATOR SESSION_USER SET
        SHOW SIMILAR SKIP SMALLINT SOME SPECIFIC SPECIFICTYPE SQL SQLEXCEPTION SQLSTATE SQLWARNING
        SQRT START STATEMENT STATIC STDDEV_POP STDDEV_SAMP STREAM STRING STRING_AGG SUBMULTISET
        SUBSET SUBSTRING SUBSTRING_REGEX SUCCEEDS SUM SUSPEND SYMMETRIC SYSTEM SYSTEM_TIME
        SYSTEM_USER TABLE TABLES TABLESAMPLE THEN TIME TIMESTAMP TIMESTAMP_LTZ TIMEZONE_HOUR
        TIMEZONE_MINUTE TINYINT TO TRAILING TRANSLATE TRANSLATE_REGEX TRANSLATION TREAT TRIGGER TRIM
        TRIM_ARRAY TRUE TRUNCATE UESCAPE UNION UNIQUE UNKNOWN UNNEST UNPIVOT UPDATE UPPER UPSERT USE
        USER USING VALUE VALUES VALUE_OF VARBINARY VARCHAR VARYING VAR_POP VAR_SAMP VERSIONING VIEWS
        WATERMARK WATERMARKS WHEN WHENEVER WHERE WIDTH_BUCKET WINDOW WITH WITHIN WITHOUT YEAR
    }
    Reserved::Since(FlinkVersion::V2_0) => {
        DATETIME DATE_TRUNC FRIDAY MONDAY QUALIFY QUARTERS SATURDAY SUNDAY THURSDAY TIMESTAMP_DIFF
        TIMESTAMP_TRUNC TIME_DIFF TIME_TRUNC TUESDAY WEDNESDAY WEEKS
    }
    Reserved::Since(FlinkVersion::V2_1) => {
        STRUCTURED VARIANT
    }
    Reserved::Since(FlinkVersion::V2_2) => {
        CONTAINS_SUBSTR DATETIME_TRUNC JSON_SCOPE ORDINAL SAFE_CAST SAFE_OFFSET SAFE_ORDINAL
        TRY_CAST
    }
    Reserved::Since(FlinkVersion::V2_3) => {
        BITMAP CONNECTIONS
    }
    Reserved::Before(FlinkVersion::V2_1) => {
        MODEL
    }
    Reserved::Never => {
        A ABSENT AFTER ARRAY_AGG ASC BERNOULLI CENTURY CONDITIONAL DATETIME_DIFF DATE_DIFF DAYOFWEEK
        DAYOFYEAR DAYS DECADE DESC DOW DOY ENCODING EPOCH ERROR EXCLUDE FINAL FIRST FOLLOWING FORMAT
        FRAC_SECOND GEOMETRY HOP HOURS IGNORE IMMEDIATELY INCLUDING ISODOW ISOYEAR JSON KEY LAST MAP
        MICROSECOND MILLENNIUM MILLISECOND MINUTES MONTHS NANOSECOND NULLS OBJECT ORDINALITY PARTIAL
        PASSING PAST PLACING PRECEDING QUARTER REPEATABLE RESPECT RETURNING SCALAR SECONDS SESSION
        SETS SQL_BIGINT SQL_BINARY SQL_BIT SQL_BLOB SQL_BOOLEAN SQL_CHAR SQL_CLOB SQL_DATE
        SQL_DECIMAL SQL_DOUBLE SQL_FLOAT SQL_INTEGER SQL_INTERVAL_DAY SQL_INTERVAL_DAY_TO_HOUR
        SQL_INTERVAL_DAY_TO_MINUTE SQL_INTERVAL_DAY_TO_SECOND SQL_INTERVAL_HOUR
        SQL_INTERVAL_HOUR_TO_MINUTE SQL_INTERVAL_HOUR_TO_SECOND SQL_INTERVAL_MINUTE
        SQL_INTERVAL_MINUTE_TO_SECOND SQL_INTERVAL_MONTH SQL_INTERVAL_SECOND SQL_INTERVAL_YEAR
        SQL_INTERVAL_YEAR_TO_MONTH SQL_LONGVARBINARY SQL_LONGVARCHAR SQL_LONGVARNCHAR SQL_NCHAR
        SQL_NCLOB SQL_NUMERIC SQL_NVARCHAR SQL_REAL SQL_SMALLINT SQL_TIME SQL_TIMESTAMP SQL_TINYINT
        SQL_TSI_DAY SQL_TSI_FRAC_SECOND SQL_TSI_HOUR SQL_TSI_MICROSECOND SQL_TSI_MINUTE
        SQL_TSI_MONTH SQL_TSI_QUARTER SQL_TSI_SECOND SQL_TSI_WEEK SQL_TSI_YEAR SQL_VARBINARY
        SQL_VARCHAR SUBSTITUTE TIMESTAMPADD TIMESTAMPDIFF TUMBLE UNBOUNDED UNCONDITIONAL UTF16 UTF32
        UTF8 WEEK WRAPPER YEARS ZONE
    }
}

/// A power of two, at least twice the number of keywords: most look-ups end at the first slot.
const SLOTS: usize = 2048;
const FREE: u16 = u16::MAX;
/// Open addressing; a slot holds an index into [`ALL`].
static TABLE: [u16; SLOTS] = table();
const LONGEST: usize = longest();

/// Equal for words that differ only in ASCII case.
const fn slot(word: &[u8]) -> usize {
    let mut hash: u32 = 0x811c_9dc5;
    let mut i = 0;
    while i < word.len() {
        hash = (hash ^ (word[i] & 0xDF) as u32).wrapping_mul(0x0100_0193);
        i += 1;
    }
    (hash ^ (hash >> 15)) as usize & (SLOTS - 1)
}

const fn table() -> [u16; SLOTS] {
    let mut table = [FREE; SLOTS];
    let mut i = 0;
    while i < ALL.len() {
        let mut at = slot(ALL[i].1.as_bytes());
        while table[at] != FREE {
            at = (at + 1) & (SLOTS - 1);
        }
        table[at] = i as u16;
        i += 1;
    }
    table
}

const fn longest() -> usize {
    let (mut longest, mut i) = (0, 0);
    while i < ALL.len() {
        if ALL[i].1.len() > longest {
            longest = ALL[i].1.len();
        }
        i += 1;
    }
    longest
}

impl Keyword {
    /// The keyword that an unquoted word is, in any ASCII case.
    pub fn of(word: &str) -> Option<Self> {
        if word.len() > LONGEST {
            return None;
        }
        let mut at = slot(word.as_bytes());
        while TABLE[at] != FREE {
            let (keyword, text, _) = ALL[usize::from(TABLE[at])];
            if text.eq_ignore_ascii_case(word) {
                return Some(keyword);
            }
            at = (at + 1) & (SLOTS - 1);
        }
        None
    }

    /// All of them, in upper case.
    pub fn all() -> impl Iterator<Item = &'static str> {
        ALL.iter().map(|(_, text, _)| *text)
    }

    /// In upper case.
    pub fn text(self) -> &'static str {
        ALL[self as usize].1
    }

    pub fn reserved(self) -> Reserved {
        ALL[self as usize].2
    }

    /// Must this word be in backticks to be an identifier?
    pub fn is_reserved(self, version: FlinkVersion) -> bool {
        match self.reserved() {
            Reserved::Always => true,
            Reserved::Since(first) => version >= first,
            Reserved::Before(end) => version < end,
            Reserved::Never => false,
        }
    }
}

/// Must this word be in backticks to be an identifier? In any ASCII case.
pub fn is_reserved(word: &str, version: FlinkVersion) -> bool {
    Keyword::of(word).is_some_and(|k| k.is_reserved(version))
}

#[cfg(test)]
mod tests {
    use super::*;
    use FlinkVersion::*;

    #[test]
    fn words_move_between_releases() {
        let versions = [V1_20, V2_0, V2_1, V2_2, V2_3];
        let check = |word, expect: [bool; 5]| {
            assert_eq!(versions.map(|v| is_reserved(word, v)), expect, "{word}");
        };
        check("select", [true; 5]);
        check("Value", [true; 5]);
        check("user", [true; 5]);
        check("event_time", [false; 5]);
        check("map", [false; 5]);
        check("", [false; 5]);
        check("ſelect", [false; 5]);
        check("DateTime", [false, true, true, true, true]);
        check("model", [true, true, false, false, false]);
        check("variant", [false, false, true, true, true]);
        check("try_cast", [false, false, false, true, true]);
        check("bitmap", [false, false, false, false, true]);
    }

    #[test]
    fn as_many_as_flink_has() {
        // `END-EXEC` is one keyword in Flink; its first half is reserved too.
        let count = |v| ALL.iter().filter(|(k, ..)| k.is_reserved(v)).count();
        assert_eq!([V1_20, V2_3].map(count), [404, 431]);
    }

    #[test]
    fn every_keyword_finds_itself() {
        for (keyword, text, _) in ALL {
            assert_eq!(Keyword::of(&text.to_lowercase()), Some(*keyword));
        }
    }
}
