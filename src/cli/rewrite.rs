//! `tidegate rewrite`.

use super::args::RewriteArgs;
use super::files::{Script, is_stdin, replace_all, write_one};
use super::output::{self, count};
use super::{INTERNAL_ERROR, Outcome, files};
use anyhow::{Result, bail};
use std::path::Path;
use tidegate::Rewritten;
use tidegate::report::diff;

/// # Errors
/// What makes the run broken: unreadable files, bad configurations, output that cannot be written.
pub fn run(args: &RewriteArgs) -> Result<Outcome> {
    check_flags(args)?;
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

    let texts: Vec<(&Script, &str)> = done
        .iter()
        .filter_map(|(script, r)| Some((script, r.text.as_deref()?)))
        .collect();
    let all_done = texts.len() == done.len();
    let changed: Vec<(&Script, &str)> = texts
        .iter()
        .copied()
        .filter(|(script, text)| script.text != *text)
        .collect();
    let to = &args.output;
    if to.diff {
        for (script, text) in &changed {
            let before = script.encode(&script.text);
            let shown = diff::unified(&script.name, &before, &script.encode(text));
            output::data(shown.as_bytes())?;
        }
    } else if to.check {
        for (script, _) in &changed {
            output::note(&format!("would rewrite {}", script.name));
        }
    } else if !all_done {
        // Nothing half done: neither a part of a script nor a part of the scripts.
        if to.write && args.files.len() > 1 {
            output::note("no file was changed");
        }
    } else if to.write {
        write_back(&changed)?;
    } else {
        for (script, text) in &texts {
            let text = script.encode(text);
            match &to.output {
                Some(path) if !is_stdin(path) => write_one(path, &text)?,
                _ => output::data(text.as_bytes())?,
            }
        }
    }
    let mut diagnostics = done.iter().flat_map(|(_, r)| &r.diagnostics);
    let would_change = (to.diff || to.check) && !changed.is_empty();
    Ok(if diagnostics.any(|d| d.name == INTERNAL_ERROR) {
        Outcome::Broken
    } else if all_done && !would_change {
        Outcome::Clean
    } else {
        Outcome::Findings
    })
}

fn write_back(changed: &[(&Script, &str)]) -> Result<()> {
    let targets: Vec<(&Path, String)> = changed
        .iter()
        .filter_map(|(script, text)| Some((script.path.as_deref()?, script.encode(text))))
        .collect();
    replace_all(&targets)?;
    for (path, _) in &targets {
        output::note(&format!("rewrote {}", files::show(path)));
    }
    if targets.is_empty() {
        output::note("nothing to change");
    } else if targets.len() > 1 {
        output::note(&format!("{} rewritten", count(targets.len(), "file")));
    }
    Ok(())
}

/// What clap cannot say about flags that do not go together.
fn check_flags(args: &RewriteArgs) -> Result<()> {
    let stdins = args.files.iter().filter(|f| is_stdin(f)).count();
    let to = &args.output;
    if stdins > 0 && to.write {
        bail!("`--write` needs files, not standard input");
    }
    files::check_stdin(&args.files, args.stdin_filename.as_deref())?;
    if args.files.len() > 1 && to.output.is_some() {
        bail!("`--output` takes one script; use `--write` for several");
    }
    if args.files.len() > 1 && !(to.write || to.diff || to.check) {
        bail!(
            "only one script can go to standard output; use `--write`, `--diff` or `--check` for \
             several"
        );
    }
    args.settings.check()
}
