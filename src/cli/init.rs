//! `tidegate init`.

use super::files::{Script, show, write_one};
use super::{Outcome, output, walk};
use anyhow::{Result, bail};
use clap::Args;
use std::path::{Path, PathBuf};
use tidegate::config::CatalogText;
use tidegate::starter::starter;

#[derive(Debug, Args)]
pub struct InitArgs {
    /// The folder of the scripts, which gets the file
    #[arg(default_value = ".", value_name = "DIR")]
    pub folder: PathBuf,

    /// Replace a tidegate.toml that is there
    #[arg(long)]
    pub force: bool,

    /// Print it instead
    #[arg(long, conflicts_with = "force")]
    pub stdout: bool,
}

/// # Errors
/// If the folder or a script cannot be read, or there is a file already.
pub fn run(args: &InitArgs) -> Result<Outcome> {
    let folder = &args.folder;
    if !folder.is_dir() {
        bail!("{} is no folder", show(folder));
    }
    let target = match folder == Path::new(".") {
        true => PathBuf::from(super::settings::FILE_NAME),
        false => folder.join(super::settings::FILE_NAME),
    };
    // A link that leads nowhere is something, too.
    let is_there = std::fs::symlink_metadata(&target).is_ok();
    if is_there && !args.force && !args.stdout {
        bail!("{} is there already; `--force` replaces it", show(&target));
    }
    let mut scripts = Vec::new();
    for found in walk::below(folder, None)? {
        scripts.push(CatalogText {
            name: show(&found.below),
            text: Script::read(&found.path, None)?.text,
        });
    }
    let text = starter(&scripts);
    if args.stdout {
        output::data(text.as_bytes())?;
        return Ok(Outcome::Clean);
    }
    write_one(&target, &text)?;
    let number = output::count(scripts.len(), "script");
    output::note(&format!("wrote {} for {number}", show(&target)));
    Ok(Outcome::Clean)
}
