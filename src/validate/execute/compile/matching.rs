//! MATCH_RECOGNIZE: a sequence of variables, what they are, and what is measured.

use super::expressions::shown;
use super::{Compiled, Compiler, Scope, columns, find};
use crate::validate::execute::expr::Ex;
use crate::validate::execute::operator::{Operator, Order};
use crate::validate::execute::sequence::{Automaton, Match, Matched, Pick, Skip, Variable};
use crate::validate::execute::value::Value;
use crate::validate::node::{Opaque, Sequence};
use datafusion::arrow::datatypes::FieldRef;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema, ScalarValue};
use datafusion::logical_expr::{Expr, ExprSchemable};
use sqlparser::ast::{
    AfterMatchSkip, MatchRecognizePattern, MatchRecognizeSymbol, RepetitionQuantifier, RowsPerMatch,
};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// The clauses of a MATCH_RECOGNIZE, from the list that a plan's node has.
#[derive(Default)]
struct Clauses<'n> {
    partition: Vec<&'n Expr>,
    order: Vec<(&'n Expr, bool)>,
    measures: Vec<&'n Expr>,
    define: Vec<(&'n str, &'n Expr)>,
}

fn text(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Literal(ScalarValue::Utf8(Some(text)), _) => Some(text),
        _ => None,
    }
}

impl<'n> Clauses<'n> {
    fn of(exprs: &'n [Expr]) -> Compiled<Clauses<'n>> {
        let mut clauses = Clauses::default();
        let mut clause = "";
        for expr in exprs {
            match text(expr) {
                Some("PARTITION BY") if clause.is_empty() => clause = "PARTITION BY",
                Some("ORDER BY") if matches!(clause, "" | "PARTITION BY") => clause = "ORDER BY",
                Some("MEASURES") if !clause.starts_with("DEFINE") => clause = "MEASURES",
                Some(define) if define.starts_with("DEFINE ") => clause = define,
                Some(how @ ("ASC" | "DESC")) if clause == "ORDER BY" => {
                    if let Some(last) = clauses.order.last_mut() {
                        last.1 = how == "DESC";
                    }
                }
                Some("NULLS FIRST" | "NULLS LAST") if clause == "ORDER BY" => {
                    return Err("MATCH_RECOGNIZE with an order of NULL".to_owned());
                }
                _ => match clause {
                    "PARTITION BY" => clauses.partition.push(expr),
                    "ORDER BY" => clauses.order.push((expr, false)),
                    "MEASURES" => clauses.measures.push(expr),
                    define => {
                        let name = define.strip_prefix("DEFINE ").unwrap_or_default();
                        clauses.define.push((name, expr));
                    }
                },
            }
        }
        Ok(clauses)
    }
}

impl Compiler<'_> {
    pub(super) fn sequence(
        &mut self,
        node: &Opaque,
        sequence: &Sequence,
        scope: &Scope,
    ) -> Compiled<Operator> {
        let clauses = Clauses::of(&node.exprs)?;
        if let Some(RowsPerMatch::AllRows(_)) = sequence.rows {
            return Err("MATCH_RECOGNIZE with ALL ROWS PER MATCH".to_owned());
        }
        let pattern = pattern(&sequence.pattern)?;
        let skip = match &sequence.skip {
            None | Some(AfterMatchSkip::ToNextRow) => Skip::ToNextRow,
            Some(AfterMatchSkip::PastLastRow) => Skip::PastLastRow,
            Some(other) => return Err(format!("MATCH_RECOGNIZE with {other}")),
        };
        match clauses.order[..] {
            [(time, false), ..] if !self.is_processing_time(time) => {}
            _ => return Err("MATCH_RECOGNIZE not in the order of an event time".to_owned()),
        }
        let mut order = Vec::new();
        for (expr, descending) in &clauses.order {
            order.push(Order {
                ex: self.expr(expr, scope)?,
                descending: *descending,
                nulls_first: !descending,
            });
        }
        let mut define = vec![None; pattern.len()];
        let mut within = None;
        for (name, expr) in &clauses.define {
            if *name == "$WITHIN" {
                let Ex::Literal(Value::Millis(ms)) = self.expr(expr, scope)? else {
                    return Err("MATCH_RECOGNIZE within no interval of days or less".to_owned());
                };
                within = Some(i128::from(ms) * 1_000_000);
                continue;
            }
            let Some(variable) = pattern.iter().position(|v| v.name == *name) else {
                return Err(format!(
                    "MATCH_RECOGNIZE with {}",
                    name.trim_start_matches('$')
                ));
            };
            define[variable] = Some(self.matched(expr, &pattern, clauses.order[0].0, scope)?);
        }
        let mut measures = Vec::new();
        for expr in &clauses.measures {
            measures.push(self.matched(expr, &pattern, clauses.order[0].0, scope)?);
        }
        let mut partition = Vec::new();
        for expr in &clauses.partition {
            partition.push(self.expr(expr, scope)?);
        }
        Ok(Operator::Match(Box::new(Match {
            partition,
            order,
            automaton: Automaton::new(&pattern),
            define,
            within,
            skip,
            measures,
            input: self.operator(&node.inputs[0])?,
        })))
    }

