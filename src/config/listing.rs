//! Settings as `tidegate.toml` would say them, key by key.

use super::{
    Argument, Attach, GateForm, Late, Nullable, Pin, Position, Settings, TextFormat,
    WatermarkOptions, format_delay,
};
use toml::Value;

/// A key of `tidegate.toml`, and what is in force for it; `None` where nothing is said and nothing is the default.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub key: Vec<String>,
    pub value: Option<Value>,
}

impl Entry {
    /// As it is written in the file: `tables."a.b".column`.
    pub fn path(&self) -> String {
        let parts: Vec<String> = self.key.iter().map(|part| toml_key(part)).collect();
        parts.join(".")
    }
}

/// A part of a key, in quotes where TOML wants them.
pub fn toml_key(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    match !name.is_empty() && name.chars().all(bare) {
        true => name.to_owned(),
        false => Value::String(name.to_owned()).to_string(),
    }
}

#[derive(Default)]
struct Entries {
    section: Vec<String>,
    all: Vec<Entry>,
}

impl Entries {
    fn of(&mut self, section: &[&str]) {
        self.section = section.iter().map(|part| (*part).to_owned()).collect();
    }

    fn add(&mut self, key: &str, value: Option<Value>) {
        let mut path = self.section.clone();
        path.extend(key.split('.').map(str::to_owned));
        self.all.push(Entry { key: path, value });
    }

    fn options(&mut self, options: &WatermarkOptions) {
        let delay = |ms: Option<u64>| ms.map(|ms| text(&format_delay(ms)));
        self.add("idle-timeout", delay(options.idle_timeout_ms));
        self.add("emit", options.emit.map(|e| text(e.as_str())));
        let group = options.alignment_group.as_deref();
        self.add("alignment.group", group.map(text));
        self.add("alignment.max-drift", delay(options.max_drift_ms));
        self.add(
            "alignment.update-interval",
            delay(options.update_interval_ms),
        );
    }
}

fn text(value: &str) -> Value {
    Value::String(value.to_owned())
}

fn list(values: &[String]) -> Value {
    Value::Array(values.iter().map(|v| text(v)).collect())
}

impl Settings {
    /// Every key of `tidegate.toml` but `catalog` and `overrides`, in the order of the file, with what is in force. Of a table only the
    /// keys that say something.
    pub fn entries(&self) -> Vec<Entry> {
        let mut entries = Entries::default();
        entries.of(&["flink"]);
        entries.add("version", Some(text(self.flink.as_str())));
        let watermark = &self.watermark;
        entries.of(&["watermark"]);
        entries.add("delay", Some(text(&format_delay(watermark.delay_ms))));
        entries.add("attach", Some(text(watermark.attach.as_str())));
        entries.add("nullable", Some(text(watermark.nullable.as_str())));
        entries.add("placement", watermark.placement.map(|p| text(p.as_str())));
        entries.options(&watermark.options);
        self.gate_entries(&mut entries);
        self.table_entries(&mut entries);
        entries.of(&["lint"]);
        let given = |rules: &[String]| (!rules.is_empty()).then(|| list(rules));
        entries.add("select", given(&self.lint.select));
        entries.add("ignore", given(&self.lint.ignore));
        entries.of(&["lint", "severity"]);
        for (rule, severity) in &self.lint.severity {
            let mut key = entries.section.clone();
            key.push(rule.clone());
            let value = Some(text(severity.as_str()));
            entries.all.push(Entry { key, value });
        }
        entries.all
    }

    fn gate_entries(&self, entries: &mut Entries) {
        let gate = &self.gate;
        entries.of(&["gate"]);
        entries.add("kind", Some(text(gate.kind.name())));
        entries.add("form", Some(text(gate.form.as_str())));
        entries.add("position", Some(text(gate.position.as_str())));
        entries.add("late", Some(text(gate.late.as_str())));
        entries.add("pin", Some(text(gate.pin.as_str())));
        entries.add("one-job", Some(Value::Boolean(self.one_job)));
        entries.of(&["gate", "function"]);
        let function = &gate.function;
        entries.add("name", Some(text(&function.name.join("."))));
        let arguments = function.arguments.iter().map(|a| text(a.as_str()));
        entries.add("arguments", Some(Value::Array(arguments.collect())));
        entries.add("class", function.class.as_deref().map(text));
        entries.add("jar", function.jar.as_deref().map(text));
    }

