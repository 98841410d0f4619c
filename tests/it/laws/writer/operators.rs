//! Operators over other queries. Where a query has no column that one needs, it stays as it is.

use super::{Column, Columns, Query, Relation, TABLES, Type, Writer, absent, list_of, quote};
use crate::laws::shapes::{JoinKind, Keep, Place, Shape};

impl Writer {
    pub(super) fn union(&mut self, left: &Shape, right: &Shape, all: bool) -> Query {
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

    pub(super) fn window(
        &mut self,
        of: &Shape,
        function: usize,
        grouped: bool,
        with_end: bool,
    ) -> Query {
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

    pub(super) fn group_window(&mut self, of: &Shape, function: usize) -> Query {
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

    pub(super) fn join(
        &mut self,
        left: &Shape,
        right: &Shape,
        kind: JoinKind,
        place: Place,
    ) -> Query {
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

    pub(super) fn lookup(&mut self, of: &Shape, versioned: bool, outer: bool) -> Query {
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

    pub(super) fn unnest(&mut self, of: &Shape) -> Query {
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

    pub(super) fn over(&mut self, of: &Shape) -> Query {
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

    pub(super) fn matches(&mut self, of: &Shape) -> Query {
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

    pub(super) fn rank(&mut self, of: &Shape, keep: Keep) -> Query {
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

    pub(super) fn group(&mut self, of: &Shape, having: bool) -> Query {
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

    pub(super) fn semi(&mut self, of: &Shape, by: &Shape, exists: bool, not: bool) -> Query {
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
