//! A first `tidegate.toml` for some scripts: defaults, the files with DDL only, and for each table whose event time is
//! a question the answers that there are, one to be chosen.

use crate::config::{CatalogText, FlinkVersion, Settings, toml_key};
use crate::explain::{Explanation, OfferedTime, TableTime};
use crate::parser;
use crate::syntax::{Script, StatementKind};
use crate::{Explained, explain};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// A table whose event time has to be said, of all scripts that read it under this name.
#[derive(Default)]
struct Question {
    /// `file:line:column` of each declaration.
    places: BTreeSet<String>,
    /// What may be said, each once, the best first.
    answers: Vec<Answer>,
}

struct Answer {
    what: String,
    /// Lines of TOML, several where something has to be said with it.
    lines: Vec<Vec<String>>,
}

/// What was found out about scripts.
#[derive(Default)]
struct Found {
    questions: BTreeMap<String, Question>,
    /// With their first errors.
    unreadable: Vec<String>,
}

/// The text of a `tidegate.toml` for scripts, each with its path relative to the file.
///
/// ```
/// use tidegate::config::{CatalogText, Settings};
///
/// let text = "
/// CREATE TABLE s (a TIMESTAMP(3), b TIMESTAMP(3)) WITH ('connector' = 'kafka', 'format' = 'json');
/// CREATE TABLE t (a TIMESTAMP(3)) WITH ('connector' = 'kafka', 'format' = 'json');
/// INSERT INTO t SELECT a FROM s;
/// ";
/// let script = CatalogText { name: "job.sql".to_owned(), text: text.to_owned() };
/// let file = tidegate::starter::starter(&[script]);
/// assert!(file.contains("[tables.s]\n"));
/// assert!(file.contains("# column = \"b\"\n"));
/// assert!(Settings::from_toml(&file).is_ok());
/// ```
pub fn starter(scripts: &[CatalogText]) -> String {
    let is_ddl = |script: &&CatalogText| declares_only(&script.text);
    let (ddl, jobs): (Vec<&CatalogText>, Vec<&CatalogText>) = scripts.iter().partition(is_ddl);
    let ddl: Vec<CatalogText> = ddl.into_iter().cloned().collect();
    let alone = explained(&jobs, &[]);
    let with_ddl = match ddl.is_empty() {
        true => None,
        false => Some(explained(&jobs, &ddl)),
    };
    let is_needed = with_ddl.as_ref().is_some_and(|with| helps(&alone, with));
    let taken = match with_ddl {
        Some(with) if is_needed => with,
        _ => alone,
    };
    let mut found = Found::default();
    for (job, explained) in jobs.iter().zip(&taken) {
        match &explained.explanation {
            Some(explanation) => found.add(job, explanation),
            None => found.unreadable.push(job.name.clone()),
        }
    }
    let folders = folders(scripts, &ddl);
    let text = written(scripts.len(), &folders, is_needed, &found);
    match Settings::from_toml(&text) {
        Ok(_) => text,
        // A name that TOML cannot hold in a comment: what else there is, still loads.
        Err(_) => written(scripts.len(), &[], false, &Found::default()),
    }
}

/// Is there something for other scripts in it, and nothing to run?
fn declares_only(text: &str) -> bool {
    let (script, found) = parser::parse(text, FlinkVersion::default());
    let is_readable = !found.iter().any(crate::diagnostic::Diagnostic::is_error);
    is_readable && declares(&script) && !runs(&script)
}

fn declares(script: &Script) -> bool {
    let declares = |kind: &StatementKind| match kind {
        StatementKind::CreateTable(create) => create.as_query.is_none(),
        StatementKind::CreateView(_) | StatementKind::CreateFunction(_) => true,
        _ => false,
    };
    script.statements.iter().any(|s| declares(&s.kind))
}

fn runs(script: &Script) -> bool {
    let runs = |kind: &StatementKind| match kind {
        StatementKind::CreateTable(create) => create.as_query.is_some(),
        StatementKind::Insert(_)
        | StatementKind::StatementSet(_)
        | StatementKind::BeginStatementSet
        | StatementKind::Query(_)
        | StatementKind::Explain(_) => true,
        _ => false,
    };
    script.statements.iter().any(|s| runs(&s.kind))
}

fn explained(jobs: &[&CatalogText], catalog: &[CatalogText]) -> Vec<Explained> {
    let settings = Settings {
        catalog: catalog.to_vec(),
        // Types are not what is asked.
        validate: false,
        ..Settings::default()
    };
    let each = jobs.iter().map(|job| explain(&job.text, &settings));
    each.collect()
}

/// Do the scripts know more tables with the catalog files, and is nothing else wrong then?
fn helps(alone: &[Explained], with: &[Explained]) -> bool {
    let unknown = |all: &[Explained]| {
        let all = all.iter().flat_map(|e| &e.diagnostics);
        all.filter(|d| d.name == "unknown-table").count()
    };
    let readable = |all: &[Explained]| all.iter().filter(|e| e.explanation.is_some()).count();
    unknown(with) < unknown(alone) && readable(with) >= readable(alone)
}

