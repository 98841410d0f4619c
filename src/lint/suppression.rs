//! `-- tidegate: ignore[rule] reason`: findings that somebody has looked at.
//!
//! Behind code a comment speaks of its line; on a line of its own of the line that follows, or of the whole statement if
//! one begins there. `ignore-file[rule]` speaks of the script, wherever it stands.

use super::context::shows_absence;
use super::rule::Rule;
use super::rules;
use super::rules::{invalid_ignore, unused_ignore};
use super::selection::Selection;
use crate::config::FlinkVersion;
use crate::diagnostic::{Applicability, Diagnostic, Fix};
use crate::lexer::{Token, TokenKind};
use crate::parser;
use crate::syntax::Script;
use crate::text::{Edit, LineIndex, Span};

const MARK: &str = "tidegate:";

/// A comment that ignores something.
#[derive(Debug)]
struct Ignore {
    comment: Span,
    /// Where the findings start that it is about; both ends are in it.
    from: u32,
    to: u32,
    names: Vec<Named>,
}

/// A rule in its list.
#[derive(Debug)]
struct Named {
    rule: &'static str,
    span: Span,
    used: bool,
}

/// What is left of the diagnostics of a script, and what is wrong with its `ignore` comments.
pub fn suppress(
    text: &str,
    version: FlinkVersion,
    selection: &Selection,
    diagnostics: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    if !text.contains(MARK) {
        return diagnostics;
    }
    let (script, _) = parser::parse(text, version);
    let (mut ignores, wrong) = read(text, &script);
    let mut left: Vec<Diagnostic> = Vec::new();
    for diagnostic in diagnostics {
        if !is_ignored(&mut ignores, &diagnostic) {
            left.push(diagnostic);
        }
    }
    let absence = shows_absence(&script);
    let ran = |rule: &Rule| selection.runs(rule) && (absence || !rule.finding.of_absence);
    let unused = ignores.iter().flat_map(|ignore| {
        let idle = |n: &&Named| !n.used && rules::by_name(n.rule).is_some_and(ran);
        ignore
            .names
            .iter()
            .filter(idle)
            .map(|named| unused(text, ignore, named))
    });
    left.extend(
        wrong
            .into_iter()
            .chain(unused)
            .filter_map(|d| selection.weighed(d)),
    );
    left
}

fn is_ignored(ignores: &mut [Ignore], diagnostic: &Diagnostic) -> bool {
    let at = diagnostic.span.start;
    let mut found = false;
    for ignore in ignores.iter_mut().filter(|i| (i.from..=i.to).contains(&at)) {
        for named in ignore
            .names
            .iter_mut()
            .filter(|n| n.rule == diagnostic.name)
        {
            named.used = true;
            found = true;
        }
    }
    found
}

fn read(text: &str, script: &Script) -> (Vec<Ignore>, Vec<Diagnostic>) {
    let lines = LineIndex::new(text);
    let (mut ignores, mut wrong) = (Vec::new(), Vec::new());
    for (index, token) in script.tokens.iter().enumerate() {
        let Some(body) = body(text, *token) else {
            continue;
        };
        let Some(parsed) = parse(text, body, &mut wrong) else {
            continue;
        };
        let (from, to) = match parsed.whole_file {
            true => (0, text.len() as u32),
            false => range(text, script, &lines, index),
        };
        ignores.push(Ignore {
            comment: token.span,
            from,
            to,
            names: parsed.names,
        });
    }
    (ignores, wrong)
}

/// What stands behind `tidegate:` in a comment, up to its end.
fn body(text: &str, token: Token) -> Option<Span> {
    let (opens, closes) = match token.kind {
        TokenKind::LineComment => ("--", ""),
        TokenKind::BlockComment => ("/*", "*/"),
        _ => return None,
    };
    let inner = token.span.of(text).strip_prefix(opens)?;
    let said = inner.trim_start().strip_prefix(MARK)?;
    let start = token.span.end - said.len() as u32;
    let said = said.strip_suffix(closes).unwrap_or(said);
    Some(Span::new(start, start + said.len() as u32))
}

struct Parsed {
    whole_file: bool,
    names: Vec<Named>,
}

