//! `tidegate rewrite`.

use super::args::RewriteArgs;
use super::deliver::{Item, Verbs, deliver};
use super::files::{Script, is_stdin};
use super::walk::{self, Found};
use super::{INTERNAL_ERROR, Outcome, files, maps, output, undo};
use anyhow::{Result, bail};
use std::iter;
use tidegate::Rewritten;

const VERBS: Verbs = Verbs {
    plain: "rewrite",
    past: "rewrote",
    participle: "rewritten",
};

/// # Errors
/// What makes the run broken: unreadable files, bad configurations, output that cannot be written.
pub fn run(args: &RewriteArgs) -> Result<Outcome> {
    check_flags(args)?;
    if args.undo {
        return undo::run(args);
    }
    let found = walk::scripts(&args.files, args.output.output_dir.as_deref())?;
    check_number(args, found.len())?;
    let mut done: Vec<(Script, Rewritten)> = Vec::with_capacity(found.len());
    for Found { path, .. } in &found {
        let script = Script::read(path, args.stdin_filename.as_deref())?;
        let place = script.place(args.stdin_filename.as_deref());
        let settings = args.settings.for_script(place)?;
        let rewritten = tidegate::rewrite(&script.text, &settings);
        output::diagnostics(&script.name, &script.text, &rewritten.diagnostics);
        done.push((script, rewritten));
    }
    output::totals(done.iter().flat_map(|(_, r)| &r.diagnostics));

    let items: Vec<Item> = iter::zip(&done, &found)
        .map(|((script, rewritten), found)| Item {
            script,
            below: &found.below,
            after: rewritten.text.as_deref().map(|text| script.encode(text)),
        })
        .collect();
    let whole = args.files.iter().all(|path| path.is_dir());
    let would_change = deliver(&args.output, &items, &VERBS, whole, |i, source, target| {
        let (script, rewritten) = &done[i];
        maps::update(script, rewritten, source, target)
    })?;
    let mut diagnostics = done.iter().flat_map(|(_, r)| &r.diagnostics);
    Ok(if diagnostics.any(|d| d.name == INTERNAL_ERROR) {
        Outcome::Broken
    } else if would_change || items.iter().any(|i| i.after.is_none()) {
        Outcome::Findings
    } else {
        Outcome::Clean
    })
}

/// What clap cannot say about flags that do not go together.
fn check_flags(args: &RewriteArgs) -> Result<()> {
    let stdins = args.files.iter().filter(|f| is_stdin(f)).count();
    let to = &args.output;
    for (given, flag) in [
        (to.write, "--write"),
        (to.output_dir.is_some(), "--output-dir"),
        (args.undo, "--undo"),
    ] {
        if given && stdins > 0 {
            bail!("`{flag}` needs files, not standard input");
        }
    }
    files::check_stdin(&args.files, args.stdin_filename.as_deref())?;
    if args.undo {
        return check_undo(args);
    }
    args.settings.check()
}

/// Settings are for rewriting: what variables say of them does no harm.
fn check_undo(args: &RewriteArgs) -> Result<()> {
    let settings = &args.settings;
    let given = [&settings.sources, &settings.config.sources];
    for id in SETTINGS {
        if given.iter().any(|sources| sources.is_flag(id)) {
            bail!("`--{}` cannot be used with `--undo`", id.replace('_', "-"));
        }
    }
    Ok(())
}

/// The flags that say settings, by their ids.
const SETTINGS: [&str; 10] = [
    "role",
    "cutover",
    "gate_kind",
    "late",
    "watermark_delay",
    "no_validate",
    "flink_version",
    "catalog",
    "config",
    "isolated",
];

/// # Errors
/// If more scripts are read than can be written.
pub fn check_number(args: &RewriteArgs, scripts: usize) -> Result<()> {
    let to = &args.output;
    if scripts > 1 && to.output.is_some() {
        bail!("`--output` takes one script; use `--write` or `--output-dir` for several");
    }
    let is_for_several = to.write || to.output_dir.is_some() || to.diff || to.check;
    if scripts > 1 && !is_for_several {
        bail!(
            "only one script can go to standard output; use `--write`, `--output-dir`, `--diff` or \
             `--check` for several"
        );
    }
    Ok(())
}
