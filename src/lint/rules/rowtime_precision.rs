//! A watermark on a timestamp with more digits than Flink takes.
//!
//! ## What it does
//! Reports watermarks on a TIMESTAMP or TIMESTAMP_LTZ column whose precision is above 3. A type without a precision, as
//! `TIMESTAMP`, has 6.
//!
//! ## Why is this bad?
//! Flink refuses the table: "Invalid data type of time field for watermark definition. The field must be of type
//! TIMESTAMP(p) or TIMESTAMP_LTZ(p), the supported precision 'p' is from 0 to 3" (run in Flink 1.20.5 and 2.3.0; Flink
//! docs, CREATE TABLE, "WATERMARK").
//!
//! ## Example
//! ```sql
//! CREATE TABLE clicks (id BIGINT, ts TIMESTAMP, WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
//! WITH ('connector' = 'kafka', 'format' = 'json');
//! ```
//!
//! Use instead:
//! ```sql
//! CREATE TABLE clicks (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
//! WITH ('connector' = 'kafka', 'format' = 'json');
//! ```
//!
//! ## Fix
//! Unsafe: declares the column with precision 3. Digits below a millisecond are then lost for every query; where they are
//! needed, a computed column `rowtime AS CAST(ts AS TIMESTAMP(3))` can carry the watermark. Computed columns have no fix.

use crate::diagnostic::Severity;
use crate::lint::{Check, Finding};

pub const FINDING: Finding = Finding::new("rowtime-precision", Severity::Error, Check::Stage);

#[cfg(test)]
mod tests {
    use crate::config::Settings;
    use crate::lint::testing::{fixed, says, silent};

    fn table(columns: &str) -> String {
        format!(
            "CREATE TABLE t ({columns}, WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka');\n"
        )
    }

    #[test]
    fn flink_refuses_it() {
        insta::assert_snapshot!(says("rowtime-precision", &table("ts TIMESTAMP(6)")), @r#"
        error[rowtime-precision]: the precision of `ts` is 6, a rowtime has at most 3
         --> job.sql:1:34
          |
        1 | CREATE TABLE t (ts TIMESTAMP(6), WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka');
          |                 -- the column    ^^^^^^^^^^^^^^^^^^^^^^
          |
          = note: Flink: "Invalid data type of time field for watermark definition": TIMESTAMP(p) or TIMESTAMP_LTZ(p), p from 0 to 3
          = help: declare the column as TIMESTAMP(3)
          = help: or a computed column, `rowtime AS CAST(`ts` AS TIMESTAMP(3))`, and the watermark on that
        help: declare it with precision 3 (may change the meaning)
          |
        1 - CREATE TABLE t (ts TIMESTAMP(6), WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka');
        1 + CREATE TABLE t (ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka');
          |
        "#);
        assert_ne!(
            says(
                "rowtime-precision",
                &table("x TIMESTAMP(9), ts AS CAST(x AS TIMESTAMP)")
            ),
            ""
        );
        // One thing is said once.
        let found = crate::check(&table("ts TIMESTAMP(6)"), &Settings::default());
        assert_eq!(
            found.iter().filter(|d| d.is_error()).count(),
            1,
            "{found:#?}"
        );
    }

    #[test]
    fn three_digits_are_written() {
        for (before, after) in [
            ("ts TIMESTAMP(6)", "ts TIMESTAMP(3)"),
            (
                "ts TIMESTAMP /* ! */ ( 9 ) NOT NULL",
                "ts TIMESTAMP /* ! */ ( 3 ) NOT NULL",
            ),
            ("`ts` TIMESTAMP", "`ts` TIMESTAMP(3)"),
            (
                "ts TIMESTAMP_LTZ COMMENT 'x'",
                "ts TIMESTAMP_LTZ(3) COMMENT 'x'",
            ),
            (
                "ts TIMESTAMP WITH LOCAL TIME ZONE",
                "ts TIMESTAMP(3) WITH LOCAL TIME ZONE",
            ),
        ] {
            assert_eq!(fixed("rowtime-precision", &table(before)), table(after));
        }
    }

    #[test]
    fn flink_takes_it() {
        let fine = [
            "ts TIMESTAMP(3)",
            "ts TIMESTAMP_LTZ(0)",
            "x TIMESTAMP(6), ts AS CAST(x AS TIMESTAMP(3))",
        ];
        silent(
            "rowtime-precision",
            &fine.map(table).each_ref().map(String::as_str),
        );
        silent(
            "rowtime-precision",
            &["CREATE TABLE t (ts TIMESTAMP(6)) WITH ('connector' = 'kafka');"],
        );
    }
}
