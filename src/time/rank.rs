//! ROW_NUMBER under a filter: deduplication and Top-N.
//! Source: Flink docs, "Deduplication", "Top-N", "Window Top-N", "Window Deduplication".

use super::expr::{column_of, conjuncts};
use super::from::Relation;
use super::{ColumnTime, OutColumn};
use crate::catalog::function_name;
use crate::text::Span;
use sqlparser::ast::{
    BinaryOperator, Expr, Function, Select, SelectItem, Value, WindowSpec, WindowType,
};

/// A ROW_NUMBER column.
#[derive(Debug, Clone)]
pub(crate) struct Rank {
    /// Position among the output columns of the query that has it.
    pub index: usize,
    /// Positions of the partition's columns, where all are among the output columns.
    pub partition: Option<Vec<usize>>,
    pub order: RankOrder,
    /// Within a window: its start and end are among the partition's columns.
    pub windowed: bool,
    pub span: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RankOrder {
    RowtimeAscending,
    RowtimeDescending,
    ProctimeAscending,
    ProctimeDescending,
    Other,
}

/// What a filter makes of a ROW_NUMBER column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ranked {
    /// Rows of windows, final when the window is.
    Window,
    KeepFirst,
    KeepLast,
    FirstToArrive,
    LastToArrive,
    TopN {
        /// The highest rank that is kept.
        limit: u64,
    },
}

impl Rank {
    /// What `WHERE rank <= n` makes of it; `None` if no such filter is among the conditions. The
    /// number of other conditions comes with it.
    pub(super) fn filtered(
        &self,
        conditions: &[&Expr],
        is_rank: impl Fn(&Expr) -> bool,
    ) -> Option<(Ranked, usize)> {
        let limits: Vec<u64> = conditions
            .iter()
            .filter_map(|c| upper_limit(c, &is_rank))
            .collect();
        let limit = *limits.iter().min()?;
        let others = conditions.len() - limits.len();
        let ranked = match (self.windowed, limit, self.order) {
            (true, ..) => Ranked::Window,
            (false, 1, RankOrder::RowtimeAscending) => Ranked::KeepFirst,
            (false, 1, RankOrder::RowtimeDescending) => Ranked::KeepLast,
            (false, 1, RankOrder::ProctimeAscending) => Ranked::FirstToArrive,
            (false, 1, RankOrder::ProctimeDescending) => Ranked::LastToArrive,
            _ => Ranked::TopN { limit },
        };
        Some((ranked, others))
    }
}

/// `rank = n`, `rank <= n`, `rank < n`, and the same the other way round: the highest rank.
fn upper_limit(condition: &Expr, is_rank: &impl Fn(&Expr) -> bool) -> Option<u64> {
    use BinaryOperator::{Eq, Gt, GtEq, Lt, LtEq};
    let Expr::BinaryOp { left, op, right } = condition else {
        return None;
    };
    let (op, number) = if is_rank(left) {
        (op.clone(), right)
    } else if is_rank(right) {
        let turned = match op {
            Gt => Lt,
            GtEq => LtEq,
            Eq => Eq,
            _ => return None,
        };
        (turned, left)
    } else {
        return None;
    };
    let Expr::Value(value) = &**number else {
        return None;
    };
    let Value::Number(text, _) = &value.value else {
        return None;
    };
    let n: u64 = text.parse().ok()?;
    match op {
        Eq if n == 1 => Some(1),
        // `rn = 2` is a Top-2 of which one row is kept.
        Eq | LtEq => Some(n),
        Lt => n.checked_sub(1),
        _ => None,
    }
}

/// `ROW_NUMBER() OVER (…)`, with its window looked up.
pub(super) fn row_number<'a>(expr: &'a Expr, select: &'a Select) -> Option<&'a WindowSpec> {
    let Expr::Function(call) = expr else {
        return None;
    };
    if function_name(call).as_deref() != Some("ROW_NUMBER") {
        return None;
    }
    window_of(call, select)
}

