//! Random queries of the shapes that are gated.

use super::{answers, gated, keeps_other_bytes, runner, unplanned};
use proptest::prelude::*;
use std::cell::Cell;
use std::collections::BTreeSet;
use tidegate::config::{Cutover, Role, Settings};
use tidegate::explain::{Insert, TimeStepKind};
use tidegate::lexer::{TokenKind, lex};

/// A query without names: [`Writer`] makes SQL of it.
#[derive(Debug, Clone)]
pub enum Shape {
    Source(usize),
    Select {
        from: Box<Shape>,
        place: Place,
        list: List,
        filter: bool,
    },
    Union(Box<Shape>, Box<Shape>),
    Window {
        of: Box<Shape>,
        function: usize,
        grouped: bool,
        with_end: bool,
    },
}

/// Where the query stands that a SELECT reads.
#[derive(Debug, Clone, Copy)]
pub enum Place {
    Derived,
    DerivedWithColumns,
    Cte,
    View,
    ViewWithColumns,
}

#[derive(Debug, Clone)]
pub enum List {
    Star,
    QualifiedStar,
    /// Columns by number, each plain, renamed, or within an expression.
    Items(Vec<(usize, u8)>),
}

pub fn shape() -> impl Strategy<Value = Shape> {
    let leaf = (0..SOURCES.len()).prop_map(Shape::Source);
    let place = prop::sample::select(vec![
        Place::Derived,
        Place::DerivedWithColumns,
        Place::Cte,
        Place::View,
        Place::ViewWithColumns,
    ]);
    let list = prop_oneof![
        2 => Just(List::Star),
        1 => Just(List::QualifiedStar),
        5 => prop::collection::vec((0usize..6, 0u8..4), 1..4).prop_map(List::Items),
    ];
    leaf.prop_recursive(3, 12, 2, move |inner| {
        let select = (inner.clone(), place.clone(), list.clone(), any::<bool>());
        let window = (
            inner.clone(),
            0usize..4,
            prop::bool::weighted(0.8),
            any::<bool>(),
        );
        prop_oneof![
            5 => select.prop_map(|(from, place, list, filter)| {
                Shape::Select { from: Box::new(from), place, list, filter }
            }),
            2 => (inner.clone(), inner).prop_map(|(a, b)| Shape::Union(Box::new(a), Box::new(b))),
            1 => window.prop_map(|(of, function, grouped, with_end)| {
                Shape::Window { of: Box::new(of), function, grouped, with_end }
            }),
        ]
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Number,
    Text,
    Time,
}

type Columns = Vec<(String, Type)>;

/// Sources: name, column definitions, whether a watermark is declared.
const SOURCES: [(&str, &str, bool); 4] = [
    (
        "declared",
        "n BIGINT, s STRING, ts TIMESTAMP(3) NOT NULL",
        true,
    ),
    (
        "plain",
        "n BIGINT, s STRING, ts TIMESTAMP(3) NOT NULL",
        false,
    ),
    ("nullable", "s STRING, ts TIMESTAMP(3), n BIGINT", false),
    (
        "precise",
        "ts TIMESTAMP(6) NOT NULL, n BIGINT, `select` STRING",
        false,
    ),
];

fn source_columns(source: usize) -> Columns {
    let (n, ts) = (("n", Type::Number), ("ts", Type::Time));
    let all = match source {
        0 | 1 => [n, ("s", Type::Text), ts],
        2 => [("s", Type::Text), ts, n],
        _ => [ts, n, ("select", Type::Text)],
    };
    all.map(|(name, ty)| (name.to_owned(), ty)).to_vec()
}

#[derive(Default)]
struct Writer {
    views: Vec<String>,
    ctes: Vec<String>,
    names: usize,
}

impl Writer {
    fn fresh(&mut self, base: &str) -> String {
        self.names += 1;
        format!("{base}{}", self.names)
    }

    /// A query and its columns.
    fn query(&mut self, shape: &Shape) -> (String, Columns) {
        match shape {
            Shape::Source(source) => {
                let columns = source_columns(*source);
                (format!("SELECT * FROM {}", SOURCES[*source].0), columns)
            }
            Shape::Select {
                from,
                place,
                list,
                filter,
            } => {
                let (relation, name, columns) = self.relation(from, *place);
                let (items, columns) = self.list(list, &name, columns);
                let filter = if *filter { " WHERE 1 < 2" } else { "" };
                (format!("SELECT {items} FROM {relation}{filter}"), columns)
            }
            Shape::Union(left, right) => {
                let (left, columns) = self.query(left);
                let (right, name, others) = self.relation(right, Place::Derived);
                let items: Vec<String> = columns
                    .iter()
                    .map(|(_, ty)| match others.iter().find(|(_, t)| t == ty) {
                        Some((name, _)) => quote(name),
                        None => absent(*ty).to_owned(),
                    })
                    .collect();
                let right = format!("SELECT {} FROM {right}", items.join(", "));
                let _ = name;
                (format!("{left} UNION ALL {right}"), columns)
            }
            Shape::Window {
                of,
                function,
                grouped,
                with_end,
            } => self.window(of, *function, *grouped, *with_end),
        }
    }

    /// A FROM item: its SQL, the name that qualifies its columns, and these.
    fn relation(&mut self, shape: &Shape, place: Place) -> (String, String, Columns) {
        if let Shape::Source(source) = shape {
            let name = SOURCES[*source].0.to_owned();
            return (name.clone(), name, source_columns(*source));
        }
        let view = matches!(place, Place::View | Place::ViewWithColumns);
        let outer = if view {
            std::mem::take(&mut self.ctes)
        } else {
            Vec::new()
        };
        let (query, mut columns) = self.query(shape);
        let query = if view {
            let own = std::mem::replace(&mut self.ctes, outer);
            with(&own, &query)
        } else {
            query
        };
        if matches!(place, Place::DerivedWithColumns | Place::ViewWithColumns) {
            for column in &mut columns {
                column.0 = self.fresh("r");
            }
        }
        let names = list_of(&columns);
        match place {
            Place::Derived => {
                let name = self.fresh("d");
                (format!("({query}) AS {name}"), name, columns)
            }
            Place::DerivedWithColumns => {
                let name = self.fresh("d");
                (format!("({query}) AS {name} ({names})"), name, columns)
            }
            Place::Cte => {
                let name = self.fresh("c");
                self.ctes.push(format!("{name} AS ({query})"));
                (name.clone(), name, columns)
            }
            Place::View => {
                let name = self.fresh("v");
                self.views.push(format!("CREATE VIEW {name} AS {query};\n"));
                (name.clone(), name, columns)
            }
            Place::ViewWithColumns => {
                let name = self.fresh("v");
                self.views
                    .push(format!("CREATE VIEW {name} ({names}) AS {query};\n"));
                (name.clone(), name, columns)
            }
        }
    }

    fn list(&mut self, list: &List, relation: &str, columns: Columns) -> (String, Columns) {
        match list {
            List::Star => ("*".to_owned(), columns),
            List::QualifiedStar => (format!("{relation}.*"), columns),
            List::Items(items) => {
                let mut sql = Vec::new();
                let mut out = Columns::new();
                for (at, how) in items {
                    let (name, ty) = &columns[at % columns.len()];
                    let column = match how {
                        1 => format!("{relation}.{}", quote(name)),
                        _ => quote(name),
                    };
                    let taken = out.iter().any(|(n, _)| n == name);
                    if *how < 2 && !taken {
                        sql.push(column);
                        out.push((name.clone(), *ty));
                        continue;
                    }
                    let alias = self.fresh("x");
                    let value = match (how, ty) {
                        (3, Type::Number) => format!("{column} + 1"),
                        (3, Type::Text) => format!("UPPER({column})"),
                        (3, Type::Time) => format!("{column} + INTERVAL '1' HOUR"),
                        _ => column,
                    };
                    sql.push(format!("{value} AS {alias}"));
                    out.push((alias, *ty));
                }
                (sql.join(", "), out)
            }
        }
    }

    fn window(
        &mut self,
        of: &Shape,
        function: usize,
        grouped: bool,
        with_end: bool,
    ) -> (String, Columns) {
        let (relation, _, columns) = self.relation(of, Place::View);
        let time = columns.iter().find(|(_, ty)| *ty == Type::Time);
        let Some((time, _)) = time else {
            return (format!("SELECT * FROM {relation}"), columns);
        };
        let time = quote(time);
        let (head, sizes) = [
            ("TUMBLE", "INTERVAL '1' MINUTE"),
            ("HOP", "INTERVAL '1' MINUTE, INTERVAL '5' MINUTE"),
            ("CUMULATE", "INTERVAL '1' MINUTE, INTERVAL '1' HOUR"),
            ("SESSION", "INTERVAL '1' MINUTE"),
        ][function];
        let call = format!("TABLE({head}(TABLE {relation}, DESCRIPTOR({time}), {sizes}))");
        let (n, e) = (self.fresh("n"), self.fresh("e"));
        let mut out = vec![(n.clone(), Type::Number)];
        let end = if with_end {
            out.push((e.clone(), Type::Time));
            format!(", window_end AS {e}")
        } else {
            String::new()
        };
        let sql = if grouped {
            format!("SELECT COUNT(*) AS {n}{end} FROM {call} GROUP BY window_start, window_end")
        } else {
            format!("SELECT 1 AS {n}{end} FROM {call}")
        };
        (sql, out)
    }
}

fn with(ctes: &[String], query: &str) -> String {
    match ctes {
        [] => query.to_owned(),
        _ => format!("WITH {} {query}", ctes.join(", ")),
    }
}

fn quote(name: &str) -> String {
    format!("`{name}`")
}

fn list_of(columns: &Columns) -> String {
    let names: Vec<_> = columns.iter().map(|(name, _)| quote(name)).collect();
    names.join(", ")
}

fn absent(ty: Type) -> &'static str {
    match ty {
        Type::Number => "CAST(0 AS BIGINT)",
        Type::Text => "'none'",
        Type::Time => "TIMESTAMP '2026-11-22 12:00:00.000'",
    }
}

/// A script with one INSERT for each shape; in a statement set if there are several.
pub fn script(shapes: &[Shape]) -> String {
    let mut writer = Writer::default();
    let (mut sinks, mut inserts) = (String::new(), String::new());
    for (i, shape) in shapes.iter().enumerate() {
        let (query, columns) = writer.query(shape);
        let query = with(&std::mem::take(&mut writer.ctes), &query);
        let types: Vec<_> = columns
            .iter()
            .enumerate()
            .map(|(c, (_, ty))| match ty {
                Type::Number => format!("c{c} BIGINT"),
                Type::Text => format!("c{c} STRING"),
                Type::Time => format!("c{c} TIMESTAMP(6)"),
            })
            .collect();
        sinks += &format!(
            "CREATE TABLE snk{i} ({}) WITH ('connector' = 'kafka', 'format' = 'json');\n",
            types.join(", ")
        );
        inserts += &format!("INSERT INTO snk{i} {query};\n");
    }
    if shapes.len() > 1 {
        inserts = format!("EXECUTE STATEMENT SET BEGIN\n{inserts}END;\n");
    }
    let sources: String = SOURCES
        .iter()
        .map(|(name, columns, declared)| {
            let watermark = if *declared { ", WATERMARK FOR ts AS ts - INTERVAL '1' SECOND" } else { "" };
            format!("CREATE TABLE {name} ({columns}{watermark}) WITH ('connector' = 'kafka', 'format' = 'json');\n")
        })
        .collect();
    format!("{sources}{sinks}{}{inserts}", writer.views.concat())
}

fn scripts() -> impl Strategy<Value = String> {
    prop::collection::vec(shape(), 1..3).prop_map(|shapes| script(&shapes))
}

fn verdicts(done: &tidegate::Rewritten) -> Vec<tidegate::Verdict> {
    done.inserts.iter().map(|i| i.verdict.clone()).collect()
}

/// Half of the cases or more have to come out rewritten, or the law says little.
fn mostly(rewritten: &Cell<u32>, cases: u32) {
    let n = rewritten.get();
    println!("{n} of {cases} rewritten");
    assert!(n * 2 >= cases, "{n} of {cases} rewritten");
}

#[test]
fn every_insert_is_gated_or_the_script_refused() {
    let rewritten = Cell::new(0);
    let law = |source: String| {
        let done = tidegate::rewrite(&source, &unplanned());
        prop_assert_eq!(answers(&source, &done), Ok(()), "{}", source);
        prop_assert_eq!(keeps_other_bytes(&source, &done), Ok(()), "{}", source);
        if let Some(text) = &done.text {
            rewritten.set(rewritten.get() + 1);
            prop_assert_eq!(gated::all(text, &verdicts(&done)), Ok(()), "{}", text);
        }
        Ok(())
    };
    runner(512).run(&scripts(), law).unwrap();
    mostly(&rewritten, 512);
}

#[test]
fn rewriting_twice_changes_nothing() {
    let law = |source: String| {
        let Some(text) = tidegate::rewrite(&source, &unplanned()).text else {
            return Ok(());
        };
        let again = tidegate::rewrite(&text, &unplanned());
        prop_assert_eq!(
            again.text.as_ref(),
            Some(&text),
            "{:#?}\n{}",
            again.diagnostics,
            text
        );
        Ok(())
    };
    runner(256).run(&scripts(), law).unwrap();
}

#[test]
fn another_role_changes_literals_only() {
    let cutover = Cutover(1_795_348_800_000);
    let roles = [
        Role::First,
        Role::Outgoing { cutover },
        Role::Incoming { cutover },
    ];
    let law = |(source, from, to): (String, usize, usize)| {
        let role = |role: usize| Settings {
            role: roles[role],
            ..unplanned()
        };
        let Some(text) = tidegate::rewrite(&source, &role(from)).text else {
            return Ok(());
        };
        let direct = tidegate::rewrite(&source, &role(to)).text;
        let changed = tidegate::rewrite(&text, &role(to));
        prop_assert_eq!(&changed.text, &direct, "{:#?}", changed.diagnostics);
        prop_assert_eq!(
            without_literals(&text),
            without_literals(&direct.unwrap_or_default())
        );
        Ok(())
    };
    runner(256)
        .run(&(scripts(), 0usize..3, 0usize..3), law)
        .unwrap();
}

fn without_literals(text: &str) -> String {
    let masked = |token: tidegate::lexer::Token| match token.kind {
        TokenKind::String | TokenKind::Number => "?",
        _ => token.span.of(text),
    };
    let masked: String = lex(text, Default::default())
        .into_iter()
        .map(masked)
        .collect();
    masked.replace("-?", "?")
}

#[test]
fn what_is_printed_plans() {
    let rewritten = Cell::new(0);
    let law = |source: String| {
        let done = tidegate::rewrite(&source, &Settings::default());
        prop_assert_eq!(answers(&source, &done), Ok(()), "{}", source);
        rewritten.set(rewritten.get() + u32::from(done.text.is_some()));
        Ok(())
    };
    runner(128).run(&scripts(), law).unwrap();
    mostly(&rewritten, 128);
}

#[test]
fn what_is_explained_holds_together() {
    let gated = Cell::new(0);
    let law = |source: String| {
        let done = tidegate::rewrite(&source, &unplanned());
        let explanation = tidegate::explain(&source, &unplanned()).explanation;
        let Some(explanation) = explanation else {
            prop_assert!(done.text.is_none(), "{}", source);
            return Ok(());
        };
        prop_assert_eq!(explanation.is_clean(), done.text.is_some(), "{}", source);
        prop_assert_eq!(explanation.inserts.len(), done.inserts.len(), "{}", source);
        for insert in &explanation.inserts {
            prop_assert_eq!(holds_together(insert), Ok(()), "{}\n{:#?}", source, insert);
            gated.set(gated.get() + u32::from(insert.gate.is_some()));
        }
        Ok(())
    };
    runner(256).run(&scripts(), law).unwrap();
    mostly(&gated, 256);
}

/// The event time comes from sources and ends in the gate; every operator but the last is read.
fn holds_together(insert: &Insert) -> Result<(), String> {
    let earlier = |inputs: &[usize], index: usize| inputs.iter().all(|i| *i < index);
    let read =
        |all: Vec<&[usize]>| -> BTreeSet<usize> { all.into_iter().flatten().copied().collect() };
    let steps = &insert.lineage;
    if insert.gate.is_some() == steps.is_empty() {
        return Err("a gate without a lineage, or the other way round".into());
    }
    let used = read(steps.iter().map(|s| &s.inputs[..]).collect());
    for (index, step) in steps.iter().enumerate() {
        let from_source = step.inputs.is_empty() == (step.kind == TimeStepKind::Source);
        let last = index + 1 == steps.len();
        if !earlier(&step.inputs, index) || !from_source || used.contains(&index) == last {
            return Err(format!("step {index}"));
        }
    }
    let operators = &insert.operators;
    let used = read(operators.iter().map(|o| &o.inputs[..]).collect());
    for (index, operator) in operators.iter().enumerate() {
        let from_source = operator.inputs.is_empty() == operator.table.is_some();
        let last = index + 1 == operators.len();
        let refused = insert.gate.is_none();
        if !earlier(&operator.inputs, index)
            || !refused && (!from_source || used.contains(&index) == last)
        {
            return Err(format!("operator {index}"));
        }
    }
    Ok(())
}
