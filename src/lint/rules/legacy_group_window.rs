//! A group window in GROUP BY, which Flink has deprecated.
//!
//! ## What it does
//! Reports `TUMBLE`, `HOP` and `SESSION` in a GROUP BY clause.
//!
//! ## Why is this bad?
//! "Group Window Aggregation is deprecated": window table-valued functions are planned better, compose with window joins and
//! window Top-N, take GROUPING SETS, and know CUMULATE (Flink docs, "Window Aggregation", "Group Window Aggregation").
//!
//! ## Example
//! ```sql
//! CREATE TABLE orders (city STRING, amount BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
//! WITH ('connector' = 'kafka', 'topic' = 'orders', 'format' = 'json');
//! CREATE TABLE totals (hour_start TIMESTAMP(3), city STRING, amount BIGINT) WITH ('connector' = 'print');
//! INSERT INTO totals
//! SELECT TUMBLE_START(ts, INTERVAL '1' HOUR), city, SUM(amount)
//! FROM orders
//! GROUP BY TUMBLE(ts, INTERVAL '1' HOUR), city;
//! ```
//!
//! Use instead:
//! ```sql
//! CREATE TABLE orders (city STRING, amount BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
//! WITH ('connector' = 'kafka', 'topic' = 'orders', 'format' = 'json');
//! CREATE TABLE totals (hour_start TIMESTAMP(3), city STRING, amount BIGINT) WITH ('connector' = 'print');
//! INSERT INTO totals
//! SELECT window_start, city, SUM(amount)
//! FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '1' HOUR))
//! GROUP BY window_start, window_end, city;
//! ```
//!
//! ## Fix
//! Unsafe: the same rows come out (run in Flink 1.20.5 and 2.3.0), but the operators are others, so that the state of the old
//! job does not fit. There is a fix for an INSERT that groups one table with a rowtime and insertions only by one window of
//! literal length. There is none where the forms differ or are not known to be the same: in views and derived tables, whose
//! readers may be planned otherwise above a window function, over those and over joins, with `…_ROWTIME` or `…_PROCTIME`, in
//! processing time, for SESSION with a WHERE or with keys that are no columns, for a HOP whose size is no multiple of its
//! slide, with columns that are called `window_start`, `window_end` or `window_time`, and with early or late results
//! (`table.exec.emit.*`).

use crate::catalog::{StatementId, arguments, connectors, function_name, millis};
use crate::diagnostic::{Applicability, Diagnostic, Fix, Severity};
use crate::lexer::{Punct, TokenKind, unescape_ident};
use crate::lint::{Check, Context, Finding};
use crate::parser::byte_span;
use crate::syntax::{Query, StatementKind};
use crate::text::{Edit, Span};
use crate::time::quote;
use sqlparser::ast::{
    self, Expr, GroupByExpr, Select, SelectItem, SetExpr, Spanned, TableFactor, Visit, Visitor,
};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

pub const FINDING: Finding = Finding::new(
    "legacy-group-window",
    Severity::Warning,
    Check::Script(check),
);

const WINDOWS: [&str; 3] = ["TUMBLE", "HOP", "SESSION"];
const NEW_COLUMNS: [&str; 3] = ["window_start", "window_end", "window_time"];

fn check(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let early = context.statements().any(|(_, s)| match &s.kind {
        StatementKind::Set(Some(set)) => set.key.value.starts_with("table.exec.emit."),
        _ => false,
    });
    for (at, statement) in context.statements() {
        let (queries, inserts) = queries(&statement.kind);
        for query in queries {
            let mut selects = Selects {
                context,
                at,
                mends: inserts && !early,
                depth: 0,
                with: BTreeSet::new(),
                qualifiers: qualifiers(context, query),
                found,
            };
            let _: ControlFlow<()> = query.ast.visit(&mut selects);
        }
    }
}

/// The queries of a statement that the user runs or makes, and whether they are written to a sink.
fn queries(kind: &StatementKind) -> (Vec<&Query>, bool) {
    match kind {
        StatementKind::CreateView(view) => (vec![&view.query], false),
        StatementKind::Insert(insert) => (vec![&insert.source], true),
        StatementKind::StatementSet(set) => (set.inserts.iter().map(|i| &i.source).collect(), true),
        StatementKind::Query(query) => (vec![query], false),
        StatementKind::CreateTable(table) => (table.as_query.iter().collect(), false),
        _ => (Vec::new(), false),
    }
}

