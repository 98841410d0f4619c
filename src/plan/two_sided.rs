//! Where a gate on both sides of an updating query is right.

use super::Input;
use super::inserts::{self, Place};
use crate::catalog::connectors;
use crate::time::{QueryTime, Reason, Refusal};
use std::collections::BTreeSet;

/// Does the outgoing job, closed at its sources, write nothing that the whole input would not have
/// written? Not where an operator below emits by the watermark what it has until then: a window, an
/// outer interval join. Run in Flink 2.3.0: such a job leaves keys behind that nothing deletes.
pub(super) fn closable(time: &QueryTime) -> Result<(), Refusal> {
    if let Some(span) = time.facts.bounded {
        let detail = "a table that is read to its end, below an updating query";
        return Err(Refusal::new(Reason::UnsupportedQuery, span, detail));
    }
    const PLAIN: [&str; 8] = [
        "GROUP BY",
        "keep-last deduplication",
        "keep-first deduplication",
        "UNION ALL",
        "OVER",
        // Row by row, and a temporal join by the left row's time over a side that is not closed.
        "table function",
        "lookup join",
        "temporal join",
    ];
    let inner = |name: &str| name == "regular join" || name == "interval join";
    let early = time.facts.operators.iter().find(|operator| {
        let name = operator.name.as_str();
        !(name.starts_with("source ") || PLAIN.contains(&name) || inner(name) && !time.facts.outer)
    });
    match early {
        Some(operator) => {
            let detail = operator.name.clone();
            Err(Refusal::new(Reason::EarlyOutput, operator.span, detail))
        }
        None => Ok(()),
    }
}

/// Is the key of an updating query the sink's primary key? The position of a column beside it.
pub(super) fn sink_key(
    input: Input<'_>,
    place: Place<'_>,
    columns: &[String],
    key: &[usize],
) -> Result<usize, Refusal> {
    let target = &place.insert.target;
    let refuse = |reason, detail: String| Err(Refusal::new(reason, target.span, detail));
    let name = target.object();
    let Some(table) = inserts::sink(input, place) else {
        return refuse(Reason::UnknownTable, format!("table `{name}`"));
    };
    if let connectors::SourceRows::Changelog(what) = connectors::source_rows(table)
        && !connectors::upserts(table)
    {
        return refuse(Reason::RetractSink, format!("table `{name}` ({what})"));
    }
    if table.primary_key.is_empty() {
        return refuse(Reason::SinkWithoutPrimaryKey, format!("table `{name}`"));
    }
    let of_query: BTreeSet<&String> = key.iter().filter_map(|i| columns.get(*i)).collect();
    let of_sink: BTreeSet<&String> = table.primary_key.iter().collect();
    if of_query != of_sink || of_query.len() != key.len() {
        let shown = of_query
            .iter()
            .map(|c| format!("`{c}`"))
            .collect::<Vec<_>>()
            .join(", ");
        let wanted = of_sink
            .iter()
            .map(|c| format!("`{c}`"))
            .collect::<Vec<_>>()
            .join(", ");
        let shown = if shown.is_empty() {
            "no column at all".to_owned()
        } else {
            shown
        };
        return refuse(
            Reason::UpsertKeyMismatch,
            format!("{shown}, the key of `{name}` is {wanted}"),
        );
    }
    match (0..columns.len()).find(|i| !key.contains(i)) {
        Some(beside) => Ok(beside),
        None => refuse(Reason::OnlyKeyColumns, String::new()),
    }
}
