//! All formats over one small set of diagnostics, and what must hold of each.

mod page;

use super::finding::Position;
use super::*;
use crate::diagnostic::{Applicability, Fix, Severity};
use crate::text::{Edit, Span};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Characters of one to four bytes, a tab, CRLF, no line end at the end.
const FIRST: &str = "-- é表🙂\r\n\
    CREATE TABLE `é表🙂`\t(id BIGINT, ts TIMESTAMP(3))\r\n\
    WITH ('connector' = 'kafka');\r\n\
    INSERT INTO s SELECT id FROM `é表🙂`";

const SECOND: &str = "SELECT 🙂表é\tx, x;\n\tSELECT x;\n";

struct File {
    name: &'static str,
    text: String,
    diagnostics: Vec<Diagnostic>,
}

/// Where `needle` stands for the `nth` time, 0-based.
fn span(text: &str, needle: &str, nth: usize) -> Span {
    let (at, _) = text.match_indices(needle).nth(nth).unwrap();
    Span::new(at as u32, (at + needle.len()) as u32)
}

fn fix(applicability: Applicability, title: &str, edits: Vec<Edit>) -> Fix {
    Fix {
        title: title.to_owned(),
        edits,
        applicability,
    }
}

fn files() -> Vec<File> {
    let end = Span::at(FIRST.len() as u32);
    let column = span(FIRST, "ts TIMESTAMP(3)", 0);
    let statement = span(FIRST, "CREATE", 0).cover(span(FIRST, "'kafka')", 0));
    let first = vec![
        Diagnostic::warning(
            "missing-watermark",
            span(FIRST, "`é表🙂`", 0),
            "table `é表🙂` has no watermark",
        )
        .label("read as a stream")
        .related(column, "its event time, or {so}")
        .related(span(FIRST, "`é表🙂`", 1), "")
        .note("without one no window ever ends")
        .help("name its event time in `tidegate.toml`:\n[tables.\"é表🙂\"]\ncolumn = \"ts\"")
        .fix(fix(
            Applicability::Unsafe,
            "declare a watermark",
            vec![
                Edit::insert(column.end, " NOT NULL"),
                Edit::insert(column.end, ",\r\n  WATERMARK FOR ts AS ts"),
            ],
        )),
        Diagnostic::new(
            Severity::Note,
            "short",
            statement,
            "100 %, <b>: {0} & \"so\"\n::error::",
        ),
        Diagnostic::error(
            "missing-semicolon",
            end,
            "the last statement ends without `;`",
        )
        .fix(fix(
            Applicability::Safe,
            "write one",
            vec![Edit::insert(end.start, ";")],
        )),
    ];
    let again = |nth| {
        Diagnostic::error(
            "unknown-column",
            span(SECOND, "x", nth),
            "there is no column `x`",
        )
    };
    let second = vec![
        again(0),
        again(1).fix(fix(
            Applicability::DisplayOnly,
            "delete it",
            vec![Edit::replace(span(SECOND, ", x", 0), "")],
        )),
        again(2),
    ];
    vec![
        File {
            name: "jobs/é 1%.sql",
            text: FIRST.to_owned(),
            diagnostics: first,
        },
        File {
            name: "clean.sql",
            text: "SELECT 1;\n".to_owned(),
            diagnostics: Vec::new(),
        },
        File {
            name: "./a,b:c.sql",
            text: SECOND.to_owned(),
            diagnostics: second,
        },
    ]
}

fn rule(name: &str) -> Option<RuleInfo> {
    (name == "missing-watermark").then(|| RuleInfo {
        name: "missing-watermark",
        code: Some("TG001"),
        summary: "A table that is read as a stream has no watermark".to_owned(),
        doc: "## What it does\n\nReports tables without a `WATERMARK`, as in `ROW<{}>`.\n"
            .to_owned(),
    })
}

fn shown(format: Format, files: &[File]) -> String {
    let reports: Vec<FileReport<'_>> = files
        .iter()
        .map(|file| FileReport {
            name: file.name,
            text: &file.text,
            diagnostics: &file.diagnostics,
        })
        .collect();
    render(format, &reports, &rule)
}

fn json_of(format: Format, files: &[File]) -> Value {
    serde_json::from_str(&shown(format, files)).unwrap()
}

#[test]
fn a_format_is_found_by_its_name() {
    for format in Format::ALL {
        assert_eq!(format.to_string().parse(), Ok(format));
    }
    insta::assert_snapshot!("xml".parse::<Format>().unwrap_err(), @"`xml` is no output format; it is one of `human`, `concise`, `json`, `json-lines`, `sarif`, `github`, `gitlab`, `junit`");
}

