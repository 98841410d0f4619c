//! `CREATE TABLE … AS query` as a CREATE TABLE and an INSERT, which then gets a gate like any other.
//!
//! Flink itself runs the statement as these two, one after the other (run in Flink 1.20.5 and 2.3.0),
//! unless `table.rtas-ctas.atomicity-enabled` is set and the sink supports staging.
//!
//! The columns are spelled out with the types that the query gives them; where one of them is not known
//! for certain, the statement stays and is refused.
//! Source: Flink docs, CREATE, "AS select_statement".

use crate::catalog::{Catalog, Entry, Lookup, Object, StatementId, Table, function_name, type_of};
use crate::config::FlinkVersion;
use crate::lexer::{Token, TokenKind};
use crate::syntax::{
    CreateTable, DataType, ElementKind, Script, Statement, StatementKind, TypeKind,
};
use crate::text::{Edit, EditError, EditSet, Span, newline};
use crate::time::{self, ColumnTime, OutColumn, Times, quote};
use sqlparser::ast::{self, Expr, SelectItem, SetExpr, TableFactor};
use std::collections::BTreeSet;

/// What the split of a script's statements depends on.
pub struct Input<'a> {
    text: &'a str,
    script: &'a Script,
    catalog: &'a Catalog,
    times: &'a Times,
    version: FlinkVersion,
    newline: &'static str,
    /// The first statement that asks for such statements to be atomic.
    atomic: Option<StatementId>,
    /// Where statement sets begin (true) and end, in order.
    sets: Vec<(StatementId, bool)>,
    /// Some query groups by sets: a column is NULL in the sets that leave it out.
    grouping_sets: bool,
}

impl<'a> Input<'a> {
    pub fn new(
        text: &'a str,
        script: &'a Script,
        catalog: &'a Catalog,
        times: &'a Times,
        version: FlinkVersion,
    ) -> Self {
        let atomic = |s: &Statement| match &s.kind {
            StatementKind::Set(Some(set)) => {
                set.key.value == "table.rtas-ctas.atomicity-enabled"
                    && set.value.value.eq_ignore_ascii_case("true")
            }
            _ => false,
        };
        let border = |(at, s): (StatementId, &Statement)| match s.kind {
            StatementKind::BeginStatementSet => Some((at, true)),
            StatementKind::EndStatementSet => Some((at, false)),
            _ => None,
        };
        let sets_word = |t: &Token| {
            let word = t.span.of(text);
            t.kind == TokenKind::Word
                && ["SETS", "CUBE", "ROLLUP"]
                    .iter()
                    .any(|w| word.eq_ignore_ascii_case(w))
        };
        let statements = script.statements.iter();
        Self {
            text,
            script,
            catalog,
            times,
            version,
            newline: newline(text),
            atomic: statements.clone().position(atomic),
            sets: statements.enumerate().filter_map(border).collect(),
            grouping_sets: script.tokens.iter().any(sets_word),
        }
    }

    fn in_set(&self, at: StatementId) -> bool {
        let before = self.sets.partition_point(|(border, _)| *border < at);
        before.checked_sub(1).is_some_and(|last| self.sets[last].1)
    }
}

/// The edits that split all statements that can be split.
///
/// # Errors
/// [`EditError`] if two of them touch the same bytes: a bug, never the user's fault.
pub fn edits(text: &str, script: &Script, version: FlinkVersion) -> Result<EditSet, EditError> {
    if !script.statements.iter().any(|s| created_as(s).is_some()) {
        return Ok(EditSet::default());
    }
    let catalog = Catalog::build(script);
    let times = time::analyse(script, text, &catalog, &time::declared(&catalog), version);
    let input = Input::new(text, script, &catalog, &times, version);
    let split = (0..script.statements.len()).filter_map(|at| split(&input, at)?.ok());
    EditSet::new(split.flatten().collect())
}

fn created_as(statement: &Statement) -> Option<&CreateTable> {
    match &statement.kind {
        StatementKind::CreateTable(create) if create.as_query.is_some() => Some(create),
        _ => None,
    }
}

/// The edits that split one statement, or why it cannot be split, in words that follow "cannot be
/// split:". `None` if it is no `CREATE TABLE … AS`.
pub fn split(input: &Input<'_>, at: StatementId) -> Option<Result<Vec<Edit>, String>> {
    let statement = &input.script.statements[at];
    let create = created_as(statement)?;
    let columns = match may_split(input, create, at).and_then(|()| columns(input, create, at)) {
        Ok(columns) => columns,
        Err(why) => return Some(Err(why)),
    };
    Some(Ok(edits_of(input, statement, create, &columns)?))
}

