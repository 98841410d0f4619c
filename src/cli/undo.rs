//! `tidegate rewrite --undo`.

use super::args::RewriteArgs;
use super::deliver::{Companion, Item, Verbs, deliver};
use super::files::{Change, Script, show};
use super::maps::{self, Found};
use super::rewrite::check_number;
use super::walk;
use super::{Outcome, output};
use anyhow::{Result, bail};
use std::path::Path;
use std::{iter, slice};
use tidegate::undo::UndoError;

const VERBS: Verbs = Verbs {
    plain: "restore",
    past: "restored",
    participle: "restored",
};

/// # Errors
/// If a file cannot be read or written.
pub fn run(args: &RewriteArgs) -> Result<Outcome> {
    let found = found(args)?;
    check_number(args, found.len())?;
    let mut scripts = Vec::with_capacity(found.len());
    for walk::Found { path, .. } in &found {
        let script = Script::read(path, None)?;
        let after = original(&script, path)?;
        scripts.push((script, after));
    }
    let items: Vec<Item> = iter::zip(&scripts, &found)
        .map(|((script, after), found)| Item {
            script,
            below: &found.below,
            after: after.clone(),
        })
        .collect();
    let would_change = deliver(&args.output, &items, &VERBS, false, |_, source, target| {
        // A copy in another folder is no reason to take the map from the script.
        let restored = source == target;
        Ok(Companion {
            change: restored.then(|| Change::remove(maps::path(source))),
            note: None,
        })
    })?;
    Ok(if items.iter().any(|i| i.after.is_none()) {
        Outcome::Broken
    } else if would_change {
        Outcome::Findings
    } else {
        Outcome::Clean
    })
}

/// The scripts that are named, and of folders those that have a source map.
fn found(args: &RewriteArgs) -> Result<Vec<walk::Found>> {
    let mut all = Vec::new();
    for path in &args.files {
        let mut found = walk::scripts(slice::from_ref(path), args.output.output_dir.as_deref())?;
        if path.is_dir() {
            found.retain(|script| maps::path(&script.path).exists());
            if found.is_empty() {
                bail!(
                    "there is no source map (*.sql.tidegate.json) below {}",
                    show(path)
                );
            }
        }
        all.extend(found);
    }
    Ok(all)
}

/// The original of a script; if there is no way to it, what to do instead is told.
fn original(script: &Script, path: &Path) -> Result<Option<String>> {
    let (why, help) = match maps::read(path)? {
        Found::Nothing => (
            format!("there is no {}", show(&maps::path(path))),
            "`--write` and `--output-dir` leave one beside each script that they change",
        ),
        Found::Unusable(error) => (maps::useless(path, &error), help(&error)),
        Found::Map(found) => match found.undo(&script.encode(&script.text)) {
            Ok(original) => return Ok(Some(original)),
            Err(error) => (maps::useless(path, &error), help(&error)),
        },
    };
    output::note(&format!("error: {} cannot be undone: {why}", script.name));
    output::note(&format!("help: {help}"));
    Ok(None)
}

fn help(error: &UndoError) -> &'static str {
    match error {
        UndoError::Version { .. } => "undo with the tidegate that wrote the map, or a newer one",
        UndoError::Original => "there is nothing to undo, and the map can be removed",
        UndoError::Stale => {
            "take back what was changed since, or take the original from version control"
        }
        UndoError::Malformed { .. } | UndoError::Edits(_) | UndoError::Changed => {
            "restore the map as it was written, or take the original from version control"
        }
    }
}
