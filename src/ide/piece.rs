use crate::config::FlinkVersion;
use crate::lexer::{Punct, Token, TokenKind, lex, unescape_ident};
use crate::text::Span;

/// A statement with the blanks and comments before it, its semicolon, and the rest of its last line if that is blank or a
/// comment. The pieces of a document cover it.
///
/// The INSERTs of a statement set are pieces of their own: so are `EXECUTE STATEMENT SET BEGIN` and `END;`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub span: Span,
    pub kind: PieceKind,
    /// Every word and quoted identifier in it, without backticks; in order, each once.
    pub names: Vec<String>,
    /// It has a comment that speaks of the whole script.
    pub ignores_file: bool,
    /// Stays with it through edits elsewhere.
    pub id: u32,
}

/// What a statement is to the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PieceKind {
    /// Only blanks and comments.
    Blank,
    /// CREATE TABLE, CREATE VIEW: the object's own name.
    Declares(String),
    /// ALTER or DROP of a table or a view.
    Changes(String),
    /// SET, USE, CREATE FUNCTION and whatever else concerns all statements.
    Session,
    /// INSERT, SELECT, EXPLAIN: nothing depends on it.
    Reads,
    /// `… STATEMENT SET BEGIN`, or the `END` of one.
    Bracket,
}

/// Cuts a text that starts at `at` of the document.
pub fn cut(text: &str, at: u32, version: FlinkVersion) -> Cut {
    let tokens = lex(text, version);
    let mut pieces = Vec::new();
    let mut from = 0;
    while from < tokens.len() {
        let end = piece_end(text, &tokens, from);
        pieces.push(piece(text, &tokens[from..end], at));
        from = end;
    }
    let ending = match tokens.last().map(|t| t.kind) {
        Some(TokenKind::Punct(Punct::Semicolon)) => Ending::Closed,
        Some(TokenKind::LineComment | TokenKind::BlockComment) if closes(&tokens) => {
            Ending::Comment
        }
        _ => Ending::Unfinished,
    };
    Cut {
        pieces,
        ending,
        has_open: tokens.iter().any(|t| is_open(t.kind)),
    }
}

fn is_open(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::UnterminatedString
            | TokenKind::UnterminatedIdent
            | TokenKind::UnterminatedComment
    )
}

/// Is the last token but for blanks and comments a semicolon?
fn closes(tokens: &[Token]) -> bool {
    let last = tokens.iter().rev().find(|t| !t.kind.is_trivia());
    last.is_some_and(|t| t.kind == TokenKind::Punct(Punct::Semicolon))
}

/// A text in pieces.
pub struct Cut {
    pub pieces: Vec<Piece>,
    pub ending: Ending,
    /// A quote or a comment lacks its end: where the statements are then depends on all of the text.
    pub has_open: bool,
}

/// How a text ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// With a semicolon: what follows is another piece.
    Closed,
    /// With a comment behind a semicolon: if the line ends with it, what follows is another piece.
    Comment,
    /// Anywhere else: what follows may belong to it.
    Unfinished,
}

