//! Is each INSERT of a printed script behind a gate of its role? Found out from the text alone.

use super::writer::LOOKED_UP;
use tidegate::Verdict;
use tidegate::config::FlinkVersion;
use tidegate::lexer::lex;
use tidegate::syntax::{Insert, Script, StatementKind};

/// The role of a script, at the cutover of these tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    First,
    Outgoing,
    Incoming,
}

/// 2026-11-22T12:00:00Z
pub const CUTOVER_MS: i64 = 1_795_348_800_000;

/// What an INSERT is found behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// A range predicate on its query, and none below.
    AtSink,
    /// Predicates right behind its sources, and in the incoming job one at its sink.
    TwoSided,
    /// Nothing: it is reported as left alone.
    Nothing,
}

/// A bound as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    Min,
    Cutover,
    Max,
}

type Range = (Bound, Bound);

const OPEN: Range = (Bound::Min, Bound::Max);

impl Side {
    fn range(self) -> Range {
        match self {
            Side::First => OPEN,
            Side::Outgoing => (Bound::Min, Bound::Cutover),
            Side::Incoming => (Bound::Cutover, Bound::Max),
        }
    }
}

/// Every INSERT is gated for the role, or reported as left alone.
pub fn all(
    text: &str,
    verdicts: &[Verdict],
    side: Side,
    flink: FlinkVersion,
) -> Result<Vec<Found>, String> {
    let (script, errors) = tidegate::parser::parse(text, flink);
    if let Some(error) = errors.iter().find(|e| e.is_error()) {
        return Err(format!("the result cannot be read: {}", error.message));
    }
    let inserts = inserts(&script);
    let (n, m) = (inserts.len(), verdicts.len());
    if n != m {
        return Err(format!("{n} INSERTs, {m} verdicts"));
    }
    let printed = Printed {
        script: &script,
        text,
    };
    let each = inserts.into_iter().zip(verdicts);
    each.map(|(insert, verdict)| {
        let query = words(insert.source.span.of(text));
        match verdict {
            Verdict::Exact | Verdict::BestEffort { .. } => printed
                .gate(&query, side)
                .map_err(|why| format!("{why}: {}", insert.span.of(text))),
            Verdict::LeftAlone { .. } => Ok(Found::Nothing),
            Verdict::Refused { reason } => Err(format!("printed though {reason}")),
        }
    })
    .collect()
}

pub fn inserts(script: &Script) -> Vec<&Insert> {
    let mut all: Vec<&Insert> = Vec::new();
    for statement in &script.statements {
        match &statement.kind {
            StatementKind::Insert(insert) => all.push(insert),
            StatementKind::StatementSet(set) => all.extend(&set.inserts),
            _ => {}
        }
    }
    all
}

fn words(text: &str) -> Vec<&str> {
    let tokens = lex(text, FlinkVersion::default());
    let solid = tokens.into_iter().filter(|t| !t.kind.is_trivia());
    solid.map(|t| t.span.of(text)).collect()
}

struct Printed<'a> {
    script: &'a Script,
    text: &'a str,
}

/// What a name of the script stands for.
enum Named<'a> {
    Table,
    View(Vec<&'a str>),
}

