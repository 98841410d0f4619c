//! One of the scripts, read and ready to be planned and executed.

use crate::catalog::{Catalog, EntryId, Object, TableColumnKind};
use crate::config::{Settings, parse_delay};
use crate::diagnostic::Diagnostic;
use crate::outside::Outside;
use crate::parser;
use crate::plan::{IDLE_TIMEOUT, Input, SOURCE_IDLE_TIMEOUT, inserts};
use crate::syntax::{Script, StatementKind};
use crate::text::Span;
use crate::validate::execute::{Failure, Program, Row, Tables, Value, Wait, Zone};
use crate::validate::{Outcome, Planner};
use std::collections::BTreeMap;
use std::sync::Arc;

pub struct Job<'a> {
    text: String,
    script: Script,
    pub catalog: Catalog,
    settings: &'a Settings,
    /// Where the script starts behind what is declared outside.
    start: u32,
}

/// How the computed columns of a table are computed: position and program of each.
pub type Computed = Vec<(usize, Program)>;

impl<'a> Job<'a> {
    /// # Errors
    /// What is wrong with the script.
    pub fn read(text: &str, settings: &'a Settings) -> Result<Self, Vec<Diagnostic>> {
        let outside = Outside::read(&settings.catalog, settings.flink);
        let text = outside.before(text).into_owned();
        let (script, diagnostics) = outside.parse(&text, settings.flink);
        let errors: Vec<Diagnostic> = diagnostics
            .into_iter()
            .filter(Diagnostic::is_error)
            .collect();
        if !errors.is_empty() {
            return Err(errors);
        }
        let catalog = Catalog::with_functions(&script, settings.gate.known_function());
        Ok(Self {
            text,
            script,
            catalog,
            settings,
            start: outside.end(),
        })
    }

