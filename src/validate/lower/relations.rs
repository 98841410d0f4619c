//! What stands in FROM: every kind of table function, and versioned tables, become calls that the relation planner
//! knows.

use super::expressions::{call, plain_arguments, text};
use super::{Lowering, parts, quoted_at};
use crate::parser::byte_span;
use crate::text::Span;
use sqlparser::ast::helpers::attached_token::AttachedToken;
use sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, FunctionArguments, GroupByExpr, MatchRecognizePattern,
    MatchRecognizeSymbol, ObjectName, Select, SelectFlavor, SelectItem, TableAlias, TableFactor,
    TableVersion, TableWithJoins,
};
use std::collections::BTreeSet;

/// Name of the call that a versioned table becomes.
pub const AS_OF: &str = "$AS_OF";
/// Name of a table as an argument.
pub const TABLE: &str = "$TABLE";

/// The symbol that a SUBSET of MATCH_RECOGNIZE stands as, and the table function that a query before it stands as.
const SUBSET: &str = "$SUBSET";
const DERIVED: &str = "$DERIVED";

const WINDOWS: [&str; 4] = ["TUMBLE", "HOP", "CUMULATE", "SESSION"];

pub(super) fn select_star(name: ObjectName) -> Select {
    let factor = TableFactor::Table {
        name,
        alias: None,
        args: None,
        with_hints: Vec::new(),
        version: None,
        with_ordinality: false,
        partitions: Vec::new(),
        json_path: None,
        sample: None,
        index_hints: Vec::new(),
    };
    Select {
        select_token: AttachedToken::empty(),
        optimizer_hints: Vec::new(),
        distinct: None,
        select_modifiers: None,
        top: None,
        top_before_distinct: false,
        projection: vec![SelectItem::Wildcard(Default::default())],
        exclude: None,
        into: None,
        from: vec![TableWithJoins {
            relation: factor,
            joins: Vec::new(),
        }],
        lateral_views: Vec::new(),
        prewhere: None,
        selection: None,
        connect_by: Vec::new(),
        group_by: GroupByExpr::Expressions(Vec::new(), Vec::new()),
        cluster_by: Vec::new(),
        distribute_by: Vec::new(),
        sort_by: Vec::new(),
        having: None,
        named_window: Vec::new(),
        qualify: None,
        window_before_qualify: false,
        value_table_mode: None,
        flavor: SelectFlavor::Standard,
    }
}

/// A call in FROM. Windows read a table of their own and see nothing of what stands before them.
fn table_call(
    name: ObjectName,
    args: Vec<FunctionArg>,
    with_ordinality: bool,
    alias: Option<TableAlias>,
) -> TableFactor {
    if parts(&name) == [DERIVED]
        && let [FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Subquery(query)))] = &args[..]
    {
        return TableFactor::Derived {
            lateral: false,
            subquery: query.clone(),
            alias,
            sample: None,
        };
    }
    let lateral = !parts(&name)
        .first()
        .is_some_and(|name| WINDOWS.contains(&&**name));
    TableFactor::Function {
        lateral,
        name,
        args,
        with_ordinality,
        alias,
    }
}

fn expr_args(args: Vec<FunctionArg>) -> Vec<Expr> {
    args.into_iter()
        .filter_map(|arg| match arg {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
            _ => None,
        })
        .collect()
}

