//! Rows of tables: the user's own, and how rows are shown.

use super::job::Job;
use crate::catalog::TableColumnKind;
use crate::diagnostic::Diagnostic;
use crate::syntax::{DataType, TypeKind};
use crate::text::Span;
use crate::validate::execute::{Value, cast};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// A file of rows for one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// The table's name, or its full path with dots.
    pub table: String,
    /// As the file is called in messages.
    pub name: String,
    pub content: Content,
}

/// What a file of rows holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// With a header; an empty field is NULL.
    Csv(String),
    /// One object on each line.
    JsonLines(String),
}

/// A row of a source: what is stored, not what is computed from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Its own in the whole input.
    pub id: u32,
    pub values: BTreeMap<String, Value>,
}

/// Rows of all tables, by path, in the order in which they come.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Input {
    pub tables: BTreeMap<String, Vec<Record>>,
}

impl Input {
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }

    pub fn len(&self) -> usize {
        self.tables.values().map(Vec::len).sum()
    }

    /// As a file of JSON lines for each table that has rows.
    pub fn json_lines(&self) -> BTreeMap<String, String> {
        let line = |record: &Record| {
            let object: serde_json::Map<String, Json> = record
                .values
                .iter()
                .map(|(k, v)| (k.clone(), to_json(v)))
                .collect();
            format!("{}\n", Json::Object(object))
        };
        let tables = self.tables.iter();
        tables
            .map(|(table, rows)| (table.clone(), rows.iter().map(line).collect()))
            .collect()
    }
}

fn to_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(b) => Json::Bool(*b),
        Value::Int(v, _) => Json::from(*v),
        Value::Double(v) => Json::from(*v),
        Value::Array(all) => all.iter().map(to_json).collect(),
        Value::Map(all) => Json::Object(
            all.iter()
                .map(|(k, v)| (k.to_string(), to_json(v)))
                .collect(),
        ),
        Value::Row(all) => Json::Object(
            all.iter()
                .map(|(k, v)| (k.to_string(), to_json(v)))
                .collect(),
        ),
        other => Json::from(other.to_string()),
    }
}

fn from_json(json: &Json, ty: &DataType) -> Result<Value, String> {
    let text = match (json, &ty.kind) {
        (Json::Null, _) => return Ok(Value::Null),
        (Json::Array(all), TypeKind::Array(of)) => {
            return Ok(Value::Array(
                all.iter()
                    .map(|v| from_json(v, of))
                    .collect::<Result<_, _>>()?,
            ));
        }
        (Json::Object(all), TypeKind::Row(fields)) => {
            let field = |f: &crate::syntax::Field| {
                let value = all.get(&f.name).unwrap_or(&Json::Null);
                Ok((f.name.as_str().into(), from_json(value, &f.ty)?))
            };
            return Ok(Value::Row(
                fields.iter().map(field).collect::<Result<_, String>>()?,
            ));
        }
        (Json::Object(all), TypeKind::Map(key, value)) => {
            let entry = |(k, v): (&String, &Json)| Ok((from_text(k, key)?, from_json(v, value)?));
            return Ok(Value::Map(
                all.iter().map(entry).collect::<Result<_, String>>()?,
            ));
        }
        (Json::String(text), _) => text.clone(),
        (other, _) => other.to_string(),
    };
    from_text(&text, ty)
}

fn from_text(text: &str, ty: &DataType) -> Result<Value, String> {
    let text = match ty.kind {
        // ISO 8601 in UTC.
        TypeKind::TimestampLtz(_) => text.trim_end_matches('Z'),
        _ => text,
    };
    cast(&Value::text(text), ty).map_err(|failure| failure.0)
}

/// The user's rows, by the paths of their tables.
///
/// # Errors
/// What is wrong with a file: the table is not there, or a line cannot be read.
pub fn read(files: &[Data], job: &Job<'_>) -> Result<Input, Vec<Diagnostic>> {
    let mut input = Input::default();
    let mut errors = Vec::new();
    let mut next = 0;
    for file in files {
        match read_file(file, job, &mut next) {
            Ok((table, records)) => {
                input.tables.entry(table).or_default().extend(records);
            }
            Err(why) => {
                let message = format!("{}: {why}", file.name);
                errors.push(Diagnostic::error("unreadable-data", Span::at(0), message));
            }
        }
    }
    if errors.is_empty() {
        Ok(input)
    } else {
        Err(errors)
    }
}

fn read_file(file: &Data, job: &Job<'_>, next: &mut u32) -> Result<(String, Vec<Record>), String> {
    let entry = job.catalog.entries.iter().enumerate().find_map(|(id, e)| {
        let named = e.path[2] == file.table || e.path.join(".") == file.table;
        e.table().filter(|_| named).map(|table| (id, table))
    });
    let Some((id, table)) = entry else {
        return Err(format!("there is no table `{}`", file.table));
    };
    let mut records = Vec::new();
    let mut push = |line: usize, fields: Vec<(String, Json)>| -> Result<(), String> {
        let mut values = BTreeMap::new();
        for (name, json) in fields {
            let column = table.column(&name);
            let Some(column) =
                column.filter(|c| !matches!(c.kind, TableColumnKind::Computed { .. }))
            else {
                return Err(format!(
                    "line {line}: table `{}` stores no column `{name}`",
                    file.table
                ));
            };
            let value = match &column.ty {
                Some(ty) => from_json(&json, ty)
                    .map_err(|why| format!("line {line}, column `{name}`: {why}"))?,
                None => return Err(format!("the type of column `{name}` is not known")),
            };
            values.insert(name, value);
        }
        records.push(Record { id: *next, values });
        *next += 1;
        Ok(())
    };
    match &file.content {
        Content::JsonLines(text) => {
            let lines = text.lines().enumerate();
            for (n, line) in lines.filter(|(_, l)| !l.trim().is_empty()) {
                match serde_json::from_str(line) {
                    Ok(Json::Object(object)) => {
                        push(n + 1, object.into_iter().collect())?;
                    }
                    Ok(_) => return Err(format!("line {}: not an object", n + 1)),
                    Err(error) => return Err(format!("line {}: {error}", n + 1)),
                }
            }
        }
        Content::Csv(text) => {
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            let names = reader.headers().map_err(|e| e.to_string())?.clone();
            for (n, line) in reader.records().enumerate() {
                let line = line.map_err(|e| e.to_string())?;
                let field = |(name, text): (&str, &str)| {
                    let json = if text.is_empty() {
                        Json::Null
                    } else {
                        Json::from(text)
                    };
                    (name.to_owned(), json)
                };
                push(n + 2, names.iter().zip(&line).map(field).collect())?;
            }
        }
    }
    Ok((job.origin(id), records))
}
