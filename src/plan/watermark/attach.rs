//! On the column itself, where that changes no query and no NULL can fail the job; on a hidden one everywhere else.

use super::candidate::{Candidate, Strategy, Time};
use super::configured::Asked;
use super::{
    AddedWatermark, Attachment, Clause, Decided, HiddenColumn, MAX_PRECISION, config_lines,
    expression, refuse,
};
use crate::catalog::connectors::{self, Ability};
use crate::catalog::{EntryId, Table, TableColumnKind};
use crate::config::{Attach, Nullable, Placement, TableSettings};
use crate::diagnostic::Diagnostic;
use crate::lexer;
use crate::plan::{Input, Names, placement};
use crate::syntax::CreateTable;
use crate::text::Span;
use crate::time::{SourceTime, TimeType, Uses, quote};

/// The table that gets a watermark.
pub(super) struct Target<'a> {
    pub id: EntryId,
    pub table: &'a Table,
    pub create: &'a CreateTable,
    pub settings: Option<&'a TableSettings>,
    /// A window stands on the chosen column.
    pub required: bool,
    /// The clause that the new one takes the place of.
    pub replaces: Option<Span>,
}

/// The name of a hidden rowtime.
const HIDDEN: &str = "__rowtime";
/// The name of the metadata column that one is made of.
const HIDDEN_METADATA: &str = "__record_time";

pub(super) fn attach(
    input: Input<'_>,
    uses: &Uses,
    asked: &Asked<'_>,
    target: &Target<'_>,
    chosen: Candidate,
) -> Decided<AddedWatermark> {
    let trusted = wish(input, target, |s| s.nullable, |w| w.nullable) == Nullable::Trust;
    let nullable = chosen.time.is_nullable() && !trusted;
    let on_column = on_column(input, uses, target, &chosen, nullable)?;
    possible(input, asked, target, &chosen, on_column.as_deref())?;
    let ty = chosen.time.ty();
    let attachment = match on_column {
        Some(name) => {
            fits(asked, target, &chosen, nullable)?;
            Attachment::Column(name)
        }
        None => Attachment::Hidden(hidden(target.table, &chosen.time, nullable)),
    };
    let (column, hidden) = match &attachment {
        Attachment::Column(column) => (column.clone(), false),
        Attachment::Hidden(columns) => (columns[columns.len() - 1].name.clone(), true),
    };
    let sql = match &chosen.time {
        Time::Sql { sql, .. } => sql,
        Time::Metadata { .. } => "",
    };
    let calls_user_function =
        expression::calls_one_of(&input.catalog.functions, sql, input.settings.flink);
    let asked_for = wish(input, target, |s| s.attach, |w| w.attach) == Attach::Column;
    let changes_operators = asked_for
        && !hidden
        && !target.required
        && uses.sensitive.contains_key(&(target.id, column.clone()));
    Ok(AddedWatermark {
        table: target.id,
        changes_operators,
        clause: clause(input, asked, target, &column, ty)?,
        time: SourceTime {
            column,
            ty,
            hidden,
            by_the_clock: chosen.strategy == Strategy::Ingestion,
        },
        attachment,
        nullable,
        calls_user_function,
        chosen,
        replaces: target.replaces,
    })
}

/// What is asked for a table, or for all.
fn wish<T>(
    input: Input<'_>,
    target: &Target<'_>,
    table: impl Fn(&TableSettings) -> Option<T>,
    all: impl Fn(&crate::config::WatermarkSettings) -> T,
) -> T {
    let own = target.settings.and_then(table);
    own.unwrap_or_else(|| all(&input.settings.watermark))
}

/// The column that the clause stands on, if it is one of the user's.
fn on_column(
    input: Input<'_>,
    uses: &Uses,
    target: &Target<'_>,
    chosen: &Candidate,
    nullable: bool,
) -> Decided<Option<String>> {
    let wished = wish(input, target, |s| s.attach, |w| w.attach);
    let Some(column) = &chosen.column else {
        // Asked for all tables it says where a column can take it.
        let asked = target.settings.and_then(|s| s.attach) == Some(Attach::Column);
        return match asked {
            true => refuse(no_column(input, target, chosen)),
            false => Ok(None),
        };
    };
    let harmless = !nullable
        && chosen.time.precision() <= MAX_PRECISION
        && !uses.sensitive.contains_key(&(target.id, column.clone()));
    // Where the user's own watermark stood, it changes nothing that it did not change before.
    let stood = target.replaces.is_some()
        && chosen.time.precision() <= MAX_PRECISION
        && target
            .table
            .watermark
            .as_ref()
            .is_some_and(|w| w.column[..] == [column.clone()]);
    let on_column = match wished {
        Attach::Column => true,
        Attach::Hidden => false,
        Attach::Auto => target.required || stood || harmless,
    };
    if target.required && !on_column {
        let place = chosen
            .span
            .unwrap_or(input.catalog.entries[target.id].name.span);
        return refuse(
            Diagnostic::error(
                "rowtime-column",
                place,
                format!(
                    "a window stands on `{column}`, so the watermark cannot be on a hidden column"
                ),
            )
            .help("leave `attach` out of the configuration of this table"),
        );
    }
    Ok(on_column.then(|| column.clone()))
}

