//! Literals: strings with their prefixes, numbers, dates and times, intervals.

use super::{Grammar, K, P, Read, Tok};
use crate::config::FlinkVersion;

/// The character sets that Calcite knows by these names only.
const CHARACTER_SETS: &[&str] = &[
    "big5",
    "gb2312",
    "gbk",
    "iso-8859-1",
    "latin1",
    "utf-16",
    "utf-16be",
    "utf-16le",
    "utf-8",
    "utf16",
    "utf8",
];

impl Grammar<'_, '_> {
    /// A string without a prefix.
    pub(super) fn at_simple_string(&self) -> bool {
        self.tok == Tok::String && self.text().starts_with('\'')
    }

    pub(super) fn simple_string(&mut self) -> Read {
        if self.at_simple_string() {
            self.bump();
            return Ok(());
        }
        self.expected("a string")
    }

    /// A string, also in several pieces: `'a' 'b'`.
    pub(super) fn string_literal(&mut self) -> Read {
        if self.tok != Tok::String {
            return self.expected("a string");
        }
        let text = self.text();
        match text.as_bytes()[0] {
            b'\'' => self.bump(),
            b'x' | b'X' => return self.binary_string(),
            b'u' | b'U' => return self.unicode_string(),
            b'e' | b'E' => {
                if !self.since(FlinkVersion::V2_0) || !c_escapes_are_whole(text) {
                    return self.refuse(
                        "syntax-error",
                        "Flink cannot read this string",
                        "`E'…'` is a string since Flink 2.0; its `\\u` takes 4 hexadecimal digits, its `\\U` 8",
                    );
                }
                self.bump();
                return Ok(());
            }
            b'_' => return self.string_with_character_set(&text[1..]),
            // `N'…'` is Latin-1 to Flink.
            _ => return self.string_with_character_set("latin1"),
        }
        self.more_pieces();
        self.no_unicode_escape()
    }

    /// `name` is the name, or starts with it and a quote.
    fn string_with_character_set(&mut self, name: &str) -> Read {
        let name = name.split('\'').next().unwrap_or_default();
        if !CHARACTER_SETS.iter().any(|c| c.eq_ignore_ascii_case(name)) {
            return self.refuse("syntax-error", "unknown character set", "");
        }
        let latin = ["latin1", "iso-8859-1"]
            .iter()
            .any(|c| c.eq_ignore_ascii_case(name));
        loop {
            if latin && self.text().chars().any(|c| c > '\u{ff}') {
                return self.refuse(
                    "syntax-error",
                    "a character of this string is not in its character set, ISO-8859-1",
                    "",
                );
            }
            self.bump();
            if !self.at_simple_string() {
                return self.no_unicode_escape();
            }
        }
    }

    fn more_pieces(&mut self) {
        while self.at_simple_string() {
            self.bump();
        }
    }

    fn no_unicode_escape(&mut self) -> Read {
        if self.at(K::UESCAPE) {
            return self.refuse("syntax-error", "UESCAPE follows only a `U&'…'` string", "");
        }
        Ok(())
    }

