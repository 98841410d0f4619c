//! Arguments to calls of the library, results to streams and exit codes.
//!
//! Architecture invariant: no SQL knowledge here, and nothing else in tidegate prints, opens a file or
//! ends the process.

mod args;
mod check;
mod completions;
mod corpus;
mod debug;
mod deliver;
mod environment;
mod event_times;
mod explain;
mod files;
mod init;
mod lsp;
mod manual;
mod maps;
mod output;
mod progress;
mod rewrite;
mod rule;
mod settings;
mod show_config;
mod stale;
mod statements;
mod undo;
mod verify;
mod walk;
mod watch;

use args::{Cli, Command};
use clap::FromArgMatches;
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
    let matches = environment::command().get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let run = std::panic::catch_unwind(|| {
        let result = match &cli.command {
            Command::Rewrite(args) => rewrite::run(args),
            Command::Check(args) if args.watch => watch::run(args),
            Command::Check(args) => check::run(args),
            Command::Rule(args) => rule::run(args),
            Command::Explain(args) => explain::run(args),
            Command::Verify(args) => verify::run(args),
            Command::Init(args) => init::run(args),
            Command::Config(args) => show_config::run(args),
            Command::Lsp(args) => lsp::run(args),
            Command::Completions(args) => completions::completions(args),
            Command::Man(args) => completions::man(args),
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
