//! Takes out of a plan what does not change its rows: columns that nobody reads, and projections on projections.

use super::rel::{Ex, Rel, Shape};
use crate::validate::lower::relations::AS_OF;
use std::collections::BTreeSet;

type Need = BTreeSet<usize>;
/// Where a column went, if it is still there.
type Moved = Vec<Option<usize>>;

/// Each round can uncover work for the next; a plan that does not settle is compared as it is.
const MAX_ROUNDS: usize = 16;

pub fn simplify(mut rel: Rel) -> Rel {
    for _ in 0..MAX_ROUNDS {
        let before = rel.clone();
        rel = merge(prune_to_all(rel));
        if rel == before {
            break;
        }
    }
    rel
}

/// Prunes inside of a plan whose columns are all needed.
fn prune_to_all(rel: Rel) -> Rel {
    let need: Need = (0..rel.width()).collect();
    let (rel, moved) = prune(rel, &need);
    exactly(rel, &need, &moved)
}

/// The needed columns and no others, in order.
fn exactly(rel: Rel, need: &Need, moved: &Moved) -> Rel {
    let places: Vec<usize> = need.iter().map(|c| place(moved, *c)).collect();
    if places.iter().copied().eq(0..rel.width()) {
        return rel;
    }
    Rel::Project {
        input: Box::new(rel),
        exprs: places.into_iter().map(Ex::Col).collect(),
    }
}

/// A column that is asked for is there; should it ever not be, the position that no plan has makes a difference.
fn place(moved: &Moved, column: usize) -> usize {
    moved.get(column).copied().flatten().unwrap_or(usize::MAX)
}

fn read_by<'a>(exprs: impl IntoIterator<Item = &'a mut Ex>, need: &mut Need) {
    for ex in exprs {
        ex.columns(&mut |column| {
            need.insert(*column);
        });
    }
}

fn moved_in<'a>(exprs: impl IntoIterator<Item = &'a mut Ex>, moved: &Moved) {
    for ex in exprs {
        ex.columns(&mut |column| *column = place(moved, *column));
    }
}

fn all(width: usize) -> Moved {
    (0..width).map(Some).collect()
}

/// Those of `exprs` that are needed, where the first is column `from`; `moved` learns where they go.
fn keep(exprs: Vec<Ex>, from: usize, to: usize, need: &Need, moved: &mut Moved) -> Vec<Ex> {
    let mut kept = Vec::new();
    for (n, ex) in exprs.into_iter().enumerate() {
        let needed = need.contains(&(from + n));
        moved.push(needed.then_some(to + kept.len()));
        if needed {
            kept.push(ex);
        }
    }
    kept
}

