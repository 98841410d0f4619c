//! `tidegate check`.

use super::args::CheckArgs;
use super::files::{self, Change, Script};
use super::output;
use super::walk::{self, Found};
use super::{INTERNAL_ERROR, Outcome};
use anyhow::{Result, bail};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tidegate::config::Settings;
use tidegate::diagnostic::{Applicability, Diagnostic, Severity};
use tidegate::lint::{self, Rule, rules};
use tidegate::report::{self, FileReport, RuleInfo, diff};

/// What is said of a script.
pub struct Checked {
    pub script: Script,
    /// Of the fixed text, where fixes were applied.
    pub found: Vec<Diagnostic>,
    /// The script after its fixes, and how many there were; as it is where none are asked for.
    pub text: String,
    pub applied: BTreeMap<&'static str, usize>,
}

impl Checked {
    fn report(&self) -> FileReport<'_> {
        FileReport {
            name: &self.script.name,
            text: &self.text,
            diagnostics: &self.found,
        }
    }
}

/// # Errors
/// If a file cannot be read or written, or a configuration is wrong.
pub fn run(args: &CheckArgs) -> Result<Outcome> {
    files::check_stdin(&args.paths, args.stdin_filename.as_deref())?;
    let checked = check_all(args)?;
    let outcome = outcome(args, &checked);
    if args.fixes.diff {
        return show_fixes(args, &checked, outcome);
    }
    let written = args.fixes.fix.then(|| write(&checked)).transpose()?;
    // A fixed script from standard input goes to standard output, and has it for itself.
    let fixed_stdin = written.is_some() && args.paths.iter().any(|p| files::is_stdin(p));
    if args.statistics {
        output::data(statistics(&checked).as_bytes())?;
    } else {
        show(args, &checked, fixed_stdin)?;
    }
    summary(args, &checked);
    Ok(outcome)
}

/// Checks all scripts, several at a time, in the order of their names.
///
/// # Errors
/// If one of them cannot be read, or a configuration is wrong.
pub fn check_all(args: &CheckArgs) -> Result<Vec<Checked>> {
    let paths = walk::scripts(&args.paths, None)?;
    let settings = args.settings();
    let one = |found: &Found| {
        let script = Script::read(&found.path, args.stdin_filename.as_deref())?;
        let mut settings = settings.for_script(script.place(args.stdin_filename.as_deref()))?;
        select(args, &mut settings)?;
        Ok(check(args, script, &settings))
    };
    paths.par_iter().map(one).collect()
}

/// The flags on top of the configuration.
fn select(args: &CheckArgs, settings: &mut Settings) -> Result<()> {
    if !args.select.is_empty() {
        settings.lint.select.clone_from(&args.select);
        settings.lint.ignore.clear();
    }
    settings.lint.ignore.extend(args.ignore.iter().cloned());
    match lint::Selection::new(&settings.lint) {
        Ok(_) => Ok(()),
        Err(unknown) => bail!("{unknown}; `tidegate rule --all` lists them"),
    }
}

fn check(args: &CheckArgs, script: Script, settings: &Settings) -> Checked {
    if args.syntax_only {
        // A script may be larger than its trees would leave room for.
        let found = tidegate::parser::check(&script.text, settings.flink);
        return Checked {
            text: script.text.clone(),
            script,
            found,
            applied: BTreeMap::new(),
        };
    }
    if !(args.fixes.fix || args.fixes.diff) {
        return Checked {
            found: tidegate::check(&script.text, settings),
            text: script.text.clone(),
            script,
            applied: BTreeMap::new(),
        };
    }
    let least = match args.fixes.unsafe_fixes {
        true => Applicability::Unsafe,
        false => Applicability::Safe,
    };
    let done = lint::fix(&script.text, least, |text| tidegate::check(text, settings));
    Checked {
        script,
        found: done.left,
        text: done.text,
        applied: done.applied,
    }
}

fn outcome(args: &CheckArgs, checked: &[Checked]) -> Outcome {
    let least = match args.deny_warnings {
        true => Severity::Warning,
        false => Severity::Error,
    };
    let mut all = checked.iter().flat_map(|c| &c.found);
    if all.clone().any(|d| d.name == INTERNAL_ERROR) {
        Outcome::Broken
    } else if all.any(|d| d.severity >= least) {
        Outcome::Findings
    } else {
        Outcome::Clean
    }
}