    fn binary_string(&mut self) -> Read {
        loop {
            let digits = self.text().trim_matches(['x', 'X', '\'']);
            if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
                return self.refuse(
                    "syntax-error",
                    "a binary string holds only hexadecimal digits",
                    "",
                );
            }
            self.bump();
            if !self.at_simple_string() {
                return Ok(());
            }
        }
    }

    /// The escape character comes after the pieces, so they are read twice.
    fn unicode_string(&mut self) -> Read {
        let first = self.cursor.pos();
        self.bump();
        self.more_pieces();
        let end = self.cursor.last();
        let mut escape = '\\';
        if self.eat(K::UESCAPE) {
            let mut chars = self.text().trim_matches('\'').chars();
            match (self.at_simple_string(), chars.next(), chars.next()) {
                (true, Some(c), None)
                    if !c.is_ascii_hexdigit() && !matches!(c, '+' | '"' | ' ' | '\t' | '\n') =>
                {
                    escape = c;
                }
                _ => return self.expected("an escape character in quotes"),
            }
            self.bump();
        }
        let whole = self.cursor.tokens[first..end]
            .iter()
            .filter(|t| t.kind == crate::lexer::TokenKind::String)
            .all(|t| unicode_escapes_are_whole(self.cursor.token_text(*t), escape));
        if whole {
            return Ok(());
        }
        self.refuse(
            "syntax-error",
            "an escape in this string is not four hexadecimal digits",
            "",
        )
    }

    pub(super) fn at_unsigned_number(&self) -> bool {
        matches!(self.tok, Tok::Number | Tok::Placeholder)
            || self.at(K::DECIMAL) && self.since(FlinkVersion::V2_2)
    }

    /// `1`, `1.5`, `1e3` and, since 2.2, `DECIMAL '1.5'`.
    pub(super) fn unsigned_number(&mut self) -> Read {
        if matches!(self.tok, Tok::Number | Tok::Placeholder) {
            self.bump();
            return Ok(());
        }
        if self.at(K::DECIMAL) && self.since(FlinkVersion::V2_2) {
            self.bump();
            return self.simple_string();
        }
        self.expected("a number")
    }

    /// As [`Self::unsigned_number`], but with a sign before it.
    pub(super) fn signed_number(&mut self) -> Read {
        if matches!(self.tok, Tok::Punct(P::Plus | P::Minus)) {
            self.bump();
        }
        self.unsigned_number()
    }

    /// Digits only, below 2³¹.
    pub(super) fn unsigned_int(&mut self) -> Read {
        if self.tok == Tok::Placeholder || self.tok == Tok::Number && is_int(self.text()) {
            self.bump();
            return Ok(());
        }
        self.expected("a whole number")
    }

    pub(super) fn signed_int(&mut self) -> Read {
        if matches!(self.tok, Tok::Punct(P::Plus | P::Minus)) {
            self.bump();
        }
        self.unsigned_int()
    }

    /// `DATE '…'`, `TIME '…'`, `TIMESTAMP '…'`; the keyword is the current token. 1.20 reads the text with the
    /// grammar, later releases when they validate.
    pub(super) fn datetime_literal(&mut self) -> Read {
        let Tok::Key(keyword) = self.tok else {
            return self.expected("a literal");
        };
        self.bump();
        if self.at(K::WITH) {
            self.bump();
            self.need_all(&[K::LOCAL, K::TIME, K::ZONE])?;
        }
        if !self.since(FlinkVersion::V2_0) && self.at_simple_string() {
            self.check_datetime(keyword)?;
        }
        self.simple_string()
    }

    /// The current token is the text of a DATE, TIME or TIMESTAMP.
    fn check_datetime(&mut self, keyword: K) -> Read {
        let text = self.text().trim_matches('\'').trim_start();
        let (fits, form) = match keyword {
            K::DATE => (is_date(text), "yyyy-MM-dd"),
            K::TIME => (is_time(text), "HH:mm:ss"),
            _ => (is_timestamp(text), "yyyy-MM-dd HH:mm:ss"),
        };
        if fits {
            return Ok(());
        }
        let message = format!("this is no {}: its form is `{form}`", keyword.text());
        self.refuse("datetime-literal", &message, "")
    }

    /// `{d '…'}`, `{t '…'}`, `{ts '…'}`; the word is the current token.
    pub(super) fn braced_datetime(&mut self) -> Read {
        let keyword = match self.text() {
            d if d.eq_ignore_ascii_case("d") => K::DATE,
            t if t.eq_ignore_ascii_case("t") => K::TIME,
            _ => K::TIMESTAMP,
        };
        self.bump();
        if self.at_simple_string() {
            self.check_datetime(keyword)?;
        }
        self.simple_string()?;
        self.need_punct(P::RBrace)
    }

    /// `INTERVAL '1' DAY`, `INTERVAL x DAY`; `INTERVAL` is the current token.
    pub(super) fn interval(&mut self) -> Read {
        self.bump();
        if matches!(self.tok, Tok::Punct(P::Plus | P::Minus)) {
            self.bump();
        }
        if self.at_simple_string() {
            return self.interval_text();
        }
        match self.tok {
            Tok::Punct(P::LParen) => {
                self.bump();
                self.expression(super::Context::SubQuery)?;
                self.need_punct(P::RParen)?;
            }
            _ if self.at_unsigned_number() => self.unsigned_number()?,
            _ if self.at_identifier() => self.compound_identifier()?,
            _ => return self.expected("a string, a number, a name or `(`"),
        }
        self.interval_unit()
    }

    /// Only the form with a string, as WITHIN takes it.
    pub(super) fn interval_literal(&mut self) -> Read {
        self.need(K::INTERVAL)?;
        if matches!(self.tok, Tok::Punct(P::Plus | P::Minus)) {
            self.bump();
        }
        if !self.at_simple_string() {
            return self.expected("a string");
        }
        self.interval_text()
    }

    fn interval_text(&mut self) -> Read {
        if self.text() == "''" {
            return self.refuse("syntax-error", "an interval of nothing", "");
        }
        self.bump();
        if !self.at_interval_unit() {
            return self.refuse(
                "interval-unit",
                "the unit of the interval is missing after the string",
                "write it outside of the string: INTERVAL '5' SECOND",
            );
        }
        self.interval_qualifier()
    }

    pub(super) fn at_interval_unit(&self) -> bool {
        use K::*;
        match self.tok {
            Tok::Key(
                YEAR | YEARS | MONTH | MONTHS | DAY | DAYS | HOUR | HOURS | MINUTE | MINUTES
                | SECOND | SECONDS,
            ) => true,
            Tok::Key(QUARTER | QUARTERS | WEEK | WEEKS) => self.since(FlinkVersion::V2_0),
            _ => false,
        }
    }

    /// `DAY`, `DAY(3)`, `SECOND(3, 6)`.
    fn interval_unit(&mut self) -> Read {
        if !self.at_interval_unit() {
            return self.expected("a unit of time");
        }
        if self.eat_any(&[K::SECOND, K::SECONDS]) {
            return self.optional_precision_and_scale();
        }
        self.bump();
        self.optional_precision()
    }

    /// `DAY(3) TO SECOND(6)`.
    pub(super) fn interval_qualifier(&mut self) -> Read {
        use K::*;
        let first = self.tok;
        self.interval_unit()?;
        let until: &[super::K] = match first {
            Tok::Key(YEAR | YEARS) => &[MONTH, MONTHS],
            Tok::Key(DAY | DAYS) => &[HOUR, HOURS, MINUTE, MINUTES, SECOND, SECONDS],
            Tok::Key(HOUR | HOURS) => &[MINUTE, MINUTES, SECOND, SECONDS],
            Tok::Key(MINUTE | MINUTES) => &[SECOND, SECONDS],
            _ => return Ok(()),
        };
        if !self.eat(TO) {
            return Ok(());
        }
        let last = self.tok;
        self.need_any(until)?;
        if matches!(last, Tok::Key(SECOND | SECONDS)) {
            self.optional_precision()?;
        }
        Ok(())
    }

    /// The unit of EXTRACT and FLOOR … TO. Since 2.0 any name is one to the grammar.
    pub(super) fn time_unit(&mut self, fractions: bool) -> Read {
        use K::*;
        match self.tok {
            Tok::Key(WEEK) => {
                self.bump();
                if self.since(FlinkVersion::V2_0) && self.eat_punct(P::LParen) {
                    self.need_any(&[
                        SUNDAY, MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY,
                    ])?;
                    self.need_punct(P::RParen)?;
                }
                return Ok(());
            }
            Tok::Key(
                SECOND | MINUTE | HOUR | DAY | DOW | DOY | ISODOW | ISOYEAR | MONTH | QUARTER
                | YEAR | EPOCH | DECADE | CENTURY | MILLENNIUM | MILLISECOND,
            ) => {
                self.bump();
                return Ok(());
            }
            Tok::Key(NANOSECOND | MICROSECOND) if fractions => {
                self.bump();
                return Ok(());
            }
            _ => {}
        }
        if self.since(FlinkVersion::V2_0) && self.at_identifier() {
            return self.identifier();
        }
        self.expected("a unit of time")
    }

    /// The unit of TIMESTAMPADD and TIMESTAMPDIFF.
    pub(super) fn timestamp_unit(&mut self) -> Read {
        use K::*;
        if self.since(FlinkVersion::V2_0) {
            return self.time_unit(true);
        }
        self.need_any(&[
            FRAC_SECOND,
            MICROSECOND,
            NANOSECOND,
            SQL_TSI_FRAC_SECOND,
            SQL_TSI_MICROSECOND,
            SECOND,
            SQL_TSI_SECOND,
            MINUTE,
            SQL_TSI_MINUTE,
            HOUR,
            SQL_TSI_HOUR,
            DAY,
            SQL_TSI_DAY,
            WEEK,
            SQL_TSI_WEEK,
            MONTH,
            SQL_TSI_MONTH,
            QUARTER,
            SQL_TSI_QUARTER,
            YEAR,
            SQL_TSI_YEAR,
        ])
    }
}

