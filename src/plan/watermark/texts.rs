//! Texts that say a time.

use super::candidate::{Ask, Candidate, Strategy, Time, column_sql, remark, score, scored};
use super::names;
use crate::catalog::TableColumn;
use crate::config::TextFormat;
use crate::time::TimeType;

/// A column of texts whose name says time. It always asks for the format: a text that it does not fit is NULL, and a
/// row without an event time belongs to the outgoing job.
pub(super) fn candidate(text: &str, column: &TableColumn) -> Candidate {
    let says = names::says(&column.name);
    Candidate {
        strategy: Strategy::Text,
        name: column.name.clone(),
        data_type: column
            .ty
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
        span: Some(column.span),
        time: time(&column_sql(text, column), &TextFormat::Sql),
        score: scored(score::TEXT, says),
        why: format!(
            "a text whose name says time, but not how it is written{}",
            remark(says)
        ),
        asks: Some(Ask::Format),
        column: None,
    }
}

/// The first letter of a pattern that stands for a zone or an offset, outside of quotes.
pub(super) fn offset_letter(pattern: &str) -> Option<char> {
    let mut quoted = false;
    pattern.chars().find(|c| {
        quoted ^= *c == '\'';
        !quoted && matches!(c, 'X' | 'x' | 'Z' | 'O' | 'V' | 'v' | 'z')
    })
}

/// The time of a text; NULL where the format does not fit.
/// Source: Flink docs, "System (Built-in) Functions", TO_TIMESTAMP; run in Flink 1.20.5 and 2.3.0.
pub(super) fn time(sql: &str, format: &TextFormat) -> Time {
    let sql = match format {
        TextFormat::Sql => format!("TO_TIMESTAMP({sql})"),
        // Without a pattern it takes any number of digits behind the dot.
        TextFormat::Iso8601 => {
            format!("TO_TIMESTAMP(REPLACE(REPLACE({sql}, 'T', ' '), 'Z', ''))")
        }
        TextFormat::Pattern(pattern) => {
            format!("TO_TIMESTAMP({sql}, '{}')", pattern.replace('\'', "''"))
        }
    };
    Time::Sql {
        sql,
        ty: TimeType::Timestamp,
        precision: 3,
        nullable: true,
    }
}
