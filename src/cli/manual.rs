//! All commands and their flags as a page of Markdown, `docs/cli.md`.

use clap::{Arg, Command};
use std::fmt::Write;

const HEAD: &str = "\
# Commands

<!-- Made from src/cli/args.rs by `TIDEGATE_WRITE_DOCS=1 cargo test --test it docs`: edit it there. -->

Data goes to standard output, everything else to standard error. Every command ends with 0 if all is well, with 1 if
there are findings, and with 2 if something is broken: flags, files, the configuration, or tidegate itself. A flag goes
before its environment variable, and both go before [`tidegate.toml`](configuration.md).
";

/// `root` is built: its commands know their full names.
pub fn page(root: &Command) -> String {
    let mut out = HEAD.to_owned();
    command(root, &mut out);
    out
}

fn command(command: &Command, out: &mut String) {
    let name = command.get_bin_name().unwrap_or(command.get_name());
    let about = command.get_long_about().or(command.get_about());
    let about = about.map(ToString::to_string).unwrap_or_default();
    let usage = command.clone().render_usage().to_string();
    let usage = usage.strip_prefix("Usage: ").unwrap_or(&usage).to_owned();
    let _ = write!(out, "\n## `{name}`\n\n{about}.\n\n```text\n{usage}\n```\n");
    let args: Vec<&Arg> = command.get_arguments().filter(|a| is_shown(a)).collect();
    let mut rows = String::new();
    for arg in args.iter().filter(|a| a.is_positional()) {
        row(arg, &mut rows);
    }
    for arg in args.iter().filter(|a| !a.is_positional()) {
        row(arg, &mut rows);
    }
    if !rows.is_empty() {
        let _ = write!(out, "\n| | |\n|---|---|\n{rows}");
    }
    let below: Vec<&Command> = command
        .get_subcommands()
        .filter(|s| !s.is_hide_set())
        .collect();
    if !below.is_empty() {
        out.push_str("\n| command | |\n|---|---|\n");
        for sub in &below {
            let about = sub.get_about().map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(out, "| `{}` | {} |", sub.get_name(), cell(&about));
        }
    }
    for sub in below {
        self::command(sub, out);
    }
}

fn is_shown(arg: &Arg) -> bool {
    !arg.is_hide_set() && !matches!(arg.get_id().as_str(), "help" | "version")
}

fn row(arg: &Arg, out: &mut String) {
    let help = arg.get_long_help().or(arg.get_help());
    let mut text = cell(&help.map(ToString::to_string).unwrap_or_default());
    let takes_value = arg.get_num_args().is_some_and(|n| n.takes_values());
    let values = match takes_value {
        true => arg.get_possible_values(),
        false => Vec::new(),
    };
    for value in values.iter().filter(|v| !v.is_hide_set()) {
        let _ = write!(text, "<br>`{}`", value.get_name());
        if let Some(help) = value.get_help() {
            let _ = write!(text, ": {}", cell(&help.to_string()));
        }
    }
    let default = arg.get_default_values().iter();
    let default: Vec<_> = default.map(|v| v.to_string_lossy()).collect();
    if takes_value && !default.is_empty() {
        let _ = write!(text, "<br>default: `{}`", default.join(" "));
    }
    if let Some(variable) = arg.get_env() {
        let _ = write!(text, "<br>variable: `{}`", variable.to_string_lossy());
    }
    let _ = writeln!(out, "| {} | {text} |", cell(&shown(arg)));
}

/// `-o, --output OUT`, in code.
fn shown(arg: &Arg) -> String {
    let names = arg.get_value_names().unwrap_or_default();
    let names: Vec<&str> = names.iter().map(|n| n.as_str()).collect();
    let value = names.join(" ");
    if arg.is_positional() {
        return format!("`{value}`");
    }
    let short = arg
        .get_short()
        .map(|s| format!("-{s}, "))
        .unwrap_or_default();
    let long = arg.get_long().unwrap_or_default();
    let takes_value = arg.get_num_args().is_some_and(|n| n.takes_values());
    match takes_value {
        true => format!("`{short}--{long} {value}`"),
        false => format!("`{short}--{long}`"),
    }
}

fn cell(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('|', "\\|")
}
