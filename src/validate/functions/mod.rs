//! Flink's built-in functions by name: what they take, and the family of what they return.
//!
//! Source: Flink 2.3 docs, "System (Built-in) Functions", `BuiltInFunctionDefinitions`, and calls of every name with
//! none to six arguments of every family of types, validated by Flink 2.3.0 and 1.20.5.

mod aggregate;
mod scalar;
mod takes;

use crate::config::FlinkVersion;
use crate::syntax::{DataType, TypeKind};
use crate::validate::types::{self, Family, Known};
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a function returns, as far as its arguments tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Returns {
    Boolean,
    Int,
    BigInt,
    Double,
    Character,
    Bytes,
    Date,
    Time,
    Timestamp,
    TimestampLtz,
    /// The family of the argument at this index; its length or precision may differ.
    Argument(usize),
    /// The argument at this index itself, length and precision included.
    Same(usize),
    /// The family that all arguments from this index on have, if they agree.
    Common(usize),
    /// `ARRAY` of what the argument at this index is.
    ArrayOf(usize),
    /// The element of the argument at this index.
    Element(usize),
    ArrayOfInts,
    Multiset,
    Map,
    ArrayOfStrings,
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Scalar,
    /// Also usable with OVER.
    Aggregate,
    /// In FROM only.
    Table,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Function {
    /// Upper case.
    pub name: &'static str,
    pub kind: Kind,
    /// Its arguments: see [`takes`].
    takes: &'static str,
    pub returns: Returns,
    /// The first release that has it, of those that are told apart here.
    pub since: FlinkVersion,
}

impl Function {
    const fn since(self, since: FlinkVersion) -> Self {
        Self { since, ..self }
    }

    /// The ways to call it: of each the letters of every argument, see [`takes`].
    #[cfg(test)]
    pub fn ways(&self) -> impl Iterator<Item = Vec<&'static str>> {
        takes::ways(self.takes)
    }

    /// May it be called with so many arguments?
    pub fn takes_count(&self, count: usize) -> bool {
        takes::counts(self.takes, count)
    }

    /// How many arguments it takes, in words.
    pub fn arity(&self) -> String {
        takes::arity(self.takes)
    }

    /// The ways to call it, as `SUBSTRING(character, number)`; `…` stands for more of the same.
    pub fn signatures(&self) -> Vec<String> {
        let ways = takes::words(self.takes).into_iter();
        ways.map(|arguments| format!("{}({})", self.name, arguments.join(", ")))
            .collect()
    }

    /// What it is, with the release that it came with where not all have it.
    pub fn summary(&self) -> String {
        let kind = match self.kind {
            Kind::Scalar => "a function",
            Kind::Aggregate => "an aggregate function",
            Kind::Table => "a table function",
        };
        match self.since {
            FlinkVersion::V1_20 => format!("{kind} of Flink"),
            since => format!("{kind} of Flink, since {since}"),
        }
    }

    /// The first argument that Flink surely refuses, with the families that may stand there. `args`: the families of
    /// all arguments, as far as they are known.
    pub fn refuses(&self, args: &[Option<Family>]) -> Option<(usize, String)> {
        takes::refused(self.takes, args)
    }
}

const fn function(
    name: &'static str,
    kind: Kind,
    takes: &'static str,
    returns: Returns,
) -> Function {
    Function {
        name,
        kind,
        takes,
        returns,
        since: FlinkVersion::V1_20,
    }
}

const fn scalar(name: &'static str, takes: &'static str, returns: Returns) -> Function {
    function(name, Kind::Scalar, takes, returns)
}

const fn aggregate(name: &'static str, takes: &'static str, returns: Returns) -> Function {
    function(name, Kind::Aggregate, takes, returns)
}

const fn table(name: &'static str, since: FlinkVersion) -> Function {
    function(name, Kind::Table, "_*", Returns::Unknown).since(since)
}

