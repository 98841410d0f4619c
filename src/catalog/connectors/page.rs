//! `docs/connectors.md`, made from the facts.

use super::facts::{CONNECTORS, Connector};
use super::formats::{FORMATS, Format};
use super::{Ability, Ends, Fit, Rows, TimeMetadata, When};
use std::fmt;

const INTRODUCTION: &str = "\
# What tidegate knows of connectors

This page is made from the tables in `src/catalog/connectors/`. A fact that was not seen in a source is
\"unknown\"; a connector that is not here is unknown in everything. Each row holds for the releases or commits that
its source names, the last of them of 2026; others may differ. Where options decide, the first line that applies holds,
and else the one at the top.

- **rows**: what a scan yields. \"by format\" is insertions, unless the format is one of those below.
- **time in its metadata**: a column `METADATA FROM 'key'`. An *automatic* one is what tidegate takes where a table has
  no time column: each record has its own, the same in every job that reads it, near to the order of arrival. One *on
  request* is never chosen by itself.
- **`SOURCE_WATERMARK()`**: the table source implements `SupportsSourceWatermark`. Where it does not, Flink plans the
  query, and the job fails.
- **push-down**: the table source implements `SupportsWatermarkPushDown`, which the options `scan.watermark.*` (FLIP-296)
  need.
- **filters**: the table source implements `SupportsFilterPushDown`.
- **ends**: a scan in streaming mode ends by itself.
- **lookup**: a lookup join can read it.
- **replay**: two jobs that start from one savepoint read the same rows.
";

/// The page, in Markdown.
pub fn page() -> String {
    let mut page = String::from(INTRODUCTION);
    page += "\n## Connectors\n\n\
        | `'connector'` | rows | time in its metadata | `SOURCE_WATERMARK()` | push-down | filters | ends | lookup | replay |\n\
        |---|---|---|---|---|---|---|---|---|\n";
    let (scans, others): (Vec<_>, Vec<_>) = CONNECTORS.iter().partition(|c| c.ends != Ends::NoScan);
    for connector in scans {
        let cells = [
            names(connector),
            by_rules(connector.rows, connector.rows_by),
            times(connector),
            connector.source_watermark.to_string(),
            connector.watermark_push_down.to_string(),
            known(connector.filters),
            by_rules(connector.ends, connector.ends_by),
            known(connector.lookup),
            known(Some(connector.replayable)),
        ];
        page += &format!("| {} |\n", cells.join(" | "));
    }
    let all = |lookup: bool| {
        let named = others.iter().filter(|c| c.lookup == Some(lookup));
        named.map(|c| names(c)).collect::<Vec<_>>().join(", ")
    };
    page += &format!("\nNo scan, but lookup joins: {}.\n", all(true));
    page += &format!("\nNo source, sinks only: {}.\n", all(false));
    page +=
        "\nOf other connectors, those named `…-cdc` and `upsert-…` are taken to send updates.\n";
    page += "\n## Formats with updates and deletions\n\n\
        The keys are those of the connectors that pass a format's metadata on: ";
    let forwarding = CONNECTORS.iter().filter(|c| c.format_times);
    page += &forwarding.map(names).collect::<Vec<_>>().join(", ");
    page += ".\n\n| format | time in its metadata | source |\n|---|---|---|\n";
    for Format {
        name,
        times,
        source,
    } in &FORMATS
    {
        page += &format!("| `{name}` | {} | {source} |\n", list(times));
    }
    page += "\n## Sources\n\n| `'connector'` | where this is from |\n|---|---|\n";
    for connector in CONNECTORS {
        page += &format!("| {} | {} |\n", names(connector), connector.source);
    }
    page
}

fn names(connector: &Connector) -> String {
    let names: Vec<String> = connector.names.iter().map(|n| format!("`{n}`")).collect();
    names.join(", ")
}

fn times(connector: &Connector) -> String {
    let mut text = list(connector.times);
    if let Some(option) = connector.times_unless {
        text += &format!("<br>none if '{option}' is set");
    }
    if connector.format_times {
        text += "<br>its format's";
    }
    text.trim_start_matches("<br>").to_owned()
}

fn list(times: &[TimeMetadata]) -> String {
    let times: Vec<String> = times.iter().map(ToString::to_string).collect();
    times.join("<br>")
}

fn by_rules<T: fmt::Display>(otherwise: T, rules: &[(When, T)]) -> String {
    let mut text = otherwise.to_string();
    for (when, value) in rules {
        text += &format!("<br>{value} with {when}");
    }
    text
}

fn known(fact: Option<bool>) -> String {
    let word = match fact {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unknown",
    };
    word.to_owned()
}

impl fmt::Display for TimeMetadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, ty, what, .. } = self;
        let not_null = if self.nullable { "" } else { " NOT NULL" };
        let fit = match self.fit {
            Fit::Automatic => "automatic",
            Fit::OnRequest => "on request",
        };
        write!(f, "`{key}` {ty}{not_null}, {fit}: {what}")
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Set(key) => write!(f, "'{key}'"),
            Self::Is(key, value) => write!(f, "'{key}' = '{value}'"),
            Self::IsNot(key, value) => write!(f, "'{key}' other than '{value}'"),
            Self::HasPrimaryKey => f.write_str("a primary key"),
            Self::HasNoPrimaryKey => f.write_str("no primary key"),
        }
    }
}

impl fmt::Display for Ability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Yes { option, needs } => {
                f.write_str("yes")?;
                if let Some(option) = option {
                    write!(f, "<br>with '{option}'")?;
                }
                if let Some(needs) = needs {
                    write!(f, "<br>in {needs}")?;
                }
                Ok(())
            }
            Self::No => f.write_str("no"),
            Self::Unknown => f.write_str("unknown"),
        }
    }
}

impl fmt::Display for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Append => "insertions",
            Self::Changelog => "updates",
            Self::Format => "by format",
            Self::Unknown => "unknown",
        })
    }
}

impl fmt::Display for Ends {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
            Self::NoScan => "no scan",
        })
    }
}
