//! SQL of random shapes.

use super::shapes::{Insert, JoinKind, Keep, List, Place, Script, Set, Shape, Sink};
use std::collections::BTreeSet;
use tidegate::config::FlinkVersion;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Number,
    Text,
    /// TIMESTAMP.
    Time,
    /// TIMESTAMP_LTZ.
    Instant,
}

impl Type {
    fn is_time(self) -> bool {
        matches!(self, Type::Time | Type::Instant)
    }
}

#[derive(Debug, Clone)]
struct Column {
    name: String,
    ty: Type,
    /// A source's event time, passed on as it is.
    rowtime: bool,
}

type Columns = Vec<Column>;

/// A query, its columns, and which of them are its key if it updates its rows.
struct Query {
    sql: String,
    columns: Columns,
    key: Option<Vec<usize>>,
}

impl Query {
    fn append(sql: String, columns: Columns) -> Self {
        Self {
            sql,
            columns,
            key: None,
        }
    }
}

/// An item of a FROM clause: its SQL, and the name that qualifies its columns.
struct Relation {
    sql: String,
    name: String,
    columns: Columns,
    key: Option<Vec<usize>>,
}

impl Relation {
    /// Of its first column of a type.
    fn first(&self, wanted: impl Fn(&Column) -> bool) -> Option<&Column> {
        self.columns.iter().find(|c| wanted(c))
    }

    fn qualified(&self, column: &Column) -> String {
        format!("{}.{}", self.name, quote(&column.name))
    }

    /// What it is grouped, partitioned and joined by.
    fn key_column(&self) -> Option<&Column> {
        self.first(|c| c.ty == Type::Text)
            .or_else(|| self.first(|c| !c.ty.is_time()))
    }

    /// An event time, if there is one; else any time.
    fn time(&self) -> Option<&Column> {
        self.first(|c| c.rowtime)
            .or_else(|| self.first(|c| c.ty.is_time()))
    }
}

/// Names, columns with `TIME` for the event time's type, and what else is declared.
const TABLES: [(&str, &str, &str); 8] = [
    (
        "declared",
        "n BIGINT, s STRING, ts TIME(3) NOT NULL, WATERMARK FOR ts AS ts - INTERVAL '1' SECOND",
        "'connector' = 'kafka', 'format' = 'json'",
    ),
    (
        "plain",
        "n BIGINT, s STRING, ts TIME(3) NOT NULL",
        "'connector' = 'kafka', 'format' = 'json'",
    ),
    (
        "filtered",
        "n BIGINT, s STRING, ts TIME(3) NOT NULL, WATERMARK FOR ts AS ts",
        "'connector' = 'filesystem', 'path' = 'file:///in', 'format' = 'json'",
    ),
    (
        "nullable",
        "s STRING, ts TIME(3), n BIGINT",
        "'connector' = 'kafka', 'format' = 'json'",
    ),
    (
        "precise",
        "ts TIME(6) NOT NULL, n BIGINT, `select` STRING",
        "'connector' = 'kafka', 'format' = 'json'",
    ),
    (
        "changes",
        "n BIGINT, s STRING, ts TIME(3) NOT NULL, WATERMARK FOR ts AS ts",
        "'connector' = 'kafka', 'format' = 'debezium-json'",
    ),
    (
        "rates",
        "s STRING, rate BIGINT, since TIME(3) NOT NULL, PRIMARY KEY (s) NOT ENFORCED, WATERMARK FOR since AS since",
        "'connector' = 'kafka', 'format' = 'json'",
    ),
    (
        "names",
        "id BIGINT, name STRING",
        "'connector' = 'jdbc', 'url' = 'jdbc:x', 'table-name' = 'names'",
    ),
];

/// How often each of the first tables is a source.
const WEIGHTS: [usize; 5] = [8, 6, 2, 2, 2];

/// Sources with numbers below this one only append; this one has changes.
pub const APPENDING: usize = 20;

/// Tables whose rows a gate right behind them would not stop, and need not: they are looked things up
/// in.
pub const LOOKED_UP: [&str; 2] = ["rates", "names"];

