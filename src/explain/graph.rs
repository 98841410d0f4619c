//! An explanation as a graph: rows from sources over operators and gates to sinks, and the way of the
//! event time where it leaves that way.

use super::{
    ChangelogMode, Explanation, Gate, Insert, Operator, Pinned, Source, TimeStep, TimeStepKind,
    Verdict,
};
use crate::time::quote;
use std::collections::{BTreeMap, BTreeSet};

/// What is drawn. Edges lead from lower to higher positions in time, never in a circle.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    pub nodes: Vec<Node>,
    pub edges: Vec<Edge>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub kind: NodeKind,
    /// What it says, one line each; the first is its title.
    pub lines: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    Source,
    Operator,
    /// A gate right behind a source.
    SourceGate,
    /// A view or a derived table that the event time goes through.
    Time,
    /// What stands before a sink.
    Gate(Verdict),
    Sink,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    pub from: usize,
    pub to: usize,
    pub kind: EdgeKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EdgeKind {
    Rows,
    /// The event time only.
    Time,
}

pub fn graph(explanation: &Explanation) -> Graph {
    let mut drawing = Drawing {
        sources: &explanation.sources,
        ..Drawing::default()
    };
    for insert in &explanation.inserts {
        drawing.insert(insert);
    }
    drawing.graph
}

#[derive(Default)]
struct Drawing<'a> {
    sources: &'a [Source],
    graph: Graph,
    /// A table is one node, however often it is read.
    tables: BTreeMap<String, usize>,
    source_gates: BTreeMap<String, usize>,
    sinks: BTreeMap<String, usize>,
    joined: BTreeSet<(usize, usize)>,
}

