//! An interval literal that Flink rejects.
//!
//! ## What it does
//! Reports interval literals, anywhere in the script, that have more digits than their leading unit takes, a precision
//! that Flink does not plan, or not the form of their units.
//!
//! ## Why is this bad?
//! The leading field of an interval has two digits unless it says otherwise: `INTERVAL '120' SECOND` fails with "Interval
//! field value 120 exceeds precision of SECOND(2) field". A precision of 4 and more for days and less is worse: with it in
//! a watermark the table is created, and every query on it fails with "DAY_INTERVAL_TYPES precision is not supported". In
//! a query it fails where the value is used (a warning), and does no harm as the size of a window. Leading zeros do not
//! count, and numbers without quotes have no such limit. (Asked of Flink 1.20.5 and 2.3.0, which agree.)
//!
//! ## Example
//! ```sql
//! CREATE TABLE clicks (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '120' SECOND)
//! WITH ('connector' = 'kafka', 'format' = 'json');
//! ```
//!
//! Use instead:
//! ```sql
//! CREATE TABLE clicks (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '2' MINUTE)
//! WITH ('connector' = 'kafka', 'format' = 'json');
//! ```
//!
//! ## Fix
//! Safe: writes the same length in a longer unit, with a precision of 3, or as `DAY TO SECOND`. There is none for
//! intervals of 1000 days and more, nor where the text has not the form of its units.

use crate::diagnostic::Severity;
use crate::lint::{Check, Finding};

pub const FINDING: Finding = Finding::new("rejected-interval", Severity::Error, Check::Stage);

#[cfg(test)]
mod tests {
    use crate::lint::testing::{fixed, says, silent};

    fn query(interval: &str) -> String {
        format!(
            "CREATE TABLE t (ts TIMESTAMP(3)) WITH ('connector' = 'kafka', 'format' = 'json');\n\
             SELECT ts - {interval} FROM t;\n"
        )
    }

    fn watermark(interval: &str) -> String {
        format!(
            "CREATE TABLE t (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - {interval})\n\
             WITH ('connector' = 'kafka', 'format' = 'json');\n"
        )
    }

