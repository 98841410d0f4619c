//! How big a query is once every name in it is replaced by what it stands for.
//!
//! A query that names another twice doubles it; thirty of those in a row are a billion scans. Plans share what is
//! named, but columns and everything that walks a plan do not.

use super::Planner;
use super::lower::parts;
use crate::catalog::{EntryId, Object, StatementId};
use crate::syntax::StatementKind;
use sqlparser::ast::{ObjectName, Query, Visit, Visitor};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// Scans of tables in one query, all told.
pub const MAX: usize = 5_000;

/// The scans of a query; never more than a little over [`MAX`], so that the views below it are told apart quickly.
pub fn of(planner: &Planner, query: &Query, at: StatementId, depth: usize) -> usize {
    let mut pass = Pass {
        planner,
        at,
        depth,
        open: Vec::new(),
        total: 0,
    };
    let _ = query.visit(&mut pass);
    pass.total
}

struct Pass<'a> {
    planner: &'a Planner<'a>,
    at: StatementId,
    depth: usize,
    /// The queries around; the innermost last.
    open: Vec<Open>,
    total: usize,
}

struct Open {
    /// The total when it began.
    before: usize,
    /// Names of the queries of its WITH that are still to come, by where they are.
    names: BTreeMap<usize, String>,
    /// Scans of those that were.
    weights: BTreeMap<String, usize>,
}

fn address(query: &Query) -> usize {
    std::ptr::from_ref(query) as usize
}

impl Pass<'_> {
    fn named(&self, name: &ObjectName) -> usize {
        let names = parts(name);
        if let [name] = &names[..]
            && let Some(weight) = self.open.iter().rev().find_map(|q| q.weights.get(name))
        {
            return *weight;
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        match self.planner.catalog.resolve_id(&names, self.at) {
            Some(id) => view(self.planner, id, self.depth),
            None => 1,
        }
    }
}

impl Visitor for Pass<'_> {
    type Break = ();

    /// Queries of a WITH are visited before the body that names them.
    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        let tables = query.with.iter().flat_map(|with| &with.cte_tables);
        let names = tables.map(|cte| (address(&cte.query), cte.alias.name.value.clone()));
        let before = self.total;
        self.open.push(Open {
            before,
            names: names.collect(),
            weights: BTreeMap::new(),
        });
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        let Some(done) = self.open.pop() else {
            return ControlFlow::Continue(());
        };
        if let Some(around) = self.open.last_mut()
            && let Some(name) = around.names.remove(&address(query))
        {
            around.weights.insert(name, self.total - done.before);
            self.total = done.before;
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_relation(&mut self, name: &ObjectName) -> ControlFlow<()> {
        self.total = self.total.saturating_add(self.named(name));
        if self.total > MAX {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }
}

/// The scans of a table (one) or view.
fn view(planner: &Planner, id: EntryId, depth: usize) -> usize {
    let entry = &planner.catalog.entries[id];
    if let Object::Table(_) = entry.object {
        return 1;
    }
    if let Some(weight) = planner.weight(id) {
        return weight;
    }
    let weight = match planner.script.statements.get(entry.created) {
        Some(statement) if depth < super::context::MAX_VIEWS => match &statement.kind {
            StatementKind::CreateView(view) => {
                of(planner, &view.query.ast, entry.created, depth + 1)
            }
            _ => 1,
        },
        _ => MAX + 1,
    };
    planner.keep_weight(id, weight);
    weight
}
