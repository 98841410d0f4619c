//! SARIF 2.1.0: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.
//!
//! - The text of a result is its message, then notes and help as paragraphs; its label is the message of its
//!   location, related places are its related locations.
//! - A fix is there if it may be applied; its properties say how far it can be trusted.
//! - Columns are characters (`unicodeCodePoints`), lines end as in Flink. A byte order mark does not count.
//! - Paths are relative to `%SRCROOT%`, or `file:` URIs where they are absolute.
//! - `partialFingerprints` has `tidegate/v1`, which stays when lines above come or go.

use super::finding::{self, Checked, Finding, Related};
use super::{RuleInfo, json};
use crate::diagnostic::{Applicability, Severity};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use serde_sarif::sarif::{
    ArtifactChange, ArtifactContent, ArtifactLocation, Fix, Location, Message,
    MultiformatMessageString, PhysicalLocation, PropertyBag, Region, Replacement,
    ReportingDescriptor, Result as Outcome, ResultLevel, Run, Sarif, Tool, ToolComponent,
};
use std::collections::BTreeMap;

/// What relative paths are relative to: the folder that tidegate was run in.
const BASE: &str = "%SRCROOT%";

/// The name of the fingerprint. What it is made of never changes under one name.
const FINGERPRINT: &str = "tidegate/v1";

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The bytes of a path that stay in a URI: `unreserved` of RFC 3986 and the slash.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

pub fn render(files: &[Checked<'_>], rule: &dyn Fn(&str) -> Option<RuleInfo>) -> String {
    let findings = || files.iter().flat_map(|file| &file.findings);
    let mut names: Vec<&'static str> = findings().map(|finding| finding.name).collect();
    names.sort_unstable();
    names.dedup();
    let rules: Vec<ReportingDescriptor> = names.iter().map(|n| descriptor(n, rule(n))).collect();
    let results: Vec<Outcome> = findings().map(|finding| result(finding, &names)).collect();
    let driver = ToolComponent::builder()
        .name("tidegate")
        .version(env!("CARGO_PKG_VERSION"))
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .rules(rules)
        .build();
    let base = ArtifactLocation::builder()
        .description(message("The folder in which tidegate was run."))
        .build();
    let run = Run::builder()
        .tool(Tool::from(driver))
        .column_kind(json!("unicodeCodePoints"))
        .newline_sequences(["\r\n", "\n", "\r"].map(str::to_owned).to_vec())
        .original_uri_base_ids(BTreeMap::from([(BASE.to_owned(), base)]))
        .results(results)
        .build();
    let log = Sarif::builder()
        .schema(SCHEMA)
        .version(json!("2.1.0"))
        .runs(vec![run])
        .build();
    json::pretty(&log)
}

fn descriptor(name: &str, info: Option<RuleInfo>) -> ReportingDescriptor {
    let Some(info) = info else {
        return ReportingDescriptor::builder().id(name).build();
    };
    let summary = MultiformatMessageString::builder()
        .text(braces(&info.summary))
        .build();
    let help = MultiformatMessageString::builder()
        .text(braces(&info.doc))
        .markdown(braces(&info.doc))
        .build();
    let mut descriptor = ReportingDescriptor::builder()
        .id(name)
        .short_description(summary)
        .help(help)
        .build();
    descriptor.properties = info.code.map(|code| property("code", json!(code)));
    descriptor
}

fn result(finding: &Finding<'_>, names: &[&'static str]) -> Outcome {
    let mut place = location(finding.file, &finding.location);
    place.message = finding.label.as_deref().map(message);
    let related = finding.related.iter().zip(1..);
    let related: Vec<Location> = related
        .map(|(related, id)| related_location(finding.file, related, id))
        .collect();
    let fingerprint = (FINGERPRINT.to_owned(), finding.fingerprint.clone());
    let mut result = Outcome::builder()
        .rule_id(finding.name)
        .level(match finding.severity {
            Severity::Note => ResultLevel::Note,
            Severity::Warning => ResultLevel::Warning,
            Severity::Error => ResultLevel::Error,
        })
        .message(message(&text(finding)))
        .locations(vec![place])
        .partial_fingerprints(BTreeMap::from([fingerprint]))
        .build();
    result.rule_index = names.binary_search(&finding.name).ok().map(|i| i as i64);
    result.related_locations = Some(related).filter(|related| !related.is_empty());
    let fix = finding.fix.as_ref().and_then(|f| fix(finding.file, f));
    result.fixes = fix.map(|fix| vec![fix]);
    result
}

/// Viewers with little room show the first sentence, so that one gets its full stop.
fn text(finding: &Finding<'_>) -> String {
    let notes = finding.notes.iter().map(|note| format!("\n\nnote: {note}"));
    let help = finding.help.iter().map(|help| format!("\n\nhelp: {help}"));
    let more: String = notes.chain(help).collect();
    let stop = if more.is_empty() { "" } else { "." };
    format!("{}{stop}{more}", finding.message)
}

fn fix(file: &str, fix: &finding::Fix) -> Option<Fix> {
    let applicability = match fix.applicability {
        Applicability::DisplayOnly => return None,
        Applicability::Unsafe | Applicability::Safe => json!(fix.applicability),
    };
    let replacements = fix.edits.iter().map(|edit| {
        let content = ArtifactContent::builder().text(edit.replacement.as_str());
        Replacement::builder()
            .deleted_region(region(&edit.location))
            .inserted_content(content.build())
            .build()
    });
    let change = ArtifactChange::builder()
        .artifact_location(artifact(file))
        .replacements(replacements.collect::<Vec<_>>())
        .build();
    let fix = Fix::builder()
        .description(message(&fix.title))
        .artifact_changes(vec![change])
        .properties(property("applicability", applicability))
        .build();
    Some(fix)
}

fn related_location(file: &str, related: &Related, id: i64) -> Location {
    let mut location = location(file, &related.location);
    location.id = Some(id);
    location.message = Some(message(&related.message)).filter(|_| !related.message.is_empty());
    location
}

fn location(file: &str, location: &finding::Location) -> Location {
    let physical = PhysicalLocation::builder()
        .artifact_location(artifact(file))
        .region(region(location))
        .build();
    Location::builder().physical_location(physical).build()
}

fn region(location: &finding::Location) -> Region {
    Region::builder()
        .start_line(i64::from(location.start.line))
        .start_column(i64::from(location.start.column))
        .end_line(i64::from(location.end.line))
        .end_column(i64::from(location.end.column))
        .build()
}

fn artifact(file: &str) -> ArtifactLocation {
    let path = utf8_percent_encode(file.trim_start_matches("./"), PATH).to_string();
    if path.starts_with('/') {
        return ArtifactLocation::builder()
            .uri(format!("file://{path}"))
            .build();
    }
    // `C:/jobs/a.sql`, with its colon encoded.
    if file.as_bytes().get(1..3) == Some(b":/") {
        return ArtifactLocation::builder()
            .uri(format!("file:///{}", path.replacen("%3A", ":", 1)))
            .build();
    }
    ArtifactLocation::builder()
        .uri(path)
        .uri_base_id(BASE)
        .build()
}

fn message(text: &str) -> Message {
    Message::builder().text(braces(text)).build()
}

/// Braces are placeholders in messages unless they are doubled (3.11.5 of the standard).
fn braces(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

fn property(name: &str, value: Value) -> PropertyBag {
    PropertyBag::builder()
        .additional_properties(BTreeMap::from([(name.to_owned(), value)]))
        .build()
}
