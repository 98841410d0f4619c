use super::{Punct, Token, TokenKind};
use crate::config::FlinkVersion;
use crate::text::Span;

/// How often [`lex`] looks for the quote that was left out before it gives the text up.
const MAX_REPAIRS: usize = 32;

/// Bytes of the longest placeholder; a bound, so that a text full of `${` takes linear time.
const MAX_PLACEHOLDER: usize = 512;

/// Cuts a text into tokens. The tokens are contiguous and cover the text.
///
/// A text of 4 GiB or more is one `Unknown` token: positions are 32 bits.
pub fn lex(text: &str, version: FlinkVersion) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len() / 4);
    let mut lexer = Lexer::unrepaired(text, version, Vec::new());
    tokens.extend(&mut lexer);
    if tokens.last().is_some_and(is_open) {
        lexer = Lexer::new(text, version);
        tokens.clear();
        tokens.extend(&mut lexer);
    }
    tokens
}

/// The tokens of a text one after the other, for who need not keep them all: those that [`lex`] gives.
pub struct Lexer<'a> {
    scanner: Scanner<'a>,
}

impl<'a> Lexer<'a> {
    /// Reads the text once to see whether a quote was left out somewhere.
    pub fn new(text: &'a str, version: FlinkVersion) -> Self {
        let mut line_bounds = Vec::new();
        let mut from = 0;
        // A missing quote turns all strings after it inside out. Its own string is most likely the
        // first one that runs over the end of a statement's last line.
        while line_bounds.len() < MAX_REPAIRS {
            let mut lexer = Self::unrepaired(text, version, line_bounds.clone());
            lexer.go_to(from);
            let repaired = line_bounds.last().copied();
            let (mut culprit, mut last) = (None, None);
            for token in lexer {
                let start = token.span.start;
                if culprit.is_none() && repaired != Some(start) && runs_over_statement(text, token)
                {
                    culprit = Some(start);
                }
                last = Some(token);
            }
            let Some(culprit) = culprit.filter(|_| last.as_ref().is_some_and(is_open)) else {
                break;
            };
            line_bounds.push(culprit);
            from = culprit;
        }
        Self::unrepaired(text, version, line_bounds)
    }

    fn unrepaired(text: &'a str, version: FlinkVersion, line_bounds: Vec<u32>) -> Self {
        Self {
            scanner: Scanner {
                text,
                bytes: text.as_bytes(),
                pos: 0,
                version,
                line_bounds,
            },
        }
    }

    /// Goes on with the token that starts at this byte offset: one that has been read before.
    pub fn go_to(&mut self, offset: u32) {
        self.scanner.pos = offset as usize;
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let start = self.scanner.pos;
        if start >= self.scanner.bytes.len() {
            return None;
        }
        if u32::try_from(self.scanner.bytes.len()).is_err() {
            self.scanner.pos = self.scanner.bytes.len();
            return Some(Token {
                kind: TokenKind::Unknown,
                span: Span::new(0, u32::MAX),
            });
        }
        let kind = self.scanner.token();
        Some(Token {
            kind,
            span: Span::new(start as u32, self.scanner.pos as u32),
        })
    }
}

fn is_open(last: &Token) -> bool {
    last.kind == TokenKind::UnterminatedString
}

fn runs_over_statement(text: &str, token: Token) -> bool {
    if !matches!(
        token.kind,
        TokenKind::String | TokenKind::UnterminatedString
    ) {
        return false;
    }
    let mut lines = token.span.of(text).split(['\n', '\r']);
    let last = lines.next_back();
    lines.any(|line| line.trim_end().ends_with(';')) && last.is_some()
}

struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    pos: usize,
    version: FlinkVersion,
    /// The strings that start here end with their lines. Sorted.
    line_bounds: Vec<u32>,
}

