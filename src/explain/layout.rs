//! Where the boxes of a drawing stand: in layers from left to right, each box behind all that it reads.

use super::graph::{Edge, Graph};

/// A box: its left upper corner and its size, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rect {
    pub x: i32,
    pub y: i32,
    pub width: i32,
    pub height: i32,
}

#[derive(Debug, Default)]
pub struct Layout {
    /// One for each node.
    pub boxes: Vec<Rect>,
    /// One for each edge: the points that its line goes through.
    pub lines: Vec<Vec<(i32, i32)>>,
    pub width: i32,
    pub height: i32,
}

const MARGIN: i32 = 16;
const BETWEEN_LAYERS: i32 = 56;
const BETWEEN_BOXES: i32 = 24;
/// Room for an edge that passes by a layer.
const PASSAGE: i32 = 10;
const SWEEPS: usize = 6;
/// With more passages than this, edges lead straight over what stands between.
const MOST_PASSAGES: usize = 20_000;

/// What stands in a layer: a node, or an edge on its way to a later layer.
struct Slot {
    node: Option<usize>,
    layer: usize,
    height: i32,
    y: i32,
    before: Vec<usize>,
    after: Vec<usize>,
}

/// `sizes`: width and height of each node's box.
pub fn layout(graph: &Graph, sizes: &[(i32, i32)]) -> Layout {
    let layer = layers(graph);
    let mut slots: Vec<Slot> = layer
        .iter()
        .enumerate()
        .map(|(node, layer)| Slot::new(Some(node), *layer, sizes[node].1))
        .collect();
    let mut ways: Vec<Vec<usize>> = Vec::new();
    let between = |e: &Edge| layer[e.from] + 1..layer[e.to];
    let passages: usize = graph.edges.iter().map(|e| between(e).len()).sum();
    for edge @ &Edge { from, to, .. } in &graph.edges {
        let mut way = vec![from];
        for between in between(edge).filter(|_| passages <= MOST_PASSAGES) {
            slots.push(Slot::new(None, between, PASSAGE));
            way.push(slots.len() - 1);
        }
        way.push(to);
        for pair in way.windows(2) {
            slots[pair[0]].after.push(pair[1]);
            slots[pair[1]].before.push(pair[0]);
        }
        ways.push(way);
    }
    let count = layer.iter().max().map_or(0, |last| last + 1);
    let mut columns: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (id, slot) in slots.iter().enumerate() {
        columns[slot.layer].push(id);
    }
    for sweep in 0..SWEEPS {
        stack(&columns, &mut slots);
        let forward = sweep % 2 == 0;
        for step in 0..count {
            let column = if forward { step } else { count - 1 - step };
            sort(&mut columns[column], &mut slots, forward);
        }
    }
    stack(&columns, &mut slots);
    place(&columns, &slots, &ways, sizes)
}

impl Slot {
    fn new(node: Option<usize>, layer: usize, height: i32) -> Self {
        Self {
            node,
            layer,
            height,
            y: 0,
            before: Vec::new(),
            after: Vec::new(),
        }
    }

    fn middle(&self) -> i32 {
        self.y + self.height / 2
    }
}

/// The longest way from a node that nothing leads to.
fn layers(graph: &Graph) -> Vec<usize> {
    let mut layer = vec![0; graph.nodes.len()];
    let mut open: Vec<usize> = vec![0; graph.nodes.len()];
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); graph.nodes.len()];
    for edge in &graph.edges {
        open[edge.to] += 1;
        after[edge.from].push(edge.to);
    }
    let mut ready: Vec<usize> = (0..open.len()).filter(|n| open[*n] == 0).collect();
    while let Some(node) = ready.pop() {
        for &next in &after[node] {
            layer[next] = layer[next].max(layer[node] + 1);
            open[next] -= 1;
            if open[next] == 0 {
                ready.push(next);
            }
        }
    }
    layer
}

