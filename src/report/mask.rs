//! Blots out what looks like a secret: option values such as passwords, and the userinfo of URLs.
//!
//! It works on the text, not on tokens: a secret in a comment, in an unterminated string or in a
//! statement that cannot be read is a secret too. Too much is better than too little.

use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::BTreeSet;
use std::ops::Range;

/// Parts of an option key that make its value a secret.
const SECRET_PARTS: [&str; 17] = [
    "account.key",
    "cookie",
    "jwt",
    "signature",
    "password",
    "passwd",
    "passphrase",
    "private",
    "pwd",
    "secret",
    "token",
    "jaas",
    "credential",
    "authorization",
    "auth-params",
    "basic-auth",
    "http-headers",
];

/// A shorter secret may be an ordinary word or a part of one: in messages it is blotted out between quotes only.
const SHORTEST: usize = 4;

/// A key is not looked for further back than this, so that masking stays linear.
const LONGEST_KEY: usize = 256;

/// A text with its secrets blotted out.
#[derive(Debug, Clone)]
pub struct Masked {
    /// As long as the original in bytes, with the same line ends: every span is valid in both.
    pub text: String,
    secrets: Secrets,
}

/// What was blotted out.
#[derive(Debug, Clone)]
enum Secrets {
    None,
    Some(AhoCorasick),
    /// More than can be looked for: gigabytes.
    TooMany,
}

impl Masked {
    pub fn new(text: &str) -> Masked {
        let ranges = secret_ranges(text);
        let mut secrets = BTreeSet::new();
        for range in &ranges {
            quotable(&text[range.clone()], &mut secrets);
        }
        Masked {
            text: blotted(text, ranges),
            secrets: Secrets::new(&secrets),
        }
    }

    /// A message about the text, or text that is to be put into it, without the secrets that it quotes and
    /// without those of its own.
    pub fn message(&self, message: &str) -> String {
        let quoted = match &self.secrets {
            Secrets::None => Vec::new(),
            Secrets::Some(finder) => finder.find_iter(message).map(|m| m.range()).collect(),
            Secrets::TooMany => std::iter::once(0..message.len()).collect(),
        };
        let text = blotted(message, quoted);
        let own = secret_ranges(&text);
        blotted(&text, own)
    }
}

