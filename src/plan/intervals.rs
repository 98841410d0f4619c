//! Interval literals that Flink rejects, in the whole script.
//!
//! Read from the tokens: the syntax tree keeps neither the places of an interval's parts nor what is in a
//! statement's options. Source of every boundary here: asked of Flink 1.20.5 and 2.3.0, in a query and in a watermark;
//! Calcite, `SqlIntervalQualifier`.

use super::Input;
use crate::catalog::StatementId;
use crate::diagnostic::{Applicability, Diagnostic, Fix, Severity};
use crate::lexer::{Punct, Token, TokenKind, unescape_string};
use crate::syntax::{Element, ElementKind, Statement, StatementKind};
use crate::text::{Edit, Span};
use crate::time::Uses;
use std::collections::BTreeSet;

/// Of the leading field, where none is written.
const DEFAULT_PRECISION: u64 = 2;
/// With more, Flink plans no expression with an interval of weeks or less.
const MAX_DAY_TIME_PRECISION: u64 = 3;
/// The grammar's own limit.
const MAX_PRECISION: u64 = 10;
const DEFAULT_FRACTION: u64 = 6;
const MAX_FRACTION: u64 = 9;

/// The fields, from long to short. Those of days and less can be followed by shorter ones, and so can the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Unit {
    Day,
    Hour,
    Minute,
    Second,
    Year,
    Month,
    Week,
    Quarter,
}

impl Unit {
    fn of(word: &str) -> Option<Self> {
        let word = word.to_ascii_uppercase();
        Some(match word.strip_suffix('S').unwrap_or(&word) {
            "DAY" => Self::Day,
            "HOUR" => Self::Hour,
            "MINUTE" => Self::Minute,
            "SECOND" => Self::Second,
            "YEAR" => Self::Year,
            "MONTH" => Self::Month,
            "WEEK" => Self::Week,
            "QUARTER" => Self::Quarter,
            _ => return None,
        })
    }

    const fn sql(self) -> &'static str {
        match self {
            Self::Day => "DAY",
            Self::Hour => "HOUR",
            Self::Minute => "MINUTE",
            Self::Second => "SECOND",
            Self::Year => "YEAR",
            Self::Month => "MONTH",
            Self::Week => "WEEK",
            Self::Quarter => "QUARTER",
        }
    }

    const fn is_day_time(self) -> bool {
        matches!(self, Self::Day | Self::Hour | Self::Minute | Self::Second)
    }

    /// Of which the precision is limited in practice.
    const fn is_short(self) -> bool {
        self.is_day_time() || matches!(self, Self::Week)
    }

    /// How many of it the next longer one has; 0 for the longest.
    const fn within(self) -> u64 {
        match self {
            Self::Hour => 24,
            Self::Minute | Self::Second => 60,
            Self::Month => 12,
            _ => 0,
        }
    }

    const fn seconds(self) -> u64 {
        match self {
            Self::Day => 86_400,
            Self::Hour => 3_600,
            Self::Minute => 60,
            _ => 1,
        }
    }
}

const WINDOWS: [&str; 4] = ["TUMBLE", "HOP", "CUMULATE", "SESSION"];

const DAY_TIME: [Unit; 4] = [Unit::Day, Unit::Hour, Unit::Minute, Unit::Second];

/// `INTERVAL '…' unit [(precision [, fraction])] [TO unit [(fraction)]]`.
#[derive(Debug)]
struct Literal {
    /// From `INTERVAL` to the end.
    span: Span,
    /// Without its quotes.
    text: String,
    /// From the quotes to the end.
    from_text: Span,
    first: Unit,
    /// The end of the leading unit's word.
    unit_end: u32,
    precision: Option<(u64, Span)>,
    fraction: Option<u64>,
    last: Unit,
    /// The size of a window or of a pattern, which Flink reads and does not plan.
    is_size: bool,
}