fn table(source: usize) -> usize {
    let mut left = source;
    let found = WEIGHTS
        .iter()
        .position(|weight| match left.checked_sub(*weight) {
            Some(rest) => {
                left = rest;
                false
            }
            None => true,
        });
    found.unwrap_or(WEIGHTS.len())
}

#[derive(Default)]
struct Writer {
    views: Vec<String>,
    ctes: Vec<String>,
    names: usize,
    local: bool,
    /// Tables that are read.
    read: BTreeSet<usize>,
}

impl Writer {
    fn fresh(&mut self, base: &str) -> String {
        self.names += 1;
        format!("{base}{}", self.names)
    }

    fn column(&mut self, base: &str, ty: Type) -> Column {
        Column {
            name: self.fresh(base),
            ty,
            rowtime: false,
        }
    }

    fn source(&mut self, source: usize) -> Relation {
        let table = table(source);
        self.read.insert(table);
        let ts = if self.local {
            Type::Instant
        } else {
            Type::Time
        };
        let (n, s, ts) = (("n", Type::Number), ("s", Type::Text), ("ts", ts));
        let columns = match TABLES[table].0 {
            "nullable" => [s, ts, n],
            "precise" => [ts, n, ("select", Type::Text)],
            _ => [n, s, ts],
        };
        let column = |(name, ty): (&str, Type)| Column {
            name: name.to_owned(),
            ty,
            rowtime: ty.is_time(),
        };
        Relation {
            sql: TABLES[table].0.to_owned(),
            name: TABLES[table].0.to_owned(),
            columns: columns.map(column).to_vec(),
            key: None,
        }
    }

    fn query(&mut self, shape: &Shape) -> Query {
        match shape {
            Shape::Source(source) => {
                let table = self.source(*source);
                Query::append(format!("SELECT * FROM {}", table.sql), table.columns)
            }
            Shape::Select {
                from,
                place,
                list,
                filter,
            } => {
                let from = self.relation(from, *place);
                let filter = if *filter { " WHERE 1 < 2" } else { "" };
                let (items, columns) = self.list(list, &from);
                Query {
                    sql: format!("SELECT {items} FROM {}{filter}", from.sql),
                    // Only the whole row is known to keep its key.
                    key: from.key.filter(|_| !matches!(list, List::Items(_))),
                    columns,
                }
            }
            Shape::Union { left, right, all } => self.union(left, right, *all),
            Shape::Window {
                of,
                function,
                grouped,
                with_end,
            } => self.window(of, *function, *grouped, *with_end),
            Shape::GroupWindow { of, function } => self.group_window(of, *function),
            Shape::Join {
                left,
                right,
                kind,
                place,
            } => self.join(left, right, *kind, *place),
            Shape::Lookup {
                of,
                versioned,
                outer,
            } => self.lookup(of, *versioned, *outer),
            Shape::Unnest(of) => self.unnest(of),
            Shape::Over(of) => self.over(of),
            Shape::Match(of) => self.matches(of),
            Shape::Rank { of, keep } => self.rank(of, *keep),
            Shape::Group { of, having } => self.group(of, *having),
            Shape::Distinct(of) => {
                let from = self.relation(of, Place::Derived);
                Query {
                    sql: format!(
                        "SELECT DISTINCT {} FROM {}",
                        list_of(&from.columns),
                        from.sql
                    ),
                    key: Some((0..from.columns.len()).collect()),
                    columns: from.columns,
                }
            }
            Shape::Semi {
                of,
                by,
                exists,
                not,
            } => self.semi(of, by, *exists, *not),
            Shape::Values => {
                let columns = vec![self.column("n", Type::Number), self.column("s", Type::Text)];
                let name = self.fresh("v");
                let names = list_of(&columns);
                let sql = format!(
                    "SELECT * FROM (VALUES (CAST(1 AS BIGINT), 'a'), (CAST(2 AS BIGINT), 'b')) AS {name} ({names})"
                );
                Query::append(sql, columns)
            }
        }
    }

    fn all(&self, from: Relation) -> Query {
        Query {
            sql: format!("SELECT * FROM {}", from.sql),
            columns: from.columns,
            key: from.key,
        }
    }

