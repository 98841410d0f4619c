//! Who may use whom: the rules that separate crates would have kept.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Each module of the library with the modules that it may name. A module may always name itself.
const MAY_USE: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("diagnostic", &["text"]),
    ("config", &["text", "diagnostic"]),
    ("lexer", &["text", "config"]),
    ("syntax", &["text", "lexer"]),
    (
        "parser",
        &["text", "diagnostic", "config", "lexer", "syntax"],
    ),
    (
        "outside",
        &["text", "diagnostic", "config", "syntax", "parser"],
    ),
    (
        "catalog",
        &["text", "diagnostic", "config", "lexer", "syntax", "parser"],
    ),
    (
        "time",
        &[
            "text",
            "diagnostic",
            "config",
            "lexer",
            "syntax",
            "parser",
            "catalog",
        ],
    ),
    (
        "ctas",
        &["text", "config", "lexer", "syntax", "catalog", "time"],
    ),
    (
        "plan",
        &[
            "text",
            "diagnostic",
            "config",
            "lexer",
            "syntax",
            "parser",
            "catalog",
            "time",
            "ctas",
        ],
    ),
    (
        "rewrite",
        &[
            "text",
            "diagnostic",
            "config",
            "lexer",
            "syntax",
            "parser",
            "catalog",
            "time",
            "plan",
        ],
    ),
    (
        "lint",
        &[
            "text",
            "diagnostic",
            "config",
            "lexer",
            "syntax",
            "parser",
            "catalog",
            "time",
            "plan",
            "rewrite",
            "report",
        ],
    ),
    (
        "validate",
        &[
            "text",
            "diagnostic",
            "config",
            "lexer",
            "syntax",
            "parser",
            "catalog",
        ],
    ),
    (
        "proof",
        &[
            "text",
            "diagnostic",
            "config",
            "lexer",
            "syntax",
            "parser",
            "catalog",
            "time",
            "plan",
            "rewrite",
            "validate",
        ],
    ),
    (
        "verify",
        &[
            "text",
            "diagnostic",
            "config",
            "lexer",
            "syntax",
            "parser",
            "outside",
            "catalog",
            "time",
            "plan",
            "validate",
        ],
    ),
    ("undo", &["text"]),
    ("report", &["text", "diagnostic"]),
    (
        "explain",
        &[
            "text",
            "diagnostic",
            "config",
            "lexer",
            "syntax",
            "catalog",
            "time",
            "plan",
            "rewrite",
            "report",
            "outside",
        ],
    ),
    (
        "steps",
        &[
            "text",
            "diagnostic",
            "config",
            "syntax",
            "outside",
            "catalog",
            "time",
            "ctas",
            "plan",
            "rewrite",
            "proof",
            "explain",
            "lint",
        ],
    ),
    (
        "ide",
        &[
            "text",
            "diagnostic",
            "config",
            "lexer",
            "syntax",
            "parser",
            "outside",
            "catalog",
            "time",
            "plan",
            "rewrite",
            "lint",
            "validate",
            "report",
            "steps",
        ],
    ),
    ("lsp", &["text", "diagnostic", "config", "lint", "ide"]),
    (
        "starter",
        &["config", "diagnostic", "explain", "parser", "syntax"],
    ),
];

/// Words that only some modules may hold, and which.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("datafusion::", &["validate"]),
    ("annotate_snippets", &["report"]),
    ("serde_sarif", &["report"]),
    ("quick_junit", &["report"]),
    ("gen_lsp_types", &["lsp"]),
    ("lsp_server", &["lsp", "cli"]),
    ("anyhow::", &["cli"]),
    ("clap::", &["cli"]),
    ("clap_complete::", &["cli"]),
    ("clap_mangen::", &["cli"]),
    ("println!", &["cli"]),
    ("eprintln!", &["cli"]),
    ("print!(", &["cli"]),
    ("eprint!(", &["cli"]),
    ("dbg!", &[]),
    ("stdout()", &["cli"]),
    ("stderr()", &["cli"]),
    ("std::fs", &["cli"]),
    ("std::env", &["cli"]),
    ("std::process", &["cli", "main"]),
    ("SystemTime", &[]),
    ("Utc::now", &[]),
    ("Local::now", &[]),
    ("todo!", &[]),
    ("unimplemented!", &[]),
];

/// The files of `src/` by the name of their top-level module, without tests and comments.
fn sources() -> BTreeMap<String, Vec<(PathBuf, String)>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut modules: BTreeMap<String, Vec<(PathBuf, String)>> = BTreeMap::new();
    let mut open = vec![root.clone()];
    while let Some(path) = open.pop() {
        if path.ends_with("tests") || path.ends_with("tests.rs") {
            continue;
        }
        if path.is_dir() {
            open.extend(
                fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        } else if path.extension().is_some_and(|e| e == "rs") {
            let relative = path.strip_prefix(&root).unwrap().to_owned();
            let first = relative.components().next().unwrap();
            let module = Path::new(first.as_os_str()).file_stem().unwrap();
            let text = product_code(&fs::read_to_string(&path).unwrap());
            modules
                .entry(module.to_str().unwrap().to_owned())
                .or_default()
                .push((relative, text));
        }
    }
    modules
}

/// Without comments, and without what follows `#[cfg(test)]`, which by custom stands last.
fn product_code(text: &str) -> String {
    let lines: Vec<&str> = text
        .split("#[cfg(test)]\nmod ")
        .next()
        .unwrap_or_default()
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect();
    lines.join("\n")
}

/// The modules that are named after `crate::`, also in `crate::{a::…, b}`.
fn used_modules(text: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let mut used = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        let Some(group) = rest.strip_prefix('{') else {
            used.push(word(rest));
            continue;
        };
        let mut depth = 0;
        let mut starts = true;
        for (i, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => starts = true,
                c if starts && !c.is_whitespace() => {
                    used.push(word(&group[i..]));
                    starts = false;
                }
                _ => {}
            }
        }
    }
    used
}

#[test]
fn no_module_uses_one_that_comes_after_it() {
    let modules = sources();
    let mut wrong = Vec::new();
    for (module, files) in &modules {
        if matches!(module.as_str(), "lib" | "main" | "cli") {
            continue;
        }
        let Some((_, may_use)) = MAY_USE.iter().find(|(name, _)| name == module) else {
            panic!("src/{module} has no place in MAY_USE: where in the flow is it?");
        };
        for (path, text) in files {
            for used in used_modules(text) {
                let is_module = modules.contains_key(&used);
                if is_module && used != *module && !may_use.contains(&used.as_str()) {
                    wrong.push(format!("src/{} uses {used}", path.display()));
                }
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn only_the_named_modules_print_read_files_or_plan() {
    let mut wrong = Vec::new();
    for (module, files) in sources() {
        for (path, text) in files {
            for (word, allowed) in ONLY_IN {
                let found = text.match_indices(word).any(|(at, _)| {
                    // `println!` is not found in `eprintln!`.
                    !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_')
                });
                if found && !allowed.contains(&module.as_str()) {
                    wrong.push(format!("src/{} has `{word}`", path.display()));
                }
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_imports_of_a_group_are_all_seen() {
    let text = "use crate::{config::{A, B}, text::Span, lexer};\nuse crate::syntax::Script;";
    assert_eq!(used_modules(text), ["config", "text", "lexer", "syntax"]);
}
