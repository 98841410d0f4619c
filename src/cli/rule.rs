//! `tidegate rule`.

use super::args::{OutputFormat, RuleArgs};
use super::{Outcome, output};
use anyhow::{Result, bail};
use serde::Serialize;
use tidegate::diagnostic::Severity;
use tidegate::lint::{Rule, rules};

#[derive(Serialize)]
struct Described {
    code: &'static str,
    name: &'static str,
    severity: Severity,
    /// Does it run unless it is asked for?
    default: bool,
    summary: String,
    /// Markdown.
    documentation: String,
}

/// # Errors
/// If there is no such rule.
pub fn run(args: &RuleArgs) -> Result<Outcome> {
    let rules: Vec<&Rule> = match &args.rule {
        None => rules::ALL.iter().collect(),
        Some(name) => match rules::find(name) {
            Ok(rule) => vec![rule],
            Err(unknown) => bail!("{unknown}; `tidegate rule --all` lists them"),
        },
    };
    match args.output_format {
        OutputFormat::Human if args.all => {
            let text: String = rules.iter().map(|rule| line(rule)).collect();
            output::data(text.as_bytes())?;
        }
        OutputFormat::Human => {
            for rule in rules {
                output::data(page(rule).as_bytes())?;
            }
        }
        OutputFormat::Json => {
            let all: Vec<Described> = rules.into_iter().map(described).collect();
            output::line(&serde_json::to_string_pretty(&all)?)?;
        }
    }
    Ok(Outcome::Clean)
}

fn described(rule: &Rule) -> Described {
    Described {
        code: rule.code,
        name: rule.name(),
        severity: rule.finding.severity,
        default: rule.finding.by_default,
        summary: rule.summary(),
        documentation: rule.documentation(),
    }
}

fn line(rule: &Rule) -> String {
    let (off, summary) = (
        if rule.finding.by_default {
            ""
        } else {
            " (off by default)"
        },
        rule.summary(),
    );
    format!("{}  {:<28}  {summary}{off}\n", rule.code, rule.name())
}

fn page(rule: &Rule) -> String {
    let off = if rule.finding.by_default {
        ""
    } else {
        ", off by default"
    };
    let severity = rule.finding.severity.as_str();
    format!(
        "# {} ({}, {severity}{off})\n\n{}",
        rule.name(),
        rule.code,
        rule.documentation()
    )
}
