//! Joins: which kind Flink plans, what it does to the changelog, and which time a joined row has.
//!
//! A joined row exists when the later of its sides is there: its time is the GREATEST of both. Gated
//! on one side's time it would be lost when the outgoing job is torn down before the other side comes.

use super::expr::{Found, column_of, conjuncts};
use super::from::{Relation, quote, renamed};
use super::interval::Bounds;
use super::query::Analysis;
use super::star::Merge;
use super::{
    Changelog, ColumnTime, Facts, Lineage, OutColumn, PushDown, Reason, Refusal, StepKind, Thread,
    TimeForm, TimeType,
};
use crate::catalog::connectors;
use crate::parser::byte_span;
use crate::text::Span;
use sqlparser::ast::{
    self, BinaryOperator, Expr, Join, JoinConstraint, JoinOperator, Spanned, TableAlias,
    TableFactor, TableVersion, TableWithJoins,
};

/// A whole FROM clause: its relations side by side, and the time of its rows.
#[derive(Debug, Default)]
pub(super) struct From {
    pub relations: Vec<Relation>,
    pub changelog: Option<Changelog>,
    pub gate: Option<FromGate>,
    pub constant: bool,
    pub facts: Facts,
}

/// The time of a FROM clause's rows.
#[derive(Debug, Clone)]
pub(super) struct FromGate {
    pub ty: TimeType,
    pub form: TimeForm,
    /// What `form` is applied to, as SQL over the relations.
    pub base: String,
    /// The column that it is, if it is one: of which relation.
    pub column: Option<(usize, String)>,
    /// It is a rowtime attribute.
    pub attribute: bool,
    pub below: Option<Thread>,
    pub lineage: Lineage,
}

/// Which rows of which side come without a partner too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outer {
    Inner,
    Left,
    Right,
    Full,
}

impl From {
    fn of(relation: Relation) -> Self {
        let gate = relation.gate.as_ref().map(|gate| FromGate {
            ty: gate.ty,
            form: gate.form,
            base: quote(&gate.column),
            column: Some((0, gate.column.clone())),
            attribute: gate.attribute,
            below: gate.below.clone(),
            lineage: gate.lineage.clone(),
        });
        Self {
            changelog: relation.changelog.clone(),
            constant: relation.constant,
            facts: relation.facts.clone(),
            gate,
            relations: vec![relation],
        }
    }

    pub fn refuse(&mut self, refusal: Refusal) {
        self.gate = None;
        self.facts.refusals.push(refusal);
    }

    fn times(&mut self, change: impl Fn(ColumnTime) -> ColumnTime) {
        let columns = self
            .relations
            .iter_mut()
            .flat_map(|r| r.columns.iter_mut().flatten());
        for column in columns {
            column.time = change(column.time);
        }
    }

    /// The gate with its column qualified, for use beside other relations.
    fn qualified_gate(&self) -> Option<FromGate> {
        let mut gate = self.gate.clone()?;
        if let Some((index, column)) = &gate.column {
            let name = self.relations[*index].name.as_ref()?;
            gate.base = format!("{}.{}", quote(name), quote(column));
        }
        Some(gate)
    }

    /// The gate with its column by its name alone, where no other relation has one of that name.
    fn only_gate(&self) -> Option<FromGate> {
        let gate = self.gate.clone()?;
        let (index, column) = gate.column.as_ref()?;
        let others = self
            .relations
            .iter()
            .enumerate()
            .filter(|(i, _)| i != index);
        let mut known = others.map(|(_, relation)| relation.columns.as_ref());
        let alone = known.all(|columns| {
            columns.is_some_and(|columns| columns.iter().all(|c| c.name != *column))
        });
        alone.then_some(gate)
    }
}

impl FromGate {
    fn sql(&self) -> String {
        self.form.sql(&self.base, self.ty)
    }
}