fn is_int(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit()) && text.parse::<i32>().is_ok()
}

/// After each `\u` four hexadecimal digits, after each `\U` eight.
fn c_escapes_are_whole(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let after = &rest[at + 1..];
        let digits = match after.bytes().next() {
            Some(b'u') => 4,
            Some(b'U') => 8,
            _ => 0,
        };
        let hex = after.as_bytes().get(1..1 + digits);
        if !hex.is_some_and(|h| h.iter().all(u8::is_ascii_hexdigit)) && digits > 0 {
            return false;
        }
        let mut chars = after.chars();
        chars.next();
        rest = chars.as_str();
    }
    true
}

/// After each escape character itself or four hexadecimal digits.
fn unicode_escapes_are_whole(text: &str, escape: char) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find(escape) {
        let after = &rest[at + escape.len_utf8()..];
        if let Some(doubled) = after.strip_prefix(escape) {
            rest = doubled;
            continue;
        }
        match after.as_bytes().get(..4) {
            Some(hex) if hex.iter().all(u8::is_ascii_hexdigit) => rest = &after[4..],
            _ => return false,
        }
    }
    true
}

/// `yyyy-MM-dd`, digits not counted, a day that exists.
fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let mut next = || parts.next().and_then(number);
    let (Some(year), Some(month), Some(day)) = (next(), next(), next()) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    year < 10_000 && (1..=days).contains(&day)
}

/// `HH:mm:ss`, with or without a fraction.
fn is_time(text: &str) -> bool {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut parts = clock.splitn(3, ':');
    let mut below = |limit| parts.next().and_then(number).is_some_and(|n| n < limit);
    below(24) && below(60) && below(60) && fraction.bytes().all(|b| b.is_ascii_digit())
}

/// A date, or a date and a time.
fn is_timestamp(text: &str) -> bool {
    match text.split_once(' ') {
        Some((date, time)) => is_date(date) && is_time(time),
        None => is_date(text),
    }
}

fn number(digits: &str) -> Option<u32> {
    let only_digits = digits.bytes().all(|b| b.is_ascii_digit());
    only_digits.then(|| digits.parse().ok()).flatten()
}