    fn relation(&mut self, shape: &Shape, place: Place) -> Relation {
        if let Shape::Source(source) = shape {
            return self.source(*source);
        }
        let own = matches!(
            place,
            Place::View | Place::ViewWithColumns | Place::NestedCte
        );
        let outer = match own {
            true => std::mem::take(&mut self.ctes),
            false => Vec::new(),
        };
        let Query {
            sql: mut query,
            mut columns,
            key,
        } = self.query(shape);
        if let Place::NestedCte = place {
            let name = self.fresh("c");
            self.ctes.push(format!("{name} AS ({query})"));
            query = format!("SELECT * FROM {name}");
        }
        if own {
            let own = std::mem::replace(&mut self.ctes, outer);
            query = with(&own, &query);
        }
        if matches!(place, Place::DerivedWithColumns | Place::ViewWithColumns) {
            for column in &mut columns {
                column.name = self.fresh("r");
            }
        }
        let names = list_of(&columns);
        let name = self.fresh(match place {
            Place::Derived | Place::DerivedWithColumns | Place::NestedCte => "d",
            Place::Cte => "c",
            Place::View | Place::ViewWithColumns => "v",
        });
        let sql = match place {
            Place::Derived | Place::NestedCte => format!("({query}) AS {name}"),
            Place::DerivedWithColumns => format!("({query}) AS {name} ({names})"),
            Place::Cte => {
                self.ctes.push(format!("{name} AS ({query})"));
                name.clone()
            }
            Place::View => {
                self.views.push(format!("CREATE VIEW {name} AS {query};\n"));
                name.clone()
            }
            Place::ViewWithColumns => {
                self.views
                    .push(format!("CREATE VIEW {name} ({names}) AS {query};\n"));
                name.clone()
            }
        };
        Relation {
            sql,
            name,
            columns,
            key,
        }
    }

    /// A relation with a name of its own, for joins.
    fn side(&mut self, shape: &Shape, place: Place) -> Relation {
        let mut relation = self.relation(shape, place);
        if relation.sql == relation.name {
            relation.name = self.fresh("j");
            relation.sql = format!("{} AS {}", relation.sql, relation.name);
        }
        relation
    }

    fn list(&mut self, list: &List, from: &Relation) -> (String, Columns) {
        match list {
            List::Star => ("*".to_owned(), from.columns.clone()),
            List::QualifiedStar => (format!("{}.*", from.name), from.columns.clone()),
            List::Items(items) => {
                let mut sql = Vec::new();
                let mut out = Columns::new();
                for (at, how) in items {
                    let column = &from.columns[at % from.columns.len()];
                    let name = match how {
                        1 => from.qualified(column),
                        _ => quote(&column.name),
                    };
                    let taken = out.iter().any(|c: &Column| c.name == column.name);
                    if *how < 2 && !taken {
                        sql.push(name);
                        out.push(column.clone());
                        continue;
                    }
                    let alias = self.fresh("x");
                    let value = match (how, column.ty) {
                        (3, Type::Number) => format!("{name} + 1"),
                        (3, Type::Text) => format!("UPPER({name})"),
                        (3, Type::Time | Type::Instant) => format!("{name} + INTERVAL '1' HOUR"),
                        _ => name,
                    };
                    sql.push(format!("{value} AS {alias}"));
                    out.push(Column {
                        name: alias,
                        ty: column.ty,
                        rowtime: column.rowtime && *how != 3,
                    });
                }
                (sql.join(", "), out)
            }
        }
    }

    fn union(&mut self, left: &Shape, right: &Shape, all: bool) -> Query {
        let left = self.query(left);
        let right = self.relation(right, Place::Derived);
        let item = |column: &Column| match right.first(|c| c.ty == column.ty) {
            Some(other) => quote(&other.name),
            None => absent(column.ty).to_owned(),
        };
        let items: Vec<String> = left.columns.iter().map(item).collect();
        let keyword = if all { "UNION ALL" } else { "UNION" };
        Query {
            sql: format!(
                "{} {keyword} SELECT {} FROM {}",
                left.sql,
                items.join(", "),
                right.sql
            ),
            key: (!all).then(|| (0..left.columns.len()).collect()),
            columns: left.columns,
        }
    }

