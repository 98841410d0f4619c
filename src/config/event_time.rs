//! What people say of a table's event time and of its watermark's options.

use schemars::JsonSchema;
use serde::Deserialize;

/// What an epoch number counts since 1970-01-01T00:00:00Z.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, serde::Serialize, JsonSchema,
)]
pub enum Unit {
    #[serde(rename = "s")]
    Seconds,
    #[serde(rename = "ms")]
    Milliseconds,
    #[serde(rename = "us")]
    Microseconds,
    #[serde(rename = "ns")]
    Nanoseconds,
}

impl Unit {
    pub const ALL: [Self; 4] = [
        Self::Seconds,
        Self::Milliseconds,
        Self::Microseconds,
        Self::Nanoseconds,
    ];

    /// As in `tidegate.toml`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Milliseconds => "ms",
            Self::Microseconds => "us",
            Self::Nanoseconds => "ns",
        }
    }
}

/// How the texts of a column say a time.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum TextFormat {
    /// `2026-11-22 12:00:00`, with up to nine digits of a second behind a dot.
    Sql,
    /// `2026-11-22T12:00:00Z`, likewise; in UTC, with or without the `Z`.
    Iso8601,
    /// A pattern of Java's `DateTimeFormatter`.
    Pattern(String),
}

impl TextFormat {
    /// Those that have a name in `tidegate.toml`.
    pub const NAMED: [&'static str; 2] = ["sql", "iso-8601"];
}

impl From<String> for TextFormat {
    fn from(text: String) -> Self {
        match text.as_str() {
            "sql" => Self::Sql,
            "iso-8601" => Self::Iso8601,
            _ => Self::Pattern(text),
        }
    }
}

/// Options of a source's watermark that are written into the table's `WITH`.
/// Source: FLIP-296; Flink docs, "CREATE TABLE", "WATERMARK".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WatermarkOptions {
    /// `scan.watermark.idle-timeout`, in milliseconds.
    pub idle_timeout_ms: Option<u64>,
    /// `scan.watermark.emit.strategy`.
    pub emit: Option<Emit>,
    /// `scan.watermark.alignment.group`.
    pub alignment_group: Option<String>,
    /// `scan.watermark.alignment.max-drift`, in milliseconds.
    pub max_drift_ms: Option<u64>,
    /// `scan.watermark.alignment.update-interval`, in milliseconds.
    pub update_interval_ms: Option<u64>,
}

impl WatermarkOptions {
    /// These, and those of `other` where these say nothing.
    pub fn or(&self, other: &Self) -> Self {
        Self {
            idle_timeout_ms: self.idle_timeout_ms.or(other.idle_timeout_ms),
            emit: self.emit.or(other.emit),
            alignment_group: (self.alignment_group.as_ref())
                .or(other.alignment_group.as_ref())
                .cloned(),
            max_drift_ms: self.max_drift_ms.or(other.max_drift_ms),
            update_interval_ms: self.update_interval_ms.or(other.update_interval_ms),
        }
    }
}

/// When a source emits its watermark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Emit {
    /// Every `pipeline.auto-watermark-interval`.
    OnPeriodic,
    /// With each row.
    OnEvent,
}

impl Emit {
    /// As in `tidegate.toml` and in the option.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OnPeriodic => "on-periodic",
            Self::OnEvent => "on-event",
        }
    }
}
