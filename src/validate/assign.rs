//! Which types Flink puts into a sink column without a cast.
//!
//! Source: every pair of 25 types, explained by Flink 2.3.0 (`Incompatible types for sink column`).

use super::types::{Family, Known, family};
use crate::syntax::{DataType, TypeKind};

/// True where Flink surely refuses a value of type `from` in a column of type `to`. Widths are judged only for exact
/// types; of types that are not known nothing is claimed.
pub fn refused(from: &Known, to: &DataType) -> bool {
    refuses(&from.ty, to, from.exact)
}

fn refuses(from: &DataType, to: &DataType, exact: bool) -> bool {
    let (Some(source), Some(sink)) = (family(&from.kind), family(&to.kind)) else {
        return false;
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
        | (TypeKind::Multiset(a), TypeKind::Multiset(b)) => refuses(a, b, false),
        (TypeKind::Map(k, v), TypeKind::Map(l, w)) => refuses(k, l, false) || refuses(v, w, false),
        (TypeKind::Row(a), TypeKind::Row(b)) => {
            exact && a.len() != b.len()
                || a.len() == b.len() && a.iter().zip(b).any(|(a, b)| refuses(&a.ty, &b.ty, false))
        }
        (TypeKind::VarChar(_), TypeKind::Char(_))
        | (TypeKind::VarBinary(_), TypeKind::Binary(_)) => exact,
        (_, TypeKind::Decimal { .. }) => false,
        (a, b) => exact && narrows(a, b),
    }
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

    /// Each type as a source, with one mark for each type as a sink, in this order; `x`: Flink 2.3.0 refuses it.
    const ANSWERS: &[(&str, &str)] = &[
        ("BOOLEAN", ".xxxxxxxxxxxxxxxxxxxxxxxx"),
        ("TINYINT", "x.......xxxxxxxxxxxxxxxxx"),
        ("SMALLINT", "xx......xxxxxxxxxxxxxxxxx"),
        ("INT", "xxx.....xxxxxxxxxxxxxxxxx"),
        ("BIGINT", "xxxx....xxxxxxxxxxxxxxxxx"),
        ("FLOAT", "xxxxx...xxxxxxxxxxxxxxxxx"),
        ("DOUBLE", "xxxxxx..xxxxxxxxxxxxxxxxx"),
        ("DECIMAL(10,2)", "xxxxx...xxxxxxxxxxxxxxxxx"),
        ("CHAR(3)", "xxxxxxxx...xxxxxxxxxxxxxx"),
        ("VARCHAR(5)", "xxxxxxxxx..xxxxxxxxxxxxxx"),
        ("STRING", "xxxxxxxxx..xxxxxxxxxxxxxx"),
        ("BINARY(2)", "xxxxxxxxxxx..xxxxxxxxxxxx"),
        ("BYTES", "xxxxxxxxxxxx.xxxxxxxxxxxx"),
        ("DATE", "xxxxxxxxxxxxx.xxxxxxxxxxx"),
        ("TIME", "xxxxxxxxxxxxxx.xxxxxxxxxx"),
        ("TIMESTAMP(3)", "xxxxxxxxxxxxx.....xxxxxxx"),
        ("TIMESTAMP(6)", "xxxxxxxxxxxxx.....xxxxxxx"),
        ("TIMESTAMP_LTZ(3)", "xxxxxxxxxxxxxxx...xxxxxxx"),
        ("ARRAY<INT>", "xxxxxxxxxxxxxxxxxx.xxxxxx"),
        ("ARRAY<STRING>", "xxxxxxxxxxxxxxxxxxx.xxxxx"),
        ("MAP<STRING,INT>", "xxxxxxxxxxxxxxxxxxxx.xxxx"),
        ("MULTISET<INT>", "xxxxxxxxxxxxxxxxxxxxx.xxx"),
        ("ROW<a INT>", "xxxxxxxxxxxxxxxxxxxxxx.xx"),
        ("ROW<a STRING>", "xxxxxxxxxxxxxxxxxxxxxxx.x"),
        ("ROW<a INT, b INT>", "xxxxxxxxxxxxxxxxxxxxxxxx."),
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
        assert!(!refused(&guessed, &TypeKind::Variant.nullable()));
    }
}
