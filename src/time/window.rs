//! Windows: the table-valued functions TUMBLE, HOP, CUMULATE and SESSION, and the older group windows.
//! Source: Flink docs, "Windowing TVF" and "Group Window Aggregation".

use super::from::Relation;
use super::query::Analysis;
use super::{
    Changelog, ColumnTime, Lineage, OutColumn, PushDown, Reason, Refusal, StepKind, TimeForm,
    TimeType,
};
use crate::catalog::function_name;
use crate::parser::byte_span;
use crate::text::Span;
use sqlparser::ast::{self, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Spanned};

/// Is this the name of a window table-valued function?
pub(super) fn is_window(name: &str) -> bool {
    WINDOWS.iter().any(|w| w.eq_ignore_ascii_case(name))
}

const WINDOWS: [&str; 4] = ["TUMBLE", "HOP", "CUMULATE", "SESSION"];

impl Analysis<'_> {
    pub(super) fn window_function(
        &mut self,
        name: &str,
        args: &[FunctionArg],
        span: Span,
    ) -> Relation {
        let input = argument(args, 0, "DATA");
        let mut relation = match input {
            Some(input) => self.table_argument(input, span),
            None => Relation::refused(Refusal::new(Reason::UnsupportedQuery, span, "this window")),
        };
        let time = argument(args, 1, "TIMECOL").and_then(descriptor);
        let ty = self.window_time(&mut relation, time, span);
        let lineage = lineage(&relation, time, span);
        // The window's input may be seen through another window's columns: they are replaced.
        relation.gate = None;
        relation.name = None;
        relation.facts.push_down = PushDown::Changes;
        if relation.changelog != Some(Changelog::Append) && relation.facts.refusals.is_empty() {
            relation.refuse(Refusal::new(Reason::RetractingInput, span, "a window"));
        }
        relation
            .facts
            .operator(name.to_uppercase(), span, relation.changelog.clone());
        if let Some(columns) = &mut relation.columns {
            for column in columns.iter_mut() {
                column.time = column.time.materialised();
            }
            let own = |name: &str, time| OutColumn {
                name: name.to_owned(),
                time,
                origin: None,
                input: None,
            };
            columns.push(own(
                "window_start",
                ColumnTime::WindowStart { grouping: true },
            ));
            // Without a rowtime it is refused above; grouping by it still means a window.
            let end = ty.unwrap_or(TimeType::Timestamp);
            let end = ColumnTime::WindowEnd {
                ty: end,
                grouping: true,
            };
            columns.push(own("window_end", end));
            let time = ty.map_or(ColumnTime::None, |ty| ColumnTime::Rowtime {
                ty,
                attribute: true,
            });
            columns.push(own("window_time", time));
        }
        if let Some(ty) = ty
            && relation.facts.refusals.is_empty()
        {
            relation.gate = Some(super::from::RelationGate {
                ty,
                column: "window_end".to_owned(),
                form: TimeForm::WindowEnd,
                attribute: false,
                below: None,
                lineage: lineage.then(StepKind::Window(name.to_uppercase()), "`window_end`", span),
            });
        }
        relation
    }

    /// The rowtime type of the column that a window stands on.
    fn window_time(
        &mut self,
        relation: &mut Relation,
        descriptor: Option<&ast::Ident>,
        span: Span,
    ) -> Option<TimeType> {
        let name = &descriptor?.value;
        let place = descriptor.map_or(span, |ident| byte_span(ident.span));
        let column = relation.columns.as_ref()?.iter().find(|c| c.name == *name);
        let Some(column) = column.cloned() else {
            let detail = format!("`{name}`");
            relation.refuse(Refusal::new(Reason::WindowWithoutRowtime, place, detail));
            return None;
        };
        self.require_rowtime(&column, place)
            .map_err(|refusal| relation.refuse(refusal))
            .ok()
    }

    /// The type of a column that has to be a rowtime attribute; notes that a query needs it.
    pub(super) fn require_rowtime(
        &mut self,
        column: &OutColumn,
        place: Span,
    ) -> Result<TimeType, Refusal> {
        let detail = format!("`{}`", column.name);
        if column.time == ColumnTime::Proctime {
            return Err(Refusal::new(Reason::ProctimeWindow, place, detail));
        }
        if let Some(origin) = &column.origin {
            self.times
                .uses
                .required
                .entry(origin.clone())
                .or_insert(place);
        }
        match column.time {
            ColumnTime::Rowtime {
                ty,
                attribute: true,
            } => Ok(ty),
            _ => Err(Refusal::new(Reason::WindowWithoutRowtime, place, detail)),
        }
    }

    /// `TABLE t`, or a query, as an argument.
    fn table_argument(&mut self, expr: &Expr, span: Span) -> Relation {
        match expr {
            Expr::Function(call) if function_name(call).as_deref() == Some("$TABLE") => {
                let mut named = match crate::catalog::arguments(call).first() {
                    Some(Expr::Identifier(ident)) => {
                        self.named_relation(&[&ident.value], byte_span(ident.span))
                    }
                    Some(Expr::CompoundIdentifier(path)) => {
                        let parts: Vec<&str> = path.iter().map(|i| i.value.as_str()).collect();
                        self.named_relation(&parts, byte_span(expr.span()))
                    }
                    Some(inner) => return self.table_argument(inner, span),
                    None => return unread(span),
                };
                named.stands_without_alias();
                named
            }
            Expr::Subquery(query) => self.argument_query(query, span),
            Expr::Nested(inner) => self.table_argument(inner, span),
            _ => unread(span),
        }
    }
}

