//! Which types Flink puts into a sink column without a cast.
//!
//! Source: every pair of 38 types, explained by Flink 2.3.0 and 1.20.5 (`Incompatible types for sink column`).

use super::types::{Family, Known, family};
use crate::syntax::{DataType, TypeKind};

/// True where Flink surely refuses a value of type `from` in a column of type `to`. Widths are judged only for exact
/// types; of types that are not known nothing is claimed.
pub fn refused(from: &Known, to: &DataType) -> bool {
    refuses(&from.ty, to, from.exact)
}

fn refuses(from: &DataType, to: &DataType, exact: bool) -> bool {
    let (Some(source), Some(sink)) = (family(&from.kind), family(&to.kind)) else {
        let either = alone(&from.kind) || alone(&to.kind);
        return either && known(&from.kind) && known(&to.kind) && from.kind != to.kind;
    };
    if source != sink {
        return !matches!(
            (source, sink),
            (
                Family::Timestamp,
                Family::Date | Family::Time | Family::TimestampLtz
            ) | (Family::TimestampLtz, Family::Timestamp)
        );
    }
    match (&from.kind, &to.kind) {
        (TypeKind::Array(a), TypeKind::Array(b))
        | (TypeKind::Multiset(a), TypeKind::Multiset(b)) => refuses(a, b, exact),
        (TypeKind::Map(k, v), TypeKind::Map(l, w)) => refuses(k, l, exact) || refuses(v, w, exact),
        (TypeKind::Row(a), TypeKind::Row(b)) => {
            exact && a.len() != b.len()
                || a.len() == b.len() && a.iter().zip(b).any(|(a, b)| refuses(&a.ty, &b.ty, exact))
        }
        (TypeKind::VarChar(_), TypeKind::Char(_))
        | (TypeKind::VarBinary(_), TypeKind::Binary(_)) => exact,
        (_, TypeKind::Decimal { .. }) => false,
        (a, b) => exact && narrows(a, b),
    }
}

/// A type that goes into nothing but itself.
fn alone(kind: &TypeKind) -> bool {
    matches!(kind, TypeKind::Variant | TypeKind::Bitmap)
}

/// Not a type of the user's, of which nothing is known.
fn known(kind: &TypeKind) -> bool {
    alone(kind) || family(kind).is_some()
}

/// Approximate numbers and decimals go into each other; integers go into wider ones.
fn narrows(from: &TypeKind, to: &TypeKind) -> bool {
    match (width(from), width(to)) {
        (Some(from), Some(to)) => from > to,
        _ => false,
    }
}

fn width(kind: &TypeKind) -> Option<u8> {
    Some(match kind {
        TypeKind::TinyInt => 0,
        TypeKind::SmallInt => 1,
        TypeKind::Int => 2,
        TypeKind::BigInt => 3,
        TypeKind::Float | TypeKind::Decimal { .. } => 4,
        TypeKind::Double => 5,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parser::parse_type;

    /// Each type as a source, with one mark for each type as a sink, in this order; `x`: Flink 2.3.0 refuses it, and so
    /// does 1.20.5, which has no VARIANT and no BITMAP. NOT NULL, also inside a type, is not looked at here.
    const ANSWERS: &[(&str, &str)] = &[
        ("BOOLEAN", ".xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ("TINYINT", "x........xxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ("SMALLINT", "xx.......xxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ("INT", "xxx......xxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ("BIGINT", "xxxx.....xxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ("FLOAT", "xxxxx....xxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ("DOUBLE", "xxxxxx...xxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ("DECIMAL(10, 2)", "xxxxx....xxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ("DECIMAL(4, 0)", "xxxxx....xxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        ("CHAR(3)", "xxxxxxxxx....xxxxxxxxxxxxxxxxxxxxxxxxx"),
        ("CHAR(5)", "xxxxxxxxx....xxxxxxxxxxxxxxxxxxxxxxxxx"),
        ("VARCHAR(5)", "xxxxxxxxxxx..xxxxxxxxxxxxxxxxxxxxxxxxx"),
        ("STRING", "xxxxxxxxxxx..xxxxxxxxxxxxxxxxxxxxxxxxx"),
        ("BINARY(2)", "xxxxxxxxxxxxx....xxxxxxxxxxxxxxxxxxxxx"),
        ("BINARY(4)", "xxxxxxxxxxxxx....xxxxxxxxxxxxxxxxxxxxx"),
        ("VARBINARY(4)", "xxxxxxxxxxxxxxx..xxxxxxxxxxxxxxxxxxxxx"),
        ("BYTES", "xxxxxxxxxxxxxxx..xxxxxxxxxxxxxxxxxxxxx"),
        ("DATE", "xxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxx"),
        ("TIME", "xxxxxxxxxxxxxxxxxx..xxxxxxxxxxxxxxxxxx"),
        ("TIME(3)", "xxxxxxxxxxxxxxxxxx..xxxxxxxxxxxxxxxxxx"),
        ("TIMESTAMP(3)", "xxxxxxxxxxxxxxxxx.......xxxxxxxxxxxxxx"),
        ("TIMESTAMP(6)", "xxxxxxxxxxxxxxxxx.......xxxxxxxxxxxxxx"),
        ("TIMESTAMP_LTZ(3)", "xxxxxxxxxxxxxxxxxxxx....xxxxxxxxxxxxxx"),
        ("TIMESTAMP_LTZ(6)", "xxxxxxxxxxxxxxxxxxxx....xxxxxxxxxxxxxx"),
        ("ARRAY<INT>", "xxxxxxxxxxxxxxxxxxxxxxxx..xxxxxxxxxxxx"),
        ("ARRAY<BIGINT>", "xxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxx"),
        ("ARRAY<STRING>", "xxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxx"),
        ("MAP<STRING, INT>", "xxxxxxxxxxxxxxxxxxxxxxxxxxx..xxxxxxxxx"),
        (
            "MAP<STRING, BIGINT>",
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxxx",
        ),
        ("MULTISET<INT>", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxxx"),
        ("MULTISET<STRING>", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxxxxx"),
        ("ROW<a INT>", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...xxxx"),
        ("ROW<b INT>", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...xxxx"),
        ("ROW<a BIGINT>", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxxx"),
        ("ROW<a STRING>", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xxx"),
        (
            "ROW<a INT, b INT>",
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.xx",
        ),
        ("VARIANT", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.x"),
        ("BITMAP", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx."),
    ];

    #[test]
    fn as_flink_answers() {
        let known = |text: &str| Known {
            ty: parse_type(text).expect("a type"),
            exact: true,
        };
        for (source, answers) in ANSWERS {
            let ours: String = ANSWERS
                .iter()
                .map(|(sink, _)| refused(&known(source), &known(sink).ty))
                .map(|refused| if refused { 'x' } else { '.' })
                .collect();
            assert_eq!(ours, *answers, "{source}");
        }
    }

    #[test]
    fn of_a_guessed_type_only_the_family_is_judged() {
        let guessed = Known {
            ty: TypeKind::BigInt.nullable(),
            exact: false,
        };
        assert!(!refused(&guessed, &TypeKind::Int.nullable()));
        assert!(refused(&guessed, &TypeKind::STRING.nullable()));
        assert!(refused(&guessed, &TypeKind::Variant.nullable()));
        assert!(!refused(
            &guessed,
            &TypeKind::Named("t".to_owned()).nullable()
        ));
    }
}
