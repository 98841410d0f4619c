//! The text of `tidegate.toml` to settings.

use super::{
    Argument, Attach, Emit, FlinkVersion, GateForm, GateFunction, GateKind, GateSettings, Late,
    Nullable, Pin, Placement, Position, Role, Settings, TableSettings, TextFormat, Unit,
    ValueError, WatermarkOptions, WatermarkSettings, parse_delay,
};
use crate::diagnostic::Diagnostic;
use crate::text::Span;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

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
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct WatermarkSection {
    delay: Option<Delay>,
    attach: Attach,
    nullable: Nullable,
    placement: Option<Placement>,
    idle_timeout: Option<Delay>,
    emit: Option<Emit>,
    alignment: AlignmentSection,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct AlignmentSection {
    group: Option<Spanned<String>>,
    max_drift: Option<Spanned<Delay>>,
    update_interval: Option<Spanned<Delay>>,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct GateSection {
    kind: Kind,
    form: GateForm,
    position: Position,
    late: Option<Spanned<Late>>,
    pin: Option<Spanned<Pin>>,
    one_job: bool,
    function: FunctionSection,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct FunctionSection {
    name: Option<Spanned<String>>,
    arguments: Option<Spanned<Vec<ArgumentName>>>,
    class: Option<Spanned<String>>,
    jar: Option<Spanned<String>>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum ArgumentName {
    Sink,
    Time,
    Watermark,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct TableSection {
    column: Option<Spanned<String>>,
    unit: Option<Spanned<Unit>>,
    format: Option<Spanned<TextFormat>>,
    expression: Option<Spanned<String>>,
    metadata: Option<Spanned<String>>,
    ingestion_time: Option<Spanned<bool>>,
    watermark: Option<Spanned<String>>,
    delay: Option<Delay>,
    replace: bool,
    attach: Option<Attach>,
    nullable: Option<Nullable>,
    placement: Option<Placement>,
    idle_timeout: Option<Delay>,
    emit: Option<Emit>,
    alignment: AlignmentSection,
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

#[derive(Deserialize, Default)]
#[serde(try_from = "String")]
struct Kind(GateKind);

impl TryFrom<String> for Kind {
    type Error = String;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        GateKind::try_from(name).map(Self)
    }
}

/// What is wrong with a value, and where.
type Mistake = (std::ops::Range<usize>, &'static str);

impl FunctionSection {
    fn settings(self) -> Result<GateFunction, Mistake> {
        let default = GateFunction::default();
        let name = self.name.map_or(Ok(default.name), |name| {
            let parts: Vec<String> = name.as_ref().split('.').map(str::to_owned).collect();
            let plain = parts.len() <= 3 && parts.iter().all(|p| !p.trim().is_empty());
            let why = "a function's name has one to three parts, joined by dots";
            plain.then_some(parts).ok_or((name.span(), why))
        })?;
        let arguments = self
            .arguments
            .map_or(Ok(default.arguments), |list| told(&list))?;
        if let Some(class) = &self.class
            && name.len() > 1
        {
            let why = "a temporary system function has a name of one part: give `name` without a catalog, or leave out `class`";
            return Err((class.span(), why));
        }
        if let (None, Some(jar)) = (&self.class, &self.jar) {
            return Err((jar.span(), "a jar needs the `class` in it"));
        }
        Ok(GateFunction {
            name,
            arguments,
            class: self.class.map(Spanned::into_inner),
            jar: self.jar.map(Spanned::into_inner),
        })
    }
}

impl AlignmentSection {
    fn settings(
        self,
        idle_timeout: Option<Delay>,
        emit: Option<Emit>,
    ) -> Result<WatermarkOptions, Mistake> {
        let alone = (self.max_drift.as_ref().map(Spanned::span))
            .or(self.update_interval.as_ref().map(Spanned::span));
        match (&self.group, &self.max_drift, alone) {
            (Some(group), None, _) => {
                let why = "an alignment group needs its `max-drift`";
                return Err((group.span(), why));
            }
            (None, _, Some(span)) => return Err((span, "an alignment needs its `group`")),
            _ => {}
        }
        let ms = |delay: Option<Spanned<Delay>>| delay.map(|d| d.into_inner().0);
        Ok(WatermarkOptions {
            idle_timeout_ms: idle_timeout.map(|d| d.0),
            emit,
            alignment_group: self.group.map(Spanned::into_inner),
            max_drift_ms: ms(self.max_drift),
            update_interval_ms: ms(self.update_interval),
        })
    }
}

impl TableSection {
    fn settings(self) -> Result<TableSettings, Mistake> {
        let asked = self.ingestion_time.filter(|asked| *asked.as_ref());
        let sources = [
            self.column.as_ref().map(Spanned::span),
            self.expression.as_ref().map(Spanned::span),
            self.metadata.as_ref().map(Spanned::span),
            asked.as_ref().map(Spanned::span),
        ];
        if let Some(second) = sources.into_iter().flatten().nth(1) {
            let why = "a table has one event time: one of `column`, `expression`, `metadata`, `ingestion-time`";
            return Err((second, why));
        }
        let unit = self.unit.as_ref().map(Spanned::span);
        let format = self.format.as_ref().map(Spanned::span);
        if let (None, Some(span)) = (&self.column, unit.clone().or(format.clone())) {
            return Err((span, "this is of a `column`, which is not given"));
        }
        if let (Some(_), Some(span)) = (unit, format) {
            return Err((
                span,
                "a column of numbers has a `unit`, one of texts a `format`",
            ));
        }
        if let (Some(watermark), Some(_)) = (&self.watermark, &self.delay) {
            return Err((
                watermark.span(),
                "the expression says the delay: leave out `delay`",
            ));
        }
        Ok(TableSettings {
            column: self.column.map(Spanned::into_inner),
            unit: self.unit.map(Spanned::into_inner),
            format: self.format.map(Spanned::into_inner),
            expression: self.expression.map(Spanned::into_inner),
            metadata: self.metadata.map(Spanned::into_inner),
            ingestion_time: asked.is_some(),
            watermark: self.watermark.map(Spanned::into_inner),
            delay_ms: self.delay.map(|d| d.0),
            replace: self.replace,
            attach: self.attach,
            nullable: self.nullable,
            placement: self.placement,
            options: self.alignment.settings(self.idle_timeout, self.emit)?,
        })
    }
}

/// What a function is told: the time, and nothing twice.
fn told(list: &Spanned<Vec<ArgumentName>>) -> Result<Vec<Argument>, Mistake> {
    let told: Vec<Argument> = list
        .as_ref()
        .iter()
        .map(|name| match name {
            ArgumentName::Sink => Argument::Sink,
            ArgumentName::Time => Argument::Time,
            ArgumentName::Watermark => Argument::Watermark,
        })
        .collect();
    if !told.contains(&Argument::Time) {
        return Err((list.span(), "a gate has to be told the `time` of a row"));
    }
    let mut once = told.clone();
    once.sort();
    once.dedup();
    if once.len() < told.len() {
        return Err((list.span(), "an argument stands there twice"));
    }
    Ok(told)
}

impl GateSection {
    fn settings(self) -> Result<GateSettings, Mistake> {
        let span = self.late.as_ref().map(Spanned::span);
        let span = span.filter(|_| {
            self.late
                .as_ref()
                .is_some_and(|l| *l.as_ref() == Late::Handover)
        });
        let span = span
            .or(self.pin.as_ref().map(Spanned::span))
            .unwrap_or(0..0);
        let settings = GateSettings {
            kind: self.kind.0,
            form: self.form,
            position: self.position,
            late: self.late.map(Spanned::into_inner).unwrap_or_default(),
            pin: self.pin.map(Spanned::into_inner).unwrap_or_default(),
            function: self.function.settings()?,
        };
        match settings.contradiction(Role::First) {
            Some(why) => Err((span, why)),
            None => Ok(settings),
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
        let mistaken = |(range, why): Mistake| {
            let span = span_of(text, &range);
            Box::new(Diagnostic::error("invalid-value", span, why))
        };
        let mut tables = BTreeMap::new();
        for (name, table) in file.tables {
            tables.insert(name, table.settings().map_err(mistaken)?);
        }
        let watermark = file.watermark;
        let default = WatermarkSettings::default();
        Ok(Settings {
            flink: file.flink.version,
            watermark: WatermarkSettings {
                delay_ms: watermark.delay.map_or(default.delay_ms, |d| d.0),
                attach: watermark.attach,
                nullable: watermark.nullable,
                placement: watermark.placement,
                options: watermark
                    .alignment
                    .settings(watermark.idle_timeout, watermark.emit)
                    .map_err(mistaken)?,
            },
            one_job: file.gate.one_job,
            gate: file.gate.settings().map_err(mistaken)?,
            tables,
            ..Settings::default()
        })
    }
}

/// The files with the DDL of catalog objects that a `tidegate.toml` names, as patterns relative to it; none if it
/// cannot be read.
pub fn catalog_patterns(text: &str) -> Vec<String> {
    toml::from_str(text).map_or_else(|_| Vec::new(), |file: File| file.catalog)
}

fn span_of(text: &str, range: &std::ops::Range<usize>) -> Span {
    let clamp = |at: usize| text.floor_char_boundary(at.min(text.len())) as u32;
    Span::new(clamp(range.start), clamp(range.end))
}

fn diagnose(text: &str, error: &toml::de::Error) -> Diagnostic {
    let span = span_of(text, &error.span().unwrap_or(0..0));
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
            idle-timeout = "1 min"
            emit = "on-event"
            [watermark.alignment]
            group = "all"
            max-drift = "30 s"
            update-interval = "1 s"
            [gate]
            kind = "function"
            form = "inline"
            position = "after-source"
            late = "outgoing"
            pin = "always"
            one-job = true
            [gate.function]
            name = "cat.db.gate"
            arguments = ["time", "sink"]
            [tables."shop.orders"]
            column = "order_time"
            delay = "500 ms"
            attach = "column"
            nullable = "refuse"
            placement = "in-place"
            replace = true
            unit = "us"
            idle-timeout = "5 min"
            [tables.clicks]
            expression = "TO_TIMESTAMP_LTZ(ms, 3)"
            watermark = "{rowtime} - INTERVAL '5' SECOND"
            [tables.texts]
            column = "a.b"
            format = "iso-8601"
            [tables.records]
            metadata = "timestamp"
            [tables.arrivals]
            ingestion-time = true
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
                options: WatermarkOptions {
                    idle_timeout_ms: Some(
                        60000,
                    ),
                    emit: Some(
                        OnEvent,
                    ),
                    alignment_group: Some(
                        "all",
                    ),
                    max_drift_ms: Some(
                        30000,
                    ),
                    update_interval_ms: Some(
                        1000,
                    ),
                },
            },
            gate: GateSettings {
                kind: Function,
                form: Inline,
                position: AfterSource,
                late: Outgoing,
                pin: Always,
                function: GateFunction {
                    name: [
                        "cat",
                        "db",
                        "gate",
                    ],
                    arguments: [
                        Time,
                        Sink,
                    ],
                    class: None,
                    jar: None,
                },
            },
            one_job: true,
            tables: {
                "arrivals": TableSettings {
                    column: None,
                    unit: None,
                    format: None,
                    expression: None,
                    metadata: None,
                    ingestion_time: true,
                    watermark: None,
                    delay_ms: None,
                    replace: false,
                    attach: None,
                    nullable: None,
                    placement: None,
                    options: WatermarkOptions {
                        idle_timeout_ms: None,
                        emit: None,
                        alignment_group: None,
                        max_drift_ms: None,
                        update_interval_ms: None,
                    },
                },
                "clicks": TableSettings {
                    column: None,
                    unit: None,
                    format: None,
                    expression: Some(
                        "TO_TIMESTAMP_LTZ(ms, 3)",
                    ),
                    metadata: None,
                    ingestion_time: false,
                    watermark: Some(
                        "{rowtime} - INTERVAL '5' SECOND",
                    ),
                    delay_ms: None,
                    replace: false,
                    attach: None,
                    nullable: None,
                    placement: None,
                    options: WatermarkOptions {
                        idle_timeout_ms: None,
                        emit: None,
                        alignment_group: None,
                        max_drift_ms: None,
                        update_interval_ms: None,
                    },
                },
                "records": TableSettings {
                    column: None,
                    unit: None,
                    format: None,
                    expression: None,
                    metadata: Some(
                        "timestamp",
                    ),
                    ingestion_time: false,
                    watermark: None,
                    delay_ms: None,
                    replace: false,
                    attach: None,
                    nullable: None,
                    placement: None,
                    options: WatermarkOptions {
                        idle_timeout_ms: None,
                        emit: None,
                        alignment_group: None,
                        max_drift_ms: None,
                        update_interval_ms: None,
                    },
                },
                "shop.orders": TableSettings {
                    column: Some(
                        "order_time",
                    ),
                    unit: Some(
                        Microseconds,
                    ),
                    format: None,
                    expression: None,
                    metadata: None,
                    ingestion_time: false,
                    watermark: None,
                    delay_ms: Some(
                        500,
                    ),
                    replace: true,
                    attach: Some(
                        Column,
                    ),
                    nullable: Some(
                        Refuse,
                    ),
                    placement: Some(
                        InPlace,
                    ),
                    options: WatermarkOptions {
                        idle_timeout_ms: Some(
                            300000,
                        ),
                        emit: None,
                        alignment_group: None,
                        max_drift_ms: None,
                        update_interval_ms: None,
                    },
                },
                "texts": TableSettings {
                    column: Some(
                        "a.b",
                    ),
                    unit: None,
                    format: Some(
                        Iso8601,
                    ),
                    expression: None,
                    metadata: None,
                    ingestion_time: false,
                    watermark: None,
                    delay_ms: None,
                    replace: false,
                    attach: None,
                    nullable: None,
                    placement: None,
                    options: WatermarkOptions {
                        idle_timeout_ms: None,
                        emit: None,
                        alignment_group: None,
                        max_drift_ms: None,
                        update_interval_ms: None,
                    },
                },
            },
            catalog: [],
            validate: true,
            lint: LintSettings {
                select: [],
                ignore: [],
                severity: {},
            },
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
            "[gate]\nkind = \"ptf\"\nlate = \"handover\"",
            "[gate]\nkind = \"function\"\npin = \"never\"",
            "[gate]\nlate = \"handover\"\npin = \"never\"",
            "[gate.function]\narguments = [\"sink\"]",
            "[gate.function]\narguments = [\"time\", \"time\"]",
            "[gate.function]\narguments = [\"tiem\"]",
            "[gate.function]\nname = \"a..b\"",
            "[gate.function]\nname = \"db.f\"\nclass = \"C\"",
            "[gate.function]\njar = \"x.jar\"",
            "[gate]\nkind = \"door\"",
            "[gate]\npin = true",
            "tables = 3",
            "[tables.a]\ncolumn = \"x\"\nmetadata = \"y\"",
            "[tables.a]\ningestion-time = true\nexpression = \"y\"",
            "[tables.a]\nunit = \"ms\"",
            "[tables.a]\ncolumn = \"x\"\nunit = \"m\"",
            "[tables.a]\ncolumn = \"x\"\nunit = \"ms\"\nformat = \"sql\"",
            "[tables.a]\nwatermark = \"x\"\ndelay = \"1 s\"",
            "[watermark.alignment]\ngroup = \"g\"",
            "[watermark.alignment]\nmax-drift = \"1 s\"",
            "[tables.a.alignment]\nupdate-interval = \"1 s\"",
            "[gate\npin = 1",
            "[gate]\npin = \"auto\"\npin = \"auto\"",
            "é = 1",
        ];
        insta::assert_snapshot!(cases.map(read).join("\n"), @r#"
        2:1 unknown-key: unknown key `dealy`, expected one of `delay`, `attach`, `nullable`, `placement`, `idle-timeout`, `emit`, `alignment` | did you mean `delay`? | "dealy"
        1:2 unknown-key: unknown key `watermarks`, expected one of `flink`, `watermark`, `gate`, `tables`, `catalog` | did you mean `watermark`? | "watermarks"
        2:1 unknown-key: unknown key `colunm`, expected one of `column`, `unit`, `format`, `expression`, `metadata`, `ingestion-time`, `watermark`, `delay`, `replace`, `attach`, `nullable`, `placement`, `idle-timeout`, `emit`, `alignment` | did you mean `column`? | "colunm"
        2:10 invalid-value: unknown value `colum`, expected one of `auto`, `column`, `hidden` | did you mean `column`? | "\"colum\""
        2:9 invalid-value: invalid type: integer `5`, expected a string | a string stands in quotes, as `"2.3"` or `"5 s"` | "5"
        2:9 invalid-value: `5 m` is no delay: a whole number and a unit (ms, s, min, h, d), as in `5 s` |  | "\"5 m\""
        2:11 invalid-value: invalid type: floating point `2.3`, expected a string | a string stands in quotes, as `"2.3"` or `"5 s"` | "2.3"
        2:11 invalid-value: Flink `1.19` is not supported: one of 1.20, 2.0, 2.1, 2.2, 2.3 |  | "\"1.19\""
        3:8 invalid-value: late = "handover" is for gates of kind `cutover`: a function decides on late rows itself |  | "\"handover\""
        3:7 invalid-value: pin = "never" is for gates of kind `cutover` with late = "outgoing": Flink would move any other gate below the query's state |  | "\"never\""
        2:8 invalid-value: pin = "never" is for gates of kind `cutover` with late = "outgoing": Flink would move any other gate below the query's state |  | "\"handover\""
        2:13 invalid-value: a gate has to be told the `time` of a row |  | "[\"sink\"]"
        2:13 invalid-value: an argument stands there twice |  | "[\"time\", \"time\"]"
        2:14 invalid-value: unknown value `tiem`, expected one of `sink`, `time`, `watermark` | did you mean `time`? | "\"tiem\""
        2:8 invalid-value: a function's name has one to three parts, joined by dots |  | "\"a..b\""
        3:9 invalid-value: a temporary system function has a name of one part: give `name` without a catalog, or leave out `class` |  | "\"C\""
        2:7 invalid-value: a jar needs the `class` in it |  | "\"x.jar\""
        2:8 invalid-value: `door` is no kind of gate: `cutover`, `function` or `ptf` |  | "\"door\""
        2:7 invalid-value: invalid type: expected a string | a string stands in quotes, as `"2.3"` or `"5 s"` | "true"
        1:10 invalid-value: invalid type: integer `3`, expected a map |  | "3"
        3:12 invalid-value: a table has one event time: one of `column`, `expression`, `metadata`, `ingestion-time` |  | "\"y\""
        2:18 invalid-value: a table has one event time: one of `column`, `expression`, `metadata`, `ingestion-time` |  | "true"
        2:8 invalid-value: this is of a `column`, which is not given |  | "\"ms\""
        3:8 invalid-value: unknown value `m`, expected one of `s`, `ms`, `us`, `ns` | did you mean `ms`? | "\"m\""
        4:10 invalid-value: a column of numbers has a `unit`, one of texts a `format` |  | "\"sql\""
        2:13 invalid-value: the expression says the delay: leave out `delay` |  | "\"x\""
        2:9 invalid-value: an alignment group needs its `max-drift` |  | "\"g\""
        2:13 invalid-value: an alignment needs its `group` |  | "\"1 s\""
        2:19 invalid-value: an alignment needs its `group` |  | "\"1 s\""
        1:6 invalid-toml: unclosed table, expected `]` |  | ""
        3:1 invalid-toml: duplicate key |  | "pin"
        1:1 invalid-toml: invalid unquoted key, expected letters, numbers, `-`, `_` |  | "é"
        "#);
    }
}