    pub fn input(&self) -> Input<'_> {
        Input {
            text: &self.text,
            script: &self.script,
            catalog: &self.catalog,
            settings: self.settings,
        }
    }

    /// The script, and what is declared outside before it.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn planner(&self) -> Planner<'_> {
        // The script as it came has no watermarks yet, and its windows are executed all the same.
        Planner::new(&self.script, &self.text, &self.catalog, self.settings.flink)
            .with_any_rowtimes()
    }

    pub fn inserts(&self) -> Vec<inserts::Place<'_>> {
        inserts::all(self.input())
    }

    /// A place in the script itself.
    pub fn localised(&self, span: Span) -> Span {
        Span::new(
            span.start.saturating_sub(self.start),
            span.end.saturating_sub(self.start),
        )
    }

    /// The session's time zone at an INSERT: UTC unless the script sets another one.
    ///
    /// # Errors
    /// Why it is not known.
    fn zone(&self, index: usize) -> Result<Zone, String> {
        let at = self.inserts().get(index).map_or(usize::MAX, |p| p.before);
        let before = self.script.statements.iter().take(at);
        let mut sets = before.filter_map(|s| match &s.kind {
            StatementKind::Set(Some(set)) if set.key.value == "table.local-time-zone" => Some(set),
            _ => None,
        });
        match sets.next_back().map(|set| set.value.value.as_str()) {
            None => Ok(Zone::Utc),
            Some(zone) => Zone::read(zone).ok_or_else(|| format!("the time zone `{zone}`")),
        }
    }

    /// The query of an INSERT, ready to be executed.
    ///
    /// # Errors
    /// Why it is not executed.
    pub fn program(&self, planner: &Planner<'_>, index: usize) -> Result<Program, Vec<String>> {
        let Some(place) = self.inserts().get(index).copied() else {
            return Err(vec![
                "an INSERT that only some of the scripts have".to_owned(),
            ]);
        };
        let zone = self.zone(index).map_err(|why| vec![why])?;
        match planner.insert(place.insert, place.statement) {
            Outcome::Planned(planned) => Program::compile(&planned, &self.catalog, zone),
            Outcome::UserError(errors) => Err(errors.into_iter().map(|e| e.message).collect()),
            Outcome::NotPlanned { reason, .. } => Err(vec![reason]),
        }
    }

    /// The table whose rows a table holds: itself, or the one that it is made `LIKE` for a name of its own.
    pub fn origin(&self, id: EntryId) -> String {
        let entry = &self.catalog.entries[id];
        let own = entry.path.join(".");
        let Some(StatementKind::CreateTable(create)) =
            self.script.statements.get(entry.created).map(|s| &s.kind)
        else {
            return own;
        };
        let base = create
            .like
            .as_ref()
            .and_then(|like| self.catalog.resolve(&like.source.path(), entry.created));
        match base {
            Some(base) if entry.path[2] == format!("{}__timed", base.path[2]) => {
                base.path.join(".")
            }
            _ => own,
        }
    }

    /// Those of a table that the INSERT of this index reads.
    ///
    /// # Errors
    /// Which computed column of a table is not executed, and why.
    pub fn computed(
        &self,
        planner: &Planner<'_>,
        index: usize,
        id: EntryId,
    ) -> Result<Computed, String> {
        let zone = self.zone(index)?;
        let entry = &self.catalog.entries[id];
        let Object::Table(table) = &entry.object else {
            return Ok(Vec::new());
        };
        let mut programs = Vec::new();
        for (position, column) in table.columns.iter().enumerate() {
            if !matches!(column.kind, TableColumnKind::Computed { .. }) {
                continue;
            }
            let wrong = |why: &str| {
                format!(
                    "{why} (column `{}` of table `{}`)",
                    column.name, entry.path[2]
                )
            };
            let Some(expr) = column.expr else {
                return Err(wrong("a computed column of unknown origin"));
            };
            let path: Vec<String> = entry
                .path
                .iter()
                .map(|p| format!("`{}`", p.replace('`', "``")))
                .collect();
            let text = format!(
                "SELECT {} AS `c` FROM {};",
                expr.of(&self.text),
                path.join(".")
            );
            let (script, _) = parser::parse(&text, self.settings.flink);
            let Some(StatementKind::Query(query)) = script.statements.first().map(|s| &s.kind)
            else {
                return Err(wrong("a computed column that does not read alone"));
            };
            let program = match planner.query(query, entry.since + 1) {
                Outcome::Planned(planned) => Program::compile(&planned, &self.catalog, zone),
                Outcome::UserError(errors) => Err(errors.into_iter().map(|e| e.message).collect()),
                Outcome::NotPlanned { reason, .. } => Err(vec![reason]),
            };
            let program = program.map_err(|whys| wrong(&whys.join(", ")))?;
            programs.push((position, program));
        }
        Ok(programs)
    }

    /// By its name, or its full path with dots.
    pub fn has_table(&self, name: &str) -> bool {
        let mut tables = self.catalog.entries.iter().filter(|e| e.table().is_some());
        tables.any(|e| e.path[2] == name || e.path.join(".") == name)
    }

    /// How far a table's watermark is behind its latest event time, in milliseconds. `None`: it has no watermark, or that
    /// does not say.
    pub fn delay(&self, id: EntryId) -> Option<i64> {
        let watermark = self.catalog.entries[id].table()?.watermark.as_ref()?;
        i64::try_from(watermark.delay_ms?).ok()
    }

    /// After which time without rows a table no longer holds the watermark back, in milliseconds.
    pub fn idle_timeout(&self, id: EntryId) -> Option<i64> {
        let table = self.catalog.entries[id].table()?;
        let of_session = || {
            let sets = self.script.statements.iter().filter_map(|s| match &s.kind {
                StatementKind::Set(Some(set)) => Some(set),
                _ => None,
            });
            let mut timeouts = sets.filter(|s| s.key.value == SOURCE_IDLE_TIMEOUT);
            timeouts.next_back().map(|s| s.value.value.clone())
        };
        let own = table.options.get(IDLE_TIMEOUT).cloned();
        let timeout = parse_delay(&own.or_else(of_session)?).ok()?;
        i64::try_from(timeout).ok().filter(|ms| *ms > 0)
    }

    /// The position of the column that a table's watermark is on.
    pub fn event_time(&self, id: EntryId) -> Option<usize> {
        let table = self.catalog.entries[id].table()?;
        let name = table.watermark.as_ref()?.column.join(".");
        table.columns.iter().position(|c| c.name == name)
    }

    /// All columns of a table's rows from those that are no computed ones.
    ///
    /// # Errors
    /// Where a column is not computed for some row.
    pub fn rows(
        &self,
        id: EntryId,
        computed: &Computed,
        records: &[super::data::Record],
        clock: i64,
    ) -> Result<Vec<Row>, Failure> {
        let Object::Table(table) = &self.catalog.entries[id].object else {
            return Ok(Vec::new());
        };
        let row = |record: &super::data::Record| {
            let value = |name: &str| record.values.get(name).cloned().unwrap_or(Value::Null);
            Row {
                values: table.columns.iter().map(|c| value(&c.name)).collect(),
                ids: Arc::from([record.id]),
                wait: Wait::default(),
            }
        };
        let mut rows: Vec<Row> = records.iter().map(row).collect();
        let tables = Tables {
            by_entry: BTreeMap::from([(id, rows.clone())]),
        };
        for (position, program) in computed {
            for (row, value) in rows.iter_mut().zip(program.run(&tables, clock)?) {
                row.values[*position] = value.values.into_iter().next().unwrap_or(Value::Null);
            }
        }
        Ok(rows)
    }
}
