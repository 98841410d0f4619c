//! The picture of the README and the page about the formats.

use super::*;
use crate::config::Settings;
use std::path::PathBuf;

/// Two scripts as a user has them, with what a rewrite says of them.
fn story() -> Vec<File> {
    let scripts = [
        (
            "jobs/visits.sql",
            "\
CREATE TABLE clicks (
  user_id    BIGINT,
  click_time TIMESTAMP(3) NOT NULL,
) WITH ('connector' = 'kafka', 'topic' = 'clicks', 'format' = 'json');
",
        ),
        (
            "jobs/orders.sql",
            "\
CREATE TABLE orders (
  id         BIGINT,
  price      DECIMAL(10, 2),
  created_at TIMESTAMP(3)
) WITH ('connector' = 'kafka', 'topic' = 'orders', 'format' = 'json');

CREATE TABLE copies (id BIGINT, price DECIMAL(10, 2))
WITH ('connector' = 'kafka', 'topic' = 'copies', 'format' = 'json');

INSERT INTO copies
SELECT id, prise
FROM orders;
",
        ),
    ];
    let files = scripts.map(|(name, text)| File {
        name,
        text: text.to_owned(),
        diagnostics: crate::rewrite(text, &Settings::default()).diagnostics,
    });
    files.into()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// A file that is made here; `TIDEGATE_WRITE_DOCS=1` writes it anew.
#[track_caller]
fn assert_file(path: &str, made: &str) {
    let file = root().join(path);
    if std::env::var_os("TIDEGATE_WRITE_DOCS").is_some() {
        fs::write(&file, made).unwrap();
    }
    let written = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        written.replace("\r\n", "\n") == made,
        "{path} is not what tidegate shows; write it anew with\n\
         TIDEGATE_WRITE_DOCS=1 cargo test --lib report::tests"
    );
}

#[test]
fn the_picture_is_what_a_run_shows() {
    let shown = shown(Format::Human, &story());
    for part in [
        "error",
        "warning",
        "trailing-comma",
        "unknown-column",
        "best-effort",
    ] {
        assert!(shown.contains(part), "{shown}");
    }
    let ansi = format!("$ tidegate check jobs/*.sql\n\n{shown}");
    let svg = anstyle_svg::Term::new()
        .palette(anstyle_svg::WIN10_CONSOLE)
        .render_svg(&ansi);
    assert_file("docs/images/check.svg", &svg);
}

/// Each block of the page behind `<!-- example: FORMAT -->` is what that format shows of the story's first script.
#[test]
fn the_examples_of_the_page_are_real() {
    let page = fs::read_to_string(root().join("docs/output.md")).unwrap();
    let page = page.replace("\r\n", "\n");
    let (mut made, mut formats) = (String::new(), Vec::new());
    let mut rest = page.as_str();
    while let Some((before, after)) = rest.split_once("<!-- example: ") {
        let (name, after) = after.split_once(" -->\n```").unwrap();
        let (language, after) = after.split_once('\n').unwrap();
        let (_, after) = after.split_once("\n```\n").unwrap();
        let block = if name == "script" {
            story()[0].text.clone()
        } else {
            let format: Format = name.parse().unwrap();
            formats.push(format);
            anstream::adapter::strip_str(&shown(format, &story()[..1])).to_string()
        };
        made += &format!(
            "{before}<!-- example: {name} -->\n```{language}\n{}\n```\n",
            block.trim_end()
        );
        rest = after;
    }
    made += rest;
    assert_eq!(
        formats,
        Format::ALL,
        "each format has its example, in order"
    );
    assert_file("docs/output.md", &made);
}

/// Every field of the JSON is described on the page.
#[test]
fn the_page_names_every_field() {
    fn fields(value: &Value, prefix: &str, all: &mut BTreeSet<String>) {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    let path = if prefix.is_empty() {
                        key.clone()
                    } else {
                        format!("{prefix}.{key}")
                    };
                    fields(value, &path, all);
                    all.insert(path);
                }
            }
            Value::Array(list) => list
                .iter()
                .for_each(|v| fields(v, &format!("{prefix}[]"), all)),
            _ => {}
        }
    }
    let page = fs::read_to_string(root().join("docs/output.md")).unwrap();
    let mut all = BTreeSet::new();
    for found in json_of(Format::Json, &files()).as_array().unwrap() {
        fields(found, "", &mut all);
    }
    // A place looks the same wherever it stands.
    all.retain(|path| !path.contains("location.") || path.starts_with("location."));
    assert!(all.len() >= 25, "{all:?}");
    for path in all {
        assert!(
            page.contains(&format!("| `{path}` |")),
            "`{path}` is not in docs/output.md"
        );
    }
}
