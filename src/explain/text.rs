//! An explanation for a terminal.

use super::procedure::{named, role};
use super::{
    Explanation, Form, Gate, Insert, OperatorSide, Pinned, Problem, Role, Rowtime, Source, Step,
    TableTime, TimeStep, TimeStepKind, UngatedState, Verdict,
};
use crate::config::format_delay;

/// Columns that a line has at most, where its words let it.
const WIDTH: usize = 100;

/// Readable text, in lines of about a hundred columns.
pub fn text(explanation: &Explanation) -> String {
    let mut page = Page::default();
    let head = match explanation.cutover_ms {
        Some(t) => format!(", T = {}", instant(t)),
        None => String::new(),
    };
    page.line(
        0,
        &format!(
            "Flink {}, role {}{head}",
            explanation.flink,
            role(explanation.role)
        ),
    );
    for problem in &explanation.problems {
        page.blank();
        page.problem(0, "error", problem);
    }
    for insert in &explanation.inserts {
        page.blank();
        page.insert(insert, explanation);
    }
    if !explanation.sources.is_empty() {
        page.heading("Sources");
        for source in &explanation.sources {
            page.source(source);
        }
    }
    if !explanation.tables.is_empty() {
        page.heading("Tables and what they offer as event time");
        for table in &explanation.tables {
            page.table(table);
        }
    }
    if !explanation.remarks.is_empty() {
        page.heading("Settings to know of");
        for remark in &explanation.remarks {
            page.item(
                2,
                &format!("{} ({})", remark.name, remark.place),
                &remark.text,
            );
        }
    }
    page.heading("Flink Kubernetes operator (FLIP-504)");
    page.operator_side(&explanation.operator);
    page.heading("Cutover, step by step");
    for (number, step) in explanation.procedure.iter().enumerate() {
        page.step(number + 1, step);
    }
    page.0
}

#[derive(Default)]
struct Page(String);

impl Page {
    fn blank(&mut self) {
        self.0.push('\n');
    }

    fn heading(&mut self, title: &str) {
        self.blank();
        self.line(0, title);
    }

    /// A paragraph, all of it indented.
    fn line(&mut self, indent: usize, text: &str) {
        self.hanging(indent, indent, text);
    }

    /// `title: text`, continued further to the right.
    fn item(&mut self, indent: usize, title: &str, text: &str) {
        self.hanging(indent, indent + 2, &format!("{title}: {text}"));
    }

