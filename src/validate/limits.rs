//! Limits on what is given to the planner, which recurses over everything.

use super::Outcome;
use crate::syntax::Query;
use crate::text::Span;
use sqlparser::ast::{self, BinaryOperator, Expr, SetExpr, TableWithJoins, Visit, Visitor};
use std::cell::Cell;
use std::ops::ControlFlow;

/// Bytes of stack for planning and comparing; of address space, not of memory.
const STACK: usize = 256 << 20;
/// Expressions inside each other, an operator chain counted by its length.
const MAX_DEPTH: usize = 1_000;
/// Those of them that the planner types one in another, which takes the square of their number.
const MAX_TYPED: usize = 200;
/// Queries, set operations and joins of one statement.
const MAX_RELATIONS: usize = 500;

thread_local! {
    /// Has this thread a big stack?
    static BIG: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work` on a thread with a big stack, on this one if it has one; what it gives back is dropped on the caller's.
/// The reason if it could not.
pub fn run<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, &'static str> {
    if BIG.get() {
        return Ok(work());
    }
    std::thread::scope(|scope| {
        let spawned = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, || {
                BIG.set(true);
                work()
            });
        match spawned {
            Ok(thread) => thread.join().map_err(|_| "the planner stopped"),
            Err(_) => Err("no thread could be started for the planner"),
        }
    })
}

pub fn on_big_stack(span: Span, work: impl FnOnce() -> Outcome + Send) -> Outcome {
    run(work).unwrap_or_else(|reason| Outcome::NotPlanned {
        reason: reason.to_owned(),
        span,
    })
}

/// Why a query is not planned at all.
pub fn too_large(query: &Query) -> Option<String> {
    let mut size = Size::default();
    match query.ast.visit(&mut size) {
        ControlFlow::Break(reason) => Some(reason.to_owned()),
        ControlFlow::Continue(()) => None,
    }
}

#[derive(Default)]
struct Size {
    depth: usize,
    typed: usize,
    relations: usize,
}

/// Is it a link of a chain that is planned as one call?
fn is_chain(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::BinaryOp {
            op: BinaryOperator::And | BinaryOperator::Or | BinaryOperator::StringConcat,
            ..
        } | Expr::Nested(_)
    )
}

impl Size {
    fn relations(&mut self, more: usize) -> ControlFlow<&'static str> {
        self.relations += more;
        if self.relations > MAX_RELATIONS {
            return ControlFlow::Break("more than 500 queries and joins in one statement");
        }
        ControlFlow::Continue(())
    }
}

impl Visitor for Size {
    type Break = &'static str;

    fn pre_visit_query(&mut self, query: &ast::Query) -> ControlFlow<&'static str> {
        let mut operations = 0;
        let mut body = &*query.body;
        while let SetExpr::SetOperation { left, .. } = body {
            operations += 1;
            body = left;
        }
        self.relations(1 + operations)
    }

    fn pre_visit_select(&mut self, select: &ast::Select) -> ControlFlow<&'static str> {
        let joins = |from: &TableWithJoins| from.joins.len();
        self.relations(select.from.iter().map(joins).sum())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<&'static str> {
        self.depth += 1;
        self.typed += usize::from(!is_chain(expr));
        if self.depth > MAX_DEPTH || self.typed > MAX_TYPED {
            return ControlFlow::Break("expressions more than 200 levels deep");
        }
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &Expr) -> ControlFlow<&'static str> {
        self.depth -= 1;
        self.typed -= usize::from(!is_chain(expr));
        ControlFlow::Continue(())
    }
}
