//! An explanation as an SVG picture. Nothing in it is loaded or run.

use super::graph::{EdgeKind, NodeKind, graph};
use super::layout::layout;
use super::{Explanation, Verdict};
use crate::text::xml;
use std::fmt::Write;

/// Pixels for a character and a line of the monospaced font below.
const CHARACTER: i32 = 8;
const LINE: i32 = 17;
const PADDING: i32 = 10;
/// Longer lines are broken, in characters.
const LONGEST: usize = 44;

const LEGEND: &str = "Solid lines: rows. Dashed lines: the event time alone.";

/// One `<svg>` element; valid XML.
pub fn svg(explanation: &Explanation) -> String {
    let graph = graph(explanation);
    let labels: Vec<Vec<String>> = graph
        .nodes
        .iter()
        .map(|n| n.lines.iter().flat_map(|l| broken(l)).collect())
        .collect();
    let sizes: Vec<(i32, i32)> = labels.iter().map(|lines| size(lines)).collect();
    let placed = layout(&graph, &sizes);
    let legend = graph.edges.iter().any(|e| e.kind == EdgeKind::Time);
    let (legend_width, legend_height) = if legend {
        (size(&[LEGEND.to_owned()]).0, LINE + PADDING)
    } else {
        (0, 0)
    };
    let width = placed.width.max(legend_width);
    let height = placed.height + legend_height;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" font-family=\"monospace\" font-size=\"13\">\n\
         <title>From sources over gates to sinks</title>\n\
         <defs><marker id=\"arrow\" viewBox=\"0 0 10 10\" refX=\"10\" refY=\"5\" markerWidth=\"8\" \
         markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0 L10 5 L0 10 z\" fill=\"#333\"/></marker></defs>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n"
    );
    for (edge, line) in graph.edges.iter().zip(&placed.lines) {
        let dashes = match edge.kind {
            EdgeKind::Rows => "",
            EdgeKind::Time => " stroke-dasharray=\"5 4\"",
        };
        let _ = writeln!(
            out,
            "<path d=\"{}\" fill=\"none\" stroke=\"#333\" stroke-width=\"1.3\"{dashes} marker-end=\"url(#arrow)\"/>",
            curve(line)
        );
    }
    for ((node, lines), rect) in graph.nodes.iter().zip(&labels).zip(&placed.boxes) {
        let (look, corner) = look(node.kind);
        let _ = writeln!(
            out,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{corner}\" {look}/>",
            rect.x, rect.y, rect.width, rect.height
        );
        for (number, line) in lines.iter().enumerate() {
            let weight = if number == 0 {
                " font-weight=\"bold\""
            } else {
                ""
            };
            let _ = writeln!(
                out,
                "<text x=\"{}\" y=\"{}\"{weight}>{}</text>",
                rect.x + PADDING,
                rect.y + PADDING + LINE * (number as i32 + 1) - 5,
                xml(line)
            );
        }
    }
    if legend {
        let _ = writeln!(
            out,
            "<text x=\"{PADDING}\" y=\"{}\" font-style=\"italic\">{}</text>",
            height - PADDING,
            xml(LEGEND)
        );
    }
    out.push_str("</svg>\n");
    out
}

/// Straight through the layers, in bows between them.
fn curve(line: &[(i32, i32)]) -> String {
    let mut path = String::new();
    for (at, &(x, y)) in line.iter().enumerate() {
        let _ = match at.checked_sub(1).map(|before| line[before]) {
            None => write!(path, "M{x} {y}"),
            Some((_, before)) if before == y => write!(path, " L{x} {y}"),
            Some((left, before)) => {
                let middle = (left + x) / 2;
                write!(path, " C{middle} {before} {middle} {y} {x} {y}")
            }
        };
    }
    path
}

/// Fill and line of a box, and how round it is. The line's width and dashes say what the colour says.
fn look(kind: NodeKind) -> (&'static str, i32) {
    match kind {
        NodeKind::Source | NodeKind::Sink => (
            "fill=\"#eef3fb\" stroke=\"#274b85\" stroke-width=\"1.3\"",
            12,
        ),
        NodeKind::Operator => ("fill=\"#fff\" stroke=\"#333\" stroke-width=\"1.3\"", 2),
        NodeKind::Time => (
            "fill=\"#fff\" stroke=\"#333\" stroke-width=\"1\" stroke-dasharray=\"5 4\"",
            10,
        ),
        NodeKind::SourceGate => ("fill=\"#f3f3f3\" stroke=\"#333\" stroke-width=\"2\"", 2),
        NodeKind::Gate(Verdict::Exact) => {
            ("fill=\"#e3f4e7\" stroke=\"#17692d\" stroke-width=\"2\"", 2)
        }
        NodeKind::Gate(Verdict::BestEffort) => (
            "fill=\"#fff3d1\" stroke=\"#805b00\" stroke-width=\"2\" stroke-dasharray=\"9 4\"",
            2,
        ),
        NodeKind::Gate(Verdict::LeftAlone) => (
            "fill=\"#ededed\" stroke=\"#444\" stroke-width=\"1\" stroke-dasharray=\"2 3\"",
            2,
        ),
        NodeKind::Gate(Verdict::Refused) => {
            ("fill=\"#fbe3e4\" stroke=\"#9b1c1f\" stroke-width=\"4\"", 2)
        }
    }
}

fn size(lines: &[String]) -> (i32, i32) {
    let widest = lines.iter().map(|l| cells(l)).max().unwrap_or(0);
    (
        widest * CHARACTER + 2 * PADDING,
        lines.len() as i32 * LINE + 2 * PADDING,
    )
}

/// How wide a text is, in characters of the Latin alphabet: those of East Asia and pictures are twice as wide.
fn cells(text: &str) -> i32 {
    text.chars()
        .map(|c| if c >= '\u{1100}' { 2 } else { 1 })
        .sum()
}

/// Breaks a long line, at blanks where it has some.
fn broken(line: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in line.split_whitespace() {
        let chars: Vec<char> = word.chars().collect();
        for (part, piece) in chars.chunks(LONGEST).enumerate() {
            let last = lines.len() - 1;
            let room = lines[last].chars().count() + 1 + piece.len() <= LONGEST;
            if lines[last].is_empty() || room && part == 0 {
                if !lines[last].is_empty() {
                    lines[last].push(' ');
                }
                lines[last].extend(piece);
            } else {
                lines.push(piece.iter().collect());
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, broken};

    #[test]
    fn long_lines_are_broken() {
        let long = format!("one {} two", "x".repeat(2 * LONGEST));
        let lines = broken(&long);
        assert!(
            lines.iter().all(|l| l.chars().count() <= LONGEST),
            "{lines:?}"
        );
        assert_eq!(lines.concat().replace(' ', ""), long.replace(' ', ""));
        assert_eq!(broken(""), [""]);
    }
}
