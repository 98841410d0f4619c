//! The JSON schema of `tidegate.toml`, and the page about its keys, both made from what reads the file.

use super::sections::File;
use super::{Settings, toml_key};
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// The JSON schema (draft 7, which the language servers for TOML read) of a `tidegate.toml`.
pub fn schema() -> Value {
    let generator = SchemaSettings::draft07().into_generator();
    let mut schema = generator.into_root_schema_for::<File>().to_value();
    without_null(&mut schema);
    for entry in Settings::default().entries() {
        let Some(value) = entry.value else { continue };
        if let Some(property) = property(&mut schema, &entry.key) {
            property.insert("default".to_owned(), json!(value));
        }
    }
    schema
}

/// TOML has no null: a key that may be left out has a value where it stands. What serde takes for a default is often
/// none, so that all defaults come from the settings.
fn without_null(value: &mut Value) {
    match value {
        Value::Array(values) => values.iter_mut().for_each(without_null),
        Value::Object(object) => {
            object.remove("default");
            object.values_mut().for_each(without_null);
            if let Some(Value::Array(types)) = object.get_mut("type") {
                types.retain(|t| t != "null");
                if let [one] = types.as_slice() {
                    let one = one.clone();
                    object.insert("type".to_owned(), one);
                }
            }
            if let Some(Value::Array(choices)) = object.get_mut("anyOf") {
                choices.retain(|choice| choice != &json!({ "type": "null" }));
                if let [Value::Object(one)] = choices.as_slice() {
                    let one = one.clone();
                    object.remove("anyOf");
                    object.extend(one);
                }
            }
        }
        _ => {}
    }
}

/// The schema of a key, below those of its sections.
fn property<'s>(schema: &'s mut Value, key: &[String]) -> Option<&'s mut Map<String, Value>> {
    let mut pointer = String::new();
    for part in key {
        if let Some(reference) = reference(schema.pointer(&pointer)?) {
            pointer = reference.strip_prefix('#')?.to_owned();
        }
        let _ = write!(pointer, "/properties/{part}");
    }
    schema.pointer_mut(&pointer)?.as_object_mut()
}

/// Draft 7 takes a reference with something beside it for the reference alone, so that such ones are wrapped.
fn reference(value: &Value) -> Option<&str> {
    let direct = value.get("$ref");
    direct.or(value.pointer("/allOf/0/$ref"))?.as_str()
}

/// `docs/configuration.md`.
pub fn page() -> String {
    let schema = schema();
    let mut page = Page {
        schema: &schema,
        out: HEAD.to_owned(),
    };
    page.section(&schema, &[]);
    page.out.push_str(TAIL);
    page.out
}

const HEAD: &str = include_str!("page/head.md");
const TAIL: &str = include_str!("page/tail.md");

struct Page<'s> {
    schema: &'s Value,
    out: String,
}

