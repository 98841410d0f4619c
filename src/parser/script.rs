//! Cuts a script into statements, and goes on after a bad one.

use super::cursor::{Cursor, SyntaxError};
use super::{dml, limits, mistakes, statement};
use crate::config::FlinkVersion;
use crate::diagnostic::{Applicability, Diagnostic, Fix};
use crate::lexer::{Lexer, Punct, Token, TokenKind};
use crate::syntax::{Statement, StatementKind};
use crate::text::{Edit, Span};

/// The statements of a script, one after the other: who needs only one at a time need not keep them.
pub struct Statements<'a> {
    text: &'a str,
    tokens: &'a [Token],
    version: FlinkVersion,
    /// The first token that has not been looked at.
    at: usize,
    /// The last `;` that was looked for: from where, and where it is.
    semicolon: (usize, usize),
    /// Has anything but blanks and comments been read?
    begun: bool,
    /// Was the end of a statement set looked for in vain?
    ran_out: bool,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Statements<'a> {
    pub fn new(text: &'a str, tokens: &'a [Token], version: FlinkVersion) -> Self {
        let mut diagnostics = Vec::new();
        if let Some(token) = tokens.first().filter(|t| t.kind == TokenKind::Bom) {
            diagnostics.push(
                Diagnostic::error(
                    "byte-order-mark",
                    token.span,
                    "the text starts with a byte order mark, which Flink cannot read",
                )
                .help("save the file as UTF-8 without a byte order mark")
                .fix(Fix {
                    title: "delete it".to_owned(),
                    edits: vec![Edit::replace(token.span, "")],
                    applicability: Applicability::Safe,
                }),
            );
        }
        Self {
            text,
            tokens,
            version,
            at: 0,
            semicolon: (0, 0),
            begun: false,
            ran_out: false,
            diagnostics,
        }
    }

    /// As [`Self::new`], for tokens that stand behind others of the same text.
    fn behind(text: &'a str, tokens: &'a [Token], version: FlinkVersion, begun: bool) -> Self {
        Self {
            begun,
            ..Self::new(text, tokens, version)
        }
    }

    /// What was found since the last call.
    pub fn take_diagnostics(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.diagnostics)
    }

    fn is_significant(&self, index: usize) -> bool {
        !self.tokens[index].kind.is_trivia()
    }

    fn is_semicolon(&self, index: usize) -> bool {
        self.tokens[index].kind == TokenKind::Punct(Punct::Semicolon)
    }

    /// The next `;` from `from`, or the end of the tokens.
    fn semicolon(&mut self, from: usize) -> usize {
        let (looked_from, found) = self.semicolon;
        if from < looked_from || from > found || found == 0 {
            let found = (from..self.tokens.len())
                .find(|i| self.is_semicolon(*i))
                .unwrap_or(self.tokens.len());
            self.semicolon = (from, found);
        }
        self.semicolon.1
    }

    /// The `;` that ends the statement which starts here: of a statement set, that after its END.
    fn statement_end(&mut self, from: usize) -> usize {
        let first = self.semicolon(from);
        if !self.opens_set(from, first) {
            return first;
        }
        let mut end = first;
        while end < self.tokens.len() {
            let Some(next) = (end + 1..self.tokens.len()).find(|i| self.is_significant(*i)) else {
                break;
            };
            let word = self.tokens[next].span.of(self.text);
            let after = self.semicolon(next);
            if word.eq_ignore_ascii_case("END") {
                return after;
            }
            if !word.eq_ignore_ascii_case("INSERT")
                && !word.eq_ignore_ascii_case("UPSERT")
                && !self.is_semicolon(next)
            {
                // Not closed: what follows is read as statements of their own.
                return first;
            }
            end = after;
        }
        self.ran_out = true;
        first
    }

    /// `… STATEMENT SET BEGIN …` up to the first `;`, other than `BEGIN STATEMENT SET`.
    fn opens_set(&self, from: usize, end: usize) -> bool {
        let c = Cursor::new(self.text, self.tokens, from..end, self.version);
        if !["EXECUTE", "EXPLAIN", "COMPILE"]
            .iter()
            .any(|w| c.at_word(w))
        {
            return false;
        }
        let mut c = c;
        for _ in 0..24 {
            if c.at_words(&["STATEMENT", "SET", "BEGIN"]) {
                return true;
            }
            if c.bump().is_none() {
                return false;
            }
        }
        false
    }

    fn report(&mut self, error: SyntaxError) {
        let error = mistakes::refine(self.text, self.tokens, error);
        let fix = mistakes::fix(self.text, self.tokens, &error);
        let mut diagnostic = Diagnostic::error(error.name, error.span, error.message);
        diagnostic.help = error.help;
        diagnostic.fix = fix;
        self.diagnostics.push(diagnostic);
    }

    fn read(&mut self, from: usize, end: usize) -> Statement {
        let mut c = Cursor::new(self.text, self.tokens, from..end, self.version);
        let (kind, stop) = match statement::whole_statement(&mut c, from) {
            Ok(kind) => (kind, end),
            Err(error) => self.recover(from, end, error),
        };
        let last = (from..stop)
            .rev()
            .find(|i| self.is_significant(*i))
            .unwrap_or(from);
        let semicolon = (stop == end && end < self.tokens.len()).then(|| self.tokens[end].span);
        self.at = if stop == end { end + 1 } else { stop };
        Statement {
            span: self.tokens[from].span.cover(self.tokens[last].span),
            tokens: from..last + 1,
            semicolon,
            kind,
        }
    }

    /// A statement that goes wrong at the first word of a line which starts another one lacks its
    /// `;`: the part before is read alone.
    fn recover(&mut self, from: usize, end: usize, error: SyntaxError) -> (StatementKind, usize) {
        let at = from + self.tokens[from..end].partition_point(|t| t.span.start < error.span.start);
        if at > from && at < end && self.starts_statement(at) {
            let mut c = Cursor::new(self.text, self.tokens, from..at, self.version);
            if let Ok(kind) = statement::whole_statement(&mut c, from) {
                let span = self.tokens[at].span;
                let last = (from..at)
                    .rev()
                    .find(|i| self.is_significant(*i))
                    .unwrap_or(from);
                self.report(SyntaxError {
                    span: Span::at(self.tokens[last].span.end),
                    name: "missing-semicolon",
                    message: format!("a `;` is missing before `{}`", span.of(self.text)),
                    help: vec!["put a `;` at the end of the statement".to_owned()],
                });
                return (kind, at);
            }
        }
        self.report(error);
        (StatementKind::Invalid, end)
    }

    fn starts_statement(&self, at: usize) -> bool {
        let token = self.tokens[at];
        let word = token.span.of(self.text);
        // On the line of another statement it is rather a name.
        let gap = at.checked_sub(1).map(|before| self.tokens[before].span);
        let begins_line = gap.is_none_or(|gap| gap.of(self.text).contains(['\n', '\r']));
        begins_line
            && token.kind == TokenKind::Word
            && [
                "CREATE", "INSERT", "DROP", "ALTER", "SET", "RESET", "USE", "EXECUTE", "EXPLAIN",
                "BEGIN", "END", "TRUNCATE", "SHOW", "DESCRIBE", "SELECT", "WITH", "LOAD", "ADD",
                "CALL",
            ]
            .iter()
            .any(|w| word.eq_ignore_ascii_case(w))
    }
}

