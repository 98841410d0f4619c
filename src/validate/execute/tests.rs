//! Expressions with the values that Flink 2.3.0 gives them (`cases.txt`, run in batch mode, session time zone UTC).

use super::*;
use crate::config::FlinkVersion;
use crate::parser;
use crate::syntax::StatementKind;
use crate::validate::{Outcome, Planner};

const TABLE: &str = "\
CREATE TABLE t (i INT, n INT, d DECIMAL(10, 2), f DOUBLE, s STRING, e STRING, p STRING, ts TIMESTAMP(3),
  l TIMESTAMP_LTZ(3), dt DATE, arr ARRAY<INT>, m MAP<STRING, INT>, j STRING) WITH ('connector' = 'kafka');
";

fn row() -> Row {
    let time = parse_time("2026-01-05 10:11:12.345").unwrap_or_default();
    let decimal = Decimal {
        unscaled: 1_234,
        precision: 10,
        scale: 2,
    };
    let day = super::value::NANOS * 86_400;
    Row {
        values: vec![
            Value::Int(7, 4),
            Value::Null,
            Value::Decimal(decimal),
            Value::Double(2.5),
            Value::text("Hello World"),
            Value::text(""),
            Value::text("  pad "),
            Value::Timestamp(time, 3),
            Value::TimestampLtz(time, 3),
            Value::Date((time / day) as i32),
            Value::Array((1..=3).map(|n| Value::Int(n, 4)).collect()),
            Value::Map(vec![(Value::text("k"), Value::Int(4, 4))]),
            Value::text(r#"{"a": 5, "b": {"c": "x y"}, "t": true, "l": ["p", "q"], "z": null}"#),
        ],
        ids: Arc::from([0]),
    }
}

/// The value of an expression over the row, as text; or what is not executed.
fn value(expr: &str) -> Result<String, String> {
    let text = format!("{TABLE}SELECT CAST({expr} AS STRING) FROM t;\n");
    let (script, errors) = parser::parse(&text, FlinkVersion::default());
    let catalog = Catalog::build(&script);
    let planner = Planner::new(&script, &text, &catalog, FlinkVersion::default());
    let Some(StatementKind::Query(query)) = script.statements.get(1).map(|s| &s.kind) else {
        return Err(format!("does not parse: {errors:?}"));
    };
    let planned = match planner.query(query, 1) {
        Outcome::Planned(planned) => planned,
        other => return Err(format!("does not plan: {other:?}")),
    };
    let program = Program::compile(&planned, &catalog).map_err(|missing| missing.join(", "))?;
    let tables = Tables {
        by_entry: BTreeMap::from([(0, vec![row()])]),
    };
    let rows = program.run(&tables, 0).map_err(|failure| failure.0)?;
    Ok(rows[0].values[0].to_string())
}

#[test]
fn values_are_those_of_flink() {
    let mut wrong = Vec::new();
    let mut refused = Vec::new();
    for case in include_str!("cases.txt").lines() {
        let Some((expr, expected)) = case.split_once(" => ") else {
            continue;
        };
        match value(expr) {
            Ok(value) if value == expected => {}
            Ok(value) => wrong.push(format!("{expr}: {value}, Flink: {expected}")),
            Err(why) => refused.push(format!("{expr}: {why}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    insta::assert_snapshot!(refused.join("\n"), @"");
}
