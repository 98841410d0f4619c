//! The formats that carry updates and deletions.

use super::{Fit, TimeMetadata};
use crate::syntax::TypeKind;

/// A row: what is known of one format.
pub(super) struct Format {
    pub name: &'static str,
    /// With the prefix `value.`, which the connectors that pass them on put before them.
    pub times: &'static [TimeMetadata],
    pub source: &'static str,
}

/// A time that a format reads from the record's text, which may lack it.
const fn time(key: &'static str, precision: u8, what: &'static str) -> TimeMetadata {
    TimeMetadata {
        key,
        ty: TypeKind::TimestampLtz(precision),
        nullable: true,
        what,
        fit: Fit::OnRequest,
        source: JSON,
    }
}

const JSON: &str = "`ReadableMetadata` of the format's decoder in flink-json 1.20.5 and 2.3.0";

const NOT_SEEN: &str = "not seen in a source";

pub(super) const FORMATS: [Format; 8] = [
    Format {
        name: "debezium-json",
        times: &[
            time(
                "value.source.timestamp",
                3,
                "when the database made the change, as Debezium has it",
            ),
            time(
                "value.ingestion-timestamp",
                3,
                "when Debezium handled the change",
            ),
        ],
        source: "DebeziumJsonDecodingFormat, flink-json 1.20.5 and 2.3.0",
    },
    Format {
        name: "debezium-avro-confluent",
        times: &[],
        source: "DebeziumAvroFormatFactory, apache/flink: lists no metadata",
    },
    Format {
        name: "canal-json",
        times: &[
            time(
                "value.event-timestamp",
                3,
                "when the database made the change, as Canal has it",
            ),
            time(
                "value.ingestion-timestamp",
                3,
                "when Canal handled the change",
            ),
        ],
        source: "CanalJsonDecodingFormat, flink-json 1.20.5 and 2.3.0",
    },
    Format {
        name: "maxwell-json",
        times: &[time(
            "value.ingestion-timestamp",
            3,
            "Maxwell's time of the change, in whole seconds",
        )],
        source: "MaxwellJsonDecodingFormat, flink-json 1.20.5 and 2.3.0",
    },
    Format {
        name: "ogg-json",
        times: &[
            time(
                "value.event-timestamp",
                6,
                "when the database made the change, as GoldenGate has it",
            ),
            time(
                "value.ingestion-timestamp",
                6,
                "when GoldenGate wrote the change; another one if it is written again",
            ),
        ],
        source: "OggJsonDecodingFormat, flink-json 1.20.5 and 2.3.0",
    },
    Format {
        name: "changelog-json",
        times: &[],
        source: NOT_SEEN,
    },
    Format {
        name: "debezium-protobuf",
        times: &[],
        source: NOT_SEEN,
    },
    Format {
        name: "protobuf-debezium",
        times: &[],
        source: NOT_SEEN,
    },
];
