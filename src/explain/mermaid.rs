//! An explanation as a Mermaid flow chart.

use super::graph::{EdgeKind, NodeKind, graph};
use super::{Explanation, Verdict};
use std::fmt::Write;

/// `flowchart LR`, as Mermaid 10 and later read it.
pub fn mermaid(explanation: &Explanation) -> String {
    let graph = graph(explanation);
    let mut out = String::from("flowchart LR\n");
    for (id, node) in graph.nodes.iter().enumerate() {
        let lines: Vec<String> = node.lines.iter().map(|l| escaped(l)).collect();
        let label = lines.join("<br/>");
        let (open, close) = match node.kind {
            NodeKind::Source | NodeKind::Sink => ("[(", ")]"),
            NodeKind::Time => ("(", ")"),
            NodeKind::Gate(_) | NodeKind::SourceGate => ("{{", "}}"),
            NodeKind::Operator => ("[", "]"),
        };
        let _ = writeln!(out, "  n{id}{open}\"{label}\"{close}");
    }
    for edge in &graph.edges {
        let arrow = match edge.kind {
            EdgeKind::Rows => "-->",
            EdgeKind::Time => "-. time .->",
        };
        let _ = writeln!(out, "  n{} {arrow} n{}", edge.from, edge.to);
    }
    for (verdict, name, style) in STYLES {
        let ids: Vec<String> = (0..graph.nodes.len())
            .filter(|id| graph.nodes[*id].kind == NodeKind::Gate(verdict))
            .map(|id| format!("n{id}"))
            .collect();
        if !ids.is_empty() {
            let _ = writeln!(out, "  classDef {name} {style}");
            let _ = writeln!(out, "  class {} {name}", ids.join(","));
        }
    }
    out
}

/// The line's width and dashes say it too, where colours do not show.
const STYLES: [(Verdict, &str, &str); 4] = [
    (
        Verdict::Exact,
        "exact",
        "fill:#e3f4e7,stroke:#17692d,stroke-width:2px,color:#000",
    ),
    (
        Verdict::BestEffort,
        "bestEffort",
        "fill:#fff3d1,stroke:#805b00,stroke-width:2px,stroke-dasharray:6 3,color:#000",
    ),
    (
        Verdict::LeftAlone,
        "leftAlone",
        "fill:#ededed,stroke:#444,stroke-width:1px,stroke-dasharray:2 2,color:#000",
    ),
    (
        Verdict::Refused,
        "refused",
        "fill:#fbe3e4,stroke:#9b1c1f,stroke-width:4px,color:#000",
    ),
];

/// Text in a quoted label: Mermaid's character entities for all that it or HTML would read as more.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '#' | '"' | '<' | '>' | '&' | '`' | ';' | '\\' => {
                let _ = write!(out, "#{};", c as u32);
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
    fn what_mermaid_reads_as_more_than_text_is_escaped() {
        assert_eq!(
            super::escaped("`a`\n\"é\" <b> #1;"),
            "#96;a#96; #34;é#34; #60;b#62; #35;1#59;"
        );
    }
}