    /// A table to be named in a window function: a view or a source.
    fn windowed(&mut self, of: &Shape, function: usize) -> Result<(String, Relation), Relation> {
        let relation = self.relation(of, Place::View);
        let Some(time) = relation.time() else {
            return Err(relation);
        };
        let (head, sizes) = [
            ("TUMBLE", "INTERVAL '1' MINUTE"),
            ("HOP", "INTERVAL '1' MINUTE, INTERVAL '5' MINUTE"),
            ("CUMULATE", "INTERVAL '1' MINUTE, INTERVAL '1' HOUR"),
            ("SESSION", "INTERVAL '1' MINUTE"),
        ][function];
        let call = format!(
            "TABLE({head}(TABLE {}, DESCRIPTOR({}), {sizes}))",
            relation.sql,
            quote(&time.name)
        );
        Ok((call, relation))
    }

    fn window(&mut self, of: &Shape, function: usize, grouped: bool, with_end: bool) -> Query {
        let call = match self.windowed(of, function) {
            Ok((call, _)) => call,
            Err(relation) => return self.all(relation),
        };
        let n = self.column("n", Type::Number);
        let mut items = match grouped {
            true => format!("COUNT(*) AS {}", n.name),
            false => format!("CAST(1 AS BIGINT) AS {}", n.name),
        };
        let mut columns = vec![n];
        if with_end {
            let end = self.column("e", Type::Time);
            items += &format!(", window_end AS {}", end.name);
            columns.push(end);
        }
        let group = match grouped {
            true => " GROUP BY window_start, window_end",
            false => "",
        };
        Query::append(format!("SELECT {items} FROM {call}{group}"), columns)
    }

    fn group_window(&mut self, of: &Shape, function: usize) -> Query {
        let from = self.relation(of, Place::Derived);
        let Some(time) = from.time() else {
            return self.all(from);
        };
        let (name, sizes) = [
            ("TUMBLE", "INTERVAL '1' MINUTE"),
            ("HOP", "INTERVAL '1' MINUTE, INTERVAL '5' MINUTE"),
            ("SESSION", "INTERVAL '1' MINUTE"),
        ][function];
        let over = format!("({}, {sizes})", quote(&time.name));
        let (n, end) = (self.column("n", Type::Number), self.column("e", Type::Time));
        let sql = format!(
            "SELECT COUNT(*) AS {}, {name}_END{over} AS {} FROM {} GROUP BY {name}{over}",
            n.name, end.name, from.sql
        );
        Query::append(sql, vec![n, end])
    }

    fn join(&mut self, left: &Shape, right: &Shape, kind: JoinKind, place: Place) -> Query {
        if matches!(kind, JoinKind::Window | JoinKind::LeftWindow) {
            return self.window_join(left, right, kind);
        }
        let (left, right) = (self.side(left, place), self.side(right, place));
        let (items, columns) = self.both(&left, &right);
        let Some((a, b)) = self.pair(&left, &right) else {
            return self.all(left);
        };
        let mut on = format!("{a} = {b}");
        if matches!(kind, JoinKind::Interval | JoinKind::LeftInterval) {
            let (Some(l), Some(r)) = (left.time(), right.time()) else {
                return self.all(left);
            };
            let (l, r) = (left.qualified(l), right.qualified(r));
            on +=
                &format!(" AND {r} BETWEEN {l} - INTERVAL '5' MINUTE AND {l} + INTERVAL '1' HOUR");
        }
        let (left, right) = (left.sql, right.sql);
        let from = match kind {
            JoinKind::Commas => format!("{left}, {right} WHERE {on}"),
            JoinKind::Left | JoinKind::LeftInterval => format!("{left} LEFT JOIN {right} ON {on}"),
            _ => format!("{left} JOIN {right} ON {on}"),
        };
        Query::append(format!("SELECT {items} FROM {from}"), columns)
    }

