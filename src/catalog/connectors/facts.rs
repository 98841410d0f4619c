//! The table of connectors.
//!
//! `source` says where a row was read: the repository with the commit or the releases, and the class.
//! A release that is older or newer may differ.

use super::{Ability, Ends, Fit, Rows, TimeMetadata, When};
use crate::syntax::TypeKind;

/// A row: what is known of connectors that share their table source.
#[derive(Clone, Copy)]
pub(super) struct Connector {
    /// The values of `'connector'`.
    pub names: &'static [&'static str],
    pub rows: Rows,
    /// The first that holds takes the place of `rows`.
    pub rows_by: &'static [(When, Rows)],
    /// Metadata columns that hold a time, the best first.
    pub times: &'static [TimeMetadata],
    /// An option that tells of a release in which they are missing or do not work.
    pub times_unless: Option<&'static str>,
    /// The metadata of the value's format can be read, with the prefix `value.`.
    pub format_times: bool,
    /// `SupportsSourceWatermark`.
    pub source_watermark: Ability,
    /// `SupportsWatermarkPushDown`.
    pub watermark_push_down: Ability,
    /// `SupportsFilterPushDown`.
    pub filters: Option<bool>,
    /// Two jobs from one savepoint read the same rows.
    pub replayable: bool,
    pub ends: Ends,
    /// The first that holds takes the place of `ends`.
    pub ends_by: &'static [(When, Ends)],
    /// `LookupTableSource`.
    pub lookup: Option<bool>,
    pub source: &'static str,
}

const UNKNOWN: Connector = Connector {
    names: &[],
    rows: Rows::Unknown,
    rows_by: &[],
    times: &[],
    times_unless: None,
    format_times: false,
    source_watermark: Ability::Unknown,
    watermark_push_down: Ability::Unknown,
    filters: None,
    replayable: true,
    ends: Ends::Unknown,
    ends_by: &[],
    lookup: None,
    source: "",
};

/// A source that has no ability but to be scanned.
const SCAN: Connector = Connector {
    source_watermark: Ability::No,
    watermark_push_down: Ability::No,
    filters: Some(false),
    lookup: Some(false),
    ..UNKNOWN
};

/// What reads a snapshot and ends, also for lookup joins.
const DATABASE: Connector = Connector {
    rows: Rows::Append,
    filters: Some(true),
    ends: Ends::Yes,
    lookup: Some(true),
    ..SCAN
};

/// No source at all.
const SINK: Connector = Connector {
    source_watermark: Ability::No,
    watermark_push_down: Ability::No,
    ends: Ends::NoScan,
    lookup: Some(false),
    ..UNKNOWN
};

const CDC: Connector = Connector {
    rows: Rows::Changelog,
    times: &OP_TS,
    ends: Ends::No,
    ..SCAN
};

const YES: Ability = Ability::Yes {
    option: None,
    needs: None,
};

const KAFKA_TIME: TimeMetadata = TimeMetadata {
    key: "timestamp",
    ty: TypeKind::TimestampLtz(3),
    nullable: false,
    what: "the timestamp of the Kafka record",
    fit: Fit::Automatic,
    source: "Flink docs, \"Apache Kafka SQL Connector\", \"Available Metadata\"",
};

const PULSAR_TIME: TimeMetadata = TimeMetadata {
    key: "publish_time",
    ty: TypeKind::TimestampLtz(3),
    nullable: false,
    what: "the publish time of the Pulsar message",
    fit: Fit::Automatic,
    source: "PulsarReadableMetadata, apache/flink-connector-pulsar",
};

const PULSAR_EVENT_TIME: TimeMetadata = TimeMetadata {
    key: "event_time",
    what: "the event time that the producer gave the Pulsar message; no time at all where it gave none",
    fit: Fit::OnRequest,
    ..PULSAR_TIME
};

const OP_TS: [TimeMetadata; 1] = [TimeMetadata {
    key: "op_ts",
    ty: TypeKind::TimestampLtz(3),
    nullable: false,
    what: "when the database made the change; 1970-01-01 for the rows of the snapshot",
    fit: Fit::OnRequest,
    source: "Flink CDC docs, \"Available Metadata\" of the connector",
}];

