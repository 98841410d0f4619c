//! The text of `tidegate.toml` to settings.

use super::{
    Attach, FlinkVersion, GateSettings, Nullable, Pin, Placement, Settings, TableSettings,
    ValueError, WatermarkSettings, parse_delay,
};
use crate::diagnostic::Diagnostic;
use crate::text::Span;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct File {
    flink: FlinkSection,
    watermark: WatermarkSection,
    gate: GateSection,
    tables: BTreeMap<String, TableSection>,
    catalog: Vec<String>,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct FlinkSection {
    version: FlinkVersion,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct WatermarkSection {
    delay: Option<Delay>,
    attach: Attach,
    nullable: Nullable,
    placement: Option<Placement>,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct GateSection {
    #[serde(rename = "kind")]
    _kind: GateKind,
    pin: Pin,
    one_job: bool,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct TableSection {
    column: Option<String>,
    delay: Option<Delay>,
    attach: Option<Attach>,
    nullable: Option<Nullable>,
    placement: Option<Placement>,
}

/// Milliseconds.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Delay(u64);

impl TryFrom<String> for Delay {
    type Error = ValueError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        parse_delay(&text).map(Delay)
    }
}

/// What stands at a gate.
#[derive(Deserialize, Default)]
#[serde(try_from = "String")]
enum GateKind {
    /// The literals of a role.
    #[default]
    Cutover,
}

impl TryFrom<String> for GateKind {
    type Error = String;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        match name.as_str() {
            "cutover" => Ok(GateKind::Cutover),
            "function" | "ptf" => Err(format!(
                "gates of kind `{name}` are not built yet: only `cutover` is"
            )),
            _ => Err(format!("`{name}` is no kind of gate: only `cutover` is")),
        }
    }
}

impl Settings {
    /// Reads the text of a `tidegate.toml`. What it leaves out has its default.
    ///
    /// # Errors
    /// The first mistake, as a diagnostic about `text`: `invalid-toml`, `unknown-key` or
    /// `invalid-value`.
    pub fn from_toml(text: &str) -> Result<Settings, Box<Diagnostic>> {
        let file: File = toml::from_str(text).map_err(|e| Box::new(diagnose(text, &e)))?;
        let table = |t: TableSection| TableSettings {
            column: t.column,
            delay_ms: t.delay.map(|d| d.0),
            attach: t.attach,
            nullable: t.nullable,
            placement: t.placement,
        };
        let default = WatermarkSettings::default();
        Ok(Settings {
            flink: file.flink.version,
            watermark: WatermarkSettings {
                delay_ms: file.watermark.delay.map_or(default.delay_ms, |d| d.0),
                attach: file.watermark.attach,
                nullable: file.watermark.nullable,
                placement: file.watermark.placement,
            },
            gate: GateSettings { pin: file.gate.pin },
            one_job: file.gate.one_job,
            tables: file
                .tables
                .into_iter()
                .map(|(k, t)| (k, table(t)))
                .collect(),
            ..Settings::default()
        })
    }
}

/// The files with the DDL of catalog objects that a `tidegate.toml` names, as patterns relative to it; none if it
/// cannot be read.
pub fn catalog_patterns(text: &str) -> Vec<String> {
    toml::from_str(text).map_or_else(|_| Vec::new(), |file: File| file.catalog)
}

fn diagnose(text: &str, error: &toml::de::Error) -> Diagnostic {
    let range = error.span().unwrap_or(0..0);
    let clamp = |at: usize| text.floor_char_boundary(at.min(text.len())) as u32;
    let span = Span::new(clamp(range.start), clamp(range.end));
    let message = match error.message().trim_end_matches('\n') {
        // A choice among names is given as something else.
        "wanted string or table" => "invalid type: expected a string",
        message => message,
    };
    // Serde hands the field names over only in the words of its message.
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let (name, message) = if let Some(rest) = message.strip_prefix("unknown field ") {
        ("unknown-key", format!("unknown key {rest}"))
    } else if let Some(rest) = message.strip_prefix("unknown variant ") {
        ("invalid-value", format!("unknown value {rest}"))
    } else if toml::from_str::<toml::Table>(text).is_err() {
        ("invalid-toml", message.replace('\n', ", "))
    } else {
        ("invalid-value", message.replace('\n', ", "))
    };
    let mut diagnostic = Diagnostic::error(name, span, message);
    if diagnostic.message.starts_with("unknown ")
        && let Some(nearest) = quoted
            .split_first()
            .and_then(|(given, known)| nearest(given, known))
    {
        diagnostic = diagnostic.help(format!("did you mean `{nearest}`?"));
    } else if diagnostic.message.ends_with("expected a string") {
        diagnostic = diagnostic.help("a string stands in quotes, as `\"2.3\"` or `\"5 s\"`");
    }
    diagnostic
}

/// The known name that `given` most likely was meant to be.
fn nearest<'a>(given: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|name| (strsim::jaro_winkler(given, name), *name))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `line:column name: message | help`, or the settings.
    fn read(text: &str) -> String {
        match Settings::from_toml(text) {
            Ok(settings) => format!("{settings:#?}"),
            Err(d) => {
                let at = crate::text::LineIndex::new(text).line_col(text, d.span.start);
                let help = d.help.join(" ");
                format!(
                    "{}:{} {}: {} | {help} | {:?}",
                    at.line,
                    at.column,
                    d.name,
                    d.message,
                    d.span.of(text)
                )
            }
        }
    }

    #[test]
    fn an_empty_file_is_the_default() {
        assert_eq!(Settings::from_toml("").unwrap(), Settings::default());
    }

    #[test]
    fn every_key() {
        let text = r#"
            [flink]
            version = "1.20"
            [watermark]
            delay = "1 min"
            attach = "hidden"
            nullable = "trust"
            placement = "shadow"
            [gate]
            kind = "cutover"
            pin = "always"
            one-job = true
            [tables."shop.orders"]
            column = "order_time"
            delay = "500 ms"
            attach = "column"
            nullable = "refuse"
            placement = "in-place"
            [tables.clicks]
        "#;
        insta::assert_snapshot!(read(text), @r#"
        Settings {
            flink: V1_20,
            role: First,
            watermark: WatermarkSettings {
                delay_ms: 60000,
                attach: Hidden,
                nullable: Trust,
                placement: Some(
                    Shadow,
                ),
            },
            gate: GateSettings {
                pin: Always,
            },
            one_job: true,
            tables: {
                "clicks": TableSettings {
                    column: None,
                    delay_ms: None,
                    attach: None,
                    nullable: None,
                    placement: None,
                },
                "shop.orders": TableSettings {
                    column: Some(
                        "order_time",
                    ),
                    delay_ms: Some(
                        500,
                    ),
                    attach: Some(
                        Column,
                    ),
                    nullable: Some(
                        Refuse,
                    ),
                    placement: Some(
                        InPlace,
                    ),
                },
            },
            catalog: [],
            validate: true,
        }
        "#);
    }

    #[test]
    fn patterns_of_catalog_files() {
        let patterns = |text| catalog_patterns(text);
        assert_eq!(patterns("catalog = [\"a.sql\", \"b/*\"]"), ["a.sql", "b/*"]);
        assert!(patterns("[gate]\npin = \"auto\"").is_empty());
        assert!(patterns("catalog = 1").is_empty());
    }

    #[test]
    fn mistakes() {
        let cases = [
            "[watermark]\ndealy = \"5 s\"",
            "[watermarks]\ndelay = \"5 s\"",
            "[tables.orders]\ncolunm = \"x\"",
            "[watermark]\nattach = \"colum\"",
            "[watermark]\ndelay = 5",
            "[watermark]\ndelay = \"5 m\"",
            "[flink]\nversion = 2.3",
            "[flink]\nversion = \"1.19\"",
            "[gate]\nkind = \"ptf\"",
            "[gate]\nkind = \"door\"",
            "[gate]\npin = true",
            "tables = 3",
            "[gate\npin = 1",
            "[gate]\npin = \"auto\"\npin = \"auto\"",
            "é = 1",
        ];
        insta::assert_snapshot!(cases.map(read).join("\n"), @r#"
        2:1 unknown-key: unknown key `dealy`, expected one of `delay`, `attach`, `nullable`, `placement` | did you mean `delay`? | "dealy"
        1:2 unknown-key: unknown key `watermarks`, expected one of `flink`, `watermark`, `gate`, `tables`, `catalog` | did you mean `watermark`? | "watermarks"
        2:1 unknown-key: unknown key `colunm`, expected one of `column`, `delay`, `attach`, `nullable`, `placement` | did you mean `column`? | "colunm"
        2:10 invalid-value: unknown value `colum`, expected one of `auto`, `column`, `hidden` | did you mean `column`? | "\"colum\""
        2:9 invalid-value: invalid type: integer `5`, expected a string | a string stands in quotes, as `"2.3"` or `"5 s"` | "5"
        2:9 invalid-value: `5 m` is no delay: a whole number and a unit (ms, s, min, h, d), as in `5 s` |  | "\"5 m\""
        2:11 invalid-value: invalid type: floating point `2.3`, expected a string | a string stands in quotes, as `"2.3"` or `"5 s"` | "2.3"
        2:11 invalid-value: Flink `1.19` is not supported: one of 1.20, 2.0, 2.1, 2.2, 2.3 |  | "\"1.19\""
        2:8 invalid-value: gates of kind `ptf` are not built yet: only `cutover` is |  | "\"ptf\""
        2:8 invalid-value: `door` is no kind of gate: only `cutover` is |  | "\"door\""
        2:7 invalid-value: invalid type: expected a string | a string stands in quotes, as `"2.3"` or `"5 s"` | "true"
        1:10 invalid-value: invalid type: integer `3`, expected a map |  | "3"
        1:6 invalid-toml: unclosed table, expected `]` |  | ""
        3:1 invalid-toml: duplicate key |  | "pin"
        1:1 invalid-toml: invalid unquoted key, expected letters, numbers, `-`, `_` |  | "é"
        "#);
    }
}