    /// An expression over the rows of a match: what it picks from them, and what it makes of that.
    fn matched(
        &mut self,
        expr: &Expr,
        pattern: &[Variable],
        time: &Expr,
        scope: &Scope,
    ) -> Compiled<Matched> {
        let mut picks = Vec::new();
        let mut fields: Vec<FieldRef> = Vec::new();
        let mut wrong = None;
        let over = expr.clone().transform_down(|e| {
            match self.pick(&e, pattern, time, scope) {
                Ok(None) => return Ok(Transformed::no(e)),
                Ok(Some((pick, of))) => {
                    let name = format!("${}", picks.len());
                    let (_, field) = of.to_field(scope.schema)?;
                    fields.push(Arc::new(field.as_ref().clone().with_name(&name)));
                    picks.push(pick);
                    let column = Expr::Column(Column::from_name(name));
                    return Ok(Transformed::new(column, true, TreeNodeRecursion::Jump));
                }
                Err(why) => wrong = wrong.take().or(Some(why)),
            }
            Ok(Transformed::new(e, false, TreeNodeRecursion::Stop))
        });
        if let Some(why) = wrong {
            return Err(why);
        }
        let over = over.map_err(|e| e.to_string())?.data;
        let fields = fields.into_iter().map(|f| (None, f)).collect();
        let schema = DFSchema::new_with_metadata(fields, HashMap::new());
        let schema = schema.map_err(|e| e.to_string())?;
        let inner = Scope {
            columns: columns(&schema),
            schema: &schema,
        };
        Ok(Matched {
            ex: self.expr(&over, &inner)?,
            picks,
        })
    }

    /// What an expression picks from the rows of a match, with an expression of the same type; `None` if it does so only
    /// within.
    fn pick(
        &mut self,
        expr: &Expr,
        pattern: &[Variable],
        time: &Expr,
        scope: &Scope,
    ) -> Compiled<Option<(Pick, Expr)>> {
        let row = |of, from_first, offset, ex| Pick::Row {
            of,
            from_first,
            offset,
            ex,
        };
        Ok(Some(match expr {
            Expr::Column(column) => {
                let ex = Ex::Col(find(column, &scope.columns)?);
                (row(None, false, 0, ex), expr.clone())
            }
            Expr::AggregateFunction(f) => {
                if f.params.distinct || f.params.filter.is_some() {
                    return Err(format!(
                        "{} in MATCH_RECOGNIZE with DISTINCT or FILTER",
                        f.func.name()
                    ));
                }
                let (of, plain) = variable(expr, pattern)?;
                let aggregate = match self.expr(&plain, scope)? {
                    Ex::Aggregate(aggregate) => *aggregate,
                    _ => return Err(f.func.name().to_owned()),
                };
                (Pick::Aggregate { of, aggregate }, plain)
            }
            Expr::ScalarFunction(f) => match (f.func.name(), &f.args[..]) {
                ("$VAR", _) => {
                    let (of, plain) = variable(expr, pattern)?;
                    (row(of, false, 0, self.expr(&plain, scope)?), plain)
                }
                ("$FINAL", [inner]) => return self.pick(inner, pattern, time, scope),
                (name @ ("FIRST" | "LAST"), [value, offset @ ..]) => {
                    let offset = match offset {
                        [] => 0,
                        [Expr::Literal(ScalarValue::Int64(Some(n)), _)] => {
                            usize::try_from(*n).map_err(|e| e.to_string())?
                        }
                        _ => return Err(format!("{name} by an expression")),
                    };
                    let (of, plain) = variable(value, pattern)?;
                    let ex = self.expr(&plain, scope)?;
                    (row(of, name == "FIRST", offset, ex), plain)
                }
                ("MATCH_ROWTIME", args) => {
                    let time = args.first().unwrap_or(time);
                    (row(None, false, 0, self.expr(time, scope)?), time.clone())
                }
                (
                    name @ ("PREV" | "NEXT" | "CLASSIFIER" | "MATCH_NUMBER" | "MATCH_PROCTIME"
                    | "$RUNNING"),
                    _,
                ) => return Err(shown(name)),
                _ => return Ok(None),
            },
            _ => return Ok(None),
        }))
    }
}