/// Shows what was found: as the output of the command, or beside it.
pub fn show(args: &CheckArgs, checked: &[Checked], beside: bool) -> Result<()> {
    let files: Vec<FileReport<'_>> = checked.iter().map(Checked::report).collect();
    let shown = report::render(args.output_format, &files, &|name| {
        rules::by_name(name).map(rule_info)
    });
    match beside {
        true => output::message(&shown),
        false => return output::styled(&shown),
    }
    Ok(())
}

fn rule_info(rule: &Rule) -> RuleInfo {
    RuleInfo {
        name: rule.name(),
        code: Some(rule.code),
        summary: rule.summary(),
        doc: rule.documentation(),
    }
}

/// All scripts, or none if one of them cannot be written.
fn write(checked: &[Checked]) -> Result<()> {
    let mut changes = Vec::new();
    for one in checked {
        let text = one.script.encode(&one.text);
        match &one.script.path {
            None => output::data(text.as_bytes())?,
            Some(path) if !one.applied.is_empty() => {
                changes.push(Change::write(path.clone(), text))
            }
            Some(_) => {}
        }
    }
    files::replace_all(&changes)
}

fn show_fixes(args: &CheckArgs, checked: &[Checked], outcome: Outcome) -> Result<Outcome> {
    for one in checked.iter().filter(|c| !c.applied.is_empty()) {
        let (before, after) = (
            one.script.encode(&one.script.text),
            one.script.encode(&one.text),
        );
        output::data(diff::unified(&one.script.name, &before, &after).as_bytes())?;
    }
    summary(args, checked);
    let changes = checked.iter().any(|c| !c.applied.is_empty());
    Ok(match changes {
        true => outcome.max(Outcome::Findings),
        false => outcome,
    })
}

/// How often each rule found something: number, code and name.
fn statistics(checked: &[Checked]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for diagnostic in checked.iter().flat_map(|c| &c.found) {
        *counts.entry(diagnostic.name).or_default() += 1;
    }
    let mut lines: Vec<(usize, &str)> = counts.into_iter().map(|(name, n)| (n, name)).collect();
    lines.sort_by_key(|(n, name)| (std::cmp::Reverse(*n), *name));
    let line = |(n, name): (usize, &str)| {
        let code = rules::by_name(name).map_or("", |r| r.code);
        format!("{n:>6}  {code:<6} {name}\n")
    };
    lines.into_iter().map(line).collect()
}

pub fn summary(args: &CheckArgs, checked: &[Checked]) {
    output::totals(checked.iter().flat_map(|c| &c.found));
    let applied: usize = checked.iter().flat_map(|c| c.applied.values()).sum();
    if applied > 0 {
        let verb = if args.fixes.diff {
            "would be applied"
        } else {
            "applied"
        };
        let mut rules: BTreeMap<&str, usize> = BTreeMap::new();
        for (name, n) in checked.iter().flat_map(|c| &c.applied) {
            *rules.entry(name).or_default() += n;
        }
        let each: Vec<String> = rules
            .iter()
            .map(|(name, n)| format!("{n} {name}"))
            .collect();
        let applied = output::count(applied, "fix");
        output::note(&format!("{applied} {verb}: {}", each.join(", ")));
    }
    if args.fixes.fix || args.fixes.diff {
        return;
    }
    let fixes = checked
        .iter()
        .flat_map(|c| &c.found)
        .filter_map(|d| d.fix.as_ref());
    let (mut safe, mut not) = (0, 0);
    for fix in fixes {
        match fix.applicability {
            Applicability::Safe => safe += 1,
            Applicability::Unsafe => not += 1,
            Applicability::DisplayOnly => {}
        }
    }
    if safe > 0 {
        output::note(&format!("{safe} can be fixed with `--fix`"));
    }
    if not > 0 {
        output::note(&format!("{not} can be fixed with `--fix --unsafe-fixes`"));
    }
}

/// The configuration files and scripts that a change of is waited for.
pub fn watched(args: &CheckArgs) -> Vec<PathBuf> {
    let named = args.paths.iter().filter(|p| !files::is_stdin(p)).cloned();
    let extra = args
        .config
        .catalog
        .iter()
        .chain(&args.config.config)
        .cloned();
    named.chain(extra).map(|p| folder_of(&p)).collect()
}

/// A file is watched through its folder: editors replace it.
fn folder_of(path: &Path) -> PathBuf {
    match path.is_dir() {
        true => path.to_owned(),
        false => match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        },
    }
}