impl Analysis<'_> {
    /// A FROM clause; `filter` is the WHERE clause, which may hold the condition of an inner join.
    pub fn from(&mut self, from: &[TableWithJoins], filter: Option<&Expr>) -> From {
        let mut all: Option<From> = None;
        for item in from {
            let span = byte_span(item.relation.span());
            let start = all.as_ref().map_or(0, |from: &From| from.relations.len());
            let next = match &mut all {
                Some(left) if is_row_function(&item.relation) => {
                    self.row_function(left, &item.relation, span);
                    None
                }
                _ => Some(From::of(self.table_factor(&item.relation))),
            };
            all = match (all, next) {
                (Some(left), Some(right)) => {
                    Some(self.regular(left, right, Outer::Inner, &[], filter, span))
                }
                (left, right) => left.or(right),
            };
            for join in &item.joins {
                let left = all.take().unwrap_or_default();
                all = Some(self.join(left, join, start, filter));
            }
        }
        all.unwrap_or(From {
            constant: true,
            changelog: Some(Changelog::Append),
            ..From::default()
        })
    }

    /// `start`: the first relation of the left side.
    fn join(&mut self, mut left: From, join: &Join, start: usize, filter: Option<&Expr>) -> From {
        use JoinOperator as J;
        let span = byte_span(join.relation.span());
        let (outer, constraint) = match &join.join_operator {
            J::Join(c) | J::Inner(c) | J::CrossJoin(c) => (Outer::Inner, c),
            J::Left(c) | J::LeftOuter(c) => (Outer::Left, c),
            J::Right(c) | J::RightOuter(c) => (Outer::Right, c),
            J::FullOuter(c) => (Outer::Full, c),
            _ => {
                left.refuse(Refusal::new(
                    Reason::UnsupportedQuery,
                    span,
                    "this kind of join",
                ));
                return left;
            }
        };
        if let TableFactor::Table {
            version: Some(TableVersion::ForSystemTimeAsOf(version)),
            name,
            alias,
            ..
        } = &join.relation
        {
            let right = self.named_factor(name, alias.as_ref());
            self.versioned(&mut left, right, version, outer, span);
            return left;
        }
        if is_row_function(&join.relation) {
            if matches!(outer, Outer::Right | Outer::Full) {
                left.refuse(Refusal::new(
                    Reason::UnsupportedQuery,
                    span,
                    "this kind of join",
                ));
            }
            self.row_function(&mut left, &join.relation, span);
            return left;
        }
        let merge = |names: Option<Vec<String>>| Merge {
            left: start,
            right: left.relations.len(),
            names,
            of_right: matches!(outer, Outer::Right | Outer::Full),
        };
        let on: Vec<&Expr> = match constraint {
            JoinConstraint::On(on) => conjuncts(on),
            JoinConstraint::Using(names) => {
                let last = |n: &ast::ObjectName| Some(n.0.last()?.as_ident()?.value.clone());
                self.merges
                    .push(merge(Some(names.iter().filter_map(last).collect())));
                Vec::new()
            }
            JoinConstraint::Natural => {
                self.merges.push(merge(None));
                self.times.uses.natural_joins.push(span);
                Vec::new()
            }
            JoinConstraint::None => Vec::new(),
        };
        let right = From::of(self.table_factor(&join.relation));
        self.regular(left, right, outer, &on, filter, span)
    }

    /// `JOIN t FOR SYSTEM_TIME AS OF l.time`: the left side's rows, with what `t` said at their time.
    fn versioned(
        &mut self,
        left: &mut From,
        right: Relation,
        version: &Expr,
        outer: Outer,
        span: Span,
    ) {
        let at = column_of(version, &left.relations).map(|(_, column)| column.clone());
        let by_proctime = crate::catalog::is_proctime(version)
            || at.as_ref().is_some_and(|c| c.time == ColumnTime::Proctime);
        let name = right.name.clone().unwrap_or_default();
        if left.changelog != Some(Changelog::Append) {
            left.refuse(Refusal::new(Reason::RetractingInput, span, "this join"));
        }
        if matches!(outer, Outer::Right | Outer::Full) {
            left.refuse(Refusal::new(
                Reason::UnsupportedQuery,
                span,
                "this kind of join",
            ));
        }
        let kind = if by_proctime {
            if right.changelog != Some(Changelog::Append) {
                // Flink looks rows up in a database; of a stream of updates it plans no such join.
                left.refuse(Refusal::new(Reason::ProctimeJoin, span, ""));
            }
            left.facts.doubt(
                span,
                format!("looks up `{name}` as it is when the row comes by"),
            );
            left.facts.push_down = PushDown::Changes;
            "lookup join"
        } else {
            match at {
                Some(column) => {
                    if let Err(refusal) = self.require_rowtime(&column, span) {
                        left.refuse(refusal);
                    }
                }
                None => left.refuse(Refusal::new(Reason::TimeTravel, span, &name)),
            }
            if let Some(super::RelationId::Table(id)) = right.id
                && !self.rowtimes.contains_key(&id)
            {
                let detail = format!("the versioned table `{name}`");
                left.refuse(Refusal::new(Reason::NoEventTime, span, detail));
            }
            left.facts.push_down = PushDown::Stops;
            "temporal join"
        };
        if let Some(super::RelationId::Table(id)) = right.id {
            let uses = &mut self.times.uses;
            match by_proctime {
                true => drop(uses.looked_up.entry(id).or_insert(span)),
                false => drop(uses.versioned.insert(id)),
            }
        }
        let Facts {
            operators, tops, ..
        } = right.facts.clone();
        left.facts.beside(operators, tops);
        left.facts.operator(kind, span, Some(Changelog::Append));
        // The versioned side has no say over the time of the rows.
        left.relations.push(Relation {
            gate: None,
            facts: Facts::default(),
            ..right
        });
        if let Some(columns) = left.relations.last_mut().and_then(|r| r.columns.as_mut()) {
            for column in columns {
                column.time = ColumnTime::None;
            }
        }
        self.requalify(left, span);
    }

    /// UNNEST and `LATERAL TABLE(f(…))`: rows made of each row of the left side, at its time.
    fn row_function(&mut self, left: &mut From, factor: &TableFactor, span: Span) {
        let alias = match factor {
            TableFactor::Table { alias, .. }
            | TableFactor::TableFunction { alias, .. }
            | TableFactor::Function { alias, .. }
            | TableFactor::UNNEST { alias, .. } => alias.as_ref(),
            _ => None,
        };
        let own = |name: String| OutColumn {
            name,
            time: ColumnTime::None,
            origin: None,
            input: None,
        };
        let columns = alias
            .and_then(renamed)
            .map(|(names, _)| names.into_iter().map(own).collect());
        if left.changelog == Some(Changelog::Append) {
            left.facts.push_down = PushDown::Changes;
        } else {
            left.refuse(Refusal::new(
                Reason::RetractingInput,
                span,
                "this table function",
            ));
        }
        let mut found = Found::new(&self.catalog.functions);
        match factor {
            TableFactor::UNNEST { array_exprs, .. } => found.look(array_exprs),
            TableFactor::TableFunction { expr, .. } => found.look(expr),
            TableFactor::Table { args, .. } => found.look(args),
            TableFactor::Function { args, .. } => found.look(args),
            _ => {}
        }
        let found_nothing = found.doubts.is_empty();
        left.facts.doubts.append(&mut found.doubts);
        if let (Some(name), true) = (table_function(factor), found_nothing) {
            let what = format!("nothing is known of the table function {name}");
            left.facts.doubt(span, what);
        }
        left.relations.push(Relation {
            name: alias.map(|a: &TableAlias| a.name.value.clone()),
            columns,
            ..Relation::default()
        });
        left.facts
            .operator("table function", span, left.changelog.clone());
        self.requalify(left, span);
    }

    /// A gate on a column of one relation, now that there are several.
    fn requalify(&mut self, from: &mut From, span: Span) {
        if from.gate.is_none() {
            return;
        }
        from.gate = from.qualified_gate().or_else(|| from.only_gate());
        if from.gate.is_none() {
            from.refuse(Refusal::new(Reason::NoAlias, span, ""));
        }
    }

    /// A table that is read to its end and has no event time: a dimension, if the rows of the other side have one.
    fn is_bounded(&self, side: &From) -> Option<super::EntryId> {
        let [relation] = &side.relations[..] else {
            return None;
        };
        let Some(super::RelationId::Table(id)) = relation.id else {
            return None;
        };
        let table = self.catalog.entries[id].table()?;
        let [read] = &side.facts.reads.tables[..] else {
            return None;
        };
        let lacks_time = side
            .facts
            .refusals
            .iter()
            .all(|r| r.reason == Reason::NoEventTime);
        let ends = |table| connectors::is_bounded(table) == Some(true);
        let bounded = ends(table) && ends(&self.hinted(table, read.reference));
        (!self.rowtimes.contains_key(&id) && lacks_time && bounded).then_some(id)
    }

    /// Takes a bounded table for what it is beside a stream: its rows are all there before those of the stream, so it has
    /// no say over the time of the joined rows.
    fn bounded_side(&mut self, side: &mut From, other: &From, span: Span) -> bool {
        let Some(id) = self
            .is_bounded(side)
            .filter(|_| self.is_bounded(other).is_none())
        else {
            return false;
        };
        self.times.uses.bounded.insert(id);
        let name = self.catalog.entries[id].name.object();
        let facts = &mut side.facts;
        facts.refusals.clear();
        facts.sources.remove(&id);
        facts.reads = Thread::default();
        facts.bounded = Some(span);
        facts.doubt(
            span,
            format!("table `{name}` is read to its end, as it is when the job starts"),
        );
        true
    }

    fn regular(
        &mut self,
        mut left: From,
        mut right: From,
        outer: Outer,
        on: &[&Expr],
        filter: Option<&Expr>,
        span: Span,
    ) -> From {
        let split = left.relations.len();
        let bounded = outer == Outer::Inner
            && (self.bounded_side(&mut right, &left, span)
                || self.bounded_side(&mut left, &right, span));
        let constants = left.constant || right.constant;
        let append = [&left, &right]
            .iter()
            .all(|side| side.changelog == Some(Changelog::Append));
        let gates = (left.qualified_gate(), right.qualified_gate());
        let missing_name =
            left.gate.is_some() && gates.0.is_none() || right.gate.is_some() && gates.1.is_none();
        let mut all = From {
            relations: left.relations.into_iter().chain(right.relations).collect(),
            changelog: None,
            gate: None,
            constant: false,
            facts: left.facts.and(right.facts),
        };
        for relation in &all.relations {
            self.mark_sensitive(relation.columns.iter().flatten(), span);
        }
        let mut conditions = on.to_vec();
        if outer == Outer::Inner {
            conditions.extend(filter.into_iter().flat_map(conjuncts));
        }
        let bounds = Bounds::find(&conditions, &all.relations, split);
        let by_window = joins_windows(&conditions, &all.relations, split);
        if outer != Outer::Inner {
            if by_window {
                // Flink joins by windows only where both are of one kind and size; else it updates.
                let detail = "an outer join of windows";
                all.refuse(Refusal::new(Reason::UnsupportedQuery, span, detail));
            }
            if all.facts.outer {
                // The time of a padded row has no bound to hang another side on.
                let detail = "an outer join above another one";
                all.refuse(Refusal::new(Reason::UnsupportedQuery, span, detail));
            }
            all.facts.outer = true;
        }
        let name = if by_window {
            "window join"
        } else if bounds.is_interval() {
            "interval join"
        } else {
            "regular join"
        };
        let stays = by_window || bounds.is_interval() || outer == Outer::Inner;
        if append && stays {
            all.changelog = Some(Changelog::Append);
        } else if append {
            all.changelog = Some(Changelog::Retract);
            all.refuse(Refusal::new(Reason::UpdatingOuterJoin, span, ""));
        } else {
            all.changelog = Some(Changelog::Retract);
            all.refuse(Refusal::new(Reason::RetractingInput, span, "this join"));
        }
        if bounds.proctime {
            all.refuse(Refusal::new(Reason::ProctimeJoin, span, ""));
        }
        if constants {
            let detail = "a join with constant rows";
            all.refuse(Refusal::new(Reason::UnsupportedQuery, span, detail));
        }
        if missing_name {
            all.refuse(Refusal::new(Reason::NoAlias, span, ""));
        }
        if by_window || !bounds.is_interval() {
            all.times(ColumnTime::materialised);
        }
        all.facts.push_down = PushDown::Changes;
        all.facts.operator(name, span, all.changelog.clone());
        if let (true, true, (Some(gate), None) | (None, Some(gate))) =
            (all.facts.refusals.is_empty(), bounded, &gates)
        {
            let base = TimeForm::Itself.barrier_sql(&gate.sql(), gate.ty);
            all.gate = Some(FromGate {
                ty: gate.ty,
                form: TimeForm::Itself,
                column: None,
                attribute: false,
                below: gate.below.clone(),
                lineage: gate.lineage.clone().then(StepKind::Join(name), &base, span),
                base,
            });
        } else if let (true, (Some(l), Some(r))) = (all.facts.refusals.is_empty(), gates) {
            if l.ty == r.ty {
                let (left, right) = (l.lineage.clone(), r.lineage.clone());
                let mut gate = joined(l, r, outer, by_window, &bounds);
                gate.lineage = left.with(right, StepKind::Join(name), &gate.base, span);
                all.gate = Some(gate);
            } else {
                all.refuse(Refusal::new(Reason::MixedTimeTypes, span, ""));
            }
        }
        all
    }
}

