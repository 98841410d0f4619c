//! Where an added watermark goes if not into the table's own definition: into a temporary table `LIKE` it, of
//! the same name (a shadow) or of a new one that is read in its place (derived).
//!
//! Views that were made before such a table do not see its time attribute: those of the script come behind it,
//! those from outside are made again as temporary views.
//! Source: Flink docs, CREATE TABLE, "LIKE"; what it refuses was run in Flink 1.20.5 and 2.3.0.

use super::{AddedWatermark, Attachment, Input, Names, Plan};
use crate::catalog::{Entry, EntryId, Object, StatementId, Table, TableColumn, TableColumnKind};
use crate::config::{Placement, TableSettings};
use crate::diagnostic::{Diagnostic, Severity};
use crate::lexer::{self, Token, TokenKind};
use crate::syntax::{Element, ElementKind, ObjectName, StatementKind};
use crate::text::{Edit, Span};
use crate::time::{Reference, Uses, quote};
use serde::Serialize;
use std::collections::BTreeSet;

/// What is added to the name of a table for the one that is derived from it.
const DERIVED: &str = "__timed";

/// The table that one is derived from, as the statement that creates it names that.
pub(super) fn derived_from<'i>(input: Input<'i>, entry: &Entry) -> Option<&'i ObjectName> {
    let StatementKind::CreateTable(create) = &input.script.statements[entry.created].kind else {
        return None;
    };
    let base = &create.like.as_ref()?.source;
    let added = entry.name.object().strip_prefix(base.object());
    (entry.temporary && added.is_some_and(|name| name.starts_with(DERIVED))).then_some(base)
}

/// A table that carries an added watermark for another one.
#[derive(Debug, Clone, Serialize)]
pub struct Placed {
    pub added: AddedWatermark,
    pub placement: Placement,
    /// Its full path.
    pub path: [String; 3],
    pub base_path: [String; 3],
    /// Its name and that of its base, as SQL at the place where it is created.
    pub name: String,
    pub base: String,
    /// The statement that it is created before: the first that reads the base.
    pub before: StatementId,
    /// Elements of the base's definition that have to be repeated.
    pub repeated: Vec<Span>,
    /// Options of the LIKE clause, as `OVERWRITING METADATA`.
    pub options: Vec<&'static str>,
    /// References to the base that become references to it.
    pub references: Vec<Edit>,
}

/// A view from outside, made again where it sees the added watermarks.
#[derive(Debug, Clone, Serialize)]
pub struct RemadeView {
    pub view: EntryId,
    /// As SQL at the place where it is made.
    pub name: String,
    /// The statement that it is made before: the first that reads it.
    pub before: StatementId,
}

impl Placed {
    /// The first statement whose LIKE would copy what is added to the base.
    pub(super) fn copied_from(&self) -> StatementId {
        match self.placement {
            Placement::Derive => StatementId::MAX,
            _ => self.before,
        }
    }
}

/// How a table gets its watermark; a shadow for one from outside if nothing else is asked for.
pub(super) fn wish(input: Input<'_>, entry: &Entry, table: Option<&TableSettings>) -> Placement {
    let asked = table.and_then(|t| t.placement);
    asked.or(input.settings.watermark.placement).unwrap_or({
        match input.script.is_outside(entry.created) {
            true => Placement::Shadow,
            false => Placement::InPlace,
        }
    })
}

