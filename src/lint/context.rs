use crate::catalog::{Catalog, Entry, EntryId, StatementId, Table};
use crate::config::Settings;
use crate::lexer::{Token, TokenKind, unescape_ident};
use crate::plan::{Input, Need, Plan, inserts};
use crate::syntax::{
    AlterAction, CreateTable, Insert, OptionList, Script, Statement, StatementKind, TableOption,
};
use crate::text::Span;
use crate::time::{QueryTime, Times};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that a rule may look at.
pub struct Context<'a> {
    pub text: &'a str,
    pub script: &'a Script,
    pub catalog: &'a Catalog,
    pub settings: &'a Settings,
    /// With the watermarks that are planned, as if they stood there.
    pub times: &'a Times,
    pub plan: &'a Plan,
    /// By the last part of a table's or a view's name: the statements that have it as an identifier.
    mentions: BTreeMap<&'a str, BTreeSet<StatementId>>,
}

impl<'a> Context<'a> {
    pub fn new(input: Input<'a>, times: &'a Times, plan: &'a Plan) -> Self {
        Self {
            text: input.text,
            script: input.script,
            catalog: input.catalog,
            settings: input.settings,
            times,
            plan,
            mentions: mentions(input),
        }
    }

    pub fn input(&self) -> Input<'a> {
        Input {
            text: self.text,
            script: self.script,
            catalog: self.catalog,
            settings: self.settings,
        }
    }

    /// Where the user's script starts, behind what is declared outside of it.
    pub fn start(&self) -> u32 {
        let outside = self.script.outside.last().and_then(|n| n.checked_sub(1));
        let last = outside.and_then(|last| self.script.statements.get(last));
        last.map_or(0, |s| {
            s.semicolon.map_or(s.span.end, |semicolon| semicolon.end)
        })
    }

    /// Could every statement be read? If not, what seems to be missing or unused may stand in one that could not.
    pub fn is_whole(&self) -> bool {
        is_whole(self.script)
    }

    /// The user's statements, without those from outside of the script.
    pub fn statements(&self) -> impl Iterator<Item = (StatementId, &'a Statement)> {
        let script = self.script;
        let all = script.statements.iter().enumerate();
        all.filter(move |(id, _)| !script.is_outside(*id))
    }

    /// All INSERTs, those in statement sets too, with their statement.
    pub fn inserts(&self) -> impl Iterator<Item = (StatementId, &'a Insert)> {
        let places = inserts::all(self.input()).into_iter();
        let own = places.filter(|place| !self.script.is_outside(place.statement));
        own.map(|place| (place.statement, place.insert))
    }

    /// The tables that the script itself declares, each as its CREATE TABLE left it.
    pub fn tables(&self) -> impl Iterator<Item = Declared<'a>> {
        let catalog = self.catalog;
        self.statements().filter_map(move |(statement, s)| {
            let StatementKind::CreateTable(create) = &s.kind else {
                return None;
            };
            let id = catalog.declared_by(statement)?;
            let table = catalog.entries[id].table()?;
            Some(Declared {
                id,
                statement,
                create,
                table,
            })
        })
    }

    /// Does any statement name a table or a view, other than those that make, change or drop it? A column of the same name
    /// counts too: rather one too many.
    pub fn is_mentioned(&self, id: EntryId) -> bool {
        let entry = &self.catalog.entries[id];
        let statements = self.mentions.get(entry.name.object());
        statements.into_iter().flatten().any(|at| {
            let about = match &self.script.statements[*at].kind {
                StatementKind::Drop(drop) => drop.name.object() == entry.name.object(),
                StatementKind::AlterTable(alter) => alter.name.object() == entry.name.object(),
                _ => false,
            };
            *at != entry.created && !about
        })
    }

    /// The tokens of a statement, without its semicolon.
    pub fn tokens(&self, statement: &Statement) -> &'a [Token] {
        &self.script.tokens[statement.tokens.clone()]
    }

    /// The table that an INSERT writes to.
    pub fn sink(&self, at: StatementId, insert: &Insert) -> Option<(EntryId, &'a Table)> {
        let id = self.catalog.resolve_id(&insert.target.path(), at)?;
        Some((id, self.catalog.entries[id].table()?))
    }

    /// The values that the script sets an option of the session to, in order, with the statement.
    pub fn set_to(&self, key: &str) -> Vec<(StatementId, &'a crate::syntax::Setting)> {
        let settings = self.statements().filter_map(|(id, s)| match &s.kind {
            StatementKind::Set(Some(setting)) if setting.key.value == key => Some((id, setting)),
            _ => None,
        });
        settings.collect()
    }

    /// What an INSERT's query yields.
    pub fn query_time(&self, at: StatementId, insert: &Insert) -> Option<&'a QueryTime> {
        self.times.queries.get(&(at, insert.source.span.start))
    }

    /// An option where the table's CREATE TABLE sets it: the last one, which holds.
    pub fn own_option(&self, id: EntryId, key: &str) -> Option<&'a TableOption> {
        let created = self.catalog.entries[id].created;
        let StatementKind::CreateTable(create) = &self.script.statements[created].kind else {
            return None;
        };
        let mut options = create.options.as_ref()?.options.iter().rev();
        options.find(|o| o.key.value == key)
    }

    /// The place of that, key and value.
    pub fn option_span(&self, id: EntryId, key: &str) -> Option<Span> {
        let option = self.own_option(id, key)?;
        Some(option.key.span.cover(option.value.span))
    }

    /// Does the script run in batch mode, or might it?
    pub fn may_be_batch(&self) -> bool {
        let modes = self.set_to("execution.runtime-mode");
        modes
            .iter()
            .any(|(_, mode)| !mode.value.value.eq_ignore_ascii_case("streaming"))
    }

    /// The options that statements set for tables: WITH (…) and ALTER TABLE … SET (…).
    pub fn option_lists(&self) -> impl Iterator<Item = &'a OptionList> {
        self.statements().filter_map(|(_, s)| match &s.kind {
            StatementKind::CreateTable(create) => create.options.as_ref(),
            StatementKind::AlterTable(alter) => match &alter.action {
                AlterAction::SetOptions(list) => Some(list),
                _ => None,
            },
            _ => None,
        })
    }

    /// The tables that an INSERT reads as streams, if they have a watermark or are given one.
    pub fn streams(&self) -> impl Iterator<Item = (EntryId, &'a Entry, &'a Table)> {
        let plan = self.plan;
        let streams = plan.tables.iter();
        let streams = streams.filter(|(_, t)| matches!(t.need, Need::Stream | Need::Declared));
        streams.filter_map(move |(id, _)| {
            let entry = &self.catalog.entries[*id];
            let table = entry.table()?;
            let has_time = table.watermark.is_some() || plan.watermark(*id).is_some();
            has_time.then_some((*id, entry, table))
        })
    }

    /// An option of a table, by the script or by the configuration.
    pub fn option(&self, id: EntryId, key: &str) -> Option<&'a str> {
        let own = self.catalog.entries[id].table()?.options.get(key);
        let added = || {
            let added = self.plan.options.get(&id).into_iter().flatten();
            added.into_iter().find(|o| o.key == key).map(|o| &o.value)
        };
        own.or_else(added).map(String::as_str)
    }

    /// The hints of the script's own.
    pub fn hints(&self) -> impl Iterator<Item = Span> {
        let tokens = self.statements().flat_map(|(_, s)| self.tokens(s));
        tokens.filter(|t| t.kind == TokenKind::Hint).map(|t| t.span)
    }

    /// Those of them that have a text in them.
    pub fn hints_with(&self, text: &str) -> impl Iterator<Item = Span> {
        self.hints()
            .filter(move |span| span.of(self.text).contains(text))
    }
}