/// The time of a joined row; its lineage is left to the caller.
fn joined(l: FromGate, r: FromGate, outer: Outer, by_window: bool, bounds: &Bounds) -> FromGate {
    let below = match (l.below.clone(), r.below.clone()) {
        (Some(l), Some(r)) => Some(l.and(r)),
        (l, r) => l.or(r),
    };
    let ty = l.ty;
    if by_window {
        // The same time twice where the windows are of one kind, the later one where they are not.
        let (form, column) = (TimeForm::Itself, None);
        let base = format!("GREATEST({}, {})", l.sql(), r.sql());
        return FromGate {
            ty,
            form,
            base,
            column,
            attribute: false,
            below,
            lineage: Lineage::default(),
        };
    }
    // A side without a partner is there when the other side's last chance is over.
    let padded = |gate: &FromGate, last: &Option<String>| match last {
        Some(last) => format!("COALESCE({}, {last})", gate.sql()),
        None => gate.sql(),
    };
    let (l, r) = match outer {
        Outer::Inner => (l.sql(), r.sql()),
        Outer::Left => (l.sql(), padded(&r, &bounds.right_until)),
        Outer::Right => (padded(&l, &bounds.left_until), r.sql()),
        Outer::Full => (
            padded(&l, &bounds.left_until),
            padded(&r, &bounds.right_until),
        ),
    };
    // GREATEST of two rowtimes is one by its type, and is none any more in the plan: a UNION with a
    // rowtime then fails. With the cast it is none from the start (run in Flink 2.3.0 and 1.20.5).
    let form = TimeForm::Itself;
    let base = form.barrier_sql(&format!("GREATEST({l}, {r})"), ty);
    FromGate {
        ty,
        form,
        base,
        column: None,
        attribute: false,
        below,
        lineage: Lineage::default(),
    }
}