#[test]
fn every_format() {
    let mut insta = insta::Settings::clone_current();
    insta.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/report"));
    insta.set_prepend_module_to_snapshot(false);
    insta.set_omit_expression(true);
    insta.bind(|| {
        for format in Format::ALL {
            let text = shown(format, &files()).replace(env!("CARGO_PKG_VERSION"), "[version]");
            let text = anstream::adapter::strip_str(&text).to_string();
            insta::assert_snapshot!(format.name(), text);
        }
    });
}

#[test]
fn nothing_found() {
    let clean = &files()[1..2];
    for (format, expect) in [
        (Format::Human, ""),
        (Format::Concise, ""),
        (Format::Json, "[]\n"),
        (Format::JsonLines, ""),
        (Format::Github, ""),
        (Format::Gitlab, "[]\n"),
    ] {
        assert_eq!(shown(format, clean), expect, "{format}");
    }
    let sarif = json_of(Format::Sarif, clean);
    assert_eq!(sarif["runs"][0]["results"], json!([]));
    let junit = shown(Format::Junit, clean);
    let junit = quick_junit::Report::deserialize_from_str(&junit).unwrap();
    assert_eq!((junit.tests, junit.failures, junit.skipped), (1, 0, 0));
}

/// The script's password, and a form of it for each place in which a diagnostic may quote it.
#[test]
fn no_format_prints_a_secret() {
    let text = "CREATE TABLE t (id INT) WITH (\n  \
        'properties.sasl.password' = 'hunter2-a',\n  \
        'properties.sasl.jaas.config' = 'Login required username=\"u\" password=\"hunter2-b\";',\n  \
        'url' = 'jdbc:x://ann:hunter2-c@db/x?token=hunter2-d'\n);";
    let all = span(text, text, 0);
    let option = span(text, "'properties.sasl.password' = 'hunter2-a'", 0);
    let value = span(text, "'hunter2-a'", 0);
    let diagnostic = |applicability| {
        Diagnostic::error("plain-text-secret", value, "`hunter2-a` is a password")
            .label("'hunter2-a'")
            .related(option, "as hunter2-b")
            .related(all, "and ann:hunter2-c, hunter2-c")
            .note("'token' = 'hunter2-e' is one too; hunter2-d")
            .help("write\n'properties.sasl.password' = 'hunter2-f'")
            .fix(fix(
                applicability,
                "delete 'hunter2-a'",
                vec![
                    Edit::replace(option, "'properties.sasl.password' = 'hunter2-g'"),
                    Edit::replace(
                        span(text, "jdbc:x://ann:hunter2-c@db", 0),
                        "jdbc:x://hunter2-c@db",
                    ),
                    Edit::insert(all.end, "-- hunter2-a"),
                ],
            ))
    };
    let file = File {
        name: "a.sql",
        text: text.to_owned(),
        diagnostics: vec![
            diagnostic(Applicability::Safe),
            diagnostic(Applicability::Unsafe),
        ],
    };
    let files = [file];
    for format in Format::ALL {
        let shown = shown(format, &files);
        assert!(!shown.contains("hunter2"), "{format}: {shown}");
        assert!(
            shown.contains("`*********` is a password"),
            "{format}: {shown}"
        );
    }
    // Whoever applied what is masked would write stars.
    for found in json_of(Format::Json, &files).as_array().unwrap() {
        assert_eq!(found["fix"]["applicability"], "display-only");
    }
    let results = &json_of(Format::Sarif, &files)["runs"][0]["results"];
    assert!(results[0]["fixes"].is_null() && results[1]["fixes"].is_null());
}

#[test]
fn places_of_json_are_those_of_the_text() {
    let files = files();
    let found = json_of(Format::Json, &files);
    let found = found.as_array().unwrap();
    let lines = shown(Format::JsonLines, &files);
    let lines: Vec<Value> = lines
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert_eq!(found, &lines);
    let mut places = 0;
    for value in found {
        let file = files.iter().find(|f| value["file"] == f.name).unwrap();
        let of = |list: &'static str| value[list].as_array().into_iter().flatten();
        let edits = value["fix"]["edits"].as_array().into_iter().flatten();
        for holder in std::iter::once(value).chain(of("related")).chain(edits) {
            for end in ["start", "end"] {
                let place = &holder["location"][end];
                let offset = place["offset"].as_u64().unwrap() as usize;
                assert_eq!(place["line"], line_and_column(&file.text, offset).0);
                assert_eq!(place["column"], line_and_column(&file.text, offset).1);
                places += 1;
            }
        }
    }
    assert_eq!(places, 24);
}

