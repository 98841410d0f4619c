//! The options that connectors and formats take.
//!
//! `options.tsv` has a line for each: connector or format, a tab, the key, with at most one `*` for anything. It is what
//! the factories of these releases name as their required and optional options, with the prefixes that they leave
//! unchecked: Flink 1.20.5 and 2.3.0 (datagen, print, blackhole, filesystem, the formats), the Kafka connectors 4.0.1 and
//! 5.0.0, JDBC 3.3.0 and 4.0.0, the MySQL and PostgreSQL connectors of Flink CDC 3.5.0. An option of any release is taken.

use super::matches;
use std::collections::BTreeMap;

const OPTIONS: &str = include_str!("options.tsv");

/// What every table takes.
/// Source: `FactoryUtil` of Flink 2.3.0.
const COMMON: [&str; 5] = [
    "connector",
    "property-version",
    "scan.watermark.*",
    "format",
    "provider",
];

/// Options that say which format something has; the format's own options have its name, and this one's prefix, before them.
const FORMATS: [(&str, &str); 3] = [
    ("format", ""),
    ("key.format", "key."),
    ("value.format", "value."),
];

/// A key that a table's connector does not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownOption<'a> {
    pub key: &'a str,
    pub nearest: Option<&'static str>,
}

/// The keys among a table's options that its connector would refuse; none where the connector's options are not known.
pub fn unknown(options: &BTreeMap<String, String>) -> Vec<UnknownOption<'_>> {
    let Some(connector) = options.get("connector").filter(|name| is_listed(name)) else {
        return Vec::new();
    };
    let known: Vec<&'static str> = COMMON.into_iter().chain(of(connector)).collect();
    let foreign = options.keys().filter(|key| !takes(&known, options, key));
    let unknown = foreign.map(|key| UnknownOption {
        key,
        nearest: nearest(key, &known),
    });
    unknown.collect()
}

/// The connectors and formats whose options are known, in order; with the connectors of [`super::facts`].
pub fn names() -> impl Iterator<Item = &'static str> {
    let mut names: Vec<&'static str> = super::CONNECTORS
        .iter()
        .flat_map(|c| c.names)
        .copied()
        .collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter()
}

/// Likewise the formats.
pub fn format_names() -> impl Iterator<Item = &'static str> {
    let is_connector = |name: &&str| super::CONNECTORS.iter().any(|c| c.names.contains(name));
    let listed = OPTIONS.lines().filter_map(|line| line.split_once('\t'));
    let listed = listed
        .map(|(name, _)| name)
        .filter(|name| !is_connector(name));
    let mut names: Vec<&'static str> = listed
        .chain(super::FORMATS.iter().map(|f| f.name))
        .collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter()
}

/// The keys that a table of this connector takes, and those of its formats: pairs of an option that names one, and its
/// value. Keys with anything in them are left out.
pub fn keys(connector: Option<&str>, formats: &[(&str, Option<String>)]) -> Vec<String> {
    let common = COMMON.into_iter().map(str::to_owned);
    let own = connector.into_iter().flat_map(of).map(str::to_owned);
    let of_formats = formats.iter().filter_map(|(option, value)| {
        let (_, prefix) = FORMATS.iter().find(|(name, _)| name == option)?;
        let value = value.as_deref()?;
        Some(of(value).map(move |key| format!("{prefix}{value}.{key}")))
    });
    let all = common.chain(own).chain(of_formats.flatten());
    let mut keys: Vec<String> = all.filter(|key| !key.contains('*')).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn of(name: &str) -> impl Iterator<Item = &'static str> {
    let lines = OPTIONS.lines().filter_map(|line| line.split_once('\t'));
    lines.filter(move |(of, _)| *of == name).map(|(_, key)| key)
}

fn is_listed(name: &str) -> bool {
    of(name).next().is_some()
}

fn takes(known: &[&str], options: &BTreeMap<String, String>, key: &str) -> bool {
    if known.iter().any(|pattern| matches(pattern, key)) {
        return true;
    }
    FORMATS.iter().any(|(option, prefix)| {
        let format = options.get(*option).map(String::as_str);
        let rest = format.and_then(|f| {
            key.strip_prefix(*prefix)?
                .strip_prefix(f)?
                .strip_prefix('.')
        });
        // Of a format that is not listed every option may be one.
        rest.is_some_and(|rest| {
            format.is_none_or(|f| !is_listed(f))
                || of(format.unwrap_or_default()).any(|o| matches(o, rest))
        })
    })
}

fn nearest(key: &str, known: &[&'static str]) -> Option<&'static str> {
    let plain = known.iter().filter(|k| !k.contains('*'));
    let scored = plain.map(|k| (strsim::damerau_levenshtein(k, key), *k));
    let best = scored.min()?;
    (best.0 <= 1 + key.len() / 5).then_some(best.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(options: &[(&str, &str)]) -> Vec<(String, Option<&'static str>)> {
        let options = options
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        let found = unknown(&options);
        found
            .iter()
            .map(|u| (u.key.to_owned(), u.nearest))
            .collect()
    }

    #[test]
    fn the_list_is_sorted_and_every_line_is_a_pair() {
        let lines: Vec<&str> = OPTIONS.lines().collect();
        assert!(lines.is_sorted());
        assert!(
            lines
                .iter()
                .all(|l| l.split('\t').count() == 2 && l.matches('*').count() < 2)
        );
    }

    #[test]
    fn what_a_connector_takes() {
        let kafka = [
            ("connector", "kafka"),
            ("topic", "t"),
            ("properties.acks", "all"),
            ("scan.watermark.idle-timeout", "1 s"),
        ];
        assert_eq!(check(&kafka), []);
        let json = [
            ("format", "json"),
            ("json.ignore-parse-errors", "true"),
            ("json.ignore-errors", "true"),
        ];
        assert_eq!(
            check(&[&kafka[..], &json].concat()),
            [("json.ignore-errors".to_owned(), None)]
        );
        let value = [
            ("value.format", "avro"),
            ("value.avro.codec", "x"),
            ("avro.codec", "x"),
        ];
        assert_eq!(
            check(&[&kafka[..], &value].concat()),
            [("avro.codec".to_owned(), None)]
        );
        assert_eq!(
            check(&[
                ("connector", "datagen"),
                ("fields.a.min", "1"),
                ("rows-per-secund", "1")
            ]),
            [("rows-per-secund".to_owned(), Some("rows-per-second"))]
        );
        assert_eq!(check(&[("connector", "my-own"), ("x", "1")]), []);
    }
}
