//! What holds for every text: shared by the fuzz targets and by the time-boxed test that stands in for
//! them. Each panics where it does not hold.

use tidegate::config::FlinkVersion::{self, *};
use tidegate::lexer::{Lexer, TokenKind, lex};
use tidegate::parser;
use tidegate::text::Span;

const VERSIONS: [FlinkVersion; 5] = [V1_20, V2_0, V2_1, V2_2, V2_3];

/// The oldest version and the newest one differ most; the others are between them.
const ENDS: [FlinkVersion; 2] = [V1_20, V2_3];

/// Tokens one after the other are the text, read in one go or one at a time.
pub fn lexer_round_trip(text: &str) {
    for version in VERSIONS {
        let tokens = lex(text, version);
        let mut end = 0;
        for token in &tokens {
            assert_eq!(token.span.start, end, "a gap before {token:?}");
            assert!(!token.span.is_empty(), "{token:?} is empty");
            assert!(
                text.get(token.span.range()).is_some(),
                "{token:?} cuts a character"
            );
            end = token.span.end;
        }
        assert_eq!(end as usize, text.len(), "the rest is in no token");
        assert!(
            Lexer::new(text, version).eq(tokens),
            "one at a time they differ"
        );
    }
}

/// Any text has an answer, every finding a place and a message, and statement by statement there are
/// the same findings.
pub fn parser_never_panics(text: &str) {
    for version in ENDS {
        let (_, found) = parser::parse(text, version);
        for diagnostic in &found {
            assert!(
                text.get(diagnostic.span.range()).is_some(),
                "{diagnostic:?} has no place"
            );
            assert!(
                !diagnostic.message.is_empty(),
                "{diagnostic:?} says nothing"
            );
        }
        assert_eq!(parser::check(text, version), found);
    }
}

/// Statements stand one behind the other, and what is in none of them is a blank, a comment, a `;` or
/// has a diagnostic.
pub fn statements_cover(text: &str) {
    for version in ENDS {
        let (script, found) = parser::parse(text, version);
        let spans: Vec<Span> = script.statements.iter().map(|s| s.span).collect();
        assert!(
            spans.windows(2).all(|pair| pair[0].end <= pair[1].start),
            "out of order: {spans:?}"
        );
        let significant = script.tokens.iter().filter(|t| !t.kind.is_trivia());
        for token in significant {
            // The last statement that starts at or before the token.
            let after = spans.partition_point(|s| s.start <= token.span.start);
            let covered = after > 0 && spans[after - 1].contains(token.span);
            let marked = || found.iter().any(|d| d.span.contains(token.span));
            let semicolon = token.kind != TokenKind::Word && token.span.of(text) == ";";
            assert!(covered || semicolon || marked(), "{token:?} is nowhere");
        }
    }
}
