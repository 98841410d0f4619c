//! Arguments to calls of the library, results to streams and exit codes.
//!
//! Architecture invariant: no SQL knowledge here, and nothing else in tidegate prints, opens a file or
//! ends the process.

mod args;
mod check;
mod corpus;
mod debug;
mod deliver;
mod event_times;
mod explain;
mod files;
mod maps;
mod output;
mod progress;
mod rewrite;
mod settings;
mod statements;
mod undo;
mod verify;

use args::{Cli, Command};
use clap::Parser;
use std::process::ExitCode;

/// Name of the diagnostic that says that tidegate, not the script, is wrong.
const INTERNAL_ERROR: &str = "internal-error";

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    Clean,
    /// The script has errors, or would change under `--check` or `--diff`.
    Findings,
    /// Bad flags, an unreadable file, a bad configuration, a bug in tidegate.
    Broken,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        ExitCode::from(match outcome {
            Outcome::Clean => 0,
            Outcome::Findings => 1,
            Outcome::Broken => 2,
        })
    }
}

pub fn main() -> ExitCode {
    // Clap ends the process with 2 on bad flags, and with 0 after help and version.
    let cli = Cli::parse();
    let run = std::panic::catch_unwind(|| {
        let result = match &cli.command {
            Command::Rewrite(args) => rewrite::run(args),
            Command::Check(args) => check::run(args),
            Command::Explain(args) => explain::run(args),
            Command::Verify(args) => verify::run(args),
            Command::Debug(command) => debug::run(command),
        };
        result.unwrap_or_else(|error| {
            output::error(&error);
            Outcome::Broken
        })
    });
    match run {
        Ok(outcome) => outcome.into(),
        Err(_) => {
            output::note("error: this is a bug in tidegate; nothing was written");
            Outcome::Broken.into()
        }
    }
}