fn may_split(input: &Input<'_>, create: &CreateTable, at: StatementId) -> Result<(), String> {
    if input.atomic.is_some_and(|atomic| atomic < at) {
        return Err("the script asks for it to be atomic".to_owned());
    }
    if input.in_set(at) {
        return Err("it stands in a statement set".to_owned());
    }
    // Source: SqlCreateTableAs and SqlReplaceTableAs of Flink's parser; run in 1.20.5 and 2.3.0.
    if create.temporary {
        return Err("Flink has no temporary table made from a query".to_owned());
    }
    if create.elements.is_some() && input.version < FlinkVersion::V2_0 {
        return Err("Flink takes columns and keys in it from 2.0 on".to_owned());
    }
    if !create.or_replace {
        return Ok(());
    }
    let path = input.catalog.qualify(&create.name.path(), at);
    let in_memory = path.is_some_and(|[catalog, _, _]| catalog == "default_catalog");
    let named = |entry: &&Entry| entry.name.object() == create.name.object() && entry.created < at;
    if !in_memory || input.catalog.entries.iter().any(|entry| named(&entry)) {
        return Err("it drops the table that is there, with what the other job wrote".to_owned());
    }
    Ok(())
}

/// The query's columns with their types.
fn columns(
    input: &Input<'_>,
    create: &CreateTable,
    at: StatementId,
) -> Result<Vec<(String, DataType)>, String> {
    let elements = create.elements.iter().flat_map(|list| &list.elements);
    for element in elements {
        if let ElementKind::Column(column) = &element.kind
            && !matches!(column.kind, crate::syntax::ColumnKind::Computed { .. })
        {
            return Err(format!("it declares column `{}` itself", column.name.value));
        }
    }
    let unknown = || "the columns of its query are not known".to_owned();
    let query = create.as_query.as_ref().ok_or_else(unknown)?;
    let time = input.times.queries.get(&(at, query.span.start));
    let time = time.ok_or_else(unknown)?;
    let columns = time.columns.as_ref().ok_or_else(unknown)?;
    if input.grouping_sets {
        return Err("which columns can be NULL in grouping sets is not known".to_owned());
    }
    if time.facts.outer {
        return Err("which columns can be NULL behind its outer join is not known".to_owned());
    }
    let scope = Scope(only_table(input, &query.ast, at));
    let items = items(&query.ast, columns.len());
    let mut names = BTreeSet::new();
    let mut typed = Vec::new();
    for (index, column) in columns.iter().enumerate() {
        if column.name.is_empty() || column.name.starts_with("EXPR$") {
            return Err(format!("column {} of its query has no name", index + 1));
        }
        if !names.insert(&column.name) {
            return Err(format!(
                "two columns of its query are named `{}`",
                column.name
            ));
        }
        let item = items.get(index).copied().flatten();
        let ty = column_type(input, column)
            .or_else(|| expression_type(item?, &scope))
            .ok_or_else(|| format!("the type of column `{}` is not known", column.name))?;
        typed.push((column.name.clone(), ty));
    }
    Ok(typed)
}

/// The type of a column that is a table's or a window's.
fn column_type(input: &Input<'_>, column: &OutColumn) -> Option<DataType> {
    if let ColumnTime::WindowStart { .. } | ColumnTime::WindowEnd { .. } = column.time {
        return Some(TypeKind::Timestamp(3).not_null());
    }
    let (table, name) = column.origin.as_ref()?;
    let Object::Table(table) = &input.catalog.entries[*table].object else {
        return None;
    };
    declared(table, name)
}

/// A key's columns are NOT NULL, whatever their definition says.
fn declared(table: &Table, name: &str) -> Option<DataType> {
    let mut ty = table.column(name)?.ty.clone()?;
    ty.nullable &= !table.primary_key.iter().any(|key| key == name);
    Some(ty)
}

/// The expressions of a select list, where each stands for one of `width` columns.
fn items(query: &ast::Query, width: usize) -> Vec<Option<&Expr>> {
    let SetExpr::Select(select) = &*query.body else {
        return Vec::new();
    };
    let of = |item| match item {
        &SelectItem::UnnamedExpr(ref expr) | &SelectItem::ExprWithAlias { ref expr, .. } => {
            Some(expr)
        }
        _ => None,
    };
    let items: Vec<Option<&Expr>> = select.projection.iter().map(of).collect();
    if items.len() == width && items.iter().all(Option::is_some) {
        items
    } else {
        Vec::new()
    }
}

/// The table that a query reads, if it reads one and nothing else.
struct Scope<'a>(Option<&'a Table>);