impl Scanner<'_> {
    fn at(&self, ahead: usize) -> u8 {
        self.bytes.get(self.pos + ahead).copied().unwrap_or(0)
    }

    fn skip_while(&mut self, test: impl Fn(u8) -> bool) {
        while self.pos < self.bytes.len() && test(self.bytes[self.pos]) {
            self.pos += 1;
        }
    }

    fn punct(&mut self, length: usize, punct: Punct) -> TokenKind {
        self.pos += length;
        TokenKind::Punct(punct)
    }

    fn token(&mut self) -> TokenKind {
        let next = self.at(1);
        match self.bytes[self.pos] {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0c => {
                self.skip_while(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r' | 0x0c));
                TokenKind::Whitespace
            }
            b'-' if next == b'-' => self.line_comment(),
            b'/' if next == b'/' => self.line_comment(),
            b'/' if next == b'*' => self.block_comment(),
            b'\'' => self.string(1, false),
            b'`' => self.quoted_ident(),
            b'"' => self.double_quoted(1),
            b'0'..=b'9' => self.number(),
            b'.' if next.is_ascii_digit() => self.number(),
            b'$' if next == b'{' => self.placeholder_or_word(),
            b'{' if next == b'{' => self.placeholder_or_brace(),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' => self.word(),
            b'(' => self.punct(1, Punct::LParen),
            b')' => self.punct(1, Punct::RParen),
            b'[' => self.punct(1, Punct::LBracket),
            b']' => self.punct(1, Punct::RBracket),
            b'{' => self.punct(1, Punct::LBrace),
            b'}' => self.punct(1, Punct::RBrace),
            b',' => self.punct(1, Punct::Comma),
            b';' => self.punct(1, Punct::Semicolon),
            b'.' => self.punct(1, Punct::Dot),
            b':' => self.punct(1, Punct::Colon),
            b'?' => self.punct(1, Punct::Question),
            b'=' if next == b'>' => self.punct(2, Punct::RArrow),
            b'=' => self.punct(1, Punct::Eq),
            b'!' if next == b'=' => self.punct(2, Punct::BangEq),
            b'<' if next == b'=' => self.punct(2, Punct::LtEq),
            b'<' if next == b'>' => self.punct(2, Punct::NotEq),
            b'<' => self.punct(1, Punct::Lt),
            b'>' if next == b'=' => self.punct(2, Punct::GtEq),
            b'>' => self.punct(1, Punct::Gt),
            b'+' => self.punct(1, Punct::Plus),
            b'-' if next == b'>' => self.punct(2, Punct::Lambda),
            b'-' => self.punct(1, Punct::Minus),
            b'*' => self.punct(1, Punct::Star),
            b'/' => self.punct(1, Punct::Slash),
            b'%' => self.punct(1, Punct::Percent),
            b'|' if next == b'|' => self.punct(2, Punct::Concat),
            b'|' => self.punct(1, Punct::Pipe),
            b'^' => self.punct(1, Punct::Caret),
            b'&' => self.punct(1, Punct::Ampersand),
            0x80.. => self.non_ascii(),
            _ => {
                self.pos += 1;
                TokenKind::Unknown
            }
        }
    }

    fn line_comment(&mut self) -> TokenKind {
        self.skip_while(|b| b != b'\n' && b != b'\r');
        TokenKind::LineComment
    }

    fn block_comment(&mut self) -> TokenKind {
        let hint = self.at(2) == b'+';
        self.pos += 2;
        while self.pos < self.bytes.len() {
            self.skip_while(|b| b != b'*');
            if self.at(1) == b'/' {
                self.pos += 2;
                return if hint {
                    TokenKind::Hint
                } else {
                    TokenKind::BlockComment
                };
            }
            self.pos = (self.pos + 1).min(self.bytes.len());
        }
        TokenKind::UnterminatedComment
    }

    /// `prefix`: bytes up to and with the opening quote.
    fn string(&mut self, prefix: usize, backslashes: bool) -> TokenKind {
        let start = self.pos;
        let one_line = self.line_bounds.binary_search(&(start as u32)).is_ok();
        self.pos += prefix;
        while self.pos < self.bytes.len() {
            match self.bytes[self.pos] {
                b'\'' if self.at(1) == b'\'' => self.pos += 2,
                b'\'' => {
                    self.pos += 1;
                    return TokenKind::String;
                }
                b'\\' if backslashes => self.pos = (self.pos + 2).min(self.bytes.len()),
                b'\n' | b'\r' if one_line => return self.end_of_bound_line(start + prefix),
                _ => self.pos += 1,
            }
        }
        // A backslash may have been followed by the first byte of a longer character.
        while !self.text.is_char_boundary(self.pos) {
            self.pos += 1;
        }
        TokenKind::UnterminatedString
    }

    /// The string ends before the punctuation that closes its line.
    fn end_of_bound_line(&mut self, floor: usize) -> TokenKind {
        let line = &self.bytes[floor..self.pos];
        let kept = line
            .iter()
            .rposition(|b| !matches!(b, b' ' | b'\t' | b',' | b';' | b')'))
            .map_or(0, |i| i + 1);
        self.pos = floor + kept;
        while !self.text.is_char_boundary(self.pos) {
            self.pos += 1;
        }
        TokenKind::UnterminatedString
    }

    fn quoted_ident(&mut self) -> TokenKind {
        self.pos += 1;
        while self.pos < self.bytes.len() {
            match self.bytes[self.pos] {
                b'`' if self.at(1) == b'`' => self.pos += 2,
                b'`' => {
                    self.pos += 1;
                    return TokenKind::QuotedIdent;
                }
                b'\n' | b'\r' => break,
                _ => self.pos += 1,
            }
        }
        TokenKind::UnterminatedIdent
    }

    /// Flink has no double quotes; the whole is one token so that the message can show it.
    fn double_quoted(&mut self, prefix: usize) -> TokenKind {
        let start = self.pos;
        self.pos += prefix;
        while self.pos < self.bytes.len() {
            match self.bytes[self.pos] {
                b'"' if self.at(1) == b'"' => self.pos += 2,
                b'"' => {
                    self.pos += 1;
                    return if prefix == 1 {
                        TokenKind::Unknown
                    } else {
                        TokenKind::QuotedIdent
                    };
                }
                b'\n' | b'\r' | b';' => break,
                _ => self.pos += 1,
            }
        }
        self.pos = start + 1;
        if prefix == 1 {
            TokenKind::Unknown
        } else {
            self.word_rest()
        }
    }

    fn number(&mut self) -> TokenKind {
        self.skip_while(|b| b.is_ascii_digit());
        if self.at(0) == b'.' {
            self.pos += 1;
            self.skip_while(|b| b.is_ascii_digit());
        }
        if matches!(self.at(0), b'e' | b'E') {
            let sign = usize::from(matches!(self.at(1), b'+' | b'-'));
            if self.at(1 + sign).is_ascii_digit() {
                self.pos += 1 + sign;
                self.skip_while(|b| b.is_ascii_digit());
            }
        }
        TokenKind::Number
    }

    fn word(&mut self) -> TokenKind {
        let rest = &self.bytes[self.pos + 1..];
        match (self.bytes[self.pos], rest) {
            (b'N' | b'n' | b'X' | b'x', [b'\'', ..]) => return self.string(2, false),
            (b'E' | b'e', [b'\'', ..]) if self.version >= FlinkVersion::V2_0 => {
                return self.string(2, true);
            }
            (b'U' | b'u', [b'&', b'\'', ..]) => return self.string(3, false),
            (b'U' | b'u', [b'&', b'"', ..]) => return self.double_quoted(3),
            (b'_', _) => {
                let charset = rest
                    .iter()
                    .take(64)
                    .take_while(|b| {
                        b.is_ascii_alphanumeric() || matches!(b, b':' | b'.' | b'-' | b'_')
                    })
                    .count();
                if rest.first().is_some_and(u8::is_ascii_alphanumeric)
                    && rest.get(charset) == Some(&b'\'')
                {
                    return self.string(charset + 2, false);
                }
            }
            _ => {}
        }
        self.word_rest()
    }

    /// From the first character of a word, or from after a placeholder that belongs to it.
    fn word_rest(&mut self) -> TokenKind {
        loop {
            self.skip_while(|b| b.is_ascii_alphanumeric() || b == b'_');
            match self.at(0) {
                b'$' if self.at(1) == b'{' => {
                    return match self.placeholder_end() {
                        Some(end) => self.placeholder(end),
                        None => {
                            self.pos += 1;
                            TokenKind::Word
                        }
                    };
                }
                b'{' if self.at(1) == b'{' => {
                    return match self.placeholder_end() {
                        Some(end) => self.placeholder(end),
                        None => TokenKind::Word,
                    };
                }
                b'$' => self.pos += 1,
                0x80.. => match self.text[self.pos..].chars().next() {
                    Some(c) if is_letter(c) => self.pos += c.len_utf8(),
                    _ => return TokenKind::Word,
                },
                _ => return TokenKind::Word,
            }
        }
    }

    /// Where the placeholder that starts here ends, if it does so on its line.
    fn placeholder_end(&self) -> Option<usize> {
        let double = self.at(0) == b'{';
        let mut i = self.pos + 2;
        let mut depth = 0;
        while i < self.pos + MAX_PLACEHOLDER {
            match self.bytes.get(i)? {
                b'\n' | b'\r' => return None,
                b'}' if double && self.bytes.get(i + 1) == Some(&b'}') => return Some(i + 2),
                b'}' if !double && depth == 0 => return Some(i + 1),
                b'}' if !double => depth -= 1,
                b'{' if !double => depth += 1,
                _ => {}
            }
            i += 1;
        }
        None
    }

    fn placeholder(&mut self, end: usize) -> TokenKind {
        self.pos = end;
        self.word_rest();
        TokenKind::Placeholder
    }

    fn placeholder_or_word(&mut self) -> TokenKind {
        match self.placeholder_end() {
            Some(end) => self.placeholder(end),
            None => {
                self.pos += 1;
                TokenKind::Word
            }
        }
    }

    fn placeholder_or_brace(&mut self) -> TokenKind {
        match self.placeholder_end() {
            Some(end) => self.placeholder(end),
            None => self.punct(1, Punct::LBrace),
        }
    }

    fn non_ascii(&mut self) -> TokenKind {
        let start = self.pos;
        let first = self.text[start..].chars().next().unwrap_or_default();
        if is_letter(first) {
            return self.word_rest();
        }
        self.pos += first.len_utf8().max(1);
        if start == 0 && first == '\u{feff}' {
            TokenKind::Bom
        } else {
            TokenKind::Unknown
        }
    }
}