impl<'a> Printed<'a> {
    fn gate(&self, query: &[&'a str], side: Side) -> Result<Found, String> {
        let view = self.plain_view(query);
        let query = view.as_deref().unwrap_or(query);
        let below = self.below(query);
        match range(query) {
            // The range predicate of an append-only query, or the incoming side of an updating one.
            Some(found) if found == side.range() => match below.gates[..] {
                [] => Ok(Found::AtSink),
                _ if side == Side::Outgoing => Err("gates above gates".to_owned()),
                _ if below.gates.iter().any(|g| *g != OPEN) => Err("a closed source".to_owned()),
                _ => below.closed(),
            },
            Some(found) => Err(format!("its gate has the bounds {found:?}")),
            None if side == Side::Incoming => Err("no gate".to_owned()),
            None if below.gates.is_empty() => Err("no gate".to_owned()),
            None if below.gates.iter().any(|g| *g != side.range()) => {
                Err(format!("gates with the bounds {:?}", below.gates))
            }
            None => below.closed(),
        }
    }

    /// The query of the view that `SELECT names FROM view` reads.
    fn plain_view(&self, query: &[&'a str]) -> Option<Vec<&'a str>> {
        let ["SELECT", names @ .., "FROM", view] = query else {
            return None;
        };
        let plain = |word: &&str| *word == "," || word.starts_with('`');
        match self.named(view) {
            Some(Named::View(query)) if names.iter().all(plain) => Some(query),
            _ => None,
        }
    }

    fn named(&self, word: &str) -> Option<Named<'a>> {
        let name = word.trim_matches('`');
        self.script
            .statements
            .iter()
            .rev()
            .find_map(|s| match &s.kind {
                StatementKind::CreateTable(t) if t.name.object() == name => Some(Named::Table),
                StatementKind::CreateView(v) if v.name.object() == name => {
                    Some(Named::View(words(v.query.span.of(self.text))))
                }
                _ => None,
            })
    }

    /// What a query reads, through views up to gates.
    fn below(&self, query: &[&'a str]) -> Below {
        let mut below = Below::default();
        let mut open = vec![query.to_vec()];
        let mut seen = Vec::new();
        while let Some(query) = open.pop() {
            for (i, word) in query.iter().enumerate() {
                // Behind AS stands a name that is given, not one that is read; before a dot one
                // that qualifies.
                let given = i > 0 && query[i - 1] == "AS";
                let qualifies = query.get(i + 1) == Some(&".");
                if given || qualifies || seen.contains(word) {
                    continue;
                }
                seen.push(*word);
                match self.named(word) {
                    Some(Named::Table) => below.tables.push(word.to_string()),
                    Some(Named::View(query)) => match range(&query) {
                        Some(range) => below.gates.push(range),
                        None => open.push(query),
                    },
                    None => {}
                }
            }
        }
        below
    }
}

#[derive(Default)]
struct Below {
    gates: Vec<Range>,
    /// Those that are read with no gate between.
    tables: Vec<String>,
}

impl Below {
    fn closed(&self) -> Result<Found, String> {
        let stream = |table: &&String| !LOOKED_UP.contains(&table.trim_matches('`'));
        match self.tables.iter().find(stream) {
            None => Ok(Found::TwoSided),
            Some(table) => Err(format!("{table} is read past the gates")),
        }
    }
}

/// The bounds of `… WHERE COALESCE(time, MIN) >= low AND COALESCE(time, MIN) < high`, with nothing
/// behind it; also as the element of an array.
fn range(query: &[&str]) -> Option<Range> {
    let filter = query.iter().rposition(|w| *w == "WHERE")? + 1;
    let predicate = match &query[filter..] {
        ["ARRAY", "[", inside @ .., "]", "[", "1", "]"] => inside,
        plain => plain,
    };
    let low = predicate.iter().position(|w| *w == ">=")?;
    let and = low + predicate[low..].iter().position(|w| *w == "AND")?;
    let high = predicate.iter().rposition(|w| *w == "<")?;
    let value = &predicate[..low];
    let is_gate = value.first() == Some(&"COALESCE") && predicate.get(and + 1..high) == Some(value);
    is_gate.then_some(())?;
    Some((
        bound(&predicate[low + 1..and])?,
        bound(&predicate[high + 1..])?,
    ))
}

fn bound(words: &[&str]) -> Option<Bound> {
    match words.concat().as_str() {
        "TIMESTAMP'0001-01-01 00:00:00.000'" | "TO_TIMESTAMP_LTZ(-62135596800000,3)" => {
            Some(Bound::Min)
        }
        "TIMESTAMP'2026-11-22 12:00:00.000'" | "TO_TIMESTAMP_LTZ(1795348800000,3)" => {
            Some(Bound::Cutover)
        }
        "TIMESTAMP'9999-12-31 23:59:59.999'" | "TO_TIMESTAMP_LTZ(253402300799999,3)" => {
            Some(Bound::Max)
        }
        _ => None,
    }
}

/// The checks above see what is wrong.
#[test]
fn a_gate_that_is_not_there_is_missed() {
    const TABLES: &str = "CREATE TABLE s (k STRING, n BIGINT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka', 'format' = 'json');\nCREATE TABLE t (k STRING, n BIGINT, PRIMARY KEY (k) NOT ENFORCED) WITH ('connector' = 'upsert-kafka', 'key.format' = 'json', 'value.format' = 'json');\n";
    const UPDATING: &str = "INSERT INTO t SELECT k, COUNT(*) FROM s GROUP BY k;\n";
    const APPENDING: &str = "INSERT INTO t SELECT k, n FROM s;\n";
    let (exact, flink) = ([Verdict::Exact], FlinkVersion::default());
    let sides = [Side::First, Side::Outgoing, Side::Incoming];
    for (query, kind) in [(UPDATING, Found::TwoSided), (APPENDING, Found::AtSink)] {
        let source = format!("{TABLES}{query}");
        for side in sides {
            let settings = super::queries::settings(side, flink);
            let text = tidegate::rewrite(&source, &settings).text.unwrap();
            for asked in sides {
                let right = all(&text, &exact, asked, flink) == Ok(vec![kind]);
                assert_eq!(right, asked == side, "{side:?} as {asked:?}:\n{text}");
            }
            assert!(all(&source, &exact, side, flink).is_err());
            let past = text.replace("`s__source_gate` AS s", "s");
            let right = all(&past, &exact, side, flink) == Ok(vec![kind]);
            assert_eq!(right, past == text, "{past}");
        }
    }
}
