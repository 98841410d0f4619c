//! `tidegate config`.

use super::args::{OutputFormat, RoleName, SettingsArgs};
use super::environment::Source;
use super::files::show;
use super::settings::{File, InForce};
use super::{Outcome, output};
use anyhow::{Context, Result};
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;
use tidegate::config::{Configuration, Cutover, Entry, Role};
use tidegate::report::mask::Masked;
use tidegate::text::LineIndex;

#[derive(Debug, Args)]
pub struct ShowConfigArgs {
    /// A script, which need not be there; unless given, one in the working folder
    pub file: Option<PathBuf>,

    /// Print the JSON schema of tidegate.toml
    #[arg(long, conflicts_with_all = ["file", "output_format"])]
    pub schema: bool,

    /// How it is said
    #[arg(long, value_enum, default_value_t)]
    pub output_format: OutputFormat,

    #[command(flatten)]
    pub settings: SettingsArgs,
}

/// What is in force for a script.
#[derive(Serialize)]
struct Shown {
    script: Option<String>,
    /// The `tidegate.toml` that is read.
    file: Option<String>,
    overrides: Vec<ShownOverride>,
    settings: Vec<Setting>,
}

#[derive(Serialize)]
struct ShownOverride {
    paths: Vec<String>,
    /// 1-based.
    line: u32,
    applies: bool,
}

#[derive(Serialize)]
struct Setting {
    /// As in the file; flags that are in no file go by their own names.
    key: String,
    /// Null where nothing is said and nothing is the default.
    value: serde_json::Value,
    origin: Origin,
}

/// Who says a setting.
#[derive(Serialize)]
#[serde(rename_all = "lowercase", tag = "kind")]
enum Origin {
    Flag {
        flag: String,
    },
    Environment {
        variable: String,
    },
    /// Line and column are 1-based.
    Override {
        file: String,
        line: u32,
        column: u32,
        paths: Vec<String>,
    },
    File {
        file: String,
        line: u32,
        column: u32,
    },
    Default,
}

/// # Errors
/// If a configuration cannot be read or is wrong.
pub fn run(args: &ShowConfigArgs) -> Result<Outcome> {
    if args.schema {
        output::data(pretty(&tidegate::config::schema())?.as_bytes())?;
        return Ok(Outcome::Clean);
    }
    let in_force = args.settings.in_force(args.file.as_deref())?;
    let shown = shown(args, &in_force)?;
    let text = match args.output_format {
        OutputFormat::Json => pretty(&shown)?,
        OutputFormat::Human => text(&shown),
    };
    output::data(text.as_bytes())?;
    Ok(Outcome::Clean)
}

fn pretty(value: &impl Serialize) -> Result<String> {
    Ok(serde_json::to_string_pretty(value).context("cannot write JSON")? + "\n")
}

/// The flag of a key, by its id.
const FLAGS: [(&str, &str); 4] = [
    ("flink.version", "flink_version"),
    ("watermark.delay", "watermark_delay"),
    ("gate.kind", "gate_kind"),
    ("gate.late", "late"),
];

fn shown(args: &ShowConfigArgs, in_force: &InForce) -> Result<Shown> {
    let settings = &args.settings;
    let file = in_force.file.as_ref();
    let mut all = deployment(settings, in_force)?;
    for Entry { key, value } in in_force.settings.entries() {
        let path = Entry {
            key: key.clone(),
            value: None,
        }
        .path();
        let by_flag = FLAGS.iter().find(|(k, _)| *k == path);
        let by_flag = by_flag.and_then(|(_, id)| said(settings, id));
        let origin = match by_flag {
            Some(origin) => origin,
            None => file.map_or(Ok(Origin::Default), |f| in_file(f, &key))?,
        };
        all.push(Setting {
            value: value.map_or(serde_json::Value::Null, |v| masked(&key, &v)),
            key: path,
            origin,
        });
    }
    if let Some(file) = file.filter(|f| !f.says.catalog.is_empty()) {
        all.push(Setting {
            key: "catalog".to_owned(),
            value: file.says.catalog.clone().into(),
            origin: in_file(file, &["catalog".to_owned()])?,
        });
    }
    if let Some(origin) = said(settings, "catalog") {
        let files = settings.config.catalog();
        let files: Vec<String> = files.iter().map(|f| show(f)).collect();
        all.push(Setting {
            key: "catalog".to_owned(),
            value: files.into(),
            origin,
        });
    }
    Ok(Shown {
        script: args.file.as_deref().map(show),
        file: file.map(|f| show(&f.path)),
        overrides: file.map_or(Ok(Vec::new()), overrides)?,
        settings: all,
    })
}

