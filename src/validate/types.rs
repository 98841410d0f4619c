//! Flink types as the planner carries them: an Arrow type near enough for the planner, and the Flink type itself, as
//! text, in the field's metadata.
//!
//! A type is *exact* where it was declared (a column, a cast) and only a guess at its family where a function stub
//! returned it. The sink check judges lengths and precisions of exact types only.

use crate::syntax::{DataType, Field as FlinkField, TypeKind};
use datafusion::arrow::datatypes::{
    DataType as Arrow, Field, FieldRef, Fields, IntervalUnit, TimeUnit,
};
use std::collections::HashMap;
use std::sync::Arc;

/// Metadata key of the Flink type's text.
const TYPE_KEY: &str = "flink.type";
/// Metadata key that is there only where the type was declared.
const EXACT_KEY: &str = "flink.exact";

/// A Flink type as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub ty: DataType,
    pub exact: bool,
}

/// What a type can be told from, however it was computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    Boolean,
    Numeric,
    Character,
    Binary,
    Date,
    Time,
    Timestamp,
    TimestampLtz,
    IntervalYearMonth,
    IntervalDayTime,
    Array,
    Multiset,
    Map,
    Row,
}

/// `None` for types that nothing is known about: RAW, VARIANT, user types.
pub fn family(kind: &TypeKind) -> Option<Family> {
    Some(match kind {
        TypeKind::Boolean => Family::Boolean,
        TypeKind::TinyInt
        | TypeKind::SmallInt
        | TypeKind::Int
        | TypeKind::BigInt
        | TypeKind::Float
        | TypeKind::Double
        | TypeKind::Decimal { .. } => Family::Numeric,
        TypeKind::Char(_) | TypeKind::VarChar(_) => Family::Character,
        TypeKind::Binary(_) | TypeKind::VarBinary(_) => Family::Binary,
        TypeKind::Date => Family::Date,
        TypeKind::Time(_) => Family::Time,
        TypeKind::Timestamp(_) => Family::Timestamp,
        TypeKind::TimestampLtz(_) => Family::TimestampLtz,
        TypeKind::IntervalYearMonth => Family::IntervalYearMonth,
        TypeKind::IntervalDayTime => Family::IntervalDayTime,
        TypeKind::Array(_) => Family::Array,
        TypeKind::Multiset(_) => Family::Multiset,
        TypeKind::Map(..) => Family::Map,
        TypeKind::Row(_) => Family::Row,
        TypeKind::Raw { .. }
        | TypeKind::Structured { .. }
        | TypeKind::Variant
        | TypeKind::Bitmap
        | TypeKind::Descriptor
        | TypeKind::Named(_) => return None,
    })
}

/// A column or a value of a type that is not known.
pub fn unknown_field(name: &str) -> Field {
    Field::new(name, Arrow::Null, true)
}

pub fn field(name: &str, ty: &DataType, exact: bool) -> Field {
    let mut metadata = HashMap::from([(TYPE_KEY.to_owned(), ty.to_string())]);
    if exact {
        metadata.insert(EXACT_KEY.to_owned(), String::new());
    }
    Field::new(name, arrow_type(ty), true).with_metadata(metadata)
}

pub fn optional_field(name: &str, known: Option<&Known>) -> Field {
    match known {
        Some(known) => field(name, &known.ty, known.exact),
        None => unknown_field(name),
    }
}

/// The Flink type of a planned field: its metadata, or what the planner's own literals say.
pub fn known(field: &Field) -> Option<Known> {
    if let Some(text) = field.metadata().get(TYPE_KEY) {
        return Some(Known {
            ty: parse_type(text)?,
            exact: field.metadata().contains_key(EXACT_KEY),
        });
    }
    let kind = match field.data_type() {
        Arrow::Boolean => TypeKind::Boolean,
        Arrow::Int8
        | Arrow::Int16
        | Arrow::Int32
        | Arrow::Int64
        | Arrow::UInt8
        | Arrow::UInt16
        | Arrow::UInt32
        | Arrow::UInt64 => TypeKind::BigInt,
        Arrow::Float16 | Arrow::Float32 | Arrow::Float64 => TypeKind::Double,
        Arrow::Decimal128(precision, scale) => TypeKind::Decimal {
            precision: *precision,
            scale: u8::try_from(*scale).unwrap_or(0),
        },
        Arrow::Utf8 | Arrow::LargeUtf8 | Arrow::Utf8View => TypeKind::STRING,
        _ => return None,
    };
    Some(Known {
        ty: kind.nullable(),
        exact: false,
    })
}

