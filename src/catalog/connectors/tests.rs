use super::*;
use insta::assert_snapshot;
use std::collections::BTreeSet;

/// A table with these options, `key=value` each; `PRIMARY KEY` declares one, `COLUMNS` all of them.
fn table(options: &[&str]) -> Table {
    let mut table = Table::default();
    for option in options {
        match option.split_once('=') {
            Some((key, value)) => {
                table.options.insert(key.to_owned(), value.to_owned());
            }
            None if *option == "COLUMNS" => table.complete = true,
            None => table.primary_key.push("id".to_owned()),
        }
    }
    table
}

fn yes(fact: Option<bool>) -> &'static str {
    match fact {
        Some(true) => "yes",
        Some(false) => "no",
        None => "?",
    }
}

fn able(ability: Ability) -> String {
    match ability {
        Ability::Yes { option, needs } => {
            let with: Vec<_> = option.into_iter().chain(needs).collect();
            format!("yes {}", with.join("; ")).trim_end().to_owned()
        }
        Ability::No => "no".to_owned(),
        Ability::Unknown => "?".to_owned(),
    }
}

fn rows(table: &Table) -> String {
    match source_rows(table) {
        SourceRows::Append => "append".to_owned(),
        SourceRows::Changelog(what) => format!("changelog: {what}"),
        SourceRows::Unknown => "?".to_owned(),
    }
}

fn times(table: &Table) -> String {
    let times = time_metadata(table);
    let times = times.iter().map(|time| {
        let fit = match time.fit {
            Fit::Automatic => "!",
            Fit::OnRequest => "",
        };
        let null = if time.nullable { " NULL" } else { "" };
        format!("{}{fit} {}{null}", time.key, time.ty)
    });
    times.collect::<Vec<_>>().join(", ")
}