impl Lowering<'_> {
    pub(super) fn before_factor(&mut self, factor: &mut TableFactor) {
        if let TableFactor::MatchRecognize {
            pattern, symbols, ..
        } = factor
        {
            let mut names: BTreeSet<String> =
                symbols.iter().map(|s| s.symbol.value.clone()).collect();
            pattern_names(pattern, &mut names);
            for symbol in symbols.iter_mut().filter(|s| s.symbol.value == SUBSET) {
                if let Expr::Function(subset) = &symbol.definition {
                    names.extend(parts(&subset.name));
                    symbol.definition = text(symbol.definition.to_string());
                }
            }
            self.symbols.push(names);
        }
    }

    pub(super) fn after_factor(&mut self, factor: &mut TableFactor) {
        let new = match factor {
            TableFactor::MatchRecognize { .. } => {
                self.symbols.pop();
                return;
            }
            TableFactor::TableFunction {
                expr: Expr::Function(function),
                alias,
            } => match std::mem::replace(&mut function.args, FunctionArguments::None) {
                FunctionArguments::List(list) => {
                    table_call(function.name.clone(), list.args, false, alias.take())
                }
                _ => table_call(function.name.clone(), Vec::new(), false, alias.take()),
            },
            TableFactor::Function {
                name,
                args,
                with_ordinality,
                alias,
                ..
            } => {
                let args = std::mem::take(args);
                self.named_call(name.clone(), args, *with_ordinality, alias.take())
            }
            TableFactor::Table {
                name,
                args: Some(args),
                with_ordinality,
                alias,
                ..
            } => {
                let args = std::mem::take(&mut args.args);
                self.named_call(name.clone(), args, *with_ordinality, alias.take())
            }
            TableFactor::Table {
                name,
                sample: Some(_),
                ..
            } => {
                let span = name_span(name);
                self.unplanned("TABLESAMPLE", span);
                return;
            }
            TableFactor::Table {
                name,
                version: version @ Some(_),
                alias,
                ..
            } => {
                let Some(TableVersion::ForSystemTimeAsOf(at)) = version.take() else {
                    let span = name_span(name);
                    self.unplanned("this kind of table version", span);
                    return;
                };
                let span = name
                    .0
                    .first()
                    .and_then(|p| p.as_ident())
                    .map_or(sqlparser::tokenizer::Span::empty(), |i| i.span);
                let idents = name.0.iter().filter_map(|p| p.as_ident().cloned());
                let table = call(TABLE, vec![Expr::CompoundIdentifier(idents.collect())]);
                let args = [table, at].map(|e| FunctionArg::Unnamed(FunctionArgExpr::Expr(e)));
                TableFactor::Function {
                    lateral: true,
                    name: ObjectName::from(vec![quoted_at(AS_OF, span)]),
                    args: args.to_vec(),
                    with_ordinality: false,
                    alias: alias.take(),
                }
            }
            _ => return,
        };
        *factor = new;
    }

    /// A call whose name has not been lowered: `f(…)`, `TABLE(f(…))` or `UNNEST(…)` in FROM.
    fn named_call(
        &mut self,
        name: ObjectName,
        mut args: Vec<FunctionArg>,
        with_ordinality: bool,
        alias: Option<TableAlias>,
    ) -> TableFactor {
        let names = parts(&name);
        let upper = names.last().map(|n| n.to_ascii_uppercase());
        match upper.as_deref() {
            Some("TABLE") if names.len() == 1 && args.len() == 1 => {
                if let Some(FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Function(function)))) =
                    args.first_mut()
                {
                    let inner = std::mem::replace(&mut function.args, FunctionArguments::None);
                    let name = function.name.clone();
                    let args = match inner {
                        FunctionArguments::List(list) => list.args,
                        _ => Vec::new(),
                    };
                    return table_call(name, args, with_ordinality, alias);
                }
                table_call(name, args, with_ordinality, alias)
            }
            Some("UNNEST") if names.len() == 1 => TableFactor::UNNEST {
                alias,
                array_exprs: expr_args(args),
                with_offset: false,
                with_offset_alias: None,
                with_ordinality,
            },
            _ => {
                plain_arguments(&mut args);
                let span = name
                    .0
                    .first()
                    .and_then(|p| p.as_ident())
                    .map_or(sqlparser::tokenizer::Span::empty(), |i| i.span);
                let lowered = self.function_name(&name, false, None);
                let name = ObjectName::from(vec![quoted_at(lowered, span)]);
                table_call(name, args, with_ordinality, alias)
            }
        }
    }
}

pub fn name_span(name: &ObjectName) -> Span {
    let mut spans = name
        .0
        .iter()
        .filter_map(|p| p.as_ident())
        .map(|i| byte_span(i.span));
    let first = spans.next().unwrap_or(Span::at(0));
    spans.fold(first, Span::cover)
}

fn pattern_names(pattern: &MatchRecognizePattern, names: &mut BTreeSet<String>) {
    let symbol = |symbol: &MatchRecognizeSymbol, names: &mut BTreeSet<String>| {
        if let MatchRecognizeSymbol::Named(ident) = symbol {
            names.insert(ident.value.clone());
        }
    };
    match pattern {
        MatchRecognizePattern::Symbol(s) | MatchRecognizePattern::Exclude(s) => symbol(s, names),
        MatchRecognizePattern::Permute(all) => all.iter().for_each(|s| symbol(s, names)),
        MatchRecognizePattern::Concat(all) | MatchRecognizePattern::Alternation(all) => {
            all.iter().for_each(|p| pattern_names(p, names));
        }
        MatchRecognizePattern::Group(inner) | MatchRecognizePattern::Repetition(inner, _) => {
            pattern_names(inner, names);
        }
    }
}