fn parse(text: &str, body: Span, wrong: &mut Vec<Diagnostic>) -> Option<Parsed> {
    let said = body.of(text);
    let verb = said.trim_start();
    let start = body.end - verb.len() as u32;
    let mut whole_file = true;
    let list = verb.strip_prefix("ignore-file").or_else(|| {
        whole_file = false;
        verb.strip_prefix("ignore")
    });
    let list = list.and_then(|rest| rest.trim_start().strip_prefix('['));
    let Some((list, _)) = list.and_then(|rest| rest.split_once(']')) else {
        let span = Span::new(start, start + verb.trim_end().len() as u32);
        wrong.push(
            invalid_ignore::FINDING
                .at(span, "this comment does not say what to ignore")
                .help("write `tidegate: ignore[rule-name] why`, or `ignore-file[rule-name] why`"),
        );
        return None;
    };
    let mut at = (list.as_ptr() as usize - text.as_ptr() as usize) as u32;
    let mut names = Vec::new();
    for part in list.split(',') {
        let name = part.trim();
        let lead = (part.len() - part.trim_start().len()) as u32;
        let span = Span::new(at + lead, at + lead + name.len() as u32);
        at += part.len() as u32 + 1;
        match rules::find(name) {
            Ok(rule) => names.push(Named {
                rule: rule.name(),
                span,
                used: false,
            }),
            Err(unknown) => wrong.push(unknown_rule(span, &unknown)),
        }
    }
    Some(Parsed { whole_file, names })
}

fn unknown_rule(span: Span, unknown: &super::UnknownRule) -> Diagnostic {
    let message = match unknown.name.is_empty() {
        true => "a rule's name is missing here".to_owned(),
        false => format!("there is no rule `{}`", unknown.name),
    };
    let diagnostic = invalid_ignore::FINDING
        .at(span, message)
        .help("`tidegate rule --all` lists the rules");
    match unknown.nearest {
        Some(name) => diagnostic.fix(Fix {
            title: format!("write `{name}`"),
            edits: vec![Edit::replace(span, name)],
            applicability: Applicability::Unsafe,
        }),
        None => diagnostic,
    }
}

/// Which places a comment speaks of, by the token that it is.
fn range(text: &str, script: &Script, lines: &LineIndex, comment: usize) -> (u32, u32) {
    let tokens = &script.tokens;
    let line_of = |span: Span| lines.line(span.start);
    let own = line_of(tokens[comment].span);
    let before = tokens[..comment].iter().rev();
    let before = before.take_while(|t| line_of(t.span) == own || t.kind == TokenKind::Whitespace);
    let behind_code = before
        .filter(|t| !t.kind.is_trivia())
        .any(|t| lines.line(t.span.end) == own);
    let next = match behind_code {
        true => None,
        false => tokens[comment..].iter().find(|t| !t.kind.is_trivia()),
    };
    let Some(next) = next else {
        return line_range(text, lines, own);
    };
    let starts = |s: &crate::syntax::Statement| s.span.start;
    let found = script
        .statements
        .binary_search_by_key(&next.span.start, starts);
    match found.ok().map(|at| &script.statements[at]) {
        Some(statement) => {
            let end = statement.semicolon.map_or(statement.span.end, |s| s.end);
            (statement.span.start, end)
        }
        None => line_range(text, lines, line_of(next.span)),
    }
}

fn line_range(text: &str, lines: &LineIndex, line: usize) -> (u32, u32) {
    let start = lines.line_start(line);
    let rest = &text[start as usize..];
    let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
    (start, start + length as u32)
}

/// The comment is of no use, or one name in it is not.
fn unused(text: &str, ignore: &Ignore, named: &Named) -> Diagnostic {
    let others = ignore.names.iter().any(|n| n.span != named.span);
    let (title, span) = match others {
        true => ("leave it out", with_comma(text, named.span)),
        false => ("delete the comment", with_blanks(text, ignore.comment)),
    };
    unused_ignore::FINDING
        .at(
            named.span,
            format!("`{}` has nothing to say here", named.rule),
        )
        .fix(Fix {
            title: title.to_owned(),
            edits: vec![Edit::replace(span, "")],
            applicability: Applicability::Safe,
        })
}

/// A name in a list with the comma that parts it from its neighbour.
fn with_comma(text: &str, span: Span) -> Span {
    let rest = &text[span.end as usize..];
    let blanks = rest.len() - rest.trim_start().len();
    if let Some(after) = rest.trim_start().strip_prefix(',') {
        let more = after.len() - after.trim_start().len();
        return Span::new(span.start, span.end + (blanks + 1 + more) as u32);
    }
    let before = text[..span.start as usize].trim_end();
    let start = before
        .strip_suffix(',')
        .map_or(span.start, |b| b.len() as u32);
    Span::new(start, span.end)
}

/// A comment with the blanks before it, and with its line if there is nothing else on it.
fn with_blanks(text: &str, comment: Span) -> Span {
    let before = &text[..comment.start as usize];
    let trimmed = before.trim_end_matches([' ', '\t']);
    let alone = trimmed.is_empty() || trimmed.ends_with(['\n', '\r']);
    let rest = &text[comment.end as usize..];
    let end = match (alone, rest) {
        (true, rest) if rest.starts_with("\r\n") => 2,
        (true, rest) if rest.starts_with(['\n', '\r']) => 1,
        _ => 0,
    };
    Span::new(trimmed.len() as u32, comment.end + end)
}
