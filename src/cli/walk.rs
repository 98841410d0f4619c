//! Paths of the command line to scripts: folders are walked.

use super::files::{is_stdin, resolved, show};
use anyhow::{Context, Result, bail};
use ignore::WalkBuilder;
use std::path::{Path, PathBuf};

/// A script, and where it goes below another folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub path: PathBuf,
    /// Its path in the folder that was walked; the name of a file that was named.
    pub below: PathBuf,
}

/// The scripts that paths name: files as they are, and of folders every `*.sql` that no ignore file names and that is
/// not hidden, in order of their paths. What lies below `without` is left out.
///
/// # Errors
/// If a folder cannot be read or has no script.
pub fn scripts(paths: &[PathBuf], without: Option<&Path>) -> Result<Vec<Found>> {
    let mut all = Vec::new();
    for path in paths {
        if is_stdin(path) || !path.is_dir() {
            all.push(Found {
                path: path.clone(),
                below: path.file_name().map_or_else(PathBuf::new, PathBuf::from),
            });
            continue;
        }
        let found = below(path, without)?;
        if found.is_empty() {
            bail!(
                "there is no *.sql below {} that no ignore file names",
                show(path)
            );
        }
        all.extend(found);
    }
    Ok(all)
}

/// The same for one folder, which may have none.
///
/// # Errors
/// If it cannot be read.
pub fn below(folder: &Path, without: Option<&Path>) -> Result<Vec<Found>> {
    let without = without.map(resolved);
    let mut found = Vec::new();
    // A .gitignore counts also where there is no repository: as in a folder that is unpacked from an archive.
    let walk = WalkBuilder::new(folder)
        .require_git(false)
        .filter_entry(move |entry| {
            let is_left_out = |w: &PathBuf| entry.path().is_dir() && resolved(entry.path()) == *w;
            entry.depth() == 0 || !without.as_ref().is_some_and(is_left_out)
        })
        .build();
    for entry in walk {
        let entry = entry.with_context(|| format!("cannot read all of {}", show(folder)))?;
        let path = entry.path();
        if path.extension().is_some_and(|e| e == "sql") && path.is_file() {
            let below = path.strip_prefix(folder).unwrap_or(path).to_owned();
            // As a user would write it.
            let path = match folder == Path::new(".") {
                true => below.clone(),
                false => path.to_owned(),
            };
            found.push(Found { path, below });
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}