/// The window of an OVER clause; a named one is looked up.
pub(super) fn window_of<'a>(call: &'a Function, select: &'a Select) -> Option<&'a WindowSpec> {
    use sqlparser::ast::NamedWindowExpr;
    match call.over.as_ref()? {
        WindowType::WindowSpec(spec) => Some(spec),
        WindowType::NamedWindow(name) => {
            let named = select
                .named_window
                .iter()
                .find(|w| w.0.value == name.value)?;
            match &named.1 {
                NamedWindowExpr::WindowSpec(spec) => Some(spec),
                NamedWindowExpr::NamedWindow(_) => None,
            }
        }
    }
}

/// How a window sorts its rows.
pub(super) fn order_of(spec: &WindowSpec, from: &[Relation]) -> RankOrder {
    let Some(first) = spec.order_by.first() else {
        return RankOrder::Other;
    };
    let time = column_of(&first.expr, from).map(|(_, column)| column.time);
    match (time, first.options.asc) {
        (
            Some(ColumnTime::Rowtime {
                attribute: true, ..
            }),
            Some(false),
        ) => RankOrder::RowtimeDescending,
        (
            Some(ColumnTime::Rowtime {
                attribute: true, ..
            }),
            _,
        ) => RankOrder::RowtimeAscending,
        (time, ascending)
            if time == Some(ColumnTime::Proctime) || crate::catalog::is_proctime(&first.expr) =>
        {
            if ascending == Some(false) {
                RankOrder::ProctimeDescending
            } else {
                RankOrder::ProctimeAscending
            }
        }
        _ => RankOrder::Other,
    }
}

/// The rank that a select list has, if one of its items is a ROW_NUMBER.
pub(super) fn of_select(
    select: &Select,
    from: &[Relation],
    columns: &[OutColumn],
    span: Span,
) -> Option<Rank> {
    let stars = |item: &SelectItem| {
        matches!(
            item,
            SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..)
        )
    };
    let (item, spec) = select
        .projection
        .iter()
        .enumerate()
        .find_map(|(i, item)| match item {
            SelectItem::UnnamedExpr(e) | SelectItem::ExprWithAlias { expr: e, .. } => {
                Some((i, row_number(e, select)?))
            }
            _ => None,
        })?;
    // Behind a star the item stands further on; counted from the end it stands where it is.
    let after = &select.projection[item + 1..];
    if after.iter().any(stars) && select.projection[..item].iter().any(stars) {
        return None;
    }
    let index = if after.iter().any(stars) {
        item
    } else {
        columns.len() - 1 - after.len()
    };
    Some(ranked(spec, from, columns, index, span))
}

pub(super) fn ranked(
    spec: &WindowSpec,
    from: &[Relation],
    columns: &[OutColumn],
    index: usize,
    span: Span,
) -> Rank {
    let keys: Vec<Option<&OutColumn>> = spec
        .partition_by
        .iter()
        .map(|e| column_of(e, from).map(|(_, column)| column))
        .collect();
    let has = |wanted: fn(ColumnTime) -> bool| keys.iter().flatten().any(|c| wanted(c.time));
    let windowed = has(|t| matches!(t, ColumnTime::WindowEnd { grouping: true, .. }))
        && has(|t| matches!(t, ColumnTime::WindowStart { grouping: true }));
    let position = |key: &Option<&OutColumn>| {
        let key = (*key)?;
        let copies = |c: &OutColumn| {
            c.input.as_ref().unwrap_or(&c.name) == &key.name && c.origin == key.origin
        };
        columns.iter().position(copies)
    };
    Rank {
        index,
        partition: keys.iter().map(position).collect(),
        order: order_of(spec, from),
        windowed,
        span,
    }
}

/// The conditions of a WHERE or QUALIFY clause.
pub(super) fn conditions(clause: Option<&Expr>) -> Vec<&Expr> {
    clause.map(conjuncts).unwrap_or_default()
}
