//! The candidate that a table's event time is taken from, or the question which it is.

use super::candidate::{Candidate, MARGIN, Offer, ingestion_lines, score};
use super::configured::{self, Asked};
use super::{Decided, config_lines, physical, refuse};
use crate::config::TableSettings;
use crate::diagnostic::Diagnostic;
use crate::text::Span;

/// `required`: a column that a window stands on, and where; `replaced`: the column of the watermark that is replaced.
///
/// # Errors
/// Where nothing leads: the candidates, with the lines of configuration that choose each.
pub(super) fn choose(
    asked: &Asked<'_>,
    offer: &Offer,
    settings: Option<&TableSettings>,
    required: Option<(&str, Span)>,
    replaced: Option<&str>,
    read_at: Span,
) -> Decided<Candidate> {
    let configured = match settings {
        Some(settings) => configured::candidate(asked, settings)?,
        None => None,
    };
    match (configured, required) {
        (Some(chosen), Some((required, span))) if chosen.column.as_deref() != Some(required) => {
            refuse(other_than_required(asked, &chosen, required, span))
        }
        (Some(chosen), _) => Ok(chosen),
        (None, Some((required, _))) => windowed(asked, required),
        // Another watermark is asked for, and not another time.
        (None, None) => match replaced.and_then(|column| certain(asked, column, STOOD)) {
            Some(candidate) => Ok(candidate),
            None => leader(asked, offer, read_at),
        },
    }
}

const STOOD: &str = "the table's own watermark stands on it";

fn other_than_required(
    asked: &Asked<'_>,
    chosen: &Candidate,
    required: &str,
    place: Span,
) -> Diagnostic {
    let (name, table) = (&chosen.name, asked.name);
    Diagnostic::error(
        "no-event-time",
        place,
        format!("this window stands on `{required}`, but the configured event time of table `{table}` is `{name}`"),
    )
    .label("has to be the rowtime")
    .help(config_lines(asked.key, &[("column", required)]))
}

/// The column that a window stands on.
fn windowed(asked: &Asked<'_>, required: &str) -> Decided<Candidate> {
    let column = asked.table.column(required);
    if let Some(candidate) = certain(asked, required, "a window stands on it") {
        return Ok(candidate);
    }
    let place = column.map_or(asked.place, |c| c.span);
    refuse(
        Diagnostic::error(
            "no-event-time",
            place,
            format!("`{required}` cannot be the rowtime of table `{}`", asked.name),
        )
        .label(match column.and_then(|c| c.ty.as_ref()) {
            Some(ty) => format!("is {ty}, not a deterministic TIMESTAMP or TIMESTAMP_LTZ"),
            None => "its type is not known".to_owned(),
        })
        .note("a window stands on a rowtime, which is a TIMESTAMP or TIMESTAMP_LTZ (Flink docs, CREATE TABLE, WATERMARK)"),
    )
}

/// A column that there is no question about.
fn certain(asked: &Asked<'_>, column: &str, why: &str) -> Option<Candidate> {
    let candidate = physical::candidate(asked.text, asked.table.column(column)?)?;
    Some(Candidate {
        score: score::CONFIGURED,
        why: why.to_owned(),
        asks: None,
        ..candidate
    })
}

/// The best candidate, if no other one is about as good.
fn leader(asked: &Asked<'_>, offer: &Offer, read_at: Span) -> Decided<Candidate> {
    let mut usable = offer.candidates.iter().filter(|c| c.asks.is_none());
    let Some(best) = usable.next() else {
        return refuse(nothing(asked, offer, read_at));
    };
    let rivals: Vec<&Candidate> = usable.filter(|c| c.score + MARGIN > best.score).collect();
    if rivals.is_empty() {
        return Ok(best.clone());
    }
    let all: Vec<&Candidate> = [best].into_iter().chain(rivals).collect();
    refuse(ambiguous(asked, offer, &all))
}

fn ambiguous(asked: &Asked<'_>, offer: &Offer, candidates: &[&Candidate]) -> Diagnostic {
    let names: Vec<String> = candidates.iter().map(|c| format!("`{}`", c.name)).collect();
    let mut error = Diagnostic::error(
        "ambiguous-event-time",
        asked.place,
        format!(
            "table `{}` has {} columns that could be its event time",
            asked.name,
            names.len()
        ),
    )
    .label("has no watermark, but an INSERT reads it")
    .note(format!("candidates: {}", names.join(", ")));
    for candidate in candidates {
        let text = described(candidate);
        error = match candidate.span {
            Some(span) => error.related(span, text),
            None => error.note(format!("`{}`: {text}", candidate.name)),
        };
        error.help.extend(candidate.config(asked.key));
    }
    with_passed_over(error, offer)
}

fn nothing(asked: &Asked<'_>, offer: &Offer, read_at: Span) -> Diagnostic {
    let name = asked.name;
    let mut error = Diagnostic::error(
        "no-event-time",
        asked.place,
        format!("table `{name}` has no event time"),
    )
    .label(match offer.candidates.is_empty() {
        true => "no watermark, no timestamp column, no timestamp among its connector's metadata",
        false => "no watermark, and no column that says by itself when the row happened",
    })
    .related(read_at, "an INSERT writes its rows here")
    .note("the gate compares each row's event time with the cutover");
    for candidate in &offer.candidates {
        let text = described(candidate);
        error = match candidate.span {
            Some(span) => error.related(span, text),
            None => error.note(format!("metadata '{}': {text}", candidate.name)),
        };
        error.help.extend(candidate.config(asked.key));
    }
    if offer.candidates.is_empty() {
        let example = [("expression", "TO_TIMESTAMP_LTZ(epoch_ms, 3)")];
        error = error
            .help(format!("any SQL over its columns can be the event time, as in {}", config_lines(asked.key, &example)))
            .help(format!("or the time at which a job reads the row, on which two jobs never agree whole, in {}", ingestion_lines(asked.key)));
    }
    with_passed_over(error, offer)
}

fn described(candidate: &Candidate) -> String {
    let Candidate {
        data_type,
        why,
        score,
        ..
    } = candidate;
    format!("{data_type}: {why} (score {score})")
}

fn with_passed_over(mut error: Diagnostic, offer: &Offer) -> Diagnostic {
    for column in &offer.passed_over {
        error = error.note(format!(
            "not `{}` ({}): {}",
            column.name, column.data_type, column.why
        ));
    }
    error
}
