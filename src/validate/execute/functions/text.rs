//! Functions of strings. Positions count characters from 1.

use super::{Function, Nulls::Pass, Nulls::Seen};
use crate::validate::execute::value::{Computed, Failure, UNSURE, Value, fail};
use regex::Regex;
use sha2::{Digest, Sha256};

pub(super) const LIST: &[Function] = &[
    ("UPPER", Pass, |a| map(a, |s| s.to_uppercase())),
    ("UCASE", Pass, |a| map(a, |s| s.to_uppercase())),
    ("LOWER", Pass, |a| map(a, |s| s.to_lowercase())),
    ("LCASE", Pass, |a| map(a, |s| s.to_lowercase())),
    ("REVERSE", Pass, |a| map(a, |s| s.chars().rev().collect())),
    ("CHAR_LENGTH", Pass, length),
    ("CHARACTER_LENGTH", Pass, length),
    ("LENGTH", Pass, length),
    ("||", Pass, |a| joined(a, "")),
    ("CONCAT", Pass, |a| joined(a, "")),
    ("CONCAT_WS", Seen, |a| {
        if a[0].is_null() {
            return Ok(Value::Null);
        }
        let given: Vec<Value> = a[1..].iter().filter(|v| !v.is_null()).cloned().collect();
        joined(&given, &a[0].to_string())
    }),
    ("$TRIM", Pass, |a| {
        // Side, text and, if given, the characters that go.
        let (Some(text), what) = (string(&a[1]), a.get(2).and_then(string)) else {
            return fail("TRIM of this type");
        };
        let what = what.unwrap_or(" ");
        if what.chars().count() != 1 {
            return fail("TRIM of several characters");
        }
        Ok(Value::text(match a[0].to_string().as_str() {
            "LEADING" => text.trim_start_matches(what),
            "TRAILING" => text.trim_end_matches(what),
            _ => text.trim_matches(|c| what.contains(c)),
        }))
    }),
    ("LTRIM", Pass, |a| {
        one(a, |s| s.trim_start_matches(' ').to_owned())
    }),
    ("RTRIM", Pass, |a| {
        one(a, |s| s.trim_end_matches(' ').to_owned())
    }),
    ("BTRIM", Pass, |a| {
        one(a, |s| s.trim_matches(' ').to_owned())
    }),
    ("SUBSTRING", Pass, substring),
    ("SUBSTR", Pass, substring),
    ("LEFT", Pass, |a| {
        let (Some(s), Value::Int(n, _)) = (string(&a[0]), &a[1]) else {
            return fail("LEFT of these types");
        };
        Ok(Value::text(
            s.chars().take((*n).max(0) as usize).collect::<String>(),
        ))
    }),
    ("RIGHT", Pass, |a| {
        let (Some(s), Value::Int(n, _)) = (string(&a[0]), &a[1]) else {
            return fail("RIGHT of these types");
        };
        let skip = s.chars().count().saturating_sub((*n).max(0) as usize);
        Ok(Value::text(s.chars().skip(skip).collect::<String>()))
    }),
    ("REPLACE", Pass, |a| {
        let (Some(s), Some(from), Some(to)) = (string(&a[0]), string(&a[1]), string(&a[2])) else {
            return fail("REPLACE of these types");
        };
        if from.is_empty() {
            return fail("REPLACE of an empty string");
        }
        Ok(Value::text(s.replace(from, to)))
    }),
    ("REPEAT", Pass, |a| {
        let (Some(s), Value::Int(n, _)) = (string(&a[0]), &a[1]) else {
            return fail("REPEAT of these types");
        };
        if *n > 1_000 {
            return fail("REPEAT of so many");
        }
        Ok(Value::text(s.repeat((*n).max(0) as usize)))
    }),
    ("LPAD", Pass, |a| pad(a, true)),
    ("RPAD", Pass, |a| pad(a, false)),
    ("POSITION", Pass, |a| match a {
        [what, text] => position(what, text),
        _ => fail("POSITION from a position"),
    }),
    ("LOCATE", Pass, |a| match a {
        [what, text] => position(what, text),
        _ => fail("LOCATE from a position"),
    }),
    ("INSTR", Pass, |a| match a {
        [text, what] => position(what, text),
        _ => fail("INSTR from a position"),
    }),
    ("STARTSWITH", Pass, |a| {
        two(a, |s, t| Value::Bool(s.starts_with(t)))
    }),
    ("ENDSWITH", Pass, |a| {
        two(a, |s, t| Value::Bool(s.ends_with(t)))
    }),
    ("SPLIT_INDEX", Pass, |a| {
        let (Some(s), Some(by), Value::Int(n, _)) = (string(&a[0]), string(&a[1]), &a[2]) else {
            return fail("SPLIT_INDEX of these types");
        };
        if by.is_empty() || s.is_empty() {
            return fail("SPLIT_INDEX of or by an empty string");
        }
        // Flink counts from 0; a piece that is not there is NULL.
        let piece = usize::try_from(*n).ok().and_then(|n| s.split(by).nth(n));
        Ok(piece.map_or(Value::Null, Value::text))
    }),
    ("$LIKE", Pass, |a| {
        let escape = a.get(3).map(Value::to_string);
        let (Some(text), Some(pattern)) = (string(&a[1]), string(&a[2])) else {
            return fail("LIKE of these types");
        };
        let pattern: Option<Vec<Like>> = like_pattern(pattern, escape.as_deref());
        let Some(pattern) = pattern else {
            return fail("LIKE with this escape");
        };
        let text: Vec<char> = text.chars().collect();
        Ok(Value::Bool(
            like(&text, &pattern) != (a[0].to_string() == "NOT"),
        ))
    }),
    ("SHA256", Pass, |a| {
        map(a, |s| {
            let digest = Sha256::digest(s.as_bytes());
            digest.iter().map(|b| format!("{b:02x}")).collect()
        })
    }),
    ("REGEXP_EXTRACT", Pass, regexp_extract),
    ("REGEXP", Pass, |a| {
        let (text, regex) = regex(&a[0], &a[1])?;
        Ok(Value::Bool(regex.is_match(text)))
    }),
    ("$SIMILAR", Pass, |a| {
        let (Some(text), Some(pattern), 3) = (string(&a[1]), string(&a[2]), a.len()) else {
            return fail("SIMILAR with an escape or of these types");
        };
        match similar(text, pattern) {
            Some(similar) => Ok(Value::Bool(similar != (a[0].to_string() == "NOT"))),
            None => fail(format!("SIMILAR to {pattern}")),
        }
    }),
    ("ASCII", Pass, |a| match string(&a[0]) {
        Some(s) if s.is_ascii() => Ok(Value::Int(s.bytes().next().map_or(0, i64::from), 4)),
        _ => fail("ASCII of this text"),
    }),
];

