//! `tidegate verify`.

use super::args::{OutputFormat, VerifyArgs};
use super::files::{Script, check_stdin};
use super::{INTERNAL_ERROR, Outcome, output};
use anyhow::{Context, Result, bail};
use std::path::Path;
use tidegate::Checked;
use tidegate::config::{GateKind, Settings};
use tidegate::verify::{self, Data, DataFormat, Options, Scripts};

/// # Errors
/// If a file cannot be read, a configuration is wrong, or a table's file is of no known kind.
pub fn run(args: &VerifyArgs) -> Result<Outcome> {
    let stdin_name = args.stdin_filename.as_deref();
    check_stdin(std::slice::from_ref(&args.file), stdin_name)?;
    let script = Script::read(&args.file, stdin_name)?;
    let mut settings = args.settings().for_script(script.place(stdin_name))?;
    // Literals are what is checked; a function that is called instead is not there.
    settings.gate.kind = GateKind::Cutover;
    let options = Options {
        cutover: args.cutover.0,
        rows: usize::from(args.rows),
        seed: args.seed,
        data: args
            .data
            .iter()
            .map(|given| data(given))
            .collect::<Result<_>>()?,
    };
    let checked = match (&args.outgoing, &args.incoming) {
        (Some(outgoing), Some(incoming)) => {
            given(&script, outgoing, incoming, &settings, &options)?
        }
        _ => tidegate::verify(&script.text, &settings, &options),
    };
    output::diagnostics(&script.name, &script.text, &checked.diagnostics);
    let Some(report) = checked.report else {
        output::totals(checked.diagnostics.iter());
        let broken = |name: &str| name == INTERNAL_ERROR || name == "unreadable-data";
        let broken = checked.diagnostics.iter().any(|d| broken(d.name));
        return Ok(if broken {
            Outcome::Broken
        } else {
            Outcome::Findings
        });
    };
    let shown = match args.output_format {
        OutputFormat::Human => verify::text(&report, &script.text),
        OutputFormat::Json => {
            serde_json::to_string_pretty(&report).context("cannot write JSON")? + "\n"
        }
    };
    output::data(shown.as_bytes())?;
    Ok(if report.is_clean() {
        Outcome::Clean
    } else {
        Outcome::Findings
    })
}

/// The same over gated scripts that somebody else wrote.
fn given(
    script: &Script,
    outgoing: &Path,
    incoming: &Path,
    settings: &Settings,
    options: &Options,
) -> Result<Checked> {
    let (outgoing, incoming) = (Script::read(outgoing, None)?, Script::read(incoming, None)?);
    let scripts = Scripts {
        ungated: &script.text,
        first: None,
        outgoing: &outgoing.text,
        incoming: &incoming.text,
    };
    Ok(match verify::given(scripts, settings, options) {
        Ok(report) => Checked {
            report: Some(report),
            diagnostics: Vec::new(),
        },
        Err(diagnostics) => Checked {
            report: None,
            diagnostics,
        },
    })
}

/// `table=file`, read.
fn data(given: &str) -> Result<Data> {
    let Some((table, file)) = given.split_once('=') else {
        bail!("`--data {given}`: write it as `--data table=file.csv`");
    };
    let format = match Path::new(file).extension().and_then(|e| e.to_str()) {
        Some("csv") => DataFormat::Csv,
        Some("json" | "jsonl" | "ndjson") => DataFormat::JsonLines,
        _ => bail!("`{file}` is neither *.csv nor *.json: no other files can be read"),
    };
    let script = Script::read(Path::new(file), None)?;
    Ok(Data {
        table: table.to_owned(),
        name: script.name,
        format,
        text: script.text,
    })
}