/// Where the watermark goes; `None` for the table's own definition.
///
/// # Errors
/// What Flink would refuse, with the way that works instead.
pub(super) fn of(
    input: Input<'_>,
    uses: &Uses,
    names: &mut Names,
    added: &AddedWatermark,
) -> Result<Option<Placed>, Box<Diagnostic>> {
    let id = added.table;
    let entry = &input.catalog.entries[id];
    let settings = input.settings.table(&entry.name.path());
    let placement = wish(input, entry, settings);
    if let Some(problem) = problem(input, entry, id, placement) {
        return Err(Box::new(problem));
    }
    let Some(table) = entry.table().filter(|_| placement != Placement::InPlace) else {
        return Ok(None);
    };
    let readers = readers(input, uses, id);
    let Some(before) = first_read(input, uses, &readers) else {
        return Ok(None);
    };
    let direct = uses.references.iter().find(|r| {
        r.object == id
            && !input.script.is_outside(r.statement)
            && statement_set(input, r.statement) == before
    });
    let base = match direct {
        Some(reference) => reference.span.of(input.text).to_owned(),
        None => spelled(input, &entry.path, before),
    };
    let mut path = entry.path.clone();
    let (name, references) = match placement {
        Placement::Derive => {
            path[2] = names.fresh(entry.name.object(), DERIVED);
            let qualifier = &base[..base.len() - last_name(&base, input).len()];
            let name = format!("{qualifier}{}", quote(&path[2]));
            (name, renamed(input, uses, id, &readers, &path[2]))
        }
        _ => (base.clone(), Vec::new()),
    };
    if placement == Placement::Derive
        && let Some(place) = qualified_by_path(input, uses, id)
    {
        return Err(Box::new(
            Diagnostic::error(
                "placement",
                place,
                "this column is qualified by more than the name of its table",
            )
            .label("no alias keeps its meaning where the table is read under a new name")
            .help("give the table an alias in the query, and qualify the column by that"),
        ));
    }
    let (repeated, options) = repeated(input, table, added);
    Ok(Some(Placed {
        added: added.clone(),
        placement,
        path,
        base_path: entry.path.clone(),
        name,
        base,
        before,
        repeated,
        options,
        references,
    }))
}

/// What is in the way of a placement.
fn problem(
    input: Input<'_>,
    entry: &Entry,
    id: EntryId,
    placement: Placement,
) -> Option<Diagnostic> {
    let name = entry.name.object();
    let outside = input.script.is_outside(entry.created);
    let key = super::watermark::config_key(input, entry);
    let line = |placement: Placement| {
        super::watermark::config_lines(&key, &[("placement", placement.as_str())])
    };
    let error = |message: String| Diagnostic::error("placement", entry.name.span, message);
    let other_way = match outside {
        true => vec![line(Placement::Derive)],
        false => vec![line(Placement::InPlace), line(Placement::Derive)],
    };
    let helped = |mut diagnostic: Diagnostic| {
        diagnostic.help.extend(other_way.iter().cloned());
        diagnostic
    };
    match placement {
        Placement::InPlace if outside => Some(
            error(format!(
                "table `{name}` gets no watermark in place: its definition is not in the script"
            ))
            .help(line(Placement::Shadow))
            .help(line(Placement::Derive)),
        ),
        Placement::InPlace | Placement::Derive => None,
        Placement::Shadow if entry.temporary => Some(helped(
            error(format!(
                "table `{name}` is temporary: no other temporary table can have its name"
            ))
            .note("Flink: \"Temporary table … already exists\""),
        )),
        Placement::Shadow => {
            let entries = input.catalog.entries.iter().enumerate();
            let mut hiding = entries
                .filter(|(other, e)| *other != id && e.temporary && e.path == entry.path)
                .map(|(_, e)| e);
            if let Some(hiding) = hiding.next() {
                return Some(helped(
                    error(format!(
                        "table `{name}` cannot have a shadow: its name is taken by another temporary object"
                    ))
                    .related(hiding.name.span, "declared here")
                    .note("Flink: \"Temporary table … already exists\""),
                ));
            }
            let dropped = entry.dropped.filter(|at| !input.script.is_outside(*at))?;
            Some(helped(
                error(format!(
                    "table `{name}` cannot have a shadow: the script drops or changes it"
                ))
                .related(input.script.statements[dropped].span, "here")
                .note("Flink takes no DROP TABLE or ALTER TABLE of a table that a temporary one hides"),
            ))
        }
    }
}

/// A table, and the views from outside that read it, also through others.
fn readers(input: Input<'_>, uses: &Uses, id: EntryId) -> BTreeSet<EntryId> {
    let mut readers = BTreeSet::from([id]);
    let views = input.catalog.entries.iter().enumerate();
    // In order: a view stands behind those that it reads.
    for (view, entry) in views {
        let is_outside_view =
            matches!(entry.object, Object::View { .. }) && input.script.is_outside(entry.created);
        let of_view = |r: &&Reference| r.statement == entry.created;
        if is_outside_view
            && (uses.references.iter().filter(of_view)).any(|r| readers.contains(&r.object))
        {
            readers.insert(view);
        }
    }
    readers
}