/// The identifiers of a query that stand before a dot.
fn qualifiers(context: &Context<'_>, query: &Query) -> BTreeSet<String> {
    let tokens = &context.script.tokens[query.tokens.clone()];
    let tokens: Vec<_> = tokens.iter().filter(|t| !t.kind.is_trivia()).collect();
    let pairs = tokens
        .windows(2)
        .filter(|pair| pair[1].kind == TokenKind::Punct(Punct::Dot));
    let names = pairs.filter_map(|pair| {
        let text = pair[0].span.of(context.text);
        match pair[0].kind {
            TokenKind::Word => Some(text.to_owned()),
            TokenKind::QuotedIdent => Some(unescape_ident(text)),
            _ => None,
        }
    });
    names.collect()
}

/// Looks at each SELECT of a query.
struct Selects<'a, 'f> {
    context: &'a Context<'a>,
    at: StatementId,
    mends: bool,
    depth: usize,
    /// The names of common table expressions that were seen.
    with: BTreeSet<String>,
    /// What stands before a dot.
    qualifiers: BTreeSet<String>,
    found: &'f mut Vec<Diagnostic>,
}

impl Visitor for Selects<'_, '_> {
    type Break = ();

    fn pre_visit_query(&mut self, query: &ast::Query) -> ControlFlow<()> {
        self.depth += 1;
        let with = query.with.iter().flat_map(|with| &with.cte_tables);
        self.with
            .extend(with.map(|cte| cte.alias.name.value.clone()));
        let mut bodies = vec![&*query.body];
        while let Some(body) = bodies.pop() {
            match body {
                SetExpr::SetOperation { left, right, .. } => bodies.extend([&**right, &**left]),
                SetExpr::Select(select) => self.select(select, query.order_by.is_some()),
                _ => {}
            }
        }
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &ast::Query) -> ControlFlow<()> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }
}

impl Selects<'_, '_> {
    fn select(&mut self, select: &Select, ordered: bool) {
        let GroupByExpr::Expressions(keys, modifiers) = &select.group_by else {
            return;
        };
        let Some((name, call)) = keys.iter().find_map(group_window) else {
            return;
        };
        let Some(place) = self.call_span(call) else {
            return;
        };
        let mends = self.mends && self.depth == 1 && !ordered && modifiers.is_empty();
        let edits = mends
            .then(|| self.edits(select, keys, &name, call))
            .flatten();
        let function = format!("FROM TABLE({name}(TABLE …, DESCRIPTOR(…), …))");
        let mut diagnostic = FINDING
            .at(place, format!("{name} in GROUP BY is deprecated"))
            .help(format!("use the table-valued function: {function}"));
        diagnostic.fix = edits.map(|edits| Fix {
            title: "use the table-valued function".to_owned(),
            edits,
            applicability: Applicability::Unsafe,
        });
        self.found.push(diagnostic);
    }

    /// The table-valued function instead; `None` where it is not known to give the same rows.
    fn edits(
        &self,
        select: &Select,
        keys: &[Expr],
        name: &str,
        call: &ast::Function,
    ) -> Option<Vec<Edit>> {
        let plain = |key: &&Expr| matches!(key, Expr::Identifier(_) | Expr::CompoundIdentifier(_));
        let sets =
            |key: &Expr| matches!(key, Expr::GroupingSets(_) | Expr::Rollup(_) | Expr::Cube(_));
        let others: Vec<&Expr> = keys
            .iter()
            .filter(|key| group_window(key).is_none())
            .collect();
        if others.len() + 1 != keys.len() || keys.iter().any(sets) || select.distinct.is_some() {
            return None;
        }
        let session = name == "SESSION";
        if session && (select.selection.is_some() || !others.iter().all(plain)) {
            return None;
        }
        let column = self.window(name, call)?;
        let (table, alias) = self.table(select, &column)?;
        let (list, lengths) = self.argument_list(call)?;
        let by: Vec<String> = others
            .iter()
            .filter_map(|key| last_part(key))
            .map(quote)
            .collect();
        let partition = match by.is_empty() || !session {
            true => String::new(),
            false => format!(" PARTITION BY ({})", by.join(", ")),
        };
        let text = self.context.text;
        let mut edits = vec![
            Edit::replace(
                table,
                format!(
                    "TABLE({name}(TABLE {}{partition}, DESCRIPTOR({}),{})){alias}",
                    table.of(text),
                    quote_if_needed(&column, list.of(text)),
                    lengths.of(text)
                ),
            ),
            Edit::replace(self.call_span(call)?, "window_start, window_end"),
        ];
        let mut calls = Calls {
            window: name,
            call,
            found: Vec::new(),
            spoiled: false,
        };
        let _: ControlFlow<()> = select.projection.visit(&mut calls);
        let _: ControlFlow<()> = select.having.visit(&mut calls);
        let _: ControlFlow<()> = select.selection.visit(&mut calls);
        if calls.spoiled || !select.projection.iter().all(named_well) {
            return None;
        }
        for (place, column) in calls.found {
            edits.push(Edit::replace(self.closing(place)?, column));
        }
        Some(edits)
    }

