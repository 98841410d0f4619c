//! Standard output and standard error: the only place that prints.

use anyhow::{Context, Result};
use std::io::{ErrorKind, Write};
use tidegate::diagnostic::{Diagnostic, Severity};
use tidegate::report::human::Source;

/// Data, byte for byte. A reader that has gone away is no error: it has what it wanted.
///
/// # Errors
/// If standard output cannot be written for another reason.
pub fn data(bytes: &[u8]) -> Result<()> {
    let mut out = std::io::stdout().lock();
    written(out.write_all(bytes).and_then(|()| out.flush()))
}

/// One line of data.
pub fn line(line: &str) -> Result<()> {
    data(format!("{line}\n").as_bytes())
}

/// Shows diagnostics about `text` on standard error.
pub fn diagnostics(name: &str, text: &str, diagnostics: &[Diagnostic]) {
    if diagnostics.is_empty() {
        return;
    }
    let source = Source::new(name, text);
    let shown: Vec<String> = diagnostics.iter().map(|d| source.styled(d)).collect();
    message(&format!("{}\n", shown.join("\n")));
}

/// Text with terminal colours on standard output, without them where that is no terminal.
///
/// # Errors
/// If standard output cannot be written.
pub fn styled(text: &str) -> Result<()> {
    written(anstream::stdout().lock().write_all(text.as_bytes()))
}

fn written(result: std::io::Result<()>) -> Result<()> {
    match result {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(error).context("cannot write to standard output")
        }
        _ => Ok(()),
    }
}

/// How many errors and warnings there were, if any.
pub fn totals<'a>(diagnostics: impl Iterator<Item = &'a Diagnostic>) {
    let (mut errors, mut warnings) = (0, 0);
    for diagnostic in diagnostics {
        match diagnostic.severity {
            Severity::Error => errors += 1,
            Severity::Warning => warnings += 1,
            Severity::Note => {}
        }
    }
    let parts: Vec<String> = [(errors, "error"), (warnings, "warning")]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, what)| count(n, what))
        .collect();
    if !parts.is_empty() {
        note(&parts.join(", "));
    }
}

pub fn error(error: &anyhow::Error) {
    note(&format!("error: {error:#}"));
}

/// One line on standard error.
pub fn note(line: &str) {
    message(&format!("{line}\n"));
}

/// Text with terminal colours on standard error.
pub fn message(text: &str) {
    // Colours are dropped where standard error is no terminal. If it cannot be written, there is
    // nowhere left to say so.
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}

/// `1 error`, `2 errors`, `2 fixes`.
pub fn count(n: usize, what: &str) -> String {
    let plural = match n {
        1 => "",
        _ if what.ends_with('x') => "es",
        _ => "s",
    };
    format!("{n} {what}{plural}")
}
