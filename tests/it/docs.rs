//! Files that are made from code are what the code makes.

use crate::tool::{Sandbox, is_made};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_schema_is_that_of_the_structs() {
    let run = Sandbox::new(&[]).run(&["config", "--schema"]).ends_with(0);
    let schema = serde_json::to_string_pretty(&tidegate::config::schema()).unwrap() + "\n";
    assert_eq!(run.out(), schema);
    is_made("tidegate.schema.json", &schema);
}

#[test]
fn the_page_of_the_connectors_is_that_of_the_facts() {
    is_made("docs/connectors.md", &tidegate::catalog::connectors::page());
}

#[test]
fn the_page_of_the_configuration_is_that_of_the_structs() {
    is_made("docs/configuration.md", &tidegate::config::page());
}

#[test]
fn the_page_of_the_commands_is_that_of_the_flags() {
    let run = Sandbox::new(&[]).run(&["man", "--format", "markdown"]);
    is_made("docs/cli.md", run.ends_with(0).out());
}

#[test]
fn the_page_of_the_configuration_names_the_variables_that_there_are() {
    let page = fs::read_to_string(root().join("docs/configuration.md")).unwrap();
    let commands = fs::read_to_string(root().join("docs/cli.md")).unwrap();
    let mut named = 0;
    for row in page
        .lines()
        .filter(|l| l.starts_with("| ") && l.contains("TIDEGATE_"))
    {
        let flag = row.split('`').find(|part| part.starts_with("--")).unwrap();
        let variable = row
            .split('`')
            .find(|part| part.starts_with("TIDEGATE_"))
            .unwrap();
        let rows = commands
            .lines()
            .filter(|l| l.contains(&format!("{flag} ")) || l.contains(&format!("{flag}`")));
        let of_flag = |l: &&str| {
            l.split(" | ")
                .next()
                .is_some_and(|cell| cell.contains(flag))
        };
        let rows: Vec<&str> = rows
            .filter(|l| l.starts_with("| `"))
            .filter(of_flag)
            .collect();
        assert!(!rows.is_empty(), "{flag}");
        for row in rows {
            assert!(row.contains(&format!("variable: `{variable}`")), "{row}");
        }
        named += 1;
    }
    let all = commands
        .split("variable: `")
        .skip(1)
        .filter_map(|rest| rest.split('`').next());
    let all: std::collections::BTreeSet<&str> = all.collect();
    assert_eq!(named, all.len(), "{all:?}");
}

fn validates(value: &Value) -> Result<(), String> {
    let schema = tidegate::config::schema();
    let draft = jsonschema_valid::schemas::Draft::Draft7;
    let config = jsonschema_valid::Config::from_schema(&schema, Some(draft)).unwrap();
    assert!(config.validate_schema().is_ok());
    config.validate(value).map_err(|errors| {
        errors
            .map(|error| error.to_string())
            .collect::<Vec<_>>()
            .join("\n")
    })
}

fn json(text: &str) -> Value {
    serde_json::to_value(toml::from_str::<toml::Table>(text).unwrap()).unwrap()
}

/// All TOML of a page, and of a file that is TOML.
fn configurations(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    if path.extension().is_some_and(|e| e == "toml") {
        return vec![text];
    }
    let blocks = text.split("```toml\n").skip(1);
    blocks
        .map(|b| b.split("```").next().unwrap().to_owned())
        .collect()
}

#[test]
fn what_is_shown_to_users_goes_by_the_schema() {
    let mut read = 0;
    let walk = ["README.md", "docs", "examples"].map(|name| root().join(name));
    let mut open: Vec<PathBuf> = walk.into();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()));
        } else if path.extension().is_some_and(|e| e == "md" || e == "toml") {
            for text in configurations(&path) {
                let checked = validates(&json(&text));
                assert_eq!(checked, Ok(()), "{}:\n{text}", path.display());
                read += 1;
            }
        }
    }
    assert!(read >= 8, "{read}");
}

/// What the file takes the schema takes, and what one refuses the other does, but for what only code can say.
#[test]
fn schema_and_file_agree() {
    let good = [
        "",
        "catalog = [\"ddl/*.sql\"]",
        "flink.version = \"2.2.1\"",
        "[watermark]\ndelay = \"5s\"\nalignment = { group = \"g\", max-drift = \"1 s\" }",
        "[gate]\nkind = \"ptf\"\none-job = true\nfunction.arguments = [\"time\"]",
        "[tables.\"a.b\"]\ncolumn = \"x\"\nformat = \"yyyy\"\nreplace = true",
        "[lint]\nselect = [\"all\"]\nignore = [\"TG001\"]\nseverity = { some-rule = \"note\" }",
        "[[overrides]]\npaths = [\"a/**\"]\n[overrides.tables.t]\nmetadata = \"timestamp\"",
    ];
    for text in good {
        assert_eq!(validates(&json(text)), Ok(()), "{text}");
        assert!(
            tidegate::config::Settings::from_toml(text).is_ok(),
            "{text}"
        );
    }
    let bad = [
        "colour = \"red\"",
        "catalog = \"ddl/*.sql\"",
        "flink.version = \"1.19\"",
        "flink.version = \"2.3.x\"",
        "[watermark]\ndelay = \"5 m\"",
        "[watermark]\ndelay = 5",
        "[watermark]\nattach = \"colum\"",
        "[gate]\nkind = \"door\"",
        "[gate]\none-job = \"yes\"",
        "[gate.function]\narguments = [\"tiem\"]",
        "[tables.t]\ncolunm = \"x\"",
        "[tables.t]\nunit = \"m\"",
        "[lint.severity]\nsome-rule = \"fatal\"",
        "[lint]\nselekt = []",
        "[[overrides]]\npaths = []",
        "[[overrides]]\nflink.version = \"2.0\"",
        "[[overrides]]\npaths = \"a/**\"",
        "[[overrides]]\npaths = [\"a\"]\ngate.kid = \"ptf\"",
        "[[overrides]]\npaths = [\"a\"]\n[[overrides.overrides]]\npaths = [\"b\"]",
    ];
    for text in bad {
        assert!(validates(&json(text)).is_err(), "{text}");
        assert!(
            tidegate::config::Settings::from_toml(text).is_err(),
            "{text}"
        );
    }
}

/// Every key that the schema has is one that is listed by `tidegate config`, with a default where there is one.
#[test]
fn every_key_has_a_default_or_a_reason() {
    let page = tidegate::config::page();
    for entry in tidegate::config::Settings::default().entries() {
        let name = entry.key.last().unwrap();
        let value = entry.value.map_or(String::new(), |v| format!("`{v}`"));
        let row = format!("| `{name}` | {value} | ");
        assert!(page.contains(&row), "{row}\n{page}");
    }
}
