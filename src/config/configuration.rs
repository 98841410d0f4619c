//! A `tidegate.toml` as it was written: what it says of all scripts, and of some.

use super::Settings;
use super::file::{Mistake, diagnose, mistaken, span_of};
use super::sections::{File, OverrideSection};
use crate::diagnostic::Diagnostic;
use crate::text::Span;
use glob::{MatchOptions, Pattern};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

/// A file that was read. Positions are byte ranges of its text.
#[derive(Debug, Clone)]
pub struct Configuration<'t> {
    text: &'t str,
    /// Without its overrides.
    of_all: DeTable<'t>,
    overrides: Vec<Override<'t>>,
}

/// Settings for some of the scripts.
#[derive(Debug, Clone)]
pub struct Override<'t> {
    /// Of its patterns.
    pub span: Span,
    patterns: Vec<Pattern>,
    says: DeTable<'t>,
}

/// What a file says of one script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForScript {
    pub settings: Settings,
    /// Files with the DDL of catalog objects, as patterns relative to the file.
    pub catalog: Vec<String>,
    /// Where each key that the file gives for this script stands.
    pub places: BTreeMap<Vec<String>, Place>,
}

/// Where a setting stands in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Of its key.
    pub span: Span,
    /// 0-based, if an override says it.
    pub in_override: Option<usize>,
}

/// What a path matches: `*` does not go through folders, hidden files are files.
const MATCHING: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

/// Ways to say the event time of a table, and what belongs to a column of it.
const EVENT_TIME: [&str; 6] = [
    "column",
    "expression",
    "metadata",
    "ingestion-time",
    "unit",
    "format",
];

impl<'t> Configuration<'t> {
    /// Reads the text of a `tidegate.toml`, overrides included.
    ///
    /// # Errors
    /// The first mistake, as a diagnostic about `text`: `invalid-toml`, `unknown-key` or `invalid-value`. What does not go
    /// together is found by [`Self::for_script`]: an override may mend it.
    pub fn parse(text: &'t str) -> Result<Self, Box<Diagnostic>> {
        let wrong = |error: toml::de::Error, is_toml| Box::new(diagnose(text, &error, is_toml));
        let root = DeTable::parse(text).map_err(|e| wrong(e, false))?;
        let file = read(root.clone()).map_err(|e| wrong(e, true))?;
        let mut of_all = root.into_inner();
        let tables = match of_all.remove("overrides").map(Spanned::into_inner) {
            Some(DeValue::Array(array)) => array.into_iter().collect(),
            _ => Vec::new(),
        };
        let mut overrides = Vec::with_capacity(tables.len());
        for (section, table) in file.overrides.iter().zip(tables) {
            let span = table.span();
            let DeValue::Table(mut says) = table.into_inner() else {
                continue;
            };
            says.remove("paths");
            let of = Override::new(text, section, span, says);
            overrides.push(of.map_err(|mistake| mistaken(text, mistake))?);
        }
        Ok(Self {
            text,
            of_all,
            overrides,
        })
    }

    pub fn overrides(&self) -> &[Override<'t>] {
        &self.overrides
    }

    /// What it says of a script. `path` is relative to the file's folder, with `/` on every system; without one no
    /// override matches.
    ///
    /// # Errors
    /// What does not go together in it, as a diagnostic `invalid-value` about its text.
    pub fn for_script(&self, path: Option<&str>) -> Result<ForScript, Box<Diagnostic>> {
        let mut said = self.of_all.clone();
        let mut of_override = BTreeMap::new();
        let matching = self.overrides.iter().enumerate();
        for (index, over) in matching.filter(|(_, o)| path.is_some_and(|p| o.matches(p))) {
            leaves(&over.says, &mut Vec::new(), &mut |_, span| {
                of_override.insert(span.start, index);
            });
            overlay(&mut said, over.says.clone(), &mut Vec::new());
        }
        let mut places = BTreeMap::new();
        leaves(&said, &mut Vec::new(), &mut |key, span| {
            let place = Place {
                span: span_of(self.text, &span),
                in_override: of_override.get(&span.start).copied(),
            };
            places.insert(key.to_vec(), place);
        });
        let file = read(Spanned::new(0..self.text.len(), said))
            .map_err(|error| Box::new(diagnose(self.text, &error, true)))?;
        let (settings, catalog) = file.settings().map_err(|m| mistaken(self.text, m))?;
        Ok(ForScript {
            settings,
            catalog,
            places,
        })
    }
}

