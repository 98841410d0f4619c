//! Environment variables that stand for flags, and which of the two a value came from.

use clap::builder::Resettable;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, Command, CommandFactory, FromArgMatches};
use std::collections::BTreeMap;
use std::ffi::OsStr;

/// Who said the value of a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Flag,
    Environment,
}

/// Of each flag that was given, by its id. It has to be the first field of a struct of flags: what stands before it has
/// been taken out of the matches.
#[derive(Debug, Clone, Default)]
pub struct Sources(BTreeMap<String, Source>);

impl Sources {
    pub fn of(&self, id: &str) -> Option<Source> {
        self.0.get(id).copied()
    }

    pub fn is_flag(&self, id: &str) -> bool {
        self.of(id) == Some(Source::Flag)
    }
}

impl FromArgMatches for Sources {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut sources = BTreeMap::new();
        for id in matches.ids() {
            let source = match matches.value_source(id.as_str()) {
                Some(ValueSource::CommandLine) => Source::Flag,
                Some(ValueSource::EnvVariable) => Source::Environment,
                _ => continue,
            };
            sources.insert(id.to_string(), source);
        }
        Ok(Self(sources))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for Sources {
    fn augment_args(command: Command) -> Command {
        command
    }

    fn augment_args_for_update(command: Command) -> Command {
        command
    }
}

/// The flags of tidegate; a variable that is empty counts as not set, and help shows no values of variables.
pub fn command() -> Command {
    prepared(super::args::Cli::command())
}

fn prepared(command: Command) -> Command {
    command
        .mut_args(|arg| {
            let arg = arg.hide_env_values(true);
            let empty = |name: &OsStr| std::env::var_os(name).is_some_and(|v| v.is_empty());
            match arg.get_env().is_some_and(empty) {
                true => arg.env(Resettable::Reset),
                false => arg,
            }
        })
        .mut_subcommands(prepared)
}
