//! Scripts in, scripts out.

use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;
use tidegate::text::EditSet;

/// A script that was read.
pub struct Script {
    /// As it is called in messages.
    pub name: String,
    /// `None` for standard input.
    pub path: Option<PathBuf>,
    /// Without its byte order mark: that belongs to the file. Flink reads none.
    pub text: String,
    has_mark: bool,
}

const BYTE_ORDER_MARK: &str = "\u{feff}";

impl Script {
    /// # Errors
    /// If it cannot be read, is not UTF-8, or is too large for 32-bit positions.
    pub fn read(path: &Path, stdin_name: Option<&Path>) -> Result<Script> {
        let (name, bytes) = if is_stdin(path) {
            let name = stdin_name.map_or("<stdin>".to_owned(), show);
            let mut bytes = Vec::new();
            std::io::stdin()
                .read_to_end(&mut bytes)
                .context("cannot read standard input")?;
            (name, bytes)
        } else {
            let bytes = fs::read(path).with_context(|| format!("cannot read {}", show(path)))?;
            (show(path), bytes)
        };
        let text = decode(&name, bytes)?;
        let (text, has_mark) = match text.strip_prefix(BYTE_ORDER_MARK) {
            Some(rest) => (rest.to_owned(), true),
            None => (text, false),
        };
        Ok(Script {
            name,
            path: (!is_stdin(path)).then(|| path.to_owned()),
            text,
            has_mark,
        })
    }

    /// Where its configuration is looked for: standard input is taken to lie at `stdin_name`.
    pub fn place<'a>(&'a self, stdin_name: Option<&'a Path>) -> Option<&'a Path> {
        self.path.as_deref().or(stdin_name)
    }

    /// What is written in place of this script: with a byte order mark if it has one.
    pub fn encode(&self, text: &str) -> String {
        let mark = if self.has_mark { BYTE_ORDER_MARK } else { "" };
        format!("{mark}{text}")
    }

    /// Edits on the text as edits on the file.
    ///
    /// # Errors
    /// If the file then is too large for 32-bit positions.
    pub fn edits(&self, on_text: &EditSet) -> Result<EditSet> {
        let mark = if self.has_mark {
            BYTE_ORDER_MARK.len()
        } else {
            0
        };
        Ok(on_text.moved(mark as u32)?)
    }
}

pub fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// # Errors
/// If standard input is to be read twice, or is named but not read.
pub fn check_stdin(files: &[PathBuf], stdin_name: Option<&Path>) -> Result<()> {
    match files.iter().filter(|f| is_stdin(f)).count() {
        0 if stdin_name.is_some() => bail!("`--stdin-filename` goes with `-`"),
        0 | 1 => Ok(()),
        _ => bail!("standard input can be read only once"),
    }
}

/// A path in messages: with `/` on every system.
pub fn show(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}

fn decode(name: &str, bytes: Vec<u8>) -> Result<String> {
    if u32::try_from(bytes.len()).is_err() {
        bail!("{name} is larger than 4 GiB");
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
        let hint = if utf16 { "; it looks like UTF-16" } else { "" };
        anyhow::anyhow!(
            "{name} is not UTF-8: byte 0x{:02X} at offset {at}{hint}",
            bytes[at]
        )
    })
}

/// The text of a configuration file.
pub fn read_text(path: &Path) -> Result<String> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", show(path)))?;
    decode(&show(path), bytes)
}

/// One file of those that [`replace_all`] writes or removes.
pub struct Change {
    path: PathBuf,
    /// `None` removes the file.
    content: Option<String>,
    permissions_of: Option<PathBuf>,
}

impl Change {
    /// With the permissions that the file has; a new one has those of any new file.
    pub fn write(path: PathBuf, content: String) -> Self {
        Self {
            path,
            content: Some(content),
            permissions_of: None,
        }
    }

    pub fn remove(path: PathBuf) -> Self {
        Self {
            path,
            content: None,
            permissions_of: None,
        }
    }

    /// With the permissions of another file, which its owner may write.
    pub fn with_permissions_of(mut self, other: &Path) -> Self {
        self.permissions_of = Some(other.to_owned());
        self
    }
}

