use std::fmt;

/// A Flink SQL type with its nullability.
/// Source: Flink docs, Table API & SQL, "Data Types".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataType {
    pub kind: TypeKind,
    /// False after `NOT NULL`.
    pub nullable: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeKind {
    Boolean,
    TinyInt,
    SmallInt,
    Int,
    BigInt,
    Float,
    Double,
    Decimal {
        precision: u8,
        scale: u8,
    },
    Char(u32),
    /// `STRING` is `VARCHAR(2147483647)`.
    VarChar(u32),
    Binary(u32),
    /// `BYTES` is `VARBINARY(2147483647)`.
    VarBinary(u32),
    Date,
    /// Fractional digits of a second, 0–9; likewise below.
    Time(u8),
    Timestamp(u8),
    /// `TIMESTAMP_LTZ(p)`, `TIMESTAMP(p) WITH LOCAL TIME ZONE`.
    TimestampLtz(u8),
    /// `INTERVAL YEAR`, `INTERVAL YEAR TO MONTH`, `INTERVAL MONTH`.
    IntervalYearMonth,
    IntervalDayTime,
    Array(Box<DataType>),
    Multiset(Box<DataType>),
    Map(Box<DataType>, Box<DataType>),
    Row(Vec<Field>),
    Raw {
        class: String,
        serializer: String,
    },
    Structured {
        class: String,
        fields: Vec<Field>,
    },
    Variant,
    Bitmap,
    Descriptor,
    /// Any other name: a registered user type, or a name that Flink does not know.
    Named(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub ty: DataType,
}

impl TypeKind {
    pub const MAX_LENGTH: u32 = i32::MAX as u32;
    pub const STRING: Self = Self::VarChar(Self::MAX_LENGTH);
    pub const BYTES: Self = Self::VarBinary(Self::MAX_LENGTH);

    pub fn nullable(self) -> DataType {
        DataType {
            kind: self,
            nullable: true,
        }
    }

    pub fn not_null(self) -> DataType {
        DataType {
            kind: self,
            nullable: false,
        }
    }
}

impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let not_null = if self.nullable { "" } else { " NOT NULL" };
        write!(f, "{}{not_null}", self.kind)
    }
}

/// As Flink prints it.
impl fmt::Display for TypeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean => f.write_str("BOOLEAN"),
            Self::TinyInt => f.write_str("TINYINT"),
            Self::SmallInt => f.write_str("SMALLINT"),
            Self::Int => f.write_str("INT"),
            Self::BigInt => f.write_str("BIGINT"),
            Self::Float => f.write_str("FLOAT"),
            Self::Double => f.write_str("DOUBLE"),
            Self::Decimal { precision, scale } => write!(f, "DECIMAL({precision}, {scale})"),
            Self::Char(n) => write!(f, "CHAR({n})"),
            Self::VarChar(Self::MAX_LENGTH) => f.write_str("STRING"),
            Self::VarChar(n) => write!(f, "VARCHAR({n})"),
            Self::Binary(n) => write!(f, "BINARY({n})"),
            Self::VarBinary(Self::MAX_LENGTH) => f.write_str("BYTES"),
            Self::VarBinary(n) => write!(f, "VARBINARY({n})"),
            Self::Date => f.write_str("DATE"),
            Self::Time(p) => write!(f, "TIME({p})"),
            Self::Timestamp(p) => write!(f, "TIMESTAMP({p})"),
            Self::TimestampLtz(p) => write!(f, "TIMESTAMP_LTZ({p})"),
            Self::IntervalYearMonth => f.write_str("INTERVAL YEAR TO MONTH"),
            Self::IntervalDayTime => f.write_str("INTERVAL DAY TO SECOND"),
            Self::Array(t) => write!(f, "ARRAY<{t}>"),
            Self::Multiset(t) => write!(f, "MULTISET<{t}>"),
            Self::Map(k, v) => write!(f, "MAP<{k}, {v}>"),
            Self::Row(fields) => {
                f.write_str("ROW<")?;
                fields_list(f, fields)?;
                f.write_str(">")
            }
            Self::Raw { class, serializer } => write!(f, "RAW('{class}', '{serializer}')"),
            Self::Structured { class, fields } => {
                write!(f, "STRUCTURED<'{class}', ")?;
                fields_list(f, fields)?;
                f.write_str(">")
            }
            Self::Variant => f.write_str("VARIANT"),
            Self::Bitmap => f.write_str("BITMAP"),
            Self::Descriptor => f.write_str("DESCRIPTOR"),
            Self::Named(name) => f.write_str(name),
        }
    }
}

fn fields_list(f: &mut fmt::Formatter<'_>, fields: &[Field]) -> fmt::Result {
    for (i, field) in fields.iter().enumerate() {
        let comma = if i == 0 { "" } else { ", " };
        write!(f, "{comma}`{}` {}", field.name.replace('`', "``"), field.ty)?;
    }
    Ok(())
}