/// The plan without the columns that are not needed, as far as they can go, and where the others went.
fn prune(mut rel: Rel, need: &Need) -> (Rel, Moved) {
    for ex in rel.exprs_mut() {
        prune_queries(ex);
    }
    match rel {
        Rel::Scan { table, columns } => {
            let mut moved = Moved::new();
            let mut kept = Vec::new();
            for (n, column) in columns.into_iter().enumerate() {
                moved.push(need.contains(&n).then_some(kept.len()));
                if need.contains(&n) {
                    kept.push(column);
                }
            }
            let columns = kept;
            (Rel::Scan { table, columns }, moved)
        }
        Rel::Rows { width, .. } => (rel, all(width)),
        Rel::Project { input, exprs } => {
            let mut moved = Moved::new();
            let mut exprs = keep(exprs, 0, 0, need, &mut moved);
            let input = under(*input, Need::new(), &mut exprs);
            (Rel::Project { input, exprs }, moved)
        }
        Rel::Filter {
            input,
            mut predicate,
        } => {
            let mut below = need.clone();
            read_by([&mut predicate], &mut below);
            let (input, moved) = prune(*input, &below);
            moved_in([&mut predicate], &moved);
            let input = Box::new(input);
            (Rel::Filter { input, predicate }, moved)
        }
        Rel::Order {
            kind,
            input,
            mut exprs,
        } => {
            let mut below = need.clone();
            read_by(&mut exprs, &mut below);
            let (input, moved) = prune(*input, &below);
            moved_in(&mut exprs, &moved);
            let input = Box::new(input);
            (Rel::Order { kind, input, exprs }, moved)
        }
        Rel::Window { input, exprs } => {
            let width = input.width();
            let mut after = Moved::new();
            let mut exprs = keep(exprs, width, 0, need, &mut after);
            let mut below: Need = need.iter().copied().filter(|c| *c < width).collect();
            read_by(&mut exprs, &mut below);
            let (input, mut moved) = prune(*input, &below);
            moved_in(&mut exprs, &moved);
            let start = input.width();
            moved.extend(after.into_iter().map(|to| to.map(|to| start + to)));
            let input = Box::new(input);
            (Rel::Window { input, exprs }, moved)
        }
        Rel::Aggregate {
            kind,
            input,
            mut keys,
            set_id,
            aggregates,
        } => {
            let first = keys.len() + usize::from(set_id);
            let mut moved = all(first);
            let mut aggregates = keep(aggregates, first, first, need, &mut moved);
            let mut below = Need::new();
            read_by(keys.iter_mut().chain(&mut aggregates), &mut below);
            let (input, under) = prune(*input, &below);
            moved_in(keys.iter_mut().chain(&mut aggregates), &under);
            let rel = Rel::Aggregate {
                kind,
                input: Box::new(input),
                keys,
                set_id,
                aggregates,
            };
            (rel, moved)
        }
        Rel::Union { inputs } => {
            let one = |input: Rel| {
                let (input, moved) = prune(input, need);
                exactly(input, need, &moved)
            };
            let width = inputs.first().map_or(0, Rel::width);
            let inputs: Vec<Rel> = inputs.into_iter().map(one).collect();
            let order: Vec<usize> = need.iter().copied().collect();
            let moved = (0..width).map(|c| order.iter().position(|n| *n == c));
            (Rel::Union { inputs }, moved.collect())
        }
        Rel::Join {
            kind,
            shape,
            lateral,
            left,
            right,
            mut on,
        } => {
            let width = left.width();
            let mut below = Need::new();
            read_by(&mut on, &mut below);
            match shape {
                Shape::Both | Shape::LeftOnly => below.extend(need),
                Shape::RightOnly => below.extend(need.iter().map(|c| c + width)),
            }
            let right_need = below.iter().filter_map(|c| c.checked_sub(width)).collect();
            let (mut right, right_moved) = prune(*right, &right_need);
            let mut left_need: Need = below.into_iter().filter(|c| *c < width).collect();
            if lateral {
                right.outer_columns(1, &mut |column| {
                    left_need.insert(*column);
                });
            }
            let (left, left_moved) = prune(*left, &left_need);
            if lateral {
                right.outer_columns(1, &mut |column| *column = place(&left_moved, *column));
            }
            let start = left.width();
            let shifted = right_moved.iter().map(|to| to.map(|to| start + to));
            let both: Moved = left_moved.iter().copied().chain(shifted).collect();
            moved_in(&mut on, &both);
            let moved = match shape {
                Shape::Both => both,
                Shape::LeftOnly => left_moved,
                Shape::RightOnly => right_moved,
            };
            let rel = Rel::Join {
                kind,
                shape,
                lateral,
                left: Box::new(left),
                right: Box::new(right),
                on,
            };
            (rel, moved)
        }
        Rel::Opaque {
            kind,
            inputs,
            exprs,
            passes,
            made,
        } => prune_opaque(kind, inputs, exprs, (passes, made), need),
    }
}

/// The input of an operator whose expressions are all that reads it.
fn under(input: Rel, mut need: Need, exprs: &mut [Ex]) -> Box<Rel> {
    read_by(exprs.iter_mut(), &mut need);
    let (input, moved) = prune(input, &need);
    moved_in(exprs, &moved);
    Box::new(input)
}

/// Windows, versions and patterns read of their input what they name. A function of the user may read the whole row.
fn reads_by_name(kind: &str) -> bool {
    matches!(kind, "TUMBLE" | "HOP" | "CUMULATE" | "SESSION")
        || kind == AS_OF
        || kind.starts_with("MATCH_RECOGNIZE")
}

fn prune_opaque(
    kind: String,
    mut inputs: Vec<Rel>,
    mut exprs: Vec<Ex>,
    (mut passes, mut made): (usize, Vec<Option<usize>>),
    need: &Need,
) -> (Rel, Moved) {
    let mut moved;
    if reads_by_name(&kind)
        && let Some(input) = inputs.pop().filter(|_| inputs.is_empty())
    {
        let own = unread(&mut made, &mut exprs, passes, need);
        let mut below: Need = need.iter().copied().filter(|c| *c < passes).collect();
        read_by(&mut exprs, &mut below);
        let (input, input_moved) = prune(input, &below);
        moved_in(&mut exprs, &input_moved);
        if passes == 0 {
            moved = Moved::new();
        } else {
            passes = input.width();
            moved = input_moved;
        }
        moved.extend(own.into_iter().map(|to| to.map(|to| passes + to)));
        inputs.push(input);
    } else {
        inputs = inputs.into_iter().map(prune_to_all).collect();
        moved = all(passes + made.len());
    }
    let rel = Rel::Opaque {
        kind,
        inputs,
        exprs,
        passes,
        made,
    };
    (rel, moved)
}