impl<'t> Override<'t> {
    fn new(
        text: &str,
        section: &OverrideSection,
        span: std::ops::Range<usize>,
        says: DeTable<'t>,
    ) -> Result<Self, Mistake> {
        if section.paths.get().is_empty() {
            let given = section.paths.span();
            let span = if given.is_empty() { span } else { given };
            return Err((span, "an override needs its `paths`"));
        }
        let mut patterns = Vec::new();
        for path in section.paths.get() {
            let why =
                "this is no pattern: `**` is a whole part of a path, and each `[` has its `]`";
            patterns.push(Pattern::new(path.get()).map_err(|_| (path.span(), why))?);
        }
        Ok(Self {
            span: span_of(text, &section.paths.span()),
            patterns,
            says,
        })
    }

    /// As [`Configuration::for_script`] takes it.
    pub fn matches(&self, path: &str) -> bool {
        self.patterns.iter().any(|p| p.matches_with(path, MATCHING))
    }

    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.patterns.iter().map(Pattern::as_str)
    }
}

fn read(table: Spanned<DeTable<'_>>) -> Result<File, toml::de::Error> {
    File::deserialize(Deserializer::from(table))
}

/// Puts what an override says over what is said already.
fn overlay<'t>(said: &mut DeTable<'t>, over: DeTable<'t>, at: &mut Vec<String>) {
    if let [section, _] = at.as_slice()
        && section == "tables"
    {
        make_room(said, &over);
    }
    for (key, value) in over {
        let name = key.get_ref().to_string();
        // A group is one thing: half of another one does not go with it.
        let is_whole = name == "alignment";
        match (
            said.get_mut(name.as_str()).map(Spanned::get_mut),
            value.get_ref(),
        ) {
            (Some(DeValue::Table(said)), DeValue::Table(_)) if !is_whole => {
                let DeValue::Table(over) = value.into_inner() else {
                    continue;
                };
                at.push(name);
                overlay(said, over, at);
                at.pop();
            }
            _ => {
                // With the place of the new key.
                said.remove(name.as_str());
                said.insert(key, value);
            }
        }
    }
}

/// Takes away what is said of a table and does not go with what an override says of it.
fn make_room(said: &mut DeTable<'_>, over: &DeTable<'_>) {
    let has = |key: &&str| over.contains_key(*key);
    if EVENT_TIME[..4].iter().any(has) {
        EVENT_TIME.iter().for_each(|key| drop(said.remove(*key)));
    }
    for (one, other) in [("unit", "format"), ("delay", "watermark")] {
        for (given, goes) in [(one, other), (other, one)] {
            if has(&given) {
                said.remove(goes);
            }
        }
    }
}