    fn window_join(&mut self, left: &Shape, right: &Shape, kind: JoinKind) -> Query {
        let sides = [left, right].map(|shape| {
            let (call, mut relation) = self.windowed(shape, 0)?;
            relation.name = self.fresh("w");
            relation.sql = format!("(SELECT * FROM {call}) AS {}", relation.name);
            Ok(relation)
        });
        let (left, right) = match sides {
            [Ok(left), Ok(right)] => (left, right),
            [Err(relation), _] | [_, Err(relation)] => return self.all(relation),
        };
        let (items, mut columns) = self.both(&left, &right);
        // Past a window join an event time is none any more.
        columns.iter_mut().for_each(|c| c.rowtime = false);
        let (l, r) = (&left.name, &right.name);
        let join = match kind {
            JoinKind::LeftWindow => "LEFT JOIN",
            _ => "JOIN",
        };
        let more = match self.pair(&left, &right) {
            Some((a, b)) => format!(" AND {a} = {b}"),
            None => String::new(),
        };
        let sql = format!(
            "SELECT {items} FROM {} {join} {} ON {l}.window_start = {r}.window_start AND {l}.window_end = {r}.window_end{more}",
            left.sql, right.sql
        );
        Query::append(sql, columns)
    }

    /// Two columns to join by.
    fn pair(&self, left: &Relation, right: &Relation) -> Option<(String, String)> {
        let wanted = left.key_column()?;
        let other = right.first(|c| c.ty == wanted.ty)?;
        Some((left.qualified(wanted), right.qualified(other)))
    }

    /// Columns of both sides, each with a new name.
    fn both(&mut self, left: &Relation, right: &Relation) -> (String, Columns) {
        let (mut items, mut columns) = (Vec::new(), Columns::new());
        let from_left = left.columns.iter().map(|c| (left, c));
        for (side, column) in from_left.chain(right.columns.iter().take(2).map(|c| (right, c))) {
            let name = self.fresh("x");
            items.push(format!("{} AS {name}", side.qualified(column)));
            columns.push(Column {
                name,
                ty: column.ty,
                rowtime: column.rowtime,
            });
        }
        (items.join(", "), columns)
    }

    fn lookup(&mut self, of: &Shape, versioned: bool, outer: bool) -> Query {
        let join = if outer { "LEFT JOIN" } else { "JOIN" };
        let (name, table) = (self.fresh("l"), if versioned { 6 } else { 7 });
        self.read.insert(table);
        let (mut from, key, value, wanted) = match versioned {
            true => (self.side(of, Place::View), "s", "rate", Type::Text),
            false => {
                let mut inner = self.relation(of, Place::Derived);
                inner.name = self.fresh("d");
                inner.sql = format!(
                    "(SELECT *, PROCTIME() AS pt FROM {}) AS {}",
                    inner.sql, inner.name
                );
                (inner, "id", "name", Type::Number)
            }
        };
        let time = match versioned {
            true => from.time().map(|c| from.qualified(c)),
            false => Some(format!("{}.pt", from.name)),
        };
        let by = from.first(|c| c.ty == wanted).map(|c| from.qualified(c));
        let (Some(time), Some(by)) = (time, by) else {
            from.sql = from.sql.replace(", PROCTIME() AS pt", "");
            return self.all(from);
        };
        let mut out = self.column("x", if versioned { Type::Number } else { Type::Text });
        let mut items: Vec<String> = from.columns.iter().map(|c| from.qualified(c)).collect();
        items.push(format!("{name}.{value} AS {}", out.name));
        out.rowtime = false;
        let sql = format!(
            "SELECT {} FROM {} {join} {} FOR SYSTEM_TIME AS OF {time} AS {name} ON {by} = {name}.{key}",
            items.join(", "),
            from.sql,
            TABLES[table].0
        );
        from.columns.push(out);
        Query::append(sql, from.columns)
    }

    fn unnest(&mut self, of: &Shape) -> Query {
        let mut from = self.relation(of, Place::Derived);
        let Some(number) = from.first(|c| c.ty == Type::Number) else {
            return self.all(from);
        };
        // The WHERE keeps Flink from reading an ON CONFLICT behind it as a condition of the join.
        let array = format!("ARRAY[{}, 1]", from.qualified(number));
        let (name, x) = (self.fresh("u"), self.column("x", Type::Number));
        let sql = format!(
            "SELECT {}, {} FROM {} CROSS JOIN UNNEST({array}) AS {name} ({}) WHERE 1 < 2",
            list_of(&from.columns),
            x.name,
            from.sql,
            x.name
        );
        from.columns.push(x);
        Query::append(sql, from.columns)
    }

