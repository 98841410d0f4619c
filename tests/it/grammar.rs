//! `grammar-tests/`: what Flink's own parser accepts and rejects, by release.

use std::fmt::Write;
use std::path::Path;
use tidegate::config::FlinkVersion;
use tidegate::parser::parse;

const RELEASES: [(&str, FlinkVersion); 5] = [
    ("1.20", FlinkVersion::V1_20),
    ("2.0", FlinkVersion::V2_0),
    ("2.1", FlinkVersion::V2_1),
    ("2.2", FlinkVersion::V2_2),
    ("2.3", FlinkVersion::V2_3),
];

/// One statement, and the releases that read it.
struct Case {
    line: usize,
    accepted: [bool; 5],
    sql: String,
}

/// The verdicts of a line like `-- accept since 2.1`.
fn header(line: &str) -> Option<[bool; 5]> {
    let mut words = line.strip_prefix("-- ")?.split(' ');
    let accept = match words.next()? {
        "accept" => true,
        "reject" => false,
        _ => return None,
    };
    let Some(bound) = words.next() else {
        return Some([accept; 5]);
    };
    let release = words.next()?;
    let at = RELEASES.iter().position(|(name, _)| *name == release)?;
    let mut accepted = [false; 5];
    for (i, slot) in accepted.iter_mut().enumerate() {
        *slot = match bound {
            "since" => i >= at,
            "before" => i < at,
            _ => return None,
        };
    }
    Some(accepted)
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for (i, line) in text.lines().enumerate() {
        if let Some(accepted) = header(line) {
            cases.push(Case {
                line: i + 1,
                accepted,
                sql: String::new(),
            });
        } else if let Some(case) = cases.last_mut() {
            case.sql.push_str(line);
            case.sql.push('\n');
        }
    }
    cases
}

#[test]
fn every_case_is_read_as_flink_reads_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar-tests");
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be read").path())
        .filter(|path| path.extension().is_some_and(|e| e == "sql"))
        .collect();
    files.sort();
    let mut wrong = String::new();
    for path in files {
        let name = path.file_name().unwrap_or_default().display().to_string();
        let text = std::fs::read_to_string(&path).expect("a text file");
        let cases = cases(&text);
        assert!(!cases.is_empty(), "{name} has no case");
        for case in cases {
            for ((release, version), accepted) in RELEASES.into_iter().zip(case.accepted) {
                let sql = case.sql.trim();
                let (script, diagnostics) = parse(sql, version);
                let read = diagnostics.is_empty() && script.statements.len() == 1;
                if read != accepted {
                    let why = diagnostics
                        .first()
                        .map_or("accepted", |d| d.message.as_str());
                    let _ = writeln!(wrong, "{name}:{}: {release}: {sql}\n    {why}", case.line);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
