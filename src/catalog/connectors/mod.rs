//! What is known of connectors, by the value of `'connector'`.
//!
//! The facts are data: a row for each connector in [`facts`], one for each format in [`formats`], with
//! the source of the row. What was not seen in a source is unknown. `docs/connectors.md` is made from
//! them by [`page`].
//!
//! Options decide many of them, also those of a hint: ask with the table that the query reads.

mod facts;
mod formats;
mod options;
mod page;

#[cfg(test)]
mod tests;

pub use options::{
    UnknownOption, format_names, keys as option_keys, names, unknown as unknown_options,
};
pub use page::page;

use super::Table;
use crate::syntax::TypeKind;
use facts::{CONNECTORS, Connector};
use formats::FORMATS;

/// What the rows of a source are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceRows {
    /// Every row is an insertion.
    Append,
    /// Updates and deletions come too; what says so.
    Changelog(String),
    /// Not known: the connector or the catalog's table is not in the list.
    Unknown,
}

/// Does a source have an ability of Flink's planner?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ability {
    Yes {
        /// An option without which it has not, where the table does not set it.
        option: Option<&'static str>,
        /// What else it takes and a table does not show, such as a release.
        needs: Option<&'static str>,
    },
    No,
    Unknown,
}

/// A metadata column that holds a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeMetadata {
    /// What stands behind `METADATA FROM`, with the prefix of a format's.
    pub key: &'static str,
    pub ty: TypeKind,
    pub nullable: bool,
    /// Which time it is.
    pub what: &'static str,
    pub fit: Fit,
    /// Where this is from.
    pub source: &'static str,
}

/// How well a time among the metadata serves as event time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// Each record has its own, the same in every job that reads it, and near to the order of arrival.
    Automatic,
    /// It may be a time that people want, but not one to choose for them.
    OnRequest,
}

/// What a connector's rows are if no option says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rows {
    Append,
    Changelog,
    /// As the format has it.
    Format,
    Unknown,
}

/// Does a scan in streaming mode end by itself?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ends {
    Yes,
    No,
    Unknown,
    /// There is no scan: a sink, or a table for lookup joins only.
    NoScan,
}

/// What a table may have that changes a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    Set(&'static str),
    /// The option has this value, in any case of letters; `*` in a key stands for anything.
    Is(&'static str, &'static str),
    /// The option is set to something else.
    IsNot(&'static str, &'static str),
    HasPrimaryKey,
    /// All of the table is known, and no key is.
    HasNoPrimaryKey,
}

impl When {
    fn holds(self, table: &Table) -> bool {
        let has = |pattern: &str, test: &dyn Fn(&str) -> bool| {
            let mut options = table.options.iter();
            options.any(|(key, value)| matches(pattern, key) && test(value.trim()))
        };
        match self {
            Self::Set(key) => has(key, &|_| true),
            Self::Is(key, wanted) => has(key, &|value| value.eq_ignore_ascii_case(wanted)),
            Self::IsNot(key, other) => has(key, &|value| !value.eq_ignore_ascii_case(other)),
            Self::HasPrimaryKey => !table.primary_key.is_empty(),
            Self::HasNoPrimaryKey => table.primary_key.is_empty() && table.complete,
        }
    }
}

/// Is this the key, with at most one `*` in the pattern?
fn matches(pattern: &str, key: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == key,
        Some((start, end)) => key
            .strip_prefix(start)
            .is_some_and(|rest| rest.ends_with(end)),
    }
}

/// The value of the first rule that holds, with the rule.
fn decide<T: Copy>(table: &Table, rules: &'static [(When, T)]) -> Option<(When, T)> {
    rules.iter().copied().find(|(when, _)| when.holds(table))
}

fn known(name: &str) -> Option<&'static Connector> {
    CONNECTORS.iter().find(|c| c.names.contains(&name))
}

/// Is the connector of a table one of the list?
pub fn is_known(table: &Table) -> bool {
    row(table).is_some()
}

/// The row of a table, by `'connector'` only: those of `'connector.type'` are other classes, without
/// metadata columns and without the abilities.
fn row(table: &Table) -> Option<&'static Connector> {
    known(table.options.get("connector")?)
}

/// The value of `'connector'`, or of the older `'connector.type'`.
pub fn connector(table: &Table) -> Option<&str> {
    ["connector", "connector.type"]
        .iter()
        .find_map(|key| table.options.get(*key))
        .map(String::as_str)
}

/// The format of a record's value.
fn format(table: &Table) -> Option<String> {
    ["value.format", "format", "format.type"]
        .iter()
        .find_map(|key| table.options.get(*key))
        .map(|format| format.to_lowercase())
}

pub fn source_rows(table: &Table) -> SourceRows {
    let Some(connector) = connector(table) else {
        return SourceRows::Unknown;
    };
    let row = known(connector);
    let by_option = row.and_then(|row| decide(table, row.rows_by));
    let rows = match (row, by_option) {
        (_, Some((_, rows))) => rows,
        (Some(row), None) => row.rows,
        (None, None) if connector.ends_with("-cdc") || upserts(table) => Rows::Changelog,
        (None, None) => Rows::Unknown,
    };
    if rows == Rows::Changelog {
        let what = format!("the connector '{connector}'");
        return SourceRows::Changelog(match by_option {
            Some((when, _)) => format!("{what} with {when}"),
            None => what,
        });
    }
    let changelog = |name: &String| FORMATS.iter().any(|f| f.name == name);
    if let Some(format) = format(table).filter(changelog) {
        return SourceRows::Changelog(format!("the format '{format}'"));
    }
    match rows {
        Rows::Unknown => SourceRows::Unknown,
        _ => SourceRows::Append,
    }
}

