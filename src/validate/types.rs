//! Flink types as the planner carries them: an Arrow type near enough for the planner, and the Flink type itself, as
//! text, in the field's metadata.
//!
//! A type is *exact* where it was declared (a column, a cast) and only a guess at its family where a function stub
//! returned it. The sink check judges lengths and precisions of exact types only.

use crate::parser::parse_type;
use crate::syntax::{DataType, TypeKind};
use datafusion::arrow::datatypes::{
    DataType as Arrow, Field, FieldRef, Fields, IntervalUnit, TimeUnit,
};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

/// Metadata key of the Flink type's text.
const TYPE_KEY: &str = "flink.type";
/// Metadata key that is there only where the type was declared.
const EXACT_KEY: &str = "flink.exact";

/// Metadata key of what a column is to the windows and joins above it; see [`Attribute`].
const TIME_KEY: &str = "flink.time";

/// A time attribute. It goes on with the column, and is lost where something is computed of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attribute {
    Rowtime,
    Proctime,
    /// The table may have a watermark that the script does not show.
    Perhaps,
}

const ATTRIBUTES: [(Attribute, &str); 3] = [
    (Attribute::Rowtime, "rowtime"),
    (Attribute::Proctime, "proctime"),
    (Attribute::Perhaps, "perhaps"),
];

pub fn with_attribute(field: Field, attribute: Option<Attribute>) -> Field {
    let Some((_, name)) = ATTRIBUTES.iter().find(|(a, _)| Some(*a) == attribute) else {
        return field;
    };
    let mut metadata = field.metadata().clone();
    metadata.insert(TIME_KEY.to_owned(), (*name).to_owned());
    field.with_metadata(metadata)
}

pub fn attribute(field: &Field) -> Option<Attribute> {
    let name = field.metadata().get(TIME_KEY)?;
    let found = ATTRIBUTES.iter().find(|(_, n)| n == name);
    found.map(|(attribute, _)| *attribute)
}

/// Metadata key of a column that is declared without NOT NULL. It is lost where something is computed of it.
const NULL_KEY: &str = "flink.null";

pub fn declared_nullable(field: Field) -> Field {
    let mut metadata = field.metadata().clone();
    metadata.insert(NULL_KEY.to_owned(), String::new());
    field.with_metadata(metadata)
}

pub fn may_be_null(field: &Field) -> bool {
    field.metadata().contains_key(NULL_KEY)
}

/// A Flink type as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub ty: DataType,
    pub exact: bool,
}

thread_local! {
    /// Types by their text: every use of a column asks for its type again.
    static TYPES: RefCell<HashMap<String, Option<DataType>>> = RefCell::default();
}

fn read_type(text: &str) -> Option<DataType> {
    TYPES.with_borrow_mut(|types| {
        if let Some(known) = types.get(text) {
            return known.clone();
        }
        let read = parse_type(text);
        types.insert(text.to_owned(), read.clone());
        read
    })
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
            ty: read_type(text)?,
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
        Arrow::Date32 => TypeKind::Date,
        Arrow::Timestamp(_, None) => TypeKind::Timestamp(3),
        Arrow::Timestamp(_, Some(_)) => TypeKind::TimestampLtz(3),
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
