//! All INSERTs of a script in one statement set, so that one cutover is one job for all sinks.
//!
//! Flink runs each INSERT that stands alone, and each statement set, as a job of its own.
//! Source: Flink docs, "INSERT Statement", "Insert into multiple tables".

use crate::diagnostic::Diagnostic;
use crate::lexer::TokenKind;
use crate::syntax::{Ident, Insert, ObjectName, Script, Statement, StatementKind};
use crate::text::{Edit, Span, newline};
use std::collections::BTreeSet;

/// The edits that move every INSERT into one statement set, at the place of the last one. None where
/// there is one job already.
///
/// # Errors
/// A diagnostic for each statement that stands between two jobs and that an INSERT cannot be moved over.
pub fn one_job(text: &str, script: &Script) -> Result<Vec<Edit>, Vec<Diagnostic>> {
    let newline = newline(text);
    let jobs = jobs(&script.statements);
    let ([first, .., last], Some(inserts)) = (&jobs[..], inserts(&script.statements, &jobs)) else {
        return Ok(Vec::new());
    };
    let between = &script.statements[first.start..last.end];
    let waits = script.statements.iter().filter(|s| waits_for_each(s));
    let waits = waits.map(|statement| {
        let why = "the INSERTs run one after the other, each when the one before it has ended";
        several_jobs(statement, why.to_owned())
    });
    let moves = between.iter();
    let moves = moves.filter_map(|statement| problem(text, script, statement));
    let problems: Vec<Diagnostic> = waits.chain(moves).collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut set = format!("EXECUTE STATEMENT SET{newline}BEGIN{newline}");
    for insert in inserts {
        set.push_str(insert.span.of(text));
        set.push(';');
        set.push_str(newline);
    }
    set.push_str("END;");
    let moved = jobs.iter().flat_map(|job| &script.statements[job.clone()]);
    let at = script.statements[last.start].span.start;
    let edit = |statement: &Statement| match statement.span.start == at {
        true => Edit::replace(with_semicolon(statement), set.clone()),
        false => Edit::replace(with_lines(text, statement), ""),
    };
    Ok(moved.map(edit).collect())
}

/// The statements of each job.
fn jobs(statements: &[Statement]) -> Vec<std::ops::Range<usize>> {
    let mut jobs = Vec::new();
    let mut open = None;
    for (at, statement) in statements.iter().enumerate() {
        match &statement.kind {
            StatementKind::BeginStatementSet => open = Some(at),
            StatementKind::EndStatementSet => {
                jobs.extend(open.take().map(|start| start..at + 1));
            }
            StatementKind::Insert(_) | StatementKind::StatementSet(_) if open.is_none() => {
                jobs.push(at..at + 1);
            }
            _ => {}
        }
    }
    jobs
}

/// The INSERTs of the jobs, in order; `None` if a set holds something else.
fn inserts<'a>(
    statements: &'a [Statement],
    jobs: &[std::ops::Range<usize>],
) -> Option<Vec<&'a Insert>> {
    let mut inserts = Vec::new();
    for statement in jobs.iter().flat_map(|job| &statements[job.clone()]) {
        match &statement.kind {
            StatementKind::Insert(insert) => inserts.push(&**insert),
            StatementKind::StatementSet(set) => inserts.extend(&set.inserts),
            StatementKind::BeginStatementSet | StatementKind::EndStatementSet => {}
            _ => return None,
        }
    }
    Some(inserts)
}

/// Why no INSERT can be moved over a statement, if none can.
fn problem(text: &str, script: &Script, statement: &Statement) -> Option<Diagnostic> {
    let why = match &statement.kind {
        StatementKind::Insert(_)
        | StatementKind::StatementSet(_)
        | StatementKind::BeginStatementSet
        | StatementKind::EndStatementSet => return None,
        StatementKind::CreateTable(create) if create.as_query.is_none() => {
            hides(text, script, statement, &create.name)?
        }
        StatementKind::CreateView(create) => hides(text, script, statement, &create.name)?,
        StatementKind::CreateFunction(create) => hides(text, script, statement, &create.name)?,
        StatementKind::Explain(explain) if !explain.executes => return None,
        StatementKind::Other(name) if name.starts_with("SHOW") || name.starts_with("DESC") => {
            return None;
        }
        _ => "what comes before it and what comes after it need not mean the same".to_owned(),
    };
    let diagnostic = several_jobs(statement, why);
    Some(diagnostic.help("move the statement before the first INSERT or behind the last one"))
}

fn several_jobs(statement: &Statement, why: String) -> Diagnostic {
    let message = "this statement keeps the INSERTs from being one job";
    Diagnostic::error("several-jobs", statement.span, message)
        .note(why)
        .note("one-job = true asks for one statement set with all INSERTs")
}

/// Does the script ask for a job to end before the next one starts?
/// Source: Flink docs, "SQL Client", "Execute DML statements sync/async".
fn waits_for_each(statement: &Statement) -> bool {
    match &statement.kind {
        StatementKind::Set(Some(set)) => {
            set.key.value == "table.dml-sync" && set.value.value.eq_ignore_ascii_case("true")
        }
        _ => false,
    }
}

/// Would an INSERT before the statement, moved behind it, mean what the statement creates?
fn hides(text: &str, script: &Script, created: &Statement, name: &ObjectName) -> Option<String> {
    let named = |ident: &Ident| ident.value.to_lowercase();
    let object = name.parts.last().map(named)?;
    let before: BTreeSet<Span> = script
        .statements
        .iter()
        .take_while(|s| s.span.start < created.span.start)
        .filter(|s| {
            matches!(
                s.kind,
                StatementKind::Insert(_) | StatementKind::StatementSet(_)
            )
        })
        .map(|s| s.span)
        .collect();
    let names_it = before.iter().any(|span| {
        let from = script.tokens.partition_point(|t| t.span.start < span.start);
        script.tokens[from..]
            .iter()
            .take_while(|t| t.span.end <= span.end)
            .filter(|t| matches!(t.kind, TokenKind::Word | TokenKind::QuotedIdent))
            .any(|t| t.span.of(text).trim_matches('`').to_lowercase() == object)
    });
    names_it.then(|| format!("an INSERT before it uses the name `{object}` for something else"))
}

fn with_semicolon(statement: &Statement) -> Span {
    let end = statement.semicolon.map_or(statement.span.end, |s| s.end);
    Span::new(statement.span.start, end)
}

/// A statement with its semicolon and, where it has its lines for itself, their end and one of the
/// blank lines around it.
fn with_lines(text: &str, statement: &Statement) -> Span {
    let span = with_semicolon(statement);
    let before = text[..span.start as usize].trim_end_matches([' ', '\t']);
    let line = |at: usize| {
        let rest = &text[at..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
        rest[blank..].starts_with('\n').then_some(at + blank + 1)
    };
    match line(span.end as usize) {
        Some(end) if before.is_empty() || before.ends_with('\n') => {
            let parted = before.ends_with("\n\n") || before.ends_with("\n\r\n");
            let end = line(end).filter(|_| parted).unwrap_or(end);
            Span::new(span.start, end as u32)
        }
        _ => span,
    }
}