/// The metadata columns that hold a time: the connector's own, then those of its format, in order of
/// preference. Empty also where none is known.
pub fn time_metadata(table: &Table) -> Vec<TimeMetadata> {
    let Some(row) = row(table) else {
        return Vec::new();
    };
    let hidden = |option: &str| table.options.contains_key(option);
    let own = row
        .times
        .iter()
        .filter(|_| !row.times_unless.is_some_and(hidden));
    let format = format(table).filter(|_| row.format_times);
    let format = FORMATS.iter().filter(|f| format.as_deref() == Some(f.name));
    own.chain(format.flat_map(|f| f.times)).cloned().collect()
}

/// Does `SOURCE_WATERMARK()` do anything? On other sources it is planned, and fails when the job runs.
/// Source: which table source implements `SupportsSourceWatermark`; run in Flink 1.20 and 2.3.
pub fn source_watermark(table: &Table) -> Ability {
    ability(table, |row| row.source_watermark)
}

/// Does the source make the watermarks itself? The options `scan.watermark.*` need that.
/// Source: which table source implements `SupportsWatermarkPushDown`; FLIP-296.
pub fn watermark_push_down(table: &Table) -> Ability {
    ability(table, |row| row.watermark_push_down)
}

fn ability(table: &Table, of: impl Fn(&Connector) -> Ability) -> Ability {
    match row(table).map_or(Ability::Unknown, of) {
        Ability::Yes { option, needs } => Ability::Yes {
            option: option.filter(|key| !table.options.contains_key(*key)),
            needs,
        },
        other => other,
    }
}

/// Does a scan in streaming mode end by itself, as that of a database, which reads a snapshot? It may
/// also read on until an end that is still to come, such as a time for Kafka. `None` where it is not
/// known, depends on more than the table, or there is no scan.
/// Source: `isBounded` of the scan's runtime provider.
pub fn is_bounded(table: &Table) -> Option<bool> {
    let row = row(table)?;
    let ends = decide(table, row.ends_by).map_or(row.ends, |(_, ends)| ends);
    match ends {
        Ends::Yes => Some(true),
        Ends::No => Some(false),
        Ends::Unknown | Ends::NoScan => None,
    }
}

/// Can a lookup join read it? Source: which table source implements `LookupTableSource`.
pub fn can_look_up(table: &Table) -> Option<bool> {
    row(table)?.lookup
}

/// Does a predicate above the watermark stay out of the source? Flink pushes one past the watermark
/// only into a source that takes both filters and watermarks; these are known not to. Where a source
/// takes `SOURCE_WATERMARK()`, no watermark is left in between.
/// Source: the interfaces that each connector's table source implements.
pub fn keeps_filters_out(table: &Table) -> bool {
    connector(table).and_then(known).is_some_and(|row| {
        let blocked = row.watermark_push_down == Ability::No && row.source_watermark == Ability::No;
        row.filters.is_some_and(|takes| !takes || blocked)
    })
}

/// Do two jobs that start from one savepoint read the same rows?
/// Source: the generators of `datagen`, `faker` and Nexmark draw from a random source without a seed
/// that no checkpoint holds.
pub fn is_replayable(table: &Table) -> bool {
    connector(table)
        .and_then(known)
        .is_none_or(|row| row.replayable)
}

/// Does the connector write updates by key, deletions as tombstones?
pub fn upserts(table: &Table) -> bool {
    connector(table).is_some_and(|c| c.starts_with("upsert-"))
}

/// Does a sink take nothing but insertions? Flink refuses an updating query into it: "doesn't support consuming update
/// changes". False where it is not known.
/// Source: `getChangelogMode` of the table sinks, which is that of the format (apache/flink-connector-kafka:
/// KafkaDynamicSink, apache/flink-connector-aws 239cf46: KinesisDynamicSink, which takes updates where there is a
/// primary key, apache/flink: FileSystemTableSink); run for `filesystem` in Flink 1.20.5 and 2.3.0.
pub fn takes_only_inserts(table: &Table) -> bool {
    const AS_FORMAT: [&str; 3] = ["kafka", "kinesis", "filesystem"];
    const PLAIN: [&str; 8] = [
        "json",
        "csv",
        "avro",
        "avro-confluent",
        "protobuf",
        "raw",
        "parquet",
        "orc",
    ];
    let connector = table.options.get("connector").map(String::as_str);
    let by_key = connector == Some("kinesis") && !table.primary_key.is_empty();
    connector.is_some_and(|c| AS_FORMAT.contains(&c) && !by_key)
        && format(table).is_some_and(|f| PLAIN.contains(&f.as_str()))
}

/// The option that makes a sink write in transactions, where it does, with its value.
/// Source: Flink docs, "Apache Kafka SQL Connector", `sink.delivery-guarantee`; Doris docs, "Flink
/// Doris Connector", `sink.enable-2pc`, which is on unless it is turned off.
pub fn transactional(table: &Table) -> Option<(&str, &str)> {
    let option = |key| Some((key, table.options.get(key)?.as_str()));
    let asked = ["sink.delivery-guarantee", "sink.semantic"]
        .into_iter()
        .find_map(option)
        .filter(|(_, value)| value.eq_ignore_ascii_case("exactly-once"));
    if asked.is_some() || connector(table) != Some("doris") {
        return asked;
    }
    let (key, value) = option("sink.enable-2pc").unwrap_or(("sink.enable-2pc", "true"));
    value.eq_ignore_ascii_case("true").then_some((key, value))
}

/// The option that makes a sink announce its partitions, if it is set.
/// Source: Flink docs, "FileSystem SQL Connector", "Partition Commit".
pub fn partition_commit(table: &Table) -> Option<&'static str> {
    let key = "sink.partition-commit.policy.kind";
    (!table.partitioned_by.is_empty() && table.options.contains_key(key)).then_some(key)
}
