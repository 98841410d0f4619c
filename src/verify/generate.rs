//! Rows that a gate may get wrong: event times on and around the cutover and the edges of windows, keys from small
//! domains so that joins match, values that the script itself names, NULL where a column may hold it.

mod encoding;

use super::Options;
use super::data::{Input, Record};
use super::job::{Computed, Job};
use super::random::Random;
use super::trial::Subject;
use crate::catalog::{EntryId, Table, TableColumn, TableColumnKind};
use crate::lexer::{self, Token, TokenKind};
use crate::syntax::{DataType, TypeKind};
use crate::validate::execute::{Decimal, Row, Value, cast, read_interval, timestamp_text};
use encoding::{ENCODINGS, Encoding, encoded, time_type};
use std::collections::{BTreeMap, BTreeSet};

/// What strings look like. A script may read them as numbers or times, and would fail on others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Words,
    Digits,
    Times,
}

/// In the order in which they are tried.
pub const STYLES: [Style; 3] = [Style::Words, Style::Digits, Style::Times];

struct Source<'a> {
    job: &'a Job<'a>,
    id: EntryId,
    computed: Computed,
    path: String,
    table: &'a Table,
    /// The column that the watermark is on or is computed from: it is never NULL if that may not be.
    time: Option<(String, Option<Encoding>)>,
    time_nullable: bool,
    delay_ms: i64,
}

pub struct Generator<'a> {
    sources: Vec<Source<'a>>,
    options: Options,
    /// Strings that the script compares columns of a name with.
    of_column: BTreeMap<String, Vec<String>>,
    /// Likewise numbers.
    number_of: BTreeMap<String, Vec<i64>>,
    numbers: Vec<i64>,
    /// Lengths in milliseconds that the script names, and some more; ascending.
    scales: Vec<i64>,
    json_paths: Vec<String>,
}

impl Source<'_> {
    /// A row without an event time fails the job: none is made.
    fn drop_timeless(&self, records: &mut Vec<Record>, clock: i64) {
        let Some(time) = self.job.event_time(self.id) else {
            return;
        };
        if let Ok(rows) = self.job.rows(self.id, &self.computed, records, clock) {
            let mut rows = rows.iter();
            records.retain(|_| rows.next().is_some_and(|row| !row.values[time].is_null()));
        }
    }
}

impl<'a> Generator<'a> {
    /// # Errors
    /// Which table no rows can be made for.
    pub fn new(subject: &Subject<'a>, options: &Options) -> Result<Self, String> {
        let text = subject.text();
        let mut generator = Self {
            sources: Vec::new(),
            options: options.clone(),
            of_column: BTreeMap::new(),
            number_of: BTreeMap::new(),
            numbers: vec![1, 2, 3],
            scales: vec![1, 1_000, 60_000, 600_000],
            json_paths: Vec::new(),
        };
        generator.harvest(text);
        for (job, id, computed) in subject.tables() {
            let source = generator.source(job, id, computed)?;
            generator.sources.push(source);
        }
        Ok(generator)
    }

    /// Literals and lengths of time of the script; those that stand behind a column's name, for columns of that name.
    fn harvest(&mut self, text: &str) {
        let tokens = lexer::lex(text, Default::default());
        let tokens: Vec<_> = tokens.into_iter().filter(|t| !t.kind.is_trivia()).collect();
        let of = |n: Option<usize>| {
            n.and_then(|n| tokens.get(n))
                .map_or("", |t| t.span.of(text))
        };
        let is_string = |n: Option<usize>| {
            n.and_then(|n| tokens.get(n))
                .is_some_and(|t| t.kind == TokenKind::String)
        };
        let mut numbers = BTreeSet::new();
        let mut scales = BTreeSet::new();
        for (n, token) in tokens.iter().enumerate() {
            let own = token.span.of(text);
            match token.kind {
                TokenKind::String if own.starts_with('\'') && own.len() <= 42 => {
                    let word = own.trim_matches('\'').replace("''", "'");
                    let option = of(Some(n + 1)) == "=" && is_string(Some(n + 2))
                        || of(n.checked_sub(1)) == "=" && is_string(n.checked_sub(2));
                    if option || word.contains(['%', '\n']) {
                        continue;
                    }
                    if let Some(path) = word.strip_prefix("$.") {
                        self.json_paths.push(path.to_owned());
                    } else if of(n.checked_sub(1)).eq_ignore_ascii_case("INTERVAL") {
                        let interval = format!("INTERVAL {own} {}", of(Some(n + 1)));
                        if let Some(Value::Millis(ms @ 1..)) = read_interval(&interval) {
                            scales.insert(ms);
                        }
                    } else if let Some(column) = column_before(&tokens, n, text) {
                        self.of_column.entry(column).or_default().push(word);
                    }
                }
                TokenKind::Number => {
                    if let Ok(number @ 0..100_000) = own.parse::<i64>() {
                        numbers.extend([number - 1, number, number + 1]);
                        if let Some(column) = column_before(&tokens, n, text) {
                            self.number_of.entry(column).or_default().push(number);
                        }
                    }
                }
                _ => {}
            }
        }
        self.numbers
            .extend(numbers.into_iter().filter(|n| *n >= 0).take(24));
        self.scales.extend(scales.into_iter().take(8));
        self.scales.sort_unstable();
        self.scales.dedup();
        self.json_paths.sort();
        self.json_paths.dedup();
    }

