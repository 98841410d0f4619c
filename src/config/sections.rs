//! The keys of `tidegate.toml`, as serde reads them and as its JSON schema describes them: the comments here are the
//! descriptions there, and in `docs/configuration.md`.

use super::{
    Attach, Emit, FlinkVersion, GateForm, GateKind, Late, Nullable, Pin, Placement, Position,
    TextFormat, Unit, ValueError, parse_delay,
};
use crate::diagnostic::Severity;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;

/// How tidegate rewrites and checks Flink SQL scripts. Every key may be left out.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "tidegate.toml")]
pub(super) struct File {
    pub flink: FlinkSection,
    pub watermark: WatermarkSection,
    pub gate: GateSection,
    /// What is said of a single table. The key is its name as the script writes it, parts joined by dots and without
    /// backticks, or the last part of its name; the whole name goes first.
    pub tables: BTreeMap<String, TableSection>,
    pub lint: LintSection,
    /// Files with the DDL of tables, views and functions that scripts read but do not declare: glob patterns, relative
    /// to this file.
    pub catalog: Vec<String>,
    /// Other settings for some of the scripts. Where several match a script, the last one that says something goes
    /// first.
    pub overrides: Vec<OverrideSection>,
}

/// Settings for the scripts that match `paths`: any of the other sections. What they say goes before what is said for
/// all scripts, key by key; a list replaces the list.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("required" = ["paths"]))]
pub(super) struct OverrideSection {
    /// Glob patterns of scripts, relative to this file: `*` stays within a folder, `**` goes through any number of
    /// them.
    #[schemars(length(min = 1))]
    pub paths: At<Vec<At<String>>>,
    pub flink: FlinkSection,
    pub watermark: WatermarkSection,
    pub gate: GateSection,
    /// As `tables` for all scripts. An event time that is said here takes the place of the one that is said there.
    pub tables: BTreeMap<String, TableSection>,
    pub lint: LintSection,
    /// As `catalog` for all scripts, and in its place.
    pub catalog: Vec<String>,
}

/// Flink that runs the scripts.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(default, deny_unknown_fields)]
pub(super) struct FlinkSection {
    /// Its release line.
    pub version: FlinkVersion,
}

/// Watermarks of tables that have no settings of their own.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct WatermarkSection {
    /// How far an added watermark stays behind the highest event time.
    pub delay: Option<Delay>,
    /// What the WATERMARK clause stands on.
    pub attach: Attach,
    /// What to do about an event-time column that may hold NULL.
    pub nullable: Nullable,
    /// Where an added watermark is written. Unless given: `in-place` for tables of the script, `shadow` for those that
    /// a catalog file declares.
    pub placement: Option<Placement>,
    /// After which silence a source's partition no longer holds the watermark back: `scan.watermark.idle-timeout`,
    /// written into the table's WITH where its source takes it.
    pub idle_timeout: Option<Delay>,
    /// When a source emits its watermark: `scan.watermark.emit.strategy`.
    pub emit: Option<Emit>,
    pub alignment: AlignmentSection,
}

/// How far a source may run ahead of the others of its group: `scan.watermark.alignment.*`. A `group` needs a
/// `max-drift`.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct AlignmentSection {
    /// The name of the group.
    pub group: Option<At<String>>,
    /// How far its watermark may be ahead of the group's lowest one.
    pub max_drift: Option<At<Delay>>,
    /// How often the sources of the group tell each other.
    pub update_interval: Option<At<Delay>>,
}

/// What stands before the sinks.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct GateSection {
    /// What decides on a row.
    #[schemars(with = "GateKind")]
    pub kind: Kind,
    /// How a gate before a sink is written.
    pub form: GateForm,
    /// Where the rows of an append-only query are told apart.
    pub position: Position,
    /// Which job writes a row below the cutover that comes when the watermark has passed the cutover.
    #[schemars(with = "Late")]
    pub late: Option<At<Late>>,
    /// Whether a gate is written so that Flink cannot push it down: behind a barrier, or in an array.
    #[schemars(with = "Pin")]
    pub pin: Option<At<Pin>>,
    /// Put all INSERTs of a script into one statement set: one job, one cutover for all sinks.
    pub one_job: bool,
    pub function: FunctionSection,
}

/// The function that gates of the kinds `function` and `ptf` call.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(default, deny_unknown_fields)]
pub(super) struct FunctionSection {
    /// Its name, one to three parts joined by dots.
    pub name: Option<At<String>>,
    /// What it is told, in this order; `time` is among it.
    pub arguments: Option<At<Vec<ArgumentName>>>,
    /// The class from which a script creates it as a temporary system function; the function is there already if none
    /// is given. A class needs a `name` of one part.
    pub class: Option<At<String>>,
    /// Where the class is.
    pub jar: Option<At<String>>,
}

