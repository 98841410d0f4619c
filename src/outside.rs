//! What a script may name without declaring it: the objects of a catalog, as DDL scripts describe them.
//!
//! The declarations are read as if they stood before the script's first statement. So every stage reads one
//! text, and what is declared outside resolves, is analysed and is planned like everything else. Nothing in
//! that part of the text is ever edited or shown: [`Outside::within`] moves edits and places back into the
//! script, and [`Outside::origin`] tells the file and line of a declaration.

use crate::config::{CatalogText, FlinkVersion};
use crate::diagnostic::{Diagnostic, Severity};
use crate::parser;
use crate::syntax::{Script, Statement, StatementKind};
use crate::text::{Edit, EditError, EditSet, LineIndex, Span};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The declarations of all texts, in order.
#[derive(Debug, Clone, Default)]
pub struct Outside {
    /// One statement after the other, each with its semicolon.
    text: String,
    statements: Vec<Declaration>,
    /// How many statements there are up to the end of each text.
    ends: Vec<usize>,
    /// What is wrong with the texts or ignored in them: which text, and a diagnostic about it.
    pub diagnostics: Vec<(usize, Diagnostic)>,
}

#[derive(Debug, Clone)]
struct Declaration {
    span: Span,
    file: String,
    /// Line and column of its first byte, both 1-based.
    line: u32,
    column: u32,
}

/// Why a text cannot be used: file, line and column, and what is wrong.
const UNREADABLE: &str = "unreadable-catalog";

impl Outside {
    pub fn read(texts: &[CatalogText], version: FlinkVersion) -> Self {
        let mut outside = Self::default();
        for (index, file) in texts.iter().enumerate() {
            let (script, errors) = parser::parse(&file.text, version);
            outside
                .diagnostics
                .extend(errors.into_iter().map(|d| (index, d)));
            let lines = LineIndex::new(&file.text);
            let mut ignored: BTreeMap<&'static str, Vec<Span>> = BTreeMap::new();
            for statement in &script.statements {
                match ignored_as(statement) {
                    Some(name) => ignored.entry(name).or_default().push(statement.span),
                    None => outside.push(file, &lines, statement),
                }
            }
            outside.ends.push(outside.statements.len());
            // Names in the declarations tell the databases and catalogs that there are.
            ignored.remove("CREATE DATABASE");
            ignored.remove("CREATE CATALOG");
            for (name, places) in ignored {
                outside.diagnostics.push((index, note(name, &places)));
            }
        }
        outside
    }

    fn push(&mut self, file: &CatalogText, lines: &LineIndex, statement: &Statement) {
        let at = lines.line_col(&file.text, statement.span.start);
        // The script alone says which line ends are written.
        let text = statement.span.of(&file.text).replace("\r\n", "\n");
        let declaration = Declaration {
            span: statement.span,
            file: file.name.clone(),
            line: at.line,
            column: at.column,
        };
        self.add(&text, declaration);
    }

