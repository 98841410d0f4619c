//! Text that Flink's SQL client does not read as it stands.
//!
//! ## What it does
//! Reports what the client's own splitter breaks, although Flink's parser would take it:
//! - something behind a `;` on its line, be it a statement or a comment;
//! - tabs between two words, and in strings and names: the client drops them;
//! - a quote in a `//` comment, or `\'` in an `E'…'` string: the client then waits for the end of a string;
//! - a block comment at the end of the script.
//!
//! ## Why is this bad?
//! With `sql-client.sh -f` two statements on one line fail as one. Where the client sees an open string, or a last line that
//! does not end with `;`, the rest of the script never runs, and nothing says so. Without their tab `INSERT` and `INTO`
//! become one word, and `AS` and a name another name. (The client of Flink 1.20.5 and 2.3.0, as run.)
//!
//! ## Example
//! ```sql
//! CREATE TABLE clicks (id BIGINT) WITH ('connector' = 'datagen'); -- made up
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'print');
//! ```
//!
//! Use instead:
//! ```sql
//! -- made up
//! CREATE TABLE clicks (id BIGINT) WITH ('connector' = 'datagen');
//! CREATE TABLE copies (id BIGINT) WITH ('connector' = 'print');
//! ```
//!
//! ## Fix
//! Safe, where there is one: line ends behind `;`, blanks for tabs between words, `--` for `//`, `''` for `\'`. A tab in a
//! string is left to you.

use crate::diagnostic::{Applicability, Diagnostic, Fix, Severity};
use crate::lexer::{Punct, Token, TokenKind};
use crate::lint::{Check, Context, Finding};
use crate::text::{Edit, Span, newline};

pub const FINDING: Finding = Finding::new(
    "unsafe-for-sql-client",
    Severity::Warning,
    Check::Script(check),
);

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let text = context.text;
    let tokens = &context.script.tokens;
    let first = tokens.partition_point(|t| t.span.start < context.start());
    let tokens = &tokens[first..];
    let newline = newline(text);
    for (_, statement) in context.statements() {
        if let Some(semicolon) = statement.semicolon {
            found.extend(behind_semicolon(text, tokens, semicolon, newline));
        }
        found.extend(tabs(text, context.tokens(statement)));
    }
    found.extend(tokens.iter().filter_map(|t| open_quote(text, *t)));
    found.extend(block_comment_at_end(text, tokens));
    // Behind a quote that is not closed, text and comments change places.
    if !context.is_whole() {
        for diagnostic in found.iter_mut().filter(|d| d.name == FINDING.name) {
            diagnostic.fix = None;
        }
    }
}

fn safe(title: &str, edits: Vec<Edit>) -> Fix {
    Fix {
        title: title.to_owned(),
        edits,
        applicability: Applicability::Safe,
    }
}

/// A statement or a comment on the line of a `;`.
fn behind_semicolon(
    text: &str,
    tokens: &[Token],
    semicolon: Span,
    newline: &str,
) -> Option<Diagnostic> {
    let after = tokens.partition_point(|t| t.span.start < semicolon.end);
    let mut end = semicolon.end;
    let is_semicolon = |t: &Token| t.kind == TokenKind::Punct(Punct::Semicolon);
    let mut what: Option<Token> = None;
    for token in &tokens[after..] {
        match token.kind {
            TokenKind::Whitespace if token.span.of(text).contains(['\n', '\r']) => break,
            TokenKind::Whitespace => {}
            _ if is_semicolon(token) => end = token.span.end,
            _ => {
                what = Some(*token);
                break;
            }
        }
    }
    let what = what?;
    let rest = &tokens[tokens.partition_point(|t| t.span.start < what.span.start)..];
    let is_last = rest.iter().all(|t| t.kind.is_trivia());
    // The client takes `; /* … */` for a whole statement at the end, and puts another `;` behind it.
    if is_last && what.kind == TokenKind::BlockComment {
        return None;
    }
    let (message, consequence) = match (what.kind.is_trivia(), is_last) {
        (true, true) => (
            "a comment stands behind the last `;`",
            "the client finds no end of the statement and never runs it",
        ),
        (true, false) => (
            "a comment stands behind this `;`",
            "the client reads this statement and the next one as one, and fails",
        ),
        (false, _) => (
            "another statement stands behind this `;`",
            "the client reads both as one, and fails",
        ),
    };
    let diagnostic = FINDING.at(what.span, message).note(consequence);
    // On the next line it would ignore something else, or nothing.
    if what.span.of(text).contains("tidegate:") {
        return Some(diagnostic.help("put the comment on a line of its own above the statement"));
    }
    let gap = Span::new(end, what.span.start);
    let fix = safe("start a new line", vec![Edit::replace(gap, newline)]);
    Some(diagnostic.fix(fix))
}

