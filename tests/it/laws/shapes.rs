//! Random queries without names, and scripts of them. [`super::writer`] makes SQL of them.

use super::writer::APPENDING;
use proptest::prelude::*;
use proptest::sample::select;
use tidegate::config::FlinkVersion;

/// A query. Numbers choose among what there is to choose from.
#[derive(Debug, Clone)]
pub enum Shape {
    Source(usize),
    Select {
        from: Box<Shape>,
        place: Place,
        list: List,
        filter: bool,
    },
    Union {
        left: Box<Shape>,
        right: Box<Shape>,
        all: bool,
    },
    Window {
        of: Box<Shape>,
        function: usize,
        grouped: bool,
        with_end: bool,
    },
    /// GROUP BY with TUMBLE, HOP or SESSION.
    GroupWindow {
        of: Box<Shape>,
        function: usize,
    },
    Join {
        left: Box<Shape>,
        right: Box<Shape>,
        kind: JoinKind,
        place: Place,
    },
    /// With a table of versions, or with one to look things up in.
    Lookup {
        of: Box<Shape>,
        versioned: bool,
        outer: bool,
    },
    Unnest(Box<Shape>),
    Over(Box<Shape>),
    Match(Box<Shape>),
    Rank {
        of: Box<Shape>,
        keep: Keep,
    },
    Group {
        of: Box<Shape>,
        having: bool,
    },
    Distinct(Box<Shape>),
    /// IN, EXISTS, and their negations.
    Semi {
        of: Box<Shape>,
        by: Box<Shape>,
        exists: bool,
        not: bool,
    },
    Values,
}

/// Where the query stands that another one reads.
#[derive(Debug, Clone, Copy)]
pub enum Place {
    Derived,
    DerivedWithColumns,
    Cte,
    /// In a derived table with a WITH of its own.
    NestedCte,
    View,
    ViewWithColumns,
}

