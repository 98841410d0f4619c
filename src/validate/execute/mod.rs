//! Executes the plan of a query over rows in memory, as Flink would.
//!
//! DataFusion plans and resolves; its own executor is not used. To it every expression is a stub (`../stubs`): its types,
//! its NULL rules and the results of its functions are not Flink's. And each row here carries the ids of the source rows
//! that made it through every operator, joins and aggregates too, so that a row that is lost and another one that is
//! doubled cannot hide behind equal values. Rows keep the order in which they came, on which deduplication and
//! `LISTAGG` depend.
//!
//! Architecture invariant: nothing stands in for what is not known exactly. A function or operator that is not computed
//! is named when the plan is compiled ([`Program::compile`]); one that is not computed for some argument fails the run.

mod aggregate;
mod calendar;
mod cast;
mod compile;
mod expr;
mod functions;
mod interval;
mod operator;
mod run;
mod sequence;
mod timing;
mod value;
mod window;
mod zone;

#[cfg(test)]
mod tests;

pub use calendar::{parse as parse_time, timestamp_text};
pub use cast::cast;
pub use interval::read as read_interval;
pub use run::Row;
pub use timing::Wait;
pub use value::{Decimal, Failure, Value, key_of};
pub use zone::Zone;

use super::PlannedInsert;
use crate::catalog::{Catalog, EntryId};
use compile::Compiler;
use operator::Operator;
use run::Env;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The source rows that made a row, in order.
pub type Ids = Arc<[u32]>;

/// What each table holds: all of its columns, computed ones too.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    pub by_entry: BTreeMap<EntryId, Vec<Row>>,
}

impl Tables {
    fn rows(&self, table: EntryId) -> Vec<Row> {
        self.by_entry.get(&table).cloned().unwrap_or_default()
    }
}

/// A query that can be executed.
#[derive(Debug, Clone)]
pub struct Program {
    root: Operator,
    /// The names of its columns.
    pub columns: Vec<String>,
    /// The tables that it reads.
    pub tables: BTreeSet<EntryId>,
    zone: Zone,
    /// It calls `CURRENT_WATERMARK`, so that it runs only where that is told.
    pub asks_watermark: bool,
}

impl Program {
    /// `zone`: the session's time zone.
    ///
    /// # Errors
    /// What in the query is not executed, each by its name.
    pub fn compile(
        planned: &PlannedInsert,
        catalog: &Catalog,
        zone: Zone,
    ) -> Result<Program, Vec<String>> {
        let mut compiler = Compiler::new(catalog, zone);
        let root = compiler.operator(&planned.plan);
        let mut missing: Vec<String> = compiler.missing.into_iter().collect();
        match root {
            Ok(root) if missing.is_empty() => Ok(Program {
                root,
                columns: planned.columns(),
                tables: compiler.tables,
                zone,
                asks_watermark: compiler.asks_watermark,
            }),
            Ok(_) => Err(missing),
            Err(what) => {
                missing.push(what);
                Err(missing)
            }
        }
    }

    /// `clock`: what the current time is, in epoch milliseconds.
    ///
    /// # Errors
    /// Where the job would fail on these rows, or something is not computed for them.
    pub fn run(&self, tables: &Tables, clock: i64) -> Result<Vec<Row>, Failure> {
        self.run_at(tables, clock, None)
    }

    /// `watermark`: what `CURRENT_WATERMARK` says, in epoch milliseconds, or `None` within for NULL.
    ///
    /// # Errors
    /// As [`Program::run`].
    pub fn run_at(
        &self,
        tables: &Tables,
        clock: i64,
        watermark: Option<Option<i64>>,
    ) -> Result<Vec<Row>, Failure> {
        let ns = |ms: i64| i128::from(ms) * 1_000_000;
        let watermark = watermark.map(|w| w.map(ns));
        self.root
            .run(&Env::new(tables, ns(clock), watermark, self.zone))
    }

    /// What in the query keeps it from being told when each of its rows is there: see [`timing`]. `timed` says which
    /// tables have rows that come one after the other; all of the others' rows are there from the start.
    pub fn untimed(&self, timed: &dyn Fn(EntryId) -> bool) -> BTreeSet<&'static str> {
        timing::untimed(&self.root, timed)
    }
}
