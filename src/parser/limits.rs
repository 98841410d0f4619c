//! Bounds that are checked before anything recurses: no text may overflow the stack or take longer
//! than its size warrants.

use super::cursor::{Cursor, Parsed, SyntaxError};
use crate::lexer::{Punct, TokenKind};
use crate::text::Span;

/// Parentheses, brackets, braces and CASEs within each other.
pub const MAX_DEPTH: usize = 100;
/// Operators, set operations and joins of one parenthesis level between two commas.
pub const MAX_CHAIN: usize = 1_000;
/// Prefix operators in a row (`NOT NOT …`), and names in a row with dots between.
pub const MAX_RUN: usize = 40;
/// Set operations of one statement.
pub const MAX_SET_OPERATIONS: usize = 500;
/// Common table expressions of one statement.
pub const MAX_CTES: usize = 500;
/// Parenthesised joins within each other, which cost sqlparser twice the time a level.
pub const MAX_NESTED_JOINS: usize = 10;
/// Tokens of one statement.
pub const MAX_TOKENS: usize = 4_000_000;
/// sqlparser's own counter: several for each level of parentheses.
pub const RECURSION: usize = 8 * MAX_DEPTH;

pub fn too_deep(span: Span) -> SyntaxError {
    limit(
        span,
        format!("this is nested deeper than {MAX_DEPTH} levels"),
    )
}

fn limit(span: Span, message: String) -> SyntaxError {
    SyntaxError {
        span,
        name: "too-complex",
        message,
        help: vec!["a limit of tidegate, not of Flink: split the statement with views".to_owned()],
    }
}

/// Checks the tokens from the cursor up to `end`.
pub fn check(c: &Cursor<'_>, end: usize) -> Parsed<()> {
    if end - c.pos() > MAX_TOKENS {
        return Err(limit(
            c.here(),
            format!("this statement has more than {MAX_TOKENS} tokens"),
        ));
    }
    // Operators of each open level.
    let mut chains = vec![0usize];
    let mut run = 0;
    let mut dots = 0;
    let mut set_operations = 0;
    let mut nested_joins = 0;
    let mut ctes = 0;
    // How much of `AS ( SELECT` stands before this token.
    let mut cte_head = 0;
    let mut opened_last = false;
    let mut double = Vec::new();
    for token in &c.tokens[c.pos()..end] {
        if token.kind.is_trivia() || token.kind == TokenKind::Hint {
            continue;
        }
        let text = c.token_text(*token);
        let is = |words: &[&str]| {
            token.kind == TokenKind::Word && words.iter().any(|w| text.eq_ignore_ascii_case(w))
        };
        cte_head = match cte_head {
            1 if token.kind == TokenKind::Punct(Punct::LParen) => 2,
            2 if is(&["SELECT", "WITH", "VALUES", "TABLE"]) => {
                ctes += 1;
                0
            }
            _ => usize::from(is(&["AS"])),
        };
        let mut opened = false;
        let mut prefix = false;
        let mut dotted = false;
        match token.kind {
            TokenKind::Punct(Punct::LParen | Punct::LBracket | Punct::LBrace) => {
                chains.push(0);
                double.push(opened_last);
                nested_joins += usize::from(opened_last);
                opened = true;
            }
            TokenKind::Punct(Punct::RParen | Punct::RBracket | Punct::RBrace) => {
                if chains.len() > 1 {
                    chains.pop();
                }
                nested_joins -= usize::from(double.pop() == Some(true));
            }
            TokenKind::Punct(Punct::Comma) => {
                if let Some(chain) = chains.last_mut() {
                    *chain = 0;
                }
            }
            TokenKind::Punct(Punct::Dot) => dotted = true,
            TokenKind::Punct(punct) => {
                prefix = matches!(punct, Punct::Minus | Punct::Plus);
                count(&mut chains);
            }
            TokenKind::Word => match word(text) {
                Role::Open => chains.push(0),
                Role::Close => {
                    if chains.len() > 1 {
                        chains.pop();
                    }
                }
                Role::Operator => count(&mut chains),
                Role::Prefix => {
                    prefix = true;
                    count(&mut chains);
                }
                Role::SetOperation => {
                    set_operations += 1;
                    count(&mut chains);
                }
                Role::Name => dotted = dots > 0,
            },
            TokenKind::QuotedIdent | TokenKind::Placeholder => dotted = dots > 0,
            _ => {}
        }
        run = if prefix { run + 1 } else { 0 };
        dots = if dotted { dots + 1 } else { 0 };
        opened_last = opened;
        let fault = if chains.len() > MAX_DEPTH {
            return Err(too_deep(token.span));
        } else if run > MAX_RUN {
            format!("more than {MAX_RUN} prefix operators stand in a row")
        } else if dots > MAX_RUN {
            format!("a name has more than {} parts", MAX_RUN / 2)
        } else if chains.last() > Some(&MAX_CHAIN) {
            format!("more than {MAX_CHAIN} operators are chained without parentheses")
        } else if set_operations > MAX_SET_OPERATIONS {
            format!("this statement has more than {MAX_SET_OPERATIONS} set operations")
        } else if ctes > MAX_CTES {
            format!("this statement has more than {MAX_CTES} common table expressions")
        } else if nested_joins > MAX_NESTED_JOINS * 4 {
            format!(
                "more than {} doubled parentheses stand within each other",
                MAX_NESTED_JOINS * 4
            )
        } else {
            continue;
        };
        return Err(limit(token.span, fault));
    }
    Ok(())
}