fn arrow_type(ty: &DataType) -> Arrow {
    match &ty.kind {
        TypeKind::Boolean => Arrow::Boolean,
        TypeKind::TinyInt => Arrow::Int8,
        TypeKind::SmallInt => Arrow::Int16,
        TypeKind::Int => Arrow::Int32,
        TypeKind::BigInt => Arrow::Int64,
        TypeKind::Float => Arrow::Float32,
        TypeKind::Double => Arrow::Float64,
        TypeKind::Decimal { precision, scale } => Arrow::Decimal128(*precision, *scale as i8),
        TypeKind::Char(_) | TypeKind::VarChar(_) => Arrow::Utf8,
        TypeKind::Binary(_) | TypeKind::VarBinary(_) => Arrow::Binary,
        TypeKind::Date => Arrow::Date32,
        TypeKind::Time(_) => Arrow::Time64(TimeUnit::Nanosecond),
        TypeKind::Timestamp(p) => Arrow::Timestamp(unit(*p), None),
        TypeKind::TimestampLtz(p) => Arrow::Timestamp(unit(*p), Some("UTC".into())),
        TypeKind::IntervalYearMonth | TypeKind::IntervalDayTime => {
            Arrow::Interval(IntervalUnit::MonthDayNano)
        }
        TypeKind::Array(element) => Arrow::List(Arc::new(field("item", element, true))),
        TypeKind::Multiset(element) => map_of(element, &TypeKind::Int.not_null()),
        TypeKind::Map(key, value) => map_of(key, value),
        TypeKind::Row(fields) => Arrow::Struct(
            fields
                .iter()
                .map(|f| field(&f.name, &f.ty, true))
                .collect::<Fields>(),
        ),
        TypeKind::Raw { .. }
        | TypeKind::Structured { .. }
        | TypeKind::Variant
        | TypeKind::Bitmap
        | TypeKind::Descriptor
        | TypeKind::Named(_) => Arrow::Null,
    }
}

fn unit(precision: u8) -> TimeUnit {
    match precision {
        0 => TimeUnit::Second,
        1..=3 => TimeUnit::Millisecond,
        4..=6 => TimeUnit::Microsecond,
        _ => TimeUnit::Nanosecond,
    }
}

fn map_of(key: &DataType, value: &DataType) -> Arrow {
    let entries: Fields = vec![field("key", key, true), field("value", value, true)].into();
    let entries: FieldRef = Arc::new(Field::new("entries", Arrow::Struct(entries), false));
    Arrow::Map(entries, false)
}

/// The type of an element of `ARRAY`, `MULTISET`; of a value of `MAP`.
pub fn element(ty: &DataType) -> Option<&DataType> {
    match &ty.kind {
        TypeKind::Array(e) | TypeKind::Multiset(e) | TypeKind::Map(_, e) => Some(e),
        _ => None,
    }
}

pub fn row_field<'a>(ty: &'a DataType, name: &str) -> Option<&'a DataType> {
    match &ty.kind {
        TypeKind::Row(fields) | TypeKind::Structured { fields, .. } => {
            fields.iter().find(|f| f.name == name).map(|f| &f.ty)
        }
        _ => None,
    }
}

/// Reads a type as Flink writes it, in the spellings that a cast or a column may hold.
/// `None` for what is no type; nesting is limited.
/// Source: Flink docs, Table API & SQL, "Data Types".
pub fn parse_type(text: &str) -> Option<DataType> {
    let mut reader = Reader {
        words: words(text),
        pos: 0,
    };
    let ty = reader.data_type(0)?;
    (reader.pos == reader.words.len()).then_some(ty)
}

#[derive(Debug, PartialEq, Eq)]
enum Word {
    Plain(String),
    /// In backticks or quotes.
    Quoted(String),
    Mark(char),
}

fn words(text: &str) -> Vec<Word> {
    let mut out = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_whitespace() {
            continue;
        }
        if c == '`' || c == '\'' {
            let mut value = String::new();
            while let Some(next) = chars.next() {
                if next == c {
                    if chars.peek() != Some(&c) {
                        break;
                    }
                    chars.next();
                }
                value.push(next);
            }
            out.push(Word::Quoted(value));
        } else if c.is_alphanumeric() || c == '_' || c == '$' {
            let mut value = String::from(c);
            while let Some(next) = chars.peek() {
                if !(next.is_alphanumeric() || *next == '_' || *next == '$') {
                    break;
                }
                value.push(*next);
                chars.next();
            }
            out.push(Word::Plain(value));
        } else {
            out.push(Word::Mark(c));
        }
    }
    out
}

struct Reader {
    words: Vec<Word>,
    pos: usize,
}