/// The letters beyond ASCII that Flink takes in a name; its digits beyond ASCII are among them.
/// Source: the LETTER production of Calcite's Parser.jj.
fn is_letter(c: char) -> bool {
    matches!(c,
        '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{1fff}' | '\u{3040}'..='\u{318f}'
        | '\u{3300}'..='\u{337f}' | '\u{3400}'..='\u{3d2d}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}')
}

/// The name that a [`TokenKind::QuotedIdent`] stands for; any other text as it is.
pub fn unescape_ident(text: &str) -> String {
    let inner = |quote: char| {
        let body = text.split_once(quote)?.1;
        Some(body.strip_suffix(quote).unwrap_or(body))
    };
    let found = if text.starts_with('`') {
        inner('`').map(|body| body.replace("``", "`"))
    } else if text.ends_with('"') {
        inner('"').map(|body| unicode_escapes(&body.replace("\"\"", "\"")))
    } else {
        None
    };
    found.unwrap_or_else(|| text.to_owned())
}

/// What a [`TokenKind::String`] stands for; the digits of an `X'…'`.
pub fn unescape_string(text: &str) -> String {
    let Some((prefix, body)) = text.split_once('\'') else {
        return text.to_owned();
    };
    let body = body.strip_suffix('\'').unwrap_or(body).replace("''", "'");
    match prefix {
        "U&" | "u&" => unicode_escapes(&body),
        "E" | "e" => c_escapes(&body),
        _ => body,
    }
}