pub(super) fn string(value: &Value) -> Option<&str> {
    match value {
        Value::Text(s) => Some(s),
        _ => None,
    }
}

fn map(args: &[Value], f: fn(&str) -> String) -> Computed {
    match string(&args[0]) {
        Some(s) => Ok(Value::text(f(s))),
        None => fail(format!("a function of a string on {}", args[0])),
    }
}

/// With one argument only: others ask for something that is not computed here.
fn one(args: &[Value], f: fn(&str) -> String) -> Computed {
    match args.len() {
        1 => map(args, f),
        _ => fail("trimming of given characters"),
    }
}

fn two(args: &[Value], f: fn(&str, &str) -> Value) -> Computed {
    match (string(&args[0]), string(&args[1])) {
        (Some(a), Some(b)) => Ok(f(a, b)),
        _ => fail("a function of two strings on these types"),
    }
}

fn length(args: &[Value]) -> Computed {
    match string(&args[0]) {
        Some(s) => Ok(Value::Int(s.chars().count() as i64, 4)),
        None => fail("the length of this type"),
    }
}

/// Numbers and times are printed as by a CAST, which Flink adds itself.
fn joined(args: &[Value], by: &str) -> Computed {
    let plain = |v: &&Value| {
        !matches!(
            v,
            Value::Array(_) | Value::Map(_) | Value::Row(_) | Value::Bytes(_)
        )
    };
    let unsure = |v: &Value| matches!(v, Value::Timestamp(_, UNSURE));
    if args.iter().all(|v| plain(&v) && !unsure(v)) {
        let all: Vec<String> = args.iter().map(Value::to_string).collect();
        Ok(Value::text(all.join(by)))
    } else {
        fail("|| of these types")
    }
}

fn substring(args: &[Value]) -> Computed {
    let (Some(text), Value::Int(start, _)) = (string(&args[0]), &args[1]) else {
        return fail("SUBSTRING of these types");
    };
    let count = text.chars().count() as i64;
    let length = match args.get(2) {
        Some(Value::Int(n, _)) => *n,
        None => i64::from(i32::MAX),
        _ => return fail("SUBSTRING of these types"),
    };
    if length < 0 {
        return fail("SUBSTRING of a negative length");
    }
    // From the end if negative; 0 is the same as 1.
    let from = match *start {
        s if s > 0 => s - 1,
        s if s < 0 => count + s,
        _ => 0,
    };
    if from < 0 {
        return fail("SUBSTRING that starts before its text");
    }
    let taken: String = text
        .chars()
        .skip(from as usize)
        .take(length as usize)
        .collect();
    Ok(Value::text(taken))
}

fn pad(args: &[Value], left: bool) -> Computed {
    let (Some(text), Value::Int(n, _), Some(with)) = (string(&args[0]), &args[1], string(&args[2]))
    else {
        return fail("LPAD or RPAD of these types");
    };
    if *n < 0 || with.is_empty() {
        return Ok(Value::Null);
    }
    let (n, count) = ((*n).min(10_000) as usize, text.chars().count());
    if n <= count {
        return Ok(Value::text(text.chars().take(n).collect::<String>()));
    }
    let padding: String = with.chars().cycle().take(n - count).collect();
    Ok(Value::text(if left {
        padding + text
    } else {
        text.to_owned() + &padding
    }))
}