/// Counted from the start of the text.
fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..offset];
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let lines = before.matches('\n').count();
    (lines + 1, before[line..].chars().count() + 1)
}

/// The schema of the standard, from the package whose types the renderer uses.
fn sarif_schema() -> Value {
    let cargo = |arguments: &[&str]| {
        let run = Command::new(env!("CARGO"))
            .args(arguments)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap();
        assert!(
            run.status.success(),
            "{}",
            String::from_utf8_lossy(&run.stderr)
        );
        String::from_utf8(run.stdout).unwrap()
    };
    // Packages of other systems are not there without a network.
    let version = cargo(&["-vV"]);
    let host = version
        .lines()
        .find_map(|l| l.strip_prefix("host: "))
        .unwrap();
    let metadata = cargo(&[
        "metadata",
        "--format-version=1",
        "--offline",
        "--locked",
        "--filter-platform",
        host,
    ]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages
        .iter()
        .find(|p| p["name"] == "serde-sarif")
        .unwrap();
    let manifest = Path::new(package["manifest_path"].as_str().unwrap());
    let schema = fs::read_to_string(manifest.with_file_name("src").join("schema.json")).unwrap();
    serde_json::from_str(&schema).unwrap()
}

#[test]
fn sarif_is_as_its_schema_says() {
    let schema = sarif_schema();
    let schema = jsonschema_valid::Config::from_schema(&schema, None).unwrap();
    let check = |value: &Value| -> Vec<String> {
        let errors = schema.validate(value).err().into_iter().flatten();
        errors.map(|e| e.to_string()).collect()
    };
    let good = json_of(Format::Sarif, &files());
    assert_eq!(check(&good), Vec::<String>::new());
    assert_eq!(good["runs"][0]["results"].as_array().unwrap().len(), 6);
    serde_json::from_value::<serde_sarif::sarif::Sarif>(good.clone()).unwrap();
    // The schema says no at all.
    for (pointer, wrong) in [
        ("/version", json!("2.0")),
        ("/runs/0/tool/driver", json!({})),
        ("/runs/0/columnKind", json!("bytes")),
        ("/runs/0/results/0/level", json!("fatal")),
        ("/runs/0/results/0/message", json!({"txt": "x"})),
        (
            "/runs/0/results/0/locations/0/physicalLocation/region/startLine",
            json!(0),
        ),
        (
            "/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri",
            json!(1),
        ),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).expect(pointer) = wrong;
        assert!(!check(&bad).is_empty(), "{pointer}");
    }
}

/// What the schema cannot say: references by number and by name.
#[test]
fn sarif_refers_to_what_is_there() {
    let log = json_of(Format::Sarif, &files());
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let ids: BTreeSet<&str> = rules.iter().map(|r| r["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), rules.len());
    let mut fingerprints = BTreeSet::new();
    for result in run["results"].as_array().unwrap() {
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
        fingerprints.insert(
            result["partialFingerprints"]["tidegate/v1"]
                .as_str()
                .unwrap(),
        );
        let place = &result["locations"][0]["physicalLocation"]["artifactLocation"];
        assert!(run["originalUriBaseIds"][place["uriBaseId"].as_str().unwrap()].is_object());
        let uri = place["uri"].as_str().unwrap();
        let path = percent_encoding::percent_decode_str(uri)
            .decode_utf8()
            .unwrap();
        assert!(["jobs/é 1%.sql", "a,b:c.sql"].contains(&&*path), "{path}");
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/%".contains(c);
        assert!(uri.chars().all(plain), "{uri}");
    }
    assert_eq!(fingerprints.len(), 6);
}

#[test]
fn absolute_paths_are_file_uris() {
    for (name, expect) in [
        ("/jobs/a b.sql", "file:///jobs/a%20b.sql"),
        ("C:/jobs/a.sql", "file:///C:/jobs/a.sql"),
        ("<stdin>", "%3Cstdin%3E"),
        ("../a.sql", "../a.sql"),
    ] {
        let file = File {
            name,
            text: "x".to_owned(),
            diagnostics: vec![Diagnostic::error("r", Span::new(0, 1), "m")],
        };
        let log = json_of(Format::Sarif, &[file]);
        let place = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], expect);
        let relative = place["artifactLocation"]["uriBaseId"].is_string();
        assert_eq!(relative, !expect.starts_with("file:"));
    }
}