    /// A paragraph whose first line starts further to the left.
    fn hanging(&mut self, first: usize, rest: usize, text: &str) {
        let mut line = " ".repeat(first);
        let mut empty = true;
        for word in text.split_whitespace() {
            if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
                self.0.push_str(&line);
                self.0.push('\n');
                line = " ".repeat(rest);
                empty = true;
            }
            if !empty {
                line.push(' ');
            }
            line.push_str(word);
            empty = false;
        }
        self.0.push_str(&line);
        self.0.push('\n');
    }

    fn table(&mut self, table: &TableTime) {
        let place = table
            .file
            .clone()
            .unwrap_or_else(|| table.place.to_string());
        let needs = match table.need.as_str() {
            "stream" => "needs a watermark",
            _ => "needs none",
        };
        let title = format!("{} ({place})", words(&table.table));
        self.item(2, &title, &format!("{needs}: {}", table.why));
        if !matches!(table.need.as_str(), "stream" | "refused") {
            return;
        }
        for candidate in &table.candidates {
            let mark = if candidate.chosen { "taken" } else { "offered" };
            let title = format!("{mark}, score {}", candidate.score);
            let text = format!(
                "`{}`, {}: {}",
                candidate.name, candidate.data_type, candidate.why
            );
            self.item(4, &title, &text);
        }
        for column in &table.passed_over {
            let text = format!("`{}`, {}: {}", column.name, column.data_type, column.why);
            self.item(4, "not", &text);
        }
    }

    fn problem(&mut self, indent: usize, what: &str, problem: &Problem) {
        let Problem {
            name,
            place,
            message,
            why,
            help,
        } = problem;
        self.hanging(
            indent,
            indent + 2,
            &format!("{what} {name} ({place}): {message}"),
        );
        for why in why {
            self.item(indent + 2, "why", why);
        }
        for help in help {
            let mut lines = help.lines();
            self.item(indent + 2, "help", lines.next().unwrap_or_default());
            for line in lines {
                self.line(indent + 4, line);
            }
        }
    }

    fn insert(&mut self, insert: &Insert, explanation: &Explanation) {
        let Insert {
            sink,
            place,
            verdict,
            ..
        } = insert;
        let name = words(sink);
        self.line(
            0,
            &format!("INSERT INTO {name} ({place}): {}", verdict.words()),
        );
        if *verdict == Verdict::LeftAlone {
            self.line(2, "constant rows have no event time: no gate");
        }
        for refusal in &insert.refusals {
            self.problem(2, "refused:", refusal);
        }
        for condition in &insert.conditions {
            self.item(2, "condition", &condition.text);
        }
        if let Some(gate) = &insert.gate {
            self.gate(gate, explanation.role);
        }
        if !insert.lineage.is_empty() {
            self.line(2, "event time, from source to gate");
            for (index, step) in insert.lineage.iter().enumerate() {
                self.time_step(index, step, &explanation.sources);
            }
        }
        if !insert.operators.is_empty() {
            self.line(
                2,
                "operators, from source to sink (projections and filters left out)",
            );
            for (index, operator) in insert.operators.iter().enumerate() {
                let changelog = match &operator.changelog {
                    Some(changelog) => changelog.to_string(),
                    None => "changelog not known".to_owned(),
                };
                let from = inputs(&operator.inputs, index);
                self.hanging(
                    4,
                    8,
                    &format!(
                        "{}. {} ({}){from}: {changelog}",
                        index + 1,
                        operator.name,
                        operator.place
                    ),
                );
            }
            if let Some(changelog) = &insert.changelog {
                self.line(4, &format!("into the sink: {changelog}"));
            }
        }
        for doubt in &insert.non_deterministic {
            let of = if doubt.of_rows { "rows" } else { "values" };
            self.item(
                2,
                &format!("not deterministic, {of} ({})", doubt.place),
                &doubt.what,
            );
        }
        if insert.ungated_state == Some(UngatedState::LargerState) {
            self.line(
                2,
                "state of the ungated job: does not fit unless an operator kept the event time before",
            );
        }
    }

    fn gate(&mut self, gate: &Gate, role: Role) {
        let form = match (&gate.form, &gate.view) {
            (Form::View, Some(name)) => format!("view {}", named(&words(name))),
            (Form::Inline, _) => "inline, a derived table in the INSERT".to_owned(),
            (Form::Sources, _) => "behind the sources, none before the sink".to_owned(),
            _ => "stands in the script already".to_owned(),
        };
        let place = gate
            .pinned
            .map_or(String::new(), |how| format!(", {}", pinned(how)));
        let sides = if gate.two_sided {
            "two-sided"
        } else {
            "one-sided, at the sink"
        };
        self.item(
            2,
            "gate",
            &format!("{form}{place}, {sides}, kind {}", gate.kind),
        );
        for source in &gate.source_gates {
            let text = format!(
                "view {} behind {}, {}",
                named(&words(&source.view)),
                named(&words(&source.table)),
                pinned(source.pinned)
            );
            self.item(2, "source gate", &text);
        }
        match &gate.made_of {
            Some(made_of) => {
                let text = format!("{made_of}, added to the query as {}", gate.time);
                self.item(2, "gate time", &text);
            }
            None => self.item(2, "gate time", &gate.time),
        }
        match &gate.range {
            _ if gate.projection => {
                self.item(2, "lets through", "all rows: a projection, no filter")
            }
            _ if gate.kind != "cutover" => {
                self.item(2, "lets through", "what its function decides at run time")
            }
            _ if role == Role::First => {
                self.item(2, "lets through", "all rows: the job runs alone")
            }
            Some([low, high]) => {
                self.item(2, "lets through", &format!("from {low} to below {high}"));
            }
            None => {}
        }
    }

    fn time_step(&mut self, index: usize, step: &TimeStep, sources: &[Source]) {
        let what = match step.kind {
            TimeStepKind::Source => {
                let source = sources.iter().find(|s| s.table == step.of);
                let rowtime = source.and_then(|s| s.rowtime.as_ref());
                let more = rowtime
                    .map(|r| format!(", {}", about(r)))
                    .unwrap_or_default();
                format!("{}.{}{more}", named(&words(&step.of)), step.time)
            }
            TimeStepKind::View => format!("view {} column {}", named(&words(&step.of)), step.time),
            TimeStepKind::Query => format!("{} column {}", named(&words(&step.of)), step.time),
            TimeStepKind::Added => format!("added as {}: {}", named(&step.of), step.time),
            TimeStepKind::Gate if step.of.is_empty() => format!("gate: {}", step.time),
            TimeStepKind::Gate => format!("gate {}: {}", named(&words(&step.of)), step.time),
            TimeStepKind::Union => format!("UNION ALL: {}", step.time),
            _ => format!("{}: {}", step.of, step.time),
        };
        let place = step.place.map(|p| format!(" ({p})")).unwrap_or_default();
        let from = inputs(&step.inputs, index);
        self.hanging(4, 8, &format!("{}. {what}{place}{from}", index + 1));
    }

    fn source(&mut self, source: &Source) {
        let mut title = format!("{} ({}", words(&source.table), source.place);
        if let (Some(placement), Some(base)) = (&source.placement, &source.base) {
            let how = match placement.as_str() {
                "derive" => "derived from",
                _ => "shadow of",
            };
            title += &format!(", {how} {}", named(&words(base)));
        }
        if let Some(file) = &source.file {
            title += &format!(", declared in {}", words(file));
        }
        title.push(')');
        let Some(rowtime) = &source.rowtime else {
            return self.item(2, &title, "no event time");
        };
        self.item(
            2,
            &title,
            &format!("{}, {}", named(&words(&rowtime.column)), about(rowtime)),
        );
        if let Some(why) = &rowtime.added {
            self.item(4, "why", why);
        }
    }

    fn operator_side(&mut self, side: &OperatorSide) {
        let key = "bluegreen.gate.watermark.field-index";
        match side.field_index {
            Some(index) => self.item(2, key, &format!("{index} ({})", side.field)),
            None => self.item(2, key, &format!("does not apply: {}", side.field)),
        }
        let Some(delay) = &side.deletion_delay else {
            return;
        };
        let sum = format_delay(delay.known_ms);
        let sum = if delay.complete {
            format!("above {sum}")
        } else {
            format!("above {sum} + what is unknown below")
        };
        self.item(
            2,
            "kubernetes.operator.bluegreen.deployment-deletion.delay",
            &sum,
        );
        for term in &delay.terms {
            let ms = term.ms.map_or("unknown".to_owned(), format_delay);
            let why = term.why.strip_prefix("unknown: ").unwrap_or(&term.why);
            self.item(4, &format!("{} {ms}", term.what), why);
        }
    }

    fn step(&mut self, number: usize, step: &Step) {
        self.line(2, &format!("{number}. {}", step.title));
        for text in &step.text {
            self.hanging(5, 7, &format!("- {text}"));
        }
        for command in &step.commands {
            self.line(5, &format!("$ {command}"));
        }
        if let Some(cost) = &step.if_skipped {
            self.item(5, "if skipped", cost);
        }
    }
}