/// What is answered for a table that has nothing but its connector.
#[test]
fn every_connector_alone() {
    let mut text = String::from(
        "connector | rows | times, ! is automatic | SOURCE_WATERMARK | push-down | filters stay out | bounded | lookup | replay\n",
    );
    for name in CONNECTORS.iter().flat_map(|c| c.names) {
        let table = table(&[&format!("connector={name}")]);
        let cells = [
            (*name).to_owned(),
            rows(&table).replace(&format!("changelog: the connector '{name}'"), "changelog"),
            times(&table),
            able(source_watermark(&table)),
            able(watermark_push_down(&table)),
            yes(Some(keeps_filters_out(&table))).to_owned(),
            yes(is_bounded(&table)).to_owned(),
            yes(can_look_up(&table)).to_owned(),
            yes(Some(is_replayable(&table))).to_owned(),
        ];
        text += &cells.join(" | ");
        text.push('\n');
    }
    assert_snapshot!(text, @r"
    connector | rows | times, ! is automatic | SOURCE_WATERMARK | push-down | filters stay out | bounded | lookup | replay
    kafka | append | timestamp! TIMESTAMP_LTZ(3) | no | yes | yes | no | no | yes
    dynamic-kafka | append | timestamp! TIMESTAMP_LTZ(3) | no | yes | yes | no | no | yes
    upsert-kafka | changelog | timestamp TIMESTAMP_LTZ(3) | no | yes | yes | no | no | yes
    kinesis | append | timestamp! TIMESTAMP_LTZ(3) | no | no | yes | no | no | yes
    kinesis-legacy | append | timestamp! TIMESTAMP_LTZ(3) | no | no | yes | no | no | yes
    pulsar | append | publish_time! TIMESTAMP_LTZ(3), event_time TIMESTAMP_LTZ(3) | no | no | yes | no | no | yes
    upsert-pulsar | changelog | publish_time TIMESTAMP_LTZ(3), event_time TIMESTAMP_LTZ(3) | no | no | yes | no | no | yes
    filesystem | append | file.modification-time TIMESTAMP_LTZ(3) | no | no | yes | yes | no | yes
    datagen | append |  | no | no | yes | no | no | no
    faker | append |  | no | no | yes | no | yes | no
    nexmark | append |  | no | no | yes | no | no | no
    socket | append |  | no | no | yes | no | no | no
    rocketmq | append |  | no | no | yes | ? | no | yes
    tubemq-inlong | append |  | no | yes | yes | no | no | yes
    pravega | append |  | no | no | yes | ? | no | yes
    jdbc | append |  | no | no | yes | yes | yes | yes
    mongodb | append |  | no | no | yes | yes | yes | yes
    hbase-1.4 | append |  | no | no | yes | yes | yes | yes
    hbase-2.2 | append |  | no | no | yes | yes | yes | yes
    hbase-2.6 | append |  | no | no | yes | yes | yes | yes
    cassandra | append |  | no | no | yes | yes | no | yes
    kudu | append |  | no | no | yes | yes | yes | yes
    starrocks | append |  | no | no | yes | yes | yes | yes
    doris | append |  | no | no | yes | yes | yes | yes
    clickhouse | append |  | no | no | yes | yes | yes | yes
    bigquery | append |  | no | no | yes | yes | no | yes
    iceberg | append |  | yes watermark-column; Iceberg 1.9 or later, with `table.exec.iceberg.use-flip27-source` on | no | no | ? | no | yes
    paimon | ? |  | no | yes | no | no | yes | yes
    fluss | ? |  | no | yes a release of Fluss after 0.9 | no | no | yes | yes
    hudi | append |  | no | no | yes | yes | yes | yes
    hive | append |  | no | no | yes | yes | yes | yes
    delta | append |  | no | no | yes | yes | no | yes
    mysql-cdc | changelog | op_ts TIMESTAMP_LTZ(3) | no | no | yes | no | no | yes
    oceanbase-cdc | changelog | op_ts TIMESTAMP_LTZ(3) | no | no | yes | no | no | yes
    postgres-cdc | changelog | op_ts TIMESTAMP_LTZ(3) | no | no | yes | no | no | yes
    oracle-cdc | changelog | op_ts TIMESTAMP_LTZ(3) | no | no | yes | no | no | yes
    mongodb-cdc | changelog | op_ts TIMESTAMP_LTZ(3) | no | no | yes | no | no | yes
    sqlserver-cdc | changelog | op_ts TIMESTAMP_LTZ(3) | no | no | yes | no | no | yes
    db2-cdc | changelog | op_ts TIMESTAMP_LTZ(3) | no | no | yes | no | no | yes
    tidb-cdc | changelog | op_ts TIMESTAMP_LTZ(3) | no | no | yes | no | no | yes
    vitess-cdc | changelog |  | no | no | yes | no | no | yes
    elasticsearch-6 | ? |  | no | no | no | ? | yes | yes
    elasticsearch-7 | ? |  | no | no | no | ? | yes | yes
    rest-lookup | ? |  | no | no | no | ? | yes | yes
    redis | ? |  | ? | ? | no | ? | yes | yes
    rabbitmq | append |  | ? | ? | no | ? | ? | yes
    redshift | append |  | ? | ? | no | ? | ? | yes
    opensearch | append |  | no | no | no | ? | no | yes
    firehose | append |  | no | no | no | ? | no | yes
    sqs | append |  | no | no | no | ? | no | yes
    print | append |  | no | no | no | ? | no | yes
    blackhole | ? |  | no | no | no | ? | no | yes
    dynamodb | ? |  | no | no | no | ? | no | yes
    elasticsearch-8 | ? |  | no | no | no | ? | no | yes
    opensearch-2 | ? |  | no | no | no | ? | no | yes
    opensearch-3 | ? |  | no | no | no | ? | no | yes
    http-sink | ? |  | no | no | no | ? | no | yes
    oceanbase | ? |  | no | no | no | ? | no | yes
    oceanbase-directload | ? |  | no | no | no | ? | no | yes
    obkv-hbase | ? |  | no | no | no | ? | no | yes
    obkv-hbase2 | ? |  | no | no | no | ? | no | yes
    ");
}

/// One answer for each table.
fn check(answer: fn(&Table) -> String, cases: &[(&[&str], &str)]) {
    for (options, expected) in cases {
        assert_eq!(answer(&table(options)), *expected, "{options:?}");
    }
}

#[test]
fn rows_by_option_and_format() {
    check(
        rows,
        &[
            (&[], "?"),
            (&["connector=homemade"], "?"),
            (
                &["connector=homemade", "format=canal-json"],
                "changelog: the format 'canal-json'",
            ),
            (
                &["connector=homemade-cdc"],
                "changelog: the connector 'homemade-cdc'",
            ),
            (
                &["connector=upsert-homemade"],
                "changelog: the connector 'upsert-homemade'",
            ),
            (&["connector.type=kafka", "format.type=json"], "append"),
            (&["connector=kafka", "format=json"], "append"),
            (
                &["connector=kafka", "format=Debezium-JSON"],
                "changelog: the format 'debezium-json'",
            ),
            (
                &[
                    "connector=kafka",
                    "format=json",
                    "value.format=maxwell-json",
                ],
                "changelog: the format 'maxwell-json'",
            ),
            (
                &[
                    "connector=kafka",
                    "key.format=canal-json",
                    "value.format=json",
                ],
                "append",
            ),
            (
                &["connector=kinesis", "format=ogg-json"],
                "changelog: the format 'ogg-json'",
            ),
            (
                &["connector=upsert-kafka", "value.format=json"],
                "changelog: the connector 'upsert-kafka'",
            ),
            (
                &[
                    "connector=mysql-cdc",
                    "scan.read-changelog-as-append-only.enabled=TRUE",
                ],
                "append",
            ),
            (
                &[
                    "connector=mysql-cdc",
                    "scan.read-changelog-as-append-only.enabled=false",
                ],
                "changelog: the connector 'mysql-cdc'",
            ),
            (
                &[
                    "connector=oracle-cdc",
                    "scan.read-changelog-as-append-only.enabled=true",
                ],
                "changelog: the connector 'oracle-cdc'",
            ),
            (&["connector=paimon"], "?"),
            (&["connector=paimon", "COLUMNS"], "append"),
            (&["connector=fluss", "COLUMNS"], "?"),
            (
                &["connector=paimon", "PRIMARY KEY"],
                "changelog: the connector 'paimon' with a primary key",
            ),
            (
                &["connector=paimon", "PRIMARY KEY", "merge-engine=first-row"],
                "?",
            ),
            (
                &["connector=fluss", "PRIMARY KEY"],
                "changelog: the connector 'fluss' with a primary key",
            ),
            (&["connector=hudi", "PRIMARY KEY"], "append"),
            (
                &["connector=hudi", "changelog.enabled=true"],
                "changelog: the connector 'hudi' with 'changelog.enabled' = 'true'",
            ),
            (&["connector=doris", "source.scan.mode=snapshot"], "append"),
            (
                &["connector=doris", "source.scan.mode=initial"],
                "changelog: the connector 'doris' with 'source.scan.mode' other than 'snapshot'",
            ),
            (
                &[
                    "connector=doris",
                    "source.scan.mode=initial",
                    "source.binlog.increment-type=detail",
                ],
                "?",
            ),
        ],
    );
}

#[test]
fn times_by_option_and_format() {
    check(
        times,
        &[
            (&[], ""),
            (&["connector=homemade"], ""),
            (&["connector.type=kafka"], ""),
            (
                &["connector=kafka", "format=json"],
                "timestamp! TIMESTAMP_LTZ(3)",
            ),
            (
                &["connector=kafka", "format=debezium-json"],
                "timestamp! TIMESTAMP_LTZ(3), value.source.timestamp TIMESTAMP_LTZ(3) NULL, value.ingestion-timestamp TIMESTAMP_LTZ(3) NULL",
            ),
            (
                &["connector=kafka", "value.format=ogg-json"],
                "timestamp! TIMESTAMP_LTZ(3), value.event-timestamp TIMESTAMP_LTZ(6) NULL, value.ingestion-timestamp TIMESTAMP_LTZ(6) NULL",
            ),
            (
                &[
                    "connector=kafka",
                    "key.format=canal-json",
                    "value.format=json",
                ],
                "timestamp! TIMESTAMP_LTZ(3)",
            ),
            (
                &["connector=kafka", "format=debezium-avro-confluent"],
                "timestamp! TIMESTAMP_LTZ(3)",
            ),
            (
                &["connector=pulsar", "format=canal-json"],
                "publish_time! TIMESTAMP_LTZ(3), event_time TIMESTAMP_LTZ(3), value.event-timestamp TIMESTAMP_LTZ(3) NULL, value.ingestion-timestamp TIMESTAMP_LTZ(3) NULL",
            ),
            (&["connector=pulsar", "topic=clicks"], ""),
            (
                &["connector=filesystem", "format=debezium-json"],
                "file.modification-time TIMESTAMP_LTZ(3)",
            ),
            (
                &["connector=kinesis", "stream=clicks"],
                "timestamp! TIMESTAMP_LTZ(3)",
            ),
            (
                &[
                    "connector=kinesis",
                    "stream.arn=arn:aws:kinesis:us-east-1:1:stream/clicks",
                ],
                "",
            ),
            (
                &["connector=kinesis-legacy", "stream=clicks"],
                "timestamp! TIMESTAMP_LTZ(3)",
            ),
            (
                &["connector=mysql-cdc", "scan.startup.mode=latest-offset"],
                "op_ts TIMESTAMP_LTZ(3)",
            ),
        ],
    );
}

#[test]
fn ends_by_option() {
    check(
        |table| yes(is_bounded(table)).to_owned(),
        &[
            (&[], "?"),
            (&["connector.type=filesystem"], "?"),
            (&["connector=homemade"], "?"),
            (&["connector=kafka", "scan.bounded.mode=unbounded"], "no"),
            (
                &["connector=kafka", "scan.bounded.mode=latest-offset"],
                "yes",
            ),
            (
                &["connector=upsert-kafka", "scan.bounded.mode=timestamp"],
                "yes",
            ),
            (
                &["connector=pulsar", "source.stop.at-message-id=never"],
                "no",
            ),
            (
                &["connector=pulsar", "source.stop.at-message-id=latest"],
                "?",
            ),
            (
                &[
                    "connector=pulsar",
                    "source.stop.at-publish-time=1700000000000",
                ],
                "?",
            ),
            (
                &["connector=filesystem", "source.monitor-interval=10 s"],
                "no",
            ),
            (&["connector=datagen", "number-of-rows=10"], "yes"),
            (
                &[
                    "connector=datagen",
                    "fields.id.kind=sequence",
                    "fields.id.start=1",
                ],
                "yes",
            ),
            (&["connector=datagen", "fields.id.kind=random"], "no"),
            (&["connector=faker", "number-of-rows=-1"], "no"),
            (&["connector=faker", "number-of-rows=10"], "yes"),
            (&["connector=nexmark", "events.num=0"], "no"),
            (&["connector=nexmark", "events.num=100"], "?"),
            (&["connector=iceberg", "streaming=true"], "no"),
            (&["connector=iceberg", "streaming=false"], "yes"),
            (&["connector=paimon", "scan.bounded=true"], "yes"),
            (
                &["connector=paimon", "scan.bounded.watermark=1700000000000"],
                "?",
            ),
            (&["connector=hudi", "read.streaming.enabled=true"], "no"),
            (&["connector=hive", "streaming-source.enable=true"], "no"),
            (&["connector=delta", "mode=Streaming"], "no"),
            (&["connector=doris", "source.scan.mode=latest"], "no"),
            (&["connector=mysql-cdc", "scan.startup.mode=initial"], "no"),
            (
                &["connector=mysql-cdc", "scan.startup.mode=snapshot"],
                "yes",
            ),
            (
                &["connector=mongodb-cdc", "scan.startup.mode=snapshot"],
                "?",
            ),
            (
                &["connector=tidb-cdc", "scan.startup.mode=latest-offset"],
                "no",
            ),
        ],
    );
}

#[test]
fn an_option_that_is_set_is_no_longer_asked_for() {
    let with = table(&["connector=iceberg", "watermark-column=ts"]);
    let without = table(&["connector=iceberg"]);
    let option = |table: &Table| match source_watermark(table) {
        Ability::Yes { option, needs } => (option, needs.is_some()),
        other => panic!("{other:?}"),
    };
    assert_eq!(option(&without), (Some("watermark-column"), true));
    assert_eq!(option(&with), (None, true));
    assert_eq!(
        source_watermark(&table(&["connector.type=iceberg"])),
        Ability::Unknown
    );
}

/// What makes a column `METADATA FROM` and a watermark on it without looking at the rest.
#[test]
fn an_automatic_time_can_carry_a_watermark_as_it_is() {
    for connector in CONNECTORS {
        let automatic = connector.times.iter().filter(|t| t.fit == Fit::Automatic);
        for time in automatic.clone() {
            assert_eq!(time.ty, TypeKind::TimestampLtz(3), "{}", time.key);
            assert!(!time.nullable, "{}", time.key);
            assert_ne!(connector.rows, Rows::Changelog, "{}", time.key);
        }
        assert!(automatic.count() <= 1, "{:?}", connector.names);
    }
    for format in &FORMATS {
        assert!(format.times.iter().all(|t| t.fit == Fit::OnRequest));
    }
}

#[test]
fn every_row_is_found_and_has_a_source() {
    let mut seen = BTreeSet::new();
    for connector in CONNECTORS {
        assert!(!connector.source.is_empty(), "{:?}", connector.names);
        for name in connector.names {
            assert!(seen.insert(*name), "{name} stands in two rows");
        }
        // Names from which the rows are told anyway agree with them.
        for name in connector
            .names
            .iter()
            .filter(|n| n.ends_with("-cdc") || n.starts_with("upsert-"))
        {
            assert_eq!(connector.rows, Rows::Changelog, "{name}");
        }
    }
    for format in &FORMATS {
        assert!(
            format.times.iter().all(|t| t.key.starts_with("value.")),
            "{}",
            format.name
        );
    }
}
