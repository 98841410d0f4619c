//! `tidegate verify`.

use super::args::{ChooseT, OutputFormat, ReplayArgs, VerifyArgs};
use super::files::{Script, check_stdin};
use super::progress::Bar;
use super::{INTERNAL_ERROR, Outcome, output};
use anyhow::{Context, Result, bail};
use std::path::Path;
use tidegate::Checked;
use tidegate::config::{GateKind, Settings, parse_delay};
use tidegate::verify::replay::{Choice, Model};
use tidegate::verify::{self, Content, Data, Options, Progress, Scripts, Watch};

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
        replay: model(&args.replay)?,
    };
    let bar = match args.output_format {
        OutputFormat::Human => Bar::on_terminal(),
        OutputFormat::Json => Bar::hidden(),
    };
    let watch = |at: Progress<'_>| bar.show(at);
    let checked = match (&args.outgoing, &args.incoming) {
        (Some(outgoing), Some(incoming)) => {
            given(&script, outgoing, incoming, &settings, &options, &watch)?
        }
        _ => tidegate::verify_watched(&script.text, &settings, &options, &watch),
    };
    bar.clear();
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
    if let Some(path) = &args.replay.plot {
        match verify::replay::plot(&report) {
            Some(svg) => std::fs::write(path, svg)
                .with_context(|| format!("cannot write {}", path.display()))?,
            None => bail!(
                "nothing was replayed, so there is no plot: {}",
                path.display()
            ),
        }
    }
    Ok(if report.is_clean() {
        Outcome::Clean
    } else {
        Outcome::Findings
    })
}

fn model(args: &ReplayArgs) -> Result<Option<Model>> {
    if !args.replay {
        return Ok(None);
    }
    let ms = |delay: u64| i64::try_from(delay).context("a delay of more than 292 million years");
    let parsed = |text: &str| match parse_delay(text) {
        Ok(delay) => ms(delay),
        Err(why) => bail!("`{text}`: {why}"),
    };
    let mut model = Model {
        choice: match args.choose_t {
            ChooseT::Given => Choice::Given,
            ChooseT::Flip504 => Choice::Flip504,
        },
        deletion_delay: args.deletion_delay.map(ms).transpose()?,
        lag_ms: ms(args.lag)?,
        propagation_ms: ms(args.propagation)?,
        ..Model::default()
    };
    for given in &args.out_of_order {
        match given.split_once('=') {
            Some((table, delay)) => {
                model.out_of_order.insert(table.to_owned(), parsed(delay)?);
            }
            None => model.out_of_order_of_all = Some(parsed(given)?),
        }
    }
    for given in &args.idle {
        let Some((table, delay)) = given.split_once('=') else {
            bail!("`--idle {given}`: write it as `--idle table=30s`");
        };
        model.idle.insert(table.to_owned(), parsed(delay)?);
    }
    Ok(Some(model))
}

/// The same over gated scripts that somebody else wrote.
fn given(
    script: &Script,
    outgoing: &Path,
    incoming: &Path,
    settings: &Settings,
    options: &Options,
    watch: Watch<'_>,
) -> Result<Checked> {
    let (outgoing, incoming) = (Script::read(outgoing, None)?, Script::read(incoming, None)?);
    let scripts = Scripts {
        ungated: &script.text,
        first: None,
        outgoing: &outgoing.text,
        incoming: &incoming.text,
    };
    Ok(
        match verify::given_watched(scripts, settings, options, watch) {
            Ok(report) => Checked {
                report: Some(report),
                diagnostics: Vec::new(),
            },
            Err(diagnostics) => Checked {
                report: None,
                diagnostics,
            },
        },
    )
}

/// `table=file`, read.
fn data(given: &str) -> Result<Data> {
    let Some((table, file)) = given.split_once('=') else {
        bail!("`--data {given}`: write it as `--data table=file.csv`");
    };
    let path = Path::new(file);
    let text = || Script::read(path, None).map(|script| script.text);
    let content = match path.extension().and_then(|e| e.to_str()) {
        Some("csv") => Content::Csv(text()?),
        Some("json" | "jsonl" | "ndjson") => Content::JsonLines(text()?),
        Some("parquet") => bail!(
            "`{file}`: Parquet is not read; make JSON lines of it, with DuckDB for example: duckdb -c \"COPY \
             '{file}' TO '{}'\"",
            path.with_extension("json").display()
        ),
        _ => bail!("`{file}` is neither *.csv nor *.json: no other files can be read"),
    };
    Ok(Data {
        table: table.to_owned(),
        name: file.to_owned(),
        content,
    })
}
