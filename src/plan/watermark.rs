//! Which column of a table is its event time, and where the WATERMARK clause goes.

use super::{Input, Names, Placed, Plan, placement};
use crate::catalog::connectors::{self, Fit};
use crate::catalog::{EntryId, StatementId, Table, TableColumn, TableColumnKind};
use crate::config::{Attach, Nullable, Placement, TableSettings};
use crate::diagnostic::{Diagnostic, Severity};
use crate::syntax::{CreateTable, StatementKind, TypeKind};
use crate::text::Span;
use crate::time::{Reason, Refusal, SourceTime, TimeType, Uses, quote};
use serde::Serialize;
use std::collections::BTreeMap;

/// A WATERMARK clause to be added to a table's definition.
#[derive(Debug, Clone, Serialize)]
pub struct AddedWatermark {
    pub table: EntryId,
    pub time: SourceTime,
    pub attachment: Attachment,
    /// Milliseconds.
    pub delay_ms: u64,
    /// Rows may come without an event time; they are taken for rows of the year 1970.
    pub nullable: bool,
    /// The time is that of the connector's record, not one of the table's columns.
    pub from_metadata: bool,
    /// Why this column.
    pub why: String,
}

#[derive(Debug, Clone, Serialize)]
pub enum Attachment {
    /// On a column of the user's.
    Column(String),
    /// On a column that no query of the user names; its definition, as SQL.
    Hidden { name: String, definition: String },
}

/// The highest precision of a rowtime.
/// Source: Flink docs, CREATE TABLE, "WATERMARK".
const MAX_PRECISION: u8 = 3;

/// An event-time column that a table offers.
struct Candidate<'a> {
    column: &'a TableColumn,
    ty: TimeType,
    precision: u8,
    nullable: bool,
    why: String,
}

pub(super) fn decide(
    input: Input<'_>,
    uses: &Uses,
    needed: &BTreeMap<EntryId, Span>,
    plan: &mut Plan,
) {
    let mut names = Names::of(input.text, &input.script.tokens, input.catalog);
    for (&id, &read_at) in needed {
        let decided = for_table(input, uses, id, read_at)
            .and_then(|added| Ok((placement::of(input, uses, &mut names, &added)?, added)));
        match decided {
            Ok((placed, added)) => {
                let copied_from = placed.as_ref().map_or(0, Placed::copied_from);
                plan.diagnostics
                    .extend(consequences(input, uses, &added, copied_from));
                if added.from_metadata {
                    plan.diagnostics.push(note(input, &added));
                }
                if let Some(placed) = placed {
                    plan.diagnostics.extend(placement::notes(input, &placed));
                    plan.placed.insert(id, placed);
                }
                plan.watermarks.push(added);
            }
            Err(diagnostic) => {
                plan.without_watermark.insert(id, diagnostic.name);
                plan.diagnostics.push(*diagnostic);
            }
        }
    }
    placement::remake_views(input, uses, plan);
}

type Decided<T> = Result<T, Box<Diagnostic>>;

fn refuse<T>(diagnostic: Diagnostic) -> Decided<T> {
    Err(Box::new(diagnostic))
}