/// Takes away the columns that nobody reads and that an expression of their own makes; where the others went.
fn unread(made: &mut Vec<Option<usize>>, exprs: &mut Vec<Ex>, passes: usize, need: &Need) -> Moved {
    let mut moved = Moved::new();
    let mut kept = Vec::new();
    let mut gone = BTreeSet::new();
    for (n, by) in made.iter().enumerate() {
        match by {
            Some(by) if !need.contains(&(passes + n)) => {
                gone.insert(*by);
                moved.push(None);
            }
            _ => {
                moved.push(Some(kept.len()));
                kept.push(*by);
            }
        }
    }
    let before = |by: usize| by - gone.range(..by).count();
    *made = kept.into_iter().map(|by| by.map(before)).collect();
    let mut index = 0;
    exprs.retain(|_| {
        index += 1;
        !gone.contains(&(index - 1))
    });
    moved
}

/// Prunes the queries inside of an expression.
fn prune_queries(ex: &mut Ex) {
    match ex {
        Ex::Query { args, rel, .. } => {
            args.iter_mut().for_each(prune_queries);
            let inner = std::mem::replace(&mut **rel, nothing());
            **rel = merge(prune_to_all(inner));
        }
        Ex::Call { args, .. } => args.iter_mut().for_each(prune_queries),
        Ex::Col(_) | Ex::Outer { .. } | Ex::Literal(_) => {}
    }
}

fn nothing() -> Rel {
    Rel::Rows {
        kind: String::new(),
        width: 0,
        exprs: Vec::new(),
    }
}

/// Projections into the projection or aggregate above them; projections that change nothing away.
fn merge(mut rel: Rel) -> Rel {
    for input in rel.inputs_mut() {
        let inner = std::mem::replace(input, nothing());
        *input = merge(inner);
    }
    match rel {
        Rel::Project { input, mut exprs } => {
            let input = match *input {
                Rel::Project {
                    input,
                    exprs: below,
                } if into(&mut exprs.iter_mut().collect::<Vec<_>>(), &below) => input,
                other => Box::new(other),
            };
            let same = exprs.len() == input.width()
                && exprs.iter().enumerate().all(|(n, ex)| *ex == Ex::Col(n));
            if same {
                *input
            } else {
                Rel::Project { input, exprs }
            }
        }
        Rel::Aggregate {
            kind,
            input,
            mut keys,
            set_id,
            mut aggregates,
        } => {
            let input = match *input {
                Rel::Project {
                    input,
                    exprs: below,
                } if into(
                    &mut keys.iter_mut().chain(&mut aggregates).collect::<Vec<_>>(),
                    &below,
                ) =>
                {
                    input
                }
                other => Box::new(other),
            };
            Rel::Aggregate {
                kind,
                input,
                keys,
                set_id,
                aggregates,
            }
        }
        other => pull(other),
    }
}

/// The columns that a projection picks, where it does nothing else, and its input.
fn pick(rel: Rel) -> (Option<Vec<usize>>, Rel) {
    let column = |ex: &Ex| match ex {
        Ex::Col(column) => Some(*column),
        _ => None,
    };
    match rel {
        Rel::Project { input, exprs } => match exprs.iter().map(column).collect() {
            Some(columns) => (Some(columns), *input),
            None => (None, Rel::Project { input, exprs }),
        },
        other => (None, other),
    }
}

fn picked_in<'a>(exprs: impl IntoIterator<Item = &'a mut Ex>, picks: &[usize]) {
    for ex in exprs {
        ex.columns(&mut |c| *c = picks.get(*c).copied().unwrap_or(usize::MAX));
    }
}

/// `rel` under a projection that picks `columns`, if there is anything to pick.
fn picking(rel: Rel, columns: Option<Vec<usize>>) -> Rel {
    match columns {
        None => rel,
        Some(columns) => Rel::Project {
            input: Box::new(rel),
            exprs: columns.into_iter().map(Ex::Col).collect(),
        },
    }
}