/// Tabs that the client drops with a consequence.
fn tabs(text: &str, tokens: &[Token]) -> Option<Diagnostic> {
    let is_tabs =
        |t: &Token| t.kind == TokenKind::Whitespace && t.span.of(text).bytes().all(|b| b == b'\t');
    let is_word = |t: &Token| {
        !matches!(t.kind, TokenKind::Punct(_)) && !t.kind.is_trivia() && t.kind != TokenKind::Hint
    };
    let glued = tokens
        .windows(3)
        .filter(|w| is_tabs(&w[1]) && is_word(&w[0]) && is_word(&w[2]));
    let glued: Vec<Span> = glued.map(|w| w[1].span).collect();
    if let Some(first) = glued.first() {
        let more = match glued.len() {
            1 => String::new(),
            n => format!(", as in {} more places of this statement", n - 1),
        };
        let edits = glued
            .iter()
            .map(|span| Edit::replace(*span, " ".repeat(span.range().len())));
        return Some(
            FINDING
                .at(*first, format!("only a tab stands between two words{more}"))
                .note("the client drops tabs: the two become one word")
                .fix(safe("write blanks", edits.collect())),
        );
    }
    let inside = tokens.iter().find(|t| {
        let holds = matches!(
            t.kind,
            TokenKind::String | TokenKind::QuotedIdent | TokenKind::Hint
        );
        holds && t.span.of(text).contains('\t')
    })?;
    let diagnostic = FINDING
        .at(inside.span, "a tab stands in this text")
        .note("the client drops tabs: the text becomes another one")
        .help("build it with CHR(9), or submit the script in application mode");
    Some(diagnostic)
}

/// A quote that the client takes for the beginning of a string, or does not take for its end.
fn open_quote(text: &str, token: Token) -> Option<Diagnostic> {
    let shown = token.span.of(text);
    match token.kind {
        TokenKind::LineComment if shown.starts_with("//") => {
            let quotes = ['\'', '"', '`']
                .iter()
                .any(|q| shown.matches(*q).count() % 2 == 1);
            if !quotes && !shown.trim_end().ends_with(';') {
                return None;
            }
            let slashes = Span::new(token.span.start, token.span.start + 2);
            Some(
                FINDING
                    .at(token.span, "the client does not know `//` comments")
                    .note("it takes the quote for the beginning of a string, and a `;` for the end of a statement: the rest may never run")
                    .fix(safe("write `--`", vec![Edit::replace(slashes, "--")])),
            )
        }
        TokenKind::String if shown.starts_with(['E', 'e']) => {
            let escaped = escaped_quotes(token.span, shown);
            let first = *escaped.first()?;
            let edits = escaped.iter().map(|span| Edit::replace(*span, "''"));
            Some(
                FINDING
                    .at(first, "the client does not know `\\'`")
                    .note(
                        "it takes the quote for the end of the string, and the rest may never run",
                    )
                    .fix(safe("write `''`", edits.collect())),
            )
        }
        _ => None,
    }
}

/// The `\'` in a string.
fn escaped_quotes(span: Span, shown: &str) -> Vec<Span> {
    let bytes = shown.as_bytes();
    let (mut at, mut found) = (0, Vec::new());
    while at + 1 < bytes.len() {
        if bytes[at] == b'\\' {
            if bytes[at + 1] == b'\'' && at + 2 < bytes.len() {
                let start = span.start + at as u32;
                found.push(Span::new(start, start + 2));
            }
            at += 1;
        }
        at += 1;
    }
    found
}

