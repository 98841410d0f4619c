use super::{edited, siblings};
use crate::plan::{Form, Gate, Input, Plan, Wrapper};
use crate::text::{Edit, EditError, Span};
use crate::time::quote;

/// The function that the gates call, before the first of them.
pub fn function(input: Input<'_>, plan: &Plan, newline: &str) -> Option<Edit> {
    let create = plan.function.as_ref()?;
    let literal = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let jar = create.jar.as_ref().map_or(String::new(), |jar| {
        format!(" LANGUAGE JAVA USING JAR {}", literal(jar))
    });
    let text = format!(
        "CREATE TEMPORARY SYSTEM FUNCTION IF NOT EXISTS {} AS {}{jar};{newline}{newline}",
        quote(&create.name),
        literal(&create.class),
    );
    let at = input.script.statements[create.before].span.start;
    Some(Edit::insert(at, text))
}

/// The gates: a view before each INSERT that reads it, or a derived table inside of it.
pub fn edits(input: Input<'_>, plan: &Plan, newline: &str) -> Result<Vec<Edit>, EditError> {
    let mut edits = Vec::new();
    for gate in &plan.gates {
        let wrapper = Wrapper {
            columns: &gate.columns,
            gate: &gate.time.sql,
            barrier: &gate.time.barrier,
            threaded: gate.time.threaded,
            opening: gate.opening,
            pinned: gate.pinned,
            rule: &gate.rule,
            newline,
        };
        let body = body(input, gate);
        match &gate.form {
            Form::Inline => {
                edits.push(Edit::insert(body.start, wrapper.head()));
                edits.extend(inside(input, plan, gate));
                edits.push(Edit::insert(body.end, wrapper.tail()));
            }
            Form::Sources => edits.extend(inside(input, plan, gate)),
            Form::View(name) => {
                let inside = inside(input, plan, gate);
                let with = edited(input.text, Span::new(gate.query.start, body.start), &inside)?;
                let query = edited(input.text, body, &inside)?;
                let view = quote(name);
                let gated = wrapper.around(&query);
                let create = format!(
                    "CREATE TEMPORARY VIEW {view} AS{newline}{with}{gated};{newline}{newline}"
                );
                edits.push(Edit::insert(
                    input.script.statements[gate.before].span.start,
                    create,
                ));
                let columns = crate::plan::list(&gate.columns);
                edits.push(Edit::replace(
                    gate.query,
                    format!("SELECT {columns} FROM {view}"),
                ));
            }
        }
    }
    Ok(edits)
}

/// Queries whose text moves into a view.
pub fn moved(plan: &Plan) -> Vec<Span> {
    let views = plan
        .gates
        .iter()
        .filter(|g| matches!(g.form, Form::View(_)));
    views.map(|g| g.query).collect()
}

/// The edits within a gated query. Expansions of stars over hidden columns come with the plan's own
/// where the query stays in its place.
fn inside(input: Input<'_>, plan: &Plan, gate: &Gate) -> Vec<Edit> {
    let mut edits = gate.thread.edits.clone();
    edits.extend(gate.expansions.iter().cloned());
    edits.extend(siblings::references(input, plan, &gate.thread));
    if matches!(gate.form, Form::View(_)) {
        edits.extend(plan.expansions.iter().cloned());
    }
    edits
}

/// The query without its WITH clause: common table expressions stay on top, where every version of
/// Flink takes them in a view.
fn body(input: Input<'_>, gate: &Gate) -> Span {
    let Some(with_end) = gate.with_end else {
        return gate.query;
    };
    let tokens = &input.script.tokens;
    let first = tokens.partition_point(|t| t.span.start < with_end);
    let start = tokens[first..]
        .iter()
        .find(|t| !t.kind.is_trivia())
        .map_or(with_end, |t| t.span.start);
    Span::new(start, gate.query.end)
}