/// Moves projections that only pick columns from below an operator to above it: what stands below is then the same
/// whether the operator reads a column that nobody above does or not.
fn pull(rel: Rel) -> Rel {
    match rel {
        Rel::Filter {
            input,
            mut predicate,
        } => {
            let (picks, input) = pick(*input);
            if let Some(picks) = &picks {
                picked_in([&mut predicate], picks);
            }
            let input = Box::new(input);
            picking(Rel::Filter { input, predicate }, picks)
        }
        Rel::Order {
            kind,
            input,
            mut exprs,
        } => {
            let (picks, input) = pick(*input);
            if let Some(picks) = &picks {
                picked_in(&mut exprs, picks);
            }
            let input = Box::new(input);
            picking(Rel::Order { kind, input, exprs }, picks)
        }
        Rel::Window { input, mut exprs } => {
            let (mut picks, input) = pick(*input);
            if let Some(picks) = &mut picks {
                picked_in(&mut exprs, picks);
                picks.extend((0..exprs.len()).map(|n| input.width() + n));
            }
            let input = Box::new(input);
            picking(Rel::Window { input, exprs }, picks)
        }
        Rel::Opaque {
            kind,
            mut inputs,
            mut exprs,
            mut passes,
            made,
        } => {
            let mut picks = None;
            if reads_by_name(&kind) && inputs.len() == 1 {
                for input in &mut inputs {
                    let inner = std::mem::replace(input, nothing());
                    (picks, *input) = pick(inner);
                    if let Some(picks) = &mut picks {
                        picked_in(&mut exprs, picks);
                        if passes == 0 {
                            picks.clear();
                        } else {
                            passes = input.width();
                        }
                        picks.extend((0..made.len()).map(|n| passes + n));
                    }
                }
            }
            let rel = Rel::Opaque {
                kind,
                inputs,
                exprs,
                passes,
                made,
            };
            picking(rel, picks)
        }
        Rel::Join {
            kind,
            shape,
            lateral,
            left,
            right,
            mut on,
        } => {
            let (left_width, right_width) = (left.width(), right.width());
            let (left_picks, left) = pick(*left);
            let (right_picks, mut right) = pick(*right);
            if left_picks.is_none() && right_picks.is_none() {
                return Rel::Join {
                    kind,
                    shape,
                    lateral,
                    left: Box::new(left),
                    right: Box::new(right),
                    on,
                };
            }
            let left_picks = left_picks.unwrap_or_else(|| (0..left_width).collect());
            let right_picks = right_picks.unwrap_or_else(|| (0..right_width).collect());
            if lateral {
                right.outer_columns(1, &mut |c| {
                    *c = left_picks.get(*c).copied().unwrap_or(usize::MAX);
                });
            }
            let shifted: Vec<usize> = right_picks.iter().map(|c| left.width() + c).collect();
            let both: Vec<usize> = left_picks.iter().copied().chain(shifted).collect();
            picked_in(&mut on, &both);
            let picks = match shape {
                Shape::Both => both,
                Shape::LeftOnly => left_picks,
                Shape::RightOnly => right_picks,
            };
            let rel = Rel::Join {
                kind,
                shape,
                lateral,
                left: Box::new(left),
                right: Box::new(right),
                on,
            };
            picking(rel, Some(picks))
        }
        other => other,
    }
}

/// Puts the expressions `below` in the place of the columns that read them: only if none that computes something is
/// read twice (it may not give the same value twice), and none moves into a query.
fn into(exprs: &mut [&mut Ex], below: &[Ex]) -> bool {
    let mut reads = vec![0usize; below.len()];
    for ex in exprs.iter_mut() {
        ex.columns(&mut |column| {
            if let Some(count) = reads.get_mut(*column) {
                *count += 1;
            }
        });
    }
    let trivial = |ex: &Ex| matches!(ex, Ex::Col(_) | Ex::Literal(_) | Ex::Outer { .. });
    let plain = exprs.iter().all(|ex| ex.is_plain());
    let fits = reads.iter().zip(below).all(|(reads, ex)| {
        if plain {
            *reads <= 1 || trivial(ex)
        } else {
            *reads == 0 || matches!(ex, Ex::Col(_))
        }
    });
    if !fits {
        return false;
    }
    for ex in exprs.iter_mut() {
        if plain {
            substitute(ex, below);
        } else {
            ex.columns(&mut |column| {
                *column = match below.get(*column) {
                    Some(Ex::Col(to)) => *to,
                    _ => usize::MAX,
                };
            });
        }
    }
    true
}

fn substitute(ex: &mut Ex, below: &[Ex]) {
    match ex {
        Ex::Col(column) => {
            if let Some(found) = below.get(*column) {
                *ex = found.clone();
            }
        }
        Ex::Call { args, .. } => args.iter_mut().for_each(|a| substitute(a, below)),
        Ex::Outer { .. } | Ex::Literal(_) | Ex::Query { .. } => {}
    }
}
