//! Scripts that others wrote: `scripts/` of the folder that the variable `TIDEGATE_CORPUS` names.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::PathBuf;
use tidegate::config::Settings;
use tidegate::{InsertReport, Verdict};

/// The folder of scripts, if there is one.
fn scripts() -> Option<PathBuf> {
    let Some(corpus) = std::env::var_os("TIDEGATE_CORPUS") else {
        eprintln!("skipped: TIDEGATE_CORPUS names no folder");
        return None;
    };
    Some(PathBuf::from(corpus).join("scripts"))
}

/// What a person expects of one INSERT.
struct Expected<'a> {
    sink: &'a str,
    verdict: &'a str,
    /// Of a refusal: any of them, the first one most; of a best-effort gate: the conditions.
    reasons: BTreeSet<&'a str>,
}

/// `verdicts.tsv`: script, number of the INSERT in it from 1, sink, verdict, reasons, why. Written from
/// the scripts by reading them, before any output was seen.
fn expected(table: &str) -> BTreeMap<&str, Vec<Expected<'_>>> {
    let mut all: BTreeMap<&str, Vec<Expected<'_>>> = BTreeMap::new();
    for line in table.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [script, number, sink, verdict, reasons, _why] = fields[..] else {
            panic!("not six fields: {line}");
        };
        let inserts = all.entry(script).or_default();
        inserts.push(Expected {
            sink,
            verdict,
            reasons: reasons.split(',').filter(|r| !r.is_empty()).collect(),
        });
        assert_eq!(number, inserts.len().to_string(), "{line}");
    }
    all
}

/// The verdict's name and its reasons.
fn found(report: &InsertReport) -> (&'static str, BTreeSet<&str>) {
    match &report.verdict {
        Verdict::Exact => ("exact", BTreeSet::new()),
        Verdict::BestEffort { conditions } => (
            "best-effort",
            conditions.iter().map(|c| c.kind.name()).collect(),
        ),
        Verdict::LeftAlone { reason } => ("left-alone", BTreeSet::from([*reason])),
        Verdict::Refused { reason } => ("refused", BTreeSet::from([*reason])),
    }
}

#[test]
fn every_insert_has_the_verdict_that_a_person_expects() {
    let Some(folder) = scripts() else { return };
    let expected = expected(include_str!("../corpus/verdicts.tsv"));
    let (mut wrong, mut verdicts) = (String::new(), BTreeMap::new());
    for (script, inserts) in expected {
        let text = std::fs::read_to_string(folder.join(script)).expect(script);
        let reports = tidegate::rewrite(&text, &Settings::default()).inserts;
        assert_eq!(reports.len(), inserts.len(), "INSERTs of {script}");
        for (number, (expected, report)) in inserts.iter().zip(&reports).enumerate() {
            let (verdict, reasons) = found(report);
            *verdicts.entry(verdict).or_insert(0) += 1;
            let same = report.sink == expected.sink
                && verdict == expected.verdict
                && match verdict {
                    "refused" => reasons.is_subset(&expected.reasons),
                    _ => reasons == expected.reasons,
                };
            if !same {
                let Expected {
                    sink,
                    verdict: wanted,
                    reasons: why,
                } = expected;
                let _ = writeln!(
                    wrong,
                    "{script} {}: {sink} {wanted} {why:?}, found {} {verdict} {reasons:?}",
                    number + 1,
                    report.sink
                );
            }
        }
    }
    println!("{verdicts:?}");
    assert!(wrong.is_empty(), "\n{wrong}");
}
