//! Queries as data: what is planned, and what is said about what is not.

mod checks;
mod corpus;
mod functions;
mod kinds;
mod limits;
mod plans;
mod sameness;
mod two_sided;

use super::{Outcome, Planner};
use crate::catalog::Catalog;
use crate::config::FlinkVersion;
use crate::parser;
use crate::syntax::{Insert, Script, StatementKind};

/// A script, read.
pub struct Read {
    pub text: String,
    pub script: Script,
    pub catalog: Catalog,
}

pub fn read(text: &str) -> Read {
    let (script, _) = parser::parse(text, FlinkVersion::default());
    let catalog = Catalog::build(&script);
    Read {
        text: text.to_owned(),
        script,
        catalog,
    }
}

impl Read {
    pub fn planner(&self) -> Planner<'_> {
        Planner::new(
            &self.script,
            &self.text,
            &self.catalog,
            FlinkVersion::default(),
        )
    }

    /// Every INSERT with the statement that it is part of.
    pub fn inserts(&self) -> Vec<(usize, &Insert)> {
        let mut out = Vec::new();
        for (at, statement) in self.script.statements.iter().enumerate() {
            match &statement.kind {
                StatementKind::Insert(insert) => out.push((at, &**insert)),
                StatementKind::StatementSet(set) => {
                    out.extend(set.inserts.iter().map(|insert| (at, insert)));
                }
                _ => {}
            }
        }
        out
    }
}

/// `Planned`, or each error with the bytes it points at.
pub fn shown(outcome: &Outcome, text: &str) -> String {
    match outcome {
        Outcome::Planned(_) => "planned".to_owned(),
        Outcome::UserError(errors) => {
            let lines = errors
                .iter()
                .map(|e| format!("{} [{}] {}", e.name, e.span.of(text), e.message));
            lines.collect::<Vec<_>>().join("\n")
        }
        Outcome::NotPlanned { reason, span } => {
            format!("not planned [{}] {reason}", span.of(text))
        }
    }
}