impl Reader {
    fn mark(&mut self, mark: char) -> bool {
        let here = self.words.get(self.pos) == Some(&Word::Mark(mark));
        self.pos += usize::from(here);
        here
    }

    fn word(&mut self, word: &str) -> bool {
        let here = matches!(self.words.get(self.pos), Some(Word::Plain(w)) if w.eq_ignore_ascii_case(word));
        self.pos += usize::from(here);
        here
    }

    fn number(&mut self) -> Option<u32> {
        match self.words.get(self.pos) {
            Some(Word::Plain(w)) => {
                let value = w.parse().ok()?;
                self.pos += 1;
                Some(value)
            }
            _ => None,
        }
    }

    /// `(n)`, or `default`.
    fn length(&mut self, default: u32) -> Option<u32> {
        if !self.mark('(') {
            return Some(default);
        }
        let value = self.number()?;
        self.mark(')').then_some(value)
    }

    fn precision(&mut self, default: u8) -> Option<u8> {
        self.length(u32::from(default))
            .and_then(|p| u8::try_from(p).ok())
    }

    fn data_type(&mut self, depth: usize) -> Option<DataType> {
        if depth > 50 {
            return None;
        }
        let kind = self.kind(depth)?;
        let mut ty = self.nullability(kind);
        // `INT ARRAY` is `ARRAY<INT>`.
        loop {
            if self.word("ARRAY") {
                ty = self.nullability(TypeKind::Array(Box::new(ty)));
            } else if self.word("MULTISET") {
                ty = self.nullability(TypeKind::Multiset(Box::new(ty)));
            } else {
                return Some(ty);
            }
        }
    }

    fn nullability(&mut self, kind: TypeKind) -> DataType {
        if self.word("NOT") {
            self.word("NULL");
            return kind.not_null();
        }
        self.word("NULL");
        kind.nullable()
    }

    fn kind(&mut self, depth: usize) -> Option<TypeKind> {
        let name = match self.words.get(self.pos)? {
            Word::Plain(w) => w.clone(),
            Word::Quoted(w) => {
                let name = w.clone();
                self.pos += 1;
                return Some(TypeKind::Named(name));
            }
            Word::Mark(_) => return None,
        };
        self.pos += 1;
        Some(match name.to_ascii_uppercase().as_str() {
            "BOOLEAN" => TypeKind::Boolean,
            "TINYINT" => TypeKind::TinyInt,
            "SMALLINT" => TypeKind::SmallInt,
            "INT" | "INTEGER" => TypeKind::Int,
            "BIGINT" => TypeKind::BigInt,
            "FLOAT" | "REAL" => TypeKind::Float,
            "DOUBLE" => {
                self.word("PRECISION");
                TypeKind::Double
            }
            "DECIMAL" | "DEC" | "NUMERIC" => self.decimal()?,
            "CHAR" | "CHARACTER" if self.word("VARYING") => TypeKind::VarChar(self.length(1)?),
            "CHAR" | "CHARACTER" => TypeKind::Char(self.length(1)?),
            "VARCHAR" => TypeKind::VarChar(self.length(1)?),
            "STRING" => TypeKind::STRING,
            "BINARY" if self.word("VARYING") => TypeKind::VarBinary(self.length(1)?),
            "BINARY" => TypeKind::Binary(self.length(1)?),
            "VARBINARY" => TypeKind::VarBinary(self.length(1)?),
            "BYTES" => TypeKind::BYTES,
            "DATE" => TypeKind::Date,
            "TIME" => {
                let precision = self.precision(0)?;
                self.without_zone();
                TypeKind::Time(precision)
            }
            "TIMESTAMP" => {
                let precision = self.precision(6)?;
                if self.words_at(&["WITH", "LOCAL", "TIME", "ZONE"]) {
                    TypeKind::TimestampLtz(precision)
                } else {
                    self.without_zone();
                    TypeKind::Timestamp(precision)
                }
            }
            "TIMESTAMP_LTZ" => TypeKind::TimestampLtz(self.precision(6)?),
            "INTERVAL" => self.interval()?,
            "ARRAY" => TypeKind::Array(Box::new(self.bracketed(depth)?)),
            "MULTISET" => TypeKind::Multiset(Box::new(self.bracketed(depth)?)),
            "MAP" => {
                self.mark('<').then_some(())?;
                let key = self.data_type(depth + 1)?;
                self.mark(',').then_some(())?;
                let value = self.data_type(depth + 1)?;
                self.mark('>').then_some(())?;
                TypeKind::Map(Box::new(key), Box::new(value))
            }
            "ROW" => self.row(depth)?,
            "RAW" | "STRUCTURED" => {
                self.skip_arguments();
                TypeKind::Named(name)
            }
            "VARIANT" => TypeKind::Variant,
            "BITMAP" => TypeKind::Bitmap,
            "DESCRIPTOR" => TypeKind::Descriptor,
            _ => {
                while self.mark('.') {
                    self.pos += 1;
                }
                TypeKind::Named(name)
            }
        })
    }