fn block_comment_at_end(text: &str, tokens: &[Token]) -> Option<Diagnostic> {
    let last = tokens
        .iter()
        .rposition(|t| t.kind != TokenKind::Whitespace)?;
    let comment = tokens[last];
    if comment.kind != TokenKind::BlockComment {
        return None;
    }
    let before = tokens[..last].iter().rev();
    let mut before = before.take_while(|t| t.kind.is_trivia());
    if !before.any(|t| t.span.of(text).contains(['\n', '\r'])) {
        return None;
    }
    let diagnostic = FINDING
        .at(comment.span, "the script ends with a block comment")
        .note("the client takes it for a statement, and fails");
    let inner = comment
        .span
        .of(text)
        .trim_start_matches("/*")
        .trim_end_matches("*/");
    if inner.contains(['\n', '\r']) {
        return Some(diagnostic.help("write it with `--`, or before the last statement"));
    }
    let line = format!("-- {}", inner.trim());
    Some(diagnostic.fix(safe(
        "write it with `--`",
        vec![Edit::replace(comment.span, line.trim_end())],
    )))
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{fixed, says, silent};

    const NAME: &str = "unsafe-for-sql-client";

    #[test]
    fn what_is_broken_is_shown() {
        let text = "USE a; USE b; -- c\nUSE\tCATALOG d;\nSELECT 'a\tb';\n// it's\nSELECT E'it\\'s';\n/* end */\n";
        insta::assert_snapshot!(says(NAME, text), @r#"
        warning[unsafe-for-sql-client]: another statement stands behind this `;`
         --> job.sql:1:8
          |
        1 | USE a; USE b; -- c
          |        ^^^
          |
          = note: the client reads both as one, and fails
        help: start a new line
          |
        1 | USE a;
          |       +

        warning[unsafe-for-sql-client]: a comment stands behind this `;`
         --> job.sql:1:15
          |
        1 | USE a; USE b; -- c
          |               ^^^^
          |
          = note: the client reads this statement and the next one as one, and fails
        help: start a new line
          |
        1 | USE a; USE b;
          |              +

        warning[unsafe-for-sql-client]: only a tab stands between two words
         --> job.sql:2:4
          |
        2 | USE    CATALOG d;
          |    ^^^^
          |
          = note: the client drops tabs: the two become one word
        help: write blanks
          |
        2 | USE CATALOG d;
          |    +

        warning[unsafe-for-sql-client]: a tab stands in this text
         --> job.sql:3:8
          |
        3 | SELECT 'a    b';
          |        ^^^^^^^^
          |
          = note: the client drops tabs: the text becomes another one
          = help: build it with CHR(9), or submit the script in application mode

        warning[unsafe-for-sql-client]: the client does not know `//` comments
         --> job.sql:4:1
          |
        4 | // it's
          | ^^^^^^^
          |
          = note: it takes the quote for the beginning of a string, and a `;` for the end of a statement: the rest may never run
        help: write `--`
          |
        4 - // it's
        4 + -- it's
          |

        warning[unsafe-for-sql-client]: the client does not know `\'`
         --> job.sql:5:12
          |
        5 | SELECT E'it\'s';
          |            ^^
          |
          = note: it takes the quote for the end of the string, and the rest may never run
        help: write `''`
          |
        5 - SELECT E'it\'s';
        5 + SELECT E'it''s';
          |

        warning[unsafe-for-sql-client]: the script ends with a block comment
         --> job.sql:6:1
          |
        6 | /* end */
          | ^^^^^^^^^
          |
          = note: the client takes it for a statement, and fails
        help: write it with `--`
          |
        6 - /* end */
        6 + -- end
          |
        "#);
    }

    /// The client of Flink 1.20.5 and 2.3.0 was asked for each of them.
    #[test]
    fn what_the_client_reads() {
        silent(
            NAME,
            &[
                "USE a;  \n\n/* x\ny */\nUSE b;\t\n-- it's\n",
                "USE a;;\nUSE b",
                "\tSELECT 1,\t2\t+\t3\n\tFROM\n\tt; /* end */\n",
                "// its\nUSE a;",
                "SELECT E'it\\\\', E'a''b';",
                "EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; -- x\nINSERT INTO b SELECT 2; END;\n",
                "SELECT /* \t */ 1;",
            ],
        );
    }

    /// Nothing is mended where that would move an `ignore`, or where a quote is open.
    #[test]
    fn no_fix() {
        let ignore = "USE a; -- tidegate: ignore[unused-table] x\nUSE b;";
        let open = "SELECT 'a;\nCREATE TABLE t (a INT) WITH ('url' = 'jdbc:x://h', 'y' = 'x; y');";
        for text in [ignore, open] {
            let found = crate::check(text, &crate::config::Settings::default());
            let mut found = found.iter().filter(|d| d.name == NAME);
            assert!(found.all(|d| d.fix.is_none()), "in\n{text}");
        }
        assert!(says(NAME, ignore).contains("a line of its own"));
    }

    #[test]
    fn fixes() {
        let cases = [
            ("USE a; USE b;USE c;\n", "USE a;\nUSE b;\nUSE c;\n"),
            ("USE a; -- x\r\nUSE b;\r\n", "USE a;\r\n-- x\r\nUSE b;\r\n"),
            ("USE a; -- x", "USE a;\n-- x"),
            ("SELECT a\tb\t\tFROM\tt;", "SELECT a b  FROM t;"),
            ("// it's; \nUSE a;", "-- it's; \nUSE a;"),
            ("SELECT E'it\\'s';", "SELECT E'it''s';"),
            ("USE a;\n/* end */\n", "USE a;\n-- end\n"),
        ];
        for (before, after) in cases {
            assert_eq!(fixed(NAME, before), after);
        }
    }
}
