//! What `*` stands for, and in which order.
//!
//! A join USING or NATURAL merges columns: `*` shows them once and first, then the others of the left side, then those of
//! the right one. Source: run in Flink 1.20.5 and 2.3.0.

use super::from::{Relation, quote};
use super::query::Analysis;
use super::{OutColumn, Star};
use crate::text::{Edit, Span};
use sqlparser::ast::SelectItemQualifiedWildcardKind;
use std::collections::{BTreeMap, BTreeSet};

/// A join that merges columns.
#[derive(Debug, Clone)]
pub(super) struct Merge {
    /// The first relation of its left side, and its right one.
    pub left: usize,
    pub right: usize,
    /// `None` for those that both sides have, of a NATURAL join.
    pub names: Option<Vec<String>>,
    /// A merged column may be that of the right side.
    pub of_right: bool,
}

/// A column: of which relation, and which.
type Place = (usize, usize);

/// The columns of `*` over all relations, in order.
///
/// # Errors
/// Why they are not known.
pub(super) fn order(from: &[Relation], merges: &[Merge]) -> Result<Vec<Place>, &'static str> {
    const UNKNOWN: &str = "the columns of what it stands for are not known";
    let mut all: Vec<Place> = Vec::new();
    for (index, relation) in from.iter().enumerate() {
        let columns = relation.columns.as_ref().ok_or(UNKNOWN)?;
        let name = |place: &Place| -> &str {
            let columns = from[place.0].columns.iter().flatten();
            columns
                .skip(place.1)
                .map(|c| c.name.as_str())
                .next()
                .unwrap_or_default()
        };
        let Some(merge) = merges.iter().find(|m| m.right == index) else {
            all.extend((0..columns.len()).map(|column| (index, column)));
            continue;
        };
        let start = all.partition_point(|place| place.0 < merge.left);
        let left = &all[start..];
        let common = |c: &&Place| columns.iter().any(|r| r.name == name(c));
        let names: Vec<String> = match &merge.names {
            Some(names) => names.clone(),
            None => left
                .iter()
                .filter(common)
                .map(|c| name(c).to_owned())
                .collect(),
        };
        if merge.of_right {
            return Err(
                "a join USING or NATURAL merges columns, and an outer one takes them from either side",
            );
        }
        // DataFusion, which plans both scripts, shows them where they stand in the side whose name comes first.
        let sides = left.first().and_then(|place| from[place.0].name.as_ref());
        if sides
            .zip(relation.name.as_ref())
            .is_none_or(|(l, r)| l >= r)
        {
            return Err(
                "a join USING or NATURAL merges columns, which is followed only where the name of its left table comes before that of its right one",
            );
        }
        let leading = left.iter().map(name).take(names.len());
        if !leading.eq(names.iter().map(String::as_str)) {
            return Err(
                "a join USING or NATURAL puts the columns that it merges first, and they do not stand first in its left table",
            );
        }
        let others = left.iter().skip(names.len());
        if others.clone().any(|c| names.iter().any(|n| n == name(c))) {
            return Err("a join USING or NATURAL merges a column that its left side has twice");
        }
        let right = columns
            .iter()
            .enumerate()
            .filter(|(_, c)| !names.contains(&c.name));
        all.extend(right.map(|(column, _)| (index, column)));
    }
    Ok(all)
}

/// The columns at these places.
pub(super) fn columns(from: &[Relation], places: &[Place]) -> Vec<OutColumn> {
    let column = |(relation, column): &Place| {
        let column = from[*relation].columns.as_ref()?.get(*column)?;
        Some(OutColumn {
            input: Some(column.name.clone()),
            ..column.clone()
        })
    };
    places.iter().filter_map(column).collect()
}

/// The relation of `t.*`.
pub(super) fn starred(kind: &SelectItemQualifiedWildcardKind, from: &[Relation]) -> Option<usize> {
    let SelectItemQualifiedWildcardKind::ObjectName(name) = kind else {
        return None;
    };
    let name = name.0.last().and_then(|p| p.as_ident()).map(|i| &i.value);
    from.iter()
        .position(|r| r.name.is_some() && r.name.as_ref() == name)
}

impl Analysis<'_> {
    /// Remembers a `*` over all relations, or over the one at `only`.
    pub(super) fn record_star(&mut self, span: Span, from: &[Relation], only: Option<usize>) {
        let qualified = from.len() > 1;
        let places = match only {
            Some(index) => order(&from[index..=index], &[]).map(|places| {
                places
                    .into_iter()
                    .map(|(_, column)| (index, column))
                    .collect()
            }),
            None => order(from, &self.merges),
        };
        let expansion = places.and_then(|places| items(from, &places, qualified));
        let over = from.iter().enumerate();
        let over = over.filter(|(index, _)| only.is_none_or(|only| only == *index));
        self.times.stars.push(Star {
            statement: self.at,
            span,
            over: over.filter_map(|(_, r)| r.id).collect(),
            expansion: expansion.map(|items| self.spelled_out(span, &items.join(", "))),
        });
    }
}

/// The columns as items of a select list.
fn items(
    from: &[Relation],
    places: &[Place],
    qualified: bool,
) -> Result<Vec<String>, &'static str> {
    let shown: BTreeSet<usize> = places.iter().map(|place| place.0).collect();
    // Flink makes names unique by a number, id, id0, those of merged columns too.
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut unique: BTreeMap<Place, String> = BTreeMap::new();
    for index in shown {
        for (column, c) in from[index].columns.iter().flatten().enumerate() {
            let numbered = (0..).map(|n| format!("{}{n}", c.name));
            let mut free = [c.name.clone()].into_iter().chain(numbered);
            let name = free.find(|name| names.insert(name.clone()));
            unique.insert((index, column), name.unwrap_or_default());
        }
    }
    let mut items = Vec::new();
    for (place, column) in places.iter().zip(columns(from, places)) {
        let quoted = quote(&column.name);
        let item = match &from[place.0].name {
            Some(name) if qualified => format!("{}.{quoted}", quote(name)),
            _ if qualified => return Err("a derived table without an alias is joined"),
            _ => quoted,
        };
        let name = &unique[place];
        items.push(match *name == column.name {
            true => item,
            false => format!("{item} AS {}", quote(name)),
        });
    }
    Ok(items)
}

impl Analysis<'_> {
    /// The edits that put columns in the place of a `*`, or of the `TABLE` of a query that is `TABLE t`: what is to be
    /// added to the list of columns goes between the two.
    fn spelled_out(&self, star: Span, columns: &str) -> Vec<Edit> {
        if !star.of(self.text).eq_ignore_ascii_case("TABLE") {
            return vec![Edit::replace(star, columns)];
        }
        let mut edits = vec![Edit::replace(star, format!("SELECT {columns}"))];
        if let Some(next) = self.text[star.end as usize..].chars().next() {
            let end = star.end + next.len_utf8() as u32;
            edits.push(Edit::replace(
                Span::new(star.end, end),
                format!(" FROM{next}"),
            ));
        }
        edits
    }
}
