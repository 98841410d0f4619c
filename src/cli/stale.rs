//! `--check --output-dir`: whether the scripts below a folder are those that would be written there.

use super::deliver::{Item, targets};
use super::files::{Script, resolved, show};
use super::output::{self, count};
use super::walk;
use anyhow::Result;
use std::collections::BTreeSet;
use std::iter;
use std::path::Path;
use tidegate::report::diff;

/// Shows how the scripts that are there differ, and names those that are missing and, if `whole`, those that no script
/// makes. Says whether any is stale or missing; a refused script is neither.
///
/// # Errors
/// If a script there cannot be read.
pub fn check(folder: &Path, items: &[Item<'_>], whole: bool) -> Result<bool> {
    let targets = targets(folder, items)?;
    let (mut stale, mut missing) = (0, 0);
    for (item, (_, target)) in iter::zip(items, &targets) {
        let Some(after) = &item.after else { continue };
        if !target.exists() {
            missing += 1;
            output::note(&format!(
                "missing: {} (from {})",
                show(target),
                item.script.name
            ));
            continue;
        }
        let there = Script::read(target, None)?;
        let before = there.encode(&there.text);
        if before != *after {
            stale += 1;
            output::note(&format!(
                "stale: {} (from {})",
                show(target),
                item.script.name
            ));
            output::data(diff::unified(&there.name, &before, after).as_bytes())?;
        }
    }
    if whole && folder.is_dir() {
        let made: BTreeSet<_> = targets.iter().map(|(_, target)| resolved(target)).collect();
        for found in walk::below(folder, None)? {
            if !made.contains(&resolved(&found.path)) {
                output::note(&format!(
                    "extra: {} is made from no script",
                    show(&found.path)
                ));
            }
        }
    }
    if stale + missing > 0 {
        let (stale, missing) = (count(stale, "script"), count(missing, "script"));
        output::note(&format!(
            "{stale} stale, {missing} missing; write them anew without `--check`"
        ));
        return Ok(true);
    }
    Ok(false)
}