fn no_column(input: Input<'_>, target: &Target<'_>, chosen: &Candidate) -> Diagnostic {
    let name = &input.catalog.entries[target.id].name;
    Diagnostic::error(
        "rowtime-column",
        chosen.span.unwrap_or(name.span),
        format!(
            "no column of table `{}` is its event time as it is",
            name.object()
        ),
    )
    .label(format!(
        "the event time is made of `{}` ({})",
        chosen.name, chosen.data_type
    ))
    .help("leave `attach = \"column\"` out of the configuration of this table")
}

/// Would Flink find what the new clause names, where it is going to stand?
fn possible(
    input: Input<'_>,
    asked: &Asked<'_>,
    target: &Target<'_>,
    chosen: &Candidate,
    on_column: Option<&str>,
) -> Decided<()> {
    let entry = &input.catalog.entries[target.id];
    if placement::wish(input, entry, target.settings) != Placement::InPlace {
        return Ok(());
    }
    let error = |place: Span, message: String| Diagnostic::error("rowtime-column", place, message);
    let statement = input.script.statements[entry.created].span;
    if let Some(replaced) = target.replaces.filter(|span| !statement.contains(*span)) {
        return refuse(
            error(
                entry.name.span,
                format!(
                    "the watermark of table `{}` is declared elsewhere",
                    asked.name
                ),
            )
            .related(replaced, "here")
            .help("replace it there, in the table that LIKE names or in the ALTER TABLE"),
        );
    }
    let own = target
        .create
        .elements
        .iter()
        .flat_map(|list| list.columns());
    let own: Vec<Span> = own.map(|c| c.name.span).collect();
    let named = match (&chosen.time, on_column) {
        (_, Some(name)) => vec![name.to_owned()],
        (Time::Sql { sql, .. }, None) => placement::names_in(sql, input).into_iter().collect(),
        (Time::Metadata { .. }, None) => Vec::new(),
    };
    for column in named.iter().filter_map(|name| target.table.column(name)) {
        let name = &column.name;
        if !column.inherited && !own.contains(&column.span) {
            return refuse(
                error(
                    column.span,
                    format!("`{name}` is added by a later ALTER TABLE"),
                )
                .label("the watermark would stand before it")
                .help("declare the WATERMARK in that ALTER TABLE"),
            );
        }
        if column.inherited && column.kind != TableColumnKind::Physical {
            return refuse(
                error(
                    column.span,
                    format!("`{name}` comes from the table of a LIKE clause and is not physical"),
                )
                .label("Flink knows only the physical columns of that table in a WATERMARK clause")
                .help("declare the WATERMARK in the table that LIKE names"),
            );
        }
    }
    Ok(())
}

/// Does Flink take a watermark on the column as it is?
fn fits(asked: &Asked<'_>, target: &Target<'_>, chosen: &Candidate, nullable: bool) -> Decided<()> {
    let name = &chosen.name;
    let precision = chosen.time.precision();
    let error = |message: String| {
        let place = chosen.span.unwrap_or(asked.place);
        Diagnostic::error("rowtime-column", place, message).label(match target.required {
            true => "a window stands on this column",
            false => "attach = \"column\" asks for this column",
        })
    };
    if precision > MAX_PRECISION {
        return refuse(
            error(format!(
                "the precision of `{name}` is {precision}, a rowtime has at most {MAX_PRECISION}"
            ))
            .note("Flink: the supported precision of a watermark's column is from 0 to 3")
            .help(format!("declare it as {}", chosen.time.ty().sql())),
        );
    }
    // One that stood there before may stand there again.
    if nullable && target.replaces.is_none() {
        return refuse(
            error(format!(
                "`{name}` may be NULL, and a NULL rowtime fails the job"
            ))
            .note("Flink at run time: \"RowTime field should not be null\"")
            .help("declare it NOT NULL, if it is")
            .help(format!(
                "or say so in {}",
                config_lines(asked.key, &[("nullable", "trust")])
            )),
        );
    }
    Ok(())
}

/// The columns to be added: the same time, never NULL, with the precision of a rowtime.
fn hidden(table: &Table, time: &Time, nullable: bool) -> Vec<HiddenColumn> {
    let mut names = Names::from_used(table.columns.iter().map(|c| c.name.clone()));
    let mut column = |name: &str, definition: String| HiddenColumn {
        name: names.fresh(name, ""),
        definition,
    };
    let metadata = |key: &str, precision: u8| {
        let key = key.replace('\'', "''");
        format!("TIMESTAMP_LTZ({precision}) METADATA FROM '{key}' VIRTUAL")
    };
    match time {
        Time::Metadata { key, precision, .. } if !nullable => {
            vec![column(
                HIDDEN,
                metadata(key, (*precision).min(MAX_PRECISION)),
            )]
        }
        Time::Metadata { key, .. } => {
            let record = column(HIDDEN_METADATA, metadata(key, MAX_PRECISION));
            let time = computed(
                &quote(&record.name),
                TimeType::TimestampLtz,
                MAX_PRECISION,
                true,
            );
            vec![record, column(HIDDEN, time)]
        }
        Time::Sql {
            sql, ty, precision, ..
        } => vec![column(HIDDEN, computed(sql, *ty, *precision, nullable))],
    }
}

