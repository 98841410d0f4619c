//! Expressions with the values that Flink 2.3.0 gives them (`cases.txt`, run in batch mode, session time zone UTC;
//! `zones.txt`, in others).

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
        wait: Wait::default(),
    }
}

/// The value of an expression over the row, as text; or what is not executed.
fn value(expr: &str, zone: Zone) -> Result<String, String> {
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
    let program =
        Program::compile(&planned, &catalog, zone).map_err(|missing| missing.join(", "))?;
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
        match value(expr, Zone::Utc) {
            Ok(value) if value == expected => {}
            Ok(value) => wrong.push(format!("{expr}: {value}, Flink: {expected}")),
            Err(why) => refused.push(format!("{expr}: {why}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    insta::assert_snapshot!(refused.join("\n"), @"
    TIMESTAMP '2026-01-31 12:00:00' + INTERVAL '1' MONTH: the text of a TIMESTAMP whose precision is not known
    TIMESTAMP '2026-03-31 12:00:00' - INTERVAL '1' MONTH: the text of a TIMESTAMP whose precision is not known
    TIMESTAMPADD(MONTH, 1, TIMESTAMP '2026-01-31 12:00:00'): the text of a TIMESTAMP whose precision is not known
    ");
}

#[test]
fn values_in_time_zones_are_those_of_flink() {
    let mut wrong = Vec::new();
    let mut refused = Vec::new();
    let mut same = 0;
    for case in include_str!("zones.txt").lines() {
        let Some((zone, (expr, expected))) = case
            .split_once(": ")
            .and_then(|(zone, case)| Some((zone, case.split_once(" => ")?)))
        else {
            continue;
        };
        match value(expr, Zone::read(zone).expect("a time zone")) {
            Ok(value) if value == expected => same += 1,
            Ok(value) => wrong.push(format!("{zone}: {expr}: {value}, Flink: {expected}")),
            Err(why) => refused.push(format!("{zone}: {expr}: {why}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Comparisons of the two kinds of timestamps, text of arrays and rows of them, and CEIL.
    assert!(
        same >= 6 * refused.len(),
        "{same} same\n{}",
        refused.join("\n")
    );
}

const TABLES: &str = "\
CREATE TABLE t (id INT, u STRING, v INT, x DECIMAL(6, 2), y DOUBLE, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' MINUTE) WITH ('connector' = 'kafka');
CREATE TABLE r (rid INT, u STRING, w INT, rts TIMESTAMP(3), PRIMARY KEY (u) NOT ENFORCED,
  WATERMARK FOR rts AS rts - INTERVAL '2' MINUTE) WITH ('connector' = 'kafka');
CREATE TABLE q (rid INT, u STRING, w INT, rts TIMESTAMP(3),
  WATERMARK FOR rts AS rts - INTERVAL '2' MINUTE) WITH ('connector' = 'kafka');
";

/// Rows of `t`, in the order in which they come; times on 2026-01-01, empty for NULL.
const T: &str = "\
1,a,10,1.5,0.5,00:04:00
2,b,,2.25,1.5,00:08:00
3,a,5,,2.5,00:09:59.999
4,c,7,3.1,,00:10:00
5,,30,4,4.5,00:10:00.001
6,b,1,-1,5.5,00:09:30
7,d,2,7.77,6.5,00:09:45
8,b,50,8,7.5,00:12:00
9,e,3,9,8.5,00:13:00
10,c,4,0.1,9.5,00:11:30
11,a,6,11,0.25,00:20:00";

/// Rows of `r` and of `q`.
const R: &str = "\
1,a,100,00:05:00
2,b,200,00:10:00
3,c,300,00:09:59
4,a,101,00:10:30
5,b,201,00:09:50
6,e,301,00:11:00
7,d,400,00:14:00";

fn rows(catalog: &Catalog, table: usize, lines: &str) -> Vec<Row> {
    let columns = &catalog.entries[table].table().expect("a table").columns;
    let cell = |(text, column): (&str, &crate::catalog::TableColumn)| {
        let text = match text {
            "" => return Value::Null,
            time if time.contains(':') => format!("2026-01-01 {time}"),
            other => other.to_owned(),
        };
        cast(&Value::text(text), column.ty.as_ref().expect("a type")).expect("a value")
    };
    let line = |(n, line): (usize, &str)| Row {
        values: line.split(',').zip(columns).map(cell).collect(),
        ids: Arc::from([(table * 100 + n) as u32]),
        wait: Wait::default(),
    };
    lines.lines().enumerate().map(line).collect()
}

/// The sorted rows of a query, every column as a string; or what is not executed.
fn result(query: &str, width: usize, zone: Zone) -> Result<Vec<String>, String> {
    let names: Vec<String> = (0..width).map(|n| format!("c{n}")).collect();
    let casts: Vec<String> = names
        .iter()
        .map(|c| format!("CAST({c} AS STRING)"))
        .collect();
    let (casts, names) = (casts.join(", "), names.join(", "));
    let text = format!("{TABLES}SELECT {casts} FROM ({query}) AS z ({names});\n");
    let (script, errors) = parser::parse(&text, FlinkVersion::default());
    let catalog = Catalog::build(&script);
    let planner = Planner::new(&script, &text, &catalog, FlinkVersion::default());
    let Some(StatementKind::Query(query)) = script.statements.get(3).map(|s| &s.kind) else {
        return Err(format!("does not parse: {errors:?}"));
    };
    let planned = match planner.query(query, 3) {
        Outcome::Planned(planned) => planned,
        other => return Err(format!("does not plan: {other:?}")),
    };
    let program =
        Program::compile(&planned, &catalog, zone).map_err(|missing| missing.join(", "))?;
    let by_entry = [T, R, R].into_iter().enumerate();
    let by_entry = by_entry.map(|(table, lines)| (table, rows(&catalog, table, lines)));
    let tables = Tables {
        by_entry: by_entry.collect(),
    };
    let rows = program.run(&tables, 0).map_err(|failure| failure.0)?;
    let shown = |row: &Row| {
        let cells = row.values.iter().map(|v| match v {
            Value::Null => "null".to_owned(),
            other => other.to_string(),
        });
        format!("[{}]", cells.collect::<Vec<_>>().join(", "))
    };
    let mut shown: Vec<String> = rows.iter().map(shown).collect();
    shown.sort();
    Ok(shown)
}

#[test]
fn rows_are_those_of_flink() {
    let mut wrong = Vec::new();
    let mut refused = Vec::new();
    for case in format!("\n{}", include_str!("queries.txt"))
        .split("\n? ")
        .skip(1)
    {
        let mut lines = case.lines();
        let query = lines.next().unwrap_or_default();
        let mut expected: Vec<&str> = lines.collect();
        let first = expected.first().copied().unwrap_or_default();
        let mut width = first.split(", ").count();
        // Where there are no rows, a line tells how wide they would be.
        if let Some(columns) = first.strip_prefix('(') {
            let columns = columns.strip_suffix(" columns)").map(str::parse);
            width = columns.and_then(Result::ok).expect("a number of columns");
            expected.clear();
        }
        match result(query, width, Zone::Utc) {
            Ok(rows) if rows == expected => {}
            Ok(rows) => wrong.push(format!(
                "{query}\n{}\nFlink:\n{}",
                rows.join("\n"),
                expected.join("\n")
            )),
            Err(why) => refused.push(format!("{query}: {why}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    insta::assert_snapshot!(refused.join("\n"), @"SELECT u, SUM(v), GROUPING(u) FROM t GROUP BY ROLLUP (u): GROUPING");
}