    fn source(
        &self,
        job: &'a Job<'a>,
        id: EntryId,
        computed: &Computed,
    ) -> Result<Source<'a>, String> {
        let entry = &job.catalog.entries[id];
        let Some(table) = entry.table() else {
            return Err(format!("`{}` is no table", entry.path[2]));
        };
        if !table.complete {
            return Err(format!(
                "the columns of table `{}`, which are not all declared here",
                entry.path[2]
            ));
        }
        let mut source = Source {
            job,
            id,
            computed: computed.clone(),
            path: job.origin(id),
            table,
            time: None,
            time_nullable: false,
            delay_ms: 0,
        };
        let Some(watermark) = &table.watermark else {
            return Ok(source);
        };
        source.delay_ms = watermark
            .delay_ms
            .and_then(|d| i64::try_from(d).ok())
            .unwrap_or(0);
        let Some(column) = table.column(&watermark.column.join(".")) else {
            return Ok(source);
        };
        let Some(expr) = column.expr else {
            source.time = Some((column.name.clone(), None));
            return Ok(source);
        };
        // Which stored column makes the event time of a computed one, and how: whatever gives back the cutover.
        let Some(position) = table.columns.iter().position(|c| c.name == column.name) else {
            return Ok(source);
        };
        let expr = expr.of(job.text());
        let of = |values: BTreeMap<String, Value>| {
            let rows = job
                .rows(
                    id,
                    computed,
                    &[Record { id: 0, values }],
                    self.options.cutover,
                )
                .ok()?;
            rows[0].values[position].instant()
        };
        let stored = table
            .columns
            .iter()
            .filter(|c| !matches!(c.kind, TableColumnKind::Computed { .. }));
        for candidate in stored.filter(|c| expr.contains(c.name.as_str())) {
            for encoding in ENCODINGS {
                let Some(ty) = &candidate.ty else { continue };
                let at = self.options.cutover;
                let value = match time_type(ty) {
                    true => self.time_value(at, ty),
                    false => encoded(at, encoding, ty),
                };
                let Some(value) = value else { continue };
                let given = BTreeMap::from([(candidate.name.clone(), value)]);
                let near =
                    of(given).is_some_and(|ns| (ns / 1_000_000 - i128::from(at)).abs() < 1_500);
                if near {
                    let encoding = (!time_type(ty)).then_some(encoding);
                    source.time = Some((candidate.name.clone(), encoding));
                    source.time_nullable = of(BTreeMap::new()).is_some();
                    return Ok(source);
                }
            }
        }
        Ok(source)
    }

    /// How long after the cutover the outgoing job's input ends in a torn run, in milliseconds.
    pub fn tear(&self, round: usize) -> i64 {
        1 + self.scales[round % self.scales.len()] / 4
    }

    /// The rows of one round. Tables of the user's own data have those.
    pub fn input(&self, round: usize, style: Style, given: &Input) -> Input {
        let mut random = Random::new(
            self.options
                .seed
                .wrapping_mul(1_000_003)
                .wrapping_add(round as u64),
        );
        let mut input = given.clone();
        let mut next = given.len() as u32;
        // In some rounds one of several tables is empty.
        let empty = match (round, self.sources.len()) {
            (_, 0 | 1) => None,
            (round, n) if round % 6 == 4 => Some(round / 6 % n),
            _ => None,
        };
        for (index, source) in self.sources.iter().enumerate() {
            if given.tables.contains_key(&source.path) {
                continue;
            }
            let mut records = Vec::new();
            // Few rows show what many hide: an outer join's row whose only match comes late.
            let few = match round % 4 {
                0 => usize::MAX,
                1 => 4,
                2 => 7,
                _ => 2,
            };
            let count = if Some(index) == empty {
                0
            } else {
                self.options.rows.min(few)
            };
            // Rows come in an order in which none is later than the watermark.
            let mut times: Vec<(i64, i64)> = (0..count)
                .map(|_| {
                    let at = self.options.cutover + self.offset(&mut random, round);
                    (at + random.between(0, source.delay_ms.max(1) - 1), at)
                })
                .collect();
            times.sort_unstable();
            let mut keys = BTreeSet::new();
            for (_, at) in times {
                let values = self.record(source, at, style, &mut random);
                // A table that is looked up has one row of each key.
                if source.table.watermark.is_none() && !source.table.primary_key.is_empty() {
                    let key: Vec<String> = source
                        .table
                        .primary_key
                        .iter()
                        .map(|k| values.get(k).map_or(String::new(), Value::to_string))
                        .collect();
                    if !keys.insert(key) {
                        continue;
                    }
                }
                records.push(Record { id: next, values });
                next += 1;
            }
            source.drop_timeless(&mut records, self.options.cutover);
            input.tables.insert(source.path.clone(), records);
        }
        input
    }

    /// The longest length of time that the script names, in milliseconds.
    pub fn longest(&self) -> i64 {
        self.scales.last().copied().unwrap_or(0)
    }

    /// The tables that rows are made for: path, how far the watermark is behind if there is one and says so, and whether
    /// there is one.
    pub fn sources(&self) -> impl Iterator<Item = (&str, Option<i64>, bool)> {
        self.sources.iter().map(|s| {
            let timed = s.table.watermark.is_some();
            (s.path.as_str(), s.job.delay(s.id), timed)
        })
    }

    /// A row of a source for each of the event times, in milliseconds, none of which is NULL; without those that cannot be,
    /// each with its place among the times.
    pub fn fill(
        &self,
        source: usize,
        times: &[i64],
        style: Style,
        random: &mut Random,
        next: &mut u32,
    ) -> Vec<(usize, Record)> {
        let source = &self.sources[source];
        let keyed = source.table.watermark.is_none() && !source.table.primary_key.is_empty();
        let mut keys = BTreeSet::new();
        let mut made = Vec::new();
        for (place, at) in times.iter().enumerate() {
            let mut values = self.record(source, *at, style, random);
            if let Some((name, _)) = &source.time
                && let Some(time) = self.event_time(source, *at)
            {
                values.insert(name.clone(), time);
            }
            let mut own = source.table.primary_key.iter();
            let key: Option<Vec<String>> = own
                .by_ref()
                .map(|k| values.get(k).map(Value::to_string))
                .collect();
            if keyed && !keys.insert(key) {
                continue;
            }
            let mut record = vec![Record { id: *next, values }];
            *next += 1;
            source.drop_timeless(&mut record, self.options.cutover);
            made.extend(record.into_iter().map(|r| (place, r)));
        }
        made
    }

    /// What the column that makes a source's event time has to hold for it to be `at`.
    fn event_time(&self, source: &Source<'_>, at: i64) -> Option<Value> {
        let (name, encoding) = source.time.as_ref()?;
        let ty = source.table.column(name)?.ty.as_ref()?;
        match encoding {
            Some(encoding) => encoded(at, *encoding, ty),
            None => self.time_value(at, ty),
        }
    }

    /// Is it known what makes a source's event time?
    pub fn chooses_times(&self, source: usize) -> bool {
        self.sources[source].time.is_some()
    }

    /// Does the script give rows without an event time another one?
    pub fn has_timeless_rows(&self, source: usize) -> bool {
        let source = &self.sources[source];
        let column = source
            .time
            .as_ref()
            .and_then(|(name, _)| source.table.column(name));
        let nullable = column
            .and_then(|c| c.ty.as_ref())
            .is_some_and(|ty| ty.nullable);
        source.time_nullable && nullable
    }

    /// The event times of rows of a source, in milliseconds.
    pub fn times(&self, source: usize, records: &[Record]) -> Option<Vec<i64>> {
        let source = &self.sources[source];
        let column = source.job.event_time(source.id)?;
        let rows = source
            .job
            .rows(source.id, &source.computed, records, self.options.cutover);
        let millis = |ns: i128| i64::try_from(ns.div_euclid(1_000_000)).ok();
        let time = |row: &Row| row.values[column].instant().and_then(millis);
        rows.ok()?.iter().map(time).collect()
    }

    /// From the cutover, in milliseconds.
    fn offset(&self, random: &mut Random, round: usize) -> i64 {
        let widest = 2 + round % 2 * self.scales.len();
        let scale = self.scales[random.below(self.scales.len().min(widest.max(3)))];
        match random.below(6) {
            0 => 0,
            1 => -1,
            2 => 1,
            // On the edges of windows of this length, which lie on multiples of it.
            3 => {
                let edge = self.options.cutover.rem_euclid(scale);
                random.between(-1, 1) * scale - edge + random.between(-1, 0)
            }
            _ => random.between(-2 * scale, 2 * scale),
        }
    }

    fn record(
        &self,
        source: &Source<'_>,
        at: i64,
        style: Style,
        random: &mut Random,
    ) -> BTreeMap<String, Value> {
        let mut values = BTreeMap::new();
        for column in &source.table.columns {
            if matches!(column.kind, TableColumnKind::Computed { .. }) {
                continue;
            }
            let Some(ty) = &column.ty else { continue };
            let value = match &source.time {
                Some((name, encoding)) if *name == column.name => {
                    let null = source.time_nullable && ty.nullable && random.one_in(8);
                    let time = match encoding {
                        Some(encoding) => encoded(at, *encoding, ty),
                        None => self.time_value(at, ty),
                    };
                    time.filter(|_| !null).unwrap_or(Value::Null)
                }
                _ => self.column(source, column, ty, at, style, random),
            };
            values.insert(column.name.clone(), value);
        }
        values
    }

    fn column(
        &self,
        source: &Source<'_>,
        column: &TableColumn,
        ty: &DataType,
        at: i64,
        style: Style,
        random: &mut Random,
    ) -> Value {
        let key = source.table.primary_key.contains(&column.name);
        if ty.nullable && !key && random.one_in(8) {
            return Value::Null;
        }
        self.named(&column.name, ty, at, style, random)
    }

    /// A value of a column or of a field of a row: often one that the script compares it with.
    fn named(
        &self,
        name: &str,
        ty: &DataType,
        at: i64,
        style: Style,
        random: &mut Random,
    ) -> Value {
        let word = match &ty.kind {
            TypeKind::Char(_) | TypeKind::VarChar(_) if style == Style::Words => self
                .of_column
                .get(name)
                .and_then(|all| random.pick(all))
                .cloned(),
            TypeKind::SmallInt | TypeKind::Int | TypeKind::BigInt => self
                .number_of
                .get(name)
                .and_then(|all| random.pick(all))
                .map(i64::to_string),
            _ => None,
        };
        match word {
            Some(word) if !random.one_in(4) => cast(&Value::text(word), ty).unwrap_or(Value::Null),
            _ => self.value(ty, at, style, random),
        }
    }

    fn time_value(&self, at: i64, ty: &DataType) -> Option<Value> {
        let time = Value::TimestampLtz(i128::from(at) * 1_000_000, 3);
        cast(&time, ty).ok()
    }

    fn value(&self, ty: &DataType, at: i64, style: Style, random: &mut Random) -> Value {
        let number = |random: &mut Random| match random.one_in(3) {
            true => *random.pick(&self.numbers).unwrap_or(&1),
            false => random.between(1, 3),
        };
        match &ty.kind {
            TypeKind::Boolean => Value::Bool(random.one_in(2)),
            TypeKind::TinyInt => Value::Int(random.between(1, 3), 1),
            TypeKind::SmallInt => Value::Int(random.between(1, 3), 2),
            TypeKind::Int => Value::Int(number(random), 4),
            TypeKind::BigInt => Value::Int(number(random), 8),
            TypeKind::Float => Value::Float(number(random) as f32 + 0.5),
            TypeKind::Double => {
                Value::Double(number(random) as f64 + 0.25 * random.below(4) as f64)
            }
            TypeKind::Decimal { precision, scale } => {
                let unit = 10_i64.pow(u32::from(*scale).min(9));
                let exact = Decimal {
                    unscaled: i128::from(number(random)) * i128::from(unit)
                        + i128::from(random.below(2) as u8),
                    precision: 38,
                    scale: (*scale).min(9),
                };
                exact
                    .rescaled(*precision, *scale)
                    .map_or(Value::Null, Value::Decimal)
            }
            TypeKind::Char(_) | TypeKind::VarChar(_) => {
                let text = self.string(at, style, random);
                cast(&Value::text(text), ty).unwrap_or(Value::Null)
            }
            TypeKind::Binary(_) | TypeKind::VarBinary(_) => {
                Value::Bytes([random.below(3) as u8].into())
            }
            TypeKind::Date
            | TypeKind::Time(_)
            | TypeKind::Timestamp(_)
            | TypeKind::TimestampLtz(_) => {
                let near = match random.one_in(3) {
                    true => at,
                    false => self.options.cutover + self.offset(random, 1),
                };
                self.time_value(near, ty).unwrap_or(Value::Null)
            }
            TypeKind::IntervalYearMonth => Value::Months(1),
            TypeKind::IntervalDayTime => Value::Millis(1_000),
            TypeKind::Array(of) => {
                let count = random.below(3);
                Value::Array(
                    (0..count)
                        .map(|_| self.value(of, at, style, random))
                        .collect(),
                )
            }
            TypeKind::Map(k, v) => {
                let count = random.below(2);
                let mut entries: Vec<(Value, Value)> = Vec::new();
                for _ in 0..count {
                    entries.push((
                        self.value(k, at, style, random),
                        self.value(v, at, style, random),
                    ));
                }
                Value::Map(entries)
            }
            TypeKind::Row(fields) => Value::Row(
                fields
                    .iter()
                    .map(|f| {
                        let null = f.ty.nullable && random.one_in(8);
                        let value = if null {
                            Value::Null
                        } else {
                            self.named(&f.name, &f.ty, at, style, random)
                        };
                        (f.name.as_str().into(), value)
                    })
                    .collect(),
            ),
            _ => Value::Null,
        }
    }

    fn string(&self, at: i64, style: Style, random: &mut Random) -> String {
        match style {
            Style::Digits => random.between(1, 4).to_string(),
            Style::Times => timestamp_text(i128::from(at) * 1_000_000, 3),
            Style::Words if !self.json_paths.is_empty() && random.one_in(3) => {
                let mut object = serde_json::Map::new();
                for path in &self.json_paths {
                    let value = match random.one_in(2) {
                        true => serde_json::Value::from(random.between(1, 3)),
                        false => serde_json::Value::from("a"),
                    };
                    object.insert(path.clone(), value);
                }
                serde_json::Value::Object(object).to_string()
            }
            Style::Words => ["a", "b", "c"][random.below(3)].to_owned(),
        }
    }
}

/// The column that the literal at `n` is compared with: the word before it, over operators and the rest of a list.
fn column_before(tokens: &[Token], n: usize, text: &str) -> Option<String> {
    const BETWEEN: [&str; 12] = [
        "=", "<>", "!=", "(", ")", ",", "IN", "NOT", "<", ">", "<=", ">=",
    ];
    let before = tokens[..n].iter().rev().take(40).find(|t| {
        let own = t.span.of(text);
        !matches!(t.kind, TokenKind::String | TokenKind::Number)
            && !BETWEEN.iter().any(|b| own.eq_ignore_ascii_case(b))
    })?;
    match before.kind {
        TokenKind::Word => Some(before.span.of(text).to_owned()),
        TokenKind::QuotedIdent => Some(before.span.of(text).trim_matches('`').to_owned()),
        _ => None,
    }
}