/// What belongs to a deployment: no file says it.
fn deployment(settings: &SettingsArgs, in_force: &InForce) -> Result<Vec<Setting>> {
    let of = |id| said(settings, id).unwrap_or(Origin::Default);
    let (role, cutover) = match in_force.settings.role {
        Role::First => (RoleName::First, None),
        Role::Outgoing { cutover } => (RoleName::Outgoing, Some(cutover)),
        Role::Incoming { cutover } => (RoleName::Incoming, Some(cutover)),
    };
    let role = clap::ValueEnum::to_possible_value(&role).map(|v| v.get_name().to_owned());
    let setting = |key: &str, value: serde_json::Value, origin| Setting {
        key: key.to_owned(),
        value,
        origin,
    };
    let time = |Cutover(ms)| {
        let time = chrono::DateTime::from_timestamp_millis(ms);
        time.map(|t| t.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
    };
    let cutover_by = match settings.ignores_cutover() {
        true => Origin::Default,
        false => of("cutover"),
    };
    Ok(vec![
        setting("role", role.into(), of("role")),
        setting("cutover", cutover.and_then(time).into(), cutover_by),
        setting(
            "validate",
            in_force.settings.validate.into(),
            of("no_validate"),
        ),
    ])
}

/// The flag or the variable that says the value of a flag.
fn said(settings: &SettingsArgs, id: &str) -> Option<Origin> {
    let sources = [&settings.sources, &settings.config.sources];
    let name = id.replace('_', "-");
    match sources.iter().find_map(|s| s.of(id))? {
        Source::Flag => Some(Origin::Flag {
            flag: format!("--{name}"),
        }),
        Source::Environment => Some(Origin::Environment {
            variable: format!("TIDEGATE_{}", id.to_uppercase()),
        }),
    }
}

fn in_file(file: &File, key: &[String]) -> Result<Origin> {
    let Some(place) = file.says.places.get(key) else {
        return Ok(Origin::Default);
    };
    let at = LineIndex::new(&file.text).line_col(&file.text, place.span.start);
    let (name, line, column) = (show(&file.path), at.line, at.column);
    let Some(index) = place.in_override else {
        return Ok(Origin::File {
            file: name,
            line,
            column,
        });
    };
    let overrides = overrides(file)?;
    Ok(Origin::Override {
        file: name,
        line,
        column,
        paths: overrides
            .into_iter()
            .nth(index)
            .map_or_else(Vec::new, |o| o.paths),
    })
}

fn overrides(file: &File) -> Result<Vec<ShownOverride>> {
    // It was read before, without a mistake.
    let configuration = Configuration::parse(&file.text).map_err(|d| anyhow::anyhow!(d.message))?;
    let lines = LineIndex::new(&file.text);
    let all = configuration.overrides().iter().map(|over| ShownOverride {
        paths: over.paths().map(str::to_owned).collect(),
        line: lines.line_col(&file.text, over.span.start).line,
        applies: file
            .script
            .as_deref()
            .is_some_and(|script| over.matches(script)),
    });
    Ok(all.collect())
}

/// Without secrets: a key that looks like one, and what looks like one in a text.
fn masked(key: &[String], value: &toml::Value) -> serde_json::Value {
    let name = key.last().map_or("", String::as_str);
    match value {
        toml::Value::String(text) => {
            let line = format!("'{name}' = '{text}'");
            let masked = Masked::new(&line).text;
            let start = line.len() - 1 - text.len();
            masked[start..masked.len() - 1].into()
        }
        toml::Value::Array(values) => values.iter().map(|v| masked(&[], v)).collect(),
        toml::Value::Boolean(value) => (*value).into(),
        other => other.to_string().into(),
    }
}

fn text(shown: &Shown) -> String {
    let mut out = String::new();
    let mut line = |text: &str| {
        out.push_str(text.trim_end());
        out.push('\n');
    };
    match &shown.file {
        Some(file) => line(&format!("# {file}")),
        None => line("# no tidegate.toml"),
    }
    for over in &shown.overrides {
        let applies = if over.applies {
            "applies"
        } else {
            "does not apply"
        };
        line(&format!(
            "# line {}: the override for {} {applies}",
            over.line,
            over.paths.join(", ")
        ));
    }
    let rows: Vec<(String, String)> = shown.settings.iter().map(row).collect();
    let width = rows.iter().map(|(said, _)| said.chars().count()).max();
    for (said, by) in &rows {
        let blanks = " ".repeat(width.unwrap_or(0) - said.chars().count());
        line(&format!("{said}{blanks}  # {by}"));
    }
    out
}

fn row(setting: &Setting) -> (String, String) {
    let value = match toml::Value::try_from(&setting.value) {
        Ok(value) => value.to_string(),
        // TOML has no null.
        Err(_) => "(nothing)".to_owned(),
    };
    let by = match &setting.origin {
        Origin::Flag { flag } => flag.clone(),
        Origin::Environment { variable } => variable.clone(),
        Origin::File { file, line, .. } => format!("{file}:{line}"),
        Origin::Override {
            file, line, paths, ..
        } => {
            format!("{file}:{line}, override for {}", paths.join(", "))
        }
        Origin::Default => "default".to_owned(),
    };
    (format!("{} = {value}", setting.key), by)
}