    fn table_entries(&self, entries: &mut Entries) {
        for (name, table) in &self.tables {
            let first = entries.all.len();
            entries.of(&["tables", name]);
            let given = |value: &Option<String>| value.as_deref().map(text);
            let yes = |value: bool| value.then_some(Value::Boolean(true));
            entries.add("column", given(&table.column));
            entries.add("unit", table.unit.map(|u| text(u.as_str())));
            entries.add("format", table.format.as_ref().map(|f| text(f.as_str())));
            entries.add("expression", given(&table.expression));
            entries.add("metadata", given(&table.metadata));
            entries.add("ingestion-time", yes(table.ingestion_time));
            entries.add("watermark", given(&table.watermark));
            entries.add("delay", table.delay_ms.map(|ms| text(&format_delay(ms))));
            entries.add("replace", yes(table.replace));
            entries.add("attach", table.attach.map(|a| text(a.as_str())));
            entries.add("nullable", table.nullable.map(|n| text(n.as_str())));
            entries.add("placement", table.placement.map(|p| text(p.as_str())));
            entries.options(&table.options);
            let mut index = 0;
            entries.all.retain(|entry| {
                index += 1;
                index <= first || entry.value.is_some()
            });
        }
    }
}

/// As in `tidegate.toml`.
macro_rules! names {
    ($($type:ident { $($variant:ident => $name:literal,)+ })+) => {
        $(impl $type {
            /// As in `tidegate.toml`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        })+
    };
}

names! {
    Attach { Auto => "auto", Column => "column", Hidden => "hidden", }
    Nullable { Refuse => "refuse", Trust => "trust", }
    GateForm { View => "view", Inline => "inline", }
    Position { BeforeSink => "before-sink", AfterSource => "after-source", }
    Late { Outgoing => "outgoing", Handover => "handover", }
    Pin { Auto => "auto", Always => "always", Never => "never", }
    Argument { Sink => "sink", Time => "time", Watermark => "watermark", }
}

impl TextFormat {
    /// As in `tidegate.toml`.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Sql => "sql",
            Self::Iso8601 => "iso-8601",
            Self::Pattern(pattern) => pattern,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every key once, none with its default.
    const FULL: &str = r#"
        [flink]
        version = "1.20"
        [watermark]
        delay = "1 min"
        attach = "hidden"
        nullable = "trust"
        placement = "shadow"
        idle-timeout = "90 s"
        emit = "on-event"
        alignment = { group = "all", max-drift = "30 s", update-interval = "1 s" }
        [gate]
        kind = "function"
        form = "inline"
        position = "after-source"
        pin = "always"
        one-job = true
        [gate.function]
        name = "gate"
        arguments = ["time", "sink"]
        class = "org.example.Gate"
        jar = "gate.jar"
        [tables."shop.orders"]
        column = "order_time"
        unit = "us"
        delay = "500 ms"
        attach = "column"
        nullable = "refuse"
        placement = "in-place"
        replace = true
        idle-timeout = "5 min"
        emit = "on-periodic"
        alignment = { group = "g", max-drift = "2 s" }
        [tables.texts]
        column = "a.b"
        format = "iso-8601"
        watermark = "{rowtime}"
        [tables.sql]
        expression = "x'\"\\y"
        [tables.records]
        metadata = "timestamp"
        [tables.arrivals]
        ingestion-time = true
        [lint]
        select = ["all"]
        ignore = ["a", "b"]
        severity = { a = "note", "b.c" = "error" }
    "#;

    fn written(entries: &[Entry]) -> String {
        let given = entries.iter().filter_map(|entry| {
            let value = entry.value.as_ref()?;
            Some(format!("{} = {value}\n", entry.path()))
        });
        given.collect()
    }

    #[test]
    fn what_is_listed_reads_back() {
        for text in [FULL, "", "[gate]\nlate = \"handover\""] {
            let settings = Settings::from_toml(text).unwrap();
            let written = written(&settings.entries());
            assert_eq!(
                Settings::from_toml(&written).unwrap(),
                settings,
                "{written}"
            );
        }
    }

    #[test]
    fn each_value_is_another_one_than_the_default() {
        let default = Settings::default().entries();
        for entry in Settings::from_toml(FULL).unwrap().entries() {
            // A function decides on late rows itself.
            assert!(
                entry.path() == "gate.late" || !default.contains(&entry),
                "{entry:?}"
            );
        }
    }
}