    #[test]
    fn it_is_shown_where_it_stands() {
        insta::assert_snapshot!(says("rejected-interval", &query("INTERVAL '120' SECOND")), @r#"
        error[rejected-interval]: the interval '120' has more digits than its unit takes, 2
         --> job.sql:2:13
          |
        2 | SELECT ts - INTERVAL '120' SECOND FROM t;
          |             ^^^^^^^^^^^^^^^^^^^^^
          |
          = note: Flink: "Interval field value … exceeds precision of SECOND(2) field"
        help: write '2' MINUTE
          |
        2 - SELECT ts - INTERVAL '120' SECOND FROM t;
        2 + SELECT ts - INTERVAL '2' MINUTE FROM t;
          |
        "#);
        insta::assert_snapshot!(says("rejected-interval", &watermark("INTERVAL '1:60' HOUR TO MINUTE")), @r#"
        error[rejected-interval]: '1:60' is no interval of HOUR TO MINUTE
         --> job.sql:1:70
          |
        1 | CREATE TABLE t (id BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1:60' HOUR TO MINUTE)
          |                                                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = note: Flink: "Illegal interval literal format"
          = help: DAY TO SECOND is written '1 02:03:04.567', YEAR TO MONTH '1-6', with hours below 24, minutes and seconds below 60, months below 12
        "#);
    }

    /// As Flink 1.20.5 and 2.3.0 answer.
    #[test]
    fn flink_takes_these() {
        let fine = [
            "INTERVAL '99' SECOND",
            "INTERVAL '099' SECOND",
            "INTERVAL '-99' DAY",
            "INTERVAL '+99' HOUR",
            "INTERVAL ' 99 ' DAY",
            "INTERVAL '9' SECOND(1)",
            "INTERVAL '999' SECOND(3)",
            "INTERVAL '999' DAY(3)",
            "INTERVAL '99999' MONTH(5)",
            "INTERVAL '1' YEAR(10)",
            "INTERVAL '5.123456' SECOND",
            "INTERVAL '99.999' SECOND",
            "INTERVAL '100.5' SECOND(3, 3)",
            "INTERVAL '5.123456789' SECOND(2, 9)",
            "INTERVAL '100:00' MINUTE(3) TO SECOND",
            "INTERVAL '1:5' MINUTE TO SECOND",
            "INTERVAL '1 23' DAY TO HOUR",
            "INTERVAL '1 2:3:4' DAY TO SECOND",
            "INTERVAL '100 0:0:0' DAY(3) TO SECOND(3)",
            "INTERVAL '1-11' YEAR TO MONTH",
            "INTERVAL 100000 SECOND",
            "INTERVAL -'99' SECOND",
            "INTERVAL '99' SECONDS",
        ];
        silent(
            "rejected-interval",
            &fine.map(query).each_ref().map(String::as_str),
        );
        silent(
            "rejected-interval",
            &[
                "SELECT 'INTERVAL ''100'' SECOND';",
                &query("INTERVAL '${n}' SECOND"),
            ],
        );
    }

    /// Likewise.
    #[test]
    fn flink_rejects_these() {
        for interval in [
            "INTERVAL '100' SECOND",
            "INTERVAL '0100' SECOND",
            "INTERVAL '-100' DAY",
            "INTERVAL '100' YEAR",
            "INTERVAL -'100' SECOND",
            "INTERVAL '100' MINUTES",
            "INTERVAL '1' SECOND(4)",
            "INTERVAL '9999' DAY(4)",
            "INTERVAL '1' SECOND(11)",
            "INTERVAL '5' SECOND(0)",
            "INTERVAL '5' SECOND(2, 0)",
            "INTERVAL '5.1' SECOND(2, 10)",
            "INTERVAL '9999999999' MONTH(10)",
            "INTERVAL '5.1234567' SECOND",
            "INTERVAL '.5' SECOND",
            "INTERVAL '5.' SECOND",
            "INTERVAL '100.5' SECOND",
            "INTERVAL '5.1234' SECOND(2, 3)",
            "INTERVAL '99:60' MINUTE TO SECOND",
            "INTERVAL '1 24' DAY TO HOUR",
            "INTERVAL '1:60' HOUR TO MINUTE",
            "INTERVAL '1 2:3:4.1234' DAY TO SECOND(3)",
            "INTERVAL '1-12' YEAR TO MONTH",
            "INTERVAL '100-6' YEAR TO MONTH",
            "INTERVAL '1' DAY TO SECOND",
            "INTERVAL '1:2' SECOND",
            "INTERVAL 'x' DAY",
            "INTERVAL '1 day' DAY",
            "INTERVAL '100 0:0:0' DAY TO SECOND",
            "INTERVAL '1000 0:0:0' DAY(4) TO SECOND(3)",
        ] {
            assert_ne!(
                says("rejected-interval", &query(interval)),
                "",
                "{interval}"
            );
        }
    }

    #[test]
    fn the_same_length_in_a_form_that_works() {
        for (before, after) in [
            ("INTERVAL '120' SECOND", "INTERVAL '2' MINUTE"),
            ("INTERVAL '-120' SECONDS", "INTERVAL '-2' MINUTE"),
            ("INTERVAL '86400' SECOND(5)", "INTERVAL '1' DAY"),
            ("INTERVAL '100' SECOND", "INTERVAL '100' SECOND(3)"),
            ("INTERVAL '100.5' SECOND", "INTERVAL '100.5' SECOND(3)"),
            ("INTERVAL '5' SECOND(5)", "INTERVAL '5' SECOND(3)"),
            (
                "INTERVAL '5.25' SECOND(4, 3)",
                "INTERVAL '5.25' SECOND(3, 3)",
            ),
            (
                "INTERVAL '100:00' MINUTE TO SECOND",
                "INTERVAL '100:00' MINUTE(3) TO SECOND",
            ),
            (
                "INTERVAL '5000.25' SECOND",
                "INTERVAL '0 01:23:20.25' DAY TO SECOND",
            ),
            (
                "INTERVAL '10001' HOUR",
                "INTERVAL '416 17:00:00' DAY(3) TO SECOND",
            ),
            ("INTERVAL '365' DAY", "INTERVAL '365' DAY(3)"),
            ("INTERVAL '1200' MONTH", "INTERVAL '1200' MONTH(4)"),
            ("INTERVAL '100' YEAR", "INTERVAL '100' YEAR(3)"),
        ] {
            assert_eq!(fixed("rejected-interval", &query(before)), query(after));
        }
        assert!(!says("rejected-interval", &query("INTERVAL '1000' DAY")).contains("write"));
    }

    #[test]
    fn watermarks_and_views_too() {
        assert_eq!(
            fixed("rejected-interval", &watermark("INTERVAL '600' SECOND")),
            watermark("INTERVAL '10' MINUTE")
        );
        let view = "CREATE TEMPORARY VIEW v AS SELECT ts + INTERVAL '120' MINUTE AS x FROM t;\n";
        let text = query("INTERVAL '1' DAY") + view;
        assert_eq!(
            fixed("rejected-interval", &text),
            text.replace("'120' MINUTE", "'2' HOUR")
        );
    }

    /// The table can be created; what reads it fails.
    #[test]
    fn a_precision_that_is_not_planned_matters_where_it_is_read() {
        let text = watermark("INTERVAL '1' SECOND(5)");
        assert_eq!(says("rejected-interval", &text), "");
        let sink = "CREATE TABLE s (id BIGINT) WITH ('connector' = 'print');\nINSERT INTO s SELECT id FROM t;\n";
        assert_ne!(says("rejected-interval", &(text + sink)), "");
        let columns =
            "id INT, ts TIMESTAMP(3), x AS ts - INTERVAL '1' SECOND(5), WATERMARK FOR ts AS ts";
        let table = format!(
            "CREATE TABLE t ({columns}) WITH ('connector' = 'kafka', 'format' = 'json');\n"
        );
        silent(
            "rejected-interval",
            &[
                &format!("{table}SELECT id FROM t;"),
                &format!(
                    "{table}SELECT COUNT(*) FROM t GROUP BY TUMBLE(ts, INTERVAL '120' SECOND(5));"
                ),
                &format!(
                    "{table}CREATE MATERIALIZED TABLE m FRESHNESS = INTERVAL '30' DAY TO HOUR AS SELECT id FROM t;"
                ),
            ],
        );
    }
}