/// `AS …` of a hidden column.
fn computed(sql: &str, ty: TimeType, precision: u8, nullable: bool) -> String {
    let time = match precision > MAX_PRECISION {
        true => format!("CAST({sql} AS {})", ty.sql()),
        false => sql.to_owned(),
    };
    let epoch = match ty {
        TimeType::Timestamp => "TIMESTAMP '1970-01-01 00:00:00.000'",
        TimeType::TimestampLtz => "TO_TIMESTAMP_LTZ(0, 3)",
    };
    match nullable {
        true => format!("AS COALESCE({time}, {epoch})"),
        false => format!("AS {time}"),
    }
}

fn clause(
    input: Input<'_>,
    asked: &Asked<'_>,
    target: &Target<'_>,
    column: &str,
    ty: TimeType,
) -> Decided<Clause> {
    let Some(sql) = target.settings.and_then(|s| s.watermark.as_deref()) else {
        let delay = wish(input, target, |s| s.delay_ms, |w| w.delay_ms);
        return Ok(Clause::Delay(delay));
    };
    let error = |message: String| {
        Diagnostic::error("watermark-expression", asked.place, message)
            .label(format!("`watermark = {sql:?}`"))
    };
    let (sql, delay_ms, is_source) = match expression::watermark(asked, sql, column, ty) {
        Ok(found) => (found.sql, found.delay_ms, found.of_source),
        Err(why) => {
            let message = format!(
                "the configured watermark of table `{}` is none: {}",
                asked.name, why.message
            );
            return refuse(why.help.into_iter().fold(error(message), Diagnostic::help));
        }
    };
    if is_source
        && let Some(why) = lacking(target.table, connectors::source_watermark(target.table))
    {
        return refuse(
            error(format!(
                "the source of table `{}` emits no watermark of its own: {why}",
                asked.name
            ))
                .note("Flink takes SOURCE_WATERMARK() for every source, and fails at run time where the source has none")
                .help("leave `watermark` out: the rowtime and a delay make one"),
        );
    }
    Ok(Clause::Sql { sql, delay_ms })
}

/// What keeps a source from an ability that has to be there; nothing where that is not known.
pub(super) fn lacking(table: &Table, ability: Ability) -> Option<String> {
    let connector = connectors::connector(table).unwrap_or("no connector");
    match ability {
        Ability::No => Some(format!("'{connector}' does not")),
        Ability::Yes {
            option: Some(option),
            ..
        } => Some(format!("'{connector}' does so where '{option}' is set")),
        Ability::Yes { .. } | Ability::Unknown => None,
    }
}

/// Does the table declare already what would be added?
pub(super) fn stands(input: Input<'_>, added: &AddedWatermark) -> bool {
    let entry = &input.catalog.entries[added.table];
    let (Some(_), Some(table)) = (added.replaces, entry.table()) else {
        return false;
    };
    let Some(declared) = &table.watermark else {
        return false;
    };
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let same = |a: &str, b: &str| {
        let words = |sql: &str| -> Vec<String> {
            let tokens = lexer::lex(sql, input.settings.flink);
            let words = tokens.iter().filter(|t| !t.kind.is_trivia());
            words.map(|t| t.span.of(sql).to_owned()).collect()
        };
        // Keywords may be written in any case, names may not.
        let is_name = |word: &str| table.column(word).is_some();
        let alike = |(a, b): (&String, &String)| {
            a == b
                || a.eq_ignore_ascii_case(b) && a.chars().all(is_word) && !is_name(a) && !is_name(b)
        };
        let (a, b) = (words(a), words(b));
        a.len() == b.len() && a.iter().zip(&b).all(alike)
    };
    let [rowtime] = &declared.column[..] else {
        return false;
    };
    // A hidden column has the next free name: the clause is compared as it would be on the declared one.
    let columns_stand = match &added.attachment {
        Attachment::Column(name) => name == rowtime,
        Attachment::Hidden(columns) => {
            let definition = &columns[columns.len() - 1].definition;
            let expr = table.column(rowtime).and_then(|c| c.expr);
            columns.len() == 1
                && definition
                    .strip_prefix("AS ")
                    .is_some_and(|wanted| expr.is_some_and(|e| same(e.of(input.text), wanted)))
        }
    };
    let mut as_declared = added.clone();
    as_declared.time.column.clone_from(rowtime);
    if let Clause::Sql { sql, .. } = &mut as_declared.clause {
        *sql = sql.replace(&quote(&added.time.column), &quote(rowtime));
    }
    let wanted = crate::plan::watermark_sql(&as_declared);
    columns_stand && same(declared.expr.of(input.text), &wanted)
}