/// Patterns for the files with DDL only: a folder that has nothing else, or the file.
fn folders(scripts: &[CatalogText], ddl: &[CatalogText]) -> Vec<String> {
    let folder = |name: &str| {
        name.rfind('/')
            .map_or(String::new(), |at| name[..=at].to_owned())
    };
    let mut all: BTreeMap<String, usize> = BTreeMap::new();
    for script in scripts {
        *all.entry(folder(&script.name)).or_default() += 1;
    }
    let mut of_ddl: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for script in ddl {
        of_ddl
            .entry(folder(&script.name))
            .or_default()
            .push(&script.name);
    }
    let mut patterns = Vec::new();
    for (folder, names) in of_ddl {
        // New jobs come to the top folder, too.
        if !folder.is_empty() && all.get(&folder) == Some(&names.len()) {
            patterns.push(format!("{}*.sql", glob::Pattern::escape(&folder)));
        } else {
            patterns.extend(names.into_iter().map(glob::Pattern::escape));
        }
    }
    patterns
}

impl Found {
    fn add(&mut self, job: &CatalogText, explanation: &Explanation) {
        for table in &explanation.tables {
            let is_asked = table.need == "stream" && !table.candidates.iter().any(|c| c.chosen);
            if !is_asked {
                continue;
            }
            let question = self.questions.entry(key(table)).or_default();
            let place = match &table.file {
                Some(file) => file.clone(),
                None => format!("{}:{}", job.name, table.place),
            };
            question.places.insert(place);
            for candidate in &table.candidates {
                let answer = answer(candidate);
                if !question.answers.iter().any(|a| a.lines == answer.lines) {
                    question.answers.push(answer);
                }
            }
        }
    }
}

/// The header of a table in the file.
fn key(table: &TableTime) -> String {
    let given = table.candidates.first().and_then(|c| c.config.first());
    let header = given.and_then(|config| config.lines().find(|line| line.starts_with('[')));
    header.map_or_else(
        || format!("[tables.{}]", toml_key(&table.table)),
        str::to_owned,
    )
}

fn answer(candidate: &OfferedTime) -> Answer {
    let settings = |config: &String| -> Vec<String> {
        let lines = config.lines().skip_while(|line| !line.starts_with('['));
        lines.skip(1).map(str::to_owned).collect()
    };
    Answer {
        what: format!(
            "{}, {}: {}",
            candidate.name, candidate.data_type, candidate.why
        ),
        lines: candidate.config.iter().map(settings).collect(),
    }
}

fn written(scripts: usize, catalog: &[String], is_needed: bool, found: &Found) -> String {
    let mut out = String::from(HEAD);
    if scripts == 0 {
        comment(&mut out, "No scripts were found.");
    }
    for name in &found.unreadable {
        let text = format!("{name} cannot be read: `tidegate check` says why.");
        comment(&mut out, &text);
    }
    if !catalog.is_empty() {
        let why = match is_needed {
            true => {
                "Files with DDL only: what they declare is there before a script's first statement."
            }
            false => {
                "Files with DDL only, which no script needs. Where scripts do, what they declare is there before a \
                 script's first statement."
            }
        };
        out.push('\n');
        comment(&mut out, why);
        let patterns: Vec<toml::Value> = catalog.iter().cloned().map(toml::Value::String).collect();
        let sign = if is_needed { "" } else { "# " };
        let _ = writeln!(out, "{sign}catalog = {}", toml::Value::Array(patterns));
    }
    let known = FlinkVersion::ALL.map(FlinkVersion::as_str).join(", ");
    let version = FlinkVersion::default();
    let _ = write!(
        out,
        "\n[flink]\n# One of {known}.\nversion = \"{version}\"\n"
    );
    out.push_str(DEFAULTS);
    for (header, question) in &found.questions {
        out.push('\n');
        let places: Vec<&str> = question.places.iter().map(String::as_str).collect();
        let (places, header) = (places.join(", "), one_line(header));
        let text = match question.answers.is_empty() {
            true => format!(
                "{places}: nothing in this table says when a row happened. Say it, or take the time of reading, on which two jobs do not agree:"
            ),
            false => format!(
                "{places}: what is the event time? Take the comment signs from one of these:"
            ),
        };
        comment(&mut out, &text);
        let _ = writeln!(out, "{header}");
        if question.answers.is_empty() {
            out.push_str(
                "# expression = \"TO_TIMESTAMP_LTZ(epoch_ms, 3)\"\n\n# ingestion-time = true\n",
            );
        }
        for (index, answer) in question.answers.iter().enumerate() {
            if index > 0 {
                out.push('\n');
            }
            comment(&mut out, &answer.what);
            for (index, lines) in answer.lines.iter().enumerate() {
                if index > 0 {
                    comment(&mut out, "or");
                }
                for line in lines {
                    let _ = writeln!(out, "# {line}");
                }
            }
        }
    }
    out
}

const HEAD: &str = "\
# Settings of tidegate for the scripts in this folder and below. Every key may be left out. `tidegate config job.sql`
# shows what is in force for a script, `tidegate config --schema` prints the schema for editors.
";

const DEFAULTS: &str = "
[watermark]
# How far watermarks stay behind the highest event time, where no table says otherwise.
delay = \"5 s\"
# What to do about event-time columns that may hold NULL: \"refuse\" to put a watermark on them, or \"trust\" that they
# never do.
# nullable = \"refuse\"

[gate]
# What stands before a sink: the literals of a role (\"cutover\"), or a function that learns role and cutover at run time
# (\"function\", \"ptf\").
# kind = \"cutover\"
# Put all INSERTs of a script into one job.
# one-job = false

# Other settings for some scripts:
# [[overrides]]
# paths = [\"legacy/**\"]
# flink = { version = \"1.20\" }
";

/// On one line, whatever the text holds.
fn comment(out: &mut String, text: &str) {
    let _ = writeln!(out, "# {}", one_line(text));
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