fn count(chains: &mut [usize]) {
    if let Some(chain) = chains.last_mut() {
        *chain += 1;
    }
}

enum Role {
    Open,
    Close,
    Operator,
    Prefix,
    SetOperation,
    Name,
}

fn word(text: &str) -> Role {
    let is = |word: &str| text.eq_ignore_ascii_case(word);
    match text.len() {
        2 if is("OR") || is("IS") || is("IN") => Role::Operator,
        3 if is("AND") => Role::Operator,
        3 if is("NOT") => Role::Prefix,
        3 if is("END") => Role::Close,
        4 if is("CASE") => Role::Open,
        4 if is("LIKE") || is("JOIN") => Role::Operator,
        5 if is("UNION") || is("MINUS") => Role::SetOperation,
        6 if is("EXCEPT") => Role::SetOperation,
        7 if is("BETWEEN") => Role::Operator,
        8 if is("INTERVAL") => Role::Prefix,
        9 if is("INTERSECT") => Role::SetOperation,
        _ => Role::Name,
    }
}

/// Deepest nesting that every thread's stack takes.
const SHALLOW: usize = 12;

/// Runs `f` here, or on a thread with a stack of that many bytes if any statement is deeply nested.
pub fn on_big_stack<T: Send>(
    text: &str,
    tokens: &[crate::lexer::Token],
    stack: usize,
    f: impl Fn() -> T + Send + Sync,
) -> T {
    if !is_deep(text, tokens) {
        return f();
    }
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(stack)
            .spawn_scoped(scope, &f);
        match thread.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(value)) => value,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(_) => f(),
        }
    })
}

/// Does anything nest deeper than [`SHALLOW`], or prefix operators come in a row? Coarse, but cheap.
fn is_deep(text: &str, tokens: &[crate::lexer::Token]) -> bool {
    let mut depth = 0usize;
    for token in tokens {
        match token.kind {
            TokenKind::Punct(Punct::LParen | Punct::LBracket | Punct::LBrace | Punct::Lt) => {
                depth += 1
            }
            TokenKind::Punct(Punct::RParen | Punct::RBracket | Punct::RBrace | Punct::Gt) => {
                depth = depth.saturating_sub(1);
            }
            TokenKind::Punct(Punct::Semicolon) => depth = 0,
            TokenKind::Word if token.span.of(text).eq_ignore_ascii_case("CASE") => depth += 1,
            TokenKind::Word if token.span.of(text).eq_ignore_ascii_case("END") => {
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
        if depth > SHALLOW {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod cte_tests {
    use super::MAX_CTES;
    use crate::config::FlinkVersion;

    #[test]
    fn common_table_expressions_are_counted() {
        let names = |verdict: usize| {
            let ctes = (0..verdict).map(|i| format!("c{i} AS (SELECT 1)"));
            let text = format!(
                "WITH {} SELECT * FROM c0;",
                ctes.collect::<Vec<_>>().join(", ")
            );
            let (_, found) = crate::parser::parse(&text, FlinkVersion::V2_3);
            found.iter().map(|d| d.name).collect::<Vec<_>>()
        };
        assert_eq!(names(MAX_CTES), Vec::<&str>::new());
        assert_eq!(names(MAX_CTES + 1), ["too-complex"]);
    }
}