fn for_table(input: Input<'_>, uses: &Uses, id: EntryId, read_at: Span) -> Decided<AddedWatermark> {
    let entry = &input.catalog.entries[id];
    let Some(table) = entry.table() else {
        return refuse(Diagnostic::error(
            "no-event-time",
            read_at,
            "a view has no watermark",
        ));
    };
    let name = entry.name.object();
    if let Some(watermark) = &table.watermark {
        let rowtime = watermark.column.last().and_then(|c| table.column(c));
        if let Some(call) = rowtime.and_then(|c| c.non_deterministic.as_ref()) {
            let detail = format!("table `{name}` (computed by {call})");
            let reason = Reason::NonDeterministicGateTime;
            return refuse(super::gate::diagnostic(&Refusal::new(
                reason,
                watermark.span,
                detail,
            )));
        }
        return refuse(
            Diagnostic::error(
                "unknown-rowtime-type",
                watermark.span,
                format!("the type of the rowtime of table `{name}` is not known"),
            )
            .label("neither TIMESTAMP nor TIMESTAMP_LTZ can be read from the column's definition")
            .note("a gate compares a TIMESTAMP and a TIMESTAMP_LTZ with different literals")
            .help("wrap the computed column's expression: CAST(… AS TIMESTAMP(3))"),
        );
    }
    let versions = input
        .catalog
        .entries
        .iter()
        .filter(|e| e.created == entry.created)
        .filter(|e| !e.dropped.is_some_and(|at| input.script.is_outside(at)));
    if versions.count() > 1 {
        return refuse(
            Diagnostic::error(
                "altered-table",
                entry.name.span,
                format!("table `{name}` has no watermark, and the script alters it"),
            )
            .label("read by an INSERT, once as it is here or once as it is later")
            .help("declare a WATERMARK in its CREATE TABLE"),
        );
    }
    let parts = entry.name.path();
    let settings = input.settings.table(&parts);
    let Some(create) = create_of(input, id) else {
        return refuse(
            Diagnostic::error(
                "no-event-time",
                entry.name.span,
                format!("table `{name}` has no watermark, and its definition is not in one place"),
            )
            .help("declare a WATERMARK in its CREATE TABLE"),
        );
    };
    let required = uses.required.iter().find(|((table, _), _)| *table == id);
    let required = required.map(|((_, column), span)| (column.as_str(), *span));
    let chosen = choose(table, name, entry.name.span, settings, required)?;
    let chosen = match chosen {
        Some(candidate) => candidate,
        None => return from_metadata(input, id, table, name, read_at, settings),
    };
    attach(
        input,
        uses,
        id,
        table,
        create,
        chosen,
        settings,
        required.is_some(),
    )
}

/// The table's CREATE TABLE, if that is where its columns are.
fn create_of(input: Input<'_>, id: EntryId) -> Option<&CreateTable> {
    match &input.script.statements[input.catalog.entries[id].created].kind {
        StatementKind::CreateTable(create) => Some(create),
        _ => None,
    }
}

/// The one event-time column; `None` if the table has no candidate at all.
fn choose<'a>(
    table: &'a Table,
    name: &str,
    place: Span,
    settings: Option<&TableSettings>,
    required: Option<(&str, Span)>,
) -> Decided<Option<Candidate<'a>>> {
    let configured = settings.and_then(|s| s.column.as_deref());
    if let (Some(configured), Some((required, span))) = (configured, required)
        && configured != required
    {
        return refuse(
            Diagnostic::error(
                "no-event-time",
                span,
                format!("this window stands on `{required}`, but the configured event time of table `{name}` is `{configured}`"),
            )
            .label("has to be the rowtime")
            .help(config_line(name, required)),
        );
    }
    let (column, why) = match (configured, required) {
        (Some(column), _) => (column, "named in the configuration"),
        (None, Some((column, _))) => (column, "a window stands on it"),
        (None, None) => return only_candidate(table, name, place),
    };
    let Some(found) = table.column(column) else {
        let near = nearest(column, table.columns.iter().map(|c| c.name.as_str()));
        let mut diagnostic = Diagnostic::error(
            "no-event-time",
            place,
            format!(
                "table `{name}` has no column `{column}`, which the configuration names as its event time"
            ),
        );
        if let Some(near) = near {
            diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
        }
        return refuse(diagnostic);
    };
    match candidate(found, why) {
        Some(candidate) => Ok(Some(candidate)),
        None => refuse(
            Diagnostic::error(
                "no-event-time",
                found.span,
                format!("`{column}` cannot be the rowtime of table `{name}`"),
            )
            .label(match &found.ty {
                Some(ty) => format!("is {ty}, not a deterministic TIMESTAMP or TIMESTAMP_LTZ"),
                None => "its type is not known".to_owned(),
            })
            .note("a watermark stands on a TIMESTAMP or TIMESTAMP_LTZ column (Flink docs, CREATE TABLE, WATERMARK)"),
        ),
    }
}

