//! `tidegate completions` and `tidegate man`: what clap makes of the flags.

use super::environment::command;
use super::files::{Change, replace_all, show};
use super::{Outcome, manual, output};
use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use clap_complete::Shell;
use clap_mangen::Man;
use std::fs;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: Shell,
}

#[derive(Debug, Args)]
pub struct ManArgs {
    /// Write a page for each command below DIR, instead of the first one to standard output
    #[arg(long, value_name = "DIR", conflicts_with = "format")]
    pub output_dir: Option<PathBuf>,

    /// How it is written
    #[arg(long, value_enum, default_value_t)]
    pub format: ManFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ManFormat {
    /// For `man`: the page of tidegate itself
    #[default]
    Roff,
    /// All commands on one page
    Markdown,
}

/// # Errors
/// If standard output cannot be written.
pub fn completions(args: &CompletionsArgs) -> Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command(), "tidegate", &mut script);
    output::data(&script)?;
    Ok(Outcome::Clean)
}

/// # Errors
/// If the pages cannot be written.
pub fn man(args: &ManArgs) -> Result<Outcome> {
    let mut root = command().disable_help_subcommand(true);
    root.build();
    if let Some(folder) = &args.output_dir {
        let mut pages = Vec::new();
        collect(&root, &mut pages)?;
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", show(folder)))?;
        let changes = pages.into_iter();
        let changes: Vec<Change> = changes
            .map(|(name, text)| Change::write(folder.join(name), text))
            .collect();
        replace_all(&changes)?;
        output::note(&format!(
            "wrote {} to {}",
            output::count(changes.len(), "page"),
            show(folder)
        ));
        return Ok(Outcome::Clean);
    }
    match args.format {
        ManFormat::Roff => output::data(page(&root)?.as_bytes())?,
        ManFormat::Markdown => output::data(manual::page(&root).as_bytes())?,
    }
    Ok(Outcome::Clean)
}

/// The pages of a command and of those below it, with their file names.
fn collect(command: &clap::Command, pages: &mut Vec<(String, String)>) -> Result<()> {
    for sub in command.get_subcommands().filter(|s| !s.is_hide_set()) {
        collect(sub, pages)?;
    }
    pages.push((Man::new(command.clone()).get_filename(), page(command)?));
    Ok(())
}

fn page(command: &clap::Command) -> Result<String> {
    let mut text = Vec::new();
    let man = Man::new(command.clone());
    man.render(&mut text)
        .context("cannot write a page of the manual")?;
    String::from_utf8(text).context("the manual is not UTF-8")
}
