//! The settings of a script: its `tidegate.toml`, and the flags on top.

use super::args::{RoleName, SettingsArgs};
use super::files::{Script, read_text, show};
use super::output;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use tidegate::config::{CatalogText, Role, Settings, catalog_patterns};
use tidegate::diagnostic::Diagnostic;
use tidegate::outside::Outside;

/// The name that is looked for in the folder of a script and in those above it.
const FILE_NAME: &str = "tidegate.toml";

impl SettingsArgs {
    /// # Errors
    /// If role and cutover do not go together.
    pub fn check(&self) -> Result<()> {
        match (self.role, self.cutover) {
            (RoleName::First, Some(_)) => {
                bail!("`--cutover` goes with `--role outgoing` or `--role incoming`")
            }
            (RoleName::Outgoing | RoleName::Incoming, None) => {
                bail!("`--role outgoing` and `--role incoming` need a `--cutover`")
            }
            _ => Ok(()),
        }
    }

    /// The settings for a script at `path` (which need not exist), or for one without a place.
    ///
    /// # Errors
    /// If a configuration cannot be read or is wrong (what is wrong in it is shown before), or the
    /// flags do not go with it.
    pub fn for_script(&self, path: Option<&Path>) -> Result<Settings> {
        let mut catalog = Vec::new();
        let mut settings = match self.config_path(path)? {
            Some(config) => {
                let text = read_text(&config)?;
                for pattern in catalog_patterns(&text) {
                    catalog.extend(matching(&config, &pattern)?);
                }
                match Settings::from_toml(&text) {
                    Ok(settings) => settings,
                    Err(diagnostic) => {
                        output::diagnostics(&show(&config), &text, &[*diagnostic]);
                        bail!("the configuration cannot be used");
                    }
                }
            }
            None => Settings::default(),
        };
        settings.role = match (self.role, self.cutover) {
            (RoleName::Outgoing, Some(cutover)) => Role::Outgoing { cutover },
            (RoleName::Incoming, Some(cutover)) => Role::Incoming { cutover },
            _ => Role::First,
        };
        if let Some(kind) = self.gate_kind {
            settings.gate.kind = kind.into();
        }
        if let Some(late) = self.late {
            settings.gate.late = late.into();
        }
        if let Some(why) = settings.gate.contradiction(settings.role) {
            bail!("{why}");
        }
        if let Some(version) = self.flink_version {
            settings.flink = version;
        }
        if let Some(delay_ms) = self.watermark_delay {
            settings.watermark.delay_ms = delay_ms;
        }
        settings.validate = !self.no_validate;
        catalog.extend(self.catalog.iter().cloned());
        self.read_catalog(&catalog, &mut settings)?;
        Ok(settings)
    }

    /// # Errors
    /// If a file cannot be read, or a statement in one; what is wrong is shown before.
    fn read_catalog(&self, files: &[PathBuf], settings: &mut Settings) -> Result<()> {
        for file in files {
            let script = Script::read(file, None)?;
            settings.catalog.push(CatalogText {
                name: script.name,
                text: script.text,
            });
        }
        let outside = Outside::read(&settings.catalog, settings.flink);
        for (index, file) in files.iter().enumerate() {
            let found = outside.diagnostics.iter().filter(|(of, _)| *of == index);
            let found: Vec<Diagnostic> = found.map(|(_, d)| d.clone()).collect();
            let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
            if shown.insert(file.clone()) {
                let CatalogText { name, text } = &settings.catalog[index];
                output::diagnostics(name, text, &found);
            }
            if found.iter().any(Diagnostic::is_error) {
                bail!("the catalog file {} cannot be used", show(file));
            }
        }
        Ok(())
    }

    fn config_path(&self, script: Option<&Path>) -> Result<Option<PathBuf>> {
        if self.isolated {
            return Ok(None);
        }
        if self.config.is_some() {
            return Ok(self.config.clone());
        }
        let script = script.unwrap_or(Path::new("script.sql"));
        let absolute = std::path::absolute(script)
            .with_context(|| format!("cannot find the folder of {}", show(script)))?;
        let found = absolute
            .ancestors()
            .skip(1)
            .map(|folder| folder.join(FILE_NAME))
            .find(|file| file.is_file());
        Ok(found.map(|file| relative(&file)))
    }
}

/// The files that a pattern in a configuration names, in order of their names.
fn matching(config: &Path, pattern: &str) -> Result<Vec<PathBuf>> {
    let folder = config.parent().map_or_else(String::new, |folder| {
        glob::Pattern::escape(&folder.to_string_lossy())
    });
    let whole = Path::new(&folder).join(pattern);
    let found = glob::glob(&whole.to_string_lossy())
        .with_context(|| format!("{}: catalog = \"{pattern}\"", show(config)))?;
    let found: Vec<PathBuf> = found
        .collect::<Result<_, _>>()
        .with_context(|| format!("{}: catalog = \"{pattern}\"", show(config)))?;
    if found.is_empty() {
        bail!("{}: no file matches catalog = \"{pattern}\"", show(config));
    }
    Ok(found)
}

/// Relative to where the user stands, if it is below.
fn relative(file: &Path) -> PathBuf {
    std::env::current_dir()
        .ok()
        .and_then(|here| file.strip_prefix(here).ok().map(Path::to_owned))
        .unwrap_or_else(|| file.to_owned())
}