/// What is wrong with a literal.
enum Wrong {
    Format,
    /// The precision of the leading field or of the fraction is out of range.
    Qualifier(&'static str, u64),
    /// The leading field's value does not fit its precision.
    TooLong(u64),
    /// No query on it is planned.
    Unsupported(u64),
}

/// `uses`: which tables are read; `replaced`: watermarks that go.
pub(super) fn problems(input: Input<'_>, uses: &Uses, replaced: &[Span]) -> Vec<Diagnostic> {
    let entries = &input.catalog.entries;
    let read = uses.read.iter().map(|id| &entries[*id]);
    let read: BTreeSet<StatementId> = read.flat_map(|e| [e.created, e.since]).collect();
    let mut found = Vec::new();
    for (id, statement) in input.script.statements.iter().enumerate() {
        if input.script.is_outside(id) {
            continue;
        }
        if matches!(statement.kind, StatementKind::Invalid) {
            continue;
        }
        let elements = statement.kind.elements();
        let is_watermark = |span: Span| {
            let holds = |e: &&Element| e.span.contains(span);
            let element = elements.iter().find(holds).map(|e| &e.kind);
            element.map(|kind| matches!(kind, ElementKind::Watermark(_)))
        };
        for literal in literals(input, statement) {
            if replaced.iter().any(|span| span.contains(literal.span)) {
                continue;
            }
            match wrong(&literal) {
                None => {}
                Some(why @ Wrong::Unsupported(_)) => {
                    let mut diagnostic = diagnostic(&literal, &why);
                    match is_watermark(literal.span) {
                        _ if literal.is_size => continue,
                        // The table can be created; what reads it fails.
                        Some(is_watermark) if !is_watermark || !read.contains(&id) => continue,
                        Some(_) => {}
                        // Where nothing uses the column that it makes, it is not planned.
                        None => diagnostic.severity = Severity::Warning,
                    }
                    found.push(diagnostic);
                }
                Some(why) => found.push(diagnostic(&literal, &why)),
            }
        }
    }
    found
}

fn diagnostic(literal: &Literal, why: &Wrong) -> Diagnostic {
    let Literal { text, first, .. } = literal;
    let unit = first.sql();
    let error = |message: String| Diagnostic::error("rejected-interval", literal.span, message);
    let mut diagnostic = match why {
        Wrong::Format => error(format!("'{text}' is no interval of {}", literal.qualifier()))
            .note("Flink: \"Illegal interval literal format\"")
            .help("DAY TO SECOND is written '1 02:03:04.567', YEAR TO MONTH '1-6', with hours below 24, minutes and seconds below 60, months below 12"),
        Wrong::Qualifier(what, n) => error(format!("{n} is out of range for the {what} of an interval"))
            .note("Flink: \"Interval … precision … out of range\": 1 to 10 for the leading field, 1 to 9 for the fraction"),
        Wrong::TooLong(precision) => error(format!(
            "the interval '{text}' has more digits than its unit takes, {precision}"
        ))
        .note(format!("Flink: \"Interval field value … exceeds precision of {unit}({precision}) field\"")),
        Wrong::Unsupported(precision) => error(format!(
            "Flink plans no expression with an interval of {unit}({precision})"
        ))
        .note(format!("Flink: \"DAY_INTERVAL_TYPES precision is not supported: {precision}\"; up to {MAX_DAY_TIME_PRECISION} is")),
    };
    match literal.fix(why) {
        Some(fix) => diagnostic.fix = Some(fix),
        None if !matches!(why, Wrong::Format | Wrong::Qualifier(..)) => {
            diagnostic =
                diagnostic.help("a product has no such limit, as in `86400 * INTERVAL '1' SECOND`");
        }
        None => {}
    }
    diagnostic
}

fn wrong(literal: &Literal) -> Option<Wrong> {
    let precision = literal.precision.map_or(DEFAULT_PRECISION, |(p, _)| p);
    if !(1..=MAX_PRECISION).contains(&precision) {
        return Some(Wrong::Qualifier("leading precision", precision));
    }
    let fraction = literal.fraction.unwrap_or(DEFAULT_FRACTION);
    if !(1..=MAX_FRACTION).contains(&fraction) {
        return Some(Wrong::Qualifier("fractional precision", fraction));
    }
    let Some(fields) = literal.fields() else {
        return Some(Wrong::Format);
    };
    let limit = match precision {
        // Where its digits would allow more.
        MAX_PRECISION => u64::from(u32::MAX / 2),
        p => 10u64.pow(u32::try_from(p).unwrap_or(u32::MAX).min(9)) - 1,
    };
    if fields.values[0] > limit {
        return Some(Wrong::TooLong(precision));
    }
    let unsupported = literal.first.is_short() && precision > MAX_DAY_TIME_PRECISION;
    unsupported.then_some(Wrong::Unsupported(precision))
}

struct Fields<'a> {
    /// `-`, `+` or nothing.
    sign: &'a str,
    /// From the first unit to the last.
    values: Vec<u64>,
    /// Digits behind the point.
    fraction: &'a str,
}

