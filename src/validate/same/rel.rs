//! A plan whose columns are positions.

use std::fmt;

/// An expression over the columns of its operator's input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ex {
    /// Index into the columns of the input; of the left input's and then the right input's for a join.
    Col(usize),
    /// A column of the operator that is `depth` queries further out; 1 is the next.
    Outer {
        depth: usize,
        col: usize,
    },
    Literal(String),
    Call {
        name: String,
        args: Vec<Ex>,
    },
    /// A query inside an expression, of some kind (EXISTS, IN, scalar).
    Query {
        kind: String,
        args: Vec<Ex>,
        rel: Box<Rel>,
    },
}

/// A relational operator. Its output columns are told at each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rel {
    /// The columns of a table that are read, by name.
    Scan { table: String, columns: Vec<String> },
    /// Rows without an input; `kind` tells all of them but for the expressions.
    Rows {
        kind: String,
        width: usize,
        exprs: Vec<Ex>,
    },
    /// One column for each expression.
    Project { input: Box<Rel>, exprs: Vec<Ex> },
    /// Those of the input.
    Filter { input: Box<Rel>, predicate: Ex },
    /// Those of both inputs; of one only for semi and anti joins. The right side of a lateral join sees the columns of
    /// the left as [`Ex::Outer`].
    Join {
        kind: String,
        shape: Shape,
        lateral: bool,
        left: Box<Rel>,
        right: Box<Rel>,
        on: Vec<Ex>,
    },
    /// The keys, then the aggregates. `kind` tells grouping sets, by the positions of keys.
    Aggregate {
        kind: String,
        input: Box<Rel>,
        keys: Vec<Ex>,
        /// A column behind the keys that tells the grouping set.
        set_id: bool,
        aggregates: Vec<Ex>,
    },
    /// Those of the input, then one for each expression.
    Window { input: Box<Rel>, exprs: Vec<Ex> },
    /// Those of the input. Sorts and limits.
    Order {
        kind: String,
        input: Box<Rel>,
        exprs: Vec<Ex>,
    },
    /// Those of each input; they are as wide.
    Union { inputs: Vec<Rel> },
    /// The first `passes` columns of the only input, then those made here: each by one expression that does nothing
    /// else, or by all together.
    Opaque {
        kind: String,
        inputs: Vec<Rel>,
        exprs: Vec<Ex>,
        passes: usize,
        made: Vec<Option<usize>>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Both,
    LeftOnly,
    RightOnly,
}

impl Ex {
    pub fn call(name: impl Into<String>, args: Vec<Ex>) -> Ex {
        Ex::Call {
            name: name.into(),
            args,
        }
    }

    /// Gives every column of the operator that this expression stands in to `f`: its own, and those that queries in it
    /// see as outer ones.
    pub fn columns(&mut self, f: &mut dyn FnMut(&mut usize)) {
        self.columns_at(0, f);
    }

    fn columns_at(&mut self, level: usize, f: &mut dyn FnMut(&mut usize)) {
        match self {
            Ex::Col(col) if level == 0 => f(col),
            Ex::Outer { depth, col } if *depth == level && level > 0 => f(col),
            Ex::Col(_) | Ex::Outer { .. } | Ex::Literal(_) => {}
            Ex::Call { args, .. } => args.iter_mut().for_each(|a| a.columns_at(level, f)),
            Ex::Query { args, rel, .. } => {
                args.iter_mut().for_each(|a| a.columns_at(level, f));
                rel.outer_columns(level + 1, f);
            }
        }
    }

    /// True if there is no query in it.
    pub fn is_plain(&self) -> bool {
        match self {
            Ex::Query { .. } => false,
            Ex::Call { args, .. } => args.iter().all(Ex::is_plain),
            Ex::Col(_) | Ex::Outer { .. } | Ex::Literal(_) => true,
        }
    }
}

impl Rel {
    pub fn width(&self) -> usize {
        match self {
            Rel::Scan { columns, .. } => columns.len(),
            Rel::Rows { width, .. } => *width,
            Rel::Project { exprs, .. } => exprs.len(),
            Rel::Filter { input, .. } | Rel::Order { input, .. } => input.width(),
            Rel::Join {
                shape, left, right, ..
            } => match shape {
                Shape::Both => left.width() + right.width(),
                Shape::LeftOnly => left.width(),
                Shape::RightOnly => right.width(),
            },
            Rel::Aggregate {
                keys,
                set_id,
                aggregates,
                ..
            } => keys.len() + usize::from(*set_id) + aggregates.len(),
            Rel::Window { input, exprs } => input.width() + exprs.len(),
            Rel::Union { inputs } => inputs.first().map_or(0, Rel::width),
            Rel::Opaque { passes, made, .. } => passes + made.len(),
        }
    }

