//! Hooks, the action and the snippets of the docs name commands, flags and variables that there are.

use crate::tool::{JOB, Sandbox, blocks};
use saphyr::{LoadableYamlNode, Yaml};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn file(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

fn yaml(text: &str) -> Yaml<'_> {
    let mut documents = Yaml::load_from_str(text).unwrap();
    assert_eq!(documents.len(), 1);
    documents.remove(0)
}

/// Every text in a document, keys too.
fn texts(node: &Yaml<'_>, found: &mut Vec<String>) {
    if let Some(text) = node.as_str() {
        found.push(text.to_owned());
    }
    for item in node.as_sequence().into_iter().flatten() {
        texts(item, found);
    }
    for (key, value) in node.as_mapping().into_iter().flatten() {
        texts(key, found);
        texts(value, found);
    }
}

/// The command lines of tidegate in texts, cut into words.
fn command_lines(found: &[String]) -> Vec<Vec<String>> {
    let lines = found.iter().flat_map(|text| text.lines());
    let lines = lines.filter_map(|line| line.trim().strip_prefix("tidegate "));
    lines
        .map(|line| line.split_whitespace().map(str::to_owned).collect())
        .collect()
}

/// Fails if a flag is none of the command's.
fn flags_exist(words: &[String]) -> usize {
    let help = Sandbox::new(&[]).run(&[&words[0], "--help"]).ends_with(0);
    let known: BTreeSet<&str> = help
        .out()
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|word| word.starts_with("--"))
        .collect();
    let flags = words.iter().filter(|word| word.starts_with('-'));
    flags
        .map(|flag| assert!(known.contains(flag.as_str()), "tidegate {words:?}: {flag}"))
        .count()
}

/// Variables that some command reads.
fn variables() -> BTreeSet<String> {
    let page = file("docs/cli.md");
    let variables = page.split("variable: `").skip(1);
    variables
        .map(|rest| rest.split('`').next().unwrap().to_owned())
        .collect()
}

fn variables_exist(found: &[String]) -> usize {
    let known = variables();
    let words = found
        .iter()
        .flat_map(|text| text.split(|c: char| !(c.is_ascii_uppercase() || c == '_')));
    words
        .filter(|word| word.starts_with("TIDEGATE_"))
        .map(|word| assert!(known.contains(word), "{word}"))
        .count()
}

/// A hook's command line, with its default arguments.
fn hook(hook: &Yaml<'_>) -> Vec<String> {
    let entry = hook["entry"].as_str().unwrap();
    let words = entry.strip_prefix("tidegate ").unwrap().split(' ');
    let args = hook.as_mapping_get("args").and_then(Yaml::as_sequence);
    let args = args.into_iter().flatten().map(|a| a.as_str().unwrap());
    words.chain(args).map(str::to_owned).collect()
}

#[test]
fn hooks() {
    let text = file(".pre-commit-hooks.yaml");
    let document = yaml(&text);
    let hooks = document.as_sequence().unwrap();
    let lines: Vec<Vec<String>> = hooks.iter().map(hook).collect();
    let commands: Vec<&str> = lines.iter().map(|line| line[0].as_str()).collect();
    assert_eq!(commands, ["check", "rewrite"]);
    let flags: usize = lines.iter().map(|line| flags_exist(line)).sum();
    assert_eq!(flags, 2);
    for hook in hooks {
        assert_eq!(hook["language"].as_str(), Some("rust"));
        assert!(hook["id"].as_str().unwrap().starts_with("tidegate-"));
    }
    // What the second one runs, in a repository that is laid out so.
    let args: Vec<&str> = lines[1].iter().map(String::as_str).collect();
    let sandbox = Sandbox::new(&[("jobs/a.sql", JOB)]);
    sandbox.run(&args).ends_with(1).says("missing: build/a.sql");
    sandbox
        .run(&["rewrite", "--output-dir", "build", "jobs"])
        .ends_with(0);
    sandbox.run(&args).ends_with(0);
}

