//! What holds for gates that hand late rows over or call a function.

use super::gated::Side;
use super::queries::{run, settings};
use super::shapes;
use super::{answers, keeps_other_bytes};
use tidegate::config::{FlinkVersion, GateForm, GateKind, Late, Settings};
use tidegate::undo::UndoMap;

const KINDS: [(GateKind, Late); 4] = [
    (GateKind::Cutover, Late::Outgoing),
    (GateKind::Cutover, Late::Handover),
    (GateKind::Function, Late::Outgoing),
    (GateKind::Ptf, Late::Outgoing),
];

fn of(kind: (GateKind, Late), side: Side, flink: FlinkVersion, validate: bool) -> Settings {
    let mut settings = settings(side, flink);
    settings.validate = validate;
    (settings.gate.kind, settings.gate.late) = kind;
    settings.gate.function.class = Some("org.example.TideGate".to_owned());
    if side == Side::Outgoing {
        settings.gate.form = GateForm::Inline;
    }
    settings
}

/// Gated in one way, a script is final, leads back to its source, and is not gated in another way.
fn holds(source: &str, flink: FlinkVersion, side: Side, validate: bool) -> Result<bool, String> {
    let mut any = false;
    for kind in KINDS {
        let settings = of(kind, side, flink, validate);
        let done = tidegate::rewrite(source, &settings);
        answers(source, &done)?;
        keeps_other_bytes(source, &done)?;
        let Some(text) = &done.text else { continue };
        any |= kind != KINDS[0];
        let again = tidegate::rewrite(text, &settings);
        answers(text, &again)?;
        if again.text.as_ref() != Some(text) {
            let why = again.diagnostics;
            return Err(format!("{kind:?} is not final: {why:#?}\n{text}"));
        }
        let map = UndoMap::new(source, &done.edits).map_err(|e| e.to_string())?;
        match tidegate::undo(text, &map.to_json()) {
            Ok(undone) if undone == source => {}
            other => return Err(format!("undone: {other:?}\n{text}")),
        }
        if *text == source {
            continue;
        }
        for other in KINDS.into_iter().filter(|other| *other != kind) {
            let twice = tidegate::rewrite(text, &of(other, side, flink, false));
            // Constant rows have no gate of any kind.
            if done.inserts.iter().any(|i| i.gate_time.is_some()) && twice.text.is_some() {
                return Err(format!("{kind:?} is gated as {other:?} too:\n{text}"));
            }
        }
    }
    Ok(any)
}

#[test]
fn queries_of_all_kinds() {
    run(256, 30, shapes::mixed(), |source, flink, way| {
        holds(source, flink, way[0], false)
    });
}

/// With DataFusion: the proof takes each of them for the gate that was decided on.
#[test]
fn kinds_are_proved() {
    run(48, 30, shapes::mixed(), |source, flink, way| {
        holds(source, flink, way[0], true)
    });
}
