//! SQL of random shapes.

mod operators;

use super::shapes::{Insert, List, Place, Script, Set, Shape, Sink};
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
