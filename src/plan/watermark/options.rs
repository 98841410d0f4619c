//! Options of the source's watermark that are written into a table's `WITH` on request.
//! Source: FLIP-296 (Flink 1.18): a source takes them if it generates its watermark itself.

use super::Need;
use super::attach::lacking;
use crate::catalog::EntryId;
use crate::catalog::connectors::{self, Ability};
use crate::config::{WatermarkOptions, format_delay};
use crate::diagnostic::Diagnostic;
use crate::plan::{Input, Plan};
use serde::Serialize;

/// An option to be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WatermarkOption {
    pub key: &'static str,
    pub value: String,
}

/// Takes an idle source out of the watermark.
pub const IDLE_TIMEOUT: &str = "scan.watermark.idle-timeout";
/// Sources of one group wait for each other, so that none runs ahead by more than the drift.
pub const ALIGNMENT_GROUP: &str = "scan.watermark.alignment.group";
pub const ALIGNMENT_DRIFT: &str = "scan.watermark.alignment.max-drift";

fn wanted(options: &WatermarkOptions) -> Vec<WatermarkOption> {
    let duration = |ms: Option<u64>| ms.map(format_delay);
    let all = [
        (IDLE_TIMEOUT, duration(options.idle_timeout_ms)),
        (
            "scan.watermark.emit.strategy",
            options.emit.map(|emit| emit.as_str().to_owned()),
        ),
        (ALIGNMENT_GROUP, options.alignment_group.clone()),
        (ALIGNMENT_DRIFT, duration(options.max_drift_ms)),
        (
            "scan.watermark.alignment.update-interval",
            duration(options.update_interval_ms),
        ),
    ];
    all.into_iter()
        .filter_map(|(key, value)| Some(WatermarkOption { key, value: value? }))
        .collect()
}

/// For every table that is read as a stream. What a table sets itself stays.
pub(super) fn decide(input: Input<'_>, plan: &mut Plan) {
    let streams = plan.tables.iter();
    let streams: Vec<EntryId> = streams
        .filter(|(_, t)| matches!(t.need, Need::Stream | Need::Declared))
        .map(|(id, _)| *id)
        .collect();
    for id in streams {
        match of_table(input, id, plan) {
            Ok(options) if options.is_empty() => {}
            Ok(options) => {
                plan.options.insert(id, options);
            }
            Err(problem) => plan.diagnostics.push(*problem),
        }
    }
}

fn of_table(
    input: Input<'_>,
    id: EntryId,
    plan: &Plan,
) -> Result<Vec<WatermarkOption>, Box<Diagnostic>> {
    let entry = &input.catalog.entries[id];
    let Some(table) = entry.table() else {
        return Ok(Vec::new());
    };
    let name = entry.name.object();
    let own = input.settings.table(&entry.name.path()).map(|s| &s.options);
    let asked_here = own.is_some_and(|o| *o != WatermarkOptions::default());
    let all = &input.settings.watermark.options;
    let mut options = wanted(&own.map_or_else(|| all.clone(), |own| own.or(all)));
    options.retain(|option| !table.options.contains_key(option.key));
    if options.is_empty() {
        return Ok(options);
    }
    let problem = |message: String| {
        Diagnostic::error("watermark-options", entry.name.span, message)
            .label(format!("`{}` is asked for", options[0].key))
    };
    let ability = connectors::watermark_push_down(table);
    if let Some(why) = lacking(table, ability) {
        // What is asked for all tables is meant for those that can take it.
        return match asked_here {
            false => Ok(Vec::new()),
            true => Err(Box::new(
                problem(format!("table `{name}` takes no options of the watermark: {why}"))
                    .note("Flink hands them to a source that generates its watermark itself; elsewhere they have no effect (FLIP-296)")
                    .help("leave them out of the configuration of this table"),
            )),
        };
    }
    if ability == Ability::Unknown && !asked_here {
        return Ok(Vec::new());
    }
    let placed = plan.placed.contains_key(&id);
    if input.script.is_outside(entry.created) && !placed {
        return Err(Box::new(
            problem(format!("the options of table `{name}` are not in the script"))
                .note("it is declared outside, and as it has a watermark it gets no table of its own in the script")
                .help("set them in the catalog"),
        ));
    }
    Ok(options)
}