fn only_candidate<'a>(table: &'a Table, name: &str, place: Span) -> Decided<Option<Candidate<'a>>> {
    let all = |column: &'a TableColumn| candidate(column, "the table's only event-time column");
    let mut candidates: Vec<_> = table
        .columns
        .iter()
        .filter(|c| !looks_like_no_event_time(&c.name))
        .filter_map(all)
        .collect();
    if candidates.len() < 2 {
        return Ok(candidates.pop());
    }
    let names: Vec<_> = candidates
        .iter()
        .map(|c| format!("`{}`", c.column.name))
        .collect();
    let mut diagnostic = Diagnostic::error(
        "ambiguous-event-time",
        place,
        format!(
            "table `{name}` has {} columns that could be its event time",
            names.len()
        ),
    )
    .label("has no watermark, but an INSERT reads it")
    .note(format!("candidates: {}", names.join(", ")));
    for candidate in &candidates {
        let ty = candidate
            .column
            .ty
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        diagnostic = diagnostic
            .related(candidate.column.span, ty)
            .help(config_line(name, &candidate.column.name));
    }
    refuse(diagnostic)
}

fn candidate<'a>(column: &'a TableColumn, why: &str) -> Option<Candidate<'a>> {
    if column.non_deterministic.is_some() {
        return None;
    }
    let declared = column.ty.as_ref()?;
    let precision = match declared.kind {
        TypeKind::Timestamp(p) | TypeKind::TimestampLtz(p) => p,
        _ => return None,
    };
    Some(Candidate {
        column,
        ty: TimeType::of(&declared.kind)?,
        precision,
        nullable: declared.nullable,
        why: why.to_owned(),
    })
}

/// Timestamps that say something else than when the row happened.
fn looks_like_no_event_time(name: &str) -> bool {
    let name = name.to_lowercase();
    let parts: Vec<&str> = name.split('_').collect();
    matches!(
        name.as_str(),
        "window_start" | "window_end" | "window_time" | "dt" | "dob"
    ) || parts.iter().any(|p| {
        matches!(
            *p,
            "birthday"
                | "birth"
                | "birthdate"
                | "deadline"
                | "due"
                | "expiration"
                | "expire"
                | "expires"
                | "expiry"
                | "until"
        )
    }) || name.starts_with("valid_from")
        || name.starts_with("valid_to")
}

/// The connector's own timestamp, where the table has no time column.
fn from_metadata(
    input: Input<'_>,
    id: EntryId,
    table: &Table,
    name: &str,
    read_at: Span,
    settings: Option<&TableSettings>,
) -> Decided<AddedWatermark> {
    let place = input.catalog.entries[id].name.span;
    let metadata = connectors::time_metadata(table)
        .into_iter()
        .find(|time| time.fit == Fit::Automatic && !table.inherits);
    let Some(metadata) =
        metadata.filter(|_| settings.and_then(|s| s.attach) != Some(Attach::Column))
    else {
        return refuse(
            Diagnostic::error("no-event-time", place, format!("table `{name}` has no event time"))
                .label("no watermark, no timestamp column, no timestamp among its connector's metadata")
                .related(read_at, "an INSERT writes its rows here")
                .note("the gate compares each row's event time with the cutover")
                .help("add a computed column to the table, such as `event_time AS TO_TIMESTAMP_LTZ(epoch_ms, 3)`, and a WATERMARK on it"),
        );
    };
    let column = Names::from_used(table.columns.iter().map(|c| c.name.clone())).fresh(HIDDEN, "");
    let definition = format!("{} METADATA FROM '{}' VIRTUAL", metadata.ty, metadata.key);
    Ok(AddedWatermark {
        table: id,
        time: SourceTime {
            column: column.clone(),
            ty: TimeType::TimestampLtz,
            hidden: true,
        },
        attachment: Attachment::Hidden {
            name: column,
            definition,
        },
        delay_ms: delay(input, settings),
        nullable: metadata.nullable,
        from_metadata: true,
        why: format!(
            "the table has no time column: {} stands in for one",
            metadata.what
        ),
    })
}

const HIDDEN: &str = "__rowtime";

fn delay(input: Input<'_>, settings: Option<&TableSettings>) -> u64 {
    settings
        .and_then(|s| s.delay_ms)
        .unwrap_or(input.settings.watermark.delay_ms)
}

