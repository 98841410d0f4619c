//! `tidegate debug …`: single stages, and what the corpus runs share.

use super::args::DebugCommand;
use super::output::Streams;
use super::{Outcome, corpus};
use anyhow::Result;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use tidegate::config::FlinkVersion;
use tidegate::diagnostic::Diagnostic;
use tidegate::parser;
use tidegate::syntax::{Statement, StatementKind};
use tidegate::text::LineIndex;

/// # Errors
/// As the command that is run.
pub fn run(command: &DebugCommand, streams: &Streams) -> Result<Outcome> {
    match command {
        DebugCommand::Corpus(args) => corpus::run(args, streams),
    }
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

/// Does the syntax say no more of it than what kind of statement it is?
pub fn is_opaque(statement: &Statement) -> bool {
    matches!(statement.kind, StatementKind::Other(_))
}