#[test]
fn junit_counts_what_fails() {
    let report = shown(Format::Junit, &files());
    let report = quick_junit::Report::deserialize_from_str(&report).unwrap();
    let counts = |s: &quick_junit::TestSuite| (s.name.to_string(), s.tests, s.failures, s.skipped);
    let suites: Vec<_> = report.test_suites.iter().map(counts).collect();
    let suite = |name: &str, tests, failures, skipped| (name.to_owned(), tests, failures, skipped);
    assert_eq!(
        suites,
        [
            suite("jobs/é 1%.sql", 3, 1, 2),
            suite("clean.sql", 1, 0, 0),
            suite("./a,b:c.sql", 3, 3, 0),
        ]
    );
    assert_eq!((report.tests, report.failures, report.errors), (7, 4, 0));
}

#[test]
fn gitlab_gets_what_it_reads() {
    let issues = json_of(Format::Gitlab, &files());
    let issues = issues.as_array().unwrap();
    let fingerprints: BTreeSet<&str> = issues
        .iter()
        .map(|i| i["fingerprint"].as_str().unwrap())
        .collect();
    assert_eq!((issues.len(), fingerprints.len()), (6, 6));
    for issue in issues {
        assert!(!issue["description"].as_str().unwrap().is_empty());
        assert!(!issue["check_name"].as_str().unwrap().is_empty());
        let severity = issue["severity"].as_str().unwrap();
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&severity));
        assert!(
            !issue["location"]["path"]
                .as_str()
                .unwrap()
                .starts_with("./")
        );
        let lines = &issue["location"]["lines"];
        assert!(
            1 <= lines["begin"].as_u64().unwrap()
                && lines["begin"].as_u64() <= lines["end"].as_u64()
        );
    }
}

/// Reads a workflow command as the runner of GitHub does.
fn read_command(line: &str) -> (String, Vec<(String, String)>, String) {
    let (head, data) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
    let (name, properties) = head.split_once(' ').unwrap();
    let decoded = |text: &str| {
        percent_encoding::percent_decode_str(text)
            .decode_utf8()
            .unwrap()
            .into_owned()
    };
    let properties = properties.split(',').map(|p| p.split_once('=').unwrap());
    let properties = properties.map(|(key, value)| (key.to_owned(), decoded(value)));
    (name.to_owned(), properties.collect(), decoded(data))
}

#[test]
fn github_reads_back_what_was_meant() {
    let files = files();
    let text = shown(Format::Github, &files);
    let lines: Vec<&str> = text.lines().collect();
    let diagnostics = files
        .iter()
        .flat_map(|f| f.diagnostics.iter().map(move |d| (f.name, d)));
    let diagnostics: Vec<_> = diagnostics.collect();
    assert_eq!(lines.len(), diagnostics.len());
    for (line, (file, diagnostic)) in lines.iter().zip(diagnostics) {
        let file = file.trim_start_matches("./");
        let (name, properties, data) = read_command(line);
        let names = [
            (Severity::Error, "error"),
            (Severity::Warning, "warning"),
            (Severity::Note, "notice"),
        ];
        assert!(
            names.contains(&(diagnostic.severity, name.as_str())),
            "{line}"
        );
        assert!(
            properties.contains(&("file".to_owned(), file.to_owned())),
            "{line}"
        );
        assert!(data.starts_with(&diagnostic.message), "{line}");
        let one_line = properties.iter().any(|(key, _)| key == "col");
        let value = |key: &str| properties.iter().find(|p| p.0 == key).unwrap().1.clone();
        assert_eq!(one_line, value("line") == value("endLine"), "{line}");
    }
}

proptest! {
    #[test]
    fn no_place_makes_a_format_panic(
        text in "[a-c'=é🙂\n\r\t ]{0,30}",
        cuts in (0u32..140, 0u32..140, 0u32..140, 0u32..140),
    ) {
        let span = |a: u32, b: u32| Span::new(a.min(b), a.max(b));
        let (one, two) = (span(cuts.0, cuts.1), span(cuts.2, cuts.3));
        let diagnostic = Diagnostic::error("x", one, "m").related(two, "r").fix(fix(
            Applicability::Safe,
            "f",
            vec![Edit::replace(two, "new\n")],
        ));
        let file = FileReport { name: "a.sql", text: &text, diagnostics: &[diagnostic] };
        for format in Format::ALL.into_iter().filter(|f| *f != Format::Human) {
            render(format, &[file], &rule);
        }
        let start = Checked::new(&file, &rule).findings[0].location.start;
        let at = text.floor_char_boundary(one.start as usize);
        let Position { line, column, offset } = start;
        prop_assert_eq!(offset as usize, at);
        let lines = crate::text::LineIndex::new(&text);
        let begin = lines.line_start(line as usize - 1) as usize;
        prop_assert_eq!(column as usize, text[begin..at].chars().count() + 1);
    }
}