/// Index behind the last token of the piece that starts with token `from`.
fn piece_end(text: &str, tokens: &[Token], from: usize) -> usize {
    let mut words: Vec<&str> = Vec::new();
    let mut at = from;
    while at < tokens.len() {
        let token = tokens[at];
        match token.kind {
            TokenKind::Punct(Punct::Semicolon) => return rest_of_line(text, tokens, at + 1),
            TokenKind::Word if words.len() < 24 => {
                words.push(token.span.of(text));
                if is_opening(&words) {
                    return at + 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    at
}

/// `EXECUTE STATEMENT SET BEGIN`, `EXPLAIN … STATEMENT SET BEGIN`: with INSERTs behind it up to an END.
fn is_opening(words: &[&str]) -> bool {
    let starts = ["EXECUTE", "EXPLAIN", "COMPILE"];
    let ends = ["STATEMENT", "SET", "BEGIN"];
    let is = |word: &str, name: &str| word.eq_ignore_ascii_case(name);
    words.len() > ends.len()
        && starts.iter().any(|s| is(words[0], s))
        && words[words.len() - ends.len()..]
            .iter()
            .zip(ends)
            .all(|(w, e)| is(w, e))
}

/// Behind blanks and comments up to the end of the line; `at` if something else stands there.
fn rest_of_line(text: &str, tokens: &[Token], at: usize) -> usize {
    for (index, token) in tokens.iter().enumerate().skip(at) {
        match token.kind {
            TokenKind::Whitespace if token.span.of(text).contains(['\n', '\r']) => return index,
            TokenKind::Whitespace | TokenKind::LineComment => {}
            TokenKind::BlockComment if !token.span.of(text).contains(['\n', '\r']) => {}
            _ => return at,
        }
    }
    tokens.len()
}

fn piece(text: &str, tokens: &[Token], at: u32) -> Piece {
    let span = tokens[0].span.cover(tokens[tokens.len() - 1].span);
    let is_name = |t: &&Token| matches!(t.kind, TokenKind::Word | TokenKind::QuotedIdent);
    let name = |t: &Token| match t.kind {
        TokenKind::QuotedIdent => unescape_ident(t.span.of(text)),
        _ => t.span.of(text).to_owned(),
    };
    let mut names: Vec<String> = tokens.iter().filter(is_name).map(name).collect();
    names.sort_unstable();
    names.dedup();
    let speaks_of_file = |t: &Token| {
        matches!(t.kind, TokenKind::LineComment | TokenKind::BlockComment)
            && t.span.of(text).contains("ignore-file")
    };
    Piece {
        span: Span::new(at + span.start, at + span.end),
        kind: kind(text, tokens),
        names,
        ignores_file: tokens.iter().any(speaks_of_file),
        id: 0,
    }
}

fn kind(text: &str, tokens: &[Token]) -> PieceKind {
    let mut significant = tokens.iter().filter(|t| !t.kind.is_trivia()).peekable();
    let Some(first) = significant.peek() else {
        return PieceKind::Blank;
    };
    let verb = first.span.of(text).to_ascii_uppercase();
    match verb.as_str() {
        "INSERT" | "SELECT" | "WITH" | "VALUES" | "TABLE" | "(" => PieceKind::Reads,
        "END" => PieceKind::Bracket,
        "EXECUTE" | "EXPLAIN" | "COMPILE" | "BEGIN" => {
            let words = tokens.iter().filter(|t| t.kind == TokenKind::Word);
            let words: Vec<&str> = words.map(|t| t.span.of(text)).take(24).collect();
            let begins = verb == "BEGIN" || is_opening(&words);
            if begins {
                PieceKind::Bracket
            } else {
                PieceKind::Reads
            }
        }
        "CREATE" | "ALTER" | "DROP" => match object(text, significant) {
            Some(name) if verb == "CREATE" => PieceKind::Declares(name),
            Some(name) => PieceKind::Changes(name),
            None => PieceKind::Session,
        },
        _ => PieceKind::Session,
    }
}

/// The last part of the name behind `CREATE … TABLE [IF NOT EXISTS]` and the like; `None` for what is neither a table nor a
/// view.
fn object<'t>(text: &str, tokens: impl Iterator<Item = &'t Token>) -> Option<String> {
    let mut tokens = tokens.skip(1).skip_while(|t| {
        let word = t.span.of(text).to_ascii_uppercase();
        ["OR", "REPLACE", "TEMPORARY", "MATERIALIZED"].contains(&word.as_str())
    });
    let what = tokens.next()?.span.of(text);
    if !what.eq_ignore_ascii_case("TABLE") && !what.eq_ignore_ascii_case("VIEW") {
        return None;
    }
    let mut tokens = tokens.skip_while(|t| {
        let word = t.span.of(text).to_ascii_uppercase();
        ["IF", "NOT", "EXISTS"].contains(&word.as_str())
    });
    let part = |t: &Token| match t.kind {
        TokenKind::Word | TokenKind::Placeholder => Some(t.span.of(text).to_owned()),
        TokenKind::QuotedIdent => Some(unescape_ident(t.span.of(text))),
        _ => None,
    };
    let mut name = part(tokens.next()?)?;
    while let (Some(dot), Some(next)) = (tokens.next(), tokens.next()) {
        match (dot.kind, part(next)) {
            (TokenKind::Punct(Punct::Dot), Some(next)) => name = next,
            _ => break,
        }
    }
    Some(name)
}
