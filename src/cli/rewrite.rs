//! `tidegate rewrite`.

use super::args::RewriteArgs;
use super::deliver::{Item, Verbs, deliver};
use super::files::{Script, is_stdin};
use super::{INTERNAL_ERROR, Outcome, files, maps, output, undo};
use anyhow::{Result, bail};
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
    let mut done: Vec<(Script, Rewritten)> = Vec::with_capacity(args.files.len());
    for path in &args.files {
        let script = Script::read(path, args.stdin_filename.as_deref())?;
        let place = script.place(args.stdin_filename.as_deref());
        let settings = args.settings.for_script(place)?;
        let rewritten = tidegate::rewrite(&script.text, &settings);
        output::diagnostics(&script.name, &script.text, &rewritten.diagnostics);
        done.push((script, rewritten));
    }
    output::totals(done.iter().flat_map(|(_, r)| &r.diagnostics));

    let items: Vec<Item> = done
        .iter()
        .map(|(script, rewritten)| Item {
            script,
            after: rewritten.text.as_deref().map(|text| script.encode(text)),
        })
        .collect();
    let would_change = deliver(&args.output, &items, &VERBS, |i, source, target| {
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
    if args.files.len() > 1 && to.output.is_some() {
        bail!("`--output` takes one script; use `--write` or `--output-dir` for several");
    }
    let is_for_several = to.write || to.output_dir.is_some() || to.diff || to.check;
    if args.files.len() > 1 && !is_for_several {
        bail!(
            "only one script can go to standard output; use `--write`, `--output-dir`, `--diff` or \
             `--check` for several"
        );
    }
    args.settings.check()
}