/// `\0041` and `\+000041`, with `\\` for a backslash.
fn unicode_escapes(body: &str) -> String {
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let (skip, digits) = if after.starts_with('+') {
            (1, 6)
        } else {
            (0, 4)
        };
        let code = after
            .get(skip..skip + digits)
            .and_then(|hex| u32::from_str_radix(hex, 16).ok())
            .and_then(char::from_u32);
        match code {
            Some(c) => {
                out.push(c);
                rest = &after[skip + digits..];
            }
            None => {
                out.push('\\');
                rest = after.strip_prefix('\\').unwrap_or(after);
            }
        }
    }
    out.push_str(rest);
    out
}

/// `\n`, `\t`, `\'`, `\x41`, `\u0041`, `\101` and the like.
fn c_escapes(body: &str) -> String {
    let mut out = String::with_capacity(body.len());
    let mut chars = body.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let (radix, most) = match chars.next() {
            Some('n') => {
                out.push('\n');
                continue;
            }
            Some('t') => {
                out.push('\t');
                continue;
            }
            Some('r') => {
                out.push('\r');
                continue;
            }
            Some('b') => {
                out.push('\u{8}');
                continue;
            }
            Some('f') => {
                out.push('\u{c}');
                continue;
            }
            Some('x') => (16, 2),
            Some('u') => (16, 4),
            Some('U') => (16, 8),
            Some(d @ '0'..='7') => {
                let mut code = d.to_digit(8).unwrap_or_default();
                for _ in 0..2 {
                    match chars.peek().and_then(|c| c.to_digit(8)) {
                        Some(digit) => {
                            code = code * 8 + digit;
                            chars.next();
                        }
                        None => break,
                    }
                }
                out.extend(char::from_u32(code));
                continue;
            }
            Some(other) => {
                out.push(other);
                continue;
            }
            None => break,
        };
        let mut code = 0u32;
        for _ in 0..most {
            match chars.peek().and_then(|c| c.to_digit(radix)) {
                Some(digit) => {
                    code = code.saturating_mul(radix).saturating_add(digit);
                    chars.next();
                }
                None => break,
            }
        }
        out.extend(char::from_u32(code));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use TokenKind as T;
    use proptest::prelude::*;

    fn kinds(text: &str) -> Vec<(TokenKind, &str)> {
        lex(text, FlinkVersion::V2_3)
            .into_iter()
            .filter(|t| t.kind != T::Whitespace)
            .map(|t| (t.kind, t.span.of(text)))
            .collect()
    }

    #[test]
    fn words_numbers_and_names() {
        assert_eq!(
            kinds("a1 $x _y 表 1a .5 1.e3 `a``b`"),
            [
                (T::Word, "a1"),
                (T::Word, "$x"),
                (T::Word, "_y"),
                (T::Word, "表"),
                (T::Number, "1"),
                (T::Word, "a"),
                (T::Number, ".5"),
                (T::Number, "1.e3"),
                (T::QuotedIdent, "`a``b`"),
            ]
        );
    }

    #[test]
    fn strings_with_prefixes() {
        for text in [
            "'it''s'",
            "N'x'",
            "X'ab'",
            "U&'\\0041'",
            "_UTF8'x'",
            "E'it\\'s'",
            "'a\nb;'",
        ] {
            assert_eq!(kinds(text), [(T::String, text)]);
        }
    }

    #[test]
    fn comments_and_hints() {
        assert_eq!(
            kinds("a// ' \r b --c\n/* ; */ /*+ X */ /* + */"),
            [
                (T::Word, "a"),
                (T::LineComment, "// ' "),
                (T::Word, "b"),
                (T::LineComment, "--c"),
                (T::BlockComment, "/* ; */"),
                (T::Hint, "/*+ X */"),
                (T::BlockComment, "/* + */"),
            ]
        );
    }

    #[test]
    fn placeholders_are_part_of_a_name() {
        assert_eq!(
            kinds("t_${env}_x {{ db }}.y ${a:-{b}}"),
            [
                (T::Placeholder, "t_${env}_x"),
                (T::Placeholder, "{{ db }}"),
                (T::Punct(Punct::Dot), "."),
                (T::Word, "y"),
                (T::Placeholder, "${a:-{b}}"),
            ]
        );
    }

    #[test]
    fn a_missing_quote_costs_one_line() {
        let found = kinds("SET 'a' = 'b;\nSET 'c' = 'd';\n");
        assert_eq!(found[3], (T::UnterminatedString, "'b"));
        assert_eq!(found[8], (T::String, "'d'"));
    }

    #[test]
    fn what_strings_stand_for() {
        assert_eq!(unescape_string("'it''s'"), "it's");
        assert_eq!(unescape_string("U&'\\0041\\\\b'"), "A\\b");
        assert_eq!(unescape_string("E'a\\n\\x41\\101'"), "a\nAA");
        assert_eq!(unescape_ident("`a``b`"), "a`b");
        assert_eq!(unescape_ident("U&\"\\0041\""), "A");
    }

    proptest! {
        #[test]
        fn tokens_concatenated_are_the_text(text in "(['\"`;/*+\\-\\\\${}a0. \\n\\réU&E表]|\\PC){0,60}") {
            let mut end = 0;
            for token in lex(&text, FlinkVersion::V2_3) {
                prop_assert_eq!(token.span.start, end);
                prop_assert!(!token.span.is_empty());
                prop_assert!(text.get(token.span.range()).is_some());
                end = token.span.end;
            }
            prop_assert_eq!(end as usize, text.len());
        }
    }
}