/// By the middle of what stands before (or behind) each slot; stable, so that the result is always the same.
fn sort(column: &mut [usize], slots: &mut [Slot], forward: bool) {
    let wish = |id: usize| {
        let slot = &slots[id];
        let beside = if forward { &slot.before } else { &slot.after };
        match beside.len() as i32 {
            0 => slot.middle(),
            n => beside.iter().map(|b| slots[*b].middle()).sum::<i32>() / n,
        }
    };
    let mut wishes: Vec<(i32, usize)> = column.iter().map(|id| (wish(*id), *id)).collect();
    wishes.sort_by_key(|(y, _)| *y);
    for (at, (_, id)) in wishes.into_iter().enumerate() {
        column[at] = id;
    }
    let mut y = 0;
    for &id in column.iter() {
        slots[id].y = y;
        y += slots[id].height + BETWEEN_BOXES;
    }
}

/// Stacks each column, all columns around one line.
fn stack(columns: &[Vec<usize>], slots: &mut [Slot]) {
    let height = |column: &Vec<usize>| -> i32 {
        let gaps = BETWEEN_BOXES * (column.len() as i32 - 1).max(0);
        column.iter().map(|id| slots[*id].height).sum::<i32>() + gaps
    };
    let heights: Vec<i32> = columns.iter().map(height).collect();
    let most = heights.iter().max().copied().unwrap_or(0);
    for (column, height) in columns.iter().zip(heights) {
        let mut y = MARGIN + (most - height) / 2;
        for &id in column {
            slots[id].y = y;
            y += slots[id].height + BETWEEN_BOXES;
        }
    }
}

fn place(
    columns: &[Vec<usize>],
    slots: &[Slot],
    ways: &[Vec<usize>],
    sizes: &[(i32, i32)],
) -> Layout {
    let mut layout = Layout {
        boxes: vec![Rect::default(); sizes.len()],
        ..Layout::default()
    };
    let mut x = MARGIN;
    let mut spans: Vec<(i32, i32)> = Vec::new();
    for column in columns {
        let nodes = column.iter().filter_map(|id| slots[*id].node);
        let width = nodes.map(|n| sizes[n].0).max().unwrap_or(PASSAGE);
        for &id in column {
            let slot = &slots[id];
            layout.height = layout.height.max(slot.y + slot.height + MARGIN);
            if let Some(node) = slot.node {
                layout.boxes[node] = Rect {
                    x: x + (width - sizes[node].0) / 2,
                    y: slot.y,
                    width: sizes[node].0,
                    height: slot.height,
                };
            }
        }
        spans.push((x, x + width));
        x += width + BETWEEN_LAYERS;
    }
    layout.width = (x - BETWEEN_LAYERS + MARGIN).max(2 * MARGIN);
    layout.height = layout.height.max(2 * MARGIN);
    for way in ways {
        let mut line = Vec::new();
        for (at, &id) in way.iter().enumerate() {
            let slot = &slots[id];
            let (left, right) = spans[slot.layer];
            let y = slot.middle();
            let rect = slot.node.map(|node| layout.boxes[node]);
            let (left, right) = rect.map_or((left, right), |r| (r.x, r.x + r.width));
            if at > 0 {
                line.push((left, y));
            }
            if at + 1 < way.len() {
                line.push((right, y));
            }
        }
        layout.lines.push(line);
    }
    layout
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::graph::{EdgeKind, Node, NodeKind};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_two_boxes_overlap_and_edges_lead_to_the_right(
            pairs in prop::collection::vec((0usize..12, 0usize..12), 0..30),
        ) {
            let node = Node { kind: NodeKind::Operator, lines: vec![] };
            let mut graph = Graph { nodes: vec![node; 12], edges: vec![] };
            for (a, b) in pairs {
                if a != b {
                    graph.edges.push(Edge { from: a.min(b), to: a.max(b), kind: EdgeKind::Rows });
                }
            }
            let sizes: Vec<(i32, i32)> = (0..12).map(|n| (40 + n * 7, 20 + n * 3)).collect();
            let done = layout(&graph, &sizes);
            for (i, a) in done.boxes.iter().enumerate() {
                for b in &done.boxes[..i] {
                    let apart = a.x + a.width <= b.x || b.x + b.width <= a.x
                        || a.y + a.height <= b.y || b.y + b.height <= a.y;
                    prop_assert!(apart, "{a:?} {b:?}");
                }
                prop_assert!(a.x + a.width <= done.width && a.y + a.height <= done.height);
            }
            for line in &done.lines {
                prop_assert!(line.windows(2).all(|p| p[0].0 < p[1].0), "{line:?}");
            }
        }
    }
}
