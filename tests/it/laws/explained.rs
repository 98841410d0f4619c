//! What holds for the explanation of any script.

use super::queries::{run, settings};
use super::shapes;
use std::collections::BTreeSet;
use tidegate::explain::{self, Explanation, Insert, TimeStepKind};

#[test]
fn what_is_explained_holds_together() {
    run(256, 20, shapes::mixed(), |source, flink, way| {
        let settings = settings(way[0], flink);
        let done = tidegate::rewrite(source, &settings);
        let explanation = tidegate::explain(source, &settings).explanation;
        let explanation = explanation.ok_or("not explained, though it can be read")?;
        if explanation.is_clean() != done.text.is_some() {
            return Err(format!("clean or not? {:#?}", done.diagnostics));
        }
        if explanation.inserts.len() != done.inserts.len() {
            return Err("not every INSERT is explained".into());
        }
        for insert in &explanation.inserts {
            holds_together(insert).map_err(|why| format!("{why}: {insert:#?}"))?;
        }
        let json = serde_json::to_string(&explanation).map_err(|e| e.to_string())?;
        let read: Explanation = serde_json::from_str(&json).map_err(|e| e.to_string())?;
        if read != explanation {
            return Err("its JSON is another explanation".into());
        }
        explain::text(&explanation);
        explain::svg(&explanation);
        Ok(done.text.is_some())
    });
}

/// The event time comes from sources and ends in the gate; every operator but the last is read.
fn holds_together(insert: &Insert) -> Result<(), String> {
    let earlier = |inputs: &[usize], index: usize| inputs.iter().all(|i| *i < index);
    let read =
        |all: Vec<&[usize]>| -> BTreeSet<usize> { all.into_iter().flatten().copied().collect() };
    let steps = &insert.lineage;
    if insert.gate.is_some() == steps.is_empty() {
        return Err("a gate without a lineage, or the other way round".into());
    }
    let used = read(steps.iter().map(|s| &s.inputs[..]).collect());
    for (index, step) in steps.iter().enumerate() {
        let from_source = step.inputs.is_empty() == (step.kind == TimeStepKind::Source);
        let last = index + 1 == steps.len();
        if !earlier(&step.inputs, index) || !from_source || used.contains(&index) == last {
            return Err(format!("step {index}"));
        }
    }
    let operators = &insert.operators;
    let used = read(operators.iter().map(|o| &o.inputs[..]).collect());
    for (index, operator) in operators.iter().enumerate() {
        let from_source = operator.inputs.is_empty() == operator.table.is_some();
        let last = index + 1 == operators.len();
        let known = insert.gate.is_some();
        let wrong = !from_source || used.contains(&index) == last;
        if !earlier(&operator.inputs, index) || known && wrong {
            return Err(format!("operator {index}"));
        }
    }
    Ok(())
}