impl Drawing<'_> {
    fn node(&mut self, kind: NodeKind, lines: Vec<String>) -> usize {
        self.graph.nodes.push(Node { kind, lines });
        self.graph.nodes.len() - 1
    }

    fn edge(&mut self, from: usize, to: usize, kind: EdgeKind) {
        // Where rows go, their time goes too.
        if from != to && self.joined.insert((from, to)) {
            self.graph.edges.push(Edge { from, to, kind });
        }
    }

    fn insert(&mut self, insert: &Insert) {
        let nodes: Vec<usize> = insert
            .operators
            .iter()
            .map(|o| self.operator(o, insert))
            .collect();
        for (index, operator) in insert.operators.iter().enumerate() {
            for input in &operator.inputs {
                if let Some(from) = nodes.get(*input) {
                    self.edge(*from, nodes[index], EdgeKind::Rows);
                }
            }
        }
        let gate = self.node(NodeKind::Gate(insert.verdict), gate_lines(insert));
        let read: BTreeSet<usize> = insert
            .operators
            .iter()
            .flat_map(|o| o.inputs.iter().copied())
            .collect();
        let tops = (0..nodes.len()).filter(|i| !read.contains(i));
        for top in tops.collect::<Vec<_>>() {
            self.edge(nodes[top], gate, EdgeKind::Rows);
        }
        self.times(insert, &nodes, gate);
        let sink = match self.sinks.get(&insert.sink) {
            Some(sink) => *sink,
            None => {
                let lines = vec!["sink".to_owned(), insert.sink.clone()];
                let sink = self.node(NodeKind::Sink, lines);
                self.sinks.insert(insert.sink.clone(), sink);
                sink
            }
        };
        self.edge(gate, sink, EdgeKind::Rows);
    }

    fn operator(&mut self, operator: &Operator, insert: &Insert) -> usize {
        if let Some(table) = &operator.table {
            let source = self.table(table);
            let gates = insert.gate.iter().flat_map(|g| &g.source_gates);
            return match gates.into_iter().find(|g| g.table == *table) {
                Some(gate) => match self.source_gates.get(&gate.view) {
                    Some(known) => *known,
                    None => {
                        let lines = vec!["source gate".to_owned(), quote(&gate.view)];
                        let node = self.node(NodeKind::SourceGate, lines);
                        self.source_gates.insert(gate.view.clone(), node);
                        self.edge(source, node, EdgeKind::Rows);
                        node
                    }
                },
                None => source,
            };
        }
        let mut lines = vec![operator.name.clone()];
        lines.extend(operator.changelog.as_ref().map(ToString::to_string));
        let is_it = |step: &&TimeStep| {
            let of_operator = !matches!(
                step.kind,
                TimeStepKind::Source
                    | TimeStepKind::View
                    | TimeStepKind::Query
                    | TimeStepKind::Added
            );
            of_operator && step.place == Some(operator.place)
        };
        let step = insert.lineage.iter().find(is_it);
        lines.extend(step.map(|step| format!("time: {}", step.time)));
        lines.push(format!("at {}", operator.place));
        self.node(NodeKind::Operator, lines)
    }

    fn table(&mut self, table: &str) -> usize {
        if let Some(known) = self.tables.get(table) {
            return *known;
        }
        let mut lines = vec!["source".to_owned(), table.to_owned()];
        let source = self.sources.iter().find(|s| s.table == table);
        match source.map(|s| &s.rowtime) {
            Some(Some(rowtime)) => {
                let ty = rowtime.data_type.as_deref().unwrap_or_default();
                lines.push(format!("{} {ty}", quote(&rowtime.column)));
                lines.extend(rowtime.definition.clone());
                let how = if rowtime.added.is_some() {
                    "added"
                } else {
                    "declared"
                };
                lines.push(format!("watermark {how}: {}", rowtime.watermark));
            }
            Some(None) => lines.push("no event time".to_owned()),
            // The versioned side of a temporal join, a table that is looked up.
            None => {}
        }
        let node = self.node(NodeKind::Source, lines);
        self.tables.insert(table.to_owned(), node);
        node
    }

    /// The way of the event time, as far as it is not that of the rows.
    fn times(&mut self, insert: &Insert, operators: &[usize], gate: usize) {
        let mut nodes: Vec<usize> = Vec::new();
        for step in &insert.lineage {
            let of_operator = || {
                let of_source = step.kind == TimeStepKind::Source;
                let same = insert.operators.iter().position(|o| {
                    // A joined table starts where its join is told.
                    o.table.is_some() == of_source && Some(o.place) == step.place
                });
                same.map(|index| operators[index])
            };
            let node = match step.kind {
                TimeStepKind::Gate => gate,
                // Said by the gate, or by what it is a column of.
                TimeStepKind::Added => match step.inputs.first().and_then(|i| nodes.get(*i)) {
                    Some(node) => *node,
                    None => gate,
                },
                TimeStepKind::View | TimeStepKind::Query => {
                    let what = if step.kind == TimeStepKind::View {
                        "view"
                    } else {
                        "query"
                    };
                    let lines = vec![format!("{what} {}", quote(&step.of)), step.time.clone()];
                    self.node(NodeKind::Time, lines)
                }
                _ => match of_operator() {
                    Some(node) => node,
                    None => {
                        let lines = vec![step.of.clone(), step.time.clone()];
                        self.node(NodeKind::Time, lines)
                    }
                },
            };
            for input in &step.inputs {
                if let Some(from) = nodes.get(*input).copied() {
                    self.edge(from, node, EdgeKind::Time);
                }
            }
            nodes.push(node);
        }
    }
}

fn gate_lines(insert: &Insert) -> Vec<String> {
    let verdict = insert.verdict.words();
    let Some(gate) = &insert.gate else {
        let mut lines = vec![format!("no gate: {verdict}")];
        lines.extend(insert.refusals.iter().map(|r| r.name.clone()));
        if insert.verdict == Verdict::LeftAlone {
            lines.push("constant rows".to_owned());
        }
        lines.dedup();
        return lines;
    };
    let Gate {
        view,
        time,
        made_of,
        pinned,
        two_sided,
        ..
    } = gate;
    let mut lines = vec![match view {
        Some(view) => format!("gate {}: {verdict}", quote(view)),
        None => format!("gate: {verdict}"),
    }];
    lines.push(made_of.as_ref().unwrap_or(time).clone());
    let mut how = vec![if *two_sided { "two-sided" } else { "one-sided" }];
    how.extend(pinned.map(|how| match how {
        Pinned::No => "plain",
        Pinned::Element | Pinned::Unnest => "pinned",
    }));
    lines.push(how.join(", "));
    if let Some(changelog) = &insert.changelog
        && changelog.mode != ChangelogMode::Append
    {
        lines.push(changelog.to_string());
    }
    lines.extend(match insert.conditions.len() {
        0 => None,
        1 => Some("1 condition".to_owned()),
        n => Some(format!("{n} conditions")),
    });
    lines
}
