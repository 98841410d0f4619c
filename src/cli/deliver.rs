//! New texts of scripts: where they go.

use super::args::OutputArgs;
use super::files::{Change, Script, is_stdin, replace_all, resolved, show, write_one};
use super::output::{self, count};
use super::stale;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, iter};
use tidegate::report::diff;

/// A script and what it becomes.
pub struct Item<'a> {
    pub script: &'a Script,
    /// Its path below `--output-dir`.
    pub below: &'a Path,
    /// The whole file, with its byte order mark; `None` if the script is refused.
    pub after: Option<String>,
}

/// What is done beside a script that is written.
#[derive(Default)]
pub struct Companion {
    pub change: Option<Change>,
    /// Told once everything is written.
    pub note: Option<String>,
}

/// How a command names what it does.
pub struct Verbs {
    /// As in `would rewrite`.
    pub plain: &'static str,
    /// As in `rewrote a.sql`.
    pub past: &'static str,
    /// As in `2 files rewritten`.
    pub participle: &'static str,
}

/// Prints or writes all new texts, or none of them. `companions` gives what has to be done beside a
/// script that is read from the first path and written to the second one.
///
/// Says whether anything would change under `--diff` or `--check`. `whole`: the scripts are all that there are, so that
/// others below `--output-dir` are extra.
///
/// # Errors
/// If something cannot be written.
pub fn deliver(
    to: &OutputArgs,
    items: &[Item<'_>],
    verbs: &Verbs,
    whole: bool,
    companions: impl Fn(usize, &Path, &Path) -> Result<Companion>,
) -> Result<bool> {
    let before = |item: &Item<'_>| item.script.encode(&item.script.text);
    let is_changed = |item: &Item<'_>| item.after.as_ref().is_some_and(|a| *a != before(item));
    let would_change = items.iter().any(is_changed);
    if to.diff {
        for item in items.iter().filter(|i| is_changed(i)) {
            let after = item.after.as_deref().unwrap_or_default();
            let shown = diff::unified(&item.script.name, &before(item), after);
            output::data(shown.as_bytes())?;
        }
        return Ok(would_change);
    }
    if let (true, Some(folder)) = (to.check, &to.output_dir) {
        return stale::check(folder, items, whole);
    }
    if to.check {
        for item in items.iter().filter(|i| is_changed(i)) {
            output::note(&format!("would {} {}", verbs.plain, item.script.name));
        }
        return Ok(would_change);
    }
    if items.iter().any(|i| i.after.is_none()) {
        // Nothing half done: neither a part of a script nor a part of the scripts.
        if (to.write || to.output_dir.is_some()) && items.len() > 1 {
            output::note("no file was changed");
        }
    } else if to.write {
        write_back(items, is_changed, verbs, companions)?;
    } else if let Some(folder) = &to.output_dir {
        write_below(folder, items, companions)?;
    } else {
        for after in items.iter().filter_map(|i| i.after.as_ref()) {
            match &to.output {
                Some(path) if !is_stdin(path) => write_one(path, after)?,
                _ => output::data(after.as_bytes())?,
            }
        }
    }
    Ok(false)
}

fn write_back(
    items: &[Item<'_>],
    is_changed: impl Fn(&Item<'_>) -> bool,
    verbs: &Verbs,
    companions: impl Fn(usize, &Path, &Path) -> Result<Companion>,
) -> Result<()> {
    let (mut changes, mut notes) = (Vec::new(), Vec::new());
    let mut written = Vec::new();
    for (i, item) in items.iter().enumerate().filter(|(_, i)| is_changed(i)) {
        if let (Some(path), Some(after)) = (&item.script.path, &item.after) {
            let beside = companions(i, path, path)?;
            changes.extend(beside.change);
            notes.extend(beside.note);
            changes.push(Change::write(path.clone(), after.clone()));
            written.push(path);
        }
    }
    replace_all(&changes)?;
    notes.iter().for_each(|note| output::note(note));
    for path in &written {
        output::note(&format!("{} {}", verbs.past, show(path)));
    }
    match written.len() {
        0 => output::note("nothing to change"),
        1 => {}
        n => output::note(&format!("{} {}", count(n, "file"), verbs.participle)),
    }
    Ok(())
}

/// Where each script goes below a folder, behind where it comes from.
///
/// # Errors
/// If a script would be written over itself, or two to one place.
pub fn targets<'i>(folder: &Path, items: &[Item<'i>]) -> Result<Vec<(&'i Path, PathBuf)>> {
    let mut targets: Vec<(&Path, PathBuf)> = Vec::with_capacity(items.len());
    let mut taken: BTreeMap<PathBuf, &Path> = BTreeMap::new();
    for item in items {
        let source = item.script.path.as_deref().unwrap_or(Path::new(""));
        if item.below.as_os_str().is_empty() {
            bail!("{} has no name to be written under", item.script.name);
        }
        let target = folder.join(item.below);
        if resolved(&target) == resolved(source) {
            bail!(
                "{} would be written over itself; use `--write`",
                show(source)
            );
        }
        if let Some(first) = taken.insert(resolved(&target), source) {
            bail!(
                "{} and {} would both be written to {}",
                show(first),
                show(source),
                show(&target)
            );
        }
        targets.push((source, target));
    }
    Ok(targets)
}

fn write_below(
    folder: &Path,
    items: &[Item<'_>],
    companions: impl Fn(usize, &Path, &Path) -> Result<Companion>,
) -> Result<()> {
    let targets = targets(folder, items)?;
    for (_, target) in &targets {
        let folder = target.parent().unwrap_or(folder);
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", show(folder)))?;
    }
    let (mut changes, mut notes) = (Vec::new(), Vec::new());
    for (i, (item, (source, target))) in iter::zip(items, &targets).enumerate() {
        let beside = companions(i, source, target)?;
        changes.extend(beside.change);
        notes.extend(beside.note);
        let mut script = Change::write(target.clone(), item.after.clone().unwrap_or_default());
        if !target.exists() {
            script = script.with_permissions_of(source);
        }
        changes.push(script);
    }
    replace_all(&changes)?;
    notes.iter().for_each(|note| output::note(note));
    for (_, target) in &targets {
        output::note(&format!("wrote {}", show(target)));
    }
    Ok(())
}