impl Iterator for Statements<'_> {
    type Item = Statement;

    fn next(&mut self) -> Option<Statement> {
        loop {
            let from = (self.at..self.tokens.len()).find(|i| self.is_significant(*i))?;
            if self.is_semicolon(from) {
                self.at = from + 1;
                // Flink takes several semicolons after a statement, but none before the first.
                if !std::mem::replace(&mut self.begun, true) {
                    self.report(dml::empty(self.tokens[from].span));
                }
                continue;
            }
            self.begun = true;
            let end = self.statement_end(from);
            return Some(self.read(from, end));
        }
    }
}

/// Tokens that [`check`] holds at a time, unless one statement has more.
const WINDOW: usize = 1 << 16;
/// How far a message may look beyond its statement.
const MARGIN: usize = 16;

/// What is wrong with a script's syntax: what [`super::parse`] finds, one statement at a time, in memory
/// that does not grow with their number.
pub fn check(text: &str, version: FlinkVersion) -> Vec<Diagnostic> {
    check_by(text, version, WINDOW)
}

fn check_by(text: &str, version: FlinkVersion, window: usize) -> Vec<Diagnostic> {
    let mut lexer = Lexer::new(text, version);
    let mut tokens: Vec<Token> = Vec::new();
    let mut diagnostics = Vec::new();
    let (mut wanted, mut begun) = (window, false);
    loop {
        tokens.extend(lexer.by_ref().take(wanted.saturating_sub(tokens.len())));
        let whole = tokens.len() < wanted;
        let read = || read_window(text, &tokens, version, begun, whole);
        let (found, done) = limits::on_big_stack(text, &tokens, super::STACK, read);
        diagnostics.extend(found);
        if whole {
            return diagnostics;
        }
        begun |= done > 0;
        tokens.drain(..done);
        // A statement that does not fit gets twice the room, so that long ones take linear time too.
        wanted = match done {
            0 => wanted * 2,
            _ => window.max(tokens.len() + MARGIN),
        };
    }
}

