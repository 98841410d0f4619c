//! `tidegate debug …`: single stages, and what the corpus runs share.

use super::args::{DebugCommand, PlanArgs, StageArgs};
use super::output;
use super::{Outcome, corpus, event_times, files};
use anyhow::Result;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use tidegate::catalog::Catalog;
use tidegate::config::FlinkVersion;
use tidegate::diagnostic::Diagnostic;
use tidegate::lexer::Token;
use tidegate::outside::Outside;
use tidegate::report::mask::Masked;
use tidegate::syntax::{self, Statement, StatementKind};
use tidegate::text::{LineIndex, Span};
use tidegate::{parser, plan, time};

/// # Errors
/// As the command that is run.
pub fn run(command: &DebugCommand) -> Result<Outcome> {
    match command {
        DebugCommand::Tokens(args) => dump(args, tokens),
        DebugCommand::Statements(args) => dump(args, |text, script| {
            let index = LineIndex::new(text);
            let each = script.statements.iter();
            each.map(|s| statement(text, &index, s)).collect()
        }),
        DebugCommand::Catalog(args) => {
            dump(args, |_, script| format!("{:#?}\n", Catalog::build(script)))
        }
        DebugCommand::Time(args) => dump(args, |text, script| {
            let catalog = Catalog::build(script);
            let declared = time::declared(&catalog);
            format!(
                "{:#?}\n",
                time::analyse(script, text, &catalog, &declared, args.flink_version)
            )
        }),
        DebugCommand::Plan(args) => plan(args),
        DebugCommand::Watermarks(args) => watermarks(args),
        DebugCommand::EventTimes(args) => event_times::run(args),
        DebugCommand::Corpus(args) => corpus::run(args),
    }
}

/// Prints what `stage` says of a script.
fn dump(args: &StageArgs, stage: impl Fn(&str, &syntax::Script) -> String) -> Result<Outcome> {
    let (name, text) = read_masked(&args.file)?;
    let (script, diagnostics) = parser::parse(&text, args.flink_version);
    output::data(stage(&text, &script).as_bytes())?;
    Ok(show(&name, &text, &diagnostics))
}

fn plan(args: &PlanArgs) -> Result<Outcome> {
    args.settings.check()?;
    let settings = args.settings.for_script(Some(&args.file))?;
    let (name, text) = read_masked(&args.file)?;
    let mut files = settings.catalog.clone();
    for file in &mut files {
        file.text = Masked::new(&file.text).text;
    }
    let outside = Outside::read(&files, settings.flink);
    let whole = outside.before(&text);
    let (script, mut diagnostics) = outside.parse(&whole, settings.flink);
    let input = plan::Input {
        text: &whole,
        script: &script,
        catalog: &Catalog::build(&script),
        settings: &settings,
    };
    let (plan, _) = plan::plan(input);
    diagnostics.extend(plan.diagnostics.iter().cloned());
    output::line(&serde_json::to_string_pretty(&plan)?)?;
    let readers = plan::inserts::readers(input);
    let reader = |declaration: usize| readers.get(&declaration).copied();
    let diagnostics: Vec<Diagnostic> = diagnostics
        .into_iter()
        .map(|d| outside.localised(d, reader))
        .collect();
    Ok(show(&name, &text, &diagnostics))
}

fn watermarks(args: &PlanArgs) -> Result<Outcome> {
    args.settings.check()?;
    let settings = args.settings.for_script(Some(&args.file))?;
    let script = files::Script::read(&args.file, None)?;
    let Some(text) = tidegate::watermarks(&script.text, &settings) else {
        let done = tidegate::rewrite(&script.text, &settings);
        return Ok(show(&script.name, &script.text, &done.diagnostics));
    };
    output::data(script.encode(&text).as_bytes())?;
    Ok(Outcome::Clean)
}

/// Name and text of a script, the text without its secrets: they are as long as what stands for them,
/// so all positions are true.
fn read_masked(path: &Path) -> Result<(String, String)> {
    let script = files::Script::read(path, None)?;
    Ok((script.name, Masked::new(&script.text).text))
}

fn show(name: &str, text: &str, diagnostics: &[Diagnostic]) -> Outcome {
    output::diagnostics(name, text, diagnostics);
    match diagnostics.iter().any(Diagnostic::is_error) {
        false => Outcome::Clean,
        true => Outcome::Findings,
    }
}

fn tokens(text: &str, script: &syntax::Script) -> String {
    let index = LineIndex::new(text);
    let line = |token: &Token| {
        let Span { start, end } = token.span;
        let at = index.line_col(text, start);
        let kind = format!("{:?}", token.kind);
        let shown = token.span.of(text);
        format!(
            "{start}..{end} {}:{} {kind} {shown:?}\n",
            at.line, at.column
        )
    };
    script.tokens.iter().map(line).collect()
}

fn statement(text: &str, index: &LineIndex, statement: &Statement) -> String {
    let Span { start, end } = statement.span;
    let at = index.line_col(text, start);
    format!(
        "{start}..{end} {}:{} {:#?}\n",
        at.line, at.column, statement.kind
    )
}

/// Runs `task`; if it panics, gives message and place instead of printing them.
pub fn quietly<T>(task: impl FnOnce() -> T) -> Result<T, String> {
    static MESSAGE: Mutex<String> = Mutex::new(String::new());
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(|panic| {
        if let Ok(mut message) = MESSAGE.lock() {
            *message = panic.to_string().replace('\n', " ");
        }
    }));
    let result = catch_unwind(AssertUnwindSafe(task));
    std::panic::set_hook(before);
    result.map_err(|_| MESSAGE.lock().map_or_else(|_| String::new(), |m| m.clone()))
}

/// The first syntax error of a text, as `syntax error at line:column: message`.
pub fn must_parse(text: &str, version: FlinkVersion) -> Result<(), String> {
    let (_, diagnostics) =
        quietly(|| parser::parse(text, version)).map_err(|panic| format!("panic: {panic}"))?;
    match first_error(text, &diagnostics) {
        Some(error) => Err(format!("does not parse: {error}")),
        None => Ok(()),
    }
}

/// The first error as `line:column name: message`.
pub fn first_error(text: &str, diagnostics: &[Diagnostic]) -> Option<String> {
    let error = diagnostics.iter().find(|d| d.is_error())?;
    let at = LineIndex::new(text).line_col(text, error.span.start);
    let message = error.message.replace('\n', " ");
    Some(format!(
        "{}:{} {}: {message}",
        at.line, at.column, error.name
    ))
}

/// Was it taken without having been read? Kinds that only have a name in the syntax are read to their
/// last token all the same.
pub fn is_opaque(statement: &Statement) -> bool {
    matches!(statement.kind, StatementKind::Invalid)
}