/// Functions that stand in FROM.
const TABLE: &[Function] = &[
    table("UNNEST", FlinkVersion::V1_20),
    table("ML_PREDICT", FlinkVersion::V2_1),
    table("ML_EVALUATE", FlinkVersion::V2_1),
    table("ML_FORECAST", FlinkVersion::V2_1),
    table("VECTOR_SEARCH", FlinkVersion::V2_2),
    table("TO_CHANGELOG", FlinkVersion::V2_3),
    table("FROM_CHANGELOG", FlinkVersion::V2_3),
    table("SNAPSHOT", FlinkVersion::V2_3),
];

/// What other systems call functions that Flink has by another name, and that name.
const ELSEWHERE: &[(&str, &str)] = &[
    ("ADD_MONTHS", "TIMESTAMPADD"),
    ("ARRAY_LENGTH", "CARDINALITY"),
    ("BOOL_AND", "MIN"),
    ("DATEADD", "TIMESTAMPADD"),
    ("DATEDIFF", "TIMESTAMPDIFF"),
    ("DATE_ADD", "TIMESTAMPADD"),
    ("DATE_DIFF", "TIMESTAMPDIFF"),
    ("DATE_SUB", "TIMESTAMPADD"),
    ("DATE_TRUNC", "FLOOR"),
    ("GETDATE", "NOW"),
    ("GROUP_CONCAT", "LISTAGG"),
    ("ISNULL", "IFNULL"),
    ("JSON_EXTRACT", "JSON_VALUE"),
    ("LCASE", "LOWER"),
    ("LEN", "CHAR_LENGTH"),
    ("LENGTH", "CHAR_LENGTH"),
    ("MEDIAN", "PERCENTILE"),
    ("NVL", "IFNULL"),
    ("POW", "POWER"),
    ("SHA", "SHA1"),
    ("STRING_AGG", "LISTAGG"),
    ("STRPOS", "LOCATE"),
    ("TO_CHAR", "DATE_FORMAT"),
    ("TRUNC", "TRUNCATE"),
    ("UCASE", "UPPER"),
];

/// Flink's name for a function that other systems call `name`.
pub fn elsewhere(name: &str) -> Option<&'static str> {
    let found = ELSEWHERE
        .iter()
        .find(|(theirs, _)| theirs.eq_ignore_ascii_case(name));
    found.map(|(_, ours)| *ours)
}

pub fn all() -> impl Iterator<Item = &'static Function> {
    scalar::FUNCTIONS
        .iter()
        .chain(aggregate::FUNCTIONS)
        .chain(TABLE)
}

/// The built-in function of this name, in any case. A name that is both (legacy group windows) is found as a scalar.
pub fn builtin(name: &str) -> Option<&'static Function> {
    static NAMES: LazyLock<HashMap<&str, &Function>> =
        LazyLock::new(|| all().map(|f| (f.name, f)).collect());
    match NAMES.get(name) {
        Some(function) => Some(function),
        None if name.starts_with('$') => None,
        None => NAMES.get(&*name.to_ascii_uppercase()).copied(),
    }
}

/// The built-in function whose name is most like `name`, if one is like it at all.
pub fn nearest(name: &str) -> Option<&'static str> {
    // Everything is near a short name.
    if name.len() < 4 {
        return None;
    }
    let upper = name.to_ascii_uppercase();
    all()
        .filter(|f| f.name.len() >= 4)
        .map(|f| (strsim::damerau_levenshtein(f.name, &upper), f.name))
        .min()
        .filter(|(distance, _)| *distance <= if name.len() < 8 { 1 } else { 2 })
        .map(|(_, name)| name)
}

