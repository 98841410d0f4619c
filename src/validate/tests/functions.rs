//! Every built-in function, called in every way that the table knows.
//!
//! `TIDEGATE_FUNCTIONS=FILE cargo test --lib functions` writes the calls to FILE, one JSON object a line, for
//! `tests/checks/verify.py`, which asks a real Flink about each. With `TIDEGATE_FLINK_FUNCTIONS=FILE` the names in the
//! second column of FILE, a list of Flink's, are looked up too.

use super::super::functions::{self, Kind};
use super::super::{Outcome, Planner};
use super::{read, shown};
use crate::config::FlinkVersion;
use crate::syntax::StatementKind;

const TABLE: &str = "CREATE TABLE t (i INT, s STRING, b BYTES, bo BOOLEAN, dt DATE, ti TIME, ts TIMESTAMP(3), \
                     lt TIMESTAMP_LTZ(3), a ARRAY<INT>, sa ARRAY<STRING>, m MAP<STRING, INT>, r ROW<x INT>, \
                     proc AS PROCTIME()BITMAP, WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka', 'topic' = 't', 'format' = 'json')";

/// Functions with a syntax or with arguments of their own. Without a call: only inside of something else.
const SPECIAL: &[(&str, &str)] = &[
    ("ARRAY", ""),
    ("ARRAY_JOIN", "ARRAY_JOIN(sa, s)"),
    ("AUXILIARY_GROUP", ""),
    ("CEIL", "CEIL(ts TO DAY)"),
    ("CEILING", "CEILING(i)"),
    ("CLASSIFIER", ""),
    ("COALESCE", "COALESCE(s, 'x')"),
    ("COUNT", "COUNT(*)"),
    ("CUMULATE", ""),
    ("CURRENT_DATE", "CURRENT_DATE"),
    ("CURRENT_ROW_TIMESTAMP", "CURRENT_ROW_TIMESTAMP()"),
    ("CURRENT_TIME", "CURRENT_TIME"),
    ("CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP"),
    ("CURRENT_WATERMARK", "CURRENT_WATERMARK(ts)"),
    ("DATE_FORMAT", "DATE_FORMAT(ts, s)"),
    ("DESCRIPTOR", ""),
    ("EXTRACT", "EXTRACT(DAY FROM ts)"),
    ("FIRST", ""),
    ("FLOOR", "FLOOR(ts TO DAY)"),
    ("GROUPING", ""),
    ("GROUPING_ID", ""),
    ("GROUP_ID", ""),
    ("HOP", ""),
    ("JSON_ARRAY", "JSON_ARRAY(i, s NULL ON NULL)"),
    ("JSON_ARRAYAGG", "JSON_ARRAYAGG(i)"),
    ("JSON_EXISTS", "JSON_EXISTS(s, '$.a')"),
    ("JSON_OBJECT", "JSON_OBJECT(KEY 'a' VALUE i)"),
    ("JSON_OBJECTAGG", "JSON_OBJECTAGG(KEY s VALUE i)"),
    ("JSON_QUERY", "JSON_QUERY(s, '$.a')"),
    ("JSON_VALUE", "JSON_VALUE(s, '$.a' RETURNING INT)"),
    ("LAST", ""),
    ("LISTAGG", "LISTAGG(s, ',')"),
    ("LOCALTIME", "LOCALTIME"),
    ("LOCALTIMESTAMP", "LOCALTIMESTAMP"),
    ("MAP", ""),
    ("MATCH_NUMBER", ""),
    ("MATCH_PROCTIME", ""),
    ("MATCH_ROWTIME", ""),
    ("MULTISET", ""),
    ("NEXT", ""),
    ("NOW", "NOW()"),
    ("NTILE", "NTILE(2) OVER (ORDER BY proc)"),
    ("OBJECT_OF", ""),
    ("OBJECT_UPDATE", ""),
    ("OVERLAY", "OVERLAY(s PLACING s FROM 1 FOR 2)"),
    ("PERCENTILE", "PERCENTILE(i, 0.5)"),
    ("POSITION", "POSITION(s IN s)"),
    ("PREV", ""),
    ("PROCTIME", "PROCTIME()"),
    ("ROW", "ROW(i, s)"),
    ("SESSION", ""),
    ("SOURCE_WATERMARK", ""),
    ("SUBSTRING", "SUBSTRING(s FROM 1 FOR 2)"),
    ("TIMESTAMPADD", "TIMESTAMPADD(DAY, i, ts)"),
    ("TIMESTAMPDIFF", "TIMESTAMPDIFF(DAY, ts, lt)"),
    ("TRIM", "TRIM(BOTH 'x' FROM s)"),
    ("TUMBLE", ""),
    ("TYPEOF", "TYPEOF(i, TRUE)"),
];

/// Functions that need OVER.
const OVER: [&str; 7] = [
    "CUME_DIST",
    "DENSE_RANK",
    "LAG",
    "LEAD",
    "PERCENT_RANK",
    "RANK",
    "ROW_NUMBER",
];

/// A column of the first family that may stand at a place.
fn column(letters: &str) -> &'static str {
    match letters.chars().next() {
        Some('c') => "s",
        Some('b') => "b",
        Some('B') => "bo",
        Some('d') => "dt",
        Some('t') => "ti",
        Some('s') => "ts",
        Some('z') => "lt",
        Some('a') => "a",
        Some('m') => "m",
        Some('r') => "r",
        Some('u') => "bm",
        _ => "i",
    }
}

