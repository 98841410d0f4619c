//! What a function takes, as a text: the ways to call it, with `|` between; of each the families that every argument may
//! be of, one letter a family, with blanks between arguments.
//!
//! ```text
//! n number     B BOOLEAN      s TIMESTAMP       a ARRAY      u what is of no family: VARIANT, BITMAP, RAW
//! c character  d DATE         z TIMESTAMP_LTZ   m MAP        _ anything
//! b binary     t TIME         x MULTISET        r ROW        letters and `*`: any number of such arguments
//! ```

use crate::validate::types::Family;

pub(super) fn ways(takes: &str) -> impl Iterator<Item = Vec<&str>> {
    takes.split('|').map(|way| way.split_whitespace().collect())
}

/// The argument at `index` of a way to call; `None` where it has no such argument.
fn argument<'w>(way: &[&'w str], index: usize) -> Option<&'w str> {
    match way.get(index).or(way.last())? {
        more if more.ends_with('*') => Some(more.trim_end_matches('*')),
        one => way.get(index).map(|_| *one),
    }
}

/// Smallest and largest number of arguments.
fn count(way: &[&str]) -> (usize, Option<usize>) {
    match way.last() {
        Some(last) if last.ends_with('*') => (way.len() - 1, None),
        _ => (way.len(), Some(way.len())),
    }
}

/// Of each way to call the families of its arguments, in words.
pub(super) fn words(takes: &str) -> Vec<Vec<String>> {
    let family = |letter: char| match letter {
        'n' => "number",
        'c' => "character",
        'b' => "binary",
        'B' => "boolean",
        'd' => "date",
        't' => "time",
        's' => "timestamp",
        'z' => "timestamp_ltz",
        'x' => "multiset",
        'a' => "array",
        'm' => "map",
        'r' => "row",
        'u' => "other",
        _ => "any",
    };
    let argument = |letters: &str| {
        let more = if letters.ends_with('*') { " …" } else { "" };
        let families: Vec<&str> = letters.trim_end_matches('*').chars().map(family).collect();
        format!("{}{more}", families.join(" or "))
    };
    ways(takes)
        .map(|way| way.into_iter().map(argument).collect())
        .collect()
}

pub fn counts(takes: &str, given: usize) -> bool {
    ways(takes).any(|way| fits(&way, given))
}

fn fits(way: &[&str], given: usize) -> bool {
    let (min, max) = count(way);
    given >= min && max.is_none_or(|max| given <= max)
}

/// In words: `2`, `1 or 3`, `at least 1`.
pub fn arity(takes: &str) -> String {
    let all: Vec<_> = ways(takes).map(|way| count(&way)).collect();
    if let Some((min, _)) = all.iter().find(|(_, max)| max.is_none()) {
        return format!("at least {min}");
    }
    let counts: Vec<usize> = all.iter().map(|(min, _)| *min).collect();
    match counts[..] {
        [only] => only.to_string(),
        [first, .., last] if last - first + 1 == counts.len() && counts.len() > 2 => {
            format!("{first} to {last}")
        }
        _ => {
            let counts: Vec<String> = counts.iter().map(usize::to_string).collect();
            counts.join(" or ")
        }
    }
}

/// The first argument that no way to call takes, and what may stand there.
pub fn refused(takes: &str, args: &[Option<Family>]) -> Option<(usize, String)> {
    let mut farthest: Option<(usize, String)> = None;
    for way in ways(takes).filter(|way| fits(way, args.len())) {
        let wrong = args.iter().enumerate().find_map(|(index, family)| {
            let letters = argument(&way, index)?;
            // Nothing is claimed of intervals: the older functions take some where they take numbers.
            let interval = |f| matches!(f, Family::IntervalYearMonth | Family::IntervalDayTime);
            let takes = |f| letters == "_" || interval(f) || letters.contains(letter(f));
            (!family.is_none_or(takes)).then(|| (index, in_words(letters)))
        })?;
        if farthest.as_ref().is_none_or(|(index, _)| wrong.0 > *index) {
            farthest = Some(wrong);
        }
    }
    farthest
}

const FAMILIES: [(char, Family, &str); 12] = [
    ('n', Family::Numeric, "a number"),
    ('c', Family::Character, "a string"),
    ('b', Family::Binary, "BYTES"),
    ('B', Family::Boolean, "BOOLEAN"),
    ('d', Family::Date, "DATE"),
    ('t', Family::Time, "TIME"),
    ('s', Family::Timestamp, "TIMESTAMP"),
    ('z', Family::TimestampLtz, "TIMESTAMP_LTZ"),
    ('a', Family::Array, "ARRAY"),
    ('m', Family::Map, "MAP"),
    ('x', Family::Multiset, "MULTISET"),
    ('r', Family::Row, "ROW"),
];

fn letter(family: Family) -> char {
    let found = FAMILIES.iter().find(|(_, f, _)| *f == family);
    found.map_or('?', |(letter, ..)| *letter)
}

fn in_words(letters: &str) -> String {
    let words: Vec<&str> = letters
        .chars()
        .map(|letter| {
            let found = FAMILIES.iter().find(|(l, ..)| *l == letter);
            found.map_or("a value of its own type", |(.., words)| *words)
        })
        .collect();
    words.join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_in_words() {
        let cases = [
            "",
            "_",
            " | n",
            "c | c c c",
            "c c | c c n | c c n n",
            "_*",
            "_ _*",
        ];
        let all: Vec<String> = cases.iter().map(|takes| arity(takes)).collect();
        assert_eq!(
            all,
            [
                "0",
                "1",
                "0 or 1",
                "1 or 3",
                "2 to 4",
                "at least 0",
                "at least 1"
            ]
        );
        assert!(counts("", 0) && !counts("", 1));
        assert!(counts("c | c c c", 3) && !counts("c | c c c", 2));
        assert!(counts("_ _*", 9) && !counts("_ _*", 0));
    }

    #[test]
    fn families() {
        let (n, c) = (Some(Family::Numeric), Some(Family::Character));
        assert_eq!(refused("c n c", &[c, n, c]), None);
        assert_eq!(refused("c n c", &[c, None, None]), None);
        assert_eq!(refused("c n", &[c, c]), Some((1, "a number".to_owned())));
        assert_eq!(refused("nc | nc nc | c c c", &[n, c]), None);
        assert_eq!(
            refused("nc | nc nc | c c c", &[c, c, n]),
            Some((2, "a string".to_owned()))
        );
        assert_eq!(refused("c _*", &[c, n, n]), None);
        assert_eq!(
            refused("u", &[n]),
            Some((0, "a value of its own type".to_owned()))
        );
    }
}