/// Where the rowtime comes from that a window stands on.
fn lineage(input: &Relation, descriptor: Option<&ast::Ident>, span: Span) -> Lineage {
    let name = descriptor.map(|ident| ident.value.as_str());
    let column = input.columns.iter().flatten();
    let origin = column
        .filter(|c| Some(c.name.as_str()) == name)
        .find_map(|c| c.origin.clone());
    match (&input.gate, origin) {
        // Another rowtime than that of the rows, beside it after an interval join.
        (Some(gate), Some((table, column))) if Some(gate.column.as_str()) != name => {
            Lineage::source(table, &column, span)
        }
        (Some(gate), _) => gate.lineage.clone(),
        (None, _) => Lineage::default(),
    }
}

fn unread(span: Span) -> Relation {
    Relation::refused(Refusal::new(
        Reason::UnsupportedQuery,
        span,
        "this window's input",
    ))
}

/// The `index`-th argument, or the one of that name.
fn argument<'a>(args: &'a [FunctionArg], index: usize, name: &str) -> Option<&'a Expr> {
    let named = args.iter().find_map(|a| match a {
        FunctionArg::Named {
            name: n,
            arg: FunctionArgExpr::Expr(expr),
            ..
        } if n.value.eq_ignore_ascii_case(name) => Some(expr),
        _ => None,
    });
    named.or_else(|| match args.get(index)? {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
        _ => None,
    })
}

/// The column of `DESCRIPTOR(column)`.
fn descriptor(expr: &Expr) -> Option<&ast::Ident> {
    let Expr::Function(call) = expr else {
        return None;
    };
    if function_name(call).as_deref() != Some("DESCRIPTOR") {
        return None;
    }
    match crate::catalog::arguments(call)[..] {
        [Expr::Identifier(ident)] => Some(ident),
        _ => None,
    }
}

/// A group window in a GROUP BY clause: the function's name and its arguments.
pub(super) fn group_window(expr: &Expr) -> Option<(String, &ast::Function)> {
    let Expr::Function(call) = expr else {
        return None;
    };
    let name = function_name(call)?;
    let is_window = matches!(name.as_str(), "TUMBLE" | "HOP" | "SESSION");
    (is_window && matches!(call.args, FunctionArguments::List(_))).then_some((name, call))
}