    /// The script with the declarations before it.
    pub fn before<'t>(&self, script: &'t str) -> Cow<'t, str> {
        match self.text.is_empty() {
            true => Cow::Borrowed(script),
            false => Cow::Owned(format!("{}{script}", self.text)),
        }
    }

    /// Reads a text that starts with the declarations.
    pub fn parse(&self, text: &str, version: FlinkVersion) -> (Script, Vec<Diagnostic>) {
        let (mut script, diagnostics) = parser::parse(text, version);
        script.outside.clone_from(&self.ends);
        (script, diagnostics)
    }

    /// The first error in one of the texts, for who has no other place to show it.
    pub fn error(&self, texts: &[CatalogText]) -> Option<Diagnostic> {
        let (index, error) = self.diagnostics.iter().find(|(_, d)| d.is_error())?;
        let file = texts.get(*index)?;
        let at = LineIndex::new(&file.text).line_col(&file.text, error.span.start);
        let place = format!("{}:{}:{}", file.name, at.line, at.column);
        let message = format!("{place} cannot be read: {}", error.message);
        let mut unreadable = Diagnostic::error(UNREADABLE, Span::at(0), message);
        unreadable.help.clone_from(&error.help);
        Some(unreadable)
    }

    /// All declarations, one statement after the other.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Those declarations whose place is wanted, by its start.
    pub fn only(&self, wanted: impl Fn(u32) -> bool) -> Self {
        let mut only = Self {
            diagnostics: self.diagnostics.clone(),
            ..Self::default()
        };
        let mut ends = self.ends.iter().peekable();
        let count = self.statements.len();
        for index in 0..=count {
            while ends.next_if(|end| **end == index).is_some() {
                only.ends.push(only.statements.len());
            }
            let Some(declaration) = self.statements.get(index) else {
                break;
            };
            if wanted(declaration.span.start) {
                let text = declaration.span.of(&self.text);
                only.add(text, declaration.clone());
            }
        }
        only
    }

    fn add(&mut self, text: &str, declaration: Declaration) {
        let start = self.text.len() as u32;
        let _ = write!(self.text, "{text};\n\n");
        self.statements.push(Declaration {
            span: Span::new(start, start + text.len() as u32),
            ..declaration
        });
    }

    /// Where the script starts.
    pub fn end(&self) -> u32 {
        self.text.len() as u32
    }

    pub fn contains(&self, span: Span) -> bool {
        span.start < self.end()
    }

    /// `file:line:column` of a place among the declarations.
    pub fn origin(&self, span: Span) -> Option<String> {
        let (file, line, column) = self.place_of(span)?;
        Some(format!("{file}:{line}:{column}"))
    }

    /// The file, the line and the column of a place among the declarations, both numbers 1-based.
    pub fn place_of(&self, span: Span) -> Option<(String, u32, u32)> {
        let index = self
            .statements
            .partition_point(|s| s.span.start <= span.start);
        let declaration = self.statements.get(index.checked_sub(1)?)?;
        if !self.contains(span) {
            return None;
        }
        let before = Span::new(declaration.span.start, span.start).of(&self.text);
        let (line, column) = match before.rfind('\n') {
            Some(at) => (
                declaration.line + before.matches('\n').count() as u32,
                before[at + 1..].chars().count() as u32 + 1,
            ),
            None => (
                declaration.line,
                declaration.column + before.chars().count() as u32,
            ),
        };
        Some((declaration.file.clone(), line, column))
    }

    /// Index of the declaration that a place belongs to.
    pub fn statement(&self, span: Span) -> Option<usize> {
        let index = self
            .statements
            .partition_point(|s| s.span.start <= span.start);
        index.checked_sub(1).filter(|_| self.contains(span))
    }

    /// A place of the whole text as one of the script; `None` for a place outside.
    pub fn within(&self, span: Span) -> Option<Span> {
        let end = self.end();
        (!self.contains(span)).then(|| Span::new(span.start - end, span.end - end))
    }

    /// The same; for a place outside, where the script reads what is declared there.
    pub fn place(&self, span: Span, reader: impl Fn(usize) -> Option<Span>) -> Span {
        let reader = || {
            let span = self.statement(span).and_then(&reader)?;
            self.within(span)
        };
        self.within(span).or_else(reader).unwrap_or(Span::at(0))
    }

    /// Edits of the whole text as edits of the script.
    ///
    /// # Errors
    /// [`EditError::OutOfBounds`] if one of them stands outside: a bug, never the user's fault.
    pub fn edits(&self, whole: &EditSet) -> Result<EditSet, EditError> {
        if self.text.is_empty() {
            return Ok(whole.clone());
        }
        let moved = |edit: &Edit| {
            let span = self.within(edit.span);
            let span = span.ok_or(EditError::OutOfBounds(edit.span))?;
            Ok(Edit::replace(span, edit.replacement.clone()))
        };
        EditSet::new(
            whole
                .edits()
                .iter()
                .map(moved)
                .collect::<Result<_, EditError>>()?,
        )
    }

    /// A diagnostic about the whole text as one about the script: what it says of a place outside becomes a
    /// note with file and line. `reader` gives the place of the script that reads a declaration.
    pub fn localised(
        &self,
        mut diagnostic: Diagnostic,
        reader: impl Fn(usize) -> Option<Span>,
    ) -> Diagnostic {
        if self.text.is_empty() {
            return diagnostic;
        }
        match (self.within(diagnostic.span), self.origin(diagnostic.span)) {
            (Some(span), _) => diagnostic.span = span,
            (None, origin) => {
                let what = std::mem::take(&mut diagnostic.label);
                let place = origin.unwrap_or_default();
                let note = match what.is_empty() {
                    true => format!("declared outside of the script, in {place}"),
                    false => format!("{place}: {what}"),
                };
                diagnostic.notes.insert(0, note);
                diagnostic.span = self.place(diagnostic.span, &reader);
            }
        }
        let related = std::mem::take(&mut diagnostic.related);
        for (span, text) in related {
            match (self.within(span), self.origin(span)) {
                (Some(span), _) => diagnostic.related.push((span, text)),
                (None, Some(origin)) => diagnostic.notes.push(format!("{origin}: {text}")),
                (None, None) => {}
            }
        }
        if let Some(fix) = &mut diagnostic.fix {
            let spans = fix.edits.iter().map(|e| self.within(e.span));
            match spans.collect::<Option<Vec<_>>>() {
                Some(spans) => {
                    for (edit, span) in fix.edits.iter_mut().zip(spans) {
                        edit.span = span;
                    }
                }
                None => diagnostic.fix = None,
            }
        }
        diagnostic
    }
}

/// The name of a statement that says nothing about tables, views or functions.
fn ignored_as(statement: &Statement) -> Option<&'static str> {
    match &statement.kind {
        StatementKind::CreateTable(create) if create.as_query.is_some() => {
            Some("CREATE TABLE … AS (its columns have no types here)")
        }
        StatementKind::CreateTable(_)
        | StatementKind::CreateView(_)
        | StatementKind::CreateFunction(_)
        | StatementKind::AlterTable(_)
        | StatementKind::Drop(_)
        | StatementKind::Use { .. } => None,
        StatementKind::Insert(_) => Some("INSERT"),
        StatementKind::StatementSet(_)
        | StatementKind::BeginStatementSet
        | StatementKind::EndStatementSet => Some("STATEMENT SET"),
        StatementKind::Query(_) => Some("SELECT"),
        StatementKind::Explain(_) => Some("EXPLAIN"),
        StatementKind::Set(_) => Some("SET"),
        StatementKind::Reset(_) => Some("RESET"),
        // Views that it changes are not read any further.
        StatementKind::Other(name) if name.starts_with("ALTER VIEW") => None,
        StatementKind::Other(name) => Some(name),
        // An error says more.
        StatementKind::Invalid => Some("what cannot be read"),
    }
}

fn note(name: &str, places: &[Span]) -> Diagnostic {
    let message = format!("{name} is ignored here: only declarations are read");
    let mut note = Diagnostic::new(Severity::Note, "ignored-statement", places[0], message);
    for place in &places[1..] {
        note = note.related(*place, "so is this");
    }
    note
}
