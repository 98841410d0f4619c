//! What is known of connectors: facts from their documentation, by the value of `'connector'`.

use super::Table;

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

/// Connectors that read insertions only, whatever their format.
/// Source: Flink docs, "Table & SQL Connectors", and each connector's own documentation.
const APPEND: [&str; 14] = [
    "datagen",
    "faker",
    "filesystem",
    "firehose",
    "jdbc",
    "kinesis",
    "mongodb",
    "nexmark",
    "opensearch",
    "print",
    "rabbitmq",
    "redshift",
    "socket",
    "sqs",
];

/// Connectors whose format says what their rows are.
const BY_FORMAT: [&str; 4] = ["kafka", "pulsar", "socket", "filesystem"];

/// Formats that carry updates and deletions.
/// Source: Flink docs, "Formats".
const CHANGELOG_FORMATS: [&str; 8] = [
    "debezium-json",
    "debezium-avro-confluent",
    "canal-json",
    "maxwell-json",
    "ogg-json",
    "changelog-json",
    "debezium-protobuf",
    "protobuf-debezium",
];

pub fn source_rows(table: &Table) -> SourceRows {
    let Some(connector) = connector(table) else {
        return SourceRows::Unknown;
    };
    if connector.ends_with("-cdc") || connector.starts_with("upsert-") {
        return SourceRows::Changelog(format!("the connector '{connector}'"));
    }
    let format = ["value.format", "format", "format.type"]
        .iter()
        .find_map(|key| table.options.get(*key))
        .map(|f| f.to_lowercase());
    if let Some(format) = format.filter(|f| CHANGELOG_FORMATS.contains(&f.as_str())) {
        return SourceRows::Changelog(format!("the format '{format}'"));
    }
    if BY_FORMAT.contains(&connector) || APPEND.contains(&connector) {
        return SourceRows::Append;
    }
    SourceRows::Unknown
}

/// The value of `'connector'`, or of the older `'connector.type'`.
pub fn connector(table: &Table) -> Option<&str> {
    ["connector", "connector.type"]
        .iter()
        .find_map(|key| table.options.get(*key))
        .map(String::as_str)
}

/// Does a predicate above the watermark stay out of the source? Flink pushes one past the watermark
/// only into a source that takes both filters and watermarks; these are known not to.
/// Source: the interfaces that each connector's table source implements.
pub fn keeps_filters_out(table: &Table) -> bool {
    const KNOWN: [&str; 7] = [
        "datagen",
        "faker",
        "filesystem",
        "jdbc",
        "kafka",
        "kinesis",
        "nexmark",
    ];
    connector(table).is_some_and(|c| KNOWN.contains(&c))
}

/// Do two jobs that start from one savepoint read the same rows?
/// Source: the generators of `datagen`, `faker` and Nexmark draw from a random source without a seed
/// that no checkpoint holds.
pub fn is_replayable(table: &Table) -> bool {
    !connector(table).is_some_and(|c| matches!(c, "datagen" | "faker" | "nexmark" | "socket"))
}

/// Does the connector write updates by key, deletions as tombstones?
pub fn upserts(table: &Table) -> bool {
    connector(table).is_some_and(|c| c.starts_with("upsert-"))
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

/// A timestamp that a connector gives each record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimestampMetadata {
    pub key: &'static str,
    pub nullable: bool,
    pub what: &'static str,
}

/// The metadata key that holds a record's time, of type TIMESTAMP_LTZ(3).
/// Source: Flink docs, "Apache Kafka SQL Connector" and "Amazon Kinesis Data Streams SQL Connector",
/// "Available Metadata"; Pulsar's connector README.
pub fn timestamp_metadata(table: &Table) -> Option<TimestampMetadata> {
    // The connectors of `connector.type` have no metadata columns.
    let (key, nullable, what) = match table.options.get("connector")?.as_str() {
        "kafka" => (
            "timestamp",
            false,
            "the timestamp of the Kafka record stands in for one",
        ),
        "kinesis" => (
            "timestamp",
            false,
            "the arrival time of the Kinesis record stands in for one",
        ),
        "pulsar" => (
            "publish_time",
            false,
            "the publish time of the Pulsar message stands in for one",
        ),
        _ => return None,
    };
    Some(TimestampMetadata {
        key,
        nullable,
        what,
    })
}
