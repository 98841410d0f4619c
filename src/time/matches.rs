//! MATCH_RECOGNIZE: one row a match, at the time of the last row that it maps.
//! Source: Flink docs, "Pattern Recognition".

use super::expr::{Found, column_of};
use super::from::{Relation, RelationGate};
use super::query::Analysis;
use super::{
    Changelog, ColumnTime, GATE_TIME, Lineage, OutColumn, PushDown, Reason, Refusal, RelationId,
    StepKind, Thread, TimeForm, TimeType,
};
use crate::catalog::{arguments, function_name};
use crate::parser::byte_span;
use crate::text::{Edit, Span};
use sqlparser::ast::{Expr, Measure, TableFactor};

impl Analysis<'_> {
    pub(super) fn match_recognize(&mut self, factor: &TableFactor, span: Span) -> Relation {
        let TableFactor::MatchRecognize {
            table,
            partition_by,
            order_by,
            measures,
            symbols,
            alias,
            ..
        } = factor
        else {
            return Relation::default();
        };
        let input = self.table_factor(table);
        let input = std::slice::from_ref(&input);
        let order = order_by.first().and_then(|o| column_of(&o.expr, input));
        let order = order.map(|(_, column)| column.clone());
        let columns = partition_by
            .iter()
            .filter_map(|e| column_of(e, input))
            .map(|(_, column)| OutColumn {
                time: ColumnTime::None,
                ..column.clone()
            })
            .collect::<Vec<_>>();
        let mut relation = Relation {
            id: Some(RelationId::Query(span.start)),
            changelog: Some(Changelog::Append),
            facts: input[0].facts.clone(),
            ..Relation::default()
        };
        relation.facts.push_down = PushDown::Stops;
        relation.facts.matches = true;
        if input[0].changelog != Some(Changelog::Append) {
            relation.refuse(Refusal::new(
                Reason::RetractingInput,
                span,
                "MATCH_RECOGNIZE",
            ));
        }
        let ty = match &order {
            Some(column) => self.require_rowtime(column, span),
            None => Err(Refusal::new(
                Reason::WindowWithoutRowtime,
                span,
                "its ORDER BY",
            )),
        };
        let ty = ty.map_err(|refusal| relation.refuse(refusal)).ok();
        let rowtime = order.map(|column| column.name).unwrap_or_default();
        relation.columns = Some(
            columns
                .into_iter()
                .chain(measures.iter().map(|m| measured(m, ty, &rowtime)))
                .collect(),
        );
        let mut found = Found::new(&self.catalog.functions);
        found.look(partition_by);
        for symbol in symbols {
            found.look(&symbol.definition);
        }
        relation.facts.doubts.append(&mut found.doubts);
        if let Some(ty) = ty
            && relation.facts.refusals.is_empty()
        {
            relation.gate = self.match_gate(&relation, measures, ty, &rowtime);
            if let Some(gate) = &mut relation.gate {
                let of_input = input[0].gate.as_ref().map(|g| g.lineage.clone());
                let of_input = of_input.unwrap_or_default();
                gate.lineage = of_input.then(StepKind::Match, "MATCH_ROWTIME()", span);
            }
            if relation.gate.is_none() {
                relation.refuse(Refusal::new(Reason::MatchRecognize, span, ""));
            }
        }
        relation
            .facts
            .operator("MATCH_RECOGNIZE", span, Some(Changelog::Append));
        self.aliased(relation, alias.as_ref())
    }

    fn match_gate(
        &self,
        relation: &Relation,
        measures: &[Measure],
        ty: TimeType,
        rowtime: &str,
    ) -> Option<RelationGate> {
        let form = TimeForm::Itself;
        if let Some(measure) = measures
            .iter()
            .find(|m| is_match_time(&m.expr, ty, rowtime))
        {
            let column = measure.alias.value.clone();
            return Some(RelationGate {
                ty,
                column,
                form,
                attribute: true,
                below: None,
                lineage: Lineage::default(),
            });
        }
        let end = byte_span(measures.last()?.alias.span).end;
        let sql = match ty {
            TimeType::Timestamp => "MATCH_ROWTIME()".to_owned(),
            // Without its argument it would be a TIMESTAMP.
            TimeType::TimestampLtz => format!("MATCH_ROWTIME({})", super::quote(rowtime)),
        };
        let below = Thread {
            edits: vec![Edit::insert(end, format!(", {sql} AS `{GATE_TIME}`"))],
            widened: relation.id.into_iter().collect(),
            ..Thread::default()
        };
        Some(RelationGate {
            ty,
            column: GATE_TIME.to_owned(),
            form,
            attribute: true,
            below: Some(below),
            lineage: Lineage::default(),
        })
    }
}

fn measured(measure: &Measure, ty: Option<TimeType>, rowtime: &str) -> OutColumn {
    let time = match ty {
        Some(ty) if is_match_time(&measure.expr, ty, rowtime) => ColumnTime::Rowtime {
            ty,
            attribute: true,
        },
        _ => ColumnTime::None,
    };
    OutColumn {
        name: measure.alias.value.clone(),
        time,
        origin: None,
        input: None,
    }
}

/// Is this the time of the match, in the type of the rowtime?
fn is_match_time(expr: &Expr, ty: TimeType, rowtime: &str) -> bool {
    let Expr::Function(call) = expr else {
        return false;
    };
    if function_name(call).as_deref() != Some("MATCH_ROWTIME") {
        return false;
    }
    match arguments(call)[..] {
        [] => ty == TimeType::Timestamp,
        [Expr::Identifier(ident)] => ident.value == rowtime,
        _ => false,
    }
}
