//! The event time that the configuration names for a table.

use super::candidate::{Candidate, Strategy, Time, score};
use super::nested::{self, Field};
use super::{
    Decided, config_lines, epoch, expression, metadata, names, nearest, physical, refuse, texts,
};
use crate::catalog::{Table, TableColumn, connectors};
use crate::config::{FlinkVersion, TableSettings, TextFormat, Unit};
use crate::diagnostic::Diagnostic;
use crate::syntax::{DataType, TypeKind};
use crate::text::Span;
use crate::time::TimeType;

/// A table whose event time is asked for.
pub(super) struct Asked<'a> {
    pub text: &'a str,
    pub table: &'a Table,
    /// As the script writes it, and where.
    pub name: &'a str,
    /// Its name in `tidegate.toml`.
    pub key: &'a str,
    pub place: Span,
    pub version: FlinkVersion,
}

const WHY: &str = "named in the configuration";

/// `None` where the configuration names nothing.
///
/// # Errors
/// What keeps it from being the event time, with the way that works.
pub(super) fn candidate(asked: &Asked<'_>, settings: &TableSettings) -> Decided<Option<Candidate>> {
    if let Some(path) = &settings.column {
        return column(asked, path, settings).map(Some);
    }
    if let Some(sql) = &settings.expression {
        return of_expression(asked, sql).map(Some);
    }
    if let Some(key) = &settings.metadata {
        return of_metadata(asked, key).map(Some);
    }
    Ok(settings.ingestion_time.then(ingestion))
}

fn column(asked: &Asked<'_>, path: &str, settings: &TableSettings) -> Decided<Candidate> {
    let Some(field) = find(asked, path) else {
        return refuse(unknown(asked, path));
    };
    let text = asked.text;
    let ty = &field.ty;
    let itself = field.name == field.column.name;
    let sql = match itself {
        true => super::candidate::column_sql(text, field.column),
        false => field.sql.clone(),
    };
    if let Some(call) = &field.column.non_deterministic {
        return refuse(not_a_time(
            asked,
            &field,
            format!("is computed by {call}: two jobs do not agree on it"),
        ));
    }
    let lines = |key: &str, value: &str| config_lines(asked.key, &[("column", path), (key, value)]);
    let chosen = |time: Time, strategy: Strategy| Candidate {
        strategy,
        name: path.to_owned(),
        data_type: ty.to_string(),
        span: Some(field.column.span),
        time,
        score: score::CONFIGURED,
        why: WHY.to_owned(),
        asks: None,
        column: None,
    };
    let wrong = |key: &str| {
        let why = format!("is {ty}, which has no `{key}`");
        refuse(not_a_time(asked, &field, why))
    };
    match &ty.kind {
        TypeKind::Timestamp(_) | TypeKind::TimestampLtz(_) if settings.unit.is_some() => {
            wrong("unit")
        }
        TypeKind::Timestamp(_) | TypeKind::TimestampLtz(_) if settings.format.is_some() => {
            wrong("format")
        }
        TypeKind::Timestamp(_) | TypeKind::TimestampLtz(_) => {
            let found = match itself {
                true => physical::candidate(text, field.column),
                false => nested::timestamp(&field),
            };
            let Some(found) = found else {
                return refuse(not_a_time(asked, &field, format!("is {ty}")));
            };
            Ok(Candidate {
                name: path.to_owned(),
                score: score::CONFIGURED,
                why: WHY.to_owned(),
                asks: None,
                ..found
            })
        }
        kind if epoch::is_number(kind) && settings.format.is_some() => wrong("format"),
        kind if epoch::is_number(kind) => {
            let last = nested::last(&field.name);
            let Some(unit) = settings.unit.or_else(|| names::unit(last)) else {
                let mut error = not_a_time(
                    asked,
                    &field,
                    format!("is {ty}: what it counts is not known"),
                );
                for unit in Unit::ALL {
                    error = error.help(lines("unit", unit.as_str()));
                }
                return refuse(error);
            };
            Ok(chosen(epoch::time(&sql, ty, unit), Strategy::Epoch))
        }
        TypeKind::Char(_) | TypeKind::VarChar(_) if settings.unit.is_some() => wrong("unit"),
        TypeKind::Char(_) | TypeKind::VarChar(_) => {
            let Some(format) = &settings.format else {
                let mut error = not_a_time(
                    asked,
                    &field,
                    format!("is {ty}: how it is written is not known"),
                );
                for format in TextFormat::NAMED.into_iter().chain(["yyyy-MM-dd HH:mm:ss"]) {
                    error = error.help(lines("format", format));
                }
                return refuse(error);
            };
            if let TextFormat::Pattern(pattern) = format
                && let Some(letter) = texts::offset_letter(pattern)
            {
                let why =
                    format!("`{letter}` in the format reads an offset, which Flink then drops");
                return refuse(
                    not_a_time(asked, &field, why)
                        .note("TO_TIMESTAMP yields the local part of the text: rows of other offsets would be hours off")
                        .help(lines("format", "iso-8601"))
                        .help("or an `expression` that takes the offset into account"),
                );
            }
            Ok(chosen(texts::time(&sql, format), Strategy::Text))
        }
        _ => refuse(not_a_time(
            asked,
            &field,
            format!("is {ty}, neither a timestamp nor a number or a text that could say one"),
        )),
    }
}