/// With stars in the place of these bytes, but for line ends.
fn blotted(text: &str, ranges: Vec<Range<usize>>) -> String {
    if ranges.is_empty() {
        return text.to_owned();
    }
    let mut bytes = text.as_bytes().to_vec();
    for range in ranges {
        for byte in &mut bytes[range] {
            if !matches!(byte, b'\n' | b'\r') {
                *byte = b'*';
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// Adds the forms in which a message may quote a secret: as it stands in the script, as the string that it
/// means, and parts of it that are secrets of their own.
fn quotable(secret: &str, secrets: &mut BTreeSet<String>) {
    let meant = secret.replace("''", "'");
    for range in secret_ranges(&meant) {
        secrets.insert(meant[range].to_owned());
    }
    if let Some((_, password)) = meant.split_once(':') {
        secrets.insert(password.to_owned());
    }
    secrets.insert(meant);
    secrets.insert(secret.to_owned());
    secrets.remove("");
}

impl Secrets {
    fn new(secrets: &BTreeSet<String>) -> Secrets {
        let patterns = secrets.iter().flat_map(|secret| match secret.len() {
            ..SHORTEST => ["'", "\"", "`"].map(|q| format!("{q}{secret}{q}")).to_vec(),
            _ => vec![secret.clone()],
        });
        let patterns: Vec<String> = patterns.collect();
        if patterns.is_empty() {
            return Secrets::None;
        }
        // One secret may begin with another.
        let finder = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(patterns);
        finder.map_or(Secrets::TooMany, Secrets::Some)
    }
}

/// What is blotted out of a text: ascending byte ranges that do not overlap and lie on character boundaries.
pub fn secret_ranges(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let found = match bytes[at] {
            b'=' => value_range(text, at),
            b':' if bytes[at..].starts_with(b"://") => userinfo_range(bytes, at + 3),
            // `password: …`, as in comments and JSON, and `'password' '…'`, where the `=` is missing.
            b':' => value_range(text, at)
                .filter(|_| key_before(text, at).is_some_and(|k| is_strong(k.0))),
            b' ' if bytes[at - at.min(1)] == b'\'' && bytes.get(at + 1) == Some(&b'\'') => {
                value_range(text, at)
            }
            _ => None,
        };
        match found {
            Some(range) => {
                at = range.end.max(at + 1);
                ranges.push(range);
            }
            None => at += 1,
        }
    }
    ranges.retain(|r| !r.is_empty());
    ranges
}

/// The value right of the `=` at `equals`, if the key left of it names a secret.
fn value_range(text: &str, equals: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let (key, key_is_marked) = key_before(text, equals)?;
    // `=>` names an argument.
    let behind = equals + 1 + usize::from(bytes.get(equals + 1) == Some(&b'>'));
    let blanks = bytes[behind..]
        .iter()
        .take_while(|b| b.is_ascii_whitespace());
    let start = behind + blanks.count();
    let quote = bytes
        .get(start)
        .copied()
        .filter(|b| matches!(b, b'\'' | b'"'));
    // Without any quotes it may as well be a comparison of two columns.
    if !(is_strong(key) || (key_is_marked || quote.is_some()) && is_secret(key)) {
        return None;
    }
    match quote {
        Some(quote) => {
            let mut end = start + 1;
            while end < bytes.len() {
                if bytes[end] == quote {
                    if bytes.get(end + 1) != Some(&quote) {
                        break;
                    }
                    end += 1;
                }
                end += 1;
            }
            Some(start + 1..end.min(bytes.len()))
        }
        None => {
            let length = bytes[start..]
                .iter()
                .take_while(|b| !b.is_ascii_whitespace() && !b"'\"`;,)&".contains(b))
                .count();
            Some(start..start + length)
        }
    }
}

/// The key that ends before `equals`, and whether quotes or the `?` or `&` of a URL show that it is one.
fn key_before(text: &str, equals: usize) -> Option<(&str, bool)> {
    let floor = text.floor_char_boundary(equals.saturating_sub(LONGEST_KEY));
    let before = text[floor..equals].trim_end();
    if let Some(inside) = before.strip_suffix(['\'', '"', '`']) {
        let quote = before.as_bytes()[before.len() - 1] as char;
        return Some((&inside[inside.rfind(quote)? + 1..], true));
    }
    let start = before
        .rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.')))
        .map_or(0, |at| {
            at + before[at..].chars().next().map_or(1, char::len_utf8)
        });
    let of_url = before[..start].ends_with(['?', '&']);
    // `SET a.access-key = …` compares no columns.
    let set = before[..start].trim_end();
    let set = set.get(set.floor_char_boundary(set.len().saturating_sub(3))..);
    let is_set = set.is_some_and(|word| word.eq_ignore_ascii_case("set"));
    Some((&before[start..], of_url || is_set))
}

fn is_secret(key: &str) -> bool {
    let plain = key.to_ascii_lowercase().replace('_', "-");
    // `access-key`, `secretKey` and `account.key` are secrets, `key.format` and `key` are not.
    let names_a_key = plain.len() > 3 && plain.ends_with("key") && !plain.ends_with("primary-key");
    let is_auth = plain == "auth" || plain.ends_with(".auth");
    names_a_key || is_auth || SECRET_PARTS.iter().any(|part| plain.contains(part))
}

/// Secret whatever stands around it.
fn is_strong(key: &str) -> bool {
    let plain = key.to_ascii_lowercase();
    [
        "password",
        "passwd",
        "pwd",
        "passphrase",
        "secret",
        "jaas",
        "signature",
    ]
    .iter()
    .any(|part| plain.contains(part))
}

/// What stands before the `@` of a URL whose authority starts at `start`.
fn userinfo_range(bytes: &[u8], start: usize) -> Option<Range<usize>> {
    let authority = bytes[start..]
        .iter()
        .take_while(|b| !b.is_ascii_whitespace() && !b"/?#'\"`;".contains(b))
        .count();
    let at = bytes[start..start + authority]
        .iter()
        .rposition(|b| *b == b'@')?;
    Some(start..start + at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(input: &str, expect: &str) {
        assert_eq!(Masked::new(input).text, expect);
    }

    #[test]
    fn option_values() {
        check("'password' = 'hunter2'", "'password' = '*******'");
        check("'PASSWORD'='it''s'", "'PASSWORD'='*****'");
        check("'aws.secretKey' = 'é'", "'aws.secretKey' = '**'");
        check(
            "'properties.sasl.jaas.config' = 'Login required\n password=\"x\";'",
            "'properties.sasl.jaas.config' = '**************\n**************'",
        );
        check("'ssl.keystore.key' = 'PEM'", "'ssl.keystore.key' = '***'");
        check("'password' = '', 'a' = 'b'", "'password' = '', 'a' = 'b'");
        check("'fs.access-key' =\n  'abc'", "'fs.access-key' =\n  '***'");
        check("-- 'api_token' = 'abc'", "-- 'api_token' = '***'");
        check("SET my.password = abc;", "SET my.password = ***;");
        check("SET s3.access-key = abc;", "SET s3.access-key = ***;");
        check("f(password => 'abc')", "f(password => '***')");
        check("-- password: abc", "-- password: ***");
        check("'{\"password\":\"abc\"}'", "'{\"password\":\"***\"}'");
        check("WITH ('password' 'abc')", "WITH ('password' '***')");
        check("'cs' = 'Server=h;Pwd=abc'", "'cs' = 'Server=h;Pwd=***'");
        check(
            "'fs.azure.account.key.x' = 'abc'",
            "'fs.azure.account.key.x' = '***'",
        );
        check(
            "CAST(a AS ROW<password STRING>) :: x",
            "CAST(a AS ROW<password STRING>) :: x",
        );
        check("'password' = 'open", "'password' = '****");
    }

    #[test]
    fn urls() {
        check(
            "'url' = 'jdbc:mysql://ann:pw@db:3306/x?password=pw&ssl=true'",
            "'url' = 'jdbc:mysql://******@db:3306/x?password=**&ssl=true'",
        );
        check(
            "'url' = 'https://host/path?a=b&api_token=abc&c=d'",
            "'url' = 'https://host/path?a=b&api_token=***&c=d'",
        );
        check(
            "'uri' = 'mongodb://u:p@a,b/'",
            "'uri' = 'mongodb://***@a,b/'",
        );
    }

    #[test]
    fn what_is_no_secret_stays() {
        for text in [
            "'key.format' = 'json'",
            "'key.fields' = 'a;b'",
            "'topic' = 'orders'",
            "ON a.token = b.token",
            "http://host/path@x",
            "=",
            "'=",
            "",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn a_message_does_not_quote_a_secret() {
        let masked = Masked::new("'password' = 'hunter2'");
        assert_eq!(masked.message("found `hunter2`"), "found `*******`");
    }

    #[test]
    fn a_message_quotes_no_part_and_no_other_form_of_a_secret() {
        for (text, message, expect) in [
            // As Flink reads it, and a part that is a secret of its own.
            ("'password' = 'it''s me'", "not it's me", "not *******"),
            (
                "'properties.sasl.jaas.config' = 'Login password=\"hunter2\";'",
                "not `hunter2`",
                "not `*******`",
            ),
            (
                "'url' = 'jdbc:x://ann:hunter2@db'",
                "no hunter2",
                "no *******",
            ),
            // Short ones only between quotes.
            (
                "'password' = 'abc'",
                "abc: 'abc' or `abc`",
                "abc: ***** or *****",
            ),
            // One begins with the other.
            (
                "'password' = 'hunter', 'token' = 'hunter2'",
                "hunter2, hunter",
                "*******, ******",
            ),
            // A secret of the message alone.
            (
                "",
                "write 'password' = 'hunter2'",
                "write 'password' = '*******'",
            ),
            (
                "'password' = ''",
                "it''s '' as it was",
                "it''s '' as it was",
            ),
        ] {
            assert_eq!(Masked::new(text).message(message), expect, "{text}");
        }
    }

    proptest! {
        #[test]
        fn length_and_line_ends_stay(text in "('password'|key|token|=|'|\"|://|@|é| |\n|\r|a){0,40}") {
            let masked = Masked::new(&text).text;
            prop_assert_eq!(masked.len(), text.len());
            for (a, b) in text.bytes().zip(masked.bytes()) {
                prop_assert!(a == b || b == b'*' && a != b'\n' && a != b'\r');
            }
        }
    }
}