/// The first statement of the script that reads one of these, or the statement set that it is in.
fn first_read(input: Input<'_>, uses: &Uses, objects: &BTreeSet<EntryId>) -> Option<StatementId> {
    let reads = uses
        .references
        .iter()
        .filter(|r| objects.contains(&r.object) && !input.script.is_outside(r.statement));
    let first = reads.map(|r| r.statement).min()?;
    Some(statement_set(input, first))
}

/// The `BEGIN STATEMENT SET` that a statement stands behind, or itself.
fn statement_set(input: Input<'_>, at: StatementId) -> StatementId {
    let before = input.script.statements[..at].iter().enumerate().rev();
    let mut ends = before.filter_map(|(id, s)| match s.kind {
        StatementKind::BeginStatementSet => Some(Some(id)),
        StatementKind::EndStatementSet => Some(None),
        _ => None,
    });
    ends.next().flatten().unwrap_or(at)
}

/// A path as SQL at a statement, no longer than it has to be.
pub fn spelled(input: Input<'_>, path: &[String; 3], at: StatementId) -> String {
    let here = input.catalog.qualify(&[""], at);
    let same = |part: usize| here.as_ref().is_some_and(|here| here[part] == path[part]);
    let parts = match (same(0), same(1)) {
        (true, true) => &path[2..],
        (true, false) => &path[1..],
        _ => &path[..],
    };
    parts.iter().map(|p| quote(p)).collect::<Vec<_>>().join(".")
}

/// The last part of a name, as it is written.
fn last_name<'n>(name: &'n str, input: Input<'_>) -> &'n str {
    let tokens = lexer::lex(name, input.settings.flink);
    tokens.last().map_or(name, |t| t.span.of(name))
}

/// The token that is the last part of the name at `place`.
pub fn last_part(tokens: &[Token], place: Span) -> Option<Span> {
    let end = tokens.partition_point(|t| t.span.end <= place.end);
    let is_name = |t: &&Token| matches!(t.kind, TokenKind::Word | TokenKind::QuotedIdent);
    tokens[..end].iter().rev().find(is_name).map(|t| t.span)
}

/// A column that is qualified by database and table: Flink finds none so under an alias.
fn qualified_by_path(input: Input<'_>, uses: &Uses, id: EntryId) -> Option<Span> {
    let name = |token: &&Token| !token.kind.is_trivia();
    let written = |span: Span| -> Vec<&str> {
        let tokens = &input.script.tokens;
        let first = tokens.partition_point(|t| t.span.start < span.start);
        let inside = tokens[first..]
            .iter()
            .take_while(|t| t.span.end <= span.end);
        inside.filter(name).map(|t| t.span.of(input.text)).collect()
    };
    let of_table = uses
        .references
        .iter()
        .filter(|r| r.object == id && r.needs_alias);
    for reference in of_table {
        let mut path = written(reference.span);
        if path.len() == 1 {
            continue;
        }
        path.push(".");
        let statement = &input.script.statements[reference.statement];
        let tokens: Vec<&Token> = input.script.tokens[statement.tokens.clone()]
            .iter()
            .filter(name)
            .collect();
        let same = |window: &&[&Token]| {
            window
                .iter()
                .map(|t| t.span.of(input.text))
                .eq(path.iter().copied())
        };
        if let Some(found) = tokens.windows(path.len()).find(same) {
            return Some(found[0].span.cover(found[path.len() - 1].span));
        }
    }
    None
}

/// The edits that make queries read another table. A table that is looked up by time stays.
fn renamed(
    input: Input<'_>,
    uses: &Uses,
    id: EntryId,
    readers: &BTreeSet<EntryId>,
    name: &str,
) -> Vec<Edit> {
    let statements: BTreeSet<StatementId> = readers
        .iter()
        .map(|id| input.catalog.entries[*id].created)
        .collect();
    let mut edits = Vec::new();
    for reference in uses.references.iter().filter(|r| r.object == id) {
        let at = reference.statement;
        if input.script.is_outside(at) && !statements.contains(&at) {
            continue;
        }
        let tokens = &input.script.tokens;
        let Some(last) = last_part(tokens, reference.span) else {
            continue;
        };
        let mut behind = tokens[tokens.partition_point(|t| t.span.start < last.end)..]
            .iter()
            .filter(|t| !t.kind.is_trivia())
            .peekable();
        let mut end = last.end;
        while let Some(hint) = behind.next_if(|t| t.kind == TokenKind::Hint) {
            end = hint.span.end;
        }
        let next = behind.next().map_or("", |t| t.span.of(input.text));
        if next.eq_ignore_ascii_case("FOR") {
            continue;
        }
        let alias = match reference.needs_alias && !next.eq_ignore_ascii_case("MATCH_RECOGNIZE") {
            true => format!(" AS {}", last.of(input.text)),
            false => String::new(),
        };
        // A hint comes before the alias.
        if end == last.end {
            edits.push(Edit::replace(last, format!("{}{alias}", quote(name))));
        } else {
            edits.push(Edit::replace(last, quote(name)));
            edits.push(Edit::insert(end, alias));
        }
    }
    edits.sort_by_key(|e| e.span);
    edits.dedup();
    edits
}