/// Does all changes, or none of them.
///
/// All new texts are on the disk, each beside its target, before the first target is replaced, and
/// files are removed last; should a change fail even then, those that are done are taken back.
///
/// # Errors
/// If a file cannot be written or removed; all of them then are as they were.
pub fn replace_all(changes: &[Change]) -> Result<()> {
    let mut contents = BTreeMap::new();
    for Change { path, content, .. } in changes {
        if contents.insert(path, content).is_some_and(|c| c != content) {
            bail!("{} would be written twice", show(path));
        }
    }
    let mut staged = Vec::with_capacity(changes.len());
    for change in changes {
        if let Some(text) = &change.content {
            staged.push(stage(
                &change.path,
                text.as_bytes(),
                change.permissions_of.as_deref(),
            )?);
        }
    }
    let mut done: Vec<(PathBuf, Option<Before>)> = Vec::new();
    for (temporary, target) in staged {
        let before = Before::of(&target);
        if let Err(error) = temporary.persist(&target) {
            take_back(done);
            return Err(error.error).with_context(|| format!("cannot replace {}", show(&target)));
        }
        done.push((target, before));
    }
    for change in changes.iter().filter(|c| c.content.is_none()) {
        let before = Before::of(&change.path);
        // A script that is named twice has one map.
        if before.is_none() {
            continue;
        }
        if let Err(error) = fs::remove_file(&change.path) {
            take_back(done);
            return Err(error).with_context(|| format!("cannot remove {}", show(&change.path)));
        }
        done.push((change.path.clone(), before));
    }
    Ok(())
}

/// A file as it was.
struct Before {
    bytes: Vec<u8>,
    permissions: fs::Permissions,
}

impl Before {
    fn of(path: &Path) -> Option<Self> {
        Some(Self {
            bytes: fs::read(path).ok()?,
            permissions: fs::metadata(path).ok()?.permissions(),
        })
    }
}

fn take_back(done: Vec<(PathBuf, Option<Before>)>) {
    for (path, before) in done.into_iter().rev() {
        // Best effort: the error that is reported is the one that led here.
        let _ = match before {
            Some(before) => stage(&path, &before.bytes, None).and_then(|(temporary, target)| {
                temporary.as_file().set_permissions(before.permissions)?;
                temporary.persist(target)?;
                Ok(())
            }),
            None => fs::remove_file(path).map_err(Into::into),
        };
    }
}

/// Writes a file that is not yet there, or replaces it, in one step.
///
/// # Errors
/// If it cannot be written; it then is as it was.
pub fn write_one(path: &Path, text: &str) -> Result<()> {
    // A pipe or a device is written to, not replaced.
    if fs::metadata(path).is_ok_and(|m| !m.is_file() && !m.is_dir()) {
        return fs::write(path, text).with_context(|| format!("cannot write {}", show(path)));
    }
    replace_all(&[Change::write(path.to_owned(), text.to_owned())])
}

/// Through symbolic links: the file is meant, not the link.
pub fn resolved(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// The file that stands beside another one, under its name with `extension` behind it.
pub fn beside(path: &Path, extension: &str) -> PathBuf {
    let file = match path.is_symlink() {
        true => resolved(path),
        false => path.to_owned(),
    };
    let mut name = file.into_os_string();
    name.push(extension);
    name.into()
}

/// Writes the new content beside the target, with the target's permissions or those of another file.
fn stage(
    path: &Path,
    bytes: &[u8],
    permissions_of: Option<&Path>,
) -> Result<(NamedTempFile, PathBuf)> {
    let cannot = || format!("cannot write {}", show(path));
    let target = resolved(path);
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let permissions = match fs::metadata(&target) {
        Ok(metadata) if metadata.is_dir() => bail!("{}: it is a folder", cannot()),
        Ok(metadata) if metadata.permissions().readonly() => {
            bail!("{}: it is read-only", cannot())
        }
        Ok(metadata) => Some(metadata.permissions()),
        Err(_) => None,
    };
    let permissions = match permissions_of {
        Some(other) => Some(writable(fs::metadata(other).with_context(cannot)?)),
        None => permissions,
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".tidegate-");
    #[cfg(unix)]
    if permissions.is_none() {
        use std::os::unix::fs::PermissionsExt;
        // As any new file: what the umask leaves of it.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut temporary = builder.tempfile_in(folder).with_context(cannot)?;
    temporary.write_all(bytes).with_context(cannot)?;
    if let Some(permissions) = permissions {
        temporary
            .as_file()
            .set_permissions(permissions)
            .with_context(cannot)?;
    }
    temporary.as_file().sync_all().with_context(cannot)?;
    Ok((temporary, target))
}

#[cfg(unix)]
fn writable(of: fs::Metadata) -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    fs::Permissions::from_mode(of.permissions().mode() | 0o200)
}

#[cfg(not(unix))]
fn writable(of: fs::Metadata) -> fs::Permissions {
    let mut permissions = of.permissions();
    permissions.set_readonly(false);
    permissions
}

/// Every `*.sql` below a folder, hidden ones too, in order of their paths.
pub fn scripts_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut scripts = Vec::new();
    for entry in ignore::WalkBuilder::new(folder)
        .standard_filters(false)
        .build()
    {
        let path = entry?.into_path();
        if path.extension().is_some_and(|e| e == "sql") && path.is_file() {
            scripts.push(path);
        }
    }
    scripts.sort();
    Ok(scripts)
}