fn calls(function: &functions::Function) -> Vec<String> {
    let name = function.name;
    if let Some((_, call)) = SPECIAL.iter().find(|(special, _)| *special == name) {
        return vec![(*call).to_owned()];
    }
    let over = if OVER.contains(&name) {
        " OVER (ORDER BY proc)"
    } else {
        ""
    };
    function
        .ways()
        .map(|way| {
            // The argument of any number stands once, and the element of a list fits the list.
            let mut args: Vec<_> = way.iter().map(|letters| column(letters)).collect();
            if name == "LAG" || name == "LEAD" {
                args.truncate(3);
            }
            format!("{name}({}){over}", args.join(", "))
        })
        .collect()
}

fn plan(version: FlinkVersion, call: &str) -> String {
    let bitmap = if version >= FlinkVersion::V2_3 {
        ", bm AS BITMAP_BUILD(ARRAY[1])"
    } else {
        ""
    };
    let text = format!(
        "{};\nSELECT {call} FROM t;",
        TABLE.replace("BITMAP,", &format!("{bitmap},"))
    );
    let read = read(&text);
    let planner = Planner::new(&read.script, &read.text, &read.catalog, version);
    let Some(StatementKind::Query(query)) = read.script.statements.get(1).map(|s| &s.kind) else {
        return "not read".to_owned();
    };
    match planner.query(query, 1) {
        Outcome::Planned(planned) => match &planned.warnings[..] {
            [] => "planned".to_owned(),
            [warning, ..] => format!("{}: {}", warning.name, warning.message),
        },
        failed => shown(&failed, &text),
    }
}

#[test]
fn every_function_is_called_in_every_way() {
    let (mut wrong, mut lines, mut count) = (String::new(), String::new(), 0);
    for function in functions::all().filter(|f| f.kind != Kind::Table) {
        for call in calls(function).into_iter().filter(|call| !call.is_empty()) {
            count += 1;
            let outcome = plan(FlinkVersion::V2_3, &call);
            if outcome != "planned" {
                wrong += &format!("{call}: {outcome}\n");
            }
            if function.since > FlinkVersion::V1_20
                && !plan(FlinkVersion::V1_20, &call).starts_with("unknown-function")
                && !call.contains("bm")
            {
                wrong += &format!("{call}: known to Flink 1.20\n");
            }
            let since = function.since.to_string();
            lines += &serde_json::json!({"name": function.name, "call": call, "since": since})
                .to_string();
            lines.push('\n');
        }
    }
    if let Some(file) = std::env::var_os("TIDEGATE_FUNCTIONS") {
        std::fs::write(file, lines).expect("a file to write the calls to");
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(count > 230, "{count}");
}

#[test]
fn one_argument_too_many() {
    let special = |name: &str| SPECIAL.iter().any(|(special, _)| *special == name);
    let mut wrong = String::new();
    for function in functions::all().filter(|f| f.kind != Kind::Table && !special(f.name)) {
        if function.takes_count(20) {
            continue;
        }
        let outcome = plan(
            FlinkVersion::V2_3,
            &format!("{}({})", function.name, ["i"; 20].join(", ")),
        );
        if !outcome.starts_with("argument-count") && outcome != "not read" {
            wrong += &format!("{}: {outcome}\n", function.name);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Names of Flink's list that are operators, helpers of the planner, or spelled otherwise in SQL.
const NO_SQL_NAMES: &[&str] = &[
    "AGG_DECIMAL_PLUS",
    "AND",
    "AS",
    "ASC",
    "ASSIGNMENT",
    "AT",
    "BETWEEN",
    "CAST",
    "CURRENTDATABASE",
    "DEFAULT",
    "DESC",
    "DISTINCT",
    "FLATTEN",
    "GET",
    "HIVE_AGG_DECIMAL_PLUS",
    "IFTHENELSE",
    "IN",
    "IS_JSON",
    "LIKE",
    "LOWERCASE",
    "NOT",
    "NOTBETWEEN",
    "OR",
    "OVER",
    "RANGETO",
    "REINTERPRET_CAST",
    "ROWTIME",
    "STREAMRECORDTIMESTAMP",
    "SUM0",
    "TEMPORALOVERLAPS",
    "TRY_CAST",
    "UPPERCASE",
    "WINDOW_END",
    "WINDOW_START",
    "WITHCOLUMNS",
    "WITHOUTCOLUMNS",
];

#[test]
fn every_name_of_a_list_of_flinks_is_known() {
    let Some(file) = std::env::var_os("TIDEGATE_FLINK_FUNCTIONS") else {
        return;
    };
    let list = std::fs::read_to_string(file).expect("the list of functions");
    let is_name = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let names = list.lines().filter_map(|line| line.split('\t').nth(1));
    let names: Vec<String> = names
        .filter(|name| is_name(name))
        .map(str::to_uppercase)
        .collect();
    assert!(names.len() > 200, "{}", names.len());
    let unknown: Vec<&String> = names
        .iter()
        .filter(|name| functions::builtin(name).is_none() && !NO_SQL_NAMES.contains(&name.as_str()))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
