//! What a table offers as its event time, ranked.

use super::names::Says;
use crate::catalog::{Entry, TableColumn};
use crate::config::{TextFormat, Unit, toml_key};
use crate::plan::Input;
use crate::text::Span;
use crate::time::{TimeType, quote};
use serde::Serialize;

/// How a table's event time comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strategy {
    /// A column of type TIMESTAMP or TIMESTAMP_LTZ.
    Column,
    /// A field of a ROW.
    Nested,
    /// A number since 1970.
    Epoch,
    /// A text.
    Text,
    /// A timestamp among the connector's metadata.
    Metadata,
    /// An expression that the configuration gives.
    Expression,
    /// The time at which a job reads the row.
    Ingestion,
}

impl Strategy {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Column => "column",
            Self::Nested => "nested",
            Self::Epoch => "epoch",
            Self::Text => "text",
            Self::Metadata => "metadata",
            Self::Expression => "expression",
            Self::Ingestion => "ingestion",
        }
    }
}

/// An event time that a table offers.
#[derive(Debug, Clone, Serialize)]
pub struct Candidate {
    pub strategy: Strategy,
    /// As the configuration names it: a column, the path of a field, a metadata key.
    pub name: String,
    /// As SQL.
    pub data_type: String,
    /// Where it is declared; none for what is not in the table's definition.
    pub span: Option<Span>,
    pub time: Time,
    /// From 0 to 100. One that leads by [`MARGIN`] is chosen.
    pub score: u8,
    pub why: String,
    /// What has to be said before it can be chosen.
    pub asks: Option<Ask>,
    /// A column that the WATERMARK clause could stand on as it is.
    pub column: Option<String>,
}

impl Candidate {
    /// What chooses it in `tidegate.toml`, one text for each thing that may have to be said with it.
    pub fn config(&self, table: &str) -> Vec<String> {
        let name = self.name.as_str();
        let with = |key: &str, value: &str| config_lines(table, &[("column", name), (key, value)]);
        match (self.strategy, self.asks) {
            (Strategy::Metadata, _) => vec![config_lines(table, &[("metadata", name)])],
            (Strategy::Expression, _) => vec![config_lines(table, &[("expression", name)])],
            (Strategy::Ingestion, _) => vec![ingestion_lines(table)],
            (_, Some(Ask::Unit)) => {
                // Too small a number for anything but seconds.
                let units = match self.data_type.starts_with("INT") {
                    true => &Unit::ALL[..1],
                    false => &Unit::ALL[..3],
                };
                units
                    .iter()
                    .map(|unit| with("unit", unit.as_str()))
                    .collect()
            }
            (_, Some(Ask::Format)) => {
                let formats = TextFormat::NAMED.into_iter().chain(["dd/MM/yyyy HH:mm:ss"]);
                formats.map(|format| with("format", format)).collect()
            }
            _ => vec![config_lines(table, &[("column", name)])],
        }
    }
}

/// Lines to be pasted into `tidegate.toml`.
pub fn config_lines(table: &str, lines: &[(&str, &str)]) -> String {
    let mut text = format!("tidegate.toml:\n[tables.{}]", toml_key(table));
    for (key, value) in lines {
        let value = toml::Value::String((*value).to_owned());
        text.push_str(&format!("\n{key} = {value}"));
    }
    text
}

/// The name that a table has in `tidegate.toml`: the last part of its own, if no other table has that too and
/// nothing is said under the whole name, which goes first.
pub fn config_key(input: Input<'_>, entry: &Entry) -> String {
    let whole = entry.name.path().join(".");
    let name = entry.name.object();
    let said = input.settings.tables.contains_key(&whole);
    match said || input.catalog.shares_name(entry) {
        true => whole,
        false => name.to_owned(),
    }
}

pub(super) fn ingestion_lines(table: &str) -> String {
    format!("{}\ningestion-time = true", config_lines(table, &[]))
}

/// The time itself.
#[derive(Debug, Clone, Serialize)]
pub enum Time {
    /// SQL over physical and metadata columns.
    Sql {
        sql: String,
        ty: TimeType,
        /// Digits of a second.
        precision: u8,
        nullable: bool,
    },
    /// A metadata column that the table does not have yet.
    Metadata {
        key: String,
        precision: u8,
        nullable: bool,
    },
}

impl Time {
    pub fn ty(&self) -> TimeType {
        match self {
            Self::Sql { ty, .. } => *ty,
            Self::Metadata { .. } => TimeType::TimestampLtz,
        }
    }

    pub fn precision(&self) -> u8 {
        match self {
            Self::Sql { precision, .. } | Self::Metadata { precision, .. } => *precision,
        }
    }

    pub fn is_nullable(&self) -> bool {
        match self {
            Self::Sql { nullable, .. } | Self::Metadata { nullable, .. } => *nullable,
        }
    }
}

/// What only the user knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ask {
    /// What a number counts.
    Unit,
    /// How a text is written.
    Format,
    /// Whether it is what is wanted.
    Choice,
}

/// A column that has to do with time and is no candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PassedOver {
    pub name: String,
    pub data_type: String,
    pub span: Span,
    pub why: &'static str,
}

/// All that a table offers.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Offer {
    /// The best first; among equals in order of the definition.
    pub candidates: Vec<Candidate>,
    pub passed_over: Vec<PassedOver>,
}

/// How far a candidate has to lead. Two columns of one kind whose names say the same have the same score.
pub const MARGIN: u8 = 11;

/// What the kind of a candidate is worth, and what is added for a name that says more.
pub(super) mod score {
    pub const CONFIGURED: u8 = 100;
    pub const COLUMN: u8 = 80;
    pub const NESTED: u8 = 65;
    pub const DECLARED_METADATA: u8 = 60;
    pub const EPOCH: u8 = 60;
    pub const NESTED_EPOCH: u8 = 52;
    pub const METADATA: u8 = 40;
    pub const EPOCH_WITHOUT_UNIT: u8 = 25;
    pub const OF_SUBJECT: u8 = 30;
    pub const TEXT: u8 = 20;
    pub const ON_REQUEST: u8 = 10;
    pub const SAYS_EVENT_TIME: u8 = 15;
    pub const SAYS_ARRIVAL: u8 = 10;
}

/// A score by the kind and the name.
pub(super) fn scored(kind: u8, says: Says) -> u8 {
    match says {
        Says::EventTime => kind + score::SAYS_EVENT_TIME,
        Says::Arrival => kind.saturating_sub(score::SAYS_ARRIVAL),
        Says::OfSubject => kind.min(score::OF_SUBJECT),
        Says::Time | Says::Other | Says::Nothing => kind,
    }
}

/// What a name adds to the reason.
pub(super) fn remark(says: Says) -> &'static str {
    match says {
        Says::EventTime => "; the name says event time",
        Says::Arrival => "; the name says when it came by",
        Says::OfSubject => "; the name says one of several times of what the row is about",
        Says::Time | Says::Other | Says::Nothing => "",
    }
}

/// A column as SQL in a computed column: that can name no other computed one, so its expression is repeated.
pub(super) fn column_sql(text: &str, column: &TableColumn) -> String {
    match column.expr {
        Some(expr) => expr.of(text).to_owned(),
        None => quote(&column.name),
    }
}