/// The column, or the field of one, that a path names. A column's own name may have dots.
fn find<'a>(asked: &Asked<'a>, path: &str) -> Option<Field<'a>> {
    if let Some(column) = asked.table.column(path) {
        return Some(whole(asked.text, column));
    }
    let mut parts = path.split('.');
    let column = asked.table.column(parts.next()?)?;
    nested::at(asked.text, column, &parts.collect::<Vec<_>>())
}

fn whole<'a>(text: &str, column: &'a TableColumn) -> Field<'a> {
    Field {
        column,
        name: column.name.clone(),
        sql: super::candidate::column_sql(text, column),
        ty: column.ty.clone().unwrap_or(DataType {
            kind: TypeKind::Named("a type that is not known".to_owned()),
            nullable: true,
        }),
    }
}

fn unknown(asked: &Asked<'_>, path: &str) -> Diagnostic {
    let columns = asked.table.columns.iter().map(|c| c.name.as_str());
    let mut error = Diagnostic::error(
        "no-event-time",
        asked.place,
        format!(
            "table `{}` has no column `{path}`, which the configuration names as its event time",
            asked.name
        ),
    );
    if let Some(near) = nearest(path, columns) {
        error = error.help(format!("did you mean `{near}`?"));
    }
    error
}

fn not_a_time(asked: &Asked<'_>, field: &Field<'_>, why: String) -> Diagnostic {
    Diagnostic::error(
        "no-event-time",
        field.column.span,
        format!(
            "`{}` cannot be the rowtime of table `{}`",
            field.name, asked.name
        ),
    )
    .label(why)
    .note("a rowtime is a TIMESTAMP or a TIMESTAMP_LTZ (Flink docs, CREATE TABLE, WATERMARK)")
}

fn of_expression(asked: &Asked<'_>, sql: &str) -> Decided<Candidate> {
    let time = match expression::rowtime(asked, sql) {
        Ok(time) => time,
        Err(why) => {
            let error = Diagnostic::error(
                "event-time-expression",
                asked.place,
                format!(
                    "the configured expression cannot be the event time of table `{}`: {}",
                    asked.name, why.message
                ),
            )
            .label(format!("`expression = {sql:?}`"));
            return refuse(why.help.into_iter().fold(error, Diagnostic::help));
        }
    };
    Ok(Candidate {
        strategy: Strategy::Expression,
        name: sql.trim().to_owned(),
        data_type: time.ty().sql().to_owned(),
        span: None,
        time,
        score: score::CONFIGURED,
        why: WHY.to_owned(),
        asks: None,
        column: None,
    })
}

fn of_metadata(asked: &Asked<'_>, key: &str) -> Decided<Candidate> {
    let chosen = |found: Candidate| Candidate {
        score: score::CONFIGURED,
        why: WHY.to_owned(),
        asks: None,
        ..found
    };
    if let Some(column) = metadata::declared(asked.table, key) {
        return match physical::candidate(asked.text, column) {
            Some(found) => Ok(chosen(found)),
            None => refuse(not_a_time(
                asked,
                &whole(asked.text, column),
                "is the column of that key: Flink takes no second one".to_owned(),
            )),
        };
    }
    let offered = connectors::time_metadata(asked.table);
    let found = offered.iter().find(|m| m.key == key);
    let connector = connectors::connector(asked.table);
    if found.is_none() && connectors::is_known(asked.table) {
        let connector = connector.unwrap_or_default();
        let mut error = Diagnostic::error(
            "no-event-time",
            asked.place,
            format!(
                "the connector '{connector}' of table `{}` has no timestamp '{key}' among its metadata",
                asked.name
            ),
        );
        for other in &offered {
            error = error.help(config_lines(asked.key, &[("metadata", other.key)]));
        }
        return refuse(error);
    }
    // Of an unknown connector the user has to know: it may be NULL.
    let (precision, nullable) = found.map_or((3, true), |m| (metadata::precision(m), m.nullable));
    Ok(Candidate {
        strategy: Strategy::Metadata,
        name: key.to_owned(),
        data_type: metadata::data_type(precision, nullable),
        span: None,
        time: metadata::time(key, precision, nullable),
        score: score::CONFIGURED,
        why: WHY.to_owned(),
        asks: None,
        column: None,
    })
}

fn ingestion() -> Candidate {
    Candidate {
        strategy: Strategy::Ingestion,
        name: "ingestion time".to_owned(),
        data_type: metadata::data_type(3, false),
        span: None,
        time: Time::Sql {
            sql: "CURRENT_ROW_TIMESTAMP()".to_owned(),
            ty: TimeType::TimestampLtz,
            precision: 3,
            nullable: false,
        },
        score: score::CONFIGURED,
        why: format!("{WHY}: the time at which a job reads the row"),
        asks: None,
        column: None,
    }
}