/// Is this a function whose rows are made of the row beside it?
fn is_row_function(factor: &TableFactor) -> bool {
    match factor {
        TableFactor::UNNEST { .. } => true,
        TableFactor::Function { args, .. } => !args.iter().any(takes_table),
        TableFactor::TableFunction {
            expr: Expr::Function(call),
            ..
        } => {
            let name = crate::catalog::function_name(call).unwrap_or_default();
            let ast::FunctionArguments::List(list) = &call.args else {
                return false;
            };
            !super::window::is_window(&name) && !list.args.iter().any(takes_table)
        }
        TableFactor::Table {
            name,
            args: Some(args),
            ..
        } => !super::window::is_window(&name.to_string()) && !args.args.iter().any(takes_table),
        _ => false,
    }
}

/// The name of a function that makes rows of a row; UNNEST is Flink's own, and makes the same of the same.
fn table_function(factor: &TableFactor) -> Option<String> {
    let name = match factor {
        TableFactor::Table {
            name,
            args: Some(args),
            ..
        } => match &args.args[..] {
            // LATERAL TABLE(f(…))
            [ast::FunctionArg::Unnamed(ast::FunctionArgExpr::Expr(Expr::Function(call)))]
                if name.to_string().eq_ignore_ascii_case("TABLE") =>
            {
                call.name.to_string()
            }
            _ => name.to_string(),
        },
        TableFactor::Function { name, .. } => name.to_string(),
        TableFactor::TableFunction {
            expr: Expr::Function(call),
            ..
        } => call.name.to_string(),
        _ => return None,
    };
    Some(name).filter(|name| !name.eq_ignore_ascii_case("UNNEST"))
}