/// The one variable whose columns an expression reads, and the expression over a row of the input.
fn variable(expr: &Expr, pattern: &[Variable]) -> Compiled<(Option<usize>, Expr)> {
    let mut of: BTreeSet<Option<String>> = BTreeSet::new();
    let plain = expr.clone().transform_down(|e| {
        match &e {
            Expr::ScalarFunction(f) if f.func.name() == "$VAR" && f.args.len() == 2 => {
                of.insert(Some(text(&f.args[0]).unwrap_or_default().to_owned()));
                let column = f.args[1].clone();
                return Ok(Transformed::new(column, true, TreeNodeRecursion::Jump));
            }
            Expr::Column(_) => {
                of.insert(None);
            }
            _ => {}
        }
        Ok(Transformed::no(e))
    });
    let plain = plain.map_err(|e| e.to_string())?.data;
    let mut of = of.into_iter();
    match (of.next(), of.next()) {
        (_, Some(_)) => Err("MATCH_RECOGNIZE with several variables in one function".to_owned()),
        (Some(Some(name)), None) => match pattern.iter().position(|v| v.name == name) {
            Some(variable) => Ok((Some(variable), plain)),
            None => Err("MATCH_RECOGNIZE with SUBSET".to_owned()),
        },
        (None | Some(None), None) => Ok((None, plain)),
    }
}

/// A sequence of variables.
fn pattern(pattern: &MatchRecognizePattern) -> Compiled<Vec<Variable>> {
    let parts = match pattern {
        MatchRecognizePattern::Concat(parts) => &parts[..],
        one => std::slice::from_ref(one),
    };
    let variables: Vec<Variable> = parts.iter().map(part).collect::<Compiled<_>>()?;
    let names: BTreeSet<&str> = variables.iter().map(|v| &*v.name).collect();
    let refused = |what: &str| Err(format!("MATCH_RECOGNIZE with {what}, which Flink refuses"));
    if names.len() < variables.len() {
        return refused("a variable that is there twice");
    }
    if variables.iter().all(|v| v.min == 0) {
        return refused("a pattern that matches no row");
    }
    if variables
        .iter()
        .any(|v| v.min == 0 && v.max.unwrap_or(1) > 1)
    {
        return refused("a count from 0");
    }
    if variables
        .windows(2)
        .any(|v| v[0].is_possessive() && v[1].min == 0)
    {
        return refused("an optional variable behind a greedy one");
    }
    match variables.last() {
        Some(last) if last.greedy && last.max != Some(last.min) => {
            refused("a greedy quantifier at the end")
        }
        _ => Ok(variables),
    }
}

fn part(part: &MatchRecognizePattern) -> Compiled<Variable> {
    use MatchRecognizePattern::{Repetition, Symbol};
    let (symbol, quantifier, greedy) = match part {
        Symbol(symbol) => (symbol, &RepetitionQuantifier::Exactly(1), true),
        Repetition(inner, quantifier) => match (&**inner, quantifier) {
            (Symbol(symbol), quantifier) => (symbol, quantifier, true),
            (Repetition(inner, quantifier), RepetitionQuantifier::AtMostOne) => match &**inner {
                Symbol(symbol) => (symbol, quantifier, false),
                _ => return Err(format!("MATCH_RECOGNIZE with the pattern {part}")),
            },
            _ => return Err(format!("MATCH_RECOGNIZE with the pattern {part}")),
        },
        _ => return Err(format!("MATCH_RECOGNIZE with the pattern {part}")),
    };
    let MatchRecognizeSymbol::Named(name) = symbol else {
        return Err(format!("MATCH_RECOGNIZE with the pattern {part}"));
    };
    let (min, max) = match *quantifier {
        RepetitionQuantifier::ZeroOrMore => (0, None),
        RepetitionQuantifier::OneOrMore => (1, None),
        RepetitionQuantifier::AtMostOne => (0, Some(1)),
        RepetitionQuantifier::Exactly(n) => (n, Some(n)),
        RepetitionQuantifier::AtLeast(n) => (n, None),
        RepetitionQuantifier::AtMost(n) => (0, Some(n)),
        RepetitionQuantifier::Range(n, m) => (n, Some(m)),
    };
    if max == Some(0) || max.is_some_and(|max| max < min) || max.unwrap_or(min) > 1_000 {
        return Err(format!("MATCH_RECOGNIZE with the pattern {part}"));
    }
    if !greedy && (min, max) == (0, Some(1)) {
        return Err("MATCH_RECOGNIZE with `??`, which Flink refuses".to_owned());
    }
    Ok(Variable {
        name: name.value.clone(),
        min,
        max,
        greedy,
    })
}
