//! `tidegate check`.

use super::args::CheckArgs;
use super::files::Script;
use super::{INTERNAL_ERROR, Outcome, files, output};
use anyhow::Result;
use tidegate::diagnostic::Diagnostic;

/// # Errors
/// If a file cannot be read or a configuration is wrong.
pub fn run(args: &CheckArgs) -> Result<Outcome> {
    files::check_stdin(&args.files, args.stdin_filename.as_deref())?;
    let settings = args.settings();
    let mut all: Vec<Diagnostic> = Vec::new();
    for path in &args.files {
        let script = Script::read(path, args.stdin_filename.as_deref())?;
        let settings = settings.for_script(script.place(args.stdin_filename.as_deref()))?;
        let found = if args.no_validate {
            // One statement at a time: a script may be larger than its trees would leave room for.
            tidegate::parser::check(&script.text, settings.flink)
        } else {
            tidegate::rewrite(&script.text, &settings).diagnostics
        };
        output::diagnostics(&script.name, &script.text, &found);
        all.extend(found);
    }
    output::totals(all.iter());
    Ok(if all.iter().any(|d| d.name == INTERNAL_ERROR) {
        Outcome::Broken
    } else if all.iter().any(Diagnostic::is_error) {
        Outcome::Findings
    } else {
        Outcome::Clean
    })
}