#[derive(Debug, Clone)]
pub enum List {
    Star,
    QualifiedStar,
    /// Columns by number, each plain, qualified, renamed, or within an expression.
    Items(Vec<(usize, u8)>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoinKind {
    Inner,
    Commas,
    Left,
    Interval,
    LeftInterval,
    Window,
    LeftWindow,
}

/// Which rows of a key ROW_NUMBER keeps.
#[derive(Debug, Clone, Copy)]
pub enum Keep {
    First,
    Last,
    Top,
}

/// One INSERT.
#[derive(Debug, Clone)]
pub struct Insert {
    pub shape: Shape,
    pub sink: Sink,
    pub column_list: bool,
}

#[derive(Debug, Clone, Copy)]
pub enum Sink {
    /// Takes rows as they come.
    Append,
    /// Keyed by the key of the query, or by its first column if it has none.
    Upsert,
    /// Keyed by the query's last column.
    OtherKey,
}

#[derive(Debug, Clone)]
pub struct Script {
    pub inserts: Vec<Insert>,
    pub set: Set,
    /// That runs it.
    pub flink: FlinkVersion,
    /// Event times are TIMESTAMP_LTZ instead of TIMESTAMP.
    pub local: bool,
    pub crlf: bool,
}

#[derive(Debug, Clone, Copy)]
pub enum Set {
    None,
    Execute,
    Begin,
}

/// Scripts of all kinds: most queries only append, some update, some are anything at all.
pub fn mixed() -> impl Strategy<Value = Script> {
    let insert = prop_oneof![
        10 => (append(), Just(Sink::Append)),
        6 => (updating(), Just(Sink::Upsert)),
        2 => (append(), Just(Sink::Upsert)),
        2 => (any_shape(), select(vec![Sink::Append, Sink::Upsert, Sink::OtherKey])),
        1 => (Just(Shape::Values), Just(Sink::Append)),
    ];
    scripts_of(insert)
}

/// Scripts of queries that only append.
pub fn appending() -> impl Strategy<Value = Script> {
    scripts_of((append(), Just(Sink::Append)))
}

/// Scripts of queries that update what they wrote, into sinks with their key.
pub fn updating_only() -> impl Strategy<Value = Script> {
    scripts_of((updating(), Just(Sink::Upsert)))
}

fn scripts_of(
    insert: impl Strategy<Value = (Shape, Sink)> + Clone,
) -> impl Strategy<Value = Script> {
    let insert = (insert, any::<bool>()).prop_map(|((shape, sink), column_list)| Insert {
        shape,
        sink,
        column_list,
    });
    let set = select(vec![Set::None, Set::Execute, Set::Begin]);
    let flink = select(vec![
        FlinkVersion::V1_20,
        FlinkVersion::V2_3,
        FlinkVersion::V2_3,
    ]);
    let local = prop::bool::weighted(0.3);
    let crlf = prop::bool::weighted(0.2);
    let several = |most| prop::collection::vec(insert.clone(), 1..=most);
    let inserts = prop_oneof![several(1), several(3)];
    (inserts, set, flink, local, crlf).prop_map(|(inserts, set, flink, local, crlf)| Script {
        inserts,
        set,
        flink,
        local,
        crlf,
    })
}

fn place() -> impl Strategy<Value = Place> + Clone {
    select(vec![
        Place::Derived,
        Place::DerivedWithColumns,
        Place::Cte,
        Place::NestedCte,
        Place::View,
        Place::ViewWithColumns,
    ])
}

fn list() -> impl Strategy<Value = List> + Clone {
    prop_oneof![
        2 => Just(List::Star),
        1 => Just(List::QualifiedStar),
        5 => prop::collection::vec((0usize..6, 0u8..4), 1..4).prop_map(List::Items),
    ]
}

fn project(inner: impl Strategy<Value = Shape>) -> impl Strategy<Value = Shape> {
    (inner, place(), list(), any::<bool>()).prop_map(|(from, place, list, filter)| Shape::Select {
        from: Box::new(from),
        place,
        list,
        filter,
    })
}

/// One operator that keeps an append-only query append-only over `inner`.
fn appending_operator(
    inner: impl Strategy<Value = Shape> + Clone + 'static,
) -> impl Strategy<Value = Shape> {
    let of = || inner.clone().prop_map(Box::new);
    let kind = select(vec![
        JoinKind::Inner,
        JoinKind::Commas,
        JoinKind::Interval,
        JoinKind::LeftInterval,
        JoinKind::Window,
        JoinKind::Window,
        JoinKind::LeftWindow,
    ]);
    let window = (of(), 0usize..4, prop::bool::weighted(0.8), any::<bool>());
    let lookup = (of(), any::<bool>(), any::<bool>());
    prop_oneof![
        8 => project(inner.clone()),
        3 => (of(), of()).prop_map(|(left, right)| Shape::Union { left, right, all: true }),
        3 => window.prop_map(|(of, function, grouped, with_end)| {
            Shape::Window { of, function, grouped, with_end }
        }),
        1 => (of(), 0usize..3).prop_map(|(of, function)| Shape::GroupWindow { of, function }),
        4 => (of(), of(), kind, place()).prop_map(|(left, right, kind, place)| {
            Shape::Join { left, right, kind, place }
        }),
        2 => lookup.prop_map(|(of, versioned, outer)| Shape::Lookup { of, versioned, outer }),
        1 => of().prop_map(Shape::Unnest),
        1 => of().prop_map(Shape::Over),
        1 => of().prop_map(Shape::Match),
        1 => of().prop_map(|of| Shape::Rank { of, keep: Keep::First }),
    ]
}

/// A table of rows that only append.
fn source() -> impl Strategy<Value = Shape> + Clone {
    (0usize..APPENDING).prop_map(Shape::Source)
}

pub fn append() -> BoxedStrategy<Shape> {
    source()
        .prop_recursive(3, 8, 2, |inner| appending_operator(inner).boxed())
        .boxed()
}

fn small_append() -> BoxedStrategy<Shape> {
    source()
        .prop_recursive(2, 4, 2, |inner| appending_operator(inner).boxed())
        .boxed()
}

/// An operator that updates its rows, as it is or below a projection.
fn updating() -> BoxedStrategy<Shape> {
    let below = || prop_oneof![source().boxed(), project(source()).boxed(), small_append()];
    let of = || below().prop_map(Box::new);
    let operator = prop_oneof![
        6 => of().prop_map(|of| Shape::Group { of, having: false }),
        4 => of().prop_map(|of| Shape::Rank { of, keep: Keep::Last }),
        1 => of().prop_map(Shape::Distinct),
        1 => (of(), of()).prop_map(|(left, right)| Shape::Union { left, right, all: false }),
    ];
    let kept = prop_oneof![
        3 => Just(None),
        1 => place().prop_map(Some),
    ];
    (operator, kept)
        .prop_map(|(shape, kept)| match kept {
            None => shape,
            Some(place) => Shape::Select {
                from: Box::new(shape),
                place,
                list: List::Star,
                filter: false,
            },
        })
        .boxed()
}

/// Operators over each other in any order: most of it cannot be gated.
pub fn any_shape() -> BoxedStrategy<Shape> {
    let changes = Shape::Source(APPENDING);
    let leaf = prop_oneof![12 => source(), 1 => Just(changes), 1 => Just(Shape::Values)];
    leaf.prop_recursive(3, 10, 2, |inner| {
        let of = || inner.clone().prop_map(Box::new);
        let keep = select(vec![Keep::First, Keep::Last, Keep::Top]);
        let semi = (of(), of(), any::<bool>(), any::<bool>());
        prop_oneof![
            6 => appending_operator(inner.clone()),
            2 => (of(), any::<bool>()).prop_map(|(of, having)| Shape::Group { of, having }),
            2 => (of(), keep).prop_map(|(of, keep)| Shape::Rank { of, keep }),
            1 => of().prop_map(Shape::Distinct),
            1 => (of(), of()).prop_map(|(left, right)| Shape::Union { left, right, all: false }),
            1 => (of(), of(), place()).prop_map(|(left, right, place)| {
                Shape::Join { left, right, kind: JoinKind::Left, place }
            }),
            1 => semi.prop_map(|(of, by, exists, not)| Shape::Semi { of, by, exists, not }),
        ]
        .boxed()
    })
    .boxed()
}
