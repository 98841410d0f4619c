//! `tidegate debug corpus FILE.jsonl`: parses labelled statements and counts hits and misses.

use super::args::CorpusArgs;
use super::files::{read_text, show};
use super::output;
use super::{Outcome, debug};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tidegate::report::mask::Masked;

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: String,
    sql: String,
    expect: Expect,
    #[serde(default)]
    group: String,
}

/// What Flink's own parser says of a statement.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Expect {
    Accept,
    Reject,
    /// Holds placeholders: counts for neither.
    Template,
}

/// The last line under `--json`, keys in this order.
#[derive(Debug, Default, Serialize)]
struct Totals {
    accept_total: usize,
    accept_ok: usize,
    reject_total: usize,
    reject_wrong: usize,
    /// Accepted as a run of tokens that nothing read.
    opaque: usize,
    /// Time in the parser, and what it read in that time.
    seconds: f64,
    bytes: usize,
}

/// # Errors
/// If the file cannot be read or a line is not what it should be.
pub fn run(args: &CorpusArgs) -> Result<Outcome> {
    let text = read_text(&args.path)?;
    let version = args.settings.for_script(Some(&args.path))?.flink;
    let mut totals = Totals::default();
    let mut groups: BTreeMap<String, Totals> = BTreeMap::new();
    let mut time = Duration::ZERO;
    let mut panics = 0;
    for (number, line) in text
        .lines()
        .enumerate()
        .filter(|(_, l)| !l.trim().is_empty())
    {
        let line: Line = serde_json::from_str(line)
            .with_context(|| format!("{}:{}", show(&args.path), number + 1))?;
        let start = Instant::now();
        let parsed = debug::quietly(|| tidegate::parser::parse(&line.sql, version));
        time += start.elapsed();
        totals.bytes += line.sql.len();
        let (error, opaque) = match &parsed {
            Ok((script, diagnostics)) => (
                debug::first_error(&line.sql, diagnostics),
                script.statements.iter().any(debug::is_opaque),
            ),
            Err(panic) => {
                panics += 1;
                (Some(format!("panic: {panic}")), false)
            }
        };
        let group = groups.entry(line.group.clone()).or_default();
        let miss = match (line.expect, error) {
            (Expect::Template, _) => continue,
            (Expect::Accept, error) => {
                for t in [&mut totals, group] {
                    t.accept_total += 1;
                    t.accept_ok += usize::from(error.is_none());
                    t.opaque += usize::from(error.is_none() && opaque);
                }
                error
            }
            (Expect::Reject, error) => {
                let wrong = error.is_none() || parsed.is_err();
                for t in [&mut totals, group] {
                    t.reject_total += 1;
                    t.reject_wrong += usize::from(wrong);
                }
                wrong.then(|| error.unwrap_or_else(|| "accepted".to_owned()))
            }
        };
        if let Some(why) = miss {
            let Line { id, group, .. } = &line;
            let number = number + 1;
            output::line(&format!(
                "{number} {id} {group}: {why} | {}",
                gist(&line.sql)
            ))?;
        }
    }
    totals.seconds = (time.as_secs_f64() * 1e6).round() / 1e6;
    let all = groups.iter().map(|(name, t)| (name.as_str(), t));
    for (name, t) in all.chain([("all", &totals)]) {
        output::line(&format!(
            "{name}: {} accepted, {} rejected, {} opaque",
            rate(t.accept_ok, t.accept_total),
            rate(t.reject_total - t.reject_wrong, t.reject_total),
            t.opaque
        ))?;
    }
    if args.json {
        output::line(&serde_json::to_string(&totals)?)?;
    }
    Ok(match panics {
        0 => Outcome::Clean,
        _ => Outcome::Findings,
    })
}

fn rate(hits: usize, total: usize) -> String {
    if total == 0 {
        return "none".to_owned();
    }
    let percent = 100.0 * hits as f64 / total as f64;
    format!("{hits}/{total} ({percent:.2} %)")
}

/// A statement on one line, its beginning only.
fn gist(sql: &str) -> String {
    let masked = Masked::new(sql).text;
    let line = masked.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(120) {
        Some((cut, _)) => format!("{}…", &line[..cut]),
        None => line,
    }
}