/// Reads the statements that surely end within these tokens, and gives the number of tokens up to
/// there. Cuts only behind a `;`: some mistakes are told by what stands before a statement.
fn read_window(
    text: &str,
    tokens: &[Token],
    version: FlinkVersion,
    begun: bool,
    whole: bool,
) -> (Vec<Diagnostic>, usize) {
    let mut statements = Statements::behind(text, tokens, version, begun);
    let mut sure = Vec::new();
    let mut done = 0;
    loop {
        let read = statements.next();
        let inside = statements.at + MARGIN < tokens.len();
        let Some(statement) = read.filter(|_| whole || inside && !statements.ran_out) else {
            break;
        };
        if statement.semicolon.is_some() {
            done = statements.at;
            sure.append(&mut statements.take_diagnostics());
        }
    }
    if whole {
        sure.append(&mut statements.take_diagnostics());
    }
    (sure, done)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn same_in_windows(text: &str) {
        let version = FlinkVersion::V2_3;
        let (_, all) = super::super::parse(text, version);
        for window in [1, 5, 40, 300] {
            assert_eq!(check_by(text, version, window), all, "{window}: {text}");
        }
    }

    #[test]
    fn windows_find_what_the_whole_finds() {
        let filler = "SELECT a, b FROM t WHERE c = 'x;y';\n".repeat(5);
        for text in [
            "",
            ";",
            "-- only a comment",
            ";; SELECT 1;",
            "\u{feff}SELECT 1;",
            "SET 'a' = 'b'; -- c\nSET a = b;\nSELECT 1",
            "-- c\nSET a = b;",
            "SELECT 1\nSELECT 2\nSELECT 3;\nSELECT FROM;",
            "EXECUTE STATEMENT SET BEGIN\nINSERT INTO a SELECT 1;\n;INSERT INTO b SELECT FROM;\nEND;\nSELECT 1;",
            "EXECUTE STATEMENT SET BEGIN\nINSERT INTO a SELECT 1;\nSELECT 2;\nINSERT INTO b SELECT 1;",
            "EXECUTE STATEMENT SET BEGIN\nINSERT INTO a SELECT 1;\nINSERT INTO a SELECT 1;",
            "BEGIN STATEMENT SET;\nINSERT INTO a SELECT 1;\nEND;",
            "SELECT 'open;\nSELECT 1;\nSELECT 'x', 'y';",
            "CREATE TABLE t (a INT,);\nSELECT %s;\nSELECT ...;\nSELECT < x > ; < y",
        ] {
            same_in_windows(text);
            same_in_windows(&format!("{filler}{text}\n{filler}"));
        }
    }

    proptest! {
        #[test]
        fn windows_find_what_the_whole_finds_in_any_text(pieces in prop::collection::vec(prop::sample::select(vec![
            "SELECT", "1", "FROM t", ";", ";\n", "\n", "'", "'a'", "--x\n", "/*", "EXECUTE STATEMENT SET BEGIN",
            "INSERT INTO t SELECT 1", "END", "SET a=b", "SET 'a'='b'", "RESET", "(", ")", "`", "CREATE TABLE t (a INT)",
        ]), 0..40)) {
            same_in_windows(&pieces.join(" "));
        }
    }
}