/// The type that a call returns; `None` where nothing is known.
pub fn return_type(returns: Returns, args: &[Option<Known>]) -> Option<Known> {
    let family_of = |index: usize| {
        let known = args.get(index)?.as_ref()?;
        Some(Known {
            ty: known.ty.kind.clone().nullable(),
            exact: false,
        })
    };
    let kind = match returns {
        Returns::Boolean => TypeKind::Boolean,
        Returns::Int => TypeKind::Int,
        Returns::BigInt => TypeKind::BigInt,
        Returns::Double => TypeKind::Double,
        Returns::Character => TypeKind::STRING,
        Returns::Bytes => TypeKind::BYTES,
        Returns::Date => TypeKind::Date,
        Returns::Time => TypeKind::Time(0),
        Returns::Timestamp => TypeKind::Timestamp(3),
        Returns::TimestampLtz => TypeKind::TimestampLtz(3),
        Returns::Argument(index) => return family_of(index),
        Returns::Same(index) => return args.get(index)?.clone(),
        Returns::Common(from) => return common(args.get(from..)?),
        Returns::ArrayOf(index) => {
            let inner = args.get(index)?.as_ref()?.ty.clone();
            TypeKind::Array(Box::new(inner))
        }
        Returns::Element(index) => {
            let known = args.get(index)?.as_ref()?;
            types::element(&known.ty)?.kind.clone()
        }
        Returns::ArrayOfInts => TypeKind::Array(Box::new(TypeKind::Int.nullable())),
        Returns::ArrayOfStrings => TypeKind::Array(Box::new(TypeKind::STRING.nullable())),
        Returns::Multiset | Returns::Map | Returns::Unknown => return None,
    };
    Some(Known {
        ty: kind.nullable(),
        exact: false,
    })
}

/// The type of values of which each is one of `args`: only where all are known and of one family.
pub fn common(args: &[Option<Known>]) -> Option<Known> {
    let first = args.first()?.as_ref()?;
    let family: Family = types::family(&first.ty.kind)?;
    let mut same = true;
    for arg in &args[1..] {
        let arg = arg.as_ref()?;
        if types::family(&arg.ty.kind)? != family {
            return None;
        }
        same &= arg.ty.kind == first.ty.kind && arg.exact;
    }
    // Nested types may differ inside.
    let nested = matches!(
        family,
        Family::Array | Family::Map | Family::Multiset | Family::Row
    );
    if nested && args.len() > 1 && !same {
        return None;
    }
    Some(Known {
        ty: DataType {
            kind: first.ty.kind.clone(),
            nullable: true,
        },
        exact: same && first.exact,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        let mut names: Vec<_> = all().map(|f| f.name).collect();
        names.sort_unstable();
        let twice: Vec<_> = names.windows(2).filter(|w| w[0] == w[1]).collect();
        assert_eq!(twice, Vec::<&[&str]>::new());
    }

    #[test]
    fn names_of_other_systems_are_not_flinks_own() {
        for (theirs, ours) in ELSEWHERE {
            assert_eq!(builtin(theirs), None, "{theirs}");
            assert!(builtin(ours).is_some(), "{ours}");
        }
    }

    #[test]
    fn nearest_names() {
        assert_eq!(nearest("uper"), Some("UPPER"));
        assert_eq!(nearest("date_fromat"), Some("DATE_FORMAT"));
        assert_eq!(nearest("my_company_score"), None);
        assert_eq!(nearest("wAvg"), None);
    }

    #[test]
    fn families_agree_or_nothing_is_known() {
        let known = |kind: TypeKind, exact| {
            Some(Known {
                ty: kind.nullable(),
                exact,
            })
        };
        let kind = |args: &[Option<Known>]| common(args).map(|k| (k.ty.to_string(), k.exact));
        assert_eq!(
            kind(&[known(TypeKind::Int, true), known(TypeKind::BigInt, true)]),
            Some(("INT".to_owned(), false))
        );
        assert_eq!(
            kind(&[known(TypeKind::Date, true), known(TypeKind::Date, true)]),
            Some(("DATE".to_owned(), true))
        );
        assert_eq!(kind(&[known(TypeKind::Int, true), None]), None);
        assert_eq!(
            kind(&[known(TypeKind::Int, true), known(TypeKind::STRING, true)]),
            None
        );
    }
}