/// On the column itself where that changes no query, on a hidden one otherwise.
#[allow(clippy::too_many_arguments)]
fn attach(
    input: Input<'_>,
    uses: &Uses,
    id: EntryId,
    table: &Table,
    create: &CreateTable,
    chosen: Candidate<'_>,
    settings: Option<&TableSettings>,
    required: bool,
) -> Decided<AddedWatermark> {
    let Candidate {
        column,
        ty,
        precision,
        nullable,
        why,
    } = chosen;
    let watermark = &input.settings.watermark;
    let trusted = settings
        .and_then(|s| s.nullable)
        .unwrap_or(watermark.nullable)
        == Nullable::Trust;
    let nullable = nullable && !trusted;
    let wish = settings.and_then(|s| s.attach).unwrap_or(watermark.attach);
    let sensitive = uses.sensitive.get(&(id, column.name.clone()));
    let on_column = match wish {
        Attach::Column => true,
        Attach::Hidden => false,
        Attach::Auto => {
            required || (!nullable && precision <= MAX_PRECISION && sensitive.is_none())
        }
    };
    let name = &column.name;
    let error = |message: String| Diagnostic::error("rowtime-column", column.span, message);
    if required && !on_column {
        return refuse(
            error(format!(
                "a window stands on `{name}`, so the watermark cannot be on a hidden column"
            ))
            .help("leave `attach` out of the configuration of this table"),
        );
    }
    let in_place =
        placement::wish(input, &input.catalog.entries[id], settings) == Placement::InPlace;
    let own = create.elements.iter().flat_map(|list| list.columns());
    let written_here = column.inherited || own.into_iter().any(|c| c.name.span == column.span);
    if in_place && !written_here {
        return refuse(
            error(format!("`{name}` is added by a later ALTER TABLE"))
                .label("the watermark would stand before it")
                .help("declare the WATERMARK in that ALTER TABLE"),
        );
    }
    if in_place && column.inherited && !(matches!(column.kind, TableColumnKind::Physical)) {
        return refuse(
            error(format!(
                "`{name}` comes from the table of a LIKE clause and is not physical"
            ))
            .label("Flink knows only the physical columns of that table in a WATERMARK clause")
            .help("declare the WATERMARK in the table that LIKE names"),
        );
    }
    if on_column && precision > MAX_PRECISION {
        return refuse(
            error(format!(
                "the precision of `{name}` is {precision}, a rowtime has at most {MAX_PRECISION}"
            ))
            .label(if required {
                "a window stands on this column"
            } else {
                "attach = \"column\" asks for this column"
            })
            .note("Flink: the supported precision of a watermark's column is from 0 to 3")
            .help(format!("declare it as {}", rowtime_type(ty))),
        );
    }
    if on_column && nullable {
        return refuse(
            error(format!(
                "`{name}` may be NULL, and a NULL rowtime fails the job"
            ))
            .label(if required {
                "a window stands on this column"
            } else {
                "attach = \"column\" asks for this column"
            })
            .note("Flink at run time: \"RowTime field should not be null\"")
            .help("declare it NOT NULL, if it is")
            .help(format!(
                "or say so in tidegate.toml: [tables.{}] nullable = \"trust\"",
                toml_key(create.name.object())
            )),
        );
    }
    let attachment = if on_column {
        Attachment::Column(name.clone())
    } else {
        let used = table.columns.iter().map(|c| c.name.clone());
        let hidden = Names::from_used(used).fresh(HIDDEN, "");
        let definition = hidden_definition(input.text, column, ty, precision, nullable);
        Attachment::Hidden {
            name: hidden,
            definition,
        }
    };
    let (time_column, hidden) = match &attachment {
        Attachment::Column(column) => (column.clone(), false),
        Attachment::Hidden { name, .. } => (name.clone(), true),
    };
    Ok(AddedWatermark {
        table: id,
        time: SourceTime {
            column: time_column,
            ty,
            hidden,
        },
        attachment,
        delay_ms: delay(input, settings),
        nullable,
        from_metadata: false,
        why,
    })
}

fn rowtime_type(ty: TimeType) -> &'static str {
    match ty {
        TimeType::Timestamp => "TIMESTAMP(3)",
        TimeType::TimestampLtz => "TIMESTAMP_LTZ(3)",
    }
}

/// `AS …` of a hidden column: the same time, never NULL, with the precision of a rowtime.
fn hidden_definition(
    text: &str,
    column: &TableColumn,
    ty: TimeType,
    precision: u8,
    nullable: bool,
) -> String {
    // A computed column cannot name another one: its expression is repeated.
    let time = match column.expr {
        Some(expr) => expr.of(text).to_owned(),
        None => quote(&column.name),
    };
    let time = if precision > MAX_PRECISION {
        format!("CAST({time} AS {})", rowtime_type(ty))
    } else {
        time
    };
    let epoch = match ty {
        TimeType::Timestamp => "TIMESTAMP '1970-01-01 00:00:00.000'",
        TimeType::TimestampLtz => "TO_TIMESTAMP_LTZ(0, 3)",
    };
    if nullable {
        format!("AS COALESCE({time}, {epoch})")
    } else {
        format!("AS {time}")
    }
}