/// Every key that holds no table, with the place of its last part.
fn leaves(
    table: &DeTable<'_>,
    at: &mut Vec<String>,
    each: &mut impl FnMut(&[String], std::ops::Range<usize>),
) {
    for (key, value) in table {
        at.push(key.get_ref().to_string());
        match value.get_ref() {
            DeValue::Table(table) => leaves(table, at, each),
            _ => each(at, key.span()),
        }
        at.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
catalog = ["ddl/*.sql"]
[flink]
version = "2.3"
[gate]
late = "handover"
[tables.orders]
column = "placed"
unit = "ms"
delay = "1 s"
[tables.clicks]
alignment = { group = "g", max-drift = "1 s" }

[[overrides]]
paths = ["legacy/**"]
flink = { version = "1.20" }
gate = { late = "outgoing" }
tables.orders = { metadata = "timestamp" }
[[overrides]]
paths = ["legacy/*.sql", "new/[a-c].sql"]
catalog = []
[overrides.gate]
kind = "function"
[overrides.tables.orders]
watermark = "{rowtime}"
[overrides.tables.clicks]
alignment = { group = "h", max-drift = "2 s" }
[overrides.lint]
ignore = ["a-rule"]
severity = { other-rule = "error" }
"#;

    /// The keys that are said for a script, with their lines and overrides, or what is wrong.
    fn said(text: &str, path: Option<&str>) -> String {
        let configuration = Configuration::parse(text).unwrap();
        let line = |span: Span| text[..span.start as usize].matches('\n').count() + 1;
        let said = match configuration.for_script(path) {
            Ok(said) => said,
            Err(wrong) => return format!("{}: {}", line(wrong.span), wrong.message),
        };
        let place = |(key, place): (&Vec<String>, &Place)| {
            let over = place.in_override.map(|i| format!(" #{i}"));
            let key = key.join(".");
            format!("{key} {}{}", line(place.span), over.unwrap_or_default())
        };
        said.places.iter().map(place).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn overrides_go_by_path() {
        insta::assert_snapshot!(said(FILE, None), @"
        catalog 2
        flink.version 4
        gate.late 6
        tables.clicks.alignment.group 12
        tables.clicks.alignment.max-drift 12
        tables.orders.column 8
        tables.orders.delay 10
        tables.orders.unit 9
        ");
        assert_eq!(said(FILE, Some("other/a.sql")), said(FILE, None));
        insta::assert_snapshot!(said(FILE, Some("legacy/deep/a.sql")), @"
        catalog 2
        flink.version 16 #0
        gate.late 17 #0
        tables.clicks.alignment.group 12
        tables.clicks.alignment.max-drift 12
        tables.orders.delay 10
        tables.orders.metadata 18 #0
        ");
        insta::assert_snapshot!(said(FILE, Some("legacy/a.sql")), @"
        catalog 21 #1
        flink.version 16 #0
        gate.kind 23 #1
        gate.late 17 #0
        lint.ignore 29 #1
        lint.severity.other-rule 30 #1
        tables.clicks.alignment.group 27 #1
        tables.clicks.alignment.max-drift 27 #1
        tables.orders.metadata 18 #0
        tables.orders.watermark 25 #1
        ");
        insta::assert_snapshot!(said(FILE, Some("new/b.sql")), @r#"6: late = "handover" is for gates of kind `cutover`: a function decides on late rows itself"#);
    }

    #[test]
    fn what_an_override_says_is_in_force() {
        let configuration = Configuration::parse(FILE).unwrap();
        let said = configuration.for_script(Some("legacy/a.sql")).unwrap();
        assert_eq!(said.catalog, Vec::<String>::new());
        let settings = said.settings;
        assert_eq!(settings.flink, super::super::FlinkVersion::V1_20);
        assert_eq!(settings.gate.kind, super::super::GateKind::Function);
        let orders = &settings.tables["orders"];
        assert_eq!(orders.metadata.as_deref(), Some("timestamp"));
        assert_eq!(
            (&orders.column, orders.unit, orders.delay_ms),
            (&None, None, None)
        );
        assert_eq!(orders.watermark.as_deref(), Some("{rowtime}"));
        assert_eq!(settings.lint.ignore, ["a-rule"]);
        let base = configuration.for_script(None).unwrap();
        assert_eq!(base.settings, Settings::from_toml(FILE).unwrap());
        assert_eq!(base.catalog, ["ddl/*.sql"]);
    }

    #[test]
    fn paths_of_overrides() {
        for (pattern, path, matches) in [
            ("legacy/**", "legacy/a.sql", true),
            ("legacy/**", "legacy/b/c/a.sql", true),
            ("legacy/**", "new/legacy/a.sql", false),
            ("**/legacy/**", "new/legacy/a.sql", true),
            ("legacy/*.sql", "legacy/b/a.sql", false),
            ("*.sql", "legacy/a.sql", false),
            ("**/*.sql", "a.sql", true),
            ("../other/*", "../other/a.sql", true),
            ("a.sql", "A.sql", false),
        ] {
            let text = format!("overrides = [{{ paths = [\"{pattern}\"] }}]");
            let configuration = Configuration::parse(&text).unwrap();
            let found = configuration.overrides()[0].matches(path);
            assert_eq!(found, matches, "{pattern} {path}");
        }
    }
}