const CDC_APPEND: [(When, Rows); 1] = [(
    When::Is("scan.read-changelog-as-append-only.enabled", "true"),
    Rows::Append,
)];

const SNAPSHOT_ENDS: [(When, Ends); 1] = [(When::Is("scan.startup.mode", "snapshot"), Ends::Yes)];

const SNAPSHOT_MAY_END: [(When, Ends); 1] =
    [(When::Is("scan.startup.mode", "snapshot"), Ends::Unknown)];

const BOUNDED_MODE: [(When, Ends); 1] =
    [(When::IsNot("scan.bounded.mode", "unbounded"), Ends::Yes)];

pub(super) static CONNECTORS: &[Connector] = &[
    Connector {
        names: &["kafka", "dynamic-kafka"],
        rows: Rows::Format,
        times: &[KAFKA_TIME],
        format_times: true,
        watermark_push_down: YES,
        ends: Ends::No,
        ends_by: &BOUNDED_MODE,
        source: "apache/flink-connector-kafka v3.0 to v5.0 and eb8ff70: KafkaDynamicSource, DynamicKafkaTableSource",
        ..SCAN
    },
    Connector {
        names: &["upsert-kafka"],
        rows: Rows::Changelog,
        times: &[TimeMetadata {
            fit: Fit::OnRequest,
            ..KAFKA_TIME
        }],
        watermark_push_down: YES,
        ends: Ends::No,
        ends_by: &BOUNDED_MODE,
        source: "apache/flink-connector-kafka eb8ff70: UpsertKafkaDynamicTableFactory makes a KafkaDynamicSource",
        ..SCAN
    },
    // From 5.0 on `kinesis` needs 'stream.arn', lists the metadata and leaves it out of the rows
    // (FLINK-36671, open in 6.0); before, and in `kinesis-legacy`, the option is 'stream'.
    Connector {
        names: &["kinesis", "kinesis-legacy"],
        rows: Rows::Format,
        times: &[TimeMetadata {
            key: "timestamp",
            ty: TypeKind::TimestampLtz(3),
            nullable: false,
            what: "the arrival time of the Kinesis record",
            fit: Fit::Automatic,
            source: "Flink docs, \"Amazon Kinesis Data Streams SQL Connector\", \"Available Metadata\"",
        }],
        times_unless: Some("stream.arn"),
        ends: Ends::No,
        source: "apache/flink-connector-aws v4.3, v5.1 and e17153c: KinesisDynamicSource; FLINK-36671",
        ..SCAN
    },
    // A stop cursor ends it only if the discovery of partitions is off, and never for the planner.
    // The option 'topic' is that of StreamNative's connector of the same name, for Flink up to 1.14,
    // with other keys.
    Connector {
        names: &["pulsar"],
        rows: Rows::Format,
        times: &[PULSAR_TIME, PULSAR_EVENT_TIME],
        times_unless: Some("topic"),
        format_times: true,
        ends: Ends::No,
        ends_by: &PULSAR_STOPS,
        source: "apache/flink-connector-pulsar v4.1 and f282a3f: PulsarTableSource, PulsarTableOptionUtils, PulsarSourceBuilder",
        ..SCAN
    },
    Connector {
        names: &["upsert-pulsar"],
        rows: Rows::Changelog,
        times: &[
            TimeMetadata {
                fit: Fit::OnRequest,
                ..PULSAR_TIME
            },
            PULSAR_EVENT_TIME,
        ],
        ends: Ends::No,
        ends_by: &PULSAR_STOPS,
        source: "apache/flink-connector-pulsar f282a3f: UpsertPulsarTableFactory, PulsarTableSource",
        ..SCAN
    },
    // The docs' overview lists it for lookups too; Flink 1.20.5 and 2.3.0 plan none on it.
    Connector {
        names: &["filesystem"],
        rows: Rows::Format,
        times: &[TimeMetadata {
            key: "file.modification-time",
            ty: TypeKind::TimestampLtz(3),
            nullable: false,
            what: "when the file was last written: one time for all of its rows, another one if it is copied",
            fit: Fit::OnRequest,
            source: "FileSystemTableSource; run in Flink 1.20.5 and 2.3.0",
        }],
        filters: Some(true),
        ends: Ends::Yes,
        ends_by: &[(When::Set("source.monitor-interval"), Ends::No)],
        source: "flink-connector-files 1.20.5 and 2.3.0: FileSystemTableSource",
        ..SCAN
    },
    Connector {
        names: &["datagen"],
        rows: Rows::Append,
        replayable: false,
        ends: Ends::No,
        ends_by: &[
            (When::Set("number-of-rows"), Ends::Yes),
            (When::Is("fields.*.kind", "sequence"), Ends::Yes),
        ],
        source: "DataGenTableSource, run in Flink 1.20.5 and 2.3.0; Flink docs, \"DataGen SQL Connector\"",
        ..SCAN
    },
    Connector {
        names: &["faker"],
        rows: Rows::Append,
        replayable: false,
        ends: Ends::No,
        ends_by: &[(When::IsNot("number-of-rows", "-1"), Ends::Yes)],
        lookup: Some(true),
        source: "knaufk/flink-faker 0ce7613: FlinkFakerTableSource",
        ..SCAN
    },
    // 'events.num' ends it, unless the source is kept alive.
    Connector {
        names: &["nexmark"],
        rows: Rows::Append,
        replayable: false,
        ends: Ends::No,
        ends_by: &[(When::IsNot("events.num", "0"), Ends::Unknown)],
        source: "nexmark/nexmark v0.2.0 and 6b3646c: NexmarkTableSource, NexmarkSourceOptions",
        ..SCAN
    },
    Connector {
        names: &["socket"],
        rows: Rows::Format,
        replayable: false,
        ends: Ends::No,
        source: "apache/flink, flink-examples-table: SocketDynamicTableSource",
        ..SCAN
    },
    Connector {
        names: &["rocketmq"],
        rows: Rows::Append,
        source: "apache/rocketmq-flink fce246b: RocketMQScanTableSource",
        ..SCAN
    },
    // Its metadata `consume-time` is the clock of the task, a BIGINT: another one in each job.
    Connector {
        names: &["tubemq-inlong"],
        rows: Rows::Format,
        format_times: true,
        watermark_push_down: YES,
        ends: Ends::No,
        source: "apache/inlong a6c7a6a: TubeMQTableSource of sort-flink-v1.15",
        ..SCAN
    },
    Connector {
        names: &["pravega"],
        rows: Rows::Format,
        source: "pravega/flink-connectors bcc4e07: FlinkPravegaDynamicTableSource",
        ..SCAN
    },
    Connector {
        names: &["jdbc"],
        source: "apache/flink-connector-jdbc v3.1 to v4.1 and 0383d2c: JdbcDynamicTableSource; Flink docs, \"JDBC SQL Connector\"",
        ..DATABASE
    },
    Connector {
        names: &["mongodb"],
        source: "apache/flink-connector-mongodb v1.1 to v2.0 and 414058a: MongoDynamicTableSource, MongoSource",
        ..DATABASE
    },
    Connector {
        names: &["hbase-1.4", "hbase-2.2", "hbase-2.6"],
        filters: Some(false),
        source: "apache/flink-connector-hbase v3.0, v4.0 and e0d1e58: AbstractHBaseDynamicTableSource",
        ..DATABASE
    },
    Connector {
        names: &["cassandra"],
        filters: Some(false),
        lookup: Some(false),
        source: "apache/flink-connector-cassandra 84c3fa0: CassandraDynamicTableSource, CassandraSource",
        ..DATABASE
    },
    Connector {
        names: &["kudu"],
        source: "apache/flink-connector-kudu e569fa7: KuduDynamicTableSource",
        ..DATABASE
    },
    Connector {
        names: &["starrocks"],
        source: "StarRocks/starrocks-connector-for-apache-flink d0b920c: StarRocksDynamicTableSource",
        ..DATABASE
    },
    Connector {
        names: &["doris"],
        rows_by: &[
            (When::Set("source.binlog.increment-type"), Rows::Unknown),
            (When::IsNot("source.scan.mode", "snapshot"), Rows::Changelog),
        ],
        ends_by: &[(When::IsNot("source.scan.mode", "snapshot"), Ends::No)],
        source: "apache/doris-flink-connector 79ae9b0: DorisDynamicTableSource, DorisSource, DorisSourceScanMode",
        ..DATABASE
    },
    Connector {
        names: &["clickhouse"],
        source: "itinycheng/flink-connector-clickhouse 85523c9: ClickHouseDynamicTableSource",
        ..DATABASE
    },
    Connector {
        names: &["bigquery"],
        lookup: Some(false),
        source: "GoogleCloudDataproc/flink-bigquery-connector edf7cdb: BigQueryDynamicTableSource",
        ..DATABASE
    },
    // The session can turn streaming on too (`connector.iceberg.streaming`).
    Connector {
        names: &["iceberg"],
        rows: Rows::Append,
        source_watermark: Ability::Yes {
            option: Some("watermark-column"),
            needs: Some("Iceberg 1.9 or later, with `table.exec.iceberg.use-flip27-source` on"),
        },
        filters: Some(true),
        ends_by: &[
            (When::Is("streaming", "true"), Ends::No),
            (When::Set("streaming"), Ends::Yes),
        ],
        source: "apache/iceberg 1.9.0, 1.10.0 and 7f879b1: IcebergTableSource, FlinkSource, FlinkReadOptions",
        ..SCAN
    },
    // The DDL has to declare the key of what is stored.
    Connector {
        names: &["paimon"],
        rows_by: &[
            (When::HasNoPrimaryKey, Rows::Append),
            (When::Is("merge-engine", "first-row"), Rows::Unknown),
            (When::HasPrimaryKey, Rows::Changelog),
        ],
        watermark_push_down: YES,
        filters: Some(true),
        ends: Ends::No,
        ends_by: &[
            (When::Is("scan.bounded", "true"), Ends::Yes),
            (When::Set("scan.bounded.watermark"), Ends::Unknown),
        ],
        lookup: Some(true),
        source: "apache/paimon 5dacde5: BaseDataTableSource, AbstractFlinkTableFactory",
        ..SCAN
    },
    Connector {
        names: &["fluss"],
        rows_by: &[
            (When::Is("table.merge-engine", "first_row"), Rows::Unknown),
            (When::HasPrimaryKey, Rows::Changelog),
        ],
        watermark_push_down: Ability::Yes {
            option: None,
            needs: Some("a release of Fluss after 0.9"),
        },
        filters: Some(true),
        ends: Ends::No,
        lookup: Some(true),
        source: "apache/fluss 0.9.1 and 545c553: FlinkTableSource, FlinkTableFactory",
        ..SCAN
    },
    Connector {
        names: &["hudi"],
        rows: Rows::Append,
        rows_by: &[
            (When::Is("changelog.enabled", "true"), Rows::Changelog),
            (When::Is("cdc.enabled", "true"), Rows::Changelog),
        ],
        filters: Some(true),
        ends: Ends::Yes,
        ends_by: &[(When::Is("read.streaming.enabled", "true"), Ends::No)],
        lookup: Some(true),
        source: "apache/hudi, hudi-flink: HoodieTableSource, OptionsResolver",
        ..SCAN
    },
    Connector {
        names: &["hive"],
        rows: Rows::Append,
        ends: Ends::Yes,
        ends_by: &[(When::Is("streaming-source.enable", "true"), Ends::No)],
        lookup: Some(true),
        source: "apache/flink-connector-hive 98e4258: HiveTableSource, HiveLookupTableSource",
        ..SCAN
    },
    // The connector of this name in delta-io/delta (bb1057f) is a sink only.
    Connector {
        names: &["delta"],
        rows: Rows::Append,
        ends: Ends::Yes,
        ends_by: &[(When::Is("mode", "streaming"), Ends::No)],
        source: "delta-io/connectors, July 2023: DeltaDynamicTableSource, DeltaFlinkJobSpecificOptions",
        ..SCAN
    },
    Connector {
        names: &["mysql-cdc", "oceanbase-cdc"],
        rows_by: &CDC_APPEND,
        ends_by: &SNAPSHOT_ENDS,
        source: "apache/flink-cdc 3.0 to 3.4 and 23fb108: MySqlTableSource, OceanBaseMySqlTableSourceFactory, MySqlSource",
        ..CDC
    },
    Connector {
        names: &["postgres-cdc"],
        rows_by: &CDC_APPEND,
        ends_by: &SNAPSHOT_ENDS,
        source: "apache/flink-cdc 3.0 to 3.4 and 23fb108: PostgreSQLTableSource, IncrementalSource",
        ..CDC
    },
    Connector {
        names: &["oracle-cdc", "mongodb-cdc"],
        ends_by: &SNAPSHOT_MAY_END,
        source: "apache/flink-cdc 23fb108: OracleTableSource, MongoDBTableSource",
        ..CDC
    },
    Connector {
        names: &["sqlserver-cdc", "db2-cdc"],
        ends_by: &SNAPSHOT_MAY_END,
        source: "apache/flink-cdc 3.0 to 3.4 and 23fb108: SqlServerTableSource, Db2TableSource",
        ..CDC
    },
    Connector {
        names: &["tidb-cdc"],
        source: "apache/flink-cdc 23fb108: TiDBTableSource, TiKVReadableMetadata",
        ..CDC
    },
    Connector {
        names: &["vitess-cdc"],
        times: &[],
        source: "apache/flink-cdc 23fb108: VitessTableSource",
        ..CDC
    },
    Connector {
        names: &["elasticsearch-6", "elasticsearch-7"],
        lookup: Some(true),
        source: "apache/flink-connector-elasticsearch v3.1, v4.0 and e575b51: ElasticsearchDynamicSource",
        ..SINK
    },
    Connector {
        names: &["rest-lookup"],
        lookup: Some(true),
        source: "getindata/flink-http-connector 66388ba: HttpLookupTableSource",
        ..SINK
    },
    // Several projects have a connector of this name.
    Connector {
        names: &["redis"],
        lookup: Some(true),
        source: "jeff-zou/flink-connector-redis 93d0d93: RedisDynamicTableSource",
        ..UNKNOWN
    },
    Connector {
        names: &["rabbitmq", "redshift"],
        rows: Rows::Append,
        source: "no table source seen",
        ..UNKNOWN
    },
    Connector {
        names: &["opensearch"],
        rows: Rows::Append,
        source: "apache/flink-connector-opensearch 0ea60bd: OpensearchDynamicSinkFactory",
        ..SINK
    },
    Connector {
        names: &["firehose", "sqs"],
        rows: Rows::Append,
        source: "apache/flink-connector-aws e17153c: KinesisFirehoseDynamicTableFactory, SqsDynamicTableFactory",
        ..SINK
    },
    Connector {
        names: &["print"],
        rows: Rows::Append,
        source: "Flink docs, \"Print SQL Connector\"",
        ..SINK
    },
    Connector {
        names: &["blackhole"],
        source: "Flink 1.20.5 and 2.3.0: BlackHoleTableSinkFactory",
        ..SINK
    },
    Connector {
        names: &["dynamodb"],
        source: "apache/flink-connector-aws e17153c: DynamoDbDynamicSinkFactory",
        ..SINK
    },
    Connector {
        names: &["elasticsearch-8"],
        source: "apache/flink-connector-elasticsearch e575b51: ElasticSearch8AsyncDynamicTableFactory",
        ..SINK
    },
    Connector {
        names: &["opensearch-2", "opensearch-3"],
        source: "apache/flink-connector-opensearch 0ea60bd: Opensearch2DynamicSinkFactory, Opensearch3DynamicSinkFactory",
        ..SINK
    },
    Connector {
        names: &["http-sink"],
        source: "getindata/flink-http-connector 66388ba: HttpDynamicTableSinkFactory",
        ..SINK
    },
    Connector {
        names: &[
            "oceanbase",
            "oceanbase-directload",
            "obkv-hbase",
            "obkv-hbase2",
        ],
        source: "oceanbase/flink-connector-oceanbase: the factories of that name",
        ..SINK
    },
];

const PULSAR_STOPS: [(When, Ends); 4] = [
    (When::Is("source.stop.at-message-id", "never"), Ends::No),
    (When::Set("source.stop.at-message-id"), Ends::Unknown),
    (When::Set("source.stop.after-message-id"), Ends::Unknown),
    (When::Set("source.stop.at-publish-time"), Ends::Unknown),
];