#[test]
fn the_action() {
    let text = file("action.yml");
    let document = yaml(&text);
    assert_eq!(document["runs"]["using"].as_str(), Some("composite"));
    let mut found = Vec::new();
    texts(&document["runs"], &mut found);
    let lines = command_lines(&found);
    let commands: Vec<&str> = lines.iter().map(|line| line[0].as_str()).collect();
    assert_eq!(commands, ["check", "rewrite"]);
    let flags: usize = lines.iter().map(|line| flags_exist(line)).sum();
    assert_eq!(flags, 3);
    assert_eq!(variables_exist(&found), 6);
    // Each input is there, and each one that is there is used.
    let inputs: BTreeSet<&str> = document["inputs"]
        .as_mapping()
        .unwrap()
        .keys()
        .map(|k| k.as_str().unwrap())
        .collect();
    let used = text.split("inputs.").skip(1).map(|rest| {
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '-'));
        &rest[..end.unwrap_or(rest.len())]
    });
    assert_eq!(inputs, used.collect());
    // No text of a user stands in a script: it comes through variables.
    for step in document["runs"]["steps"].as_sequence().unwrap() {
        assert!(!step["run"].as_str().unwrap().contains("${{"));
        assert_eq!(step["shell"].as_str(), Some("bash"));
    }
}

#[test]
fn snippets_of_the_docs() {
    let page = file("docs/pipelines.md");
    let (mut flags, mut variables) = (0, 0);
    let snippets = blocks(&page, "yaml");
    assert_eq!(snippets.len(), 3);
    for snippet in &snippets {
        let mut found = Vec::new();
        texts(&yaml(snippet), &mut found);
        let lines = command_lines(&found);
        flags += lines.iter().map(|line| flags_exist(line)).sum::<usize>();
        variables += variables_exist(&found);
    }
    assert_eq!((flags, variables), (3, 1));
    // The hooks and inputs that they name are there.
    let (hooks, action) = (file(".pre-commit-hooks.yaml"), file("action.yml"));
    for id in snippets[0].split("id: ").skip(1) {
        let id = id.lines().next().unwrap();
        assert!(hooks.contains(&format!("id: {id}\n")), "{id}");
    }
    let workflow = yaml(snippets[1]);
    let steps = workflow["jobs"]["tidegate"]["steps"].as_sequence().unwrap();
    let with = steps[1]["with"].as_mapping().unwrap();
    for key in with.keys() {
        let input = format!("\n  {}:\n", key.as_str().unwrap());
        assert!(action.contains(&input), "{input}");
    }
}

#[test]
fn commands_of_the_docs_run_in_this_order() {
    let page = file("docs/pipelines.md");
    let sandbox = Sandbox::new(&[("jobs/clicks.sql", JOB), ("jobs/a/visits.sql", JOB)]);
    let mut run = 0;
    for line in blocks(&page, "sh").iter().flat_map(|block| block.lines()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(words[0], "tidegate");
        sandbox.run(&words[1..]).ends_with(0);
        run += 1;
    }
    assert_eq!(run, 2);
    assert!(sandbox.path().join("man/tidegate-rewrite.1").exists());
}

#[test]
fn completions_and_manual() {
    let sandbox = Sandbox::new(&[]);
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = sandbox.run(&["completions", shell]).ends_with(0);
        for word in ["rewrite", "output-dir", "completions"] {
            assert!(run.out().contains(word), "{shell}: {word}");
        }
    }
    sandbox.run(&["completions", "tcsh"]).ends_with(2);
    let run = sandbox.run(&["man"]).ends_with(0);
    assert!(run.out().contains(".TH tidegate 1"), "{}", run.out());
    sandbox
        .run(&["man", "--output-dir", "a/b"])
        .ends_with(0)
        .says(" pages to a/b\n");
    let page = sandbox.read("a/b/tidegate-rewrite.1");
    for word in ["output\\-dir", "cutover", "tidegate\\-rewrite"] {
        assert!(page.contains(word), "{word}: {page}");
    }
    assert!(sandbox.path().join("a/b/tidegate-debug-tokens.1").exists());
}