#[derive(Deserialize, JsonSchema, Clone, Copy)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "Argument")]
pub(super) enum ArgumentName {
    /// The name of the sink.
    Sink,
    /// The gate time of the row.
    Time,
    /// The watermark at the gate.
    Watermark,
}

/// The event time of a table and its watermark. At most one of `column`, `expression`, `metadata` and `ingestion-time`
/// says what the event time is; it is chosen from what the table offers if none does.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct TableSection {
    /// The column of the event time, or a field of one: `payload.created_at`.
    pub column: Option<At<String>>,
    /// What the numbers of `column` count since 1970-01-01T00:00:00Z.
    pub unit: Option<At<Unit>>,
    /// How the texts of `column` are written.
    pub format: Option<At<TextFormat>>,
    /// SQL over the table's columns, of type TIMESTAMP or TIMESTAMP_LTZ.
    pub expression: Option<At<String>>,
    /// A metadata key of the connector.
    pub metadata: Option<At<String>>,
    /// The time at which a job reads the row. The two jobs of a cutover do not agree on it.
    pub ingestion_time: Option<At<bool>>,
    /// The watermark's expression, in place of one with a delay; `{rowtime}` stands for the column.
    pub watermark: Option<At<String>>,
    /// As `watermark.delay`, for this table.
    pub delay: Option<Delay>,
    /// Put the watermark in the place of one that the table declares.
    pub replace: bool,
    /// As `watermark.attach`, for this table.
    pub attach: Option<Attach>,
    /// As `watermark.nullable`, for this table.
    pub nullable: Option<Nullable>,
    /// As `watermark.placement`, for this table.
    pub placement: Option<Placement>,
    /// As `watermark.idle-timeout`, for this table.
    pub idle_timeout: Option<Delay>,
    /// As `watermark.emit`, for this table.
    pub emit: Option<Emit>,
    pub alignment: AlignmentSection,
}

/// Which rules `tidegate check` applies. Rules go by name or by code.
#[derive(Deserialize, JsonSchema, Default)]
#[serde(default, deny_unknown_fields)]
pub(super) struct LintSection {
    /// `all`, or the rules to apply; unless given, those that are on by default.
    pub select: Vec<String>,
    /// Rules not to apply, whatever `select` says.
    pub ignore: Vec<String>,
    /// How grave the findings of a rule are.
    pub severity: BTreeMap<String, Severity>,
}

/// A value and its place in the file. It is [`Spanned`], with a schema.
#[derive(Deserialize)]
#[serde(transparent, bound = "T: serde::de::DeserializeOwned")]
pub(super) struct At<T>(Spanned<T>);

impl<T> At<T> {
    pub fn span(&self) -> Range<usize> {
        self.0.span()
    }

    pub fn get(&self) -> &T {
        self.0.get_ref()
    }

    pub fn into_inner(self) -> T {
        self.0.into_inner()
    }
}

impl<T: Default> Default for At<T> {
    fn default() -> Self {
        Self(Spanned::new(0..0, T::default()))
    }
}

impl<T: JsonSchema> JsonSchema for At<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// Milliseconds.
#[derive(Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Delay(pub u64);

impl TryFrom<String> for Delay {
    type Error = ValueError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        parse_delay(&text).map(Delay)
    }
}

impl JsonSchema for Delay {
    fn schema_name() -> Cow<'static, str> {
        "Delay".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A whole number and a unit: `5 s`, `500 ms`, `1 min`, `2 h`, `1 d`.",
            "type": "string",
            "pattern": r"^\s*[0-9]+\s*(ms|s|min|h|d)\s*$",
        })
    }
}

#[derive(Deserialize, Default)]
#[serde(try_from = "String")]
pub(super) struct Kind(pub GateKind);

impl TryFrom<String> for Kind {
    type Error = String;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        GateKind::try_from(name).map(Self)
    }
}

impl JsonSchema for FlinkVersion {
    fn schema_name() -> Cow<'static, str> {
        "FlinkVersion".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let known = Self::ALL.map(Self::as_str);
        let lines = known.map(|v| v.replace('.', r"\.")).join("|");
        json_schema!({
            "description": format!("One of {}, also with a patch number.", known.join(", ")),
            "type": "string",
            "pattern": format!(r"^({lines})(\.[0-9]+)?$"),
        })
    }
}

impl JsonSchema for TextFormat {
    fn schema_name() -> Cow<'static, str> {
        "TextFormat".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "`sql` (`2026-11-22 12:00:00`), `iso-8601` (`2026-11-22T12:00:00Z`), or a pattern of Java's \
                            `DateTimeFormatter`.",
            "type": "string",
            "examples": ["sql", "iso-8601", "dd/MM/yyyy HH:mm:ss"],
        })
    }
}
