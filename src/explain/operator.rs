//! What FLIP-504's own gate, in the Flink Kubernetes operator, would need to know of the script.
//! Source: FLIP-504 and its pull requests to apache/flink-kubernetes-operator, which are not merged.

use super::build::Context;
use super::{DelayTerm, DeletionDelay, OperatorSide};
use crate::catalog::EntryId;
use crate::config::{format_delay, parse_delay};
use crate::plan::{ALIGNMENT_DRIFT, ALIGNMENT_GROUP};
use crate::time::{Changelog, ColumnTime, QueryTime, TimeForm, TimeType, quote};
use crate::{GateState, Verdict};
use std::collections::BTreeSet;

/// How long it takes until every subtask knows T: the upper end of 3 to 5 seconds.
const PROPAGATION_MS: u64 = 5_000;

impl Context<'_> {
    pub fn operator_side(&self, sources: &BTreeSet<EntryId>) -> OperatorSide {
        let (field_index, field) = match self.field_index() {
            Ok((index, column)) => (Some(index), column),
            Err(why) => (None, why),
        };
        OperatorSide {
            field_index,
            field,
            deletion_delay: self.deletion_delay(sources),
        }
    }

    /// The position of the gate time among the sink's columns, and the column; `Err` says why there is none.
    fn field_index(&self) -> Result<(usize, String), String> {
        let reports = &self.plan.inserts;
        let [report] = &reports[..] else {
            return Err(match reports.len() {
                0 => "the script has no INSERT".to_owned(),
                n => format!("the operator gates one sink, the script has {n} INSERTs"),
            });
        };
        if !matches!(report.verdict, Verdict::Exact | Verdict::BestEffort { .. }) {
            return Err("its INSERT has no gate".to_owned());
        }
        let unknown = || "the sink's columns are not known".to_owned();
        let time = self.query_time(report).ok_or_else(unknown)?;
        if time.changelog != Some(Changelog::Append) {
            return Err(
                "the operator's gate does not look at what is an update: only append queries"
                    .to_owned(),
            );
        }
        if report.gate == GateState::Standing {
            return Err("the script is gated already".to_owned());
        }
        let gate = self.plan.gates.iter().find(|g| g.insert == report.span);
        let gate = gate.ok_or_else(unknown)?;
        let Some((index, ty)) = carried(time) else {
            let made_of = self.made_of(time).filter(|_| gate.time.threaded);
            return Err(format!(
                "no column of the sink holds the gate time {}",
                made_of.unwrap_or_else(|| self.shown(&gate.time.sql))
            ));
        };
        let place = self.places.get(&report.span).ok_or_else(unknown)?;
        let parts = place.insert.target.path();
        let entry = self.input.catalog.resolve(&parts, place.statement);
        let table = entry.and_then(|e| e.table()).filter(|t| t.complete);
        let table = table.ok_or_else(unknown)?;
        let name = gate.columns.get(index).ok_or_else(unknown)?;
        let shown = self.shown(&quote(name));
        let mut physical = table
            .columns
            .iter()
            .filter(|c| c.kind == crate::catalog::TableColumnKind::Physical);
        let Some((position, column)) = physical.by_ref().enumerate().find(|(_, c)| c.name == *name)
        else {
            return Err(format!(
                "{shown} is metadata of the sink, not a column of its rows"
            ));
        };
        match column.ty.as_ref() {
            Some(of_sink) if TimeType::of(&of_sink.kind) == Some(ty) => Ok((position, shown)),
            Some(of_sink) => Err(format!(
                "{shown} is {of_sink} in the sink, which is not the type of the gate time"
            )),
            None => Err(unknown()),
        }
    }

    fn deletion_delay(&self, sources: &BTreeSet<EntryId>) -> Option<DeletionDelay> {
        let gated = self
            .plan
            .inserts
            .iter()
            .any(|r| r.gate != GateState::Absent);
        if !gated || sources.is_empty() {
            return None;
        }
        let terms = vec![self.bound(sources), self.skew(sources), DelayTerm {
            what: "propagation".to_owned(),
            ms: Some(PROPAGATION_MS),
            why: "event time that passes until every subtask knows T: 3 to 5 seconds while the job keeps up, \
                  more while it catches up"
                .to_owned(),
        }];
        Some(DeletionDelay {
            known_ms: terms.iter().filter_map(|t| t.ms).sum(),
            complete: terms.iter().all(|t| t.ms.is_some()),
            terms,
        })
    }

    /// How far rows run ahead of the watermark.
    fn bound(&self, sources: &BTreeSet<EntryId>) -> DelayTerm {
        let what = "watermark delay".to_owned();
        let delays: Vec<(Option<u64>, EntryId)> = sources
            .iter()
            .map(|id| (self.rowtime(*id).and_then(|r| r.delay_ms), *id))
            .collect();
        if let Some((_, id)) = delays.iter().find(|(ms, _)| ms.is_none()) {
            return DelayTerm {
                what,
                ms: None,
                why: format!(
                    "the watermark of {} does not say how far rows run ahead of it",
                    quote(&self.table_name(*id))
                ),
            };
        }
        let largest = delays.iter().rev().max_by_key(|(ms, _)| *ms);
        DelayTerm {
            what,
            ms: largest.and_then(|(ms, _)| *ms),
            why: match largest {
                Some((_, id)) if delays.len() > 1 => {
                    format!(
                        "the largest of the sources: {}",
                        quote(&self.table_name(*id))
                    )
                }
                Some((_, id)) => format!("of {}", quote(&self.table_name(*id))),
                None => String::new(),
            },
        }
    }

    /// How far one subtask runs ahead of another.
    fn skew(&self, sources: &BTreeSet<EntryId>) -> DelayTerm {
        let mut groups = BTreeSet::new();
        let mut drifts = Vec::new();
        for id in sources {
            let options = self.source_options(*id);
            let option = |key: &str| {
                let found = options.iter().find(|(k, _)| k == key);
                found.map(|(_, value)| value.clone())
            };
            let drift = option(ALIGNMENT_DRIFT).and_then(|d| parse_delay(&d).ok());
            match (option(ALIGNMENT_GROUP), drift) {
                (Some(group), Some(drift)) => {
                    groups.insert(group);
                    drifts.push(drift);
                }
                _ => {
                    let why = format!(
                        "unknown: nothing bounds it, as {} sets no {ALIGNMENT_GROUP} and {ALIGNMENT_DRIFT}; \
                         take it from the job's watermarks",
                        quote(&self.table_name(*id))
                    );
                    return DelayTerm {
                        what: "skew between subtasks".to_owned(),
                        ms: None,
                        why,
                    };
                }
            }
        }
        let one_group = groups.len() == 1;
        let drift = drifts.into_iter().max().filter(|_| one_group);
        DelayTerm {
            what: "skew between subtasks".to_owned(),
            ms: drift,
            why: match drift {
                Some(ms) => format!(
                    "{ALIGNMENT_DRIFT} = {}; what is read until the next alignment comes on top",
                    format_delay(ms)
                ),
                None => "unknown: the sources are in several alignment groups".to_owned(),
            },
        }
    }
}

/// The output column that holds the gate time itself.
fn carried(time: &QueryTime) -> Option<(usize, TimeType)> {
    let gate = time.gate.as_ref()?;
    if let Some((index, TimeForm::Itself)) = gate.carried {
        return Some((index, gate.ty));
    }
    if gate.form != TimeForm::WindowEnd {
        return None;
    }
    // Behind a window the only rowtime attribute is window_time, its last millisecond.
    let columns = time.columns.as_ref()?;
    let attribute = columns.iter().position(|c| {
        let wanted = ColumnTime::Rowtime {
            ty: gate.ty,
            attribute: true,
        };
        c.time == wanted
    });
    attribute.map(|index| (index, gate.ty))
}