/// The elements that the new table has to repeat, and the options of its LIKE: a WATERMARK and a computed column
/// see the physical columns of the base only.
fn repeated(
    input: Input<'_>,
    table: &Table,
    added: &AddedWatermark,
) -> (Vec<Span>, Vec<&'static str>) {
    let mut columns: Vec<&TableColumn> = Vec::new();
    let names = match &added.attachment {
        Attachment::Column(name) => {
            let column = table.column(name);
            let expr = column.and_then(|c| c.expr);
            columns.extend(column.filter(|c| c.kind != TableColumnKind::Physical));
            names_in(expr.map_or("", |e| e.of(input.text)), input)
        }
        Attachment::Hidden(columns) => {
            let definitions = columns.iter().map(|c| names_in(&c.definition, input));
            definitions.flatten().collect()
        }
    };
    let mut names: BTreeSet<String> = names;
    names.extend(names_in(&super::watermark_sql(added), input));
    let is_metadata = |c: &TableColumn| matches!(c.kind, TableColumnKind::Metadata { .. });
    let below = table.columns.iter();
    columns.extend(below.filter(|c| is_metadata(c) && names.contains(&c.name)));
    let mut options = Vec::new();
    if columns.iter().any(|c| is_metadata(c)) {
        options.push("OVERWRITING METADATA");
    }
    if columns.iter().any(|c| !is_metadata(c)) {
        options.push("OVERWRITING GENERATED");
    }
    if table.watermark.is_some() {
        options.push("EXCLUDING WATERMARKS");
    }
    let mut spans: Vec<Span> = columns
        .into_iter()
        .filter_map(|c| declaration(input, c))
        .collect();
    spans.sort();
    spans.dedup();
    (spans, options)
}

/// Words of an expression that may be names of columns.
pub(super) fn names_in(sql: &str, input: Input<'_>) -> BTreeSet<String> {
    let tokens = lexer::lex(sql, input.settings.flink);
    let names = tokens.iter().filter_map(|t| match t.kind {
        TokenKind::Word => Some(t.span.of(sql).to_owned()),
        TokenKind::QuotedIdent => Some(t.span.of(sql).trim_matches('`').replace("``", "`")),
        _ => None,
    });
    names.collect()
}

/// The element that declares a column.
fn declaration(input: Input<'_>, column: &TableColumn) -> Option<Span> {
    let declares =
        |e: &&Element| matches!(&e.kind, ElementKind::Column(c) if c.name.span == column.span);
    let mut all = input.script.statements.iter().map(|s| s.kind.elements());
    all.find_map(|list| list.iter().find(declares))
        .map(|e| e.span)
}

/// Views from outside that have to be made again behind the new tables.
pub(super) fn remake_views(input: Input<'_>, uses: &Uses, plan: &mut Plan) {
    let mut views: BTreeSet<EntryId> = BTreeSet::new();
    for &id in plan.placed.keys() {
        views.extend(readers(input, uses, id).into_iter().filter(|r| *r != id));
    }
    for view in views {
        // Those that read it, from outside too.
        let Some(before) = first_read(input, uses, &readers(input, uses, view)) else {
            continue;
        };
        let entry = &input.catalog.entries[view];
        if let Some(why) = stays(input, entry, view, before) {
            plan.diagnostics.push(not_remade(entry, &why));
            continue;
        }
        let name = spelled(input, &entry.path, before);
        plan.remade.push(RemadeView { view, name, before });
    }
}

