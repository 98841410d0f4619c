//! Lost and doubled rows against the deletion delay, as an SVG picture. Nothing in it is loaded or run.

use super::text::delay;
use super::{Replay, Rung};
use crate::text::xml;
use crate::verify::Report;
use std::fmt::Write;

/// Pixels.
const WIDTH: i64 = 640;
const HEIGHT: i64 = 300;
const LEFT: i64 = 80;
const RIGHT: i64 = 24;
const TOP: i64 = 44;
const BOTTOM: i64 = 60;

/// One `<svg>` element with a diagram for each INSERT that was replayed; valid XML. `None`: none was.
pub fn plot(report: &Report) -> Option<String> {
    let replayed = report.inserts.iter().filter_map(|insert| {
        let replay = insert.replay.as_ref().filter(|r| !r.rungs.is_empty())?;
        Some((insert.sink.as_str(), replay))
    });
    let all: Vec<(&str, &Replay)> = replayed.collect();
    if all.is_empty() {
        return None;
    }
    let height = HEIGHT * all.len() as i64;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
         viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" font-family=\"monospace\" font-size=\"12\">\n\
         <title>Rows lost and doubled against the deletion delay</title>\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fff\"/>\n"
    );
    for (n, (sink, replay)) in all.into_iter().enumerate() {
        diagram(&mut out, sink, replay, n as i64 * HEIGHT);
    }
    out.push_str("</svg>\n");
    Some(out)
}

/// What of a rung is drawn.
type Of = fn(&Rung) -> usize;

/// A step of 1, 2 or 5 times a power of ten, of which at most five fit.
fn step(largest: i64) -> i64 {
    let mut unit = 1;
    loop {
        for by in [1, 2, 5] {
            if unit * by * 5 >= largest {
                return unit * by;
            }
        }
        unit *= 10;
    }
}

fn diagram(out: &mut String, sink: &str, replay: &Replay, top: i64) {
    let delays = replay.rungs.iter().map(|r| r.delay_ms);
    let (low, high) = (
        delays.clone().min().unwrap_or(0),
        delays.max().unwrap_or(0).max(1),
    );
    let most = replay.rungs.iter().map(|r| r.lost.max(r.doubled)).max();
    let most = most.unwrap_or(0).max(1) as i64;
    let tick = step(most);
    let most = (most + tick - 1) / tick * tick;
    let (right, bottom) = (WIDTH - RIGHT, top + HEIGHT - BOTTOM);
    let x = |ms: i64| LEFT + (right - LEFT) * (ms - low) / (high - low).max(1);
    let y = |rows: i64| bottom - (bottom - top - TOP) * rows / most;
    let mut line = |text: std::fmt::Arguments<'_>| {
        let _ = writeln!(out, "{text}");
    };
    line(format_args!(
        "<text x=\"{LEFT}\" y=\"{}\" font-weight=\"bold\">{}</text>",
        top + 20,
        xml(&shortened(sink))
    ));
    line(format_args!(
        "<path d=\"M{LEFT} {} V{bottom} H{right}\" fill=\"none\" stroke=\"#333\"/>",
        top + TOP
    ));
    for rows in (0..=most).step_by(tick as usize) {
        line(format_args!(
            "<path d=\"M{} {} H{LEFT}\" stroke=\"#333\"/><text x=\"{}\" y=\"{}\" text-anchor=\"end\">{rows}</text>",
            LEFT - 4,
            y(rows),
            LEFT - 8,
            y(rows) + 4
        ));
    }
    // Labels that would touch the one before are left out.
    let mut free = i64::MIN;
    for rung in &replay.rungs {
        let (at, label) = (x(rung.delay_ms), delay(rung.delay_ms));
        line(format_args!(
            "<path d=\"M{at} {bottom} V{}\" stroke=\"#333\"/>",
            bottom + 4
        ));
        let half = label.len() as i64 * 4;
        if at - half > free {
            free = at + half + 4;
            line(format_args!(
                "<text x=\"{at}\" y=\"{}\" text-anchor=\"middle\">{label}</text>",
                bottom + 18
            ));
        }
    }
    line(format_args!(
        "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">deletion delay</text>",
        (LEFT + right) / 2,
        bottom + 40
    ));
    let middle = (top + TOP + bottom) / 2;
    line(format_args!(
        "<text x=\"22\" y=\"{middle}\" text-anchor=\"middle\" transform=\"rotate(-90 22 {middle})\">rows of {}</text>",
        replay.rungs.first().map_or(0, |r| r.rows)
    ));
    if (low..=high).contains(&replay.bound_ms) {
        let at = x(replay.bound_ms);
        line(format_args!(
            "<path d=\"M{at} {} V{bottom}\" stroke=\"#777\" stroke-dasharray=\"2 3\"/>\
             <text x=\"{}\" y=\"{}\" text-anchor=\"end\" fill=\"#555\">derived from the script</text>",
            top + TOP,
            at - 4,
            top + TOP - 6
        ));
    }
    let series: [(&str, &str, &str, Of); 2] = [
        ("lost", "#9b1c1f", "", |r| r.lost),
        ("doubled", "#274b85", " stroke-dasharray=\"6 4\"", |r| {
            r.doubled
        }),
    ];
    for (n, (name, colour, dashes, of)) in series.into_iter().enumerate() {
        let points = replay
            .rungs
            .iter()
            .map(|r| (x(r.delay_ms), y(of(r) as i64)));
        let points: Vec<(i64, i64)> = points.collect();
        let joined: Vec<String> = points.iter().map(|(x, y)| format!("{x},{y}")).collect();
        line(format_args!(
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"{dashes}/>",
            joined.join(" ")
        ));
        for (at, rows) in points {
            // Two points at one place are both seen.
            line(format_args!(
                "<circle cx=\"{at}\" cy=\"{rows}\" r=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\"/>",
                3 + 2 * n
            ));
        }
        let legend = right - 190 + 95 * n as i64;
        line(format_args!(
            "<path d=\"M{legend} {} h24\" stroke=\"{colour}\" stroke-width=\"2\"{dashes}/>\
             <text x=\"{}\" y=\"{}\">{name}</text>",
            top + 16,
            legend + 30,
            top + 20
        ));
    }
}

/// What fits beside the legend.
fn shortened(name: &str) -> String {
    match name.char_indices().nth(44) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::step;

    #[test]
    fn steps_are_round() {
        assert_eq!([1, 5, 6, 11, 60, 240].map(step), [1, 1, 2, 5, 20, 50]);
    }
}