    /// The rowtime column of a window whose lengths fit the table-valued function.
    fn window(&self, name: &str, call: &ast::Function) -> Option<String> {
        let arguments = arguments(call);
        let (column, lengths) = arguments.split_first()?;
        let lengths: Option<Vec<u64>> = lengths
            .iter()
            .map(|length| match length {
                Expr::Interval(interval) => millis(interval).filter(|ms| *ms > 0),
                _ => None,
            })
            .collect();
        match (name, &lengths?[..]) {
            ("TUMBLE" | "SESSION", [_]) => {}
            // Flink: "HOP table function based aggregate requires size must be an integral multiple of slide".
            ("HOP", [slide, size]) if size % slide == 0 => {}
            _ => return None,
        }
        last_part(column).map(str::to_owned)
    }

    /// Where the one table stands that is read, and the alias that it needs.
    fn table(&self, select: &Select, column: &str) -> Option<(Span, String)> {
        let [from] = &select.from[..] else {
            return None;
        };
        let TableFactor::Table {
            name,
            alias,
            args: None,
            version: None,
            sample: None,
            ..
        } = &from.relation
        else {
            return None;
        };
        if !from.joins.is_empty() || alias.as_ref().is_some_and(|a| !a.columns.is_empty()) {
            return None;
        }
        let parts: Option<Vec<&str>> = name
            .0
            .iter()
            .map(|p| Some(p.as_ident()?.value.as_str()))
            .collect();
        let parts = parts?;
        let object = *parts.last()?;
        if self.with.contains(object) {
            return None;
        }
        let table = self.context.catalog.resolve(&parts, self.at)?.table()?;
        let watermark = table.watermark.as_ref()?;
        let taken = table
            .columns
            .iter()
            .any(|c| NEW_COLUMNS.contains(&c.name.as_str()));
        let appends = connectors::source_rows(table) == connectors::SourceRows::Append;
        if watermark.column != [column] || taken || !appends || !table.complete {
            return None;
        }
        let span = byte_span(name.span());
        let tokens = &self.context.script.tokens;
        let next = tokens[tokens.partition_point(|t| t.span.start < span.end)..].iter();
        if next
            .clone()
            .find(|t| !t.kind.is_trivia())
            .is_some_and(|t| t.kind == TokenKind::Hint)
        {
            return None;
        }
        match (alias, self.qualifiers.contains(object)) {
            (None, true) if parts.len() > 1 => None,
            (None, true) => Some((span, format!(" AS {}", quote(object)))),
            _ => Some((span, String::new())),
        }
    }

    /// The first argument of a call, and the others without the comma before them.
    fn argument_list(&self, call: &ast::Function) -> Option<(Span, Span)> {
        let whole = self.call_span(call)?;
        let tokens = &self.context.script.tokens;
        let from = tokens.partition_point(|t| t.span.start < whole.start);
        let mut tokens = tokens[from..]
            .iter()
            .take_while(|t| t.span.end <= whole.end);
        let open = tokens.find(|t| t.kind == TokenKind::Punct(Punct::LParen))?;
        let comma = tokens.find(|t| t.kind == TokenKind::Punct(Punct::Comma))?;
        let first = Span::new(open.span.end, comma.span.start);
        Some((first, Span::new(comma.span.end, whole.end - 1)))
    }

    fn call_span(&self, call: &ast::Function) -> Option<Span> {
        self.closing(byte_span(call.name.span()))
    }

    /// From a function's name to the parenthesis that closes its arguments.
    fn closing(&self, name: Span) -> Option<Span> {
        let tokens = &self.context.script.tokens;
        let from = tokens.partition_point(|t| t.span.start < name.end);
        let mut depth = 0;
        for token in &tokens[from..] {
            match token.kind {
                TokenKind::Punct(Punct::LParen) => depth += 1,
                TokenKind::Punct(Punct::RParen) if depth == 1 => {
                    return Some(name.cover(token.span));
                }
                TokenKind::Punct(Punct::RParen) => depth -= 1,
                _ => {}
            }
        }
        None
    }
}