    fn over(&mut self, of: &Shape) -> Query {
        let from = self.relation(of, Place::Derived);
        let (Some(key), Some(time)) = (from.key_column(), from.time()) else {
            return self.all(from);
        };
        let (key, time) = (key.clone(), time.clone());
        let n = self.column("n", Type::Number);
        let sql = format!(
            "SELECT {}, COUNT(*) OVER (PARTITION BY {} ORDER BY {}) AS {} FROM {}",
            quote(&key.name),
            quote(&key.name),
            quote(&time.name),
            n.name,
            from.sql
        );
        Query::append(sql, vec![key, n])
    }

    fn matches(&mut self, of: &Shape) -> Query {
        let from = self.relation(of, Place::View);
        let (Some(key), Some(time)) = (from.key_column(), from.time()) else {
            return self.all(from);
        };
        let (x, name) = (self.column("x", key.ty), self.fresh("m"));
        let (key, time) = (quote(&key.name), quote(&time.name));
        let sql = format!(
            "SELECT {} FROM {} MATCH_RECOGNIZE (PARTITION BY {key} ORDER BY {time} MEASURES B.{key} AS {} ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW PATTERN (A B) DEFINE A AS A.{key} IS NOT NULL) AS {name}",
            x.name, from.sql, x.name
        );
        Query::append(sql, vec![x])
    }

    fn rank(&mut self, of: &Shape, keep: Keep) -> Query {
        let from = self.relation(of, Place::Derived);
        let (Some(key), Some(time)) = (from.key_column(), from.time()) else {
            return self.all(from);
        };
        let number = from.first(|c| c.ty == Type::Number).unwrap_or(key);
        let (order, kept) = match keep {
            Keep::First => (format!("{} ASC", quote(&time.name)), "= 1"),
            Keep::Last => (format!("{} DESC", quote(&time.name)), "= 1"),
            Keep::Top => (format!("{} DESC", quote(&number.name)), "<= 3"),
        };
        let at = from.columns.iter().position(|c| c.name == key.name);
        let rank = self.fresh("rn");
        let sql = format!(
            "SELECT {} FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY {} ORDER BY {order}) AS {rank} FROM {}) WHERE {rank} {kept}",
            list_of(&from.columns),
            quote(&key.name),
            from.sql
        );
        Query {
            sql,
            key: at.map(|at| vec![at]),
            columns: from.columns,
        }
    }

    fn group(&mut self, of: &Shape, having: bool) -> Query {
        let from = self.relation(of, Place::Derived);
        let Some(key) = from.key_column().cloned() else {
            return self.all(from);
        };
        let (n, mut columns) = (self.column("n", Type::Number), vec![key.clone()]);
        let mut items = format!("{}, COUNT(*) AS {}", quote(&key.name), n.name);
        columns.push(n);
        if let Some(number) = from.first(|c| c.ty == Type::Number && c.name != key.name) {
            let max = self.column("m", Type::Number);
            items += &format!(", MAX({}) AS {}", quote(&number.name), max.name);
            columns.push(max);
        }
        let having = if having { " HAVING COUNT(*) > 1" } else { "" };
        Query {
            sql: format!(
                "SELECT {items} FROM {} GROUP BY {}{having}",
                from.sql,
                quote(&key.name)
            ),
            columns,
            key: Some(vec![0]),
        }
    }

