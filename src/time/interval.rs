//! The condition of an interval join: how far apart the times of its rows are.

use super::ColumnTime;
use super::expr::column_of;
use super::from::{Relation, quote};
use sqlparser::ast::{BinaryOperator, Expr};

/// How far apart the times of two joined rows can be.
#[derive(Debug, Default)]
pub(super) struct Bounds {
    /// The last time that a partner on the right can have, as SQL over the left side.
    pub right_until: Option<String>,
    /// The same the other way round.
    pub left_until: Option<String>,
    /// The condition compares processing times.
    pub proctime: bool,
    /// A side is bounded twice: Flink does not plan that as an interval join.
    twice: bool,
}

/// `column ± interval` of one side.
struct Shifted {
    left: bool,
    time: ColumnTime,
    sql: String,
    /// The interval as it is added: sign and text.
    shift: Option<(bool, String)>,
}

impl Bounds {
    /// Flink plans an interval join where the rowtimes of both sides bound each other from both ends.
    /// Source: Flink docs, "Joins", "Interval Joins".
    pub fn is_interval(&self) -> bool {
        self.right_until.is_some() && self.left_until.is_some() && !self.twice
    }

    pub fn find(conditions: &[&Expr], relations: &[Relation], split: usize) -> Self {
        let mut bounds = Self::default();
        let shifted = |e: &Expr| shifted(e, relations, split);
        for condition in conditions {
            match condition {
                Expr::BinaryOp { left, op, right } => {
                    let (Some(a), Some(b)) = (shifted(left), shifted(right)) else {
                        continue;
                    };
                    bounds.add(&a, op, &b);
                }
                Expr::Between {
                    expr,
                    negated: false,
                    low,
                    high,
                } => {
                    let (Some(x), low, high) = (shifted(expr), shifted(low), shifted(high)) else {
                        continue;
                    };
                    if let Some(low) = low {
                        bounds.add(&x, &BinaryOperator::GtEq, &low);
                    }
                    if let Some(high) = high {
                        bounds.add(&x, &BinaryOperator::LtEq, &high);
                    }
                }
                _ => {}
            }
        }
        bounds
    }

    fn add(&mut self, a: &Shifted, op: &BinaryOperator, b: &Shifted) {
        use BinaryOperator::{Eq, Gt, GtEq, Lt, LtEq};
        if a.left == b.left {
            return;
        }
        let attribute = |s: &Shifted| match s.time {
            ColumnTime::Rowtime { attribute, .. } => attribute,
            ColumnTime::Proctime => true,
            _ => false,
        };
        if !attribute(a) || !attribute(b) {
            return;
        }
        self.proctime |= a.time == ColumnTime::Proctime || b.time == ColumnTime::Proctime;
        match op {
            Lt | LtEq => self.until(a, b),
            Gt | GtEq => self.until(b, a),
            Eq => {
                self.until(a, b);
                self.until(b, a);
            }
            _ => {}
        }
    }

    /// `small` is not after `large`.
    fn until(&mut self, small: &Shifted, large: &Shifted) {
        let mut sql = large.sql.clone();
        if let Some((plus, interval)) = &small.shift {
            let sign = if *plus { '-' } else { '+' };
            sql = format!("{sql} {sign} {interval}");
        }
        let side = if small.left {
            &mut self.left_until
        } else {
            &mut self.right_until
        };
        self.twice |= side.is_some();
        side.get_or_insert(sql);
    }
}

fn shifted(expr: &Expr, relations: &[Relation], split: usize) -> Option<Shifted> {
    let (base, shift) = match expr {
        Expr::BinaryOp { left, op, right } if matches!(**right, Expr::Interval(_)) => {
            let plus = match op {
                BinaryOperator::Plus => true,
                BinaryOperator::Minus => false,
                _ => return None,
            };
            (&**left, Some((plus, right.to_string())))
        }
        Expr::Nested(inner) => return shifted(inner, relations, split),
        _ => (expr, None),
    };
    let (index, column) = column_of(base, relations)?;
    let name = relations[index].name.as_ref()?;
    let mut sql = format!("{}.{}", quote(name), quote(&column.name));
    if let Some((plus, interval)) = &shift {
        sql = format!("{sql} {} {interval}", if *plus { '+' } else { '-' });
    }
    let left = index < split;
    Some(Shifted {
        left,
        time: column.time,
        sql,
        shift,
    })
}
