//! The settings of a script: its `tidegate.toml`, and flags and variables on top.

use super::args::{ConfigArgs, RoleName, SettingsArgs};
use super::environment::Source;
use super::files::{Script, read_text, show};
use super::output;
use anyhow::{Context, Result, bail};
use std::path::{Component, Path, PathBuf};
use std::sync::PoisonError;
use tidegate::config::{CatalogText, Configuration, ForScript, Role, Settings};
use tidegate::diagnostic::Diagnostic;
use tidegate::outside::Outside;
use tidegate::text::LineIndex;

/// The name that is looked for in the folder of a script and in those above it.
pub const FILE_NAME: &str = "tidegate.toml";

/// The settings of a script, and the file that says some of them.
pub struct InForce {
    pub settings: Settings,
    pub file: Option<File>,
}

/// A `tidegate.toml` that was read for a script.
pub struct File {
    pub path: PathBuf,
    pub text: String,
    pub says: ForScript,
    /// The script as its overrides match it.
    pub script: Option<String>,
}

impl SettingsArgs {
    /// # Errors
    /// If role and cutover do not go together.
    pub fn check(&self) -> Result<()> {
        self.role().map(|_| ())
    }

    fn role(&self) -> Result<Role> {
        match (self.role, self.cutover) {
            (RoleName::First, None) => Ok(Role::First),
            (RoleName::First, Some(_)) if self.ignores_cutover() => Ok(Role::First),
            (RoleName::First, Some(_)) => {
                bail!("`--cutover` goes with `--role outgoing` or `--role incoming`")
            }
            (RoleName::Outgoing, Some(cutover)) => Ok(Role::Outgoing { cutover }),
            (RoleName::Incoming, Some(cutover)) => Ok(Role::Incoming { cutover }),
            (RoleName::Outgoing | RoleName::Incoming, None) => {
                bail!("`--role outgoing` and `--role incoming` need a `--cutover`")
            }
        }
    }

    /// A variable that a flag contradicts.
    pub fn ignores_cutover(&self) -> bool {
        let of = |id: &str| self.sources.of(id);
        self.role == RoleName::First
            && of("role") == Some(Source::Flag)
            && of("cutover") == Some(Source::Environment)
    }

    /// The settings for a script at `path` (which need not exist), or for one without a place.
    ///
    /// # Errors
    /// If a configuration cannot be read or is wrong (what is wrong in it is shown before), or the
    /// flags do not go with it.
    pub fn for_script(&self, path: Option<&Path>) -> Result<Settings> {
        Ok(self.in_force(path)?.settings)
    }

    /// The same, with the file that was read.
    ///
    /// # Errors
    /// As [`Self::for_script`].
    pub fn in_force(&self, path: Option<&Path>) -> Result<InForce> {
        let mut catalog = Vec::new();
        let file = self.config.file(path)?;
        let file = file.map(|config| read(config, path)).transpose()?;
        let mut settings = Settings::default();
        if let Some(File { path, says, .. }) = &file {
            for pattern in &says.catalog {
                catalog.extend(matching(path, pattern)?);
            }
            settings.clone_from(&says.settings);
        }
        settings.role = self.role()?;
        if let Some(kind) = self.gate_kind {
            settings.gate.kind = kind.into();
        }
        if let Some(late) = self.late {
            settings.gate.late = late.into();
        }
        if let Some(why) = settings.gate.contradiction(settings.role) {
            bail!("{why}");
        }
        if let Some(version) = self.config.flink_version {
            settings.flink = version;
        }
        if let Some(delay_ms) = self.watermark_delay {
            settings.watermark.delay_ms = delay_ms;
        }
        settings.validate = !self.no_validate;
        catalog.extend(self.config.catalog());
        self.read_catalog(&catalog, &mut settings)?;
        Ok(InForce { settings, file })
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
}

impl ConfigArgs {
    /// The catalog files of the flags, or of the variable.
    pub fn catalog(&self) -> Vec<PathBuf> {
        match self.sources.of("catalog") {
            Some(Source::Environment) => {
                let lists = self.catalog.iter();
                lists.flat_map(std::env::split_paths).collect()
            }
            _ => self.catalog.clone(),
        }
    }

    /// The configuration of a script: the one that is named, or the nearest above it.
    ///
    /// # Errors
    /// If one is named and none is wanted.
    fn file(&self, script: Option<&Path>) -> Result<Option<PathBuf>> {
        let by_flag = |id: &str| self.sources.is_flag(id);
        match &self.config {
            Some(_) if self.isolated && by_flag("config") == by_flag("isolated") => {
                bail!("`--isolated` cannot be used with `--config`")
            }
            Some(config) if !self.isolated || by_flag("config") => return Ok(Some(config.clone())),
            _ if self.isolated => return Ok(None),
            _ => {}
        }
        let script = absolute(script.unwrap_or(Path::new("script.sql")))?;
        let found = script
            .ancestors()
            .skip(1)
            .map(|folder| folder.join(FILE_NAME))
            .find(|file| file.is_file());
        Ok(found.map(|file| relative(&file)))
    }
}

impl ConfigArgs {
    /// What is wrong with the configuration of a script, in one line with its place, for who has no snippets.
    pub fn what_is_wrong(&self, script: Option<&Path>) -> Option<String> {
        let config = self.file(script).ok()??;
        let text = read_text(&config).ok()?;
        let said = Configuration::parse(&text).and_then(|c| c.for_script(None).map(|_| ()));
        let wrong = said.err()?;
        let at = LineIndex::new(&text).line_col(&text, wrong.span.start);
        let help = wrong.help.iter().map(|help| format!(" ({help})"));
        let help: String = help.collect();
        let (line, column) = (at.line, at.column);
        Some(format!(
            "{}:{line}:{column}: {}{help}",
            show(&config),
            wrong.message
        ))
    }
}

/// # Errors
/// If it cannot be read or is wrong, which is shown before.
fn read(config: PathBuf, script: Option<&Path>) -> Result<File> {
    let text = read_text(&config)?;
    let script = match script {
        Some(script) => Some(between(&absolute(&config)?, &absolute(script)?)),
        None => None,
    };
    let said = Configuration::parse(&text).and_then(|c| c.for_script(script.as_deref()));
    match said {
        Ok(says) => Ok(File {
            path: config,
            text,
            says,
            script,
        }),
        Err(diagnostic) => {
            output::diagnostics(&show(&config), &text, &[*diagnostic]);
            bail!("the configuration cannot be used");
        }
    }
}

/// Without `.` and `..`; links are not followed.
fn absolute(path: &Path) -> Result<PathBuf> {
    let absolute = std::path::absolute(path)
        .with_context(|| format!("cannot find the folder of {}", show(path)))?;
    let mut plain = PathBuf::new();
    for part in absolute.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    Ok(plain)
}

/// The way from the folder of one file to another one, with `/` on every system.
fn between(file: &Path, other: &Path) -> String {
    let folder = file.parent().unwrap_or(file);
    let (from, to) = (folder.components(), other.components());
    let shared = from.clone().zip(to.clone()).take_while(|(a, b)| a == b);
    let shared = shared.count();
    let up = from.skip(shared).map(|_| "..".to_owned());
    let down = to
        .skip(shared)
        .map(|c| c.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
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
