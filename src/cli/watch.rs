//! `tidegate check --watch`.

use super::args::CheckArgs;
use super::check::{check_all, show, summary, watched};
use super::{Outcome, output};
use anyhow::{Context, Result, bail};
use notify_debouncer_mini::notify::RecursiveMode;
use notify_debouncer_mini::{DebounceEventResult, new_debouncer};
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

/// Editors write a file in several steps.
const SETTLE: Duration = Duration::from_millis(100);

/// Checks once, and again after each change of a script or a configuration below the watched folders, until interrupted.
///
/// # Errors
/// If the folders cannot be watched. What is wrong with a file or a configuration is said, and waited for to be mended.
pub fn run(args: &CheckArgs) -> Result<Outcome> {
    if args.paths.iter().any(|p| super::files::is_stdin(p)) {
        bail!("standard input cannot be watched");
    }
    let (sender, changes) = mpsc::channel::<DebounceEventResult>();
    let mut debouncer = new_debouncer(SETTLE, sender).context("cannot watch files")?;
    for folder in watched(args) {
        let watch = debouncer.watcher().watch(&folder, RecursiveMode::Recursive);
        watch.with_context(|| format!("cannot watch {}", super::files::show(&folder)))?;
    }
    once(args);
    while let Ok(events) = changes.recv() {
        let matters = |path: &Path| path.extension().is_some_and(|e| e == "sql" || e == "toml");
        if events.is_ok_and(|events| events.iter().any(|e| matters(&e.path))) {
            once(args);
        }
    }
    Ok(Outcome::Clean)
}

fn once(args: &CheckArgs) {
    let result = check_all(args).and_then(|checked| {
        show(args, &checked, false)?;
        summary(args, &checked);
        Ok(checked.len())
    });
    match result {
        Ok(n) => output::note(&format!(
            "{} checked; waiting for changes",
            output::count(n, "script")
        )),
        Err(error) => output::error(&error),
    }
}