impl Literal {
    fn units(&self) -> Option<Vec<Unit>> {
        if self.first == self.last {
            return Some(vec![self.first]);
        }
        if (self.first, self.last) == (Unit::Year, Unit::Month) {
            return Some(vec![Unit::Year, Unit::Month]);
        }
        let at = |unit| DAY_TIME.iter().position(|u| *u == unit);
        let units = DAY_TIME.get(at(self.first)?..=at(self.last)?)?;
        // `MINUTE TO HOUR` is none.
        (!units.is_empty()).then(|| units.to_vec())
    }

    fn qualifier(&self) -> String {
        match self.first == self.last {
            true => self.first.sql().to_owned(),
            false => format!("{} TO {}", self.first.sql(), self.last.sql()),
        }
    }

    /// `None` where the text has not the form of its units.
    fn fields(&self) -> Option<Fields<'_>> {
        let text = self.text.trim();
        let unsigned = text.trim_start_matches(['-', '+']);
        let sign = &text[..text.len() - unsigned.len()];
        let units = self.units()?;
        let has_fraction = self.last == Unit::Second && unsigned.contains('.');
        let (whole, fraction) = match has_fraction {
            true => unsigned.split_once('.')?,
            false => (unsigned, ""),
        };
        let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
        let most = self.fraction.unwrap_or(DEFAULT_FRACTION);
        if sign.len() > 1 || has_fraction && (!digits(fraction) || fraction.len() as u64 > most) {
            return None;
        }
        let mut rest = whole;
        let mut values = Vec::new();
        for (i, unit) in units.iter().enumerate() {
            let field = match units.get(i + 1) {
                Some(next) => {
                    let separator = match next {
                        Unit::Hour => ' ',
                        Unit::Month => '-',
                        _ => ':',
                    };
                    let (field, behind) = rest.split_once(separator)?;
                    rest = behind;
                    field
                }
                None => rest,
            };
            let is_too_much = |value: u64| i > 0 && value >= unit.within();
            if !digits(field) {
                return None;
            }
            // More than fits is more than any precision takes.
            let value = field.parse().unwrap_or(u64::MAX);
            if is_too_much(value) {
                return None;
            }
            values.push(value);
        }
        Some(Fields {
            sign,
            values,
            fraction,
        })
    }

    /// The same interval in a form that Flink takes.
    fn fix(&self, why: &Wrong) -> Option<Fix> {
        if !matches!(why, Wrong::TooLong(_) | Wrong::Unsupported(_)) {
            return None;
        }
        let fields = self.fields()?;
        let lead = fields.values[0];
        let (title, edit) = if let Some(short) = self.in_a_longer_unit(&fields) {
            (
                format!("write {short}"),
                Edit::replace(self.from_text, short),
            )
        } else if lead <= 999 || !self.first.is_short() && lead <= 999_999_999 {
            let digits = (lead.checked_ilog10().unwrap_or(0) + 1).max(3);
            let edit = match self.precision {
                Some((_, span)) => Edit::replace(span, digits.to_string()),
                None => Edit::insert(self.unit_end, format!("({digits})")),
            };
            (format!("give it the precision {digits}"), edit)
        } else {
            let long = self.in_days(&fields)?;
            (format!("write {long}"), Edit::replace(self.from_text, long))
        };
        Some(Fix {
            title,
            edits: vec![edit],
            applicability: Applicability::Safe,
        })
    }

    /// `'120' SECOND` as `'2' MINUTE`.
    fn in_a_longer_unit(&self, fields: &Fields<'_>) -> Option<String> {
        let plain = self.first == self.last && self.first.is_day_time();
        if !plain || !fields.fraction.is_empty() || self.fraction.is_some() {
            return None;
        }
        let seconds = fields.values[0].checked_mul(self.first.seconds())?;
        let fits = |unit: &&Unit| {
            let each = unit.seconds();
            **unit != self.first
                && seconds.is_multiple_of(each)
                && (1..=99).contains(&(seconds / each))
        };
        let unit = DAY_TIME.iter().find(fits)?;
        Some(format!(
            "'{}{}' {}",
            fields.sign,
            seconds / unit.seconds(),
            unit.sql()
        ))
    }

    /// As `'1 02:03:04.567' DAY TO SECOND`, up to 999 days.
    fn in_days(&self, fields: &Fields<'_>) -> Option<String> {
        if !self.first.is_day_time() || self.fraction.is_some() {
            return None;
        }
        let units = self.units()?;
        let mut seconds = 0u64;
        for (value, unit) in fields.values.iter().zip(&units) {
            seconds = seconds.checked_add(value.checked_mul(unit.seconds())?)?;
        }
        let days = seconds / 86_400;
        let precision = match days {
            0..=99 => "",
            100..=999 => "(3)",
            _ => return None,
        };
        let point = if fields.fraction.is_empty() { "" } else { "." };
        Some(format!(
            "'{}{days} {:02}:{:02}:{:02}{point}{}' DAY{precision} TO SECOND",
            fields.sign,
            seconds / 3_600 % 24,
            seconds / 60 % 60,
            seconds % 60,
            fields.fraction,
        ))
    }
}

