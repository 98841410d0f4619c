//! Source maps: files beside scripts that lead back to the originals.
//!
//! A rewrite never depends on a map. One is written only where it leads to the original, and never over
//! a file that tidegate cannot read as one.

use super::deliver::Companion;
use super::files::{Change, Script, beside, show};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use tidegate::Rewritten;
use tidegate::undo::{UndoError, UndoMap};

/// What lies where the source map of a script is looked for.
pub enum Found {
    Nothing,
    Map(UndoMap),
    /// A file that cannot be used as a map, and why.
    Unusable(UndoError),
}

/// Beside the script itself where it is reached by a link.
pub fn path(script: &Path) -> PathBuf {
    beside(script, ".tidegate.json")
}

/// # Errors
/// If there is something that cannot be read.
pub fn read(script: &Path) -> Result<Found> {
    let path = path(script);
    // A link that leads nowhere is something.
    if fs::symlink_metadata(&path).is_err() {
        return Ok(Found::Nothing);
    }
    let bytes = fs::read(&path).with_context(|| format!("cannot read {}", show(&path)))?;
    // What is not UTF-8 does not stand in a map, and would not give the original's hash.
    let json = String::from_utf8_lossy(&bytes);
    Ok(match UndoMap::from_json(&json) {
        Ok(map) => Found::Map(map),
        Err(error) => Found::Unusable(error),
    })
}

/// Why the map of a script is of no use, for messages.
pub fn useless(script: &Path, error: &UndoError) -> String {
    format!("{} cannot be used: {error}", show(&path(script)))
}

/// What has to be done about the map of `target` when `script`, read from `source`, is rewritten to it.
///
/// # Errors
/// If there is something in the place of a map that cannot be read.
pub fn update(
    script: &Script,
    done: &Rewritten,
    source: &Path,
    target: &Path,
) -> Result<Companion> {
    let before = script.encode(&script.text);
    let after = script.encode(done.text.as_deref().unwrap_or_default());
    let edits = script.edits(&done.edits)?;
    let fits = match read(source)? {
        Found::Nothing => Err(format!("there is no {}", show(&path(source)))),
        Found::Unusable(error) => Err(useless(source, &error)),
        Found::Map(map) => match map.undo(&before) {
            Ok(_) => Ok(map),
            Err(error) => Err(useless(source, &error)),
        },
    };
    let new = match fits {
        Ok(map) => Ok(map.then(&before, &edits)?),
        Err(_) if edits.is_empty() => return Ok(Companion::default()),
        Err(_) if !done.had_gates() => Ok(UndoMap::new(&before, &edits)?),
        // What is rewritten here is not the original.
        Err(why) => Err(why),
    };
    let at = path(target);
    let kept = |why: &str| Companion {
        change: None,
        note: Some(format!("note: {} cannot be undone: {why}", show(target))),
    };
    let old = read(target)?;
    Ok(match (new, old) {
        (Err(_), Found::Map(old)) if old.undo(&after).is_ok() => Companion::default(),
        (Err(why), _) => kept(&format!("it had gates before, and {why}")),
        (Ok(_), Found::Unusable(error)) => kept(&format!("{} is in the way: {error}", show(&at))),
        (Ok(new), old) => {
            let is_lost = match &old {
                Found::Map(old) => source == target && !old.same_original(&new),
                _ => false,
            };
            let note = format!(
                "note: {} was of another text of {} and is replaced",
                show(&at),
                show(target)
            );
            let like = if target.exists() { target } else { source };
            Companion {
                change: Some(Change::write(at, new.to_json()).with_permissions_of(like)),
                note: is_lost.then_some(note),
            }
        }
    })
}