/// Is the argument a whole table? Then the function is a process table function.
fn takes_table(argument: &ast::FunctionArg) -> bool {
    use ast::{FunctionArg, FunctionArgExpr};
    let expr = match argument {
        FunctionArg::Unnamed(e) | FunctionArg::Named { arg: e, .. } => e,
        FunctionArg::ExprNamed { arg: e, .. } => e,
    };
    match expr {
        FunctionArgExpr::Expr(Expr::Function(call)) => {
            let name = crate::catalog::function_name(call);
            matches!(name.as_deref(), Some("$TABLE"))
                || crate::catalog::arguments(call).iter().any(|inner| {
                    matches!(inner, Expr::Function(c)
                        if crate::catalog::function_name(c).as_deref() == Some("$TABLE"))
                })
        }
        FunctionArgExpr::Expr(Expr::Subquery(_)) => true,
        _ => false,
    }
}

/// Do the conditions make the two sides' windows equal?
fn joins_windows(conditions: &[&Expr], relations: &[Relation], split: usize) -> bool {
    let equal = |wanted: fn(ColumnTime) -> bool| {
        conditions.iter().any(|condition| {
            let Expr::BinaryOp {
                left,
                op: BinaryOperator::Eq,
                right,
            } = condition
            else {
                return false;
            };
            let side = |e: &Expr| column_of(e, relations).map(|(i, c)| (i < split, c.time));
            match (side(left), side(right)) {
                (Some((a, x)), Some((b, y))) => a != b && wanted(x) && wanted(y),
                _ => false,
            }
        })
    };
    equal(|t| matches!(t, ColumnTime::WindowStart { grouping: true }))
        && equal(|t| matches!(t, ColumnTime::WindowEnd { grouping: true, .. }))
}