/// The interval literals of a statement.
fn literals(input: Input<'_>, statement: &Statement) -> Vec<Literal> {
    let matters = |t: &&Token| {
        !matches!(
            t.kind,
            TokenKind::Whitespace | TokenKind::LineComment | TokenKind::BlockComment
        )
    };
    let tokens = input.script.tokens[statement.tokens.clone()].iter();
    let tokens: Vec<&Token> = tokens.filter(matters).collect();
    let is_one_of = |at: Option<usize>, words: &[&str]| {
        let token = at.and_then(|at| tokens.get(at));
        token.is_some_and(|t| {
            let text = t.span.of(input.text);
            t.kind == TokenKind::Word && words.iter().any(|w| w.eq_ignore_ascii_case(text))
        })
    };
    let mut found = Vec::new();
    // For each open parenthesis: does it hold the arguments of a window?
    let mut open = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1);
        match token.kind {
            TokenKind::Punct(Punct::LParen) => open.push(is_one_of(before, &WINDOWS)),
            TokenKind::Punct(Punct::RParen) => drop(open.pop()),
            // The freshness of a materialized table is taken by its words, whatever their form.
            TokenKind::Word if is_one_of(at.checked_sub(2), &["FRESHNESS"]) => {}
            TokenKind::Word if is_one_of(Some(at), &["INTERVAL"]) => {
                let is_size = open.last() == Some(&true) || is_one_of(before, &["WITHIN"]);
                found.extend(literal(input.text, &tokens[at..], is_size));
            }
            _ => {}
        }
    }
    found
}

/// `None` for anything but a text of plain digits in quotes, as a placeholder.
fn literal(text: &str, tokens: &[&Token], is_size: bool) -> Option<Literal> {
    let start = tokens.first()?.span;
    let mut at = 1;
    let of = |i: usize| tokens.get(i).map(|t| t.span.of(text));
    if matches!(of(at), Some("+" | "-")) {
        at += 1;
    }
    let quoted = tokens.get(at).filter(|t| t.kind == TokenKind::String)?;
    let raw = quoted.span.of(text);
    let value = unescape_string(raw);
    if !raw.starts_with('\'') || value.contains(['$', '{']) {
        return None;
    }
    let first = Unit::of(of(at + 1)?)?;
    let unit_end = tokens.get(at + 1)?.span.end;
    at += 2;
    let (numbers, behind) = in_parentheses(text, tokens, at)?;
    at = behind;
    let (mut last, mut fraction) = (first, numbers.get(1).map(|(n, _)| *n));
    if of(at).is_some_and(|w| w.eq_ignore_ascii_case("to"))
        && let Some(unit) = of(at + 1).and_then(Unit::of)
    {
        last = unit;
        let (numbers, behind) = in_parentheses(text, tokens, at + 2)?;
        fraction = numbers.first().map(|(n, _)| *n);
        at = behind;
    }
    let end = tokens.get(at - 1)?.span.end;
    Some(Literal {
        span: Span::new(start.start, end),
        text: value,
        from_text: Span::new(quoted.span.start, end),
        first,
        unit_end,
        precision: numbers.first().copied(),
        fraction,
        last,
        is_size,
    })
}

/// `(n)` or `(n, n)`, if it stands there, and where it goes on; `None` for anything else in parentheses.
fn in_parentheses(
    text: &str,
    tokens: &[&Token],
    mut at: usize,
) -> Option<(Vec<(u64, Span)>, usize)> {
    let is = |at: usize, punct| {
        tokens
            .get(at)
            .is_some_and(|t| t.kind == TokenKind::Punct(punct))
    };
    let mut numbers = Vec::new();
    if !is(at, Punct::LParen) {
        return Some((numbers, at));
    }
    loop {
        let number = tokens.get(at + 1)?.span;
        numbers.push((number.of(text).parse().ok()?, number));
        at += 2;
        if is(at, Punct::RParen) {
            return Some((numbers, at + 1));
        }
        if !is(at, Punct::Comma) {
            return None;
        }
    }
}