    fn words_at(&mut self, words: &[&str]) -> bool {
        let start = self.pos;
        let all = words.iter().all(|w| self.word(w));
        if !all {
            self.pos = start;
        }
        all
    }

    fn without_zone(&mut self) {
        self.words_at(&["WITHOUT", "TIME", "ZONE"]);
    }

    fn decimal(&mut self) -> Option<TypeKind> {
        let (mut precision, mut scale) = (10, 0);
        if self.mark('(') {
            precision = self.number()?;
            if self.mark(',') {
                scale = self.number()?;
            }
            self.mark(')').then_some(())?;
        }
        Some(TypeKind::Decimal {
            precision: u8::try_from(precision).ok()?,
            scale: u8::try_from(scale).ok()?,
        })
    }

    fn interval(&mut self) -> Option<TypeKind> {
        let year_month = self.word("YEAR") || self.word("MONTH");
        if !year_month {
            ["DAY", "HOUR", "MINUTE", "SECOND"]
                .iter()
                .any(|unit| self.word(unit))
                .then_some(())?;
        }
        self.skip_arguments();
        if self.word("TO") {
            self.pos += 1;
            self.skip_arguments();
        }
        Some(if year_month {
            TypeKind::IntervalYearMonth
        } else {
            TypeKind::IntervalDayTime
        })
    }

    fn bracketed(&mut self, depth: usize) -> Option<DataType> {
        self.mark('<').then_some(())?;
        let ty = self.data_type(depth + 1)?;
        self.mark('>').then_some(ty)
    }

    /// `ROW<a INT, b STRING>` or `ROW(a INT, b STRING)`.
    fn row(&mut self, depth: usize) -> Option<TypeKind> {
        let close = if self.mark('<') {
            '>'
        } else {
            self.mark('(').then_some(')')?
        };
        let mut fields = Vec::new();
        while !self.mark(close) {
            if !fields.is_empty() {
                self.mark(',').then_some(())?;
            }
            let name = match self.words.get(self.pos)? {
                Word::Plain(w) | Word::Quoted(w) => w.clone(),
                Word::Mark(_) => return None,
            };
            self.pos += 1;
            let ty = self.data_type(depth + 1)?;
            if matches!(self.words.get(self.pos), Some(Word::Quoted(_))) {
                self.pos += 1;
            }
            fields.push(FlinkField { name, ty });
        }
        Some(TypeKind::Row(fields))
    }

    /// Steps over `( … )` or `< … >`, if one stands here.
    fn skip_arguments(&mut self) {
        let (open, close) = match self.words.get(self.pos) {
            Some(Word::Mark('(')) => ('(', ')'),
            Some(Word::Mark('<')) => ('<', '>'),
            _ => return,
        };
        let mut depth = 0usize;
        while let Some(word) = self.words.get(self.pos) {
            self.pos += 1;
            if *word == Word::Mark(open) {
                depth += 1;
            } else if *word == Word::Mark(close) {
                depth -= 1;
                if depth == 0 {
                    return;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parse_type;

    fn check(text: &str, expect: &str) {
        let shown = parse_type(text).map_or("no type".to_owned(), |t| t.to_string());
        assert_eq!(shown, expect, "{text}");
    }

    #[test]
    fn types_read_back() {
        for text in [
            "INT",
            "DECIMAL(10, 2) NOT NULL",
            "TIMESTAMP_LTZ(3)",
            "INTERVAL DAY TO SECOND",
            "ROW<`a b` INT, `c` ARRAY<MAP<STRING, DOUBLE>> NOT NULL>",
            "MULTISET<BYTES>",
        ] {
            check(text, text);
        }
        check("timestamp(3) with local time zone", "TIMESTAMP_LTZ(3)");
        check("Row(a int, b varchar(3) 'note')", "ROW<`a` INT, `b` VARCHAR(3)>");
        check("INT ARRAY", "ARRAY<INT>");
        check("INTERVAL SECOND(3, 2)", "INTERVAL DAY TO SECOND");
        check("mydb.my_type", "mydb");
        check("ARRAY<INT", "no type");
        check(&"ARRAY<".repeat(100), "no type");
    }
}