/// What the added clause or column would do elsewhere in the script.
fn consequences(
    input: Input<'_>,
    uses: &Uses,
    added: &AddedWatermark,
    copied_from: StatementId,
) -> Vec<Diagnostic> {
    let entry = &input.catalog.entries[added.table];
    let name = entry.name.object();
    let mut found = copies(input, uses, added, copied_from);
    let Attachment::Hidden { name: column, .. } = &added.attachment else {
        return found;
    };
    for &(_, span) in uses
        .renamed
        .iter()
        .filter(|(table, _)| *table == added.table)
    {
        found.push(
            Diagnostic::error(
                "renamed-columns",
                span,
                format!("this alias lists the columns of table `{name}`, which is given one more"),
            )
            .help("rename the columns in a SELECT instead of in the alias"),
        );
    }
    for &span in &uses.natural_joins {
        found.push(
            Diagnostic::error(
                "natural-join",
                span,
                format!(
                    "a NATURAL join would also join on `{column}`, which table `{name}` is given"
                ),
            )
            .help("name the columns: JOIN … USING (…)"),
        );
    }
    found
}

/// Tables that would take over the watermark through LIKE, where that is more than a dead letter.
/// `copied_from`: the first statement that sees the watermark.
fn copies(
    input: Input<'_>,
    uses: &Uses,
    added: &AddedWatermark,
    copied_from: StatementId,
) -> Vec<Diagnostic> {
    let name = input.catalog.entries[added.table].name.object();
    let mut found = Vec::new();
    let statements = input.script.statements.iter().enumerate();
    for (at, statement) in statements.skip(copied_from) {
        let StatementKind::CreateTable(create) = &statement.kind else {
            continue;
        };
        let Some(like) = &create.like else { continue };
        let parts = like.source.path();
        if input.catalog.resolve_id(&parts, at) != Some(added.table) {
            continue;
        }
        let copy = input.catalog.entries.iter().position(|e| e.created == at);
        let is_read = copy.is_none_or(|copy| uses.read.contains(&copy));
        let own = create
            .elements
            .as_ref()
            .is_some_and(|list| list.watermark().is_some());
        let column_stays_behind = match &added.attachment {
            Attachment::Column(_) => false,
            Attachment::Hidden { .. } if added.from_metadata => like.excludes("METADATA"),
            Attachment::Hidden { .. } => like.excludes("GENERATED"),
        };
        if like.excludes("WATERMARKS") && (column_stays_behind || !is_read) {
            continue;
        }
        if is_read || own || column_stays_behind {
            found.push(
                Diagnostic::error(
                    "like-copies-watermark",
                    like.span,
                    format!("this LIKE would copy the watermark that table `{name}` is given"),
                )
                .help(format!("declare the WATERMARK of `{name}` yourself, and say in the LIKE clause what it copies")),
            );
        }
    }
    found
}

/// How a watermark was chosen, for those that the user might not expect.
fn note(input: Input<'_>, added: &AddedWatermark) -> Diagnostic {
    let entry = &input.catalog.entries[added.table];
    Diagnostic::new(
        Severity::Note,
        "added-watermark",
        entry.name.span,
        format!(
            "table `{}` is given a watermark on `{}`",
            entry.name.object(),
            added.time.column
        ),
    )
    .note(added.why.clone())
}

fn config_line(table: &str, column: &str) -> String {
    format!(
        "tidegate.toml: [tables.{}] column = \"{}\"",
        toml_key(table),
        column.escape_default()
    )
}

pub(super) fn toml_key(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !name.is_empty() && name.chars().all(bare) {
        name.to_owned()
    } else {
        format!("\"{}\"", name.escape_default())
    }
}

fn nearest<'a>(name: &str, all: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    all.map(|other| (strsim::damerau_levenshtein(name, other), other))
        .filter(|(distance, _)| *distance <= 1 + name.chars().count() / 3)
        .min()
        .map(|(_, other)| other)
}