fn position(what: &Value, text: &Value) -> Computed {
    let (Some(what), Some(text)) = (string(what), string(text)) else {
        return fail("POSITION of these types");
    };
    let at = text
        .find(what)
        .map_or(0, |at| text[..at].chars().count() as i64 + 1);
    Ok(Value::Int(at, 4))
}

enum Like {
    One(char),
    AnyOne,
    Any,
}

fn like_pattern(pattern: &str, escape: Option<&str>) -> Option<Vec<Like>> {
    let escape = match escape {
        Some(text) if text.chars().count() == 1 => text.chars().next(),
        Some(_) => return None,
        None => None,
    };
    let mut out = Vec::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        out.push(match c {
            c if Some(c) == escape => Like::One(chars.next()?),
            '%' => Like::Any,
            '_' => Like::AnyOne,
            c => Like::One(c),
        });
    }
    Some(out)
}

fn like(text: &[char], pattern: &[Like]) -> bool {
    match pattern {
        [] => text.is_empty(),
        [Like::Any, rest @ ..] => (0..=text.len()).any(|n| like(&text[n..], rest)),
        [first, rest @ ..] => match text {
            [c, after @ ..] => {
                let fits = match first {
                    Like::One(wanted) => wanted == c,
                    _ => true,
                };
                fits && like(after, rest)
            }
            [] => false,
        },
    }
}

/// A pattern of Java's as one that means the same here, on text of one line; `None` where it may not.
fn java_regex(pattern: &str) -> Option<Regex> {
    const OTHERWISE: [&str; 6] = ["++", "*+", "?+", "}+", "&&", "(?"];
    if OTHERWISE.iter().any(|p| pattern.contains(p)) {
        return None;
    }
    let mut out = String::new();
    let mut in_class = false;
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            // Java's classes are ASCII.
            '\\' => {
                let class = match chars.next()? {
                    'd' => "0-9",
                    'w' => "A-Za-z0-9_",
                    's' => " \\t\\n\\x0B\\f\\r",
                    c if c.is_ascii_alphanumeric() => return None,
                    c => {
                        out.push('\\');
                        out.push(c);
                        continue;
                    }
                };
                out.push_str(&if in_class {
                    class.to_owned()
                } else {
                    format!("[{class}]")
                });
                continue;
            }
            '[' if in_class => return None,
            '[' => in_class = true,
            ']' => in_class = false,
            _ => {}
        }
        out.push(c);
    }
    Regex::new(&out).ok()
}

fn regex<'a>(text: &'a Value, pattern: &Value) -> Result<(&'a str, Regex), Failure> {
    let (Some(text), Some(pattern)) = (string(text), string(pattern)) else {
        return fail("a regular expression on these types");
    };
    match java_regex(pattern) {
        Some(regex) if !text.contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']) => {
            Ok((text, regex))
        }
        _ => fail(format!("the regular expression {pattern}")),
    }
}

fn regexp_extract(args: &[Value]) -> Computed {
    let (text, regex) = regex(&args[0], &args[1])?;
    let group = match args.get(2) {
        None => 0,
        Some(Value::Int(n @ 0.., _)) => *n as usize,
        Some(_) => return fail("a negative group"),
    };
    if group >= regex.captures_len() {
        return fail("a group that the pattern does not have");
    }
    let found = regex.captures(text).and_then(|c| c.get(group));
    Ok(found.map_or(Value::Null, |m| Value::text(m.as_str())))
}

/// The whole text by a pattern of SQL's, without an escape.
fn similar(text: &str, pattern: &str) -> Option<bool> {
    let mut out = String::from("^(?:");
    let mut in_class = false;
    for c in pattern.chars() {
        match c {
            '[' if !in_class => in_class = true,
            ']' if in_class => in_class = false,
            c if in_class && !c.is_ascii_alphanumeric() && c != '-' => return None,
            '[' | ']' | '{' | '}' | '\\' | '^' => return None,
            '%' => {
                out.push_str(".*");
                continue;
            }
            '_' => {
                out.push('.');
                continue;
            }
            '|' | '*' | '+' | '?' | '(' | ')' => {}
            c if !in_class => {
                out.push_str(&regex::escape(&c.to_string()));
                continue;
            }
            _ => {}
        }
        out.push(c);
    }
    if out.contains("(?:)")
        || ["++", "*+", "?+", "*?", "+?", "??"]
            .iter()
            .any(|p| out[4..].contains(p))
    {
        return None;
    }
    let regex = Regex::new(&(out + ")$")).ok()?;
    (!text.contains(['\n', '\r'])).then(|| regex.is_match(text))
}