    pub fn inputs_mut(&mut self) -> Vec<&mut Rel> {
        match self {
            Rel::Scan { .. } | Rel::Rows { .. } => Vec::new(),
            Rel::Project { input, .. }
            | Rel::Filter { input, .. }
            | Rel::Aggregate { input, .. }
            | Rel::Window { input, .. }
            | Rel::Order { input, .. } => vec![input],
            Rel::Join { left, right, .. } => vec![left, right],
            Rel::Union { inputs } | Rel::Opaque { inputs, .. } => inputs.iter_mut().collect(),
        }
    }

    pub fn exprs_mut(&mut self) -> Vec<&mut Ex> {
        match self {
            Rel::Scan { .. } | Rel::Union { .. } => Vec::new(),
            Rel::Filter { predicate, .. } => vec![predicate],
            Rel::Rows { exprs, .. }
            | Rel::Project { exprs, .. }
            | Rel::Window { exprs, .. }
            | Rel::Order { exprs, .. }
            | Rel::Join { on: exprs, .. }
            | Rel::Opaque { exprs, .. } => exprs.iter_mut().collect(),
            Rel::Aggregate {
                keys, aggregates, ..
            } => keys.iter_mut().chain(aggregates).collect(),
        }
    }

    /// Gives every reference out of this tree to the operator `level` queries further out to `f`.
    pub fn outer_columns(&mut self, level: usize, f: &mut dyn FnMut(&mut usize)) {
        for ex in self.exprs_mut() {
            ex.columns_at(level, f);
        }
        let lateral = matches!(self, Rel::Join { lateral: true, .. });
        for (n, input) in self.inputs_mut().into_iter().enumerate() {
            // The right side of a lateral join is a query of its own.
            let deeper = usize::from(lateral && n == 1);
            input.outer_columns(level + deeper, f);
        }
    }
}

impl fmt::Display for Ex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ex::Col(col) => write!(f, "#{col}"),
            Ex::Outer { depth, col } => write!(f, "outer{depth}#{col}"),
            Ex::Literal(text) => f.write_str(text),
            Ex::Call { name, args } => {
                write!(f, "{name}(")?;
                list(f, args)?;
                f.write_str(")")
            }
            Ex::Query { kind, args, rel } => {
                write!(f, "{kind}(")?;
                list(f, args)?;
                let inner = rel.to_string();
                write!(f, "; {})", inner.trim_end().replace('\n', " / "))
            }
        }
    }
}

fn list(f: &mut fmt::Formatter<'_>, exprs: &[Ex]) -> fmt::Result {
    for (n, ex) in exprs.iter().enumerate() {
        let comma = if n == 0 { "" } else { ", " };
        write!(f, "{comma}{ex}")?;
    }
    Ok(())
}

/// One operator a line, inputs indented.
impl fmt::Display for Rel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.print(f, 0)
    }
}

impl Rel {
    fn print(&self, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        write!(f, "{:1$}", "", depth * 2)?;
        let inputs: Vec<&Rel> = match self {
            Rel::Scan { table, columns } => {
                write!(f, "Scan {table} ({})", columns.join(", "))?;
                Vec::new()
            }
            Rel::Rows { kind, width, exprs } => {
                write!(f, "{kind} width={width} [")?;
                list(f, exprs)?;
                f.write_str("]")?;
                Vec::new()
            }
            Rel::Project { input, exprs } => {
                f.write_str("Project [")?;
                list(f, exprs)?;
                f.write_str("]")?;
                vec![input]
            }
            Rel::Filter { input, predicate } => {
                write!(f, "Filter {predicate}")?;
                vec![input]
            }
            Rel::Join {
                kind,
                lateral,
                left,
                right,
                on,
                ..
            } => {
                let lateral = if *lateral { " lateral" } else { "" };
                write!(f, "Join {kind}{lateral} [")?;
                list(f, on)?;
                f.write_str("]")?;
                vec![left, right]
            }
            Rel::Aggregate {
                kind,
                input,
                keys,
                aggregates,
                ..
            } => {
                write!(f, "{kind} by [")?;
                list(f, keys)?;
                f.write_str("] of [")?;
                list(f, aggregates)?;
                f.write_str("]")?;
                vec![input]
            }
            Rel::Window { input, exprs } => {
                f.write_str("Over [")?;
                list(f, exprs)?;
                f.write_str("]")?;
                vec![input]
            }
            Rel::Order { kind, input, exprs } => {
                write!(f, "{kind} [")?;
                list(f, exprs)?;
                f.write_str("]")?;
                vec![input]
            }
            Rel::Union { inputs } => {
                f.write_str("Union")?;
                inputs.iter().collect()
            }
            Rel::Opaque {
                kind,
                inputs,
                exprs,
                ..
            } => {
                write!(f, "{kind} [")?;
                list(f, exprs)?;
                f.write_str("]")?;
                inputs.iter().collect()
            }
        };
        f.write_str("\n")?;
        for input in inputs {
            input.print(f, depth + 1)?;
        }
        Ok(())
    }
}