/// The calls of a window's start and end.
struct Calls<'a> {
    window: &'a str,
    call: &'a ast::Function,
    /// Where a name stands, and the column that takes the call's place.
    found: Vec<(Span, &'static str)>,
    /// There is something that has no counterpart or may be planned otherwise.
    spoiled: bool,
}

impl Visitor for Calls<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, _: &ast::Query) -> ControlFlow<()> {
        self.spoiled = true;
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        let Expr::Function(call) = expr else {
            return ControlFlow::Continue(());
        };
        self.spoiled |= call.over.is_some();
        let name = function_name(call).unwrap_or_default();
        let of_window = WINDOWS
            .iter()
            .find_map(|w| Some((*w, name.strip_prefix(w)?.strip_prefix('_')?)));
        let same = || {
            let texts =
                |call| -> Vec<String> { arguments(call).iter().map(|a| a.to_string()).collect() };
            texts(call) == texts(self.call)
        };
        match of_window {
            None => {}
            Some((window, "START")) if window == self.window && same() => {
                self.found
                    .push((byte_span(call.name.span()), "window_start"));
            }
            Some((window, "END")) if window == self.window && same() => {
                self.found.push((byte_span(call.name.span()), "window_end"));
            }
            Some(_) => self.spoiled = true,
        }
        ControlFlow::Continue(())
    }
}

/// No column gets a name that the window function gives to another one.
fn named_well(item: &SelectItem) -> bool {
    match item {
        SelectItem::UnnamedExpr(_) => true,
        SelectItem::ExprWithAlias { expr, alias } => {
            let function = match expr {
                Expr::Function(call) => function_name(call).unwrap_or_default(),
                _ => String::new(),
            };
            match alias.value.as_str() {
                "window_start" => function.ends_with("_START"),
                "window_end" => function.ends_with("_END"),
                other => other != "window_time",
            }
        }
        _ => false,
    }
}

fn group_window(key: &Expr) -> Option<(String, &ast::Function)> {
    let Expr::Function(call) = key else {
        return None;
    };
    let name = function_name(call)?;
    WINDOWS.contains(&name.as_str()).then_some((name, call))
}

/// The column that a name with or without a table means.
fn last_part(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Identifier(ident) => Some(&ident.value),
        Expr::CompoundIdentifier(path) if path.len() == 2 => Some(&path[1].value),
        _ => None,
    }
}

