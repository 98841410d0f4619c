//! An explanation in the DOT language of Graphviz.

use super::graph::{EdgeKind, NodeKind, graph};
use super::{Explanation, Verdict};
use std::fmt::Write;

/// One `digraph`, from left to right.
pub fn dot(explanation: &Explanation) -> String {
    let graph = graph(explanation);
    let mut out = String::from(
        "digraph tidegate {\n  rankdir=LR;\n  node [shape=box, fontname=\"monospace\", fontsize=10];\n",
    );
    for (id, node) in graph.nodes.iter().enumerate() {
        let lines: Vec<String> = node.lines.iter().map(|l| escaped(l)).collect();
        let more = match node.kind {
            NodeKind::Source | NodeKind::Sink => ", shape=cylinder",
            NodeKind::Time => ", style=rounded",
            NodeKind::SourceGate => ", shape=hexagon",
            NodeKind::Gate(verdict) => style(verdict),
            NodeKind::Operator => "",
        };
        let _ = writeln!(out, "  n{id} [label=\"{}\"{more}];", lines.join("\\n"));
    }
    for edge in &graph.edges {
        let more = match edge.kind {
            EdgeKind::Rows => "",
            EdgeKind::Time => " [style=dashed, label=\"time\", fontname=\"monospace\", fontsize=9]",
        };
        let _ = writeln!(out, "  n{} -> n{}{more};", edge.from, edge.to);
    }
    out.push_str("}\n");
    out
}

/// The line's width and dashes say it too, where colours do not show.
fn style(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Exact => {
            ", shape=hexagon, style=filled, fillcolor=\"#e3f4e7\", color=\"#17692d\", penwidth=2"
        }
        Verdict::BestEffort => {
            ", shape=hexagon, style=\"filled,dashed\", fillcolor=\"#fff3d1\", color=\"#805b00\", penwidth=2"
        }
        Verdict::LeftAlone => {
            ", shape=hexagon, style=\"filled,dotted\", fillcolor=\"#ededed\", color=\"#444444\""
        }
        Verdict::Refused => {
            ", shape=hexagon, style=\"filled,bold\", fillcolor=\"#fbe3e4\", color=\"#9b1c1f\", penwidth=4"
        }
    }
}

/// Text in a quoted string.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn quotes_and_backslashes_are_escaped() {
        assert_eq!(super::escaped("a\\ \"é\"\n<b>"), "a\\\\ \\\"é\\\" <b>");
    }
}
