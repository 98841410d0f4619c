//! `tidegate explain`.

use super::args::{ExplainArgs, ExplainFormat};
use super::files::{Script, check_stdin, is_stdin, write_one};
use super::{INTERNAL_ERROR, Outcome, output};
use anyhow::{Context, Result};
use tidegate::explain;

/// # Errors
/// If a file cannot be read or written, or a configuration is wrong.
pub fn run(args: &ExplainArgs) -> Result<Outcome> {
    let stdin_name = args.stdin_filename.as_deref();
    check_stdin(std::slice::from_ref(&args.file), stdin_name)?;
    args.settings.check()?;
    let script = Script::read(&args.file, stdin_name)?;
    let settings = args.settings.for_script(script.place(stdin_name))?;
    let explained = tidegate::explain(&script.text, &settings);
    let internal = |name: &str| name == INTERNAL_ERROR;
    let broken = explained.diagnostics.iter().any(|d| internal(d.name));
    let Some(explanation) = explained.explanation.filter(|_| !broken) else {
        output::diagnostics(&script.name, &script.text, &explained.diagnostics);
        output::totals(explained.diagnostics.iter());
        return Ok(if broken {
            Outcome::Broken
        } else {
            Outcome::Findings
        });
    };
    let shown = match args.format {
        ExplainFormat::Text => explain::text(&explanation),
        ExplainFormat::Json => {
            serde_json::to_string_pretty(&explanation).context("cannot write JSON")? + "\n"
        }
        ExplainFormat::Mermaid => explain::mermaid(&explanation),
        ExplainFormat::Dot => explain::dot(&explanation),
        ExplainFormat::Svg => explain::svg(&explanation),
    };
    match &args.output {
        Some(path) if !is_stdin(path) => write_one(path, &shown)?,
        _ => output::data(shown.as_bytes())?,
    }
    Ok(if explanation.is_clean() {
        Outcome::Clean
    } else {
        Outcome::Findings
    })
}