/// Finds out where copies of views and gates of tables from outside can stand.
pub(super) fn stand_behind(input: Input<'_>, uses: &Uses, plan: &mut Plan) {
    let views: BTreeSet<EntryId> = plan.siblings.keys().map(|(view, _)| *view).collect();
    let outside = |id: &EntryId| {
        let entry = &input.catalog.entries[*id];
        input.script.is_outside(entry.created)
    };
    let tables = plan.source_gates.keys().copied();
    for id in views.iter().copied().chain(tables).filter(outside) {
        let Some(before) = first_read(input, uses, &readers(input, uses, id)) else {
            continue;
        };
        plan.first_reads.insert(id, before);
        let entry = &input.catalog.entries[id];
        if views.contains(&id) && !same_database(input, entry, before) {
            plan.diagnostics.push(
                Diagnostic::error(
                    "view-outside",
                    entry.name.span,
                    format!(
                        "view `{}` does not show the event time",
                        entry.name.object()
                    ),
                )
                .note(format!("a copy that does cannot be made: {ELSEWHERE}"))
                .help("put its query into the script, as a temporary view of another name"),
            );
        }
    }
}

const ELSEWHERE: &str = "the script reads it from another catalog or database, where the names in it mean something else";

/// Do names without a qualifier mean at a statement what they mean where an object is declared?
fn same_database(input: Input<'_>, entry: &Entry, at: StatementId) -> bool {
    let path = |at| input.catalog.qualify(&[""], at);
    path(entry.created) == path(at)
}

/// Why a view cannot be made again.
fn stays(input: Input<'_>, entry: &Entry, id: EntryId, before: StatementId) -> Option<String> {
    let mut others = input.catalog.entries.iter().enumerate();
    if entry.temporary
        || others.any(|(other, e)| other != id && e.temporary && e.path == entry.path)
    {
        return Some("a temporary object has its name".to_owned());
    }
    if entry.dropped.is_some() {
        return Some("the script drops it".to_owned());
    }
    (!same_database(input, entry, before)).then(|| ELSEWHERE.to_owned())
}

fn not_remade(entry: &Entry, why: &str) -> Diagnostic {
    let name = entry.name.object();
    Diagnostic::error(
        "view-before-watermark",
        entry.name.span,
        format!("view `{name}` was made before the table that it reads got a watermark"),
    )
    .note("such a view does not see the time attribute (run in Flink 1.20.5 and 2.3.0)")
    .note(format!(
        "it cannot be made again as a temporary view: {why}"
    ))
    .help("put its query into the script, as a temporary view of another name")
}

/// What a placement does that a reader of the script should know.
pub(super) fn notes(input: Input<'_>, placed: &Placed) -> Vec<Diagnostic> {
    let entry = &input.catalog.entries[placed.added.table];
    let name = entry.name.object();
    let mut notes = Vec::new();
    let is_written = |place: &super::inserts::Place<'_>| {
        let target = place.insert.target.path();
        place.statement >= placed.before
            && input.catalog.resolve_id(&target, place.statement) == Some(placed.added.table)
    };
    if placed.placement == Placement::Shadow {
        for place in super::inserts::all(input).into_iter().filter(is_written) {
            notes.push(
                Diagnostic::new(
                    Severity::Note,
                    "written-through-shadow",
                    place.insert.target.span,
                    format!("this INSERT writes table `{name}` through its shadow"),
                )
                .note("the shadow has the table's options, so the rows go where they went; what is added is no column of the sink"),
            );
        }
    }
    notes
}

/// A table that carries a watermark for another one, in a script that has both.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Carried {
    pub placement: Placement,
    pub base: EntryId,
}

/// The watermarks that stand in tables of their own by now.
pub(super) fn carried(input: Input<'_>, placed: &[Placed]) -> Vec<(AddedWatermark, Carried)> {
    let find = |placed: &Placed| {
        let is_it = |e: &Entry| e.temporary && e.path == placed.path;
        let table = input.catalog.entries.iter().position(is_it)?;
        let base = input.catalog.entries.iter().enumerate();
        let mut base = base.filter(|(id, e)| *id != table && e.path == placed.base_path);
        let carried = Carried {
            placement: placed.placement,
            base: base.next_back()?.0,
        };
        let added = AddedWatermark {
            table,
            ..placed.added.clone()
        };
        Some((added, carried))
    };
    placed.iter().filter_map(find).collect()
}
