//! `tidegate.toml` and what the command line adds to it, as settings.
//!
//! Architecture invariant: nothing here opens a file or reads the clock. The command line finds
//! `tidegate.toml` and hands over its text.

mod configuration;
mod event_time;
mod file;
mod gate;
mod listing;
mod schema;
mod sections;
mod value;

pub use configuration::{Configuration, ForScript, Override, Place};
pub use event_time::{Emit, TextFormat, Unit, WatermarkOptions};
pub use gate::{Argument, GateForm, GateFunction, GateKind, GateSettings, Late, Pin, Position};

pub use listing::{Entry, toml_key};
pub use schema::{page, schema};
pub use value::{ValueError, format_delay, parse_delay};

use crate::diagnostic::Severity;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A release line of Flink. Ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Deserialize)]
#[serde(try_from = "String")]
pub enum FlinkVersion {
    V1_20,
    V2_0,
    V2_1,
    V2_2,
    #[default]
    V2_3,
}

/// Which of the two deployments the script is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    /// Runs alone: its gates stand and are open.
    #[default]
    First,
    /// Emits event times below the cutover.
    Outgoing { cutover: Cutover },
    /// Emits event times from the cutover on.
    Incoming { cutover: Cutover },
}

/// The cutover T in epoch milliseconds, between the years 1 and 9999 that Flink's timestamps reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cutover(pub i64);

/// Everything that a rewrite depends on besides the script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub flink: FlinkVersion,
    pub role: Role,
    pub watermark: WatermarkSettings,
    pub gate: GateSettings,
    /// Put all INSERTs of the script into one statement set.
    pub one_job: bool,
    /// Per table, by the name as the script writes it (parts joined by dots, without backticks) or
    /// by its last part. See [`Settings::table`].
    pub tables: BTreeMap<String, TableSettings>,
    /// What the script may name without declaring it; see [`crate::outside`].
    pub catalog: Vec<CatalogText>,
    /// Plan original and rewritten with DataFusion before anything is printed.
    pub validate: bool,
    pub lint: LintSettings,
}

/// Which rules of [`crate::lint`] run, and how grave their findings are. Rules go by name or by code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LintSettings {
    /// `all`, or rules; where it is empty, those that are on by default.
    pub select: Vec<String>,
    /// Goes before `select`.
    pub ignore: Vec<String>,
    pub severity: BTreeMap<String, Severity>,
}

/// A script with the DDL of catalog objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogText {
    /// As it is called in messages: its file.
    pub name: String,
    pub text: String,
}

/// For every table that has no settings of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatermarkSettings {
    /// How far a watermark stays behind the highest event time, in milliseconds.
    pub delay_ms: u64,
    pub attach: Attach,
    pub nullable: Nullable,
    /// `None`: in place for tables of the script, a shadow for those from outside.
    pub placement: Option<Placement>,
    pub options: WatermarkOptions,
}

/// For one table. At most one of `column`, `expression`, `metadata` and `ingestion_time` says what the event time is;
/// it is chosen from the candidates if none does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableSettings {
    /// A column, or a field of one: `payload.created_at`.
    pub column: Option<String>,
    /// What the numbers of `column` count.
    pub unit: Option<Unit>,
    /// How the texts of `column` are written.
    pub format: Option<TextFormat>,
    /// SQL over the table's columns, of type TIMESTAMP or TIMESTAMP_LTZ.
    pub expression: Option<String>,
    /// A metadata key of the connector.
    pub metadata: Option<String>,
    /// The time at which a job reads the row: the two jobs do not agree on it.
    pub ingestion_time: bool,
    /// The watermark's expression, in place of one with a delay. [`ROWTIME`] stands for the column.
    pub watermark: Option<String>,
    /// In milliseconds.
    pub delay_ms: Option<u64>,
    /// Put the watermark in the place of one that the table declares.
    pub replace: bool,
    pub attach: Option<Attach>,
    pub nullable: Option<Nullable>,
    pub placement: Option<Placement>,
    pub options: WatermarkOptions,
}

/// What stands for the rowtime column in a configured watermark expression.
pub const ROWTIME: &str = "{rowtime}";

/// Where the `WATERMARK` clause goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Attach {
    /// On the column itself where that changes no query, on a hidden computed column otherwise.
    #[default]
    Auto,
    /// On the column itself.
    Column,
    /// On a hidden computed column.
    Hidden,
}

/// What to do about an event-time column that may hold NULL, which fails the job at run time when a
/// watermark stands on the column itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Nullable {
    /// Do not put a watermark on it.
    #[default]
    Refuse,
    /// Take the user's word that it never holds NULL.
    Trust,
}

/// How a table gets what is added to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Placement {
    /// In its CREATE TABLE.
    InPlace,
    /// In a temporary table of the same name, `LIKE` it.
    Shadow,
    /// In a temporary table of a new name, `LIKE` it, which is read in its place.
    Derive,
}

impl Placement {
    /// As in `tidegate.toml`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Placement::InPlace => "in-place",
            Placement::Shadow => "shadow",
            Placement::Derive => "derive",
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            flink: FlinkVersion::default(),
            role: Role::default(),
            watermark: WatermarkSettings::default(),
            gate: GateSettings::default(),
            one_job: false,
            tables: BTreeMap::new(),
            catalog: Vec::new(),
            validate: true,
            lint: LintSettings::default(),
        }
    }
}

impl Default for WatermarkSettings {
    fn default() -> Self {
        Self {
            delay_ms: 5_000,
            attach: Attach::default(),
            nullable: Nullable::default(),
            placement: None,
            options: WatermarkOptions::default(),
        }
    }
}

impl Settings {
    /// What the configuration says about a table: under its name as the script writes it, else
    /// under the last part of that name.
    pub fn table(&self, parts: &[&str]) -> Option<&TableSettings> {
        self.tables
            .get(&parts.join("."))
            .or_else(|| self.tables.get(*parts.last()?))
    }
}

impl FlinkVersion {
    /// Oldest first.
    pub const ALL: [FlinkVersion; 5] = [
        FlinkVersion::V1_20,
        FlinkVersion::V2_0,
        FlinkVersion::V2_1,
        FlinkVersion::V2_2,
        FlinkVersion::V2_3,
    ];

    /// As `2.3`.
    pub const fn as_str(self) -> &'static str {
        match self {
            FlinkVersion::V1_20 => "1.20",
            FlinkVersion::V2_0 => "2.0",
            FlinkVersion::V2_1 => "2.1",
            FlinkVersion::V2_2 => "2.2",
            FlinkVersion::V2_3 => "2.3",
        }
    }
}

impl std::fmt::Display for FlinkVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_found_by_its_whole_name_first() {
        let named = |column: &str| TableSettings {
            column: Some(column.to_owned()),
            ..TableSettings::default()
        };
        let settings = Settings {
            tables: BTreeMap::from([
                ("shop.orders".to_owned(), named("a")),
                ("orders".to_owned(), named("b")),
            ]),
            ..Settings::default()
        };
        let column = |parts: &[&str]| settings.table(parts).and_then(|t| t.column.clone());
        assert_eq!(column(&["shop", "orders"]).as_deref(), Some("a"));
        assert_eq!(column(&["other", "orders"]).as_deref(), Some("b"));
        assert_eq!(column(&["orders"]).as_deref(), Some("b"));
        assert_eq!(column(&["clicks"]), None);
    }
}