    fn semi(&mut self, of: &Shape, by: &Shape, exists: bool, not: bool) -> Query {
        let (from, by) = (self.side(of, Place::Derived), self.side(by, Place::Derived));
        let Some((a, b)) = self.pair(&from, &by) else {
            return self.all(from);
        };
        let not = if not { "NOT " } else { "" };
        let filter = match exists {
            true => format!("{not}EXISTS (SELECT 1 FROM {} WHERE {a} = {b})", by.sql),
            false => format!("{a} {not}IN (SELECT {b} FROM {})", by.sql),
        };
        let sql = format!(
            "SELECT {} FROM {} WHERE {filter}",
            list_of(&from.columns),
            from.sql
        );
        Query::append(sql, from.columns)
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
    let names: Vec<_> = columns.iter().map(|c| quote(&c.name)).collect();
    names.join(", ")
}

fn absent(ty: Type) -> &'static str {
    match ty {
        Type::Number => "CAST(0 AS BIGINT)",
        Type::Text => "'none'",
        Type::Time => "TIMESTAMP '2026-11-22 12:00:00.000'",
        Type::Instant => "TO_TIMESTAMP_LTZ(1795348800000, 3)",
    }
}

fn sink(name: &str, query: &Query, sink: Sink) -> String {
    let ty = |ty| match ty {
        Type::Number => "BIGINT",
        Type::Text => "STRING",
        Type::Time => "TIMESTAMP(6)",
        Type::Instant => "TIMESTAMP_LTZ(6)",
    };
    let columns = query.columns.iter().enumerate();
    let mut elements: Vec<_> = columns.map(|(i, c)| format!("c{i} {}", ty(c.ty))).collect();
    let key = match sink {
        Sink::Append => None,
        Sink::Upsert => Some(query.key.clone().unwrap_or(vec![0])),
        Sink::OtherKey => Some(vec![query.columns.len() - 1]),
    };
    let connector = match &key {
        Some(_) => "'connector' = 'upsert-kafka', 'key.format' = 'json', 'value.format' = 'json'",
        None => "'connector' = 'kafka', 'format' = 'json'",
    };
    if let Some(key) = key {
        let key: Vec<_> = key.iter().map(|i| format!("c{i}")).collect();
        elements.push(format!("PRIMARY KEY ({}) NOT ENFORCED", key.join(", ")));
    }
    format!(
        "CREATE TABLE {name} ({}) WITH ({connector});\n",
        elements.join(", ")
    )
}

pub fn write(script: &Script) -> String {
    let mut writer = Writer {
        local: script.local,
        ..Writer::default()
    };
    let (mut sinks, mut inserts) = (String::new(), Vec::new());
    for (i, insert) in script.inserts.iter().enumerate() {
        let Insert {
            shape,
            sink: kind,
            column_list,
        } = insert;
        let query = writer.query(shape);
        let name = format!("snk{i}");
        let columns = match column_list {
            true => {
                let all: Vec<_> = (0..query.columns.len()).map(|c| format!("c{c}")).collect();
                format!(" ({})", all.join(", "))
            }
            false => String::new(),
        };
        let ctes = std::mem::take(&mut writer.ctes);
        let sql = match shape {
            Shape::Values => "VALUES (CAST(1 AS BIGINT), 'a')".to_owned(),
            _ => with(&ctes, &query.sql),
        };
        // Since 2.3 Flink wants to be told where the sink has another key than the query.
        let keyed = matches!(kind, Sink::Upsert | Sink::OtherKey);
        let conflict = match keyed && query.key.is_none() && script.flink == FlinkVersion::V2_3 {
            true => " ON CONFLICT DO DEDUPLICATE",
            false => "",
        };
        inserts.push(format!("INSERT INTO {name}{columns} {sql}{conflict};\n"));
        sinks += &sink(&name, &query, *kind);
    }
    let inserts = match script.set {
        Set::None => inserts.concat(),
        Set::Execute => format!("EXECUTE STATEMENT SET BEGIN\n{}END;\n", inserts.concat()),
        Set::Begin => format!("BEGIN STATEMENT SET;\n{}END;\n", inserts.concat()),
    };
    let time = match script.local {
        true => "TIMESTAMP_LTZ",
        false => "TIMESTAMP",
    };
    let read = writer.read.iter().map(|table| TABLES[*table]);
    let tables: String = read
        .map(|(name, columns, options)| {
            let columns = columns.replace("TIME(", &format!("{time}("));
            format!("CREATE TABLE {name} ({columns}) WITH ({options});\n")
        })
        .collect();
    let text = format!("{tables}{sinks}{}{inserts}", writer.views.concat());
    match script.crlf {
        true => text.replace('\n', "\r\n"),
        false => text,
    }
}