impl<'s> Page<'s> {
    /// What a reference stands for.
    fn target(&self, value: &'s Value) -> &'s Value {
        let pointer = reference(value).and_then(|r| r.strip_prefix('#'));
        pointer
            .and_then(|p| self.schema.pointer(p))
            .unwrap_or(value)
    }

    /// The table of a section's own keys; then the sections in it.
    fn section(&mut self, section: &'s Value, path: &[&str]) {
        let mut rows = String::new();
        let mut inner: Vec<(Vec<&str>, &Value, &Value)> = Vec::new();
        let properties = section.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            let target = self.target(property);
            let below = |more: &[&'s str]| [path, &[name.as_str()], more].concat();
            let of_each = target.get("additionalProperties").filter(|a| a.is_object());
            let items = target.get("items").map(|items| self.target(items));
            if target.get("properties").is_some() {
                inner.push((below(&[]), property, target));
            } else if let Some(each) = of_each
                .map(|e| self.target(e))
                .filter(|e| e.get("properties").is_some())
            {
                inner.push((below(&["NAME"]), property, each));
            } else if let Some(each) = items.filter(|i| i.get("properties").is_some()) {
                inner.push((below(&[]), property, each));
            } else {
                let default = property.get("default");
                let default = default.map_or_else(String::new, |d| format!("`{}`", toml_value(d)));
                let says = sentence(property, target);
                let _ = writeln!(
                    rows,
                    "| `{name}` | {default} | {says}{} |",
                    self.values(property, target)
                );
            }
        }
        if !rows.is_empty() {
            let _ = write!(self.out, "\n| key | default | |\n|---|---|---|\n{rows}");
        }
        for (path, property, section) in inner {
            let is_list = path == ["overrides"];
            let shown: Vec<String> = path.iter().map(|part| toml_key(part)).collect();
            let shown = shown.join(".");
            let title = if is_list {
                format!("[[{shown}]]")
            } else {
                format!("[{shown}]")
            };
            let _ = writeln!(self.out, "\n## `{title}`\n");
            let mut said = Vec::new();
            for text in [description(property), description(section)]
                .into_iter()
                .flatten()
            {
                if !said.contains(&text) {
                    said.push(text);
                }
            }
            let _ = writeln!(self.out, "{}", said.join("\n\n"));
            if is_list {
                let _ = write!(self.out, "\n| key | |\n|---|---|\n");
                let paths = &section["properties"]["paths"];
                let _ = writeln!(
                    self.out,
                    "| `paths` | {} |",
                    one_line(description(paths).unwrap_or_default())
                );
                let _ = writeln!(self.out, "| any other | as above |");
                continue;
            }
            self.section(section, &path);
        }
    }

    /// The values that there are, each with what it means.
    fn values(&self, property: &Value, target: &'s Value) -> String {
        let item = target.get("items").map(|items| self.target(items));
        let each = target
            .get("additionalProperties")
            .map(|each| self.target(each));
        let choices = [Some(target), item, each].into_iter().flatten();
        let choices = choices
            .filter_map(|t| t.get("oneOf").and_then(Value::as_array))
            .next();
        if let Some(choices) = choices {
            let mut out = String::new();
            for choice in choices {
                let names = choice.get("const").into_iter().chain(
                    choice
                        .get("enum")
                        .and_then(Value::as_array)
                        .into_iter()
                        .flatten(),
                );
                let what =
                    description(choice).map(|d| format!(": {}", decapitalised(&one_line(d))));
                for name in names {
                    let _ = write!(
                        out,
                        "<br>`{}`{}",
                        toml_value(name),
                        what.as_deref().unwrap_or_default()
                    );
                }
            }
            return out;
        }
        if let Some(names) = target.get("enum").and_then(Value::as_array) {
            let names: Vec<String> = names
                .iter()
                .map(|n| format!("`{}`", toml_value(n)))
                .collect();
            return format!("<br>{}", names.join(", "));
        }
        match description(target).filter(|d| Some(*d) != description(property)) {
            Some(what) => format!("<br>{}", one_line(what)),
            None => match target.get("type").and_then(Value::as_str) {
                Some("boolean") => "<br>`true` or `false`".to_owned(),
                _ => String::new(),
            },
        }
    }
}

fn sentence(property: &Value, target: &Value) -> String {
    one_line(
        description(property)
            .or(description(target))
            .unwrap_or_default(),
    )
}

fn description(value: &Value) -> Option<&str> {
    value.get("description").and_then(Value::as_str)
}

fn one_line(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('|', "\\|")
}

/// For the middle of a sentence: words in capitals stay.
fn decapitalised(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            format!("{}{second}{}", first.to_lowercase(), chars.as_str())
        }
        _ => text.to_owned(),
    }
}

fn toml_value(value: &Value) -> String {
    match value {
        Value::Array(values) => {
            let values: Vec<String> = values.iter().map(toml_value).collect();
            format!("[{}]", values.join(", "))
        }
        Value::String(text) => toml::Value::String(text.clone()).to_string(),
        other => other.to_string(),
    }
}
