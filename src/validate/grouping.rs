//! Names in GROUP BY. The planner takes the names that a SELECT gives to its columns; Flink takes only columns that
//! are read.

use crate::diagnostic::Diagnostic;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::logical_expr::LogicalPlan;
use sqlparser::ast::{Expr, GroupByExpr, Ident, Query, Select, SelectItem, Visit, Visitor};
use std::ops::ControlFlow;

/// A diagnostic for each name in a GROUP BY that no table has which is grouped.
pub fn check(plan: &LogicalPlan, query: &Query) -> Vec<Diagnostic> {
    let mut aliases = Aliases::default();
    let _ = query.visit(&mut aliases);
    if aliases.grouped.is_empty() {
        return Vec::new();
    }
    let mut read = Vec::new();
    let _ = plan.apply_with_subqueries(|node| {
        if let LogicalPlan::Aggregate(aggregate) = node {
            let fields = aggregate.input.schema().fields().iter();
            read.extend(fields.map(|f| f.name().clone()));
        }
        Ok(TreeNodeRecursion::Continue)
    });
    let unknown = aliases.grouped.iter().filter(|i| !read.contains(&i.value));
    unknown
        .map(|ident| {
            Diagnostic::error(
                "unknown-column",
                crate::parser::byte_span(ident.span),
                format!("there is no column `{}` to group by", ident.value),
            )
            .label("a name that SELECT gives")
            .note("Flink's GROUP BY knows the columns that are read, not the names of the result")
            .help("repeat the expression that it stands for")
        })
        .collect()
}

/// Names in a GROUP BY that the SELECT gives to something else than a column of that name.
#[derive(Default)]
struct Aliases {
    grouped: Vec<Ident>,
}

impl Visitor for Aliases {
    type Break = ();

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<()> {
        let GroupByExpr::Expressions(keys, _) = &select.group_by else {
            return ControlFlow::Continue(());
        };
        let alias = |ident: &Ident| {
            select.projection.iter().any(|item| match item {
                SelectItem::ExprWithAlias { expr, alias } => {
                    let own =
                        matches!(expr, Expr::Identifier(column) if column.value == alias.value);
                    alias.value == ident.value && !own
                }
                _ => false,
            })
        };
        let named = keys.iter().filter_map(|key| match key {
            Expr::Identifier(ident) if alias(ident) => Some(ident.clone()),
            _ => None,
        });
        self.grouped.extend(named);
        ControlFlow::Continue(())
    }
}