/// A duration as Flink writes it, in milliseconds: a number and a unit; without one, milliseconds.
/// Source: Flink, `org.apache.flink.util.TimeUtils`.
pub fn duration_ms(text: &str) -> Option<u64> {
    let text = text.trim();
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number: u64 = number.parse().ok()?;
    Some(match unit.trim().to_ascii_lowercase().as_str() {
        "" | "ms" | "milli" | "millis" | "millisecond" | "milliseconds" => number,
        "s" | "sec" | "secs" | "second" | "seconds" => number.checked_mul(1_000)?,
        "m" | "min" | "minute" | "minutes" => number.checked_mul(60_000)?,
        "h" | "hour" | "hours" => number.checked_mul(3_600_000)?,
        "d" | "day" | "days" => number.checked_mul(86_400_000)?,
        _ => return None,
    })
}

/// A CREATE TABLE of the script, and what it declares.
#[derive(Clone, Copy)]
pub struct Declared<'a> {
    pub id: EntryId,
    pub statement: StatementId,
    pub create: &'a CreateTable,
    pub table: &'a Table,
}

fn mentions<'a>(input: Input<'a>) -> BTreeMap<&'a str, BTreeSet<StatementId>> {
    let names = input.catalog.entries.iter().map(|e| e.name.object());
    let mut found: BTreeMap<&str, BTreeSet<StatementId>> =
        names.map(|n| (n, BTreeSet::new())).collect();
    for (id, statement) in input.script.statements.iter().enumerate() {
        for token in &input.script.tokens[statement.tokens.clone()] {
            let text = token.span.of(input.text);
            let at = match token.kind {
                TokenKind::Word => found.get_mut(text),
                TokenKind::QuotedIdent => found.get_mut(unescape_ident(text).as_str()),
                _ => None,
            };
            if let Some(statements) = at {
                statements.insert(id);
            }
        }
    }
    found
}

fn is_whole(script: &Script) -> bool {
    let invalid = |s: &Statement| matches!(s.kind, StatementKind::Invalid);
    !script.statements.iter().any(invalid)
}

/// Can something be absent from a script? Not where a statement cannot be read, and not where it only declares.
pub fn shows_absence(script: &Script) -> bool {
    let works = |s: &Statement| {
        matches!(
            s.kind,
            StatementKind::Insert(_)
                | StatementKind::StatementSet(_)
                | StatementKind::Query(_)
                | StatementKind::Explain(_)
        )
    };
    is_whole(script) && script.statements.iter().any(works)
}
