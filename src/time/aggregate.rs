//! GROUP BY: window aggregates yield one final row a window and key, all others update.

use super::expr::column_of;
use super::from::Relation;
use super::query::Analysis;
use super::window::group_window;
use super::{ColumnTime, PushDown, QueryTime, Reason, Refusal, TimeType};
use crate::parser::byte_span;
use crate::text::Span;
use sqlparser::ast::{Expr, GroupByExpr, Select, Spanned};

/// What a GROUP BY makes of the rows.
#[derive(Debug, Clone)]
pub(super) enum Grouping {
    None,
    /// One final row a window and key.
    Window,
    /// The same with a group window: the function's name and the text of its arguments.
    GroupWindow {
        name: String,
        arguments: String,
        ty: TimeType,
    },
    /// One row a key, updated: the keys as written.
    Updating {
        keys: Vec<Expr>,
        span: Span,
    },
}

impl Analysis<'_> {
    pub(super) fn grouping(
        &mut self,
        select: &Select,
        from: &[Relation],
        aggregates: bool,
        time: &mut QueryTime,
    ) -> Grouping {
        let span = self.place(select.group_by.span());
        match &select.group_by {
            GroupByExpr::Expressions(keys, modifiers)
                if keys.is_empty() && modifiers.is_empty() =>
            {
                if aggregates || select.having.is_some() {
                    Grouping::Updating {
                        keys: Vec::new(),
                        span: self.place(select.span()),
                    }
                } else {
                    Grouping::None
                }
            }
            GroupByExpr::Expressions(keys, _) => {
                let keys = one_set(keys);
                self.group_keys(&keys, from, time, span)
            }
            GroupByExpr::All(_) => Grouping::Updating {
                keys: Vec::new(),
                span,
            },
        }
    }

    fn group_keys(
        &mut self,
        keys: &[Expr],
        from: &[Relation],
        time: &mut QueryTime,
        span: Span,
    ) -> Grouping {
        let has = |wanted: fn(ColumnTime) -> bool| {
            keys.iter()
                .filter_map(|key| column_of(key, from))
                .any(|(_, c)| wanted(c.time))
        };
        if has(|t| matches!(t, ColumnTime::WindowStart { grouping: true }))
            && has(|t| matches!(t, ColumnTime::WindowEnd { grouping: true, .. }))
        {
            return Grouping::Window;
        }
        let Some((name, call)) = keys.iter().find_map(group_window) else {
            return Grouping::Updating {
                keys: keys.to_vec(),
                span,
            };
        };
        let arguments = self.call_arguments(byte_span(call.name.span()));
        let column = crate::catalog::arguments(call)
            .first()
            .and_then(|expr| column_of(expr, from))
            .map(|(_, column)| column.clone());
        let required = match column {
            Some(column) => self.require_rowtime(&column, span),
            None => Err(Refusal::new(
                Reason::WindowWithoutRowtime,
                span,
                format!("{name} (…)"),
            )),
        };
        match required {
            Ok(ty) => {
                time.facts.push_down = PushDown::Changes;
                Grouping::GroupWindow {
                    name,
                    arguments,
                    ty,
                }
            }
            Err(refusal) => {
                time.refuse(refusal);
                Grouping::GroupWindow {
                    name,
                    arguments,
                    ty: TimeType::Timestamp,
                }
            }
        }
    }

    /// The text of a call's argument list, parentheses included; `name` is the function's.
    fn call_arguments(&self, name: Span) -> String {
        use crate::lexer::{Punct, TokenKind};
        let tokens = &self.script.tokens[self.token_at(name.start)..];
        let mut open = None;
        let mut depth = 0;
        for token in tokens {
            match token.kind {
                TokenKind::Punct(Punct::LParen) => {
                    open.get_or_insert(token.span.start);
                    depth += 1;
                }
                TokenKind::Punct(Punct::RParen) => {
                    depth -= 1;
                    if depth == 0 {
                        let start = open.unwrap_or(token.span.start);
                        return Span::new(start, token.span.end).of(self.text).to_owned();
                    }
                }
                _ => {}
            }
        }
        String::new()
    }
}

/// `GROUPING SETS ((a, b))` groups by `a, b`.
fn one_set(keys: &[Expr]) -> Vec<Expr> {
    let set = |key: &Expr| match key {
        Expr::GroupingSets(sets) => match &sets[..] {
            [one] => one.clone(),
            _ => vec![key.clone()],
        },
        key => vec![key.clone()],
    };
    keys.iter().flat_map(set).collect()
}