impl Lookup for Scope<'_> {
    fn column(&self, path: &[&str]) -> Option<DataType> {
        match path {
            [name] | [_, name] => declared(self.0?, name),
            _ => None,
        }
    }
}

fn only_table<'a>(input: &Input<'a>, query: &ast::Query, at: StatementId) -> Option<&'a Table> {
    let SetExpr::Select(select) = &*query.body else {
        return None;
    };
    let ([from], None) = (&select.from[..], &query.with) else {
        return None;
    };
    let (
        TableFactor::Table {
            name, args: None, ..
        },
        [],
    ) = (&from.relation, &from.joins[..])
    else {
        return None;
    };
    let path: Vec<&str> = name
        .0
        .iter()
        .filter_map(|part| part.as_ident())
        .map(|ident| ident.value.as_str())
        .collect();
    input.catalog.resolve(&path, at)?.table()
}

/// The type of an expression, only where Flink's nullability is certain too.
/// Run in Flink 1.20.5 and 2.3.0: SHOW CREATE TABLE behind such statements.
fn expression_type(expr: &Expr, scope: &Scope<'_>) -> Option<DataType> {
    match expr {
        Expr::Nested(inner) => expression_type(inner, scope),
        Expr::Identifier(_) | Expr::CompoundIdentifier(_) | Expr::TypedString(_) => {
            type_of(expr, scope)
        }
        Expr::Value(value) => match &value.value {
            ast::Value::Number(digits, _) => {
                let fits = digits.parse::<i32>().is_ok();
                fits.then(|| TypeKind::Int.not_null())
            }
            ast::Value::SingleQuotedString(text) if text.is_empty() => None,
            _ => type_of(expr, scope),
        },
        Expr::Cast {
            kind: ast::CastKind::Cast,
            expr: inner,
            ..
        } => {
            let nullable = expression_type(inner, scope)?.nullable;
            // A text that cannot be read fails the job and is not NULL.
            type_of(expr, scope).map(|ty| DataType { nullable, ..ty })
        }
        Expr::Function(call) if function_name(call).as_deref() == Some("COUNT") => {
            Some(TypeKind::BigInt.not_null())
        }
        _ => None,
    }
}

fn edits_of(
    input: &Input<'_>,
    statement: &Statement,
    create: &CreateTable,
    columns: &[(String, DataType)],
) -> Option<Vec<Edit>> {
    let newline = input.newline;
    let query = create.as_query.as_ref()?;
    let tokens = &input.script.tokens[statement.tokens.clone()];
    let as_at = tokens.iter().rposition(|t| {
        t.span.end <= query.span.start
            && t.kind == TokenKind::Word
            && t.span.of(input.text).eq_ignore_ascii_case("AS")
    })?;
    let before = tokens[..as_at].iter().rfind(|t| !t.kind.is_trivia())?;
    let mut edits = Vec::new();
    if create.or_replace {
        edits.extend(create_only(input.text, tokens));
    }
    let shown: Vec<String> = columns
        .iter()
        .map(|(name, ty)| format!("{} {ty}", quote(name)))
        .collect();
    edits.push(match &create.elements {
        Some(list) => {
            let last = list.elements.last()?;
            Edit::insert(last.span.end, format!(", {}", shown.join(", ")))
        }
        None => {
            let inner = shown.join(&format!(",{newline}  "));
            let list = format!(" ({newline}  {inner}{newline})");
            Edit::insert(create.name.span.end, list)
        }
    });
    let name = create.name.span.of(input.text);
    let gap = Span::new(before.span.end, tokens[as_at].span.start);
    let insert = format!("INSERT INTO {name}");
    if gap.of(input.text).trim().is_empty() {
        edits.push(Edit::replace(gap, format!(";{newline}{newline}")));
    } else {
        // A semicolon ends its line: the SQL client goes on reading otherwise.
        edits.push(Edit::insert(before.span.end, format!(";{newline}")));
    }
    edits.push(Edit::replace(tokens[as_at].span, insert));
    Some(edits)
}

/// `CREATE OR REPLACE` and `REPLACE` become `CREATE`.
fn create_only(text: &str, tokens: &[Token]) -> Option<Edit> {
    let table = tokens
        .iter()
        .position(|t| t.kind == TokenKind::Word && t.span.of(text).eq_ignore_ascii_case("TABLE"))?;
    let words = tokens
        .first()?
        .span
        .cover(tokens[..table].iter().rfind(|t| !t.kind.is_trivia())?.span);
    Some(Edit::replace(words, "CREATE"))
}