/// A column as it is written, without the table before it.
fn quote_if_needed(column: &str, written: &str) -> String {
    let plain = written.rsplit('.').next().unwrap_or_default().trim();
    if plain == column {
        column.to_owned()
    } else {
        quote(column)
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::testing::{fixed, says, silent};

    const NAME: &str = "legacy-group-window";

    fn script(statements: &str) -> String {
        format!(
            "CREATE TABLE t (id BIGINT, g STRING, v BIGINT, ts TIMESTAMP(3), p AS PROCTIME(), WATERMARK FOR ts AS ts) WITH ('connector' = 'kafka', 'format' = 'json');
CREATE TABLE s (a BIGINT) WITH ('connector' = 'print');
{statements}"
        )
    }

    fn job(query: &str) -> String {
        script(&format!("INSERT INTO s {query};\n"))
    }

    fn last(query: &str) -> String {
        fixed(NAME, &job(query)).lines().last().unwrap().to_owned()
    }

    #[test]
    fn it_is_found() {
        insta::assert_snapshot!(says(NAME, &job("SELECT COUNT(*) FROM t GROUP BY id, TUMBLE(ts, INTERVAL '1' MINUTE)")), @"
        warning[legacy-group-window]: TUMBLE in GROUP BY is deprecated
         --> job.sql:3:51
          |
        3 | INSERT INTO s SELECT COUNT(*) FROM t GROUP BY id, TUMBLE(ts, INTERVAL '1' MINUTE);
          |                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
          |
          = help: use the table-valued function: FROM TABLE(TUMBLE(TABLE …, DESCRIPTOR(…), …))
        help: use the table-valued function (may change the meaning)
          |
        3 - INSERT INTO s SELECT COUNT(*) FROM t GROUP BY id, TUMBLE(ts, INTERVAL '1' MINUTE);
        3 + INSERT INTO s SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY id, window_start, window_end;
          |
        ");
    }

    /// Each of these pairs gives the same rows in Flink 1.20.5 and 2.3.0.
    #[test]
    fn the_function_instead() {
        insta::assert_snapshot!(last("SELECT id, TUMBLE_START(ts, INTERVAL '1' MINUTE), tumble_end(ts, INTERVAL '1' MINUTE), COUNT(*) FROM t GROUP BY id, TUMBLE(ts, INTERVAL '1' MINUTE)"), @"INSERT INTO s SELECT id, window_start, window_end, COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY id, window_start, window_end;");
        insta::assert_snapshot!(last("SELECT x.id, COUNT(DISTINCT x.g) FROM t AS x WHERE x.v > 2 GROUP BY TUMBLE(x.ts, INTERVAL '5' MINUTE), x.id HAVING COUNT(*) > 1"), @"INSERT INTO s SELECT x.id, COUNT(DISTINCT x.g) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '5' MINUTE)) AS x WHERE x.v > 2 GROUP BY window_start, window_end, x.id HAVING COUNT(*) > 1;");
        insta::assert_snapshot!(last("SELECT HOP_START(ts, INTERVAL '1' MINUTE, INTERVAL '5' MINUTE), COUNT(*) FROM t GROUP BY HOP(ts, INTERVAL '1' MINUTE, INTERVAL '5' MINUTE)"), @"INSERT INTO s SELECT window_start, COUNT(*) FROM TABLE(HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '5' MINUTE)) GROUP BY window_start, window_end;");
        insta::assert_snapshot!(last("SELECT g, SESSION_END(ts, INTERVAL '2' MINUTE), COUNT(*) FROM t GROUP BY g, SESSION(ts, INTERVAL '2' MINUTE)"), @"INSERT INTO s SELECT g, window_end, COUNT(*) FROM TABLE(SESSION(TABLE t PARTITION BY (`g`), DESCRIPTOR(ts), INTERVAL '2' MINUTE)) GROUP BY g, window_start, window_end;");
        insta::assert_snapshot!(last("SELECT t.id, DATE_FORMAT(TUMBLE_START(t.ts, INTERVAL '1' DAY), 'yyyy') FROM t GROUP BY t.id, TUMBLE(t.ts, INTERVAL '1' DAY)"), @"INSERT INTO s SELECT t.id, DATE_FORMAT(window_start, 'yyyy') FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' DAY)) AS `t` GROUP BY t.id, window_start, window_end;");
    }

    #[test]
    fn where_it_is_not_known_to_be_the_same() {
        let queries = [
            "SELECT TUMBLE_ROWTIME(ts, INTERVAL '1' MINUTE) FROM t GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)",
            "SELECT COUNT(*) FROM t GROUP BY TUMBLE(p, INTERVAL '1' MINUTE)",
            "SELECT TUMBLE_START(ts, INTERVAL '2' MINUTE) FROM t GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)",
            "SELECT COUNT(*) FROM t GROUP BY HOP(ts, INTERVAL '2' MINUTE, INTERVAL '5' MINUTE)",
            "SELECT COUNT(*) FROM t WHERE v > 1 GROUP BY SESSION(ts, INTERVAL '2' MINUTE)",
            "SELECT COUNT(*) FROM t GROUP BY UPPER(g), SESSION(ts, INTERVAL '2' MINUTE)",
            "SELECT COUNT(*) FROM t JOIN t AS u ON t.id = u.id GROUP BY TUMBLE(t.ts, INTERVAL '1' MINUTE)",
            "SELECT COUNT(*) FROM (SELECT ts FROM t) GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)",
            "SELECT n FROM (SELECT COUNT(*) AS n FROM t GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE))",
            "WITH t AS (SELECT 1 AS ts) SELECT COUNT(*) FROM t GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)",
            "SELECT COUNT(*) FROM t /*+ OPTIONS('a' = 'b') */ GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)",
            "SELECT COUNT(*) AS window_start FROM t GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE)",
        ];
        let view = "CREATE VIEW w AS SELECT COUNT(*) AS n FROM t GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE);\n";
        let early = "SET 'table.exec.emit.early-fire.enabled' = 'true';\nINSERT INTO s SELECT COUNT(*) FROM t GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE);\n";
        let scripts = queries
            .map(job)
            .into_iter()
            .chain([script(view), script(early)]);
        for text in scripts {
            let said = crate::check(
                &text,
                &crate::lint::testing::only(crate::lint::rules::by_name(NAME).unwrap()),
            );
            let said: Vec<_> = said.iter().filter(|d| d.name == NAME).collect();
            assert_eq!(said.len(), 1, "{text}");
            assert_eq!(said[0].fix, None, "{text}");
        }
    }

    #[test]
    fn window_functions_are_fine() {
        silent(
            NAME,
            &[
                &job(
                    "SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end",
                ),
                &job("SELECT COUNT(*) FROM t GROUP BY id"),
            ],
        );
    }
}
