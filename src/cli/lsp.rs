//! `tidegate lsp`.

use super::Outcome;
use super::args::{ConfigArgs, SettingsArgs};
use super::files::{Script, resolved};
use super::walk;
use anyhow::{Context, Result};
use clap::Args;
use lsp_server::Connection;
use std::path::{Path, PathBuf};
use tidegate::config::Settings;
use tidegate::lsp::{self, Files, Unusable};

#[derive(Debug, Args)]
pub struct LspArgs {
    /// Speak over standard input and output, which it does anyway: for editors that say so
    #[arg(long, hide = true)]
    pub stdio: bool,

    #[command(flatten)]
    pub config: ConfigArgs,
}

/// # Errors
/// If the client does not keep to the protocol, or goes away within a message.
pub fn run(args: &LspArgs) -> Result<Outcome> {
    let (connection, threads) = Connection::stdio();
    let served = lsp::serve(&connection, &Disk { args });
    // The threads end once nobody can send any more.
    drop(connection);
    served.context("the editor does not keep to the Language Server Protocol")?;
    threads.join().context("cannot speak with the editor")?;
    Ok(Outcome::Clean)
}

struct Disk<'a> {
    args: &'a LspArgs,
}

impl Files for Disk<'_> {
    fn settings(&self, script: Option<&Path>) -> Result<Settings, Unusable> {
        let settings = SettingsArgs {
            config: self.args.config.clone(),
            ..SettingsArgs::default()
        };
        let found = settings.for_script(script).map_err(|error| {
            let place = self.args.config.what_is_wrong(script);
            Unusable(place.unwrap_or_else(|| format!("{error:#}")))
        });
        let mut settings = found?;
        // A file of the catalog that is being edited is no catalog to itself.
        if let Some(script) = script.map(resolved) {
            let is_other = |name: &str| resolved(Path::new(name)) != script;
            settings.catalog.retain(|text| is_other(&text.name));
        }
        Ok(settings)
    }

    fn scripts(&self, folder: &Path) -> Vec<PathBuf> {
        let found = walk::below(folder, None).unwrap_or_default();
        found.into_iter().map(|f| f.path).collect()
    }

    fn read(&self, path: &Path) -> Option<String> {
        Script::read(path, None).ok().map(|script| script.text)
    }
}
