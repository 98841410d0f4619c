//! `tidegate debug corpus DIR`: rewrites a folder of scripts and counts how that went.

use super::args::{CorpusArgs, SettingsArgs};
use super::files::{Script, scripts_below, show};
use super::output::{self, count};
use super::{INTERNAL_ERROR, Outcome, debug, statements};
use anyhow::{Context, Result};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use tidegate::diagnostic::Diagnostic;
use tidegate::{Rewritten, Verdict};

/// The last line under `--json`, keys in this order.
#[derive(Debug, Default, Serialize)]
struct Totals {
    scripts: usize,
    rewritten: usize,
    refused: usize,
    failed: usize,
    /// In all scripts.
    inserts: usize,
    /// In rewritten scripts, as are the watermarks.
    gated: usize,
    watermarks_added: usize,
}

enum Fate {
    /// With the text to write.
    Rewritten(Rewritten, String),
    /// The names of the reasons.
    Refused(Rewritten, BTreeSet<&'static str>),
    Failed(String),
}

/// # Errors
/// If a file cannot be read or written, or a configuration is wrong.
pub fn run(args: &CorpusArgs) -> Result<Outcome> {
    args.settings.check()?;
    if !args.path.is_dir() {
        return statements::run(args);
    }
    let mut totals = Totals::default();
    let mut reasons: BTreeMap<&'static str, usize> = BTreeMap::new();
    for path in scripts_below(&args.path)? {
        let name = path.strip_prefix(&args.path).unwrap_or(&path).to_owned();
        let shown = show(&name);
        totals.scripts += 1;
        match fate(&path, &args.settings)? {
            Fate::Rewritten(done, text) => {
                totals.rewritten += 1;
                totals.inserts += done.inserts.len();
                totals.gated += done.inserts.iter().filter(|i| is_gated(&i.verdict)).count();
                totals.watermarks_added += done.watermarks_added;
                if let Some(out) = &args.emit {
                    emit(&out.join(&name), &text)?;
                }
            }
            Fate::Refused(done, names) => {
                totals.refused += 1;
                totals.inserts += done.inserts.len();
                let list: Vec<&str> = names.iter().copied().collect();
                output::line(&format!("{shown}: refused: {}", list.join(", ")))?;
                for name in names {
                    *reasons.entry(name).or_default() += 1;
                }
            }
            Fate::Failed(why) => {
                totals.failed += 1;
                output::line(&format!("{shown}: failed: {why}"))?;
            }
        }
    }
    summary(&totals, reasons)?;
    if args.json {
        output::line(&serde_json::to_string(&totals)?)?;
    }
    Ok(match totals.failed {
        0 => Outcome::Clean,
        _ => Outcome::Findings,
    })
}

fn fate(path: &Path, settings: &SettingsArgs) -> Result<Fate> {
    let settings = settings.for_script(Some(path))?;
    let script = match Script::read(path, None) {
        Ok(script) => script,
        Err(error) => return Ok(Fate::Failed(format!("{error:#}"))),
    };
    let version = settings.flink;
    // What is kept here is what Flink reads: if we cannot, that is our fault and no refusal.
    if let Err(why) = debug::must_parse(&script.text, version) {
        return Ok(Fate::Failed(why));
    }
    let mut done = match debug::quietly(|| tidegate::rewrite(&script.text, &settings)) {
        Ok(done) => done,
        Err(panic) => return Ok(Fate::Failed(format!("panic: {panic}"))),
    };
    let internal = done.diagnostics.iter().find(|d| d.name == INTERNAL_ERROR);
    if let Some(error) = internal {
        return Ok(Fate::Failed(error.message.clone()));
    }
    let Some(text) = done.text.take() else {
        let names: BTreeSet<&'static str> = done
            .diagnostics
            .iter()
            .filter(|d| Diagnostic::is_error(d))
            .map(|d| d.name)
            .collect();
        return Ok(match names.is_empty() {
            true => Fate::Failed("not rewritten, and no error says why".to_owned()),
            false => Fate::Refused(done, names),
        });
    };
    Ok(match debug::must_parse(&text, version) {
        Ok(()) => Fate::Rewritten(done, script.encode(&text)),
        Err(why) => Fate::Failed(format!("the output: {why}")),
    })
}

fn is_gated(verdict: &Verdict) -> bool {
    match verdict {
        Verdict::Exact | Verdict::BestEffort { .. } => true,
        Verdict::LeftAlone { .. } | Verdict::Refused { .. } => false,
    }
}

fn summary(totals: &Totals, reasons: BTreeMap<&'static str, usize>) -> Result<()> {
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(name, n)| (std::cmp::Reverse(*n), *name));
    for (name, n) in reasons {
        output::line(&format!("{n:6}  {name}"))?;
    }
    output::line(&format!(
        "{}: {} rewritten, {} refused, {} failed; {}, {} gated; {} added",
        count(totals.scripts, "script"),
        totals.rewritten,
        totals.refused,
        totals.failed,
        count(totals.inserts, "insert"),
        totals.gated,
        count(totals.watermarks_added, "watermark"),
    ))
}

fn emit(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", show(folder)))?;
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", show(path)))
}