fn pinned(how: Pinned) -> &'static str {
    match how {
        Pinned::No => "plain",
        Pinned::Element => "pinned in an array",
        Pinned::Unnest => "pinned by a barrier",
    }
}

/// Where it does not simply follow the one before.
fn inputs(inputs: &[usize], index: usize) -> String {
    if inputs.is_empty() || inputs.iter().map(|i| i + 1).eq([index]) {
        return String::new();
    }
    let numbers: Vec<String> = inputs.iter().map(|i| (i + 1).to_string()).collect();
    format!(", from {}", numbers.join(" and "))
}

fn about(rowtime: &Rowtime) -> String {
    let ty = rowtime
        .data_type
        .as_deref()
        .unwrap_or("of a type that is not known");
    let place = match (rowtime.declared, rowtime.hidden) {
        (Some(place), _) => format!("declared ({place})"),
        (None, true) => "added, on a hidden column".to_owned(),
        (None, false) => "added".to_owned(),
    };
    let definition = rowtime.definition.iter();
    let definition: String = definition.map(|d| format!(" {d}")).collect();
    format!("{ty}{definition}, watermark {} {place}", rowtime.watermark)
}

/// Epoch milliseconds, also as people read them.
fn instant(ms: i64) -> String {
    match chrono::DateTime::from_timestamp_millis(ms) {
        Some(time) => {
            let time = time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true);
            format!("{time} ({ms} ms)")
        }
        None => format!("{ms} ms"),
    }
}

/// A name on one line, whatever it holds.
fn words(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}
